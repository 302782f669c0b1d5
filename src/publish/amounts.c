/* Hidden amounts: finds for each another grid that looks the same.
 *
 * The other grid moves an amount between two places A and B that have no places under them (or
 * between A and the world outside). In the row of the cell, A and the places above it become larger
 * and B and the places above it smaller, up to the place that is above both. Then the rows of A add
 * up to too much, and those of B to too little: the other rows move back, each as far as what is
 * shown of it leaves room, in whole uses where it has a unit cost; the totals take what remains.
 * Where one B has too little to give, several give a part each, one after the other.
 */
#include "publish/suppress.h"

#include "base/arena.h"

#include <stdlib.h>

enum {
  OUTSIDE = -1,
  DEPTH_MOST = 32, /* of the tree */
  PAIRS_MOST = 64, /* of places that are tried for one cell */
  LEAVES_MOST = 8, /* places under the cell's place that are tried as A */
  OTHERS_MOST = 4, /* rows that are hidden for one cell */
  PARTS_MOST = 8   /* steps in which a cell comes to what it needs */
};
static const int64_t ANY = INT64_C(1) << 60, NEVER = INT64_MAX / 4;

struct amounts {
  struct public_grid *g;
  int width, cells;
  int *leaf, leaves; /* columns with nothing under them */
  int *order;        /* rows, the largest unit costs first */
  int64_t *least;    /* of each cell: what the places with somebody in them have at least */
  /* the grid that is being found: what each cell differs by so far */
  int64_t *flow;
  int *touched, touched_count;
  /* by row, the total last: what changes at A by the plan that is tried, and by the best */
  int64_t *moves, *best_moves;
};

/* The places of which a row changes between A and B: of `from` in one direction, of `to` in the
 * other. */
struct way {
  int from[DEPTH_MOST], to[DEPTH_MOST], from_count, to_count;
};

/* Moves of rows along a way, by which the cell comes nearer to what it needs. */
struct plan {
  struct way way;
  int64_t cost, gain; /* gain 0: there is no plan */
};

struct by_step {
  int64_t step;
  int row;
};
static int compare_steps(const void *a, const void *b) {
  const struct by_step *x = a, *y = b;
  if (x->step != y->step) return x->step < y->step ? 1 : -1;
  return (x->row > y->row) - (x->row < y->row);
}

static int64_t step_of(const struct amounts *a, int row) {
  return row < a->g->rows && a->g->step && a->g->step[row] > 0 ? a->g->step[row] : 1;
}

/* A use, or a penny, in each row of each lowest place that has somebody. */
static void count_least(struct amounts *a, const bool *inner) {
  const struct public_grid *g = a->g;
  for (int c = g->columns - 1; c >= 0; c--)
    for (int r = 0; r < a->width; r++) {
      int cell = c * a->width + r;
      int64_t *least = &a->least[cell];
      if (!inner[c] && r < g->rows && grid_has_amount(g, cell)) *least = step_of(a, r);
      for (int k = 0; !inner[c] && r == g->rows && k < r; k++) *least += a->least[c * a->width + k];
      if (c) a->least[g->parent[c] * a->width + r] += *least;
    }
}

struct amounts *amounts_new(struct public_grid *g, struct arena *arena) {
  struct amounts *a = arena_alloc(arena, sizeof *a);
  *a = (struct amounts){.g = g, .width = g->rows + 1, .cells = g->columns * (g->rows + 1)};
  bool *inner = arena_array(arena, bool, g->columns + 1);
  struct by_step *steps = arena_array(arena, struct by_step, g->rows + 1);
  a->leaf = arena_array(arena, int, g->columns + 1);
  a->order = arena_array(arena, int, g->rows + 1);
  a->flow = arena_array(arena, int64_t, a->cells + 1);
  a->touched = arena_array(arena, int, PARTS_MOST * 2 * DEPTH_MOST * a->width);
  a->moves = arena_array(arena, int64_t, a->width);
  a->best_moves = arena_array(arena, int64_t, a->width);
  for (int c = 1; c < g->columns; c++) inner[g->parent[c]] = true;
  for (int c = 0; c < g->columns; c++)
    if (!inner[c]) a->leaf[a->leaves++] = c;
  for (int r = 0; r < g->rows; r++) steps[r] = (struct by_step){g->step ? g->step[r] : 0, r};
  array_sort(steps, g->rows, compare_steps);
  for (int r = 0; r < g->rows; r++) a->order[r] = steps[r].row;
  a->least = arena_array(arena, int64_t, a->cells + 1);
  count_least(a, inner);
  return a;
}

/* How far the cell can still change in a direction and look the same; `hidden`: as if it were
 * hidden. */
static int64_t room(const struct amounts *a, int cell, int sign, bool hidden) {
  const struct public_grid *g = a->g;
  if (!g->present[cell] || !grid_has_amount(g, cell)) return 0;
  int64_t step = step_of(a, cell % a->width), amount = g->amount[cell],
          now = amount + a->flow[cell],
          /* a use, or a penny, for each person; of hidden people there may be only one */
      least = step * (hidden || g->people[cell] < 1 ? 1 : g->people[cell]),
          most = hidden     ? ANY
                 : sign > 0 ? round_most(amount, g->unit) - now
                            : now - round_least(amount, g->unit);
  if (sign < 0 && now - least < most) most = now - least;
  return most > 0 ? most - most % step : 0;
}

static bool is_under(const struct amounts *a, int column, int above) {
  while (column > above) column = a->g->parent[column];
  return column == above;
}

static struct way way_between(const struct amounts *a, int from, int to) {
  struct way w = {.from_count = 0};
  for (int c = from; c >= 0 && (to == OUTSIDE || !is_under(a, to, c)) && w.from_count < DEPTH_MOST;
       c = a->g->parent[c])
    w.from[w.from_count++] = c;
  for (int c = to; c >= 0 && !is_under(a, from, c) && w.to_count < DEPTH_MOST; c = a->g->parent[c])
    w.to[w.to_count++] = c;
  return w;
}

/* How far a row can change along the way as it is shown. */
static int64_t room_along(const struct amounts *a, const struct way *w, int row, int sign) {
  int64_t most = ANY;
  for (int i = 0; i < w->from_count + w->to_count && most; i++) {
    bool from = i < w->from_count;
    int cell = (from ? w->from[i] : w->to[i - w->from_count]) * a->width + row;
    int64_t here = room(a, cell, from ? sign : -sign, a->g->hidden[cell]);
    if (here < most) most = here;
  }
  return most;
}

/* How far a row could change along the way if all of it were hidden. */
static int64_t room_hidden(const struct amounts *a, const struct way *w, int row, int sign) {
  int64_t most = ANY;
  for (int i = 0; i < w->from_count + w->to_count && most; i++) {
    bool from = i < w->from_count;
    int cell = (from ? w->from[i] : w->to[i - w->from_count]) * a->width + row;
    int64_t here = room(a, cell, from ? sign : -sign, true);
    if (here < most) most = here;
  }
  return most;
}

/* What it costs that a row changes so far along the way: the cells that must be hidden for it.
 * NEVER: it cannot. */
static int64_t cost_along(const struct amounts *a, const struct way *w, int row, int64_t move) {
  int64_t cost = 0, size = move > 0 ? move : -move;
  for (int i = 0; i < w->from_count + w->to_count && move; i++) {
    bool from = i < w->from_count;
    int cell = (from ? w->from[i] : w->to[i - w->from_count]) * a->width + row,
        sign = (move > 0) == from ? 1 : -1;
    if (room(a, cell, sign, a->g->hidden[cell]) >= size) continue;
    if (a->g->hidden[cell] || room(a, cell, sign, true) < size) return NEVER;
    cost += grid_price(a->g, cell);
  }
  return cost;
}

/* Changes a row along the way, and hides those of its cells that do not look the same then. */
static void move_along(struct amounts *a, const struct way *w, int row, int64_t move) {
  for (int i = 0; i < w->from_count + w->to_count && move; i++) {
    bool from = i < w->from_count;
    int cell = (from ? w->from[i] : w->to[i - w->from_count]) * a->width + row,
        sign = (move > 0) == from ? 1 : -1;
    int64_t size = move > 0 ? move : -move;
    if (room(a, cell, sign, a->g->hidden[cell]) < size) a->g->hidden[cell] = true;
    if (!a->flow[cell]) a->touched[a->touched_count++] = cell;
    a->flow[cell] += sign * size;
  }
}

/* The rows take back `left` of a row's change (sign: the direction in which that row changed at
 * A), as far as they look the same. Returns what remains for the totals. */
static int64_t take_back(struct amounts *a, const struct way *w, int row, int sign, int64_t left) {
  for (int i = 0; i < a->g->rows; i++) {
    int other = a->order[i];
    if (other == row) continue;
    int64_t step = step_of(a, other), most = left > 0 ? room_along(a, w, other, -sign) : 0;
    if (most > left) most = left;
    most -= most % step;
    a->moves[other] = -sign * most;
    left -= most;
  }
  return left;
}

/* A plan is better if it costs less for what it gains; then, if it gains more. */
static void consider(struct amounts *a, struct plan *best, const struct plan *next) {
  if (next->cost >= NEVER || next->gain <= 0) return;
  double x = (double)next->cost * (double)best->gain, y = (double)best->cost * (double)next->gain;
  if (best->gain && (x > y || (x == y && next->gain <= best->gain))) return;
  *best = *next;
  memcpy(a->best_moves, a->moves, sizeof *a->moves * (size_t)a->width);
}

/* One row takes back what remains, in whole uses, and the totals the rest of a use. */
static void plan_one_more(struct amounts *a, struct plan *best, struct plan p, int row, int sign,
                          int64_t left) {
  int64_t own = p.cost;
  for (int s = 0; s < a->g->rows; s++) {
    int64_t step = step_of(a, s), before = a->moves[s], share = left - sign * before;
    for (int up = 0; up < 2 && s != row; up++) {
      int64_t moved = (share / step + up) * step, rest = share - moved;
      if (!moved || cost_along(a, &p.way, a->g->rows, sign * rest) != 0) continue;
      p.cost = own + cost_along(a, &p.way, s, -sign * moved);
      a->moves[s] = -sign * moved;
      a->moves[a->g->rows] = sign * rest;
      consider(a, best, &p);
    }
    a->moves[s] = before;
  }
}

/* Several rows together do, those first that cost the least for what they take. */
static void plan_several(struct amounts *a, struct plan *best, struct plan p, int row, int sign,
                         int64_t left) {
  const int total = a->g->rows;
  for (int others = 0; others < OTHERS_MOST && left > 0; others++) {
    if (cost_along(a, &p.way, total, sign * left) == 0) break;
    int next = -1;
    int64_t next_cost = 0, next_more = 0;
    for (int s = 0; s < total; s++) {
      if (s == row) continue;
      int64_t step = step_of(a, s), taken = -sign * a->moves[s],
              most = room_hidden(a, &p.way, s, -sign);
      if (most > left + taken) most = left + taken;
      most -= most % step;
      if (most <= taken) continue;
      int64_t cost = cost_along(a, &p.way, s, -sign * most), more = most - taken;
      if (cost >= NEVER ||
          (next >= 0 && (double)cost * (double)next_more >= (double)next_cost * (double)more))
        continue;
      next = s;
      next_cost = cost;
      next_more = more;
    }
    if (next < 0) return;
    a->moves[next] -= sign * next_more;
    left -= next_more;
    p.cost += next_cost;
  }
  a->moves[total] = sign * left;
  int64_t totals = cost_along(a, &p.way, total, sign * left);
  if (totals != 0) return;
  consider(a, best, &p);
}

/* A row that is not the total changes by `move` at A; all ways to make up for it. */
static void plan_row(struct amounts *a, struct plan *best, struct plan p, int row, int sign) {
  int64_t own = cost_along(a, &p.way, row, sign * p.gain);
  if (own >= NEVER) return;
  a->moves[row] = sign * p.gain;
  int64_t left = take_back(a, &p.way, row, sign, p.gain),
          totals = cost_along(a, &p.way, a->g->rows, sign * left);
  a->moves[a->g->rows] = sign * left;
  p.cost = totals >= NEVER ? NEVER : own + totals;
  consider(a, best, &p);
  if (totals == 0) return;
  p.cost = own;
  plan_one_more(a, best, p, row, sign, left);
  (void)take_back(a, &p.way, row, sign, p.gain);
  plan_several(a, best, p, row, sign, left);
}

/* The total changes by at least what is to be gained: the other rows go with it, in whole uses. */
static void plan_total(struct amounts *a, struct plan *best, struct plan p, int sign) {
  const int total = a->g->rows;
  int64_t sum = 0, need = p.gain;
  for (int i = 0; i < total; i++) {
    int row = a->order[total - 1 - i]; /* the smallest unit costs first */
    int64_t step = step_of(a, row), most = sum < need ? room_along(a, &p.way, row, sign) : 0,
            want = sum < need ? (need - sum + step - 1) / step * step : 0;
    a->moves[row] = sign * (most < want ? most : want);
    sum += most < want ? most : want;
  }
  if (sum >= need) {
    a->moves[total] = sign * sum;
    p.cost = cost_along(a, &p.way, total, sign * sum);
    consider(a, best, &p);
    return;
  }
  memset(a->moves, 0, sizeof *a->moves * (size_t)a->width);
  for (int row = 0; row < total; row++) {
    int64_t step = step_of(a, row), moved = (need + step - 1) / step * step,
            own = cost_along(a, &p.way, row, sign * moved),
            totals = cost_along(a, &p.way, total, sign * moved);
    if (own >= NEVER || totals >= NEVER) continue;
    a->moves[row] = a->moves[total] = sign * moved;
    p.cost = own + totals;
    consider(a, best, &p);
    a->moves[row] = 0;
  }
}

static void plan_between(struct amounts *a, struct plan *best, const struct plan *asked, int row,
                         int sign, bool parts) {
  struct plan p = *asked;
  memset(a->moves, 0, sizeof *a->moves * (size_t)a->width);
  if (row == a->g->rows) {
    plan_total(a, best, p, sign);
    return;
  }
  plan_row(a, best, p, row, sign);
  int64_t part = parts ? room_along(a, &p.way, row, sign) : 0;
  if (!part || part >= p.gain) return;
  p.gain = part;
  plan_row(a, best, p, row, sign);
}

/* The best plan by which the cell changes by `need`; `parts`: or by a part of it. */
static void plan_cell(struct amounts *a, struct plan *best, int cell, int64_t need, int sign,
                      bool parts) {
  const struct public_grid *g = a->g;
  int column = cell / a->width, row = cell % a->width, tried = 0, pairs = 0;
  for (int i = 0; i < a->leaves && tried < LEAVES_MOST; i++) {
    int from = a->leaf[i];
    if (!is_under(a, from, column) || !g->present[from * a->width + row]) continue;
    tried++;
    struct plan p = {.way = way_between(a, from, OUTSIDE), .gain = need};
    plan_between(a, best, &p, row, sign, parts);
    for (int k = 1; k < a->leaves && pairs < PAIRS_MOST * tried; k++) {
      if (best->gain == need && !best->cost) return;
      int to = a->leaf[(i + k) % a->leaves];
      if (is_under(a, to, column) || !g->present[to * a->width + row]) continue;
      pairs++;
      p = (struct plan){.way = way_between(a, from, to), .gain = need};
      plan_between(a, best, &p, row, sign, parts);
    }
  }
}

/* ---- what must be possible ---- */

/* The two amounts, as differences from the cell's own, that must be possible: the ends of the part
 * of a fixed grid in which the amount lies. The grid depends on this cell alone. So as long as the
 * cell is unchanged, every edition leaves the same two possible, and no number of editions tells
 * more than that part. It is so wide that the end farther away is at least what the cell needs: for
 * a service, pairs of uses at least. Where fewer than ten people are in it, nine uses must be
 * possible, since each of them had one; and what it was before, where that may not be told. */
static void ends_of_cell(const struct amounts *a, int cell, int64_t *down, int64_t *up) {
  const struct public_grid *g = a->g;
  int row = cell % a->width;
  int64_t step = step_of(a, row), half = (g->unit / 2 + step - 1) / step * step,
          over = g->amount[cell] - a->least[cell],
          back = g->before ? g->amount[cell] - g->before[cell] : 0;
  while (half < g->need[cell]) half *= 2; /* a wider grid has the ends of a narrower one */
  int64_t wide = 2 * half, at = over > 0 ? over % wide / step * step : 0,
          nine = (PUBLISH_FEWEST - 1 - g->amount[cell] / step) * step;
  *down = over > 0 ? at : 0;
  *up = wide - step - at;
  if (row < g->rows && step > 1 && g->people[cell] < PUBLISH_FEWEST && nine > *up) *up = nine;
  if (back > *down)
    *down = back < over ? back / step * step : *down > over ? *down : over / step * step;
  if (-back > *up) *up = (-back + step - 1) / step * step;
}

/* Looks for a grid in which the cell differs by `need`, in several parts where there is no other
 * way. False: there is none. */
static bool differ_by(struct amounts *a, int cell, int64_t need, int sign) {
  for (int round = 0; round < PARTS_MOST && need > 0; round++) {
    struct plan best = {.gain = 0};
    plan_cell(a, &best, cell, need, sign, round < PARTS_MOST - 1);
    if (!best.gain) break;
    for (int row = 0; row < a->width; row++) move_along(a, &best.way, row, a->best_moves[row]);
    need -= best.gain;
  }
  for (int i = 0; i < a->touched_count; i++) a->flow[a->touched[i]] = 0;
  a->touched_count = 0;
  return need <= 0;
}

void amounts_protect(struct amounts *a, int cell) {
  int64_t down, up;
  if (!grid_has_amount(a->g, cell)) return;
  ends_of_cell(a, cell, &down, &up);
  bool lower = differ_by(a, cell, down, -1);
  (void)differ_by(a, cell, !lower && up < down ? up + down : up, 1);
}
