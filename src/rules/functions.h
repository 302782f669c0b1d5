/* The functions of the language that make one plain value of one or two: a row each of
 * `rule_functions`, whose names tests/rules/sources reads too. What takes members, periods or
 * units, or need not look at all of its values (`if`, `min`, `sum`, `round`), is of the language
 * itself (parser.c).
 *
 * Values are doubles as everywhere (model.h); NAN is no value, and a function of it has none.
 */
#ifndef WEAL_RULES_FUNCTIONS_H
#define WEAL_RULES_FUNCTIONS_H

#include "rules/model.h"

struct rule_function {
  const char *name;
  int arg_count;                /* 1 or 2 */
  enum rule_kind takes[2];      /* a number is one without a unit */
  enum rule_kind gives;         /* a number: one without a unit */
  double (*of)(double, double); /* of one value: the second is 0 */
  /* For each value: 1 where it never falls as that rises, -1 where it never rises, 0 where it does
   * either; then it lies between `least` and `most`. */
  int rises[2];
  double least, most;
};
extern const struct rule_function rule_functions[];
int rule_function_count(void);

/* Null when there is none. */
const struct rule_function *rule_function_named(struct span name);

#endif
