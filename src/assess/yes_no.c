#include "assess/yes_no.h"

#include "assess/home.h"
#include "base/refusal.h"
#include "rules/run.h"

static enum status find(const struct rules *rules, const char *variable,
                        const struct rule_variable **out, struct error *err) {
  *out = rules_variable(rules, span_of(variable));
  if (!*out) return rules_refuse_name(rules, span_of(variable), err);
  return (*out)->type.kind == KIND_BOOL ? DONE : refuse(err, STANDARD_RULE, variable);
}

/* The family's or household's own row; a person's is their own. */
static int row_of(const struct home *home, const struct rule_variable *v, int64_t person) {
  if (v->entity->is_group) return 0;
  for (int i = 0; i < home->unit_count; i++)
    if (home->members[i].person.id == person) return i;
  return -1;
}

enum status assess_yes_no(struct arena *arena, const struct assess_request *q, const char *variable,
                          enum yes_no *out, struct error *err) {
  struct home home = {.request = q, .arena = arena};
  struct range_result result = {0};
  const struct rule_variable *v;
  *out = YES_NO_UNKNOWN;
  if (find(q->rules, variable, &v, err) != DONE) return err->code;
  enum status status = home_read(&home, err);
  if (status != DONE || home.is_open) return status;
  const int row = row_of(&home, v, q->person);
  if (row < 0) return DONE;
  status = home_columns(&home, err);
  if (status != DONE) return status;
  const struct rule_period day = {.each = EACH_DAY, .start = q->on};
  const struct range_wanted wanted = {
      v, v->period == EACH_YEAR ? period_around(q->rules, day, EACH_YEAR)
                                : (struct rule_period){.each = EACH_WEEK, .start = q->on}};
  const struct range_request request = {.wanted_count = 1, .wanted = &wanted};
  status = home_find_ranges(arena, &home, request, &result, err);
  if (status != DONE) return status;
  const struct range_value *value = &result.answers[0].values[row];
  if (value->is_exact && !value->may_lack) *out = value->low != 0 ? YES_NO_YES : YES_NO_NO;
  return DONE;
}

/* ---- of many ---- */

/* The pack with one more row, which asks the rules for the variable as for an entitlement. */
static struct pack *pack_that_asks(struct arena *arena, const struct pack *pack,
                                   const struct rule_variable *v) {
  const int count = pack->entitlement_count;
  struct pack *out = arena_array(arena, struct pack, 1);
  struct pack_entitlement *rows = arena_array(arena, struct pack_entitlement, count + 1);
  for (int i = 0; i < count; i++) rows[i] = pack->entitlements[i];
  rows[count] = (struct pack_entitlement){.variable = v->name,
                                          .per = v->period == EACH_YEAR ? PER_YEAR : PER_WEEK,
                                          .ages = {AGE_ANY, AGE_ANY}};
  *out = *pack;
  out->entitlements = rows;
  out->entitlement_count = count + 1;
  out->discretionary_count = 0;
  return out;
}

/* Of each id the unit in which they are assessed: their own before another's; -1: none. */
static int *units_of(struct arena *arena, const struct people *people, const struct many *many) {
  int *unit = arena_array(arena, int, people->max_id + 1);
  for (int64_t id = 0; id <= people->max_id; id++) unit[id] = -1;
  for (int i = 0; i < many->unit_count; i++)
    for (int m = 0; m < many->units[i].member_count; m++)
      if (unit[many->units[i].members[m]] < 0) unit[many->units[i].members[m]] = i;
  for (int i = 0; i < many->unit_count; i++) unit[many->units[i].adult] = i;
  return unit;
}

/* *sure false: the ranges do not say. A unit's answers leave out what is exactly no. */
static enum yes_no said_of(const struct many_unit *unit, int64_t person, bool *sure) {
  *sure = true;
  if (unit->reason_count) return YES_NO_UNKNOWN;
  for (int i = 0; i < unit->answer_count; i++) {
    const struct many_answer *a = &unit->answers[i];
    if (a->person && a->person != person) continue;
    *sure = a->is_exact;
    return a->is_exact ? YES_NO_YES : YES_NO_UNKNOWN;
  }
  return YES_NO_NO;
}

static enum status ask_alone(struct arena *arena, const struct many_request *q, int64_t person,
                             const char *variable, enum yes_no *out, struct error *err) {
  const struct assess_request one = {
      .store = q->store, .pack = q->pack, .rules = q->rules, .person = person, .on = q->on};
  enum status status = assess_yes_no(arena, &one, variable, out, err);
  if (!assess_is_nobodys(status, err)) return status;
  *out = YES_NO_UNKNOWN;
  return DONE;
}

enum status assess_yes_no_many(struct arena *arena, const struct many_request *request,
                               const char *variable, enum yes_no *out, struct error *err) {
  struct many_request q = *request;
  struct many many = {0};
  const struct rule_variable *v;
  if (find(q.rules, variable, &v, err) != DONE) return err->code;
  q.pack = pack_that_asks(arena, request->pack, v);
  bool *wanted = arena_array(arena, bool, q.pack->entitlement_count);
  wanted[q.pack->entitlement_count - 1] = true;
  q.wanted = wanted;
  enum status status = assess_many(arena, &q, &many, err);
  if (status != DONE) return status;
  const int *unit = units_of(arena, q.people, &many);
  struct arena *scratch = arena_new();
  for (int i = 0; status == DONE && i < q.people->count; i++) {
    const int64_t id = q.people->all[i].id;
    bool sure = false;
    out[i] = YES_NO_UNKNOWN;
    if (!q.lives[i]) continue;
    if (unit[id] >= 0) out[i] = said_of(&many.units[unit[id]], id, &sure);
    if (sure) continue;
    status = ask_alone(scratch, request, id, variable, &out[i], err);
    arena_reset(scratch);
  }
  arena_free(scratch);
  return status;
}

/* ---- by birth ---- */

enum status assess_yes_no_by_birth(struct arena *arena, const struct rules *rules,
                                   const char *variable, const day_t *born, int count, day_t on,
                                   bool *out, struct error *err) {
  const struct rule_variable *v, *birth = rules_variable(rules, span_of("date_of_birth"));
  int rows[RULE_ENTITIES_MOST], step = 0;
  if (find(rules, variable, &v, err) != DONE) return err->code;
  if (!birth || v->entity->is_group) return refuse(err, STANDARD_RULE, variable);
  if (!count) return DONE;
  for (int e = 0; e < rules->entity_count; e++) rows[e] = count;
  struct rule_population *pop = rule_population_make(arena, rules, rows);
  for (int e = 1; e < rules->entity_count; e++)
    for (int i = 0; i < count; i++) pop->member[e][i] = i;
  double *days = rule_population_column(pop, birth, (struct rule_period){.each = EACH_ETERNITY});
  for (int i = 0; i < count; i++) days[i] = born[i];
  rule_population_settle(pop);
  struct compiler *c = compiler_make(arena, rules, pop, READ_LEGAL);
  const struct rule_period day = {.each = EACH_DAY, .start = on};
  enum status status = compile_variable(c, v, day, &step, err);
  if (status != DONE) return status;
  double *values = arena_array(arena, double, count);
  const struct run_output output = {.step = step, .rows = count, .values = values};
  status = run_plan(arena, c, &output, 1, 1, err);
  for (int i = 0; status == DONE && i < count; i++)
    out[pop->order[v->entity->index][i]] = values[i] == 1;
  return status;
}
