/* Text for people, in their language.
 *
 * Messages are marked with say() where they are used; xgettext gathers them into po/weal.pot,
 * translators fill po/cy.po, and the build compiles it into the program (the .mo format, read in
 * memory: no file is needed to run). A message without a translation is English; the tests fail on
 * one.
 */
#ifndef WEAL_BASE_MESSAGE_H
#define WEAL_BASE_MESSAGE_H

#include "base/text.h"
#include <stdint.h>

enum language { ENGLISH, WELSH, LANGUAGES };

/* Marks a message in a table; the code that shows it calls say(). */
#define N_(english) english

const char *say(enum language language, const char *english) __attribute__((format_arg(2)));
/* The form that goes with `count` (Welsh has six: zero, one, two, few, many, other). */
const char *say_count(enum language language, const char *one, const char *other, int64_t count)
    __attribute__((format_arg(2)));

/* What is particular to a language, a row each (message.c). Days are written `3 May 2025` and
 * numbers `1,234.50` in all; names of months are messages. */
struct language_row {
  const char *code;   /* as typed, and in HTML: en, cy */
  const char *tag;    /* of a PDF: en-GB */
  const char *name;   /* as its readers call it */
  const char *prefix; /* before the portal's paths: `/cy`; empty: none */
  /* the catalogue's file; null: the messages are in this language */
  const char *catalogue;
  /* which form of a message goes with a count, from 0, as the head of the catalogue says */
  int (*form)(int64_t count);
};
const struct language_row *language_row(enum language language);
enum status language_parse(struct span text, enum language *language, struct error *err) MUST_USE;
static inline const char *language_code(enum language language) {
  return language_row(language)->code;
}
/* Text in the language that all of it is written in first: names that nobody translated. */
static inline bool language_is_original(enum language language) {
  return !language_row(language)->catalogue;
}

#endif
