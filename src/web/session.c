/* Sessions in the store. */
#include "web/session.h"

#include "base/hash.h"
#include "register/names.h"
#include "register/role_grants.h"
#include "register/sessions.h"
#include "web/site.h"

#include <openssl/hmac.h>
#include <openssl/sha.h>

static void session_id(const uint8_t raw[SESSION_RAW_BYTES], uint8_t id[32]) {
  SHA256(raw, SESSION_RAW_BYTES, id);
}

/* What goes into every form: HMAC-SHA256 of `weal form` under the session's bytes, in hex. */
static void session_form_token(const uint8_t raw[SESSION_RAW_BYTES],
                               char out[FORM_TOKEN_SIZE + 1]) {
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
  return sessions_remove_of(store, person, now - config->session_idle_minutes * 60,
                            now - config->session_hours * 3600, err);
}

enum status session_begin(struct request *r, int64_t person, int64_t now, const char **cookie,
                          struct error *err) {
  uint8_t raw[SESSION_RAW_BYTES], id[32];
  char written[SESSION_COOKIE_CHARS + 1];
  random_bytes(raw, sizeof raw);
  session_id(raw, id);
  /* everybody's expired sessions go with their drafts, also of people who never come back */
  if (sessions_remove_old(r->store, now - r->site->config.session_idle_minutes * 60, err) != DONE)
    return err->code;
  if (r->visitor.person && sessions_end(r->store, r->visitor.session, now, err) != DONE)
    return err->code;
  enum status status = sessions_insert(r->store, id, person, now, err);
  cookie_write(raw, written);
  *cookie = arena_printf(r->arena, SESSION_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax",
                         written);
  return status;
}

enum status session_end(struct request *r, bool everywhere, int64_t now, const char **cookie,
                        struct error *err) {
  int64_t *records = NULL;
  int count = 0;
  *cookie = SESSION_COOKIE "=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";
  enum status status = sessions_end(r->store, r->visitor.session, now, err);
  /* A session that began before a merger names the merged record, and goes on. */
  if (status == DONE)
    status = register_records(r->store, r->arena, r->visitor.person, &records, &count, err);
  for (int i = 0; i < count && status == DONE; i++) {
    if (everywhere) status = sessions_end_all(r->store, records[i], now, err);
    /* the drafts go at once */
    if (status == DONE) status = sweep(r->store, records[i], now, &r->site->config, err);
  }
  return status;
}

/* ---- finding ---- */

/* The person, or the survivor if the record was merged; *person 0: the record no longer exists. */
static enum status find_person(struct store *store, struct arena *arena, int64_t *person,
                               struct visitor *out, struct error *err) {
  struct register_name name;
  if (register_survivor(store, *person, person, err) != DONE ||
      register_name_of_living(store, arena, *person, &name, err) != DONE)
    return err->code;
  out->code = name.code;
  out->name = name.name ? name.name : name.code;
  if (!name.code) *person = 0;
  return DONE;
}

enum status session_find(struct store *store, struct arena *arena,
                         const uint8_t raw[SESSION_RAW_BYTES], int64_t now,
                         const struct config *config, struct visitor *out, bool *touch,
                         struct error *err) {
  struct session_record found = {0};
  *out = (struct visitor){0};
  *touch = false;
  session_id(raw, out->session);
  if (sessions_find(store, out->session, &found, err) != DONE) return err->code;
  bool lives = found.person && now - found.used < config->session_idle_minutes * 60 &&
               now - found.started < config->session_hours * 3600;
  if (lives && find_person(store, arena, &found.person, out, err) != DONE) return err->code;
  if (!lives || !found.person) {
    *out = (struct visitor){0};
    return DONE;
  }
  if (roles_granted_of(store, arena, found.person, day_today(), &out->roles, err) != DONE ||
      role_grants_hours(store, now, &out->unapproved_until, err) != DONE)
    return err->code;
  out->person = found.person;
  session_form_token(raw, out->form_token);
  *touch = now - found.used >= SESSION_USED_SECONDS;
  return DONE;
}
