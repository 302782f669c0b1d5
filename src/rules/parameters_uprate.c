/* Values after the last stated one, by an index: value * index(day) / index(last stated day), for
 * each day from which the index has a value. Where the index has ended, what follows it stays as it
 * was; what has ended itself does not begin again. An index may itself be uprated; it is done
 * first. */
#include "rules/parameters_tree.h"

#include "base/refusal.h"

#include <math.h>

enum { UPRATE_SELF_YEARS = 9 }; /* how far a series goes on by its own growth */

/* Whether it is done, by the address of the parameter. FAILED: its fault, or that of the index that
 * it follows, is known. */
enum uprater_state { UPRATER_WAITS, UPRATER_OPEN, UPRATER_DONE, UPRATER_FAILED };
struct uprater_item {
  struct parameter *p;
  enum uprater_state state;
};
struct uprater {
  struct arena *arena;
  struct parameters *tree;
  struct uprater_item *all;
  size_t count, capacity;
};

static enum status uprater_fault(const struct parameter *p, struct error *err) {
  return error_at(err, p->file, (uint64_t)p->uprating->line, NULL);
}

/* The number that an entry of an index holds; 0 where it is none. */
static double uprater_number(const struct parameter_entry *entry) {
  return entry && entry->value.form == FORM_NUMBER ? entry->value.number : 0;
}

static bool uprater_ended(const struct parameter_entry *entry) {
  return entry && entry->value.form == FORM_NONE;
}

static double uprater_round(const struct parameter_uprating *how, double value) {
  switch (how->rounding) {
  case ROUNDING_NEAREST: return rint(value / how->interval) * how->interval;
  case ROUNDING_UP: return ceil(value / how->interval) * how->interval;
  case ROUNDING_DOWN: return floor(value / how->interval) * how->interval;
  default: return value;
  }
}

static struct parameter_entry uprater_entry(day_t day, double number) {
  return (struct parameter_entry){.from = day,
                                  .value = {.form = FORM_NUMBER, .number = number},
                                  .is_estimated = true};
}

/* Puts the computed entries among the stated ones; where both have a day, the stated one stays. */
static void uprater_merge(struct arena *arena, struct parameter *p,
                          const struct parameter_entry *more, int count) {
  struct parameter_entry *all = arena_array(arena, struct parameter_entry, p->entry_count + count);
  int n = 0, stated = 0;
  for (int i = 0; i < count; i++) {
    while (stated < p->entry_count && p->entries[stated].from <= more[i].from)
      all[n++] = p->entries[stated++];
    if (!n || all[n - 1].from != more[i].from) all[n++] = more[i];
  }
  while (stated < p->entry_count) all[n++] = p->entries[stated++];
  p->entries = all;
  p->entry_count = n;
}

static day_t uprater_years_on(day_t from, int years) {
  int year, month, day;
  day_parts(from, &year, &month, &day);
  year += years;
  if (year < DAY_YEAR_MIN || year > DAY_YEAR_MAX) return DAY_NONE;
  return day_make(year, month, month == 2 && day == 29 ? 28 : day);
}

/* The growth of the last year goes on for some years. */
static enum status uprate_by_itself(struct uprater *u, struct parameter *p, struct error *err) {
  if (!p->entry_count || uprater_ended(&p->entries[p->entry_count - 1])) return DONE;
  day_t last = p->entries[p->entry_count - 1].from;
  double now = uprater_number(&p->entries[p->entry_count - 1]);
  double before = uprater_number(parameter_on(p, uprater_years_on(last, -1)));
  if (now <= 0 || before <= 0) {
    char day[11];
    (void)refuse(err, PARAMETER_SELF_WITHOUT_YEAR, p->path, day_write(last, day));
    return uprater_fault(p, err);
  }
  struct parameter_entry more[UPRATE_SELF_YEARS];
  int count = 0;
  double value = now;
  for (int i = 1; i <= UPRATE_SELF_YEARS && uprater_years_on(last, i) != DAY_NONE; i++) {
    value *= now / before;
    more[count++] = uprater_entry(uprater_years_on(last, i), uprater_round(p->uprating, value));
  }
  uprater_merge(u->arena, p, more, count);
  return DONE;
}

static enum status uprate_by_index(struct uprater *u, struct parameter *p,
                                   const struct parameter *index, struct error *err) {
  const struct parameter_uprating *how = p->uprating;
  if (!p->entry_count) return DONE;
  day_t start = how->start != DAY_NONE ? how->start : p->entries[p->entry_count - 1].from;
  const struct parameter_entry *base = parameter_on(p, start);
  if (!base || base->value.form != FORM_NUMBER) {
    if (uprater_ended(base)) return DONE;
    (void)refuse(err, PARAMETER_NOT_NUMBER, p->path);
    return uprater_fault(p, err);
  }
  double at_start = uprater_number(parameter_on(index, start));
  struct parameter_entry *more = arena_array(u->arena, struct parameter_entry, index->entry_count);
  int count = 0;
  for (int i = 0; i < index->entry_count; i++) {
    const struct parameter_entry *entry = &index->entries[i];
    if (entry->from <= start || uprater_ended(entry) || uprater_ended(parameter_on(p, entry->from)))
      continue;
    if (entry->value.form != FORM_NUMBER) {
      (void)refuse(err, PARAMETER_NOT_NUMBER, index->path);
      return uprater_fault(p, err);
    }
    char day[11];
    if (at_start <= 0) {
      (void)refuse(err, PARAMETER_INDEX_LATER, index->path, day_write(start, day));
      return uprater_fault(p, err);
    }
    double value = base->value.number * (uprater_number(entry) / at_start);
    more[count++] = uprater_entry(entry->from, uprater_round(how, value));
  }
  uprater_merge(u->arena, p, more, count);
  return DONE;
}

static struct uprater_item *uprater_find(struct uprater *u, const struct parameter *p) {
  for (size_t i = 0; i < u->count; i++)
    if (u->all[i].p == p) return &u->all[i];
  return NULL;
}

static enum status uprate_one(struct uprater *u, struct uprater_item *item, struct error *err);

/* `follows`: the item of the index, null where that is not uprated; the index is done by then. */
static enum status uprate_index(struct uprater *u, const struct parameter *p,
                                const struct parameter **out, struct uprater_item **follows,
                                struct error *err) {
  struct span path = span_of(p->uprating->index);
  const struct parameter *index = *out = parameters_find(u->tree, path);
  if (!index) {
    const char *near = parameters_nearest(u->tree, path);
    if (near) (void)refuse(err, PARAMETER_INDEX_UNKNOWN_NEAR, p->uprating->index, near);
    else (void)refuse(err, PARAMETER_INDEX_UNKNOWN, p->uprating->index);
    return uprater_fault(p, err);
  }
  if (index->kind != PARAMETER_VALUES) {
    (void)refuse(err, PARAMETER_INDEX_NOT_SERIES, p->uprating->index);
    return uprater_fault(p, err);
  }
  *follows = uprater_find(u, index);
  if (*follows && (*follows)->state == UPRATER_OPEN) {
    (void)refuse(err, PARAMETER_INDEX_CYCLE, p->path, index->path);
    return uprater_fault(p, err);
  }
  return *follows ? uprate_one(u, *follows, err) : DONE;
}

static enum status uprate_one(struct uprater *u, struct uprater_item *item, struct error *err) {
  struct parameter *p = item->p;
  if (item->state != UPRATER_WAITS) return DONE;
  item->state = UPRATER_OPEN;
  const struct parameter *index = NULL;
  struct uprater_item *follows = NULL;
  enum status status = p->uprating->index ? uprate_index(u, p, &index, &follows, err) : DONE;
  const bool lacks_index = follows && follows->state == UPRATER_FAILED;
  if (status == DONE && !lacks_index)
    status = index ? uprate_by_index(u, p, index, err) : uprate_by_itself(u, p, err);
  item->state = status == DONE && !lacks_index ? UPRATER_DONE : UPRATER_FAILED;
  return status;
}

/* Texts and entries are shared with what is copied. */
static struct parameter *uprater_copy(struct arena *arena, const struct parameter *from) {
  struct parameter *p = arena_alloc(arena, sizeof *p);
  *p = *from;
  struct parameter **children = arena_array(arena, struct parameter *, p->child_count);
  for (int i = 0; i < p->child_count; i++) children[i] = uprater_copy(arena, from->children[i]);
  p->children = children;
  return p;
}

static void uprater_collect(struct uprater *u, struct parameter *p) {
  for (int i = 0; i < p->child_count; i++) uprater_collect(u, p->children[i]);
  if (p->kind != PARAMETER_VALUES || !p->uprating) return;
  arena_reserve(u->arena, u->all, u->capacity, u->count + 1);
  u->all[u->count++] = (struct uprater_item){p, UPRATER_WAITS};
}

enum status parameters_resolve(struct arena *arena, struct parameters *tree, struct error *err) {
  struct uprater u = {.arena = arena, .tree = tree};
  struct error wrong = {0};
  tree->root = uprater_copy(arena, tree->stated);
  parameter_indices_make(arena, tree->indices, tree);
  uprater_collect(&u, tree->root);
  for (size_t i = 0; i < u.count; i++)
    if (uprate_one(&u, &u.all[i], &wrong) != DONE) {
      if (err) *err = wrong;
      if (parameters_note_fault(arena, tree->report, &wrong) != DONE) return wrong.code;
      wrong = (struct error){0};
    }
  return DONE;
}
