/* The words and signs of a file of rules, one after the other.
 *
 * A line ends with TOKEN_LINE, but not inside open brackets, nor after an operator or a comma, nor
 * before a line that begins with an operator. `column` (from 1) of the first token of a line says
 * how far it is indented. What stands from `#` to the end of a line is a comment.
 */
#ifndef WEAL_RULES_LEXER_H
#define WEAL_RULES_LEXER_H

#include "base/day.h"
#include "base/text.h"

enum token_kind {
  TOKEN_END,
  TOKEN_LINE,
  TOKEN_NAME,   /* letters, digits, _ ; not beginning with a digit */
  TOKEN_NUMBER, /* 12_570, 0.5, 55% */
  TOKEN_DATE,   /* 2013-04-29 */
  TOKEN_TEXT,   /* "..." without its quotes */
  TOKEN_SIGN    /* + - * / < <= > >= = != ( ) [ ] , ; . : */
};

struct token {
  enum token_kind kind;
  struct span text;
  double number;
  day_t day;
  int line, column;
};

struct lexer {
  const char *at, *end, *line_start;
  const char *file;
  int line, depth;
  struct token now;  /* the token to be read next */
  bool was_operator; /* the last token was one, so the line goes on */
};

/* `text` must live as long as what is read of it. */
enum status lexer_begin(struct lexer *l, const char *file, struct span text, struct error *err);
/* Goes on to the next token. */
enum status lexer_next(struct lexer *l, struct error *err) MUST_USE;
/* Passes over what is left of the line that is being read; lexer_next reads the next one then. */
void lexer_pass_line(struct lexer *l);
/* The next characters as they stand, for a parameter's path: letters, digits, _ and -. Empty where
 * none stand there. Before l->now is read: call it when l->now is the sign before them. */
struct span lexer_raw_name(struct lexer *l);
bool lexer_raw_sign(struct lexer *l, char sign); /* takes it when it is the next character */

/* Adds to a refusal where l->now stands; returns err->code. */
enum status lexer_fault(const struct lexer *l, struct error *err);

static inline bool token_is(const struct token *t, const char *text) {
  return (t->kind == TOKEN_NAME || t->kind == TOKEN_SIGN) && span_is(t->text, text);
}

#endif
