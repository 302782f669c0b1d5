#include "rules/compile_part.h"

#include "base/limits.h"
#include "base/refusal.h"
#include <math.h>

/* Instances on the way to one another: X[-1 year] of X[-1 year] ... must end. */
enum { INSTANCES_DEEP_MOST = 400 };

struct compiler *compiler_make(struct arena *arena, const struct rules *rules,
                               const struct rule_population *pop, enum rule_reading reading) {
  struct compiler *c = arena_array(arena, struct compiler, 1);
  *c = (struct compiler){.arena = arena,
                         .rules = rules,
                         .pop = pop,
                         .reading = rules->is_annual ? reading : READ_LEGAL,
                         .pay = EACH_MONTH,
                         .progress = PROGRESS_NEVER,
                         .estimates_times = 1,
                         .plan = plan_begin(arena),
                         .found = {.arena = arena},
                         .is_told = arena_array(arena, bool, rules->variable_count + 1),
                         .reader = -1};
  for (int i = 0; i < pop->column_count; i++) c->is_told[pop->columns[i].variable->index] = true;
  return c;
}

/* The period of a variable, pay being what this reading has. */
static enum rule_each each_of(const struct compiler *c, enum rule_each each) {
  return each == EACH_PAY ? c->pay : each;
}

static day_t day_of(const struct compiler *c, struct rule_period p) {
  if (c->reading == READ_LEGAL || p.each == EACH_ETERNITY) return p.start;
  int year, month, day;
  day_parts(p.start, &year, &month, &day);
  return period_month_day(year, c->rules->annual_month, c->rules->annual_day);
}

/* ---- variables in periods ---- */

/* The column told for the period; for a month the one of the calendar's month in which it begins:
 * pay of June is that of the tax month from 6 June. For a year the one of the year before, where
 * what is told holds on. -1: none. */
static int input_in(const struct compiler *c, const struct rule_variable *v, struct rule_period p) {
  if (!c->is_told[v->index]) return -1;
  const int found = rule_population_find(c->pop, v, p);
  if (found < 0 && p.each == EACH_YEAR && c->pop->holds_on) {
    const struct rule_period last = {.each = EACH_DAY, .start = p.start - 1};
    return rule_population_find(c->pop, v, period_around(c->rules, last, EACH_YEAR));
  }
  if (found >= 0 || p.each != EACH_MONTH) return found;
  int year, month, day;
  day_parts(p.start, &year, &month, &day);
  const struct rule_period calendar = {.each = EACH_MONTH, .start = p.start - day + 1};
  return rule_population_find(c->pop, v, calendar);
}

static int told(struct compiler *c, const struct rule_variable *v, int column) {
  return plan_input(&c->plan, v->entity->index, column, isinf(v->by_default));
}

/* The longer period in which it begins; a state told for a month is of the calendar's. */
static struct rule_period longer_period(const struct compiler *c, const struct rule_variable *v,
                                        struct rule_period p, enum rule_each longer) {
  if (v->period != EACH_ASKED || longer != EACH_MONTH) return period_around(c->rules, p, longer);
  int year, month, day;
  day_parts(p.start, &year, &month, &day);
  return (struct rule_period){.each = EACH_MONTH, .start = p.start - day + 1};
}

/* What was given for a longer period, or for every shorter one in it. -1: nothing. */
static int input_of_others(struct compiler *c, const struct rule_variable *v,
                           struct rule_period p) {
  if (!c->is_told[v->index]) return -1;
  const int always = input_in(c, v, (struct rule_period){.each = EACH_ETERNITY});
  if (always >= 0) return told(c, v, always);
  for (enum rule_each longer = p.each + 1; longer <= EACH_YEAR; longer++) {
    const int column = input_in(c, v, longer_period(c, v, p, longer));
    if (column < 0) continue;
    const double factor = v->type.flow ? period_times(longer) / period_times(p.each) : 1;
    return times(c, told(c, v, column), factor);
  }
  if (!v->type.flow) return -1;
  for (enum rule_each shorter = p.each - 1; shorter >= EACH_DAY; shorter--) {
    if (shorter == EACH_PAY) continue;
    const int parts = period_parts(p, shorter);
    int sum = constant(c, 0), i = 0;
    for (; i < parts; i++) {
      const int column = input_in(c, v, period_part(p, shorter, i));
      if (column < 0) break;
      sum = two(c, STEP_ADD, sum, told(c, v, column));
    }
    if (i && i == parts) return sum;
  }
  return -1;
}

static int rounded(struct compiler *c, const struct rule_variable *v, int step) {
  if (c->reading != READ_LEGAL || v->rounding == ROUND_NOT) return step;
  static const enum step_op ops[] = {[ROUND_NEAREST] = STEP_ROUND,
                                     [ROUND_UP] = STEP_CEIL,
                                     [ROUND_DOWN] = STEP_FLOOR,
                                     [ROUND_HALF_DOWN] = STEP_ROUND_HALF_DOWN};
  return two(c, ops[v->rounding], step, constant(c, v->rounding_step));
}

/* Its step for the rows that count now; the frame is where the let is written. */
static enum status let(struct compiler *c, struct frame *f, int index, int *step,
                       struct error *err) {
  const struct rule_let *let = &f->version->lets[index];
  struct frame_let *known = &f->lets[index];
  if (!let->divides || known->count >= FRAME_GUARDS_MOST) f->guard = -1;
  if (!known->known)
    known->known = arena_array(c->arena, struct frame_known,
                               let->divides ? FRAME_GUARDS_MOST + 1 : 1);
  for (int i = 0; i < known->count; i++)
    if (known->known[i].guard == f->guard) {
      *step = known->known[i].step;
      return DONE;
    }
  const int choice = c->choice;
  if (f->guard < 0) c->choice = 0; /* of all rows: whoever reads it next has it too */
  enum status status = compile_expr(c, f, let->value, step, err);
  c->choice = choice;
  if (status != DONE) return status;
  known->known[known->count].guard = f->guard;
  known->known[known->count++].step = *step;
  return DONE;
}

static enum status formula(struct compiler *c, const struct compiled *own, int *step,
                           struct error *err) {
  const struct rule_version *version = own->version;
  struct frame f = {.variable = own->variable,
                    .period = own->period,
                    .day = day_of(c, own->period),
                    .version = version,
                    .here = own->variable->entity,
                    .guard = -1};
  f.lets = arena_array(c->arena, struct frame_let, version->let_count + 1);
  enum status status = DONE;
  for (int i = 0; i < version->let_count && status == DONE; i++)
    if (!version->lets[i].divides) status = let(c, &f, i, step, err);
  if (status == DONE) status = compile_expr(c, &f, version->value, step, err);
  if (status == DONE) *step = rounded(c, own->variable, *step);
  return status;
}

void compile_note_use(struct compiler *c, struct compiled_use use) {
  if (c->reader < 0) return;
  const int number = c->use_count++;
  if (c->forgets_uses) return;
  use.reader = c->reader;
  use.choice = c->choice;
  arena_reserve(c->arena, c->uses, c->use_room, c->use_count);
  c->uses[number] = use;
}

int compile_begin_choice(struct compiler *c, int which, int item) {
  const int outer = c->choice;
  arena_reserve(c->arena, c->choices, c->choice_room, c->choice_count + 1);
  c->choices[c->choice_count++] = (struct compiled_choice){which, item, outer};
  c->choice = c->choice_count;
  return outer;
}

static enum status too_large(const struct rule_variable *v, int most, struct error *err) {
  (void)refuse(err, RULE_TOO_LARGE, v->name, most);
  return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
}

static enum status instance(struct compiler *c, const struct rule_variable *v, struct rule_period p,
                            int *step, struct error *err) {
  v = c->rules
          ->variables[v->index]; /* the one that stands in its place, where rules are laid over */
  const uint64_t key = (uint64_t)p.day << 40 | (uint64_t)p.each << 32 | (uint32_t)p.start;
  const int64_t known = map_get_number(&c->found, (uint64_t)v->index, key);
  if (c->use_count >= LIMIT_RULE_READINGS) return too_large(v, LIMIT_RULE_READINGS, err);
  if (known >= 0 && c->all[known].step >= 0) {
    compile_note_use(c, (struct compiled_use){.used = (int)known});
    *step = c->all[known].step;
    return DONE;
  }
  if (known >= 0 || c->depth == INSTANCES_DEEP_MOST) {
    (void)refuse(err, RULE_NEVER_ENDS, v->name, period_write(c->arena, p));
    return error_at(err, v->place.file, (uint64_t)v->place.line, NULL);
  }
  if (c->count == LIMIT_RULE_INSTANCES || c->plan.step_count > LIMIT_RULE_STEPS)
    return too_large(v, LIMIT_RULE_INSTANCES, err);
  const int own = c->count;
  arena_reserve(c->arena, c->all, c->room, c->count + 1);
  c->all[c->count++] =
      (struct compiled){.variable = v, .period = p, .input = input_in(c, v, p), .step = -1};
  map_set_number(&c->found, (uint64_t)v->index, key, own);
  compile_note_use(c, (struct compiled_use){.used = own});
  int found = c->all[own].input >= 0 ? told(c, v, c->all[own].input) : -1;
  if (found < 0 && c->reading == READ_LEGAL) {
    found = input_of_others(c, v, p);
    if (found >= 0 && c->plan.steps[found].op == STEP_INPUT)
      c->all[own].input = c->plan.steps[found].a;
  }
  if (found < 0) {
    struct compiled wanted = c->all[own];
    wanted.version = rule_version_on(v, day_of(c, p));
    c->all[own].version = wanted.version;
    c->depth++;
    const int reader = c->reader, choice = c->choice;
    c->reader = own;
    c->choice = 0;
    enum status status = DONE;
    if (wanted.version && wanted.version->value) status = formula(c, &wanted, &found, err);
    else found = constant(c, v->by_default);
    c->depth--;
    c->reader = reader;
    c->choice = choice;
    if (status != DONE) { /* so that another call says the same, not that it never ends */
      map_remove_number(&c->found, (uint64_t)v->index, key);
      return status;
    }
  }
  c->all[own].step = *step = found;
  return DONE;
}

enum status compile_variable(struct compiler *c, const struct rule_variable *v,
                             struct rule_period asked, int *step, struct error *err) {
  v = c->rules->variables[v->index]; /* a reform that is laid over has its own */
  const enum rule_each own = each_of(c, v->period);
  if (own == EACH_ETERNITY && c->reading == READ_LEGAL && v->version_count)
    return instance(c, v, asked, step, err); /* a formula that is read on a day */
  if (own == EACH_ETERNITY) return instance(c, v, (struct rule_period){.each = own}, step, err);
  if (c->reading == READ_ANNUAL)
    return instance(c, v, period_around(c->rules, asked, EACH_YEAR), step, err);
  if (own == EACH_ASKED) return instance(c, v, asked, step, err);
  if (v->period == EACH_PAY && asked.each == EACH_MONTH && own == EACH_MONTH) {
    int year, month, day; /* a month of tax begins on the day on which its year does */
    day_parts(asked.start, &year, &month, &day);
    const day_t last = period_month_day(year, month + 1, 1) - 1;
    asked = period_around(c->rules, (struct rule_period){.start = last}, EACH_MONTH);
  }
  if (own == asked.each) return instance(c, v, asked, step, err);
  if (own > asked.each) return instance(c, v, period_around(c->rules, asked, own), step, err);
  asked.each = own;
  if (own < EACH_MONTH) asked.day = 0;
  return instance(c, v, asked, step, err);
}

static enum status sum_parts(struct compiler *c, const struct rule_variable *v,
                             struct rule_period first, int count, int *step, struct error *err) {
  enum status status = DONE;
  *step = constant(c, 0);
  for (int i = 0; i < count && status == DONE; i++) {
    int part;
    status = instance(c, v, period_shift(first, first.each, i), &part, err);
    if (status == DONE) *step = two(c, STEP_ADD, *step, part);
  }
  return status;
}

/* The weeks of a year by its days: of the first week those before its Monday too. */
static enum status sum_days(struct compiler *c, const struct rule_variable *v,
                            struct rule_period year, int *step, struct error *err) {
  const day_t after = period_after(year);
  const int parts = period_parts(year, EACH_WEEK);
  enum status status = DONE;
  *step = constant(c, 0);
  for (int i = 0; i < parts && status == DONE; i++) {
    const struct rule_period week = period_part(year, EACH_WEEK, i);
    const day_t first = i ? week.start : year.start;
    const day_t end = i + 1 < parts ? period_after(week) : after;
    int part;
    status = instance(c, v, week, &part, err);
    if (status == DONE) *step = two(c, STEP_ADD, *step, times(c, part, (end - first) / 7.0));
  }
  return status;
}

/* Weeks that are each 1/52 of what was stated come to what was stated, also where 53 begin. */
static enum status as_stated(struct compiler *c, const struct rule_variable *v,
                             struct rule_period year, int *step, struct error *err) {
  const int sum = *step, scaled = times(c, sum, 52.0 / period_parts(year, EACH_WEEK));
  int stated;
  *step = scaled;
  if (!v->year_where) return DONE;
  enum status status = compile_variable(c, v->year_where, year, &stated, err);
  if (status == DONE)
    *step = plan_choose(&c->plan, two(c, STEP_LESS, constant(c, 0), stated), scaled, sum);
  return status;
}

static enum status over(struct compiler *c, const struct rule_variable *v, struct rule_period asked,
                        int *step, struct error *err) {
  v = c->rules->variables[v->index];
  const enum rule_each own = each_of(c, v->period);
  const bool weeks = asked.each == EACH_YEAR && own == EACH_WEEK;
  if (c->reading == READ_ANNUAL || !v->type.flow || own >= asked.each)
    return compile_variable(c, v, asked, step, err);
  if (input_in(c, v, asked) >= 0) return instance(c, v, asked, step, err); /* as it was told */
  if (weeks && v->year == YEAR_BY_DAYS) return sum_days(c, v, asked, step, err);
  enum status status = sum_parts(c, v, period_part(asked, own, 0), period_parts(asked, own), step,
                                 err);
  if (status == DONE && weeks && v->year == YEAR_OF_52_WEEKS)
    status = as_stated(c, v, asked, step, err);
  return status;
}

enum status compile_over(struct compiler *c, const struct rule_variable *v,
                         struct rule_period asked, int *step, struct error *err) {
  c->pay = asked.each == EACH_WEEK ? EACH_WEEK : EACH_MONTH;
  return over(c, v, asked, step, err);
}

/* `(X + Y) per week` is each of them per week: either may have been told for just this week. */
static enum status per_each(struct compiler *c, struct frame *f, const struct rule_expr *e,
                            int *out, struct error *err) {
  int parts[2];
  enum status status = DONE;
  for (int i = 0; i < 2 && status == DONE; i++) {
    struct rule_expr one = *e;
    struct rule_expr *args[] = {e->args[0]->args[i]};
    one.args = args;
    if (args[0]->type.any_unit) status = compile_expr(c, f, args[0], &parts[i], err);
    else status = compile_expr(c, f, &one, &parts[i], err);
  }
  if (status == DONE)
    *out = two(c, e->args[0]->op == OP_ADD ? STEP_ADD : STEP_SUBTRACT, parts[0], parts[1]);
  return status;
}
static int down(struct compiler *c, int step, const struct rule_entity *from,
                const struct rule_entity *to);

/* What an amount of one period is multiplied by for another; of a year that is counted by days, the
 * days of the week. */
static double period_factor(const struct compiler *c, const struct frame *f,
                            const struct rule_expr *x, enum rule_each from, enum rule_each to) {
  if (x->op == OP_OF) x = x->args[0];
  const bool by_days = x->op == OP_VARIABLE && from == EACH_YEAR && to == EACH_WEEK &&
                       c->rules->variables[x->variable->index]->year == YEAR_BY_DAYS;
  if (!by_days) return period_times(from) / period_times(to);
  const struct rule_period year = period_around(c->rules, f->period, EACH_YEAR);
  return 7.0 / (period_after(year) - year.start);
}

/* `X per month`: the annual reading has it already; of a sum each part; of a variable of oneself or
 * of a group in a year its shorter periods, added up; one told for just this period as it was told;
 * any other as often as the one period is in the other. */
static enum status per(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                       struct error *err) {
  const struct rule_expr *x = e->args[0];
  if (c->reading == READ_ANNUAL || x->type.any_unit) return compile_expr(c, f, x, out, err);
  if (x->op == OP_ADD || x->op == OP_SUBTRACT) return per_each(c, f, e, out, err);
  const enum rule_each from = each_of(c, x->type.flow), to = each_of(c, e->each);
  if (x->op == OP_OF && x->args[0]->op == OP_VARIABLE && from < to) { /* theirs, added up */
    const struct rule_expr turned = {
        .op = OP_PER, .place = e->place, .args = x->args, .arg_count = 1, .each = e->each};
    enum status added = compile_expr(c, f, &turned, out, err);
    if (added == DONE) *out = down(c, *out, f->here, x->entity);
    return added;
  }
  if (x->op == OP_VARIABLE && from < to && to == EACH_YEAR && f->period.each == EACH_YEAR)
    return over(c, x->variable, f->period, out, err);
  if (x->op == OP_VARIABLE && from > to && f->period.each == to) {
    const int column = input_in(c, x->variable, f->period); /* told for just this period */
    if (column >= 0) {
      *out = told(c, x->variable, column);
      return DONE;
    }
  }
  enum status status = x->op == OP_VARIABLE ? compile_variable(c, x->variable, f->period, out, err)
                                            : compile_expr(c, f, x, out, err);
  if (status == DONE) *out = times(c, *out, period_factor(c, f, x, from, to));
  return status;
}

static enum status shifted(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                           struct error *err) {
  const struct rule_variable *v = e->args[0]->variable;
  const struct rule_shift *s = &e->shift;
  const bool annual = c->reading == READ_ANNUAL;
  const enum rule_each own = each_of(c, v->period);
  if (annual && s->count) {
    /* a flow: so much of the year's, as often as the period of the sum is in the year */
    enum status status = compile_variable(c, v, f->period, out, err);
    const double part = v->type.flow ? compile_flow_times(c, &e->type) / period_times(s->each) : 1;
    if (status == DONE) *out = times(c, *out, s->count * part);
    return status;
  }
  if (annual && (s->is_first || s->is_last || s->is_on || s->each != EACH_YEAR))
    return compile_variable(c, v, f->period, out, err);
  if (s->count) {
    /* of the year itself where that is the period; otherwise those that end with this one */
    struct rule_period first = period_part(f->period, own, 0);
    if (f->period.each != EACH_YEAR) first = period_shift(first, own, 1 - s->count);
    return sum_parts(c, v, first, s->count, out, err);
  }
  if (s->is_on)
    return instance(c, v, (struct rule_period){.each = EACH_DAY, .start = s->on}, out, err);
  if (own == EACH_ASKED && (s->is_first || s->is_last)) {
    const int i = s->is_first ? 0 : period_parts(f->period, s->each) - 1;
    return instance(c, v, period_part(f->period, s->each, i), out, err);
  }
  if (s->is_first) return instance(c, v, period_part(f->period, own, 0), out, err);
  if (s->is_last)
    return instance(c, v, period_part(f->period, own, period_parts(f->period, own) - 1), out, err);
  return compile_variable(c, v, period_shift(f->period, s->each, s->steps), out, err);
}

/* ---- groups ---- */

static int down(struct compiler *c, int step, const struct rule_entity *from,
                const struct rule_entity *to) {
  if (from == to || plan_is_constant(&c->plan, step)) return step;
  return plan_related(&c->plan, STEP_DOWN, step, 0,
                      (struct step_relation){(int8_t)from->index, (int8_t)to->index});
}

static enum status of(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                      struct error *err) {
  const struct rule_entity *here = f->here;
  const int guard = f->guard;
  f->here = e->entity;
  f->guard = -1;
  enum status status = compile_expr(c, f, e->args[0], out, err);
  f->here = here;
  f->guard = guard;
  if (status == DONE) *out = down(c, *out, here, e->entity);
  return status;
}

/* What counts of `from` as what counts of `to`: the groups of which a member counts, or the members
 * of a group that does. */
static int guard_at(struct compiler *c, int guard, const struct rule_entity *from,
                    const struct rule_entity *to) {
  if (guard < 0 || from == to || plan_is_constant(&c->plan, guard)) return guard;
  const bool up = to->is_group && (!from->is_group || from->within == to->index);
  const bool is_down = from->is_group && (!to->is_group || to->within == from->index);
  const struct step_relation relation = {(int8_t)from->index, (int8_t)to->index};
  if (up)
    return two(c, STEP_LESS, constant(c, 0),
               plan_related(&c->plan, STEP_SUM_UP, guard, 0, relation));
  return is_down ? down(c, guard, to, from) : -1;
}

static int guarded(struct compiler *c, const struct frame *f, int condition) {
  return f->guard < 0 ? condition : plan_and(&c->plan, f->guard, condition);
}

/* 1 for the members that are meant; -1: all. */
static enum status members_meant(struct compiler *c, struct frame *f, const struct rule_expr *e,
                                 struct step_relation up, int *meant, struct error *err) {
  const struct rule_expr *where = e->args[1];
  *meant = -1;
  if (e->members.role >= 0) *meant = plan_related(&c->plan, STEP_ROLE, -1, e->members.role, up);
  if (!where) return DONE;
  if (*meant >= 0) f->guard = guarded(c, f, *meant);
  int condition;
  enum status status = compile_expr(c, f, where, &condition, err);
  if (status == DONE) *meant = *meant < 0 ? condition : plan_and(&c->plan, *meant, condition);
  return status;
}

static int gathered(struct compiler *c, enum rule_op op, int x, int meant,
                    struct step_relation up) {
  struct plan *p = &c->plan;
  const int zero = constant(c, 0), one = constant(c, 1);
  const bool extreme = op == OP_MAX_MEMBERS || op == OP_MIN_MEMBERS;
  if (op == OP_RANK) return plan_related(p, STEP_RANK, x, meant < 0 ? one : meant, up);
  if (op == OP_COUNT_MEMBERS) return plan_related(p, STEP_SUM_UP, meant < 0 ? one : meant, 0, up);
  if (op == OP_ANY_MEMBER || op == OP_ALL_MEMBERS) {
    int hit = op == OP_ALL_MEMBERS ? plan_not(p, x) : x;
    if (meant >= 0) hit = plan_and(p, meant, hit);
    const int any = two(c, STEP_LESS, zero, plan_related(p, STEP_SUM_UP, hit, 0, up));
    return op == OP_ALL_MEMBERS ? plan_not(p, any) : any;
  }
  if (!extreme) {
    if (meant >= 0) x = plan_choose(p, meant, x, zero);
    return plan_related(p, STEP_SUM_UP, x, 0, up);
  }
  const int none = constant(c, op == OP_MAX_MEMBERS ? -INFINITY : INFINITY);
  if (meant >= 0) x = plan_choose(p, meant, x, none);
  x = plan_related(p, op == OP_MAX_MEMBERS ? STEP_MAX_UP : STEP_MIN_UP, x, 0, up);
  if (meant < 0 || op == OP_MIN_MEMBERS) return x; /* the least of nobody is infinity */
  return plan_choose(p, two(c, STEP_EQUAL, x, none), zero, x);
}

static enum status aggregate(struct compiler *c, struct frame *f, const struct rule_expr *e,
                             int *out, struct error *err) {
  const struct rule_members *m = &e->members;
  const struct step_relation up = {(int8_t)m->member->index, (int8_t)m->group->index};
  const struct rule_entity *here = f->here;
  const int guard = f->guard;
  int meant, x = -1;
  f->here = m->member;
  /* of a group that does not count nobody does */
  const int counts = guard_at(c, guard_at(c, guard, here, m->group), m->group, m->member);
  f->guard = counts;
  enum status status = members_meant(c, f, e, up, &meant, err);
  f->guard = counts;
  if (status == DONE && meant >= 0) f->guard = guarded(c, f, meant);
  if (status == DONE && e->args[0]) status = compile_expr(c, f, e->args[0], &x, err);
  f->here = here;
  f->guard = guard;
  if (status != DONE) return status;
  *out = gathered(c, e->op, x, meant, up);
  if (e->op != OP_RANK) *out = down(c, *out, here, m->group);
  return DONE;
}

/* ---- every kind of expression ---- */

static enum status two_args(struct compiler *c, struct frame *f, const struct rule_expr *e,
                            enum step_op op, int *out, struct error *err) {
  int a, b;
  enum status status = compile_expr(c, f, e->args[0], &a, err);
  if (status == DONE) status = compile_expr(c, f, e->args[1], &b, err);
  if (status == DONE) *out = two(c, op, a, b);
  return status;
}

/* Where only some rows count (an `if`, a `where`), the others divide by one. */
static enum status divide(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                          struct error *err) {
  int a, b;
  enum status status = compile_expr(c, f, e->args[0], &a, err);
  if (status == DONE) status = compile_expr(c, f, e->args[1], &b, err);
  if (status != DONE) return status;
  if (f->guard >= 0 && !(plan_is_constant(&c->plan, b) && c->plan.steps[b].constant != 0))
    b = plan_choose(&c->plan, f->guard, b, constant(c, 1));
  if (plan_is_constant(&c->plan, a) && plan_is_constant(&c->plan, b) &&
      c->plan.steps[b].constant == 0) {
    (void)refuse(err, RULE_DIVIDES_BY_ZERO, f->here->name, 1);
    return at(e, err);
  }
  *out = two(c, STEP_DIVIDE, a, b);
  if (c->plan.steps[*out].op == STEP_DIVIDE) plan_say_place(&c->plan, *out, e->place);
  return DONE;
}

static enum status choose(struct compiler *c, struct frame *f, const struct rule_expr *e, int first,
                          int *out, struct error *err) {
  if (first + 1 >= e->arg_count) return compile_expr(c, f, e->args[first], out, err);
  int condition, yes, no;
  enum status status = compile_expr(c, f, e->args[first], &condition, err);
  if (status != DONE) return status;
  if (plan_is_constant(&c->plan, condition)) /* what is not reached need not have a value */
    return c->plan.steps[condition].constant != 0 ? compile_expr(c, f, e->args[first + 1], out, err)
                                                  : choose(c, f, e, first + 2, out, err);
  const int guard = f->guard;
  const int choice = compile_begin_choice(c, condition, 1);
  f->guard = guarded(c, f, condition);
  status = compile_expr(c, f, e->args[first + 1], &yes, err);
  f->guard = guard;
  c->choice = choice;
  (void)!compile_begin_choice(c, condition, 0);
  f->guard = guarded(c, f, plan_not(&c->plan, condition));
  if (status == DONE) status = choose(c, f, e, first + 2, &no, err);
  f->guard = guard;
  c->choice = choice;
  if (status == DONE) *out = plan_choose(&c->plan, condition, yes, no);
  return status;
}

static enum status and_or(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                          struct error *err) {
  int a, b;
  enum status status = compile_expr(c, f, e->args[0], &a, err);
  if (status != DONE) return status;
  const bool is_and = e->op == OP_AND;
  if (plan_is_constant(&c->plan, a) && (c->plan.steps[a].constant != 0) != is_and) {
    *out = constant(c, !is_and);
    return DONE;
  }
  const int guard = f->guard;
  f->guard = guarded(c, f, is_and ? a : plan_not(&c->plan, a));
  status = compile_expr(c, f, e->args[1], &b, err);
  f->guard = guard;
  if (status == DONE) *out = is_and ? plan_and(&c->plan, a, b) : plan_or(&c->plan, a, b);
  return status;
}

static enum status among(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                         struct error *err) {
  int what, other;
  enum status status = compile_expr(c, f, e->args[0], &what, err);
  *out = constant(c, 0);
  for (int i = 1; i < e->arg_count && status == DONE; i++) {
    status = compile_expr(c, f, e->args[i], &other, err);
    if (status == DONE) *out = two(c, STEP_MAX, *out, two(c, STEP_EQUAL, what, other));
  }
  return status;
}

static enum status many(struct compiler *c, struct frame *f, const struct rule_expr *e,
                        enum step_op op, int *out, struct error *err) {
  enum status status = compile_expr(c, f, e->args[0], out, err);
  for (int i = 1; i < e->arg_count && status == DONE; i++) {
    int other;
    status = compile_expr(c, f, e->args[i], &other, err);
    if (status == DONE) *out = two(c, op, *out, other);
  }
  return status;
}

static enum status to_step(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                           struct error *err) {
  static const enum step_op ops[] = {
      [OP_FLOOR] = STEP_FLOOR, [OP_CEIL] = STEP_CEIL, [OP_ROUND] = STEP_ROUND};
  int a, step = constant(c, 1);
  enum status status = compile_expr(c, f, e->args[0], &a, err);
  if (status == DONE && e->arg_count == 2) status = compile_expr(c, f, e->args[1], &step, err);
  if (status != DONE) return status;
  if (!plan_is_constant(&c->plan, step) || c->plan.steps[step].constant <= 0) {
    (void)refuse(err, RULE_STEP_SIZE);
    return at(e, err);
  }
  *out = two(c, ops[e->op], a, step);
  return DONE;
}

static enum status made_day(struct compiler *c, struct frame *f, const struct rule_expr *e,
                            int *out, struct error *err) {
  int parts[3];
  enum status status = DONE;
  bool all_constant = true;
  for (int i = 0; i < 3 && status == DONE; i++) {
    status = compile_expr(c, f, e->args[i], &parts[i], err);
    if (status == DONE) all_constant &= plan_is_constant(&c->plan, parts[i]);
  }
  if (status != DONE) return status;
  const double year = all_constant ? c->plan.steps[parts[0]].constant : 0;
  const double month = all_constant ? c->plan.steps[parts[1]].constant : 0;
  const double day = all_constant ? c->plan.steps[parts[2]].constant : 0;
  const bool is_day = year >= DAY_YEAR_MIN && year <= DAY_YEAR_MAX && month >= 1 && month <= 12 &&
                      day >= 1 && day <= 31;
  int made_year, made_month, day_of_month;
  if (is_day)
    day_parts(day_make((int)year, (int)month, 1) + (int)day - 1, &made_year, &made_month,
              &day_of_month);
  if (!is_day || made_month != (int)month) {
    (void)refuse(err, RULE_DAY_PARTS);
    return at(e, err);
  }
  *out = constant(c, day_make((int)year, (int)month, (int)day));
  return DONE;
}

static enum status call(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                        struct error *err) {
  int args[2] = {-1, -1};
  enum status status = DONE;
  for (int i = 0; i < e->arg_count && status == DONE; i++)
    status = compile_expr(c, f, e->args[i], &args[i], err);
  if (status == DONE) *out = plan_call(&c->plan, e->function, args[0], args[1]);
  return status;
}

static enum status local(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                         struct error *err) {
  const struct rule_entity *own = f->variable->entity;
  struct frame at_let = *f;
  at_let.here = own;
  at_let.guard = guard_at(c, f->guard, f->here, own);
  enum status status = let(c, &at_let, e->index, out, err);
  if (status == DONE && f->here != own) *out = down(c, *out, f->here, own);
  return status;
}

static enum status kind(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                        struct error *err);

enum status compile_expr(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                         struct error *err) {
  if (c->frames == LIMIT_RULE_FRAMES) {
    (void)refuse(err, RULE_TOO_DEEP, LIMIT_RULE_FRAMES);
    return at(e, err);
  }
  c->frames++;
  enum status status = kind(c, f, e, out, err);
  c->frames--;
  return status;
}

static enum status kind(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                        struct error *err) {
  enum status status;
  switch (e->op) {
  case OP_NUMBER: *out = constant(c, e->number * compile_flow_times(c, &e->type)); return DONE;
  case OP_ITEM: *out = constant(c, e->number); return DONE;
  case OP_PERIOD_DAY:
    *out = constant(c, e->number != 0 ? period_after(f->period) - 1 : f->period.start);
    return DONE;
  case OP_LOCAL: return local(c, f, e, out, err);
  case OP_NAME: return FAILED; /* the check has left none */
  case OP_VARIABLE: return compile_variable(c, e->variable, f->period, out, err);
  case OP_OF: return of(c, f, e, out, err);
  case OP_PARAMETER:
  case OP_SCALE: return compile_parameter(c, f, e, out, err);
  case OP_TOTAL: return compile_total(c, f, e, out, err);
  case OP_TABLE: return compile_table(c, f, e, out, err);
  case OP_ADD: return two_args(c, f, e, STEP_ADD, out, err);
  case OP_SUBTRACT: return two_args(c, f, e, STEP_SUBTRACT, out, err);
  case OP_MULTIPLY: return two_args(c, f, e, STEP_MULTIPLY, out, err);
  case OP_DIVIDE: return divide(c, f, e, out, err);
  case OP_LESS: return two_args(c, f, e, STEP_LESS, out, err);
  case OP_LESS_EQUAL: return two_args(c, f, e, STEP_LESS_EQUAL, out, err);
  case OP_EQUAL: return two_args(c, f, e, STEP_EQUAL, out, err);
  case OP_NOT_EQUAL:
    status = two_args(c, f, e, STEP_EQUAL, out, err);
    if (status == DONE) *out = plan_not(&c->plan, *out);
    return status;
  case OP_ABS:
    status = compile_expr(c, f, e->args[0], out, err);
    if (status == DONE) *out = two(c, STEP_MAX, *out, times(c, *out, -1));
    return status;
  case OP_NEGATE:
    status = compile_expr(c, f, e->args[0], out, err);
    if (status == DONE) *out = times(c, *out, -1);
    return status;
  case OP_NOT:
    status = compile_expr(c, f, e->args[0], out, err);
    if (status == DONE) *out = plan_not(&c->plan, *out);
    return status;
  case OP_AND:
  case OP_OR: return and_or(c, f, e, out, err);
  case OP_AMONG: return among(c, f, e, out, err);
  case OP_IF: return choose(c, f, e, 0, out, err);
  case OP_MIN: return many(c, f, e, STEP_MIN, out, err);
  case OP_MAX: return many(c, f, e, STEP_MAX, out, err);
  case OP_FLOOR:
  case OP_CEIL:
  case OP_ROUND: return to_step(c, f, e, out, err);
  case OP_CALL: return call(c, f, e, out, err);
  case OP_DAY: return made_day(c, f, e, out, err);
  case OP_PER: return per(c, f, e, out, err);
  case OP_AT:
  case OP_SUM_PERIODS: return shifted(c, f, e, out, err);
  case OP_SUM_MEMBERS:
  case OP_MAX_MEMBERS:
  case OP_MIN_MEMBERS:
  case OP_COUNT_MEMBERS:
  case OP_ANY_MEMBER:
  case OP_ALL_MEMBERS:
  case OP_RANK: return aggregate(c, f, e, out, err);
  }
  return FAILED;
}
