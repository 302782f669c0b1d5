#include "assess/many.h"

#include "assess/claiming.h"
#include "assess/told.h"
#include "base/money.h"
#include "base/refusal.h"
#include "base/worker.h"
#include "rules/range_kept.h"
#include <math.h>
#include <stdatomic.h>

enum {
  ADULT_YEARS = 16,
  YOUNG_YEARS = 20,
  BATCH_UNITS = 48, /* of many_request.at_once */
  SINCE_DAYS_MOST = 365
};

struct one_unit {
  int64_t *others; /* non-dependants */
  int other_count;
  bool confirmed_partner;
  int64_t partner;            /* confirmed; 0: none */
  bool is_named, shares_home; /* benefit_unit.h */
  int64_t *owing;
  int owing_count;
  uint32_t kind; /* units of a kind are worked out together: their plans have fewer steps */
};

struct many_reader {
  struct arena *arena;
  const struct many_request *q;
  struct told *told;
  struct many *out;
  int room;
  struct one_unit *more; /* of each unit */
  int *order;            /* units with answers, by kind */
  int order_count;
  int at_once;             /* units of a batch */
  struct range_kept *kept; /* the plan of all batches; null: each home has its own */
  /* workers */
  atomic_int next;
  atomic_bool failed;
  atomic_flag locked;
  struct error *err;    /* of the first that failed */
  struct arena **found; /* of each worker */
};

/* ---- units ---- */

static bool is_adult(const struct person *p, day_t on) {
  return p->born == DAY_NONE || day_is_of_age(p->born, ADULT_YEARS, on);
}

/* What is not known of who belongs together; what the rules read is a range instead. */
static void take_reasons(struct many_reader *r, const struct benefit_unit *unit,
                         struct many_unit *out) {
  const char **reasons = NULL;
  int room = 0;
  for (int i = 0; i < unit->question_count; i++) {
    const struct pack_tellable *what = pack_find_tellable(r->q->pack,
                                                          span_of(unit->questions[i].variable));
    bool before = what && what->rule;
    for (int k = 0; k < out->reason_count; k++)
      before |= strcmp(reasons[k], unit->questions[i].variable) == 0;
    if (before) continue;
    arena_reserve(r->arena, reasons, room, out->reason_count + 1);
    reasons[out->reason_count++] = what ? what->variable : unit->questions[i].variable;
  }
  out->reasons = reasons;
}

static day_t later_of(day_t a, day_t b) {
  return b != DAY_NONE && (a == DAY_NONE || b > a) ? b : a;
}

static day_t since_when(const struct many_reader *r, const struct many_unit *u) {
  day_t since = later_of(r->q->on - SINCE_DAYS_MOST, DAY_NONE);
  for (int i = 0; i < u->member_count; i++) since = later_of(since, r->told->since[u->members[i]]);
  if (u->household && u->household <= r->told->max_id)
    since = later_of(since, r->told->since[u->household]);
  return since;
}

/* Pensioners, couples, children and others who live with them: what the largest formulas ask. */
static uint32_t kind_of(const struct many_reader *r, const struct many_unit *u,
                        const struct one_unit *more) {
  enum { OLD_YEARS = 66, NOT_BEYOND = 7 };
  uint32_t kind = 0;
  int adults = 0, children = 0;
  for (int i = 0; i < u->member_count; i++) {
    const struct person *p = people_find(r->q->people, u->members[i]);
    if (!p || !is_adult(p, r->q->on)) children++;
    else {
      adults++;
      if (p->born != DAY_NONE && day_is_of_age(p->born, OLD_YEARS, r->q->on)) kind += 256;
    }
  }
  kind += (uint32_t)(adults << 12);
  kind += (uint32_t)((children < NOT_BEYOND ? children : NOT_BEYOND) << 4);
  return kind + (uint32_t)(more->other_count < NOT_BEYOND ? more->other_count : NOT_BEYOND);
}

static void add_unit(struct many_reader *r, const struct benefit_unit *unit) {
  struct many *out = r->out;
  int room = r->room;
  arena_reserve(r->arena, out->units, room, out->unit_count + 1);
  arena_reserve(r->arena, r->more, r->room, out->unit_count + 1);
  struct many_unit *u = &out->units[out->unit_count];
  struct one_unit *more = &r->more[out->unit_count++];
  int64_t *members = arena_array(r->arena, int64_t, unit->member_count + 1);
  *u = (struct many_unit){.adult = unit->person,
                          .household = unit->household,
                          .members = members,
                          .owes_jointly = unit->owing_count > 0};
  *more = (struct one_unit){.others = unit->non_dependants,
                            .other_count = unit->non_dependant_count,
                            .is_named = unit->is_named,
                            .shares_home = unit->shares_home,
                            .owing = unit->owing,
                            .owing_count = unit->owing_count};
  for (int i = 0; i < unit->member_count; i++) {
    const struct person *p = people_find(r->q->people, unit->members[i].person);
    if (!p) continue;
    members[u->member_count++] = p->id;
    if (unit->members[i].role != UNIT_PARTNER) continue;
    more->confirmed_partner = unit->members[i].confirmed;
    if (more->confirmed_partner) more->partner = p->id;
  }
  take_reasons(r, unit, u);
  u->since = since_when(r, u);
  more->kind = kind_of(r, u, more);
}

/* Whoever stands in the unit of somebody else has none of their own: a child, and of a couple the
 * one with the higher id. */
static void drop_covered(struct many_reader *r) {
  struct many *out = r->out;
  const int64_t max = r->q->people->max_id;
  char *covered = memory_zeroed((size_t)max + 1, 1);
  char *lodges = memory_zeroed((size_t)max + 1, 1);
  int kept = 0;
  for (int i = 0; i < out->unit_count; i++) {
    const struct many_unit *u = &out->units[i];
    for (int m = 1; m < u->member_count; m++) {
      const struct person *p = people_find(r->q->people, u->members[m]);
      const bool child = m > 1 || !r->more[i].confirmed_partner;
      const bool young = p && p->born != DAY_NONE && !day_is_of_age(p->born, YOUNG_YEARS, r->q->on);
      if ((!child && u->members[m] > u->adult) || (child && young)) covered[u->members[m]] = 1;
    }
    for (int k = 0; k < r->more[i].other_count; k++)
      if (r->more[i].others[k] <= max) lodges[r->more[i].others[k]] = 1;
  }
  for (int i = 0; i < out->unit_count; i++) {
    if (covered[out->units[i].adult]) continue;
    out->units[kept] = out->units[i];
    out->units[kept].is_non_dependant = lodges[out->units[i].adult];
    r->more[kept++] = r->more[i];
  }
  out->unit_count = kept;
  free(covered);
  free(lodges);
}

static enum status read_units(struct many_reader *r, struct error *err) {
  const struct many_request *q = r->q;
  const struct unit_source source = told_source(r->told);
  enum status status = DONE;
  for (int64_t id = 1; status == DONE && id <= q->people->max_id; id++) {
    const int at = q->people->by_id[id];
    if (at < 0 || !q->lives[at]) continue;
    const struct person *p = &q->people->all[at];
    struct benefit_unit unit;
    r->out->people_count++;
    if (!is_adult(p, q->on)) continue;
    status = unit_from(&source, r->arena, p->id, q->on, &unit, err);
    if (status == DONE) status = unit_housemates(&source, r->arena, q->on, &unit, err);
    if (status == DONE) add_unit(r, &unit);
  }
  drop_covered(r);
  return status;
}

/* ---- batches ---- */

struct many_worker {
  struct many_reader *r;
  struct arena *arena; /* of the batch */
  struct arena *kept;
  struct assess_request request;
  int wanted_count;
  const struct pack_entitlement **what; /* of each wanted */
  struct range_wanted *wanted;
  struct home_told *told;  /* a row of tellable.csv each, of the members of one home */
  struct range_lane *lane; /* null: the plan is not kept */
};

/* One of the homes of a batch: its rows, and up to where its gaps go. */
struct placed {
  struct many_unit *unit;
  struct home home;
  int gap_from, gap_after;
};

static void add_member(struct many_worker *w, struct home *home, int64_t id, bool is_adult) {
  const struct person *p = people_find(w->r->q->people, id);
  if (!p) return;
  struct home_told *told = arena_array(w->arena, struct home_told,
                                       w->r->q->pack->tellable_count + 1);
  told_fill(w->r->told, p->id, told);
  const int64_t household = person_household(p, w->r->q->on);
  if (household) told_fill(w->r->told, household, told);
  /* of a home it would be of whichever unit told it */
  for (int t = 0; t < w->r->q->pack->tellable_count; t++)
    if (w->r->q->pack->tellables[t].of_unit && told[t].party != p->id)
      told[t] = (struct home_told){0};
  home->members[home->count++] =
      (struct home_member){.person = *p, .is_adult = is_adult, .told = told};
}

/* Where the adult lives, and the places above, as home_places has them. */
static void take_places(struct many_worker *w, const struct person *adult, struct home *home) {
  enum { DEPTH_MOST = 64 };
  const struct many_request *q = w->r->q;
  int at = places_by_id(q->places, person_place(adult, q->people, q->on));
  home->places = arena_array(w->arena, struct place, DEPTH_MOST);
  for (; at != PLACE_NONE && home->place_count < DEPTH_MOST; at = q->places->all[at].parent)
    home->places[home->place_count++] = q->places->all[at];
}

static void place_home(struct many_worker *w, int which, struct placed *out,
                       int rows[RULE_ENTITIES_MOST]) {
  struct many_unit *u = &w->r->out->units[which];
  const struct one_unit *more = &w->r->more[which];
  int own[RULE_ENTITIES_MOST] = {0};
  *out = (struct placed){.unit = u};
  struct home *home = &out->home;
  *home = (struct home){.arena = w->arena,
                        .request = &w->request,
                        .is_named = more->is_named,
                        .shares_home = more->shares_home,
                        .owing = more->owing,
                        .owing_count = more->owing_count};
  home->members = arena_array(w->arena, struct home_member,
                              u->member_count + more->other_count + 1);
  for (int i = 0; i < u->member_count; i++) {
    const int before = home->count;
    add_member(w, home, u->members[i], !i || u->members[i] == more->partner);
    home->has_partner |= u->members[i] == more->partner && home->count > before;
  }
  home->unit_count = home->count;
  for (int i = 0; i < more->other_count; i++) add_member(w, home, more->others[i], false);
  take_places(w, &home->members[0].person, home);
  home_count_rows(home, own);
  for (int e = 0; e < w->r->q->rules->entity_count; e++) {
    home->first[e] = rows[e];
    rows[e] += own[e];
  }
}

/* Gaps of all homes stand behind one another. */
static enum status fill_homes(struct many_worker *w, struct placed *homes, int count,
                              struct rule_population *pop, struct home *last, struct error *err) {
  double **columns = arena_array(w->arena, double *, w->r->q->pack->tellable_count + 1);
  enum status status = DONE;
  for (int i = 0; status == DONE && i < count; i++) {
    struct home *home = &homes[i].home;
    home->pop = pop;
    home->columns = columns;
    home->gap_count = homes[i].gap_from = last->gap_count;
    home->gap_room = last->gap_room;
    home->gaps = last->gaps;
    home->unknowns = last->unknowns;
    home_take_rows(home);
    status = home_fill(home, err);
    homes[i].gap_after = home->gap_count;
    *last = *home;
  }
  return status;
}

static const bool *const *rows_told(struct many_worker *w, const struct placed *homes, int count,
                                    const int *rows) {
  const bool **needs_of = arena_array(w->arena, const bool *, w->wanted_count + 1);
  for (int k = 0; k < w->wanted_count; k++) {
    const struct rule_entity *entity = w->wanted[k].variable->entity;
    bool *of = arena_array(w->arena, bool, rows[entity->index] + 1);
    for (int i = 0; i < count; i++) {
      const struct home *home = &homes[i].home;
      const int most = entity->is_group ? 1 : home->unit_count;
      for (int row = 0; row < most; row++)
        of[home->first[entity->index] + row] = home_has_answer(home, entity, row, w->what[k]);
    }
    needs_of[k] = of;
  }
  return needs_of;
}

static void take_needs(const struct many_worker *w, const struct placed *home,
                       const struct home *last, const struct range_answer *a,
                       struct many_answer *out) {
  for (int i = 0; i < a->need_count; i++) {
    const int need = a->needs[i];
    if (need < home->gap_from || need >= home->gap_after) continue;
    const int row = (int)(last->gaps[need].what - w->r->q->pack->tellables);
    if (row < MANY_NEED_WORDS * 64) out->needs[row / 64] |= (uint64_t)1 << (row % 64);
  }
}

/* As an assessment says it: a most that hangs on what can be typed says nothing. */
static double high_of(const struct pack_entitlement *what, const struct range_value *v) {
  return !v->is_exact && assess_a_year(what, v->high) > ASSESS_A_YEAR_SAID_MOST ? INFINITY
                                                                                : v->high;
}

/* Whose answers it is, from *first and before *after: one's own, the unit's, or of a benefit of the
 * household everybody's who lives there. */
static void whose(const struct home *home, const struct rule_entity *entity, int row, int *first,
                  int *after) {
  *first = entity->is_group ? 0 : row;
  *after = !entity->is_group ? row + 1 : entity->within < 0 ? home->count : home->unit_count;
}

/* Whether it was told that they get it, or that they get nothing of it. */
static void take_in_payment(const struct many_worker *w, const struct home *home,
                            const struct rule_entity *entity, int row, struct many_answer *out) {
  int first = 0, after = 0;
  whose(home, entity, row, &first, &after);
  if (!out->what->in_payment) return;
  const ptrdiff_t paid = out->what->in_payment - w->r->q->pack->tellables;
  for (int i = first; i < after; i++) {
    const struct home_told *told = &home->members[i].told[paid];
    int64_t pence = 0;
    if (!told->text.bytes || money_parse(told->text, &pence, NULL) != DONE) continue;
    out->is_in_payment |= pence > 0;
    out->is_told_none = true;
  }
  out->is_told_none &= !out->is_in_payment;
}

/* After its needs: whether one of them has not told how much of it they get, and it matters. */
static bool hangs_on_received(const struct many_worker *w, const struct home *home,
                              const struct rule_entity *entity, int row,
                              const struct many_answer *a) {
  int first = 0, after = 0;
  whose(home, entity, row, &first, &after);
  for (int i = first; a->what->in_payment && i < after; i++) {
    const struct pack_tellable *ask = home_asks(home, a->what->in_payment, i);
    if (ask && many_needs(a, (int)(ask - w->r->q->pack->tellables))) return true;
  }
  return false;
}

/* Whether an adult of the unit told that no public funds are open to them. */
static bool tells_no_funds(const struct many_worker *w, const struct home *home) {
  const struct pack_tellable *what = pack_find_tellable(w->r->q->pack,
                                                        span_of(ASSESS_PUBLIC_FUNDS));
  for (int i = 0; what && i < home->unit_count; i++)
    if (span_is(home->members[i].told[what - w->r->q->pack->tellables].text, "no")) return true;
  return false;
}

static bool is_public_funds(const struct pack *pack, const struct pack_entitlement *what) {
  for (int i = 0; i < pack->claiming_count; i++)
    if (pack->claimings[i].harm == HARM_NO_PUBLIC_FUNDS &&
        pack_claiming_is_of(&pack->claimings[i], what))
      return true;
  return false;
}

static void take_answers(struct many_worker *w, struct placed *home, const struct home *last,
                         const struct range_result *result) {
  struct many_unit *u = home->unit;
  const int most = w->wanted_count * (home->home.unit_count + 1);
  struct many_answer *all = arena_array(w->arena, struct many_answer, most + 1);
  const bool no_funds = tells_no_funds(w, &home->home);
  int n = 0;
  for (int k = 0; k < w->wanted_count; k++) {
    const struct rule_entity *entity = w->wanted[k].variable->entity;
    const struct range_answer *a = &result->answers[k];
    for (int row = 0; row < (entity->is_group ? 1 : home->home.unit_count); row++) {
      if (!home_has_answer(&home->home, entity, row, w->what[k])) continue;
      const struct range_value *v = &a->values[home->home.first[entity->index] + row];
      const bool known = v->known == RANGE_KNOWN;
      if (known && v->high <= 0 && !v->may_lack) continue;
      all[n] = (struct many_answer){.what = w->what[k],
                                    .person = entity->is_group ? 0 : u->members[row],
                                    .low = known ? v->low : 0,
                                    .high = high_of(w->what[k], v),
                                    .is_exact = v->is_exact && !v->may_lack,
                                    .cannot = v->known == RANGE_NOT_KNOWN,
                                    .is_barred = no_funds &&
                                                 is_public_funds(w->r->q->pack, w->what[k])};
      take_in_payment(w, &home->home, entity, row, &all[n]);
      if (!all[n].is_exact && !all[n].cannot) take_needs(w, home, last, a, &all[n]);
      all[n].hangs_on_received = hangs_on_received(w, &home->home, entity, row, &all[n]);
      n++;
    }
  }
  struct many_answer *kept = n ? arena_array(w->kept, struct many_answer, n) : NULL;
  if (n) memcpy(kept, all, sizeof *kept * (size_t)n);
  u->answers = kept;
  u->answer_count = n;
}

static enum status run_batch(struct many_worker *w, const int *units, int count,
                             struct error *err) {
  const struct many_request *q = w->r->q;
  struct placed *homes = arena_array(w->arena, struct placed, count + 1);
  int rows[RULE_ENTITIES_MOST] = {0};
  struct home last = {0};
  struct range_result result = {0};
  for (int i = 0; i < count; i++) place_home(w, units[i], &homes[i], rows);
  struct rule_population *pop = rule_population_make(w->arena, q->rules, rows);
  pop->holds_on = true;
  if (fill_homes(w, homes, count, pop, &last, err) != DONE) return err->code;
  rule_population_settle(pop);
  const struct range_request request = {.rules = q->rules,
                                        .pop = pop,
                                        .reading = READ_LEGAL,
                                        .unknown_count = last.gap_count,
                                        .unknowns = last.unknowns,
                                        .wanted_count = w->wanted_count,
                                        .wanted = w->wanted,
                                        .needs_of = rows_told(w, homes, count, rows)};
  enum status status = w->lane
                           ? range_bound_kept(w->arena, w->r->kept, w->lane, &request, &result, err)
                           : range_bound(w->arena, &request, &result, err);
  for (int i = 0; status == DONE && i < count; i++) take_answers(w, &homes[i], &last, &result);
  return status;
}

/* ---- workers ---- */

static void note_failure(struct many_reader *r, const struct error *err) {
  while (atomic_flag_test_and_set(&r->locked)) continue;
  if (!atomic_exchange(&r->failed, true) && r->err) *r->err = *err;
  atomic_flag_clear(&r->locked);
}

static enum status take_wanted(struct many_worker *w, struct error *err) {
  const struct pack *pack = w->r->q->pack;
  w->what = arena_array(w->kept, const struct pack_entitlement *, pack->entitlement_count + 1);
  w->wanted = arena_array(w->kept, struct range_wanted, pack->entitlement_count + 1);
  for (int i = 0; i < pack->entitlement_count; i++) {
    if (!w->r->q->wanted[i]) continue;
    w->what[w->wanted_count] = &pack->entitlements[i];
    if (home_wanted(&w->request, &pack->entitlements[i], &w->wanted[w->wanted_count++], err) !=
        DONE)
      return err->code;
  }
  return DONE;
}

static struct many_worker worker_of(struct many_reader *r, struct arena *kept) {
  return (
      struct many_worker){.r = r,
                          .arena = arena_new(),
                          .kept = kept,
                          .request = {.pack = r->q->pack, .rules = r->q->rules, .on = r->q->on}};
}

/* One plan for all homes, of any of which each variable may be told. Where one that has a formula
 * may be told, its column would stand in place of the formula for all of a batch, and where a
 * branch that no home reads may have no parameter on the day there is no such plan: then each home
 * has its own. */
static enum status keep_plan(struct many_reader *r, struct error *err) {
  const struct many_request *q = r->q;
  int rows[RULE_ENTITIES_MOST] = {0};
  struct many_worker w = worker_of(r, r->arena);
  struct home home = {.arena = r->arena, .request = &w.request};
  enum status status = take_wanted(&w, err);
  for (int e = 0; e < q->rules->entity_count; e++) rows[e] = 1;
  home.pop = rule_population_make(r->arena, q->rules, rows);
  home.pop->holds_on = true;
  const struct range_request request = {.rules = q->rules,
                                        .pop = home.pop,
                                        .reading = READ_LEGAL,
                                        .wanted_count = w.wanted_count,
                                        .wanted = w.wanted};
  if (status == DONE && home_all_columns(&home) &&
      range_keep(r->arena, &request, &r->kept, NULL) != DONE)
    r->kept = NULL;
  r->at_once = !r->kept ? 1 : q->at_once ? q->at_once : BATCH_UNITS;
  arena_free(w.arena);
  return status;
}

static void run_worker(void *context, int number) {
  struct many_reader *r = context;
  struct error err = {0};
  struct many_worker w = worker_of(r, r->found[number]);
  struct progress progress;
  progress_begin(&progress, number ? PROGRESS_NEVER : r->q->progress, "assessing",
                 (uint64_t)r->order_count);
  progress_report(&progress, number ? NULL : r->q->watch);
  enum status status = take_wanted(&w, &err);
  if (r->kept) w.lane = range_lane_make();
  while (status == DONE && !atomic_load(&r->failed)) {
    const int from = atomic_fetch_add(&r->next, r->at_once);
    if (from >= r->order_count) break;
    const int count = r->order_count - from < r->at_once ? r->order_count - from : r->at_once;
    status = run_batch(&w, r->order + from, count, &err);
    arena_reset(w.arena);
    progress_update(&progress, (uint64_t)from, (uint64_t)from);
  }
  if (status != DONE) note_failure(r, &err);
  progress_end(&progress);
  range_lane_free(w.lane);
  arena_free(w.arena);
}

static int by_kind(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static void order_units(struct many_reader *r) {
  uint64_t *keys = memory_zeroed((size_t)r->out->unit_count + 1, sizeof *keys);
  r->order = arena_array(r->arena, int, r->out->unit_count + 1);
  for (int i = 0; i < r->out->unit_count; i++)
    if (!r->out->units[i].reason_count)
      keys[r->order_count++] = (uint64_t)r->more[i].kind << 32 | (uint32_t)i;
  array_sort(keys, r->order_count, by_kind);
  for (int i = 0; i < r->order_count; i++) r->order[i] = (int)(keys[i] & UINT32_MAX);
  free(keys);
}

/* Workers have memory of their own. */
static void keep_answers(struct many_reader *r) {
  for (int i = 0; i < r->out->unit_count; i++) {
    struct many_unit *u = &r->out->units[i];
    if (!u->answer_count) continue;
    struct many_answer *kept = arena_array(r->arena, struct many_answer, u->answer_count);
    memcpy(kept, u->answers, sizeof *kept * (size_t)u->answer_count);
    u->answers = kept;
  }
}

enum status assess_many(struct arena *arena, const struct many_request *request, struct many *out,
                        struct error *err) {
  struct many_reader r = {
      .arena = arena, .q = request, .out = out, .err = err, .locked = ATOMIC_FLAG_INIT};
  *out = (struct many){0};
  if (!request->pack->entitlement_count) return refuse(err, ASSESS_NOTHING_IN_PACK);
  enum status status = told_read(arena, request, &r.told, err);
  if (status == DONE) status = read_units(&r, err);
  if (status == DONE) status = keep_plan(&r, err);
  if (status == DONE) {
    const int threads = request->threads ? request->threads : workers_count();
    order_units(&r);
    r.found = arena_array(arena, struct arena *, threads + 1);
    for (int i = 0; i < threads; i++) r.found[i] = arena_new();
    workers_run(threads, run_worker, &r);
    if (atomic_load(&r.failed)) status = err ? err->code : FAILED;
    else keep_answers(&r);
    for (int i = 0; i < threads; i++) arena_free(r.found[i]);
  }
  told_release(r.told);
  return status;
}
