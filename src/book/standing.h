/* The tax years that have something in the book: lines that nobody undid, or sums that are not zero
 * because the lines were undone in another year. A line is known to be undone by its key in
 * `reference`, as everywhere (reversal.h), so that the answer is the same after an erasure, whose
 * sums do not name the lines that they undo. Where so many lines undo others that all of a year may
 * be undone, its lines are read once and compared with the keys once, so the work is proportional
 * to the number of lines.
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

/* Opens a second connection while it reads lines. Once *stopping (may be null) is true it gives up
 * within a block of lines: FAILED. */
enum status standing_years(struct store *store, struct arena *arena, const atomic_bool *stopping,
                           struct standing *out, struct error *err) MUST_USE;

#endif
