/* Rows in blocks of columns are the rows, on both engines: WEAL_TEST_STORE says which (see
 * fresh.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calls.h"
#include "fresh.h"

/* Reads rows k > `after` in blocks and compares each with query_int and its like. Returns how many
 * there were. */
static int64_t read_blocks(struct query *q, int64_t after, int64_t up_to) {
  const struct column_block *block = NULL;
  int64_t k = after;
  query_bind_int(q, 1, after);
  query_bind_int(q, 2, up_to);
  for (;;) {
    ok(query_block(q, &block, &err));
    if (!block->rows) break;
    for (size_t r = 0; r < block->rows; r++) {
      char text[32];
      k++;
      assert_int_equal(block->column[0].integers[r], k);
      assert_int_equal(block->column[1].integers[r], k % 3 == 0 ? 0
                                                     : k % 2    ? INT64_MIN + k
                                                                : INT64_MAX - k);
      assert_int_equal(block->column[1].null[r], k % 3 == 0);
      assert_int_equal(block->column[2].integers[r], k % 5 == 0 ? 0 : -k);
      struct span t = block->column[3].texts[r], b = block->column[4].texts[r];
      snprintf(text, sizeof text, "row %lld", (long long)k);
      assert_true(k % 7 == 0   ? !t.bytes && !t.size
                  : k % 7 == 1 ? t.bytes && !t.size
                               : span_is(t, text));
      assert_true(k % 4 == 0 ? !b.bytes : b.size == 3 && memcmp(b.bytes, "\0\1\0", 3) == 0);
    }
  }
  ok(query_block(q, &block, &err)); /* after the end it remains at the end */
  assert_int_equal(block->rows, 0);
  return k - after;
}

static void rows_come_in_blocks_of_columns(void **state) {
  (void)state;
  static const char sql[] = STORE_BLOCKS("k, i, s, t, b",
                                         "from v where k > ?1 and k <= ?2 order by k");
  /* of row 420 the columns behind are null, and not asked for */
  static const char by_key[] =
      STORE_BLOCKS_BY_KEY("k", "i, s, t, b", "k % 420 = 0", "from v where k > ?1 and k <= ?2",
                          "k {sqlite: between 0 and}{postgresql: <=} 5000", "order by k");
  static const int64_t counts[] = {
      0,   1, STORE_BLOCK_ROWS - 1, STORE_BLOCK_ROWS, STORE_BLOCK_ROWS + 1, 2 * STORE_BLOCK_ROWS,
      3000};
  struct store *store = fresh_store();
  struct append *a;
  struct query *q;
  const struct column_block *block = NULL;
  ok(store_run(store,
               "create table v (k bigint not null primary key, i bigint, s integer, t text, b "
               "{sqlite: blob}{postgresql: bytea})",
               &err));
  ok(store_begin(store, STORE_BULK, &err));
  ok(append_begin(store, &a, "v", "k, i, s, t, b", &err));
  for (int64_t k = 1; k <= 3000; k++) {
    char text[32];
    int size = snprintf(text, sizeof text, "row %lld", (long long)k);
    append_int(a, k);
    if (k % 3 == 0) append_null(a);
    else append_int(a, k % 2 ? INT64_MIN + k : INT64_MAX - k);
    if (k % 5 == 0) append_null(a);
    else append_int(a, -k);
    append_text(a,
                k % 7 == 0 ? span_make(NULL, 0) : span_make(text, k % 7 == 1 ? 0 : (size_t)size));
    append_bytes(a, k % 4 == 0 ? NULL : "\0\1\0", k % 4 == 0 ? 0 : 3);
    ok(append_row(a, &err));
  }
  ok(append_end(a, &err));
  ok(store_commit(store, &err));
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    ok(store_blocks(store, &q, by_key, "initt", &err));
    assert_int_equal(read_blocks(q, 0, counts[i]), counts[i]);
    query_end(q);
    ok(store_blocks(store, &q, sql, "initt", &err));
    assert_int_equal(read_blocks(q, 0, counts[i]), counts[i]);
    assert_int_equal(read_blocks(q, 100, 100 + counts[i] / 2), counts[i] / 2); /* bound anew */
    query_bind_int(q, 1, 0);
    query_bind_int(q, 2, 3000);
    ok(query_block(q, &block, &err)); /* left in the middle */
    assert_int_equal(block->rows, STORE_BLOCK_ROWS);
    query_end(q);
  }
  int64_t count = 0;
  /* the store is free for others */
  ok(store_int(store, "select count(*) from v", 0, &count, &err));
  assert_int_equal(count, 3000);
  store_close(store);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(rows_come_in_blocks_of_columns)};
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
