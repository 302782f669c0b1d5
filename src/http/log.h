/* The server's log: a line of JSON each, on standard error, written some times a second by a thread
 * of its own so that no request waits for the disk.
 *
 * No line holds what could identify a person: it has the pattern of the row and not the path that
 * was asked, no address, no cookie, no value of a form.
 */
#ifndef WEAL_HTTP_LOG_H
#define WEAL_HTTP_LOG_H

#include "base/status.h"
#include "base/text.h"

struct log;

struct log_request {
  const char *method; /* GET, HEAD, POST; else OTHER */
  const char *path;   /* of the row, or `-` where there is none */
  int http;
  int64_t microseconds;
  uint64_t bytes;        /* of the reply's body */
  const char *reference; /* of a fault: the page shows the same reference; null: none */
};

enum status log_start(struct log **out, bool quiet, struct error *err) MUST_USE;
void log_stop(struct log *log); /* writes what waits; takes null */
/* nothing with --quiet, unless it has a reference */
void log_request(struct log *log, const struct log_request *line);
/* Something that the server's administrator should know: written at once. `reference` may be
 * null. */
void log_warning(struct log *log, const char *reference, const char *format, ...) PRINTF(3, 4);

#endif
