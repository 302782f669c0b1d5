/* Cases in which an erasure finds somebody by their facts. What lies with the person or names them
 * in a column is taken by schema/personal.csv. */
#include "case/parts.h"

enum status case_erase(struct store *store, int64_t party, int64_t id, struct error *err) {
  static const char *const drop[] = {
      "delete from case_attachment where party = ?1 and case_id = ?2",
      "delete from case_told where party = ?1 and case_id = ?2",
      "delete from case_event where party = ?1 and case_id = ?2",
      "delete from case_file where party = ?1 and id = ?2",
  };
  enum status status = DONE;
  for (size_t i = 0; status == DONE && i < sizeof drop / sizeof *drop; i++)
    status = store_run_with(store, drop[i], err, party, id);
  return status;
}

/* Ends the query. */
static enum status read_facts_of(struct query *q, struct arena *arena, struct case_file **out,
                                 int *count, struct error *err) {
  struct case_file *all = NULL;
  enum status status = DONE;
  int capacity = 0;
  bool row;
  *count = 0;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, all, capacity, *count + 1);
    struct case_file *file = &all[(*count)++];
    *file = (struct case_file){.party = query_int(q, 0), .id = query_int(q, 1)};
    file->result = query_copy_or_null(q, arena, 3);
    status = case_facts_read(arena, query_text(q, 2), &file->facts, &file->fact_count, err);
    if (status != DONE) break;
  }
  query_end(q);
  *out = all;
  return status;
}

enum status cases_of_kind(struct store *store, struct arena *arena, const char *kind,
                          struct case_file **out, int *count, struct error *err) {
  struct query *q;
  enum status status = store_query_with(
      store, &q, "select party, id, facts, result from case_file where kind = ?1", err, kind);
  return status == DONE ? read_facts_of(q, arena, out, count, err) : status;
}

enum status cases_of_kind_about(struct store *store, struct arena *arena, int64_t party,
                                const char *kind, struct case_file **out, int *count,
                                struct error *err) {
  struct query *q;
  enum status status = store_query_with(
      store, &q, "select party, id, facts, result from case_file where party = ?1 and kind = ?2",
      err, party, kind);
  return status == DONE ? read_facts_of(q, arena, out, count, err) : status;
}

enum status cases_of_kind_waiting(struct store *store, struct arena *arena, const char *kind,
                                  struct case_file **out, int *count, struct error *err) {
  struct query *q;
  enum status status = store_query_with(
      store, &q,
      "select party, id, facts, result from case_file where kind = ?1 and waits = 1 order by id",
      err, kind);
  return status == DONE ? read_facts_of(q, arena, out, count, err) : status;
}

enum status cases_waiting_about(struct store *store, int64_t party, const char *kind,
                                int64_t *count, struct error *err) {
  return store_int_with(
      store, "select count(*) from case_file where party = ?1 and kind = ?2 and waits = 1", 0,
      count, err, party, kind);
}
