/* What a pack is, in one number: who made an award or a claim keeps it, so that one can tell later
 * by which rows and rules it was reckoned. */
#include "pack/pack.h"

#include "base/folder.h"
#include "base/hash.h"
#include "pack/rows.h"

#include <dirent.h>
#include <sys/stat.h>

enum { DIGEST_FILE_BYTES_MAX = 64 << 20, DIGEST_DEPTH_MAX = 16 };

struct walk {
  struct hasher *hasher;
  struct arena *arena;
  size_t root; /* of the folder's path, which does not count */
};

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in order of their bytes, without those that begin with a dot. */
static enum status names_of(struct walk *w, const char *path, const char ***out, int *count,
                            struct error *err) {
  int capacity = 0;
  const struct dirent *entry;
  DIR *dir = opendir(path);
  *out = NULL;
  *count = 0;
  if (!dir) return error_set(err, FAILED, "cannot read %s", path);
  while ((entry = readdir(dir))) {
    if (entry->d_name[0] == '.') continue;
    arena_reserve(w->arena, *out, capacity, *count + 1);
    (*out)[(*count)++] = arena_string(w->arena, entry->d_name);
  }
  closedir(dir);
  array_sort(*out, *count, by_name);
  return DONE;
}

/* Its path, its size and its bytes. */
static enum status add_file(struct walk *w, const char *path, struct error *err) {
  struct text content = {0};
  uint8_t size[8];
  enum status status = file_read_whole(path, DIGEST_FILE_BYTES_MAX, &content, err);
  if (status == DONE) {
    put_u64(size, content.size);
    hasher_add(w->hasher, path + w->root, strlen(path + w->root) + 1);
    hasher_add(w->hasher, size, sizeof size);
    hasher_add(w->hasher, content.bytes, content.size);
  }
  text_release(&content);
  return status;
}

static enum status add_folder(struct walk *w, const char *path, int depth, struct error *err) {
  const char **names = NULL;
  int count = 0;
  if (depth > DIGEST_DEPTH_MAX) return error_set(err, FAILED, "%s lies too deep", path);
  enum status status = names_of(w, path, &names, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    const char *below = arena_printf(w->arena, "%s/%s", path, names[i]);
    status = path_is_folder(below) ? add_folder(w, below, depth + 1, err) : add_file(w, below, err);
  }
  return status;
}

enum status pack_digest(const struct pack *pack, struct arena *arena, const char **out,
                        struct error *err) {
  if (pack->digest) return *out = pack->digest, DONE;
  struct walk w = {.hasher = hasher_new(), .arena = arena, .root = strlen(pack->dir)};
  struct digest digest;
  struct text hex = {0};
  hasher_begin(w.hasher);
  enum status status = add_folder(&w, pack->dir, 0, err);
  hasher_end(w.hasher, &digest);
  hasher_free(w.hasher);
  text_add_hex(&hex, digest.bytes, sizeof digest.bytes);
  *out = arena_string(arena, hex.bytes);
  text_release(&hex);
  return status;
}

enum status pack_keep_digest(struct pack *pack, struct error *err) {
  const char *digest = NULL;
  enum status status = pack_digest(pack, pack->index->arena, &digest, err);
  if (status == DONE) pack->digest = digest;
  return status;
}
