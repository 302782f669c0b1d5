/* Why an answer of an assessment is what it is: the values that it was worked out from, in words,
 * each with its law.
 *
 *     status = assess_why(arena, &out, answer, names, &lines, &count, &err);
 *
 * What is not known counts as the rules have it when nobody says; an answer that is not exact is so
 * explained for that one case, which the caller says. In English, as the rules are.
 */
#ifndef WEAL_ASSESS_WHY_H
#define WEAL_ASSESS_WHY_H

#include "assess/assess.h"
#include "rules/explain_list.h"

enum { ASSESS_WHY_DEPTH = 3, ASSESS_WHY_LINES = 80 };
/* `names`: of the people of the unit, in its order, as lines call them. */
enum status assess_why(struct arena *arena, const struct assessment *assessment,
                       const struct assess_answer *answer, const char *const *names,
                       const struct explain_line **out, int *count, struct error *err) MUST_USE;

#endif
