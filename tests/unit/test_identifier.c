/* Check digits and forms, against examples that their owners publish. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "register/identifier.h"

static void sound(const char *scheme, const char *value) {
  const char *fault = identifier_fault(scheme, span_of(value));
  if (fault) fail_msg("%s:%s %s", scheme, value, fault);
}

static void broken(const char *scheme, const char *value) {
  if (!identifier_fault(scheme, span_of(value))) fail_msg("%s:%s was taken", scheme, value);
}

/* NHS Data Dictionary; 943 476 5919 is its example. */
static void nhs_numbers_keep_modulus_11(void **state) {
  (void)state;
  sound("nhs", "9434765919");
  sound("nhs", "943 476 5919");
  broken("nhs", "9434765918");
  broken("nhs", "943476591");
  broken("nhs", "94347659190");
  broken("nhs", "943476591X");
  broken("nhs", "");
  sound("nhs", "4010232137"); /* NHS Digital's format example */
  /* 11 - remainder is 10: no digit fits. */
  for (int last = 0; last < 10; last++) {
    char value[11];
    /* 10 + 12 = 22: remainder 0, check digit 0 */
    snprintf(value, sizeof value, "100000006%d", last);
    if (last == 0) sound("nhs", value);
    else broken("nhs", value);
    snprintf(value, sizeof value, "100000001%d", last); /* 10 + 2 = 12: remainder 1, check 10 */
    broken("nhs", value);
  }
}

/* HMRC's manual NIM39110, and its own examples for tests. */
static void national_insurance_numbers_keep_their_form(void **state) {
  (void)state;
  sound("nino", "QQ123456C");
  sound("nino", "qq 12 34 56 c");
  sound("nino", "AB123456A");
  sound("nino", "CE123456D");
  sound("nino", "CE123456"); /* NIM39110: unique without the last letter */
  sound("nino", "ce 12 34 56");
  broken("nino", "QQ123456E");
  broken("nino", "QQ12345C");
  broken("nino", "QQ12345");
  broken("nino", "QQ123456AB");
  broken("nino", "DA123456");
  broken("nino", "QQ1234567");
  broken("nino", "DA123456A");
  broken("nino", "AO123456A");
  broken("nino", "BG123456A");
  broken("nino", "GB123456A");
  broken("nino", "TN123456A");
  broken("nino", "ZZ123456A");
  broken("nino", "QA123456A");
}

/* HMRC's developer hub uses 1123456789 and 2234567890. */
static void taxpayer_references_keep_their_check_digit(void **state) {
  (void)state;
  sound("utr", "1123456789");
  sound("utr", "2234567890");
  broken("utr", "2123456789");
  broken("utr", "112345678");
  broken("utr", "1123456788");
}

static void other_schemes_keep_their_form(void **state) {
  (void)state;
  sound("company", "01234567");
  sound("company", "SC123456");
  sound("company", "sc123456");
  broken("company", "1234567");
  broken("company", "S1234567");
  sound("uprn", "100023336956");
  broken("uprn", "1000233369561");
  broken("uprn", "12a");
  sound("id", "P000001");
  sound("id", "\xc3\xa9");
  broken("id", "");
  broken("id", "P 1");
  broken("id", "a:b");
  broken("passport", "1");
}

static void a_bare_value_is_an_id(void **state) {
  (void)state;
  struct error err = {0};
  struct identifier found;
  assert_int_equal(identifier_parse(span_of("P000001"), &found, &err), DONE);
  assert_string_equal(found.scheme, "id");
  assert_string_equal(found.value, "P000001");
  assert_int_equal(identifier_parse(span_of("id:p000001"), &found, &err), DONE);
  assert_string_equal(found.value, "p000001"); /* an id keeps its case */
  assert_int_equal(identifier_parse(span_of("nino:qq 123456 c"), &found, &err), DONE);
  assert_string_equal(found.scheme, "nino");
  assert_string_equal(found.value, "QQ123456"); /* another last letter is not another number */
  assert_string_equal(found.suffix, "C");
  assert_int_equal(identifier_parse(span_of("nino:QQ123456"), &found, &err), DONE);
  assert_string_equal(found.value, "QQ123456");
  assert_string_equal(found.suffix, "");
}

static bool stands(const char *reference, const char *text) {
  struct error err = {0};
  struct identifier number;
  assert_int_equal(identifier_parse(span_of(reference), &number, &err), DONE);
  return identifier_stands_in(&number, span_of(text));
}

static void a_number_is_found_in_a_text(void **state) {
  (void)state;
  static const char *const written[] = {"QQ999999A",
                                        "QQ999999",
                                        "nino:QQ999999B",
                                        "qq 99 99 99 a",
                                        "QQ-99-99-99-A",
                                        "QQ\u00a0999999A",
                                        "nobody has 'QQ999999A' here",
                                        "of A1 already, there as QQ999999"};
  for (size_t i = 0; i < sizeof written / sizeof *written; i++)
    if (!stands("nino:QQ999999A", written[i])) fail_msg("not found in %s", written[i]);
  assert_false(stands("nino:QQ999999A", "QQ9999991"));
  assert_false(stands("nino:QQ999999A", "XQQ999999A"));
  assert_false(stands("nino:QQ999999A", ""));
  assert_true(stands("nhs:9434765919", "943 476 5919 is no person's"));
  assert_false(stands("nhs:9434765919", "19434765919"));
  assert_true(stands("Z9", "id:Z9") && stands("Z9", "Z9") && stands("Z9", "the number of Z9."));
  assert_false(stands("Z9", "z9") || stands("Z9", "Z91") || stands("Z9", "AZ9") ||
               stands("Z9", "Z9-1") || stands("Z9", "Z 9"));
}

static void wrong_figures_are_reported(void **state) {
  (void)state;
  struct error err = {0};
  struct identifier found;
  assert_int_equal(identifier_parse(span_of("passport:1"), &found, &err), REFUSED);
  assert_non_null(strstr(err.message, "nino:"));
  assert_int_equal(identifier_parse(span_of("nhs:9434765918"), &found, &err), REFUSED);
  assert_non_null(strstr(err.message, "check digit"));
  assert_int_equal(identifier_parse(span_of(""), &found, &err), REFUSED);
  char longer[100];
  memset(longer, 'a', sizeof longer);
  assert_int_equal(identifier_parse(span_make(longer, 64), &found, &err), DONE);
  assert_int_equal(identifier_parse(span_make(longer, 65), &found, &err), REFUSED);
  assert_int_equal(identifier_parse(span_make("a\0b", 3), &found, &err), REFUSED);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(nhs_numbers_keep_modulus_11),
                                     cmocka_unit_test(national_insurance_numbers_keep_their_form),
                                     cmocka_unit_test(taxpayer_references_keep_their_check_digit),
                                     cmocka_unit_test(other_schemes_keep_their_form),
                                     cmocka_unit_test(a_bare_value_is_an_id),
                                     cmocka_unit_test(a_number_is_found_in_a_text),
                                     cmocka_unit_test(wrong_figures_are_reported)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
