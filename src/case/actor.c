/* Who may open, see and decide. All of it is read from the actor, the kind and the case; the store
 * is not asked. */
#include "case/parts.h"

#include <stdlib.h>

static bool among(const int64_t *ids, int count, int64_t id) {
  for (int i = 0; i < count; i++)
    if (ids[i] == id) return true;
  return false;
}

bool case_actor_is(const struct case_actor *actor, int64_t party) {
  if (!party || !actor->person) return false;
  return party == actor->person || among(actor->records, actor->record_count, party);
}

bool case_actor_is_near(const struct case_actor *actor, int64_t party) {
  return case_actor_is(actor, party) ||
         (party && actor->person && among(actor->near, actor->near_count, party));
}

/* The actor is a helper of the party in this call. */
static bool helps(const struct case_actor *actor, int64_t party) {
  if (!party || !actor->helped) return false;
  return party == actor->helped || among(actor->helped_records, actor->helped_record_count, party);
}

static bool has_role(const struct case_actor *actor, const char *role) {
  for (int i = 0; i < actor->role_count; i++)
    if (strcmp(actor->roles[i], role) == 0) return true;
  return false;
}

/* ---- opening ---- */

static bool opens_as(const struct case_actor *actor, struct span word, int64_t party) {
  static const struct {
    const char *word, *scope;
  } helpers[] = {{"helper-see", "see"}, {"helper-tell", "tell"}, {"helper-time", "time"}};
  for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
    if (span_is(word, helpers[i].word))
      return helps(actor, party) && span_has_word(span_of(actor->scopes), helpers[i].scope);
  if (actor->helped) return false;
  if (span_is(word, "self")) return case_actor_is(actor, party);
  if (span_is(word, "program")) return !actor->person;
  for (int i = 0; i < actor->role_count; i++)
    if (span_is(word, actor->roles[i])) return true;
  return false;
}

bool case_may_open(const struct case_actor *actor, const struct pack_case_kind *kind,
                   int64_t party) {
  for (const char *at = kind->opens; *at;) {
    size_t size = strcspn(at, " ");
    if (opens_as(actor, span_make(at, size), party)) return true;
    at += size;
    if (*at) at++;
  }
  return false;
}

/* ---- deciding ---- */

/* What people ask of one another they answer to their family too: in a role they do not. */
bool case_is_own(const struct case_actor *actor, const struct case_file *file) {
  if (case_actor_is(actor, file->party) || case_actor_is(actor, file->opener)) return true;
  if (!file->to_body && !file->to_role) return false;
  return case_actor_is_near(actor, file->party) || case_actor_is_near(actor, file->opener);
}

bool case_is_to(const struct case_actor *actor, int64_t to_body, const char *to_role,
                int64_t to_person) {
  return (to_body && among(actor->bodies, actor->body_count, to_body)) ||
         (to_role && has_role(actor, to_role)) || case_actor_is(actor, to_person);
}

/* What officers ask of one another. Of what somebody opens about themself they read what becomes of
 * it; so they do of what the program opens about them: what was paid too much, answers that differ.
 */
bool case_kind_is_officers(const struct pack_case_kind *kind) {
  const struct span opens = span_of(kind->opens);
  return !span_has_word(opens, "self") && !span_has_word(opens, "program");
}

static bool is_officers(const struct case_file *file) {
  return file->kind && case_kind_is_officers(file->kind);
}

bool case_is_theirs(const struct case_actor *actor, const struct case_file *file) {
  if (actor->helped) return helps(actor, file->party) && !is_officers(file);
  if (case_actor_is(actor, file->party) && !is_officers(file)) return true;
  if (!case_actor_is(actor, file->opener)) return false;
  /* in a role; somebody who opened it as a helper is none in a call of their own */
  return !file->party || (file->kind && case_may_open(actor, file->kind, file->party));
}

bool case_may_decide(const struct case_actor *actor, const struct case_file *file) {
  const struct pack_case_kind *kind = file->kind;
  if (!kind || !actor->person || actor->helped || case_is_own(actor, file)) return false;
  if (kind->independent && case_actor_is(actor, file->barred)) return false;
  if (case_is_to(actor, file->to_body, file->to_role, file->to_person)) return true;
  if (file->escalated && *kind->escalates && has_role(actor, kind->escalates)) return true;
  /* whoever has the code: the handler asks for it */
  return strcmp(kind->to, "code") == 0 && !file->to_body && !file->to_role && !file->to_person;
}

bool case_may_make(const struct case_actor *actor, const struct case_file *file,
                   const struct pack_case_move *move) {
  switch (move->by) {
  case CASE_BY_DECIDER: return case_may_decide(actor, file);
  case CASE_BY_OPENER:
    /* a helper only in a call as their helper, while the help lasts, and only what they opened: a
     * complaint about the helper is none of theirs to take back */
    return case_is_theirs(actor, file) && (!actor->helped || case_actor_is(actor, file->opener)) &&
           file->kind && case_may_open(actor, file->kind, file->party);
  case CASE_BY_PROGRAM: return !actor->person;
  }
  return false;
}

static bool may_now(const struct case_actor *actor, const struct case_file *file,
                    const struct pack_case_move *move) {
  return move->from == file->state && case_may_make(actor, file, move);
}

int case_moves_of(const struct case_actor *actor, const struct case_file *file,
                  const struct pack_case_move **out, int most) {
  int count = 0;
  for (int m = 0; file->kind && m < file->kind->move_count && count < most; m++)
    if (may_now(actor, file, &file->kind->moves[m])) out[count++] = &file->kind->moves[m];
  return count;
}

bool case_may_move(const struct case_actor *actor, const struct case_file *file, const char *word) {
  for (int m = 0; file->kind && m < file->kind->move_count; m++) {
    const struct pack_case_move *move = &file->kind->moves[m];
    if (strcmp(move->word, word) == 0 && may_now(actor, file, move)) return true;
  }
  return false;
}

/* ---- seeing ---- */

static bool was_told(const struct case_actor *actor, const struct case_file *file) {
  for (int i = 0; i < file->told_count; i++)
    if (among(actor->bodies, actor->body_count, file->told[i].body)) return true;
  return false;
}

/* Leave to tell something for somebody is not leave to read what else was told. */
static bool helper_sees(const struct case_actor *actor, const struct case_file *file) {
  if (!helps(actor, file->party) || is_officers(file)) return false;
  if (span_has_word(span_of(actor->scopes), "see")) return true;
  if (!file->kind || !case_may_open(actor, file->kind, file->party)) return false;
  return case_actor_is(actor, file->opener) ||
         (span_has_word(span_of(actor->scopes), "time") &&
          span_has_word(span_of(file->kind->opens), "helper-time"));
}

bool case_may_see(const struct case_actor *actor, const struct case_file *file) {
  if (!actor->person) return true;
  if (actor->helped) return helper_sees(actor, file);
  if (case_is_theirs(actor, file) || was_told(actor, file)) return true;
  if (case_is_to(actor, file->to_body, file->to_role, file->to_person)) return true;
  return file->escalated && file->kind && *file->kind->escalates &&
         has_role(actor, file->kind->escalates);
}

bool case_late(const struct case_file *file, day_t today) {
  return file->waits && file->due != DAY_NONE && file->due < today;
}
