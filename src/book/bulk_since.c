/* Checks what small postings brought after a call checked its references. The import lock keeps
 * other imports and erasures away, so only small entries can have come, each logged as it is
 * numbered: their numbers are past the reading's head, and a reader that sees one sees all before
 * it. The accounts in their rows lead to their lines, which say which references they use; the
 * audit would find the same. After a call's check (bulk_duplicates), and until its own references
 * are in the store, a small posting may take one of them. So we check three times: after the
 * references are written (so that a clash is found before the work), after the lines are written,
 * and finally, for entries that are new since then, while holding `head`, which every posting locks
 * before it checks references and holds until it is committed. So of two postings the second to
 * lock it sees the first. */
#include "base/refusal.h"
#include "book/bulk_call.h"
#include "book/rows.h"

enum {
  ENTRIES_AT_ONCE = 256,
  ACCOUNTS_A_QUERY = 4, /* a small entry mostly has two lines */
  /* if entries come faster than we read them, the rest is read while holding `head` */
  ROUNDS_MOST = 64,
};

struct small_entry {
  int64_t id;
  day_t day;
  int64_t lines;
  struct span accounts;
};

struct since {
  struct bulk *bulk;
  struct hasher *hasher;
  struct arena *arena; /* of the current entries */
  struct small_entry entries[ENTRIES_AT_ONCE];
  int count;
};

static enum status read_entries(struct since *s, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  s->count = 0;
  enum status status =
      store_query(s->bulk->store, &q,
                  "select id, day, lines, accounts from entry where id > ?1 order by id limit ?2",
                  err);
  if (status != DONE) return status;
  query_bind_int(q, 1, s->bulk->checked);
  query_bind_int(q, 2, ENTRIES_AT_ONCE);
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct span accounts = query_bytes(q, 3);
    s->entries[s->count++] = (struct small_entry){
        query_int(q, 0), (day_t)query_int(q, 1), query_int(q, 2),
        span_make(arena_copy(s->arena, accounts.bytes, accounts.size), accounts.size)};
  }
  query_end(q);
  return status;
}

/* ---- a clash ---- */

static enum status refuse_clash(const struct since *s, const struct small_entry *e,
                                const struct line *line, int at, uint64_t row, struct error *err) {
  const struct bulk_file *file = &s->bulk->files[at];
  char quoted[SPAN_QUOTE_SIZE];
  if (line->reverses_entry)
    return refuse(err, LINE_REVERSED_MEANWHILE, line->reverses_line_no,
                  (long long)line->reverses_entry, (long long)e->id);
  refuse(err, REFERENCE_TAKEN_MEANWHILE, span_quote(line->reference, quoted), (long long)e->id);
  return error_at(err, file->kind ? file->path : NULL, row, "reference");
}

static enum status look_at_line(struct since *s, const struct small_entry *e,
                                const struct line *line, struct error *err) {
  struct reference_key once;
  bool found = false;
  int file = 0;
  uint64_t row = 0;
  if (!references_of_lines(s->hasher, line, 1, &once)) return DONE;
  enum status status = references_find(s->bulk->references, &once.digest, &found, &file, &row, err);
  return status == DONE && found ? refuse_clash(s, e, line, file, row, err) : status;
}

/* ---- entries and their lines ---- */

/* Reads the lines of up to four accounts from *next on; an account with several lines is read
 * once. */
static enum status look_at_some(struct since *s, const struct small_entry *e, size_t *next,
                                struct error *err) {
  struct query *q = NULL;
  bool row = false;
  struct line line;
  int64_t last = 0;
  enum status status =
      store_query(s->bulk->store, &q,
                  "select " LINE_COLUMNS
                  " from line where account in (?1, ?2, ?3, ?4) and day = ?5 and entry = ?6",
                  err);
  if (status != DONE) return status;
  query_bind_int(q, 5, e->day);
  query_bind_int(q, 6, e->id);
  for (int asked = 0; asked < ACCOUNTS_A_QUERY && *next < accounts_count(e->accounts); ++*next) {
    int64_t account = accounts_at(e->accounts, *next);
    if (account == last) continue;
    query_bind_int(q, ++asked, account);
    last = account;
  }
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    line_read(q, &line);
    status = look_at_line(s, e, &line, err);
  }
  query_end(q);
  return status;
}

static enum status look_at_entry(struct since *s, const struct small_entry *e, struct error *err) {
  enum status status = DONE;
  if (e->lines && !accounts_count(e->accounts))
    return error_set(err, FAILED,
                     "entry %lld was posted by an older program while this one worked; end that "
                     "program, then run this again",
                     (long long)e->id);
  for (size_t next = 0; status == DONE && next < accounts_count(e->accounts);)
    status = look_at_some(s, e, &next, err);
  return status;
}

/* *more: there may be further entries. */
static enum status look_at_entries(struct since *s, bool *more, struct error *err) {
  enum status status = read_entries(s, err);
  for (int i = 0; status == DONE && i < s->count; i++) {
    status = look_at_entry(s, &s->entries[i], err);
    if (status == DONE) s->bulk->checked = s->entries[i].id;
  }
  *more = s->count == ENTRIES_AT_ONCE;
  arena_reset(s->arena);
  return status;
}

enum status bulk_look_since(struct bulk *bulk, bool to_the_end, struct error *err) {
  struct since *s = memory_zeroed(1, sizeof *s);
  enum status status = DONE;
  bool more = references_kept(bulk->references) > 0;
  *s = (struct since){.bulk = bulk, .hasher = hasher_new(), .arena = arena_new()};
  for (int round = 0; status == DONE && more && (to_the_end || round < ROUNDS_MOST); round++)
    status = look_at_entries(s, &more, err);
  hasher_free(s->hasher);
  arena_free(s->arena);
  free(s);
  return status;
}
