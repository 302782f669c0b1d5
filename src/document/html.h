/* What the two files that write HTML share (private to this folder). */
#ifndef WEAL_DOCUMENT_HTML_H
#define WEAL_DOCUMENT_HTML_H

#include "document/tree.h"

struct html {
  const struct document *d;
  struct text *out;
  struct text value;     /* a value before it is escaped */
  struct text scratch;   /* what plain() makes of a text */
  const char *line_path; /* of document_options */
  int charts;            /* drawn so far: parts of a chart are named by its number */
};

/* All text that is not our own markup goes through these functions: they remove control characters
 * and escape. */
void html_span(struct html *h, struct span text);
void html_string(struct html *h, const char *text);

void html_chart(struct html *h, const struct document_node *node); /* render_svg.c */

#endif
