/* Two awards of one thing that are in force on the same days: of records that turned out to be one
 * person, or of a couple who turned out to be one. Nobody makes such a pair (award_make refuses
 * it); a merge of records does, and what is told later of who belongs together.
 *
 *     status = awards_settle_twice(&call, survivor, &opened, &err);      after a merge
 *     ...
 *     status = awards_settle_twice(&call, keep, &opened, &err);       after it was undone, of both
 *
 * Each pair is a case of the kind `award-twice` for the body that made the later award. While it
 * waits the earlier award is paid, and of the later one no day that both are for (pay.h). The
 * decision ends one of them from the first day that both are for, so that what was paid twice is
 * overpaid (award_change), or leaves both. Where the reason goes away, because the merge is undone
 * or one of them has ended, the case is closed; where the merge is undone after the decision, the
 * award that it ended is as it was before, and what was asked back is not asked back any more. What
 * one of a couple tells after the decision changes nothing by itself: where by it they were none on
 * the first day that both were for, the case waits once more, and the decision stands until
 * somebody has decided again.
 */
#ifndef WEAL_AWARD_TWICE_H
#define WEAL_AWARD_TWICE_H

#include "award/award.h"

#define TWICE_KIND "award-twice"
/* the program's moves: there are no two any more; what was told since says that there were none */
#define TWICE_OVER "over"
#define TWICE_AGAIN "again"

extern const struct case_handler award_twice_handler;

/* Opens and closes cases about all records of the person and of whoever has it together with them.
 * Waits for others who write awards. In the caller's write transaction. */
enum status awards_settle_twice(const struct award_call *call, int64_t person, int64_t *opened,
                                struct error *err) MUST_USE;

/* What waits for a decision: of which award nothing is paid on days that another is for. */
struct award_held {
  int64_t award, stands;
  day_t from;
};
enum status awards_held(struct store *store, struct arena *arena, struct award_held **out,
                        int *count, struct error *err) MUST_USE;

#endif
