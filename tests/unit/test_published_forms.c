/* Days and amounts as bodies publish them: forms found in real files, texts that are no day or
 * amount, and random ones written in each form and read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exchange/forms.h"

#include <stdio.h>
#include <stdlib.h>

static void day_is(const char *text, const char *iso, const char *form) {
  char found[FORM_SIZE], written[11];
  day_t day = 0;
  if (!form_day(span_of(text), false, &day, found)) fail_msg("'%s' is read as no day", text);
  assert_string_equal(day_write(day, written), iso);
  assert_string_equal(found, form);
  assert_true(form_day_known(found));
}

static void reads_the_forms_that_files_have_shown(void **state) {
  (void)state;
  day_is("31/03/2014", "2014-03-31", "dd/mm/yyyy");
  day_is(" 1/4/14 ", "2014-04-01", "dd/mm/yy");
  day_is("05-Oct-21", "2021-10-05", "dd-mmm-yy");
  day_is("6 Jun 2023", "2023-06-06", "dd mmm yyyy");
  day_is("30 September 2023", "2023-09-30", "dd mmm yyyy");
  day_is("2014-03-31", "2014-03-31", "yyyy-mm-dd");
  day_is("2014-03-31T00:00:00", "2014-03-31", "yyyy-mm-dd");
  day_is("31/03/2014 00:00", "2014-03-31", "dd/mm/yyyy");
  day_is("20140331", "2014-03-31", "yyyymmdd");
  day_is("43678", "2019-08-01", "serial"); /* Hyndburn, August 2019 */
  day_is("29/02/2024", "2024-02-29", "dd/mm/yyyy");
}

static void reads_months_first_where_they_stand_first(void **state) {
  (void)state;
  char form[FORM_SIZE], written[11];
  day_t day;
  assert_true(form_day(span_of("12/31/2024"), true, &day, form));
  assert_string_equal(day_write(day, written), "2024-12-31");
  assert_string_equal(form, "mm/dd/yyyy");
  assert_false(form_day(span_of("31/12/2024"), true, &day, form));
}

static void texts_that_are_no_day(void **state) {
  (void)state;
  static const char *const none[] = {"",
                                     "00:00:00",
                                     "31/02/2024",
                                     "29/02/2023",
                                     "0/1/2024",
                                     "1/13/2024",
                                     "1/1-2024",
                                     "1/1",
                                     "1/1/1",
                                     "1/1/20245",
                                     "Jan",
                                     "Jan-24",
                                     "1234",
                                     "19999",
                                     "123456",
                                     "1/1/2024x",
                                     "x1/1/2024",
                                     "1//2024",
                                     "one/two/three",
                                     "99999999",
                                     "1 Foo 2024",
                                     "-1/1/2024",
                                     "1/1/",
                                     "//",
                                     "1/Jan/Feb",
                                     "31/4/2024",
                                     "1234567890/1/2024",
                                     "\xff\xfe"};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    char form[FORM_SIZE];
    day_t day;
    if (form_day(span_of(none[i]), false, &day, form))
      fail_msg("'%s' is read as a day, %s", none[i], form);
  }
}

static void every_day_comes_back(void **state) {
  (void)state;
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (day_t day = day_make(2000, 1, 1); day <= day_make(2061, 12, 31); day++) {
    int y, m, d;
    char text[5][32], form[FORM_SIZE];
    day_parts(day, &y, &m, &d);
    snprintf(text[0], 32, "%02d/%02d/%04d", d, m, y);
    snprintf(text[1], 32, "%d-%s-%02d", d, months[m - 1], y % 100);
    snprintf(text[2], 32, "%04d-%02d-%02d", y, m, d);
    snprintf(text[3], 32, "%04d%02d%02d", y, m, d);
    snprintf(text[4], 32, "%d", day + 25569);
    for (int i = 0; i < 5; i++) {
      day_t back = 0;
      assert_true(form_day(span_of(text[i]), false, &back, form));
      assert_int_equal(back, day);
    }
  }
}

static void money_is(const char *text, int64_t scale, int64_t pence, unsigned forms) {
  int64_t found = 0;
  unsigned found_forms = 99;
  const char *wrong = form_money(span_of(text), scale, &found, &found_forms);
  if (wrong) fail_msg("'%s' %s", text, wrong);
  assert_int_equal(found, pence);
  assert_int_equal(found_forms, forms);
}

static void reads_amounts(void **state) {
  (void)state;
  money_is("1234.56", 1, 123456, 0);
  money_is("1,234.56-", 1, -123456, MONEY_THOUSANDS | MONEY_TRAILING_MINUS);
  money_is("(1,234,567.8)", 1, -123456780, MONEY_THOUSANDS | MONEY_BRACKETS);
  money_is("-\xc2\xa3"
           "5",
           1, -500, MONEY_POUND_SIGN);
  money_is("\xc2\xa3-5.50", 1, -550, MONEY_POUND_SIGN);
  money_is(" \xc2\xa3 5.50 ", 1, 550, MONEY_POUND_SIGN);
  money_is("\xe2\x88\x92"
           "7",
           1, -700, 0);
  money_is("-", 1, 0, MONEY_DASH);
  money_is(".5", 1, 50, 0);
  money_is("5.", 1, 500, 0);
  money_is("2.5000000", 1, 250, 0);
  money_is("5.55", 1000, 555000, 0);
  money_is("0.00001", 1000, 1, 0);
  money_is("3", -1, -300, 0);
  money_is("92233720368547758.07", 1, INT64_MAX, 0);
}

static void texts_that_are_no_amount(void **state) {
  (void)state;
  static const char *const none[] = {"",
                                     "1.005",
                                     "12,34.00",
                                     "1,2345",
                                     ",100",
                                     "1,,000",
                                     "1.000,00",
                                     "-5-",
                                     "(-5)",
                                     "(5",
                                     "1e3",
                                     "1.2.3",
                                     "--5",
                                     "5 0",
                                     "abc",
                                     "\xc2\xa3",
                                     "()",
                                     "1,234.5,6",
                                     "92233720368547758.08",
                                     "99999999999999999999999999999999999999",
                                     "0.0000000000000000000000000000000000001",
                                     "5%",
                                     "1234 CR",
                                     ("\xc2\xa3\xc2\xa3"
                                      "5"),
                                     "########",
                                     "--",
                                     "."};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    int64_t pence;
    unsigned forms;
    if (!form_money(span_of(none[i]), 1, &pence, &forms))
      fail_msg("'%s' is read as an amount", none[i]);
  }
}

static void every_amount_comes_back(void **state) {
  (void)state;
  srand(4);
  for (int i = 0; i < 200000; i++) {
    int64_t pence = (int64_t)rand() % (i % 2 ? 1000000000 : 100000), pounds = pence / 100;
    char text[48];
    const char *minus = i % 3 ? "" : "-";
    if (pounds >= 1000000)
      snprintf(text, sizeof text, "%d,%03d,%03d.%02d%s", (int)(pounds / 1000000),
               (int)(pounds / 1000 % 1000), (int)(pounds % 1000), (int)(pence % 100), minus);
    else if (pounds >= 1000)
      snprintf(text, sizeof text, "%d,%03d.%02d%s", (int)(pounds / 1000), (int)(pounds % 1000),
               (int)(pence % 100), minus);
    else snprintf(text, sizeof text, "%d.%02d%s", (int)pounds, (int)(pence % 100), minus);
    int64_t back = 0;
    unsigned forms = 0;
    assert_null(form_money(span_of(text), 1, &back, &forms));
    assert_int_equal(back, *minus ? -pence : pence);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_the_forms_that_files_have_shown),
      cmocka_unit_test(reads_months_first_where_they_stand_first),
      cmocka_unit_test(texts_that_are_no_day),
      cmocka_unit_test(every_day_comes_back),
      cmocka_unit_test(reads_amounts),
      cmocka_unit_test(texts_that_are_no_amount),
      cmocka_unit_test(every_amount_comes_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
