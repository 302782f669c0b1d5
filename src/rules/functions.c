#include "rules/functions.h"

#include <math.h>

/* Days far from any calendar, as of a sum with infinity, have no parts. */
static bool is_day(double x) { return fabs(x) < 1e7; }

static double years_between(double from, double to) {
  if (!is_day(from) || !is_day(to)) return NAN;
  int y1, m1, d1, y2, m2, d2;
  day_parts((day_t)from, &y1, &m1, &d1);
  day_parts((day_t)to, &y2, &m2, &d2);
  return y2 - y1 - (m2 < m1 || (m2 == m1 && d2 < d1));
}

static double months_between(double from, double to) {
  if (!is_day(from) || !is_day(to)) return NAN;
  int y1, m1, d1, y2, m2, d2;
  day_parts((day_t)from, &y1, &m1, &d1);
  day_parts((day_t)to, &y2, &m2, &d2);
  return 12 * (y2 - y1) + m2 - m1 - (d2 < d1);
}

static bool is_later_day(int year) { return year >= DAY_YEAR_MIN && year < DAY_YEAR_MAX; }

/* A birthday of 29 February is 1 March in years that have none. */
static double years_after(double from, double years) {
  if (!is_day(from) || !(fabs(years) < DAY_YEAR_MAX)) return NAN;
  int year, month, day;
  day_parts((day_t)from, &year, &month, &day);
  year += (int)years;
  if (!is_later_day(year)) return NAN;
  return day_make(year, month, 1) + day - 1;
}

/* The last day of a month that is too short. */
static double months_after(double from, double months) {
  if (!is_day(from) || !(fabs(months) < 12 * DAY_YEAR_MAX)) return NAN;
  int year, month, day;
  day_parts((day_t)from, &year, &month, &day);
  const int all = 12 * year + month - 1 + (int)months;
  if (all < 0 || !is_later_day(all / 12)) return NAN;
  const double next = day_make((all + 1) / 12, (all + 1) % 12 + 1, 1);
  return fmin(day_make(all / 12, all % 12 + 1, 1) + day, next) - 1;
}

static double year_of(double of, double none) {
  (void)none;
  int year, month, day;
  if (!is_day(of)) return NAN;
  day_parts((day_t)of, &year, &month, &day);
  return year;
}

static double month_of(double of, double none) {
  (void)none;
  int year, month, day;
  if (!is_day(of)) return NAN;
  day_parts((day_t)of, &year, &month, &day);
  return month;
}

const struct rule_function rule_functions[] = {
    {"years_between", 2, {KIND_DATE, KIND_DATE}, KIND_NUMBER, years_between, {-1, 1}, 0, 0},
    {"months_between", 2, {KIND_DATE, KIND_DATE}, KIND_NUMBER, months_between, {-1, 1}, 0, 0},
    {"years_after", 2, {KIND_DATE, KIND_NUMBER}, KIND_DATE, years_after, {1, 1}, 0, 0},
    {"months_after", 2, {KIND_DATE, KIND_NUMBER}, KIND_DATE, months_after, {1, 1}, 0, 0},
    {"year_of", 1, {KIND_DATE}, KIND_NUMBER, year_of, {1, 1}, 0, 0},
    {"month_of", 1, {KIND_DATE}, KIND_NUMBER, month_of, {0, 1}, 1, 12},
};

int rule_function_count(void) { return (int)(sizeof rule_functions / sizeof *rule_functions); }

const struct rule_function *rule_function_named(struct span name) {
  for (int i = 0; i < rule_function_count(); i++)
    if (span_is(name, rule_functions[i].name)) return &rule_functions[i];
  return NULL;
}
