/* What households typically pay in prices, for a place's account. For `publish` too.
 *
 * It is nobody's own figure: so many households times the published average of one
 * (pack_find_price_table), beside the account's figures and added to none of them.
 */
#ifndef WEAL_PLACE_IN_PRICES_H
#define WEAL_PLACE_IN_PRICES_H

#include "document/document.h"
#include "pack/pack.h"
#include "place/scope.h"

enum { IN_PRICES_FEWEST = 10 }; /* households */

/* For each household with somebody alive in it on the year's last day: calls `visit` for each place
 * id in which its people live on that day (0: not known; a place may come twice). */
void place_households(const struct scope *s,
                      void (*visit)(void *context, int64_t household, int64_t place),
                      void *context);

/* Of how many households, in which year (of what is made, not of the table). */
struct in_prices {
  const struct pack *pack;
  int year;
  int64_t households;
};
/* The table of lines can be made: there are enough households, and a table of the year or an
 * earlier one. */
bool in_prices_some(const struct in_prices *what);
/* The object `in_prices`, for people a section, each amount rounded to 1,000 pounds; null where
 * there is none. Its lines are section `in-prices` of the CSV. */
void in_prices_add(const struct in_prices *what, struct document *d, enum language language,
                   struct arena *arena);

#endif
