/* Permission, from the table's rows. */
#include "web/permit.h"

#include "register/delegation.h"

static unsigned scope_of(enum who_may who) {
  return who == HELPER_SEE      ? SCOPE_SEE
         : who == HELPER_NOTIFY ? SCOPE_NOTIFY
         : who == HELPER_TIME   ? SCOPE_TIME
                                : 0;
}

bool permit_row(const struct visitor *visitor, const struct route *row) {
  switch (row->who) {
  case ANYONE: return true;
  case SIGNED_IN:
  case HELPER:
  case HELPER_SEE:
  case HELPER_NOTIFY:
  case HELPER_TIME: return visitor->person != 0;
  case STAFF: return visitor->person && visitor->staff_count > 0;
  case ADMINISTRATOR: return visitor->person && visitor->administrator;
  case AUDITOR: return visitor->person && visitor->auditor;
  }
  return false;
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

/* HELPER is any of the three scopes. */
static enum status helper_may(const struct request *r, bool *may, struct error *err) {
  static const unsigned any[] = {SCOPE_SEE, SCOPE_NOTIFY, SCOPE_TIME};
  unsigned scope = scope_of(r->route->who);
  if (scope)
    return delegation_may(r->store, r->person, r->visitor.person, scope, day_today(), may, err);
  *may = false;
  for (int i = 0; i < 3 && !*may; i++)
    if (delegation_may(r->store, r->person, r->visitor.person, any[i], day_today(), may, err) !=
        DONE)
      return err->code;
  return DONE;
}

enum status permit(struct request *r, const struct span names[ROUTE_NAMES], enum permit *out,
                   struct error *err) {
  bool asked;
  *out = PERMIT_NOT_FOUND;
  if (r->route->who != ANYONE && !r->visitor.person) *out = PERMIT_SIGN_IN;
  else if (permit_row(&r->visitor, r->route)) *out = PERMIT_YES;
  if (*out != PERMIT_YES) return DONE;
  /* who has not said why they look is not told who there is: the rows ask for the reason first */
  if (r->route->who == STAFF && !r->visitor.reason) return DONE;
  if (find_person(r, names, &asked, err) != DONE) return err->code;
  bool may = !asked || r->person, helps = r->route->who >= HELPER && r->route->who <= HELPER_TIME;
  /* a helper's row without a person is a mistake in the table, and closed */
  if (helps && !asked) may = false;
  if (helps && may && helper_may(r, &may, err) != DONE) return err->code;
  if (!may) *out = PERMIT_NOT_FOUND;
  return DONE;
}
