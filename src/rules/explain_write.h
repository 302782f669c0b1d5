/* An explanation (explain.h) as text, JSON and a page. */
#ifndef WEAL_RULES_EXPLAIN_WRITE_H
#define WEAL_RULES_EXPLAIN_WRITE_H

#include "rules/explain.h"
#include "rules/situation.h"

struct explain_writer {
  struct arena *arena;
  const struct compiler *compiler;
  const struct situation *situation; /* the names of rows */
  const struct explanation *explanation;
};

/* A line a value, further in than the one that needed it: name, period, value, what it is; its
 * formula and law under it. */
void explain_text(const struct explain_writer *w, struct text *out);
/* An array of nodes in the order of the text, each with its `depth`
 * (docs/reference/rules-files.md). */
void explain_json(const struct explain_writer *w, struct text *out);
/* A page that stands alone; each value opens to show its parts. */
void explain_html(const struct explain_writer *w, struct text *out);

#endif
