/* HTML: one page with its style in it, or the fragment that another page wraps. No script, nothing
 * fetched. The look is assets/document.css. */
#include "document/html.h"

#include "base/embedded.h"
#include "base/money.h"

enum {
  CONTENTS_MIN = 4,
  STACKED_COLUMNS_MIN = 4,
  STACKED_WORDS_MIN_COLUMNS = 3,
  SPARSE_COLUMNS_MIN = 6,
  HEADING_MAX = 6
};

void html_span(struct html *h, struct span text) {
  text_add_html(h->out, plain(&h->scratch, text));
}
void html_string(struct html *h, const char *text) { html_span(h, span_of(text)); }

static void html_link(struct html *h, const char *line, const char *words) {
  const bool is_link = h->line_path && line;
  if (is_link) {
    PUT(h->out, "<a href=\"");
    html_string(h, h->line_path);
    html_string(h, line);
    PUT(h->out, "\">");
  }
  html_string(h, words);
  if (is_link) PUT(h->out, "</a>");
}

static void html_item(struct html *h, const struct doc_item *item) {
  if (item->is_taken_back) PUT(h->out, "<s>");
  html_link(h, item->line, item->what);
  if (item->is_taken_back) PUT(h->out, "</s>");
  if (item->more) {
    PUT(h->out, "<br>");
    html_string(h, item->more);
  }
  if (!item->other) return;
  PUT(h->out, " ");
  html_link(h, item->other, item->other_name);
  if (h->line_path) return;
  PUT(h->out, ": ");
  html_string(h, item->other);
}

static void html_plain_value(struct html *h, struct doc_value value) {
  switch (value.kind) {
  case DOC_ITEM: html_item(h, value.item); return;
  /* digits and signs of ours: nothing to escape */
  case DOC_MONEY: text_add_pounds(h->out, value.number); return;
  case DOC_LINE:
    if (value.text && *value.text) html_link(h, value.text, value.text);
    return;
  case DOC_TEXT:
  case DOC_NUMBER: html_string(h, value.text); return;
  default:
    text_clear(&h->value);
    value_for_people(&h->value, h->d->language, value);
    html_span(h, span_make(h->value.bytes, h->value.size));
  }
}

static void html_value(struct html *h, struct doc_value value) {
  if (value.is_struck) PUT(h->out, "<s>");
  html_plain_value(h, value);
  if (value.is_struck) PUT(h->out, "</s>");
}

struct span document_style(void) {
  for (const struct embedded_file *file = embedded_assets; file->name; file++) {
    if (strcmp(file->name, "document.css") != 0) continue;
    /* the comment at the top of the file is not sent with every page */
    const char *end = strstr(file->bytes, "*/\n");
    const char *from = end ? end + 3 : file->bytes;
    return span_make(from, (size_t)(file->bytes + file->size - from));
  }
  return span_of("");
}

static void heading(struct html *h, int level, const char *text) {
  char tag[] = "h1>";
  tag[1] = (char)('0' + (level < HEADING_MAX ? level : HEADING_MAX));
  PUT(h->out, "<");
  put(h->out, tag, 3);
  html_string(h, text);
  PUT(h->out, "</");
  put(h->out, tag, 3);
  PUT(h->out, "\n");
}

/* A section's id is the path of keys to it, `received-cash`; without a key it is the section's
 * number in the document. */
static void section_id(struct html *h, int i) {
  const struct document_node *node = &h->d->nodes[i];
  if (!node->key) {
    PUT(h->out, "part-");
    put_int(h->out, i);
    return;
  }
  for (int p = node->parent; p >= 0; p = h->d->nodes[p].parent)
    if (h->d->nodes[p].key) {
      section_id(h, p);
      PUT(h->out, "-");
      break;
    }
  html_string(h, node->key);
}

static bool in_contents(const struct document_node *node) {
  return node->kind == NODE_OPEN && node->label && node->level == 2 && !node->folded;
}

static void contents(struct html *h) {
  const struct document *d = h->d;
  int count = 0;
  for (int i = 0; i < d->size; i++) count += in_contents(&d->nodes[i]);
  if (count < CONTENTS_MIN) return;
  PUT(h->out, "<nav class=\"contents\" aria-label=\"");
  html_string(h, say(d->language, "Contents"));
  PUT(h->out, "\"><ul>\n");
  for (int i = 0; i < d->size; i++) {
    if (!in_contents(&d->nodes[i])) continue;
    PUT(h->out, "<li><a href=\"#");
    section_id(h, i);
    PUT(h->out, "\">");
    html_string(h, d->nodes[i].label);
    PUT(h->out, "</a></li>\n");
  }
  PUT(h->out, "</ul></nav>\n");
}

/* A run of labelled values from node `i` on, through sections without a heading. Headlines and
 * plain values are lists of their own. Returns the index of the last node taken. */
static int values(struct html *h, int i) {
  const struct document *d = h->d;
  enum node_kind kind = d->nodes[i].kind;
  int end = i;
  if (kind == NODE_HEADLINE) PUT(h->out, "<dl class=\"headline\">\n");
  else PUT(h->out, "<dl class=\"summary\">\n");
  for (int n = i; n < d->size; n++) {
    const struct document_node *node = &d->nodes[n];
    bool silent = node->kind == NODE_ABSENT ||
                  (!node->label && (node->kind == NODE_VALUE || node->kind == NODE_HEADLINE ||
                                    node->kind == NODE_OPEN || node->kind == NODE_CLOSE));
    if (!silent && node->kind != kind) break;
    end = n;
    if (silent) continue;
    PUT(h->out, "<div><dt>");
    html_string(h, node->label);
    PUT(h->out, "</dt><dd>");
    html_value(h, node->value);
    if (node->beside) {
      PUT(h->out, " <span class=\"beside\">");
      html_string(h, node->beside);
      PUT(h->out, "</span>");
    }
    PUT(h->out, "</dd></div>\n");
  }
  PUT(h->out, "</dl>\n");
  return end;
}

/* ---- tables ---- */

static void marks(struct html *h, const struct doc_table *table, const struct table_shape *shape,
                  size_t row) {
  for (int m = 0; m < shape->mark_count; m++) {
    if (!table->cells[row + (size_t)shape->marks[m]].number) continue;
    PUT(h->out, " <small>");
    html_string(h, table->columns[shape->marks[m]].label);
    PUT(h->out, "</small>");
  }
}

/* On a phone a table that is wide, or has words beside its first column, is shown as a list. */
static bool stacked(const struct table_shape *shape) {
  if (shape->count >= STACKED_COLUMNS_MIN) return true;
  if (shape->count < STACKED_WORDS_MIN_COLUMNS) return false;
  for (int s = 1; s < shape->count; s++)
    if (!shape->figures[s]) return true;
  return false;
}

/* Opening tag of a cell after the row's first; in a list it must say what it is. Class w is words;
 * t may break at its spaces; z is a zero in a table so wide that most of it is zeros: grey, and
 * left out of the list on a phone. */
static void cell_open(struct html *h, const struct doc_table *table,
                      const struct table_shape *shape, int s, struct doc_value value) {
  if (!shape->figures[s]) PUT(h->out, "<td class=\"w\"");
  else if (shape->count >= SPARSE_COLUMNS_MIN && value_is_zero(value))
    PUT(h->out, "<td class=\"z\"");
  else if (value.kind == DOC_MINUTES || value.kind == DOC_QUANTITY) PUT(h->out, "<td class=\"t\"");
  else PUT(h->out, "<td");
  if (stacked(shape)) {
    PUT(h->out, " data-label=\"");
    html_string(h, table->columns[shape->shown[s]].label);
    PUT(h->out, "\"");
  }
  PUT(h->out, ">");
}

static void table_head(struct html *h, const struct document_node *node,
                       const struct table_shape *shape) {
  const struct doc_table *table = node->table;
  if (stacked(shape)) PUT(h->out, "<table class=\"stack\">\n");
  else PUT(h->out, "<table>\n");
  if (node->label) {
    PUT(h->out, "<caption>");
    html_string(h, node->label);
    PUT(h->out, "</caption>\n");
  } else {
    /* Sighted readers have the heading above as its name; the caption gives the same name to people
     * who jump from table to table. */
    int p = node->parent;
    while (p >= 0 && !h->d->nodes[p].label) p = h->d->nodes[p].parent;
    PUT(h->out, "<caption class=\"hidden\">");
    html_string(h, p >= 0 ? h->d->nodes[p].label : h->d->title);
    PUT(h->out, "</caption>\n");
  }
  PUT(h->out, "<thead><tr>");
  for (int s = 0; s < shape->count; s++) {
    if (s == 0 || !shape->figures[s]) PUT(h->out, "<th scope=\"col\" class=\"w\">");
    else PUT(h->out, "<th scope=\"col\">");
    html_string(h, table->columns[shape->shown[s]].label);
    PUT(h->out, "</th>");
  }
  PUT(h->out, "</tr></thead>\n");
}

static void table(struct html *h, const struct document_node *node) {
  const struct doc_table *table = node->table;
  struct table_shape shape;
  table_shape(table, &shape);
  if (!shape.count) return;
  if (!table->size) {
    PUT(h->out, "<p class=\"none\">");
    if (node->label) {
      html_string(h, node->label);
      PUT(h->out, ": ");
    }
    html_string(h, say(h->d->language, "Nothing recorded."));
    PUT(h->out, "</p>\n");
    return;
  }
  table_head(h, node, &shape);
  PUT(h->out, "<tbody>\n");
  for (size_t row = 0; row < table->size; row += (size_t)table->count) {
    PUT(h->out, "<tr><th scope=\"row\">");
    html_value(h, table->cells[row + (size_t)shape.shown[0]]);
    marks(h, table, &shape, row);
    PUT(h->out, "</th>");
    for (int s = 1; s < shape.count; s++) {
      struct doc_value value = table->cells[row + (size_t)shape.shown[s]];
      cell_open(h, table, &shape, s, value);
      html_value(h, value);
      PUT(h->out, "</td>");
    }
    PUT(h->out, "</tr>\n");
  }
  PUT(h->out, "</tbody>\n");
  if (table->total) {
    PUT(h->out, "<tfoot><tr><th scope=\"row\">");
    html_string(h, table->total_label);
    PUT(h->out, "</th>");
    for (int s = 1; s < shape.count; s++) {
      cell_open(h, table, &shape, s, table->total[shape.shown[s]]);
      html_value(h, table->total[shape.shown[s]]);
      PUT(h->out, "</td>");
    }
    PUT(h->out, "</tr></tfoot>\n");
  }
  PUT(h->out, "</table>\n");
}

static void list(struct html *h, const struct document_node *node) {
  if (!node->list->shown_size) return;
  if (node->label) heading(h, node->level + 1, node->label);
  PUT(h->out, "<ul class=\"list\">\n");
  for (size_t i = 0; i < node->list->shown_size; i++) {
    PUT(h->out, "<li>");
    html_string(h, node->list->shown[i]);
    PUT(h->out, "</li>\n");
  }
  PUT(h->out, "</ul>\n");
}

static void section_open(struct html *h, int i) {
  const struct document_node *node = &h->d->nodes[i];
  if (!node->label) return;
  if (node->folded) {
    PUT(h->out, "<details id=\"");
    section_id(h, i);
    PUT(h->out, "\">\n<summary>");
    html_string(h, node->label);
    PUT(h->out, "</summary>\n");
    return;
  }
  PUT(h->out, "<section id=\"");
  section_id(h, i);
  PUT(h->out, "\">\n");
  heading(h, node->level, node->label);
}

static void section_close(struct html *h, const struct document_node *close) {
  if (!close->label) return;
  if (close->folded) PUT(h->out, "</details>\n");
  else PUT(h->out, "</section>\n");
}

static void body(struct html *h) {
  const struct document *d = h->d;
  bool listed = false;
  if (*d->title) heading(h, 1, d->title);
  for (int i = 0; i < d->size; i++) {
    const struct document_node *node = &d->nodes[i];
    switch (node->kind) {
    case NODE_OPEN:
      if (!listed && node->label &&
          !node->folded) { /* the text before the first section is the introduction */
        listed = true;
        contents(h);
      }
      section_open(h, i);
      break;
    case NODE_CLOSE: section_close(h, node); break;
    case NODE_VALUE:
    case NODE_HEADLINE:
      if (node->label) i = values(h, i);
      break;
    case NODE_TABLE: table(h, node); break;
    case NODE_LIST: list(h, node); break;
    case NODE_PARAGRAPH:
      if (node->is_lead) PUT(h->out, "<p class=\"lead\">");
      else PUT(h->out, "<p>");
      html_string(h, node->label);
      PUT(h->out, "</p>\n");
      break;
    case NODE_INSET:
      PUT(h->out, "<p class=\"inset\">");
      html_value(h, node->value);
      PUT(h->out, "</p>\n");
      break;
    case NODE_CHART: html_chart(h, node); break;
    case NODE_PAGE:
    case NODE_ABSENT: break;
    }
  }
}

void render_html(const struct document *d, const struct document_options *options,
                 struct text *out) {
  struct html h = {.d = d, .out = out, .line_path = options->line_path};
  text_reserve(&h.value, 256); /* neither is null from here on */
  text_reserve(&h.scratch, 256);
  if (options->fragment) {
    body(&h);
  } else {
    struct span style = document_style();
    PUT(out, "<!DOCTYPE html>\n<html lang=\"");
    html_string(&h, language_code(d->language));
    PUT(out, "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
             "content=\"width=device-width, initial-scale=1\">\n<title>");
    html_string(&h, d->title);
    PUT(out, " - Commonweal</title>\n<style>\n");
    put(out, style.bytes, style.size);
    PUT(out, "</style>\n</head>\n<body>\n<header><p>Commonweal</p></header>\n<main>\n");
    body(&h);
    PUT(out, "</main>\n</body>\n</html>\n");
  }
  text_release(&h.value);
  text_release(&h.scratch);
}
