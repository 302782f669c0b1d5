/* An explanation (explain.h) as text, JSON, CSV and a page. */
#ifndef WEAL_RULES_EXPLAIN_WRITE_H
#define WEAL_RULES_EXPLAIN_WRITE_H

#include "base/json.h"
#include "rules/explain.h"
#include "rules/situation.h"

struct explain_writer {
  struct arena *arena;
  const struct compiler *compiler;
  const struct situation *situation; /* the names of rows */
  const struct explanation *explanation;
  bool is_full; /* all values as text and page, however many; JSON and CSV always have all */
};

/* A line a value, further in than the one that needed it: name, period, value, what it is; its
 * formula and law under it. Under the first what was assumed because nobody told it. The short form
 * goes as deep as some 150 lines allow. */
void explain_text(const struct explain_writer *w, struct text *out);
/* An array of nodes in the order of the text, each with its `depth`
 * (docs/reference/rules-files.md). */
void explain_json(const struct explain_writer *w, struct text *out);
/* A line for each row of each value, and for each parameter, in the same order. */
void explain_csv(const struct explain_writer *w, struct text *out);
/* A page that stands alone: for whom and when, what was assumed; each value opens to show its
 * parts, in words before formulas. */
void explain_html(const struct explain_writer *w, struct text *out);

/* A value in words: £7,486, yes, `rent privately`, `2 June 2025`; `no limit` where it is infinite,
 * `not told` where the default says only that. */
void explain_add_value(const struct rules *rules, struct text *out, const struct rule_variable *v,
                       double x);
/* A number in a text (null where it is infinite, or none), true or false, or words. */
void explain_json_value(struct json *j, const char *key, const struct rule_variable *v, double x);
/* The name that the facts gave a row of the variable's entity, or `person 2`. */
const char *explain_row_name(const struct situation *s, const struct rule_variable *v, int row);

#endif
