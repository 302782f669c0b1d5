/* One tax year of money, services and time, written as entries. Private to this folder. */
#ifndef WEAL_SAMPLE_FLOWS_H
#define WEAL_SAMPLE_FLOWS_H

#include "sample/award.h"
#include "sample/lines.h"
#include "sample/ruled.h"

struct year {
  struct town *town;
  struct lines *lines;
  int year;
  day_t first, last;
  int *claimant; /* of each household: its first grown-up below pension age; -1 when none */
  int *children; /* of each household: below 18 at some time of the year */
  bool *on_universal_credit; /* households */
  bool *on_incapacity;       /* people */
  double *care_hours;        /* a week, by person; 0 when no carer */
  struct ruled *ruled;       /* the rules */
  double credit_mean_pounds; /* what a universal credit claim comes to on average, pounds a year */
  struct random random;
};

void year_begin(struct year *y, struct town *town, int year, struct lines *lines);
void year_end(struct year *y);

/* given.c: chooses the carers; year_begin calls it, since carer's allowance goes to some of
 * them. */
void year_choose_carers(struct year *y);

/* flows.c; what rules make of the people is in ruled_flows.c, which it calls. */
enum status year_write_money(struct year *y, struct error *err) MUST_USE;
/* Chooses who claims what is due by income, before flows.c asks for it. */
enum status year_choose_claimants(struct year *y, struct error *err) MUST_USE;
enum status year_write_ruled(struct year *y, struct error *err) MUST_USE;
/* What is paid from the day on which benefits rise after the year, to who had it in the year: kept
 * as got_pence of the year after. */
enum status year_rise(struct year *y, struct error *err) MUST_USE;
void year_write_services(struct year *y); /* services.c */
void year_write_given(struct year *y);    /* given.c */

/* What the local bodies are called (files.c). */
const char *body_practice(int neighbourhood);
const char *body_school(int neighbourhood, int age);
const char *body_employer(int person);
const char *body_charity(int person);
int household_place(const struct household *h, day_t day); /* its neighbourhood on a day */

/* ---- how something is paid: flows.c ---- */

enum rhythm {
  PAY_DAY,
  SELF_ASSESSMENT,
  TWELVE_MONTHS,
  FOUR_WEEKLY,
  FORTNIGHTLY,
  COUNCIL_BILL,
  WINTER,
  ONCE
};
/* Writes a claim's pence in parts as equal as can be. `corrected`: now and then too much is taken
 * or paid, and corrected later. `number`: of the flow, for that chance. */
struct flow_paid {
  const char *category, *body; /* body null: their employer */
  enum rhythm rhythm;
  bool estimated, corrected;
  int number;
};
void flow_pay(struct year *y, const struct flow_paid *flow, const struct claim *c);
/* Cuts a claim to the days of the year in which they have pay. */
void flow_working_days(const struct year *y, int person, day_t *from, day_t *to);

#endif
