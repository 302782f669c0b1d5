/* What the files of help share: text that wraps, options, and a verb's ways of being called. */
#ifndef WEAL_CLI_HELP_PARTS_H
#define WEAL_CLI_HELP_PARTS_H

#include "cli/cli.h"

/* Adds the words of `text`, wrapped, each new line indented; the first line has `used` columns
 * taken already. A line end follows. */
void help_add_wrapped(struct text *t, struct span text, int indent, int used);
/* Takes the next line off `*text`. */
bool help_next_line(const char **text, struct span *line);
/* Four spaces: shown as it is. */
bool help_is_example(struct span line);
void help_add_options(struct text *t, const struct option *options);
/* A summary or help of the table of verbs, with what another table has in place of a mark. The
 * caller releases the text. */
struct text help_with_tables(const char *words);

/* `weal VERB PART: SUMMARY` and an empty line; part "": none. */
void help_add_title(struct text *t, const char *verb, const char *part, const char *summary);
/* Takes the next way of calling a verb off its synopsis; a bar outside brackets divides them. */
struct span help_next_way(const char **synopsis);
bool help_way_is(struct span way, const char *word); /* begins with that word */
/* `Usage:`, a line for each way; with `word` only those that begin with it. An empty line. */
void help_add_usage(struct text *t, const struct verb *verb, const char *word);

#endif
