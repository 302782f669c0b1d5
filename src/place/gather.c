/* Every citizen's lines of the year, summed for one place.
 *
 * People are taken in order of id, so that their accounts, and the lines under them, come in the ledger's own order; a block at a time, each thread with a
 * connection and a tally of its own. A person's lines are looked at together: so a reversal finds what it undoes, people are counted once a row, and
 * time is valued a person and a category at a time, as statements do.
 */
#include "place/gather.h"

#include "base/money.h"
#include "base/limits.h"
#include "base/worker.h"

#include <pthread.h>

enum { BLOCK_PEOPLE = 500, GIVEN_MAX = 64 };

struct crowd {
  struct scope *scope;
  struct tally *out;
  int *order; int64_t count; /* indexes of people who are their own keep, in order of id */
  pthread_mutex_t lock;
  struct progress progress;
  int64_t next, done;
  enum status status;
  struct error err;
};

struct want { int64_t account; int slot; };
struct where { int64_t place; int part; }; /* of a line */

struct lane {
  struct crowd *crowd;
  struct scope *scope;
  struct store *store;
  struct tally tally;
  day_t first, last;
  struct want *wants; size_t want_count, want_capacity;
  int64_t *ids; size_t id_capacity;
  struct held_lines held;
  struct held **lines; size_t line_capacity;
  struct where *where; size_t where_capacity;
  size_t *begin;             /* BLOCK_PEOPLE + 2 */
  bool nobody;               /* the line at hand is what erasure left */
  int64_t serial;            /* of the person at hand: stamps below say whom they were last set for */
  int64_t *row_stamp, *part_stamp;
  struct { int category; int64_t minutes; int part; } given[GIVEN_MAX]; int given_count;
};

/* ---- tallies ---- */

static void tally_new(const struct scope *s, struct tally *t) {
  *t = (struct tally){0};
  t->rows = memory_zeroed((size_t)s->row_count, sizeof *t->rows);
  t->parts = memory_zeroed((size_t)s->part_count + 1, sizeof *t->parts);
  t->carried = memory_zeroed((size_t)s->bodies->count + 1, sizeof *t->carried);
  t->costs = memory_zeroed((size_t)s->codes->service_count + 1, sizeof *t->costs);
  t->given = memory_zeroed((size_t)s->chart->max + 1, sizeof *t->given);
}

static void tally_release(struct tally *t) {
  free(t->rows);
  free(t->parts);
  free(t->carried);
  free(t->costs);
  free(t->given);
}

static bool add_row(struct tally_row *to, const struct tally_row *more) {
  to->people += more->people;
  to->lines += more->lines;
  to->unvalued += more->unvalued;
  to->estimated |= more->estimated;
  const struct figures *m = &more->totals;
  struct figures *t = &to->totals;
  return money_add(t->paid, m->paid, &t->paid) && money_add(t->employer, m->employer, &t->employer) && money_add(t->cash, m->cash, &t->cash) &&
         money_add(t->services, m->services, &t->services) && money_add(t->minutes, m->minutes, &t->minutes) && money_add(to->given_value, more->given_value, &to->given_value);
}

static void tally_add(const struct scope *s, struct tally *to, const struct tally *more) {
  bool fits = !more->overflow && add_row(&to->total, &more->total);
  for (int i = 0; i < s->row_count; i++) fits &= add_row(&to->rows[i], &more->rows[i]);
  for (int i = 0; i <= s->part_count; i++) fits &= add_row(&to->parts[i], &more->parts[i]);
  for (int i = 0; i < s->bodies->count; i++) fits &= money_add(to->carried[i], more->carried[i], &to->carried[i]);
  for (int i = 0; i < s->codes->service_count; i++)
    for (int k = 0; k < COST_YEARS / 64; k++) to->costs[i][k] |= more->costs[i][k];
  for (int64_t id = 1; id <= s->chart->max; id++) to->given[id] |= more->given[id];
  to->residents += more->residents;
  to->elsewhere += more->elsewhere;
  to->overflow |= !fits;
}

/* ---- who lived there ---- */

/* The part of a place id; -1: outside. A place that is not known is taken as of the book's own place. */
static int part_of_place(const struct scope *s, int64_t id) {
  int index = id ? places_by_id(s->places, id) : PLACE_NONE;
  if (index == PLACE_NONE) return s->own ? s->part_count : -1;
  return s->part_of[index];
}

static void live_in(struct lane *l, int64_t place, bool *known, bool *resident) {
  struct scope *s = l->scope;
  int index = place ? places_by_id(s->places, place) : PLACE_NONE;
  if (index == PLACE_NONE) return;
  *known = true;
  int part = s->part_of[index];
  if (part < 0 || (part == s->part_count && !places_within(s->places, index, s->place))) return;
  *resident = true;
  if (l->part_stamp[part] == l->serial) return;
  l->part_stamp[part] = l->serial;
  l->tally.parts[part].people++;
}

static day_t later(day_t a, day_t b) { return a > b ? a : b; }
static day_t earlier(day_t a, day_t b) { return a < b ? a : b; }

/* Counts the person once for the place, and once for each part of it that they lived in on any day of the year. */
static void count_resident(struct lane *l, const struct person *person) {
  const struct people *people = l->scope->people;
  day_t first = later(l->first, person->born), last = person->died == DAY_NONE ? l->last : earlier(l->last, person->died);
  bool known = false, resident = false;
  if (last < first) return;
  for (int i = 0; i < person->stay_count; i++) {
    const struct stay *stay = &person->stays[i];
    day_t from = later(first, stay->from), to = i + 1 < person->stay_count ? earlier(last, person->stays[i + 1].from - 1) : last;
    if (to < from) continue;
    if (stay->place) live_in(l, stay->place, &known, &resident);
    else if (stay->household) {
      const struct stay *homes = people->household_stays[stay->household];
      int count = people->household_stay_count[stay->household];
      for (int k = 0; k < count; k++) {
        day_t begin = later(from, homes[k].from), end = k + 1 < count ? earlier(to, homes[k + 1].from - 1) : to;
        if (begin <= end) live_in(l, homes[k].place, &known, &resident);
      }
    }
  }
  if (!known && l->scope->own) {
    resident = true;
    l->tally.parts[l->scope->part_count].people++;
  }
  l->tally.residents += resident;
}

/* ---- one person's lines ---- */

static void note_given(struct lane *l, const struct held *line, int part) {
  l->tally.given[line->category] = true;
  for (int i = 0; i < l->given_count; i++)
    if (l->given[i].category == line->category && l->given[i].part == part) {
      l->tally.overflow |= !money_add(l->given[i].minutes, -line->amount, &l->given[i].minutes);
      return;
    }
  if (l->given_count == GIVEN_MAX) {
    l->tally.overflow = true;
    return;
  }
  l->given[l->given_count].category = line->category;
  l->given[l->given_count].part = part;
  l->given[l->given_count++].minutes = -line->amount;
}

/* A category at a time, half up to the penny. The total and the row value the person's whole time in the place, as the statement does; a part values what was
 * given there, so the parts' pennies may differ from it. */
static void value_given(struct lane *l) {
  struct scope *s = l->scope;
  for (int i = 0; i < l->given_count; i++) {
    bool stale = false;
    int64_t value = 0, minutes = 0;
    const struct book_rate *rate = codes_rate(s->codes, l->given[i].category, s->request->year, &stale);
    if (!rate) continue;
    l->tally.overflow |= !money_scale(l->given[i].minutes, rate->pence_an_hour, 60, &value);
    l->tally.parts[l->given[i].part].given_value += value;
    bool counted = false;
    for (int k = 0; k < i && !counted; k++) counted = l->given[k].category == l->given[i].category;
    if (counted) continue;
    for (int k = i; k < l->given_count; k++)
      if (l->given[k].category == l->given[i].category) minutes += l->given[k].minutes;
    l->tally.overflow |= !money_scale(minutes, rate->pence_an_hour, 60, &value);
    l->tally.total.given_value += value;
    if (s->request->by != BY_BODY) l->tally.rows[scope_row(s, l->given[i].category, 0)].given_value += value;
  }
  l->given_count = 0;
}

static void note_service(struct lane *l, struct tally_row *row, const struct held *line) {
  if (line->service <= 0 || line->service > l->scope->codes->service_count) return;
  int year = line->cost_year - COST_YEAR_FIRST;
  bool unvalued = line->has_quantity && !line->cost_year;
  row->unvalued += unvalued;
  l->tally.total.unvalued += unvalued;
  if (line->cost_year && year >= 0 && year < COST_YEARS) l->tally.costs[line->service - 1][year / 64] |= UINT64_C(1) << (year % 64);
}

static void add_line(struct lane *l, const struct held *line, int64_t place, int part) {
  struct scope *s = l->scope;
  const struct pack_category *category = chart_category(s->chart, line->category);
  int index = scope_row(s, line->category, line->body);
  struct tally *t = &l->tally;
  struct tally_row *row = &t->rows[index];
  bool fits = figures_add(&t->total.totals, category, line->amount) && figures_add(&row->totals, category, line->amount) && figures_add(&t->parts[part].totals, category, line->amount);
  if (category->shown == SHOWN_GIVEN) note_given(l, line, part);
  if (part == s->part_count && s->own) {
    int at = place ? places_by_id(s->places, place) : PLACE_NONE;
    t->elsewhere += at == PLACE_NONE || !places_within(s->places, at, s->place);
  }
  if (category->shown == SHOWN_CASH || category->shown == SHOWN_SERVICES) {
    int body = body_index(s, line->body);
    if (body >= 0) fits &= money_add(t->carried[body], line->amount, &t->carried[body]);
  }
  t->overflow |= !fits;
  if (line->cancelled) return; /* it counts for nothing beside its sum, which its reversal takes back */
  row->lines++;
  row->estimated |= line->estimated;
  note_service(l, row, line);
  if (l->nobody || l->row_stamp[index] == l->serial) return;
  l->row_stamp[index] = l->serial;
  row->people++;
}

/* Only what lies in the place is looked at: a reversal of a day on which its person lived elsewhere undoes nothing here. */
static void add_person(struct lane *l, const struct person *person, struct held **lines, size_t count) {
  struct scope *s = l->scope;
  size_t kept = 0;
  array_reserve(l->where, l->where_capacity, count);
  l->serial++;
  count_resident(l, person);
  for (size_t i = 0; i < count; i++) {
    struct held *line = lines[i];
    const struct pack_category *category = chart_category(s->chart, line->category);
    if (!category || category->shown == SHOWN_NONE) continue;
    int64_t place = line->place ? line->place : person_place(person, s->people, line->day);
    int part = part_of_place(s, place);
    if (part < 0) continue;
    lines[kept] = line;
    l->where[kept++] = (struct where){place, part};
  }
  figures_cancel(lines, kept);
  for (size_t i = 0; i < kept; i++) add_line(l, lines[i], l->where[i].place, l->where[i].part);
  value_given(l);
}

/* ---- one block ---- */

static void want_accounts(struct lane *l, int64_t owner, int slot) {
  const struct scope *s = l->scope;
  for (int i = s->account_first[owner]; i < s->account_first[owner + 1]; i++) {
    const struct account *a = &s->accounts[i];
    if (strcmp(a->role, "social") != 0 && strcmp(a->role, "time") != 0) continue;
    array_reserve(l->wants, l->want_capacity, l->want_count + 1);
    l->wants[l->want_count++] = (struct want){a->id, slot};
  }
}

static int compare_wants(const void *a, const void *b) {
  const struct want *x = a, *y = b;
  return (x->account > y->account) - (x->account < y->account);
}

/* Lines by person: counted, then placed. */
static void deal_lines(struct lane *l, int slots) {
  memset(l->begin, 0, sizeof *l->begin * (size_t)(slots + 2));
  array_reserve(l->lines, l->line_capacity, l->held.count + 1);
  for (size_t i = 0; i < l->want_count; i++) l->begin[l->wants[i].slot + 1] += l->held.first[i + 1] - l->held.first[i];
  for (int i = 0; i < slots; i++) l->begin[i + 1] += l->begin[i];
  for (size_t i = 0; i < l->want_count; i++)
    for (size_t k = l->held.first[i]; k < l->held.first[i + 1]; k++) l->lines[l->begin[l->wants[i].slot]++] = &l->held.all[k];
  for (int i = slots; i > 0; i--) l->begin[i] = l->begin[i - 1];
  l->begin[0] = 0;
}

static enum status do_block(struct lane *l, int64_t first, int count, struct error *err) {
  const struct people *people = l->scope->people;
  const int *order = l->crowd->order + first;
  l->want_count = 0;
  for (int i = 0; i < count; i++) {
    const struct person *person = &people->all[order[i]];
    want_accounts(l, person->id, i);
    for (int k = 0; k < person->gone_count; k++) want_accounts(l, person->gone[k], i);
  }
  bool sorted = true;
  array_reserve(l->ids, l->id_capacity, l->want_count + 1);
  for (size_t i = 1; i < l->want_count && sorted; i++) sorted = l->wants[i - 1].account < l->wants[i].account;
  if (!sorted) qsort(l->wants, l->want_count, sizeof *l->wants, compare_wants);
  for (size_t i = 0; i < l->want_count; i++) l->ids[i] = l->wants[i].account;
  enum status status = figures_hold(&l->held, l->store, &l->scope->reading, l->ids, l->want_count, l->first, l->last, err);
  if (status != DONE) return status;
  deal_lines(l, count);
  for (int i = 0; i < count; i++) add_person(l, &people->all[order[i]], l->lines + l->begin[i], l->begin[i + 1] - l->begin[i]);
  return DONE;
}

/* What erasure left of lines that can no longer be tied to anyone: sums in the book's `erased` accounts, each with its place. They count beside the others,
 * but nobody is counted with them, and time is valued a sum at a time. */
static enum status add_erased(struct lane *l, struct error *err) {
  struct scope *s = l->scope;
  struct account *accounts = NULL;
  int count = 0;
  enum status status = book_accounts_all(l->store, s->arena, OWNER_BOOK, &accounts, &count, err);
  l->want_count = 0;
  for (int i = 0; status == DONE && i < count; i++) {
    if (strcmp(accounts[i].role, "erased") != 0) continue;
    array_reserve(l->wants, l->want_capacity, l->want_count + 1);
    l->wants[l->want_count++] = (struct want){accounts[i].id, 0};
  }
  if (status != DONE || !l->want_count) return status;
  qsort(l->wants, l->want_count, sizeof *l->wants, compare_wants);
  array_reserve(l->ids, l->id_capacity, l->want_count);
  for (size_t i = 0; i < l->want_count; i++) l->ids[i] = l->wants[i].account;
  status = figures_hold(&l->held, l->store, &s->reading, l->ids, l->want_count, l->first, l->last, err);
  l->nobody = true;
  for (size_t i = 0; status == DONE && i < l->held.count; i++) {
    const struct held *line = &l->held.all[i];
    const struct pack_category *category = chart_category(s->chart, line->category);
    int part = part_of_place(s, line->place);
    if (!category || category->shown == SHOWN_NONE || part < 0) continue;
    add_line(l, line, line->place, part);
    value_given(l);
  }
  l->nobody = false;
  return status;
}

static int64_t take_block(struct crowd *c, int64_t before) {
  pthread_mutex_lock(&c->lock);
  c->done += before;
  progress_update(&c->progress, (uint64_t)c->done, (uint64_t)c->done);
  int64_t first = c->status == DONE && c->next < c->count ? c->next : -1;
  if (first >= 0) c->next += BLOCK_PEOPLE;
  pthread_mutex_unlock(&c->lock);
  return first;
}

static void work(void *context, int number) {
  struct crowd *c = context;
  struct scope *s = c->scope;
  struct error err = {0};
  struct lane l = {.crowd = c, .scope = s, .first = year_first_day(YEAR_TAX, s->request->year), .last = year_last_day(YEAR_TAX, s->request->year)};
  tally_new(s, &l.tally);
  l.begin = memory_zeroed(BLOCK_PEOPLE + 2, sizeof *l.begin);
  l.row_stamp = memory_zeroed((size_t)s->row_count + 1, sizeof *l.row_stamp);
  l.part_stamp = memory_zeroed((size_t)s->part_count + 1, sizeof *l.part_stamp);
  enum status status = store_again(&l.store, s->store, STORE_READ, &err);
  int count = 0;
  for (int64_t first; status == DONE && (first = take_block(c, count)) >= 0;) {
    count = c->count - first < BLOCK_PEOPLE ? (int)(c->count - first) : BLOCK_PEOPLE;
    status = do_block(&l, first, count, &err);
  }
  if (status == DONE && number == 0) status = add_erased(&l, &err);
  pthread_mutex_lock(&c->lock);
  tally_add(s, c->out, &l.tally);
  if (status != DONE && c->status == DONE) {
    c->status = status;
    c->err = err;
  }
  pthread_mutex_unlock(&c->lock);
  store_close(l.store);
  tally_release(&l.tally);
  figures_release(&l.held);
  free(l.wants);
  free(l.ids);
  free(l.lines);
  free(l.where);
  free(l.begin);
  free(l.row_stamp);
  free(l.part_stamp);
}

enum status gather_citizens(struct scope *s, struct tally *out, struct error *err) {
  struct crowd crowd = {.scope = s, .out = out};
  tally_new(s, out); /* copied into the arena below, so that the caller frees nothing */
  crowd.order = memory_zeroed((size_t)s->people->count + 1, sizeof *crowd.order);
  for (int64_t id = 1; id <= s->people->max_id; id++) {
    int index = s->people->by_id[id];
    if (index >= 0 && !s->people->all[index].keep) crowd.order[crowd.count++] = index;
  }
  pthread_mutex_init(&crowd.lock, NULL);
  int threads = s->request->threads > 0 ? s->request->threads : workers_count();
  progress_begin(&crowd.progress, s->request->progress, "summing", (uint64_t)crowd.count);
  workers_run(threads < LIMIT_THREADS ? threads : LIMIT_THREADS, work, &crowd);
  progress_end(&crowd.progress);
  pthread_mutex_destroy(&crowd.lock);
  free(crowd.order);
  struct tally mine = *out;
  out->rows = arena_array(s->arena, struct tally_row, s->row_count);
  out->parts = arena_array(s->arena, struct tally_row, s->part_count + 1);
  out->carried = arena_array(s->arena, int64_t, s->bodies->count + 1);
  out->costs = arena_alloc(s->arena, sizeof *out->costs * ((size_t)s->codes->service_count + 1));
  memcpy(out->rows, mine.rows, sizeof *out->rows * (size_t)s->row_count);
  memcpy(out->parts, mine.parts, sizeof *out->parts * ((size_t)s->part_count + 1));
  memcpy(out->carried, mine.carried, sizeof *out->carried * ((size_t)s->bodies->count + 1));
  memcpy(out->costs, mine.costs, sizeof *out->costs * ((size_t)s->codes->service_count + 1));
  out->given = arena_array(s->arena, bool, s->chart->max + 1);
  memcpy(out->given, mine.given, sizeof *out->given * (size_t)(s->chart->max + 1));
  tally_release(&mine);
  if (crowd.status != DONE) {
    if (err) *err = crowd.err;
    return crowd.status;
  }
  return out->overflow ? figures_overflow(err) : DONE;
}
