/* One tax year of money, services and time, written as entries. Private to this folder. */
#ifndef WEAL_SAMPLE_FLOWS_H
#define WEAL_SAMPLE_FLOWS_H

#include "sample/award.h"
#include "sample/lines.h"

struct year {
  struct town *town;
  struct lines *lines;
  int year;
  day_t first, last;
  int *claimant; /* of each household: its first grown-up below pension age; -1 when none */
  int *children; /* of each household: below 18 at some time of the year */
  bool *on_universal_credit;               /* households */
  bool *on_pension_credit, *on_incapacity; /* people */
  double *care_hours;                      /* a week, by person; 0 when no carer */
  double credit_mean_pounds; /* what a universal credit claim comes to on average, pounds a year */
  struct random random;
};

void year_begin(struct year *y, struct town *town, int year, struct lines *lines);
void year_end(struct year *y);

/* given.c: chooses the carers; year_begin calls it, since carer's allowance goes to some of
 * them. */
void year_choose_carers(struct year *y);

void year_write_money(struct year *y);    /* flows.c */
void year_write_services(struct year *y); /* services.c */
void year_write_given(struct year *y);    /* given.c */

/* What the local bodies are called (files.c). */
const char *body_practice(int neighbourhood);
const char *body_school(int neighbourhood, int age);
const char *body_employer(int person);
const char *body_charity(int person);
int household_place(const struct household *h, day_t day); /* its neighbourhood on a day */

#endif
