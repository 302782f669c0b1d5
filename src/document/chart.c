#include "document/chart.h"

static const struct chart_drawing drawings[] = {
    [CHART_BARS] = {.leaves_out_zero = true,
                    .one_scale = true,
                    .svg = svg_bars,
                    .pdf_height = pdf_bars_height,
                    .pdf = pdf_bars},
    [CHART_COLUMNS] = {.svg = svg_columns, .pdf_height = pdf_columns_height, .pdf = pdf_columns},
};

const struct chart_drawing *chart_drawing_of(const struct doc_chart *chart) {
  return &drawings[chart->kind];
}

bool chart_bar_shown(const struct doc_chart *chart, size_t point, size_t series) {
  size_t count = (size_t)chart->series_count, first = point * count;
  if (!chart_drawing_of(chart)->leaves_out_zero || chart->values[first + series].number)
    return true;
  for (size_t s = 0; s < count; s++)
    if (chart->values[first + s].number) return false;
  return series == 0;
}

bool chart_measures_same(const struct doc_chart *a, const struct doc_chart *b) {
  if (a == b) return true;
  if (a->kind != b->kind || !chart_drawing_of(a)->one_scale || !a->size || !b->size) return false;
  enum doc_kind of[2] = {a->values[0].kind, b->values[0].kind};
  for (int i = 0; i < 2; i++)
    if (of[i] == DOC_POUNDS) of[i] = DOC_MONEY;
  return of[0] == of[1] && a->measure == b->measure;
}

struct chart_scale chart_scale_shared(const struct document *d, const struct doc_chart *chart) {
  struct chart_scale scale = chart_scale_of(chart);
  for (int i = 0; i < d->size; i++) {
    const struct doc_chart *other = d->nodes[i].kind == NODE_CHART ? d->nodes[i].chart : NULL;
    if (!other || !chart_measures_same(chart, other)) continue;
    const struct chart_scale of = chart_scale_of(other);
    if (of.low < scale.low) scale.low = of.low;
    if (of.high > scale.high) scale.high = of.high;
  }
  return scale;
}

void chart_figure(struct text *out, enum language language, const struct doc_chart *chart,
                  size_t point, size_t series, int64_t largest) {
  value_for_chart(out, language, chart->values[point * (size_t)chart->series_count + series],
                  largest);
  const char *share = chart->shares[point];
  if (series == 0 && share && *share) text_addf(out, " (%s%%)", share);
}

struct chart_scale chart_scale_of(const struct doc_chart *chart) {
  struct chart_scale scale = {0, 0, 0};
  for (size_t i = 0; i < chart->size * (size_t)chart->series_count; i++) {
    int64_t n = chart->values[i].number;
    if (n < scale.low) scale.low = n;
    if (n > scale.high) scale.high = n;
  }
  scale.largest = scale.high > -scale.low ? scale.high : -scale.low;
  return scale;
}
