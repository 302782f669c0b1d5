/* What libmicrohttpd receives from visitors: requests whose head has been checked (head.h), and in
 * place of one that is refused a request that only we can make, so that our own page answers it and
 * the connection is closed. Without it the library (0.9.75) takes line ends, continued lines and
 * second Host headers that a proxy takes otherwise, and where it refuses something itself it sends
 * the head of its answer twice.
 *
 * The library has no place for a check before its own reader, so the program has a function `recv`
 * of its own, which the library's calls find before that of the C library. It passes all
 * descriptors that were not added here straight to the system. What it keeps for those that were is
 * used by the one thread of the library that serves the connection.
 *
 *     if (checked_recv_start(err) == DONE) ...
 *     struct checked *c = checked_add(fd, 16384, deadline);   the connection is open
 *     ...the library calls recv(fd, ...)...
 *     checked_remove(c);                                      before fd is closed
 */
#ifndef WEAL_HTTP_CHECKED_RECV_H
#define WEAL_HTTP_CHECKED_RECV_H

#include "base/status.h"
#include "http/deadline.h"

#include <stddef.h>

struct checked; /* of one connection */

/* The target of the request that stands for a refused one; no visitor's passes with this byte. */
#define CHECKED_REFUSED_TARGET "\x01"

/* Before the first connection, once. FAILED: the library's calls would not come here. */
enum status checked_recv_start(struct error *err) MUST_USE;
/* Null: the descriptor is beyond those that the process may have. `deadline` may be null. */
struct checked *checked_add(int fd, size_t head_bytes, struct deadline *deadline);
/* The status with which the connection's last request is to be answered; 0: none was refused. */
int checked_refusal(int fd);
void checked_remove(int fd);

#endif
