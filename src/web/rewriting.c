#include "web/rewriting.h"

#include "base/ticker.h"
#include "privacy/rewrite.h"

#include <stdlib.h>

enum { LOOK_EACH_S = 600, DAY_S = 86400, NIGHT_FIRST_HOUR = 2, NIGHT_LAST_HOUR = 4 };

struct rewriting {
  const char *url;
  int64_t days;
  struct log *log;
  struct ticker *ticker;
};

bool rewriting_due(time_t since, time_t now, int64_t days) {
  time_t end = since + (time_t)(days * DAY_S);
  if (now >= end) return true;
  if (now < end - DAY_S) return false;
  const int hour = clock_hour((int64_t)now);
  return hour >= NIGHT_FIRST_HOUR && hour <= NIGHT_LAST_HOUR;
}

static int64_t look(void *context, const atomic_bool *stopping) {
  struct rewriting *r = context;
  struct store *store = NULL;
  struct rewrite_result result;
  struct error err = {0};
  int64_t since = 0;
  enum status status = store_open(&store, r->url, STORE_WRITE, &err);
  if (status == DONE) status = erasure_unwritten_since(store, &since, &err);
  time_t began = time(NULL);
  if (status == DONE && since && rewriting_due((time_t)since, began, r->days)) {
    status = erasure_rewrite(store, stopping, &result, &err);
    if (status == DONE)
      log_warning(r->log, NULL,
                  "what was erased was rewritten in %lld s: %lld bytes became %lld; backups, "
                  "copies and the write-ahead log are not reached",
                  (long long)(time(NULL) - began), (long long)result.before_bytes,
                  (long long)result.after_bytes);
  }
  store_close(store);
  if (status != DONE)
    log_warning(r->log, NULL, "what was erased could not be rewritten: %s", err.message);
  return LOOK_EACH_S * 1000;
}

enum status rewriting_start(struct rewriting **out, const char *store_url, int64_t days,
                            struct log *log, struct error *err) {
  *out = NULL;
  if (!days) return DONE;
  struct rewriting *r = memory_zeroed(1, sizeof *r);
  *r = (struct rewriting){.url = store_url, .days = days, .log = log};
  if (ticker_start(&r->ticker, look, r, "rewriting what was erased", err) != DONE) {
    free(r);
    return FAILED;
  }
  *out = r;
  return DONE;
}

void rewriting_stop(struct rewriting *r) {
  if (r) ticker_stop(r->ticker);
  free(r);
}
