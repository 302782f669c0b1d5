/* The cache, the shared reference data, the deadlines, the jobs and the figures of the portal, used
 * by many threads. Also run under the thread sanitizer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calls.h"
#include "base/arena.h"
#include "base/limits.h"
#include "fresh.h"
#include "http/cache.h"
#include "http/deadline.h"
#include "web/jobs.h"
#include "http/metrics.h"
#include "web/shared_reference_data.h"
#include "web/site.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* How many times a test checks, with a pause between, for something that should come soon: a busy
 * machine may be slow. */
enum { A_MOMENT_US = 10000, SOON = 6000 };

/* ---- the cache ---- */

static atomic_int alive; /* pages made and not released */

static void *make_page(int64_t value) {
  int64_t *page = memory_alloc(sizeof *page);
  *page = value;
  atomic_fetch_add(&alive, 1);
  return page;
}

static void release_page(void *held) {
  *(int64_t *)held = -1;
  free(held);
  atomic_fetch_sub(&alive, 1);
}

static int64_t value_of(const struct cached *page) { return *(int64_t *)cached_held(page); }

/* Takes a page, making `value` if it must be made; returns what it got. */
static int64_t get(struct cache *c, const char *key, int seconds, int64_t value, bool *made) {
  struct cached *page;
  bool make = cache_take(c, span_of(key), seconds, NULL, &page) == CACHE_MAKE;
  if (make) page = cache_put(c, span_of(key), seconds, make_page(value), 100);
  if (made) *made = make;
  int64_t got = value_of(page);
  cache_give(c, page);
  return got;
}

/* As get, but waits until the page may be made again: ten times the time of making it, which is
 * long on a busy machine. */
static int64_t get_made(struct cache *c, const char *key, int seconds, int64_t value) {
  bool made = false;
  int64_t got = 0;
  for (int i = 0; i < SOON && !made; i++) {
    usleep(A_MOMENT_US);
    got = get(c, key, seconds, value, &made);
  }
  assert_true(made);
  return got;
}

static void a_page_is_kept_until_the_book_grows(void **state) {
  (void)state;
  struct cache *c = cache_new(release_page);
  bool made;
  cache_log_is(c, 1);
  assert_int_equal(get(c, "/place", 60, 1, &made), 1);
  assert_true(made);
  assert_int_equal(get(c, "/place", 60, 2, &made), 1);
  assert_false(made);
  cache_log_is(c, 2);
  assert_int_equal(get_made(c, "/place", 60, 3), 3);
  assert_int_equal(get(c, "/cy/place", 60, 4, &made), 4); /* another key */
  assert_int_equal(get(c, "/place", 0, 5, &made), 5);     /* never fresh */
  assert_int_equal(get(c, "/static", -1, 6, &made), 6);
  cache_log_is(c, 3);
  assert_int_equal(get(c, "/static", -1, 7, &made), 6); /* for ever */
  struct cache_counts counts;
  cache_count(c, &counts);
  assert_int_equal(counts.entries, 3);
  assert_int_equal(counts.bytes, 300);
  cache_free(c);
  assert_int_equal(atomic_load(&alive), 0);
}

static void told_it_is_there(void *context) { atomic_fetch_add((atomic_int *)context, 1); }

static void one_makes_a_page_and_the_others_wait_or_get_the_old_one(void **state) {
  (void)state;
  struct cache *c = cache_new(release_page);
  struct cached *page, *other, *old;
  struct span key = span_of("/place");
  atomic_int told = 0;
  struct cache_wait first = {.ready = told_it_is_there, .context = &told}, second = first;
  assert_int_equal(cache_take(c, key, 60, &first, &page), CACHE_MAKE);
  assert_int_equal(cache_take(c, key, 60, &first, &other), CACHE_WAIT);
  assert_int_equal(cache_take(c, key, 60, &second, &other), CACHE_WAIT);
  assert_int_equal(atomic_load(&told), 0);
  cache_fail(c, key); /* it could not be made: the next caller tries */
  assert_int_equal(atomic_load(&told), 2);
  assert_int_equal(cache_take(c, key, 60, &first, &page), CACHE_MAKE);
  page = cache_put(c, key, 60, make_page(1), 10);
  assert_int_equal(cache_take(c, key, 60, &first, &old), CACHE_HIT);
  cache_log_is(c, 9);
  enum cache_answer answer = CACHE_HIT;
  for (int i = 0; i < SOON && answer == CACHE_HIT; i++) {
    usleep(A_MOMENT_US);
    answer = cache_take(c, key, 60, &first, &other);
    if (answer == CACHE_HIT) cache_give(c, other);
  }
  /* again, while the others get the old one */
  assert_int_equal(answer, CACHE_MAKE);
  assert_int_equal(cache_take(c, key, 60, &second, &other), CACHE_HIT);
  assert_int_equal(value_of(other), 1);
  cache_give(c, other);
  cache_give(c, page);
  page = cache_put(c, key, 60, make_page(2), 20);
  assert_int_equal(value_of(old), 1); /* a caller that has it keeps it */
  assert_int_equal(value_of(page), 2);
  assert_int_equal(atomic_load(&alive), 2);
  cache_give(c, old);
  assert_int_equal(atomic_load(&alive), 1);
  cache_give(c, page);
  char long_key[LIMIT_CACHE_KEY_BYTES + 2];
  memset(long_key, 'x', sizeof long_key - 1);
  long_key[sizeof long_key - 1] = 0;
  bool made;
  get(c, long_key, 60, 3, &made);
  get(c, long_key, 60, 3, &made);
  assert_true(made);
  cache_free(c);
  assert_int_equal(atomic_load(&alive), 0);
}

static void the_cache_keeps_its_limits(void **state) {
  (void)state;
  struct cache *c = cache_new(release_page);
  char key[32];
  bool made;
  get(c, "/place", 60, 0, NULL);
  for (int i = 0; i < LIMIT_CACHE_ENTRIES * 3; i++) {
    snprintf(key, sizeof key, "/place?q=%d", i);
    get(c, key, 60, i, NULL);
    if (i % 100 == 0) get(c, "/place", 60, 0, NULL);
  }
  struct cache_counts counts;
  cache_count(c, &counts);
  assert_true(counts.entries <= LIMIT_CACHE_ENTRIES);
  assert_int_equal(atomic_load(&alive), counts.entries);
  get(c, "/place", 60, 0, &made);
  assert_false(made); /* pages that are asked for are kept */
  for (int i = 0; i < 20; i++) {
    struct cached *page;
    snprintf(key, sizeof key, "/big?q=%d", i);
    assert_int_equal(cache_take(c, span_of(key), 60, NULL, &page), CACHE_MAKE);
    page = cache_put(c, span_of(key), 60, make_page(i), LIMIT_CACHE_BYTES / 8);
    cache_give(c, page);
    for (int k = 0; k < 100; k++) get(c, "/place", 60, 0, NULL);
  }
  cache_count(c, &counts);
  assert_true(counts.bytes <= LIMIT_CACHE_BYTES);
  cache_free(c);
  assert_int_equal(atomic_load(&alive), 0);
}

static void *hammer_cache(void *context) {
  struct cache *c = context;
  char key[32];
  for (int i = 0; i < 5000; i++) {
    snprintf(key, sizeof key, "/place?q=%d", i % 7);
    if (i % 50 == 0) cache_log_is(c, i);
    struct cached *page;
    if (cache_take(c, span_of(key), i % 3 ? 60 : 0, NULL, &page) == CACHE_MAKE) {
      if (i % 11 == 0) {
        cache_fail(c, span_of(key));
        continue;
      }
      page = cache_put(c, span_of(key), 60, make_page(i % 7), 10);
    }
    if (value_of(page) != i % 7) return context;
    cache_give(c, page);
  }
  return NULL;
}

static void in_threads(void *(*work)(void *), void *context) {
  pthread_t threads[6];
  for (int i = 0; i < 6; i++) pthread_create(&threads[i], NULL, work, context);
  for (int i = 0; i < 6; i++) {
    void *fault;
    pthread_join(threads[i], &fault);
    assert_null(fault);
  }
}

static void many_use_the_cache_at_once(void **state) {
  (void)state;
  struct cache *c = cache_new(release_page);
  in_threads(hammer_cache, c);
  cache_free(c);
  assert_int_equal(atomic_load(&alive), 0);
}

/* ---- shared reference data ---- */

static void *hammer_facts(void *context) {
  for (int i = 0; i < 300; i++) {
    const struct reference_data *reference_data = shared_reference_data_take(context);
    if (!reference_data->places || !reference_data->chart || reference_data->body_last < 0)
      return context;
    if (i % 10 == 0) shared_reference_data_look(context);
    usleep(500);
    shared_reference_data_give(context, reference_data);
  }
  return NULL;
}

static void reference_data_is_shared_and_renewed(void **state) {
  (void)state;
  const char *url = fresh_url();
  struct store *store;
  ok(store_open(&store, url, STORE_CREATE, &err));
  struct arena *arena = arena_new();
  struct pack *pack;
  ok(pack_open(&pack, fresh_uk_pack(), &err));
  struct readers *readers;
  struct shared_reference_data *s;
  struct cache *c = cache_new(release_page);
  readers_start(&readers, url);
  ok(shared_reference_data_start(&s, readers, pack, c, &err));
  bool made;
  get(c, "/place", 60, 1, NULL);
  const struct reference_data *before = shared_reference_data_take(s);
  assert_int_equal(before->place_last, 0);
  ok(store_run(store,
               "insert into place (id, code, name, kind) values (1, 'X', 'X town', "
               "'locality');update head set place = 1 where id = 1",
               &err));
  int64_t last = 0;
  for (int i = 0; i < SOON && last == 0; i++) {
    usleep(A_MOMENT_US);
    const struct reference_data *now = shared_reference_data_take(s);
    last = now->place_last;
    shared_reference_data_give(s, now);
  }
  assert_int_equal(last, 1);
  assert_int_equal(before->place_last, 0); /* ours are unchanged */
  get(c, "/place", 60, 2, &made);
  assert_true(made); /* the cache was told */
  shared_reference_data_give(s, before);
  in_threads(hammer_facts, s);
  shared_reference_data_stop(s);
  readers_stop(readers);
  cache_free(c);
  pack_close(pack);
  arena_free(arena);
  store_close(store);
}

/* ---- deadlines ---- */

static void count_shut(void *context) { atomic_fetch_add((atomic_int *)context, 1); }

static bool is_shut(int fd) {
  char byte;
  return recv(fd, &byte, 1, MSG_DONTWAIT) == 0; /* the end: the other side was shut */
}

static bool comes_to_be_shut(int fd) {
  for (int i = 0; i < SOON && !is_shut(fd); i++) usleep(A_MOMENT_US);
  return is_shut(fd);
}

enum { NEVER_S = 3600 };

/* Connections with the time limits `limits`: one in each phase, and one that sends slowly. */
struct connections {
  struct deadlines *deadlines;
  struct deadline *arriving, *trickling, *idle, *answering;
  int ends[4][2];
  atomic_int shut;
};

static void open_four(struct connections *c, const struct deadline_limits *limits) {
  struct deadline **added[] = {&c->arriving, &c->trickling, &c->idle, &c->answering};
  atomic_store(&c->shut, 0);
  ok(deadlines_start(&c->deadlines, limits, count_shut, &c->shut, &err));
  for (int i = 0; i < 4; i++) {
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, c->ends[i]), 0);
    *added[i] = deadline_add(c->deadlines, c->ends[i][0]);
  }
  deadline_phase(c->idle, DEADLINE_IDLE);
  deadline_phase(c->answering, DEADLINE_ANSWERING);
}

static void close_four(struct connections *c) {
  struct deadline *added[] = {c->arriving, c->trickling, c->idle, c->answering};
  for (int i = 0; i < 4; i++) {
    deadline_remove(c->deadlines, added[i]);
    close(c->ends[i][0]);
    close(c->ends[i][1]);
  }
  deadlines_stop(c->deadlines);
}

static void assert_told_of(struct connections *c, int shut) {
  for (int i = 0; i < SOON && atomic_load(&c->shut) < shut; i++) usleep(A_MOMENT_US);
  assert_int_equal(atomic_load(&c->shut), shut);
}

static void slow_requests_are_shut(void **state) {
  (void)state;
  struct connections c;
  struct deadline_limits limits = {.idle_seconds = NEVER_S,
                                   .request_seconds = 1,
                                   .send_seconds = NEVER_S};
  open_four(&c, &limits);
  for (int i = 0; i < SOON && !is_shut(c.ends[1][1]); i++) {
    usleep(A_MOMENT_US);
    deadline_phase(c.trickling, DEADLINE_ARRIVING); /* a byte now and then does not help it */
  }
  assert_true(is_shut(c.ends[1][1]));
  assert_true(comes_to_be_shut(c.ends[0][1]));
  assert_false(is_shut(c.ends[2][1]));
  assert_false(is_shut(c.ends[3][1]));
  assert_told_of(&c, 2);
  close_four(&c);
}

static void an_idle_connection_is_shut(void **state) {
  (void)state;
  struct connections c;
  struct deadline_limits limits = {.idle_seconds = 1,
                                   .request_seconds = NEVER_S,
                                   .send_seconds = NEVER_S};
  open_four(&c, &limits);
  assert_true(comes_to_be_shut(c.ends[2][1]));
  assert_false(is_shut(c.ends[0][1]));
  assert_false(is_shut(c.ends[3][1]));
  deadline_phase(c.answering, DEADLINE_IDLE); /* answered: its time begins */
  assert_true(comes_to_be_shut(c.ends[3][1]));
  assert_told_of(&c, 2);
  close_four(&c);
}

static void *open_and_close(void *context) {
  for (int i = 0; i < 500; i++) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return context;
    struct deadline *c = deadline_add(context, pair[0]);
    deadline_phase(c, (enum deadline_phase)(i % 5));
    if (i % 10 == 0) usleep(2000);
    deadline_phase(c, DEADLINE_IDLE);
    deadline_remove(context, c);
    char byte = 'x';
    /* a descriptor used again is not shut for its former owner */
    bool good = send(pair[0], &byte, 1, MSG_NOSIGNAL) == 1;
    close(pair[0]);
    close(pair[1]);
    if (!good) return context;
  }
  return NULL;
}

static void connections_come_and_go(void **state) {
  (void)state;
  struct deadlines *d;
  struct deadline_limits limits = {.idle_seconds = 1, .request_seconds = 1, .send_seconds = 1};
  ok(deadlines_start(&d, &limits, NULL, NULL, &err));
  in_threads(open_and_close, d);
  deadlines_stop(d);
}

/* ---- jobs ---- */

struct work {
  pthread_mutex_t lock;
  pthread_cond_t go;
  bool may_go, released;
  enum status answer;
  char rejects[128];
};

static enum status do_work(void *context, struct store *store, const struct progress_watch *watch,
                           struct text *result, struct job_refused *refused, struct error *e) {
  struct work *w = context;
  struct progress p;
  progress_begin(&p, PROGRESS_NEVER, "reading", 100);
  progress_report(&p, watch);
  usleep(120000);
  progress_update(&p, 40, 7);
  pthread_mutex_lock(&w->lock);
  while (!w->may_go) pthread_cond_wait(&w->go, &w->lock);
  pthread_mutex_unlock(&w->lock);
  progress_end(&p);
  if (w->rejects[0]) text_add(&refused->path, w->rejects);
  if (w->answer != DONE) return error_set(e, w->answer, "as asked");
  text_add(result, "7 rows");
  int64_t one;
  return store_int(store, "select 1", 0, &one, e);
}

static void release_work(void *context) { ((struct work *)context)->released = true; }

static struct job wait_for_job(struct jobs *j, struct arena *arena, int64_t id,
                               bool (*until)(const struct job *job)) {
  struct job job;
  for (int i = 0; i < SOON; i++) {
    assert_true(jobs_look(j, id, arena, &job));
    if (until(&job)) return job;
    usleep(A_MOMENT_US);
  }
  fail_msg("it never came");
  return job;
}

static bool is_seen(const struct job *job) { return job->done == 40; }
static bool is_over(const struct job *job) { return job->state != JOB_RUNNING; }

static void a_long_run_is_watched_and_remembered(void **state) {
  (void)state;
  struct store *store;
  const char *url = fresh_url();
  ok(store_open(&store, url, STORE_CREATE, &err));
  struct arena *arena = arena_new();
  struct jobs *j = jobs_new(url);
  struct work w = {.lock = PTHREAD_MUTEX_INITIALIZER, .go = PTHREAD_COND_INITIALIZER};
  struct job_order order = {.what = "import",
                            .title = "spend.csv",
                            .person = 5,
                            .run = do_work,
                            .release = release_work,
                            .context = &w};
  int64_t id, other;
  snprintf(w.rejects, sizeof w.rejects, "%s/rejects.csv", fresh_folder());
  ok(jobs_start(j, &order, &id, &err));
  assert_int_equal(jobs_start(j, &order, &other, &err), REFUSED); /* one at a time */
  struct job job = wait_for_job(j, arena, id, is_seen);
  assert_string_equal(job.phase, "reading");
  assert_true(job.total == 100 && job.items == 7 && job.state == JOB_RUNNING && job.person == 5);
  assert_string_equal(job.title, "spend.csv");
  pthread_mutex_lock(&w.lock);
  w.may_go = true;
  pthread_cond_signal(&w.go);
  pthread_mutex_unlock(&w.lock);
  job = wait_for_job(j, arena, id, is_over);
  assert_true(job.state == JOB_DONE && job.ended >= job.started && w.released);
  assert_string_equal(job.result, "7 rows");
  FILE *f = fopen(job.rejects, "w");
  assert_non_null(f);
  fclose(f);
  w.answer = REFUSED;
  w.rejects[0] = 0;
  for (int i = 0; i < LIMIT_JOBS_KEPT - 1; i++) {
    ok(jobs_start(j, &order, &other, &err));
    struct job last = wait_for_job(j, arena, other, is_over);
    assert_true(last.state == JOB_FAILED && last.status == REFUSED);
    assert_string_equal(last.err.message, "as asked");
  }
  assert_true(jobs_look(j, id, arena, &job));
  int count;
  assert_int_equal(jobs_list(j, arena, &count)[0].id, other);
  assert_int_equal(count, LIMIT_JOBS_KEPT);
  ok(jobs_start(j, &order, &other, &err));
  assert_false(jobs_look(j, id, arena, &job)); /* forgotten, and its file gone */
  struct stat st;
  assert_int_not_equal(stat(job.rejects, &st), 0);
  jobs_free(j);
  arena_free(arena);
  store_close(store);
}

/* ---- figures ---- */

static void *count_many(void *context) {
  for (int i = 0; i < 1000; i++) {
    metrics_request(context, 200, i * 20, 10);
    metrics_event(context, METRICS_DEADLINE);
    metrics_connection(context, i % 2 ? -1 : 1);
  }
  return NULL;
}

static void metrics_are_counted_and_written(void **state) {
  (void)state;
  struct metrics *m = metrics_new();
  struct cache *c = cache_new(release_page);
  get(c, "/place", 60, 1, NULL);
  in_threads(count_many, m);
  metrics_request(m, 503, 9000000, 0);
  struct text out = {0};
  metrics_write(m, &(struct metrics_of){.cache = c}, &out);
  static const char *const wanted[] = {"\nweal_requests_total{class=\"2xx\"} 6000\n",
                                       "\nweal_requests_total{class=\"5xx\"} 1\n",
                                       "\nweal_request_seconds_bucket{le=\"+Inf\"} 6001\n",
                                       "\nweal_request_seconds_bucket{le=\"5\"} 6000\n",
                                       "\nweal_request_seconds_count 6001\n",
                                       "\nweal_reply_bytes_total 60000\n",
                                       "\nweal_connections 0\n",
                                       "\nweal_deadlines_total 6000\n",
                                       "\nweal_cache_makes_total 1\n",
                                       "\n# TYPE weal_request_seconds histogram\n"};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    if (!strstr(out.bytes, wanted[i])) fail_msg("no '%s' in\n%s", wanted[i], out.bytes);
  text_release(&out);
  cache_free(c);
  metrics_free(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_page_is_kept_until_the_book_grows),
      cmocka_unit_test(one_makes_a_page_and_the_others_wait_or_get_the_old_one),
      cmocka_unit_test(the_cache_keeps_its_limits),
      cmocka_unit_test(many_use_the_cache_at_once),
      cmocka_unit_test(reference_data_is_shared_and_renewed),
      cmocka_unit_test(slow_requests_are_shut),
      cmocka_unit_test(an_idle_connection_is_shut),
      cmocka_unit_test(connections_come_and_go),
      cmocka_unit_test(a_long_run_is_watched_and_remembered),
      cmocka_unit_test(metrics_are_counted_and_written),
  };
  int failed = cmocka_run_group_tests_name(fresh_is_postgresql() ? "plumbing on PostgreSQL"
                                                                 : "plumbing on SQLite",
                                           tests, NULL, NULL);
  fresh_remove();
  return failed;
}
