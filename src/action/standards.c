/* A minimum standard of which it is not known that it was kept for somebody: a case for whoever
 * answers for it, once for a person, a standard and a year; of one person, or of all of a place. */
#include "action/standards.h"

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

const char *standard_subject(struct arena *arena, const struct pack_standard *what, int year) {
  char written[8];
  return arena_printf(arena, "standard:%s:%s", what->code, year_write(year, written));
}

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
static enum status open_for(const struct action_call *call, const struct case_desk *desk,
                            const struct pack_standard *what, const struct standard_breach *breach,
                            int64_t body, int64_t *id, struct error *err) {
  static const struct case_actor program = {.who = "program"};
  char year[8], written[11];
  year_write((int)action_int(call, "year"), year);
  const struct case_fact facts[] = {{"standard", span_of(what->name[ENGLISH])},
                                    {"promise", span_of(what->promise[ENGLISH])},
                                    {"year", span_of(year)},
                                    {"by", span_of(day_write(breach->day, written))}};
  struct case_opening opening = {.kind = STANDARD_QUESTION,
                                 .party = breach->person,
                                 .to_body = body,
                                 .subject = standard_subject(call->arena, what,
                                                             (int)action_int(call, "year")),
                                 .kept = facts,
                                 .kept_count = 4};
  return case_open(call->store, call->arena, desk, &program, &opening, id, err);
}

static enum status open_question(struct action_call *call, int64_t person, bool as_person,
                                 struct error *err) {
  struct action_case side;
  int64_t body = 0, id = 0;
  struct standard_breach breach = {.person = person, .day = DAY_NONE};
  const struct span code = action_text(call, "standard");
  const struct pack_standard *what = pack_find_standard(call->pack, code);
  if (!what) return refuse_at(err, "standard", STANDARD_UNKNOWN, code.bytes);
  if (find_broken(call, person, as_person, what, &breach.day, err) != DONE ||
      find_body(call, person, what, &body, err) != DONE ||
      action_case_begin(call, true, &side, err) != DONE)
    return err->code;
  enum status status = open_for(call, &side.desk, what, &breach, body, &id, err);
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

/* ---- of a whole place ---- */

static const struct field place_fields[] = {{.name = "standard",
                                             .kind = FIELD_CHOICE,
                                             .optional = true,
                                             .label = N_("Which standard?"),
                                             .hint = N_("Leave it empty for all of them")},
                                            {.name = "year",
                                             .kind = FIELD_YEAR,
                                             .label = N_("Which year?"),
                                             .hint = N_("For example, 2025-26"),
                                             .missing = N_("Enter the year")},
                                            {.name = "place",
                                             .kind = FIELD_CHOICE,
                                             .optional = true,
                                             .label = N_("Which place?"),
                                             .hint = N_(
                                                 "Leave it empty for all who are registered here")},
                                            {.name = NULL}};

enum { ASKED_NOW, ASKED_BEFORE, ASKED_NOBODY, ASKED_WAYS };

/* What is asked, and which body answers for a standard to whoever lives in a place. */
struct place_asking {
  struct action_call *call;
  struct standards found;
  struct action_case side;
  int known_count, known_room;
  struct known_body {
    const struct pack_standard *what;
    int64_t place, body;
  } * known;
};

enum status standards_ask_may(struct action_call *call, struct error *err) {
  const struct span standard = action_text(call, "standard"), place = action_text(call, "place");
  const int year = (int)action_int(call, "year");
  struct places *places = NULL;
  char written[8];
  if (standard.size && !pack_find_standard(call->pack, standard))
    return refuse_at(err, "standard", STANDARD_UNKNOWN, standard.bytes);
  if (year_first_day(YEAR_TAX, year) > call->today)
    return refuse_at(err, "year", STANDARD_YEAR_FUTURE, year_write(year, written));
  enum status status = register_places(call->store, call->arena, &places, err);
  if (status == DONE && place.size && places_by_code(places, place) == PLACE_NONE)
    return refuse_at(err, "place", PLACE_UNKNOWN, place.bytes);
  return status;
}

static enum status check_place(struct place_asking *a, struct error *err) {
  struct action_call *call = a->call;
  const struct rules *rules = NULL;
  const struct span standard = action_text(call, "standard"), place = action_text(call, "place");
  if (standards_ask_may(call, err) != DONE ||
      rules_ready(call->arena, call->rules, call->pack->dir, &rules, err) != DONE)
    return err->code;
  const struct standards_request q = {.store = call->store,
                                      .pack = call->pack,
                                      .rules = rules,
                                      .place = place.size ? place.bytes : NULL,
                                      .year = (int)action_int(call, "year"),
                                      .today = call->today,
                                      .only = standard.size
                                                  ? pack_find_standard(call->pack, standard)
                                                  : NULL,
                                      .progress = call->progress};
  enum status status = standards_check(call->arena, &q, &a->found, err);
  return status == DONE ? action_case_begin(call, true, &a->side, err) : status;
}

/* Of whoever answers for it where they live today; *body 0: nobody does. */
static enum status body_of(struct place_asking *a, const struct action_call *one,
                           const struct pack_standard *what, int64_t *body, struct error *err) {
  struct person person = {0};
  struct homes *homes = NULL;
  enum status status = register_surviving_person(one->store, one->arena, one->subject, &person,
                                                 err);
  if (status == DONE) status = register_homes(one->store, one->arena, &person, &homes, err);
  if (status != DONE) return status;
  const int64_t place = homes_place(homes, &person, one->today);
  for (int i = 0; i < a->known_count; i++)
    if (a->known[i].what == what && a->known[i].place == place) {
      *body = a->known[i].body;
      return DONE;
    }
  status = standard_body(one->store, one->arena, one->pack, what, place, body, err);
  arena_reserve(a->call->arena, a->known, a->known_room, a->known_count + 1);
  a->known[a->known_count++] = (struct known_body){what, place, *body};
  return status;
}

/* Whether it was asked about before: waiting or answered. */
static enum status was_asked(const struct place_asking *a, const struct action_call *one,
                             const struct pack_standard *what, bool *out, struct error *err) {
  const struct case_filter filter = {.kind = STANDARD_QUESTION,
                                     .subject = standard_subject(one->arena, what,
                                                                 (int)action_int(one, "year")),
                                     .most = 1};
  struct case_file *files = NULL;
  int64_t *records = NULL, total = 0;
  int count = 0, record_count = 0;
  enum status status = register_records(one->store, one->arena, one->subject, &records,
                                        &record_count, err);
  if (status == DONE)
    status = cases_of(one->store, one->arena, &a->side.desk, records, record_count, &filter, &files,
                      &count, &total, err);
  *out = total > 0;
  return status;
}

static void count_body(struct standards_counted *out, int64_t body) {
  int i = 0;
  while (i < out->body_count && out->bodies[i].body != body) i++;
  if (i == STANDARDS_BODIES_MOST) return;
  if (i == out->body_count) out->bodies[out->body_count++].body = body;
  out->bodies[i].people++;
}

enum status standards_ask_count(struct action_call *call, struct standards_counted *out,
                                struct error *err) {
  struct place_asking a = {.call = call};
  enum status status = check_place(&a, err);
  *out = (struct standards_counted){.broken = a.found.breach_count};
  for (int i = 0; status == DONE && i < a.found.breach_count; i++) {
    const struct standard_breach *b = &a.found.breaches[i];
    struct action_call one = *call;
    int64_t body = 0;
    bool asked = false;
    one.arena = arena_new();
    one.subject = b->person;
    status = was_asked(&a, &one, a.found.found[b->of].what, &asked, err);
    if (status == DONE && !asked) status = body_of(&a, &one, a.found.found[b->of].what, &body, err);
    out->before += asked;
    out->nobody += !asked && !body;
    if (!asked && body) count_body(out, body);
    arena_free(one.arena);
  }
  return status;
}

/* One person in a transaction of its own: the case and the look are there together, or neither. */
static enum status ask_one(struct place_asking *a, const struct standard_breach *b,
                           int64_t counts[ASKED_WAYS], struct error *err) {
  const struct pack_standard *what = a->found.found[b->of].what;
  struct action_call one = *a->call;
  struct error refused = {0};
  int64_t body = 0, id = 0;
  one.arena = arena_new();
  one.subject = b->person;
  one.actor.by.searches = true; /* of all of a place at once, with its purpose */
  enum status status = store_begin(one.store, STORE_WRITE, &refused);
  if (status == DONE) status = body_of(a, &one, what, &body, &refused);
  const bool nobody = status == DONE && !body;
  if (status == DONE && body) status = open_for(&one, &a->side.desk, what, b, body, &id, &refused);
  if (status == DONE && body)
    status = action_note(&one, b->person, arena_printf(one.arena, "standard %s", what->code),
                         what->name[ENGLISH], &refused);
  if (status == DONE) status = store_commit(one.store, &refused);
  if (status != DONE) store_rollback(one.store);
  arena_free(one.arena);
  const bool before = status == REFUSED && (refused.refusal.code == REFUSAL_CASE_WAITS_ALREADY ||
                                            refused.refusal.code == REFUSAL_CASE_MADE_ALREADY);
  counts[before ? ASKED_BEFORE : nobody ? ASKED_NOBODY : ASKED_NOW]++;
  if (status == DONE || before) return DONE;
  *err = refused;
  return status;
}

/* Who is asked about is found in one reading; then one after the other, so that nobody waits long,
 * and what a stopped run left is asked by the next. */
static enum status run_ask_place(struct action_call *call, struct error *err) {
  struct place_asking a = {.call = call};
  int64_t counts[ASKED_WAYS] = {0};
  struct progress p;
  enum status status = check_place(&a, err);
  if (status != DONE) return status;
  progress_begin(&p, call->progress, "asking", (uint64_t)a.found.breach_count);
  progress_report(&p, call->watch);
  for (int i = 0; status == DONE && i < a.found.breach_count; i++) {
    status = ask_one(&a, &a.found.breaches[i], counts, err);
    progress_update(&p, (uint64_t)i + 1, (uint64_t)i + 1);
  }
  progress_end(&p);
  action_answer_int(call, "asked", counts[ASKED_NOW]);
  action_answer_int(call, "before", counts[ASKED_BEFORE]);
  action_answer_int(call, "nobody", counts[ASKED_NOBODY]);
  return status;
}

static const enum refusal_code ask_place_refusals[] = {REFUSAL_STANDARD_UNKNOWN,
                                                       REFUSAL_STANDARD_YEAR_FUTURE,
                                                       REFUSAL_PLACE_UNKNOWN, REFUSAL_NONE};
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
    {.name = "standards-ask",
     .summary =
         "Asks whoever answers for minimum standards about everybody of a place for whom they "
         "are not known to be kept, and notes a look at each.",
     .fields = place_fields,
     .needs = MAY_ADMINISTER,
     .about = ABOUT_NOBODY,
     .begins = true,
     .job = true,
     .needs_pack = true,
     .refusals = ask_place_refusals,
     .answers = (const char *const[]){"asked", "before", "nobody", NULL},
     .run = run_ask_place},
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
