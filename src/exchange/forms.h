/* Days and amounts as bodies publish them. Each function says which form the text had, so that a
 * profile can allow it or not and a report can count it.
 *
 *     form_day(span_of("05-Oct-21"), false, &day, form)        true; form is `dd-mmm-yy`
 *     form_money(span_of("1,234.56-"), 1, &pence, &forms)
 *         null; -123456, MONEY_THOUSANDS | MONEY_TRAILING_MINUS
 */
#ifndef WEAL_EXCHANGE_FORMS_H
#define WEAL_EXCHANGE_FORMS_H

#include "base/day.h"

enum { FORM_SIZE = 16 };

/* A form of days is written with `dd` (one or two digits), `mm` (one or two digits), `mmm` (a
 * month's English name, three letters or whole), `yy` (20yy) or `yyyy` and the characters between
 * them: `dd/mm/yyyy`, `dd mmm yyyy`, `yyyy-mm-dd`; or it is `yyyymmdd`; or `serial`, a
 * spreadsheet's count of days (1 is 1900-01-01 there, so that 1899-12-30 is day 0 for every day
 * after February 1900). A time of day after it is ignored, as are a weekday before it and the
 * letters of `16th May 2023`. False when the text is no day.
 * `month_first`: read `12/31/2024`, whose form is `mm/dd/yyyy`. */
bool form_day(struct span text, bool month_first, day_t *day, char form[FORM_SIZE]);
bool form_day_known(const char *form); /* whether form_day or form_month can give it */
/* 31 May 2025 in a form that is known, as a message shows how a day is written: `31/05/2025`. */
const char *form_day_example(const char *form, char out[FORM_SIZE]);
/* A month without a day: `Apr-23`, `April 2023`, `2023-04`, `04/2023`; the last day of it, and its
 * form (`mmm-yy`, `mmm yyyy`, `yyyy-mm`, `mm/yyyy`). Such a day was not published. */
bool form_month(struct span text, day_t *last, char form[FORM_SIZE]);
/* The last day of the one month that a title or the name of a file has: `Payments, April 2023`,
 * `2011-03-payments.csv`, `May24.xlsx`; false where it has several, as `apr-jun-2014`. A month's
 * name needs its year beside it; digits alone are a month as `2023-04`, `2023_04` or `202304` only,
 * and not where they may be a financial year, as in `2011-12`. */
bool form_month_within(struct span words, day_t *last);

enum money_form {
  MONEY_THOUSANDS = 1,      /* 1,234.56 */
  MONEY_TRAILING_MINUS = 2, /* 1234.56- */
  MONEY_BRACKETS = 4,       /* (1234.56): negative */
  MONEY_POUND_SIGN = 8,     /* £1234.56 */
  MONEY_DASH = 16,          /* a dash alone: nothing */
  MONEY_FORMS = 5
};
/* thousands, trailing-minus, brackets, pound-sign, dash; by bit */
extern const char *const money_form_words[MONEY_FORMS];

/* Pence of an amount in pounds times `scale`, exactly; any number of decimals, if whole pence
 * remain. Null when it was read, else what is wrong. */
const char *form_money(struct span text, int64_t scale, int64_t *pence, unsigned *forms);

/* Whether the text begins like an amount, readable or not: with a digit after any sign. */
bool form_money_begins(struct span text);

#endif
