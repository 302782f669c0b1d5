#include "base/table.h"
#include "base/block.h"
#include "base/csv.h"
#include "base/nearest.h"
#include "base/refusal.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- names of columns ---- */

int table_find(const struct table *table, struct span name) {
  for (int i = 0; i < table->count; i++)
    if (span_is(name, table->columns[i].name)) return i;
  return -1;
}

static void list_columns(const struct table *table, struct text *t) {
  for (int i = 0; i < table->count; i++)
    text_addf(t, "%s%s", i ? ", " : "", table->columns[i].name);
}

void table_explain_unknown(const struct table *table, struct span name, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  span_quote(name, quoted);
  int nearest = -1, least = 3;
  for (int i = 0; i < table->count; i++) {
    int d = word_distance(name, span_of(table->columns[i].name));
    if (d < least && d * 2 < (int)name.size) nearest = i, least = d;
  }
  if (nearest >= 0) {
    refuse(err, COLUMN_UNKNOWN_NEAR, quoted, table->columns[nearest].name);
    return;
  }
  struct text list = {0};
  list_columns(table, &list);
  refuse(err, COLUMN_UNKNOWN, quoted, list.bytes);
  text_release(&list);
}

/* ---- CSV: the header ---- */

static enum status refuse_header(struct table *table, struct error *err, uint64_t line,
                                 const char *column) {
  return error_at(err, input_path(table->reader.input), line, column);
}

static const enum refusal_code csv_faults[] = {[CSV_QUOTE_WITHIN] = REFUSAL_QUOTE_WITHIN_FIELD,
                                               [CSV_TEXT_AFTER] = REFUSAL_TEXT_AFTER_QUOTE,
                                               [CSV_UNCLOSED] = REFUSAL_QUOTE_UNCLOSED};

/* For a single heading with no comma: finds another character that may divide the columns. */
static enum refusal_code other_divider(struct span heading) {
  if (memchr(heading.bytes, ';', heading.size)) return REFUSAL_COLUMNS_DIVIDED_BY_SEMICOLONS;
  if (memchr(heading.bytes, '\t', heading.size)) return REFUSAL_COLUMNS_DIVIDED_BY_TABS;
  if (memchr(heading.bytes, '|', heading.size)) return REFUSAL_COLUMNS_DIVIDED_BY_BARS;
  return REFUSAL_NONE;
}

static enum status place_columns(struct table *table, struct csv_scan *s, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  bool any = false;
  table->headings = s->count;
  table->heading = memory_zeroed(s->count, sizeof *table->heading);
  table->slot = memory_zeroed(s->count, sizeof *table->slot);
  for (uint32_t i = 0; i < s->count; i++) {
    struct span name = span_trim(span_make(s->bytes + s->field[i].at, s->field[i].size));
    table->heading[i] = memory_zeroed(name.size + 1, 1);
    if (name.size) memcpy(table->heading[i], name.bytes, name.size);
    table->slot[i] = table_find(table, name);
    any |= table->slot[i] >= 0;
    /* `ID`: treat it as a header, so that the message says what is wrong with it */
    for (int c = 0; c < table->count; c++)
      any |= word_distance(name, span_of(table->columns[c].name)) == 0;
  }
  if (!any) {
    enum refusal_code divider = s->count == 1 ? other_divider(span_of(table->heading[0]))
                                              : REFUSAL_NONE;
    struct text list = {0};
    list_columns(table, &list);
    if (divider) refuse_code(err, divider);
    else refuse(err, HEADER_MISSING, span_quote(span_of(table->heading[0]), quoted), list.bytes);
    text_release(&list);
    return refuse_header(table, err, s->begin_line, NULL);
  }
  bool *seen = memory_zeroed((size_t)table->count, sizeof *seen);
  enum status status = DONE;
  for (uint32_t i = 0; i < s->count && status == DONE; i++) {
    const char *name = table->heading[i];
    if (!name[0]) {
      refuse(err, COLUMN_WITHOUT_NAME, i + 1);
      status = refuse_header(table, err, s->begin_line, NULL);
    } else if (table->slot[i] >= 0 && seen[table->slot[i]]) {
      refuse(err, COLUMN_TWICE);
      status = refuse_header(table, err, s->begin_line, name);
    } else if (table->slot[i] >= 0) seen[table->slot[i]] = true;
    else if (strncmp(name, "x_", 2) != 0) {
      table_explain_unknown(table, span_of(name), err);
      status = refuse_header(table, err, s->begin_line, name);
    }
  }
  table->absent = memory_zeroed((size_t)table->count, sizeof *table->absent);
  for (int i = 0; i < table->count && status == DONE; i++) {
    if (seen[i]) continue;
    table->absent[table->absent_count++] = i;
    if (!table->columns[i].required) continue;
    refuse(err, COLUMN_MISSING);
    status = refuse_header(table, err, s->begin_line, table->columns[i].name);
  }
  free(seen);
  return status;
}

static enum status check_header(struct table *table, struct csv_scan *s, struct error *err) {
  csv_unescape(s);
  if (s->fault != CSV_SOUND) {
    refuse_code(err, csv_faults[s->fault]);
    return refuse_header(table, err, s->begin_line, NULL);
  }
  if (s->count > LIMIT_FILE_COLUMNS) {
    refuse(err, HEADER_TOO_WIDE, s->count, LIMIT_FILE_COLUMNS);
    return refuse_header(table, err, s->begin_line, NULL);
  }
  for (uint32_t i = 0; i < s->count; i++) {
    if (utf8_valid(s->bytes + s->field[i].at, s->field[i].size)) continue;
    refuse(err, COLUMN_NAME_NOT_UTF_8, i + 1);
    return refuse_header(table, err, s->begin_line, NULL);
  }
  return place_columns(table, s, err);
}

static enum status refuse_record(struct table *table, struct error *err) {
  refuse(err, RECORD_TOO_LONG, LIMIT_RECORD_BYTES);
  return error_at(err, input_path(table->reader.input), table->reader.line, NULL);
}

/* The next try for a record that did not fit: twice as much, until no record may be longer. */
static size_t wider(size_t size) {
  return size * 2 < LIMIT_RECORD_BYTES ? size * 2 : LIMIT_RECORD_BYTES;
}

static enum status csv_header(struct table *table, struct error *err) {
  struct reader *r = &table->reader;
  struct csv_scan *s = table->scan = memory_zeroed(1, sizeof *s);
  for (size_t least = r->block_bytes;;) {
    size_t size;
    enum status status = reader_fill(r, least, &table->packed, &size, err);
    if (status != DONE) return status;
    char *bytes = table->packed.bytes;
    csv_begin(s, bytes, size, 0, r->ended, r->line);
    bool found;
    do found = csv_next(s);
    while (found && s->blank);
    if (found) {
      status = check_header(table, s, err);
      r->line = s->line;
    } else if (r->ended) {
      refuse(err, FILE_EMPTY);
      status = refuse_header(table, err, 1, NULL);
    } else if (size >= LIMIT_RECORD_BYTES) status = refuse_record(table, err);
    reader_keep(r, bytes + (found ? s->record_at : 0), size - (found ? s->record_at : 0));
    if (found || status != DONE) return status;
    least = wider(size);
  }
}

/* ---- CSV: the rows ---- */

static void explain_bytes(struct table *table, struct block *b, size_t row, const char *column,
                          const char *bytes, size_t size) {
  if (memchr(bytes, 0, size)) {
    block_refuse(b, table, row, column, FIELD_HOLDS_NUL);
    return;
  }
  size_t sound = size; /* the longest sound beginning, to show the byte after it */
  for (size_t low = 0; low < sound;) {
    size_t mid = low + (sound - low) / 2;
    bool good = utf8_valid(bytes, mid + 1) || utf8_valid(bytes, mid + 2 > size ? size : mid + 2) ||
                utf8_valid(bytes, mid + 3 > size ? size : mid + 3) ||
                utf8_valid(bytes, mid + 4 > size ? size : mid + 4);
    if (good) low = mid + 1;
    else sound = mid;
  }
  block_refuse(b, table, row, column, FIELD_NOT_UTF_8,
               (unsigned)(uint8_t)bytes[sound < size ? sound : 0]);
}

/* Checks a record that is not plain for everything that can be wrong with it. */
static void csv_faulty_row(struct table *table, struct block *b, size_t row,
                           const struct csv_scan *s) {
  bool broken = s->fault != CSV_SOUND || s->count != table->headings;
  if (broken && s->end_line > s->begin_line) {
    const char *column = s->fault && s->fault_field < table->headings
                             ? table->heading[s->fault_field]
                             : NULL;
    block_refuse(b, table, row, column, QUOTE_JOINS_LINES, (unsigned long long)s->begin_line,
                 (unsigned long long)s->end_line);
  } else if (s->fault != CSV_SOUND) {
    const char *column = s->fault_field < table->headings ? table->heading[s->fault_field] : NULL;
    struct error why;
    refuse_code(&why, csv_faults[s->fault]);
    block_fault(b, table, row, column, &why);
  } else if (s->count < table->headings)
    block_refuse(b, table, row, NULL, FIELDS_TOO_FEW, s->count, table->headings);
  else if (s->count > table->headings)
    block_refuse(b, table, row, NULL, FIELDS_TOO_MANY, s->count, table->headings);
  for (uint32_t i = 0; i < s->count && i < table->headings; i++) {
    const char *bytes = s->bytes + s->field[i].at, *name = table->heading[i];
    if (s->field[i].size > LIMIT_FIELD_BYTES)
      block_refuse(b, table, row, name, FIELD_TOO_LONG, (size_t)s->field[i].size,
                   LIMIT_FIELD_BYTES);
    if (!utf8_valid(bytes, s->field[i].size))
      explain_bytes(table, b, row, name, bytes, s->field[i].size);
  }
}

/* The bytes of a record as they came, kept beside the block's: its fields are changed in place. */
static struct span record_text(struct block *b, const struct csv_scan *s) {
  if (!b->notes) b->notes = arena_new();
  return span_make(arena_copy(b->notes, s->bytes + s->at, s->end - s->at), s->end - s->at);
}

static bool too_long_field(const struct csv_scan *s) {
  for (uint32_t i = 0; i < s->count; i++)
    if (s->field[i].size > LIMIT_FIELD_BYTES) return true;
  return false;
}

static void csv_row(struct table *table, struct block *b, struct csv_scan *s, bool valid) {
  size_t row = block_add_row(b, s->begin_line);
  struct span text = {0};
  valid = valid || utf8_valid(s->bytes + s->at, s->end - s->at);
  bool plain = valid && s->count == table->headings && s->fault == CSV_SOUND;
  /* before its fields are changed */
  if (!plain || (s->end - s->at > LIMIT_FIELD_BYTES && too_long_field(s))) text = record_text(b, s);
  if (s->end_line > s->begin_line) block_record(b, row, text, s->end_line);
  if (s->escaped_count) csv_unescape(s);
  struct table_piece *piece = b->rows.piece + row * (size_t)table->count;
  for (int i = 0; i < table->absent_count; i++) piece[table->absent[i]] = (struct table_piece){0};
  if (s->count < table->headings) memset(piece, 0, (size_t)table->count * sizeof *piece);
  uint32_t count = s->count < table->headings ? s->count : table->headings;
  for (uint32_t i = 0; i < count; i++) {
    struct table_piece field = s->field[i];
    if (field.size > 1 && s->bytes[field.at] == '\'') {
      struct span kept = csv_unguarded(span_make(s->bytes + field.at, field.size));
      field = (struct table_piece){(uint32_t)(kept.bytes - s->bytes), (uint32_t)kept.size};
    }
    if (table->slot[i] >= 0) piece[table->slot[i]] = field;
  }
  if (!text.bytes) return;
  csv_faulty_row(table, b, row, s);
  if (b->rows.fault[row].reason) block_record(b, row, text, s->end_line);
}

static void csv_rows(struct table *table, struct block *b, size_t size, size_t *used) {
  struct csv_scan *s = table->scan;
  /* Before the scan, which moves bytes. A character cut by the end of the block only means that
   * rows are checked one by one. */
  bool valid = utf8_valid(b->buffer.bytes, size);
  csv_begin(s, b->buffer.bytes, size, 0, table->reader.ended, table->reader.line);
  while (b->rows.count < BLOCK_ROWS_MAX && csv_next(s))
    if (!s->blank) csv_row(table, b, s, valid);
  table->reader.line = s->line;
  *used = s->record_at;
}

/* ---- both kinds ---- */

static enum status find_kind(struct table *table, struct error *err) {
  const struct reader *r = &table->reader;
  size_t i = 0;
  while (i < r->carry_size &&
         (r->carry[i] == ' ' || r->carry[i] == '\t' || r->carry[i] == '\r' || r->carry[i] == '\n'))
    i++;
  char first = i < r->carry_size ? r->carry[i] : 0;
  table->is_json = first == '{';
  if (first == '[') {
    refuse(err, FILE_IS_JSON_LIST);
    return refuse_header(table, err, 1, NULL);
  }
  return DONE;
}

static struct table *table_make(const struct table_column *columns, int count) {
  assert(count > 0 && count <= LIMIT_FILE_COLUMNS);
  struct table *table = memory_zeroed(1, sizeof *table);
  table->columns = columns;
  table->count = count;
  table->pool = pool_new();
  return table;
}

static enum status open_by(input_opener *open, struct table *table, const char *path,
                           struct table **out, struct error *err) {
  enum status status = reader_open(&table->reader, path, open, err);
  if (status == DONE) status = find_kind(table, err);
  if (status == DONE && !table->is_json) status = csv_header(table, err);
  if (status != DONE) {
    table_close(table);
    return status;
  }
  *out = table;
  return DONE;
}

enum status table_open(struct table **out, const char *path, const struct table_column *columns,
                       int count, struct error *err) {
  return open_by(input_open, table_make(columns, count), path, out, err);
}

enum status table_open_plain(struct table **out, const char *path,
                             const struct table_column *columns, int count, struct error *err) {
  return open_by(input_open_plain, table_make(columns, count), path, out, err);
}

/* Chooses the next block's size for BLOCK_ROWS rows like those of this one. */
static void learn_row_size(struct reader *r, size_t used, size_t rows) {
  size_t want = rows ? used / rows * BLOCK_ROWS : BLOCK_BYTES_MAX;
  r->block_bytes = want < 32 << 10 ? 32 << 10 : want > BLOCK_BYTES_MAX ? BLOCK_BYTES_MAX : want;
}

enum status table_next(struct table *table, struct table_rows **out, struct error *err) {
  struct reader *r = &table->reader;
  *out = NULL;
  for (size_t least = r->block_bytes;;) {
    size_t size, used;
    struct block *b = block_take(table->pool, table->count, table->rows);
    struct buffer *buffer = table->is_json ? &table->packed : &b->buffer;
    enum status status = reader_fill(r, least, buffer, &size, err);
    if (status != DONE) {
      table_rows_free(&b->rows);
      return error_at(err, input_path(r->input), r->line, NULL);
    }
    if (table->is_json) jsonl_rows(table, b, buffer->bytes, size, &used);
    else csv_rows(table, b, size, &used);
    b->rows.bytes = b->buffer.bytes;
    reader_keep(r, buffer->bytes + used, size - used);
    if (b->rows.count) {
      learn_row_size(r, used, b->rows.count);
      table->rows += b->rows.count;
      *out = &b->rows;
      return DONE;
    }
    table_rows_free(&b->rows);
    if (used == 0 && size >= LIMIT_RECORD_BYTES) return refuse_record(table, err);
    if (r->ended && r->carry_size == 0) return DONE;
    if (used == 0) least = wider(size);
  }
}

bool table_has_column(const struct table *table, int column) {
  for (int i = 0; i < table->absent_count; i++)
    if (table->absent[i] == column) return false;
  return true;
}

bool table_is_json(const struct table *table) { return table->is_json; }

struct input *table_input(struct table *table) {
  return table->reader.input;
}

void table_close(struct table *table) {
  if (!table) return;
  for (uint32_t i = 0; i < table->headings; i++) free(table->heading[i]);
  free(table->heading);
  free(table->slot);
  free(table->absent);
  free(table->scan);
  free(table->packed.bytes);
  reader_close(&table->reader);
  pool_release(table->pool);
  free(table);
}
