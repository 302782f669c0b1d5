/* Who acts for whom: a principal lets an agent (a daughter, an adviser) see, tell or enter time in their name, from a day to a day.
 *
 *     acting_offer(store, &offer, code, &last, &err);               the principal; the code is handed over
 *     acting_accept(store, arena, agent, typed, now, &acting, &err);   the agent, signed in, enters it: single use, 14 days
 *     acting_may(store, principal, agent, SCOPE_SEE, day, &may, &err);
 *     acting_end(store, principal, id, agent, day, &err);           either of them
 *
 * Rows are kept after the end. Of a merged record both sides are read as the kept one. It ends by itself when either dies. Writers run inside a write transaction of the caller's.
 */
#ifndef WEAL_REGISTER_ACTING_H
#define WEAL_REGISTER_ACTING_H

#include "base/arena.h"
#include "base/day.h"
#include "register/code.h"
#include "store/store.h"

enum { SCOPE_SEE = 1, SCOPE_TELL = 2, SCOPE_TIME = 4 };
enum { ACTING_OFFER_DAYS = 14, ACTING_WHAT_BYTES_MAX = 80, ACTING_OFFERS_MAX = 10 };

/* `see tell time`, some of them with a space between; REFUSED when none or another. */
enum status scope_parse(struct span words, unsigned *scope, struct error *err) MUST_USE;
void text_add_scope(struct text *t, unsigned scope);

struct acting_offer {
  int64_t principal;
  unsigned scope;
  struct span what;  /* how the principal calls them: `my daughter` */
  day_t day;         /* today */
  day_t to;          /* the last day; DAY_NONE: until ended */
  int64_t now;       /* seconds since 1970 */
};
/* *last: the last day on which the code may be entered. REFUSED with err->column `scope`, `what` or `to`; too many open offers. */
enum status acting_offer(struct store *store, const struct acting_offer *offer, char code[ONE_TIME_CODE_SIZE], day_t *last, struct error *err) MUST_USE;
/* Takes back all offers that nobody has taken yet; *count of them. */
enum status acting_withdraw(struct store *store, int64_t principal, int *count, struct error *err) MUST_USE;

struct acting {
  int64_t principal, id, agent;
  const char *code, *name;   /* of the other side: the agent in acting_of_principal, the principal in acting_of_agent and acting_accept */
  unsigned scope;
  const char *what;
  day_t from, to;            /* both included; to DAY_NONE: until ended */
  const char *at;
};
/* The offer becomes a row from `day`, in place of one that still runs between the two. REFUSED with err->column `code`: unknown, used, past its days (one sentence for these); of oneself. */
enum status acting_accept(struct store *store, struct arena *arena, int64_t agent, struct span code, day_t day, int64_t now, struct acting *out, struct error *err) MUST_USE;
/* `day` is the first on which it holds no longer. `by` must be the principal or the agent. REFUSED: there is none (also where it is others'), it has ended. */
enum status acting_end(struct store *store, int64_t principal, int64_t id, int64_t by, day_t day, struct error *err) MUST_USE;

/* All, those that ended too, latest first. Whether one runs: acting_runs. */
enum status acting_of_principal(struct store *store, struct arena *arena, int64_t principal, struct acting **out, int *count, struct error *err) MUST_USE;
enum status acting_of_agent(struct store *store, struct arena *arena, int64_t agent, struct acting **out, int *count, struct error *err) MUST_USE;
static inline bool acting_runs(const struct acting *a, day_t day) { return a->from <= day && (a->to == DAY_NONE || a->to >= day); }
struct acting_open_offer { unsigned scope; const char *what; day_t to, last; };
enum status acting_offers_of(struct store *store, struct arena *arena, int64_t principal, int64_t now, struct acting_open_offer **out, int *count, struct error *err) MUST_USE;

/* Whether the agent has every part of `scope` for the principal on the day. False for oneself. */
enum status acting_may(struct store *store, int64_t principal, int64_t agent, unsigned scope, day_t day, bool *may, struct error *err) MUST_USE;

#endif
