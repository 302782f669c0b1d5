/* The log as static files: C2SP tlog-tiles. */
#include "attest/head.h"

#include "base/refusal.h"
#include "book/log.h"
#include "proof/checkpoint.h"
#include "proof/tiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct publishing {
  struct store *store;
  const char *dir;
  struct hasher *hasher;
  struct text path, bytes, temporary;
  struct publish_result *result;
};

/* ---- files ---- */

static enum status make_folders(struct text *path, size_t from, struct error *err) {
  for (size_t i = from; i < path->size; i++) {
    if (path->bytes[i] != '/' || !i) continue;
    path->bytes[i] = '\0';
    int made = mkdir(path->bytes, 0777);
    int reason = errno;
    path->bytes[i] = '/';
    if (made != 0 && reason != EEXIST) return errno = reason, error_errno(err, "%s", path->bytes);
  }
  return DONE;
}

/* Whether the file is there with these very bytes. */
static bool is_there(const char *path, struct span bytes) {
  struct stat about;
  if (stat(path, &about) != 0 || (size_t)about.st_size != bytes.size) return false;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  char *have = memory_alloc(bytes.size + 1);
  size_t got = 0;
  for (ssize_t n; got < bytes.size && (n = read(fd, have + got, bytes.size - got)) > 0;)
    got += (size_t)n;
  close(fd);
  bool same = got == bytes.size && memcmp(have, bytes.bytes, bytes.size) == 0;
  free(have);
  return same;
}

static enum status write_whole(const char *path, struct span bytes, struct error *err) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return error_errno(err, "%s", path);
  size_t done = 0;
  while (done < bytes.size) {
    ssize_t n = write(fd, bytes.bytes + done, bytes.size - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += (size_t)n;
  }
  bool whole = done == bytes.size && fsync(fd) == 0;
  int reason = errno;
  if (close(fd) != 0 && whole) return error_errno(err, "%s", path);
  errno = reason;
  return whole ? DONE : error_errno(err, "%s", path);
}

/* Writes a file under p->path: the whole file or none. */
static enum status put_file(struct publishing *p, struct span bytes, struct error *err) {
  p->result->files++;
  if (is_there(p->path.bytes, bytes)) return DONE;
  enum status status = make_folders(&p->path, strlen(p->dir), err);
  text_clear(&p->temporary);
  text_addf(&p->temporary, "%s.new", p->path.bytes);
  if (status == DONE) status = write_whole(p->temporary.bytes, bytes, err);
  if (status == DONE && rename(p->temporary.bytes, p->path.bytes) != 0)
    status = error_errno(err, "%s", p->path.bytes);
  if (status != DONE) unlink(p->temporary.bytes);
  p->result->written += status == DONE;
  return status;
}

static void begin_path(struct publishing *p) {
  text_clear(&p->path);
  text_addf(&p->path, "%s/", p->dir);
}

/* ---- tiles ---- */

static enum status put_tile(void *context, const struct tile *tile, const struct digest *hashes,
                            struct error *err) {
  struct publishing *p = context;
  struct text bytes = {0};
  begin_path(p);
  text_add_tile_path(&p->path, tile);
  text_add_tile(&bytes, hashes, tile->width);
  enum status status = put_file(p, span_make(bytes.bytes, bytes.size), err);
  text_release(&bytes);
  return status;
}

static enum status put_bundle(struct publishing *p, uint64_t index, int width, struct error *err) {
  const struct tile tile = {TILE_ENTRIES, index, width};
  begin_path(p);
  text_add_tile_path(&p->path, &tile);
  enum status status = put_file(p, span_make(p->bytes.bytes, p->bytes.size), err);
  text_clear(&p->bytes);
  return status;
}

/* Reads the records again, not the stored tiles: the published log is what the journal says now,
 * and its root must be the head's. */
static enum status put_log(struct publishing *p, const struct tree_head *head, struct error *err) {
  struct tiles_writer *writer = memory_zeroed(1, sizeof *writer);
  struct tree_range range = {0};
  struct text record = {0};
  struct log_record recorded;
  struct digest leaf, root;
  enum status status = DONE;
  tiles_writer_begin(writer, p->hasher, put_tile, p);
  for (uint64_t i = 0; status == DONE && i < head->size; i++) {
    status = log_read_record(p->store, (int64_t)i + 1, &record, &recorded, err);
    if (status == DONE)
      status = text_add_bundle_entry(&p->bytes, span_make(record.bytes, record.size), err);
    if (status != DONE) break;
    tree_leaf(p->hasher, record.bytes, record.size, &leaf);
    tree_range_append(p->hasher, &range, &leaf);
    status = tiles_writer_add(writer, &leaf, err);
    bool last = i + 1 == head->size;
    if (status == DONE && (last || (i + 1) % TILE_WIDTH == 0))
      status = put_bundle(p, i / TILE_WIDTH, (int)(i % TILE_WIDTH) + 1, err);
  }
  if (status == DONE) status = tiles_writer_finish(writer, err);
  tree_range_root(p->hasher, &range, &root);
  if (status == DONE && !digest_equal(&root, &head->root)) status = refuse(err, PUBLISH_LOG_ROOT);
  text_release(&record);
  free(writer);
  return status;
}

/* ---- heads ---- */

static enum status put_heads(struct publishing *p, struct error *err) {
  struct query *q = NULL;
  struct signed_head head;
  bool some = false;
  enum status status = log_heads_open(p->store, &q, err);
  if (status != DONE) return status;
  while ((status = log_heads_next(q, &head, &some, err)) == DONE && some) {
    begin_path(p);
    text_addf(&p->path, "heads/%lld", (long long)head.size);
    if ((status = put_file(p, head.note, err)) != DONE) break;
    p->result->heads++;
  }
  query_end(q);
  return status;
}

static enum status publish(struct publishing *p, struct arena *arena, struct error *err) {
  struct note note;
  struct checkpoint checkpoint;
  const char *text = NULL;
  int64_t size = 0;
  enum status status = log_last_head(p->store, arena, &size, &text, err);
  if (status == DONE && !text) status = refuse(err, HEAD_NONE);
  if (status == DONE) status = checkpoint_open_unverified(span_of(text), &note, &checkpoint, err);
  if (status == DONE && mkdir(p->dir, 0777) != 0 && errno != EEXIST)
    status = error_errno(err, "%s", p->dir);
  if (status == DONE) status = put_log(p, &checkpoint.head, err);
  if (status == DONE) status = put_heads(p, err);
  if (status != DONE) return status;
  begin_path(p);
  text_add(&p->path, "checkpoint");
  p->result->size = checkpoint.head.size;
  return put_file(p, span_of(text), err);
}

enum status publish_log(struct store *store, const char *dir, struct publish_result *result,
                        struct error *err) {
  struct publishing p = {.store = store, .dir = dir, .hasher = hasher_new(), .result = result};
  struct arena *arena = arena_new();
  *result = (struct publish_result){0};
  enum status status = publish(&p, arena, err);
  arena_free(arena);
  hasher_free(p.hasher);
  text_release(&p.path);
  text_release(&p.bytes);
  text_release(&p.temporary);
  return status;
}
