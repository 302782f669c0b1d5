#include "book/references.h"

#include "base/hash.h"
#include "base/refusal.h"

#include <assert.h>

enum {
  PARTITIONS = 256,
  PIECE_ITEMS = 512, /* of a partition, before they go to the worker's spool */
  WORKER_SPOOL_BYTES = 4 << 20,
  KEPT_SPOOL_BYTES = 4 << 20,
  BUCKETS_A_TRANSACTION = 4096,
};

struct reference_item {
  uint8_t digest[REFERENCE_BYTES];
  uint64_t place; /* file (10 bits), line (40 bits): orders the items of one digest */
};

struct extent {
  uint64_t at;
  uint32_t count;
};

struct partition {
  struct reference_item *items;
  uint32_t count, capacity;
  struct extent *extents; /* what was written to the spool */
  int extent_count, extent_capacity;
};

struct ref_worker {
  struct partition partition[PARTITIONS];
  struct spool spool;
  struct hasher *hasher;
};

struct references {
  struct ref_worker worker[BULK_WORKERS];
  struct spool kept;    /* digests to be written, in order */
  uint32_t *kept_count; /* by bucket */
  uint16_t *rows;       /* rows that the store has, by bucket */
  uint64_t *dropped;    /* places of the duplicates found, sorted after the check */
  uint64_t dropped_count, dropped_capacity;
  uint64_t *kept_at; /* where each bucket's digests begin; made at the first look-up */
  int64_t again;     /* the import that the call replaces; 0: none */
  int next_bucket;   /* to be written */
  uint64_t next_at;
};

struct references *references_new(struct store *store, int64_t again) {
  struct references *r = memory_zeroed(1, sizeof *r);
  r->again = again;
  for (int i = 0; i < BULK_WORKERS; i++) {
    spool_open(&r->worker[i].spool, store, WORKER_SPOOL_BYTES);
    r->worker[i].hasher = hasher_new();
  }
  spool_open(&r->kept, store, KEPT_SPOOL_BYTES);
  r->kept_count = memory_zeroed(REFERENCE_BUCKETS, sizeof *r->kept_count);
  r->rows = memory_zeroed(REFERENCE_BUCKETS, sizeof *r->rows);
  return r;
}

void references_free(struct references *r) {
  if (!r) return;
  for (int i = 0; i < BULK_WORKERS; i++) {
    for (int p = 0; p < PARTITIONS; p++) {
      free(r->worker[i].partition[p].items);
      free(r->worker[i].partition[p].extents);
    }
    spool_close(&r->worker[i].spool);
    hasher_free(r->worker[i].hasher);
  }
  spool_close(&r->kept);
  free(r->kept_count);
  free(r->kept_at);
  free(r->rows);
  free(r->dropped);
  free(r);
}

/* ---- gathering ---- */

static enum status add_item(struct ref_worker *worker, const struct digest *digest, uint64_t place,
                            struct error *err) {
  struct partition *p = &worker->partition[digest->bytes[0]];
  if (p->count == PIECE_ITEMS) {
    array_reserve(p->extents, p->extent_capacity, p->extent_count + 1);
    p->extents[p->extent_count++] = (struct extent){spool_size(&worker->spool), p->count};
    enum status status = spool_write(&worker->spool, p->items, sizeof *p->items * p->count, err);
    if (status != DONE) return status;
    p->count = 0;
  }
  array_reserve(p->items, p->capacity, p->count + 1);
  struct reference_item *item = &p->items[p->count++];
  memcpy(item->digest, digest->bytes, REFERENCE_BYTES);
  item->place = place;
  return DONE;
}

static uint64_t place_of(int file, uint64_t line) { return (uint64_t)file << 40 | line; }

void reference_message(struct text *out, int64_t body, struct span reference) {
  uint8_t head[8];
  put_u64(head, (uint64_t)body);
  text_add_bytes(out, (const char *)head, sizeof head);
  text_add_span(out, reference);
}

void reference_digest(struct hasher *h, int64_t body, struct span reference, struct digest *out) {
  uint8_t head[8];
  put_u64(head, (uint64_t)body);
  hasher_begin(h);
  hasher_add(h, head, sizeof head);
  hasher_add(h, reference.bytes, reference.size);
  hasher_end(h, out);
}

void reference_again_digest(struct hasher *h, int64_t import, int64_t body, struct span reference,
                            struct digest *out) {
  static const char label[] = "weal again";
  uint8_t numbers[16];
  put_u64(numbers, (uint64_t)import);
  put_u64(numbers + 8, (uint64_t)body);
  hasher_begin(h);
  hasher_add(h, label, sizeof label - 1);
  hasher_add(h, numbers, sizeof numbers);
  hasher_add(h, reference.bytes, reference.size);
  hasher_end(h, out);
}

void reference_reversal_digest(struct hasher *h, const struct undone_line *undone,
                               struct digest *out) {
  static const char label[] = "weal reverses";
  uint8_t numbers[12];
  put_u64(numbers, (uint64_t)undone->entry);
  for (int i = 0; i < 4; i++) numbers[8 + i] = (uint8_t)((uint32_t)undone->line_no >> (24 - 8 * i));
  hasher_begin(h);
  hasher_add(h, label, sizeof label - 1);
  hasher_add(h, numbers, sizeof numbers);
  if (undone->sum_account) {
    uint8_t account[8];
    put_u64(account, (uint64_t)undone->sum_account);
    hasher_add(h, account, sizeof account);
  }
  hasher_end(h, out);
}

enum status references_add(struct references *r, int worker, int64_t body, struct span reference,
                           int file, uint64_t line, struct error *err) {
  struct digest digest;
  if (r->again)
    reference_again_digest(r->worker[worker].hasher, r->again, body, reference, &digest);
  else reference_digest(r->worker[worker].hasher, body, reference, &digest);
  return add_item(&r->worker[worker], &digest, place_of(file, line), err);
}

enum status references_add_reversal(struct references *r, int worker,
                                    const struct undone_line *undone, int file, uint64_t line,
                                    struct error *err) {
  struct digest digest;
  reference_reversal_digest(r->worker[worker].hasher, undone, &digest);
  return add_item(&r->worker[worker], &digest, place_of(file, line), err);
}

/* ---- checking ---- */

struct check {
  struct references *r;
  references_found *found;
  void *context;
  struct reference_item *items; /* of the current partition, sorted by digest and place */
  size_t count, capacity;
  size_t start[PARTITIONS + 1]; /* where each of its buckets begins */
};

static int compare_items(const void *a, const void *b) {
  const struct reference_item *x = a, *y = b;
  int order = memcmp(x->digest, y->digest, REFERENCE_BYTES);
  return order ? order : (x->place > y->place) - (x->place < y->place);
}

static enum status gather_partition(struct check *c, int p, struct error *err) {
  c->count = 0;
  for (int i = 0; i < BULK_WORKERS; i++) {
    struct ref_worker *worker = &c->r->worker[i];
    struct partition *part = &worker->partition[p];
    size_t more = part->count;
    for (int e = 0; e < part->extent_count; e++) more += part->extents[e].count;
    array_reserve(c->items, c->capacity, c->count + more);
    for (int e = 0; e < part->extent_count; e++) {
      enum status status = spool_read(&worker->spool, part->extents[e].at, c->items + c->count,
                                      sizeof *c->items * part->extents[e].count, err);
      if (status != DONE) return status;
      c->count += part->extents[e].count;
    }
    if (part->count) memcpy(c->items + c->count, part->items, sizeof *c->items * part->count);
    c->count += part->count;
  }
  return DONE;
}

/* Sorts by the second byte into buckets, then each bucket by comparison: with 10 million some 150
 * in each. */
static void sort_partition(struct check *c) {
  size_t at[PARTITIONS] = {0}, sum = 0;
  struct reference_item *sorted = memory_alloc(sizeof *sorted * (c->count + 1));
  for (size_t i = 0; i < c->count; i++) at[c->items[i].digest[1]]++;
  for (int b = 0; b < PARTITIONS; b++) {
    size_t n = at[b];
    c->start[b] = at[b] = sum;
    sum += n;
  }
  c->start[PARTITIONS] = sum;
  for (size_t i = 0; i < c->count; i++) sorted[at[c->items[i].digest[1]]++] = c->items[i];
  free(c->items);
  c->items = sorted;
  c->capacity = c->count + 1;
  for (int b = 0; b < PARTITIONS; b++)
    array_sort(sorted + c->start[b], c->start[b + 1] - c->start[b], compare_items);
}

static const uint64_t dropped_bit = UINT64_C(1) << 63; /* in place, while a partition is checked */

static void drop(struct check *c, struct reference_item *item, bool in_book) {
  if (item->place & dropped_bit) return;
  struct references *r = c->r;
  array_reserve(r->dropped, r->dropped_capacity, r->dropped_count + 1);
  r->dropped[r->dropped_count++] = item->place;
  if (c->found)
    c->found(c->context, (int)(item->place >> 40), item->place & ((UINT64_C(1) << 40) - 1),
             in_book);
  item->place |= dropped_bit;
}

/* Both sides are sorted, so one pass is enough. */
static void drop_those_in(struct check *c, int bucket, const uint8_t *digests, size_t count) {
  size_t i = c->start[bucket], end = c->start[bucket + 1];
  for (size_t d = 0; d < count && i < end;) {
    int order = memcmp(c->items[i].digest, digests + d * REFERENCE_BYTES, REFERENCE_BYTES);
    if (order == 0) drop(c, &c->items[i++], true);
    else if (order < 0) i++;
    else d++;
  }
}

static enum status check_against_store(struct check *c, struct store *store,
                                       const struct reading *reading, int p, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(store, &q,
                                   "select bucket, entry, digests from reference where bucket "
                                   "between ?1 and ?2 order by bucket, entry",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, p * PARTITIONS);
  query_bind_int(q, 2, p * PARTITIONS + PARTITIONS - 1);
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t bucket = query_int(q, 0);
    if (c->r->rows[bucket] < UINT16_MAX) c->r->rows[bucket]++;
    if (!reading_sees(reading, query_int(q, 1))) continue;
    struct span digests = query_bytes(q, 2);
    drop_those_in(c, (int)(bucket - p * PARTITIONS), (const uint8_t *)digests.bytes,
                  digests.size / REFERENCE_BYTES);
  }
  query_end(q);
  return status;
}

/* Of several items with one digest, keeps the first in the call, unless the book has it. */
static enum status keep_partition(struct check *c, int p, struct error *err) {
  const struct reference_item *last = NULL;
  for (size_t i = 0; i < c->count; i++) {
    struct reference_item *item = &c->items[i];
    bool again = last && memcmp(last->digest, item->digest, REFERENCE_BYTES) == 0;
    last = item;
    if (again) drop(c, item, false);
    if (item->place & dropped_bit) continue;
    c->r->kept_count[p * PARTITIONS + item->digest[1]]++;
    enum status status = spool_write(&c->r->kept, item->digest, REFERENCE_BYTES, err);
    if (status != DONE) return status;
  }
  return DONE;
}

static int compare_places(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

enum status references_check(struct references *r, struct store *store,
                             const struct reading *reading, references_found *found, void *context,
                             uint64_t *count, struct error *err) {
  struct check c = {.r = r, .found = found, .context = context};
  enum status status = DONE;
  for (int p = 0; status == DONE && p < PARTITIONS; p++) {
    status = gather_partition(&c, p, err);
    if (status != DONE || !c.count) continue;
    sort_partition(&c);
    status = check_against_store(&c, store, reading, p, err);
    if (status == DONE) status = keep_partition(&c, p, err);
  }
  free(c.items);
  array_sort(r->dropped, r->dropped_count, compare_places);
  if (count) *count = r->dropped_count;
  return status;
}

uint64_t references_kept(const struct references *r) {
  return spool_size(&r->kept) / REFERENCE_BYTES;
}

uint64_t references_dropped_count(const struct references *r) { return r->dropped_count; }

bool references_dropped(const struct references *r, int file, uint64_t line) {
  uint64_t place = place_of(file, line);
  return r->dropped_count && array_find(&place, r->dropped, r->dropped_count, compare_places);
}

static bool holds(struct span digests, const uint8_t *digest) {
  size_t low = 0, high = digests.size / REFERENCE_BYTES;
  while (low < high) {
    size_t middle = (low + high) / 2;
    int order = memcmp(digests.bytes + middle * REFERENCE_BYTES, digest, REFERENCE_BYTES);
    if (order == 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

/* ---- entries posted after the check ---- */

/* Whether the digest is one of those to be written, which are spooled by bucket. */
static enum status keeps(struct references *r, const struct digest *digest, bool *found,
                         struct error *err) {
  const int bucket = reference_bucket(digest->bytes);
  if (!r->kept_at) {
    r->kept_at = memory_zeroed(REFERENCE_BUCKETS, sizeof *r->kept_at);
    for (int b = 1; b < REFERENCE_BUCKETS; b++)
      r->kept_at[b] = r->kept_at[b - 1] + (uint64_t)r->kept_count[b - 1] * REFERENCE_BYTES;
  }
  size_t size = (size_t)r->kept_count[bucket] * REFERENCE_BYTES;
  *found = false;
  if (!size) return DONE;
  char *digests = memory_alloc(size);
  enum status status = spool_read(&r->kept, r->kept_at[bucket], digests, size, err);
  *found = status == DONE && holds(span_make(digests, size), digest->bytes);
  free(digests);
  return status;
}

enum status references_find(struct references *r, const struct digest *digest, bool *found,
                            int *file, uint64_t *line, struct error *err) {
  struct check c = {.r = r};
  uint64_t place = UINT64_MAX;
  enum status status = keeps(r, digest, found, err);
  if (status != DONE || !*found) return status;
  status = gather_partition(&c, digest->bytes[0], err);
  /* of several in the call the first is kept */
  for (size_t i = 0; status == DONE && i < c.count; i++)
    if (memcmp(c.items[i].digest, digest->bytes, REFERENCE_BYTES) == 0 && c.items[i].place < place)
      place = c.items[i].place;
  free(c.items);
  *file = (int)(place >> 40);
  *line = place & ((UINT64_C(1) << 40) - 1);
  return status;
}

/* ---- writing ---- */

enum status references_write_some(struct references *r, struct store *store, int64_t entry,
                                  bool *more, struct error *err) {
  struct append *a = NULL;
  uint8_t *digests = NULL;
  size_t capacity = 0;
  int written = 0;
  enum status status = append_begin(store, &a, "reference", "bucket, entry, digests", err);
  if (status != DONE) return status;
  for (; status == DONE && r->next_bucket < REFERENCE_BUCKETS && written < BUCKETS_A_TRANSACTION;
       r->next_bucket++) {
    size_t size = (size_t)r->kept_count[r->next_bucket] * REFERENCE_BYTES;
    if (!size) continue;
    array_reserve(digests, capacity, size);
    status = spool_read(&r->kept, r->next_at, digests, size, err);
    if (status != DONE) break;
    append_int(a, r->next_bucket);
    append_int(a, entry);
    append_bytes(a, digests, size);
    status = append_row(a, err);
    r->next_at += size;
    written++;
  }
  free(digests);
  *more = r->next_bucket < REFERENCE_BUCKETS;
  if (status != DONE) {
    append_abandon(a);
    return status;
  }
  return append_end(a, err);
}

/* ---- of a small entry ---- */

static int compare_once(const void *a, const void *b) {
  return memcmp(((const struct reference_key *)a)->digest.bytes,
                ((const struct reference_key *)b)->digest.bytes, REFERENCE_BYTES);
}

int references_of_lines(struct hasher *h, const struct line *lines, int count,
                        struct reference_key *out) {
  int found = 0;
  for (int i = 0; i < count; i++) {
    const struct line *l = &lines[i];
    if (l->reverses_entry)
      reference_reversal_digest(h, &(struct undone_line){l->reverses_entry, l->reverses_line_no, 0},
                                &out[found].digest);
    else if (l->reference.size) reference_digest(h, l->body, l->reference, &out[found].digest);
    else continue;
    out[found++].reversal = l->reverses_entry != 0;
  }
  array_sort(out, found, compare_once);
  return found;
}

static enum status refuse_once(const struct reference_key *once, enum refusal_code code,
                               struct error *err) {
  refuse_code(err, once->reversal ? REFUSAL_LINE_REVERSED_ALREADY : code);
  return error_at(err, NULL, 0, "reference");
}

enum status references_refuse_pending(const struct reference_key *once, struct error *err) {
  refuse_code(err, once->reversal ? REFUSAL_LINE_BEING_REVERSED : REFUSAL_REFERENCE_BEING_POSTED);
  return error_at(err, NULL, 0, "reference");
}

enum status references_twice(const struct reference_key *once, int count, struct error *err) {
  for (int i = 1; i < count; i++)
    if (compare_once(&once[i - 1], &once[i]) == 0)
      return refuse_once(&once[i], REFUSAL_REFERENCE_TWICE_IN_CALL, err);
  return DONE;
}

enum status references_ask(struct store *store, const struct reference_key *once,
                           struct query **out, struct error *err) {
  enum status status = store_query(store, out,
                                   "select entry, digests from reference where bucket = ?1", err);
  if (status != DONE) return status;
  query_bind_int(*out, 1, reference_bucket(once->digest.bytes));
  return query_ask(*out, err);
}

/* Rows of void numbers do not count: they will never be finished. */
enum status references_answer(struct query *q, const struct reading *reading,
                              const struct entry_range *live, const struct reference_key *once,
                              bool *is_live, struct error *err) {
  bool row = false;
  enum status status = DONE;
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    int64_t entry = query_int(q, 0);
    bool at_work = entry >= live->first && entry <= live->last;
    if ((!at_work && !reading_sees(reading, entry)) ||
        !holds(query_bytes(q, 1), once->digest.bytes))
      continue;
    if (at_work) *is_live = true;
    else status = refuse_once(once, REFUSAL_REFERENCE_POSTED_ALREADY, err);
  }
  return status;
}

enum status references_write_few(struct store *store, const struct reference_key *once, int count,
                                 int64_t entry, struct error *err) {
  struct query *q = NULL;
  struct text digests = {0};
  enum status status = store_query(
      store, &q, "insert into reference (bucket, entry, digests) values (?1, ?2, ?3)", err);
  for (int i = 0; status == DONE && i < count;) {
    int bucket = reference_bucket(once[i].digest.bytes);
    text_clear(&digests);
    for (; i < count && reference_bucket(once[i].digest.bytes) == bucket; i++)
      text_add_bytes(&digests, (const char *)once[i].digest.bytes, REFERENCE_BYTES);
    query_bind_int(q, 1, bucket);
    query_bind_int(q, 2, entry);
    query_bind_bytes(q, 3, digests.bytes, digests.size);
    status = query_run_later(q, err);
  }
  query_end(q);
  text_release(&digests);
  return status;
}

static int compare_digests(const void *a, const void *b) { return memcmp(a, b, REFERENCE_BYTES); }

enum status references_known(struct store *store, const struct reference_key *once, bool *known,
                             struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *known = false;
  enum status status = references_ask(store, once, &q, err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row)
    *known |= holds(query_bytes(q, 1), once->digest.bytes);
  query_end(q);
  return status;
}

/* Reads what `entry` has in the bucket already; *there: it has something. */
static enum status read_row_of(struct store *store, int bucket, int64_t entry, struct text *digests,
                               bool *there, struct error *err) {
  struct query *q = NULL;
  enum status status =
      store_query(store, &q, "select digests from reference where bucket = ?1 and entry = ?2", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, bucket);
  query_bind_int(q, 2, entry);
  status = query_step(q, there, err);
  if (status == DONE && *there) text_add_span(digests, query_bytes(q, 0));
  query_end(q);
  return status;
}

enum status references_add_one(struct store *store, const struct reference_key *once, int64_t entry,
                               struct error *err) {
  struct query *q = NULL;
  struct text digests = {0};
  bool there = false;
  enum status status = read_row_of(store, reference_bucket(once->digest.bytes), entry, &digests,
                                   &there, err);
  if (status == DONE)
    status = store_query(store, &q,
                         there
                             ? "update reference set digests = ?3 where bucket = ?1 and entry = ?2"
                             : "insert into reference (bucket, entry, digests) values (?1, ?2, ?3)",
                         err);
  if (status == DONE) {
    text_add_bytes(&digests, (const char *)once->digest.bytes, REFERENCE_BYTES);
    rows_sort(digests.bytes, digests.size / REFERENCE_BYTES, REFERENCE_BYTES, compare_digests);
    query_bind_int(q, 1, reference_bucket(once->digest.bytes));
    query_bind_int(q, 2, entry);
    query_bind_bytes(q, 3, digests.bytes, digests.size);
    status = query_run(q, err);
  }
  query_end(q);
  text_release(&digests);
  return status;
}

/* The finished rows of a bucket: their entries, and all their digests. */
struct bucket_rows {
  int64_t *entries;
  int count, capacity;
  struct text digests;
};

static enum status read_bucket(struct store *store, const struct reading *reading, int bucket,
                               struct bucket_rows *rows, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  rows->count = 0;
  text_clear(&rows->digests);
  enum status status = store_query(
      store, &q, "select entry, digests from reference where bucket = ?1 order by entry", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, bucket);
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t entry = query_int(q, 0);
    if (!reading_sees(reading, entry)) continue;
    struct span digests = query_bytes(q, 1);
    array_reserve(rows->entries, rows->capacity, rows->count + 1);
    rows->entries[rows->count++] = entry;
    text_add_bytes(&rows->digests, digests.bytes, digests.size);
  }
  query_end(q);
  return status;
}

/* Makes one row of the finished rows of a bucket, under the lowest of their entries. Deletes
 * exactly the rows that were read. */
static enum status compact_bucket(struct store *store, const struct reading *reading, int bucket,
                                  struct bucket_rows *rows, struct error *err) {
  struct query *q = NULL;
  enum status status = read_bucket(store, reading, bucket, rows, err);
  if (status != DONE || rows->count < 2) return status;
  rows_sort(rows->digests.bytes, rows->digests.size / REFERENCE_BYTES, REFERENCE_BYTES,
            compare_digests);
  status = store_query(store, &q, "delete from reference where bucket = ?1 and entry = ?2", err);
  for (int i = 1; status == DONE && i < rows->count; i++) {
    query_bind_int(q, 1, bucket);
    query_bind_int(q, 2, rows->entries[i]);
    status = query_run_later(q, err);
  }
  query_end(q);
  if (status == DONE)
    status = store_query(store, &q,
                         "update reference set digests = ?3 where bucket = ?1 and entry = ?2", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, bucket);
  query_bind_int(q, 2, rows->entries[0]);
  query_bind_bytes(q, 3, rows->digests.bytes, rows->digests.size);
  status = query_run(q, err);
  query_end(q);
  return status;
}

enum status references_compact(struct references *r, struct store *store,
                               const struct reading *reading, struct error *err) {
  struct bucket_rows rows = {0};
  enum status status = DONE;
  for (int b = 0; status == DONE && b < REFERENCE_BUCKETS;) {
    int done = 0;
    status = store_begin(store, STORE_WRITE, err);
    for (; status == DONE && b < REFERENCE_BUCKETS && done < BUCKETS_A_TRANSACTION; b++) {
      if (r->rows[b] < REFERENCE_ROWS_MAX || !r->kept_count[b]) continue;
      status = compact_bucket(store, reading, b, &rows, err);
      done++;
    }
    if (status == DONE) status = store_commit(store, err);
    if (status != DONE) store_rollback(store);
  }
  free(rows.entries);
  text_release(&rows.digests);
  return status;
}
