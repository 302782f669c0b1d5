/* Rows of case_file and case_event. A case is found by its id first, which an index knows on every
 * node, and then always by its party and id, which lie together. */
#include "case/parts.h"
#include "case/subject.h"

enum status case_file_read(const struct pack *pack, struct arena *arena, struct query *q,
                           struct case_file *out, struct error *err) {
  *out = (struct case_file){.party = query_int(q, 0),
                            .id = query_int(q, 1),
                            .kind = pack_find_case_kind(pack, query_text(q, 2)),
                            .kind_word = query_copy(q, arena, 2),
                            .state = pack_find_case_state(pack, query_text(q, 3)),
                            .state_word = query_copy(q, arena, 3),
                            .waits = query_int(q, 4) != 0,
                            .opened_at = query_copy(q, arena, 5),
                            .opener = query_int(q, 6),
                            .opened_by = query_copy(q, arena, 7),
                            .to_body = query_int(q, 8),
                            .to_role = query_copy_or_null(q, arena, 9),
                            .to_person = query_int(q, 10),
                            .assigned = query_int(q, 11),
                            .due = query_day(q, 12),
                            .escalated = query_copy_or_null(q, arena, 13),
                            .subject = query_copy(q, arena, 14),
                            .reason = query_copy(q, arena, 16),
                            .decided_at = query_copy_or_null(q, arena, 17),
                            .decider = query_int(q, 18),
                            .decided_by = query_copy_or_null(q, arena, 19),
                            .answer = query_copy_or_null(q, arena, 20),
                            .result = query_copy_or_null(q, arena, 21)};
  return case_facts_read(arena, query_text(q, 15), &out->facts, &out->fact_count, err);
}

/* Of an independent kind about a case (`case:7`): who decided that one. */
static enum status read_barred(struct store *store, struct case_file *file, struct error *err) {
  const struct subject about = subject_read(file->subject);
  if (!file->kind || !file->kind->independent || about.kind != SUBJECT_CASE) return DONE;
  return store_int_with(store, "select decider from case_file where id = ?1", 0, &file->barred, err,
                        about.number);
}

enum status case_file_find(struct store *store, struct arena *arena, const struct pack *pack,
                           int64_t id, struct case_file *out, bool *found, struct error *err) {
  struct query *q;
  enum status status = store_row_with(store, &q, found,
                                      "select " CASE_COLUMNS " from case_file c where c.id = ?1",
                                      err, id);
  if (status == DONE && *found) status = case_file_read(pack, arena, q, out, err);
  query_end(q);
  return status == DONE && *found ? read_barred(store, out, err) : status;
}

/* ---- the history ---- */

static enum status add_event(struct store *store, const struct case_file *file,
                             const struct case_event *event, struct span words, struct error *err) {
  int64_t last = 0;
  char now[21];
  enum status status =
      store_int_with(store, "select max(n) from case_event where party = ?1 and case_id = ?2", 0,
                     &last, err, file->party, file->id);
  if (status != DONE) return status;
  return store_run_with(store,
                        "insert into case_event (party, case_id, n, at, actor, who, what, state, "
                        "words, given_to) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                        err, file->party, file->id, last + 1, (const char *)clock_write_now(now),
                        event->actor, event->who, event->what, event->state,
                        words.bytes ? words : span_of(""),
                        QUERY_OR_NULL(event->given_to, event->given_to));
}

enum status case_event_add(struct store *store, const struct case_actor *actor,
                           const struct case_file *file, const char *what, const char *state,
                           struct span words, struct error *err) {
  const struct case_event event = {
      .actor = actor->person, .who = actor->who, .what = what, .state = state};
  return add_event(store, file, &event, words, err);
}

enum status case_event_add_assigned(struct store *store, const struct case_actor *actor,
                                    const struct case_file *file, int64_t to, struct error *err) {
  const struct case_event event = {.actor = actor->person,
                                   .who = actor->who,
                                   .what = "assigned",
                                   .state = file->state_word,
                                   .given_to = to};
  return add_event(store, file, &event, span_make(NULL, 0), err);
}

static enum status read_events(struct store *store, struct arena *arena, struct case_file *file,
                               struct error *err) {
  struct case_event *all = NULL;
  int count = 0, capacity = 0;
  bool row;
  struct query *q;
  enum status status = store_query_with(
      store, &q,
      "select at, actor, who, what, state, words, given_to from case_event where party = ?1 and "
      "case_id = ?2 order by n",
      err, file->party, file->id);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, all, capacity, count + 1);
    all[count++] = (struct case_event){.at = query_copy(q, arena, 0),
                                       .actor = query_int(q, 1),
                                       .who = query_copy(q, arena, 2),
                                       .what = query_copy(q, arena, 3),
                                       .state = query_copy(q, arena, 4),
                                       .words = query_copy(q, arena, 5),
                                       .given_to = query_int(q, 6)};
  }
  query_end(q);
  file->events = all;
  file->event_count = count;
  return status;
}

static enum status read_told(struct store *store, struct arena *arena, struct case_file *file,
                             struct error *err) {
  struct case_told *all = arena_array(arena, struct case_told, CASE_TOLD_MAX);
  int count = 0;
  bool row;
  struct query *q;
  enum status status = store_query_with(
      store, &q,
      "select body, read_at from case_told where party = ?1 and case_id = ?2 order by body", err,
      file->party, file->id);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && count < CASE_TOLD_MAX)
    all[count++] = (struct case_told){query_int(q, 0), query_copy_or_null(q, arena, 1)};
  query_end(q);
  file->told = all;
  file->told_count = count;
  return status;
}

/* ---- what a case is about ---- */

enum { ABOUT_MOST = 32 }; /* complaints about a case, about those, and so on */

/* Adds what is about case `id` to the list, and looks whether the actor may decide one of it that
 * waits. */
static enum status read_about(struct store *store, struct arena *arena,
                              const struct case_desk *desk, const struct case_actor *actor,
                              int64_t id, int64_t *list, int *count, bool *may, struct error *err) {
  struct case_file all[ABOUT_MOST];
  struct query *q;
  int n = 0;
  bool row;
  enum status status =
      store_query_with(store, &q,
                       "select " CASE_COLUMNS " from case_file c where c.subject = ?1 and "
                       "c.subject <> '' order by c.id desc",
                       err, (const char *)arena_printf(arena, "case:%lld", (long long)id));
  if (status != DONE) return status;
  while (n + *count < ABOUT_MOST && (status = query_step(q, &row, err)) == DONE && row)
    if ((status = case_file_read(desk->pack, arena, q, &all[n++], err)) != DONE) break;
  query_end(q);
  for (int i = 0; status == DONE && i < n && !*may; i++) {
    list[(*count)++] = all[i].id;
    status = read_barred(store, &all[i], err);
    *may = status == DONE && all[i].waits && case_may_decide(actor, &all[i]);
  }
  return status;
}

/* Who answers a complaint reads what it is about, and what that is about. */
static enum status may_read_for_another(struct store *store, struct arena *arena,
                                        const struct case_desk *desk,
                                        const struct case_actor *actor, int64_t id, bool *may,
                                        struct error *err) {
  int64_t list[ABOUT_MOST] = {id};
  int count = 1;
  enum status status = DONE;
  if (actor->helped) return DONE;
  for (int i = 0; status == DONE && i < count && !*may; i++)
    status = read_about(store, arena, desk, actor, list[i], list, &count, may, err);
  return status;
}

enum status case_one(struct store *store, struct arena *arena, const struct case_desk *desk,
                     const struct case_actor *actor, int64_t id, struct case_file *out,
                     struct error *err) {
  bool found;
  enum status status = case_file_find(store, arena, desk->pack, id, out, &found, err);
  if (status == DONE && found) status = read_told(store, arena, out, err);
  if (status != DONE) return status;
  bool may = found && case_may_see(actor, out);
  if (found && !may) status = may_read_for_another(store, arena, desk, actor, id, &may, err);
  if (status != DONE) return status;
  if (!may) return refuse(err, CASE_UNKNOWN);
  return read_events(store, arena, out, err);
}

enum status case_read(struct store *store, const struct case_actor *actor,
                      const struct case_file *file, struct error *err) {
  char now[21];
  enum status status = DONE;
  bool first = false;
  clock_write_now(now);
  for (int i = 0; status == DONE && i < actor->body_count; i++) {
    struct query *q;
    status = store_query_with(store, &q,
                              "update case_told set read_at = ?4 where party = ?1 and case_id = ?2 "
                              "and body = ?3 and read_at is null",
                              err, file->party, file->id, actor->bodies[i], (const char *)now);
    if (status != DONE) return status;
    status = query_run(q, err);
    first = first || (status == DONE && query_changes(q) > 0);
    query_end(q);
  }
  if (status != DONE || !first) return status;
  return case_event_add(store, actor, file, "read", file->state_word, span_make(NULL, 0), err);
}
