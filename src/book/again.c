#include "book/again.h"

#include "base/refusal.h"
#include "book/references.h"

/* Lines of the file, sorted. */
struct again_lines {
  uint64_t *all;
  size_t count, capacity;
};

struct again {
  int64_t import;
  char kind[16];
  struct digest digest;
  bool rest, has_only;
  struct again_lines left_out;
  struct again_lines only; /* those of a rest */
};

int64_t again_import(const struct again *again) {
  return again && !again->rest ? again->import : 0;
}

void again_free(struct again *again) {
  if (!again) return;
  free(again->left_out.all);
  free(again->only.all);
  free(again);
}

/* ---- whether all of an import is undone ---- */

/* Gathers the undoing of each of its lines except control lines; for erased lines, of their
 * sums. */
static enum status gather(struct store *store, struct references *undone,
                          const struct entry_range *entries, uint64_t *lines, struct error *err) {
  struct query *q = NULL;
  struct store *reader = NULL;
  bool row = false;
  *lines = 0;
  enum status status = store_again(&reader, store, STORE_READ, err);
  if (status == DONE)
    status = store_stream(
        reader, &q,
        "select l.entry, l.n, case when r.use = 'erased' then l.account else 0 end from line l "
        "join account a on a.id = l.account join account_role r on r.code = a.role "
        "where l.entry between ?1 and ?2 and r.use <> 'contra' order by l.account, l.day, l.entry, "
        "l.n",
        err);
  if (status == DONE) {
    query_bind_int(q, 1, entries->first);
    query_bind_int(q, 2, entries->last);
  }
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row)
    status = references_add_reversal(
        undone, 0,
        &(struct undone_line){query_int(q, 0), (int32_t)query_int(q, 1), query_int(q, 2)}, 0,
        ++*lines, err);
  query_end(q);
  store_close(reader);
  return status;
}

static enum status is_undone(struct store *store, const struct reading *reading,
                             const struct entry_range *entries, bool *whole, struct error *err) {
  uint64_t lines = 0, found = 0;
  struct references *undone = references_new(store, 0);
  enum status status = gather(store, undone, entries, &lines, err);
  if (status == DONE) status = references_check(undone, store, reading, NULL, NULL, &found, err);
  *whole = status == DONE && found == lines;
  references_free(undone);
  return status;
}

/* `entry 12`, `entries 6 and 9 to 12`: the entries that undid something; empty where they were
 * erased. */
enum { UNDOING_NAMED = 6 };
struct undoing {
  char text[200];
  struct entry_range run[UNDOING_NAMED];
  int count; /* runs of numbers; those past the named ones are only counted */
  int64_t last;
};

static void take_undoing(struct undoing *u, int64_t entry) {
  const bool next = u->count && entry == u->last + 1;
  u->last = entry;
  if (!next) u->count++;
  if (u->count > UNDOING_NAMED) return;
  if (!next) u->run[u->count - 1].first = entry;
  u->run[u->count - 1].last = entry;
}

static void write_undoing(struct undoing *u) {
  const int named = u->count < UNDOING_NAMED ? u->count : UNDOING_NAMED;
  const bool one = u->count == 1 && u->run[0].first == u->run[0].last;
  size_t at = (size_t)snprintf(u->text, sizeof u->text, "%s ", one ? "entry" : "entries");
  for (int i = 0; i < named && at < sizeof u->text; i++) {
    const struct entry_range *run = &u->run[i];
    const char *before = i == 0 ? "" : i + 1 == u->count ? " and " : ", ";
    at += (size_t)snprintf(u->text + at, sizeof u->text - at, "%s%lld", before,
                           (long long)run->first);
    if (run->last != run->first && at < sizeof u->text)
      at += (size_t)snprintf(u->text + at, sizeof u->text - at, " to %lld", (long long)run->last);
  }
  if (u->count > named && at < sizeof u->text)
    (void)snprintf(u->text + at, sizeof u->text - at, " and others");
}

static enum status undone_by(struct store *store, const struct reading *reading,
                             const struct entry_range *entries, struct undoing *out,
                             struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *out = (struct undoing){0};
  enum status status = store_query(
      store, &q,
      "select distinct entry from line where reverses_entry between ?1 and ?2 and " READING_SEES(
          "entry", "?3", "?4") " order by entry",
      err);
  if (status != DONE) return status;
  query_bind_int(q, 1, entries->first);
  query_bind_int(q, 2, entries->last);
  reading_bind(q, 3, 4, reading);
  while ((status = query_step(q, &row, err)) == DONE && row) take_undoing(out, query_int(q, 0));
  if (status == DONE && out->count) write_undoing(out);
  query_end(q);
  return status;
}

/* ---- the import that is replaced ---- */

static enum status read_import(struct again *again, struct store *store,
                               struct entry_range *entries, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(
      store, &q, "select first_entry, last_entry, kind, digest from import where id = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, again->import);
  status = query_step(q, &row, err);
  if (status == DONE && !row) status = refuse(err, IMPORT_UNKNOWN, (long long)again->import);
  if (status == DONE) {
    struct span kind = query_text(q, 2), digest = query_bytes(q, 3);
    snprintf(again->kind, sizeof again->kind, SPAN_FORMAT, SPAN(kind));
    *entries = (struct entry_range){query_int(q, 0), query_int(q, 1)};
    if (digest.size == sizeof again->digest) memcpy(&again->digest, digest.bytes, digest.size);
    if (!entries->first)
      status = refuse(err, IMPORT_AGAIN_NEEDLESS, (long long)again->import, again->kind);
  }
  query_end(q);
  return status;
}

static enum status check_not_replaced(const struct again *again, struct store *store,
                                      const struct reading *reading, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(
      store, &q, "select id, first_entry, last_entry from import where again = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, again->import);
  status = query_step(q, &row, err);
  const bool replaced = status == DONE && row;
  const long long by = replaced ? query_int(q, 0) : 0;
  const struct entry_range entries = {replaced ? query_int(q, 1) : 0,
                                      replaced ? query_int(q, 2) : 0};
  bool whole = false;
  query_end(q);
  if (!replaced) return status;
  if (is_undone(store, reading, &entries, &whole, err) != DONE) return err->code;
  if (whole) return refuse(err, IMPORT_AGAIN_CAME_AGAIN, (long long)again->import, by, by);
  return refuse(err, IMPORT_AGAIN_IN_BOOK, (long long)again->import, by, by);
}

/* Whether the book has all rows that the import left out (LIMIT_REJECTS_KEPT). */
static enum status check_all_kept(struct store *store, int64_t import,
                                  const struct again_lines *lines, struct error *err) {
  int64_t rejected = 0;
  enum status status = store_int_with(store, "select rejected from import where id = ?1", 0,
                                      &rejected, err, import);
  if (status != DONE || rejected <= (int64_t)lines->count) return status;
  return refuse(err, IMPORT_AGAIN_REJECTS_NOT_KEPT, (long long)import, (long long)rejected,
                (int)lines->count);
}

static enum status read_left_out(struct store *store, int64_t import, struct again_lines *out,
                                 struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(store, &q,
                                   "select line from reject where import = ?1 order by line", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, import);
  while ((status = query_step(q, &row, err)) == DONE && row) {
    array_reserve(out->all, out->capacity, out->count + 1);
    out->all[out->count++] = (uint64_t)query_int(q, 0);
  }
  query_end(q);
  return status == DONE ? check_all_kept(store, import, out, err) : status;
}

/* ---- the rest of an import ---- */

/* The import that this one replaces, that it replaces in turn, and so on to one that replaces
 * none. */
static enum status find_first(struct store *store, int64_t import, int64_t *first,
                              struct error *err) {
  int64_t before = import;
  enum status status = DONE;
  while (status == DONE && before) {
    *first = before;
    status = store_int_with(store, "select coalesce(again, 0) from import where id = ?1", 0,
                            &before, err, *first);
  }
  return status;
}

/* An import that takes in a rest again takes in no other row. */
static enum status read_rest_of(struct again *again, struct store *store, struct error *err) {
  struct query *q = NULL;
  int64_t first = 0, before = 0;
  bool row = false;
  enum status status = find_first(store, again->import, &first, err);
  if (status == DONE)
    status = store_row_with(store, &q, &row,
                            "select b.id from import i join import b on b.digest = i.digest and "
                            "b.id < i.id and b.again is null and b.first_entry > 0 and "
                            "b.kind = i.kind and i.rows <= b.rejected where i.id = ?1 "
                            "order by b.id desc limit 1",
                            err, first);
  if (status != DONE) return status;
  if (row) before = query_int(q, 0);
  query_end(q);
  again->has_only = before != 0;
  return before ? read_left_out(store, before, &again->only, err) : DONE;
}

static enum status find_last(struct store *store, const struct again *again, int64_t *last,
                             struct error *err) {
  return store_int_with(store,
                        "select coalesce(max(id), 0) from import where digest = ?1 and kind = ?2 "
                        "and again is null and first_entry > 0",
                        0, last, err, QUERY_BYTES(again->digest.bytes, sizeof again->digest.bytes),
                        again->kind);
}

enum status again_open_rest(struct again **out, struct store *store, int64_t import,
                            struct error *err) {
  struct again *again = *out = memory_zeroed(1, sizeof *again);
  struct entry_range entries = {0};
  int64_t last = 0;
  again->import = import;
  again->rest = again->has_only = true;
  enum status status = read_import(again, store, &entries, err);
  if (status == DONE && strcmp(again->kind, "entries") != 0)
    status = refuse(err, IMPORT_REST_KIND, (long long)import, again->kind);
  if (status == DONE) status = find_last(store, again, &last, err);
  if (status == DONE) status = read_left_out(store, last, &again->only, err);
  if (status == DONE && !again->only.count) status = refuse(err, IMPORT_REST_NONE, (long long)last);
  return status;
}

/* ---- opening ---- */

enum status again_open(struct again **out, struct store *store, const struct reading *reading,
                       int64_t import, struct error *err) {
  struct again *again = *out = memory_zeroed(1, sizeof *again);
  struct entry_range entries = {0};
  bool whole = false;
  again->import = import;
  enum status status = read_import(again, store, &entries, err);
  if (status == DONE) status = check_not_replaced(again, store, reading, err);
  if (status == DONE) status = is_undone(store, reading, &entries, &whole, err);
  if (status == DONE && !whole)
    status = refuse(err, IMPORT_AGAIN_NOT_UNDONE, (long long)import, (long long)import);
  if (status == DONE) status = read_left_out(store, import, &again->left_out, err);
  return status == DONE ? read_rest_of(again, store, err) : status;
}

enum status again_check_file(const struct again *again, const char *kind,
                             const struct digest *digest, struct error *err) {
  if (strcmp(again->kind, kind) != 0)
    return refuse(err, IMPORT_AGAIN_KIND, (long long)again->import, again->kind, again->kind,
                  (long long)again->import);
  if (memcmp(again->digest.bytes, digest->bytes, sizeof digest->bytes) != 0)
    return refuse(err, IMPORT_AGAIN_OTHER_FILE, (long long)again->import);
  return DONE;
}

static int compare_lines(const void *key, const void *item) {
  uint64_t x = *(const uint64_t *)key, y = *(const uint64_t *)item;
  return (x > y) - (x < y);
}

static bool has_line(const struct again_lines *lines, uint64_t line) {
  return lines->count && array_find(&line, lines->all, lines->count, compare_lines);
}

bool again_left_out(const struct again *again, uint64_t line) {
  return again && has_line(&again->left_out, line);
}

bool again_passes_over(const struct again *again, uint64_t line) {
  return again && again->has_only && !has_line(&again->only, line);
}

/* ---- a file that was posted before ---- */

struct posted {
  int64_t import;
  struct entry_range entries;
  char day[11], kind[16];   /* the day of its moment, in UTC */
  bool reversals, left_out; /* some reversals came later; the import left rows out */
};

static enum status find_posted(struct store *store, const struct digest *digest, struct posted *p,
                               struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *p = (struct posted){0};
  enum status status = store_query(
      store, &q,
      "select i.id, i.first_entry, i.last_entry, i.at, i.kind, "
      "case when exists (select 1 from entry e where e.kind = 'reversal' and e.id > i.last_entry) "
      "then 1 else 0 end, i.rejected "
      "from import i where i.digest = ?1 and i.first_entry > 0 order by i.id desc limit 1",
      err);
  if (status != DONE) return status;
  query_bind_bytes(q, 1, digest->bytes, sizeof digest->bytes);
  status = query_step(q, &row, err);
  if (status == DONE && row) {
    struct span at = query_text(q, 3), kind = query_text(q, 4);
    *p = (struct posted){.import = query_int(q, 0),
                         .entries = {query_int(q, 1), query_int(q, 2)},
                         .reversals = query_int(q, 5) != 0,
                         .left_out = query_int(q, 6) != 0};
    snprintf(p->day, sizeof p->day, SPAN_FORMAT, SPAN(at));
    snprintf(p->kind, sizeof p->kind, SPAN_FORMAT, SPAN(kind));
  }
  query_end(q);
  return status;
}

enum status again_refuse_posted(struct store *store, const struct reading *reading,
                                const struct digest *digest, struct error *err) {
  struct posted p;
  bool whole = false;
  struct undoing by = {0};
  enum status status = find_posted(store, digest, &p, err);
  if (status != DONE || !p.import) return status;
  if (p.reversals) status = is_undone(store, reading, &p.entries, &whole, err);
  if (status == DONE && whole) status = undone_by(store, reading, &p.entries, &by, err);
  if (status != DONE) return status;
  if (whole && !by.count) /* the lines that undid it were erased since then */
    return refuse(err, FILE_POSTED_AND_UNDONE, (long long)p.import, p.day, p.kind,
                  p.left_out ? "--partial " : "", (long long)p.import);
  if (whole)
    return refuse(err, FILE_POSTED_AND_UNDONE_BY, (long long)p.import, p.day, by.text, p.kind,
                  p.left_out ? "--partial " : "", (long long)p.import);
  if (p.left_out && strcmp(p.kind, "entries") == 0)
    return refuse(err, FILE_POSTED_PARTLY, (long long)p.import, p.day, (long long)p.import,
                  (long long)p.import);
  return refuse(err, FILE_POSTED_ALREADY, (long long)p.import, p.day, (long long)p.import);
}

enum status import_undone_whole(struct store *store, const struct reading *reading, int64_t import,
                                bool *whole, struct error *err) {
  struct entry_range entries = {0, 0};
  struct query *q = NULL;
  bool row = false, reversals = false;
  *whole = false;
  enum status status =
      store_query(store, &q,
                  "select i.first_entry, i.last_entry, case when exists (select 1 from entry e "
                  "where e.kind = 'reversal' and e.id > i.last_entry) then 1 else 0 end "
                  "from import i where i.id = ?1",
                  err);
  if (status != DONE) return status;
  query_bind_int(q, 1, import);
  status = query_step(q, &row, err);
  if (status == DONE && row) {
    entries = (struct entry_range){query_int(q, 0), query_int(q, 1)};
    reversals = query_int(q, 2) != 0;
  }
  query_end(q);
  if (status != DONE || !reversals || !entries.first) return status;
  return is_undone(store, reading, &entries, whole, err);
}
