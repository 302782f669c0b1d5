/* What claims and disputes share. Private to award. */
#ifndef WEAL_AWARD_CLAIM_PARTS_H
#define WEAL_AWARD_CLAIM_PARTS_H

#include "award/assessed.h"
#include "award/claim.h"

/* Kept with the case, and not shown: rules and rows when it was made; the same, the facts and the
 * day when it was decided. */
#define CLAIM_VERSIONS "versions"
#define DECISION_FACTS "decision-rests-on"
#define DECISION_VERSIONS "decision-versions"
#define DECISION_ON "decision-of"

/* The call of a handler as one of awards. */
struct award_call claim_call(const struct case_call *call);

/* The row by which the case was opened, of its kind: whoever claimed may have died since, or have
 * come to an age of which another row is. Null: the pack has it no longer. */
const struct pack_claim *claim_row_of(const struct pack *pack, const struct case_file *file);

struct claim_decision {
  struct award_call call;
  const struct case_motion *motion;
  int64_t person;
  const struct pack_entitlement *what;
  day_t from;
  enum tell_per per;            /* of the amount; PER_NONE: the rules' own */
  const struct pack_claim *row; /* of the claim; null: the pack has it no longer */
  day_t claimed_on;             /* the day on which the claim was made */
};
enum status claim_decision(struct case_call *call, const struct case_file *file,
                           const struct case_motion *motion, struct claim_decision *out,
                           struct error *err) MUST_USE;
/* REFUSED where d->from is before the day that was claimed; of a dispute, which may be about that
 * day, before what the law lets a claim of that time go back to. */
enum status claim_check_first(const struct claim_decision *d, const struct case_file *file,
                              struct error *err) MUST_USE;
/* The amount that the decider wrote, else what the rules come to on d->from. */
enum status claim_take_amount(const struct claim_decision *d, int64_t *pence, struct span *facts,
                              struct error *err) MUST_USE;
/* Puts into file->kept what the decision rests on: the facts that stand on d->from, and by which
 * rows and rules. Every decision keeps it, also one that changes nothing. */
void claim_keep_basis(const struct claim_decision *d, struct span facts, struct span versions,
                      struct case_file *file);
/* The same, of a decision that works out no amount. */
enum status claim_keep_facts(const struct claim_decision *d, struct case_file *file,
                             struct error *err) MUST_USE;
/* The first day that was claimed; today where the case does not have it. */
day_t claim_first_day(const struct claim_decision *d, const struct case_file *file);
/* Makes the award, and sets file->result and file->kept. */
enum status claim_make_award(struct claim_decision *d, struct case_file *file,
                             struct error *err) MUST_USE;
/* The adults who have it together with the person: attested members of their benefit unit, where
 * the rule is of a group (a family, a household). None where it is each person's own. */
enum status award_family(const struct award_call *call, int64_t person,
                         const struct pack_entitlement *what, day_t on, int64_t **out, int *count,
                         struct error *err) MUST_USE;
/* REFUSED: more than what it helps to pay, as told of the first day, else of today (what nobody
 * told limits nothing); of a bill of the home, which others of it have a part of already, or which
 * the family does not owe, as they or the council told (gates.csv). */
enum status award_check_bill(const struct award_call *call, const struct award_terms *terms,
                             struct error *err) MUST_USE;
/* REFUSED at `body`: the body does not pay it. */
enum status award_check_body(struct store *store, struct arena *arena, const struct pack *pack,
                             int64_t body, const struct pack_entitlement *what,
                             struct error *err) MUST_USE;

#endif
