/* Actions of take-up: looking for who misses out on something, for a purpose. */
#include "action/rows.h"
#include "register/duties.h"
#include "takeup/takeup.h"

static const struct field find_fields[] = {
    {.name = "place",
     .kind = FIELD_CODE,
     .optional = true,
     .label = N_("Which place?"),
     .hint = N_("Leave it empty for all who are registered here")},
    {.name = "benefits",
     .kind = FIELD_TEXT,
     .most = 500,
     .label = N_("What may people miss out on?"),
     .hint = N_("Entitlements or categories, with a space between"),
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
     .kind = FIELD_CODE,
     .optional = true,
     .label = N_("Code of your organisation")},
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
    const size_t size = strcspn(all.bytes + at, " ,");
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
    {.name = NULL},
};
