#include "book/book.h"

#include "base/hash.h"
#include "base/refusal.h"
#include "store/head.h"

#include <assert.h>

/* ---- accounts ---- */

static const char *const owner_kind_words[] = {
    [OWNER_BOOK] = "book", [OWNER_PERSON] = "person", [OWNER_BODY] = "body"};

static enum owner_kind owner_kind_of(struct span word) {
  return span_is(word, "person") ? OWNER_PERSON : span_is(word, "body") ? OWNER_BODY : OWNER_BOOK;
}

static void copy_word(char *out, size_t size, struct span word) {
  assert(word.size < size);
  if (word.size) memcpy(out, word.bytes, word.size);
  out[word.size] = 0;
}

void account_set_role(struct account *account, const char *role) {
  copy_word(account->role, sizeof account->role, span_of(role));
}
void account_set_unit(struct account *account, const char *unit) {
  copy_word(account->unit, sizeof account->unit, span_of(unit));
}

/* Reads role and unit as the store has them; another program may have written words that no account
 * can have. */
static enum status read_words(struct account *a, struct span role, struct span unit,
                              struct error *err) {
  if (role.size > LIMIT_ROLE_BYTES || unit.size > LIMIT_UNIT_BYTES)
    return error_set(
        err, FAILED,
        "account %lld: its role or its unit is longer than a code can be; run `weal audit`",
        (long long)a->id);
  copy_word(a->role, sizeof a->role, role);
  copy_word(a->unit, sizeof a->unit, unit);
  return DONE;
}

static enum status insert_account(struct query *account, struct query *holding,
                                  const struct account *a, int64_t floor, struct error *err) {
  uint8_t secret[32];
  random_bytes(secret, sizeof secret);
  const char *kind = owner_kind_words[a->owner_kind];
  query_bind_int(account, 1, a->id);
  query_bind_text(account, 2, span_of(kind));
  query_bind_int(account, 3, a->owner);
  query_bind_text(account, 4, span_of(a->role));
  query_bind_text(account, 5, span_of(a->unit));
  if (floor == FLOOR_NONE) query_bind_null(account, 6);
  else query_bind_int(account, 6, floor);
  query_bind_bytes(account, 7, secret, sizeof secret);
  enum status status = query_run(account, err);
  if (status != DONE) return status;
  query_bind_int(holding, 1, a->owner);
  query_bind_text(holding, 2, span_of(kind));
  query_bind_int(holding, 3, a->id);
  query_bind_text(holding, 4, span_of(a->role));
  query_bind_text(holding, 5, span_of(a->unit));
  return query_run(holding, err);
}

static const char insert_account_sql[] = "insert into account (id, owner_kind, owner, role, unit, "
                                         "floor, secret) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char insert_holding_sql[] =
    "insert into holding (owner, owner_kind, account, role, unit) values (?1, ?2, ?3, ?4, ?5)";

/* Takes `count` account ids: *first is the first of them. */
static enum status allot_accounts(struct store *store, int64_t count, int64_t *first,
                                  struct error *err) {
  struct head taken = {.account = count};
  enum status status = head_take(store, &taken, err);
  *first = taken.account - count + 1;
  return status;
}

enum { SECRETS_AT_ONCE = 256 };

static enum status open_accounts(struct store *store, const struct roles_opened *opened, int64_t id,
                                 int64_t first_person, int64_t people, struct error *err) {
  uint8_t secrets[SECRETS_AT_ONCE][UNIT_KINDS][32];
  struct append *append = NULL;
  enum status status = append_begin(store, &append, "account",
                                    "id, owner_kind, owner, role, unit, floor, secret", err);
  if (status != DONE) return status;
  for (int64_t p = 0; status == DONE && p < people; p++) {
    /* many at a time: the generator's call costs more than its bytes */
    if (p % SECRETS_AT_ONCE == 0) random_bytes(secrets, sizeof secrets);
    for (int k = 0; status == DONE && k < opened->count; k++) {
      append_int(append, id + p * opened->count + k);
      append_text(append, span_of("person"));
      append_int(append, first_person + p);
      append_text(append, span_of(opened->role[k]->code));
      append_text(append, span_of(opened->role[k]->opened));
      append_null(append);
      append_bytes(append, secrets[p % SECRETS_AT_ONCE][k], sizeof secrets[0][0]);
      status = append_row(append, err);
    }
  }
  explicit_bzero(secrets, sizeof secrets);
  if (status == DONE) return append_end(append, err);
  append_abandon(append);
  return status;
}

static enum status open_holdings(struct store *store, const struct roles_opened *opened, int64_t id,
                                 int64_t first_person, int64_t people, struct error *err) {
  struct append *append = NULL;
  enum status status = append_begin(store, &append, "holding",
                                    "owner, owner_kind, account, role, unit", err);
  if (status != DONE) return status;
  for (int64_t p = 0; status == DONE && p < people; p++)
    for (int k = 0; status == DONE && k < opened->count; k++) {
      append_int(append, first_person + p);
      append_text(append, span_of("person"));
      append_int(append, id + p * opened->count + k);
      append_text(append, span_of(opened->role[k]->code));
      append_text(append, span_of(opened->role[k]->opened));
      status = append_row(append, err);
    }
  if (status == DONE) return append_end(append, err);
  append_abandon(append);
  return status;
}

enum status book_open_people(struct store *store, int64_t first_person, int64_t last_person,
                             struct error *err) {
  if (last_person < first_person || first_person <= 0) return DONE;
  struct arena *arena = arena_new();
  struct roles_opened opened;
  struct roles *roles = NULL;
  int64_t people = last_person - first_person + 1, id = 0;
  enum status status = book_roles(store, arena, &roles, err);
  if (status == DONE) status = roles_of_everyone(roles, &opened, err);
  if (status == DONE) status = allot_accounts(store, people * opened.count, &id, err);
  if (status == DONE) status = open_accounts(store, &opened, id, first_person, people, err);
  if (status == DONE) status = open_holdings(store, &opened, id, first_person, people, err);
  arena_free(arena);
  return status;
}

enum status book_insert_account(struct store *store, const struct account *account, int64_t floor,
                                struct error *err) {
  struct query *a = NULL, *h = NULL, *b = NULL;
  enum status status = store_query(store, &a, insert_account_sql, err);
  if (status == DONE) status = store_query(store, &h, insert_holding_sql, err);
  if (status == DONE) status = insert_account(a, h, account, floor, err);
  query_end(a);
  query_end(h);
  if (status != DONE || floor == FLOOR_NONE) return status;
  status = store_query(store, &b, "insert into balance (account, amount, held) values (?1, 0, 0)",
                       err);
  if (status != DONE) return status;
  query_bind_int(b, 1, account->id);
  status = query_run(b, err);
  query_end(b);
  return status;
}

enum status book_open_account(struct store *store, struct account *account, int64_t floor,
                              struct error *err) {
  enum status status = allot_accounts(store, 1, &account->id, err);
  return status == DONE ? book_insert_account(store, account, floor, err) : status;
}

static enum status find_account(struct store *store, struct account *account, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  account->id = 0;
  enum status status = store_query(store, &q,
                                   "select account from holding where owner = ?1 and owner_kind = "
                                   "?2 and role = ?3 and unit = ?4 order by account limit 1",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account->owner);
  query_bind_text(q, 2, span_of(owner_kind_words[account->owner_kind]));
  query_bind_text(q, 3, span_of(account->role));
  query_bind_text(q, 4, span_of(account->unit));
  status = query_step(q, &row, err);
  if (status == DONE && row) account->id = query_int(q, 0);
  query_end(q);
  return status;
}

/* If there is none, locks the head row and looks again: somebody may just have opened it. */
enum status book_ready_account(struct store *store, struct account *account, struct error *err) {
  enum status status = find_account(store, account, err);
  if (status != DONE || account->id) return status;
  struct head head;
  status = head_lock(store, &head, err);
  if (status == DONE) status = find_account(store, account, err);
  if (status != DONE || account->id) return status;
  return book_open_account(store, account, FLOOR_NONE, err);
}

struct account account_of_control(const struct roles *roles, int64_t body, const char *unit) {
  struct account control = {.owner_kind = body ? OWNER_BODY : OWNER_BOOK, .owner = body};
  account_set_role(&control, roles_of_use(roles, ROLE_CONTRA));
  account_set_unit(&control, unit);
  return control;
}

struct account_list {
  struct account *all;
  int count, capacity;
};

/* Reads (account, role, unit, owner) rows of one kind of owner to the end of the query. */
static enum status read_accounts(struct query *q, enum owner_kind kind, struct account_list *list,
                                 struct error *err) {
  bool row = false;
  enum status status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    array_reserve(list->all, list->capacity, list->count + 1);
    struct account *a = &list->all[list->count++];
    *a = (struct account){.id = query_int(q, 0), .owner_kind = kind, .owner = query_int(q, 3)};
    if ((status = read_words(a, query_text(q, 1), query_text(q, 2), err)) != DONE) break;
  }
  return status;
}

static int compare_account_id(const void *a, const void *b) {
  int64_t x = ((const struct account *)a)->id, y = ((const struct account *)b)->id;
  return (x > y) - (x < y);
}

/* Moves a list from malloc into the arena. */
static void keep_accounts(struct arena *arena, struct account_list *list, struct account **out,
                          int *out_count) {
  *out = arena_array(arena, struct account, list->count ? list->count : 1);
  if (list->count) memcpy(*out, list->all, sizeof *list->all * (size_t)list->count);
  *out_count = list->count;
  free(list->all);
}

enum status book_accounts_of(struct store *store, struct arena *arena, enum owner_kind kind,
                             const int64_t *owners, int count, struct account **out, int *out_count,
                             struct error *err) {
  struct account_list list = {0};
  struct query *q = NULL;
  enum status status = store_query(store, &q,
                                   "select account, role, unit, owner from holding where owner = "
                                   "?1 and owner_kind = ?2 order by account",
                                   err);
  for (int i = 0; status == DONE && i < count; i++) {
    query_bind_int(q, 1, owners[i]);
    query_bind_text(q, 2, span_of(owner_kind_words[kind]));
    status = read_accounts(q, kind, &list, err);
  }
  query_end(q);
  array_sort(list.all, list.count, compare_account_id);
  keep_accounts(arena, &list, out, out_count);
  return status;
}

enum status book_accounts_all(struct store *store, struct arena *arena, enum owner_kind kind,
                              struct account **out, int *out_count, struct error *err) {
  /* `+`: else SQLite leaves the kind out of the order, and sorts where the key would do */
  static const char sql[] = STORE_BLOCKS("account, role, unit, owner",
                                         "from holding where {sqlite:+}owner_kind = ?1 "
                                         "order by owner, owner_kind, account");
  struct account_list list = {0};
  struct query *q = NULL;
  const struct column_block *block = NULL;
  enum status status = store_blocks(store, &q, sql, "itti", err);
  if (status != DONE) return status;
  query_bind_text(q, 1, span_of(owner_kind_words[kind]));
  while (status == DONE && (status = query_block(q, &block, err)) == DONE && block->rows) {
    const struct block_column *column = block->column;
    array_reserve(list.all, list.capacity, list.count + (int)block->rows);
    for (size_t i = 0; status == DONE && i < block->rows; i++) {
      struct account *a = &list.all[list.count++];
      *a = (struct account){.id = column[0].integers[i],
                            .owner_kind = kind,
                            .owner = column[3].integers[i]};
      status = read_words(a, column[1].texts[i], column[2].texts[i], err);
    }
  }
  query_end(q);
  keep_accounts(arena, &list, out, out_count);
  return status;
}

static int compare_body_accounts(const void *a, const void *b) {
  const struct body_account *x = a, *y = b;
  return (x->account > y->account) - (x->account < y->account);
}

void body_accounts_sort(struct body_account *accounts, size_t count) {
  array_sort(accounts, count, compare_body_accounts);
}

enum status book_accounts_in_role(struct store *store, struct arena *arena, enum role_use use,
                                  struct body_account **out, size_t *count, struct error *err) {
  static const char sql[] = STORE_BLOCKS(
      "account, owner", "from holding where owner_kind = 'body' and role = ?1 and unit = 'pence'");
  struct query *q = NULL;
  const struct column_block *block = NULL;
  struct roles *roles = NULL;
  struct body_account *all = NULL;
  size_t capacity = 0, n = 0;
  enum status status = book_roles(store, arena, &roles, err);
  if (status == DONE) status = store_blocks(store, &q, sql, "ii", err);
  if (status != DONE) return status;
  query_bind_text(q, 1, span_of(roles_of_use(roles, use)));
  while ((status = query_block(q, &block, err)) == DONE && block->rows) {
    array_reserve(all, capacity, n + block->rows);
    for (size_t i = 0; i < block->rows; i++)
      all[n++] = (struct body_account){block->column[0].integers[i], block->column[1].integers[i]};
  }
  query_end(q);
  body_accounts_sort(all, n);
  *out = arena_array(arena, struct body_account, n + 1);
  if (n) memcpy(*out, all, sizeof *all * n);
  *count = n;
  free(all);
  return status;
}

enum status book_account(struct store *store, int64_t id, struct account *out, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(
      store, &q, "select owner_kind, owner, role, unit from account where id = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, id);
  status = query_step(q, &row, err);
  if (status == DONE && !row) status = refuse(err, ACCOUNT_UNKNOWN, (long long)id);
  if (status == DONE) {
    *out = (struct account){.id = id,
                            .owner_kind = owner_kind_of(query_text(q, 0)),
                            .owner = query_int(q, 1)};
    status = read_words(out, query_text(q, 2), query_text(q, 3), err);
  }
  query_end(q);
  return status;
}

enum status book_account_secret(struct store *store, int64_t account,
                                uint8_t secret[ACCOUNT_SECRET_BYTES], bool *there,
                                struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_row_with(store, &q, &row, "select secret from account where id = ?1",
                                      err, account);
  struct span bytes = status == DONE && row ? query_bytes(q, 0) : (struct span){0};
  *there = bytes.size == ACCOUNT_SECRET_BYTES;
  if (*there) memcpy(secret, bytes.bytes, ACCOUNT_SECRET_BYTES);
  query_end(q);
  return status;
}

enum status book_has_balance(struct store *store, int64_t account, bool *has, struct error *err) {
  struct query *q;
  enum status status = store_row_with(store, &q, has, "select 1 from balance where account = ?1",
                                      err, account);
  query_end(q);
  return status;
}

/* ---- reading lines ---- */

enum status book_reading(struct store *store, struct arena *arena, struct reading *out,
                         struct error *err) {
  struct query *numbers = NULL, *q = NULL;
  bool row = true;
  int capacity = 0;
  struct entry_range *pending = NULL;
  struct head head = {0};
  *out = (struct reading){0};
  /* The head first: an entry up to it is then either pending, and left out, or finished, and whole
   * for every statement that follows. The other way round one could finish in between, half of it
   * unread. */
  enum status status = head_ask(store, NULL, &numbers, err);
  if (status == DONE)
    status = store_query(store, &q, "select first, last from pending order by first", err);
  if (status == DONE) status = query_ask(q, err);
  if (status == DONE) status = head_answer(numbers, &head, err);
  out->head = head.entry;
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    if (query_int(q, 0) > out->head) continue;
    array_reserve(pending, capacity, out->pending_count + 1);
    pending[out->pending_count++] = (struct entry_range){query_int(q, 0), query_int(q, 1)};
  }
  query_end(numbers);
  query_end(q);
  if (out->pending_count) {
    out->pending = arena_array(arena, struct entry_range, out->pending_count);
    memcpy(out->pending, pending, sizeof *pending * (size_t)out->pending_count);
  }
  free(pending);
  return status;
}

bool reading_sees(const struct reading *reading, int64_t entry) {
  if (entry > reading->head) return false;
  /* finds the first range that ends at or after the entry */
  int low = 0, high = reading->pending_count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (reading->pending[middle].last < entry) low = middle + 1;
    else high = middle;
  }
  return low == reading->pending_count || reading->pending[low].first > entry;
}

_Static_assert(sizeof(struct entry_range) == 2 * sizeof(int64_t),
               "a list of ranges is a list of their bounds");

void reading_bind(struct query *q, int head, int pending, const struct reading *reading) {
  query_bind_int(q, head, reading->head);
  query_bind_ranges(q, pending, reading->pending_count ? &reading->pending->first : NULL,
                    reading->pending_count);
}

/* From the last to the first: SQLite walks the header of a record up to the requested column, in
 * this order once instead of 16 times (4 % of an audit). Sums read the rare columns only of lines
 * that are of a service or reverse another line, which is one of four. Whoever reads the texts gets
 * every column of every line, also of a damaged one; labels are passed on only where there are
 * some. */
#define PLAIN_COLUMNS "place, body, estimated, category, amount, n, entry, day, account"
#define ALL_COLUMNS "note, reference, " PLAIN_COLUMNS ", " RARE_COLUMNS
#define RARE_COLUMNS "reverses_n, reverses_entry, cost_year, service, quantity"
#define RARE_NONE "reverses_entry is null and service is null"
#define LABEL_COLUMNS "condition, stream, department"
#define LABEL_NONE "department is null and stream is null and condition is null"
#define PLAIN_KINDS "iiiiiiiiiiiiin"
#define ALL_KINDS "tt" PLAIN_KINDS "ttt"

/* The cursor leaves later entries out, not the engine: they are few, and the condition would take a
 * twentieth of a line's time. */
#define OF_RANGE "from line where account between ?1 and ?2"
#define OF_DAYS "day between ?3 and ?4"
#define OF_LIST \
  "from line where {sqlite: account = ?1}{postgresql: account = any(?1::bigint[])} and day " \
  "between ?2 and ?3"
#define OF_CATEGORIES(list) \
  "{sqlite: category in (select value from json_each(" list "))}{postgresql: category = any(" list \
  "::bigint[])}"
#define LINES(columns, rare, none, key, filter) \
  STORE_BLOCKS_BY_KEY(columns, rare, none, key, filter, "order by account, day, entry, n")
#define LINES_WHOLE(key, filter) LINES(ALL_COLUMNS, LABEL_COLUMNS, LABEL_NONE, key, filter)
#define LINES_PLAIN(key, filter) LINES(PLAIN_COLUMNS, RARE_COLUMNS, RARE_NONE, key, filter)

/* The columns that are read, for a range of accounts, for a list, and for a range with all days.
 * Without the two texts a line takes 5 % less time; sums do not need them. */
static const struct {
  const char *range, *list, *any_day, *kinds;
} lines_sql[] = {{LINES_WHOLE(OF_RANGE, OF_DAYS), LINES_WHOLE(OF_LIST, "true"),
                  LINES_WHOLE(OF_RANGE, "true"), ALL_KINDS},
                 {LINES_PLAIN(OF_RANGE, OF_DAYS), LINES_PLAIN(OF_LIST, "true"), NULL, PLAIN_KINDS},
                 {LINES_PLAIN(OF_RANGE, OF_DAYS " and " OF_CATEGORIES("?5")),
                  LINES_PLAIN(OF_LIST, OF_CATEGORIES("?4")), NULL, PLAIN_KINDS},
                 {LINES_PLAIN(OF_RANGE, OF_DAYS " and reverses_entry is not null"),
                  LINES_PLAIN(OF_LIST, "reverses_entry is not null"), NULL, PLAIN_KINDS}};

struct line_cursor {
  struct store *store;
  struct reading reading;
  const int64_t *accounts;
  size_t count, next; /* `next`: the first account not yet asked for */
  day_t from, to;
  bool every; /* lines_between */
  int64_t between[2];
  bool plain;             /* without texts */
  bool corrections;       /* only lines that take another back, without texts */
  struct text categories; /* only these categories, as a list in SQL; empty: all */
  struct query *q;        /* null between two ranges */
  struct line_block block;
  size_t at; /* the next row of it */
  struct line line;
};

enum { SEEK_MAX = 64 };

static enum status open_every(struct line_cursor *l, struct error *err) {
  enum status status = store_blocks(l->store, &l->q, lines_sql[0].any_day, lines_sql[0].kinds, err);
  if (status != DONE) return status;
  query_bind_int(l->q, 1, l->between[0]);
  query_bind_int(l->q, 2, l->between[1]);
  l->next = l->count;
  return DONE;
}

/* A run of consecutive ids is one range, whose lines are all read. A few accounts with some days
 * are searched one by one instead, so that the cost depends on the days asked for and not on the
 * length of lives. On PostgreSQL a list is one array, because a round trip costs more than a
 * search. */
static enum status open_next_range(struct line_cursor *l, struct error *err) {
  if (l->every) return open_every(l, err);
  size_t first = l->next, last = first;
  bool seek = l->count <= SEEK_MAX && l->from > DAY_FIRST,
       postgresql = store_engine_of(l->store) == STORE_POSTGRESQL;
  while (last + 1 < l->count && l->accounts[last + 1] == l->accounts[last] + 1) last++;
  bool as_list = seek || (postgresql && last + 1 < l->count);
  int which = l->corrections ? 3 : l->categories.size ? 2 : l->plain ? 1 : 0;
  enum status status = store_blocks(l->store, &l->q,
                                    as_list ? lines_sql[which].list : lines_sql[which].range,
                                    lines_sql[which].kinds, err);
  if (status != DONE) return status;
  int p = 0;
  if (as_list && postgresql) {
    struct text list = {0};
    for (size_t i = first; i < l->count; i++) {
      text_add_char(&list, i == first ? '{' : ',');
      text_add_int(&list, l->accounts[i]);
    }
    text_add_char(&list, '}');
    query_bind_text(l->q, ++p, span_make(list.bytes, list.size));
    text_release(&list);
    last = l->count - 1;
  } else {
    query_bind_int(l->q, ++p, l->accounts[first]);
    if (as_list) last = first;
    else query_bind_int(l->q, ++p, l->accounts[last]);
  }
  query_bind_int(l->q, p + 1, l->from);
  query_bind_int(l->q, p + 2, l->to);
  if (l->categories.size)
    query_bind_text(l->q, p + 3, span_make(l->categories.bytes, l->categories.size));
  l->next = last + 1;
  return DONE;
}

enum status lines_open(struct line_cursor **out, struct store *store, const struct reading *reading,
                       const int64_t *accounts, size_t count, day_t from, day_t to,
                       struct error *err) {
  (void)err;
  for (size_t i = 1; i < count; i++) assert(accounts[i - 1] < accounts[i]);
  struct line_cursor *l = memory_zeroed(1, sizeof *l);
  *l = (struct line_cursor){.store = store,
                            .reading = *reading,
                            .accounts = accounts,
                            .count = count,
                            .from = from,
                            .to = to};
  *out = l;
  return DONE;
}

enum status lines_between(struct line_cursor **out, struct store *store, int64_t first,
                          int64_t last, struct error *err) {
  (void)err;
  struct line_cursor *l = memory_zeroed(1, sizeof *l);
  *l = (struct line_cursor){.store = store, .count = 1, .every = true, .between = {first, last}};
  *out = l;
  return DONE;
}

void lines_without_texts(struct line_cursor *lines) { lines->plain = true; }

void lines_of_corrections(struct line_cursor *lines) { lines->plain = lines->corrections = true; }

void lines_of_categories(struct line_cursor *lines, const int64_t *categories, size_t count) {
  bool sqlite = store_engine_of(lines->store) == STORE_SQLITE;
  text_add_char(&lines->categories, sqlite ? '[' : '{');
  for (size_t i = 0; i < count; i++) {
    if (i) text_add_char(&lines->categories, ',');
    text_add_int(&lines->categories, categories[i]);
  }
  text_add_char(&lines->categories, sqlite ? ']' : '}');
}

void line_read(struct query *q, struct line *line) {
  line->account = query_int(q, 0);
  line->day = (day_t)query_int(q, 1);
  line->entry = query_int(q, 2);
  line->line_no = (int32_t)query_int(q, 3);
  line->amount = query_int(q, 4);
  line->category = (int32_t)query_int(q, 5);
  line->has_quantity = !query_is_null(q, 6);
  line->quantity = query_int(q, 6);
  line->service = (int32_t)query_int(q, 7);
  line->cost_year = (int32_t)query_int(q, 8);
  line->estimated = query_int(q, 9) != 0;
  line->body = query_int(q, 10);
  line->place = query_int(q, 11);
  line->reference = query_text(q, 12);
  line->note = query_text(q, 13);
  line->reverses_entry = query_int(q, 14);
  line->reverses_line_no = (int32_t)query_int(q, 15);
  line->department = query_text(q, 16);
  line->stream = query_text(q, 17);
  line->condition = query_text(q, 18);
}

void line_keep_texts(struct arena *arena, struct line *line) {
  struct span *const texts[] = {&line->reference, &line->note, &line->department, &line->stream,
                                &line->condition};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    texts[i]->bytes = arena_copy(arena, texts[i]->bytes ? texts[i]->bytes : "", texts[i]->size);
}

void line_of_block(const struct line_block *b, size_t row, struct line *line) {
  *line = (struct line){.account = b->account[row],
                        .day = (day_t)b->day[row],
                        .entry = b->entry[row],
                        .line_no = (int32_t)b->line_no[row],
                        .amount = b->amount[row],
                        .category = (int32_t)b->category[row],
                        .has_quantity = !b->no_quantity[row],
                        .quantity = b->quantity[row],
                        .service = (int32_t)b->service[row],
                        .cost_year = (int32_t)b->cost_year[row],
                        .estimated = b->estimated[row] != 0,
                        .body = b->body[row],
                        .place = b->place[row],
                        .reverses_entry = b->reverses_entry[row],
                        .reverses_line_no = (int32_t)b->reverses_line_no[row]};
  if (!b->note) return;
  line->note = b->note[row];
  line->reference = b->reference[row];
  if (!b->department) return;
  line->department = b->department[row];
  line->stream = b->stream[row];
  line->condition = b->condition[row];
}

static bool sees_all(const struct reading *reading, const int64_t *entries, size_t rows) {
  bool later = false;
  for (size_t i = 0; i < rows; i++) later |= entries[i] > reading->head;
  for (size_t i = 0; !later && reading->pending_count && i < rows; i++)
    later = !reading_sees(reading, entries[i]);
  return !later;
}

/* Removes the lines that the reading does not see; how many are left. */
static size_t leave_out(const struct reading *reading, const struct column_block *block,
                        const char *kinds, const int64_t *entries) {
  size_t kept = 0;
  for (size_t i = 0; i < block->rows; i++) {
    if (!reading_sees(reading, entries[i])) continue;
    for (int c = 0; kinds[c]; c++) {
      const struct block_column *column = &block->column[c];
      if (kinds[c] == 't') column->texts[kept] = column->texts[i];
      else column->integers[kept] = column->integers[i];
      if (kinds[c] == 'n') column->null[kept] = column->null[i];
    }
    kept++;
  }
  return kept;
}

static void name_columns(struct line_cursor *l, const struct column_block *block, bool plain) {
  const struct block_column *c = block->column;
  struct line_block *b = &l->block;
  *b = (struct line_block){.rows = block->rows};
  if (!plain) {
    b->note = c++->texts;
    b->reference = c++->texts;
  }
  const int64_t **const columns[] = {
      &b->place,          &b->body,      &b->estimated, &b->category, &b->amount,
      &b->line_no,        &b->entry,     &b->day,       &b->account,  &b->reverses_line_no,
      &b->reverses_entry, &b->cost_year, &b->service,   &b->quantity};
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) *columns[i] = c[i].integers;
  c += sizeof columns / sizeof *columns;
  b->no_quantity = c[-1].null;
  if (plain || !block->whole) return;
  b->condition = c++->texts;
  b->stream = c++->texts;
  b->department = c->texts;
}

enum status lines_next_block(struct line_cursor *l, const struct line_block **out,
                             struct error *err) {
  const struct column_block *block = NULL;
  bool plain = l->plain || l->categories.size;
  *out = &l->block;
  l->block.rows = 0;
  while (!l->block.rows) {
    if (!l->q && l->next >= l->count) return DONE;
    enum status status = l->q ? DONE : open_next_range(l, err);
    if (status == DONE) status = query_block(l->q, &block, err);
    if (status != DONE) return status;
    if (!block->rows) {
      query_end(l->q);
      l->q = NULL;
      continue;
    }
    name_columns(l, block, plain);
    if (!l->every && !sees_all(&l->reading, l->block.entry, block->rows))
      l->block.rows = leave_out(&l->reading, block, plain ? PLAIN_KINDS : ALL_KINDS,
                                l->block.entry);
  }
  return DONE;
}

enum status lines_next(struct line_cursor *l, const struct line **line, struct error *err) {
  *line = NULL;
  if (l->at == l->block.rows) {
    const struct line_block *block = NULL;
    l->at = 0;
    enum status status = lines_next_block(l, &block, err);
    if (status != DONE || !block->rows) return status;
  }
  line_of_block(&l->block, l->at++, &l->line);
  *line = &l->line;
  return DONE;
}

void lines_close(struct line_cursor *l) {
  if (!l) return;
  query_end(l->q);
  text_release(&l->categories);
  free(l);
}
