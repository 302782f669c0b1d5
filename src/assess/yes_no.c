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
