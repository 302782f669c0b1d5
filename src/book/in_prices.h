/* What households typically pay in prices, written into a statement and a place's account alike.
 *
 * It is nobody's own figure (pack_find_price_table): beside the document's figures, added to none.
 */
#ifndef WEAL_BOOK_IN_PRICES_H
#define WEAL_BOOK_IN_PRICES_H

#include "document/document.h"
#include "pack/pack.h"

struct in_prices_sums {
  const struct pack_price_table *table;
  int64_t households;
  int64_t unit;       /* pence: to what each amount is rounded */
  const char *method; /* a sentence: how the amounts were made */
  const char *label;  /* the heading of the amounts */
};
/* `table` with its year, source and method, `total`, and the table of `lines`, which is section
 * `in-prices` of the CSV. A tax that rounds to nothing has no line. */
void in_prices_add_sums(struct document *d, const struct in_prices_sums *of, enum language language,
                        struct arena *arena);

#endif
