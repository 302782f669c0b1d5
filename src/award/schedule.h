/* The days of pay of an award, the days that each pays for, and how much. Pure: reads no store.
 *
 *     struct award_plan plan = {.every = PAY_4_WEEKS, .first = day, .after = 0};
 *     struct award_period period = award_period_of(&plan, 3);      the fourth day of pay
 *     pence = award_amount(&plan, rates, count, &period);
 *
 * A payment is for the days that lie behind it: the period ends `after` days before the day of
 * pay, and begins on the day after the period before. What a rate does not cover of it counts by
 * days (a seventh of a week, the days of a month, the days of a financial year), or not at all
 * where the law has whole periods only. A fraction of a penny below a half is left out, any other
 * is a penny (SI 1987/1968 regulation 28).
 */
#ifndef WEAL_AWARD_SCHEDULE_H
#define WEAL_AWARD_SCHEDULE_H

#include "base/wide.h"
#include "pack/pack.h"

struct award_plan {
  enum pay_every every;
  bool whole;  /* whole periods only: the rate of a period's last day is that of all of it */
  int after;   /* days */
  day_t first; /* the first day of pay, before weekends and holidays are looked at */
};
struct award_period {
  day_t due, first, last; /* inclusive */
};
/* n: from 0. */
struct award_period award_period_of(const struct award_plan *plan, int n);
/* The day of pay that ends a whole first period from the day on. */
day_t award_first_due(enum pay_every every, int after, day_t from);

struct award_rate {
  enum tell_per per;
  int64_t pence;  /* in each `per` */
  day_t from, to; /* to DAY_NONE: until further notice; before `from`: never in force */
};
/* The most of a rate: a year of weeks, the longest period of pay, fits in a line. */
#define AWARD_PENCE_MOST (LIMIT_LINE / 53)

/* Pence for a period; all rates have one `per`. A sum past 64 bits, which no award comes to that is
 * bounded as above, is INT64_MAX: no line takes it (book/entry_input.h). */
int64_t award_amount(const struct award_plan *plan, const struct award_rate *rates, int count,
                     const struct award_period *period);

/* The working day on or before the day. */
day_t award_working_day(const struct pack *pack, day_t day);

#endif
