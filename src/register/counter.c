/* Two statements, not `returning`: the row is ours from the first on. */
#include "register/counter.h"

enum status counter_next(struct store *store, const char *name, int64_t *id, struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q, "update counter set last = last + 1 where name = ?1",
                                   err);
  if (status != DONE) return status;
  query_bind_text(q, 1, span_of(name));
  status = query_run(q, err);
  query_end(q);
  if (status == DONE)
    status = store_query(store, &q, "select last from counter where name = ?1", err);
  if (status != DONE) return status;
  query_bind_text(q, 1, span_of(name));
  bool row;
  if ((status = query_step(q, &row, err)) == DONE && row) *id = query_int(q, 0);
  query_end(q);
  if (status == DONE && !row)
    return error_set(err, FAILED,
                     "the store has no counter for %s; it is damaged, restore a backup", name);
  return status;
}
