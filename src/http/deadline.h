/* Total deadlines against slow clients: a thread looks four times a second and shuts connections
 * down whose request has taken too long to arrive, however they trickle, or that have been idle too
 * long, or whose sender hung up in the middle. Shutting down makes the server's own thread see the
 * end and close; we never close a descriptor of its.
 *
 * A connection is added when it is opened and must be taken away before its descriptor is closed
 * (the server's notice of a closed connection), so that a descriptor used again is never shut for
 * what its former owner did.
 */
#ifndef WEAL_HTTP_DEADLINE_H
#define WEAL_HTTP_DEADLINE_H

#include "base/status.h"
#include <stdbool.h>
#include <stdint.h>

struct deadlines;
struct deadline; /* of one connection */

enum deadline_phase {
  DEADLINE_IDLE,      /* between requests: idle_seconds */
  DEADLINE_SILENT,    /* opened, and no request line yet: its time counts as ARRIVING */
  DEADLINE_ARRIVING,  /* a request has begun: request_seconds until it has arrived whole */
  DEADLINE_UPLOADING, /* the same of a request that brings a file: upload_seconds */
  DEADLINE_ANSWERING, /* we work: no limit */
  DEADLINE_SENDING    /* the reply goes out: send_seconds */
};

struct deadline_limits {
  int64_t idle_seconds, request_seconds, upload_seconds, send_seconds;
};

enum status deadlines_start(struct deadlines **out, const struct deadline_limits *limits,
                            void (*shut)(void *context), void *context, struct error *err) MUST_USE;
/* `shut` (may be null) is called for each connection that is shut. A connection begins SILENT: who
 * connects and says nothing has the time of one request. */
struct deadline *deadline_add(struct deadlines *d, int fd);
/* Cheap. Setting the phase that it has already does not move its time. */
void deadline_phase(struct deadline *c, enum deadline_phase phase);
void deadline_remove(struct deadlines *d, struct deadline *c); /* takes a null connection */
/* Whether anybody has a request under way or unread, or, with `silent_too`, has just come; who has
 * hung up in the middle of theirs does not count. */
bool deadlines_busy(struct deadlines *d, bool silent_too);
void deadlines_stop(struct deadlines *d); /* takes null */

#endif
