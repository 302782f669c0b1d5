#include "exchange/imports.h"

/* People see only the columns that fit a terminal. */
static const struct doc_column columns[] = {
    {"import", NULL},           {NULL, "Import"},   {"kind", "Kind"},  {"file", "File"},
    {"rows", "Rows"},           {"rejected", NULL}, {"amount", NULL},  {"entries", "Entries"},
    {"profile", NULL},          {"at", NULL},       {NULL, "Day"},     {"who", NULL},
    {"undone_by", "Undone by"}, {"again", NULL},    {NULL, "Again of"}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static struct doc_value text_of(struct arena *arena, struct query *q, int column) {
  struct span s = query_text(q, column);
  return doc_text(arena_copy(arena, s.bytes ? s.bytes : "", s.size));
}

/* Entries, in order: `6, 9-12`. */
struct import_undoing {
  struct text *of;          /* by import */
  int64_t most, open, last; /* the current import, and its last entry so far */
  bool run;
};

static void end_run(struct import_undoing *u) {
  if (u->open && u->run) text_addf(&u->of[u->open], "-%lld", (long long)u->last);
  u->run = false;
}

static void take_undoing(struct import_undoing *u, int64_t import, int64_t entry) {
  if (import < 1 || import > u->most) return;
  if (import == u->open && entry == u->last + 1) {
    u->run = true;
    u->last = entry;
    return;
  }
  end_run(u);
  text_addf(&u->of[import], "%s%lld", u->of[import].size ? ", " : "", (long long)entry);
  u->open = import;
  u->last = entry;
}

static enum status read_undoing(struct store *store, struct import_undoing *u, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t any = 0;
  *u = (struct import_undoing){0};
  enum status status = store_int(store, "select max(id) from import", 0, &u->most, err);
  u->of = memory_zeroed((size_t)u->most + 1, sizeof *u->of);
  if (status == DONE)
    status = store_int(store, "select count(*) from entry where kind = 'reversal'", 0, &any, err);
  if (status != DONE || !any) return status; /* otherwise every line of the book would be read */
  status = store_query(store, &q,
                       "select distinct e.import, l.entry from posted_line l join entry e on "
                       "e.id = l.reverses_entry where e.import is not null order by 1, 2",
                       err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row)
    take_undoing(u, query_int(q, 0), query_int(q, 1));
  end_run(u);
  query_end(q);
  return status;
}

static void release_undoing(struct import_undoing *u) {
  for (int64_t i = 0; i <= u->most; i++) text_release(&u->of[i]);
  free(u->of);
}

static void add_again(struct document *d, struct arena *arena, const struct text *by,
                      int64_t again) {
  document_cell(d, by->size ? doc_text(arena_copy(arena, by->bytes, by->size)) : doc_null());
  document_cell(d, again ? doc_text(arena_printf(arena, "import:%lld", (long long)again))
                         : doc_null());
  document_cell(d, again ? doc_text(arena_printf(arena, "%lld", (long long)again)) : doc_null());
}

static void add_import(struct document *d, struct arena *arena, struct query *q,
                       const struct import_undoing *u) {
  int64_t first = query_int(q, 6), last = query_int(q, 7);
  document_cell(d, doc_text(arena_printf(arena, "import:%lld", (long long)query_int(q, 0))));
  document_cell(d, doc_text(arena_printf(arena, "%lld", (long long)query_int(q, 0))));
  document_cell(d, text_of(arena, q, 1));
  document_cell(d, text_of(arena, q, 2));
  document_cell(d, doc_count(query_int(q, 3)));
  document_cell(d, doc_count(query_int(q, 4)));
  document_cell(d, first ? doc_exactly(DOC_MONEY, query_int(q, 5)) : doc_null());
  const char *entries = first == last
                            ? arena_printf(arena, "%lld", (long long)first)
                            : arena_printf(arena, "%lld-%lld", (long long)first, (long long)last);
  document_cell(d, first ? doc_text(entries) : doc_null());
  document_cell(d, text_of(arena, q, 8));
  document_cell(d, text_of(arena, q, 9));
  document_cell(d, doc_text(arena_printf(arena, "%.10s", text_of(arena, q, 9).text)));
  document_cell(d, text_of(arena, q, 10));
  add_again(d, arena, &u->of[query_int(q, 0)], query_int(q, 11));
}

enum status imports_list(struct store *store, struct arena *arena, struct document **out,
                         struct error *err) {
  static const char *const csv[] = {"import",  "kind",    "file", "rows", "rejected",  "amount",
                                    "entries", "profile", "at",   "who",  "undone_by", "again"};
  struct query *q = NULL;
  bool row = false;
  struct document *d = *out = document_new(arena, ENGLISH, "What was taken in");
  document_csv_columns(d, csv, sizeof csv / sizeof *csv);
  document_table(d, "imports", NULL, columns, COLUMNS, "imports");
  struct import_undoing u;
  enum status status = read_undoing(store, &u, err);
  if (status == DONE)
    status =
        store_query(store, &q,
                    "select id, kind, file, rows, rejected, amount, first_entry, last_entry, "
                    "profile, at, who, coalesce(again, 0) from import where id <= ?1 order by id",
                    err);
  if (status == DONE) query_bind_int(q, 1, u.most);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row)
    add_import(d, arena, q, &u);
  query_end(q);
  release_undoing(&u);
  document_table_end(d);
  return status;
}
