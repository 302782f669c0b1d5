/* A table of values in a fresh store, for the tests of the store. */
#ifndef WEAL_TESTS_STORE_VALUES_H
#define WEAL_TESTS_STORE_VALUES_H

#include "calls.h"
#include "fresh.h"

static inline struct store *with_values(void) {
  struct store *store = fresh_store();
  ok(store_run(store,
               "create table v (k bigint not null primary key, i bigint, s integer, t text, b "
               "{sqlite: blob}{postgresql: bytea})",
               &err));
  return store;
}

static const char insert_value[] = "insert into v (k, i, s, t, b) values (?1, ?2, ?3, ?4, ?5)";
static const char select_value[] = "select i, s, t, b from v where k = ?1";

static inline void one_row(struct query *q) {
  bool row;
  ok(query_step(q, &row, &err));
  assert_true(row);
}

static inline void no_row(struct query *q) {
  bool row;
  ok(query_step(q, &row, &err));
  assert_false(row);
}

#endif
