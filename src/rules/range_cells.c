#include "rules/range_cells.h"

#include <math.h>

enum { DAYS_WALK_MOST = 400 };

/* ---- cells ---- */

static bool never(const struct range_cell *c) { return isnan(c->low); }

static bool is_zero(const struct range_cell *c) { return c->low == 0 && c->high == 0 && !c->lacks; }

static struct range_cell between(double low, double high, bool lacks) {
  if (isnan(low)) low = -INFINITY; /* of infinities that take one another away */
  if (isnan(high)) high = INFINITY;
  return (struct range_cell){low, high, low == high ? range_set_of(low) : 0, lacks};
}

/* 1, 0, or either. */
static struct range_cell truth(bool may, bool may_not, bool lacks) {
  struct range_cell c = {may_not ? 0 : 1, may ? 1 : 0, (may ? 2 : 0) | (may_not ? 1 : 0), lacks};
  return c;
}

/* What is one or the other. */
static struct range_cell either(struct range_cell a, struct range_cell b) {
  if (never(&a) || never(&b)) {
    struct range_cell c = never(&a) ? b : a;
    c.lacks = true;
    return c;
  }
  return (struct range_cell){range_less(a.low, b.low), range_more(a.high, b.high),
                             a.set && b.set ? a.set | b.set : 0, a.lacks || b.lacks};
}

static void add_item(struct range_cell *c, double value, bool *any) {
  if (isnan(value)) {
    c->lacks = true;
    return;
  }
  const uint64_t set = range_set_of(value);
  c->set = !*any ? set : c->set && set ? c->set | set : 0;
  c->low = *any ? range_less(c->low, value) : value;
  c->high = *any ? range_more(c->high, value) : value;
  *any = true;
}

/* ---- two operands ---- */

/* Nothing is left of a number, however large, that is multiplied by 0. */
static double product(double x, double y) { return x == 0 || y == 0 ? 0 : x * y; }

static struct range_cell multiplied(struct range_cell a, struct range_cell b, bool lacks) {
  const double p = product(a.low, b.low), q = product(a.low, b.high);
  const double r = product(a.high, b.low), s = product(a.high, b.high);
  return between(range_less(range_less(p, q), range_less(r, s)),
                 range_more(range_more(p, q), range_more(r, s)), lacks);
}

static double quotient(double x, double y) { return isinf(y) && isinf(x) ? NAN : x / y; }

static struct range_cell divided(struct range_cell a, struct range_cell b, bool lacks) {
  if (b.low <= 0 && b.high >= 0) { /* a divisor that is 0 has no result */
    if (a.low == 0 && a.high == 0) return between(0, 0, true);
    if (b.low == 0 && a.low >= 0) return between(quotient(a.low, b.high), INFINITY, true);
    if (b.low == 0 && a.high <= 0) return between(-INFINITY, quotient(a.high, b.high), true);
    return between(-INFINITY, INFINITY, true);
  }
  const double p = quotient(a.low, b.low), q = quotient(a.low, b.high);
  const double r = quotient(a.high, b.low), s = quotient(a.high, b.high);
  if (isnan(p) || isnan(q) || isnan(r) || isnan(s)) return between(-INFINITY, INFINITY, lacks);
  return between(range_less(range_less(p, q), range_less(r, s)),
                 range_more(range_more(p, q), range_more(r, s)), lacks);
}

static struct range_cell compared(enum step_op op, struct range_cell a, struct range_cell b,
                                  bool lacks) {
  bool may, may_not;
  if (op == STEP_LESS) may = a.low < b.high, may_not = a.high >= b.low;
  else if (op == STEP_LESS_EQUAL) may = a.low <= b.high, may_not = a.high > b.low;
  else {
    may = a.low <= b.high && b.low <= a.high && !(a.set && b.set && !(a.set & b.set));
    may_not = !(a.low == a.high && b.low == b.high && a.low == b.low);
  }
  return truth(may, may_not, lacks);
}

/* Where a day is past the calendar there is no value; the nearest day bounds those that have. */
static void put_on_calendar(struct range_cell *c, bool *lacks) {
  *lacks |= c->low < DAY_FIRST || c->high > DAY_LAST;
  c->low = range_less(range_more(c->low, DAY_FIRST), DAY_LAST);
  c->high = range_less(range_more(c->high, DAY_FIRST), DAY_LAST);
}

/* Of what neither rises nor falls throughout, the days of a short while are taken one by one. */
static struct range_cell day_by_day(const struct rule_function *f, struct range_cell a,
                                    struct range_cell b, bool lacks) {
  struct range_cell c = {NAN, NAN, 0, lacks};
  bool any = false;
  if (b.low != b.high || !(a.high - a.low <= DAYS_WALK_MOST))
    return between(f->least, f->most, true);
  for (double day = a.low; day <= a.high; day++) add_item(&c, f->of(day, b.low), &any);
  return any ? c : range_cell_of(NAN);
}

struct range_cell range_of_call(const struct rule_function *f, struct range_cell a,
                                struct range_cell b) {
  if (never(&a) || never(&b)) return range_cell_of(NAN);
  if (range_cell_is_known(&a) && range_cell_is_known(&b)) return range_cell_of(f->of(a.low, b.low));
  bool lacks = a.lacks || b.lacks;
  if (f->takes[0] == KIND_DATE) put_on_calendar(&a, &lacks);
  if (f->takes[1] == KIND_DATE && f->arg_count == 2) put_on_calendar(&b, &lacks);
  if (!f->rises[0] || !f->rises[1]) return day_by_day(f, a, b, lacks);
  const double low = f->of(f->rises[0] > 0 ? a.low : a.high, f->rises[1] > 0 ? b.low : b.high);
  const double high = f->of(f->rises[0] > 0 ? a.high : a.low, f->rises[1] > 0 ? b.high : b.low);
  return between(low, high, lacks || isnan(low) || isnan(high));
}

/* What lacks a value gives none (kernels.c): a cell says what there is where there is one. */
struct range_cell range_of_two(enum step_op op, struct range_cell a, struct range_cell b) {
  /* nothing is left of what is multiplied by 0, whatever it is, as where the 0 is a constant */
  if (op == STEP_MULTIPLY && (is_zero(&a) || is_zero(&b))) return range_cell_of(0);
  if (never(&a) || never(&b)) return range_cell_of(NAN);
  if (op == STEP_DIVIDE && b.low == 0 && b.high == 0) return range_cell_of(NAN);
  if (range_cell_is_known(&a) && range_cell_is_known(&b))
    return range_cell_of(plan_of_two(op, a.low, b.low));
  const bool lacks = a.lacks || b.lacks;
  switch (op) {
  case STEP_ADD: return between(a.low + b.low, a.high + b.high, lacks);
  case STEP_SUBTRACT: return between(a.low - b.high, a.high - b.low, lacks);
  case STEP_MULTIPLY: return multiplied(a, b, lacks);
  case STEP_DIVIDE: return divided(a, b, lacks);
  case STEP_MIN: return between(range_less(a.low, b.low), range_less(a.high, b.high), lacks);
  case STEP_MAX: return between(range_more(a.low, b.low), range_more(a.high, b.high), lacks);
  case STEP_LESS:
  case STEP_LESS_EQUAL:
  case STEP_EQUAL: return compared(op, a, b, lacks);
  case STEP_FLOOR:
  case STEP_CEIL:
  case STEP_ROUND:
  case STEP_ROUND_HALF_DOWN:
    if (b.low != b.high) return between(-INFINITY, INFINITY, lacks);
    return between(plan_of_two(op, a.low, b.low), plan_of_two(op, a.high, b.low), lacks);
  default: return between(-INFINITY, INFINITY, true);
  }
}

/* ---- choices and tables ---- */

struct range_cell range_of_choice(const struct range_cell *condition, struct range_cell yes,
                                  struct range_cell no) {
  if (never(condition)) return range_cell_of(NAN);
  const bool may = condition->low != 0 || condition->high != 0;
  const bool may_not = condition->low <= 0 && condition->high >= 0;
  struct range_cell c = !may_not ? yes : !may ? no : either(yes, no);
  c.lacks |= condition->lacks;
  return c;
}

struct range_cell range_of_table(const struct plan_table *t, const struct range_cell *index,
                                 bool whole) {
  if (never(index)) return range_cell_of(NAN);
  if (range_cell_is_known(index))
    return range_cell_of(plan_table_value(t->values, t->size, index->low));
  struct range_cell c = {NAN, NAN, 0, index->lacks || (!whole && !index->set)};
  bool any = false;
  double from = ceil(index->low), to = floor(index->high);
  if (index->low < 0 || to >= t->size) c.lacks = true;
  from = from < 0 ? 0 : from;
  to = to >= t->size ? t->size - 1 : to;
  for (double i = from; i <= to; i++)
    if (!index->set || (index->set >> (int)i & 1)) add_item(&c, t->values[(int)i], &any);
  return any ? c : range_cell_of(NAN);
}

/* ---- groups ---- */

const int *range_members(const struct range_state *s, struct step_relation r) {
  return r.from == 0 ? s->pop->member[r.to] : s->pop->within[r.from];
}

static struct range_rows *find_rows(struct range_state *s, const int *group, int members,
                                    int groups) {
  struct range_rows *out = arena_array(s->arena, struct range_rows, groups + 1);
  for (int i = 0; i < members; i++) {
    struct range_rows *of = &out[group[i]];
    if (!of->after) of->from = i;
    of->after = i + 1;
  }
  return out;
}

/* Once for all steps: a home of many adults has as many families, and a walk through the whole home
 * for each of them made each step of a sum as long as their number squared. */
void range_place_groups(struct range_state *s) {
  const struct rule_population *pop = s->pop;
  for (int e = 1; e < pop->rules->entity_count; e++) {
    const int around = pop->rules->entities[e]->within;
    s->people_of[e] = find_rows(s, pop->member[e], pop->rows[0], pop->rows[e]);
    if (around >= 0) s->parts_of[e] = find_rows(s, pop->within[e], pop->rows[e], pop->rows[around]);
  }
}

struct range_rows range_rows_of(const struct range_state *s, struct step_relation r, int group) {
  return (r.from == 0 ? s->people_of[r.to] : s->parts_of[r.from])[group];
}

int range_step_rows(const struct range_state *s, int step) {
  const int entity = s->plan->steps[step].entity;
  return entity < 0 ? 1 : s->pop->rows[entity];
}

static const struct range_cell *operand(const struct range_state *s, int step, int row) {
  return &s->cells[range_cell_at(s, step, row)];
}

/* In the order of rows, as the sum of run.h is. */
static void gather(struct range_state *s, const struct step *step, struct range_cell *out) {
  const int members = s->pop->rows[step->relation.from], groups = s->pop->rows[step->relation.to];
  const int *group = range_members(s, step->relation);
  const enum step_op op = step->op == STEP_SUM_UP   ? STEP_ADD
                          : step->op == STEP_MAX_UP ? STEP_MAX
                                                    : STEP_MIN;
  for (int g = 0; g < groups; g++)
    out[g] = range_cell_of(op == STEP_ADD ? 0 : op == STEP_MAX ? -INFINITY : INFINITY);
  for (int i = 0; i < members; i++)
    out[group[i]] = range_of_two(op, *operand(s, step->a, i), out[group[i]]);
  s->work += members;
}

void range_rank_before(const struct range_state *s, const struct step *step, int row, int other,
                       bool *may, bool *must) {
  const struct range_cell own = range_cell_get(s, step->a, row);
  const struct range_cell key = range_cell_get(s, step->a, other);
  const struct range_cell counts = range_cell_get(s, step->b, other);
  const bool first = other < row; /* equals stand in the order of rows */
  *may = (counts.low != 0 || counts.high != 0) &&
         (first ? key.low <= own.high : key.low < own.high);
  *must = (counts.low > 0 || counts.high < 0) && !own.lacks && !key.lacks && !counts.lacks &&
          (first ? key.high <= own.low : key.high < own.low);
}

/* Where somebody who counts has no key, nobody of the group has a place. */
struct range_cell range_of_rank(const struct range_state *s, const struct step *step,
                                const int *group, int row) {
  const struct range_rows near = range_rows_of(s, step->relation, group[row]);
  const struct range_cell counts = range_cell_get(s, step->b, row);
  int least = 0, most = 0;
  bool lacks = false;
  for (int k = near.from; k < near.after; k++) {
    if (group[k] != group[row]) continue;
    const struct range_cell key = range_cell_get(s, step->a, k);
    const struct range_cell counted = range_cell_get(s, step->b, k);
    const bool never_counts = !counted.lacks && counted.low == 0 && counted.high == 0;
    const bool always_counts = counted.low > 0 || counted.high < 0;
    if (never(&counted) || (never(&key) && always_counts)) return range_cell_of(NAN);
    lacks |= counted.lacks || (key.lacks && !never_counts);
    bool may, must;
    if (k == row) continue;
    range_rank_before(s, step, row, k, &may, &must);
    most += may;
    least += must;
  }
  const bool out_may = counts.low <= 0 && counts.high >= 0;
  if (out_may && counts.low == 0 && counts.high == 0) most = -1;
  return between(out_may ? -1 : least, most, lacks);
}

/* ---- steps ---- */

struct range_cell range_of_input(const struct range_state *s, const struct step *step, int row) {
  const int *unknown = s->unknown_of[step->a];
  if (!unknown || unknown[row] < 0) return range_cell_of(s->pop->columns[step->a].values[row]);
  const struct range_unknown *u = &s->unknowns[unknown[row]];
  const struct range_box *box = &s->boxes[unknown[row]];
  struct range_cell c = {box->low, box->high, 0, false};
  if (!u->item_count) return c.low == c.high ? range_cell_of(c.low) : c;
  bool any = false;
  for (int i = box->from; i < box->to; i++) add_item(&c, u->items[i], &any);
  return c;
}

/* ---- divisors ---- */

static double constant_of(const struct range_state *s, int step, double otherwise) {
  const struct step *one = &s->plan->steps[step];
  return one->op == STEP_CONSTANT ? one->constant : otherwise;
}

/* Whether a step is not 0 where a condition holds, or, `negated`, where it does not: x > 0 and
 * pay > 5. It may be compared as it is, or before a factor. */
static bool implies_not_zero(const struct range_state *s, int condition, int x, bool negated,
                             int depth) {
  const struct step *c = &s->plan->steps[condition], *of = &s->plan->steps[x];
  if (!depth) return false;
  if (of->op == STEP_MULTIPLY && constant_of(s, of->b, 0) != 0 &&
      implies_not_zero(s, condition, of->a, negated, depth - 1))
    return true;
  switch (c->op) {
  case STEP_MULTIPLY:
    return !negated && (implies_not_zero(s, c->a, x, false, depth - 1) ||
                        implies_not_zero(s, c->b, x, false, depth - 1));
  case STEP_SUBTRACT: /* not */
    return constant_of(s, c->a, 0) == 1 && implies_not_zero(s, c->b, x, !negated, depth - 1);
  case STEP_CHOOSE: /* and, or, of what may have no value (plan.h) */
    if (constant_of(s, c->c, 1) == 0)
      return !negated && (implies_not_zero(s, c->a, x, false, depth - 1) ||
                          implies_not_zero(s, c->b, x, false, depth - 1));
    return negated && constant_of(s, c->b, 0) == 1 &&
           (implies_not_zero(s, c->a, x, true, depth - 1) ||
            implies_not_zero(s, c->c, x, true, depth - 1));
  case STEP_EQUAL: return negated && c->a == x && constant_of(s, c->b, 1) == 0;
  case STEP_LESS:
  case STEP_LESS_EQUAL: {
    const bool strict = (c->op == STEP_LESS) != negated;
    const int low = negated ? c->b : c->a, high = negated ? c->a : c->b;
    if (high == x) return strict ? constant_of(s, low, -1) >= 0 : constant_of(s, low, -1) > 0;
    if (low == x) return strict ? constant_of(s, high, 1) <= 0 : constant_of(s, high, 1) < 0;
    return false;
  }
  default: return false;
  }
}

/* compile.c puts 1 in place of a divisor that a condition leaves out: what the condition holds away
 * from 0 has a result everywhere. */
bool range_divisor_holds(const struct range_state *s, const struct step *step) {
  enum { CONDITION_DEPTH = 12 };
  const struct step *by = &s->plan->steps[step->b];
  return by->op == STEP_CHOOSE && constant_of(s, by->c, 0) != 0 &&
         implies_not_zero(s, by->a, by->b, false, CONDITION_DEPTH);
}

struct range_cell range_of_division(struct range_cell a, struct range_cell b, bool divisor_holds) {
  struct range_cell c = range_of_two(STEP_DIVIDE, a, b);
  if (divisor_holds && !a.lacks && !b.lacks && !never(&c)) c.lacks = false;
  return c;
}

static struct range_cell division(const struct range_state *s, const struct step *step, int row) {
  const struct range_cell a = *operand(s, step->a, row), b = *operand(s, step->b, row);
  const struct range_cell c = range_of_division(a, b, false);
  return c.lacks && !a.lacks && !b.lacks && !never(&c)
             ? range_of_division(a, b, range_divisor_holds(s, step))
             : c;
}

static struct range_cell one_row(struct range_state *s, const struct step *step, int row) {
  switch (step->op) {
  case STEP_CONSTANT: return range_cell_of(step->constant);
  case STEP_INPUT: return range_of_input(s, step, row);
  case STEP_CHOOSE:
    return range_of_choice(operand(s, step->a, row), *operand(s, step->b, row),
                           *operand(s, step->c, row));
  case STEP_DIVIDE: return division(s, step, row);
  case STEP_LOOK_UP:
    return range_of_table(&s->plan->tables[step->b], operand(s, step->a, row), step->c);
  case STEP_DOWN: return *operand(s, step->a, range_members(s, step->relation)[row]);
  case STEP_ROLE: {
    const signed char *role = s->pop->role[step->relation.to];
    return range_cell_of((role ? role[row] : 0) == step->b);
  }
  case STEP_CALL:
    return range_of_call(&rule_functions[step->c], *operand(s, step->a, row),
                         *operand(s, step->b, row));
  default: return range_of_two(step->op, *operand(s, step->a, row), *operand(s, step->b, row));
  }
}

void range_place(struct range_state *s, int step) {
  arena_reserve(s->arena, s->first, s->first_room, step + 1);
  for (; s->placed <= step; s->placed++) {
    const struct step *one = &s->plan->steps[s->placed];
    const int rows = range_step_rows(s, s->placed);
    arena_reserve(s->arena, s->cells, s->cell_room, s->cell_count + rows);
    s->first[s->placed] = s->cell_count;
    if (one->op == STEP_CONSTANT) s->cells[s->cell_count] = range_cell_of(one->constant);
    s->cell_count += rows;
  }
}

int range_step_seen(void *state, struct plan *plan, int step) {
  struct range_state *s = state;
  s->plan = plan;
  range_place(s, step);
  range_evaluate(s, &step, 1);
  const int rows = range_step_rows(s, step);
  const struct range_cell *own = &s->cells[s->first[step]];
  for (int row = 0; row < rows; row++)
    if (never(&own[row]) || !range_cell_is_known(&own[row]) || own[row].low != own[0].low)
      return step;
  return rows ? plan_constant(plan, own[0].low) : step;
}

void range_evaluate(struct range_state *s, const int *steps, int count) {
  for (int i = 0; i < count; i++) {
    const struct step *step = &s->plan->steps[steps[i]];
    struct range_cell *out = &s->cells[s->first[steps[i]]];
    const int rows = range_step_rows(s, steps[i]);
    s->work += rows;
    if (step->op == STEP_SUM_UP || step->op == STEP_MAX_UP || step->op == STEP_MIN_UP)
      gather(s, step, out);
    else if (step->op == STEP_RANK)
      for (int row = 0; row < rows; row++)
        out[row] = range_of_rank(s, step, range_members(s, step->relation), row);
    else
      for (int row = 0; row < rows; row++) out[row] = one_row(s, step, row);
  }
}
