/* One request on its way through the server (private to web: receive.c, dispatch.c, headers.c).
 * receive.c bytes arrive; decides when the request is whole; sends what dispatch.c made
 *     dispatch.c
 *         path, session, permission, form, then the row's function on a worker's, the writer's or
 *             the slow queue's thread
 *
 * libmicrohttpd calls the handler again and again with the same pointer; it points to a struct that
 * begins with `enum took`, which says what the struct is.
 */
#ifndef WEAL_WEB_HTTP_REQUEST_H
#define WEAL_WEB_HTTP_REQUEST_H

#include "http/cache.h"
#include "http/deadline.h"
#include "http/parse.h"
#include "http/server.h"
#include "http/writer.h"
#include "web/request.h"
#include "web/site.h"

#include <microhttpd.h>
#include <stdatomic.h>

enum took { TOOK_STATIC, TOOK_STATIC_AGAIN, TOOK_REQUEST };

/* A reply made once, for a row whose bytes never change: nothing is allocated to send it. */
struct static_response {
  /* a reply queued in the handler's first call would close the connection */
  struct static_response_turn {
    enum took took;
    struct static_response *static_response;
  } first, again;
  const char *target, *pattern;
  size_t target_size, bytes;
  struct MHD_Response *response, *packed; /* packed: for browsers that take gzip; null: none */
};

enum stage {
  STAGE_BEGIN, /* the head has arrived */
  STAGE_BODY,  /* the body arrives */
  /* suspended: it waits for the writer, for the slow queue, or for another request that makes the
   * same page */
  STAGE_WAITING,
  STAGE_CAME, /* resumed: `status` is the result */
  STAGE_ANSWERED
};

struct http_request {
  enum took took;
  /* enum stage; atomic because the writer may answer while the thread that asked still reads it */
  _Atomic int stage;
  struct site *site;
  struct MHD_Connection *connection;
  struct deadline *deadline;
  struct arena *arena;
  const char *raw;
  const char *method; /* GET, HEAD, POST; else OTHER */
  bool head_only;     /* HEAD */
  struct target target;
  /* the row of the path that was asked; request.route may be another while a form is shown again */
  const struct route *row;
  struct span names[ROUTE_NAMES];
  uint8_t session[SESSION_RAW_BYTES];
  bool has_session;
  int refusal; /* HTTP status decided before the body has come; 0: none */

  struct text body;
  int64_t body_limit, body_bytes;
  bool is_upload;          /* the row takes a file: the body goes to the disk */
  int spool;               /* 0: not opened */
  void *mapped;            /* the spooled body */
  const struct sent *sent; /* the form's pairs */
  int sent_count;

  struct request request;
  struct reply reply;
  struct span *given; /* the form, as sent */
  const struct field *given_of;
  const char *refused; /* why it was refused: reply.refused */
  int faults_status;   /* with which a form with faults is shown again */
  bool may_differ;     /* the page of a form that is shown again needs another permission than it */
  /* site->endings before the snapshot in which permission was checked */
  uint64_t endings;
  struct write_job job;
  enum status status; /* the job's result */
  struct error err;
  struct cache_wait wait;
  _Atomic bool woken;    /* one of two things has happened: we suspended, or the result came */
  struct cached *cached; /* the reply is this one */
  bool making;           /* this request makes the page for the cache */
  struct span cache_key;

  const char *allow;     /* of a 405 */
  int retry_seconds;     /* of a 429 or 503 */
  const char *reference; /* of a fault: in the log and on the page */
  char reference_kept[16];
  int64_t began_microseconds;
  uint64_t sent_bytes;
};

/* ---- dispatch.c ---- */

struct http_request *http_request_new(struct site *site, struct MHD_Connection *connection,
                                      const char *raw);
void http_request_free(struct http_request *x);
/* Frees everything but what the log line needs, once the reply is on its way: a slow client holds
 * the reply only, and not the memory it was made in. */
void http_request_rest(struct http_request *x);
/* The head has come: row, limit of the body; sets x->refusal where we need not wait for the
 * body. */
void http_request_begin(struct http_request *x, const char *method);
/* Takes some of the body; false: it is too big, or the disk is full, and the connection is to be
 * closed. */
bool http_request_take(struct http_request *x, const char *bytes, size_t size);
/* The request is whole: makes the reply (x->stage STAGE_ANSWERED), or suspends the connection
 * (STAGE_WAITING). */
void http_request_answer(struct http_request *x);
/* Resumed: as http_request_answer. */
void http_request_go_on(struct http_request *x);
/* The reply of a public row without a connection, for static_response.c. */
enum status http_request_make_static(struct site *site, const struct route *row,
                                     enum language language, struct MHD_Response **out,
                                     size_t *bytes, struct error *err) MUST_USE;

/* ---- receive.c ---- */

/* What the server calls for each request. */
struct http_handler http_request_handler(struct site *site);

/* ---- static_response.c ---- */

/* Makes the replies of all rows and files that never change, before the first request. */
enum status static_responses_make(struct site *site, struct arena *arena,
                                  struct error *err) MUST_USE;
void static_responses_free(struct site *site);
/* The reply for exactly this target; null: there is none. */
struct static_response *static_response_find(const struct site *site, const char *target);
/* `turn`: the request's pointer; it says whether we were already called for the head. */
enum MHD_Result static_response_send(struct static_response *static_response,
                                     struct MHD_Connection *connection, void **turn);

/* ---- form_once.c ---- */

/* Whether the text is the session's token, alone or followed by the number of a form. */
bool form_token_right(const struct visitor *visitor, struct span token);

/* Runs the row's function in the writer's transaction. If this form (by its number) was taken
 * before, gives the same answer as then. */
enum status form_run_once(struct http_request *x, struct error *err) MUST_USE;

/* ---- headers.c ---- */

/* The reply as libmicrohttpd takes it, with every header that a reply of ours has. Takes the body.
 * `row` may be null. */
struct MHD_Response *response_make(const struct site *site, const struct route *row,
                                   struct reply *reply);
/* The same for bytes that live as long as the program. */
struct MHD_Response *response_of_bytes(const struct site *site, const struct route *row,
                                       const char *type, struct span bytes);
void response_add(struct MHD_Response *response, const char *name, const char *value);

/* ---- reply.c ---- */

/* A page of its own that says in words what is wrong: the sentence in `text`, else a general one
 * for the HTTP status. `reference` may be null. */
void reply_problem(struct reply *reply, const struct request *r, int http, const char *text,
                   const char *reference);

#endif
