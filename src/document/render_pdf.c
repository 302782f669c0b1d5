/* PDF: the document as a tagged file (PDF 1.7 with the structure of PDF/UA-1) that prints as the
 * page is read. This file walks the nodes; pdf_page.c draws, pdf_table.c and pdf_chart.c are the
 * large parts, pdf_file.c writes the objects and says how a file is laid out. */
#include "document/pdf.h"

#include "base/arena.h"

enum {
  HEADING_MAX = 6,
  BOX_GAP = 1000,
  BOX_PAD = 900,
  BOXES_MAX = 3,
  LABEL_PER_CENT = 36,
  PARAGRAPH_GAP = 450,
  TOGETHER = 16000,
  SECTION_PAD = 450,
  VALUE_PAD = 90,
  ITEM_GAP = 150
};

enum { MIDDLE = BODY_LEFT + BODY_WIDTH * LABEL_PER_CENT / 100 }; /* where values begin */

static const struct {
  int64_t size, before, after;
} headings[HEADING_MAX + 1] = {{0, 0, 0},        {2200, 0, 1100},  {1550, 500, 350},
                               {1200, 450, 250}, {1050, 600, 300}, {1000, 600, 300},
                               {1000, 600, 300}};

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

static int64_t summary_height(struct pdf *p, const struct document_node *node) {
  int lines = pdf_lines_count(FACE_BOLD, SIZE_BODY, MIDDLE - BODY_LEFT - 1000,
                              pdf_plain(p, node->label));
  int value_lines = pdf_lines_count(FACE_REGULAR, SIZE_BODY, BODY_RIGHT - MIDDLE,
                                    pdf_value(p, node->value));
  return (lines > value_lines ? lines : value_lines) * pdf_leading(SIZE_BODY) + 2 * VALUE_PAD;
}

/* Whether a node is skipped in a run of values because it shows nothing. */
static bool silent(const struct document_node *node) {
  return node->kind == NODE_ABSENT ||
         (!node->label && (node->kind == NODE_VALUE || node->kind == NODE_HEADLINE ||
                           node->kind == NODE_OPEN || node->kind == NODE_CLOSE));
}

/* The height of the run of values that begins at node `i`. */
static int64_t values_height(struct pdf *p, int i) {
  int64_t height = 0;
  for (; i < p->d->size; i++) {
    const struct document_node *node = &p->d->nodes[i];
    if (silent(node)) continue;
    if (node->kind != NODE_VALUE) break;
    height += summary_height(p, node);
  }
  return height;
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
  int64_t height = 0;
  for (; i < p->d->size; i++) {
    const struct document_node *node = &p->d->nodes[i];
    switch (node->kind) {
    case NODE_OPEN:
      if (node->label) height += heading_height(node->level);
      break;
    case NODE_TABLE: return height + (node->table->size ? pdf_table_height_min(p, node) : 2500);
    case NODE_CHART:
      if (!is_in_table(p->d, i)) return height + pdf_chart_height(p, node);
      break;
    case NODE_PARAGRAPH: /* it stays with the node that it introduces */
      height += pdf_lines_count(FACE_REGULAR, SIZE_BODY, BODY_WIDTH, pdf_plain(p, node->label)) *
                    pdf_leading(SIZE_BODY) +
                PARAGRAPH_GAP;
      if (height > BODY_BOTTOM / 2) return height;
      break;
    case NODE_HEADLINE:
      if (node->label) return height + 5500;
      break;
    case NODE_VALUE:
      if (node->label) {
        int64_t all = values_height(p, i);
        return height + (all < TOGETHER ? all : 4000);
      }
      break;
    case NODE_INSET: return height + 5000;
    case NODE_LIST: return height + 4000;
    case NODE_CLOSE:
    case NODE_ABSENT: break;
    }
  }
  return height;
}

static void section_open(struct pdf *p, int i) {
  const struct document_node *node = &p->d->nodes[i];
  if (!node->label) return;
  pdf_need(p, kept_height(p, i));
  pdf_element_open(p, "Sect");
  heading(p, node->level, node->label);
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
  if (!items->size) return;
  pdf_need(p, node->label ? 5000 : 2 * leading);
  if (node->label) heading(p, node->level + 1, node->label);
  pdf_element_open(p, "L");
  pdf_element(p)->attributes = "<</O/List/ListNumbering/Disc>>";
  for (size_t i = 0; i < items->size; i++) {
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
             pdf_plain(p, items->items[i]));
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

static void summary_row(struct pdf *p, const struct document_node *node) {
  int64_t height = summary_height(p, node);
  bool longer = height > BODY_BOTTOM - 12000; /* than a page */
  pdf_need(p, longer ? 10000 : height);
  pdf_element_open(p, "LI");
  pdf_element_open(p, "Lbl");
  lines_at(p, FACE_BOLD, SIZE_BODY, BODY_LEFT, MIDDLE - 1000, p->y + VALUE_PAD,
           pdf_plain(p, node->label));
  pdf_element_close(p);
  pdf_element_open(p, "LBody");
  struct span value = pdf_value(p, node->value);
  if (longer) {
    p->y += VALUE_PAD;
    pdf_flow(p, FACE_REGULAR, SIZE_BODY, pdf_leading(SIZE_BODY), MIDDLE, BODY_RIGHT, value);
    height = VALUE_PAD;
  } else if (value.size)
    lines_at(p, FACE_REGULAR, SIZE_BODY, MIDDLE, BODY_RIGHT, p->y + VALUE_PAD, value);
  pdf_element_close(p);
  pdf_element_close(p);
  p->y += height;
  pdf_rule(p, BODY_LEFT, BODY_RIGHT, p->y - 50, 50, COLOUR_RULE);
}

/* Up to three boxes beside one another, as high as the highest. */
static void headline_row(struct pdf *p, const struct document_node *const *boxes, int count,
                         int columns) {
  int64_t width = (BODY_WIDTH - BOX_GAP * (columns - 1)) / columns, size = SIZE_BODY, figure = 1500;
  int label_lines = 1, value_lines = 1, beside_lines = 0;
  for (int i = 0; i < count; i++) {
    int lines = pdf_lines_count(FACE_REGULAR, size, width - 2 * BOX_PAD,
                                pdf_plain(p, boxes[i]->label));
    if (lines > label_lines) label_lines = lines;
    lines = pdf_lines_count(FACE_BOLD, figure, width - 2 * BOX_PAD, pdf_value(p, boxes[i]->value));
    if (lines > value_lines) value_lines = lines;
    if (!boxes[i]->beside) continue;
    lines = pdf_lines_count(FACE_REGULAR, size, width - 2 * BOX_PAD,
                            pdf_plain(p, boxes[i]->beside));
    if (lines > beside_lines) beside_lines = lines;
  }
  int64_t height = 2 * BOX_PAD - 200 + (label_lines + beside_lines) * pdf_leading(size) +
                   value_lines * pdf_leading(figure);
  pdf_need(p, height);
  for (int i = 0; i < count; i++) {
    int64_t left = BODY_LEFT + i * (width + BOX_GAP);
    pdf_artifact_begin(p, "");
    pdf_colour(p, COLOUR_TINT);
    pdf_rectangle(p, left, p->y, left + width, p->y + height);
    pdf_colour(p, COLOUR_BRAND);
    pdf_rectangle(p, left, p->y, left + 350, p->y + height);
    pdf_content_end(p);
    pdf_element_open(p, "LI");
    pdf_element_open(p, "Lbl");
    lines_at(p, FACE_REGULAR, size, left + BOX_PAD + 150, left + width - BOX_PAD + 150,
             p->y + BOX_PAD - 200, pdf_plain(p, boxes[i]->label));
    pdf_element_close(p);
    pdf_element_open(p, "LBody");
    struct span value = pdf_value(p, boxes[i]->value);
    if (value.size)
      lines_at(p, FACE_BOLD, figure, left + BOX_PAD + 150, left + width - BOX_PAD + 150,
               p->y + BOX_PAD - 100 + label_lines * pdf_leading(size), value);
    if (boxes[i]->beside)
      lines_at(p, FACE_REGULAR, size, left + BOX_PAD + 150, left + width - BOX_PAD + 150,
               p->y + BOX_PAD - 100 + label_lines * pdf_leading(size) +
                   value_lines * pdf_leading(figure),
               pdf_plain(p, boxes[i]->beside));
    pdf_element_close(p);
    pdf_element_close(p);
  }
  p->y += height + BOX_GAP;
}

/* A run of labelled values of one kind from node `i` on, through sections without a heading.
 * Returns the index of the last node taken. */
static int values(struct pdf *p, int i) {
  const struct document *d = p->d;
  enum node_kind kind = d->nodes[i].kind;
  const struct document_node *boxes[BOXES_MAX];
  int end = i, count = 0, all = 0;
  for (int n = i; n < d->size && (silent(&d->nodes[n]) || d->nodes[n].kind == kind); n++)
    all += !silent(&d->nodes[n]);
  int columns = all == 2 || all == 4 ? 2 : BOXES_MAX; /* four boxes are drawn in two rows of two */
  int64_t height = kind == NODE_VALUE ? values_height(p, i) : 0;
  if (height < TOGETHER) pdf_need(p, height); /* a short list is not broken over pages */
  pdf_element_open(p, "L");
  for (int n = i; n < d->size && (silent(&d->nodes[n]) || d->nodes[n].kind == kind); n++) {
    const struct document_node *node = &d->nodes[n];
    end = n;
    if (silent(node)) continue;
    if (kind == NODE_VALUE) {
      summary_row(p, node);
      continue;
    }
    boxes[count++] = node;
    if (count < columns) continue;
    headline_row(p, boxes, count, columns);
    count = 0;
  }
  if (count) headline_row(p, boxes, count, columns);
  pdf_element_close(p);
  p->y += kind == NODE_VALUE ? PARAGRAPH_GAP : 0;
  return end;
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
  for (int i = from; i <= to; i++) {
    const struct document_node *node = &d->nodes[i];
    if (i > from && fold_end(d, i) > i) {
      i = fold_end(d, i);
      continue;
    }
    switch (node->kind) {
    case NODE_OPEN: section_open(p, i); break;
    case NODE_CLOSE:
      if (node->label) pdf_element_close(p);
      break;
    case NODE_VALUE:
    case NODE_HEADLINE:
      if (node->label) i = values(p, i);
      break;
    case NODE_TABLE: pdf_table(p, node, NULL); break;
    case NODE_LIST: list(p, node); break;
    case NODE_PARAGRAPH: paragraph(p, node->label); break;
    case NODE_INSET: inset(p, node->label); break;
    case NODE_CHART:
      if (is_in_table(d, i)) pdf_table(p, &d->nodes[++i], node->chart);
      else pdf_chart(p, node);
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
}
