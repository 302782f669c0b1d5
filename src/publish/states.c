#include "publish/states.h"

struct state_grid states_new(struct arena *arena, const int *parent, int columns, int states) {
  const int cells = columns * (states + 1);
  return (struct state_grid){.columns = columns,
                             .states = states,
                             .parent = parent,
                             .people = arena_array(arena, int64_t, cells + 1),
                             .hidden = arena_array(arena, bool, cells + 1)};
}

void states_add_up(struct state_grid *g) {
  for (int c = 0; c < g->columns; c++) {
    int64_t *people = g->people + states_cell(g, c, 0);
    people[g->states] = 0;
    for (int i = 0; i < g->states; i++) people[g->states] += people[i];
  }
}

void states_hide_none_of(struct state_grid *g, int good, int others) {
  for (int c = 0; c < g->columns; c++)
    if (!g->people[states_cell(g, c, good)] && g->people[states_cell(g, c, others)])
      g->hidden[states_cell(g, c, others)] = true;
}

void states_before(struct arena *arena, struct state_grid *g, const int64_t *before) {
  const int cells = g->columns * (g->states + 1);
  g->shown = arena_array(arena, int64_t, cells + 1);
  for (int i = 0; i < cells; i++) {
    const int64_t away = g->people[i] - before[i];
    const bool near = before[i] >= 0 && away < PUBLISH_PEOPLE_UNIT && away > -PUBLISH_PEOPLE_UNIT;
    g->shown[i] = near ? before[i] : round_to(g->people[i], PUBLISH_PEOPLE_UNIT);
    if (before[i] == STATES_HIDDEN && g->people[i] &&
        g->people[i] < PUBLISH_FEWEST + PUBLISH_PEOPLE_UNIT)
      g->hidden[i] = true;
  }
}

bool states_suppress(struct arena *arena, struct state_grid *g, int columns, bool keep) {
  const int cells = columns * (g->states + 1);
  bool *present = arena_array(arena, bool, cells + 1);
  for (int i = 0; i < cells; i++) present[i] = g->people[i] > 0;
  struct public_grid grid = {.columns = columns,
                             .rows = g->states,
                             .parent = g->parent,
                             .present = present,
                             .people = g->people,
                             .shown = g->shown,
                             .keep_first = keep,
                             .hidden = g->hidden};
  return grid_suppress(&grid);
}

void states_hide_zeros(struct state_grid *g) {
  for (int c = 0; c < g->columns; c++) {
    bool *row = g->hidden + states_cell(g, c, 0);
    bool some = false;
    for (int i = 0; i <= g->states; i++) some |= row[i];
    for (int i = 0; i <= g->states; i++) row[i] |= some && !g->people[states_cell(g, c, i)];
  }
}

int64_t states_shown(const struct state_grid *g, int cell) {
  if (g->hidden[cell]) return STATES_HIDDEN;
  return g->shown ? g->shown[cell] : round_to(g->people[cell], PUBLISH_PEOPLE_UNIT);
}
