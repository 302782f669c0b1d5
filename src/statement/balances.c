/* One grouping query for each chunk of accounts, on every core; book/scan.h says why it is a query.
 * The ledger is clustered by account, so nothing is sorted. */
#include "statement/balances.h"

#include "base/json.h"
#include "base/money.h"
#include "book/line_reads.h"
#include "book/scan.h"
#include "register/names.h"
#include "store/head.h"

enum { FLUSH_BYTES = 256 << 10, CHUNKS_MAX = 256 };

struct balance {
  int64_t account, lines;
  wide_t amount;
};

struct balance_chunk {
  struct balance *all;
  size_t count, capacity;
};

struct owner_names {
  const char **person;
  int64_t person_max;
  const char **body;
  int64_t body_max;
};

struct balances {
  struct store *store;
  struct reading reading;
  day_t on;
  struct balance_chunk chunks[CHUNKS_MAX];
};
struct balance_worker {
  struct balances *balances;
  struct store *store;
};

/* Accounts are items, numbered from 0; their ids begin with 1. */
static enum status sum_chunk(void *worker, struct scan_chunk *chunk, struct error *err) {
  struct balance_worker *w = worker;
  const struct balances *b = w->balances;
  struct balance_chunk *s = &w->balances->chunks[chunk->number];
  struct query *q = NULL;
  struct account_sum sum;
  bool some = false;
  enum status status = account_sums_open(w->store, &b->reading, chunk->first + 1, chunk->end, b->on,
                                         &q, err);
  if (status != DONE) return status;
  while ((status = account_sums_next(q, &sum, &some, err)) == DONE && some) {
    array_reserve(s->all, s->capacity, s->count + 1);
    s->all[s->count++] = (struct balance){sum.account, sum.lines, sum.sum};
  }
  query_end(q);
  return status;
}

static void *begin_worker(void *context, struct store *store) {
  struct balance_worker *w = memory_zeroed(1, sizeof *w);
  *w = (struct balance_worker){context, store};
  return w;
}

static void end_worker(void *context, void *worker) {
  (void)context;
  free(worker);
}

static enum status sum_all(struct balances *b, int64_t accounts, struct error *err) {
  static const struct scan_reader reader = {begin_worker, sum_chunk, NULL, end_worker};
  const struct scan scan = {.store = b->store,
                            .reader = &reader,
                            .context = b,
                            .items = accounts,
                            .chunk_items = accounts / CHUNKS_MAX + 1};
  return scan_run(&scan, err);
}

struct balance_writer {
  enum format format;
  struct text *out;
  struct text cell;
  struct balances *balances;
  struct units *units;
  struct roles *roles;
  struct arena *arena;
};

static void add_owner(struct text *t, const struct account *a, const struct owner_names *names) {
  const char *code = a->owner_kind == OWNER_PERSON && a->owner <= names->person_max
                         ? names->person[a->owner]
                     : a->owner_kind == OWNER_BODY && a->owner <= names->body_max
                         ? names->body[a->owner]
                         : NULL;
  if (a->owner_kind == OWNER_BOOK) text_add(t, "book");
  else if (a->owner_kind == OWNER_BODY) text_addf(t, "body:%s", code ? code : "?");
  else text_add(t, code ? code : "?");
}

/* `too large (2:1, 5:3)` where the balance cannot be shown: with its largest lines, if it has some
 * that can be undone. */
static void add_balance(const struct balance_writer *w, struct text *t, const struct account *a,
                        const struct balance *b, const char *largest) {
  const struct book_unit *unit = units_find(w->units, span_of(a->unit));
  if (largest && *largest) text_addf(t, "too large (%s)", largest);
  else if (largest) text_add(t, "too large");
  else if (strcmp(a->unit, UNIT_PENCE) == 0) text_add_money(t, (int64_t)b->amount);
  else text_add_decimal(t, (int64_t)b->amount, unit ? unit->scale : 0);
}

/* Finds the largest lines of a balance that is too large to be shown, among those that `weal
 * reverse` can undo: none in a control account, whose lines are contras, and none that was undone
 * or undoes another. Null where the balance is shown. */
static enum status find_largest(const struct balance_writer *w, const struct account *a,
                                const struct balance *b, const char **out, struct error *err) {
  struct loaded_lines loaded_line = {0};
  struct largest largest = {0};
  *out = NULL;
  if (wide_shown(b->amount)) return DONE;
  *out = "";
  if (roles_is(w->roles, span_of(a->role), ROLE_CONTRA)) return DONE;
  enum status status = figures_load(&loaded_line, w->balances->store, &w->balances->reading,
                                    &b->account, 1, DAY_FIRST, w->balances->on, err);
  if (status == DONE) {
    struct loaded_line **lines = memory_zeroed(loaded_line.count + 1, sizeof *lines);
    for (size_t i = 0; i < loaded_line.count; i++) lines[i] = &loaded_line.all[i];
    figures_cancel(lines, loaded_line.count);
    free(lines);
  }
  for (size_t i = 0; status == DONE && i < loaded_line.count; i++)
    if (!loaded_line.all[i].cancelled && !loaded_line.all[i].reverses_entry)
      largest_add(&largest, loaded_line.all[i].entry, loaded_line.all[i].line_no,
                  loaded_line.all[i].amount);
  figures_release(&loaded_line);
  if (status == DONE) *out = largest_names(&largest, w->arena);
  return status;
}

static void pad_to(struct text *t, size_t start, size_t width) {
  while (t->size < start + width) text_add_char(t, ' ');
}

static void write_text_row(struct balance_writer *w, const struct account *a,
                           const struct balance *b, const char *largest) {
  struct text *t = w->out;
  size_t start = t->size;
  text_addf(t, "%10lld  ", (long long)b->account);
  text_add_span(t, span_make(w->cell.bytes, w->cell.size));
  pad_to(t, start, 34);
  const bool pounds = strcmp(a->unit, UNIT_PENCE) == 0;
  text_addf(t, " %-9s %-8s ", a->role, pounds ? "pounds" : a->unit);
  text_clear(&w->cell);
  if (pounds && !largest) text_add_pounds(&w->cell, (int64_t)b->amount);
  else {
    if (!largest && b->amount < 0) text_add(&w->cell, "\xE2\x88\x92");
    const struct balance size = {.amount = b->amount < 0 ? -b->amount : b->amount};
    add_balance(w, &w->cell, a, largest ? b : &size, largest);
  }
  for (size_t i = utf8_width(span_make(w->cell.bytes, w->cell.size)); i < 18; i++)
    text_add_char(t, ' ');
  text_addf(t, "%s %10lld\n", w->cell.bytes, (long long)b->lines);
}

static enum status write_row(struct balance_writer *w, const struct account *a,
                             const struct balance *b, const struct owner_names *names,
                             struct error *err) {
  struct text *t = w->out;
  const char *largest = NULL;
  enum status status = find_largest(w, a, b, &largest, err);
  if (status != DONE) return status;
  text_clear(&w->cell);
  add_owner(&w->cell, a, names);
  struct span owner = span_make(w->cell.bytes, w->cell.size);
  if (w->format == FORMAT_JSON) {
    struct json j;
    json_begin(&j, t);
    json_open_object(&j, NULL);
    json_int(&j, "account", b->account);
    json_text(&j, "owner", owner);
    json_text(&j, "role", span_of(a->role));
    json_text(&j, "unit", span_of(a->unit));
    if (largest) json_none(&j, "balance");
    else json_int(&j, "balance", (int64_t)b->amount);
    json_int(&j, "lines", b->lines);
    if (largest && *largest) json_text(&j, "largest", span_of(largest));
    else if (largest) json_none(&j, "largest");
    json_close_object(&j);
    text_add_char(t, '\n');
  } else if (w->format == FORMAT_CSV) {
    text_add_int(t, b->account);
    text_add_char(t, ',');
    text_add_csv_guarded(t, owner);
    text_addf(t, ",%s,%s,", a->role, a->unit);
    text_clear(&w->cell);
    add_balance(w, &w->cell, a, b, largest);
    text_add_csv(t, span_make(w->cell.bytes, w->cell.size));
    text_add_char(t, ',');
    text_add_int(t, b->lines);
    text_add_char(t, '\n');
  } else write_text_row(w, a, b, largest);
  return DONE;
}

static int compare_accounts(const void *a, const void *b) {
  int64_t x = ((const struct account *)a)->id, y = ((const struct account *)b)->id;
  return (x > y) - (x < y);
}

/* Accounts of every kind of owner, by id. */
static enum status load_accounts(struct store *store, struct arena *arena, struct account **out,
                                 int *out_count, struct error *err) {
  struct account *part[3];
  int count[3], total = 0;
  for (int k = 0; k < 3; k++) {
    enum status status = book_accounts_all(store, arena, (enum owner_kind)k, &part[k], &count[k],
                                           err);
    if (status != DONE) return status;
    total += count[k];
  }
  *out = arena_array(arena, struct account, total + 1);
  *out_count = 0;
  for (int k = 0; k < 3; k++)
    for (int i = 0; i < count[k]; i++) (*out)[(*out_count)++] = part[k][i];
  array_sort(*out, total, compare_accounts);
  return DONE;
}

static enum status write_all(struct balances *b, struct arena *arena, struct balance_writer *w,
                             enum status (*flush)(void *context, struct text *out), void *context,
                             struct error *err) {
  struct account *accounts = NULL;
  int account_count = 0, at = 0;
  struct owner_names names = {0};
  enum status status = book_units(b->store, arena, &w->units, err);
  if (status == DONE) status = book_roles(b->store, arena, &w->roles, err);
  if (status == DONE) status = load_accounts(b->store, arena, &accounts, &account_count, err);
  if (status == DONE)
    status = register_codes(b->store, arena, REGISTER_PERSONS, &names.person, &names.person_max,
                            err);
  if (status == DONE)
    status = register_codes(b->store, arena, REGISTER_BODIES, &names.body, &names.body_max, err);
  if (status != DONE) return status;
  if (w->format == FORMAT_CSV) text_add(w->out, "account,owner,role,unit,balance,lines\n");
  if (w->format == FORMAT_TEXT)
    text_addf(w->out, "%10s  %-22s %-9s %-8s %18s %10s\n", "Account", "Owner", "Role", "Unit",
              "Balance", "Lines");
  for (int s = 0; s < CHUNKS_MAX; s++)
    for (size_t i = 0; i < b->chunks[s].count; i++) {
      const struct balance *balance = &b->chunks[s].all[i];
      while (at < account_count && accounts[at].id < balance->account) at++;
      if (at == account_count || accounts[at].id != balance->account)
        return error_set(err, FAILED, "account %lld has lines and does not exist; run `weal audit`",
                         (long long)balance->account);
      if ((status = write_row(w, &accounts[at], balance, &names, err)) != DONE) return status;
      if (w->out->size >= FLUSH_BYTES && (status = flush(context, w->out)) != DONE) return status;
    }
  return DONE;
}

enum status balances_write(struct store *store, const struct balances_options *options,
                           struct text *out, enum status (*flush)(void *context, struct text *out),
                           void *context, struct error *err) {
  struct arena *arena = arena_new();
  struct balances *b = memory_zeroed(1, sizeof *b);
  struct balance_writer w = {.format = options->format, .out = out, .balances = b, .arena = arena};
  struct head head;
  *b = (struct balances){.store = store, .on = options->on};
  enum status status = store_lock_shared(store, BOOK_LOCK, err);
  bool locked = status == DONE;
  if (status == DONE && options->reading) b->reading = *options->reading;
  else if (status == DONE) status = book_reading(store, arena, &b->reading, err);
  if (status == DONE) status = head_read(store, &head, err);
  if (status == DONE) status = sum_all(b, head.account, err);
  if (status == DONE) status = write_all(b, arena, &w, flush, context, err);
  if (locked) store_unlock(store, BOOK_LOCK);
  for (int s = 0; s < CHUNKS_MAX; s++) free(b->chunks[s].all);
  text_release(&w.cell);
  free(b);
  arena_free(arena);
  return status;
}
