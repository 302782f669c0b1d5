/* A plan, computed over a population: in blocks of rows that stay in the processor's cache, on as
 * many threads as asked.
 *
 * A block holds whole clusters (population.h), so that every group is whole within it. Each step
 * has its column of the block only as long as a later one needs it.
 */
#ifndef WEAL_RULES_RUN_H
#define WEAL_RULES_RUN_H

#include "rules/compile.h"

/* What is wanted: a step, and where its values go, a row each of its entity in the order of the
 * population (constants fill `rows`). */
struct run_output {
  const char *name; /* for messages; null: it may have no value (NAN) */
  int step, rows;
  double *values;
};

/* REFUSED: a division by zero, or a value that a parameter does not have, with the formula's place
 * and the row (in the order in which rows were given). */
enum status run_plan(struct arena *arena, const struct compiler *c,
                     const struct run_output *outputs, int count, int threads,
                     struct error *err) MUST_USE;

#endif
