#include "http/slow_queue.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "base/thread.h"
#include <assert.h>
#include <stdlib.h>

struct slow_queue {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t some;
  char *url;
  bool stopping;
  struct write_job *first, **end;
  struct slow_queue_counts counts;
  struct write_connection connection; /* the thread's own */
};

/* Null: stopping, and nothing waits. */
static struct write_job *take(struct slow_queue *d) {
  pthread_mutex_lock(&d->lock);
  while (!d->first && !d->stopping) pthread_cond_wait(&d->some, &d->lock);
  struct write_job *job = d->first;
  if (job) {
    d->first = job->next;
    if (!d->first) d->end = &d->first;
    d->counts.waiting--;
  }
  pthread_mutex_unlock(&d->lock);
  return job;
}

static void run(struct slow_queue *d, struct write_job *job) {
  job->err = (struct error){0};
  job->status = write_connection_ready(&d->connection, &job->err);
  if (job->status == DONE) job->status = job->run(job->context, d->connection.store, &job->err);
  if (d->connection.store) store_rollback(d->connection.store);
  /* opening a new connection costs little beside the job that failed */
  if (job->status == FAILED) write_connection_drop(&d->connection);
  pthread_mutex_lock(&d->lock);
  d->counts.jobs++;
  d->counts.failures += job->status == FAILED;
  pthread_mutex_unlock(&d->lock);
  job->done(job->context, job->status, &job->err);
}

static void *run_all(void *context) {
  struct slow_queue *d = context;
  for (struct write_job *job; (job = take(d));) run(d, job);
  write_connection_drop(&d->connection);
  return NULL;
}

static void release(struct slow_queue *d) {
  pthread_cond_destroy(&d->some);
  pthread_mutex_destroy(&d->lock);
  write_connection_drop(&d->connection);
  free(d->url);
  free(d);
}

enum status slow_queue_start(struct slow_queue **out, const char *store_url, struct error *err) {
  struct slow_queue *d = memory_zeroed(1, sizeof *d);
  pthread_mutex_init(&d->lock, NULL);
  pthread_cond_init(&d->some, NULL);
  size_t size = strlen(store_url) + 1;
  d->url = memcpy(memory_alloc(size), store_url, size);
  d->end = &d->first;
  d->connection.url = d->url;
  if (thread_start(&d->thread, run_all, d, "what takes long", err) != DONE) {
    release(d);
    return FAILED;
  }
  *out = d;
  return DONE;
}

enum status slow_queue_ask(struct slow_queue *d, struct write_job *job, struct error *err) {
  assert(job->run && job->done);
  pthread_mutex_lock(&d->lock);
  bool room = d->counts.waiting < LIMIT_SLOW_QUEUE_WAITING && !d->stopping;
  if (room) {
    job->next = NULL;
    *d->end = job;
    d->end = &job->next;
    d->counts.waiting++;
    pthread_cond_signal(&d->some);
  }
  pthread_mutex_unlock(&d->lock);
  return room ? DONE : refuse(err, BUSY_SLOW);
}

void slow_queue_stop(struct slow_queue *d) {
  if (!d) return;
  pthread_mutex_lock(&d->lock);
  d->stopping = true;
  pthread_cond_signal(&d->some);
  pthread_mutex_unlock(&d->lock);
  pthread_join(d->thread, NULL);
  release(d);
}

void slow_queue_count(struct slow_queue *d, struct slow_queue_counts *out) {
  pthread_mutex_lock(&d->lock);
  *out = d->counts;
  pthread_mutex_unlock(&d->lock);
}
