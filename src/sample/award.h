/* From a published total and published deciles to what each person pays or gets in a year.
 *
 * The place's total is its people's part of the UK total. It is cut between deciles as their
 * published means times their households; within a decile it is cut between those who pay or get
 * it, by weight. Where not all can get it, a quota decides: each decile's number by largest
 * remainder, then the people with the lowest key. */
#ifndef WEAL_SAMPLE_AWARD_H
#define WEAL_SAMPLE_AWARD_H

#include "sample/town.h"

struct claim {
  int person;
  double weight; /* their share relative to the others of the decile; above 0 */
  double key;    /* the place in the queue: the lowest come first */
  int decile;    /* filled by award_share */
  day_t from, to;
  int64_t pence; /* filled by award_share; 0 when they were not reached */
};

struct claims {
  struct claim *list;
  int count, capacity;
};

void claims_add(struct claims *c, int person, double weight, double key, day_t from, day_t to);

/* Pounds per head of the UK for an item in a year. */
double award_head_pounds(const struct sample_data *data, const struct data_item *item, int year);

/* Shares the place's total of the year. `recipients`: their number; 0 or less: everyone who claims.
 * `shape` null: the item's deciles. */
void award_share(const struct town *t, const struct data_item *item, const double *shape, int year,
                 struct claims *claims, double recipients);

#endif
