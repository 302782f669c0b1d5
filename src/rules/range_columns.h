/* Many rows of a plan, of which most are known, as columns of doubles with cells beside the rows
 * that are not (range_cells.h): the inside of range_bound and range_kept.h. Private to range*.c. */
#ifndef WEAL_RULES_RANGE_COLUMNS_H
#define WEAL_RULES_RANGE_COLUMNS_H

#include "rules/kernels.h"
#include "rules/range_kept.h"
#include "rules/range_part.h"

/* Where memory is taken from next. */
struct lane_piece;
struct lane_place {
  struct lane_piece *piece;
  size_t used;
};

struct range_lane {
  struct lane_piece *first;
  struct lane_place at;
  struct finding *f; /* of the batch */
  int column_room, placed;
  struct range_column *columns; /* of each step of the plan */
  uint32_t batch;
  const bool *holds; /* of each step, range_divisor_holds; null: it is asked when it matters */
  int waiting_count, waiting_room;
  int *waiting; /* range_kept.c: steps of which operands are computed first */
  int order_count, order_room;
  int *order;                   /* those with cells as they were computed, operands first */
  struct kept_call *kept_calls; /* KERNEL_CALLS_KEPT of each function */
};

/* Before the first step of a batch, of a plan of so many steps that may still grow. */
void range_lane_begin(struct range_lane *l, struct finding *f, int step_count);
/* The column of a step whose operands are computed. */
void range_column_compute(struct range_lane *l, int step);
void range_column_same(struct range_lane *l, int step, double value);
/* The column of another step, as it is. */
void range_column_hand(struct range_lane *l, int step, int from);
/* As range_step_seen (range_cells.h): the context is the finding. Then, once the plan is compiled,
 * the constants that stand behind the last step. */
int range_column_seen(void *finding, struct plan *plan, int step);
void range_columns_end(struct range_lane *l);
/* What the wanted steps come to, and on what that hangs. */
void range_columns_answer(struct range_lane *l, struct range_result *out);

#endif
