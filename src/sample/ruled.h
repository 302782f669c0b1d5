/* What the rules make of the people of the sample place: the policy pack's rules, run over what is
 * told of them (told.h), for the homes that an assessment would make of the same facts
 * (assess/home.h): each adult, their partner and children, and the other adults of the home.
 *
 *     struct ruled *r;
 *     status = ruled_open(&r, pack, packs, 1, &err);
 *     struct ruled_homes homes = {0};
 *     status = ruled_run(r, &(struct ruled_request){town, &residents, day, RULED_PAID, NULL},
 *                        &homes, &err);
 *     homes.of[RULED_PENSION_CREDIT][person]             pounds a week, of the family's first adult
 *
 * Private to this folder. */
#ifndef WEAL_SAMPLE_RULED_H
#define WEAL_SAMPLE_RULED_H

#include "pack/pack.h"
#include "rules/model.h"
#include "sample/told.h"

enum ruled_what {
  /* a week */
  RULED_STATE_PENSION,
  RULED_PENSION_CREDIT,
  RULED_CHILD_BENEFIT,
  RULED_HOUSING_BENEFIT,
  RULED_CARERS_ALLOWANCE,
  RULED_PERSONAL_INDEPENDENCE,
  RULED_DISABILITY_LIVING,
  RULED_ATTENDANCE,
  RULED_PENSIONER_REDUCTION, /* of council tax, by the scheme for pensioners */
  /* a month */
  RULED_UNIVERSAL_CREDIT,
  /* a year */
  RULED_INCOME_TAX,
  RULED_NATIONAL_INSURANCE,
  RULED_EMPLOYER_INSURANCE,
  RULED_STUDENT_LOAN,
  RULED_CHILD_CHARGE, /* the part of income tax that takes child benefit back */
  RULED_COUNCIL_TAX,  /* less the reduction */
  RULED_WINTER_FUEL,
  RULED_WINTER_KEPT, /* 0 or 1: whether the payment before is kept */
  RULED_COUNT
};
/* Sets of them: what is paid by the week and month, what a person owes for a year, and what hangs
 * on every week of the year, which takes three times as long. */
enum {
  RULED_PAID = (1 << (RULED_UNIVERSAL_CREDIT + 1)) - 1 - (1 << RULED_PENSIONER_REDUCTION),
  RULED_OWED = (1 << RULED_COUNCIL_TAX) - (1 << RULED_INCOME_TAX),
  RULED_BY_WEEKS = (1 << RULED_COUNT) - (1 << RULED_COUNCIL_TAX)
};

struct ruled; /* the rules, loaded */
enum status ruled_open(struct ruled **out, const struct pack *pack, const char *const *packs,
                       int count, struct error *err) MUST_USE;
void ruled_close(struct ruled *r);

/* What came out, of a day. To begin with all of it is zero. */
struct ruled_homes {
  int person_count;        /* of the town */
  int *head;               /* of each person: the first adult of their family; -1: not there */
  double *of[RULED_COUNT]; /* of each person; of what a family has: of its first adult. Pounds */
};
struct ruled_request {
  const struct town *town;
  const struct residents *residents;
  day_t day;
  unsigned set;
  const bool *only; /* of each household: whether to run it; null: all */
};
/* Runs a set of them over the homes in which an adult lives on the day. */
enum status ruled_run(struct ruled *r, const struct ruled_request *request, struct ruled_homes *out,
                      struct error *err) MUST_USE;
void ruled_homes_release(struct ruled_homes *homes);

#endif
