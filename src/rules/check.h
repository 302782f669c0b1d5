/* The check of formulas once all are read: what each name means, kinds, units, periods, entities,
 * and that no variable needs itself. */
#ifndef WEAL_RULES_CHECK_H
#define WEAL_RULES_CHECK_H

#include "rules/model.h"

/* Checks every variable, and that none needs itself. REFUSED with file and line. */
enum status check_rules(struct rules *rules, struct error *err) MUST_USE;

/* The parameter that a path names on the way of its fixed steps; null, with the error set, when
 * there is none. A step that is chosen by an enum goes on with the first item. */
const struct parameter *check_path(const struct rules *rules, const struct rule_expr *e,
                                   struct error *err);
/* Whether `total` may add a variable of this type to a sum of that: a flow in whatever period, or
 * the same unit; a bool as a plain number. */
bool check_listed(const struct rule_type *listed, const struct rule_type *sum);
/* Whether a value of `v` can be read in a period of the reader's as it is: a flow is turned. */
bool check_period(const struct rule_variable *reader, const struct rule_variable *v);
enum status check_refuse_period(const struct rule_variable *v, struct error *err);
/* The unit of a parameter as its file says it. */
struct rule_type parameter_type(const struct rules *rules, const struct parameter *p);

#endif
