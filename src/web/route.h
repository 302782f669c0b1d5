/* The one table of pages and actions (routes.c): path, method, the permission that it needs, where
 * it runs, the function, its fields, its help. The router, the permission function, the navigation,
 * docs/reference/portal.md's check and the tests read the same rows. A path that is not in it is
 * closed.
 */
#ifndef WEAL_WEB_ROUTE_H
#define WEAL_WEB_ROUTE_H

#include "base/status.h"
#include "register/permission.h"
#include "action/action.h"

enum method { GET, POST }; /* HEAD answers as GET */

enum runs {
  READS, /* on a worker thread, in a snapshot; does not wait for the writer */
  /* in the writer's transaction, committed with others before the reply: everything that writes a
   * little, and every access to somebody else's record */
  WRITES,
  /* on the slow queue's thread, one after another; begins its own transactions: reversals,
   * closings, reading the whole book */
  SLOW,
  /* in a snapshot too, on threads of their own (http/reckoners.h) and within `reckon_ms`: what
   * somebody may get; of somebody else's record after the row's `note` */
  RECKONS
};

enum navigation { NAV_NONE, NAV_PUBLIC, NAV_CITIZEN, NAV_ROLE };

struct request;
struct reply;

struct route {
  enum method method;
  const char *path;      /* `/people/{person}/lines`: a name in braces is one segment */
  enum permission needs; /* a visitor who has it may use the row; of an action: the action's */
  enum runs runs;
  enum status (*run)(struct request *r, struct reply *reply, struct error *err);
  /* of the query (GET) or the form (POST), ended by a null name; null: none */
  const struct field *fields;
  enum navigation navigation; /* where its link stands; NAV_NONE: nowhere */
  const char *title;          /* N_()-marked English: the link's text */
  const char *help;           /* one sentence: what it is for */
  /* heading of the part of docs/reference/portal.md that begins with this row; null: same part as
   * the row before */
  const char *heading;
  /* a public page that may be kept: the bytes are the same for everybody; 0: never. -1: for as long
   * as the program runs */
  int cache_seconds;
  /* of what takes long to make: how much it counts of `costly_each_minute`, of a page that is kept
   * each time that it is made; 0: not counted */
  int costly;
  /* takes a right away, so the permission of other requests under way is checked again */
  bool ends;
  /* of a GET: a query with faults runs the page, which shows its filter with them (pages/lists.h)
   * and no list; else the reply is a page that says what is wrong */
  bool shows_faults;
  /* of a row that RECKONS and shows somebody else's record: notes the look in the writer's
   * transaction, which is committed before the page is reckoned; a reply that it makes is sent
   * instead of the page. The page's own notes then do nothing (request.h: is_noted). */
  enum status (*note)(struct request *r, struct reply *reply, struct error *err);
  int limit_bytes; /* of a POST's body; 0: LIMIT_FORM_BYTES, of a file the configuration's bound */
  /* used instead of `fields` where the fields depend on the path's names (a question of a journey)
   * or on rows of the policy pack and the store (what a kind of case asks); returns null: none for
   * this path. Of the request it may use pack, arena, language and, of a POST, the store, whose
   * snapshot is open; while only the head has come `store` is null, and all that counts is whether
   * there is a file among the fields. */
  const struct field *(*fields_of)(const struct request *r, const struct span *names);
  /* The name of the action that the form calls (action/action.h). The row takes its permission, its
   * fields and its help from it; its own function calls request_act and chooses where to go next. A
   * row with {person} whose action is ABOUT_ONESELF is for the person's helpers. A row may have
   * fields of its own: a page that asks in steps. */
  const char *action;
};

/* The fields of a row for these names of its path. Code that reads or shows a form gets them here.
 * Of an action those that the path names come first, and are left out. */
const struct field *route_fields(const struct route *route, const struct request *r,
                                 const struct span *names);
/* The action of a row; null: it has none. */
const struct action *route_action(const struct route *route);
enum permission route_needs(const struct route *route);
const char *route_help(const struct route *route);
/* Whether the row's path has a name in braces that reads so. */
bool route_has_name(const struct route *route, const char *name);

extern const struct route routes[]; /* ended by a null path */

/* The row of a path without its language prefix; names[] gets the segments in place of the names,
 * in order. Null: there is none. */
enum { ROUTE_NAMES = 3 };
const struct route *route_find(enum method method, struct span path,
                               struct span names[ROUTE_NAMES]);
/* Whether the path has a row of any method (405 instead of 404). */
bool route_known(struct span path);
/* The row that a form of this path is sent to. */
const struct route *route_post(const char *path);
/* The name in braces at `index` (from 0) of a row's path, without the braces; null bytes: the path
 * has fewer names. */
struct span route_name(const struct route *row, int index);

#endif
