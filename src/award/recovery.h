/* What becomes of what was paid too much. A change of an award that makes paid days less opens a
 * case of the kind `overpayment` (award.h); staff of the body ask for it back or let it go. What is
 * asked back is a debt: it falls by what is taken from later payments of the same benefit, by what
 * is paid back by hand, and by what is written off, to the penny.
 *
 *     status = award_debts_of(store, arena, person, &debts, &count, &err);
 *     for each: award_debt_left(&debts[i]) ... debts[i].rate ...
 *
 * The row of overpayments.csv says by which law it can be asked back at all, and how much may be
 * taken of one payment; where it names no limit nothing is taken from payments, and it is paid back
 * by hand. `rate` is what was agreed a week, for hardship say: 0 takes nothing for now. A payment
 * is posted whole, and what is taken of it is a line of its own, `award:NUMBER:DAY:less:CASE`.
 *
 * What is found not to be overpaid after all (a death corrected to a later day, an amount raised)
 * corrects the case: `corrected` beside `amount`, and no more than that is asked back.
 *
 * Nothing is taken while the case waits: whoever owes it says that it is wrong (`dispute`) or too
 * much at a time (`hardship`), and it waits until staff have decided again; a complaint about it
 * that waits stops it too. What is let go after something was taken is given back at once.
 */
#ifndef WEAL_AWARD_RECOVERY_H
#define WEAL_AWARD_RECOVERY_H

#include "award/award.h"

#define OVERPAYMENT_KIND "overpayment"
enum { RATE_MOST = -1 }; /* of award_debt.rate: as much as the law allows */

extern const struct case_handler award_overpayment_handler;

struct award_debt {
  int64_t party, id; /* the case */
  int64_t award;     /* which was paid too much */
  const char *variable;
  int64_t asked, taken, repaid, returned; /* pence, in all; returned: given back */
  int64_t rate;                           /* pence a week, or RATE_MOST */
  bool is_over;                           /* let go or written off */
  int64_t rows;
};
/* Of all records of the person, in order of the case. */
enum status award_debts_of(struct store *store, struct arena *arena, int64_t person,
                           struct award_debt **out, int *count, struct error *err) MUST_USE;
int64_t award_debt_left(const struct award_debt *debt); /* never below 0 */
/* Whether something is taken of it now: it is asked back, and nobody disputes it. */
enum status award_debt_runs(const struct award_call *call, const struct award_debt *debt, bool *out,
                            struct error *err) MUST_USE;

/* What was paid too much by a case as it was corrected last; 0: none after all. */
enum status award_overpaid_of(const struct case_file *file, int64_t *pence,
                              struct error *err) MUST_USE;

/* How much the law lets be taken of what is paid for so many days, and how much it leaves. */
struct award_limit {
  bool is_known;
  int64_t most, least; /* pence */
};
enum status award_limit_of(const struct award_call *call, const struct pack_entitlement *what,
                           day_t on, int days, struct award_limit *out, struct error *err) MUST_USE;

#endif
