#include "award/assessed.h"

#include "assess/claiming.h"
#include "base/money.h"
#include "base/refusal.h"
#include "register/facts.h"

#include <math.h>

enum { PENCE_A_POUND = 100 };

static bool counts_on(const struct fact *f, day_t day) {
  return fact_stands(f) && f->from <= day && (f->to == DAY_NONE || f->to >= day) &&
         (f->review_by == DAY_NONE || f->review_by >= day);
}

struct fact_numbers_of {
  int64_t *all;
  int count, room;
};

/* The person's, and of another of the unit what is about them alone: the home's is there. */
static enum status add_facts(const struct award_call *call, int64_t person, bool is_other,
                             day_t day, struct fact_numbers_of *out, struct error *err) {
  struct facts facts = {0};
  enum status status = facts_of_person(call->store, call->arena, person, day, &facts, err);
  if (status != DONE) return status;
  for (int i = 0; i < facts.count; i++) {
    const struct fact *f = &facts.all[i];
    if (!counts_on(f, day) || (is_other && f->party == facts.household)) continue;
    arena_reserve(call->arena, out->all, out->room, out->count + 1);
    out->all[out->count++] = f->id;
  }
  return status;
}

/* The facts that stood, of the person and of whoever was assessed with them: `facts:12 15`, in
 * order. Of a partner who has not said so yet nothing was used (assess.h: unconfirmed). */
static enum status facts_on(const struct award_call *call, int64_t person,
                            const struct assessment *a, day_t day, struct span *out,
                            struct error *err) {
  struct fact_numbers_of numbers = {0};
  struct text t = {0};
  *out = span_of("");
  enum status status = add_facts(call, person, false, day, &numbers, err);
  for (int i = 1; status == DONE && i < a->unit_count; i++)
    if (a->unit[i] != a->unconfirmed)
      status = add_facts(call, a->unit[i], true, day, &numbers, err);
  array_sort(numbers.all, numbers.count, int64_compare);
  for (int i = 0; status == DONE && i < numbers.count; i++)
    text_addf(&t, "%s%lld", i ? " " : AWARD_FACTS_BEGIN, (long long)numbers.all[i]);
  if (status == DONE && t.size) *out = span_of(arena_string(call->arena, t.bytes));
  text_release(&t);
  return status;
}

bool award_next_fact(struct span text, size_t *at, int64_t *fact) {
  static const char begins[] = AWARD_FACTS_BEGIN;
  if (!*at) {
    const char *found = text.size ? memmem(text.bytes, text.size, begins, sizeof begins - 1) : NULL;
    *at = found ? (size_t)(found - text.bytes) + sizeof begins - 1 : text.size;
  }
  if (*at >= text.size) return false;
  const char *word = text.bytes + *at, *stop = memchr(word, ' ', text.size - *at);
  const size_t size = stop ? (size_t)(stop - word) : text.size - *at;
  if (integer_parse(span_make(word, size), fact, NULL) != DONE) *fact = 0;
  *at += size + 1;
  return true;
}

bool award_rests_on(struct span text, int64_t fact) {
  int64_t number = 0;
  for (size_t at = 0; award_next_fact(text, &at, &number);)
    if (number == fact) return true;
  return false;
}

/* The person's own, or what is one amount for the family or the home. */
static const struct assess_answer *answer_of(const struct assessment *a,
                                             const struct pack_entitlement *what) {
  for (int i = 0; i < a->answer_count; i++)
    if (a->answers[i].what == what && (!a->answers[i].person || a->answers[i].person == a->unit[0]))
      return &a->answers[i];
  return NULL;
}

/* A means test counts what is paid; one's own benefit has none here. */
static bool is_of_a_unit(const struct rules *rules, const struct pack_entitlement *what) {
  const struct rule_variable *v = rules_variable(rules, span_of(what->variable));
  return v && v->entity->is_group;
}

/* Whoever has no recourse to public funds may lose their leave by a claim (before-claiming.csv). */
static enum status take_funds(const struct award_call *call, const struct assessment *a,
                              const struct pack_entitlement *what, struct award_assessed *out,
                              struct error *err) {
  struct assess_claims claims = {0};
  enum status status = assess_before_claiming(call->arena, a, &claims, err);
  for (int i = 0; status == DONE && i < claims.fund_count; i++) {
    const struct assess_warning *warning = &claims.funds[i];
    if (!what->discretionary && !pack_claiming_is_of(warning->row, what)) continue;
    if (warning->applies) out->is_without_funds = true;
    else out->is_without_funds_unsure = true;
  }
  return status;
}

/* With nothing told of pay or rent there may be a lowest and no highest, or neither. */
static void take_amount(const struct assess_answer *answer, struct award_assessed *out) {
  if (!answer || answer->is_open) return;
  out->low = isfinite(answer->low) ? (int64_t)llround(answer->low * PENCE_A_POUND) : 0;
  if (answer->is_exact) {
    out->known = AWARD_EXACT;
    out->high = out->low;
  } else if (isfinite(answer->high)) {
    out->known = AWARD_RANGE;
    out->high = (int64_t)llround(answer->high * PENCE_A_POUND);
  } else {
    out->known = out->low > 0 ? AWARD_AT_LEAST : AWARD_OPEN;
  }
}

enum status award_assess(const struct award_call *call, int64_t person,
                         const struct pack_entitlement *what, day_t on, struct award_assessed *out,
                         struct error *err) {
  const struct rules *rules = NULL;
  struct assessment *a = arena_array(call->arena, struct assessment, 1);
  struct assess_request *q = arena_array(call->arena, struct assess_request, 1);
  *out = (struct award_assessed){.of = a};
  *a = (struct assessment){0};
  if (rules_ready(call->arena, call->rules, call->pack->dir, &rules, err) != DONE) return err->code;
  *q = (struct assess_request){.store = call->store,
                               .pack = call->pack,
                               .rules = rules,
                               .person = person,
                               .on = on,
                               .as_paid = is_of_a_unit(rules, what),
                               .as_person = call->as_person,
                               .ends_us = call->ends_us};
  if (assess(call->arena, q, a, err) != DONE) return err->code;
  if (facts_on(call, person, a, on, &out->facts, err) != DONE) return err->code;
  if (take_funds(call, a, what, out, err) != DONE) return err->code;
  out->answer = answer_of(a, what);
  take_amount(out->answer, out);
  return DONE;
}

enum status award_versions(const struct award_call *call, struct span *out, struct error *err) {
  const char *name = pack_find_value(call->pack, "name");
  const char *year = pack_find_value(call->pack, "year_current"), *digest = NULL;
  enum status status = pack_digest(call->pack, call->arena, &digest, err);
  if (status == DONE)
    *out = span_of(arena_printf(call->arena, "pack %s %s sha256:%s", name ? name : call->pack->dir,
                                year ? year : "", digest));
  return status;
}

int64_t award_in_period(int64_t pence, enum tell_per from, enum tell_per to) {
  static const int in_a_year[TELL_PERS] = {[PER_WEEK] = 52, [PER_MONTH] = 12, [PER_YEAR] = 1};
  if (to == PER_NONE || from == PER_NONE || from == to) return pence;
  return (int64_t)llround((double)pence * in_a_year[from] / in_a_year[to]);
}

enum status award_take_assessed(const struct award_call *call, int64_t person,
                                const struct pack_entitlement *what, day_t on, enum tell_per per,
                                int64_t *pence, struct span *facts, struct error *err) {
  struct award_assessed assessed;
  if (award_assess(call, person, what, on, &assessed, err) != DONE) return err->code;
  if (assessed.known != AWARD_EXACT)
    return refuse_at(err, "amount", AWARD_NOT_EXACT, what->name[ENGLISH]);
  if (assessed.low <= 0) return refuse_at(err, "amount", AWARD_NOTHING, what->name[ENGLISH]);
  *pence = award_in_period(assessed.low, what->per, per);
  *facts = assessed.facts;
  return DONE;
}
