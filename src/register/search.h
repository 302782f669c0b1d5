/* Finding people, for staff; not for browsing. Each search must match something exactly, and gives
 * at most twenty.
 */
#ifndef WEAL_REGISTER_SEARCH_H
#define WEAL_REGISTER_SEARCH_H

#include "register/register.h"

enum {
  SEARCH_MOST = 20,
  SEARCH_CANDIDATES_MOST = 5000 /* of one postcode or household: a wrong one may stand at many */
};

/* One of: `reference`; `born` with `name`, `place` or `postcode`; `postcode` with two letters
 * of `name`. Everything given must match. */
struct search {
  struct span reference; /* SCHEME:VALUE, or a bare id; also a bare NINO or NHS number */
  /* each word must begin a word of the person's name, both folded (base/fold.h); or of the name of
   * a record that was merged into theirs, or of one they had before they told a new one */
  struct span name;
  day_t born;           /* DAY_NONE: not given */
  struct span postcode; /* of where they live on `today`, as anybody writes it; empty: not given */
  /* index into places: lives there or under it on `today`; PLACE_NONE: not given */
  int place;
  /* may be null when place is PLACE_NONE and the caller needs no places in the result */
  const struct places *places;
  day_t today;
};
struct found {
  int64_t id; /* for a merged record, its survivor */
  const char *code, *name;
  day_t born, died;
  int64_t place; /* on `today`; 0: unknown */
};
/* In order of name, then code. *more: there are others, or more candidates than are
 * looked at, so search more exactly. If nobody matches,
 * DONE with count 0, for a malformed reference too. REFUSED: too little was given (err->column
 * names what is missing). */
enum status search_people(struct store *store, struct arena *arena, const struct search *search,
                          struct found out[SEARCH_MOST], int *count, bool *more,
                          struct error *err) MUST_USE;

#endif
