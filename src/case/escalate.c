/* Late cases go to their kind's next role too, once each. */
#include "case/parts.h"

struct late_cases {
  struct case_file *all; /* party, id, kind, state */
  int count, capacity;
};

static enum status read_late(struct store *store, struct arena *arena, const struct case_desk *desk,
                             struct late_cases *late, struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_query_with(store, &q,
                                        "select party, id, kind, state from case_file where waits "
                                        "= 1 and due is not null and due < ?1 "
                                        "and escalated is null order by id",
                                        err, desk->today);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    const struct pack_case_kind *kind = pack_find_case_kind(desk->pack, query_text(q, 2));
    if (!kind || !*kind->escalates) continue;
    arena_reserve(arena, late->all, late->capacity, late->count + 1);
    late->all[late->count++] = (struct case_file){.party = query_int(q, 0),
                                                  .id = query_int(q, 1),
                                                  .kind = kind,
                                                  .state_word = query_copy(q, arena, 3)};
  }
  query_end(q);
  return status;
}

/* It may have been answered or escalated since it was read. */
static enum status escalate(struct store *store, const struct case_file *file, bool *changed,
                            struct error *err) {
  char now[21];
  struct query *q;
  enum status status = store_query_with(store, &q,
                                        "update case_file set escalated = ?3 where party = ?1 and "
                                        "id = ?2 and waits = 1 and escalated "
                                        "is null",
                                        err, file->party, file->id,
                                        (const char *)clock_write_now(now));
  if (status != DONE) return status;
  status = query_run(q, err);
  *changed = status == DONE && query_changes(q) > 0;
  query_end(q);
  return status;
}

enum status cases_escalate(struct store *store, struct arena *arena, const struct case_desk *desk,
                           int64_t *count, struct error *err) {
  static const struct case_actor program = {.who = "program"};
  struct late_cases late = {0};
  *count = 0;
  enum status status = read_late(store, arena, desk, &late, err);
  for (int i = 0; status == DONE && i < late.count; i++) {
    const struct case_file *file = &late.all[i];
    bool changed = false;
    status = escalate(store, file, &changed, err);
    if (status != DONE || !changed) continue;
    ++*count;
    status = case_event_add(store, &program, file, "escalated", file->state_word,
                            span_of(file->kind->escalates), err);
  }
  return status;
}
