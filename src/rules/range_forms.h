/* Narrower cells by slopes: the inside of range.h, above range_cells.h.
 *
 * Sets alone forget that a value was used twice: of pay less what pay is taxed they only know that
 * each is between its own bounds. So each cell that is not known has a form beside its bounds, in
 * the unknown numbers u: it is g(u) + e, where g at the low corner m of the box is within `corner`,
 * g(u) - g(m) is a sum of slopes in `slope` times u - m, and e is within `noise`. What jumps (a
 * rounding, a condition that u decides) goes into the noise; what only items decide makes `corner`
 * and `slope` sets. Then the cell is within corner + noise + slope * (box - m) as well.
 *
 * A. Neumaier, Interval Methods for Systems of Equations, 1990, chapter 2 (slopes).
 */
#ifndef WEAL_RULES_RANGE_FORMS_H
#define WEAL_RULES_RANGE_FORMS_H

#include "rules/range_cells.h"

/* Unknown numbers with a slope; others are taken as items are. */
enum { RANGE_SLOPES_MOST = 8 };

struct range_span {
  double low, high;
};

struct range_form {
  struct range_span corner, noise, slope[RANGE_SLOPES_MOST];
  double blur; /* how far the rounding of doubles may have moved the ends of these */
};

struct range_forms {
  struct range_state *s;
  int slope_count;
  int *slope_of; /* of each unknown: its number among the slopes; -1: none */
  struct range_span across[RANGE_SLOPES_MOST]; /* u - m in the box */
  int *at;                                     /* of each cell: its form; -1: none */
  bool *is_fresh; /* of each step: its forms are of the boxes as they are; else bounds are read */
  int form_count, form_room;
  struct range_form *all;
};

/* `reached`: which unknown have slopes, the first RANGE_SLOPES_MOST of them. */
void range_forms_begin(struct range_forms *f, struct range_state *s, const uint64_t *reached);
/* A form is of the boxes that it was computed in. When boxes have changed, only these steps (which
 * do not hang on what changed) are fresh until they are computed again. */
void range_forms_keep(struct range_forms *f, const int *steps, int count);
/* As range_evaluate, narrower. Each step gets a form. The boxes may have changed. */
void range_narrow(struct range_forms *f, const int *steps, int count);

/* What two steps are apart in a row: the first less the second. */
struct range_span range_apart(const struct range_forms *f, int a, int b, int row);

#endif
