/* Taxes and cash benefits of a year: who may pay or get each, and on which days it is paid. A flow
 * is a row of the table below. Its claim function gives one person's claim: the weight among those
 * who pay or get it (earnings, children, a weekly rate), the place in the queue, and the first and
 * last day. award.h makes the sums. */
#include "sample/flows.h"
#include <stdlib.h>

enum rhythm {
  PAY_DAY,
  SELF_ASSESSMENT,
  TWELVE_MONTHS,
  FOUR_WEEKLY,
  FORTNIGHTLY,
  COUNCIL_BILL,
  WINTER,
  ONCE
};
enum reach { EVERYBODY, BY_CASELOAD, BY_CREDIT_MEAN, BY_WEEKLY_RATE, BY_TAKE_UP };

struct flow {
  const char *category, *item, *body;
  /* The weight of person i, 0 when it is not for them. On entry the key is a random number of the
   * person's own, and the days are those on which they live here. */
  double (*claim)(const struct year *y, int i, double *key, day_t *from, day_t *to);
  enum reach reach;
  enum rhythm rhythm;
  /* corrected: now and then too much is taken or paid, and corrected later */
  bool estimated, corrected;
};

static const struct sample_person *person_of(const struct year *y, int i) {
  return &y->town->people[i];
}
static int age_of(const struct year *y, int i) { return day_age(person_of(y, i)->born, y->first); }
static bool works(const struct year *y, int i) { return person_of(y, i)->earnings[y->year] > 0; }
static double part(day_t from, day_t to) { return from > to ? 0 : (double)(to - from + 1) / 365; }
static bool is_payer(const struct year *y, int i) {
  return y->town->payer[person_of(y, i)->household] == i;
}

static day_t month_start(const struct year *y, int month) { /* of the tax year: 0 is April */
  int year = SAMPLE_YEAR_FIRST + y->year + (month >= 9), m = month >= 9 ? month - 8 : month + 4;
  return day_make(year, m, 1);
}

/* The days of the year in which they have pay. */
static void working_days(const struct year *y, int i, day_t *from, day_t *to) {
  const struct sample_person *p = person_of(y, i);
  day_t begin = month_start(y, p->work_from[y->year]),
        end = month_start(y, p->work_from[y->year] + p->work_months[y->year]) - 1;
  if (begin > *from) *from = begin;
  if (end < *to && p->work_from[y->year] + p->work_months[y->year] < 12) *to = end;
}

/* Taxpayers begin where the survey of personal incomes begins to count them. */
static bool earns_enough(const struct year *y, int i) {
  const struct sample_data *d = y->town->data;
  return person_of(y, i)->earnings[y->year] >=
         data_point_at(d->earnings, d->earnings_count, 1 - d->taxpaying_earners);
}

static double claim_income_tax(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  (void)key;
  const struct sample_person *p = person_of(y, i);
  double income = 0, here = part(*from, *to);
  if (earns_enough(y, i)) {
    working_days(y, i, from, to);
    income += p->earnings[y->year] * part(*from, *to);
  }
  if (p->pension > 0 && age_of(y, i) >= 62) income += p->pension * here;
  return income;
}

static double claim_insurance(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  (void)key;
  if (!earns_enough(y, i) || age_of(y, i) >= PENSION_AGE) return 0;
  working_days(y, i, from, to);
  return person_of(y, i)->earnings[y->year] * part(*from, *to);
}

static double claim_employer(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  (void)key;
  if (!earns_enough(y, i) || person_of(y, i)->self_employed) return 0;
  working_days(y, i, from, to);
  return person_of(y, i)->earnings[y->year] * part(*from, *to);
}

static double claim_council_tax(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  /* Local Government Finance Act 1992, section 5 */
  static const double ninths[] = {6, 7, 8, 9, 11, 13, 15, 18};
  (void)key;
  if (!is_payer(y, i)) return 0;
  return ninths[y->town->households[person_of(y, i)->household].band - 'A'] * part(*from, *to);
}

static double claim_household(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  (void)key;
  return is_payer(y, i) ? part(*from, *to) : 0;
}

static day_t birthday(const struct year *y, int i, int age) {
  int year, month, day;
  day_parts(person_of(y, i)->born, &year, &month, &day);
  if (month == 2 && day == 29) day = 28;
  return day_make(year + age, month, day);
}

static double claim_state_pension(const struct year *y, int i, double *key, day_t *from,
                                  day_t *to) {
  const struct sample_data *d = y->town->data;
  const struct sample_person *p = person_of(y, i);
  (void)key;
  day_t begins = birthday(y, i, PENSION_AGE);
  if (begins > *to) return 0;
  if (begins > *from) *from = begins;
  /* born since: the new State Pension of 2016 */
  day_t new_pension = day_make(p->sex == MALE ? 1951 : 1953, 4, 6);
  return (p->born >= new_pension ? d->pension_new : d->pension_basic) * part(*from, *to);
}

static double claim_pension_credit(const struct year *y, int i, double *key, day_t *from,
                                   day_t *to) {
  if (age_of(y, i) < PENSION_AGE || !is_payer(y, i)) return 0;
  *key += person_of(y, i)->pension / 10000; /* those with the least private pension first */
  return part(*from, *to);
}

static double claim_winter_fuel(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  (void)from;
  if (age_of(y, i) < PENSION_AGE || *to < day_make(SAMPLE_YEAR_FIRST + y->year, 11, 20)) return 0;
  if (!y->on_pension_credit[i]) *key += 1; /* in 2024-25 it went to few others */
  return age_of(y, i) >= 80 ? 3 : 2;
}

static double claim_child_benefit(const struct year *y, int i, double *key, day_t *from,
                                  day_t *to) {
  const struct town *t = y->town;
  int h = person_of(y, i)->household;
  (void)key;
  if (y->children[h] == 0) return 0;
  int payee = -1;
  day_t earliest = *to;
  double weight = 0;
  for (int m = t->first[h]; m < t->first[h + 1]; m++) {
    const struct sample_person *child = &t->people[t->members[m]];
    day_t a, b;
    if (day_age(child->born, y->first) >= ADULT_AGE ||
        !town_days(t, t->members[m], y->year, &a, &b))
      continue;
    if (payee < 0 && child->mother >= 0 && t->people[child->mother].household == h)
      payee = child->mother;
    weight += (weight == 0 ? t->data->child_eldest : t->data->child_other) * part(a, b);
    if (a < earliest) earliest = a;
  }
  if (payee < 0) payee = t->payer[h];
  if (payee != i) return 0;
  if (earliest > *from) *from = earliest;
  return weight;
}

static double claim_universal_credit(const struct year *y, int i, double *key, day_t *from,
                                     day_t *to) {
  const struct town *t = y->town;
  int h = person_of(y, i)->household;
  if (y->claimant[h] != i || person_of(y, i)->prisoner) return 0;
  /* mostly those of a decile with the lowest income */
  *key = t->households[h].income * (0.5 + *key);
  double scale = 0.5;
  for (int m = t->first[h]; m < t->first[h + 1]; m++) scale += 0.5;
  return scale * part(*from, *to);
}

static double claim_tax_credits(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  int h = person_of(y, i)->household;
  if (y->claimant[h] != i || y->on_universal_credit[h] || y->children[h] == 0) return 0;
  *key = y->town->households[h].income * (0.5 + *key);
  return y->children[h] * part(*from, *to);
}

static double claim_housing_benefit(const struct year *y, int i, double *key, day_t *from,
                                    day_t *to) {
  int h = person_of(y, i)->household;
  if (!is_payer(y, i) || y->town->households[h].tenure == OWNED || y->on_universal_credit[h])
    return 0;
  *key += age_of(y, i) >= PENSION_AGE ? 0 : 1; /* working age has moved to universal credit */
  return part(*from, *to);
}

static bool of_working_age(const struct year *y, int i) {
  int age = age_of(y, i);
  return age >= ADULT_AGE && age < PENSION_AGE && !person_of(y, i)->prisoner;
}

static double claim_incapacity(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  if (!of_working_age(y, i) || works(y, i)) return 0;
  *key = town_standing(y->town, QUEUE_ILL, i);
  return part(*from, *to);
}

static double claim_jobseekers(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  (void)key;
  return of_working_age(y, i) && !works(y, i) && !y->on_incapacity[i] ? part(*from, *to) : 0;
}

/* The weekly rates of care and mobility, one in four of each pair of grades. */
static double disability_weight(const struct year *y, int i) {
  const struct sample_data *d = y->town->data;
  double u = town_standing(y->town, QUEUE_ILL + 100, i);
  return (u < 0.5 ? d->disability_standard : d->disability_enhanced) +
         (u < 0.25 || u >= 0.75 ? d->mobility_enhanced : d->mobility_standard);
}

static double claim_personal_independence(const struct year *y, int i, double *key, day_t *from,
                                          day_t *to) {
  if (age_of(y, i) < 16 || age_of(y, i) >= 74 || person_of(y, i)->prisoner) return 0;
  *key = town_standing(y->town, QUEUE_ILL, i) + (works(y, i) ? 0.15 : 0);
  return disability_weight(y, i) * part(*from, *to);
}

static double claim_disability_living(const struct year *y, int i, double *key, day_t *from,
                                      day_t *to) {
  int age = age_of(y, i);
  if ((age < 3 || age >= 16) && age < 74) return 0;
  *key = town_standing(y->town, QUEUE_ILL, i) + (age >= 74 ? 0.02 : 0);
  return disability_weight(y, i) * part(*from, *to);
}

static double claim_attendance(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  const struct sample_data *d = y->town->data;
  int age = age_of(y, i);
  if (age < PENSION_AGE) return 0;
  /* the older, the likelier */
  *key = town_standing(y->town, QUEUE_ILL, i) - 0.03 * (age - PENSION_AGE);
  return (town_standing(y->town, QUEUE_FRAIL + 100, i) < 0.5 ? d->disability_standard
                                                             : d->disability_enhanced) *
         part(*from, *to);
}

static double claim_carers(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  if (y->care_hours[i] < 35 || !of_working_age(y, i)) return 0;
  *key += works(y, i) ? 1 : 0;
  return part(*from, *to);
}

static double claim_maternity(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  enum { PAID_DAYS = 39 * 7 };
  const struct town *t = y->town;
  int h = person_of(y, i)->household;
  (void)key;
  if (person_of(y, i)->sex != FEMALE || !works(y, i) || person_of(y, i)->self_employed) return 0;
  for (int m = t->first[h]; m < t->first[h + 1]; m++) {
    const struct sample_person *child = &t->people[t->members[m]];
    if (child->mother != i || child->born + PAID_DAYS <= *from || child->born > *to) continue;
    if (child->born > *from) *from = child->born;
    if (child->born + PAID_DAYS - 1 < *to) *to = child->born + PAID_DAYS - 1;
    return part(*from, *to);
  }
  return 0;
}

/* The order matters: a later row may ask who got an earlier one. */
static const struct flow flows[] = {
    {"state-pension", "state-pension", "dwp", claim_state_pension, EVERYBODY, FOUR_WEEKLY, false,
     true},
    {"pension-credit", "pension-credit", "dwp", claim_pension_credit, BY_CASELOAD, FOUR_WEEKLY,
     false, false},
    {"winter-fuel-payment", "winter-fuel-payment", "dwp", claim_winter_fuel, BY_CASELOAD, WINTER,
     false, false},
    {"universal-credit", "universal-credit", "dwp", claim_universal_credit, BY_CASELOAD,
     TWELVE_MONTHS, false, true},
    {"child-tax-credit", "tax-credits", "hmrc", claim_tax_credits, BY_CREDIT_MEAN, FOUR_WEEKLY,
     false, false},
    {"housing-benefit", "housing-benefit", "harrowmere-council", claim_housing_benefit, BY_CASELOAD,
     FOUR_WEEKLY, false, false},
    {"employment-and-support-allowance", "employment-and-support-allowance", "dwp",
     claim_incapacity, BY_CASELOAD, FORTNIGHTLY, false, false},
    {"jobseekers-allowance-contributory", "jobseekers-allowance-contributory", "dwp",
     claim_jobseekers, BY_WEEKLY_RATE, FORTNIGHTLY, false, false},
    {"personal-independence-payment", "personal-independence-payment", "dwp",
     claim_personal_independence, BY_CASELOAD, FOUR_WEEKLY, false, false},
    {"disability-living-allowance", "disability-living-allowance", "dwp", claim_disability_living,
     BY_CASELOAD, FOUR_WEEKLY, false, false},
    {"attendance-allowance", "attendance-allowance", "dwp", claim_attendance, BY_CASELOAD,
     FOUR_WEEKLY, false, false},
    {"carers-allowance", "carers-allowance", "dwp", claim_carers, BY_CASELOAD, FOUR_WEEKLY, false,
     false},
    {"statutory-maternity-pay", "statutory-maternity-pay", 0, claim_maternity, EVERYBODY, PAY_DAY,
     false, false},
    {"child-benefit", "child-benefit", "hmrc", claim_child_benefit, BY_TAKE_UP, FOUR_WEEKLY, false,
     true},
    {"income-tax", "income-tax", "hmrc", claim_income_tax, EVERYBODY, PAY_DAY, false, true},
    {"national-insurance", "national-insurance", "hmrc", claim_insurance, EVERYBODY, PAY_DAY, false,
     false},
    {"employer-national-insurance", "employer-national-insurance", "hmrc", claim_employer,
     EVERYBODY, PAY_DAY, false, false},
    {"council-tax", "council-tax", "harrowmere-council", claim_council_tax, EVERYBODY, COUNCIL_BILL,
     false, true},
    {"vehicle-excise-duty", "vehicle-excise-duty", "dvla", claim_household, EVERYBODY, ONCE, true,
     false},
    {"television-licence", "television-licence", "tv-licensing", claim_household, EVERYBODY, ONCE,
     false, false},
};
enum { FLOWS = sizeof flows / sizeof *flows, MOST_DAYS = 32 };

static int add_day(day_t day, const struct claim *c, day_t *days, int count) {
  if (day < c->from || day > c->to || count == MOST_DAYS) return count;
  days[count] = day;
  return count + 1;
}

static int monthly(const struct year *y, const struct claim *c, int day_of_month, int months,
                   day_t *days) {
  int count = 0;
  for (int m = 0; m <= months; m++)
    count = add_day(month_start(y, m) + day_of_month - 1, c, days, count);
  return count;
}

static int every(const struct year *y, const struct claim *c, int width_days, day_t *days) {
  int count = 0;
  day_t day = y->first + (int)(town_standing(y->town, QUEUE_PAYDAY, c->person) * width_days);
  for (; day <= y->last; day += width_days) count = add_day(day, c, days, count);
  return count;
}

/* The days on which it is paid. A claim too short to contain one is paid on its last day. */
static int pay_days(const struct year *y, const struct claim *c, enum rhythm rhythm, day_t *days) {
  int count = 0, own_day = 1 + (int)(town_standing(y->town, QUEUE_PAYDAY, c->person) * 28),
      year = SAMPLE_YEAR_FIRST + y->year;
  switch (rhythm) {
  case PAY_DAY: count = monthly(y, c, 28, 11, days); break;
  case SELF_ASSESSMENT: /* payments on account */
    count = add_day(day_make(year, 7, 31), c, days, count);
    count = add_day(day_make(year + 1, 1, 31), c, days, count);
    break;
  case TWELVE_MONTHS: count = monthly(y, c, own_day, 12, days); break;
  case FOUR_WEEKLY: count = every(y, c, 28, days); break;
  case FORTNIGHTLY: count = every(y, c, 14, days); break;
  case COUNCIL_BILL: count = monthly(y, c, 15, 9, days); break;
  case WINTER: count = add_day(day_make(year, 11, 18) + own_day, c, days, count); break;
  case ONCE: count = add_day(month_start(y, own_day % 11 + 1) + own_day - 1, c, days, count); break;
  }
  if (count == 0) days[count++] = c->to;
  return count;
}

static void pay(struct year *y, const struct flow *flow, const struct claim *c) {
  day_t days[MOST_DAYS];
  struct lines_kind kind = {.category = flow->category,
                            .body = flow->body ? flow->body : body_employer(c->person),
                            .estimated = flow->estimated};
  enum rhythm rhythm = flow->rhythm;
  if (rhythm == PAY_DAY && person_of(y, c->person)->self_employed && works(y, c->person))
    rhythm = SELF_ASSESSMENT;
  int count = pay_days(y, c, rhythm, days);
  /* One in 250 gets too much in one month, corrected two payments later. Our own choice; it changes
   * no total. */
  double slip = random_of(y->town->seed, QUEUE_MISTAKE * 64 + (uint64_t)y->year,
                          (uint64_t)c->person * 64 + (uint64_t)(flow - flows));
  int wrong = flow->corrected && slip < 1.0 / 250 && count > 4 ? (int)(slip * 250 * (count - 3))
                                                               : -1;
  int64_t too_much = wrong >= 0 ? c->pence / count / 3 : 0;
  for (int k = 0; k < count; k++) {
    int64_t pence = c->pence * (k + 1) / count - c->pence * k / count;
    if (k == wrong && too_much > 0) pence += too_much;
    if (pence != 0) lines_money(y->lines, &kind, c->person, days[k], pence, 0);
    if (k == wrong + 2 && wrong >= 0 && too_much > 0) {
      char day[11], note[64];
      snprintf(note, sizeof note, "correction of %s", day_write(days[wrong], day));
      lines_money(y->lines, &kind, c->person, days[k], -too_much, note);
    }
  }
}

static double recipients(const struct year *y, const struct flow *flow,
                         const struct data_item *item, const struct claims *claims) {
  const struct sample_data *d = y->town->data;
  switch (flow->reach) {
  case BY_CASELOAD: return item->caseload_k[y->year] / d->uk_k[y->year] * y->town->heads;
  /* no caseload is published */
  case BY_CREDIT_MEAN:
    return award_head_pounds(d, item, y->year) * y->town->heads / y->credit_mean_pounds;
  /* no caseload either */
  case BY_WEEKLY_RATE:
    return award_head_pounds(d, item, y->year) * y->town->heads / (d->jobseekers * 52) + 0.5;
  /* child benefit take-up, HMRC, 2022 (policy tables) */
  case BY_TAKE_UP: return 0.89 * claims->count;
  default: return 0;
  }
}

/* What facts will tell of it. */
static void note_for_facts(struct year *y, const struct flow *flow, const struct claim *c) {
  static const struct {
    double (*claim)(const struct year *y, int i, double *key, day_t *from, day_t *to);
    int bit, amount; /* amount -1: none is told */
  } noted[] = {{claim_personal_independence, GOT_PIP, -1},
               {claim_disability_living, GOT_DLA, -1},
               {claim_attendance, GOT_AA, -1},
               {claim_carers, GOT_CARER, -1},
               {claim_incapacity, GOT_ESA, GOT_IN_PLACE_OF_PAY},
               {claim_jobseekers, GOT_JSA, GOT_IN_PLACE_OF_PAY},
               {claim_maternity, GOT_SMP, GOT_IN_PLACE_OF_PAY},
               {claim_universal_credit, 0, GOT_UC},
               {claim_pension_credit, 0, GOT_PC},
               {claim_housing_benefit, 0, GOT_HB}};
  struct sample_person *p = &y->town->people[c->person];
  for (size_t k = 0; k < sizeof noted / sizeof *noted; k++) {
    if (noted[k].claim != flow->claim) continue;
    p->got[y->year] |= (unsigned short)noted[k].bit;
    if (noted[k].amount >= 0) p->got_pence[y->year][noted[k].amount] = (int32_t)c->pence;
  }
}

static void remember(struct year *y, const struct flow *flow, const struct claims *claims) {
  int64_t reached = 0, pence = 0;
  for (int k = 0; k < claims->count; k++) {
    const struct claim *c = &claims->list[k];
    if (c->pence <= 0) continue;
    int h = person_of(y, c->person)->household;
    reached++, pence += c->pence;
    if (flow->claim == claim_universal_credit) y->on_universal_credit[h] = true;
    if (flow->claim == claim_pension_credit) y->on_pension_credit[c->person] = true;
    if (flow->claim == claim_incapacity) y->on_incapacity[c->person] = true;
    note_for_facts(y, flow, c);
  }
  if (flow->claim == claim_universal_credit && reached)
    y->credit_mean_pounds = (double)pence / 100 / (double)reached;
}

void year_write_money(struct year *y) {
  const struct town *t = y->town;
  struct claims claims = {0};
  y->credit_mean_pounds = 10000; /* in case nobody has universal credit */
  for (int f = 0; f < FLOWS; f++) {
    const struct flow *flow = &flows[f];
    const struct data_item *item = data_item_find(t->data, flow->item);
    if (item->total_m[y->year] <= 0) continue;
    claims.count = 0;
    for (int i = 0; i < t->people_count; i++) {
      day_t from, to;
      if (!town_days(t, i, y->year, &from, &to)) continue;
      double key = town_standing(t, QUEUE_FLOW + f, i),
             weight = flow->claim(y, i, &key, &from, &to);
      claims_add(&claims, i, weight, key, from, to);
    }
    bool narrow = flow->claim == claim_winter_fuel &&
                  item->caseload_k[y->year] < item->caseload_k[0] / 2;
    award_share(t, item, narrow ? data_item_find(t->data, "pension-credit")->decile : 0, y->year,
                &claims, recipients(y, flow, item, &claims));
    remember(y, flow, &claims);
    for (int k = 0; k < claims.count; k++)
      if (claims.list[k].pence > 0) pay(y, flow, &claims.list[k]);
  }
  free(claims.list);
}

void year_begin(struct year *y, struct town *t, int year, struct lines *lines) {
  size_t people = (size_t)t->people_count + 1, houses = (size_t)t->households_count + 1;
  *y = (struct year){.town = t,
                     .lines = lines,
                     .year = year,
                     .first = town_year_first(year),
                     .last = town_year_last(year)};
  random_seed(&y->random, random_mix(t->seed + 77) + (uint64_t)year);
  y->claimant = memory_alloc(sizeof *y->claimant * houses);
  y->children = memory_zeroed(houses, sizeof *y->children);
  y->on_universal_credit = memory_zeroed(houses, 1);
  y->on_pension_credit = memory_zeroed(people, 1);
  y->on_incapacity = memory_zeroed(people, 1);
  y->care_hours = memory_zeroed(people, sizeof *y->care_hours);
  for (int h = 0; h < t->households_count; h++) {
    y->claimant[h] = -1;
    for (int m = t->first[h]; m < t->first[h + 1]; m++) {
      int i = t->members[m], age = age_of(y, i);
      if (age < ADULT_AGE) y->children[h]++;
      else if (age < PENSION_AGE && y->claimant[h] < 0) y->claimant[h] = i;
    }
  }
  year_choose_carers(y);
}

void year_end(struct year *y) {
  free(y->claimant), free(y->children), free(y->on_universal_credit), free(y->on_pension_credit),
      free(y->on_incapacity), free(y->care_hours);
}
