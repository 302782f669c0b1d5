#include "store/setting.h"

enum status setting_read(struct store *store, struct arena *arena, const char *key,
                         const char **value, struct error *err) {
  struct query *q;
  bool row;
  *value = NULL;
  enum status status = store_row_with(store, &q, &row, "select value from setting where key = ?1",
                                      err, key);
  if (status == DONE && row) *value = query_copy(q, arena, 0);
  query_end(q);
  return status;
}

enum status setting_write(struct store *store, const char *key, const char *value,
                          struct error *err) {
  return store_run_with(store,
                        "insert into setting (key, value) values (?1, ?2) on conflict (key) do "
                        "update set value = excluded.value",
                        err, key, value);
}

enum status setting_write_first(struct store *store, const char *key, const char *value,
                                struct error *err) {
  return store_run_with(store,
                        "insert into setting (key, value) values (?1, ?2) on conflict (key) do "
                        "nothing",
                        err, key, value);
}

enum status setting_delete(struct store *store, const char *key, struct error *err) {
  return store_run_with(store, "delete from setting where key = ?1", err, key);
}
