/* Two readers. The quick one takes what programs write (a flat object of asked-for keys, plain
 * strings and plain numbers) and gives up on anything else; jansson then reads the line again and
 * says what is wrong with it. 1 M rows of six keys take 0.24 s of processor this way, 2.2 s with
 * jansson alone (tests/base/dump_rows count). A plain number is taken as it is written, never
 * through a double. */
#include "base/arena.h"
#include "base/block.h"
#include "base/refusal.h"
#include <float.h>
#include <jansson.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* ---- the quick one ---- */

struct quick {
  struct table *table;
  struct block *block;
  struct text *out;
  const char *p, *end;
  int guess[LIMIT_FILE_COLUMNS]; /* the column that the key in this place named in the row before */
};

static inline void skip_space(struct quick *q) {
  while (q->p < q->end && (*q->p == ' ' || *q->p == '\t')) q->p++;
}

/* Skips `c` and the space before it. */
static inline bool take(struct quick *q, char c) {
  skip_space(q);
  if (q->p == q->end || *q->p != c) return false;
  q->p++;
  return true;
}

static inline bool is_plain(char c) { return c != '"' && c != '\\' && (unsigned char)c >= 0x20; }

/* Takes a string without escapes as a piece of the line. */
static inline bool take_string(struct quick *q, struct span *s) {
  if (!take(q, '"')) return false;
  const char *from = q->p;
#ifdef __SSE2__
  for (; q->end - q->p >= 16; q->p += 16) {
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)q->p);
    /* control characters */
    __m128i low = _mm_cmpeq_epi8(_mm_max_epu8(v, _mm_set1_epi8(0x1f)), _mm_set1_epi8(0x1f));
    __m128i stop = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                                             _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))),
                                low);
    int mask = _mm_movemask_epi8(stop);
    if (!mask) continue;
    q->p += __builtin_ctz((unsigned)mask);
    break;
  }
#endif
  while (q->p < q->end && is_plain(*q->p)) q->p++;
  if (q->p == q->end || *q->p != '"') return false;
  *s = span_make(from, (size_t)(q->p++ - from));
  return true;
}

static bool is_digit(const struct quick *q, const char *p) {
  return p < q->end && *p >= '0' && *p <= '9';
}

/* A number without exponent (RFC 8259, section 6). Zeros at the end of its decimals are left out:
 * 12.50 is 12.5. */
static bool take_number(struct quick *q, struct span *s) {
  const char *from = q->p, *p = from;
  if (p < q->end && *p == '-') p++;
  if (!is_digit(q, p) || (*p == '0' && is_digit(q, p + 1))) return false;
  while (is_digit(q, p)) p++;
  const char *stop = p;
  if (p < q->end && *p == '.') {
    if (!is_digit(q, ++p)) return false;
    for (; is_digit(q, p); p++)
      if (*p != '0') stop = p + 1;
  }
  if (p < q->end && (*p == 'e' || *p == 'E')) return false;
  *s = span_make(from, (size_t)(stop - from));
  q->p = p;
  return true;
}

static bool take_word(struct quick *q, const char *word, size_t size) {
  if ((size_t)(q->end - q->p) < size || memcmp(q->p, word, size) != 0) return false;
  q->p += size;
  return true;
}

static bool take_value(struct quick *q, struct span *s) {
  skip_space(q);
  if (q->p == q->end) return false;
  switch (*q->p) {
  case '"': return take_string(q, s);
  case 't': *s = span_of("true"); return take_word(q, "true", 4);
  case 'f': *s = span_of("false"); return take_word(q, "false", 5);
  case 'n': *s = span_of(""); return take_word(q, "null", 4);
  default: return take_number(q, s);
  }
}

static bool take_object(struct quick *q, size_t row) {
  const struct table *table = q->table;
  bool seen[LIMIT_FILE_COLUMNS] = {0};
  if (!take(q, '{')) return false;
  for (int place = 0; place < table->count; place++) {
    struct span key, value;
    if (!take_string(q, &key) || !take(q, ':')) return false;
    int column = q->guess[place];
    if (!span_is(key, table->columns[column].name))
      column = q->guess[place] = table_find(table, key);
    if (column < 0) {
      q->guess[place] = 0;
      return false;
    }
    if (seen[column] || !take_value(q, &value) || value.size > LIMIT_FIELD_BYTES) return false;
    seen[column] = true;
    q->block->rows.piece[row * (size_t)table->count + (size_t)column] =
        (struct table_piece){(uint32_t)q->out->size, (uint32_t)value.size};
    text_add_span(q->out, value);
    if (take(q, ',')) continue;
    if (!take(q, '}')) return false;
    for (int i = 0; i < table->count; i++)
      if (table->columns[i].required && !seen[i]) return false;
    skip_space(q);
    return q->p == q->end;
  }
  return false;
}

/* False when jansson must read the line; values put into the row so far are removed again. */
static bool read_quickly(struct quick *q, size_t row, const char *line, size_t size) {
  size_t before = q->out->size, columns = (size_t)q->table->count;
  q->p = line;
  q->end = line + size;
  if (take_object(q, row)) return true;
  q->out->size = before;
  memset(q->block->rows.piece + row * columns, 0, columns * sizeof *q->block->rows.piece);
  return false;
}

/* ---- jansson ---- */

/* Adds a number with an exponent, or on a line that the quick reader left. jansson gives a double,
 * from which a decimal of up to 15 figures comes back exactly (DBL_DIG), so that 12.34 is 12.34
 * again. A longer one might change, so it is refused. */
static void add_real(struct text *t, double value) { text_addf(t, "%.*g", DBL_DIG, value); }

/* Whether a number on the line has more than 15 figures; texts are passed over. */
static bool has_long_number(const char *line, size_t size) {
  int figures = 0;
  bool quoted = false;
  for (size_t i = 0; i < size; i++) {
    char c = line[i];
    if (c == '"') quoted = !quoted;
    if (quoted && c == '\\') i++;
    if (quoted || !((c >= '0' && c <= '9') || c == '.')) figures = 0;
    else if (c != '.' && ++figures > DBL_DIG) return true;
  }
  return false;
}

static void read_value(struct table *table, struct block *b, struct text *t, size_t row, int column,
                       const json_t *value, struct span line) {
  size_t at = t->size;
  const char *name = table->columns[column].name;
  switch (json_typeof(value)) {
  case JSON_STRING: text_add_bytes(t, json_string_value(value), json_string_length(value)); break;
  case JSON_INTEGER: text_add_int(t, json_integer_value(value)); break;
  case JSON_TRUE: text_add(t, "true"); break;
  case JSON_FALSE: text_add(t, "false"); break;
  case JSON_NULL: break;
  case JSON_REAL:
    if (has_long_number(line.bytes, line.size)) {
      block_refuse(b, table, row, name, JSON_NUMBER_TOO_LONG);
      return;
    }
    add_real(t, json_real_value(value));
    break;
  default: block_refuse(b, table, row, name, JSON_NESTED_IN_ROW); return;
  }
  if (t->size - at > LIMIT_FIELD_BYTES) {
    block_refuse(b, table, row, name, FIELD_TOO_LONG, t->size - at, LIMIT_FIELD_BYTES);
    return;
  }
  b->rows.piece[row * (size_t)table->count + (size_t)column] =
      (struct table_piece){(uint32_t)at, (uint32_t)(t->size - at)};
}

static void read_object(struct table *table, struct block *b, struct text *t, size_t row,
                        json_t *object, struct span line) {
  const char *key;
  json_t *value;
  bool seen[LIMIT_FILE_COLUMNS] = {0};
  json_object_foreach(object, key, value) {
    int column = table_find(table, span_of(key));
    if (column >= 0) {
      seen[column] = true;
      read_value(table, b, t, row, column, value, line);
    } else if (strncmp(key, "x_", 2) != 0) {
      struct error err = {0};
      table_explain_unknown(table, span_of(key), &err);
      block_fault(b, table, row, key, &err);
    }
  }
  for (int i = 0; i < table->count; i++)
    if (table->columns[i].required && !seen[i])
      block_refuse(b, table, row, table->columns[i].name, JSON_KEY_MISSING);
}

static void read_line(struct table *table, struct block *b, struct text *t, size_t row,
                      const char *line, size_t size) {
  json_error_t error;
  json_t *object = json_loadb(line, size, JSON_REJECT_DUPLICATES, &error);
  if (object && json_is_object(object))
    read_object(table, b, t, row, object, span_make(line, size));
  else if (object) block_refuse(b, table, row, NULL, JSON_NOT_OBJECT);
  else if (memchr(line, 0, size)) block_refuse(b, table, row, NULL, FIELD_HOLDS_NUL);
  else if (!utf8_valid(line, size)) block_refuse(b, table, row, NULL, LINE_NOT_UTF_8);
  else if (json_error_code(&error) == json_error_duplicate_key)
    block_refuse(b, table, row, NULL, JSON_KEY_TWICE, error.text);
  else block_refuse(b, table, row, NULL, JSON_BROKEN, error.text, error.position);
  json_decref(object);
}

static bool is_blank(const char *line, size_t size) {
  size_t i = 0;
  while (i < size && (line[i] == ' ' || line[i] == '\t')) i++;
  return i == size;
}

void jsonl_rows(struct table *table, struct block *b, const char *bytes, size_t size,
                size_t *used) {
  struct text t = {.bytes = b->buffer.bytes, .capacity = b->buffer.capacity};
  text_reserve(&t, size);
  struct quick quick = {.table = table, .block = b, .out = &t};
  bool valid = utf8_valid(bytes, size); /* jansson checks UTF-8 itself */
  uint64_t line = table->reader.line;
  size_t at = 0;
  while (at < size && b->rows.count < BLOCK_ROWS_MAX) {
    /* A JSON text holds line breaks only between its parts, and an object of ours is one line. */
    const char *lf = memchr(bytes + at, '\n', size - at),
               *cr = memchr(bytes + at, '\r', lf ? (size_t)(lf - bytes) - at : size - at);
    const char *end = cr ? cr : lf;
    if (!end && !table->reader.ended) break;
    /* its LF may come with the next block */
    if (cr && cr + 1 == bytes + size && !table->reader.ended) break;
    size_t stop = end ? (size_t)(end - bytes) : size, next = stop + (end != NULL);
    if (cr && next < size && bytes[next] == '\n') next++;
    if (!is_blank(bytes + at, stop - at)) {
      size_t row = block_add_row(b, line);
      memset(b->rows.piece + row * (size_t)table->count, 0,
             (size_t)table->count * sizeof *b->rows.piece);
      if (!valid || !read_quickly(&quick, row, bytes + at, stop - at))
        read_line(table, b, &t, row, bytes + at, stop - at);
      if (b->rows.fault[row].reason)
        block_record(b, row, span_make(arena_copy(b->notes, bytes + at, stop - at), stop - at),
                     line);
    }
    line += end != NULL;
    at = next;
  }
  table->reader.line = line;
  b->buffer = (struct buffer){t.bytes, t.capacity};
  *used = at;
}
