/* What the server's library receives (src/http/checked_recv.h), over a pair of sockets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "http/checked_recv.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define REFUSED "GET " CHECKED_REFUSED_TARGET " HTTP/1.0\r\n\r\n"

static void take_all(int fd, size_t room, struct text *out) {
  char bytes[4096];
  ssize_t n;
  while ((n = recv(fd, bytes, room, 0)) > 0) text_add_bytes(out, bytes, (size_t)n);
  assert_true(n == 0 || errno == EAGAIN);
}

/* Sends it in pieces of `step`, reads with `room`; what the library sees. */
static int through(const char *sent, size_t step, size_t room, struct text *out) {
  struct error err = {0};
  int ends[2];
  assert_int_equal(checked_recv_start(&err), DONE);
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
  assert_non_null(checked_add(ends[1], 16384, NULL));
  for (size_t at = 0, size = strlen(sent); at < size; at += step) {
    size_t n = size - at < step ? size - at : step;
    assert_int_equal(send(ends[0], sent + at, n, 0), n);
    take_all(ends[1], room, out);
  }
  int http = checked_refusal(ends[1]);
  checked_remove(ends[1]);
  close(ends[0]);
  close(ends[1]);
  return http;
}

static void check(const char *sent, const char *wanted, int http) {
  static const size_t sizes[] = {1, 2, 3, 7, 50, 4096};
  enum { SIZES = sizeof sizes / sizeof *sizes };
  for (int i = 0; i < SIZES; i++)
    for (int j = 0; j < SIZES; j++) {
      struct text out = {0};
      assert_int_equal(through(sent, sizes[i], sizes[j], &out), http);
      assert_string_equal(out.bytes ? out.bytes : "", wanted);
      text_release(&out);
    }
}

#define ONE "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
#define FORM "POST /b HTTP/1.1\r\nHost: x\r\ncontent-length: 9\r\n\r\na=1\r\n\r\n\r\n"

static void sound_requests_come_as_they_were_sent(void **state) {
  (void)state;
  check(ONE, ONE, 0);
  check(ONE FORM ONE, ONE FORM ONE, 0);
  check(FORM FORM, FORM FORM, 0);
  check("GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", 0);
}

static void a_head_that_is_not_whole_is_kept(void **state) {
  (void)state;
  check("GET /a HTTP/1.1\r\nHost: x\r\n", "", 0);
  check(ONE "GET /a HTTP/1.1\r\nHost: x\r\n", ONE, 0);
}

static void a_refused_head_ends_what_comes(void **state) {
  (void)state;
  check("GET / HTTP/1.1\r\n\r\n", REFUSED, 400);
  check(ONE FORM "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" ONE, ONE FORM REFUSED, 400);
  check(FORM "x\r\n" ONE, FORM REFUSED, 400);
  check("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" ONE, REFUSED,
        411);
  check("HEAD / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "HEAD " CHECKED_REFUSED_TARGET " HTTP/1.0\r\n\r\n",
        400);
}

static void other_descriptors_are_not_looked_at(void **state) {
  int ends[2];
  char bytes[8] = "";
  (void)state;
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  assert_int_equal(send(ends[0], "a\nb", 3, 0), 3);
  assert_int_equal(recv(ends[1], bytes, sizeof bytes, MSG_PEEK), 3);
  assert_int_equal(recv(ends[1], bytes, sizeof bytes, 0), 3);
  assert_string_equal(bytes, "a\nb");
  close(ends[0]);
  close(ends[1]);
}

static atomic_bool receiving_ends;

static void *receive_on(void *context) {
  const int *fd = context;
  char byte;
  while (!atomic_load(&receiving_ends)) (void)recv(*fd, &byte, 1, MSG_DONTWAIT);
  return NULL;
}

/* In a process of its own, since it is made once: 0 when it ended as it should. */
static int start_while_others_receive(void) {
  enum { RECEIVERS = 3 };
  struct error err = {0};
  pthread_t threads[RECEIVERS];
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 1;
  for (int i = 0; i < RECEIVERS; i++)
    if (pthread_create(&threads[i], NULL, receive_on, &ends[1]) != 0) return 1;
  usleep(1000);
  if (checked_recv_start(&err) != DONE) return 1;
  atomic_store(&receiving_ends, true);
  for (int i = 0; i < RECEIVERS; i++) pthread_join(threads[i], NULL);
  return 0;
}

/* The portal's threads wait for PostgreSQL in the same function before the first visitor comes. */
static void it_starts_while_other_threads_receive(void **state) {
  enum { TIMES = 40 };
  (void)state;
  for (int i = 0; i < TIMES; i++) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) _exit(start_while_others_receive());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_starts_while_other_threads_receive), /* before it is started here */
      cmocka_unit_test(sound_requests_come_as_they_were_sent),
      cmocka_unit_test(a_head_that_is_not_whole_is_kept),
      cmocka_unit_test(a_refused_head_ends_what_comes),
      cmocka_unit_test(other_descriptors_are_not_looked_at),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
