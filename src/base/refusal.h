/* What the program refuses: each refusal is a row of base/refusals.def, with a code and a sentence.
 *
 *     if (!text.size) return refuse(err, AMOUNT_MISSING);
 *     return refuse(err, AMOUNT_TOO_LARGE, quoted);        the compiler checks the arguments
 *
 * Pages choose by the code, which stays when the row's sentence is written anew and when a page
 * says it in its own words. An interface for programs will send the code; none does yet. The
 * sentence is English in the table and Welsh in po/cy.po; docs/reference/refusals.md lists all.
 * err->message is the English one; refusal_write says it in another language, with its arguments.
 * A sentence is one row, no matter which functions raise it.
 */
#ifndef WEAL_BASE_REFUSAL_H
#define WEAL_BASE_REFUSAL_H

#include "base/arena.h"
#include "base/message.h"
#include "base/status.h"

enum refusal_code {
  REFUSAL_NONE,
#define REFUSAL(name, word, english) REFUSAL_##name,
#include "base/refusals.def"
#undef REFUSAL
  REFUSAL_COUNT
};

#define REFUSAL(name, word, english) static const char REFUSAL_SAYS_##name[] = english;
#include "base/refusals.def"
#undef REFUSAL

/* Fills `err` (which may be null) with the row REFUSAL_<name> and its arguments; returns REFUSED.
 * Arguments are printf's %s %-s %.*s %.Ns %d %u %lld %llu %zu %x %o %g, at most
 * REFUSAL_ARGUMENTS_MAX. refuse_with itself is called through these macros only, so that the
 * compiler has the row's sentence before it. */
#define refuse(err, name, ...) \
  refuse_with(err, NULL, REFUSAL_##name, REFUSAL_SAYS_##name, ##__VA_ARGS__)
/* The same with the column (of a file, of a form) that is wrong. */
#define refuse_at(err, column, name, ...) \
  refuse_with(err, column, REFUSAL_##name, REFUSAL_SAYS_##name, ##__VA_ARGS__)
enum status refuse_with(struct error *err, const char *column, enum refusal_code code,
                        const char *english, ...) PRINTF(4, 5);
/* A row that takes no arguments, chosen by its code. */
enum status refuse_code(struct error *err, enum refusal_code code);
/* The same for a row that takes one argument: `%s`, or `%zu`. */
enum status refuse_code_text(struct error *err, enum refusal_code code, const char *text);
enum status refuse_code_size(struct error *err, enum refusal_code code, size_t size);
/* A page says what was refused in words of its own, those of the row `said`, which takes no
 * arguments: the sentence becomes that row's, the code stays. */
enum status refuse_in_words(struct error *err, enum refusal_code said);
/* What was refused before: its sentence and its refusal, as struct error had them. */
enum status refuse_again(struct error *err, const struct refusal *refusal, const char *message);

/* The row's code word, such as `amount-missing`; null where there is none. */
const char *refusal_word(enum refusal_code code);
/* Adds the sentence in `language`: the row's, with the arguments that stand in `message`; `message`
 * itself in English, and where no row is named. */
/* A phrase of ours (%-s) is said in the language; what a user wrote is not, whatever it says. */
void refusal_write(struct text *out, enum language language, const struct refusal *refusal,
                   const char *message);
/* The same as a string in the arena. */
char *refusal_sentence(struct arena *arena, enum language language, const struct refusal *refusal,
                       const char *message);

/* What of an English sentence is not ours: the texts that were put into the row it is made of,
 * without phrases and numbers; the whole sentence where no row fits, as of one of an older program.
 * They are borrowed from `message`. Returns how many. */
int refusal_given(const char *message, struct span given[REFUSAL_ARGUMENTS_MAX]);

#endif
