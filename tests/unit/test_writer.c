/* The writer, the slow queue and the readers, used by many threads at once and with the store moved
 * away meanwhile. Also run under the thread sanitizer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calls.h"
#include "base/arena.h"
#include "base/limits.h"
#include "fresh.h"
#include "http/slow_queue.h"
#include "http/readers.h"
#include "http/writer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

/* ---- a job that adds a row, and waiting for it ---- */

struct add {
  struct write_job job;
  int64_t key;
  bool twice;         /* adds the same again: refused */
  enum status answer; /* returned instead of doing it */
  pthread_mutex_t lock;
  pthread_cond_t told;
  bool over;
  enum status status;
  char message[ERROR_MESSAGE_SIZE];
};

static enum status insert(struct store *store, int64_t key, struct error *e) {
  struct query *q;
  enum status status = store_query(store, &q, "insert into v (k) values (?1)", e);
  if (status != DONE) return status;
  query_bind_int(q, 1, key);
  status = query_run(q, e);
  query_end(q);
  return status;
}

static enum status run_add(void *context, struct store *store, struct error *e) {
  struct add *a = context;
  enum status status = insert(store, a->key, e);
  if (status == DONE && a->twice) status = insert(store, a->key, e);
  if (status == DONE && a->answer != DONE) return error_set(e, a->answer, "as asked");
  return status;
}

static void add_done(void *context, enum status status, const struct error *e) {
  struct add *a = context;
  pthread_mutex_lock(&a->lock);
  a->over = true;
  a->status = status;
  snprintf(a->message, sizeof a->message, "%s", e->message);
  pthread_cond_signal(&a->told);
  pthread_mutex_unlock(&a->lock);
}

static void prepare_add(struct add *a, int64_t key) {
  *a =
      (struct add){.key = key, .lock = PTHREAD_MUTEX_INITIALIZER, .told = PTHREAD_COND_INITIALIZER};
  a->job = (struct write_job){.run = run_add, .done = add_done, .context = a};
}

static enum status wait_for(struct add *a) {
  pthread_mutex_lock(&a->lock);
  while (!a->over) pthread_cond_wait(&a->told, &a->lock);
  pthread_mutex_unlock(&a->lock);
  return a->status;
}

static enum status add_now(struct writer *w, int64_t key, bool twice, enum status answer) {
  struct add a;
  prepare_add(&a, key);
  a.twice = twice;
  a.answer = answer;
  struct error e = {0};
  enum status status = writer_ask(w, &a.job, &e);
  return status == DONE ? wait_for(&a) : status;
}

static const char *new_book(void) {
  const char *url = fresh_url();
  struct store *store;
  ok(store_open(&store, url, STORE_CREATE, &err));
  ok(store_run(store, "create table v (k bigint not null primary key)", &err));
  store_close(store);
  return url;
}

static int64_t number(const char *url, const char *sql) {
  struct store *store;
  int64_t value;
  ok(store_open(&store, url, STORE_READ, &err));
  ok(store_int(store, sql, -1, &value, &err));
  store_close(store);
  return value;
}

/* ---- the functions it uses: savepoints, and whether a connection is alive ---- */

static void add_two(struct store *store, int64_t first, int64_t second, enum status expected) {
  enum status status = insert(store, first, &err);
  if (status == DONE) status = insert(store, second, &err);
  assert_int_equal(status, expected);
}

static void a_part_of_a_transaction_is_undone_alone(void **state) {
  (void)state;
  const char *url = new_book();
  struct store *store;
  ok(store_open(&store, url, STORE_WRITE, &err));
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_savepoint(store, &err));
  add_two(store, 1, 2, DONE);
  ok(store_savepoint_release(store, &err));
  ok(store_savepoint(store, &err));
  add_two(store, 3, 1, REFUSED); /* on PostgreSQL nothing runs now but the undo */
  ok(store_savepoint_undo(store, &err));
  ok(store_savepoint(store, &err));
  add_two(store, 3, 4, DONE);
  ok(store_savepoint_release(store, &err));
  ok(store_savepoint(store, &err));
  add_two(store, 5, 6, DONE);
  struct append *a;
  ok(append_begin(store, &a, "v", "k", &err));
  append_int(a, 7);
  ok(append_row(a, &err));
  ok(store_savepoint_undo(store, &err)); /* the failed caller left an append open */
  append_abandon(a);
  ok(store_commit(store, &err));
  store_close(store);
  assert_int_equal(number(url, "select count(*) from v"), 4);
  assert_int_equal(number(url, "select max(k) from v"), 4);
}

static void a_connection_says_whether_it_leads_to_the_store(void **state) {
  (void)state;
  struct store *store;
  ok(store_open(&store, new_book(), STORE_WRITE, &err));
  assert_true(store_alive(store));
  if (store_engine_of(store) == STORE_SQLITE) {
    struct text aside = {0};
    text_addf(&aside, "%s-aside", store_path(store));
    assert_int_equal(rename(store_path(store), aside.bytes), 0);
    assert_false(store_alive(store));
    FILE *other = fopen(store_path(store), "w");
    assert_false(store_alive(store)); /* another file of that name */
    fclose(other);
    assert_int_equal(rename(aside.bytes, store_path(store)), 0);
    assert_true(store_alive(store));
    text_release(&aside);
  }
  store_close(store);
}

/* ---- the writer ---- */

enum { ASKERS = 16, EACH = 40 };

struct asker {
  pthread_t thread;
  struct writer *writer;
  int64_t first;
  bool done[EACH];
  enum status status[EACH];
};

static void *ask_many(void *context) {
  struct asker *a = context;
  for (int i = 0; i < EACH; i++)
    a->status[i] = add_now(a->writer, a->first + i, i % 5 == 1,
                           i % 5 == 2   ? REFUSED
                           : i % 5 == 3 ? FAILED
                                        : DONE);
  return NULL;
}

static void failed_jobs_are_undone_alone(void **state) {
  (void)state;
  const char *url = new_book();
  struct writer *w;
  ok(writer_start(&w, url, &err));
  static struct asker askers[ASKERS];
  for (int i = 0; i < ASKERS; i++) {
    askers[i] = (struct asker){.writer = w, .first = i * EACH};
    pthread_create(&askers[i].thread, NULL, ask_many, &askers[i]);
  }
  for (int i = 0; i < ASKERS; i++) pthread_join(askers[i].thread, NULL);
  struct writer_counts counts;
  writer_count(w, &counts);
  writer_stop(w);
  static const enum status expected[] = {DONE, REFUSED, REFUSED, FAILED, DONE};
  for (int i = 0; i < ASKERS; i++)
    for (int k = 0; k < EACH; k++) assert_int_equal(askers[i].status[k], expected[k % 5]);
  assert_int_equal(number(url, "select count(*) from v"), ASKERS * EACH * 2 / 5);
  assert_int_equal(number(url, "select count(*) from v where k - k / 5 * 5 in (0, 4)"),
                   ASKERS * EACH * 2 / 5);
  assert_int_equal(counts.jobs, ASKERS * EACH);
  assert_true(counts.groups < counts.jobs);
  assert_int_equal(counts.failures, ASKERS * EACH / 5);
  assert_int_equal(counts.reopened, 0);
}

static enum status add_note(void *note, struct store *store, struct error *e) {
  int64_t key;
  memcpy(&key, note, sizeof key);
  return insert(store, key, e);
}

static void notices_are_written_soon(void **state) {
  (void)state;
  const char *url = new_book();
  struct writer *w;
  ok(writer_start(&w, url, &err));
  int64_t key = 1;
  assert_true(writer_notify(w, add_note, &key, sizeof key));
  /* refused, and nobody gets the error */
  assert_true(writer_notify(w, add_note, &key, sizeof key));
  key = 2;
  assert_true(writer_notify(w, add_note, &key, sizeof key));
  for (int i = 0; i < 1200 && number(url, "select count(*) from v") < 2; i++) usleep(50000);
  assert_int_equal(number(url, "select count(*) from v"), 2);
  key = 3;
  assert_true(writer_notify(w, add_note, &key, sizeof key));
  writer_stop(w);
  assert_int_equal(number(url, "select count(*) from v"), 3);
}

/* ---- the store cannot be reached ---- */

static void take_away(const char *url, struct text *aside) {
  if (fresh_is_postgresql()) {
    /* Those of this test alone: each has its own search_path, which is not seen from outside; the
     * test's programs have this one name. */
    fresh_sql(
        url, "select pg_terminate_backend(pid, 60000) from pg_stat_activity where application_name "
             "= 'weal' and datname = current_database()");
    return;
  }
  const char *path = url + strlen("sqlite:");
  static const char *const ends[] = {"", "-wal", "-shm"};
  text_clear(aside);
  text_addf(aside, "%s.aside", path);
  for (int i = 0; i < 3; i++) {
    struct text from = {0}, to = {0};
    text_addf(&from, "%s%s", path, ends[i]);
    text_addf(&to, "%s%s", aside->bytes, ends[i]);
    if (rename(from.bytes, to.bytes) != 0) assert_true(i > 0);
    text_release(&from);
    text_release(&to);
  }
}

static void put_back(const char *url, struct text *aside) {
  if (fresh_is_postgresql()) return;
  const char *path = url + strlen("sqlite:");
  static const char *const ends[] = {"-shm", "-wal", ""};
  for (int i = 0; i < 3; i++) {
    struct text from = {0}, to = {0};
    text_addf(&to, "%s%s", path, ends[i]);
    text_addf(&from, "%s%s", aside->bytes, ends[i]);
    if (rename(from.bytes, to.bytes) != 0) assert_true(i < 2);
    text_release(&from);
    text_release(&to);
  }
}

struct hammer {
  pthread_t thread;
  struct writer *writer;
  atomic_bool *stop;
  int64_t first, asked;
  unsigned char *durable;
};

enum { HAMMERS = 8, HAMMER_MOST = 200000 };

static void *hammer(void *context) {
  struct hammer *h = context;
  for (; h->asked < HAMMER_MOST && !atomic_load(h->stop); h->asked++) {
    h->durable[h->asked] = add_now(h->writer, h->first + h->asked, false, DONE) == DONE;
    if (!h->durable[h->asked]) usleep(5000);
  }
  return NULL;
}

static bool holds(struct store *store, int64_t key) {
  struct query *q;
  bool row;
  ok(store_query(store, &q, "select 1 from v where k = ?1", &err));
  query_bind_int(q, 1, key);
  ok(query_step(q, &row, &err));
  query_end(q);
  return row;
}

static enum status count_groups(void *context, struct store *store, struct error *e) {
  int64_t *counts = context, there = 0;
  /* in the transaction, before the jobs */
  enum status status = store_int(store, "select count(*) from v", 0, &there, e);
  counts[0]++;
  counts[1] = there;
  return status;
}

static void a_check_runs_before_each_group(void **state) {
  (void)state;
  struct writer *w;
  int64_t counts[2] = {0};
  ok(writer_start(&w, new_book(), &err));
  writer_before_groups(w, count_groups, counts);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(add_now(w, i, false, DONE), DONE);
    assert_int_equal(counts[0], i + 1);
    assert_int_equal(counts[1], i);
  }
  writer_stop(w);
}

static void acknowledged_rows_survive_a_lost_store(void **state) {
  (void)state;
  const char *url = new_book();
  struct writer *w;
  ok(writer_start(&w, url, &err));
  atomic_bool stop = false;
  struct hammer hammers[HAMMERS];
  for (int i = 0; i < HAMMERS; i++) {
    hammers[i] = (struct hammer){.writer = w,
                                 .stop = &stop,
                                 .first = (int64_t)i * HAMMER_MOST,
                                 .durable = memory_zeroed(HAMMER_MOST, 1)};
    pthread_create(&hammers[i].thread, NULL, hammer, &hammers[i]);
  }
  struct text aside = {0};
  for (int i = 0; i < 5; i++) {
    usleep(150000);
    take_away(url, &aside);
    usleep(100000);
    put_back(url, &aside);
  }
  usleep(300000);
  /* The store is back: a job asked for now is done, at the latest when the wait between tries is
   * over. */
  bool back = false;
  for (int i = 0; i < 600 && !back; i++) {
    back = add_now(w, -1, false, DONE) == DONE;
    if (!back) usleep(100000);
  }
  assert_true(back);
  atomic_store(&stop, true);
  for (int i = 0; i < HAMMERS; i++) pthread_join(hammers[i].thread, NULL);
  struct writer_counts counts;
  writer_count(w, &counts);
  writer_stop(w);
  assert_true(counts.reopened >= 1);
  struct store *store;
  ok(store_open(&store, url, STORE_READ, &err));
  int64_t durable = 0, lost = 0;
  for (int i = 0; i < HAMMERS; i++) {
    for (int64_t k = 0; k < hammers[i].asked; k++) {
      durable += hammers[i].durable[k];
      if (hammers[i].durable[k] && !holds(store, hammers[i].first + k)) lost++;
    }
    free(hammers[i].durable);
  }
  store_close(store);
  text_release(&aside);
  assert_true(durable > 0);
  assert_int_equal(lost, 0);
}

/* ---- the slow queue ---- */

static enum status begin_and_leave(void *context, struct store *store, struct error *e) {
  (void)context;
  enum status status = store_begin(store, STORE_WRITE, e);
  return status == DONE ? insert(store, 77, e) : status;
}

static void the_slow_queue_does_one_after_another(void **state) {
  (void)state;
  const char *url = new_book();
  struct slow_queue *d;
  ok(slow_queue_start(&d, url, &err));
  struct add jobs[20];
  prepare_add(&jobs[0], 0);
  jobs[0].job.run = begin_and_leave; /* a transaction that it leaves open is rolled back */
  ok(slow_queue_ask(d, &jobs[0].job, &err));
  for (int i = 1; i < 20; i++) {
    prepare_add(&jobs[i], i);
    jobs[i].answer = i == 7 ? FAILED : DONE;
    ok(slow_queue_ask(d, &jobs[i].job, &err));
  }
  for (int i = 0; i < 20; i++) assert_int_equal(wait_for(&jobs[i]), i == 7 ? FAILED : DONE);
  struct slow_queue_counts counts;
  slow_queue_count(d, &counts);
  assert_int_equal(counts.jobs, 20);
  assert_int_equal(counts.failures, 1);
  assert_int_equal(counts.waiting, 0);
  slow_queue_stop(d);
  assert_int_equal(number(url, "select count(*) from v where k = 77"), 0);
}

/* ---- readers ---- */

static void readers_survive_a_store_that_went_away(void **state) {
  (void)state;
  const char *url = new_book();
  struct readers *r;
  struct store *store, *second;
  int64_t count;
  readers_start(&r, url);
  ok(readers_take(r, &store, &err));
  ok(readers_take(r, &second, &err));
  ok(store_int(store, "select count(*) from v", -1, &count, &err));
  readers_give(r, second, DONE);
  readers_give(r, store, DONE);
  struct text aside = {0};
  take_away(url, &aside);
  err = (struct error){0};
  if (fresh_is_postgresql()) {
    ok(readers_take(r, &store, &err)); /* both connections were closed; a third is opened */
    ok(store_int(store, "select count(*) from v", -1, &count, &err));
    readers_give(r, store, DONE);
  } else {
    assert_int_equal(readers_take(r, &store, &err), FAILED);
    assert_int_equal(readers_take(r, &store, &err), FAILED);
    assert_true(err.message[0] && err.code == FAILED);
  }
  put_back(url, &aside);
  usleep(600000);
  ok(readers_take(r, &store, &err));
  ok(store_int(store, "select count(*) from v", -1, &count, &err));
  readers_give(r, store, FAILED);
  ok(readers_take(r, &store, &err));
  readers_give(r, store, REFUSED);
  struct readers_counts counts;
  readers_count(r, &counts);
  assert_int_equal(counts.open, 1);
  assert_int_equal(counts.taken, 0);
  readers_stop(r);
  text_release(&aside);
}

static void *read_many(void *context) {
  for (int i = 0; i < 100; i++) {
    struct store *store;
    struct error e = {0};
    int64_t count;
    if (readers_take(context, &store, &e) != DONE) return (void *)1;
    enum status status = store_int(store, "select count(*) from v", -1, &count, &e);
    readers_give(context, store, status);
    if (status != DONE) return (void *)2;
  }
  return NULL;
}

static void readers_are_shared(void **state) {
  (void)state;
  struct readers *r;
  readers_start(&r, new_book());
  pthread_t threads[8];
  for (int i = 0; i < 8; i++) pthread_create(&threads[i], NULL, read_many, r);
  for (int i = 0; i < 8; i++) {
    void *fault;
    pthread_join(threads[i], &fault);
    assert_null(fault);
  }
  struct readers_counts counts;
  readers_count(r, &counts);
  assert_true(counts.open <= 8);
  readers_stop(r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_part_of_a_transaction_is_undone_alone),
      cmocka_unit_test(a_connection_says_whether_it_leads_to_the_store),
      cmocka_unit_test(failed_jobs_are_undone_alone),
      cmocka_unit_test(notices_are_written_soon),
      cmocka_unit_test(a_check_runs_before_each_group),
      cmocka_unit_test(acknowledged_rows_survive_a_lost_store),
      cmocka_unit_test(the_slow_queue_does_one_after_another),
      cmocka_unit_test(readers_survive_a_store_that_went_away),
      cmocka_unit_test(readers_are_shared),
  };
  int failed = cmocka_run_group_tests_name(fresh_is_postgresql() ? "writer on PostgreSQL"
                                                                 : "writer on SQLite",
                                           tests, NULL, NULL);
  fresh_remove();
  return failed;
}
