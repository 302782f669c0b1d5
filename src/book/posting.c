#include "book/posting.h"

#include "base/money.h"
#include "base/refusal.h"
#include "book/leaf.h"
#include "book/payment_totals.h"
#include "book/references.h"
#include "book/rows.h"
#include "proof/tree.h"
#include "store/head.h"

#include <assert.h>

/* The name of an account, a category, a service, a body or a place, as the leaves have it. */
struct named_account {
  int64_t id;
  struct span name;      /* the code; for an account its unit. Null bytes: there is none */
  int64_t floor;         /* of an account */
  const uint8_t *secret; /* of an account; null: erased */
  struct span unit;      /* of a category: its unit */
  int64_t payee;         /* of an account of payments: whose it is; else 0 */
};
enum names { NAMES_ACCOUNT, NAMES_CATEGORY, NAMES_SERVICE, NAMES_BODY, NAMES_PLACE, NAMES };

struct posting {
  struct store *store;
  struct arena *arena;
  day_t day;
  const char *kind, *memo;
  struct line *lines;
  int count, capacity;
  int64_t settles_account;
  const char *settles_hold;
  struct named_account *named[NAMES];
  int named_count[NAMES], named_asked[NAMES];
  struct entry_range *pending;
  int pending_count, pending_capacity;
  /* pending numbers of a bulk posting that is running, or died and was not swept; first 0: none */
  struct entry_range live;
};

struct posting *posting_begin(struct store *store, day_t day, const char *kind, const char *memo) {
  struct arena *arena = arena_new();
  struct posting *p = arena_alloc(arena, sizeof *p);
  *p = (struct posting){.store = store,
                        .arena = arena,
                        .day = day,
                        .kind = arena_string(arena, kind),
                        .memo = arena_string(arena, memo)};
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
  line_keep_texts(p->arena, l);
}

void posting_settles(struct posting *p, int64_t account, const char *hold) {
  p->settles_account = account;
  p->settles_hold = arena_string(p->arena, hold);
}

/* Takes null. */
static void posting_abandon(struct posting *p) {
  if (!p) return;
  for (int i = 0; i < p->named_count[NAMES_ACCOUNT]; i++)
    if (p->named[NAMES_ACCOUNT][i].secret)
      explicit_bzero((void *)(uintptr_t)p->named[NAMES_ACCOUNT][i].secret, SECRET_BYTES);
  free(p->lines);
  free(p->pending);
  arena_free(p->arena);
}

/* The order of the ledger within an entry; lines of one account and category keep the order in
 * which they were added. */
static int compare_lines(const void *a, const void *b) {
  const struct line *x = a, *y = b;
  if (x->account != y->account) return x->account < y->account ? -1 : 1;
  if (x->category != y->category) return x->category < y->category ? -1 : 1;
  return (x->line_no > y->line_no) - (x->line_no < y->line_no);
}

/* ---- what the lines name ---- */

static struct named_account *named_of(const struct posting *p, enum names what, int64_t id) {
  for (int i = 0; i < p->named_count[what]; i++)
    if (p->named[what][i].id == id) return &p->named[what][i];
  return NULL;
}

static void want(struct posting *p, enum names what, int64_t id) {
  if (id > 0 && !named_of(p, what, id))
    p->named[what][p->named_count[what]++] = (struct named_account){.id = id, .floor = FLOOR_NONE};
}

static void want_all(struct posting *p) {
  for (int k = 0; k < NAMES; k++)
    p->named[k] = arena_array(p->arena, struct named_account, p->count + 1);
  for (int i = 0; i < p->count; i++) {
    const struct line *l = &p->lines[i];
    want(p, NAMES_ACCOUNT, l->account);
    want(p, NAMES_CATEGORY, l->category);
    want(p, NAMES_SERVICE, l->service);
    want(p, NAMES_BODY, l->body);
    want(p, NAMES_PLACE, l->place);
  }
}

static void take_named(struct posting *p, struct query *q) {
  if (query_int(q, 0) == NAMES) {
    array_reserve(p->pending, p->pending_capacity, p->pending_count + 1);
    struct entry_range range = {query_int(q, 1), query_int(q, 3)};
    p->pending[p->pending_count++] = range;
    /* there is one at most: a bulk posting that begins makes void what others left */
    if (span_is(query_text(q, 2), "live")) p->live = range;
    return;
  }
  struct named_account *n = named_of(p, (enum names)query_int(q, 0), query_int(q, 1));
  if (!n) return;
  struct span secret = query_bytes(q, 4);
  n->name = keep_span(p->arena, query_text(q, 2));
  if (!query_is_null(q, 3)) n->floor = query_int(q, 3);
  n->unit = keep_span(p->arena, query_text(q, 5));
  n->payee = query_int(q, 6);
  if (secret.size == SECRET_BYTES)
    n->secret = (const uint8_t *)arena_copy(p->arena, secret.bytes, secret.size);
}

static int compare_ranges(const void *a, const void *b) {
  int64_t x = ((const struct entry_range *)a)->first, y = ((const struct entry_range *)b)->first;
  return (x > y) - (x < y);
}

/* Asks for all names and the pending numbers in one statement: on PostgreSQL waiting for an answer
 * costs more than finding a row. It asks for as many names as a row and its contra have, since
 * PostgreSQL makes each select ready, needed or not. One select for each name: SQLite would first
 * make a table of a list of values. */
#define PAYEE \
  "case when owner_kind = 'body' and unit = 'pence' and role in (select code from account_role " \
  "where use = 'payments') then owner end"
static enum status ask_names(struct posting *p, struct query **out, struct error *err) {
  static const int first[NAMES + 1] = {1, 3, 4, 5, 6, 7}; /* its parameters of each kind */
  enum status status =
      store_query(p->store, out,
                  "select 0, id, unit, floor, secret, unit, " PAYEE " from account where id = ?1"
                  " union all select 0, id, unit, floor, secret, unit, " PAYEE
                  " from account where id = ?2"
                  " union all select 1, id, code, null, null, unit, null from category where id = "
                  "?3"
                  " union all select 2, id, code, null, null, null, null from service where id = ?4"
                  " union all select 3, id, code, null, null, null, null from body where id = ?5"
                  " union all select 4, id, code, null, null, null, null from place where id = ?6"
                  " union all select 5, first, state, last, null, null, null from pending",
                  err);
  if (status != DONE) return status;
  for (int k = 0; k < NAMES; k++)
    for (int at = first[k]; at < first[k + 1] && p->named_asked[k] < p->named_count[k]; at++)
      query_bind_int(*out, at, p->named[k][p->named_asked[k]++].id);
  return query_ask(*out, err);
}

static enum status take_names(struct posting *p, struct query *q, struct error *err) {
  bool row = false;
  enum status status;
  p->pending_count = 0;
  while ((status = query_step(q, &row, err)) == DONE && row) take_named(p, q);
  return status;
}

static enum status check_names(const struct posting *p, struct error *err) {
  static const char *const words[NAMES] = {"account", "category", "service", "body", "place"};
  for (int i = 0; i < p->named_count[NAMES_ACCOUNT]; i++) {
    const struct named_account *a = &p->named[NAMES_ACCOUNT][i];
    if (!a->name.bytes) return refuse(err, ACCOUNT_UNKNOWN, (long long)a->id);
    if (!a->secret) return refuse(err, ACCOUNT_ERASED, (long long)a->id);
  }
  for (int k = NAMES_CATEGORY; k < NAMES; k++)
    for (int i = 0; i < p->named_count[k]; i++)
      if (!p->named[k][i].name.bytes) {
        refuse(err, POSTING_NAME_UNKNOWN, words[k], (long long)p->named[k][i].id);
        return error_at(err, NULL, 0, words[k]);
      }
  return DONE;
}

/* Reads the first answer, and asks for names that did not fit into it. */
static enum status read_names(struct posting *p, struct query *q, struct error *err) {
  enum status status = take_names(p, q, err);
  for (int k = 0; status == DONE && k < NAMES;) {
    if (p->named_asked[k] == p->named_count[k]) {
      k++;
      continue;
    }
    struct query *more = NULL;
    status = ask_names(p, &more, err);
    if (status == DONE) status = take_names(p, more, err);
    query_end(more);
  }
  array_sort(p->pending, p->pending_count, compare_ranges);
  return status == DONE ? check_names(p, err) : status;
}

/* ---- checks ---- */

/* UINT16_MAX: the longest text that a leaf can hold. */
static enum status check_texts(const struct line *l, struct error *err) {
  const struct {
    const char *name;
    size_t size;
  } texts[] = {{"reference", l->reference.size},
               {"note", l->note.size},
               {"department", l->department.size},
               {"stream", l->stream.size},
               {"condition", l->condition.size}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    if (texts[i].size <= UINT16_MAX) continue;
    refuse(err, LINE_TEXT_TOO_LONG, UINT16_MAX);
    return error_at(err, NULL, 0, texts[i].name);
  }
  return DONE;
}

static enum status check_lines(const struct posting *p, struct error *err) {
  if (!p->count) return refuse(err, POSTING_WITHOUT_LINES);
  for (int i = 0; i < p->count; i++) {
    if (p->lines[i].account <= 0)
      return refuse(err, ACCOUNT_UNKNOWN, (long long)p->lines[i].account);
    enum status status = check_texts(&p->lines[i], err);
    if (status != DONE) return status;
  }
  return DONE;
}

/* A line must be in an account of its category's unit; a line that undoes another goes into that
 * line's account, whatever its unit. */
static enum status check_units(const struct posting *p, struct error *err) {
  for (int i = 0; i < p->count; i++) {
    const struct line *l = &p->lines[i];
    const struct named_account *account = named_of(p, NAMES_ACCOUNT, l->account),
                               *category = l->category > 0
                                               ? named_of(p, NAMES_CATEGORY, l->category)
                                               : NULL;
    if (!category || l->reverses_entry || span_equal(category->unit, account->name)) continue;
    (void)refuse(err, LINE_UNITS_DIFFER, SPAN(category->name), SPAN(category->unit),
                 (long long)l->account, SPAN(account->name));
    return error_at(err, NULL, 0, "category");
  }
  return DONE;
}

static enum status is_control(struct store *store, int64_t account, bool *control,
                              struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(store, &q,
                                   "select 1 from account a join account_role r on r.code = a.role "
                                   "and r.use = 'contra' where a.id = ?1",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account);
  status = query_step(q, control, err);
  query_end(q);
  return status;
}

/* Checks sizes, except of control lines, which are sums, and of a line that undoes a posted one,
 * which has the same size. */
static enum status check_sizes(const struct posting *p, struct error *err) {
  for (int i = 0; i < p->count; i++) {
    const struct line *l = &p->lines[i];
    const bool amount = line_holds(l->amount);
    bool control = false;
    if (l->reverses_entry || (amount && line_holds(l->quantity))) continue;
    enum status status = is_control(p->store, l->account, &control, err);
    if (status != DONE) return status;
    if (control) continue;
    (void)refuse(err, LINE_TOO_LARGE, LIMIT_LINE);
    return error_at(err, NULL, 0, amount ? "quantity" : "amount");
  }
  return DONE;
}

static enum status check_sums(const struct posting *p, struct error *err) {
  struct unit_sum {
    struct span unit;
    wide_t sum;
  } *sums = arena_array(p->arena, struct unit_sum, p->count);
  int units = 0;
  for (int i = 0; i < p->count; i++) {
    struct span unit = named_of(p, NAMES_ACCOUNT, p->lines[i].account)->name;
    int u = 0;
    while (u < units && !span_equal(sums[u].unit, unit)) u++;
    if (u == units) sums[units].unit = unit, sums[units++].sum = 0;
    sums[u].sum += p->lines[i].amount;
  }
  for (int u = 0; u < units; u++)
    if (sums[u].sum != 0) {
      char left[WIDE_TEXT_SIZE];
      return refuse(err, POSTING_UNBALANCED, wide_write(sums[u].sum, left), SPAN(sums[u].unit));
    }
  return DONE;
}

static enum status settle_hold(struct posting *p, struct error *err) {
  int64_t amount = 0;
  wide_t given = 0;
  enum status status = hold_end(p->store, p->settles_account, p->settles_hold, "settled", &amount,
                                err);
  if (status != DONE) return status;
  for (int i = 0; i < p->count; i++)
    if (p->lines[i].account == p->settles_account) given -= p->lines[i].amount;
  if (given > amount) return refuse(err, POSTING_PAST_HOLD, p->settles_hold, (long long)amount);
  return DONE;
}

enum status balance_floor(struct store *store, int64_t account, int64_t *floor, struct error *err) {
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

/* As balance_change, where the floor is known already. */
static enum status balance_change_above(struct store *store, int64_t account, int64_t floor,
                                        int64_t change, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t amount = 0, held = 0;
  if (floor == FLOOR_NONE) return DONE;
  enum status status = store_query(
      store, &q,
      "update balance set amount = amount + ?2 where account = ?1 returning amount, held", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, account);
  query_bind_int(q, 2, change);
  status = query_step(q, &row, err);
  if (status == DONE && !row)
    status = error_set(err, FAILED, "account %lld has a floor and no balance; run `weal audit`",
                       (long long)account);
  if (status == DONE) amount = query_int(q, 0), held = query_int(q, 1);
  query_end(q);
  if (status == DONE && change < 0 && amount - held < floor)
    status = refuse(err, ACCOUNT_BELOW_FLOOR, (long long)account, (long long)(amount - held),
                    (long long)floor, (long long)held);
  return status;
}

/* The floor is in the account's own row; there is a balance row only if there is a floor. Accounts
 * come in order of id, so that two postings never wait for each other. */
enum status balance_change(struct store *store, int64_t account, int64_t change,
                           struct error *err) {
  int64_t floor = FLOOR_NONE;
  enum status status = balance_floor(store, account, &floor, err);
  return status == DONE ? balance_change_above(store, account, floor, change, err) : status;
}

static enum status change_balances(struct posting *p, struct error *err) {
  for (int i = 0; i < p->count;) { /* sorted by account */
    int64_t account = p->lines[i].account, change = 0;
    wide_t sum = 0;
    for (; i < p->count && p->lines[i].account == account; i++) sum += p->lines[i].amount;
    if (!wide_narrow(sum, &change)) return refuse(err, ACCOUNT_TOO_LARGE, (long long)account);
    enum status status = balance_change_above(p->store, account,
                                              named_of(p, NAMES_ACCOUNT, account)->floor, change,
                                              err);
    if (status != DONE) return status;
  }
  return DONE;
}

static void accounts_pack(struct text *out, const struct line *lines, int count) {
  for (int i = 0; i < count; i++)
    for (int b = 0; b < ACCOUNT_BYTES; b++)
      text_add_char(out, (char)((uint64_t)lines[i].account >> (56 - 8 * b)));
}

int64_t accounts_at(struct span packed, size_t index) {
  uint64_t account = 0;
  for (size_t b = 0; b < ACCOUNT_BYTES; b++)
    account = account << 8 | (uint8_t)packed.bytes[index * ACCOUNT_BYTES + b];
  return (int64_t)account;
}

enum status entry_insert(struct store *store, const struct entry_row *e, struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(
      store, &q,
      "insert into entry (id, seq, day, recorded, kind, import, memo, lines, root, accounts) "
      "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      err);
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
  if (e->accounts.bytes) query_bind_bytes(q, 10, e->accounts.bytes, e->accounts.size);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static void append_optional(struct append *a, int64_t value) {
  if (value) append_int(a, value);
  else append_null(a);
}

static void append_some(struct append *a, struct span text) {
  append_text(a, text.size ? text : span_make(NULL, 0));
}

enum status line_append(struct append *a, const struct line *l, bool labelled, struct error *err) {
  append_int(a, l->account);
  append_int(a, l->day);
  append_int(a, l->entry);
  append_int(a, l->line_no);
  append_int(a, l->amount);
  append_int(a, l->category);
  if (l->has_quantity) append_int(a, l->quantity);
  else append_null(a);
  append_optional(a, l->service);
  append_optional(a, l->cost_year);
  append_int(a, l->estimated);
  append_optional(a, l->body);
  append_optional(a, l->place);
  append_some(a, l->reference);
  append_some(a, l->note);
  append_optional(a, l->reverses_entry);
  append_optional(a, l->reverses_line_no);
  if (labelled) {
    append_some(a, l->department);
    append_some(a, l->stream);
    append_some(a, l->condition);
  }
  return append_row(a, err);
}

static struct span name_of(const struct posting *p, enum names what, int64_t id) {
  const struct named_account *n = id > 0 ? named_of(p, what, id) : NULL;
  return n ? n->name : span_make(NULL, 0);
}

/* Hashes the lines into leaves, in order of line number. */
static void hash_lines(const struct posting *p, struct hasher *h, struct digest *root) {
  struct tree_range range = {0};
  struct text scratch = {0};
  for (int i = 0; i < p->count; i++) {
    const struct line *l = &p->lines[i];
    const struct named_account *account = named_of(p, NAMES_ACCOUNT, l->account);
    struct leaf_names names = {name_of(p, NAMES_CATEGORY, l->category),
                               name_of(p, NAMES_SERVICE, l->service),
                               name_of(p, NAMES_BODY, l->body), name_of(p, NAMES_PLACE, l->place)};
    struct digest leaf;
    leaf_hash_named(h, &scratch, &names, account->name.bytes, account->secret, l, &leaf);
    tree_range_append(h, &range, &leaf);
  }
  tree_range_root(h, &range, root);
  text_release(&scratch);
}

enum { LINE_PARAMETERS = 19, LINES_AT_ONCE = 2 };

static void bind_optional(struct query *q, int parameter, int64_t value) {
  if (value) query_bind_int(q, parameter, value);
}

/* The parameters begin behind `at`. */
static void bind_line(struct query *q, int at, const struct line *l) {
  query_bind_int(q, at + 1, l->account);
  query_bind_int(q, at + 2, l->day);
  query_bind_int(q, at + 3, l->entry);
  query_bind_int(q, at + 4, l->line_no);
  query_bind_int(q, at + 5, l->amount);
  query_bind_int(q, at + 6, l->category);
  if (l->has_quantity) query_bind_int(q, at + 7, l->quantity);
  bind_optional(q, at + 8, l->service);
  bind_optional(q, at + 9, l->cost_year);
  query_bind_int(q, at + 10, l->estimated);
  bind_optional(q, at + 11, l->body);
  bind_optional(q, at + 12, l->place);
  if (l->reference.size) query_bind_text(q, at + 13, l->reference);
  if (l->note.size) query_bind_text(q, at + 14, l->note);
  bind_optional(q, at + 15, l->reverses_entry);
  bind_optional(q, at + 16, l->reverses_line_no);
  if (l->department.size) query_bind_text(q, at + 17, l->department);
  if (l->stream.size) query_bind_text(q, at + 18, l->stream);
  if (l->condition.size) query_bind_text(q, at + 19, l->condition);
}

static enum status insert_lines(struct store *store, const struct line *lines, int count,
                                struct error *err) {
  static const char *const sql[LINES_AT_ONCE + 1] = {
      [1] = "insert into line (" LINE_COLUMNS
            ") values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
            "?18, ?19)",
      [2] = "insert into line (" LINE_COLUMNS
            ") values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
            "?18, ?19), (?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, "
            "?34, ?35, ?36, ?37, ?38)"};
  struct query *q = NULL;
  enum status status = store_query(store, &q, sql[count], err);
  if (status != DONE) return status;
  for (int i = 0; i < count; i++) bind_line(q, i * LINE_PARAMETERS, &lines[i]);
  status = query_run_later(q, err);
  query_end(q);
  return status;
}

/* Uses statements, not an append: for a few rows, beginning and ending PostgreSQL's COPY costs more
 * than the rows. Writes two lines by one statement: a row and its contra. */
static enum status write_lines(const struct posting *p, struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < p->count; i += LINES_AT_ONCE) {
    int left = p->count - i;
    status = insert_lines(p->store, &p->lines[i], left < LINES_AT_ONCE ? left : LINES_AT_ONCE, err);
  }
  return status;
}

enum { ASKED_NUMBERS, ASKED_NAMES, ASKED_REFERENCES, ASKED_MOST = 8 };

/* Asks for everything at once: the head row first, so that all answers are from the moment when it
 * was locked. */
static enum status ask_all(struct posting *p, const struct reference_key *once, int once_count,
                           struct query *asked[ASKED_MOST], struct error *err) {
  want_all(p);
  enum status status = head_ask(p->store, &(struct head){.entry = 1, .logged = 1},
                                &asked[ASKED_NUMBERS], err);
  if (status == DONE) status = ask_names(p, &asked[ASKED_NAMES], err);
  for (int i = 0; status == DONE && i < once_count && ASKED_REFERENCES + i < ASKED_MOST; i++)
    status = references_ask(p->store, &once[i], &asked[ASKED_REFERENCES + i], err);
  return status;
}

/* *waits: the first reference that live numbers hold; null: none. */
static enum status check_references(const struct posting *p, int64_t entry,
                                    const struct reference_key *once, int once_count,
                                    struct query *asked[ASKED_MOST],
                                    const struct reference_key **waits, struct error *err) {
  struct reading reading = {entry, p->pending, p->pending_count};
  enum status status = DONE;
  for (int i = 0; status == DONE && i < once_count; i++) {
    bool live = false;
    struct query *more = NULL,
                 *q = ASKED_REFERENCES + i < ASKED_MOST ? asked[ASKED_REFERENCES + i] : NULL;
    if (!q) status = references_ask(p->store, &once[i], &more, err);
    if (status == DONE)
      status = references_answer(q ? q : more, &reading, &p->live, &once[i], &live, err);
    query_end(more);
    if (live && !*waits) *waits = &once[i];
  }
  return status;
}

/* A bulk posting holds this lock while it runs; live numbers without the lock belong to one that
 * died and never finishes. */
static enum status check_at_work(struct store *store, const struct reference_key *waits,
                                 struct error *err) {
  bool mine = false;
  enum status status = store_lock(store, BULK_LOCK, false, &mine, err);
  if (status != DONE) return status;
  if (!mine) return references_refuse_pending(waits, err);
  store_unlock(store, BULK_LOCK);
  return DONE;
}

/* ---- kept totals ---- */

static enum status add_payments(const struct posting *p, struct payment_totals *totals,
                                struct entry_days *days, struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < p->count; i++) {
    const struct line *l = &p->lines[i];
    const struct named_account *account = named_of(p, NAMES_ACCOUNT, l->account);
    if (account->payee) status = payment_totals_add_line(totals, days, account->payee, l, err);
  }
  return status;
}

static enum status change_payment_totals(const struct posting *p, struct error *err) {
  bool some = false;
  for (int i = 0; i < p->named_count[NAMES_ACCOUNT]; i++)
    some |= p->named[NAMES_ACCOUNT][i].payee != 0;
  if (!some) return DONE;
  struct payment_totals *totals = payment_totals_new();
  struct entry_days *days = entry_days_new(p->store);
  enum status status = add_payments(p, totals, days, err);
  if (status == DONE) status = payment_totals_post(totals, p->store, err);
  entry_days_free(days);
  payment_totals_free(totals);
  return status;
}

static enum status write_all(struct posting *p, int64_t entry, int64_t seq, struct hasher *h,
                             const struct reference_key *once, int once_count, struct error *err) {
  char recorded[21];
  struct digest root;
  for (int i = 0; i < p->count; i++) {
    p->lines[i].entry = entry;
    p->lines[i].line_no = i + 1;
  }
  hash_lines(p, h, &root);
  struct text accounts = {0};
  accounts_pack(&accounts, p->lines, p->count);
  struct entry_row row = {.id = entry,
                          .seq = seq,
                          .day = p->day,
                          .recorded = clock_write_now(recorded),
                          .kind = p->kind,
                          .memo = p->memo,
                          .lines = p->count,
                          .root = &root,
                          .accounts = span_make(accounts.bytes, accounts.size)};
  enum status status = write_lines(p, err);
  if (status == DONE) status = change_payment_totals(p, err);
  if (status == DONE) status = references_write_few(p->store, once, once_count, entry, err);
  /* its result is awaited, and with it those of the statements before */
  if (status == DONE) status = entry_insert(p->store, &row, err);
  text_release(&accounts);
  return status;
}

static enum status post_within(struct posting *p, int64_t *entry, struct error *err) {
  struct query *asked[ASKED_MOST] = {NULL};
  struct reference_key *once = arena_array(p->arena, struct reference_key, p->count + 1);
  const struct reference_key *waits = NULL;
  struct hasher *h = hasher_new();
  struct head taken = {0};
  int once_count = references_of_lines(h, p->lines, p->count, once);
  enum status status = references_twice(once, once_count, err);
  if (status == DONE) status = ask_all(p, once, once_count, asked, err);
  if (status == DONE) status = head_answer(asked[ASKED_NUMBERS], &taken, err);
  if (status == DONE) *entry = taken.entry;
  if (status == DONE) status = read_names(p, asked[ASKED_NAMES], err);
  if (status == DONE) status = check_units(p, err);
  if (status == DONE) status = check_sizes(p, err);
  if (status == DONE) status = check_sums(p, err);
  if (status == DONE && p->settles_hold) status = settle_hold(p, err);
  if (status == DONE) status = change_balances(p, err);
  if (status == DONE) status = check_references(p, *entry, once, once_count, asked, &waits, err);
  for (int i = 0; i < ASKED_MOST; i++) query_end(asked[i]);
  if (status == DONE && waits) status = check_at_work(p->store, waits, err);
  if (status == DONE) status = write_all(p, *entry, taken.logged, h, once, once_count, err);
  hasher_free(h);
  return status;
}

enum status posting_post(struct posting *p, int64_t *entry, struct error *err) {
  for (int i = 0; i < p->count; i++) p->lines[i].line_no = i;
  array_sort(p->lines, p->count, compare_lines);
  int64_t number = 0;
  enum status status = check_lines(p, err);
  if (status == DONE) status = post_within(p, &number, err);
  if (status == DONE) *entry = number;
  posting_abandon(p);
  return status;
}

enum status posting_commit(struct posting *p, int64_t *entry, struct error *err) {
  struct store *store = p->store;
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status != DONE) {
    posting_abandon(p);
    return status;
  }
  status = posting_post(p, entry, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

enum status book_balance(struct store *store, const struct reading *reading, int64_t account,
                         day_t to, wide_t *amount, struct error *err) {
  struct line_cursor *lines = NULL;
  const struct line *line = NULL;
  *amount = 0;
  enum status status = lines_open(&lines, store, reading, &account, 1, DAY_FIRST, to, err);
  while (status == DONE && (status = lines_next(lines, &line, err)) == DONE && line)
    *amount += line->amount;
  lines_close(lines);
  return status;
}
