/* The audit reads the whole ledger once, in stretches of accounts on every core, and keeps for each entry what its lines add up to; then it holds that against
 * the journal, and the balances against the lines. */
#include "book/audit.h"

#include "base/limits.h"
#include "base/money.h"
#include "base/worker.h"

#include <assert.h>
#include <pthread.h>
#include <stdarg.h>

enum { UNITS_MAX = 8, STRETCH_ACCOUNTS = 8192, FINDINGS_A_KIND = 100 };

struct entry_sum {
  int64_t amount[2];   /* pence, minutes: nearly all */
  int64_t lines, n_sum;
  int32_t n_max;
};

struct other_sum { int64_t entry, amount; int unit; }; /* of further units: rare */

struct reversing { int64_t account, entry, reverses_entry, amount, quantity; int32_t n, reverses_n, category; };

struct floored { int64_t account, amount, held, sum; };

struct audit {
  struct store *store;
  const struct audit_options *options;
  struct audit_result *result;
  struct arena *arena;
  struct reading reading;
  char units[UNITS_MAX][12]; int unit_count;
  uint8_t *unit_of; int64_t account_max; /* by account id; 255: no such account */
  struct entry_sum *sums;                /* by entry number, of all threads: each adds its own at its end */
  struct floored *floored; int floored_count;
  struct reversing *reversing; size_t reversing_count, reversing_capacity;
  struct other_sum *others; size_t other_count, other_capacity;
  pthread_mutex_t mutex;
  int64_t next_account, lines_done, lines_expected;
  struct progress progress;
  enum status status;
  struct error err;
  int findings_of_kind[16];
};

enum finding_kind { FINDING_SUM, FINDING_COUNT, FINDING_NO_ENTRY, FINDING_SEQ, FINDING_HEAD, FINDING_BALANCE, FINDING_HOLD, FINDING_REVERSAL, FINDING_ACCOUNT, FINDING_REFERENCE, FINDING_CODE };

/* Says it, but of one kind only the first hundred: a store that is damaged in one way is damaged often. */
static void PRINTF(3, 4) find(struct audit *a, enum finding_kind kind, const char *format, ...) {
  pthread_mutex_lock(&a->mutex);
  a->result->findings++;
  if (++a->findings_of_kind[kind] <= FINDINGS_A_KIND && a->options->finding) {
    char sentence[512];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    a->options->finding(a->options->context, sentence);
  }
  pthread_mutex_unlock(&a->mutex);
}

/* ---- what is needed to read lines ---- */

static int unit_index(struct audit *a, struct span unit) {
  for (int u = 0; u < a->unit_count; u++)
    if (span_is(unit, a->units[u])) return u;
  if (a->unit_count == UNITS_MAX || unit.size >= sizeof a->units[0]) return UNITS_MAX - 1;
  memcpy(a->units[a->unit_count], unit.bytes, unit.size);
  return a->unit_count++;
}

static enum status load_accounts(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_int(a->store, "select account from head where id = 1", 0, &a->account_max, err);
  if (status != DONE) return status;
  unit_index(a, span_of("pence"));
  unit_index(a, span_of("minutes"));
  a->unit_of = memory_alloc((size_t)a->account_max + 1);
  memset(a->unit_of, 255, (size_t)a->account_max + 1);
  status = store_stream(a->store, &q, "select id, unit from account", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t id = query_int(q, 0);
    a->result->accounts++;
    if (id < 1 || id > a->account_max) find(a, FINDING_ACCOUNT, "account %lld lies past the last one allotted, %lld", (long long)id, (long long)a->account_max);
    else a->unit_of[id] = (uint8_t)unit_index(a, query_text(q, 1));
  }
  query_end(q);
  return status;
}

static enum status load_balances(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int capacity = 0;
  enum status status = store_query(a->store, &q, "select account, amount, held from balance order by account", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    array_reserve(a->floored, capacity, a->floored_count + 1);
    a->floored[a->floored_count++] = (struct floored){query_int(q, 0), query_int(q, 1), query_int(q, 2), 0};
  }
  query_end(q);
  return status;
}

/* ---- the scan ---- */

struct scan {
  struct audit *a;
  struct store *store;
  struct entry_sum *sums;
  int64_t lines;
};

static int compare_floored(const void *key, const void *item) {
  int64_t x = *(const int64_t *)key, y = ((const struct floored *)item)->account;
  return (x > y) - (x < y);
}

static void add_other(struct audit *a, int64_t entry, int unit, int64_t amount) {
  pthread_mutex_lock(&a->mutex);
  array_reserve(a->others, a->other_capacity, a->other_count + 1);
  a->others[a->other_count++] = (struct other_sum){entry, amount, unit};
  pthread_mutex_unlock(&a->mutex);
}

static void add_reversing(struct audit *a, struct query *q, int64_t account, int64_t entry, int32_t n, int64_t amount) {
  pthread_mutex_lock(&a->mutex);
  array_reserve(a->reversing, a->reversing_capacity, a->reversing_count + 1);
  a->reversing[a->reversing_count++] = (struct reversing){.account = account, .entry = entry, .n = n, .amount = amount, .reverses_entry = query_int(q, 4),
                                                          .reverses_n = (int32_t)query_int(q, 5), .quantity = query_int(q, 6), .category = (int32_t)query_int(q, 7)};
  pthread_mutex_unlock(&a->mutex);
}

static void take_line(struct scan *s, struct query *q) {
  struct audit *a = s->a;
  int64_t account = query_int(q, 0), entry = query_int(q, 1), amount = query_int(q, 3);
  int32_t n = (int32_t)query_int(q, 2);
  s->lines++;
  if (!reading_sees(&a->reading, entry) || entry < 1) {
    if (entry > a->reading.head || entry < 1) find(a, FINDING_NO_ENTRY, "entry %lld: a line of account %lld stands under a number that was never allotted", (long long)entry, (long long)account);
    return;
  }
  int unit = account >= 1 && account <= a->account_max ? a->unit_of[account] : 255;
  if (unit == 255) {
    find(a, FINDING_ACCOUNT, "entry %lld: line %d stands in account %lld, which does not exist", (long long)entry, n, (long long)account);
    unit = 0;
  }
  struct entry_sum *sum = &s->sums[entry];
  if (unit < 2) sum->amount[unit] = (int64_t)((uint64_t)sum->amount[unit] + (uint64_t)amount); /* wraps alike in every order: zero is zero */
  else add_other(a, entry, unit, amount);
  sum->lines++;
  sum->n_sum += n;
  if (n > sum->n_max) sum->n_max = n;
  if (!query_is_null(q, 4)) add_reversing(a, q, account, entry, n, amount);
  if (a->floored_count) {
    struct floored *f = bsearch(&account, a->floored, (size_t)a->floored_count, sizeof *a->floored, compare_floored);
    if (f) f->sum += amount; /* one thread has all lines of an account */
  }
}

static enum status scan_stretch(struct scan *s, int64_t from, int64_t to, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_stream(s->store, &q,
      "select account, entry, n, amount, reverses_entry, reverses_n, quantity, category from line where account between ?1 and ?2", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, from);
  query_bind_int(q, 2, to);
  while ((status = query_step(q, &row, err)) == DONE && row) take_line(s, q);
  query_end(q);
  return status;
}

static bool next_stretch(struct audit *a, int64_t *from, int64_t *to, int64_t lines) {
  pthread_mutex_lock(&a->mutex);
  a->lines_done += lines;
  progress_update(&a->progress, (uint64_t)a->lines_done, (uint64_t)a->lines_done);
  *from = a->next_account;
  bool more = a->status == DONE && *from <= a->account_max;
  *to = *from + STRETCH_ACCOUNTS - 1;
  if (*to >= a->account_max) *to = INT64_MAX; /* lines past the last account are found too */
  a->next_account += STRETCH_ACCOUNTS;
  pthread_mutex_unlock(&a->mutex);
  return more;
}

static void scan_lane(void *context, int lane) {
  struct audit *a = context;
  struct scan s = {.a = a};
  struct error err = {0};
  int64_t from = 0, to = 0, counted = 0;
  (void)lane;
  s.sums = memory_zeroed((size_t)a->reading.head + 1, sizeof *s.sums);
  enum status status = store_again(&s.store, a->store, STORE_READ, &err);
  while (status == DONE && next_stretch(a, &from, &to, s.lines - counted)) {
    counted = s.lines;
    status = scan_stretch(&s, from, to, &err);
  }
  store_close(s.store);
  pthread_mutex_lock(&a->mutex);
  if (status != DONE && a->status == DONE) {
    a->status = status;
    a->err = err;
  }
  for (int64_t e = 1; e <= a->reading.head; e++) {
    struct entry_sum *into = &a->sums[e], *from_sum = &s.sums[e];
    for (int u = 0; u < 2; u++) into->amount[u] = (int64_t)((uint64_t)into->amount[u] + (uint64_t)from_sum->amount[u]);
    into->lines += from_sum->lines;
    into->n_sum += from_sum->n_sum;
    if (from_sum->n_max > into->n_max) into->n_max = from_sum->n_max;
  }
  a->result->lines += s.lines;
  pthread_mutex_unlock(&a->mutex);
  free(s.sums);
}

/* ---- the journal against it ---- */

static void check_entry(struct audit *a, int64_t id, int64_t lines) {
  struct entry_sum *sum = &a->sums[id];
  for (int u = 0; u < 2; u++)
    if (sum->amount[u] != 0)
      find(a, FINDING_SUM, "entry %lld: its lines leave %lld %s over; they should sum to zero, so an amount was changed", (long long)id, (long long)sum->amount[u], a->units[u]);
  if (sum->lines != lines) find(a, FINDING_COUNT, "entry %lld: it has %lld lines; the journal says %lld", (long long)id, (long long)sum->lines, (long long)lines);
  else if (sum->n_max != lines || sum->n_sum != lines * (lines + 1) / 2)
    find(a, FINDING_COUNT, "entry %lld: its lines are not numbered 1 to %lld", (long long)id, (long long)lines);
  sum->lines = -1; /* seen */
}

static enum status check_journal(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t logged = 0, last_seq = 0;
  enum status status = store_stream(a->store, &q, "select id, seq, lines from entry order by seq", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t id = query_int(q, 0), seq = query_int(q, 1);
    if (id > a->reading.head && seq > last_seq) break; /* finished since the reading */
    a->result->entries++;
    if (seq != last_seq + 1) find(a, FINDING_SEQ, "entry %lld: it is number %lld of the log, where %lld was due", (long long)id, (long long)seq, (long long)(last_seq + 1));
    last_seq = seq;
    if (id < 1 || !reading_sees(&a->reading, id)) find(a, FINDING_NO_ENTRY, "entry %lld: it stands in the journal and is pending as well", (long long)id);
    else check_entry(a, id, query_int(q, 2));
  }
  query_end(q);
  if (status != DONE) return status;
  for (int64_t e = 1; e <= a->reading.head; e++)
    if (a->sums[e].lines > 0) find(a, FINDING_NO_ENTRY, "entry %lld: it has %lld lines and is not in the journal", (long long)e, (long long)a->sums[e].lines);
  status = store_int(a->store, "select logged from head where id = 1", 0, &logged, err);
  if (status == DONE && logged < last_seq) find(a, FINDING_HEAD, "the head says that %lld entries are logged; there are %lld", (long long)logged, (long long)last_seq);
  return status;
}

static int compare_others(const void *a, const void *b) {
  const struct other_sum *x = a, *y = b;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return x->unit - y->unit;
}

static void check_others(struct audit *a) {
  if (a->other_count) qsort(a->others, a->other_count, sizeof *a->others, compare_others);
  for (size_t i = 0; i < a->other_count;) {
    size_t j = i;
    uint64_t sum = 0;
    for (; j < a->other_count && compare_others(&a->others[i], &a->others[j]) == 0; j++) sum += (uint64_t)a->others[j].amount;
    if (sum) find(a, FINDING_SUM, "entry %lld: its lines leave %lld %s over; they should sum to zero", (long long)a->others[i].entry, (long long)sum, a->units[a->others[i].unit]);
    i = j;
  }
}

/* ---- balances, holds, reversals, references ---- */

static enum status check_balances(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  for (int i = 0; i < a->floored_count; i++) {
    const struct floored *f = &a->floored[i];
    if (f->sum != f->amount) find(a, FINDING_BALANCE, "account %lld: its balance is kept as %lld; its lines sum to %lld", (long long)f->account, (long long)f->amount, (long long)f->sum);
  }
  enum status status = store_query(a->store, &q,
      "select b.account, b.held, (select coalesce(sum(h.amount), 0) from hold h where h.account = b.account and h.state = 'held') as holds from balance b", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row)
    if (query_int(q, 1) != query_int(q, 2))
      find(a, FINDING_HOLD, "account %lld: %lld is kept as held; its holds sum to %lld", (long long)query_int(q, 0), (long long)query_int(q, 1), (long long)query_int(q, 2));
  query_end(q);
  return status;
}

static int compare_reversing(const void *a, const void *b) {
  const struct reversing *x = a, *y = b;
  if (x->reverses_entry != y->reverses_entry) return x->reverses_entry < y->reverses_entry ? -1 : 1;
  return (x->reverses_n > y->reverses_n) - (x->reverses_n < y->reverses_n);
}

static enum status check_reversals(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  if (a->reversing_count) qsort(a->reversing, a->reversing_count, sizeof *a->reversing, compare_reversing);
  enum status status = store_query(a->store, &q,
      "select amount, quantity, category from line where account = ?1 and day = (select day from entry where id = ?2) and entry = ?2 and n = ?3", err);
  for (size_t i = 0; status == DONE && i < a->reversing_count; i++) {
    const struct reversing *r = &a->reversing[i];
    if (i && compare_reversing(r, r - 1) == 0) find(a, FINDING_REVERSAL, "entry %lld: line %d is reversed twice", (long long)r->reverses_entry, r->reverses_n);
    query_bind_int(q, 1, r->account);
    query_bind_int(q, 2, r->reverses_entry);
    query_bind_int(q, 3, r->reverses_n);
    status = query_step(q, &row, err);
    if (status != DONE) break;
    if (!row || query_int(q, 0) != -r->amount || query_int(q, 1) != -r->quantity || query_int(q, 2) != r->category)
      find(a, FINDING_REVERSAL, "entry %lld: line %d says that it reverses %lld:%d, which is not its opposite", (long long)r->entry, r->n, (long long)r->reverses_entry, r->reverses_n);
    while (status == DONE && row) status = query_step(q, &row, err);
  }
  query_end(q);
  return status;
}

static enum status check_references(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_stream(a->store, &q, "select bucket, entry, digests from reference order by bucket, entry", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t bucket = query_int(q, 0), entry = query_int(q, 1);
    struct span d = query_bytes(q, 2);
    if (!reading_sees(&a->reading, entry)) continue;
    bool sound = d.size % 16 == 0;
    for (size_t i = 0; sound && i < d.size; i += 16) {
      sound = ((unsigned char)d.bytes[i] << 8 | (unsigned char)d.bytes[i + 1]) == bucket && (i == 0 || memcmp(d.bytes + i - 16, d.bytes + i, 16) < 0);
      a->result->references++;
    }
    if (!sound) find(a, FINDING_REFERENCE, "entry %lld: its references in bucket %lld are damaged", (long long)entry, (long long)bucket);
  }
  query_end(q);
  return status;
}

/* ---- the whole ---- */

static enum status audit_within(struct audit *a, struct error *err) {
  enum status status = book_reading(a->store, a->arena, &a->reading, err);
  if (status == DONE) status = load_accounts(a, err);
  if (status == DONE) status = load_balances(a, err);
  if (status == DONE) status = store_int(a->store, "select coalesce(sum(lines), 0) from entry", 0, &a->lines_expected, err);
  if (status != DONE) return status;
  a->sums = memory_zeroed((size_t)a->reading.head + 1, sizeof *a->sums);
  progress_begin(&a->progress, a->options->progress, "auditing", (uint64_t)a->lines_expected);
  workers_run(a->options->threads ? a->options->threads : workers_count(), scan_lane, a);
  progress_end(&a->progress);
  if (a->status != DONE) {
    *err = a->err;
    return a->status;
  }
  status = check_journal(a, err);
  if (status != DONE) return status;
  check_others(a);
  status = check_balances(a, err);
  if (status == DONE) status = check_reversals(a, err);
  if (status == DONE) status = check_references(a, err);
  return status;
}

enum status audit_book(struct store *store, const struct audit_options *options, struct audit_result *result, struct error *err) {
  struct audit a = {.store = store, .options = options, .result = result, .arena = arena_new()};
  *result = (struct audit_result){0};
  pthread_mutex_init(&a.mutex, NULL);
  /* One snapshot for the journal, the balances and the head; the lines as of the reading are the same in any. */
  enum status status = store_begin(store, STORE_READ, err);
  if (status == DONE) status = audit_within(&a, err);
  store_rollback(store);
  pthread_mutex_destroy(&a.mutex);
  free(a.unit_of);
  free(a.sums);
  free(a.floored);
  free(a.reversing);
  free(a.others);
  arena_free(a.arena);
  return status;
}
