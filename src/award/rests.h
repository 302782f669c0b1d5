/* An answer on which an award rests was corrected, changed or taken back: whoever awarded it is
 * asked to look at it again.
 *
 *     const struct award_answer answer = {.teller = person, .person = person, .party = fact.party,
 *                                         .variable = "savings", .fact = told.id};
 *     status = awards_ask_again(&call, &answer, &asked, &err);
 *
 * Each award of theirs, and of their family by the word of either (register/near.h), that rests on
 * an earlier answer to the same is a case of the kind `award-facts` for its body, once while it
 * waits. The award itself stands until the body changes or ends it (award_change).
 */
#ifndef WEAL_AWARD_RESTS_H
#define WEAL_AWARD_RESTS_H

#include "award/award.h"

#define AWARD_FACTS_KIND "award-facts"

struct award_answer {
  int64_t teller; /* who tells it, or for whom it is told */
  int64_t person; /* of whom it is: the teller, or a child of theirs */
  int64_t party;  /* of the fact: the person, or the household */
  const char *variable;
  int64_t fact; /* the number of what was told now, or of what takes it back */
};
/* opened: the last case, and its body; 0: none, or the pack has no such kind. In the caller's write
 * transaction, after the answer was written. Waits for others who write awards where there is one
 * to open. */
struct award_asked {
  int64_t opened, body;
};
enum status awards_ask_again(const struct award_call *call, const struct award_answer *answer,
                             struct award_asked *out, struct error *err) MUST_USE;

#endif
