#include "rules/check.h"

#include "base/limits.h"
#include "base/message.h"
#include "base/refusal.h"
#include "rules/functions.h"

/* What a formula is checked in: whose it is, and, within an aggregate, whose the values are. */
struct check {
  struct rules *rules;
  struct arena *arena;
  const struct rule_variable *variable;
  const struct rule_version *version;
  int lets_known, depth;
  const struct rule_entity *entity; /* of the values here */
  bool hides_lets;                  /* in an aggregate over others than the formula's own members */
};

static enum status at(const struct rule_expr *e, struct error *err) {
  return error_at(err, e->place.file, (uint64_t)e->place.line, NULL);
}

static enum status expr_check(struct check *c, struct rule_expr *e, const struct rule_enum *wanted,
                              struct error *err);

/* ---- kinds and units ---- */

static bool is_flow(const struct rule_type *t) { return t->flow != EACH_NONE; }
static bool has_unit(const struct rule_type *t) { return t->money || t->hours; }

static bool same_unit(const struct rule_type *a, const struct rule_type *b) {
  return a->money == b->money && a->hours == b->hours && a->flow == b->flow;
}

static enum status differ(struct check *c, const struct rule_expr *e, const struct rule_type *a,
                          const struct rule_type *b, struct error *err) {
  (void)refuse(err, RULE_UNITS_DIFFER, rule_type_words(c->rules, c->arena, a),
               rule_type_words(c->rules, c->arena, b));
  return at(e, err);
}

static enum status must_be(struct check *c, const struct rule_expr *e, enum rule_kind kind,
                           struct error *err) {
  if (e->type.kind == kind) return DONE;
  const struct rule_type wanted = {.kind = kind, .any_unit = true};
  return differ(c, e, &wanted, &e->type, err);
}

/* The type of two values that are added, compared or chosen between. */
static enum status common_type(struct check *c, const struct rule_expr *e,
                               const struct rule_type *a, const struct rule_type *b,
                               struct rule_type *out, struct error *err) {
  if (a->kind != b->kind || (a->kind == KIND_ENUM && a->items != b->items))
    return differ(c, e, a, b, err);
  *out = a->any_unit ? *b : *a;
  if (a->kind != KIND_NUMBER || a->any_unit || b->any_unit || same_unit(a, b)) return DONE;
  return differ(c, e, a, b, err);
}

static enum status numbers(struct check *c, const struct rule_expr *e, struct error *err) {
  for (int i = 0; i < e->arg_count; i++) {
    enum status status = must_be(c, e->args[i], KIND_NUMBER, err);
    if (status != DONE) return status;
  }
  return DONE;
}

static enum status product_type(struct check *c, struct rule_expr *e, struct error *err) {
  enum status status = numbers(c, e, err);
  if (status != DONE) return status;
  const struct rule_type *a = &e->args[0]->type, *b = &e->args[1]->type;
  const int sign = e->op == OP_DIVIDE ? -1 : 1;
  struct rule_type *t = &e->type;
  *t = (struct rule_type){.money = (int8_t)(a->money + sign * b->money),
                          .hours = (int8_t)(a->hours + sign * b->hours),
                          .any_unit = a->any_unit || (sign == 1 && b->any_unit)};
  if (is_flow(a) && is_flow(b)) {
    if (sign == 1 || a->flow != b->flow) return differ(c, e, a, b, err);
    return DONE;
  }
  t->flow = is_flow(a) ? a->flow : b->flow;
  if (sign == -1 && is_flow(b) && !a->any_unit) return differ(c, e, a, b, err);
  return DONE;
}

/* ---- parameters ---- */

/* Of a parameter or a table. False: a unit or a period that is none of this pack. */
static bool unit_type(const struct rules *rules, const char *unit, const char *period,
                      struct rule_type *out) {
  const bool known = rule_unit_read(span_of(unit ? unit : ""), rules->money_code, out);
  if (!has_unit(out) || !period || (out->money && out->hours)) return known;
  out->flow = rule_period_named(span_of(period));
  return known && is_flow(out);
}

static enum status refuse_unit(const struct rules *rules, const char *path, const char *unit,
                               const char *period, struct error *err) {
  struct rule_type t;
  if (rule_unit_read(span_of(unit ? unit : ""), rules->money_code, &t))
    return refuse(err, RULE_UNIT_PERIOD, period, path);
  return refuse(err, RULE_UNIT_FOREIGN, unit, path, rules->money_code ? rules->money_code : "GBP");
}

/* The last value that there is says what kind they are: one that ended keeps its own. */
static bool parameter_type_known(const struct rules *rules, const struct parameter *p,
                                 struct rule_type *out) {
  const bool known = unit_type(rules, p->unit, p->period, out);
  enum parameter_form form = FORM_NONE;
  for (int i = p->entry_count - 1; i >= 0 && form == FORM_NONE; i--)
    form = p->entries[i].value.form;
  if (form == FORM_LIST) *out = (struct rule_type){.kind = KIND_LIST};
  if (form == FORM_BOOL || (p->unit && strcmp(p->unit, "bool") == 0))
    *out = (struct rule_type){.kind = KIND_BOOL};
  return known;
}

struct rule_type parameter_type(const struct rules *rules, const struct parameter *p) {
  struct rule_type t;
  (void)parameter_type_known(rules, p, &t);
  return t;
}

static enum status path_unknown(const struct rules *rules, const struct rule_expr *e,
                                struct span path, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  const char *nearest = parameters_nearest(rules->parameters, path);
  if (nearest) (void)refuse(err, PARAMETER_UNKNOWN_NEAR, span_quote(path, quoted), nearest);
  else (void)refuse(err, PARAMETER_UNKNOWN, span_quote(path, quoted));
  return at(e, err);
}

static bool is_number_name(const char *name) {
  return *name && strspn(name, "0123456789") == strlen(name);
}

/* What a whole number may choose: a scale's first bracket, or the first child named by a number. */
static void add_first_number(const struct rules *rules, struct text *path) {
  const struct parameter *node = parameters_find(rules->parameters,
                                                 span_make(path->bytes, path->size));
  for (int i = 0; node && node->kind == PARAMETER_NODE && i < node->child_count; i++)
    if (is_number_name(node->children[i]->name)) {
      text_addf(path, ".%s", node->children[i]->name);
      return;
    }
  text_add(path, "[0]");
}

const struct parameter *check_path(const struct rules *rules, const struct rule_expr *e,
                                   struct error *err) {
  struct text path = {0};
  const struct parameter *found = NULL;
  for (int i = 0; i < e->step_count; i++) {
    const struct rule_step *s = &e->steps[i];
    if (s->name.size) text_addf(&path, i ? "." SPAN_FORMAT : SPAN_FORMAT, SPAN(s->name));
    else if (s->chosen && s->chosen->type.kind == KIND_ENUM) {
      /* the first item that the node has */
      const struct rule_enum *items = s->chosen->type.items;
      const struct parameter *node = parameters_find(rules->parameters,
                                                     span_make(path.bytes, path.size));
      const char *item = items->items[0];
      for (int k = items->count - 1; node && k >= 0; k--)
        if (parameter_child(node, span_of(items->items[k]))) item = items->items[k];
      text_addf(&path, ".%s", item);
    } else if (s->by_period) text_add(&path, ".year");
    else if (s->chosen) add_first_number(rules, &path);
    else text_addf(&path, "[%d]", s->number);
  }
  found = parameters_find(rules->parameters, span_make(path.bytes, path.size));
  if (!found) (void)path_unknown(rules, e, span_make(path.bytes, path.size), err);
  text_release(&path);
  return found;
}

/* What a path must come to: the first of all that it may come to. */
struct wanted {
  const struct rules *rules;
  enum parameter_kind kind;
  bool turned;           /* to the period of the formula */
  struct rule_type type; /* of values */
  const struct parameter *scale;
};

/* What is not as it should be, and what it should be. */
struct odd {
  const struct parameter *is; /* null: nothing */
  struct rule_type wanted;
};

static struct odd odd_value(const struct wanted *w, const struct parameter *p,
                            const struct rule_type *wanted) {
  struct rule_type own;
  const bool known = parameter_type_known(w->rules, p, &own);
  const bool same = own.kind == wanted->kind && own.money == wanted->money &&
                    own.hours == wanted->hours && (w->turned || own.flow == wanted->flow);
  return (struct odd){known && same ? NULL : p, *wanted};
}

static bool is_average(const struct parameter *scale) {
  bool is = scale->scale_type && strcmp(scale->scale_type, "average_rate") == 0;
  for (int i = 0; i < scale->child_count; i++)
    is = is || parameter_child(scale->children[i], span_of("average_rate"));
  return is;
}

/* What a bracket has for a threshold, and for what it gives: of rates that is as the threshold. */
static const struct parameter *part_of(const struct parameter *bracket, bool given) {
  const struct parameter *amount = parameter_child(bracket, span_of("amount"));
  return given && amount ? amount : parameter_child(bracket, span_of("threshold"));
}

/* Each bracket has the units that the first bracket of the first scale has. */
static struct odd odd_bracket(const struct wanted *w, const struct parameter *scale) {
  const struct parameter *first = w->scale->child_count ? w->scale->children[0] : NULL;
  struct odd odd = {0};
  if (is_average(scale)) return (struct odd){scale, {0}};
  for (int i = 0; first && i < scale->child_count; i++)
    for (int given = 0; given < 2 && !odd.is; given++) {
      const struct parameter *wanted = part_of(first, given),
                             *own = part_of(scale->children[i], given);
      const struct rule_type type = wanted ? parameter_type(w->rules, wanted)
                                           : (struct rule_type){0};
      if (own) odd = odd_value(w, own, &type);
    }
  return odd;
}

/* Of all that a path may come to, what is of another kind or unit than the expression. What lies
 * under an item that is not there has no value, which is known when it is asked. */
static struct odd odd_child(const struct wanted *w, const struct rule_expr *e,
                            const struct parameter *p, int step) {
  for (; step < e->step_count; step++) {
    const struct rule_step *s = &e->steps[step];
    const struct rule_enum *items = s->chosen ? s->chosen->type.items : NULL;
    struct odd odd = {0};
    for (int i = 0; (s->chosen || s->by_period) && i < p->child_count && !odd.is; i++) {
      const char *name = p->children[i]->name;
      const bool by_number = s->chosen && !items && p->kind == PARAMETER_NODE;
      if (items ? rule_enum_item(items, span_of(name)) >= 0 : !by_number || is_number_name(name))
        odd = odd_child(w, e, p->children[i], step + 1);
    }
    if (s->chosen || s->by_period) return odd;
    p = s->name.size                 ? parameter_child(p, s->name)
        : s->number < p->child_count ? p->children[s->number]
                                     : NULL;
    if (!p) return odd;
  }
  if (p->kind != w->kind) return (struct odd){p, {0}};
  return w->kind == PARAMETER_SCALE ? odd_bracket(w, p) : odd_value(w, p, &w->type);
}

static enum status refuse_odd(struct check *c, const struct rule_expr *e, const struct wanted *w,
                              const struct odd *odd, struct error *err) {
  struct rule_type other;
  const bool is_part = w->kind == PARAMETER_SCALE && odd->is->kind == PARAMETER_VALUES;
  if (odd->is->kind == PARAMETER_SCALE && w->kind == PARAMETER_SCALE)
    (void)refuse(err, RULE_SCALE_AVERAGE, odd->is->path);
  else if (odd->is->kind != w->kind && !is_part)
    (void)refuse(err, RULE_PARAMETER_KIND, odd->is->path,
                 w->kind == PARAMETER_SCALE ? N_("a scale") : N_("a value"));
  else if (parameter_type_known(c->rules, odd->is, &other))
    return differ(c, e, &odd->wanted, &other, err);
  else (void)refuse_unit(c->rules, odd->is->path, odd->is->unit, odd->is->period, err);
  return at(e, err);
}

static enum status parameter_check(struct check *c, struct rule_expr *e, enum parameter_kind kind,
                                   struct error *err) {
  for (int i = 0; i < e->step_count; i++) {
    struct rule_expr *chosen = e->steps[i].chosen;
    enum status status = chosen ? expr_check(c, chosen, NULL, err) : DONE;
    if (status != DONE) return status;
    if (chosen && chosen->type.kind != KIND_ENUM && chosen->type.kind != KIND_NUMBER)
      return must_be(c, chosen, KIND_ENUM, err);
  }
  const struct parameter *p = check_path(c->rules, e, err);
  if (!p) return REFUSED;
  if (p->kind != kind) {
    (void)refuse(err, RULE_PARAMETER_KIND, p->path,
                 kind == PARAMETER_SCALE ? N_("a scale") : N_("a value"));
    return at(e, err);
  }
  struct wanted w = {.rules = c->rules, .kind = kind};
  if (kind == PARAMETER_VALUES) w.type = parameter_type(c->rules, p);
  else w.scale = p;
  for (int i = 0; i < e->step_count; i++) w.turned |= e->steps[i].by_period;
  const struct odd odd = odd_child(&w, e, parameters_root(c->rules->parameters), 0);
  if (odd.is) return refuse_odd(c, e, &w, &odd, err);
  e->type = w.type;
  if (w.turned && is_flow(&e->type)) e->type.flow = c->variable->period;
  return DONE;
}

/* The unit of the thresholds of a scale, and of what it gives: a threshold's unit for rates. */
static enum status scale_check(struct check *c, struct rule_expr *e, struct error *err) {
  if (e->args[0]->op != OP_PARAMETER) {
    (void)refuse(err, RULE_SCALE_OF_WHAT);
    return at(e, err);
  }
  enum status status = parameter_check(c, e->args[0], PARAMETER_SCALE, err);
  if (status == DONE) status = expr_check(c, e->args[1], NULL, err);
  if (status == DONE) status = must_be(c, e->args[1], KIND_NUMBER, err);
  if (status != DONE) return status;
  const struct parameter *scale = check_path(c->rules, e->args[0], err);
  const struct parameter *first = scale && scale->child_count ? scale->children[0] : NULL;
  const struct parameter *threshold = first ? parameter_child(first, span_of("threshold")) : NULL;
  const struct parameter *amount = first ? parameter_child(first, span_of("amount")) : NULL;
  if (!threshold) return path_unknown(c->rules, e->args[0], span_of(scale ? scale->path : ""), err);
  struct rule_type steps = parameter_type(c->rules, threshold), *x = &e->args[1]->type, ignored;
  e->type = amount ? parameter_type(c->rules, amount) : steps;
  for (int i = 0; i < e->args[0]->step_count; i++)
    if (e->args[0]->steps[i].by_period) {
      if (is_flow(&steps)) steps.flow = c->variable->period;
      if (is_flow(&e->type)) e->type.flow = c->variable->period;
    }
  status = common_type(c, e, x, &steps, &ignored, err);
  return status;
}

bool check_period(const struct rule_variable *reader, const struct rule_variable *v) {
  const bool asked = reader->period == EACH_ASKED && v->period == EACH_YEAR;
  return is_flow(&v->type) || v->period >= reader->period || asked;
}

enum status check_refuse_period(const struct rule_variable *v, struct error *err) {
  return refuse(err, RULE_PERIOD_SHORTER, v->name, rule_each_words[v->period],
                rule_each_words[v->period]);
}

bool check_listed(const struct rule_type *listed, const struct rule_type *sum) {
  if (listed->kind != KIND_NUMBER && listed->kind != KIND_BOOL) return false;
  return listed->money == sum->money && listed->hours == sum->hours &&
         is_flow(listed) == is_flow(sum);
}

static enum status total_check(struct check *c, struct rule_expr *e, struct error *err) {
  struct rule_expr *list = e->args[0];
  if (list->op != OP_PARAMETER) {
    (void)refuse(err, RULE_TOTAL_OF_WHAT);
    return at(e, err);
  }
  enum status status = parameter_check(c, list, PARAMETER_VALUES, err);
  if (status == DONE) status = must_be(c, list, KIND_LIST, err);
  if (status != DONE) return status;
  const struct parameter *p = check_path(c->rules, list, err);
  const struct rule_type *own = &c->variable->type;
  for (int i = 0; p && i < p->entry_count; i++)
    for (int k = 0; k < p->entries[i].value.count; k++) {
      const char *name = p->entries[i].value.items[k].text;
      const struct rule_variable *v = rules_variable(c->rules, span_of(name));
      const bool known = v && v->entity == c->entity, fits = known && check_listed(&v->type, own);
      if (fits && check_period(c->variable, v)) continue;
      if (fits) (void)check_refuse_period(v, err);
      else if (known)
        (void)refuse(err, RULE_LISTED_UNIT, p->path, name,
                     rule_type_words(c->rules, c->arena, &v->type),
                     rule_type_words(c->rules, c->arena, own));
      else (void)refuse(err, RULE_LISTED_UNKNOWN, p->path, name ? name : "");
      return at(e, err);
    }
  /* each listed variable is turned into a flow of this period */
  e->type = (struct rule_type){.money = own->money, .hours = own->hours, .flow = own->flow};
  return DONE;
}

/* ---- names ---- */

static enum status name_unknown(struct check *c, const struct rule_expr *e, struct error *err) {
  (void)rules_refuse_name(c->rules, e->name, err);
  return at(e, err);
}

static enum status period_check(struct check *c, const struct rule_expr *e,
                                const struct rule_variable *v, struct error *err) {
  if (check_period(c->variable, v)) return DONE;
  (void)check_refuse_period(v, err);
  return at(e, err);
}

static enum status name_check(struct check *c, struct rule_expr *e, const struct rule_enum *wanted,
                              bool any_period, struct error *err) {
  for (int i = c->hides_lets ? -1 : c->lets_known - 1; i >= 0; i--)
    if (span_equal(c->version->lets[i].name, e->name)) {
      e->op = OP_LOCAL;
      e->index = i;
      e->type = c->version->lets[i].value->type;
      e->type.is_literal = false;
      return DONE;
    }
  const int item = wanted ? rule_enum_item(wanted, e->name) : -1;
  if (item >= 0) {
    e->op = OP_ITEM;
    e->number = item;
    e->type = (struct rule_type){.kind = KIND_ENUM, .items = wanted, .is_literal = true};
    return DONE;
  }
  const struct rule_variable *v = rules_variable(c->rules, e->name);
  if (!v) return name_unknown(c, e, err);
  if (v->entity != c->entity) {
    if (v->entity->is_group && v->entity != c->entity)
      (void)refuse(err, RULE_OF_ENTITY, v->name, v->entity->name, v->entity->name, v->name);
    else (void)refuse(err, RULE_OF_MEMBERS, v->name, v->entity->name);
    return at(e, err);
  }
  e->op = OP_VARIABLE;
  e->variable = v;
  e->type = v->type;
  return any_period ? DONE : period_check(c, e, v, err);
}

/* Whether each row of `inner` belongs to one row of `outer`. */
static bool belongs(const struct rule_entity *inner, const struct rule_entity *outer) {
  if (!outer->is_group || inner == outer) return false;
  if (!inner->is_group) return true;
  return inner->within == outer->index;
}

static enum status of_check(struct check *c, struct rule_expr *e, const struct rule_enum *wanted,
                            struct error *err) {
  if (!belongs(c->entity, e->entity)) {
    (void)refuse(err, RULE_NOT_WITHIN, c->entity->name, e->entity->name);
    return at(e, err);
  }
  const struct rule_entity *here = c->entity;
  const bool hid = c->hides_lets;
  c->entity = e->entity;
  c->hides_lets = true;
  enum status status = expr_check(c, e->args[0], wanted, err);
  c->entity = here;
  c->hides_lets = hid;
  e->type = e->args[0]->type;
  return status;
}

/* ---- members ---- */

static enum status members_find(struct check *c, struct rule_expr *e, struct error *err) {
  struct rule_members *m = &e->members;
  m->from = c->entity;
  if (!m->member) m->member = c->rules->entities[0];
  if (!m->group) m->group = c->entity;
  const bool own = m->group == c->entity || belongs(c->entity, m->group);
  if (m->group->is_group && own && belongs(m->member, m->group)) return DONE;
  (void)refuse(err, RULE_NO_MEMBERS, m->group->name, m->member->name);
  return at(e, err);
}

static enum status members_check(struct check *c, struct rule_expr *e, struct error *err) {
  enum status status = members_find(c, e, err);
  if (status != DONE) return status;
  const struct rule_entity *here = c->entity;
  struct rule_expr *x = e->args[0], *where = e->args[1];
  const bool hid = c->hides_lets;
  c->hides_lets = hid || e->members.group != c->variable->entity;
  c->entity = e->members.member;
  if (x) status = expr_check(c, x, NULL, err);
  if (status == DONE && where) status = expr_check(c, where, NULL, err);
  if (status == DONE && where) status = must_be(c, where, KIND_BOOL, err);
  if (status == DONE && (e->op == OP_ANY_MEMBER || e->op == OP_ALL_MEMBERS))
    status = must_be(c, x, KIND_BOOL, err);
  c->entity = here;
  c->hides_lets = hid;
  if (status != DONE) return status;
  if (x && e->op == OP_RANK && here != e->members.member) {
    (void)refuse(err, RULE_RANK_WHERE, e->members.member->name);
    return at(e, err);
  }
  if (e->op == OP_SUM_MEMBERS && x->type.kind == KIND_BOOL) e->type = (struct rule_type){0};
  else if (e->op == OP_ANY_MEMBER || e->op == OP_ALL_MEMBERS)
    e->type = (struct rule_type){.kind = KIND_BOOL};
  else if (e->op == OP_RANK || e->op == OP_COUNT_MEMBERS) e->type = (struct rule_type){0};
  else e->type = x->type;
  e->type.is_literal = false;
  if (e->op != OP_SUM_MEMBERS || x->type.kind == KIND_BOOL) return DONE;
  return must_be(c, x, KIND_NUMBER, err);
}

/* ---- periods ---- */

static enum status per_check(struct check *c, struct rule_expr *e, struct error *err) {
  struct rule_expr *x = e->args[0];
  struct rule_expr *bare = x->op == OP_OF ? x->args[0] : x;
  enum status status = bare->op == OP_NAME && x == bare ? name_check(c, x, NULL, true, err)
                                                        : expr_check(c, x, NULL, err);
  if (status == DONE) status = must_be(c, x, KIND_NUMBER, err);
  if (status != DONE) return status;
  if (!is_flow(&x->type) && !x->type.any_unit) {
    (void)refuse(err, RULE_PER_OF_STOCK, rule_type_words(c->rules, c->arena, &x->type));
    return at(e, err);
  }
  e->type = x->type;
  if (!x->type.any_unit) e->type.flow = e->each;
  return DONE;
}

static enum status shift_check(struct check *c, struct rule_expr *e, struct error *err) {
  struct rule_expr *x = e->args[0];
  enum status status = name_check(c, x, NULL, true, err);
  if (status != DONE) return status;
  const struct rule_shift *s = &e->shift;
  if (x->op != OP_VARIABLE || x->variable->period == EACH_ETERNITY) {
    (void)refuse(err, RULE_SHIFT_OF_WHAT);
    return at(e, err);
  }
  const enum rule_each own = x->variable->period;
  const bool on_a_day = own == EACH_ASKED && !s->count; /* X[last day]: as it is on that day */
  if ((s->is_first || s->is_last || s->is_on || s->count) && s->each != own && !on_a_day) {
    (void)refuse(err, RULE_SHIFT_PERIOD, x->variable->name, rule_each_words[own]);
    return at(e, err);
  }
  const enum rule_each formula = c->variable->period;
  if ((s->is_first || s->is_last) && formula <= EACH_YEAR && s->each > formula) {
    (void)refuse(err, RULE_EXPECTED, N_("a period within that of the formula"),
                 rule_each_words[s->each]);
    return at(e, err);
  }
  e->type = x->type;
  if (e->op == OP_SUM_PERIODS && x->type.kind == KIND_BOOL) e->type = (struct rule_type){0};
  else if (e->op == OP_SUM_PERIODS && (status = must_be(c, x, KIND_NUMBER, err)) != DONE)
    return status;
  if (e->op == OP_SUM_PERIODS && is_flow(&x->type))
    e->type.flow = s->count == 12 && own == EACH_MONTH  ? EACH_YEAR
                   : s->count == 52 && own == EACH_WEEK ? EACH_YEAR
                                                        : c->variable->period;
  return DONE;
}

/* ---- every kind of expression ---- */

static enum status args_check(struct check *c, struct rule_expr *e, const struct rule_enum *wanted,
                              struct error *err) {
  enum status status = DONE;
  for (int i = 0; i < e->arg_count && status == DONE; i++)
    status = expr_check(c, e->args[i], wanted, err);
  return status;
}

/* Two sides of a comparison: an item of an enum is known from the other side. */
static enum status sides_check(struct check *c, struct rule_expr *e, struct error *err) {
  struct rule_expr *first = e->args[0], *known = NULL;
  if (first->op == OP_NAME && !rules_variable(c->rules, first->name)) {
    for (int i = 1; i < e->arg_count && !known; i++)
      if (e->args[i]->op != OP_NAME || rules_variable(c->rules, e->args[i]->name))
        known = e->args[i];
    bool is_let = false;
    for (int i = 0; i < c->lets_known; i++)
      is_let |= span_equal(c->version->lets[i].name, first->name);
    if (is_let) known = NULL;
  }
  enum status status = expr_check(c, known ? known : first, NULL, err);
  if (status != DONE) return status;
  const struct rule_type *t = &(known ? known : first)->type;
  const struct rule_enum *items = t->kind == KIND_ENUM ? t->items : NULL;
  for (int i = 0; i < e->arg_count && status == DONE; i++) {
    struct rule_type ignored;
    if (e->args[i] != (known ? known : first)) status = expr_check(c, e->args[i], items, err);
    if (status == DONE && i)
      status = common_type(c, e, &first->type, &e->args[i]->type, &ignored, err);
    else if (status == DONE && known)
      status = common_type(c, e, &first->type, &known->type, &ignored, err);
  }
  const bool is_order = e->op == OP_LESS || e->op == OP_LESS_EQUAL;
  if (status == DONE && is_order && first->type.kind != KIND_DATE)
    status = must_be(c, first, KIND_NUMBER, err); /* items stand in no order */
  e->type = (struct rule_type){.kind = KIND_BOOL};
  return status;
}

static enum status if_check(struct check *c, struct rule_expr *e, const struct rule_enum *wanted,
                            struct error *err) {
  struct rule_type t = {0};
  for (int i = 0; i < e->arg_count; i++) {
    const bool condition = i % 2 == 0 && i + 1 < e->arg_count;
    enum status status = expr_check(c, e->args[i], condition ? NULL : wanted, err);
    if (status == DONE && condition) status = must_be(c, e->args[i], KIND_BOOL, err);
    if (status == DONE && !condition && i > 1)
      status = common_type(c, e, &t, &e->args[i]->type, &t, err);
    if (status != DONE) return status;
    if (i == 1) t = e->args[i]->type;
  }
  e->type = t;
  e->type.is_literal = false;
  return DONE;
}

static enum status all_alike(struct check *c, struct rule_expr *e, struct error *err) {
  enum status status = args_check(c, e, NULL, err);
  if (status != DONE) return status;
  struct rule_type t = e->args[0]->type;
  for (int i = 1; i < e->arg_count && status == DONE; i++)
    status = common_type(c, e, &t, &e->args[i]->type, &t, err);
  e->type = t;
  e->type.is_literal = false;
  if (status == DONE && t.kind != KIND_NUMBER && t.kind != KIND_DATE)
    return must_be(c, e->args[0], KIND_NUMBER, err);
  return status;
}

static enum status all_of_kind(struct check *c, struct rule_expr *e, enum rule_kind kind,
                               struct error *err) {
  enum status status = args_check(c, e, NULL, err);
  for (int i = 0; i < e->arg_count && status == DONE; i++)
    status = must_be(c, e->args[i], kind, err);
  return status;
}

static enum status call_check(struct check *c, struct rule_expr *e, struct error *err) {
  enum status status = args_check(c, e, NULL, err);
  for (int i = 0; i < e->arg_count && status == DONE; i++) {
    const struct rule_type plain = {.kind = e->function->takes[i]}, *given = &e->args[i]->type;
    if (given->kind != plain.kind || has_unit(given)) status = differ(c, e, &plain, given, err);
  }
  e->type = (struct rule_type){.kind = e->function->gives};
  return status;
}

/* Days may be subtracted from one another, and a number of days added. */
static enum status sum_check(struct check *c, struct rule_expr *e, struct error *err) {
  enum status status = args_check(c, e, NULL, err);
  if (status != DONE) return status;
  struct rule_type *a = &e->args[0]->type, *b = &e->args[1]->type;
  if (a->kind == KIND_DATE && b->kind == KIND_NUMBER && !has_unit(b)) {
    e->type = *a;
    return DONE;
  }
  if (a->kind == KIND_DATE && b->kind == KIND_DATE && e->op == OP_SUBTRACT) return DONE;
  status = numbers(c, e, err);
  if (status == DONE) status = common_type(c, e, a, b, &e->type, err);
  e->type.any_unit = a->any_unit && b->any_unit;
  e->type.is_literal = false;
  return status;
}

static enum status table_check(struct check *c, struct rule_expr *e, struct error *err);

static enum status step_check(struct check *c, struct rule_expr *e, struct error *err) {
  enum status status = args_check(c, e, NULL, err);
  if (status == DONE) status = numbers(c, e, err);
  if (status != DONE) return status;
  e->type = e->args[0]->type;
  struct rule_type ignored;
  /* a step without a unit: of what is rounded, where that is no flow */
  const bool plain = e->arg_count == 1 || !has_unit(&e->args[1]->type);
  if (plain && !is_flow(&e->type)) return DONE;
  if (e->arg_count == 1) {
    (void)refuse(err, RULE_STEP_OF_FLOW);
    return at(e, err);
  }
  return common_type(c, e, &e->type, &e->args[1]->type, &ignored, err);
}

static enum status too_deep(const struct rule_place *place, struct error *err) {
  (void)refuse(err, RULE_TOO_DEEP, LIMIT_RULE_FRAMES);
  return error_at(err, place->file, (uint64_t)place->line, NULL);
}

static enum status kind_check(struct check *c, struct rule_expr *e, const struct rule_enum *wanted,
                              struct error *err);

static enum status expr_check(struct check *c, struct rule_expr *e, const struct rule_enum *wanted,
                              struct error *err) {
  if (c->depth == LIMIT_RULE_FRAMES) return too_deep(&e->place, err);
  c->depth++;
  enum status status = kind_check(c, e, wanted, err);
  c->depth--;
  return status;
}

static enum status kind_check(struct check *c, struct rule_expr *e, const struct rule_enum *wanted,
                              struct error *err) {
  enum status status = DONE;
  switch (e->op) {
  case OP_NUMBER: return DONE;
  case OP_PERIOD_DAY: return DONE;
  case OP_NAME: return name_check(c, e, wanted, false, err);
  case OP_LOCAL:
  case OP_VARIABLE:
  case OP_ITEM: return DONE;
  case OP_OF: return of_check(c, e, wanted, err);
  case OP_PARAMETER: return parameter_check(c, e, PARAMETER_VALUES, err);
  case OP_SCALE: return scale_check(c, e, err);
  case OP_TOTAL: return total_check(c, e, err);
  case OP_TABLE: return table_check(c, e, err);
  case OP_ADD:
  case OP_SUBTRACT: return sum_check(c, e, err);
  case OP_MULTIPLY:
  case OP_DIVIDE:
    status = args_check(c, e, NULL, err);
    return status == DONE ? product_type(c, e, err) : status;
  case OP_NEGATE:
  case OP_ABS:
    status = all_of_kind(c, e, KIND_NUMBER, err);
    e->type = e->args[0]->type;
    return status;
  case OP_LESS:
  case OP_LESS_EQUAL:
  case OP_EQUAL:
  case OP_NOT_EQUAL:
  case OP_AMONG: return sides_check(c, e, err);
  case OP_AND:
  case OP_OR:
  case OP_NOT:
    status = all_of_kind(c, e, KIND_BOOL, err);
    e->type = (struct rule_type){.kind = KIND_BOOL};
    return status;
  case OP_IF: return if_check(c, e, wanted, err);
  case OP_MIN:
  case OP_MAX: return all_alike(c, e, err);
  case OP_FLOOR:
  case OP_CEIL:
  case OP_ROUND: return step_check(c, e, err);
  case OP_CALL: return call_check(c, e, err);
  case OP_DAY:
    e->type = (struct rule_type){.kind = KIND_DATE};
    return all_of_kind(c, e, KIND_NUMBER, err);
  case OP_PER: return per_check(c, e, err);
  case OP_AT:
  case OP_SUM_PERIODS: return shift_check(c, e, err);
  case OP_SUM_MEMBERS:
  case OP_MAX_MEMBERS:
  case OP_MIN_MEMBERS:
  case OP_COUNT_MEMBERS:
  case OP_ANY_MEMBER:
  case OP_ALL_MEMBERS:
  case OP_RANK: return members_check(c, e, err);
  }
  return DONE;
}

static enum status table_check(struct check *c, struct rule_expr *e, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  e->table = tables_find(c->rules->tables, e->name);
  if (!e->table) {
    (void)refuse(err, RULE_TABLE_UNKNOWN, span_quote(e->name, quoted));
    return at(e, err);
  }
  if (table_key_count(e->table) != e->arg_count) {
    (void)refuse(err, RULE_TABLE_KEYS, span_quote(e->name, quoted), table_key_count(e->table));
    return at(e, err);
  }
  enum status status = args_check(c, e, NULL, err);
  for (int k = 0; k < e->arg_count && status == DONE; k++)
    status = must_be(c, e->args[k], table_key_is_number(e->table, k) ? KIND_NUMBER : KIND_ENUM,
                     err);
  const char *unit = table_unit(e->table), *period = table_period(e->table);
  if (status != DONE || unit_type(c->rules, unit, period, &e->type)) return status;
  (void)refuse_unit(c->rules, table_name(e->table), unit, period, err);
  return at(e, err);
}

/* ---- variables ---- */

/* Whether an expression divides, of which the lets are known. */
static bool divides(const struct rule_version *version, const struct rule_expr *e) {
  bool is = e && (e->op == OP_DIVIDE || (e->op == OP_LOCAL && version->lets[e->index].divides));
  for (int i = 0; e && i < e->arg_count && !is; i++) is = divides(version, e->args[i]);
  for (int i = 0; e && i < e->step_count && !is; i++) is = divides(version, e->steps[i].chosen);
  return is;
}

static enum status version_check(struct rules *rules, const struct rule_variable *v,
                                 struct rule_version *version, struct error *err) {
  struct check c = {.rules = rules,
                    .arena = rules->arena,
                    .variable = v,
                    .version = version,
                    .entity = v->entity};
  enum status status = DONE;
  for (; c.lets_known < version->let_count && status == DONE; c.lets_known++) {
    struct rule_let *let = &version->lets[c.lets_known];
    status = expr_check(&c, let->value, NULL, err);
    if (status == DONE) let->divides = divides(version, let->value);
  }
  if (status != DONE || !version->value) return status;
  status = expr_check(&c, version->value, v->type.items, err);
  if (status != DONE) return status;
  const struct rule_type *got = &version->value->type;
  const struct rule_type plain = {0};
  struct rule_type ignored;
  if (got->kind == KIND_BOOL && v->type.kind == KIND_NUMBER && !has_unit(&v->type)) got = &plain;
  /* a bare number stands for pounds or hours, but for no flow */
  const bool bare = got->kind == KIND_NUMBER && got->is_literal && !has_unit(got);
  if (bare && v->type.kind == KIND_NUMBER && !is_flow(&v->type)) return DONE;
  return common_type(&c, version->value, &v->type, got, &ignored, err);
}

/* ---- cycles ---- */

struct walk {
  const struct rules *rules;
  signed char *state; /* 0: not yet, 1: on the way, 2: done */
  int *way, depth, frames;
};

static enum status walk_variable(struct walk *w, int index, struct error *err);

static enum status walk_parts(struct walk *w, const struct rule_expr *e, struct error *err);

static enum status walk_expr(struct walk *w, const struct rule_expr *e, struct error *err) {
  if (!e) return DONE;
  if (w->frames == LIMIT_RULE_FRAMES) return too_deep(&e->place, err);
  w->frames++;
  enum status status = walk_parts(w, e, err);
  w->frames--;
  return status;
}

static enum status walk_parts(struct walk *w, const struct rule_expr *e, struct error *err) {
  /* an earlier period is another value: X[-1 year] may stand in X */
  if (e->op == OP_AT && e->shift.steps < 0) return DONE;
  enum status status = DONE;
  if (e->op == OP_VARIABLE) status = walk_variable(w, e->variable->index, err);
  if (e->op == OP_TOTAL) {
    const struct parameter *p = check_path(w->rules, e->args[0], err);
    for (int i = 0; p && i < p->entry_count && status == DONE; i++)
      for (int k = 0; k < p->entries[i].value.count && status == DONE; k++) {
        const struct rule_variable *v = rules_variable(w->rules,
                                                       span_of(p->entries[i].value.items[k].text));
        status = v ? walk_variable(w, v->index, err) : DONE;
      }
  }
  for (int i = 0; i < e->arg_count && status == DONE; i++) status = walk_expr(w, e->args[i], err);
  for (int i = 0; i < e->step_count && status == DONE; i++)
    status = walk_expr(w, e->steps[i].chosen, err);
  return status;
}

static enum status cycle(struct walk *w, int index, struct error *err) {
  struct text names = {0};
  int from = 0;
  while (w->way[from] != index) from++;
  for (int i = from; i < w->depth; i++)
    text_addf(&names, "%s > ", w->rules->variables[w->way[i]]->name);
  text_add(&names, w->rules->variables[index]->name);
  const struct rule_variable *v = w->rules->variables[index];
  (void)refuse(err, RULE_CYCLE, v->name, names.bytes);
  text_release(&names);
  return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
}

static enum status walk_variable(struct walk *w, int index, struct error *err) {
  if (w->state[index] == 2) return DONE;
  if (w->state[index] == 1) return cycle(w, index, err);
  w->state[index] = 1;
  w->way[w->depth++] = index;
  const struct rule_variable *v = w->rules->variables[index];
  enum status status = DONE;
  for (int i = 0; i < v->version_count && status == DONE; i++) {
    for (int k = 0; k < v->versions[i].let_count && status == DONE; k++)
      status = walk_expr(w, v->versions[i].lets[k].value, err);
    if (status == DONE) status = walk_expr(w, v->versions[i].value, err);
  }
  w->depth--;
  w->state[index] = 2;
  return status;
}

/* `year by days` is of a flow of weeks or of a year, `of 52 weeks` of one of weeks. */
static enum status year_check(struct rules *rules, struct rule_variable *v, struct error *err) {
  const bool by_days = v->year == YEAR_BY_DAYS;
  if (v->year == YEAR_MONDAYS) return DONE;
  const char *name = v->year_where_name;
  if (name) v->year_where = rules_variable(rules, span_of(name));
  enum status status = name && !v->year_where ? rules_refuse_name(rules, span_of(name), err) : DONE;
  const struct rule_variable *where = v->year_where;
  const bool fits = is_flow(&v->type) &&
                    (v->period == EACH_WEEK || (by_days && v->period == EACH_YEAR)) &&
                    (!where || (where->entity == v->entity && where->period == EACH_YEAR &&
                                is_flow(&where->type)));
  if (status == DONE && !fits) status = refuse(err, RULE_YEAR_COUNTED, v->name);
  return status == DONE ? DONE : error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
}

static enum status known_check(struct rules *rules, struct rule_variable *v, struct error *err) {
  const char *name = v->known_name;
  if (!name) return DONE;
  v->known = rules_variable(rules, span_of(name));
  const bool fits = v->known && v->known->entity == v->entity && v->known->type.kind == KIND_BOOL;
  if (fits) return DONE;
  if (!v->known) (void)rules_refuse_name(rules, span_of(name), err);
  else (void)refuse(err, RULE_KNOWN_WHERE, v->name);
  return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
}

enum status check_rules(struct rules *rules, struct error *err) {
  enum status status = DONE;
  for (int i = 0; i < rules->variable_count && status == DONE; i++)
    status = known_check(rules, rules->variables[i], err);
  for (int i = 0; i < rules->variable_count && status == DONE; i++)
    status = year_check(rules, rules->variables[i], err);
  for (int i = 0; i < rules->variable_count && status == DONE; i++)
    for (int k = 0; k < rules->variables[i]->version_count && status == DONE; k++)
      status = version_check(rules, rules->variables[i], &rules->variables[i]->versions[k], err);
  struct walk w = {.rules = rules,
                   .state = arena_array(rules->arena, signed char, rules->variable_count + 1),
                   .way = arena_array(rules->arena, int, rules->variable_count + 1)};
  for (int i = 0; i < rules->variable_count && status == DONE; i++)
    status = walk_variable(&w, i, err);
  return status;
}
