#include "register/case_actor.h"

#include "register/delegation.h"
#include "register/near.h"
#include "register/register.h"
#include "register/role_grants.h"

/* Each word once: `staff` of three bodies is one role. */
static void take_roles(struct arena *arena, const struct granted_roles *granted,
                       struct case_actor *out) {
  const char **roles = arena_array(arena, const char *, granted->count + 1);
  for (int i = 0; i < granted->count; i++) {
    bool known = false;
    for (int r = 0; r < out->role_count; r++)
      known = known || strcmp(roles[r], granted->all[i].role->word) == 0;
    if (!known) roles[out->role_count++] = granted->all[i].role->word;
  }
  out->roles = roles;
}

enum status register_case_actor(struct store *store, struct arena *arena, int64_t person, day_t day,
                                const char *who, struct case_actor *out, struct error *err) {
  *out = (struct case_actor){.who = who, .scopes = ""};
  struct granted_roles granted;
  int64_t *records = NULL;
  if (!person) return DONE;
  enum status status = register_records(store, arena, person, &records, &out->record_count, err);
  if (status == DONE) status = roles_granted_of(store, arena, person, day, &granted, err);
  if (status != DONE) return status;
  struct near near = {0};
  if (granted.count) status = register_near(store, arena, person, day, &near, err);
  if (status != DONE) return status;
  out->near = near.all;
  out->near_count = near.count;
  out->records = records;
  out->person = records[0];
  out->bodies = roles_granted_bodies(&granted, arena, MAY_ANSWER_INBOX, &out->body_count);
  take_roles(arena, &granted, out);
  return DONE;
}

enum status register_case_helper(struct store *store, struct arena *arena, struct case_actor *actor,
                                 int64_t helped, day_t day, struct error *err) {
  unsigned scope = 0;
  int64_t *records = NULL;
  struct text words = {0};
  enum status status = register_records(store, arena, helped, &records, &actor->helped_record_count,
                                        err);
  if (status == DONE) status = delegation_scope(store, helped, actor->person, day, &scope, err);
  if (status != DONE) return status;
  actor->helped = records[0];
  actor->helped_records = records;
  text_add_scope(&words, scope);
  actor->scopes = arena_string(arena, words.bytes ? words.bytes : "");
  text_release(&words);
  return DONE;
}
