/* A request as the server hands it over: its line, its head, its body piece by piece, its end.
 * dispatch.c decides what it means. */
#include "web/http_request.h"

#include "base/limits.h"
#include "http/log.h"
#include "http/metrics.h"
#include "http/server.h"

/* The request line has come. */
static void *request_begin(void *context, const char *target, struct MHD_Connection *connection) {
  struct site *site = context;
  struct static_response *static_response = static_response_find(site, target);
  if (static_response && !http_server_stopping(site->server)) return &static_response->first;
  struct http_request *x = http_request_new(site, connection, target);
  x->deadline = http_server_deadline(connection);
  return x;
}

static enum MHD_Result send_reply(struct http_request *x) {
  struct MHD_Response *response;
  enum MHD_Result sent;
  if (x->deadline) deadline_phase(x->deadline, DEADLINE_SENDING);
  if (x->cached) {
    sent = MHD_queue_response(x->connection, MHD_HTTP_OK, cached_held(x->cached));
    cache_give(x->site->cache, x->cached);
    x->cached = NULL;
    x->reply.status = MHD_HTTP_OK;
    http_request_rest(x);
    return sent;
  }
  x->sent_bytes = x->reply.body.size;
  response = response_make(x->site, x->row, &x->reply);
  if (!response) return MHD_NO;
  response_add(response, "Allow", x->allow);
  char retry[16];
  snprintf(retry, sizeof retry, "%d", x->retry_seconds);
  if (x->retry_seconds) response_add(response, "Retry-After", retry);
  if (http_server_stopping(x->site->server)) response_add(response, "Connection", "close");
  sent = MHD_queue_response(x->connection, (unsigned)x->reply.status, response);
  MHD_destroy_response(response);
  http_request_rest(x);
  return sent;
}

/* A refusal before the body has come closes the connection, so the body is never read. Without a
 * body it waits for the second call, and the connection stays. */
static bool body_comes(struct MHD_Connection *connection) {
  const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
  return (length && strcmp(length, "0") != 0) ||
         MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Transfer-Encoding");
}

static enum MHD_Result go_on(struct http_request *x, const char *bytes, size_t *size) {
  switch ((enum stage)x->stage) {
  case STAGE_BEGIN:
    if (x->refusal && body_comes(x->connection)) break;
    x->stage = STAGE_BODY;
    if (x->deadline && x->body_limit > x->site->config.form_bytes)
      deadline_phase(x->deadline, DEADLINE_UPLOADING);
    return MHD_YES;
  case STAGE_BODY:
    if (*size) {
      if (!http_request_take(x, bytes, *size)) return MHD_NO;
      *size = 0;
      return MHD_YES;
    }
    if (x->deadline) deadline_phase(x->deadline, DEADLINE_ANSWERING);
    break;
  case STAGE_CAME:
    http_request_go_on(x);
    return x->stage == STAGE_ANSWERED ? send_reply(x) : MHD_YES;
  case STAGE_WAITING:
  case STAGE_ANSWERED: return MHD_YES;
  }
  http_request_answer(x);
  return x->stage == STAGE_ANSWERED ? send_reply(x) : MHD_YES;
}

static enum MHD_Result request_piece(void *context, struct MHD_Connection *connection,
                                     const char *method, const char *bytes, size_t *size,
                                     void **taken) {
  enum took took = *(enum took *)*taken;
  if (took != TOOK_REQUEST) {
    struct static_response *static_response =
        ((struct static_response_turn *)*taken)->static_response;
    bool reads = strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
                 strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
    if (reads && (took == TOOK_STATIC_AGAIN || !body_comes(connection)))
      return static_response_send(static_response, connection, taken);
    *taken = http_request_new(context, connection, static_response->target);
  }
  struct http_request *x = *taken;
  if (!x->method) http_request_begin(x, method);
  return go_on(x, bytes, size);
}

/* Sent, or given up. */
static void completed(void *context, void **taken) {
  struct site *site = context;
  enum took took = *(enum took *)*taken;
  struct http_request *x = took == TOOK_REQUEST ? *taken : NULL;
  struct static_response *static_response =
      took == TOOK_REQUEST ? NULL : ((struct static_response_turn *)*taken)->static_response;
  *taken = NULL;
  if (took == TOOK_STATIC) return; /* its head never came */
  if (took == TOOK_STATIC_AGAIN) {
    struct log_request line = {.method = "GET",
                               .path = static_response->pattern,
                               .http = 200,
                               .bytes = static_response->bytes};
    log_request(site->log, &line);
    metrics_request(site->metrics, 200, 0, static_response->bytes);
    return;
  }
  if (x->method && x->reply.status) {
    struct log_request line = {.method = x->method,
                               .path = x->row ? x->row->path : "-",
                               .http = x->reply.status,
                               .bytes = x->sent_bytes,
                               .microseconds = clock_microseconds() - x->began_microseconds,
                               .reference = x->reference};
    log_request(site->log, &line);
    metrics_request(site->metrics, line.http, line.microseconds, line.bytes);
  }
  if (x->cached) cache_give(site->cache, x->cached);
  http_request_free(x);
}

struct http_handler http_request_handler(struct site *site) {
  return (struct http_handler){
      .begin = request_begin, .handle = request_piece, .end = completed, .context = site};
}
