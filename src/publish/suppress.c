#include "publish/suppress.h"

#include "base/arena.h"

/* ---- the network ---- */

struct cell_ends {
  int from, to;
}; /* if the cell's value grows, more flows from `from` to `to` */

struct waiting {
  int64_t cost;
  int node;
};

struct network {
  struct public_grid *g;
  int cells, nodes;
  struct cell_ends *ends;
  int *first, *arcs; /* cells at a node: arcs[first[node]] .. */
  /* of each cell: the people that everybody knows of, one for each row at each lowest place */
  int64_t *least;
  /* of one search */
  int64_t *cost;
  int *seen, *done, *by; /* stamps; the cell by which a node was reached */
  int stamp;
  struct waiting *heap;
  int heap_size;
  size_t heap_capacity;
  /* of the circles of one cell; turned: the flow goes against the way, so that what it passes
   * forwards becomes fewer */
  bool turned;
  int64_t *flow; /* the flow already sent through each cell */
  int *touched;
  int touched_count;
};

/* A cell is part of two sums: the sum of its row over the places directly under a place, and the
 * sum below it, which is that of its own places, or at a leaf the sum of its column. The sum of the
 * first column follows from all others and closes the network. Where a column's people do not add
 * up, there is no such sum: its leaves end in one common open node. */
static struct cell_ends ends_of(const struct public_grid *g, const bool *inner, int column,
                                int row) {
  int width = g->rows + 1, open = g->columns * width + g->columns;
  int above = g->parent[column] < 0 ? open : g->parent[column] * width + row;
  int below = inner[column] ? column * width + row : g->amount ? open : g->columns * width + column;
  return row == g->rows ? (struct cell_ends){below, above} : (struct cell_ends){above, below};
}

/* Whether the cell is in the network at all. */
static bool carries(const struct network *n, int cell) {
  const struct public_grid *g = n->g;
  return g->present[cell] && !(g->amount && cell % (g->rows + 1) == g->rows);
}

static void count_least(struct network *n, const bool *inner) {
  const struct public_grid *g = n->g;
  int width = g->rows + 1;
  for (int c = g->columns - 1; c >= 0; c--)
    for (int r = 0; r <= g->rows; r++) {
      int64_t *least = &n->least[c * width + r];
      if (!inner[c] && r < g->rows) *least = g->present[c * width + r];
      for (int k = 0; !inner[c] && r == g->rows && k < r; k++) *least += n->least[c * width + k];
      if (c) n->least[g->parent[c] * width + r] += *least;
    }
}

static void network_build(struct network *n, struct arena *arena, struct public_grid *g) {
  int width = g->rows + 1;
  *n = (struct network){.g = g,
                        .cells = g->columns * width,
                        .nodes = g->columns * width + g->columns + 1};
  bool *inner = arena_array(arena, bool, g->columns + 1);
  for (int c = 1; c < g->columns; c++) inner[g->parent[c]] = true;
  n->ends = arena_array(arena, struct cell_ends, n->cells + 1);
  n->first = arena_array(arena, int, n->nodes + 2);
  n->arcs = arena_array(arena, int, 2 * n->cells + 1);
  n->cost = arena_array(arena, int64_t, n->nodes);
  n->seen = arena_array(arena, int, n->nodes);
  n->done = arena_array(arena, int, n->nodes);
  n->by = arena_array(arena, int, n->nodes);
  n->flow = arena_array(arena, int64_t, n->cells + 1);
  n->least = arena_array(arena, int64_t, n->cells + 1);
  count_least(n, inner);
  /* a cell may come again, once for each person that flows through it */
  n->touched = arena_array(arena, int, PUBLISH_FEWEST * n->cells + 1);
  for (int e = 0; e < n->cells; e++) {
    if (!carries(n, e)) continue;
    n->ends[e] = ends_of(g, inner, e / width, e % width);
    n->first[n->ends[e].from + 2]++;
    n->first[n->ends[e].to + 2]++;
  }
  for (int v = 0; v < n->nodes; v++) n->first[v + 2] += n->first[v + 1];
  for (int e = 0; e < n->cells; e++) {
    if (!carries(n, e)) continue;
    n->arcs[n->first[n->ends[e].from + 1]++] = e;
    n->arcs[n->first[n->ends[e].to + 1]++] = e;
  }
}

/* ---- the cheapest way through the network ---- */

static void heap_push(struct network *n, int64_t cost, int node) {
  array_reserve(n->heap, n->heap_capacity, (size_t)n->heap_size + 1);
  int at = n->heap_size++;
  for (; at && n->heap[(at - 1) / 2].cost > cost; at = (at - 1) / 2)
    n->heap[at] = n->heap[(at - 1) / 2];
  n->heap[at] = (struct waiting){cost, node};
}

static int heap_pop(struct network *n) {
  struct waiting last = n->heap[--n->heap_size];
  int node = n->heap[0].node, at = 0;
  for (int child; (child = 2 * at + 1) < n->heap_size; at = child) {
    if (child + 1 < n->heap_size && n->heap[child + 1].cost < n->heap[child].cost) child++;
    if (n->heap[child].cost >= last.cost) break;
    n->heap[at] = n->heap[child];
  }
  n->heap[at] = last;
  return node;
}

/* What is never hidden, nor changed in a grid that looks the same. */
static bool is_kept(const struct public_grid *g, int cell) {
  return (g->keep_totals && cell % (g->rows + 1) == g->rows) || (g->keep_first && cell <= g->rows);
}

/* How much more may flow through a cell in this direction, as far as it looks the same. */
static int64_t room_shown(const struct network *n, int cell, bool forward) {
  if (is_kept(n->g, cell)) return 0;
  int64_t people = n->g->people[cell], now = people + n->flow[cell],
          least = round_least(people, PUBLISH_PEOPLE_UNIT),
          most = round_most(people, PUBLISH_PEOPLE_UNIT);
  if (n->g->shown && n->g->shown[cell] != round_to(people, PUBLISH_PEOPLE_UNIT)) {
    least = n->g->shown[cell] - PUBLISH_PEOPLE_UNIT + 1;
    most = n->g->shown[cell] + PUBLISH_PEOPLE_UNIT - 1;
  }
  if (least < PUBLISH_FEWEST) least = PUBLISH_FEWEST; /* fewer are not shown */
  return forward ? most - now : now - least;
}

/* A cell that is hidden, or shown and already moved as far as it can, is (then to be) hidden. */
static int64_t room(const struct network *n, int cell, bool along) {
  bool forward = along != n->turned;
  if (!n->g->hidden[cell]) {
    int64_t shown = room_shown(n, cell, forward);
    if (shown > 0) return shown;
  }
  if (forward) return INT64_MAX;
  int64_t least = n->g->people[cell] - 1 + n->flow[cell];
  return least > 0 ? least : 0;
}

/* A hidden cell costs nothing, nor does a shown one that looks the same. */
static int64_t price(const struct network *n, int cell, bool along) {
  return n->g->hidden[cell] || room_shown(n, cell, along != n->turned) > 0 ? 0
                                                                           : grid_price(n->g, cell);
}

static void reach(struct network *n, int node, int64_t cost, int by) {
  if (n->done[node] == n->stamp || (n->seen[node] == n->stamp && n->cost[node] <= cost)) return;
  n->seen[node] = n->stamp;
  n->cost[node] = cost;
  n->by[node] = by;
  heap_push(n, cost, node);
}

/* Dijkstra's shortest path from one node to another, not through the cell `but`. Searched from its
 * end, where few cells are: its beginning is often the open node, which has many. */
static bool find_way(struct network *n, int from, int to, int but) {
  n->stamp++;
  n->heap_size = 0;
  reach(n, to, 0, -1);
  while (n->heap_size) {
    int node = heap_pop(n);
    if (n->done[node] == n->stamp) continue;
    n->done[node] = n->stamp;
    if (node == from) return true;
    for (int i = n->first[node]; i < n->first[node + 1]; i++) {
      int cell = n->arcs[i];
      bool forward = n->ends[cell].to == node;
      if (cell == but || n->ends[cell].from == n->ends[cell].to || !room(n, cell, forward))
        continue;
      int64_t cost = price(n, cell, forward);
      if (cost && is_kept(n->g, cell)) continue;
      reach(n, forward ? n->ends[cell].from : n->ends[cell].to, n->cost[node] + cost, cell);
    }
  }
  return false;
}

/* Sends `need` along the path found, as far as there is room; hides those of its cells that would
 * no longer look the same. Returns how much was sent. */
static int64_t go_way(struct network *n, int from, int to, int64_t need) {
  for (int node = from; node != to;) {
    int cell = n->by[node];
    bool forward = n->ends[cell].from == node;
    int64_t most = room(n, cell, forward);
    if (most < need) need = most;
    node = forward ? n->ends[cell].to : n->ends[cell].from;
  }
  for (int node = from; node != to;) {
    int cell = n->by[node];
    bool forward = n->ends[cell].from == node;
    if (!n->flow[cell]) n->touched[n->touched_count++] = cell;
    if (price(n, cell, forward)) n->g->hidden[cell] = true;
    n->flow[cell] += forward != n->turned ? need : -need;
    node = forward ? n->ends[cell].to : n->ends[cell].from;
  }
  return need;
}

/* By how many people, up to `need`, this hidden cell could be more, or fewer. Hides further cells
 * for it, unless `free`. */
static int64_t protect(struct network *n, int cell, int64_t need, bool more, bool free) {
  struct cell_ends ends = n->ends[cell];
  int from = ends.to, to = ends.from;
  int64_t left = need;
  n->turned = !more;
  if (ends.from == ends.to) return need; /* in no sum: nothing reveals it */
  while (left > 0 && find_way(n, from, to, cell) && !(free && n->cost[from]))
    left -= go_way(n, from, to, left);
  for (int i = 0; i < n->touched_count; i++) n->flow[n->touched[i]] = 0;
  n->touched_count = 0;
  return need - left;
}

static bool protect_people(struct network *n, int cell) {
  int64_t people = n->g->people[cell], wide = PUBLISH_FEWEST - 2, up = PUBLISH_FEWEST - people,
          down = people > n->least[cell] ? people - n->least[cell] : 0;
  if (!carries(n, cell)) return true;
  if (people >= PUBLISH_FEWEST) { /* in any direction */
    down = protect(n, cell, wide < down ? wide : down, false, true);
    up = wide - down;
    down = 0;
  }
  return protect(n, cell, up, true, false) == up && protect(n, cell, down, false, false) == down;
}

/* ---- the grid ---- */

enum { TOTAL_PRICE = 20 }; /* a total tells more than one of its rows */

int64_t round_to(int64_t n, int64_t unit) {
  int64_t size = n < 0 ? -n : n, rounded = (size + unit / 2) / unit * unit;
  return n < 0 ? -rounded : rounded;
}
int64_t round_most(int64_t n, int64_t unit) {
  int64_t shown = round_to(n, unit);
  return shown < 0 ? shown + unit / 2 : shown + unit - unit / 2 - 1;
}
int64_t round_least(int64_t n, int64_t unit) { return -round_most(-n, unit); }

int64_t grid_price(const struct public_grid *g, int cell) {
  int64_t amount = g->amount ? g->amount[cell] / g->unit : 0,
          price = g->cheap && g->cheap[cell]
                      ? 1
                      : g->people[cell] + 1 + (amount < 0 ? -amount : amount);
  return cell % (g->rows + 1) == g->rows ? price * TOTAL_PRICE : price;
}

bool grid_has_amount(const struct public_grid *g, int cell) {
  int row = cell % (g->rows + 1), first = cell - row;
  if (!g->amount || !g->present[cell]) return false;
  if (!g->valueless) return true;
  if (row < g->rows) return !g->valueless[row];
  for (int r = 0; r < g->rows; r++) /* a total of valueless rows only is known to be zero */
    if (g->present[first + r] && !g->valueless[r]) return true;
  return false;
}

bool grid_suppress(struct public_grid *g) {
  struct arena *arena = arena_new();
  struct network counts;
  int width = g->rows + 1, cells = g->columns * width;
  bool possible = true, *safe = arena_array(arena, bool, cells + 1);
  for (int cell = 0; cell < cells; cell++) {
    if (g->present[cell] && g->people[cell] < PUBLISH_FEWEST && !is_kept(g, cell))
      g->hidden[cell] = true;
  }
  network_build(&counts, arena, g);
  struct amounts *amounts = amounts_new(g, arena);
  /* once for each: a grid found stays one when more is hidden */
  for (bool more = true; more && possible;) {
    more = false;
    for (int cell = 0; cell < cells && possible; cell++) {
      if (!g->hidden[cell] || safe[cell] || is_kept(g, cell)) continue;
      safe[cell] = more = true;
      possible = protect_people(&counts, cell);
      amounts_protect(amounts, cell);
    }
  }
  free(counts.heap);
  arena_free(arena);
  return possible;
}
