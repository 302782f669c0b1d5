/* The options of verbs about what people have and are entitled to, for their rows in verbs.c. */
#ifndef WEAL_CLI_OPTIONS_H
#define WEAL_CLI_OPTIONS_H

#include "cli/cli.h"

#define YEAR_OPTION \
  { "year", "YEAR", "the tax year, 6 April to 5 April, written 2025-26", NULL }
#define LANGUAGE_OPTION \
  { "language", "LANGUAGE", "en (English) or cy (Welsh); en when not said", "en cy" }
#define END_OPTIONS \
  { NULL, NULL, NULL, NULL }
#define REASON_OPTION \
  { "reason", "TEXT", "why; it is kept beside what is done", NULL }

/* each ended by a null name */
extern const struct option import_options[];
extern const struct option fact_options[], assess_options[], award_options[], pay_options[];
extern const struct option account_options[], standards_options[], profile_options[];

#endif
