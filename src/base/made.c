#include "base/made.h"

#include "base/folder.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/refusal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char list_head[] =
    "# Written by weal: earlier runs made these files, and a later one may replace them.\n";

/* ---- the list ---- */

void made_add(struct made_files *made, struct span path) {
  int64_t index = map_get(&made->map, path);
  if (index < 0) {
    if (made->count == made->capacity) {
      struct span *larger = arena_array(made->arena, struct span, made->capacity * 2 + 64);
      if (made->count) memcpy(larger, made->all, (size_t)made->count * sizeof *larger);
      made->all = larger;
      made->capacity = made->capacity * 2 + 64;
    }
    made->all[made->count++] = path = span_make(arena_copy(made->arena, path.bytes, path.size),
                                                path.size);
  }
  map_set(&made->map, path, 1);
}

static bool is_listed(const struct made_files *made, struct span path) {
  return map_get(&made->map, path) == 1;
}

void made_forget(struct made_files *made, bool (*gone)(const void *context, struct span path),
                 const void *context) {
  for (int64_t i = 0; i < made->count; i++)
    if (gone(context, made->all[i])) map_set(&made->map, made->all[i], 0);
}

static enum status not_ours(const struct made_files *made, const char *name, struct error *err) {
  return refuse(err, FILE_NOT_MADE, made->dir, name);
}

static enum status take_lines(struct made_files *made, struct span text, struct error *err) {
  const size_t head = strlen(list_head);
  if (text.size < head || memcmp(text.bytes, list_head, head) != 0)
    return not_ours(made, made->list, err);
  for (size_t at = head; at < text.size;) {
    const char *end = memchr(text.bytes + at, '\n', text.size - at);
    size_t size = end ? (size_t)(end - text.bytes) - at : text.size - at;
    if (size) made_add(made, span_make(text.bytes + at, size));
    at += size + 1;
  }
  return DONE;
}

static enum status read_list(struct made_files *made, int fd, struct error *err) {
  struct stat about;
  if (fstat(fd, &about) != 0) return error_errno(err, "%s/%s", made->dir, made->list);
  /* somebody else's list would let them choose what a run of ours replaces */
  if (!S_ISREG(about.st_mode) || about.st_uid != geteuid() || about.st_size > LIMIT_MADE_LIST_BYTES)
    return not_ours(made, made->list, err);
  char *bytes = memory_alloc((size_t)about.st_size + 1);
  size_t size = 0;
  ssize_t n = 1;
  while (size < (size_t)about.st_size && n > 0) {
    n = read(fd, bytes + size, (size_t)about.st_size - size);
    if (n > 0) size += (size_t)n;
  }
  enum status status = n < 0 ? error_errno(err, "%s/%s", made->dir, made->list)
                             : take_lines(made, span_make(bytes, size), err);
  free(bytes);
  return status;
}

enum status made_read(struct made_files *out, int folder, const char *dir, const char *list,
                      struct error *err) {
  *out = (struct made_files){.folder = folder, .dir = dir, .list = list, .arena = arena_new()};
  int fd = openat(folder, list, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return DONE;
  if (fd < 0 && errno == ELOOP) return not_ours(out, list, err);
  if (fd < 0) return error_errno(err, "%s/%s", dir, list);
  enum status status = read_list(out, fd, err);
  close(fd);
  return status;
}

enum status made_write(const struct made_files *made, struct error *err) {
  struct text text = {0};
  text_add(&text, list_head);
  for (int64_t i = 0; i < made->count; i++) {
    if (!is_listed(made, made->all[i])) continue;
    text_add_span(&text, made->all[i]);
    text_add_char(&text, '\n');
  }
  enum status status = file_write_whole(made->folder, made->folder, made->list, 0600,
                                        span_make(text.bytes, text.size), err);
  text_release(&text);
  return status;
}

void made_release(struct made_files *made) {
  map_release(&made->map);
  if (made->arena) arena_free(made->arena);
  *made = (struct made_files){.folder = -1};
}

/* ---- what is there ---- */

static enum status check_folder(const struct made_files *made, const char *name,
                                struct error *err) {
  int fd = openat(made->folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *dir = fd < 0 ? NULL : fdopendir(fd);
  if (!dir) {
    if (fd >= 0) close(fd);
    return error_errno(err, "%s/%s", made->dir, name);
  }
  enum status status = DONE;
  struct text path = {0};
  const struct dirent *entry;
  while (status == DONE && (entry = readdir(dir))) {
    struct stat about;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    text_clear(&path);
    text_addf(&path, "%s/%s", name, entry->d_name);
    if (!is_listed(made, span_make(path.bytes, path.size)) ||
        fstatat(fd, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(about.st_mode))
      status = not_ours(made, path.bytes, err);
  }
  text_release(&path);
  closedir(dir);
  return status;
}

enum status made_check(const struct made_files *made, const char *name, bool *met,
                       struct error *err) {
  struct stat about;
  if (fstatat(made->folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT ? DONE : error_errno(err, "%s/%s", made->dir, name);
  if (met) *met = true;
  if (S_ISDIR(about.st_mode)) return check_folder(made, name, err);
  return S_ISREG(about.st_mode) && is_listed(made, span_of(name)) ? DONE
                                                                  : not_ours(made, name, err);
}
