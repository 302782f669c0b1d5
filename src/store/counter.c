/* Two statements, not `returning`: the first one locks the row. */
#include "store/counter.h"

enum status counter_last(struct store *store, const char *name, int64_t *id, struct error *err) {
  enum { ABSENT = -1 };
  enum status status = store_int_with(store, "select last from counter where name = ?1", ABSENT, id,
                                      err, name);
  if (status == DONE && *id == ABSENT)
    return error_set(err, FAILED,
                     "the store has no counter for %s; it is damaged, restore a backup", name);
  return status;
}

enum status counter_next(struct store *store, const char *name, int64_t *id, struct error *err) {
  enum status status = store_run_with(store, "update counter set last = last + 1 where name = ?1",
                                      err, name);
  return status == DONE ? counter_last(store, name, id, err) : status;
}
