/* The publication's tables as grids: decides which of their cells stay hidden. */
#include "publish/parts.h"
#include "publish/suppress.h"

static bool there(const struct public_cell *c) { return c->lines || c->amount || c->people; }

/* A figure: categories of it in rows, places in columns. */
static void hide_figure(struct publication *p, enum pack_shown figure, struct arena *arena,
                        const int *parent) {
  int rows = 0, *category = arena_array(arena, int, p->categories + 1);
  for (int c = 0; c < p->categories; c++)
    if (p->pack->categories[c].shown == figure && there(&p->cells[c])) category[rows++] = c;
  int width = rows + 1, count = width * p->node_count;
  bool *present = arena_array(arena, bool, count), *hidden = arena_array(arena, bool, count);
  bool *valueless = arena_array(arena, bool, width);
  int64_t *people = arena_array(arena, int64_t, count);
  memset(valueless, true, (size_t)rows);
  for (int n = 0; n < p->node_count; n++)
    for (int r = 0; r <= rows; r++) {
      const struct public_cell *c = r < rows ? &p->cells[n * p->categories + category[r]]
                                             : &p->totals[n * FIGURE_COUNT + (int)figure];
      present[n * width + r] = there(c);
      people[n * width + r] = c->people;
      valueless[r] &= !c->amount;
    }
  struct public_grid grid = {.columns = p->node_count,
                             .rows = rows,
                             .parent = parent,
                             .present = present,
                             .people = people,
                             .valueless = valueless,
                             .hidden = hidden};
  bool possible = grid_suppress(&grid);
  for (int n = 0; n < p->node_count; n++)
    for (int r = 0; r <= rows; r++)
      if (r < rows)
        p->cells[n * p->categories + category[r]].hidden = hidden[n * width + r] || !possible;
      else p->totals[n * FIGURE_COUNT + (int)figure].hidden = hidden[n * width + r] || !possible;
}

static void hide_ages(struct publication *p, struct arena *arena, const int *parent) {
  int count = (AGES + 1) * p->node_count;
  bool *present = arena_array(arena, bool, count), *hidden = arena_array(arena, bool, count);
  int64_t *people = arena_array(arena, int64_t, count);
  for (int i = 0; i < count; i++) {
    people[i] = p->ages[i].people;
    present[i] = people[i] > 0;
  }
  struct public_grid grid = {.columns = p->node_count,
                             .rows = AGES,
                             .parent = parent,
                             .present = present,
                             .people = people,
                             .people_add_up = true,
                             .hidden = hidden};
  bool possible = grid_suppress(&grid);
  for (int i = 0; i < count; i++) p->ages[i].hidden = hidden[i] || (present[i] && !possible);
}

/* People of a category by age, for the book's own place: each category adds up only to its people
 * in the account. */
static void hide_reach(struct publication *p, int category) {
  static const int parent[] = {-1};
  bool present[AGES + 1], hidden[AGES + 1] = {false};
  int64_t people[AGES + 1];
  for (int a = 0; a < AGES; a++) people[a] = p->reach[category * AGES + a].people;
  people[AGES] = p->cells[category].people;
  for (int a = 0; a <= AGES; a++) present[a] = people[a] > 0;
  hidden[AGES] = p->cells[category].hidden;
  struct public_grid grid = {.columns = 1,
                             .rows = AGES,
                             .parent = parent,
                             .present = present,
                             .people = people,
                             .people_add_up = true,
                             .keep_totals = true,
                             .hidden = hidden};
  bool possible = !hidden[AGES] && grid_suppress(&grid);
  /* where there is no solution, not even a zero is shown */
  for (int a = 0; a < AGES; a++) p->reach[category * AGES + a].hidden = !possible || hidden[a];
}

void publish_suppress(struct publication *p) {
  struct arena *arena = arena_new();
  int *parent = arena_array(arena, int, p->node_count);
  for (int n = 0; n < p->node_count; n++) parent[n] = p->nodes[n].parent;
  for (enum pack_shown f = 0; f < FIGURE_COUNT; f++) hide_figure(p, f, arena, parent);
  hide_ages(p, arena, parent);
  for (int c = 0; c < p->categories; c++) hide_reach(p, c);
  arena_free(arena);
}
