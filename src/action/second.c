#include "action/second.h"

#include "action/cases.h"
#include "action/rows.h"
#include "base/hash.h"
#include "register/case_actor.h"
#include "register/names.h"

#include <assert.h>
#include <time.h>

enum { SUBJECT_DIGEST_BYTES = 8 };
#define SECOND_PERSON "second-person" /* the handler, and the first of its kinds */
static const char subject_begins[] = "action:";
static const char kept_reason[] = "read-because"; /* beside the fields: why staff read the record */

/* ---- asking ---- */

struct asking {
  const struct pack_case_kind *kind;
  struct action_second_need need;
  const struct role_grant *grants;
  int grant_count;
};

/* Whether somebody alive, who is neither whoever asks nor whom it concerns, has the role; or where
 * it is null, a role in which they answer cases of the body. */
static enum status another_has(const struct action_call *call, const struct asking *asking,
                               const char *role, bool *out, struct error *err) {
  struct person person;
  enum status status = DONE;
  *out = false;
  for (int i = 0; status == DONE && i < asking->grant_count && !*out; i++) {
    const struct role_grant *grant = &asking->grants[i];
    bool fits = role ? strcmp(grant->role->word, role) == 0
                     : grant->body == asking->need.body &&
                           permission_in(MAY_ANSWER_INBOX, grant->role->gives);
    if (!fits || !role_grant_runs(grant, call->today)) continue;
    status = register_surviving_person(call->store, call->arena, grant->person, &person, err);
    *out = status == DONE && person.died == DAY_NONE && person.id != call->actor.person &&
           person.id != asking->need.party;
  }
  return status;
}

/* Those whose decision it is; or if there are none, whoever would have it once it is late. REFUSED:
 * there is nobody. */
static enum status find_another(const struct action_call *call, struct asking *asking,
                                bool *escalated, struct error *err) {
  const struct pack_case_kind *kind = asking->kind;
  struct role_grant *grants = NULL;
  bool another = false;
  *escalated = false;
  enum status status = role_grants_list(call->store, call->arena, &grants, &asking->grant_count,
                                        err);
  asking->grants = grants;
  if (status == DONE)
    status = another_has(call, asking, asking->need.body ? NULL : kind->to, &another, err);
  if (status != DONE || another) return status;
  if (*kind->escalates) status = another_has(call, asking, kind->escalates, escalated, err);
  return status == DONE && !*escalated ? refuse(err, SECOND_NOBODY) : status;
}

/* What a page sent of a case, as the field `facts` has it: a line of NAME=VALUE for each. */
static struct case_fact facts_of_page(const struct action_call *call) {
  const char *lines = "";
  for (int i = 0; i < call->fact_count; i++) {
    char *value = arena_copy(call->arena, call->facts[i].value.bytes, call->facts[i].value.size);
    for (char *at = value; *at; at++)
      if (*at == '\n' || *at == '\r') *at = ' ';
    lines = arena_printf(call->arena, "%s%s%s=%s", lines, i ? "\n" : "", call->facts[i].name,
                         value);
  }
  return (struct case_fact){"facts", span_of(lines)};
}

/* The values that were given, as texts by the names of their fields; but what a page asks between
 * its steps. */
static const struct case_fact *keep_values(const struct action_call *call, int *count) {
  int most = 0;
  while (call->values[most].name) most++;
  struct case_fact *facts = arena_array(call->arena, struct case_fact, most + 3);
  *count = 0;
  if (call->fact_count) facts[(*count)++] = facts_of_page(call);
  for (int i = 0; i < most; i++)
    if (call->values[i].given && !call->action->fields[i].is_step)
      facts[(*count)++] = (struct case_fact){call->values[i].name, call->values[i].text};
  if (call->reason) facts[(*count)++] = (struct case_fact){kept_reason, span_of(call->reason)};
  return facts;
}

/* `action:NAME:` and the digest of what is kept: the same is not asked twice, another may be. */
static const char *subject_of(const struct action_call *call, const struct case_fact *kept,
                              int count) {
  struct hasher *hasher = hasher_new();
  struct digest digest;
  struct text hex = {0};
  hasher_begin(hasher);
  for (int i = 0; i < count; i++) {
    if (strcmp(kept[i].name, kept_reason) == 0) continue;
    hasher_add(hasher, kept[i].name, strlen(kept[i].name) + 1);
    hasher_add(hasher, kept[i].value.bytes, kept[i].value.size);
    hasher_add(hasher, "", 1);
  }
  hasher_end(hasher, &digest);
  hasher_free(hasher);
  text_add_hex(&hex, digest.bytes, SUBJECT_DIGEST_BYTES);
  const char *subject = arena_printf(call->arena, "%s%s:%s", subject_begins, call->action->name,
                                     hex.bytes);
  text_release(&hex);
  return subject;
}

/* Anybody at the command line can write whom they like after --as: two such names may be one user
 * of the machine. Every administrator is told of each. */
static enum status tell_named(const struct case_call *call, const char *subject, const char *did,
                              struct error *err) {
  const struct case_actor *actor = call->actor;
  const char *name = subject + sizeof subject_begins - 1;
  if (!actor->machine || !actor->person) return DONE;
  return alert_add(call->store, ALERT_ACTED_AS, actor->machine, actor->person,
                   arena_printf(call->arena, "%.*s: %s", (int)strcspn(name, ":"), name, did), err);
}

static enum status open_case(struct action_call *call, const struct asking *asking, bool escalated,
                             struct error *err) {
  const struct pack_case_kind *kind = asking->kind;
  const int64_t party = asking->need.party;
  struct action_case side;
  int64_t id = 0;
  struct case_opening opening = {
      .kind = kind->code, .party = party, .to_body = asking->need.body, .escalated = escalated};
  enum status status = action_case_begin(call, true, &side, err);
  if (status == DONE) status = second_expire(&side.call, err);
  if (status != DONE) return status;
  /* they ask in their role, also about somebody whom they help */
  side.actor.helped = 0;
  opening.kept = keep_values(call, &opening.kept_count);
  opening.subject = subject_of(call, opening.kept, opening.kept_count);
  status = case_open(call->store, call->arena, &side.desk, &side.actor, &opening, &id, err);
  if (status != DONE) return status;
  action_answer_int(call, "case", id);
  action_answer(call, "waits-for", escalated ? kind->escalates : kind->to);
  status = tell_named(&side.call, opening.subject, "asked", err);
  if (status != DONE) return status;
  const char *what = arena_printf(call->arena, "case %s", kind->code);
  return party ? action_note(call, party, what, "to ask for it", err) : DONE;
}

enum status second_ask(struct action_call *call, bool *asked, struct error *err) {
  const struct action_second *second = call->action->second;
  struct asking asking = {.need.party = call->action->about == ABOUT_PERSON ? call->subject : 0};
  bool escalated = false;
  *asked = false;
  if (!second || call->actor.is_operator || call->second) return DONE;
  enum status status = second->needed(call, &asking.need, err);
  if (status != DONE || !asking.need.needed) return status;
  asking.kind = pack_find_case_kind(call->pack, span_of(second->kind));
  if (!asking.kind) return refuse(err, CASE_KIND_UNKNOWN, second->kind);
  if (asking.need.party)
    status = register_survivor(call->store, asking.need.party, &asking.need.party, err);
  if (status == DONE) status = find_another(call, &asking, &escalated, err);
  if (status != DONE) return status;
  *asked = true;
  return open_case(call, &asking, escalated, err);
}

/* ---- reading ---- */

static const struct action *action_of(const struct case_file *file) {
  size_t size = sizeof subject_begins - 1;
  if (!file->subject || strncmp(file->subject, subject_begins, size) != 0) return NULL;
  const char *name = file->subject + size;
  const struct action *action = action_find(span_make(name, strcspn(name, ":")));
  return action && action->second ? action : NULL;
}

static bool is_second(const struct pack_case_kind *kind) {
  return kind && strcmp(kind->handler, SECOND_PERSON) == 0;
}

enum status second_words(struct store *store, struct arena *arena, enum language language,
                         const struct case_file *file, const char **out, struct error *err) {
  struct register_name names[2];
  const int64_t ids[] = {file->opener, file->party};
  const char *said[2];
  const struct action *action = action_of(file);
  *out = NULL;
  if (!action || !is_second(file->kind)) return DONE;
  enum status status = register_names_of_parties(store, arena, ids, 2, names, err);
  if (status != DONE) return status;
  for (int i = 0; i < 2; i++)
    said[i] = names[i].name   ? names[i].name
              : names[i].code ? names[i].code
                              : say(language, "Somebody");
  *out = arena_printf(arena, say(language, action->second->asks), said[0], said[1]);
  return DONE;
}

/* The texts of the case become the values of the action again. */
static enum status read_values(const struct action *action, const struct case_file *file,
                               struct action_call *kept, struct error *err) {
  struct fields_read read = {0};
  struct sent *sent = arena_array(kept->arena, struct sent, file->fact_count + 1);
  struct error wrong = {0};
  int count = 0;
  for (int i = 0; i < file->fact_count; i++) {
    const struct case_fact *fact = &file->facts[i];
    if (strcmp(fact->name, kept_reason) == 0)
      kept->reason = arena_copy(kept->arena, fact->value.bytes, fact->value.size);
    else sent[count++] = (struct sent){.name = span_of(fact->name), .value = fact->value};
  }
  enum status status = fields_read(&read, kept->arena, kept->language, action->fields, sent, count,
                                   kept->today, &wrong);
  for (const struct fault *f = read.faults; status == DONE && f && f->field; f++)
    if (!action_field(action, span_of(f->field))->is_step) status = REFUSED;
  if (status == REFUSED) return refuse(err, SECOND_KEPT_WRONG);
  if (status != DONE) *err = wrong;
  kept->values = read.values;
  return status;
}

bool second_is(const struct case_file *file) { return is_second(file->kind); }

enum status second_kept(const struct action_call *call, const struct case_file *file,
                        struct action_call *kept, bool *out, struct error *err) {
  const struct action *action = action_of(file);
  struct error unread = {0};
  *out = action && is_second(file->kind);
  *kept = (struct action_call){.store = call->store,
                               .arena = call->arena,
                               .pack = call->pack,
                               .reference_data = call->reference_data,
                               .language = call->language,
                               .today = call->today,
                               .now = call->now,
                               .action = action,
                               .actor = {.person = file->opener},
                               .person = file->party,
                               .subject = file->party,
                               .bodies = &file->to_body,
                               .body_count = file->to_body != 0};
  if (!*out) return DONE;
  enum status status = read_values(action, file, kept, &unread);
  *out = status == DONE;
  if (status == FAILED) *err = unread;
  return status == FAILED ? FAILED : DONE;
}

enum status second_facts(const struct action_call *call, const struct case_file *file,
                         struct second_fact **out, int *count, struct error *err) {
  struct action_call kept;
  bool is_read = false;
  *count = 0;
  *out = NULL;
  if (second_kept(call, file, &kept, &is_read, err) != DONE) return err->code;
  if (!is_read) return DONE;
  const struct action *action = kept.action;
  *out = arena_array(call->arena, struct second_fact, file->fact_count + 1);
  for (const struct value *v = kept.values; v->name; v++) {
    const struct field *field = action_field(action, span_of(v->name));
    if (!v->given || !field->label) continue;
    const char *shown = action->second->shown ? action->second->shown(call, v->name, v->text)
                                              : NULL;
    (*out)[(*count)++] = (struct second_fact){.field = field, .value = v, .shown = shown};
  }
  return DONE;
}

/* ---- approving ---- */

/* Somebody as the access log names them, with the roles that let them do this. */
static enum status reader_of(const struct case_call *call, int64_t person, const char *who,
                             const struct granted_roles *roles, permission_set giving,
                             struct access_reader *out, struct error *err) {
  struct register_name name;
  struct bodies *bodies = NULL;
  enum status status = register_name_of_party(call->store, call->arena, person, &name, err);
  if (status == DONE) status = register_bodies(call->store, call->arena, &bodies, err);
  if (status != DONE) return status;
  *out = (struct access_reader){.who = who,
                                .person = person,
                                .name = name.name,
                                .machine = call->actor->machine,
                                .role = roles_granted_words(roles->all, roles->count, giving,
                                                            bodies, call->arena)};
  return DONE;
}

/* Whoever asked, with the roles of today; and whoever approves. */
static enum status put_both(const struct case_call *call, const struct case_file *file,
                            permission_set giving, struct action_call *kept,
                            struct access_reader *approver, struct error *err) {
  const struct case_actor *actor = call->actor;
  struct action_actor *asker = &kept->actor;
  struct granted_roles roles;
  day_t today = call->desk->today;
  if (!file->opener) return refuse(err, SECOND_ASKER_MAY_NOT); /* erased since */
  enum status status = register_survivor(call->store, file->opener, &asker->person, err);
  if (status == DONE)
    status = roles_granted_of(call->store, call->arena, asker->person, today, &asker->roles, err);
  if (status == DONE)
    status = roles_granted_of(call->store, call->arena, actor->person, today, &roles, err);
  if (status == DONE)
    status = reader_of(call, asker->person, file->opened_by, &asker->roles, giving, &asker->by,
                       err);
  return status == DONE ? reader_of(call, actor->person, actor->who, &roles, giving, approver, err)
                        : status;
}

/* The call that was asked for, as of now, with whoever approves it. REFUSED: whoever asked may no
 * longer do it, or it cannot be read. */
static enum status make_kept(struct case_call *call, const struct action *action,
                             const struct case_file *file, struct action_call *kept,
                             struct access_reader *approver, struct error *err) {
  struct error no_longer = {0};
  const struct desk_terms *terms = call->desk->terms;
  *kept = (struct action_call){.store = call->store,
                               .arena = call->arena,
                               .pack = call->desk->pack,
                               .reference_data = terms ? terms->reference_data : NULL,
                               .person = action->about == ABOUT_PERSON ? file->party : 0,
                               .language = ENGLISH,
                               .today = call->desk->today,
                               .now = (int64_t)time(NULL),
                               .second = approver};
  enum status status = put_both(call, file, PERMISSION(action->needs), kept, approver, err);
  if (status == DONE) status = read_values(action, file, kept, err);
  if (status != DONE) return status;
  status = action_permit(action, kept, &no_longer);
  if (status == REFUSED) return refuse(err, SECOND_ASKER_MAY_NOT);
  if (status != DONE) *err = no_longer;
  return status;
}

static enum status run_kept(struct case_call *call, const struct action *action,
                            const struct case_file *file, struct error *err) {
  struct access_reader approver;
  struct action_call kept;
  const struct desk_terms *terms = call->desk->terms;
  if (action->begins && !(terms && terms->runs)) return refuse(err, SECOND_IS_RUN);
  enum status status = make_kept(call, action, file, &kept, &approver, err);
  if (status != DONE || action->begins) return status;
  assert(!action->needs_terms || kept.reference_data);
  status = action->run(&kept, err);
  /* the fields of the action are none of the decision's */
  if (status == REFUSED) err->column[0] = '\0';
  return status;
}

enum second_move { MOVE_APPROVE, MOVE_EXPIRE, MOVE_FINISH, MOVE_FAIL };
static const char *const second_moves[] = {"approve", "expire", "finish", "fail"};
static const char *const moves_of_all[] = {"approve", "expire", NULL}; /* the others of a run */

static enum status move_second(struct case_call *call, struct case_file *file,
                               const struct pack_case_move *move, const struct case_motion *motion,
                               struct error *err) {
  (void)motion;
  const struct action *action = action_of(file);
  enum status status = action ? tell_named(call, file->subject, move->word, err) : DONE;
  if (status != DONE || strcmp(move->word, second_moves[MOVE_APPROVE]) != 0) return status;
  if (case_late(file, call->desk->today)) return refuse(err, SECOND_TOO_LATE);
  return action ? run_kept(call, action, file, err) : refuse(err, SECOND_KEPT_WRONG);
}

const struct case_handler second_case_handler = {.word = SECOND_PERSON,
                                                 .moves = moves_of_all,
                                                 .move = move_second};

/* ---- what is run ---- */

bool second_is_run(const struct case_file *file) {
  const struct action *action = action_of(file);
  return action && is_second(file->kind) && action->begins;
}

/* Approves it in a transaction of its own; *kept is the call to run after it. */
static enum status approve_run(struct action_call *call, int64_t id, struct case_file *file,
                               struct action_call *kept, struct access_reader *approver,
                               struct error *err) {
  struct action_case side;
  const struct case_motion motion = {.id = id, .move = second_moves[MOVE_APPROVE]};
  struct error none = {0};
  enum status status = action_case_begin(call, true, &side, err);
  side.terms.runs = true;
  if (status == DONE)
    status = case_one(call->store, call->arena, &side.desk, &side.actor, id, file, &none);
  if (status == REFUSED) return refuse_at(err, "case", CASE_UNKNOWN);
  if (status == FAILED && none.code != DONE) *err = none;
  if (status != DONE) return status;
  if (!second_is_run(file)) return refuse(err, SECOND_IS_NOT_RUN);
  struct case_file asked = *file;
  status = case_move(call->store, call->arena, &side.desk, &side.actor, &motion, file, err);
  return status == DONE ? make_kept(&side.call, action_of(&asked), &asked, kept, approver, err)
                        : status;
}

/* Says how it ended: whoever ended the case meanwhile is not contradicted. */
static enum status end_run(struct action_call *call, int64_t id, enum second_move move,
                           struct error *err) {
  const struct case_actor program = {.who = "program"};
  const struct desk_terms terms = {.record.pack = call->pack};
  const struct case_desk desk = action_desk(&terms, call->today);
  const struct case_motion motion = {.id = id, .move = second_moves[move]};
  struct case_file after;
  struct error ended = {0};
  enum status status = store_begin(call->store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = case_move(call->store, call->arena, &desk, &program, &motion, &after, &ended);
  if (status == DONE) status = store_commit(call->store, &ended);
  if (status != DONE) store_rollback(call->store);
  if (status == FAILED) *err = ended;
  return status == FAILED ? FAILED : DONE;
}

enum status second_run(struct action_call *call, int64_t id, struct error *err) {
  struct case_file file;
  struct action_call kept;
  struct access_reader approver;
  enum status status = store_begin(call->store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = approve_run(call, id, &file, &kept, &approver, err);
  if (status == DONE) status = store_commit(call->store, err);
  if (status != DONE) {
    store_rollback(call->store);
    return status;
  }
  kept.progress = call->progress;
  kept.watch = call->watch;
  kept.language = call->language;
  status = kept.action->run(&kept, err);
  struct error ended = {0};
  if (end_run(call, id, status == DONE ? MOVE_FINISH : MOVE_FAIL, &ended) == FAILED &&
      status == DONE)
    return *err = ended, FAILED;
  for (int i = 0; status == DONE && i < kept.answer_count; i++)
    action_answer(call, kept.answers[i].name, kept.answers[i].text);
  if (status == REFUSED) err->column[0] = '\0';
  return status;
}

/* ---- running out ---- */

static enum status expire_kind(struct case_call *call, const char *kind, struct error *err) {
  const struct case_actor program = {.who = "program"};
  const struct case_filter filter = {.which = CASES_LATE, .kind = kind, .most = CASES_PAGE_MOST};
  struct case_file *late = NULL, after;
  int64_t total = 0;
  int count = 0;
  enum status status = cases_inbox(call->store, call->arena, call->desk, &program, &filter, &late,
                                   &count, &total, err);
  for (int i = 0; status == DONE && i < count; i++) {
    const struct case_motion motion = {.id = late[i].id, .move = second_moves[MOVE_EXPIRE]};
    struct error faster = {0};
    enum status moved = case_move(call->store, call->arena, call->desk, &program, &motion, &after,
                                  &faster);
    if (moved == DONE || moved == REFUSED) continue; /* somebody has ended it meanwhile */
    *err = faster;
    status = moved;
  }
  return status;
}

enum status second_expire(struct case_call *call, struct error *err) {
  const struct pack *pack = call->desk->pack;
  enum status status = DONE;
  for (int k = 0; status == DONE && k < pack->case_kind_count; k++)
    if (is_second(&pack->case_kinds[k])) status = expire_kind(call, pack->case_kinds[k].code, err);
  return status;
}
