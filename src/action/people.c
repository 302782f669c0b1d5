/* Actions of the operator on whole records: two are one person, they are kept, they are erased. */
#include "action/cases.h"
#include "action/rows.h"
#include "award/twice.h"
#include "privacy/erasure.h"
#include "register/legal_holds.h"

/* ---- two records, one person ---- */

static const struct field merge_fields[] = {
    {.name = "keep", .kind = FIELD_CODE, .label = N_("The record that is read from now on")},
    {.name = "gone", .kind = FIELD_CODE, .label = N_("The record that is read as the other")},
    {.name = "reason", .kind = FIELD_LONG, .label = N_("How it is known")},
    {.name = NULL}};
static const struct field unmerge_fields[] = {
    {.name = "keep", .kind = FIELD_CODE, .label = N_("The record that was read for both")},
    {.name = "gone", .kind = FIELD_CODE, .label = N_("The record that was read as the other")},
    {.name = NULL}};

static enum status read_two(const struct action_call *call, int64_t *keep, int64_t *gone,
                            struct error *err) {
  enum status status = action_person(call, "keep", keep, err);
  return status == DONE ? action_person(call, "gone", gone, err) : status;
}

/* Of whom nothing may be paid twice, or who are two again. */
static enum status settle_awards(struct action_call *call, const int64_t *people, int count,
                                 struct error *err) {
  struct action_case side;
  int64_t opened = 0, all = 0;
  enum status status = action_case_begin(call, true, &side, err);
  const struct award_call award = action_award_call(call, &side);
  for (int i = 0; status == DONE && i < count; i++, all += opened)
    status = awards_settle_twice(&award, people[i], &opened, err);
  if (all) action_answer_int(call, "cases", all);
  return status;
}

static enum status run_merge(struct action_call *call, struct error *err) {
  int64_t keep, gone;
  if (read_two(call, &keep, &gone, err) != DONE) return err->code;
  enum status status = register_merge(call->store, keep, gone, action_text(call, "reason").bytes,
                                      err);
  return status == DONE ? settle_awards(call, &keep, 1, err) : status;
}

static enum status run_unmerge(struct action_call *call, struct error *err) {
  int64_t keep, gone;
  if (read_two(call, &keep, &gone, err) != DONE) return err->code;
  enum status status = register_unmerge(call->store, keep, gone, err);
  return status == DONE ? settle_awards(call, (int64_t[]){keep, gone}, 2, err) : status;
}

/* ---- legal holds ---- */

static const struct field place_fields[] = {
    {.name = "reason", .kind = FIELD_LONG, .label = N_("Why the record must be kept")},
    {.name = NULL}};
static const struct field hold_end_fields[] = {
    {.name = "hold",
     .kind = FIELD_COUNT,
     .optional = true,
     .least = 1,
     .most = INT64_MAX,
     .label = N_("Number of the hold, where several stand")},
    {.name = "reason", .kind = FIELD_LONG, .label = N_("Why it need not be kept any more")},
    {.name = NULL}};

static enum status run_hold_place(struct action_call *call, struct error *err) {
  int64_t hold = 0;
  if (legal_hold_place(call->store, call->subject, &call->actor.by,
                       action_text(call, "reason").bytes, &hold, err) != DONE)
    return err->code;
  action_answer_int(call, "hold", hold);
  return DONE;
}

static enum status run_hold_end(struct action_call *call, struct error *err) {
  int64_t hold = action_int(call, "hold");
  if (legal_hold_end(call->store, call->arena, call->subject, &hold, &call->actor.by,
                     action_text(call, "reason").bytes, err) != DONE)
    return err->code;
  action_answer_int(call, "hold", hold);
  return DONE;
}

/* ---- erasure ---- */

static const struct field erase_fields[] = {
    {.name = "reason", .kind = FIELD_LONG, .label = N_("Why the record is erased")},
    {.name = NULL}};

static enum status run_erase(struct action_call *call, struct error *err) {
  struct erasure_result done = {0};
  enum status status = action_alert_begun(call, ALERT_ERASED, "", err);
  if (status == DONE)
    status = erasure_person(call->store, call->subject, call->actor.by.who,
                            action_text(call, "reason").bytes, &done, err);
  if (status == DONE) {
    action_answer_int(call, "people", done.people);
    action_answer_int(call, "lines", done.lines);
    action_answer_int(call, "sums", done.sums);
  }
  erasure_result_free(&done);
  return status;
}

/* ---- rows ---- */

static const enum refusal_code merge_refusals[] = {
    REFUSAL_REFERENCE_OF_NOBODY, REFUSAL_MERGE_INTO_ITSELF, REFUSAL_MERGE_ALREADY,
    REFUSAL_MERGE_CIRCULAR,      REFUSAL_MERGE_TOO_DEEP,    REFUSAL_NONE};
static const enum refusal_code unmerge_refusals[] = {REFUSAL_REFERENCE_OF_NOBODY,
                                                     REFUSAL_MERGE_UNKNOWN, REFUSAL_NONE};
static const enum refusal_code place_refusals[] = {REFUSAL_HOLD_REASON_TOO_LONG, REFUSAL_NONE};
static const enum refusal_code hold_end_refusals[] = {
    REFUSAL_HOLD_REASON_TOO_LONG, REFUSAL_LEGAL_HOLD_NONE,       REFUSAL_LEGAL_HOLD_WHICH,
    REFUSAL_LEGAL_HOLD_ENDED,     REFUSAL_LEGAL_HOLD_OF_ANOTHER, REFUSAL_NONE};
static const enum refusal_code erase_refusals[] = {REFUSAL_RECORD_ERASED_BEFORE,
                                                   REFUSAL_LEGAL_HOLD_STANDS, REFUSAL_NONE};

const struct action people_actions[] = {
    {.name = "merge",
     .summary = "Says that two records are one person: the second is read as the first.",
     .fields = merge_fields,
     .needs = MAY_OPERATE,
     .needs_terms = true,
     .refusals = merge_refusals,
     .answers = (const char *const[]){"cases", NULL},
     .run = run_merge},
    {.name = "unmerge",
     .summary = "Says that two records are two people after all.",
     .fields = unmerge_fields,
     .needs = MAY_OPERATE,
     .needs_terms = true,
     .refusals = unmerge_refusals,
     .answers = (const char *const[]){"cases", NULL},
     .run = run_unmerge},
    {.name = "legal-hold-place",
     .summary = "Keeps a person's record from being erased, until the hold is ended.",
     .fields = place_fields,
     .needs = MAY_OPERATE,
     .about = ABOUT_PERSON,
     .refusals = place_refusals,
     .answers = (const char *const[]){"hold", NULL},
     .run = run_hold_place},
    {.name = "legal-hold-end",
     .summary = "Ends a legal hold on a person's record.",
     .fields = hold_end_fields,
     .needs = MAY_OPERATE,
     .about = ABOUT_PERSON,
     .refusals = hold_end_refusals,
     .answers = (const char *const[]){"hold", NULL},
     .run = run_hold_end},
    {.name = "erase",
     .summary = "Erases a person's details; the money stays as sums of their place.",
     .fields = erase_fields,
     .needs = MAY_OPERATE,
     .about = ABOUT_PERSON,
     .begins = true,
     .refusals = erase_refusals,
     .answers = (const char *const[]){"people", "lines", "sums", NULL},
     .run = run_erase},
    {.name = NULL},
};
