/* A minimum standard of which it is not known that it was kept for somebody: a case for whoever
 * answers for it, once for a person, a standard and a year. */
#include "action/cases.h"
#include "action/rows.h"
#include "place/standards.h"

static const struct field ask_fields[] = {
    {.name = "standard", .kind = FIELD_CODE, .label = N_("Standard")},
    {.name = "year", .kind = FIELD_YEAR, .label = N_("Year")},
    {.name = NULL}};

static enum status find_broken(const struct action_call *call, const struct pack_standard *what,
                               day_t *day, struct error *err) {
  const int year = (int)action_int(call, "year");
  const struct rules *rules = NULL;
  enum standard_state state = STANDARD_NOT_OF;
  char written[8];
  if (rules_ready(call->arena, call->rules, call->pack->dir, &rules, err) != DONE) return err->code;
  const struct standard_of_person of = {.store = call->store,
                                        .pack = call->pack,
                                        .rules = rules,
                                        .chart = call->reference_data->chart,
                                        .person = call->subject,
                                        .year = year,
                                        .today = call->today};
  if (year_first_day(YEAR_TAX, year) > call->today)
    return refuse_at(err, "year", STANDARD_YEAR_FUTURE, year_write(year, written));
  enum status status = standard_of(call->arena, &of, what, &state, day, err);
  if (status != DONE || state == STANDARD_BROKEN) return status;
  return refuse_at(err, "standard", STANDARD_IS_KEPT, year_write(year, written));
}

/* Of whoever answers for it where the person lives. */
static enum status find_body(const struct action_call *call, const struct pack_standard *what,
                             int64_t *body, struct error *err) {
  struct person person = {0};
  struct homes *homes = NULL;
  enum status status = register_surviving_person(call->store, call->arena, call->subject, &person,
                                                 err);
  if (status == DONE) status = register_homes(call->store, call->arena, &person, &homes, err);
  if (status == DONE)
    status = standard_body(call->store, call->arena, call->pack, what,
                           homes_place(homes, &person, call->today), body, err);
  return status == DONE && !*body ? refuse_at(err, "standard", STANDARD_NO_BODY) : status;
}

static enum status run_ask(struct action_call *call, struct error *err) {
  static const struct case_actor program = {.who = "program"};
  struct action_case side;
  int64_t body = 0, id = 0;
  day_t day = DAY_NONE;
  char year[8], written[11];
  const struct span code = action_text(call, "standard");
  const struct pack_standard *what = pack_find_standard(call->pack, code);
  if (!what) return refuse_at(err, "standard", STANDARD_UNKNOWN, code.bytes);
  if (find_broken(call, what, &day, err) != DONE || find_body(call, what, &body, err) != DONE ||
      action_case_begin(call, true, &side, err) != DONE)
    return err->code;
  year_write((int)action_int(call, "year"), year);
  const struct case_fact facts[] = {{"standard", span_of(what->name[ENGLISH])},
                                    {"promise", span_of(what->promise[ENGLISH])},
                                    {"year", span_of(year)},
                                    {"by", span_of(day_write(day, written))}};
  struct case_opening opening = {.kind = "standard-question",
                                 .party = call->subject,
                                 .to_body = body,
                                 .subject = arena_printf(call->arena, "standard:%s:%s", what->code,
                                                         year),
                                 .kept = facts,
                                 .kept_count = 4};
  enum status status = case_open(call->store, call->arena, &side.desk, &program, &opening, &id,
                                 err);
  if (status != DONE) return status;
  action_answer_int(call, "case", id);
  return action_note(call, call->subject, arena_printf(call->arena, "standard %s", what->code),
                     call->reason, err);
}

static const enum refusal_code ask_refusals[] = {REFUSAL_STANDARD_UNKNOWN,
                                                 REFUSAL_STANDARD_IS_KEPT,
                                                 REFUSAL_STANDARD_YEAR_FUTURE,
                                                 REFUSAL_STANDARD_NO_BODY,
                                                 REFUSAL_CASE_WAITS_ALREADY,
                                                 REFUSAL_CASE_MADE_ALREADY,
                                                 REFUSAL_NONE};

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
    {.name = NULL},
};
