/* Values of rules as files and messages write them. */
#ifndef WEAL_RULES_VALUES_H
#define WEAL_RULES_VALUES_H

#include "rules/model.h"

/* The item of an enum, or a day. False: it is another kind of value, and nothing is written. */
bool rule_value_word(struct text *out, const struct rule_type *t, double x);
/* As few digits as tell the value from its neighbours to a ten-thousandth of a penny: at most six
 * decimals; `inf`, `-inf`. */
void rule_number_write(struct text *out, double x);
/* What the rows of an entity stand under in a file: `households`, or its name. */
static inline const char *rule_entity_rows(const struct rule_entity *e) {
  return e->plural_count ? e->plurals[0] : e->name;
}
/* Whether three numbers stand with one sign between, as 14/07/1990 or 2025-1-1; the numbers. */
bool rule_looks_like_day(struct span s, int parts[3]);
/* Refuses what is no value of the variable, and says what to write: an item, or the nearest; the
 * number that `£24,000` is; the day that `14/07/1990` is. */
enum status rule_value_refuse(const struct rules *rules, struct arena *arena,
                              const struct rule_variable *v, struct span written,
                              struct error *err);

#endif
