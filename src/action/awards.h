/* What a call comes to that makes or changes an award: by an action of awards, or by the decision
 * of a claim or of a dispute. Shown before it is done, and whether a second person approves it.
 *
 *     status = action_permit(call.action, &call, &err);
 *     status = award_sums_tried(&call, person, &sums, &err);      nothing is done
 *     if (sums.award) ... sums.pence, sums.from, sums.at_once ...
 */
#ifndef WEAL_ACTION_AWARDS_H
#define WEAL_ACTION_AWARDS_H

#include "action/action.h"
#include "award/award.h"

struct award_sums {
  int64_t person, award; /* award 0: the call makes and changes none */
  int64_t body;
  int64_t pence; /* in each `per` */
  enum tell_per per;
  day_t from, to;                         /* to DAY_NONE: until further notice */
  int64_t at_once;                        /* pence that the next run of payments posts */
  int64_t each;                           /* pence of the next day of pay */
  int64_t arrears, overpaid;              /* pence, of days that are paid: too little, too much */
  struct award_coming next[AWARD_COMING]; /* the next days of pay */
  int next_count;
  bool is_large; /* from the pack's `second_person_from` on: nobody decides it alone */
};
/* Runs the call's action, and takes everything back: in a write transaction, after action_permit.
 * REFUSED as the action. */
enum status award_sums_tried(struct action_call *call, int64_t person, struct award_sums *out,
                             struct error *err) MUST_USE;

#endif
