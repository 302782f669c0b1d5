#include "assess/assumed.h"

#include "assess/home.h"
#include "base/money.h"
#include "base/refusal.h"
#include <math.h>
#include <stdlib.h>

/* So many people are worked out at once; with so much unknown nothing is tried: amounts are wide
 * ranges then, and each trial would take as long as the assessment. */
enum { PEOPLE_TRIED_MOST = 400, GAPS_TRIED_MOST = 100 };

/* One row of the pack, in one copy of the home. */
struct trial {
  const struct pack_assumed *row;
  const struct rule_variable *variable;
  double value;
};
struct trying {
  struct arena *arena;
  const struct assessment *assessment;
  const struct home *home;
  const struct range_wanted *wanted; /* of each row of entitlements.csv */
  int rows[RULE_ENTITIES_MOST];      /* of one home */
};

/* ---- what is tried ---- */

static enum status value_of_trial(struct trial *t, struct error *err) {
  const struct span text = span_of(t->row->otherwise);
  const struct rule_type *type = &t->variable->type;
  bool yes = false;
  char *end = NULL;
  enum status status = DONE;
  if (type->kind == KIND_BOOL) {
    status = boolean_parse(text, &yes, err);
    t->value = yes;
    return status;
  }
  if (type->items) {
    t->value = rule_enum_item(type->items, text);
    if (t->value >= 0) return DONE;
  } else {
    t->value = strtod(t->row->otherwise, &end);
    if (!*end) return DONE;
  }
  return refuse(err, ASSESS_NO_ITEM, SPAN(text), t->row->variable);
}

/* Of a variable of the household or the unit: of the person who is assessed. */
static bool is_open_to(const struct home *home, const struct trial *t, int member) {
  const struct pack_tellable *what = pack_find_tellable(home->request->pack,
                                                        span_of(t->row->variable));
  if (member >= home->unit_count || !home_is_of_age(home, member, t->row->ages)) return false;
  if (what) return !home_is_known(home, what, member);
  return rule_population_find(home->pop, t->variable, home_kept_in(home, t->variable)) < 0;
}

static bool is_tried(const struct home *home, const struct trial *t) {
  const int members = t->variable->entity->is_group ? 1 : home->unit_count;
  for (int i = 0; i < members; i++)
    if (is_open_to(home, t, i)) return true;
  return false;
}

static enum status take_trials(const struct trying *y, struct trial *all, int *count,
                               struct error *err) {
  const struct assess_request *q = y->home->request;
  for (int i = 0; i < q->pack->assumed_count; i++) {
    struct trial t = {.row = &q->pack->assumed[i]};
    if (!*t.row->otherwise) continue;
    t.variable = rules_variable(q->rules, span_of(t.row->variable));
    if (!t.variable) return rules_refuse_name(q->rules, span_of(t.row->variable), err);
    if (value_of_trial(&t, err) != DONE) return err->code;
    if (is_tried(y->home, &t)) all[(*count)++] = t;
  }
  return DONE;
}

/* ---- copies of the home ---- */

static void put_trial(const struct trying *y, struct home *copy, const struct trial *t) {
  const int first = copy->first[t->variable->entity->index];
  const int members = t->variable->entity->is_group ? 1 : y->home->unit_count;
  double *values = rule_population_column(copy->pop, t->variable,
                                          home_kept_in(y->home, t->variable));
  for (int i = 0; i < members; i++)
    if (is_open_to(y->home, t, i)) values[first + i] = t->value;
}

/* The home as it is, then once for each trial. */
static enum status make_copies(const struct trying *y, const struct trial *trials, int count,
                               struct home *copy, struct error *err) {
  const struct assess_request *q = y->home->request;
  int rows[RULE_ENTITIES_MOST] = {0};
  for (int e = 0; e < q->rules->entity_count; e++) rows[e] = y->rows[e] * (count + 1);
  *copy = *y->home;
  copy->pop = rule_population_make(y->arena, q->rules, rows);
  copy->pop->holds_on = true;
  copy->columns = arena_array(y->arena, double *, q->pack->tellable_count + 1);
  copy->gaps = NULL;
  copy->unknowns = NULL;
  copy->gap_count = copy->gap_room = 0;
  for (int k = 0; k <= count; k++) {
    for (int e = 0; e < q->rules->entity_count; e++) copy->first[e] = k * y->rows[e];
    home_take_rows(copy);
    if (home_fill(copy, err) != DONE) return err->code;
    if (k) put_trial(y, copy, &trials[k - 1]);
  }
  rule_population_settle(copy->pop);
  return DONE;
}

/* ---- what changes ---- */

static bool is_same(double a, double b) {
  enum { PENCE_A_POUND = 100 };
  if (isinf(a) || isinf(b) || isnan(a) || isnan(b)) return a == b || isnan(b);
  return llround(a * PENCE_A_POUND) == llround(b * PENCE_A_POUND);
}

static bool is_changed(const struct trying *y, const struct range_answer *a, int entitlement,
                       int copy) {
  const struct rule_entity *entity = y->wanted[entitlement].variable->entity;
  const struct pack_entitlement *what = &y->home->request->pack->entitlements[entitlement];
  const int rows = y->rows[entity->index];
  for (int row = 0; row < rows; row++) {
    const struct range_value *now = &a->values[row], *then = &a->values[copy * rows + row];
    if (!home_has_answer(y->home, entity, row, what)) continue;
    /* an amount that cannot be said then, or can, is another answer too */
    if (now->known != then->known) return true;
    if (now->known != RANGE_KNOWN) continue;
    if (now->may_lack != then->may_lack) return true;
    if (!is_same(now->low, then->low) || !is_same(now->high, then->high)) return true;
  }
  return false;
}

/* What would tell is not asked of any of them. */
static const bool *const *no_needs(const struct trying *y, const struct rule_population *pop) {
  const int wanted = y->home->request->pack->entitlement_count;
  const bool **all = arena_array(y->arena, const bool *, wanted + 1);
  for (int i = 0; i < wanted; i++)
    all[i] = arena_array(y->arena, bool, pop->rows[y->wanted[i].variable->entity->index] + 1);
  return all;
}

static enum status try_some(const struct trying *y, const struct trial *trials, int count,
                            struct assess_assumption *all, int *found, struct error *err) {
  const struct assess_request *q = y->home->request;
  const int wanted = q->pack->entitlement_count;
  struct home copy;
  struct range_result result = {0};
  if (make_copies(y, trials, count, &copy, err) != DONE) return err->code;
  const struct range_request request = {.rules = q->rules,
                                        .pop = copy.pop,
                                        .reading = READ_LEGAL,
                                        .unknown_count = copy.gap_count,
                                        .unknowns = copy.unknowns,
                                        .wanted_count = wanted,
                                        .wanted = y->wanted,
                                        .needs_of = no_needs(y, copy.pop)};
  if (range_bound(y->arena, &request, &result, err) != DONE) return err->code;
  for (int k = 1; k <= count; k++) {
    const struct pack_entitlement **changes = arena_array(y->arena, const struct pack_entitlement *,
                                                          wanted + 1);
    const struct pack_assumed *row = trials[k - 1].row;
    struct assess_assumption one = {row, pack_find_tellable(q->pack, span_of(row->variable)), 0,
                                    changes};
    for (int i = 0; i < wanted; i++)
      if (is_changed(y, &result.answers[i], i, k))
        changes[one.change_count++] = &q->pack->entitlements[i];
    if (one.change_count) all[(*found)++] = one;
  }
  return DONE;
}

enum status assess_assumed(struct arena *arena, const struct assessment *assessment,
                           struct assess_assumptions *out, struct error *err) {
  const struct home *home = assessment->home;
  const struct assess_request *q = home->request;
  struct trying y = {.arena = arena, .assessment = assessment, .home = home};
  struct trial *trials = arena_array(arena, struct trial, q->pack->assumed_count + 1);
  struct assess_assumption *all = arena_array(arena, struct assess_assumption,
                                              q->pack->assumed_count + 1);
  struct range_wanted *wanted = arena_array(arena, struct range_wanted,
                                            q->pack->entitlement_count + 1);
  int count = 0;
  *out = (struct assess_assumptions){.all = all};
  if (home->is_open) return DONE;
  out->is_left_out = home->gap_count > GAPS_TRIED_MOST;
  if (out->is_left_out) return DONE;
  y.wanted = wanted;
  home_count_rows(home, y.rows);
  for (int i = 0; i < q->pack->entitlement_count; i++)
    if (home_wanted(q, &q->pack->entitlements[i], &wanted[i], err) != DONE) return err->code;
  enum status status = take_trials(&y, trials, &count, err);
  const int step = PEOPLE_TRIED_MOST / home->count > 1 ? PEOPLE_TRIED_MOST / home->count : 1;
  for (int i = 0; status == DONE && i < count; i += step)
    status = try_some(&y, &trials[i], count - i < step ? count - i : step, all, &out->count, err);
  return status;
}
