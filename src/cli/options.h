/* The options of verbs about what people are entitled to, for their rows in verbs.c. */
#ifndef WEAL_CLI_OPTIONS_H
#define WEAL_CLI_OPTIONS_H

#include "cli/cli.h"

#define END_OPTIONS \
  { NULL, NULL, NULL, NULL }
#define REASON_OPTION \
  { "reason", "TEXT", "why; it is kept beside what is done", NULL }

/* each ended by a null name */
extern const struct option fact_options[], assess_options[], award_options[], pay_options[];

#endif
