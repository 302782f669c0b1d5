/* A payment of an award beside its award and the rules: what the line of an account with the
 * reference `award:NUMBER:DAY` should come to.
 *
 *     const struct award_check_request q = {.assess = {.store = store, .pack = pack,
 *                                                      .rules = rules, .person = person},
 *                                           .reference = line.reference, .pence = line.amount};
 *     status = award_check(arena, &q, &out, &err);
 *     if (out.found) ... out.by_award, out.stood, out.now ...
 *
 * Three amounts for the days that the payment is for: by the award's rows as they stand, by the
 * rules from the facts that stood when it was awarded (only an award that was worked out from
 * facts), and by the rules from the facts as they are now. All are reckoned as the payment was
 * (schedule.h), so that where nothing changed they are equal to the penny.
 */
#ifndef WEAL_AWARD_CHECK_H
#define WEAL_AWARD_CHECK_H

#include "assess/check.h"
#include "award/award.h"

struct award_check_request {
  struct assess_request assess; /* its `on` is not read */
  struct span reference;
  int64_t pence; /* of the line */
  bool with_steps;
};
struct award_check {
  bool found; /* the reference names a payment of theirs */
  const struct pack_entitlement *what;
  int64_t award;
  day_t first, last;      /* the days that it is for */
  bool is_arrears;        /* of a change back in time: only by_award is said */
  int64_t paid, by_award; /* pence */
  bool has_stood, has_now;
  int64_t stood, now;     /* pence */
  struct check_days days; /* now: its state where has_now is false */
};
/* REFUSED as assess(); the pack no longer says how the award is paid. */
enum status award_check(struct arena *arena, const struct award_check_request *request,
                        struct award_check *out, struct error *err) MUST_USE;

#endif
