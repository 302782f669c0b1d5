/* The bands of a scale in one pass over the rows.
 *
 * A plan computes `sum + rate x max(0, x - threshold)` in four steps for each band, so that equal
 * steps are one and whoever reads a plan knows few operators. Over many rows each step is a pass
 * through memory. Here a sum of such bands that nobody else reads in parts is one instruction; what
 * it comes to is the same to the last bit (same operations, same order). Income tax and national
 * insurance take 6 % less time (bench/rules).
 */
#ifndef WEAL_RULES_FUSE_H
#define WEAL_RULES_FUSE_H

#include "rules/plan.h"

enum { FUSE_BANDS_MOST = 16 };

struct fuse_band {
  int x; /* a step */
  double threshold, rate;
};

/* before + the bands in order; before: a step, or -1 for nothing */
struct fused {
  int before, count;
  struct fuse_band bands[FUSE_BANDS_MOST];
};

/* What may not be looked into: a step that several read, or that is kept as an output. */
struct fuse_view {
  const struct plan *plan;
  const int *readers; /* of each step */
  const int *direct;  /* of each step: -1 when it is no output */
};

/* Whether a step is such a sum; then also what it reads. A step that is none is left alone. */
bool fuse_bands(const struct fuse_view *view, int step, struct fused *out);

#endif
