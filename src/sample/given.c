/* Time given: volunteering and unpaid care, by the published shares of people and hours. */
#include "sample/flows.h"
#include <stdlib.h>

static int age_of(const struct year *y, int i) {
  return day_age(y->town->people[i].born, y->first);
}

struct in_line {
  double key;
  int who;
};

static int by_key(const void *a, const void *b) {
  const struct in_line *x = a, *y = b;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return x->who < y->who ? -1 : x->who > y->who;
}

/* Whether the person needs care at home: ill, or past 82. */
static bool is_needed(const struct year *y, int i) {
  const struct town *t = y->town;
  int h = t->people[i].household;
  for (int m = t->first[h]; m < t->first[h + 1]; m++) {
    int other = t->members[m];
    if (other != i && (town_standing(t, QUEUE_ILL, other) < 0.07 || age_of(y, other) > 82))
      return true;
  }
  return false;
}

/* The census counts carers by sex and by hours a week. Mostly people without work care most, so
 * they get the longest hours. */
void year_choose_carers(struct year *y) {
  const struct town *t = y->town;
  const struct sample_data *d = t->data;
  struct in_line *line = memory_alloc(sizeof *line * (size_t)(t->people_count + 1));
  int carers = 0;
  for (int sex = FEMALE; sex <= MALE; sex++) {
    int count = 0, five_and_over = 0;
    for (int i = 0; i < t->people_count; i++) {
      day_t from, to;
      if (t->people[i].sex != sex || !town_days(t, i, y->year, &from, &to)) continue;
      int age = age_of(y, i);
      five_and_over += age >= 5;
      if (age < 16 || t->people[i].prisoner) continue;
      line[carers + count++] = (struct in_line){town_standing(t, QUEUE_CARE, i) +
                                                    (age > 80 || age < 25 ? 0.3 : 0) -
                                                    (is_needed(y, i) ? 0.25 : 0),
                                                i};
    }
    array_sort(line + carers, count, by_key);
    int wanted = (int)(five_and_over * d->care_percent[sex] / 100 + 0.5);
    carers += wanted < count ? wanted : count;
  }
  double people[DATA_BANDS];
  int64_t number[DATA_BANDS];
  for (int b = 0; b < d->care_count; b++) people[b] = d->care[b].value;
  share_whole(carers, people, d->care_count, number);
  for (int k = 0; k < carers; k++) {
    int i = line[k].who;
    line[k].key = town_standing(t, QUEUE_HOURS, i) +
                  (t->people[i].earnings[y->year] > 0 ? 0 : 0.5) + (is_needed(y, i) ? 0.3 : 0);
  }
  array_sort(line, carers, by_key);
  for (int k = 0, b = 0; b < d->care_count; b++)
    for (int64_t c = 0; c < number[b]; c++, k++) {
      const struct data_band *band = &d->care[b];
      const double hours = band->from + (band->to - band->from) *
                                            town_standing(t, QUEUE_HOURS + 100, line[k].who);
      y->care_hours[line[k].who] = hours;
      y->town->people[line[k].who].care_hours[y->year] = (float)hours;
    }
  free(line);
}

static day_t month_end(const struct year *y, int month) { /* month 0 is April */
  int year = SAMPLE_YEAR_FIRST + y->year;
  month += 5; /* the month after, whose first day is one later */
  return (month > 12 ? day_make(year + 1, month - 12, 1) : day_make(year, month, 1)) - 1;
}

static void write_monthly(struct year *y, const struct lines_kind *kind, int i,
                          double minutes_a_year) {
  day_t from, to;
  if (!town_days(y->town, i, y->year, &from, &to)) return;
  int64_t written = 0;
  for (int m = 0; m < 12; m++) {
    day_t day = month_end(y, m);
    int64_t upto = (int64_t)(minutes_a_year * (m + 1) / 12), minutes = upto - written;
    written = upto;
    if (day >= from && day <= to && minutes > 0) lines_time(y->lines, kind, i, day, minutes);
  }
}

static void write_volunteers(struct year *y) {
  const struct town *t = y->town;
  struct in_line *line = memory_alloc(sizeof *line * (size_t)(t->people_count + 1));
  for (int b = 0; b < t->data->volunteering_count; b++) {
    const struct data_band *band = &t->data->volunteering[b];
    int count = 0;
    for (int i = 0; i < t->people_count; i++) {
      day_t from, to;
      int age = age_of(y, i);
      if (t->people[i].sex != band->sex || age < band->from || age > band->to ||
          !town_days(t, i, y->year, &from, &to))
        continue;
      line[count++] = (struct in_line){town_standing(t, QUEUE_VOLUNTEER, i), i};
    }
    array_sort(line, count, by_key);
    int wanted = (int)(count * band->value + 0.5);
    /* evenly spread between none and twice the mean, so that the mean holds */
    for (int k = 0; k < wanted; k++) {
      double spread = 2 * ((double)k + 0.5) / wanted;
      struct lines_kind kind = {.category = "volunteering", .body = body_charity(line[k].who)};
      write_monthly(y, &kind, line[k].who, band->more * 365 * spread);
    }
  }
  free(line);
}

void year_write_given(struct year *y) {
  write_volunteers(y);
  struct lines_kind kind = {.category = "unpaid-care", .body = "harrowmere-carers"};
  for (int i = 0; i < y->town->people_count; i++)
    if (y->care_hours[i] > 0) write_monthly(y, &kind, i, y->care_hours[i] * 60 * 365 / 7);
}
