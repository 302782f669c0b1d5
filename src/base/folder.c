#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum status folder_make(const char *path, mode_t mode, struct error *err) {
  if (mkdir(path, mode) == 0 || errno == EEXIST) return DONE;
  return error_errno(err, "%s", path);
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

static int remove_one(const char *path, const struct stat *s, int flag, struct FTW *ftw) {
  (void)s, (void)flag, (void)ftw;
  return remove(path);
}

void folder_remove_tree(const char *path) {
  (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
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

enum status file_write_whole(const char *path, mode_t mode, struct span bytes, struct error *err) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0) return error_errno(err, "%s", path);
  enum status status = file_write_all(fd, bytes, path, err);
  if (close(fd) != 0 && status == DONE) status = error_errno(err, "%s", path);
  return status;
}
