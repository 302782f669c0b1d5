#include "store/counter.h"

static enum status lost(const char *name, struct error *err) {
  return error_set(err, FAILED, "the store has no counter for %s; it is damaged, restore a backup",
                   name);
}

enum status counter_last(struct store *store, const char *name, int64_t *id, struct error *err) {
  enum { ABSENT = -1 };
  enum status status = store_int_with(store, "select last from counter where name = ?1", ABSENT, id,
                                      err, name);
  if (status == DONE && *id == ABSENT) return lost(name, err);
  return status;
}

enum status counter_take(struct store *store, const char *name, int64_t count, int64_t *first,
                         struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_query_with(store, &q,
                       "update counter set last = last + ?2 where name = ?1 returning last", err,
                       name, count);
  if (status == DONE) status = query_step(q, &row, err);
  if (status == DONE && !row) status = lost(name, err);
  if (status == DONE) {
    *first = query_int(q, 0) - count + 1;
    status = query_step(q, &row, err); /* an update that returns rows is done after its last */
  }
  query_end(q);
  return status;
}

enum status counter_next(struct store *store, const char *name, int64_t *id, struct error *err) {
  return counter_take(store, name, 1, id, err);
}
