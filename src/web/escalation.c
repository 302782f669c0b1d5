#include "web/escalation.h"

#include "action/desk.h"
#include "base/thread.h"
#include "notify/notify.h"
#include "register/sign_in_tries.h"

#include <stdlib.h>
#include <time.h>

enum { LOOK_EACH_MS = 600 * 1000 };

struct escalation {
  const char *url;
  const struct pack *pack;
  struct log *log;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  bool stopping; /* with the lock held */
};

static enum status escalate(struct escalation *e, struct store *store, int64_t *count,
                            struct error *err) {
  struct arena *arena = arena_new();
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status == DONE) status = action_cases_by_time(store, arena, e->pack, day_today(), count, err);
  if (status == DONE) status = store_commit(store, err);
  else store_rollback(store);
  arena_free(arena);
  return status;
}

/* What is kept for some days only goes when they are over, whether anything else happens or not. */
static enum status remove_old(struct store *store, struct error *err) {
  const int64_t now = (int64_t)time(NULL);
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status == DONE) status = notify_remove_old(store, now, err);
  if (status == DONE) status = sign_in_tries_remove_old(store, now, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

static enum status look(struct escalation *e, struct error *err) {
  struct store *store = NULL;
  int64_t count = 0;
  enum status status = store_open(&store, e->url, STORE_WRITE, err);
  if (status == DONE) status = escalate(e, store, &count, err);
  if (status == DONE) status = remove_old(store, err);
  store_close(store);
  if (status != DONE) return status;
  if (count)
    log_warning(e->log, NULL, "%lld late requests may be answered by their next role too",
                (long long)count);
  return DONE;
}

static void *work(void *context) {
  struct escalation *e = context;
  pthread_mutex_lock(&e->lock);
  while (!e->stopping) {
    struct error err = {0};
    pthread_mutex_unlock(&e->lock);
    if (look(e, &err) != DONE)
      log_warning(e->log, NULL, "late requests could not be looked at: %s", err.message);
    const struct timespec until = moment_after_ms(LOOK_EACH_MS);
    pthread_mutex_lock(&e->lock);
    while (!e->stopping && pthread_cond_timedwait(&e->wake, &e->lock, &until) == 0) continue;
  }
  pthread_mutex_unlock(&e->lock);
  return NULL;
}

static void release(struct escalation *e) {
  pthread_cond_destroy(&e->wake);
  pthread_mutex_destroy(&e->lock);
  free(e);
}

enum status escalation_start(struct escalation **out, const char *store_url,
                             const struct pack *pack, struct log *log, struct error *err) {
  *out = NULL;
  struct escalation *e = memory_zeroed(1, sizeof *e);
  *e = (struct escalation){.url = store_url, .pack = pack, .log = log};
  pthread_mutex_init(&e->lock, NULL);
  condition_init(&e->wake);
  if (thread_start(&e->thread, work, e, "late requests", err) != DONE) {
    release(e);
    return FAILED;
  }
  *out = e;
  return DONE;
}

void escalation_stop(struct escalation *e) {
  if (!e) return;
  pthread_mutex_lock(&e->lock);
  e->stopping = true;
  pthread_cond_signal(&e->wake);
  pthread_mutex_unlock(&e->lock);
  pthread_join(e->thread, NULL);
  release(e);
}
