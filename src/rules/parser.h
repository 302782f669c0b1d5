/* Files of rules to declarations and formulas, before names are looked up (model.h, check.h). */
#ifndef WEAL_RULES_PARSER_H
#define WEAL_RULES_PARSER_H

#include "rules/model.h"

/* Reads the entities, enums and settings of one file into `rules`, then its variables: two calls,
 * since a formula names entities of every file. `text` and `file` must live as long as the rules.
 * `first_own`: the index of the first variable of this pack; one that stands below it is
 * replaced, one that stands above it is there twice. */
enum status parse_declarations(struct rules *rules, const char *file, struct span text,
                               struct error *err) MUST_USE;
enum status parse_variables(struct rules *rules, const char *file, struct span text, int first_own,
                            struct error *err) MUST_USE;
/* An expression that stands alone, for tests of the parser. */
enum status parse_expression(struct rules *rules, const char *file, struct span text,
                             struct rule_expr **out, struct error *err) MUST_USE;

#endif
