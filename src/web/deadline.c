/* Connections in a ring of one list. The thread and whoever adds or removes hold one lock; a phase is set without it. */
#include "web/deadline.h"
#include "base/arena.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { LOOK_MS = 250 };

struct deadline {
  struct deadline *next, **at; /* who points here */
  int fd;
  bool shut;
  _Atomic int64_t phase_since; /* milliseconds * 8 + phase: both change at once */
};

struct deadlines {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t stop;
  bool stopping;
  int64_t limit_ms[8]; /* of a phase; 0: none */
  void (*shut)(void *context);
  void *context;
  struct deadline *first;
};

static int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void look(struct deadlines *d) {
  int64_t now = now_ms();
  for (struct deadline *c = d->first; c; c = c->next) {
    int64_t both = atomic_load_explicit(&c->phase_since, memory_order_relaxed), limit = d->limit_ms[both & 7];
    if (c->shut || !limit || now - (both >> 3) < limit) continue;
    c->shut = true;
    shutdown(c->fd, SHUT_RDWR);
    if (d->shut) d->shut(d->context);
  }
}

static void *look_on(void *context) {
  struct deadlines *d = context;
  pthread_mutex_lock(&d->lock);
  while (!d->stopping) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += LOOK_MS * 1000000;
    if (t.tv_nsec >= 1000000000) {
      t.tv_nsec -= 1000000000;
      t.tv_sec++;
    }
    pthread_cond_timedwait(&d->stop, &d->lock, &t);
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

enum status deadlines_start(struct deadlines **out, const struct deadline_limits *limits, void (*shut)(void *context), void *context, struct error *err) {
  struct deadlines *d = memory_zeroed(1, sizeof *d);
  pthread_mutex_init(&d->lock, NULL);
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&d->stop, &clock);
  pthread_condattr_destroy(&clock);
  d->limit_ms[DEADLINE_IDLE] = limits->idle_seconds * 1000;
  d->limit_ms[DEADLINE_ARRIVING] = limits->request_seconds * 1000;
  d->limit_ms[DEADLINE_UPLOADING] = limits->upload_seconds * 1000;
  d->limit_ms[DEADLINE_SENDING] = limits->send_seconds * 1000;
  d->shut = shut;
  d->context = context;
  int rc = pthread_create(&d->thread, NULL, look_on, d);
  if (rc != 0) {
    release(d);
    return error_set(err, FAILED, "no thread for the deadlines of connections: %s", strerrordesc_np(rc));
  }
  *out = d;
  return DONE;
}

static int64_t phase_now(enum deadline_phase phase) { return now_ms() * 8 + (int64_t)phase; }

struct deadline *deadline_add(struct deadlines *d, int fd) {
  struct deadline *c = memory_zeroed(1, sizeof *c);
  c->fd = fd;
  atomic_store_explicit(&c->phase_since, phase_now(DEADLINE_ARRIVING), memory_order_relaxed);
  pthread_mutex_lock(&d->lock);
  c->next = d->first;
  if (c->next) c->next->at = &c->next;
  c->at = &d->first;
  d->first = c;
  pthread_mutex_unlock(&d->lock);
  return c;
}

void deadline_phase(struct deadline *c, enum deadline_phase phase) {
  if ((atomic_load_explicit(&c->phase_since, memory_order_relaxed) & 7) == (int64_t)phase) return;
  atomic_store_explicit(&c->phase_since, phase_now(phase), memory_order_relaxed);
}

void deadline_remove(struct deadlines *d, struct deadline *c) {
  if (!c) return;
  pthread_mutex_lock(&d->lock);
  *c->at = c->next;
  if (c->next) c->next->at = c->at;
  pthread_mutex_unlock(&d->lock);
  free(c);
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
