/* Checks what must be unique: each bucket of `reference` holds exactly the digests of the lines
 * (both are summed, audit_scan.c), and no digest twice. Only if one of these is wrong does it
 * search for the lines, by reading once more those that have a reference or undo another. */
#include "book/audit_parts.h"

#include "base/map.h"

enum {
  TWICE_MOST = 10000, /* digests that are searched for; if a store has more, these are reported */
  BUCKETS_NAMED = 64, /* buckets whose digests are compared with the lines one by one */
};

struct once_digest {
  uint8_t bytes[REFERENCE_BYTES];
};
struct once_line {
  struct once_digest digest;
  int64_t entry, account;
  int32_t line_no;
  bool reverses;
};

struct once_check {
  struct audit *a;
  struct digest_sum kept; /* of the bucket at hand */
  int64_t bucket;
  int rows;
  struct once_digest *all;
  size_t count, capacity; /* of the bucket at hand */
  struct map seen;        /* of those */
  struct once_digest *twice;
  size_t twice_count, twice_capacity;
  /* kept in buckets that differ, sorted */
  struct once_digest *named;
  size_t named_count, named_capacity;
  int64_t differ[BUCKETS_NAMED];
  int differ_count;
  struct once_line *lines;
  size_t line_count, line_capacity;
};

/* ---- the table ---- */

static bool note_twice(struct once_check *c, const struct once_digest *digest) {
  if (c->twice_count == TWICE_MOST) return false;
  array_reserve(c->twice, c->twice_capacity, c->twice_count + 1);
  c->twice[c->twice_count++] = *digest;
  return true;
}

/* Each row is sorted, so duplicates within it are neighbours; a map compares several rows. */
static void find_twice(struct once_check *c) {
  if (c->rows < 2) return;
  map_clear(&c->seen);
  for (size_t i = 0; i < c->count; i++) {
    uint64_t half[2];
    memcpy(half, c->all[i].bytes, sizeof half);
    if (map_get_number(&c->seen, half[0], half[1]) >= 0 && !note_twice(c, &c->all[i])) return;
    map_set_number(&c->seen, half[0], half[1], (int64_t)i);
  }
}

/* The digests of erased lines are kept, so after an erasure a bucket may hold more than those of
 * the lines. */
static void end_bucket(struct once_check *c, int64_t bucket, const struct digest_sum *kept) {
  const struct digest_sum *made = &c->a->references[bucket];
  bool same = made->high == kept->high && made->low == kept->low && made->count == kept->count;
  if (same || (c->a->erased_count && kept->count > made->count)) return;
  if (c->differ_count < BUCKETS_NAMED) {
    c->differ[c->differ_count++] = bucket;
    for (size_t i = 0; i < c->count; i++) {
      array_reserve(c->named, c->named_capacity, c->named_count + 1);
      c->named[c->named_count++] = c->all[i];
    }
  }
  audit_find(c->a, FINDING_REFERENCE,
             "bucket %lld of the references: it holds %lld, and the lines make %lld%s",
             (long long)bucket, (long long)kept->count, (long long)made->count,
             made->count == kept->count ? " others" : "");
}

/* The buckets up to this one are read. */
static void end_buckets(struct once_check *c, int64_t next) {
  static const struct digest_sum nothing;
  for (; c->bucket < next; c->bucket++) {
    find_twice(c);
    end_bucket(c, c->bucket, c->rows ? &c->kept : &nothing);
    c->rows = 0;
    c->count = 0;
    c->kept = nothing;
  }
}

static void take_row(struct once_check *c, int64_t bucket, int64_t entry, struct span d) {
  struct audit *a = c->a;
  bool sound = d.size % REFERENCE_BYTES == 0 && bucket >= c->bucket && bucket < REFERENCE_BUCKETS &&
               entry >= 1 && entry <= a->reading.head && a->entries[entry].finished;
  if (sound) {
    end_buckets(c, bucket);
    c->rows++;
    array_reserve(c->all, c->capacity, c->count + d.size / REFERENCE_BYTES);
  }
  for (size_t i = 0; sound && i < d.size; i += REFERENCE_BYTES) {
    int order = i ? memcmp(d.bytes + i - REFERENCE_BYTES, d.bytes + i, REFERENCE_BYTES) : -1;
    sound = reference_bucket(d.bytes + i) == bucket && order <= 0;
    memcpy(&c->all[c->count], d.bytes + i, REFERENCE_BYTES);
    if (order == 0) (void)note_twice(c, &c->all[c->count]);
    c->count++;
    digest_sum_add(&c->kept, d.bytes + i);
    a->result->references++;
  }
  if (!sound)
    audit_find(a, FINDING_REFERENCE, "entry %lld: its references in bucket %lld are damaged",
               (long long)entry, (long long)bucket);
}

static enum status read_table(struct once_check *c, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  const struct audit *a = c->a;
  enum status status = store_stream(
      a->store, &q, "select bucket, entry, digests from reference order by bucket, entry", err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    int64_t bucket = query_int(q, 0), entry = query_int(q, 1);
    /* pending */
    if (entry >= 1 && entry <= a->reading.head && !reading_sees(&a->reading, entry)) continue;
    take_row(c, bucket, entry, query_bytes(q, 2));
  }
  query_end(q);
  if (status == DONE) end_buckets(c, REFERENCE_BUCKETS);
  return status;
}

/* ---- the lines, when something is wrong ---- */

static int compare_digests(const void *a, const void *b) { return memcmp(a, b, REFERENCE_BYTES); }

static bool among(const struct once_digest *digests, size_t count, const void *digest) {
  return array_find(digest, digests, count, compare_digests);
}

static void name_line(struct once_check *c, const struct line *l, const struct digest *digest) {
  int64_t bucket = reference_bucket(digest->bytes);
  for (int i = 0; i < c->differ_count; i++) {
    if (c->differ[i] != bucket || among(c->named, c->named_count, digest->bytes)) continue;
    audit_find(c->a, FINDING_REFERENCE,
               l->reverses_entry
                   ? "entry %lld: that its line %d undoes another is not kept in bucket %lld of "
                     "the references, so that one could be undone twice"
                   : "entry %lld: the reference of its line %d is not kept in bucket %lld of the "
                     "references, so it could be posted twice",
               (long long)l->entry, l->line_no, (long long)bucket);
  }
  if (!among(c->twice, c->twice_count, digest->bytes)) return;
  array_reserve(c->lines, c->line_capacity, c->line_count + 1);
  struct once_line *line = &c->lines[c->line_count++];
  *line = (struct once_line){.entry = l->entry,
                             .account = l->account,
                             .line_no = l->line_no,
                             .reverses = l->reverses_entry != 0};
  memcpy(line->digest.bytes, digest->bytes, REFERENCE_BYTES);
}

static enum status read_lines(struct once_check *c, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  struct line line;
  struct digest digest;
  struct audit *a = c->a;
  enum status status =
      store_stream(a->store, &q,
                   "select " LINE_COLUMNS
                   " from line where reference is not null or reverses_entry is not null",
                   err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    line_read(q, &line);
    if (line.entry < 1 || !reading_sees(&a->reading, line.entry) ||
        !a->entries[line.entry].finished)
      continue;
    if (audit_digest(a, a->hasher, &line, &digest)) name_line(c, &line, &digest);
  }
  query_end(q);
  return status;
}

static int compare_lines(const void *a, const void *b) {
  const struct once_line *x = a, *y = b;
  int order = memcmp(&x->digest, &y->digest, REFERENCE_BYTES);
  if (order) return order;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return x->line_no - y->line_no;
}

static bool is_undone(const struct audit *a, const struct once_line *line) {
  size_t low = 0, high = a->reversing_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const struct reversing *r = &a->reversing[middle];
    if (r->reverses_entry == line->entry && r->reverses_line_no == line->line_no) return true;
    if (r->reverses_entry < line->entry ||
        (r->reverses_entry == line->entry && r->reverses_line_no < line->line_no))
      low = middle + 1;
    else high = middle;
  }
  return false;
}

/* A reference that an older program let in twice is corrected by undoing all but one of its lines.
 * A line undone twice is reported with the reversals. */
static void report_twice(struct once_check *c) {
  const struct once_line *first = NULL;
  array_sort(c->lines, c->line_count, compare_lines);
  for (size_t i = 0; i < c->line_count; i++) {
    const struct once_line *line = &c->lines[i];
    if (line->reverses || is_undone(c->a, line)) continue;
    if (first && memcmp(&first->digest, &line->digest, REFERENCE_BYTES) == 0)
      audit_find(c->a, FINDING_REFERENCE,
                 "entry %lld: its line %d has the reference and body that line %d of entry %lld "
                 "has; one of the two is to be undone, "
                 "such as by `weal reverse %lld:%d`",
                 (long long)line->entry, line->line_no, first->line_no, (long long)first->entry,
                 (long long)line->entry, line->line_no);
    else first = line;
  }
}

/* Checks that an import that replaces another has the same file, and is the only one to replace
 * it. */
static enum status check_again(struct audit *a, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_query(a->store, &q,
                  "select i.id, i.again from import i left join import o on o.id = i.again where "
                  "i.again is not null and "
                  "(o.id is null or o.digest <> i.digest or o.id >= i.id or exists (select 1 from "
                  "import t where t.again = i.again and t.id < i.id)) order by i.id",
                  err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row)
    audit_find(a, FINDING_IMPORT,
               "import:%lld says that it replaces import:%lld, which is another file, or was "
               "replaced before",
               (long long)query_int(q, 0), (long long)query_int(q, 1));
  query_end(q);
  return status;
}

enum status audit_once(struct audit *a, struct error *err) {
  struct once_check c = {.a = a};
  enum status status = check_again(a, err);
  if (status == DONE) status = read_table(&c, err);
  array_sort(c.twice, c.twice_count, compare_digests);
  array_sort(c.named, c.named_count, compare_digests);
  if (status == DONE && (c.twice_count || c.differ_count)) status = read_lines(&c, err);
  if (status == DONE) report_twice(&c);
  free(c.all);
  map_release(&c.seen);
  free(c.twice);
  free(c.named);
  free(c.lines);
  return status;
}
