/* Actions of facts that are told once: by whom they are about, their helpers, and officers. */
#include "action/cases.h"
#include "action/rows.h"
#include "award/rests.h"
#include "award/twice.h"
#include "base/limits.h"
#include "register/benefit_unit.h"
#include "register/fact_case.h"
#include "register/facts.h"
#include "register/names.h"
#include "register/near.h"
#include "register/register.h"

static const struct choice sure[] = {{"yes", N_("This is an estimate")}, {NULL, NULL}};
static const struct choice how[] = {
    {"wrong", N_("The answer was wrong from the start")},
    {"changed", N_("The answer was right, and then it changed")},
    {"day", N_("The answer is right, but not the day from which it holds")},
    {NULL, NULL}};
static const struct choice sources[] = {{"evidenced", N_("I have seen what shows it")},
                                        {"told", N_("They told me")},
                                        {"estimated", N_("It is an estimate")},
                                        {"decision", N_("The organisation decided it")},
                                        {NULL, NULL}};

#define VARIABLE_FIELD \
  { .name = "variable", .kind = FIELD_CODE, .label = N_("What it is about") }
#define FACT_FIELD \
  { \
    .name = "fact", .kind = FIELD_COUNT, .least = 1, .most = INT64_MAX, \
    .label = N_("Number of the fact") \
  }
#define VALUE_FIELD \
  { .name = "value", .kind = FIELD_TEXT, .most = 100, .label = N_("Answer") }
/* before it is told for good, what it changes is shown */
#define CHECKED_FIELD \
  { \
    .name = "confirmed", .kind = FIELD_CHOICE, .optional = true, .is_step = true, \
    .choices = confirmed_choices \
  }
/* Of a correction: a wrong answer and one that changed since are told alike, and differ in what is
 * known of the days before. Not said: by the days alone (fact_correct). */
#define HOW_FIELD \
  { \
    .name = "how", .kind = FIELD_CHOICE, .optional = true, .choices = how, \
    .label = N_("Was it wrong, or did it change?") \
  }
#define WHEN_FIELDS \
  {.name = "per", \
   .kind = FIELD_CHOICE, \
   .optional = true, \
   .choices = per_choices, \
   .label = N_("How often")}, \
      {.name = "from", \
       .kind = FIELD_DAY, \
       .optional = true, \
       .label = N_("Since when?"), \
       .hint = N_("Leave it empty if it is so from today")}, \
  { \
    .name = "to", .kind = FIELD_DAY, .optional = true, .label = N_("Until when?"), \
    .hint = N_("Leave it empty if it still is so") \
  }

static const struct field tell_fields[] = {VARIABLE_FIELD,
                                           {.name = "whose",
                                            .kind = FIELD_CODE,
                                            .optional = true,
                                            .label = N_(
                                                "Reference of your child, where it is about them")},
                                           VALUE_FIELD,
                                           WHEN_FIELDS,
                                           {.name = "estimated",
                                            .kind = FIELD_CHOICES,
                                            .optional = true,
                                            .choices = sure,
                                            .label = N_("Are you sure?")},
                                           CHECKED_FIELD,
                                           {.name = NULL}};
static const struct field correct_fields[] = {FACT_FIELD,
                                              VALUE_FIELD,
                                              HOW_FIELD,
                                              WHEN_FIELDS,
                                              {.name = "estimated",
                                               .kind = FIELD_CHOICES,
                                               .optional = true,
                                               .choices = sure,
                                               .label = N_("Are you sure?")},
                                              CHECKED_FIELD,
                                              {.name = NULL}};
static const struct field withdraw_fields[] = {FACT_FIELD,
                                               {.name = "reason",
                                                .kind = FIELD_TEXT,
                                                .optional = true,
                                                .most = LIMIT_EVIDENCE_BYTES,
                                                .label = N_("Why?")},
                                               CHECKED_FIELD,
                                               {.name = NULL}};
static const struct field record_fields[] = {
    VARIABLE_FIELD,
    VALUE_FIELD,
    HOW_FIELD,
    WHEN_FIELDS,
    {.name = "source", .kind = FIELD_CHOICE, .choices = sources, .label = N_("How it is known")},
    {.name = "evidence",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = LIMIT_EVIDENCE_BYTES,
     .label = N_("What shows it"),
     .hint = N_("For example: tenancy agreement of 1 May 2026")},
    {.name = "body",
     .kind = FIELD_CODE,
     .optional = true,
     .label = N_("Code of the organisation, where you act for several")},
    {.name = "fact",
     .kind = FIELD_COUNT,
     .optional = true,
     .least = 1,
     .most = INT64_MAX,
     .label = N_("Number of the fact that it corrects")},
    {.name = NULL}};

/* ---- who says it ---- */

/* As whom it is about, as their helper, or the operator; with --as of the person it is theirs. */
static enum status take_sayer(const struct action_call *call, struct fact_telling *t,
                              struct error *err) {
  bool own = false;
  enum status status = register_same_person(call->store, call->actor.by.person, call->subject, &own,
                                            err);
  t->said_by = call->actor.by.who;
  t->said_as = own ? FACT_BY_SELF : call->actor.is_operator ? FACT_BY_OPERATOR : FACT_BY_HELPER;
  if (status != DONE || t->said_as == FACT_BY_OPERATOR) return status;
  return register_survivor(call->store, call->subject, &t->teller, err);
}

/* The body that the officer acts for: the one that is named, or their only one. */
static enum status take_officer(const struct action_call *call, struct fact_telling *t,
                                struct error *err) {
  t->said_by = call->actor.by.who;
  t->said_as = t->source == FACT_DECISION ? FACT_BY_BODY : FACT_BY_OFFICER;
  enum status status = action_body(call, "body", &t->body, err);
  if (status != DONE) return status;
  if (!t->body && call->body_count == 1) t->body = call->bodies[0];
  bool theirs = call->actor.is_operator && t->body;
  for (int i = 0; i < call->body_count; i++) theirs |= call->bodies[i] == t->body;
  return theirs ? DONE : refuse_at(err, "body", FACT_BODY_MISSING);
}

/* Whoever reads their own record leaves no note in it. */
static enum status note_fact(struct action_call *call, const char *what, struct error *err) {
  bool own = false;
  enum status status = register_same_person(call->store, call->actor.person, call->subject, &own,
                                            err);
  return status == DONE && !(own && call->actor.person)
             ? action_note(call, call->subject, what, call->reason, err)
             : status;
}

/* ---- the calls ---- */

static enum status find_variable(const struct action_call *call, struct span variable,
                                 const struct pack_tellable **out, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  *out = pack_find_tellable(call->pack, variable);
  return *out ? DONE
              : refuse_at(err, "variable", FACT_VARIABLE_UNKNOWN, span_quote(variable, quoted));
}

static struct fact_telling telling_of(const struct action_call *call) {
  return (struct fact_telling){.person = call->subject,
                               .pack = call->pack,
                               .value = action_text(call, "value"),
                               .per = action_text(call, "per"),
                               .from = action_has(call, "from") ? action_day(call, "from")
                                                                : DAY_NONE,
                               .to = action_has(call, "to") ? action_day(call, "to") : DAY_NONE,
                               .review_by = DAY_NONE,
                               .today = call->today};
}

/* Two who say otherwise of the same days: somebody decides. */
static enum status open_difference(struct action_call *call, const struct fact_told *told,
                                   struct error *err) {
  int64_t id = 0;
  const struct fact_difference difference = {.party = told->party,
                                             .first = told->differs,
                                             .second = told->id,
                                             .person = call->subject,
                                             .today = call->today};
  enum status status = fact_case_open(call->store, call->arena, call->pack, &difference, &id, err);
  if (id) action_answer_int(call, "case", id);
  return status;
}

/* Two who turn out to be a couple may have an award each of what is one amount for both. */
static enum status settle_awards(struct action_call *call, const struct fact_telling *t,
                                 struct error *err) {
  struct action_case side;
  int64_t opened = 0;
  if (t->what->kind != TELL_PERSON) return DONE;
  enum status status = action_case_begin(call, false, &side, err);
  const struct award_call award = action_award_call(call, &side);
  return status == DONE ? awards_settle_twice(&award, t->person, &opened, err) : status;
}

/* Somebody else says that they are responsible for the same child. */
static enum status open_child(struct action_call *call, const struct fact_told *told,
                              struct error *err) {
  int64_t id = 0;
  enum status status = fact_case_open_child(call->store, call->arena, call->pack, told->party,
                                            told->id, call->today, &id, err);
  if (id) action_answer_int(call, "case", id);
  return status;
}

/* Two answers that differed may agree now. */
static enum status settle_cases(struct action_call *call, int64_t party, const char *variable,
                                struct error *err) {
  const struct fact_change change = {.party = party,
                                     .variable = variable,
                                     .teller = call->subject,
                                     .who = call->actor.by.who,
                                     .today = call->today};
  return call->pack ? fact_cases_settle(call->store, call->arena, call->pack, &change, err) : DONE;
}

/* Whoever awarded something on an earlier answer is asked to look at it again. */
static enum status ask_again(struct action_call *call, int64_t person, int64_t party,
                             const char *variable, int64_t fact, struct error *err) {
  struct action_case side;
  struct award_asked asked = {0};
  struct register_name body = {0};
  enum status status = action_case_begin(call, false, &side, err);
  const struct award_call award = action_award_call(call, &side);
  const struct award_answer answer = {.teller = call->subject,
                                      .person = person,
                                      .party = party,
                                      .variable = variable,
                                      .fact = fact};
  if (status == DONE) status = awards_ask_again(&award, &answer, &asked, err);
  if (status == DONE && asked.opened)
    status = register_name_of_body(call->store, call->arena, asked.body, &body, err);
  if (status != DONE || !asked.opened) return status;
  action_answer_int(call, "award-case", asked.opened);
  action_answer(call, "award-body", body.code);
  return DONE;
}

static enum status answer_told(struct action_call *call, const struct fact_telling *t,
                               const struct fact_told *told, struct error *err) {
  action_answer_int(call, "fact", told->id);
  if (told->corrects) action_answer_int(call, "corrects", told->corrects);
  if (told->differs) action_answer_int(call, "differs", told->differs);
  if (told->same) action_answer(call, "same", "yes");
  if (told->corrects && settle_cases(call, told->party, t->what->variable, err) != DONE)
    return err->code;
  if (told->differs && open_difference(call, told, err) != DONE) return err->code;
  if (!told->same && open_child(call, told, err) != DONE) return err->code;
  if (settle_awards(call, t, err) != DONE) return err->code;
  if (!told->same &&
      ask_again(call, t->person, told->party, t->what->variable, told->id, err) != DONE)
    return err->code;
  return note_fact(call, "fact told", err);
}

/* Of a young child whoever is responsible for them tells it. A reference of nobody and one of
 * somebody else are refused alike. */
static enum status take_whose(struct action_call *call, struct fact_telling *t, struct error *err) {
  struct error unknown = {0};
  bool may = false;
  int64_t child = 0;
  if (!action_has(call, "whose")) return DONE;
  enum status status = action_person(call, "whose", &child, &unknown);
  if (status == FAILED) return *err = unknown, status;
  if (status == DONE)
    status = register_may_tell_for(call->store, call->arena, call->subject, child, call->today,
                                   &may, err);
  if (status == FAILED) return status;
  if (status != DONE || !may) return refuse_at(err, "whose", FACT_ABOUT_NO_CHILD);
  t->person = child;
  return action_note(call, child, "fact told", call->reason, err);
}

/* Who tells how much it is says it of now: of before the last April it would say nothing certain,
 * and they would be asked the same again. */
static enum status check_not_risen(const struct action_call *call, const struct fact_telling *t,
                                   struct error *err) {
  const bool has_no_end = t->from != DAY_NONE && t->to == DAY_NONE &&
                          t->said_as != FACT_BY_OPERATOR;
  const day_t lasts = has_no_end ? pack_tell_lasts(t->what, t->value, t->from, false) : DAY_NONE;
  if (lasts == DAY_NONE || lasts >= call->today) return DONE;
  return refuse_at(err, "from", FACT_RISEN_SINCE,
                   day_write(pack_last_rise(t->what, call->today), (char[11]){0}));
}

static enum status run_tell(struct action_call *call, struct error *err) {
  struct fact_telling t = telling_of(call);
  struct fact_told told = {0};
  t.source = action_has(call, "estimated") ? FACT_ESTIMATED : FACT_TOLD;
  if (find_variable(call, action_text(call, "variable"), &t.what, err) != DONE ||
      take_sayer(call, &t, err) != DONE || take_whose(call, &t, err) != DONE ||
      check_not_risen(call, &t, err) != DONE ||
      fact_tell(call->store, call->arena, &t, &told, err) != DONE)
    return err->code;
  return answer_told(call, &t, &told, err);
}

/* An officer records nothing of themself, their family or home, and names none of them as
 * somebody's. Asked once it is told, which says whom it names. */
static enum status check_not_theirs(const struct action_call *call, const struct fact_told *told,
                                    struct error *err) {
  struct near near = {0};
  struct fact fact;
  enum status status = register_near(call->store, call->arena, call->actor.person, call->today,
                                     &near, err);
  if (status != DONE || !near.count) return status;
  status = fact_find(call->store, call->arena, call->subject, told->id, &fact, err);
  if (status != DONE) return status;
  if (near_has(&near, call->subject) || near_has(&near, fact.party))
    return refuse_at(err, "", FACT_OWN_RECORD);
  return near_has(&near, fact.other) ? refuse_at(err, "value", FACT_OWN_RECORD) : DONE;
}

static enum status may_change(const struct action_call *call, const struct fact *fact,
                              const struct fact_telling *t, struct error *err) {
  const struct fact_changer by = {.as = t->said_as, .teller = t->teller, .body = t->body};
  return fact_may_change(call->store, fact, &by, err);
}

/* What was wrong from the start has the first day of the fact, what changed a later one. */
static enum status take_how(const struct action_call *call, const struct fact *fact,
                            struct fact_telling *t, struct error *err) {
  const struct span said = action_text(call, "how");
  const bool has_day = t->from != DAY_NONE;
  if (!said.size) return DONE;
  if (span_is(said, "wrong")) {
    if (has_day && t->from != fact->from) return refuse_at(err, "from", FACT_HOW_NO_DAY);
    return t->from = fact->from, DONE;
  }
  if (!has_day) return refuse_at(err, "from", FACT_HOW_DAY_MISSING);
  if (span_is(said, "changed"))
    return t->from > fact->from
               ? DONE
               : refuse_at(err, "from", FACT_HOW_NOT_LATER, day_write(fact->from, (char[11]){0}));
  const char *value = NULL;
  if (fact_read_value(call->arena, t, &value, err) != DONE) return err->code;
  const bool is_same = fact->other || (strcmp(value, fact->value) == 0 &&
                                       (!t->per.size || tell_per_of(t->per) == fact->per));
  return is_same ? DONE : refuse_at(err, "value", FACT_HOW_OTHER_ANSWER);
}

static enum status correct_it(struct action_call *call, int64_t id, struct fact_telling *t,
                              struct error *err) {
  struct fact fact;
  struct fact_told told = {0};
  if (fact_find(call->store, call->arena, call->subject, id, &fact, err) != DONE ||
      may_change(call, &fact, t, err) != DONE ||
      find_variable(call, span_of(fact.variable), &t->what, err) != DONE ||
      take_how(call, &fact, t, err) != DONE ||
      fact_correct(call->store, call->arena, &fact, t, &told, err) != DONE)
    return err->code;
  const bool as_officer = t->said_as == FACT_BY_OFFICER || t->said_as == FACT_BY_BODY;
  if (as_officer && check_not_theirs(call, &told, err) != DONE) return err->code;
  return answer_told(call, t, &told, err);
}

static enum status run_correct(struct action_call *call, struct error *err) {
  struct fact_telling t = telling_of(call);
  t.source = action_has(call, "estimated") ? FACT_ESTIMATED : FACT_TOLD;
  if (take_sayer(call, &t, err) != DONE) return err->code;
  return correct_it(call, action_int(call, "fact"), &t, err);
}

static enum status run_withdraw_fact(struct action_call *call, struct error *err) {
  struct fact fact;
  struct fact_telling t = {.evidence = action_text(call, "reason")};
  int64_t id = 0;
  if (take_sayer(call, &t, err) != DONE ||
      fact_find(call->store, call->arena, call->subject, action_int(call, "fact"), &fact, err) !=
          DONE ||
      may_change(call, &fact, &t, err) != DONE ||
      fact_withdraw(call->store, &fact, &t, &id, err) != DONE ||
      settle_cases(call, fact.party, fact.variable, err) != DONE)
    return err->code;
  t.person = call->subject;
  t.what = call->pack ? pack_find_tellable(call->pack, span_of(fact.variable)) : NULL;
  if (t.what && settle_awards(call, &t, err) != DONE) return err->code;
  if (ask_again(call, call->subject, fact.party, fact.variable, id, err) != DONE) return err->code;
  action_answer_int(call, "withdrawal", id);
  return note_fact(call, "fact withdrawn", err);
}

static enum status run_record_fact(struct action_call *call, struct error *err) {
  struct fact_telling t = telling_of(call);
  struct fact_told told = {0};
  t.evidence = action_text(call, "evidence");
  if (fact_source_parse(action_text(call, "source"), &t.source, err) != DONE ||
      take_officer(call, &t, err) != DONE ||
      find_variable(call, action_text(call, "variable"), &t.what, err) != DONE)
    return err->code;
  if (action_has(call, "fact")) return correct_it(call, action_int(call, "fact"), &t, err);
  if (check_not_risen(call, &t, err) != DONE ||
      fact_tell(call->store, call->arena, &t, &told, err) != DONE ||
      check_not_theirs(call, &told, err) != DONE)
    return err->code;
  return answer_told(call, &t, &told, err);
}

/* ---- rows ---- */

#define TELLING_REFUSALS \
  REFUSAL_FACT_VALUE_MISSING, REFUSAL_FACT_OUT_OF_BOUNDS, REFUSAL_FACT_FLOW_OUT_OF_BOUNDS, \
      REFUSAL_FACT_BELOW_BOUND, REFUSAL_FACT_NO_SUCH_ITEM, REFUSAL_FACT_YES_OR_NO, \
      REFUSAL_FACT_TO_ONESELF, REFUSAL_FACT_PARTNER_TOO_YOUNG, REFUSAL_FACT_PER_OF_NO_FLOW, \
      REFUSAL_FACT_PER_UNKNOWN, REFUSAL_FACT_IN_FUTURE, REFUSAL_FACT_ENDS_BEFORE, \
      REFUSAL_FACT_BEFORE_BIRTH, REFUSAL_FACT_AFTER_DEATH, REFUSAL_FACT_NO_HOUSEHOLD, \
      REFUSAL_FACT_HOME_LEFT, REFUSAL_FACT_NOT_THEIRS_TO_TELL, REFUSAL_REFERENCE_OF_NOBODY
#define CHANGE_REFUSALS \
  REFUSAL_FACT_UNKNOWN, REFUSAL_FACT_OF_A_BODY, REFUSAL_FACT_OF_ANOTHER_SAYER, \
      REFUSAL_FACT_IS_WITHDRAWAL, REFUSAL_FACT_SUPERSEDED
#define HOW_REFUSALS \
  REFUSAL_FACT_HOW_DAY_MISSING, REFUSAL_FACT_HOW_NOT_LATER, REFUSAL_FACT_HOW_NO_DAY, \
      REFUSAL_FACT_HOW_OTHER_ANSWER
static const enum refusal_code tell_refusals[] = {
    REFUSAL_FACT_VARIABLE_UNKNOWN, TELLING_REFUSALS,
    REFUSAL_FACT_END_MISSING,      REFUSAL_FACT_RISEN_SINCE,
    REFUSAL_FACT_ABOUT_NO_CHILD,   REFUSAL_NONE};
static const enum refusal_code correct_refusals[] = {TELLING_REFUSALS, CHANGE_REFUSALS,
                                                     HOW_REFUSALS, REFUSAL_NONE};
static const enum refusal_code withdraw_refusals[] = {CHANGE_REFUSALS, REFUSAL_NONE};
static const enum refusal_code record_refusals[] = {REFUSAL_FACT_VARIABLE_UNKNOWN,
                                                    TELLING_REFUSALS,
                                                    CHANGE_REFUSALS,
                                                    HOW_REFUSALS,
                                                    REFUSAL_FACT_END_MISSING,
                                                    REFUSAL_FACT_BODY_MISSING,
                                                    REFUSAL_FACT_OWN_RECORD,
                                                    REFUSAL_FACT_RISEN_SINCE,
                                                    REFUSAL_FACT_EVIDENCE_MISSING,
                                                    REFUSAL_BODY_CODE_UNKNOWN,
                                                    REFUSAL_NONE};
static const char *const told_answers[] = {"fact", "corrects",   "differs",    "same",
                                           "case", "award-case", "award-body", NULL};

const struct action fact_actions[] = {
    {.name = "fact-tell",
     .summary = "Tells something about oneself or one's household that rules need to know.",
     .fields = tell_fields,
     .needs = SIGNED_IN,
     .helper = HELPER_NOTIFY,
     .about = ABOUT_ONESELF,
     .needs_pack = true,
     .refusals = tell_refusals,
     .answers = told_answers,
     .run = run_tell},
    {.name = "fact-correct",
     .summary = "Puts something right that was told before.",
     .fields = correct_fields,
     .needs = SIGNED_IN,
     .helper = HELPER_NOTIFY,
     .about = ABOUT_ONESELF,
     .needs_pack = true,
     .refusals = correct_refusals,
     .answers = told_answers,
     .run = run_correct},
    {.name = "fact-withdraw",
     .summary = "Takes back something that was told before: it is not known any more.",
     .fields = withdraw_fields,
     .needs = SIGNED_IN,
     .helper = HELPER_NOTIFY,
     .about = ABOUT_ONESELF,
     .needs_pack = true,
     .refusals = withdraw_refusals,
     .answers = (const char *const[]){"withdrawal", "award-case", "award-body", NULL},
     .run = run_withdraw_fact},
    {.name = "fact-record",
     .summary = "Records for a body what rules need to know of somebody, or corrects it.",
     .fields = record_fields,
     .needs = MAY_RECORD,
     .about = ABOUT_PERSON,
     .needs_pack = true,
     .refusals = record_refusals,
     .answers = told_answers,
     .run = run_record_fact},
    {.name = NULL},
};
