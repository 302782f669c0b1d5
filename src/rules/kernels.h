/* Each step of a plan over the rows of a block: plain loops over doubles, which the compiler turns
 * into vector instructions (this file alone is built with more optimisation; src/meson.build). */
#ifndef WEAL_RULES_KERNELS_H
#define WEAL_RULES_KERNELS_H

#include "rules/plan.h"
#include <float.h>

/* A column of the block, or a constant for all rows. */
struct operand {
  const double *rows; /* null: the constant */
  double constant;
};

/* What a step of floor, ceil or round comes to is a whole number of steps where it is off by no
 * more than this: some roundings of doubles (0.1 + 0.2 rounds up to 0.30 with a step of 0.01), and
 * what is left where numbers that are nearly alike were subtracted. */
#define KERNEL_ROUNDING (16 * DBL_EPSILON)
#define KERNEL_LEAST_OF_A_STEP 1e-9
/* A step of two operands on so many rows. */
void kernel_two(enum step_op op, struct operand a, struct operand b, double *out, int rows);
/* People share days and ages: what a function came to for one row is kept for the next that asks
 * the same. Income tax and national insurance take a quarter less time (bench/rules). */
enum { KERNEL_CALLS_BITS = 9, KERNEL_CALLS_KEPT = 1 << KERNEL_CALLS_BITS };
struct kept_call {
  double a, b, result;
};
void kernel_forget_calls(struct kept_call *kept); /* KERNEL_CALLS_KEPT of them: before the first */
struct kernel_function {
  const struct rule_function *function;
  struct kept_call *kept; /* of this function alone */
};
void kernel_call(struct kernel_function f, struct operand a, struct operand b, double *out,
                 int rows);
void kernel_choose(const double *condition, struct operand yes, struct operand no, double *out,
                   int rows);
/* before + rate x max(0, x - threshold) of each band in turn; before: NULL for nothing. `out` may
 * be the rows of `before`. */
enum { KERNEL_BANDS_MOST = 4 };
struct kernel_scale {
  int count;
  const double *threshold, *rate;
};
void kernel_bands(const struct operand *before, const double *x, struct kernel_scale scale,
                  double *out, int rows);
void kernel_look_up(const double *index, const double *values, int size, double *out, int rows);
/* member[row]: the row of the group, counted from `first` */
void kernel_down(const double *group, const int *member, int first, double *out, int rows);
void kernel_up(enum step_op op, struct operand a, const int *member, int first, int members,
               double *out, int groups);
/* Rows that have no value leave none in what they go into: of `of` itself, and of a group. */
void kernel_keep_missing(const double *of, double *out, int rows);
void kernel_missing_up(const double *of, const int *member, int first, int members, double *out);
void kernel_role(const signed char *role, int which, double *out, int rows);
/* What a rank over the rows of a block needs. */
struct rank_room {
  int span; /* how many rows two of one group are apart at most */
  int first_group, groups;
  int *lacks;                   /* of each group */
  double *key_all, *counts_all; /* a constant, as many times as there are rows */
  bool misses;                  /* a key, or whether it counts, may be NAN */
};
/* Each row is compared with those as far from it as members of one group are at most; where that is
 * far, they are sorted. Equal keys stand in order of rows. `misses`: where one that counts has no
 * key, nobody of its group has a place. */
void kernel_rank(struct operand key, struct operand counts, const int *member,
                 struct rank_room room, double *out, int rows);
/* The first row that is zero, of those of a divisor; -1: none. */
int kernel_zero(const double *rows, int count);
/* The first row that is NAN; -1: none. */
int kernel_missing(const double *rows, int count);

#endif
