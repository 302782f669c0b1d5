#include "assess/claiming.h"

#include "assess/home.h"
#include "base/refusal.h"

/* ---- when rows apply ---- */

/* The yes or no of a row of the pack, over the home. */
struct condition {
  const char *name;
  const struct rule_variable *variable;
  const struct range_answer *answer;
};
struct claiming {
  struct arena *arena;
  const struct home *home;
  const struct assessment *assessment;
  int condition_count;
  struct condition *conditions;
};

static const struct condition *condition_of(const struct claiming *c, const char *name) {
  for (int i = 0; i < c->condition_count; i++)
    if (strcmp(c->conditions[i].name, name) == 0) return &c->conditions[i];
  return NULL;
}

static enum status add_condition(struct claiming *c, const char *name, struct error *err) {
  const struct rules *rules = c->home->request->rules;
  const struct rule_variable *v = rules_variable(rules, span_of(name));
  if (!v) return rules_refuse_name(rules, span_of(name), err);
  if (v->type.kind != KIND_BOOL) return refuse(err, ASSESS_CLAIMING_WHEN, name);
  c->conditions[c->condition_count++] = (struct condition){.name = name, .variable = v};
  return DONE;
}

static bool is_got(const struct assess_answer *a) { return !a->what->is_paid && a->high > 0; }

/* Of rows of what is got, so that what no answer needs is not worked out, and of public funds. */
static enum status take_conditions(struct claiming *c, struct error *err) {
  const struct pack *pack = c->home->request->pack;
  c->conditions = arena_array(c->arena, struct condition, pack->claiming_count + 1);
  for (int i = 0; i < pack->claiming_count; i++) {
    const struct pack_claiming *row = &pack->claimings[i];
    bool is_asked = row->harm == HARM_NO_PUBLIC_FUNDS;
    for (int k = 0; k < c->assessment->answer_count && !is_asked; k++)
      is_asked = is_got(&c->assessment->answers[k]) &&
                 pack_claiming_is_of(row, c->assessment->answers[k].what);
    if (!is_asked || !row->when || condition_of(c, row->when)) continue;
    if (add_condition(c, row->when, err) != DONE) return err->code;
  }
  return DONE;
}

/* A yes or no is decided soon, or hangs on what is not known. */
enum { CONDITION_WORK = 3000 };

static enum status find_conditions(struct claiming *c, struct error *err) {
  const struct assess_request *q = c->home->request;
  struct range_wanted *wanted = arena_array(c->arena, struct range_wanted, c->condition_count + 1);
  struct range_result result = {0};
  for (int i = 0; i < c->condition_count; i++) {
    const struct rule_variable *v = c->conditions[i].variable;
    const struct rule_period day = {.each = EACH_DAY, .start = q->on};
    wanted[i].variable = v;
    wanted[i].period = day;
    if (v->period == EACH_WEEK || v->period == EACH_MONTH) wanted[i].period.each = v->period;
    if (v->period == EACH_YEAR) wanted[i].period = period_around(q->rules, day, EACH_YEAR);
  }
  const struct range_request request = {.wanted_count = c->condition_count,
                                        .work_most = CONDITION_WORK,
                                        .unordered = true,
                                        .wanted = wanted};
  if (!c->condition_count) return DONE;
  enum status status = home_find_ranges(c->arena, c->home, request, &result, err);
  for (int i = 0; status == DONE && i < c->condition_count; i++)
    c->conditions[i].answer = &result.answers[i];
  return status;
}

enum applies { APPLIES_NOT, APPLIES_PERHAPS, APPLIES };

static enum applies value_applies(const struct range_value *value) {
  if (value->may_lack) return APPLIES_PERHAPS;
  return value->low > 0 ? APPLIES : value->high > 0 ? APPLIES_PERHAPS : APPLIES_NOT;
}

/* A person's yes or no: of the person whose answer it is, else of anybody of the unit. */
static enum applies row_applies(const struct claiming *c, const struct condition *condition,
                                const struct assess_answer *a) {
  enum applies most = APPLIES_NOT;
  if (!condition) return APPLIES;
  if (condition->variable->entity->is_group) return value_applies(&condition->answer->values[0]);
  for (int i = 0; i < c->home->unit_count; i++) {
    const enum applies one = value_applies(&condition->answer->values[i]);
    if (a->person && c->home->members[i].person.id != a->person) continue;
    if (one > most) most = one;
  }
  return most;
}

/* ---- one answer ---- */

/* What is paid of it now, a year in pounds: to the person, or where it is nobody's own to anybody
 * of the unit. False: nothing was told of that. */
static bool paid_now(const struct claiming *c, const struct assess_answer *a, double *out) {
  const struct pack_tellable *what = a->what->in_payment;
  bool told = false;
  *out = 0;
  for (int i = 0; what && i < c->home->unit_count; i++) {
    const int64_t person = c->home->members[i].person.id;
    double one;
    if (!person || (a->person && person != a->person)) continue;
    if (!home_told_a_year(c->home, what, i, &one)) continue;
    *out += one;
    told = true;
  }
  return told;
}

/* Whether a row that applies to `claim` says that it ends. */
static bool is_ended(const struct assess_claiming *claim, const struct pack_entitlement *what) {
  for (int i = 0; i < claim->warning_count; i++) {
    const struct pack_claiming *row = claim->warnings[i].row;
    for (int k = 0; k < row->ends_count && claim->warnings[i].applies; k++)
      if (row->ends[k] == what) return true;
  }
  return false;
}

/* The side without the claim: what would end stands with what is paid of it now, where that was
 * told, and not with what the rules make of it. */
static struct assess_total total_kept(const struct claiming *c, const struct assess_claiming *claim,
                                      const struct assessment *without) {
  struct assess_answer *answers = arena_array(c->arena, struct assess_answer,
                                              without->answer_count + 1);
  struct assessment kept = *without;
  double paid;
  kept.answers = answers;
  for (int i = 0; i < without->answer_count; i++) {
    struct assess_answer *one = &answers[i];
    *one = without->answers[i];
    if (!is_ended(claim, one->what) || !paid_now(c, one, &paid) || paid <= 0) continue;
    one->low = one->high = paid / assess_a_year(one->what, 1);
    one->is_exact = true;
    one->is_open = one->cannot = false;
  }
  return assess_total_of(&kept);
}

/* The same household where the claim is not made. */
static enum status take_sides(const struct claiming *c, struct assess_claiming *out,
                              struct error *err) {
  const struct rules *rules = c->home->request->rules;
  const struct pack_entitlement *what = out->answer->what;
  struct assessment without = {.on = c->assessment->on};
  struct home home = *c->home;
  if (!what->claimed) return DONE;
  home.not_claimed = rules_variable(rules, span_of(what->claimed));
  if (!home.not_claimed) return rules_refuse_name(rules, span_of(what->claimed), err);
  if (home.not_claimed->type.kind != KIND_BOOL || home.not_claimed->version_count)
    return refuse(err, ASSESS_CLAIMED, what->variable, what->claimed);
  home.gap_count = home.gap_room = 0;
  home.gaps = NULL;
  home.unknowns = NULL;
  if (assess_home(c->arena, &home, &without, err) != DONE) return err->code;
  out->has_sides = true;
  out->with = assess_total_of(c->assessment);
  out->without = total_kept(c, out, &without);
  return DONE;
}

static enum status take_answer(const struct claiming *c, const struct assess_answer *a,
                               struct assess_claiming *out, struct error *err) {
  const struct pack *pack = c->home->request->pack;
  double paid;
  bool ends = false;
  *out = (struct assess_claiming){.answer = a, .is_paid_now = paid_now(c, a, &paid) && paid > 0};
  out->may_claim = a->what->claim && !out->is_paid_now;
  if (out->is_paid_now) return DONE;
  struct assess_warning *all = arena_array(c->arena, struct assess_warning,
                                           pack->claiming_count + 1);
  for (int i = 0; i < pack->claiming_count; i++) {
    const struct pack_claiming *row = &pack->claimings[i];
    const struct condition *condition = row->when ? condition_of(c, row->when) : NULL;
    if (!pack_claiming_is_of(row, a->what)) continue;
    const enum applies applies = row_applies(c, condition, a);
    if (applies == APPLIES_NOT) continue;
    if (row->button == BUTTON_NONE_UNLESS_KNOWN ||
        (row->button == BUTTON_NONE && applies == APPLIES))
      out->may_claim = false;
    if (applies == APPLIES_PERHAPS && !row->unknown[ENGLISH]) continue;
    struct assess_warning *w = &all[out->warning_count++];
    *w = (struct assess_warning){.row = row, .applies = applies == APPLIES};
    if (!w->applies) w->needs = home_needs(c->arena, c->home, condition->answer, &w->need_count);
    ends |= w->applies && row->harm == HARM_ENDS;
  }
  out->warnings = all;
  return ends ? take_sides(c, out, err) : DONE;
}

/* Before it is known who belongs together the rules say nothing: what the person told does. */
static enum applies funds_apply(const struct claiming *c, const struct pack_claiming *row) {
  const struct assess_answer of_all = {0};
  const struct home_member *self = &c->home->members[0];
  if (!c->home->is_open)
    return row_applies(c, row->when ? condition_of(c, row->when) : NULL, &of_all);
  const struct fact *told = facts_known(&self->facts, ASSESS_PUBLIC_FUNDS, c->assessment->on).fact;
  return told && strcmp(told->value, "no") == 0 ? APPLIES : APPLIES_NOT;
}

static void take_funds(const struct claiming *c, struct assess_claims *out) {
  const struct pack *pack = c->home->request->pack;
  struct assess_warning *all = arena_array(c->arena, struct assess_warning,
                                           pack->claiming_count + 1);
  for (int i = 0; i < pack->claiming_count; i++) {
    const struct pack_claiming *row = &pack->claimings[i];
    const enum applies applies = row->harm == HARM_NO_PUBLIC_FUNDS ? funds_apply(c, row)
                                                                   : APPLIES_NOT;
    if (applies == APPLIES_NOT) continue;
    struct assess_warning *w = &all[out->fund_count++];
    *w = (struct assess_warning){.row = row, .applies = applies == APPLIES};
    if (!w->applies)
      w->needs = home_needs(c->arena, c->home, condition_of(c, row->when)->answer, &w->need_count);
  }
  out->funds = all;
}

enum status assess_before_claiming(struct arena *arena, const struct assessment *assessment,
                                   struct assess_claims *out, struct error *err) {
  struct claiming c = {.arena = arena, .home = assessment->home, .assessment = assessment};
  struct assess_claiming *all = arena_array(arena, struct assess_claiming,
                                            assessment->answer_count + 1);
  *out = (struct assess_claims){.all = all};
  if (!c.home->is_open && (take_conditions(&c, err) != DONE || find_conditions(&c, err) != DONE))
    return err->code;
  take_funds(&c, out);
  if (c.home->is_open) return DONE;
  for (int i = 0; i < assessment->answer_count; i++) {
    const struct assess_answer *a = &assessment->answers[i];
    if (is_got(a) && take_answer(&c, a, &all[out->count++], err) != DONE) return err->code;
  }
  return DONE;
}

const struct assess_claiming *assess_claiming_of(const struct assess_claims *claims,
                                                 const struct assess_answer *answer) {
  for (int i = 0; i < claims->count; i++)
    if (claims->all[i].answer->what == answer->what &&
        claims->all[i].answer->person == answer->person)
      return &claims->all[i];
  return NULL;
}

/* ---- who advises ---- */

unsigned assess_advice_topics(const struct assess_claims *claims) {
  static const enum advice_topic topics[CLAIM_HARMS] = {
      [HARM_NO_PUBLIC_FUNDS] = ADVICE_IMMIGRATION, [HARM_CARER] = ADVICE_CARERS};
  unsigned out = 0;
  for (int i = 0; i < claims->count; i++)
    for (int k = 0; k < claims->all[i].warning_count; k++)
      out |= 1u << topics[claims->all[i].warnings[k].row->harm];
  return out;
}

static bool serves(const struct pack_advice *row, const struct place *places, int count) {
  for (int i = 0; i < count; i++)
    if (span_has_word(span_of(row->places), places[i].code)) return true;
  return false;
}

enum status assess_advice(struct arena *arena, const struct assess_request *q, unsigned topics,
                          const struct pack_advice *const **out, int *count, struct error *err) {
  const struct pack *pack = q->pack;
  const struct pack_advice **all = arena_array(arena, const struct pack_advice *,
                                               pack->advice_count + 1);
  struct person person = {0};
  struct place *places = NULL;
  int place_count = 0;
  enum status status = register_surviving_person(q->store, arena, q->person, &person, err);
  if (status == DONE) status = home_places(arena, q, &person, &places, &place_count, err);
  if (status != DONE) return status;
  const int nation = home_nation(pack, places, place_count);
  *count = 0;
  for (int local = 1; local >= 0; local--)
    for (int i = 0; i < pack->advice_count; i++) {
      const struct pack_advice *row = &pack->advice[i];
      if (topics && !(row->topics & topics)) continue;
      if (local != (row->places[0] != 0)) continue;
      if (local && !serves(row, places, place_count)) continue;
      if (nation >= 0 && row->nations && !(row->nations & 1u << nation)) continue;
      all[(*count)++] = row;
    }
  *out = all;
  return DONE;
}
