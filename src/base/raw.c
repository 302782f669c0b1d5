/* Records of published files as they are (table.h, table_raw). */
#include "base/arena.h"
#include "base/csv.h"
#include "base/reader.h"
#include "base/refusal.h"
#include "base/table.h"
#include "base/utf8.h"
#include <stdlib.h>

struct table_raw {
  struct reader reader;
  struct csv_scan scan;
  bool open; /* `bytes` holds records that were not handed out */
  struct buffer buffer;
  struct span fields[LIMIT_FILE_COLUMNS];
  struct arena *converted; /* converted fields that were not UTF-8, of the last record handed out */
  uint64_t converted_count;
};

static enum status open_by(input_opener *open, struct table_raw **out, const char *path,
                           struct error *err) {
  struct table_raw *raw = memory_zeroed(1, sizeof *raw);
  raw->converted = arena_new();
  enum status status = reader_open(&raw->reader, path, open, err);
  if (status != DONE) {
    table_raw_close(raw);
    return status;
  }
  *out = raw;
  return DONE;
}

enum status table_raw_open(struct table_raw **out, const char *path, struct error *err) {
  return open_by(input_open, out, path, err);
}

enum status table_raw_open_plain(struct table_raw **out, const char *path, struct error *err) {
  return open_by(input_open_plain, out, path, err);
}

/* 0x80 to 0x9f of Windows-1252 (WHATWG Encoding standard, index-windows-1252); from 0xa0 on it is
 * the character of that number. */
static const uint16_t windows_1252[32] = {0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
                                          0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,
                                          0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d,
                                          0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
                                          0x0153, 0x9d,   0x017e, 0x0178};

/* Reads bytes that are not UTF-8 as Windows-1252 and keeps the others: some files hold both. A NUL
 * becomes a space. */
static struct span convert(struct arena *arena, const char *bytes, size_t size) {
  char *to = arena_alloc(arena, size * 3 + 1);
  size_t n = 0;
  for (size_t i = 0; i < size;) {
    uint32_t c = (uint8_t)bytes[i], whole;
    size_t width = utf8_decode(bytes + i, size - i, &whole);
    if (width && c) {
      memcpy(to + n, bytes + i, width);
      n += width, i += width;
      continue;
    }
    i++;
    if (c == 0) to[n++] = ' ';
    else {
      char character[4];
      const size_t bytes_of = utf8_encode(c < 0xa0 ? windows_1252[c - 0x80] : c, character);
      memcpy(to + n, character, bytes_of);
      n += bytes_of;
    }
  }
  return span_make(to, n);
}

static enum status refuse_record(struct table_raw *raw, uint64_t line, struct error *err,
                                 enum refusal_code code) {
  refuse_code(err, code);
  return error_at(err, input_path(raw->reader.input), line, NULL);
}

/* A quote within an unquoted field is text, as spreadsheets write and read it. */
static enum status hand_out(struct table_raw *raw, struct span **fields, int *count, uint64_t *line,
                            struct error *err) {
  struct csv_scan *s = &raw->scan;
  csv_unescape(s);
  if (s->fault == CSV_TEXT_AFTER)
    return refuse_record(raw, s->begin_line, err, REFUSAL_RAW_TEXT_AFTER_QUOTE);
  if (s->fault == CSV_UNCLOSED)
    return refuse_record(raw, s->begin_line, err, REFUSAL_RAW_QUOTE_UNCLOSED);
  if (s->count > LIMIT_FILE_COLUMNS)
    return refuse_record(raw, s->begin_line, err, REFUSAL_RAW_TOO_MANY_FIELDS);
  arena_reset(raw->converted);
  for (uint32_t i = 0; i < s->count; i++) {
    const char *bytes = s->bytes + s->field[i].at;
    size_t size = s->field[i].size;
    bool valid = utf8_valid(bytes, size);
    raw->fields[i] = valid ? span_make(bytes, size) : convert(raw->converted, bytes, size);
    raw->converted_count += !valid;
  }
  *fields = raw->fields;
  *count = (int)s->count;
  *line = s->begin_line;
  return DONE;
}

enum status table_raw_next(struct table_raw *raw, struct span **fields, int *count, uint64_t *line,
                           struct error *err) {
  struct reader *r = &raw->reader;
  struct csv_scan *s = &raw->scan;
  size_t least = 512 << 10;
  for (;;) {
    while (raw->open && csv_next(s))
      if (!s->blank) return hand_out(raw, fields, count, line, err);
    if (raw->open) {
      r->line = s->line;
      reader_keep(r, s->bytes + s->record_at, s->size - s->record_at);
      if (s->record_at == 0 && s->size >= LIMIT_RECORD_BYTES)
        return refuse_record(raw, s->line, err, REFUSAL_RAW_RECORD_TOO_LONG);
      if (s->record_at == 0)
        least = s->size * 2 < LIMIT_RECORD_BYTES ? s->size * 2 : LIMIT_RECORD_BYTES;
      raw->open = false;
      if (r->ended && r->carry_size == 0) break;
    }
    size_t size;
    enum status status = reader_fill(r, least, &raw->buffer, &size, err);
    if (status != DONE) return error_at(err, input_path(r->input), r->line, NULL);
    if (size == 0) break;
    csv_begin(s, raw->buffer.bytes, size, 0, r->ended, r->line);
    raw->open = true;
  }
  *count = -1;
  return DONE;
}

uint64_t table_raw_converted_count(const struct table_raw *raw) { return raw->converted_count; }

struct input *table_raw_input(struct table_raw *raw) {
  return raw->reader.input;
}

void table_raw_close(struct table_raw *raw) {
  if (!raw) return;
  reader_close(&raw->reader);
  free(raw->buffer.bytes);
  arena_free(raw->converted);
  free(raw);
}
