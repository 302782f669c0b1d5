/* What the rules come to for an award or a claim, with what it rests on. */
#ifndef WEAL_AWARD_ASSESSED_H
#define WEAL_AWARD_ASSESSED_H

#include "assess/assess.h"
#include "award/award.h"

/* How much of the amount is known. Whoever tells it tells each of the four apart: a figure that the
 * rules do not give is neither shown nor sent. */
enum award_known {
  AWARD_OPEN,    /* nothing: no rule, no answer, or neither a lowest nor a highest */
  AWARD_EXACT,   /* `low`; `high` is the same */
  AWARD_RANGE,   /* from `low` to `high` */
  AWARD_AT_LEAST /* `low` or more: there is no highest, and `high` is 0 */
};
struct award_assessed {
  enum award_known known;
  int64_t low, high; /* pence, in each period of the entitlement */
  struct span facts; /* the numbers of the facts that stood: `facts:12 15`; may be empty */
  /* no recourse to public funds, which a claim would harm: it applies; or that is not known */
  bool is_without_funds, is_without_funds_unsure;
  const struct assessment *of;        /* from which it is taken */
  const struct assess_answer *answer; /* of it; null: none */
};
/* Of the person themself, on a day; with call->as_person as they may learn it: whoever decides
 * counts what others of the home told, which is not theirs to read. What is discretionary has no
 * answer, and its facts. */
enum status award_assess(const struct award_call *call, int64_t person,
                         const struct pack_entitlement *what, day_t on, struct award_assessed *out,
                         struct error *err) MUST_USE;
#define AWARD_FACTS_BEGIN "facts:"
/* Each number of the first `facts:12 15` of a text in turn. `at`: how far it was read, 0 at first;
 * *fact 0: a word that is no number. False: there is none more. */
bool award_next_fact(struct span text, size_t *at, int64_t *fact);
/* Whether the number of a fact stands in the first `facts:12 15` of a text. */
bool award_rests_on(struct span text, int64_t fact);
/* By which rows and rules: the pack's name, the latest year that it is meant for, its digest. */
enum status award_versions(const struct award_call *call, struct span *out,
                           struct error *err) MUST_USE;
/* An amount in another period than the rules', by the year: 52 weeks, 12 months. Half a penny is a
 * penny. */
int64_t award_in_period(int64_t pence, enum tell_per from, enum tell_per to);
/* The amount that the rules come to, in each `per` (PER_NONE: the rules' own). REFUSED at `amount`:
 * it is not exact, or nothing. */
enum status award_take_assessed(const struct award_call *call, int64_t person,
                                const struct pack_entitlement *what, day_t on, enum tell_per per,
                                int64_t *pence, struct span *facts, struct error *err) MUST_USE;

#endif
