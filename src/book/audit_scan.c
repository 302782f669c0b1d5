/* Reads the ledger once, in chunks of accounts on every core; each line is hashed by the thread
 * that reads it. The ledger's order is the order of each entry's leaves, so each chunk makes
 * subtrees of them, which are appended to the entries' ranges one chunk after another: one pass
 * rebuilds every root. */
#include "book/audit_parts.h"

#include "base/map.h"
#include "base/money.h"
#include "book/rows.h"
#include "book/scan.h"

#include <assert.h>

struct audit_worker {
  struct audit *a;
  struct store *store;
  struct hasher *hasher;
  struct leaf_batch *batch;
  struct text messages; /* of references, one behind another */
  size_t message_at[STORE_BLOCK_ROWS + 1];
  int message_count;
  int64_t from; /* first account of the chunk */
  struct audit_account accounts[AUDIT_CHUNK_ACCOUNTS];
  struct audit_leaf *leaves;
  size_t leaf_count, leaf_capacity;
  /* of the chunk, an entry each */
  struct found_sum {
    int64_t entry, lines;
    wide_t amount[2];
    uint32_t leaf_count, leaf_end;
  } * sums;
  size_t sum_count, sum_capacity;
  struct map sum_by_entry;
  uint32_t *by_entry;
  size_t by_entry_capacity; /* places of leaves, sorted by entry */
  struct digest *hashes;
  size_t hash_capacity; /* of an entry's leaves */
  /* n: of its first leaf */
  struct found_subtree {
    int64_t entry;
    int32_t line_no;
    struct tree_subtree subtree;
  } * subtrees;
  size_t subtree_count, subtree_capacity;
  struct digest_sum *references; /* by bucket */
  int64_t lines;
  struct late late;
};

static struct found_sum *sum_of(struct audit_worker *w, int64_t entry) {
  int64_t index = map_get_number(&w->sum_by_entry, (uint64_t)entry, 0);
  if (index >= 0) return &w->sums[index];
  map_set_number(&w->sum_by_entry, (uint64_t)entry, 0, (int64_t)w->sum_count);
  array_reserve(w->sums, w->sum_capacity, w->sum_count + 1);
  w->sums[w->sum_count] = (struct found_sum){.entry = entry};
  return &w->sums[w->sum_count++];
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
  a->reversing[a->reversing_count++] = (struct reversing){.account = l->account,
                                                          .entry = l->entry,
                                                          .line_no = l->line_no,
                                                          .amount = l->amount,
                                                          .reverses_entry = l->reverses_entry,
                                                          .reverses_line_no = l->reverses_line_no,
                                                          .quantity = l->quantity,
                                                          .category = l->category};
  pthread_mutex_unlock(&a->mutex);
}

static void add_large(struct audit *a, const struct line *l, const char *unit) {
  pthread_mutex_lock(&a->mutex);
  array_reserve(a->large, a->large_capacity, a->large_count + 1);
  a->large[a->large_count++] = (struct large){.account = l->account,
                                              .entry = l->entry,
                                              .line_no = l->line_no,
                                              .amount = l->amount,
                                              .unit = unit};
  if (line_holds(l->amount))
    a->large[a->large_count - 1].amount = l->quantity,
                              a->large[a->large_count - 1].unit = "thousandths of a service";
  pthread_mutex_unlock(&a->mutex);
}

/* As entry_input_life: nothing before birth; after a death only money that was owed, no service and
 * no time. */
static bool outside_life(const struct audit_account *account, const struct line *l) {
  const struct life *life = account->life;
  if (life->born != DAY_NONE && l->day < life->born) return true;
  return life->died != DAY_NONE && l->day > life->died &&
         (l->service > 0 || strcmp(account->unit, UNIT_MINUTES) == 0);
}

static void add_stray(struct audit *a, const struct line *l, int64_t person) {
  pthread_mutex_lock(&a->mutex);
  array_reserve(a->strays, a->stray_capacity, a->stray_count + 1);
  a->strays[a->stray_count++] = (struct stray){person, l->account, l->entry, l->line_no};
  pthread_mutex_unlock(&a->mutex);
}

static int compare_floored(const void *key, const void *item) {
  int64_t x = *(const int64_t *)key, y = ((const struct floored *)item)->account;
  return (x > y) - (x < y);
}

static enum status read_accounts(struct audit_worker *w, int64_t to, struct error *err) {
  struct audit *a = w->a;
  struct query *q = NULL;
  bool row = false;
  memset(w->accounts, 0, sizeof w->accounts);
  enum status status = store_query(w->store, &q,
                                   "select id, unit, secret, role, case when owner_kind = 'person' "
                                   "then owner else 0 end from account where id between ?1 and ?2",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, w->from);
  query_bind_int(q, 2, to);
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct audit_account *account = &w->accounts[query_int(q, 0) - w->from];
    struct span secret = query_bytes(q, 2);
    pthread_mutex_lock(&a->mutex);
    account->unit_index = audit_unit(a, query_text(q, 1));
    account->unit = a->units[account->unit_index];
    pthread_mutex_unlock(&a->mutex);
    account->erased = secret.size != SECRET_BYTES;
    account->sums = roles_is(a->codes.codes->roles, query_text(q, 3), ROLE_ERASED);
    account->control = roles_is(a->codes.codes->roles, query_text(q, 3), ROLE_CONTRA);
    const int64_t owner = query_int(q, 4);
    account->life = owner > 0 && owner <= a->life_max && a->lives[owner].person ? &a->lives[owner]
                                                                                : NULL;
    if (!account->erased) memcpy(account->secret, secret.bytes, SECRET_BYTES);
  }
  query_end(q);
  return status;
}

/* Its hash is made together with the block's other lines (hash_block). */
static void take_leaf(struct audit_worker *w, const struct line *l,
                      const struct audit_account *account, bool outside) {
  array_reserve(w->leaves, w->leaf_capacity, w->leaf_count + 1);
  struct audit_leaf *leaf = &w->leaves[w->leaf_count++];
  leaf->account = l->account;
  leaf->entry = l->entry;
  leaf->day = l->day;
  leaf->line_no = l->line_no;
  leaf->outside = outside;
  leaf_batch_add(w->batch, &w->a->codes, account->unit, account->secret, l);
}

/* A category in another unit than the account's: the line would be summed in the wrong unit. */
static bool in_other_unit(const struct leaf_codes *codes, const struct line *l, const char *unit) {
  const struct codes *c = codes->codes;
  const char *own = l->category >= 1 && l->category <= c->category_max
                        ? c->category_unit[l->category]
                        : NULL;
  return own && own != unit && strcmp(own, unit) != 0;
}

static bool has_code(const char *const *codes, int64_t max, int64_t id) {
  return id >= 1 && id <= max && codes[id];
}

/* In a leaf an unknown code looks like none, and a stream's code stands there itself, so this finds
 * them. */
static const char *unknown_code(const struct audit *a, const struct line *l) {
  const struct leaf_codes *codes = &a->codes;
  const struct codes *c = codes->codes;
  if (!has_code(c->category_code, c->category_max, l->category)) return "category";
  if (l->service &&
      (l->service < 1 || l->service > c->service_count || !c->services[l->service - 1].id))
    return "service";
  if (l->body && !has_code(codes->body, codes->body_max, l->body)) return "body";
  if (l->place && !has_code(codes->place, codes->place_max, l->place)) return "place";
  if (l->stream.size && !streams_by_code(a->streams, l->stream)) return "stream";
  return NULL;
}

/* Whether the line may be in this account under this number. Reports what is wrong. */
static bool line_stands(struct audit *a, const struct line *l,
                        const struct audit_account *account) {
  const struct audit_entry *e = &a->entries[l->entry];
  const char *unknown = NULL;
  const char *why = account->erased ? "stands in an account that was erased"
                    /* reported for the entry as a whole */
                    : !e->finished || e->closing              ? NULL
                    : l->line_no < 1                          ? "has a number below 1"
                    : l->line_no > e->lines && !account->sums ? "is numbered past the entry's count"
                    : l->day != e->day               ? "stands on another day than its entry"
                    : (unknown = unknown_code(a, l)) ? "names something that does not exist: "
                    : in_other_unit(&a->codes, l, account->unit)
                        ? "is of a category that is counted in another unit than the account"
                        : NULL;
  if (!why) return true;
  audit_find(a, FINDING_LINE, "entry %lld: line %d of account %lld %s%s", (long long)l->entry,
             l->line_no, (long long)l->account, why, unknown ? unknown : "");
  return false;
}

/* An entry's row may say which accounts its lines are in; no root covers that, so it is checked
 * here. */
static void check_where(struct audit *a, const struct line *l) {
  const struct audit_entry *e = &a->entries[l->entry];
  if (!e->accounts.bytes || l->line_no > e->lines ||
      accounts_at(e->accounts, (size_t)l->line_no - 1) == l->account)
    return;
  audit_find(
      a, FINDING_LINE,
      "entry %lld: its row says that line %d stands in account %lld; it stands in account %lld",
      (long long)l->entry, l->line_no, (long long)accounts_at(e->accounts, (size_t)l->line_no - 1),
      (long long)l->account);
}

bool audit_digest(const struct audit *a, struct hasher *h, const struct line *l,
                  struct digest *out) {
  const struct audit_entry *e = &a->entries[l->entry];
  bool of_sum = l->reverses_entry >= 1 && l->reverses_entry <= a->reading.head &&
                l->reverses_line_no > a->entries[l->reverses_entry].lines;
  if (l->reverses_entry)
    reference_reversal_digest(
        h, &(struct undone_line){l->reverses_entry, l->reverses_line_no, of_sum ? l->account : 0},
        out);
  else if (!e->referenced || !l->reference.size) return false;
  else if (e->again) reference_again_digest(h, e->again, l->body, l->reference, out);
  else reference_digest(h, l->body, l->reference, out);
  return true;
}

static void add_reference(struct audit_worker *w, const struct digest *digest) {
  digest_sum_add(&w->references[reference_bucket(digest->bytes)], digest->bytes);
}

/* Nearly all have one form, and are hashed together with the block's others. */
static void take_reference(struct audit_worker *w, const struct line *l) {
  const struct audit_entry *e = &w->a->entries[l->entry];
  struct digest digest;
  if (!l->reverses_entry && e->referenced && !e->again && l->reference.size) {
    w->message_at[w->message_count++] = w->messages.size;
    reference_message(&w->messages, l->body, l->reference);
  } else if (audit_digest(w->a, w->hasher, l, &digest)) add_reference(w, &digest);
}

static void hash_block(struct audit_worker *w) {
  struct digest hashes[STORE_BLOCK_ROWS];
  struct span messages[STORE_BLOCK_ROWS];
  size_t count = leaf_batch_count(w->batch);
  leaf_batch_end(w->batch, w->hasher, hashes);
  for (size_t i = 0; i < count; i++) w->leaves[w->leaf_count - count + i].hash = hashes[i];
  w->message_at[w->message_count] = w->messages.size;
  for (int i = 0; i < w->message_count; i++)
    messages[i] = span_make(w->messages.bytes + w->message_at[i],
                            w->message_at[i + 1] - w->message_at[i]);
  hasher_many(w->hasher, messages, (size_t)w->message_count, hashes);
  for (int i = 0; i < w->message_count; i++) add_reference(w, &hashes[i]);
  w->message_count = 0;
  text_clear(&w->messages);
}

static void take_line(struct audit_worker *w, const struct line *l) {
  struct audit *a = w->a;
  w->lines++;
  /* posted since the audit began, or written by another program: checked after everything is
   * read */
  if (l->entry > a->reading.head) {
    w->lines--;
    if (l->entry > w->late.entry) w->late = (struct late){l->entry, l->account};
    return;
  }
  if (l->entry < 1) {
    audit_find(a, FINDING_NO_ENTRY,
               "entry %lld: a line of account %lld stands under a number that was never allotted",
               (long long)l->entry, (long long)l->account);
    return;
  }
  if (!reading_sees(&a->reading, l->entry)) return;
  int64_t at = l->account - w->from;
  const struct audit_account *account = l->account >= w->from && at < AUDIT_CHUNK_ACCOUNTS &&
                                                w->accounts[at].unit
                                            ? &w->accounts[at]
                                            : NULL;
  if (!account) {
    audit_find(a, FINDING_ACCOUNT,
               "entry %lld: line %d stands in account %lld, which does not exist",
               (long long)l->entry, l->line_no, (long long)l->account);
    return;
  }
  bool stands = line_stands(a, l, account);
  struct found_sum *sum = sum_of(w, l->entry);
  sum->lines++;
  if (account->unit_index < 2) sum->amount[account->unit_index] += l->amount;
  else add_other(a, l->entry, account->unit_index, l->amount);
  /* sums of erased lines have numbers past the entry's count */
  bool outside = !stands || l->line_no > a->entries[l->entry].lines;
  if (!outside || a->options->chunk) take_leaf(w, l, account, outside);
  if (!outside) sum->leaf_count++;
  if (stands) {
    check_where(a, l);
    take_reference(w, l);
  }
  if (l->reverses_entry) add_reversing(a, l);
  else if (stands && (!line_holds(l->amount) || !line_holds(l->quantity)) && !account->sums &&
           !account->control)
    add_large(a, l, account->unit);
  if (account->life && stands && !l->reverses_entry && outside_life(account, l))
    add_stray(a, l, account->life->person);
  if (a->floored_count) {
    struct floored *f = array_find(&l->account, a->floored, a->floored_count, compare_floored);
    if (f) f->sum += l->amount; /* one thread has all lines of an account */
  }
}

/* Whether numbers fit the 32 bits or the yes-or-no that a line has for them; SQLite would store
 * larger ones. */
static bool fits(const struct line_block *b, size_t row) {
  const int64_t narrow[] = {b->day[row],     b->line_no[row],   b->category[row],
                            b->service[row], b->cost_year[row], b->reverses_line_no[row]};
  for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++)
    if (narrow[i] != (int32_t)narrow[i]) return false;
  return (b->estimated[row] | 1) == 1;
}

static enum status read_lines(struct audit_worker *w, int64_t from, int64_t to, struct error *err) {
  struct line_cursor *lines = NULL;
  const struct line_block *block = NULL;
  struct line line;
  _Static_assert((int)LEAF_BATCH >= (int)STORE_BLOCK_ROWS, "a block's leaves are hashed together");
  enum status status = lines_between(&lines, w->store, from, to, err);
  while (status == DONE && (status = lines_next_block(lines, &block, err)) == DONE && block->rows) {
    for (size_t i = 0; i < block->rows; i++) {
      line_of_block(block, i, &line);
      if (!fits(block, i))
        audit_find(w->a, FINDING_LINE,
                   "entry %lld: line %d of account %lld holds a number that no line can have",
                   (long long)line.entry, line.line_no, (long long)line.account);
      take_line(w, &line);
    }
    hash_block(w);
  }
  lines_close(lines);
  return status;
}

void audit_fill_erased(struct audit *a, int64_t entry, int64_t before_n) {
  struct audit_entry *e = &a->entries[entry];
  size_t low = 0, high = a->erased_count;
  int64_t n = (int64_t)e->range->size + 1;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const struct erased *x = &a->erased[middle];
    if (x->entry < entry || (x->entry == entry && x->line_no < n)) low = middle + 1;
    else high = middle;
  }
  for (; low < a->erased_count && a->erased[low].entry == entry && a->erased[low].line_no == n &&
         n < before_n && n <= e->lines;
       low++, n++) {
    tree_range_append(a->hasher, e->range, &a->erased[low].hash);
    a->erased_used++;
    e->found++;
  }
}

/* Lists the positions of each entry's leaves, entry after entry, each in the ledger's order. */
static void sort_by_entry(struct audit_worker *w) {
  uint32_t at = 0;
  for (size_t i = 0; i < w->sum_count; i++) {
    w->sums[i].leaf_end = at;
    at += w->sums[i].leaf_count;
  }
  array_reserve(w->by_entry, w->by_entry_capacity, at);
  for (size_t i = 0; i < w->leaf_count; i++)
    if (!w->leaves[i].outside) w->by_entry[sum_of(w, w->leaves[i].entry)->leaf_end++] = (uint32_t)i;
}

/* Adds subtrees of an entry's leaves that follow each other without a gap. */
static void add_subtrees(struct audit_worker *w, const uint32_t *run, size_t count) {
  struct tree_subtree found[TREE_SUBTREES_MAX];
  const struct audit_leaf *first = &w->leaves[*run];
  int64_t n = first->line_no;
  array_reserve(w->hashes, w->hash_capacity, count);
  for (size_t i = 0; i < count; i++) w->hashes[i] = w->leaves[run[i]].hash;
  int subtrees = tree_subtrees(w->hasher, (uint64_t)n - 1, w->hashes, count, found);
  array_reserve(w->subtrees, w->subtree_capacity, w->subtree_count + (size_t)subtrees);
  for (int i = 0; i < subtrees; i++) {
    w->subtrees[w->subtree_count++] = (struct found_subtree){first->entry, (int32_t)n, found[i]};
    n += (int64_t)1 << found[i].level;
  }
}

/* Makes nearly all of the nodes, on every core: only appending to the ranges must wait for its
 * turn. */
static void make_subtrees(struct audit_worker *w) {
  sort_by_entry(w);
  for (size_t i = 0; i < w->sum_count; i++) {
    const struct found_sum *sum = &w->sums[i];
    if (!sum->leaf_count || !w->a->entries[sum->entry].range) continue;
    const uint32_t *leaf = w->by_entry + (sum->leaf_end - sum->leaf_count);
    for (size_t from = 0, to; from < sum->leaf_count; from = to) {
      for (to = from + 1; to < sum->leaf_count &&
                          w->leaves[leaf[to]].line_no == w->leaves[leaf[to - 1]].line_no + 1;)
        to++;
      add_subtrees(w, leaf + from, to - from);
    }
  }
}

/* Appends the chunk's subtrees to the ranges, which gives the same as appending its leaves one by
 * one. The caller holds the mutex. */
static void combine(struct audit_worker *w) {
  struct audit *a = w->a;
  for (size_t i = 0; i < w->subtree_count; i++) {
    const struct found_subtree *found = &w->subtrees[i];
    struct audit_entry *e = &a->entries[found->entry];
    if (e->broken) continue;
    if (a->erased_count && (int64_t)e->range->size + 1 < found->line_no)
      audit_fill_erased(a, found->entry, found->line_no);
    if ((int64_t)e->range->size + 1 == found->line_no)
      tree_range_append_subtree(a->hasher, e->range, &found->subtree);
    else e->broken = true;
  }
  for (size_t i = 0; i < w->sum_count; i++) {
    const struct found_sum *sum = &w->sums[i];
    struct audit_entry *e = &a->entries[sum->entry];
    e->found += sum->lines;
    for (int u = 0; u < 2; u++) e->amount[u] += sum->amount[u];
  }
  map_clear(&w->sum_by_entry);
  w->leaf_count = w->sum_count = w->subtree_count = 0;
  a->result->lines += w->lines;
  w->lines = 0;
}

static enum status combine_in_turn(void *worker, const struct scan_chunk *chunk,
                                   struct error *err) {
  (void)chunk, (void)err;
  combine(worker);
  return DONE;
}

static void *begin_worker(void *context, struct store *store) {
  struct audit_worker *w = memory_zeroed(1, sizeof *w);
  w->a = context;
  w->store = store;
  w->hasher = hasher_new();
  w->batch = leaf_batch_new();
  w->references = memory_zeroed(REFERENCE_BUCKETS, sizeof *w->references);
  return w;
}

/* Accounts are items, with the number 0, so that a chunk begins at a multiple of its size. */
static enum status read_chunk(void *worker, struct scan_chunk *chunk, struct error *err) {
  struct audit_worker *w = worker;
  struct audit *a = w->a;
  const bool last = chunk->end > a->account_max;
  w->from = chunk->first;
  enum status status = read_accounts(w, w->from + AUDIT_CHUNK_ACCOUNTS - 1, err);
  /* lines of accounts before the first and after the last are read too */
  if (status == DONE)
    status = read_lines(w, chunk->number ? w->from : INT64_MIN,
                        last ? INT64_MAX : w->from + AUDIT_CHUNK_ACCOUNTS - 1, err);
  if (status != DONE) return status;
  if (a->options->chunk)
    a->options->chunk(a->options->chunk_context,
                      &(struct audit_chunk){w->from, w->accounts, w->leaves, w->leaf_count});
  make_subtrees(w);
  chunk->done = (uint64_t)w->lines;
  return DONE;
}

static void end_worker(void *context, void *worker) {
  struct audit *a = context;
  struct audit_worker *w = worker;
  if (w->late.entry > a->late.entry) a->late = w->late;
  for (int b = 0; b < REFERENCE_BUCKETS; b++) {
    struct digest_sum *sum = &a->references[b];
    sum->high += w->references[b].high;
    sum->low += w->references[b].low;
    sum->count += w->references[b].count;
  }
  hasher_free(w->hasher);
  leaf_batch_free(w->batch);
  text_release(&w->messages);
  explicit_bzero(w->accounts, sizeof w->accounts);
  free(w->leaves);
  free(w->sums);
  map_release(&w->sum_by_entry);
  free(w->by_entry);
  free(w->hashes);
  free(w->subtrees);
  free(w->references);
  free(w);
}

enum status audit_scan(struct audit *a, struct error *err) {
  static const struct scan_reader reader = {begin_worker, read_chunk, combine_in_turn, end_worker};
  const struct scan scan = {.store = a->store,
                            .reader = &reader,
                            .context = a,
                            .items = a->account_max + 1,
                            .chunk_items = AUDIT_CHUNK_ACCOUNTS,
                            .threads = a->options->threads,
                            .what = "auditing",
                            .total = (uint64_t)a->lines_expected,
                            .progress = a->options->progress,
                            .watch = a->options->watch};
  return scan_run(&scan, err);
}
