#include "register/sign_in_tries.h"

#include "base/limits.h"
#include "register/alerts.h"

enum { SECONDS_AN_HOUR = 3600, HOURS_A_DAY = 24 };

/* After so many wrong tries within this hour and the one before, each further one waits; twice as
 * long each time. With so many in one hour administrators are told. */
static const struct reach {
  int64_t is_network, free;
} of_source = {0, LIMIT_SIGN_IN_TRIES}, of_network = {1, LIMIT_SIGN_IN_TRIES_NETWORK};

static int64_t wait_after(int64_t tries, int64_t free) {
  int64_t seconds = LIMIT_SIGN_IN_WAIT_SECONDS;
  if (tries < free) return 0;
  for (int64_t i = free; i < tries && seconds < LIMIT_SIGN_IN_WAIT_SECONDS_MOST; i++) seconds *= 2;
  return seconds < LIMIT_SIGN_IN_WAIT_SECONDS_MOST ? seconds : LIMIT_SIGN_IN_WAIT_SECONDS_MOST;
}

static enum status wait_of(struct store *store, const struct reach *reach, const char *source,
                           int64_t now, int64_t *seconds, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_row_with(store, &q, &row,
                                      "select coalesce(sum(tries), 0), coalesce(max(last), 0) "
                                      "from sign_in_failed where source = "
                                      "?1 and is_network = ?2 and hour >= ?3",
                                      err, source, reach->is_network, now / SECONDS_AN_HOUR - 1);
  if (status == DONE && row) {
    int64_t wait = wait_after(query_int(q, 0), reach->free);
    int64_t left = query_int(q, 1) + wait - now;
    /* a clock that was set back makes nobody wait longer */
    if (left > wait) left = wait;
    if (left > *seconds) *seconds = left;
  }
  query_end(q);
  return status;
}

enum status sign_in_wait(struct store *store, const char *source, const char *network, int64_t now,
                         int64_t *seconds, struct error *err) {
  *seconds = 0;
  enum status status = wait_of(store, &of_source, source, now, seconds, err);
  return status == DONE ? wait_of(store, &of_network, network, now, seconds, err) : status;
}

static enum status tell(struct store *store, const char *source, int64_t hour, struct error *err) {
  int64_t many = 0;
  enum status status = store_int_with(
      store,
      "select count(*) from sign_in_failed where hour = ?1 and (is_network = 0 and tries >= ?2 or "
      "is_network = 1 and tries >= ?3)",
      0, &many, err, hour, of_source.free, of_network.free);
  if (status != DONE || many > LIMIT_SIGN_IN_ALERTS) return status;
  return alert_add(store, ALERT_SIGN_IN_TRIES, "", 0, source, err);
}

static enum status count_one(struct store *store, const struct reach *reach, const char *source,
                             int64_t now, struct error *err) {
  const int64_t hour = now / SECONDS_AN_HOUR;
  int64_t tries = 0;
  enum status status = store_run_with(
      store,
      "insert into sign_in_failed (source, is_network, hour, tries, last) values (?1, ?2, ?3, "
      "1, "
      "?4) on conflict (source, hour) do update set tries = sign_in_failed.tries + 1, last = "
      "excluded.last",
      err, source, reach->is_network, hour, now);
  if (status == DONE)
    status = store_int_with(store,
                            "select tries from sign_in_failed where source = ?1 and hour = ?2", 0,
                            &tries, err, source, hour);
  return status == DONE && tries == reach->free ? tell(store, source, hour, err) : status;
}

enum status sign_in_failed(struct store *store, const char *source, const char *network,
                           int64_t now, struct error *err) {
  bool one = strcmp(source, network) == 0; /* a socket without addresses: it is its own network */
  enum status status = count_one(store, &of_source, source, now, err);
  return status == DONE && !one ? count_one(store, &of_network, network, now, err) : status;
}

enum status sign_in_tries_remove_old(struct store *store, int64_t now, struct error *err) {
  return store_run_with(store, "delete from sign_in_failed where hour < ?1", err,
                        now / SECONDS_AN_HOUR - LIMIT_SIGN_IN_FAILED_DAYS * HOURS_A_DAY);
}

enum status sign_in_tries_list(struct store *store, struct arena *arena, int64_t skip, int most,
                               struct sign_in_tries **out, int *count, int64_t *total,
                               struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int n = 0;
  *out = arena_array(arena, struct sign_in_tries, most + 1);
  *count = 0;
  enum status status = store_int_with(store,
                                      "select count(*) from sign_in_failed where is_network = ?1",
                                      0, total, err, (int64_t)0);
  if (status == DONE)
    status = store_query_with(store, &q,
                              "select source, hour, tries from sign_in_failed where is_network = 0 "
                              "order by hour desc, tries desc, source limit ?1 offset ?2",
                              err, (int64_t)most, skip);
  while (status == DONE && n < most && (status = query_step(q, &row, err)) == DONE && row)
    (*out)[n++] = (struct sign_in_tries){.source = query_copy(q, arena, 0),
                                         .hour = query_int(q, 1) * SECONDS_AN_HOUR,
                                         .tries = query_int(q, 2)};
  query_end(q);
  *count = n;
  return status;
}
