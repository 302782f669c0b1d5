#include "register/sessions.h"

enum status sessions_find(struct store *store, struct arena *arena,
                          const uint8_t id[SESSION_ID_BYTES], struct session_record *out,
                          struct error *err) {
  struct query *q;
  bool row;
  *out = (struct session_record){0};
  enum status status = store_row_with(
      store, &q, &row,
      "select person, started, used, reason from session where id = ?1 and ended is null", err,
      QUERY_BYTES(id, SESSION_ID_BYTES));
  if (status == DONE && row)
    *out = (struct session_record){query_int(q, 0), query_int(q, 1), query_int(q, 2),
                                   query_copy_or_null(q, arena, 3)};
  query_end(q);
  return status;
}

enum status sessions_insert(struct store *store, const uint8_t id[SESSION_ID_BYTES], int64_t person,
                            int64_t now, struct error *err) {
  return store_run_with(store,
                        "insert into session (id, person, started, used) values (?1, ?2, ?3, ?3)",
                        err, QUERY_BYTES(id, SESSION_ID_BYTES), person, now);
}

enum status sessions_touch(struct store *store, const uint8_t id[SESSION_ID_BYTES], int64_t now,
                           struct error *err) {
  return store_run_with(store,
                        "update session set used = ?2 where id = ?1 and used < ?2 and ended is "
                        "null",
                        err, QUERY_BYTES(id, SESSION_ID_BYTES), now);
}

enum status sessions_set_reason(struct store *store, const uint8_t id[SESSION_ID_BYTES],
                                struct span reason, struct error *err) {
  return store_run_with(store, "update session set reason = ?2 where id = ?1 and ended is null",
                        err, QUERY_BYTES(id, SESSION_ID_BYTES), reason);
}

enum status sessions_end(struct store *store, const uint8_t id[SESSION_ID_BYTES], int64_t now,
                         struct error *err) {
  return store_run_with(store, "update session set ended = ?2 where id = ?1 and ended is null", err,
                        QUERY_BYTES(id, SESSION_ID_BYTES), now);
}

enum status sessions_end_all(struct store *store, int64_t person, int64_t now, struct error *err) {
  return store_run_with(store, "update session set ended = ?2 where person = ?1 and ended is null",
                        err, person, now);
}

enum status sessions_remove_of(struct store *store, int64_t person, int64_t used, int64_t started,
                               struct error *err) {
  enum status status = store_run_with(
      store,
      "delete from draft where session in (select id from session where person = ?1 and (ended is "
      "not null or used < ?2 or started < ?3))",
      err, person, used, started);
  if (status != DONE) return status;
  return store_run_with(
      store,
      "delete from session where person = ?1 and (ended is not null or used < ?2 or started < ?3)",
      err, person, used, started);
}

enum status sessions_remove_old(struct store *store, int64_t used, struct error *err) {
  enum status status =
      store_run_with(store,
                     "delete from draft where session in (select id from session where used < ?1)",
                     err, used);
  if (status != DONE) return status;
  return store_run_with(store, "delete from session where used < ?1", err, used);
}

/* ---- drafts ---- */

enum status drafts_read(struct store *store, struct arena *arena,
                        const uint8_t session[SESSION_ID_BYTES], const char *journey,
                        const char **answers, struct error *err) {
  struct query *q;
  bool row;
  enum status status =
      store_row_with(store, &q, &row,
                     "select answers from draft where session = ?1 and journey = ?2", err,
                     QUERY_BYTES(session, SESSION_ID_BYTES), journey);
  *answers = status == DONE && row ? query_copy(q, arena, 0) : NULL;
  query_end(q);
  return status;
}

enum status drafts_write(struct store *store, const uint8_t session[SESSION_ID_BYTES],
                         const char *journey, struct span answers, struct error *err) {
  return store_run_with(store,
                        "insert into draft (session, journey, answers) values (?1, ?2, ?3) on "
                        "conflict (session, journey) do update set answers = excluded.answers",
                        err, QUERY_BYTES(session, SESSION_ID_BYTES), journey, answers);
}

enum status drafts_delete(struct store *store, const uint8_t session[SESSION_ID_BYTES],
                          const char *journey, struct error *err) {
  return store_run_with(store, "delete from draft where session = ?1 and journey = ?2", err,
                        QUERY_BYTES(session, SESSION_ID_BYTES), journey);
}
