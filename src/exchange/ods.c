/* Workbooks as LibreOffice writes them: OpenDocument 1.2, content.xml. */
#include "exchange/workbook.h"

#include "base/limits.h"
#include "base/refusal.h"
#include "base/text.h"
#include "exchange/sheet_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { HIDDEN_STYLES_MAX = 1024 };

struct ods {
  struct workbook *book;
  const char *hidden_styles[HIDDEN_STYLES_MAX]; /* of tables that are not shown */
  int hidden_style_count;
  const char *style; /* the one whose properties come */
  /* by column: a text that is merged down, for so many more rows */
  const char *merged[LIMIT_FILE_COLUMNS];
  int merged_rows[LIMIT_FILE_COLUMNS];
};

static uint64_t count_of(const char *text) {
  uint64_t n = text ? strtoull(text, NULL, 10) : 1;
  return n < 1 ? 1 : n;
}

/* The texts of the cell that begins here, its paragraphs with a space between; until it ends. */
static enum status take_text(struct workbook_xml *xml, const char *element, struct text *out,
                             struct error *err) {
  bool some = true;
  int note = 0;
  text_clear(out);
  if (xmlTextReaderIsEmptyElement(xml->reader)) return DONE;
  for (;;) {
    enum status status = workbook_xml_next(xml, &some, err);
    if (status != DONE || !some || workbook_ends(xml, element)) return status;
    if (workbook_begins(xml, "annotation")) note += !xmlTextReaderIsEmptyElement(xml->reader);
    else if (workbook_ends(xml, "annotation")) note--;
    else if ((workbook_begins(xml, "p") || workbook_begins(xml, "s")) && out->size)
      text_add_char(out, ' ');
    const int type = xml->type;
    const bool characters = type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA;
    if (characters && !note && out->size <= LIMIT_FIELD_BYTES)
      text_add(out, (const char *)xmlTextReaderConstValue(xml->reader));
  }
}

struct ods_cell {
  const char *type, *value, *date, *formula;
  uint64_t repeated, rows_spanned;
};

static struct ods_cell cell_of(const struct workbook_xml *xml, struct arena *arena) {
  return (struct ods_cell){
      .type = workbook_attribute(xml, "value-type", arena),
      .value = workbook_attribute(xml, "value", arena),
      .date = workbook_attribute(xml, "date-value", arena),
      .formula = workbook_attribute(xml, "formula", arena),
      .repeated = count_of(workbook_attribute(xml, "number-columns-repeated", arena)),
      .rows_spanned = count_of(workbook_attribute(xml, "number-rows-spanned", arena))};
}

static struct span shown(const struct ods_cell *c, const struct text *text, char number[64]) {
  if (c->date) return span_make(c->date, strcspn(c->date, "T"));
  if (c->value && c->type && strcmp(c->type, "string") != 0) {
    char *end = NULL;
    const double v = strtod(c->value, &end);
    if (end == c->value || *end) return span_of(c->value);
    snprintf(number, 64, "%.15g", v);
    return strchr(number, 'e') ? span_of(c->value) : span_of(number);
  }
  if (c->formula && !c->type) return span_of(c->formula);
  return span_make(text->bytes ? text->bytes : "", text->size);
}

/* The text that was merged down into the column, for one row more. */
static struct span from_above(struct ods *o, uint64_t column) {
  if (column >= LIMIT_FILE_COLUMNS || !o->merged_rows[column]) return span_make("", 0);
  o->merged_rows[column]--;
  return span_of(o->merged[column]);
}

static enum status read_row(struct ods *o, struct workbook_xml *xml, const char *sheet,
                            uint64_t row, struct sheet_out *out, struct error *err) {
  bool some = true;
  uint64_t column = 0;
  struct text text = {0};
  struct arena *scratch = arena_new();
  enum status status = DONE;
  const bool empty = xmlTextReaderIsEmptyElement(xml->reader);
  while (!empty && (status = workbook_xml_next(xml, &some, err)) == DONE && some &&
         !workbook_ends(xml, "table-row")) {
    const bool covered = workbook_begins(xml, "covered-table-cell");
    if (!covered && !workbook_begins(xml, "table-cell")) continue;
    const struct ods_cell c = cell_of(xml, scratch);
    char number[64];
    status = take_text(xml, covered ? "covered-table-cell" : "table-cell", &text, err);
    if (status != DONE) break;
    struct span s = shown(&c, &text, number);
    if (s.size > LIMIT_FIELD_BYTES) {
      status = workbook_refuse_cell(o->book, sheet, row, err);
      break;
    }
    if (!covered && s.size && c.rows_spanned > 1 && column < LIMIT_FILE_COLUMNS && !c.value &&
        !c.date) {
      o->merged[column] = arena_copy(o->book->arena, s.bytes, s.size);
      o->merged_rows[column] = c.rows_spanned < SHEET_ROWS_MAX ? (int)c.rows_spanned - 1 : 0;
    }
    const uint64_t most = s.size ? LIMIT_FILE_COLUMNS + 1 : LIMIT_FILE_COLUMNS;
    for (uint64_t i = 0; i < c.repeated && column + i < most && status == DONE; i++)
      status = sheet_cell(out, (int)(column + i), covered ? from_above(o, column + i) : s, err);
    column += c.repeated < SHEET_ROWS_MAX ? c.repeated : SHEET_ROWS_MAX;
    if (status != DONE) break;
    arena_reset(scratch);
  }
  arena_free(scratch);
  text_release(&text);
  return status;
}

static bool is_hidden(const struct ods *o, const char *style) {
  for (int i = 0; style && i < o->hidden_style_count; i++)
    if (strcmp(o->hidden_styles[i], style) == 0) return true;
  return false;
}

/* A row that is there several times: its line is written as often. */
static enum status repeat_row(const struct workbook *book, struct sheet_out *out, uint64_t *row,
                              uint64_t repeated, struct error *err) {
  if (!out->line.size) {
    *row += repeated;
    return DONE;
  }
  struct text line = {0};
  text_add_span(&line, span_make(out->line.bytes, out->line.size));
  enum status status = DONE;
  for (uint64_t i = 0; i < repeated && status == DONE; i++) {
    if (i) text_add_span(&out->line, span_make(line.bytes, line.size));
    status = workbook_row(book, out, ++*row, err);
  }
  text_release(&line);
  return status;
}

static enum status read_table(struct ods *o, struct workbook_xml *xml, struct error *err) {
  struct arena *arena = o->book->arena;
  const char *name = workbook_attribute(xml, "name", arena);
  const bool hidden = is_hidden(o, workbook_attribute(xml, "style-name", arena));
  struct sheet_out out;
  bool some = true;
  uint64_t row = 0;
  memset(o->merged_rows, 0, sizeof o->merged_rows);
  if (xmlTextReaderIsEmptyElement(xml->reader)) return DONE;
  enum status status = sheet_begin(&out, err);
  if (status != DONE) return status;
  while ((status = workbook_xml_next(xml, &some, err)) == DONE && some &&
         !workbook_ends(xml, "table")) {
    if (!workbook_begins(xml, "table-row")) continue;
    struct arena *scratch = arena_new();
    const uint64_t repeated = count_of(workbook_attribute(xml, "number-rows-repeated", scratch));
    arena_free(scratch);
    status = read_row(o, xml, name, row + 1, &out, err);
    if (status == DONE) status = repeat_row(o->book, &out, &row, repeated, err);
    if (status != DONE) break;
  }
  return workbook_sheet_end(o->book, &out, name, hidden, status, err);
}

enum status ods_read(struct workbook *book, struct error *err) {
  struct ods *o = arena_alloc(book->arena, sizeof *o);
  struct workbook_xml xml;
  bool some = true;
  o->book = book;
  enum status status = workbook_xml_open(&xml, book, "content.xml", err);
  while (status == DONE && xml.reader && (status = workbook_xml_next(&xml, &some, err)) == DONE &&
         some) {
    if (workbook_begins(&xml, "style")) o->style = workbook_attribute(&xml, "name", book->arena);
    else if (workbook_begins(&xml, "table-properties")) {
      const char *display = workbook_attribute(&xml, "display", book->arena);
      if (display && strcmp(display, "false") == 0 && o->style &&
          o->hidden_style_count < HIDDEN_STYLES_MAX)
        o->hidden_styles[o->hidden_style_count++] = o->style;
    } else if (workbook_begins(&xml, "table")) status = read_table(o, &xml, err);
    if (status != DONE) break;
  }
  workbook_xml_close(&xml);
  return status;
}
