#include "award/schedule.h"

#include "base/wide.h"

#include <limits.h>

enum { DAYS_A_WEEK = 7, MONTHS_A_YEAR = 12 };

/* ---- days ---- */

/* Days in the interval; 0: it is counted in months. */
static int days_of(enum pay_every every) {
  switch (every) {
  case PAY_WEEK: return DAYS_A_WEEK;
  case PAY_2_WEEKS: return 2 * DAYS_A_WEEK;
  case PAY_4_WEEKS: return 4 * DAYS_A_WEEK;
  default: return 0;
  }
}

static day_t step(enum pay_every every, day_t day, int n) {
  const int days = days_of(every);
  int months = every == PAY_YEAR ? n * MONTHS_A_YEAR : n, year, month, of_month;
  if (days) return day + (day_t)n * days;
  if (months >= 0) return day_months_after(day, months);
  day_parts(day, &year, &month, &of_month);
  for (month += months; month < 1; month += MONTHS_A_YEAR) year--;
  const day_t first = day_make(year, month, 1), last = day_months_after(first, 1) - 1;
  return first + of_month - 1 < last ? first + of_month - 1 : last;
}

/* What is paid once has one period, the first day of the award. */
static struct award_period once(const struct award_plan *plan, int n) {
  const day_t day = plan->first - plan->after;
  return n ? (struct award_period){INT_MAX, INT_MAX, INT_MAX}
           : (struct award_period){plan->first, day, day};
}

struct award_period award_period_of(const struct award_plan *plan, int n) {
  if (plan->every == PAY_ONCE) return once(plan, n);
  const day_t due = step(plan->every, plan->first, n);
  return (struct award_period){.due = due,
                               .first = step(plan->every, plan->first, n - 1) - plan->after + 1,
                               .last = due - plan->after};
}

day_t award_first_due(enum pay_every every, int after, day_t from) {
  if (every == PAY_ONCE) return from + after;
  return step(every, from, 1) - 1 + after;
}

day_t award_working_day(const struct pack *pack, day_t day) {
  while (!pack_working_day(pack, day)) day--;
  return day;
}

/* ---- amounts ---- */

static bool in_force(const struct award_rate *rate, day_t day) {
  return rate->from <= day && (rate->to == DAY_NONE || rate->to >= day);
}

/* Of the financial year, 1 April to 31 March, in which the day lies. */
static int days_of_year(day_t day) {
  int year, month, of_month;
  day_parts(day, &year, &month, &of_month);
  const int begins = month >= 4 ? year : year - 1;
  return (int)(day_make(begins + 1, 4, 1) - day_make(begins, 4, 1));
}

static int64_t days_within(const struct award_rate *rate, const struct award_period *period) {
  const day_t first = rate->from > period->first ? rate->from : period->first;
  const day_t last = rate->to != DAY_NONE && rate->to < period->last ? rate->to : period->last;
  return last < first ? 0 : (int64_t)last - first + 1;
}

/* Half a penny and more is a penny. */
static int64_t rounded(wide_t pence, int64_t parts) {
  int64_t out = INT64_MAX;
  return wide_narrow((2 * pence + parts) / (2 * parts), &out) ? out : INT64_MAX;
}

int64_t award_amount(const struct award_plan *plan, const struct award_rate *rates, int count,
                     const struct award_period *period) {
  const int64_t length = (int64_t)period->last - period->first + 1;
  wide_t sum = 0;
  int64_t parts = 1;
  for (int i = 0; i < count; i++) {
    const struct award_rate *rate = &rates[i];
    const bool is_year = rate->per == PER_YEAR && plan->every != PAY_YEAR;
    parts = rate->per == PER_WEEK ? DAYS_A_WEEK : is_year ? days_of_year(period->last) : length;
    if (!plan->whole) sum += (wide_t)rate->pence * days_within(rate, period);
    else if (in_force(rate, period->last))
      return rate->per == PER_WEEK ? rounded((wide_t)rate->pence * length, parts)
             : is_year             ? rounded((wide_t)rate->pence * length, parts)
                                   : rate->pence;
  }
  return rounded(sum, parts);
}
