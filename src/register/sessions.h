/* Sessions, drafts of journeys that were begun in a session and are not finished, and why staff
 * look at somebody: the tables `session`, `draft` and `look_reason`. A session is identified by 32
 * bytes, the SHA-256 of its cookie; times are seconds since 1970. The portal decides how long a
 * session lasts. Functions that write run inside the caller's write transaction.
 */
#ifndef WEAL_REGISTER_SESSIONS_H
#define WEAL_REGISTER_SESSIONS_H

#include "base/arena.h"
#include "store/store.h"

enum { SESSION_ID_BYTES = 32 };

struct session_record {
  int64_t person, started, used; /* person 0: there is no such session, or it has ended */
};
enum status sessions_find(struct store *store, const uint8_t id[SESSION_ID_BYTES],
                          struct session_record *out, struct error *err) MUST_USE;
enum status sessions_insert(struct store *store, const uint8_t id[SESSION_ID_BYTES], int64_t person,
                            int64_t now, struct error *err) MUST_USE;
enum status sessions_touch(struct store *store, const uint8_t id[SESSION_ID_BYTES], int64_t now,
                           struct error *err) MUST_USE;
enum status sessions_end(struct store *store, const uint8_t id[SESSION_ID_BYTES], int64_t now,
                         struct error *err) MUST_USE;
enum status sessions_end_all(struct store *store, int64_t person, int64_t now,
                             struct error *err) MUST_USE;
/* Removes, with their drafts and reasons: a person's sessions that ended, or were last used before
 * `used` or begun before `started`; and everybody's that were last used before `used`. */
enum status sessions_remove_of(struct store *store, int64_t person, int64_t used, int64_t started,
                               struct error *err) MUST_USE;
enum status sessions_remove_old(struct store *store, int64_t used, struct error *err) MUST_USE;

/* ---- why staff look: a reason for one person ---- */

/* Keeps the reason with which the session may open the record of this person (a surviving one),
 * and no other. `found`: in a search, so that it opens one of those who were found, the first. */
struct reason_given {
  int64_t party, now;
  struct span reason;
  bool found;
};
enum status reasons_keep(struct store *store, const uint8_t session[SESSION_ID_BYTES],
                         const struct reason_given *given, struct error *err) MUST_USE;
/* Takes away those of a search that opened nobody: before another search. */
enum status reasons_drop_found(struct store *store, const uint8_t session[SESSION_ID_BYTES],
                               struct error *err) MUST_USE;
/* The reason for this person that holds at `now`, in the arena; null: none. */
enum status reasons_find(struct store *store, struct arena *arena,
                         const uint8_t session[SESSION_ID_BYTES], int64_t party, int64_t now,
                         const char **reason, struct error *err) MUST_USE;
/* The record is opened: the reason holds from now on for this person, and where it was of a search,
 * for nobody else who was found. */
enum status reasons_use(struct store *store, const uint8_t session[SESSION_ID_BYTES], int64_t party,
                        int64_t now, struct error *err) MUST_USE;

/* A JSON object; null: nothing is begun. */
enum status drafts_read(struct store *store, struct arena *arena,
                        const uint8_t session[SESSION_ID_BYTES], const char *journey,
                        const char **answers, struct error *err) MUST_USE;
enum status drafts_write(struct store *store, const uint8_t session[SESSION_ID_BYTES],
                         const char *journey, struct span answers, struct error *err) MUST_USE;
enum status drafts_delete(struct store *store, const uint8_t session[SESSION_ID_BYTES],
                          const char *journey, struct error *err) MUST_USE;

#endif
