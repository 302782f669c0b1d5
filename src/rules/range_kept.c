#include "rules/range_kept.h"

#include "rules/range_columns.h"
#include <math.h>

struct range_kept {
  struct finding made; /* its plan, wanted, and the step and period of each */
  int column_count;
  const struct rule_population_column *columns; /* STEP_INPUT: a is one of these */
  int constant_count;
  int *constants;
  /* of each step: */
  bool *holds; /* DIVIDE: a condition keeps the divisor away from 0 */
  bool *lacks; /* a row may have no value */
  bool *truth; /* each row is 0 or 1 */
};

/* ---- what is true of a step whatever the rows ---- */

static bool is_truth(const struct range_kept *k, const struct plan *p, const struct step *s) {
  switch (s->op) {
  case STEP_CONSTANT: return s->constant == 0 || s->constant == 1;
  case STEP_INPUT: return k->columns[s->a].variable->type.kind == KIND_BOOL;
  case STEP_LESS:
  case STEP_LESS_EQUAL:
  case STEP_EQUAL:
  case STEP_ROLE: return true;
  case STEP_MULTIPLY:
  case STEP_MIN:
  case STEP_MAX: return k->truth[s->a] && k->truth[s->b];
  case STEP_SUBTRACT: /* not */
    return p->steps[s->a].op == STEP_CONSTANT && p->steps[s->a].constant == 1 && k->truth[s->b];
  case STEP_CHOOSE: return k->truth[s->b] && k->truth[s->c];
  case STEP_DOWN: return k->truth[s->a];
  default: return false;
  }
}

static bool may_lack(const struct range_kept *k, const struct plan *p, int step) {
  const struct step *s = &p->steps[step];
  int operand[3];
  bool lacks = s->misses || s->op == STEP_CALL;
  if (s->op == STEP_DIVIDE && !k->holds[step])
    lacks |= p->steps[s->b].op != STEP_CONSTANT || p->steps[s->b].constant == 0;
  const int n = plan_operands(s, operand);
  for (int i = 0; i < n; i++) lacks |= k->lacks[operand[i]];
  return lacks;
}

static void take_steps(struct arena *arena, struct range_kept *k) {
  const struct plan *p = k->made.s.plan;
  k->holds = arena_array(arena, bool, p->step_count + 1);
  k->lacks = arena_array(arena, bool, p->step_count + 1);
  k->truth = arena_array(arena, bool, p->step_count + 1);
  k->constants = arena_array(arena, int, p->step_count + 1);
  for (int i = 0; i < p->step_count; i++) {
    if (p->steps[i].op == STEP_CONSTANT) k->constants[k->constant_count++] = i;
    if (p->steps[i].op == STEP_DIVIDE) k->holds[i] = range_divisor_holds(&k->made.s, &p->steps[i]);
    k->lacks[i] = may_lack(k, p, i);
    k->truth[i] = is_truth(k, p, &p->steps[i]);
  }
}

enum status range_keep(struct arena *arena, const struct range_request *request,
                       struct range_kept **out, struct error *err) {
  struct range_kept *k = arena_array(arena, struct range_kept, 1);
  struct range_request *kept = arena_array(arena, struct range_request, 1);
  struct rule_population *pop = arena_array(arena, struct rule_population, 1);
  struct compiler *c;
  *kept = *request;
  *pop = *request->pop;
  kept->pop = pop;
  k->made = (struct finding){
      .arena = arena, .request = kept, .is_kept = true, .s = {.arena = arena, .pop = pop}};
  range_take_wanted(&k->made);
  if (k->made.wanted_count > RANGE_WANTED_MOST) return range_refuse_most(err);
  enum status status = range_compile_wanted(&k->made, &c, err);
  if (status != DONE) return status;
  k->column_count = pop->column_count;
  k->columns = pop->columns;
  take_steps(arena, k);
  *out = k;
  return DONE;
}

/* A column in place of a formula must be there, and none that the plan does not have. */
static bool fits(const struct range_kept *k, const struct rule_population *pop) {
  int found = 0;
  for (int i = 0; i < k->column_count; i++) {
    const struct rule_population_column *c = &k->columns[i];
    const bool is_there = rule_population_find(pop, c->variable, c->period) >= 0;
    if (!is_there && c->variable->version_count) return false;
    found += is_there;
  }
  return found == pop->column_count;
}

/* ---- which steps ---- */

static bool is_done(const struct range_lane *l, int step) {
  return l->columns[step].batch == l->batch;
}

/* Whether a step is one value in every row, which alone decides the step that reads it. */
static bool decides(const struct range_kept *k, const struct range_lane *l, enum step_op reader,
                    int step, int other) {
  const struct range_column *c = &l->columns[step];
  if (c->batch != l->batch || c->rows) return false;
  if (reader == STEP_MULTIPLY) return c->one == 0;
  return c->one == 1 && k->truth[step] && k->truth[other] && !k->lacks[other];
}

/* Computes the step, or returns the one that must be computed before it; -1: it is done. */
static int try_step(const struct range_kept *k, struct range_lane *l, int step) {
  const struct step *s = &k->made.s.plan->steps[step];
  int operand[3];
  if (s->op == STEP_CHOOSE) {
    const struct range_column *c = &l->columns[s->a];
    if (!is_done(l, s->a)) return s->a;
    const bool may_be_yes = c->rows || (c->one != 0 && !isnan(c->one));
    if (may_be_yes && !is_done(l, s->b)) return s->b;
    if ((c->rows || c->one == 0) && !is_done(l, s->c)) return s->c;
  } else {
    const int n = plan_operands(s, operand);
    if (s->op == STEP_MULTIPLY || s->op == STEP_MAX) {
      const int by = decides(k, l, s->op, s->a, s->b)   ? s->a
                     : decides(k, l, s->op, s->b, s->a) ? s->b
                                                        : -1;
      if (by >= 0) range_column_hand(l, step, by);
      if (by >= 0) return -1;
    }
    for (int i = 0; i < n; i++)
      if (!is_done(l, operand[i])) return operand[i];
  }
  range_column_compute(l, step);
  return -1;
}

/* A step and what it needs. */
static void compute(const struct range_kept *k, struct range_lane *l, int wanted) {
  if (is_done(l, wanted)) return;
  l->waiting_count = 0;
  for (int next = wanted; next >= 0 || l->waiting_count;) {
    if (next >= 0) {
      array_reserve(l->waiting, l->waiting_room, l->waiting_count + 1);
      l->waiting[l->waiting_count++] = next;
    }
    const int step = l->waiting[l->waiting_count - 1];
    next = try_step(k, l, step);
    if (next >= 0) continue;
    l->waiting_count--;
  }
}

/* ---- a batch ---- */

/* Columns stand as the plan has them. One that nobody of the batch has is without values. */
static bool line_up(struct finding *f, const struct range_kept *k) {
  struct rule_population *pop = arena_array(f->arena, struct rule_population, 1);
  int **unknown_of = arena_array(f->arena, int *, k->column_count + 1);
  if (!fits(k, f->s.pop)) return false;
  *pop = *f->s.pop;
  pop->column_count = pop->column_room = k->column_count;
  pop->columns = arena_array(f->arena, struct rule_population_column, k->column_count + 1);
  for (int i = 0; i < k->column_count; i++) {
    const struct rule_population_column *c = &k->columns[i];
    const int found = rule_population_find(f->s.pop, c->variable, c->period);
    pop->columns[i] = (struct rule_population_column){.variable = c->variable, .period = c->period};
    if (found < 0) continue;
    pop->columns[i].values = f->s.pop->columns[found].values;
    unknown_of[i] = f->s.unknown_of[found];
  }
  f->s.pop = pop;
  f->s.unknown_of = unknown_of;
  return true;
}

static void begin_batch(const struct range_kept *k, struct range_lane *l, struct finding *f) {
  range_lane_begin(l, f, k->made.s.plan->step_count);
  l->holds = k->holds;
  for (int i = 0; i < k->constant_count; i++) {
    const double one = k->made.s.plan->steps[k->constants[i]].constant;
    range_column_same(l, k->constants[i], one);
  }
  f->s.plan = k->made.s.plan;
  f->wanted_count = k->made.wanted_count;
  f->wanted = k->made.wanted;
  f->known_of = k->made.known_of;
  f->wanted_step = k->made.wanted_step;
  f->wanted_period = k->made.wanted_period;
}

enum status range_bound_kept(struct arena *arena, const struct range_kept *kept,
                             struct range_lane *lane, const struct range_request *request,
                             struct range_result *out, struct error *err) {
  struct finding f = {.arena = arena, .request = request, .lane = lane, .s = {.arena = arena}};
  *out = (struct range_result){0};
  if (range_take_unknowns(&f, err) != DONE) return err->code;
  if (!line_up(&f, kept))
    return error_set(err, FAILED,
                     "a batch has other columns than the plan of ranges that was kept; find the "
                     "ranges anew with range_bound");
  begin_batch(kept, lane, &f);
  for (int i = 0; i < f.wanted_count; i++) compute(kept, lane, f.wanted_step[i]);
  range_columns_answer(lane, out);
  return DONE;
}
