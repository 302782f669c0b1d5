/* Decides who may use a row: the only place that does, by the row's permission alone. */
#ifndef WEAL_WEB_PERMIT_H
#define WEAL_WEB_PERMIT_H

#include "web/request.h"

enum permit {
  PERMIT_YES,
  PERMIT_SIGN_IN,  /* signed out: to /sign-in; a form: 403 */
  PERMIT_NOT_FOUND /* the record is not theirs, or is not there: the same answer */
};

/* `names`: of the path. Sets r->person where the path has a {person}. */
enum status permit(struct request *r, const struct span names[ROUTE_NAMES], enum permit *out,
                   struct error *err) MUST_USE;
/* Whether the visitor may use a row at all, its {person} left aside: for the navigation. */
bool permit_row(const struct visitor *visitor, const struct route *row);

#endif
