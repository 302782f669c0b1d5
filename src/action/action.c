/* Finding, permitting and running actions. The rows are in the file of their subject. */
#include "action/rows.h"
#include "action/second.h"

#include "base/money.h"
#include "register/delegation.h"
#include "register/register.h"

#include <assert.h>
#include <inttypes.h>
#include <sys/stat.h>

static const struct action *const groups[] = {office_actions,  keeping_actions, posting_actions,
                                              people_actions,  case_actions,    helping_actions,
                                              message_actions, fact_actions,    award_actions,
                                              amount_actions,  claim_actions,   standard_actions,
                                              takeup_actions,  profile_actions, match_actions,
                                              long_actions};
enum { GROUPS = sizeof groups / sizeof *groups };

const struct action *action_at(int i) {
  for (int g = 0; g < GROUPS; g++)
    for (const struct action *a = groups[g]; a->name; a++)
      if (i-- == 0) return a;
  return NULL;
}

const struct action *action_find(struct span name) {
  const struct action *a;
  for (int i = 0; (a = action_at(i)); i++)
    if (span_is(name, a->name)) return a;
  return NULL;
}

/* ---- permission ---- */

static permission_set held(const struct action_actor *actor) {
  return PERMISSION(ANYONE) |
         (actor->person ? PERMISSION(SIGNED_IN) | actor->roles.gives : (permission_set)0);
}

static enum status not_permitted(const struct action *action, struct error *err) {
  return refuse(err, ACTION_NOT_PERMITTED, action->name);
}

bool action_asks_reason(const struct action *action) {
  return permission_asks_reason(action->needs) && action->about != ABOUT_NOBODY;
}

/* For somebody whom the actor helps, the scope decides that the person gave. */
static enum status permit_helper(const struct action *action, const struct action_call *call,
                                 struct error *err) {
  unsigned scope = 0;
  if (!call->actor.person || action->helper == ANYONE) return not_permitted(action, err);
  enum status status = delegation_scope(call->store, call->person, call->actor.person, call->today,
                                        &scope, err);
  if (status != DONE) return status;
  return permission_in(action->helper, scope_gives(scope)) ? DONE : not_permitted(action, err);
}

enum status action_permit(const struct action *action, struct action_call *call,
                          struct error *err) {
  const struct action_actor *actor = &call->actor;
  bool own = false;
  if (register_same_person(call->store, call->person, actor->person, &own, err) != DONE)
    return err->code;
  bool of_another = call->person && !own;
  call->action = action;
  call->subject = action->about == ABOUT_ONESELF && !of_another ? actor->person : call->person;
  call->bodies = roles_granted_bodies(&actor->roles, call->arena, action->needs, &call->body_count);
  if (!actor->is_operator) {
    bool helps = action->about == ABOUT_ONESELF && of_another;
    if (helps && permit_helper(action, call, err) != DONE) return err->code;
    if (!helps && !permission_in(action->needs, held(actor))) return not_permitted(action, err);
    if (action_asks_reason(action) && !call->reason) return refuse(err, ACTION_REASON_MISSING);
  }
  if (action->about == ABOUT_NOBODY && call->person)
    return refuse(err, ACTION_PERSON_EXTRA, action->name);
  if (action->about != ABOUT_NOBODY && !call->subject)
    return refuse(err, ACTION_PERSON_MISSING, action->name);
  return DONE;
}

/* ---- running ---- */

enum status action_run(const struct action *action, struct action_call *call, struct error *err) {
  bool asked = false;
  enum status status = action_permit(action, call, err);
  call->answer_count = 0;
  bool own = action->begins && action->second;
  if (status == DONE && own) status = store_begin(call->store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = second_ask(call, &asked, err);
  if (own && status == DONE && asked) status = store_commit(call->store, err);
  if (own && !(status == DONE && asked)) store_rollback(call->store);
  return status == DONE && !asked ? action->run(call, err) : status;
}

const struct field *action_field(const struct action *action, struct span name) {
  for (const struct field *f = action->fields; f && f->name; f++)
    if (span_is(name, f->name)) return f;
  return NULL;
}

enum status action_try(const struct action *action, struct action_call *call,
                       enum status (*look)(void *context, struct error *err), void *context,
                       struct error *err) {
  struct error lost = {0};
  if (store_savepoint(call->store, err) != DONE) return err->code;
  enum status status = action_run(action, call, err);
  if (status == DONE) status = look(context, err);
  if (store_savepoint_undo(call->store, &lost) != DONE) return *err = lost, lost.code;
  return status;
}

/* A file that is named by its path, and not uploaded: the bytes that it has. */
static enum status measure_files(const struct action *action, struct sent *sent, int count,
                                 struct error *err) {
  struct stat info;
  for (int i = 0; i < count; i++) {
    const struct field *field = action_field(action, sent[i].name);
    if (!field || field->kind != FIELD_FILE || sent[i].file_bytes || !sent[i].value.size) continue;
    if (stat(sent[i].value.bytes, &info) != 0 || !S_ISREG(info.st_mode)) {
      (void)refuse(err, ACTION_FILE_UNREADABLE, sent[i].value.bytes);
      char column[ERROR_COLUMN_SIZE];
      snprintf(column, sizeof column, SPAN_FORMAT, SPAN(sent[i].name));
      return error_at(err, NULL, 0, column);
    }
    sent[i].file_bytes = info.st_size;
  }
  return DONE;
}

enum status action_run_sent(const struct action *action, struct action_call *call,
                            struct sent *sent, int count, struct error *err) {
  struct fields_read read = {0};
  /* who may not is not told what is wrong with the fields */
  enum status status = action_permit(action, call, err);
  if (status == DONE) status = measure_files(action, sent, count, err);
  if (status == DONE)
    status = fields_read(&read, call->arena, call->language, action->fields, sent, count,
                         call->today, err);
  if (status != DONE) return status;
  const struct fault *fault = read.faults;
  while (fault && fault->field && action_field(action, span_of(fault->field))->is_step) fault++;
  if (fault && fault->field && fault->is_missing)
    return refuse_at(err, fault->field, FIELD_MISSING, fault->field, fault->message);
  if (fault && fault->field)
    return refuse_at(err, fault->field, FIELD_WRONG, fault->field, fault->message);
  call->values = read.values;
  return action_run(action, call, err);
}

/* ---- values and answers ---- */

static const struct value *value_of(const struct action_call *call, const char *name) {
  for (const struct value *v = call->values; v && v->name; v++)
    if (strcmp(v->name, name) == 0) return v;
  assert(!"the action has no such field");
  return NULL;
}

struct span action_text(const struct action_call *call, const char *name) {
  return value_of(call, name)->text;
}
int64_t action_int(const struct action_call *call, const char *name) {
  return value_of(call, name)->number;
}
day_t action_day(const struct action_call *call, const char *name) {
  return (day_t)value_of(call, name)->number;
}
bool action_has(const struct action_call *call, const char *name) {
  return value_of(call, name)->given;
}

void action_answer(struct action_call *call, const char *name, const char *text) {
  assert(call->answer_count < ACTION_ANSWERS_MAX);
  call->answers[call->answer_count].name = name;
  call->answers[call->answer_count++].text = text ? arena_string(call->arena, text) : NULL;
}

void action_answer_int(struct action_call *call, const char *name, int64_t n) {
  action_answer(call, name, arena_printf(call->arena, "%" PRId64, n));
}

void action_answer_day(struct action_call *call, const char *name, day_t day) {
  char iso[11];
  action_answer(call, name, day == DAY_NONE ? NULL : day_write(day, iso));
}

const char *action_answer_of(const struct action_call *call, const char *name) {
  for (int i = 0; i < call->answer_count; i++)
    if (strcmp(call->answers[i].name, name) == 0) return call->answers[i].text;
  return NULL;
}

int64_t action_answer_int_of(const struct action_call *call, const char *name) {
  const char *text = action_answer_of(call, name);
  int64_t n = 0;
  return text && integer_parse(span_of(text), &n, NULL) == DONE ? n : 0;
}

/* ---- what rows share ---- */

enum status action_person(const struct action_call *call, const char *field, int64_t *person,
                          struct error *err) {
  struct error unknown = {0};
  enum status status = register_find_person(call->store, action_text(call, field).bytes, person,
                                            &unknown);
  if (status == FAILED) *err = unknown;
  return status == REFUSED ? refuse_at(err, field, REFERENCE_OF_NOBODY) : status;
}

enum status action_body(const struct action_call *call, const char *field, int64_t *body,
                        struct error *err) {
  struct span code = action_text(call, field);
  struct bodies *bodies = NULL;
  *body = 0;
  if (!code.size) return DONE;
  /* as they are now: one may have been added since the reference data were read */
  enum status status = register_bodies(call->store, call->arena, &bodies, err);
  if (status != DONE) return status;
  const struct body *found = bodies_by_code(bodies, code);
  if (!found) return refuse_at(err, field, BODY_CODE_UNKNOWN, code.bytes);
  *body = found->id;
  return DONE;
}

enum status action_note(const struct action_call *call, int64_t person, const char *what,
                        const char *why, struct error *err) {
  enum status status = access_log_add(call->store, &call->actor.by, person, what,
                                      call->actor.is_operator ? "command line" : why, err);
  return status == DONE && call->second
             ? access_log_add(call->store, call->second, person, what, "to approve it", err)
             : status;
}

enum status action_alert_begun(const struct action_call *call, enum alert_kind kind,
                               const char *detail, struct error *err) {
  bool at_command_line = call->actor.is_operator || call->actor.by.machine;
  if (kind == ALERT_IMPORT ? call->actor.is_operator : !at_command_line) return DONE;
  enum status status = store_begin(call->store, STORE_WRITE, err);
  if (status == DONE) status = alert_add(call->store, kind, action_told_of(call), 0, detail, err);
  if (status == DONE) status = store_commit(call->store, err);
  if (status != DONE) store_rollback(call->store);
  return status;
}
