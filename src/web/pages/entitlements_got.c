/* What is in payment now of what an assessment tells: by an award, by what was told or decided, or
 * by the payments of the last year. */
#include "attest/person_accounts.h"
#include "award/award.h"
#include "base/money.h"
#include "book/figures.h"
#include "register/facts.h"
#include "register/names.h"
#include "web/pages/assessing.h"

/* Payments of one category to the people of a unit; last: DAY_NONE where there are none. */
struct got_paid {
  int64_t pence;
  day_t last;
};

struct got_reader {
  const struct request *r;
  const struct assessing *s;
  int person_count;
  const int64_t *people; /* of the unit, whose records the visitor may see */
  struct facts *facts;   /* of each of them */
  struct got_paid *paid; /* of each of them, of each row of entitlements.csv */
};

static const char *got_per_word(const struct request *r, enum tell_per per) {
  static const char *const words[TELL_PERS] = {N_("a year"), N_("a week"), N_("a month"),
                                               N_("a year")};
  return say(r->language, words[per]);
}

/* Nobody sees what a partner told or is paid who has not said that they are partners. */
static void take_people(struct got_reader *g) {
  const struct assessment *now = &g->s->now;
  int64_t *all = arena_array(g->r->arena, int64_t, now->unit_count + 1);
  for (int i = 0; i < now->unit_count; i++)
    if (now->unit[i] && now->unit[i] != now->unconfirmed) all[g->person_count++] = now->unit[i];
  g->people = all;
}

/* ---- payments of the last year ---- */

enum { DAYS_OF_PAYMENTS = 366 };

static void add_payment(struct got_reader *g, int person, const struct loaded_line *line) {
  const struct request *r = g->r;
  const struct pack_category *category = chart_category(r->reference_data->chart, line->category);
  for (int i = 0; category && i < r->pack->entitlement_count; i++) {
    struct got_paid *paid = &g->paid[person * r->pack->entitlement_count + i];
    if (r->pack->entitlements[i].category != category) continue;
    paid->pence += (int64_t)figures_amount(category, line->amount);
    if (paid->last == DAY_NONE || line->day > paid->last) paid->last = line->day;
  }
}

static enum status read_payments(struct got_reader *g, int at, struct error *err) {
  const struct request *r = g->r;
  struct person *person = NULL;
  struct account *accounts = NULL;
  struct reading reading;
  struct loaded_lines loaded = {0};
  const day_t on = g->s->now.on;
  int count = 0;
  enum status status = person_accounts_owner(r->store, r->arena, g->people[at], &person, err);
  if (status == DONE)
    status = person_accounts_all(r->store, r->arena, person, &accounts, &count, err);
  if (status == DONE)
    status = person_accounts_counted(r->store, r->arena, accounts, count, &count, err);
  if (status == DONE) status = book_reading(r->store, r->arena, &reading, err);
  if (status != DONE || !count) return status;
  int64_t *ids = arena_array(r->arena, int64_t, count);
  for (int i = 0; i < count; i++) ids[i] = accounts[i].id;
  status = figures_load(&loaded, r->store, &reading, ids, (size_t)count, on - DAYS_OF_PAYMENTS, on,
                        err);
  if (status == DONE) {
    struct loaded_line **lines = arena_array(r->arena, struct loaded_line *, loaded.count + 1);
    for (size_t i = 0; i < loaded.count; i++) lines[i] = &loaded.all[i];
    figures_cancel(lines, loaded.count);
    for (size_t i = 0; i < loaded.count; i++)
      if (!loaded.all[i].cancelled) add_payment(g, at, &loaded.all[i]);
  }
  figures_release(&loaded);
  return status;
}

static struct got_paid payments_of(const struct got_reader *g, const struct assess_answer *a) {
  const int rows = g->r->pack->entitlement_count;
  const int row = (int)(a->what - g->r->pack->entitlements);
  struct got_paid sum = {0, DAY_NONE};
  for (int i = 0; i < g->person_count; i++) {
    const struct got_paid *one = &g->paid[i * rows + row];
    if ((a->person && a->person != g->people[i]) || one->last == DAY_NONE) continue;
    sum.pence += one->pence;
    if (sum.last == DAY_NONE || one->last > sum.last) sum.last = one->last;
  }
  return sum;
}

/* ---- awards and facts ---- */

/* An award in force today of the benefit, to anybody of the unit. */
static enum status find_award(const struct got_reader *g, const struct assess_answer *a,
                              const struct award **out, struct error *err) {
  *out = NULL;
  for (int i = 0; i < g->person_count && !*out; i++) {
    struct awards awards = {0};
    if (a->person && a->person != g->people[i]) continue;
    if (awards_of_person(g->r->store, g->r->arena, g->people[i], &awards, err) != DONE)
      return err->code;
    for (int k = 0; k < awards.count; k++) {
      const struct award *one = &awards.all[k];
      if (award_stands(one) && strcmp(one->variable, a->what->variable) == 0 &&
          one->from <= g->s->now.on && (one->to == DAY_NONE || one->to >= g->s->now.on))
        *out = one;
    }
  }
  return DONE;
}

static bool is_none(const char *value) {
  return span_is(span_make(value, strspn(value, "0.")), value);
}

/* What was told or decided of how much is paid; where it is nothing of one and something of another
 * of the unit, the something. Null: nothing was told. */
static const struct fact *find_told(const struct got_reader *g, const struct assess_answer *a) {
  const struct pack_tellable *what = a->what->in_payment;
  const struct fact *found = NULL;
  for (int i = 0; what && i < g->person_count; i++) {
    if (a->person && a->person != g->people[i]) continue;
    const struct fact *one = facts_known(&g->facts[i], what->variable, g->s->now.on).fact;
    if (one && one->value && (!found || is_none(found->value))) found = one;
  }
  return found;
}

/* A plain question (`do you get any help by income?`) said that there is none: since when;
 * DAY_NONE: it did not. */
static day_t gate_says_none(const struct got_reader *g, const struct assess_answer *a) {
  const struct pack *pack = g->r->pack;
  day_t since = DAY_NONE;
  for (int i = 0; a->what->in_payment && i < pack->gate_count; i++) {
    const struct pack_gate *gate = &pack->gates[i];
    if (gate->settles != a->what->in_payment) continue;
    for (int k = 0; k < g->person_count; k++) {
      if (a->person ? a->person != g->people[k] : k > 0) continue;
      const struct fact *told = facts_known(&g->facts[k], gate->gate->variable, g->s->now.on).fact;
      if (told && told->value && strcmp(told->value, gate->answer) == 0) since = told->from;
    }
  }
  return since;
}

/* ---- in words ---- */

static const char *award_words(const struct request *r, const struct award *award) {
  const struct body *body = bodies_by_id(r->reference_data->bodies, award->body);
  return arena_printf(r->arena, say(r->language, "%s %s, paid by %s since %s"),
                      written_value(r, doc_money(award->pence)), got_per_word(r, award->per),
                      body ? body->name : "", written_value(r, doc_day(award->from)));
}

static const char *fact_words(const struct request *r, const struct pack_entitlement *what,
                              const struct fact *fact) {
  const enum language l = r->language;
  int64_t pence = 0;
  if (money_parse(span_of(fact->value), &pence, NULL) != DONE) return "";
  const char *amount = written_value(r, doc_money(pence));
  const char *per = got_per_word(r, fact->per);
  if (fact->source == FACT_DECISION)
    return arena_printf(r->arena, say(l, "%s %s, as %s decided, from %s"), amount, per,
                        assess_payer_words(r, what), written_value(r, doc_day(fact->from)));
  return arena_printf(r->arena, say(l, "%s %s, as we were told, from %s"), amount, per,
                      written_value(r, doc_day(fact->from)));
}

static enum status find_got(const struct got_reader *g, const struct assess_answer *a,
                            const struct assess_claims *claims, struct answer_got *out,
                            struct error *err) {
  const struct request *r = g->r;
  const struct award *award = NULL;
  const struct assess_claiming *claim = assess_claiming_of(claims, a);
  const struct got_paid paid = payments_of(g, a);
  const struct fact *told = find_told(g, a);
  const day_t gate = gate_says_none(g, a);
  const day_t none = told && is_none(told->value) ? told->from : gate;
  enum status status = a->what->is_paid ? DONE : find_award(g, a, &award, err);
  if (status != DONE) return status;
  *out = (struct answer_got){none == DAY_NONE ? GOT_UNKNOWN : GOT_NOT, NULL};
  if (a->what->is_paid) return DONE;
  if (award) *out = (struct answer_got){GOT_ALREADY, award_words(r, award)};
  else if (told && !is_none(told->value))
    *out = (struct answer_got){GOT_ALREADY, fact_words(r, a->what, told)};
  else if (paid.pence > 0 && (none == DAY_NONE || paid.last > none))
    *out = (struct answer_got){
        GOT_ALREADY,
        arena_printf(r->arena,
                     say(r->language, "%s was paid in the last 12 months, the last of it on %s"),
                     written_value(r, doc_money(paid.pence)),
                     written_value(r, doc_day(paid.last)))};
  else if (claim && claim->is_paid_now)
    *out = (struct answer_got){GOT_ALREADY, r->person
                                                ? say(r->language, "They told that they get it")
                                                : say(r->language, "You told us that you get it")};
  else
    for (int i = 0; claim && i < claim->warning_count; i++)
      if (claim->warnings[i].applies && claim->warnings[i].row->button != BUTTON_KEEP)
        out->got = GOT_BARRED;
  return DONE;
}

enum status assessing_got(const struct request *r, const struct assessing *s,
                          const struct assess_claims *claims, const struct answer_got **out,
                          struct error *err) {
  struct got_reader g = {.r = r, .s = s};
  struct answer_got *all = arena_array(r->arena, struct answer_got, s->now.answer_count + 1);
  enum status status = DONE;
  if (!assessing_is_open(&s->now)) take_people(&g);
  const int cells = g.person_count * r->pack->entitlement_count;
  g.facts = arena_array(r->arena, struct facts, g.person_count + 1);
  g.paid = arena_array(r->arena, struct got_paid, cells + 1);
  for (int i = 0; i < cells; i++) g.paid[i].last = DAY_NONE;
  for (int i = 0; status == DONE && i < g.person_count; i++) {
    status = facts_of_person(r->store, r->arena, g.people[i], s->now.on, &g.facts[i], err);
    if (status == DONE) status = read_payments(&g, i, err);
  }
  for (int i = 0; status == DONE && i < s->now.answer_count; i++)
    status = find_got(&g, &s->now.answers[i], claims, &all[i], err);
  *out = all;
  return status;
}
