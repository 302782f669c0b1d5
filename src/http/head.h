/* The head of a request, checked before libmicrohttpd reads it (checked_recv.h). What two readers
 * of the same bytes could take differently is refused here (RFC 9112, sections 2.2, 3, 5, 6, 11.2):
 *
 *   a line that does not end in CR LF; CR, LF or NUL within one; a line that goes on in the next
 *   (obs-fold); a blank before a colon; a header without a name; no Host, or two; two lengths of
 *   the body, one that is no number, one beside Transfer-Encoding; two of Cookie, Origin,
 *   Content-Type or Expect; another version than HTTP/1.0 or 1.1; more than the library has room
 *   for
 *
 *     struct head head = {.most_bytes = 16384};
 *     while (head_look(&head, bytes) == HEAD_MORE) ...`bytes` grows by what comes next...
 *
 * Pure: looks at bytes only, each of them once, however they come (tests/fuzz/fuzz_head.c).
 */
#ifndef WEAL_HTTP_HEAD_H
#define WEAL_HTTP_HEAD_H

#include "base/text.h"

enum { HEAD_NAME_BYTES = 64 };
enum head_is { HEAD_MORE, HEAD_WHOLE, HEAD_REFUSED };

struct head {
  /* Set by the caller; the rest is zero at the beginning. A name and its value, in a header, the
   * query or a cookie, count HEAD_NAME_BYTES more: so much the library keeps of it. */
  size_t most_bytes;
  size_t size;        /* HEAD_WHOLE: its bytes, with the empty line that ends it */
  int64_t body_bytes; /* HEAD_WHOLE: of the body that follows */
  int http;           /* HEAD_REFUSED: the status to answer with: 400, 411, 431 */
  bool is_head;       /* the method is HEAD: the answer has no body */

  size_t line;        /* where the line begins that is not whole yet */
  size_t searched;    /* its end was looked for up to here */
  int lines;          /* that came, the empty one before the first not counted */
  size_t names_bytes; /* that names take besides the head itself */
  unsigned seen;      /* bits: headers that may be there once */
  bool is_old;        /* HTTP/1.0 */
};

/* `bytes`: all of the request that has come so far, which may be more than its head; must begin
 * with what it held at the call before. */
enum head_is head_look(struct head *head, struct span bytes);

#endif
