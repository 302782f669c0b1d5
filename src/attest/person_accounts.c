#include "attest/person_accounts.h"

enum status person_accounts_owner(struct store *store, struct arena *arena, int64_t id,
                                  struct person **out, struct error *err) {
  *out = arena_alloc(arena, sizeof **out);
  return register_surviving_person(store, arena, id, *out, err);
}

enum status person_accounts_all(struct store *store, struct arena *arena,
                                const struct person *person, struct account **out, int *count,
                                struct error *err) {
  int64_t *owners = arena_array(arena, int64_t, person->merged_count + 1);
  owners[0] = person->id;
  for (int i = 0; i < person->merged_count; i++) owners[i + 1] = person->merged[i];
  return book_accounts_of(store, arena, OWNER_PERSON, owners, person->merged_count + 1, out, count,
                          err);
}

enum status person_accounts_counted(struct store *store, struct arena *arena,
                                    struct account *accounts, int count, int *kept,
                                    struct error *err) {
  struct roles *roles = NULL;
  *kept = 0;
  enum status status = book_roles(store, arena, &roles, err);
  for (int i = 0; status == DONE && i < count; i++)
    if (roles_in_statement(roles, accounts[i].role)) accounts[(*kept)++] = accounts[i];
  return status;
}
