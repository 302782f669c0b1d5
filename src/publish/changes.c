/* What changed since the edition before, cell by cell.
 *
 * Somebody who keeps an edition can subtract it from the next. So a difference follows the same
 * rules as a figure: a shown figure moves only when the lines of at least ten people in it changed
 * since it was shown, and no one of them makes nearly all of the change; until then the figure of
 * the earlier edition stays. A hidden figure is shown only after such a change, counted from the
 * last edition in which it had to be hidden. Until such a change its own changes must not be told
 * either, in no edition: they are counted from when it was last hidden without one.
 */
#include "publish/changes.h"

#include "publish/suppress.h"

static const struct publication *latest_of(const struct publish_options *o, int year) {
  const struct publication *found = NULL;
  for (int i = 0; i < o->earlier_count; i++)
    if (o->earlier[i]->year == year) found = o->earlier[i];
  return found;
}

static bool same_place(const struct publication *a, int x, const struct publication *b, int y) {
  return a->nodes[x].rest == b->nodes[y].rest &&
         (a->nodes[x].rest ? same_place(a, a->nodes[x].parent, b, b->nodes[y].parent)
                           : strcmp(a->nodes[x].code, b->nodes[y].code) == 0);
}

/* By node: that of the other publication, -1 none. */
static int *match_nodes(const struct publication *p, const struct publication *other,
                        struct arena *arena) {
  int *match = arena_array(arena, int, p->node_count);
  for (int n = 0, at = 0; n < p->node_count; n++) {
    match[n] = -1;
    /* places seldom change: the next one is nearly always right */
    for (int i = 0; i < other->node_count && match[n] < 0; i++, at = (at + 1) % other->node_count)
      if (same_place(p, n, other, at)) match[n] = at;
    if (match[n] >= 0) at = (match[n] + 1) % other->node_count;
  }
  return match;
}

static int *match_categories(const struct publication *p, const struct publication *other,
                             struct arena *arena) {
  int *match = arena_array(arena, int, p->categories + 1);
  for (int c = 0; c < p->categories; c++) {
    match[c] = -1;
    for (int i = 0; i < other->categories && match[c] < 0; i++)
      if (strcmp(p->pack->categories[c].code, other->pack->categories[i].code) == 0) match[c] = i;
  }
  return match;
}

static void recall(struct cell_change *to, const struct public_cell *from, int64_t entry) {
  if (!from->hidden && !from->lines && !from->shown_people) return; /* there was nothing */
  *to = (struct cell_change){.past = from->hidden ? PAST_HIDDEN : PAST_SHOWN,
                             .since = from->since ? from->since : entry,
                             .set = from->set     ? from->set
                                    : from->since ? from->since
                                                  : entry,
                             .shown_amount = from->shown_amount,
                             .shown_people = from->shown_people,
                             .shown_estimated = from->estimated};
}

static void recall_year(struct publication *p, const struct publication *last,
                        struct arena *scratch) {
  int *node = match_nodes(p, last, scratch), *category = match_categories(p, last, scratch);
  struct publication_changes *all = p->changes;
  for (int n = 0; n < p->node_count; n++) {
    if (node[n] < 0) continue;
    for (int c = 0; c < p->categories; c++)
      if (category[c] >= 0)
        recall(&all->cells[n * p->categories + c],
               &last->cells[node[n] * last->categories + category[c]], last->entry);
    for (int f = 0; f < FIGURE_COUNT; f++)
      recall(&all->totals[n * FIGURE_COUNT + f], &last->totals[node[n] * FIGURE_COUNT + f],
             last->entry);
    for (int a = 0; a <= AGES; a++)
      recall(&all->ages[n * (AGES + 1) + a], &last->ages[node[n] * (AGES + 1) + a], last->entry);
    recall(&all->households[n], &last->households[node[n]], last->entry);
  }
  for (int c = 0; c < p->categories; c++)
    for (int a = 0; a < AGES && category[c] >= 0; a++)
      recall(&all->reach[c * AGES + a], &last->reach[category[c] * AGES + a], last->entry);
}

static void mark_elsewhere(struct publication *p, const struct publication *other,
                           struct arena *scratch) {
  int *node = match_nodes(p, other, scratch), *category = match_categories(p, other, scratch);
  for (int n = 0; n < p->node_count; n++) {
    for (int c = 0; c < p->categories && node[n] >= 0; c++)
      if (category[c] >= 0)
        p->changes->cells[n * p->categories + c].elsewhere |=
            other->cells[node[n] * other->categories + category[c]].hidden;
    for (int f = 0; f < FIGURE_COUNT && node[n] >= 0; f++)
      p->changes->totals[n * FIGURE_COUNT + f].elsewhere |=
          other->totals[node[n] * FIGURE_COUNT + f].hidden;
  }
}

void changes_recall(struct publication *p, const struct publish_options *options,
                    struct arena *scratch) {
  struct publication_changes *all = arena_alloc(scratch, sizeof *all);
  *all = (struct publication_changes){
      .cells = arena_array(scratch, struct cell_change, p->node_count * p->categories + 1),
      .totals = arena_array(scratch, struct cell_change, p->node_count * FIGURE_COUNT),
      .ages = arena_array(scratch, struct cell_change, p->node_count * (AGES + 1)),
      .reach = arena_array(scratch, struct cell_change, p->categories * AGES + 1),
      .households = arena_array(scratch, struct cell_change, p->node_count)};
  p->changes = all;
  const struct publication *last = latest_of(options, p->year);
  all->any = last != NULL;
  if (last) recall_year(p, last, scratch);
  for (int i = 0; i < options->earlier_count; i++)
    if (options->earlier[i]->year != p->year) mark_elsewhere(p, options->earlier[i], scratch);
}

/* ---- while lines are gathered ---- */

void changes_begin(struct publication_changes *own, const struct publication *p) {
  *own = (struct publication_changes){0};
  if (!p->changes->any) return;
  own->any = true;
  own->cells = memory_zeroed((size_t)p->node_count * (size_t)p->categories + 1, sizeof *own->cells);
  own->totals = memory_zeroed((size_t)p->node_count * FIGURE_COUNT, sizeof *own->totals);
}

void change_add(struct change_sum *c, wide_t amount, bool person) {
  int64_t size;
  if (!amount) return;
  if (!wide_narrow(amount < 0 ? -amount : amount, &size)) size = INT64_MAX;
  c->people += person;
  c->net += amount;
  c->all += size;
  if (size > c->largest) {
    c->second = c->largest;
    c->largest = size;
  } else if (size > c->second) c->second = size;
}

static void add_sum(struct change_sum *to, const struct change_sum *more) {
  to->people += more->people;
  to->net += more->net;
  to->all += more->all;
  for (int k = 0; k < 2; k++) {
    int64_t size = k ? more->second : more->largest;
    if (size > to->largest) {
      to->second = to->largest;
      to->largest = size;
    } else if (size > to->second) to->second = size;
  }
}

static void add_all(struct cell_change *to, const struct cell_change *more, size_t count) {
  for (size_t i = 0; i < count; i++) {
    add_sum(&to[i].after_since, &more[i].after_since);
    add_sum(&to[i].after_set, &more[i].after_set);
  }
}

void changes_end(struct publication_changes *own, const struct publication *p) {
  if (!own->any) return;
  add_all(p->changes->cells, own->cells, (size_t)p->node_count * (size_t)p->categories);
  add_all(p->changes->totals, own->totals, (size_t)p->node_count * FIGURE_COUNT);
  free(own->cells);
  free(own->totals);
}

/* ---- what may be shown of it ---- */

/* How far what was posted until then is now from what was shown then: people moved, records were
 * merged. It counts as one person's. */
static int64_t moved(const struct cell_change *change, const struct public_cell *cell,
                     int64_t unit) {
  wide_t old = cell->amount - change->after_since.net;
  if (change->past != PAST_SHOWN || !wide_shown(old) || !wide_shown(change->shown_amount)) return 0;
  int64_t least = round_least((int64_t)change->shown_amount, unit),
          most = round_most((int64_t)change->shown_amount, unit);
  return old < least ? least - (int64_t)old : old > most ? (int64_t)old - most : 0;
}

static bool is_of_many(const struct change_sum *sum, int64_t shift) {
  int64_t largest = sum->largest, second = sum->second;
  if (shift > largest) second = largest, largest = shift;
  else if (shift > second) second = shift;
  return sum->people >= PUBLISH_FEWEST &&
         (sum->all + shift - largest - second) * 100 >= (wide_t)largest * PUBLISH_NEARNESS;
}

bool change_is_safe(const struct cell_change *change, const struct public_cell *cell,
                    int64_t unit) {
  int64_t shift = moved(change, cell, unit);
  return change->past == PAST_NONE ||
         (is_of_many(&change->after_since, shift) && is_of_many(&change->after_set, shift));
}

bool change_is_past(const struct cell_change *change) {
  return change->past == PAST_NONE || is_of_many(&change->after_set, 0);
}

int64_t change_largest(const struct cell_change *change, const struct public_cell *cell,
                       int64_t unit) {
  int64_t shift = moved(change, cell, unit);
  return shift > change->after_set.largest ? shift : change->after_set.largest;
}

int64_t change_shown_count(const struct public_cell *c, const struct cell_change *change) {
  int64_t away = c->people - change->shown_people;
  return change->past == PAST_SHOWN && away > -PUBLISH_PEOPLE_UNIT && away < PUBLISH_PEOPLE_UNIT
             ? change->shown_people
             : round_to(c->people, PUBLISH_PEOPLE_UNIT);
}

bool change_count_stays(const struct public_cell *c, const struct cell_change *change) {
  return change->past == PAST_HIDDEN && c->people > 0 &&
         c->people < PUBLISH_FEWEST + PUBLISH_PEOPLE_UNIT;
}
