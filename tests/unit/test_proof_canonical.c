/* Canonical JSON: RFC 8785's examples (those without reals), and ambiguous texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proof/canonical.h"

static void canonical_is(const char *given, const char *wanted) {
  json_t *value, *again;
  struct text t = {0};
  struct error err = {0};
  if (canonical_read(span_of(given), &value, &err) != DONE) fail_msg("%s: %s", given, err.message);
  assert_int_equal(text_add_canonical(&t, value, NULL), DONE);
  assert_string_equal(t.bytes, wanted);
  /* the written text is read as the same value */
  assert_int_equal(canonical_read(span_make(t.bytes, t.size), &again, NULL), DONE);
  assert_true(json_equal(value, again));
  json_decref(value);
  json_decref(again);
  text_release(&t);
}

static void examples_of_rfc_8785(void **state) {
  (void)state;
  /* Section 3.2.2, without its array of reals; the numbers of ours are integers. */
  canonical_is("{\n  \"numbers\": [333333333, 4, 2, 0, -7],\n  \"string\": "
               "\"\\u20ac$\\u000f\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n  \"literals\": "
               "[null, true, false]\n}",
               "{\"literals\":[null,true,false],\"numbers\":[333333333,4,2,0,-7],\"string\":"
               "\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  /* Section 3.2.3: sorted by UTF-16 code units. */
  canonical_is(
      "{\"\\u20ac\": \"Euro Sign\", \"\\r\": \"Carriage Return\", \"\\ufb33\": \"Hebrew Letter "
      "Dalet With Dagesh\", \"1\": \"One\", \"\\ud83d\\ude00\": \"Emoji: Grinning Face\", "
      "\"\\u0080\": \"Control\", \"\\u00f6\": \"Latin Small Letter O With Diaeresis\"}",
      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"\xc3\xb6\":\"Latin "
      "Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
      "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With "
      "Dagesh\"}");
  canonical_is(" [ ] ", "[]");
  canonical_is("{\"b\":{},\"a\":[9007199254740991,-9007199254740991],\"\":\"\",\"aa\":1}",
               "{\"\":\"\",\"a\":[9007199254740991,-9007199254740991],\"aa\":1,\"b\":{}}");
  canonical_is("[\"\\b\\t\\n\\f\\r\\u001f\\u007f\"]", "[\"\\b\\t\\n\\f\\r\\u001f\x7f\"]");
}

static void ambiguous_json_is_refused(void **state) {
  (void)state;
  static const struct {
    const char *json, *why; /* why: a part of the message */
  } cases[] = {
      {"{\"a\":1,\"a\":2}", "a member comes twice"},
      {"{\"a\":1,\"\\u0061\":1}", "a member comes twice"},
      {"[1.0]", "not written as a whole one"},
      {"[1e3]", "not written as a whole one"},
      {"[1E3]", "not written as a whole one"},
      {"[0.5]", "not written as a whole one"},
      {"[-0]", "not in its canonical form"},
      {"[01]", "not in its canonical form"},
      {"[-01]", "not in its canonical form"},
      {"[-]", "not in its canonical form"},
      {"[9007199254740992]", "past 2^53 - 1"},
      {"[-9007199254740992]", "past 2^53 - 1"},
      {"[99999999999999999999999999]", "past 2^53 - 1"},
      {"[\"\\u00E9\"]", "capital hexadecimal digit"},
      {"[\t1]", "a tab"},
      {"[1] 2", "not JSON"},
      {"[1]]", "not JSON"},
      {"1", "not JSON"},
      {"\"a\"", "not JSON"},
      {"", "empty"},
      {"[", "not JSON"},
      {"[\"", "not JSON"},
      {"[\"\\", "not JSON"},
      {"[\"\\u", "not JSON"},
      {"[NaN]", "not JSON"},
      {"[+1]", "not JSON"},
      {"{\"a\"}", "not JSON"},
      {"{\"a\":}", "not JSON"},
      {"{\"a\":1,}", "not JSON"},
      {"{a:1}", "not JSON"},
      {"{\"a\" 1}", "not JSON"},
      {"[1 2]", "not JSON"},
      {"[\"\\x\"]", "not JSON"},
      {"[\"\\u00g0\"]", "not JSON"},
      {"[tru]", "not JSON"},
      {"[1}", "not JSON"},
      {"{]", "not JSON"},
      {"[1,]", "not JSON"},
      {"[\"\\ud800\"]", "half of a character"},
      {"[\"\\ud800\\u0041\"]", "half of a character"},
      {"[\"\\udc00\\ud800\"]", "half of a character"},
      {"[\"\\u0000\"]", "a zero character"},
      {"[\"\xff\"]", "not JSON"},
      {"[\"\n\"]", "a control character"},
      {"\xef\xbb\xbf[]", "not JSON"},
      {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "nested too deep"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    json_t *value;
    struct error err = {0};
    if (canonical_read(span_of(cases[i].json), &value, &err) != REFUSED)
      fail_msg("%s", cases[i].json);
    if (!strstr(err.message, cases[i].why)) fail_msg("%s: %s", cases[i].json, err.message);
  }
  json_t *value;
  struct error err = {0};
  /* jansson alone takes it for [0] */
  assert_int_equal(canonical_read(span_make("[0\0]", 4), &value, &err), REFUSED);
  assert_int_equal(canonical_read(span_of("{\"a\":\n\n 01}"), &value, &err), REFUSED);
  assert_int_equal(err.line, 3);
  assert_non_null(strstr(err.message, "(byte 8)"));
  assert_int_equal(
      canonical_read(span_of("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
                     &value, NULL),
      DONE);
  json_decref(value);
}

static void values_set_by_hand_are_checked_too(void **state) {
  (void)state;
  struct text t = {0};
  struct error err = {0};
  json_t *values[] = {json_pack("[f]", 1.5), json_pack("[I]", (json_int_t)1 << 53),
                      json_pack("{s:[I]}", "a", -((json_int_t)1 << 53))};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    assert_int_equal(text_add_canonical(&t, values[i], &err), REFUSED);
    json_decref(values[i]);
  }
  text_release(&t);
}

/* No single bit of a compact file, changed, leaves a file that reads as the same value. */
static void a_changed_bit_never_means_the_same(void **state) {
  (void)state;
  static const char true_file[] =
      "{\"person\":{\"id\":\"P0000007\",\"name\":\"\\u001f\\n\\u007fO'Neil \xc3\xa9 "
      "\\\"\\\\\"},\"paid\":{\"total\":-1250,\"lines\":[]},\"ok\":true,\"none\":null,\r\n\"n\":0 "
      "}\n";
  json_t *truth, *bent;
  char copy[sizeof true_file];
  size_t read = 0;
  assert_int_equal(canonical_read(span_of(true_file), &truth, NULL), DONE);
  for (size_t bit = 0; bit < (sizeof true_file - 1) * 8; bit++) {
    memcpy(copy, true_file, sizeof copy);
    copy[bit / 8] ^= (char)(1 << bit % 8);
    if (canonical_read(span_make(copy, sizeof copy - 1), &bent, NULL) != DONE) continue;
    if (json_equal(truth, bent)) fail_msg("bit %zu: %s", bit, copy);
    json_decref(bent);
    read++;
  }
  assert_true(read > 100);
  json_decref(truth);
}

static void members_sort_as_utf_16_does(void **state) {
  (void)state;
  static const char *const sorted[] = {"",
                                       "A",
                                       "AA",
                                       "B",
                                       "a",
                                       "\xc2\x80",
                                       "\xe2\x82\xac",
                                       "\xed\x9f\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbd"};
  size_t count = sizeof sorted / sizeof *sorted;
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < count; j++) {
      int order = canonical_compare(span_of(sorted[i]), span_of(sorted[j]));
      assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(examples_of_rfc_8785),
      cmocka_unit_test(ambiguous_json_is_refused),
      cmocka_unit_test(values_set_by_hand_are_checked_too),
      cmocka_unit_test(a_changed_bit_never_means_the_same),
      cmocka_unit_test(members_sort_as_utf_16_does),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
