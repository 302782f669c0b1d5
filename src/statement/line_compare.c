#include "statement/line_compare.h"

#include "attest/person_accounts.h"
#include "book/figures.h"
#include <math.h>

enum { POUND = 100, WEEKS_OF_ONE = 4, MONTHS_A_YEAR = 12 };

struct line_comparing {
  struct store *store;
  struct arena *arena;
  const struct reference_data *reference_data;
  const struct line_facts *of;
  struct line_comparison *out;
};

static struct assess_request assess_request_of(const struct line_comparing *c) {
  return (struct assess_request){.store = c->store,
                                 .pack = c->reference_data->pack,
                                 .rules = c->of->rules,
                                 .person = c->of->person->id,
                                 .as_person = c->of->as_person};
}

static void take_state(struct line_comparison *out, const struct check_days *days) {
  out->is_of_unit = days->is_of_unit;
  out->verdict = days->state == CHECK_NEEDS ? LINE_NEEDS : LINE_UNKNOWN;
  out->needs = days->needs;
  out->need_count = days->need_count;
  out->steps = days->steps;
  out->step_count = days->step_count;
}

/* ---- one payment of an award ---- */

static enum status compare_payment(struct line_comparing *c, struct error *err) {
  struct line_comparison *out = c->out;
  const struct award_check_request q = {.assess = assess_request_of(c),
                                        .reference = c->of->line->reference,
                                        .pence = c->of->line->amount,
                                        .with_steps = c->of->with_steps};
  enum status status = award_check(c->arena, &q, &out->award, err);
  const struct award_check *a = &out->award;
  if (status != DONE || !a->found) return status;
  take_state(out, &a->days);
  out->what = a->what;
  out->recorded = a->paid;
  out->expected = a->by_award;
  if (a->is_arrears) {
    out->verdict = a->paid == a->by_award ? LINE_AGREES : LINE_DIFFERS;
  } else if (a->has_now) {
    out->expected = a->now;
    out->verdict = a->paid == a->now ? LINE_AGREES : LINE_DIFFERS;
  }
  return DONE;
}

/* ---- a finished year ---- */

struct year_recorded {
  int64_t pence, largest;
};

/* Of one person's accounts. */
static enum status add_recorded(struct line_comparing *c, int64_t id, struct year_recorded *sum,
                                struct error *err) {
  struct person *person = NULL;
  struct account *accounts = NULL;
  struct reading reading;
  struct loaded_lines loaded = {0};
  const int year = c->out->year;
  int count = 0;
  enum status status = person_accounts_owner(c->store, c->arena, id, &person, err);
  if (status == DONE)
    status = person_accounts_all(c->store, c->arena, person, &accounts, &count, err);
  if (status == DONE)
    status = person_accounts_counted(c->store, c->arena, accounts, count, &count, err);
  if (status == DONE) status = book_reading(c->store, c->arena, &reading, err);
  if (status != DONE || !count) return status;
  int64_t *ids = arena_array(c->arena, int64_t, count);
  for (int i = 0; i < count; i++) ids[i] = accounts[i].id;
  status = figures_load(&loaded, c->store, &reading, ids, (size_t)count,
                        year_first_day(YEAR_TAX, year), year_last_day(YEAR_TAX, year), err);
  struct loaded_line **lines = arena_array(c->arena, struct loaded_line *, loaded.count + 1);
  for (size_t i = 0; i < loaded.count; i++) lines[i] = &loaded.all[i];
  figures_cancel(lines, loaded.count);
  for (size_t i = 0; status == DONE && i < loaded.count; i++) {
    const struct loaded_line *line = &loaded.all[i];
    if (line->cancelled ||
        chart_category(c->reference_data->chart, line->category) != c->of->category)
      continue;
    const int64_t pence = (int64_t)figures_amount(c->of->category, line->amount);
    sum->pence += pence;
    if (pence > sum->largest) sum->largest = pence;
  }
  figures_release(&loaded);
  return status;
}

static const struct pack_entitlement *entitlement_of(const struct pack *pack,
                                                     const struct pack_category *category) {
  for (int i = 0; category && i < pack->entitlement_count; i++)
    if (pack->entitlements[i].category == category) return &pack->entitlements[i];
  return NULL;
}

/* By how much the two may differ: one payment of the largest amount that was due, of four weeks or
 * a month; what is paid once a year may by a pound only. */
static int64_t one_payment(const struct line_comparing *c, const struct check_days *days,
                           const struct year_recorded *sum) {
  const struct pack *pack = c->reference_data->pack;
  const struct pack_entitlement *what = c->out->what;
  double largest = 0;
  for (int i = 0; i < days->span_count; i++)
    if (days->spans[i].amount > largest) largest = days->spans[i].amount;
  if (what->per == PER_WEEK) largest *= WEEKS_OF_ONE;
  if (what->per == PER_YEAR) largest /= MONTHS_A_YEAR;
  int64_t most = llround(largest * 100);
  for (int i = 0; i < pack->pay_day_count; i++) {
    if (pack->pay_days[i].what != what) continue;
    if (pack->pay_days[i].every == PAY_YEAR) most = 0;
    break;
  }
  if (sum->largest < most) most = sum->largest;
  return most > POUND ? most : POUND;
}

/* With what the rules make of `what` over the year. */
static enum status compare_with(struct line_comparing *c, const struct pack_entitlement *what,
                                struct error *err) {
  struct line_comparison *out = c->out;
  struct check_days days = {0};
  struct year_recorded sum = {0};
  const int year = out->year;
  const struct check_request q = {.assess = assess_request_of(c),
                                  .what = what,
                                  .first = year_first_day(YEAR_TAX, year),
                                  .last = year_last_day(YEAR_TAX, year),
                                  .with_steps = c->of->with_steps};
  enum status status = check_days(c->arena, &q, &days, err);
  if (status != DONE) return status;
  take_state(out, &days);
  if (days.state != CHECK_KNOWN) return DONE;
  if (!days.is_of_unit) days.adults[0] = c->of->person->id;
  const int counted = days.is_of_unit ? days.adult_count : 1;
  for (int i = 0; status == DONE && i < counted; i++)
    status = add_recorded(c, days.adults[i], &sum, err);
  out->recorded = sum.pence;
  out->expected = llround(days.pounds * 100);
  out->verdict = llabs(out->recorded - out->expected) <= one_payment(c, &days, &sum) ? LINE_AGREES
                                                                                     : LINE_DIFFERS;
  return status;
}

static enum status compare_year(struct line_comparing *c, struct error *err) {
  struct line_comparison *out = c->out;
  const int year = year_of_day(YEAR_TAX, c->of->line->day);
  out->what = entitlement_of(c->reference_data->pack, c->of->category);
  if (!out->what) return DONE;
  out->year = year;
  out->verdict = LINE_RUNS;
  if (year_last_day(YEAR_TAX, year) >= c->of->today) return DONE;
  return compare_with(c, out->what, err);
}

/* What was paid may be the whole bill: a reduction that is due is had by whoever claims it. Where
 * that agrees it is what was paid; what it would be with the reduction is no difference. */
static enum status compare_bill(struct line_comparing *c, struct error *err) {
  struct line_comparison reduced = *c->out;
  const struct pack_entitlement *what = reduced.what;
  if (!what || !what->is_paid || !what->billed ||
      (reduced.verdict != LINE_DIFFERS && reduced.verdict != LINE_NEEDS &&
       reduced.verdict != LINE_UNKNOWN))
    return DONE;
  struct pack_entitlement bill = *what;
  bill.variable = what->billed;
  c->out->need_count = 0;
  enum status status = compare_with(c, &bill, err);
  c->out->what = what;
  if (c->out->verdict != LINE_AGREES) *c->out = reduced;
  if (c->out->verdict == LINE_NEEDS && !c->out->need_count) c->out->verdict = LINE_UNKNOWN;
  return status;
}

enum status line_compare(struct store *store, const struct reference_data *reference_data,
                         const struct line_facts *of, struct arena *arena,
                         struct line_comparison *out, struct error *err) {
  struct line_comparing c = {store, arena, reference_data, of, out};
  *out = (struct line_comparison){.verdict = LINE_NOT_COMPARED};
  if (of->line->reverses_entry || !of->category) return DONE;
  enum status status = compare_payment(&c, err);
  if (status == DONE && !out->award.found) status = compare_year(&c, err);
  return status == DONE && !out->award.found ? compare_bill(&c, err) : status;
}
