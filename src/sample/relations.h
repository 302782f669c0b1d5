/* Who belongs together, as facts of a year: who is whose partner, who is responsible for which
 * child, which other adults live in the home. Private to this folder. */
#ifndef WEAL_SAMPLE_RELATIONS_H
#define WEAL_SAMPLE_RELATIONS_H

#include "sample/town.h"

/* The household in which somebody is registered on a day. */
int home_on(const struct town *t, int person, day_t day);
bool lives_in(const struct town *t, int person, int household, day_t day);
/* Whether a grown-up of the home is responsible for a child of it: the mother and her partner;
 * where neither is there, the eldest and theirs. */
bool is_responsible(const struct town *t, int adult, int child, int household, day_t day);
/* Whether the other is a grown-up of the home who is not the person's partner. Of people who share
 * a home each is on their own: joint tenants are nobody's non-dependants (Housing Benefit
 * Regulations 2006, regulation 3(2)). */
bool is_other_adult(const struct town *t, int person, int other, int household, day_t day);

/* Calls `tell` for each, in an order in which a later one takes the place of an earlier one.
 * `other` -1: nobody; `to` DAY_NONE: until further notice. */
struct relation {
  int person;
  const char *variable;
  int other;
  day_t from, to;
};
typedef void relation_tell(void *context, const struct relation *relation);
/* All that holds on the first day of the sample, or, after that, what changed in the year. */
void relations_of_year(const struct town *t, int year, relation_tell *told, void *context);

#endif
