/* JSON: everything with a key, in the order it was added. One compact line. */
#include "document/tree.h"

#include "base/money.h"

#include <stdlib.h>

/* A comma is due unless the object or array has just been opened: a member never ends in `{` or `[`
 * outside quotes, and a text ends in its quote. */
static void comma(struct text *out) {
  char last = out->bytes[out->size - 1];
  if (last != '{' && last != '[') PUT(out, ",");
}

static void json_key(struct text *out, const char *key) {
  comma(out);
  PUT(out, "\"");
  put(out, key, strlen(key));
  PUT(out, "\":");
}

static void json_value(struct text *out, struct doc_value value) {
  switch (value.kind) {
  case DOC_NULL:
  case DOC_HIDDEN:
  case DOC_TOO_LARGE: PUT(out, "null"); break;
  case DOC_TEXT:
  case DOC_LINE:
  case DOC_NUMBER: text_add_json(out, span_of(value.text)); break;
  case DOC_ITEM: text_add_json(out, span_of(value.item->what)); break;
  case DOC_MONEY:
  case DOC_POUNDS:
  case DOC_UNVALUED:
  case DOC_COUNT:
  case DOC_UNIT:
  case DOC_MINUTES: put_int(out, value.number); break;
  case DOC_BOOL:
    if (value.number) PUT(out, "true");
    else PUT(out, "false");
    break;
  case DOC_QUANTITY:
    PUT(out, "\"");
    text_add_quantity(out, value.number);
    PUT(out, "\"");
    break;
  case DOC_DAY:
    if (value.number == DAY_NONE) {
      PUT(out, "null");
      break;
    }
    PUT(out, "\"");
    text_add_day(out, (day_t)value.number);
    PUT(out, "\"");
    break;
  case DOC_TEXTS:
    PUT(out, "[");
    for (int64_t i = 0; i < value.number; i++) {
      if (i) PUT(out, ",");
      text_add_json(out, span_of(value.texts[i]));
    }
    PUT(out, "]");
    break;
  }
}

static void json_table(struct text *out, const struct document_node *node) {
  const struct doc_table *table = node->table;
  /* `,"key":` of each column, written once and copied for every row. */
  char bytes[1024];
  const char *key[TABLE_SHOWN_MAX];
  size_t size[TABLE_SHOWN_MAX], at = 0;
  for (int c = 0; c < table->count; c++) {
    const char *name = table->columns[c].key;
    size[c] = 0;
    key[c] = bytes + at;
    if (!name) continue;
    size_t length = strlen(name);
    /* keys are words of ours: 32 of them do not reach a kilobyte */
    if (at + length + 4 > sizeof bytes) abort();
    bytes[at] = ',';
    bytes[at + 1] = '"';
    memcpy(bytes + at + 2, name, length);
    memcpy(bytes + at + 2 + length, "\":", 2);
    size[c] = length + 4;
    at += size[c];
  }
  json_key(out, node->key);
  PUT(out, "[");
  for (size_t i = 0; i < table->size;) {
    if (i) PUT(out, ",");
    PUT(out, "{");
    size_t skip = 1; /* no comma before the first */
    for (int c = 0; c < table->count; c++, i++) {
      if (!size[c]) continue;
      put(out, key[c] + skip, size[c] - skip);
      skip = 0;
      json_value(out, table->cells[i]);
    }
    PUT(out, "}");
  }
  PUT(out, "]");
}

static void json_list(struct text *out, const struct document_node *node) {
  json_key(out, node->key);
  PUT(out, "[");
  for (size_t i = 0; i < node->list->size; i++) {
    if (i) PUT(out, ",");
    text_add_json(out, span_of(node->list->items[i]));
  }
  PUT(out, "]");
}

void render_json(const struct document *d, struct text *out) {
  PUT(out, "{");
  for (int i = 0; i < d->size; i++) {
    const struct document_node *node = &d->nodes[i];
    if (!node->key) continue;
    switch (node->kind) {
    case NODE_OPEN:
      json_key(out, node->key);
      PUT(out, "{");
      break;
    case NODE_CLOSE: PUT(out, "}"); break;
    case NODE_VALUE:
    case NODE_HEADLINE:
      json_key(out, node->key);
      json_value(out, node->value);
      break;
    case NODE_ABSENT:
      json_key(out, node->key);
      PUT(out, "null");
      break;
    case NODE_TABLE: json_table(out, node); break;
    case NODE_LIST: json_list(out, node); break;
    case NODE_PARAGRAPH:
    case NODE_INSET:
    case NODE_PAGE:
    case NODE_CHART: break;
    }
  }
  PUT(out, "}");
}
