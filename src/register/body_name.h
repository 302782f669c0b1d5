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
  bool person;         /* a person's: body_name_is */
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

/* Whose name it is, by its words (company-words.csv, forenames.csv of the pack). Nobody who is not
 * known to be an organisation is shown in public by name: what a rule of words does not know is
 * hidden, since a person who was shown cannot be hidden again, and an organisation that is hidden
 * is shown as soon as somebody says that it is one (register/body_pairs.h).
 *
 * A **person's** are
 *   - what has a title (`title`: Mr, Dr, Rev, Cllr) anywhere; with a legal form only where the
 *     title is not the first word, or a forename or an initial stands behind it (`Dr Martens
 *     Airwair Ltd` is no person's);
 *   - what has words that stand beside a person's name (`person`: `executors`, `estate of`,
 *     `direct payment`), or an address of electronic mail;
 *   - of two to five words without an organisation's: what begins with a forename or up to three
 *     initials, ends with initials behind one or two words, is of two or three words with a
 *     forename, has a comma behind the first word, or begins with an honour (Sir, Lady); also where
 *     brackets, ` - `, `/` or the like set it apart (`Taxi - Jane Example`).
 * An **organisation's** are, of what is left,
 *   - what has a legal form behind its first word, or a word that organisations alone have
 *     (`company`);
 *   - what has a word that is a surname too, or says what somebody is paid for (`either`: House,
 *     Taxi), beside another word, no forename, no letter alone and no letter that English
 *     has not;
 *   - digits alone (`3663`), one word with a digit of up to four characters (`3M`), and one word of
 *     three to five consonants (`HMRC`).
 * All else is **unknown**: `Nguyen Thi Hoa`, `EDF` without a row of its own, `Marks & Spencer`, the
 * names of other scripts.
 *
 * Of `X t/a Y` and `X c/o Y` what X is counts. How often it errs, measured:
 * docs/explanation/suppression.md. A name takes 1 microsecond. */
enum name_is { NAME_UNKNOWN, NAME_ORGANISATION, NAME_PERSON };
enum name_is body_name_is(const struct pack_name_words *words, struct span name);
/* How such a person is called in public instead. */
const char *private_person_words(enum language language);

#endif
