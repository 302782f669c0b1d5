/* Statements that are asked for before they are read, and those that are not waited for: each sees
 * what those before it did, and a failure is told to whoever comes next. */
#include "fresh.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct error err;

#define GOOD(call) good((call), __LINE__)
static void good(enum status status, int line) {
  if (status != DONE) fail_msg("line %d: %s", line, err.message);
}

static int64_t count_settings(struct store *store) {
  int64_t n = 0;
  GOOD(store_int(store, "select count(*) from setting where key like 'k%'", 0, &n, &err));
  return n;
}

static void put_later(struct store *store, int number) {
  struct query *q = NULL;
  char key[16];
  snprintf(key, sizeof key, "k%d", number);
  GOOD(store_query(store, &q, "insert into setting (key, value) values (?1, 'v')", &err));
  query_bind_text(q, 1, span_of(key));
  GOOD(query_run_later(q, &err));
  query_end(q);
}

static void each_sees_what_was_done_before_it(void **state) {
  (void)state;
  struct store *store = fresh_store();
  struct query *count = NULL, *change = NULL, *again = NULL;
  bool row = false;
  static const char counting[] = "select count(*), max(value) from setting where key like 'k%'";
  GOOD(store_begin(store, STORE_WRITE, &err));
  /* more than are sent before their results are read */
  for (int i = 0; i < 700; i++) put_later(store, i);
  GOOD(store_query(store, &change, "update setting set value = 'w' where key = 'k3' returning key",
                   &err));
  GOOD(query_ask(change, &err));
  GOOD(store_query(store, &count, counting, &err));
  GOOD(query_ask(count, &err));
  GOOD(query_step(change, &row, &err));
  assert_true(row && span_is(query_text(change, 0), "k3"));
  GOOD(store_query(store, &again, counting, &err)); /* the same statement, answered between */
  GOOD(query_step(again, &row, &err));
  assert_int_equal(query_int(again, 0), 700);
  query_end(again);
  GOOD(query_step(count, &row, &err));
  assert_int_equal(query_int(count, 0), 700);
  assert_true(span_is(query_text(count, 1), "w"));
  GOOD(query_step(count, &row, &err));
  assert_false(row);
  query_end(count);
  query_end(change);
  GOOD(store_query(store, &count, counting, &err));
  GOOD(query_ask(count, &err));
  query_end(count); /* nobody reads it */
  assert_int_equal(count_settings(store), 700);
  GOOD(store_commit(store, &err));
  assert_int_equal(count_settings(store), 700);
  store_close(store);
}

static void a_failure_is_told_and_undone_with_its_savepoint(void **state) {
  (void)state;
  struct store *store = fresh_store();
  struct query *q = NULL, *bad = NULL;
  bool row = false;
  GOOD(store_begin(store, STORE_WRITE, &err));
  GOOD(store_savepoint(store, &err));
  put_later(store, 1);
  GOOD(store_savepoint_release(store, &err));
  GOOD(store_savepoint(store, &err));
  put_later(store, 2);
  GOOD(store_query(store, &bad, "insert into setting (key, value) values ('k1', 'twice')", &err));
  GOOD(store_query(store, &q, "select count(*) from setting where key like 'k%'", &err));
  enum status status = query_run_later(bad, &err); /* SQLite says it at once */
  if (status == DONE) {
    GOOD(query_ask(q, &err));
    status = query_step(q, &row, &err);
  }
  assert_int_equal(status, REFUSED);
  query_end(q);
  query_end(bad);
  GOOD(store_savepoint_undo(store, &err));
  assert_int_equal(count_settings(store), 1);
  GOOD(store_savepoint(store, &err));
  put_later(store, 3);
  GOOD(store_savepoint_release(store, &err));
  GOOD(store_commit(store, &err));
  assert_int_equal(count_settings(store), 2);
  store_close(store);
}

static void a_commit_after_a_failure_commits_nothing(void **state) {
  (void)state;
  struct store *store = fresh_store();
  struct query *bad = NULL;
  GOOD(store_begin(store, STORE_WRITE, &err));
  put_later(store, 1);
  GOOD(store_query(store, &bad, "insert into setting (key, value) values ('k1', 'twice')", &err));
  enum status status = query_run_later(bad, &err);
  query_end(bad);
  if (status == DONE) status = store_commit(store, &err);
  assert_int_not_equal(status, DONE);
  store_rollback(store);
  assert_int_equal(count_settings(store), 0);
  store_close(store);
}

static int remove_all(void **state) {
  (void)state;
  fresh_remove();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(each_sees_what_was_done_before_it, remove_all),
      cmocka_unit_test_teardown(a_failure_is_told_and_undone_with_its_savepoint, remove_all),
      cmocka_unit_test_teardown(a_commit_after_a_failure_commits_nothing, remove_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
