/* The tree is built from libfyaml's events, not from its documents: so duplicate keys, anchors and
 * every limit are ours, each fault is one refusal with its place, and nothing of the library's
 * lives on. */
#include "rules/yaml.h"

#include "base/limits.h"
#include "base/map.h"
#include "base/refusal.h"

#include <errno.h>
#include <fcntl.h>
#include <libfyaml.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A list or map whose end has not come yet. */
struct yaml_open {
  struct yaml_node *node;
  const struct yaml_node **items, **keys;
  size_t item_capacity, key_capacity;
  const struct yaml_node *key; /* of a map: read, its item is still to come */
  struct map known;            /* of a large map: its keys */
  int64_t size_before;         /* nodes of the document before this one */
  int anchor;                  /* its index among the anchors; -1: none */
};

struct yaml_anchor {
  struct span name;
  const struct yaml_node *node;
  int64_t size; /* nodes it stands for; -1: still open */
};

struct yaml_builder {
  struct arena *arena;
  const char *file;
  struct fy_diag *diag;
  struct fy_parser *parser;
  struct yaml_open open[LIMIT_YAML_DEPTH];
  int depth;
  const struct yaml_node *root;
  int64_t size; /* nodes so far, with what aliases stand for */
  struct yaml_anchor *anchors;
  size_t anchor_count, anchor_capacity;
};

/* ---- where a fault is ---- */

static enum status yaml_fault(const struct yaml_builder *b, int line, int column,
                              struct error *err) {
  char where[24];
  (void)snprintf(where, sizeof where, "column %d", column);
  return error_at(err, b->file, (uint64_t)line, where);
}

static struct fy_mark yaml_mark_of(struct fy_event *event) {
  const struct fy_mark *mark = fy_event_start_mark(event);
  return mark ? (struct fy_mark){mark->input_pos, mark->line + 1, mark->column + 1}
              : (struct fy_mark){0, 1, 1};
}

/* What the library found first, in its words. */
static enum status yaml_refuse_malformed(const struct yaml_builder *b, struct error *err) {
  void *at = NULL;
  const struct fy_diag_error *first = fy_diag_errors_iterate(b->diag, &at);
  if (!first) {
    (void)refuse(err, YAML_MALFORMED, "it cannot be read");
    return error_at(err, b->file, 0, NULL);
  }
  (void)refuse(err, YAML_MALFORMED, first->msg ? first->msg : "");
  return yaml_fault(b, first->line > 0 ? first->line : 1, first->column > 0 ? first->column : 1,
                    err);
}

static enum status yaml_check_utf8(struct span bytes, const char *file, struct error *err) {
  if (utf8_valid(bytes.bytes, bytes.size)) return DONE;
  uint64_t line = 1;
  for (size_t begin = 0; begin < bytes.size; line++) {
    const char *end = memchr(bytes.bytes + begin, '\n', bytes.size - begin);
    size_t size = end ? (size_t)(end - bytes.bytes) - begin + 1 : bytes.size - begin;
    if (!utf8_valid(bytes.bytes + begin, size)) break;
    begin += size;
  }
  (void)refuse(err, YAML_NOT_UTF_8);
  return error_at(err, file, line, NULL);
}

/* ---- nodes ---- */

static enum status yaml_count(struct yaml_builder *b, int64_t more, struct fy_mark mark,
                              struct error *err) {
  b->size += more;
  if (b->size <= LIMIT_YAML_NODES) return DONE;
  (void)refuse(err, YAML_TOO_MANY_NODES, LIMIT_YAML_NODES);
  return yaml_fault(b, mark.line, mark.column, err);
}

static struct yaml_node *yaml_node_new(struct yaml_builder *b, enum yaml_kind kind,
                                       struct fy_mark mark) {
  struct yaml_node *node = arena_alloc(b->arena, sizeof *node);
  node->kind = kind;
  node->line = mark.line;
  node->column = mark.column;
  return node;
}

enum { YAML_KEYS_COMPARED = 16 }; /* of a map: up to so many are compared one by one */

static bool yaml_key_is_known(struct yaml_builder *b, struct yaml_open *top, struct span key) {
  int count = top->node->count;
  if (count < YAML_KEYS_COMPARED) {
    for (int i = 0; i < count; i++)
      if (span_equal(top->keys[i]->text, key)) return true;
    return false;
  }
  if (count == YAML_KEYS_COMPARED) {
    top->known = map_make(b->arena, YAML_KEYS_COMPARED * 4);
    for (int i = 0; i < count; i++) map_set(&top->known, top->keys[i]->text, i);
  }
  if (map_get(&top->known, key) >= 0) return true;
  map_set(&top->known, key, count);
  return false;
}

static enum status yaml_take_key(struct yaml_builder *b, struct yaml_open *top,
                                 const struct yaml_node *node, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  if (node->kind != YAML_SCALAR) (void)refuse(err, YAML_KEY_NOT_SCALAR);
  else if (span_is(node->text, "<<") && !node->is_quoted) (void)refuse(err, YAML_MERGE_KEY);
  else if (yaml_key_is_known(b, top, node->text))
    (void)refuse(err, YAML_KEY_TWICE, span_quote(node->text, quoted));
  else {
    top->key = node;
    return DONE;
  }
  return yaml_fault(b, node->line, node->column, err);
}

/* A finished node goes into the list or map that is open, or is the document. */
static enum status yaml_place(struct yaml_builder *b, const struct yaml_node *node,
                              struct error *err) {
  if (!b->depth) {
    b->root = node;
    return DONE;
  }
  struct yaml_open *top = &b->open[b->depth - 1];
  if (top->node->kind == YAML_MAP && !top->key) return yaml_take_key(b, top, node, err);
  size_t count = (size_t)top->node->count;
  arena_reserve(b->arena, top->items, top->item_capacity, count + 1);
  top->items[count] = node;
  if (top->node->kind == YAML_MAP) {
    arena_reserve(b->arena, top->keys, top->key_capacity, count + 1);
    top->keys[count] = top->key;
    top->key = NULL;
  }
  top->node->count++;
  return DONE;
}

/* ---- anchors ---- */

static struct span yaml_token_text(struct fy_token *token) {
  size_t size = 0;
  const char *text = token ? fy_token_get_text(token, &size) : NULL;
  return span_make(text, text ? size : 0);
}

/* Its index, or -1 where the event has no anchor. A name given anew names the later node. */
static int yaml_anchor_add(struct yaml_builder *b, struct fy_token *token,
                           const struct yaml_node *node, int64_t size) {
  if (!token) return -1;
  struct span name = yaml_token_text(token);
  arena_reserve(b->arena, b->anchors, b->anchor_capacity, b->anchor_count + 1);
  b->anchors[b->anchor_count] = (struct yaml_anchor){
      span_make(arena_copy(b->arena, name.bytes, name.size), name.size), node, size};
  return (int)b->anchor_count++;
}

static enum status yaml_take_alias(struct yaml_builder *b, struct fy_event *event,
                                   struct error *err) {
  struct fy_mark mark = yaml_mark_of(event); /* of the name: the star stands before it */
  struct span name = yaml_token_text(event->alias.anchor);
  if (mark.column > 1) mark.column--;
  const struct yaml_anchor *found = NULL;
  for (size_t i = b->anchor_count; i-- && !found;)
    if (span_equal(b->anchors[i].name, name)) found = &b->anchors[i];
  char quoted[SPAN_QUOTE_SIZE];
  if (!found || found->size < 0) {
    if (found) (void)refuse(err, YAML_ALIAS_WITHIN, span_quote(name, quoted));
    else (void)refuse(err, YAML_ALIAS_UNKNOWN, span_quote(name, quoted));
    return yaml_fault(b, mark.line, mark.column, err);
  }
  if (yaml_count(b, found->size, mark, err) != DONE) return err->code;
  return yaml_place(b, found->node, err);
}

/* ---- events ---- */

static bool yaml_is_str_tag(struct fy_token *tag) {
  struct span text = yaml_token_text(tag);
  return span_is(text, "tag:yaml.org,2002:str") || span_is(text, "!!str") || span_is(text, "!");
}

static enum status yaml_take_scalar(struct yaml_builder *b, struct fy_event *event,
                                    struct error *err) {
  struct fy_mark mark = yaml_mark_of(event);
  if (yaml_count(b, 1, mark, err) != DONE) return err->code;
  struct yaml_node *node = yaml_node_new(b, YAML_SCALAR, mark);
  struct fy_token *token = event->scalar.value;
  struct span text = yaml_token_text(token);
  if (text.size && memchr(text.bytes, 0, text.size)) { /* names would end there */
    (void)refuse(err, YAML_ZERO_BYTE);
    return yaml_fault(b, mark.line, mark.column, err);
  }
  node->text = span_make(arena_copy(b->arena, text.bytes ? text.bytes : "", text.size), text.size);
  node->is_quoted = (token && fy_token_scalar_style(token) != FYSS_PLAIN) ||
                    (event->scalar.tag && yaml_is_str_tag(event->scalar.tag));
  (void)yaml_anchor_add(b, event->scalar.anchor, node, 1);
  return yaml_place(b, node, err);
}

static enum status yaml_begin(struct yaml_builder *b, enum yaml_kind kind, struct fy_event *event,
                              struct error *err) {
  struct fy_mark mark = yaml_mark_of(event);
  if (b->depth == LIMIT_YAML_DEPTH) {
    (void)refuse(err, YAML_TOO_DEEP, LIMIT_YAML_DEPTH);
    return yaml_fault(b, mark.line, mark.column, err);
  }
  int64_t before = b->size;
  if (yaml_count(b, 1, mark, err) != DONE) return err->code;
  struct yaml_node *node = yaml_node_new(b, kind, mark);
  struct fy_token *anchor = kind == YAML_MAP ? event->mapping_start.anchor
                                             : event->sequence_start.anchor;
  b->open[b->depth++] = (struct yaml_open){.node = node,
                                           .size_before = before,
                                           .anchor = yaml_anchor_add(b, anchor, node, -1)};
  return DONE;
}

static enum status yaml_end(struct yaml_builder *b, struct error *err) {
  struct yaml_open *top = &b->open[--b->depth];
  top->node->items = top->items;
  top->node->keys = top->keys;
  if (top->anchor >= 0) b->anchors[top->anchor].size = b->size - top->size_before;
  return yaml_place(b, top->node, err);
}

static enum status yaml_take_event(struct yaml_builder *b, struct fy_event *event,
                                   struct error *err) {
  switch (event->type) {
  case FYET_DOCUMENT_START:
    b->root = NULL;
    b->anchor_count = 0;
    return DONE;
  case FYET_MAPPING_START: return yaml_begin(b, YAML_MAP, event, err);
  case FYET_SEQUENCE_START: return yaml_begin(b, YAML_LIST, event, err);
  case FYET_MAPPING_END:
  case FYET_SEQUENCE_END: return yaml_end(b, err);
  case FYET_SCALAR: return yaml_take_scalar(b, event, err);
  case FYET_ALIAS: return yaml_take_alias(b, event, err);
  default: return DONE;
  }
}

static enum status yaml_build(struct yaml_builder *b, struct yaml_stream *out, struct error *err) {
  const struct yaml_node **documents = NULL;
  size_t count = 0, capacity = 0;
  for (;;) {
    struct fy_event *event = fy_parser_parse(b->parser);
    if (!event) break;
    enum fy_event_type type = event->type;
    enum status status = yaml_take_event(b, event, err);
    fy_parser_event_free(b->parser, event);
    if (status != DONE) return status;
    if (type == FYET_DOCUMENT_END && b->root) {
      arena_reserve(b->arena, documents, capacity, count + 1);
      documents[count++] = b->root;
    }
  }
  if (fy_parser_get_stream_error(b->parser)) return yaml_refuse_malformed(b, err);
  *out = (struct yaml_stream){(int)count, documents};
  return DONE;
}

enum status yaml_read(struct arena *arena, struct span bytes, const char *file,
                      struct yaml_stream *out, struct error *err) {
  *out = (struct yaml_stream){0};
  if (bytes.size > LIMIT_YAML_BYTES) {
    (void)refuse(err, YAML_TOO_LARGE, LIMIT_YAML_BYTES >> 20);
    return error_at(err, file, 0, NULL);
  }
  if (yaml_check_utf8(bytes, file, err) != DONE) return err->code;
  struct fy_diag_cfg quiet;
  fy_diag_cfg_default(&quiet);
  quiet.fp = NULL;
  struct yaml_builder *b = arena_alloc(arena, sizeof *b);
  b->arena = arena;
  b->file = file;
  b->diag = fy_diag_create(&quiet);
  if (!b->diag) return error_set(err, FAILED, "no memory to read YAML");
  fy_diag_set_collect_errors(b->diag, true);
  struct fy_parse_cfg how = {.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 |
                                      FYPCF_SLOPPY_FLOW_INDENTATION,
                             .diag = b->diag};
  b->parser = fy_parser_create(&how);
  enum status status;
  if (!b->parser || fy_parser_set_string(b->parser, bytes.bytes, bytes.size) != 0)
    status = error_set(err, FAILED, "no memory to read YAML");
  else status = yaml_build(b, out, err);
  if (b->parser) fy_parser_destroy(b->parser);
  fy_diag_destroy(b->diag);
  return status;
}

/* ---- files ---- */

size_t yaml_stem_size(const char *name) {
  const size_t size = strlen(name);
  if (size > 5 && strcmp(name + size - 5, ".yaml") == 0) return size - 5;
  if (size > 4 && strcmp(name + size - 4, ".yml") == 0) return size - 4;
  return 0;
}

static enum status yaml_fill(int fd, const char *path, char *into, size_t *size,
                             struct error *err) {
  size_t got = 0;
  while (got < *size) {
    ssize_t n = read(fd, into + got, *size - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return error_errno(err, "%s", path);
    if (n == 0) break;
    got += (size_t)n;
  }
  *size = got;
  return DONE;
}

static enum status yaml_load_bytes(struct arena *arena, const char *path, struct span *out,
                                   struct error *err) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    (void)refuse(err, YAML_FILE_NOT_OPENED, strerror(errno));
    return error_at(err, path, 0, NULL);
  }
  struct stat about;
  enum status status = DONE;
  if (fstat(fd, &about) != 0) status = error_errno(err, "%s", path);
  else if (!S_ISREG(about.st_mode)) status = refuse(err, YAML_NOT_A_FILE);
  else if (about.st_size > LIMIT_YAML_BYTES)
    status = refuse(err, YAML_TOO_LARGE, LIMIT_YAML_BYTES >> 20);
  if (status == DONE) {
    size_t size = (size_t)about.st_size;
    char *bytes = arena_alloc(arena, size + 1);
    status = yaml_fill(fd, path, bytes, &size, err);
    *out = span_make(bytes, size);
  }
  (void)close(fd);
  return status == DONE ? DONE : error_at(err, path, 0, NULL);
}

enum status yaml_read_file(struct arena *arena, const char *path, struct yaml_stream *out,
                           struct error *err) {
  struct span bytes;
  if (yaml_load_bytes(arena, path, &bytes, err) != DONE) return err->code;
  return yaml_read(arena, bytes, path, out, err);
}

/* ---- what a node says ---- */

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key) {
  if (!map || map->kind != YAML_MAP) return NULL;
  for (int i = 0; i < map->count; i++)
    if (span_is(map->keys[i]->text, key)) return map->items[i];
  return NULL;
}

bool yaml_is_null(const struct yaml_node *node) {
  if (!node || node->kind != YAML_SCALAR || node->is_quoted) return false;
  struct span t = node->text;
  return t.size == 0 || span_is(t, "~") || span_is(t, "null") || span_is(t, "Null") ||
         span_is(t, "NULL");
}

const char *yaml_text(const struct yaml_node *node) {
  if (!node || node->kind != YAML_SCALAR || yaml_is_null(node)) return NULL;
  return node->text.bytes;
}

bool yaml_as_bool(const struct yaml_node *node, bool *out) {
  static const char *const words[][2] = {
      {"true", "false"}, {"True", "False"}, {"TRUE", "FALSE"}, {"yes", "no"}, {"Yes", "No"},
      {"YES", "NO"},     {"on", "off"},     {"On", "Off"},     {"ON", "OFF"},
  };
  if (!node || node->kind != YAML_SCALAR || node->is_quoted) return false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    for (int is_false = 0; is_false < 2; is_false++)
      if (span_is(node->text, words[i][is_false])) {
        *out = !is_false;
        return true;
      }
  return false;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Digits, with _ between two of them; copied without. False where there is none. */
static bool yaml_digits(struct span text, size_t *at, char *out, size_t *out_size) {
  size_t begin = *at;
  while (*at < text.size) {
    char c = text.bytes[*at];
    bool is_gap = c == '_' && *at > begin && text.bytes[*at - 1] != '_' && *at + 1 < text.size &&
                  is_digit(text.bytes[*at + 1]);
    if (!is_digit(c) && !is_gap) break;
    if (!is_gap) out[(*out_size)++] = c;
    (*at)++;
  }
  return *at > begin;
}

bool yaml_number(struct span text, double *out) {
  char plain[LIMIT_YAML_NUMBER_BYTES + 1];
  if (text.size == 0 || text.size > LIMIT_YAML_NUMBER_BYTES) return false;
  size_t at = 0, size = 0;
  if (text.bytes[0] == '-' || text.bytes[0] == '+') plain[size++] = text.bytes[at++];
  struct span rest = span_make(text.bytes + at, text.size - at);
  if (span_is(rest, ".inf") || span_is(rest, ".Inf") || span_is(rest, ".INF")) {
    *out = text.bytes[0] == '-' ? -INFINITY : INFINITY;
    return true;
  }
  size_t begin = at;
  bool whole = yaml_digits(text, &at, plain, &size), part = false;
  if (whole && text.bytes[begin] == '0' && at - begin > 1) return false;
  if (at < text.size && text.bytes[at] == '.') {
    plain[size++] = text.bytes[at++];
    part = yaml_digits(text, &at, plain, &size);
  }
  if (!whole && !part) return false;
  if (at < text.size && (text.bytes[at] == 'e' || text.bytes[at] == 'E')) {
    plain[size++] = text.bytes[at++];
    if (at < text.size && (text.bytes[at] == '-' || text.bytes[at] == '+'))
      plain[size++] = text.bytes[at++];
    if (!yaml_digits(text, &at, plain, &size)) return false;
  }
  if (at != text.size) return false;
  plain[size] = '\0';
  *out = strtod(plain, NULL);
  return isfinite(*out);
}

bool yaml_as_number(const struct yaml_node *node, double *out) {
  return node && node->kind == YAML_SCALAR && !node->is_quoted && yaml_number(node->text, out);
}

bool yaml_looks_like_day(struct span t) {
  if (t.size != 10 || t.bytes[4] != '-' || t.bytes[7] != '-') return false;
  for (size_t i = 0; i < t.size; i++)
    if (i != 4 && i != 7 && !is_digit(t.bytes[i])) return false;
  return true;
}

bool yaml_as_day(const struct yaml_node *node, day_t *out) {
  if (!node || node->kind != YAML_SCALAR) return false;
  if (span_is(node->text, "0000-01-01") || span_is(node->text, "0001-01-01")) {
    *out = DAY_FIRST;
    return true;
  }
  struct error ignored = {0};
  return yaml_looks_like_day(node->text) && day_parse(node->text, out, &ignored) == DONE;
}
