/* Taxes and cash benefits of a year: who may pay or get each, and on which days it is paid. A flow
 * is a row of the table below. Its claim function gives one person's claim: the weight among those
 * who pay or get it (earnings, children, a weekly rate), the place in the queue, and the first and
 * last day. award.h makes the sums. */
#include "sample/flows.h"
#include <stdlib.h>

/* CHOSEN_ONLY: by caseload too, but what they get is by rules (ruled_flows.c). */
enum reach { EVERYBODY, BY_CASELOAD, CHOSEN_ONLY, BY_CREDIT_MEAN, BY_WEEKLY_RATE };

struct flow {
  const char *category, *item, *body;
  /* The weight of person i, 0 when it is not for them. On entry the key is a random number of the
   * person's own, and the days are those on which they live here. */
  double (*claim)(const struct year *y, int i, double *key, day_t *from, day_t *to);
  enum reach reach;
  enum rhythm rhythm;
  bool estimated;
};

static const struct sample_person *person_of(const struct year *y, int i) {
  return &y->town->people[i];
}
static int age_of(const struct year *y, int i) { return day_age(person_of(y, i)->born, y->first); }
static bool works(const struct year *y, int i) { return person_of(y, i)->earnings[y->year] > 0; }
static double part(day_t from, day_t to) { return from > to ? 0 : (double)(to - from + 1) / 365; }
/* Earnings limit: 139 and 151 pounds a week, 196 from April 2025 (Social Security (Invalid Care
 * Allowance) Regulations 1976, regulation 8). */
static bool earns_too_much_to_care(const struct year *y, int i) {
  static const double most[SAMPLE_YEARS] = {139, 151, 196};
  return person_of(y, i)->earnings[y->year] > most[y->year] * 52;
}
static bool is_payer(const struct year *y, int i) {
  return y->town->payer[person_of(y, i)->household] == i;
}

static day_t month_start(const struct year *y, int month) { /* of the tax year: 0 is April */
  int year = SAMPLE_YEAR_FIRST + y->year + (month >= 9), m = month >= 9 ? month - 8 : month + 4;
  return day_make(year, m, 1);
}

/* The days of the year in which they have pay. */
void flow_working_days(const struct year *y, int i, day_t *from, day_t *to) {
  const struct sample_person *p = person_of(y, i);
  day_t begin = month_start(y, p->work_from[y->year]),
        end = month_start(y, p->work_from[y->year] + p->work_months[y->year]) - 1;
  if (begin > *from) *from = begin;
  if (end < *to && p->work_from[y->year] + p->work_months[y->year] < 12) *to = end;
}

static double claim_household(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  (void)key;
  return is_payer(y, i) ? part(*from, *to) : 0;
}

static double claim_tax_credits(const struct year *y, int i, double *key, day_t *from, day_t *to) {
  int h = person_of(y, i)->household;
  if (y->claimant[h] != i || y->on_universal_credit[h] || y->children[h] == 0) return 0;
  *key = y->town->households[h].income * (0.5 + *key);
  return y->children[h] * part(*from, *to);
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
  if (y->care_hours[i] < 35 || !of_working_age(y, i) || earns_too_much_to_care(y, i)) return 0;
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

/* Who gets what the rules do not choose, and what they do not know. The order matters: a later row
 * may ask who got an earlier one. */
static const struct flow chosen[] = {
    {"employment-and-support-allowance", "employment-and-support-allowance", "dwp",
     claim_incapacity, BY_CASELOAD, FORTNIGHTLY, false},
    {"jobseekers-allowance-contributory", "jobseekers-allowance-contributory", "dwp",
     claim_jobseekers, BY_WEEKLY_RATE, FORTNIGHTLY, false},
    {"personal-independence-payment", "personal-independence-payment", "dwp",
     claim_personal_independence, CHOSEN_ONLY, FOUR_WEEKLY, false},
    {"disability-living-allowance", "disability-living-allowance", "dwp", claim_disability_living,
     CHOSEN_ONLY, FOUR_WEEKLY, false},
    {"attendance-allowance", "attendance-allowance", "dwp", claim_attendance, CHOSEN_ONLY,
     FOUR_WEEKLY, false},
    {"carers-allowance", "carers-allowance", "dwp", claim_carers, CHOSEN_ONLY, FOUR_WEEKLY, false},
    {"statutory-maternity-pay", "statutory-maternity-pay", 0, claim_maternity, EVERYBODY, PAY_DAY,
     false},
};
static const struct flow others[] = {
    {"child-tax-credit", "tax-credits", "hmrc", claim_tax_credits, BY_CREDIT_MEAN, FOUR_WEEKLY,
     false},
    {"vehicle-excise-duty", "vehicle-excise-duty", "dvla", claim_household, EVERYBODY, ONCE, true},
    {"television-licence", "television-licence", "tv-licensing", claim_household, EVERYBODY, ONCE,
     false},
};
enum { PAY_DAYS_MOST = 32 };
enum { CHOSEN = sizeof chosen / sizeof *chosen, OTHERS = sizeof others / sizeof *others };

static int add_day(day_t day, const struct claim *c, day_t *days, int count) {
  if (day < c->from || day > c->to || count == PAY_DAYS_MOST) return count;
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

/* The days on which a claim is paid. One too short to contain one is paid on its last day. */
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

void flow_pay(struct year *y, const struct flow_paid *flow, const struct claim *c) {
  day_t days[PAY_DAYS_MOST];
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
                          (uint64_t)c->person * 64 + (uint64_t)flow->number);
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
                         const struct data_item *item) {
  const struct sample_data *d = y->town->data;
  switch (flow->reach) {
  case BY_CASELOAD:
  case CHOSEN_ONLY: return item->caseload_k[y->year] / d->uk_k[y->year] * y->town->heads;
  /* no caseload is published */
  case BY_CREDIT_MEAN:
    return award_head_pounds(d, item, y->year) * y->town->heads / y->credit_mean_pounds;
  /* no caseload either */
  case BY_WEEKLY_RATE:
    return award_head_pounds(d, item, y->year) * y->town->heads / (d->jobseekers * 52) + 0.5;
  default: return 0;
  }
}

/* What facts will tell of it, and what other flows ask. */
static void remember(struct year *y, const struct flow *flow, const struct claim *c) {
  static const struct {
    double (*claim)(const struct year *y, int i, double *key, day_t *from, day_t *to);
    int bit;
    bool is_in_place_of_pay;
  } noted[] = {{claim_personal_independence, GOT_PIP, false},
               {claim_disability_living, GOT_DLA, false},
               {claim_attendance, GOT_AA, false},
               {claim_carers, GOT_CARER, false},
               {claim_incapacity, GOT_ESA, true},
               {claim_jobseekers, GOT_JSA, true},
               {claim_maternity, GOT_SMP, true}};
  struct sample_person *p = &y->town->people[c->person];
  if (flow->claim == claim_incapacity) y->on_incapacity[c->person] = true;
  for (size_t k = 0; k < sizeof noted / sizeof *noted; k++) {
    if (noted[k].claim != flow->claim) continue;
    p->got[y->year] |= (unsigned short)noted[k].bit;
    if (noted[k].is_in_place_of_pay) p->got_pence[y->year][GOT_IN_PLACE_OF_PAY] = (int32_t)c->pence;
  }
}

static void write_flow(struct year *y, const struct flow *flow, int number, struct claims *claims) {
  const struct town *t = y->town;
  const struct data_item *item = data_item_find(t->data, flow->item);
  const struct flow_paid paid = {.category = flow->category,
                                 .body = flow->body,
                                 .rhythm = flow->rhythm,
                                 .estimated = flow->estimated,
                                 .number = number};
  if (item->total_m[y->year] <= 0) return;
  claims->count = 0;
  for (int i = 0; i < t->people_count; i++) {
    day_t from, to;
    if (!town_days(t, i, y->year, &from, &to)) continue;
    double key = town_standing(t, QUEUE_FLOW + number, i),
           weight = flow->claim(y, i, &key, &from, &to);
    claims_add(claims, i, weight, key, from, to);
  }
  award_share(t, item, NULL, y->year, claims, recipients(y, flow, item));
  for (int k = 0; k < claims->count; k++) {
    const struct claim *c = &claims->list[k];
    if (c->pence <= 0) continue;
    remember(y, flow, c);
    if (flow->reach != CHOSEN_ONLY) flow_pay(y, &paid, c);
  }
}

struct unfit {
  double key;
  int who;
};

static int by_unfit(const void *a, const void *b) {
  const struct unfit *x = a, *y = b;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return x->who < y->who ? -1 : x->who > y->who;
}

/* Universal credit's own finding of limited capability: as many as published have it and the
 * credit, of whoever neither works nor studies in a home with little saved; those with personal
 * independence payment and the poorer homes first (our choice). */
static void choose_unfit(struct year *y) {
  enum { STUDY_ENDS = 22, SAVED_MOST_PENCE = 1600000 };
  const struct town *t = y->town;
  const struct residents residents = residents_of(t, y->year, false);
  const double wanted = t->data->unfit_k[y->year] / t->data->uk_k[y->year] * t->heads;
  struct unfit *line = memory_alloc(sizeof *line * ((size_t)t->people_count + 1));
  int count = 0;
  for (int i = 0; i < t->people_count; i++) {
    const struct sample_person *p = person_of(y, i);
    struct home_year home;
    day_t from, to;
    if (!town_days(t, i, y->year, &from, &to) || !of_working_age(y, i) || works(y, i) ||
        age_of(y, i) < STUDY_ENDS || (p->got[y->year] & (GOT_ESA | GOT_JSA | GOT_SMP)))
      continue;
    home_year_take(t, &residents, p->household, &home);
    if (told_savings(&home) > SAVED_MOST_PENCE) continue;
    line[count++] = (struct unfit){town_standing(t, QUEUE_UNFIT, i) +
                                       0.25 * t->households[p->household].decile -
                                       (p->got[y->year] & GOT_PIP ? 0.5 : 0),
                                   i};
  }
  array_sort(line, count, by_unfit);
  for (int k = 0; k < count && k + 0.5 < wanted; k++)
    y->town->people[line[k].who].got[y->year] |= GOT_UNFIT;
  free(line);
}

enum status year_write_money(struct year *y, struct error *err) {
  struct claims claims = {0};
  y->credit_mean_pounds = 10000; /* in case nobody has universal credit */
  for (int f = 0; f < CHOSEN; f++) write_flow(y, &chosen[f], f, &claims);
  choose_unfit(y);
  enum status status = year_choose_claimants(y, err);
  for (int f = 0; f < OTHERS && status == DONE; f++) write_flow(y, &others[f], CHOSEN + f, &claims);
  free(claims.list);
  return status == DONE ? year_write_ruled(y, err) : status;
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
  free(y->claimant), free(y->children), free(y->on_universal_credit), free(y->on_incapacity),
      free(y->care_hours);
}
