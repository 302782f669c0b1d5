/* Waiting for a lock of the store: on the engine that WEAL_TEST_STORE names (fresh.h). */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calls.h"
#include "fresh.h"

#include <unistd.h>

struct waiter {
  pthread_t thread;
  struct store *store;
  enum status status;
  struct error err;
  bool shared;
  _Atomic bool has, enough;
};

static void *take_and_give(void *context) {
  struct waiter *w = context;
  bool held;
  w->status = w->shared ? store_lock_shared(w->store, "count", &w->err)
                        : store_lock(w->store, "count", true, &held, &w->err);
  w->has = true;
  if (w->status == DONE) store_unlock(w->store, "count");
  return NULL;
}

static void begin_to_wait(struct waiter *w, struct store *store, bool shared,
                          void *(*how)(void *)) {
  *w = (struct waiter){.shared = shared};
  ok(store_again(&w->store, store, STORE_WRITE, &err));
  assert_int_equal(pthread_create(&w->thread, NULL, how, w), 0);
}

static void end_waiting(struct waiter *w) {
  pthread_join(w->thread, NULL);
  if (w->status != DONE) fail_msg("%s", w->err.message);
  store_close(w->store);
}

/* A connection that waits for a lock holds no snapshot: rows deleted meanwhile can be removed
 * (privacy/rewrite.h). */
enum { LOOKS = 20, LOOK_US = 50000 }; /* a second: longer than a query may take to get its turn */

static void waiting_for_a_lock_holds_no_snapshot(void **state) {
  (void)state;
  struct store *store;
  struct waiter alone, shared;
  bool held;
  ok(store_open(&store, fresh_url(), STORE_CREATE, &err));
  ok(store_lock(store, "count", true, &held, &err));
  begin_to_wait(&alone, store, false, take_and_give);
  begin_to_wait(&shared, store, true, take_and_give);
  for (int i = 0; i < LOOKS; i++) {
    usleep(LOOK_US);
    if (fresh_is_postgresql())
      assert_int_equal(number_of(store,
                                 "select count(*) from pg_stat_activity where datname = "
                                 "current_database() and pid <> pg_backend_pid() and "
                                 "backend_type = 'client backend' and backend_xmin is not null "
                                 "and state_change < clock_timestamp() - interval '500 ms'"),
                       0);
  }
  assert_false(alone.has || shared.has);
  store_unlock(store, "count");
  end_waiting(&alone);
  end_waiting(&shared);
  store_close(store);
}

static void *take_again_and_again(void *context) {
  struct waiter *w = context;
  while (!w->enough && w->status == DONE) {
    w->status = store_lock_shared(w->store, "count", &w->err);
    w->has = true;
    usleep(30 * 1000);
    if (w->status == DONE) store_unlock(w->store, "count");
  }
  return NULL;
}

/* Three connections share a lock, so that it is always held: a connection that wants it alone still
 * gets it soon. */
static void sharers_of_a_lock_keep_nobody_out(void **state) {
  (void)state;
  struct store *store;
  struct waiter sharing[3];
  bool held = false;
  ok(store_open(&store, fresh_url(), STORE_CREATE, &err));
  if (!fresh_is_postgresql()) {
    store_close(store);
    skip(); /* SQLite uses the system's file locks, which promise no order */
  }
  for (int i = 0; i < 3; i++) {
    begin_to_wait(&sharing[i], store, true, take_again_and_again);
    usleep(10 * 1000);
  }
  alarm(20);
  ok(store_lock(store, "count", true, &held, &err));
  alarm(0);
  assert_true(held);
  store_unlock(store, "count");
  for (int i = 0; i < 3; i++) {
    sharing[i].enough = true;
    end_waiting(&sharing[i]);
  }
  store_close(store);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(waiting_for_a_lock_holds_no_snapshot),
      cmocka_unit_test(sharers_of_a_lock_keep_nobody_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
