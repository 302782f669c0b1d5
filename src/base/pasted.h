/* Text as it comes when people paste it from letters, web pages and word processors: with blanks
 * that cannot be told from a space, with characters that cannot be seen, with dashes for `-` and
 * with wide digits. A code, a date, a number or a reference means the same without them.
 *
 *     char plain[64];
 *     if (typed.size <= sizeof plain) typed = span_make(plain, pasted_fold(typed, plain));
 *     span_trim_pasted(name).size == 0        the name is nothing but blanks
 *
 * Blanks: what Unicode 15 calls white space, and letters that are drawn as a blank (U+2800, Hangul
 * fillers). Not seen: soft hyphens, joiners, marks of direction, byte-order marks, variation
 * selectors and tags (Default_Ignorable_Code_Point). Dashes: hyphens and dashes U+2010 to U+2015,
 * the minus sign and their small and wide forms. Wide: U+FF01 to U+FF5E. Control characters that
 * are no white space are left as they are: who reads the text refuses them.
 */
#ifndef WEAL_BASE_PASTED_H
#define WEAL_BASE_PASTED_H

#include "base/text.h"

/* Without blanks and characters that cannot be seen at either end; a part of `text`. */
struct span span_trim_pasted(struct span text);
/* Trimmed so, and within it: each blank a space, each dash `-`, wide characters narrow, nothing
 * that cannot be seen. Writes at most text.size bytes to `out` (which may be text.bytes itself) and
 * returns how many. Bytes that are not UTF-8 are copied. */
size_t pasted_fold(struct span text, char *out);
/* Whether pasted_fold may change the text: it has a character that is not ASCII, or white space at
 * an end. */
bool pasted_may_fold(struct span text);

#endif
