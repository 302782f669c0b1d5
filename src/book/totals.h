/* The sums for an import's control lines: by (control account, day, file, category), gathered while
 * rows come in. Private to the book. */
#ifndef WEAL_BOOK_TOTALS_H
#define WEAL_BOOK_TOTALS_H

#include "book/runs.h"

struct total {
  uint64_t high, low;
  int64_t sum, rows;
}; /* keys as in runs.h, the line being 0 */
/* Open addressing, a power of two; high == 0: empty. A hash table of its own, so that sum and key
 * are in one slot: base/map.h with the sums in an array takes 1.4 times as long for a million, 1.8
 * for 100,000 (two cache misses instead of one), 2.5 % of an import. */
struct totals {
  struct total *all;
  size_t count, capacity;
};

/* False when the sum passes 64 bits. rows and amount may be negative, to take back what was added
 * before. */
bool totals_add(struct totals *t, uint64_t high, uint64_t low, int64_t amount, int64_t rows);
bool totals_merge(struct totals *into, const struct totals *from);
void totals_release(struct totals *t);

#endif
