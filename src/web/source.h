/* Where a request comes from: the address of the client, or behind the trusted proxy the one that
 * the proxy saw. Of an IPv6 address only the first half counts, since a household's line has
 * thousands of addresses with the same one. The network is what one holder usually has as a whole:
 * /24 of IPv4, /48 of IPv6 (RFC 6177).
 *
 *     source_read("203.0.113.7", &source);          203.0.113.7, 203.0.113.0/24
 *     source_read("[2001:db8:1:2::3]:4711", ...)    2001:db8:1:2::/64, 2001:db8:1::/48
 */
#ifndef WEAL_WEB_SOURCE_H
#define WEAL_WEB_SOURCE_H

#include "base/text.h"

#include <sys/socket.h>

enum { SOURCE_SIZE = 64 }; /* an IPv6 address, `/64` and the terminating zero */

struct source {
  char address[SOURCE_SIZE], network[SOURCE_SIZE];
};

/* An address as a text, with or without its port. What is none is `unknown`, so that all such share
 * their limits. */
void source_read(struct span text, struct source *out);
/* The address of the other end; `unix` of a socket that has none. `address` may be null. */
void source_of_socket(const struct sockaddr *address, struct source *out);

#endif
