/* What people tell of themselves. */
#include "sample/told.h"

static const struct told nothing = {TOLD_NOTHING, 0, 0};
static struct told yes_or_no(bool yes) { return (struct told){TOLD_WORD, yes ? "yes" : "no", 0}; }
static struct told word(const char *item) { return (struct told){TOLD_WORD, item, 0}; }
static struct told pence(int64_t amount) { return (struct told){TOLD_PENCE, 0, amount}; }
static struct told whole(int64_t number) {
  return (struct told){TOLD_THOUSANDTHS, 0, number * 1000};
}
static int64_t pounds(double amount) { return (int64_t)(amount + 0.5) * 100; }

static const struct sample_person *person_of(const struct home_year *h, int i) {
  return &h->town->people[i];
}
static int age_of(const struct home_year *h, int i) {
  return day_age(person_of(h, i)->born, town_year_first(h->year));
}
static bool got(const struct home_year *h, int i, int bits) {
  return (person_of(h, i)->got[h->year] & bits) != 0;
}

/* ---- work ---- */

/* Median weekly pay of full-time employees: 682 pounds in April 2023, 728 in April 2024, 766.60 in
 * April 2025 (ONS, Employee earnings in the UK, of each year). sample/earnings.csv is of 2025. */
static const double pay_of_2025[SAMPLE_YEARS] = {682 / 766.6, 728 / 766.6, 1};

/* A fact can tell of a million pounds a year at most. Profits are published of 2022-23: they stand
 * for 2023-24, and then rise as pay does (our choice). */
static double earned(const struct town *t, int i, int year) {
  const struct sample_person *p = &t->people[i];
  const double rise = pay_of_2025[year] / (p->self_employed ? pay_of_2025[0] : 1);
  const double pounds_a_year = p->earnings[year] * p->work_months[year] / 12 * rise;
  return pounds_a_year < 790000 ? pounds_a_year : 790000;
}
static bool is_employee(const struct home_year *h, int i) {
  return person_of(h, i)->earnings[h->year] > 0 && !person_of(h, i)->self_employed;
}
static bool is_own_business(const struct home_year *h, int i) {
  return person_of(h, i)->earnings[h->year] > 0 && person_of(h, i)->self_employed;
}

static int64_t told_pay(const struct town *t, int i, int year) {
  return t->people[i].self_employed ? 0 : pounds(earned(t, i, year));
}

static struct told works(const struct home_year *h, int i) { return yes_or_no(is_employee(h, i)); }
static struct told pay(const struct home_year *h, int i) {
  return is_employee(h, i) ? pence(told_pay(h->town, i, h->year)) : nothing;
}

/* Whoever earns less than 24,375 pounds works part of the week, at 12.50 pounds an hour: our
 * choice. */
static struct told hours(const struct home_year *h, int i) {
  const double weekly = person_of(h, i)->earnings[h->year] / 52 / 12.5;
  if (person_of(h, i)->earnings[h->year] <= 0) return nothing;
  return (struct told){TOLD_THOUSANDTHS, 0,
                       weekly >= 37.5 ? 37500
                       : weekly < 4   ? 4000
                                      : (int64_t)(weekly * 2) * 500};
}

/* Pensions Act 2008 sections 3, 13, 20: from 22 to pension age, from 10,000 pounds, 5 % of what
 * lies between 6,240 and 50,270 pounds. Nine in ten stay in: our choice. */
static struct told into_pension(const struct home_year *h, int i) {
  const double paid = (double)told_pay(h->town, i, h->year) / 100;
  if (!is_employee(h, i)) return nothing;
  if (paid < 10000 || age_of(h, i) < 22 || age_of(h, i) >= PENSION_AGE ||
      town_standing(h->town, QUEUE_SAVER, i) >= 0.9)
    return pence(0);
  return pence(pounds(0.05 * ((paid < 50270 ? paid : 50270) - 6240)));
}

/* A fifth of what is taken in are expenses: our choice. */
static struct told taken_in(const struct home_year *h, int i) {
  return is_own_business(h, i) ? pence(pounds(earned(h->town, i, h->year) / 0.8)) : nothing;
}
static struct told expenses(const struct home_year *h, int i) {
  return is_own_business(h, i) ? pence(pounds(earned(h->town, i, h->year) * 0.25)) : nothing;
}

static bool is_student(const struct home_year *h, int i) {
  const struct sample_person *p = person_of(h, i);
  const int age = age_of(h, i);
  return age >= 18 && age <= 21 && p->earnings[h->year] <= 0 && !p->prisoner;
}
static bool is_at_school(const struct home_year *h, int i) {
  return day_age(person_of(h, i)->born, town_year_last(h->year)) >= 16 &&
         age_of(h, i) < ADULT_AGE && person_of(h, i)->earnings[h->year] <= 0;
}

static struct told status(const struct home_year *h, int i) {
  const bool part = person_of(h, i)->earnings[h->year] < 19500;
  if (is_employee(h, i)) return word(part ? "PT_EMPLOYED" : "FT_EMPLOYED");
  if (is_own_business(h, i)) return word(part ? "PT_SELF_EMPLOYED" : "FT_SELF_EMPLOYED");
  return word(age_of(h, i) >= PENSION_AGE                ? "RETIRED"
              : is_student(h, i) || is_at_school(h, i)   ? "STUDENT"
              : got(h, i, GOT_CARER)                     ? "CARER"
              : got(h, i, GOT_ESA | GOT_PIP | GOT_UNFIT) ? "LONG_TERM_DISABLED"
                                                         : "UNEMPLOYED");
}

/* ---- in place of pay ---- */

/* Of rates and of what is paid by them: the year, or the one after it. */
static int rate_year(const struct home_year *h) { return h->year + h->risen; }

static struct told in_place_of_pay(const struct home_year *h, int i) {
  return yes_or_no(got(h, i, GOT_SMP | GOT_ESA | GOT_JSA));
}
static struct told replaced(const struct home_year *h, int i, int bit) {
  if (!got(h, i, GOT_SMP | GOT_ESA | GOT_JSA)) return nothing;
  return pence(got(h, i, bit) ? person_of(h, i)->got_pence[rate_year(h)][GOT_IN_PLACE_OF_PAY] : 0);
}
static struct told sick_pay(const struct home_year *h, int i) { return replaced(h, i, 0); }
static struct told maternity_pay(const struct home_year *h, int i) {
  return replaced(h, i, GOT_SMP);
}
static struct told jobseekers(const struct home_year *h, int i) { return replaced(h, i, GOT_JSA); }
static struct told support(const struct home_year *h, int i) { return replaced(h, i, GOT_ESA); }

/* ---- other income ---- */

/* Interest of 3 % a year on savings of 16,000 pounds and more, to whoever owes the council tax: our
 * choice. */
static int64_t interest_of(const struct home_year *h, int i) {
  const int64_t saved = told_savings(h);
  return saved >= 1600000 && h->payer == i ? saved * 3 / 100 : 0;
}
static bool has_other_income(const struct home_year *h, int i) {
  const struct sample_person *p = person_of(h, i);
  return is_own_business(h, i) || interest_of(h, i) > 0 || p->dividends > 0 || p->property > 0;
}
static struct told other_income(const struct home_year *h, int i) {
  return yes_or_no(has_other_income(h, i));
}
static struct told none_of_other(const struct home_year *h, int i) {
  return has_other_income(h, i) ? pence(0) : nothing;
}
static struct told interest(const struct home_year *h, int i) {
  return interest_of(h, i) > 0 ? pence(interest_of(h, i)) : none_of_other(h, i);
}
/* As published of 2022-23, every year. */
static struct told dividends(const struct home_year *h, int i) {
  const double paid = person_of(h, i)->dividends;
  return paid > 0 ? pence(pounds(paid)) : none_of_other(h, i);
}
static struct told rents(const struct home_year *h, int i) {
  const double paid = person_of(h, i)->property;
  return paid > 0 ? pence(pounds(paid)) : none_of_other(h, i);
}
static struct told business(const struct home_year *h, int i) {
  const struct told told = taken_in(h, i);
  return told.kind ? told : none_of_other(h, i);
}
static struct told business_expenses(const struct home_year *h, int i) {
  const struct told told = expenses(h, i);
  return told.kind ? told : none_of_other(h, i);
}

/* Who lives in another's home has nothing saved: our choice. */
static struct told saved_beside(const struct home_year *h, int i) {
  const bool is_child = age_of(h, i) < ADULT_AGE && told_studies(h, i);
  return is_child || told_is_payer(h, i) ? nothing : pence(0);
}

/* ---- pensions ---- */

static struct told private_pension(const struct home_year *h, int i) {
  const struct sample_person *p = person_of(h, i);
  return pence(age_of(h, i) >= 62 ? pounds(p->pension) : 0);
}

static bool is_new_pension(const struct sample_person *p) {
  return p->born >= day_make(p->sex == MALE ? 1951 : 1953, 4, 6); /* Pensions Act 2014 section 1 */
}

/* Shares of the full rate at these ranks. Of the new pension 49 % are below the full rate in May
 * 2023, of the old one 25 % below the full basic rate (House of Lords, HL1478 of 10 January 2024);
 * 150,000 of 3,407,567 had less than 100 pounds of 203.85 (Royal London from DWP's figures, 2023).
 * The means of February 2022 were 168.40 of 179.60 pounds and 157.63 of 137.60 (DWP), with those
 * who live abroad, whose records are shorter; what lies between is drawn so that the means are a
 * little above these and the total near the published one. */
static double record_of(const struct town *t, int i) {
  static const struct data_point recent[] = {{0, 0.25}, {0.044, 0.49}, {0.2, 0.88},
                                             {0.49, 1}, {0.6, 1},      {1, 1.38}};
  static const struct data_point old[] = {{0, 0.42}, {0.1, 0.82}, {0.25, 1}, {0.6, 1.2}, {1, 1.92}};
  /* Whoever has no private pension mostly has the shorter record: our choice. The rank among all
   * is then made even again, two thirds having one. */
  enum { WITH_PENSION_IN_100 = 66, WEIGHT_IN_100 = 70 };
  const double weight = WEIGHT_IN_100 / 100.0, with = WITH_PENSION_IN_100 / 100.0,
               drawn = weight * town_standing(t, QUEUE_RECORD, i) +
                       (t->people[i].pension > 0 ? 1 - weight : 0);
  const double without_below = drawn < weight ? drawn / weight : 1,
               with_below = drawn > 1 - weight ? (drawn - (1 - weight)) / weight : 0;
  const double rank = (1 - with) * without_below + with * with_below;
  return is_new_pension(&t->people[i]) ? data_point_at(recent, 6, rank)
                                       : data_point_at(old, 5, rank);
}

/* The full rates a week of 10 April 2023, 8 April 2024, 7 April 2025 and 6 April 2026: Social
 * Security Benefits Up-rating Orders (policy/uk/parameters/gov/dwp/state_pension). */
static struct told state_pension(const struct home_year *h, int i) {
  static const double full[SAMPLE_YEARS + 1] = {203.85, 221.20, 230.25, 241.30},
                                          basic[SAMPLE_YEARS + 1] = {156.20, 169.50, 176.45,
                                                                     184.90};
  const double rate = (is_new_pension(person_of(h, i)) ? full : basic)[rate_year(h)];
  return pence((int64_t)(rate * record_of(h->town, i) * 100 + 0.5));
}
static struct told qualifying_years(const struct home_year *h, int i) {
  const double share = record_of(h->town, i);
  return whole(
      (int64_t)((is_new_pension(person_of(h, i)) ? 35 : 30) * (share < 1 ? share : 1) + 0.5));
}

/* ---- disability ---- */

enum { ILL = GOT_PIP | GOT_DLA | GOT_AA | GOT_ESA | GOT_UNFIT };
static bool is_disabled(const struct home_year *h, int i) { return got(h, i, ILL); }
/* Gates of the home say the rest of who has none. */
static bool tells_rates(const struct home_year *h, int i) {
  return is_disabled(h, i) || (h->child_disabled && age_of(h, i) < 16);
}
static struct told disabled(const struct home_year *h, int i) {
  return yes_or_no(is_disabled(h, i));
}
static double grade(const struct home_year *h, int i) {
  return town_standing(h->town, QUEUE_ILL + 100, i);
}
static struct told rate(const struct home_year *h, int i, int bit, const char *item) {
  return tells_rates(h, i) ? word(got(h, i, bit) ? item : "NONE") : nothing;
}
/* The grades are drawn so that their mean is near the published total over the published number. */
static const double ATTENDANCE_LOWER = 0.3, CARE_LOWER = 0.25, CARE_MIDDLE = 0.65,
                    LIVING_MOVES_BADLY = 0.6;
/* As flows.c weighs them. */
static bool moves_badly(double u) { return u < 0.25 || u >= 0.75; }
static struct told attendance(const struct home_year *h, int i) {
  const bool low = town_standing(h->town, QUEUE_FRAIL + 100, i) < ATTENDANCE_LOWER;
  return rate(h, i, GOT_AA, low ? "LOWER" : "HIGHER");
}
static struct told living_care(const struct home_year *h, int i) {
  const double u = grade(h, i);
  return rate(h, i, GOT_DLA, u < CARE_LOWER ? "LOWER" : u < CARE_MIDDLE ? "MIDDLE" : "HIGHER");
}
static struct told living_mobility(const struct home_year *h, int i) {
  const bool badly = town_standing(h->town, QUEUE_ILL + 101, i) >= LIVING_MOVES_BADLY;
  return rate(h, i, GOT_DLA, badly ? "HIGHER" : "LOWER");
}
static struct told daily_living(const struct home_year *h, int i) {
  return rate(h, i, GOT_PIP, grade(h, i) < 0.5 ? "STANDARD" : "ENHANCED");
}
static struct told mobility(const struct home_year *h, int i) {
  return rate(h, i, GOT_PIP, moves_badly(grade(h, i)) ? "ENHANCED" : "STANDARD");
}
static struct told not_blind(const struct home_year *h, int i) {
  return tells_rates(h, i) ? yes_or_no(false) : nothing;
}
static struct told not_if_disabled(const struct home_year *h, int i) {
  return is_disabled(h, i) ? yes_or_no(false) : nothing;
}
static struct told no_money_if_disabled(const struct home_year *h, int i) {
  return is_disabled(h, i) ? pence(0) : nothing;
}
/* Whoever has employment and support allowance, the benefit for daily living and no work, or who
 * was found so by universal credit. */
static bool cannot_work(const struct home_year *h, int i) {
  return age_of(h, i) < PENSION_AGE &&
         (got(h, i, GOT_ESA | GOT_UNFIT) ||
          (got(h, i, GOT_PIP) && person_of(h, i)->earnings[h->year] <= 0));
}
static struct told limited(const struct home_year *h, int i) {
  return is_disabled(h, i) ? yes_or_no(cannot_work(h, i)) : nothing;
}
static bool has_paid_carer(const struct home_year *h) {
  for (int m = 0; m < h->member_count; m++)
    if (got(h, h->members[m], GOT_CARER)) return true;
  return false;
}
static struct told carer_is_paid(const struct home_year *h, int i) {
  return is_disabled(h, i) ? yes_or_no(has_paid_carer(h) && !got(h, i, GOT_CARER)) : nothing;
}

/* ---- care, study, loss ---- */

static bool cares(const struct home_year *h, int i) {
  if (person_of(h, i)->care_hours[h->year] <= 0) return false;
  if (got(h, i, GOT_CARER)) return true;
  for (int m = 0; m < h->member_count; m++)
    if (h->members[m] != i && got(h, h->members[m], GOT_PIP | GOT_DLA | GOT_AA)) return true;
  return false;
}
static struct told cares_for(const struct home_year *h, int i) { return yes_or_no(cares(h, i)); }
static struct told care_hours(const struct home_year *h, int i) {
  return cares(h, i) ? whole((int64_t)(person_of(h, i)->care_hours[h->year] + 0.5)) : nothing;
}
static struct told carers_allowance(const struct home_year *h, int i) {
  /* a week: Social Security Benefits Up-rating Orders 2023 to 2026 */
  static const int64_t rates[SAMPLE_YEARS + 1] = {7675, 8190, 8330, 8645};
  return cares(h, i) ? pence(got(h, i, GOT_CARER) ? rates[rate_year(h)] : 0) : nothing;
}

bool told_studies(const struct home_year *h, int i) {
  return is_student(h, i) || is_at_school(h, i);
}
static struct told in_university(const struct home_year *h, int i) {
  return h->studies ? yes_or_no(is_student(h, i)) : nothing;
}
static struct told in_full_time(const struct home_year *h, int i) {
  return h->studies ? yes_or_no(told_studies(h, i)) : nothing;
}
static struct told not_in_home_that_studies(const struct home_year *h, int i) {
  (void)i;
  return h->studies ? yes_or_no(false) : nothing;
}
static struct told began_at(const struct home_year *h, int i) {
  return h->studies && told_studies(h, i) ? whole(is_student(h, i) ? 18 : 11) : nothing;
}
/* 8,500 pounds a year to a student: our choice. */
static struct told loan(const struct home_year *h, int i) {
  return h->studies ? pence(is_student(h, i) ? 850000 : 0) : nothing;
}
static struct told no_grant(const struct home_year *h, int i) {
  (void)i;
  return h->studies ? pence(0) : nothing;
}

/* Two in five of those who grew up since loans began have one, the better paid: our choice. Plan 2
 * began in September 2012, plan 5 in August 2023 (SI 2009/470). */
static struct told loan_plan(const struct home_year *h, int i) {
  const struct sample_person *p = person_of(h, i);
  const bool has = p->ability > 0.6 && p->born >= day_make(1980, 9, 1);
  return word(!has                             ? "NONE"
              : p->born < day_make(1994, 9, 1) ? "PLAN_1"
              : p->born < day_make(2005, 9, 1) ? "PLAN_2"
                                               : "PLAN_5");
}

static day_t bereaved(const struct home_year *h, int i) {
  const int partner = person_of(h, i)->partner;
  const day_t died = partner >= 0 ? h->town->people[partner].died : DAY_NONE;
  return died != DAY_NONE && died <= town_year_last(h->year) ? died : DAY_NONE;
}
static struct told is_bereaved(const struct home_year *h, int i) {
  return yes_or_no(bereaved(h, i) != DAY_NONE);
}
static struct told bereaved_on(const struct home_year *h, int i) {
  return bereaved(h, i) == DAY_NONE ? nothing : (struct told){TOLD_DAY, 0, bereaved(h, i)};
}
static struct told bereavement_payment(const struct home_year *h, int i) {
  return bereaved(h, i) == DAY_NONE ? nothing : pence(0);
}

static struct told with_no_child(const struct home_year *h, int i) {
  return bereaved(h, i) == DAY_NONE ? nothing : yes_or_no(false);
}
/* Nobody is married: their tax is drawn without what one of a couple passes on. Our choice. */
static struct told not_married(const struct home_year *h, int i) {
  return person_of(h, i)->partner < 0 ? nothing : yes_or_no(false);
}
static struct told no_old_savings_credit(const struct home_year *h, int i) {
  return person_of(h, i)->partner < 0 ? nothing : yes_or_no(false);
}

/* ---- children's ---- */

/* 400 pounds a month for a child below 5, 120 from 5 to 11: our choice. */
static struct told childcare(const struct home_year *h, int i) {
  const int age = age_of(h, i);
  if (!h->pays_childcare) return nothing;
  return pence(age < 5 ? 40000 : age < 12 ? 12000 : 0);
}
static struct told childcare_qualifies(const struct home_year *h, int i) {
  return h->pays_childcare && age_of(h, i) < 12 ? yes_or_no(true) : nothing;
}

/* ---- by income ---- */

static struct told by_income(const struct home_year *h, int i, enum got_amount what) {
  return h->helped ? pence(person_of(h, i)->got_pence[rate_year(h)][what]) : nothing;
}
static struct told universal_credit(const struct home_year *h, int i) {
  return by_income(h, i, GOT_UC);
}
static struct told pension_credit(const struct home_year *h, int i) {
  return by_income(h, i, GOT_PC);
}
static struct told housing_benefit(const struct home_year *h, int i) {
  return by_income(h, i, GOT_HB);
}
static struct told tax_reduction(const struct home_year *h, int i) {
  return by_income(h, i, GOT_CTR);
}

/* Three in a hundred may not have public funds: our choice. */
static struct told public_funds(const struct home_year *h, int i) {
  (void)i;
  return yes_or_no(town_standing(h->town, QUEUE_HOME + 100, h->household) >= 0.03);
}

/* Whoever pays for the home owes its council tax, where another adult lives there in the year. */
static struct told owes_council_tax(const struct home_year *h, int i) {
  bool shares = false;
  if (!told_is_payer(h, i)) return yes_or_no(false);
  for (int m = 0; m < h->member_count; m++)
    shares |= !told_is_payer(h, h->members[m]) && age_of(h, h->members[m]) >= ADULT_AGE - 1;
  return shares ? yes_or_no(true) : nothing;
}

enum { ANY_AGE = 200, STATE_PENSION_FROM = PENSION_AGE };
const struct told_person_row told_person_rows[] = {
    {"works", 0, works, 16, ANY_AGE, 0, SAID_BY_THEM, true},
    {"employment_income", "year", pay, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"hours_worked", "week", hours, 16, ANY_AGE, "0", SAID_BY_THEM, true},
    {"employee_pension_contributions_reported", "year", into_pension, 16, ANY_AGE, "0",
     SAID_BY_THEM, false},
    {"employment_status", 0, status, 16, ANY_AGE, 0, SAID_BY_THEM, false},
    {"gets_pay_when_not_working", 0, in_place_of_pay, 16, 66, 0, SAID_BY_THEM, false},
    {"statutory_sick_pay", "year", sick_pay, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"statutory_paternity_pay", "year", sick_pay, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"maternity_allowance_reported", "year", sick_pay, 16, 66, "0", SAID_BY_THEM, false},
    {"statutory_maternity_pay", "year", maternity_pay, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"jsa_contrib_reported", "year", jobseekers, 16, 66, "0", SAID_BY_DWP, false},
    {"esa_contrib_reported", "year", support, 16, 66, "0", SAID_BY_DWP, false},
    {"gets_other_income", 0, other_income, 16, ANY_AGE, 0, SAID_BY_THEM, true},
    {"self_employment_income", "year", business, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"trading_expenses", "year", business_expenses, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"savings_interest_income", "year", interest, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"dividend_income", "year", dividends, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"property_income", "year", rents, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"sublet_income", "year", none_of_other, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"maintenance_income", "year", none_of_other, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"miscellaneous_income", "year", none_of_other, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"savings", 0, saved_beside, 16, ANY_AGE, 0, SAID_BY_THEM, false},
    {"private_pension_income", "year", private_pension, 55, ANY_AGE, 0, SAID_BY_THEM, true},
    {"state_pension_reported", "week", state_pension, STATE_PENSION_FROM, ANY_AGE, 0, SAID_BY_DWP,
     false},
    {"national_insurance_qualifying_years", 0, qualifying_years, STATE_PENSION_FROM, ANY_AGE, 0,
     SAID_BY_DWP, false},
    {"has_disability", 0, disabled, 16, ANY_AGE, 0, SAID_BY_THEM, true},
    {"aa_category", 0, attendance, 66, ANY_AGE, "NONE", SAID_BY_DWP, false},
    {"dla_sc_category", 0, living_care, 0, ANY_AGE, "NONE", SAID_BY_DWP, false},
    {"dla_m_category", 0, living_mobility, 0, ANY_AGE, "NONE", SAID_BY_DWP, false},
    {"pip_dl_category", 0, daily_living, 16, ANY_AGE, "NONE", SAID_BY_DWP, false},
    {"pip_m_category", 0, mobility, 16, ANY_AGE, "NONE", SAID_BY_DWP, false},
    {"is_blind", 0, not_blind, 0, ANY_AGE, 0, SAID_BY_COUNCIL, false},
    {"has_another_award_for_disability", 0, not_if_disabled, 16, ANY_AGE, "no", SAID_BY_THEM,
     false},
    {"uc_limited_capability_for_WRA", 0, limited, 16, ANY_AGE, "no", SAID_BY_DWP, false},
    {"uc_LCWRA_is_protected", 0, limited, 16, ANY_AGE, "no", SAID_BY_DWP, false},
    {"iidb_reported", "week", no_money_if_disabled, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"afcs_reported", "week", no_money_if_disabled, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"somebody_is_paid_to_care_for_them", 0, carer_is_paid, 16, ANY_AGE, "no", SAID_BY_THEM, false},
    {"cares_for_somebody", 0, cares_for, 16, ANY_AGE, 0, SAID_BY_THEM, true},
    {"care_hours", 0, care_hours, 16, ANY_AGE, "0", SAID_BY_THEM, false},
    {"carers_allowance_reported", "week", carers_allowance, 16, ANY_AGE, "0", SAID_BY_DWP, false},
    {"in_HE", 0, in_university, 16, 65, "no", SAID_BY_THEM, false},
    {"in_FE", 0, not_in_home_that_studies, 16, 65, "no", SAID_BY_THEM, false},
    {"is_in_full_time_education", 0, in_full_time, 16, 65, "no", SAID_BY_THEM, false},
    {"is_in_approved_training", 0, not_in_home_that_studies, 16, 65, "no", SAID_BY_THEM, false},
    {"is_apprentice", 0, not_in_home_that_studies, 16, 65, "no", SAID_BY_THEM, false},
    {"age_started_or_accepted_current_education_or_training", 0, began_at, 16, 65, 0, SAID_BY_THEM,
     false},
    {"student_loans", "year", loan, 16, 65, "0", SAID_BY_THEM, false},
    {"education_grants", "year", no_grant, 16, 65, "0", SAID_BY_THEM, false},
    {"student_loan_plan", 0, loan_plan, 18, ANY_AGE, 0, SAID_BY_THEM, true},
    {"is_bereaved", 0, is_bereaved, 16, 67, 0, SAID_BY_THEM, false},
    {"bereaved_on", 0, bereaved_on, 16, 67, 0, SAID_BY_THEM, false},
    {"bsp_reported", "month", bereavement_payment, 16, 67, "0", SAID_BY_DWP, false},
    {"bereavement_with_child", 0, with_no_child, 16, 67, "no", SAID_BY_THEM, false},
    {"is_married_to_partner", 0, not_married, 16, ANY_AGE, 0, SAID_BY_THEM, false},
    {"childcare_expenses", "month", childcare, 0, 15, "0", SAID_BY_COUNCIL, false},
    {"tax_free_childcare_uses_qualifying_provider", 0, childcare_qualifies, 0, 15, "no",
     SAID_BY_COUNCIL, false},
    {"universal_credit_reported", "year", universal_credit, 18, 66, "0", SAID_BY_DWP, false},
    {"pension_credit_reported", "year", pension_credit, 16, ANY_AGE, "0", SAID_BY_DWP, false},
    {"has_had_savings_credit_since_before_april_2016", 0, no_old_savings_credit, 66, ANY_AGE, "no",
     SAID_BY_DWP, false},
    {"housing_benefit_reported", "year", housing_benefit, 16, ANY_AGE, "0", SAID_BY_COUNCIL, false},
    {"council_tax_benefit_reported", "year", tax_reduction, 18, ANY_AGE, "0", SAID_BY_COUNCIL,
     false},
    {"recourse_to_public_funds", 0, public_funds, 16, ANY_AGE, 0, SAID_BY_THEM, false},
    {"owes_council_tax", 0, owes_council_tax, ADULT_AGE, ANY_AGE, 0, SAID_BY_COUNCIL, false},
};
const int told_person_row_count = sizeof told_person_rows / sizeof *told_person_rows;
