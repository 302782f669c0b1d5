/* A file as blocks of bytes (private to base): an unfinished record at the end of a block comes
 * again at the front of the next. */
#ifndef WEAL_BASE_READER_H
#define WEAL_BASE_READER_H

#include "base/csv.h"
#include "base/input.h"

struct buffer {
  char *bytes;
  size_t capacity;
};

struct reader {
  struct input *input;
  bool ended;  /* the input gave its last byte */
  char *carry; /* bytes read and not handed out */
  size_t carry_size, carry_capacity;
  size_t block_bytes; /* the size that the next block aims at */
  uint64_t line;      /* the line on which the carried bytes begin */
};

/* Opens, skips a byte-order mark, refuses UTF-16. Call reader_close even if it fails. */
typedef enum status input_opener(struct input **out, const char *path, struct error *err);
enum status reader_open(struct reader *r, const char *path, input_opener *open,
                        struct error *err) MUST_USE;
/* Gives the carried bytes and further ones, `least` bytes in all (fewer only at the file's end,
 * more only if more are carried); CSV_PADDING zeros follow. The buffer grows as it must. */
enum status reader_fill(struct reader *r, size_t least, struct buffer *buffer, size_t *size,
                        struct error *err) MUST_USE;
void reader_keep(struct reader *r, const char *bytes, size_t size);
void reader_close(struct reader *r);

#endif
