#include "web/jobs.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "base/thread.h"
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct kept_job {
  struct job job; /* its texts point into what follows */
  char *title;
  struct text result;
  struct job_refused refused;
  struct job_order order;
};

struct jobs {
  pthread_mutex_t lock;
  char *url;
  struct kept_job *kept[LIMIT_JOBS_KEPT]; /* the latest first */
  int count;
  int64_t last_id;
  pthread_t thread;
  bool started, running; /* a thread was started and not joined; its work goes on */
};

struct jobs *jobs_new(const char *store_url) {
  struct jobs *j = memory_zeroed(1, sizeof *j);
  pthread_mutex_init(&j->lock, NULL);
  j->url = strdup(store_url);
  return j;
}

static void told(void *context, const char *what, uint64_t done, uint64_t total, uint64_t items) {
  struct jobs *j = context;
  pthread_mutex_lock(&j->lock);
  struct job *job = &j->kept[0]->job;
  job->phase = what;
  job->done = done;
  job->total = total;
  job->items = items;
  pthread_mutex_unlock(&j->lock);
}

static void *run(void *context) {
  struct jobs *j = context;
  struct kept_job *k = j->kept[0]; /* stays the first while it runs */
  struct progress_watch watch = {.told = told, .context = j};
  struct text result = {0};
  struct job_refused refused = {0};
  struct error err = {0};
  struct store *store = NULL;
  enum status status = store_open(&store, j->url, STORE_WRITE, &err);
  if (status == DONE)
    status = k->order.run(k->order.context, store, &watch, &result, &refused, &err);
  store_close(store);
  if (k->order.release) k->order.release(k->order.context);
  pthread_mutex_lock(&j->lock);
  k->result = result;
  k->refused = refused;
  k->job.status = status;
  k->job.err = err;
  k->job.state = status == DONE ? JOB_DONE : JOB_FAILED;
  k->job.ended = time(NULL);
  j->running = false;
  pthread_mutex_unlock(&j->lock);
  return NULL;
}

static void forget(struct kept_job *k) {
  if (k->refused.path.size) unlink(k->refused.path.bytes);
  rejects_free(k->refused.rows);
  text_release(&k->result);
  text_release(&k->refused.path);
  free(k->title);
  free(k);
}

/* With the lock held, and nothing running. */
static void put_first(struct jobs *j, struct kept_job *k) {
  if (j->count == LIMIT_JOBS_KEPT) forget(j->kept[--j->count]);
  memmove(&j->kept[1], &j->kept[0], (size_t)j->count * sizeof *j->kept);
  j->kept[0] = k;
  j->count++;
}

static void take_back_first(struct jobs *j) {
  forget(j->kept[0]);
  memmove(&j->kept[0], &j->kept[1], (size_t)--j->count * sizeof *j->kept);
}

enum status jobs_start(struct jobs *j, const struct job_order *order, int64_t *id,
                       struct error *err) {
  enum status status = DONE;
  pthread_mutex_lock(&j->lock);
  if (j->running) {
    status = refuse(err, RUN_UNDER_WAY);
  } else {
    if (j->started) pthread_join(j->thread, NULL); /* the thread has ended its work already */
    struct kept_job *k = memory_zeroed(1, sizeof *k);
    k->order = *order;
    k->title = strdup(order->title ? order->title : "");
    k->job = (struct job){.id = ++j->last_id,
                          .what = order->what,
                          .title = k->title,
                          .person = order->person,
                          .started = time(NULL),
                          .state = JOB_RUNNING,
                          .phase = ""};
    put_first(j, k);
    j->running = j->started = true;
    *id = k->job.id;
    status = thread_start(&j->thread, run, j, "it", err);
    if (status != DONE) {
      j->running = j->started = false;
      take_back_first(j);
    }
  }
  pthread_mutex_unlock(&j->lock);
  return status;
}

static void copy_out(const struct kept_job *k, struct arena *arena, struct job *out) {
  *out = k->job;
  out->title = arena_string(arena, k->title);
  out->result = arena_copy(arena, k->result.bytes ? k->result.bytes : "", k->result.size);
  const struct text *path = &k->refused.path;
  out->rejects = arena_copy(arena, path->bytes ? path->bytes : "", path->size);
  out->import = k->refused.import;
  const struct reject *first = NULL;
  if (k->refused.rows) first = rejects_first(k->refused.rows, &out->refused_count);
  struct reject *copies = arena_array(arena, struct reject, out->refused_count + 1);
  for (int i = 0; i < out->refused_count; i++) {
    copies[i] = first[i];
    copies[i].file = NULL; /* a job has one */
    copies[i].value = arena_string(arena, first[i].value);
    copies[i].reason = arena_string(arena, first[i].reason);
  }
  out->refused = copies;
}

bool jobs_look(struct jobs *j, int64_t id, struct arena *arena, struct job *out) {
  bool found = false;
  pthread_mutex_lock(&j->lock);
  for (int i = 0; i < j->count && !found; i++) {
    found = j->kept[i]->job.id == id;
    if (found) copy_out(j->kept[i], arena, out);
  }
  pthread_mutex_unlock(&j->lock);
  return found;
}

struct job *jobs_list(struct jobs *j, struct arena *arena, int *count) {
  pthread_mutex_lock(&j->lock);
  struct job *all = arena_array(arena, struct job, j->count + 1);
  for (int i = 0; i < j->count; i++) copy_out(j->kept[i], arena, &all[i]);
  *count = j->count;
  pthread_mutex_unlock(&j->lock);
  return all;
}

void jobs_free(struct jobs *j) {
  if (!j) return;
  if (j->started) pthread_join(j->thread, NULL);
  while (j->count) forget(j->kept[--j->count]);
  pthread_mutex_destroy(&j->lock);
  free(j->url);
  free(j);
}
