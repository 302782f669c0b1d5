#include "register/body_profiles.h"

#include "base/day.h"
#include "store/counter.h"

enum status body_profiles_read(struct store *store, struct arena *arena, struct body_profiles *out,
                               struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int capacity = 0;
  *out = (struct body_profiles){0};
  enum status status =
      store_query(store, &q,
                  "select body, version, kind, rules, reason, made_at, made_by, pack "
                  "from body_profile order by body, version desc",
                  err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, out->all, capacity, out->count + 1);
    out->all[out->count++] = (struct body_profile){.body = query_int(q, 0),
                                                   .version = (int)query_int(q, 1),
                                                   .kind = query_copy(q, arena, 2),
                                                   .rules = query_copy(q, arena, 3),
                                                   .reason = query_copy(q, arena, 4),
                                                   .at = query_copy(q, arena, 5),
                                                   .by = query_copy(q, arena, 6),
                                                   .pack = query_copy(q, arena, 7)};
  }
  query_end(q);
  return status;
}

enum status body_profiles_last(struct store *store, int64_t *last, struct error *err) {
  return store_int(store, "select coalesce(max(id), 0) from body_profile", 0, last, err);
}

/* The body's highest version, and whether the newest of the kind has these rules. */
static enum status find_newest(struct store *store, struct arena *arena,
                               const struct body_profile *given, int *highest, int *same,
                               struct error *err) {
  struct body_profiles all;
  bool newest = true;
  *highest = *same = 0;
  enum status status = body_profiles_read(store, arena, &all, err);
  for (int i = 0; status == DONE && i < all.count; i++) {
    const struct body_profile *p = &all.all[i];
    if (p->body != given->body) continue;
    if (p->version > *highest) *highest = p->version;
    if (strcmp(p->kind, given->kind) != 0) continue;
    if (newest && strcmp(p->rules, given->rules) == 0) *same = p->version;
    newest = false;
  }
  return status;
}

enum status body_profile_keep(struct store *store, struct arena *arena,
                              const struct body_profile *given, int *version, bool *added,
                              struct error *err) {
  char now[21];
  int64_t id = 0;
  int highest = 0, same = 0;
  /* the counter first: two that keep at once come one after another */
  enum status status = counter_next(store, "body_profile", &id, err);
  if (status == DONE) status = find_newest(store, arena, given, &highest, &same, err);
  if (status != DONE) return status;
  *added = !same;
  *version = same ? same : highest + 1;
  if (same) return DONE;
  return store_run_with(store,
                        "insert into body_profile (id, body, version, kind, rules, reason, "
                        "made_at, made_by, pack) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                        err, id, given->body, (int64_t)*version, span_of(given->kind),
                        span_of(given->rules), span_of(given->reason ? given->reason : ""),
                        span_of(clock_write_now(now)), span_of(given->by),
                        span_of(given->pack ? given->pack : ""));
}
