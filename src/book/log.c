#include "book/log.h"
#include "base/refusal.h"

#include "store/head.h"

#include <assert.h>

static const char record_sql[] =
    "select e.seq, e.id, e.day, e.recorded, e.kind, i.digest, e.lines, e.root, c.year, c.to_day, "
    "c.log_size "
    "from entry e left join import i on i.id = e.import left join closing c on c.entry = e.id "
    "where e.seq > ?1 order by e.seq limit ?2";

enum { SEQ, ID, DAY, RECORDED, KIND, DIGEST, LINES, ROOT, YEAR, TO_DAY, LOG_SIZE };

static enum status write_record(struct query *q, struct text *out, struct log_record *facts,
                                struct error *err) {
  char year[8];
  struct span root = query_bytes(q, ROOT), digest = query_bytes(q, DIGEST);
  *facts = (struct log_record){.seq = query_int(q, SEQ),
                               .id = query_int(q, ID),
                               .lines = query_int(q, LINES),
                               .closing = !query_is_null(q, YEAR),
                               .year = (int)query_int(q, YEAR),
                               .to = (day_t)query_int(q, TO_DAY),
                               .size = query_int(q, LOG_SIZE)};
  if (root.size != sizeof facts->root)
    return error_set(err, FAILED, "entry %lld has no root; run `weal audit`", (long long)facts->id);
  memcpy(&facts->root, root.bytes, root.size);
  text_clear(out);
  text_add(out, "weal entry 1\n");
  text_addf(out, "%lld\n%lld\n", (long long)facts->seq, (long long)facts->id);
  text_add_day(out, (day_t)query_int(q, DAY));
  text_add_char(out, '\n');
  text_add_span(out, query_text(q, RECORDED));
  text_add_char(out, '\n');
  text_add_span(out, query_text(q, KIND));
  text_add_char(out, '\n');
  if (digest.size) text_add_hex(out, digest.bytes, digest.size);
  text_addf(out, "\n%lld\n", (long long)facts->lines);
  text_add_hex(out, &facts->root, sizeof facts->root);
  text_add_char(out, '\n');
  if (!facts->closing) return DONE;
  text_addf(out, "%s\n", year_write(facts->year, year));
  text_add_day(out, facts->to);
  text_addf(out, "\n%lld\n", (long long)facts->size);
  return DONE;
}

enum status log_read_record(struct store *store, int64_t seq, struct text *out,
                            struct log_record *facts, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(store, &q, record_sql, err);
  if (status != DONE) return status;
  query_bind_int(q, 1, seq - 1);
  query_bind_int(q, 2, 1);
  status = query_step(q, &row, err);
  if (status == DONE && (!row || query_int(q, SEQ) != seq))
    status = refuse(err, LOG_ENTRY_UNKNOWN, (long long)seq);
  if (status == DONE) status = write_record(q, out, facts, err);
  query_end(q);
  return status;
}

enum status log_read_leaves(struct store *store, struct hasher *h, int64_t after,
                            struct digest *leaves, int capacity, int *count, struct error *err) {
  struct text record = {0};
  struct log_record facts;
  struct query *q = NULL;
  bool row = false;
  *count = 0;
  enum status status = store_query(store, &q, record_sql, err);
  if (status == DONE) {
    query_bind_int(q, 1, after);
    query_bind_int(q, 2, capacity);
  }
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    status = write_record(q, &record, &facts, err);
    if (status == DONE && facts.seq != after + *count + 1)
      status = error_set(err, FAILED, "the log lacks entry %lld; run `weal audit`",
                         (long long)(after + *count + 1));
    if (status == DONE) tree_leaf(h, record.bytes, record.size, &leaves[(*count)++]);
  }
  query_end(q);
  text_release(&record);
  return status;
}

/* Some thousand records at a time: the builder writes tiles on the same connection. */
static enum status add_some(struct store *store, struct tile_builder *b, bool *more,
                            struct error *err) {
  enum { AT_ONCE = 4096 };
  struct digest *leaves = memory_alloc(sizeof *leaves * AT_ONCE);
  struct hasher *h = hasher_new();
  int count = 0;
  enum status status = log_read_leaves(store, h, (int64_t)tile_builder_size(b), leaves, AT_ONCE,
                                       &count, err);
  for (int i = 0; status == DONE && i < count; i++)
    status = tile_builder_add(b, &leaves[i], 0, err);
  *more = count == AT_ONCE;
  hasher_free(h);
  free(leaves);
  return status;
}

static enum status update_within(struct store *store, struct tree_head *head, struct error *err) {
  struct tile_builder *b = NULL;
  struct head head_row;
  /* so that two updates at the same time run one after the other */
  enum status status = head_lock(store, &head_row, err);
  if (status == DONE) status = tile_builder_open(&b, store, TILES_OF_LOG, err);
  for (bool more = true; status == DONE && more;) status = add_some(store, b, &more, err);
  if (status != DONE) {
    tile_builder_free(b);
    return status;
  }
  status = tile_builder_end(b, &head->size, &head->root, err);
  return status == DONE ? store_commit(store, err) : status;
}

enum status log_update(struct store *store, struct tree_head *head, struct error *err) {
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = update_within(store, head, err);
  if (status != DONE) store_rollback(store);
  return status;
}

enum status log_keep_head(struct store *store, int64_t size, const char *note, struct error *err) {
  struct query *q = NULL;
  char now[21];
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = store_query(store, &q,
                       "insert into log_head (size, note, at) values (?1, ?2, ?3) on conflict "
                       "(size) do update set note = excluded.note, at = excluded.at",
                       err);
  if (status == DONE) {
    query_bind_int(q, 1, size);
    query_bind_text(q, 2, span_of(note));
    query_bind_text(q, 3, span_of(clock_write_now(now)));
    status = query_run(q, err);
    query_end(q);
  }
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

enum status log_last_head(struct store *store, struct arena *arena, int64_t *size,
                          const char **note, struct error *err) {
  struct query *q = NULL;
  struct signed_head head;
  bool some = false;
  *size = 0;
  *note = NULL;
  enum status status = log_heads_open_largest(store, 1, &q, err);
  if (status == DONE) status = log_heads_next(q, &head, &some, err);
  if (status == DONE && some) {
    *size = head.size;
    *note = arena_copy(arena, head.note.bytes, head.note.size);
  }
  query_end(q);
  return status;
}

static struct signed_head take_head(struct query *q) {
  return (struct signed_head){query_int(q, 0), query_text(q, 1), query_text(q, 2)};
}

enum status log_heads_open(struct store *store, struct query **out, struct error *err) {
  return store_query(store, out, "select size, note, at from log_head order by size", err);
}

enum status log_heads_open_largest(struct store *store, int most, struct query **out,
                                   struct error *err) {
  return store_query_with(store, out,
                          "select size, note, at from log_head order by size desc limit ?1", err,
                          most);
}

enum status log_heads_next(struct query *q, struct signed_head *out, bool *some,
                           struct error *err) {
  enum status status = query_step(q, some, err);
  if (status == DONE && *some) *out = take_head(q);
  return status;
}

enum status log_find_head(struct store *store, struct arena *arena, int64_t size,
                          struct signed_head *out, bool *found, struct error *err) {
  struct query *q;
  *out = (struct signed_head){0};
  enum status status = store_row_with(store, &q, found,
                                      "select size, note, at from log_head where size = ?1", err,
                                      size);
  if (status == DONE && *found) {
    *out = take_head(q);
    out->note.bytes = arena_copy(arena, out->note.bytes, out->note.size);
    out->at.bytes = arena_copy(arena, out->at.bytes, out->at.size);
  }
  query_end(q);
  return status;
}
