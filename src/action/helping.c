/* Actions of people and their helpers: an offer with a code, taking it, ending it. */
#include "action/cases.h"
#include "action/rows.h"
#include "notify/notify.h"
#include "register/delegation.h"

static struct choice scope_choice(int i) {
  const struct helper_scope *scope = scope_at(i);
  return scope ? (struct choice){scope->word, scope->choice} : (struct choice){NULL, NULL};
}

static const struct field offer_fields[] = {
    {.name = "what",
     .kind = FIELD_TEXT,
     .most = DELEGATION_WHAT_BYTES_MAX,
     .label = N_("Who is it?"),
     .hint = N_("In your own words, for example: my daughter Mair"),
     .missing = N_("Say who it is")},
    {.name = "scope",
     .kind = FIELD_CHOICES,
     .choice_at = scope_choice,
     .label = N_("What may they do for you?"),
     .missing = N_("Choose at least one thing that they may do")},
    {.name = "to",
     .kind = FIELD_DAY,
     .optional = true,
     .label = N_("Until when?"),
     .hint = N_("Leave it empty if you will end it yourself. You can end it on any day.")},
    {.name = NULL}};

static enum status run_offer(struct action_call *call, struct error *err) {
  struct delegation_offer offer = {.what = action_text(call, "what"),
                                   .to = action_day(call, "to"),
                                   .now = call->now};
  struct action_case side;
  char code[ONE_TIME_CODE_SIZE];
  day_t last;
  if (scope_parse(action_text(call, "scope"), &offer.scope, err) != DONE ||
      action_case_begin(call, false, &side, err) != DONE ||
      delegation_offer(&side.call, &offer, code, &last, err) != DONE)
    return err->code;
  action_answer(call, "code", code);
  action_answer_day(call, "last", last);
  return DONE;
}

static enum status run_withdraw(struct action_call *call, struct error *err) {
  struct action_case side;
  int count = 0;
  if (action_case_begin(call, false, &side, err) != DONE ||
      delegation_withdraw(&side.call, &count, err) != DONE)
    return err->code;
  action_answer_int(call, "offers", count);
  return DONE;
}

static const struct field accept_fields[] = {
    {.name = "code",
     .kind = FIELD_TEXT,
     .most = 40,
     .label = N_("The code that they gave you"),
     .hint = N_("Letters and digits in groups; small or large letters, with or without dashes"),
     .missing = N_("Enter the code")},
    {.name = NULL}};

static enum status run_accept(struct action_call *call, struct error *err) {
  struct action_case side;
  struct delegation made;
  if (action_case_begin(call, false, &side, err) != DONE ||
      delegation_accept(&side.call, action_text(call, "code"), call->now, &made, err) != DONE)
    return err->code;
  const struct message told = {MESSAGE_HELPER, "", call->actor.by.who, call->now};
  if (notify_tell(call->store, call->arena, made.principal, &told, err) != DONE) return err->code;
  action_answer(call, "person", made.code);
  action_answer_int(call, "helper", made.id);
  return DONE;
}

static const struct field end_fields[] = {
    {.name = "helper", .kind = FIELD_COUNT, .least = 1, .most = INT64_MAX, .label = N_("Number")},
    {.name = NULL}};

static enum status run_helper_end(struct action_call *call, struct error *err) {
  if (delegation_end(call->store, call->subject, action_int(call, "helper"), call->subject,
                     call->today, err) == DONE)
    return DONE;
  return error_at(err, NULL, 0, "helper");
}

/* The helper's end: all that they have from the person. A delegation that was agreed before a
 * merger names the merged record; its code is the survivor's. */
static enum status run_helping_end(struct action_call *call, struct error *err) {
  struct delegation *all = NULL;
  struct person helped;
  int count = 0;
  if (call->actor.is_operator) return refuse(err, ACTION_NOT_PERMITTED, call->action->name);
  if (!call->person) return refuse(err, ACTION_PERSON_MISSING, call->action->name);
  if (register_surviving_person(call->store, call->arena, call->person, &helped, err) != DONE ||
      delegation_of_agent(call->store, call->arena, call->actor.person, &all, &count, err) != DONE)
    return err->code;
  for (int i = 0; i < count; i++)
    if (strcmp(all[i].code, helped.code) == 0 && delegation_runs(&all[i], call->today) &&
        delegation_end(call->store, call->person, all[i].id, call->actor.person, call->today,
                       err) != DONE)
      return err->code;
  return DONE;
}

/* ---- rows ---- */

static const enum refusal_code offer_refusals[] = {REFUSAL_HELPER_END_PAST,
                                                   REFUSAL_HELPER_CODES_TOO_MANY, REFUSAL_NONE};
static const enum refusal_code accept_refusals[] = {REFUSAL_HELPER_CODE_UNUSABLE,
                                                    REFUSAL_HELPER_CODE_OWN, REFUSAL_NONE};

const struct action helping_actions[] = {
    {.name = "helper-offer",
     .summary = "Makes a code for a helper; it is shown once.",
     .fields = offer_fields,
     .needs = SIGNED_IN,
     .about = ABOUT_ONESELF,
     .needs_terms = true,
     .refusals = offer_refusals,
     .answers = (const char *const[]){"code", "last", NULL},
     .run = run_offer},
    {.name = "helper-withdraw",
     .summary = "Takes back the codes that nobody has used.",
     .needs = SIGNED_IN,
     .about = ABOUT_ONESELF,
     .needs_terms = true,
     .answers = (const char *const[]){"offers", NULL},
     .run = run_withdraw},
    {.name = "helper-accept",
     .summary = "Takes an offer by its code, and helps from then on.",
     .fields = accept_fields,
     .needs = SIGNED_IN,
     .about = ABOUT_ONESELF,
     .needs_terms = true,
     .refusals = accept_refusals,
     .answers = (const char *const[]){"person", "helper", NULL},
     .run = run_accept},
    {.name = "helper-end",
     .summary = "Ends what a helper may do for oneself, at once.",
     .fields = end_fields,
     .needs = SIGNED_IN,
     .about = ABOUT_ONESELF,
     .run = run_helper_end},
    {.name = "helping-end",
     .summary = "Ends helping somebody; the helper does.",
     .needs = SIGNED_IN,
     .helper = HELPER,
     .about = ABOUT_ONESELF,
     .run = run_helping_end},
    {.name = NULL},
};
