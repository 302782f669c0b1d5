/* Where the server listens, and how it tells its supervisor that it is ready. */
#ifndef WEAL_HTTP_LISTEN_H
#define WEAL_HTTP_LISTEN_H

#include "base/status.h"
#include <stdbool.h>
#include <sys/socket.h>

/* connections that wait to be taken: a burst of browsers, not more than the kernel allows */
enum { LISTEN_WAITING = 1024 };

struct listening {
  int fd;
  bool loopback;     /* only this machine can reach it */
  int port;          /* 0: a Unix socket */
  char address[108]; /* 127.0.0.1:8080, [::1]:8080, unix:/run/weal/portal.sock, systemd */
  char path[108];    /* of a Unix socket that we made: removed at the end; else empty */
};

/* `address`: 127.0.0.1:8080, [::1]:8080, unix:PATH, `systemd`; null: systemd's socket where there
 * is one, else 127.0.0.1:8080. FAILED when it is in use; the message says what to do next. */
enum status listen_open(const char *address, struct listening *out, struct error *err) MUST_USE;
/* Refuses new connections; clients that have connected, or are in the middle of it, still wait to
 * be accepted. For the end of the server: accept until no connection waits, then close, so that no
 * client that could connect is cut off (closing a socket cuts off all that wait in its queue).
 * Clients that come later are refused when the socket is closed, within a second. A socket of
 * systemd's stays open: connections that wait there are for the next server. */
void listen_refuse_new(struct listening *l);
/* The next connection that waits; negative: none waits, or none can be taken now. */
int listen_accept(const struct listening *l, struct sockaddr_storage *address, socklen_t *size);
void listen_close(struct listening *l);
/* READY=1, STOPPING=1 to the socket that $NOTIFY_SOCKET names (sd_notify's protocol, without its
 * library). */
void listen_notify(const char *state);

#endif
