/* Role grants. The table is small (thousands in a nation); a session reads one person's rows by
 * key. */
#include "register/role_grants.h"

#include "base/limits.h"
#include "base/refusal.h"
#include "register/names.h"
#include "register/register.h"
#include "store/counter.h"

#include <stdlib.h>
#include <time.h>

/* ---- reading ---- */

struct role_grant_list {
  struct role_grant *all;
  int count, capacity;
};

static struct role_grant *list_add(struct role_grant_list *list, struct arena *arena) {
  arena_reserve(arena, list->all, list->capacity, list->count + 1);
  return &list->all[list->count++];
}

static bool read_role_grant(struct arena *arena, struct query *q, struct role_grant *o) {
  *o = (struct role_grant){.person = query_int(q, 0),
                           .id = query_int(q, 1),
                           .role = role_find(query_text(q, 2)),
                           .body = query_int(q, 3),
                           .from = (day_t)query_int(q, 4),
                           .to = query_day(q, 5),
                           .who = query_copy(q, arena, 6),
                           .at = query_copy(q, arena, 7),
                           .until = query_int(q, 8)};
  /* an unknown word, of a later program: it gives no right here */
  return o->role != NULL;
}

/* All role grants that the person ever had, under any of their records. */
static enum status role_grants_ever(struct store *store, struct arena *arena, int64_t person,
                                    struct role_grant_list *list, struct error *err) {
  int64_t *records = NULL;
  int count = 0;
  enum status status = register_records(store, arena, person, &records, &count, err);
  for (int r = 0; status == DONE && r < count; r++) {
    struct query *q;
    status =
        store_query(store, &q,
                    "select person, id, role, body, from_day, to_day, who, at, until from office "
                    "where person = ?1 order by id",
                    err);
    if (status != DONE) return status;
    query_bind_int(q, 1, records[r]);
    bool row;
    while ((status = query_step(q, &row, err)) == DONE && row)
      if (!read_role_grant(arena, q, list_add(list, arena))) list->count--;
    query_end(q);
  }
  return status;
}

/* `late` explains what was done on the day, when the grant may have run. */
static bool held(const struct role_grant *o, day_t day, bool late) {
  if (!late && o->until && o->until <= (int64_t)time(NULL)) return false;
  return o->from <= day && (o->to == DAY_NONE || o->to >= day - (late ? 1 : 0));
}

bool role_grant_runs(const struct role_grant *grant, day_t day) { return held(grant, day, false); }

enum status role_grants_at(struct store *store, struct arena *arena, int64_t person, day_t day,
                           bool late, struct role_grant **out, int *count, struct error *err) {
  struct role_grant_list list = {0};
  enum status status = role_grants_ever(store, arena, person, &list, err);
  if (status != DONE) return status;
  int n = 0;
  for (int i = 0; i < list.count; i++)
    if (held(&list.all[i], day, late)) list.all[n++] = list.all[i];
  *out = list.all;
  *count = n;
  return DONE;
}

enum status roles_granted_of(struct store *store, struct arena *arena, int64_t person, day_t day,
                             struct granted_roles *out, struct error *err) {
  struct role_grant *all = NULL;
  int count = 0;
  enum status status = role_grants_at(store, arena, person, day, false, &all, &count, err);
  *out = (struct granted_roles){0};
  if (status != DONE) return status;
  for (int i = 0; i < count; i++) out->gives |= all[i].role->gives;
  out->all = all;
  out->count = count;
  return DONE;
}

const int64_t *roles_granted_bodies(const struct granted_roles *granted, struct arena *arena,
                                    enum permission permission, int *count) {
  int64_t *bodies = granted->count ? arena_array(arena, int64_t, granted->count) : NULL;
  int n = 0;
  *count = 0;
  for (int i = 0; i < granted->count; i++)
    if (granted->all[i].body && permission_in(permission, granted->all[i].role->gives))
      bodies[n++] = granted->all[i].body;
  array_sort(bodies, n, int64_compare);
  for (int i = 0; i < n; i++)
    if (!i || bodies[i] != bodies[i - 1]) bodies[(*count)++] = bodies[i];
  return bodies;
}

const char *roles_granted_words(const struct role_grant *all, int count, permission_set giving,
                                const struct bodies *bodies, struct arena *arena) {
  struct text t = {0};
  for (int i = 0; i < count; i++) {
    if (!(all[i].role->gives & giving)) continue;
    const struct body *body = all[i].body ? bodies_by_id(bodies, all[i].body) : NULL;
    text_addf(&t, "%s%s%s%s", t.size ? " " : "", all[i].role->word, body ? ":" : "",
              body ? body->code : "");
  }
  const char *words = t.size ? arena_string(arena, t.bytes) : "";
  text_release(&t);
  return words;
}

static int list_compare(const void *a, const void *b) {
  const struct role_grant *x = a, *y = b;
  int order = strcmp(x->code, y->code);
  return order ? order : (x->id > y->id) - (x->id < y->id);
}

enum status role_grants_list(struct store *store, struct arena *arena, struct role_grant **out,
                             int *count, struct error *err) {
  struct role_grant_list list = {0};
  struct query *q;
  enum status status = store_query(
      store, &q,
      "select person, id, role, body, from_day, to_day, who, at, until from office order by "
      "person, id",
      err);
  if (status != DONE) return status;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row)
    if (!read_role_grant(arena, q, list_add(&list, arena))) list.count--;
  query_end(q);
  for (int i = 0; status == DONE && i < list.count; i++) {
    struct person person;
    status = register_surviving_person(store, arena, list.all[i].person, &person, err);
    list.all[i].person = person.id;
    list.all[i].code = person.code;
    list.all[i].name = person.name;
  }
  if (status != DONE) return status;
  array_sort(list.all, list.count, list_compare);
  *out = list.all;
  *count = list.count;
  return DONE;
}

/* ---- writing ---- */

static enum status check_body(struct store *store, const struct role *role, int64_t body,
                              struct error *err) {
  if (!role->of_body) return body ? refuse_at(err, "body", ROLE_BODY_EXTRA, role->rule) : DONE;
  if (!body) return refuse_at(err, "body", ROLE_BODY_MISSING, role->rule);
  bool there = false;
  enum status status = register_has_body(store, body, &there, err);
  return status == DONE && !there ? refuse_at(err, "body", ROLE_BODY_UNKNOWN) : status;
}

static const struct role_grant *find_held(const struct role_grant_list *list,
                                          const struct role *role, int64_t body, day_t day) {
  for (int i = 0; i < list->count; i++)
    if (list->all[i].role == role && list->all[i].body == body &&
        (held(&list->all[i], day, false) || list->all[i].to == DAY_NONE))
      return &list->all[i];
  return NULL;
}

static enum status insert_role_grant(struct store *store, const struct role_grant *o,
                                     struct error *err) {
  struct query *q;
  char now[21];
  enum status status = store_query(store, &q,
                                   "insert into office (person, id, role, body, from_day, who, at, "
                                   "to_day, until) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, o->person);
  query_bind_int(q, 2, o->id);
  query_bind_text(q, 3, span_of(o->role->word));
  query_bind_int(q, 4, o->body);
  query_bind_int(q, 5, o->from);
  query_bind_text(q, 6, span_of(o->who));
  query_bind_text(q, 7, span_of(clock_write_now(now)));
  if (o->to != DAY_NONE) query_bind_int(q, 8, o->to);
  if (o->until) query_bind_int(q, 9, o->until);
  status = query_run(q, err);
  query_end(q);
  return status;
}

enum status role_grant_check(struct store *store, int64_t person, const struct role *role,
                             int64_t body, day_t day, struct error *err) {
  struct arena *arena = arena_new();
  struct role_grant_list list = {0};
  struct person p;
  enum status status = check_body(store, role, body, err);
  if (status == DONE) status = register_surviving_person(store, arena, person, &p, err);
  if (status == DONE && p.died != DAY_NONE) status = refuse(err, ROLE_OF_THE_DEAD, p.code);
  if (status == DONE) status = role_grants_ever(store, arena, p.id, &list, err);
  if (status == DONE && find_held(&list, role, body, day))
    status = refuse(err, ROLE_HELD_ALREADY, p.code);
  arena_free(arena);
  return status;
}

/* The counter's row is locked before anything is looked at, so of two who grant the same at once
 * the second sees what the first did. */
static enum status add(struct store *store, struct role_grant *grant, struct error *err) {
  int64_t survivor = 0;
  enum status status = counter_next(store, "office", &grant->id, err);
  if (status == DONE)
    status = role_grant_check(store, grant->person, grant->role, grant->body, grant->from, err);
  if (status == DONE) status = register_survivor(store, grant->person, &survivor, err);
  grant->person = survivor;
  return status == DONE ? insert_role_grant(store, grant, err) : status;
}

enum status role_grant_add(struct store *store, int64_t person, const struct role *role,
                           int64_t body, day_t day, const char *who, struct error *err) {
  struct role_grant grant = {.person = person,
                             .role = role,
                             .body = body,
                             .from = day,
                             .to = DAY_NONE,
                             .who = who ? who : ""};
  return add(store, &grant, err);
}

enum status role_grant_add_hours(struct store *store, int64_t person, const struct role *role,
                                 day_t day, int64_t now, const char *who, int64_t *until,
                                 struct error *err) {
  /* a day is never longer than 25 hours, so the next one is the last */
  struct role_grant grant = {.person = person,
                             .role = role,
                             .from = day,
                             .to = day + 1,
                             .until = now + LIMIT_BREAK_GLASS_SECONDS,
                             .who = who};
  *until = grant.until;
  return add(store, &grant, err);
}

enum status role_grants_hours(struct store *store, int64_t now, int64_t *until, struct error *err) {
  return store_int_with(store, "select max(until) from office where until > ?1 and to_day >= ?2", 0,
                        until, err, now, clock_day(now));
}

enum status role_holders_ever(struct store *store, const struct role *role, int *count,
                              struct error *err) {
  struct arena *arena = arena_new();
  struct role_grant *all = NULL;
  int64_t last = 0;
  int grant_count = 0;
  *count = 0;
  enum status status = role_grants_list(store, arena, &all, &grant_count, err);
  /* in order of the person's code */
  for (int i = 0; status == DONE && i < grant_count; i++) {
    if (all[i].role != role || all[i].until || all[i].person == last) continue;
    last = all[i].person;
    ++*count;
  }
  arena_free(arena);
  return status;
}

static enum status find_to_end(struct store *store, struct arena *arena, int64_t person,
                               const struct role_grant *ended, day_t day,
                               const struct role_grant **out, struct error *err) {
  struct role_grant_list list = {0};
  enum status status = check_body(store, ended->role, ended->body, err);
  if (status == DONE) status = role_grants_ever(store, arena, person, &list, err);
  *out = status == DONE ? find_held(&list, ended->role, ended->body, day) : NULL;
  return status == DONE && !*out ? refuse(err, ROLE_NOT_HELD) : status;
}

enum status role_grant_end_check(struct store *store, int64_t person, const struct role *role,
                                 int64_t body, day_t day, struct error *err) {
  struct arena *arena = arena_new();
  const struct role_grant ended = {.role = role, .body = body}, *o;
  enum status status = find_to_end(store, arena, person, &ended, day, &o, err);
  arena_free(arena);
  return status;
}

enum status role_grant_end(struct store *store, int64_t person, const struct role *role,
                           int64_t body, day_t day, struct error *err) {
  struct arena *arena = arena_new();
  const struct role_grant ended = {.role = role, .body = body}, *o;
  enum status status = find_to_end(store, arena, person, &ended, day, &o, err);
  if (status == DONE)
    status = store_run_with(store, "update office set to_day = ?3 where person = ?1 and id = ?2",
                            err, o->person, o->id, (int64_t)day - 1);
  arena_free(arena);
  return status;
}
