/* Folders and whole files that a run writes: made, written, removed with all that is in them. */
#ifndef WEAL_BASE_FOLDER_H
#define WEAL_BASE_FOLDER_H

#include "base/status.h"
#include "base/text.h"

#include <sys/types.h>

/* One that is there already is taken as it is. */
enum status folder_make(const char *path, mode_t mode, struct error *err) MUST_USE;
/* *empty: it is not there, or has nothing in it; false also for what is no folder. */
enum status folder_is_empty(const char *path, bool *empty, struct error *err) MUST_USE;
/* Whatever is there; errors are passed over. */
void folder_remove_tree(const char *path);
/* Writes all of it, over what was there. FAILED: the disk is full, or whatever the system says. */
enum status file_write_whole(const char *path, mode_t mode, struct span bytes,
                             struct error *err) MUST_USE;
/* All bytes to an open file; `path` is for the message. */
enum status file_write_all(int fd, struct span bytes, const char *path, struct error *err) MUST_USE;

#endif
