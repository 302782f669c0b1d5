#include "rules/range_write.h"

#include "base/refusal.h"
#include "rules/explain_write.h"
#include <math.h>

/* ---- unknown, as words name them ---- */

static struct span before(struct span s, const char *at) {
  return span_trim(span_make(s.bytes, (size_t)(at - s.bytes)));
}
static struct span after(struct span s, const char *at, size_t size) {
  const size_t passed = (size_t)(at - s.bytes) + size;
  return span_trim(span_make(s.bytes + passed, s.size - passed));
}

static const char *dots_in(struct span s) {
  for (size_t i = 0; i + 1 < s.size; i++)
    if (s.bytes[i] == '.' && s.bytes[i + 1] == '.') return s.bytes + i;
  return NULL;
}

static enum status read_value(const struct situation *s, const struct rule_variable *v,
                              struct span words, double *out, struct error *err) {
  const struct yaml_node node = {.kind = YAML_SCALAR, .text = words};
  enum status status = situation_value(s, v, &node, NULL, out, err);
  if (status != DONE) err->line = 0;
  return status;
}

static enum status read_items(const struct situation *s, struct span words,
                              struct range_unknown *out, struct error *err) {
  int most = 1;
  for (size_t i = 0; i < words.size; i++) most += words.bytes[i] == ',';
  double *items = arena_array(s->arena, double, most);
  enum status status = DONE;
  while (status == DONE) {
    const char *comma = words.size ? memchr(words.bytes, ',', words.size) : NULL;
    const struct span one = comma ? before(words, comma) : span_trim(words);
    status = read_value(s, out->variable, one, &items[out->item_count++], err);
    if (!comma) break;
    words = after(words, comma, 1);
  }
  out->items = items;
  return status;
}

static enum status read_bounds(const struct situation *s, struct span words,
                               struct range_unknown *out, struct error *err) {
  const char *dots = dots_in(words);
  if (!dots) return read_items(s, words, out, err);
  const struct span low = before(words, dots), high = after(words, dots, 2);
  enum status status = DONE;
  if (low.size) status = read_value(s, out->variable, low, &out->low, err);
  if (status == DONE && high.size) status = read_value(s, out->variable, high, &out->high, err);
  return status;
}

enum status range_unknown_read(const struct situation *s, struct span words,
                               struct range_unknown *out, struct error *err) {
  const char *equals = memchr(words.bytes, '=', words.size);
  struct span name = equals ? before(words, equals) : span_trim(words), who = {0};
  const char *dot = name.size ? memchr(name.bytes, '.', name.size) : NULL;
  if (dot) {
    who = before(name, dot);
    name = after(name, dot, 1);
  }
  *out = (struct range_unknown){.variable = rules_variable(s->rules, name)};
  const struct rule_variable *v = out->variable;
  if (!v) return rules_refuse_name(s->rules, name, err);
  out->period = situation_period(s, v, s->period);
  const bool is_day = v->type.kind == KIND_DATE;
  out->low = is_day ? DAY_FIRST : 0;
  out->high = is_day ? DAY_LAST : v->type.kind == KIND_BOOL ? 1 : INFINITY;
  if (dot && situation_row(s, v->entity, who, &out->row, err) != DONE) return err->code;
  return equals ? read_bounds(s, after(words, equals, 1), out, err) : DONE;
}

/* ---- text ---- */

static const char *unknown_name(const struct situation *s, const struct range_unknown *u) {
  if (s->rows[u->variable->entity->index] == 1) return u->variable->name;
  return arena_printf(s->arena, "%s.%s", explain_row_name(s, u->variable, u->row),
                      u->variable->name);
}

static void add_range(const struct rules *rules, struct text *out, const struct rule_variable *v,
                      const struct range_value *value) {
  if (value->known == RANGE_NOT_KNOWN) text_add(out, "not known by the rules");
  else if (value->known == RANGE_KNOWN_PERHAPS) text_add(out, "perhaps not known by the rules");
  else if (v->type.kind == KIND_BOOL && !value->is_exact) text_add(out, "yes or no");
  else if (v->type.kind == KIND_ENUM && !value->is_exact) text_add(out, "not known yet");
  else {
    explain_add_value(rules, out, v, value->low);
    if (value->low != value->high) {
      text_add(out, " to ");
      explain_add_value(rules, out, v, value->high);
    }
  }
  if (value->may_lack) text_add(out, ", or no value");
}

/* A line, in which names and labels are words of others. */
static void add_line(struct text *out, struct text *line) {
  text_add_clean(out, span_make(line->bytes, line->size));
  text_add_char(out, '\n');
  text_clear(line);
}

static void text_answer(const struct situation *s, const struct range_wanted *w,
                        const struct range_answer *a, struct text *out) {
  text_addf(out, "%s (%s): ", w->variable->name, period_write(s->arena, a->period));
  for (int row = 0; row < a->rows; row++) {
    if (a->rows > 1)
      text_addf(out, "%s%s ", row ? ", " : "", explain_row_name(s, w->variable, row));
    add_range(s->rules, out, w->variable, &a->values[row]);
  }
  if (w->variable->type.flow && a->period.each != EACH_ETERNITY &&
      a->values[0].known == RANGE_KNOWN)
    text_addf(out, " a %s", rule_each_words[a->period.each]);
  if (w->variable->label) text_addf(out, " - %s", w->variable->label);
}

void range_text(const struct situation *s, const struct range_request *request,
                const struct range_result *result, struct text *out) {
  struct text line = {0};
  for (int i = 0; i < request->wanted_count; i++) {
    const struct range_answer *a = &result->answers[i];
    text_answer(s, &request->wanted[i], a, &line);
    add_line(out, &line);
    for (int k = 0; k < a->need_count; k++)
      text_addf(&line, "%s%s", k ? ", " : "  hangs on ",
                unknown_name(s, &request->unknowns[a->needs[k]]));
    if (a->need_count) add_line(out, &line);
  }
  if (!result->question_count) text_add(out, "nothing is left to ask\n");
  for (int i = 0; i < result->question_count; i++) {
    const struct range_unknown *u = &request->unknowns[result->questions[i].unknown];
    text_addf(&line, "ask %d: %s%s%s", i + 1, unknown_name(s, u), u->variable->label ? " - " : "",
              u->variable->label ? u->variable->label : "");
    add_line(out, &line);
  }
  text_release(&line);
}

/* ---- JSON ---- */

static void json_words(struct json *j, const char *key, const char *words) {
  if (words) json_text(j, key, span_of(words));
  else json_none(j, key);
}

static const char *const known_words[] = {
    [RANGE_KNOWN] = "yes", [RANGE_KNOWN_PERHAPS] = "perhaps", [RANGE_NOT_KNOWN] = "no"};

static void json_answer(const struct situation *s, struct json *j,
                        const struct range_request *request, const struct range_answer *a,
                        const struct range_wanted *w) {
  json_open_object(j, NULL);
  json_text(j, "variable", span_of(w->variable->name));
  json_words(j, "label", w->variable->label);
  json_text(j, "period", span_of(period_write(s->arena, a->period)));
  json_words(j, "unit", w->variable->unit ? w->variable->unit : "/1");
  json_open_array(j, "values");
  for (int row = 0; row < a->rows; row++) {
    const struct range_value *value = &a->values[row];
    json_open_object(j, NULL);
    json_text(j, "of", span_of(explain_row_name(s, w->variable, row)));
    explain_json_value(j, "low", w->variable, value->low);
    explain_json_value(j, "high", w->variable, value->high);
    json_text(j, "known", span_of(known_words[value->known]));
    json_bool(j, "exact", value->is_exact);
    json_bool(j, "may_lack", value->may_lack);
    json_close_object(j);
  }
  json_close_array(j);
  json_open_array(j, "needs");
  for (int k = 0; k < a->need_count; k++)
    json_words(j, NULL, unknown_name(s, &request->unknowns[a->needs[k]]));
  json_close_array(j);
  json_close_object(j);
}

static void json_question(const struct situation *s, struct json *j, const struct range_unknown *u,
                          const struct range_question *q) {
  const struct rule_variable *narrower = &(struct rule_variable){.type = {.kind = KIND_NUMBER}};
  json_open_object(j, NULL);
  json_text(j, "unknown", span_of(unknown_name(s, u)));
  json_text(j, "variable", span_of(u->variable->name));
  json_text(j, "of", span_of(explain_row_name(s, u->variable, u->row)));
  json_words(j, "label", u->variable->label);
  json_text(j, "period", span_of(period_write(s->arena, u->period)));
  json_words(j, "unit", u->variable->unit ? u->variable->unit : "/1");
  explain_json_value(j, "narrower", narrower, q->narrower);
  json_close_object(j);
}

void range_json(const struct situation *s, const struct range_request *request,
                const struct range_result *result, struct text *out) {
  struct json j;
  json_begin(&j, out);
  json_open_object(&j, NULL);
  json_open_array(&j, "answers");
  for (int i = 0; i < request->wanted_count; i++)
    json_answer(s, &j, request, &result->answers[i], &request->wanted[i]);
  json_close_array(&j);
  json_open_array(&j, "questions");
  for (int i = 0; i < result->question_count; i++)
    json_question(s, &j, &request->unknowns[result->questions[i].unknown], &result->questions[i]);
  json_close_array(&j);
  json_close_object(&j);
  text_add_char(out, '\n');
}
