/* What the law says on a day: parameters, scales and tables as constants of a plan. */
#include "rules/compile_part.h"

#include "base/limits.h"
#include "base/refusal.h"
#include "rules/check.h"
#include <math.h>

/* What a parameter is multiplied by in the reading: a weekly amount by 52 in the annual one. */
static double parameter_times(const struct compiler *c, const struct parameter *p) {
  if (c->reading != READ_ANNUAL) return 1;
  const struct rule_type t = parameter_type(c->rules, p);
  return compile_flow_times(c, &t);
}

static enum status no_value(const struct frame *f, const struct rule_expr *e,
                            const struct parameter *p, struct error *err) {
  char day[11], first[11];
  day_write(f->day, day);
  const struct parameter_entry *earliest = NULL;
  for (int i = 0; i < p->entry_count && !earliest; i++)
    if (p->entries[i].value.form != FORM_NONE) earliest = &p->entries[i];
  if (earliest && earliest->from > f->day)
    (void)refuse(err, RULE_NO_VALUE_YET, p->path, day, day_write(earliest->from, first));
  else (void)refuse(err, RULE_NO_VALUE, p->path, day);
  return at(e, err);
}

static bool is_blended(const struct compiler *c, const struct parameter *p) {
  return p->blends_years && c->reading == READ_ANNUAL;
}

/* The number that a parameter has in the period: of the day, or, in the annual reading of one that
 * blends its years, the mean of the year's days. */
static double number_of(const struct compiler *c, const struct frame *f, const struct parameter *p,
                        const struct parameter_entry *entry) {
  const double times = entry->is_estimated ? c->estimates_times : 1;
  if (!is_blended(c, p)) return entry->value.number * times;
  const struct parameter_year year = {.at = f->day,
                                      .first = f->period.start,
                                      .last = period_after(f->period) - 1};
  return parameter_in_year(p, &year).number * times;
}

static enum status value_leaf(struct compiler *c, struct frame *f, const struct rule_expr *e,
                              const struct parameter *p, int *out, struct error *err) {
  const struct parameter_entry *entry = parameter_on(p, f->day);
  if (!entry || entry->value.form == FORM_NONE) return no_value(f, e, p, err);
  if (entry->value.form != FORM_NUMBER && entry->value.form != FORM_BOOL) {
    (void)refuse(err, RULE_PARAMETER_KIND, p->path, N_("a number"));
    return at(e, err);
  }
  const double value = number_of(c, f, p, entry);
  compile_note_use(c, (struct compiled_use){.used = -1,
                                            .parameter = p,
                                            .entry = entry,
                                            .day = f->day,
                                            .value = value,
                                            .is_mean = is_blended(c, p),
                                            .is_estimated = entry->is_estimated});
  *out = constant(c, value * parameter_times(c, p));
  return DONE;
}

static int bracket_compare(const void *a, const void *b) {
  const double x = ((const struct compiled_bracket *)a)->threshold;
  const double y = ((const struct compiled_bracket *)b)->threshold;
  return (x > y) - (x < y);
}

/* What the brackets of a scale are: amounts, not rates; and any of their values by an index. */
struct brackets_kind {
  bool amounts, is_estimated;
};

/* The brackets that have both values on the day, by threshold. */
static int brackets_of(struct compiler *c, struct frame *f, const struct parameter *scale,
                       struct compiled_bracket *out, struct brackets_kind *kind) {
  int n = 0;
  *kind = (struct brackets_kind){0};
  for (int i = 0; i < scale->child_count; i++) {
    const struct parameter *t = parameter_child(scale->children[i], span_of("threshold"));
    const struct parameter *r = parameter_child(scale->children[i], span_of("rate"));
    const struct parameter *a = parameter_child(scale->children[i], span_of("amount"));
    kind->amounts |= a != NULL;
    if (a) r = a;
    const struct parameter_entry *threshold = t ? parameter_on(t, f->day) : NULL;
    const struct parameter_entry *rate = r ? parameter_on(r, f->day) : NULL;
    if (!threshold || !rate || threshold->value.form != FORM_NUMBER ||
        rate->value.form != FORM_NUMBER)
      continue;
    kind->is_estimated |= threshold->is_estimated || rate->is_estimated;
    out[n++] =
        (struct compiled_bracket){number_of(c, f, t, threshold) * parameter_times(c, t),
                                  number_of(c, f, r, rate) * (a ? parameter_times(c, a) : 1)};
  }
  array_sort(out, n, bracket_compare);
  return n;
}

/* Marginal rates: each step in the rate holds for what is above its threshold. Amounts: that of the
 * highest threshold reached, or, where the scale is not of single amounts, all reached, added. */
static enum status scale_leaf(struct compiler *c, struct frame *f, const struct rule_expr *e,
                              const struct parameter *scale, int x, int *out, struct error *err) {
  struct compiled_bracket *b = arena_array(c->arena, struct compiled_bracket,
                                           scale->child_count + 1);
  struct brackets_kind kind;
  const int n = brackets_of(c, f, scale, b, &kind);
  if (!n) return no_value(f, e, scale, err);
  struct compiled_scale *applied = arena_array(c->arena, struct compiled_scale, 1);
  *applied = (struct compiled_scale){.x = x, .count = n, .brackets = b, .amounts = kind.amounts};
  compile_note_use(c, (struct compiled_use){.used = -1,
                                            .parameter = scale,
                                            .day = f->day,
                                            .is_estimated = kind.is_estimated,
                                            .scale = applied});
  const bool amounts = kind.amounts;
  const bool single = scale->scale_type && strcmp(scale->scale_type, "single_amount") == 0;
  int sum = constant(c, 0);
  for (int i = 0; i < n; i++) {
    const double before = i && (!amounts || single) ? b[i - 1].rate : 0;
    const int threshold = constant(c, b[i].threshold);
    const int part = amounts
                         ? two(c, STEP_LESS_EQUAL, threshold, x)
                         : two(c, STEP_MAX, two(c, STEP_SUBTRACT, x, threshold), constant(c, 0));
    sum = two(c, STEP_ADD, sum, times(c, part, b[i].rate - before));
  }
  *out = sum;
  return DONE;
}

/* What stands at the end of a path: a value, or, with x not -1, a scale applied to it. */
static enum status leaf(struct compiler *c, struct frame *f, const struct rule_expr *e,
                        const struct parameter *p, int x, int *out, struct error *err) {
  if (p->kind == PARAMETER_SCALE && x >= 0) return scale_leaf(c, f, e, p, x, out, err);
  if (p->kind == PARAMETER_VALUES && x < 0) return value_leaf(c, f, e, p, out, err);
  (void)refuse(err, RULE_PARAMETER_KIND, p->path, x >= 0 ? N_("a scale") : N_("a value"));
  return at(e, err);
}

static enum status path_from(struct compiler *c, struct frame *f, const struct rule_expr *e,
                             const struct parameter *p, int step, int x, int *out,
                             struct error *err);

/* Whether an error says that there is no value, so that what need not be read is none the worse. */
static bool says_no_value(const struct error *err) {
  return err->code == REFUSED && (err->refusal.code == REFUSAL_RULE_NO_VALUE ||
                                  err->refusal.code == REFUSAL_RULE_NO_VALUE_YET ||
                                  err->refusal.code == REFUSAL_PARAMETER_UNKNOWN);
}

/* A child for each item of an enum (or each whole number): a table where all are constants, else a
 * choice of each in turn. An item without a child, or whose child has no value on the day, has
 * none; where none has, that is refused. */
static enum status chosen_child(struct compiler *c, struct frame *f, const struct rule_expr *e,
                                const struct parameter *p, int step, int x, int *out,
                                struct error *err) {
  enum { NUMBERS_MOST = 64 };
  const struct rule_expr *chosen = e->steps[step].chosen;
  const struct rule_enum *items = chosen->type.kind == KIND_ENUM ? chosen->type.items : NULL;
  int which, count = items ? items->count : NUMBERS_MOST;
  enum status status = compile_expr(c, f, chosen, &which, err);
  if (status != DONE) return status;
  double *values = arena_array(c->arena, double, count);
  int *steps = arena_array(c->arena, int, count), last = 0;
  bool all_constant = true, some = false;
  struct error missing = {0};
  for (int i = 0; i < count; i++) {
    char number[16];
    snprintf(number, sizeof number, "%d", i);
    const struct parameter *child =
        p->kind == PARAMETER_SCALE ? (i < p->child_count ? p->children[i] : NULL)
                                   : parameter_child(p, span_of(items ? items->items[i] : number));
    steps[i] = constant(c, NAN);
    if (child) {
      struct error fault = {0};
      const int outer = compile_begin_choice(c, which, i);
      status = path_from(c, f, e, child, step + 1, x, &steps[i], &fault);
      c->choice = outer;
      if (status != DONE && !says_no_value(&fault)) {
        if (err) *err = fault;
        return status;
      }
      if (status != DONE && missing.code == DONE) missing = fault;
      if (status != DONE) steps[i] = constant(c, NAN);
      some = some || status == DONE;
      last = i + 1;
    }
    all_constant &= plan_is_constant(&c->plan, steps[i]);
    values[i] = all_constant ? c->plan.steps[steps[i]].constant : 0;
  }
  if (!last) {
    (void)refuse(err, RULE_PARAMETER_KIND, p->path, N_("a node with a child for each item"));
    return at(e, err);
  }
  if (!some) {
    if (err) *err = missing;
    return missing.code;
  }
  if (all_constant) {
    *out = plan_look_up(&c->plan, which, values, items ? count : last, items != NULL);
    return DONE;
  }
  *out = constant(c, NAN);
  for (int i = last - 1; i >= 0; i--)
    *out = plan_choose(&c->plan, two(c, STEP_EQUAL, which, constant(c, i)), steps[i], *out);
  return DONE;
}

static enum status path_from(struct compiler *c, struct frame *f, const struct rule_expr *e,
                             const struct parameter *p, int step, int x, int *out,
                             struct error *err) {
  for (; step < e->step_count; step++) {
    const struct rule_step *s = &e->steps[step];
    if (s->chosen) return chosen_child(c, f, e, p, step, x, out, err);
    const struct span name = s->by_period ? span_of(rule_each_words[f->period.each]) : s->name;
    const struct parameter *child = name.size                    ? parameter_child(p, name)
                                    : s->number < p->child_count ? p->children[s->number]
                                                                 : NULL;
    if (!child) {
      (void)refuse(err, PARAMETER_UNKNOWN, p->path ? p->path : "");
      return at(e, err);
    }
    p = child;
  }
  return leaf(c, f, e, p, x, out, err);
}

/* A parameter, or a scale applied to a value. */
enum status compile_parameter(struct compiler *c, struct frame *f, const struct rule_expr *e,
                              int *out, struct error *err) {
  const struct parameter *root = parameters_root(c->rules->parameters);
  int x;
  if (e->op == OP_PARAMETER) return path_from(c, f, e, root, 0, -1, out, err);
  enum status status = compile_expr(c, f, e->args[1], &x, err);
  return status == DONE ? path_from(c, f, e->args[0], root, 0, x, out, err) : status;
}

enum status compile_total(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                          struct error *err) {
  const struct parameter *p = check_path(c->rules, e->args[0], err);
  const struct parameter_entry *entry = p ? parameter_on(p, f->day) : NULL;
  if (!p) return REFUSED;
  if (!entry || entry->value.form != FORM_LIST) return no_value(f, e, p, err);
  enum status status = DONE;
  *out = constant(c, 0);
  for (int i = 0; i < entry->value.count && status == DONE; i++) {
    const struct rule_variable *v = rules_variable(c->rules, span_of(entry->value.items[i].text));
    const bool known = v && v->entity->index == f->here->index;
    if (known && !check_period(f->variable, v)) {
      (void)check_refuse_period(v, err);
      return at(e, err);
    }
    if (!known || !check_listed(&v->type, &e->type)) { /* a list that a case changed */
      if (known)
        (void)refuse(err, RULE_LISTED_UNIT, p->path, v->name,
                     rule_type_words(c->rules, c->arena, &v->type),
                     rule_type_words(c->rules, c->arena, &e->type));
      else
        (void)refuse(err, RULE_LISTED_UNKNOWN, p->path,
                     entry->value.items[i].text ? entry->value.items[i].text : "");
      return at(e, err);
    }
    struct rule_expr x = {.op = OP_VARIABLE, .place = e->place, .variable = v, .type = v->type};
    struct rule_expr *args[] = {&x};
    const struct rule_expr turned = {
        .op = OP_PER, .place = e->place, .args = args, .arg_count = 1, .each = e->type.flow};
    int part;
    status = compile_expr(c, f, v->type.flow && e->type.flow ? &turned : &x, &part, err);
    if (status == DONE) *out = two(c, STEP_ADD, *out, part);
  }
  return status;
}

/* ---- tables ---- */

/* Each table is laid out once for a day: a plan of many periods asks for it many times. */
static enum status grid_of_day(struct compiler *c, const struct rule_expr *e, day_t day,
                               struct table_grid *out, struct error *err) {
  for (int i = 0; i < c->grid_count; i++)
    if (c->grids[i].grid.table == e->table && c->grids[i].day == day) {
      *out = c->grids[i].grid;
      return DONE;
    }
  table_grid_on(c->arena, e->table, day, out);
  c->grid_cells += out->value_count;
  if (c->grid_cells > LIMIT_RULE_GRID_CELLS) {
    char quoted[SPAN_QUOTE_SIZE];
    return refuse(err, RULE_TOO_LARGE, span_quote(e->name, quoted), LIMIT_RULE_GRID_CELLS);
  }
  arena_reserve(c->arena, c->grids, c->grid_room, c->grid_count + 1);
  c->grids[c->grid_count++] = (struct compiled_grid){day, *out};
  return DONE;
}

/* A table of the day, laid out as an array over its keys. */
enum status compile_table(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                          struct error *err) {
  struct table_grid grid;
  enum status status = grid_of_day(c, e, f->day, &grid, err);
  if (status != DONE) return at(e, err);
  int index = constant(c, 0);
  for (int k = 0; k < e->arg_count && status == DONE; k++) {
    int key;
    status = compile_expr(c, f, e->args[k], &key, err);
    if (status != DONE) break;
    const struct rule_type *t = &e->args[k]->type;
    if (t->kind == KIND_ENUM) { /* the items in the order of the enum, as rows of the grid */
      double *rows = arena_array(c->arena, double, t->items->count);
      for (int i = 0; i < t->items->count; i++)
        rows[i] = table_grid_row(&grid, k, span_of(t->items->items[i]));
      key = plan_look_up(&c->plan, key, rows, t->items->count, true);
    } else { /* a number out of the key's range finds nothing, not another key's row */
      double *rows = arena_array(c->arena, double, grid.sizes[k]);
      for (int i = 0; i < grid.sizes[k]; i++) rows[i] = i;
      key = two(c, STEP_SUBTRACT, key, constant(c, grid.first[k]));
      key = plan_look_up(&c->plan, key, rows, grid.sizes[k], false);
    }
    index = two(c, STEP_ADD, times(c, index, grid.sizes[k]), key);
  }
  if (status == DONE) *out = plan_look_up(&c->plan, index, grid.values, grid.value_count, true);
  if (status == DONE) *out = times(c, *out, compile_flow_times(c, &e->type));
  return status;
}
