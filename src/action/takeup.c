/* Actions of take-up: looking for who misses out on something, for a purpose; writing to them; what
 * came of it; who wants none of this. */
#include "action/takeup.h"

#include "action/rows.h"
#include "base/refusal.h"
#include "register/duties.h"
#include "takeup/letters.h"

static const struct field find_fields[] = {
    {.name = "place",
     .kind = FIELD_CHOICE,
     .optional = true,
     .label = N_("Which place?"),
     .hint = N_("Leave it empty for all who are registered here")},
    {.name = "benefits",
     .kind = FIELD_CHOICES,
     .label = N_("What may people miss out on?"),
     .hint = N_("Choose one or more"),
     .missing = N_("Choose what people may miss out on")},
    {.name = "purpose",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = 300,
     .label = N_("For which purpose?"),
     .hint = N_(
         "Leave it empty for the purpose that the policy pack names. It is shown to everybody "
         "who is found")},
    {.name = "agreement",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = 200,
     .label = N_("Under which agreement?"),
     .hint = N_(
         "Where the council has no basis of its own: the agreement to share information, with "
         "its number")},
    {.name = "on", .kind = FIELD_DAY, .optional = true, .past = true, .label = N_("On which day?")},
    {.name = "body",
     .kind = FIELD_CHOICE,
     .optional = true,
     .label = N_("For which of your organisations?")},
    {.name = NULL}};

/* Of several bodies one must be said; the operator may be of none. */
static enum status take_body(const struct action_call *call, int64_t *body, struct error *err) {
  enum status status = action_body(call, "body", body, err);
  if (status != DONE) return status;
  if (!*body && call->body_count == 1) *body = call->bodies[0];
  bool theirs = call->actor.is_operator;
  for (int i = 0; i < call->body_count; i++) theirs |= call->bodies[i] == *body;
  return theirs ? DONE : refuse_at(err, "body", AWARD_BODY_MISSING);
}

/* Each word is looked up; what the council administers itself only it may look for. */
static enum status take_wanted(const struct action_call *call, int64_t body,
                               const struct pack_take_up **wanted, int *count, struct error *err) {
  struct span all = action_text(call, "benefits");
  for (size_t at = 0; at < all.size;) {
    const size_t size = strcspn(all.bytes + at, " ");
    if (size &&
        takeup_want(call->pack, span_make(all.bytes + at, size), wanted, count, err) != DONE)
      return err->code;
    at += size + 1;
  }
  if (!*count) return refuse_at(err, "benefits", TAKE_UP_NOTHING, "the rows of take-up.csv");
  for (int i = 0; i < *count && !call->actor.is_operator; i++)
    if (wanted[i]->basis == TAKE_UP_OWN &&
        duties_check(call->store, call->pack, body, wanted[i]->what->category, err) != DONE)
      return err->code;
  return takeup_may(wanted, *count, action_text(call, "agreement"), err);
}

enum status takeup_find_may(struct action_call *call, struct error *err) {
  const struct pack_take_up *wanted[TAKEUP_WANTED_MOST];
  const struct span place = action_text(call, "place");
  struct places *places = NULL;
  char day[11];
  int64_t body = 0;
  int count = 0;
  if (action_permit(action_find(span_of("take-up-find")), call, err) != DONE ||
      take_body(call, &body, err) != DONE || take_wanted(call, body, wanted, &count, err) != DONE ||
      register_places(call->store, call->arena, &places, err) != DONE)
    return err->code;
  if (place.size && places_by_code(places, place) == PLACE_NONE)
    return refuse_at(err, "place", PLACE_UNKNOWN, place.bytes);
  if (action_has(call, "on") && action_day(call, "on") > call->today)
    return refuse_at(err, "on", TAKE_UP_DAY, day_write(action_day(call, "on"), day));
  return DONE;
}

/* The place is read in one snapshot, which holds up nobody; what was found is written, with every
 * look, in one transaction. */
static enum status run_find(struct action_call *call, struct error *err) {
  const struct pack_take_up *wanted[TAKEUP_WANTED_MOST];
  const struct span place = action_text(call, "place");
  const struct rules *rules = NULL;
  struct takeup found;
  int64_t body = 0, number = 0;
  int count = 0;
  if (take_body(call, &body, err) != DONE || take_wanted(call, body, wanted, &count, err) != DONE ||
      rules_ready(call->arena, call->rules, call->pack->dir, &rules, err) != DONE)
    return err->code;
  const struct takeup_request request = {.store = call->store,
                                         .pack = call->pack,
                                         .rules = rules,
                                         .place = place.size ? place.bytes : NULL,
                                         .on = action_has(call, "on") ? action_day(call, "on")
                                                                      : call->today,
                                         .wanted_count = count,
                                         .wanted = wanted,
                                         .progress = call->progress,
                                         .watch = call->watch};
  enum status status = store_begin(call->store, STORE_READ, err);
  if (status == DONE) status = takeup_find(call->arena, &request, &found, err);
  store_rollback(call->store);
  if (status != DONE) return status;
  const struct takeup_keeping keeping = {.store = call->store,
                                         .by = &call->actor.by,
                                         .pack = call->pack,
                                         .found = &found,
                                         .purpose = action_text(call, "purpose"),
                                         .agreement = action_text(call, "agreement"),
                                         .body = body,
                                         .now = call->now};
  status = store_begin(call->store, STORE_WRITE, err);
  if (status == DONE) status = takeup_keep(call->arena, &keeping, &number, err);
  if (status == DONE) status = store_commit(call->store, err);
  if (status != DONE) {
    store_rollback(call->store);
    return status;
  }
  action_answer_int(call, "run", number);
  action_answer_int(call, "found", found.row_count);
  return DONE;
}

static const enum refusal_code find_refusals[] = {
    REFUSAL_TAKE_UP_BENEFIT,   REFUSAL_TAKE_UP_NO_BASIS,
    REFUSAL_TAKE_UP_AGREEMENT, REFUSAL_TAKE_UP_DAY,
    REFUSAL_PLACE_UNKNOWN,     REFUSAL_AWARD_BODY_MISSING,
    REFUSAL_BODY_CODE_UNKNOWN, REFUSAL_NONE};

/* ---- letters ---- */

/* A run of the actor's own body; the operator uses any. */
static enum status find_own_run(const struct action_call *call, struct takeup_run *out,
                                struct error *err) {
  enum status status = takeup_run_find(call->store, call->arena, action_int(call, "run"), out, err);
  bool theirs = call->actor.is_operator;
  for (int i = 0; status == DONE && i < call->body_count; i++)
    theirs |= call->bodies[i] == out->body;
  if (status != DONE || theirs) return status;
  return refuse_at(err, "run", TAKE_UP_RUN_OF_OTHERS);
}

#define RUN_FIELD \
  { \
    .name = "run", .kind = FIELD_COUNT, .least = 1, .most = 1000000000, \
    .label = N_("Number of the run") \
  }

static const struct field write_fields[] = {RUN_FIELD, {.name = NULL}};

static enum status run_write(struct action_call *call, struct error *err) {
  struct takeup_run run = {0};
  struct takeup_written written = {0};
  if (find_own_run(call, &run, err) != DONE) return err->code;
  const struct takeup_writing writing = {.store = call->store,
                                         .pack = call->pack,
                                         .by = &call->actor.by,
                                         .run = run.id,
                                         .today = call->today,
                                         .now = call->now};
  enum status status = takeup_write(call->arena, &writing, &written, err);
  if (status != DONE) return status;
  action_answer_int(call, "letters", written.letters);
  action_answer_int(call, "left_out", written.left_out);
  return DONE;
}

static const enum refusal_code write_refusals[] = {REFUSAL_TAKE_UP_RUN_UNKNOWN,
                                                   REFUSAL_TAKE_UP_RUN_OF_OTHERS, REFUSAL_NONE};

/* ---- what came of it ---- */

/* Nobody says that it waits: that is what it is when nothing is said. */
static struct choice outcome_at(int i) {
  const enum takeup_outcome outcome = (enum takeup_outcome)(OUTCOME_CLAIMED + i);
  return outcome < OUTCOMES
             ? (struct choice){takeup_outcome_word(outcome), takeup_outcome_shown(outcome)}
             : (struct choice){NULL, NULL};
}

static const struct field outcome_fields[] = {
    RUN_FIELD,
    {.name = "letter",
     .kind = FIELD_COUNT,
     .least = 1,
     .most = 1000000000,
     .label = N_("Number of the letter")},
    {.name = "benefit",
     .kind = FIELD_CHOICE,
     .label = N_("Which entitlement?"),
     .missing = N_("Choose which entitlement")},
    {.name = "outcome",
     .kind = FIELD_CHOICE,
     .choice_at = outcome_at,
     .label = N_("What came of it?"),
     .missing = N_("Choose what came of it")},
    {.name = "amount",
     .kind = FIELD_MONEY,
     .optional = true,
     .least = 1,
     .label = N_("How much a year?"),
     .hint = N_("Only where it was awarded, and where you know it")},
    {.name = NULL}};

static enum status run_outcome(struct action_call *call, struct error *err) {
  struct takeup_run run = {0};
  struct takeup_letter letter = {0};
  struct takeup_saying saying = {.store = call->store,
                                 .by = &call->actor.by,
                                 .letter = &letter,
                                 .variable = action_text(call, "benefit"),
                                 .now = call->now};
  enum status status = find_own_run(call, &run, err);
  if (status == DONE)
    status = takeup_letter_find(call->store, call->arena, run.id, action_int(call, "letter"),
                                &letter, err);
  if (status != DONE) return status;
  for (int i = OUTCOME_CLAIMED; i < OUTCOMES; i++)
    if (span_is(action_text(call, "outcome"), takeup_outcome_word((enum takeup_outcome)i)))
      saying.outcome = (enum takeup_outcome)i;
  if (saying.outcome == OUTCOME_AWARDED) saying.pence = action_int(call, "amount");
  status = takeup_say(call->arena, &saying, err);
  return status == DONE ? access_log_add(call->store, &call->actor.by, letter.party,
                                         "said what came of a letter", run.purpose, err)
                        : status;
}

static const enum refusal_code outcome_refusals[] = {
    REFUSAL_TAKE_UP_RUN_UNKNOWN, REFUSAL_TAKE_UP_RUN_OF_OTHERS, REFUSAL_TAKE_UP_LETTER_UNKNOWN,
    REFUSAL_TAKE_UP_LETTER_NOT_ABOUT, REFUSAL_NONE};

/* ---- who wants none ---- */

static const struct choice choose_choices[] = {
    {"yes", N_("Yes: search for what I may get, and write to me")},
    {"no", N_("No: do not search for me, and do not write to me")},
    {NULL, NULL}};
static const struct field choose_fields[] = {
    {.name = "letters",
     .kind = FIELD_CHOICE,
     .choices = choose_choices,
     .label = N_("Do you want letters about what you may get?"),
     .hint = N_("Nothing that you get will change"),
     .missing = N_("Choose whether you want these letters")},
    {.name = NULL}};

static enum status choose(struct action_call *call, const bool *refuses, const bool *unsafe,
                          struct error *err) {
  const struct takeup_choosing choosing = {.store = call->store,
                                           .person = call->subject,
                                           .refuses = refuses,
                                           .unsafe = unsafe,
                                           .who = call->actor.by.who,
                                           .now = call->now};
  return takeup_choose(call->arena, &choosing, err);
}

/* Whether a letter could harm them is for staff to say, and stays as they said. */
static enum status run_choose(struct action_call *call, struct error *err) {
  const bool refuses = span_is(action_text(call, "letters"), "no");
  return choose(call, &refuses, NULL, err);
}

static const struct choice mark_choices[] = {
    {"yes", N_("They may be searched for and written to")},
    {"no", N_("They do not want to be searched for or written to")},
    {"unsafe", N_("A letter could harm them: nobody writes to this home")},
    {NULL, NULL}};
static const struct field mark_fields[] = {{.name = "letters",
                                            .kind = FIELD_CHOICE,
                                            .choices = mark_choices,
                                            .label = N_("Letters about what they may get"),
                                            .missing = N_("Choose one")},
                                           {.name = NULL}};

/* What they said themselves stays while a letter could harm them. */
static enum status run_mark(struct action_call *call, struct error *err) {
  const struct span letters = action_text(call, "letters");
  const bool unsafe = span_is(letters, "unsafe"), refuses = span_is(letters, "no");
  const enum status status = choose(call, unsafe ? NULL : &refuses, &unsafe, err);
  return status == DONE ? action_note(call, call->subject, "letters about what they may get",
                                      call->reason, err)
                        : status;
}

const struct action takeup_actions[] = {
    {.name = "take-up-find",
     .summary = "Finds who seems entitled to something and receives nothing, and notes a look at "
                "each of them.",
     .fields = find_fields,
     .needs = MAY_RECORD,
     .about = ABOUT_NOBODY,
     .begins = true,
     .job = true,
     .needs_pack = true,
     .refusals = find_refusals,
     .answers = (const char *const[]){"run", "found", NULL},
     .run = run_find},
    {.name = "take-up-write",
     .summary = "Writes one letter to each household that a run found and that may be written to.",
     .fields = write_fields,
     .needs = MAY_RECORD,
     .about = ABOUT_NOBODY,
     .needs_pack = true,
     .refusals = write_refusals,
     .answers = (const char *const[]){"letters", "left_out", NULL},
     .run = run_write},
    {.name = "take-up-outcome",
     .summary = "Says what came of a letter about something that somebody seemed entitled to.",
     .fields = outcome_fields,
     .needs = MAY_RECORD,
     .about = ABOUT_NOBODY,
     .refusals = outcome_refusals,
     .run = run_outcome},
    {.name = "take-up-choose",
     .summary = "Says whether one wants to be looked for, and written to, about what one may get.",
     .fields = choose_fields,
     .needs = SIGNED_IN,
     .about = ABOUT_ONESELF,
     .run = run_choose},
    {.name = "take-up-mark",
     .summary = "Notes for somebody that they want no such letters, or that one could harm them.",
     .fields = mark_fields,
     .needs = MAY_RECORD,
     .about = ABOUT_PERSON,
     .run = run_mark},
    {.name = NULL},
};
