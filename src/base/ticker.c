#include "base/ticker.h"

#include "base/arena.h"
#include "base/thread.h"

#include <stdbool.h>
#include <stdlib.h>

struct ticker {
  int64_t (*look)(void *context, const atomic_bool *stopping);
  void *context;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  atomic_bool stopping; /* changed with the lock held; a look reads it without the lock */
};

static void *work(void *context) {
  struct ticker *t = context;
  while (!atomic_load(&t->stopping)) {
    const struct timespec until = moment_after_ms(t->look(t->context, &t->stopping));
    pthread_mutex_lock(&t->lock);
    while (!atomic_load(&t->stopping) && pthread_cond_timedwait(&t->wake, &t->lock, &until) == 0)
      continue;
    pthread_mutex_unlock(&t->lock);
  }
  return NULL;
}

static void release(struct ticker *t) {
  pthread_cond_destroy(&t->wake);
  pthread_mutex_destroy(&t->lock);
  free(t);
}

enum status ticker_start(struct ticker **out,
                         int64_t (*look)(void *context, const atomic_bool *stopping), void *context,
                         const char *what, struct error *err) {
  struct ticker *t = memory_zeroed(1, sizeof *t);
  t->look = look;
  t->context = context;
  pthread_mutex_init(&t->lock, NULL);
  condition_init(&t->wake);
  *out = NULL;
  if (thread_start(&t->thread, work, t, what, err) != DONE) {
    release(t);
    return FAILED;
  }
  *out = t;
  return DONE;
}

void ticker_stop(struct ticker *t) {
  if (!t) return;
  pthread_mutex_lock(&t->lock);
  atomic_store(&t->stopping, true);
  pthread_cond_signal(&t->wake);
  pthread_mutex_unlock(&t->lock);
  pthread_join(t->thread, NULL);
  release(t);
}
