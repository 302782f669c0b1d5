/* A server of HTTP: libmicrohttpd with epoll on as many threads as there are processors, each of
 * which takes connections and reads requests. It limits time, number and size, and stops without
 * cutting anybody off. It does not know what a request means: its handler does.
 *
 *     http_server_start(&server, &options, &err);   server is set before the first request comes
 *     http_server_finish(server);  accepts no new connection; requests under way end
 *     http_server_stop(server);                     its threads end; takes null
 *
 * The handler's functions are called on the server's threads: `begin` when the request line has
 * come; `handle` when the head is there, for each piece of the body, and once when all is there;
 * `end` when the reply is sent or the connection was given up.
 */
#ifndef WEAL_HTTP_SERVER_H
#define WEAL_HTTP_SERVER_H

#include "http/config.h"
#include "http/deadline.h"
#include "http/listen.h"
#include "http/log.h"
#include "http/metrics.h"

#include <microhttpd.h>

struct http_server;

struct http_handler {
  /* Gives what the other two get as *request. */
  void *(*begin)(void *context, const char *target, struct MHD_Connection *connection);
  enum MHD_Result (*handle)(void *context, struct MHD_Connection *connection, const char *method,
                            const char *bytes, size_t *size, void **request);
  void (*end)(void *context, void **request);
  void *context;
};

/* All but the handler must live as long as the server. */
struct http_server_options {
  struct listening *listening;
  const struct config *config;
  struct metrics *metrics;
  struct log *log;
  struct http_handler handler;
};

enum status http_server_start(struct http_server **out, const struct http_server_options *options,
                              struct error *err) MUST_USE;
/* Whether connections are to be closed after their reply. Any thread. */
bool http_server_stopping(const struct http_server *s);
/* The connection's deadline; null: it has none. */
struct deadline *http_server_deadline(struct MHD_Connection *connection);
/* The status with which a request is to be answered whose head was refused (checked_recv.h); 0: it
 * was not. */
int http_server_refusal(struct MHD_Connection *connection, const char *target);
void http_server_finish(struct http_server *s); /* takes null */
/* All suspended connections must have been resumed before. */
void http_server_stop(struct http_server *s);

#endif
