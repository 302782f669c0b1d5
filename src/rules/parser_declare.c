/* Declarations: variables with their versions, entities, enums and what a pack says of its year. */
#include "base/limits.h"
#include "base/refusal.h"
#include "rules/parser_parts.h"
#include "rules/period.h"

enum { VERSIONS_MOST = 64, LETS_MOST = 64 };

/* ---- formulas ---- */

/* The lines of a version, each indented further than `column`. */
static enum status read_version_lines(struct parser *p, int column, struct rule_version *v,
                                      struct error *err) {
  struct rule_let lets[LETS_MOST];
  const char *start = p->l.now.text.bytes, *end = start;
  enum status status = DONE;
  while (status == DONE && p->l.now.kind != TOKEN_END && p->l.now.column > column) {
    if (v->value) return parser_expected(p, N_("the end of the formula"), err);
    if (parser_is(p, "let")) {
      if (v->let_count == LETS_MOST)
        return parser_expected(p, N_("a formula with fewer parts"), err);
      struct rule_let *let = &lets[v->let_count++];
      status = parser_next(p, err);
      if (status == DONE) status = parser_take_new_name(p, &let->name, err);
      if (status == DONE) status = parser_take_sign(p, "=", err);
      if (status == DONE) status = parser_read_expr(p, &let->value, err);
    } else {
      status = parser_read_expr(p, &v->value, err);
    }
    end = p->l.now.text.bytes ? p->l.now.text.bytes : p->l.at;
    if (status == DONE) status = parser_take_line(p, err);
  }
  if (status == DONE && !v->value) return parser_expected(p, N_("the formula's value"), err);
  if (status != DONE) return status;
  while (end > start && end[-1] == '\n') end--;
  v->text = span_trim(span_make(start, (size_t)(end - start)));
  v->lets = arena_array(p->arena, struct rule_let, v->let_count ? v->let_count : 1);
  memcpy(v->lets, lets, sizeof *lets * (size_t)v->let_count);
  return DONE;
}

struct versions {
  int count;
  struct rule_version all[VERSIONS_MOST];
};

/* `from DATE`, `formula`, `to DATE` */
static enum status read_version(struct parser *p, struct versions *versions, struct error *err) {
  const int column = p->l.now.column;
  const bool ends = parser_is(p, "to"), dated = !parser_is(p, "formula");
  if (versions->count == VERSIONS_MOST) return parser_expected(p, N_("fewer versions"), err);
  struct rule_version *v = &versions->all[versions->count];
  *v = (struct rule_version){.from = DAY_FIRST, .place = parser_place(p)};
  enum status status = parser_next(p, err);
  if (status == DONE && dated) {
    if (p->l.now.kind != TOKEN_DATE) return parser_expected(p, N_("a day such as 2025-04-06"), err);
    v->from = p->l.now.day;
    if (versions->count && versions->all[versions->count - 1].from >= v->from) {
      (void)refuse(err, RULE_VERSIONS_ORDER);
      return lexer_fault(&p->l, err);
    }
    status = parser_next(p, err);
  }
  if (status == DONE && !dated && versions->count)
    return parser_expected(p, N_("a day such as 2025-04-06"), err);
  if (status == DONE && parser_is(p, ":")) status = parser_next(p, err);
  if (status == DONE) status = parser_take_line(p, err);
  if (status == DONE && !ends) status = read_version_lines(p, column, v, err);
  if (status == DONE) versions->count++;
  return status;
}

/* ---- attributes of a variable ---- */

static bool is_enum(const struct rules *rules, struct span name) {
  for (int i = 0; i < rules->enum_count; i++)
    if (span_is(name, rules->enums[i]->name)) return true;
  return false;
}

static enum status unit_unknown(const struct rule_variable *v, struct span word,
                                struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  (void)refuse(err, RULE_UNIT_UNKNOWN, span_quote(word, quoted));
  return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
}

static enum status read_unit(struct parser *p, struct rule_variable *v, struct error *err) {
  struct span word = {0};
  enum status status = DONE;
  if (parser_is(p, "/")) { /* /1: a plain number */
    status = parser_next(p, err);
    if (status == DONE && (p->l.now.kind != TOKEN_NUMBER || p->l.now.number != 1))
      return parser_expected(p, "1", err);
    if (status == DONE) status = parser_next(p, err);
  } else {
    status = parser_take_name(p, &word, err);
  }
  if (status != DONE) return status;
  const bool hourly = parser_is(p, "/"); /* GBP/hour */
  if (hourly) {
    status = parser_next(p, err);
    if (status == DONE && !parser_is(p, "hour")) return parser_expected(p, "hour", err);
    if (status == DONE) status = parser_next(p, err);
  }
  const bool stock = status == DONE && parser_is(p, "stock");
  if (stock) status = parser_next(p, err);
  if (status != DONE) return status;
  v->unit = !word.size ? "/1"
                       : arena_printf(p->arena, SPAN_FORMAT "%s%s", SPAN(word),
                                      hourly ? "/hour" : "", stock ? " stock" : "");
  struct rule_type *t = &v->type;
  *t = (struct rule_type){0};
  bool money = false;
  if (!is_enum(p->rules, word)) status = parser_money_named(p, word, &money, err);
  if (status != DONE) return status;
  if (hourly && !money) return unit_unknown(v, span_of(v->unit), err);
  if (money) t->money = 1;
  else if (span_is(word, "hours")) t->hours = 1;
  else if (span_is(word, "bool")) t->kind = KIND_BOOL;
  else if (span_is(word, "date")) t->kind = KIND_DATE;
  for (int i = 0; i < p->rules->enum_count; i++)
    if (span_is(word, p->rules->enums[i]->name)) {
      t->kind = KIND_ENUM;
      t->items = p->rules->enums[i];
    }
  if (!t->money && !t->hours && t->kind == KIND_NUMBER && word.size && !span_is(word, "years")) {
    return unit_unknown(v, word, err);
  }
  /* a flow: how much in each period; the period is known when all attributes are read */
  if (hourly) t->hours = -1;
  if ((t->money || t->hours) && !stock && !hourly) t->flow = EACH_COUNT;
  return status;
}

static enum status read_rounding(struct parser *p, struct rule_variable *v, struct error *err) {
  if (parser_is(p, "nearest")) v->rounding = ROUND_NEAREST;
  else if (parser_is(p, "up")) v->rounding = ROUND_UP;
  else if (parser_is(p, "down")) v->rounding = ROUND_DOWN;
  else return parser_expected(p, N_("nearest, up or down"), err);
  enum status status = parser_next(p, err);
  if (status != DONE) return status;
  if (p->l.now.kind != TOKEN_NUMBER || p->l.now.number <= 0)
    return parser_expected(p, N_("a step such as 0.01"), err);
  v->rounding_step = p->l.now.number;
  status = parser_next(p, err);
  if (status != DONE || !parser_is(p, "half")) return status;
  status = parser_next(p, err);
  if (status != DONE) return status;
  if (v->rounding != ROUND_NEAREST || !parser_is(p, "down"))
    return parser_expected(p, N_("half down after nearest and its step"), err);
  v->rounding = ROUND_HALF_DOWN;
  return parser_next(p, err);
}

/* `year by days`, `year of 52 weeks`, `year of 52 weeks where X` */
static enum status read_year(struct parser *p, struct rule_variable *v, struct error *err) {
  const bool by_days = parser_is(p, "by");
  struct span name = {0};
  if (!by_days && !parser_is(p, "of")) return parser_expected(p, N_("by days or of 52 weeks"), err);
  enum status status = parser_next(p, err);
  if (status == DONE && !by_days) {
    if (p->l.now.kind != TOKEN_NUMBER || p->l.now.number != 52)
      return parser_expected(p, N_("by days or of 52 weeks"), err);
    status = parser_next(p, err);
  }
  if (status != DONE) return status;
  if (!parser_is(p, by_days ? "days" : "weeks"))
    return parser_expected(p, N_("by days or of 52 weeks"), err);
  v->year = by_days ? YEAR_BY_DAYS : YEAR_OF_52_WEEKS;
  status = parser_next(p, err);
  if (status != DONE || by_days || !parser_is(p, "where")) return status;
  status = parser_next(p, err);
  if (status == DONE) status = parser_take_name(p, &name, err);
  if (status == DONE) v->year_where_name = parser_kept(p, name);
  return status;
}

/* `known where X` */
static enum status read_known(struct parser *p, struct rule_variable *v, struct error *err) {
  struct span name = {0};
  if (!parser_is(p, "where")) return parser_expected(p, "where", err);
  enum status status = parser_next(p, err);
  if (status == DONE) status = parser_take_name(p, &name, err);
  if (status == DONE) v->known_name = parser_kept(p, name);
  return status;
}

static enum status read_law(struct parser *p, struct rule_variable *v, struct error *err) {
  if (v->law_count == RULE_LAWS_MOST) return parser_expected(p, N_("fewer laws"), err);
  if (p->l.now.kind != TOKEN_TEXT) return parser_expected(p, N_("a text in quotes"), err);
  v->laws[v->law_count] = parser_kept(p, p->l.now.text);
  enum status status = parser_next(p, err);
  if (status == DONE && p->l.now.kind == TOKEN_TEXT) {
    v->addresses[v->law_count] = parser_kept(p, p->l.now.text);
    status = parser_next(p, err);
  }
  v->law_count++;
  return status;
}

/* A default as it is written; the unit of its variable may be read after it. */
struct default_written {
  bool is_there;
  struct span item; /* of an enum; empty: a literal */
  struct rule_type type;
};

static enum status read_default(struct parser *p, struct rule_variable *v,
                                struct default_written *out, struct error *err) {
  const bool minus = parser_is(p, "-");
  enum status status = minus ? parser_next(p, err) : DONE;
  if (status != DONE) return status;
  const struct token *t = &p->l.now;
  if (t->kind == TOKEN_NUMBER) v->by_default = minus ? -t->number : t->number;
  else if (t->kind == TOKEN_DATE) v->by_default = t->day;
  else if (parser_is(p, "true")) v->by_default = 1;
  else if (parser_is(p, "false")) v->by_default = 0;
  else if (parser_is(p, "infinity")) v->by_default = minus ? -__builtin_inf() : __builtin_inf();
  else if (t->kind == TOKEN_NAME) out->item = t->text;
  else return parser_expected(p, N_("a value"), err);
  const bool truth = parser_is(p, "true") || parser_is(p, "false");
  out->is_there = true;
  out->type.kind = truth ? KIND_BOOL : t->kind == TOKEN_DATE ? KIND_DATE : KIND_NUMBER;
  return parser_next(p, err);
}

static enum status read_attribute(struct parser *p, struct rule_variable *v,
                                  struct default_written *by_default, struct error *err) {
  struct span name = {0};
  if (p->l.now.kind == TOKEN_END) return parser_expected(p, N_("an attribute"), err);
  const struct lexer before = p->l;
  enum status status = parser_take_name(p, &name, err);
  if (status != DONE) return status;
  if (span_is(name, "entity")) {
    v->entity = parser_entity_of_word(p, p->l.now.text, false);
    if (!v->entity) return parser_expected(p, N_("an entity"), err);
    return parser_next(p, err);
  }
  if (span_is(name, "period")) {
    if (!parser_each_named(p->l.now.text, &v->period))
      return parser_expected(p, N_("day, week, month, pay, year, asked or eternity"), err);
    return parser_next(p, err);
  }
  if (span_is(name, "unit")) return read_unit(p, v, err);
  if (span_is(name, "round")) return read_rounding(p, v, err);
  if (span_is(name, "year")) return read_year(p, v, err);
  if (span_is(name, "known")) return read_known(p, v, err);
  if (span_is(name, "law")) return read_law(p, v, err);
  if (span_is(name, "default")) return read_default(p, v, by_default, err);
  if (span_is(name, "label")) {
    if (p->l.now.kind != TOKEN_TEXT) return parser_expected(p, N_("a text in quotes"), err);
    v->label = parser_kept(p, p->l.now.text);
    return parser_next(p, err);
  }
  p->l = before;
  return parser_expected(
      p, N_("entity, period, unit, label, law, default, round, year, formula, from or to"), err);
}

static enum status finish_default(struct parser *p, struct rule_variable *v,
                                  const struct default_written *written, struct error *err) {
  const struct span item = written->item;
  if (!written->is_there) return DONE;
  if (!item.size && written->type.kind == v->type.kind) return DONE;
  if (item.size && v->type.kind == KIND_ENUM) {
    const int found = rule_enum_item(v->type.items, item);
    v->by_default = found;
    if (found >= 0) return DONE;
  }
  char quoted[SPAN_QUOTE_SIZE];
  if (item.size)
    (void)refuse(err, RULE_ITEM_UNKNOWN, span_quote(item, quoted), v->unit ? v->unit : "");
  else
    (void)refuse(err, RULE_UNITS_DIFFER, rule_type_words(p->rules, p->arena, &v->type),
                 rule_type_words(p->rules, p->arena, &written->type));
  return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
}

static enum status finish_variable(struct parser *p, struct rule_variable *v,
                                   const struct default_written *by_default,
                                   const struct versions *versions, struct error *err) {
  if (!v->entity || !v->period) {
    (void)refuse(err, RULE_VARIABLE_LACKS, v->name, v->entity ? N_("a period") : N_("an entity"));
    return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
  }
  if (v->type.flow == EACH_COUNT) v->type.flow = v->period;
  if (v->type.flow == EACH_ASKED) {
    (void)refuse(err, RULE_VARIABLE_LACKS, v->name, N_("a period of its own, as amounts have"));
    return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
  }
  if (v->type.flow == EACH_ETERNITY) v->type.flow = EACH_NONE;
  if (finish_default(p, v, by_default, err) != DONE) return REFUSED;
  v->version_count = versions->count;
  v->versions = arena_array(p->arena, struct rule_version, versions->count ? versions->count : 1);
  memcpy(v->versions, versions->all, sizeof *versions->all * (size_t)versions->count);
  return DONE;
}

static enum status add_variable(struct parser *p, struct rule_variable *v, int first_own,
                                struct error *err) {
  struct rules *r = p->rules;
  const int64_t below = map_get(&r->names, span_of(v->name));
  if (below >= 0) {
    const struct rule_variable *other = r->variables[below];
    if (other->layer == r->layers || below >= first_own) {
      (void)refuse(err, RULE_TWICE, v->name, other->place.file, other->place.line);
      return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
    }
    v->replaces = other;
    v->layer = r->layers;
    v->index = (int)below;
    r->variables[below] = v;
    return DONE;
  }
  if ((r->variable_count & (r->variable_count - 1)) == 0 || r->variable_count < 8) {
    const int room = r->variable_count < 8 ? 16 : r->variable_count * 2;
    r->variables = arena_grow(r->arena, r->variables,
                              sizeof *r->variables * (size_t)r->variable_count,
                              sizeof *r->variables * (size_t)room);
  }
  if (r->variable_count == LIMIT_RULE_VARIABLES) {
    (void)refuse(err, RULE_VARIABLES_MOST, LIMIT_RULE_VARIABLES);
    return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
  }
  v->index = r->variable_count;
  v->layer = r->layers;
  r->variables[r->variable_count++] = v;
  map_set(&r->names, span_of(v->name), v->index);
  return DONE;
}

static enum status read_variable(struct parser *p, int first_own, struct error *err) {
  struct rule_variable *v = arena_array(p->arena, struct rule_variable, 1);
  struct versions versions = {0};
  struct span name = {0};
  struct default_written by_default = {0};
  v->place = parser_place(p);
  enum status status = parser_next(p, err);
  if (status == DONE) status = parser_take_new_name(p, &name, err);
  if (status == DONE) v->name = parser_kept(p, name);
  if (status == DONE) status = parser_take_line(p, err);
  while (status == DONE && p->l.now.kind != TOKEN_END && p->l.now.column > 1) {
    if (parser_is(p, "from") || parser_is(p, "formula") || parser_is(p, "to")) {
      status = read_version(p, &versions, err);
      continue;
    }
    do status = read_attribute(p, v, &by_default, err);
    while (status == DONE && p->l.now.kind == TOKEN_NAME);
    if (status == DONE) status = parser_take_line(p, err);
  }
  if (status == DONE) status = finish_variable(p, v, &by_default, &versions, err);
  return status == DONE ? add_variable(p, v, first_own, err) : status;
}

/* ---- entities, enums, settings ---- */

static enum status read_entity(struct parser *p, struct error *err) {
  struct rules *r = p->rules;
  struct rule_entity *e = arena_array(p->arena, struct rule_entity, 1);
  *e = (struct rule_entity){.place = parser_place(p), .index = r->entity_count, .within = -1};
  struct span name = {0};
  enum status status = parser_next(p, err);
  if (status == DONE) status = parser_take_name(p, &name, err);
  if (status != DONE) return status;
  if (rules_entity(r, name)) return parser_expected(p, N_("an entity of another name"), err);
  e->name = parser_kept(p, name);
  enum { NOTHING, PLURALS, ROLES } reading = NOTHING;
  while (status == DONE && p->l.now.kind == TOKEN_NAME) {
    struct span word = p->l.now.text;
    status = parser_next(p, err);
    if (status != DONE) break;
    if (span_is(word, "plural")) reading = PLURALS;
    else if (span_is(word, "roles")) reading = ROLES;
    else if (span_is(word, "members") || span_is(word, "within")) {
      if (p->l.now.kind != TOKEN_NAME) return parser_expected(p, N_("an entity"), err);
      if (span_is(word, "members")) e->is_group = true;
      else e->within_name = parser_kept(p, p->l.now.text); /* found when all are read */
      status = parser_next(p, err);
      reading = NOTHING;
    } else if (reading == PLURALS && e->plural_count < RULE_PLURALS_MOST) {
      e->plurals[e->plural_count++] = parser_kept(p, word);
    } else if (reading == ROLES && e->role_count < RULE_ROLES_MOST) {
      e->roles[e->role_count++] = parser_kept(p, word);
    } else {
      return parser_expected(p, N_("plural, members, within or roles"), err);
    }
  }
  if (r->entity_count == RULE_ENTITIES_MOST) return parser_expected(p, N_("fewer entities"), err);
  if (!e->is_group && r->entity_count) return parser_expected(p, N_("members"), err);
  r->entities[r->entity_count++] = e;
  return status == DONE ? parser_take_line(p, err) : status;
}

static enum status read_enum(struct parser *p, struct error *err) {
  enum { ITEMS_MOST = 1024 };
  struct rules *r = p->rules;
  struct rule_enum *e = arena_array(p->arena, struct rule_enum, 1);
  const char **items = arena_array(p->arena, const char *, ITEMS_MOST);
  e->place = parser_place(p);
  struct span name = {0};
  enum status status = parser_next(p, err);
  if (status == DONE) status = parser_take_name(p, &name, err);
  if (status != DONE) return status;
  e->name = parser_kept(p, name);
  for (int i = 0; i < r->enum_count; i++)
    if (span_is(name, r->enums[i]->name)) { /* values of the first are known by its order */
      (void)refuse(err, RULE_ENUM_TWICE, e->name, r->enums[i]->place.file, r->enums[i]->place.line);
      return error_at(err, e->place.file, (uint64_t)e->place.line, NULL);
    }
  while (status == DONE && p->l.now.kind != TOKEN_END) {
    if (p->l.now.kind == TOKEN_LINE) { /* items may stand on further, indented lines */
      status = parser_next(p, err);
      if (p->l.now.kind == TOKEN_END || p->l.now.column == 1) break;
      continue;
    }
    if (e->count == ITEMS_MOST) return parser_expected(p, N_("fewer items"), err);
    status = parser_take_name(p, &name, err);
    if (status == DONE) items[e->count++] = parser_kept(p, name);
    if (status == DONE && parser_is(p, ",")) status = parser_next(p, err);
  }
  if (status != DONE) return status;
  e->items = items;
  r->enums = arena_grow(r->arena, r->enums, sizeof *r->enums * (size_t)r->enum_count,
                        sizeof *r->enums * (size_t)(r->enum_count + 1));
  r->enums[r->enum_count++] = e;
  return DONE;
}

static bool is_day_of_month(int month, int day) {
  const int leap = 2024;
  return period_month_day(leap, month, day) == day_make(leap, month, 1) + day - 1;
}

/* `04-06` is read as two numbers with a minus between. */
static enum status read_month_day(struct parser *p, int *month, int *day, struct error *err) {
  enum status status = DONE;
  for (int i = 0; i < 2 && status == DONE; i++) {
    if (p->l.now.kind != TOKEN_NUMBER) return parser_expected(p, N_("a day such as 04-06"), err);
    *(i ? day : month) = p->l.now.number <= 31 ? (int)p->l.now.number : 0;
    status = parser_next(p, err);
    if (status == DONE && !i) status = parser_take_sign(p, "-", err);
  }
  if (status == DONE && (*month < 1 || *month > 12 || *day < 1 || !is_day_of_month(*month, *day)))
    return parser_expected(p, N_("a day such as 04-06"), err);
  return status;
}

/* `GBP pounds "£"`: the code, the word and the sign. */
static enum status read_money(struct parser *p, struct error *err) {
  struct rules *r = p->rules;
  struct span code = {0}, words = {0};
  enum status status = parser_take_name(p, &code, err);
  if (status == DONE && r->money_code && !span_is(code, r->money_code)) {
    char quoted[SPAN_QUOTE_SIZE];
    (void)refuse(err, RULE_MONEY_OTHER, span_quote(code, quoted), r->money_code);
    return lexer_fault(&p->l, err);
  }
  if (status == DONE) status = parser_take_name(p, &words, err);
  if (status == DONE && p->l.now.kind != TOKEN_TEXT)
    return parser_expected(p, N_("a text in quotes"), err);
  if (status != DONE) return status;
  r->money_code = parser_kept(p, code);
  r->money_words = parser_kept(p, words);
  r->money_sign = parser_kept(p, p->l.now.text);
  return parser_next(p, err);
}

/* `pack year begins 04-06`, `pack annual at 04-30`, `pack money GBP pounds "£"` */
static enum status read_settings(struct parser *p, struct error *err) {
  struct rules *r = p->rules;
  enum status status = parser_next(p, err);
  while (status == DONE && p->l.now.kind == TOKEN_NAME) {
    const bool year = parser_is(p, "year"), annual = parser_is(p, "annual");
    if (parser_is(p, "money")) {
      status = parser_next(p, err);
      if (status == DONE) status = read_money(p, err);
      continue;
    }
    if (!year && !annual) return parser_expected(p, N_("year begins, annual at, or money"), err);
    status = parser_next(p, err);
    if (status == DONE && !parser_is(p, year ? "begins" : "at"))
      return parser_expected(p, year ? "begins" : "at", err);
    if (status == DONE) status = parser_next(p, err);
    if (status == DONE)
      status = year ? read_month_day(p, &r->year_month, &r->year_day, err)
                    : read_month_day(p, &r->annual_month, &r->annual_day, err);
    if (annual) r->is_annual = true;
  }
  return status == DONE ? parser_take_line(p, err) : status;
}

static const char *const declaration_words[] = {"variable", "entity", "enum", "pack"};

static bool begins_declaration(struct span line) {
  for (size_t i = 0; i < sizeof declaration_words / sizeof *declaration_words; i++) {
    const size_t size = strlen(declaration_words[i]);
    if (line.size > size && line.bytes[size] == ' ' &&
        memcmp(line.bytes, declaration_words[i], size) == 0)
      return true;
  }
  return false;
}

/* Passes over a declaration that the other pass reads, and says what is wrong with it. */
static enum status pass_over(struct parser *p, struct error *err) {
  do lexer_pass_line(&p->l);
  while (p->l.at < p->l.end &&
         !begins_declaration(span_make(p->l.at, (size_t)(p->l.end - p->l.at))));
  return parser_next(p, err);
}

static enum status parse_file(struct parser *p, bool declarations, int first_own, const char *file,
                              struct span text, struct error *err) {
  enum status status = lexer_begin(&p->l, file, text, err);
  while (status == DONE && p->l.now.kind != TOKEN_END) {
    const bool variable = parser_is(p, "variable");
    if (p->l.now.column != 1 ||
        (!variable && !parser_is(p, "entity") && !parser_is(p, "enum") && !parser_is(p, "pack")))
      return parser_expected(p, N_("variable, enum, entity or pack at the beginning of a line"),
                             err);
    if (variable == declarations) status = pass_over(p, err);
    else if (variable) status = read_variable(p, first_own, err);
    else if (parser_is(p, "entity")) status = read_entity(p, err);
    else if (parser_is(p, "enum")) status = read_enum(p, err);
    else status = read_settings(p, err);
  }
  return status;
}

enum status parse_declarations(struct rules *rules, const char *file, struct span text,
                               struct error *err) {
  struct parser p = {.rules = rules, .arena = rules->arena};
  return parse_file(&p, true, 0, file, text, err);
}

enum status parse_variables(struct rules *rules, const char *file, struct span text, int first_own,
                            struct error *err) {
  struct parser p = {.rules = rules, .arena = rules->arena};
  return parse_file(&p, false, first_own, file, text, err);
}
