/* The end of a listening socket: clients that have connected are accepted, later ones are refused,
 * and none is lost in between. */
#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static struct error err;

static int any_port(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
  close(fd);
  return ntohs(address.sin_port);
}

static int begin_connecting(int port, bool six) {
  struct sockaddr_in four = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct sockaddr_in6 sixth = {.sin6_family = AF_INET6,
                               .sin6_port = htons((uint16_t)port),
                               .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  int fd = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int rc = six ? connect(fd, (struct sockaddr *)&sixth, sizeof sixth)
               : connect(fd, (struct sockaddr *)&four, sizeof four);
  assert_true(rc == 0 || errno == EINPROGRESS);
  return fd;
}

/* 0: not connected yet; 1: connected; an errno, negative: refused. */
static int state_of(int fd, int wait_ms) {
  struct pollfd ready = {.fd = fd, .events = POLLOUT};
  int error = 0;
  socklen_t size = sizeof error;
  if (poll(&ready, 1, wait_ms) == 0) return 0;
  assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size), 0);
  return error ? -error : 1;
}

static void exchange_a_byte(int client, int server) {
  char byte = 0;
  struct pollfd ready = {.fd = server, .events = POLLIN};
  assert_int_equal(send(client, "x", 1, MSG_NOSIGNAL), 1);
  assert_int_equal(poll(&ready, 1, 5000), 1);
  assert_int_equal(recv(server, &byte, 1, 0), 1);
  assert_int_equal(byte, 'x');
}

static void turns_away_who_comes_later(const char *host, bool six) {
  struct listening l;
  struct sockaddr_storage address;
  socklen_t size;
  char text[64];
  int port = any_port();
  snprintf(text, sizeof text, "%s:%d", host, port);
  assert_int_equal(listen_open(text, &l, &err), DONE);
  int before = begin_connecting(port, six);
  assert_int_equal(state_of(before, 5000), 1); /* in the queue, not accepted yet */
  listen_refuse_new(&l);
  int after = begin_connecting(port, six);
  /* neither connected nor refused, so the client has sent nothing */
  assert_int_equal(state_of(after, 300), 0);
  int server = listen_accept(&l, &address, &size);
  assert_true(server >= 0);
  exchange_a_byte(before, server);
  assert_true(listen_accept(&l, &address, &size) < 0);
  listen_close(&l);
  exchange_a_byte(before, server);
  assert_int_equal(state_of(after, 10000), -ECONNREFUSED); /* it tried again */
  close(before), close(after), close(server);
}

static void a_port_is_closed_in_order(void **state) {
  (void)state;
  turns_away_who_comes_later("127.0.0.1", false);
}

static void an_ipv6_port_is_closed_in_order(void **state) {
  (void)state;
  int fd = socket(AF_INET6, SOCK_STREAM, 0);
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  bool there = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
  if (fd >= 0) close(fd);
  if (!there) skip();
  turns_away_who_comes_later("[::1]", true);
}

static void a_unix_socket_is_closed_in_order(void **state) {
  (void)state;
  struct listening l;
  struct sockaddr_storage address;
  socklen_t size;
  char folder[] = "/tmp/weal-listen-XXXXXX", text[108];
  struct sockaddr_un at = {.sun_family = AF_UNIX};
  assert_non_null(mkdtemp(folder));
  snprintf(at.sun_path, sizeof at.sun_path, "%s/s", folder);
  snprintf(text, sizeof text, "unix:%s/s", folder);
  assert_int_equal(listen_open(text, &l, &err), DONE);
  /* Two ways to the same socket: by its path, and by another name that is still there after the
   * path is removed, as for a client that has resolved the path already. */
  struct sockaddr_un other = {.sun_family = AF_UNIX};
  snprintf(other.sun_path, sizeof other.sun_path, "%s/t", folder);
  assert_int_equal(link(at.sun_path, other.sun_path), 0);
  int before = socket(AF_UNIX, SOCK_STREAM, 0), after = socket(AF_UNIX, SOCK_STREAM, 0);
  assert_int_equal(connect(before, (struct sockaddr *)&at, sizeof at), 0);
  listen_refuse_new(&l);
  assert_true(connect(after, (struct sockaddr *)&at, sizeof at) != 0 && errno == ENOENT);
  assert_true(connect(after, (struct sockaddr *)&other, sizeof other) != 0 &&
              errno == ECONNREFUSED);
  int server = listen_accept(&l, &address, &size);
  assert_true(server >= 0);
  assert_true(listen_accept(&l, &address, &size) < 0);
  listen_close(&l);
  exchange_a_byte(before, server);
  close(before), close(after), close(server);
  unlink(other.sun_path);
  assert_int_equal(rmdir(folder), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_port_is_closed_in_order),
      cmocka_unit_test(an_ipv6_port_is_closed_in_order),
      cmocka_unit_test(a_unix_socket_is_closed_in_order),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
