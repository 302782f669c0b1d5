#include "http/checked_recv.h"

#include "base/arena.h"
#include "base/text.h"
#include "http/head.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
  PIECE_BYTES = 4096,           /* of a head that did not come at once */
  DRAINED_BYTES_MOST = 1 << 20, /* read and thrown away after a refusal, so that our answer is not
                                   cut off by what lies unread when the connection is closed */
  DESCRIPTORS_MOST = 1 << 20
};

struct checked {
  size_t most_bytes;
  struct deadline *deadline;
  struct head head;
  /* bytes from `given` to `passed` are the library's; those behind them begin a head that is not
   * whole yet */
  struct text kept;
  size_t given, passed;
  int64_t body_left; /* of the request whose head was passed last */
  int http;          /* refused: nothing more is passed */
  size_t drained;
};

struct checked_places { /* by descriptor; each belongs to the thread of its connection */
  size_t count;
  _Atomic(struct checked *) by_fd[];
};

/* It cannot be anywhere but here: recv() has no context. Other threads of the process may be in
 * recv() (libpq's are) while checked_recv_start makes it, so they see nothing or the whole. */
static _Atomic(struct checked_places *) places;

/* Null: no place, so nothing is checked on this descriptor. */
static _Atomic(struct checked *) *place_of(int fd) {
  struct checked_places *p = atomic_load_explicit(&places, memory_order_acquire);
  return p && fd >= 0 && (size_t)fd < p->count ? &p->by_fd[fd] : NULL;
}

static struct checked *find(int fd) {
  _Atomic(struct checked *) *place = place_of(fd);
  return place ? atomic_load_explicit(place, memory_order_relaxed) : NULL;
}

static ssize_t system_recv(int fd, void *bytes, size_t size, int flags) {
  return syscall(SYS_recvfrom, fd, bytes, size, flags, NULL, NULL);
}

/* ---- one connection ---- */

static void keep(struct checked *c, const char *bytes, size_t size) {
  if (size) text_add_bytes(&c->kept, bytes, size);
}

/* In place of the refused head stands one that is answered with c->http. */
static void refuse_head(struct checked *c) {
  c->http = c->head.http;
  c->kept.size = c->passed;
  text_add(&c->kept, c->head.is_head ? "HEAD " CHECKED_REFUSED_TARGET " HTTP/1.0\r\n\r\n"
                                     : "GET " CHECKED_REFUSED_TARGET " HTTP/1.0\r\n\r\n");
  c->passed = c->kept.size;
}

/* How many bytes from the beginning of `bytes` may go on to the library: whole heads and what
 * belongs to their bodies. The rest begins a head that is not whole, or one that is refused (then
 * c->head says how). */
static size_t pass(struct checked *c, struct span bytes, enum head_is *rest) {
  size_t at = 0;
  *rest = HEAD_WHOLE;
  while (at < bytes.size) {
    size_t left = bytes.size - at;
    if (c->body_left) {
      size_t taken = c->body_left < (int64_t)left ? (size_t)c->body_left : left;
      c->body_left -= (int64_t)taken;
      at += taken;
      continue;
    }
    c->head.most_bytes = c->most_bytes;
    *rest = head_look(&c->head, span_make(bytes.bytes + at, left));
    if (*rest != HEAD_WHOLE) break;
    at += c->head.size;
    c->body_left = c->head.body_bytes;
    c->head = (struct head){0};
  }
  return at;
}

/* Gives what waits for the library; how much. */
static size_t give(struct checked *c, char *bytes, size_t size) {
  size_t waits = c->passed - c->given, n = waits < size ? waits : size;
  if (!n) return 0;
  memcpy(bytes, c->kept.bytes + c->given, n);
  c->given += n;
  if (c->given < c->passed) return n;
  c->kept.size -= c->passed; /* what begins the next head moves to the front */
  if (c->kept.size) memmove(c->kept.bytes, c->kept.bytes + c->passed, c->kept.size);
  else text_release(&c->kept);
  c->given = c->passed = 0;
  return n;
}

/* More of a head of which a part is kept. */
static ssize_t receive_kept(struct checked *c, int fd, bool *drained) {
  char piece[PIECE_BYTES];
  enum head_is rest;
  ssize_t n = system_recv(fd, piece, sizeof piece, 0);
  if (n <= 0) return n;
  *drained = (size_t)n < sizeof piece;
  keep(c, piece, (size_t)n);
  c->passed += pass(c, span_make(c->kept.bytes + c->passed, c->kept.size - c->passed), &rest);
  if (rest == HEAD_REFUSED) refuse_head(c);
  return n;
}

/* Straight into the library's memory, as most requests come: whole. */
static ssize_t receive_straight(struct checked *c, int fd, char *bytes, size_t size,
                                size_t *passed) {
  enum head_is rest;
  ssize_t n = system_recv(fd, bytes, size, 0);
  if (n <= 0) return n;
  *passed = pass(c, span_make(bytes, (size_t)n), &rest);
  if (rest == HEAD_REFUSED) refuse_head(c);
  else keep(c, bytes + *passed, (size_t)n - *passed);
  return n;
}

static void drain(struct checked *c, int fd) {
  char piece[PIECE_BYTES];
  ssize_t n;
  while (c->drained < DRAINED_BYTES_MOST && (n = system_recv(fd, piece, sizeof piece, 0)) > 0)
    c->drained += (size_t)n;
}

static ssize_t receive(struct checked *c, int fd, char *bytes, size_t size) {
  size_t filled = 0;
  ssize_t n = 1;
  bool drained = false;
  /* As much as there is room for: after less, the library waits for the next that the system
   * tells it of this descriptor. */
  while (n > 0 && filled < size) {
    filled += give(c, bytes + filled, size - filled);
    if (filled == size || drained) break;
    if (c->http) {
      drain(c, fd);
      break;
    }
    if (c->kept.size > c->passed) {
      n = receive_kept(c, fd, &drained);
    } else {
      size_t passed = 0, room = size - filled;
      n = receive_straight(c, fd, bytes + filled, room, &passed);
      if (n > 0) drained = (size_t)n < room;
      filled += passed;
      if (drained && !c->http) break;
    }
  }
  if (c->deadline && c->kept.size > c->passed && !c->http)
    deadline_phase(c->deadline, DEADLINE_ARRIVING);
  if (filled) return (ssize_t)filled;
  if (n > 0) {
    errno = EAGAIN;
    return -1;
  }
  return n;
}

/* ---- in the place of the C library's ---- */

/* `recv` for all of the process. Its own name in C is another, as headers may make a macro or an
 * inline function of that one. */
__attribute__((visibility("default"))) ssize_t checked_recv(int fd, void *bytes, size_t size,
                                                            int flags) __asm__("recv");

ssize_t checked_recv(int fd, void *bytes, size_t size, int flags) {
  struct checked *c = flags & MSG_PEEK ? NULL : find(fd);
  return c ? receive(c, fd, bytes, size) : system_recv(fd, bytes, size, flags);
}

enum status checked_recv_start(struct error *err) {
  struct rlimit limit;
  if (dlsym(RTLD_DEFAULT, "recv") != (void *)(uintptr_t)checked_recv)
    return error_set(err, FAILED,
                     "requests could not be checked before libmicrohttpd reads them: it was linked "
                     "so that it does not call the program's recv()");
  if (atomic_load(&places)) return DONE;
  bool known = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur <= DESCRIPTORS_MOST;
  size_t count = known ? (size_t)limit.rlim_cur : DESCRIPTORS_MOST;
  struct checked_places *made = memory_zeroed(1, sizeof *made + count * sizeof *made->by_fd);
  made->count = count;
  atomic_store_explicit(&places, made, memory_order_release);
  return DONE;
}

struct checked *checked_add(int fd, size_t head_bytes, struct deadline *deadline) {
  _Atomic(struct checked *) *place = place_of(fd);
  if (!place) return NULL;
  struct checked *c = memory_zeroed(1, sizeof *c);
  c->most_bytes = head_bytes;
  c->deadline = deadline;
  atomic_store(place, c);
  return c;
}

int checked_refusal(int fd) {
  const struct checked *c = find(fd);
  return c ? c->http : 0;
}

void checked_remove(int fd) {
  struct checked *c = find(fd);
  if (!c) return;
  atomic_store(place_of(fd), NULL);
  text_release(&c->kept);
  free(c);
}
