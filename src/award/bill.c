/* Nobody is awarded more than what it helps to pay: a rent, or a bill of the home that they owe. */
#include "award/claim_parts.h"

#include "award/rows.h"
#include "base/money.h"
#include "base/refusal.h"
#include "register/benefit_unit.h"
#include "register/facts.h"
#include "register/names.h"
#include "register/register.h"

/* What was told of the bill on a day, in pence a year; *known false: nothing. */
static enum status bill_on(const struct award_call *call, int64_t person,
                           const struct pack_tellable *bill, day_t on, int64_t *pence, bool *known,
                           struct error *err) {
  struct facts facts = {0};
  struct error unlike = {0};
  enum status status = facts_of_person(call->store, call->arena, person, on, &facts, err);
  if (status != DONE) return status;
  const struct fact *f = facts_known(&facts, bill->variable, on).fact;
  *known = f && money_parse(span_of(f->value), pence, &unlike) == DONE;
  if (*known && f->per != PER_NONE) *pence = award_in_period(*pence, f->per, PER_YEAR);
  return DONE;
}

/* ---- whose bill it is ---- */

static bool is_of_family(const struct benefit_unit *unit, int64_t person) {
  for (int i = 0; i < unit->member_count; i++)
    if (unit->members[i].person == person && unit->members[i].attested) return true;
  return false;
}

/* What the adults of the family told on the day of a question that is of them both; of_age false:
 * none of them is of its ages. */
static enum status answer_of(const struct award_call *call, const struct benefit_unit *unit,
                             const struct pack_tellable *what, day_t on, const char **out,
                             bool *of_age, struct error *err) {
  const char *found = NULL;
  enum status status = DONE;
  *of_age = false;
  for (int i = 0; status == DONE && i < unit->member_count; i++) {
    const struct unit_member *m = &unit->members[i];
    struct facts facts = {0};
    day_t born = DAY_NONE, died = DAY_NONE;
    if (m->role == UNIT_CHILD || !m->attested) continue;
    status = register_life(call->store, m->person, &born, &died, err);
    if (status == DONE)
      status = facts_of_person(call->store, call->arena, m->person, on, &facts, err);
    *of_age |= born == DAY_NONE || pack_ages_have(what->ages, born, on);
    const struct fact *f = facts_known(&facts, what->variable, on).fact;
    if (f && f->value && !found) found = f->value;
  }
  *out = found;
  return status;
}

/* Whether a bill of the home is not the family's, as they were asked (gates.csv), or as nobody of
 * their ages owes it. */
static enum status is_of_others(const struct award_call *call, const struct benefit_unit *unit,
                                const struct pack_tellable *bill, day_t on, bool *out,
                                struct error *err) {
  const struct pack *pack = call->pack;
  enum status status = DONE;
  for (int i = 0; status == DONE && !*out && i < pack->gate_count; i++) {
    const struct pack_gate *g = &pack->gates[i];
    const char *said = NULL;
    bool of_age = true;
    if (g->settles != bill || !g->gate->of_unit) continue;
    status = answer_of(call, unit, g->gate, on, &said, &of_age, err);
    if (status != DONE) return status;
    *out = !of_age || (said && strcmp(said, g->answer) == 0);
    if (!*out && !said) status = is_of_others(call, unit, g->gate, on, out, err);
  }
  return status;
}

/* ---- what others of the home have ---- */

static bool are_both_on_a_day(const struct award *a, const struct award_terms *t) {
  return (a->to == DAY_NONE || a->to >= t->from) && (t->to == DAY_NONE || a->from <= t->to);
}

/* Adds what somebody has of it on days of the award, in pence a year: the most of their rows. */
static enum status add_award(const struct award_call *call, int64_t person,
                             const struct award_terms *t, int64_t *sum, struct error *err) {
  struct awards all = {0};
  int64_t most = 0;
  enum status status = awards_of_person(call->store, call->arena, person, &all, err);
  for (int i = 0; status == DONE && i < all.count; i++) {
    const struct award *a = &all.all[i];
    const int64_t pence = award_in_period(a->pence, a->per, PER_YEAR);
    if (award_stands(a) && strcmp(a->variable, t->what->variable) == 0 && are_both_on_a_day(a, t) &&
        pence > most)
      most = pence;
  }
  *sum += most;
  return status;
}

static enum status others_have(const struct award_call *call, const struct benefit_unit *unit,
                               const struct award_terms *t, int64_t *sum, struct error *err) {
  const int64_t *all = NULL;
  int count = 0;
  enum status status = DONE;
  *sum = 0;
  if (unit->household)
    status = register_residents(call->store, call->arena, unit->household, t->from, &all, &count,
                                err);
  for (int i = 0; status == DONE && i < count; i++)
    if (!is_of_family(unit, all[i])) status = add_award(call, all[i], t, sum, err);
  return status;
}

/* ---- the check ---- */

static enum status refuse_above(const struct award_terms *t, int64_t others, int64_t most,
                                struct error *err) {
  const char *name = t->what->helps_pay->name[ENGLISH];
  struct text bill = {0}, have = {0};
  text_add_money(&bill, most);
  text_add_money(&have, others);
  const enum status status = others ? refuse_at(err, "amount", AWARD_BILL_SHARED, have.bytes, name,
                                                bill.bytes)
                                    : refuse_at(err, "amount", AWARD_ABOVE_BILL, name, bill.bytes);
  text_release(&bill);
  text_release(&have);
  return status;
}

enum status award_check_bill(const struct award_call *call, const struct award_terms *t,
                             struct error *err) {
  const struct pack_tellable *bill = t->what ? t->what->helps_pay : NULL;
  struct benefit_unit unit = {0};
  int64_t most = 0, others = 0;
  bool known = false, is_others = false;
  const enum tell_per per = t->per == PER_NONE && t->what ? t->what->per : t->per;
  if (!bill || t->elsewhere) return DONE;
  enum status status = bill_on(call, t->person, bill, t->from, &most, &known, err);
  if (status == DONE && !known)
    status = bill_on(call, t->person, bill, call->today, &most, &known, err);
  /* a reduction of a bill is that of one home; a rent may be told of a room */
  if (status == DONE && t->what->billed)
    status = register_unit_on(call->store, call->arena, t->person, t->from, &unit, err);
  if (status == DONE && unit.shares_home) {
    status = is_of_others(call, &unit, bill, t->from, &is_others, err);
    if (status == DONE && is_others)
      return refuse_at(err, "person", AWARD_BILL_OF_OTHERS, bill->name[ENGLISH]);
    if (status == DONE) status = others_have(call, &unit, t, &others, err);
  }
  /* a penny a period is of rounding */
  const int64_t left = most > others ? most - others : 0;
  if (status != DONE || !known || t->pence <= award_in_period(left, PER_YEAR, per) + 1)
    return status;
  return refuse_above(t, others, most, err);
}
