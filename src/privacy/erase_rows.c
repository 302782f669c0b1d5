/* Walks the declared columns (privacy/personal.h): deletes the rows of an erased record, empties
 * what points to it, and puts the roles of the day in the place of its reference. */
#include "privacy/erasing.h"

#include "book/book.h"
#include "privacy/personal.h"
#include "register/access_log.h"
#include "register/register.h"
#include "register/role_grants.h"

#include <stdlib.h>

/* ---- which roles they had when ---- */

static bool is_of(const struct role_grant *grant, const int64_t *records, int count) {
  for (int i = 0; i < count; i++)
    if (grant->person == records[i]) return true;
  return false;
}

static int day_compare(const void *a, const void *b) {
  const day_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* The day from which the role is no longer held; what was done on the day of its end counts. */
static day_t after_end(const struct role_grant *grant) {
  return grant->to == DAY_NONE ? DAY_LAST : grant->to + 2;
}

/* Null where no role was held on the day. */
static const char *who_on(struct arena *arena, const struct role_grant *grants, int count,
                          const struct bodies *bodies, day_t day) {
  struct role_grant *held = arena_array(arena, struct role_grant, count + 1);
  int n = 0;
  for (int i = 0; i < count; i++)
    if (grants[i].from <= day && day < after_end(&grants[i])) held[n++] = grants[i];
  return n ? arena_printf(arena, WHO_ERASED ":%s",
                          roles_granted_words(held, n, ~(permission_set)0, bodies, arena))
           : NULL;
}

static enum status own_grants(struct store *store, struct arena *arena, const int64_t *records,
                              int record_count, struct role_grant **out, int *count,
                              struct error *err) {
  enum status status = role_grants_list(store, arena, out, count, err);
  int own = 0;
  for (int i = 0; status == DONE && i < *count; i++)
    if (is_of(&(*out)[i], records, record_count)) (*out)[own++] = (*out)[i];
  *count = own;
  return status;
}

enum status erasing_roles_of(struct store *store, struct arena *arena, const int64_t *records,
                             int record_count, struct erasing_roles *out, struct error *err) {
  struct role_grant *grants = NULL;
  struct bodies *bodies = NULL;
  int count = 0, edges = 0;
  *out = (struct erasing_roles){0};
  enum status status = own_grants(store, arena, records, record_count, &grants, &count, err);
  if (status != DONE) return status;
  day_t *edge = arena_array(arena, day_t, 2 * count + 1);
  for (int i = 0; i < count; i++) {
    edge[edges++] = grants[i].from;
    edge[edges++] = after_end(&grants[i]);
  }
  array_sort(edge, edges, day_compare);
  out->all = arena_array(arena, struct erasing_role, edges + 1);
  if (edges) status = register_bodies(store, arena, &bodies, err);
  for (int i = 0; status == DONE && i + 1 < edges; i++) {
    struct erasing_role *role = &out->all[out->count];
    if (edge[i] == edge[i + 1]) continue;
    role->who = who_on(arena, grants, count, bodies, edge[i]);
    if (!role->who) continue;
    day_write(edge[i], role->from);
    if (edge[i + 1] == DAY_LAST) snprintf(role->before, sizeof role->before, "%s", MOMENT_LAST);
    else day_write(edge[i + 1], role->before);
    out->count++;
  }
  return status;
}

/* ---- the walk ---- */

static enum status run_who(struct store *store, const char *sql, const char *reference,
                           const struct erasing_roles *roles, struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < roles->count; i++)
    status = store_run_with(store, sql, err, reference, roles->all[i].who, roles->all[i].from,
                            roles->all[i].before);
  return status == DONE ? store_run_with(store, sql, err, reference, WHO_ERASED, "", MOMENT_LAST)
                        : status;
}

enum status erasing_walk(struct store *store, struct arena *arena, int64_t party, const char *code,
                         const struct erasing_roles *roles, struct error *err) {
  const char *reference = *code ? arena_printf(arena, "id:%s", code) : NULL;
  struct account *accounts = NULL;
  int count = 0;
  /* before the first statement: later ones delete the way to the accounts */
  enum status status = book_accounts_of(store, arena, OWNER_PERSON, &party, 1, &accounts, &count,
                                        err);
  for (const struct personal_erasure *e = personal_erasures; status == DONE && e->sql; e++) {
    if (e->tie == PERSONAL_WHO) {
      if (reference) status = run_who(store, e->sql, reference, roles, err);
    } else if (e->tie == PERSONAL_ACCOUNT) {
      for (int i = 0; status == DONE && i < count; i++)
        status = store_run_with(store, e->sql, err, accounts[i].id);
    } else status = store_run_with(store, e->sql, err, party);
    if (status != DONE) return error_while(err, "erasing from the table %s", e->table);
  }
  return status;
}
