#include "publish/suppress.h"

#include "base/arena.h"

/* ---- the network ---- */

/* amounts may change by any part; a count of people never falls below one */
enum equation_kind { AMOUNTS, COUNTS };

struct cell_ends {
  int from, to;
}; /* if the cell's value grows, more flows from `from` to `to` */

struct waiting {
  int64_t cost;
  int node;
};

struct network {
  struct public_grid *g;
  enum equation_kind kind;
  int cells, nodes;
  struct cell_ends *ends;
  int *first, *arcs; /* cells at a node: arcs[first[node]] .. */
  /* of one search */
  int64_t *cost;
  int *seen, *done, *by; /* stamps; the cell by which a node was reached */
  int stamp;
  struct waiting *heap;
  int heap_size;
  size_t heap_capacity;
  /* of the circles of one cell */
  int64_t *flow; /* the flow already sent through each cell */
  int *touched;
  int touched_count;
};

/* A cell is part of two sums: the sum of its row over the places directly under a place, and the
 * sum below it, which is that of its own places, or at a leaf the sum of its column. The sum of the
 * first column follows from all others and closes the network. Where a column's people do not add
 * up, there is no such sum: its leaves end in one common open node. */
static struct cell_ends ends_of(const struct public_grid *g, const bool *inner,
                                enum equation_kind kind, int column, int row) {
  int width = g->rows + 1, open = g->columns * width + g->columns;
  int above = g->parent[column] < 0 ? open : g->parent[column] * width + row;
  int below = inner[column]                         ? column * width + row
              : kind == COUNTS && !g->people_add_up ? open
                                                    : g->columns * width + column;
  return row == g->rows ? (struct cell_ends){below, above} : (struct cell_ends){above, below};
}

/* Whether the cell is in the network at all. */
static bool carries(const struct network *n, int cell) {
  const struct public_grid *g = n->g;
  int row = cell % (g->rows + 1), first = cell - row;
  if (!g->present[cell] || n->kind == COUNTS || !g->valueless) return g->present[cell];
  if (row < g->rows) return !g->valueless[row];
  /* a total of valueless rows only is known to be zero */
  for (int r = 0; r < g->rows; r++)
    if (g->present[first + r] && !g->valueless[r]) return true;
  return false;
}

static void network_build(struct network *n, struct arena *arena, struct public_grid *g,
                          enum equation_kind kind) {
  int width = g->rows + 1;
  *n = (struct network){.g = g,
                        .kind = kind,
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
  /* a cell may come again, once for each person that flows through it */
  n->touched = arena_array(arena, int, PUBLISH_FEWEST * n->cells + 1);
  for (int e = 0; e < n->cells; e++) {
    if (!carries(n, e)) continue;
    n->ends[e] = ends_of(g, inner, kind, e / width, e % width);
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

/* How much more may flow through a cell in this direction. */
static int64_t room(const struct network *n, int cell, bool forward) {
  if (n->kind == AMOUNTS || forward) return INT64_MAX;
  int64_t least = n->g->people[cell] - 1 + n->flow[cell];
  return least > 0 ? least : 0;
}

/* A hidden cell costs nothing; a shown cell costs its people, and is then hidden too. */
static int64_t price(const struct network *n, int cell) {
  return n->g->hidden[cell] ? 0 : n->g->people[cell] + 1;
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
      if (!n->g->hidden[cell] && n->g->keep_totals && cell % (n->g->rows + 1) == n->g->rows)
        continue;
      reach(n, forward ? n->ends[cell].from : n->ends[cell].to, n->cost[node] + price(n, cell),
            cell);
    }
  }
  return false;
}

/* Sends `need` along the path found, as far as there is room; hides its cells. Returns the amount
 * sent. */
static int64_t go_way(struct network *n, int from, int to, int64_t need, bool *more) {
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
    n->flow[cell] += forward ? need : -need;
    *more |= !n->g->hidden[cell];
    n->g->hidden[cell] = true;
    node = forward ? n->ends[cell].to : n->ends[cell].from;
  }
  return need;
}

/* Hides the further cells that protect this hidden cell. */
static bool protect(struct network *n, int cell, bool *more) {
  struct cell_ends ends = n->ends[cell];
  int64_t need = n->kind == AMOUNTS || n->g->people[cell] >= PUBLISH_FEWEST
                     ? 1
                     : PUBLISH_FEWEST - n->g->people[cell];
  bool possible = ends.from == ends.to; /* in no sum: nothing reveals it */
  while (!possible && find_way(n, ends.to, ends.from, cell)) {
    need -= go_way(n, ends.to, ends.from, need, more);
    possible = need <= 0;
  }
  for (int i = 0; i < n->touched_count; i++) n->flow[n->touched[i]] = 0;
  n->touched_count = 0;
  return possible;
}

static bool protect_all(struct network *n, bool *more) {
  bool possible = true;
  for (int cell = 0; cell < n->cells; cell++)
    if (n->g->hidden[cell] && carries(n, cell)) possible &= protect(n, cell, more);
  return possible;
}

bool grid_suppress(struct public_grid *g) {
  struct arena *arena = arena_new();
  struct network amounts, counts;
  int width = g->rows + 1;
  bool possible = true, any = false;
  for (int cell = 0; cell < g->columns * width; cell++) {
    bool total = cell % width == g->rows;
    if (g->present[cell] && g->people[cell] < PUBLISH_FEWEST && !(total && g->keep_totals))
      g->hidden[cell] = true;
    any |= g->hidden[cell];
  }
  if (any) {
    network_build(&amounts, arena, g, AMOUNTS);
    network_build(&counts, arena, g, COUNTS);
    for (bool more = true; more && possible;) {
      more = false;
      possible = protect_all(&counts, &more) && (g->people_add_up || protect_all(&amounts, &more));
    }
    free(amounts.heap);
    free(counts.heap);
  }
  arena_free(arena);
  return possible;
}
