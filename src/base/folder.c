#include "base/folder.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/refusal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum status folder_open(int at, const char *path, mode_t mode, int *fd, struct error *err) {
  *fd = -1;
  if (mkdirat(at, path, mode) != 0 && errno != EEXIST) return error_errno(err, "%s", path);
  *fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (at == AT_FDCWD ? 0 : O_NOFOLLOW));
  return *fd < 0 ? error_errno(err, "%s", path) : DONE;
}

bool path_is_folder(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

enum status folder_is_empty(const char *path, bool *empty, struct error *err) {
  DIR *dir = opendir(path);
  *empty = true;
  if (!dir && errno == ENOENT) return DONE;
  *empty = false;
  if (!dir && errno == ENOTDIR) return DONE;
  if (!dir) return error_errno(err, "%s", path);
  const struct dirent *entry;
  *empty = true;
  while ((entry = readdir(dir)))
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) *empty = false;
  closedir(dir);
  return DONE;
}

/* ---- files ---- */

enum { WORK_RANDOM_BYTES = 8 };

enum status file_make(int at, const char *name, mode_t mode, int *fd, struct error *err) {
  *fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  return *fd < 0 ? error_errno(err, "%s", name) : DONE;
}

enum status file_make_anew(int at, const char *name, mode_t mode, int *fd, struct error *err) {
  *fd = -1;
  if (unlinkat(at, name, 0) != 0 && errno != ENOENT) return error_errno(err, "%s", name);
  return file_make(at, name, mode, fd, err);
}

int file_without_name(void) {
  const char *folder = getenv("TMPDIR");
  const int fd = open(folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  return fd >= 0 ? fd : memfd_create("weal", MFD_CLOEXEC);
}

enum status file_write_all(int fd, struct span bytes, const char *path, struct error *err) {
  while (bytes.size) {
    ssize_t n = write(fd, bytes.bytes, bytes.size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return error_errno(err, "%s", path);
    bytes.bytes += n;
    bytes.size -= (size_t)n;
  }
  return DONE;
}

static enum status fill(int fd, const char *name, struct span bytes, struct error *err) {
  enum status status = file_write_all(fd, bytes, name, err);
  if (close(fd) != 0 && status == DONE) status = error_errno(err, "%s", name);
  return status;
}

enum status file_write_new(int at, const char *name, mode_t mode, struct span bytes,
                           struct error *err) {
  int fd = -1;
  enum status status = file_make(at, name, mode, &fd, err);
  return status == DONE ? fill(fd, name, bytes, err) : status;
}

enum status file_not_opened(const char *path, struct error *err) {
  char reason[128];
  const bool machine = errno == EMFILE || errno == ENFILE || errno == EIO || errno == ENOMEM;
  const char *text = strerror_r(errno, reason, sizeof reason);
  (void)(machine           ? error_set(err, FAILED, "the file cannot be opened: %s", text)
         : errno == ENOENT ? refuse(err, FILE_NOT_FOUND)
                           : refuse(err, FILE_NOT_OPENED, text));
  return error_at(err, path, 0, NULL);
}

enum status file_open_plain(const char *path, int *fd, struct error *err) {
  struct stat about;
  *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (*fd < 0) return file_not_opened(path, err);
  if (fstat(*fd, &about) == 0 && S_ISREG(about.st_mode)) return DONE;
  close(*fd);
  *fd = -1;
  (void)(S_ISDIR(about.st_mode) ? refuse(err, FILE_IS_FOLDER) : refuse(err, FILE_IS_PIPE));
  return error_at(err, path, 0, NULL);
}

enum status file_read_whole(const char *path, size_t most, struct text *out, struct error *err) {
  char block[1 << 14];
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : 1;
  while (fd >= 0 && n && out->size <= most) {
    n = read(fd, block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    text_add_bytes(out, block, (size_t)n);
  }
  enum status status = n < 0 ? error_errno(err, "%s", path) : DONE;
  if (fd >= 0) close(fd);
  return status;
}

enum status file_write_waiting(int at, struct waiting_file *file, mode_t mode, struct span bytes,
                               struct error *err) {
  char random[WORK_RANDOM_BYTES];
  struct text temporary = {0};
  int fd = -1;
  random_bytes(random, sizeof random);
  text_add(&temporary, ".weal-new-");
  text_add_hex(&temporary, random, sizeof random);
  enum status status = file_make(at, temporary.bytes, mode, &fd, err);
  if (status == DONE) memcpy(file->temporary, temporary.bytes, temporary.size + 1);
  text_release(&temporary);
  if (status != DONE) return status;
  status = file_write_all(fd, bytes, file->name, err);
  if (status == DONE && fsync(fd) != 0) status = error_errno(err, "%s", file->name);
  if (close(fd) != 0 && status == DONE) status = error_errno(err, "%s", file->name);
  if (status != DONE) files_drop(at, file, 1);
  return status;
}

static enum status place(int from, int at, struct waiting_file *file, struct error *err) {
  if (renameat(from, file->temporary, at, file->name) != 0)
    return error_errno(err, "%s", file->name);
  file->temporary[0] = 0;
  return DONE;
}

enum status files_place(int at, struct waiting_file *files, int count, struct error *err) {
  enum status status = DONE;
  while (flock(at, LOCK_EX) != 0 && errno == EINTR) continue;
  for (int i = 0; i < count && status == DONE; i++) status = place(at, at, &files[i], err);
  (void)flock(at, LOCK_UN);
  return status;
}

void files_drop(int at, struct waiting_file *files, int count) {
  for (int i = 0; i < count; i++)
    if (files[i].temporary[0]) (void)unlinkat(at, files[i].temporary, 0);
}

enum status file_write_whole(int work, int at, const char *name, mode_t mode, struct span bytes,
                             struct error *err) {
  struct waiting_file file = {.name = name};
  enum status status = file_write_waiting(work, &file, mode, bytes, err);
  if (status == DONE) status = place(work, at, &file, err);
  files_drop(work, &file, 1);
  return status;
}

enum status file_put(const char *dir, const char *name, struct span bytes, struct error *err) {
  int folder = -1;
  enum status status = folder_open(AT_FDCWD, dir, 0755, &folder, err);
  if (status != DONE) return status;
  status = file_write_whole(folder, folder, name, 0644, bytes, err);
  close(folder);
  return status == DONE ? DONE : error_while(err, "writing to %s", dir);
}

/* ---- a folder for what is not whole yet ---- */

static bool is_work_name(const char *name, const char *prefix) {
  size_t size = strlen(prefix);
  return strncmp(name, prefix, size) == 0 && strlen(name + size) == (size_t)2 * WORK_RANDOM_BYTES &&
         strspn(name + size, "0123456789abcdef") == (size_t)2 * WORK_RANDOM_BYTES;
}

static int remove_below(int fd);

/* A work folder is locked by the run that made it: one of ours that is not is what a run left that
 * was killed. */
static void remove_left(int at, const char *name) {
  struct stat about;
  int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return;
  bool left = fstat(fd, &about) == 0 && about.st_uid == geteuid() &&
              (about.st_mode & 0777) == 0700 && flock(fd, LOCK_EX | LOCK_NB) == 0;
  while (left && remove_below(fd) > 0) {}
  if (left) (void)unlinkat(at, name, AT_REMOVEDIR);
  close(fd);
}

/* `prefix` may have a path before the names' own beginning. */
static void remove_all_left(int at, const char *prefix) {
  const char *slash = strrchr(prefix, '/');
  char *dir_name = slash ? strndup(prefix, (size_t)(slash - prefix) + 1) : strdup(".");
  int fd = dir_name ? openat(at, dir_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  DIR *dir = fd < 0 ? NULL : fdopendir(fd);
  free(dir_name);
  if (!dir && fd >= 0) close(fd);
  if (!dir) return;
  const struct dirent *entry;
  while ((entry = readdir(dir)))
    if (is_work_name(entry->d_name, slash ? slash + 1 : prefix)) remove_left(fd, entry->d_name);
  closedir(dir);
}

/* Locks the folder; false: another run has taken it for one that was left. */
static bool lock_made(int fd) {
  struct stat about;
  return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &about) == 0 && about.st_nlink > 0;
}

static enum status make_one(struct work_folder *out, const char *name, bool *taken,
                            struct error *err) {
  *taken = false;
  if (mkdirat(out->at, name, 0700) != 0) {
    *taken = errno == EEXIST;
    return *taken ? DONE : error_errno(err, "%s", name);
  }
  out->fd = openat(out->at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  *taken = out->fd < 0 ? errno == ENOENT : !lock_made(out->fd);
  if (out->fd < 0 && !*taken) return error_errno(err, "%s", name);
  if (*taken && out->fd >= 0) {
    close(out->fd);
    out->fd = -1;
  }
  return DONE;
}

enum status work_folder_make(struct work_folder *out, int at, const char *prefix,
                             struct error *err) {
  struct text name = {0};
  *out = (struct work_folder){.at = at, .fd = -1};
  remove_all_left(at, prefix);
  enum status status = DONE;
  bool taken = true;
  for (int tries = 0; tries < 8 && taken && status == DONE; tries++) {
    char random[WORK_RANDOM_BYTES];
    random_bytes(random, sizeof random);
    text_clear(&name);
    text_add(&name, prefix);
    text_add_hex(&name, random, sizeof random);
    status = make_one(out, name.bytes, &taken, err);
  }
  if (status == DONE && taken) status = error_set(err, FAILED, "%s: no name is free", name.bytes);
  if (status == DONE) out->name = memcpy(memory_alloc(name.size + 1), name.bytes, name.size + 1);
  text_release(&name);
  return status;
}

/* Removes all that is in an open folder; how many names it removed, -1: errno says why not. */
static int remove_below(int fd) {
  int removed = 0, inner = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = inner < 0 ? NULL : fdopendir(inner);
  if (!dir && inner >= 0) close(inner);
  if (!dir) return -1;
  const struct dirent *entry;
  while (removed >= 0 && (entry = readdir(dir))) {
    const char *name = entry->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
    bool gone = unlinkat(fd, name, 0) == 0;
    if (!gone && (errno == EISDIR || errno == EPERM)) {
      int below = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      while (below >= 0 && remove_below(below) > 0) {}
      if (below >= 0) close(below);
      gone = unlinkat(fd, name, AT_REMOVEDIR) == 0;
    }
    removed = gone ? removed + 1 : -1;
  }
  int reason = errno;
  closedir(dir);
  errno = reason;
  return removed;
}

void work_folder_close(struct work_folder *work) {
  if (work->fd >= 0) close(work->fd);
  free(work->name);
  *work = (struct work_folder){.fd = -1};
}

enum status work_folder_remove(struct work_folder *work, enum status status, struct error *err) {
  if (!work->name) return status;
  /* a name that is removed while a folder is read may hide another: until a pass removes nothing */
  while (work->fd >= 0 && remove_below(work->fd) > 0) {}
  if (unlinkat(work->at, work->name, AT_REMOVEDIR) != 0) {
    if (status == DONE) status = error_errno(err, "%s", work->name);
    status = error_while(err, "leaving %s, which must be removed by hand", work->name);
  }
  work_folder_close(work);
  return status;
}
