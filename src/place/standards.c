#include "place/standards.h"

#include "assess/yes_no.h"
#include "attest/person_accounts.h"
#include "base/refusal.h"
#include "place/population.h"
#include "register/duties.h"

#include <limits.h>

enum { ADULT_YEARS = 16 };

const struct standard_group standard_groups[STANDARD_GROUPS] = {
    {"age", "0-4"},     {"age", "5-15"},   {"age", "16-64"},   {"age", "65-"},
    {"age", "unknown"}, {"sex", "F"},      {"sex", "M"},       {"sex", "X"},
    {"sex", "unknown"}, {"home", "alone"}, {"home", "adults"}, {"home", "children"},
    {"home", "unknown"}};

/* ---- one person ---- */

struct standard_days {
  day_t first, last, on; /* of the year; on: the last of them that has come */
  bool over;
};

static struct standard_days days_of(int year, day_t today) {
  struct standard_days d = {.first = year_first_day(YEAR_TAX, year),
                            .last = year_last_day(YEAR_TAX, year)};
  d.over = d.last < today;
  d.on = d.over ? d.last : today;
  return d;
}

static int years_old(day_t born, day_t on) {
  int years = 0;
  while (day_is_of_age(born, years + 1, on)) years++;
  return years;
}

static bool is_of_ages(const struct person *p, struct pack_ages ages, day_t on) {
  return p->born == DAY_NONE || (p->born <= on && pack_ages_have(ages, p->born, on));
}

/* On the last day of the year that has come, or on its first: a child who left school within it was
 * younger then. */
static bool is_of_ages_in(const struct person *p, struct pack_ages ages,
                          const struct standard_days *d) {
  return is_of_ages(p, ages, d->on) || is_of_ages(p, ages, d->first);
}

static bool is_one_of(const struct pack_standard *what, const struct pack_category *category) {
  for (int i = 0; i < what->category_count; i++)
    if (what->categories[i] == category) return true;
  return false;
}

/* Whether a line that stands, of the categories, is of the days. */
static bool has_line(const struct chart *chart, const struct pack_standard *what,
                     struct loaded_line *const *lines, size_t count, day_t from, day_t to) {
  for (size_t i = 0; i < count; i++)
    if (!lines[i]->cancelled && !lines[i]->reverses_entry && lines[i]->day >= from &&
        lines[i]->day <= to && is_one_of(what, chart_category(chart, lines[i]->category)))
      return true;
  return false;
}

/* After an event: kept or broken once the last day for it has come, in the year of that day. */
static enum standard_state after_event(const struct standard_days *d, const struct chart *chart,
                                       const struct pack_standard *what,
                                       struct loaded_line *const *lines, size_t count, day_t event,
                                       day_t *day) {
  const day_t last = event + what->to;
  if (last < d->first || last > d->last || event > d->on) return STANDARD_NOT_OF;
  if (has_line(chart, what, lines, count, event + what->from, last)) return STANDARD_KEPT;
  if (last > d->on) return STANDARD_NOT_OF;
  *day = last;
  return STANDARD_BROKEN;
}

/* The first event that was not followed, else whether any was. */
static enum standard_state after_events(const struct standard_days *d, const struct chart *chart,
                                        const struct pack_standard *what,
                                        struct loaded_line *const *lines, size_t count,
                                        day_t *day) {
  enum standard_state all = STANDARD_NOT_OF;
  for (size_t i = 0; i < count; i++) {
    if (lines[i]->cancelled || lines[i]->reverses_entry ||
        chart_category(chart, lines[i]->category) != what->event)
      continue;
    const enum standard_state one = after_event(d, chart, what, lines, count, lines[i]->day, day);
    if (one == STANDARD_BROKEN) return one;
    if (one != STANDARD_NOT_OF && all != STANDARD_UNSAID) all = one;
  }
  return all;
}

/* Whether the rule says yes of somebody in the year: on none of its days that matter; for so few
 * days at its end or its beginning that nothing need be recorded; or long enough that something
 * should be (`to` of standards.csv). */
enum is_of { OF_NOT, OF_SHORT, OF_LONG };

/* What the person's lines of the year say, and of windows that began before it. */
static enum standard_state by_lines(const struct standard_days *d, const struct chart *chart,
                                    const struct pack_standard *what, const struct person *person,
                                    enum is_of is_of, struct loaded_line *const *lines,
                                    size_t count, day_t *day) {
  *day = d->on;
  switch (what->kind) {
  case STANDARD_USE:
    if (!is_of_ages_in(person, what->ages, d)) return STANDARD_NOT_OF;
    if (person->born == DAY_NONE) return STANDARD_UNSAID;
    if (is_of == OF_NOT) return STANDARD_NOT_OF;
    if (has_line(chart, what, lines, count, d->first, d->on)) return STANDARD_KEPT;
    return d->over && is_of == OF_LONG ? STANDARD_BROKEN : STANDARD_UNSAID;
  case STANDARD_BORN:
    return person->born == DAY_NONE ? STANDARD_NOT_OF
                                    : after_event(d, chart, what, lines, count, person->born, day);
  case STANDARD_AFTER: return after_events(d, chart, what, lines, count, day);
  default: return STANDARD_NOT_OF;
  }
}

/* A family of which not everything is known, and a child for whom nobody is responsible, are
 * unsaid. */
static enum status by_rule(struct arena *arena, const struct standard_of_person *of,
                           const struct pack_standard *what, const struct standard_days *d,
                           enum standard_state *state, struct error *err) {
  static const enum standard_state states[] = {STANDARD_UNSAID, STANDARD_BROKEN, STANDARD_KEPT};
  enum yes_no answer = YES_NO_UNKNOWN;
  const struct assess_request q = {.store = of->store,
                                   .pack = of->pack,
                                   .rules = of->rules,
                                   .person = of->person,
                                   .on = d->on,
                                   .as_person = of->as_person};
  enum status status = assess_yes_no(arena, &q, what->rule, &answer, err);
  if (assess_is_nobodys(status, err)) status = DONE;
  *state = states[answer];
  return status;
}

/* By the day of birth: on the last day of the year that has come and `to` days before it; and of
 * whom it stopped being so within the year, on its first day and `to` days after it. */
static enum status find_is_of(struct arena *arena, const struct rules *rules,
                              const struct pack_standard *what, const struct standard_days *d,
                              const day_t *born, int count, enum is_of *out, struct error *err) {
  enum { AT_LAST, BEFORE_LAST, AT_FIRST, AFTER_FIRST, DAYS };
  const day_t days[DAYS] = {d->on, d->on - what->to, d->first, d->first + what->to};
  bool *is[DAYS] = {NULL};
  enum status status = DONE;
  for (int k = 0; status == DONE && k < DAYS; k++) {
    is[k] = arena_array(arena, bool, count + 1);
    status = assess_yes_no_by_birth(arena, rules, what->rule, born, count, days[k], is[k], err);
  }
  for (int i = 0; status == DONE && i < count; i++) {
    const bool at_last = is[AT_LAST][i], some = at_last || is[AT_FIRST][i];
    const bool is_long = at_last ? is[BEFORE_LAST][i] : is[AFTER_FIRST][i];
    out[i] = !some ? OF_NOT : is_long ? OF_LONG : OF_SHORT;
  }
  return status;
}

enum status standard_of(struct arena *arena, const struct standard_of_person *of,
                        const struct pack_standard *what, enum standard_state *state, day_t *day,
                        struct error *err) {
  const struct standard_days d = days_of(of->year, of->today);
  struct person *person = NULL;
  struct account *accounts = NULL;
  struct reading reading;
  struct loaded_lines loaded = {0};
  enum is_of is_of = OF_NOT;
  int count = 0;
  *state = STANDARD_NOT_OF;
  *day = d.on;
  enum status status = person_accounts_owner(of->store, arena, of->person, &person, err);
  if (status != DONE || (person->died != DAY_NONE && person->died <= d.on)) return status;
  if (what->kind == STANDARD_BY_RULE)
    return is_of_ages(person, what->ages, d.on) ? by_rule(arena, of, what, &d, state, err) : DONE;
  if (what->kind == STANDARD_USE && person->born != DAY_NONE &&
      find_is_of(arena, of->rules, what, &d, &person->born, 1, &is_of, err) != DONE)
    return err->code;
  status = person_accounts_all(of->store, arena, person, &accounts, &count, err);
  if (status == DONE)
    status = person_accounts_counted(of->store, arena, accounts, count, &count, err);
  if (status == DONE) status = book_reading(of->store, arena, &reading, err);
  int64_t *ids = arena_array(arena, int64_t, count + 1);
  for (int i = 0; i < count; i++) ids[i] = accounts[i].id;
  if (status == DONE && count)
    status = figures_load(&loaded, of->store, &reading, ids, (size_t)count, d.first - what->to,
                          d.last, err);
  struct loaded_line **lines = arena_array(arena, struct loaded_line *, loaded.count + 1);
  for (size_t i = 0; i < loaded.count; i++) lines[i] = &loaded.all[i];
  figures_cancel(lines, loaded.count);
  if (status == DONE)
    *state = by_lines(&d, of->chart, what, person, is_of, lines, loaded.count, day);
  figures_release(&loaded);
  return status;
}

/* ---- everybody ---- */

struct standards_run {
  struct arena *arena;
  const struct standards_request *q;
  struct standards *out;
  struct scope scope;
  struct standard_days days;
  enum is_of **is_of;              /* of each found, by index into people->all; null: of nobody */
  unsigned short *adults, *others; /* of each household, by id */
  int64_t household_max;
  int breach_room;
};
/* A thread's own. */
struct standards_sums {
  struct standards_run *run;
  struct standard_found *found;
  struct standard_breach *breaches;
  int breach_count;
};

static void add_state(struct standard_sums *s, enum standard_state state) {
  s->kept += state == STANDARD_KEPT;
  s->broken += state == STANDARD_BROKEN;
  s->unsaid += state == STANDARD_UNSAID;
}

static void add_sums(struct standard_sums *to, const struct standard_sums *more) {
  to->kept += more->kept;
  to->broken += more->broken;
  to->unsaid += more->unsaid;
}

static int age_group(const struct person *p, day_t on) {
  if (p->born == DAY_NONE || p->born > on) return 4;
  const int years = years_old(p->born, on);
  return years < 5 ? 0 : years < ADULT_YEARS ? 1 : years < 65 ? 2 : 3;
}

static int sex_group(const struct person *p) {
  return p->sex == 'F' ? 0 : p->sex == 'M' ? 1 : p->sex == 'X' ? 2 : 3;
}

static int home_group(const struct standards_run *run, const struct person *p) {
  const int64_t home = person_household(p, run->days.on);
  if (!home || home > run->household_max) return 3;
  return run->others[home] ? 2 : run->adults[home] > 1 ? 1 : 0;
}

/* The part of the place where somebody lives on the day; -1: elsewhere, or not alive. */
static int part_of(const struct standards_run *run, const struct person *p, int64_t *place) {
  const struct scope *s = &run->scope;
  const day_t on = run->days.on;
  if ((p->died != DAY_NONE && p->died <= on) || (p->born != DAY_NONE && p->born > on)) return -1;
  *place = person_place(p, s->people, on);
  const int index = places_by_id(s->places, *place);
  if (index == PLACE_NONE) return s->whole && p->residence_count ? s->part_count : -1;
  return s->part_of[index];
}

static void count_one(struct standards_sums *sums, int of, const struct person *p, int part,
                      enum standard_state state) {
  struct standard_found *f = &sums->found[of];
  const struct standards_run *run = sums->run;
  if (state == STANDARD_NOT_OF) return;
  add_state(&f->all, state);
  add_state(&f->parts[part], state);
  add_state(&f->groups[age_group(p, run->days.on)], state);
  add_state(&f->groups[STANDARD_AGE_BANDS + sex_group(p)], state);
  add_state(&f->groups[STANDARD_AGE_BANDS + STANDARD_SEXES + home_group(run, p)], state);
}

static void add_breach(struct standards_sums *sums, int of, const struct person *p, int64_t place,
                       day_t day) {
  const int n = sums->breach_count;
  if ((n & (n - 1)) == 0)
    sums->breaches = memory_grow(sums->breaches, (size_t)(n ? 2 * n : 1) * sizeof *sums->breaches);
  sums->breaches[sums->breach_count++] = (struct standard_breach){
      .of = of, .person = p->id, .place = place, .code = p->code, .name = p->name, .day = day};
}

static void *begin_sums(void *context, struct scope *s) {
  struct standards_run *run = context;
  struct standards_sums *sums = memory_zeroed(1, sizeof *sums);
  sums->run = run;
  sums->found = memory_zeroed((size_t)run->out->found_count + 1, sizeof *sums->found);
  for (int i = 0; i < run->out->found_count; i++)
    sums->found[i].parts = memory_zeroed((size_t)s->part_count + 1, sizeof *sums->found[i].parts);
  return sums;
}

static void take_person(void *context, const struct person *p, struct loaded_line **lines,
                        size_t count) {
  struct standards_sums *sums = context;
  const struct standards_run *run = sums->run;
  int64_t place = 0;
  const int part = p ? part_of(run, p, &place) : -1;
  if (part < 0) return;
  figures_cancel(lines, count);
  for (int i = 0; i < run->out->found_count; i++) {
    day_t day = DAY_NONE;
    const enum is_of is_of = run->is_of[i] ? run->is_of[i][p - run->scope.people->all] : OF_NOT;
    const enum standard_state state = by_lines(&run->days, run->scope.chart,
                                               run->out->found[i].what, p, is_of, lines, count,
                                               &day);
    count_one(sums, i, p, part, state);
    if (state == STANDARD_BROKEN) add_breach(sums, i, p, place, day);
  }
}

static void end_sums(void *context, void *held) {
  struct standards_run *run = context;
  struct standards_sums *sums = held;
  struct standards *out = run->out;
  for (int i = 0; i < out->found_count; i++) {
    add_sums(&out->found[i].all, &sums->found[i].all);
    for (int g = 0; g < STANDARD_GROUPS; g++)
      add_sums(&out->found[i].groups[g], &sums->found[i].groups[g]);
    for (int p = 0; p <= run->scope.part_count; p++)
      add_sums(&out->found[i].parts[p], &sums->found[i].parts[p]);
    free(sums->found[i].parts);
  }
  for (int i = 0; i < sums->breach_count; i++) {
    arena_reserve(run->arena, out->breaches, run->breach_room, out->breach_count + 1);
    out->breaches[out->breach_count++] = sums->breaches[i];
  }
  free(sums->breaches);
  free(sums->found);
  free(sums);
}

/* ---- before and after the scan ---- */

static void count_homes(struct standards_run *run) {
  const struct people *people = run->scope.people;
  const day_t on = run->days.on;
  for (int i = 0; i < people->count; i++) {
    const int64_t home = person_household(&people->all[i], on);
    if (home > run->household_max) run->household_max = home;
  }
  run->adults = arena_array(run->arena, unsigned short, run->household_max + 1);
  run->others = arena_array(run->arena, unsigned short, run->household_max + 1);
  for (int i = 0; i < people->count; i++) {
    const struct person *p = &people->all[i];
    const int64_t home = person_household(p, on);
    if (p->survivor || !home || (p->died != DAY_NONE && p->died <= on)) continue;
    const bool adult = p->born == DAY_NONE || day_is_of_age(p->born, ADULT_YEARS, on);
    unsigned short *counted = adult ? &run->adults[home] : &run->others[home];
    if (*counted < USHRT_MAX) (*counted)++;
  }
}

/* By the days of birth of whoever is of the ages, each asked once for all people. */
static enum status find_of(struct standards_run *run, int of, struct error *err) {
  const struct people *people = run->scope.people;
  const struct pack_standard *what = run->out->found[of].what;
  int *index = arena_array(run->arena, int, people->count + 1), count = 0;
  day_t *born = arena_array(run->arena, day_t, people->count + 1);
  enum is_of *found = arena_array(run->arena, enum is_of, people->count + 1);
  for (int i = 0; i < people->count; i++) {
    const struct person *p = &people->all[i];
    if (p->born == DAY_NONE || !is_of_ages_in(p, what->ages, &run->days)) continue;
    index[count] = i;
    born[count++] = p->born;
  }
  run->is_of[of] = arena_array(run->arena, enum is_of, people->count + 1);
  enum status status = find_is_of(run->arena, run->q->rules, what, &run->days, born, count, found,
                                  err);
  for (int i = 0; status == DONE && i < count; i++) run->is_of[of][index[i]] = found[i];
  return status;
}

/* Each person of the ages, with those who belong with them: all families at once. */
static enum status check_rule(struct standards_run *run, struct standards_sums *sums, int of,
                              struct error *err) {
  static const enum standard_state states[] = {STANDARD_UNSAID, STANDARD_BROKEN, STANDARD_KEPT};
  const struct people *people = run->scope.people;
  const struct standards_request *q = run->q;
  const struct pack_standard *what = run->out->found[of].what;
  struct arena *arena = arena_new();
  bool *lives = arena_array(arena, bool, people->count + 1);
  enum yes_no *answers = arena_array(arena, enum yes_no, people->count + 1);
  int *part = arena_array(arena, int, people->count + 1);
  int64_t *place = arena_array(arena, int64_t, people->count + 1);
  for (int i = 0; i < people->count; i++) {
    const struct person *p = &people->all[i];
    const bool asked = !p->survivor && is_of_ages(p, what->ages, run->days.on);
    part[i] = asked ? part_of(run, p, &place[i]) : -1;
    lives[i] = part[i] >= 0;
  }
  const struct many_request request = {.store = q->store,
                                       .pack = q->pack,
                                       .rules = q->rules,
                                       .people = people,
                                       .places = run->scope.places,
                                       .on = run->days.on,
                                       .lives = lives,
                                       .threads = q->threads,
                                       .progress = q->progress};
  enum status status = assess_yes_no_many(arena, &request, what->rule, answers, err);
  for (int i = 0; status == DONE && i < people->count; i++) {
    const enum standard_state state = states[answers[i]];
    if (part[i] < 0) continue;
    count_one(sums, of, &people->all[i], part[i], state);
    if (state == STANDARD_BROKEN) add_breach(sums, of, &people->all[i], place[i], run->days.on);
  }
  arena_free(arena);
  return status;
}

static int by_standard_and_person(const void *a, const void *b) {
  const struct standard_breach *x = a, *y = b;
  if (x->of != y->of) return x->of - y->of;
  return (x->person > y->person) - (x->person < y->person);
}

static enum status begin(struct standards_run *run, struct error *err) {
  const struct standards_request *q = run->q;
  struct standards *out = run->out;
  struct scope *s = &run->scope;
  if (scope_read(s, err) != DONE) return err->code;
  out->code = s->places->all[s->place].code;
  out->name = s->places->all[s->place].name;
  out->part_count = s->part_count;
  out->parts = arena_array(run->arena, const struct place *, s->part_count + 1);
  for (int i = 0; i < s->part_count; i++) out->parts[i] = &s->places->all[s->parts[i]];
  out->found = arena_array(run->arena, struct standard_found, q->pack->standard_count + 1);
  for (int i = 0; i < q->pack->standard_count; i++) {
    if (q->only && q->only != &q->pack->standards[i]) continue;
    out->found[out->found_count++] = (struct standard_found){
        .what = &q->pack->standards[i],
        .parts = arena_array(run->arena, struct standard_sums, s->part_count + 1)};
  }
  run->is_of = arena_array(run->arena, enum is_of *, out->found_count + 1);
  count_homes(run);
  enum status status = DONE;
  for (int i = 0; status == DONE && i < out->found_count; i++)
    if (out->found[i].what->kind == STANDARD_USE) status = find_of(run, i, err);
  return status;
}

enum status standards_check(struct arena *arena, const struct standards_request *q,
                            struct standards *out, struct error *err) {
  static const struct population_reader reader = {begin_sums, take_person, end_sums};
  struct place_request place = {
      .code = q->place, .year = q->year, .threads = q->threads, .progress = q->progress};
  for (int i = 0; i < q->pack->standard_count; i++)
    if (q->pack->standards[i].to > place.days_before) place.days_before = q->pack->standards[i].to;
  struct standards_run run = {
      .arena = arena,
      .q = q,
      .out = out,
      .days = days_of(q->year, q->today),
      .scope = {.store = q->store, .arena = arena, .request = &place, .pack = q->pack}};
  char year[8];
  *out = (struct standards){.year = q->year, .on = run.days.on, .year_over = run.days.over};
  if (run.days.first > q->today)
    return refuse(err, STANDARD_YEAR_FUTURE, year_write(q->year, year));
  enum status status = begin(&run, err);
  if (status == DONE) status = population_read(&run.scope, &reader, &run, err);
  if (status != DONE) return status;
  struct standards_sums *sums = begin_sums(&run, &run.scope);
  for (int i = 0; status == DONE && i < out->found_count; i++)
    if (out->found[i].what->kind == STANDARD_BY_RULE) status = check_rule(&run, sums, i, err);
  end_sums(&run, sums);
  array_sort(out->breaches, out->breach_count, by_standard_and_person);
  return status;
}

/* ---- who answers ---- */

static int depth_of(const struct places *places, int place) {
  int depth = 0;
  for (int at = place; at != PLACE_NONE; at = places->all[at].parent) depth++;
  return depth;
}

enum status standard_body(struct store *store, struct arena *arena, const struct pack *pack,
                          const struct pack_standard *what, int64_t place, int64_t *body,
                          struct error *err) {
  struct bodies *bodies = NULL;
  struct places *places = NULL;
  int best = -1;
  *body = 0;
  enum status status = register_bodies(store, arena, &bodies, err);
  if (status == DONE) status = register_places(store, arena, &places, err);
  if (status != DONE) return status;
  const struct body *named = what->body ? bodies_by_code(bodies, span_of(what->body)) : NULL;
  if (what->body) {
    *body = named ? named->id : 0;
    return DONE;
  }
  const int home = places_by_id(places, place);
  for (int i = 0; i < bodies->count; i++) {
    const struct body *b = &bodies->all[i];
    const int at = b->place ? places_by_id(places, b->place) : PLACE_NONE;
    struct duties duties;
    bool given = pack_duty_is_of(what->duty, b->kind ? b->kind : "", b->code);
    if (at != PLACE_NONE && home != PLACE_NONE && !places_within(places, home, at)) continue;
    if (!given && duties_of(store, arena, pack, b->id, &duties, err) != DONE) return err->code;
    for (int k = 0; !given && k < duties.given_count; k++)
      given = strcmp(duties.given[k].word, what->duty->code) == 0;
    const int depth = at == PLACE_NONE ? 0 : depth_of(places, at);
    if (!given || depth <= best) continue;
    best = depth;
    *body = b->id;
  }
  return DONE;
}
