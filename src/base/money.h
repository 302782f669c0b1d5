/* Quantities as the book holds them: 64-bit integers in the unit's smallest part.
 *
 * Pence for money, thousandths for the count of a service, minutes for time. Nothing here is ever a
 * float. Reading and writing follow docs/reference/files.md: `1234.56`, optional `-`, at most two
 * decimals.
 */
#ifndef WEAL_BASE_MONEY_H
#define WEAL_BASE_MONEY_H

#include "base/limits.h"
#include "base/text.h"
#include <stdint.h>

/* Reads `1234.56`, `-0.05`, `7`, `7.5` as pence. Refuses signs other than a leading '-', exponents,
 * thousands marks, spaces, more than two decimals, an empty text, and numbers past 64 bits; the
 * message quotes the text and says what would be right. line_holds says what a line may hold. */
enum status money_parse(struct span text, int64_t *pence, struct error *err) MUST_USE;
/* As people type it into a form: a pound sign may stand before it, and commas may divide its
 * thousands. */
bool money_typed(struct span text, int64_t *pence);

/* Reads a quantity with up to three decimals, not negative, as thousandths. */
enum status quantity_parse(struct span text, int64_t *thousandths, struct error *err) MUST_USE;

/* Reads an amount of a unit of `scale` decimal places (0 to 18), not negative, in its smallest
 * part: of scale 3, `1.5` is 1500. `unit` is what the message calls it. */
enum status decimal_parse(struct span text, int scale, const char *unit, int64_t *parts,
                          struct error *err) MUST_USE;

/* Reads whole minutes, not negative. */
enum status minutes_parse(struct span text, int64_t *minutes, struct error *err) MUST_USE;

/* Reads a plain decimal integer with optional '-'. */
enum status integer_parse(struct span text, int64_t *value, struct error *err) MUST_USE;

/* Reads a yes-or-no column: yes, no, true, false, 1, 0; empty is no. */
enum status boolean_parse(struct span text, bool *value, struct error *err) MUST_USE;

/* Whether a line may hold so much (LIMIT_LINE). */
static inline bool line_holds(int64_t n) { return n <= LIMIT_LINE && n >= -LIMIT_LINE; }

/* Checked arithmetic: false on overflow, and then *out is untouched. */
static inline bool money_add(int64_t a, int64_t b, int64_t *out) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum)) return false;
  *out = sum;
  return true;
}

/* value * numerator / denominator, half away from zero ("half up" on the absolute value);
 * denominator > 0; false on overflow of the result. Computed in 128 bits. Used for quantity x unit
 * cost (thousandths x pence / 1000) and minutes x rate (minutes x pence an hour / 60). */
bool money_scale(int64_t value, int64_t numerator, int64_t denominator, int64_t *out);

/* `-1234.56`: what import reads and export writes. */
void text_add_money(struct text *t, int64_t pence);
/* `−£1,234.56`: for people (U+2212 minus, as GOV.UK writes negative money). */
void text_add_pounds(struct text *t, int64_t pence);
/* `12,345` */
void text_add_count(struct text *t, int64_t n);
/* `2.5`, `3`: thousandths as a decimal without trailing zeros. */
void text_add_quantity(struct text *t, int64_t thousandths);
/* `2.5`, `3`: an amount of a unit of `scale` decimal places, without trailing zeros. */
void text_add_decimal(struct text *t, int64_t parts, int scale);
/* `12 hours 30 minutes` is for documents; this writes 12h 30m as `12:30`. */
void text_add_minutes(struct text *t, int64_t minutes);

#endif
