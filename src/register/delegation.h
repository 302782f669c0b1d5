/* Delegations: a principal lets an agent (a helper, such as a daughter or an adviser) see, report
 * changes or enter time in their name, from a day to a day.
 *
 *     struct case_call call = {store, arena, &desk, &actor};
 *     delegation_offer(&call, &offer, code, &last, &err);  the principal; the code is handed over
 *     delegation_accept(&call, typed, now, &acting, &err);
 *         the agent, signed in, enters it: once, within 14 days
 *     delegation_scope(store, principal, agent, day, &scope, &err);
 *     delegation_end(store, principal, id, agent, day, &err);           either of them
 *
 * An offer is a case of the kind `help-offer` (case/case.h), which its principal may take back, and
 * which whoever has the code accepts; the code itself is kept nowhere, and its digest only while it
 * is good. Delegations are kept after the end. A merged record on either side is read as its
 * survivor. A delegation ends by itself when either person dies. Functions that write run inside
 * the caller's write transaction.
 */
#ifndef WEAL_REGISTER_DELEGATION_H
#define WEAL_REGISTER_DELEGATION_H

#include "base/arena.h"
#include "base/day.h"
#include "case/case.h"
#include "register/code.h"
#include "register/permission.h"
#include "store/store.h"

enum { DELEGATION_OFFER_DAYS = 14, DELEGATION_WHAT_BYTES_MAX = 80, DELEGATION_OFFERS_MAX = 10 };

#define HELP_OFFER "help-offer" /* the kind */
extern const struct case_handler help_case_handler;

struct delegation_offer {
  unsigned scope;
  struct span what; /* how the principal calls them: `my daughter` */
  day_t to;         /* the last day; DAY_NONE: until ended */
  int64_t now;      /* seconds since 1970 */
};
/* An offer of the actor's. *last: the last day on which the code may be entered. Offers of anybody
 * that have run out by then end. REFUSED with err->column `scope`, `what` or `to`; too many open
 * offers. */
enum status delegation_offer(struct case_call *call, const struct delegation_offer *offer,
                             char code[ONE_TIME_CODE_SIZE], day_t *last,
                             struct error *err) MUST_USE;
/* Ends offers of anybody whose codes are no longer good, up to 100; the call's actor does not
 * count. Any number may call it at once. */
enum status delegation_expire(struct case_call *call, int64_t now, struct error *err) MUST_USE;
/* Takes back all offers of the actor's that nobody has accepted yet; *count is their number. */
enum status delegation_withdraw(struct case_call *call, int *count, struct error *err) MUST_USE;

struct delegation {
  int64_t principal, id, agent;
  /* of the other side: the agent in delegation_of_principal, the principal in delegation_of_agent
   * and delegation_accept */
  const char *code, *name;
  unsigned scope;
  const char *what;
  day_t from, to; /* both included; to DAY_NONE: until ended */
  const char *at;
};
/* The offer becomes a delegation to the actor, from today, and replaces a running one between the
 * two. REFUSED with err->column `code`: the code is unknown, used or expired (one sentence for all
 * three), or is one's own. */
enum status delegation_accept(struct case_call *call, struct span code, int64_t now,
                              struct delegation *out, struct error *err) MUST_USE;
/* `day` is the first on which it is no longer valid. `by` must be the principal or the agent.
 * REFUSED: they have no such delegation, or it has ended. */
enum status delegation_end(struct store *store, int64_t principal, int64_t id, int64_t by,
                           day_t day, struct error *err) MUST_USE;

/* All, including ended ones, latest first. delegation_runs says whether one is running. */
enum status delegation_of_principal(struct store *store, struct arena *arena, int64_t principal,
                                    struct delegation **out, int *count,
                                    struct error *err) MUST_USE;
enum status delegation_of_agent(struct store *store, struct arena *arena, int64_t agent,
                                struct delegation **out, int *count, struct error *err) MUST_USE;
static inline bool delegation_runs(const struct delegation *a, day_t day) {
  return a->from <= day && (a->to == DAY_NONE || a->to >= day);
}
struct delegation_open_offer {
  int64_t case_id;
  unsigned scope;
  const char *what;
  day_t to, last;
};
/* The actor's, the earliest first. */
enum status delegation_offers_of(struct case_call *call, int64_t now,
                                 struct delegation_open_offer **out, int *count,
                                 struct error *err) MUST_USE;

/* What the agent may do for the principal on the day. Nothing if both are the same person. */
enum status delegation_scope(struct store *store, int64_t principal, int64_t agent, day_t day,
                             unsigned *scope, struct error *err) MUST_USE;

#endif
