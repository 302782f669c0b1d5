/* Two queues: jobs, whose callers wait for the result, and notices, which may be lost. The thread
 * takes all that wait, up to LIMIT_WRITES_GROUP, into one transaction. */
#include "http/writer.h"

#include "base/arena.h"
#include "base/day.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "base/thread.h"
#include <assert.h>
#include <stdlib.h>
#include <time.h>

enum { RETRY_FIRST_MS = 100, RETRY_LONGEST_MS = 2000, NOTIFY_WAIT_MS = 250 };

struct tell {
  enum status (*run)(void *note, struct store *store, struct error *err);
  struct tell *next;
  _Alignas(16) unsigned char note[];
};

struct job_list {
  struct write_job *first, **end;
  int count;
};

struct writer {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t some;
  char *url;
  bool stopping;
  struct job_list asked;
  struct tell *told, **told_end;
  int told_count;
  int64_t told_at_ms;                 /* when the oldest one came */
  struct writer_counts counts;        /* under the lock; `waiting` not used */
  struct write_connection connection; /* the thread's own */
  enum status (*before)(void *context, struct store *store, struct error *err); /* null: nothing */
  void *before_context;
};

/* ---- the connection ---- */

void write_connection_drop(struct write_connection *c) {
  store_close(c->store);
  c->store = NULL;
}

enum status write_connection_ready(struct write_connection *c, struct error *err) {
  if (c->store && !store_alive(c->store)) write_connection_drop(c);
  if (c->store) return DONE;
  int64_t now = clock_milliseconds();
  if (now < c->try_at_ms) {
    if (err) *err = c->last;
    return FAILED;
  }
  struct error why = {0};
  if (store_open(&c->store, c->url, STORE_WRITE, &why) != DONE) {
    c->wait_ms = c->wait_ms ? c->wait_ms * 2 : RETRY_FIRST_MS;
    if (c->wait_ms > RETRY_LONGEST_MS) c->wait_ms = RETRY_LONGEST_MS;
    c->try_at_ms = clock_milliseconds() + c->wait_ms;
    why.code = FAILED;
    c->last = why;
    if (err) *err = why;
    return FAILED;
  }
  c->wait_ms = c->try_at_ms = 0;
  c->opened++;
  return DONE;
}

/* ---- lists ---- */

static void list_add(struct job_list *list, struct write_job *job) {
  job->next = NULL;
  if (!list->first) list->end = &list->first;
  *list->end = job;
  list->end = &job->next;
  list->count++;
}

static struct write_job *list_take(struct job_list *list) {
  struct write_job *job = list->first;
  if (!job) return NULL;
  list->first = job->next;
  list->count--;
  job->next = NULL;
  return job;
}

/* ---- one group ---- */

/* Returns the job's status, with `err`. `lost` says whether the whole transaction is lost, and
 * why. */
static enum status run_in_savepoint(struct store *store,
                                    enum status (*run)(void *, struct store *, struct error *),
                                    void *context, struct error *lost, struct error *err) {
  enum status status = store_savepoint(store, lost);
  if (status != DONE) {
    *err = *lost;
    return FAILED;
  }
  status = run(context, store, err);
  if (status == DONE) status = store_savepoint_release(store, err);
  /* the first error says it best */
  if (status != DONE && store_savepoint_undo(store, lost) != DONE && status == FAILED) *lost = *err;
  return status;
}

static void fail(struct write_job *job, const struct error *why) {
  job->status = FAILED;
  job->err = *why;
  job->err.code = FAILED;
}

/* Runs jobs from `todo` and moves each to `begun` as it begins. On failure the transaction is lost,
 * and with it all jobs that have begun. */
static enum status run_jobs(struct store *store, struct job_list *todo, struct job_list *begun,
                            struct error *err) {
  struct error lost = {0};
  while (todo->first && !lost.code) {
    struct write_job *job = list_take(todo);
    list_add(begun, job);
    job->err = (struct error){0};
    job->status = run_in_savepoint(store, job->run, job->context, &lost, &job->err);
  }
  if (lost.code) *err = lost;
  return lost.code ? FAILED : DONE;
}

static enum status run_told(struct store *store, struct tell *told, struct error *err) {
  struct error lost = {0}, ignored = {0};
  for (; told && !lost.code; told = told->next) /* a notice may be lost */
    if (run_in_savepoint(store, told->run, told->note, &lost, &ignored) != DONE) {}
  if (lost.code) *err = lost;
  return lost.code ? FAILED : DONE;
}

/* Runs one transaction. Afterwards `begun` holds the jobs that have begun, each with its own
 * status. When this fails, all of them failed, and *again says whether a new connection may
 * help. */
static enum status run_group(struct writer *w, struct job_list *todo, struct job_list *begun,
                             struct tell *told, bool *again, struct error *err) {
  *again = false;
  enum status status = write_connection_ready(&w->connection, err);
  if (status != DONE) return status;
  struct store *store = w->connection.store;
  /* A group of notices alone does not wait for the disk. */
  status = store_begin(store, todo->first ? STORE_WRITE : STORE_BULK, err);
  if (status == DONE && w->before && todo->first) status = w->before(w->before_context, store, err);
  if (status == DONE) status = run_jobs(store, todo, begun, err);
  if (status == DONE) status = run_told(store, told, err);
  if (status == DONE) status = store_commit(store, err);
  /* SQLite: a file that was taken away meanwhile took the commit with it. */
  if (status == DONE && !store_alive(store) && store_engine_of(store) == STORE_SQLITE)
    status = error_set(
        err, FAILED,
        "%s was taken away or replaced while it was written; what was not finished is undone",
        store_shown(store));
  if (status != DONE) {
    store_rollback(store);
    /* else the store is there but lets nobody begin, and we have waited for it already */
    *again = begun->first || !store_alive(store);
    /* Close it even if it still works: we do not know what it was in the middle of. */
    write_connection_drop(&w->connection);
  }
  return status;
}

static void notify_askers(struct writer *w, struct job_list *jobs) {
  int64_t failures = 0, count = jobs->count;
  for (struct write_job *job = jobs->first; job; job = job->next) failures += job->status == FAILED;
  pthread_mutex_lock(&w->lock);
  w->counts.jobs += count;
  w->counts.failures += failures;
  w->counts.reopened = w->connection.opened ? w->connection.opened - 1 : 0;
  pthread_mutex_unlock(&w->lock);
  /* its owner may free the job after `done` */
  for (struct write_job *job; (job = list_take(jobs));)
    job->done(job->context, job->status, &job->err);
}

/* When a group fails, the jobs that have begun get its error; the others are taken up once more, on
 * a new connection. */
static void settle_failed(struct job_list *todo, struct job_list *begun, bool again,
                          const struct error *why) {
  /* A refusal stands, though its transaction is gone: it wrote nothing. */
  for (struct write_job *job = begun->first; job; job = job->next)
    if (job->status == DONE) fail(job, why);
  struct job_list left = *todo;
  *todo = (struct job_list){0};
  for (struct write_job *job; (job = list_take(&left));) {
    bool once_more = again && !job->tried;
    if (!once_more) fail(job, why);
    job->tried = true;
    list_add(once_more ? todo : begun, job);
  }
}

static void write_group(struct writer *w, struct job_list *todo, struct tell *told) {
  while (todo->first || told) {
    struct job_list begun = {0};
    struct error err = {0};
    bool again;
    if (run_group(w, todo, &begun, told, &again, &err) != DONE)
      settle_failed(todo, &begun, again, &err);
    told = NULL;
    notify_askers(w, &begun);
  }
  pthread_mutex_lock(&w->lock);
  w->counts.groups++;
  pthread_mutex_unlock(&w->lock);
}

/* ---- the thread ---- */

/* Waits until there is something to do, and takes it; false: the writer stops. */
static bool take_group(struct writer *w, struct job_list *todo, struct tell **told) {
  pthread_mutex_lock(&w->lock);
  while (!w->asked.first && !w->stopping) {
    if (!w->told) {
      pthread_cond_wait(&w->some, &w->lock);
      continue;
    }
    int64_t left_ms = w->told_at_ms + NOTIFY_WAIT_MS - clock_milliseconds();
    if (left_ms <= 0) break;
    const struct timespec until = moment_after_ms(left_ms);
    pthread_cond_timedwait(&w->some, &w->lock, &until);
  }
  for (int i = 0; i < LIMIT_WRITES_GROUP && w->asked.first; i++)
    list_add(todo, list_take(&w->asked));
  *told = w->told;
  w->counts.tells += w->told_count;
  w->told = NULL;
  w->told_end = &w->told;
  w->told_count = 0;
  bool some = todo->first || *told;
  pthread_mutex_unlock(&w->lock);
  return some;
}

static void *write_all(void *context) {
  struct writer *w = context;
  for (;;) {
    struct job_list todo = {0};
    struct tell *told;
    if (!take_group(w, &todo, &told)) break;
    write_group(w, &todo, told);
    for (struct tell *next; told; told = next) {
      next = told->next;
      free(told);
    }
  }
  write_connection_drop(&w->connection);
  return NULL;
}

/* ---- from outside ---- */

static void release(struct writer *w) {
  pthread_cond_destroy(&w->some);
  pthread_mutex_destroy(&w->lock);
  write_connection_drop(&w->connection);
  free(w->url);
  free(w);
}

enum status writer_start(struct writer **out, const char *store_url, struct error *err) {
  struct writer *w = memory_zeroed(1, sizeof *w);
  pthread_mutex_init(&w->lock, NULL);
  condition_init(&w->some);
  size_t size = strlen(store_url) + 1;
  w->url = memcpy(memory_alloc(size), store_url, size);
  w->told_end = &w->told;
  w->connection.url = w->url;
  enum status status = store_open(&w->connection.store, w->url, STORE_WRITE, err);
  w->connection.opened = status == DONE;
  if (status == DONE) status = thread_start(&w->thread, write_all, w, "the writer", err);
  if (status != DONE) {
    release(w);
    return status;
  }
  *out = w;
  return DONE;
}

void writer_before_groups(struct writer *w,
                          enum status (*run)(void *context, struct store *store, struct error *err),
                          void *context) {
  w->before = run;
  w->before_context = context;
}

enum status writer_ask(struct writer *w, struct write_job *job, struct error *err) {
  assert(job->run && job->done);
  pthread_mutex_lock(&w->lock);
  bool room = w->asked.count < LIMIT_WRITES_WAITING && !w->stopping;
  if (room) {
    job->tried = false;
    list_add(&w->asked, job);
    if (w->asked.count == 1) pthread_cond_signal(&w->some);
  }
  pthread_mutex_unlock(&w->lock);
  return room ? DONE : refuse(err, BUSY_WRITING);
}

bool writer_notify(struct writer *w,
                   enum status (*run)(void *note, struct store *store, struct error *err),
                   const void *note, size_t size) {
  assert(size <= LIMIT_NOTE_BYTES);
  struct tell *tell = memory_zeroed(1, sizeof *tell + size);
  tell->run = run;
  memcpy(tell->note, note, size);
  pthread_mutex_lock(&w->lock);
  bool room = w->told_count < LIMIT_NOTES_WAITING && !w->stopping;
  if (room) {
    if (!w->told) w->told_at_ms = clock_milliseconds();
    *w->told_end = tell;
    w->told_end = &tell->next;
    if (w->told_count++ == 0 && !w->asked.first) pthread_cond_signal(&w->some);
  } else {
    w->counts.tells_dropped++;
  }
  pthread_mutex_unlock(&w->lock);
  if (!room) free(tell);
  return room;
}

void writer_stop(struct writer *w) {
  if (!w) return;
  pthread_mutex_lock(&w->lock);
  w->stopping = true;
  pthread_cond_signal(&w->some);
  pthread_mutex_unlock(&w->lock);
  pthread_join(w->thread, NULL);
  release(w);
}

void writer_count(struct writer *w, struct writer_counts *out) {
  pthread_mutex_lock(&w->lock);
  *out = w->counts;
  out->waiting = w->asked.count;
  pthread_mutex_unlock(&w->lock);
}
