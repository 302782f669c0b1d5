/* Invitations: a one-time code that ties a person to a sign-in. 30 days, five wrong tries; a second
 * invitation replaces the first.
 *
 *     char code[ONE_TIME_CODE_SIZE];
 *     status = register_invite(store, person, now, code, &last, &err);  shown once, never stored
 *     status = register_redeem_invite(store, "nino:QQ123456C", typed, now, &person, &err);
 *
 * Inside a write transaction of the caller's. `now`: seconds since 1970.
 */
#ifndef WEAL_REGISTER_INVITES_H
#define WEAL_REGISTER_INVITES_H

#include "base/day.h"
#include "register/code.h"
#include "store/store.h"

enum { INVITE_DAYS = 30, INVITE_TRIES = 5 };

/* *last: the last day on which it may be used. REFUSED: unknown person, dead. A merged record
 * invites the kept one. */
enum status register_invite(struct store *store, int64_t person, int64_t now,
                            char code[ONE_TIME_CODE_SIZE], day_t *last, struct error *err) MUST_USE;

/* Right: the invitation is gone and *person is who signs in (of a merged record the kept one).
 * Anything else - nobody of that reference, malformed, no invitation, past its days, wrong code,
 * fifth try: DONE with *person 0, told apart by nothing, not even by time; COMMIT it, or the try is
 * not counted. The page says one sentence for all. */
enum status register_redeem_invite(struct store *store, const char *reference, struct span code,
                                   int64_t now, int64_t *person, struct error *err) MUST_USE;

#endif
