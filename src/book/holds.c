/* Holds of a card: money set aside for a posting that is still to come. Every row is a hold in
 * force. When a hold ends, only its id is kept, for some days, as a dedup key (store/dedup_key.h):
 * so if the card's network sends the same event again, nothing is set aside a second time. */
#include "base/refusal.h"
#include "book/posting.h"
#include "book/rows.h"
#include "store/dedup_key.h"

enum { EXPIRED_AT_ONCE = 256 };

static void make_key(int64_t account, const char *id, struct digest *key) {
  static const char label[] = "weal hold";
  uint8_t number[8];
  struct hasher *h = hasher_new();
  put_u64(number, (uint64_t)account);
  hasher_begin(h);
  hasher_add(h, label, sizeof label);
  hasher_add(h, number, sizeof number);
  hasher_add(h, id, strlen(id));
  hasher_end(h, key);
  hasher_free(h);
}

static enum status change_held(struct store *store, int64_t account, int64_t change, int64_t floor,
                               bool *done, struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(store, &q,
                                   "update balance set held = held + ?2 where account = ?1 and (?2 "
                                   "<= 0 or amount - held - ?2 >= ?3)",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account);
  query_bind_int(q, 2, change);
  query_bind_int(q, 3, floor);
  status = query_run(q, err);
  *done = status == DONE && query_changes(q) == 1;
  query_end(q);
  return status;
}

/* ---- placing ---- */

static enum status insert(struct store *store, int64_t account, const char *id, int64_t amount,
                          day_t expires, struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(
      store, &q, "insert into hold (account, id, amount, expires) values (?1, ?2, ?3, ?4)", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account);
  query_bind_text(q, 2, span_of(id));
  query_bind_int(q, 3, amount);
  query_bind_int(q, 4, expires);
  status = query_run(q, err);
  query_end(q);
  return status;
}

/* Writes the row first, then the balance, in the same order as hold_end: so if somebody ends a hold
 * with this id at this moment, we wait for it and then see it. */
static enum status place_within(struct store *store, int64_t account, const char *id,
                                int64_t amount, day_t expires, struct error *err) {
  struct digest key;
  int64_t floor = FLOOR_NONE;
  bool used = false, done = false;
  enum status status = balance_floor(store, account, &floor, err);
  if (status != DONE) return status;
  if (floor == FLOOR_NONE) return refuse(err, HOLD_WITHOUT_FLOOR, (long long)account);
  status = insert(store, account, id, amount, expires, err);
  make_key(account, id, &key);
  if (status == DONE) status = dedup_key_known(store, &key, &used, err);
  if (status == REFUSED || used) return refuse(err, HOLD_USED_ALREADY, id, (long long)account);
  if (status == DONE) status = change_held(store, account, amount, floor, &done, err);
  if (status == DONE && !done)
    status = refuse(err, HOLD_TOO_LARGE, (long long)account, (long long)amount);
  return status;
}

enum status hold_place(struct store *store, int64_t account, const char *id, int64_t amount,
                       day_t expires, struct error *err) {
  if (amount <= 0) return refuse(err, HOLD_NOT_POSITIVE);
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = place_within(store, account, id, amount, expires, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

/* ---- its end ---- */

static enum status take_away(struct store *store, int64_t account, const char *id, int64_t *amount,
                             struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(
      store, &q, "delete from hold where account = ?1 and id = ?2 returning amount", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account);
  query_bind_text(q, 2, span_of(id));
  status = query_step(q, &row, err);
  if (status == DONE && !row) status = refuse(err, HOLD_NOT_HELD, id, (long long)account);
  if (status == DONE) *amount = query_int(q, 0);
  query_end(q);
  return status;
}

enum status hold_end(struct store *store, int64_t account, const char *id, const char *how,
                     int64_t *amount, struct error *err) {
  struct digest key;
  bool done = false;
  const char *before = NULL;
  struct arena *arena = arena_new();
  make_key(account, id, &key);
  enum status status = take_away(store, account, id, amount, err);
  if (status == DONE) status = change_held(store, account, -*amount, 0, &done, err);
  if (status == DONE && !done)
    status = error_set(err, FAILED, "account %lld has lost its balance; run `weal audit`",
                       (long long)account);
  if (status == DONE) status = dedup_key_take(store, arena, &key, "hold", &before, err);
  if (status == DONE) status = dedup_key_keep(store, &key, how, err);
  arena_free(arena);
  return status;
}

enum status hold_release(struct store *store, int64_t account, const char *id, struct error *err) {
  int64_t amount = 0;
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = hold_end(store, account, id, "released", &amount, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

struct expired {
  int64_t account;
  const char *id;
};

static enum status find_expired(struct store *store, struct arena *arena, day_t today,
                                struct expired out[EXPIRED_AT_ONCE], int *count,
                                struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *count = 0;
  enum status status = store_query(
      store, &q,
      "select account, id from hold where expires < ?1 order by expires, account, id limit ?2",
      err);
  if (status != DONE) return status;
  query_bind_int(q, 1, today);
  query_bind_int(q, 2, EXPIRED_AT_ONCE);
  while ((status = query_step(q, &row, err)) == DONE && row)
    out[(*count)++] = (struct expired){query_int(q, 0), query_copy(q, arena, 1)};
  query_end(q);
  return status;
}

enum status hold_expire(struct store *store, day_t today, int64_t *count, struct error *err) {
  struct expired expired[EXPIRED_AT_ONCE];
  struct arena *arena = arena_new();
  enum status status = DONE;
  *count = 0;
  for (int found = EXPIRED_AT_ONCE; status == DONE && found == EXPIRED_AT_ONCE;) {
    status = find_expired(store, arena, today, expired, &found, err);
    for (int i = 0; status == DONE && i < found; i++) {
      struct error settled = {0};
      status = hold_release(store, expired[i].account, expired[i].id, &settled);
      *count += status == DONE;
      if (status == REFUSED) status = DONE;
      else if (status != DONE) *err = settled;
    }
    arena_reset(arena);
  }
  arena_free(arena);
  return status;
}
