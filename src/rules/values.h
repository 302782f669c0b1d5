/* Values of rules as files and messages write them. */
#ifndef WEAL_RULES_VALUES_H
#define WEAL_RULES_VALUES_H

#include "rules/model.h"

/* The item of an enum, or a day. False: it is another kind of value, and nothing is written. */
bool rule_value_word(struct text *out, const struct rule_type *t, double x);
/* As few digits as tell the value from its neighbours to a ten-thousandth of a penny: at most six
 * decimals; `inf`, `-inf`. */
void rule_number_write(struct text *out, double x);

#endif
