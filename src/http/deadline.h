/* Total deadlines against slow clients. Four times a second a thread shuts down connections whose
 * request has taken too long to arrive (even if bytes keep coming), that have been idle too long,
 * or whose sender hung up in the middle. After the shutdown the server's own thread sees the end
 * and closes the descriptor; we never close one of the server's descriptors.
 *
 * A connection is added when it is opened and must be taken away before its descriptor is closed
 * (the server's notice of a closed connection), so that we never shut a descriptor that already
 * serves another connection.
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
/* `shut` (may be null) is called for each connection that is shut. A connection begins SILENT: a
 * client that connects and sends nothing has the time of one request. */
struct deadline *deadline_add(struct deadlines *d, int fd);
/* Cheap. Setting the phase that the connection already has does not restart its time. */
void deadline_phase(struct deadline *c, enum deadline_phase phase);
void deadline_remove(struct deadlines *d, struct deadline *c); /* takes a null connection */
/* Whether any connection has a request under way or unread, or, with `silent_too`, has just been
 * opened. A connection whose sender hung up in the middle of a request does not count. */
bool deadlines_busy(struct deadlines *d, bool silent_too);
void deadlines_stop(struct deadlines *d); /* takes null */

#endif
