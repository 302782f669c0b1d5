#include "rules/explain_write.h"

#include "rules/page.h"
#include "rules/values.h"
#include <float.h>
#include <math.h>

/* ---- values in words ---- */

enum { WHOLE_BELOW = 1000 };

/* Most amounts: printf takes ten times as long over them. */
static void add_whole(struct text *out, double x, const char *money) {
  const int whole = (int)round(fabs(x));
  if (x < 0 && whole) text_add_char(out, '-');
  if (money) text_add(out, money);
  text_add_int(out, whole);
}

/* 7486 as 7,486; 0.55 as it is; at most six decimals, amounts of money with two. `money` is its
 * sign; null: it is none. */
static void add_amount(struct text *out, double x, const char *money) {
  if (isinf(x)) {
    text_add(out, x > 0 ? "no limit" : "-infinity");
    return;
  }
  char digits[DBL_MAX_10_EXP + 16];
  const bool whole = fabs(x - round(x)) < 5e-7;
  if (whole && fabs(x) < WHOLE_BELOW) {
    add_whole(out, x, money);
    return;
  }
  int n = snprintf(digits, sizeof digits, "%.*f", whole ? 0 : money ? 2 : 6, fabs(x));
  if (!whole && !money) {
    while (n && digits[n - 1] == '0') n--;
    digits[n] = 0;
  }
  const char *point = strchr(digits, '.');
  const int before = point ? (int)(point - digits) : (int)strlen(digits);
  if (x < 0 && strspn(digits, "0.") != strlen(digits)) text_add_char(out, '-');
  if (money) text_add(out, money);
  for (int i = 0; i < before; i++) {
    if (i && (before - i) % 3 == 0 && fabs(x) >= 1000) text_add_char(out, ',');
    text_add_char(out, digits[i]);
  }
  if (point) text_add(out, point);
}

static const char *money_sign(const struct rules *rules) {
  return rules->money_sign ? rules->money_sign : "";
}

void explain_add_value(const struct rules *rules, struct text *out, const struct rule_variable *v,
                       double x) {
  const struct rule_type *t = &v->type;
  if (isnan(x)) text_add(out, "no value");
  else if (t->kind == KIND_BOOL) text_add(out, x != 0 ? "yes" : "no");
  else if (!rule_value_word(out, t, x))
    add_amount(out, x, t->money == 1 ? money_sign(rules) : NULL);
}

const char *explain_row_name(const struct situation *s, const struct rule_variable *v, int row) {
  const char **names = s->names[v->entity->index];
  return names && names[row] ? names[row]
                             : arena_printf(s->arena, "%s %d", v->entity->name, row + 1);
}

static void add_values(const struct explain_writer *w, struct text *out,
                       const struct explain_node *n) {
  bool alike = true;
  for (int i = 1; i < n->rows; i++) alike &= n->values[i] == n->values[0];
  if (n->rows == 1 || alike) {
    explain_add_value(w->compiler->rules, out, n->variable, n->values[0]);
    if (n->rows > 1) text_add(out, " each");
    return;
  }
  for (int i = 0; i < n->rows; i++) {
    text_addf(out, "%s%s ", i ? ", " : "", explain_row_name(w->situation, n->variable, i));
    explain_add_value(w->compiler->rules, out, n->variable, n->values[i]);
  }
}

static void add_parameter_value(const struct explain_writer *w, struct text *out,
                                const struct explain_node *n) {
  if (!n->entry) {
    text_add(out, n->is_estimated ? "a scale (estimated)" : "a scale");
    return;
  }
  const struct parameter_value *v = &n->entry->value;
  const bool money = n->parameter->unit && strstr(n->parameter->unit, "currency");
  if (v->form == FORM_BOOL) text_add(out, v->number != 0 ? "yes" : "no");
  else if (v->form == FORM_NUMBER)
    add_amount(out, n->value, money ? money_sign(w->compiler->rules) : NULL);
  else text_add(out, "a list");
  if (money && n->parameter->period) text_addf(out, " a %s", n->parameter->period);
  if (n->is_mean) text_add(out, " (the mean of the year's days)");
  if (n->is_estimated) text_add(out, " (estimated)");
}

static void add_flow(struct text *out, const struct explain_node *n) {
  if (!n->variable->type.flow || n->period.each == EACH_ETERNITY) return;
  text_add(out, " a ");
  text_add(out, rule_each_words[n->period.each]);
}

/* Of the value itself where it has its own, else of all its values. */
static const struct parameter_reference *references_of(const struct explain_node *n, int *count) {
  const bool own = n->entry && n->entry->reference_count;
  *count = own ? n->entry->reference_count : n->parameter->reference_count;
  return own ? n->entry->references : n->parameter->references;
}

static void add_source(struct text *out, const struct explain_node *n) {
  int count;
  const struct parameter_reference *r = references_of(n, &count);
  if (!count) return;
  text_addf(out, "%s%s%s", r->title ? r->title : "", r->title && r->href ? ", " : "",
            r->href ? r->href : "");
}

/* `to the nearest 0.01`; null: it is not rounded, or this reading leaves it out. */
static const char *rounding_words(const struct explain_writer *w, const struct rule_variable *v) {
  static const char *const ways[] = {"", "to the nearest", "up to the next", "down to the last",
                                     "half down to the nearest"};
  if (!v->rounding || w->compiler->reading != READ_LEGAL) return NULL;
  return arena_printf(w->arena, "%s %g", ways[v->rounding], v->rounding_step);
}

/* ---- text ---- */

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

static void text_parameter(const struct explain_writer *w, struct text *out,
                           const struct explain_node *n) {
  struct text source = {0};
  char from[11];
  indent(out, n->depth);
  text_addf(out, "param %s: ", n->parameter->path);
  add_parameter_value(w, out, n);
  if (n->entry && !n->is_mean && n->entry->from > DAY_FIRST)
    text_addf(out, ", since %s", day_write(n->entry->from, from));
  text_add_char(out, '\n');
  add_source(&source, n);
  if (source.size) {
    indent(out, n->depth);
    text_addf(out, "  source: %s\n", source.bytes);
  }
  text_release(&source);
}

void explain_text(const struct explain_writer *w, struct text *out) {
  for (int i = 0; i < w->explanation->count; i++) {
    const struct explain_node *n = &w->explanation->all[i];
    if (n->kind == EXPLAIN_PARAMETER) {
      text_parameter(w, out, n);
      continue;
    }
    const struct rule_variable *v = n->variable;
    indent(out, n->depth);
    text_addf(out, "%s (%s): ", v->name, period_write(w->arena, n->period));
    add_values(w, out, n);
    add_flow(out, n);
    if (v->label) text_addf(out, " - %s", v->label);
    if (n->is_elsewhere && n->explained_in.start != n->period.start)
      text_addf(out, " (explained elsewhere, for %s)\n", period_write(w->arena, n->explained_in));
    else
      text_add(out, n->is_elsewhere              ? " (explained elsewhere)\n"
                    : n->kind == EXPLAIN_INPUT   ? " (given)\n"
                    : n->kind == EXPLAIN_DEFAULT ? " (not given: the default)\n"
                    : n->kind == EXPLAIN_TOTAL   ? " (the sum of what follows)\n"
                                                 : "\n");
    if (n->is_elsewhere || n->kind != EXPLAIN_FORMULA) continue;
    add_formula_lines(out, n->version->text, n->depth);
    for (int k = 0; k < v->law_count; k++) {
      const char *why = rule_no_law(v->laws[k]);
      indent(out, n->depth);
      text_addf(out, "  %s: %s%s%s\n", why ? "no law" : "law", why ? why : v->laws[k],
                v->addresses[k] ? ", " : "", v->addresses[k] ? v->addresses[k] : "");
    }
    const char *rounding = rounding_words(w, v);
    if (rounding) {
      indent(out, n->depth);
      text_addf(out, "  rounded %s\n", rounding);
    }
  }
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
    json_close_object(j);
  }
  json_close_array(j);
}

static void json_references(struct json *j, const struct parameter_reference *all, int count) {
  for (int i = 0; i < count; i++) {
    json_open_object(j, NULL);
    json_text_or_none(j, "title", all[i].title);
    json_text_or_none(j, "href", all[i].href);
    json_close_object(j);
  }
}

/* As many digits as the file has; a mean has those of a result. */
static const char *parameter_digits(const struct explain_writer *w, const struct explain_node *n) {
  if (!n->entry || n->entry->value.form != FORM_NUMBER) return NULL;
  if (n->entry->value.text && !n->is_mean) return arena_printf(w->arena, "%.15g", n->value);
  struct text digits = {0};
  rule_number_write(&digits, n->value);
  return text_take(w->arena, &digits);
}

static void json_parameter(const struct explain_writer *w, struct json *j,
                           const struct explain_node *n) {
  char day[11];
  int count;
  const struct parameter_reference *references = references_of(n, &count);
  json_text(j, "kind", span_of("parameter"));
  json_text(j, "name", span_of(n->parameter->path));
  if (n->entry && n->entry->value.form == FORM_BOOL)
    json_bool(j, "value", n->entry->value.number != 0);
  else json_text_or_none(j, "value", parameter_digits(w, n));
  json_bool(j, "mean_of_year", n->is_mean);
  json_text_or_none(j, "unit", n->parameter->unit);
  json_text_or_none(j, "period", n->parameter->period);
  json_text(j, "on", span_of(day_write(n->day, day)));
  json_bool(j, "estimated", n->is_estimated);
  json_open_array(j, "source");
  json_references(j, references, count);
  json_close_array(j);
}

static const char *const explain_kinds[] = {"formula", "given", "default", "parameter", "total"};

static void json_variable(const struct explain_writer *w, struct json *j,
                          const struct explain_node *n) {
  const struct rule_variable *v = n->variable;
  json_text(j, "kind", span_of(explain_kinds[n->kind]));
  json_text(j, "name", span_of(v->name));
  json_text_or_none(j, "label", v->label);
  json_text(j, "period", span_of(period_write(w->arena, n->period)));
  json_text(j, "unit", span_of(v->unit ? v->unit : "/1"));
  json_values(w, j, n);
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
  json_text_or_none(j, "rounded", rounding_words(w, v));
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
    text_addf(out, "%d,%s", n->depth, explain_kinds[n->kind]);
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
  csv_field(out, !is_bool                      ? parameter_digits(w, n)
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

/* ---- a page ---- */

static void html_text(struct text *out, const char *tag, const char *words) {
  text_addf(out, "<%s>", tag);
  text_add_html(out, span_of(words));
  text_addf(out, "</%s>", tag);
}

static void html_link(struct text *out, const char *title, const char *href) {
  const bool safe = href && (strncmp(href, "https://", 8) == 0 || strncmp(href, "http://", 7) == 0);
  if (safe) {
    text_add(out, "<a href=\"");
    text_add_html(out, span_of(href));
    text_add(out, "\">");
  }
  text_add_html(out, span_of(title ? title : href ? href : ""));
  if (safe) text_add(out, "</a>");
}

static void html_parameter(const struct explain_writer *w, struct text *out,
                           const struct explain_node *n) {
  struct text words = {0};
  text_add(out, "<p class=\"parameter\">");
  html_text(out, "code", n->parameter->path);
  text_add(out, " is <strong>");
  add_parameter_value(w, &words, n);
  text_add_html(out, span_make(words.bytes, words.size));
  text_add(out, "</strong>");
  int count;
  const struct parameter_reference *r = references_of(n, &count);
  if (count) {
    text_add(out, " (");
    html_link(out, r->title, r->href);
    text_add_char(out, ')');
  }
  text_add(out, "</p>\n");
  text_release(&words);
}

static void html_id(const struct explain_writer *w, struct text *out,
                    const struct explain_node *n) {
  text_add_html(out, span_of(n->variable->name));
  text_add_char(out, '-');
  text_add_html(out, span_of(period_write(w->arena, n->explained_in)));
}

static void html_heading(const struct explain_writer *w, struct text *out,
                         const struct explain_node *n) {
  struct text words = {0};
  add_values(w, &words, n);
  add_flow(&words, n);
  text_add_html(out, span_of(n->variable->label ? n->variable->label : n->variable->name));
  text_add(out, ": <strong>");
  text_add_html(out, span_make(words.bytes, words.size));
  text_add(out, "</strong> <small>");
  text_add_html(out, span_of(n->variable->name));
  text_addf(out, ", %s%s", period_write(w->arena, n->period),
            n->is_elsewhere              ? ""
            : n->kind == EXPLAIN_INPUT   ? ", given"
            : n->kind == EXPLAIN_DEFAULT ? ", not given"
            : n->kind == EXPLAIN_TOTAL   ? ", the sum of its periods"
                                         : "");
  if (n->is_elsewhere) {
    text_add(out, ", <a href=\"#");
    html_id(w, out, n);
    text_add(out, "\">why</a>");
  }
  text_add(out, "</small>");
  text_release(&words);
}

/* What was given or assumed and comes to nothing: read last, together. */
static bool comes_to_nothing(const struct explain_node *n) {
  if (n->kind != EXPLAIN_INPUT && n->kind != EXPLAIN_DEFAULT) return false;
  for (int i = 0; i < n->rows; i++)
    if (n->values[i] != 0) return false;
  return n->variable->type.kind == KIND_NUMBER || n->variable->type.kind == KIND_BOOL;
}

static int after_parts(const struct explanation *e, int i) {
  int next = i + 1;
  while (next < e->count && e->all[next].depth > e->all[i].depth) next++;
  return next;
}

static void html_node(const struct explain_writer *w, struct text *out, int i);

static void html_parts(const struct explain_writer *w, struct text *out, int from, int to) {
  const struct explanation *e = w->explanation;
  int nothings = 0;
  for (int i = from; i < to; i = after_parts(e, i)) nothings += comes_to_nothing(&e->all[i]);
  const bool together = nothings > 2;
  for (int i = from; i < to; i = after_parts(e, i))
    if (!together || !comes_to_nothing(&e->all[i])) html_node(w, out, i);
  if (!together) return;
  text_addf(out, "<details><summary>%d more come to nothing</summary>\n", nothings);
  for (int i = from; i < to; i = after_parts(e, i))
    if (comes_to_nothing(&e->all[i])) html_node(w, out, i);
  text_add(out, "</details>\n");
}

static void html_node(const struct explain_writer *w, struct text *out, int i) {
  const struct explain_node *n = &w->explanation->all[i];
  if (n->kind == EXPLAIN_TOTAL) {
    text_add(out, "<details open><summary>");
    html_heading(w, out, n);
    text_add(out, "</summary>\n");
    html_parts(w, out, i + 1, after_parts(w->explanation, i));
    text_add(out, "</details>\n");
    return;
  }
  if (n->kind == EXPLAIN_PARAMETER) {
    html_parameter(w, out, n);
    return;
  }
  if (n->kind != EXPLAIN_FORMULA || n->is_elsewhere) {
    text_add(out, "<p>");
    html_heading(w, out, n);
    text_add(out, "</p>\n");
    return;
  }
  text_add(out, "<details id=\"");
  html_id(w, out, n);
  text_addf(out, "\"%s><summary>", n->depth < 1 ? " open" : "");
  html_heading(w, out, n);
  text_add(out, "</summary>\n<pre>");
  text_add_html(out, n->version->text);
  text_add(out, "</pre>\n");
  for (int k = 0; k < n->variable->law_count; k++) {
    const char *why = rule_no_law(n->variable->laws[k]);
    text_add(out, why ? "<p>No law: " : "<p>Law: ");
    html_link(out, why ? why : n->variable->laws[k], n->variable->addresses[k]);
    text_add(out, "</p>\n");
  }
  if (rounding_words(w, n->variable))
    text_addf(out, "<p>Rounded %s</p>\n", rounding_words(w, n->variable));
  html_parts(w, out, i + 1, after_parts(w->explanation, i));
  text_add(out, "</details>\n");
}

void explain_html(const struct explain_writer *w, struct text *out) {
  const struct explain_node *first = w->explanation->count ? &w->explanation->all[0] : NULL;
  const struct rule_variable *v = first ? first->variable : NULL;
  const char *name = v ? v->name : "Explanation";
  rules_page_begin(out, name, v && v->label ? v->label : name);
  html_parts(w, out, 0, w->explanation->count);
  rules_page_end(out);
}
