#include "base/reader.h"
#include "base/arena.h"
#include "base/refusal.h"

enum { FIRST_BLOCK_BYTES = 64 << 10 };

static enum status refuse_first(struct reader *r, struct error *err, enum refusal_code code) {
  refuse_code(err, code);
  return error_at(err, input_path(r->input), 1, NULL);
}

/* With a mark, or a header of plain letters without one: every second byte is zero. */
static bool is_utf_16(const char *b, size_t size) {
  if (size < 2) return false;
  return memcmp(b, "\xff\xfe", 2) == 0 || memcmp(b, "\xfe\xff", 2) == 0 ||
         (size >= 4 && b[0] && !b[1] && b[2] && !b[3]) ||
         (size >= 4 && !b[0] && b[1] && !b[2] && b[3]);
}

enum status reader_open(struct reader *r, const char *path, input_opener *open, struct error *err) {
  *r = (struct reader){.line = 1, .block_bytes = FIRST_BLOCK_BYTES};
  enum status status = open(&r->input, path, err);
  if (status != DONE) return status;
  struct buffer buffer = {0};
  size_t size = 0, from = 0;
  status = reader_fill(r, FIRST_BLOCK_BYTES, &buffer, &size, err);
  const char *bytes = buffer.bytes;
  if (status == DONE && is_utf_16(bytes, size))
    status = refuse_first(r, err, REFUSAL_FILE_IS_UTF_16);
  else if (size >= 3 && memcmp(bytes, UTF8_MARK, 3) == 0)
    from = 3; /* a byte-order mark has no meaning in UTF-8: skip it */
  if (status == DONE && from && size >= 6 && memcmp(bytes + 3, UTF8_MARK, 3) == 0)
    status = refuse_first(r, err, REFUSAL_FILE_MARK_TWICE);
  else if (status == DONE && from < size && bytes[from] == 0)
    status = refuse_first(r, err, REFUSAL_FILE_BEGINS_WITH_NUL);
  reader_keep(r, bytes + from, size - from);
  free(buffer.bytes);
  return status;
}

enum status reader_fill(struct reader *r, size_t least, struct buffer *buffer, size_t *size,
                        struct error *err) {
  size_t want = least > r->carry_size ? least : r->carry_size, filled = r->carry_size;
  if (buffer->capacity < want + CSV_PADDING) {
    free(buffer->bytes); /* its contents are not needed, so no realloc */
    buffer->capacity = want + CSV_PADDING;
    buffer->bytes = memory_alloc(buffer->capacity);
  }
  if (filled) memcpy(buffer->bytes, r->carry, filled);
  while (!r->ended && filled < want) {
    size_t n;
    enum status status = input_read(r->input, buffer->bytes + filled, want - filled, &n, err);
    if (status != DONE) return status;
    if (n == 0) r->ended = true;
    filled += n;
  }
  memset(buffer->bytes + filled, 0, CSV_PADDING);
  r->carry_size = 0;
  *size = filled;
  return DONE;
}

void reader_keep(struct reader *r, const char *bytes, size_t size) {
  array_reserve(r->carry, r->carry_capacity, size);
  if (size) memcpy(r->carry, bytes, size);
  r->carry_size = size;
}

void reader_close(struct reader *r) {
  free(r->carry);
  input_close(r->input);
}
