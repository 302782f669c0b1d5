#include "rules/values.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

bool rule_value_word(struct text *out, const struct rule_type *t, double x) {
  if (t->kind == KIND_ENUM && x >= 0 && x < t->items->count) text_add(out, t->items->items[(int)x]);
  else if (t->kind == KIND_DATE && x >= DAY_FIRST && x <= DAY_LAST) text_add_day(out, (day_t)x);
  else return false;
  return true;
}

enum { MILLIONTHS_BELOW = 1000000000 }; /* a double has more places than six */

/* The nearest whole number of millionths, as printf rounds: what the product lost decides where it
 * lies halfway. */
static int64_t millionths_of(double x) {
  const double all = x * 1e6;
  const int64_t whole = (int64_t)all;
  const double rest = all - (double)whole;
  if (rest != 0.5) return whole + (rest > 0.5);
  const double lost = fma(x, 1e6, -all);
  return whole + (lost > 0 || (lost == 0 && whole % 2));
}

/* Without the zeros at its end. By printf it was three tenths of a run from files. */
static void add_millionths(struct text *out, double x) {
  char digits[32], *at = digits + sizeof digits;
  int64_t left = millionths_of(fabs(x));
  const bool minus = x < 0 && left;
  int places = 6;
  for (; places && left % 10 == 0; places--) left /= 10;
  const bool has_point = places > 0;
  for (; places; places--, left /= 10) *--at = (char)('0' + left % 10);
  if (has_point) *--at = '.';
  do *--at = (char)('0' + left % 10);
  while (left /= 10);
  if (minus) *--at = '-';
  text_add_bytes(out, at, (size_t)(digits + sizeof digits - at));
}

void rule_number_write(struct text *out, double x) {
  if (isinf(x)) {
    text_add(out, x > 0 ? "inf" : "-inf");
    return;
  }
  if (fabs(x) < 9e11 && x == floor(x)) {
    text_add_int(out, (int64_t)x);
    return;
  }
  if (fabs(x) < MILLIONTHS_BELOW) {
    add_millionths(out, x);
    return;
  }
  char digits[DBL_MAX_10_EXP + 16];
  int n = snprintf(digits, sizeof digits, "%.6f", x);
  while (n && digits[n - 1] == '0') n--;
  if (n && digits[n - 1] == '.') n--;
  text_add_bytes(out, digits, (size_t)n);
}
