/* The second entry that undoes a first: a line, an entry, or a whole file.
 *
 * A reversing line goes to the account that the first one went to, with the amount and quantity
 * negated, and names what it undoes; the control line follows. The note of a budget goes with it,
 * since it says the stream and the conditions; no other note or reference does. Each line can be
 * reversed once (its digest stands in `reference`); reversing a whole entry or file skips lines
 * that were reversed already. Control lines are not reversed alone. The second entry is posted on
 * the undone line's own day unless told; a correction may lie after a death, as those of a file
 * may, but nothing lies before a birth.
 */
#ifndef WEAL_BOOK_REVERSAL_H
#define WEAL_BOOK_REVERSAL_H

#include "book/book.h"

/* When people were born, by id (0 .. max), of a merged record the one that is kept; DAY_NONE: not
 * known. */
struct births {
  const day_t *born;
  int64_t max;
};

struct reversal {
  int64_t entry;   /* what to undo: an entry, or */
  int32_t line_no; /* one line of it; 0: all */
  int64_t import;  /* a file's import id, when entry is 0 */
  day_t on;        /* DAY_NONE: each line's own day */
  /* with `on`: no line is undone on a day before its person was born, but on its own; null: not
   * looked at */
  const struct births *births;
  const char *reason;
  const char *who;
  const struct bulk_hook *hook; /* of tests (bulk_call.h); null */
};

struct reversal_result {
  int64_t lines, skipped, first_entry, last_entry;
};

/* REFUSED: no such entry, line or import; a control line; a day before the birth of whose line it
 * is; reversed already (and nothing left to reverse), or by another since it was looked at (it may
 * be run again at once); no reason. */
enum status reversal_post(struct store *store, const struct reversal *reversal,
                          struct reversal_result *result, struct error *err) MUST_USE;

/* One line, named by its whole key, as a page knows it: found at once where the other looks through
 * the ledger, and posted inside a write transaction of the caller's (who rolls back, to a savepoint
 * at least, after anything but DONE) as a small entry is, without the lock that imports hold. */
struct reversal_of_line {
  int64_t account, entry;
  day_t day;
  int32_t line_no;
  int64_t body; /* only a line of this body's; 0: of any */
  day_t on;     /* DAY_NONE: the line's own day */
  const char *reason;
};
/* REFUSED: no such line (of the body's), a control line, a reversal, reversed already, no reason
 * (err->column `reason`), a sum of what was erased (reversal_post does those). */
enum status reversal_line(struct store *store, const struct reversal_of_line *what, int64_t *entry,
                          struct error *err) MUST_USE;

/* ---- for an erasure, which keeps sums of lines: in its transaction, with the head and the import
 * lock held ---- */

/* Was this line undone? Of a sum of what was erased `sum_account` is its account; of any other line
 * 0. */
enum status reversal_known(struct store *store, int64_t entry, int32_t line_no, int64_t sum_account,
                           bool *known, struct error *err) MUST_USE;
/* Makes a sum of lines that were undone before they were erased count as undone, so that nothing
 * undoes them again. */
enum status reversal_mark_sum(struct store *store, int64_t entry, int32_t line_no,
                              int64_t sum_account, struct error *err) MUST_USE;

#endif
