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
void text_add_day(struct text *t, day_t day);
char *day_write(day_t day, char out[11]); /* `2026-03-31` into out, which it returns */
day_t day_today(void);                    /* of the machine's clock, UTC */

/* Reads `2025-26` as 2025; the second part must follow the first. */
enum status year_parse(struct span text, int *year, struct error *err) MUST_USE;
char *year_write(int year, char out[8]); /* `2025-26` */
day_t year_first_day(enum year_kind kind, int year);
day_t year_last_day(enum year_kind kind, int year);
int year_of_day(enum year_kind kind, day_t day);

/* Now, UTC, RFC 3339 in whole seconds: `2026-11-24T12:00:00Z`. */
char *clock_write_now(char out[21]);
/* The same of a moment, in seconds since 1970. */
char *clock_write(int64_t seconds, char out[21]);

/* Microseconds since some moment; never goes back. For measuring how long something takes. */
int64_t clock_microseconds(void);
int64_t clock_milliseconds(void);
double clock_seconds(void);

#endif
