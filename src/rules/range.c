#include "rules/range_columns.h"

#include "base/refusal.h"
#include <math.h>

/* Trial values of a number whose bound is infinite: so far from the other one. */
static const double far_steps[] = {1, 100, 10000, 1000000};
enum { FAR_STEPS = sizeof far_steps / sizeof *far_steps, TRIALS_MOST = 8 };

/* ---- what is unknown ---- */

static enum status refuse_bounds(const struct range_unknown *u, struct error *err) {
  return refuse(err, RULE_UNKNOWN_BOUNDS, u->variable->name);
}

static int item_compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Items in order; those of a bool, and of an enum of which nothing is said. */
static enum status take_items(struct arena *arena, struct range_unknown *u, struct error *err) {
  const struct rule_type *t = &u->variable->type;
  const int all = t->kind == KIND_ENUM ? t->items->count : t->kind == KIND_BOOL ? 2 : 0;
  const int count = u->item_count ? u->item_count : all;
  if (!count) return DONE;
  double *items = arena_array(arena, double, count);
  int n = 0;
  for (int i = 0; i < count; i++) items[i] = u->item_count ? u->items[i] : i;
  array_sort(items, count, item_compare);
  for (int i = 0; i < count; i++) {
    if (isnan(items[i]) || (all && (items[i] < 0 || items[i] >= all))) return refuse_bounds(u, err);
    if (!n || items[i] != items[n - 1]) items[n++] = items[i];
  }
  /* of a bool, bounds say as much as items: both 1 is yes */
  const bool bounded = t->kind == KIND_BOOL && !u->item_count;
  if (bounded && u->low > 0 && u->high > 0) items++, n--;
  else if (bounded && u->high < 1 && u->high == u->low) n--;
  u->items = items;
  u->item_count = n;
  return DONE;
}

static enum status take_unknown(struct finding *f, int which, struct range_unknown *u,
                                struct error *err) {
  *u = f->request->unknowns[which];
  u->variable = f->request->rules->variables[u->variable->index];
  const int rows = f->request->pop->rows[u->variable->entity->index];
  if (u->row < 0 || u->row >= rows)
    return refuse(err, RULE_UNKNOWN_ROW, u->variable->entity->name, u->row + 1);
  if (take_items(f->arena, u, err) != DONE) return err->code;
  if (u->item_count) {
    f->s.boxes[which] = (struct range_box){u->items[0], u->items[u->item_count - 1], 0,
                                           u->item_count};
    return DONE;
  }
  if (u->variable->type.kind == KIND_DATE) {
    u->low = ceil(fmax(u->low, DAY_FIRST));
    u->high = floor(fmin(u->high, DAY_LAST));
  }
  if (!(u->low <= u->high) || (isinf(u->low) && u->low > 0) || (isinf(u->high) && u->high < 0))
    return refuse_bounds(u, err);
  f->s.boxes[which] = (struct range_box){u->low, u->high, 0, 0};
  return DONE;
}

/* Of each row as it was given, where it stands. */
static int *places_of(struct arena *arena, const struct rule_population *pop, int entity) {
  int *out = arena_array(arena, int, pop->rows[entity] + 1);
  for (int row = 0; row < pop->rows[entity]; row++) out[pop->order[entity][row]] = row;
  return out;
}

/* A population of the same rows that has a column for each unknown. */
enum status range_take_unknowns(struct finding *f, struct error *err) {
  const struct range_request *q = f->request;
  struct rule_population *pop = arena_array(f->arena, struct rule_population, 1);
  *pop = *q->pop;
  pop->arena = f->arena;
  pop->column_room = pop->column_count + q->unknown_count;
  pop->columns = arena_array(f->arena, struct rule_population_column, pop->column_room + 1);
  if (pop->column_count) /* facts that give nothing have no columns to copy */
    memcpy(pop->columns, q->pop->columns, sizeof *pop->columns * (size_t)pop->column_count);
  struct range_unknown *unknowns = arena_array(f->arena, struct range_unknown,
                                               q->unknown_count + 1);
  f->s.boxes = arena_array(f->arena, struct range_box, q->unknown_count + 1);
  f->s.unknown_of = arena_array(f->arena, int *, pop->column_room + 1);
  int *place[RULE_ENTITIES_MOST] = {NULL};
  for (int i = 0; i < q->unknown_count; i++) {
    struct range_unknown *u = &unknowns[i];
    if (take_unknown(f, i, u, err) != DONE) return err->code;
    const int entity = u->variable->entity->index, rows = pop->rows[entity];
    (void)rule_population_column(pop, u->variable, u->period);
    const int column = rule_population_find(pop, u->variable, u->period);
    int **of = &f->s.unknown_of[column];
    if (!*of) {
      *of = arena_array(f->arena, int, rows + 1);
      for (int row = 0; row < rows; row++) (*of)[row] = -1;
    }
    if (!place[entity]) place[entity] = places_of(f->arena, pop, entity);
    (*of)[place[entity][u->row]] = i;
  }
  f->s.pop = pop;
  f->s.unknowns = unknowns;
  f->s.unknown_count = q->unknown_count;
  range_place_groups(&f->s);
  return DONE;
}

/* ---- the plan ---- */

/* What was asked for, and whether it is known: of several that hang on one yes or no, that once. */
void range_take_wanted(struct finding *f) {
  const struct range_request *q = f->request;
  struct range_wanted *all = arena_array(f->arena, struct range_wanted, 2 * q->wanted_count + 1);
  f->known_of = arena_array(f->arena, int, q->wanted_count + 1);
  f->wanted = all;
  f->wanted_count = q->wanted_count;
  for (int i = 0; i < q->wanted_count; i++) all[i] = q->wanted[i];
  for (int i = 0; i < q->wanted_count; i++) {
    const struct rule_variable *known = all[i].variable->known;
    int at = q->wanted_count;
    f->known_of[i] = -1;
    if (!known) continue;
    while (at < f->wanted_count &&
           (all[at].variable != known || all[at].period.start != all[i].period.start ||
            all[at].period.each != all[i].period.each))
      at++;
    if (at == f->wanted_count) all[f->wanted_count++] = (struct range_wanted){known, all[i].period};
    f->known_of[i] = at;
  }
}

static enum range_known known_of_row(const struct finding *f, int which, int row) {
  const int at = which < f->request->wanted_count ? f->known_of[which] : -1;
  if (at < 0) return RANGE_KNOWN;
  const struct range_cell *c =
      &f->answer[at][plan_is_constant(f->s.plan, f->wanted_step[at]) ? 0 : row];
  if (c->lacks || (c->low <= 0 && c->high > 0)) return RANGE_KNOWN_PERHAPS;
  return c->low > 0 ? RANGE_KNOWN : RANGE_NOT_KNOWN;
}

/* Nothing more need be known of it: it is the same throughout, or nothing that is asked would tell
 * it. */
bool range_is_settled(const struct finding *f, int which, int row) {
  return range_cell_is_known(&f->answer[which][row]) ||
         known_of_row(f, which, row) == RANGE_NOT_KNOWN;
}

/* The variable's own period, or, of a sum over shorter ones, the one that was asked for. */
static struct rule_period period_of(const struct compiler *c, const struct range_wanted *w,
                                    int step) {
  for (int i = 0; i < c->count; i++) {
    const struct compiled *one = &c->all[i];
    const struct rule_period p = one->period;
    const bool is_sum = c->reading == READ_LEGAL && w->variable->type.flow &&
                        p.each < w->period.each;
    const bool around = p.each == EACH_ETERNITY ||
                        (p.start <= w->period.start && w->period.start < period_after(p));
    if (one->variable->index == w->variable->index && one->step == step && !is_sum && around)
      return p;
  }
  return w->period;
}

/* Pay is by the week where a week is asked for: each of the two has a compiler of its own, since
 * it keeps variables by their period. The plan is the same one. */
enum status range_compile_wanted(struct finding *f, struct compiler **last, struct error *err) {
  const struct range_request *q = f->request;
  f->wanted_step = arena_array(f->arena, int, f->wanted_count + 1);
  f->wanted_period = arena_array(f->arena, struct rule_period, f->wanted_count + 1);
  struct plan plan = plan_begin(f->arena);
  plan.seen = f->is_kept ? NULL : f->lane ? range_column_seen : range_step_seen;
  plan.context = f->lane ? (void *)f : &f->s;
  enum status status = DONE;
  for (int weeks = 0; weeks < 2 && status == DONE; weeks++) {
    struct compiler *c = compiler_make(f->arena, q->rules, f->s.pop, q->reading);
    c->plan = plan;
    c->forgets_uses = true;
    for (int i = 0; i < f->wanted_count && status == DONE; i++) {
      const struct range_wanted *w = &f->wanted[i];
      if ((w->period.each == EACH_WEEK) != (weeks == 1)) continue;
      status = compile_over(c, w->variable, w->period, &f->wanted_step[i], err);
      if (status == DONE) f->wanted_period[i] = period_of(c, w, f->wanted_step[i]);
    }
    plan = c->plan;
    *last = c;
  }
  f->s.plan = &(*last)->plan;
  if (status != DONE || f->is_kept || !plan.step_count) return status;
  if (f->lane) range_columns_end(f->lane);
  else range_place(&f->s, plan.step_count - 1);
  return status;
}

/* ---- what the answers hang on ---- */

static void mark(struct finding *f, int step, int row, uint64_t answers) {
  if (f->s.columns) {
    range_column_mark(f, step, row, answers);
    return;
  }
  const int cell = range_cell_at(&f->s, step, row);
  if (!range_cell_is_known(&f->s.cells[cell])) f->mark[cell] |= answers;
}

/* Of min and max: not the one that the other leaves behind whatever it is. */
static void mark_extreme(struct finding *f, const struct step *step, int row, uint64_t answers) {
  const struct range_cell a = range_cell_get(&f->s, step->a, row);
  const struct range_cell b = range_cell_get(&f->s, step->b, row);
  const bool is_min = step->op == STEP_MIN;
  const bool sure = !a.lacks && !b.lacks;
  struct range_span apart = {a.low - b.high, a.high - b.low};
  if (f->by_forms && sure) {
    const struct range_span narrow = range_apart(&f->forms, step->a, step->b, row);
    apart = (struct range_span){fmax(apart.low, narrow.low), fmin(apart.high, narrow.high)};
  }
  const bool a_only = sure && (is_min ? apart.high <= 0 : apart.low >= 0);
  const bool b_only = sure && !a_only && (is_min ? apart.low >= 0 : apart.high <= 0);
  if (!b_only) mark(f, step->a, row, answers);
  if (!a_only) mark(f, step->b, row, answers);
}

static void mark_choice(struct finding *f, const struct step *step, int row, uint64_t answers) {
  const struct range_cell c = range_cell_get(&f->s, step->a, row);
  const bool decided = range_cell_is_known(&c) || (!c.lacks && (c.low > 0 || c.high < 0));
  if (!decided) mark(f, step->a, row, answers);
  if (!decided || c.low != 0) mark(f, step->b, row, answers);
  if (!decided || c.low == 0) mark(f, step->c, row, answers);
}

static void mark_rank(struct finding *f, const struct step *step, int row, uint64_t answers) {
  const int *group = range_members(&f->s, step->relation);
  const struct range_rows near = range_rows_of(&f->s, step->relation, group[row]);
  mark(f, step->b, row, answers);
  for (int k = near.from; k < near.after; k++) {
    bool may, must;
    if (group[k] != group[row]) continue;
    range_rank_before(&f->s, step, row, k, &may, &must);
    const bool lacks = range_cell_get(&f->s, step->a, k).lacks ||
                       range_cell_get(&f->s, step->b, k).lacks;
    if ((k == row || may == must) && !lacks) continue;
    mark(f, step->a, row, answers);
    mark(f, step->a, k, answers);
    mark(f, step->b, k, answers);
  }
}

/* The members of a group whose value may count in its sum, its least or its most. */
static void mark_members(struct finding *f, const struct step *step, int row, uint64_t answers) {
  const int *group = range_members(&f->s, step->relation);
  const struct range_rows near = range_rows_of(&f->s, step->relation, row);
  double bound = step->op == STEP_MIN_UP ? INFINITY : -INFINITY;
  for (int k = near.from; k < near.after; k++) {
    const struct range_cell own = range_cell_get(&f->s, step->a, k);
    if (group[k] != row || own.lacks) continue;
    bound = step->op == STEP_MIN_UP ? fmin(bound, own.high) : fmax(bound, own.low);
  }
  for (int k = near.from; k < near.after; k++) {
    const struct range_cell own = range_cell_get(&f->s, step->a, k);
    const bool behind = (step->op == STEP_MIN_UP && own.low > bound) ||
                        (step->op == STEP_MAX_UP && own.high < bound);
    if (group[k] == row && (!behind || own.lacks)) mark(f, step->a, k, answers);
  }
}

void range_mark_operands(struct finding *f, const struct step *step, int row, uint64_t answers) {
  int operand[3];
  switch (step->op) {
  case STEP_INPUT: f->reached[f->s.unknown_of[step->a][row]] |= answers; return;
  case STEP_CHOOSE: mark_choice(f, step, row, answers); return;
  case STEP_MIN:
  case STEP_MAX: mark_extreme(f, step, row, answers); return;
  case STEP_DOWN: mark(f, step->a, range_members(&f->s, step->relation)[row], answers); return;
  case STEP_SUM_UP:
  case STEP_MAX_UP:
  case STEP_MIN_UP: mark_members(f, step, row, answers); return;
  case STEP_RANK: mark_rank(f, step, row, answers); return;
  default: break;
  }
  const int n = plan_operands(step, operand);
  for (int k = 0; k < n; k++) mark(f, operand[k], row, answers);
}

bool range_is_wanted(const struct finding *f, int which, int row) {
  const struct range_request *q = f->request;
  const int entity = f->s.plan->steps[f->wanted_step[which]].entity;
  if (!q->needs_of || entity < 0) return true;
  const int at = f->s.pop->order[entity][row];
  bool wanted = false;
  for (int i = 0; i < q->wanted_count; i++)
    wanted |= (i == which || f->known_of[i] == which) && q->needs_of[i][at];
  return wanted;
}

/* From the answers back to the unknown, not below what is the same throughout. */
static void mark_all(struct finding *f, bool by_forms) {
  struct range_state *s = &f->s;
  f->mark = arena_array(f->arena, uint64_t, s->cell_count + 1);
  f->reached = arena_array(f->arena, uint64_t, s->unknown_count + 1);
  f->active = arena_array(f->arena, int, s->plan->step_count + 1);
  f->active_count = 0;
  f->by_forms = by_forms;
  for (int i = 0; i < f->wanted_count; i++)
    for (int row = 0; row < range_step_rows(s, f->wanted_step[i]); row++)
      if (!range_is_settled(f, i, row) && range_is_wanted(f, i, row))
        mark(f, f->wanted_step[i], row, (uint64_t)1 << i);
  const int count = s->plan->step_count;
  for (int step = count - 1; step >= 0; step--) {
    const int rows = range_step_rows(s, step);
    bool any = false;
    for (int row = 0; row < rows; row++) {
      const uint64_t answers = f->mark[s->first[step] + row];
      if (!answers) continue;
      any = true;
      range_mark_operands(f, &s->plan->steps[step], row, answers);
    }
    if (any) f->active[count - ++f->active_count] = step;
  }
  f->active += count - f->active_count; /* in the order of the plan again */
}

/* ---- which question narrows most ---- */

/* How wide all answers are together: those without a bound are counted. */
struct width {
  int unbounded;
  double sum;
};

/* Amounts count by the year, so that an answer by the week is no less than one by the month. */
static double width_of(const struct rule_type *t, struct rule_period period,
                       const struct range_cell *c) {
  if (range_cell_is_known(c)) return 0;
  if (t->kind != KIND_NUMBER) return 1;
  const double times = t->flow ? period_times(period.each) : 1;
  return (c->high - c->low) * times;
}

static struct width width_all(const struct finding *f) {
  struct width w = {0};
  for (int i = 0; i < f->wanted_count; i++)
    for (int row = 0; row < range_step_rows(&f->s, f->wanted_step[i]); row++) {
      if (range_is_settled(f, i, row) || !range_is_wanted(f, i, row)) continue;
      const double one = width_of(&f->wanted[i].variable->type, f->wanted_period[i],
                                  &f->s.cells[f->s.first[f->wanted_step[i]] + row]);
      if (isfinite(one)) w.sum += one;
      else w.unbounded++;
    }
  return w;
}

struct measured {
  int unknown;
  int read_at; /* the place of its step in the plan, then its row: the order of reading */
  int bounds;  /* answers that have a bound then, at worst */
  double worst, mean;
};

/* The steps on the way from an unknown to the answers. */
static int cone_of(struct finding *f, int unknown, bool *in, int *cone) {
  const struct range_state *s = &f->s;
  int n = 0;
  for (int i = 0; i < f->active_count; i++) {
    const struct step *step = &s->plan->steps[f->active[i]];
    int operand[3];
    bool any = false;
    if (step->op == STEP_INPUT && s->unknown_of[step->a])
      for (int row = 0; row < s->pop->rows[step->entity]; row++)
        any |= s->unknown_of[step->a][row] == unknown;
    const int count = plan_operands(step, operand);
    for (int k = 0; k < count; k++) any |= in[operand[k]];
    in[f->active[i]] = any;
    if (any) cone[n++] = f->active[i];
  }
  for (int i = 0; i < n; i++) in[cone[i]] = false;
  return n;
}

/* Items, or the bounds and three points between them; no bound: some way from the other one. */
static int trials_of(const struct range_unknown *u, struct range_box *out) {
  int n = 0;
  if (u->item_count) {
    const int most = u->item_count < TRIALS_MOST ? u->item_count : TRIALS_MOST;
    for (int i = 0; i < most; i++) {
      const int at = most == 1 ? 0 : i * (u->item_count - 1) / (most - 1);
      out[n++] = (struct range_box){u->items[at], u->items[at], at, at + 1};
    }
    return n;
  }
  double values[TRIALS_MOST] = {0};
  const bool from = isfinite(u->low), to = isfinite(u->high);
  if (from && to)
    for (int i = 0; i <= 4; i++)
      values[n++] = i == 4 ? u->high : u->low + (u->high - u->low) / 4 * i;
  else values[n++] = from ? u->low : to ? u->high : 0;
  for (int i = 0; i < FAR_STEPS && !(from && to); i++)
    values[n++] = values[0] + (from || !to ? far_steps[i] : -far_steps[i]);
  for (int i = 0; i < n; i++) {
    if (u->variable->type.kind == KIND_DATE) values[i] = floor(values[i]);
    out[i] = (struct range_box){values[i], values[i], 0, 0};
  }
  return n;
}

static void measure(struct finding *f, struct width before, struct measured *m, int64_t work_end) {
  struct range_state *s = &f->s;
  if (s->work >= work_end) return; /* in the order of reading */
  bool *in = arena_array(f->arena, bool, s->plan->step_count + 1);
  int *cone = arena_array(f->arena, int, f->active_count + 1);
  const int count = cone_of(f, m->unknown, in, cone);
  struct range_box trials[TRIALS_MOST], own = s->boxes[m->unknown];
  struct width worst = {0};
  const int trial_count = trials_of(&s->unknowns[m->unknown], trials);
  int tried = 0;
  for (; tried < trial_count && s->work < work_end; tried++) {
    s->boxes[m->unknown] = trials[tried];
    range_narrow(&f->forms, cone, count);
    const struct width after = width_all(f);
    if (after.unbounded > worst.unbounded ||
        (after.unbounded == worst.unbounded && after.sum > worst.sum))
      worst = after;
    m->mean += (before.sum - after.sum) / trial_count;
  }
  s->boxes[m->unknown] = own;
  range_narrow(&f->forms, cone, count); /* as it was */
  if (tried < trial_count) {
    m->mean = 0; /* the work is done: in the order of reading */
    return;
  }
  m->bounds = before.unbounded - worst.unbounded;
  m->worst = before.sum - worst.sum;
}

static int measured_compare(const void *a, const void *b) {
  const struct measured *x = a, *y = b;
  if (x->bounds != y->bounds) return y->bounds - x->bounds;
  if (x->worst != y->worst) return x->worst < y->worst ? 1 : -1;
  if (x->mean != y->mean) return x->mean < y->mean ? 1 : -1;
  if (x->read_at != y->read_at) return x->read_at - y->read_at;
  return x->unknown - y->unknown;
}

static int read_at(const struct finding *f, int unknown) {
  const struct range_unknown *u = &f->s.unknowns[unknown];
  const int column = rule_population_find(f->s.pop, u->variable, u->period);
  for (int i = 0; i < f->active_count; i++) {
    const struct step *step = &f->s.plan->steps[f->active[i]];
    if (step->op == STEP_INPUT && step->a == column) return f->active[i];
  }
  return INT32_MAX;
}

static void order_questions(struct finding *f, struct range_result *out, int64_t work_end) {
  struct measured *all = arena_array(f->arena, struct measured, f->s.unknown_count + 1);
  const struct width before = width_all(f);
  int n = 0;
  for (int i = 0; i < f->s.unknown_count; i++)
    if (f->asked[i]) all[n++] = (struct measured){.unknown = i, .read_at = read_at(f, i)};
  if (n == 1) { /* then all answers are known */
    all[0].bounds = before.unbounded;
    all[0].worst = before.sum;
  }
  for (int i = 0; i < n && n > 1 && !f->request->unordered; i++)
    measure(f, before, &all[i], work_end);
  array_sort(all, n, measured_compare);
  struct range_question *questions = arena_array(f->arena, struct range_question, n + 1);
  for (int i = 0; i < n; i++)
    questions[i] = (struct range_question){all[i].unknown,
                                           all[i].bounds > 0 ? INFINITY : fmax(all[i].worst, 0)};
  out->questions = questions;
  out->question_count = n;
}

/* ---- the answers ---- */

/* Why there is no value: the division by zero on the way, or that a key found none. */
static enum status say_missing(const struct finding *f, const struct compiler *c, int wanted,
                               int row, struct error *err) {
  const struct rule_variable *v = f->wanted[wanted].variable;
  int step = f->wanted_step[wanted], at = row;
  for (;;) {
    const struct step *s = &f->s.plan->steps[step];
    const struct rule_place *place = plan_place(&c->plan, step);
    const double divisor = s->op == STEP_DIVIDE ? f->s.cells[range_cell_at(&f->s, s->b, at)].low
                                                : 1;
    if (place && divisor == 0) {
      (void)refuse(err, RULE_DIVIDES_BY_ZERO, f->request->rules->entities[s->entity]->name,
                   f->s.pop->order[s->entity][at] + 1);
      return error_at(err, place->file, (uint64_t)place->line, NULL);
    }
    int operand[3], next = -1;
    const bool related = s->op == STEP_DOWN || s->op == STEP_SUM_UP || s->op == STEP_MAX_UP ||
                         s->op == STEP_MIN_UP || s->op == STEP_RANK;
    const int n = related ? 0 : plan_operands(s, operand);
    for (int k = 0; k < n && next < 0; k++)
      if (isnan(f->s.cells[range_cell_at(&f->s, operand[k], at)].low)) next = operand[k];
    if (next < 0) break;
    step = next;
  }
  const int entity = v->entity->index;
  return refuse(err, RULE_NO_RESULT, v->name, f->s.pop->order[entity][row] + 1);
}

static void take_cells(struct finding *f) {
  const int count = f->wanted_count;
  f->answer = arena_array(f->arena, struct range_cell *, count + 1);
  for (int i = 0; i < count; i++) {
    const int step = f->wanted_step[i], rows = range_step_rows(&f->s, step);
    f->answer[i] = arena_array(f->arena, struct range_cell, rows + 1);
    for (int row = 0; row < rows; row++) f->answer[i][row] = f->s.cells[f->s.first[step] + row];
  }
}

static enum status find_answers(struct finding *f, const struct compiler *c, struct error *err) {
  take_cells(f);
  for (int i = 0; i < f->wanted_count; i++)
    for (int row = 0; row < range_step_rows(&f->s, f->wanted_step[i]); row++)
      if (isnan(f->answer[i][row].low)) return say_missing(f, c, i, row, err);
  return DONE;
}

/* The steps between the unknown and one answer, each answer alone, so that its boxes are few. */
static void split_answer(struct finding *f, int which, int row, int64_t work_end) {
  const struct range_state *s = &f->s;
  int *steps = arena_array(f->arena, int, f->active_count + 1);
  int *unknowns = arena_array(f->arena, int, s->unknown_count + 1);
  struct range_split split = {.forms = &f->forms,
                              .steps = steps,
                              .unknowns = unknowns,
                              .cell = s->first[f->wanted_step[which]] + row,
                              .work_end = work_end};
  for (int i = 0; i < f->active_count; i++) {
    uint64_t answers = 0;
    for (int k = 0; k < range_step_rows(s, f->active[i]); k++)
      answers |= f->mark[s->first[f->active[i]] + k];
    if (answers >> which & 1) steps[split.step_count++] = f->active[i];
  }
  for (int i = 0; i < s->unknown_count; i++)
    if (f->reached[i] >> which & 1) unknowns[split.unknown_count++] = i;
  if (split.unknown_count) f->answer[which][row] = range_split(&split);
  range_forms_keep(&f->forms, f->active, f->active_count);
}

/* One row of an answer that is split, and on how many unknown it hangs. */
struct split_row {
  int which, row, unknowns;
};

static int split_row_compare(const void *a, const void *b) {
  const struct split_row *x = a, *y = b;
  if (x->unknowns != y->unknowns) return x->unknowns - y->unknowns;
  return x->which != y->which ? x->which - y->which : x->row - y->row;
}

static int rows_to_split(const struct finding *f, struct split_row **out) {
  int n = 0, room = 0;
  *out = NULL;
  for (int i = 0; i < f->wanted_count; i++) {
    int unknowns = 0;
    for (int k = 0; k < f->s.unknown_count; k++) unknowns += (int)(f->reached[k] >> i & 1);
    for (int row = 0; row < range_step_rows(&f->s, f->wanted_step[i]); row++) {
      if (range_is_settled(f, i, row) || !range_is_wanted(f, i, row)) continue;
      arena_reserve(f->arena, *out, room, n + 1);
      (*out)[n++] = (struct split_row){i, row, unknowns};
    }
  }
  if (n) array_sort(*out, n, split_row_compare);
  return n;
}

/* By slopes, and, since what is narrower leaves less to reach, marked again; then each answer by
 * pieces. The pieces of few unknown find the bound soon: they come first, with half of the work
 * that is left each; the last ones share what remains. */
static void narrow(struct finding *f, int64_t work) {
  enum { FEW = 3 };
  struct split_row *rows;
  range_forms_begin(&f->forms, &f->s, f->reached);
  range_narrow(&f->forms, f->active, f->active_count);
  for (int i = 0; i < f->wanted_count; i++)
    for (int row = 0; row < range_step_rows(&f->s, f->wanted_step[i]); row++)
      f->answer[i][row] = f->s.cells[f->s.first[f->wanted_step[i]] + row];
  mark_all(f, false); /* with what forms alone leave behind: pieces are computed from it */
  const int64_t end = f->s.work + work;
  const int count = rows_to_split(f, &rows);
  for (int i = 0; i < count && f->s.work < end; i++) {
    const int parts = rows[i].unknowns <= FEW && count - i > 2 ? 2 : count - i;
    split_answer(f, rows[i].which, rows[i].row, f->s.work + (end - f->s.work) / parts);
  }
  mark_all(f, true);
  f->asked = f->reached;
  mark_all(f, false);
  range_forms_keep(&f->forms, f->active, f->active_count);
}

void range_give_answers(const struct finding *f, struct range_answer *out) {
  for (int i = 0; i < f->request->wanted_count; i++) {
    const int step = f->wanted_step[i];
    const int entity = f->wanted[i].variable->entity->index;
    out[i].rows = f->s.pop->rows[entity];
    struct range_value *values = arena_array(f->arena, struct range_value, out[i].rows + 1);
    for (int row = 0; row < out[i].rows; row++) {
      const struct range_cell *c = &f->answer[i][plan_is_constant(f->s.plan, step) ? 0 : row];
      const enum range_known known = known_of_row(f, i, row);
      struct range_value value = {c->low, c->high, range_cell_is_known(c), c->lacks, known};
      if (known != RANGE_KNOWN) value = (struct range_value){-INFINITY, INFINITY, .known = known};
      values[f->s.pop->order[entity][row]] = value;
    }
    out[i].values = values;
    out[i].period = f->wanted_period[i];
  }
}

static void give_needs(struct finding *f, const struct range_result *out,
                       struct range_answer *answers) {
  for (int i = 0; i < f->request->wanted_count; i++) {
    int *needs = arena_array(f->arena, int, out->question_count + 1);
    const uint64_t known = f->known_of[i] < 0 ? 0 : (uint64_t)1 << f->known_of[i];
    for (int k = 0; k < out->question_count; k++)
      if (f->asked[out->questions[k].unknown] & ((uint64_t)1 << i | known))
        needs[answers[i].need_count++] = out->questions[k].unknown;
    answers[i].needs = needs;
  }
}

/* What is not reached is no need; the others in the order in which they were given. */
void range_give_reached(struct finding *f, struct range_answer *answers) {
  for (int i = 0; i < f->request->wanted_count; i++) {
    int *needs = arena_array(f->arena, int, f->s.unknown_count + 1);
    const uint64_t known = f->known_of[i] < 0 ? 0 : (uint64_t)1 << f->known_of[i];
    for (int k = 0; k < f->s.unknown_count; k++)
      if (f->reached[k] & ((uint64_t)1 << i | known)) needs[answers[i].need_count++] = k;
    answers[i].needs = needs;
  }
}

enum status range_refuse_most(struct error *err) {
  return refuse(err, RULE_UNKNOWN_MOST, RANGE_UNKNOWN_MOST, RANGE_WANTED_MOST);
}

enum status range_bound(struct arena *arena, const struct range_request *request,
                        struct range_result *out, struct error *err) {
  struct finding f = {.arena = arena, .request = request, .s = {.arena = arena}};
  struct compiler *c;
  *out = (struct range_result){0};
  range_take_wanted(&f);
  if (f.wanted_count > RANGE_WANTED_MOST) return range_refuse_most(err);
  if (range_take_unknowns(&f, err) != DONE) return err->code;
  f.lane = range_lane_make();
  range_lane_begin(f.lane, &f, 0);
  enum status status = range_compile_wanted(&f, &c, err);
  if (status == DONE) range_columns_answer(f.lane, out);
  range_lane_free(f.lane);
  return status;
}

enum status range_find(struct arena *arena, const struct range_request *request,
                       struct range_result *out, struct error *err) {
  struct finding f = {.arena = arena, .request = request, .s = {.arena = arena}};
  struct compiler *c;
  *out = (struct range_result){0};
  range_take_wanted(&f);
  if (request->unknown_count > RANGE_UNKNOWN_MOST || f.wanted_count > RANGE_WANTED_MOST)
    return range_refuse_most(err);
  if (range_take_unknowns(&f, err) != DONE || range_compile_wanted(&f, &c, err) != DONE)
    return err->code;
  if (find_answers(&f, c, err) != DONE) return err->code;
  struct range_answer *answers = arena_array(arena, struct range_answer, request->wanted_count + 1);
  const int64_t work = request->work_most ? request->work_most : RANGE_WORK;
  mark_all(&f, false);
  f.asked = f.reached;
  if (f.active_count) narrow(&f, work / 3 * 2);
  order_questions(&f, out, f.s.work + work / 3);
  range_give_answers(&f, answers);
  give_needs(&f, out, answers);
  out->answers = answers;
  out->work = f.s.work;
  return DONE;
}
