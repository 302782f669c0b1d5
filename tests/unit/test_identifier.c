/* Check digits and forms, against examples that their owners publish. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/number_form.h"
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
  sound("nhs", "\u00a0943\u2013476\u20115919\u200b");
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
  sound("utr", "11234 56789K");
  broken("utr", "1123456789KK");
  broken("utr", "2123456789");
  broken("utr", "112345678");
  broken("utr", "1123456788");
}

static void other_schemes_keep_their_form(void **state) {
  (void)state;
  sound("company", "01234567");
  sound("company", "SC123456");
  sound("company", "sc123456");
  sound("company", "1234567"); /* a spreadsheet dropped the zero in front */
  sound("company", "SC 123456");
  sound("company", "SC12345"); /* a zero behind the letters is missing */
  broken("company", "SC1234");
  broken("company", "00000000");
  broken("company", "12345");
  broken("company", "123456789");
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
  assert_int_equal(identifier_parse(NULL, span_of("P000001"), &found, &err), DONE);
  assert_string_equal(found.scheme, "id");
  assert_string_equal(found.value, "P000001");
  assert_int_equal(identifier_parse(NULL, span_of("id:p000001"), &found, &err), DONE);
  assert_string_equal(found.value, "p000001"); /* an id keeps its case */
  assert_int_equal(identifier_parse(NULL, span_of("nino:qq 123456 c"), &found, &err), DONE);
  assert_string_equal(found.scheme, "nino");
  assert_string_equal(found.value, "QQ123456"); /* another last letter is not another number */
  assert_string_equal(found.suffix, "C");
  assert_int_equal(identifier_parse(NULL, span_of("nino:QQ123456"), &found, &err), DONE);
  assert_string_equal(found.value, "QQ123456");
  assert_string_equal(found.suffix, "");
}

static bool stands(const char *reference, const char *text) {
  struct error err = {0};
  struct identifier number;
  assert_int_equal(identifier_parse(NULL, span_of(reference), &number, &err), DONE);
  return identifier_stands_in(&number, span_of("person"), span_of(text));
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
  assert_true(stands("12", "12") && stands("12", "id:12") && stands("12", "of 12."));
  assert_false(stands("12", "12.50") || stands("12", "1,12") || stands("12", "01/12/2025") ||
               stands("12", "2025-12"));
  assert_true(stands("Z9", "id:z9") && stands("Z9", "of z9 already"));
  assert_false(stands("z9", "Z9") || stands("MAY", "may"));
  assert_false(stands("Z9", "Z91") || stands("Z9", "AZ9") || stands("Z9", "Z9-1") ||
               stands("Z9", "Z 9"));
}

static void wrong_figures_are_reported(void **state) {
  (void)state;
  struct error err = {0};
  struct identifier found;
  assert_int_equal(identifier_parse(NULL, span_of("passport:1"), &found, &err), REFUSED);
  assert_non_null(strstr(err.message, "nino:"));
  assert_int_equal(identifier_parse(NULL, span_of("nhs:9434765918"), &found, &err), REFUSED);
  assert_non_null(strstr(err.message, "check digit"));
  assert_int_equal(identifier_parse(NULL, span_of(""), &found, &err), REFUSED);
  char longer[100];
  memset(longer, 'a', sizeof longer);
  assert_int_equal(identifier_parse(NULL, span_make(longer, 64), &found, &err), DONE);
  assert_int_equal(identifier_parse(NULL, span_make(longer, 65), &found, &err), REFUSED);
  assert_int_equal(identifier_parse(NULL, span_make("a\0b", 3), &found, &err), REFUSED);
}

/* ---- schemes of a place's own ---- */

static const struct own_scheme cards[] = {
    {"library-card", {"Library card", "Cerdyn llyfrgell"}, "D9{4,6}A", ""},
    {"gym-card", {"Gym card", "Cerdyn campfa"}, "9{11}", "luhn"},
    {"ten", {"Ten", "Deg"}, "9{10}", "mod11"},
};
static const struct schemes own = {cards, 3};

static void forms_are_as_the_pack_writes_them(void **state) {
  static const char *const wrong[] = {"",       "a",      "9{",    "9{}",    "9{3",    "{3}",
                                      "9{3,2}", "9{,2}",  "9{1,}", "9{100}", "X{99}",  "9{0}",
                                      "9 9",    "9{4}-9", "9{65}", "X{64}9", "A{0,3}", "9{1,2,3}"};
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    if (number_form_valid(span_of(wrong[i]))) fail_msg("'%s' was taken", wrong[i]);
  static const struct {
    const char *form, *value;
    bool fits;
  } all[] = {{"9", "7", true},
             {"9", "77", false},
             {"9", "", false},
             {"9{2,4}", "7777", true},
             {"9{2,4}", "7", false},
             {"9{2,4}", "77777", false},
             {"X{1,3}9{2}", "A12", true},
             {"X{1,3}9{2}", "1234", true},
             {"X{1,3}9{2}", "12", false},
             {"A{0,2}9", "5", true},
             {"A{0,2}9", "AB5", true},
             {"A{0,2}9", "A", false},
             {"D9X", "D1Z", true},
             {"D9X", "E1Z", false},
             {"X{64}", "A", false}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    assert_true(number_form_valid(span_of(all[i].form)));
    if (number_form_fits(span_of(all[i].form), span_of(all[i].value)) != all[i].fits)
      fail_msg("%s %s", all[i].form, all[i].value);
  }
  /* 79927398713 is the usual example of Luhn's digit, 9434765919 of the NHS number's */
  assert_true(check_digit_right(span_of("luhn"), span_of("79927398713")));
  assert_true(check_digit_right(span_of("mod11"), span_of("9434765919")));
  for (char digit = '0'; digit <= '9'; digit++) {
    char luhn[] = "7992739871?", mod11[] = "943476591?";
    luhn[10] = mod11[9] = digit;
    assert_int_equal(check_digit_right(span_of("luhn"), span_of(luhn)), digit == '3');
    assert_int_equal(check_digit_right(span_of("mod11"), span_of(mod11)), digit == '9');
  }
  assert_true(check_digit_known(span_of("")) && !check_digit_known(span_of("crc")));
  assert_true(check_digit_right(span_of(""), span_of("AB")));
  assert_false(check_digit_right(span_of("luhn"), span_of("A0")) ||
               check_digit_right(span_of("luhn"), span_of("0")));
}

static bool card_stands(const char *value, const char *column, const char *text) {
  struct identifier card;
  identifier_of_row(&card, span_of("card"), span_of(value), span_of(""));
  return identifier_stands_in(&card, span_of(column), span_of(text));
}

static void a_card_is_not_found_in_other_words(void **state) {
  (void)state;
  assert_true(card_stands("D1234B", "reference", "her card (d1234B) is lost"));
  assert_true(card_stands("D1234B", "person", "card:d12 34/b"));
  assert_true(card_stands("D1234B", "card", "d 12-34 b"));
  assert_false(card_stands("D1234B", "reference", "d12 34b") ||
               card_stands("D1234B", "reference", "XD1234B") ||
               card_stands("D1234B", "reference", "D1234BX") ||
               card_stands("D1234B", "card", "D1234BX") ||
               card_stands("D1234B", "person", "cards:D12 34B"));
  assert_true(card_stands("20250501", "reference", "20250501"));
  assert_false(card_stands("20250501", "date", "2025-05-01"));
  assert_true(card_stands("IMPORT", "card", "Import") && card_stands("IMPORT", "x", "card:IMPORT"));
  assert_false(card_stands("IMPORT", "reference", "import people first") ||
               card_stands("IMPORT", "reference", "IMPORT") ||
               card_stands("IMPORT", "card", "import people first"));
  assert_true(card_stands("A1", "card", "a-1") && card_stands("A1", "person", "card:A1"));
  assert_false(card_stands("A1", "reference", "A1") || card_stands("", "card", ""));
}

static void a_place_has_schemes_of_its_own(void **state) {
  struct identifier found;
  struct error err = {0};
  (void)state;
  assert_int_equal(identifier_parse(&own, span_of("library-card:d 12-34/b"), &found, &err), DONE);
  assert_string_equal(found.scheme, "library-card");
  assert_string_equal(found.value, "D1234B");
  assert_string_equal(found.suffix, "");
  assert_null(identifier_read(&own, span_of("gym-card:7992 7398 713"), &found));
  assert_non_null(identifier_read(&own, span_of("gym-card:79927398714"), &found));
  assert_non_null(identifier_read(&own, span_of("gym-card:"), &found));
  assert_non_null(identifier_read(&own, span_of("library-card:1234"), &found));
  /* what is wrong is Welsh on Welsh pages */
  const char *form = identifier_read(&own, span_of("library-card:1234"), &found),
             *digit = identifier_read(&own, span_of("gym-card:79927398714"), &found);
  assert_non_null(strstr(say(WELSH, form), "schemes.csv y pecyn polisi"));
  assert_non_null(strstr(say(WELSH, digit), "digid gwirio"));
  assert_null(identifier_read_value(&own, "ten", span_of("943 476 5919"), &found));
  assert_non_null(identifier_read(NULL, span_of("gym-card:79927398713"), &found));
  assert_null(identifier_read(&own, span_of("nhs:9434765919"), &found));
  /* as the store has it, also where the form was changed since, and from a book of before */
  identifier_of_row(&found, span_of("library-card"), span_of("OLD1"), span_of(""));
  assert_string_equal(found.value, "OLD1");
  identifier_of_row(&found, span_of("nino"), span_of("QQ123456C"), span_of(""));
  assert_string_equal(found.value, "QQ123456");
  assert_string_equal(found.suffix, "C");
}

static void a_number_is_named_by_its_value(void **state) {
  static const struct {
    const char *scheme, *value, *suffix, *reference;
    bool named;
  } all[] = {{"library-card", "OLD1", "", "library-card:old 1", true},
             {"library-card", "OLD1", "", "library-card:OLD12", false},
             {"library-card", "OLD1", "", "gym-card:OLD1", false},
             {"library-card", "OLD1", "", "OLD1", false},
             {"id", "OLD1", "", "OLD1", true},
             {"id", "OLD1", "", "id:OLD1", true},
             {"id", "OLD1", "", "old1", true},
             {"id", "OLD1", "", "id:old1", true},
             {"id", "old1", "", "OLD1", false},
             {"nino", "QQ123456", "C", "nino:qq 12 34 56 d", true},
             {"nino", "QQ123456", "", "nino:QQ123456", true},
             {"nino", "QQ123456", "", "nino:QQ123457C", false},
             {"id", "OLD1", "", "", false}};
  (void)state;
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    struct identifier held = {0};
    identifier_of_row(&held, span_of(all[i].scheme), span_of(all[i].value), span_of(all[i].suffix));
    if (identifier_is_named(&held, span_of(all[i].reference)) != all[i].named)
      fail_msg("%s:%s and %s", all[i].scheme, all[i].value, all[i].reference);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(nhs_numbers_keep_modulus_11),
                                     cmocka_unit_test(national_insurance_numbers_keep_their_form),
                                     cmocka_unit_test(taxpayer_references_keep_their_check_digit),
                                     cmocka_unit_test(other_schemes_keep_their_form),
                                     cmocka_unit_test(a_bare_value_is_an_id),
                                     cmocka_unit_test(a_number_is_found_in_a_text),
                                     cmocka_unit_test(wrong_figures_are_reported),
                                     cmocka_unit_test(forms_are_as_the_pack_writes_them),
                                     cmocka_unit_test(a_card_is_not_found_in_other_words),
                                     cmocka_unit_test(a_place_has_schemes_of_its_own),
                                     cmocka_unit_test(a_number_is_named_by_its_value)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
