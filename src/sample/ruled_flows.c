/* Taxes and benefits as the rules make them. Who claims what is due by income is chosen once a
 * year, by what is due in October. What is paid by the week or the month is worked out twelve times
 * a year, from the day on which benefits rise and a month later each time; what is paid by the
 * year, on its last day. A change within the year so counts from the next of these days. */
#include "sample/flows.h"
#include <stdlib.h>

enum { MONTHS = 12, CLAIM_MONTH = 6 };

/* Benefits rise on the first Monday on or after 6 April: Social Security Benefits Up-rating Orders
 * 2023 to 2025. */
static day_t ruled_day(const struct year *y, int month) {
  static const int first[SAMPLE_YEARS] = {10, 8, 7};
  return day_months_after(day_make(SAMPLE_YEAR_FIRST + y->year, 4, first[y->year]), month);
}

static const struct sample_person *person_of(const struct year *y, int i) {
  return &y->town->people[i];
}
static enum status run_on(const struct year *y, day_t day, unsigned set, const bool *only,
                          struct ruled_homes *out, struct error *err) {
  const struct town *t = y->town;
  const struct residents residents = residents_of(t, y->year, false);
  return ruled_run(y->ruled, &(struct ruled_request){t, &residents, day, set, only}, out, err);
}
static int64_t to_pence(double pounds) {
  return (int64_t)(pounds * 100 + (pounds < 0 ? -0.5 : 0.5));
}

/* ---- who claims ---- */

struct candidate {
  double key;
  int who;
  int64_t pence; /* a year */
};

static int by_candidate(const void *a, const void *b) {
  const struct candidate *x = a, *y = b;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return x->who < y->who ? -1 : x->who > y->who;
}

/* The shares of families that claim what is due to them: pension credit 63 % in the year to April
 * 2022 (DWP, Pension Credit invitation to claim trial, executive summary), housing benefit 8 in 10
 * in 2018-19 (DWP, Income-related benefits: estimates of take-up), the reduction of council tax of
 * pensioners by our choice. Of universal credit none is published, but its caseload is. */
static const double PENSION_CREDIT_CLAIMED = 0.63, HOUSING_BENEFIT_CLAIMED = 0.8,
                    REDUCTION_CLAIMED = 0.65;

/* Of families to whom a benefit by income is due, so many claim: those to whom more is due sooner,
 * by chance otherwise. `share` of them, or, where it is 0, as many as have it by the published
 * caseload. */
static void choose(struct year *y, const struct ruled_homes *homes, enum ruled_what what,
                   double times, enum got_amount got, double share, const char *item) {
  const struct town *t = y->town;
  struct candidate *line = memory_alloc(sizeof *line * ((size_t)t->people_count + 1));
  int count = 0;
  for (int i = 0; i < t->people_count; i++) {
    const int64_t pence = to_pence(homes->of[what][i] * times);
    if (pence <= 0 || person_of(y, i)->prisoner) continue;
    const double more = pence < 1500000 ? (double)pence / 1500000 : 1;
    line[count++] = (struct candidate){town_standing(t, QUEUE_CLAIM + 100 + (int)got, i) - more, i,
                                       pence};
  }
  array_sort(line, count, by_candidate);
  double wanted = share * count;
  if (share <= 0)
    wanted = data_item_find(t->data, item)->caseload_k[y->year] / t->data->uk_k[y->year] * t->heads;
  for (int k = 0; k < count && k < wanted; k++)
    y->town->people[line[k].who].got_pence[y->year][got] = (int32_t)line[k].pence;
  free(line);
}

/* Of a couple either may be the first adult on a day. */
static bool family_got(const struct year *y, int i, enum got_amount got) {
  const struct sample_person *p = person_of(y, i);
  if (p->got_pence[y->year][got] > 0) return true;
  return p->partner >= 0 && person_of(y, p->partner)->household == p->household &&
         person_of(y, p->partner)->got_pence[y->year][got] > 0;
}

static bool owes_council_tax(const struct year *y, const struct ruled_homes *homes, int i) {
  const int payer = y->town->payer[person_of(y, i)->household];
  return payer >= 0 && homes->head[payer] == i;
}

/* The rules ask whether these are paid already: each that may be is taken to be, and those to whom
 * nothing is due are left out again. */
static void suppose_paid(struct year *y) {
  const struct town *t = y->town;
  for (int i = 0; i < t->people_count; i++) {
    struct sample_person *p = &y->town->people[i];
    if (day_age(p->born, y->first) < PENSION_AGE - 1) continue;
    p->got_pence[y->year][GOT_CTR] = 1;
    if (t->households[p->household].tenure != OWNED) p->got_pence[y->year][GOT_HB] = 1;
  }
}

/* A council makes its own scheme for those below pension age, and the pack holds few: Harrowmere
 * takes off 80 % of the bill of who has universal credit and no pay, and 40 % with pay (our
 * choice). */
static void reduce_by_own_scheme(struct year *y, const struct ruled_homes *homes) {
  const struct town *t = y->town;
  const struct residents residents = residents_of(t, y->year, false);
  struct home_year home;
  for (int i = 0; i < t->people_count; i++) {
    struct sample_person *p = &y->town->people[i];
    const int partner = p->partner;
    if (p->got_pence[y->year][GOT_UC] <= 0 || homes->head[i] != i || !owes_council_tax(y, homes, i))
      continue;
    const bool has_pay = p->earnings[y->year] > 0 || (partner >= 0 && homes->head[partner] == i &&
                                                      person_of(y, partner)->earnings[y->year] > 0);
    home_year_take(t, &residents, p->household, &home);
    p->got_pence[y->year][GOT_CTR] = (int32_t)(told_council_tax(&home) * (has_pay ? 40 : 80) / 100);
  }
}

/* 89 in 100 families have child benefit (HMRC's take-up of 2022). Those go without first from whom
 * tax would take all of it back. */
static void choose_child_benefit(struct year *y, const struct ruled_homes *homes) {
  enum { IN_A_HUNDRED_WITHOUT = 11 };
  const struct town *t = y->town;
  struct candidate *line = memory_alloc(sizeof *line * ((size_t)t->people_count + 1));
  int count = 0;
  for (int i = 0; i < t->people_count; i++) {
    const int partner = person_of(y, i)->partner;
    const double due = homes->of[RULED_CHILD_BENEFIT][i] * 52;
    if (due <= 0) continue;
    double charge = homes->of[RULED_CHILD_CHARGE][i];
    if (partner >= 0) charge += homes->of[RULED_CHILD_CHARGE][partner];
    line[count++] =
        (struct candidate){town_standing(t, QUEUE_CLAIM, i) + (charge > 0.95 * due ? 0 : 1), i, 0};
  }
  array_sort(line, count, by_candidate);
  for (int k = 0; k < count * IN_A_HUNDRED_WITHOUT / 100; k++)
    y->town->people[line[k].who].got[y->year] |= GOT_NO_CHILD_BENEFIT;
  free(line);
}

static bool is_pensioner(const struct year *y, int i) {
  return i >= 0 && day_age(person_of(y, i)->born, ruled_day(y, CLAIM_MONTH)) >= PENSION_AGE;
}

enum status year_choose_claimants(struct year *y, struct error *err) {
  const struct town *t = y->town;
  enum {
    ASKED = 1u << RULED_UNIVERSAL_CREDIT | 1u << RULED_PENSION_CREDIT |
            1u << RULED_HOUSING_BENEFIT | 1u << RULED_PENSIONER_REDUCTION |
            1u << RULED_CHILD_BENEFIT | 1u << RULED_CHILD_CHARGE
  };
  struct ruled_homes homes = {0};
  suppose_paid(y);
  enum status status = run_on(y, ruled_day(y, CLAIM_MONTH), ASKED, NULL, &homes, err);
  for (int i = 0; i < t->people_count && status == DONE; i++) {
    struct sample_person *p = &y->town->people[i];
    p->got_pence[y->year][GOT_CTR] = p->got_pence[y->year][GOT_HB] = 0;
    /* of another's bill nothing is due to them, and the scheme is of those of pension age */
    if (!owes_council_tax(y, &homes, i) || !(is_pensioner(y, i) || is_pensioner(y, p->partner)))
      homes.of[RULED_PENSIONER_REDUCTION][i] = 0;
  }
  if (status == DONE) {
    choose(y, &homes, RULED_UNIVERSAL_CREDIT, 12, GOT_UC, 0, "universal-credit");
    choose(y, &homes, RULED_PENSION_CREDIT, 52, GOT_PC, PENSION_CREDIT_CLAIMED, NULL);
    choose(y, &homes, RULED_HOUSING_BENEFIT, 52, GOT_HB, HOUSING_BENEFIT_CLAIMED, NULL);
    choose(y, &homes, RULED_PENSIONER_REDUCTION, 52, GOT_CTR, REDUCTION_CLAIMED, NULL);
    reduce_by_own_scheme(y, &homes);
    choose_child_benefit(y, &homes);
  }
  int64_t pence = 0, families = 0;
  for (int i = 0; i < t->people_count; i++)
    if (t->people[i].got_pence[y->year][GOT_UC] > 0) {
      pence += t->people[i].got_pence[y->year][GOT_UC], families++;
      y->on_universal_credit[t->people[i].household] = true;
    }
  if (families) y->credit_mean_pounds = (double)pence / 100 / (double)families;
  ruled_homes_release(&homes);
  return status;
}

/* ---- what is paid by the week and the month ---- */

static bool is_always(const struct year *y, int i) {
  (void)y, (void)i;
  return true;
}
static bool has_pension_credit(const struct year *y, int i) { return family_got(y, i, GOT_PC); }
static bool has_housing_benefit(const struct year *y, int i) { return family_got(y, i, GOT_HB); }
static bool has_universal_credit(const struct year *y, int i) { return family_got(y, i, GOT_UC); }
static bool is_paid_for_caring(const struct year *y, int i) {
  return (person_of(y, i)->got[y->year] & GOT_CARER) != 0;
}
static bool takes_child_benefit(const struct year *y, int i) {
  const int partner = person_of(y, i)->partner;
  return !(person_of(y, i)->got[y->year] & GOT_NO_CHILD_BENEFIT) &&
         !(partner >= 0 && (person_of(y, partner)->got[y->year] & GOT_NO_CHILD_BENEFIT));
}

static const struct ruled_flow {
  const char *category, *body;
  enum ruled_what what;
  bool (*is_paid)(const struct year *y, int person); /* of a family: its first adult */
} by_day[] = {
    {"state-pension", "dwp", RULED_STATE_PENSION, is_always},
    {"pension-credit", "dwp", RULED_PENSION_CREDIT, has_pension_credit},
    {"universal-credit", "dwp", RULED_UNIVERSAL_CREDIT, has_universal_credit},
    {"housing-benefit", "harrowmere-council", RULED_HOUSING_BENEFIT, has_housing_benefit},
    {"personal-independence-payment", "dwp", RULED_PERSONAL_INDEPENDENCE, is_always},
    {"disability-living-allowance", "dwp", RULED_DISABILITY_LIVING, is_always},
    {"attendance-allowance", "dwp", RULED_ATTENDANCE, is_always},
    {"carers-allowance", "dwp", RULED_CARERS_ALLOWANCE, is_paid_for_caring},
    {"child-benefit", "hmrc", RULED_CHILD_BENEFIT, takes_child_benefit},
};
enum { BY_DAY = sizeof by_day / sizeof *by_day };

/* Four weeks every four weeks, or a month once in it, on a day of their own. */
static void write_by_day(struct year *y, const struct ruled_flow *flow, int person, double pounds,
                         day_t from, day_t to) {
  enum { WEEKS = 4, WIDTH_DAYS = 7 * WEEKS };
  const struct lines_kind kind = {.category = flow->category, .body = flow->body};
  const double own = town_standing(y->town, QUEUE_PAYDAY, person);
  day_t first, last;
  if (!town_days(y->town, person, y->year, &first, &last)) return;
  if (flow->what == RULED_UNIVERSAL_CREDIT) {
    const day_t day = from + (int)(own * 28);
    if (day >= first && day <= last) lines_money(y->lines, &kind, person, day, to_pence(pounds), 0);
    return;
  }
  for (day_t day = y->first + (int)(own * WIDTH_DAYS); day <= to; day += WIDTH_DAYS)
    if (day >= from && day >= first && day <= last)
      lines_money(y->lines, &kind, person, day, WEEKS * to_pence(pounds), 0);
}

/* Homes in which something may be paid: with a child, somebody near pension age or ill, a claim. */
static bool *homes_paid(const struct year *y) {
  const struct town *t = y->town;
  bool *paid = memory_zeroed((size_t)t->households_count + 1, sizeof *paid);
  for (int i = 0; i < t->people_count; i++) {
    const struct sample_person *p = &t->people[i];
    const int age = day_age(p->born, y->first);
    bool has_claim = p->got[y->year] != 0;
    for (int k = GOT_UC; k <= GOT_HB; k++) has_claim |= p->got_pence[y->year][k] > 0;
    if (age >= ADULT_AGE && age < PENSION_AGE - 1 && !has_claim) continue;
    paid[p->household] = paid[p->home] = true;
    if (p->next_household >= 0) paid[p->next_household] = true;
  }
  return paid;
}

static enum status write_months(struct year *y, struct error *err) {
  struct ruled_homes homes = {0};
  enum status status = DONE;
  bool *paid = homes_paid(y);
  for (int month = 0; month < MONTHS && status == DONE; month++) {
    const day_t day = ruled_day(y, month);
    /* the days before benefits rise are counted to the first month */
    const day_t from = month ? day : y->first;
    const day_t to = month + 1 < MONTHS ? ruled_day(y, month + 1) - 1 : y->last;
    status = run_on(y, day, RULED_PAID, paid, &homes, err);
    for (int f = 0; f < BY_DAY && status == DONE; f++)
      for (int i = 0; i < y->town->people_count; i++) {
        const double pounds = homes.of[by_day[f].what][i];
        if (pounds > 0 && !person_of(y, i)->prisoner && by_day[f].is_paid(y, i))
          write_by_day(y, &by_day[f], i, pounds, from, to);
      }
  }
  free(paid);
  ruled_homes_release(&homes);
  return status;
}

/* ---- what is paid by the year ---- */

/* What people owe, of everybody; and what hangs on every week of the year, only of homes in which
 * somebody is near pension age or has a reduction of council tax: in others there is none. */
struct owed {
  struct ruled_homes all, by_weeks;
};

/* Whoever has no child benefit is not charged for it. */
static double income_tax(const struct year *y, const struct owed *o, int i) {
  const double charge = o->all.of[RULED_CHILD_CHARGE][i];
  return o->all.of[RULED_INCOME_TAX][i] - (takes_child_benefit(y, i) ? 0 : charge);
}
static double insurance(const struct year *y, const struct owed *o, int i) {
  (void)y;
  return o->all.of[RULED_NATIONAL_INSURANCE][i];
}
static double employer(const struct year *y, const struct owed *o, int i) {
  (void)y;
  return o->all.of[RULED_EMPLOYER_INSURANCE][i];
}
static double student_loan(const struct year *y, const struct owed *o, int i) {
  (void)y;
  return o->all.of[RULED_STUDENT_LOAN][i];
}
/* Whoever did not claim the reduction pays the whole bill. */
static double council_tax(const struct year *y, const struct owed *o, int i) {
  const struct town *t = y->town;
  const struct residents residents = residents_of(t, y->year, false);
  struct home_year home;
  if (!owes_council_tax(y, &o->all, i)) return 0;
  if (o->by_weeks.head[i] >= 0 && family_got(y, i, GOT_CTR))
    return o->by_weeks.of[RULED_COUNCIL_TAX][i];
  home_year_take(t, &residents, person_of(y, i)->household, &home);
  return (double)told_council_tax(&home) / 100;
}
/* In the winter of 2024-25 it went only with a benefit that somebody claims. */
static double winter_fuel(const struct year *y, const struct owed *o, int i) {
  const struct ruled_homes *homes = &o->by_weeks;
  const int head = homes->head[i];
  if (head < 0 || homes->of[RULED_WINTER_KEPT][i] <= 0) return 0;
  const bool claims = family_got(y, head, GOT_PC) || family_got(y, head, GOT_UC);
  return y->year == 1 && !claims ? 0 : homes->of[RULED_WINTER_FUEL][i];
}

static const struct yearly_flow {
  struct flow_paid paid;
  double (*of)(const struct year *y, const struct owed *owed, int person);
  bool of_home; /* once a home */
} yearly[] = {
    {{"income-tax", "hmrc", PAY_DAY, false, true, 32}, income_tax, false},
    {{"national-insurance", "hmrc", PAY_DAY, false, false, 33}, insurance, false},
    {{"employer-national-insurance", "hmrc", PAY_DAY, false, false, 34}, employer, false},
    {{"student-loan-repayment", "hmrc", PAY_DAY, false, false, 35}, student_loan, false},
    {{"council-tax", "harrowmere-council", COUNCIL_BILL, false, true, 36}, council_tax, true},
    {{"winter-fuel-payment", "dwp", WINTER, false, false, 37}, winter_fuel, false},
};
enum { YEARLY = sizeof yearly / sizeof *yearly, WINTER_MONTH = 8 };

static void write_owed(struct year *y, const struct owed *owed, int i, bool died) {
  const struct town *t = y->town;
  const struct sample_person *p = &t->people[i];
  for (int f = 0; f < YEARLY; f++) {
    const enum rhythm rhythm = yearly[f].paid.rhythm;
    struct claim c = {.person = i};
    if (!town_days(t, i, y->year, &c.from, &c.to)) continue;
    if (died && yearly[f].of_home && t->payer[p->household] != i) continue;
    if (died && rhythm == WINTER && c.to < ruled_day(y, WINTER_MONTH)) continue;
    c.pence = to_pence(yearly[f].of(y, owed, i) *
                       (died && rhythm != WINTER ? town_part(t, i, y->year) : 1));
    if (c.pence <= 0) continue;
    if (rhythm == PAY_DAY && p->earnings[y->year] > 0) flow_working_days(y, i, &c.from, &c.to);
    flow_pay(y, &yearly[f].paid, &c);
  }
}

/* Of whoever died in the year: as on its first day, for the part of it that they lived. */
static enum status write_year_of(struct year *y, day_t day, const bool *only, const bool *by_weeks,
                                 struct error *err) {
  struct owed owed = {0};
  enum status status = run_on(y, day, RULED_OWED, only, &owed.all, err);
  if (status == DONE) status = run_on(y, day, RULED_BY_WEEKS, by_weeks, &owed.by_weeks, err);
  for (int i = 0; i < y->town->people_count && status == DONE; i++) {
    const struct sample_person *p = person_of(y, i);
    const bool died = p->died != DAY_NONE && p->died < y->last;
    if (died != (day == y->last) && owed.all.head[i] >= 0 && !p->prisoner)
      write_owed(y, &owed, i, died);
  }
  ruled_homes_release(&owed.all);
  ruled_homes_release(&owed.by_weeks);
  return status;
}

enum status year_write_ruled(struct year *y, struct error *err) {
  const struct town *t = y->town;
  const size_t homes = (size_t)t->households_count + 1;
  bool *has_died = memory_zeroed(homes, sizeof *has_died),
       *by_weeks = memory_zeroed(homes, sizeof *by_weeks);
  for (int i = 0; i < t->people_count; i++) {
    const struct sample_person *p = &t->people[i];
    if (p->died >= y->first && p->died < y->last) has_died[p->household] = true;
    if (day_age(p->born, y->first) >= PENSION_AGE - 1 || p->got_pence[y->year][GOT_CTR] > 0)
      by_weeks[p->household] = true;
  }
  enum status status = write_months(y, err);
  if (status == DONE) status = write_year_of(y, y->last, NULL, by_weeks, err);
  if (status == DONE) status = write_year_of(y, y->first, has_died, has_died, err);
  free(has_died), free(by_weeks);
  return status;
}

/* ---- when benefits rise ---- */

/* What takes the place of pay rises as carer's allowance did: our choice. A reduction below pension
 * age is a share of the bill, which stays as it was told. */
static int64_t rise_of_2026(int64_t pence) { return (pence * 8645 + 4165) / 8330; }

enum status year_rise(struct year *y, struct error *err) {
  static const struct {
    enum ruled_what what;
    enum got_amount got;
    int times; /* a year */
  } claimed[] = {{RULED_UNIVERSAL_CREDIT, GOT_UC, 12},
                 {RULED_PENSION_CREDIT, GOT_PC, 52},
                 {RULED_HOUSING_BENEFIT, GOT_HB, 52},
                 {RULED_PENSIONER_REDUCTION, GOT_CTR, 52}};
  enum { CLAIMED = sizeof claimed / sizeof *claimed };
  const struct town *t = y->town;
  const struct residents residents = residents_of(t, y->year, true);
  const day_t day = day_make(SAMPLE_YEAR_FIRST + SAMPLE_YEARS, 4, 6); /* a Monday: SI 2026/148 */
  unsigned set = 0;
  struct ruled_homes homes = {0};
  for (int i = 0; i < t->people_count; i++) {
    int32_t(*got)[GOT_AMOUNTS] = y->town->people[i].got_pence;
    memcpy(got[SAMPLE_YEARS], got[y->year], sizeof got[SAMPLE_YEARS]);
    got[SAMPLE_YEARS][GOT_IN_PLACE_OF_PAY] =
        (int32_t)rise_of_2026(got[y->year][GOT_IN_PLACE_OF_PAY]);
  }
  for (int c = 0; c < CLAIMED; c++) set |= 1u << claimed[c].what;
  enum status status = ruled_run(y->ruled, &(struct ruled_request){t, &residents, day, set, NULL},
                                 &homes, err);
  for (int i = 0; i < t->people_count && status == DONE; i++) {
    int32_t *got = y->town->people[i].got_pence[SAMPLE_YEARS];
    const int head = homes.head[i];
    for (int c = 0; c < CLAIMED; c++) {
      if (got[claimed[c].got] <= 0 || head < 0) continue;
      if (claimed[c].got == GOT_CTR && got[GOT_UC] > 0) continue;
      got[claimed[c].got] = (int32_t)to_pence(homes.of[claimed[c].what][head] * claimed[c].times);
    }
  }
  ruled_homes_release(&homes);
  return status;
}
