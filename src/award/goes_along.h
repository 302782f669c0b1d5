/* What goes along with a claim: the answers that whoever decides it reads. The page before a claim
 * is sent, the claim's pack and the page on which it is decided all take them from here, so that
 * what is said to go along is what goes.
 *
 *     const struct goes_along_of of = {.person = claimant, .what = row->what, .on = from};
 *     status = goes_along(&call, &of, &goes, &err);
 *     for (int i = 0; i < goes.count; i++)             the claimant, their partner, children
 *       for (int k = 0; k < goes.people[i].count; k++) ... goes.people[i].all[k].what->name ...
 *
 * An answer goes along where what is claimed is one of its purposes (tellable.csv) and it holds on
 * the first day that is claimed: the claimant's own, those of their home, and of a partner or child
 * what is about them alone. Of somebody whom the claimant alone says to be theirs nothing goes
 * (register/benefit_unit.h: attested).
 */
#ifndef WEAL_AWARD_GOES_ALONG_H
#define WEAL_AWARD_GOES_ALONG_H

#include "award/award.h"
#include "register/benefit_unit.h"

struct goes_answer {
  const struct pack_tellable *what;
  const struct fact *fact;
  /* the claimant may read it: it is of them or of their home, or they told it. Of another's own
   * answer they learn which it is, and not what it says. */
  bool is_claimants;
};
struct goes_person {
  int64_t person;
  enum unit_role role;     /* UNIT_ADULT: the claimant */
  int count;               /* may be none */
  struct goes_answer *all; /* in the order of tellable.csv */
};
struct goes_along {
  int count; /* the claimant first; 0 never */
  struct goes_person *people;
};
struct goes_along_of {
  int64_t person;
  const struct pack_entitlement *what;
  day_t on;
  /* of a decided case: only `numbers`, as it keeps them (`facts:12 15`; empty: none), as they stood
   * then. False: all that stand */
  bool is_decided;
  struct span numbers;
};
enum status goes_along(const struct award_call *call, const struct goes_along_of *of,
                       struct goes_along *out, struct error *err) MUST_USE;

#endif
