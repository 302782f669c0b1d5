/* Statements that are asked for before they are read, and statements that are not waited for: each
 * sees the effects of those before it, and the next call reports a failure. */
#include "fresh.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "calls.h"

static int64_t count_settings(struct store *store) {
  int64_t n = 0;
  ok(store_int(store, "select count(*) from setting where key like 'k%'", 0, &n, &err));
  return n;
}

static void put_later(struct store *store, int number) {
  struct query *q = NULL;
  char key[16];
  snprintf(key, sizeof key, "k%d", number);
  ok(store_query(store, &q, "insert into setting (key, value) values (?1, 'v')", &err));
  query_bind_text(q, 1, span_of(key));
  ok(query_run_later(q, &err));
  query_end(q);
}

static void each_statement_sees_the_effects_of_earlier_ones(void **state) {
  (void)state;
  struct store *store = fresh_store();
  struct query *count = NULL, *change = NULL, *again = NULL;
  bool row = false;
  static const char counting[] = "select count(*), max(value) from setting where key like 'k%'";
  ok(store_begin(store, STORE_WRITE, &err));
  /* more than are sent before their results are read */
  for (int i = 0; i < 700; i++) put_later(store, i);
  ok(store_query(store, &change, "update setting set value = 'w' where key = 'k3' returning key",
                 &err));
  ok(query_ask(change, &err));
  ok(store_query(store, &count, counting, &err));
  ok(query_ask(count, &err));
  ok(query_step(change, &row, &err));
  assert_true(row && span_is(query_text(change, 0), "k3"));
  ok(store_query(store, &again, counting, &err)); /* the same statement, answered between */
  ok(query_step(again, &row, &err));
  assert_int_equal(query_int(again, 0), 700);
  query_end(again);
  ok(query_step(count, &row, &err));
  assert_int_equal(query_int(count, 0), 700);
  assert_true(span_is(query_text(count, 1), "w"));
  ok(query_step(count, &row, &err));
  assert_false(row);
  query_end(count);
  query_end(change);
  ok(store_query(store, &count, counting, &err));
  ok(query_ask(count, &err));
  query_end(count); /* nobody reads it */
  assert_int_equal(count_settings(store), 700);
  ok(store_commit(store, &err));
  assert_int_equal(count_settings(store), 700);
  store_close(store);
}

static void a_failure_is_reported_and_undone_with_its_savepoint(void **state) {
  (void)state;
  struct store *store = fresh_store();
  struct query *q = NULL, *bad = NULL;
  bool row = false;
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_savepoint(store, &err));
  put_later(store, 1);
  ok(store_savepoint_release(store, &err));
  ok(store_savepoint(store, &err));
  put_later(store, 2);
  ok(store_query(store, &bad, "insert into setting (key, value) values ('k1', 'twice')", &err));
  ok(store_query(store, &q, "select count(*) from setting where key like 'k%'", &err));
  enum status status = query_run_later(bad, &err); /* SQLite says it at once */
  if (status == DONE) {
    ok(query_ask(q, &err));
    status = query_step(q, &row, &err);
  }
  assert_int_equal(status, REFUSED);
  query_end(q);
  query_end(bad);
  ok(store_savepoint_undo(store, &err));
  assert_int_equal(count_settings(store), 1);
  ok(store_savepoint(store, &err));
  put_later(store, 3);
  ok(store_savepoint_release(store, &err));
  ok(store_commit(store, &err));
  assert_int_equal(count_settings(store), 2);
  store_close(store);
}

static void a_commit_after_a_failure_commits_nothing(void **state) {
  (void)state;
  struct store *store = fresh_store();
  struct query *bad = NULL;
  ok(store_begin(store, STORE_WRITE, &err));
  put_later(store, 1);
  ok(store_query(store, &bad, "insert into setting (key, value) values ('k1', 'twice')", &err));
  enum status status = query_run_later(bad, &err);
  query_end(bad);
  if (status == DONE) status = store_commit(store, &err);
  assert_int_not_equal(status, DONE);
  store_rollback(store);
  assert_int_equal(count_settings(store), 0);
  store_close(store);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(each_statement_sees_the_effects_of_earlier_ones, fresh_teardown),
      cmocka_unit_test_teardown(a_failure_is_reported_and_undone_with_its_savepoint,
                                fresh_teardown),
      cmocka_unit_test_teardown(a_commit_after_a_failure_commits_nothing, fresh_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
