/* Sums of amounts, in 128 bits: amounts that can be posted can be added. A line holds 64 bits and a
 * book has far fewer than 2^63 lines, so no sum of lines can pass 128 bits: adding needs no check,
 * and a sum is right even if it includes a huge mistyped line and its reversal. Turning a sum into
 * something else is checked:
 *
 *     wide_t sum = 0;
 *     for (...) sum += line->amount;
 *     doc_money(sum)  a figure: past WIDE_SHOWN_MOST it is not shown (document.h)
 *     if (!wide_narrow(sum, &amount)) ...  an amount again, to be stored or posted
 *
 * Rule: code that adds amounts, minutes or quantities of more than one line adds in `wide_t`. If a
 * sum passes WIDE_SHOWN_MOST, only that figure is not shown, and its largest lines are named
 * (figures.h).
 */
#ifndef WEAL_BASE_WIDE_H
#define WEAL_BASE_WIDE_H

#include "base/text.h"
#include <stdint.h>

typedef __int128 wide_t;

/* The largest figure that is shown: programs that read JSON hold whole numbers to 2^53-1 exactly
 * (RFC 8259, section 6), and in pence it is ninety trillion pounds. */
#define WIDE_SHOWN_MOST ((INT64_C(1) << 53) - 1)

static inline bool wide_shown(wide_t n) { return n >= -WIDE_SHOWN_MOST && n <= WIDE_SHOWN_MOST; }

/* False when it does not fit; *out is untouched then. */
static inline bool wide_narrow(wide_t n, int64_t *out) {
  if (n < INT64_MIN || n > INT64_MAX) return false;
  *out = (int64_t)n;
  return true;
}

/* value * numerator / denominator (positive), half away from zero. A value that cannot be shown
 * gives WIDE_LOST. */
wide_t wide_scale(wide_t value, int64_t numerator, int64_t denominator);

/* A figure computed from one that is not shown. It is never shown, nor is a sum with it: it is so
 * large that no lines can bring the sum back into the shown range, and small enough to be added
 * once for every person alive. */
#define WIDE_LOST ((wide_t)1 << 104)

/* Reads a decimal integer with optional '-', as text_add_wide writes it. False when it is none, or
 * passes 126 bits. */
bool wide_parse(struct span text, wide_t *out) MUST_USE;
void text_add_wide(struct text *t, wide_t n);
/* The same for a message: returns where in `out` it begins. */
enum { WIDE_TEXT_SIZE = 48 };
const char *wide_write(wide_t n, char out[WIDE_TEXT_SIZE]);

#endif
