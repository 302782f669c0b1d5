/* The log as static files: C2SP tlog-tiles. */
#include "attest/head.h"

#include "base/folder.h"
#include "base/refusal.h"
#include "book/log.h"
#include "proof/checkpoint.h"
#include "proof/tiles.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct publishing {
  struct store *store;
  int dir;                 /* the folder, open */
  const char *dir_name;    /* for messages */
  struct work_folder work; /* in it: where files are before they are whole */
  struct span origin;      /* the log's name */
  bool note;               /* what is put is a head */
  struct hasher *hasher;
  struct text path, bytes;
  struct publish_result *result;
};

/* ---- files ---- */

/* Opens the folder of the file under p->path, made with those above it when it is not there;
 * *name: what follows the last slash. */
static enum status open_folder(struct publishing *p, int *out, const char **name,
                               struct error *err) {
  char *part = p->path.bytes;
  enum status status = DONE;
  int fd = p->dir;
  for (char *slash; status == DONE && (slash = strchr(part, '/')); part = slash + 1) {
    int upper = fd;
    *slash = '\0';
    status = folder_open(upper, part, 0755, &fd, err);
    *slash = '/';
    if (upper != p->dir) close(upper);
  }
  *out = fd;
  *name = part;
  return status;
}

/* Reads at most as many bytes as `have` has room for; how many. */
static size_t read_bytes(int fd, char *have, size_t most) {
  size_t got = 0;
  for (ssize_t n; got < most && (n = read(fd, have + got, most - got)) > 0;) got += (size_t)n;
  return got;
}

/* Whether the file is there with these very bytes. REFUSED: it is there, and is neither that nor a
 * note of this log, which begins with the log's name: tiles never change, heads are signed anew. */
static enum status look(struct publishing *p, int folder, const char *name, struct span bytes,
                        bool *there, struct error *err) {
  struct stat about;
  *there = false;
  if (fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT) return DONE;
  int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  const size_t line = p->origin.size + 1, most = bytes.size > line ? bytes.size : line;
  char *have = memory_alloc(most + 1);
  size_t got = fd >= 0 && S_ISREG(about.st_mode) ? read_bytes(fd, have, most + 1) : 0;
  *there = got == bytes.size && memcmp(have, bytes.bytes, bytes.size) == 0;
  bool note = p->note && got >= line && memcmp(have, p->origin.bytes, line - 1) == 0 &&
              have[line - 1] == '\n';
  if (fd >= 0) close(fd);
  free(have);
  return *there || note ? DONE : refuse(err, FILE_NOT_MADE, p->dir_name, p->path.bytes);
}

/* Writes a file under p->path: the whole file or none. */
static enum status put_file(struct publishing *p, struct span bytes, struct error *err) {
  int folder = -1;
  const char *name = NULL;
  p->result->files++;
  enum status status = open_folder(p, &folder, &name, err);
  bool there = false;
  if (status == DONE) status = look(p, folder, name, bytes, &there, err);
  if (status == DONE && !there) {
    status = file_write_whole(p->work.fd, folder, name, 0644, bytes, err);
    p->result->written += status == DONE;
  }
  if (folder >= 0 && folder != p->dir) close(folder);
  return status == DONE ? DONE : error_while(err, "writing %s", p->path.bytes);
}

/* ---- tiles ---- */

static enum status put_tile(void *context, const struct tile *tile, const struct digest *hashes,
                            struct error *err) {
  struct publishing *p = context;
  struct text bytes = {0};
  text_clear(&p->path);
  text_add_tile_path(&p->path, tile);
  text_add_tile(&bytes, hashes, tile->width);
  enum status status = put_file(p, span_make(bytes.bytes, bytes.size), err);
  text_release(&bytes);
  return status;
}

static enum status put_bundle(struct publishing *p, uint64_t index, int width, struct error *err) {
  const struct tile tile = {TILE_ENTRIES, index, width};
  text_clear(&p->path);
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
    text_clear(&p->path);
    text_addf(&p->path, "heads/%lld", (long long)head.size);
    if ((status = put_file(p, head.note, err)) != DONE) break;
    p->result->heads++;
  }
  query_end(q);
  return status;
}

static enum status publish(struct publishing *p, const char *dir, struct arena *arena,
                           struct error *err) {
  struct note note;
  struct checkpoint checkpoint;
  const char *text = NULL;
  int64_t size = 0;
  enum status status = log_last_head(p->store, arena, &size, &text, err);
  if (status == DONE && !text) status = refuse(err, HEAD_NONE);
  if (status == DONE) status = checkpoint_open_unverified(span_of(text), &note, &checkpoint, err);
  if (status == DONE) status = folder_open(AT_FDCWD, dir, 0755, &p->dir, err);
  if (status == DONE) status = work_folder_make(&p->work, p->dir, ".weal-", err);
  p->origin = checkpoint.origin;
  if (status == DONE) status = put_log(p, &checkpoint.head, err);
  p->note = true;
  if (status == DONE) status = put_heads(p, err);
  if (status != DONE) return status;
  text_clear(&p->path);
  text_add(&p->path, "checkpoint");
  p->result->size = checkpoint.head.size;
  return put_file(p, span_of(text), err);
}

enum status publish_log(struct store *store, const char *dir, struct publish_result *result,
                        struct error *err) {
  struct publishing p = {.store = store,
                         .dir = -1,
                         .dir_name = dir,
                         .work.fd = -1,
                         .hasher = hasher_new(),
                         .result = result};
  struct arena *arena = arena_new();
  *result = (struct publish_result){0};
  enum status status = publish(&p, dir, arena, err);
  status = work_folder_remove(&p.work, status, err);
  if (p.dir >= 0) close(p.dir);
  arena_free(arena);
  hasher_free(p.hasher);
  text_release(&p.path);
  text_release(&p.bytes);
  return status;
}
