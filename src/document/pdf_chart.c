/* Charts of a PDF: the same bars as the page's (render_svg.c), drawn in one figure that has the
 * chart's text alternative. Series differ by pattern as well as by colour; the numbers stand in a
 * table of the document. */
#include "document/chart.h"
#include "document/pdf.h"

enum {
  BAR = 800,
  BAR_PITCH = 950,
  POINT_GAP = 250,
  LABEL_SIZE = 900,
  LABEL_LINES = 4,
  FIGURE_SIZE = 850,
  LEGEND = 1800,
  LEGEND_GAP = 1500,
  CHART_GAP = 600,
  CAPTION_GAP = 500,
  SWATCH = 1600,
  PATTERNS = 4
};
enum {
  PLOT = 13000,
  PLOT_TOP = 1300,
  PLOT_FOOT = 1700,
  TICKS_MAX = 5,
  COLUMN_MAX = 4000,
  NAME_MAX = 9000,
  NOTHING = 0
};

/* A blank ends each text: a reader of the tagged text would else run it into the next. */
static void word_draw(struct pdf *p, enum pdf_face face, int64_t size, int64_t x, int64_t baseline,
                      struct span text) {
  pdf_text(p, face, size, x, baseline, text);
  pdf_text(p, face, size, x, baseline, span_of(" "));
}

static void word_draw_right(struct pdf *p, enum pdf_face face, int64_t size, int64_t right,
                            int64_t baseline, struct span text) {
  word_draw(p, face, size, right - pdf_text_width(face, size, text), baseline, text);
}

/* Where `n` lies on the scale, from 0 to `length`; in whole numbers, so that every machine gives
 * the same. */
static int64_t along(const struct chart_scale *scale, int64_t n, int64_t length) {
  __int128 span = (__int128)scale->high - scale->low;
  return span <= 0 ? 0 : (int64_t)((((__int128)n - scale->low) * length + span / 2) / span);
}

static struct span figure(struct pdf *p, struct doc_value value, int64_t largest) {
  text_clear(&p->value);
  value_for_chart(&p->value, p->d->language, value, largest);
  return plain(&p->scratch, span_make(p->value.bytes, p->value.size));
}

/* A bar's figure, with its share. */
static struct span bar_figure(struct pdf *p, const struct doc_chart *chart, size_t point,
                              int series, int64_t largest) {
  text_clear(&p->value);
  chart_figure(&p->value, p->d->language, chart, point, (size_t)series, largest);
  return plain(&p->scratch, span_make(p->value.bytes, p->value.size));
}

static void series_box(struct pdf *p, int series, int64_t left, int64_t top, int64_t right,
                       int64_t bottom) {
  pdf_stroke(p, COLOUR_TEXT);
  if (series % PATTERNS == 0) {
    pdf_colour(p, COLOUR_BRAND);
    pdf_rectangle(p, left, top, right, bottom);
  } else {
    p->patterns = true;
    PUT(p->content, "q/Pattern cs/P");
    put_int(p->content, series % PATTERNS);
    PUT(p->content, " scn ");
    pdf_rectangle(p, left, top, right, bottom);
    PUT(p->content, "Q\n");
  }
  pdf_outline(p, left, top, right, bottom, 50);
}

/* Draws the key before the bars, each name with a swatch of its pattern: in the caption's line,
 * which ends at `beside`, where it has room there, else from `top` on. Returns the height below
 * `top`; called first without drawing. */
static int64_t legend(struct pdf *p, const struct doc_chart *chart, int64_t beside, int64_t top,
                      bool draw) {
  int64_t all = 0;
  if (chart->series_count < 2) return NOTHING;
  for (int s = 0; s < chart->series_count; s++)
    all += SWATCH + 600 + LEGEND_GAP +
           pdf_text_width(FACE_REGULAR, LABEL_SIZE, pdf_plain(p, chart->series[s]));
  const bool is_beside = beside && beside + LEGEND_GAP + all <= BODY_RIGHT;
  int64_t x = is_beside ? beside + LEGEND_GAP : BODY_LEFT,
          y = is_beside ? top - CAPTION_GAP - pdf_leading(SIZE_BODY) + 200 : top;
  for (int s = 0; s < chart->series_count; s++) {
    struct span name = pdf_plain(p, chart->series[s]);
    int64_t width = SWATCH + 600 + pdf_text_width(FACE_REGULAR, LABEL_SIZE, name);
    if (x > BODY_LEFT && x + width > BODY_RIGHT) x = BODY_LEFT, y += LEGEND;
    if (draw) {
      series_box(p, s, x, y, x + SWATCH, y + 1000);
      pdf_colour(p, COLOUR_TEXT);
      word_draw(p, FACE_REGULAR, LABEL_SIZE, x + SWATCH + 600, y + 850, name);
    }
    x += width + LEGEND_GAP;
  }
  return is_beside ? NOTHING : y + LEGEND - top;
}

/* ---- horizontal bars ---- */

struct bars {
  int64_t label_right, left, right; /* the bars' own room */
};

/* The widest of the chart's labels and figures. */
static void chart_widths(struct pdf *p, const struct doc_chart *chart, int64_t *label,
                         int64_t *value) {
  const int64_t largest = chart_scale_of(chart).largest;
  for (size_t i = 0; i < chart->size; i++) {
    int64_t width = pdf_text_width(FACE_REGULAR, LABEL_SIZE, pdf_plain(p, chart->labels[i]));
    if (width > *label) *label = width;
    for (int s = 0; s < chart->series_count; s++) {
      width = pdf_text_width(FACE_REGULAR, FIGURE_SIZE, bar_figure(p, chart, i, s, largest));
      if (width > *value) *value = width;
    }
  }
}

/* The room of the bars is the same in all charts that share the scale. */
static struct bars bars_measure(struct pdf *p, const struct doc_chart *chart) {
  int64_t label = 0, value = 0;
  for (int i = 0; i < p->d->size; i++) {
    const struct document_node *node = &p->d->nodes[i];
    if (node->kind == NODE_CHART && chart_measures_same(chart, node->chart))
      chart_widths(p, node->chart, &label, &value);
  }
  if (label > BODY_WIDTH * 36 / 100) label = BODY_WIDTH * 36 / 100;
  struct bars b = {.label_right = BODY_LEFT + label};
  b.left = b.label_right + 900;
  b.right = BODY_RIGHT - value - 500;
  return b;
}

static int64_t point_height(struct pdf *p, const struct doc_chart *chart, const struct bars *b,
                            size_t point) {
  int64_t shown = 0,
          lines = pdf_lines_count(FACE_REGULAR, LABEL_SIZE, b->label_right - BODY_LEFT + 5,
                                  pdf_plain(p, chart->labels[point]));
  if (lines > LABEL_LINES) lines = LABEL_LINES;
  lines *= LABEL_SIZE + 200;
  for (int s = 0; s < chart->series_count; s++) shown += chart_bar_shown(chart, point, (size_t)s);
  return (lines > shown * BAR_PITCH ? lines : shown * BAR_PITCH) + POINT_GAP;
}

static void point_draw(struct pdf *p, const struct doc_chart *chart, const struct bars *b,
                       const struct chart_scale *scale, size_t point) {
  int64_t y = p->y, zero = b->left + along(scale, 0, b->right - b->left);
  struct span label = pdf_plain(p, chart->labels[point]);
  pdf_colour(p, COLOUR_TEXT);
  /* the table has the whole label */
  for (int64_t at = y; label.size && at < y + LABEL_LINES * (LABEL_SIZE + 200);
       at += LABEL_SIZE + 200) {
    struct span line = pdf_line_take(FACE_REGULAR, LABEL_SIZE, b->label_right - BODY_LEFT + 5,
                                     &label);
    word_draw(p, FACE_REGULAR, LABEL_SIZE, BODY_LEFT, at + 800, line);
  }
  for (int s = 0; s < chart->series_count; s++) {
    if (!chart_bar_shown(chart, point, (size_t)s)) continue;
    struct doc_value value = chart->values[point * (size_t)chart->series_count + (size_t)s];
    int64_t at = b->left + along(scale, value.number, b->right - b->left),
            from = at < zero ? at : zero, to = at < zero ? zero : at;
    if (to > from) series_box(p, s, from, y, to, y + BAR);
    pdf_colour(p, COLOUR_TEXT);
    word_draw(p, FACE_REGULAR, FIGURE_SIZE, to + 400, y + 780,
              bar_figure(p, chart, point, s, scale->largest));
    y += BAR_PITCH;
  }
}

int64_t pdf_bars_height(struct pdf *p, const struct doc_chart *chart,
                        const struct chart_scale *scale) {
  (void)scale;
  struct bars b = bars_measure(p, chart);
  int64_t height = 0;
  for (size_t i = 0; i < chart->size; i++) height += point_height(p, chart, &b, i);
  return height;
}

/* A chart longer than a page continues on the next, in a second piece; returns whether it did. */
bool pdf_bars(struct pdf *p, const struct doc_chart *chart, const struct chart_scale *scale) {
  struct bars b = bars_measure(p, chart);
  bool broken = false;
  for (size_t i = 0; i < chart->size; i++) {
    int64_t height = point_height(p, chart, &b, i);
    if (p->y + height > BODY_BOTTOM) {
      pdf_content_end(p);
      pdf_page_new(p);
      pdf_content_begin(p);
      broken = true;
    }
    point_draw(p, chart, &b, scale, i);
    p->y += height;
  }
  return broken;
}

/* ---- columns ---- */

/* A step of 1, 2 or 5 times a power of ten, in whole pounds, hours or units. */
static int64_t tick_step(const struct chart_scale *scale, enum doc_kind kind) {
  int64_t unit = kind == DOC_MONEY || kind == DOC_POUNDS ? 100
                 : kind == DOC_MINUTES                   ? 60
                 : kind == DOC_QUANTITY                  ? 1000
                                                         : 1;
  __int128 span = ((__int128)scale->high - scale->low) / unit;
  int64_t step = 1;
  while (span > (__int128)step * TICKS_MAX) {
    if (span <= (__int128)step * 2 * TICKS_MAX) return step * 2 * unit;
    if (span <= (__int128)step * 5 * TICKS_MAX) return step * 5 * unit;
    step *= 10;
  }
  return step * unit;
}

static int64_t plot_left(struct pdf *p, const struct chart_scale *scale, enum doc_kind kind) {
  int64_t longest = 0, ends[] = {scale->low, scale->high};
  for (int i = 0; i < 2; i++) {
    int64_t width = pdf_text_width(FACE_REGULAR, FIGURE_SIZE,
                                   figure(p, (struct doc_value){.kind = kind, .number = ends[i]},
                                          scale->largest));
    if (width > longest) longest = width;
  }
  return BODY_LEFT + longest + 800;
}

static void plot_lines(struct pdf *p, const struct chart_scale *scale, int64_t step,
                       enum doc_kind kind, int64_t left, int64_t foot) {
  for (int64_t n = scale->low; n <= scale->high; n += step) {
    int64_t y = foot - along(scale, n, PLOT);
    pdf_colour(p, n == 0 ? COLOUR_TEXT : COLOUR_RULE);
    pdf_rectangle(p, left, y, BODY_RIGHT, y + 50);
    pdf_colour(p, COLOUR_TEXT);
    word_draw_right(p, FACE_REGULAR, FIGURE_SIZE, left - 600, y + 300,
                    figure(p, (struct doc_value){.kind = kind, .number = n}, scale->largest));
  }
}

int64_t pdf_columns_height(struct pdf *p, const struct doc_chart *chart,
                           const struct chart_scale *scale) {
  (void)p;
  (void)chart;
  (void)scale;
  return PLOT_TOP + PLOT + PLOT_FOOT;
}

bool pdf_columns(struct pdf *p, const struct doc_chart *chart, const struct chart_scale *of) {
  struct chart_scale scale = *of;
  enum doc_kind kind = chart->values[0].kind;
  int64_t step = tick_step(&scale, kind), points = (int64_t)chart->size,
          series = chart->series_count, widest = 1;
  scale.high = (scale.high + step - 1) / step * step;
  scale.low = -((-scale.low + step - 1) / step * step);
  int64_t left = plot_left(p, &scale, kind), foot = p->y + PLOT_TOP + PLOT,
          group = (BODY_RIGHT - left) / points;
  int64_t wide = (group - group / 5) / series, zero = foot - along(&scale, 0, PLOT);
  if (wide > COLUMN_MAX) wide = COLUMN_MAX;
  for (int64_t i = 0; i < points; i++) {
    int64_t width = pdf_text_width(FACE_REGULAR, FIGURE_SIZE, pdf_plain(p, chart->labels[i])) + 600;
    if (width > widest) widest = width < NAME_MAX ? width : NAME_MAX;
  }
  /* names that would touch are left out: the table has them all */
  int64_t every = group ? (widest + group - 1) / group : 1;
  if (every < 1) every = 1;
  plot_lines(p, &scale, step, kind, left, foot);
  for (int64_t i = 0; i < points; i++) {
    int64_t middle = left + i * group + group / 2, x = middle - wide * series / 2;
    for (int s = 0; s < series; s++, x += wide) {
      int64_t top = foot - along(&scale, chart->values[i * series + s].number, PLOT);
      if (top != zero)
        series_box(p, s, x, top < zero ? top : zero, x + wide - wide / 12, top < zero ? zero : top);
    }
    if (i % every) continue;
    struct span rest = pdf_plain(p, chart->labels[i]),
                label = pdf_line_take(FACE_REGULAR, FIGURE_SIZE, NAME_MAX - 600, &rest);
    pdf_colour(p, COLOUR_TEXT);
    word_draw(p, FACE_REGULAR, FIGURE_SIZE,
              middle - pdf_text_width(FACE_REGULAR, FIGURE_SIZE, label) / 2, foot + 1200, label);
  }
  p->y = foot + PLOT_FOOT;
  return false;
}

/* ---- the figure ---- */

/* Where the caption ends; 0 without one. */
static int64_t caption_right(struct pdf *p, const struct document_node *node) {
  return node->label ? BODY_LEFT + pdf_text_width(FACE_BOLD, SIZE_BODY, pdf_plain(p, node->label))
                     : NOTHING;
}

int64_t pdf_chart_height(struct pdf *p, const struct document_node *node) {
  const struct doc_chart *chart = node->chart;
  struct chart_scale scale = chart_scale_shared(p->d, chart);
  if (!chart->size || scale.largest == 0) return NOTHING;
  int64_t height = (node->label ? pdf_leading(SIZE_BODY) + CAPTION_GAP : 0) +
                   legend(p, chart, caption_right(p, node), 0, false) + CHART_GAP;
  return height + chart_drawing_of(chart)->pdf_height(p, chart, &scale);
}

void pdf_chart(struct pdf *p, const struct document_node *node) {
  const struct doc_chart *chart = node->chart;
  struct chart_scale scale = chart_scale_shared(p->d, chart);
  if (!chart->size || scale.largest == 0) return;
  pdf_need(p, pdf_chart_height(p, node));
  pdf_element_open(p, "Figure");
  pdf_element(p)->text = chart->alternative ? chart->alternative : node->label;
  int64_t first = p->y;
  if (node->label) {
    pdf_element_open(p, "Caption");
    pdf_flow(p, FACE_BOLD, SIZE_BODY, pdf_leading(SIZE_BODY), BODY_LEFT, BODY_RIGHT,
             pdf_plain(p, node->label));
    pdf_element_close(p);
    p->y += CAPTION_GAP;
  }
  pdf_content_begin(p);
  p->y += legend(p, chart, caption_right(p, node), p->y, true);
  bool broken = chart_drawing_of(chart)->pdf(p, chart, &scale);
  pdf_content_end(p);
  if (!broken)
    memcpy(pdf_element(p)->box,
           (int64_t[]){BODY_LEFT, PAGE_HEIGHT - p->y, BODY_RIGHT, PAGE_HEIGHT - first},
           sizeof pdf_element(p)->box);
  pdf_element_close(p);
  p->y += CHART_GAP;
}
