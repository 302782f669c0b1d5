/* New stores for a test: on the engine that WEAL_TEST_STORE names, else on SQLite.
 *
 *     struct store *store = fresh_store();                 a new book, open for writing
 *     const char *url = fresh_url();                       or an address where one may be made
 *     store_close(store);
 *     fresh_remove();  removes everything that fresh_* made, at the end
 *
 * WEAL_TEST_STORE: not set, or `sqlite:` (a temporary folder); or `postgresql://...`, a database in
 * which each fresh_url is a separate schema (script/with-postgresql gives one:
 * WEAL_TEST_STORE=$WEAL_TEST_POSTGRESQL).
 */
#ifndef WEAL_TESTS_FRESH_H
#define WEAL_TESTS_FRESH_H

#include "store/store.h"

const char *fresh_url(void); /* stays valid until fresh_remove */
struct store *fresh_store(void);
const char *fresh_folder(void); /* a temporary folder */
bool fresh_is_postgresql(void);
void fresh_remove(void);
int fresh_teardown(void **state); /* fresh_remove, after a test or a group of cmocka */
const char *fresh_uk_pack(void);  /* the folder of the United Kingdom's policy pack */
/* The control account of a body in pence, opened where there is none; in a write transaction. */
enum status fresh_control(struct store *store, int64_t body, int64_t *account,
                          struct error *err) MUST_USE;
/* Runs a text of SQL on PostgreSQL behind the store's back. */
void fresh_sql(const char *url, const char *sql);

#endif
