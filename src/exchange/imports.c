#include "exchange/imports.h"

#include "book/entries.h"
#include "book/imports.h"
#include "store/head.h"

/* People see only the columns that fit a terminal. */
static const struct doc_column columns[] = {
    {"import", NULL},           {NULL, "Import"},   {"kind", "Kind"},  {"file", "File"},
    {"rows", "Rows"},           {"rejected", NULL}, {"amount", NULL},  {"entries", "Entries"},
    {"profile", NULL},          {"at", NULL},       {NULL, "Day"},     {"who", NULL},
    {"undone_by", "Undone by"}, {"again", NULL},    {NULL, "Again of"}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static struct doc_value text_of(struct arena *arena, struct span s) {
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
  struct head head = {0};
  bool any = false, some = false;
  int64_t import = 0, entry = 0;
  *u = (struct import_undoing){0};
  enum status status = head_read(store, &head, err);
  u->most = head.import;
  u->of = memory_zeroed((size_t)u->most + 1, sizeof *u->of);
  if (status == DONE) status = entries_have_reversals(store, &any, err);
  if (status != DONE || !any) return status; /* otherwise every line of the book would be read */
  status = imports_open_undone(store, &q, err);
  while (status == DONE && (status = imports_next_undone(q, &import, &entry, &some, err)) == DONE &&
         some)
    take_undoing(u, import, entry);
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

static void add_import(struct document *d, struct arena *arena, const struct import_record *i,
                       const struct import_undoing *u) {
  const int64_t first = i->first_entry, last = i->last_entry;
  document_cell(d, doc_text(arena_printf(arena, "import:%lld", (long long)i->id)));
  document_cell(d, doc_text(arena_printf(arena, "%lld", (long long)i->id)));
  document_cell(d, text_of(arena, i->kind));
  document_cell(d, text_of(arena, i->file));
  document_cell(d, doc_count(i->rows));
  document_cell(d, doc_count(i->rejected));
  document_cell(d, first ? doc_exactly(DOC_MONEY, i->amount) : doc_null());
  const char *entries = first == last
                            ? arena_printf(arena, "%lld", (long long)first)
                            : arena_printf(arena, "%lld-%lld", (long long)first, (long long)last);
  document_cell(d, first ? doc_text(entries) : doc_null());
  document_cell(d, text_of(arena, i->profile));
  document_cell(d, text_of(arena, i->at));
  char day[11] = "";
  if (clock_day_of(i->at) != DAY_NONE) day_write(clock_day_of(i->at), day);
  document_cell(d, doc_text(arena_string(arena, day)));
  document_cell(d, text_of(arena, i->who));
  add_again(d, arena, &u->of[i->id], i->again);
}

enum status imports_list(struct store *store, struct arena *arena, struct document **out,
                         struct error *err) {
  static const char *const csv[] = {"import",  "kind",    "file", "rows", "rejected",  "amount",
                                    "entries", "profile", "at",   "who",  "undone_by", "again"};
  struct query *q = NULL;
  struct import_record import;
  bool some = false;
  struct document *d = *out = document_new(arena, ENGLISH, "What was taken in");
  document_csv_columns(d, csv, sizeof csv / sizeof *csv);
  document_table(d, "imports", NULL, columns, COLUMNS, "imports");
  struct import_undoing u;
  enum status status = read_undoing(store, &u, err);
  if (status == DONE) status = imports_open(store, &q, err);
  while (status == DONE && (status = imports_next(q, &import, &some, err)) == DONE && some &&
         import.id <= u.most)
    add_import(d, arena, &import, &u);
  query_end(q);
  release_undoing(&u);
  document_table_end(d);
  return status;
}
