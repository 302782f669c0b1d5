/* Who acts on cases (case/case.h), read in the call's own transaction: their records, their roles
 * and the bodies for which they answer, as of the day. So a role that ended gives nothing any more.
 *
 *     struct case_actor actor;
 *     status = register_case_actor(store, arena, person, today, who, &actor, &err);
 *     status = register_case_helper(store, arena, &actor, helped, today, &err);    they act for
 * another
 */
#ifndef WEAL_REGISTER_CASE_ACTOR_H
#define WEAL_REGISTER_CASE_ACTOR_H

#include "case/case.h"

/* `person`: any of their records; 0: the operator, or the program. `who` is borrowed; the rest is
 * in the arena. */
enum status register_case_actor(struct store *store, struct arena *arena, int64_t person, day_t day,
                                const char *who, struct case_actor *out,
                                struct error *err) MUST_USE;
/* The actor acts as a helper of somebody in this call, with the scopes that they have on the day:
 * none, where they are not that person's helper. */
enum status register_case_helper(struct store *store, struct arena *arena, struct case_actor *actor,
                                 int64_t helped, day_t day, struct error *err) MUST_USE;

#endif
