/* The rules of the rows of discretionary.csv, claims.csv and disputes.csv: what no rule works out,
 * how an entitlement is claimed, and what can be done against a decision. policy/uk/README.md says
 * what each column holds. */
#include "pack/fields.h"

#include "base/day.h"
#include "base/money.h"

static const char *const decided_words[] = {"here", "elsewhere"};
static const char *const division_words[PACK_DISPUTE_DIVISIONS] = {"", "england", "wales",
                                                                   "scotland", "northern-ireland"};

enum {
  FREE_VARIABLE,
  FREE_NAME,
  FREE_NAME_CY,
  FREE_CATEGORY,
  FREE_PER,
  FREE_PAYER,
  FREE_CLAIM,
  FREE_SOURCE
};
enum {
  CLAIM_VARIABLE,
  CLAIM_AGES,
  CLAIM_KIND,
  CLAIM_DECIDED,
  CLAIM_BACK,
  CLAIM_BACK_REASON,
  CLAIM_ANSWER,
  CLAIM_PAYS,
  CLAIM_CHILD,
  CLAIM_SOURCE
};
enum {
  DISPUTE_VARIABLE,
  DISPUTE_DIVISION,
  DISPUTE_STEP,
  DISPUTE_KIND,
  DISPUTE_WITHIN,
  DISPUTE_LATE,
  DISPUTE_NAME,
  DISPUTE_NAME_CY,
  DISPUTE_TEXT,
  DISPUTE_TEXT_CY,
  DISPUTE_ADDRESS,
  DISPUTE_SOURCE
};

/* Behind those that rules work out; what is owed for it is written by whoever decides. */
enum status pack_take_discretionary(const struct pack_row *row, struct error *err) {
  static const char *const pers[TELL_PERS] = {"", "week", "month", "year"};
  struct pack *p = row->pack;
  const int number = p->entitlement_count + p->discretionary_count++;
  int category = 0, per = 0, payer = 0;
  pack_grow((void **)&p->entitlements, number, sizeof *p->entitlements);
  struct pack_entitlement *e = &p->entitlements[number];
  enum status s = pack_take_rule_name(row, FREE_VARIABLE, &e->variable, err);
  if (s == DONE && !pack_index_add(p->index, KIND_ENTITLEMENT, e->variable, number))
    return refuse_field(row, FREE_VARIABLE, err, PACK_CODE_TWICE);
  if (s == DONE) s = pack_take_names(row, FREE_NAME, FREE_NAME_CY, e->name, err);
  if (s == DONE)
    s = pack_take_reference(row, FREE_CATEGORY, KIND_CATEGORY, "categories.csv", &category, err);
  if (s == DONE) s = pack_take_word(row, FREE_PER, pers, TELL_PERS, &per, err);
  if (s == DONE && !span_is(pack_field(row, FREE_PAYER), PACK_PAYER_COUNCIL))
    s = pack_take_reference(row, FREE_PAYER, KIND_BODY, "bodies.csv", &payer, err);
  if (s == DONE) s = pack_take_text(row, FREE_SOURCE, &e->source, err);
  if (s != DONE) return s;
  e->ages = (struct pack_ages){AGE_ANY, AGE_ANY};
  e->category = &p->categories[category];
  e->per = (enum tell_per)per;
  e->payer = pack_copy(row, FREE_PAYER);
  e->claim = pack_copy(row, FREE_CLAIM);
  e->discretionary = true;
  return DONE;
}

/* A kind of case that does what a claim or a dispute does: its handler says so. */
static enum status take_kind(const struct pack_row *row, int column, const char *handler,
                             const char **out, struct error *err) {
  int of = 0;
  enum status s = pack_take_reference(row, column, KIND_CASE_KIND, "cases/kinds.csv", &of, err);
  if (s != DONE) return s;
  const struct pack_case_kind *kind = &row->pack->case_kinds[of];
  if (strcmp(kind->handler, handler) != 0)
    return refuse_field(row, column, err, PACK_CLAIM_KIND, handler);
  *out = kind->code;
  return DONE;
}

static enum status take_months(const struct pack_row *row, int column, int *out,
                               struct error *err) {
  struct pack_deadline back;
  enum status s = pack_take_deadline(row, column, &back, err);
  if (s == DONE && back.days) return refuse_field(row, column, err, PACK_CLAIM_BACK);
  *out = back.months;
  return s;
}

enum status pack_take_claim(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int of = 0, decided = 0;
  struct pack_claim *c = PACK_APPEND(p->claims, p->claim_count);
  enum status s = pack_take_reference(row, CLAIM_VARIABLE, KIND_ENTITLEMENT, "entitlements.csv",
                                      &of, err);
  if (s == DONE && p->entitlements[of].is_paid)
    return refuse_field(row, CLAIM_VARIABLE, err, PACK_CLAIM_IS_A_CHARGE);
  if (s == DONE) s = pack_take_ages(row, CLAIM_AGES, &c->ages, err);
  if (s == DONE) s = take_kind(row, CLAIM_KIND, "claim", &c->kind, err);
  if (s == DONE) s = pack_take_word(row, CLAIM_DECIDED, decided_words, 2, &decided, err);
  if (s == DONE) s = take_months(row, CLAIM_BACK, &c->back_months, err);
  if (s == DONE) s = take_months(row, CLAIM_BACK_REASON, &c->back_reason_months, err);
  if (s == DONE) s = pack_take_deadline(row, CLAIM_ANSWER, &c->answer, err);
  if (s == DONE) s = pack_take_flag(row, CLAIM_PAYS, &c->pays, err);
  if (s == DONE) s = pack_take_flag(row, CLAIM_CHILD, &c->needs_child, err);
  if (s == DONE) s = pack_take_text(row, CLAIM_SOURCE, &c->source, err);
  if (s != DONE) return s;
  if (c->back_reason_months && c->back_reason_months < c->back_months)
    return refuse_field(row, CLAIM_BACK_REASON, err, PACK_CLAIM_BACK);
  if (!c->back_reason_months) c->back_reason_months = c->back_months;
  c->what = &p->entitlements[of];
  c->elsewhere = decided == 1;
  return DONE;
}

/* Steps follow one another from 1; one of every division may have others of each behind it. */
static enum status take_step(const struct pack_row *row, struct pack_dispute *d,
                             struct error *err) {
  struct pack *p = row->pack;
  int64_t step = 0;
  int before = 0;
  if (integer_parse(pack_field(row, DISPUTE_STEP), &step, NULL) != DONE) step = 0;
  for (int i = 0; i < p->dispute_count - 1; i++)
    if (p->disputes[i].what == d->what &&
        (!p->disputes[i].division || p->disputes[i].division == d->division))
      before = p->disputes[i].step;
  if (step != before + 1)
    return refuse_field(row, DISPUTE_STEP, err, PACK_DISPUTE_STEP, before + 1);
  d->step = (int)step;
  return DONE;
}

enum status pack_take_dispute(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int of = 0;
  struct pack_dispute *d = PACK_APPEND(p->disputes, p->dispute_count);
  enum status s = pack_take_reference(row, DISPUTE_VARIABLE, KIND_ENTITLEMENT, "entitlements.csv",
                                      &of, err);
  if (s == DONE)
    s = pack_take_word(row, DISPUTE_DIVISION, division_words, PACK_DISPUTE_DIVISIONS, &d->division,
                       err);
  d->what = &p->entitlements[of];
  if (s == DONE) s = take_step(row, d, err);
  if (s == DONE && !pack_absent(row, DISPUTE_KIND))
    s = take_kind(row, DISPUTE_KIND, "dispute", &d->kind, err);
  if (s == DONE) s = pack_take_deadline(row, DISPUTE_WITHIN, &d->within, err);
  if (s == DONE) s = pack_take_deadline(row, DISPUTE_LATE, &d->late, err);
  if (s == DONE) s = pack_take_names(row, DISPUTE_NAME, DISPUTE_NAME_CY, d->name, err);
  if (s == DONE) s = pack_take_names(row, DISPUTE_TEXT, DISPUTE_TEXT_CY, d->text, err);
  if (s == DONE) s = pack_take_text(row, DISPUTE_SOURCE, &d->source, err);
  if (s != DONE) return s;
  if (pack_absent(row, DISPUTE_ADDRESS) == !d->kind)
    return refuse_field(row, DISPUTE_ADDRESS, err, PACK_DISPUTE_ADDRESS);
  d->address = pack_absent(row, DISPUTE_ADDRESS) ? NULL : pack_copy(row, DISPUTE_ADDRESS);
  return DONE;
}

/* ---- finding ---- */

bool pack_ages_have(struct pack_ages ages, day_t born, day_t on) {
  return (ages.from == AGE_ANY || day_is_of_age(born, ages.from, on)) &&
         (ages.to == AGE_ANY || !day_is_of_age(born, ages.to + 1, on));
}

static bool is_of_age(struct pack_ages ages, day_t born, day_t on) {
  return born == DAY_NONE ? ages.from == AGE_ANY : pack_ages_have(ages, born, on);
}

/* A child claims what is told of children; else whoever is responsible for them does. */
static bool is_too_young(const struct pack_entitlement *what, day_t born, day_t on) {
  enum { AGE_OF_CLAIMS = 16 };
  const bool childs = what->ages.to != AGE_ANY && what->ages.to <= AGE_OF_CLAIMS;
  return !childs && born != DAY_NONE && !day_is_of_age(born, AGE_OF_CLAIMS, on);
}

const struct pack_claim *pack_find_claim(const struct pack *pack,
                                         const struct pack_entitlement *what, day_t born,
                                         day_t on) {
  if (is_too_young(what, born, on)) return NULL;
  for (int i = 0; i < pack->claim_count; i++)
    if (pack->claims[i].what == what && is_of_age(pack->claims[i].ages, born, on))
      return &pack->claims[i];
  return NULL;
}

int pack_disputes_of(const struct pack *pack, const struct pack_entitlement *what, int division,
                     const struct pack_dispute **out, int most) {
  int count = 0;
  for (int i = 0; i < pack->dispute_count && count < most; i++) {
    const struct pack_dispute *d = &pack->disputes[i];
    const bool here = !d->division || !division || d->division == division;
    if (d->what == what && here) out[count++] = d;
  }
  return count;
}
