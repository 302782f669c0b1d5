#include "book/runs.h"

#include "base/limits.h"

#include <assert.h>

struct item { /* what is sorted: the key and where the record lies */
  uint64_t high, low, at;
};

struct run { /* a sorted stretch of a lane's spool */
  uint64_t at, size;
};

struct lane {
  struct spool spool;
  struct run *runs;
  int run_count, run_capacity;
  char *bytes; /* records as they came */
  size_t used;
  struct item *items, *scratch;
  size_t count;
  uint64_t last_low_place; /* (file, line) of the last row: they must come in order */
};

enum {
  /* Of a lane's share of the memory: records, and two arrays of items. A record takes 72 bytes and its texts, an item 24. */
  LANE_BYTES = LIMIT_SORT_MEMORY_BYTES / BULK_LANES,
  LANE_RECORD_BYTES = LANE_BYTES / 5 * 3,
  LANE_ITEMS = LANE_BYTES / 5 / (int)sizeof(struct item),
  LANE_FIRST_BYTES = 1 << 20, /* where a lane's memory starts; small imports stay small */
  SPOOL_BUFFER_BYTES = 1 << 20,
  MERGE_MEMORY_BYTES = 64 << 20,
  FETCH_AHEAD = 12, /* records: in the order of their keys they lie scattered, and each would be waited for; a tenth of an import's time */
};

struct runs {
  struct lane lane[BULK_LANES];
  size_t bytes_capacity[BULK_LANES], items_capacity[BULK_LANES];
};

struct runs *runs_new(struct store *store) {
  struct runs *runs = memory_zeroed(1, sizeof *runs);
  for (int i = 0; i < BULK_LANES; i++) spool_open(&runs->lane[i].spool, store, SPOOL_BUFFER_BYTES);
  return runs;
}

void runs_free(struct runs *runs) {
  if (!runs) return;
  for (int i = 0; i < BULK_LANES; i++) {
    struct lane *lane = &runs->lane[i];
    spool_close(&lane->spool);
    free(lane->runs);
    free(lane->bytes);
    free(lane->items);
    free(lane->scratch);
  }
  free(runs);
}

/* ---- sorting ---- */

static inline unsigned digit(const struct item *item, int d) {
  return (unsigned)(d < 3 ? item->low >> (40 + 8 * d) : item->high >> (8 * (d - 3))) & 255u;
}

/* Least digit first, stable; lines of one lane are in order already, so that only file, category, day and account are looked at, and of them
 * only the bytes that differ: some six passes. Returns where the sorted items are. */
static struct item *radix_sort(struct item *items, struct item *scratch, size_t count) {
  enum { DIGITS = 11 };
  uint64_t high = 0, low = 0;
  for (size_t i = 1; i < count; i++) {
    high |= items[i].high ^ items[0].high;
    low |= items[i].low ^ items[0].low;
  }
  struct item differs = {high, low, 0};
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
    struct item *swap = items;
    items = scratch;
    scratch = swap;
  }
  return items;
}

static void sort_lane(struct lane *lane, size_t capacity) {
  if (!lane->scratch) lane->scratch = memory_alloc(capacity * sizeof *lane->scratch);
  struct item *sorted = radix_sort(lane->items, lane->scratch, lane->count);
  if (sorted == lane->items) return;
  lane->scratch = lane->items;
  lane->items = sorted;
}

static enum status spill_lane(struct lane *lane, size_t capacity, struct error *err) {
  sort_lane(lane, capacity);
  array_reserve(lane->runs, lane->run_capacity, lane->run_count + 1);
  struct run *run = &lane->runs[lane->run_count];
  run->at = spool_size(&lane->spool);
  for (size_t i = 0; i < lane->count; i++) {
    if (i + FETCH_AHEAD < lane->count) __builtin_prefetch(lane->bytes + lane->items[i + FETCH_AHEAD].at);
    const struct record *r = (const struct record *)(const void *)(lane->bytes + lane->items[i].at);
    enum status status = spool_write(&lane->spool, r, record_size(r), err);
    if (status != DONE) return status;
  }
  run->size = spool_size(&lane->spool) - run->at;
  lane->run_count++;
  lane->count = lane->used = 0;
  return DONE;
}

/* Makes room for one more record; spills when the lane's share of memory is used. */
static enum status make_room(struct runs *runs, int index, size_t size, struct error *err) {
  struct lane *lane = &runs->lane[index];
  size_t *bytes = &runs->bytes_capacity[index], *items = &runs->items_capacity[index];
  if (lane->used + size <= *bytes && lane->count < *items) return DONE;
  if (lane->used + size > LANE_RECORD_BYTES || lane->count >= LANE_ITEMS) return spill_lane(lane, *items, err);
  if (lane->used + size > *bytes) {
    *bytes = *bytes ? *bytes * 2 : LANE_FIRST_BYTES;
    if (*bytes > LANE_RECORD_BYTES) *bytes = LANE_RECORD_BYTES;
    lane->bytes = memory_grow(lane->bytes, *bytes);
  }
  if (lane->count >= *items) {
    *items = *items ? *items * 2 : LANE_FIRST_BYTES / sizeof(struct item);
    if (*items > LANE_ITEMS) *items = LANE_ITEMS;
    lane->items = memory_grow(lane->items, *items * sizeof *lane->items);
    free(lane->scratch); /* grown with the items, when it is wanted */
    lane->scratch = NULL;
  }
  return DONE;
}

enum status runs_add(struct runs *runs, int index, const struct bulk_row *row, struct error *err) {
  struct lane *lane = &runs->lane[index];
  const struct line *f = &row->fields;
  assert(row->line >> KEY_LINE_BITS == 0 && f->category >> KEY_CATEGORY_BITS == 0 && row->file >> KEY_FILE_BITS == 0);
  assert(f->reference.size <= LIMIT_FIELD_BYTES && f->note.size <= LIMIT_FIELD_BYTES);
  uint64_t place = (uint64_t)row->file << KEY_LINE_BITS | row->line;
  assert(place >= lane->last_low_place);
  lane->last_low_place = place;
  struct record r = {
      .high = key_high(row->account, f->day), .low = key_low(row->file, f->category, row->line), .control = row->control, .amount = f->amount,
      .quantity = f->quantity, .reverses_entry = f->reverses_entry, .reverses_n = f->reverses_n, .body = (int32_t)f->body, .place = (int32_t)f->place, .service = f->service,
      .cost_year = (uint16_t)f->cost_year, .reference_size = (uint16_t)f->reference.size, .note_size = (uint16_t)f->note.size,
      .estimated = f->estimated, .has_quantity = f->has_quantity};
  size_t size = record_size(&r);
  enum status status = make_room(runs, index, size, err);
  if (status != DONE) return status;
  if (lane->used + size > runs->bytes_capacity[index] || lane->count >= runs->items_capacity[index]) status = make_room(runs, index, size, err);
  if (status != DONE) return status;
  lane->items[lane->count++] = (struct item){r.high, r.low, lane->used};
  char *at = lane->bytes + lane->used;
  memcpy(at, &r, sizeof r);
  if (r.reference_size) memcpy(at + sizeof r, f->reference.bytes, r.reference_size);
  if (r.note_size) memcpy(at + sizeof r + r.reference_size, f->note.bytes, r.note_size);
  lane->used += size;
  return DONE;
}

/* ---- merging ---- */

struct source {
  const struct record *record; /* null at the end */
  /* in memory: */
  const struct lane *lane;
  size_t next, count;
  const struct record *extra;
  /* in a file: */
  struct spool *spool;
  uint64_t at, end;
  char *buffer;
  size_t buffer_size, have, used;
};

struct merge {
  struct source *sources;
  int *heap; /* indexes of sources, the least record first */
  int count, size;
  bool given; /* the least was given out and is used up at the next call */
};

enum { RECORD_BYTES_MAX = sizeof(struct record) + 2 * LIMIT_FIELD_BYTES + 8 };

/* Reads on so that the buffer begins with a whole record. */
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
  if (s->lane) {
    if (s->next + FETCH_AHEAD < s->count) __builtin_prefetch(s->lane->bytes + s->lane->items[s->next + FETCH_AHEAD].at);
    s->record = s->next < s->count ? (const struct record *)(const void *)(s->lane->bytes + s->lane->items[s->next++].at) : NULL;
    return DONE;
  }
  if (s->record) s->used += record_size(s->record);
  bool whole = s->have - s->used >= sizeof(struct record) && s->have - s->used >= record_size((const struct record *)(const void *)(s->buffer + s->used));
  if (!whole && s->at < s->end) {
    enum status status = refill(s, err);
    if (status != DONE) return status;
  }
  s->record = s->used < s->have ? (const struct record *)(const void *)(s->buffer + s->used) : NULL;
  return DONE;
}

static inline bool before(const struct merge *m, int a, int b) {
  const struct record *x = m->sources[a].record, *y = m->sources[b].record;
  return x->high != y->high ? x->high < y->high : x->low < y->low;
}

static void sift_down(struct merge *m, int at) {
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
  const struct record *x = a, *y = b;
  if (x->high != y->high) return x->high < y->high ? -1 : 1;
  return (x->low > y->low) - (x->low < y->low);
}

enum status merge_open(struct merge **out, struct runs *runs, struct record *extra, size_t extra_count, struct error *err) {
  int files = 0;
  for (int i = 0; i < BULK_LANES; i++) files += runs->lane[i].run_count;
  struct merge *m = memory_zeroed(1, sizeof *m);
  *out = m;
  m->sources = memory_zeroed((size_t)files + BULK_LANES + 1, sizeof *m->sources);
  m->heap = memory_zeroed((size_t)files + BULK_LANES + 1, sizeof *m->heap);
  size_t share = files ? MERGE_MEMORY_BYTES / (size_t)files : 0;
  if (share > 1 << 20) share = 1 << 20;
  if (share < 2 * RECORD_BYTES_MAX) share = 2 * RECORD_BYTES_MAX;
  for (int i = 0; i < BULK_LANES; i++) {
    struct lane *lane = &runs->lane[i];
    for (int r = 0; r < lane->run_count; r++)
      m->sources[m->count++] = (struct source){.spool = &lane->spool, .at = lane->runs[r].at, .end = lane->runs[r].at + lane->runs[r].size,
                                               .buffer = memory_alloc(share), .buffer_size = share};
    if (!lane->count) continue;
    sort_lane(lane, runs->items_capacity[i]); /* what was not spilled is merged from memory; sorted again, it stays as it is */
    m->sources[m->count++] = (struct source){.lane = lane, .count = lane->count};
  }
  if (extra_count) qsort(extra, extra_count, sizeof *extra, compare_records);
  if (extra_count) m->sources[m->count++] = (struct source){.extra = extra, .count = extra_count};
  for (int i = 0; i < m->count; i++) {
    enum status status = source_next(&m->sources[i], err);
    if (status != DONE) return status;
    if (m->sources[i].record) m->heap[m->size++] = i;
  }
  for (int at = m->size / 2 - 1; at >= 0; at--) sift_down(m, at);
  return DONE;
}

enum status merge_next(struct merge *m, const struct record **record, struct error *err) {
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

void merge_close(struct merge *m) {
  if (!m) return;
  for (int i = 0; i < m->count; i++) free(m->sources[i].buffer);
  free(m->sources);
  free(m->heap);
  free(m);
}
