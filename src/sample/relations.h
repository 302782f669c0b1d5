/* Who belongs together, as facts of a year: who is whose partner, who is responsible for which
 * child, which other adults live in the home. Private to this folder. */
#ifndef WEAL_SAMPLE_RELATIONS_H
#define WEAL_SAMPLE_RELATIONS_H

#include "sample/town.h"

/* Calls `tell` for each, in an order in which a later one takes the place of an earlier one.
 * `other` -1: nobody. */
typedef void relation_tell(void *context, int person, const char *variable, int other, day_t from);
/* All that holds on the first day of the sample, or, after that, what changed in the year. */
void relations_of_year(const struct town *t, int year, relation_tell *tell, void *context);

#endif
