/* Counts by state that anyone may see: of a few people (or households) in each of some columns
 * (places under one another, or groups), how many are in each state, and how many together. Chooses
 * what stays hidden (suppress.h), beyond what a grid of unlike rows needs: here each row is about
 * the same few people.
 *
 *     struct state_grid g = states_new(arena, parent, columns, 3);
 *     g.people[states_cell(&g, column, state)] = ...;     state 3: the sum of the three
 *     states_hide_none_of(&g, 0, 1);
 *     states_before(arena, &g, before);     what was shown before, if anything was
 *     if (states_suppress(arena, &g, 3, false)) states_hide_zeros(&g);
 *     ...states_shown(&g, cell)...
 */
#ifndef WEAL_PUBLISH_STATES_H
#define WEAL_PUBLISH_STATES_H

#include "base/arena.h"
#include "publish/suppress.h"

enum { STATES_HIDDEN = -1, STATES_NEVER_SHOWN = -2 };

struct state_grid {
  int columns, states;
  const int *parent; /* of each column; -1: the first; a parent comes before its children */
  int64_t *people;
  bool *hidden;
  int64_t *shown; /* null: rounded; else what is shown where it is not hidden */
};

/* Nobody in it, nothing hidden. `parent` is borrowed. */
struct state_grid states_new(struct arena *arena, const int *parent, int columns, int states);
static inline int states_cell(const struct state_grid *g, int column, int state) {
  return column * (g->states + 1) + state;
}
/* Sets the sum of each column's states. */
void states_add_up(struct state_grid *g);

/* Hides `others` where nobody is in `good`: how many are not would tell of each of them. */
void states_hide_none_of(struct state_grid *g, int good, int others);

/* What a reader has of an earlier count, by cell: STATES_NEVER_SHOWN, STATES_HIDDEN or the figure.
 * A figure moves only when it is a whole rounding step away from the one before, and one that was
 * hidden comes out only a whole step above the fewest: so that no difference is of one. */
void states_before(struct arena *arena, struct state_grid *g, const int64_t *before);

/* Hides what has to be, of the first `columns` columns. False: with `keep` (the first column as it
 * is) it cannot be done, and then it must not be shown. */
bool states_suppress(struct arena *arena, struct state_grid *g, int columns, bool keep);

/* A grid shows its noughts. Beside what is hidden they would tell of each person: they are hidden
 * too. */
void states_hide_zeros(struct state_grid *g);

/* STATES_HIDDEN, or rounded to PUBLISH_PEOPLE_UNIT. */
int64_t states_shown(const struct state_grid *g, int cell);

#endif
