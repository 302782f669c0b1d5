/* Sessions, and drafts of journeys that were begun in a session and are not finished: the tables
 * `session` and `draft`. A session is identified by 32 bytes, the SHA-256 of its cookie; times are
 * seconds since 1970. The portal decides how long a session lasts. Functions that write run inside
 * the caller's write transaction.
 */
#ifndef WEAL_REGISTER_SESSIONS_H
#define WEAL_REGISTER_SESSIONS_H

#include "base/arena.h"
#include "store/store.h"

enum { SESSION_ID_BYTES = 32 };

struct session_record {
  int64_t person, started, used; /* person 0: there is no such session, or it has ended */
  const char *reason;            /* in the arena; null: none was given */
};
enum status sessions_find(struct store *store, struct arena *arena,
                          const uint8_t id[SESSION_ID_BYTES], struct session_record *out,
                          struct error *err) MUST_USE;
enum status sessions_insert(struct store *store, const uint8_t id[SESSION_ID_BYTES], int64_t person,
                            int64_t now, struct error *err) MUST_USE;
enum status sessions_touch(struct store *store, const uint8_t id[SESSION_ID_BYTES], int64_t now,
                           struct error *err) MUST_USE;
enum status sessions_set_reason(struct store *store, const uint8_t id[SESSION_ID_BYTES],
                                struct span reason, struct error *err) MUST_USE;
enum status sessions_end(struct store *store, const uint8_t id[SESSION_ID_BYTES], int64_t now,
                         struct error *err) MUST_USE;
enum status sessions_end_all(struct store *store, int64_t person, int64_t now,
                             struct error *err) MUST_USE;
/* Removes, with their drafts: a person's sessions that ended, or were last used before `used` or
 * begun before `started`; and everybody's that were last used before `used`. */
enum status sessions_remove_of(struct store *store, int64_t person, int64_t used, int64_t started,
                               struct error *err) MUST_USE;
enum status sessions_remove_old(struct store *store, int64_t used, struct error *err) MUST_USE;

/* A JSON object; null: nothing is begun. */
enum status drafts_read(struct store *store, struct arena *arena,
                        const uint8_t session[SESSION_ID_BYTES], const char *journey,
                        const char **answers, struct error *err) MUST_USE;
enum status drafts_write(struct store *store, const uint8_t session[SESSION_ID_BYTES],
                         const char *journey, struct span answers, struct error *err) MUST_USE;
enum status drafts_delete(struct store *store, const uint8_t session[SESSION_ID_BYTES],
                          const char *journey, struct error *err) MUST_USE;

#endif
