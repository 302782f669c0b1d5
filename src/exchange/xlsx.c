/* Workbooks as Excel writes them: ECMA-376 part 1, in either of its namespaces. */
#include "exchange/workbook.h"

#include "base/refusal.h"
#include "base/limits.h"
#include "base/text.h"
#include "exchange/sheet_out.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FORMATS_MAX = 4096, STYLES_MAX = 65536, STRINGS_MAX = 8 << 20, MERGES_MAX = 4096 };

/* Cells of one column that are merged downwards. */
struct merge {
  int column;
  uint64_t row, last_row;
  struct span text; /* of its first cell, where that is no number */
};

struct xlsx {
  struct workbook *book;
  bool epoch_1904;
  struct span *strings;
  int string_count, string_capacity;
  int format_ids[FORMATS_MAX];
  bool format_day[FORMATS_MAX];
  int format_count;
  bool *style_day;
  int style_count, style_capacity;
  struct merge *merges; /* of the current sheet, by column and row; one of a row at a time */
  int merge_count, merge_capacity;
  int at[LIMIT_FILE_COLUMNS]; /* by column: its first merge that does not end above the row */
};

/* ---- a text ---- */

/* Adds the text of the element that begins here, until it ends; phonetic readings are left out. */
static enum status take_text(struct workbook_xml *xml, const char *element, struct text *out,
                             struct error *err) {
  bool some = true, in_text = strcmp(element, "v") == 0 || strcmp(element, "f") == 0;
  int phonetic = 0;
  if (xmlTextReaderIsEmptyElement(xml->reader)) return DONE;
  for (;;) {
    enum status status = workbook_xml_next(xml, &some, err);
    if (status != DONE || !some || workbook_ends(xml, element)) return status;
    if (workbook_begins(xml, "rPh")) phonetic += !xmlTextReaderIsEmptyElement(xml->reader);
    else if (workbook_ends(xml, "rPh")) phonetic--;
    else if (workbook_begins(xml, "t")) in_text = true;
    else if (workbook_ends(xml, "t")) in_text = false;
    const int type = xml->type;
    const bool characters = type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
                            type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
    if (characters && in_text && !phonetic && out->size <= LIMIT_FIELD_BYTES)
      text_add(out, (const char *)xmlTextReaderConstValue(xml->reader));
  }
}

static enum status read_strings(struct xlsx *x, struct error *err) {
  struct workbook_xml xml;
  struct text text = {0};
  bool some = true;
  enum status status = workbook_xml_open(&xml, x->book, "xl/sharedStrings.xml", err);
  while (status == DONE && xml.reader && (status = workbook_xml_next(&xml, &some, err)) == DONE &&
         some) {
    if (!workbook_begins(&xml, "si")) continue;
    text_clear(&text);
    status = take_text(&xml, "si", &text, err);
    if (status == DONE && x->string_count == STRINGS_MAX) {
      refuse_code(err, REFUSAL_WORKBOOK_TOO_LARGE);
      status = error_at(err, x->book->path, 0, NULL);
    }
    if (status != DONE) break;
    arena_reserve(x->book->arena, x->strings, x->string_capacity, x->string_count + 1);
    x->strings[x->string_count++] =
        span_make(arena_copy(x->book->arena, text.bytes ? text.bytes : "", text.size), text.size);
  }
  text_release(&text);
  workbook_xml_close(&xml);
  return status;
}

/* ---- styles: which numbers are days ---- */

/* Whether a code of a number format shows a day: it has a year or a day outside quotes, brackets
 * and escapes. */
static bool shows_day(const char *code) {
  bool quoted = false, bracket = false;
  for (const char *c = code; *c; c++) {
    if (*c == '"') quoted = !quoted;
    else if (*c == '[') bracket = true;
    else if (*c == ']') bracket = false;
    else if (*c == '\\' && c[1]) c++;
    else if (!quoted && !bracket && strchr("yYdD", *c)) return true;
  }
  return false;
}

static bool format_shows_day(const struct xlsx *x, int id) {
  for (int i = 0; i < x->format_count; i++)
    if (x->format_ids[i] == id) return x->format_day[i];
  return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
}

static int number_of(const char *text) { return text ? (int)strtol(text, NULL, 10) : 0; }

static enum status read_styles(struct xlsx *x, struct error *err) {
  struct workbook_xml xml;
  bool some = true, in_cells = false;
  struct arena *scratch = arena_new();
  enum status status = workbook_xml_open(&xml, x->book, "xl/styles.xml", err);
  while (status == DONE && xml.reader && (status = workbook_xml_next(&xml, &some, err)) == DONE &&
         some) {
    if (workbook_begins(&xml, "numFmt") && x->format_count < FORMATS_MAX) {
      const char *code = workbook_attribute(&xml, "formatCode", scratch);
      x->format_ids[x->format_count] = number_of(workbook_attribute(&xml, "numFmtId", scratch));
      x->format_day[x->format_count++] = code && shows_day(code);
    } else if (workbook_begins(&xml, "cellXfs")) in_cells = true;
    else if (workbook_ends(&xml, "cellXfs")) in_cells = false;
    else if (in_cells && workbook_begins(&xml, "xf") && x->style_count < STYLES_MAX) {
      arena_reserve(x->book->arena, x->style_day, x->style_capacity, x->style_count + 1);
      x->style_day[x->style_count++] =
          format_shows_day(x, number_of(workbook_attribute(&xml, "numFmtId", scratch)));
    }
    arena_reset(scratch);
  }
  arena_free(scratch);
  workbook_xml_close(&xml);
  return status;
}

/* ---- cells ---- */

/* `BC12`: column 54 (from 0) and row 12; false where it is none. */
static bool take_place(const char *text, const char **end, int *column, uint64_t *row) {
  int c = 0;
  while (*text >= 'A' && *text <= 'Z' && c < 100000) c = c * 26 + (*text++ - 'A' + 1);
  char *after = NULL;
  *row = strtoull(text, &after, 10);
  *column = c - 1;
  *end = after;
  return c > 0 && after != text && *row > 0;
}

/* A number with the 15 digits that the spreadsheet shows; a day as a day. */
static void add_number(struct text *out, const char *value, bool day, bool epoch_1904) {
  char *end = NULL, written[64];
  double v = strtod(value, &end);
  if (end == value || *end || !isfinite(v) || strpbrk(value, "xX")) {
    text_add(out, value);
    return;
  }
  if (day && workbook_day(v, epoch_1904, written)) {
    text_add(out, written);
    return;
  }
  snprintf(written, sizeof written, "%.15g", v);
  if (strchr(written, 'e')) snprintf(written, sizeof written, fabs(v) < 1 ? "%.15f" : "%.0f", v);
  text_add(out, written);
}

/* A cell, in memory that the next one uses again. */
struct cell_read {
  struct arena *arena;
  int column, style;
  uint64_t row;
  char type; /* s shared, i inline, t text, n number, b truth, e error, d ISO day */
  bool has_value;
  struct text value, formula, shown;
};

static char type_of(const char *t) {
  if (!t || strcmp(t, "n") == 0) return 'n';
  if (strcmp(t, "s") == 0 || strcmp(t, "b") == 0 || strcmp(t, "e") == 0 || strcmp(t, "d") == 0)
    return t[0];
  return strcmp(t, "inlineStr") == 0 ? 'i' : 't';
}

static enum status take_cell(struct xlsx *x, struct workbook_xml *xml, struct cell_read *c,
                             struct error *err) {
  bool some = true;
  text_clear(&c->value);
  text_clear(&c->formula);
  c->has_value = false;
  if (xmlTextReaderIsEmptyElement(xml->reader)) return DONE;
  (void)x;
  for (;;) {
    enum status status = workbook_xml_next(xml, &some, err);
    if (status != DONE || !some || workbook_ends(xml, "c")) return status;
    if (workbook_begins(xml, "v")) {
      c->has_value = !xmlTextReaderIsEmptyElement(xml->reader);
      status = take_text(xml, "v", &c->value, err);
    } else if (workbook_begins(xml, "f")) {
      text_add_char(&c->formula, '=');
      status = take_text(xml, "f", &c->formula, err);
    } else if (workbook_begins(xml, "is")) {
      c->has_value = true;
      status = take_text(xml, "is", &c->value, err);
    }
    if (status != DONE) return status;
  }
}

/* The cell as text; `shown` is memory for it. */
static struct span cell_text(const struct xlsx *x, const struct cell_read *c, struct text *shown) {
  const char *value = c->value.bytes ? c->value.bytes : "";
  text_clear(shown);
  if (!c->has_value && c->formula.size) return span_make(c->formula.bytes, c->formula.size);
  if (!c->value.size) return span_make("", 0);
  if (c->type == 's') {
    const long index = strtol(value, NULL, 10);
    return index >= 0 && index < x->string_count ? x->strings[index] : span_make("", 0);
  }
  if (c->type == 'b') return span_of(*value == '1' ? "TRUE" : "FALSE");
  if (c->type != 'n') return span_make(c->value.bytes, c->value.size);
  const bool day = c->style >= 0 && c->style < x->style_count && x->style_day[c->style];
  add_number(shown, value, day, x->epoch_1904);
  return span_make(shown->bytes, shown->size);
}

/* ---- merged cells, which stand behind the rows ---- */

static int by_place(const void *a, const void *b) {
  const struct merge *x = a, *y = b;
  if (x->column != y->column) return x->column < y->column ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static enum status read_merges(struct xlsx *x, const char *part, struct error *err) {
  struct workbook_xml xml;
  bool some = true;
  bool may_merge = false;
  x->merge_count = 0;
  for (int c = 0; c < LIMIT_FILE_COLUMNS; c++) x->at[c] = -1;
  enum status status = workbook_may_hold(x->book, part, "mergeCell", &may_merge, err);
  if (status != DONE || !may_merge) return status;
  struct arena *scratch = arena_new();
  status = workbook_xml_open(&xml, x->book, part, err);
  while (status == DONE && xml.reader && (status = workbook_xml_next(&xml, &some, err)) == DONE &&
         some) {
    if (!workbook_begins(&xml, "mergeCell") || x->merge_count == MERGES_MAX) continue;
    const char *ref = workbook_attribute(&xml, "ref", scratch), *end = NULL;
    struct merge m = {0};
    int last_column;
    if (ref && take_place(ref, &end, &m.column, &m.row) && *end == ':' &&
        take_place(end + 1, &end, &last_column, &m.last_row) && m.last_row > m.row &&
        m.column < LIMIT_FILE_COLUMNS) {
      arena_reserve(x->book->arena, x->merges, x->merge_capacity, x->merge_count + 1);
      x->merges[x->merge_count++] = m;
    }
    arena_reset(scratch);
  }
  arena_free(scratch);
  array_sort(x->merges, x->merge_count, by_place);
  for (int i = x->merge_count - 1; i >= 0; i--) x->at[x->merges[i].column] = i;
  x->book->unpacked -= xml.bytes < x->book->unpacked ? xml.bytes : 0; /* it is read twice */
  workbook_xml_close(&xml);
  return status;
}

/* The merge that the cell of this column and row is in; null: none. Rows come in their order. */
static struct merge *merge_at(struct xlsx *x, int column, uint64_t row) {
  if (column >= LIMIT_FILE_COLUMNS) return NULL;
  int *i = &x->at[column];
  while (*i >= 0 && x->merges[*i].last_row < row)
    *i = *i + 1 < x->merge_count && x->merges[*i + 1].column == column ? *i + 1 : -1;
  return *i >= 0 && row >= x->merges[*i].row ? &x->merges[*i] : NULL;
}

/* A text that was merged downwards stands in each of its rows; a number in the first only. */
static struct span merged(struct xlsx *x, const struct cell_read *c, struct span own) {
  struct merge *m = merge_at(x, c->column, c->row);
  if (!m) return own;
  if (c->row > m->row) return own.size ? own : m->text;
  const bool is_text = own.size && c->type != 'n', is_kept = c->type == 's';
  m->text = !is_text  ? span_make("", 0)
            : is_kept ? own
                      : span_make(arena_copy(x->book->arena, own.bytes, own.size), own.size);
  return own;
}

/* Writes the texts that were merged down into cells of the row from column `from` on to `to`, which
 * the file leaves out. */
static enum status fill_merged(struct xlsx *x, struct sheet_out *out, uint64_t row, int from,
                               int to, struct error *err) {
  enum status status = DONE;
  for (int column = from; x->merge_count && column < to && status == DONE; column++) {
    const struct merge *m = merge_at(x, column, row);
    if (m && row > m->row) status = sheet_cell(out, column, m->text, err);
  }
  return status;
}

/* ---- a sheet ---- */

static enum status read_row(struct xlsx *x, struct workbook_xml *xml, const char *sheet,
                            struct sheet_out *out, struct cell_read *c, struct error *err) {
  bool some = true;
  int next = 0;
  enum status status = DONE;
  const bool empty = xmlTextReaderIsEmptyElement(xml->reader);
  while (!empty && (status = workbook_xml_next(xml, &some, err)) == DONE && some &&
         !workbook_ends(xml, "row")) {
    if (!workbook_begins(xml, "c")) continue;
    arena_reset(c->arena);
    const char *place = workbook_attribute(xml, "r", c->arena), *end = NULL;
    const char *style = workbook_attribute(xml, "s", c->arena);
    uint64_t row;
    if (!place || !take_place(place, &end, &c->column, &row)) c->column = next;
    c->style = style ? number_of(style) : -1;
    c->type = type_of(workbook_attribute(xml, "t", c->arena));
    status = take_cell(x, xml, c, err);
    if (status != DONE) break;
    struct span text = merged(x, c, cell_text(x, c, &c->shown));
    if (text.size > LIMIT_FIELD_BYTES) status = workbook_refuse_cell(x->book, sheet, c->row, err);
    else status = fill_merged(x, out, c->row, next, c->column, err);
    if (status == DONE) status = sheet_cell(out, c->column, text, err);
    if (status != DONE) break;
    next = c->column + 1;
  }
  if (status == DONE) status = fill_merged(x, out, c->row, next, LIMIT_FILE_COLUMNS, err);
  return status;
}

static enum status read_sheet(struct xlsx *x, const char *part, const char *name, bool hidden,
                              struct error *err) {
  struct workbook_xml xml = {0};
  struct sheet_out out;
  bool some = true;
  enum status status = read_merges(x, part, err);
  if (status == DONE) status = sheet_begin(&out, err);
  if (status != DONE) return status;
  struct cell_read cell = {.arena = arena_new()};
  status = workbook_xml_open(&xml, x->book, part, err);
  while (status == DONE && xml.reader && (status = workbook_xml_next(&xml, &some, err)) == DONE &&
         some) {
    if (!workbook_begins(&xml, "row")) continue;
    const char *number = workbook_attribute(&xml, "r", cell.arena);
    cell.row = number ? strtoull(number, NULL, 10) : cell.row + 1;
    status = read_row(x, &xml, name, &out, &cell, err);
    if (status == DONE) status = workbook_row(x->book, &out, cell.row, err);
    arena_reset(cell.arena);
  }
  text_release(&cell.value);
  text_release(&cell.formula);
  text_release(&cell.shown);
  arena_free(cell.arena);
  workbook_xml_close(&xml);
  return workbook_sheet_end(x->book, &out, name, hidden, status, err);
}

/* ---- the workbook ---- */

struct sheet_entry {
  const char *name, *id, *part;
  bool hidden;
};

static enum status read_entries(struct xlsx *x, struct sheet_entry *sheets, int *count,
                                struct error *err) {
  struct workbook_xml xml;
  struct arena *arena = x->book->arena;
  bool some = true;
  enum status status = workbook_xml_open(&xml, x->book, "xl/workbook.xml", err);
  while (status == DONE && xml.reader && (status = workbook_xml_next(&xml, &some, err)) == DONE &&
         some) {
    if (workbook_begins(&xml, "workbookPr")) {
      const char *date = workbook_attribute(&xml, "date1904", arena);
      x->epoch_1904 = date && (strcmp(date, "1") == 0 || strcmp(date, "true") == 0);
    }
    if (!workbook_begins(&xml, "sheet") || *count == SHEETS_MAX) continue;
    const char *state = workbook_attribute(&xml, "state", arena);
    sheets[(*count)++] = (struct sheet_entry){.name = workbook_attribute(&xml, "name", arena),
                                              .id = workbook_attribute(&xml, "id", arena),
                                              .hidden = state && strcmp(state, "visible") != 0};
  }
  workbook_xml_close(&xml);
  return status;
}

static enum status find_parts(struct xlsx *x, struct sheet_entry *sheets, int count,
                              struct error *err) {
  struct workbook_xml xml;
  struct arena *arena = x->book->arena;
  bool some = true;
  enum status status = workbook_xml_open(&xml, x->book, "xl/_rels/workbook.xml.rels", err);
  while (status == DONE && xml.reader && (status = workbook_xml_next(&xml, &some, err)) == DONE &&
         some) {
    if (!workbook_begins(&xml, "Relationship")) continue;
    const char *id = workbook_attribute(&xml, "Id", arena),
               *target = workbook_attribute(&xml, "Target", arena),
               *type = workbook_attribute(&xml, "Type", arena);
    const size_t size = type ? strlen(type) : 0;
    if (!id || !target || size < 10 || strcmp(type + size - 10, "/worksheet") != 0) continue;
    for (int i = 0; i < count; i++)
      if (sheets[i].id && strcmp(sheets[i].id, id) == 0)
        sheets[i].part = *target == '/' ? target + 1 : arena_printf(arena, "xl/%s", target);
  }
  workbook_xml_close(&xml);
  return status;
}

enum status xlsx_read(struct workbook *book, struct error *err) {
  struct xlsx *x = arena_alloc(book->arena, sizeof *x);
  struct sheet_entry *sheets = arena_array(book->arena, struct sheet_entry, SHEETS_MAX);
  int count = 0;
  x->book = book;
  enum status status = read_entries(x, sheets, &count, err);
  if (status == DONE) status = find_parts(x, sheets, count, err);
  if (status == DONE) status = read_strings(x, err);
  if (status == DONE) status = read_styles(x, err);
  for (int i = 0; status == DONE && i < count; i++)
    if (sheets[i].part)
      status = read_sheet(x, sheets[i].part, sheets[i].name, sheets[i].hidden, err);
  return status;
}
