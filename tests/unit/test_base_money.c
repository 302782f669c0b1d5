/* Amounts, quantities and minutes: read exactly or refused with what would be right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/money.h"

typedef enum status parse(struct span, int64_t *, struct error *);

static void reads(parse *p, const char *text, int64_t expected) {
  int64_t value = 42;
  struct error err = {0};
  if (p(span_of(text), &value, &err) != DONE) fail_msg("'%s' was refused: %s", text, err.message);
  if (value != expected) fail_msg("'%s' was read as %lld", text, (long long)value);
  assert_int_equal(err.code, DONE);
}

static void refuses(parse *p, const char *text, const char *message) {
  int64_t value = 42;
  struct error err = {0};
  if (p(span_of(text), &value, &err) != REFUSED)
    fail_msg("'%s' was read as %lld", text, (long long)value);
  assert_int_equal(value, 42);
  assert_string_equal(err.message, message);
}

static void an_amount_is_read_in_pence(void **state) {
  (void)state;
  reads(money_parse, "1234.56", 123456);
  reads(money_parse, "-0.05", -5);
  reads(money_parse, "7", 700);
  reads(money_parse, "7.5", 750);
  reads(money_parse, "0", 0);
  reads(money_parse, "-0.00", 0);
  reads(money_parse, "007.10", 710);
  reads(money_parse, "92233720368547758.07", INT64_MAX);
  reads(money_parse, "-92233720368547758.07", -INT64_MAX);
}

static void a_wrong_amount_is_refused_with_advice(void **state) {
  (void)state;
  refuses(money_parse, "", "no amount; write one such as 12.50");
  refuses(money_parse, "1,2.5", "'1,2.5' is not an amount; write one such as 12.50");
  refuses(money_parse, "1,234,567", "'1,234,567' is not an amount; write 1234567.00");
  refuses(money_parse, "£12.50", "'£12.50' is not an amount; write 12.50");
  refuses(money_parse, "(12.50)", "'(12.50)' is not an amount; write -12.50");
  refuses(money_parse, "12.50-", "'12.50-' is not an amount; write -12.50");
  refuses(money_parse, "+3", "'+3' is not an amount; write 3.00");
  refuses(money_parse, ".5", "'.5' is not an amount; write 0.50");
  refuses(money_parse, "5.", "'5.' is not an amount; write 5.00");
  refuses(money_parse, "1e3", "'1e3' is not an amount; write one such as 12.50");
  refuses(money_parse, "NaN", "'NaN' is not an amount; write one such as 12.50");
  refuses(money_parse, "-", "'-' is not an amount; write one such as 12.50");
  refuses(money_parse, "--1", "'--1' is not an amount; write one such as 12.50");
  refuses(money_parse, "1.2.3", "'1.2.3' is not an amount; write one such as 12.50");
  refuses(money_parse, "1.0051", "'1.0051' has more than two decimals; write 1.00 or 1.01");
  refuses(money_parse, "-1.0051", "'-1.0051' has more than two decimals; write -1.00 or -1.01");
  refuses(money_parse, "1.5000", "'1.5000' has more than two decimals; write 1.50");
  refuses(money_parse, "1234.500", "'1234.500' has more than two decimals; write 1234.50");
  refuses(money_parse, "92233720368547758.08",
          "'92233720368547758.08' is too large; an amount is at most 100000000000.00");
  refuses(money_parse, "-92233720368547758.08",
          "'-92233720368547758.08' is too large; an amount is at most 100000000000.00");
  refuses(money_parse, "18446744073709551616.00",
          "'18446744073709551616.00' is too large; an amount is at most 100000000000.00");
  refuses(money_parse, "99999999999999999999999999999999999999999",
          "'99999999999999999999999999999999999999999' is too large; an amount is at most "
          "100000000000.00");
  refuses(money_parse, "12\x1b[2J", "'12?[2J' is not an amount; write one such as 12.50");
}

static void no_advice_is_a_hundred_times_wrong(void **state) {
  (void)state;
  static const struct {
    const char *text, *advice; /* null: it cannot be told */
  } amounts[] = {{"50,44", "50.44"},
                 {"0,99", "0.99"},
                 {"7,5", "7.50"},
                 {"(50,44)", "-50.44"},
                 {"1 234,56", "1234.56"},
                 {"1\u00a0234,56", "1234.56"},
                 {"1.234,56", "1234.56"},
                 {"1,234.56", "1234.56"},
                 {"1'234.56", "1234.56"},
                 {"1_234", "1234.00"},
                 {"1,234", "1234.00"},
                 {"12,345,678", "12345678.00"},
                 {"1.234.567", "1234567.00"},
                 {"\u00a3 1,234.5", "1234.50"},
                 {"-\u00a3 1,234.5", "-1234.50"},
                 {"0,123", NULL},
                 {"1234,567", NULL},
                 {"12,34,567", NULL},
                 {"1,23,456.00", NULL},
                 {"1,2,3", NULL},
                 {"50,4455", NULL},
                 {"12 50", NULL},
                 {"1.234.56", NULL},
                 {"1,234,56", NULL},
                 {",", NULL},
                 {"5,", NULL},
                 {"1 .5", NULL}};
  for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
    char message[128];
    snprintf(message, sizeof message, "'%s' is not an amount; write %s", amounts[i].text,
             amounts[i].advice ? amounts[i].advice : "one such as 12.50");
    refuses(money_parse, amounts[i].text, message);
  }
  refuses(money_parse, "1.005",
          "'1.005' has three decimals, or its point divides thousands; write 1005.00 or 1.00");
  refuses(money_parse, "-123.500",
          "'-123.500' has three decimals, or its point divides thousands; write -123500.00 or "
          "-123.50");
  refuses(money_parse, "0.500", "'0.500' has more than two decimals; write 0.50");
}

static void a_number_is_read_as_a_paste_brings_it(void **state) {
  (void)state;
  reads(money_parse, " 3", 300);
  reads(money_parse, "3.50\t", 350);
  reads(money_parse, "\u22123", -300);
  reads(money_parse, "\u20133.5", -350);
  reads(money_parse, "\u00a012.50\u200b", 1250);
  reads(money_parse, "\uff11\uff12\uff0e\uff15\uff10", 1250);
  reads(quantity_parse, "2.5\u202f", 2500);
  reads(minutes_parse, "\ufeff90", 90);
  reads(integer_parse, "12\u3000", 12);
}

static void a_quantity_is_read_in_thousandths(void **state) {
  (void)state;
  reads(quantity_parse, "2", 2000);
  reads(quantity_parse, "1.5", 1500);
  reads(quantity_parse, "0.001", 1);
  reads(quantity_parse, "-0", 0);
  reads(quantity_parse, "9223372036854775.807", INT64_MAX);
  refuses(quantity_parse, "", "no quantity; write one such as 2 or 1.5");
  refuses(quantity_parse, "-1",
          "'-1' is below zero; a quantity cannot be negative; undo a wrong one with weal reverse");
  refuses(quantity_parse, "1.0005", "'1.0005' has more than three decimals; write 1 or 1.001");
  refuses(quantity_parse, "two", "'two' is not a quantity; write one such as 2 or 1.5");
  refuses(quantity_parse, "9223372036854775.808",
          "'9223372036854775.808' is too large; a quantity is at most 10000000000");
}

static void minutes_and_whole_numbers(void **state) {
  (void)state;
  reads(minutes_parse, "90", 90);
  reads(minutes_parse, "0", 0);
  refuses(minutes_parse, "", "no minutes; write a whole number such as 90");
  refuses(minutes_parse, "2.5",
          "'2.5' has decimals; write whole minutes, such as 90 for an hour and a half");
  refuses(minutes_parse, "2.0",
          "'2.0' has decimals; write whole minutes, such as 90 for an hour and a half");
  refuses(
      minutes_parse, "-90",
      "'-90' is below zero; minutes given cannot be negative; undo wrong ones with weal reverse");
  refuses(minutes_parse, "1h", "'1h' is not a number of minutes; write a whole number such as 90");
  refuses(minutes_parse, "9223372036854775808",
          "'9223372036854775808' is too large; minutes are at most 10000000000000");
  reads(integer_parse, "-12", -12);
  refuses(integer_parse, "1.5", "'1.5' is not a whole number; write one such as 12");
  refuses(integer_parse, "", "no number; write a whole one such as 12");
}

static void yes_and_no(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int value;
  } cases[] = {{"yes", 1}, {"no", 0}, {"true", 1}, {"false", 0}, {"1", 1},
               {"0", 0},   {"", 0},   {"Yes", 1},  {"FALSE", 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    bool value = !cases[i].value;
    struct error err = {0};
    assert_int_equal(boolean_parse(span_of(cases[i].text), &value, &err), DONE);
    assert_int_equal(value, cases[i].value);
  }
  bool value;
  struct error err = {0};
  assert_int_equal(boolean_parse(span_of("falsehood"), &value, &err), REFUSED);
  assert_string_equal(err.message, "'falsehood' is neither yes nor no; write yes or no");
}

static void a_product_is_rounded_half_up_on_its_size(void **state) {
  (void)state;
  int64_t out = 0;
  assert_true(money_scale(1500, 4213, 1000, &out) && out == 6320); /* 6319.5 */
  assert_true(money_scale(-1500, 4213, 1000, &out) && out == -6320);
  assert_true(money_scale(1499, 4213, 1000, &out) && out == 6315); /* 6315.287 */
  assert_true(money_scale(90, 1260, 60, &out) && out == 1890);
  assert_true(money_scale(1, 1, 2, &out) && out == 1);
  assert_true(money_scale(-1, 1, 2, &out) && out == -1);
  assert_true(money_scale(1, 1, 3, &out) && out == 0);
  assert_true(money_scale(INT64_MAX, INT64_MAX, INT64_MAX, &out) && out == INT64_MAX);
  out = 7;
  assert_false(money_scale(INT64_MAX, 2, 1, &out));
  assert_int_equal(out, 7);
  assert_true(money_add(1, 2, &out) && out == 3);
  assert_false(money_add(INT64_MAX, 1, &out));
}

static void written_json_is_read_again(void **state) {
  (void)state;
  static const int64_t values[] = {0, 1, -1, 99, 100, -123456, 100000000, INT64_MAX, -INT64_MAX};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    struct text t = {0};
    text_add_money(&t, values[i]);
    reads(money_parse, t.bytes, values[i]);
    text_clear(&t);
    if (values[i] >= 0) {
      text_add_quantity(&t, values[i]);
      reads(quantity_parse, t.bytes, values[i]);
    }
    text_release(&t);
  }
  struct text t = {0};
  text_add_money(&t, INT64_MIN);
  text_add_char(&t, ' ');
  text_add_pounds(&t, -123456789);
  text_add_char(&t, ' ');
  text_add_pounds(&t, 5);
  text_add_char(&t, ' ');
  text_add_quantity(&t, 2500);
  text_add_char(&t, ' ');
  text_add_minutes(&t, 750);
  text_add_char(&t, ' ');
  text_add_minutes(&t, -5);
  assert_string_equal(t.bytes, "-92233720368547758.08 −£1,234,567.89 £0.05 2.5 12:30 -0:05");
  text_release(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(an_amount_is_read_in_pence),
                                     cmocka_unit_test(a_wrong_amount_is_refused_with_advice),
                                     cmocka_unit_test(no_advice_is_a_hundred_times_wrong),
                                     cmocka_unit_test(a_number_is_read_as_a_paste_brings_it),
                                     cmocka_unit_test(a_quantity_is_read_in_thousandths),
                                     cmocka_unit_test(minutes_and_whole_numbers),
                                     cmocka_unit_test(yes_and_no),
                                     cmocka_unit_test(a_product_is_rounded_half_up_on_its_size),
                                     cmocka_unit_test(written_json_is_read_again)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
