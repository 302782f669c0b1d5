/* Posts what awards make due, each day of pay once.
 *
 *     struct pay_request request = {.store = store, .pack = pack, .desk = &desk, .who = who,
 *                                   .to = day, .today = today};
 *     status = awards_pay(arena, &request, &result, &err);
 *     for each of result.sums: body, variable, how many, pence
 *
 * A payment is a line of the person's account with the reference `award:NUMBER:DAY`, the day of pay
 * as the rule gives it, posted on the working day on or before it. What was awarded or changed
 * after that day is posted on the day of the run (`to`, or the working day before), as arrears are:
 * nothing reads as paid before it was awarded. A run up to a day before the award was made enters
 * what was paid then, on its days of pay, and no arrears. Its row in award_payment and its
 * line are of one transaction, and every transaction waits for the others that write awards: two
 * runs at once, and one after a run that was killed, post what is missing and nothing twice.
 *
 * An award of which a payment is refused (its day lies outside the book, its reference is taken,
 * the pack no longer says how it is paid) is set aside with the reason, and others go on. What of
 * it was due before is posted; the refused payment is tried again at each run.
 *
 * Where two awards of the same are for the same days, of records that were merged or of a couple,
 * the earlier is paid, and days of the later wait for the decision of a case (twice.h). A run opens
 * that case where whatever made the two one did not.
 *
 * Who has died is paid up to the day before; their awards end then, which opens a case where later
 * days were paid already. A day of death that is corrected, or taken back, is followed by the next
 * run: the award ends on the other day or runs on, and the case with it (award.h).
 */
#ifndef WEAL_AWARD_PAY_H
#define WEAL_AWARD_PAY_H

#include "award/award.h"
#include "base/progress.h"

struct pay_request {
  struct store *store; /* no transaction is begun */
  const struct pack *pack;
  const struct case_desk *desk;
  const char *who;
  day_t to, today; /* what is paid on `to` or before; not after today, but in a dry run */
  bool dry_run;
};
struct pay_sum {
  int64_t body;
  const char *variable;
  int64_t payments, pence;
};
struct pay_aside {
  int64_t party, award; /* party: the record that it was awarded to */
  const char *why;
};
struct pay_result {
  struct pay_sum *sums;
  int sum_count;
  int64_t payments, pence;
  int64_t taken; /* pence of these payments that went to what was paid too much (recovery.h) */
  struct pay_aside *asides;
  int aside_count;
  int64_t ended;  /* awards of which a death, or its correction, changed the end */
  int64_t opened; /* cases of overpayments */
  int64_t held;   /* payments that wait: two awards are for their days (twice.h) */
};
/* REFUSED: a day in the future. FAILED: what was posted before stays. */
enum status awards_pay(struct arena *arena, const struct pay_request *request,
                       struct pay_result *out, struct error *err) MUST_USE;

#endif
