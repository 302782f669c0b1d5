#include "web/escalation.h"

#include "action/desk.h"
#include "base/ticker.h"
#include "notify/notify.h"
#include "register/sign_in_tries.h"

#include <stdlib.h>
#include <time.h>

enum { LOOK_EACH_MS = 600 * 1000 };

struct escalation {
  const char *url;
  const struct pack *pack;
  struct log *log;
  struct ticker *ticker;
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

static int64_t look(void *context, const atomic_bool *stopping) {
  struct escalation *e = context;
  struct store *store = NULL;
  struct error err = {0};
  int64_t count = 0;
  (void)stopping;
  enum status status = store_open(&store, e->url, STORE_WRITE, &err);
  if (status == DONE) status = escalate(e, store, &count, &err);
  if (status == DONE) status = remove_old(store, &err);
  store_close(store);
  if (status != DONE)
    log_warning(e->log, NULL, "late requests could not be looked at: %s", err.message);
  else if (count)
    log_warning(e->log, NULL, "%lld late requests may be answered by their next role too",
                (long long)count);
  return LOOK_EACH_MS;
}

enum status escalation_start(struct escalation **out, const char *store_url,
                             const struct pack *pack, struct log *log, struct error *err) {
  *out = NULL;
  struct escalation *e = memory_zeroed(1, sizeof *e);
  *e = (struct escalation){.url = store_url, .pack = pack, .log = log};
  if (ticker_start(&e->ticker, look, e, "late requests", err) != DONE) {
    free(e);
    return FAILED;
  }
  *out = e;
  return DONE;
}

void escalation_stop(struct escalation *e) {
  if (e) ticker_stop(e->ticker);
  free(e);
}
