/* Identifiers by scheme, with the check digits that the schemes have.
 *
 *   id     what the place calls the person; any text without white space or colon
 *   nino
 *       National Insurance number: two letters, six digits, A to D (HMRC NIM39110: D F I Q U V not
 *       first or second, O not second, not BG GB KN
 *          NK NT TN ZZ); the test prefix QQ is allowed. It is unique without its last letter
 *              (NIM39110), which may be left out
 *   nhs    NHS number: ten digits, modulus 11 (NHS Data Dictionary, NHS NUMBER)
 *   utr
 *       Unique Taxpayer Reference: ten digits, the first is a check digit (weights 6 7 8 9 10 5 4 3
 *           2,
 *       modulus 11; HMRC); a K behind them is left out
 *   company
 *       company number: eight characters, digits or two letters and six digits (Companies House);
 *       one or two zeros that a spreadsheet dropped in front of the digits are put back, and one
 *       that is missing behind the letters
 *   uprn   Unique Property Reference Number: up to twelve digits (GeoPlace)
 *
 * A reference is taken as a paste brings it (base/pasted.h). In all schemes of the program but id,
 * spaces and dashes within a number are left out. Beside these a place has schemes of its own
 * (schemes.h), whose values are letters and digits: what stands between them as people write them
 * is left out.
 */
#ifndef WEAL_REGISTER_IDENTIFIER_H
#define WEAL_REGISTER_IDENTIFIER_H

#include "base/limits.h"
#include "base/message.h"

/* Splits SCHEME:VALUE (a bare value: scheme id) and writes the value's canonical form (upper case,
 * no spaces) into `canonical`. REFUSED with what is wrong and what would be right. */
enum {
  IDENTIFIER_BYTES_MAX = 64,
  NINO_BYTES = 8, /* of a National Insurance number without its last letter */
  NUMBER_FULL_SIZE = IDENTIFIER_BYTES_MAX + 2 /* room for a number with its last letter */
};
#define NINO_LETTERS "ABCD" /* its last letter is one of these */
struct identifier {
  char scheme[LIMIT_SCHEME_BYTES + 1];
  /* the unique part: of a National Insurance number the first NINO_BYTES characters */
  char value[IDENTIFIER_BYTES_MAX + 1];
  char suffix[2]; /* its last letter as it was given, else empty */
};

/* Of a place's own; `form` and `check` as base/number_form.h has them. */
struct own_scheme {
  const char *code, *name[LANGUAGES], *form, *check;
};
struct schemes {
  const struct own_scheme *all;
  int count;
};
const struct own_scheme *schemes_find(const struct schemes *own, struct span code);

/* `own` null: the program's schemes alone are known. */
enum status identifier_parse(const struct schemes *own, struct span reference,
                             struct identifier *out, struct error *err) MUST_USE;
/* The same for fast look-ups: null, or a literal that says what is wrong, without the reference in
 * front. */
const char *identifier_read(const struct schemes *own, struct span reference,
                            struct identifier *out);
const char *identifier_read_value(const struct schemes *own, const char *scheme, struct span value,
                                  struct identifier *out);
/* One as the store has it: of a scheme of a place's own, unchecked. */
void identifier_of_row(struct identifier *out, struct span scheme, struct span value,
                       struct span suffix);
/* An id's second form: people write p000001 for P000001. `out` has room for NUMBER_FULL_SIZE. */
const char *identifier_capitals(const char *value, char *out);
/* Whether a reference names this number: by scheme and value, whatever form the scheme has
 * today; an id in small letters too. */
bool identifier_is_named(const struct identifier *held, struct span reference);
/* Checks one value of a scheme of the program; null when it is right, else a sentence that says
 * what would be. */
const char *identifier_fault(const char *scheme, struct span value);

/* Whether the number occurs in a text of a column: as a value, a reference or within a sentence, as
 * people write it. In the program's schemes except id, case is ignored, and so are characters
 * between its own that are neither letters nor digits; an id with a digit is found in small letters
 * too. A National Insurance number is found with
 * any last letter or none. A number of a place's own scheme is found as the whole text, written in
 * any way, in the scheme's column or after `scheme:`; elsewhere as one word, in either case, if it
 * has at least NUMBER_WORD_BYTES characters with a digit among them: others may be words or
 * amounts. */
enum { NUMBER_WORD_BYTES = 6 };
bool identifier_stands_in(const struct identifier *number, struct span column, struct span text);

#endif
