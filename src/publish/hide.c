/* The publication's tables as grids: decides which of their cells stay hidden. */
#include "publish/parts.h"
#include "publish/suppress.h"

static bool there(const struct public_cell *c) { return c->lines || c->amount || c->people; }

/* Whether the second largest part of the figure could tell the largest to within a tenth. */
static bool is_dominated(const struct public_cell *c) {
  wide_t all = c->amount < 0 ? -c->amount : c->amount, others = all - c->largest - c->second;
  return c->largest > 0 && others * 100 < (wide_t)c->largest * PUBLISH_NEARNESS;
}

/* Past what can be shown (base/wide.h) the figure is not shown in any case. */
static int64_t narrowed(wide_t amount) {
  const int64_t most = INT64_C(1) << 58;
  return amount > most ? most : amount < -most ? -most : (int64_t)amount;
}

/* By how much a hidden amount must be uncertain: half of what amounts are rounded to, or what the
 * p % rule asks for. */
static int64_t need_of(const struct public_cell *c, int64_t unit) {
  wide_t all = c->amount < 0 ? -c->amount : c->amount, others = all - c->largest - c->second;
  int64_t need = unit / 2,
          lack = narrowed((wide_t)c->largest * PUBLISH_NEARNESS / 100 - (others > 0 ? others : 0));
  return is_dominated(c) && lack > need ? lack : need;
}

/* The unit cost of each category; the largest where it has several services. */
static int64_t *unit_costs(const struct publication *p, struct arena *arena) {
  int64_t *costs = arena_array(arena, int64_t, p->categories + 1);
  for (int i = 0; i < p->source_count; i++) {
    const struct published_source *s = &p->sources[i];
    if (s->pence > costs[s->category]) costs[s->category] = s->pence;
  }
  return costs;
}

struct public_table {
  struct public_cell **cell; /* as public_grid's, column by column */
  int rows;
  const int64_t *step;
  const bool *valueless;
};

/* Hides what must be, and what protects it. */
static void hide_table(struct publication *p, const struct public_table *t, enum pack_shown figure,
                       struct arena *arena, const int *parent) {
  int count = (t->rows + 1) * p->node_count;
  bool *present = arena_array(arena, bool, count), *hidden = arena_array(arena, bool, count);
  int64_t *people = arena_array(arena, int64_t, count),
          *amount = arena_array(arena, int64_t, count), *need = arena_array(arena, int64_t, count);
  for (int i = 0; i < count; i++) {
    const struct public_cell *c = t->cell[i];
    present[i] = there(c);
    people[i] = c->people;
    amount[i] = narrowed(c->amount);
    need[i] = need_of(c, publish_unit(figure));
    hidden[i] = present[i] && is_dominated(c);
  }
  struct public_grid grid = {.columns = p->node_count,
                             .rows = t->rows,
                             .parent = parent,
                             .present = present,
                             .people = people,
                             .amount = amount,
                             .need = need,
                             .unit = publish_unit(figure),
                             .step = t->step,
                             .valueless = t->valueless,
                             .hidden = hidden};
  bool possible = grid_suppress(&grid);
  for (int i = 0; i < count; i++) {
    struct public_cell *c = t->cell[i];
    c->hidden = hidden[i] || !possible;
    c->shown_people = round_to(c->people, PUBLISH_PEOPLE_UNIT);
    c->shown_amount = wide_shown(c->amount) ? round_to((int64_t)c->amount, publish_unit(figure))
                                            : c->amount;
  }
}

/* A figure: categories of it in rows, places in columns. */
static void hide_figure(struct publication *p, enum pack_shown figure, struct arena *arena,
                        const int *parent) {
  const int64_t *costs = unit_costs(p, arena);
  int rows = 0, *category = arena_array(arena, int, p->categories + 1);
  for (int c = 0; c < p->categories; c++)
    if (p->pack->categories[c].shown == figure && there(&p->cells[c])) category[rows++] = c;
  int width = rows + 1;
  struct public_cell **cell = arena_array(arena, struct public_cell *, width * p->node_count);
  bool *valueless = arena_array(arena, bool, width);
  int64_t *step = arena_array(arena, int64_t, width);
  for (int r = 0; r < rows; r++) {
    step[r] = costs[category[r]];
    valueless[r] = true;
  }
  for (int n = 0; n < p->node_count; n++) {
    for (int r = 0; r < rows; r++) {
      cell[n * width + r] = &p->cells[n * p->categories + category[r]];
      valueless[r] &= !cell[n * width + r]->amount;
    }
    cell[n * width + rows] = &p->totals[n * FIGURE_COUNT + (int)figure];
  }
  const struct public_table table = {cell, rows, step, valueless};
  hide_table(p, &table, figure, arena, parent);
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
                             .hidden = hidden};
  bool possible = grid_suppress(&grid);
  for (int i = 0; i < count; i++) {
    p->ages[i].hidden = hidden[i] || (present[i] && !possible);
    p->ages[i].shown_people = round_to(people[i], PUBLISH_PEOPLE_UNIT);
  }
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
                             .keep_totals = true,
                             .hidden = hidden};
  bool possible = !hidden[AGES] && grid_suppress(&grid);
  /* where there is no solution, not even a zero is shown */
  for (int a = 0; a < AGES; a++) {
    p->reach[category * AGES + a].hidden = !possible || hidden[a];
    p->reach[category * AGES + a].shown_people = round_to(people[a], PUBLISH_PEOPLE_UNIT);
  }
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
