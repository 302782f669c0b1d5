/* The published distributions, read from the files compiled in (sample/, each with its source in
 * sample/SOURCES.csv). */
#ifndef WEAL_SAMPLE_DATA_H
#define WEAL_SAMPLE_DATA_H

#include "base/arena.h"
#include "base/text.h"

enum {
  DATA_AGES = 101,
  DATA_DECILES = 10,
  DATA_YEARS = 3,
  DATA_ITEMS = 48,
  DATA_SERVICES = 16,
  DATA_POINTS = 24,
  DATA_BANDS = 64
};
enum sex { FEMALE, MALE };

/* Deciles and totals of one category. Basis "total": people pay or get the whole UK total, so one
 * person's part is total / people. Basis "grown": the mean that a household paid in 2018-19 grows
 * as the UK total has grown since (VAT: firms pay part of it). */
struct data_item {
  char name[48];
  double decile[DATA_DECILES], mean; /* pounds a household, 2018-19 */
  bool has_total, grown;
  double base_m, total_m[DATA_YEARS];
  double caseload_k[DATA_YEARS]; /* 0 when none is published */
};

/* of a distribution: this share lies below these pounds */
struct data_point {
  double below, pounds;
};
/* Of the people whose whole income reaches `above`, and not the next band's: so many thousands of
 * the UK have some of a kind of income, `pounds` each in the mean. */
struct data_income_band {
  double above, thousands, pounds;
};
struct data_band {
  int sex, from, to;
  double value, more;
};

struct data_service {
  char name[48], spread[48];
  double england_count;
  int from, to;
};

struct sample_data {
  double people[2][DATA_AGES]; /* England, mid-2023 */
  double people_all, dying[2][DATA_AGES];
  double uk_k[DATA_YEARS], england_k[DATA_YEARS], uk_households_k;
  double household_types_k[10], tenure_k[4], band_dwellings[8];
  struct data_band employment[DATA_BANDS], births[DATA_BANDS], volunteering[DATA_BANDS],
      care[DATA_BANDS];
  int employment_count, births_count, volunteering_count, care_count;
  double care_percent[2], self_employed, taxpaying_earners, private_pension_k;
  double pension_new, pension_basic, child_eldest, child_other, disability_standard,
      disability_enhanced, mobility_standard, mobility_enhanced, jobseekers;
  double prisoners, prison_population_k;
  struct data_point earnings[DATA_POINTS], profits[DATA_POINTS], pensions[DATA_POINTS];
  int earnings_count, profits_count, pensions_count;
  struct data_income_band dividends[DATA_POINTS], property[DATA_POINTS];
  int dividends_count, property_count;
  double unfit_k[DATA_YEARS]; /* on universal credit with limited capability for any work */
  struct data_item items[DATA_ITEMS];
  int items_count;
  struct data_service services[DATA_SERVICES];
  int services_count;
  struct hospital {
    char service[48];
    struct data_band bands[DATA_BANDS];
    int count;
  } hospital[4];
  int hospital_count;
};

enum household_type {
  COUPLE_ALONE,
  COUPLE_FEW,
  COUPLE_MANY,
  COUPLE_GROWN,
  LONE_PARENT,
  LONE_PARENT_GROWN,
  LONE_OLD,
  LONE_YOUNG,
  SHARERS,
  FAMILIES
};
enum tenure { OWNED, COUNCIL, ASSOCIATION, PRIVATE_RENT };

/* Reads every table; a fault in a compiled-in file is our own mistake and asserts. */
struct sample_data *sample_data_read(struct arena *arena);

/* asserts that the item exists */
const struct data_item *data_item_find(const struct sample_data *data, const char *name);
/* Pounds at a rank in [0, 1): a straight line between the published points. */
double data_point_at(const struct data_point *points, int count, double rank);
/* The value of the band that holds (sex, age); 0 when none does. */
double data_band_value(const struct data_band *bands, int count, int sex, int age);
/* How often a person of that sex and age uses a service in a year, so that England's people
 * together reach England's count. */
double data_service_rate(const struct sample_data *data, const struct data_service *service,
                         int sex, int age);

#endif
