#include "takeup/got.h"

#include "attest/person_accounts.h"
#include "award/assessed.h"
#include "base/money.h"
#include "book/figures.h"

#include <math.h>

struct got_reader {
  struct arena *arena;
  const struct got_request *q;
  int person_count;
  const int64_t *people;     /* of the unit, whose records may be read */
  struct facts *facts;       /* of each of them */
  struct awards *awards;     /* of each of them */
  struct case_file **claims; /* of each of them, those that wait */
  int *claim_counts;
  struct got_paid *paid; /* of each of them, of each row of entitlements.csv */
  int64_t *category;     /* of each row, the book's id; 0: the book has none such */
};

/* ---- the rule ---- */

/* The longest period of pay but of what is paid once a year, and some days of holidays. */
enum { DAYS_OF_PERIOD = 35, DAYS_OF_YEAR = 366 };

bool got_by_payments(const struct pack_entitlement *what, struct got_paid paid, day_t none,
                     day_t ended) {
  const int behind = what->per == PER_YEAR ? DAYS_OF_YEAR : DAYS_OF_PERIOD;
  return paid.pence > 0 && (none == DAY_NONE || paid.last > none) &&
         (ended == DAY_NONE || paid.last > ended + behind);
}

void got_take_end(const struct award *row, day_t on, day_t *ended) {
  if (row->superseded_by || row->to == DAY_NONE || row->to >= on) return;
  if (*ended == DAY_NONE || row->to > *ended) *ended = row->to;
}

/* ---- whose ---- */

/* Nothing can be said yet: it is not known who belongs together. */
static bool is_open(const struct assessment *now) {
  for (int i = 0; i < now->answer_count; i++)
    if (!now->answers[i].is_open) return false;
  return true;
}

static void take_people(struct got_reader *g) {
  const struct assessment *now = g->q->now;
  int64_t *all = arena_array(g->arena, int64_t, now->unit_count + 1);
  const int count = is_open(now) && now->unit_count ? 1 : now->unit_count;
  for (int i = 0; i < count; i++)
    if (now->unit[i] && now->unit[i] != now->unconfirmed) all[g->person_count++] = now->unit[i];
  g->people = all;
}

/* ---- payments of the last year ---- */

static enum status take_categories(struct got_reader *g, struct error *err) {
  const struct pack *pack = g->q->pack;
  struct codes *codes = NULL;
  enum status status = book_codes(g->q->store, g->arena, &codes, err);
  g->category = arena_array(g->arena, int64_t, pack->entitlement_count + 1);
  for (int i = 0; status == DONE && i < pack->entitlement_count; i++)
    g->category[i] = codes_category(codes, span_of(pack->entitlements[i].category->code));
  return status;
}

static void add_payment(struct got_reader *g, int person, const struct loaded_line *line) {
  const struct pack *pack = g->q->pack;
  for (int i = 0; line->category && i < pack->entitlement_count; i++) {
    struct got_paid *paid = &g->paid[person * pack->entitlement_count + i];
    if (g->category[i] != line->category) continue;
    paid->pence += (int64_t)figures_amount(pack->entitlements[i].category, line->amount);
    if (paid->first == DAY_NONE || line->day < paid->first) paid->first = line->day;
    if (paid->last == DAY_NONE || line->day > paid->last) paid->last = line->day;
  }
}

static enum status read_payments(struct got_reader *g, int at, struct error *err) {
  struct store *store = g->q->store;
  struct person *person = NULL;
  struct account *accounts = NULL;
  struct reading reading;
  struct loaded_lines loaded = {0};
  const day_t on = g->q->now->on;
  int count = 0;
  enum status status = person_accounts_owner(store, g->arena, g->people[at], &person, err);
  if (status == DONE) status = person_accounts_all(store, g->arena, person, &accounts, &count, err);
  if (status == DONE)
    status = person_accounts_counted(store, g->arena, accounts, count, &count, err);
  if (status == DONE) status = book_reading(store, g->arena, &reading, err);
  if (status != DONE || !count) return status;
  int64_t *ids = arena_array(g->arena, int64_t, count);
  for (int i = 0; i < count; i++) ids[i] = accounts[i].id;
  status = figures_load(&loaded, store, &reading, ids, (size_t)count, on - DAYS_OF_YEAR, on, err);
  if (status == DONE) {
    struct loaded_line **lines = arena_array(g->arena, struct loaded_line *, loaded.count + 1);
    for (size_t i = 0; i < loaded.count; i++) lines[i] = &loaded.all[i];
    figures_cancel(lines, loaded.count);
    for (size_t i = 0; i < loaded.count; i++)
      if (!loaded.all[i].cancelled) add_payment(g, at, &loaded.all[i]);
  }
  figures_release(&loaded);
  return status;
}

/* When the last award of it to one of the unit ended. */
static day_t ended_of(const struct got_reader *g, int person, const struct assess_answer *a) {
  const struct awards *rows = &g->awards[person];
  day_t ended = DAY_NONE;
  for (int k = 0; k < rows->count; k++)
    if (strcmp(rows->all[k].variable, a->what->variable) == 0)
      got_take_end(&rows->all[k], g->q->now->on, &ended);
  return ended;
}

/* *say: payments to one of them say that it is paid now, where nothing is paid since `none`. */
static struct got_paid payments_of(const struct got_reader *g, const struct assess_answer *a,
                                   day_t none, bool *say) {
  const int rows = g->q->pack->entitlement_count;
  const int row = (int)(a->what - g->q->pack->entitlements);
  struct got_paid sum = {0, DAY_NONE, DAY_NONE};
  *say = false;
  for (int i = 0; i < g->person_count; i++) {
    const struct got_paid *one = &g->paid[i * rows + row];
    if ((a->person && a->person != g->people[i]) || one->last == DAY_NONE) continue;
    *say |= got_by_payments(a->what, *one, none, ended_of(g, i, a));
    sum.pence += one->pence;
    if (sum.first == DAY_NONE || one->first < sum.first) sum.first = one->first;
    if (sum.last == DAY_NONE || one->last > sum.last) sum.last = one->last;
  }
  return sum;
}

/* ---- awards and facts ---- */

/* An award in force today of the benefit, to anybody of the unit. */
static const struct award *find_award(const struct got_reader *g, const struct assess_answer *a) {
  const struct award *found = NULL;
  for (int i = 0; i < g->person_count && !found; i++) {
    if (a->person && a->person != g->people[i]) continue;
    for (int k = 0; k < g->awards[i].count; k++) {
      const struct award *one = &g->awards[i].all[k];
      if (award_runs(one, g->q->now->on, g->q->now->on) &&
          strcmp(one->variable, a->what->variable) == 0)
        found = one;
    }
  }
  return found;
}

static bool is_none(const char *value) {
  return span_is(span_make(value, strspn(value, "0.")), value);
}

/* What was told or decided of how much is paid; where it is nothing of one and something of another
 * of the unit, the something. *others: how many more told something. Null: nothing was told. */
static const struct fact *find_told(const struct got_whose *w, const struct facts *facts,
                                    int *others) {
  const struct pack_tellable *what = w->what->in_payment;
  const struct fact *found = NULL;
  *others = -1;
  for (int i = 0; what && i < w->count; i++) {
    if (w->person && w->person != w->people[i]) continue;
    const struct fact *one = facts_known(&facts[i], what->variable, w->on).fact;
    if (one && one->value && (!found || is_none(found->value))) found = one;
    *others += one && one->value && !is_none(one->value);
  }
  return found;
}

static void take_year(const struct got_reader *g, const struct assess_answer *a, int others,
                      struct got_now *out) {
  const day_t april = year_first_day(YEAR_TAX, year_of_day(YEAR_TAX, g->q->now->on));
  const struct award *award = out->award;
  const struct fact *told = out->told;
  int64_t pence = award ? award->pence : 0;
  if (!award && (!told || others > 0)) return;
  if (!award && money_parse(span_of(told->value), &pence, NULL) != DONE) return;
  const enum tell_per per = award ? award->per : told->per;
  out->has_year = !a->what->is_paid;
  out->is_old = !award && told->from < april;
  out->a_year = award_in_period(pence, per, PER_YEAR);
}

static const struct case_file *find_claim(const struct got_reader *g,
                                          const struct assess_answer *a) {
  const struct case_file *found = NULL;
  for (int i = 0; i < g->person_count && !found; i++)
    if (!a->person || a->person == g->people[i])
      found = claim_among(g->q->pack, g->claims[i], g->claim_counts[i], a->what);
  return found;
}

/* A plain question (`do you get any help by income?`) said that there is none: since when;
 * DAY_NONE: it did not. */
static day_t gate_says_none(const struct pack *pack, const struct got_whose *w,
                            const struct facts *facts) {
  day_t since = DAY_NONE;
  for (int i = 0; w->what->in_payment && i < pack->gate_count; i++) {
    const struct pack_gate *gate = &pack->gates[i];
    if (gate->settles != w->what->in_payment) continue;
    for (int k = 0; k < w->count; k++) {
      if (w->person ? w->person != w->people[k] : k > 0) continue;
      const struct fact *told = facts_known(&facts[k], gate->gate->variable, w->on).fact;
      if (told && told->value && strcmp(told->value, gate->answer) == 0) since = told->from;
    }
  }
  return since;
}

/* Since when nothing is paid, by what was told. */
static day_t none_since(const struct pack *pack, const struct got_whose *w,
                        const struct facts *facts, const struct fact *told) {
  return told && is_none(told->value) ? told->from : gate_says_none(pack, w, facts);
}

enum status got_none_since(struct arena *arena, struct store *store, const struct pack *pack,
                           const struct got_whose *w, day_t *out, struct error *err) {
  struct facts *facts = arena_array(arena, struct facts, w->count + 1);
  enum status status = DONE;
  int others = 0;
  *out = DAY_NONE;
  for (int i = 0; status == DONE && i < w->count; i++)
    status = facts_of_person(store, arena, w->people[i], w->on, &facts[i], err);
  if (status == DONE) *out = none_since(pack, w, facts, find_told(w, facts, &others));
  return status;
}

static void find_got(const struct got_reader *g, const struct assess_answer *a,
                     struct got_now *out) {
  const struct assess_claiming *claim = assess_claiming_of(g->q->claims, a);
  const struct got_whose whose = {a->what, a->person, g->people, g->person_count, g->q->now->on};
  int others = 0;
  const struct fact *told = find_told(&whose, g->facts, &others);
  const day_t none = none_since(g->q->pack, &whose, g->facts, told);
  bool say = false;
  *out = (struct got_now){.got = none == DAY_NONE ? GOT_UNKNOWN : GOT_NOT,
                          .paid = {0, DAY_NONE, DAY_NONE}};
  if (a->what->is_paid) return;
  out->award = find_award(g, a);
  out->paid = payments_of(g, a, none, &say);
  out->claim = find_claim(g, a);
  if (told && !is_none(told->value)) out->told = told;
  take_year(g, a, others, out);
  out->by_payments = !out->award && !out->told && say;
  if (out->award || out->told || out->by_payments || (claim && claim->is_paid_now))
    out->got = GOT_ALREADY;
  for (int i = 0; out->got != GOT_ALREADY && claim && i < claim->warning_count; i++)
    if (claim->warnings[i].applies && claim->warnings[i].row->button != BUTTON_KEEP)
      out->got = GOT_BARRED;
}

enum status got_read(struct arena *arena, const struct got_request *q, const struct got_now **out,
                     struct error *err) {
  struct got_reader g = {.arena = arena, .q = q};
  struct got_now *all = arena_array(arena, struct got_now, q->now->answer_count + 1);
  enum status status = take_categories(&g, err);
  if (status == DONE) take_people(&g);
  const int cells = g.person_count * q->pack->entitlement_count;
  g.facts = arena_array(arena, struct facts, g.person_count + 1);
  g.awards = arena_array(arena, struct awards, g.person_count + 1);
  g.paid = arena_array(arena, struct got_paid, cells + 1);
  g.claims = arena_array(arena, struct case_file *, g.person_count + 1);
  g.claim_counts = arena_array(arena, int, g.person_count + 1);
  for (int i = 0; i < cells; i++) g.paid[i].first = g.paid[i].last = DAY_NONE;
  for (int i = 0; status == DONE && i < g.person_count; i++) {
    status = facts_of_person(q->store, arena, g.people[i], q->now->on, &g.facts[i], err);
    if (status == DONE) status = awards_of_person(q->store, arena, g.people[i], &g.awards[i], err);
    if (status == DONE)
      status = claims_waiting(q->store, arena, q->pack, g.people[i], q->now->on, &g.claims[i],
                              &g.claim_counts[i], err);
    if (status == DONE) status = read_payments(&g, i, err);
  }
  for (int i = 0; status == DONE && i < q->now->answer_count; i++)
    find_got(&g, &q->now->answers[i], &all[i]);
  *out = all;
  return status;
}

enum got_differs got_differs(const struct assess_answer *a, const struct got_now *now,
                             int64_t *pence) {
  const double high = a->is_exact ? a->low : a->high;
  *pence = 0;
  if (now->got != GOT_ALREADY || !now->has_year || a->is_open || a->cannot) return GOT_NOT_COMPARED;
  const int64_t least = (int64_t)llround(assess_a_year(a->what, a->low) * 100);
  *pence = least - now->a_year;
  if (*pence > GOT_SAME_PENCE) return GOT_MORE_DUE;
  if (isinf(high)) return GOT_NOT_COMPARED;
  *pence = now->a_year - (int64_t)llround(assess_a_year(a->what, high) * 100);
  if (*pence > GOT_SAME_PENCE) return GOT_MORE_PAID;
  return a->is_exact ? GOT_SAME : GOT_NOT_COMPARED;
}
