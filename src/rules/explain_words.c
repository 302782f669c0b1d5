#include "rules/explain_words.h"

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

/* 7486 as 7,486; at most six decimals, amounts of money with two or none. */
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

/* ---- items, days and periods ---- */

/* Letters that are said one by one, FT and HA, stay as they are. */
static bool is_abbreviation(struct span word) {
  static const char *const known[] = {"HA", "UC", "ESA", "JSA", "PIP", "DLA", "LHA", "IB", "EEA"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (span_is(word, known[i])) return true;
  bool has_vowel = false;
  for (size_t i = 0; i < word.size; i++) has_vowel |= strchr("AEIOUYaeiouy", word.bytes[i]) != NULL;
  return !has_vowel || word.size == 1;
}

static bool is_small_word(struct span word) {
  static const char *const known[] = {"OF", "AND", "UPON", "ON", "IN", "THE", "WITH", "UNDER"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (span_is(word, known[i])) return true;
  return false;
}

/* Their items are names of places, which begin with capitals. */
static bool has_names_of_places(const struct rule_enum *items) {
  static const char *const known[] = {"country", "region", "local_authority", "brma"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(items->name, known[i]) == 0) return true;
  return false;
}

static char in_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

/* `FT_EMPLOYED` as `FT employed`, a place as `West Midlands`. */
static void add_item(struct text *out, const struct rule_enum *items, int item) {
  const bool places = has_names_of_places(items);
  const char *name = items->items[item];
  if (strcmp(name, "UNKNOWN") == 0) {
    text_add(out, "not told");
    return;
  }
  for (const char *p = name; *p; p += *p == '_') {
    const struct span word = span_make(p, strcspn(p, "_"));
    if (p != name) text_add_char(out, ' ');
    if (is_abbreviation(word)) text_add_span(out, word);
    else
      for (size_t i = 0; i < word.size; i++)
        text_add_char(out, places && !i && (p == name || !is_small_word(word))
                               ? word.bytes[i]
                               : in_lower(word.bytes[i]));
    p += word.size;
  }
}

char *explain_period_words(struct arena *arena, struct rule_period p) {
  struct text words = {0};
  int year, month, of_month;
  if (p.each == EACH_ETERNITY) return arena_string(arena, "at all times");
  if (p.each == EACH_YEAR) return period_write(arena, p);
  day_parts(p.start, &year, &month, &of_month);
  if (p.each == EACH_WEEK) text_add(&words, "week of ");
  if (p.each == EACH_MONTH && of_month != 1) text_add(&words, "month from ");
  if (p.each == EACH_MONTH && of_month == 1) text_add_month_words(&words, p.start);
  else text_add_day_words(&words, p.start);
  return text_take(arena, &words);
}

/* ---- values ---- */

enum { DAY_TOLD_FIRST = -25567 }; /* 1900-01-01: nobody alive was born before */

bool explain_is_not_told(const struct rule_variable *v, double x) {
  if (v->version_count || x != v->by_default) return false;
  if (v->type.kind == KIND_DATE) return x < DAY_TOLD_FIRST;
  return v->type.kind == KIND_NUMBER && (x < 0 || isinf(x));
}

/* A year of the calendar is written without a comma. */
static bool is_calendar_year(const struct rule_variable *v, double x) {
  const size_t size = strlen(v->name);
  const bool named = size > 5 && strcmp(v->name + size - 5, "_year") == 0;
  return named && !v->type.money && !v->type.hours && !v->type.flow && x >= 1000 && x < 10000 &&
         x == floor(x);
}

void explain_add_value(const struct rules *rules, struct text *out, const struct rule_variable *v,
                       double x) {
  const struct rule_type *t = &v->type;
  if (isnan(x)) text_add(out, v->known ? "not known" : "no value");
  else if (explain_is_not_told(v, x)) text_add(out, "not told");
  else if (t->kind == KIND_BOOL) text_add(out, x != 0 ? "yes" : "no");
  else if (t->kind == KIND_ENUM && x >= 0 && x < t->items->count) add_item(out, t->items, (int)x);
  else if (t->kind == KIND_DATE && x >= DAY_FIRST && x <= DAY_LAST)
    text_add_day_words(out, (day_t)x);
  else if (is_calendar_year(v, x)) text_add_int(out, (int64_t)x);
  else add_amount(out, x, t->money == 1 ? money_sign(rules) : NULL);
}

const char *explain_row_name(const struct situation *s, const struct rule_variable *v, int row) {
  const char **names = s->names[v->entity->index];
  return names && names[row] ? names[row]
                             : arena_printf(s->arena, "%s %d", v->entity->name, row + 1);
}

bool explain_was_told(const struct explain_node *n, int row) {
  return n->kind != EXPLAIN_DEFAULT && !(n->kind == EXPLAIN_INPUT && n->told && !n->told[row]);
}

/* 1: all rows were given, 0: none, -1: some. */
static int given_rows(const struct explain_node *n) {
  int given = 0;
  for (int i = 0; i < n->rows; i++) given += explain_was_told(n, i);
  return given == n->rows ? 1 : given ? -1 : 0;
}

static void add_flow(struct text *out, const struct explain_node *n) {
  const bool is_not_known = n->rows == 1 && isnan(n->values[0]);
  if (!n->variable->type.flow || n->period.each == EACH_ETERNITY || is_not_known) return;
  text_add(out, " a ");
  text_add(out, rule_each_words[n->period.each]);
}

/* Each row by its name, with what it is where that is not the same for all. */
static void add_rows(const struct explain_writer *w, struct text *out, const struct explain_node *n,
                     bool mixed) {
  for (int i = 0; i < n->rows; i++) {
    const bool told = explain_was_told(n, i);
    if (i) text_add(out, ", ");
    text_add_clean(out, span_of(explain_row_name(w->situation, n->variable, i)));
    text_add_char(out, ' ');
    explain_add_value(w->compiler->rules, out, n->variable, n->values[i]);
    if (mixed) add_flow(out, n);
    if (mixed && told) text_add(out, " (given)");
    else if (mixed && !explain_is_not_told(n->variable, n->values[i])) text_add(out, " (not told)");
  }
}

void explain_add_values(const struct explain_writer *w, struct text *out,
                        const struct explain_node *n) {
  const bool is_input = n->kind == EXPLAIN_INPUT || n->kind == EXPLAIN_DEFAULT;
  const int given = is_input ? given_rows(n) : 1;
  bool alike = true;
  for (int i = 1; i < n->rows; i++) alike &= n->values[i] == n->values[0];
  if (n->rows && (n->rows == 1 || alike) && given >= 0) {
    explain_add_value(w->compiler->rules, out, n->variable, n->values[0]);
    if (n->rows > 1) text_add(out, " each");
  } else add_rows(w, out, n, given < 0);
  if (given >= 0) add_flow(out, n);
}

/* ---- parameters ---- */

static bool is_money(const struct parameter *p) {
  return p && p->unit && strstr(p->unit, "currency");
}

static const char *each_of_scale(const struct explain_writer *w, const struct parameter *p) {
  if (!p || !p->period || !is_money(p)) return "";
  return arena_printf(w->arena, " a %s", w->compiler->reading == READ_ANNUAL ? "year" : p->period);
}

static void add_rate(const struct explain_writer *w, struct text *out, const struct parameter *p,
                     double x) {
  if (is_money(p) || (p && p->unit && strcmp(p->unit, "/1") != 0))
    add_amount(out, x, is_money(p) ? money_sign(w->compiler->rules) : NULL);
  else {
    add_amount(out, x * 100, NULL);
    text_add_char(out, '%');
  }
}

/* `18% from £271.01 to £311 a week (£289.96)`. */
static void add_bracket(const struct explain_writer *w, struct text *out,
                        const struct explain_node *n, const struct explain_bracket *b) {
  const struct parameter *scale = n->parameter, *threshold = NULL, *value = NULL;
  for (int i = 0; i < scale->child_count && !threshold; i++) {
    threshold = parameter_child(scale->children[i], span_of("threshold"));
    value = parameter_child(scale->children[i], span_of(b->is_amount ? "amount" : "rate"));
  }
  const char *sign = is_money(threshold) ? money_sign(w->compiler->rules) : NULL;
  const char *each = each_of_scale(w, threshold);
  if (b->is_below) text_add(out, "nothing, below ");
  else {
    add_rate(w, out, value, b->value);
    text_add(out, each_of_scale(w, b->is_amount ? value : NULL));
    text_add(out, b->is_amount ? ", from " : " of what lies above ");
    add_amount(out, b->from, sign);
    text_add(out, b->is_amount || isinf(b->to) ? "" : ", up");
    text_add(out, isinf(b->to) ? "" : b->is_amount ? " to below " : " to ");
  }
  if (b->is_below || !isinf(b->to)) add_amount(out, b->to, sign);
  text_add(out, each);
  text_add(out, " (here ");
  add_amount(out, b->at, sign);
  if (b->entity >= 0 && n->bracket_count > 1) {
    const char **names = w->situation->names[b->entity];
    text_addf(out, " for %s",
              names && names[b->row]
                  ? names[b->row]
                  : arena_printf(w->arena, "%s %d", w->compiler->rules->entities[b->entity]->name,
                                 b->row + 1));
  }
  text_add_char(out, ')');
}

void explain_add_parameter(const struct explain_writer *w, struct text *out,
                           const struct explain_node *n) {
  if (!n->entry) {
    for (int i = 0; i < n->bracket_count; i++) {
      if (i) text_add(out, "; ");
      add_bracket(w, out, n, &n->brackets[i]);
    }
    if (!n->bracket_count) text_add(out, "a scale");
    if (n->is_estimated) text_add(out, " (estimated)");
    return;
  }
  const struct parameter_value *v = &n->entry->value;
  const char *unit = n->parameter->unit;
  const bool money = is_money(n->parameter);
  if (v->form == FORM_BOOL) text_add(out, v->number != 0 ? "yes" : "no");
  else if (v->form == FORM_NUMBER)
    add_amount(out, n->value, money ? money_sign(w->compiler->rules) : NULL);
  else text_add(out, "a list");
  if (v->form == FORM_NUMBER && unit && strcmp(unit, "/1") == 0 && n->value != 0 &&
      fabs(n->value) <= 1) /* a count of months is no share */
    text_addf(out, " (%.4g%%)", n->value * 100);
  if (money && n->parameter->period) text_addf(out, " a %s", n->parameter->period);
  if (n->is_mean) text_add(out, " (the mean of the year's days)");
  if (n->is_estimated) text_add(out, " (estimated)");
}

const struct parameter_reference *explain_references(const struct explain_node *n, int *count) {
  const bool own = n->entry && n->entry->reference_count;
  *count = own ? n->entry->reference_count : n->parameter->reference_count;
  return own ? n->entry->references : n->parameter->references;
}

const char *explain_rounding_words(const struct explain_writer *w, const struct rule_variable *v,
                                   bool in_words) {
  static const char *const ways[] = {"", "to the nearest", "up to the next", "down to the last",
                                     "half down to the nearest"};
  if (!v->rounding || w->compiler->reading != READ_LEGAL) return NULL;
  const char *way = ways[v->rounding];
  if (!in_words || v->type.money != 1)
    return arena_printf(w->arena, "%s %g", way, v->rounding_step);
  const char *sign = money_sign(w->compiler->rules);
  if (v->rounding_step == 0.01 && strcmp(sign, "£") == 0)
    return arena_printf(w->arena, "%s penny", way);
  if (v->rounding_step == 1 && strcmp(sign, "£") == 0)
    return arena_printf(w->arena, "%s pound", way);
  struct text amount = {0};
  add_amount(&amount, v->rounding_step, sign);
  const char *words = arena_printf(w->arena, "%s %s", way, amount.bytes);
  text_release(&amount);
  return words;
}

/* ---- what was assumed ---- */

static bool is_nothing(const struct explain_node *n) {
  for (int i = 0; i < n->rows; i++) {
    if (explain_was_told(n, i)) continue;
    if (explain_is_not_told(n->variable, n->values[i])) continue;
    const struct rule_type *t = &n->variable->type;
    const bool is_none = t->kind == KIND_ENUM &&
                         (strcmp(t->items->items[(int)n->values[i]], "NONE") == 0 ||
                          strcmp(t->items->items[(int)n->values[i]], "UNKNOWN") == 0);
    const bool counts = t->kind == KIND_NUMBER || t->kind == KIND_BOOL;
    if (!is_none && !(counts && n->values[i] == 0)) return false;
  }
  return true;
}

int explain_find_assumed(const struct explain_writer *w, struct explain_assumed **out) {
  const struct explanation *e = w->explanation;
  bool *known = arena_array(w->arena, bool, w->compiler->rules->variable_count + 1);
  int count = 0;
  *out = arena_array(w->arena, struct explain_assumed, e->count + 1);
  for (int i = 0; i < e->count; i++) {
    const struct explain_node *n = &e->all[i];
    if ((n->kind != EXPLAIN_INPUT && n->kind != EXPLAIN_DEFAULT) || given_rows(n) > 0 ||
        known[n->variable->index])
      continue;
    known[n->variable->index] = true;
    (*out)[count++] = (struct explain_assumed){n, is_nothing(n)};
  }
  return count;
}

const char *explain_assumed_of(const struct explain_writer *w, const struct explain_node *n) {
  if (given_rows(n) == 0) return NULL;
  struct text names = {0};
  for (int i = 0; i < n->rows; i++) {
    if (explain_was_told(n, i)) continue;
    if (names.size) text_add(&names, ", ");
    text_add_clean(&names, span_of(explain_row_name(w->situation, n->variable, i)));
  }
  return text_take(w->arena, &names);
}

/* ---- the short form ---- */

static int lines_of(const struct explain_node *n) {
  if (n->kind == EXPLAIN_PARAMETER) return 2;
  if (n->kind != EXPLAIN_FORMULA || n->is_elsewhere) return 1;
  return 1 + n->variable->law_count + (n->variable->rounding != ROUND_NOT);
}

static int formula_lines(const struct explain_node *n) {
  if (n->kind != EXPLAIN_FORMULA || n->is_elsewhere) return 0;
  int lines = 1;
  for (size_t i = 0; i < n->version->text.size; i++) lines += n->version->text.bytes[i] == '\n';
  return lines;
}

/* What the head of a short form says already, or says nothing. */
static bool is_told_at_head(const struct explain_node *n) {
  if (n->kind == EXPLAIN_DEFAULT || n->kind == EXPLAIN_UNUSED) return true;
  if (n->kind != EXPLAIN_INPUT) return false;
  bool nothing = true;
  for (int i = 0; i < n->rows; i++) nothing &= n->values[i] == 0 || !explain_was_told(n, i);
  return nothing;
}

struct explain_shown explain_choose_shown(const struct explain_writer *w, int lines_most) {
  enum { DEPTHS = 64 };
  const struct explanation *e = w->explanation;
  struct explain_shown shown = {.nodes = arena_array(w->arena, bool, e->count + 1),
                                .formulas_below = DEPTHS};
  bool *counts = arena_array(w->arena, bool, e->count + 1);
  int lines[DEPTHS] = {0}, short_lines[DEPTHS] = {0}, formulas[DEPTHS] = {0}, all = 0, hidden = -1;
  for (int i = 0; i < e->count; i++) {
    const struct explain_node *n = &e->all[i];
    if (hidden >= 0 && n->depth > hidden) continue;
    hidden = n->is_alike ? n->depth : -1;
    if (n->is_alike) continue;
    counts[i] = true;
    const int depth = n->depth < DEPTHS ? n->depth : DEPTHS - 1;
    lines[depth] += lines_of(n) + formula_lines(n);
    if (is_told_at_head(n)) continue;
    short_lines[depth] += lines_of(n);
    formulas[depth] += formula_lines(n);
  }
  for (int d = 0; d < DEPTHS; d++) all += lines[d];
  const bool is_short = lines_most && all > lines_most;
  int limit = DEPTHS, used = short_lines[0] + formulas[0];
  if (is_short) {
    for (limit = 1; limit < DEPTHS; limit++) {
      if (limit > 1 && used + short_lines[limit] > lines_most) break;
      used += short_lines[limit];
    }
    limit--;
    shown.formulas_below = 1;
    for (int d = 1; d <= limit && d < DEPTHS && used + formulas[d] <= lines_most; d++) {
      used += formulas[d];
      shown.formulas_below = d + 1;
    }
  }
  for (int i = 0; i < e->count; i++) {
    if (!counts[i]) continue;
    shown.nodes[i] = !is_short || (e->all[i].depth <= limit && !is_told_at_head(&e->all[i]));
    shown.left_out += !shown.nodes[i];
  }
  return shown;
}
