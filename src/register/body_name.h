/* The names of bodies, compared: whether two names are one payee's, and whether a name is a private
 * person's.
 *
 *     struct pack_name_words *words;
 *     status = pack_name_words_read(&words, pack->dir, arena, &err);
 *     struct body_name a, b;
 *     body_name_read(words, arena, span_of("Smith & Sons Ltd."), none, &a);
 *     body_name_read(words, arena, span_of("SMITH AND SONS LIMITED"), none, &b);
 *     body_names_compare(&a, &b).is                  NAMES_SAME
 *
 * A name is **normalised**: folded (base/fold.h: case, accents, every blank one blank), without
 * what cannot be seen (base/pasted.h), `&` is the word `and`, an apostrophe is dropped, all other
 * punctuation parts words; words of a legal form (`form` in company-words.csv of the pack: Ltd,
 * Limited, plc, LLP) are dropped wherever they stand behind the first word; letters that stand
 * alone one behind the other are one word (`J. P. Morgan` is `jp morgan`). Its **key** is the
 * normalised name without blanks. `T/A`, `T/AS` and `trading as` part a name in two.
 *
 * Two names are
 *
 *     same       their company numbers are equal, or one of them has none and their keys are equal,
 *                but for what is unsure below
 *     different  their company numbers differ
 *     unsure     one trades as the other: the name before or behind T/A is the other's; or both
 *                have the same first word and are alike (base/alike.h) by UNSURE_FROM or more
 *     unsure     their keys are equal, and one is a private person's and the other is not: somebody
 *                is not their company (`Jane Example`, `Jane Example Ltd`)
 *     different  else
 *
 * A name of which no letter or digit is left has no key, and is the same as no other. Nothing here
 * guesses: `unsure` is for a person to decide (register/body_pairs.h).
 */
#ifndef WEAL_REGISTER_BODY_NAME_H
#define WEAL_REGISTER_BODY_NAME_H

#include "base/alike.h"
#include "base/message.h"
#include "pack/name_words.h"

#define UNSURE_FROM 0.94

struct body_name {
  struct span words; /* normalised, one blank between words; behind T/A too */
  struct span key;   /* without blanks; empty: no letter or digit */
  struct span first; /* the first word */
  /* the keys of both parts of `X t/a Y`; empty: it has no T/A */
  struct span legal, trading;
  struct span company; /* the company number as Companies House writes it; empty: not known */
  bool person;         /* a private person's: body_name_is_person */
  struct alike_sign sign;
};

/* Reads a name of any bytes and size; everything of *out is in the arena. `company` may be empty:
 * blanks are dropped, letters made large, and a number of fewer than eight digits gets zeros before
 * it, as Companies House writes them. */
void body_name_read(const struct pack_name_words *words, struct arena *arena, struct span name,
                    struct span company, struct body_name *out);

enum names_are { NAMES_DIFFERENT, NAMES_UNSURE, NAMES_SAME };
enum names_by { NAMES_BY_NAME, NAMES_BY_NUMBER, NAMES_BY_TRADING, NAMES_BY_LIKENESS };
struct names_match {
  enum names_are is;
  enum names_by by;
  int likeness; /* thousandths, rounded down; 1000: equal keys; 0: not compared */
};
struct names_match body_names_compare(const struct body_name *a, const struct body_name *b);

/* The word of `by` in files: name, number, trading-as, alike. */
extern const char *const names_by_words[];

/* Whether the name is a private person's, and so is never shown in public. It is, when
 *
 *   - its first word is a title (`title` in company-words.csv: Mr, Dr), unless it has a legal form
 *     and no forename or initial behind the title (`Dr Martens Airwair Ltd`);
 *   - its first word is an honour (Sir, Lady) or a forename (forenames.csv), or its first words are
 *     initials, or it is `SURNAME, FORENAME`; and it is of two to five words of letters alone, none
 *     of which is a company word or a legal form. Two names joined by `and` or `&` are two people's
 *     when the first is.
 *
 * Of `X t/a Y` it is, when X is. What has a digit is an account or an address: `18 Sea View Villas`
 * and `3663` are no people, unless a title stands before. A rule of words errs both ways: it takes
 * `John Lewis` for a person, which hides a shop, and misses a person whose forename is in no list.
 * It is asked only of bodies of kind `supplier`: one that is registered with another kind is shown.
 */
bool body_name_is_person(const struct pack_name_words *words, struct span name);
/* How such a person is called in public instead. */
const char *private_person_words(enum language language);

#endif
