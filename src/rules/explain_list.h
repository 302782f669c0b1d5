/* An explanation (explain.h) as a short list of lines for a page that lays it out itself: what was
 * worked out or given, in words, with the law.
 *
 *     int count = explain_list(&writer, 4, 60, &lines);
 *     for (int i = 0; i < count; i++) ... lines[i].depth, .name, .words, .law ...
 *
 * What came to nothing, with its parts; periods that are alike; a value that was said under the
 * same line before; and one that only hands on the value above it are left out. English, as labels
 * and laws of the rules are.
 */
#ifndef WEAL_RULES_EXPLAIN_LIST_H
#define WEAL_RULES_EXPLAIN_LIST_H

#include "rules/explain_write.h"

struct explain_line {
  int depth;                 /* 0: what was asked for; of a part: one more than its line */
  const char *name;          /* the label, or where there is none the name */
  const char *words;         /* `£424.90 a month`, `anna yes, ben no` */
  const char *law, *address; /* null: none */
  bool is_given; /* somebody told it; else it was worked out, or is a figure of the law */
};
/* At most `most` lines, down to `depth_most`; returns how many. */
int explain_list(const struct explain_writer *w, int depth_most, int most,
                 const struct explain_line **out);

#endif
