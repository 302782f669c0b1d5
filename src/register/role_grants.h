/* Offices: who holds which role (permission.h), in which body; from a day to a day. An office that
 * ended is kept, so that a look of that time can still be explained.
 *
 * Of a record that was merged into another the offices are those of the kept one. The functions
 * that write run inside a write transaction of the caller's.
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
  int64_t body;         /* of a role of a body; else 0 */
  day_t from, to;       /* both included; to DAY_NONE: until ended */
  const char *who, *at; /* who granted it, when */
};

/* From `day` on. REFUSED: a role of a body without one, another role with one (err->column `body`),
 * an unknown body, an unknown or dead person, already held. */
enum status role_grant_add(struct store *store, int64_t person, const struct role *role,
                           int64_t body, day_t day, const char *who, struct error *err) MUST_USE;
/* `day` is the first on which it is no longer held: ending takes effect at once. Who ended it is
 * noted in the access log as a change of the person's record. REFUSED: not held. */
enum status role_grant_end(struct store *store, int64_t person, const struct role *role,
                           int64_t body, day_t day, const char *who, struct error *err) MUST_USE;

/* All, those that ended too, in order of person's code, then id. */
enum status role_grants_list(struct store *store, struct arena *arena, struct role_grant **out,
                             int *count, struct error *err) MUST_USE;
/* Those of one person that were held on a day; one that ended at once on that day counts as held
 * when `late` (for explaining a look), not otherwise. */
enum status role_grants_at(struct store *store, struct arena *arena, int64_t person, day_t day,
                           bool late, struct role_grant **out, int *count,
                           struct error *err) MUST_USE;

/* What a session needs: what the roles that are held give together, and each of them. */
struct granted_roles {
  permission_set gives;
  const struct role_grant *all;
  int count;
};
enum status roles_granted_of(struct store *store, struct arena *arena, int64_t person, day_t day,
                             struct granted_roles *out, struct error *err) MUST_USE;
/* The bodies in which they give a permission: ids, sorted, each once. */
const int64_t *roles_granted_bodies(const struct granted_roles *granted, struct arena *arena,
                                    enum permission permission, int *count);

#endif
