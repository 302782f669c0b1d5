/* A line of a tax or a benefit beside what the rules make of the facts. Payments of awards are
 * compared one by one (award/check.h); what came from elsewhere by its category, over a finished
 * tax year: all that was recorded, beside what the year comes to (assess/check.h). They agree
 * within the larger of one pound and one payment: the largest of the year, at most four weeks' or a
 * month's worth.
 *
 *     const struct line_facts of = {.rules = rules, .person = person, .line = &line,
 *                                   .category = category, .today = day_today()};
 *     status = line_compare(store, reference_data, &of, arena, &out, &err);
 *     if (out.verdict == LINE_DIFFERS) ... out.recorded, out.expected ...
 *
 * What is a family's is what both of a couple have recorded: who belongs together, the facts say,
 * and not before more than one of the two says so (register/benefit_unit.h).
 */
#ifndef WEAL_STATEMENT_LINE_COMPARE_H
#define WEAL_STATEMENT_LINE_COMPARE_H

#include "award/check.h"
#include "register/register.h"
#include "statement/reference_data.h"

enum line_verdict {
  LINE_NOT_COMPARED, /* no rule says what it is */
  LINE_AGREES,
  LINE_DIFFERS,
  LINE_NEEDS,   /* facts are missing */
  LINE_RUNS,    /* its year is not over */
  LINE_UNKNOWN, /* the rules cannot work it out */
};
struct line_facts {
  const struct rules *rules;
  const struct person *person; /* the survivor */
  const struct line *line;
  const struct pack_category *category; /* null: none */
  day_t today;
  bool as_person; /* assess.h: no more of others than the person may learn */
  bool with_steps;
};
struct line_comparison {
  enum line_verdict verdict;
  const struct pack_entitlement *what; /* null: LINE_NOT_COMPARED */
  int year;                            /* the tax year; 0: one payment of an award */
  int64_t recorded, expected;          /* pence; expected: LINE_AGREES and LINE_DIFFERS */
  bool is_of_unit;
  int need_count;
  const struct assess_need *needs; /* LINE_NEEDS */
  struct award_check award;        /* of a payment of an award */
  int step_count;
  const struct check_step *steps;
};
enum status line_compare(struct store *store, const struct reference_data *reference_data,
                         const struct line_facts *of, struct arena *arena,
                         struct line_comparison *out, struct error *err) MUST_USE;

#endif
