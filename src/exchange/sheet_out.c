#include "exchange/sheet_out.h"

#include "base/folder.h"
#include "base/refusal.h"

#include <stdlib.h>
#include <unistd.h>

enum { PART = 256 << 10 };

enum status sheet_begin(struct sheet_out *s, struct error *err) {
  *s = (struct sheet_out){.fd = file_without_name()};
  return s->fd < 0 ? error_errno(err, "a temporary file cannot be made") : DONE;
}

static enum status flush(struct sheet_out *s, struct error *err) {
  enum status status = file_write_all(s->fd, span_make(s->buffer.bytes, s->buffer.size),
                                      "a temporary file cannot be written", err);
  text_clear(&s->buffer);
  return status;
}

/* The text with each line end and control character a space. */
static void add_plain(struct text *t, struct span text) {
  char *bytes = memory_alloc(text.size + 1);
  for (size_t i = 0; i < text.size; i++) {
    uint8_t c = (uint8_t)text.bytes[i];
    bytes[i] = c < 0x20 || c == 0x7f ? ' ' : (char)c;
  }
  text_add_csv(t, span_make(bytes, text.size));
  free(bytes);
}

enum status sheet_cell(struct sheet_out *s, int column, struct span text, struct error *err) {
  if (!text.size) return DONE;
  if (column >= LIMIT_FILE_COLUMNS) return refuse(err, SHEET_COLUMNS, LIMIT_FILE_COLUMNS);
  if (s->line.size && column <= s->columns) return refuse_code(err, REFUSAL_WORKBOOK_DAMAGED);
  for (; s->columns < column; s->columns++) text_add_char(&s->line, ',');
  add_plain(&s->line, text);
  if (s->line.size > LIMIT_RECORD_BYTES) return refuse_code(err, REFUSAL_WORKBOOK_TOO_LARGE);
  return DONE;
}

enum status sheet_row(struct sheet_out *s, uint64_t row, struct error *err) {
  if (row > SHEET_ROWS_MAX) return refuse(err, SHEET_ROWS, SHEET_ROWS_MAX);
  for (; s->line.size && s->row + 1 < row; s->row++) text_add_char(&s->buffer, '\n');
  if (s->line.size) {
    if (row <= s->row) return refuse_code(err, REFUSAL_WORKBOOK_DAMAGED);
    s->written += s->line.size + 1;
    text_add_span(&s->buffer, span_make(s->line.bytes, s->line.size));
    text_add_char(&s->buffer, '\n');
    s->row = row;
  }
  text_clear(&s->line);
  s->columns = 0;
  return s->buffer.size >= PART ? flush(s, err) : DONE;
}

enum status sheet_end(struct sheet_out *s, struct error *err) { return flush(s, err); }

void sheet_free(struct sheet_out *s) {
  text_release(&s->line);
  text_release(&s->buffer);
}
