/* CSV: the rows of the tables that have a section name, under one header. */
#include "document/tree.h"

#include "base/money.h"

#include <stdlib.h>

static void csv_value(struct text *out, struct text *scratch, struct doc_value value) {
  switch (value.kind) {
  case DOC_NULL: break;
  case DOC_HIDDEN: PUT(out, "hidden"); break;
  case DOC_TOO_LARGE: PUT(out, "too large"); break;
  case DOC_TEXT:
  case DOC_LINE: text_add_csv_guarded(out, span_of(value.text)); break;
  case DOC_ITEM: text_add_csv_guarded(out, span_of(value.item->what)); break;
  case DOC_NUMBER: text_add_csv(out, span_of(value.text)); break;
  case DOC_MONEY:
  case DOC_POUNDS:
  case DOC_UNVALUED: text_add_money(out, value.number); break;
  case DOC_COUNT:
  case DOC_MINUTES: put_int(out, value.number); break;
  case DOC_BOOL:
    if (value.number) PUT(out, "yes");
    else PUT(out, "no");
    break;
  case DOC_UNIT: text_add_decimal(out, value.number, value.unit->scale); break;
  case DOC_QUANTITY: text_add_quantity(out, value.number); break;
  case DOC_DAY:
    if (value.number != DAY_NONE) text_add_day(out, (day_t)value.number);
    break;
  case DOC_TEXTS:
    text_clear(scratch);
    for (int64_t i = 0; i < value.number; i++) {
      if (i) PUT(scratch, ";");
      put(scratch, value.texts[i], strlen(value.texts[i]));
    }
    text_add_csv_guarded(out, span_make(scratch->bytes, scratch->size));
    break;
  }
}

enum { CSV_SECTION = -1, CSV_ABSENT = -2 };

/* Which column of the table fills `wanted` (`category|code`: the first that it has). */
static int csv_find(const struct doc_table *table, const char *wanted) {
  if (strcmp(wanted, "section") == 0) return CSV_SECTION;
  for (;;) {
    size_t size = strcspn(wanted, "|");
    for (int c = 0; c < table->count; c++)
      if (table->columns[c].key &&
          span_equal(span_of(table->columns[c].key), span_make(wanted, size)))
        return c;
    if (!wanted[size]) return CSV_ABSENT;
    wanted += size + 1;
  }
}

static void csv_table(const struct document *d, const struct doc_table *table, struct text *out,
                      struct text *scratch) {
  int *from = memory_alloc(sizeof *from * (size_t)(d->csv_count + 1));
  for (int k = 0; k < d->csv_count; k++) from[k] = csv_find(table, d->csv_columns[k]);
  for (size_t row = 0; row < table->size; row += (size_t)table->count) {
    for (int k = 0; k < d->csv_count; k++) {
      if (k) PUT(out, ",");
      if (from[k] == CSV_SECTION) text_add_csv(out, span_of(table->csv_section));
      else if (from[k] >= 0) csv_value(out, scratch, table->cells[row + (size_t)from[k]]);
    }
    PUT(out, "\n");
  }
  free(from);
}

void render_csv(const struct document *d, bool header, struct text *out) {
  struct text scratch = {0};
  if (header) {
    for (int k = 0; k < d->csv_count; k++) {
      if (k) PUT(out, ",");
      text_add_csv(out, span_make(d->csv_columns[k], strcspn(d->csv_columns[k], "|")));
    }
    PUT(out, "\n");
  }
  for (int i = 0; i < d->size; i++)
    if (d->nodes[i].kind == NODE_TABLE && d->nodes[i].table->csv_section)
      csv_table(d, d->nodes[i].table, out, &scratch);
  text_release(&scratch);
}
