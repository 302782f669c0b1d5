/* The one scan: every citizen's lines of the year, for the book's own place and every place under
 * it at once. */
#include "base/refusal.h"
#include "publish/changes.h"
#include "publish/parts.h"

struct publish_worker {
  struct scope *scope;
  const struct publication *p;
  const int *leaf_of; /* by place index; -1: outside the book's own place */
  int leaf_else;
  struct public_cell *cells, *totals, *ages, *reach;
  int64_t serial; /* of the current person: a stamp says for whom the item was last set */
  int64_t *cell_stamp, *total_stamp, *age_stamp, *node_stamp;
  int64_t new_people, new_lines;
  int band;
  bool known;
  /* what the current person has in the current node: by rank of the category, then by figure */
  wide_t *own, *own_new, *own_set; /* of it, what came after `since` and `set` (changes.h) */
  bool *own_estimated;             /* by rank: a line is */
  int64_t own_serial, *own_stamp;
  int *own_items, own_count;
  struct publication_changes changes;
  struct loaded_line **kept;
  int *leaf;
  size_t capacity, leaf_capacity;
  struct loaded_line **subset;
  size_t subset_capacity;
};

struct whole {
  struct publication *p;
  const int *leaf_of;
  int leaf_else;
};

static void *begin_worker(void *context, struct scope *s) {
  const struct whole *w = context;
  const struct publication *p = w->p;
  struct publish_worker *l = memory_zeroed(1, sizeof *l);
  size_t cells = (size_t)p->node_count * (size_t)p->categories,
         totals = (size_t)p->node_count * FIGURE_COUNT, ages = (size_t)p->node_count * (AGES + 1);
  *l =
      (struct publish_worker){.scope = s, .p = p, .leaf_of = w->leaf_of, .leaf_else = w->leaf_else};
  l->cells = memory_zeroed(cells + 1, sizeof *l->cells);
  l->totals = memory_zeroed(totals, sizeof *l->totals);
  l->ages = memory_zeroed(ages, sizeof *l->ages);
  l->reach = memory_zeroed((size_t)p->categories * AGES + 1, sizeof *l->reach);
  l->cell_stamp = memory_zeroed(cells + 1, sizeof *l->cell_stamp);
  l->total_stamp = memory_zeroed(totals, sizeof *l->total_stamp);
  l->age_stamp = memory_zeroed((size_t)p->node_count, sizeof *l->age_stamp);
  l->node_stamp = memory_zeroed((size_t)p->node_count, sizeof *l->node_stamp);
  size_t items = (size_t)p->categories + FIGURE_COUNT;
  l->own = memory_zeroed(items, sizeof *l->own);
  l->own_new = memory_zeroed(items, sizeof *l->own_new);
  l->own_estimated = memory_zeroed(items, sizeof *l->own_estimated);
  l->own_set = memory_zeroed(items, sizeof *l->own_set);
  changes_begin(&l->changes, p);
  l->own_stamp = memory_zeroed(items, sizeof *l->own_stamp);
  l->own_items = memory_zeroed(items, sizeof *l->own_items);
  return l;
}

static void add_contribution(struct public_cell *cell, int64_t size) {
  if (size > cell->largest) {
    cell->second = cell->largest;
    cell->largest = size;
  } else if (size > cell->second) cell->second = size;
}

static void add_cells(struct public_cell *to, const struct public_cell *more, size_t count) {
  for (size_t i = 0; i < count; i++) {
    to[i].amount += more[i].amount;
    to[i].people += more[i].people;
    to[i].lines += more[i].lines;
    to[i].estimates += more[i].estimates;
    add_contribution(&to[i], more[i].largest);
    add_contribution(&to[i], more[i].second);
  }
}

static void end_worker(void *context, void *sums) {
  struct whole *w = context;
  struct publication *p = w->p;
  struct publish_worker *l = sums;
  p->new_people += l->new_people;
  p->new_lines += l->new_lines;
  add_cells(p->cells, l->cells, (size_t)p->node_count * (size_t)p->categories);
  add_cells(p->totals, l->totals, (size_t)p->node_count * FIGURE_COUNT);
  add_cells(p->ages, l->ages, (size_t)p->node_count * (AGES + 1));
  add_cells(p->reach, l->reach, (size_t)p->categories * AGES);
  changes_end(&l->changes, p);
  void *all[] = {
      l->cells,     l->totals,     l->ages,   l->reach,         l->cell_stamp, l->total_stamp,
      l->age_stamp, l->node_stamp, l->own,    l->own_new,       l->own_stamp,  l->own_items,
      l->kept,      l->leaf,       l->subset, l->own_estimated, l->own_set,    l};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/* ---- who lived there ---- */

/* The age at the year's end, or at death for people who died. */
static int band_of(const struct person *person, day_t last) {
  int year, month, day, born_year, born_month, born_day;
  day_parts(person->died != DAY_NONE && person->died < last ? person->died : last, &year, &month,
            &day);
  day_parts(person->born, &born_year, &born_month, &born_day);
  int age = year - born_year - (month < born_month || (month == born_month && day < born_day));
  if (age < 16) return 0;
  if (age < 25) return 1;
  return age >= 85 ? AGES - 1 : 2 + (age - 25) / 10;
}

static void count_resident(struct publish_worker *l, int leaf) {
  for (int n = leaf; n >= 0; n = l->p->nodes[n].parent) {
    if (l->age_stamp[n] == l->serial) return; /* the places above it are counted too */
    l->age_stamp[n] = l->serial;
    l->ages[n * (AGES + 1) + l->band].people++;
    l->ages[n * (AGES + 1) + AGES].people++;
  }
}

static void live_in(void *context, int64_t place) {
  struct publish_worker *l = context;
  int index = place ? places_by_id(l->scope->places, place) : PLACE_NONE;
  if (index == PLACE_NONE) return;
  l->known = true;
  if (l->leaf_of[index] >= 0) count_resident(l, l->leaf_of[index]);
}

/* ---- lines ---- */

static void add_own(struct publish_worker *l, int item, wide_t amount,
                    const struct loaded_line *line, const struct cell_change *change) {
  if (l->own_stamp[item] != l->own_serial) {
    l->own_stamp[item] = l->own_serial;
    l->own[item] = l->own_new[item] = l->own_set[item] = 0;
    l->own_estimated[item] = false;
    l->own_items[l->own_count++] = item;
  }
  l->own[item] += amount;
  /* a use without a value changes the number of people too: it counts as a penny, and its undoing
   * as a penny less */
  const wide_t change_of = amount ? amount : line->quantity < 0 ? -1 : 1;
  if (line->entry > change->since) l->own_new[item] += change_of;
  if (line->entry > change->set) l->own_set[item] += change_of;
}

static int64_t size_of(wide_t amount) {
  int64_t size;
  return wide_narrow(amount < 0 ? -amount : amount, &size) ? size : INT64_MAX;
}

/* The person's lines of a node are added: what each cell has of them is one contribution. */
static void close_node(struct publish_worker *l, int node, bool person) {
  const struct publication *p = l->p;
  for (int i = 0; i < l->own_count; i++) {
    int item = l->own_items[i], figure = item - p->categories,
        at = figure < 0 ? node * p->categories + item : node * FIGURE_COUNT + figure;
    add_contribution(figure < 0 ? &l->cells[at] : &l->totals[at], size_of(l->own[item]));
    if (figure < 0) l->cells[at].estimates += person && l->own_estimated[item];
    if (!l->changes.any) continue;
    struct cell_change *change = figure < 0 ? &l->changes.cells[at] : &l->changes.totals[at];
    change_add(&change->after_since, l->own_new[item], person);
    change_add(&change->after_set, l->own_set[item], person);
  }
}

static void add_line(struct publish_worker *l, int node, const struct person *person,
                     const struct loaded_line *line) {
  const struct publication *p = l->p;
  const struct pack_category *category = chart_category(l->scope->chart, line->category);
  int rank = l->scope->chart->rank[line->category], c = node * p->categories + rank,
      t = node * FIGURE_COUNT + (int)category->shown;
  struct public_cell *cell = &l->cells[c], *total = &l->totals[t];
  const wide_t amount = figures_amount(category, line->amount);
  cell->amount += amount;
  total->amount += amount;
  const struct publication_changes *old = p->changes;
  add_own(l, rank, amount, line, &old->cells[c]);
  add_own(l, p->categories + (int)category->shown, amount, line, &old->totals[t]);
  /* it counts only in the sum, from which its reversal takes it back */
  if (line->cancelled) return;
  cell->lines++;
  total->lines++;
  l->own_estimated[rank] |= line->estimated;
  if (person && l->cell_stamp[c] != l->serial) {
    l->cell_stamp[c] = l->serial;
    cell->people++;
    if (node == 0) l->reach[rank * AGES + l->band].people++;
  }
  if (person && l->total_stamp[t] != l->serial) {
    l->total_stamp[t] = l->serial;
    total->people++;
  }
}

/* Adds the person's lines of one node together: a line and its reversal cancel each other where
 * both are in the node. */
static void add_lines(struct publish_worker *l, int node, const struct person *person,
                      size_t kept) {
  const struct place_node *n = &l->p->nodes[node];
  size_t count = 0;
  array_reserve(l->subset, l->subset_capacity, kept + 1);
  for (size_t i = 0; i < kept; i++)
    if (l->leaf[i] >= node && l->leaf[i] <= node + n->width) {
      l->subset[count] = l->kept[i];
      l->subset[count++]->cancelled = false;
    }
  figures_cancel(l->subset, count);
  l->own_serial++;
  l->own_count = 0;
  for (size_t i = 0; i < count; i++) add_line(l, node, person, l->subset[i]);
  close_node(l, node, person != NULL);
}

/* What came since an earlier reading, of one person. */
static void count_new(struct publish_worker *l, const struct person *person,
                      struct loaded_line **lines, size_t count) {
  int64_t before = l->new_lines;
  for (size_t i = 0; i < count; i++) l->new_lines += !reading_sees(&l->p->since, lines[i]->entry);
  l->new_people += person && l->new_lines > before;
}

static void add_person(void *sums, const struct person *person, struct loaded_line **lines,
                       size_t count) {
  struct publish_worker *l = sums;
  struct scope *s = l->scope;
  day_t first = year_first_day(YEAR_TAX, s->request->year),
        last = year_last_day(YEAR_TAX, s->request->year);
  size_t kept = 0;
  count_new(l, person, lines, count);
  l->serial++;
  l->known = false;
  l->band = person ? band_of(person, last) : 0;
  if (person && person->born <= last && (person->died == DAY_NONE || person->died >= first)) {
    population_homes(s->people, person, first, last, live_in, l);
    if (!l->known) count_resident(l, l->leaf_else);
  }
  array_reserve(l->kept, l->capacity, count + 1);
  array_reserve(l->leaf, l->leaf_capacity, count + 1);
  for (size_t i = 0; i < count; i++) {
    const struct pack_category *category = chart_category(s->chart, lines[i]->category);
    if (!category || !pack_is_summed(category) || lines[i]->entry > l->p->entry) continue;
    int64_t place = lines[i]->place || !person ? lines[i]->place
                                               : person_place(person, s->people, lines[i]->day);
    int index = place ? places_by_id(s->places, place) : PLACE_NONE;
    l->kept[kept] = lines[i];
    l->leaf[kept++] = index == PLACE_NONE || l->leaf_of[index] < 0 ? l->leaf_else
                                                                   : l->leaf_of[index];
  }
  for (size_t i = 0; i < kept; i++)
    for (int n = l->leaf[i]; n >= 0 && l->node_stamp[n] != l->serial; n = l->p->nodes[n].parent) {
      l->node_stamp[n] = l->serial;
      add_lines(l, n, person, kept);
    }
}

/* ---- the tree ---- */

enum { DEPTH_MAX = 16 };

/* Adds the place and the places under it, down to a depth, in the order of codes. */
static void add_node(const struct scope *s, struct publication *p, int *node_of, int place,
                     int parent, int depth, int deepest) {
  int node = p->node_count++;
  const struct place *at = &s->places->all[place];
  p->nodes[node] = (struct place_node){.place = place,
                                       .code = arena_string(p->arena, at->code),
                                       .name = arena_string(p->arena, at->name),
                                       .parent = parent,
                                       .first_child = -1,
                                       .next = -1,
                                       .depth = depth};
  node_of[place] = node;
  int last = -1;
  for (int child = depth < deepest ? at->first_child : PLACE_NONE; child != PLACE_NONE;
       child = s->places->all[child].next_sibling) {
    int next = p->node_count;
    if (last < 0) p->nodes[node].first_child = next;
    else p->nodes[last].next = next;
    last = next;
    add_node(s, p, node_of, child, node, depth + 1, deepest);
  }
  if (last >= 0) { /* the lines in none of them */
    p->nodes[last].next = p->node_count;
    p->nodes[p->node_count++] = (struct place_node){.place = place,
                                                    .parent = node,
                                                    .first_child = -1,
                                                    .next = -1,
                                                    .depth = depth + 1,
                                                    .rest = true};
  }
  p->nodes[node].width = p->node_count - node - 1;
}

/* Where there are too many places to keep, the deepest are added into the place above them. */
static enum status build_tree(const struct scope *s, struct publication *p, int *node_of,
                              struct error *err) {
  p->nodes = arena_array(p->arena, struct place_node, 2 * s->places->count + 2);
  for (int deepest = DEPTH_MAX; deepest >= 0; deepest--) {
    p->node_count = 0;
    for (int i = 0; i < s->places->count; i++) node_of[i] = -1;
    add_node(s, p, node_of, s->place, -1, 0, deepest);
    if ((int64_t)p->node_count * p->categories <= LIMIT_PUBLISHED_CELLS) return DONE;
  }
  return refuse(err, PUBLICATION_CATEGORIES);
}

static int leaf_below(const struct publication *p, int node) {
  if (p->nodes[node].first_child < 0) return node;
  return node + p->nodes[node].width; /* the rest is the last node under the place */
}

enum status publish_gather(struct scope *s, struct publication *p,
                           const struct publish_options *options, struct error *err) {
  static const struct population_reader reader = {begin_worker, add_person, end_worker};
  int *node_of = arena_array(s->arena, int, s->places->count + 1),
      *leaf_of = arena_array(s->arena, int, s->places->count + 1);
  p->categories = s->pack->category_count;
  enum status status = build_tree(s, p, node_of, err);
  if (status != DONE) return status;
  /* entries that are still being posted, and all after them, come with the next publication */
  p->entry = s->reading.pending_count ? s->reading.pending[0].first - 1 : s->reading.head;
  for (int i = 0; i < s->places->count; i++) {
    int at = i;
    while (at != PLACE_NONE && node_of[at] < 0) at = s->places->all[at].parent;
    leaf_of[i] = at == PLACE_NONE ? -1 : leaf_below(p, node_of[at]);
  }
  p->cells = arena_array(p->arena, struct public_cell, p->node_count * p->categories + 1);
  p->totals = arena_array(p->arena, struct public_cell, p->node_count * FIGURE_COUNT);
  p->ages = arena_array(p->arena, struct public_cell, p->node_count * (AGES + 1));
  p->reach = arena_array(p->arena, struct public_cell, p->categories * AGES + 1);
  p->households = arena_array(p->arena, struct public_cell, p->node_count);
  changes_recall(p, options, s->arena);
  struct whole whole = {.p = p, .leaf_of = leaf_of, .leaf_else = leaf_below(p, 0)};
  status = population_read(s, &reader, &whole, err);
  if (status == DONE) publish_gather_households(s, p, leaf_of, whole.leaf_else);
  if (status == DONE) status = publish_gather_spending(s, p, leaf_of, err);
  return status;
}
