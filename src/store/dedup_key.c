#include "store/dedup_key.h"

#include "base/day.h"

#include <time.h>

enum { DAY_SECONDS = 24 * 60 * 60, TAKEN_A_PRUNING = 16 };

static enum status insert(struct store *store, const struct digest *key, const char *what,
                          bool *first, struct error *err) {
  struct query *q = NULL;
  char now[21];
  enum status status = store_query_with(store, &q,
                                        "insert into once (digest, what, at, result) values (?1, "
                                        "?2, ?3, '') on conflict (digest) do nothing",
                                        err, QUERY_BYTES(key->bytes, sizeof key->bytes),
                                        span_of(what), span_of(clock_write_now(now)));
  if (status == DONE) status = query_run(q, err);
  *first = status == DONE && query_changes(q) == 1;
  query_end(q);
  return status;
}

static enum status read_result(struct store *store, struct arena *arena, const struct digest *key,
                               const char **result, struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_row_with(store, &q, &row, "select result from once where digest = ?1",
                                      err, QUERY_BYTES(key->bytes, sizeof key->bytes));
  if (status == DONE && row) *result = query_copy(q, arena, 0);
  else if (status == DONE)
    status = error_set(err, FAILED, "what was done once was pruned in this moment; try again");
  query_end(q);
  return status;
}

enum status dedup_key_known(struct store *store, const struct digest *key, bool *known,
                            struct error *err) {
  struct query *q;
  enum status status = store_row_with(store, &q, known, "select 1 from once where digest = ?1", err,
                                      QUERY_BYTES(key->bytes, sizeof key->bytes));
  query_end(q);
  return status;
}

/* Decides by the key's first byte, so that no counter or time has to be kept. */
static enum status prune_now_and_then(struct store *store, const struct digest *key,
                                      struct error *err) {
  char at[21];
  if (key->bytes[0] % TAKEN_A_PRUNING) return DONE;
  clock_write((int64_t)time(NULL) - DEDUP_KEY_DAYS * DAY_SECONDS, at);
  return store_run_with(store, "delete from once where at < ?1", err, span_of(at));
}

enum status dedup_key_take(struct store *store, struct arena *arena, const struct digest *key,
                           const char *what, const char **result, struct error *err) {
  bool first = false;
  *result = NULL;
  enum status status = prune_now_and_then(store, key, err);
  if (status == DONE) status = insert(store, key, what, &first, err);
  return status == DONE && !first ? read_result(store, arena, key, result, err) : status;
}

enum status dedup_key_keep(struct store *store, const struct digest *key, const char *result,
                           struct error *err) {
  return store_run_with(store, "update once set result = ?1 where digest = ?2", err,
                        span_of(result), QUERY_BYTES(key->bytes, sizeof key->bytes));
}

/* Matches whole parts only, so that P1 is not found in P10: each part has a slash on both sides
 * here. */
enum status dedup_key_forget(struct store *store, const char *part, struct error *err) {
  struct text between = {0};
  text_addf(&between, "/%s/", part);
  enum status status =
      store_run_with(store,
                     "delete from once where replace(replace(result, '?', '/') || '/', ?1, '')"
                     " <> replace(result, '?', '/') || '/'",
                     err, span_of(between.bytes));
  text_release(&between);
  return status;
}
