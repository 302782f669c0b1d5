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

/* What the adults of the family told on the day of a question that is of them both. */
static enum status answer_of(const struct award_call *call, const struct benefit_unit *unit,
                             const struct pack_tellable *what, day_t on, const char **out,
                             struct error *err) {
  const char *found = NULL;
  enum status status = DONE;
  for (int i = 0; status == DONE && i < unit->member_count; i++) {
    const struct unit_member *m = &unit->members[i];
    struct facts facts = {0};
    if (!unit_member_is_adult(m)) continue;
    status = facts_of_person(call->store, call->arena, m->person, on, &facts, err);
    const struct fact *f = facts_known(&facts, what->variable, on).fact;
    if (f && f->value && !found) found = f->value;
  }
  *out = found;
  return status;
}

/* Whether a bill of the home is not the family's, as they were asked (gates.csv), or the person is
 * not of the ages of those who can owe it, also where nobody else lives there. */
static enum status is_of_others(const struct award_call *call, int64_t person,
                                const struct benefit_unit *unit, const struct pack_tellable *bill,
                                day_t on, bool *out, struct error *err) {
  const struct pack *pack = call->pack;
  day_t born = DAY_NONE, died = DAY_NONE;
  enum status status = register_life(call->store, person, &born, &died, err);
  for (int i = 0; status == DONE && !*out && i < pack->gate_count; i++) {
    const struct pack_gate *g = &pack->gates[i];
    const char *said = NULL;
    if (g->settles != bill || !g->gate->of_unit) continue;
    *out = born != DAY_NONE && !pack_ages_have(g->gate->ages, born, on);
    if (*out || !unit->shares_home) continue;
    status = answer_of(call, unit, g->gate, on, &said, err);
    *out = said && strcmp(said, g->answer) == 0;
    if (status == DONE && !said) status = is_of_others(call, person, unit, g->gate, on, out, err);
  }
  return status;
}

/* ---- what others of the home have ---- */

/* Days on which somebody lives in a home, or has a part of its bill there. The last day DAY_NONE:
 * there is none. */
struct days {
  day_t from, to;
  int64_t person, pence; /* pence: in a year */
  bool today;            /* they live there today */
};

/* false: they have no day in common. */
static bool take_common(struct days *days, day_t from, day_t to) {
  if (from > days->from) days->from = from;
  if (to != DAY_NONE && (days->to == DAY_NONE || to < days->to)) days->to = to;
  return days->to == DAY_NONE || days->to >= days->from;
}

/* The days of a residence, which lasts until the next; false: none of `within` is among them. */
static bool stay(const struct person *p, int i, const struct days *within, struct days *out) {
  *out = *within;
  return take_common(out, p->residences[i].from, person_stay_end(p, i));
}

struct shares {
  struct days *all;
  int count, capacity;
};

/* What one of the home has of it on days on which both live there. */
static enum status add_shares(const struct award_call *call, const struct person *other,
                              int64_t household, const char *variable, const struct days *within,
                              struct shares *out, struct error *err) {
  struct awards rows = {0};
  enum status status = awards_of_person(call->store, call->arena, other->id, &rows, err);
  for (int r = 0; status == DONE && r < other->residence_count; r++) {
    struct days lives = {0};
    if (other->residences[r].household != household || !stay(other, r, within, &lives)) continue;
    for (int i = 0; i < rows.count; i++) {
      const struct award *a = &rows.all[i];
      struct days has = lives;
      if (!award_stands(a) || strcmp(a->variable, variable) != 0 ||
          !take_common(&has, a->from, a->to))
        continue;
      has.person = other->id;
      has.today = person_household(other, call->today) == household;
      has.pence = award_in_period(a->pence, a->per, PER_YEAR);
      arena_reserve(call->arena, out->all, out->capacity, out->count + 1);
      out->all[out->count++] = has;
    }
  }
  return status;
}

/* Of everybody who lives there on one of the days, but the person. */
static enum status find_shares(const struct award_call *call, int64_t person, int64_t household,
                               const char *variable, const struct days *within, struct shares *out,
                               struct error *err) {
  int64_t *all = NULL;
  int count = 0;
  enum status status = register_household_members(call->store, call->arena, household, &all, &count,
                                                  err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct person other = {0};
    bool before = false;
    status = register_surviving_person(call->store, call->arena, all[i], &other, err);
    if (status != DONE) break;
    for (int k = 0; k < i; k++) before |= all[k] == other.id;
    all[i] = other.id;
    if (before || other.id == person) continue;
    status = add_shares(call, &other, household, variable, within, out, err);
  }
  return status;
}

/* The most that they have together on one day, in pence a year: what they have grows only on the
 * first day of one. */
static int64_t most_on_a_day(const struct shares *shares) {
  int64_t most = 0;
  for (int i = 0; i < shares->count; i++) {
    const day_t on = shares->all[i].from;
    int64_t sum = 0;
    for (int k = 0; k < shares->count; k++) {
      const struct days *d = &shares->all[k];
      if (d->from <= on && (d->to == DAY_NONE || d->to >= on)) sum += d->pence;
    }
    if (sum > most) most = sum;
  }
  return most;
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

/* Above the bill, with what others have of it; a penny a period is of rounding. */
static bool is_above(const struct award_terms *t, int64_t others, int64_t most) {
  const enum tell_per per = t->per == PER_NONE ? t->what->per : t->per;
  const int64_t left = most > others ? most - others : 0;
  return t->pence > award_in_period(left, PER_YEAR, per) + 1;
}

/* The bill of a home in which the person comes to live on a day of the award: as told of that day,
 * else of today by those who live there. */
static enum status bill_of_home(const struct award_call *call, int64_t person,
                                const struct pack_tellable *bill, const struct days *within,
                                const struct shares *shares, int64_t *pence, bool *known,
                                struct error *err) {
  enum status status = bill_on(call, person, bill, within->from, pence, known, err);
  for (int i = 0; status == DONE && !*known && i < shares->count; i++)
    status = bill_on(call, shares->all[i].person, bill, shares->all[i].from, pence, known, err);
  for (int i = 0; status == DONE && !*known && i < shares->count; i++)
    if (shares->all[i].today)
      status = bill_on(call, shares->all[i].person, bill, call->today, pence, known, err);
  return status;
}

/* Of each home in which the person lives on days of the award; `first` is the bill of the first
 * (-1: not known). */
static enum status check_homes(const struct award_call *call, const struct award_terms *t,
                               int64_t first, struct error *err) {
  const struct days of_award = {.from = t->from, .to = t->to};
  struct person p = {0};
  enum status status = register_surviving_person(call->store, call->arena, t->person, &p, err);
  for (int i = 0; status == DONE && i < p.residence_count; i++) {
    const int64_t household = p.residences[i].household;
    struct shares shares = {0};
    struct days within = {0};
    int64_t most = first;
    bool known = first >= 0;
    if (!household || !stay(&p, i, &of_award, &within)) continue;
    status = find_shares(call, p.id, household, t->what->variable, &within, &shares, err);
    if (status == DONE && shares.count && (!known || household != person_household(&p, t->from)))
      status = bill_of_home(call, p.id, t->what->helps_pay, &within, &shares, &most, &known, err);
    const int64_t others = most_on_a_day(&shares);
    if (status == DONE && others && known && is_above(t, others, most))
      return refuse_above(t, others, most, err);
  }
  return status;
}

enum status award_check_bill(const struct award_call *call, const struct award_terms *t,
                             struct error *err) {
  const struct pack_tellable *bill = t->what ? t->what->helps_pay : NULL;
  struct benefit_unit unit = {0};
  int64_t most = 0;
  bool known = false, is_others = false;
  if (!bill || t->elsewhere) return DONE;
  enum status status = bill_on(call, t->person, bill, t->from, &most, &known, err);
  if (status == DONE && !known)
    status = bill_on(call, t->person, bill, call->today, &most, &known, err);
  /* a reduction of a bill is that of one home; a rent may be told of a room */
  if (status == DONE && t->what->billed) {
    status = register_unit_on(call->store, call->arena, t->person, t->from, &unit, err);
    if (status == DONE)
      status = register_unit_housemates(call->store, call->arena, t->from, NULL, &unit, err);
    if (status == DONE)
      status = is_of_others(call, t->person, &unit, bill, t->from, &is_others, err);
    if (status == DONE && is_others)
      return refuse_at(err, "person", AWARD_BILL_OF_OTHERS, bill->name[ENGLISH]);
  }
  if (status == DONE && known && is_above(t, 0, most)) return refuse_above(t, 0, most, err);
  return status == DONE && t->what->billed ? check_homes(call, t, known ? most : -1, err) : status;
}
