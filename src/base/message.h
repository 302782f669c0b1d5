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

enum language { ENGLISH, WELSH };

/* Marks a message where it stands in a table; it is said where it is shown. */
#define N_(english) english

const char *say(enum language language, const char *english) __attribute__((format_arg(2)));
/* The form that goes with `count` (Welsh has six: zero, one, two, few, many, other). */
const char *say_count(enum language language, const char *one, const char *other, int64_t count)
    __attribute__((format_arg(2)));
/* en, cy */
enum status language_parse(struct span text, enum language *language, struct error *err) MUST_USE;
const char *language_code(enum language language);

#endif
