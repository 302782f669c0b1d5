#include "book/line_reads.h"

#include "register/register.h"

enum status person_lines_open(struct line_cursor **out, struct store *store, struct arena *arena,
                              int64_t person, struct account_set *accounts, struct error *err) {
  struct account_set list = {0};
  struct reading reading;
  int64_t *records = NULL;
  int record_count = 0;
  *out = NULL;
  if (register_records(store, arena, person, &records, &record_count, err) != DONE ||
      book_accounts_of(store, arena, OWNER_PERSON, records, record_count, &list.all, &list.count,
                       err) != DONE ||
      book_reading(store, arena, &reading, err) != DONE)
    return err->code;
  int64_t *ids = arena_array(arena, int64_t, list.count + 1);
  for (int i = 0; i < list.count; i++) ids[i] = list.all[i].id;
  if (accounts) *accounts = list;
  return lines_open(out, store, &reading, ids, (size_t)list.count, DAY_FIRST, DAY_LAST, err);
}

enum status line_find(struct store *store, struct arena *arena, int64_t account, day_t day,
                      int64_t entry, int32_t line_no, struct line *out, bool *found,
                      struct error *err) {
  struct query *q;
  enum status status =
      store_row_with(store, &q, found,
                     "select " LINE_COLUMNS
                     " from line where account = ?1 and day = ?2 and entry = ?3 and n = ?4",
                     err, account, day, entry, line_no);
  if (status == DONE && *found) {
    line_read(q, out);
    line_keep_texts(arena, out);
  }
  query_end(q);
  return status;
}

/* A line is reversed in the same account: the reversal is there, on its own day. */
enum status line_undone_by(struct store *store, const struct reading *reading,
                           const struct line *line, int64_t *entry, int32_t *line_no,
                           struct error *err) {
  struct query *q;
  bool row;
  *entry = 0;
  enum status status = store_query_with(
      store, &q,
      "select entry, n from line where account = ?1 and entry > ?2 and reverses_entry = ?2 and "
      "reverses_n = ?3 order by entry",
      err, line->account, line->entry, line->line_no);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && !*entry)
    if (reading_sees(reading, query_int(q, 0)))
      *entry = query_int(q, 0), *line_no = (int32_t)query_int(q, 1);
  query_end(q);
  return status;
}

static int compare_undoings(const void *a, const void *b) {
  const struct undoing *x = a, *y = b;
  if (x->undone_entry != y->undone_entry) return x->undone_entry < y->undone_entry ? -1 : 1;
  if (x->undone_line_no != y->undone_line_no) return x->undone_line_no < y->undone_line_no ? -1 : 1;
  return (x->entry > y->entry) - (x->entry < y->entry);
}

enum status lines_undoing(struct store *store, struct arena *arena, const struct reading *reading,
                          const struct account *accounts, int count, struct undoing **out,
                          int *out_count, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  struct undoing *found = NULL;
  size_t size = 0, capacity = 0;
  enum status status = store_query(
      store, &q,
      "select entry, n, day, reverses_entry, reverses_n from line where account = ?1 and "
      "reverses_entry > 0 and " READING_SEES("entry", "?2", "?3"),
      err);
  for (int i = 0; status == DONE && i < count; i++) {
    query_bind_int(q, 1, accounts[i].id);
    reading_bind(q, 2, 3, reading);
    while ((status = query_step(q, &row, err)) == DONE && row) {
      array_reserve(found, capacity, size + 1);
      found[size++] = (struct undoing){.entry = query_int(q, 0),
                                       .line_no = (int32_t)query_int(q, 1),
                                       .day = (day_t)query_int(q, 2),
                                       .undone_entry = query_int(q, 3),
                                       .undone_line_no = (int32_t)query_int(q, 4)};
    }
  }
  query_end(q);
  array_sort(found, size, compare_undoings);
  *out = arena_array(arena, struct undoing, size + 1);
  if (size) memcpy(*out, found, size * sizeof *found);
  *out_count = (int)size;
  free(found);
  return status;
}

/* ---- of one entry ---- */

enum status entry_lines_open(struct store *store, int64_t entry, struct query **out,
                             struct error *err) {
  return store_query_with(store, out,
                          "select " LINE_COLUMNS
                          " from line where entry = ?1 order by account, day, entry, n",
                          err, entry);
}

enum status entry_lines_between(struct store *store, struct arena *arena, int64_t entry, day_t day,
                                int64_t after, int64_t last, struct entry_line **out, int *count,
                                struct error *err) {
  struct query *q;
  bool row;
  const int64_t most = last - after;
  *count = 0;
  *out = arena_array(arena, struct entry_line, most + 1);
  enum status status = store_query_with(
      store, &q,
      "select l.n, l.account, l.category, l.amount, a.unit, l.body, l.reverses_entry, "
      "l.reverses_n, case when a.owner_kind = 'person' then 1 else 0 end from account a cross join "
      "line l where l.account = "
      "a.id and l.day = ?1 and "
      "l.entry = ?2 and l.n > ?3 and l.n <= ?4 order by l.n",
      err, day, entry, after, last);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && *count < most)
    (*out)[(*count)++] = (struct entry_line){.line_no = (int32_t)query_int(q, 0),
                                             .account = query_int(q, 1),
                                             .category = query_int(q, 2),
                                             .amount = query_int(q, 3),
                                             .unit = query_copy(q, arena, 4),
                                             .body = query_int(q, 5),
                                             .reverses_entry = query_int(q, 6),
                                             .reverses_line_no = (int32_t)query_int(q, 7),
                                             .is_persons = query_int(q, 8) != 0};
  query_end(q);
  return status;
}

/* ---- of some accounts ---- */

enum status lines_sum_before(struct store *store, const struct reading *reading,
                             const int64_t *accounts, size_t count, day_t day, wide_t *sum,
                             struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *sum = 0;
  enum status status = store_query(
      store, &q,
      "select " SQL_WIDE_SUM(
          "amount") " from line where account = ?1 and day < ?2 and " READING_SEES("entry", "?3",
                                                                                   "?4"),
      err);
  for (size_t i = 0; status == DONE && i < count; i++) {
    query_bind_all(q, accounts[i], day);
    reading_bind(q, 3, 4, reading);
    status = query_step(q, &row, err);
    if (status == DONE && row) *sum += query_wide(q, 0);
  }
  query_end(q);
  return status;
}

/* The first and last line by key: one search each for an account. */
enum status lines_days(struct store *store, const struct reading *reading,
                       const struct account *accounts, int count, day_t until,
                       struct line_days *out, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *out = (struct line_days){0};
  enum status status = store_query(
      store, &q,
      "select (select min(day) from line where account = ?1 and " READING_SEES(
          "entry", "?2",
          "?3") "), "
                "(select max(day) from line where account = ?1 and day <= ?4 and " READING_SEES(
                    "entry", "?2",
                    "?3") "), "
                          "(select max(day) from line where account = ?1 and " READING_SEES(
                              "entry", "?2", "?3") ")",
      err);
  for (int i = 0; status == DONE && i < count; i++) {
    query_bind_int(q, 1, accounts[i].id);
    reading_bind(q, 2, 3, reading);
    query_bind_int(q, 4, until);
    status = query_step(q, &row, err);
    if (status != DONE || !row || query_is_null(q, 0)) continue;
    out->later |= query_int(q, 2) > until;
    if (query_is_null(q, 1)) continue;
    const day_t first = (day_t)query_int(q, 0), last = (day_t)query_int(q, 1);
    if (!out->some || first < out->first) out->first = first;
    if (!out->some || last > out->last) out->last = last;
    out->some = true;
  }
  query_end(q);
  return status;
}

enum status lines_bodies(struct store *store, struct arena *arena, const struct reading *reading,
                         const struct account *accounts, int count, day_t since, int64_t **out,
                         int *out_count, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  struct {
    int64_t *all;
    int count, capacity;
  } found = {0};
  enum status status =
      store_query(store, &q,
                  "select distinct body from line where account = ?1 and day >= ?2 and body is not "
                  "null and " READING_SEES("entry", "?3", "?4") " order by body",
                  err);
  for (int i = 0; status == DONE && i < count; i++) {
    query_bind_all(q, accounts[i].id, since);
    reading_bind(q, 3, 4, reading);
    while ((status = query_step(q, &row, err)) == DONE && row) {
      int at = found.count;
      int64_t body = query_int(q, 0);
      while (at > 0 && found.all[at - 1] > body) at--;
      if (at > 0 && found.all[at - 1] == body) continue;
      array_reserve(found.all, found.capacity, found.count + 1);
      memmove(found.all + at + 1, found.all + at, sizeof *found.all * (size_t)(found.count - at));
      found.all[at] = body;
      found.count++;
    }
  }
  query_end(q);
  *out = arena_array(arena, int64_t, found.count + 1);
  if (found.count) memcpy(*out, found.all, sizeof *found.all * (size_t)found.count);
  *out_count = found.count;
  free(found.all);
  return status;
}

/* ---- of all accounts ---- */

enum status account_sums_open(struct store *store, const struct reading *reading, int64_t first,
                              int64_t last, day_t on, struct query **out, struct error *err) {
  enum status status = store_stream(
      store, out,
      "select account, " SQL_WIDE_SUM(
          "amount") ", count(*) from line where account between ?1 and ?2 and day <= ?3 "
                    "and " READING_SEES("entry", "?4", "?5") " group by account order by account",
      err);
  if (status != DONE) return status;
  query_bind_all(*out, first, last, on);
  reading_bind(*out, 4, 5, reading);
  return DONE;
}

enum status account_sums_next(struct query *q, struct account_sum *out, bool *some,
                              struct error *err) {
  enum status status = query_step(q, some, err);
  if (status == DONE && *some)
    *out = (struct account_sum){query_int(q, 0), query_int(q, 2), query_wide(q, 1)};
  return status;
}

/* ---- what erased lines left ---- */

enum status erased_hashes(struct store *store, struct arena *arena, int64_t entry,
                          struct erased_hash **out, int *count, struct error *err) {
  struct query *q;
  bool row;
  int64_t most = 0;
  *count = 0;
  enum status status = store_int_with(store, "select count(*) from erased_leaf where entry = ?1", 0,
                                      &most, err, entry);
  if (status != DONE) return status;
  *out = arena_array(arena, struct erased_hash, most + 1);
  status = store_query_with(store, &q,
                            "select n, hash from erased_leaf where entry = ?1 order by n", err,
                            entry);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && *count < most) {
    struct span hash = query_bytes(q, 1);
    if (hash.size != sizeof(struct digest)) continue;
    (*out)[*count].line_no = (int32_t)query_int(q, 0);
    memcpy((*out)[(*count)++].hash.bytes, hash.bytes, hash.size);
  }
  query_end(q);
  return status;
}

enum status erased_between(struct store *store, day_t from, day_t to, bool *some,
                           struct error *err) {
  int64_t count = 0;
  enum status status = store_int_with(
      store,
      "select count(*) from erased_leaf x join entry e on e.id = x.entry where e.day between ?1 "
      "and ?2",
      0, &count, err, from, to);
  *some = count > 0;
  return status;
}
