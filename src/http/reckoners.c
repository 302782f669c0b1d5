#include "http/reckoners.h"

#include "base/arena.h"
#include "base/day.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "base/thread.h"
#include "base/worker.h"

#include <assert.h>
#include <stdlib.h>

struct reckoners {
  pthread_t threads[LIMIT_THREADS];
  int thread_count;
  pthread_mutex_t lock;
  pthread_cond_t some;
  struct readers *readers;
  int64_t most_ms;
  bool stopping;
  int waiting;
  struct write_job *first, **end;
};

/* Null: stopping, and nothing waits. */
static struct write_job *take(struct reckoners *r) {
  pthread_mutex_lock(&r->lock);
  while (!r->first && !r->stopping) pthread_cond_wait(&r->some, &r->lock);
  struct write_job *job = r->first;
  if (job) {
    r->first = job->next;
    if (!r->first) r->end = &r->first;
    r->waiting--;
  }
  pthread_mutex_unlock(&r->lock);
  return job;
}

static void run(struct reckoners *r, struct write_job *job) {
  struct store *store = NULL;
  job->err = (struct error){0};
  if (clock_microseconds() - job->asked_us > r->most_ms * 1000)
    job->status = refuse(&job->err, TOO_LONG);
  else job->status = readers_take(r->readers, &store, &job->err);
  if (job->status == DONE) job->status = job->run(job->context, store, &job->err);
  readers_give(r->readers, store, job->status);
  job->done(job->context, job->status, &job->err);
}

static void *run_all(void *context) {
  struct reckoners *r = context;
  for (struct write_job *job; (job = take(r));) run(r, job);
  return NULL;
}

enum status reckoners_start(struct reckoners **out, struct readers *readers, int64_t most_ms,
                            struct error *err) {
  struct reckoners *r = memory_zeroed(1, sizeof *r);
  const int most = workers_count();
  enum status status = DONE;
  pthread_mutex_init(&r->lock, NULL);
  pthread_cond_init(&r->some, NULL);
  r->end = &r->first;
  r->readers = readers;
  r->most_ms = most_ms;
  while (status == DONE && r->thread_count < most) {
    status = thread_start(&r->threads[r->thread_count], run_all, r, "what is reckoned", err);
    r->thread_count += status == DONE;
  }
  *out = r; /* reckoners_stop ends those that began */
  return status;
}

enum status reckoners_ask(struct reckoners *r, struct write_job *job, struct error *err) {
  assert(job->run && job->done);
  job->asked_us = clock_microseconds();
  pthread_mutex_lock(&r->lock);
  const bool room = r->waiting < LIMIT_RECKONING_WAITING && !r->stopping;
  if (room) {
    job->next = NULL;
    *r->end = job;
    r->end = &job->next;
    r->waiting++;
    pthread_cond_signal(&r->some);
  }
  pthread_mutex_unlock(&r->lock);
  return room ? DONE : refuse(err, TOO_LONG);
}

void reckoners_stop(struct reckoners *r) {
  if (!r) return;
  pthread_mutex_lock(&r->lock);
  r->stopping = true;
  pthread_cond_broadcast(&r->some);
  pthread_mutex_unlock(&r->lock);
  for (int i = 0; i < r->thread_count; i++) pthread_join(r->threads[i], NULL);
  pthread_cond_destroy(&r->some);
  pthread_mutex_destroy(&r->lock);
  free(r);
}
