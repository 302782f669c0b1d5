/* From one file's YAML to parameters. What is what, as OpenFisca has it: a map with `values` or
 * with days only is values by day, one with `brackets` is a scale, any other is a group whose keys
 * are names, but for the words that describe it. */
#include "rules/parameters_tree.h"

#include "base/limits.h"
#include "base/refusal.h"

#include <stdio.h>
#include <stdlib.h>

struct parameter_reader {
  struct arena *arena;
  const char *file;
};

static enum status reader_fault(const struct parameter_reader *r, const struct yaml_node *node,
                                struct error *err) {
  char where[24];
  (void)snprintf(where, sizeof where, "column %d", node->column);
  return error_at(err, r->file, (uint64_t)node->line, where);
}

/* Texts of the YAML tree live in the same arena, so they are not copied. */
static const char *reader_text(const struct yaml_node *map, const char *key) {
  return yaml_text(yaml_get(map, key));
}

static const char *parameter_name_of(const char *path) {
  const char *name = path;
  for (const char *p = path; *p; p++)
    if (*p == '.' || *p == '[') name = *p == '.' ? p + 1 : p;
  return name;
}

static struct parameter *parameter_new(struct arena *arena, enum parameter_kind kind,
                                       const char *path, const char *file) {
  struct parameter *p = arena_alloc(arena, sizeof *p);
  p->kind = kind;
  p->path = path;
  p->name = parameter_name_of(path);
  p->file = file;
  return p;
}

struct parameter *parameter_node_new(struct arena *arena, const char *path, const char *file) {
  return parameter_new(arena, PARAMETER_NODE, path, file);
}

static enum status reader_path(const struct parameter_reader *r, const char *parent,
                               const struct yaml_node *key, const char **out, struct error *err) {
  struct span name = key->text;
  bool is_sound = name.size > 0;
  for (size_t i = 0; i < name.size; i++)
    is_sound = is_sound && (unsigned char)name.bytes[i] > ' ' && !strchr(".[]", name.bytes[i]);
  char quoted[SPAN_QUOTE_SIZE];
  if (!is_sound) {
    (void)refuse(err, PARAMETER_NAME_MALFORMED, span_quote(name, quoted));
    return reader_fault(r, key, err);
  }
  if (strlen(parent) + name.size + 1 > LIMIT_PARAMETER_PATH_BYTES) {
    (void)refuse(err, PARAMETER_PATH_TOO_LONG, LIMIT_PARAMETER_PATH_BYTES);
    return reader_fault(r, key, err);
  }
  *out = *parent ? arena_printf(r->arena, "%s.%s", parent, name.bytes)
                 : arena_string(r->arena, name.bytes);
  return DONE;
}

/* ---- what describes a parameter ---- */

static struct parameter_reference reader_reference(const struct yaml_node *node) {
  if (node->kind == YAML_SCALAR) {
    const char *text = yaml_text(node);
    bool is_href = text && (strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0);
    return (struct parameter_reference){is_href ? NULL : text, is_href ? text : NULL};
  }
  const char *title = reader_text(node, "title");
  return (struct parameter_reference){title ? title : reader_text(node, "name"),
                                      reader_text(node, "href")};
}

int parameter_references(struct arena *arena, const struct yaml_node *node,
                         const struct parameter_reference **out) {
  if (!node || yaml_is_null(node)) return 0;
  int most = node->kind == YAML_LIST ? node->count : 1, count = 0;
  struct parameter_reference *all = arena_array(arena, struct parameter_reference, most);
  for (int i = 0; i < most; i++) {
    const struct yaml_node *one = node->kind == YAML_LIST ? node->items[i] : node;
    struct parameter_reference reference = reader_reference(one);
    if (reference.title || reference.href) all[count++] = reference;
  }
  *out = all;
  return count;
}

static enum status reader_rounding(const struct parameter_reader *r, const struct yaml_node *node,
                                   struct parameter_uprating *u, struct error *err) {
  if (yaml_as_number(node, &u->interval)) {
    u->rounding = ROUNDING_NEAREST;
  } else {
    static const char *const types[] = {
        [ROUNDING_NEAREST] = "nearest", [ROUNDING_UP] = "upwards", [ROUNDING_DOWN] = "downwards"};
    const char *type = reader_text(node, "type");
    for (int i = ROUNDING_NEAREST; type && i <= ROUNDING_DOWN; i++)
      if (strcmp(type, types[i]) == 0) u->rounding = (enum parameter_rounding)i;
    if (!yaml_as_number(yaml_get(node, "interval"), &u->interval)) u->rounding = ROUNDING_NONE;
  }
  if (u->rounding != ROUNDING_NONE && u->interval > 0) return DONE;
  (void)refuse(err, PARAMETER_ROUNDING_MALFORMED);
  return reader_fault(r, node, err);
}

static enum status reader_uprating(const struct parameter_reader *r, const struct yaml_node *node,
                                   struct parameter *p, struct error *err) {
  if (!node || yaml_is_null(node) || (node->kind == YAML_SCALAR && span_is(node->text, "none")))
    return DONE;
  struct parameter_uprating *u = arena_alloc(r->arena, sizeof *u);
  u->line = node->line;
  u->start = DAY_NONE;
  u->index = node->kind == YAML_SCALAR ? yaml_text(node) : reader_text(node, "parameter");
  const struct yaml_node *start = yaml_get(node, "start_instant");
  if (!u->index || (start && !yaml_as_day(start, &u->start))) {
    (void)refuse(err, PARAMETER_UPRATING_MALFORMED);
    return reader_fault(r, u->index ? start : node, err);
  }
  if (strcmp(u->index, "self") == 0) u->index = NULL;
  const struct yaml_node *rounding = yaml_get(node, "rounding");
  if (rounding && reader_rounding(r, rounding, u, err) != DONE) return err->code;
  p->uprating = u;
  return DONE;
}

/* `map` describes `p`, in its own keys (as older files do) and under `metadata`, which wins. */
static enum status reader_describe(const struct parameter_reader *r, const struct yaml_node *map,
                                   struct parameter *p, struct error *err) {
  const struct yaml_node *about = yaml_get(map, "metadata");
  const char *text;
#define TAKE_TEXT(member) \
  p->member = (text = reader_text(about, #member)) ? text : reader_text(map, #member)
  TAKE_TEXT(description);
  TAKE_TEXT(label);
  TAKE_TEXT(unit);
  TAKE_TEXT(period);
#undef TAKE_TEXT
  const struct yaml_node *references = yaml_get(about, "reference");
  p->reference_count = parameter_references(r->arena,
                                            references ? references : yaml_get(map, "reference"),
                                            &p->references);
  (void)yaml_as_bool(yaml_get(about, "propagate_metadata_to_children"), &p->for_children);
  (void)yaml_as_bool(yaml_get(about, "fiscal_year_blend"), &p->blends_years);
  return reader_uprating(r, yaml_get(about, "uprating"), p, err);
}

static bool reader_describes(struct span key) {
  static const char *const words[] = {"description", "metadata", "documentation", "reference",
                                      "label",       "unit",     "period",        "note"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (span_is(key, words[i])) return true;
  return false;
}

/* ---- values ---- */

static enum status reader_value(const struct parameter_reader *r, const struct yaml_node *node,
                                bool is_part, struct parameter_value *out, struct error *err) {
  bool truth;
  out->form = FORM_TEXT;
  if (node->kind == YAML_SCALAR) {
    out->text = node->text.bytes;
    if (yaml_is_null(node)) *out = (struct parameter_value){.form = FORM_NONE};
    else if (yaml_as_number(node, &out->number)) out->form = FORM_NUMBER;
    else if (yaml_as_bool(node, &truth)) {
      out->form = FORM_BOOL;
      out->number = truth;
    }
    return DONE;
  }
  if (is_part) {
    (void)refuse(err, PARAMETER_VALUE_TOO_DEEP);
    return reader_fault(r, node, err);
  }
  out->form = node->kind == YAML_LIST ? FORM_LIST : FORM_MAP;
  out->count = node->count;
  struct parameter_value *items = arena_array(r->arena, struct parameter_value, node->count);
  const char **keys = out->form == FORM_MAP ? arena_array(r->arena, const char *, node->count)
                                            : NULL;
  for (int i = 0; i < node->count; i++) {
    if (keys) keys[i] = node->keys[i]->text.bytes;
    if (reader_value(r, node->items[i], true, &items[i], err) != DONE) return err->code;
  }
  out->items = items;
  out->keys = keys;
  return DONE;
}

/* One dated value; *is_expected: a placeholder, which holds nothing. A map is a value with what
 * describes it where it has `value` or `metadata`, otherwise it is the value itself. */
static enum status reader_entry(const struct parameter_reader *r, const struct yaml_node *node,
                                struct parameter_entry *entry, bool *is_expected,
                                struct error *err) {
  const struct yaml_node *value = node, *about = yaml_get(node, "metadata");
  *is_expected = (node->kind == YAML_SCALAR && span_is(node->text, "expected")) ||
                 yaml_get(node, "expected");
  if (*is_expected) return DONE;
  if (node->kind == YAML_MAP && (yaml_get(node, "value") || about)) {
    value = yaml_get(node, "value");
    if (!value) {
      (void)refuse(err, PARAMETER_VALUE_MISSING);
      return reader_fault(r, node, err);
    }
    const struct yaml_node *references = yaml_get(about, "reference");
    entry->reference_count = parameter_references(
        r->arena, references ? references : yaml_get(node, "reference"), &entry->references);
    entry->note = reader_text(about, "note");
    if (!entry->note) entry->note = reader_text(node, "note");
  }
  entry->line = value->line;
  return reader_value(r, value, false, &entry->value, err);
}

static int entry_compare(const void *a, const void *b) {
  const struct parameter_entry *x = a, *y = b;
  return (x->from > y->from) - (x->from < y->from);
}

static enum status reader_values(const struct parameter_reader *r, const struct yaml_node *values,
                                 struct parameter *p, struct error *err) {
  if (values->kind != YAML_MAP) {
    (void)refuse(err, PARAMETER_VALUES_NOT_MAP);
    return reader_fault(r, values, err);
  }
  struct parameter_entry *entries = arena_array(r->arena, struct parameter_entry, values->count);
  day_t *expected = NULL;
  for (int i = 0; i < values->count; i++) {
    const struct yaml_node *key = values->keys[i];
    struct parameter_entry *entry = &entries[p->entry_count];
    char quoted[SPAN_QUOTE_SIZE];
    if (!yaml_as_day(key, &entry->from)) {
      (void)refuse(err, PARAMETER_DAY_MALFORMED, span_quote(key->text, quoted));
      return reader_fault(r, key, err);
    }
    bool is_expected;
    if (reader_entry(r, values->items[i], entry, &is_expected, err) != DONE) return err->code;
    if (is_expected) {
      if (!expected) expected = arena_array(r->arena, day_t, values->count);
      expected[p->expected_count++] = entry->from;
    } else p->entry_count++;
  }
  if (!p->entry_count && !p->expected_count) {
    (void)refuse(err, PARAMETER_VALUES_MISSING);
    return reader_fault(r, values, err);
  }
  array_sort(entries, p->entry_count, entry_compare);
  for (int i = 1; i < p->entry_count; i++)
    if (entries[i].from == entries[i - 1].from) {
      (void)refuse(err, PARAMETER_DAY_TWICE);
      return error_at(err, r->file, (uint64_t)entries[i].line, NULL);
    }
  p->entries = entries;
  p->expected = expected;
  return DONE;
}

static bool reader_has_days_only(const struct yaml_node *map) {
  for (int i = 0; i < map->count; i++)
    if (!yaml_looks_like_day(map->keys[i]->text)) return false;
  return map->count > 0;
}

/* ---- scales ---- */

struct reader_bracket {
  const struct yaml_node *map, *about; /* itself, and the metadata of its scale */
  const char *path;
  struct parameter *parts[4];
  int count;
};

static enum status reader_bracket_part(const struct parameter_reader *r, struct reader_bracket *b,
                                       int index, struct error *err) {
  static const struct {
    const char *name, *unit, *period;
  } parts[] = {{"threshold", "threshold_unit", "threshold_period"},
               {"rate", "rate_unit", "rate_period"},
               {"average_rate", "rate_unit", "rate_period"},
               {"amount", "amount_unit", "amount_period"}};
  const struct yaml_node *key = b->map->keys[index], *node = b->map->items[index];
  size_t part = 0, count = sizeof parts / sizeof *parts;
  while (part < count && !span_is(key->text, parts[part].name)) part++;
  char quoted[SPAN_QUOTE_SIZE];
  if (part == count) {
    (void)refuse(err, PARAMETER_BRACKET_PART_UNKNOWN, span_quote(key->text, quoted));
    return reader_fault(r, key, err);
  }
  struct parameter *p = parameter_new(r->arena, PARAMETER_VALUES,
                                      arena_printf(r->arena, "%s.%s", b->path, parts[part].name),
                                      r->file);
  b->parts[b->count++] = p;
  p->line = key->line;
  if (reader_describe(r, node, p, err) != DONE) return err->code;
  if (!p->unit) p->unit = reader_text(b->about, parts[part].unit);
  if (!p->period) p->period = reader_text(b->about, parts[part].period);
  /* what uprates a scale uprates its amounts, not the thresholds from which they hold */
  if (!p->uprating && strcmp(parts[part].name, "amount") == 0 &&
      reader_uprating(r, yaml_get(b->about, "uprating"), p, err) != DONE)
    return err->code;
  const struct yaml_node *values = yaml_get(node, "values");
  return reader_values(r, values ? values : node, p, err);
}

static enum status reader_bracket(const struct parameter_reader *r, const struct yaml_node *about,
                                  const struct yaml_node *node, struct parameter *p,
                                  struct error *err) {
  struct reader_bracket b = {.map = node, .about = about, .path = p->path};
  if (node->kind != YAML_MAP) {
    (void)refuse(err, PARAMETER_BRACKET_NOT_MAP);
    return reader_fault(r, node, err);
  }
  bool has_threshold = yaml_get(node, "threshold") != NULL;
  if (!has_threshold ||
      (!yaml_get(node, "rate") && !yaml_get(node, "average_rate") && !yaml_get(node, "amount"))) {
    if (has_threshold) (void)refuse(err, PARAMETER_RATE_MISSING);
    else (void)refuse(err, PARAMETER_THRESHOLD_MISSING);
    return reader_fault(r, node, err);
  }
  for (int i = 0; i < node->count; i++)
    if (!reader_describes(node->keys[i]->text) && reader_bracket_part(r, &b, i, err) != DONE)
      return err->code;
  parameter_set_children(r->arena, p, b.parts, b.count);
  return DONE;
}

static enum status reader_scale_type(const struct parameter_reader *r, const struct yaml_node *map,
                                     struct parameter *p, struct error *err) {
  static const char *const types[] = {"marginal_rate", "average_rate", "single_amount",
                                      "marginal_amount"};
  const struct yaml_node *type = yaml_get(yaml_get(map, "metadata"), "type");
  const struct yaml_node *first = yaml_get(map, "brackets")->items[0];
  const char *text = yaml_text(type);
  if (!text)
    text = yaml_get(first, "amount")         ? "marginal_amount"
           : yaml_get(first, "average_rate") ? "average_rate"
                                             : "marginal_rate";
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (strcmp(text, types[i]) == 0) {
      p->scale_type = types[i];
      return DONE;
    }
  char quoted[SPAN_QUOTE_SIZE];
  (void)refuse(err, PARAMETER_SCALE_TYPE_UNKNOWN, span_quote(span_of(text), quoted));
  return reader_fault(r, type, err);
}

static enum status reader_scale(const struct parameter_reader *r, const struct yaml_node *map,
                                struct parameter *p, struct error *err) {
  const struct yaml_node *brackets = yaml_get(map, "brackets");
  if (brackets->kind != YAML_LIST || brackets->count == 0) {
    (void)refuse(err, PARAMETER_BRACKETS_NOT_LIST);
    return reader_fault(r, brackets, err);
  }
  if (reader_scale_type(r, map, p, err) != DONE) return err->code;
  struct parameter **children = arena_array(r->arena, struct parameter *, brackets->count);
  for (int i = 0; i < brackets->count; i++) {
    const char *path = arena_printf(r->arena, "%s[%d]", p->path, i);
    children[i] = parameter_new(r->arena, PARAMETER_NODE, path, r->file);
    children[i]->line = brackets->items[i]->line;
    if (reader_bracket(r, yaml_get(map, "metadata"), brackets->items[i], children[i], err) != DONE)
      return err->code;
  }
  p->children = children;
  p->child_count = brackets->count;
  return DONE;
}

/* ---- groups ---- */

static enum status reader_take(const struct parameter_reader *r, const struct yaml_node *node,
                               const char *path, struct parameter **out, struct error *err);

int parameter_compare(const void *a, const void *b) {
  const struct parameter *const *x = a, *const *y = b;
  return strcmp((*x)->name, (*y)->name);
}

void parameter_set_children(struct arena *arena, struct parameter *node, struct parameter **all,
                            int count) {
  array_sort(all, count, parameter_compare);
  struct parameter **children = arena_array(arena, struct parameter *, count);
  for (int i = 0; i < count; i++) children[i] = all[i];
  node->children = children;
  node->child_count = count;
}

static enum status reader_group(const struct parameter_reader *r, const struct yaml_node *map,
                                struct parameter *p, struct error *err) {
  struct parameter **children = arena_array(r->arena, struct parameter *, map->count);
  int count = 0;
  for (int i = 0; i < map->count; i++) {
    const struct yaml_node *key = map->keys[i], *node = map->items[i];
    /* a group may have a member called `period` or `unit`: then it is a map */
    if (reader_describes(key->text) && (node->kind != YAML_MAP || span_is(key->text, "metadata") ||
                                        span_is(key->text, "reference")))
      continue;
    const char *path = NULL;
    if (reader_path(r, p->path, key, &path, err) != DONE ||
        reader_take(r, node, path, &children[count], err) != DONE)
      return err->code;
    children[count++]->line = key->line;
  }
  parameter_set_children(r->arena, p, children, count);
  return DONE;
}

static enum status reader_take(const struct parameter_reader *r, const struct yaml_node *node,
                               const char *path, struct parameter **out, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  if (node->kind != YAML_MAP) {
    (void)refuse(err, PARAMETER_NOT_MAP, span_quote(span_of(parameter_name_of(path)), quoted));
    return reader_fault(r, node, err);
  }
  const struct yaml_node *values = yaml_get(node, "values");
  enum parameter_kind kind = values || reader_has_days_only(node) ? PARAMETER_VALUES
                             : yaml_get(node, "brackets")         ? PARAMETER_SCALE
                                                                  : PARAMETER_NODE;
  struct parameter *p = parameter_new(r->arena, kind, path, r->file);
  *out = p;
  p->line = node->line;
  if (reader_describe(r, node, p, err) != DONE) return err->code;
  if (kind == PARAMETER_VALUES) return reader_values(r, values ? values : node, p, err);
  return kind == PARAMETER_SCALE ? reader_scale(r, node, p, err) : reader_group(r, node, p, err);
}

enum status parameter_read(struct arena *arena, const char *path, const char *file,
                           struct parameter **out, struct error *err) {
  struct yaml_stream stream;
  if (yaml_read_file(arena, file, &stream, err) != DONE) return err->code;
  struct parameter_reader r = {arena, file};
  if (stream.count > 1) {
    (void)refuse(err, PARAMETERS_SEVERAL_DOCUMENTS);
    return reader_fault(&r, stream.documents[1], err);
  }
  if (!stream.count || yaml_is_null(stream.documents[0])) {
    *out = parameter_node_new(arena, path, file);
    return DONE;
  }
  return reader_take(&r, stream.documents[0], path, out, err);
}

/* ---- what holds for children ---- */

static void parameter_inherit(const struct parameter *from, struct parameter *to) {
  if (!to->unit) to->unit = from->unit;
  if (!to->period) to->period = from->period;
  if (!to->uprating) to->uprating = from->uprating;
  if (!to->reference_count) {
    to->reference_count = from->reference_count;
    to->references = from->references;
  }
  to->blends_years = to->blends_years || from->blends_years;
  to->for_children = true;
}

void parameter_propagate(struct parameter *p) {
  for (int i = 0; i < p->child_count; i++) {
    struct parameter *child = p->children[i];
    if (p->for_children) parameter_inherit(p, child);
    parameter_propagate(child);
  }
}
