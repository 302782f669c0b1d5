#include "rules/range_forms.h"

#include "rules/kernels.h"
#include <math.h>

#define NOTHING ((struct range_span){0, 0})

/* ---- spans ---- */

static struct range_span span_of_ends(double low, double high) {
  return (struct range_span){isnan(low) ? -INFINITY : low, isnan(high) ? INFINITY : high};
}

static struct range_span plus(struct range_span a, struct range_span b) {
  return span_of_ends(a.low + b.low, a.high + b.high);
}

static struct range_span minus(struct range_span a, struct range_span b) {
  return span_of_ends(a.low - b.high, a.high - b.low);
}

static double product(double x, double y) { return x == 0 || y == 0 ? 0 : x * y; }

static struct range_span times(struct range_span a, struct range_span b) {
  const double p = product(a.low, b.low), q = product(a.low, b.high);
  const double r = product(a.high, b.low), s = product(a.high, b.high);
  return (struct range_span){range_less(range_less(p, q), range_less(r, s)),
                             range_more(range_more(p, q), range_more(r, s))};
}

static struct range_span either(struct range_span a, struct range_span b) {
  return (struct range_span){range_less(a.low, b.low), range_more(a.high, b.high)};
}

static bool is_nothing(struct range_span a) { return a.low == 0 && a.high == 0; }

static double far(struct range_span a) { return range_more(fabs(a.low), fabs(a.high)); }

/* ---- forms ---- */

/* Where g may be, without the noise. */
static struct range_span smooth(const struct range_forms *f, const struct range_form *a) {
  struct range_span r = a->corner;
  for (int i = 0; i < f->slope_count; i++)
    if (!is_nothing(a->slope[i])) r = plus(r, times(a->slope[i], f->across[i]));
  return r;
}

/* The least unit of doubles beside 1, for each of the sums of a form: corner, noise, slopes. */
#define UNIT (2.3e-16 * (RANGE_SLOPES_MOST + 4))

/* All terms together: what a sum of them may be rounded by is so many units of it. */
static double size_of(const struct range_forms *f, const struct range_form *a) {
  double size = 0;
  const double corner = far(a->corner), noise = far(a->noise);
  if (isfinite(corner)) size += corner;
  if (isfinite(noise)) size += noise;
  for (int i = 0; i < f->slope_count; i++) {
    if (is_nothing(a->slope[i])) continue;
    const double one = far(times(a->slope[i], f->across[i]));
    if (isfinite(one)) size += one;
  }
  return size;
}

/* What the form says of the cell. */
static struct range_span all_of(const struct range_forms *f, const struct range_form *a) {
  const struct range_span r = plus(smooth(f, a), a->noise);
  const double blur = a->blur + UNIT * size_of(f, a);
  return span_of_ends(r.low - blur, r.high + blur);
}

/* Whether only items decide it: nothing of it moves with the numbers. */
static bool is_still(const struct range_forms *f, const struct range_form *a) {
  if (!is_nothing(a->noise)) return false;
  for (int i = 0; i < f->slope_count; i++)
    if (!is_nothing(a->slope[i])) return false;
  return true;
}

/* What is known is itself; of the rest only the bounds are said: all of it may jump. */
static struct range_form of_bounds(const struct range_cell *c) {
  struct range_form a = {0};
  if (isnan(c->low)) return a;
  const double at = isfinite(c->low) ? c->low : isfinite(c->high) ? c->high : 0;
  a.corner = (struct range_span){at, at};
  a.noise = c->low == c->high ? NOTHING : span_of_ends(c->low - at, c->high - at);
  if (c->low == c->high) a.corner = (struct range_span){c->low, c->high};
  return a;
}

static struct range_form of_items(const struct range_cell *c) {
  return (struct range_form){.corner = {c->low, c->high}};
}

/* Of a step that has no fresh form, its bounds, written into `room`. */
static const struct range_form *operand(const struct range_forms *f, int step, int row,
                                        struct range_form *room) {
  const int cell = range_cell_at(f->s, step, row);
  if (f->is_fresh[step] && f->at[cell] >= 0) return &f->all[f->at[cell]];
  *room = of_bounds(&f->s->cells[cell]);
  return room;
}

static struct range_form added(const struct range_forms *f, const struct range_form *a,
                               const struct range_form *b, bool taken_away) {
  struct range_span (*const op)(struct range_span, struct range_span) = taken_away ? minus : plus;
  struct range_form r = {op(a->corner, b->corner), op(a->noise, b->noise), {NOTHING}, 0};
  for (int i = 0; i < f->slope_count; i++) r.slope[i] = op(a->slope[i], b->slope[i]);
  r.blur = a->blur + b->blur;
  return r;
}

static struct range_form multiplied(const struct range_forms *f, const struct range_form *a,
                                    const struct range_form *b) {
  const struct range_span of_a = smooth(f, a), of_b = smooth(f, b);
  struct range_form r = {.corner = times(a->corner, b->corner)};
  for (int i = 0; i < f->slope_count; i++)
    if (!is_nothing(a->slope[i]) || !is_nothing(b->slope[i]))
      r.slope[i] = plus(times(a->slope[i], of_b), times(a->corner, b->slope[i]));
  r.noise = plus(plus(times(of_a, b->noise), times(a->noise, of_b)), times(a->noise, b->noise));
  r.blur = product(a->blur, far(of_b) + far(b->noise)) +
           product(b->blur, far(of_a) + far(a->noise));
  return r;
}

/* By what is not 0 and does not move. */
static struct range_form divided(const struct range_forms *f, const struct range_form *a,
                                 struct range_span by) {
  const struct range_span b = {1 / by.high, 1 / by.low};
  struct range_form r = {times(a->corner, b), times(a->noise, b), {NOTHING}, 0};
  for (int i = 0; i < f->slope_count; i++)
    if (!is_nothing(a->slope[i])) r.slope[i] = times(a->slope[i], b);
  r.blur = product(a->blur, far(b));
  return r;
}

static struct range_form merged(const struct range_forms *f, const struct range_form *a,
                                const struct range_form *b) {
  struct range_form r = {either(a->corner, b->corner), either(a->noise, b->noise), {NOTHING}, 0};
  for (int i = 0; i < f->slope_count; i++) r.slope[i] = either(a->slope[i], b->slope[i]);
  r.blur = range_more(a->blur, b->blur);
  return r;
}

static struct range_span difference(const struct range_forms *f, const struct range_form *a,
                                    const struct range_form *b) {
  const struct range_form r = added(f, a, b, true);
  return all_of(f, &r);
}

/* The more of two moves as one of them does; at the corner it is the more there. */
static struct range_form extreme(const struct range_forms *f, bool least,
                                 const struct range_form *a, const struct range_form *b) {
  const struct range_span apart = difference(f, a, b);
  if (least ? apart.high <= 0 : apart.low >= 0) return *a;
  if (least ? apart.low >= 0 : apart.high <= 0) return *b;
  struct range_form r = merged(f, a, b);
  if (least)
    r.corner = (struct range_span){range_less(a->corner.low, b->corner.low),
                                   range_less(a->corner.high, b->corner.high)};
  else
    r.corner = (struct range_span){range_more(a->corner.low, b->corner.low),
                                   range_more(a->corner.high, b->corner.high)};
  return r;
}

/* A choice that the numbers decide jumps by at most what its two values are apart. */
static struct range_form jumped(const struct range_forms *f, const struct range_form *yes,
                                const struct range_form *no) {
  struct range_form a = *no, b = *yes, apart = added(f, yes, no, true);
  apart.noise = NOTHING;
  const struct range_span jump = smooth(f, &apart);
  a.noise = either(no->noise, plus(jump, yes->noise));
  b.noise = either(yes->noise, minus(no->noise, jump));
  a.blur = b.blur = yes->blur + no->blur + UNIT * size_of(f, &apart);
  return b.noise.high - b.noise.low < a.noise.high - a.noise.low ? b : a;
}

static struct range_form chosen(const struct range_forms *f, const struct step *step, int row) {
  const struct range_cell *c = &f->s->cells[range_cell_at(f->s, step->a, row)];
  struct range_form room[3];
  const struct range_form *yes = operand(f, step->b, row, &room[0]);
  const struct range_form *no = operand(f, step->c, row, &room[1]);
  if (c->low > 0 || c->high < 0) return *yes;
  if (c->low == 0 && c->high == 0) return *no;
  const bool still = is_still(f, operand(f, step->a, row, &room[2]));
  return still ? merged(f, yes, no) : jumped(f, yes, no);
}

static struct range_form rounded(const struct range_forms *f, const struct step *step, int row,
                                 const struct range_cell *own) {
  struct range_form a;
  const struct range_form *of = operand(f, step->a, row, &a);
  const double by = f->s->cells[range_cell_at(f->s, step->b, row)].low;
  const double slack = 1e-6 * by +
                       2 * KERNEL_ROUNDING * far((struct range_span){own->low, own->high});
  if (is_still(f, of)) return of_items(own);
  if (of != &a) a = *of;
  const double less = step->op == STEP_FLOOR ? by : step->op == STEP_CEIL ? 0 : by / 2;
  const double more = step->op == STEP_CEIL ? by : step->op == STEP_FLOOR ? 0 : by / 2;
  a.noise = plus(a.noise, span_of_ends(-less - slack, more + slack));
  return a;
}

struct range_span range_apart(const struct range_forms *f, int a, int b, int row) {
  struct range_form room[2];
  return difference(f, operand(f, a, row, &room[0]), operand(f, b, row, &room[1]));
}

/* Decides where the bounds of both alone do not. */
static void decide(const struct range_forms *f, const struct step *step, int row,
                   struct range_cell *own) {
  const struct range_span apart = range_apart(f, step->a, step->b, row);
  const bool never = step->op == STEP_LESS         ? apart.low >= 0
                     : step->op == STEP_LESS_EQUAL ? apart.low > 0
                                                   : apart.low > 0 || apart.high < 0;
  const bool always = step->op != STEP_EQUAL &&
                      (step->op == STEP_LESS ? apart.high < 0 : apart.high <= 0);
  if (never) own->high = 0, own->set = 1;
  if (always) own->low = 1, own->set = 2;
}

/* Where one of two is the less throughout, its cell is that of the less, to the last bit. */
static void leave_behind(const struct range_forms *f, const struct step *step, int row,
                         struct range_cell *own) {
  const struct range_span apart = range_apart(f, step->a, step->b, row);
  const bool lacks = own->lacks, least = step->op == STEP_MIN;
  if (least ? apart.high <= 0 : apart.low >= 0)
    *own = f->s->cells[range_cell_at(f->s, step->a, row)];
  else if (least ? apart.low >= 0 : apart.high <= 0)
    *own = f->s->cells[range_cell_at(f->s, step->b, row)];
  own->lacks = lacks;
}

static struct range_form gathered(const struct range_forms *f, const struct step *step, int group) {
  const struct range_rows near = range_rows_of(f->s, step->relation, group);
  const int *of = range_members(f->s, step->relation);
  struct range_form r = {0};
  bool first = true;
  for (int i = near.from; i < near.after; i++) {
    if (of[i] != group) continue;
    struct range_form room;
    const struct range_form *a = operand(f, step->a, i, &room), before = r;
    if (first) r = *a;
    else if (step->op == STEP_SUM_UP) r = added(f, &before, a, false);
    else r = extreme(f, step->op == STEP_MIN_UP, &before, a);
    first = false;
  }
  return r;
}

static struct range_form of_input(const struct range_forms *f, const struct step *step, int row,
                                  const struct range_cell *own) {
  const int *unknown = f->s->unknown_of[step->a];
  const int slope = unknown && unknown[row] >= 0 ? f->slope_of[unknown[row]] : -1;
  if (slope < 0) return of_items(own);
  struct range_form a = {0};
  a.corner.low = isfinite(own->low) ? own->low : isfinite(own->high) ? own->high : 0;
  a.corner.high = a.corner.low;
  a.slope[slope] = (struct range_span){1, 1};
  return a;
}

static bool operands_are_still(const struct range_forms *f, const struct step *step, int row) {
  int all[3];
  const int n = plan_operands(step, all);
  if (step->op == STEP_RANK) return false;
  for (int k = 0; k < n; k++) {
    struct range_form room;
    if (!is_still(f, operand(f, all[k], row, &room))) return false;
  }
  return true;
}

static struct range_form form_of(const struct range_forms *f, const struct step *step, int row,
                                 struct range_cell *own) {
  struct range_form room[2];
  const struct range_form *a, *b;
  switch (step->op) {
  case STEP_INPUT: return of_input(f, step, row, own);
  case STEP_ADD:
  case STEP_SUBTRACT:
  case STEP_MULTIPLY:
  case STEP_DIVIDE:
  case STEP_MIN:
  case STEP_MAX:
    a = operand(f, step->a, row, &room[0]);
    b = operand(f, step->b, row, &room[1]);
    if (step->op == STEP_MULTIPLY) return multiplied(f, a, b);
    if (step->op == STEP_ADD || step->op == STEP_SUBTRACT)
      return added(f, a, b, step->op == STEP_SUBTRACT);
    if (step->op == STEP_MIN || step->op == STEP_MAX) {
      leave_behind(f, step, row, own);
      return extreme(f, step->op == STEP_MIN, a, b);
    }
    if ((b->corner.low > 0 || b->corner.high < 0) && is_still(f, b))
      return divided(f, a, b->corner);
    break;
  case STEP_LESS:
  case STEP_LESS_EQUAL:
  case STEP_EQUAL: decide(f, step, row, own); break;
  case STEP_CHOOSE: return chosen(f, step, row);
  case STEP_FLOOR:
  case STEP_CEIL:
  case STEP_ROUND:
  case STEP_ROUND_HALF_DOWN: return rounded(f, step, row, own);
  case STEP_DOWN: return *operand(f, step->a, range_members(f->s, step->relation)[row], &room[0]);
  case STEP_SUM_UP:
  case STEP_MAX_UP:
  case STEP_MIN_UP: return gathered(f, step, row);
  default: break;
  }
  return operands_are_still(f, step, row) ? of_items(own) : of_bounds(own);
}

/* ---- all steps ---- */

void range_forms_begin(struct range_forms *f, struct range_state *s, const uint64_t *reached) {
  *f = (struct range_forms){.s = s};
  f->slope_of = arena_array(s->arena, int, s->unknown_count + 1);
  for (int i = 0; i < s->unknown_count; i++) {
    const bool has = reached[i] && !s->unknowns[i].item_count && f->slope_count < RANGE_SLOPES_MOST;
    f->slope_of[i] = has ? f->slope_count++ : -1;
  }
  f->at = arena_array(s->arena, int, s->cell_count + 1);
  memset(f->at, -1, sizeof *f->at * (size_t)s->cell_count);
  f->is_fresh = arena_array(s->arena, bool, s->plan->step_count + 1);
}

void range_forms_keep(struct range_forms *f, const int *steps, int count) {
  memset(f->is_fresh, 0, sizeof *f->is_fresh * (size_t)f->s->plan->step_count);
  for (int i = 0; i < count; i++) f->is_fresh[steps[i]] = true;
}

static void say_across(struct range_forms *f) {
  for (int i = 0; i < f->s->unknown_count; i++) {
    if (f->slope_of[i] < 0) continue;
    const struct range_box *box = &f->s->boxes[i];
    const double at = isfinite(box->low) ? box->low : isfinite(box->high) ? box->high : 0;
    f->across[f->slope_of[i]] = (struct range_span){box->low - at, box->high - at};
  }
}

void range_narrow(struct range_forms *f, const int *steps, int count) {
  struct range_state *s = f->s;
  say_across(f);
  for (int i = 0; i < count; i++) {
    const int rows = range_step_rows(s, steps[i]);
    range_evaluate(s, &steps[i], 1);
    s->work += rows * (2 + f->slope_count) / 2;
    f->is_fresh[steps[i]] = true;
    for (int row = 0; row < rows; row++) {
      const int cell = s->first[steps[i]] + row;
      struct range_cell *own = &s->cells[cell];
      if (f->at[cell] < 0) {
        arena_reserve(s->arena, f->all, f->form_room, f->form_count + 1);
        f->at[cell] = f->form_count++;
      }
      struct range_form *form = &f->all[f->at[cell]];
      if (range_cell_is_known(own)) {
        *form = of_bounds(own);
        continue;
      }
      *form = form_of(f, &s->plan->steps[steps[i]], row, own);
      const struct range_span said = all_of(f, form);
      form->blur += UNIT * size_of(f, form);
      const double low = range_more(own->low, said.low), high = range_less(own->high, said.high);
      if (low <= high) own->low = low, own->high = high;
    }
  }
}
