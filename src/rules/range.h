/* What can still be said of a household of which not everything is known: for each wanted variable
 * the least and the most that it may come to, what is not known and still matters, and what to ask
 * first.
 *
 *     const struct range_unknown rent = {.variable = v, .row = 0, .period = p,
 *                                        .low = 0, .high = INFINITY};
 *     const struct range_wanted wanted = {universal_credit, month};
 *     status = range_find(arena, &(struct range_request){rules, pop, READ_LEGAL, 1, &rent,
 *                                                        1, &wanted}, &result, &err);
 *
 * A value that is not known stands where a fact would be told: `row` of its entity in the order in
 * which rows were given, in the period in which a fact is kept (situation_period). Rows of the same
 * variable and period of which neither is said have the default, as with facts. A number or a day
 * is anything from `low` to `high` (a day: a whole one), a bool is either, an enum any of `items`
 * (`item_count` 0: any item it has). A number may be bounded by INFINITY; it is finite all the
 * same. What has one value only is known.
 *
 * The answer is sound: whatever the unknown come to, each answer lies from `low` to `high`, but
 * where the rules refuse to give a value at all (a division by zero, an item without a parameter);
 * `may_lack` says that this can be. It is often, not always, the narrowest. When nothing is left to
 * ask, `low` equals `high` and is what run.h and explain.h compute.
 *
 * What the rules themselves do not know (`known where` of the variable) has no bounds, whatever
 * they compute in its place, and is no number: `known` says so. Nothing is asked for it, but what
 * decides whether it is known.
 *
 * An unknown matters to an answer when the evaluation reaches it: not below a condition that is
 * decided, a product with 0, a bound of min, max or clip that holds anyway, or any value that is
 * the same throughout. Questions stand in the order in which to ask them: first the one that
 * narrows the answers most, whichever of its trial values (bounds and points between, items) turns
 * out true; what narrows equally stands in the order in which formulas read it. An answer's width
 * counts by the year, so that a week's does not count less than a month's.
 *
 * By the pack of the United Kingdom, a household of which ten inputs are not known has twelve
 * answers in 4 to 30 ms, half of them in 10; more than half of that compiles the formulas. A caller
 * that asks again and again keeps one arena and resets it: new memory costs as much once more.
 *
 * The same request has the same answer on every machine, and the work is bounded: `work_most` steps
 * for a row of trial values and narrowing (0: RANGE_WORK), beside one pass over all steps.
 *
 * Three things make an answer narrow. While the plan is compiled, each step whose rows are known
 * is a constant, so that what a known condition leaves out is not there at all. Then each value is
 * followed by its slopes in the unknown numbers (range_forms.h), so that pay less tax is not as
 * wide as both together. Then each answer is split: the box of what it hangs on is halved where the
 * bound comes from, until a point is found that is as far out, or the work is done (range_split.h).
 *
 * Sources: R. E. Moore, Interval Analysis, 1966 (sets of values through a formula); E. Hansen and
 * G. W. Walster, Global Optimization Using Interval Analysis, 2003 (narrowing by splitting).
 */
#ifndef WEAL_RULES_RANGE_H
#define WEAL_RULES_RANGE_H

#include "rules/compile.h"

/* Past so many unknown, a home of some 50 adults of whom nothing is told, range_bound says less and
 * sooner. */
enum { RANGE_WANTED_MOST = 64, RANGE_UNKNOWN_MOST = 3000, RANGE_WORK = 100000 };

struct range_unknown {
  const struct rule_variable *variable;
  struct rule_period period;
  int row;
  double low, high;
  int item_count;
  const double *items;
};

struct range_wanted {
  const struct rule_variable *variable;
  struct rule_period period; /* added up over it where its own is shorter (compile_over) */
};

struct range_request {
  const struct rules *rules;
  const struct rule_population *pop; /* settled; stays as it is */
  enum rule_reading reading;
  int unknown_count;
  const struct range_unknown *unknowns;
  int wanted_count;
  const struct range_wanted *wanted;
  int64_t work_most;
  bool unordered; /* questions stand as formulas read them: no trial values, a third less work */
  /* of each wanted, of each row as it was given, whether its needs are wanted; null: of all. Other
   * rows are not narrowed either, and nothing is asked for them. */
  const bool *const *needs_of;
};

/* By `known where` of its variable: perhaps, where that hangs on what is not known. */
enum range_known { RANGE_KNOWN, RANGE_KNOWN_PERHAPS, RANGE_NOT_KNOWN };
struct range_value {
  double low, high;
  bool is_exact, may_lack;
  enum range_known known; /* else without bounds: low -INFINITY, high INFINITY, not exact */
};

struct range_answer {
  struct rule_period period;        /* that of the values: a year's variable has its year */
  int rows;                         /* of the variable's entity, in the order given */
  const struct range_value *values; /* of each row */
  int need_count;
  const int *needs; /* which of the request's unknowns, in the order to ask */
};

struct range_question {
  int unknown;     /* which of the request's */
  double narrower; /* by how much all answers get narrower at worst, a year; INFINITY: one that
                      had no bound has one then */
};

struct range_result {
  const struct range_answer *answers; /* of each wanted */
  int question_count;
  const struct range_question *questions; /* in the order to ask */
  int64_t work;                           /* steps for a row that were taken */
};

/* REFUSED: a parameter without a value on the day; an answer that has no value whatever the unknown
 * come to; a row that is not there or bounds that hold nothing; more than RANGE_UNKNOWN_MOST
 * unknown or RANGE_WANTED_MOST wanted. */
enum status range_find(struct arena *arena, const struct range_request *request,
                       struct range_result *out, struct error *err) MUST_USE;

/* The same for the rows of many households at once, each as sound and often wider: one pass over
 * all steps, nothing narrowed and no questions. The unknown may be any number. `needs` of an answer
 * are those of all its rows together, in the order given. A row that has no value whatever the
 * unknown come to has `low` NAN and `may_lack`, and nothing is refused for it. What is known
 * throughout has the value that range_find gives. */
enum status range_bound(struct arena *arena, const struct range_request *request,
                        struct range_result *out, struct error *err) MUST_USE;

#endif
