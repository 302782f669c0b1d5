/* The audit reads the whole ledger once (audit_scan.c) and compares it with the journal: each entry
 * sums to zero in each unit, has as many lines as it says, and gives the root that was kept when it
 * was posted. Then it compares the balances, holds, reversals and references with the lines. */
#include "book/audit_parts.h"

#include "base/money.h"
#include "book/rows.h"
#include "store/head.h"

#include <stdarg.h>
#include <stddef.h>

enum { FINDINGS_A_KIND = 100 };

void audit_find(struct audit *a, enum finding_kind kind, const char *format, ...) {
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

int audit_unit(struct audit *a, struct span unit) {
  for (int u = 0; u < a->unit_count; u++)
    if (span_is(unit, a->units[u])) return u;
  array_reserve(a->units, a->unit_capacity, a->unit_count + 1);
  a->units[a->unit_count] = arena_copy(a->arena, unit.bytes ? unit.bytes : "", unit.size);
  return a->unit_count++;
}

static enum status load_accounts(struct audit *a, struct error *err) {
  int64_t highest = 0;
  audit_unit(a, span_of(UNIT_PENCE));
  audit_unit(a, span_of(UNIT_MINUTES));
  struct head head = {0};
  enum status status = head_read(a->store, &head, err);
  a->account_max = head.account;
  if (status == DONE)
    status = store_int(a->store, "select count(*) from account", 0, &a->result->accounts, err);
  if (status == DONE) status = store_int(a->store, "select max(id) from account", 0, &highest, err);
  if (status == DONE && highest > a->account_max)
    audit_find(a, FINDING_ACCOUNT, "account %lld lies past the last one allotted, %lld",
               (long long)highest, (long long)a->account_max);
  return status; /* the last chunk goes on past it */
}

static enum status load_balances(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int capacity = 0;
  enum status status =
      store_query(a->store, &q, "select account, amount, held from balance order by account", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    array_reserve(a->floored, capacity, a->floored_count + 1);
    a->floored[a->floored_count++] = (struct floored){query_int(q, 0), query_int(q, 1),
                                                      query_int(q, 2), 0};
  }
  query_end(q);
  return status;
}

static enum status load_erased(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  size_t capacity = 0;
  enum status status =
      store_stream(a->store, &q, "select entry, n, hash from erased_leaf order by entry, n", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    array_reserve(a->erased, capacity, a->erased_count + 1);
    struct erased *e = &a->erased[a->erased_count++];
    struct span hash = query_bytes(q, 2);
    *e = (struct erased){.entry = query_int(q, 0), .line_no = (int32_t)query_int(q, 1)};
    if (hash.size == sizeof e->hash) memcpy(&e->hash, hash.bytes, sizeof e->hash);
  }
  query_end(q);
  return status;
}

/* A range with room for the peaks of so many leaves: as many as the count has bits. */
static struct tree_range *new_range(struct arena *arena, int64_t lines) {
  int bits = 1;
  while (lines >> bits) bits++;
  return arena_alloc(arena,
                     offsetof(struct tree_range, peak) + sizeof(struct digest) * (size_t)bits);
}

/* ---- the journal ---- */

static void take_accounts(struct audit *a, struct audit_entry *e, int64_t id,
                          struct span accounts) {
  if (!accounts.size) return;
  if (accounts.size == (size_t)e->lines * ACCOUNT_BYTES)
    e->accounts = span_make(arena_copy(a->arena, accounts.bytes, accounts.size), accounts.size);
  else
    audit_find(a, FINDING_LINE,
               "entry %lld: its row names the accounts of %zu lines, and it has %lld",
               (long long)id, accounts_count(accounts), (long long)e->lines);
}

static enum status load_journal(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  struct head head;
  int64_t last_seq = 0;
  a->entries = memory_zeroed((size_t)a->reading.head + 1, sizeof *a->entries);
  enum status status =
      store_stream(a->store, &q,
                   "select e.id, e.seq, e.lines, e.kind, e.root, e.day, i.kind, i.first_entry, "
                   "i.last_entry, e.import, e.accounts, i.again from entry e left join import i on "
                   "i.id = e.import order by e.seq",
                   err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t id = query_int(q, 0), seq = query_int(q, 1);
    struct span root = query_bytes(q, 4);
    a->result->entries++;
    if (seq != last_seq + 1)
      audit_find(a, FINDING_SEQ, "entry %lld: it is number %lld of the log, where %lld was due",
                 (long long)id, (long long)seq, (long long)(last_seq + 1));
    last_seq = seq;
    if (id < 1 || id > a->reading.head || !reading_sees(&a->reading, id)) {
      audit_find(a, FINDING_NO_ENTRY, "entry %lld: it stands in the journal and was never finished",
                 (long long)id);
      continue;
    }
    struct audit_entry *e = &a->entries[id];
    e->finished = true;
    e->closing = span_is(query_text(q, 3), "closing");
    e->referenced = query_is_null(q, 9) || span_is(query_text(q, 6), "entries");
    e->again = query_int(q, 11);
    e->day = (day_t)query_int(q, 5);
    if (!query_is_null(q, 9) && (query_int(q, 7) > id || query_int(q, 8) < id))
      audit_find(a, FINDING_IMPORT,
                 "entry %lld: it says that it is of import:%lld, which does not say so",
                 (long long)id, (long long)query_int(q, 9));
    e->lines = query_int(q, 2);
    if (e->lines < 0 || e->lines > INT32_MAX) e->lines = 0;
    if (root.size == sizeof e->root) memcpy(&e->root, root.bytes, sizeof e->root);
    else audit_find(a, FINDING_ROOT, "entry %lld: its root is missing or damaged", (long long)id);
    take_accounts(a, e, id, query_bytes(q, 10));
    if (!e->closing) {
      e->range = new_range(a->arena, e->lines);
      a->lines_expected += e->lines;
    }
  }
  query_end(q);
  if (status != DONE) return status;
  status = head_read(a->store, &head, err);
  if (status == DONE && head.logged != last_seq)
    audit_find(a, FINDING_HEAD, "the head says that %lld entries are logged; there are %lld",
               (long long)head.logged, (long long)last_seq);
  return status;
}

/* One finding for each entry: a wrong sum says more than a different root. */
static void check_entry(struct audit *a, int64_t id) {
  struct audit_entry *e = &a->entries[id];
  struct digest root;
  if (!e->finished) {
    if (e->found)
      audit_find(a, FINDING_NO_ENTRY, "entry %lld: it has %lld lines and is not in the journal",
                 (long long)id, (long long)e->found);
    return;
  }
  if (e->closing) {
    if (e->found)
      audit_find(a, FINDING_NO_ENTRY, "entry %lld: it is a closing and has %lld lines",
                 (long long)id, (long long)e->found);
    return;
  }
  char left[WIDE_TEXT_SIZE];
  for (int u = 0; u < 2; u++)
    if (e->amount[u] != 0) {
      audit_find(a, FINDING_SUM,
                 "entry %lld: its lines leave %s %s over; they should sum to zero, so an amount "
                 "was changed",
                 (long long)id, wide_write(e->amount[u], left), a->units[u]);
      return;
    }
  if (a->erased_count) audit_fill_erased(a, id, INT64_MAX);
  tree_range_root(a->hasher, e->range, &root);
  if ((int64_t)e->range->size != e->lines && !e->broken)
    audit_find(a, FINDING_COUNT,
               "entry %lld: the journal says that it has %lld lines; %lld were found",
               (long long)id, (long long)e->lines, (long long)e->range->size);
  else if (e->broken || !digest_equal(&root, &e->root))
    audit_find(a, FINDING_ROOT,
               "entry %lld: its lines do not make the root that was kept when it was posted, so "
               "something in it was changed",
               (long long)id);
}

/* Finds kept hashes of lines that are still there, or that never were: the ranges used each of the
 * others once. */
static void check_erased(struct audit *a) {
  if (a->erased_used != a->erased_count)
    audit_find(a, FINDING_ERASED,
               "%lld hashes of erased lines are kept; the entries lack %lld lines",
               (long long)a->erased_count, (long long)a->erased_used);
}

static bool was_erased(const struct audit *a, int64_t entry, int32_t line_no) {
  size_t low = 0, high = a->erased_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const struct erased *x = &a->erased[middle];
    if (x->entry == entry && x->line_no == line_no) return true;
    if (x->entry < entry || (x->entry == entry && x->line_no < line_no)) low = middle + 1;
    else high = middle;
  }
  return false;
}

static int compare_others(const void *a, const void *b) {
  const struct other_sum *x = a, *y = b;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return x->unit - y->unit;
}

static void check_others(struct audit *a) {
  array_sort(a->others, a->other_count, compare_others);
  for (size_t i = 0; i < a->other_count;) {
    size_t j = i;
    wide_t sum = 0;
    char left[WIDE_TEXT_SIZE];
    for (; j < a->other_count && compare_others(&a->others[i], &a->others[j]) == 0; j++)
      sum += a->others[j].amount;
    if (sum)
      audit_find(a, FINDING_SUM, "entry %lld: its lines leave %s %s over; they should sum to zero",
                 (long long)a->others[i].entry, wide_write(sum, left), a->units[a->others[i].unit]);
    i = j;
  }
}

/* ---- balances, holds, reversals ---- */

static enum status check_balances(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  for (int i = 0; i < a->floored_count; i++) {
    const struct floored *f = &a->floored[i];
    char sum[WIDE_TEXT_SIZE];
    if (f->sum != f->amount)
      audit_find(a, FINDING_BALANCE,
                 "account %lld: its balance is kept as %lld; its lines sum to %s",
                 (long long)f->account, (long long)f->amount, wide_write(f->sum, sum));
  }
  enum status status =
      store_query(a->store, &q,
                  "select b.account, b.held, (select coalesce(sum(h.amount), 0) from hold h where "
                  "h.account = b.account) as holds from balance b",
                  err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row)
    if (query_int(q, 1) != query_int(q, 2))
      audit_find(a, FINDING_HOLD, "account %lld: %lld is kept as held; its holds sum to %lld",
                 (long long)query_int(q, 0), (long long)query_int(q, 1),
                 (long long)query_int(q, 2));
  query_end(q);
  return status;
}

static int compare_reversing(const void *a, const void *b) {
  const struct reversing *x = a, *y = b;
  if (x->reverses_entry != y->reverses_entry) return x->reverses_entry < y->reverses_entry ? -1 : 1;
  if (x->reverses_line_no != y->reverses_line_no)
    return x->reverses_line_no < y->reverses_line_no ? -1 : 1;
  /* sums of erased lines may have the same number in two accounts */
  return (x->account > y->account) - (x->account < y->account);
}

/* Whether the reversed line was erased since then (retention erased the older of the two), or is a
 * sum of erased lines, which may have grown. */
static bool of_erased(const struct audit *a, int64_t entry, int32_t line_no) {
  if (entry < 1 || entry > a->reading.head) return false;
  return line_no > a->entries[entry].lines || was_erased(a, entry, line_no);
}

static void find_no_opposite(struct audit *a, const struct reversing *r) {
  audit_find(a, FINDING_REVERSAL,
             "entry %lld: line %d says that it reverses %lld:%d, which is not its opposite",
             (long long)r->entry, r->line_no, (long long)r->reverses_entry, r->reverses_line_no);
}

/* Looks up each reversal: right for the few that most books have. */
static enum status check_few_reversals(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_query(a->store, &q,
                  "select amount, quantity, category from line where account = ?1 and day = "
                  "(select day from entry where id = ?2) and entry = ?2 and n = ?3",
                  err);
  for (size_t i = 0; status == DONE && i < a->reversing_count; i++) {
    const struct reversing *r = &a->reversing[i];
    if (of_erased(a, r->reverses_entry, r->reverses_line_no)) continue;
    query_bind_int(q, 1, r->account);
    query_bind_int(q, 2, r->reverses_entry);
    query_bind_int(q, 3, r->reverses_line_no);
    status = query_step(q, &row, err);
    if (status != DONE) break;
    if (!row || query_int(q, 0) != -r->amount || query_int(q, 1) != -r->quantity ||
        query_int(q, 2) != r->category)
      find_no_opposite(a, r);
    while (status == DONE && row) status = query_step(q, &row, err);
  }
  query_end(q);
  return status;
}

/* A reversed file has as many reversals as lines: so this scans once more, because a look-up of
 * each takes 80 us on PostgreSQL (100,000: 8 s against 0.5). */
static enum status check_many_reversals(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_stream(a->store, &q,
                   "select r.entry, r.n, r.reverses_entry, r.reverses_n, r.amount, r.quantity, "
                   "r.category, o.amount, o.quantity, o.category from line r "
                   "left join entry e on e.id = r.reverses_entry "
                   "left join line o on o.account = r.account and o.day = e.day and o.entry = "
                   "r.reverses_entry and o.n = r.reverses_n where r.reverses_entry is not null",
                   err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    const struct reversing r = {.entry = query_int(q, 0),
                                .line_no = (int32_t)query_int(q, 1),
                                .reverses_entry = query_int(q, 2),
                                .reverses_line_no = (int32_t)query_int(q, 3)};
    if (!reading_sees(&a->reading, r.entry)) continue;
    bool opposite = !query_is_null(q, 7) &&
                    (uint64_t)query_int(q, 4) + (uint64_t)query_int(q, 7) == 0 &&
                    (uint64_t)query_int(q, 5) + (uint64_t)query_int(q, 8) == 0 &&
                    query_int(q, 6) == query_int(q, 9);
    if (!opposite && !of_erased(a, r.reverses_entry, r.reverses_line_no)) find_no_opposite(a, &r);
  }
  query_end(q);
  return status;
}

static enum status check_reversals(struct audit *a, struct error *err) {
  enum { FEW = 1000 };
  array_sort(a->reversing, a->reversing_count, compare_reversing);
  for (size_t i = 1; i < a->reversing_count; i++) {
    const struct reversing *r = &a->reversing[i];
    if (compare_reversing(r, r - 1) == 0)
      audit_find(a, FINDING_REVERSAL,
                 "entry %lld: line %d is reversed twice, by entries %lld and %lld; post it once "
                 "more, with a reference of its own "
                 "(this is said from then on too)",
                 (long long)r->reverses_entry, r->reverses_line_no, (long long)r[-1].entry,
                 (long long)r->entry);
  }
  return a->reversing_count > FEW ? check_many_reversals(a, err) : check_few_reversals(a, err);
}

/* Lines that an older program accepted and this one would refuse for their size: sums with them are
 * exact, but too large to be shown until the line is undone. Call it after check_reversals, which
 * sorts. */
static int compare_large(const void *a, const void *b) {
  const struct large *x = a, *y = b;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return (x->line_no > y->line_no) - (x->line_no < y->line_no);
}

bool audit_is_reversed(const struct audit *a, int64_t account, int64_t entry, int32_t line_no) {
  const struct reversing key = {.reverses_entry = entry,
                                .reverses_line_no = line_no,
                                .account = account};
  return a->reversing_count &&
         array_find(&key, a->reversing, a->reversing_count, compare_reversing);
}

static void check_large(struct audit *a) {
  array_sort(a->large, a->large_count, compare_large);
  for (size_t i = 0; i < a->large_count; i++) {
    const struct large *l = &a->large[i];
    if (audit_is_reversed(a, l->account, l->entry, l->line_no)) continue;
    audit_find(a, FINDING_LARGE,
               "entry %lld: line %d holds %lld %s, more than a line may (%lld); undo it: weal "
               "reverse %lld:%d --reason TEXT",
               (long long)l->entry, l->line_no, (long long)l->amount, l->unit, LIMIT_LINE,
               (long long)l->entry, l->line_no);
  }
}

/* ---- accounts: what they are for, what they count, who has them ---- */

/* Finds units and roles that no table has: written by another program. */
static enum status check_words(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_query(a->store, &q,
                  "select id, unit, role from account where unit not in (select code from unit) or "
                  "role not in (select code from account_role) order by id",
                  err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row)
    audit_find(
        a, FINDING_ACCOUNT,
        "account %lld: no such unit or role of accounts is in the book's tables: '" SPAN_FORMAT
        "', '" SPAN_FORMAT "'",
        (long long)query_int(q, 0), SPAN(query_text(q, 1)), SPAN(query_text(q, 2)));
  query_end(q);
  return status;
}

/* Each account has one holding that says the same: checks that both tables, summed by chunks of
 * accounts, agree. */
enum { HOLDING_CHUNK = 1024 };

static uint64_t mix(uint64_t h, uint64_t v) {
  h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
  return h ^ h >> 29;
}

static enum status sum_holdings(struct audit *a, const char *sql, uint64_t *sums, int64_t chunks,
                                uint64_t sign, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_stream(a->store, &q, sql, err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t id = query_int(q, 0), chunk = id / HOLDING_CHUNK;
    uint64_t h = mix(mix(mix(mix(mix(1, (uint64_t)id), (uint64_t)query_int(q, 2)),
                             span_hash(query_text(q, 1), 0)),
                         span_hash(query_text(q, 3), 0)),
                     span_hash(query_text(q, 4), 0));
    if (id < 1 || chunk >= chunks) chunk = 0;
    sums[chunk] += sign * (h | 1);
  }
  query_end(q);
  return status;
}

static enum status check_holdings(struct audit *a, struct error *err) {
  int64_t chunks = a->account_max / HOLDING_CHUNK + 1;
  uint64_t *sums = memory_zeroed((size_t)chunks, sizeof *sums);
  /* An erased person's accounts are kept for their numbers, without an owner. */
  enum status status = sum_holdings(a,
                                    "select id, owner_kind, owner, role, unit from account where "
                                    "owner_kind <> 'person' or owner <> 0",
                                    sums, chunks, 1, err);
  if (status == DONE)
    status = sum_holdings(a, "select account, owner_kind, owner, role, unit from holding", sums,
                          chunks, UINT64_MAX, err);
  for (int64_t s = 0; status == DONE && s < chunks; s++)
    if (sums[s])
      audit_find(a, FINDING_HOLDING,
                 "accounts %lld to %lld: who has them is kept twice, and differs",
                 (long long)(s * HOLDING_CHUNK),
                 (long long)(s * HOLDING_CHUNK + HOLDING_CHUNK - 1));
  free(sums);
  return status;
}

static enum status check_floors(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_query(a->store, &q,
                  "select a.id, a.floor, b.account from account a left join balance b on b.account "
                  "= a.id where (a.floor is null) <> (b.account is null) order by a.id",
                  err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row)
    audit_find(a, FINDING_BALANCE,
               query_is_null(q, 1) ? "account %lld: a balance is kept, and it has no floor"
                                   : "account %lld: it has a floor and no balance",
               (long long)query_int(q, 0));
  query_end(q);
  return status;
}

/* Lines that another process has posted since then are past the audit's head, but not past the
 * current head. */
static enum status check_late(struct audit *a, struct error *err) {
  struct store *now = NULL;
  struct head head = {0};
  if (!a->late.entry) return DONE;
  enum status status = store_again(&now, a->store, STORE_READ, err);
  if (status == DONE) status = head_read(now, &head, err);
  store_close(now);
  if (status == DONE && a->late.entry > head.entry)
    audit_find(a, FINDING_NO_ENTRY,
               "entry %lld: a line of account %lld stands under a number that was never allotted",
               (long long)a->late.entry, (long long)a->late.account);
  return status;
}

/* ---- the whole ---- */

static enum status audit_within(struct audit *a, struct error *err) {
  enum status status = book_reading(a->store, a->arena, &a->reading, err);
  if (status == DONE) status = leaf_codes_load(a->store, a->arena, &a->codes, err);
  if (status == DONE) status = streams_read(a->store, a->arena, &a->streams, err);
  if (status == DONE) status = load_accounts(a, err);
  if (status == DONE) status = load_balances(a, err);
  if (status == DONE) status = load_erased(a, err);
  if (status == DONE) status = register_lives(a->store, &a->lives, &a->life_max, err);
  if (status == DONE) status = load_journal(a, err);
  if (status != DONE) return status;
  status = audit_scan(a, err);
  if (status != DONE) return status;
  for (int64_t id = 1; id <= a->reading.head; id++) check_entry(a, id);
  check_erased(a);
  check_others(a);
  status = check_late(a, err);
  if (status == DONE) status = check_balances(a, err);
  if (status == DONE) status = check_floors(a, err);
  if (status == DONE) status = check_words(a, err);
  if (status == DONE) status = check_holdings(a, err);
  if (status == DONE) status = check_reversals(a, err);
  if (status == DONE) check_large(a);
  if (status == DONE) status = audit_lives(a, err);
  if (status == DONE) status = audit_once(a, err);
  if (status == DONE) status = audit_log(a, err);
  if (status == DONE) status = audit_payments(a, err);
  return status;
}

enum status audit_book(struct store *store, const struct audit_options *options,
                       struct audit_result *result, struct error *err) {
  struct audit a = {.store = store,
                    .options = options,
                    .result = result,
                    .arena = arena_new(),
                    .hasher = hasher_new()};
  a.references = memory_zeroed(REFERENCE_BUCKETS, sizeof *a.references);
  *result = (struct audit_result){0};
  pthread_mutex_init(&a.mutex, NULL);
  /* One snapshot for the journal, the balances and the head; the lines as of the reading are the
   * same in any. */
  enum status status = store_lock_shared(store, BOOK_LOCK, err);
  bool locked = status == DONE;
  if (status == DONE) status = store_begin(store, STORE_READ, err);
  if (status == DONE) status = audit_within(&a, err);
  store_rollback(store);
  if (locked) store_unlock(store, BOOK_LOCK);
  pthread_mutex_destroy(&a.mutex);
  hasher_free(a.hasher);
  free(a.units);
  free(a.entries);
  free(a.floored);
  free(a.erased);
  free(a.reversing);
  free(a.large);
  free(a.lives);
  free(a.strays);
  free(a.others);
  free(a.references);
  arena_free(a.arena);
  return status;
}
