/* What an assessment assumed: inputs of the rules that nobody told and nobody is asked for
 * (assumed.csv), and that could change what was worked out.
 *
 *     status = assess(arena, &q, &out, &err);
 *     status = assess_assumed(arena, &out, &assumed, &err);
 *     for each of assumed.all: row->name, row->taken, row->why, changes
 *
 * Each input is tried: the same home with what the row says in place of what is usual, of everybody
 * of the unit whose ages are those of the row. What changes an answer, or the range in which it
 * lies, is told. Whatever was told, settled by a plain question or known from the register is not
 * assumed. All homes that are tried are worked out together: 10 to 40 ms, for whoever asks.
 */
#ifndef WEAL_ASSESS_ASSUMED_H
#define WEAL_ASSESS_ASSUMED_H

#include "assess/assess.h"

struct assess_assumption {
  const struct pack_assumed *row;
  const struct pack_tellable *what; /* it can be told; null: it cannot */
  int change_count;
  const struct pack_entitlement *const *changes; /* whose amounts hang on it */
};
struct assess_assumptions {
  bool is_left_out; /* so little is told that nothing was tried */
  int count;
  const struct assess_assumption *all; /* in the order of the file */
};

/* None while it is not known who belongs together. REFUSED: the rules lack the variable of a row,
 * or it has no such value. */
enum status assess_assumed(struct arena *arena, const struct assessment *assessment,
                           struct assess_assumptions *out, struct error *err) MUST_USE;

#endif
