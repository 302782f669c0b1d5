#include "web/rewriting.h"

#include "base/thread.h"
#include "privacy/rewrite.h"

#include <stdatomic.h>

enum { LOOK_EACH_S = 600, DAY_S = 86400, NIGHT_FIRST_HOUR = 2, NIGHT_LAST_HOUR = 4 };

struct rewriting {
  const char *url;
  int64_t days;
  struct log *log;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  /* changed with the lock held; erasure_rewrite reads it without the lock */
  atomic_bool stopping;
};

bool rewriting_due(time_t since, time_t now, int64_t days) {
  time_t end = since + (time_t)(days * DAY_S);
  if (now >= end) return true;
  if (now < end - DAY_S) return false;
  const int hour = clock_hour((int64_t)now);
  return hour >= NIGHT_FIRST_HOUR && hour <= NIGHT_LAST_HOUR;
}

static enum status look(struct rewriting *r, struct error *err) {
  struct store *store = NULL;
  struct rewrite_result result;
  int64_t since = 0;
  enum status status = store_open(&store, r->url, STORE_WRITE, err);
  if (status == DONE) status = erasure_unwritten_since(store, &since, err);
  time_t began = time(NULL);
  if (status == DONE && since && rewriting_due((time_t)since, began, r->days)) {
    status = erasure_rewrite(store, &r->stopping, &result, err);
    if (status == DONE)
      log_warning(r->log, NULL,
                  "what was erased was rewritten in %lld s: %lld bytes became %lld; backups, "
                  "copies and the write-ahead log are not reached",
                  (long long)(time(NULL) - began), (long long)result.before_bytes,
                  (long long)result.after_bytes);
  }
  store_close(store);
  return status;
}

static void *work(void *context) {
  struct rewriting *r = context;
  pthread_mutex_lock(&r->lock);
  while (!atomic_load(&r->stopping)) {
    struct error err = {0};
    pthread_mutex_unlock(&r->lock);
    if (look(r, &err) != DONE)
      log_warning(r->log, NULL, "what was erased could not be rewritten: %s", err.message);
    const struct timespec until = moment_after_ms(LOOK_EACH_S * 1000);
    pthread_mutex_lock(&r->lock);
    while (!atomic_load(&r->stopping) && pthread_cond_timedwait(&r->wake, &r->lock, &until) == 0)
      continue;
  }
  pthread_mutex_unlock(&r->lock);
  return NULL;
}

static void release(struct rewriting *r) {
  pthread_cond_destroy(&r->wake);
  pthread_mutex_destroy(&r->lock);
  free(r);
}

enum status rewriting_start(struct rewriting **out, const char *store_url, int64_t days,
                            struct log *log, struct error *err) {
  *out = NULL;
  if (!days) return DONE;
  struct rewriting *r = memory_zeroed(1, sizeof *r);
  *r = (struct rewriting){.url = store_url, .days = days, .log = log};
  pthread_mutex_init(&r->lock, NULL);
  condition_init(&r->wake);
  if (thread_start(&r->thread, work, r, "rewriting what was erased", err) != DONE) {
    release(r);
    return FAILED;
  }
  *out = r;
  return DONE;
}

void rewriting_stop(struct rewriting *r) {
  if (!r) return;
  pthread_mutex_lock(&r->lock);
  atomic_store(&r->stopping, true);
  pthread_cond_signal(&r->wake);
  pthread_mutex_unlock(&r->lock);
  pthread_join(r->thread, NULL);
  release(r);
}
