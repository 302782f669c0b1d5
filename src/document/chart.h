/* The kinds of chart, a row each (chart.c): how each is drawn on a page and in a PDF. In text every
 * chart is bars of block characters; JSON and CSV have the table of its numbers. Private to this
 * folder.
 */
#ifndef WEAL_DOCUMENT_CHART_H
#define WEAL_DOCUMENT_CHART_H

#include "document/tree.h"

struct html;
struct pdf;

struct chart_drawing {
  /* a zero bar is left out where its point has other bars: readers distinguish series by pattern
   * and name, not by order */
  bool leaves_out_zero;
  bool one_scale; /* with the other charts of the kind; columns have lines with their figures */
  /* the picture alone, of a chart that has points; caption and key stand before it */
  void (*svg)(struct html *h, const struct document_node *node);
  int64_t (*pdf_height)(struct pdf *p, const struct doc_chart *chart,
                        const struct chart_scale *scale);
  /* moves p->y below it; returns whether it continued on another page */
  bool (*pdf)(struct pdf *p, const struct doc_chart *chart, const struct chart_scale *scale);
};

const struct chart_drawing *chart_drawing_of(const struct doc_chart *chart);

void svg_bars(struct html *h, const struct document_node *node);
void svg_columns(struct html *h, const struct document_node *node);
int64_t pdf_bars_height(struct pdf *p, const struct doc_chart *chart,
                        const struct chart_scale *scale);
bool pdf_bars(struct pdf *p, const struct doc_chart *chart, const struct chart_scale *scale);
int64_t pdf_columns_height(struct pdf *p, const struct doc_chart *chart,
                           const struct chart_scale *scale);
bool pdf_columns(struct pdf *p, const struct doc_chart *chart, const struct chart_scale *scale);

#endif
