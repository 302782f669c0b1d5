/* Invitations. The same statements run and the same bytes are compared whatever is wrong, so that
 * the time reveals nothing. */
#include "register/invites.h"

#include "base/refusal.h"
#include "register/names.h"
#include "register/register.h"

#include <sodium.h>

enum status register_invite(struct store *store, int64_t person, int64_t now,
                            char code[ONE_TIME_CODE_SIZE], day_t *last, struct error *err) {
  struct arena *arena = arena_new();
  struct person who;
  struct query *q = NULL;
  struct digest digest;
  enum status status = register_surviving_person(store, arena, person, &who, err);
  if (status == DONE && who.died != DAY_NONE) status = refuse(err, INVITE_OF_THE_DEAD, who.code);
  if (status == DONE)
    status =
        store_query(store, &q,
                    "insert into invite (person, code, expires) values (?1, ?2, ?3) on conflict "
                    "(person) do update set code = excluded.code, expires = excluded.expires",
                    err);
  if (status == DONE) {
    day_t until = clock_day(now) + INVITE_DAYS;
    one_time_code_make(code, &digest);
    query_bind_int(q, 1, who.id);
    query_bind_bytes(q, 2, digest.bytes, sizeof digest.bytes);
    query_bind_int(q, 3, clock_day_begins(until + 1)); /* to the end of its last day */
    status = query_run(q, err);
    query_end(q);
    *last = until;
  }
  arena_free(arena);
  return status;
}

struct invitation {
  uint8_t code[32];
  int64_t expires;
  bool there;
};

static enum status read_invitation(struct store *store, int64_t person, struct invitation *out,
                                   struct error *err) {
  struct query *q;
  *out = (struct invitation){0};
  enum status status =
      store_query(store, &q,
                  "select code, expires from invite where person = ?1 {postgresql: for update}",
                  err);
  if (status != DONE) return status;
  query_bind_int(q, 1, person);
  bool row;
  if ((status = query_step(q, &row, err)) == DONE && row) {
    struct span code = query_bytes(q, 0);
    out->there = code.size == sizeof out->code;
    if (out->there) memcpy(out->code, code.bytes, sizeof out->code);
    out->expires = query_int(q, 1);
  }
  query_end(q);
  return status;
}

enum status register_redeem_invite(struct store *store, const char *reference, struct span code,
                                   int64_t now, int64_t *person, struct error *err) {
  struct arena *arena = arena_new();
  struct invitation invitation = {0};
  struct digest typed;
  struct error nobody = {0};
  int64_t id = 0, *records = NULL;
  int count = 0;
  *person = 0;
  enum status status = register_find_person(store, reference, &id, &nobody);
  bool sound = one_time_code_read(code, &typed);
  if (status == REFUSED && nobody.refusal.code == REFUSAL_IDENTIFIER_MALFORMED) {
    *err = nobody;
    status = error_at(err, NULL, 0, "reference");
  } else if (status != FAILED && !sound) status = refuse_at(err, "code", INVITE_CODE_MALFORMED);
  else if (status == REFUSED) status = DONE; /* party 0, which nobody has, is searched as well */
  else if (status != DONE) *err = nobody;
  if (status == DONE) status = register_records(store, arena, id, &records, &count, err);
  if (status == DONE) status = read_invitation(store, records[0], &invitation, err);
  if (status == DONE) {
    bool same = sodium_memcmp(typed.bytes, invitation.code, sizeof typed.bytes) == 0;
    bool right = same & invitation.there & (now < invitation.expires);
    if (right)
      status = store_run_with(store, "delete from invite where person = ?1", err, records[0]);
    if (status == DONE && right) *person = records[0];
  }
  arena_free(arena);
  return status;
}
