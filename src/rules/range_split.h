/* One answer, narrowed by splitting the boxes of what it hangs on: the inside of range.h.
 *
 * The pieces of a box together hold all that the box holds, so the least of their lows and the most
 * of their highs bound the answer; the piece that sets the bound is halved, until a point of it is
 * found that is as low (or as high), or the work is done.
 */
#ifndef WEAL_RULES_RANGE_SPLIT_H
#define WEAL_RULES_RANGE_SPLIT_H

#include "rules/range_forms.h"

struct range_split {
  struct range_forms *forms;
  int step_count;
  const int *steps; /* between the unknown and the answer, in order */
  int unknown_count;
  const int *unknowns; /* on which it hangs */
  int cell;            /* the answer's */
  int64_t work_end;
};

/* The answer's cell, narrower. All cells are as they were. */
struct range_cell range_split(const struct range_split *split);

#endif
