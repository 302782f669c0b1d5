#include "rules/range_split.h"

#include <math.h>

/* A half is no longer looked for within: half a penny, or so much of what the answer was apart. */
enum { PIECES_MOST = 400 };
#define NEAR_ENOUGH 0.005
#define NEAR_SHARE 1e-4
/* Where a box without an end is cut first. */
#define FIRST_CUT 1000.0

struct piece {
  struct range_box *boxes; /* of each unknown of the split */
  double low, high;
  int halved; /* which is halved next; -1: none can be */
};

struct splitting {
  const struct range_split *q;
  struct range_state *s;
  int count;
  struct piece pieces[PIECES_MOST];
  double least_found, most_found; /* of points */
  bool lacks;
};

static void put_boxes(const struct splitting *t, const struct range_box *boxes) {
  for (int i = 0; i < t->q->unknown_count; i++) t->s->boxes[t->q->unknowns[i]] = boxes[i];
}

static const struct range_cell *evaluate(struct splitting *t, const struct range_box *boxes) {
  put_boxes(t, boxes);
  range_narrow(t->q->forms, t->q->steps, t->q->step_count);
  return &t->s->cells[t->q->cell];
}

static const struct range_form *form_of(const struct splitting *t) {
  return &t->q->forms->all[t->q->forms->at[t->q->cell]];
}

static bool is_whole(const struct range_unknown *u) { return u->variable->type.kind == KIND_DATE; }

/* ---- points ---- */

/* The corner of the piece to which the slopes point, one way or the other. */
static void look_at_corner(struct splitting *t, const struct range_box *boxes, bool least) {
  struct range_box *point = arena_array(t->s->arena, struct range_box, t->q->unknown_count + 1);
  const struct range_form form = *form_of(t);
  for (int i = 0; i < t->q->unknown_count; i++) {
    const int slope = t->q->forms->slope_of[t->q->unknowns[i]];
    const struct range_span of = slope < 0 ? (struct range_span){0, 0} : form.slope[slope];
    const bool rises = of.high + of.low >= 0 || isnan(of.high + of.low);
    const bool low = rises == least;
    point[i] = boxes[i];
    const struct range_unknown *u = &t->s->unknowns[t->q->unknowns[i]];
    if (u->item_count) {
      point[i].from = low ? boxes[i].from : boxes[i].to - 1;
      point[i].to = point[i].from + 1;
    }
    double at = low ? boxes[i].low : boxes[i].high;
    if (isinf(at)) at = low ? boxes[i].high : boxes[i].low;
    if (isinf(at)) at = 0;
    point[i].low = point[i].high = at;
    if (u->item_count) point[i].low = point[i].high = u->items[point[i].from];
  }
  const struct range_cell *c = evaluate(t, point);
  if (c->lacks || isnan(c->low)) return;
  t->least_found = fmin(t->least_found, c->high);
  t->most_found = fmax(t->most_found, c->low);
}

/* ---- pieces ---- */

static double width_of(const struct range_unknown *u, const struct range_box *b) {
  return u->item_count ? b->to - b->from - 1 : b->high - b->low;
}

/* What each unknown makes the answer apart: its slope over its box; of items, an equal share of
 * what has no slope. The one of most is halved. -1: none can be. */
static int worst_unknown(const struct splitting *t, const struct range_box *boxes) {
  const struct range_form form = *form_of(t);
  const double rest = form.corner.high - form.corner.low + form.noise.high - form.noise.low;
  double most = -1;
  int found = -1;
  for (int i = 0; i < t->q->unknown_count; i++) {
    const struct range_unknown *u = &t->s->unknowns[t->q->unknowns[i]];
    const double width = width_of(u, &boxes[i]);
    const int slope = t->q->forms->slope_of[t->q->unknowns[i]];
    if (!(width > (u->item_count || is_whole(u) ? 0 : 1e-3))) continue;
    double apart = u->item_count ? rest : rest * width / (width + FIRST_CUT);
    if (slope >= 0)
      apart += fmax(fabs(form.slope[slope].low), fabs(form.slope[slope].high)) * width;
    if (isnan(apart)) apart = INFINITY;
    if (apart <= most) continue;
    most = apart;
    found = i;
  }
  return found;
}

static double cut_of(const struct range_unknown *u, const struct range_box *b) {
  double cut = b->low + (b->high - b->low) / 2;
  if (isinf(b->high) && isinf(b->low)) cut = 0;
  else if (isinf(b->high)) cut = fmax(b->low, 0) * 4 + FIRST_CUT;
  else if (isinf(b->low)) cut = fmin(b->high, 0) * 4 - FIRST_CUT;
  return is_whole(u) ? floor(cut) : cut;
}

static struct range_box half_of(const struct range_unknown *u, struct range_box b, bool second) {
  if (u->item_count) {
    const int middle = b.from + (b.to - b.from) / 2;
    if (second) b.from = middle;
    else b.to = middle;
    b.low = u->items[b.from];
    b.high = u->items[b.to - 1];
    return b;
  }
  const double cut = cut_of(u, &b);
  if (second) b.low = is_whole(u) ? cut + 1 : cut;
  else b.high = cut;
  return b;
}

/* The piece becomes its first half; the second one is added. */
static bool halve(struct splitting *t, int which, bool least) {
  struct piece *p = &t->pieces[which];
  const int unknown = p->halved;
  if (unknown < 0 || t->count == PIECES_MOST) return false;
  const struct range_unknown *u = &t->s->unknowns[t->q->unknowns[unknown]];
  struct piece *other = &t->pieces[t->count++];
  other->boxes = arena_array(t->s->arena, struct range_box, t->q->unknown_count + 1);
  memcpy(other->boxes, p->boxes, sizeof *p->boxes * (size_t)t->q->unknown_count);
  other->boxes[unknown] = half_of(u, p->boxes[unknown], true);
  p->boxes[unknown] = half_of(u, p->boxes[unknown], false);
  const double low = p->low, high = p->high;
  for (int second = 0; second < 2; second++) {
    struct piece *one = second ? other : p;
    const struct range_cell *c = evaluate(t, one->boxes);
    t->lacks |= c->lacks;
    one->low = fmax(low, isnan(c->low) ? INFINITY : c->low);
    one->high = fmin(high, isnan(c->high) ? -INFINITY : c->high);
    t->lacks |= isnan(c->low);
    one->halved = worst_unknown(t, one->boxes);
    const double bound = least ? one->low : -one->high, sought = least ? low : -high;
    if (bound <= sought || second) look_at_corner(t, one->boxes, least);
  }
  return true;
}

static int outermost(const struct splitting *t, bool least) {
  int found = 0;
  for (int i = 1; i < t->count; i++)
    if (least ? t->pieces[i].low < t->pieces[found].low : t->pieces[i].high > t->pieces[found].high)
      found = i;
  return found;
}

struct range_cell range_split(const struct range_split *q) {
  struct range_state *s = q->forms->s;
  struct range_cell own = s->cells[q->cell];
  struct splitting *t = arena_array(s->arena, struct splitting, 1);
  *t = (struct splitting){.q = q, .s = s, .least_found = INFINITY, .most_found = -INFINITY};
  struct range_box *whole = arena_array(s->arena, struct range_box, q->unknown_count + 1);
  for (int i = 0; i < q->unknown_count; i++) whole[i] = s->boxes[q->unknowns[i]];
  t->pieces[t->count++] = (struct piece){
      arena_array(s->arena, struct range_box, q->unknown_count + 1), own.low, own.high, -1};
  memcpy(t->pieces[0].boxes, whole, sizeof *whole * (size_t)q->unknown_count);
  const double apart = own.high - own.low;
  const double near = fmax(NEAR_ENOUGH, isfinite(apart) ? apart * NEAR_SHARE : 0);
  range_forms_keep(q->forms, NULL, 0);
  (void)evaluate(t, whole);
  t->pieces[0].halved = worst_unknown(t, whole);
  look_at_corner(t, whole, true);
  (void)evaluate(t, whole);
  look_at_corner(t, whole, false);
  bool low_done = false, high_done = false;
  for (bool least = true; s->work < q->work_end && !(low_done && high_done); least = !least) {
    const int which = outermost(t, least);
    const struct piece *p = &t->pieces[which];
    bool *done = least ? &low_done : &high_done;
    *done |= least ? p->low >= t->least_found - near : p->high <= t->most_found + near;
    if (!*done && !halve(t, which, least)) *done = true;
  }
  const double low = t->pieces[outermost(t, true)].low, high = t->pieces[outermost(t, false)].high;
  put_boxes(t, whole);
  range_narrow(q->forms, q->steps, q->step_count);
  if (t->count > 1) own.lacks = t->lacks;
  if (low <= high) own.low = low, own.high = high;
  return own;
}
