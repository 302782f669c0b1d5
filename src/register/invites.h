/* Invitations: a one-time code that ties a person to a sign-in. It is good for 30 days, and a
 * second invitation replaces the first. Wrong tries do it no harm: they count against where they
 * come from (sign_in_tries.h).
 *
 *     char code[ONE_TIME_CODE_SIZE];
 *     status = register_invite(store, person, now, code, &last, &err);  shown once, never stored
 *     status = register_redeem_invite(store, "nino:QQ123456C", typed, now, &person, &err);
 *
 * Call both inside a write transaction. `now`: seconds since 1970.
 */
#ifndef WEAL_REGISTER_INVITES_H
#define WEAL_REGISTER_INVITES_H

#include "base/day.h"
#include "register/code.h"
#include "store/store.h"

enum { INVITE_DAYS = 30 };

/* *last: the last day on which it may be used. REFUSED: unknown person, dead. For a merged record
 * the survivor is invited. */
enum status register_invite(struct store *store, int64_t person, int64_t now,
                            char code[ONE_TIME_CODE_SIZE], day_t *last, struct error *err) MUST_USE;

/* REFUSED when the reference or the code does not have the form of one: that is no try, since it
 * depends on nothing but what was typed. If the code is right, the invitation is deleted and
 * *person signs in (for a merged record its survivor). In all other cases (nobody has the
 * reference, no invitation, expired, wrong code) DONE with *person 0, and nothing was written;
 * nothing distinguishes these cases, not even the time taken. The caller counts the try, and its
 * page says one sentence for all. */
enum status register_redeem_invite(struct store *store, const char *reference, struct span code,
                                   int64_t now, int64_t *person, struct error *err) MUST_USE;

#endif
