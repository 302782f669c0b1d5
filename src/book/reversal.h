/* The second entry that undoes a first: a line, an entry, or a whole file.
 *
 * A reversing line goes to the account that the first one went to, with the amount and quantity negated, and names what it undoes; the
 * control line follows. Each line can be reversed once (its digest stands in `reference`); reversing a whole entry or file skips lines that
 * were reversed already. Control lines are not reversed alone. The second entry is posted on the undone line's own day unless told.
 */
#ifndef WEAL_BOOK_REVERSAL_H
#define WEAL_BOOK_REVERSAL_H

#include "book/book.h"

struct reversal {
  int64_t entry;   /* what to undo: an entry, or */
  int32_t n;       /* one line of it; 0: all */
  int64_t import;  /* a file's import id, when entry is 0 */
  day_t on;        /* DAY_NONE: each line's own day */
  const char *reason;
  const char *who;
};

struct reversal_result { int64_t lines, skipped, first_entry, last_entry; };

/* REFUSED: no such entry, line or import; a control line; reversed already (and nothing left to reverse); no reason. */
enum status reversal_post(struct store *store, const struct reversal *reversal, struct reversal_result *result, struct error *err) MUST_USE;

#endif
