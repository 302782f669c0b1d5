/* Folders and files that a run writes, where others may write too: in a shared folder somebody can
 * put a link, or a folder of their own, where a run is about to write. So everything is made by the
 * descriptor of an open folder, links are not followed, and a file is made, never written over.
 *
 *     status = work_folder_make(&work, AT_FDCWD, "copy.weal-", &err);
 *     if (status == DONE) status = file_write_new(work.fd, "person.csv", 0600, bytes, &err);
 *     if (status == DONE) status = ...rename(work.name, "copy"), then work_folder_close(&work)...
 *     else status = work_folder_remove(&work, status, &err);
 */
#ifndef WEAL_BASE_FOLDER_H
#define WEAL_BASE_FOLDER_H

#include "base/status.h"
#include "base/text.h"

#include <fcntl.h>
#include <sys/types.h>

/* Opens a folder, made when it is not there. `at`: the open folder in which it lies, where a link
 * of that name is refused; AT_FDCWD: `path` is what somebody wrote, and its links are followed. */
enum status folder_open(int at, const char *path, mode_t mode, int *fd, struct error *err) MUST_USE;
/* A folder is there; also by a link. */
bool path_is_folder(const char *path);
/* *empty: it is not there, or has nothing in it; false also for what is no folder. */
enum status folder_is_empty(const char *path, bool *empty, struct error *err) MUST_USE;

/* Makes a file and opens it to write. FAILED: something has that name, be it a link. */
enum status file_make(int at, const char *name, mode_t mode, int *fd, struct error *err) MUST_USE;
/* The same, in the place of a file or link of that name, which is removed. */
enum status file_make_anew(int at, const char *name, mode_t mode, int *fd,
                           struct error *err) MUST_USE;
/* Makes a file with these bytes. FAILED: as file_make; the disk is full, or whatever the system
 * says. */
enum status file_write_new(int at, const char *name, mode_t mode, struct span bytes,
                           struct error *err) MUST_USE;
/* Opens a file that somebody else may have put there to read it. What is no plain file (a folder, a
 * pipe that nobody writes to, a device) is REFUSED and not waited for; so is what is not there.
 * FAILED: the machine's reasons. */
enum status file_open_plain(const char *path, int *fd, struct error *err) MUST_USE;
/* As an open that failed says by errno. */
enum status file_not_opened(const char *path, struct error *err) MUST_USE;
/* Adds the bytes of the file to `out`, which the caller releases; stops when there are more than
 * `most`, which the caller finds by out->size. FAILED, with the system's words: it cannot be
 * read. */
enum status file_read_whole(const char *path, size_t most, struct text *out,
                            struct error *err) MUST_USE;
/* Writes it under a name that cannot be guessed, then gives it its own, in the place of what has
 * that: the whole file or none, and nothing else in the folder is touched. It is on the disk then.
 * `work`: the open folder, of the same disk, where it is until it is whole; may be `at` itself. */
enum status file_write_whole(int work, int at, const char *name, mode_t mode, struct span bytes,
                             struct error *err) MUST_USE;
/* A file that stands whole under another name until it gets its own. */
struct waiting_file {
  const char *name;   /* that it will have */
  char temporary[32]; /* empty: none */
};
/* Writes it into the open folder under a name that cannot be guessed, onto the disk. */
enum status file_write_waiting(int at, struct waiting_file *file, mode_t mode, struct span bytes,
                               struct error *err) MUST_USE;
/* Gives each its name, in the place of what has that, one run after the other in a folder. */
enum status files_place(int at, struct waiting_file *files, int count, struct error *err) MUST_USE;
/* Removes those that have not got theirs. */
void files_drop(int at, struct waiting_file *files, int count);
/* Makes it in the folder `dir`, which is made too, in the place of what has that name. */
enum status file_put(const char *dir, const char *name, struct span bytes,
                     struct error *err) MUST_USE;
/* A file without a name in $TMPDIR, else /tmp, to read and write; in memory where that folder
 * cannot have one. -1 and errno: neither can be made. */
int file_without_name(void);
/* All bytes to an open file; `path` is for the message. */
enum status file_write_all(int fd, struct span bytes, const char *path, struct error *err) MUST_USE;

/* A folder for what is not whole yet. Nobody else can read or write it (mode 0700), and its name
 * cannot be guessed. It is locked while its run lives; what a killed run left under the same
 * prefix, in the same place, the next one removes. */
struct work_folder {
  int at, fd; /* where it lies; itself, -1: none */
  char *name; /* within `at`; null: none */
};
/* `prefix`: what its name begins with. */
enum status work_folder_make(struct work_folder *out, int at, const char *prefix,
                             struct error *err) MUST_USE;
/* Removes it with all that is in it. Returns `status`, what the work came to; where the folder
 * cannot be removed, FAILED, and the error says that it is left. */
enum status work_folder_remove(struct work_folder *work, enum status status,
                               struct error *err) MUST_USE;
/* It has another name now, and stays. */
void work_folder_close(struct work_folder *work);

#endif
