/* Building the tree; the renderers only read it. */
#include "document/tree.h"

#include <assert.h>

const char *document_title(const struct document *d) { return d->title; }

struct document *document_new(struct arena *arena, enum language language, const char *title) {
  struct document *d = arena_alloc(arena, sizeof *d);
  d->arena = arena;
  d->language = language;
  d->title = title ? title : "";
  d->section = -1;
  return d;
}

/* Grows an array in the arena so that it has room for one more. Its elements are copied; the old
 * array is freed with the arena. */
static void *grown(struct arena *arena, void *old, size_t item, size_t size, size_t *capacity,
                   size_t first) {
  if (size < *capacity) return old;
  size_t wanted = *capacity ? *capacity * 2 : first;
  void *fresh = arena_alloc(arena, wanted * item);
  if (size) memcpy(fresh, old, size * item);
  *capacity = wanted;
  return fresh;
}

static const void *copied(struct arena *arena, const void *items, size_t size) {
  return size ? memcpy(arena_alloc(arena, size), items, size) : NULL;
}

static struct document_node *node_add(struct document *d, enum node_kind kind, const char *key,
                                      const char *label) {
  assert(!d->adding); /* a table, list or chart was not ended */
  size_t capacity = (size_t)d->capacity;
  d->nodes = grown(d->arena, d->nodes, sizeof *d->nodes, (size_t)d->size, &capacity, 48);
  d->capacity = (int)capacity;
  struct document_node *node = &d->nodes[d->size++];
  node->kind = kind;
  node->parent = d->section;
  node->level = d->section < 0 ? 1 : d->nodes[d->section].level;
  node->key = key;
  node->label = label;
  return node;
}

void document_open(struct document *d, const char *key, const char *heading) {
  struct document_node *node = node_add(d, NODE_OPEN, key, heading);
  if (heading) node->level++;
  d->section = d->size - 1;
}

void document_fold(struct document *d) {
  assert(!d->adding && d->section == d->size - 1); /* nothing was added to it yet */
  d->nodes[d->section].folded = true;
}

int fold_end(const struct document *d, int i) {
  if (d->nodes[i].kind != NODE_OPEN || !d->nodes[i].folded) return i;
  int end = i + 1;
  while (d->nodes[end].kind != NODE_CLOSE || d->nodes[end].parent != d->nodes[i].parent) end++;
  return end;
}

void document_close(struct document *d) {
  assert(d->section >= 0);
  int opened = d->section;
  struct document_node *node = node_add(d, NODE_CLOSE, d->nodes[opened].key,
                                        d->nodes[opened].label);
  node->folded = d->nodes[opened].folded;
  d->section = d->nodes[opened].parent;
  node->parent = d->section;
}

void document_value(struct document *d, const char *key, const char *label,
                    struct doc_value value) {
  node_add(d, NODE_VALUE, key, label)->value = value;
}

void document_headline(struct document *d, const char *key, const char *label,
                       struct doc_value value) {
  node_add(d, NODE_HEADLINE, key, label)->value = value;
}

void document_headline_beside(struct document *d, const char *key, const char *label,
                              struct doc_value value, const char *beside) {
  document_headline(d, key, label, value);
  d->nodes[d->size - 1].beside = beside;
}

void document_page(struct document *d) { node_add(d, NODE_PAGE, NULL, NULL); }
void document_absent(struct document *d, const char *key) { node_add(d, NODE_ABSENT, key, NULL); }

static struct document_node *adding(const struct document *d, enum node_kind kind) {
  assert(d->adding && d->nodes[d->size - 1].kind == kind);
  (void)kind;
  return &d->nodes[d->size - 1];
}

void document_table(struct document *d, const char *key, const char *caption,
                    const struct doc_column *columns, int count, const char *csv_section) {
  assert(count > 0 && count <= TABLE_SHOWN_MAX);
  struct doc_table *table = arena_alloc(d->arena, sizeof *table);
  table->columns = copied(d->arena, columns, sizeof *columns * (size_t)count);
  table->count = count;
  table->csv_section = csv_section;
  node_add(d, NODE_TABLE, key, caption)->table = table;
  d->adding = true;
}

void document_cell(struct document *d, struct doc_value value) {
  struct doc_table *table = adding(d, NODE_TABLE)->table;
  table->cells = grown(d->arena, table->cells, sizeof *table->cells, table->size, &table->capacity,
                       (size_t)table->count * 8);
  table->cells[table->size++] = value;
}

void document_table_total(struct document *d, const char *label, const struct doc_value *values) {
  struct doc_table *table = adding(d, NODE_TABLE)->table;
  table->total_label = label;
  table->total = copied(d->arena, values, sizeof *values * (size_t)table->count);
}

void document_table_end(struct document *d) {
  struct doc_table *table = adding(d, NODE_TABLE)->table;
  assert(table->size % (size_t)table->count == 0); /* each row has one cell for each column */
  (void)table;
  d->adding = false;
}

void document_list(struct document *d, const char *key, const char *heading) {
  node_add(d, NODE_LIST, key, heading)->list = arena_alloc(d->arena, sizeof(struct doc_list));
  d->adding = true;
}

void document_list_item(struct document *d, const char *text) {
  struct doc_list *list = adding(d, NODE_LIST)->list;
  document_list_item_data(d, text);
  list->shown = grown(d->arena, list->shown, sizeof *list->shown, list->shown_size,
                      &list->shown_capacity, 8);
  list->shown[list->shown_size++] = text ? text : "";
}

void document_list_item_data(struct document *d, const char *text) {
  struct doc_list *list = adding(d, NODE_LIST)->list;
  list->items = grown(d->arena, list->items, sizeof *list->items, list->size, &list->capacity, 8);
  list->items[list->size++] = text ? text : "";
}

void document_list_end(struct document *d) {
  adding(d, NODE_LIST);
  d->adding = false;
}

void document_paragraph(struct document *d, const char *text) {
  node_add(d, NODE_PARAGRAPH, NULL, text);
}
void document_inset(struct document *d, const char *text) {
  node_add(d, NODE_INSET, NULL, text)->value = doc_text(text);
}
void document_inset_line(struct document *d, const char *text, const char *line, const char *name) {
  struct doc_item *item = arena_alloc(d->arena, sizeof *item);
  *item = (struct doc_item){.what = text, .other = line, .other_name = name};
  node_add(d, NODE_INSET, NULL, arena_printf(d->arena, "%s %s: %s", text, name, line))->value =
      doc_item_of(item);
}
void document_lead(struct document *d, const char *text) {
  node_add(d, NODE_PARAGRAPH, NULL, text)->is_lead = true;
}

void document_chart(struct document *d, enum chart_kind kind, const char *title,
                    const char *alternative, const char *const *series, int series_count) {
  assert(series_count > 0);
  struct doc_chart *chart = arena_alloc(d->arena, sizeof *chart);
  chart->kind = kind;
  chart->alternative = alternative;
  chart->series = copied(d->arena, series, sizeof *series * (size_t)series_count);
  chart->series_count = series_count;
  node_add(d, NODE_CHART, NULL, title)->chart = chart;
  d->adding = true;
}

void document_chart_point(struct document *d, const char *label, const struct doc_value *values) {
  struct doc_chart *chart = adding(d, NODE_CHART)->chart;
  size_t capacity = chart->capacity, series = (size_t)chart->series_count;
  chart->labels = grown(d->arena, chart->labels, sizeof *chart->labels, chart->size, &capacity, 8);
  capacity = chart->capacity;
  chart->shares = grown(d->arena, chart->shares, sizeof *chart->shares, chart->size, &capacity, 8);
  chart->values = grown(d->arena, chart->values, sizeof *chart->values * series, chart->size,
                        &chart->capacity, 8);
  chart->labels[chart->size] = label ? label : "";
  chart->shares[chart->size] = NULL;
  memcpy(&chart->values[chart->size * series], values, sizeof *values * series);
  chart->size++;
}

void document_chart_measure(struct document *d, enum chart_measure measure) {
  adding(d, NODE_CHART)->chart->measure = measure;
}

void document_chart_share(struct document *d, const char *percent) {
  struct doc_chart *chart = adding(d, NODE_CHART)->chart;
  assert(chart->size > 0);
  chart->shares[chart->size - 1] = percent;
}

void document_chart_end(struct document *d) {
  adding(d, NODE_CHART);
  d->adding = false;
}

void document_csv_columns(struct document *d, const char *const *keys, int count) {
  d->csv_columns = copied(d->arena, keys, sizeof *keys * (size_t)count);
  d->csv_count = count;
}

void document_render(const struct document *d, enum format format,
                     const struct document_options *options, struct text *out) {
  static const struct document_options plainest = {0};
  assert(!d->adding && d->section < 0); /* everything that was opened is closed */
  if (!options) options = &plainest;
  text_reserve(out, 16384);
  switch (format) {
  case FORMAT_TEXT:
    render_text(d, options->width_columns > 0 ? options->width_columns : 80, out);
    break;
  case FORMAT_HTML: render_html(d, options, out); break;
  case FORMAT_JSON: render_json(d, out); break;
  case FORMAT_CSV: render_csv(d, options->csv_header, out); break;
  case FORMAT_PDF: render_pdf(d, options->attachment, out); break;
  }
  text_reserve(out, 1);
  out->bytes[out->size] = 0;
}

enum status format_parse(struct span text, enum format *format, struct error *err) {
  static const struct {
    const char *name;
    enum format format;
  } formats[] = {{"text", FORMAT_TEXT},
                 {"html", FORMAT_HTML},
                 {"json", FORMAT_JSON},
                 {"csv", FORMAT_CSV},
                 {"pdf", FORMAT_PDF}};
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
    if (span_is(text, formats[i].name)) {
      *format = formats[i].format;
      return DONE;
    }
  return error_set(err, USAGE,
                   "'" SPAN_FORMAT "' is not a format; write text, html, json, csv or pdf",
                   SPAN(text));
}
