/* Editions of the public account: when one is due, what a new one shows, and what is kept. */
#include "publish/edition.h"

#include "book/posting.h"
#include "store/setting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "uk_book.h"

enum { PEOPLE = 40, YEAR = 2025 };

static struct uk_book book;
static int32_t tax, park;

static void new_book(void) {
  struct codes *codes;
  char sql[300];
  uk_book_open(&book);
  ok(store_run(book.store, UK_PLACES, &err));
  snprintf(sql, sizeof sql, "update head set party = %d, place = 4", PEOPLE);
  ok(store_run(book.store, sql, &err));
  for (int i = 1; i <= PEOPLE; i++) {
    snprintf(sql, sizeof sql,
             "insert into party (id, kind, code, name, born) values (%d, 'person', 'P%d', 'Ann', "
             "1000); insert into residence (party, from_day, household, place) values (%d, %d, "
             "null, %d)",
             i, i, i, DAY_NONE, 3 + i % 2);
    ok(store_run(book.store, sql, &err));
  }
  ok(setting_write(book.store, "place", "L", &err));
  ok(book_open_people(book.store, 1, PEOPLE, &err));
  uk_book_controls(&book);
  ok(store_commit(book.store, &err));
  ok(book_codes(book.store, book.arena, &codes, &err));
  tax = (int32_t)codes_category(codes, span_of("income-tax"));
  park = (int32_t)codes_category(codes, span_of("parks"));
}

/* A line of each of the first `people`, `times` times. */
static void post(int people, int times) {
  int64_t entry = 0;
  struct posting *p = posting_begin(book.store, day_make(YEAR, 5, 1), "test", "lines");
  for (int64_t person = 1; person <= people; person++) {
    int64_t account = uk_book_account(&book, OWNER_PERSON, person, "pence");
    for (int i = 0; i < times; i++) {
      posting_add(p, &(struct line){.account = account, .category = tax, .amount = -10000});
      posting_add(p,
                  &(struct line){.account = book.control_pence, .category = tax, .amount = 10000});
    }
  }
  ok(posting_commit(p, &entry, &err));
}

/* A use that has no value, of each of some people; or the undoing of those of `undone`. */
static int64_t post_uses(int64_t from, int64_t to, int64_t undone) {
  int64_t entry = 0;
  struct posting *p = posting_begin(book.store, day_make(YEAR, 5, 1), "test", "uses");
  for (int64_t person = from; person <= to; person++) {
    struct line l = {.account = uk_book_account(&book, OWNER_PERSON, person, "pence"),
                     .category = park,
                     .quantity = undone ? -1000 : 1000,
                     .has_quantity = true,
                     .reverses_entry = undone,
                     .reverses_line_no = undone ? (int32_t)(2 * (person - from) + 1) : 0};
    posting_add(p, &l);
    l.account = book.control_pence;
    l.quantity = -l.quantity;
    l.reverses_line_no += undone ? 1 : 0;
    posting_add(p, &l);
  }
  ok(posting_commit(p, &entry, &err));
  return entry;
}

static enum status make(day_t today, const char *early, struct edition_made *made) {
  const struct edition_making making = {
      .pack = book.pack, .today = today, .threads = 1, .early = early, .wait = true};
  return edition_make(book.store, &making, made, &err);
}

/* The whole account as the latest edition has it, without the edition's number and days. */
static char *shown(void) {
  struct edition *edition;
  struct text t = {0};
  ok(edition_read(book.store, book.pack, 0, &edition, &err));
  assert_non_null(edition);
  for (int n = 0; n < 3; n++)
    document_render(publication_table(edition_year(edition, YEAR), n, PUBLISH_CATEGORY, ENGLISH,
                                      book.arena),
                    FORMAT_CSV, NULL, &t);
  edition_free(edition);
  char *kept = arena_copy(book.arena, t.bytes, t.size);
  text_release(&t);
  return kept;
}

static void is_due_on_the_first_day_of_the_next_period(void **state) {
  static const struct {
    enum edition_schedule schedule;
    int made[3], due[3];
  } cases[] = {
      {EDITION_MONTHLY, {2026, 11, 1}, {2026, 12, 1}},
      {EDITION_MONTHLY, {2026, 11, 30}, {2026, 12, 1}},
      {EDITION_MONTHLY, {2026, 12, 31}, {2027, 1, 1}},
      {EDITION_QUARTERLY, {2026, 10, 1}, {2027, 1, 1}},
      {EDITION_QUARTERLY, {2026, 3, 31}, {2026, 4, 1}},
      {EDITION_QUARTERLY, {2026, 5, 2}, {2026, 7, 1}},
      {EDITION_WEEKLY, {2026, 11, 29}, {2026, 11, 30}}, /* a Sunday, and its Monday */
      {EDITION_WEEKLY, {2026, 11, 30}, {2026, 12, 7}},
      {EDITION_WEEKLY, {1969, 12, 31}, {1970, 1, 5}},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const int *m = cases[i].made, *d = cases[i].due;
    assert_int_equal(edition_due_after(cases[i].schedule, day_make(m[0], m[1], m[2])),
                     day_make(d[0], d[1], d[2]));
  }
  assert_int_equal(edition_due_after(EDITION_NEVER, day_make(2026, 1, 1)), DAY_NONE);
}

static void only_the_calendar_and_ten_people_bring_new_figures(void **state) {
  struct edition_made made;
  (void)state;
  new_book();
  post(PEOPLE, 2);
  ok(make(day_make(2026, 11, 20), NULL, &made));
  assert_int_equal(made.id, 1);
  assert_int_equal(made.years_new, 1);
  const char *first = shown();
  post(9, 50);
  ok(make(day_make(2026, 11, 30), NULL, &made)); /* not due */
  assert_int_equal(made.id, 0);
  ok(make(day_make(2026, 10, 1), NULL, &made)); /* the clock went back */
  assert_int_equal(made.id, 0);
  assert_string_equal(shown(), first);
  ok(make(day_make(2026, 12, 1), NULL, &made)); /* due, and nine people are too few */
  assert_int_equal(made.id, 2);
  assert_int_equal(made.years_new, 0);
  assert_string_equal(shown(), first);
  post(10, 50);
  ok(make(day_make(2026, 12, 31), NULL, &made));
  assert_int_equal(made.id, 0);
  ok(make(day_make(2027, 1, 1), NULL, &made));
  assert_int_equal(made.id, 3);
  assert_int_equal(made.years_new, 1);
  assert_true(strcmp(shown(), first) != 0);
  uk_book_close(&book);
}

static void a_use_that_was_taken_back_moves_nobody(void **state) {
  struct edition_made made;
  (void)state;
  new_book();
  post(PEOPLE, 1);
  post_uses(1, 22, 0);
  ok(make(day_make(2026, 11, 20), NULL, &made));
  const char *first = shown();
  post_uses(23, 32, post_uses(23, 32, 0));
  post_uses(33, 35, 0); /* three people: too few by themselves */
  ok(make(day_make(2026, 12, 1), NULL, &made));
  assert_int_equal(made.id, 2);
  assert_string_equal(shown(), first);
  post_uses(25, 34, 0);
  ok(make(day_make(2027, 1, 1), NULL, &made));
  assert_true(strcmp(shown(), first) != 0);
  uk_book_close(&book);
}

static void an_early_one_needs_a_thousand_lines_of_ten_people(void **state) {
  struct edition_made made;
  const day_t today = day_make(2026, 11, 20);
  (void)state;
  new_book();
  post(PEOPLE, 1);
  ok(make(today, "root", &made)); /* the first is the first, also when it is asked for */
  assert_int_equal(made.id, 1);
  post(9, 200);
  is(REFUSED, make(today, "root", &made));
  post(1, 1);
  post(10, 20);
  ok(make(today, "root", &made)); /* 2,001 lines of ten people */
  assert_int_equal(made.id, 2);
  is(REFUSED, make(today, "root", &made));
  struct edition_record *all;
  int count;
  ok(editions_list(book.store, book.arena, &all, &count, &err));
  assert_int_equal(count, 2);
  assert_string_equal(all[0].why, "early");
  assert_string_equal(all[1].why, "first");
  int64_t alerts = 0;
  ok(store_int(book.store, "select count(*) from alert where kind = 'edition-early'", 0, &alerts,
               &err));
  assert_int_equal(alerts, 1);
  struct edition *first; /* an earlier one is there as it was */
  ok(edition_read(book.store, book.pack, 1, &first, &err));
  assert_int_equal(first->id, 1);
  edition_free(first);
  is(REFUSED, edition_read(book.store, book.pack, 3, &first, &err));
  uk_book_close(&book);
}

/* What the store keeps is what the pages showed: nothing of a hidden figure. */
static void nothing_hidden_is_kept(void **state) {
  struct edition_made made;
  (void)state;
  new_book();
  post(7, 1); /* 7 people: hidden everywhere */
  ok(make(day_make(2026, 11, 20), NULL, &made));
  struct edition *edition;
  ok(edition_read(book.store, book.pack, 0, &edition, &err));
  struct text t = {0};
  document_render(publication_page(edition->of[0], 0, PUBLISH_CATEGORY, ENGLISH, book.arena),
                  FORMAT_JSON, NULL, &t);
  assert_non_null(strstr(t.bytes, "\"paid\":null"));
  assert_null(strstr(t.bytes, "70000"));
  text_release(&t);
  edition_free(edition);
  /* damaged bytes are found */
  ok(store_begin(book.store, STORE_WRITE, &err));
  ok(store_run_with(book.store, "update edition_figures set shown = ?1", &err,
                    QUERY_BYTES("no zstd", 7)));
  ok(store_commit(book.store, &err));
  is(FAILED, edition_read(book.store, book.pack, 0, &edition, &err));
  uk_book_close(&book);
}

static void an_empty_book_has_an_empty_account(void **state) {
  struct edition_made made;
  struct edition *edition;
  (void)state;
  new_book();
  ok(edition_read(book.store, book.pack, 0, &edition, &err));
  assert_null(edition);
  ok(make(day_make(2026, 11, 20), NULL, &made));
  ok(edition_read(book.store, book.pack, 0, &edition, &err));
  assert_int_equal(edition->latest, 2026);
  assert_int_equal(edition->years.count, 1);
  assert_null(edition_year(edition, 2025));
  edition_free(edition);
  uk_book_close(&book);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(is_due_on_the_first_day_of_the_next_period),
      cmocka_unit_test(only_the_calendar_and_ten_people_bring_new_figures),
      cmocka_unit_test(a_use_that_was_taken_back_moves_nobody),
      cmocka_unit_test(an_early_one_needs_a_thousand_lines_of_ten_people),
      cmocka_unit_test(nothing_hidden_is_kept),
      cmocka_unit_test(an_empty_book_has_an_empty_account),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
