#include "book/runs.h"

#include "base/limits.h"

#include <assert.h>

struct run_item { /* the items that are sorted: the key and the position of the record */
  uint64_t high, low, at;
};

struct run { /* a sorted part of a worker's spool */
  uint64_t at, size;
};

struct run_worker {
  struct spool spool;
  struct run *runs;
  int run_count, run_capacity;
  char *bytes; /* records as they came */
  size_t used;
  struct run_item *items, *scratch;
  size_t count;
  uint64_t last_low_place; /* (file, line) of the last row, since rows must come in order */
  bool labelled;           /* one of the rows */
};

enum {
  /* A worker's share of the memory: records, and two arrays of items. A record takes 72 bytes and
   * its texts, an item 24. */
  WORKER_BYTES = LIMIT_SORT_MEMORY_BYTES / BULK_WORKERS,
  WORKER_RECORD_BYTES = WORKER_BYTES / 5 * 3,
  WORKER_ITEMS = WORKER_BYTES / 5 / (int)sizeof(struct run_item),
  /* a worker's first block of memory, so that small imports stay small */
  WORKER_FIRST_BYTES = 1 << 20,
  SPOOL_BUFFER_BYTES = 1 << 20,
  MERGE_MEMORY_BYTES = 64 << 20,
  /* records fetched ahead: in the order of their keys they are scattered in memory, and waiting for
   * each took a tenth of an import's time */
  FETCH_AHEAD = 12,
};

struct runs {
  struct run_worker worker[BULK_WORKERS];
  size_t bytes_capacity[BULK_WORKERS], items_capacity[BULK_WORKERS];
};

struct runs *runs_new(struct store *store) {
  struct runs *runs = memory_zeroed(1, sizeof *runs);
  for (int i = 0; i < BULK_WORKERS; i++)
    spool_open(&runs->worker[i].spool, store, SPOOL_BUFFER_BYTES);
  return runs;
}

bool runs_are_labelled(const struct runs *runs) {
  bool labelled = false;
  for (int i = 0; i < BULK_WORKERS; i++) labelled |= runs->worker[i].labelled;
  return labelled;
}

void runs_free(struct runs *runs) {
  if (!runs) return;
  for (int i = 0; i < BULK_WORKERS; i++) {
    struct run_worker *worker = &runs->worker[i];
    spool_close(&worker->spool);
    free(worker->runs);
    free(worker->bytes);
    free(worker->items);
    free(worker->scratch);
  }
  free(runs);
}

/* ---- sorting ---- */

static inline unsigned digit(const struct run_item *item, int d) {
  return (unsigned)(d < 3 ? item->low >> (40 + 8 * d) : item->high >> (8 * (d - 3))) & 255u;
}

/* Least digit first, stable; rows of one worker are in order of line already, so only file,
 * category, day and account are sorted by, and of these only the bytes that differ: some six
 * passes. Returns the array that has the sorted items. */
static struct run_item *radix_sort(struct run_item *items, struct run_item *scratch, size_t count) {
  enum { DIGITS = 11 };
  uint64_t high = 0, low = 0;
  for (size_t i = 1; i < count; i++) {
    high |= items[i].high ^ items[0].high;
    low |= items[i].low ^ items[0].low;
  }
  struct run_item differs = {high, low, 0};
  for (int d = 0; d < DIGITS; d++) {
    if (!digit(&differs, d)) continue;
    size_t start[256] = {0}, at = 0;
    for (size_t i = 0; i < count; i++) start[digit(&items[i], d)]++;
    for (int v = 0; v < 256; v++) {
      size_t n = start[v];
      start[v] = at;
      at += n;
    }
    for (size_t i = 0; i < count; i++) scratch[start[digit(&items[i], d)]++] = items[i];
    struct run_item *swap = items;
    items = scratch;
    scratch = swap;
  }
  return items;
}

static void sort_worker(struct run_worker *worker, size_t capacity) {
  if (!worker->scratch) worker->scratch = memory_alloc(capacity * sizeof *worker->scratch);
  struct run_item *sorted = radix_sort(worker->items, worker->scratch, worker->count);
  if (sorted == worker->items) return;
  worker->scratch = worker->items;
  worker->items = sorted;
}

static enum status spill_worker(struct run_worker *worker, size_t capacity, struct error *err) {
  sort_worker(worker, capacity);
  array_reserve(worker->runs, worker->run_capacity, worker->run_count + 1);
  struct run *run = &worker->runs[worker->run_count];
  run->at = spool_size(&worker->spool);
  for (size_t i = 0; i < worker->count; i++) {
    if (i + FETCH_AHEAD < worker->count)
      __builtin_prefetch(worker->bytes + worker->items[i + FETCH_AHEAD].at);
    const struct run_record *r =
        (const struct run_record *)(const void *)(worker->bytes + worker->items[i].at);
    enum status status = spool_write(&worker->spool, r, record_size(r), err);
    if (status != DONE) return status;
  }
  run->size = spool_size(&worker->spool) - run->at;
  worker->run_count++;
  worker->count = worker->used = 0;
  return DONE;
}

/* Makes room for one more record; spills when the worker's share of memory is used. */
static enum status make_room(struct runs *runs, int index, size_t size, struct error *err) {
  struct run_worker *worker = &runs->worker[index];
  size_t *bytes = &runs->bytes_capacity[index], *items = &runs->items_capacity[index];
  if (worker->used + size <= *bytes && worker->count < *items) return DONE;
  if (worker->used + size > WORKER_RECORD_BYTES || worker->count >= WORKER_ITEMS)
    return spill_worker(worker, *items, err);
  if (worker->used + size > *bytes) {
    *bytes = *bytes ? *bytes * 2 : WORKER_FIRST_BYTES;
    if (*bytes > WORKER_RECORD_BYTES) *bytes = WORKER_RECORD_BYTES;
    worker->bytes = memory_grow(worker->bytes, *bytes);
  }
  if (worker->count >= *items) {
    *items = *items ? *items * 2 : WORKER_FIRST_BYTES / sizeof(struct run_item);
    if (*items > WORKER_ITEMS) *items = WORKER_ITEMS;
    worker->items = memory_grow(worker->items, *items * sizeof *worker->items);
    free(worker->scratch); /* allocated again, in the items' size, when it is needed */
    worker->scratch = NULL;
  }
  return DONE;
}

static char *put_text(char *at, struct span text) {
  if (text.size) memcpy(at, text.bytes, text.size);
  return at + text.size;
}

enum status runs_add(struct runs *runs, int index, const struct bulk_row *row, struct error *err) {
  struct run_worker *worker = &runs->worker[index];
  const struct line *f = &row->fields;
  assert(row->line >> KEY_LINE_BITS == 0 && f->category >> KEY_CATEGORY_BITS == 0 &&
         row->file >> KEY_FILE_BITS == 0);
  assert(f->reference.size <= LIMIT_FIELD_BYTES && f->note.size <= LIMIT_FIELD_BYTES &&
         f->department.size <= LIMIT_FIELD_BYTES && f->stream.size <= LIMIT_FIELD_BYTES &&
         f->condition.size <= LIMIT_FIELD_BYTES);
  uint64_t place = (uint64_t)row->file << KEY_LINE_BITS | row->line;
  assert(place >= worker->last_low_place);
  worker->last_low_place = place;
  struct run_record r = {.high = key_high(row->account, f->day),
                         .low = key_low(row->file, f->category, row->line),
                         .control = row->control,
                         .amount = f->amount,
                         .quantity = f->quantity,
                         .reverses_entry = f->reverses_entry,
                         .reverses_line_no = f->reverses_line_no,
                         .body = (int32_t)f->body,
                         .place = (int32_t)f->place,
                         .service = f->service,
                         .cost_year = (uint16_t)f->cost_year,
                         .reference_size = (uint16_t)f->reference.size,
                         .note_size = (uint16_t)f->note.size,
                         .estimated = f->estimated,
                         .has_quantity = f->has_quantity,
                         .labelled = line_has_labels(f)};
  const struct run_labels labels = {.department = (uint16_t)f->department.size,
                                    .stream = (uint16_t)f->stream.size,
                                    .condition = (uint16_t)f->condition.size};
  const size_t size = record_size_with(&r, labels);
  enum status status = make_room(runs, index, size, err);
  if (status != DONE) return status;
  if (worker->used + size > runs->bytes_capacity[index] ||
      worker->count >= runs->items_capacity[index])
    status = make_room(runs, index, size, err);
  if (status != DONE) return status;
  worker->items[worker->count++] = (struct run_item){r.high, r.low, worker->used};
  char *at = worker->bytes + worker->used;
  memcpy(at, &r, sizeof r);
  at += sizeof r;
  if (r.labelled) memcpy(at, &labels, sizeof labels), at += sizeof labels;
  at = put_text(put_text(at, f->reference), f->note);
  if (r.labelled) put_text(put_text(put_text(at, f->department), f->stream), f->condition);
  worker->labelled |= r.labelled;
  worker->used += size;
  return DONE;
}

/* ---- merging ---- */

struct source {
  const struct run_record *record; /* null at the end */
  /* in memory: */
  const struct run_worker *worker;
  size_t next, count;
  const struct run_record *extra;
  /* in a file: */
  struct spool *spool;
  uint64_t at, end;
  char *buffer;
  size_t buffer_size, have, used;
};

struct run_merge {
  struct source *sources;
  int *heap; /* indexes of sources, the least record first */
  int count, size;
  bool given; /* the least record was given out, and its source advances at the next call */
};

enum {
  RECORD_BYTES_MAX = sizeof(struct run_record) + sizeof(struct run_labels) + 5 * LIMIT_FIELD_BYTES +
                     8
};

static bool has_whole_record(const struct source *s) {
  const size_t have = s->have - s->used;
  const struct run_record *r = (const struct run_record *)(const void *)(s->buffer + s->used);
  return have >= sizeof *r && (!r->labelled || have >= sizeof *r + sizeof(struct run_labels)) &&
         have >= record_size(r);
}

/* Reads more, so that the buffer begins with a whole record. */
static enum status refill(struct source *s, struct error *err) {
  size_t left = s->have - s->used;
  memmove(s->buffer, s->buffer + s->used, left);
  size_t more = s->buffer_size - left;
  if (more > s->end - s->at) more = (size_t)(s->end - s->at);
  enum status status = spool_read(s->spool, s->at, s->buffer + left, more, err);
  if (status != DONE) return status;
  s->at += more;
  s->have = left + more;
  s->used = 0;
  return DONE;
}

static enum status source_next(struct source *s, struct error *err) {
  if (s->extra) {
    s->record = s->next < s->count ? &s->extra[s->next++] : NULL;
    return DONE;
  }
  if (s->worker) {
    if (s->next + FETCH_AHEAD < s->count)
      __builtin_prefetch(s->worker->bytes + s->worker->items[s->next + FETCH_AHEAD].at);
    s->record = s->next < s->count
                    ? (const struct run_record *)(const void *)(s->worker->bytes +
                                                                s->worker->items[s->next++].at)
                    : NULL;
    return DONE;
  }
  if (s->record) s->used += record_size(s->record);
  if (!has_whole_record(s) && s->at < s->end) {
    enum status status = refill(s, err);
    if (status != DONE) return status;
  }
  s->record = s->used < s->have ? (const struct run_record *)(const void *)(s->buffer + s->used)
                                : NULL;
  return DONE;
}

static inline bool before(const struct run_merge *m, int a, int b) {
  const struct run_record *x = m->sources[a].record, *y = m->sources[b].record;
  return x->high != y->high ? x->high < y->high : x->low < y->low;
}

static void sift_down(struct run_merge *m, int at) {
  for (;;) {
    int least = at, left = 2 * at + 1, right = left + 1;
    if (left < m->size && before(m, m->heap[left], m->heap[least])) least = left;
    if (right < m->size && before(m, m->heap[right], m->heap[least])) least = right;
    if (least == at) return;
    int swap = m->heap[at];
    m->heap[at] = m->heap[least];
    m->heap[least] = swap;
    at = least;
  }
}

static int compare_records(const void *a, const void *b) {
  const struct run_record *x = a, *y = b;
  if (x->high != y->high) return x->high < y->high ? -1 : 1;
  return (x->low > y->low) - (x->low < y->low);
}

enum status merge_open(struct run_merge **out, struct runs *runs, struct run_record *extra,
                       size_t extra_count, struct error *err) {
  int files = 0;
  for (int i = 0; i < BULK_WORKERS; i++) files += runs->worker[i].run_count;
  struct run_merge *m = memory_zeroed(1, sizeof *m);
  *out = m;
  m->sources = memory_zeroed((size_t)files + BULK_WORKERS + 1, sizeof *m->sources);
  m->heap = memory_zeroed((size_t)files + BULK_WORKERS + 1, sizeof *m->heap);
  size_t share = files ? MERGE_MEMORY_BYTES / (size_t)files : 0;
  if (share > 1 << 20) share = 1 << 20;
  if (share < 2 * RECORD_BYTES_MAX) share = 2 * RECORD_BYTES_MAX;
  for (int i = 0; i < BULK_WORKERS; i++) {
    struct run_worker *worker = &runs->worker[i];
    for (int r = 0; r < worker->run_count; r++)
      m->sources[m->count++] = (struct source){.spool = &worker->spool,
                                               .at = worker->runs[r].at,
                                               .end = worker->runs[r].at + worker->runs[r].size,
                                               .buffer = memory_alloc(share),
                                               .buffer_size = share};
    if (!worker->count) continue;
    /* records that were not spilled are merged from memory; sorting them again changes nothing */
    sort_worker(worker, runs->items_capacity[i]);
    m->sources[m->count++] = (struct source){.worker = worker, .count = worker->count};
  }
  array_sort(extra, extra_count, compare_records);
  if (extra_count) m->sources[m->count++] = (struct source){.extra = extra, .count = extra_count};
  for (int i = 0; i < m->count; i++) {
    enum status status = source_next(&m->sources[i], err);
    if (status != DONE) return status;
    if (m->sources[i].record) m->heap[m->size++] = i;
  }
  for (int at = m->size / 2 - 1; at >= 0; at--) sift_down(m, at);
  return DONE;
}

enum status merge_next(struct run_merge *m, const struct run_record **record, struct error *err) {
  *record = NULL;
  if (m->given) {
    struct source *s = &m->sources[m->heap[0]];
    enum status status = source_next(s, err);
    if (status != DONE) return status;
    if (!s->record) m->heap[0] = m->heap[--m->size];
    sift_down(m, 0);
  }
  m->given = m->size > 0;
  if (!m->given) return DONE;
  *record = m->sources[m->heap[0]].record;
  return DONE;
}

void merge_close(struct run_merge *m) {
  if (!m) return;
  for (int i = 0; i < m->count; i++) free(m->sources[i].buffer);
  free(m->sources);
  free(m->heap);
  free(m);
}
