/* What people look for in an account, from one box: words of a category, an organisation, a note, a
 * reference; an amount; a day, a month or a year. All that was written must be found in an item.
 *
 *     carers allowance march 2026      the words, and a day in March 2026
 *     £71.70                           an amount of £71.70, paid or received
 *     71                               from £71.00 to £71.99
 *     1 March 2026, 2026-03-01, 1/3/2026, March 2026, March, 2025-26, 2026
 *
 * Texts are compared folded (base/fold.h). What is written as a number or a month may stand in a
 * text too: `71` also finds a note with 71 in it. Of time an amount is hours.
 */
#ifndef WEAL_STATEMENT_ACCOUNT_SEARCH_H
#define WEAL_STATEMENT_ACCOUNT_SEARCH_H

#include "base/arena.h"
#include "base/day.h"

struct account_term {
  struct span words; /* folded; in the item's texts, or one of the others holds */
  bool has_amount;
  int64_t least, most;  /* pence, without a sign */
  day_t from, to;       /* from DAY_NONE: no days */
  int month, month_day; /* of any year; month 0: none, month_day 0: all of it */
};
enum { ACCOUNT_TERMS_MOST = 32 };
struct account_search {
  int count; /* what is written past the last term is part of its words */
  struct account_term all[ACCOUNT_TERMS_MOST];
};

void account_search_read(struct arena *arena, struct span words, struct account_search *out);

struct account_item {
  struct span texts; /* folded */
  day_t day;
  bool is_money, is_time; /* else an amount is none that people write */
  int64_t amount;
};
bool account_search_finds(const struct account_search *search, const struct account_item *item);

#endif
