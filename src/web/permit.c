/* Permission, from the table's rows. */
#include "web/permit.h"

#include "register/delegation.h"
#include "register/names.h"
#include "register/sessions.h"

#include <time.h>

/* The visitor's own permissions, without those that helping the path's {person} gives. */
static permission_set held(const struct visitor *visitor) {
  return PERMISSION(ANYONE) |
         (visitor->person ? PERMISSION(SIGNED_IN) | visitor->roles.gives : (permission_set)0);
}

bool permit_row(const struct visitor *visitor, const struct route *row) {
  permission_set set = held(visitor);
  if (visitor->person) set |= scope_gives(scope_all());
  return permission_in(route_needs(row), set);
}

/* The {person} of the path; 0: the path has none, or there is nobody of that reference. */
static enum status find_person(struct request *r, const struct span names[ROUTE_NAMES], bool *asked,
                               struct error *err) {
  *asked = false;
  for (int i = 0; i < ROUTE_NAMES && route_name(r->route, i).bytes; i++) {
    if (!span_is(route_name(r->route, i), "person")) continue;
    struct error unknown = {0};
    *asked = true;
    enum status status = register_find_person(r->store,
                                              arena_copy(r->arena, names[i].bytes, names[i].size),
                                              &r->person, &unknown);
    if (status == FAILED) {
      *err = unknown;
      return FAILED;
    }
    if (status != DONE) r->person = 0;
  }
  return DONE;
}

/* Why the visitor looks at the person. Staff who have not said so do not learn whether there is
 * such a person: r->person is 0 then too, the row asks for the reason first, and as much is read.
 */
static enum status find_reason(struct request *r, struct error *err) {
  int64_t survivor = 0;
  r->visitor.reason = NULL;
  enum status status = register_survivor(r->store, r->person, &survivor, err);
  if (status == DONE)
    status = reasons_find(r->store, r->arena, r->visitor.session, survivor, (int64_t)time(NULL),
                          &r->visitor.reason, err);
  if (!r->visitor.reason) r->person = 0;
  return status;
}

enum status permit(struct request *r, const struct span names[ROUTE_NAMES], enum permit *out,
                   struct error *err) {
  enum permission needs = route_needs(r->route);
  bool asked;
  unsigned scope = 0;
  *out = PERMIT_NOT_FOUND;
  if (!permit_row(&r->visitor, r->route)) {
    if (!r->visitor.person) *out = PERMIT_SIGN_IN;
    return DONE;
  }
  r->visitor.bodies = roles_granted_bodies(&r->visitor.roles, r->arena, needs,
                                           &r->visitor.body_count);
  *out = PERMIT_YES;
  if (find_person(r, names, &asked, err) != DONE) return err->code;
  if (permission_asks_reason(needs)) return asked ? find_reason(r, err) : DONE;
  bool may = !asked || r->person;
  if (may && !permission_in(needs, held(&r->visitor))) {
    if (asked &&
        delegation_scope(r->store, r->person, r->visitor.person, day_today(), &scope, err) != DONE)
      return err->code;
    /* a helper's row without a person is a mistake in the table: nobody may use it */
    may = permission_in(needs, scope_gives(scope));
  }
  if (!may) *out = PERMIT_NOT_FOUND;
  return DONE;
}
