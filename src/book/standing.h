/* The tax years of which something stands in the book: lines that nobody undid, or sums that are
 * not nothing because what undid the lines lies in another year.
 *
 * A line is known to be undone by its key in `reference`, as everywhere (reversal.h), so that the
 * answer is the same after an erasure, whose sums name nothing that they undo. Where so many lines
 * undo others that it may be all of a year, its lines are read once and held against the keys once:
 * the work grows as the lines do.
 *
 *     status = standing_years(store, arena, &stopping, &standing, &err);
 *     ...standing.year[0 .. standing.count - 1], the earliest first...
 */
#ifndef WEAL_BOOK_STANDING_H
#define WEAL_BOOK_STANDING_H

#include "book/book.h"

#include <stdatomic.h>

struct standing {
  int *year;
  int count;
};

/* Opens a second connection while it reads lines. Once *stopping (null: nobody stops it) is true it
 * gives up within a block of lines: FAILED. */
enum status standing_years(struct store *store, struct arena *arena, const atomic_bool *stopping,
                           struct standing *out, struct error *err) MUST_USE;

#endif
