#include "exchange/imports.h"

/* People are shown what fits a terminal. */
static const struct doc_column columns[] = {{"import", NULL}, {NULL, "Import"}, {"kind", "Kind"}, {"file", "File"}, {"rows", "Rows"}, {"rejected", NULL}, {"amount", NULL},
                                            {"entries", "Entries"}, {"profile", NULL}, {"at", NULL}, {NULL, "Day"}, {"who", NULL}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static struct doc_value text_of(struct arena *arena, struct query *q, int column) {
  struct span s = query_text(q, column);
  return doc_text(arena_copy(arena, s.bytes ? s.bytes : "", s.size));
}

static void add_import(struct document *d, struct arena *arena, struct query *q) {
  int64_t first = query_int(q, 6), last = query_int(q, 7);
  document_cell(d, doc_text(arena_printf(arena, "import:%lld", (long long)query_int(q, 0))));
  document_cell(d, doc_text(arena_printf(arena, "%lld", (long long)query_int(q, 0))));
  document_cell(d, text_of(arena, q, 1));
  document_cell(d, text_of(arena, q, 2));
  document_cell(d, doc_count(query_int(q, 3)));
  document_cell(d, doc_count(query_int(q, 4)));
  document_cell(d, first ? doc_exactly(DOC_MONEY, query_int(q, 5)) : doc_null());
  document_cell(d, first ? doc_text(arena_printf(arena, "%lld-%lld", (long long)first, (long long)last)) : doc_null());
  document_cell(d, text_of(arena, q, 8));
  document_cell(d, text_of(arena, q, 9));
  document_cell(d, doc_text(arena_printf(arena, "%.10s", text_of(arena, q, 9).text)));
  document_cell(d, text_of(arena, q, 10));
}

enum status imports_list(struct store *store, struct arena *arena, struct document **out, struct error *err) {
  static const char *const csv[] = {"import", "kind", "file", "rows", "rejected", "amount", "entries", "profile", "at", "who"};
  struct query *q = NULL;
  bool row = false;
  struct document *d = *out = document_new(arena, ENGLISH, "What was taken in");
  document_csv_columns(d, csv, sizeof csv / sizeof *csv);
  document_table(d, "imports", NULL, columns, COLUMNS, "imports");
  enum status status = store_query(store, &q, "select id, kind, file, rows, rejected, amount, first_entry, last_entry, profile, at, who from import order by id", err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) add_import(d, arena, q);
  query_end(q);
  document_table_end(d);
  return status;
}
