/* Actions on cases: somebody's own requests, and what officers decide. The kinds, what they ask and
 * who may do what are rows of the policy pack (case/case.h). */
#include "action/awards.h"
#include "action/cases.h"
#include "action/rows.h"
#include "action/second.h"
#include "award/claim.h"
#include "notify/notify.h"
#include "base/folder.h"
#include "base/limits.h"
#include "register/case_actor.h"
#include "time/time.h"

#include <errno.h>
#include <fcntl.h>
#include <strings.h>
#include <unistd.h>

enum { FACTS_MOST = 32 }; /* the longest kind asks some ten */

/* ---- who acts ---- */

enum status action_case_begin(const struct action_call *call, bool is_officer,
                              struct action_case *out, struct error *err) {
  const struct action_actor *actor = &call->actor;
  /* the operator acts for whom the call names */
  int64_t person = actor->is_operator ? call->subject : actor->person;
  const struct reference_data *data = call->reference_data;
  out->terms = (struct desk_terms){.record = {.pack = call->pack,
                                              .codes = data ? data->codes : NULL,
                                              .any_category = actor->is_operator},
                                   .reference_data = data,
                                   .rules = call->rules};
  out->desk = action_desk(&out->terms, call->today);
  enum status status = register_case_actor(call->store, call->arena, person, call->today,
                                           actor->by.who, &out->actor, err);
  out->actor.machine = actor->by.machine;
  /* for their own they act as anybody else: what they do in a role is done among the officers' */
  if (!is_officer) out->actor.role_count = out->actor.body_count = 0;
  const bool of_another = call->subject && call->subject != actor->person;
  if (status == DONE && !is_officer && !actor->is_operator && of_another)
    status = register_case_helper(call->store, call->arena, &out->actor, call->subject, call->today,
                                  err);
  out->call = (struct case_call){call->store, call->arena, &out->desk, &out->actor};
  return status;
}

struct award_call action_award_call(const struct action_call *call,
                                    const struct action_case *side) {
  return (struct award_call){.store = call->store,
                             .arena = call->arena,
                             .pack = call->pack,
                             .desk = &side->desk,
                             .who = call->actor.by.who,
                             .today = call->today,
                             .rules = call->rules};
}

/* The case of the field `case`. REFUSED at that field where there is none for this actor. */
static enum status find_case(const struct action_call *call, const struct action_case *side,
                             struct case_file *out, struct error *err) {
  struct error none = {0};
  enum status status = case_one(call->store, call->arena, &side->desk, &side->actor,
                                action_int(call, "case"), out, &none);
  if (status == REFUSED) return refuse_at(err, "case", CASE_UNKNOWN);
  if (status != DONE) *err = none;
  return status;
}

/* Officers and helpers leave a row in the person's access log. */
static enum status note_case(const struct action_call *call, const struct action_case *side,
                             const struct case_file *file, bool is_officer, struct error *err) {
  const char *what = arena_printf(call->arena, "case %s %lld", file->kind_word,
                                  (long long)file->id);
  if (!file->party || case_actor_is(&side->actor, file->party)) return DONE;
  if (is_officer)
    return action_note(call, file->party, what,
                       arena_printf(call->arena, "to answer request %lld", (long long)file->id),
                       err);
  return side->actor.helped ? action_note(call, file->party, what, "helping", err) : DONE;
}

/* ---- facts ---- */

/* `NAME=VALUE`, a line each; or what the page has read by the kind's own fields. */
static enum status read_facts(const struct action_call *call, const struct case_fact **out,
                              int *count, struct error *err) {
  struct span text = action_text(call, "facts");
  *out = call->facts;
  *count = call->fact_count;
  if (call->facts || !text.size) return DONE;
  struct case_fact *all = arena_array(call->arena, struct case_fact, FACTS_MOST);
  for (*count = 0; text.size;) {
    const char *end = memchr(text.bytes, '\n', text.size);
    struct span line = span_make(text.bytes, end ? (size_t)(end - text.bytes) : text.size);
    text = end ? span_make(end + 1, text.size - line.size - 1) : span_of("");
    const char *equals = line.size ? memchr(line.bytes, '=', line.size) : NULL;
    if (!equals || *count == FACTS_MOST) return refuse_at(err, "facts", CASE_FACTS_MALFORMED);
    size_t name = (size_t)(equals - line.bytes), rest = line.size - name - 1;
    all[(*count)++] =
        (struct case_fact){arena_copy(call->arena, line.bytes, name),
                           span_make(arena_copy(call->arena, equals + 1, rest), rest)};
  }
  *out = all;
  return DONE;
}

/* ---- files ---- */

/* The file's own name: of an upload after its path's last `+`. */
static const char *own_name(const char *path) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  const char *plus = strncmp(name, "weal-upload-", 12) == 0 ? strchr(name, '+') : NULL;
  return plus ? plus + 1 : name;
}

static enum status take_file(const struct action_call *call, const struct action_case *side,
                             const struct case_file *file, struct error *err) {
  const char *path = action_text(call, "file").bytes;
  struct text content = {0};
  enum status status = file_read_whole(path, LIMIT_ATTACHMENT_BYTES, &content, err);
  if (status == DONE)
    status = case_attach(call->store, &side->actor, file, span_of(own_name(path)),
                         span_make(content.bytes, content.size), err);
  if (status == REFUSED) snprintf(err->column, sizeof err->column, "file");
  text_release(&content);
  return status;
}

/* ---- one's own requests ---- */

#define FACTS_FIELD \
  { \
    .name = "facts", .kind = FIELD_LONG, .optional = true, .most = CASE_FACTS_BYTES_MAX, \
    .label = N_("What is asked: a line of NAME=VALUE for each") \
  }
#define FILE_FIELD(may_lack) \
  { \
    .name = "file", .kind = FIELD_FILE, .optional = (may_lack), .most = LIMIT_ATTACHMENT_BYTES, \
    .label = N_("A document or picture"), .hint = N_("PDF, JPEG, PNG or plain text."), \
    .missing = N_("Choose a file") \
  }

static const struct field open_fields[] = {
    {.name = "kind", .kind = FIELD_CODE, .label = N_("Kind of request")},
    {.name = "about", .kind = FIELD_HIDDEN, .optional = true},
    {.name = "to", .kind = FIELD_CODE, .optional = true, .label = N_("Code of the organisation")},
    FACTS_FIELD,
    {.name = "reason",
     .kind = FIELD_LONG,
     .optional = true,
     .most = CASE_WORDS_BYTES_MAX,
     .label = N_("What do you want to tell us?"),
     .missing = N_("Write what you want to tell us")},
    FILE_FIELD(true),
    {.name = NULL}};

static enum status open_case(struct action_call *call, struct action_case *side,
                             struct case_opening *opening, int64_t *id, struct error *err) {
  opening->party = call->subject;
  enum status status = case_open(call->store, call->arena, &side->desk, &side->actor, opening, id,
                                 err);
  if (status == DONE) action_answer_int(call, "case", *id);
  return status;
}

static enum status run_open(struct action_call *call, struct error *err) {
  struct action_case side;
  struct case_file file;
  int64_t id = 0;
  const struct pack_case_kind *kind = pack_find_case_kind(call->pack, action_text(call, "kind"));
  if (!kind) return refuse_at(err, "kind", CASE_KIND_UNKNOWN, action_text(call, "kind").bytes);
  struct case_opening opening = {.kind = kind->code,
                                 .subject = action_has(call, "about")
                                                ? action_text(call, "about").bytes
                                                : NULL,
                                 .reason = action_text(call, "reason")};
  if (action_body(call, "to", &opening.to_body, err) != DONE ||
      read_facts(call, &opening.facts, &opening.fact_count, err) != DONE ||
      action_case_begin(call, false, &side, err) != DONE ||
      open_case(call, &side, &opening, &id, err) != DONE)
    return err->code;
  if (case_one(call->store, call->arena, &side.desk, &side.actor, id, &file, err) != DONE)
    return err->code;
  if (action_has(call, "file") && take_file(call, &side, &file, err) != DONE) return err->code;
  return note_case(call, &side, &file, false, err);
}

/* Whoever may read it as their own, and did not make the move. */
static enum status tell_one(struct action_call *call, const struct action_case *side,
                            const struct case_file *file, int64_t party, struct error *err) {
  const struct message told = {MESSAGE_ANSWER,
                               arena_printf(call->arena, "%lld", (long long)file->id),
                               call->actor.by.who, call->now};
  struct case_actor own = {0};
  int64_t *records = NULL;
  if (!party || case_actor_is(&side->actor, party)) return DONE;
  enum status status = register_records(call->store, call->arena, party, &records,
                                        &own.record_count, err);
  if (status != DONE) return status;
  own.records = records;
  own.person = records[0];
  return case_is_theirs(&own, file) ? notify_tell(call->store, call->arena, party, &told, err)
                                    : DONE;
}

static enum status tell_answer(struct action_call *call, const struct action_case *side,
                               const struct case_file *file, struct error *err) {
  if (file->waits) return DONE;
  enum status status = tell_one(call, side, file, file->party, err);
  return status == DONE && file->opener != file->party
             ? tell_one(call, side, file, file->opener, err)
             : status;
}

static enum status move_case(struct action_call *call, bool is_officer, struct error *err) {
  struct action_case side;
  struct case_file file;
  struct case_motion motion = {.move = action_text(call, "move").bytes,
                               .words = action_text(call, "words")};
  if (read_facts(call, &motion.facts, &motion.fact_count, err) != DONE ||
      action_case_begin(call, is_officer, &side, err) != DONE ||
      find_case(call, &side, &file, err) != DONE)
    return err->code;
  motion.id = file.id;
  /* what they or their helper take back or end is no answer to them */
  const bool senders = !is_officer && case_is_theirs(&side.actor, &file);
  if (case_move(call->store, call->arena, &side.desk, &side.actor, &motion, &file, err) != DONE)
    return err->code;
  action_answer(call, "kind", file.kind_word);
  action_answer(call, "state", file.state_word);
  action_answer(call, "result", file.result);
  if (!senders && tell_answer(call, &side, &file, err) != DONE) return err->code;
  return note_case(call, &side, &file, is_officer, err);
}

static const struct field move_fields[] = {
    {.name = "case", .kind = FIELD_COUNT, .least = 1, .most = INT64_MAX, .label = N_("Number")},
    {.name = "move", .kind = FIELD_CODE, .label = N_("What is done with it")},
    {.name = "words",
     .kind = FIELD_LONG,
     .optional = true,
     .most = CASE_WORDS_BYTES_MAX,
     .label = N_("Your words")},
    FACTS_FIELD,
    {.name = NULL}};

static enum status run_request_move(struct action_call *call, struct error *err) {
  return move_case(call, false, err);
}
static enum status run_case_move(struct action_call *call, struct error *err) {
  return move_case(call, true, err);
}

/* A claim's or a dispute's decision awards: much is not decided by one person alone. */
static enum status move_needs_second(struct action_call *call, struct action_second_need *need,
                                     struct error *err) {
  struct action_case side;
  struct case_file file;
  struct award_sums sums;
  if (!call->pack->second_from) return DONE;
  if (action_case_begin(call, true, &side, err) != DONE ||
      find_case(call, &side, &file, err) != DONE)
    return err->code;
  if (!claim_is(&file) && !claim_is_dispute(&file)) return DONE;
  enum status status = award_sums_tried(call, file.party, &sums, err);
  need->needed = status == DONE && sums.is_large;
  need->party = file.party;
  need->body = sums.body;
  return status;
}

static const struct action_second move_second = {
    .kind = SECOND_OF_A_BODY,
    .when =
        "of a claim's or a dispute's decision that makes so much due at once or in one payment, "
        "with what the body awarded the person or their family within a week, as the pack "
        "names (`second_person_from`)",
    .needed = move_needs_second,
    .asks = N_("%s asks to decide a claim of %s")};

static const struct field attach_fields[] = {
    {.name = "case", .kind = FIELD_COUNT, .least = 1, .most = INT64_MAX, .label = N_("Number")},
    FILE_FIELD(false),
    {.name = NULL}};

static enum status run_attach(struct action_call *call, struct error *err) {
  struct action_case side;
  struct case_file file;
  if (action_case_begin(call, false, &side, err) != DONE ||
      find_case(call, &side, &file, err) != DONE)
    return err->code;
  if (take_file(call, &side, &file, err) != DONE) return err->code;
  return note_case(call, &side, &file, false, err);
}

static const struct field object_fields[] = {
    {.name = "look", .kind = FIELD_COUNT, .least = 1, .most = INT64_MAX, .label = N_("Number")},
    {.name = "words",
     .kind = FIELD_LONG,
     .most = CASE_WORDS_BYTES_MAX,
     .label = N_("Why should this visit not have happened?"),
     .hint = N_("An administrator of the place reads this and answers you here."),
     .missing = N_("Say why you object")},
    {.name = NULL}};

static enum status run_object(struct action_call *call, struct error *err) {
  struct action_case side;
  int64_t id;
  struct case_opening opening = {.kind = LOOK_OBJECTION,
                                 .subject = arena_printf(call->arena, "look:%lld",
                                                         (long long)action_int(call, "look")),
                                 .reason = action_text(call, "words")};
  enum status status = action_case_begin(call, false, &side, err);
  if (status == DONE) status = open_case(call, &side, &opening, &id, err);
  if (status == REFUSED && strcmp(err->column, "reason") == 0)
    snprintf(err->column, sizeof err->column, "words");
  if (status == REFUSED && err->refusal.code == REFUSAL_ACCESS_UNKNOWN)
    snprintf(err->column, sizeof err->column, "look");
  return status;
}

/* ---- time given ---- */

static const struct field time_fields[] = {
    {.name = "category",
     .kind = FIELD_CHOICE,
     .label = N_("What was done?"),
     .missing = N_("Say what was done")},
    {.name = "date",
     .kind = FIELD_DAY,
     .past = true,
     .label = N_("On which day?"),
     .hint = N_("Up to a year back, for example 27 3 2026"),
     .missing = N_("Enter the day")},
    {.name = "minutes",
     .kind = FIELD_MINUTES,
     .label = N_("How long?"),
     .missing = N_("Enter how long it took")},
    {.name = "confirmer",
     .kind = FIELD_TEXT,
     .most = 200,
     .label = N_("Who can confirm it?"),
     .hint = N_(
         "The name of the organisation, as shown beside items of the account, or the reference of "
         "the person, such as P000123. Look at it twice: for their sake we do not say whether "
         "anybody has it. If somebody has, they are asked, and it counts when they confirm it."),
     .missing = N_("Enter who can confirm it")},
    {.name = "note",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = TIME_NOTE_BYTES_MAX,
     .label = N_("What was it?")},
    {.name = NULL}};

/* The one body of this name, in large letters or small; NULL: none, or more than one. */
static const struct body *body_named(const struct bodies *bodies, struct span name) {
  const struct body *found = NULL;
  for (int i = 0; i < bodies->count; i++) {
    const char *its = bodies->all[i].name;
    if (!its || strlen(its) != name.size || strncasecmp(its, name.bytes, name.size) != 0) continue;
    if (found) return NULL;
    found = &bodies->all[i];
  }
  return found;
}

/* References have one; a name without is that of a body, and was typed wrong. */
static bool has_digit(struct span typed) {
  for (size_t i = 0; i < typed.size; i++)
    if (typed.bytes[i] >= '0' && typed.bytes[i] <= '9') return true;
  return false;
}

/* Finds a body by its code or name, else a person by the reference that they gave; not by a number
 * that others know, since the answer would say whose it is. */
static enum status find_confirmer(const struct action_call *call, struct case_opening *opening,
                                  struct error *err) {
  struct span typed = action_text(call, "confirmer");
  const struct bodies *bodies = call->reference_data->bodies;
  const struct body *body = bodies_by_code(bodies, typed);
  struct error unknown = {0};
  if (!body) body = body_named(bodies, typed);
  if (body) return opening->to_body = body->id, DONE;
  bool is_reference = !memchr(typed.bytes, ':', typed.size) ||
                      (typed.size > 3 && memcmp(typed.bytes, "id:", 3) == 0);
  enum status status = is_reference ? register_find_person(call->store, typed.bytes,
                                                           &opening->to_person, &unknown)
                                    : REFUSED;
  /* the form alone decides: whether somebody has the reference is not told */
  if (status == REFUSED && is_reference && has_digit(typed) &&
      unknown.refusal.code != REFUSAL_IDENTIFIER_MALFORMED)
    return opening->to_person = TIME_TO_NOBODY, DONE;
  if (status == REFUSED) return refuse_at(err, "confirmer", CONFIRMER_UNKNOWN);
  if (status != DONE) *err = unknown;
  return status;
}

static enum status run_time(struct action_call *call, struct error *err) {
  struct case_fact facts[] = {{"category", action_text(call, "category")},
                              {"date", action_text(call, "date")},
                              {"minutes", action_text(call, "minutes")},
                              {"note", action_text(call, "note")},
                              {"confirmer", span_of("")}};
  struct case_opening opening = {.kind = TIME_GIVEN,
                                 .facts = facts,
                                 .fact_count = sizeof facts / sizeof *facts};
  struct action_case side;
  int64_t id;
  enum status status = find_confirmer(call, &opening, err);
  /* what was typed, so that the giver sees the same of somebody and of nobody */
  if (status == DONE && opening.to_person)
    facts[sizeof facts / sizeof *facts - 1].value = action_text(call, "confirmer");
  if (status == DONE) status = action_case_begin(call, false, &side, err);
  if (status == DONE) status = open_case(call, &side, &opening, &id, err);
  if (status == REFUSED && strcmp(err->column, "to") == 0)
    snprintf(err->column, sizeof err->column, "confirmer");
  if (status != DONE || case_actor_is(&side.actor, call->subject)) return status;
  return action_note(call, call->subject, "time given: entered", "helping", err);
}

/* ---- officers ---- */

static const struct field assign_fields[] = {
    {.name = "case", .kind = FIELD_COUNT, .least = 1, .most = INT64_MAX, .label = N_("Number")},
    {.name = "to",
     .kind = FIELD_CHOICE,
     .choices = (const struct choice[]){{"me", NULL}, {"nobody", NULL}, {NULL, NULL}}},
    {.name = NULL}};

static enum status run_assign(struct action_call *call, struct error *err) {
  struct action_case side;
  struct case_file file;
  if (action_case_begin(call, true, &side, err) != DONE ||
      find_case(call, &side, &file, err) != DONE)
    return err->code;
  return case_assign(call->store, call->arena, &side.desk, &side.actor, file.id,
                     span_is(action_text(call, "to"), "me") ? &side.actor : NULL, err);
}

static const struct field carry_fields[] = {
    {.name = "case", .kind = FIELD_COUNT, .least = 1, .most = INT64_MAX, .label = N_("Number")},
    {.name = NULL}};

static enum status run_carry_out(struct action_call *call, struct error *err) {
  return second_run(call, action_int(call, "case"), err);
}

/* ---- rows ---- */

static const enum refusal_code open_refusals[] = {
    REFUSAL_CASE_KIND_UNKNOWN,      REFUSAL_CASE_NOT_TO_OPEN,
    REFUSAL_CASE_FACTS_MALFORMED,   REFUSAL_CASE_FACT_MISSING,
    REFUSAL_CASE_FACT_TWICE,        REFUSAL_CASE_FACT_UNKNOWN,
    REFUSAL_CASE_WORDS_MISSING,     REFUSAL_CASE_WORDS_EXTRA,
    REFUSAL_CASE_TO_MISSING,        REFUSAL_CASE_TO_SELF,
    REFUSAL_CASE_WAITS_ALREADY,     REFUSAL_CASE_TOO_MANY_WAIT,
    REFUSAL_CASE_MADE_ALREADY,      REFUSAL_ATTACHMENT_NAME,
    REFUSAL_ATTACHMENT_EMPTY,       REFUSAL_ATTACHMENT_TOO_LARGE,
    REFUSAL_ATTACHMENT_KIND,        REFUSAL_ATTACHMENTS_TOO_LARGE,
    REFUSAL_ATTACHMENT_NOT_OF_KIND, REFUSAL_NONE};
static const enum refusal_code move_refusals[] = {REFUSAL_CASE_UNKNOWN,
                                                  REFUSAL_CASE_CHANGED,
                                                  REFUSAL_CASE_OWN,
                                                  REFUSAL_CASE_NOT_YOURS,
                                                  REFUSAL_CASE_WORDS_MISSING,
                                                  REFUSAL_CASE_WORDS_EXTRA,
                                                  REFUSAL_CASE_FACTS_MALFORMED,
                                                  REFUSAL_REDRESS_SAME_AS_WRONG,
                                                  REFUSAL_REDRESS_NEEDS_SECOND,
                                                  REFUSAL_AMOUNT_UNUSUAL,
                                                  REFUSAL_QUANTITY_UNUSUAL,
                                                  REFUSAL_MINUTES_UNUSUAL,
                                                  REFUSAL_NONE};
static const enum refusal_code attach_refusals[] = {REFUSAL_CASE_UNKNOWN,
                                                    REFUSAL_CASE_CHANGED,
                                                    REFUSAL_CASE_NOT_YOURS,
                                                    REFUSAL_ATTACHMENT_NAME,
                                                    REFUSAL_ATTACHMENT_EMPTY,
                                                    REFUSAL_ATTACHMENT_TOO_LARGE,
                                                    REFUSAL_ATTACHMENT_KIND,
                                                    REFUSAL_ATTACHMENTS_TOO_MANY,
                                                    REFUSAL_ATTACHMENTS_TOO_LARGE,
                                                    REFUSAL_ATTACHMENT_NOT_OF_KIND,
                                                    REFUSAL_NONE};
static const enum refusal_code object_refusals[] = {REFUSAL_ACCESS_UNKNOWN,
                                                    REFUSAL_CASE_MADE_ALREADY,
                                                    REFUSAL_CASE_WAITS_ALREADY, REFUSAL_NONE};
static const enum refusal_code time_refusals[] = {REFUSAL_CONFIRMER_UNKNOWN, REFUSAL_CASE_TO_SELF,
                                                  REFUSAL_TIME_DAY_TOO_OLD, REFUSAL_NONE};
static const enum refusal_code assign_refusals[] = {REFUSAL_CASE_UNKNOWN, REFUSAL_CASE_NOT_YOURS,
                                                    REFUSAL_CASE_ASSIGN_OTHER, REFUSAL_NONE};
static const enum refusal_code carry_refusals[] = {
    REFUSAL_CASE_UNKNOWN,         REFUSAL_CASE_CHANGED,      REFUSAL_CASE_OWN,
    REFUSAL_CASE_NOT_YOURS,       REFUSAL_SECOND_IS_NOT_RUN, REFUSAL_SECOND_TOO_LATE,
    REFUSAL_SECOND_ASKER_MAY_NOT, REFUSAL_SECOND_KEPT_WRONG, REFUSAL_NONE};
static const char *const move_answers[] = {"kind", "state", "result", NULL};
static const char *const case_answers[] = {"case", NULL};

const struct action case_actions[] = {
    {.name = "request-open",
     .summary = "Asks for something, or says that something is wrong: a kind of the policy pack.",
     .fields = open_fields,
     .needs = SIGNED_IN,
     .helper = HELPER,
     .about = ABOUT_ONESELF,
     .needs_terms = true,
     .refusals = open_refusals,
     .answers = case_answers,
     .run = run_open},
    {.name = "request-move",
     .summary = "Takes a request of one's own back, or answers what one is asked.",
     .fields = move_fields,
     .needs = SIGNED_IN,
     .helper = HELPER,
     .about = ABOUT_ONESELF,
     .needs_terms = true,
     .refusals = move_refusals,
     .answers = move_answers,
     .run = run_request_move},
    {.name = "request-attach",
     .summary = "Adds a file to a request of one's own.",
     .fields = attach_fields,
     .needs = SIGNED_IN,
     .helper = HELPER,
     .about = ABOUT_ONESELF,
     .needs_terms = true,
     .refusals = attach_refusals,
     .run = run_attach},
    {.name = "look-object",
     .summary = "Objects to somebody's look at one's record; an administrator answers.",
     .fields = object_fields,
     .needs = SIGNED_IN,
     .about = ABOUT_ONESELF,
     .needs_terms = true,
     .refusals = object_refusals,
     .answers = case_answers,
     .run = run_object},
    {.name = "time-propose",
     .summary = "Enters time given; it counts when the other side confirms it.",
     .fields = time_fields,
     .needs = SIGNED_IN,
     .helper = HELPER_TIME,
     .about = ABOUT_ONESELF,
     .needs_terms = true,
     .refusals = time_refusals,
     .answers = case_answers,
     .run = run_time},
    {.name = "case-move",
     .summary = "Decides a case of one's body or role, or asks for more: a move of its kind.",
     .fields = move_fields,
     .needs = MAY_ANSWER_INBOX,
     .needs_terms = true,
     .second = &move_second,
     .refusals = move_refusals,
     .answers = (const char *const[]){"kind", "state", "result", "case", "waits-for", NULL},
     .run = run_case_move},
    {.name = "case-carry-out",
     .summary = "Approves what another asked for and what takes long, and carries it out.",
     .fields = carry_fields,
     .needs = MAY_ANSWER_INBOX,
     .begins = true,
     .job = true,
     .needs_pack = true,
     .refusals = carry_refusals,
     .answers = (const char *const[]){"entry", "people", "lines", NULL},
     .run = run_carry_out},
    {.name = "case-assign",
     .summary = "Takes a case on, or gives it back.",
     .fields = assign_fields,
     .needs = MAY_ANSWER_INBOX,
     .needs_terms = true,
     .refusals = assign_refusals,
     .run = run_assign},
    {.name = NULL},
};
