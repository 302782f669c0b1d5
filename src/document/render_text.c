/* Text for a terminal: headings underlined, labels and values in two columns, tables with figures
 * aligned right, notes wrapped, charts as bars of block characters. No line is longer than the
 * width; a table that cannot be made to fit is written row by row instead. */
#include "document/tree.h"

#include <assert.h>
#include <stdlib.h>

enum {
  BAR_COLUMNS_MAX = 32,
  FIGURE_COLUMNS = 15,
  TEXT_WIDTH_MIN = 40,
  COLUMN_GAP = 2,
  WORDS_MIN = 12,
  FIGURES_MIN = 12
};

struct text_writer {
  const struct document *d;
  struct text *out;
  struct text pool;    /* cells of the table at hand */
  struct text scratch; /* one value, and `other` is what plain() makes of it */
  struct text other;
  size_t width;
  bool gap; /* a blank line is due before the next thing */
};

static void spaces(struct text *out, size_t count) {
  while (count--) PUT(out, " ");
}
static void repeat(struct text *out, const char *what, size_t count) {
  size_t size = strlen(what);
  while (count--) put(out, what, size);
}

/* A blank line between blocks, never two and none at the top. */
static void block(struct text_writer *w) {
  if (w->gap) PUT(w->out, "\n");
  w->gap = true;
}

/* Paragraph: `first` opens the first line, `then` the others; both take the same columns. */
static void wrapped(struct text_writer *w, const char *first, const char *then, struct span text) {
  size_t lead = utf8_width(span_of(first));
  struct span rest = plain(&w->other, text);
  do {
    put(w->out, first, strlen(first));
    struct span line = line_take(&rest, w->width > lead + 10 ? w->width - lead : 10);
    put(w->out, line.bytes, line.size);
    PUT(w->out, "\n");
    first = then;
  } while (rest.size);
}

static void heading(struct text_writer *w, const char *text, int level) {
  block(w);
  struct span rest = plain(&w->other, span_of(text));
  size_t longest = 0;
  if (level > 3) return wrapped(w, "", "", rest);
  while (rest.size) {
    struct span line = line_take(&rest, w->width);
    size_t columns = utf8_width(line);
    if (columns > longest) longest = columns;
    put(w->out, line.bytes, line.size);
    PUT(w->out, "\n");
  }
  repeat(w->out, level == 1 ? "═" : level == 2 ? "─" : "╌", longest);
  PUT(w->out, "\n");
  if (level == 3) w->gap = false;
}

static struct span shown_value(struct text_writer *w, struct doc_value value) {
  text_clear(&w->scratch);
  value_for_people(&w->scratch, w->d->language, value);
  return plain(&w->other, span_make(w->scratch.bytes, w->scratch.size));
}

/* The value as shown, with what stands beside it: `£6,912 (2024-25: £6,480)`. */
static struct span with_beside(struct text_writer *w, struct span shown, const char *beside) {
  struct text t = {0};
  text_addf(&t, SPAN_FORMAT " (%s)", SPAN(shown), beside);
  text_clear(&w->scratch);
  put(&w->scratch, t.bytes, t.size);
  text_release(&t);
  return plain(&w->other, span_make(w->scratch.bytes, w->scratch.size));
}

/* A run of labelled values from node `i` on, through sections without a heading, aligned with each
 * other. Returns the index of the last node taken. */
static int values(struct text_writer *w, int i) {
  int end = i;
  size_t widest = 0;
  for (int n = i; n < w->d->size; n++) {
    const struct document_node *node = &w->d->nodes[n];
    if (node->kind == NODE_ABSENT ||
        ((node->kind == NODE_OPEN || node->kind == NODE_CLOSE) && !node->label))
      continue;
    if (node->kind != NODE_VALUE && node->kind != NODE_HEADLINE) break;
    /* headlines are kept apart from other values */
    if (node->label && node->kind != w->d->nodes[i].kind) break;
    end = n;
    if (!node->label) continue;
    size_t columns = utf8_width(plain(&w->other, span_of(node->label)));
    if (columns > widest) widest = columns;
  }
  if (widest > w->width * 2 / 3) widest = w->width * 2 / 3;
  block(w);
  for (int n = i; n <= end; n++) {
    const struct document_node *node = &w->d->nodes[n];
    if (!node->label || (node->kind != NODE_VALUE && node->kind != NODE_HEADLINE)) continue;
    struct span label = plain(&w->other, span_of(node->label));
    size_t columns = utf8_width(label);
    put(w->out, label.bytes, label.size);
    if (columns > widest) {
      PUT(w->out, "\n");
      columns = 0;
    }
    spaces(w->out, widest - columns + COLUMN_GAP);
    struct span rest = shown_value(w, node->value);
    if (node->beside) rest = with_beside(w, rest, node->beside);
    for (bool first = true; first || rest.size; first = false) {
      if (!first) spaces(w->out, widest + COLUMN_GAP);
      struct span line = line_take(&rest, w->width - widest - COLUMN_GAP);
      put(w->out, line.bytes, line.size);
      PUT(w->out, "\n");
    }
  }
  return end;
}

/* ---- tables ---- */

struct text_cell {
  size_t at, size; /* in the pool */
  size_t columns;
};

struct text_grid {
  struct table_shape shape;
  struct text_cell *cells; /* heading, rows, and the foot if there is one */
  size_t rows;
  bool foot;
  size_t width[TABLE_SHOWN_MAX];
};

static struct span cell_text(const struct text_writer *w, const struct text_cell *cell) {
  return span_make(w->pool.bytes + cell->at, cell->size);
}

static void cell_add(struct text_writer *w, struct text_cell *cell, struct span text) {
  cell->at = w->pool.size;
  cell->size = text.size;
  cell->columns = utf8_width(text);
  text_reserve(&w->pool, 1);
  put(&w->pool, text.bytes, text.size);
}

/* Writes the row's marks after its first cell: `Council Tax (estimated)`. */
static void cell_mark(struct text_writer *w, struct text_cell *cell, const struct doc_table *table,
                      const struct table_shape *shape, size_t row) {
  bool some = false;
  for (int m = 0; m < shape->mark_count; m++) {
    if (!table->cells[row * (size_t)table->count + (size_t)shape->marks[m]].number) continue;
    if (some) PUT(&w->pool, ", ");
    else PUT(&w->pool, " (");
    struct span label = plain(&w->other, span_of(table->columns[shape->marks[m]].label));
    put(&w->pool, label.bytes, label.size);
    some = true;
  }
  if (!some) return;
  PUT(&w->pool, ")");
  cell->size = w->pool.size - cell->at;
  cell->columns = utf8_width(cell_text(w, cell));
}

static void grid_fill(struct text_writer *w, struct text_grid *grid,
                      const struct doc_table *table) {
  const struct table_shape *shape = &grid->shape;
  size_t count = (size_t)shape->count;
  struct text_cell *cell = grid->cells;
  text_clear(&w->pool);
  for (int s = 0; s < shape->count; s++)
    cell_add(w, cell++, plain(&w->other, span_of(table->columns[shape->shown[s]].label)));
  for (size_t row = 0; row < table_rows_count(table); row++)
    for (int s = 0; s < shape->count; s++, cell++) {
      cell_add(w, cell,
               shown_value(w, table->cells[row * (size_t)table->count + (size_t)shape->shown[s]]));
      if (s == 0) cell_mark(w, cell, table, shape, row);
    }
  if (grid->foot)
    for (int s = 0; s < shape->count; s++)
      cell_add(w, cell++,
               s == 0 ? plain(&w->other, span_of(table->total_label))
                      : shown_value(w, table->total[shape->shown[s]]));
  assert((size_t)(cell - grid->cells) == grid->rows * count);
}

static size_t longest_word(struct span text) {
  size_t longest = 0;
  while (text.size) {
    size_t size = 0;
    while (size < text.size && text.bytes[size] != ' ') size++;
    size_t columns = utf8_width(span_make(text.bytes, size));
    if (columns > longest) longest = columns;
    if (size < text.size) size++;
    text.bytes += size;
    text.size -= size;
  }
  return longest;
}

/* Makes columns as wide as their contents. If that is too wide, headings of figure columns break at
 * words, then the widest columns of words get narrower. */
static bool grid_fit(struct text_writer *w, struct text_grid *grid) {
  int count = grid->shape.count;
  size_t total = (size_t)(count - 1) * COLUMN_GAP;
  for (int s = 0; s < count; s++) {
    size_t widest = 0;
    for (size_t row = 0; row < grid->rows; row++) {
      size_t columns = grid->cells[row * (size_t)count + (size_t)s].columns;
      if (columns > widest) widest = columns;
    }
    grid->width[s] = widest;
    total += widest;
  }
  for (int s = 0; s < count && total > w->width; s++) {
    size_t least = longest_word(cell_text(w, &grid->cells[s]));
    for (size_t row = 1; row < grid->rows; row++) {
      struct text_cell *cell = &grid->cells[row * (size_t)count + (size_t)s];
      if (cell->columns > least) least = cell->columns;
    }
    size_t excess = total - w->width,
           give = grid->width[s] - least < excess ? grid->width[s] - least : excess;
    total -= give;
    grid->width[s] -= give;
  }
  /* `20,576 hours 7 minutes` breaks at a space, money has none */
  for (int s = 1; s < count && total > w->width; s++) {
    size_t least = longest_word(cell_text(w, &grid->cells[s]));
    if (!grid->shape.figures[s]) continue;
    for (size_t row = 1; row < grid->rows; row++) {
      size_t columns = longest_word(cell_text(w, &grid->cells[row * (size_t)count + (size_t)s]));
      if (columns > least) least = columns;
    }
    while (total > w->width && grid->width[s] > least && grid->width[s] > FIGURES_MIN)
      grid->width[s]--, total--;
  }
  while (total > w->width) {
    int widest = -1;
    for (int s = 0; s < count; s++)
      if (!grid->shape.figures[s] && (widest < 0 || grid->width[s] > grid->width[widest]))
        widest = s;
    if (widest < 0 || grid->width[widest] <= WORDS_MIN) return false;
    grid->width[widest]--;
    total--;
  }
  return true;
}

static void grid_row(struct text_writer *w, const struct text_grid *grid, size_t row) {
  int count = grid->shape.count;
  struct span rest[TABLE_SHOWN_MAX];
  bool more = true;
  for (int s = 0; s < count; s++)
    rest[s] = cell_text(w, &grid->cells[row * (size_t)count + (size_t)s]);
  while (more) {
    size_t behind = 0; /* spaces not yet written: none at a line's end */
    more = false;
    for (int s = 0; s < count; s++) {
      struct span line = line_take(&rest[s], grid->width[s] ? grid->width[s] : 1);
      size_t columns = utf8_width(line),
             room = grid->width[s] > columns ? grid->width[s] - columns : 0;
      if (line.size) {
        spaces(w->out, behind + (grid->shape.figures[s] ? room : 0));
        put(w->out, line.bytes, line.size);
        behind = grid->shape.figures[s] ? 0 : room;
      } else {
        behind += grid->width[s];
      }
      behind += COLUMN_GAP;
      more = more || rest[s].size;
    }
    PUT(w->out, "\n");
  }
}

static void grid_rule(struct text_writer *w, const struct text_grid *grid) {
  for (int s = 0; s < grid->shape.count; s++) {
    if (s) spaces(w->out, COLUMN_GAP);
    repeat(w->out, "─", grid->width[s]);
  }
  PUT(w->out, "\n");
}

/* For a table too wide for a grid: the row's name, then one line for each figure. Such a table is
 * mostly zeros (each row has one side or another), so zeros are left out. */
static void grid_stacked(struct text_writer *w, const struct text_grid *grid,
                         const struct doc_table *table) {
  int count = grid->shape.count;
  size_t widest = 0;
  for (int s = 1; s < count; s++)
    if (grid->cells[s].columns > widest) widest = grid->cells[s].columns;
  for (size_t row = 1; row < grid->rows; row++) {
    const struct text_cell *cells = &grid->cells[row * (size_t)count];
    wrapped(w, "", "", cell_text(w, &cells[0]));
    for (int s = 1; s < count; s++) {
      if (!cells[s].size ||
          (row <= table_rows_count(table) &&
           value_is_zero(
               table->cells[(row - 1) * (size_t)table->count + (size_t)grid->shape.shown[s]])))
        continue;
      PUT(w->out, "  ");
      put(w->out, w->pool.bytes + grid->cells[s].at, grid->cells[s].size);
      spaces(w->out, widest - grid->cells[s].columns + COLUMN_GAP);
      struct span rest = cell_text(w, &cells[s]);
      size_t lead = widest + 2 + COLUMN_GAP;
      for (bool first = true; first || rest.size; first = false) {
        if (!first) spaces(w->out, lead);
        struct span line = line_take(&rest, w->width > lead + 10 ? w->width - lead : 10);
        put(w->out, line.bytes, line.size);
        PUT(w->out, "\n");
      }
    }
  }
}

static void table(struct text_writer *w, const struct document_node *node) {
  const struct doc_table *table = node->table;
  struct text_grid grid = {.foot = table->total != NULL};
  table_shape(table, &grid.shape);
  if (!grid.shape.count) return;
  block(w);
  if (node->label) wrapped(w, "", "", span_of(node->label));
  if (!table->size) {
    wrapped(w, "", "", span_of(say(w->d->language, "Nothing recorded.")));
    return;
  }
  if (node->label) PUT(w->out, "\n");
  grid.rows = 1 + table_rows_count(table) + grid.foot;
  grid.cells = memory_zeroed(grid.rows * (size_t)grid.shape.count, sizeof *grid.cells);
  grid_fill(w, &grid, table);
  if (grid_fit(w, &grid)) {
    for (size_t row = 0; row < grid.rows; row++) {
      if (row == 1 || (row == grid.rows - 1 && grid.foot)) grid_rule(w, &grid);
      grid_row(w, &grid, row);
    }
  } else {
    grid_stacked(w, &grid, table);
  }
  free(grid.cells);
}

/* ---- charts ---- */

/* A bar of `eighths` of a column. */
static void bar(struct text *out, int64_t eighths, int series) {
  static const char *const part[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  static const char *const whole[] = {"█", "▒", "░", "▓"};
  repeat(out, whole[series % 4], (size_t)(eighths / 8));
  if (series == 0) put(out, part[eighths % 8], strlen(part[eighths % 8]));
  else if (eighths % 8 >= 4) repeat(out, whole[series % 4], 1);
}

/* How many columns a chart's names and figures take, and what is left for the longest bar. */
struct bar_columns {
  size_t labels, series, figures, room;
};

static void widen(size_t *columns, struct span text) {
  size_t width = utf8_width(text);
  if (width > *columns) *columns = width;
}

static void columns_of_chart(struct text_writer *w, const struct doc_chart *chart,
                             struct bar_columns *c) {
  const int64_t largest = chart_scale_of(chart).largest;
  for (size_t p = 0; p < chart->size; p++)
    widen(&c->labels, plain(&w->other, span_of(chart->labels[p])));
  for (int s = 0; s < chart->series_count && chart->series_count > 1; s++)
    widen(&c->series, plain(&w->other, span_of(chart->series[s])));
  for (size_t p = 0; p < chart->size; p++)
    for (int s = 0; s < chart->series_count; s++) {
      text_clear(&w->scratch);
      chart_figure(&w->scratch, w->d->language, chart, p, (size_t)s, largest);
      widen(&c->figures, span_make(w->scratch.bytes, w->scratch.size));
    }
}

/* The same for all charts that share the scale, so that their bars begin below one another. */
static struct bar_columns chart_columns(struct text_writer *w, const struct doc_chart *chart) {
  struct bar_columns c = {.figures = FIGURE_COLUMNS};
  for (int i = 0; i < w->d->size; i++)
    if (w->d->nodes[i].kind == NODE_CHART && chart_measures_same(chart, w->d->nodes[i].chart))
      columns_of_chart(w, w->d->nodes[i].chart, &c);
  if (c.labels > w->width / 3) c.labels = w->width / 3;
  if (c.series > w->width / 3) c.series = w->width / 3;
  size_t beside = c.labels + COLUMN_GAP + (c.series ? c.series + COLUMN_GAP : 0) + c.figures + 1;
  c.room = w->width > beside + 10 ? w->width - beside : 10;
  if (c.room > BAR_COLUMNS_MAX) c.room = BAR_COLUMNS_MAX;
  return c;
}

/* The name that stands before a bar: all but its last line stand above. Returns that line. */
static struct span name_above(struct text_writer *w, const char *name, size_t columns) {
  struct span rest = plain(&w->other, span_of(name)), line = line_take(&rest, columns);
  while (rest.size) {
    put(w->out, line.bytes, line.size);
    PUT(w->out, "\n");
    line = line_take(&rest, columns);
  }
  return line;
}

static void chart(struct text_writer *w, const struct document_node *node) {
  const struct doc_chart *chart = node->chart;
  const struct chart_scale scale = chart_scale_shared(w->d, chart);
  const int64_t longest = scale.high > -scale.low ? scale.high : -scale.low;
  if (!chart->size || !scale.largest) return;
  const struct bar_columns columns = chart_columns(w, chart);
  block(w);
  if (node->label) {
    wrapped(w, "", "", span_of(node->label));
    PUT(w->out, "\n");
  }
  for (size_t p = 0; p < chart->size; p++) {
    const char *name = chart->labels[p];
    for (size_t s = 0; s < (size_t)chart->series_count; s++) {
      if (!chart_bar_shown(chart, p, s)) continue;
      struct span line = name_above(w, name, columns.labels ? columns.labels : 1);
      name = "";
      put(w->out, line.bytes, line.size);
      spaces(w->out, columns.labels - utf8_width(line) + COLUMN_GAP);
      if (columns.series) {
        struct span rest = plain(&w->other, span_of(chart->series[s]));
        line = line_take(&rest, columns.series);
        put(w->out, line.bytes, line.size);
        spaces(w->out, columns.series - utf8_width(line) + COLUMN_GAP);
      }
      const int64_t n = chart->values[p * (size_t)chart->series_count + s].number,
                    size = n < 0 ? -n : n;
      bar(w->out, (int64_t)((double)size / (double)longest * (double)columns.room * 8 + 0.5),
          (int)s);
      if (size) PUT(w->out, " ");
      text_clear(&w->scratch);
      chart_figure(&w->scratch, w->d->language, chart, p, s, scale.largest);
      put(w->out, w->scratch.bytes, w->scratch.size);
      PUT(w->out, "\n");
    }
  }
}

static void list(struct text_writer *w, const struct document_node *node) {
  if (!node->list->shown_size) return;
  if (node->label) heading(w, node->label, node->level + 1);
  block(w);
  for (size_t i = 0; i < node->list->shown_size; i++)
    wrapped(w, "• ", "  ", span_of(node->list->shown[i]));
}

/* The nodes from one to another, without the folded sections that begin within. */
static void nodes_write(struct text_writer *w, int from, int to) {
  for (int i = from; i <= to; i++) {
    const struct document_node *node = &w->d->nodes[i];
    if (i > from && fold_end(w->d, i) > i) {
      i = fold_end(w->d, i);
      continue;
    }
    switch (node->kind) {
    case NODE_OPEN:
      if (node->label) heading(w, node->label, node->level);
      break;
    case NODE_VALUE:
    case NODE_HEADLINE:
      if (node->label) i = values(w, i);
      break;
    case NODE_TABLE: table(w, node); break;
    case NODE_LIST: list(w, node); break;
    case NODE_PARAGRAPH:
      block(w);
      wrapped(w, "", "", span_of(node->label));
      break;
    case NODE_INSET:
      block(w);
      wrapped(w, "│ ", "│ ", span_of(node->label));
      break;
    case NODE_CHART: chart(w, node); break;
    case NODE_CLOSE:
    case NODE_PAGE:
    case NODE_ABSENT: break;
    }
  }
}

void render_text(const struct document *d, int width, struct text *out) {
  struct text_writer w = {.d = d,
                          .out = out,
                          .width = width < TEXT_WIDTH_MIN ? TEXT_WIDTH_MIN : (size_t)width};
  text_reserve(&w.pool, 4096); /* none of the three is null from here on */
  text_reserve(&w.scratch, 256);
  text_reserve(&w.other, 256);
  heading(&w, d->title, 1);
  nodes_write(&w, 0, d->size - 1);
  for (int i = 0; i < d->size; i++)
    if (fold_end(d, i) > i) nodes_write(&w, i, fold_end(d, i));
  text_release(&w.pool);
  text_release(&w.scratch);
  text_release(&w.other);
}
