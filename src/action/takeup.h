/* What a page asks before it begins a search for who misses out, which takes long: a form shows
 * what is wrong with it while whoever sent it still looks at it. */
#ifndef WEAL_ACTION_TAKEUP_H
#define WEAL_ACTION_TAKEUP_H

#include "action/action.h"

/* Refuses what `take-up-find` would refuse before it reads anybody's record: who may not, whose
 * organisation, what is looked for, under which agreement, where and when. In a snapshot. */
enum status takeup_find_may(struct action_call *call, struct error *err) MUST_USE;

#endif
