#include "base/outfile.h"

#include "base/arena.h"
#include "base/folder.h"
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the path ---- */

static bool same_file(const struct stat *a, const struct stat *b) {
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* A path without the slashes at its end, cut before its last name: "a/b/" is "a/" and "b". */
struct parts {
  struct text folder, name;
};

static void parts_of(const char *path, struct parts *p) {
  size_t size = strlen(path), from;
  *p = (struct parts){0};
  while (size > 1 && path[size - 1] == '/') size--;
  for (from = size; from > 0 && path[from - 1] != '/'; from--) continue;
  text_add_bytes(&p->folder, path, from);
  if (!from) text_add(&p->folder, "./");
  text_add_bytes(&p->name, path + from, size - from);
}

static void parts_release(struct parts *p) {
  text_release(&p->folder);
  text_release(&p->name);
}

/* lstat, and of "a/" what has the name a. */
static bool look_at(const char *path, struct stat *about) {
  struct parts p;
  parts_of(path, &p);
  text_add_span(&p.folder, span_make(p.name.bytes, p.name.size));
  bool there = lstat(p.folder.bytes, about) == 0;
  parts_release(&p);
  return there;
}

/* One file by whatever name, or one name in one folder, where nothing is yet. */
static bool is_kept(const struct out_path *out, const struct kept_file *kept) {
  struct stat a, b;
  if (stat(out->path, &a) == 0 && stat(kept->path, &b) == 0) return same_file(&a, &b);
  struct parts p, q;
  parts_of(out->path, &p);
  parts_of(kept->path, &q);
  bool same = strcmp(p.name.bytes, q.name.bytes) == 0 && stat(p.folder.bytes, &a) == 0 &&
              stat(q.folder.bytes, &b) == 0 && same_file(&a, &b);
  parts_release(&p);
  parts_release(&q);
  return same;
}

/* Links that the system itself keeps to what a process has open. */
static int standard_descriptor(const char *path) {
  static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/", NULL};
  if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0) return STDOUT_FILENO;
  if (strcmp(path, "/dev/stderr") == 0) return STDERR_FILENO;
  for (int i = 0; folders[i]; i++) {
    size_t size = strlen(folders[i]);
    if (strncmp(path, folders[i], size) != 0) continue;
    char *end;
    long fd = strtol(path + size, &end, 10);
    if (path[size] && !*end && fd >= 0 && fd <= INT_MAX) return (int)fd;
  }
  return -1;
}

static const char another_file[] = "name another file", another_folder[] = "name another folder";

static enum status path_check(const struct out_path *out, const char *another, struct stat *about,
                              bool *there, struct error *err) {
  const int standard = standard_descriptor(out->path);
  struct out_path open = *out;
  char number[32];
  if (!*out->path) return error_set(err, USAGE, "%s lacks its name; %s", out->option, another);
  if (standard >= 0) {
    snprintf(number, sizeof number, "/proc/self/fd/%d", standard);
    open.path = number;
  }
  for (int i = 0; i < out->count; i++)
    if (is_kept(&open, &out->kept[i]))
      return error_set(err, USAGE, "%s names %s, which is %s; %s", out->option, out->path,
                       out->kept[i].what, another);
  *there = standard < 0 ? look_at(out->path, about) : fstat(standard, about) == 0;
  if (*there && S_ISLNK(about->st_mode))
    return error_set(err, USAGE, "%s names %s, which is a link; name where it leads, or %s",
                     out->option, out->path, another);
  return DONE;
}

enum status out_path_check(const struct out_path *out, struct error *err) {
  struct stat about;
  bool there;
  return path_check(out, another_file, &about, &there, err);
}

enum status out_folder_check(const struct out_path *out, struct error *err) {
  struct stat about;
  bool there;
  enum status status = path_check(out, another_folder, &about, &there, err);
  if (status == DONE && there && !S_ISDIR(about.st_mode))
    return error_set(err, USAGE, "%s names %s, which is no folder; %s", out->option, out->path,
                     another_folder);
  return status;
}

/* ---- opening ---- */

static bool recognised(int fd, const struct stat *about, const struct outfile_kind *kind) {
  char head[OUTFILE_HEAD_BYTES];
  ssize_t got = about->st_size ? pread(fd, head, sizeof head, 0) : 0;
  return about->st_size == 0 || (got > 0 && kind->is_ours(span_make(head, (size_t)got)));
}

/* What has the name already; the file of it is looked at, not opened to write. */
static enum status meet(struct outfile *f, const struct out_path *out,
                        const struct outfile_kind *kind, struct error *err) {
  struct stat about;
  int fd = openat(f->folder, f->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return DONE;
  if (fd < 0) return error_errno(err, "%s %s", out->option, out->path);
  enum status status = DONE;
  if (fstat(fd, &about) != 0) status = error_errno(err, "%s", out->path);
  else if (!S_ISREG(about.st_mode) || !recognised(fd, &about, kind))
    status = error_set(err, USAGE, "%s names %s, which is there already and is not %s; %s",
                       out->option, out->path, kind->kind, another_file);
  f->replaces = true;
  f->device = about.st_dev;
  f->inode = about.st_ino;
  close(fd);
  return status;
}

static enum status open_direct(struct outfile *f, const char *path, struct error *err) {
  int standard = standard_descriptor(path);
  f->direct = true;
  f->fd = standard >= 0 ? fcntl(standard, F_DUPFD_CLOEXEC, 3)
                        : open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
  return f->fd < 0 ? error_errno(err, "%s cannot be written", path) : DONE;
}

/* A file without a name, so that nothing is left of it however the run ends; where the file system
 * knows no such files, one with a name that nobody can guess. */
static enum status open_new(struct outfile *f, struct error *err) {
  char random[8];
  struct text name = {0};
  random_bytes(random, sizeof random);
  text_add(&name, ".weal-");
  text_add_hex(&name, random, sizeof random);
  f->temporary = name.bytes; /* malloced: the text's buffer becomes ours */
  f->fd = openat(f->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (f->fd >= 0) return DONE;
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT && errno != EINVAL)
    return error_errno(err, "%s cannot be written", f->path);
  f->named = true;
  return file_make(f->folder, f->temporary, 0600, &f->fd, err);
}

static enum status open_checked(struct outfile *f, const struct out_path *out,
                                const struct outfile_kind *kind, struct error *err) {
  struct stat about;
  bool there;
  enum status status = path_check(out, another_file, &about, &there, err);
  if (status != DONE) return status;
  if (standard_descriptor(out->path) >= 0 ||
      (there && (S_ISCHR(about.st_mode) || S_ISFIFO(about.st_mode))))
    return open_direct(f, out->path, err);
  struct parts p;
  parts_of(out->path, &p);
  f->path = memcpy(memory_alloc(strlen(out->path) + 1), out->path, strlen(out->path) + 1);
  f->name = p.name.bytes; /* as above */
  f->folder = open(p.folder.bytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (f->folder < 0) status = error_errno(err, "%s: its folder %s", out->path, p.folder.bytes);
  text_release(&p.folder);
  if (status == DONE) status = meet(f, out, kind, err);
  return status == DONE ? open_new(f, err) : status;
}

enum status outfile_open(struct outfile **out, const struct out_path *path,
                         const struct outfile_kind *kind, struct error *err) {
  struct outfile *f = memory_zeroed(1, sizeof *f);
  f->fd = f->folder = -1;
  enum status status = open_checked(f, path, kind, err);
  if (status == DONE) *out = f;
  else outfile_close(f);
  return status;
}

/* ---- its name ---- */

/* Whether the name still has the file that we know. */
static bool is_there(const struct outfile *f) {
  struct stat about;
  return fstatat(f->folder, f->name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
         about.st_dev == f->device && about.st_ino == f->inode;
}

/* Gives the file without a name one. */
static bool name_file(const struct outfile *f, const char *name) {
  char open_file[40];
  snprintf(open_file, sizeof open_file, "/proc/self/fd/%d", f->fd);
  return linkat(AT_FDCWD, open_file, f->folder, name, AT_SYMLINK_FOLLOW) == 0;
}

static bool put_in_place(struct outfile *f) {
  if (!f->replaces) {
    if (!f->named) return name_file(f, f->name);
    if (linkat(f->folder, f->temporary, f->folder, f->name, 0) != 0) return false;
    f->named = false;
    return unlinkat(f->folder, f->temporary, 0) == 0;
  }
  if (!f->named && !name_file(f, f->temporary)) return false;
  f->named = true;
  if (!is_there(f)) return errno = EEXIST, false;
  if (renameat(f->folder, f->temporary, f->folder, f->name) != 0) return false;
  f->named = false;
  return true;
}

enum status outfile_place(struct outfile *f, struct error *err) {
  struct stat about;
  if (f->direct || f->placed) return DONE;
  if (!put_in_place(f)) {
    if (errno == EEXIST)
      return error_set(err, FAILED,
                       "%s is something else now than when the run began; look what it is, or name "
                       "another file",
                       f->path);
    return error_errno(err, "%s cannot be written", f->path);
  }
  f->placed = true;
  if (fstat(f->fd, &about) != 0) return error_errno(err, "%s", f->path);
  f->device = about.st_dev;
  f->inode = about.st_ino;
  return DONE;
}

void outfile_remove(struct outfile *f) {
  if (!f->direct && (f->replaces || f->placed) && is_there(f)) unlinkat(f->folder, f->name, 0);
}

void outfile_close(struct outfile *f) {
  if (!f) return;
  if (f->named) unlinkat(f->folder, f->temporary, 0);
  if (f->fd >= 0) close(f->fd);
  if (f->folder >= 0) close(f->folder);
  free(f->path);
  free(f->name);
  free(f->temporary);
  free(f);
}
