#include "http/server.h"

#include "base/arena.h"
#include "base/worker.h"
#include "http/checked_recv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* How long a stop waits for requests under way (systemd allows 90 s), and for clients that have
 * connected and sent nothing yet (browsers open connections before they need them). */
enum { STOP_SECONDS = 10, STOP_SILENT_SECONDS = 2 };

/* Of the library's memory of a connection, beside what the head may take: the head of the reply,
 * and the buffers' borders. */
enum { REPLY_HEAD_BYTES = 8192 };

struct http_server {
  struct http_server_options o;
  struct MHD_Daemon *daemon;
  unsigned workers; /* its threads */
  struct deadlines *deadlines;
  _Atomic int64_t library_said; /* the second in which the library last said something */
  /* connections of visitors that the library's threads have begun with, since the start */
  _Atomic int64_t taken;
  /* connections that we opened ourselves as marks (wait_for_takers); not counted in `taken` */
  _Atomic int64_t marks;
  _Atomic bool stopping;
};

bool http_server_stopping(const struct http_server *s) {
  return atomic_load_explicit(&s->stopping, memory_order_relaxed);
}

struct deadline *http_server_deadline(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

static int descriptor_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection,
                                                                 MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

int http_server_refusal(struct MHD_Connection *connection, const char *target) {
  return strcmp(target, CHECKED_REFUSED_TARGET) == 0 ? checked_refusal(descriptor_of(connection))
                                                     : 0;
}

/* ---- what libmicrohttpd calls ---- */

static void *line_came(void *context, const char *target, struct MHD_Connection *connection) {
  struct http_server *s = context;
  struct deadline *deadline = http_server_deadline(connection);
  if (deadline) deadline_phase(deadline, DEADLINE_ARRIVING);
  return s->o.handler.begin(s->o.handler.context, target, connection);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *bytes,
                              size_t *size, void **request) {
  struct http_server *s = context;
  (void)url, (void)version;
  if (!*request) return MHD_NO; /* line_came has always been called */
  return s->o.handler.handle(s->o.handler.context, connection, method, bytes, size, request);
}

/* Sent, or given up. */
static void completed(void *context, struct MHD_Connection *connection, void **request,
                      enum MHD_RequestTerminationCode code) {
  struct http_server *s = context;
  struct deadline *deadline = http_server_deadline(connection);
  (void)code;
  if (deadline) deadline_phase(deadline, DEADLINE_IDLE);
  if (*request) s->o.handler.end(s->o.handler.context, request);
}

static void connection_changes(void *context, struct MHD_Connection *connection, void **ours,
                               enum MHD_ConnectionNotificationCode code) {
  struct http_server *s = context;
  const union MHD_ConnectionInfo *info;
  int fd = descriptor_of(connection);
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    atomic_fetch_add(info && info->client_addr && info->client_addr->sa_family == AF_UNSPEC
                         ? &s->marks
                         : &s->taken,
                     1);
    metrics_connection(s->o.metrics, 1);
    *ours = deadline_add(s->deadlines, fd);
    if (!checked_add(fd, (size_t)s->o.config->header_bytes, *ours)) shutdown(fd, SHUT_RDWR);
  } else {
    metrics_connection(s->o.metrics, -1);
    checked_remove(fd);
    deadline_remove(s->deadlines, *ours);
    *ours = NULL;
  }
}

static void connection_shut(void *context) {
  metrics_event(((struct http_server *)context)->o.metrics, METRICS_DEADLINE);
}

/* The path is unescaped once, in parse.c. */
static size_t unescape_nothing(void *context, struct MHD_Connection *connection, char *text) {
  (void)context, (void)connection;
  return strlen(text);
}

/* At most one line a second: a client that opens connections without end must not fill the log with
 * the library's messages. */
static void library_says(void *context, const char *format, va_list values) {
  char message[512];
  struct http_server *s = context;
  int64_t now = (int64_t)time(NULL);
  if (atomic_exchange(&s->library_said, now) == now) return;
  vsnprintf(message, sizeof message, format, values);
  message[strcspn(message, "\n")] = '\0';
  log_warning(s->o.log, NULL, "libmicrohttpd: %s", message);
}

/* ---- starting ---- */

/* As many descriptors as connections need: the soft limit of a login is 1,024. */
static void raise_descriptors(int64_t connections) {
  struct rlimit limit;
  rlim_t need = (rlim_t)connections + 256;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need) return;
  limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static enum status start_daemon(struct http_server *s, struct error *err) {
  const struct config *config = s->o.config;
  unsigned workers = s->workers = (unsigned)(config->workers ? config->workers : workers_count());
  bool proxied = config->trusted_proxy || !s->o.listening->port;
  raise_descriptors(config->connections);
  struct MHD_OptionItem options[] = {
      {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)library_says, s},
      {MHD_OPTION_LISTEN_SOCKET, s->o.listening->fd, NULL},
      {MHD_OPTION_THREAD_POOL_SIZE, workers > 1 ? workers : 0, NULL},
      {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)config->connections, NULL},
      {MHD_OPTION_PER_IP_CONNECTION_LIMIT, proxied ? 0 : (intptr_t)config->connections_each, NULL},
      {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)config->header_bytes + REPLY_HEAD_BYTES, NULL},
      {MHD_OPTION_CONNECTION_MEMORY_INCREMENT, 2048, NULL},
      /* deadline.h limits the whole time; the library's own timeout limits only silence */
      {MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL},
      {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
      {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)unescape_nothing, NULL},
      {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)line_came, s},
      {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)completed, s},
      {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)connection_changes, s},
      {MHD_OPTION_END, 0, NULL},
  };
  s->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                                   MHD_USE_ITC | MHD_USE_ERROR_LOG,
                               0, NULL, NULL, handle, s, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
  return s->daemon ? DONE
                   : error_set(err, FAILED,
                               "the server could not be started: %s; try fewer connections in the "
                               "configuration",
                               strerror(errno));
}

enum status http_server_start(struct http_server **out, const struct http_server_options *options,
                              struct error *err) {
  const struct config *config = options->config;
  const struct deadline_limits limits = {config->idle_seconds, config->request_seconds,
                                         config->upload_seconds, config->send_seconds};
  struct http_server *s = memory_zeroed(1, sizeof *s);
  s->o = *options;
  *out = s;
  if (checked_recv_start(err) != DONE) return err->code;
  if (deadlines_start(&s->deadlines, &limits, connection_shut, s, err) != DONE) return err->code;
  return start_daemon(s, err);
}

/* ---- stopping ---- */

enum { LOOKS_A_SECOND = 50, QUIET_LOOKS = 5 };

static void pause_a_look(void) {
  nanosleep(&(struct timespec){0, 1000 * 1000 * 1000 / LOOKS_A_SECOND}, NULL);
}

struct handing { /* connections that we hand to the library's threads ourselves */
  /* how many connections the threads had begun with before we handed over the first */
  int64_t before;
  int64_t given;
};

static bool all_begun(const struct http_server *s, const struct handing *h) {
  return atomic_load(&s->taken) - h->before >= h->given;
}

/* When a thread of the library is told to accept no more, it may have accepted a connection that
 * deadline.h does not know yet. So we hand each thread a connection of our own, a mark: once the
 * thread has begun with the mark, deadline.h knows all connections that it accepted before. The
 * library hands a connection to thread number (descriptor modulo the number of threads). */
static int wait_for_takers(struct http_server *s) { /* returns how many times it looked */
  int ends[2], least = 0;
  int64_t given = 0;
  struct sockaddr nobody = {.sa_family = AF_UNSPEC};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) return 0;
  for (unsigned worker = 0; worker < s->workers;) {
    int fd = fcntl(ends[0], F_DUPFD_CLOEXEC, least);
    if (fd < 0) break;
    least = fd + 1;
    if ((unsigned)fd % s->workers != worker) close(fd);
    else if (worker++, MHD_add_connection(s->daemon, fd, &nobody, sizeof nobody) == MHD_YES)
      given++;
  }
  int looks = 0;
  for (; looks < STOP_SECONDS * LOOKS_A_SECOND && atomic_load(&s->marks) < given; looks++)
    pause_a_look();
  close(ends[0]);
  close(ends[1]);
  return looks;
}

/* Accepts the clients that have connected and wait: for all they know their request is sent.
 * Accepts as many as there is room for; the library closes the rest. */
static void take_waiting(struct http_server *s, struct handing *h) {
  for (;;) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon,
                                                           MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    int64_t coming = h->before + h->given - atomic_load(&s->taken);
    if (!info ||
        (int64_t)info->num_connections + (coming > 0 ? coming : 0) >= s->o.config->connections)
      return;
    struct sockaddr_storage address;
    socklen_t size;
    int connection = listen_accept(s->o.listening, &address, &size);
    if (connection < 0) return;
    /* it closes what it does not take */
    if (MHD_add_connection(s->daemon, connection, (struct sockaddr *)&address, size) == MHD_YES)
      h->given++;
  }
}

/* Waits until no connection waits to be accepted and no request has been under way for a moment (a
 * request may lie unread on a kept connection). This also gives handshakes that have begun the time
 * of a round trip. */
static void wait_for_quiet(struct http_server *s, int looks_taken) {
  struct handing h = {.before = atomic_load(&s->taken)};
  int least = s->o.listening->loopback || !s->o.listening->port ? QUIET_LOOKS : LOOKS_A_SECOND;
  int looks = STOP_SECONDS * LOOKS_A_SECOND - looks_taken;
  for (int i = 0, quiet = 0; i < looks && quiet < least; i++) {
    bool silent_too = i < STOP_SILENT_SECONDS * LOOKS_A_SECOND;
    int64_t given = h.given;
    take_waiting(s, &h);
    quiet = given != h.given || !all_begun(s, &h) || deadlines_busy(s->deadlines, silent_too)
                ? 0
                : quiet + 1;
    pause_a_look();
  }
}

void http_server_finish(struct http_server *s) {
  int looks = 0;
  if (!s || !s->daemon) return;
  atomic_store(&s->stopping, true);
  if (MHD_quiesce_daemon(s->daemon) != MHD_INVALID_SOCKET) {
    listen_refuse_new(s->o.listening);
    looks = wait_for_takers(s);
  }
  wait_for_quiet(s, looks);
  listen_close(s->o.listening);
}

void http_server_stop(struct http_server *s) {
  if (!s) return;
  if (s->daemon) MHD_stop_daemon(s->daemon);
  deadlines_stop(s->deadlines);
  free(s);
}
