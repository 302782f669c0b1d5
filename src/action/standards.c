/* A minimum standard of which it is not known that it was kept for somebody: a case for whoever
 * answers for it, once for a person, a standard and a year. */
#include "action/cases.h"
#include "action/rows.h"
#include "place/standards.h"
#include "register/benefit_unit.h"
#include "register/names.h"
#include "register/register.h"

#define ASK_FIELDS \
  {.name = "standard", .kind = FIELD_CODE, .label = N_("Standard")}, { \
    .name = "year", .kind = FIELD_YEAR, .label = N_("Year") \
  }
static const struct field ask_fields[] = {ASK_FIELDS, {.name = NULL}};
static const struct field ask_own_fields[] = {
    ASK_FIELDS,
    {.name = "whose",
     .kind = FIELD_CODE,
     .optional = true,
     .label = N_("Reference of your child, where it is about them")},
    {.name = NULL}};

static enum status find_broken(const struct action_call *call, int64_t person, bool as_person,
                               const struct pack_standard *what, day_t *day, struct error *err) {
  const int year = (int)action_int(call, "year");
  const struct rules *rules = NULL;
  enum standard_state state = STANDARD_NOT_OF;
  char written[8];
  if (rules_ready(call->arena, call->rules, call->pack->dir, &rules, err) != DONE) return err->code;
  const struct standard_of_person of = {.store = call->store,
                                        .pack = call->pack,
                                        .rules = rules,
                                        .chart = call->reference_data->chart,
                                        .person = person,
                                        .year = year,
                                        .today = call->today,
                                        .as_person = as_person};
  if (year_first_day(YEAR_TAX, year) > call->today)
    return refuse_at(err, "year", STANDARD_YEAR_FUTURE, year_write(year, written));
  enum status status = standard_of(call->arena, &of, what, &state, day, err);
  if (status != DONE || state == STANDARD_BROKEN) return status;
  return refuse_at(err, "standard", STANDARD_IS_KEPT, year_write(year, written));
}

/* Of whoever answers for it where the person lives. */
static enum status find_body(const struct action_call *call, int64_t about,
                             const struct pack_standard *what, int64_t *body, struct error *err) {
  struct person person = {0};
  struct homes *homes = NULL;
  enum status status = register_surviving_person(call->store, call->arena, about, &person, err);
  if (status == DONE) status = register_homes(call->store, call->arena, &person, &homes, err);
  if (status == DONE)
    status = standard_body(call->store, call->arena, call->pack, what,
                           homes_place(homes, &person, call->today), body, err);
  return status == DONE && !*body ? refuse_at(err, "standard", STANDARD_NO_BODY) : status;
}

/* Once for a person, a standard and a year, whoever asks: the program opens it. */
static enum status open_question(struct action_call *call, int64_t person, bool as_person,
                                 struct error *err) {
  static const struct case_actor program = {.who = "program"};
  struct action_case side;
  int64_t body = 0, id = 0;
  day_t day = DAY_NONE;
  char year[8], written[11];
  const struct span code = action_text(call, "standard");
  const struct pack_standard *what = pack_find_standard(call->pack, code);
  if (!what) return refuse_at(err, "standard", STANDARD_UNKNOWN, code.bytes);
  if (find_broken(call, person, as_person, what, &day, err) != DONE ||
      find_body(call, person, what, &body, err) != DONE ||
      action_case_begin(call, true, &side, err) != DONE)
    return err->code;
  year_write((int)action_int(call, "year"), year);
  const struct case_fact facts[] = {{"standard", span_of(what->name[ENGLISH])},
                                    {"promise", span_of(what->promise[ENGLISH])},
                                    {"year", span_of(year)},
                                    {"by", span_of(day_write(day, written))}};
  struct case_opening opening = {.kind = "standard-question",
                                 .party = person,
                                 .to_body = body,
                                 .subject = arena_printf(call->arena, "standard:%s:%s", what->code,
                                                         year),
                                 .kept = facts,
                                 .kept_count = 4};
  enum status status = case_open(call->store, call->arena, &side.desk, &program, &opening, &id,
                                 err);
  if (status == DONE) action_answer_int(call, "case", id);
  return status;
}

static enum status note_asked(struct action_call *call, int64_t person, const char *why,
                              struct error *err) {
  return action_note(call, person,
                     arena_printf(call->arena, "standard " SPAN_FORMAT,
                                  SPAN(action_text(call, "standard"))),
                     why, err);
}

static enum status run_ask(struct action_call *call, struct error *err) {
  enum status status = open_question(call, call->subject, false, err);
  return status == DONE ? note_asked(call, call->subject, call->reason, err) : status;
}

/* By whom it is about, or of a young child by whoever is responsible for them. A reference of
 * nobody and one of somebody else are refused alike. */
static enum status run_ask_own(struct action_call *call, struct error *err) {
  struct error unknown = {0};
  int64_t person = 0, child = 0;
  bool may = false;
  enum status status = register_survivor(call->store, call->subject, &person, err);
  if (status != DONE) return status;
  if (action_has(call, "whose")) {
    status = action_person(call, "whose", &child, &unknown);
    if (status == DONE)
      status = register_may_tell_for(call->store, call->arena, person, child, call->today, &may,
                                     &unknown);
    if (status == FAILED) return *err = unknown, status;
    if (status != DONE || !may) return refuse_at(err, "whose", FACT_ABOUT_NO_CHILD);
    person = child;
  }
  status = open_question(call, person, true, err);
  const bool own = !child && (call->actor.is_operator || call->subject == call->actor.person);
  if (status != DONE || own) return status;
  return note_asked(call, person, child ? "a parent" : "helping", err);
}

static const enum refusal_code ask_refusals[] = {REFUSAL_STANDARD_UNKNOWN,
                                                 REFUSAL_STANDARD_IS_KEPT,
                                                 REFUSAL_STANDARD_YEAR_FUTURE,
                                                 REFUSAL_STANDARD_NO_BODY,
                                                 REFUSAL_CASE_WAITS_ALREADY,
                                                 REFUSAL_CASE_MADE_ALREADY,
                                                 REFUSAL_NONE};
static const enum refusal_code ask_own_refusals[] = {
    REFUSAL_STANDARD_UNKNOWN,     REFUSAL_STANDARD_IS_KEPT,
    REFUSAL_STANDARD_YEAR_FUTURE, REFUSAL_STANDARD_NO_BODY,
    REFUSAL_CASE_WAITS_ALREADY,   REFUSAL_CASE_MADE_ALREADY,
    REFUSAL_FACT_ABOUT_NO_CHILD,  REFUSAL_NONE};

const struct action standard_actions[] = {
    {.name = "standard-ask",
     .summary = "Asks whoever answers for a minimum standard why it is not known to be kept.",
     .fields = ask_fields,
     .needs = MAY_ADMINISTER,
     .about = ABOUT_PERSON,
     .needs_terms = true,
     .refusals = ask_refusals,
     .answers = (const char *const[]){"case", NULL},
     .run = run_ask},
    {.name = "standard-ask-own",
     .summary = "Asks why a minimum standard seems not to be kept for oneself or one's child.",
     .fields = ask_own_fields,
     .needs = SIGNED_IN,
     .helper = HELPER_NOTIFY,
     .about = ABOUT_ONESELF,
     .needs_terms = true,
     .refusals = ask_own_refusals,
     .answers = (const char *const[]){"case", NULL},
     .run = run_ask_own},
    {.name = NULL},
};
