/* Each figure has its row: name, type, help as Prometheus shows it. */
#include "http/metrics.h"
#include "base/arena.h"
#include "http/cache.h"
#include "http/readers.h"
#include "http/slow_queue.h"
#include "http/writer.h"
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Upper bounds of the histogram's buckets: the aim (99 of 100 requests within 10 ms) lies in their
 * middle. */
static const int64_t bucket_us[] = {250,   500,   1000,   2500,   5000,    10000,
                                    25000, 50000, 100000, 250000, 1000000, 5000000};
static const char *const bucket_s[] = {"0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01",
                                       "0.025",   "0.05",   "0.1",   "0.25",   "1",     "5"};
enum { BUCKETS = sizeof bucket_us / sizeof *bucket_us, CLASSES = 6 };

static const struct {
  const char *name, *help;
} events[METRICS_EVENTS] = {
    [METRICS_SIGN_IN] = {"sign_ins", "Sign-ins."},
    [METRICS_SIGN_IN_REFUSED] = {"sign_ins_refused", "Sign-ins refused."},
    [METRICS_FORM_REFUSED] = {"forms_refused", "Forms refused for their token or their origin."},
    [METRICS_TOO_MANY] = {"too_many",
                          "Requests and connections refused because there were too many."},
    [METRICS_DEADLINE] = {"deadlines", "Connections shut because they took too long."},
    [METRICS_STORE_AWAY] = {"store_away", "Requests that found the store away."},
};

struct metrics {
  _Atomic int64_t classes[CLASSES]; /* of HTTP statuses, by their first digit */
  _Atomic int64_t bucket[BUCKETS + 1];
  _Atomic int64_t sum_us, bytes, connections, connections_all;
  _Atomic int64_t events[METRICS_EVENTS];
  int64_t started;
};

static void add(_Atomic int64_t *counter, int64_t n) {
  atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}
static int64_t get(const _Atomic int64_t *counter) {
  return atomic_load_explicit(counter, memory_order_relaxed);
}

struct metrics *metrics_new(void) {
  struct metrics *m = memory_zeroed(1, sizeof *m);
  m->started = time(NULL);
  return m;
}

void metrics_free(struct metrics *m) { free(m); }

void metrics_request(struct metrics *m, int http_status, int64_t microseconds, uint64_t bytes) {
  int class = http_status / 100;
  add(&m->classes[class >= 1 && class < CLASSES ? class : 0], 1);
  int b = 0;
  while (b < BUCKETS && microseconds > bucket_us[b]) b++;
  add(&m->bucket[b], 1);
  add(&m->sum_us, microseconds);
  add(&m->bytes, (int64_t)bytes);
}

void metrics_connection(struct metrics *m, int change) {
  add(&m->connections, change);
  if (change > 0) add(&m->connections_all, change);
}

void metrics_event(struct metrics *m, enum metrics_event event) { add(&m->events[event], 1); }

/* ---- Prometheus' text ---- */

static void head(struct text *out, const char *name, const char *type, const char *help) {
  text_addf(out, "# HELP weal_%s %s\n# TYPE weal_%s %s\n", name, help, name, type);
}

static void counter(struct text *out, const char *name, const char *help, int64_t value) {
  struct text own = {0};
  text_addf(&own, "%s_total", name);
  head(out, own.bytes, "counter", help);
  text_addf(out, "weal_%s %" PRId64 "\n", own.bytes, value);
  text_release(&own);
}

static void gauge(struct text *out, const char *name, const char *help, int64_t value) {
  head(out, name, "gauge", help);
  text_addf(out, "weal_%s %" PRId64 "\n", name, value);
}

static void write_requests(const struct metrics *m, struct text *out) {
  head(out, "requests_total", "counter", "Requests answered, by the class of their status.");
  for (int i = 1; i < CLASSES; i++)
    text_addf(out, "weal_requests_total{class=\"%dxx\"} %" PRId64 "\n", i, get(&m->classes[i]));
  head(out, "request_seconds", "histogram", "From a request's first byte to its reply.");
  int64_t all = 0;
  for (int i = 0; i <= BUCKETS; i++) {
    all += get(&m->bucket[i]);
    text_addf(out, "weal_request_seconds_bucket{le=\"%s\"} %" PRId64 "\n",
              i < BUCKETS ? bucket_s[i] : "+Inf", all);
  }
  int64_t us = get(&m->sum_us);
  text_addf(out,
            "weal_request_seconds_sum %" PRId64 ".%06" PRId64
            "\nweal_request_seconds_count %" PRId64 "\n",
            us / 1000000, us % 1000000, all);
  counter(out, "reply_bytes", "Bytes of replies' bodies.", get(&m->bytes));
  gauge(out, "connections", "Connections open now.", get(&m->connections));
  counter(out, "connections_opened", "Connections opened.", get(&m->connections_all));
  for (int i = 0; i < METRICS_EVENTS; i++)
    counter(out, events[i].name, events[i].help, get(&m->events[i]));
}

static void write_parts(const struct metrics_of *of, struct text *out) {
  if (of->writer) {
    struct writer_counts w;
    writer_count(of->writer, &w);
    counter(out, "writes", "Small jobs that the writer has done or refused.", w.jobs);
    counter(out, "write_groups", "Transactions that they took.", w.groups);
    counter(out, "write_failures", "Jobs that failed, so that whoever asked must ask again.",
            w.failures);
    counter(out, "writer_reopened", "Times that the writer had to open its connection again.",
            w.reopened);
    counter(out, "notes", "Notes written that need not be certain.", w.tells);
    counter(out, "notes_dropped", "Such notes dropped because too many waited.", w.tells_dropped);
    gauge(out, "writes_waiting", "Jobs that wait for the writer now.", w.waiting);
  }
  if (of->slow_queue) {
    struct slow_queue_counts d;
    slow_queue_count(of->slow_queue, &d);
    counter(out, "desk_jobs", "Long jobs that the slow queue has done or refused.", d.jobs);
    counter(out, "desk_failures", "Long jobs that failed.", d.failures);
    gauge(out, "desk_waiting", "Long jobs that wait now.", d.waiting);
  }
  if (of->readers) {
    struct readers_counts r;
    readers_count(of->readers, &r);
    gauge(out, "readers_open", "Connections to the store that read.", r.open);
    gauge(out, "readers_taken", "Those in use now.", r.taken);
    counter(out, "readers_opened", "Such connections opened.", r.opened);
    counter(out, "reader_failures", "Such connections lost, or not to be had.", r.failures);
  }
  if (of->cache) {
    struct cache_counts c;
    cache_count(of->cache, &c);
    counter(out, "cache_hits", "Public pages given from the cache.", c.hits);
    counter(out, "cache_old_hits", "Such pages given while newer ones were being made.",
            c.old_hits);
    counter(out, "cache_makes", "Public pages made.", c.makes);
    counter(out, "cache_waits", "Requests that waited for a page being made.", c.waits);
    gauge(out, "cache_entries", "Public pages kept.", c.entries);
    gauge(out, "cache_bytes", "Bytes of them.", c.bytes);
  }
}

/* Resident memory, from /proc; left out where there is none. */
static void write_memory(struct text *out) {
  FILE *f = fopen("/proc/self/statm", "re");
  if (!f) return;
  long long size, resident;
  if (fscanf(f, "%lld %lld", &size, &resident) == 2)
    gauge(out, "resident_memory_bytes", "Memory in use.",
          (int64_t)resident * sysconf(_SC_PAGESIZE));
  fclose(f);
}

void metrics_write(const struct metrics *m, const struct metrics_of *of, struct text *out) {
  gauge(out, "started_seconds", "When the server started, seconds since 1970.", m->started);
  write_memory(out);
  write_requests(m, out);
  write_parts(of, out);
}
