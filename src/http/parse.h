/* What the network sent, taken apart strictly: path, query, form, cookie, origin. Pure functions
 * that look at bytes only; each has its fuzz target (tests/fuzz/fuzz_web_*.c).
 */
#ifndef WEAL_HTTP_PARSE_H
#define WEAL_HTTP_PARSE_H

#include "base/arena.h"
#include "base/message.h"
#include "base/sent.h"
#include "base/text.h"

enum {
  SESSION_RAW_BYTES = 32,
  SESSION_COOKIE_CHARS = 43, /* base 64 for URLs, without padding */
  FORM_TOKEN_SIZE = 64,      /* the session's token in hexadecimal */
};
#define SESSION_COOKIE "__Host-weal"

/* Takes the request's target apart: the path unescaped (once, here, before any other code reads
 * it), the query as it came. False: no route could match: not beginning with `/`, an escape that is
 * none, `%00`, `%2F`, `%5C`, a control character, a backslash, `//`, a segment `.` or `..`, bytes
 * that are not UTF-8. */
struct target {
  enum language language; /* /cy/...: Welsh */
  /* without the language's prefix, unescaped, in the arena, terminated; begins with `/` */
  struct span path;
  /* the same path as it came, still escaped, with its query: for a link to this page */
  const char *asked;
  struct span query; /* as it came, without `?`; empty: none */
};
bool target_read(const char *raw, struct arena *arena, struct target *out);

/* `a=1&b=2`, percent-decoded once, `+` is a space. REFUSED: a wrong escape, an empty piece, more
 * than LIMIT_WEB_PAIRS. */
enum status pairs_read(struct span raw, struct arena *arena, struct sent **out, int *count,
                       struct error *err) MUST_USE;
/* multipart/form-data. The boundary is taken from the header's value. Of a part with a file name
 * the value is its bytes, within `body`. REFUSED when it breaks RFC 7578. */
enum status parts_read(struct span body, const char *content_type, struct arena *arena,
                       struct sent **out, int *count, struct error *err) MUST_USE;

/* Reads the session's bytes from a Cookie header; false when the cookie is missing, is there twice,
 * or is not as we write it. */
bool cookie_session(const char *header, uint8_t raw[SESSION_RAW_BYTES]);
void cookie_write(const uint8_t raw[SESSION_RAW_BYTES], char out[SESSION_COOKIE_CHARS + 1]);

/* Whether a form came from one of our own pages: the Origin header, or without one the Referer's
 * beginning, is one of `origins` (ended by null). False when both headers are missing. */
bool origin_ours(const char *origin, const char *referer, const char *const *origins);

#endif
