/* Role grants: who has which role (permission.h), in which body, from a day to a day. A grant is
 * kept after its end, so that an access of that time can still be explained. The grants of a merged
 * record belong to its survivor. Functions that write run inside the caller's write transaction.
 */
#ifndef WEAL_REGISTER_ROLE_GRANTS_H
#define WEAL_REGISTER_ROLE_GRANTS_H

#include "base/arena.h"
#include "base/day.h"
#include "register/permission.h"
#include "store/store.h"

struct role_grant {
  int64_t person, id;
  const char *code, *name; /* of the person; null in role_grants_at */
  const struct role *role;
  int64_t body;   /* of a role of a body; else 0 */
  day_t from, to; /* both included; to DAY_NONE: until ended */
  /* seconds since 1970: not held from then on, whatever the day; 0: only the days count */
  int64_t until;
  const char *who, *at; /* who granted it, when */
};

/* Grants the role from `day` on. REFUSED: a role of a body without a body, another role with one
 * (err->column `body`), an unknown body, an unknown or dead person, already granted. */
enum status role_grant_add(struct store *store, int64_t person, const struct role *role,
                           int64_t body, day_t day, const char *who, struct error *err) MUST_USE;
/* What role_grant_add would refuse; writes nothing. */
enum status role_grant_check(struct store *store, int64_t person, const struct role *role,
                             int64_t body, day_t day, struct error *err) MUST_USE;
/* Break-glass: the same, but the role ends by itself after LIMIT_BREAK_GLASS_SECONDS. `now`:
 * seconds since 1970. */
enum status role_grant_add_hours(struct store *store, int64_t person, const struct role *role,
                                 day_t day, int64_t now, const char *who, int64_t *until,
                                 struct error *err) MUST_USE;
/* How many people ever had the role for longer than some hours; whoever was erased is none. */
enum status role_holders_ever(struct store *store, const struct role *role, int *count,
                              struct error *err) MUST_USE;
/* `day` is the first on which the role is no longer held: ending takes effect at once. REFUSED: not
 * held. */
enum status role_grant_end(struct store *store, int64_t person, const struct role *role,
                           int64_t body, day_t day, struct error *err) MUST_USE;

/* What role_grant_end would refuse; writes nothing. */
enum status role_grant_end_check(struct store *store, int64_t person, const struct role *role,
                                 int64_t body, day_t day, struct error *err) MUST_USE;

/* Whether it is held now, on this day. */
bool role_grant_runs(const struct role_grant *grant, day_t day);
/* Until when somebody is an administrator whom nobody approved: the last such moment; 0: nobody. */
enum status role_grants_hours(struct store *store, int64_t now, int64_t *until,
                              struct error *err) MUST_USE;
/* All, including ended ones, in order of the person's code, then id. */
enum status role_grants_list(struct store *store, struct arena *arena, struct role_grant **out,
                             int *count, struct error *err) MUST_USE;
/* One person's grants on a day. A grant that was ended on that same day counts only when `late`
 * (for explaining an access). */
enum status role_grants_at(struct store *store, struct arena *arena, int64_t person, day_t day,
                           bool late, struct role_grant **out, int *count,
                           struct error *err) MUST_USE;

/* What a session needs: all permissions of the person's roles together, and each grant. */
struct granted_roles {
  permission_set gives;
  const struct role_grant *all;
  int count;
};
enum status roles_granted_of(struct store *store, struct arena *arena, int64_t person, day_t day,
                             struct granted_roles *out, struct error *err) MUST_USE;
/* The bodies for which they give a permission: ids, sorted, each once. */
const int64_t *roles_granted_bodies(const struct granted_roles *granted, struct arena *arena,
                                    enum permission permission, int *count);
/* The grants whose role gives one of these permissions, as the access log keeps them:
 * `staff:burnley-council administrator`; empty: none. In the arena. */
struct bodies;
const char *roles_granted_words(const struct role_grant *all, int count, permission_set giving,
                                const struct bodies *bodies, struct arena *arena);

#endif
