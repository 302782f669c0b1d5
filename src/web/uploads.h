/* Files that somebody has brought in and not posted yet: each belongs to whoever brought it, who
 * looks at what it would do, changes what its columns mean, and posts it once. They are in the
 * portal's own folder and in memory, so a portal that stops forgets them and the book knows nothing
 * of them. A file goes when it was posted, UPLOAD_SECONDS after it came, or when the same person
 * brings more than UPLOADS_EACH: the oldest of theirs. Nobody's file goes for another person's: a
 * new one is refused while UPLOADS_MOST are there.
 *
 * What is posted is what was shown. An answer (a profile in a file of its own, never written again)
 * and what came of trying the file by it change together, here, under the lock, and get a new
 * number, the preview. Whoever posts names the preview that they saw; while a file is posted,
 * nothing of it changes.
 *
 *     struct upload_seen u;
 *     if (!upload_see(uploads, token, person, arena, &u)) ... none of theirs
 *     ... u.tried stays as it is, whatever others do, until
 *     upload_let_go(uploads, &u);
 *
 *     upload_profile(&u, rules, arena, &profile, &err);
 *     turn = upload_answer(uploads, u.token, person, profile, tried);        takes both
 *     turn = upload_begin(uploads, u.token, person, number, arena, &u);      the post
 *     upload_end(uploads, token, posted);
 */
#ifndef WEAL_WEB_UPLOADS_H
#define WEAL_WEB_UPLOADS_H

#include "action/importing.h"
#include "exchange/preview.h"
#include "exchange/profile_new.h"

enum { UPLOADS_EACH = 3, UPLOADS_MOST = 32, UPLOAD_SECONDS = 3600, UPLOAD_TOKEN_SIZE = 33 };

/* What came of trying it: in an arena of its own. Nothing but `users` changes once it is given to
 * upload_answer. */
struct upload_tried {
  struct arena *arena;
  int64_t number; /* of the preview, unlike all others; upload_answer gives it */
  /* body_profiles_last when it was tried: another profile may read the file once it is higher */
  int64_t profiles;
  int users; /* the upload, and who looks at it; owned by uploads.c */
  struct import_preview preview;
  struct import_file file;
  enum status status;
  struct error err;
  struct reject *rejects; /* the first */
  int reject_count;
  struct profile_look look;
};

/* An upload at one moment: copies in the arena, and the tried result, held. */
struct upload_seen {
  const char *token, *path, *name;
  bool people;                /* a body's own export of people; else payments */
  const char *body, *date;    /* as they were given; empty: not */
  const char *profile;        /* file of what was answered; null: nothing was */
  const char *previewed;      /* by which profile the preview that stands read it */
  int64_t profiles;           /* as of struct upload_tried */
  struct upload_tried *tried; /* null: not yet */
  bool posting;
  int64_t job; /* while it is posted; 0: not known yet */
};

/* What came of changing or posting one. */
enum upload_turn {
  UPLOAD_TAKEN,
  UPLOAD_NOT_THERE, /* none of theirs, or gone meanwhile */
  UPLOAD_POSTING,   /* it is being posted: nothing was changed */
  UPLOAD_OTHER      /* another preview than this stands now, or none that can be posted */
};

struct uploads;
/* Files that are too old go once a minute. */
enum status uploads_start(struct uploads **out, struct error *err) MUST_USE;
void uploads_stop(struct uploads *all); /* takes null */

/* What is told with a file. */
struct upload_told {
  bool people; /* it is a body's own export of people; else payments */
  struct span body, date;
};
/* Moves the file of the upload's field (a path that ends in `+` and its name) into a folder of its
 * own and keeps it; *token is in the arena. REFUSED with the minutes to wait when there is no
 * room. */
enum status uploads_add(struct uploads *all, int64_t person, const char *field,
                        const struct upload_told *told, struct arena *arena, const char **token,
                        struct error *err) MUST_USE;
/* False: this person has none such. */
bool upload_see(struct uploads *all, struct span token, int64_t person, struct arena *arena,
                struct upload_seen *out) MUST_USE;
void upload_let_go(struct uploads *all, const struct upload_seen *seen);

/* Writes an answer's rules into a new file beside the upload's; its path is in the arena. It goes
 * with upload_answer or upload_profile_drop. */
enum status upload_profile(const struct upload_seen *seen, struct span rules, struct arena *arena,
                           const char **path, struct error *err) MUST_USE;
void upload_profile_drop(const char *path); /* takes null */
/* Both take the place of the ones before (profile null: none was answered), or both are dropped and
 * the preview that stands stays. */
enum upload_turn upload_answer(struct uploads *all, const char *token, int64_t person,
                               const char *profile, struct upload_tried *tried) MUST_USE;
void upload_tried_free(struct upload_tried *tried); /* before it was given; takes null */

/* Begins to post the preview `number`. UPLOAD_TAKEN: *out has it, without `tried`, and nothing of
 * it changes until upload_end. UPLOAD_POSTING: out->job is the run under way. */
enum upload_turn upload_begin(struct uploads *all, struct span token, int64_t person,
                              int64_t number, struct arena *arena,
                              struct upload_seen *out) MUST_USE;
/* Which run posts it; one that has ended already is no fault. */
void upload_run(struct uploads *all, const char *token, int64_t job);
/* What was posted goes, else it can be posted again. */
void upload_end(struct uploads *all, const char *token, bool posted);

#endif
