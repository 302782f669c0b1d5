/* The parts of weal rules: each a function of the table in verb_rules.c. */
#ifndef WEAL_CLI_VERB_RULES_H
#define WEAL_CLI_VERB_RULES_H

#include "cli/cli.h"

enum status rules_test(struct call *call, struct error *err);
enum status rules_run(struct call *call, struct error *err);
enum status rules_explain(struct call *call, struct error *err);

#endif
