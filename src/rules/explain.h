/* Why a value is what it is: the tree of values that it was computed from, each with its formula,
 * law, parameters and their sources.
 *
 *     struct explanation e;
 *     status = explain_variable(arena, compiler, variable, period, &e, &err);
 *     for (int i = 0; i < e.count; i++) ... e.all[i].depth, .values ...
 *
 * Nodes stand in the order in which they are read aloud: a value, then what it was made of. A value
 * that several need is explained once, where it stands least deep, and named elsewhere; so is a
 * state that has the same values in several periods.
 */
#ifndef WEAL_RULES_EXPLAIN_H
#define WEAL_RULES_EXPLAIN_H

#include "rules/compile.h"

/* TOTAL: what was asked for, as the sum of shorter periods, which follow it. UNUSED: it stands in a
 * branch of the formula that nobody here takes; it has no values. */
enum explain_kind {
  EXPLAIN_FORMULA,
  EXPLAIN_INPUT,
  EXPLAIN_DEFAULT,
  EXPLAIN_PARAMETER,
  EXPLAIN_TOTAL,
  EXPLAIN_UNUSED
};

struct explain_node {
  enum explain_kind kind;
  int depth;
  bool is_elsewhere; /* explained where it stands less deep, or above */
  const struct rule_variable *variable;
  struct rule_period period;
  struct rule_period explained_in; /* the one in which it is explained: a state may stay the same */
  const struct rule_version *version;
  int rows;
  /* a row each of its entity, in the order given; NAN: the rules do not know it (`known where`) */
  const double *values;
  const bool *told; /* EXPLAIN_INPUT: of each row, whether somebody said it; null: all */
  /* Of several periods of one value that come about alike, down to what was given, the first says
   * how many follow; those are marked, and stand with their parts all the same. */
  int alike_count;
  bool is_alike;
  /* EXPLAIN_PARAMETER */
  const struct parameter *parameter;
  const struct parameter_entry *entry; /* null: a scale */
  day_t day;
  double value;                           /* of an entry that is a number */
  bool is_mean;                           /* of the days of the year, not of the day */
  bool is_estimated;                      /* by an index, not stated; of a scale any value of it */
  const struct explain_bracket *brackets; /* of a scale: those that applied, once each */
  int bracket_count;
};

/* The bracket of a scale that what it was applied to lay in. Money and flows as the reading has
 * them: the annual one has thresholds of a week times 52. */
struct explain_bracket {
  int entity, row;          /* the first row in it, as it was given; entity -1: a constant */
  double at;                /* what the scale was applied to */
  double from, to;          /* to: infinite where it is the last */
  double value;             /* the rate, or the amount */
  bool is_amount, is_below; /* below: under the lowest threshold, so nothing applied */
};

struct explanation {
  int count, room;
  bool is_estimated; /* it would be another if parameters that are estimated were a tenth off */
  struct explain_node *all;
};

enum { EXPLAIN_NODES_MOST = 20000 };
/* The variable over the period asked for. */
enum status explain_variable(struct arena *arena, struct compiler *compiler,
                             const struct rule_variable *v, struct rule_period period,
                             struct explanation *out, struct error *err) MUST_USE;

/* An input that was given for a shorter period only, and counts as not given in a longer one. */
struct explain_gap {
  const struct rule_variable *variable;
  struct rule_period given, needed;
};
/* The gaps of what was compiled, each variable once; returns how many. */
int explain_gaps(struct arena *arena, const struct compiler *compiler, struct explain_gap **out);

#endif
