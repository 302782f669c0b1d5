/* Actions of awards: made, changed and ended by officers of the body that pays them, and what they
 * make due. */
#include "action/awards.h"
#include "action/cases.h"
#include "action/rows.h"
#include "award/assessed.h"
#include "award/claim.h"
#include "award/pay.h"
#include "award/rows.h"
#include "base/limits.h"
#include "base/money.h"
#include "register/near.h"

#define AWARD_FIELD \
  { \
    .name = "award", .kind = FIELD_COUNT, .least = 1, .most = INT64_MAX, \
    .label = N_("Number of the award") \
  }
#define BODY_FIELD \
  { \
    .name = "body", .kind = FIELD_CODE, .optional = true, \
    .label = N_("Code of the organisation, where you act for several") \
  }
/* a page shows first what it comes to */
#define AWARD_CONFIRMED_FIELD \
  { \
    .name = "confirmed", .kind = FIELD_CHOICE, .optional = true, .is_step = true, \
    .choices = confirmed_choices \
  }
/* of what the page showed */
#define AWARD_SHOWN_FIELD \
  { .name = "shown", .kind = FIELD_TEXT, .optional = true, .is_step = true, .most = 64 }
#define WHY_FIELD \
  { .name = "why", .kind = FIELD_TEXT, .most = LIMIT_EVIDENCE_BYTES, .label = N_("Why?") }

static const struct field make_fields[] = {
    {.name = "variable", .kind = FIELD_CODE, .label = N_("What is awarded")},
    {.name = "amount",
     .kind = FIELD_MONEY,
     .optional = true,
     .least = 1,
     .label = N_("Amount"),
     .hint = N_("Leave it empty to take what the assessment comes to")},
    {.name = "per",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = per_choices,
     .label = N_("How often")},
    {.name = "from", .kind = FIELD_DAY, .label = N_("From which day?")},
    {.name = "to",
     .kind = FIELD_DAY,
     .optional = true,
     .label = N_("Until which day?"),
     .hint = N_("Leave it empty until further notice")},
    {.name = "pay",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = pay_choices,
     .label = N_("How often is it paid?")},
    {.name = "first",
     .kind = FIELD_DAY,
     .optional = true,
     .label = N_("First day of pay"),
     .hint = N_("Leave it empty for a whole period after the first day")},
    {.name = "evidence",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = LIMIT_EVIDENCE_BYTES,
     .label = N_("What it rests on")},
    BODY_FIELD,
    {.name = NULL}};
static const struct field change_fields[] = {
    AWARD_FIELD,
    {.name = "amount", .kind = FIELD_MONEY, .least = 1, .label = N_("Amount")},
    {.name = "from", .kind = FIELD_DAY, .label = N_("From which day?")},
    WHY_FIELD,
    AWARD_CONFIRMED_FIELD,
    AWARD_SHOWN_FIELD,
    {.name = NULL}};
static const struct field end_fields[] = {
    AWARD_FIELD,       {.name = "last", .kind = FIELD_DAY, .label = N_("Last day of the award")},
    WHY_FIELD,         AWARD_CONFIRMED_FIELD,
    AWARD_SHOWN_FIELD, {.name = NULL}};
static const struct field pay_fields[] = {
    {.name = "to", .kind = FIELD_DAY, .label = N_("Up to which day?")}, {.name = NULL}};

/* ---- who ---- */

/* Theirs is what is awarded to their family too. */
static enum status check_not_own(const struct action_call *call, struct error *err) {
  bool near = false;
  enum status status = register_is_near(call->store, call->arena, call->actor.person, call->subject,
                                        call->today, &near, err);
  return near ? refuse_at(err, "", AWARD_OWN) : status;
}

/* The body that the officer acts for: the one that is named, or their only one. */
static enum status take_body(const struct action_call *call, int64_t *body, struct error *err) {
  enum status status = check_not_own(call, err);
  if (status == DONE) status = action_body(call, "body", body, err);
  if (status != DONE) return status;
  if (!*body && call->body_count == 1) *body = call->bodies[0];
  bool theirs = call->actor.is_operator && *body;
  for (int i = 0; i < call->body_count; i++) theirs |= call->bodies[i] == *body;
  return theirs ? DONE : refuse_at(err, "body", AWARD_BODY_MISSING);
}

/* An award of a body for which the actor acts. */
static enum status find_award(const struct action_call *call, struct award *out,
                              struct error *err) {
  enum status status = award_find(call->store, call->arena, call->subject,
                                  action_int(call, "award"), out, err);
  if (status != DONE) return status;
  if (call->actor.is_operator) return DONE;
  bool theirs = false;
  for (int i = 0; i < call->body_count; i++) theirs |= call->bodies[i] == out->body;
  if (!theirs) return refuse_at(err, "award", AWARD_OF_OTHERS, (long long)out->award);
  return check_not_own(call, err);
}

static enum status begin(const struct action_call *call, struct action_case *side,
                         struct award_call *out, struct error *err) {
  enum status status = action_case_begin(call, true, side, err);
  *out = action_award_call(call, side);
  return status;
}

/* ---- what it rests on ---- */

/* What the rules come to, which must be exact. */
static enum status take_assessed(const struct award_call *award, struct award_terms *t,
                                 struct error *err) {
  t->source = "assessment";
  return award_take_assessed(award, t->person, t->what, t->from, t->per, &t->pence, &t->facts, err);
}

/* The operator, whom no second person approves, says what much at once rests on. */
static enum status check_due_at_once(const struct action_call *call, int64_t number,
                                     struct error *err) {
  const struct award_due_query q = {
      .person = call->subject, .award = number, .today = call->today, .now = call->now};
  struct award_due due;
  if (!call->actor.is_operator || action_has(call, "evidence") || !call->pack->second_from)
    return DONE;
  enum status status = award_due(call->store, call->arena, call->pack, &q, &due, err);
  return status == DONE && due.at_once >= call->pack->second_from
             ? award_refuse_at_once("evidence", due.at_once, err)
             : status;
}

/* ---- the calls ---- */

static enum status run_make(struct action_call *call, struct error *err) {
  struct action_case side;
  struct award_call award;
  int64_t number = 0;
  char quoted[SPAN_QUOTE_SIZE];
  const struct span variable = action_text(call, "variable"), per = action_text(call, "per");
  struct award_terms t = {.person = call->subject,
                          .what = pack_find_entitlement(call->pack, variable),
                          .pence = action_int(call, "amount"),
                          .from = action_day(call, "from"),
                          .to = action_has(call, "to") ? action_day(call, "to") : DAY_NONE,
                          .pay_days = action_text(call, "pay"),
                          .first_due = action_has(call, "first") ? action_day(call, "first")
                                                                 : DAY_NONE,
                          .source = "amounts",
                          .facts = action_text(call, "evidence")};
  if (!t.what)
    return refuse_at(err, "variable", AWARD_VARIABLE_UNKNOWN, span_quote(variable, quoted));
  t.per = tell_per_of(per);
  if (take_body(call, &t.body, err) != DONE || begin(call, &side, &award, err) != DONE)
    return err->code;
  if (!action_has(call, "amount") && take_assessed(&award, &t, err) != DONE) return err->code;
  if (award_versions(&award, &t.versions, err) != DONE ||
      award_make(&award, &t, &number, err) != DONE)
    return err->code;
  action_answer_int(call, "award", number);
  action_answer_int(call, "pence", t.pence);
  if (check_due_at_once(call, number, err) != DONE) return err->code;
  return action_note(call, call->subject, "award made", call->reason, err);
}

static enum status change_it(struct action_call *call, struct award_changing *change,
                             const char *what, struct error *err) {
  struct action_case side;
  struct award_call award;
  struct award now;
  struct award_changed changed = {0};
  if (find_award(call, &now, err) != DONE || begin(call, &side, &award, err) != DONE ||
      award_versions(&award, &change->versions, err) != DONE ||
      award_change(&award, call->subject, now.award, change, &changed, err) != DONE)
    return err->code;
  action_answer_int(call, "award", now.award);
  if (changed.arrears) action_answer_int(call, "arrears", changed.arrears);
  if (changed.overpaid) {
    action_answer_int(call, "overpaid", changed.overpaid);
    action_answer_int(call, "case", changed.opened);
  }
  return action_note(call, call->subject, what, call->reason, err);
}

static enum status run_change(struct action_call *call, struct error *err) {
  struct award_changing change = {.from = action_day(call, "from"),
                                  .pence = action_int(call, "amount"),
                                  .why = action_text(call, "why")};
  return change_it(call, &change, "award changed", err);
}

static enum status run_end(struct action_call *call, struct error *err) {
  struct award_changing change = {.from = action_day(call, "last") + 1,
                                  .why = action_text(call, "why")};
  return change_it(call, &change, "award ended", err);
}

static enum status run_pay(struct action_call *call, struct error *err) {
  struct action_case side;
  struct pay_result result = {0};
  if (action_case_begin(call, true, &side, err) != DONE) return err->code;
  const struct pay_request request = {.store = call->store,
                                      .pack = call->pack,
                                      .desk = &side.desk,
                                      .who = call->actor.by.who,
                                      .to = action_day(call, "to"),
                                      .today = call->today};
  if (awards_pay(call->arena, &request, &result, err) != DONE) return err->code;
  action_answer_int(call, "payments", result.payments);
  action_answer_int(call, "pence", result.pence);
  action_answer_int(call, "ended", result.ended);
  action_answer_int(call, "opened", result.opened);
  if (result.aside_count) action_answer_int(call, "aside", result.aside_count);
  return DONE;
}

/* ---- the second person ---- */

/* The award that a call made or changed: its answer `award`, or the result of a case. */
static int64_t award_answered(const struct action_call *call) {
  const char *result = action_answer_of(call, "result");
  const size_t begins = sizeof AWARD_RESULT - 1;
  int64_t number = action_answer_int_of(call, "award");
  if (number || !result || strncmp(result, AWARD_RESULT, begins) != 0) return number;
  return integer_parse(span_of(result + begins), &number, NULL) == DONE ? number : 0;
}

static enum status read_due(const struct action_call *call, int64_t person, int64_t award,
                            struct award_sums *out, struct error *err) {
  struct award_due alone, week;
  struct award made;
  enum status status = award_find(call->store, call->arena, person, award, &made, err);
  struct award_due_query q = {.person = person,
                              .body = status == DONE ? made.body : 0,
                              .today = call->today,
                              .now = call->now};
  if (status == DONE) status = award_due(call->store, call->arena, call->pack, &q, &week, err);
  q.award = award;
  if (status == DONE) status = award_due(call->store, call->arena, call->pack, &q, &alone, err);
  if (status != DONE) return status;
  const int64_t most = call->pack->second_from;
  *out = (struct award_sums){.person = person,
                             .award = award,
                             .body = made.body,
                             .pence = made.pence,
                             .per = made.per,
                             .from = made.from,
                             .to = made.to,
                             .at_once = alone.at_once,
                             .each = alone.each,
                             .arrears = action_answer_int_of(call, "arrears"),
                             .overpaid = action_answer_int_of(call, "overpaid"),
                             .next_count = alone.next_count,
                             .is_large = most && award_due_sum(&week) >= most};
  memcpy(out->next, alone.next, sizeof out->next);
  return DONE;
}

/* After the call was run. */
static enum status sums_of(struct action_call *call, int64_t person, struct award_sums *out,
                           struct error *err) {
  const int64_t award = award_answered(call);
  *out = (struct award_sums){0};
  return award ? read_due(call, person, award, out, err) : DONE;
}

enum status award_sums_tried(struct action_call *call, int64_t person, struct award_sums *out,
                             struct error *err) {
  struct error lost = {0};
  const int answers = call->answer_count;
  *out = (struct award_sums){0};
  /* Before the savepoint, with which PostgreSQL lets go what is locked after it: of two who award
   * at the same moment the second sees what the first did. */
  if (award_rows_hold(call->store, err) != DONE || store_savepoint(call->store, err) != DONE)
    return err->code;
  enum status status = call->action->run(call, err);
  if (status == DONE) status = sums_of(call, person, out, err);
  call->answer_count = answers;
  if (store_savepoint_undo(call->store, &lost) != DONE) return *err = lost, lost.code;
  return status;
}

/* What comes to much at once, or each time, is not decided by one person alone. */
static enum status needs_second(struct action_call *call, struct action_second_need *need,
                                struct error *err) {
  struct award_sums sums;
  if (!call->pack->second_from) return DONE;
  enum status status = award_sums_tried(call, call->subject, &sums, err);
  need->needed = status == DONE && sums.is_large;
  need->body = sums.body;
  return status;
}

#define AWARD_SECOND_WHEN \
  "of what makes so much due at once or in one payment, with what the body awarded the person " \
  "or their family within a week, as the pack names (`second_person_from`)"
static const struct action_second make_second = {.kind = SECOND_OF_A_BODY,
                                                 .when = AWARD_SECOND_WHEN,
                                                 .needed = needs_second,
                                                 .asks = N_("%s asks to award something to %s")};
static const struct action_second change_second = {.kind = SECOND_OF_A_BODY,
                                                   .when = AWARD_SECOND_WHEN,
                                                   .needed = needs_second,
                                                   .asks = N_(
                                                       "%s asks to change what is awarded to %s")};

/* ---- rows ---- */

static const enum refusal_code make_refusals[] = {
    REFUSAL_AWARD_VARIABLE_UNKNOWN, REFUSAL_AWARD_IS_A_CHARGE,
    REFUSAL_AWARD_BODY_MISSING,     REFUSAL_AWARD_OF_ANOTHER_BODY,
    REFUSAL_AWARD_AMOUNT_TOO_LARGE, REFUSAL_AWARD_ABOVE_BILL,
    REFUSAL_AWARD_BILL_SHARED,      REFUSAL_AWARD_BILL_OF_OTHERS,
    REFUSAL_AWARD_DUE_AT_ONCE,      REFUSAL_AWARD_PER,
    REFUSAL_AWARD_PAY_DAYS,         REFUSAL_AWARD_FIRST_DUE,
    REFUSAL_AWARD_ENDS_BEFORE,      REFUSAL_AWARD_DAY_OUT_OF_BOUNDS,
    REFUSAL_AWARD_AFTER_DEATH,      REFUSAL_AWARD_TWICE,
    REFUSAL_AWARD_OF_FAMILY,        REFUSAL_AWARD_NOT_EXACT,
    REFUSAL_AWARD_NOTHING,          REFUSAL_AWARD_OWN,
    REFUSAL_BODY_CODE_UNKNOWN,      REFUSAL_NONE};
static const enum refusal_code change_refusals[] = {REFUSAL_AWARD_UNKNOWN,
                                                    REFUSAL_AWARD_OF_OTHERS,
                                                    REFUSAL_AWARD_ENDED,
                                                    REFUSAL_AWARD_BEGINS_LATER,
                                                    REFUSAL_AWARD_DAY_OUT_OF_BOUNDS,
                                                    REFUSAL_AWARD_OWN,
                                                    REFUSAL_AWARD_AMOUNT_TOO_LARGE,
                                                    REFUSAL_AWARD_ABOVE_BILL,
                                                    REFUSAL_AWARD_BILL_SHARED,
                                                    REFUSAL_AWARD_BILL_OF_OTHERS,
                                                    REFUSAL_AWARD_SAME,
                                                    REFUSAL_NONE};
static const enum refusal_code pay_refusals[] = {REFUSAL_AWARD_PAY_FUTURE, REFUSAL_NONE};
static const char *const change_answers[] = {"award", "arrears",   "overpaid",
                                             "case",  "waits-for", NULL};
static const char *const end_answers[] = {"award", "overpaid", "case", NULL};

const struct action award_actions[] = {
    {.name = "award-make",
     .summary = "Awards somebody what a body pays, from an assessment or by the amount given.",
     .fields = make_fields,
     .needs = MAY_RECORD,
     .about = ABOUT_PERSON,
     .needs_terms = true,
     .second = &make_second,
     .refusals = make_refusals,
     .answers = (const char *const[]){"award", "pence", "case", "waits-for", NULL},
     .run = run_make},
    {.name = "award-change",
     .summary = "Changes the amount of an award from a day on; days that are paid are settled.",
     .fields = change_fields,
     .needs = MAY_RECORD,
     .about = ABOUT_PERSON,
     .needs_terms = true,
     .second = &change_second,
     .refusals = change_refusals,
     .answers = change_answers,
     .run = run_change},
    {.name = "award-end",
     .summary = "Ends an award; what was paid for later days opens a case.",
     .fields = end_fields,
     .needs = MAY_RECORD,
     .about = ABOUT_PERSON,
     .needs_terms = true,
     .refusals = change_refusals,
     .answers = end_answers,
     .run = run_end},
    {.name = "award-pay",
     .summary = "Posts what awards make due up to a day, each day of pay once.",
     .fields = pay_fields,
     .needs = MAY_OPERATE,
     .about = ABOUT_NOBODY,
     .begins = true,
     .needs_terms = true,
     .refusals = pay_refusals,
     .answers = (const char *const[]){"payments", "pence", "ended", "opened", "aside", NULL},
     .run = run_pay},
    {.name = NULL},
};
