/* Whom a row of a body's own file means, where that was not sure: what a person decides. */
#include "action/rows.h"
#include "pack/name_words.h"
#include "register/match_rows.h"
#include "register/names.h"

#define CHOSEN "id:"

static const struct field match_fields[] = {
    {.name = "row", .kind = FIELD_COUNT, .least = 1, .label = N_("Number of the question")},
    /* the page adds the people who may be meant: `id:` and their number */
    {.name = "who",
     .kind = FIELD_CHOICE,
     .label = N_("Who is meant?"),
     .missing = N_("Choose who is meant, or that you are not sure")},
    {.name = "person",
     .kind = FIELD_CODE,
     .optional = true,
     .among = true,
     .label = N_("Number of the other person"),
     .hint = N_("Only if you chose another person. For example, P000017")},
    {.name = "reason",
     .kind = FIELD_TEXT,
     .optional = true,
     .among = true,
     .least = 4,
     .most = 200,
     .label = N_("How do you know?"),
     .hint = N_("For example, they said so on the phone, or the surname changed by marriage. "
                "Leave it empty if you are not sure")},
    {.name = NULL}};

struct deciding {
  struct action_call *call;
  struct person_decisions decisions;
  const struct match_row *row;
  int changed;
};

static enum status find_row(struct deciding *d, struct error *err) {
  struct action_call *call = d->call;
  struct pack_name_words *words = NULL;
  struct match_row *rows = NULL;
  int count = 0;
  enum status status = pack_name_words_read(&words, call->pack->dir, call->arena, err);
  if (status == DONE) status = person_decisions_hold(call->store, err);
  if (status == DONE)
    status = person_decisions_read(&d->decisions, call->store, words, call->arena, err);
  if (status != DONE) return status;
  match_rows(&d->decisions, call->arena, &rows, &count);
  for (int i = 0; i < count; i++)
    if (rows[i].number == action_int(call, "row")) d->row = &rows[i];
  return d->row ? DONE : refuse_at(err, "row", MATCH_UNKNOWN);
}

/* Writes one answer, and tells the person of it in their access log. */
static enum status decide(struct deciding *d, int64_t person, enum person_answer answer,
                          struct error *err) {
  static const char *const noted[PERSON_ANSWERS] = {
      [ANSWER_OPEN] = "a row of a file: it waits again",
      [ANSWER_SAME] = "a row of a file: it is about them",
      [ANSWER_DIFFERENT] = "a row of a file: it is about somebody else"};
  struct action_call *call = d->call;
  const struct person_decision *row = d->row->of[0];
  const char *reason = action_text(call, "reason").bytes;
  const struct person_answering answering = {.decision = {.body = row->body,
                                                          .person = person,
                                                          .name = row->name,
                                                          .born = row->born,
                                                          .postcode = row->postcode,
                                                          .reason = reason ? reason : "",
                                                          .by = call->actor.by.who,
                                                          .answer = answer}};
  bool changed = false;
  enum status status = person_decide(&d->decisions, call->store, &answering, &changed, err);
  if (status != DONE || !changed) return status;
  d->changed++;
  return action_note(call, person, noted[answer], reason && *reason ? reason : "answered", err);
}

/* Everybody of the row who is answered otherwise, but `except`. */
static enum status decide_others(struct deciding *d, int64_t except, enum person_answer from,
                                 enum person_answer answer, struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < d->row->count; i++) {
    const struct person_decision *one = d->row->of[i]; /* an answer changes that of its own only */
    if (one->person != except && (from == PERSON_ANSWERS || one->answer == from))
      status = decide(d, one->person, answer, err);
  }
  return status;
}

/* One row means one person: who was found to be meant before is open again. */
static enum status decide_same(struct deciding *d, int64_t person, struct error *err) {
  const enum status status = decide_others(d, person, ANSWER_SAME, ANSWER_OPEN, err);
  return status == DONE ? decide(d, person, ANSWER_SAME, err) : status;
}

static enum status find_chosen(const struct deciding *d, struct span who, int64_t *person,
                               struct error *err) {
  const char *code = who.bytes + sizeof CHOSEN - 1;
  struct register_name name = {0};
  for (int i = 0; i < d->row->count; i++) {
    int64_t survivor = 0;
    enum status status = register_survivor(d->call->store, d->row->of[i]->person, &survivor, err);
    if (status == DONE)
      status = register_name_of_party(d->call->store, d->call->arena, survivor, &name, err);
    if (status != DONE) return status;
    if (!name.code || strcmp(name.code, code) != 0) continue;
    *person = d->row->of[i]->person;
    return DONE;
  }
  return refuse_at(err, "who", MATCH_NOT_OFFERED, code);
}

static enum status run_match(struct action_call *call, struct error *err) {
  struct deciding d = {.call = call};
  const struct span who = action_text(call, "who");
  int64_t person = 0;
  enum status status = find_row(&d, err);
  if (status != DONE) return status;
  if (span_is(who, "open")) {
    status = decide_others(&d, 0, PERSON_ANSWERS, ANSWER_OPEN, err);
    action_answer_int(call, "changed", d.changed);
    return status;
  }
  if (!action_has(call, "reason")) return refuse_at(err, "reason", MATCH_REASON_MISSING);
  if (span_is(who, "none")) status = decide_others(&d, 0, PERSON_ANSWERS, ANSWER_DIFFERENT, err);
  else if (span_is(who, "other") && !action_has(call, "person"))
    status = refuse_at(err, "person", MATCH_OTHER_MISSING);
  else if (span_is(who, "other")) status = action_person(call, "person", &person, err);
  else if (who.size > sizeof CHOSEN - 1 && memcmp(who.bytes, CHOSEN, sizeof CHOSEN - 1) == 0)
    status = find_chosen(&d, who, &person, err);
  else status = refuse_at(err, "who", MATCH_NOT_OFFERED, who.bytes);
  if (status == DONE && person) status = decide_same(&d, person, err);
  action_answer_int(call, "changed", d.changed);
  return status;
}

static const enum refusal_code match_refusals[] = {REFUSAL_MATCH_UNKNOWN, REFUSAL_MATCH_NOT_OFFERED,
                                                   REFUSAL_MATCH_OTHER_MISSING,
                                                   REFUSAL_MATCH_REASON_MISSING, REFUSAL_NONE};

const struct action match_actions[] = {
    {.name = "match-decide",
     .summary = "Says whom a row of a body's own file means; or takes that back.",
     .fields = match_fields,
     .needs = MAY_IMPORT,
     .needs_pack = true,
     .refusals = match_refusals,
     .answers = (const char *const[]){"changed", NULL},
     .run = run_match},
    {.name = NULL},
};
