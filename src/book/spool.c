#include "book/spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void spool_open(struct spool *s, struct store *store, size_t buffer_bytes) {
  *s = (struct spool){.store = store, .capacity = buffer_bytes, .file = -1};
}

static enum status make_file(struct spool *s, struct error *err) {
  struct text folder = {0};
  const char *path = store_path(s->store), *temporary = getenv("TMPDIR");
  const char *slash = path ? strrchr(path, '/') : NULL;
  if (!path) text_add(&folder, temporary && *temporary ? temporary : "/var/tmp");
  else if (!slash) text_add(&folder, ".");
  else text_add_bytes(&folder, path, slash == path ? 1 : (size_t)(slash - path));
  s->file = open(folder.bytes, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (s->file < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    text_add(&folder, "/weal-sort-XXXXXX");
    s->file = mkostemp(folder.bytes, O_CLOEXEC);
    if (s->file >= 0) unlink(folder.bytes);
  }
  enum status status =
      s->file >= 0 ? DONE
                   : error_errno(err, "%s: cannot make a temporary file for sorting", folder.bytes);
  text_release(&folder);
  return status;
}

static enum status write_all(struct spool *s, const char *bytes, size_t size, struct error *err) {
  while (size) {
    ssize_t n = pwrite(s->file, bytes, size, (off_t)s->written);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return error_errno(err, "cannot write the temporary file for sorting");
    bytes += n;
    size -= (size_t)n;
    s->written += (uint64_t)n;
  }
  return DONE;
}

/* Writes the buffer to the file; s->written is then the end of everything written so far. */
static enum status spool_flush(struct spool *s, struct error *err) {
  enum status status = s->file < 0 ? make_file(s, err) : DONE;
  if (status == DONE) status = write_all(s, s->buffer, s->used, err);
  if (status == DONE) s->used = 0;
  return status;
}

enum status spool_write(struct spool *s, const void *bytes, size_t size, struct error *err) {
  if (!s->buffer) s->buffer = memory_alloc(s->capacity);
  if (s->used + size > s->capacity) {
    enum status status = spool_flush(s, err);
    if (status != DONE) return status;
    if (size >= s->capacity) return write_all(s, bytes, size, err);
  }
  memcpy(s->buffer + s->used, bytes, size);
  s->used += size;
  return DONE;
}

enum status spool_read(struct spool *s, uint64_t at, void *bytes, size_t size, struct error *err) {
  assert(at + size <= spool_size(s));
  char *out = bytes;
  while (size && at < s->written) {
    size_t wanted = at + size > s->written ? (size_t)(s->written - at) : size;
    ssize_t n = pread(s->file, out, wanted, (off_t)at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return error_errno(err, "cannot read the temporary file for sorting");
    out += n;
    at += (uint64_t)n;
    size -= (size_t)n;
  }
  if (size) memcpy(out, s->buffer + (at - s->written), size);
  return DONE;
}

uint64_t spool_size(const struct spool *s) { return s->written + s->used; }

void spool_close(struct spool *s) {
  if (s->file >= 0) close(s->file);
  free(s->buffer);
  *s = (struct spool){.file = -1};
}
