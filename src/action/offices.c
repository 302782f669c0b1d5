/* Actions of administrators: roles, invitations, bodies. */
#include "action/rows.h"
#include "notify/notify.h"

#include "register/alerts.h"
#include "register/body_pairs.h"
#include "register/duties.h"
#include "register/invites.h"
#include "register/names.h"
#include "register/writer.h"

/* ---- roles ---- */

static struct choice role_choice(int i) {
  const struct role *role = role_at(i);
  return role ? (struct choice){role->word, role->choice} : (struct choice){NULL, NULL};
}

static const struct field grant_fields[] = {
    {.name = "person",
     .kind = FIELD_CODE,
     .label = N_("Reference of the person"),
     .hint = N_("For example, P000001, or nino:QQ123456C"),
     .missing = N_("Enter the person's reference")},
    {.name = "role",
     .kind = FIELD_CHOICE,
     .choice_at = role_choice,
     .label = N_("Role"),
     .missing = N_("Choose a role")},
    {.name = "body",
     .kind = FIELD_CODE,
     .optional = true,
     .label = N_("Code of the organisation"),
     .hint = N_("Only for a role at an organisation; the page Organisations shows it")},
    {.name = NULL}};
static const struct field end_fields[] = {{.name = "person", .kind = FIELD_HIDDEN},
                                          {.name = "role", .kind = FIELD_HIDDEN},
                                          {.name = "body", .kind = FIELD_HIDDEN, .optional = true},
                                          {.name = NULL}};

struct office {
  int64_t person, body;
  const struct role *role;
};

static enum status read_office(const struct action_call *call, struct office *out,
                               struct error *err) {
  if (action_person(call, "person", &out->person, err) != DONE ||
      role_parse(action_text(call, "role"), &out->role, err) != DONE)
    return error_at(err, NULL, 0, "role");
  if (action_body(call, "body", &out->body, err) != DONE) return err->code;
  if (out->role->of_body && !out->body) return refuse_at(err, "body", BODY_OF_ROLE_MISSING);
  if (!out->role->of_body && out->body) return refuse_at(err, "body", BODY_OF_ROLE_EXTRA);
  return DONE;
}

static enum status is_oneself(const struct action_call *call, int64_t person, bool *out,
                              struct error *err) {
  return register_same_person(call->store, person, call->actor.person, out, err);
}

static bool is_administrator(const struct role *role) {
  return permission_in(MAY_GRANT_ROLES, role->gives);
}

static enum status read_grant(const struct action_call *call, struct office *out,
                              struct error *err) {
  bool own = false;
  if (read_office(call, out, err) != DONE || is_oneself(call, out->person, &own, err) != DONE)
    return err->code;
  return own ? refuse_at(err, "person", ROLE_TO_ONESELF) : DONE;
}

/* A role opens what others have told the place: nobody gives one alone. */
static enum status grant_needs_second(struct action_call *call, struct action_second_need *need,
                                      struct error *err) {
  struct office o = {0};
  if (read_grant(call, &o, err) != DONE) return err->code;
  need->needed = true;
  need->party = o.person;
  return role_grant_check(call->store, o.person, o.role, o.body, call->today, err) == DONE
             ? DONE
             : error_at(err, NULL, 0, "person");
}

/* Whoever ended all other administrators would stand alone; their own role everybody may lay
 * down. Another role is ended at once, since it may be misused. */
static enum status end_needs_second(struct action_call *call, struct action_second_need *need,
                                    struct error *err) {
  struct office o = {0};
  bool own = false;
  if (read_office(call, &o, err) != DONE || is_oneself(call, o.person, &own, err) != DONE)
    return err->code;
  need->needed = is_administrator(o.role) && !own;
  need->party = o.person;
  if (!need->needed) return DONE;
  return role_grant_end_check(call->store, o.person, o.role, o.body, call->today, err) == DONE
             ? DONE
             : error_at(err, NULL, 0, "person");
}

static const char *office_shown(const struct action_call *call, const char *field,
                                struct span text) {
  const struct body *body = strcmp(field, "body") == 0
                                ? bodies_by_code(call->reference_data->bodies, text)
                                : NULL;
  return body ? body->name : NULL;
}

static const struct action_second grant_second = {.kind = SECOND_OF_ADMINISTRATORS,
                                                  .when = "always",
                                                  .needed = grant_needs_second,
                                                  .asks = N_("%s asks to give %s a role"),
                                                  .shown = office_shown};
static const struct action_second end_second = {
    .kind = SECOND_OF_ADMINISTRATORS,
    .when = "to end the role of another administrator",
    .needed = end_needs_second,
    .asks = N_("%s asks that %s be no longer an administrator"),
    .shown = office_shown};

/* At the command line, also beside --as. `staff:council`: as the access log has it. */
static enum status alert_of_command_line(const struct action_call *call, enum alert_kind kind,
                                         const struct office *o, struct error *err) {
  struct register_name body = {0};
  enum status status = DONE;
  if (!call->actor.is_operator && !call->actor.by.machine) return DONE;
  if (o->body) status = register_name_of_body(call->store, call->arena, o->body, &body, err);
  if (status != DONE) return status;
  return alert_add(call->store, kind, action_told_of(call), o->person,
                   arena_printf(call->arena, "%s%s%s", o->role->word, o->body ? ":" : "",
                                o->body ? body.code : ""),
                   err);
}

static enum status note_grant(const struct action_call *call, const struct office *o,
                              struct error *err) {
  return action_note(call, o->person, arena_printf(call->arena, "office %s granted", o->role->word),
                     "to act in it", err);
}

static enum status run_grant(struct action_call *call, struct error *err) {
  struct office o = {0};
  if (read_grant(call, &o, err) != DONE) return err->code;
  if (call->actor.is_operator && is_administrator(o.role))
    return refuse_at(err, "role", ADMINISTRATOR_BY_TWO);
  if (role_grant_add(call->store, o.person, o.role, o.body, call->today, call->actor.by.who, err) !=
      DONE)
    return error_at(err, NULL, 0, "person");
  enum status status = alert_of_command_line(call, ALERT_ROLE_GRANTED, &o, err);
  return status == DONE ? note_grant(call, &o, err) : status;
}

static enum status run_end(struct action_call *call, struct error *err) {
  struct office o = {0};
  if (read_office(call, &o, err) != DONE) return err->code;
  if (role_grant_end(call->store, o.person, o.role, o.body, call->today, err) != DONE)
    return error_at(err, NULL, 0, "person");
  enum status status = alert_of_command_line(call, ALERT_ROLE_ENDED, &o, err);
  return status == DONE
             ? action_note(call, o.person,
                           arena_printf(call->arena, "office %s ended", o.role->word), "", err)
             : status;
}

/* ---- administrators whom nobody approved ---- */

static const struct field first_fields[] = {
    {.name = "person", .kind = FIELD_CODE, .label = N_("Reference of the person")}, {.name = NULL}};
static const struct field glass_fields[] = {
    {.name = "person", .kind = FIELD_CODE, .label = N_("Reference of the person")},
    {.name = "reason",
     .kind = FIELD_TEXT,
     .least = 4,
     .most = 200,
     .label = N_("Why it cannot wait")},
    {.name = NULL}};

static const struct role *administrator(void) {
  const struct role *role = NULL;
  for (int i = 0; (role = role_at(i)) && !is_administrator(role);) i++;
  return role;
}

static enum status run_first(struct action_call *call, struct error *err) {
  struct office o = {.role = administrator()};
  int named = 0;
  if (action_person(call, "person", &o.person, err) != DONE) return err->code;
  /* it locks what is counted: of two who name somebody at once the second counts both */
  if (role_grant_add(call->store, o.person, o.role, 0, call->today, call->actor.by.who, err) !=
      DONE)
    return error_at(err, NULL, 0, "person");
  if (role_holders_ever(call->store, o.role, &named, err) != DONE) return err->code;
  if (named > LIMIT_FIRST_ADMINISTRATORS) return refuse_at(err, "person", FIRST_NAMED_ALREADY);
  enum status status = alert_of_command_line(call, ALERT_FIRST_ADMINISTRATOR, &o, err);
  return status == DONE ? note_grant(call, &o, err) : status;
}

static enum status run_break_glass(struct action_call *call, struct error *err) {
  const struct role *role = administrator();
  int64_t person = 0, until = 0;
  char moment[21];
  if (action_person(call, "person", &person, err) != DONE) return err->code;
  if (role_grant_add_hours(call->store, person, role, call->today, call->now, call->actor.by.who,
                           &until, err) != DONE)
    return error_at(err, NULL, 0, "person");
  action_answer(call, "until", clock_write(until, moment));
  enum status status = alert_add(call->store, ALERT_BREAK_GLASS, action_told_of(call), person,
                                 action_text(call, "reason").bytes, err);
  if (status != DONE) return status;
  return action_note(call, person, arena_printf(call->arena, "office %s granted", role->word), "",
                     err);
}

/* ---- invitations ---- */

static const struct field invite_fields[] = {{.name = "person",
                                              .kind = FIELD_CODE,
                                              .label = N_("Reference of the person"),
                                              .hint = N_("For example, P000001, or nino:QQ123456C"),
                                              .missing = N_("Enter the person's reference")},
                                             {.name = NULL}};

/* The code goes to an address or in a letter, and not to whoever asks for it; but whoever asks
 * for an administrator's says so to all of them. */
static enum status tell_of_administrator(struct action_call *call, int64_t person,
                                         struct error *err) {
  struct granted_roles roles;
  bool own = false;
  if (is_oneself(call, person, &own, err) != DONE ||
      roles_granted_of(call->store, call->arena, person, call->today, &roles, err) != DONE)
    return err->code;
  return !own && permission_in(MAY_GRANT_ROLES, roles.gives)
             ? alert_add(call->store, ALERT_ADMINISTRATOR_INVITED, action_told_of(call), person, "",
                         err)
             : DONE;
}

static enum status invite_by_message(struct action_call *call, const struct person *who,
                                     struct error *err) {
  const struct notify_asked asked = {
      .person = who->id, .ways = call->ways, .who = call->actor.by.who, .now = call->now};
  struct notify_way_taken way = {0};
  enum status status = notify_invite(call->store, call->arena, &asked, &way, err);
  if (status == DONE) status = tell_of_administrator(call, who->id, err);
  if (status != DONE) return status;
  action_answer(call, "way", way.way == NOTIFY_EMAIL ? "email" : "letter");
  action_answer(call, "to", way.masked);
  return DONE;
}

/* The operator, who can write the store anyway, gets the code; every administrator is told which
 * user of the machine did, whomever they name with --as. */
static enum status invite_by_hand(struct action_call *call, const struct person *who,
                                  struct error *err) {
  char code[ONE_TIME_CODE_SIZE];
  day_t last;
  enum status status = register_invite(call->store, who->id, call->now, code, &last, err);
  if (status == DONE) status = notify_code_elsewhere(call->store, who->id, err);
  if (status == DONE)
    status = alert_add(call->store, ALERT_INVITED, action_told_of(call), who->id, "", err);
  if (status != DONE) return status;
  action_answer(call, "code", code);
  action_answer_day(call, "last", last);
  return DONE;
}

static enum status run_invite(struct action_call *call, struct error *err) {
  int64_t person;
  struct person who;
  if (action_person(call, "person", &person, err) != DONE ||
      register_surviving_person(call->store, call->arena, person, &who, err) != DONE)
    return err->code;
  enum status status = call->actor.is_operator ? invite_by_hand(call, &who, err)
                                               : invite_by_message(call, &who, err);
  if (status == DONE) status = action_note(call, person, "invitation", "to sign in", err);
  if (status != DONE) return error_at(err, NULL, 0, "person");
  action_answer(call, "person", who.code);
  action_answer(call, "name", who.name);
  return DONE;
}

/* ---- bodies ---- */

#define BODY_KIND_CHOICE(kind, label) {kind, label},
static const struct choice body_kinds[] = {BODY_KINDS(BODY_KIND_CHOICE){NULL, NULL}};
static const struct field body_fields[] = {
    {.name = "code",
     .kind = FIELD_CODE,
     .label = N_("Code"),
     .hint = N_(
         "What files call it. The code of an organisation that is there changes that organisation"),
     .missing = N_("Enter the organisation's code")},
    {.name = "name",
     .kind = FIELD_TEXT,
     .most = 200,
     .label = N_("Name"),
     .missing = N_("Enter the organisation's name")},
    {.name = "kind",
     .kind = FIELD_CHOICE,
     .choices = body_kinds,
     .label = N_("Type"),
     .missing = N_("Choose the type of organisation")},
    {.name = "company",
     .kind = FIELD_CODE,
     .optional = true,
     .label = N_("Company number"),
     .hint = N_("Of the register of companies, if it has one")},
    {.name = "place",
     .kind = FIELD_CODE,
     .optional = true,
     .label = N_("Code of its place"),
     .hint = N_("Where it acts; empty where it has none of its own")},
    {.name = NULL}};

/* What a body may record follows from its kind, so all administrators are told of it. */
static enum status tell_kind(const struct action_call *call, const struct body_row *row,
                             struct error *err) {
  struct bodies *bodies = NULL;
  enum status status = register_bodies(call->store, call->arena, &bodies, err);
  if (status != DONE) return status;
  const struct body *before = bodies_by_code(bodies, row->code);
  if (before && span_is(row->kind, before->kind)) return DONE;
  return alert_add(call->store, ALERT_BODY_KIND, action_told_of(call), 0,
                   arena_printf(call->arena, SPAN_FORMAT " (" SPAN_FORMAT ")", SPAN(row->code),
                                SPAN(row->kind)),
                   err);
}

static enum status run_body(struct action_call *call, struct error *err) {
  struct register_writer *writer = NULL;
  struct register_counts counts;
  int64_t first, last;
  const struct body_row row = {.code = action_text(call, "code"),
                               .name = action_text(call, "name"),
                               .kind = action_text(call, "kind"),
                               .company = action_text(call, "company"),
                               .place = action_text(call, "place")};
  enum status status = tell_kind(call, &row, err);
  if (status == DONE) status = register_writer_open(&writer, call->store, call->arena, err);
  if (status == DONE) status = register_write_body(writer, &row, err);
  if (status == DONE) status = register_writer_end(writer, &counts, &first, &last, err);
  register_writer_free(writer);
  if (status == DONE)
    status = action_note(call, 0, arena_printf(call->arena, "body " SPAN_FORMAT, SPAN(row.code)),
                         "changed by a form", err);
  return status;
}

/* ---- payees ---- */

static const struct choice payee_choices[] = {
    {"same", N_("They are one payee: what they were paid is shown together")},
    {"different", N_("They are different: nobody is asked again")},
    {"open", N_("Nobody has decided: take back what was decided")},
    {NULL, NULL}};
static const struct field payee_fields[] = {
    {.name = "body", .kind = FIELD_CODE, .label = N_("Code of the organisation")},
    {.name = "other", .kind = FIELD_CODE, .label = N_("Code of the other organisation")},
    {.name = "decision",
     .kind = FIELD_CHOICE,
     .choices = payee_choices,
     .label = N_("Are they one payee?"),
     .missing = N_("Choose whether they are one payee")},
    {.name = "reason",
     .kind = FIELD_TEXT,
     .least = 4,
     .most = 200,
     .label = N_("How is it known?"),
     .hint = N_("For example, the same address on two invoices. Name nobody"),
     .missing = N_("Say how it is known")},
    {.name = NULL}};

/* Decides what the fields say of one body, or of two; `noted` is what is noted before the decision,
 * where it changes something. */
static enum status decide_payee(struct action_call *call, int64_t body, int64_t other,
                                const char *noted, struct error *err) {
  struct body_decider *decider = NULL;
  struct body_decision decision = {.body = body,
                                   .other = other,
                                   .reason = action_text(call, "reason"),
                                   .who = call->actor.by.who};
  bool changed = false;
  enum status status = body_decider_open(&decider, call->store, call->arena, err);
  if (status != DONE) return status;
  (void)body_are_parse(action_text(call, "decision"), &decision.are);
  status = body_decide(decider, &decision, &changed, err);
  if (status != DONE || !changed) return status;
  return action_note(call, 0,
                     arena_printf(call->arena, "%s: %s", noted, body_are_words[decision.are]),
                     decision.reason.bytes, err);
}

static enum status run_payees(struct action_call *call, struct error *err) {
  int64_t body = 0, other = 0;
  enum status status = action_body(call, "body", &body, err);
  if (status == DONE) status = action_body(call, "other", &other, err);
  if (status != DONE) return status;
  return decide_payee(call, body, other,
                      arena_printf(call->arena, "payees decided: " SPAN_FORMAT ", " SPAN_FORMAT,
                                   SPAN(action_text(call, "body")),
                                   SPAN(action_text(call, "other"))),
                      err);
}

static const struct choice payee_kind_choices[] = {
    {"organisation", N_("An organisation: it is shown by name")},
    {"person", N_("A private person: nobody is shown who it is")},
    {"open", N_("Nobody has decided: take back what was decided")},
    {NULL, NULL}};
static const struct field payee_kind_fields[] = {
    {.name = "body", .kind = FIELD_CODE, .label = N_("Code of the payee")},
    {.name = "decision",
     .kind = FIELD_CHOICE,
     .choices = payee_kind_choices,
     .label = N_("Who is it?"),
     .missing = N_("Choose whether it is an organisation")},
    {.name = "reason",
     .kind = FIELD_TEXT,
     .least = 4,
     .most = 200,
     .label = N_("How is it known?"),
     .hint = N_("For example, a company number on the invoice. Name nobody"),
     .missing = N_("Say how it is known")},
    {.name = NULL}};

static enum status run_payee_kind(struct action_call *call, struct error *err) {
  int64_t body = 0;
  enum status status = action_body(call, "body", &body, err);
  if (status != DONE) return status;
  return decide_payee(call, body, body,
                      arena_printf(call->arena, "payee decided: " SPAN_FORMAT,
                                   SPAN(action_text(call, "body"))),
                      err);
}

/* ---- duties ---- */

#define DUTY_FIELDS(reason_label) \
  {.name = "body", .kind = FIELD_CODE, .label = N_("Code of the organisation")}, \
      {.name = "duty", \
       .kind = FIELD_CHOICE, \
       .label = N_("What it may record"), \
       .missing = N_("Choose what it may record")}, \
  { \
    .name = "reason", .kind = FIELD_TEXT, .least = 4, .most = 200, .label = (reason_label), \
    .missing = N_("Say why") \
  }

static const struct field duty_fields[] = {DUTY_FIELDS(N_("Why is this its duty?")),
                                           {.name = NULL}};
static const struct field duty_end_fields[] = {DUTY_FIELDS(N_("Why is it its duty no longer?")),
                                               {.name = NULL}};

static enum status read_duty(const struct action_call *call, struct duty_change *out,
                             struct error *err) {
  *out = (struct duty_change){.word = action_text(call, "duty"),
                              .reason = action_text(call, "reason"),
                              .who = call->actor.by.who};
  return action_body(call, "body", &out->body, err);
}

static enum status run_duty_give(struct action_call *call, struct error *err) {
  struct duty_change change;
  if (read_duty(call, &change, err) != DONE ||
      duty_give(call->store, call->pack, &change, err) != DONE)
    return err->code;
  const char *what = arena_printf(call->arena, SPAN_FORMAT ": " SPAN_FORMAT,
                                  SPAN(action_text(call, "body")), SPAN(change.word));
  if (alert_add(call->store, ALERT_DUTY_GIVEN, action_told_of(call), 0, what, err) != DONE)
    return err->code;
  return action_note(call, 0, arena_printf(call->arena, "duty given: %s", what),
                     change.reason.bytes, err);
}

static enum status run_duty_end(struct action_call *call, struct error *err) {
  struct duty_change change;
  if (read_duty(call, &change, err) != DONE || duty_end(call->store, &change, err) != DONE)
    return err->code;
  return action_note(call, 0,
                     arena_printf(call->arena, "duty ended: " SPAN_FORMAT ": " SPAN_FORMAT,
                                  SPAN(action_text(call, "body")), SPAN(change.word)),
                     change.reason.bytes, err);
}

/* ---- rows ---- */

static const enum refusal_code grant_refusals[] = {REFUSAL_REFERENCE_OF_NOBODY,
                                                   REFUSAL_BODY_CODE_UNKNOWN,
                                                   REFUSAL_BODY_OF_ROLE_MISSING,
                                                   REFUSAL_BODY_OF_ROLE_EXTRA,
                                                   REFUSAL_ROLE_TO_ONESELF,
                                                   REFUSAL_ROLE_OF_THE_DEAD,
                                                   REFUSAL_ROLE_HELD_ALREADY,
                                                   REFUSAL_ADMINISTRATOR_BY_TWO,
                                                   REFUSAL_SECOND_NOBODY,
                                                   REFUSAL_CASE_WAITS_ALREADY,
                                                   REFUSAL_NONE};
static const enum refusal_code first_refusals[] = {REFUSAL_REFERENCE_OF_NOBODY,
                                                   REFUSAL_ROLE_OF_THE_DEAD,
                                                   REFUSAL_ROLE_HELD_ALREADY,
                                                   REFUSAL_FIRST_NAMED_ALREADY, REFUSAL_NONE};
static const enum refusal_code glass_refusals[] = {REFUSAL_REFERENCE_OF_NOBODY,
                                                   REFUSAL_ROLE_OF_THE_DEAD,
                                                   REFUSAL_ROLE_HELD_ALREADY, REFUSAL_NONE};
static const enum refusal_code end_refusals[] = {
    REFUSAL_REFERENCE_OF_NOBODY,  REFUSAL_ROLE_UNKNOWN,       REFUSAL_BODY_CODE_UNKNOWN,
    REFUSAL_BODY_OF_ROLE_MISSING, REFUSAL_BODY_OF_ROLE_EXTRA, REFUSAL_ROLE_NOT_HELD,
    REFUSAL_SECOND_NOBODY,        REFUSAL_CASE_WAITS_ALREADY, REFUSAL_NONE};
static const enum refusal_code invite_refusals[] = {REFUSAL_REFERENCE_OF_NOBODY,
                                                    REFUSAL_INVITE_OF_THE_DEAD,
                                                    REFUSAL_INVITE_NO_WAY,
                                                    REFUSAL_INVITE_NO_ADDRESS,
                                                    REFUSAL_INVITE_ADDRESS_UNUSABLE,
                                                    REFUSAL_INVITE_ADDRESS_NEW,
                                                    REFUSAL_NONE};
static const enum refusal_code body_refusals[] = {REFUSAL_IDENTIFIER_MALFORMED,
                                                  REFUSAL_PLACE_UNREGISTERED, REFUSAL_NONE};
static const enum refusal_code duty_refusals[] = {REFUSAL_BODY_CODE_UNKNOWN, REFUSAL_DUTY_UNKNOWN,
                                                  REFUSAL_DUTY_GIVEN_ALREADY, REFUSAL_NONE};
static const enum refusal_code payee_refusals[] = {
    REFUSAL_BODY_CODE_UNKNOWN,         REFUSAL_BODIES_ONE_TWICE,
    REFUSAL_BODIES_NUMBERS_DIFFER,     REFUSAL_BODIES_FOUND_TO_DIFFER,
    REFUSAL_BODIES_ONE_THROUGH_OTHERS, REFUSAL_NONE};
static const enum refusal_code payee_kind_refusals[] = {REFUSAL_BODY_CODE_UNKNOWN, REFUSAL_NONE};
static const enum refusal_code duty_end_refusals[] = {REFUSAL_BODY_CODE_UNKNOWN,
                                                      REFUSAL_DUTY_NOT_GIVEN, REFUSAL_NONE};
static const char *const grant_answers[] = {"case", "waits-for", NULL};
static const char *const invite_answers[] = {"code", "last", "way", "to", "person", "name", NULL};

const struct action office_actions[] = {
    {.name = "role-grant",
     .summary = "Grants a role, from this moment on.",
     .fields = grant_fields,
     .needs = MAY_GRANT_ROLES,
     .second = &grant_second,
     .refusals = grant_refusals,
     .answers = grant_answers,
     .run = run_grant},
    {.name = "role-end",
     .summary = "Ends a role, from this moment on.",
     .fields = end_fields,
     .needs = MAY_GRANT_ROLES,
     .second = &end_second,
     .refusals = end_refusals,
     .answers = grant_answers,
     .run = run_end},
    {.name = "administrator-first",
     .summary = "Names one of the first two administrators of a place.",
     .fields = first_fields,
     .needs = MAY_OPERATE,
     .refusals = first_refusals,
     .run = run_first},
    {.name = "break-glass",
     .summary = "Makes somebody an administrator for 24 hours; everybody is told.",
     .fields = glass_fields,
     .needs = MAY_OPERATE,
     .refusals = glass_refusals,
     .answers = (const char *const[]){"until", NULL},
     .run = run_break_glass},
    {.name = "invite",
     .summary =
         "Has a code to sign in sent to a person by e-mail or letter; the operator gets it, once.",
     .fields = invite_fields,
     .needs = MAY_INVITE,
     .refusals = invite_refusals,
     .answers = invite_answers,
     .run = run_invite},
    {.name = "body-save",
     .summary = "Adds a body, or changes the one of this code.",
     .fields = body_fields,
     .needs = MAY_CHANGE_BODIES,
     .refusals = body_refusals,
     .run = run_body},
    {.name = "payees-decide",
     .summary = "Says that two bodies are one payee, or are different; or takes that back.",
     .fields = payee_fields,
     .needs = MAY_CHANGE_BODIES,
     .refusals = payee_refusals,
     .run = run_payees},
    {.name = "payee-decide",
     .summary =
         "Says that a payee is an organisation, which is shown by name, or a private person; "
         "or takes that back.",
     .fields = payee_kind_fields,
     .needs = MAY_CHANGE_BODIES,
     .refusals = payee_kind_refusals,
     .run = run_payee_kind},
    {.name = "duty-give",
     .summary = "Lets a body record more than law gives it: a duty, or one category.",
     .fields = duty_fields,
     .needs = MAY_CHANGE_BODIES,
     .needs_pack = true,
     .refusals = duty_refusals,
     .run = run_duty_give},
    {.name = "duty-end",
     .summary = "Takes from a body what an administrator had let it record.",
     .fields = duty_end_fields,
     .needs = MAY_CHANGE_BODIES,
     .refusals = duty_end_refusals,
     .run = run_duty_end},
    {.name = NULL},
};
