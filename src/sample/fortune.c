/* Who works and what they earn; who has a private pension; the decile, tenure and band of every
 * household.
 *
 * Work is by quota within each published band of age and sex; the same people come first each year,
 * so that people keep their work. Pay is published quantiles, given out in order of ability; what
 * the self-employed earn is likewise, among themselves. */
#include "sample/town.h"
#include <assert.h>
#include <stdlib.h>

struct place_in_line {
  double key;
  int who;
};

static int in_line(const void *a, const void *b) {
  const struct place_in_line *x = a, *y = b;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return x->who < y->who ? -1 : x->who > y->who;
}

static bool could_work(const struct town *t, int i, int year, int *age) {
  const struct sample_person *p = &t->people[i];
  day_t first = town_year_first(year);
  *age = day_age(p->born, first);
  return *age >= 16 && !p->prisoner && (p->died == DAY_NONE || p->died > first);
}

/* In a band that spans retirement, older people are less likely to work: the published rate is for
 * the whole band. */
static double work_key(const struct town *t, int i, int age) {
  double key = town_standing(t, QUEUE_WORK, i);
  if (age >= 60) key += 0.09 * (double)((age - 60) % 10);
  return key;
}

static void give_earnings(struct town *t, int year, struct place_in_line *line, int count,
                          bool self_employed) {
  const struct data_point *points = self_employed ? t->data->profits : t->data->earnings;
  const int point_count = self_employed ? t->data->profits_count : t->data->earnings_count;
  array_sort(line, count, in_line);
  for (int k = 0; k < count; k++) {
    struct sample_person *p = &t->people[line[k].who];
    p->earnings[year] = data_point_at(points, point_count, ((double)k + 0.5) / (double)count);
    p->work_from[year] = 0, p->work_months[year] = 12;
    double gap = random_of(t->seed, QUEUE_GAP * 16 + (uint64_t)year, (uint64_t)line[k].who);
    /* between jobs: a few months without pay (a choice of ours; no rate is published here) */
    if (gap < 0.06) {
      p->work_from[year] = (short)(gap < 0.03 ? 3 + (int)(gap * 100) : 0);
      p->work_months[year] = (short)(gap < 0.03 ? 12 - p->work_from[year]
                                                : 6 + (int)((gap - 0.03) * 150));
    }
  }
}

static void choose_prisoners(struct town *t) {
  const struct sample_data *d = t->data;
  int wanted =
          (int)((double)t->people_count * d->prisoners / (d->prison_population_k * 1000) + 0.5),
      men = 0;
  struct place_in_line *line = memory_alloc(sizeof *line * (size_t)(t->people_count + 1));
  for (int i = 0; i < t->people_count; i++) {
    int age = day_age(t->people[i].born, town_year_first(0));
    if (t->people[i].sex == MALE && age >= 21 && age < 60 && t->payer[t->people[i].household] != i)
      line[men++] = (struct place_in_line){town_standing(t, QUEUE_PRISON, i), i};
  }
  array_sort(line, men, in_line);
  for (int k = 0; k < men && k < wanted; k++) t->people[line[k].who].prisoner = true;
  free(line);
}

void town_work(struct town *t, int year) {
  const struct sample_data *d = t->data;
  if (year == 0) choose_prisoners(t);
  double old = 0;
  for (int a = 62; a < DATA_AGES; a++) old += d->people[FEMALE][a] + d->people[MALE][a];
  double pension_share = d->private_pension_k / d->uk_k[0] * d->people_all / old;
  struct place_in_line *line = memory_alloc(sizeof *line * (size_t)(t->people_count + 1));
  struct place_in_line *workers[2]; /* employees; the self-employed */
  int workers_count[2] = {0};
  for (int own = 0; own < 2; own++)
    workers[own] = memory_alloc(sizeof *workers[own] * (size_t)(t->people_count + 1));
  for (int b = 0; b < d->employment_count; b++) {
    const struct data_band *band = &d->employment[b];
    int count = 0, all = 0, age;
    for (int i = 0; i < t->people_count; i++) {
      const struct sample_person *p = &t->people[i];
      age = day_age(p->born, town_year_first(year));
      if (p->sex != band->sex || age < band->from || age > band->to) continue;
      all++;
      if (could_work(t, i, year, &age))
        line[count++] = (struct place_in_line){work_key(t, i, age), i};
    }
    array_sort(line, count, in_line);
    int wanted = (int)((double)all * band->value + 0.5);
    for (int k = 0; k < count && k < wanted; k++) {
      struct sample_person *p = &t->people[line[k].who];
      age = day_age(p->born, town_year_first(year));
      const bool own = p->self_employed;
      workers[own][workers_count[own]++] =
          (struct place_in_line){age < 20 ? p->ability * 0.25 : p->ability, line[k].who};
    }
  }
  for (int own = 0; own < 2; own++) give_earnings(t, year, workers[own], workers_count[own], own);
  for (int i = 0; i < t->people_count; i++) {
    struct sample_person *p = &t->people[i];
    int age = day_age(p->born, town_year_first(year));
    if (age >= 62 && p->pension == 0 && !p->prisoner &&
        town_standing(t, QUEUE_PENSION, i) < pension_share)
      p->pension = data_point_at(d->pensions, d->pensions_count,
                                 town_standing(t, QUEUE_PENSION_SIZE, i));
  }
  free(line), free(workers[0]), free(workers[1]);
}

/* Who of an income band has it: as many as published, by chance among those of the band. */
static void give_of_bands(struct town *t, const struct data_income_band *bands, int band_count,
                          enum queue queue, const double *incomes, double *out) {
  struct place_in_line *line = memory_alloc(sizeof *line * (size_t)(t->people_count + 1));
  for (int b = 0; b < band_count; b++) {
    const double wanted = bands[b].thousands / t->data->uk_k[0] * t->people_count;
    int count = 0;
    for (int i = 0; i < t->people_count; i++)
      if (incomes[i] >= bands[b].above && (b + 1 == band_count || incomes[i] < bands[b + 1].above))
        line[count++] = (struct place_in_line){town_standing(t, queue, i), i};
    array_sort(line, count, in_line);
    for (int k = 0; k < count && k + 0.5 < wanted; k++) out[line[k].who] = bands[b].pounds;
  }
  free(line);
}

/* By pay, profits and pensions of the first year. */
void town_invest(struct town *t) {
  const size_t count = (size_t)t->people_count + 1;
  double *incomes = memory_zeroed(count, sizeof *incomes), *got = memory_zeroed(count, sizeof *got);
  const double pension = t->data->pension_new * 52;
  for (int i = 0; i < t->people_count; i++) {
    const struct sample_person *p = &t->people[i];
    const int age = day_age(p->born, town_year_first(0));
    if (age < ADULT_AGE || p->prisoner) continue;
    incomes[i] = p->earnings[0] * p->work_months[0] / 12 + p->pension +
                 (age >= PENSION_AGE ? pension : 0);
  }
  give_of_bands(t, t->data->dividends, t->data->dividends_count, QUEUE_DIVIDENDS, incomes, got);
  for (int i = 0; i < t->people_count; i++) t->people[i].dividends = got[i], got[i] = 0;
  give_of_bands(t, t->data->property, t->data->property_count, QUEUE_PROPERTY, incomes, got);
  for (int i = 0; i < t->people_count; i++) t->people[i].property = got[i];
  free(incomes), free(got);
}

/* Ranking. Each of three kinds of household is ranked by equivalised income and cut so that all
 * deciles hold equally many people, pensioners are spread over them like the published state
 * pension, and children like the published value of schooling. */
enum income_kind { PENSIONERS, WITH_CHILDREN, OTHERS, KINDS };

struct house_rank {
  double income;
  int household, people, counted;
};

static int by_income(const void *a, const void *b) {
  const struct house_rank *x = a, *y = b;
  if (x->income != y->income) return x->income < y->income ? -1 : 1;
  return x->household < y->household ? -1 : x->household > y->household;
}

static enum income_kind kind_of(const struct town *t, int h, double pension,
                                struct house_rank *rank) {
  int children = 0, old = 0, adults = 0;
  double income = 0, scale = 0;
  bool works = false;
  for (int m = t->first[h]; m < t->first[h + 1]; m++) {
    const struct sample_person *p = &t->people[t->members[m]];
    int age = day_age(p->born, town_year_first(0));
    scale += scale == 0 ? 1 : age >= 14 ? 0.5 : 0.3; /* the modified OECD scale that ONS uses */
    income += p->earnings[0] * p->work_months[0] / 12 + p->pension +
              (age >= PENSION_AGE ? pension : 0);
    works = works || p->earnings[0] > 0;
    children += age < 16, old += age >= PENSION_AGE, adults += age >= ADULT_AGE;
  }
  bool retired = old > 0 && old == adults && !works;
  /* Benefits and savings are not known yet, but a household without pay must live on something: it
   * is ranked among the low paid. */
  if (!retired)
    income += works ? 3000 * town_standing(t, QUEUE_OTHER_INCOME, h)
                    : scale * (3000 + 15000 * town_standing(t, QUEUE_OTHER_INCOME, h));
  *rank = (struct house_rank){scale > 0 ? income / scale : 0, h, t->first[h + 1] - t->first[h],
                              retired ? old : children};
  return retired ? PENSIONERS : children ? WITH_CHILDREN : OTHERS;
}

/* Cuts the ranking of one kind where its people reach each decile's published share; returns the
 * people placed by decile. */
static void cut(struct town *t, struct house_rank *line, int count, const double *decile,
                const double *houses, double *placed) {
  double weight[DATA_DECILES], total = 0, heads = 0, passed = 0, edge;
  for (int i = 0; i < DATA_DECILES; i++) total += weight[i] = decile[i] * houses[i];
  for (int k = 0; k < count; k++) heads += line[k].counted;
  int d = 0;
  edge = heads * weight[0] / total;
  for (int k = 0; k < count; k++) {
    while (d < DATA_DECILES - 1 && passed + line[k].counted * 0.5 > edge)
      edge += heads * weight[++d] / total;
    passed += line[k].counted;
    t->households[line[k].household].decile = d;
    placed[d] += line[k].people;
  }
}

static void fill(struct town *t, struct house_rank *line, int count, double *placed,
                 double people) {
  double room[DATA_DECILES], all = 0, others = 0, passed = 0;
  for (int i = 0; i < DATA_DECILES; i++) {
    room[i] = people / DATA_DECILES - placed[i];
    if (room[i] < 0) room[i] = 0;
    all += room[i];
  }
  for (int k = 0; k < count; k++) others += line[k].people;
  int d = 0;
  double edge = all > 0 ? others * room[0] / all : others;
  for (int k = 0; k < count; k++) {
    while (d < DATA_DECILES - 1 && passed + line[k].people * 0.5 > edge)
      edge += all > 0 ? others * room[++d] / all : others;
    passed += line[k].people;
    t->households[line[k].household].decile = d;
    placed[d] += line[k].people;
  }
}

static void give_homes(struct town *t) {
  struct place_in_line *line = memory_alloc(sizeof *line * (size_t)(t->households_count + 1));
  int n = t->households_count;
  int64_t tenures[4], bands[8];
  share_whole(n, t->data->tenure_k, 4, tenures);
  share_whole(n, t->data->band_dwellings, 8, bands);
  for (int h = 0; h < n; h++) /* the better off own; social tenants come last */
    line[h] = (struct place_in_line){
        -(0.6 * t->households[h].decile / 9 + 0.4 * town_standing(t, QUEUE_TENURE, h)) -
            (t->households[h].type == LONE_OLD || t->households[h].type == COUPLE_ALONE ? 0.15 : 0),
        h};
  array_sort(line, n, in_line);
  static const enum tenure order[] = {OWNED, PRIVATE_RENT, ASSOCIATION, COUNCIL};
  for (int k = 0, i = 0; i < 4; i++)
    for (int64_t c = 0; c < tenures[order[i]]; c++) t->households[line[k++].who].tenure = order[i];
  for (int h = 0; h < n; h++)
    line[h] = (struct place_in_line){
        0.6 * t->households[h].decile / 9 + 0.4 * town_standing(t, QUEUE_BAND, h), h};
  array_sort(line, n, in_line);
  for (int k = 0, b = 0; b < 8; b++)
    for (int64_t c = 0; c < bands[b]; c++) t->households[line[k++].who].band = (char)('A' + b);
  free(line);
}

void town_rank(struct town *t) {
  const struct data_item *pension = data_item_find(t->data, "state-pension"),
                         *schools = data_item_find(t->data, "education");
  struct house_rank *line[KINDS];
  int count[KINDS] = {0};
  double old = 0, houses[DATA_DECILES];
  for (int i = 0; i < t->people_count; i++)
    old += day_age(t->people[i].born, town_year_first(0)) >= PENSION_AGE;
  double each = old > 0 ? pension->total_m[0] * 1000 / t->data->uk_k[0] * t->people_count / old : 0;
  for (int k = 0; k < KINDS; k++)
    line[k] = memory_alloc(sizeof *line[k] * (size_t)(t->households_count + 1));
  for (int h = 0; h < t->households_count; h++) {
    struct house_rank rank;
    enum income_kind kind = kind_of(t, h, each, &rank);
    line[kind][count[kind]++] = rank;
    t->households[h].income = rank.income;
  }
  for (int k = 0; k < KINDS; k++) array_sort(line[k], count[k], by_income);
  for (int i = 0; i < DATA_DECILES; i++) houses[i] = 1;
  /* a decile's total is its mean times its households, which the cut itself decides */
  for (int round = 0; round < 6; round++) {
    double placed[DATA_DECILES] = {0};
    cut(t, line[PENSIONERS], count[PENSIONERS], pension->decile, houses, placed);
    cut(t, line[WITH_CHILDREN], count[WITH_CHILDREN], schools->decile, houses, placed);
    fill(t, line[OTHERS], count[OTHERS], placed, t->people_count);
    for (int i = 0; i < DATA_DECILES; i++) houses[i] = 0.5;
    for (int h = 0; h < t->households_count; h++) houses[t->households[h].decile]++;
  }
  for (int k = 0; k < KINDS; k++) free(line[k]);
  give_homes(t);
}

void town_house_new(struct town *t, int household) {
  t->households[household].tenure = PRIVATE_RENT;
  t->households[household].band = (char)('A' + random_below(&t->random, 2));
}
