/* How many households live in each place, for what households typically pay in prices. A count of
 * the register: hidden and rounded as the people are, and where a place's people are hidden its
 * households are too, since there are at least as many people. */
#include "place/in_prices.h"
#include "publish/changes.h"
#include "publish/page.h"
#include "publish/suppress.h"

struct public_homes {
  const struct scope *s;
  struct publication *p;
  const int *leaf_of;
  int leaf_else;
  int64_t *last; /* by node: the household that was counted last */
};

static void count_household(void *context, int64_t household, int64_t place) {
  struct public_homes *homes = context;
  const int index = place ? places_by_id(homes->s->places, place) : PLACE_NONE;
  const int leaf = index == PLACE_NONE ? homes->leaf_else : homes->leaf_of[index];
  for (int n = leaf; n >= 0 && homes->last[n] != household; n = homes->p->nodes[n].parent) {
    homes->last[n] = household;
    homes->p->households[n].people++;
  }
}

void publish_gather_households(const struct scope *s, struct publication *p, const int *leaf_of,
                               int leaf_else) {
  struct public_homes homes = {s, p, leaf_of, leaf_else,
                               arena_array(s->arena, int64_t, p->node_count)};
  place_households(s, count_household, &homes);
}

void publish_hide_households(struct publication *p, const int *parent, struct arena *arena) {
  enum { ROWS = 1, WIDTH = 2 }; /* one row, and the same again as the total of the rows */
  const int count = WIDTH * p->node_count;
  bool *present = arena_array(arena, bool, count), *hidden = arena_array(arena, bool, count);
  int64_t *households = arena_array(arena, int64_t, count),
          *shown = arena_array(arena, int64_t, count);
  for (int i = 0; i < count; i++) {
    const struct public_cell *c = &p->households[i / WIDTH];
    const struct cell_change *change = &p->changes->households[i / WIDTH];
    households[i] = c->people;
    present[i] = c->people > 0;
    shown[i] = change_shown_count(c, change);
    hidden[i] = change_count_stays(c, change) ||
                (present[i] && p->ages[i / WIDTH * (AGES + 1) + AGES].hidden);
  }
  struct public_grid grid = {.columns = p->node_count,
                             .rows = ROWS,
                             .parent = parent,
                             .present = present,
                             .people = households,
                             .shown = shown,
                             .hidden = hidden};
  const bool possible = grid_suppress(&grid);
  for (int n = 0; n < p->node_count; n++) {
    struct public_cell *c = &p->households[n];
    c->hidden = hidden[WIDTH * n] || hidden[WIDTH * n + ROWS] || (present[WIDTH * n] && !possible);
    c->shown_people = shown[WIDTH * n];
    c->since = p->entry;
  }
}

struct in_prices publication_in_prices(const struct publication *p, int node) {
  const struct public_cell *c = &p->households[node];
  return (struct in_prices){p->pack, p->year, c->hidden ? 0 : c->shown_people};
}
