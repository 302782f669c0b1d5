/* The one table of pages and actions (routes.c): path, method, the permission that it needs, where
 * it runs, the function, its fields, its help. The router, the permission function, the navigation,
 * docs/reference/portal.md's check and the tests read the same rows. What is not in it is closed.
 */
#ifndef WEAL_WEB_ROUTE_H
#define WEAL_WEB_ROUTE_H

#include "base/status.h"
#include "register/permission.h"
#include "web/forms/field.h"

enum method { GET, POST }; /* HEAD answers as GET */

enum runs {
  READS, /* on a worker thread, in a snapshot; waits for no writer */
  /* in the writer's transaction, committed with others before the reply: everything that writes a
   * little, and every look at somebody else's record */
  WRITES,
  /* on the desk's thread, one after another, begins its own transactions: reversals, closings,
   * reading the whole book */
  SLOW
};

enum navigation { NAV_NONE, NAV_PUBLIC, NAV_CITIZEN, NAV_ROLE };

struct request;
struct reply;

struct route {
  enum method method;
  const char *path;      /* `/people/{person}/lines`: a name in braces is one segment */
  enum permission needs; /* who has it, may */
  enum runs runs;
  enum status (*run)(struct request *r, struct reply *reply, struct error *err);
  /* of the query (GET) or the form (POST), ended by a null name; null: none */
  const struct field *fields;
  enum navigation navigation; /* where its link stands; NAV_NONE: nowhere */
  const char *title;          /* N_()-marked English: the link's text */
  const char *help;           /* one sentence: what it is for */
  /* of the part of docs/reference/portal.md that begins with this row; null: it goes on */
  const char *heading;
  /* a public page that may be kept: the bytes are the same for everybody; 0: never. -1: for as long
   * as the program runs */
  int cache_seconds;
  /* takes a right away: of others' requests under way, permission is looked at again */
  bool ends;
  int limit_bytes; /* of a POST's body; 0: LIMIT_FORM_BYTES */
  /* instead of `fields` where they hang on the path's names (a question of a journey); null: the
   * path has none */
  const struct field *(*fields_of)(const struct span *names);
};

/* The fields of a row for these names of its path: whoever reads or shows a form asks here. */
static inline const struct field *route_fields(const struct route *route,
                                               const struct span *names) {
  return route->fields_of ? route->fields_of(names) : route->fields;
}

extern const struct route routes[]; /* ended by a null path */

/* The row of a path without its language prefix; names[] gets the segments that stood for names, in
 * order. Null: there is none. */
enum { ROUTE_NAMES = 3 };
const struct route *route_find(enum method method, struct span path,
                               struct span names[ROUTE_NAMES]);
/* Whether the path has a row of any method (405 instead of 404). */
bool route_known(struct span path);
/* The row that a form of this path is sent to. */
const struct route *route_post(const char *path);
/* The name in braces at `index` (from 0) of a row's path, without the braces; null bytes: it has no
 * so many. */
struct span route_name(const struct route *row, int index);

#endif
