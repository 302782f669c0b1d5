#include "rules/population.h"

#include "base/refusal.h"

struct rule_population *rule_population_make(struct arena *arena, const struct rules *rules,
                                             const int *rows) {
  struct rule_population *pop = arena_array(arena, struct rule_population, 1);
  *pop = (struct rule_population){.arena = arena, .rules = rules};
  for (int e = 0; e < rules->entity_count; e++) {
    pop->rows[e] = rows[e];
    if (rules->entities[e]->is_group) pop->member[e] = arena_array(arena, int, rows[0] + 1);
  }
  return pop;
}

int rule_population_find(const struct rule_population *pop, const struct rule_variable *v,
                         struct rule_period period) {
  for (int i = 0; i < pop->column_count; i++) {
    const struct rule_population_column *c = &pop->columns[i];
    if (c->variable->index == v->index && c->period.each == period.each &&
        (period.each == EACH_ETERNITY || c->period.start == period.start))
      return i;
  }
  return -1;
}

void rule_population_give(struct rule_population *pop, const struct rule_variable *v,
                          struct rule_period period, double *values) {
  arena_reserve(pop->arena, pop->columns, pop->column_room, pop->column_count + 1);
  pop->columns[pop->column_count++] = (struct rule_population_column){v, period, values, NULL};
}

double *rule_population_column(struct rule_population *pop, const struct rule_variable *v,
                               struct rule_period period) {
  const int found = rule_population_find(pop, v, period);
  if (found >= 0) return pop->columns[found].values;
  const int rows = pop->rows[v->entity->index];
  double *values = arena_array(pop->arena, double, rows + 1);
  if (v->by_default != 0)
    for (int i = 0; i < rows; i++) values[i] = v->by_default;
  rule_population_give(pop, v, period, values);
  return values;
}

/* ---- who is in which group ---- */

/* People of one group that stands within those of `g` are alone together. */
static void place_lone(struct arena *arena, const struct rules *rules, int *rows,
                       int *const *member, int g) {
  int *with[RULE_ENTITIES_MOST] = {0}; /* of each group within: where its people are put */
  for (int e = 1; e < rules->entity_count; e++) {
    if (rules->entities[e]->within != g) continue;
    with[e] = arena_array(arena, int, rows[e] + 1);
    for (int i = 0; i < rows[e]; i++) with[e][i] = -1;
  }
  for (int i = 0; i < rows[0]; i++) {
    if (member[g][i] >= 0) continue;
    int to = -1;
    for (int e = 1; e < rules->entity_count; e++)
      if (with[e] && to < 0 && member[e][i] >= 0) to = with[e][member[e][i]];
    member[g][i] = to < 0 ? rows[g]++ : to;
    for (int e = 1; e < rules->entity_count; e++)
      if (with[e] && member[e][i] >= 0) with[e][member[e][i]] = member[g][i];
  }
}

void rule_population_place_lone(struct arena *arena, const struct rules *rules, int *rows,
                                int *const *member) {
  bool is_placed[RULE_ENTITIES_MOST] = {0};
  for (int pass = 1; pass < rules->entity_count; pass++)
    for (int g = 1; g < rules->entity_count; g++) {
      bool waits = is_placed[g];
      for (int e = 1; e < rules->entity_count; e++)
        waits |= rules->entities[e]->within == g && !is_placed[e] &&
                 pass < rules->entity_count - 1; /* groups within one another in a circle */
      if (waits) continue;
      place_lone(arena, rules, rows, member, g);
      is_placed[g] = true;
    }
}

enum status rule_population_check(const struct rule_population *pop, int *entity, int *row,
                                  struct error *err) {
  for (int g = 1; g < pop->rules->entity_count; g++) {
    const struct rule_entity *e = pop->rules->entities[g];
    int *first = arena_array(pop->arena, int, pop->rows[g] + 1); /* 0: none, else a person + 1 */
    *entity = g;
    for (int i = 0; i < pop->rows[0]; i++) {
      *row = pop->member[g][i];
      if (!first[*row]) first[*row] = i + 1;
      else if (e->within >= 0 &&
               pop->member[e->within][i] != pop->member[e->within][first[*row] - 1])
        return refuse(err, RULE_GROUP_ACROSS, e->name, pop->rules->entities[e->within]->name);
    }
    for (*row = 0; *row < pop->rows[g]; ++*row)
      if (!first[*row]) return refuse(err, RULE_GROUP_EMPTY, e->name);
  }
  return DONE;
}

/* ---- order ----
 *
 * A cluster is the smallest set of people who share groups with nobody outside it: mostly a
 * household. Clusters stand in the order of their first person. */

static int root_of(int *parent, int i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

static void join(int *parent, int a, int b) {
  a = root_of(parent, a);
  b = root_of(parent, b);
  if (a < b) parent[b] = a;
  else parent[a] = b;
}

/* Each person's cluster, numbered in order of its first person. */
static int *find_clusters(struct rule_population *pop) {
  const int people = pop->rows[0];
  int *parent = arena_array(pop->arena, int, people + 1);
  for (int i = 0; i < people; i++) parent[i] = i;
  for (int g = 1; g < pop->rules->entity_count; g++) {
    int *first = arena_array(pop->arena, int, pop->rows[g] + 1);
    for (int i = 0; i < pop->rows[g]; i++) first[i] = -1;
    for (int i = 0; i < people; i++) {
      const int group = pop->member[g][i];
      if (first[group] < 0) first[group] = i;
      else join(parent, first[group], i);
    }
  }
  int *number = arena_array(pop->arena, int, people + 1);
  for (int i = 0; i < people; i++)
    number[i] = root_of(parent, i) == i ? pop->cluster_count++ : number[root_of(parent, i)];
  return number;
}

/* order[0]: people by cluster, else as they were given (a counting sort). */
static void order_people(struct rule_population *pop, const int *cluster) {
  const int people = pop->rows[0];
  int *ends = arena_array(pop->arena, int, pop->cluster_count + 1);
  for (int i = 0; i < people; i++) ends[cluster[i]]++;
  for (int c = 1; c < pop->cluster_count; c++) ends[c] += ends[c - 1];
  int *order = arena_array(pop->arena, int, people + 1);
  int *at = arena_array(pop->arena, int, pop->cluster_count + 1);
  for (int c = 0; c < pop->cluster_count; c++) at[c] = c ? ends[c - 1] : 0;
  for (int i = 0; i < people; i++) order[at[cluster[i]]++] = i;
  pop->order[0] = order;
  pop->cluster_ends[0] = ends;
}

/* Groups in the order of their first member; those without one come last. */
static void order_groups(struct rule_population *pop, int g, const int *cluster) {
  const int groups = pop->rows[g];
  int *order = arena_array(pop->arena, int, groups + 1),
      *place = arena_array(pop->arena, int, groups + 1);
  int *ends = arena_array(pop->arena, int, pop->cluster_count + 1), n = 0;
  for (int i = 0; i < groups; i++) place[i] = -1;
  for (int i = 0; i < pop->rows[0]; i++) {
    const int person = pop->order[0][i], group = pop->member[g][person];
    if (place[group] < 0) {
      place[group] = n;
      order[n++] = group;
    }
    ends[cluster[person]] = n;
  }
  for (int i = 0; i < groups; i++)
    if (place[i] < 0) order[n++] = i; /* a group without members: in no cluster */
  int *member = arena_array(pop->arena, int, pop->rows[0] + 1);
  for (int i = 0; i < pop->rows[0]; i++) member[i] = place[pop->member[g][pop->order[0][i]]];
  if (pop->role[g]) {
    signed char *role = arena_array(pop->arena, signed char, pop->rows[0] + 1);
    for (int i = 0; i < pop->rows[0]; i++) role[i] = pop->role[g][pop->order[0][i]];
    pop->role[g] = role;
  }
  pop->member[g] = member;
  pop->order[g] = order;
  pop->cluster_ends[g] = ends;
}

static void measure_spans(struct rule_population *pop, int g) {
  int *first = arena_array(pop->arena, int, pop->rows[g] + 1);
  int *spans = pop->spans[g] = arena_array(pop->arena, int, pop->cluster_count + 1);
  for (int i = 0; i < pop->rows[g]; i++) first[i] = -1;
  for (int c = 0, i = 0; c < pop->cluster_count; c++)
    for (; i < pop->cluster_ends[0][c]; i++) {
      int *of_group = &first[pop->member[g][i]];
      if (*of_group < 0) *of_group = i;
      if (i - *of_group > spans[c]) spans[c] = i - *of_group;
    }
}

static bool in_order(const int *order, int rows) {
  for (int i = 0; i < rows; i++)
    if (order[i] != i) return false;
  return true;
}

static void order_columns(struct rule_population *pop) {
  bool stays[RULE_ENTITIES_MOST];
  for (int e = 0; e < pop->rules->entity_count; e++)
    stays[e] = in_order(pop->order[e], pop->rows[e]);
  for (int i = 0; i < pop->column_count; i++) {
    struct rule_population_column *c = &pop->columns[i];
    const int entity = c->variable->entity->index, rows = pop->rows[entity];
    if (stays[entity]) continue;
    double *values = arena_array(pop->arena, double, rows + 1);
    for (int k = 0; k < rows; k++) values[k] = c->values[pop->order[entity][k]];
    c->values = values;
  }
}

void rule_population_settle(struct rule_population *pop) {
  const int *cluster = find_clusters(pop);
  order_people(pop, cluster);
  for (int g = 1; g < pop->rules->entity_count; g++) {
    order_groups(pop, g, cluster);
    measure_spans(pop, g);
  }
  for (int g = 1; g < pop->rules->entity_count; g++) {
    const int around = pop->rules->entities[g]->within;
    if (around < 0) continue;
    pop->within[g] = arena_array(pop->arena, int, pop->rows[g] + 1);
    for (int i = pop->rows[0] - 1; i >= 0; i--) /* the first member says */
      pop->within[g][pop->member[g][i]] = pop->member[around][i];
  }
  order_columns(pop);
}
