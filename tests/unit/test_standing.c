/* The years that have something in the book: with lines that were undone, erased, undone in another
 * year, or in the future; and the cost where a whole year was undone. */
#include "book/posting.h"
#include "book/reversal.h"
#include "fresh.h"
#include "publish/publish.h"
#include "privacy/erasure.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>

#include <cmocka.h>

#include "calls.h"

enum { ANN = 1, BOB = 2, TODAY = 2025 };

static struct store *store;
static int64_t control;

static void new_book(void) {
  err = (struct error){0};
  store = fresh_store();
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store,
               "insert into category (id, code, unit) values (1, 'tax', 'pence'); insert into "
               "place (id, code, name, kind) values (1, 'T', 'T', 'locality');"
               "insert into body (id, code, name, kind) values (1, 'a', 'A', 'department'); "
               "update head set category = 1, body = 1, party = 3, place = 1;"
               "insert into party (id, kind, code, name, born) values (1, 'person', 'P1', 'Ann', "
               "0), (2, 'person', 'P2', 'Bob', 0), (3, 'person', 'P3', 'Cat', 0);"
               "insert into identifier (value, scheme, party) select code, 'id', id from party; "
               "insert into residence (party, from_day, place) select id, 0, 1 from party;",
               &err));
  ok(book_open_people(store, 1, 3, &err));
  ok(fresh_control(store, 1, &control, &err));
  ok(store_commit(store, &err));
}

static int64_t post(int64_t person, int year, int lines) {
  int64_t entry = 0;
  struct posting *p = posting_begin(store, day_make(year, 5, 1), "portal", "by hand");
  for (int i = 0; i < lines; i++)
    posting_add(p, &(struct line){
                       .account = 2 * person - 1, .category = 1, .amount = 5 + i % 7, .body = 1});
  for (int i = 0; i < lines; i++)
    posting_add(p,
                &(struct line){.account = control, .category = 1, .amount = -5 - i % 7, .body = 1});
  ok(posting_commit(p, &entry, &err));
  return entry;
}

static void undo(int64_t entry, int n, day_t on) {
  const struct reversal what = {
      .entry = entry, .line_no = n, .on = on, .reason = "typo", .who = "officer"};
  struct reversal_result result;
  ok(reversal_post(store, &what, &result, &err));
}

static void erase(int64_t person) {
  struct erasure_result result;
  ok(erasure_person(store, person, "officer", "asked for it", &result, &err));
  erasure_result_free(&result);
}

/* The latest first; 0 ends. */
static void assert_years(const int *expected) {
  struct publish_years years;
  ok(publish_years(store, TODAY, NULL, &years, &err));
  int i = 0;
  for (; expected[i]; i++) {
    if (i >= years.count) fail_msg("%d is missing", expected[i]);
    assert_int_equal(years.year[i], expected[i]);
  }
  if (years.count != i) fail_msg("%d stands", years.year[i]);
}
#define YEARS(...) assert_years((const int[]){__VA_ARGS__, 0})

/* ---- undone and erased ---- */

static void an_erasure_changes_no_year(void **state) {
  (void)state;
  new_book();
  post(BOB, 2025, 1);
  int64_t typo = post(ANN, 1995, 3), half = post(ANN, 2006, 2);
  YEARS(2025, 2006, 1995);
  undo(typo, 0, DAY_NONE);
  undo(half, 1, DAY_NONE);
  YEARS(2025, 2006);
  erase(ANN);
  YEARS(2025, 2006);
  undo(half, 0, DAY_NONE); /* the sum that was not undone */
  YEARS(2025);
  erase(BOB);
  YEARS(2025);
  store_close(store);
}

/* Undone line by line, so that more entries undo the year than made it; and the lines that other
 * people undid there are erased later. */
static void a_year_undone_line_by_line_is_left_out(void **state) {
  (void)state;
  new_book();
  post(BOB, 2025, 1);
  int64_t both = 0;
  struct posting *p = posting_begin(store, day_make(1995, 5, 1), "portal", "by hand");
  for (int64_t person = ANN; person <= BOB; person++)
    posting_add(p,
                &(struct line){.account = 2 * person - 1, .category = 1, .amount = 100, .body = 1});
  posting_add(p, &(struct line){.account = control, .category = 1, .amount = -200, .body = 1});
  ok(posting_commit(p, &both, &err));
  undo(both, 1, DAY_NONE);
  YEARS(2025, 1995);
  erase(ANN);
  YEARS(2025, 1995);
  undo(both, 0, DAY_NONE);
  YEARS(2025);
  erase(BOB);
  YEARS(2025);
  store_close(store);
}

/* A line of one year that is undone in another counts in the accounts of both. */
static void a_line_undone_in_another_year_counts_in_both(void **state) {
  (void)state;
  new_book();
  int64_t entry = post(ANN, 2023, 2);
  undo(entry, 0, day_make(2025, 5, 1));
  YEARS(2025, 2023);
  erase(ANN);
  YEARS(2025, 2023);
  store_close(store);
}

/* ---- years to come ---- */

static void the_latest_years_that_have_begun_are_offered(void **state) {
  (void)state;
  struct publish_years years;
  new_book();
  for (int year = TODAY - LIMIT_PUBLISHED_YEARS - 5; year < TODAY + 40; year++) post(BOB, year, 1);
  ok(publish_years(store, TODAY, NULL, &years, &err));
  assert_int_equal(years.count, LIMIT_PUBLISHED_YEARS);
  assert_int_equal(years.year[0], TODAY);
  assert_int_equal(years.year[years.count - 1], TODAY - LIMIT_PUBLISHED_YEARS + 1);
  store_close(store);
}

/* ---- what it costs ---- */

static uint64_t steps; /* of SQLite's machine, in thousands */
static int count_steps(void *context) {
  (void)context;
  steps++;
  return 0;
}
static int count_on(sqlite3 *db, const char **message, const struct sqlite3_api_routines *api) {
  (void)message;
  (void)api;
  sqlite3_progress_handler(db, 1000, count_steps, NULL);
  return SQLITE_OK;
}

static uint64_t steps_of(int lines) {
  struct publish_years years;
  new_book();
  undo(post(ANN, 2025, lines), 0, DAY_NONE);
  steps = 0;
  ok(publish_years(store, TODAY, NULL, &years, &err));
  assert_int_equal(years.count, 0);
  store_close(store);
  return steps;
}

/* Twice as many lines take twice the steps; searching the whole account for each line took four
 * times as many. */
static void a_year_undone_as_a_whole_is_read_once(void **state) {
  (void)state;
  /* PostgreSQL does not count steps; the statements are the same */
  if (fresh_is_postgresql()) skip();
  sqlite3_auto_extension((void (*)(void))count_on);
  uint64_t once = steps_of(2000), twice = steps_of(4000);
  sqlite3_cancel_auto_extension((void (*)(void))count_on);
  assert_true(once > 20);
  if (twice * 10 > once * 23)
    fail_msg("2,000 lines take %llu thousand steps, 4,000 take %llu", (unsigned long long)once,
             (unsigned long long)twice);
}

static void a_stop_does_not_wait_for_a_year(void **state) {
  (void)state;
  struct publish_years years;
  atomic_bool stopping = true;
  new_book();
  undo(post(ANN, 2025, 1000), 0, DAY_NONE);
  assert_int_equal(publish_years(store, TODAY, &stopping, &years, &err), FAILED);
  assert_non_null(strstr(err.message, "told to stop"));
  store_close(store);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_erasure_changes_no_year),
      cmocka_unit_test(a_year_undone_line_by_line_is_left_out),
      cmocka_unit_test(a_line_undone_in_another_year_counts_in_both),
      cmocka_unit_test(the_latest_years_that_have_begun_are_offered),
      cmocka_unit_test(a_year_undone_as_a_whole_is_read_once),
      cmocka_unit_test(a_stop_does_not_wait_for_a_year),
  };
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
