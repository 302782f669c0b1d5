/* Posting a call: begin allots numbers, write puts references and lines there in short
 * transactions, finish makes them count. If the program is killed at any moment, either all of the
 * call is in the book, or its numbers remain pending: nobody sees their lines, and the next import
 * deletes them (bulk_sweep). */
#include "base/map.h"
#include "base/money.h"
#include "base/queue.h"
#include "base/refusal.h"
#include "base/thread.h"
#include "book/bulk_call.h"
#include "book/leaf.h"
#include "book/payment_totals.h"
#include "book/rows.h"
#include "proof/tree.h"
#include "register/register.h"
#include "store/head.h"

#include <assert.h>

enum {
  BATCH_LINES = 1024, /* handed from the merge to the writer at once */
  BATCHES_WAITING = 16,
  /* limits how long other writers wait, to some 0.1 s, and keeps the write-ahead log short */
  LINES_A_TRANSACTION = 65536,
  TOTALS_AT_ONCE = 16384, /* of payees; so many are written while lines still come */
};

struct batch {
  struct line *lines;
  int count;
  struct text texts;
  struct payment_totals *totals; /* of payees before its last line; null: none */
};

struct day_index { /* entries of one file by day */
  day_t first, last;
  int32_t *entry; /* index in the call, -1: no entry on that day */
};

struct floored_account {
  int64_t account, change;
};

struct post {
  struct bulk *b;
  /* accounts with a floor, in order, and what this call adds to each */
  struct floored_account *floored;
  int floored_count;
  struct totals totals; /* of both workers, less the dropped rows */
  struct run_record *controls;
  size_t control_count;
  struct day_index *days; /* by file */
  int64_t entry_count;
  int32_t *lines_of; /* by entry index: lines so far, at the end all */
  day_t *day_of;     /* by entry index */
  int32_t *file_of;
  int64_t first;  /* entry number of index 0 */
  int64_t import; /* id of the first file's; 0: of none */
  /* accounts that the call opened, in order of their provisional ids */
  const struct account *opened;
  int64_t opened_count, opened_at, first_account; /* the real id of the first; the rest follow */
  int64_t body_shift;                             /* from provisional ids to those allotted */
  int64_t rows, rows_total;
  /* by entry index: the ledger's order is the leaves' order, so one pass builds every root at
   * once */
  struct tree_range *ranges;
  /* who is paid, in order of account, and what the lines come to so far */
  struct body_account *payees;
  size_t payee_count, payee_at;
  bool payees_twice; /* a payee has two accounts, whose totals are one */
  struct payment_totals *payments;
  struct queue *full;
  struct error merge_error;
  enum status merge_status;
};

/* ---- before: control lines and entries ---- */

static enum status take_back_dropped(struct post *p, struct error *err) {
  struct run_merge *merge = NULL;
  const struct run_record *r = NULL;
  struct bulk *b = p->b;
  if (!references_dropped_count(b->references)) return DONE;
  enum status status = merge_open(&merge, b->runs, NULL, 0, err);
  while (status == DONE && (status = merge_next(merge, &r, err)) == DONE && r) {
    if (!references_dropped(b->references, record_file(r), record_line(r))) continue;
    totals_add(&p->totals, key_high(r->control, record_day(r)),
               key_low(record_file(r), record_category(r), 0), -r->amount, -1);
  }
  merge_close(merge);
  return status;
}

/* The control lines of the call, as records for the merge; the rows of each entry. */
static enum status make_controls(struct post *p, struct error *err) {
  p->controls = memory_zeroed(p->totals.count + 1, sizeof *p->controls);
  for (size_t i = 0; i < p->totals.capacity; i++) {
    const struct total *t = &p->totals.all[i];
    if (!t->high || !t->rows) continue;
    if (t->sum == INT64_MIN) return refuse(err, SUM_OF_DAY_TOO_LARGE);
    p->controls[p->control_count++] =
        (struct run_record){.high = t->high, .low = t->low, .amount = -t->sum};
    p->rows_total += t->rows;
  }
  return DONE;
}

/* One entry a file and day, numbered in that order. */
static void make_entries(struct post *p) {
  int files = p->b->file_count;
  p->days = memory_zeroed((size_t)files + 1, sizeof *p->days);
  for (int f = 0; f < files; f++)
    p->days[f] = (struct day_index){.first = DAY_LAST + 1, .last = DAY_FIRST - 1};
  for (size_t i = 0; i < p->control_count; i++) {
    struct day_index *d = &p->days[record_file(&p->controls[i])];
    day_t day = record_day(&p->controls[i]);
    if (day < d->first) d->first = day;
    if (day > d->last) d->last = day;
  }
  for (int f = 0; f < files; f++) {
    struct day_index *d = &p->days[f];
    if (d->last < d->first) continue;
    d->entry = memory_zeroed((size_t)(d->last - d->first) + 1, sizeof *d->entry);
  }
  for (size_t i = 0; i < p->control_count; i++) {
    struct day_index *d = &p->days[record_file(&p->controls[i])];
    d->entry[record_day(&p->controls[i]) - d->first] = 1;
  }
  for (int f = 0; f < files; f++)
    for (day_t day = p->days[f].first; day <= p->days[f].last; day++)
      p->entry_count += p->days[f].entry[day - p->days[f].first];
  p->lines_of = memory_zeroed((size_t)p->entry_count + 1, sizeof *p->lines_of);
  p->day_of = memory_zeroed((size_t)p->entry_count + 1, sizeof *p->day_of);
  p->file_of = memory_zeroed((size_t)p->entry_count + 1, sizeof *p->file_of);
  p->ranges = memory_zeroed((size_t)p->entry_count + 1, sizeof *p->ranges);
  int32_t at = 0;
  for (int f = 0; f < files; f++) {
    p->b->files[f].first_entry = at;
    for (day_t day = p->days[f].first; day <= p->days[f].last; day++) {
      int32_t *entry = &p->days[f].entry[day - p->days[f].first];
      if (*entry) p->day_of[at] = day, p->file_of[at] = f, *entry = at++;
      else *entry = -1;
    }
    p->b->files[f].last_entry = at - 1;
  }
}

/* ---- begin ---- */

static enum status advance_head(struct post *p, struct error *err) {
  struct bulk *b = p->b;
  int64_t accounts = b->account_count - b->known_count, imports = 0;
  bulk_sort_accounts(b);
  for (int f = 0; f < b->file_count; f++) imports += b->files[f].kind != NULL;
  struct head taken = {
      .entry = p->entry_count, .account = accounts, .body = b->new_body_count, .import = imports};
  enum status status = head_take(b->store, &taken, err);
  if (status != DONE) return status;
  p->first = taken.entry - p->entry_count + 1;
  p->opened = b->accounts + b->known_count;
  p->opened_count = accounts;
  p->first_account = taken.account - accounts + 1;
  p->body_shift = taken.body - b->new_body_count - b->body_base;
  p->import = imports ? taken.import - imports + 1 : 0;
  return DONE;
}

static enum status insert_pending(struct post *p, struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(
      p->b->store, &q, "insert into pending (first, last, state) values (?1, ?2, 'live')", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, p->first);
  query_bind_int(q, 2, p->first + p->entry_count - 1);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status insert_bodies(struct post *p, struct error *err) {
  struct bulk *b = p->b;
  enum status status = DONE;
  for (int i = 0; status == DONE && i < b->new_body_count; i++)
    status = register_insert_body(b->store,
                                  &(struct body){.id = b->body_base + p->body_shift + i + 1,
                                                 .code = b->new_bodies[i].code,
                                                 .name = b->new_bodies[i].name,
                                                 .kind = b->new_bodies[i].kind,
                                                 .company = b->new_bodies[i].company},
                                  err);
  for (int i = 0; status == DONE && i < b->company_count; i++)
    status = register_keep_company(b->store, b->companies[i].body, b->companies[i].number, err);
  return status;
}

static enum status insert_streams(struct post *p, struct error *err) {
  struct bulk *b = p->b;
  enum status status = DONE;
  for (int i = 0; status == DONE && i < b->new_stream_count; i++) {
    struct stream stream = b->new_streams[i], held;
    bool there = false;
    if (stream.owner > b->body_base) stream.owner += p->body_shift;
    status = stream_find(b->store, b->arena, span_of(stream.code), &held, &there, err);
    if (status == DONE && there) status = refuse(err, STREAM_ADDED_MEANWHILE, stream.code);
    if (status == DONE) status = stream_write(b->store, &stream, err);
  }
  return status;
}

/* The accounts of payments, under their real ids. */
static void list_payees(struct post *p) {
  struct bulk *b = p->b;
  p->payees = memory_alloc(sizeof *p->payees * ((size_t)b->account_count + 1));
  for (int i = 0; i < b->account_count; i++) {
    const struct account *a = &b->accounts[i];
    if (!account_is_of_payments(b->roles, a)) continue;
    p->payees[p->payee_count++] =
        (struct body_account){i < b->known_count ? a->id : p->first_account + i - b->known_count,
                              a->owner > b->body_base ? a->owner + p->body_shift : a->owner};
  }
  body_accounts_sort(p->payees, p->payee_count);
  struct map met = {0};
  for (size_t i = 0; i < p->payee_count; i++) {
    const uint64_t body = (uint64_t)p->payees[i].body;
    p->payees_twice |= map_get_number(&met, body, 0) >= 0;
    map_set_number(&met, body, 0, 0);
  }
  map_release(&met);
}

static enum status begin_within(struct post *p, struct error *err) {
  struct bulk *b = p->b;
  enum status status = advance_head(p, err);
  if (status == DONE) status = insert_pending(p, err);
  if (status == DONE && b->new_body_count + b->company_count) status = insert_bodies(p, err);
  if (status == DONE) status = insert_streams(p, err);
  if (status == DONE) list_payees(p);
  for (int64_t i = 0; status == DONE && i < p->opened_count; i++) {
    struct account a = p->opened[i];
    a.id = p->first_account + i;
    if (a.owner_kind == OWNER_BODY && a.owner > b->body_base) a.owner += p->body_shift;
    status = book_insert_account(b->store, &a, FLOOR_NONE, err);
  }
  if (status == DONE) status = store_commit(b->store, err);
  return status;
}

static enum status begin(struct post *p, struct error *err) {
  enum status status = store_begin(p->b->store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = begin_within(p, err);
  if (status != DONE) store_rollback(p->b->store);
  return status;
}

/* ---- write ---- */

static enum status load_floored(struct post *p, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int capacity = 0;
  enum status status = store_query(p->b->store, &q, "select account from balance order by account",
                                   err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    array_reserve(p->floored, capacity, p->floored_count + 1);
    p->floored[p->floored_count++] = (struct floored_account){query_int(q, 0), 0};
  }
  query_end(q);
  return status;
}

static int compare_floored(const void *key, const void *item) {
  int64_t x = *(const int64_t *)key, y = ((const struct floored_account *)item)->account;
  return (x > y) - (x < y);
}

static void note_balance(struct post *p, int64_t account, int64_t amount) {
  struct floored_account *f = array_find(&account, p->floored, p->floored_count, compare_floored);
  if (f) f->change += amount;
}

/* What the merge needs to hash lines. It reads on a connection of its own, in short queries. */
struct hashing {
  struct store *store;
  struct arena *arena;
  struct hasher *hasher;
  struct leaf_codes codes;
  struct secrets *secrets;
  struct entry_days *days; /* of entries whose payments are undone */
  struct text scratch;
};

static enum status hashing_open(struct hashing *h, struct post *p, struct error *err) {
  *h = (struct hashing){.arena = arena_new(), .hasher = hasher_new()};
  enum status status = store_again(&h->store, p->b->store, STORE_READ, err);
  if (status == DONE) status = leaf_codes_load(h->store, h->arena, &h->codes, err);
  if (status == DONE) status = secrets_open(&h->secrets, h->store, err);
  h->days = entry_days_new(h->store);
  return status;
}

static void hashing_close(struct hashing *h) {
  entry_days_free(h->days);
  secrets_close(h->secrets);
  text_release(&h->scratch);
  hasher_free(h->hasher);
  store_close(h->store);
  arena_free(h->arena);
}

static enum status hash_line(struct post *p, struct hashing *h, const struct line *line,
                             struct error *err) {
  const uint8_t *secret = NULL;
  const char *unit = NULL;
  struct digest leaf;
  enum status status = secrets_find(h->secrets, line->account, &secret, &unit, err);
  if (status != DONE) return status;
  if (!secret) return refuse(err, ACCOUNT_ERASED, (long long)line->account);
  const struct codes *codes = h->codes.codes;
  const char *counted_in = line->category >= 1 && line->category <= codes->category_max
                               ? codes->category_unit[line->category]
                               : NULL;
  if (counted_in && strcmp(counted_in, unit) != 0 && !line->reverses_entry)
    return error_set(
        err, FAILED,
        "a row of %s, which is counted in %s, was given to account %lld, which is in %s",
        codes->category_code[line->category], counted_in, (long long)line->account, unit);
  leaf_hash(h->hasher, &h->scratch, &h->codes, unit, secret, line, &leaf);
  tree_range_append(h->hasher, &p->ranges[line->entry - p->first], &leaf);
  return DONE;
}

/* The real id of an account; ids must come in order, as the merged runs give them. */
static int64_t real_account(struct post *p, int64_t account) {
  if (account <= p->b->account_base) return account;
  while (p->opened_at < p->opened_count && p->opened[p->opened_at].id < account) p->opened_at++;
  assert(p->opened_at < p->opened_count && p->opened[p->opened_at].id == account);
  return p->first_account + p->opened_at;
}

/* Its texts lie one behind another from `texts` on, as in a record. */
static void set_texts(struct line *l, const struct run_record *r, const char *texts) {
  const struct run_labels labels = record_labels(r);
  l->reference = span_make(texts, r->reference_size);
  l->note = span_make(texts += r->reference_size, r->note_size);
  if (!r->labelled) return;
  l->department = span_make(texts += r->note_size, labels.department);
  l->stream = span_make(texts += labels.department, labels.stream);
  l->condition = span_make(texts + labels.stream, labels.condition);
}

static size_t texts_size(const struct line *l) {
  return l->reference.size + l->note.size + l->department.size + l->stream.size + l->condition.size;
}

/* Accounts come in order. */
static enum status add_payment(struct post *p, struct hashing *h, const struct line *l,
                               struct error *err) {
  while (p->payee_at < p->payee_count && p->payees[p->payee_at].account < l->account) p->payee_at++;
  if (p->payee_at == p->payee_count || p->payees[p->payee_at].account != l->account) return DONE;
  return payment_totals_add_line(p->payments, h->days, p->payees[p->payee_at].body, l, err);
}

static enum status fill_line(struct post *p, struct hashing *h, const struct run_record *r,
                             struct batch *batch, struct error *err) {
  struct line *l = &batch->lines[batch->count++];
  const struct bulk *b = p->b;
  int32_t entry = p->days[record_file(r)].entry[record_day(r) - p->days[record_file(r)].first];
  *l = (struct line){.account = real_account(p, record_account(r)),
                     .day = record_day(r),
                     .entry = p->first + entry,
                     .line_no = ++p->lines_of[entry],
                     .amount = r->amount,
                     .category = (int32_t)record_category(r),
                     .quantity = r->quantity,
                     .has_quantity = r->has_quantity,
                     .service = r->service,
                     .cost_year = r->cost_year,
                     .estimated = r->estimated,
                     .body = r->body > b->body_base ? r->body + p->body_shift : r->body,
                     .place = r->place,
                     .reverses_entry = r->reverses_entry,
                     .reverses_line_no = r->reverses_line_no};
  if (p->floored_count) note_balance(p, l->account, l->amount);
  set_texts(l, r, record_texts(r));
  enum status status = hash_line(p, h, l, err);
  if (status == DONE) status = add_payment(p, h, l, err);
  /* Keeps an offset for now, since the text may move while it grows. */
  l->reference.bytes = (const char *)(uintptr_t)(batch->texts.size + 1);
  text_add_bytes(&batch->texts, record_texts(r), texts_size(l));
  return status;
}

static struct batch *batch_new(void) {
  struct batch *batch = memory_zeroed(1, sizeof *batch);
  batch->lines = memory_alloc(sizeof *batch->lines * BATCH_LINES);
  return batch;
}

static void batch_free(struct batch *batch) {
  if (!batch) return;
  free(batch->lines);
  payment_totals_free(batch->totals);
  text_release(&batch->texts);
  free(batch);
}

static void batch_settle(struct batch *batch) {
  for (int i = 0; i < batch->count; i++) {
    struct line *l = &batch->lines[i];
    l->reference.bytes = batch->texts.bytes + ((uintptr_t)l->reference.bytes - 1);
    l->note.bytes = l->reference.bytes + l->reference.size;
    l->department.bytes = l->note.bytes + l->note.size;
    l->stream.bytes = l->department.bytes + l->department.size;
    l->condition.bytes = l->stream.bytes + l->stream.size;
  }
}

/* The other thread: merges the runs into lines, numbered and hashed, in batches. */
static void *merge_lines(void *context) {
  struct post *p = context;
  struct run_merge *merge = NULL;
  const struct run_record *r = NULL;
  struct batch *batch = batch_new();
  struct hashing hashing;
  enum status status = hashing_open(&hashing, p, &p->merge_error);
  if (status == DONE)
    status = merge_open(&merge, p->b->runs, p->controls, p->control_count, &p->merge_error);
  while (status == DONE && (status = merge_next(merge, &r, &p->merge_error)) == DONE && r) {
    if (r->control && references_dropped(p->b->references, record_file(r), record_line(r)))
      continue;
    status = fill_line(p, &hashing, r, batch, &p->merge_error);
    if (status != DONE || batch->count < BATCH_LINES) continue;
    batch_settle(batch);
    if (!p->payees_twice) batch->totals = payment_totals_take(p->payments, TOTALS_AT_ONCE);
    if (!queue_put(p->full, batch)) { /* the writer gave up */
      batch->count = 0;
      break;
    }
    batch = batch_new();
  }
  if (status == DONE && batch->count) {
    batch_settle(batch);
    if (queue_put(p->full, batch)) batch = NULL;
  }
  batch_free(batch);
  merge_close(merge);
  hashing_close(&hashing);
  p->merge_status = status;
  queue_close(p->full);
  return NULL;
}

/* Each short transaction first checks that the call is still live: another process may have taken
 * it for dead. */
static enum status still_live(struct post *p, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(
      p->b->store, &q, "select state from pending where first = ?1 {postgresql: for share}", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, p->first);
  status = query_step(q, &row, err);
  if (status == DONE && (!row || !span_is(query_text(q, 0), "live")))
    status = error_set(err, FAILED,
                       "this import was taken for dead by another one and undone; run it again");
  query_end(q);
  return status;
}

static enum status write_batch(struct append *a, const struct batch *batch, bool labelled,
                               struct error *err) {
  for (int i = 0; i < batch->count; i++) {
    enum status status = line_append(a, &batch->lines[i], labelled, err);
    if (status != DONE) return status;
  }
  return DONE;
}

/* Writes and releases the totals that came with some batches. */
static enum status write_totals(struct post *p, struct payment_totals **totals, int count,
                                enum status status, struct error *err) {
  for (int i = 0; i < count; i++) {
    if (status == DONE) status = payment_totals_write(totals[i], p->b->store, p->first, err);
    payment_totals_free(totals[i]);
  }
  return status;
}

/* One transaction of lines; *more is false when the merge has no more. */
static enum status write_some(struct post *p, struct progress *progress, bool *more,
                              struct error *err) {
  struct append *a = NULL;
  struct payment_totals *totals[LINES_A_TRANSACTION / BATCH_LINES];
  int total_count = 0;
  enum status status = store_begin(p->b->store, STORE_BULK, err);
  if (status != DONE) return status;
  status = still_live(p, err);
  /* three empty columns a row would take time and nothing else: bench/import */
  const bool labelled = runs_are_labelled(p->b->runs);
  if (status == DONE)
    status = append_begin(p->b->store, &a, "line",
                          labelled ? LINE_COLUMNS : LINE_COLUMNS_UNLABELLED, err);
  for (int lines = 0; status == DONE && lines < LINES_A_TRANSACTION;) {
    struct batch *batch = queue_take(p->full);
    *more = batch != NULL;
    if (!batch) break;
    status = write_batch(a, batch, labelled, err);
    lines += batch->count;
    p->rows += batch->count;
    progress_update(progress, (uint64_t)p->rows, (uint64_t)p->rows);
    if (batch->totals) {
      /* only full batches have totals, and a transaction holds no more full ones */
      assert(total_count < LINES_A_TRANSACTION / BATCH_LINES);
      totals[total_count++] = batch->totals;
    }
    batch->totals = NULL;
    batch_free(batch);
  }
  if (status == DONE) status = append_end(a, err);
  else append_abandon(a);
  status = write_totals(p, totals, total_count, status, err);
  if (status == DONE) status = store_commit(p->b->store, err);
  if (status != DONE) store_rollback(p->b->store);
  return status;
}

static enum status write_references(struct post *p, struct error *err) {
  for (bool more = true; more;) {
    enum status status = store_begin(p->b->store, STORE_BULK, err);
    if (status != DONE) return status;
    status = still_live(p, err);
    if (status == DONE)
      status = references_write_some(p->b->references, p->b->store, p->first, &more, err);
    if (status == DONE) status = store_commit(p->b->store, err);
    if (status != DONE) {
      store_rollback(p->b->store);
      return status;
    }
  }
  return DONE;
}

static enum status read_reject(struct spool *rejects, uint64_t *at, struct bulk_reject *r,
                               char *texts, struct error *err) {
  enum status status = spool_read(rejects, *at, r, sizeof *r, err);
  size_t size = (size_t)r->column_size + r->value_size + r->reason_size;
  if (status == DONE) status = spool_read(rejects, *at + sizeof *r, texts, size, err);
  *at += sizeof *r + size;
  return status;
}

/* One transaction of refused rows, from *at on. They count once their import's row is there. */
static enum status write_some_rejects(struct post *p, uint64_t *at, char *texts,
                                      struct error *err) {
  struct append *a = NULL;
  struct bulk *b = p->b;
  enum status status = store_begin(b->store, STORE_BULK, err);
  if (status != DONE) return status;
  status = still_live(p, err);
  if (status == DONE)
    status = append_begin(b->store, &a, "reject", "import, line, column_name, value, reason", err);
  for (int rows = 0; status == DONE && rows < LINES_A_TRANSACTION && *at < spool_size(&b->rejects);
       rows++) {
    struct bulk_reject r = {0};
    status = read_reject(&b->rejects, at, &r, texts, err);
    if (status != DONE) break;
    append_int(a, p->import + r.file);
    append_int(a, (int64_t)r.line);
    append_text(a, span_make(texts, r.column_size));
    append_text(a, span_make(texts + r.column_size, r.value_size));
    append_text(a, span_make(texts + r.column_size + r.value_size, r.reason_size));
    status = append_row(a, err);
  }
  if (status == DONE) status = append_end(a, err);
  else append_abandon(a);
  if (status == DONE) status = store_commit(b->store, err);
  if (status != DONE) store_rollback(b->store);
  return status;
}

static enum status write_rejects(struct post *p, struct error *err) {
  struct bulk *b = p->b;
  uint64_t at = 0;
  if (b->reject_status != DONE) return *err = b->reject_error, b->reject_status;
  char *texts = memory_alloc(3 * (UINT16_MAX + 1));
  enum status status = DONE;
  while (status == DONE && at < spool_size(&b->rejects))
    status = write_some_rejects(p, &at, texts, err);
  free(texts);
  return status;
}

static enum status write_lines(struct post *p, struct error *err) {
  struct progress progress = {0};
  pthread_t merger;
  p->full = queue_new(BATCHES_WAITING);
  progress_begin(&progress, p->b->options.progress, "posting",
                 (uint64_t)(p->rows_total + (int64_t)p->control_count));
  progress_report(&progress, p->b->options.watch);
  if (thread_start(&merger, merge_lines, p, "merging", err) != DONE) {
    queue_free(p->full);
    return FAILED;
  }
  enum status status = DONE;
  for (bool more = true; more && status == DONE;) status = write_some(p, &progress, &more, err);
  if (status != DONE) queue_abort(p->full);
  pthread_join(merger, NULL);
  for (struct batch *batch; (batch = queue_drain(p->full));) batch_free(batch);
  queue_free(p->full);
  progress_end(&progress);
  if (status == DONE && p->merge_status != DONE) {
    *err = p->merge_error;
    status = p->merge_status;
  }
  return status;
}

static enum status write_payments(struct post *p, struct error *err) {
  enum status status = store_begin(p->b->store, STORE_BULK, err);
  if (status == DONE) status = still_live(p, err);
  if (status == DONE) status = payment_totals_write(p->payments, p->b->store, p->first, err);
  if (status == DONE) status = store_commit(p->b->store, err);
  if (status != DONE) store_rollback(p->b->store);
  return status;
}

/* ---- finish ---- */

static enum status insert_import(struct post *p, const struct bulk_file *file, int64_t id,
                                 const char *at, struct error *err) {
  struct query *q = NULL;
  enum status status =
      store_query(p->b->store, &q,
                  "insert into import (id, kind, file, digest, rows, rejected, amount, "
                  "first_entry, last_entry, profile, at, who, again) "
                  "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                  err);
  if (status != DONE) return status;
  const char *slash = strrchr(file->path, '/');
  query_bind_int(q, 1, id);
  query_bind_text(q, 2, span_of(file->kind));
  query_bind_text(q, 3, span_of(slash ? slash + 1 : file->path));
  query_bind_bytes(q, 4, file->facts.digest.bytes, sizeof file->facts.digest.bytes);
  query_bind_int(q, 5, file->facts.rows);
  query_bind_int(q, 6, file->rejected);
  query_bind_int(q, 7, file->facts.amount);
  query_bind_int(q, 8, p->first + file->first_entry);
  query_bind_int(q, 9, p->first + file->last_entry);
  query_bind_text(q, 10, span_of(file->facts.profile ? file->facts.profile : ""));
  query_bind_text(q, 11, span_of(at));
  query_bind_text(q, 12, span_of(p->b->options.who));
  if (again_import(p->b->again)) query_bind_int(q, 13, again_import(p->b->again));
  status = query_run(q, err);
  query_end(q);
  if (status == DONE && file->facts.months)
    status = import_months_insert(p->b->store, id, file->facts.months, p->b->body_base,
                                  p->body_shift, err);
  return status;
}

static enum status take_finish_numbers(struct post *p, int64_t *seq, struct error *err) {
  struct head taken = {.logged = p->entry_count};
  enum status status = head_take(p->b->store, &taken, err);
  *seq = taken.logged - p->entry_count;
  return status;
}

static enum status delete_pending(struct store *store, int64_t first, const char *state, bool *was,
                                  struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(store, &q, "delete from pending where first = ?1 and state = ?2",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, first);
  query_bind_text(q, 2, span_of(state));
  status = query_run(q, err);
  *was = status == DONE && query_changes(q) == 1;
  query_end(q);
  return status;
}

static enum status insert_entries(struct post *p, int64_t seq, int64_t import, const char *recorded,
                                  struct error *err) {
  struct bulk *b = p->b;
  struct hasher *hasher = hasher_new();
  enum status status = store_pipeline_begin(b->store, err);
  for (int64_t k = 0; status == DONE && k < p->entry_count; k++) {
    struct digest root;
    tree_range_root(hasher, &p->ranges[k], &root);
    struct entry_row row = {.root = &root,
                            .id = p->first + k,
                            .seq = seq + k + 1,
                            .day = p->day_of[k],
                            .recorded = recorded,
                            .kind = b->options.kind,
                            .import = b->files[p->file_of[k]].kind ? import + p->file_of[k] : 0,
                            .memo = b->options.memo,
                            .lines = p->lines_of[k]};
    status = entry_insert(b->store, &row, err);
  }
  if (status == DONE) status = store_pipeline_end(b->store, err);
  hasher_free(hasher);
  return status;
}

static enum status finish_within(struct post *p, struct bulk_result *result, struct error *err) {
  struct bulk *b = p->b;
  int64_t seq = 0, import = p->import;
  bool live = false;
  char recorded[21];
  clock_write_now(recorded);
  enum status status = take_finish_numbers(p, &seq, err); /* locks the head */
  if (status == DONE) status = delete_pending(b->store, p->first, "live", &live, err);
  if (status == DONE && !live)
    status = error_set(err, FAILED,
                       "this import was taken for dead by another one and undone; run it again");
  if (status == DONE) status = bulk_look_since(b, true, err);
  for (int i = 0; status == DONE && i < p->floored_count; i++)
    if (p->floored[i].change)
      status = balance_change(b->store, p->floored[i].account, p->floored[i].change, err);
  if (status == DONE) status = insert_entries(p, seq, import, recorded, err);
  for (int f = 0; status == DONE && f < b->file_count; f++)
    if (b->files[f].kind) status = insert_import(p, &b->files[f], import + f, recorded, err);
  if (status == DONE && b->along.run) status = b->along.run(b->along.context, b->store, err);
  if (status == DONE) status = store_commit(b->store, err);
  if (status == DONE)
    *result = (struct bulk_result){.first_entry = p->first,
                                   .last_entry = p->first + p->entry_count - 1,
                                   .rows = p->rows_total,
                                   .entries = p->entry_count,
                                   .import = import};
  return status;
}

static enum status finish(struct post *p, struct bulk_result *result, struct error *err) {
  enum status status = store_begin(p->b->store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = finish_within(p, result, err);
  if (status != DONE) store_rollback(p->b->store);
  return status;
}

/* ---- the whole ---- */

static void step_done(const struct post *p, enum bulk_step step) {
  const struct bulk_hook *hook = p->b->options.hook;
  if (hook) hook->between(hook->context, step);
}

/* Merges rows of long buckets from before this call; the next call handles a bucket that this one
 * makes too long. Done before the finish, so that a failure is reported while nothing of the call
 * counts yet. */
static enum status compact(struct bulk *b, struct error *err) {
  struct reading reading;
  enum status status = book_reading(b->store, b->arena, &reading, err);
  return status == DONE ? references_compact(b->references, b->store, &reading, err) : status;
}

/* Writes references first: once they are there, small postings cannot use them. */
static enum status write(struct post *p, struct error *err) {
  enum status status = write_references(p, err);
  if (status != DONE) return status;
  step_done(p, BULK_REFERENCES_WRITTEN);
  status = bulk_look_since(p->b, false, err);
  if (status == DONE) status = write_lines(p, err);
  if (status == DONE) status = write_payments(p, err);
  if (status == DONE) status = write_rejects(p, err);
  if (status == DONE) status = compact(p->b, err);
  if (status != DONE) return status;
  step_done(p, BULK_LINES_WRITTEN);
  status = bulk_look_since(p->b, false, err);
  if (status == DONE) step_done(p, BULK_LOOKED);
  return status;
}

static enum status prepare(struct post *p, struct error *err) {
  for (int i = 0; i < BULK_WORKERS; i++)
    if (!totals_merge(&p->totals, &p->b->totals[i])) return refuse(err, SUM_OF_DAY_TOO_LARGE);
  enum status status = take_back_dropped(p, err);
  if (status == DONE) status = make_controls(p, err);
  if (status != DONE) return status;
  if (!p->control_count) return refuse(err, POSTING_EMPTY);
  make_entries(p);
  return load_floored(p, err);
}

static void release(struct post *p) {
  payment_totals_free(p->payments);
  free(p->payees);
  totals_release(&p->totals);
  for (int f = 0; p->days && f < p->b->file_count; f++) free(p->days[f].entry);
  free(p->days);
  free(p->controls);
  free(p->floored);
  free(p->lines_of);
  free(p->day_of);
  free(p->file_of);
  free(p->ranges);
}

/* Deletes what could not be finished, at once if possible; otherwise the next import does. */
static void take_away(struct bulk *b, struct error *err) {
  struct error why = {0}, first = *err;
  if (bulk_sweep(b->store, &why) == DONE) return;
  store_rollback(b->store);
  error_set(
      err, first.code,
      "%s; what it had written waits for the next import to take it away, for now that failed: %s",
      first.message, why.message);
  err->refusal = first.refusal; /* its arguments stand where they stood */
  error_at(err, first.file, first.line, first.column);
}

/* The call is finished: what fails here counts as it stands, the caller tells of it, and the next
 * import goes on with it. */
static void fold_payments(struct bulk *b, struct error *unfolded) {
  if (payment_totals_fold(b->store, unfolded) != DONE) store_rollback(b->store);
}

enum status bulk_post(struct bulk *b, struct bulk_result *result, struct error *err) {
  struct post p = {.b = b, .payments = payment_totals_new()};
  *result = (struct bulk_result){0};
  enum status status = prepare(&p, err);
  if (status == DONE) {
    step_done(&p, BULK_CHECKED);
    status = begin(&p, err);
    if (status == DONE) {
      step_done(&p, BULK_BEGUN);
      status = write(&p, err);
      if (status == DONE) status = finish(&p, result, err);
      if (status == DONE) step_done(&p, BULK_FINISHED);
      else take_away(b, err);
      if (status == DONE) fold_payments(b, &result->unfolded);
    }
  }
  release(&p);
  return status;
}

/* ---- sweeping after dead imports ---- */

static enum status delete_some(struct store *store, const struct entry_range *range,
                               const char *sql, int64_t from, int64_t to, struct error *err) {
  struct query *q = NULL;
  enum status status = store_begin(store, STORE_BULK, err);
  if (status != DONE) return status;
  status = store_query(store, &q, sql, err);
  if (status == DONE) {
    query_bind_int(q, 1, from);
    query_bind_int(q, 2, to);
    query_bind_int(q, 3, range->first);
    query_bind_int(q, 4, range->last);
    status = query_run(q, err);
    query_end(q);
  }
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

/* In chunks of accounts and buckets, so that the size of a transaction does not depend on the lost
 * file. */
static enum status delete_lines(struct store *store, const struct entry_range *range,
                                struct error *err) {
  enum { ACCOUNTS_AT_ONCE = 20000, BUCKETS_AT_ONCE = 8192, BUCKETS_IN_ALL = 65536 };
  int64_t accounts = 0;
  enum status status = store_int(store, "select max(account) from line", 0, &accounts, err);
  for (int64_t a = 0; status == DONE && a <= accounts; a += ACCOUNTS_AT_ONCE)
    status =
        delete_some(store, range,
                    "delete from line where account between ?1 and ?2 and entry between ?3 and ?4",
                    a, a + ACCOUNTS_AT_ONCE - 1, err);
  for (int64_t b = 0; status == DONE && b < BUCKETS_IN_ALL; b += BUCKETS_AT_ONCE)
    status = delete_some(
        store, range,
        "delete from reference where bucket between ?1 and ?2 and entry between ?3 and ?4", b,
        b + BUCKETS_AT_ONCE - 1, err);
  return status;
}

static enum status make_void(struct store *store, struct error *err) {
  struct query *q = NULL;
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = store_query(store, &q, "update pending set state = 'void' where state = 'live'", err);
  if (status == DONE) status = query_run(q, err);
  query_end(q);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

static enum status delete_rejects(struct store *store, int64_t import, struct error *err) {
  struct query *q = NULL;
  enum status status = store_begin(store, STORE_BULK, err);
  if (status != DONE) return status;
  status = store_query(store, &q, "delete from reject where import = ?1", err);
  if (status == DONE) {
    query_bind_int(q, 1, import);
    status = query_run(q, err);
    query_end(q);
  }
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

/* Refused rows of an import that has no row itself. The numbers are read first, because a cluster
 * cannot delete from one table by a query on another. */
static enum status delete_orphan_rejects(struct store *store, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  struct {
    int64_t *all;
    int count, capacity;
  } orphans = {0};
  enum status status = store_query(store, &q,
                                   "select distinct r.import from reject r left join import i on "
                                   "i.id = r.import where i.id is null",
                                   err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    array_reserve(orphans.all, orphans.capacity, orphans.count + 1);
    orphans.all[orphans.count++] = query_int(q, 0);
  }
  query_end(q);
  for (int i = 0; status == DONE && i < orphans.count; i++)
    status = delete_rejects(store, orphans.all[i], err);
  free(orphans.all);
  return status;
}

enum status bulk_sweep(struct store *store, struct error *err) {
  struct arena *arena = arena_new();
  struct reading reading;
  enum status status = book_reading(store, arena, &reading, err);
  if (status == DONE && reading.pending_count) status = make_void(store, err);
  if (status == DONE && reading.pending_count) status = delete_orphan_rejects(store, err);
  for (int i = 0; status == DONE && i < reading.pending_count; i++) {
    bool was = false;
    status = payment_totals_sweep(store, &reading.pending[i], err);
    if (status == DONE) status = delete_lines(store, &reading.pending[i], err);
    if (status != DONE) break;
    status = store_begin(store, STORE_WRITE, err);
    if (status == DONE) status = delete_pending(store, reading.pending[i].first, "void", &was, err);
    if (status == DONE) status = store_commit(store, err);
    if (status != DONE) store_rollback(store);
  }
  arena_free(arena);
  return status;
}
