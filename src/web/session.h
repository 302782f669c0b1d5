/* Who is signed in. The browser holds 32 random bytes in the cookie; the store holds their SHA-256,
 * so that a reader of the store cannot sign in as anybody.
 *
 * A session ends after 30 minutes without a request, after 12 hours in all, when the person signs
 * out here or everywhere. Each sign-in has a new one.
 */
#ifndef WEAL_WEB_SESSION_H
#define WEAL_WEB_SESSION_H

#include "http/config.h"
#include "http/parse.h"
#include "web/request.h"

enum { SESSION_USED_SECONDS = 60 }; /* how often `used` is written: not at every request */

/* Begins a session, inside a write transaction, and ends the session that the request came with.
 * `cookie` is a whole Set-Cookie line, in the request's arena. */
enum status session_begin(struct request *r, int64_t person, int64_t now, const char **cookie,
                          struct error *err) MUST_USE;
/* Fills the visitor: signed out (person 0) when there is no such session or it has ended. *touch:
 * `used` should be written (sessions_touch). */
enum status session_find(struct store *store, struct arena *arena,
                         const uint8_t raw[SESSION_RAW_BYTES], int64_t now,
                         const struct config *config, struct visitor *out, bool *touch,
                         struct error *err) MUST_USE;
/* Ends this session, or all of the person's. `cookie`: the line that removes the browser's
 * cookie. */
enum status session_end(struct request *r, bool everywhere, int64_t now, const char **cookie,
                        struct error *err) MUST_USE;

#endif
