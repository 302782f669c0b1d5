/* The publication's tables as grids: decides which of their cells stay hidden. */
#include "publish/changes.h"
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
  struct cell_change **change;
  int rows;
  const int64_t *step;
  const bool *valueless;
};

static int64_t shown_amount(const struct public_cell *c, int64_t unit) {
  return round_to(narrowed(c->amount), unit);
}

/* What is to be shown of a cell; `unknown`: its figure as it is now must not be known. */
static void show_cell(struct public_cell *c, const struct cell_change *change, bool unknown,
                      int64_t unit, int64_t entry) {
  bool must = there(c) && (c->people < PUBLISH_FEWEST || is_dominated(c)),
       safe = change_is_safe(change, c, unit), was_shown = change->past == PAST_SHOWN;
  c->hidden = unknown && (must || !was_shown);
  c->shown_people = round_to(c->people, PUBLISH_PEOPLE_UNIT);
  c->shown_amount = wide_shown(c->amount) ? shown_amount(c, unit) : c->amount;
  if (unknown && !c->hidden) { /* it stays as it was shown */
    c->shown_people = change->shown_people;
    c->shown_amount = change->shown_amount;
  }
  c->estimated = was_shown && (unknown || !safe) ? change->shown_estimated
                                                 : c->estimates >= PUBLISH_FEWEST;
  bool stays = c->hidden ? !must && !safe : change->past != PAST_NONE && (unknown || !safe);
  c->since = stays ? change->since : entry;
  c->set = !c->hidden ? c->since : change_is_past(change) ? entry : change->set;
}

/* Whether what is shown of the cell must not become what it is now. */
static bool must_stay(const struct public_cell *c, const struct cell_change *change, int64_t unit) {
  if (change->past == PAST_NONE || change_is_safe(change, c, unit)) return false;
  return change->past == PAST_HIDDEN || change->shown_amount != shown_amount(c, unit) ||
         change->shown_people != round_to(c->people, PUBLISH_PEOPLE_UNIT);
}

/* Hides what must be, and what protects it. */
static void hide_table(struct publication *p, const struct public_table *t, enum pack_shown figure,
                       struct arena *arena, const int *parent) {
  int count = (t->rows + 1) * p->node_count;
  int64_t unit = publish_unit(figure);
  bool *present = arena_array(arena, bool, count), *hidden = arena_array(arena, bool, count),
       *cheap = arena_array(arena, bool, count);
  int64_t *people = arena_array(arena, int64_t, count),
          *amount = arena_array(arena, int64_t, count), *need = arena_array(arena, int64_t, count),
          *before = arena_array(arena, int64_t, count);
  for (int i = 0; i < count; i++) {
    const struct public_cell *c = t->cell[i];
    const struct cell_change *change = t->change[i];
    present[i] = there(c);
    people[i] = c->people;
    amount[i] = narrowed(c->amount);
    before[i] = amount[i];
    need[i] = need_of(c, unit);
    cheap[i] = change->elsewhere;
    if (present[i] && must_stay(c, change, unit)) {
      /* that the largest change never came must be possible */
      int64_t largest = change_largest(change, c, unit);
      int64_t net = narrowed(change->after_set.net);
      before[i] -= net > largest ? largest : net < -largest ? -largest : net;
      if (largest > need[i]) need[i] = largest;
      hidden[i] = true;
    }
    hidden[i] |= present[i] && is_dominated(c);
  }
  struct public_grid grid = {.columns = p->node_count,
                             .rows = t->rows,
                             .parent = parent,
                             .present = present,
                             .people = people,
                             .amount = amount,
                             .need = need,
                             .before = before,
                             .unit = unit,
                             .step = t->step,
                             .valueless = t->valueless,
                             .cheap = cheap,
                             .hidden = hidden};
  bool possible = grid_suppress(&grid);
  for (int i = 0; i < count; i++)
    show_cell(t->cell[i], t->change[i], hidden[i] || (present[i] && !possible), unit, p->entry);
}

/* A figure: categories of it in rows, places in columns. */
static void hide_figure(struct publication *p, enum pack_shown figure, struct arena *arena,
                        const int *parent) {
  const int64_t *costs = unit_costs(p, arena);
  int rows = 0, *category = arena_array(arena, int, p->categories + 1);
  for (int c = 0; c < p->categories; c++) {
    if (p->pack->categories[c].shown != figure) continue;
    if (there(&p->cells[c])) category[rows++] = c;
    else /* what is in its places cancels out */
      for (int n = 1; n < p->node_count; n++)
        p->cells[n * p->categories + c].hidden = there(&p->cells[n * p->categories + c]);
  }
  int width = rows + 1;
  struct public_cell **cell = arena_array(arena, struct public_cell *, width * p->node_count);
  struct cell_change **change = arena_array(arena, struct cell_change *, width * p->node_count);
  bool *valueless = arena_array(arena, bool, width);
  int64_t *step = arena_array(arena, int64_t, width);
  for (int r = 0; r < rows; r++) {
    step[r] = costs[category[r]];
    valueless[r] = true;
  }
  for (int n = 0; n < p->node_count; n++) {
    for (int r = 0; r < rows; r++) {
      cell[n * width + r] = &p->cells[n * p->categories + category[r]];
      change[n * width + r] = &p->changes->cells[n * p->categories + category[r]];
      valueless[r] &= !cell[n * width + r]->amount;
    }
    cell[n * width + rows] = &p->totals[n * FIGURE_COUNT + (int)figure];
    change[n * width + rows] = &p->changes->totals[n * FIGURE_COUNT + (int)figure];
  }
  const struct public_table table = {cell, change, rows, step, valueless};
  hide_table(p, &table, figure, arena, parent);
}

/* ---- people by age ---- */

static void hide_ages(struct publication *p, struct arena *arena, const int *parent) {
  int count = (AGES + 1) * p->node_count;
  bool *present = arena_array(arena, bool, count), *hidden = arena_array(arena, bool, count);
  int64_t *people = arena_array(arena, int64_t, count), *shown = arena_array(arena, int64_t, count);
  for (int i = 0; i < count; i++) {
    const struct cell_change *change = &p->changes->ages[i];
    people[i] = p->ages[i].people;
    present[i] = people[i] > 0;
    shown[i] = change_shown_count(&p->ages[i], change);
    hidden[i] = change_count_stays(&p->ages[i], change);
  }
  struct public_grid grid = {.columns = p->node_count,
                             .rows = AGES,
                             .parent = parent,
                             .present = present,
                             .people = people,
                             .shown = shown,
                             .hidden = hidden};
  bool possible = grid_suppress(&grid);
  for (int i = 0; i < count; i++) {
    p->ages[i].hidden = hidden[i] || (present[i] && !possible);
    p->ages[i].shown_people = shown[i];
    p->ages[i].since = p->entry;
  }
}

/* People of a category by age, for the book's own place: each category adds up only to its people
 * in the account. They move when these do. */
static void hide_reach(struct publication *p, int category) {
  static const int parent[] = {-1};
  bool present[AGES + 1], hidden[AGES + 1] = {false};
  int64_t people[AGES + 1], shown[AGES + 1];
  const struct public_cell *all = &p->cells[category];
  const struct cell_change *change = &p->changes->reach[category * AGES];
  bool stays = p->changes->cells[category].past == PAST_SHOWN && all->since != p->entry;
  for (int a = 0; a < AGES; a++) {
    const struct public_cell *c = &p->reach[category * AGES + a];
    people[a] = c->people;
    shown[a] = stays ? change[a].shown_people : change_shown_count(c, &change[a]);
    hidden[a] = stays ? change[a].past == PAST_HIDDEN : change_count_stays(c, &change[a]);
  }
  people[AGES] = all->people;
  shown[AGES] = all->shown_people;
  for (int a = 0; a <= AGES; a++) present[a] = people[a] > 0;
  hidden[AGES] = all->hidden;
  struct public_grid grid = {.columns = 1,
                             .rows = AGES,
                             .parent = parent,
                             .present = present,
                             .people = people,
                             .shown = shown,
                             .keep_totals = true,
                             .hidden = hidden};
  bool possible = !hidden[AGES] && (stays || grid_suppress(&grid));
  /* where there is no solution, not even a zero is shown */
  for (int a = 0; a < AGES; a++) {
    struct public_cell *c = &p->reach[category * AGES + a];
    c->hidden = !possible || hidden[a] || (c->people > 0 && c->people < PUBLISH_FEWEST);
    c->shown_people = shown[a];
    c->since = p->entry;
  }
}

void publish_suppress(struct publication *p) {
  struct arena *arena = arena_new();
  int *parent = arena_array(arena, int, p->node_count);
  for (int n = 0; n < p->node_count; n++) parent[n] = p->nodes[n].parent;
  for (enum pack_shown f = 0; f < FIGURE_COUNT; f++) hide_figure(p, f, arena, parent);
  hide_ages(p, arena, parent);
  publish_hide_households(p, parent, arena);
  for (int c = 0; c < p->categories; c++) hide_reach(p, c);
  p->changes = NULL;
  arena_free(arena);
}
