/* The ranges of many homes, of any kinds, by one plan that is kept: what range_bound says of each
 * of them, without compiling the formulas anew.
 *
 *     status = range_keep(arena, &request, &kept, &err);           once; request.pop: see below
 *     struct range_lane *lane = range_lane_make();                 once in each thread
 *     status = range_bound_kept(arena, kept, lane, &request, &result, &err);   of each batch
 *     range_lane_free(lane);
 *
 * range.h computes while it compiles, and leaves out what is decided for all rows that it has: the
 * plan, and with it what is not decided, hangs on who stands in the same population. Here every
 * branch of every formula is a step, and each row is computed by itself: what is said of a home
 * does not hang on who shares its batch, to the last bit. A step that no row needs is not computed:
 * one is computed when the first that reads it is, and a decided condition reads one branch only.
 *
 * Most of what is read was told or follows from it. So a step is a column of doubles, computed by
 * the kernels of run.h, or one double where all rows are the same; cells (range_cells.h) stand
 * beside it for the rows that are not known.
 *
 * By the pack of the United Kingdom the plan of seven benefits has 65,000 steps and is compiled in
 * some 30 ms; a batch of 48 homes reads an eighth of them.
 */
#ifndef WEAL_RULES_RANGE_KEPT_H
#define WEAL_RULES_RANGE_KEPT_H

#include "rules/range.h"

struct range_kept;

/* `request`: its rules, reading and wanted, which live as long; of its population the columns alone
 * count: all that a home may be told, whoever tells it. A population that is worked out later need
 * not have all of them: who is told nothing has the default. REFUSED: a parameter without a value
 * on the day, in any branch; then homes are worked out by range_bound, each by itself. */
enum status range_keep(struct arena *arena, const struct range_request *request,
                       struct range_kept **out, struct error *err) MUST_USE;

/* The memory of one thread. */
struct range_lane;
struct range_lane *range_lane_make(void);
void range_lane_free(struct range_lane *lane); /* takes null */

/* As range_bound; the request's wanted are those of the plan. FAILED: a column was not there when
 * the plan was made, or one that stands in place of a formula is not there now. */
enum status range_bound_kept(struct arena *arena, const struct range_kept *kept,
                             struct range_lane *lane, const struct range_request *request,
                             struct range_result *out, struct error *err) MUST_USE;

#endif
