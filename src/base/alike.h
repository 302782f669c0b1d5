/* How alike two texts are: the measure of Jaro, with Winkler's addition for a common beginning.
 *
 *     alike(span_of("martha"), span_of("marhta"))      0.961
 *     alike(span_of("dixon"), span_of("dicksonx"))     0.813
 *
 * The figures are from W. E. Winkler, "String Comparator Metrics and Enhanced Decision Rules in the
 * Fellegi-Sunter Model of Record Linkage", 1990, where the measure comes from.
 *
 * Of m characters that both have at nearly the same place (no further apart than half the longer
 * text, less one), t of which stand in another order, Jaro's measure is
 * (m / size of a + m / size of b + (m - t / 2) / m) / 3, with t / 2 rounded down as in Winkler's
 * program. From 0.7 on Winkler adds a tenth of what is missing to 1 for each of the first four
 * characters that are equal. Characters are those of UTF-8, compared as they are: fold both first
 * (base/fold.h).
 */
#ifndef WEAL_BASE_ALIKE_H
#define WEAL_BASE_ALIKE_H

#include "base/text.h"
#include <stdint.h>

/* Work grows with the product of both sizes, so longer texts are not compared. */
enum { ALIKE_CHARACTERS_MOST = 256 };

/* From 0 (no character in common) to 1 (equal; two empty texts are). Texts of more than
 * ALIKE_CHARACTERS_MOST characters, or that are no UTF-8, are 1 if they are equal and else 0. */
double alike(struct span a, struct span b);

/* ---- to leave most pairs uncompared ---- */

/* How often a text has each letter, two digits together, and all other characters. */
enum { ALIKE_KINDS = 32 };
struct alike_sign {
  uint8_t counts[ALIKE_KINDS]; /* at most 255 */
  uint32_t size;               /* in characters */
};
struct alike_sign alike_sign(struct span text);
/* False: alike() of the two texts is certainly below `least`, since they have too few characters in
 * common. 10 ns; alike() itself takes some 100. */
bool alike_may_reach(const struct alike_sign *a, const struct alike_sign *b, double least);
/* How many characters two texts of these sizes must have in common to be alike by `least`; -1: they
 * cannot be. */
int alike_common_least(int size, int other_size, double least);
/* The most characters that two texts have in common, by their letters: 2 ns. Of longer texts than
 * 255 characters the counts are cut. */
unsigned alike_common_most(const struct alike_sign *a, const struct alike_sign *b);

#endif
