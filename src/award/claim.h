/* Claims: somebody asks a body for an entitlement. A claim is a case of a kind whose handler is
 * `claim`, a dispute of its decision one whose handler is `dispute`; who decides what, how far back
 * a claim goes, how long a decision may take and what can be done against it are rows of claims.csv
 * and disputes.csv.
 *
 *     const struct case_fact facts[] = {{"variable", span_of("housing_benefit")}};
 *     struct case_opening opening = {.kind = "claim", .party = person, .facts = facts,
 *         .fact_count = 1};
 *     status = case_open(store, arena, &desk, &actor, &opening, &id, &err);
 *     ...
 *     status = case_move(store, arena, &desk, &officer, &(struct case_motion){.id = id,
 *         .move = "award"}, &file, &err);                          file.result: award:12
 *
 * Opening finds the body, takes today where no day is named, holds the day against the law of the
 * row, and keeps with the case what the rules come to on that day, the numbers of the facts that
 * stood, and the digest of rules and rows. A person has one open claim of a thing (the kind's
 * column `again`), and none of what is awarded to them already.
 *
 * `award` makes an award in the transaction of the decision, of what the rules come to when it is
 * decided or of another amount, for which the decider says why; `change` of a dispute changes it
 * from its first day, or makes one where the claim was refused.
 */
#ifndef WEAL_AWARD_CLAIM_H
#define WEAL_AWARD_CLAIM_H

#include "award/award.h"

#define CLAIM_HANDLER "claim"
#define DISPUTE_HANDLER "dispute"
#define CLAIM_SUBJECT "claim:"       /* and the variable: what the case is about */
#define CLAIM_MOVE_AWARDED "awarded" /* the program's: an award came from elsewhere */
#define CLAIM_DECIDED "decided-on"   /* of what was decided elsewhere: the day on the decision */
#define AWARD_RESULT "award:"        /* and the number: what a decision made */

extern const struct case_handler award_claim_handler, award_dispute_handler;

/* What the rules come to, as facts of a claim: `assessed`, `at-least`, `at-most`, `rules-per`. The
 * claim keeps them as the claimant may learn them. */
enum { CLAIM_FIGURES = 4 };
int claim_figure(const char *word); /* CLAIM_FIGURES: it is none of them */
/* What the rules come to now with all that is known of the home, for whoever decides, on the day
 * that was claimed (of a dispute today); `figures`: the same as facts, empty spans where there is
 * none. Never shown to the claimant. out->of null: the pack has it no longer. */
struct award_assessed;
enum status claim_assess_all(const struct award_call *call, const struct case_file *file,
                             struct award_assessed *out, struct span *figures,
                             struct error *err) MUST_USE;
/* Kept with a claim, and not shown: the numbers of the facts that stood when it was made. */
#define CLAIM_FACTS "rests-on"
/* What the decision rested on, of a claim and of a dispute whatever was decided; of a decision from
 * before that was kept, what its award keeps, else what the claim does. */
struct claim_basis {
  bool is_kept;         /* false: nobody knows, which is not the same as none */
  struct span facts;    /* their numbers, `facts:12 15`; empty: there were none */
  struct span versions; /* by which rows and rules; empty: it is not kept */
  day_t on;             /* the day that was looked at; DAY_NONE: it is not kept */
};
enum status claim_basis_of(struct store *store, struct arena *arena, const struct case_file *file,
                           struct claim_basis *out, struct error *err) MUST_USE;

/* Whether the case is a claim, or a dispute of one. */
bool claim_is(const struct case_file *file);
bool claim_is_dispute(const struct case_file *file);
/* What is claimed; null: the pack has it no longer. */
const struct pack_entitlement *claim_of(const struct pack *pack, const struct case_file *file);
/* The claims of a person that wait for an answer, under whichever of their records, newest first.
 * What it is of is claim_of; the day on which it was made is that of its opened_at. */
enum status claims_waiting(struct store *store, struct arena *arena, const struct pack *pack,
                           int64_t person, day_t today, struct case_file **out, int *count,
                           struct error *err) MUST_USE;
/* The one of an entitlement among them; null: none. */
const struct case_file *claim_among(const struct pack *pack, const struct case_file *all, int count,
                                    const struct pack_entitlement *what);
/* The award that the decision made; 0: none. */
int64_t claim_award(const struct case_file *file);

/* Which part of the country's law holds: of the body's place, else of the person's home. One of
 * DIVISION_*; DIVISION_ALL where neither is known by its code (E..., W..., S..., N...). */
enum status claim_division(struct store *store, struct arena *arena, int64_t person, int64_t body,
                           day_t day, int *out, struct error *err) MUST_USE;

/* Whether it was decided elsewhere and nobody said on which day: the days of its steps run from the
 * day on the decision, not from the day on which it came here. */
bool claim_day_is_unknown(const struct pack *pack, const struct case_file *file);
/* What can be done now against a case that is decided, the next steps of disputes.csv: each with
 * its last days. */
enum { CLAIM_STEPS_MOST = 8 };
struct claim_step {
  const struct pack_dispute *row;
  day_t last, last_late; /* DAY_NONE: there is none, or the day of the decision is not known */
};
/* *count 0: it waits, was taken back, or the pack has no steps. */
enum status claim_steps(struct store *store, struct arena *arena, const struct pack *pack,
                        const struct case_file *file, struct claim_step *out, int *count,
                        struct error *err) MUST_USE;

/* The kind of case in which the person claims it, and its row. REFUSED at `variable`: nothing is
 * claimed by that name, or not by them. */
enum status claim_row(struct store *store, const struct pack *pack, int64_t person,
                      struct span variable, day_t on, const struct pack_claim **out,
                      struct error *err) MUST_USE;
/* The body that decides it for the person. REFUSED at `body`: it is not known which. */
enum status claim_body(struct store *store, struct arena *arena, const struct pack *pack,
                       int64_t person, const struct pack_entitlement *what, day_t on, int64_t *out,
                       struct error *err) MUST_USE;

#endif
