/* PDF: the document as a tagged file (PDF 1.7 with the structure of PDF/UA-1) that prints as the
 * page is read. This file walks the nodes; pdf_page.c draws, pdf_table.c and pdf_chart.c are the
 * large parts, pdf_file.c writes the objects and says how a file is laid out. */
#include "document/pdf.h"

#include "base/arena.h"

enum {
  HEADING_MAX = 6,
  BOX_GAP = 1000,
  BOX_PAD = 900,
  BOXES_MAX = 4,
  FIGURE = 1500,
  FIGURE_NARROW = 1300, /* where four boxes stand in a row */
  LABEL_PER_CENT = 36,
  LABEL_GAP = 1000,
  PARAGRAPH_GAP = 400,
  TOGETHER = 16000,
  SECTION_PAD = 320,
  ROW_HIGHEST = BODY_BOTTOM - 12000, /* a higher one is drawn over pages */
  VALUE_PAD = 70,
  ITEM_GAP = 150
};

enum {
  MIDDLE = BODY_LEFT + BODY_WIDTH * LABEL_PER_CENT / 100, /* where values begin */
  PAIR_GAP = 2000,
  PAIRED = (BODY_WIDTH - PAIR_GAP) / 2 /* the width of each of two values in one row */
};

static const struct {
  int64_t size, before, after;
} headings[HEADING_MAX + 1] = {{0, 0, 0},        {2200, 0, 900},   {1450, 300, 200},
                               {1150, 300, 200}, {1050, 450, 250}, {1000, 450, 250},
                               {1000, 450, 250}};

static void bookmark(struct pdf *p, int level, const char *title) {
  array_reserve(p->bookmarks, p->bookmark_capacity, p->bookmark_count + 1);
  p->bookmarks[p->bookmark_count++] = (struct pdf_bookmark){title, level, (int)p->page_count - 1,
                                                            p->y};
}

static void heading(struct pdf *p, int level, const char *text) {
  static const char *const types[HEADING_MAX + 1] = {NULL, "H1", "H2", "H3", "H4", "H5", "H6"};
  if (level > HEADING_MAX) level = HEADING_MAX;
  if (!p->fresh) p->y += headings[level].before;
  if (level == 2) {
    pdf_rule(p, BODY_LEFT, BODY_RIGHT, p->y, 150, COLOUR_BRAND);
    p->y += SECTION_PAD;
  }
  bookmark(p, level, text);
  pdf_element_open(p, types[level]);
  pdf_flow(p, FACE_BOLD, headings[level].size, headings[level].size * 115 / 100, BODY_LEFT,
           BODY_RIGHT, pdf_plain(p, text));
  pdf_element_close(p);
  p->y += headings[level].after;
}

static int64_t heading_height(int level) {
  if (level > HEADING_MAX) level = HEADING_MAX;
  return headings[level].before + headings[level].size * 115 / 100 + headings[level].after +
         (level == 2 ? SECTION_PAD : 0);
}

/* Whether a node is skipped in a run of values because it shows nothing. */
static bool silent(const struct document_node *node) {
  return node->kind == NODE_ABSENT ||
         (!node->label && (node->kind == NODE_VALUE || node->kind == NODE_HEADLINE ||
                           node->kind == NODE_OPEN || node->kind == NODE_CLOSE));
}

/* A row of a list of values: one of them, or two side by side. */
struct value_row {
  const struct document_node *of[2]; /* the second is null where one stands alone */
  int64_t middle, right;             /* of the first: where its value begins, and may end */
  int64_t height;
};

static int64_t label_width(struct pdf *p, const struct document_node *node) {
  return pdf_text_width(FACE_BOLD, SIZE_BODY, pdf_plain(p, node->label));
}

static int64_t value_width(struct pdf *p, const struct document_node *node) {
  return pdf_text_width(FACE_REGULAR, SIZE_BODY, pdf_value(p, node->value));
}

/* The next value of a run, from node `i` on; null where the run ends. */
static const struct document_node *value_at(const struct document *d, int i) {
  while (i < d->size && silent(&d->nodes[i])) i++;
  return i < d->size && d->nodes[i].kind == NODE_VALUE ? &d->nodes[i] : NULL;
}

static int after(const struct document *d, const struct document_node *node) {
  return (int)(node - d->nodes) + 1;
}

/* The columns of a run of values: where those begin that stand alone in their row, and how wide
 * the labels are of those that two could share a row; 0: none. */
struct value_columns {
  int64_t middle, paired;
};

static struct value_columns value_columns(struct pdf *p, int i) {
  struct value_columns c = {.middle = BODY_LEFT};
  for (const struct document_node *node; (node = value_at(p->d, i)); i = after(p->d, node)) {
    const int64_t width = label_width(p, node) + LABEL_GAP;
    if (BODY_LEFT + width > c.middle) c.middle = BODY_LEFT + width;
    if (width > c.paired && width + value_width(p, node) <= PAIRED) c.paired = width;
  }
  if (c.middle > MIDDLE) c.middle = MIDDLE;
  return c;
}

static bool can_pair(struct pdf *p, const struct document_node *node, int64_t label) {
  return node && label_width(p, node) + LABEL_GAP <= label &&
         label + value_width(p, node) <= PAIRED;
}

static struct value_row value_row(struct pdf *p, const struct document_node *node,
                                  const struct value_columns *columns) {
  struct value_row row = {.of = {node}, .middle = columns->middle, .right = BODY_RIGHT};
  const struct document_node *next = value_at(p->d, after(p->d, node));
  int lines = 1;
  if (can_pair(p, node, columns->paired) && can_pair(p, next, columns->paired)) {
    row.of[1] = next;
    row.middle = BODY_LEFT + columns->paired;
    row.right = BODY_LEFT + PAIRED;
  } else {
    const int64_t width = label_width(p, node) + LABEL_GAP;
    /* a long label takes the room that a short value leaves */
    if (width > row.middle - BODY_LEFT && width + value_width(p, node) <= BODY_WIDTH)
      row.middle = BODY_LEFT + width;
    lines = pdf_lines_count(FACE_REGULAR, SIZE_BODY, BODY_RIGHT - row.middle,
                            pdf_value(p, node->value));
    int label_lines = pdf_lines_count(FACE_BOLD, SIZE_BODY, row.middle - BODY_LEFT - LABEL_GAP,
                                      pdf_plain(p, node->label));
    if (label_lines > lines) lines = label_lines;
  }
  row.height = lines * pdf_leading(SIZE_BODY) + 2 * VALUE_PAD;
  return row;
}

static int value_row_end(const struct document *d, const struct value_row *row) {
  return after(d, row->of[row->of[1] != NULL]);
}

/* The height of the run of values that begins at node `i`, and the node after it. */
static int64_t values_height(struct pdf *p, int i, int *end) {
  const struct value_columns columns = value_columns(p, i);
  int64_t height = 0;
  for (const struct document_node *node; (node = value_at(p->d, i));) {
    const struct value_row row = value_row(p, node, &columns);
    height += row.height;
    i = value_row_end(p->d, &row);
  }
  *end = i;
  return height;
}

/* The table without a row with which the section at node `i` begins, if it does: then its heading's
 * line says that nothing is recorded. Else -1. */
static int empty_table(const struct document *d, int i) {
  for (i++; i < d->size; i++) {
    const struct document_node *node = &d->nodes[i];
    struct table_shape shape = {0};
    if (node->kind == NODE_TABLE) table_shape(node->table, &shape);
    if (node->kind == NODE_TABLE && shape.count) return node->table->size || node->label ? -1 : i;
    if (node->kind != NODE_TABLE && !silent(node)) return -1;
  }
  return -1;
}

/* Whether the chart's points are the table's rows, by name and in the same order. */
static bool points_are_rows(const struct doc_chart *chart, const struct doc_table *table) {
  struct table_shape shape;
  if (table_rows_count(table) != chart->size) return false;
  table_shape(table, &shape);
  if (!shape.count) return false;
  for (size_t i = 0; i < chart->size; i++) {
    const struct doc_value *name = &table->cells[i * (size_t)table->count + (size_t)shape.shown[0]];
    if (name->kind != DOC_TEXT || !name->text || strcmp(name->text, chart->labels[i]) != 0)
      return false;
  }
  return true;
}

/* A chart of one series whose points are the rows of the table after it is drawn in that table: on
 * paper the same names would stand there twice. */
static bool is_in_table(const struct document *d, int i) {
  const struct document_node *node = &d->nodes[i], *next = node + 1;
  return i + 1 < d->size && node->chart->kind == CHART_BARS && node->chart->series_count == 1 &&
         next->kind == NODE_TABLE && !next->label && points_are_rows(node->chart, next->table);
}

/* The height that must stay together from node `i` on: a heading with the first part of its
 * section. */
static int64_t kept_height(struct pdf *p, int i) {
  const int nothing = empty_table(p->d, i);
  struct table_shape shape;
  int64_t height = 0;
  for (; i < p->d->size && height < BODY_BOTTOM / 2; i++) {
    const struct document_node *node = &p->d->nodes[i];
    switch (node->kind) {
    case NODE_OPEN:
      if (node->label) height += heading_height(node->level);
      break;
    case NODE_TABLE:
      if (i == nothing) return height;
      table_shape(node->table, &shape);
      if (!shape.count) break; /* for programs only */
      return height + (node->table->size ? pdf_table_height_min(p, node) : 2500);
    case NODE_CHART:
      if (!is_in_table(p->d, i)) return height + pdf_chart_height(p, node);
      break;
    case NODE_PARAGRAPH: /* it stays with the node that it introduces */
      height += pdf_lines_count(FACE_REGULAR, SIZE_BODY, BODY_WIDTH, pdf_plain(p, node->label)) *
                    pdf_leading(SIZE_BODY) +
                PARAGRAPH_GAP;
      break;
    case NODE_HEADLINE:
      if (node->label) return height + 5500;
      break;
    case NODE_VALUE: /* a short list stays with the table after it */
      if (node->label) {
        int64_t all = values_height(p, i, &i);
        if (all >= TOGETHER) return height + 4000;
        height += all + PARAGRAPH_GAP;
        i--;
      }
      break;
    case NODE_INSET: return height + 5000;
    case NODE_LIST: return height + 4000;
    case NODE_CLOSE:
      if (node->label) return height;
      break;
    case NODE_PAGE: return height;
    case NODE_ABSENT: break;
    }
  }
  return height;
}

/* `Cash   Nothing recorded.`: the heading's line has room for what would be a line of its own. */
static void nothing_beside(struct pdf *p, int level, const char *text) {
  if (level > HEADING_MAX) level = HEADING_MAX;
  const struct span said = span_of(say(p->d->language, "Nothing recorded."));
  const int64_t size = headings[level].size, leading = size * 115 / 100,
                x = BODY_LEFT + pdf_text_width(FACE_BOLD, size, pdf_plain(p, text)) + LABEL_GAP,
                width = pdf_text_width(FACE_REGULAR, SIZE_BODY, said);
  pdf_element_open(p, "P");
  if (x + width <= BODY_RIGHT) {
    pdf_content_begin(p);
    pdf_colour(p, COLOUR_TEXT);
    pdf_text(p, FACE_REGULAR, SIZE_BODY, x,
             pdf_baseline(p->y - headings[level].after - leading + (leading - size) / 2 - size / 20,
                          size),
             said);
    pdf_content_end(p);
  } else {
    pdf_flow(p, FACE_REGULAR, SIZE_BODY, pdf_leading(SIZE_BODY), BODY_LEFT, BODY_RIGHT, said);
    p->y += PARAGRAPH_GAP;
  }
  pdf_element_close(p);
}

static void section_open(struct pdf *p, int i) {
  const struct document_node *node = &p->d->nodes[i];
  if (!node->label) return;
  pdf_need(p, kept_height(p, i));
  pdf_element_open(p, "Sect");
  heading(p, node->level, node->label);
  if (empty_table(p->d, i) >= 0) nothing_beside(p, node->level, node->label);
}

static void paragraph(struct pdf *p, const char *text) {
  pdf_need(p, 2 * pdf_leading(SIZE_BODY));
  pdf_element_open(p, "P");
  pdf_flow(p, FACE_REGULAR, SIZE_BODY, pdf_leading(SIZE_BODY), BODY_LEFT, BODY_RIGHT,
           pdf_plain(p, text));
  pdf_element_close(p);
  p->y += PARAGRAPH_GAP;
}

static void inset(struct pdf *p, const char *text) {
  int64_t left = BODY_LEFT + 1500, leading = pdf_leading(SIZE_BODY);
  struct span shown = pdf_plain(p, text);
  int64_t height = pdf_lines_count(FACE_REGULAR, SIZE_BODY, BODY_RIGHT - left, shown) * leading +
                   1000;
  if (height < BODY_BOTTOM / 2) {
    pdf_need(p, height);
    pdf_rule(p, BODY_LEFT, BODY_LEFT + 500, p->y, height, COLOUR_RULE);
  }
  p->y += 500;
  pdf_element_open(p, "P");
  pdf_flow(p, FACE_REGULAR, SIZE_BODY, leading, left, BODY_RIGHT, shown);
  pdf_element_close(p);
  p->y += 500 + PARAGRAPH_GAP;
}

static void list(struct pdf *p, const struct document_node *node) {
  const struct doc_list *items = node->list;
  int64_t leading = pdf_leading(SIZE_BODY);
  if (!items->shown_size) return;
  pdf_need(p, node->label ? 5000 : 2 * leading);
  if (node->label) heading(p, node->level + 1, node->label);
  pdf_element_open(p, "L");
  pdf_element(p)->attributes = "<</O/List/ListNumbering/Disc>>";
  for (size_t i = 0; i < items->shown_size; i++) {
    pdf_need(p, leading);
    pdf_element_open(p, "LI");
    pdf_element_open(p, "Lbl");
    pdf_content_begin(p);
    pdf_colour(p, COLOUR_TEXT);
    pdf_text(p, FACE_REGULAR, SIZE_BODY, BODY_LEFT + 300,
             pdf_baseline(p->y + (leading - SIZE_BODY) / 2 - SIZE_BODY / 20, SIZE_BODY),
             span_of("\xE2\x80\xA2"));
    pdf_content_end(p);
    pdf_element_close(p);
    pdf_element_open(p, "LBody");
    pdf_flow(p, FACE_REGULAR, SIZE_BODY, leading, BODY_LEFT + 1300, BODY_RIGHT,
             pdf_plain(p, items->shown[i]));
    pdf_element_close(p);
    pdf_element_close(p);
    p->y += ITEM_GAP;
  }
  pdf_element_close(p);
  p->y += PARAGRAPH_GAP - ITEM_GAP;
}

/* ---- values: a list of labels and what they are ---- */

static void lines_at(struct pdf *p, enum pdf_face face, int64_t size, int64_t left, int64_t right,
                     int64_t y, struct span text) {
  struct span whole = text;
  pdf_content_begin(p);
  pdf_colour(p, COLOUR_TEXT);
  while (text.size) {
    struct span line = pdf_line_take(face, size, right - left, &text);
    line = pdf_line_drawn(line, text);
    if (face == FACE_REGULAR) pdf_line(p, size, left, pdf_baseline(y, size), line, whole);
    else pdf_text(p, face, size, left, pdf_baseline(y, size), line);
    y += pdf_leading(size);
  }
  pdf_content_end(p);
}

static void value_draw(struct pdf *p, const struct document_node *node, int64_t left,
                       const struct value_row *row) {
  const int64_t by = left - BODY_LEFT, middle = row->middle + by, right = row->right + by;
  pdf_element_open(p, "LI");
  pdf_element_open(p, "Lbl");
  lines_at(p, FACE_BOLD, SIZE_BODY, left, middle - LABEL_GAP, p->y + VALUE_PAD,
           pdf_plain(p, node->label));
  pdf_element_close(p);
  pdf_element_open(p, "LBody");
  struct span value = pdf_value(p, node->value);
  if (row->height > ROW_HIGHEST) {
    p->y += VALUE_PAD;
    pdf_flow(p, FACE_REGULAR, SIZE_BODY, pdf_leading(SIZE_BODY), middle, right, value);
  } else if (value.size)
    lines_at(p, FACE_REGULAR, SIZE_BODY, middle, right, p->y + VALUE_PAD, value);
  pdf_element_close(p);
  pdf_element_close(p);
}

static void value_row_draw(struct pdf *p, const struct value_row *row) {
  const bool longer = row->height > ROW_HIGHEST;
  pdf_need(p, longer ? 10000 : row->height);
  value_draw(p, row->of[0], BODY_LEFT, row);
  if (row->of[1]) value_draw(p, row->of[1], BODY_LEFT + PAIRED + PAIR_GAP, row);
  p->y += longer ? VALUE_PAD : row->height;
  pdf_rule(p, BODY_LEFT, BODY_RIGHT, p->y - 50, 50, COLOUR_RULE);
}

/* Boxes of figures beside one another. */
struct boxes {
  const struct document_node *of[BOXES_MAX];
  int count, columns;
  int64_t width, inner, figure; /* inner: of its text; figure: the size of its type */
};

static void boxes_shape(struct boxes *b, int columns) {
  b->columns = columns;
  b->width = (BODY_WIDTH - BOX_GAP * (columns - 1)) / columns;
  b->inner = b->width - 2 * BOX_PAD;
  b->figure = columns == BOXES_MAX ? FIGURE_NARROW : FIGURE;
}

/* Four stand in a row where no figure takes more than two lines there, else in two rows of two. */
static int boxes_columns(struct pdf *p, int i, int count) {
  struct boxes b;
  if (count != BOXES_MAX) return count == 2 ? 2 : 3;
  boxes_shape(&b, BOXES_MAX);
  for (; count; i++) {
    const struct document_node *node = &p->d->nodes[i];
    if (silent(node)) continue;
    const struct span value = pdf_value(p, node->value);
    if (pdf_lines_count(FACE_BOLD, b.figure, b.inner, value) > 2 ||
        pdf_word_width(FACE_BOLD, b.figure, value) > b.inner)
      return 2;
    count--;
  }
  return BOXES_MAX;
}

static int more_lines(int most, enum pdf_face face, int64_t size, int64_t width, struct span text) {
  const int lines = pdf_lines_count(face, size, width, text);
  return lines > most ? lines : most;
}

/* As high as the highest. */
static void boxes_draw(struct pdf *p, const struct boxes *b) {
  const int64_t size = SIZE_BODY;
  int label_lines = 1, value_lines = 1, beside_lines = 0;
  for (int i = 0; i < b->count; i++) {
    const struct document_node *node = b->of[i];
    label_lines = more_lines(label_lines, FACE_REGULAR, size, b->inner, pdf_plain(p, node->label));
    value_lines = more_lines(value_lines, FACE_BOLD, b->figure, b->inner,
                             pdf_value(p, node->value));
    if (node->beside)
      beside_lines = more_lines(beside_lines, FACE_REGULAR, size, b->inner,
                                pdf_plain(p, node->beside));
  }
  const int64_t height = 2 * BOX_PAD - 200 + (label_lines + beside_lines) * pdf_leading(size) +
                         value_lines * pdf_leading(b->figure);
  pdf_need(p, height);
  const int64_t value_top = p->y + BOX_PAD - 100 + label_lines * pdf_leading(size);
  for (int i = 0; i < b->count; i++) {
    const int64_t left = BODY_LEFT + i * (b->width + BOX_GAP), from = left + BOX_PAD + 150,
                  to = from + b->inner;
    pdf_artifact_begin(p, "");
    pdf_colour(p, COLOUR_TINT);
    pdf_rectangle(p, left, p->y, left + b->width, p->y + height);
    pdf_colour(p, COLOUR_BRAND);
    pdf_rectangle(p, left, p->y, left + 350, p->y + height);
    pdf_content_end(p);
    pdf_element_open(p, "LI");
    pdf_element_open(p, "Lbl");
    lines_at(p, FACE_REGULAR, size, from, to, p->y + BOX_PAD - 200, pdf_plain(p, b->of[i]->label));
    pdf_element_close(p);
    pdf_element_open(p, "LBody");
    struct span value = pdf_value(p, b->of[i]->value);
    if (value.size) lines_at(p, FACE_BOLD, b->figure, from, to, value_top, value);
    if (b->of[i]->beside)
      lines_at(p, FACE_REGULAR, size, from, to, value_top + value_lines * pdf_leading(b->figure),
               pdf_plain(p, b->of[i]->beside));
    pdf_element_close(p);
    pdf_element_close(p);
  }
  p->y += height + BOX_GAP;
}

/* Whether the run of values of a kind goes on with node `n`, through sections without a heading. */
static bool runs_on(const struct document *d, int n, enum node_kind kind) {
  return n < d->size && (silent(&d->nodes[n]) || d->nodes[n].kind == kind);
}

/* A run of figures from node `i` on; returns the node after it. */
static int headlines(struct pdf *p, int i) {
  const struct document *d = p->d;
  struct boxes b = {.count = 0};
  int all = 0;
  for (int n = i; runs_on(d, n, NODE_HEADLINE); n++) all += !silent(&d->nodes[n]);
  boxes_shape(&b, boxes_columns(p, i, all));
  pdf_element_open(p, "L");
  for (; runs_on(d, i, NODE_HEADLINE); i++) {
    if (silent(&d->nodes[i])) continue;
    b.of[b.count++] = &d->nodes[i];
    if (b.count < b.columns) continue;
    boxes_draw(p, &b);
    b.count = 0;
  }
  if (b.count) boxes_draw(p, &b);
  pdf_element_close(p);
  return i;
}

/* A run of labelled values from node `i` on; returns the node after it. */
static int values(struct pdf *p, int i) {
  const struct value_columns columns = value_columns(p, i);
  int end;
  const int64_t height = values_height(p, i, &end);
  if (height < TOGETHER) pdf_need(p, height); /* a short list is not broken over pages */
  pdf_element_open(p, "L");
  for (const struct document_node *node; (node = value_at(p->d, i));) {
    const struct value_row row = value_row(p, node, &columns);
    value_row_draw(p, &row);
    i = value_row_end(p->d, &row);
  }
  pdf_element_close(p);
  p->y += PARAGRAPH_GAP;
  return i;
}

/* ---- the whole ---- */

static void masthead(struct pdf *p) {
  pdf_artifact_begin(p, "/Type/Pagination/Subtype/Header");
  pdf_colour(p, COLOUR_BRAND);
  pdf_text(p, FACE_BOLD, 1500, BODY_LEFT, 4200, span_of("Commonweal"));
  pdf_rectangle(p, BODY_LEFT, 4800, BODY_RIGHT, 5100);
  PUT(p->content, "EMC\n");
  p->y = 6500;
}

/* The nodes from one to another, without the folded sections that begin within. */
static void nodes_draw(struct pdf *p, int from, int to) {
  const struct document *d = p->d;
  int nothing = -1; /* the table of which its heading said that it is empty */
  for (int i = from; i <= to; i++) {
    const struct document_node *node = &d->nodes[i];
    if (i > from && fold_end(d, i) > i) {
      i = fold_end(d, i);
      continue;
    }
    switch (node->kind) {
    case NODE_OPEN:
      section_open(p, i);
      if (node->label) nothing = empty_table(d, i);
      break;
    case NODE_CLOSE:
      if (node->label) pdf_element_close(p);
      break;
    case NODE_VALUE:
      if (node->label) i = values(p, i) - 1;
      break;
    case NODE_HEADLINE:
      if (node->label) i = headlines(p, i) - 1;
      break;
    case NODE_TABLE:
      if (i != nothing) pdf_table(p, node, NULL);
      break;
    case NODE_LIST: list(p, node); break;
    case NODE_PARAGRAPH: paragraph(p, node->label); break;
    case NODE_INSET: inset(p, node->label); break;
    case NODE_CHART:
      if (is_in_table(d, i)) pdf_table(p, &d->nodes[++i], node->chart);
      else pdf_chart(p, node);
      break;
    case NODE_PAGE:
      if (!p->fresh) pdf_page_new(p);
      break;
    case NODE_ABSENT: break;
    }
  }
}

static void body(struct pdf *p) {
  masthead(p);
  heading(p, 1, p->d->title);
  nodes_draw(p, 0, p->d->size - 1);
  for (int i = 0; i < p->d->size; i++)
    if (fold_end(p->d, i) > i) nodes_draw(p, i, fold_end(p->d, i));
}

/* Draws the edges of every page, at the end, when the number of pages is known. */
static void edges(struct pdf *p) {
  char line[128];
  for (size_t i = 0; i < p->page_count; i++) {
    p->content = &p->pages[i].content;
    p->colour = -1;
    if (i > 0) {
      struct span title = pdf_plain(p, p->d->title), rest = title;
      title = pdf_line_take(FACE_REGULAR, SIZE_SMALL, BODY_WIDTH - 10000, &rest);
      pdf_artifact_begin(p, "/Type/Pagination/Subtype/Header");
      pdf_colour(p, COLOUR_BRAND);
      pdf_text(p, FACE_BOLD, SIZE_SMALL, BODY_LEFT, 4200, span_of("Commonweal"));
      pdf_colour(p, COLOUR_GREY);
      pdf_text_right(p, FACE_REGULAR, SIZE_SMALL, BODY_RIGHT, 4200, title);
      pdf_colour(p, COLOUR_BRAND);
      pdf_rectangle(p, BODY_LEFT, 4700, BODY_RIGHT, 4850);
      pdf_content_end(p);
    }
    /* translators: 1 is a page's number, 2 how many pages there are. */
    snprintf(line, sizeof line, say(p->d->language, "Page %1$zu of %2$zu"), i + 1, p->page_count);
    pdf_artifact_begin(p, "/Type/Pagination/Subtype/Footer");
    pdf_colour(p, COLOUR_GREY);
    pdf_text_right(p, FACE_REGULAR, SIZE_SMALL, BODY_RIGHT, PAGE_HEIGHT - 2800, span_of(line));
    pdf_content_end(p);
  }
}

void render_pdf(const struct document *d, const struct document_attachment *attachment,
                struct text *out) {
  struct pdf p = {.d = d};
  text_reserve(&p.value, 256);
  text_reserve(&p.scratch, 256);
  pdf_page_new(&p);
  pdf_element_open(&p, "Document");
  body(&p);
  edges(&p);
  pdf_write(&p, attachment, out);
  for (size_t i = 0; i < p.page_count; i++) {
    text_release(&p.pages[i].content);
    free(p.pages[i].mcids);
  }
  for (int f = 0; f < FACES; f++) free(p.rare[f]);
  free(p.pages);
  free(p.elements);
  free(p.kids);
  free(p.bookmarks);
  free(p.links);
  text_release(&p.addresses);
  text_release(&p.scratch);
  text_release(&p.value);
  text_release(&p.string);
  pdf_table_release(&p);
}
