/* What a place's account has in it and what it leaves out, in a sentence or two for the top of the
 * page and a folded table under them. Everything is derived from the pack and from which categories
 * have lines, so it is true of every place and year.
 *
 * What is public spending on is named, and its share given, by HMRC's latest shares of the year
 * (tax-summary.csv). An area is left out where none of its categories has a line; parts of others
 * stand in the table.
 */
#ifndef WEAL_PLACE_LEFT_OUT_H
#define WEAL_PLACE_LEFT_OUT_H

#include "document/document.h"
#include "pack/pack.h"

struct left_out {
  const struct pack *pack;
  int year;
  enum language language;
  struct arena *arena;
  /* by index of the pack's categories: it has lines; it has uses without a unit cost */
  const bool *recorded, *unvalued;
};

/* In JSON: `left_out`, an array of {code, name, share, whole, categories}; `not_valued`, an array
 * of {category, name}. Neither is in the CSV. */
void place_add_left_out(struct document *d, const struct left_out *l);

#endif
