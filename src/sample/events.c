/* What happens to people in a year: births and deaths by the published rates, and moves. The number
 * of moves is our own choice: we have no published figure, and no figure of the comparison depends
 * on it. */
#include "sample/town.h"
#include <stdlib.h>

static const double MOVING_SHARE = 0.05, LEAVING_SHARE = 0.08;

static day_t day_in_year(struct town *t, int year) {
  return town_year_first(year) +
         random_below(&t->random, town_year_last(year) - town_year_first(year) + 1);
}

static bool alive(const struct town *t, int i, int year) {
  return t->people[i].born < town_year_first(year) &&
         (t->people[i].died == DAY_NONE || t->people[i].died >= town_year_first(year));
}

static bool lives_with_partner(const struct town *t, int household) {
  enum household_type type = t->households[household].type;
  return type == COUPLE_ALONE || type == COUPLE_FEW || type == COUPLE_MANY || type == FAMILIES;
}

/* Goes through the people in order of age: whenever the sum of their rates passes a whole number,
 * the current person has a birth. */
static void births(struct town *t, int year, const int *order, int count) {
  double sum = random_unit(&t->random);
  for (int k = 0; k < count; k++) {
    int i = order[k], age = day_age(t->people[i].born, town_year_first(year));
    if (t->people[i].sex != FEMALE || !alive(t, i, year) || t->people[i].died != DAY_NONE) continue;
    double rate = data_band_value(t->data->births, t->data->births_count, FEMALE, age),
           before = sum;
    /* Three of four births are to women with a partner at home, and the rate of the band still
     * holds over all women of the age. */
    sum += rate * (lives_with_partner(t, t->people[i].household) ? 1.35 : 0.55);
    if ((int)sum == (int)before) continue;
    int baby = town_person_add(t, t->people[i].household,
                               random_below(&t->random, 205) < 105 ? MALE : FEMALE,
                               day_in_year(t, year));
    t->people[baby].mother = i;
    t->people[baby].ability = random_unit(&t->random);
  }
}

static bool only_adult(const struct town *t, int i) {
  int h = t->people[i].household, adults = 0, children = 0;
  for (int m = t->first[h]; m < t->first[h + 1]; m++) {
    bool grown = town_grown_up(t, t->members[m], t->year);
    adults += grown && t->people[t->members[m]].died == DAY_NONE, children += !grown;
  }
  return children > 0 && adults < 2;
}

static void deaths(struct town *t, int year, const int *order, int count) {
  double sum = random_unit(&t->random);
  for (int k = 0; k < count; k++) {
    struct sample_person *p = &t->people[order[k]];
    int age = day_age(p->born, town_year_first(year));
    if (!alive(t, order[k], year) || p->died != DAY_NONE) continue;
    double before = sum;
    sum += t->data->dying[p->sex][age < DATA_AGES ? age : DATA_AGES - 1];
    if ((int)sum == (int)before) continue;
    /* skip to the next person: no child may be left alone */
    if (p->left != DAY_NONE || only_adult(t, order[k])) sum = before + 0.5;
    else p->died = day_in_year(t, year);
  }
}

static void moves(struct town *t, int year) {
  int houses = t->households_count;
  for (int h = 0; h < houses; h++) {
    if (t->households[h].from != DAY_NONE || t->payer[h] < 0 ||
        random_unit(&t->random) >= MOVING_SHARE)
      continue;
    struct household *house = &t->households[h];
    int now = house->place;
    for (int y = 0; y < year; y++)
      if (house->moved_place[y] >= 0) now = house->moved_place[y];
    house->moved_place[year] = (now + 1 + random_below(&t->random, NEIGHBOURHOODS - 1)) %
                               NEIGHBOURHOODS;
    house->moved_on[year] = day_in_year(t, year);
    house->moved_band[year] = house->band;
  }
}

static void leave_home(struct town *t, int year) {
  int people = t->people_count;
  for (int i = 0; i < people; i++) {
    if (t->people[i].mother < 0 || !alive(t, i, year) || t->people[i].died != DAY_NONE ||
        t->people[i].left != DAY_NONE)
      continue;
    int age = day_age(t->people[i].born, town_year_first(year));
    if (age < 19 || age > 30 || t->people[i].earnings[year > 0 ? year - 1 : 0] <= 0 ||
        random_unit(&t->random) >= LEAVING_SHARE)
      continue;
    int house = town_household_add(t, LONE_YOUNG);
    struct sample_person *p = &t->people[i];
    t->households[house].decile = t->households[p->household].decile;
    town_house_new(t, house);
    p->left = t->households[house].from = day_in_year(t, year);
    p->next_household = house;
    t->households[house].founder = i;
  }
}

void town_live(struct town *t, int year) {
  for (int i = 0; i < t->people_count; i++)
    if (t->people[i].next_household >= 0) {
      t->people[i].household = t->people[i].next_household;
      t->people[i].next_household = -1;
    }
  int named = t->people_count;
  town_gather(t, year);
  int *order = memory_alloc(sizeof *order * (size_t)(t->people_count + 1)), count = t->people_count;
  town_by_age(t, year, order);
  deaths(t, year, order, count);
  births(t, year, order, count);
  leave_home(t, year);
  moves(t, year);
  town_name(t, named);
  free(order);
  town_gather(t, year);
}
