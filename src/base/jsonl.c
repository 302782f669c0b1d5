#include "base/arena.h"
#include "base/block.h"
#include <jansson.h>
#include <math.h>

/* A number that is no integer, as text. jansson gives a double; 15 significant digits survive the way through a double and back
 * (DBL_DIG), so that 12.34 is 12.34 again. What needs more than 15 is refused rather than changed unseen; in quotes it is exact. */
static bool add_real(struct text *t, double value) {
  char out[40];
  snprintf(out, sizeof out, "%.15g", value);
  if (strtod(out, NULL) != value) return false; /* NOLINT: equality is the point */
  text_add(t, out);
  return true;
}

static void read_value(struct table *table, struct block *b, struct text *t, size_t row, int column, const json_t *value) {
  size_t at = t->size;
  const char *name = table->columns[column].name;
  switch (json_typeof(value)) {
  case JSON_STRING: text_add_bytes(t, json_string_value(value), json_string_length(value)); break;
  case JSON_INTEGER: text_add_int(t, json_integer_value(value)); break;
  case JSON_TRUE: text_add(t, "true"); break;
  case JSON_FALSE: text_add(t, "false"); break;
  case JSON_NULL: break;
  case JSON_REAL:
    if (!add_real(t, json_real_value(value))) {
      block_fault(b, table, row, name, "a number of more than 15 figures is not exact in JSON; write it in quotes");
      return;
    }
    break;
  default: block_fault(b, table, row, name, "an object or a list within the row; write a text or a number"); return;
  }
  if (t->size - at > LIMIT_FIELD_BYTES) {
    block_fault(b, table, row, name, "%zu bytes are too long; a field holds at most %d", t->size - at, LIMIT_FIELD_BYTES);
    return;
  }
  b->rows.piece[row * (size_t)table->count + (size_t)column] = (struct table_piece){(uint32_t)at, (uint32_t)(t->size - at)};
}

static void read_object(struct table *table, struct block *b, struct text *t, size_t row, json_t *object) {
  const char *key;
  json_t *value;
  bool seen[LIMIT_FILE_COLUMNS] = {0};
  json_object_foreach(object, key, value) {
    int column = table_find(table, span_of(key));
    if (column >= 0) {
      seen[column] = true;
      read_value(table, b, t, row, column, value);
    } else if (strncmp(key, "x_", 2) != 0) {
      struct error err = {0};
      table_explain_unknown(table, span_of(key), &err);
      block_fault(b, table, row, key, "%s", err.message);
    }
  }
  for (int i = 0; i < table->count; i++)
    if (table->columns[i].required && !seen[i]) block_fault(b, table, row, table->columns[i].name, "the key is missing; every row needs it");
}

static void read_line(struct table *table, struct block *b, struct text *t, size_t row, const char *line, size_t size) {
  json_error_t error;
  json_t *object = json_loadb(line, size, JSON_REJECT_DUPLICATES, &error);
  if (object && json_is_object(object)) read_object(table, b, t, row, object);
  else if (object) block_fault(b, table, row, NULL, "not a JSON object; write one object a line");
  else if (memchr(line, 0, size)) block_fault(b, table, row, NULL, "a NUL byte; text holds none");
  else if (!utf8_valid(line, size)) block_fault(b, table, row, NULL, "bytes that are not UTF-8; save the file as UTF-8");
  else if (json_error_code(&error) == json_error_duplicate_key) block_fault(b, table, row, NULL, "a key twice in one object (%s); write it once", error.text);
  else block_fault(b, table, row, NULL, "not a JSON object: %s, at byte %d of the line; write one object a line", error.text, error.position);
  json_decref(object);
}

static bool is_blank(const char *line, size_t size) {
  size_t i = 0;
  while (i < size && (line[i] == ' ' || line[i] == '\t')) i++;
  return i == size;
}

void jsonl_rows(struct table *table, struct block *b, const char *bytes, size_t size, size_t *used) {
  struct text t = {.bytes = b->buffer.bytes, .capacity = b->buffer.capacity};
  text_reserve(&t, size);
  uint64_t line = table->reader.line;
  size_t at = 0;
  while (at < size && b->rows.count < BLOCK_ROWS_MAX) {
    /* A JSON text holds line breaks only between its parts, and an object of ours is one line. */
    const char *lf = memchr(bytes + at, '\n', size - at), *cr = memchr(bytes + at, '\r', lf ? (size_t)(lf - bytes) - at : size - at);
    const char *end = cr ? cr : lf;
    if (!end && !table->reader.ended) break;
    if (cr && cr + 1 == bytes + size && !table->reader.ended) break; /* its LF may come with the next block */
    size_t stop = end ? (size_t)(end - bytes) : size, next = stop + (end != NULL);
    if (cr && next < size && bytes[next] == '\n') next++;
    if (!is_blank(bytes + at, stop - at)) {
      size_t row = block_add_row(b, line);
      memset(b->rows.piece + row * (size_t)table->count, 0, (size_t)table->count * sizeof *b->rows.piece);
      read_line(table, b, &t, row, bytes + at, stop - at);
    }
    line += end != NULL;
    at = next;
  }
  table->reader.line = line;
  b->buffer = (struct buffer){t.bytes, t.capacity};
  *used = at;
}
