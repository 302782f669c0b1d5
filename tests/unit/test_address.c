/* Postcodes against examples that are published, and the one form of an address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exchange/columns.h"
#include "register/address.h"

static void is_postcode(const char *text, const char *wanted) {
  char out[POSTCODE_SIZE];
  if (!postcode_read(span_of(text), out)) fail_msg("'%s' was refused", text);
  assert_string_equal(out, wanted);
}

static void is_none(const char *text) {
  char out[POSTCODE_SIZE];
  if (postcode_read(span_of(text), out)) fail_msg("'%s' was taken as '%s'", text, out);
}

/* The examples of each form in appendix C of the ILR specification (valid postcode format). */
static void each_published_form_is_taken(void **state) {
  (void)state;
  is_postcode("M1 1AA", "M1 1AA");
  is_postcode("M60 1NW", "M60 1NW");
  is_postcode("CR2 6XH", "CR2 6XH");
  is_postcode("DN55 1PT", "DN55 1PT");
  is_postcode("W1A 1HQ", "W1A 1HQ");
  is_postcode("EC1A 1BB", "EC1A 1BB");
  is_postcode("GIR 0AA", "GIR 0AA");
}

static void islands_and_forces_have_one_too(void **state) {
  (void)state;
  is_postcode("je23ab", "JE2 3AB");
  is_postcode(" gy1  1AA ", "GY1 1AA");
  is_postcode("im1\t1ag", "IM1 1AG");
  is_postcode("bt1 5gs", "BT1 5GS");
  is_postcode("bf1 2au", "BF1 2AU");
  is_postcode("bfpo 57", "BFPO 57");
  is_postcode("BFPO1234", "BFPO 1234");
}

static void what_has_another_form_is_none(void **state) {
  (void)state;
  static const char *const wrong[] = {
      "",        "M1",         "M1 1A",   "M1 1AAA", "QM1 1AA", "M1 1CA",       "M1 1AV",
      "MI1 1AA", "W1I 1AA",    "EC1I 1A", "M1-1AA",  "M1 AA1",  "EC1I 1BB",     "BFPO",
      "BFPO 0",  "BFPO 12345", "BFPO 5A", "GIR 0AB", "12345",   "\u0391B1 1AA", "M1 1AA\n"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) is_none(wrong[i]);
}

static void a_uprn_has_up_to_twelve_digits(void **state) {
  (void)state;
  int64_t uprn;
  assert_true(uprn_read(span_of("999999999999"), &uprn));
  assert_int_equal(uprn, 999999999999);
  assert_true(uprn_read(span_of("0000 1 "), &uprn));
  assert_int_equal(uprn, 1);
  assert_false(uprn_read(span_of("1000000000000"), &uprn));
  assert_false(uprn_read(span_of("0"), &uprn));
  assert_false(uprn_read(span_of(""), &uprn));
  assert_false(uprn_read(span_of("-1"), &uprn));
}

static void an_address_has_one_form(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  const struct address *a = NULL, *b = NULL;
  struct error err = {0};
  struct address_row told = {.line = {span_of(" 1 High Street "), span_of(""),
                                      span_of("Ynys M\u00f4n")},
                             .postcode = span_of("ll59 5ab"),
                             .uprn = span_of("0100")};
  assert_int_equal(address_read(arena, &told, &a, &err), DONE);
  assert_string_equal(address_text(arena, a), "1 High Street, Ynys M\u00f4n, LL59 5AB");
  told = (struct address_row){.line = {span_of(a->line[0]), span_of(a->line[1])},
                              .postcode = span_of(a->postcode),
                              .uprn = span_of("100")};
  assert_int_equal(address_read(arena, &told, &b, &err), DONE);
  assert_true(address_same(a, b));
  assert_false(address_same(a, NULL));
  /* given and empty is no address; not given says nothing */
  told = (struct address_row){.postcode = span_of("")};
  assert_true(address_told(&told));
  assert_int_equal(address_read(arena, &told, &b, &err), DONE);
  assert_null(b);
  assert_false(address_told(&(struct address_row){0}));
  arena_free(arena);
}

static void files_name_its_parts_alike(void **state) {
  (void)state;
  for (int i = 0; i < ADDRESS_PARTS; i++) {
    assert_string_equal(households_columns[HOUSEHOLD_ADDRESS + i].name, address_columns[i]);
    assert_string_equal(people_columns[PERSON_ADDRESS + i].name, address_columns[i]);
    assert_int_equal(address_column(address_columns[i]), i);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_published_form_is_taken),
                                     cmocka_unit_test(islands_and_forces_have_one_too),
                                     cmocka_unit_test(what_has_another_form_is_none),
                                     cmocka_unit_test(a_uprn_has_up_to_twelve_digits),
                                     cmocka_unit_test(an_address_has_one_form),
                                     cmocka_unit_test(files_name_its_parts_alike)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
