#include "book/entries.h"

#include "base/refusal.h"
#include "store/head.h"

#include <assert.h>
#include <stdlib.h>

/* ---- entries ---- */

#define ENTRY_COLUMNS "id, seq, day, import, lines, root, kind, recorded, memo"

static void take_entry(struct query *q, struct arena *arena, struct entry_record *out) {
  struct span root = query_bytes(q, 5);
  *out = (struct entry_record){.id = query_int(q, 0),
                               .seq = query_int(q, 1),
                               .day = (day_t)query_int(q, 2),
                               .import = query_int(q, 3),
                               .lines = query_int(q, 4),
                               .recorded_day = clock_day_of(query_text(q, 7)),
                               .has_root = root.size == sizeof out->root.bytes};
  if (out->has_root) memcpy(out->root.bytes, root.bytes, root.size);
  if (!arena) return;
  out->kind = query_copy(q, arena, 6);
  out->recorded = query_copy(q, arena, 7);
  out->memo = query_copy(q, arena, 8);
}

enum status entry_find(struct store *store, struct arena *arena, int64_t id,
                       struct entry_record *out, bool *found, struct error *err) {
  struct query *q;
  *out = (struct entry_record){0};
  enum status status = store_row_with(store, &q, found,
                                      "select " ENTRY_COLUMNS " from entry where id = ?1", err, id);
  if (status == DONE && *found) take_entry(q, arena, out);
  query_end(q);
  return status;
}

static enum status select_by_number(struct store *store, struct arena *arena,
                                    const struct entries_wanted *w, int most,
                                    struct entry_record *out, int *count, struct error *err) {
  struct query *q;
  bool row;
  enum status status =
      store_query_with(store, &q,
                       "select " ENTRY_COLUMNS
                       " from entry where id < ?1 and day between ?2 and ?3 and (?4 = '' or "
                       "kind = ?4) and (?5 = 0 or import = ?5) order by id desc limit ?6",
                       err, w->before, w->from, w->to, w->kind ? w->kind : "", w->import, most);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && *count < most)
    take_entry(q, arena, &out[(*count)++]);
  query_end(q);
  return status;
}

static int latest_first(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x < y) - (x > y);
}

struct entry_numbers {
  int64_t *all;
  size_t count, capacity;
};

/* The entries of the accounts' lines that are wanted; the caller frees them. */
static enum status numbers_of_lines(struct store *store, struct arena *arena,
                                    const struct entries_wanted *w, struct entry_numbers *out,
                                    struct error *err) {
  struct line_cursor *lines = NULL;
  const struct line *line = NULL;
  struct reading reading;
  int64_t looked = 0;
  enum status status = book_reading(store, arena, &reading, err);
  if (status == DONE)
    status = lines_open(&lines, store, &reading, w->accounts, w->account_count, w->from, w->to,
                        err);
  if (status != DONE) return status;
  while ((status = lines_next(lines, &line, err)) == DONE && line) {
    const int64_t amount = line->amount < 0 ? -line->amount : line->amount;
    if (++looked > LIMIT_JOURNAL_LINES) {
      status = refuse_at(err, "from", JOURNAL_TOO_WIDE, LIMIT_JOURNAL_LINES);
      break;
    }
    if (line->entry >= w->before || amount < w->least || amount > w->most) continue;
    array_reserve(out->all, out->capacity, out->count + 1);
    out->all[out->count++] = line->entry;
  }
  lines_close(lines);
  return status;
}

static enum status select_by_lines(struct store *store, struct arena *arena,
                                   const struct entries_wanted *w, int most,
                                   struct entry_record *out, int *count, struct error *err) {
  struct entry_numbers numbers = {0};
  enum status status = numbers_of_lines(store, arena, w, &numbers, err);
  array_sort(numbers.all, numbers.count, latest_first);
  for (size_t i = 0; status == DONE && i < numbers.count && *count < most; i++) {
    struct entry_record *entry = &out[*count];
    bool found = false;
    if (i && numbers.all[i] == numbers.all[i - 1]) continue;
    status = entry_find(store, arena, numbers.all[i], entry, &found, err);
    if (status != DONE || !found) continue;
    if (w->kind && *w->kind && strcmp(entry->kind, w->kind) != 0) continue;
    if (!w->import || entry->import == w->import) ++*count;
  }
  free(numbers.all);
  return status;
}

enum status entries_select(struct store *store, struct arena *arena,
                           const struct entries_wanted *wanted, int most, struct entry_record **out,
                           int *count, struct error *err) {
  *count = 0;
  *out = arena_array(arena, struct entry_record, most + 1);
  /* amounts are of lines, and only those of accounts are read */
  assert(wanted->accounts || (!wanted->least && (!wanted->most || wanted->most == INT64_MAX)));
  if (wanted->accounts && !wanted->account_count) return DONE;
  return wanted->accounts ? select_by_lines(store, arena, wanted, most, *out, count, err)
                          : select_by_number(store, arena, wanted, most, *out, count, err);
}

enum status entries_of_kind(struct store *store, const char *kind, int64_t *count,
                            struct error *err) {
  return store_int_with(store, "select count(*) from entry where kind = ?1", 0, count, err, kind);
}

enum status entries_have_reversals(struct store *store, bool *some, struct error *err) {
  int64_t count = 0;
  enum status status =
      store_int(store,
                "select count(*) from (select 1 from entry where kind = 'reversal' limit 1) one", 0,
                &count, err);
  *some = count > 0;
  return status;
}

enum status entries_lines_after(struct store *store, int64_t seq, int64_t *lines,
                                struct error *err) {
  return store_int_with(store, "select sum(lines) from entry where seq > ?1", 0, lines, err, seq);
}

enum status entries_reading_at(struct store *store, struct arena *arena, int64_t size,
                               struct reading *out, struct error *err) {
  struct query *q;
  bool row;
  int64_t later = 0;
  *out = (struct reading){0};
  enum status status = store_int_with(store, "select max(id) from entry where seq <= ?1", 0,
                                      &out->head, err, size);
  if (status == DONE)
    status = store_int_with(store, "select count(*) from entry where id <= ?1 and seq > ?2", 0,
                            &later, err, out->head, size);
  if (status != DONE || !later) return status;
  out->pending = arena_array(arena, struct entry_range, later);
  status = store_query_with(store, &q,
                            "select id from entry where id <= ?1 and seq > ?2 order by id", err,
                            out->head, size);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && out->pending_count < later)
    out->pending[out->pending_count++] = (struct entry_range){query_int(q, 0), query_int(q, 0)};
  query_end(q);
  return status;
}

/* ---- closings ---- */

enum status closing_begin(struct store *store, int64_t *entry, struct error *err) {
  struct head taken = {.entry = 1};
  enum status status = head_take(store, &taken, err);
  if (status != DONE) return status;
  *entry = taken.entry;
  return store_run_with(store, "insert into pending (first, last, state) values (?1, ?1, 'live')",
                        err, *entry);
}

enum status closing_place(struct store *store, int64_t entry, int64_t *seq, struct error *err) {
  struct head taken = {.logged = 1};
  enum status status = head_take(store, &taken, err);
  if (status != DONE) return status;
  *seq = taken.logged;
  return store_run_with(store, "delete from pending where first = ?1", err, entry);
}

enum status closing_insert(struct store *store, const struct closing *c, const struct digest *root,
                           struct error *err) {
  char now[21], year[8];
  enum status status = store_run_with(
      store,
      "insert into entry (id, seq, day, recorded, kind, memo, lines, root) values (?1, ?2, ?3, "
      "?4, 'closing', ?5, ?6, ?7)",
      err, c->entry, c->seq, c->to, clock_write_now(now), year_write(c->year, year), c->people,
      QUERY_BYTES(root->bytes, sizeof root->bytes));
  if (status != DONE) return status;
  return store_run_with(
      store,
      "insert into closing (entry, year, to_day, log_size, people) values (?1, ?2, ?3, ?4, ?5)",
      err, c->entry, c->year, c->to, c->log_size, c->people);
}

#define CLOSING_COLUMNS "c.entry, c.people, c.log_size, c.to_day, c.year"

static struct closing take_closing(struct query *q) {
  return (struct closing){.entry = query_int(q, 0),
                          .people = query_int(q, 1),
                          .log_size = query_int(q, 2),
                          .to = (day_t)query_int(q, 3),
                          .year = (int)query_int(q, 4)};
}

enum status closing_latest(struct store *store, int year, int64_t log_size, struct closing *out,
                           struct error *err) {
  struct query *q;
  bool row;
  *out = (struct closing){0};
  enum status status = store_row_with(store, &q, &row,
                                      "select " CLOSING_COLUMNS
                                      ", e.seq from closing c join entry e on e.id = c.entry where "
                                      "c.year = ?1 and e.seq <= ?2 order by e.seq desc limit 1",
                                      err, year, log_size);
  if (status == DONE && row) {
    *out = take_closing(q);
    out->seq = query_int(q, 5);
  }
  query_end(q);
  return status;
}

enum status closing_last(struct store *store, struct closing *out, struct error *err) {
  struct query *q;
  bool row;
  *out = (struct closing){0};
  enum status status = store_query(
      store, &q, "select " CLOSING_COLUMNS " from closing c order by c.entry desc limit 1", err);
  if (status != DONE) return status;
  if ((status = query_step(q, &row, err)) == DONE && row) *out = take_closing(q);
  query_end(q);
  return status;
}

enum status closings_latest(struct store *store, struct arena *arena, int most,
                            struct closing **out, int *count, struct error *err) {
  struct query *q;
  bool row;
  *count = 0;
  *out = arena_array(arena, struct closing, most + 1);
  enum status status = store_query_with(store, &q,
                                        "select " CLOSING_COLUMNS
                                        " from closing c order by c.entry desc limit ?1",
                                        err, most);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && *count < most)
    (*out)[(*count)++] = take_closing(q);
  query_end(q);
  return status;
}

enum status closings_all(struct store *store, struct arena *arena, struct closing_kept **out,
                         int *count, struct error *err) {
  struct query *q;
  bool row;
  int64_t most = 0;
  *count = 0;
  enum status status = store_int(store, "select count(*) from closing", 0, &most, err);
  if (status != DONE) return status;
  *out = arena_array(arena, struct closing_kept, most + 1);
  status = store_query(store, &q,
                       "select " CLOSING_COLUMNS ", e.seq, e.lines, e.kind from closing c left "
                       "join entry e on e.id = c.entry order by c.year, e.seq desc",
                       err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && *count < most) {
    struct closing_kept *kept = &(*out)[(*count)++];
    *kept = (struct closing_kept){take_closing(q), query_int(q, 6),
                                  span_is(query_text(q, 7), "closing")};
    kept->closing.seq = query_int(q, 5);
  }
  query_end(q);
  return status;
}
