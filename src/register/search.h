/* Finding people, for staff: never a list to leaf through. Each search is exact in something, and
 * gives at most twenty.
 */
#ifndef WEAL_REGISTER_SEARCH_H
#define WEAL_REGISTER_SEARCH_H

#include "register/register.h"

enum { SEARCH_MOST = 20 };

/* One of: `reference`; `name` and `born`; `born` and `place`. All that is told must hold. */
struct search {
  struct span reference; /* SCHEME:VALUE, or a bare id; also a bare NINO or NHS number */
  /* each word begins a word of the person's name, whatever the case */
  struct span name;
  day_t born; /* DAY_NONE: not told */
  /* index into places: lives there or under it on `today`; PLACE_NONE: not told */
  int place;
  /* may be null when place is PLACE_NONE and no place is wanted back */
  const struct places *places;
  day_t today;
};
struct found {
  int64_t id; /* of a merged record the kept one */
  const char *code, *name;
  day_t born, died;
  int64_t place; /* on `today`; 0: unknown */
};
/* In order of name, then code. *more: there are others; ask for more exactly. Nobody: DONE with
 * count 0, for a malformed reference too. REFUSED: too little told (err->column names what). */
enum status search_people(struct store *store, struct arena *arena, const struct search *search,
                          struct found out[SEARCH_MOST], int *count, bool *more,
                          struct error *err) MUST_USE;

#endif
