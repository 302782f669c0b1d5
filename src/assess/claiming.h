/* What a claim can cost, before it is sent: what it ends, what protection is lost, whom else it
 * harms, and where there is no button to claim at all; both sides in pounds where something ends;
 * and who advises where the person lives. What is said are rows of the pack (before-claiming.csv,
 * advice.csv); when a row applies is a yes or no of the rules, so that it can be not known.
 *
 *     status = assess(arena, &q, &out, &err);
 *     status = assess_before_claiming(arena, &out, &claims, &err);
 *     for each of claims.all: may_claim, warnings, sides
 *     if (claims.all[i].may_claim) ... claims.all[i].answer->what->claim ...
 *
 * Nothing is written, and no amount of `out` changes. One pass over the rules for all warnings (5
 * ms), and one more for each entitlement of which a row that `ends` something applies.
 */
#ifndef WEAL_ASSESS_CLAIMING_H
#define WEAL_ASSESS_CLAIMING_H

#include "assess/assess.h"

/* A yes or no of tellable.csv: `no` of whom a claim may cost their leave. */
#define ASSESS_PUBLIC_FUNDS "recourse_to_public_funds"

struct assess_warning {
  const struct pack_claiming *row;
  bool applies; /* else it is not known: row->unknown says so, `needs` would tell */
  int need_count;
  const struct assess_need *needs; /* in the order to ask */
};

struct assess_claiming {
  const struct assess_answer *answer; /* of the assessment: somebody may get something of it */
  /* it was told that it is in payment: there is nothing to claim, and no warning */
  bool is_paid_now;
  /* There is a page on which it is claimed, and no row that applies, or may apply, forbids a
   * button. Where it is false no address is shown. */
  bool may_claim;
  int warning_count;
  const struct assess_warning *warnings; /* in the order of the file */
  bool has_sides; /* a row that `ends` something applies, and the rules can do without the claim */
  /* What the household has a year, of all that an assessment tells, without income. On the side
   * without the claim, what would end stands with what is paid of it now, where that was told. */
  struct assess_total with, without;
};

struct assess_claims {
  int count;
  const struct assess_claiming *all; /* in the order of the answers */
  /* The warnings of public funds, of anybody of the unit and whatever an amount comes to: a claim
   * harms by itself. Where it is not known who belongs together only what applies. */
  int fund_count;
  const struct assess_warning *funds;
};

/* `all`: of each answer that somebody gets and that may come to something. Where it is not known
 * who belongs together nothing may be claimed yet, and there is no warning but of public funds.
 * REFUSED: the rules lack the variable of a row, or it is no yes or no. */
enum status assess_before_claiming(struct arena *arena, const struct assessment *assessment,
                                   struct assess_claims *out, struct error *err) MUST_USE;
/* Null: nobody gets anything of it. */
const struct assess_claiming *assess_claiming_of(const struct assess_claims *claims,
                                                 const struct assess_answer *answer);

/* On what advice is wanted before these claims, as bits; 0: there is no warning. */
unsigned assess_advice_topics(const struct assess_claims *claims);
/* Who advises on any of the topics (bits 1 << ADVICE_...; 0: all) where the person lives on the
 * day: rows of that place first, then of the nation. Where it is not known in which nation that is,
 * rows of all. */
enum status assess_advice(struct arena *arena, const struct assess_request *request,
                          unsigned topics, const struct pack_advice *const **out, int *count,
                          struct error *err) MUST_USE;

#endif
