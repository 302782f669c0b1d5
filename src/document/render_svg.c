/* Charts of the HTML page, as SVG in the page. Horizontal positions are in per cent and vertical
 * ones in pixels, so a chart takes any width and its words keep their size. Series differ by
 * pattern as well as by colour, every horizontal bar has its figure beside it or above it (a zero
 * bar is left out where its point has other bars), and the numbers are in a table of the page. */
#include "document/chart.h"
#include "document/html.h"

#include <inttypes.h>

enum {
  BAR_HEIGHT = 20,
  BAR_GAP = 4,
  LABEL_HEIGHT = 24,
  LABEL_COLUMNS = 34,
  LABEL_AND_FIGURE = 36,
  POINT_GAP = 14
};
enum { PLOT_TOP = 24, PLOT_HEIGHT = 200, PLOT_FOOT = 28, TICKS_MAX = 5 };
enum {
  WHOLE_PER_MILLE = 1000,
  FIGURE_PER_CHARACTER = 25,
  FIGURES_MAX = 500,
  LEFT_PER_CHARACTER = 27,
  LEFT_MAX = 340,
  LABEL_PER_MILLE = 175,
  PATTERNS = 4
}; /* per mille of the chart's width; on a phone a character
   takes 27 and a name such as 2025-26 takes 170 */

/* Where `n` lies on the scale, from 0 to `length`. */
static int64_t along(const struct chart_scale *scale, int64_t n, int64_t length) {
  double span = (double)scale->high - (double)scale->low;
  return span <= 0 ? 0 : (int64_t)(((double)n - (double)scale->low) / span * (double)length + 0.5);
}

/* `12.3%` of a count of thousandths. */
static void percent(struct text *out, int64_t per_mille) {
  put_int(out, per_mille / 10);
  if (per_mille % 10) {
    PUT(out, ".");
    put_int(out, per_mille % 10);
  }
  PUT(out, "%");
}

static void attribute_int(struct text *out, const char *name, int64_t n) {
  PUT(out, " ");
  put(out, name, strlen(name));
  PUT(out, "=\"");
  put_int(out, n);
  PUT(out, "\"");
}

static void attribute_percent(struct text *out, const char *name, int64_t per_mille) {
  PUT(out, " ");
  put(out, name, strlen(name));
  PUT(out, "=\"");
  percent(out, per_mille);
  PUT(out, "\"");
}

/* ` class="s1" fill="url(#c2s1)"`: the pattern of this chart's series. */
static void attribute_series(struct html *h, int series) {
  PUT(h->out, " class=\"s\" fill=\"url(#c");
  put_int(h->out, h->charts);
  PUT(h->out, "s");
  put_int(h->out, series % PATTERNS);
  PUT(h->out, ")\"");
}

static void patterns(struct html *h, int series_count) {
  static const char *const inside[PATTERNS] = {
      "<rect width=\"8\" height=\"8\" fill=\"#12506b\"/>",
      "<rect width=\"8\" height=\"8\" fill=\"#f6d9b8\"/><path d=\"M-2 2l4-4M0 8l8-8M6 10l4-4\" "
      "stroke=\"#a8480b\" stroke-width=\"2\"/>",
      "<rect width=\"8\" height=\"8\" fill=\"#fff\"/><circle cx=\"4\" cy=\"4\" r=\"2\" "
      "fill=\"#44633f\"/>",
      "<rect width=\"8\" height=\"8\" fill=\"#e3dff0\"/><path d=\"M0 4h8\" stroke=\"#4c2c92\" "
      "stroke-width=\"2\"/>"};
  PUT(h->out, "<defs>");
  for (int s = 0; s < series_count && s < PATTERNS; s++) {
    PUT(h->out, "<pattern id=\"c");
    put_int(h->out, h->charts);
    PUT(h->out, "s");
    put_int(h->out, s);
    PUT(h->out, "\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">");
    put(h->out, inside[s], strlen(inside[s]));
    PUT(h->out, "</pattern>");
  }
  PUT(h->out, "</defs>\n");
}

/* The key comes before the picture, in words, each with a swatch of its pattern. */
static void legend(struct html *h, const struct doc_chart *chart) {
  if (chart->series_count < 2) return;
  PUT(h->out, "<ul class=\"key\">\n");
  for (int s = 0; s < chart->series_count; s++) {
    PUT(h->out, "<li><svg width=\"24\" height=\"16\" aria-hidden=\"true\"><rect x=\"1\" y=\"1\" "
                "width=\"22\" height=\"14\"");
    attribute_series(h, s);
    PUT(h->out, "/></svg>");
    html_string(h, chart->series[s]);
    PUT(h->out, "</li>\n");
  }
  PUT(h->out, "</ul>\n");
}

static void figure(struct html *h, struct doc_value value, int64_t largest) {
  text_clear(&h->value);
  value_for_chart(&h->value, h->d->language, value, largest);
  html_span(h, span_make(h->value.bytes, h->value.size));
  PUT(h->out, "</text>\n");
}

static void svg_open(struct html *h, const struct document_node *node, int64_t height) {
  PUT(h->out, "<svg role=\"img\" width=\"100%\"");
  attribute_int(h->out, "height", height);
  PUT(h->out, " aria-labelledby=\"c");
  put_int(h->out, h->charts);
  PUT(h->out, "t c");
  put_int(h->out, h->charts);
  PUT(h->out, "d\">\n<title id=\"c");
  put_int(h->out, h->charts);
  PUT(h->out, "t\">");
  html_string(h, node->label ? node->label : "");
  PUT(h->out, "</title><desc id=\"c");
  put_int(h->out, h->charts);
  PUT(h->out, "d\">");
  html_string(h, node->chart->alternative);
  PUT(h->out, "</desc>\n");
}

static void label_text(struct html *h, struct span line, int64_t y) {
  PUT(h->out, "<text x=\"0\"");
  attribute_int(h->out, "y", y + 17);
  PUT(h->out, ">");
  text_add_html(h->out, line);
}

/* A point's name, broken into lines that fit a phone, and the figure of its bar where the bar is
 * its only one: after the name, or on a line of its own where both would be too long. Returns where
 * what follows begins. */
static int64_t bar_label(struct html *h, const char *label, struct span figure_of, int64_t y,
                         bool draw) {
  struct span rest = plain(&h->scratch, span_of(label)), line;
  do {
    line = line_take(&rest, LABEL_COLUMNS);
    if (draw) label_text(h, line, y);
    y += LABEL_HEIGHT;
    if (draw && rest.size) PUT(h->out, "</text>\n");
  } while (rest.size);
  bool own_line = figure_of.size && utf8_width(line) + 1 + utf8_width(figure_of) > LABEL_AND_FIGURE;
  if (own_line) {
    if (draw) {
      PUT(h->out, "</text>\n");
      label_text(h, span_of(""), y);
    }
    y += LABEL_HEIGHT;
  }
  if (!draw) return y;
  if (figure_of.size) {
    if (!own_line) PUT(h->out, " ");
    PUT(h->out, "<tspan class=\"v\">");
    text_add_html(h->out, figure_of);
    PUT(h->out, "</tspan>");
  }
  PUT(h->out, "</text>\n");
  return y;
}

/* How many columns the longest figure after a bar takes; none where figures stand above. */
static size_t figures_beside(struct html *h, const struct doc_chart *chart) {
  const int64_t largest = chart_scale_of(chart).largest;
  size_t longest = 0;
  if (chart->series_count == 1) return 0;
  for (size_t p = 0; p < chart->size; p++)
    for (int s = 0; s < chart->series_count; s++) {
      text_clear(&h->value);
      chart_figure(&h->value, h->d->language, chart, p, (size_t)s, largest);
      size_t width = utf8_width(span_make(h->value.bytes, h->value.size)) + 1;
      if (width > longest) longest = width;
    }
  return longest;
}

/* How far the longest bar reaches, in all charts that share its scale: to the column's end, less
 * the room for figures after bars. */
static int64_t bars_length(struct html *h, const struct doc_chart *chart) {
  size_t longest = 0;
  for (int i = 0; i < h->d->size; i++) {
    const struct document_node *node = &h->d->nodes[i];
    if (node->kind != NODE_CHART || !chart_measures_same(chart, node->chart)) continue;
    size_t width = figures_beside(h, node->chart);
    if (width > longest) longest = width;
  }
  int64_t room = (int64_t)longest * FIGURE_PER_CHARACTER;
  return WHOLE_PER_MILLE - (room < FIGURES_MAX ? room : FIGURES_MAX);
}

/* Horizontal bars under the point's name. Returns the height; called first without drawing. */
static int64_t bars_draw(struct html *h, const struct doc_chart *chart, bool draw) {
  const struct chart_scale scale = chart_scale_shared(h->d, chart);
  const int64_t length = bars_length(h, chart), zero = along(&scale, 0, length);
  const bool above = chart->series_count == 1;
  int64_t y = 0;
  for (size_t p = 0; p < chart->size; p++, y += POINT_GAP) {
    text_clear(&h->value);
    if (above) chart_figure(&h->value, h->d->language, chart, p, 0, scale.largest);
    y = bar_label(h, chart->labels[p], span_make(h->value.bytes, h->value.size), y, draw);
    for (int s = 0; s < chart->series_count; s++) {
      struct doc_value value = chart->values[p * (size_t)chart->series_count + (size_t)s];
      int64_t at = along(&scale, value.number, length), from = at < zero ? at : zero,
              to = at < zero ? zero : at;
      if (!chart_bar_shown(chart, p, (size_t)s)) continue;
      if (draw) {
        PUT(h->out, "<rect");
        attribute_percent(h->out, "x", from);
        attribute_int(h->out, "y", y);
        attribute_percent(h->out, "width", to - from);
        attribute_int(h->out, "height", BAR_HEIGHT);
        attribute_series(h, s);
        PUT(h->out, "/>");
        if (above) PUT(h->out, "\n");
      }
      if (draw && !above) {
        PUT(h->out, "<text class=\"f\" dx=\"8\"");
        attribute_percent(h->out, "x", to);
        attribute_int(h->out, "y", y + 16);
        PUT(h->out, ">");
        text_clear(&h->value);
        chart_figure(&h->value, h->d->language, chart, p, (size_t)s, scale.largest);
        html_span(h, span_make(h->value.bytes, h->value.size));
        PUT(h->out, "</text>\n");
      }
      y += BAR_HEIGHT + BAR_GAP;
    }
  }
  return y;
}

void svg_bars(struct html *h, const struct document_node *node) {
  svg_open(h, node, bars_draw(h, node->chart, false));
  patterns(h, node->chart->series_count);
  bars_draw(h, node->chart, true);
  PUT(h->out, "</svg>\n");
}

/* A step of 1, 2 or 5 times a power of ten, in whole pounds or hours where that is what is
 * drawn. */
static int64_t tick_step(const struct chart_scale *scale, enum doc_kind kind) {
  int64_t unit = kind == DOC_MONEY || kind == DOC_POUNDS ? 100
                 : kind == DOC_MINUTES                   ? 60
                 : kind == DOC_QUANTITY                  ? 1000
                                                         : 1;
  double span = ((double)scale->high - (double)scale->low) / (double)unit;
  int64_t step = 1;
  while (span / (double)step > TICKS_MAX) {
    if (span / (double)(step * 2) <= TICKS_MAX) return step * 2 * unit;
    if (span / (double)(step * 5) <= TICKS_MAX) return step * 5 * unit;
    step *= 10;
  }
  return step * unit;
}

static void plot_lines(struct html *h, const struct chart_scale *scale, int64_t step,
                       enum doc_kind kind) {
  for (int64_t n = scale->low; n <= scale->high; n += step) {
    int64_t y = PLOT_TOP + PLOT_HEIGHT - along(scale, n, PLOT_HEIGHT);
    PUT(h->out, "<line x1=\"0\" x2=\"100%\"");
    attribute_int(h->out, "y1", y);
    attribute_int(h->out, "y2", y);
    if (n == 0) PUT(h->out, " class=\"z\"");
    PUT(h->out, "/><text class=\"f\" x=\"0\"");
    attribute_int(h->out, "y", y - 4);
    PUT(h->out, ">");
    figure(h, (struct doc_value){.kind = kind, .number = n}, scale->largest);
  }
}

/* The room at the left for the longest figure of the scale's lines, so that no column overlaps
 * it. */
static int64_t plot_left(struct html *h, const struct chart_scale *scale, enum doc_kind kind) {
  int64_t longest = 0, ends[] = {scale->low, scale->high};
  for (int i = 0; i < 2; i++) {
    text_clear(&h->value);
    value_for_chart(&h->value, h->d->language, (struct doc_value){.kind = kind, .number = ends[i]},
                    scale->largest);
    int64_t characters = (int64_t)utf8_width(span_make(h->value.bytes, h->value.size));
    if (characters > longest) longest = characters;
  }
  return longest * LEFT_PER_CHARACTER < LEFT_MAX ? longest * LEFT_PER_CHARACTER : LEFT_MAX;
}

/* Columns, one group for each point, over lines at round figures. Where there are many points, only
 * some have their names under them, so that names do not touch on a phone; readers take the figures
 * from the lines and the table. */
void svg_columns(struct html *h, const struct document_node *node) {
  const struct doc_chart *chart = node->chart;
  struct chart_scale scale = chart_scale_of(chart);
  enum doc_kind kind = chart->values[0].kind;
  int64_t step = tick_step(&scale, kind), points = (int64_t)chart->size,
          series = chart->series_count;
  scale.high = (scale.high + step - 1) / step * step;
  scale.low = -((-scale.low + step - 1) / step * step);
  int64_t left = plot_left(h, &scale, kind), group = (1000 - left) / points, gap = group / 5,
          wide = (group - gap) / series;
  if (wide > 90) wide = 90;
  int64_t zero = PLOT_TOP + PLOT_HEIGHT - along(&scale, 0, PLOT_HEIGHT),
          labels = (1000 - left) / LABEL_PER_MILLE, every = (points + labels - 1) / labels;
  svg_open(h, node, PLOT_TOP + PLOT_HEIGHT + PLOT_FOOT);
  patterns(h, chart->series_count);
  plot_lines(h, &scale, step, kind);
  for (int64_t p = 0; p < points; p++) {
    int64_t middle = left + p * group + group / 2, x = middle - wide * series / 2;
    for (int s = 0; s < series; s++, x += wide) {
      struct doc_value value = chart->values[p * series + s];
      int64_t top = PLOT_TOP + PLOT_HEIGHT - along(&scale, value.number, PLOT_HEIGHT);
      PUT(h->out, "<rect");
      attribute_percent(h->out, "x", x);
      attribute_int(h->out, "y", top < zero ? top : zero);
      attribute_percent(h->out, "width", wide - wide / 12);
      attribute_int(h->out, "height", top < zero ? zero - top : top - zero);
      attribute_series(h, s);
      PUT(h->out, "/>\n");
    }
    if (p % every) continue;
    PUT(h->out, "<text class=\"m\"");
    attribute_percent(h->out, "x", middle);
    attribute_int(h->out, "y", PLOT_TOP + PLOT_HEIGHT + 20);
    PUT(h->out, ">");
    html_string(h, chart->labels[p]);
    PUT(h->out, "</text>\n");
  }
  PUT(h->out, "</svg>\n");
}

void html_chart(struct html *h, const struct document_node *node) {
  const struct doc_chart *chart = node->chart;
  if (!chart->size || chart_scale_of(chart).largest == 0) return;
  h->charts++;
  PUT(h->out, "<figure>\n");
  if (node->label) {
    PUT(h->out, "<figcaption>");
    html_string(h, node->label);
    PUT(h->out, "</figcaption>\n");
  }
  legend(h, chart);
  chart_drawing_of(chart)->svg(h, node);
  PUT(h->out, "</figure>\n");
}
