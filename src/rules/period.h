/* Periods of the calendar, as rules have them: a year begins where the pack says, a month has the
 * day of the month with which it began. */
#ifndef WEAL_RULES_PERIOD_H
#define WEAL_RULES_PERIOD_H

#include "rules/population.h"

/* Reads 2025, 2025-26, 2025-07, 2025-07-14 or `day:2025-07-14`, `week:2025-07-14`, `month:2025-07`,
 * `month:2025-07-14`, `year:2025`, `year:2025-26`, `eternity`. A year begins where the rules say,
 * and on no other day. Where that is not 1 January, 2009-10 is the year, as 2025-26 is; else the
 * month. */
enum status period_parse(const struct rules *rules, struct span text, struct rule_period *out,
                         struct error *err) MUST_USE;
struct rule_period period_year(const struct rules *rules, int year);
/* How the annual reading reads parameters of a year. */
struct parameter_year period_parameter_year(const struct rules *rules, int year);
/* A day of a month, which may be before 1 or past 12; the month's last day where it is shorter, and
 * the first or last day that there is where the year is none. */
day_t period_month_day(int year, int month, int day);
/* The first day after it; DAY_LAST for eternity. */
day_t period_after(struct rule_period p);
struct rule_period period_shift(struct rule_period p, enum rule_each each, int steps);
/* The longer period in which it begins. */
struct rule_period period_around(const struct rules *rules, struct rule_period p,
                                 enum rule_each each);
/* The shorter periods that begin in it: number `i` from 0. Weeks of a year begin on its Mondays, 52
 * or 53 of them; months and days with it. */
struct rule_period period_part(struct rule_period p, enum rule_each each, int i);
int period_parts(struct rule_period p, enum rule_each each);
/* How many are in a year, as rates are turned into one another: 365, 52, 12, 1. */
double period_times(enum rule_each each);
char *period_write(struct arena *arena, struct rule_period p);

#endif
