/* Tables of a PDF: columns as wide as their contents, figures aligned right, the column heads
 * repeated on each page (as an artifact: in the structure a table has its heads once). A row is not
 * broken over pages. */
#include "document/pdf.h"

#include "base/arena.h"

#include <limits.h>
#include <stdlib.h>

enum {
  TABLE_GAP = 350,
  ROW_PAD = 60,
  BARS_LEAST = 8000,
  MARK_PAD = 220,
  SPARSE_COLUMNS_MIN = 6,
  KEPT_ROWS = 3,
  HALVED_ROWS_MIN = 8,
  HALVED_ROWS_MAX = 60, /* more would not fit on one page */
  HALVES_GAP = 2000,
  BALANCE_ROUNDS = 6,
  BALANCED_ROWS_MAX = 60, /* in a longer table it would take too long */
  UNBROKEN = 5500,
  ROW_HIGHEST = BODY_BOTTOM - 12000
};
#define TH_COLUMN "<</O/Table/Scope/Column>>"
#define TH_ROW "<</O/Table/Scope/Row>>"

struct pdf_grid {
  const struct doc_table *table;
  struct table_shape shape;
  int64_t size, leading, gap;
  int64_t from, width; /* of the whole grid; of one half where it is drawn as two */
  bool halved;
  int64_t left[TABLE_SHOWN_MAX], right[TABLE_SHOWN_MAX]; /* where the text of a column may be */
  int64_t least[TABLE_SHOWN_MAX], most[TABLE_SHOWN_MAX]; /* widths, per mille of the size */
  int64_t head_height;
  const struct doc_chart *bars; /* null: none */
  int64_t bars_left;
  int64_t bars_largest; /* the end of the scale that they share with the document's others */
  /* of each cell, its text on one line, per mille of the size, with the marks of its row */
  const int64_t *whole;
};

/* ---- how wide ---- */

static int64_t at_size(int64_t width, int64_t size) { return (width * size + 999) / 1000; }

static bool breaks(const struct pdf_grid *g, int s, struct doc_value value) {
  return !g->shape.figures[s] || s == 0 || value.kind == DOC_MINUTES || value.kind == DOC_QUANTITY;
}

static bool is_marked(const struct pdf_grid *g, size_t row) {
  for (int m = 0; m < g->shape.mark_count; m++)
    if (g->table->cells[row + (size_t)g->shape.marks[m]].number) return true;
  return false;
}

static int64_t marks_width(const struct pdf_grid *g, size_t row, int64_t size) {
  int64_t width = 0;
  for (int m = 0; m < g->shape.mark_count; m++)
    if (g->table->cells[row + (size_t)g->shape.marks[m]].number)
      width += 2 * MARK_PAD + 300 +
               pdf_text_width(FACE_REGULAR, size * 85 / 100,
                              span_of(g->table->columns[g->shape.marks[m]].label));
  return width;
}

/* Returns the width of the whole text on one line. */
static int64_t measure(struct pdf *p, struct pdf_grid *g, int s, enum pdf_face face,
                       struct doc_value value) {
  struct span text = pdf_value(p, value);
  int64_t whole = pdf_text_width(face, 1000, text),
          least = breaks(g, s, value) ? pdf_word_width(face, 1000, text) : whole;
  if (least < whole && whole <= UNBROKEN) least = whole;
  if (whole > g->most[s]) g->most[s] = whole;
  if (least > g->least[s]) g->least[s] = least;
  return whole;
}

static void measure_all(struct pdf *p, struct pdf_grid *g) {
  const struct doc_table *table = g->table;
  const size_t columns = (size_t)g->shape.count;
  array_reserve(p->cell_widths, p->cell_width_capacity, table_rows_count(table) * columns + 1);
  g->whole = p->cell_widths;
  for (int s = 0; s < g->shape.count; s++) {
    int c = g->shape.shown[s];
    int64_t *whole = p->cell_widths + s;
    measure(p, g, s, FACE_BOLD, doc_text(table->columns[c].label));
    g->least[s] = pdf_word_width(FACE_BOLD, 1000, pdf_plain(p, table->columns[c].label));
    for (size_t row = 0; row < table->size; row += (size_t)table->count, whole += columns)
      *whole = measure(p, g, s, FACE_REGULAR, table->cells[row + (size_t)c]);
    if (table->total && s > 0) measure(p, g, s, FACE_BOLD, table->total[c]);
  }
  if (table->total) measure(p, g, 0, FACE_BOLD, doc_text(table->total_label));
  int64_t marks = 0, *whole = p->cell_widths;
  for (size_t row = 0; row < table->size && g->shape.mark_count;
       row += (size_t)table->count, whole += columns) {
    int64_t width = marks_width(g, row, 1000);
    if (width > marks) marks = width;
    *whole += width;
  }
  g->most[0] += marks;
}

/* ---- columns that break their texts ---- */

/* About how many lines the rows take: words do not fill a line, so a text counts as a little
 * longer. */
static int64_t lines_estimate(const struct pdf_grid *g, const int64_t *width) {
  const int count = g->shape.count;
  int64_t limit[TABLE_SHOWN_MAX], sum = 0;
  for (int s = 0; s < count; s++) limit[s] = width[s] > 0 ? width[s] * 1000 / g->size : 1;
  const int64_t *whole = g->whole, *end = whole + table_rows_count(g->table) * (size_t)count;
  for (; whole < end; whole += count) {
    int64_t most = 1;
    for (int s = 0; s < count; s++)
      if (whole[s] > most * limit[s]) most = (whole[s] * 106 / 100 + limit[s] - 1) / limit[s];
    sum += most;
  }
  return sum;
}

/* Moves room between columns for as long as the table gets shorter by it. */
static void widths_balance(const struct pdf_grid *g, int64_t *width) {
  const int64_t step = g->width / 40;
  int64_t fewest = lines_estimate(g, width);
  for (int round = 0; round < BALANCE_ROUNDS; round++) {
    int64_t moved = 0;
    int best_from = 0, best_to = 0;
    for (int from = 0; from < g->shape.count; from++)
      for (int to = 0; to < g->shape.count; to++)
        for (int64_t by = step; from != to && by <= 8 * step; by *= 2) {
          if (width[from] - by < at_size(g->least[from], g->size)) break;
          width[from] -= by, width[to] += by;
          const int64_t lines = lines_estimate(g, width);
          width[from] += by, width[to] -= by;
          if (lines < fewest) fewest = lines, moved = by, best_from = from, best_to = to;
        }
    if (!moved) return;
    width[best_from] -= moved, width[best_to] += moved;
  }
}

/* Finds the largest size of type at which every column has room. The space that is left goes to the
 * columns in proportion to what they could use, the remainder to the first one. */
static void widths(struct pdf_grid *g) {
  static const int64_t sizes[] = {SIZE_TABLE, 850, 780, 700, 600};
  int64_t least = 0, most = 0, room = 0, width[TABLE_SHOWN_MAX];
  int count = g->shape.count;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    g->size = sizes[i];
    g->gap = g->size;
    least = most = 0;
    for (int s = 0; s < count; s++)
      least += at_size(g->least[s], g->size), most += at_size(g->most[s], g->size);
    room = g->width - g->gap * (count - 1);
    if (least <= room) break;
  }
  if (most + 2 * g->gap * (count - 1) <= g->width) {
    room -= g->gap * (count - 1);
    g->gap *= 2;
  }
  /* A column of long texts could use any width: it counts as half the page, so that the others are
   * not broken for it. */
  int64_t wanted = 0, used = 0, longest = 0, widest = room * 55 / 100, high[TABLE_SHOWN_MAX];
  for (int s = 0; s < count; s++) {
    int64_t low = at_size(g->least[s], g->size);
    high[s] = at_size(g->most[s], g->size);
    if (high[s] > widest) high[s] = widest > low ? widest : low, longest = s;
    wanted += high[s] - low;
  }
  for (int s = 0; s < count; s++) {
    int64_t low = at_size(g->least[s], g->size), extra = room - least;
    /* even the smallest size is too wide, so words are broken */
    if (extra < 0) width[s] = low * room / least;
    else width[s] = wanted <= extra ? high[s] : low + (high[s] - low) * extra / wanted;
    used += width[s];
  }
  if (used < room) width[longest] += room - used;
  if (least <= room && wanted > room - least && table_rows_count(g->table) <= BALANCED_ROWS_MAX)
    widths_balance(g, width);
  for (int64_t s = 0, x = g->from; s < count; x += width[s] + g->gap, s++)
    g->left[s] = x, g->right[s] = x + width[s];
  g->leading = g->size * 122 / 100;
}

/* ---- the contents of a row ---- */

/* Draws lines `from` to `to` of a cell; a row that is higher than a page takes several calls. */
static void cell_part(struct pdf *p, const struct pdf_grid *g, int s, enum pdf_face face, int64_t y,
                      struct span text, int from, int to) {
  struct span whole = text;
  for (int n = 0; text.size && n < to; n++) {
    struct span line = pdf_line_take(face, g->size, g->right[s] - g->left[s], &text);
    if (n < from) continue;
    line = pdf_line_drawn(line, text);
    if (s > 0 && g->shape.figures[s])
      pdf_text_right(p, face, g->size, g->right[s], pdf_baseline(y, g->size), line);
    else if (face == FACE_REGULAR)
      pdf_line(p, g->size, g->left[s], pdf_baseline(y, g->size), line, whole);
    else pdf_text(p, face, g->size, g->left[s], pdf_baseline(y, g->size), line);
    y += g->leading;
  }
}

static void cell_lines(struct pdf *p, const struct pdf_grid *g, int s, enum pdf_face face,
                       int64_t y, struct span text) {
  cell_part(p, g, s, face, y, text, 0, INT_MAX);
}

static int cell_lines_count(const struct pdf_grid *g, int s, enum pdf_face face, struct span text) {
  return pdf_lines_count(face, g->size, g->right[s] - g->left[s], text);
}

/* Where the first cell's marks begin: after its last line where there is room, else on a line of
 * their own. */
static int64_t marks_place(const struct pdf_grid *g, size_t row, struct span text, int *line) {
  int64_t end = g->left[0];
  *line = 0;
  for (int lines = 0; text.size; lines++) {
    struct span last = pdf_line_take(FACE_REGULAR, g->size, g->right[0] - g->left[0], &text);
    end = g->left[0] + pdf_text_width(FACE_REGULAR, g->size, last) + 300;
    *line = lines;
  }
  if (end > g->left[0] && end + marks_width(g, row, g->size) - 300 > g->right[0]) {
    ++*line;
    return g->left[0];
  }
  return end;
}

static int64_t row_height(struct pdf *p, const struct pdf_grid *g, size_t row) {
  int most = 1;
  const int64_t *whole = g->whole + row / (size_t)g->table->count * (size_t)g->shape.count;
  for (int s = 0; s < g->shape.count; s++) {
    if (whole[s] <= (g->right[s] - g->left[s]) * 1000 / g->size && !(s == 0 && is_marked(g, row)))
      continue; /* one line */
    struct span text = pdf_value(p, g->table->cells[row + (size_t)g->shape.shown[s]]);
    int lines = cell_lines_count(g, s, FACE_REGULAR, text);
    if (s == 0 && is_marked(g, row)) {
      marks_place(g, row, text, &lines);
      lines++;
    }
    if (lines > most) most = lines;
  }
  return most * g->leading + 2 * ROW_PAD;
}

static void marks_draw(struct pdf *p, const struct pdf_grid *g, size_t row, struct span text) {
  int line;
  int64_t x = marks_place(g, row, text, &line), size = g->size * 85 / 100,
          top = p->y + ROW_PAD + line * g->leading;
  for (int m = 0; m < g->shape.mark_count; m++) {
    if (!g->table->cells[row + (size_t)g->shape.marks[m]].number) continue;
    struct span label = span_of(g->table->columns[g->shape.marks[m]].label);
    int64_t width = pdf_text_width(FACE_REGULAR, size, label) + 2 * MARK_PAD;
    pdf_colour(p, COLOUR_GREY);
    pdf_stroke(p, COLOUR_GREY);
    /* unseen: without it a reader of the tagged text runs the mark into the word before */
    pdf_text(p, FACE_REGULAR, size, x, pdf_baseline(top, g->size), span_of(" "));
    pdf_text(p, FACE_REGULAR, size, x + MARK_PAD, pdf_baseline(top, g->size), label);
    pdf_outline(p, x, top + g->size * 16 / 100, x + width, top + g->size * 123 / 100, 40);
    x += width + 300;
  }
  pdf_colour(p, COLOUR_TEXT);
}

static void head_draw(struct pdf *p, const struct pdf_grid *g, bool tagged) {
  if (tagged) {
    pdf_element_open(p, "THead");
    pdf_element_open(p, "TR");
  } else pdf_artifact_begin(p, "/Type/Pagination/Subtype/Header");
  for (int s = 0; s < g->shape.count; s++) {
    struct span text = pdf_plain(p, g->table->columns[g->shape.shown[s]].label);
    /* the text of a head is just above the line below it */
    int64_t y = p->y + g->head_height - ROW_PAD -
                cell_lines_count(g, s, FACE_BOLD, text) * g->leading;
    if (tagged) {
      pdf_element_open(p, "TH");
      pdf_element(p)->attributes = TH_COLUMN;
      pdf_content_begin(p);
    }
    pdf_colour(p, COLOUR_TEXT);
    cell_lines(p, g, s, FACE_BOLD, y, text);
    if (tagged) {
      pdf_content_end(p);
      pdf_element_close(p);
    }
  }
  if (tagged) {
    pdf_element_close(p);
    pdf_element_close(p);
  } else pdf_content_end(p);
  p->y += g->head_height;
  pdf_rule(p, g->from, g->from + g->width, p->y - 50, 50, COLOUR_RULE);
}

/* Draws a row that is higher than a page (somebody typed a very long text) as several rows, each
 * with the next lines of every cell. Its marks are left out. */
static void row_long(struct pdf *p, const struct pdf_grid *g, size_t row, int lines) {
  for (int from = 0, room; from < lines; from += room) {
    if (from || p->y + 10 * g->leading > BODY_BOTTOM) {
      pdf_page_new(p);
      head_draw(p, g, false);
    }
    room = (int)((BODY_BOTTOM - p->y - 2 * ROW_PAD) / g->leading);
    if (room < 1) room = 1;
    pdf_element_open(p, "TR");
    for (int s = 0; s < g->shape.count; s++) {
      struct span text = pdf_value(p, g->table->cells[row + (size_t)g->shape.shown[s]]);
      pdf_element_open(p, s == 0 ? "TH" : "TD");
      if (s == 0) pdf_element(p)->attributes = TH_ROW;
      if (cell_lines_count(g, s, FACE_REGULAR, text) > from) {
        pdf_content_begin(p);
        pdf_colour(p, COLOUR_TEXT);
        cell_part(p, g, s, FACE_REGULAR, p->y + ROW_PAD, text, from, from + room);
        pdf_content_end(p);
      }
      pdf_element_close(p);
    }
    pdf_element_close(p);
    p->y += (lines - from < room ? lines - from : room) * g->leading + 2 * ROW_PAD;
    pdf_rule(p, g->from, g->from + g->width, p->y - 50, 50, COLOUR_RULE);
  }
}

/* Room for bars after the longest name; without it there are none. */
static void bars_place(struct pdf *p, struct pdf_grid *g) {
  int64_t longest = 0;
  for (size_t i = 0; g->bars && i < g->bars->size; i++) {
    struct span name =
        pdf_value(p, g->table->cells[i * (size_t)g->table->count + (size_t)g->shape.shown[0]]);
    int64_t width = pdf_text_width(FACE_REGULAR, g->size, name);
    if (width > longest) longest = width;
  }
  g->bars_left = g->left[0] + longest + g->gap;
  if (g->right[0] - g->bars_left < BARS_LEAST) g->bars = NULL;
  if (g->bars) g->bars_largest = chart_scale_shared(p->d, g->bars).high;
}

/* The bar beside a row's name. The row has its figures, so it is decoration. */
static void bar_draw(struct pdf *p, const struct pdf_grid *g, size_t row) {
  const struct doc_value *value = &g->bars->values[row / (size_t)g->table->count];
  if (value->number <= 0 || g->bars_largest <= 0) return;
  const int64_t room = g->right[0] - g->bars_left;
  const int64_t width = (int64_t)((__int128)value->number * room / g->bars_largest);
  pdf_artifact_begin(p, "");
  pdf_colour(p, COLOUR_BRAND);
  pdf_rectangle(p, g->bars_left, p->y + ROW_PAD + g->size * 25 / 100,
                g->bars_left + (width > 50 ? width : 50), p->y + ROW_PAD + g->size * 105 / 100);
  pdf_content_end(p);
}

static void row_draw(struct pdf *p, const struct pdf_grid *g, size_t row) {
  int64_t height = row_height(p, g, row);
  if (height > ROW_HIGHEST) {
    row_long(p, g, row, (int)((height - 2 * ROW_PAD) / g->leading));
    return;
  }
  if (pdf_need(p, height)) head_draw(p, g, false);
  if (g->bars) bar_draw(p, g, row);
  pdf_element_open(p, "TR");
  for (int s = 0; s < g->shape.count; s++) {
    struct doc_value value = g->table->cells[row + (size_t)g->shape.shown[s]];
    struct span text = pdf_value(p, value);
    bool marked = s == 0 && is_marked(g, row);
    pdf_element_open(p, s == 0 ? "TH" : "TD");
    if (s == 0) pdf_element(p)->attributes = TH_ROW;
    if (text.size || marked) {
      pdf_content_begin(p);
      pdf_colour(p, s > 0 && g->shape.count >= SPARSE_COLUMNS_MIN && value_is_zero(value)
                        ? COLOUR_GREY
                        : COLOUR_TEXT);
      cell_lines(p, g, s, FACE_REGULAR, p->y + ROW_PAD, text);
      if (marked) marks_draw(p, g, row, text);
      pdf_content_end(p);
    }
    pdf_element_close(p);
  }
  pdf_element_close(p);
  p->y += height;
  pdf_rule(p, g->from, g->from + g->width, p->y - 50, 50, COLOUR_RULE);
}

static void total_draw(struct pdf *p, const struct pdf_grid *g) {
  int most = 1;
  for (int s = 0; s < g->shape.count; s++) {
    struct span text = s ? pdf_value(p, g->table->total[g->shape.shown[s]])
                         : pdf_plain(p, g->table->total_label);
    int lines = cell_lines_count(g, s, FACE_BOLD, text);
    if (lines > most) most = lines;
  }
  int64_t height = most * g->leading + 2 * ROW_PAD;
  if (pdf_need(p, height)) head_draw(p, g, false);
  pdf_rule(p, g->from, g->from + g->width, p->y - 100, 100, COLOUR_TEXT);
  pdf_element_open(p, "TFoot");
  pdf_element_open(p, "TR");
  for (int s = 0; s < g->shape.count; s++) {
    pdf_element_open(p, s == 0 ? "TH" : "TD");
    if (s == 0) pdf_element(p)->attributes = TH_ROW;
    struct span text = s ? pdf_value(p, g->table->total[g->shape.shown[s]])
                         : pdf_plain(p, g->table->total_label);
    if (text.size) {
      pdf_content_begin(p);
      pdf_colour(p, COLOUR_TEXT);
      cell_lines(p, g, s, FACE_BOLD, p->y + ROW_PAD, text);
      pdf_content_end(p);
    }
    pdf_element_close(p);
  }
  pdf_element_close(p);
  pdf_element_close(p);
  p->y += height;
}

static void caption_draw(struct pdf *p, const struct document_node *node) {
  if (!node->label) { /* sighted readers have the heading above as its name */
    int parent = node->parent;
    while (parent >= 0 && !p->d->nodes[parent].label) parent = p->d->nodes[parent].parent;
    pdf_element(p)->summary = parent >= 0 ? p->d->nodes[parent].label : p->d->title;
    return;
  }
  pdf_element_open(p, "Caption");
  pdf_flow(p, FACE_BOLD, SIZE_BODY, pdf_leading(SIZE_BODY), BODY_LEFT, BODY_RIGHT,
           pdf_plain(p, node->label));
  pdf_element_close(p);
  p->y += 100;
}

/* A long table of a name and a figure, none of them wide, stands in two halves side by side. */
static bool can_halve(struct pdf_grid *g) {
  if (g->shape.count != 2 || g->shape.mark_count || g->bars || !g->shape.figures[1] ||
      table_rows_count(g->table) < HALVED_ROWS_MIN || table_rows_count(g->table) > HALVED_ROWS_MAX)
    return false;
  return at_size(g->most[0] + g->most[1], SIZE_TABLE) + 2 * SIZE_TABLE <=
         (BODY_WIDTH - HALVES_GAP) / 2;
}

/* Takes the grid of the table measured last, or measures another table. */
static void grid_make(struct pdf *p, struct pdf_grid *g) {
  const struct doc_chart *bars = g->bars;
  if (p->grid && p->grid->table == g->table && !(bars && p->grid->halved)) {
    *g = *p->grid;
    g->bars = bars;
    return;
  }
  measure_all(p, g);
  g->halved = can_halve(g);
  g->from = BODY_LEFT;
  g->width = g->halved ? (BODY_WIDTH - HALVES_GAP) / 2 : BODY_WIDTH;
  widths(g);
  int head_lines = 1;
  for (int s = 0; s < g->shape.count; s++) {
    int lines = cell_lines_count(g, s, FACE_BOLD,
                                 pdf_plain(p, g->table->columns[g->shape.shown[s]].label));
    if (lines > head_lines) head_lines = lines;
  }
  g->head_height = head_lines * g->leading + 2 * ROW_PAD;
  if (!p->grid) p->grid = memory_alloc(sizeof *p->grid);
  *p->grid = *g;
}

void pdf_table_release(struct pdf *p) {
  free(p->grid);
  free(p->cell_widths);
}

/* How many rows the first half has; the total is one of the rows. */
static size_t halved_rows(const struct pdf_grid *g) {
  return (table_rows_count(g->table) + (g->table->total != NULL) + 1) / 2;
}

/* The second half begins beside the head of the first; in the structure its rows go on. */
static void second_half_begin(struct pdf *p, struct pdf_grid *g, int64_t top) {
  const int64_t by = g->width + HALVES_GAP;
  p->y = top;
  g->from += by;
  for (int s = 0; s < g->shape.count; s++) g->left[s] += by, g->right[s] += by;
  head_draw(p, g, false);
}

static void rows_draw(struct pdf *p, struct pdf_grid *g) {
  const int64_t top = p->y - g->head_height;
  int64_t lowest = 0;
  pdf_element_open(p, "TBody");
  for (size_t row = 0, n = 0; row < g->table->size; row += (size_t)g->table->count, n++) {
    if (g->halved && n == halved_rows(g)) {
      lowest = p->y;
      second_half_begin(p, g, top);
    }
    row_draw(p, g, row);
  }
  pdf_element_close(p);
  if (g->table->total) total_draw(p, g);
  if (p->y < lowest) p->y = lowest;
}

/* Caption, head, the first rows as they are drawn; of a short table all, with its total. A row that
 * is higher than a page is begun where it stands. */
static int64_t height_kept(struct pdf *p, const struct pdf_grid *g,
                           const struct document_node *node) {
  int64_t height = node->label ? pdf_leading(SIZE_BODY) + 100 : 0;
  size_t rows = table_rows_count(node->table), row = 0;
  if (!rows) return height + 2 * pdf_leading(SIZE_BODY);
  height += g->head_height;
  if (g->halved) return height + (int64_t)halved_rows(g) * (g->leading + 2 * ROW_PAD);
  for (; row < rows && row < KEPT_ROWS; row++) {
    int64_t one = row_height(p, g, row * (size_t)node->table->count);
    height += one > ROW_HIGHEST ? 10 * g->leading : one;
  }
  if (row == rows && node->table->total) height += g->leading + 2 * ROW_PAD;
  return height;
}

int64_t pdf_table_height_min(struct pdf *p, const struct document_node *node) {
  struct pdf_grid g = {.table = node->table};
  table_shape(node->table, &g.shape);
  if (!g.shape.count) return 0;
  grid_make(p, &g);
  return height_kept(p, &g, node);
}

void pdf_table(struct pdf *p, const struct document_node *node, const struct doc_chart *bars) {
  struct pdf_grid g = {.table = node->table, .bars = bars};
  table_shape(node->table, &g.shape);
  if (!g.shape.count) return;
  grid_make(p, &g);
  bars_place(p, &g);
  pdf_need(p, height_kept(p, &g, node));
  if (!node->table->size) {
    if (node->label) {
      pdf_element_open(p, "P");
      pdf_flow(p, FACE_BOLD, SIZE_BODY, pdf_leading(SIZE_BODY), BODY_LEFT, BODY_RIGHT,
               pdf_plain(p, node->label));
      pdf_element_close(p);
    }
    pdf_element_open(p, "P");
    pdf_flow(p, FACE_REGULAR, SIZE_BODY, pdf_leading(SIZE_BODY), BODY_LEFT, BODY_RIGHT,
             span_of(say(p->d->language, "Nothing recorded.")));
    pdf_element_close(p);
    p->y += TABLE_GAP;
    return;
  }
  pdf_element_open(p, "Table");
  caption_draw(p, node);
  head_draw(p, &g, true);
  rows_draw(p, &g);
  pdf_element_close(p);
  p->y += TABLE_GAP;
}
