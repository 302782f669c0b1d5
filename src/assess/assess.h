/* What a household is entitled to and must pay on a day, from what was told about it, and what to
 * ask while not everything is known.
 *
 *     struct assess_request q = {.store = store, .pack = pack, .rules = rules, .person = person,
 *                                .on = day};
 *     status = assess(arena, &q, &out, &err);
 *     for each of out.answers: what, low, high, needs
 *     out.questions: what to ask, the first first
 *
 * The unit is an adult, their partner and the children they are responsible for, as facts say
 * (register/facts.h); nothing of it is taken from an address. While one of these relations is not
 * known no amount is told: the answers need it, and it is the first question. What else is not
 * known is a range (rules/range.h), never zero: an answer is exact, or lies from `low` to `high`,
 * and `needs` says what would tell. What nobody may be asked (it is no row of tellable.csv, or is
 * asked of other ages) is the default of the rules. In place of what a gate (gates.csv) may settle
 * the gate is asked, so a question may be a variable that no rule has.
 *
 * Everything is read in the law's own periods (the legal reading): a month or week that begins on
 * the day, or the tax year around it. Amounts are pounds in the entitlement's own period.
 */
#ifndef WEAL_ASSESS_ASSESS_H
#define WEAL_ASSESS_ASSESS_H

#include "pack/pack.h"
#include "rules/model.h"
#include "store/store.h"

/* Something else than what is known, for `what if`: it holds instead. Not told by anybody. */
struct assess_instead {
  int64_t person; /* whose; of a household's variable any member */
  const struct pack_tellable *what;
  struct span value, per; /* as a fact is told; per empty: the usual one */
};

struct assess_request {
  struct store *store;
  const struct pack *pack;
  const struct rules *rules;
  int64_t person;
  day_t on;
  int instead_count;
  const struct assess_instead *instead;
};

struct assess_need {
  const struct pack_tellable *what;
  int64_t person; /* whose; of a household's variable the person who is assessed */
};

struct assess_answer {
  const struct pack_entitlement *what;
  int64_t person; /* whose it is; 0: the unit's or the household's */
  double low, high;
  bool is_exact; /* then low is the amount */
  bool is_open;  /* nothing can be said yet: a relation is not known */
  int need_count;
  const struct assess_need *needs; /* in the order to ask */
};

struct assessment {
  day_t on;
  int unit_count;
  const int64_t *unit; /* the person first, then their partner, then children by age */
  int answer_count;
  const struct assess_answer *answers; /* in the order of entitlements.csv, then of the unit */
  int question_count;
  const struct assess_need *questions; /* in the order to ask */
};

/* REFUSED: the pack has no entitlements; one that no rule computes; a fact of another form than the
 * rule's variable. */
enum status assess(struct arena *arena, const struct assess_request *request,
                   struct assessment *out, struct error *err) MUST_USE;

#endif
