/* The parts of weal rules: each a function of the table in verb_rules.c. */
#ifndef WEAL_CLI_VERB_RULES_H
#define WEAL_CLI_VERB_RULES_H

#include "cli/cli.h"
#include "rules/model.h"

enum status rules_test(struct call *call, struct error *err);
enum status rules_run(struct call *call, struct error *err);
enum status rules_explain(struct call *call, struct error *err);

/* Of the last pack; what no formula has needs no law. `rules` null: it has no folder `rules`. */
struct rules_checked {
  struct rules *rules;
  int variables, formulas, versions, laws, replaced, without_law, without_label;
};
/* REFUSED with file and line at the first fault. Says what stands in place of what. */
enum status rules_check_formulas(struct call *call, const char *dir, struct rules_checked *out,
                                 struct error *err) MUST_USE;
/* A note where a variable stands in place of one of a pack below. */
void rules_say_replaced(const struct rule_variable *v);
/* A note for each parameter that stands in place of one of a pack below. */
void rules_say_parameters_replaced(const struct rules *rules);
void rules_checked_say(struct call *call, const char *dir, const struct rules_checked *c);
void rules_checked_document(struct document *d, const struct rules_checked *c);

/* USAGE where --format names one that is not among these. */
enum status rules_format_check(struct call *call, const char *what, const char *formats,
                               struct error *err) MUST_USE;

#endif
