/* The store on both engines: WEAL_TEST_STORE says which (see fresh.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store_values.h"
#include "store/driver.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- values ---- */

static void check_values(struct store *store) {
  struct query *q;
  ok(store_query(store, &q, select_value, &err));
  query_bind_int(q, 1, 1);
  one_row(q);
  assert_true(query_int(q, 0) == INT64_MAX);
  assert_int_equal(query_int(q, 1), -7);
  assert_true(span_is(query_text(q, 2), "Tŷ Gwyn 🙂 'quoted' $1 ?1 {sqlite: x}"));
  struct span bytes = query_bytes(q, 3);
  assert_int_equal(bytes.size, 4);
  assert_memory_equal(bytes.bytes, "\0\xff\0\1", 4);
  query_bind_int(q, 1, 2);
  one_row(q);
  assert_true(query_int(q, 0) == INT64_MIN);
  assert_true(query_is_null(q, 1));
  assert_int_equal(query_int(q, 1), 0);
  assert_false(query_is_null(q, 2));
  assert_true(query_text(q, 2).bytes && query_text(q, 2).size == 0);
  assert_true(query_bytes(q, 3).bytes && query_bytes(q, 3).size == 0);
  no_row(q);
  query_bind_int(q, 1, 3);
  one_row(q);
  for (int i = 0; i < 4; i++) assert_true(query_is_null(q, i));
  assert_null(query_text(q, 2).bytes);
  assert_null(query_bytes(q, 3).bytes);
  query_bind_int(q, 1, 4);
  no_row(q);
  query_end(q);
}

static void values_come_back_as_they_went_in(void **state) {
  (void)state;
  struct store *store = with_values();
  struct query *q;
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_query(store, &q, insert_value, &err));
  query_bind_int(q, 1, 1);
  query_bind_int(q, 2, INT64_MAX);
  query_bind_int(q, 3, -7);
  query_bind_text(q, 4, span_of("Tŷ Gwyn 🙂 'quoted' $1 ?1 {sqlite: x}"));
  query_bind_bytes(q, 5, "\0\xff\0\1", 4);
  ok(query_run(q, &err));
  assert_int_equal(query_changes(q), 1);
  query_bind_int(q, 1, 2);
  query_bind_int(q, 2, INT64_MIN);
  query_bind_text(q, 4, span_of(""));
  query_bind_bytes(q, 5, "", 0);
  ok(query_run(q, &err));
  query_bind_int(q, 1, 3); /* the others are null again */
  ok(query_run(q, &err));
  query_end(q);
  check_values(store);
  ok(store_commit(store, &err));
  check_values(store);
  store_close(store);
}

/* Each kind of C value is bound with its type, in order. */
static void values_are_bound_with_the_statement(void **state) {
  (void)state;
  static const unsigned char bytes[] = {0, 255, 7};
  struct store *store = with_values();
  struct query *q;
  bool row;
  int64_t count;
  char *own = strdup("owned");
  ok(store_run_with(store, insert_value, &err, 1, INT64_MIN, (int16_t)-3, "text",
                    QUERY_BYTES(bytes, sizeof bytes)));
  ok(store_run_with(store, insert_value, &err, (int64_t)2, QUERY_OR_NULL(false, 9),
                    QUERY_OR_NULL(true, 9), span_make("spanned", 4), QUERY_NULL));
  ok(store_run_with(store, insert_value, &err, true + 2, 0, 0, own, QUERY_BYTES(NULL, 0)));
  free(own);
  ok(store_row_with(store, &q, &row, select_value, &err, 1));
  assert_true(row && query_int(q, 0) == INT64_MIN && query_int(q, 1) == -3);
  assert_true(span_is(query_text(q, 2), "text"));
  assert_true(query_bytes(q, 3).size == 3 && memcmp(query_bytes(q, 3).bytes, bytes, 3) == 0);
  query_end(q);
  ok(store_row_with(store, &q, &row, select_value, &err, 2));
  assert_true(row && query_is_null(q, 0) && query_int(q, 1) == 9 && query_is_null(q, 3));
  assert_true(span_is(query_text(q, 2), "span"));
  query_end(q);
  ok(store_query_with(store, &q, "select k from v where t = ?1 or k = ?2 order by k", &err, "owned",
                      1));
  one_row(q);
  assert_int_equal(query_int(q, 0), 1);
  one_row(q);
  assert_int_equal(query_int(q, 0), 3);
  query_bind_all(q, (const char *)NULL, 2);
  one_row(q);
  assert_int_equal(query_int(q, 0), 2);
  query_end(q);
  ok(store_row_with(store, &q, &row, select_value, &err, 4));
  assert_false(row);
  query_end(q);
  ok(store_int_with(store, "select s from v where k = ?1", -7, &count, &err, 2));
  assert_int_equal(count, 9);
  ok(store_int_with(store, "select s from v where k = ?1", -7, &count, &err, 4));
  assert_int_equal(count, -7);
  is(REFUSED, store_run_with(store, insert_value, &err, 1, 0, 0, "twice", QUERY_NULL));
  store_close(store);
}

static void appended_values_come_back(void **state) {
  (void)state;
  struct store *store = with_values();
  struct append *a;
  ok(store_begin(store, STORE_BULK, &err));
  ok(append_begin(store, &a, "v", "k, i, s, t, b", &err));
  append_int(a, 1), append_int(a, INT64_MAX), append_int(a, -7);
  append_text(a, span_of("Tŷ Gwyn 🙂 'quoted' $1 ?1 {sqlite: x}")),
      append_bytes(a, "\0\xff\0\1", 4);
  ok(append_row(a, &err));
  append_int(a, 2), append_int(a, INT64_MIN), append_null(a), append_text(a, span_of("")),
      append_bytes(a, "", 0);
  ok(append_row(a, &err));
  append_int(a, 3), append_null(a), append_null(a), append_text(a, (struct span){NULL, 0}),
      append_bytes(a, NULL, 0);
  ok(append_row(a, &err));
  ok(append_end(a, &err));
  check_values(store);
  ok(store_commit(store, &err));
  ok(store_begin(store, STORE_WRITE, &err));
  ok(append_begin(store, &a, "v", "k, t", &err));
  for (int i = 0; i < 1000; i++) {
    append_int(a, 10 + i), append_text(a, span_of("several batches"));
    ok(append_row(a, &err));
  }
  ok(append_end(a, &err));
  ok(store_commit(store, &err));
  assert_int_equal(number_of(store, "select count(*) from v where t = 'several batches'"), 1000);
  assert_int_equal(number_of(store, "select sum(k) from v"), 6 + 1000 * 10 + 999 * 1000 / 2);
  store_close(store);
}

static void a_text_with_a_zero_byte_is_refused(void **state) {
  (void)state;
  struct store *store = with_values();
  struct query *q;
  ok(store_query(store, &q, insert_value, &err));
  query_bind_int(q, 1, 1);
  query_bind_text(q, 4, span_make("a\0b", 3));
  is(REFUSED, query_run(q, &err));
  query_bind_int(q, 1, 1);
  query_bind_text(q, 4, span_of("a"));
  ok(query_run(q, &err));
  query_end(q);
  assert_int_equal(number_of(store, "select count(*) from v"), 1);
  store_close(store);
}

static void a_sum_past_64_bits_fails(void **state) {
  (void)state;
  struct store *store = with_values();
  int64_t value;
  ok(store_run(store, "insert into v (k, i) values (1, 9223372036854775807), (2, -5)", &err));
  assert_true(number_of(store, "select sum(i) from v") == INT64_MAX - 5);
  assert_int_equal(number_of(store, "select sum(i) from v where k = 2"), -5);
  assert_int_equal(number_of(store, "select sum(i) * 0 - 120000000 from v where k = 2"),
                   -120000000);
  assert_int_equal(number_of(store, "select i from v where k = 77"), -1);
  ok(store_run(store, "insert into v (k, i) values (3, 9223372036854775807)", &err));
  is(FAILED, store_int(store, "select sum(i) from v", 0, &value, &err));
  store_close(store);
}

/* ---- queries ---- */

static void fill(struct store *store, int rows) {
  struct append *a;
  ok(store_begin(store, STORE_WRITE, &err));
  ok(append_begin(store, &a, "v", "k, i, t", &err));
  for (int i = 1; i <= rows; i++) {
    append_int(a, i), append_int(a, i % 10);
    if (i % 3) append_text(a, span_of("third"));
    else append_null(a);
    ok(append_row(a, &err));
  }
  ok(append_end(a, &err));
  ok(store_commit(store, &err));
}

static void queries_nest_even_the_same_one(void **state) {
  (void)state;
  static const char by_digit[] = "select k from v where i = ?1 order by k";
  struct store *store = with_values();
  fill(store, 100);
  struct query *outer, *inner;
  ok(store_query(store, &outer, by_digit, &err));
  query_bind_int(outer, 1, 3);
  bool row;
  int64_t sum = 0;
  for (;;) {
    ok(query_step(outer, &row, &err));
    if (!row) break;
    ok(store_query(store, &inner, by_digit, &err));
    query_bind_int(inner, 1, query_int(outer, 0) % 7);
    one_row(inner);
    sum += query_int(inner, 0);
    query_end(inner);
  }
  query_end(outer);
  int64_t expected = 0;
  for (int k = 3; k <= 100; k += 10) expected += k % 7 ? k % 7 : 10;
  assert_int_equal(sum, expected);
  store_close(store);
}

static void a_stream_gives_every_row_in_order(void **state) {
  (void)state;
  struct store *store = with_values();
  fill(store, 5000);
  struct query *q;
  bool row;
  ok(store_begin(store, STORE_READ, &err));
  for (int round = 0; round < 2; round++) {
    ok(store_stream(store, &q,
                    "select k, i, t, b from v where k > ?1 and coalesce(t, '') <> ?2 and t is "
                    "distinct from ?3 order by k",
                    &err));
    query_bind_int(q, 1, 10);
    query_bind_text(q, 2, span_of("it's \\ $1"));
    int64_t expected = 10;
    for (;;) {
      ok(query_step(q, &row, &err));
      if (!row) break;
      expected++;
      if (expected % 3 == 0) expected++;
      assert_int_equal(query_int(q, 0), expected);
      assert_int_equal(query_int(q, 1), expected % 10);
      assert_true(span_is(query_text(q, 2), "third"));
      assert_true(query_is_null(q, 3));
    }
    assert_int_equal(expected, 5000);
    query_end(q);
  }
  /* ended in the middle, and with no rows */
  ok(store_stream(store, &q, "select k from v order by k", &err));
  one_row(q);
  query_end(q);
  ok(store_stream(store, &q, "select k from v where k < 0", &err));
  no_row(q);
  query_end(q);
  assert_int_equal(number_of(store, "select count(*) from v"), 5000);
  ok(store_commit(store, &err));
  store_close(store);
}

static void rollback_ends_what_is_under_way(void **state) {
  (void)state;
  struct store *store = with_values();
  struct query *q;
  struct append *a;
  fill(store, 2000);
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_stream(store, &q, "select k from v order by k", &err));
  one_row(q);
  store_rollback(store);
  query_end(q);
  ok(store_begin(store, STORE_WRITE, &err));
  ok(append_begin(store, &a, "v", "k", &err));
  for (int i = 0; i < 700; i++) {
    append_int(a, 10000 + i);
    ok(append_row(a, &err));
  }
  store_rollback(store);
  append_abandon(a);
  assert_int_equal(number_of(store, "select count(*) from v"), 2000);
  store_rollback(store); /* no transaction is open, so nothing happens */
  store_close(store);
}

static void a_broken_constraint_is_refused_and_undone(void **state) {
  (void)state;
  struct store *store = with_values();
  struct query *q;
  struct append *a;
  fill(store, 10);
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_query(store, &q, insert_value, &err));
  query_bind_int(q, 1, 11);
  ok(query_run(q, &err));
  query_bind_int(q, 1, 4);
  is(REFUSED, query_run(q, &err));
  query_end(q);
  store_rollback(store);
  ok(store_begin(store, STORE_WRITE, &err));
  ok(append_begin(store, &a, "v", "k", &err));
  append_int(a, 12);
  ok(append_row(a, &err));
  append_int(a, 4);
  ok(append_row(a, &err));
  is(REFUSED, append_end(a, &err));
  store_rollback(store);
  assert_int_equal(number_of(store, "select count(*) from v"), 10);
  store_close(store);
}

static void a_pipeline_runs_in_order_and_reports_its_error(void **state) {
  (void)state;
  struct store *store = with_values();
  struct query *q;
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_pipeline_begin(store, &err));
  ok(store_query(store, &q, insert_value, &err));
  for (int i = 1; i <= 1000; i++) {
    query_bind_int(q, 1, i);
    query_bind_int(q, 2, i);
    query_bind_text(q, 4, span_of("piped"));
    ok(query_run(q, &err));
    /* a query in between is answered in order */
    if (i == 500) assert_int_equal(number_of(store, "select count(*) from v"), 500);
  }
  ok(store_pipeline_end(store, &err));
  query_end(q);
  ok(store_commit(store, &err));
  assert_int_equal(number_of(store, "select count(*) from v where t = 'piped' and i = k"), 1000);

  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_pipeline_begin(store, &err));
  ok(store_query(store, &q, insert_value, &err));
  enum status status = DONE;
  err = (struct error){0};
  for (int i = 1001; i >= 999 && status == DONE; i--) {
    query_bind_int(q, 1, i);
    status = query_run(q, &err);
  }
  if (status == DONE) status = store_pipeline_end(store, &err);
  assert_int_equal(status, REFUSED);
  query_end(q);
  store_rollback(store);
  assert_int_equal(number_of(store, "select count(*) from v"), 1000);
  store_close(store);
}

/* ---- transactions of two ---- */

static void a_reader_sees_one_moment(void **state) {
  (void)state;
  struct store *writer = with_values(), *reader;
  fill(writer, 5);
  ok(store_again(&reader, writer, STORE_READ, &err));
  ok(store_begin(reader, STORE_READ, &err));
  ok(store_run(writer, "insert into v (k) values (6)", &err));
  assert_int_equal(number_of(reader, "select count(*) from v"), 5);
  ok(store_commit(reader, &err));
  assert_int_equal(number_of(reader, "select count(*) from v"), 6);
  err = (struct error){0};
  assert_int_not_equal(store_run(reader, "delete from v", &err), DONE);
  store_close(reader);
  store_close(writer);
}

static void an_unfinished_transaction_leaves_nothing(void **state) {
  (void)state;
  struct store *store = with_values(), *other;
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store, "insert into v (k) values (1)", &err));
  ok(store_again(&other, store, STORE_READ, &err));
  assert_int_equal(number_of(other, "select count(*) from v"), 0);
  store_close(store);
  assert_int_equal(number_of(other, "select count(*) from v"), 0);
  store_close(other);
}

/* ---- locks ---- */

static void a_process_holds_a_lock_until_it_dies(void **state) {
  (void)state;
  const char *url = fresh_url();
  struct store *store;
  ok(store_open(&store, url, STORE_CREATE, &err));
  int told[2];
  assert_int_equal(pipe(told), 0);
  pid_t child = fork();
  if (child == 0) {
    struct store *own;
    bool held = false;
    if (store_open(&own, url, STORE_WRITE, &err) != DONE ||
        store_lock(own, "import", false, &held, &err) != DONE)
      _exit(1);
    if (write(told[1], held ? "y" : "n", 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char answer;
  assert_int_equal(read(told[0], &answer, 1), 1);
  assert_int_equal(answer, 'y');
  bool held;
  ok(store_lock(store, "import", false, &held, &err));
  assert_false(held);
  ok(store_lock(store, "another", false, &held, &err));
  assert_true(held);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  ok(store_lock(store, "import", true, &held, &err));
  assert_true(held);
  struct store *second;
  ok(store_again(&second, store, STORE_WRITE, &err));
  ok(store_lock(second, "import", false, &held, &err));
  assert_false(held);
  store_unlock(store, "import");
  ok(store_lock(second, "import", false, &held, &err));
  assert_true(held);
  store_close(second);
  store_close(store);
  close(told[0]), close(told[1]);
}

/* Eight processes add one to a number, each holding the lock: no addition is lost. */
static void a_lock_keeps_others_out(void **state) {
  (void)state;
  const char *url = fresh_url();
  struct store *store;
  ok(store_open(&store, url, STORE_CREATE, &err));
  ok(store_run(store, "create table c (n bigint); insert into c values (0)", &err));
  store_close(store);
  pid_t children[8];
  for (int i = 0; i < 8; i++) {
    if ((children[i] = fork()) != 0) continue;
    struct store *own;
    if (store_open(&own, url, STORE_WRITE, &err) != DONE) _exit(1);
    for (int k = 0; k < 10; k++) {
      bool held;
      int64_t n;
      if (store_lock(own, "count", true, &held, &err) != DONE || !held) _exit(2);
      if (store_int(own, "select n from c", 0, &n, &err) != DONE) _exit(3);
      struct text sql = {0};
      text_addf(&sql, "update c set n = %d", (int)n + 1);
      if (store_run(own, sql.bytes, &err) != DONE) _exit(4);
      text_release(&sql);
      store_unlock(own, "count");
    }
    store_close(own);
    _exit(0);
  }
  for (int i = 0; i < 8; i++) {
    int status;
    waitpid(children[i], &status, 0);
    assert_int_equal(status, 0);
  }
  ok(store_open(&store, url, STORE_READ, &err));
  assert_int_equal(number_of(store, "select n from c"), 80);
  store_close(store);
}

/* ---- PostgreSQL ---- */

static void a_lost_connection_fails_with_what_to_do(void **state) {
  (void)state;
  if (!fresh_is_postgresql()) skip();
  struct store *store = with_values(), *other;
  ok(store_again(&other, store, STORE_WRITE, &err));
  int64_t pid = number_of(store, "select pg_backend_pid()");
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store, "insert into v (k) values (1)", &err));
  struct query *q;
  ok(store_query(other, &q, "select pg_terminate_backend(?1)", &err));
  query_bind_int(q, 1, pid);
  one_row(q);
  query_end(q);
  is(FAILED, store_commit(store, &err));
  says("connection");
  store_rollback(store);
  is(FAILED, store_run(store, "select 1", &err));
  says("do it again");
  assert_int_equal(number_of(other, "select count(*) from v"), 0);
  store_close(store);
  store_close(other);
  is(FAILED, store_open(&store, "postgresql://nobody@127.0.0.1:1/none", STORE_READ, &err));
  says("cannot be reached");
}

/* Ends the server's side of `store`, as a network or a server that fails would. */
static void cut(struct store *store, int64_t pid) {
  struct store *other;
  struct query *q;
  ok(store_again(&other, store, STORE_WRITE, &err));
  ok(store_query(other, &q, "select pg_terminate_backend(?1, 200)", &err));
  query_bind_int(q, 1, pid);
  one_row(q);
  query_end(q);
  store_close(other);
}

enum { WORK_APPEND, WORK_STREAM, WORK_PIPELINE, WORK_QUERY, WORK_KINDS };

static enum status work_until_cut(struct store *store, int work, int64_t pid) {
  struct query *q = NULL;
  struct append *a = NULL;
  bool row;
  enum status status = DONE;
  err = (struct error){0};
  if (work == WORK_APPEND) {
    ok(append_begin(store, &a, "v", "k, t", &err));
  } else if (work == WORK_STREAM) {
    ok(store_stream(store, &q, "select k, t, i from v a where k > 0 order by k", &err));
    one_row(q);
  } else if (work == WORK_PIPELINE) {
    ok(store_pipeline_begin(store, &err));
    ok(store_query(store, &q, insert_value, &err));
  } else {
    ok(store_query(store, &q, select_value, &err));
  }
  for (int i = 0; i < 2000000 && status == DONE; i++) {
    if (i == 1000) cut(store, pid);
    if (work == WORK_APPEND) {
      append_int(a, 1000000 + i), append_text(a, span_of("until the connection ends"));
      status = append_row(a, &err);
    } else if (work == WORK_STREAM) {
      status = query_step(q, &row, &err);
      if (status == DONE && !row) break;
    } else {
      query_bind_int(q, 1, 1000000 + i);
      status = work == WORK_PIPELINE ? query_run(q, &err) : query_step(q, &row, &err);
    }
  }
  if (work == WORK_PIPELINE && status == DONE) status = store_pipeline_end(store, &err);
  store_rollback(store);
  query_end(q);
  append_abandon(a);
  return status;
}

static void a_connection_lost_at_any_work_ends_it(void **state) {
  (void)state;
  if (!fresh_is_postgresql()) skip();
  for (int work = 0; work < WORK_KINDS; work++) {
    struct store *store = with_values();
    fill(store, work == WORK_STREAM ? 200000 : 10);
    int64_t pid = number_of(store, "select pg_backend_pid()");
    ok(store_begin(store, STORE_WRITE, &err));
    enum status status = work_until_cut(store, work, pid);
    /* the rest of a stream may have been sent already */
    if (work == WORK_STREAM && status == DONE) status = store_run(store, "select 1", &err);
    if (status != FAILED) fail_msg("work %d: status %d: %s", work, status, err.message);
    says("connection");
    store_close(store);
  }
}

static void a_full_server_fails_with_its_message(void **state) {
  (void)state;
  if (!fresh_is_postgresql()) skip();
  struct store *store = with_values();
  ok(store_begin(store, STORE_WRITE, &err));
  is(FAILED, store_run(store,
                       "do $$begin raise exception 'could not extend file: No space left on "
                       "device' using errcode = '53100'; end$$",
                       &err));
  says("No space left");
  says("make room");
  store_rollback(store);
  ok(store_run(store, "insert into v (k) values (1)", &err));
  store_close(store);
}

static void waiting_too_long_for_a_lock_fails_with_the_reason(void **state) {
  (void)state;
  struct store *first = with_values(), *second;
  ok(store_run(first, "insert into v (k, i) values (1, 0)", &err));
  ok(store_again(&second, first, STORE_WRITE, &err));
  ok(store_run(second, "{sqlite: pragma busy_timeout=50}{postgresql: set lock_timeout=50}", &err));
  ok(store_begin(first, STORE_WRITE, &err));
  ok(store_run(first, "update v set i = 1", &err));
  err = (struct error){0};
  enum status status = store_begin(second, STORE_WRITE, &err);
  if (status == DONE) status = store_run(second, "update v set i = 2", &err);
  assert_int_equal(status, FAILED);
  says("in use");
  store_rollback(second);
  ok(store_commit(first, &err));
  ok(store_run(second, "update v set i = 2", &err));
  assert_int_equal(number_of(first, "select i from v"), 2);
  store_close(second);
  store_close(first);
}

static void a_failed_transaction_does_not_commit(void **state) {
  (void)state;
  struct store *store = with_values();
  ok(store_begin(store, STORE_WRITE, &err));
  is(FAILED, store_run(store, "insert into no_such_table values (1)", &err));
  if (fresh_is_postgresql()) is(FAILED, store_commit(store, &err));
  store_rollback(store);
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store, "insert into v (k) values (1)", &err));
  ok(store_commit(store, &err));
  assert_int_equal(number_of(store, "select count(*) from v"), 1);
  store_close(store);
}

/* The file for Citus runs on our schema, with a stand-in for its two calls that refuses what Citus
 * would refuse. */
static char *read_whole(const char *path) {
  const char *root = getenv("WEAL_SOURCE_ROOT");
  struct text full = {0}, out = {0};
  text_addf(&full, "%s/%s", root ? root : ".", path);
  FILE *f = fopen(full.bytes, "r");
  if (!f) fail_msg("%s cannot be read", full.bytes);
  char bytes[4096];
  size_t n;
  while ((n = fread(bytes, 1, sizeof bytes, f)) > 0) text_add_bytes(&out, bytes, n);
  fclose(f);
  text_release(&full);
  return out.bytes;
}

static void the_schema_could_be_distributed(void **state) {
  (void)state;
  if (!fresh_is_postgresql()) skip();
  const char *url = fresh_url();
  struct store *store;
  ok(store_open(&store, url, STORE_CREATE, &err));
  char *stand_in = read_whole("tests/data/citus-stand-in.sql"),
       *distribute = read_whole("schema/distribute.sql");
  fresh_sql(url, stand_in);
  ok(store_run(store, distribute, &err));
  char mode[16] = "";
  struct query *q;
  bool row;
  /* set as we connect, also where there is no Citus */
  ok(store_query(store, &q, "show citus.multi_shard_modify_mode", &err));
  ok(query_step(q, &row, &err));
  snprintf(mode, sizeof mode, SPAN_FORMAT, SPAN(query_text(q, 0)));
  query_end(q);
  assert_string_equal(mode, "sequential");
  is(FAILED, store_run(store, "select create_distributed_table('line', 'entry_id')", &err));
  /* its key does not have the column */
  is(FAILED, store_run(store, "select create_distributed_table('holding', 'role')", &err));
  says("lacks");
  free(stand_in), free(distribute);
  store_close(store);
}

/* On Citus, after a commit that succeeds with a warning, a function must be called until it says
 * that nothing is left. */
static void a_commit_with_a_warning_is_recovered(void **state) {
  (void)state;
  if (!fresh_is_postgresql()) skip();
  struct store *store = with_values();
  ok(store_run(store,
               "create table left_over (n integer); insert into left_over values (3);"
               "create function recover_prepared_transactions() returns integer language sql as"
               " 'update left_over set n = greatest(n - 1, 0) returning n';"
               "create function warn() returns trigger language plpgsql as 'begin raise warning "
               "''a node did not answer''; return null; end';"
               "create constraint trigger warns after insert on v deferrable initially deferred "
               "for each row execute function warn()",
               &err));
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_commit(store, &err));
  assert_int_equal(number_of(store, "select n from left_over"), 3);
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store, "insert into v (k) values (1)", &err));
  ok(store_commit(store, &err));
  assert_int_equal(number_of(store, "select n from left_over"), 0);
  store_close(store);
}

static void a_password_is_not_shown(void **state) {
  (void)state;
  if (!fresh_is_postgresql()) skip();
  struct text url = {0};
  const char *fresh = fresh_url(), *at = strchr(fresh, '@');
  text_addf(&url, "postgresql://weal:sesame%s", at);
  struct store *store;
  is(REFUSED, store_open(&store, url.bytes, STORE_READ, &err));
  assert_null(strstr(err.message, "sesame"));
  says("postgresql://127.0.0.1:");
  text_release(&url);
}

static void marks_and_words_are_translated(void **state) {
  (void)state;
  static const char sql[] =
      "create table t (a bigint, b bytea, bigints text) {sqlite: strict}; -- {sqlite: bigint} ?1\n"
      "select '{sqlite: ?1}', ?12 {postgresql: ::bigint}, \"bigint\"";
  struct text out = {0};
  store_translate(&out, sql, STORE_SQLITE, true);
  assert_string_equal(
      out.bytes, "create table t (a INTEGER, b BLOB, bigints text) strict; -- {sqlite: bigint} ?1\n"
                 "select '{sqlite: ?1}', ?12 , \"bigint\"");
  text_clear(&out);
  store_translate(&out, sql, STORE_POSTGRESQL, true);
  assert_string_equal(out.bytes,
                      "create table t (a bigint, b bytea, bigints text) ; -- {sqlite: bigint} ?1\n"
                      "select '{sqlite: ?1}', $12 ::bigint, \"bigint\"");
  text_release(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(marks_and_words_are_translated),
      cmocka_unit_test(values_come_back_as_they_went_in),
      cmocka_unit_test(values_are_bound_with_the_statement),
      cmocka_unit_test(appended_values_come_back),
      cmocka_unit_test(a_text_with_a_zero_byte_is_refused),
      cmocka_unit_test(a_sum_past_64_bits_fails),
      cmocka_unit_test(queries_nest_even_the_same_one),
      cmocka_unit_test(a_stream_gives_every_row_in_order),
      cmocka_unit_test(rollback_ends_what_is_under_way),
      cmocka_unit_test(a_broken_constraint_is_refused_and_undone),
      cmocka_unit_test(a_pipeline_runs_in_order_and_reports_its_error),
      cmocka_unit_test(a_reader_sees_one_moment),
      cmocka_unit_test(an_unfinished_transaction_leaves_nothing),
      cmocka_unit_test(a_process_holds_a_lock_until_it_dies),
      cmocka_unit_test(a_lock_keeps_others_out),
      cmocka_unit_test(a_lost_connection_fails_with_what_to_do),
      cmocka_unit_test(a_connection_lost_at_any_work_ends_it),
      cmocka_unit_test(a_full_server_fails_with_its_message),
      cmocka_unit_test(waiting_too_long_for_a_lock_fails_with_the_reason),
      cmocka_unit_test(a_failed_transaction_does_not_commit),
      cmocka_unit_test(a_commit_with_a_warning_is_recovered),
      cmocka_unit_test(a_password_is_not_shown),
      cmocka_unit_test(the_schema_could_be_distributed),
  };
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
