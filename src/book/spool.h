/* Bytes written once and read back: in memory while they are few, else in an unlinked temporary
 * file beside the store (where the disk is large enough, and the file disappears even if the
 * program is killed). Private to the book. */
#ifndef WEAL_BOOK_SPOOL_H
#define WEAL_BOOK_SPOOL_H

#include "store/store.h"

struct spool {
  struct store *store; /* for the folder of the file */
  char *buffer;
  size_t capacity, used; /* of the buffer, which holds the bytes not yet in the file */
  uint64_t written;      /* bytes in the file */
  int file;              /* -1 until the buffer was full once */
};

void spool_open(struct spool *s, struct store *store, size_t buffer_bytes);
enum status spool_write(struct spool *s, const void *bytes, size_t size,
                        struct error *err) MUST_USE;
/* Exactly `size` bytes from `at`, which must have been written. */
enum status spool_read(struct spool *s, uint64_t at, void *bytes, size_t size,
                       struct error *err) MUST_USE;
uint64_t spool_size(const struct spool *s);
void spool_close(struct spool *s);

#endif
