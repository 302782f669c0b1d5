/* What the two files of the parser share: tokens taken one after another, and expressions. */
#ifndef WEAL_RULES_PARSER_PARTS_H
#define WEAL_RULES_PARSER_PARTS_H

#include "base/message.h"
#include "rules/lexer.h"
#include "rules/parser.h"

struct parser {
  struct lexer l;
  struct rules *rules;
  struct arena *arena;
  int depth; /* of expressions within one another */
};

/* ---- tokens ---- */

static inline bool parser_is(const struct parser *p, const char *text) {
  return token_is(&p->l.now, text);
}
static inline enum status parser_next(struct parser *p, struct error *err) {
  return lexer_next(&p->l, err);
}
static inline struct rule_place parser_place(const struct parser *p) {
  return (struct rule_place){p->l.file, p->l.now.line};
}
static inline char *parser_kept(struct parser *p, struct span s) {
  return arena_copy(p->arena, s.bytes, s.size);
}

/* Refuses the token that stands there; `what` is a phrase of ours. */
enum status parser_expected(struct parser *p, const char *what, struct error *err);
enum status parser_take_sign(struct parser *p, const char *sign, struct error *err);
enum status parser_take_name(struct parser *p, struct span *name, struct error *err);
/* A new name: a word that means something in a formula would never be read as one. */
enum status parser_take_new_name(struct parser *p, struct span *name, struct error *err);
/* The end of a line, or of the file. */
enum status parser_take_line(struct parser *p, struct error *err);

/* ---- words ---- */

/* `week`, `weeks`: a period's word; false: none. */
bool parser_each_named(struct span word, enum rule_each *each);
/* By its name, or by one of its plurals; null: none. */
const struct rule_entity *parser_entity_of_word(const struct parser *p, struct span word,
                                                bool plural);

/* Whether a word is the money of the pack, a code such as GBP; where no file says what that is, the
 * first code that is met becomes it. Another code is REFUSED. */
enum status parser_money_named(struct parser *p, struct span word, bool *is, struct error *err);

/* ---- expressions ---- */

/* p->l.now is the first token of one, and then the token after it. */
enum status parser_read_expr(struct parser *p, struct rule_expr **out, struct error *err);

#endif
