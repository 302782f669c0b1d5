/* Who has the same entitlement with somebody: a family's is one amount, whoever of it claims. */
#include "award/claim_parts.h"

#include "register/benefit_unit.h"

static enum status is_of_group(const struct award_call *call, const struct pack_entitlement *what,
                               bool *out, struct error *err) {
  const struct rules *rules = NULL;
  *out = false;
  if (what->discretionary) return DONE; /* no rule has it */
  if (rules_ready(call->arena, call->rules, call->pack->dir, &rules, err) != DONE) return err->code;
  const struct rule_variable *v = rules_variable(rules, span_of(what->variable));
  *out = v && v->entity->is_group;
  return DONE;
}

enum status award_family(const struct award_call *call, int64_t person,
                         const struct pack_entitlement *what, day_t on, int64_t **out, int *count,
                         struct error *err) {
  struct benefit_unit unit = {0};
  bool is_group = false;
  *count = 0;
  enum status status = register_unit_on(call->store, call->arena, person, on, &unit, err);
  *out = arena_array(call->arena, int64_t, unit.member_count + 1);
  for (int i = 0; status == DONE && i < unit.member_count; i++) {
    const struct unit_member *m = &unit.members[i];
    if (unit_member_is_adult(m) && m->person != person) (*out)[(*count)++] = m->person;
  }
  if (status == DONE && *count) status = is_of_group(call, what, &is_group, err);
  if (!is_group) *count = 0;
  return status;
}
