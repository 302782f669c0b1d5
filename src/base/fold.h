/* Text folded, so that what is searched for finds what was recorded: without case, without accents
 * and other marks, with one apostrophe, one dash and one blank, however the characters are put
 * together.
 *
 *     fold("Ó Briain") is fold("O\u0301  BRIAIN") is "o briain"
 *     fold("O’Brien") is "o'brien", fold("Łukasz") is "lukasz", fold("Straße") is "strasse"
 *
 * It is Unicode 15's decomposition and full case folding, applied until nothing changes, without
 * combining marks, and for letters such as ł and ø what CLDR's transform Latin-ASCII has
 * (script/fold-table, which makes the table). Folding again changes nothing. A folded text is for
 * comparing: it is never shown.
 */
#ifndef WEAL_BASE_FOLD_H
#define WEAL_BASE_FOLD_H

#include "base/text.h"

/* Adds the text folded: no blank at either end, one between words. Bytes that are not UTF-8 are
 * copied. */
void text_add_folded(struct text *t, struct span text);

/* Whether both texts, as they were written, are the same when folded. */
bool fold_same(struct span a, struct span b);

/* Whether the words stand in the text, as folded_has says; neither is folded yet. */
bool fold_has(struct span text, struct span words);

/* The others take texts that are folded.
 *
 * Whether `words` stands anywhere in the text. An apostrophe more or less does not matter, and a
 * dash is a blank: `brien` and `obrien` are in `o'brien`. */
bool folded_has(struct span text, struct span words);
/* Whether each word asked for begins a word of the name. Apostrophes and dashes do not matter, and
 * what stands behind one is a word too: `obrien`, `brien` and `o'bri` begin `o'brien`. A word asked
 * for with an apostrophe or a dash also begins a name that has a blank there. */
bool folded_name_fits(struct span name, struct span asked);

#endif
