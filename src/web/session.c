/* Sessions in the store. */
#include "web/session.h"

#include "base/hash.h"
#include "register/register.h"
#include "register/role_grants.h"
#include "web/site.h"

#include <openssl/hmac.h>
#include <openssl/sha.h>

static void session_id(const uint8_t raw[SESSION_RAW_BYTES], uint8_t id[32]) {
  SHA256(raw, SESSION_RAW_BYTES, id);
}

void session_form_token(const uint8_t raw[SESSION_RAW_BYTES], char out[FORM_TOKEN_SIZE + 1]) {
  static const unsigned char what[] = "weal form";
  unsigned char mac[32];
  unsigned size = sizeof mac;
  HMAC(EVP_sha256(), raw, SESSION_RAW_BYTES, what, sizeof what - 1, mac, &size);
  for (int i = 0; i < 32; i++) snprintf(out + 2 * i, 3, "%02x", mac[i]);
}

/* ---- beginning and ending ---- */

/* Deletes a person's sessions that have ended, and the drafts that were begun in them. */
static enum status sweep(struct store *store, int64_t person, int64_t now,
                         const struct config *config, struct error *err) {
  static const char *const statements[] = {
      "delete from draft where session in (select id from session where person = ?1 and (ended is "
      "not null or used < ?2 or started < ?3))",
      "delete from session where person = ?1 and (ended is not null or used < ?2 or started < ?3)",
  };
  for (int i = 0; i < 2; i++) {
    struct query *q;
    if (store_query(store, &q, statements[i], err) != DONE) return err->code;
    query_bind_int(q, 1, person);
    query_bind_int(q, 2, now - config->session_idle_minutes * 60);
    query_bind_int(q, 3, now - config->session_hours * 3600);
    enum status status = query_run(q, err);
    query_end(q);
    if (status != DONE) return status;
  }
  return DONE;
}

static enum status end_one(struct store *store, const uint8_t id[32], int64_t now,
                           struct error *err) {
  struct query *q;
  if (store_query(store, &q, "update session set ended = ?2 where id = ?1 and ended is null",
                  err) != DONE)
    return err->code;
  query_bind_bytes(q, 1, id, 32);
  query_bind_int(q, 2, now);
  enum status status = query_run(q, err);
  query_end(q);
  return status;
}

/* Deletes everybody's expired sessions with their drafts, also of people who never come back. */
static enum status sweep_old(struct store *store, int64_t now, const struct config *config,
                             struct error *err) {
  static const char *const statements[] = {
      "delete from draft where session in (select id from session where used < ?1)",
      "delete from session where used < ?1"};
  for (int i = 0; i < 2; i++) {
    struct query *q;
    if (store_query(store, &q, statements[i], err) != DONE) return err->code;
    query_bind_int(q, 1, now - config->session_idle_minutes * 60);
    enum status status = query_run(q, err);
    query_end(q);
    if (status != DONE) return status;
  }
  return DONE;
}

enum status session_begin(struct request *r, int64_t person, int64_t now, const char **cookie,
                          struct error *err) {
  uint8_t raw[SESSION_RAW_BYTES], id[32];
  char written[SESSION_COOKIE_CHARS + 1];
  struct query *q;
  random_bytes(raw, sizeof raw);
  session_id(raw, id);
  if (sweep_old(r->store, now, &r->site->config, err) != DONE) return err->code;
  if (r->visitor.person && end_one(r->store, r->visitor.session, now, err) != DONE)
    return err->code;
  if (store_query(r->store, &q,
                  "insert into session (id, person, started, used) values (?1, ?2, ?3, ?3)",
                  err) != DONE)
    return err->code;
  query_bind_bytes(q, 1, id, sizeof id);
  query_bind_int(q, 2, person);
  query_bind_int(q, 3, now);
  enum status status = query_run(q, err);
  query_end(q);
  cookie_write(raw, written);
  *cookie = arena_printf(r->arena, SESSION_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax",
                         written);
  return status;
}

static enum status end_all(struct store *store, int64_t person, int64_t now, struct error *err) {
  struct query *q;
  if (store_query(store, &q, "update session set ended = ?2 where person = ?1 and ended is null",
                  err) != DONE)
    return err->code;
  query_bind_int(q, 1, person);
  query_bind_int(q, 2, now);
  enum status status = query_run(q, err);
  query_end(q);
  return status;
}

enum status session_end(struct request *r, bool everywhere, int64_t now, const char **cookie,
                        struct error *err) {
  int64_t *records = NULL;
  int count = 0;
  *cookie = SESSION_COOKIE "=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";
  enum status status = end_one(r->store, r->visitor.session, now, err);
  /* A session that began before a merger names the merged record, and goes on. */
  if (status == DONE)
    status = register_records(r->store, r->arena, r->visitor.person, &records, &count, err);
  for (int i = 0; i < count && status == DONE; i++) {
    if (everywhere) status = end_all(r->store, records[i], now, err);
    /* the drafts go at once */
    if (status == DONE) status = sweep(r->store, records[i], now, &r->site->config, err);
  }
  return status;
}

enum status session_touch(struct store *store, const uint8_t id[32], int64_t now,
                          struct error *err) {
  struct query *q;
  if (store_query(store, &q,
                  "update session set used = ?2 where id = ?1 and used < ?2 and ended is null",
                  err) != DONE)
    return err->code;
  query_bind_bytes(q, 1, id, 32);
  query_bind_int(q, 2, now);
  enum status status = query_run(q, err);
  query_end(q);
  return status;
}

enum status session_set_reason(const struct request *r, struct span reason, struct error *err) {
  struct query *q;
  if (store_query(r->store, &q, "update session set reason = ?2 where id = ?1 and ended is null",
                  err) != DONE)
    return err->code;
  query_bind_bytes(q, 1, r->visitor.session, sizeof r->visitor.session);
  query_bind_text(q, 2, reason);
  enum status status = query_run(q, err);
  query_end(q);
  return status;
}

/* ---- finding ---- */

struct found_session {
  int64_t person, started, used;
  const char *reason;
};

static enum status find_row(struct store *store, struct arena *arena, const uint8_t id[32],
                            struct found_session *out, struct error *err) {
  struct query *q;
  bool row;
  if (store_query(
          store, &q,
          "select person, started, used, reason from session where id = ?1 and ended is null",
          err) != DONE)
    return err->code;
  query_bind_bytes(q, 1, id, 32);
  enum status status = query_step(q, &row, err);
  if (status == DONE && row) {
    *out = (struct found_session){query_int(q, 0), query_int(q, 1), query_int(q, 2),
                                  query_copy_or_null(q, arena, 3)};
  }
  query_end(q);
  return status;
}

/* The person, or the survivor if the record was merged; *person 0: the record no longer exists. */
static enum status find_person(struct store *store, struct arena *arena, int64_t *person,
                               struct visitor *out, struct error *err) {
  for (int i = 0; i < 16; i++) {
    struct query *q;
    bool row;
    if (store_query(store, &q, "select keep from alias where gone = ?1", err) != DONE)
      return err->code;
    query_bind_int(q, 1, *person);
    enum status status = query_step(q, &row, err);
    if (status == DONE && row) *person = query_int(q, 0);
    query_end(q);
    if (status != DONE) return status;
    if (!row) break;
  }
  struct query *q;
  bool row;
  if (store_query(store, &q,
                  "select code, coalesce(name, code) from party where id = ?1 and kind = 'person' "
                  "and died is null",
                  err) != DONE)
    return err->code;
  query_bind_int(q, 1, *person);
  enum status status = query_step(q, &row, err);
  if (status == DONE && row) {
    struct span code = query_text(q, 0), name = query_text(q, 1);
    out->code = arena_copy(arena, code.bytes, code.size);
    out->name = arena_copy(arena, name.bytes, name.size);
  } else *person = 0;
  query_end(q);
  return status;
}

enum status session_find(struct store *store, struct arena *arena,
                         const uint8_t raw[SESSION_RAW_BYTES], int64_t now,
                         const struct config *config, struct visitor *out, bool *touch,
                         struct error *err) {
  struct found_session found = {0};
  *out = (struct visitor){0};
  *touch = false;
  session_id(raw, out->session);
  if (find_row(store, arena, out->session, &found, err) != DONE) return err->code;
  bool lives = found.person && now - found.used < config->session_idle_minutes * 60 &&
               now - found.started < config->session_hours * 3600;
  if (lives && find_person(store, arena, &found.person, out, err) != DONE) return err->code;
  if (!lives || !found.person) {
    *out = (struct visitor){0};
    return DONE;
  }
  if (roles_granted_of(store, arena, found.person, day_today(), &out->roles, err) != DONE)
    return err->code;
  out->person = found.person;
  out->reason = found.reason;
  session_form_token(raw, out->form_token);
  *touch = now - found.used >= SESSION_USED_SECONDS;
  return DONE;
}
