/* Hidden amounts: finds for each another grid that looks the same.
 *
 * The other grid moves an amount between two places A and B that have no places under them (or
 * between A and the world outside). In the row of the cell, A and the places above it become larger
 * and B and the places above it smaller, up to the place that is above both. Then the rows of A add
 * up to too much, and those of B to too little: the other rows move back, each as far as what is
 * shown of it leaves room, in whole uses where it has a unit cost; the totals take what remains.
 */
#include "publish/suppress.h"

#include "base/arena.h"

#include <stdlib.h>

enum {
  OUTSIDE = -1,
  DEPTH_MOST = 32,  /* of the tree */
  PAIRS_MOST = 128, /* of places that are tried for one cell */
  LEAVES_MOST = 8,  /* places under the cell's place that are tried as A */
  OTHERS_MOST = 4   /* rows that are hidden for one cell */
};
static const int64_t ANY = INT64_C(1) << 60, NEVER = INT64_MAX / 4;

struct amounts {
  struct public_grid *g;
  int width;
  int *leaf, leaves; /* columns with nothing under them */
  int *order;        /* rows, the largest unit costs first */
  int64_t *taken;    /* by row: what take_back let it take */
};

/* The places of which a row changes between A and B: of `from` in one direction, of `to` in the
 * other. */
struct way {
  int from[DEPTH_MOST], to[DEPTH_MOST], from_count, to_count;
};

/* A row changes along the way: its cells that do not look the same then are hidden. */
struct row_move {
  int row;
  int64_t move; /* at A */
};
struct plan {
  int64_t cost;
  struct way way;
  struct row_move row, other[OTHERS_MOST];
  int others;
  int sign; /* 1: the cell becomes larger */
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

struct amounts *amounts_new(struct public_grid *g, struct arena *arena) {
  struct amounts *a = arena_alloc(arena, sizeof *a);
  *a = (struct amounts){.g = g, .width = g->rows + 1};
  bool *inner = arena_array(arena, bool, g->columns + 1);
  struct by_step *steps = arena_array(arena, struct by_step, g->rows + 1);
  a->leaf = arena_array(arena, int, g->columns + 1);
  a->order = arena_array(arena, int, g->rows + 1);
  a->taken = arena_array(arena, int64_t, g->rows + 1);
  for (int c = 1; c < g->columns; c++) inner[g->parent[c]] = true;
  for (int c = 0; c < g->columns; c++)
    if (!inner[c]) a->leaf[a->leaves++] = c;
  for (int r = 0; r < g->rows; r++) steps[r] = (struct by_step){g->step ? g->step[r] : 0, r};
  qsort(steps, (size_t)g->rows, sizeof *steps, compare_steps);
  for (int r = 0; r < g->rows; r++) a->order[r] = steps[r].row;
  return a;
}

static int64_t step_of(const struct amounts *a, int row) {
  return row < a->g->rows && a->g->step && a->g->step[row] > 0 ? a->g->step[row] : 1;
}

/* How far the cell can change in a direction and look the same; `hidden`: as if it were hidden. */
static int64_t room(const struct amounts *a, int cell, int sign, bool hidden) {
  const struct public_grid *g = a->g;
  if (!g->present[cell] || !grid_has_amount(g, cell)) return 0;
  int64_t step = step_of(a, cell % a->width), amount = g->amount[cell],
          /* a use, or a penny, for each person; of hidden people there may be only one */
      least = step * (hidden || g->people[cell] < 1 ? 1 : g->people[cell]),
          most = hidden     ? ANY
                 : sign > 0 ? round_most(amount, g->unit) - amount
                            : amount - round_least(amount, g->unit);
  if (sign < 0 && amount - least < most) most = amount - least;
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

/* What it costs that a row changes so far along the way: the cells that must be hidden for it, and
 * are if `hide`. NEVER: it cannot. */
static int64_t cost_along(struct amounts *a, const struct way *w, int row, int64_t move,
                          bool hide) {
  int64_t cost = 0;
  for (int i = 0; i < w->from_count + w->to_count && move; i++) {
    bool from = i < w->from_count;
    int cell = (from ? w->from[i] : w->to[i - w->from_count]) * a->width + row,
        sign = (move > 0) == from ? 1 : -1;
    int64_t size = move > 0 ? move : -move;
    if (room(a, cell, sign, a->g->hidden[cell]) >= size) continue;
    if (a->g->hidden[cell] || room(a, cell, sign, true) < size) return NEVER;
    cost += grid_price(a->g, cell);
    if (hide) a->g->hidden[cell] = true;
  }
  return cost;
}

/* The other rows take back `left` of a row's change (sign: the direction in which that row changed
 * at A), as far as they look the same. Returns what remains for the totals. */
static int64_t take_back(struct amounts *a, const struct way *w, int row, int sign, int64_t left) {
  for (int i = 0; i < a->g->rows; i++) {
    int other = a->order[i];
    int64_t step = step_of(a, other),
            most = left > 0 && other != row ? room_along(a, w, other, -sign) : 0;
    if (most > left) most = left;
    a->taken[other] = most - most % step;
    left -= a->taken[other];
  }
  return left;
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

static void consider(struct plan *best, const struct plan *next) {
  if (next->cost < best->cost) *best = *next;
}

/* One row takes back what remains, in whole uses, and the totals the rest of a use. */
static void plan_one_more(struct amounts *a, struct plan *best, struct plan p, int64_t left) {
  int64_t own = p.cost;
  for (int s = 0; s < a->g->rows; s++) {
    int64_t step = step_of(a, s), share = left + a->taken[s];
    for (int up = 0; up < 2 && s != p.row.row; up++) {
      int64_t moved = (share / step + up) * step, rest = share - moved;
      if (!moved) continue;
      int64_t more = cost_along(a, &p.way, s, -p.sign * moved, false);
      if (own + more >= best->cost || cost_along(a, &p.way, a->g->rows, p.sign * rest, false) != 0)
        continue;
      p.other[0] = (struct row_move){s, -p.sign * moved};
      p.others = 1;
      p.cost = own + more;
      consider(best, &p);
    }
  }
}

/* Several rows together do, those first that cost the least for what they take. */
static void plan_several(struct amounts *a, struct plan *best, struct plan p, int64_t left) {
  while (left > 0 && p.others < OTHERS_MOST &&
         cost_along(a, &p.way, a->g->rows, p.sign * left, false) != 0) {
    struct row_move next = {-1, 0};
    int64_t cost = 0, size = 0;
    for (int s = 0; s < a->g->rows; s++) {
      int64_t step = step_of(a, s), most = room_hidden(a, &p.way, s, -p.sign);
      if (s == p.row.row) continue;
      if (most > left + a->taken[s]) most = left + a->taken[s];
      most -= most % step;
      if (most <= a->taken[s]) continue;
      int64_t here = cost_along(a, &p.way, s, -p.sign * most, false), more = most - a->taken[s];
      if (here >= NEVER ||
          (next.row >= 0 && (double)here * (double)size >= (double)cost * (double)more))
        continue;
      next = (struct row_move){s, -p.sign * most};
      cost = here;
      size = more;
    }
    if (next.row < 0) return;
    a->taken[next.row] += size;
    left -= size;
    p.cost += cost;
    p.other[p.others++] = next;
    if (p.cost >= best->cost) return;
  }
  if (cost_along(a, &p.way, a->g->rows, p.sign * left, false) == 0) consider(best, &p);
}

/* A row that is not the total changes by p.row.move at A; all ways to make up for it. */
static void plan_row(struct amounts *a, struct plan *best, struct plan p) {
  int64_t own = cost_along(a, &p.way, p.row.row, p.row.move, false);
  if (own >= best->cost) return;
  int64_t left = take_back(a, &p.way, p.row.row, p.sign, p.sign * p.row.move);
  p.other[0] = (struct row_move){a->g->rows, p.sign * left};
  p.others = 1;
  int64_t totals = cost_along(a, &p.way, a->g->rows, p.other[0].move, false);
  p.cost = own + totals;
  consider(best, &p);
  if (totals == 0) return;
  p.cost = own;
  p.others = 0;
  plan_one_more(a, best, p, left);
  plan_several(a, best, p, left);
}

/* The total changes by at least p.row.move at A: the other rows go with it, in whole uses. */
static void plan_total(struct amounts *a, struct plan *best, struct plan p) {
  const int total = a->g->rows;
  int64_t sum = 0, need = p.sign * p.row.move;
  for (int i = 0; i < total && sum < need; i++) {
    int row = a->order[total - 1 - i]; /* the smallest unit costs first */
    int64_t step = step_of(a, row), most = room_along(a, &p.way, row, p.sign),
            want = (need - sum + step - 1) / step * step;
    sum += most < want ? most : want;
  }
  if (sum >= need) {
    p.row.move = p.sign * sum;
    p.cost = cost_along(a, &p.way, total, p.row.move, false);
    consider(best, &p);
    return;
  }
  for (int row = 0; row < total; row++) {
    int64_t step = step_of(a, row), moved = p.sign * ((need + step - 1) / step * step);
    struct plan q = p;
    q.row.move = moved;
    q.other[0] = (struct row_move){row, moved};
    q.others = 1;
    int64_t other = cost_along(a, &p.way, row, moved, false);
    if (other >= best->cost) continue;
    q.cost = other + cost_along(a, &p.way, total, moved, false);
    consider(best, &q);
  }
}

static void plan_between(struct amounts *a, struct plan *best, int cell, int from, int to) {
  const struct public_grid *g = a->g;
  int row = cell % a->width;
  int64_t step = step_of(a, row), need = (g->need[cell] + step - 1) / step * step;
  struct plan p = {.way = way_between(a, from, to), .sign = 1};
  for (p.sign = 1; p.sign >= -1 && best->cost; p.sign -= 2) {
    p.row = (struct row_move){row, p.sign * need};
    if (row < g->rows) plan_row(a, best, p);
    else plan_total(a, best, p);
  }
}

void amounts_protect(struct amounts *a, int cell) {
  const struct public_grid *g = a->g;
  int column = cell / a->width, tried = 0, pairs = 0;
  if (!grid_has_amount(g, cell)) return;
  struct plan best = {.cost = NEVER};
  for (int i = 0; i < a->leaves && tried < LEAVES_MOST && best.cost; i++) {
    int from = a->leaf[i];
    if (!is_under(a, from, column)) continue;
    if (!g->present[from * a->width + cell % a->width]) continue;
    tried++;
    plan_between(a, &best, cell, from, OUTSIDE);
    for (int k = 1; k < a->leaves && pairs < PAIRS_MOST * tried && best.cost; k++) {
      int to = a->leaf[(i + k) % a->leaves];
      if (is_under(a, to, column) || !g->present[to * a->width + cell % a->width]) continue;
      pairs++;
      plan_between(a, &best, cell, from, to);
    }
  }
  if (best.cost == 0 || best.cost >= NEVER) return;
  (void)cost_along(a, &best.way, best.row.row, best.row.move, true);
  for (int i = 0; i < best.others; i++)
    (void)cost_along(a, &best.way, best.other[i].row, best.other[i].move, true);
}
