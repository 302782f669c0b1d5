/* Actions of claims: made by whom they are about or a helper, or taken from them by an officer.
 * They are decided and disputed as cases are (case-move, request-open). */
#include "action/cases.h"
#include "action/rows.h"
#include "award/claim.h"
#include "base/refusal.h"
#include "register/near.h"

enum { CLAIM_FACTS_GIVEN = 2 };

#define CLAIM_FIELDS \
  {.name = "variable", .kind = FIELD_CODE, .label = N_("What is claimed")}, \
      {.name = "from", \
       .kind = FIELD_DAY, \
       .optional = true, \
       .past = true, \
       .label = N_("From which day?"), \
       .hint = N_("Leave it empty for today")}, \
  { \
    .name = "reason", .kind = FIELD_LONG, .optional = true, .most = CASE_WORDS_BYTES_MAX, \
    .label = N_("Anything to say about it?"), \
    .hint = N_("From an earlier day: why it was not claimed then") \
  }

static const struct choice agrees[] = {
    {"yes", N_("What was told is right, and goes along with the claim to whoever decides it")},
    {NULL, NULL}};
static const struct field make_fields[] = {CLAIM_FIELDS,
                                           {.name = "agree",
                                            .kind = FIELD_CHOICES,
                                            .choices = agrees,
                                            .label = N_("Before it is sent"),
                                            .missing = N_("Say that what was told is right")},
                                           {.name = NULL}};
static const struct choice says_so[] = {
    {"yes", N_("They say that what was told is right, and agree that it goes along with the claim "
               "to whoever decides it")},
    {NULL, NULL}};
static const struct field take_fields[] = {
    CLAIM_FIELDS,
    {.name = "body",
     .kind = FIELD_CODE,
     .optional = true,
     .label = N_("Which council decides it, if it is not theirs?")},
    {.name = "agree",
     .kind = FIELD_CHOICES,
     .choices = says_so,
     .label = N_("Before it is sent"),
     .missing = N_("Say that they find right what was told, and agree that it goes along")},
    {.name = "confirmed",
     .kind = FIELD_CHOICE,
     .optional = true,
     .is_step = true,
     .choices = confirmed_choices},
    {.name = NULL}};

static enum status open_claim(struct action_call *call, bool is_officer, int64_t body,
                              struct error *err) {
  struct action_case side;
  const struct pack_claim *row = NULL;
  int64_t id = 0;
  const struct case_fact facts[CLAIM_FACTS_GIVEN] = {{"variable", action_text(call, "variable")},
                                                     {"from", action_text(call, "from")}};
  struct case_opening opening = {.party = call->subject,
                                 .facts = facts,
                                 .fact_count = CLAIM_FACTS_GIVEN,
                                 .reason = action_text(call, "reason"),
                                 .to_body = body};
  enum status status = claim_row(call->store, call->pack, call->subject, facts[0].value,
                                 call->today, &row, err);
  if (status == DONE) status = action_case_begin(call, is_officer, &side, err);
  if (status != DONE) return status;
  /* the operator takes a claim as nobody in particular */
  if (is_officer && call->actor.is_operator) side.actor.person = side.actor.record_count = 0;
  opening.kind = row->kind;
  status = case_open(call->store, call->arena, &side.desk, &side.actor, &opening, &id, err);
  if (status == DONE) action_answer_int(call, "case", id);
  return status;
}

static enum status run_make(struct action_call *call, struct error *err) {
  if (open_claim(call, false, 0, err) != DONE) return err->code;
  bool own = call->actor.is_operator || call->subject == call->actor.person;
  return own ? DONE : action_note(call, call->subject, "a claim made", "helping", err);
}

/* What an officer takes goes by their word: not of themself, their family or home. */
static enum status check_not_theirs(const struct action_call *call, struct error *err) {
  bool near = false;
  enum status status = register_is_near(call->store, call->arena, call->actor.person, call->subject,
                                        call->today, &near, err);
  return near ? refuse_at(err, "", FACT_OWN_RECORD) : status;
}

/* Why not would say what they are awarded, what they or their family claim, or that they have no
 * public funds: whoever decides it may know, and the claimant. */
static bool is_private(enum refusal_code code) {
  return code == REFUSAL_CLAIM_WITHOUT_FUNDS || code == REFUSAL_CLAIM_AWARDED ||
         code == REFUSAL_AWARD_OF_FAMILY || code == REFUSAL_CASE_WAITS_ALREADY;
}

/* Whether the officer acts for whoever decides it. */
static enum status decides_it(const struct action_call *call, bool *out, struct error *err) {
  const struct pack_entitlement *what = pack_find_entitlement(call->pack,
                                                              action_text(call, "variable"));
  int64_t body = 0;
  struct error none = {0};
  *out = call->actor.is_operator;
  if (*out || !what) return DONE;
  enum status status = claim_body(call->store, call->arena, call->pack, call->subject, what,
                                  call->today, &body, &none);
  if (status == FAILED) return *err = none, FAILED;
  for (int i = 0; i < call->body_count; i++) *out |= body && call->bodies[i] == body;
  return DONE;
}

static enum status run_take(struct action_call *call, struct error *err) {
  int64_t body = 0;
  bool decides = false;
  struct error why = {0};
  if (check_not_theirs(call, err) != DONE || decides_it(call, &decides, err) != DONE)
    return err->code;
  if (action_body(call, "body", &body, err) != DONE) return err->code;
  enum status status = open_claim(call, true, body, &why);
  if (status == REFUSED && !decides && is_private(why.refusal.code))
    return refuse_at(err, "variable", CLAIM_NOT_AT_DESK);
  if (status != DONE) return *err = why, status;
  return action_note(call, call->subject, "a claim taken", call->reason, err);
}

#define OPEN_REFUSALS \
  REFUSAL_CLAIM_UNKNOWN, REFUSAL_CLAIM_NOT_HERE, REFUSAL_CLAIM_OF_THE_DEAD, REFUSAL_CLAIM_AHEAD, \
      REFUSAL_CLAIM_TOO_FAR_BACK, REFUSAL_CLAIM_FROM_TODAY, REFUSAL_CLAIM_BACK_REASON, \
      REFUSAL_CLAIM_WITHOUT_FUNDS, REFUSAL_CLAIM_FUNDS_UNKNOWN, REFUSAL_CLAIM_AWARDED, \
      REFUSAL_AWARD_OF_FAMILY, REFUSAL_CLAIM_BODY_UNKNOWN, REFUSAL_CASE_WAITS_ALREADY, \
      REFUSAL_CASE_TOO_MANY_WAIT, REFUSAL_CASE_NOT_TO_OPEN
static const enum refusal_code make_refusals[] = {OPEN_REFUSALS, REFUSAL_NONE};
static const enum refusal_code take_refusals[] = {OPEN_REFUSALS, REFUSAL_FACT_OWN_RECORD,
                                                  REFUSAL_CLAIM_NOT_AT_DESK, REFUSAL_NONE};
static const char *const answers[] = {"case", NULL};

const struct action claim_actions[] = {
    {.name = "claim-make",
     .summary = "Claims an entitlement; the case keeps the facts and what the rules come to.",
     .fields = make_fields,
     .needs = SIGNED_IN,
     .helper = HELPER_NOTIFY,
     .about = ABOUT_ONESELF,
     .needs_terms = true,
     .refusals = make_refusals,
     .answers = answers,
     .run = run_make},
    {.name = "claim-take",
     .summary = "Takes somebody's claim, as an officer to whom they said it.",
     .fields = take_fields,
     .needs = MAY_RECORD,
     .about = ABOUT_PERSON,
     .needs_terms = true,
     .refusals = take_refusals,
     .answers = answers,
     .run = run_take},
    {.name = NULL},
};
