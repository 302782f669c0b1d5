#include "book/posting.h"

#include "base/money.h"
#include "book/leaf.h"
#include "book/rows.h"
#include "proof/tree.h"

#include <assert.h>

struct posting {
  struct store *store;
  struct arena *arena;
  day_t day;
  const char *kind, *memo;
  struct line *lines;
  int count, capacity;
  int64_t settles_account;
  const char *settles_hold;
};

struct posting *posting_begin(struct store *store, day_t day, const char *kind, const char *memo) {
  struct arena *arena = arena_new();
  struct posting *p = arena_alloc(arena, sizeof *p);
  *p = (struct posting){.store = store, .arena = arena, .day = day, .kind = arena_string(arena, kind), .memo = arena_string(arena, memo)};
  return p;
}

static struct span keep_span(struct arena *arena, struct span s) {
  return s.bytes ? span_make(arena_copy(arena, s.bytes, s.size), s.size) : s;
}

void posting_add(struct posting *p, const struct line *line) {
  array_reserve(p->lines, p->capacity, p->count + 1);
  struct line *l = &p->lines[p->count++];
  *l = *line;
  l->day = p->day;
  l->reference = keep_span(p->arena, line->reference);
  l->note = keep_span(p->arena, line->note);
}

void posting_settles(struct posting *p, int64_t account, const char *hold) {
  p->settles_account = account;
  p->settles_hold = arena_string(p->arena, hold);
}

void posting_abandon(struct posting *p) {
  if (!p) return;
  free(p->lines);
  arena_free(p->arena);
}

/* The order of the ledger within an entry; stable for lines of one account and category by where they stood. */
static int compare_lines(const void *a, const void *b) {
  const struct line *x = a, *y = b;
  if (x->account != y->account) return x->account < y->account ? -1 : 1;
  if (x->category != y->category) return x->category < y->category ? -1 : 1;
  return (x->n > y->n) - (x->n < y->n);
}

static enum status check_sums(struct posting *p, struct error *err) {
  struct { char unit[12]; int64_t sum; } sums[8];
  int units = 0;
  struct account account = {0};
  for (int i = 0; i < p->count; i++) {
    if (account.id != p->lines[i].account) {
      enum status status = book_account(p->store, p->lines[i].account, &account, err);
      if (status != DONE) return status;
    }
    int u = 0;
    while (u < units && strcmp(sums[u].unit, account.unit) != 0) u++;
    if (u == 8) return error_set(err, REFUSED, "an entry moves at most 8 units");
    if (u == units) {
      memcpy(sums[u].unit, account.unit, sizeof account.unit);
      sums[units++].sum = 0;
    }
    if (!money_add(sums[u].sum, p->lines[i].amount, &sums[u].sum)) return error_set(err, REFUSED, "the amounts pass 64 bits");
  }
  for (int u = 0; u < units; u++)
    if (sums[u].sum != 0)
      return error_set(err, REFUSED, "the lines do not sum to zero: %lld %s are left over", (long long)sums[u].sum, sums[u].unit);
  return DONE;
}

static enum status settle_hold(struct posting *p, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t amount = 0, given = 0;
  enum status status = store_query(p->store, &q, "update hold set state = 'settled' where account = ?1 and id = ?2 and state = 'held' returning amount", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, p->settles_account);
  query_bind_text(q, 2, span_of(p->settles_hold));
  status = query_step(q, &row, err);
  if (status == DONE && !row) status = error_set(err, REFUSED, "hold '%s' is not held; it was settled, released, or never placed", p->settles_hold);
  if (status == DONE) amount = query_int(q, 0);
  query_end(q);
  if (status != DONE) return status;
  for (int i = 0; i < p->count; i++)
    if (p->lines[i].account == p->settles_account) given -= p->lines[i].amount;
  if (given > amount) return error_set(err, REFUSED, "the posting takes %lld, hold '%s' is for %lld", (long long)given, p->settles_hold, (long long)amount);
  status = store_query(p->store, &q, "update balance set held = held - ?2 where account = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, p->settles_account);
  query_bind_int(q, 2, amount);
  status = query_run(q, err);
  query_end(q);
  return status;
}

/* FLOOR_NONE when the account has none, or is not there. */
static enum status floor_of(struct store *store, int64_t account, int64_t *floor, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *floor = FLOOR_NONE;
  enum status status = store_query(store, &q, "select floor from account where id = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account);
  status = query_step(q, &row, err);
  if (status == DONE && row && !query_is_null(q, 0)) *floor = query_int(q, 0);
  query_end(q);
  return status;
}

/* The floor is read from the account's own row; the balance row is there only when there is one. Accounts come in order of id, so that two posters
 * never wait for each other. */
enum status balance_change(struct store *store, int64_t account, int64_t change, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t amount = 0, held = 0, floor = FLOOR_NONE;
  enum status status = floor_of(store, account, &floor, err);
  if (status != DONE || floor == FLOOR_NONE) return status;
  status = store_query(store, &q, "update balance set amount = amount + ?2 where account = ?1 returning amount, held", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account);
  query_bind_int(q, 2, change);
  status = query_step(q, &row, err);
  if (status == DONE && !row) status = error_set(err, FAILED, "account %lld has a floor and no balance; run `weal audit`", (long long)account);
  if (status == DONE) amount = query_int(q, 0), held = query_int(q, 1);
  query_end(q);
  if (status == DONE && change < 0 && amount - held < floor)
    status = error_set(err, REFUSED, "account %lld would fall to %lld, below its floor of %lld (with %lld held)", (long long)account,
                       (long long)(amount - held), (long long)floor, (long long)held);
  return status;
}

static enum status change_balances(struct posting *p, struct error *err) {
  for (int i = 0; i < p->count;) { /* sorted by account */
    int64_t account = p->lines[i].account, change = 0;
    for (; i < p->count && p->lines[i].account == account; i++)
      if (!money_add(change, p->lines[i].amount, &change)) return error_set(err, REFUSED, "the amounts pass 64 bits");
    enum status status = balance_change(p->store, account, change, err);
    if (status != DONE) return status;
  }
  return DONE;
}

static enum status take_numbers(struct store *store, int64_t *entry, int64_t *seq, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(store, &q, "update head set entry = entry + 1, logged = logged + 1 where id = 1 returning entry, logged", err);
  if (status != DONE) return status;
  status = query_step(q, &row, err);
  if (status == DONE && !row) status = error_set(err, FAILED, "the store has no head row; it is damaged");
  if (status == DONE) *entry = query_int(q, 0), *seq = query_int(q, 1);
  query_end(q);
  return status;
}

enum status entry_insert(struct store *store, const struct entry_row *e, struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(store, &q, "insert into entry (id, seq, day, recorded, kind, import, memo, lines, root) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, e->id);
  query_bind_int(q, 2, e->seq);
  query_bind_int(q, 3, e->day);
  query_bind_text(q, 4, span_of(e->recorded));
  query_bind_text(q, 5, span_of(e->kind));
  if (e->import) query_bind_int(q, 6, e->import);
  else query_bind_null(q, 6);
  query_bind_text(q, 7, span_of(e->memo));
  query_bind_int(q, 8, e->lines);
  query_bind_bytes(q, 9, e->root->bytes, sizeof e->root->bytes);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static void append_optional(struct append *a, int64_t value) {
  if (value) append_int(a, value);
  else append_null(a);
}

enum status line_append(struct append *a, const struct line *l, struct error *err) {
  append_int(a, l->account);
  append_int(a, l->day);
  append_int(a, l->entry);
  append_int(a, l->n);
  append_int(a, l->amount);
  append_int(a, l->category);
  if (l->has_quantity) append_int(a, l->quantity);
  else append_null(a);
  append_optional(a, l->service);
  append_optional(a, l->cost_year);
  append_int(a, l->estimated);
  append_optional(a, l->body);
  append_optional(a, l->place);
  append_text(a, l->reference.size ? l->reference : span_make(NULL, 0));
  append_text(a, l->note.size ? l->note : span_make(NULL, 0));
  append_optional(a, l->reverses_entry);
  append_optional(a, l->reverses_n);
  return append_row(a, err);
}

struct opened { uint8_t secret[SECRET_BYTES]; char unit[12]; };

/* One account by its key: struct secrets reads thousands at a time, for whoever goes through them all. */
static enum status read_secret(struct store *store, int64_t account, struct opened *out, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(store, &q, "select unit, secret from account where id = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account);
  status = query_step(q, &row, err);
  if (status == DONE && !row) status = error_set(err, REFUSED, "there is no account %lld", (long long)account);
  if (status == DONE) {
    struct span unit = query_text(q, 0), secret = query_bytes(q, 1);
    *out = (struct opened){0};
    memcpy(out->unit, unit.bytes, unit.size < sizeof out->unit ? unit.size : sizeof out->unit - 1);
    if (secret.size == SECRET_BYTES) memcpy(out->secret, secret.bytes, SECRET_BYTES);
    else status = error_set(err, REFUSED, "account %lld was erased", (long long)account);
  }
  query_end(q);
  return status;
}

/* Leaves in the order of n. */
static enum status hash_lines(struct posting *p, struct digest *root, struct error *err) {
  struct hasher *h = hasher_new();
  struct leaf_codes codes = {0};
  struct opened account = {0};
  struct tree_range range = {0};
  struct text scratch = {0};
  enum status status = leaf_codes_load_for(p->store, p->arena, p->lines, p->count, &codes, err);
  for (int i = 0; status == DONE && i < p->count; i++) {
    struct digest leaf;
    if (i == 0 || p->lines[i].account != p->lines[i - 1].account) status = read_secret(p->store, p->lines[i].account, &account, err);
    if (status != DONE) break;
    leaf_hash(h, &scratch, &codes, account.unit, account.secret, &p->lines[i], &leaf);
    tree_range_append(h, &range, &leaf);
  }
  explicit_bzero(&account, sizeof account);
  tree_range_root(h, &range, root);
  text_release(&scratch);
  hasher_free(h);
  return status;
}

static enum status write_lines(struct posting *p, int64_t entry, struct error *err) {
  struct append *a = NULL;
  enum status status = append_begin(p->store, &a, "line", LINE_COLUMNS, err);
  if (status != DONE) return status;
  for (int i = 0; status == DONE && i < p->count; i++) {
    p->lines[i].entry = entry;
    p->lines[i].n = i + 1;
    status = line_append(a, &p->lines[i], err);
  }
  if (status != DONE) { append_abandon(a); return status; }
  return append_end(a, err);
}

static enum status commit_within(struct posting *p, int64_t *entry, struct error *err) {
  int64_t seq = 0;
  char recorded[21];
  enum status status = take_numbers(p->store, entry, &seq, err); /* locks the head */
  if (status == DONE) status = check_sums(p, err);
  if (status == DONE && p->settles_hold) status = settle_hold(p, err);
  if (status == DONE) status = change_balances(p, err);
  if (status == DONE) status = write_lines(p, *entry, err);
  struct digest root;
  if (status == DONE) status = hash_lines(p, &root, err);
  struct entry_row row = {*entry, seq, p->day, clock_write_now(recorded), p->kind, 0, p->memo, p->count, &root};
  if (status == DONE) status = entry_insert(p->store, &row, err);
  if (status == DONE) status = store_commit(p->store, err);
  return status;
}

enum status posting_commit(struct posting *p, int64_t *entry, struct error *err) {
  enum status status = p->count ? DONE : error_set(err, REFUSED, "a posting needs lines");
  for (int i = 0; i < p->count; i++) p->lines[i].n = i;
  qsort(p->lines, (size_t)p->count, sizeof *p->lines, compare_lines);
  if (status == DONE) status = store_begin(p->store, STORE_WRITE, err);
  if (status == DONE) {
    status = commit_within(p, entry, err);
    if (status != DONE) store_rollback(p->store);
  }
  posting_abandon(p);
  return status;
}

enum status book_balance(struct store *store, const struct reading *reading, int64_t account, day_t to, int64_t *amount, struct error *err) {
  struct lines *lines = NULL;
  const struct line *line = NULL;
  *amount = 0;
  enum status status = lines_open(&lines, store, reading, &account, 1, DAY_FIRST, to, err);
  while (status == DONE && (status = lines_next(lines, &line, err)) == DONE && line)
    if (!money_add(*amount, line->amount, amount)) status = error_set(err, FAILED, "the balance of account %lld passes 64 bits", (long long)account);
  lines_close(lines);
  return status;
}

/* ---- holds ---- */

static enum status place_within(struct store *store, int64_t account, const char *id, int64_t amount, day_t expires, struct error *err) {
  struct query *q = NULL;
  int64_t floor = FLOOR_NONE;
  enum status status = floor_of(store, account, &floor, err);
  if (status != DONE) return status;
  if (floor == FLOOR_NONE) return error_set(err, REFUSED, "account %lld has no floor; only an account with a floor can hold", (long long)account);
  status = store_query(store, &q, "update balance set held = held + ?2 where account = ?1 and amount - held - ?2 >= ?3", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account);
  query_bind_int(q, 2, amount);
  query_bind_int(q, 3, floor);
  status = query_run(q, err);
  if (status == DONE && query_changes(q) != 1) status = error_set(err, REFUSED, "account %lld has less than %lld free above its floor", (long long)account, (long long)amount);
  query_end(q);
  if (status != DONE) return status;
  status = store_query(store, &q, "insert into hold (account, id, amount, expires, state) values (?1, ?2, ?3, ?4, 'held')", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account);
  query_bind_text(q, 2, span_of(id));
  query_bind_int(q, 3, amount);
  query_bind_int(q, 4, expires);
  status = query_run(q, err);
  query_end(q);
  if (status == REFUSED) return error_set(err, REFUSED, "hold '%s' is used already on account %lld", id, (long long)account);
  return status;
}

enum status hold_place(struct store *store, int64_t account, const char *id, int64_t amount, day_t expires, struct error *err) {
  if (amount <= 0) return error_set(err, REFUSED, "a hold is for a positive amount");
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = place_within(store, account, id, amount, expires, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

static enum status release_within(struct store *store, int64_t account, const char *id, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t amount = 0;
  enum status status = store_query(store, &q, "update hold set state = 'released' where account = ?1 and id = ?2 and state = 'held' returning amount", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account);
  query_bind_text(q, 2, span_of(id));
  status = query_step(q, &row, err);
  if (status == DONE && !row) status = error_set(err, REFUSED, "hold '%s' is not held on account %lld", id, (long long)account);
  if (status == DONE) amount = query_int(q, 0);
  query_end(q);
  if (status != DONE) return status;
  status = store_query(store, &q, "update balance set held = held - ?2 where account = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account);
  query_bind_int(q, 2, amount);
  status = query_run(q, err);
  query_end(q);
  return status;
}

enum status hold_release(struct store *store, int64_t account, const char *id, struct error *err) {
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = release_within(store, account, id, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

enum status hold_expire(struct store *store, day_t today, int64_t *count, struct error *err) {
  struct query *q = NULL;
  *count = 0;
  for (bool row = true; row;) {
    struct text id = {0};
    int64_t account = 0;
    enum status status = store_query(store, &q, "select account, id from hold where state = 'held' and expires < ?1 order by account, id limit 1", err);
    if (status != DONE) return status;
    query_bind_int(q, 1, today);
    status = query_step(q, &row, err);
    if (status == DONE && row) {
      account = query_int(q, 0);
      text_add_span(&id, query_text(q, 1));
    }
    query_end(q);
    if (status == DONE && row) status = hold_release(store, account, id.bytes ? id.bytes : "", err);
    text_release(&id);
    if (status != DONE) return status;
    *count += row;
  }
  return DONE;
}
