#include "base/wide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void writes(wide_t n, const char *wanted) {
  struct text t = {0};
  wide_t again = 0;
  text_add_wide(&t, n);
  assert_string_equal(t.bytes, wanted);
  assert_true(wide_parse(span_of(wanted), &again) && again == n);
  text_release(&t);
}

static void a_sum_of_the_largest_lines_is_exact(void **state) {
  (void)state;
  wide_t sum = 0;
  for (int i = 0; i < 1000; i++) sum += INT64_MAX;
  writes(sum, "9223372036854775807000");
  for (int i = 0; i < 1000; i++) sum += -INT64_MAX;
  writes(sum, "0");
  writes((wide_t)INT64_MIN * 3, "-27670116110564327424");
}

static void texts_that_are_no_number(void **state) {
  (void)state;
  wide_t n = 7;
  static const char *const wrong[] = {
      "", "-", "1.0", "+1", " 1", "1e3", "85070591730234615865843651857942052865"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_false(wide_parse(span_of(wrong[i]), &n));
  assert_true(n == 7);
  assert_true(wide_parse(span_of("85070591730234615865843651857942052864"), &n)); /* 2^126 */
}

static void sums_are_narrowed_and_the_shown_ones_are_known(void **state) {
  (void)state;
  int64_t n = 7;
  assert_false(wide_narrow((wide_t)INT64_MAX + 1, &n));
  assert_false(wide_narrow((wide_t)INT64_MIN - 1, &n));
  assert_true(n == 7);
  assert_true(wide_narrow(INT64_MIN, &n) && n == INT64_MIN);
  assert_true(wide_shown(9007199254740991) && wide_shown(-9007199254740991));
  assert_false(wide_shown(9007199254740992) || wide_shown(-9007199254740992));
}

static void a_share_is_rounded_half_away_from_zero(void **state) {
  (void)state;
  assert_true(wide_scale(1500, 4213, 1000) == 6320); /* 6319.5 */
  assert_true(wide_scale(-1500, 4213, 1000) == -6320);
  assert_true(wide_scale(1, 1, 3) == 0);
  assert_true(wide_scale(WIDE_SHOWN_MOST, INT64_MAX, 1) == (wide_t)WIDE_SHOWN_MOST * INT64_MAX);
}

/* A figure computed from one that is not shown is never shown either: not after dividing it, and
 * not after adding such figures. */
static void a_lost_figure_is_never_shown(void **state) {
  (void)state;
  wide_t lost = wide_scale((wide_t)INT64_MAX, 1, INT64_MAX);
  assert_false(wide_shown(lost));
  assert_false(wide_shown(lost + wide_scale(-(wide_t)INT64_MAX, 1, INT64_MAX)));
  assert_false(wide_shown(lost * (1 << 22) + INT64_MIN));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sum_of_the_largest_lines_is_exact),
      cmocka_unit_test(texts_that_are_no_number),
      cmocka_unit_test(sums_are_narrowed_and_the_shown_ones_are_known),
      cmocka_unit_test(a_share_is_rounded_half_away_from_zero),
      cmocka_unit_test(a_lost_figure_is_never_shown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
