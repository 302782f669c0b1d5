#include "action/second.h"

#include "action/cases.h"
#include "action/rows.h"
#include "register/case_actor.h"
#include "register/names.h"

#include <assert.h>
#include <time.h>

#define SECOND_PERSON "second-person" /* the kind of case, and its handler */
static const char subject_begins[] = "action:";

/* ---- asking ---- */

static bool held_today(const struct role_grant *grant, day_t today) {
  return grant->from <= today && (grant->to == DAY_NONE || grant->to >= today);
}

/* Whether somebody alive has the role, who is neither whoever asks nor whom it concerns. */
static enum status another_could(const struct action_call *call, const char *role, int64_t party,
                                 bool *out, struct error *err) {
  struct role_grant *all = NULL;
  struct person person;
  int count = 0;
  *out = false;
  enum status status = role_grants_list(call->store, call->arena, &all, &count, err);
  for (int i = 0; status == DONE && i < count && !*out; i++) {
    if (strcmp(all[i].role->word, role) != 0 || !held_today(&all[i], call->today)) continue;
    status = register_surviving_person(call->store, call->arena, all[i].person, &person, err);
    *out = status == DONE && person.died == DAY_NONE && person.id != call->actor.person &&
           person.id != party;
  }
  return status;
}

/* The values that were given, as texts by the names of their fields. */
static const struct case_fact *keep_values(const struct action_call *call, int *count) {
  int most = 0;
  while (call->values[most].name) most++;
  struct case_fact *facts = arena_array(call->arena, struct case_fact, most + 1);
  *count = 0;
  for (int i = 0; i < most; i++)
    if (call->values[i].given)
      facts[(*count)++] = (struct case_fact){call->values[i].name, call->values[i].text};
  return facts;
}

/* Opens the case for the role of its kind. */
static enum status open_case(struct action_call *call, const struct pack_case_kind *kind,
                             int64_t party, struct error *err) {
  struct action_case side;
  int64_t id = 0;
  struct case_opening opening = {.kind = kind->code,
                                 .party = party,
                                 .subject = arena_printf(call->arena, "%s%s", subject_begins,
                                                         call->action->name)};
  enum status status = action_case_begin(call, true, &side, err);
  if (status == DONE) status = second_expire(&side.call, err);
  if (status != DONE) return status;
  opening.kept = keep_values(call, &opening.kept_count);
  status = case_open(call->store, call->arena, &side.desk, &side.actor, &opening, &id, err);
  if (status != DONE) return status;
  action_answer_int(call, "case", id);
  action_answer(call, "waits-for", kind->to);
  return party ? action_note(call, party, "case " SECOND_PERSON, "to ask for it", err) : DONE;
}

enum status second_ask(struct action_call *call, bool *asked, struct error *err) {
  const struct action_second *second = call->action->second;
  int64_t party = 0;
  bool needed = false, another = false;
  *asked = false;
  if (!second || call->actor.is_operator) return DONE;
  enum status status = second->needed(call, &needed, &party, err);
  if (status != DONE || !needed) return status;
  const struct pack_case_kind *kind = pack_find_case_kind(call->pack, span_of(SECOND_PERSON));
  if (!kind) return refuse(err, CASE_KIND_UNKNOWN, SECOND_PERSON);
  status = another_could(call, kind->to, party, &another, err);
  if (status != DONE || !another) return status;
  *asked = true;
  return open_case(call, kind, party, err);
}

/* ---- reading ---- */

static const struct action *action_of(const struct case_file *file) {
  size_t size = sizeof subject_begins - 1;
  if (!file->subject || strncmp(file->subject, subject_begins, size) != 0) return NULL;
  const struct action *action = action_find(span_of(file->subject + size));
  return action && action->second ? action : NULL;
}

enum status second_words(struct store *store, struct arena *arena, enum language language,
                         const struct case_file *file, const char **out, struct error *err) {
  struct register_name names[2];
  const int64_t ids[] = {file->opener, file->party};
  const char *said[2];
  const struct action *action = action_of(file);
  *out = NULL;
  if (!action || strcmp(file->kind_word, SECOND_PERSON) != 0) return DONE;
  enum status status = register_names_of_parties(store, arena, ids, 2, names, err);
  if (status != DONE) return status;
  for (int i = 0; i < 2; i++)
    said[i] = names[i].name   ? names[i].name
              : names[i].code ? names[i].code
                              : say(language, "Somebody");
  *out = arena_printf(arena, say(language, action->second->asks), said[0], said[1]);
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

/* The texts of the case become the values of the action again. */
static enum status read_values(const struct action *action, const struct case_file *file,
                               struct action_call *kept, struct error *err) {
  struct fields_read read = {0};
  struct sent *sent = arena_array(kept->arena, struct sent, file->fact_count + 1);
  struct error wrong = {0};
  for (int i = 0; i < file->fact_count; i++)
    sent[i] = (struct sent){.name = span_of(file->facts[i].name), .value = file->facts[i].value};
  enum status status = fields_read(&read, kept->arena, kept->language, action->fields, sent,
                                   file->fact_count, kept->today, &wrong);
  if (status == REFUSED || read.faults) return refuse(err, SECOND_KEPT_WRONG);
  if (status != DONE) *err = wrong;
  kept->values = read.values;
  return status;
}

static enum status run_kept(struct case_call *call, const struct action *action,
                            const struct case_file *file, struct error *err) {
  struct access_reader approver;
  struct error no_longer = {0};
  struct action_call kept = {.store = call->store,
                             .arena = call->arena,
                             .language = ENGLISH,
                             .today = call->desk->today,
                             .now = (int64_t)time(NULL),
                             .second = &approver};
  enum status status = put_both(call, file, PERMISSION(action->needs), &kept, &approver, err);
  if (status == DONE) status = read_values(action, file, &kept, err);
  if (status != DONE) return status;
  status = action_permit(action, &kept, &no_longer);
  if (status == REFUSED) return refuse(err, SECOND_ASKER_MAY_NOT);
  if (status != DONE) return *err = no_longer, status;
  status = action->run(&kept, err);
  /* the fields of the action are none of the decision's */
  if (status == REFUSED) err->column[0] = '\0';
  return status;
}

enum { MOVE_APPROVE, MOVE_EXPIRE };
static const char *const second_moves[] = {"approve", "expire", NULL};

static enum status move_second(struct case_call *call, struct case_file *file,
                               const struct pack_case_move *move, const struct case_motion *motion,
                               struct error *err) {
  (void)motion;
  const struct action *action = action_of(file);
  if (strcmp(move->word, second_moves[MOVE_APPROVE]) != 0) return DONE;
  if (case_late(file, call->desk->today)) return refuse(err, SECOND_TOO_LATE);
  return action ? run_kept(call, action, file, err) : refuse(err, SECOND_KEPT_WRONG);
}

const struct case_handler second_case_handler = {.word = SECOND_PERSON,
                                                 .moves = second_moves,
                                                 .move = move_second};

/* ---- running out ---- */

enum status second_expire(struct case_call *call, struct error *err) {
  const struct case_actor program = {.who = "program"};
  const struct case_filter filter = {.which = CASES_LATE,
                                     .kind = SECOND_PERSON,
                                     .most = CASES_PAGE_MOST};
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
