/* What the server counts, and Prometheus' text of it. Counting is a few atomic additions: no lock,
 * any thread. */
#ifndef WEAL_HTTP_METRICS_H
#define WEAL_HTTP_METRICS_H

#include "base/text.h"

struct metrics;

/* What else counts and is written with it; each may be null. */
struct metrics_of {
  struct writer *writer;
  struct slow_queue *slow_queue;
  struct readers *readers;
  struct cache *cache;
};

struct metrics *metrics_new(void);
void metrics_free(struct metrics *m); /* takes null */

/* A request was answered: its HTTP status, the time from its first byte until the reply was queued,
 * the size of the reply's body. */
void metrics_request(struct metrics *m, int http_status, int64_t microseconds, uint64_t bytes);
void metrics_connection(struct metrics *m, int change); /* +1 opened, -1 closed */
/* Events that are counted: see the table in metrics.c. */
enum metrics_event {
  METRICS_SIGN_IN,
  METRICS_SIGN_IN_REFUSED,
  METRICS_FORM_REFUSED,
  METRICS_TOO_MANY,
  METRICS_DEADLINE,
  METRICS_STORE_AWAY,
  METRICS_EVENTS
};
void metrics_event(struct metrics *m, enum metrics_event event);

/* All of it as Prometheus takes it (text/plain; version=0.0.4), with what the parts of `of`
 * count. */
void metrics_write(const struct metrics *m, const struct metrics_of *of, struct text *out);

#endif
