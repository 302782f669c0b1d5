/* Offices: who is staff of which body, administrator, auditor; from a day to a day. An office that
 * ended is kept, so that a look of that time can still be explained.
 *
 * Of a record that was merged into another the offices are those of the kept one. The functions
 * that write run inside a write transaction of the caller's.
 */
#ifndef WEAL_REGISTER_ROLE_GRANTS_H
#define WEAL_REGISTER_ROLE_GRANTS_H

#include "base/arena.h"
#include "base/day.h"
#include "store/store.h"

enum role { ROLE_STAFF, ROLE_ADMINISTRATOR, ROLE_AUDITOR };
const char *role_word(enum role role); /* staff, administrator, auditor: as stored and as typed */
enum status role_parse(struct span word, enum role *role, struct error *err) MUST_USE;

struct role_grant {
  int64_t person, id;
  const char *code, *name; /* of the person; null in role_grants_at */
  enum role role;
  int64_t body;         /* of ROLE_STAFF; else 0 */
  day_t from, to;       /* both included; to DAY_NONE: until ended */
  const char *who, *at; /* who granted it, when */
};

/* From `day` on. REFUSED: staff without a body, another role with one (err->column `body`), an
 * unknown body, an unknown or dead person, already held. */
enum status role_grant_add(struct store *store, int64_t person, enum role role, int64_t body,
                           day_t day, const char *who, struct error *err) MUST_USE;
/* `day` is the first on which it is no longer held: ending takes effect at once. Who ended it is
 * noted in the access log as a change of the person's record. REFUSED: not held. */
enum status role_grant_end(struct store *store, int64_t person, enum role role, int64_t body,
                           day_t day, const char *who, struct error *err) MUST_USE;

/* All, those that ended too, in order of person's code, then id. */
enum status role_grants_list(struct store *store, struct arena *arena, struct role_grant **out,
                             int *count, struct error *err) MUST_USE;
/* Those of one person that were held on a day; one that ended at once on that day counts as held
 * when `late` (for explaining a look), not otherwise. */
enum status role_grants_at(struct store *store, struct arena *arena, int64_t person, day_t day,
                           bool late, struct role_grant **out, int *count,
                           struct error *err) MUST_USE;

/* What a session needs. */
struct granted_roles {
  bool administrator, auditor;
  int64_t *staff_of; /* body ids, sorted, each once */
  int staff_count;
};
enum status roles_granted_of(struct store *store, struct arena *arena, int64_t person, day_t day,
                             struct granted_roles *out, struct error *err) MUST_USE;

#endif
