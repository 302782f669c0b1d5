/* The section of a line's page that lays it beside the rules (line_compare.h). Private to this
 * folder. */
#ifndef WEAL_STATEMENT_LINE_RULES_H
#define WEAL_STATEMENT_LINE_RULES_H

#include "document/document.h"
#include "statement/line_compare.h"

struct line_rules {
  struct document *d;
  struct arena *arena;
  enum language language;
  bool named; /* for somebody else's eyes than the person's */
};
/* Nothing where no rule says what the line is. */
void line_rules_add(const struct line_rules *to, const struct line_comparison *c);

#endif
