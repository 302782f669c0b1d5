/* Connections in a ring of one list. The thread, and callers that add or remove a connection, hold
 * one lock. A phase is set without the lock. */
#include "http/deadline.h"
#include "base/arena.h"
#include "base/thread.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum {
  LOOK_MS = 250,
  /* a client may close after it sent a whole request: by then that request has been read */
  GONE_LOOKS = 4
};

struct deadline {
  struct deadline *next, **at; /* the pointer that points here */
  int fd;
  bool shut;
  int gone_looks;              /* how many times in a row we found that the sender had hung up */
  _Atomic int64_t phase_since; /* milliseconds * 8 + phase: both change at once */
};

struct deadlines {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t stop;
  bool stopping;
  int64_t limit_ms[8]; /* the limit of each phase; 0: none */
  void (*shut)(void *context);
  void *context;
  struct deadline *first;
};

static int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Whether the sender has hung up in the middle of a request. The library may not notice: it has
 * read all that came and waits for more. */
static bool is_gone(const struct deadline *c, int64_t phase) {
  char byte;
  return (phase == DEADLINE_ARRIVING || phase == DEADLINE_SILENT) &&
         recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* A request, or its beginning, lies unread on the connection. */
static bool has_sent(const struct deadline *c) {
  char byte;
  return recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

static void look(struct deadlines *d) {
  int64_t now = now_ms();
  for (struct deadline *c = d->first; c; c = c->next) {
    int64_t both = atomic_load_explicit(&c->phase_since, memory_order_relaxed),
            limit = d->limit_ms[both & 7];
    if (c->shut) continue;
    c->gone_looks = is_gone(c, both & 7) ? c->gone_looks + 1 : 0;
    bool late = limit && now - (both >> 3) >= limit;
    if (!late && c->gone_looks < GONE_LOOKS) continue;
    c->shut = true;
    shutdown(c->fd, SHUT_RDWR);
    if (late && d->shut) d->shut(d->context);
  }
}

static void *look_on(void *context) {
  struct deadlines *d = context;
  pthread_mutex_lock(&d->lock);
  while (!d->stopping) {
    const struct timespec until = moment_after_ms(LOOK_MS);
    pthread_cond_timedwait(&d->stop, &d->lock, &until);
    if (!d->stopping) look(d);
  }
  pthread_mutex_unlock(&d->lock);
  return NULL;
}

static void release(struct deadlines *d) {
  pthread_cond_destroy(&d->stop);
  pthread_mutex_destroy(&d->lock);
  while (d->first) {
    struct deadline *next = d->first->next;
    free(d->first);
    d->first = next;
  }
  free(d);
}

enum status deadlines_start(struct deadlines **out, const struct deadline_limits *limits,
                            void (*shut)(void *context), void *context, struct error *err) {
  struct deadlines *d = memory_zeroed(1, sizeof *d);
  pthread_mutex_init(&d->lock, NULL);
  condition_init(&d->stop);
  d->limit_ms[DEADLINE_IDLE] = limits->idle_seconds * 1000;
  d->limit_ms[DEADLINE_SILENT] = limits->request_seconds * 1000;
  d->limit_ms[DEADLINE_ARRIVING] = limits->request_seconds * 1000;
  d->limit_ms[DEADLINE_UPLOADING] = limits->upload_seconds * 1000;
  d->limit_ms[DEADLINE_SENDING] = limits->send_seconds * 1000;
  d->shut = shut;
  d->context = context;
  if (thread_start(&d->thread, look_on, d, "the deadlines of connections", err) != DONE) {
    release(d);
    return FAILED;
  }
  *out = d;
  return DONE;
}

static int64_t phase_now(enum deadline_phase phase) { return now_ms() * 8 + (int64_t)phase; }

struct deadline *deadline_add(struct deadlines *d, int fd) {
  struct deadline *c = memory_zeroed(1, sizeof *c);
  c->fd = fd;
  atomic_store_explicit(&c->phase_since, phase_now(DEADLINE_SILENT), memory_order_relaxed);
  pthread_mutex_lock(&d->lock);
  c->next = d->first;
  if (c->next) c->next->at = &c->next;
  c->at = &d->first;
  d->first = c;
  pthread_mutex_unlock(&d->lock);
  return c;
}

void deadline_phase(struct deadline *c, enum deadline_phase phase) {
  int64_t both = atomic_load_explicit(&c->phase_since, memory_order_relaxed), before = both & 7;
  if (before == (int64_t)phase) return;
  /* the first request's time began when the connection was opened */
  bool goes_on = before == DEADLINE_SILENT && phase == DEADLINE_ARRIVING;
  atomic_store_explicit(&c->phase_since,
                        goes_on ? both - before + (int64_t)phase : phase_now(phase),
                        memory_order_relaxed);
}

void deadline_remove(struct deadlines *d, struct deadline *c) {
  if (!c) return;
  pthread_mutex_lock(&d->lock);
  *c->at = c->next;
  if (c->next) c->next->at = c->at;
  pthread_mutex_unlock(&d->lock);
  free(c);
}

bool deadlines_busy(struct deadlines *d, bool silent_too) {
  bool busy = false;
  pthread_mutex_lock(&d->lock);
  for (struct deadline *c = d->first; c && !busy; c = c->next) {
    int64_t phase = atomic_load_explicit(&c->phase_since, memory_order_relaxed) & 7;
    bool waits = phase == DEADLINE_IDLE || (phase == DEADLINE_SILENT && !silent_too);
    busy = !c->shut && (waits ? has_sent(c) : !is_gone(c, phase));
  }
  pthread_mutex_unlock(&d->lock);
  return busy;
}

void deadlines_stop(struct deadlines *d) {
  if (!d) return;
  pthread_mutex_lock(&d->lock);
  d->stopping = true;
  pthread_cond_signal(&d->stop);
  pthread_mutex_unlock(&d->lock);
  pthread_join(d->thread, NULL);
  release(d);
}
