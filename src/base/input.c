#include "base/input.h"
#include "base/arena.h"
#include "base/folder.h"
#include "base/limits.h"
#include "base/refusal.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { PACKED_BYTES = 64 << 10, SNIFF_BYTES = 6 };
enum packing { PLAIN, GZIP, ZSTD };

struct input {
  bool zips; /* a zip is taken as it is */
  char *path;
  int fd;
  enum packing packing;
  struct hasher *hasher;
  uint64_t position, total;
  uint64_t unpacked, unpacked_most; /* bytes given; the most, 0: see LIMIT_UNPACK_TIMES only */
  bool ended;                       /* of the unpacked bytes */
  /* packed: at the border of two members (or frames), where the file may end */
  bool between;
  bool begun; /* packed: a first member was unpacked whole */
  bool digested;
  struct digest digest;
  /* bytes that were read and are not unpacked yet; for a plain file its first bytes */
  char *packed;
  size_t at, size;
  z_stream gzip;
  ZSTD_DStream *zstd;
};

static enum status refuse_file(struct input *in, struct error *err, enum refusal_code code) {
  refuse_code(err, code);
  return error_at(err, in->path, 0, NULL);
}

static enum status read_some(struct input *in, char *bytes, size_t capacity, size_t *size,
                             struct error *err) {
  ssize_t n;
  do n = read(in->fd, bytes, capacity);
  while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EISDIR) return refuse_file(in, err, REFUSAL_FILE_IS_FOLDER);
  if (n < 0) {
    error_errno(err, "the file cannot be read");
    return error_at(err, in->path, 0, NULL);
  }
  in->position += (uint64_t)n;
  *size = (size_t)n;
  return DONE;
}

/* Names the packings that people send and that are not read here, so that nobody has to guess why a
 * header is "unknown". */
static enum refusal_code foreign(const char *b, size_t size) {
  static const struct {
    const char *magic;
    size_t size;
    enum refusal_code says;
  } kinds[] = {{"PK\3\4", 4, REFUSAL_FILE_IS_ZIP},
               {"BZh", 3, REFUSAL_FILE_IS_BZIP2},
               {"\xfd"
                "7zXZ",
                5, REFUSAL_FILE_IS_XZ},
               {"\xd0\xcf\x11\xe0", 4, REFUSAL_FILE_IS_OLD_SPREADSHEET},
               {"%PDF-", 5, REFUSAL_FILE_IS_PDF}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (size >= kinds[i].size && memcmp(b, kinds[i].magic, kinds[i].size) == 0)
      return kinds[i].says;
  return REFUSAL_NONE;
}

static enum status sniff(struct input *in, struct error *err) {
  while (in->size < SNIFF_BYTES) {
    size_t n = 0;
    if (read_some(in, in->packed + in->size, PACKED_BYTES - in->size, &n, err) != DONE)
      return err ? err->code : REFUSED;
    if (n == 0) break;
    in->size += n;
  }
  const char *b = in->packed;
  enum refusal_code says = foreign(b, in->size);
  if (in->zips && says == REFUSAL_FILE_IS_ZIP) says = REFUSAL_NONE;
  if (says) return refuse_file(in, err, says);
  if (in->size >= 2 && memcmp(b, "\x1f\x8b", 2) == 0) in->packing = GZIP;
  else if (in->size >= 4 && (memcmp(b, "\x28\xb5\x2f\xfd", 4) == 0 ||
                             ((b[0] & 0xf0) == 0x50 && memcmp(b + 1, "\x2a\x4d\x18", 3) == 0)))
    in->packing = ZSTD;
  if (in->packing == GZIP && inflateInit2(&in->gzip, 15 + 16) != Z_OK)
    return error_set(err, FAILED, "zlib cannot begin");
  if (in->packing == ZSTD && !(in->zstd = ZSTD_createDStream()))
    return error_set(err, FAILED, "zstd cannot begin");
  return DONE;
}

/* Takes the open file over; `status`: whether it was opened. */
static enum status begin(struct input **out, const char *path, int fd, bool zips,
                         enum status status, struct error *err) {
  struct input *in = memory_zeroed(1, sizeof *in);
  in->zips = zips;
  in->path = memory_alloc(strlen(path) + 1);
  memcpy(in->path, path, strlen(path) + 1);
  in->packed = memory_alloc(PACKED_BYTES);
  in->hasher = hasher_new();
  in->between = true;
  in->fd = fd;
  if (status == DONE) {
    struct stat about;
    if (fstat(in->fd, &about) == 0 && S_ISREG(about.st_mode)) {
      in->total = (uint64_t)about.st_size;
      posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    status = sniff(in, err);
  }
  if (status != DONE) {
    input_close(in);
    return status;
  }
  *out = in;
  return DONE;
}

static enum status open_any(struct input **out, const char *path, bool zips, struct error *err) {
  const bool standard = strcmp(path, "-") == 0;
  const int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  return begin(out, path, fd, zips, fd < 0 ? file_not_opened(path, err) : DONE, err);
}

enum status input_open(struct input **out, const char *path, struct error *err) {
  return open_any(out, path, false, err);
}

enum status input_open_zip(struct input **out, const char *path, struct error *err) {
  return open_any(out, path, true, err);
}

enum status input_open_plain(struct input **out, const char *path, struct error *err) {
  int fd;
  const enum status status = file_open_plain(path, &fd, err);
  return begin(out, path, fd, false, status, err);
}

/* Makes sure that some packed bytes are there; *some is false at the end of the file. */
static enum status refill(struct input *in, bool *some, struct error *err) {
  *some = true;
  if (in->at < in->size) return DONE;
  in->at = 0;
  enum status status = read_some(in, in->packed, PACKED_BYTES, &in->size, err);
  *some = status == DONE && in->size > 0;
  return status;
}

static enum status truncated(struct input *in, struct error *err) {
  refuse(err, FILE_TRUNCATED, in->packing == GZIP ? "gzip" : "zstd",
         (unsigned long long)in->position);
  return error_at(err, in->path, 0, NULL);
}

static enum status damaged(struct input *in, const char *why, struct error *err) {
  refuse(err, FILE_DAMAGED, in->packing == GZIP ? "gzip" : "zstd",
         (unsigned long long)(in->position - (in->size - in->at)), why);
  return error_at(err, in->path, 0, NULL);
}

static enum status gzip_step(struct input *in, char *bytes, size_t capacity, size_t *size,
                             struct error *err) {
  /* after a member: another, or the zeros that tapes are padded with */
  if (in->between && in->begun) {
    while (in->at < in->size && in->packed[in->at] == 0) in->at++;
    if (in->at == in->size) return DONE;
  }
  z_stream *z = &in->gzip;
  z->next_in = (Bytef *)in->packed + in->at;
  z->avail_in = (uInt)(in->size - in->at);
  z->next_out = (Bytef *)bytes;
  z->avail_out = (uInt)(capacity > 1u << 30 ? 1u << 30 : capacity);
  uInt room = z->avail_out;
  int result = inflate(z, Z_NO_FLUSH);
  in->at = in->size - z->avail_in;
  *size = room - z->avail_out;
  in->between = result == Z_STREAM_END;
  in->begun |= in->between;
  if (result == Z_STREAM_END) inflateReset(z);
  else if (result != Z_OK && result != Z_BUF_ERROR)
    return damaged(in, z->msg ? z->msg : "unknown", err);
  return DONE;
}

static enum status zstd_step(struct input *in, char *bytes, size_t capacity, size_t *size,
                             struct error *err) {
  ZSTD_inBuffer from = {in->packed, in->size, in->at};
  ZSTD_outBuffer to = {bytes, capacity, 0};
  size_t result = ZSTD_decompressStream(in->zstd, &to, &from);
  in->at = from.pos;
  *size = to.pos;
  if (ZSTD_isError(result)) return damaged(in, ZSTD_getErrorName(result), err);
  in->between = result == 0;
  return DONE;
}

static enum status unpack(struct input *in, char *bytes, size_t capacity, size_t *size,
                          struct error *err) {
  while (*size == 0) {
    bool some;
    enum status status = refill(in, &some, err);
    if (status != DONE) return status;
    if (!some && in->between) return DONE;
    /* At the end of the file the unpacker may still hold bytes: call it once more with no input. */
    status = in->packing == GZIP ? gzip_step(in, bytes, capacity, size, err)
                                 : zstd_step(in, bytes, capacity, size, err);
    if (status != DONE) return status;
    if (some || *size) continue;
    return truncated(in, err);
  }
  return DONE;
}

void input_bound(struct input *in, uint64_t unpacked_bytes) { in->unpacked_most = unpacked_bytes; }

static enum status check_size(struct input *in, struct error *err) {
  uint64_t packed = in->position - (in->size - in->at);
  if (in->unpacked_most && in->unpacked > in->unpacked_most)
    refuse(err, FILE_UNPACKED_TOO_LARGE, (unsigned long long)in->unpacked_most);
  else if (in->unpacked > LIMIT_UNPACK_FREE_BYTES && in->unpacked / LIMIT_UNPACK_TIMES > packed)
    refuse(err, FILE_UNPACKS_TOO_FAR, (unsigned long long)packed, (unsigned long long)in->unpacked,
           LIMIT_UNPACK_TIMES);
  else return DONE;
  return error_at(err, in->path, 0, NULL);
}

enum status input_read(struct input *in, char *bytes, size_t capacity, size_t *size,
                       struct error *err) {
  *size = 0;
  if (in->ended || capacity == 0) return DONE;
  enum status status = DONE;
  if (in->packing != PLAIN) {
    status = unpack(in, bytes, capacity, size, err);
    in->unpacked += *size;
    if (status == DONE) status = check_size(in, err);
  } else if (in->at < in->size) {
    *size = in->size - in->at < capacity ? in->size - in->at : capacity;
    memcpy(bytes, in->packed + in->at, *size);
    in->at += *size;
  } else status = read_some(in, bytes, capacity, size, err);
  if (status != DONE) return status;
  if (*size == 0) in->ended = true;
  else hasher_add(in->hasher, bytes, *size);
  return DONE;
}

void input_digest(struct input *in, struct digest *out) {
  if (!in->digested) hasher_end(in->hasher, &in->digest);
  in->digested = true;
  *out = in->digest;
}

uint64_t input_position_bytes(const struct input *in) { return in->position; }
uint64_t input_size_bytes(const struct input *in) { return in->total; }
const char *input_path(const struct input *in) { return in->path; }

void input_close(struct input *in) {
  if (!in) return;
  if (in->packing == GZIP) inflateEnd(&in->gzip);
  ZSTD_freeDStream(in->zstd);
  if (in->fd > STDERR_FILENO) close(in->fd);
  hasher_free(in->hasher);
  free(in->packed);
  free(in->path);
  free(in);
}
