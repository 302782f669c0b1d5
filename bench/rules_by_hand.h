/* Income tax and an employee's national insurance of 2025-26, written by hand (bench/rules). */
#ifndef WEAL_BENCH_RULES_BY_HAND_H
#define WEAL_BENCH_RULES_BY_HAND_H

#include "rules_people.h"

void taxes_by_hand(const struct made_people *made, double *income_tax, double *ni);

#endif
