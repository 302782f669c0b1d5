#include "statement/subject.h"

#include <assert.h>

/* minutes by index of year; the others of the statement's year */
struct time_years {
  int category;
  wide_t *minutes, corrected;
  int64_t entries, corrections;
  bool estimated;
};

struct summing {
  const struct chart *chart;
  const struct subject *subject;
  struct arena *arena;
  struct sums *sums;
  int year;
  /* lines of an account come in order of day, so the year is computed once, not for every line */
  int cached_year;
  day_t cached_first, cached_last;
  struct time_years *given;
  int time_sum_count, time_sum_capacity; /* kinds of time: few */
};

static int year_of(struct summing *s, day_t day) {
  if (day < s->cached_first || day > s->cached_last) {
    s->cached_year = year_of_day(YEAR_TAX, day);
    s->cached_first = year_first_day(YEAR_TAX, s->cached_year);
    s->cached_last = year_last_day(YEAR_TAX, s->cached_year);
  }
  return s->cached_year;
}

/* ---- groups ---- */

struct group_list {
  struct group *all;
  int count, capacity;
};

static const char *unit_of(const struct chart *chart, const struct loaded_line *line) {
  if (!line->has_quantity || line->service <= 0 || line->service > chart->codes->service_count)
    return NULL;
  return chart->codes->services[line->service - 1].unit;
}

static struct group *find_group(struct group_list *list, int category, const char *unit) {
  for (int i = 0; i < list->count; i++) {
    struct group *g = &list->all[i];
    if (g->category != category) continue;
    if (g->unit == unit || (g->unit && unit && strcmp(g->unit, unit) == 0)) return g;
  }
  array_reserve(list->all, list->capacity, list->count + 1);
  list->all[list->count] = (struct group){.category = category, .unit = unit};
  return &list->all[list->count++];
}

static void add_to_group(struct group_list *list, const struct chart *chart,
                         const struct pack_category *category, const struct loaded_line *line) {
  struct group *g = find_group(list, line->category, unit_of(chart, line));
  g->entries++;
  g->estimated |= line->estimated;
  const bool unvalued = line->has_quantity && line->service > 0 && line->cost_year == 0 &&
                        !line->amount;
  g->unvalued += unvalued;
  g->amount += figures_amount(category, line->amount);
  g->quantity += line->quantity;
  if (!line->reverses_entry) return;
  g->corrected += figures_amount(category, line->amount);
  g->corrected_quantity += line->quantity;
  g->corrections++;
  g->corrected_unvalued += unvalued;
}

/* Copies the groups into the arena, in the pack's order; units of one category by name. */
static void keep_groups(struct summing *s, struct group_list *list, struct group **out,
                        int *count) {
  const int *rank = s->chart->rank;
  for (int i = 1; i < list->count; i++) { /* some twenty, often in order already */
    struct group g = list->all[i];
    int j = i;
    for (; j > 0; j--) {
      const struct group *before = &list->all[j - 1];
      int difference = rank[before->category] - rank[g.category];
      if (difference == 0)
        difference = strcmp(before->unit ? before->unit : "", g.unit ? g.unit : "");
      if (difference <= 0) break;
      list->all[j] = *before;
    }
    list->all[j] = g;
  }
  *out = arena_array(s->arena, struct group, list->count ? list->count : 1);
  if (list->count) memcpy(*out, list->all, sizeof *list->all * (size_t)list->count);
  *count = list->count;
  free(list->all);
}

/* ---- figures of a line besides its group ---- */

static void add_time(struct summing *s, const struct loaded_line *line, int year_index) {
  struct time_years *g = NULL;
  for (int i = 0; i < s->time_sum_count && !g; i++)
    if (s->given[i].category == line->category) g = &s->given[i];
  if (!g) {
    array_reserve(s->given, s->time_sum_capacity, s->time_sum_count + 1);
    g = &s->given[s->time_sum_count++];
    *g = (struct time_years){.category = line->category,
                             .minutes = arena_array(s->arena, wide_t, s->sums->year_count)};
  }
  if (year_index == s->sums->year_count - 1 && !line->cancelled) {
    g->entries++;
    g->estimated |= line->estimated;
    g->corrected -= line->reverses_entry ? line->amount : 0;
    g->corrections += line->reverses_entry != 0;
  }
  g->minutes[year_index] -= line->amount;
}

static void note_cost(struct summing *s, const struct loaded_line *line) {
  struct sums *sums = s->sums;
  const bool changed = !figures_cost_stands(s->chart->codes, line);
  int at = 0;
  for (; at < sums->cost_count; at++) {
    struct cost_used *c = &sums->costs[at];
    if (c->service == line->service && c->year == line->cost_year) {
      c->stale |= line->cost_year < s->year;
      c->changed |= changed;
      return;
    }
    if (c->service > line->service || (c->service == line->service && c->year > line->cost_year))
      break;
  }
  struct cost_used *grown = arena_array(s->arena, struct cost_used, sums->cost_count + 1);
  if (at) memcpy(grown, sums->costs, sizeof *grown * (size_t)at);
  grown[at] = (struct cost_used){.service = line->service,
                                 .year = line->cost_year,
                                 .stale = line->cost_year < s->year,
                                 .changed = changed};
  if (at < sums->cost_count)
    memcpy(grown + at + 1, sums->costs + at, sizeof *grown * (size_t)(sums->cost_count - at));
  sums->costs = grown;
  sums->cost_count++;
}

static void note_body(struct summing *s, const struct loaded_line *line) {
  struct sums *sums = s->sums;
  for (int i = 0; i < sums->body_count; i++)
    if (sums->bodies[i].body == line->body) {
      sums->bodies[i].entries++;
      return;
    }
  if (sums->body_count % 8 == 0) {
    struct body_used *grown = arena_array(s->arena, struct body_used, sums->body_count + 8);
    if (sums->body_count) memcpy(grown, sums->bodies, sizeof *grown * (size_t)sums->body_count);
    sums->bodies = grown;
  }
  sums->bodies[sums->body_count++] = (struct body_used){line->body, 1};
}

static int compare_bodies(const void *a, const void *b) {
  const struct body_used *x = a, *y = b;
  if (x->entries != y->entries) return x->entries < y->entries ? 1 : -1;
  return (x->body > y->body) - (x->body < y->body);
}

/* Adds a line of the statement's own year, not undone, to the figures that do not depend on its
 * section. */
static void note_line_of_year(struct summing *s, const struct pack_category *category,
                              const struct loaded_line *line) {
  struct sums *sums = s->sums;
  sums->entries++;
  sums->estimated += line->estimated;
  /* a line that undoes nothing is no correction */
  sums->corrections += figures_amount(category, line->amount) < 0 ||
                       (line->reverses_entry && (line->amount || line->quantity));
  note_body(s, line);
}

/* ---- holdings ---- */

static void add_holding(struct summing *s, const struct pack_category *category,
                        const struct loaded_line *line) {
  const struct units *units = s->chart->codes->units;
  const struct book_unit *unit = units_find(units, span_of(category->unit->code));
  assert(unit); /* every unit of the chart's categories is in the book */
  if (!s->sums->holdings)
    s->sums->holdings = arena_array(s->arena, struct holding_sum, units->count);
  struct holding_sum *h = &s->sums->holdings[unit - units->all];
  h->unit = unit;
  h->closing += line->amount;
  largest_add(&h->largest, line->entry, line->line_no, line->amount);
  if (line->amount < 0 && !line->cancelled)
    largest_add(&h->gone, line->entry, line->line_no, line->amount);
  if (year_of(s, line->day) < s->year) {
    h->opening += line->amount;
    return;
  }
  h->lines++;
  if (!line->cancelled) note_line_of_year(s, category, line);
}

static void keep_holdings(struct summing *s) {
  struct sums *sums = s->sums;
  for (int i = 0; sums->holdings && i < s->chart->codes->units->count; i++) {
    const struct holding_sum *h = &sums->holdings[i];
    if (h->unit && (h->opening || h->closing || h->lines))
      sums->holdings[sums->holding_count++] = *h;
  }
}

/* Adds a line of the statement's own year that was not undone. */
static void add_line_of_year(struct summing *s, struct group_list *groups,
                             const struct pack_category *category, const struct loaded_line *line) {
  note_line_of_year(s, category, line);
  if (line->service > 0 && line->cost_year) note_cost(s, line);
  if (category->tax_summary_base) s->sums->base += figures_amount(category, line->amount);
  add_to_group(groups, s->chart, category, line);
}

/* ---- time, valued for each category and year ---- */

static void value_time(struct summing *s) {
  struct sums *sums = s->sums;
  const struct codes *codes = s->chart->codes;
  sums->given = arena_array(s->arena, struct time_sum, s->time_sum_count + 1);
  for (int rank_from = -1;;) { /* in the pack's order: the next rank each time */
    struct time_years *next = NULL;
    for (int i = 0; i < s->time_sum_count; i++) {
      int rank = s->chart->rank[s->given[i].category];
      if (rank > rank_from && (!next || rank < s->chart->rank[next->category])) next = &s->given[i];
    }
    if (!next) return;
    rank_from = s->chart->rank[next->category];
    for (int y = 0; y < sums->year_count; y++) {
      bool stale = false;
      const struct book_rate *rate = codes_rate(codes, next->category, sums->years[y].year, &stale);
      const wide_t value = rate ? wide_scale(next->minutes[y], rate->pence_an_hour, 60) : 0;
      sums->years[y].time_value += value;
      sums->life_time_value += value;
      if (y < sums->year_count - 1 || !next->entries) continue;
      sums->given[sums->time_sum_count++] =
          (struct time_sum){.category = chart_category(s->chart, next->category),
                            .minutes = next->minutes[y],
                            .value = value,
                            .entries = next->entries,
                            .corrected = next->corrected,
                            .corrections = next->corrections,
                            .rate = rate,
                            .stale = stale,
                            .estimated = next->estimated || (rate && stale)};
      sums->time_value += value;
    }
  }
}

/* ---- all of it ---- */

static void open_years(struct summing *s) {
  int first = s->year;
  for (size_t i = 0; i < s->subject->count; i++) {
    const struct loaded_line *line = s->subject->lines[i];
    const struct pack_category *category = chart_category(s->chart, line->category);
    if (!category || !pack_is_summed(category)) continue;
    int year = year_of(s, line->day);
    if (year < first) first = year;
  }
  s->sums->year_count = s->year - first + 1;
  s->sums->years = arena_array(s->arena, struct year_sums, s->sums->year_count);
  for (int i = 0; i < s->sums->year_count; i++) s->sums->years[i].year = first + i;
}

static void note_stray(struct summing *s, const struct pack_category *category,
                       const struct loaded_line *line) {
  const struct person *person = s->subject->person;
  if (year_of(s, line->day) != s->year) return;
  if (life_is_outside(line, category && category->shown == SHOWN_GIVEN, person->born, person->died))
    life_strays_add(&s->sums->strays, line->entry, line->line_no);
}

static void sum_lines(struct summing *s) {
  struct sums *sums = s->sums;
  struct group_list groups = {0};
  int first = sums->years[0].year;
  for (size_t i = 0; i < s->subject->count; i++) {
    const struct loaded_line *line = s->subject->lines[i];
    const struct pack_category *category = chart_category(s->chart, line->category);
    note_stray(s, category, line);
    if (category && category->shown == SHOWN_HOLDINGS) add_holding(s, category, line);
    if (!category || !pack_is_summed(category)) continue;
    int at = year_of(s, line->day) - first;
    sums->years[at].lines++;
    if (line->has_quantity && line->service > 0 && !line->cost_year && !line->amount)
      sums->years[at].unvalued += line->quantity > 0 ? 1 : -1;
    figures_add(&sums->years[at].totals, category, line->amount);
    if (!line->cancelled)
      largest_add(category->shown == SHOWN_GIVEN ? &sums->largest_minutes : &sums->largest_money,
                  line->entry, line->line_no, line->amount);
    if (category->shown == SHOWN_GIVEN) add_time(s, line, at);
    if (at == sums->year_count - 1 && !line->cancelled)
      add_line_of_year(s, &groups, category, line);
  }
  keep_groups(s, &groups, &sums->groups, &sums->group_count);
  for (int y = 0; y < sums->year_count; y++) figures_add_all(&sums->life, &sums->years[y].totals);
  sums->totals = sums->years[sums->year_count - 1].totals;
  value_time(s);
  free(s->given);
  keep_holdings(s);
}

/* Counts each year's lines as its own statement does: `lines` are copies of all, `pointers` has
 * room for as many. */
static void count_entries(struct summing *s, struct loaded_line *lines,
                          struct loaded_line **pointers) {
  for (int y = 0; y < s->sums->year_count; y++) {
    struct year_sums *year = &s->sums->years[y];
    size_t count = 0;
    for (size_t i = 0; i < s->subject->count; i++) {
      const struct pack_category *category = chart_category(s->chart, lines[i].category);
      if (category && pack_is_summed(category) && year_of(s, lines[i].day) == year->year)
        pointers[count++] = &lines[i];
    }
    figures_cancel(pointers, count);
    for (size_t i = 0; i < count; i++) year->entries += !pointers[i]->cancelled;
  }
}

/* Sums the life's lines by category: lines undone in another year than their own do not count here
 * either. */
static void sum_life(struct summing *s) {
  const struct subject *subject = s->subject;
  struct group_list groups = {0};
  struct loaded_line *lines = memory_zeroed(subject->count + 1, sizeof *lines);
  struct loaded_line **pointers = memory_zeroed(subject->count + 1, sizeof *pointers);
  for (size_t i = 0; i < subject->count; i++) lines[i] = *subject->lines[i];
  count_entries(s, lines, pointers);
  for (size_t i = 0; i < subject->count; i++) pointers[i] = &lines[i];
  figures_cancel(pointers, subject->count);
  for (size_t i = 0; i < subject->count; i++) {
    const struct pack_category *category = chart_category(s->chart, lines[i].category);
    if (category && pack_is_summed(category) && !lines[i].cancelled)
      add_to_group(&groups, s->chart, category, &lines[i]);
  }
  free(lines);
  free(pointers);
  keep_groups(s, &groups, &s->sums->life_groups, &s->sums->life_group_count);
}

struct sums *subject_sum(const struct chart *chart, const struct subject *subject,
                         const struct statement_request *request, struct arena *arena) {
  struct sums *sums = arena_alloc(arena, sizeof *sums);
  struct summing s = {.chart = chart,
                      .subject = subject,
                      .arena = arena,
                      .sums = sums,
                      .year = request->year,
                      .cached_first = 1,
                      .cached_last = 0};
  open_years(&s);
  sum_lines(&s);
  if (request->life) sum_life(&s);
  array_sort(sums->bodies, sums->body_count, compare_bodies);
  return sums;
}
