#include "document/chart.h"

static const struct chart_drawing drawings[] = {
    [CHART_BARS] = {.leaves_out_zero = true,
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
