/* Who lives in the place on the first day, and with whom.
 *
 * Ages and sexes are England's by quota: person k of n is at (k + 1/2) / n of the whole, ordered by
 * age. Households are the UK's by type, by largest remainder; people are then matched: a child to a
 * mother some 22 to 36 years older, a mother to a partner near her age. */
#include "sample/town.h"
#include <assert.h>
#include <stdlib.h>

/* Most days are far from a birthday: for them the mean length of a year tells (3 times faster). */
int day_age(day_t born, day_t on) {
  int y, m, d, by, bm, bd;
  const int64_t parts = (int64_t)(on - born) * 400, whole = 400 * 365 + 97;
  const int64_t past = parts % whole;
  if (parts >= 0 && past > 3 * 400 && past < whole - 3 * 400) return (int)(parts / whole);
  day_parts(on, &y, &m, &d);
  day_parts(born, &by, &bm, &bd);
  return y - by - (m < bm || (m == bm && d < bd));
}

void share_whole(int64_t whole, const double *weights, int count, int64_t *out) {
  double total = 0;
  for (int i = 0; i < count; i++) {
    total += weights[i];
    out[i] = 0;
  }
  if (total <= 0) return;
  int64_t left = whole;
  double *rest = memory_alloc(sizeof *rest * (size_t)count);
  for (int i = 0; i < count; i++) {
    double exact = (double)whole * (weights[i] / total);
    out[i] = (int64_t)exact;
    rest[i] = weights[i] > 0 ? exact - (double)out[i] : -1;
    left -= out[i];
  }
  while (left > 0) { /* fewer than count rounds */
    int best = 0;
    for (int i = 1; i < count; i++)
      if (rest[i] > rest[best]) best = i;
    out[best]++, left--, rest[best] -= 1;
  }
  free(rest);
}

int town_person_add(struct town *t, int household, int sex, day_t born) {
  array_reserve(t->people, t->people_capacity, t->people_count + 1);
  struct sample_person *p = &t->people[t->people_count];
  *p = (struct sample_person){.household = household,
                              .home = household,
                              .born = born,
                              .died = DAY_NONE,
                              .left = DAY_NONE,
                              .sex = (short)sex,
                              .mother = -1,
                              .partner = -1,
                              .next_household = -1};
  return t->people_count++;
}

int town_household_add(struct town *t, enum household_type type) {
  array_reserve(t->households, t->households_capacity, t->households_count + 1);
  struct household *h = &t->households[t->households_count];
  *h = (struct household){.type = type,
                          .band = 'A',
                          .from = DAY_NONE,
                          .founder = -1,
                          .place = random_below(&t->random, NEIGHBOURHOODS)};
  for (int y = 0; y < SAMPLE_YEARS; y++) h->moved_place[y] = -1;
  return t->households_count++;
}

/* People who have no household yet, by sex and age. */
struct name_pool {
  struct town *town;
  int *waiting[2][DATA_AGES]; /* person numbers */
  int count[2][DATA_AGES], left;
};

static void draw_people(struct town *t, int people, struct name_pool *pool) {
  const struct sample_data *d = t->data;
  day_t today = town_year_first(0);
  double passed = 0;
  int k = 0;
  for (int age = 0; age < DATA_AGES; age++)
    for (int sex = FEMALE; sex <= MALE; sex++) {
      passed += d->people[sex][age];
      int begin = k;
      while (k < people && ((double)k + 0.5) * d->people_all < passed * (double)people) {
        int year, month, day;
        day_parts(today, &year, &month, &day);
        day_t born = day_make(year - age, month, day) - random_below(&t->random, 365);
        town_person_add(t, -1, sex, born);
        k++;
      }
      pool->count[sex][age] = k - begin;
      pool->waiting[sex][age] = arena_array(t->arena, int, k - begin + 1);
      for (int i = begin; i < k; i++) pool->waiting[sex][age][i - begin] = i;
    }
  /* the last person, should rounding lose one */
  while (k < people) {
    town_person_add(t, -1, FEMALE, today - 40 * 365);
    k++;
  }
  assert(t->people_count == people);
  pool->left = 0;
  for (int s = 0; s < 2; s++)
    for (int a = 0; a < DATA_AGES; a++) pool->left += pool->count[s][a];
}

static int take(struct name_pool *pool, int sex, int age, int household) {
  int *n = &pool->count[sex][age], at = random_below(&pool->town->random, *n);
  int *waiting = pool->waiting[sex][age], who = waiting[at];
  waiting[at] = waiting[--*n];
  pool->left--;
  pool->town->people[who].household = pool->town->people[who].home = household;
  return who;
}

/* The person of that sex whose age comes nearest to `age` within [low, high]; -1 when there is
 * none. */
static int take_near(struct name_pool *pool, int sex, int age, int low, int high, int household) {
  if (low < 0) low = 0;
  if (high >= DATA_AGES) high = DATA_AGES - 1;
  if (age < low) age = low;
  if (age > high) age = high;
  for (int step = 0; age - step >= low || age + step <= high; step++) {
    if (age + step <= high && pool->count[sex][age + step] > 0)
      return take(pool, sex, age + step, household);
    if (age - step >= low && pool->count[sex][age - step] > 0)
      return take(pool, sex, age - step, household);
  }
  return -1;
}

static int take_either(struct name_pool *pool, int age, int low, int high, int household) {
  int sex = random_below(&pool->town->random, 2),
      who = take_near(pool, sex, age, low, high, household);
  return who >= 0 ? who : take_near(pool, 1 - sex, age, low, high, household);
}

static int waiting_between(const struct name_pool *pool, int low, int high) {
  int n = 0;
  for (int s = 0; s < 2; s++)
    for (int a = low; a <= high && a < DATA_AGES; a++) n += pool->count[s][a];
  return n;
}

static int age_of(const struct town *t, int who) {
  return day_age(t->people[who].born, town_year_first(0));
}

/* One in forty couples is of one sex (a choice of ours; ONS's families are not published here by
 * that). */
static void add_partner(struct name_pool *pool, int who, int low, int high, int household) {
  struct town *t = pool->town;
  int sex = t->people[who].sex,
      age = age_of(t, who) +
            (sex == FEMALE ? random_between(&t->random, -2, 5) : random_between(&t->random, -5, 2));
  int partner_sex = random_below(&t->random, 40) == 0 ? sex : 1 - sex;
  int near = take_near(pool, partner_sex, age, age - 8 > low ? age - 8 : low,
                       age + 8 < high ? age + 8 : high, household);
  if (near < 0) near = take_near(pool, 1 - sex, age, low, high, household);
  if (near < 0) near = take_near(pool, sex, age, low, high, household);
  if (near < 0) return;
  t->people[who].partner = near;
  t->people[near].partner = who;
}

/* A family: the eldest child first, then a mother or father of fitting age, then brothers and
 * sisters between. */
static void add_family(struct name_pool *pool, int household, int children, bool couple) {
  struct town *t = pool->town;
  int eldest = take_either(pool, random_below(&t->random, ADULT_AGE), 0, ADULT_AGE - 1, household);
  if (eldest < 0) return;
  int eldest_age = age_of(t, eldest);
  int parent_sex = couple || random_below(&t->random, 8) ? FEMALE : MALE;
  int want = eldest_age + random_between(&t->random, 22, 34);
  int parent = take_near(pool, parent_sex, want,
                         ADULT_AGE + 1 > eldest_age + 17 ? ADULT_AGE + 1 : eldest_age + 17, 64,
                         household);
  if (parent < 0) parent = take_near(pool, 1 - parent_sex, want, ADULT_AGE + 1, 64, household);
  if (parent < 0) parent = take_either(pool, want, ADULT_AGE, DATA_AGES - 1, household);
  if (parent >= 0 && couple) add_partner(pool, parent, ADULT_AGE + 1, 70, household);
  t->people[eldest].mother = parent;
  for (int c = 1, age = eldest_age; c < children; c++) {
    age -= random_between(&t->random, 1, 4);
    int who = take_either(pool, age < 0 ? eldest_age : age, 0, eldest_age, household);
    if (who < 0) who = take_either(pool, eldest_age, 0, ADULT_AGE - 1, household);
    if (who < 0) break;
    t->people[who].mother = parent;
  }
}

static void add_grown_family(struct name_pool *pool, int household, bool couple) {
  struct town *t = pool->town;
  int child = take_either(pool, random_between(&t->random, 18, 31), ADULT_AGE, 40, household);
  if (child < 0) return;
  int age = age_of(t, child) + random_between(&t->random, 23, 34);
  int parent = take_near(pool, couple || random_below(&t->random, 5) ? FEMALE : MALE, age, 42, 75,
                         household);
  if (parent < 0) parent = take_either(pool, age, 40, 80, household);
  if (parent < 0) return;
  t->people[child].mother = parent;
  if (couple) add_partner(pool, parent, 40, 80, household);
  if (random_below(&t->random, 4) == 0) {
    int other = take_either(pool, age_of(t, child) - 2, ADULT_AGE, 35, household);
    if (other >= 0) t->people[other].mother = parent;
  }
}

static void make_families(struct name_pool *pool, const int64_t *counts) {
  struct town *t = pool->town;
  int64_t families = counts[COUPLE_FEW] + counts[COUPLE_MANY] + counts[LONE_PARENT];
  int children = waiting_between(pool, 0, ADULT_AGE - 1);
  /* Counts the children that families of one or two must have beyond one each, after each large
   * family got three or four. */
  double lone = 1.7, few = families ? ((double)children - 3.3 * (double)counts[COUPLE_MANY] -
                                       lone * (double)counts[LONE_PARENT]) /
                                          (double)(counts[COUPLE_FEW] ? counts[COUPLE_FEW] : 1)
                                    : 0;
  for (int64_t i = 0; i < counts[COUPLE_MANY]; i++)
    add_family(pool, town_household_add(t, COUPLE_MANY), random_below(&t->random, 10) < 7 ? 3 : 4,
               true);
  for (int64_t i = 0; i < counts[LONE_PARENT]; i++) {
    int u = random_below(&t->random, 10);
    add_family(pool, town_household_add(t, LONE_PARENT), u < 5 ? 1 : u < 8 ? 2 : 3, false);
  }
  for (int64_t i = 0; i < counts[COUPLE_FEW]; i++)
    add_family(pool, town_household_add(t, COUPLE_FEW), random_unit(&t->random) < few - 1 ? 2 : 1,
               true);
}

/* People left over join a household that can take them: a child joins a family; an adult joins
 * sharers or gets a household of their own. */
static void place_the_rest(struct name_pool *pool, int64_t alone) {
  struct town *t = pool->town;
  int family = 0, who;
  while (waiting_between(pool, 0, ADULT_AGE - 1) > 0) {
    while (family < t->households_count && t->households[family].type != COUPLE_FEW &&
           t->households[family].type != COUPLE_MANY && t->households[family].type != LONE_PARENT)
      family++;
    int household = family < t->households_count ? family++
                    : t->households_count        ? random_below(&t->random, t->households_count)
                                                 : town_household_add(t, LONE_YOUNG);
    who = take_either(pool, 8, 0, ADULT_AGE - 1, household);
    assert(who >= 0);
  }
  while (pool->left > 0 && alone-- > 0) {
    int household = town_household_add(t, LONE_YOUNG);
    who = take_either(pool, random_between(&t->random, 24, 64), 22, 64, household);
    if (who < 0) who = take_either(pool, 40, ADULT_AGE, DATA_AGES - 1, household);
    assert(who >= 0);
  }
  while (pool->left > 0) { /* sharers of about the same age */
    int household = town_household_add(t, SHARERS), size = random_between(&t->random, 2, 5);
    who = take_either(pool, random_between(&t->random, 18, 34), ADULT_AGE, DATA_AGES - 1,
                      household);
    for (int i = 1; who >= 0 && i < size && pool->left > 0; i++)
      take_either(pool, age_of(t, who), ADULT_AGE, DATA_AGES - 1, household);
  }
}

/* Numbers people so that those of a household are together, the eldest first, and kinds of
 * household are mixed. */
static void number_by_household(struct town *t) {
  int n = t->people_count, h = t->households_count;
  int *order = memory_alloc(sizeof *order * (size_t)(h + 1)),
      *new_household = memory_alloc(sizeof *new_household * (size_t)(h + 1));
  int *first = memory_zeroed((size_t)h + 2, sizeof *first),
      *renamed = memory_alloc(sizeof *renamed * (size_t)(n + 1));
  for (int i = 0; i < h; i++) order[i] = i;
  for (int i = h - 1; i > 0; i--) {
    int j = random_below(&t->random, i + 1), keep = order[i];
    order[i] = order[j], order[j] = keep;
  }
  struct household *houses = memory_alloc(sizeof *houses * (size_t)(h + 1));
  for (int i = 0; i < h; i++) {
    new_household[order[i]] = i;
    houses[i] = t->households[order[i]];
  }
  struct sample_person *people = memory_alloc(sizeof *people * (size_t)(n + 1));
  for (int i = 0; i < n; i++) first[new_household[t->people[i].household] + 1]++;
  for (int i = 0; i < h; i++) first[i + 1] += first[i];
  for (int i = n - 1; i >= 0; i--) /* drawn in order of age: from the last, the eldest first */
    renamed[i] = first[new_household[t->people[i].household]]++;
  for (int i = 0; i < n; i++) {
    struct sample_person *p = &people[renamed[i]];
    *p = t->people[i];
    p->household = p->home = new_household[p->household];
    if (p->mother >= 0) p->mother = renamed[p->mother];
    if (p->partner >= 0) p->partner = renamed[p->partner];
  }
  memcpy(t->people, people, sizeof *people * (size_t)n);
  memcpy(t->households, houses, sizeof *houses * (size_t)h);
  free(order), free(new_household), free(first), free(renamed), free(houses), free(people);
}

void town_settle(struct town *t, int people) {
  struct name_pool *pool = arena_alloc(t->arena, sizeof *pool);
  pool->town = t;
  draw_people(t, people, pool);
  int64_t counts[10];
  double all = 0;
  for (int i = 0; i < 10; i++) all += t->data->household_types_k[i];
  share_whole((int64_t)((double)people * all / t->data->uk_k[0] + 0.5), t->data->household_types_k,
              10, counts);
  for (int64_t i = 0; i < counts[LONE_OLD]; i++) { /* two of three are women: they live longer */
    int age = 65 + random_below(&t->random, 30);
    int household = town_household_add(t, LONE_OLD);
    int who = take_near(pool, random_below(&t->random, 3) ? FEMALE : MALE, age, 65, DATA_AGES - 1,
                        household);
    if (who < 0 && take_either(pool, age, 50, DATA_AGES - 1, household) < 0) t->households_count--;
  }
  make_families(pool, counts);
  for (int64_t i = 0; i < counts[COUPLE_GROWN] + counts[LONE_PARENT_GROWN]; i++) {
    bool couple = i < counts[COUPLE_GROWN];
    add_grown_family(pool, town_household_add(t, couple ? COUPLE_GROWN : LONE_PARENT_GROWN),
                     couple);
  }
  for (int64_t i = 0; i < counts[FAMILIES]; i++) { /* three generations */
    int household = town_household_add(t, FAMILIES);
    add_family(pool, household, 1, true);
    int grandparent = take_either(pool, 68, 55, 85, household);
    if (grandparent >= 0) add_partner(pool, grandparent, 50, 90, household);
  }
  for (int64_t i = 0; i < counts[COUPLE_ALONE] && pool->left > 0; i++) {
    int old = waiting_between(pool, 65, DATA_AGES - 1),
        household = town_household_add(t, COUPLE_ALONE);
    int who = old > 0 ? take_either(pool, random_between(&t->random, 65, 85), 65, DATA_AGES - 1,
                                    household)
                      : take_either(pool, random_between(&t->random, 24, 64), 20, 64, household);
    if (who < 0) {
      t->households_count--;
      break;
    }
    add_partner(pool, who, 20, DATA_AGES - 1, household);
  }
  place_the_rest(pool, counts[LONE_YOUNG]);
  t->started = t->people_count;
  /* should the pool miss somebody: everybody needs a household */
  for (int i = 0; i < t->people_count; i++)
    if (t->people[i].household < 0)
      t->people[i].household = t->people[i].home = town_household_add(t, LONE_YOUNG);
  number_by_household(t);
  for (int i = 0; i < t->people_count; i++) /* partners are a little alike */
    t->people[i].ability = 0.7 * random_unit(&t->random) +
                           0.3 *
                               town_standing(t, QUEUE_OTHER_INCOME + 1000, t->people[i].household);
}

void town_by_age(const struct town *t, int year, int *out) {
  enum { KEYS = 2 * 128 };
  int at[KEYS + 1] = {0};
  int *key = memory_alloc(sizeof *key * (size_t)(t->people_count + 1));
  for (int i = 0; i < t->people_count; i++) {
    int age = day_age(t->people[i].born, town_year_first(year));
    if (age < 0) age = 0;
    if (age > 120) age = 120;
    key[i] = age * 2 + t->people[i].sex;
    at[key[i] + 1]++;
  }
  for (int k = 0; k < KEYS; k++) at[k + 1] += at[k];
  for (int i = 0; i < t->people_count; i++) out[at[key[i]]++] = i;
  free(key);
}

bool town_days(const struct town *t, int person, int year, day_t *from, day_t *to) {
  const struct sample_person *p = &t->people[person];
  *from = town_year_first(year), *to = town_year_last(year);
  if (p->born > *from) *from = p->born;
  if (p->died != DAY_NONE && p->died < *to) *to = p->died;
  return *from <= *to;
}

double town_part(const struct town *t, int person, int year) {
  day_t from, to;
  if (!town_days(t, person, year, &from, &to)) return 0;
  return (double)(to - from + 1) / (double)(town_year_last(year) - town_year_first(year) + 1);
}

void town_gather(struct town *t, int year) {
  t->year = year;
  t->heads = 0;
  t->first = memory_grow(t->first, sizeof *t->first * (size_t)(t->households_count + 2));
  t->members = memory_grow(t->members, sizeof *t->members * (size_t)(t->people_count + 1));
  t->payer = memory_grow(t->payer, sizeof *t->payer * (size_t)(t->households_count + 1));
  memset(t->first, 0, sizeof *t->first * (size_t)(t->households_count + 2));
  for (int h = 0; h < t->households_count; h++) t->payer[h] = -1;
  for (int i = 0; i < t->people_count; i++) {
    double part = town_part(t, i, year);
    t->heads += part;
    if (part > 0) t->first[t->people[i].household + 2]++;
  }
  for (int h = 0; h < t->households_count; h++) t->first[h + 2] += t->first[h + 1];
  for (int i = 0; i < t->people_count; i++) {
    day_t from, to;
    if (!town_days(t, i, year, &from, &to)) continue;
    int h = t->people[i].household;
    t->members[t->first[h + 1]++] = i;
    int payer = t->payer[h]; /* the eldest who lives through the year, else the eldest */
    if (payer >= 0) {
      bool through = t->people[i].died == DAY_NONE || t->people[i].died > town_year_last(year);
      bool other = t->people[payer].died == DAY_NONE ||
                   t->people[payer].died > town_year_last(year);
      if ((through && !other) || (through == other && t->people[i].born < t->people[payer].born))
        t->payer[h] = i;
    } else t->payer[h] = i;
  }
}
