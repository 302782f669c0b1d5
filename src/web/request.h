/* What a page or an action is given, and what it gives back.
 *
 * A handler sees validated values only; it calls functions of the floors below, holds no rules, and
 * makes one reply. Where it runs, and on which connection to the store, its row of the table says
 * (route.h): a page that READS has a snapshot; one that WRITES is inside the writer's transaction,
 * which is committed before the reply goes out.
 */
#ifndef WEAL_WEB_REQUEST_H
#define WEAL_WEB_REQUEST_H

#include "http/parse.h"
#include "register/register.h"
#include "register/role_grants.h"
#include "statement/reference_data.h"
#include "store/store.h"
#include "web/forms/form.h"
#include "web/route.h"
#include "web/source.h"
#include "web/view.h"

/* Whose session it is. */
struct visitor {
  int64_t person;          /* party id (of the surviving record, if it was merged); 0: signed out */
  const char *code, *name; /* of the person */
  struct granted_roles roles;
  /* seconds since 1970: until when somebody is an administrator whom nobody approved; 0: nobody */
  int64_t unapproved_until;
  /* ids of the bodies for which they have the row's permission (permit.c) */
  const int64_t *bodies;
  int body_count;
  /* staff: why they look at the path's {person} (permit.c); null: they have not said */
  const char *reason;
  /* goes into every form as the hidden field `token`, followed by a number of the form
   * (form_once.c) */
  char form_token[FORM_TOKEN_SIZE + 1];
  uint8_t session[32]; /* the stored id: SHA-256 of the cookie's */
};

struct site; /* site.h: what the whole server shares */

struct request {
  const struct route *route;
  struct site *site;
  struct arena *arena; /* of this request */
  struct store *store; /* see above; of a SLOW row: open to write, no transaction begun */
  const struct pack *pack;
  /* places, codes, chart, bodies: as of this request */
  const struct reference_data *reference_data;
  enum language language;
  /* the path as it was asked, without the language's prefix, with its query, escaped: for links to
   * this page */
  const char *asked;
  struct source source; /* of a form: where it comes from */
  struct visitor visitor;
  /* the party of the path's {person}, which permit.c has checked; 0: the path has none */
  int64_t person;
  /* one for each of route->fields, then of the path's names; by the functions of field.h */
  const struct value *values;
  bool is_noted; /* the look is noted already (route.h: note): request_note_access does nothing */
  /* a form that is shown again: its faults (field.h); null: nothing was sent */
  const struct fault *faults;
  struct span *given;           /* with faults: what was sent, one for each of `given_of` */
  const struct field *given_of; /* the fields of the row that it was sent to */
  /* with faults: the POST row that the form was sent to (a page may show several forms) */
  const struct route *answered;
};

/* The value of a field or of a name in the path; asserts that the row has it. */
struct span request_text(const struct request *r, const char *name); /* empty when not given */
/* FIELD_COUNT, FIELD_MONEY (pence), FIELD_MINUTES, FIELD_YEAR, FIELD_CATEGORY, ... ; 0 when not
 * given */
int64_t request_int(const struct request *r, const char *name);
/* DAY_NONE when not given */
day_t request_day(const struct request *r, const char *name);
bool request_has(const struct request *r, const char *name);

/* Runs the action of the row (route.h) with what was sent and what the path names, as the visitor;
 * *call has its answers. REFUSED with a name of the path as err->column: the server answers 404, as
 * for what is not there. */
enum status request_act(struct request *r, struct action_call *call, struct error *err) MUST_USE;
/* The same without running it: a page looks first at what it would do, or adds facts. */
enum status request_call(struct request *r, struct action_call *call, struct error *err) MUST_USE;
/* A call as the visitor without values, for a page that puts an action's texts together. */
struct action_call request_actor(const struct request *r);

/* ---- the reply: one of these, once ---- */

struct reply {
  int status;       /* HTTP */
  const char *type; /* Content-Type */
  struct text body; /* released by the server */
  /* the body is this file, from its beginning, which may be too large for the memory; closed by the
   * server; 0: none */
  int fd;
  const char *location;  /* of a 303 */
  const char *file_name; /* Content-Disposition: attachment; null: none */
  const char *cookie;    /* a Set-Cookie line; null: none */
  int refresh_seconds;   /* a page that shows progress; 0: none */
  int retry_seconds;     /* Retry-After of a 429; 0: none */
  /* header Weal-Refusal of a refused form, for programs: the refusal's code, and after `; ` the
   * field; null: none */
  const char *refused;
};

/* A page: the template within the layout, which adds title, navigation, language link, the
 * demonstration's banner. */
void reply_page(struct reply *reply, const struct request *r, const char *template,
                const char *title, const struct view *v);
/* A document as a file: JSON, CSV, PDF, text. `name` without its ending. */
void reply_download(struct reply *reply, const struct request *r, const struct document *d,
                    enum format format, const char *name);
/* The same for a document that is already rendered (JSON without its line end); takes the body's
 * memory. */
void reply_file(struct reply *reply, const struct request *r, struct text *body, enum format format,
                const char *name);
/* takes the body's memory */
void reply_bytes(struct reply *reply, const char *type, struct text *body, const char *file_name);
/* 303 to a path of ours, in the visitor's language: arena_printf'd `/account?year=2025-26`. */
void reply_go(struct reply *reply, const struct request *r, const char *path);
/* Runs the row's action (request_act), then goes on. */
enum status request_act_and_go(struct request *r, struct reply *reply, const char *path,
                               struct error *err) MUST_USE;
/* 404, the same for what does not exist and for what is not the visitor's. */
void reply_not_found(struct reply *reply, const struct request *r);

/* A path of ours in the request's language (`/cy/account`), in the arena. */
const char *request_path(const struct request *r, const char *path);

#endif
