#include "rules/fuse.h"

/* Whether only the step that was looked at reads this one, row for row. */
static bool is_inner(const struct fuse_view *v, int step, int reader) {
  return v->readers[step] == 1 && v->direct[step] < 0 &&
         v->plan->steps[step].entity == v->plan->steps[reader].entity;
}

static bool constant_second(const struct plan *plan, const struct step *s, enum step_op op,
                            double *value) {
  if (s->op != op || plan_is_constant(plan, s->a) || !plan_is_constant(plan, s->b)) return false;
  *value = plan->steps[s->b].constant;
  return true;
}

/* rate x max(0, x - threshold), or max(0, x - threshold) alone; constants stand second. */
static bool is_band(const struct fuse_view *v, int step, struct fuse_band *out) {
  const struct step *steps = v->plan->steps, *s = &steps[step];
  double least;
  int at = step;
  out->rate = 1;
  if (constant_second(v->plan, s, STEP_MULTIPLY, &out->rate)) {
    if (!is_inner(v, s->a, at)) return false;
    at = s->a;
  }
  if (!constant_second(v->plan, &steps[at], STEP_MAX, &least) || least != 0) return false;
  const int over = steps[at].a;
  if (!is_inner(v, over, at) ||
      !constant_second(v->plan, &steps[over], STEP_SUBTRACT, &out->threshold))
    return false;
  out->x = steps[over].a;
  return true;
}

static void turn_round(struct fused *f) {
  for (int i = 0, j = f->count - 1; i < j; i++, j--) {
    const struct fuse_band band = f->bands[i];
    f->bands[i] = f->bands[j];
    f->bands[j] = band;
  }
}

bool fuse_bands(const struct fuse_view *v, int step, struct fused *out) {
  const struct step *steps = v->plan->steps;
  *out = (struct fused){.before = step};
  int reader = step;
  /* From the last band that is added to the first. */
  while (out->count < FUSE_BANDS_MOST) {
    const int at = out->before;
    if (at != step && !is_inner(v, at, reader)) break;
    if (is_band(v, at, &out->bands[out->count])) {
      out->before = -1;
      out->count++;
      break;
    }
    if (steps[at].op != STEP_ADD) break;
    const int a = steps[at].a, b = steps[at].b;
    if (is_inner(v, b, at) && is_band(v, b, &out->bands[out->count])) out->before = a;
    else if (is_inner(v, a, at) && is_band(v, a, &out->bands[out->count])) out->before = b;
    else break;
    out->count++;
    reader = at;
  }
  turn_round(out);
  return out->count > 0;
}
