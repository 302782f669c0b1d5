/* Posts a second entry that undoes a first: a line, an entry, or a whole file. A reversing line is
 * in the same account as the first one, with amount and quantity negated, and names the line that
 * it undoes; a control line is added. The note of a budget is copied, since it has the stream and
 * the conditions; no other note or reference is. Each line can be reversed once (its digest is in
 * `reference`); reversing a whole entry or file skips lines that were reversed already. Control
 * lines are not reversed alone. The second entry is posted on the undone line's own day unless
 * another is given; a reversal may be after a death, like corrections in a file, but nothing may be
 * before a birth.
 */
#ifndef WEAL_BOOK_REVERSAL_H
#define WEAL_BOOK_REVERSAL_H

#include "book/book.h"

/* People's days of birth, by id (0 .. max), for a merged record its survivor's; DAY_NONE: not
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
  /* with `on`: a line is not undone on a day before its person was born, except on its own day;
   * null: not checked */
  const struct births *births;
  const char *reason;
  const char *who;
  const struct bulk_hook *hook; /* of tests (bulk_call.h); null */
};

/* Reads what is to be undone: `417` (an entry), `417:3` (a line of it), `import:12` (a file).
 * False: it names nothing of these. */
bool reversal_target(struct span word, struct reversal *out);

struct reversal_result {
  int64_t lines, skipped, first_entry, last_entry;
};

/* REFUSED: no such entry, line or import; a control line; a day before the birth of the line's
 * person; reversed already (and nothing left to reverse), or reversed by somebody else after our
 * check (then run it again at once); no reason. */
enum status reversal_post(struct store *store, const struct reversal *reversal,
                          struct reversal_result *result, struct error *err) MUST_USE;

/* Reverses one line, given by its whole key, as a page has it: it is found at once, where
 * reversal_post searches the ledger. It is posted as a small entry inside the caller's write
 * transaction, without the import lock; after anything but DONE the caller rolls back, at least to
 * a savepoint. */
struct reversal_of_line {
  int64_t account, entry;
  day_t day;
  int32_t line_no;
  int64_t body; /* only a line of this body's; 0: of any */
  day_t on;     /* DAY_NONE: the line's own day */
  const char *reason;
};
/* REFUSED: no such line (of the body), a control line, a reversal, reversed already, no reason
 * (err->column `reason`), a sum of erased lines (reversal_post does those). */
enum status reversal_line(struct store *store, const struct reversal_of_line *what, int64_t *entry,
                          struct error *err) MUST_USE;

/* ---- for an erasure, which replaces lines by sums: in its transaction, with the head and the
 * import lock held ---- */

/* Whether this line was undone. `sum_account`: for a sum of erased lines its account; for any other
 * line 0. */
enum status reversal_known(struct store *store, int64_t entry, int32_t line_no, int64_t sum_account,
                           bool *known, struct error *err) MUST_USE;
/* Marks a sum of lines that were undone before the erasure as undone, so that nothing undoes them
 * again. */
enum status reversal_mark_sum(struct store *store, int64_t entry, int32_t line_no,
                              int64_t sum_account, struct error *err) MUST_USE;

#endif
