/* Every citizen's lines of the year, summed for one place, each thread with a tally of its own. All
 * lines of a person are processed together: so a reversal finds the line that it undoes, a person
 * counts once in each row, and time is valued for each person and category, as in statements.
 */
#include "place/gather.h"
#include "place/population.h"

struct where {
  int64_t place;
  int part;
}; /* of a line */

struct place_worker {
  struct scope *scope;
  struct tally tally;
  day_t first, last;
  struct where *where;
  size_t where_capacity;
  bool nobody;          /* the current line is a sum of erased lines */
  bool known, resident; /* of the person at hand: count_resident */
  /* of the current person: the stamps below say for whom the item was last set */
  int64_t serial;
  int64_t *row_stamp, *part_stamp;
  /* of the current person: a kind of time in a part */
  struct time_tally {
    int category, part;
    wide_t minutes;
    bool some; /* a line that was not undone */
  } * given;
  int time_tally_count, time_tally_capacity;
};

/* ---- tallies ---- */

static void tally_new(const struct scope *s, struct tally *t) {
  *t = (struct tally){0};
  t->rows = memory_zeroed((size_t)s->row_count, sizeof *t->rows);
  t->parts = memory_zeroed((size_t)s->part_count + 1, sizeof *t->parts);
  t->carried = memory_zeroed((size_t)s->bodies->count + 1, sizeof *t->carried);
  t->costs = memory_zeroed((size_t)s->codes->service_count + 1, sizeof *t->costs);
  t->changed = memory_zeroed((size_t)s->codes->service_count + 1, sizeof *t->changed);
  t->given = memory_zeroed((size_t)s->chart->max + 1, sizeof *t->given);
  t->unvalued = memory_zeroed((size_t)s->chart->max + 1, sizeof *t->unvalued);
  t->recorded = memory_zeroed((size_t)s->chart->max + 1, sizeof *t->recorded);
}

static void tally_release(struct tally *t) {
  free(t->rows);
  free(t->parts);
  free(t->carried);
  free(t->costs);
  free(t->changed);
  free(t->given);
  free(t->unvalued);
  free(t->recorded);
}

static void add_row(struct tally_row *to, const struct tally_row *more) {
  to->people += more->people;
  to->lines += more->lines;
  to->unvalued += more->unvalued;
  to->estimated |= more->estimated;
  for (int i = 0; i < FIGURE_COUNT; i++) to->estimated_in[i] |= more->estimated_in[i];
  to->time_value += more->time_value;
  figures_add_all(&to->totals, &more->totals);
}

static void tally_add(const struct scope *s, struct tally *to, const struct tally *more) {
  add_row(&to->total, &more->total);
  for (int i = 0; i < s->row_count; i++) add_row(&to->rows[i], &more->rows[i]);
  for (int i = 0; i <= s->part_count; i++) add_row(&to->parts[i], &more->parts[i]);
  for (int i = 0; i < s->bodies->count; i++) to->carried[i] += more->carried[i];
  for (int i = 0; i < s->codes->service_count; i++)
    for (int k = 0; k < COST_YEARS / 64; k++) {
      to->costs[i][k] |= more->costs[i][k];
      to->changed[i][k] |= more->changed[i][k];
    }
  for (int64_t id = 1; id <= s->chart->max; id++) {
    to->given[id] |= more->given[id];
    to->recorded[id] |= more->recorded[id];
    to->unvalued[id] |= more->unvalued[id];
  }
  to->residents += more->residents;
  to->elsewhere += more->elsewhere;
  for (int i = 0; i < FIGURE_COUNT; i++) largest_add_all(&to->largest[i], &more->largest[i]);
}

/* ---- who lived there ---- */

/* The part of a place id; -1: outside. An unknown place counts as the book's own place. */
static int part_of_place(const struct scope *s, int64_t id) {
  int index = id ? places_by_id(s->places, id) : PLACE_NONE;
  if (index == PLACE_NONE) return s->whole ? s->part_count : -1;
  return s->part_of[index];
}

static void live_in(void *context, int64_t place) {
  struct place_worker *l = context;
  struct scope *s = l->scope;
  int index = place ? places_by_id(s->places, place) : PLACE_NONE;
  if (index == PLACE_NONE) return;
  l->known = true;
  int part = s->part_of[index];
  if (part < 0 || (part == s->part_count && !places_within(s->places, index, s->place))) return;
  l->resident = true;
  if (l->part_stamp[part] == l->serial) return;
  l->part_stamp[part] = l->serial;
  l->tally.parts[part].people++;
}

/* Counts the person once for the place, and once for each part of it that they lived in on any day
 * of the year. */
static void count_resident(struct place_worker *l, const struct person *person) {
  l->known = l->resident = false;
  if (person->born > l->last || (person->died != DAY_NONE && person->died < l->first)) return;
  population_homes(l->scope->people, person, l->first, l->last, live_in, l);
  if (!l->known && l->scope->whole) {
    l->resident = true;
    l->tally.parts[l->scope->part_count].people++;
  }
  l->tally.residents += l->resident;
}

/* ---- one person's lines ---- */

static void note_time(struct place_worker *l, const struct loaded_line *line, int part) {
  l->tally.given[line->category] = true;
  for (int i = 0; i < l->time_tally_count; i++)
    if (l->given[i].category == line->category && l->given[i].part == part) {
      l->given[i].minutes -= line->amount;
      l->given[i].some |= !line->cancelled;
      return;
    }
  array_reserve(l->given, l->time_tally_capacity, l->time_tally_count + 1);
  l->given[l->time_tally_count++] = (struct time_tally){line->category, part, -(wide_t)line->amount,
                                                        !line->cancelled};
}

/* Values time for each category, half up to the penny. The total and the row value the person's
 * whole time in the place, as the statement does; a part values the time given there, so the parts
 * may differ from the total by pennies. */
static void value_time(struct place_worker *l) {
  struct scope *s = l->scope;
  for (int i = 0; i < l->time_tally_count; i++) {
    bool stale = false;
    wide_t minutes = 0;
    const struct book_rate *rate = codes_rate(s->codes, l->given[i].category, s->request->year,
                                              &stale);
    if (!rate) continue;
    l->tally.parts[l->given[i].part].time_value += wide_scale(l->given[i].minutes,
                                                              rate->pence_an_hour, 60);
    /* grouped by body, time is not valued */
    struct tally_row *row = s->request->by == BY_BODY
                                ? NULL
                                : &l->tally.rows[scope_row(s, l->given[i].category, 0)];
    if (row && stale && l->given[i].some) row->estimated = row->estimated_in[SHOWN_GIVEN] = true;
    bool counted = false;
    for (int k = 0; k < i && !counted; k++) counted = l->given[k].category == l->given[i].category;
    if (counted) continue;
    for (int k = i; k < l->time_tally_count; k++)
      if (l->given[k].category == l->given[i].category) minutes += l->given[k].minutes;
    const wide_t value = wide_scale(minutes, rate->pence_an_hour, 60);
    l->tally.total.time_value += value;
    if (row) row->time_value += value;
  }
  l->time_tally_count = 0;
}

static void note_service(struct place_worker *l, struct tally_row *row, struct tally_row *part,
                         const struct loaded_line *line) {
  if (line->service <= 0 || line->service > l->scope->codes->service_count) return;
  int year = line->cost_year - COST_YEAR_FIRST;
  bool unvalued = line->has_quantity && !line->cost_year && !line->amount;
  row->unvalued += unvalued;
  l->tally.unvalued[line->category] |= unvalued;
  part->unvalued += unvalued;
  l->tally.total.unvalued += unvalued;
  if (!line->cost_year || year < 0 || year >= COST_YEARS) return;
  l->tally.costs[line->service - 1][year / 64] |= UINT64_C(1) << (year % 64);
  if (!figures_cost_stands(l->scope->codes, line))
    l->tally.changed[line->service - 1][year / 64] |= UINT64_C(1) << (year % 64);
}

static void add_line(struct place_worker *l, const struct loaded_line *line, int64_t place,
                     int part) {
  struct scope *s = l->scope;
  const struct pack_category *category = chart_category(s->chart, line->category);
  int index = scope_row(s, line->category, line->body);
  struct tally *t = &l->tally;
  struct tally_row *row = &t->rows[index];
  figures_add(&t->total.totals, category, line->amount);
  figures_add(&row->totals, category, line->amount);
  figures_add(&t->parts[part].totals, category, line->amount);
  if (category->shown == SHOWN_GIVEN) note_time(l, line, part);
  if (category->shown == SHOWN_CASH || category->shown == SHOWN_SERVICES) {
    int body = body_index(s, line->body);
    if (body >= 0) t->carried[body] += line->amount;
  }
  /* it counts only in the sum, from which its reversal takes it back */
  if (line->cancelled) return;
  if (part == s->part_count && s->whole) {
    int at = place ? places_by_id(s->places, place) : PLACE_NONE;
    t->elsewhere += at == PLACE_NONE || !places_within(s->places, at, s->place);
  }
  if (pack_is_summed(category))
    largest_add(&t->largest[category->shown], line->entry, line->line_no, line->amount);
  /* a sum of erased lines makes a row only by its figures: some of its lines may have been
   * undone */
  t->recorded[line->category] = true;
  row->lines += !l->nobody;
  row->estimated |= line->estimated;
  if (pack_is_summed(category)) row->estimated_in[category->shown] |= line->estimated;
  note_service(l, row, &t->parts[part], line);
  if (l->nobody || l->row_stamp[index] == l->serial) return;
  l->row_stamp[index] = l->serial;
  row->people++;
}

/* Only lines within the place count: a reversal dated when the person lived elsewhere undoes
 * nothing here. */
static void add_person(void *sums, const struct person *person, struct loaded_line **lines,
                       size_t count) {
  struct place_worker *l = sums;
  struct scope *s = l->scope;
  size_t kept = 0;
  array_reserve(l->where, l->where_capacity, count);
  l->serial++;
  l->nobody = !person;
  if (person) count_resident(l, person);
  for (size_t i = 0; i < count; i++) {
    struct loaded_line *line = lines[i];
    const struct pack_category *category = chart_category(s->chart, line->category);
    if (!category || !pack_is_summed(category)) continue;
    int64_t place = line->place || !person ? line->place
                                           : person_place(person, s->people, line->day);
    int part = part_of_place(s, place);
    if (part < 0) continue;
    lines[kept] = line;
    l->where[kept++] = (struct where){place, part};
  }
  figures_cancel(lines, kept);
  for (size_t i = 0; i < kept; i++) add_line(l, lines[i], l->where[i].place, l->where[i].part);
  if (person) value_time(l);
}

static void *begin_worker(void *context, struct scope *s) {
  struct place_worker *l = memory_zeroed(1, sizeof *l);
  (void)context;
  l->scope = s;
  l->first = year_first_day(YEAR_TAX, s->request->year);
  l->last = year_last_day(YEAR_TAX, s->request->year);
  tally_new(s, &l->tally);
  l->row_stamp = memory_zeroed((size_t)s->row_count + 1, sizeof *l->row_stamp);
  l->part_stamp = memory_zeroed((size_t)s->part_count + 1, sizeof *l->part_stamp);
  return l;
}

static void end_worker(void *context, void *sums) {
  struct place_worker *l = sums;
  value_time(l); /* what erased people gave, in all accounts of their sums, together */
  tally_add(l->scope, context, &l->tally);
  tally_release(&l->tally);
  free(l->where);
  free(l->given);
  free(l->row_stamp);
  free(l->part_stamp);
  free(l);
}

enum status gather_citizens(struct scope *s, struct tally *out, struct error *err) {
  static const struct population_reader reader = {begin_worker, add_person, end_worker};
  tally_new(s, out); /* copied into the arena below, so that the caller frees nothing */
  enum status status = population_read(s, &reader, out, err);
  struct tally mine = *out;
  out->rows = arena_array(s->arena, struct tally_row, s->row_count);
  out->parts = arena_array(s->arena, struct tally_row, s->part_count + 1);
  out->carried = arena_array(s->arena, wide_t, s->bodies->count + 1);
  out->costs = arena_alloc(s->arena, sizeof *out->costs * ((size_t)s->codes->service_count + 1));
  out->changed = arena_alloc(s->arena,
                             sizeof *out->changed * ((size_t)s->codes->service_count + 1));
  memcpy(out->rows, mine.rows, sizeof *out->rows * (size_t)s->row_count);
  memcpy(out->parts, mine.parts, sizeof *out->parts * ((size_t)s->part_count + 1));
  memcpy(out->carried, mine.carried, sizeof *out->carried * ((size_t)s->bodies->count + 1));
  memcpy(out->costs, mine.costs, sizeof *out->costs * ((size_t)s->codes->service_count + 1));
  memcpy(out->changed, mine.changed, sizeof *out->changed * ((size_t)s->codes->service_count + 1));
  out->given = arena_array(s->arena, bool, s->chart->max + 1);
  memcpy(out->given, mine.given, sizeof *out->given * (size_t)(s->chart->max + 1));
  out->recorded = arena_array(s->arena, bool, s->chart->max + 1);
  memcpy(out->recorded, mine.recorded, sizeof *out->recorded * (size_t)(s->chart->max + 1));
  out->unvalued = arena_array(s->arena, bool, s->chart->max + 1);
  memcpy(out->unvalued, mine.unvalued, sizeof *out->unvalued * (size_t)(s->chart->max + 1));
  tally_release(&mine);
  return status;
}
