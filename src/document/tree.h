/* The document as its renderers see it: a flat list of nodes in the order they were added (private
 * to this folder). */
#ifndef WEAL_DOCUMENT_TREE_H
#define WEAL_DOCUMENT_TREE_H

#include "document/document.h"

enum node_kind {
  NODE_OPEN,
  NODE_CLOSE,
  NODE_VALUE,
  NODE_HEADLINE,
  NODE_ABSENT,
  NODE_TABLE,
  NODE_LIST,
  NODE_PARAGRAPH,
  NODE_INSET,
  NODE_CHART,
  NODE_PAGE
};

struct doc_table {
  const struct doc_column *columns;
  int count;
  const char *csv_section;
  struct doc_value *cells; /* rows x count */
  size_t size, capacity;
  const char *total_label;
  const struct doc_value *total; /* null: no foot */
};

struct doc_list {
  const char **items, **shown; /* of JSON; of people */
  size_t size, capacity, shown_size, shown_capacity;
};

struct doc_chart {
  enum chart_kind kind;
  const char *alternative;
  const char *const *series;
  int series_count;
  enum chart_measure measure;
  const char **labels, **shares; /* of a point; a share may be null */
  struct doc_value *values;      /* points x series_count */
  size_t size, capacity;         /* points */
};

struct document_node {
  enum node_kind kind;
  int parent; /* index of the section around it, -1 at the top */
  /* headings around it, the title being 1; of a section with a heading: its own */
  int level;
  bool folded; /* of a section */
  const char *key;
  const char *label;  /* label, heading, caption, title or the text itself */
  bool is_lead;       /* of a paragraph: what the document says first, larger */
  const char *beside; /* of a headline: shown small beside its figure; null: nothing */
  union {
    struct doc_value value;
    struct doc_table *table;
    struct doc_list *list;
    struct doc_chart *chart;
  };
};

struct document {
  struct arena *arena;
  enum language language;
  const char *title;
  struct document_node *nodes;
  int size, capacity;
  int section; /* index of the open section, -1 at the top */
  bool adding; /* a table, list or chart is open: the last node */
  const char *const *csv_columns;
  int csv_count;
};

/* The node that closes the folded section which begins at node `i`; `i` itself where none does. */
int fold_end(const struct document *d, int i);

/* The parts of a table that people see. */
enum { TABLE_SHOWN_MAX = 32 };
struct table_shape {
  int shown[TABLE_SHOWN_MAX];    /* indexes of columns */
  bool figures[TABLE_SHOWN_MAX]; /* the column holds numbers: aligned right */
  int count;
  int marks[TABLE_SHOWN_MAX]; /* columns of booleans, shown as marks */
  int mark_count;
};
void table_shape(const struct doc_table *table, struct table_shape *shape);
static inline size_t table_rows_count(const struct doc_table *table) {
  return table->count ? table->size / (size_t)table->count : 0;
}

/* Copies without a function call where there is room; the speed of JSON and HTML depends on it. The
 * text is terminated when rendering ends. */
static inline void put(struct text *out, const char *bytes, size_t size) {
  if (out->capacity - out->size <= size) text_reserve(out, size);
  if (size) memcpy(out->bytes + out->size, bytes, size); /* an empty text may be null */
  out->size += size;
}
#define PUT(out, literal) put((out), literal, sizeof(literal) - 1)
void put_int(struct text *out, int64_t n);

/* `bytes` without control characters and marks of writing direction, so that a name can't break or
 * turn a line; line ends become spaces. Returns `text` itself when there is nothing to leave out,
 * else what was written to `scratch`. */
struct span plain(struct text *scratch, struct span text);
/* A figure in a chart: shorter than in the table beside it (whole pounds, millions, whole hours),
 * the same form for the whole chart. */
void value_for_chart(struct text *out, enum language language, struct doc_value value,
                     int64_t largest);

/* Takes the next line of at most `width` columns from *rest: broken at a space, else within the
 * word. */
struct span line_take(struct span *rest, size_t width);
bool value_is_zero(struct doc_value value);
/* Whether a bar is drawn (chart.h: leaves_out_zero). */
bool chart_bar_shown(const struct doc_chart *chart, size_t point, size_t series);
/* The scale of a chart's bars; zero is always on it. */
struct chart_scale {
  int64_t low, high;
  int64_t largest; /* of the absolute values */
};
struct chart_scale chart_scale_of(const struct doc_chart *chart);
/* Whether a bar of one can be held beside a bar of the other. */
bool chart_measures_same(const struct doc_chart *a, const struct doc_chart *b);
/* The scale that the chart's bars share with all bars of the document that measure the same;
 * `largest` is the chart's own, by which its figures are written. */
struct chart_scale chart_scale_shared(const struct document *d, const struct doc_chart *chart);
/* A point's figure as it is written beside its bar, with its share: `£1,416 (52.9%)`. */
void chart_figure(struct text *out, enum language language, const struct doc_chart *chart,
                  size_t point, size_t series, int64_t largest);

void render_text(const struct document *d, int width, struct text *out);
void render_html(const struct document *d, const struct document_options *options,
                 struct text *out);
void render_json(const struct document *d, struct text *out);
void render_csv(const struct document *d, bool header, struct text *out);
void render_pdf(const struct document *d, const struct document_attachment *attachment,
                struct text *out);

#endif
