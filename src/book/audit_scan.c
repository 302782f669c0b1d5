/* The ledger is read once, in stretches of accounts on every core; each line is hashed where it is read. The ledger's order is the order of each entry's
 * leaves, so the stretches' leaves are put into the entries' ranges one stretch after another: every root is rebuilt by one pass. */
#include "book/audit_parts.h"

#include "base/worker.h"

#include <assert.h>

enum { STRETCH_ACCOUNTS = 1024 };

struct found_leaf { int64_t entry; int32_t n; struct digest hash; };

struct stretch_account { const char *unit; int unit_index; bool erased; uint8_t secret[SECRET_BYTES]; };

struct scan {
  struct audit *a;
  struct store *store;
  struct hasher *hasher;
  struct text scratch;
  int64_t from; /* first account of the stretch */
  struct stretch_account accounts[STRETCH_ACCOUNTS];
  struct found_leaf *leaves; size_t leaf_count, leaf_capacity;
  struct found_sum { int64_t entry, amount[2], lines; } *sums; /* by entry, for the stretch: open addressing */
  size_t sum_count, sum_capacity;
  int64_t lines;
};

static struct found_sum *sum_of(struct scan *s, int64_t entry) {
  if (s->sum_count * 2 >= s->sum_capacity) {
    struct found_sum *old = s->sums;
    size_t old_capacity = s->sum_capacity;
    s->sum_capacity = old_capacity ? old_capacity * 2 : 1024;
    s->sums = memory_zeroed(s->sum_capacity, sizeof *s->sums);
    s->sum_count = 0;
    for (size_t i = 0; i < old_capacity; i++)
      if (old[i].entry) *sum_of(s, old[i].entry) = old[i];
    free(old);
  }
  size_t at = (size_t)entry * 0x9E3779B97F4A7C15u >> 20 & (s->sum_capacity - 1);
  while (s->sums[at].entry && s->sums[at].entry != entry) at = (at + 1) & (s->sum_capacity - 1);
  if (!s->sums[at].entry) {
    s->sums[at].entry = entry;
    s->sum_count++;
  }
  return &s->sums[at];
}

static void add_other(struct audit *a, int64_t entry, int unit, int64_t amount) {
  pthread_mutex_lock(&a->mutex);
  array_reserve(a->others, a->other_capacity, a->other_count + 1);
  a->others[a->other_count++] = (struct other_sum){entry, amount, unit};
  pthread_mutex_unlock(&a->mutex);
}

static void add_reversing(struct audit *a, const struct line *l) {
  pthread_mutex_lock(&a->mutex);
  array_reserve(a->reversing, a->reversing_capacity, a->reversing_count + 1);
  a->reversing[a->reversing_count++] = (struct reversing){.account = l->account, .entry = l->entry, .n = l->n, .amount = l->amount, .reverses_entry = l->reverses_entry,
                                                          .reverses_n = l->reverses_n, .quantity = l->quantity, .category = l->category};
  pthread_mutex_unlock(&a->mutex);
}

static int compare_floored(const void *key, const void *item) {
  int64_t x = *(const int64_t *)key, y = ((const struct floored *)item)->account;
  return (x > y) - (x < y);
}

static enum status read_accounts(struct scan *s, int64_t to, struct error *err) {
  struct audit *a = s->a;
  struct query *q = NULL;
  bool row = false;
  memset(s->accounts, 0, sizeof s->accounts);
  enum status status = store_query(s->store, &q, "select id, unit, secret from account where id between ?1 and ?2", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, s->from);
  query_bind_int(q, 2, to);
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct stretch_account *account = &s->accounts[query_int(q, 0) - s->from];
    struct span secret = query_bytes(q, 2);
    pthread_mutex_lock(&a->mutex);
    account->unit_index = audit_unit(a, query_text(q, 1));
    pthread_mutex_unlock(&a->mutex);
    account->unit = a->units[account->unit_index];
    account->erased = secret.size != SECRET_BYTES;
    if (!account->erased) memcpy(account->secret, secret.bytes, SECRET_BYTES);
  }
  query_end(q);
  return status;
}

static void take_leaf(struct scan *s, const struct line *l, const struct stretch_account *account) {
  array_reserve(s->leaves, s->leaf_capacity, s->leaf_count + 1);
  struct found_leaf *leaf = &s->leaves[s->leaf_count++];
  leaf->entry = l->entry;
  leaf->n = l->n;
  leaf_hash(s->hasher, &s->scratch, &s->a->codes, account->unit, account->secret, l, &leaf->hash);
}

static void take_line(struct scan *s, const struct line *l) {
  struct audit *a = s->a;
  s->lines++;
  if (l->entry < 1 || l->entry > a->reading.head) {
    audit_find(a, FINDING_NO_ENTRY, "entry %lld: a line of account %lld stands under a number that was never allotted", (long long)l->entry, (long long)l->account);
    return;
  }
  if (!reading_sees(&a->reading, l->entry)) return;
  int64_t at = l->account - s->from;
  const struct stretch_account *account = at >= 0 && at < STRETCH_ACCOUNTS && s->accounts[at].unit ? &s->accounts[at] : NULL;
  if (!account) {
    audit_find(a, FINDING_ACCOUNT, "entry %lld: line %d stands in account %lld, which does not exist", (long long)l->entry, l->n, (long long)l->account);
    return;
  }
  struct found_sum *sum = sum_of(s, l->entry);
  sum->lines++;
  if (account->unit_index < 2) sum->amount[account->unit_index] = (int64_t)((uint64_t)sum->amount[account->unit_index] + (uint64_t)l->amount); /* wraps alike in every order: zero is zero */
  else add_other(a, l->entry, account->unit_index, l->amount);
  if (!account->erased && l->n >= 1 && l->n <= a->entries[l->entry].lines) take_leaf(s, l, account); /* what an erasure left is numbered past the entry's count */
  if (l->reverses_entry) add_reversing(a, l);
  if (a->floored_count) {
    struct floored *f = bsearch(&l->account, a->floored, (size_t)a->floored_count, sizeof *a->floored, compare_floored);
    if (f) f->sum += l->amount; /* one thread has all lines of an account */
  }
}

static enum status read_lines(struct scan *s, int64_t to, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  struct line line;
  enum status status = store_stream(s->store, &q, "select " LINE_COLUMNS " from line where account between ?1 and ?2 order by account, day, entry, n", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, s->from);
  query_bind_int(q, 2, to);
  while ((status = query_step(q, &row, err)) == DONE && row) {
    line_read(q, &line);
    take_line(s, &line);
  }
  query_end(q);
  return status;
}

void audit_fill_erased(struct audit *a, int64_t entry, int64_t before_n) {
  struct audit_entry *e = &a->entries[entry];
  size_t low = 0, high = a->erased_count;
  int64_t n = (int64_t)e->range->size + 1;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const struct erased *x = &a->erased[middle];
    if (x->entry < entry || (x->entry == entry && x->n < n)) low = middle + 1;
    else high = middle;
  }
  for (; low < a->erased_count && a->erased[low].entry == entry && a->erased[low].n == n && n < before_n && n <= e->lines; low++, n++) {
    tree_range_append(a->hasher, e->range, &a->erased[low].hash);
    e->found++;
  }
}

/* The stretch's leaves go into the ranges; the mutex is held. */
static void combine(struct scan *s) {
  struct audit *a = s->a;
  for (size_t i = 0; i < s->leaf_count; i++) {
    struct found_leaf *leaf = &s->leaves[i];
    struct audit_entry *e = &a->entries[leaf->entry];
    if (!e->range || e->broken) continue;
    if (a->erased_count && (int64_t)e->range->size + 1 < leaf->n) audit_fill_erased(a, leaf->entry, leaf->n);
    if ((int64_t)e->range->size + 1 == leaf->n && leaf->n <= e->lines) tree_range_append(a->hasher, e->range, &leaf->hash);
    else e->broken = true;
  }
  for (size_t i = 0; i < s->sum_capacity; i++) {
    struct found_sum *sum = &s->sums[i];
    if (!sum->entry) continue;
    struct audit_entry *e = &a->entries[sum->entry];
    e->found += sum->lines;
    for (int u = 0; u < 2; u++) e->amount[u] = (int64_t)((uint64_t)e->amount[u] + (uint64_t)sum->amount[u]);
    *sum = (struct found_sum){0};
  }
  s->leaf_count = s->sum_count = 0;
  a->lines_done += s->lines;
  a->result->lines += s->lines;
  s->lines = 0;
}

/* Waits until the stretches before it are combined, so that leaves come in the ledger's order. */
static void combine_in_turn(struct scan *s, int64_t stretch) {
  struct audit *a = s->a;
  pthread_mutex_lock(&a->mutex);
  while (a->combined != stretch && a->status == DONE) pthread_cond_wait(&a->turn, &a->mutex);
  bool mine = a->combined == stretch;
  pthread_mutex_unlock(&a->mutex);
  if (!mine) return;
  combine(s); /* alone: the others wait for their turn, or read */
  pthread_mutex_lock(&a->mutex);
  a->combined++;
  progress_update(&a->progress, (uint64_t)a->lines_done, (uint64_t)a->lines_done);
  pthread_cond_broadcast(&a->turn);
  pthread_mutex_unlock(&a->mutex);
}

static int64_t next_stretch(struct audit *a) {
  pthread_mutex_lock(&a->mutex);
  int64_t stretch = a->status == DONE && a->next_stretch * STRETCH_ACCOUNTS <= a->account_max ? a->next_stretch++ : -1;
  pthread_mutex_unlock(&a->mutex);
  return stretch;
}

static void scan_lane(void *context, int lane) {
  struct audit *a = context;
  struct scan *s = memory_zeroed(1, sizeof *s);
  struct error err = {0};
  (void)lane;
  s->a = a;
  s->hasher = hasher_new();
  enum status status = store_again(&s->store, a->store, STORE_READ, &err);
  for (int64_t stretch; status == DONE && (stretch = next_stretch(a)) >= 0;) {
    s->from = stretch * STRETCH_ACCOUNTS;
    bool last = (stretch + 1) * STRETCH_ACCOUNTS > a->account_max;
    status = read_accounts(s, s->from + STRETCH_ACCOUNTS - 1, &err);
    if (status == DONE) status = read_lines(s, last ? INT64_MAX : s->from + STRETCH_ACCOUNTS - 1, &err); /* lines past the last account are found too */
    if (status == DONE) combine_in_turn(s, stretch);
  }
  pthread_mutex_lock(&a->mutex);
  if (status != DONE && a->status == DONE) {
    a->status = status;
    a->err = err;
  }
  pthread_cond_broadcast(&a->turn);
  pthread_mutex_unlock(&a->mutex);
  store_close(s->store);
  hasher_free(s->hasher);
  text_release(&s->scratch);
  explicit_bzero(s->accounts, sizeof s->accounts);
  free(s->leaves);
  free(s->sums);
  free(s);
}

void audit_scan(struct audit *a) {
  workers_run(a->options->threads ? a->options->threads : workers_count(), scan_lane, a);
}
