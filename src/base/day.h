/* Days, and the two kinds of year.
 *
 * A day is a count from 1970-01-01 (proleptic Gregorian), 32 bits. Text is ISO 8601, `2026-03-31`,
 * in and out. A year is named by the calendar year in which it starts and written `2025-26`. A
 * citizen's year is the tax year, 6 April to 5 April; a body's is the financial year, 1 April to 31
 * March (docs/reference/files.md).
 */
#ifndef WEAL_BASE_DAY_H
#define WEAL_BASE_DAY_H

#include "base/text.h"
#include <stdint.h>

typedef int32_t day_t; /* days since 1970-01-01 */

/* Years 1800 to 2999 are accepted: this refuses slips such as 0205 or 20255, and every living or
 * recorded person fits. */
enum { DAY_YEAR_MIN = 1800, DAY_YEAR_MAX = 2999 };
#define DAY_NONE INT32_MIN /* no day: not yet dead, no end */
/* Every day that a ledger can hold lies between these two. */
#define DAY_FIRST (-62091) /* 1800-01-01 */
#define DAY_LAST 376199    /* 2999-12-31 */

enum year_kind { YEAR_TAX, YEAR_FINANCIAL };

enum status day_parse(struct span text, day_t *day, struct error *err) MUST_USE;
day_t day_make(int year, int month, int day_of_month); /* the parts must be a real day */
void day_parts(day_t day, int *year, int *month, int *day_of_month);
/* The same day so many months later, or, where `months` is negative, earlier; the month's last day
 * where it is shorter. Any number will do: the day lies between the years 1 and 9999, and may lie
 * outside those that day_make takes. */
day_t day_months_after(day_t day, int months);
/* The first Monday on or after a day. */
day_t day_monday_from(day_t day);
/* Whether somebody born on a day is so many years old, or older, on another. */
bool day_is_of_age(day_t born, int years, day_t on);
void text_add_day(struct text *t, day_t day);
void text_add_day_words(struct text *t, day_t day);   /* `2 June 2025`, in English */
const char *day_month_name(day_t day);                /* `June`: a message of po/ */
void text_add_month_words(struct text *t, day_t day); /* `June 2025`: of the day */
char *day_write(day_t day, char out[11]);             /* `2026-03-31` into out, which it returns */
/* 1 to 12: the month whose English or Welsh name the word begins, with three letters or more
 * (`Mar`, `march`, `Mawrth`), or, where `whole`, is; 0: none. Case is ignored. */
int month_named(struct span word, bool whole);
day_t day_today(void); /* by the machine's clock, where the place is: see clock_set */

/* Reads `2025-26` as 2025; the second part must follow the first. */
enum status year_parse(struct span text, int *year, struct error *err) MUST_USE;
char *year_write(int year, char out[8]); /* `2025-26` */
day_t year_first_day(enum year_kind kind, int year);
day_t year_last_day(enum year_kind kind, int year);
int year_of_day(enum year_kind kind, day_t day);

/* ---- the clock ----
 *
 * Moments are kept in UTC (RFC 3339), and are seconds since 1970 in memory. The day of a moment,
 * and its hours as people read them, are those of the place: the policy pack says when its clocks
 * are ahead (clock.csv), so that neither the machine's time zone nor its files of them matter.
 */

/* From a year on, clocks are ahead of UTC by `ahead_s` from a Sunday to a Sunday: the first on or
 * after a day of the month, at a time of the day, UTC. Before the first rule they show UTC. */
struct clock_change {
  int month, day, second;
};
struct clock_rule {
  int from_year;
  struct clock_change starts, ends;
  int ahead_s;
  char name[8], summer_name[8]; /* "GMT", "BST" */
};
enum { CLOCK_RULES_MOST = 8 };
struct clock_rules {
  int count; /* in order of from_year */
  struct clock_rule all[CLOCK_RULES_MOST];
};
/* Once, before there is a second thread. */
void clock_set(const struct clock_rules *rules);

/* By how much clocks are ahead of UTC at a moment, and what that time is called: `UTC` where no
 * rule says. */
int clock_ahead_s(int64_t seconds);
const char *clock_name(int64_t seconds);
/* The hour, 0 to 23, that clocks show. */
int clock_hour(int64_t seconds);
day_t clock_day(int64_t seconds);
/* The first second of a day. */
int64_t clock_day_begins(day_t day);
/* Reads `2026-06-30T23:30:00Z`; what is cut off behind the day counts as zero. */
bool clock_read(struct span moment, int64_t *seconds);
/* The day of such a text; DAY_NONE when it is none. */
day_t clock_day_of(struct span moment);

/* Now, UTC, RFC 3339 in whole seconds: `2026-11-24T12:00:00Z`. */
char *clock_write_now(char out[21]);
/* The same of a moment, in seconds since 1970. */
char *clock_write(int64_t seconds, char out[21]);

/* Microseconds since some moment; never goes back. For measuring how long something takes. */
int64_t clock_microseconds(void);
int64_t clock_milliseconds(void);
double clock_seconds(void);

#endif
