/* Services used in a year. Counts come from England's by age and sex; the program values them when
 * it posts. */
#include "sample/flows.h"
#include <stdlib.h>

static int age_of(const struct year *y, int i) {
  return day_age(y->town->people[i].born, y->first);
}

/* A person's share of the uses of their age: some people are ill often and most are not, and more
 * unequal for services that most never need. The people who come first in the queue for disability
 * benefits are the ill here too. Only the ratio to others of the same age and sex counts. */
static double frailty(const struct town *t, int i, int service, bool rare) {
  double u = 0.6 * (1 - town_standing(t, QUEUE_ILL, i)) +
             0.4 * town_standing(t, QUEUE_FRAIL + 200 + service, i);
  return rare ? u * u * u * u * u * u : 0.02 + u * u * u;
}

static const char *body_of(const struct year *y, const char *service, int i, day_t day) {
  if (strcmp(service, "gp-consultation") == 0)
    return body_practice(household_place(&y->town->households[y->town->people[i].household], day));
  if (strcmp(service, "ambulance") == 0) return "calderwold-ambulance";
  if (strcmp(service, "talking-therapy") == 0 || strcmp(service, "mental-health-contact") == 0)
    return "calderwold-mental-health";
  return "harrowmere-hospitals";
}

static const char *unit_of(const char *service) { /* as the pack's services.csv has them */
  static const char *const units[][2] = {{"gp-consultation", "consultation"},
                                         {"ambulance", "incident"},
                                         {"talking-therapy", "contact"},
                                         {"mental-health-contact", "contact"},
                                         {"inpatient-stay", "stay"}};
  for (size_t k = 0; k < sizeof units / sizeof *units; k++)
    if (strcmp(units[k][0], service) == 0) return units[k][1];
  return "attendance";
}

/* Goes through the people in order of age and sex and adds what each is expected to use: whenever
 * the sum passes a whole number, the current person has a use. So the count of any group of
 * neighbours in that order is right to within one. */
static void write_health(struct year *y, const struct data_service *service, int number,
                         const int *order) {
  enum { AGES = 121 };
  const struct town *t = y->town;
  bool rare = strcmp(service->name, "gp-consultation") != 0;
  double rate[2][AGES], frail_sum[2][AGES] = {{0}}, part_sum[2][AGES] = {{0}},
                        sum = random_unit(&y->random);
  for (int s = 0; s < 2; s++)
    for (int a = 0; a < AGES; a++) rate[s][a] = data_service_rate(t->data, service, s, a);
  /* so that frailty redistributes a band's uses without adding any */
  for (int i = 0; i < t->people_count; i++) {
    int age = age_of(y, i) < 0 ? 0 : age_of(y, i), s = t->people[i].sex;
    double here = town_part(t, i, y->year);
    frail_sum[s][age] += frailty(t, i, number, rare) * here, part_sum[s][age] += here;
  }
  struct lines_kind kind = {.category = service->name,
                            .service = service->name,
                            .unit = unit_of(service->name)};
  for (int k = 0; k < t->people_count; k++) {
    int i = order[k];
    day_t from, to;
    if (!town_days(t, i, y->year, &from, &to)) continue;
    int age = age_of(y, i) < 0 ? 0 : age_of(y, i), s = t->people[i].sex;
    double before = sum;
    sum += rate[s][age] * town_part(t, i, y->year) * frailty(t, i, number, rare) *
           part_sum[s][age] / frail_sum[s][age];
    for (int64_t n = (int64_t)sum - (int64_t)before; n > 0; n--) {
      day_t day = from + random_below(&y->random, to - from + 1);
      kind.body = body_of(y, service->name, i, day);
      lines_use(y->lines, &kind, i, day, 1000);
    }
  }
}

/* A place for each child who was 5 to 15 when the school year began, a third of a year at each
 * term's end. */
static void write_school(struct year *y) {
  const struct town *t = y->town;
  int year = SAMPLE_YEAR_FIRST + y->year;
  const day_t term_end[3] = {day_make(year, 7, 21), day_make(year, 12, 20),
                             day_make(year + 1, 3, 28)};
  const day_t began[3] = {day_make(year - 1, 8, 31), day_make(year, 8, 31), day_make(year, 8, 31)};
  for (int i = 0; i < t->people_count; i++)
    for (int term = 0; term < 3; term++) {
      day_t from, to;
      int age = day_age(t->people[i].born, began[term]);
      if (age < 5 || age > 15 || !town_days(t, i, y->year, &from, &to) || term_end[term] < from ||
          term_end[term] > to)
        continue;
      int place = household_place(&t->households[t->people[i].household], term_end[term]);
      struct lines_kind kind = {"school-place", "school-place", "year", body_school(place, age),
                                false};
      lines_use(y->lines, &kind, i, term_end[term], term == 2 ? 334 : 333);
    }
}

static day_t quarter_end(const struct year *y, int quarter) {
  int year = SAMPLE_YEAR_FIRST + y->year;
  static const int month[] = {6, 9, 12, 3}, day[] = {30, 30, 31, 31};
  return day_make(quarter == 3 ? year + 1 : year, month[quarter], day[quarter]);
}

static void write_housing(struct year *y) {
  const struct town *t = y->town;
  for (int h = 0; h < t->households_count; h++) {
    int tenure = t->households[h].tenure, payer = t->payer[h];
    day_t from, to;
    if ((tenure != COUNCIL && tenure != ASSOCIATION) || payer < 0 ||
        !town_days(t, payer, y->year, &from, &to))
      continue;
    struct lines_kind kind = {"social-housing", "social-housing", "week",
                              tenure == COUNCIL ? "harrowmere-council" : "mere-homes", false};
    for (int q = 0; q < 4; q++)
      if (quarter_end(y, q) >= from && quarter_end(y, q) <= to)
        lines_use(y->lines, &kind, payer, quarter_end(y, q), 13000);
  }
}

static void write_prison(struct year *y) {
  const struct town *t = y->town;
  struct lines_kind kind = {"prison-place", "prison-place", "year", "hmpps", false};
  for (int i = 0; i < t->people_count; i++) {
    day_t from, to;
    if (!t->people[i].prisoner || !town_days(t, i, y->year, &from, &to)) continue;
    for (int q = 0; q < 4; q++)
      if (quarter_end(y, q) >= from && quarter_end(y, q) <= to)
        lines_use(y->lines, &kind, i, quarter_end(y, q), 250);
  }
}

void year_write_services(struct year *y) {
  int *order = memory_alloc(sizeof *order * (size_t)(y->town->people_count + 1));
  town_by_age(y->town, y->year, order);
  for (int s = 0; s < y->town->data->services_count; s++)
    write_health(y, &y->town->data->services[s], s, order);
  free(order);
  write_school(y);
  write_housing(y);
  write_prison(y);
}
