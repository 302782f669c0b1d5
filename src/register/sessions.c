#include "register/sessions.h"

#include "base/limits.h"

enum status sessions_find(struct store *store, const uint8_t id[SESSION_ID_BYTES],
                          struct session_record *out, struct error *err) {
  struct query *q;
  bool row;
  *out = (struct session_record){0};
  enum status status =
      store_row_with(store, &q, &row,
                     "select person, started, used from session where id = ?1 and ended is null",
                     err, QUERY_BYTES(id, SESSION_ID_BYTES));
  if (status == DONE && row)
    *out = (struct session_record){query_int(q, 0), query_int(q, 1), query_int(q, 2)};
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
  if (status == DONE)
    status = store_run_with(
        store,
        "delete from look_reason where session in (select id from session where person = ?1 and "
        "(ended is not null or used < ?2 or started < ?3))",
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
  if (status == DONE)
    status = store_run_with(
        store, "delete from look_reason where session in (select id from session where used < ?1)",
        err, used);
  if (status != DONE) return status;
  return store_run_with(store, "delete from session where used < ?1", err, used);
}

/* ---- why staff look ---- */

enum status reasons_keep(struct store *store, const uint8_t session[SESSION_ID_BYTES],
                         const struct reason_given *given, struct error *err) {
  /* one that opened the record holds on where the person is only found again */
  return store_run_with(
      store,
      "insert into look_reason (session, party, reason, opened, used) values (?1, ?2, ?3, ?4, ?5) "
      "on conflict (session, party) do update set reason = excluded.reason, opened = "
      "excluded.opened, used = excluded.used where look_reason.opened <= excluded.opened or "
      "look_reason.used <= excluded.used - ?6",
      err, QUERY_BYTES(session, SESSION_ID_BYTES), given->party, given->reason,
      (int64_t)!given->found, given->now, (int64_t)LIMIT_REASON_MINUTES * 60);
}

enum status reasons_drop_found(struct store *store, const uint8_t session[SESSION_ID_BYTES],
                               struct error *err) {
  return store_run_with(store, "delete from look_reason where session = ?1 and opened = 0", err,
                        QUERY_BYTES(session, SESSION_ID_BYTES));
}

enum status reasons_find(struct store *store, struct arena *arena,
                         const uint8_t session[SESSION_ID_BYTES], int64_t party, int64_t now,
                         const char **reason, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_row_with(
      store, &q, &row,
      "select reason from look_reason where session = ?1 and party = ?2 and used > ?3", err,
      QUERY_BYTES(session, SESSION_ID_BYTES), party, now - (int64_t)LIMIT_REASON_MINUTES * 60);
  *reason = status == DONE && row ? query_copy(q, arena, 0) : NULL;
  query_end(q);
  return status;
}

enum status reasons_use(struct store *store, const uint8_t session[SESSION_ID_BYTES], int64_t party,
                        int64_t now, struct error *err) {
  enum status status = store_run_with(
      store,
      "delete from look_reason where session = ?1 and opened = 0 and party <> ?2 and exists "
      "(select "
      "1 from look_reason as found where found.session = ?1 and found.party = ?2 and found.opened "
      "= 0)",
      err, QUERY_BYTES(session, SESSION_ID_BYTES), party);
  if (status != DONE) return status;
  return store_run_with(
      store, "update look_reason set opened = 1, used = ?3 where session = ?1 and party = ?2", err,
      QUERY_BYTES(session, SESSION_ID_BYTES), party, now);
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
