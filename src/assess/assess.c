#include "assess/assess.h"

#include "assess/home.h"
#include "base/refusal.h"
#include "rules/range.h"

#include <math.h>

/* ---- what is asked of the rules ---- */

static enum rule_each each_of(enum tell_per per) {
  return per == PER_WEEK ? EACH_WEEK : per == PER_MONTH ? EACH_MONTH : EACH_YEAR;
}

enum status home_wanted(const struct assess_request *q, const struct pack_entitlement *e,
                        struct range_wanted *out, struct error *err) {
  const struct rule_variable *v = rules_variable(q->rules, span_of(e->variable));
  if (!v) return rules_refuse_name(q->rules, span_of(e->variable), err);
  if (v->period != EACH_PAY && v->period > each_of(e->per)) {
    struct arena *scratch = arena_new(); /* rules are shared, and so is their arena */
    (void)refuse(err, ASSESS_PERIOD, e->variable, rule_type_words(q->rules, scratch, &v->type));
    arena_free(scratch);
    return REFUSED;
  }
  const struct rule_period day = {.each = EACH_DAY, .start = q->on};
  const enum rule_each each = each_of(e->per);
  out->variable = v;
  out->period = each == EACH_YEAR ? period_around(q->rules, day, EACH_YEAR)
                                  : (struct rule_period){.each = each, .start = q->on};
  return DONE;
}

/* The entitlements in their order, then what is billed before a reduction, once each. `bills`: of
 * each entitlement the place of its bill; 0: it has none. */
static enum status take_wanted(const struct assess_request *q, struct range_wanted *out, int *bills,
                               int *count, struct error *err) {
  const struct pack *pack = q->pack;
  *count = pack->entitlement_count;
  for (int i = 0; i < pack->entitlement_count; i++)
    if (home_wanted(q, &pack->entitlements[i], &out[i], err) != DONE) return err->code;
  for (int i = 0; i < pack->entitlement_count; i++) {
    struct pack_entitlement bill = pack->entitlements[i];
    if (!bill.billed) continue;
    for (int k = 0; k < i && !bills[i]; k++)
      if (bills[k] && strcmp(pack->entitlements[k].billed, bill.billed) == 0) bills[i] = bills[k];
    if (bills[i]) continue;
    bill.variable = bill.billed;
    bills[i] = (*count)++;
    if (home_wanted(q, &bill, &out[bills[i]], err) != DONE) return err->code;
  }
  return DONE;
}

/* ---- answers ---- */

/* Of people and families outside the unit nothing is told, nor of other ages; of a family or home
 * only where somebody of the unit is of them. */
bool home_has_answer(const struct home *home, const struct rule_entity *entity, int row,
                     const struct pack_entitlement *what) {
  if (!entity->is_group) return row < home->unit_count && home_is_of_age(home, row, what->ages);
  for (int i = 0; row == 0 && i < home->unit_count; i++)
    if (home_is_of_age(home, i, what->ages)) return true;
  return false;
}

/* For what is billed nothing is asked. */
static const bool *const *rows_told(struct arena *arena, const struct home *home,
                                    const struct range_wanted *wanted, int count) {
  const struct pack *pack = home->request->pack;
  const bool **all = arena_array(arena, const bool *, count + 1);
  for (int i = 0; i < count; i++) {
    const struct rule_entity *entity = wanted[i].variable->entity;
    const int rows = home->pop->rows[entity->index];
    bool *of = arena_array(arena, bool, rows + 1);
    for (int row = 0; row < rows; row++)
      of[row] = i < pack->entitlement_count &&
                home_has_answer(home, entity, row, &pack->entitlements[i]);
    all[i] = of;
  }
  return all;
}

/* No amount is below nothing. A most that hangs on the bounds of what can be typed says nothing of
 * a household: beyond so much a year (our choice) there is none. */
static void bound_answer(struct assess_answer *a) {
  if (a->is_exact) return;
  if (a->low < 0) a->low = 0;
  if (assess_a_year(a->what, a->high) > ASSESS_A_YEAR_SAID_MOST) a->high = INFINITY;
}

static struct assess_bounds bounds_of(const struct range_value *value) {
  if (isnan(value->low) || isnan(value->high) || value->known != RANGE_KNOWN)
    return (struct assess_bounds){0, INFINITY, false};
  return (struct assess_bounds){value->low, value->high, value->is_exact && !value->may_lack};
}

static void take_answers(struct arena *arena, const struct home *home,
                         const struct range_wanted *wanted, const int *bills,
                         const struct range_result *result, struct assessment *out) {
  const struct pack *pack = home->request->pack;
  struct assess_answer *all = arena_array(arena, struct assess_answer,
                                          pack->entitlement_count * (home->unit_count + 1));
  for (int i = 0; i < pack->entitlement_count; i++) {
    const struct rule_entity *entity = wanted[i].variable->entity;
    const struct range_answer *a = &result->answers[i];
    for (int row = 0; row < a->rows; row++) {
      const struct range_value *value = &a->values[row];
      const bool is_exact = value->is_exact && !value->may_lack;
      if (!home_has_answer(home, entity, row, &pack->entitlements[i])) continue;
      if (is_exact && value->low == 0 &&
          !pack_entitlement_is_of(&pack->entitlements[i], home->nation))
        continue; /* nothing of another nation */
      struct assess_answer *answer = &all[out->answer_count++];
      *answer = (struct assess_answer){.what = &pack->entitlements[i],
                                       .person = entity->is_group ? 0
                                                                  : home->members[row].person.id,
                                       .low = value->low,
                                       .high = value->high,
                                       .is_exact = is_exact,
                                       .is_open = value->known != RANGE_KNOWN,
                                       .cannot = value->known == RANGE_NOT_KNOWN};
      if (isnan(value->low)) answer->is_open = true, answer->high = INFINITY; /* range_bound */
      if (answer->is_open) answer->low = 0;
      if (bills[i]) answer->bill = bounds_of(&result->answers[bills[i]].values[row]);
      home_take_sure(home, answer);
      bound_answer(answer);
      if (!is_exact && !answer->cannot)
        answer->needs = home_needs(arena, home, a, &answer->need_count);
    }
  }
  out->answers = all;
}

/* What others have not told of who belongs with them comes last: no amount waits for it. */
static void take_questions(struct arena *arena, const struct home *home,
                           const struct range_result *result, struct assessment *out) {
  struct assess_need *all = arena_array(arena, struct assess_need,
                                        home->relation_count + result->question_count + 1);
  for (int i = 0; i < result->question_count; i++)
    home_add_need(all, &out->question_count, home->gaps[result->questions[i].unknown]);
  for (int i = 0; i < home->relation_count; i++) all[out->question_count++] = home->relations[i];
  out->questions = all;
}

/* Before it is known who belongs together. */
static void take_open(struct arena *arena, const struct home *home, struct assessment *out) {
  const struct pack *pack = home->request->pack;
  struct assess_answer *all = arena_array(arena, struct assess_answer, pack->entitlement_count + 1);
  for (int i = 0; i < pack->entitlement_count; i++)
    if (pack_entitlement_is_of(&pack->entitlements[i], home->nation))
      all[out->answer_count++] = (struct assess_answer){.what = &pack->entitlements[i],
                                                        .is_open = true,
                                                        .high = INFINITY,
                                                        .need_count = home->relation_count,
                                                        .needs = home->relations};
  out->answers = all;
  out->questions = home->relations;
  out->question_count = home->relation_count;
}

/* Whether the way in which the home is held may say that there is none of it. */
static bool is_by_choice(const struct pack *pack, const struct rule_variable *v) {
  for (int i = 0; i < pack->gate_count; i++)
    if (pack->gates[i].gate->kind == TELL_CHOICE &&
        strcmp(pack->gates[i].settles->variable, v->name) == 0)
      return true;
  return false;
}

/* What the home costs. Rent and interest are not known until they are told, or the way in which the
 * home is held says that there are none; charges that nobody was asked for are taken to be none.
 * Where the rules have no such sum it is 0. */
static enum status take_costs(struct arena *arena, const struct home *home,
                              const struct assess_request *q, struct assessment *out,
                              struct error *err) {
  const struct rule_variable *v = rules_variable(q->rules, span_of("household_costs_of_home"));
  const struct rule_period day = {.each = EACH_DAY, .start = q->on};
  struct range_result result = {0};
  out->costs = (struct assess_bounds){.is_exact = true};
  if (!v) return DONE;
  const struct range_wanted wanted = {.variable = v,
                                      .period = period_around(q->rules, day, EACH_YEAR)};
  const struct range_request request = {.unordered = true, .wanted_count = 1, .wanted = &wanted};
  struct home asked = *home;
  asked.unknowns = arena_array(arena, struct range_unknown, home->gap_count + 1);
  asked.gap_count = 0;
  for (int i = 0; i < home->gap_count; i++)
    if (is_by_choice(q->pack, home->unknowns[i].variable))
      asked.unknowns[asked.gap_count++] = home->unknowns[i];
  enum status status = home_find_ranges(arena, &asked, request, &result, err);
  if (status == DONE) out->costs = bounds_of(&result.answers[0].values[0]);
  return status;
}

/* Income before taxes and benefits, of what is known. Where the rules have no such sum it is 0. */
static enum status take_income(struct arena *arena, const struct home *home,
                               const struct assess_request *q, struct assessment *out,
                               struct error *err) {
  const struct rule_variable *v = rules_variable(q->rules, span_of("household_market_income"));
  const struct rule_period day = {.each = EACH_DAY, .start = q->on};
  struct range_result result = {0};
  if (!v) return DONE;
  const struct range_wanted wanted = {.variable = v,
                                      .period = period_around(q->rules, day, EACH_YEAR)};
  const struct range_request request = {.rules = q->rules,
                                        .pop = home->pop,
                                        .reading = READ_LEGAL,
                                        .wanted_count = 1,
                                        .wanted = &wanted};
  enum status status = range_find(arena, &request, &result, err);
  if (status == DONE) out->income = result.answers[0].values[0].low;
  return status;
}

/* Of so many unknown that finding what matters most would take too long: one pass, and the
 * questions in the order in which they were given. */
static enum status bound_home(struct arena *arena, const struct range_request *request,
                              struct range_result *out, struct error *err) {
  if (range_bound(arena, request, out, err) != DONE) return err->code;
  struct range_question *all = arena_array(arena, struct range_question,
                                           request->unknown_count + 1);
  bool *asked = arena_array(arena, bool, request->unknown_count + 1);
  for (int i = 0; i < request->wanted_count; i++)
    for (int k = 0; k < out->answers[i].need_count; k++) asked[out->answers[i].needs[k]] = true;
  for (int i = 0; i < request->unknown_count; i++)
    if (asked[i]) all[out->question_count++].unknown = i;
  out->questions = all;
  return DONE;
}

static bool home_is_wide(const struct home *home) { return home->gap_count > RANGE_UNKNOWN_MOST; }

enum status home_find_ranges(struct arena *arena, const struct home *home,
                             struct range_request request, struct range_result *out,
                             struct error *err) {
  request.rules = home->request->rules;
  request.pop = home->pop;
  request.reading = READ_LEGAL;
  request.unknown_count = home->gap_count;
  request.unknowns = home->unknowns;
  return home_is_wide(home) ? bound_home(arena, &request, out, err)
                            : range_find(arena, &request, out, err);
}

enum status assess_home(struct arena *arena, struct home *home, struct assessment *out,
                        struct error *err) {
  const struct assess_request *q = home->request;
  struct range_result result = {0};
  struct range_wanted *wanted = arena_array(arena, struct range_wanted,
                                            2 * q->pack->entitlement_count);
  int count = 0, *bills = arena_array(arena, int, q->pack->entitlement_count);
  if (take_wanted(q, wanted, bills, &count, err) != DONE || home_columns(home, err) != DONE)
    return err->code;
  const struct range_request request = {.unordered = q->unordered,
                                        .wanted_count = count,
                                        .wanted = wanted,
                                        .needs_of = rows_told(arena, home, wanted, count)};
  if (home_find_ranges(arena, home, request, &result, err) != DONE) return err->code;
  out->is_wide = home_is_wide(home);
  take_answers(arena, home, wanted, bills, &result, out);
  take_questions(arena, home, &result, out);
  if (!q->with_income) return DONE;
  enum status status = take_costs(arena, home, q, out, err);
  return status == DONE ? take_income(arena, home, q, out, err) : status;
}

/* Between assessments of one page, too: each of them is bounded by its work. */
static enum status check_time(const struct assess_request *q, struct error *err) {
  return q->ends_us && clock_microseconds() > q->ends_us ? refuse(err, TOO_LONG) : DONE;
}

bool assess_is_nobodys(enum status status, struct error *err) {
  if (status != REFUSED || err->refusal.code != REFUSAL_ASSESS_NOBODY_RESPONSIBLE) return false;
  *err = (struct error){0};
  return true;
}

enum status assess(struct arena *arena, const struct assess_request *q, struct assessment *out,
                   struct error *err) {
  struct home *home = arena_array(arena, struct home, 1);
  struct assess_request *kept = arena_array(arena, struct assess_request, 1);
  *kept = *q;
  *home = (struct home){.request = kept, .arena = arena};
  *out = (struct assessment){.on = q->on, .home = home};
  if (!q->pack->entitlement_count) return refuse(err, ASSESS_NOTHING_IN_PACK);
  if (home_read(home, err) != DONE) return err->code;
  int64_t *unit = arena_array(arena, int64_t, home->unit_count + 1);
  for (int i = 0; i < home->unit_count; i++) unit[i] = home->members[i].person.id;
  out->unit = unit;
  out->unit_count = home->unit_count;
  out->unconfirmed = home->unconfirmed;
  if (check_time(q, err) != DONE) return err->code;
  if (home->is_open) take_open(arena, home, out);
  else if (assess_home(arena, home, out, err) != DONE) return err->code;
  return check_time(q, err);
}
