#include "rules/explain_words.h"

#include "rules/values.h"
#include <float.h>
#include <math.h>

/* ---- text ---- */

enum { TEXT_LINES_MOST = 130 }; /* with what is assumed some 150 */

static void indent(struct text *out, int depth) {
  enum { DEPTH_MOST = 40 };
  char spaces[2 * DEPTH_MOST];
  memset(spaces, ' ', sizeof spaces);
  text_add_bytes(out, spaces, 2 * (size_t)(depth < DEPTH_MOST ? depth : DEPTH_MOST));
}

static void add_formula_lines(struct text *out, struct span text, int depth) {
  while (text.size) {
    const char *end = memchr(text.bytes, '\n', text.size);
    const size_t size = end ? (size_t)(end - text.bytes) : text.size;
    const struct span line = span_trim(span_make(text.bytes, size));
    indent(out, depth);
    text_addf(out, "  | " SPAN_FORMAT "\n", SPAN(line));
    const size_t passed = size + (end != NULL);
    text = span_make(text.bytes + passed, text.size - passed);
  }
}

/* The first source, as `title, address`. */
static void add_source(struct text *out, const struct explain_node *n) {
  int count;
  const struct parameter_reference *r = explain_references(n, &count);
  if (!count) return;
  text_addf(out, "%s%s%s", r->title ? r->title : "", r->title && r->href ? ", " : "",
            r->href ? r->href : "");
}

static void text_parameter(const struct explain_writer *w, struct text *out,
                           const struct explain_node *n) {
  struct text source = {0};
  indent(out, n->depth);
  text_addf(out, "param %s: ", n->parameter->path);
  explain_add_parameter(w, out, n);
  if (n->entry && !n->is_mean && n->entry->from > DAY_FIRST) {
    text_add(out, ", since ");
    text_add_day_words(out, n->entry->from);
  }
  text_add_char(out, '\n');
  add_source(&source, n);
  if (source.size) {
    indent(out, n->depth);
    text_addf(out, "  source: %s\n", source.bytes);
  }
  text_release(&source);
}

static void add_alike(struct text *out, const struct explain_node *n) {
  if (!n->alike_count) return;
  text_addf(out, ", and %d %s%s that come about alike", n->alike_count,
            rule_each_words[n->period.each], n->alike_count > 1 ? "s" : "");
}

/* What it is, after the value and the label. */
static void text_kind(const struct explain_writer *w, struct text *out,
                      const struct explain_node *n) {
  bool given = n->kind == EXPLAIN_INPUT;
  bool not_told = n->kind == EXPLAIN_DEFAULT && !explain_is_not_told(n->variable, n->values[0]);
  for (int i = 0; i < n->rows && given; i++) given = explain_was_told(n, i);
  if (n->is_elsewhere && n->explained_in.start != n->period.start)
    text_addf(out, " (explained elsewhere, for %s)",
              explain_period_words(w->arena, n->explained_in));
  else if (n->is_elsewhere) text_add(out, " (explained elsewhere)");
  else if (given) text_add(out, " (given)");
  else if (not_told) text_add(out, " (not told: assumed)");
  else if (n->kind == EXPLAIN_TOTAL) text_add(out, " (the sum of what follows)");
}

static void text_assumed(const struct explain_writer *w, struct text *out) {
  struct explain_assumed *all;
  const int count = explain_find_assumed(w, &all);
  int nothings = 0;
  for (int i = 0; i < count; i++) nothings += all[i].is_nothing;
  if (count) text_add(out, "  Assumed, because not told:\n");
  for (int i = 0; i < count; i++) {
    const struct explain_node *n = all[i].node;
    const char *of = explain_assumed_of(w, n);
    if (all[i].is_nothing && !w->is_full && nothings > 3) continue;
    text_addf(out, "    %s: ", n->variable->label ? n->variable->label : n->variable->name);
    explain_add_value(w->compiler->rules, out, n->variable, n->variable->by_default);
    if (of) text_addf(out, " for %s", of);
    text_addf(out, " (%s)\n", n->variable->name);
  }
  if (nothings > 3 && !w->is_full)
    text_addf(out, "    %d more as none, no or nothing; --full names them\n", nothings);
}

static void text_node(const struct explain_writer *w, struct text *out,
                      const struct explain_node *n, bool with_formula) {
  const struct rule_variable *v = n->variable;
  indent(out, n->depth);
  if (n->kind == EXPLAIN_UNUSED) {
    text_addf(out, "%s: not used%s%s\n", v->name, v->label ? " - " : "", v->label ? v->label : "");
    return;
  }
  text_addf(out, "%s (%s", v->name, explain_period_words(w->arena, n->period));
  add_alike(out, n);
  text_add(out, "): ");
  explain_add_values(w, out, n);
  if (n->depth == 0 && w->explanation->is_estimated) text_add(out, ", estimated");
  if (v->label) text_addf(out, " - %s", v->label);
  text_kind(w, out, n);
  text_add_char(out, '\n');
  if (n == w->explanation->all) text_assumed(w, out);
  if (n->is_elsewhere || n->kind != EXPLAIN_FORMULA) return;
  if (with_formula) add_formula_lines(out, n->version->text, n->depth);
  for (int k = 0; k < v->law_count; k++) {
    const char *why = rule_no_law(v->laws[k]);
    indent(out, n->depth);
    text_addf(out, "  %s: %s%s%s\n", why ? "no law" : "law", why ? why : v->laws[k],
              v->addresses[k] ? ", " : "", v->addresses[k] ? v->addresses[k] : "");
  }
  if (explain_rounding_words(w, v, true)) {
    indent(out, n->depth);
    text_addf(out, "  rounded %s\n", explain_rounding_words(w, v, true));
  }
}

/* Words of others, in names and packs, do not control a terminal. */
static void add_clean_lines(struct text *out, struct span text) {
  while (text.size) {
    const char *end = memchr(text.bytes, '\n', text.size);
    const size_t size = end ? (size_t)(end - text.bytes) : text.size;
    text_add_clean(out, span_make(text.bytes, size));
    text_add_char(out, '\n');
    text = span_make(text.bytes + size + (end != NULL), text.size - size - (end != NULL));
  }
}

void explain_text(const struct explain_writer *w, struct text *to) {
  const struct explain_shown shown = explain_choose_shown(w, w->is_full ? 0 : TEXT_LINES_MOST);
  struct text text = {0}, *out = &text;
  for (int i = 0; i < w->explanation->count; i++) {
    const struct explain_node *n = &w->explanation->all[i];
    if (!shown.nodes[i]) continue;
    if (n->kind == EXPLAIN_PARAMETER) text_parameter(w, out, n);
    else text_node(w, out, n, n->depth < shown.formulas_below);
  }
  if (shown.left_out)
    text_addf(out, "%d more values are not shown here; --full shows all, with each formula\n",
              shown.left_out);
  add_clean_lines(to, span_make(text.bytes, text.size));
  text_release(&text);
}

/* ---- JSON ---- */

/* Texts, not JSON's floats: `"12.5"`; as `rules show` has them. */
static void json_number(struct json *j, const char *key, double x) {
  struct text digits = {0};
  if (isinf(x)) {
    json_none(j, key);
    return;
  }
  rule_number_write(&digits, x);
  json_text(j, key, span_make(digits.bytes, digits.size));
  text_release(&digits);
}

static void json_text_or_none(struct json *j, const char *key, const char *text) {
  if (text) json_text(j, key, span_of(text));
  else json_none(j, key);
}

void explain_json_value(struct json *j, const char *key, const struct rule_variable *v, double x) {
  struct text word = {0};
  if (isnan(x)) json_none(j, key);
  else if (v->type.kind == KIND_BOOL) json_bool(j, key, x != 0);
  else if (rule_value_word(&word, &v->type, x)) json_text(j, key, span_make(word.bytes, word.size));
  else json_number(j, key, x);
  text_release(&word);
}

static void json_values(const struct explain_writer *w, struct json *j,
                        const struct explain_node *n) {
  json_open_array(j, "values");
  for (int i = 0; i < n->rows; i++) {
    json_open_object(j, NULL);
    json_text(j, "of", span_of(explain_row_name(w->situation, n->variable, i)));
    explain_json_value(j, "value", n->variable, n->values[i]);
    if (n->kind == EXPLAIN_INPUT || n->kind == EXPLAIN_DEFAULT)
      json_bool(j, "given", explain_was_told(n, i));
    json_close_object(j);
  }
  json_close_array(j);
}

/* Of the first node: what was assumed, and whether the answer rests on an estimate. */
static void json_head(const struct explain_writer *w, struct json *j) {
  struct explain_assumed *all;
  const int count = explain_find_assumed(w, &all);
  json_open_array(j, "assumed");
  for (int i = 0; i < count; i++) {
    const struct explain_node *n = all[i].node;
    json_open_object(j, NULL);
    json_text(j, "name", span_of(n->variable->name));
    json_text_or_none(j, "label", n->variable->label);
    json_text_or_none(j, "of", explain_assumed_of(w, n));
    explain_json_value(j, "value", n->variable, n->variable->by_default);
    json_close_object(j);
  }
  json_close_array(j);
  json_text(j, "reading", span_of(w->compiler->reading == READ_ANNUAL ? "annual" : "legal"));
}

static void json_references(struct json *j, const struct parameter_reference *all, int count) {
  for (int i = 0; i < count; i++) {
    json_open_object(j, NULL);
    json_text_or_none(j, "title", all[i].title);
    json_text_or_none(j, "href", all[i].href);
    json_close_object(j);
  }
}

/* The brackets of a scale that applied. */
static void json_brackets(const struct explain_writer *w, struct json *j,
                          const struct explain_node *n) {
  json_open_array(j, "brackets");
  for (int i = 0; i < n->bracket_count; i++) {
    const struct explain_bracket *b = &n->brackets[i];
    const struct rule_variable of = {
        .entity = b->entity < 0 ? NULL : w->compiler->rules->entities[b->entity]};
    json_open_object(j, NULL);
    json_text_or_none(j, "of", of.entity ? explain_row_name(w->situation, &of, b->row) : NULL);
    json_number(j, "at", b->at);
    if (b->is_below) json_none(j, "from");
    else json_number(j, "from", b->from);
    json_number(j, "to", b->to);
    json_number(j, b->is_amount ? "amount" : "rate", b->value);
    json_close_object(j);
  }
  json_close_array(j);
}

/* As many digits as the file has; a mean has those of a result. */
static const char *parameter_digits(const struct explain_writer *w, const struct explain_node *n) {
  if (!n->entry || n->entry->value.form != FORM_NUMBER) return NULL;
  if (n->entry->value.text && !n->is_mean) return arena_printf(w->arena, "%.15g", n->value);
  struct text digits = {0};
  rule_number_write(&digits, n->value);
  return text_take(w->arena, &digits);
}

/* Of a scale of which one bracket applied, its rate or amount. */
static const char *bracket_digits(const struct explain_writer *w, const struct explain_node *n) {
  struct text digits = {0};
  if (n->bracket_count != 1) return NULL;
  rule_number_write(&digits, n->brackets[0].value);
  return text_take(w->arena, &digits);
}

static void json_parameter(const struct explain_writer *w, struct json *j,
                           const struct explain_node *n) {
  char day[11];
  int count;
  const struct parameter_reference *references = explain_references(n, &count);
  json_text(j, "kind", span_of("parameter"));
  json_text(j, "name", span_of(n->parameter->path));
  if (n->entry && n->entry->value.form == FORM_BOOL)
    json_bool(j, "value", n->entry->value.number != 0);
  else json_text_or_none(j, "value", n->entry ? parameter_digits(w, n) : bracket_digits(w, n));
  json_bool(j, "mean_of_year", n->is_mean);
  json_text_or_none(j, "unit", n->parameter->unit);
  json_text_or_none(j, "period", n->parameter->period);
  json_text(j, "on", span_of(day_write(n->day, day)));
  json_bool(j, "estimated", n->is_estimated);
  json_open_array(j, "source");
  json_references(j, references, count);
  json_close_array(j);
  if (!n->entry) json_brackets(w, j, n);
}

static const char *const explain_kinds[] = {"formula",   "given", "default",
                                            "parameter", "total", "not_used"};

static void json_variable(const struct explain_writer *w, struct json *j,
                          const struct explain_node *n) {
  const struct rule_variable *v = n->variable;
  json_text(j, "kind", span_of(explain_kinds[n->kind]));
  json_text(j, "name", span_of(v->name));
  json_text_or_none(j, "label", v->label);
  json_text(j, "period", span_of(period_write(w->arena, n->period)));
  json_text(j, "unit", span_of(v->unit ? v->unit : "/1"));
  json_values(w, j, n);
  if (n == w->explanation->all) json_head(w, j);
  if (n->alike_count) json_int(j, "alike", n->alike_count);
  json_bool(j, "explained_elsewhere", n->is_elsewhere);
  if (n->is_elsewhere)
    json_text(j, "explained_in", span_of(period_write(w->arena, n->explained_in)));
  if (n->kind != EXPLAIN_FORMULA || n->is_elsewhere) return;
  json_text(j, "formula", n->version->text);
  json_open_array(j, "law");
  for (int k = 0; k < v->law_count; k++) {
    const struct parameter_reference law = {v->laws[k], v->addresses[k]};
    json_references(j, &law, 1);
  }
  json_close_array(j);
  json_text_or_none(j, "rounded", explain_rounding_words(w, v, false));
  json_open_object(j, "place");
  json_text(j, "file", span_of(n->version->place.file));
  json_int(j, "line", n->version->place.line);
  json_close_object(j);
}

/* Deeper trees than the writer takes are written flat: `depth` says where each stands. */
void explain_json(const struct explain_writer *w, struct text *out) {
  struct json j;
  json_begin(&j, out);
  json_open_array(&j, NULL);
  for (int i = 0; i < w->explanation->count; i++) {
    const struct explain_node *n = &w->explanation->all[i];
    json_open_object(&j, NULL);
    json_int(&j, "depth", n->depth);
    if (n->kind == EXPLAIN_PARAMETER) json_parameter(w, &j, n);
    else json_variable(w, &j, n);
    if (!i) json_bool(&j, "estimated", w->explanation->is_estimated);
    json_close_object(&j);
  }
  json_close_array(&j);
  text_add_char(out, '\n');
}

/* ---- CSV ---- */

static void csv_field(struct text *out, const char *text) {
  text_add_char(out, ',');
  if (text) text_add_csv_guarded(out, span_of(text));
}

static void csv_values(const struct explain_writer *w, struct text *out,
                       const struct explain_node *n) {
  const struct rule_variable *v = n->variable;
  for (int i = 0; i < n->rows; i++) {
    struct text value = {0};
    if (isnan(n->values[i])) text_add(&value, "");
    else if (v->type.kind == KIND_BOOL) text_add(&value, n->values[i] != 0 ? "true" : "false");
    else if (!rule_value_word(&value, &v->type, n->values[i]))
      rule_number_write(&value, n->values[i]);
    text_addf(out, "%d,%s", n->depth,
              explain_kinds[explain_was_told(n, i) ? n->kind : EXPLAIN_DEFAULT]);
    csv_field(out, v->name);
    csv_field(out, period_write(w->arena, n->period));
    csv_field(out, explain_row_name(w->situation, v, i));
    csv_field(out, value.size ? text_take(w->arena, &value) : NULL);
    csv_field(out, v->unit ? v->unit : "/1");
    csv_field(out, v->label);
    csv_field(out, v->law_count ? v->laws[0] : NULL);
    text_add_char(out, '\n');
    text_release(&value);
  }
}

static void csv_parameter(const struct explain_writer *w, struct text *out,
                          const struct explain_node *n) {
  struct text source = {0};
  char day[11];
  const bool is_bool = n->entry && n->entry->value.form == FORM_BOOL;
  add_source(&source, n);
  text_addf(out, "%d,%s", n->depth, explain_kinds[n->kind]);
  csv_field(out, n->parameter->path);
  csv_field(out, day_write(n->day, day));
  csv_field(out, NULL);
  csv_field(out, !n->entry                     ? bracket_digits(w, n)
                 : !is_bool                    ? parameter_digits(w, n)
                 : n->entry->value.number != 0 ? "true"
                                               : "false");
  csv_field(out, n->parameter->unit);
  csv_field(out, n->parameter->label);
  csv_field(out, source.size ? text_take(w->arena, &source) : NULL);
  text_add_char(out, '\n');
  text_release(&source);
}

void explain_csv(const struct explain_writer *w, struct text *out) {
  text_add(out, "depth,kind,name,period,of,value,unit,label,source\n");
  for (int i = 0; i < w->explanation->count; i++) {
    const struct explain_node *n = &w->explanation->all[i];
    if (n->kind == EXPLAIN_PARAMETER) csv_parameter(w, out, n);
    else csv_values(w, out, n);
  }
}
