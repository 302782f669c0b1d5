/* The access log as the person whose record was read sees it, and objections to an access.
 * (register_note_access writes the log.) Functions that write run inside the caller's write
 * transaction.
 */
#ifndef WEAL_REGISTER_ACCESS_LOG_H
#define WEAL_REGISTER_ACCESS_LOG_H

#include "register/delegation.h"
#include "register/role_grants.h"

enum { ACCESS_LOG_PAGE_MOST = 100, OBJECTION_BYTES_MAX = 2000, ACCESS_KEY_SIZE = 38 };

/* Who made an access, for the page of the person whose record was read. */
enum viewer_kind {
  VIEWER_SELF,
  VIEWER_HELPER, /* was the person's helper on that day; `what`: how the person calls them */
  VIEWER_ROLE,   /* had role grants (`role_grants`) on that day */
  VIEWER_PERSON, /* a person of the register, with neither */
  /* a user of the machine, by the name in `who`; or a person who was erased since */
  VIEWER_OPERATOR
};
struct viewer {
  enum viewer_kind kind;
  int64_t person;   /* 0: VIEWER_OPERATOR */
  const char *name; /* null: VIEWER_OPERATOR */
  const char *what;
  /* role grants of that day (bodies_by_id has the bodies' names) */
  struct role_grant *role_grants;
  int role_grant_count;
};
/* `who` as in the log (`id:P000001`), `at` the moment, RFC 3339. `person`: whose record was
 * read. */
enum status access_log_viewer(struct store *store, struct arena *arena, int64_t person,
                              const char *who, const char *at, struct viewer *out,
                              struct error *err) MUST_USE;

struct access_note {
  const char *at, *who, *what, *why;
  struct viewer viewer;
  int64_t objection;         /* the person's objection to it; 0: none */
  char key[ACCESS_KEY_SIZE]; /* identifies it in a form: letters, digits, `-` and `:` */
};
/* Newest first; skips `skip`, gives at most `most` (ACCESS_LOG_PAGE_MOST); *total of all. Includes
 * accesses to records that were merged into the person, but not runs over everyone (party 0). */
struct access_log_page {
  int64_t skip;
  int most;
  bool others_only; /* leaves out the person's own accesses */
};
enum status access_log_of(struct store *store, struct arena *arena, int64_t person,
                          const struct access_log_page *page, struct access_note **out, int *count,
                          int64_t *total, struct error *err) MUST_USE;

/* The access note with this key, without who made it. REFUSED: there is no such access to this
 * person's record. */
enum status access_note_by_key(struct store *store, struct arena *arena, int64_t person,
                               struct span key, struct access_note *out,
                               struct error *err) MUST_USE;

/* Who looked since a moment (RFC 3339, or a part of one), one by one, the earliest first, at most
 * 500: register_* as for exports (register/names.h). */
struct viewer_count {
  const char *who, *last;                /* in the arena; `last`: when, RFC 3339 */
  int64_t looks, records, over_everyone; /* at one record; at how many; at everyone at once */
};
enum status access_log_viewers(struct store *store, struct arena *arena, const char *since,
                               struct viewer_count **out, int *count, struct error *err) MUST_USE;

struct objection {
  int64_t party, id;
  const char *access_at, *access_who, *access_what, *words, *at;
  const char *answer, *answered_at, *answered_by; /* null: not answered yet */
};
/* REFUSED: no such access to this person's record, objected already, words empty or too long
 * (err->column `words`). */
enum status objection_make(struct store *store, struct arena *arena, int64_t person,
                           struct span key, struct span words, int64_t *id,
                           struct error *err) MUST_USE;
/* A person's own objections, newest first; and all of them for administrators: those without an
 * answer first, then newest first. */
enum status objections_of(struct store *store, struct arena *arena, int64_t person,
                          struct objection **out, int *count, struct error *err) MUST_USE;
enum status objections_all(struct store *store, struct arena *arena, struct objection **out,
                           int *count, struct error *err) MUST_USE;
enum status objections_waiting(struct store *store, int64_t *count, struct error *err) MUST_USE;
/* An administrator answers (the caller has checked that). REFUSED: no such objection, answered
 * already, answer empty or too long (err->column `answer`). */
enum status objection_answer(struct store *store, int64_t person, int64_t id, struct span answer,
                             const char *who, struct error *err) MUST_USE;

#endif
