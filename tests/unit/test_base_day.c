/* Days and years: read as ISO 8601 or refused with what would be right; the calendar is compared
 * with the C library's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/day.h"
#include <limits.h>
#include <time.h>

static void refuses_day(const char *text, const char *message) {
  day_t day = 42;
  struct error err = {0};
  if (day_parse(span_of(text), &day, &err) != REFUSED) fail_msg("'%s' was read as %d", text, day);
  assert_int_equal(day, 42);
  assert_string_equal(err.message, message);
}

static void a_wrong_day_is_refused_with_advice(void **state) {
  (void)state;
  refuses_day("", "no day; write one such as 2025-05-01");
  refuses_day("2025-02-30", "'2025-02-30' is not a day: February 2025 has 28 days; write one from "
                            "2025-02-01 to 2025-02-28");
  refuses_day("2024-02-30", "'2024-02-30' is not a day: February 2024 has 29 days; write one from "
                            "2024-02-01 to 2024-02-29");
  refuses_day("1900-02-29", "'1900-02-29' is not a day: February 1900 has 28 days; write one from "
                            "1900-02-01 to 1900-02-28");
  refuses_day(
      "2025-04-00",
      "'2025-04-00' is not a day: April 2025 has 30 days; write one from 2025-04-01 to 2025-04-30");
  refuses_day("2025-13-01",
              "'2025-13-01' is not a day: months are from 01 to 12; write one such as 2025-05-01");
  refuses_day("2025-00-01",
              "'2025-00-01' is not a day: months are from 01 to 12; write one such as 2025-05-01");
  refuses_day("0205-05-01", "'0205-05-01' is not a day: years are from 1800 to 2999; write the "
                            "year in full, such as 2025-05-01");
  refuses_day("20255-05-01", "'20255-05-01' is not a day; write one such as 2025-05-01");
  refuses_day("01/05/2025", "'01/05/2025' is not a day; write 2025-05-01 if the day comes first in "
                            "it, 2025-01-05 if the month does");
  refuses_day("1.5.2025", "'1.5.2025' is not a day; write 2025-05-01");
  refuses_day("05/05/2025", "'05/05/2025' is not a day; write 2025-05-05");
  refuses_day("05/31/2025", "'05/31/2025' is not a day; write 2025-05-31");
  refuses_day("2025/05/01", "'2025/05/01' is not a day; write 2025-05-01");
  refuses_day("20250501", "'20250501' is not a day; write 2025-05-01");
  refuses_day("2025-5-1", "'2025-5-1' is not a day; write 2025-05-01");
  refuses_day("2025-05-01T12:00:00Z", "'2025-05-01T12:00:00Z' is not a day; write 2025-05-01");
  refuses_day("01/05/2025 00:00:00", "'01/05/2025 00:00:00' is not a day; write 2025-05-01 if the "
                                     "day comes first in it, 2025-01-05 if the month does");
  refuses_day("01/05/25", "'01/05/25' is not a day; write one such as 2025-05-01");
  refuses_day("31/02/2025", "'31/02/2025' is not a day; write one such as 2025-05-01");
  refuses_day("yesterday", "'yesterday' is not a day; write one such as 2025-05-01");
  refuses_day("2025-05-0x", "'2025-05-0x' is not a day; write one such as 2025-05-01");
}

static void every_day_is_written_as_it_was_read(void **state) {
  (void)state;
  day_t first = day_make(DAY_YEAR_MIN, 1, 1), last = day_make(DAY_YEAR_MAX, 12, 31);
  for (day_t day = first; day <= last; day++) {
    int year, month, of_month;
    char out[11];
    day_t again = DAY_NONE;
    day_parts(day, &year, &month, &of_month);
    assert_int_equal(day_make(year, month, of_month), day);
    assert_int_equal(day_parse(span_of(day_write(day, out)), &again, NULL), DONE);
    assert_int_equal(again, day);
    if (day % 97 == 0) { /* compare with the C library's calendar, which is slower */
      time_t seconds = (time_t)day * 86400;
      struct tm parts;
      gmtime_r(&seconds, &parts);
      assert_int_equal(parts.tm_year + 1900, year);
      assert_int_equal(parts.tm_mon + 1, month);
      assert_int_equal(parts.tm_mday, of_month);
    }
  }
  assert_int_equal(day_make(1970, 1, 1), 0);
}

static void a_year_is_named_by_its_first_calendar_year(void **state) {
  (void)state;
  int year = 0;
  char out[11];
  assert_int_equal(year_parse(span_of("2025-26"), &year, NULL), DONE);
  assert_int_equal(year, 2025);
  assert_int_equal(year_parse(span_of("\u00a02025\u201126 "), &year, NULL), DONE);
  assert_int_equal(year, 2025);
  assert_int_equal(year_parse(span_of("1999-00"), &year, NULL), DONE);
  assert_int_equal(year, 1999);
  assert_string_equal(year_write(2025, out), "2025-26");
  assert_string_equal(year_write(1999, out), "1999-00");
  assert_string_equal(day_write(year_first_day(YEAR_TAX, 2025), out), "2025-04-06");
  assert_string_equal(day_write(year_last_day(YEAR_TAX, 2025), out), "2026-04-05");
  assert_string_equal(day_write(year_first_day(YEAR_FINANCIAL, 2025), out), "2025-04-01");
  assert_string_equal(day_write(year_last_day(YEAR_FINANCIAL, 2025), out), "2026-03-31");
  assert_int_equal(year_of_day(YEAR_TAX, day_make(2026, 4, 5)), 2025);
  assert_int_equal(year_of_day(YEAR_TAX, day_make(2026, 4, 6)), 2026);
  assert_int_equal(year_of_day(YEAR_FINANCIAL, day_make(2026, 3, 31)), 2025);
  assert_int_equal(year_of_day(YEAR_FINANCIAL, day_make(2026, 4, 1)), 2026);
}

static void a_wrong_year_is_refused(void **state) {
  (void)state;
  static const struct {
    const char *text, *message;
  } cases[] = {{"", "no year; write one such as 2025-26"},
               {"2025",
                "'2025' is one number, and a year here begins in April; write 2024-25 or 2025-26"},
               {"2025-27", "'2025-27' is not a year; write one such as 2025-26"},
               {"2025/26", "'2025/26' is not a year; write 2025-26"},
               {"2025-2026", "'2025-2026' is not a year; write 2025-26"},
               {"25-26", "'25-26' is not a year; write one such as 2025-26"},
               {"0999-00",
                "'0999-00' is not a year: years are from 1800 to 2998; write one such as 2025-26"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int year = 42;
    struct error err = {0};
    assert_int_equal(year_parse(span_of(cases[i].text), &year, &err), REFUSED);
    assert_string_equal(err.message, cases[i].message);
    assert_int_equal(year, 42);
  }
}

static void the_clock_writes_whole_seconds(void **state) {
  (void)state;
  char out[21];
  clock_write_now(out);
  assert_int_equal(strlen(out), 20);
  assert_int_equal(out[10], 'T');
  assert_int_equal(out[19], 'Z');
}

static void the_clock_of_the_place_says_which_day_it_is(void **state) {
  (void)state;
  static const struct {
    const char *moment, *day, *name;
    int hour;
  } cases[] = {{"1995-06-30T23:30:00Z", "1995-06-30", "UTC", 23},
               {"2026-03-29T00:59:59Z", "2026-03-29", "GMT", 0},
               {"2026-03-29T01:00:00Z", "2026-03-29", "BST", 2},
               {"2026-04-05T22:59:59Z", "2026-04-05", "BST", 23},
               {"2026-04-05T23:30:00Z", "2026-04-06", "BST", 0},
               {"2026-06-30T23:30:00Z", "2026-07-01", "BST", 0},
               {"2026-10-24T23:30:00Z", "2026-10-25", "BST", 0},
               {"2026-10-25T00:59:59Z", "2026-10-25", "BST", 1},
               {"2026-10-25T01:00:00Z", "2026-10-25", "GMT", 1},
               {"2026-12-31T23:59:59Z", "2026-12-31", "GMT", 23},
               {"2026-06-30T23", "2026-07-01", "BST", 0},
               {"2026-06-30", "2026-06-30", "BST", 1},
               {"1800-01-01T00:00:00Z", "1800-01-01", "UTC", 0}};
  struct clock_rules rules = {.count = 1,
                              .all = {{.from_year = 1996,
                                       .starts = {3, 25, 3600},
                                       .ends = {10, 25, 3600},
                                       .ahead_s = 3600,
                                       .name = "GMT",
                                       .summer_name = "BST"}}};
  clock_set(&rules);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int64_t seconds = 0;
    char day[11];
    assert_true(clock_read(span_of(cases[i].moment), &seconds));
    assert_string_equal(day_write(clock_day_of(span_of(cases[i].moment)), day), cases[i].day);
    assert_string_equal(clock_name(seconds), cases[i].name);
    assert_int_equal(clock_hour(seconds), cases[i].hour);
    const int64_t begins = clock_day_begins(clock_day(seconds));
    assert_int_equal(clock_day(begins), clock_day(seconds));
    assert_int_equal(clock_day(begins - 1), clock_day(seconds) - 1);
  }
  static const char *const none[] = {"",
                                     "2026",
                                     "yesterday",
                                     "2026-02-30T10:00:00Z",
                                     "2026-06-30T25:00:00Z",
                                     "2026-06-30Tab:00:00Z"};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    assert_int_equal(clock_day_of(span_of(none[i])), DAY_NONE);
  clock_set(&(struct clock_rules){0}); /* a pack without rules */
  assert_int_equal(clock_day(1782862200), clock_day_of(span_of("2026-06-30T12:00:00Z")));
}

/* Counted here month by month, without the division that is tested. */
static void months_go_back_as_they_go_on(void **state) {
  (void)state;
  static const char *const days[] = {"2026-11-30", "2026-01-15", "2026-02-15", "2026-03-15",
                                     "2026-06-15", "2026-12-15", "2026-12-31", "2024-02-29",
                                     "2000-01-31", "1800-01-01", "2999-12-31"};
  for (size_t i = 0; i < sizeof days / sizeof *days; i++)
    for (int way = -1; way <= 1; way += 2) {
      int year, month, of_month, got_year, got_month, got_day;
      day_t day = DAY_NONE;
      assert_int_equal(day_parse(span_of(days[i]), &day, NULL), DONE);
      day_parts(day, &year, &month, &of_month);
      for (int months = 0; months <= 1800; months++) {
        static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        const int last = lengths[month - 1] + (month == 2 && leap);
        day_parts(day_months_after(day, way * months), &got_year, &got_month, &got_day);
        assert_int_equal(got_year, year);
        assert_int_equal(got_month, month);
        assert_int_equal(got_day, of_month < last ? of_month : last);
        month += way;
        if (month < 1) month = 12, year--;
        if (month > 12) month = 1, year++;
      }
    }
  assert_true(day_months_after(0, INT_MIN) < DAY_FIRST);
  assert_true(day_months_after(0, INT_MAX) > DAY_LAST);
}

static void an_age_is_reached_on_the_birthday(void **state) {
  const day_t born = day_make(2000, 2, 29);
  (void)state;
  assert_true(day_is_of_age(born, 0, born));
  assert_false(day_is_of_age(born, 0, born - 1));
  assert_false(day_is_of_age(born, 16, day_make(2016, 2, 28)));
  assert_true(day_is_of_age(born, 16, day_make(2016, 2, 29)));
  assert_false(day_is_of_age(born, 18, day_make(2018, 2, 27)));
  assert_true(day_is_of_age(born, 18, day_make(2018, 2, 28))); /* the month's last day */
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(an_age_is_reached_on_the_birthday),
                                     cmocka_unit_test(a_wrong_day_is_refused_with_advice),
                                     cmocka_unit_test(every_day_is_written_as_it_was_read),
                                     cmocka_unit_test(a_year_is_named_by_its_first_calendar_year),
                                     cmocka_unit_test(a_wrong_year_is_refused),
                                     cmocka_unit_test(months_go_back_as_they_go_on),
                                     cmocka_unit_test(the_clock_writes_whole_seconds),
                                     cmocka_unit_test(the_clock_of_the_place_says_which_day_it_is)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
