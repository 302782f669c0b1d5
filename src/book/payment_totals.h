/* The kept totals of what bodies paid: by financial year, payer, place and category, and by
 * financial year, payer, place and payee. Owns the table `payment_total`.
 *
 * A payment is a line in pence in an account of the role for payments (`provider`): the account's
 * owner is the payee, the line's body the payer. A page of a place reads these totals and no line,
 * so that it takes no longer with ten million payments than with one. They are what the lines make
 * them: every posting, import and reversal changes them in the transactions in which it writes its
 * lines, and `weal audit` makes them anew from the lines and compares. Which bodies are one payee
 * is decided when they are read (register/body_pairs.h), so joining bodies changes nothing here; an
 * erasure takes lines of people only.
 *
 *     struct payment_totals *t = payment_totals_new();
 *     payment_totals_add(t, &payment);                      line after line
 *     status = payment_totals_post(t, store, &err);   a small posting, which holds the head
 *     payment_totals_free(t);
 *
 * A bulk posting writes its totals under its first entry number (payment_totals_write), which is
 * pending: they count from the moment when it finishes, like its lines, and are swept with them
 * when it dies. After that payment_totals_fold adds them to the rows under entry 0, in short
 * transactions; if that is interrupted, nothing is lost, and the next import goes on with it.
 *
 * A payment that was undone on a day of the same financial year counts in no number of payments,
 * and its amount and that of its reversal come to nothing; undone on a day of another year, both
 * count, each in its own. A reversal is never reversed (reversal.h).
 */
#ifndef WEAL_BOOK_PAYMENT_TOTALS_H
#define WEAL_BOOK_PAYMENT_TOTALS_H

#include "base/progress.h"
#include "base/wide.h"
#include "book/book.h"

/* What a total is of, besides year, payer and place. */
enum payments_by { PAYMENTS_BY_CATEGORY, PAYMENTS_BY_PAYEE };

struct payment_total {
  /* `what`: the id of the category, or of the body that was paid. 0: none */
  struct payment_key {
    int64_t by, year, payer, place, what;
  } key;
  wide_t amount;    /* pence */
  int64_t payments; /* that were not undone in the same year */
};

struct payment {
  int64_t payee, payer, place, category, amount;
  day_t day, undone_day; /* undone_day: of a reversal, the day of the line that it undoes */
  bool reverses;
};

struct payment_totals;
struct payment_totals *payment_totals_new(void);
void payment_totals_free(struct payment_totals *t); /* takes null */
void payment_totals_add(struct payment_totals *t, const struct payment *payment);
void payment_totals_add_all(struct payment_totals *to, const struct payment_totals *more);
/* Where lines come payee after payee: takes out the totals of all payees but the last, to which
 * nothing will be added any more, when there are totals of at least so many; null: there are
 * not. The caller frees them. So the memory of an import does not depend on how many suppliers it
 * has. */
struct payment_totals *payment_totals_take(struct payment_totals *t, size_t least);
/* In the order of their keys; borrowed until the next addition. */
struct payment_total **payment_totals_sorted(struct payment_totals *t, size_t *count);

/* Adds them to the rows that count at once. In the caller's write transaction, who holds the
 * head. */
enum status payment_totals_post(struct payment_totals *t, struct store *store,
                                struct error *err) MUST_USE;
/* Writes them as rows of the pending numbers that begin with `entry`. In the caller's write
 * transaction. */
enum status payment_totals_write(struct payment_totals *t, struct store *store, int64_t entry,
                                 struct error *err) MUST_USE;
/* Deletes what a dead import wrote, in a transaction of its own. */
enum status payment_totals_sweep(struct store *store, const struct entry_range *entries,
                                 struct error *err) MUST_USE;
/* Adds what finished imports wrote to the rows under entry 0. The caller holds the import lock. */
enum status payment_totals_fold(struct store *store, struct error *err) MUST_USE;

/* Calls `take` for the totals of a financial year; two of one key may come, which add up. Within a
 * snapshot they are those of its reading. */
typedef void payment_total_take(void *context, const struct payment_total *total);
enum status payment_totals_read(struct store *store, enum payments_by by, int year,
                                payment_total_take *take, void *context,
                                struct error *err) MUST_USE;
/* The same of one payer. */
enum status payment_totals_read_of(struct store *store, enum payments_by by, int year,
                                   int64_t payer, payment_total_take *take, void *context,
                                   struct error *err) MUST_USE;
/* The same for every year and both kinds, in the order of their keys, as of a reading: for the
 * audit. */
enum status payment_totals_read_all(struct store *store, const struct reading *reading,
                                    payment_total_take *take, void *context,
                                    struct error *err) MUST_USE;

/* Adds up the lines themselves, on every core. */
enum status payment_totals_of_lines(struct store *store, const struct reading *reading,
                                    enum progress_mode progress, struct payment_totals *out,
                                    struct error *err) MUST_USE;
/* Makes the totals anew from the lines, in one transaction, while nobody posts: the mending of what
 * the audit found. *count: how many there are. */
enum status payment_totals_rebuild(struct store *store, enum progress_mode progress, int64_t *count,
                                   struct error *err) MUST_USE;

/* Whether it is the account of a payee. */
bool account_is_of_payments(const struct roles *roles, const struct account *account);

/* The day of an entry, asked once of each. */
struct entry_days;
struct entry_days *entry_days_new(struct store *store);
void entry_days_free(struct entry_days *days); /* takes null */
/* Adds a line of the account of a payee. */
enum status payment_totals_add_line(struct payment_totals *t, struct entry_days *days,
                                    int64_t payee, const struct line *line,
                                    struct error *err) MUST_USE;

#endif
