/* Files that somebody has brought in and not posted yet: each belongs to whoever brought it, who
 * looks at what it would do, changes what its columns mean, and posts it once. They are in the
 * portal's own folder and in memory, so a portal that stops forgets them and the book knows nothing
 * of them. A file goes when it was posted, UPLOAD_SECONDS after it came, or when the same person
 * brings more than UPLOADS_EACH.
 *
 *     struct upload *u = uploads_take(uploads, token, person);       locked; null: none of theirs
 *     ...
 *     uploads_give(uploads);
 */
#ifndef WEAL_WEB_UPLOADS_H
#define WEAL_WEB_UPLOADS_H

#include "action/importing.h"
#include "exchange/preview.h"
#include "exchange/profile_new.h"

enum { UPLOADS_EACH = 3, UPLOADS_MOST = 32, UPLOAD_SECONDS = 3600, UPLOAD_TOKEN_SIZE = 33 };

/* What came of trying it: in an arena of its own. */
struct upload_tried {
  struct arena *arena;
  struct import_preview preview;
  struct import_file file;
  enum status status;
  struct error err;
  struct reject *rejects; /* the first */
  int reject_count;
  struct profile_look look;
};

struct upload {
  char token[UPLOAD_TOKEN_SIZE];
  int64_t person, made;
  char *folder, *path, *name; /* malloc */
  char *body, *date;          /* as they were given; empty: not */
  char *profile;              /* file of what was changed; null: nothing was */
  struct upload_tried *tried; /* null: not yet */
  bool posting;
  int64_t job; /* while it is posted */
};

struct uploads;
/* Files that are too old go once a minute. */
enum status uploads_start(struct uploads **out, struct error *err) MUST_USE;
void uploads_stop(struct uploads *all); /* takes null */

/* Moves the file of the upload's field (a path that ends in `+` and its name) into a folder of its
 * own and keeps it; *token is in the arena. */
enum status uploads_add(struct uploads *all, int64_t person, const char *field, struct span body,
                        struct span date, struct arena *arena, const char **token,
                        struct error *err) MUST_USE;
struct upload *uploads_take(struct uploads *all, struct span token, int64_t person);
void uploads_give(struct uploads *all);
/* Ends the posting: what was posted goes, else it can be posted again. */
void uploads_posted(struct uploads *all, const char *token, bool posted);
void upload_tried_free(struct upload_tried *tried); /* takes null */

#endif
