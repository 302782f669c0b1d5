/* A random population for bench/rules: people in families in households, made from a seed. */
#ifndef WEAL_BENCH_RULES_PEOPLE_H
#define WEAL_BENCH_RULES_PEOPLE_H

#include "rules/period.h"

/* What is made of a person, a family, a household: the columns, by the names of the pack. */
struct made_column {
  const char *name;
  int entity; /* 0: person, 1: benunit, 2: household */
  double *values;
};

enum {
  AGE,
  PAY,
  PROFITS,
  PENSION,
  STATE_PENSION,
  PROPERTY,
  INTEREST,
  DIVIDENDS,
  PAID_IN,
  HOURS,
  GENDER,
  LOAN,
  CHILDCARE,
  DISABLED,
  DAILY_LIVING,
  MOBILITY,
  MARRIED,
  OPTS_OUT,
  REGION,
  RENT,
  SAVINGS,
  TENURE,
  COUNCIL_TAX,
  MADE_COLUMNS
};

struct made_people {
  uint64_t chances; /* the state of the generator */
  int rows[3];
  int *family, *household; /* of each person */
  struct made_column columns[MADE_COLUMNS];
};

/* At least so many people: the last household is whole. */
void make_people(struct arena *arena, int people, struct made_people *out);
/* The population of the year. REFUSED: the pack lacks a column. */
enum status give_people(struct arena *arena, const struct rules *rules,
                        const struct made_people *made, struct rule_period period,
                        struct rule_population **out, struct error *err) MUST_USE;
/* people.csv, benunits.csv, households.csv in a folder. */
enum status write_people(const struct rules *rules, const struct made_people *made,
                         const char *folder, struct error *err) MUST_USE;

#endif
