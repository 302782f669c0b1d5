/* Where the server listens, and how it tells whoever started it. */
#ifndef WEAL_HTTP_LISTEN_H
#define WEAL_HTTP_LISTEN_H

#include "base/status.h"
#include <stdbool.h>
#include <sys/socket.h>

/* connections that wait to be taken: a burst of browsers, not more than the kernel allows */
enum { LISTEN_WAITING = 1024 };

struct listening {
  int fd;
  bool loopback;     /* nobody but this machine can reach it */
  int port;          /* 0: a Unix socket */
  char address[108]; /* 127.0.0.1:8080, [::1]:8080, unix:/run/weal/portal.sock, systemd */
  char path[108];    /* of a Unix socket that we made: removed at the end; else empty */
};

/* `address`: 127.0.0.1:8080, [::1]:8080, unix:PATH, `systemd`; null: systemd's socket where there
 * is one, else 127.0.0.1:8080. FAILED with a next step when it is in use. */
enum status listen_open(const char *address, struct listening *out, struct error *err) MUST_USE;
/* Nobody new can connect; who has connected, or is about to, waits as before to be accepted. For
 * the end: accept until nobody waits, then close, so that nobody who could connect is cut off (a
 * closed socket cuts off all who wait in its queue). Who comes later is refused when it is closed,
 * within a second. A socket of systemd's is left as it is: those who wait are for the next of
 * us. */
void listen_refuse_new(struct listening *l);
/* The next who waits; negative: nobody, or none can be taken now. */
int listen_accept(const struct listening *l, struct sockaddr_storage *address, socklen_t *size);
void listen_close(struct listening *l);
/* READY=1, STOPPING=1 to the socket that $NOTIFY_SOCKET names (sd_notify's protocol, without its
 * library). */
void listen_notify(const char *state);

#endif
