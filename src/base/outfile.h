/* What a call is asked to write: a path that somebody gave. It is checked before anything is
 * opened, and only what this program made is written over.
 *
 * An output is never one of the call's kept files (the book, its side files, what is read), not
 * under another name either, and never a link. A file is written under no name, for its owner only,
 * and gets its name when it is whole, so that a run that ends early leaves what was there.
 *
 *     const struct out_path out = {.option = "--rejects", .path = path, .kept = kept, .count = n};
 *     status = outfile_open(&f, &out, is_rejects_file, &err);     USAGE: it must not be written
 *     ...write to f->fd...
 *     if (status == DONE) status = outfile_place(f, &err);
 *     outfile_close(f);
 *
 * A folder is checked by out_folder_check, and what is in it by struct made_files (base/made.h).
 */
#ifndef WEAL_BASE_OUTFILE_H
#define WEAL_BASE_OUTFILE_H

#include "base/status.h"
#include "base/text.h"

#include <sys/types.h>

/* A file that no output of the call may be. It need not be there: then its name is kept. */
struct kept_file {
  const char *path;
  const char *what; /* "the book", "to be read" */
};

struct out_path {
  const char *option; /* who asks, as a message begins: `--rejects` */
  const char *path;
  const struct kept_file *kept; /* what must not be written over */
  int count;
};

/* USAGE: it is a kept file, or a link. A path that is not there is sound. */
enum status out_path_check(const struct out_path *out, struct error *err) MUST_USE;
/* The same for a folder; USAGE also where something else has the name. */
enum status out_folder_check(const struct out_path *out, struct error *err) MUST_USE;

struct outfile {
  int fd;        /* to write; not closed by its user */
  bool direct;   /* a pipe, a terminal or the like: it is written to as it is */
  bool replaces; /* an earlier file has the name */
  bool placed;
  /* private */
  char *path, *name; /* name: within the folder */
  char *temporary;
  bool named; /* it has its temporary name */
  int folder;
  dev_t device; /* of the earlier file, or of ours once placed */
  ino_t inode;
};

/* Checks the path and opens. A regular file may be there only if it is empty, or if `is_ours`
 * recognises its first bytes (at most OUTFILE_HEAD_BYTES); `kind` says what it would have to be:
 * "a rejects file". `-` is standard output. */
enum { OUTFILE_HEAD_BYTES = 128 };
struct outfile_kind {
  const char *kind;
  bool (*is_ours)(struct span head);
};
enum status outfile_open(struct outfile **out, const struct out_path *path,
                         const struct outfile_kind *kind, struct error *err) MUST_USE;
/* Gives the file its name, in the place of the earlier one; what is written later is in it too.
 * Once is enough. FAILED: something else has taken the name meanwhile, or the machine's reasons. */
enum status outfile_place(struct outfile *f, struct error *err) MUST_USE;
/* Removes what has the name, if it is ours: the earlier file, or the one that was placed. */
void outfile_remove(struct outfile *f);
/* Closes and frees; what was not placed is gone. Takes null. */
void outfile_close(struct outfile *f);

#endif
