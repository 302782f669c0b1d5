/* Who acts on a case in an action, with the desk that its handlers need. */
#ifndef WEAL_ACTION_CASES_H
#define WEAL_ACTION_CASES_H

#include "action/action.h"
#include "action/desk.h"
#include "award/award.h"

/* The parts point into each other: it is not copied. */
struct action_case {
  struct desk_terms terms;
  struct case_desk desk;
  struct case_actor actor;
  struct case_call call;
};
/* As of the call's transaction, after action_permit. `is_officer`: with their roles; else as
 * anybody does their own, or a helper the person's. */
enum status action_case_begin(const struct action_call *call, bool is_officer,
                              struct action_case *out, struct error *err) MUST_USE;

/* The same call as one of awards, with the desk of a case that was begun. */
struct award_call action_award_call(const struct action_call *call, const struct action_case *side);

#endif
