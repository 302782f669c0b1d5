/* Sockets. */
#include "http/listen.h"
#include "base/refusal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define DEFAULT_ADDRESS "127.0.0.1:8080"
enum { SYSTEMD_FIRST_FD = 3 };

static bool is_loopback(const struct sockaddr *address) {
  if (address->sa_family == AF_INET)
    return (ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24) ==
           127;
  if (address->sa_family == AF_INET6)
    return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
  return false;
}

/* ---- systemd's ---- */

static bool systemd_offers(void) {
  const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
  return pid && count && strtol(pid, NULL, 10) == (long)getpid() && strtol(count, NULL, 10) >= 1;
}

static enum status open_systemd(struct listening *out, struct error *err) {
  if (!systemd_offers())
    return error_set(err, FAILED,
                     "systemd has passed no socket ($LISTEN_FDS); start the service by its socket "
                     "unit, or say --listen %s",
                     DEFAULT_ADDRESS);
  struct sockaddr_storage address = {0};
  socklen_t size = sizeof address;
  out->fd = SYSTEMD_FIRST_FD;
  if (getsockname(out->fd, (struct sockaddr *)&address, &size) != 0)
    return error_errno(err, "the socket that systemd passed could not be read");
  (void)fcntl(out->fd, F_SETFD, FD_CLOEXEC);
  unsetenv("LISTEN_PID");
  unsetenv("LISTEN_FDS");
  out->loopback = is_loopback((struct sockaddr *)&address);
  if (address.ss_family == AF_INET)
    out->port = ntohs(((struct sockaddr_in *)(void *)&address)->sin_port);
  if (address.ss_family == AF_INET6)
    out->port = ntohs(((struct sockaddr_in6 *)(void *)&address)->sin6_port);
  snprintf(out->address, sizeof out->address, "systemd");
  return DONE;
}

/* ---- a Unix socket ---- */

/* Removes a socket file that no process listens on any more (its server was killed). Leaves
 * anything else of that name alone. */
static bool remove_dead(const struct sockaddr_un *address) {
  struct stat at;
  if (lstat(address->sun_path, &at) != 0 || !S_ISSOCK(at.st_mode)) return false;
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool dead = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 &&
              errno == ECONNREFUSED;
  if (fd >= 0) close(fd);
  return dead && unlink(address->sun_path) == 0;
}

static enum status open_unix(const char *path, struct listening *out, struct error *err) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (!*path || strlen(path) >= sizeof address.sun_path)
    return refuse(err, LISTEN_SOCKET_PATH, path, sizeof address.sun_path - 1);
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  out->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (out->fd < 0) return error_errno(err, "no socket could be made");
  bool bound = bind(out->fd, (struct sockaddr *)&address, sizeof address) == 0;
  if (!bound && errno == EADDRINUSE && remove_dead(&address))
    bound = bind(out->fd, (struct sockaddr *)&address, sizeof address) == 0;
  if (!bound && errno == EADDRINUSE)
    return error_set(err, FAILED,
                     "%s is there already; stop the server that uses it, or name another path",
                     path);
  if (!bound) return error_errno(err, "the socket %s could not be made", path);
  if (listen(out->fd, LISTEN_WAITING) != 0)
    return error_errno(err, "the socket %s could not be listened on", path);
  snprintf(out->path, sizeof out->path, "%s", path);
  snprintf(out->address, sizeof out->address, "unix:%.100s", path);
  return DONE;
}

/* ---- an address and port ---- */

static enum status bad_address(const char *text, struct error *err) {
  return refuse(err, LISTEN_ADDRESS, text);
}

static enum status open_port(const char *text, struct listening *out, struct error *err) {
  char host[64];
  const char *colon = strrchr(text, ':');
  bool six = text[0] == '[';
  if (!colon || colon == text || (six && colon[-1] != ']') || (size_t)(colon - text) >= sizeof host)
    return bad_address(text, err);
  snprintf(host, sizeof host, "%.*s", (int)(colon - text) - 2 * six, text + six);
  char *end;
  long port = strtol(colon + 1, &end, 10);
  if (end == colon + 1 || *end || colon[1] < '0' || colon[1] > '9' || port < 1 || port > 65535)
    return bad_address(text, err);
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  struct sockaddr_in6 sixth = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
  if (inet_pton(six ? AF_INET6 : AF_INET, host,
                six ? (void *)&sixth.sin6_addr : (void *)&four.sin_addr) != 1)
    return bad_address(text, err);
  const struct sockaddr *address = six ? (struct sockaddr *)(void *)&sixth
                                       : (struct sockaddr *)(void *)&four;
  int on = 1;
  out->fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (out->fd < 0) return error_errno(err, "no socket could be made");
  /* connections of a server just stopped do not hold the port */
  (void)setsockopt(out->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(out->fd, address, six ? sizeof sixth : sizeof four) != 0 ||
      listen(out->fd, LISTEN_WAITING) != 0) {
    if (errno == EADDRINUSE)
      return error_set(err, FAILED,
                       "another program listens on %s already; stop it, or choose another port "
                       "with --listen 127.0.0.1:%ld",
                       text, port < 65535 ? port + 1 : port - 1);
    return error_errno(err, "%s could not be listened on", text);
  }
  out->loopback = is_loopback(address);
  out->port = (int)port;
  snprintf(out->address, sizeof out->address, "%s", text);
  return DONE;
}

enum status listen_open(const char *address, struct listening *out, struct error *err) {
  enum status status;
  *out = (struct listening){.fd = -1};
  if (!address && systemd_offers()) address = "systemd";
  if (!address) address = DEFAULT_ADDRESS;
  if (strcmp(address, "systemd") == 0) status = open_systemd(out, err);
  else if (strncmp(address, "unix:", 5) == 0) status = open_unix(address + 5, out, err);
  else status = open_port(address, out, err);
  if (status != DONE) listen_close(out);
  return status;
}

/* ---- the end ---- */

/* The segment that begins a connection (SYN without ACK) is dropped, all others pass: the kernel
 * finishes the handshakes that have begun, and a new client tries again a second later. shutdown()
 * would not do: Linux then drops the connections that wait. The filter sees a segment from its TCP
 * header on, in both families. */
static void refuse_port(int fd) {
  enum { FLAGS_AT = 13, SYN = 0x02, SYN_ACK = 0x12 };
  struct sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_AT),   BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SYN_ACK),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYN, 0, 1), BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
  };
  const struct sock_fprog filter = {sizeof steps / sizeof *steps, steps};
  /* Where the kernel has no filters, clients that connect between our last accept and the close are
   * cut off: a few microseconds. */
  (void)setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

void listen_refuse_new(struct listening *l) {
  if (strcmp(l->address, "systemd") == 0) return;
  if (l->port) {
    refuse_port(l->fd);
    return;
  }
  if (l->path[0]) unlink(l->path);
  l->path[0] = '\0';        /* another process may listen under this name from now on */
  shutdown(l->fd, SHUT_RD); /* of a Unix socket: connections that wait can still be accepted */
}

int listen_accept(const struct listening *l, struct sockaddr_storage *address, socklen_t *size) {
  if (l->fd < 0 || strcmp(l->address, "systemd") == 0) return -1;
  int connection;
  do {
    *size = sizeof *address;
    connection = accept4(l->fd, (struct sockaddr *)address, size, SOCK_CLOEXEC | SOCK_NONBLOCK);
  } while (connection < 0 && (errno == EINTR || errno == ECONNABORTED));
  return connection;
}

void listen_close(struct listening *l) {
  if (l->fd >= 0) close(l->fd);
  if (l->path[0]) unlink(l->path);
  l->fd = -1;
  l->path[0] = '\0';
}

void listen_notify(const char *state) {
  const char *path = getenv("NOTIFY_SOCKET");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (!path || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof address.sun_path)
    return;
  memcpy(address.sun_path, path, strlen(path));
  if (path[0] == '@') address.sun_path[0] = '\0'; /* an abstract name */
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  (void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
                (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path)));
  close(fd);
}
