/* Units that seem entitled, beside who receives. */
#include "takeup/got.h"
#include "takeup/letters.h"
#include "takeup/parts.h"

#include "base/refusal.h"
#include <math.h>

/* ---- what is looked for ---- */

static const char *all_of_them(const struct pack *pack, struct arena *arena) {
  struct text t = {0};
  for (int i = 0; i < pack->take_up_count; i++)
    text_addf(&t, "%s%s", i ? ", " : "", pack->take_ups[i].what->variable);
  return text_take(arena, &t);
}

enum status takeup_want(const struct pack *pack, struct span word, const struct pack_take_up **out,
                        int *count, struct error *err) {
  const struct pack_entitlement *what = pack_find_entitlement(pack, word);
  const struct pack_take_up *own = what ? pack_find_take_up(pack, what) : NULL;
  bool found = false;
  for (int i = 0; i < pack->take_up_count; i++) {
    const struct pack_take_up *up = &pack->take_ups[i];
    if (up != own && !span_is(word, up->what->category->code)) continue;
    bool before = false;
    for (int k = 0; k < *count; k++) before |= out[k] == up;
    if (!before && *count < TAKEUP_WANTED_MOST) out[(*count)++] = up;
    found = true;
  }
  if (found) return DONE;
  if (what) return refuse_at(err, "benefits", TAKE_UP_NO_BASIS, what->name[ENGLISH]);
  struct arena *arena = arena_new();
  (void)refuse_at(err, "benefits", TAKE_UP_BENEFIT, SPAN(word), all_of_them(pack, arena));
  arena_free(arena);
  return REFUSED;
}

/* ---- amounts ---- */

int64_t takeup_pence_low(const struct pack_entitlement *what, double amount) {
  return (int64_t)floor(assess_a_year(what, amount) * 100 + 1e-6);
}

int64_t takeup_pence_high(const struct pack_entitlement *what, double amount) {
  const double pence = ceil(assess_a_year(what, amount) * 100 - 1e-6);
  return isinf(pence) || pence > 9e17 ? INT64_MAX : (int64_t)pence;
}

static void add_amount(int64_t *sum, int64_t pence) {
  if (*sum == INT64_MAX || pence == INT64_MAX || __builtin_add_overflow(*sum, pence, sum))
    *sum = INT64_MAX;
}

/* ---- one run ---- */

struct finder {
  struct arena *arena;
  const struct takeup_request *q;
  struct takeup *out;
  struct places *places;
  struct people *people;
  struct many many;
  struct received received;
  bool *lives;
  int *part_of; /* by index of a place: the part in which it is; part_count: in none */
  int row_room;
  int *unsaid;         /* of each of wanted: units of which the rules do not know it */
  int *barred;         /* likewise: to whom no public funds are open */
  int *missing;        /* of each row of tellable.csv: units of the benefit at hand */
  uint32_t *household; /* by party id of a household: a bit for each of wanted that is counted */
  int64_t *refuse;     /* records of whoever does not want to be looked for, sorted */
  int refuse_count;
  enum status status; /* of what is read of a unit */
  struct error error;
  bool unit_refuses; /* of the unit at hand: somebody would stand in the list, and does not */
};

static void add_part(struct finder *f, int place) {
  const struct place *p = &f->places->all[place];
  f->part_of[place] = f->out->part_count;
  f->out->parts[f->out->part_count++] =
      (struct takeup_part){.place = p->id, .code = p->code, .name = p->name};
}

/* The parts of the place at `at`, and in which of them each place is. */
static void take_parts(struct finder *f, int at) {
  const struct places *places = f->places;
  f->out->parts = arena_array(f->arena, struct takeup_part, places->count + 1);
  f->part_of = arena_array(f->arena, int, places->count + 1);
  for (int i = 0; i < places->count; i++) f->part_of[i] = -1;
  if (f->q->each_place) {
    for (int i = 0; i < places->count; i++)
      if (places_within(places, i, at)) add_part(f, i);
  } else {
    for (int child = places->all[at].first_child; child != PLACE_NONE;
         child = places->all[child].next_sibling)
      add_part(f, child);
  }
  for (int i = 0; i < places->count; i++) {
    int up = i;
    while (up != PLACE_NONE && f->part_of[up] < 0) up = places->all[up].parent;
    f->part_of[i] = up == PLACE_NONE ? f->out->part_count : f->part_of[up];
  }
}

static enum status read_place(struct finder *f, struct error *err) {
  const struct takeup_request *q = f->q;
  struct takeup *out = f->out;
  enum status status = register_places(q->store, f->arena, &f->places, err);
  if (status != DONE) return status;
  const int at = q->place ? places_by_code(f->places, span_of(q->place)) : f->places->own;
  if (at == PLACE_NONE && q->place) return refuse_at(err, "place", PLACE_UNKNOWN, q->place);
  if (at == PLACE_NONE) return refuse(err, PLACE_OF_BOOK_NONE);
  out->place = f->places->all[at].id;
  out->code = f->places->all[at].code;
  out->name = f->places->all[at].name;
  take_parts(f, at);
  return DONE;
}

/* Who is alive and lives there; where nobody knows where somebody lives, they live nowhere here. */
static void find_residents(struct finder *f) {
  const int own = places_by_id(f->places, f->out->place);
  f->lives = arena_array(f->arena, bool, f->people->count + 1);
  for (int i = 0; i < f->people->count; i++) {
    const struct person *p = &f->people->all[i];
    if (p->survivor || (p->died != DAY_NONE && p->died <= f->q->on) ||
        (p->born != DAY_NONE && p->born > f->q->on))
      continue;
    const int64_t place = person_place(p, f->people, f->q->on);
    const int at = place ? places_by_id(f->places, place) : PLACE_NONE;
    f->lives[i] = at != PLACE_NONE && places_within(f->places, at, own);
  }
}

/* An award runs, or a payment came since nothing was paid by what was told. */
static bool is_paid_to(const struct finder *f, int64_t id, int of, day_t none) {
  const struct received *r = &f->received;
  const day_t last = r->last[id * r->wanted_count + of];
  return r->award[id] & (uint32_t)1 << of ||
         (last != DAY_NONE && (none == DAY_NONE || last > none));
}

/* Since when nothing of it is paid to the unit, by what was told: read where it was told. */
static day_t none_since(struct finder *f, const struct many_unit *u, const struct many_answer *a) {
  const struct got_whose whose = {a->what, a->person, u->members, u->member_count, f->q->on};
  day_t none = DAY_NONE;
  if (!a->is_told_none || f->status != DONE) return none;
  struct arena *arena = arena_new();
  f->status = got_none_since(arena, f->q->store, f->q->pack, &whose, &none, &f->error);
  arena_free(arena);
  return none;
}

static bool is_of_unit(const struct many_unit *u, const struct person *p) {
  const int64_t id = p->survivor ? p->survivor : p->id;
  for (int i = 0; i < u->member_count; i++)
    if (u->members[i] == id) return true;
  return false;
}

static bool unit_receives(const struct finder *f, const struct many_unit *u,
                          const struct many_answer *a, int of, day_t none) {
  bool found = a->person && is_paid_to(f, a->person, of, none);
  for (int i = 0; !a->person && i < u->member_count; i++)
    found |= is_paid_to(f, u->members[i], of, none);
  return found;
}

static bool receives(struct finder *f, const struct many_unit *u, const struct many_answer *a,
                     int of, bool of_household) {
  if (a->is_in_payment) return true;
  bool found = unit_receives(f, u, a, of, DAY_NONE);
  if (found && a->is_told_none) found = unit_receives(f, u, a, of, none_since(f, u, a));
  if (found || a->person || !of_household || !u->household || u->owes_jointly) return found;
  for (int i = 0; !found && i < f->people->member_count[u->household]; i++) {
    const struct person *p = &f->people->all[f->people->member[u->household][i]];
    found = person_household(p, f->q->on) == u->household && !is_of_unit(u, p) &&
            is_paid_to(f, p->survivor ? p->survivor : p->id, of, DAY_NONE);
  }
  return found;
}

static bool is_of_household(const struct finder *f, const struct pack_entitlement *what) {
  const struct rule_variable *v = rules_variable(f->q->rules, span_of(what->variable));
  return v && v->entity->is_group && v->entity->within < 0;
}

/* A household's benefit counts once, and not for who only lives with others. Of one that helps to
 * pay a bill the answer says whose the bill is: who owes it counts, each with their part of it. */
static bool is_counted(struct finder *f, const struct many_unit *u, const struct many_answer *a,
                       int of, bool of_household) {
  const bool owes = of_household && a->what->helps_pay && a->low > 0;
  if (!of_household) return true;
  if (u->is_non_dependant && !owes) return false;
  if (!u->household || u->household > f->people->max_id) return true;
  const uint32_t bit = (uint32_t)1 << of;
  const bool first = !(f->household[u->household] & bit);
  f->household[u->household] |= bit;
  return first || owes;
}

static bool refuses(const struct finder *f, int64_t id) {
  const struct person *p = id ? people_find(f->people, id) : NULL;
  bool found = p && array_find(&p->id, f->refuse, f->refuse_count, int64_compare);
  for (int i = 0; p && !found && i < p->merged_count; i++)
    found = array_find(&p->merged[i], f->refuse, f->refuse_count, int64_compare) != NULL;
  return found;
}

static void add_row(struct finder *f, const struct many_unit *u, const struct many_answer *a,
                    int of, int64_t place) {
  struct takeup *out = f->out;
  arena_reserve(f->arena, out->rows, f->row_room, out->row_count + 1);
  out->rows[out->row_count++] = (struct takeup_row){.of = of,
                                                    .adult = u->adult,
                                                    .person = a->person,
                                                    .place = place,
                                                    .low = a->low,
                                                    .high = a->high,
                                                    .is_exact = a->is_exact,
                                                    .since = u->since,
                                                    .answer = a,
                                                    .unit = u};
}

/* One answer, into the sums of all and of a part. */
static void count(struct takeup_sums *s, const struct many_answer *a, bool paid) {
  const bool sure = a->low > 0;
  if (sure) s->entitled++;
  if (sure && paid) s->receiving++;
  if (!sure && !paid) s->maybe++;
  if (!sure || paid) return;
  s->missing++;
  s->exact += a->is_exact;
  add_amount(&s->missing_low, takeup_pence_low(a->what, a->low));
  add_amount(&s->missing_high, takeup_pence_high(a->what, a->high));
}

static void take_largest(struct takeup_benefit *b, int64_t pence) {
  if (pence > b->largest) {
    b->second = b->largest;
    b->largest = pence;
  } else if (pence > b->second) b->second = pence;
}

/* *place: where the adult lives. */
static int part_of(const struct finder *f, const struct many_unit *u, int64_t *place) {
  const struct person *adult = &f->people->all[f->people->by_id[u->adult]];
  *place = person_place(adult, f->people, f->q->on);
  const int at = places_by_id(f->places, *place);
  return at == PLACE_NONE ? f->out->part_count : f->part_of[at];
}

static void take_answer(struct finder *f, const struct many_unit *u, const struct many_answer *a,
                        int of) {
  struct takeup_benefit *b = &f->out->benefits[of];
  const bool of_household = is_of_household(f, a->what);
  if (a->is_barred) f->barred[of]++;
  if (a->is_barred || !is_counted(f, u, a, of, of_household)) return;
  int64_t place = 0;
  const int part = part_of(f, u, &place);
  const bool paid = receives(f, u, a, of, of_household);
  /* Where no payment is known, only of whom it was told is known to receive nothing; nor is it
   * where the answer itself asks what they receive. */
  const bool unknown = !paid && ((b->paid_to == DAY_NONE && !b->awards && !a->is_told_none) ||
                                 a->hangs_on_received);
  struct many_answer counted = *a;
  if (unknown) counted.low = 0;
  count(&b->all, &counted, paid);
  count(&b->parts[part], &counted, paid);
  if (!paid && counted.low > 0) {
    take_largest(b, takeup_pence_low(a->what, a->low));
    if (refuses(f, u->adult) || refuses(f, a->person)) f->unit_refuses = true;
    else add_row(f, u, a, of, place);
  }
  f->unsaid[of] += !paid && a->cannot;
  for (int i = 0; !paid && !(counted.low > 0) && i < f->q->pack->tellable_count; i++)
    f->missing[of * f->q->pack->tellable_count + i] += many_needs(a, i);
}

static int by_units(const void *a, const void *b) {
  const struct takeup_reason *x = a, *y = b;
  if (x->units != y->units) return x->units < y->units ? 1 : -1;
  return strcmp(x->variable, y->variable);
}

static void take_reasons(struct finder *f) {
  const struct pack *pack = f->q->pack;
  for (int k = 0; k < f->q->wanted_count; k++) {
    struct takeup_benefit *b = &f->out->benefits[k];
    b->reasons = arena_array(f->arena, struct takeup_reason, pack->tellable_count + 3);
    if (f->barred[k])
      b->reasons[b->reason_count++] = (struct takeup_reason){TAKEUP_BARRED, f->barred[k]};
    if (f->unsaid[k])
      b->reasons[b->reason_count++] = (struct takeup_reason){TAKEUP_OF_RULES, f->unsaid[k]};
    for (int i = 0; i < pack->tellable_count; i++) {
      const int units = f->missing[k * pack->tellable_count + i];
      if (units)
        b->reasons[b->reason_count++] = (struct takeup_reason){pack->tellables[i].variable, units};
    }
    array_sort(b->reasons, b->reason_count, by_units);
  }
}

static void count_open(struct finder *f, const struct many_unit *u) {
  enum { OPEN_MOST = 16 };
  struct takeup *out = f->out;
  if (!out->open) out->open = arena_array(f->arena, struct takeup_reason, OPEN_MOST);
  out->open_units += u->reason_count > 0;
  for (int i = 0; i < u->reason_count; i++) {
    int at = 0;
    while (at < out->open_count && strcmp(out->open[at].variable, u->reasons[i]) != 0) at++;
    if (at == OPEN_MOST) continue;
    if (at == out->open_count)
      out->open[out->open_count++] = (struct takeup_reason){u->reasons[i], 0};
    out->open[at].units++;
  }
}

static void take_units(struct finder *f) {
  const struct takeup_request *q = f->q;
  f->out->units = f->many.unit_count;
  f->out->people = f->many.people_count;
  f->missing = arena_array(f->arena, int, q->wanted_count * q->pack->tellable_count + 1);
  f->unsaid = arena_array(f->arena, int, q->wanted_count + 1);
  f->barred = arena_array(f->arena, int, q->wanted_count + 1);
  f->household = arena_array(f->arena, uint32_t, f->people->max_id + 1);
  for (int i = 0; i < f->many.unit_count; i++) {
    const struct many_unit *u = &f->many.units[i];
    int64_t place = 0;
    const int part = part_of(f, u, &place);
    if (part < f->out->part_count) {
      f->out->parts[part].units++;
      f->out->parts[part].open += u->reason_count > 0;
    }
    count_open(f, u);
    for (int k = 0; k < u->answer_count; k++)
      for (int of = 0; of < q->wanted_count; of++)
        if (q->wanted[of]->what == u->answers[k].what) take_answer(f, u, &u->answers[k], of);
    f->out->objected += f->unit_refuses;
    f->unit_refuses = false;
  }
  array_sort(f->out->open, f->out->open_count, by_units);
  take_reasons(f);
}

static enum status assess_all(struct finder *f, struct error *err) {
  const struct takeup_request *q = f->q;
  bool *wanted = arena_array(f->arena, bool, q->pack->entitlement_count + 1);
  for (int k = 0; k < q->wanted_count; k++)
    wanted[q->wanted[k]->what - q->pack->entitlements] = true;
  const struct many_request request = {.store = q->store,
                                       .pack = q->pack,
                                       .rules = q->rules,
                                       .people = f->people,
                                       .places = f->places,
                                       .on = q->on,
                                       .lives = f->lives,
                                       .wanted = wanted,
                                       .threads = q->threads,
                                       .progress = q->progress,
                                       .watch = q->watch};
  return assess_many(f->arena, &request, &f->many, err);
}

enum status takeup_find(struct arena *arena, const struct takeup_request *request,
                        struct takeup *out, struct error *err) {
  struct finder f = {.arena = arena, .q = request, .out = out};
  char day[11];
  *out = (struct takeup){.on = request->on, .benefit_count = request->wanted_count};
  if (request->on > day_today())
    return refuse_at(err, "on", TAKE_UP_DAY, day_write(request->on, day));
  enum status status = read_place(&f, err);
  if (status != DONE) return status;
  out->benefits = arena_array(arena, struct takeup_benefit, request->wanted_count + 1);
  for (int k = 0; k < request->wanted_count; k++) {
    out->benefits[k].what = request->wanted[k];
    out->benefits[k].parts = arena_array(arena, struct takeup_sums, out->part_count + 1);
  }
  status = register_people(request->store, arena, &f.people, err);
  if (status == DONE)
    status = takeup_chosen(request->store, arena, false, &f.refuse, &f.refuse_count, err);
  if (status != DONE) return status;
  out->register_people = f.people;
  find_residents(&f);
  status = takeup_received(arena, request, f.people, out->benefits, &f.received, err);
  if (status == DONE) status = assess_all(&f, err);
  if (status != DONE) return status;
  take_units(&f);
  if (f.status != DONE) *err = f.error;
  return f.status;
}
