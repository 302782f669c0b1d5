/* What is computed, as a list of steps over columns, each from steps before it.
 *
 * A step has a value for each row of one entity, or is a constant. Equal steps are one; steps over
 * constants are computed at once; a parameter is a constant by the time it stands here. So a plan
 * for a household without children or savings has few steps left. run.h computes it.
 *
 * NAN is no value: a parameter without a child for the item, a day that no calendar has. What
 * needs such a value has none itself; what does not reach it (CHOOSE) is none the worse.
 */
#ifndef WEAL_RULES_PLAN_H
#define WEAL_RULES_PLAN_H

#include "rules/functions.h"
#include <math.h>

enum step_op {
  STEP_CONSTANT,
  STEP_INPUT, /* a: the column of the population */
  STEP_ADD,
  STEP_SUBTRACT,
  STEP_MULTIPLY, /* of 0 and 1: and */
  STEP_DIVIDE,
  STEP_MIN,
  STEP_MAX, /* of 0 and 1: or */
  STEP_LESS,
  STEP_LESS_EQUAL,
  STEP_EQUAL,
  STEP_CHOOSE, /* a: condition, b: value when it is not 0, c: otherwise */
  STEP_FLOOR,  /* a, to the step b */
  STEP_CEIL,
  STEP_ROUND,
  STEP_ROUND_HALF_DOWN,
  STEP_CALL,    /* of a and b: the function rule_functions[c] */
  STEP_LOOK_UP, /* a: an index into table b; outside it, NAN */
  STEP_DOWN,    /* a: a group's value, at each of its members */
  STEP_SUM_UP,  /* a: members' values, added up for the group */
  STEP_MAX_UP,
  STEP_MIN_UP,
  STEP_ROLE, /* 1 where the person's role in the group is b, counted from 0 */
  STEP_RANK, /* a: key, b: 1 where it counts; the group is the relation's */
};

/* From an entity to a group in which its rows stand. */
struct step_relation {
  int8_t from, to;
};

struct step {
  enum step_op op;
  int entity;  /* -1: a constant */
  int a, b, c; /* of LOOK_UP: b the table, c whether the index is always one of its own */
  double constant;
  struct step_relation relation;
  bool misses;   /* a row may be NAN */
  bool infinite; /* a row may be infinite, so that a difference or product of it may be NAN */
};

struct plan {
  struct arena *arena;
  int step_count, step_room;
  struct step *steps;
  int table_count, table_room;
  struct plan_table {
    int size;
    const double *values;
  } * tables;
  struct map same, constants;
  struct map places; /* of divisions: by step, an index of place */
  int place_count, place_room;
  struct rule_place *place;
  /* Sees each new step that is no constant, and says which one stands for it: itself, or a constant
   * where the rows are known (range.h). Null: itself. */
  int (*seen)(void *context, struct plan *p, int step);
  void *context;
};

struct plan plan_begin(struct arena *arena);
int plan_constant(struct plan *p, double value);
int plan_input(struct plan *p, int entity, int column, bool infinite);
/* Where both are constants the result is. */
int plan_two(struct plan *p, enum step_op op, int a, int b);
int plan_choose(struct plan *p, int condition, int yes, int no);
/* Of one value: b is -1. */
int plan_call(struct plan *p, const struct rule_function *function, int a, int b);
int plan_not(struct plan *p, int a); /* of 0 and 1 */
/* Of 0 and 1; b need not have a value where a settles it. */
int plan_and(struct plan *p, int a, int b);
int plan_or(struct plan *p, int a, int b);
/* DOWN, SUM_UP, MAX_UP, MIN_UP, ROLE (b: the role), RANK (b: the condition). SUM_UP of a constant
 * needs the rows, so it is a step. */
int plan_related(struct plan *p, enum step_op op, int a, int b, struct step_relation relation);
/* The value at an index; none for one that is not there or is no whole number. */
static inline double plan_table_value(const double *values, int size, double index) {
  const bool is_within = index >= 0 && index < size;
  const int at = is_within ? (int)index : 0;
  return is_within && (double)at == index ? values[at] : (double)NAN;
}
/* `whole`: the index is always one of them. */
int plan_look_up(struct plan *p, int index, const double *values, int size, bool whole);
/* Says where a division stands, for the message when it divides by zero. */
void plan_say_place(struct plan *p, int step, struct rule_place place);
const struct rule_place *plan_place(const struct plan *p, int step);

/* A step of two operands over two constants, as over any row. */
double plan_of_two(enum step_op op, double a, double b);
/* The steps that a step reads; how many. */
int plan_operands(const struct step *s, int out[3]);

static inline bool plan_is_constant(const struct plan *p, int step) {
  return p->steps[step].op == STEP_CONSTANT;
}
#endif
