/* The words by which names of payees are read: company-words.csv and forenames.csv of the policy
 * pack. policy/uk/README.md says what each column holds. They are read only by who needs them.
 *
 *     struct pack_name_words *words;
 *     status = pack_name_words_read(&words, pack->dir, arena, &err);
 *     ... pack_name_word(words, span_of("ltd")) & NAME_WORD_FORM ...
 */
#ifndef WEAL_PACK_NAME_WORDS_H
#define WEAL_PACK_NAME_WORDS_H

#include "base/arena.h"
#include "base/text.h"

enum {
  NAME_WORD_FORM = 1,    /* a legal form: Ltd and Limited say the same */
  NAME_WORD_COMPANY = 2, /* stands in names of organisations, and not of people */
  NAME_WORD_EITHER = 4,  /* the same, but it is a surname too, or says what somebody is paid for */
  NAME_WORD_TITLE = 8,   /* Mr, Dr, Rev: a person's */
  NAME_WORD_HONOUR = 16, /* Sir, Lady: a person's, or of a house that is called after one */
  NAME_WORD_PERSON = 32, /* stands beside a person's name: `executors`, `estate of` */
  NAME_WORD_FORENAME = 64
};
enum { NAME_WORDS_TOGETHER = 4 }; /* the most words of one row: `public limited company` */

struct pack_name_words;
/* A pack without the files has no words. REFUSED with FILE:LINE: COLUMN for a wrong row. */
enum status pack_name_words_read(struct pack_name_words **out, const char *dir, struct arena *arena,
                                 struct error *err) MUST_USE;
/* What the word (small letters and digits; or several with a blank between) is: some of the bits
 * above, 0: no word of the pack. */
unsigned pack_name_word(const struct pack_name_words *words, struct span word);

#endif
