/* Who does not want to be looked for or written to, and whom a letter could harm. */
#include "takeup/letters.h"

enum status takeup_choice_of(struct store *store, struct arena *arena, int64_t person,
                             struct takeup_choice *out, struct error *err) {
  int64_t *records = NULL;
  int count = 0;
  *out = (struct takeup_choice){0};
  enum status status = register_records(store, arena, person, &records, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct query *q = NULL;
    bool row = false;
    status = store_row_with(store, &q, &row,
                            "select refuses, unsafe from take_up_choice where party = ?1", err,
                            records[i]);
    if (status == DONE && row) {
      out->refuses |= query_int(q, 0) != 0;
      out->unsafe |= query_int(q, 1) != 0;
    }
    query_end(q);
  }
  return status;
}

/* For whatever was said under their other records too. */
enum status takeup_choose(struct arena *arena, const struct takeup_choosing *c, struct error *err) {
  int64_t *records = NULL;
  int count = 0;
  char at[21];
  clock_write(c->now, at);
  enum status status = register_records(c->store, arena, c->person, &records, &count, err);
  for (int i = 0; status == DONE && i < count; i++)
    status = store_run_with(c->store,
                            "insert into take_up_choice (party, refuses, unsafe, made_at, made_by) "
                            "values (?1, ?2, ?3, ?4, ?5) on conflict (party) do update set refuses "
                            "= case when ?6 = 1 then ?2 else take_up_choice.refuses end, unsafe = "
                            "case when ?7 = 1 then ?3 else take_up_choice.unsafe end, made_at = "
                            "excluded.made_at, made_by = excluded.made_by",
                            err, records[i], (int64_t)(c->refuses && *c->refuses),
                            (int64_t)(c->unsafe && *c->unsafe), at, c->who,
                            (int64_t)(c->refuses != NULL), (int64_t)(c->unsafe != NULL));
  return status;
}

enum status takeup_chosen(struct store *store, struct arena *arena, bool unsafe, int64_t **out,
                          int *count, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int room = 0;
  *out = NULL;
  *count = 0;
  enum status status = store_query_with(store, &q,
                                        "select party from take_up_choice where case when ?1 = 1 "
                                        "then unsafe else refuses end = 1 order by party",
                                        err, (int64_t)unsafe);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, room, *count + 1);
    (*out)[(*count)++] = query_int(q, 0);
  }
  query_end(q);
  return status;
}
