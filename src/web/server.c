/* The server: libmicrohttpd with epoll on as many threads as there are processors, each of which
 * takes connections, reads requests, and makes the pages that only read. Everything that writes
 * waits suspended for the writer or the desk. */
#include "web/web.h"

#include "http/asset.h"
#include "http/slow_queue.h"
#include "web/http_request.h"
#include "web/jobs.h"
#include "http/listen.h"
#include "http/log.h"
#include "web/metrics.h"
#include "http/rates.h"
#include "web/published.h"
#include "http/readers.h"
#include "web/rewriting.h"
#include "web/shared_reference_data.h"

#include "base/limits.h"
#include "base/worker.h"
#include "book/book.h"
#include "proof/keys.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* When we are told to stop: for requests under way (systemd waits for 90), and for who has
 * connected and said nothing yet, as browsers do that expect to ask soon. */
enum { STOP_SECONDS = 10, STOP_SILENT_SECONDS = 2 };

/* ---- what libmicrohttpd calls ---- */

/* A response that was kept ready, for exactly this target. */
static struct static_response *find_static(struct site *site, const char *target) {
  size_t size = strlen(target);
  for (int i = 0; i < site->static_response_count; i++)
    if (site->static_response[i].target_size == size &&
        memcmp(site->static_response[i].target, target, size) == 0)
      return &site->static_response[i];
  return NULL;
}

static struct deadline *deadline_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

/* The request line has come. */
static void *line_came(void *context, const char *target, struct MHD_Connection *connection) {
  struct site *site = context;
  struct deadline *deadline = deadline_of(connection);
  if (deadline) deadline_phase(deadline, DEADLINE_ARRIVING);
  struct static_response *static_response = find_static(site, target);
  if (static_response && !atomic_load_explicit(&site->stopping, memory_order_relaxed))
    return &static_response->first;
  struct http_request *x = http_request_new(site, connection, target);
  x->deadline = deadline;
  return x;
}

static enum MHD_Result send_static(struct static_response *static_response,
                                   struct MHD_Connection *connection, void **context) {
  if (*context == &static_response->first) {
    *context = &static_response->again;
    return MHD_YES;
  }
  struct deadline *deadline = deadline_of(connection);
  if (deadline) deadline_phase(deadline, DEADLINE_SENDING);
  const char *takes = static_response->packed
                          ? MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                                        "Accept-Encoding")
                          : NULL;
  return MHD_queue_response(connection, MHD_HTTP_OK,
                            takes && strstr(takes, "gzip") ? static_response->packed
                                                           : static_response->response);
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
  if (x->retry_seconds) response_add(response, "Retry-After", x->retry_seconds == 60 ? "60" : "5");
  if (atomic_load(&x->site->stopping)) response_add(response, "Connection", "close");
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

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *bytes,
                              size_t *size, void **taken) {
  (void)url, (void)version;
  if (!*taken) return MHD_NO; /* line_came has always been called */
  enum took took = *(enum took *)*taken;
  if (took != TOOK_REQUEST) {
    struct static_response *static_response =
        ((struct static_response_turn *)*taken)->static_response;
    bool reads = strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
                 strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
    if (reads && (took == TOOK_STATIC_AGAIN || !body_comes(connection)))
      return send_static(static_response, connection, taken);
    *taken = http_request_new(context, connection, static_response->target);
  }
  struct http_request *x = *taken;
  if (!x->method) http_request_begin(x, method);
  return go_on(x, bytes, size);
}

/* Sent, or given up. */
static void completed(void *context, struct MHD_Connection *connection, void **taken,
                      enum MHD_RequestTerminationCode code) {
  struct site *site = context;
  struct deadline *deadline = deadline_of(connection);
  (void)code;
  if (deadline) deadline_phase(deadline, DEADLINE_IDLE);
  if (!*taken) return;
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

static void connection_changes(void *context, struct MHD_Connection *connection, void **ours,
                               enum MHD_ConnectionNotificationCode code) {
  struct site *site = context;
  const union MHD_ConnectionInfo *info;
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    atomic_fetch_add(info && info->client_addr && info->client_addr->sa_family == AF_UNSPEC
                         ? &site->marks
                         : &site->taken,
                     1);
    metrics_connection(site->metrics, 1);
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *ours = info ? deadline_add(site->deadlines, info->connect_fd) : NULL;
  } else {
    metrics_connection(site->metrics, -1);
    deadline_remove(site->deadlines, *ours);
    *ours = NULL;
  }
}

static void connection_shut(void *context) {
  metrics_event(((struct site *)context)->metrics, METRICS_DEADLINE);
}

/* The path is ours to unescape: once, in parse.c. */
static size_t unescape_nothing(void *context, struct MHD_Connection *connection, char *text) {
  (void)context, (void)connection;
  return strlen(text);
}

/* Whoever opens connections without end must not fill the log with what the library says of each: a
 * line a second. */
static void library_says(void *context, const char *format, va_list values) {
  char message[512];
  struct site *site = context;
  int64_t now = (int64_t)time(NULL);
  if (atomic_exchange(&site->library_said, now) == now) return;
  vsnprintf(message, sizeof message, format, values);
  message[strcspn(message, "\n")] = '\0';
  log_warning(site->log, NULL, "libmicrohttpd: %s", message);
}

/* ---- starting ---- */

struct server {
  struct site site;
  struct arena *arena;
  struct listening listening;
  struct MHD_Daemon *daemon;
  unsigned workers; /* its threads */
  struct listening metrics_listening;
  struct MHD_Daemon *metrics_daemon; /* null: not served */
};

static void keep_static(struct server *s, struct static_response *static_response,
                        const char *target, const char *pattern, size_t bytes) {
  static_response->first = (struct static_response_turn){TOOK_STATIC, static_response};
  static_response->again = (struct static_response_turn){TOOK_STATIC_AGAIN, static_response};
  static_response->target = target;
  static_response->target_size = strlen(target);
  static_response->pattern = pattern;
  static_response->bytes = bytes;
  s->site.static_response_count++;
}

/* A static file, as it is and packed: nothing in it is anybody's. */
static enum status make_static_asset(struct server *s, const char *name, struct error *err) {
  static const char pattern[] = "/assets/{file}";
  struct static_response *static_response = &s->site.static_response[s->site.static_response_count];
  struct asset asset;
  struct span names[ROUTE_NAMES];
  const char *url = asset_url(name);
  const struct route *row = route_find(GET, span_of(url), names);
  bool found = asset_find(span_of(url), &asset);
  assert(found && row);
  static_response->response = response_of_bytes(&s->site, row, asset.type, asset.bytes);
  static_response->packed = asset.packed.size
                                ? response_of_bytes(&s->site, row, asset.type, asset.packed)
                                : NULL;
  if (!static_response->response || (asset.packed.size && !static_response->packed))
    return error_set(err, FAILED, "the file %s could not be kept ready: no memory", name);
  if (static_response->packed) {
    response_add(static_response->packed, "Content-Encoding", "gzip");
    response_add(static_response->packed, "Vary", "Accept-Encoding");
    response_add(static_response->response, "Vary", "Accept-Encoding");
  }
  keep_static(s, static_response, url, pattern, asset.bytes.size);
  return DONE;
}

static const char *const static_assets[] = {"govuk.css", "portal.css", "portal.js", "icon.svg",
                                            NULL};

/* Rows that never change, in both languages, made before the first request. */
static enum status make_static(struct server *s, struct error *err) {
  int count = 0;
  for (const struct route *row = routes; row->path; row++)
    count += row->cache_seconds < 0 && row->method == GET && !strchr(row->path, '{');
  s->site.static_response =
      arena_array(s->arena, struct static_response,
                  2 * count + (int)(sizeof static_assets / sizeof *static_assets));
  for (const struct route *row = routes; row->path; row++) {
    if (row->cache_seconds >= 0 || row->method != GET || strchr(row->path, '{')) continue;
    for (int language = ENGLISH; language <= WELSH; language++) {
      struct static_response *static_response =
          &s->site.static_response[s->site.static_response_count];
      if (http_request_make_static(&s->site, row, (enum language)language,
                                   &static_response->response, &static_response->bytes,
                                   err) != DONE)
        return error_while(err, "making the page %s", row->path);
      keep_static(s, static_response,
                  language == WELSH ? arena_printf(s->arena, "/cy%s", row->path) : row->path,
                  row->path, static_response->bytes);
    }
  }
  enum status status = DONE;
  for (int i = 0; static_assets[i] && status == DONE; i++)
    status = make_static_asset(s, static_assets[i], err);
  return status;
}

static void release_response(void *held) { MHD_destroy_response(held); }

static enum status read_place(struct server *s, struct error *err) {
  struct store *store;
  const char *demo = NULL;
  if (readers_take(s->site.readers, &store, err) != DONE) return err->code;
  enum status status = book_setting(store, s->arena, "demo", &demo, err);
  if (status == DONE) status = book_setting(store, s->arena, "place", &s->site.place_code, err);
  readers_give(s->site.readers, store, status);
  if (status != DONE) return status;
  if (!s->site.place_code)
    return error_set(
        err, REFUSED,
        "the store %s is no book yet; make one with 'weal init', or 'weal demo DIR' for one to try",
        s->site.store_url);
  /* Sign-in as anybody on a list: only where the book is a demonstration's and nobody but this
   * machine can ask. */
  s->site.demo = demo && strcmp(demo, "1") == 0 && s->listening.loopback &&
                 !s->site.config.trusted_proxy && !s->site.config.origin;
  return DONE;
}

/* Where the log has no head yet, or its key is not here, statements are given without a proof. */
static enum status find_signer(struct server *s, struct error *err) {
  struct store *store;
  struct text folder = {0};
  struct error why = {0};
  const char *name = NULL, *demo_keys = NULL, *keys = s->site.config.keys;
  if (readers_take(s->site.readers, &store, err) != DONE) return err->code;
  enum status status = book_setting(store, s->arena, "log_origin", &name, err);
  if (status == DONE) status = book_setting(store, s->arena, "demo_keys", &demo_keys, err);
  readers_give(s->site.readers, store, status);
  if (status != DONE || !name) return status;
  if (!keys && s->site.demo && !getenv("WEAL_KEYS")) keys = demo_keys;
  struct signer *signer = arena_alloc(s->arena, sizeof *signer);
  status = keys_folder(keys, &folder, &why);
  if (status == DONE) status = keys_signer(folder.bytes, span_of(name), signer, &why);
  if (status == DONE) s->site.signer = signer;
  else log_warning(s->site.log, NULL, "statements are given without their proof: %s", why.message);
  text_release(&folder);
  return DONE;
}

static void find_place_name(struct server *s) {
  const struct reference_data *reference_data = shared_reference_data_take(s->site.reference_data);
  int own = reference_data->places->own;
  s->site.place_name = own >= 0 ? arena_string(s->arena, reference_data->places->all[own].name)
                                : s->site.place_code;
  shared_reference_data_give(s->site.reference_data, reference_data);
}

static void put_origins(struct server *s) {
  struct config *config = &s->site.config;
  int n = 0;
  if (config->origin) s->site.origins[n++] = config->origin;
  else if (s->listening.port) {
    if (strcmp(s->listening.address, "systemd") != 0)
      s->site.origins[n++] = arena_printf(s->arena, "http://%s", s->listening.address);
    else s->site.origins[n++] = arena_printf(s->arena, "http://127.0.0.1:%d", s->listening.port);
    if (s->listening.loopback)
      s->site.origins[n++] = arena_printf(s->arena, "http://localhost:%d", s->listening.port);
  }
  s->site.https = config->origin && strncmp(config->origin, "https:", 6) == 0;
}

/* Somebody was erased by another program: whoever was let in before is looked at again, as after an
 * ending of our own. In the writer's transaction, beside which no erasure can be. */
static enum status look_for_erasures(void *context, struct store *store, struct error *err) {
  struct site *site = context;
  int64_t erasures = 0;
  enum status status = store_int(store, "select last from counter where name = 'erasure'", 0,
                                 &erasures, err);
  if (status != DONE || erasures == site->erasures) return status;
  site->erasures = erasures;
  atomic_fetch_add(&site->endings, 1);
  return DONE;
}

static enum status start_stores(struct server *s, struct error *err) {
  struct site *site = &s->site;
  struct deadline_limits limits = {site->config.idle_seconds, site->config.request_seconds,
                                   site->config.upload_seconds, site->config.send_seconds};
  site->metrics = metrics_new();
  site->rates = rates_new();
  site->cache = cache_new(release_response);
  readers_start(&site->readers, site->store_url);
  if (read_place(s, err) != DONE) return err->code;
  if (writer_start(&site->writer, site->store_url, err) != DONE ||
      slow_queue_start(&site->slow_queue, site->store_url, err) != DONE)
    return err->code;
  writer_before_groups(site->writer, look_for_erasures, site);
  site->jobs = jobs_new(site->store_url);
  if (shared_reference_data_start(&site->reference_data, site->readers, site->pack, site->cache,
                                  err) != DONE)
    return err->code;
  if (published_start(&site->published, site->store_url, site->pack, err) != DONE) return err->code;
  find_place_name(s);
  if (find_signer(s, err) != DONE) return err->code;
  if (rewriting_start(&site->rewriting, site->store_url, site->config.rewrite_days, site->log,
                      err) != DONE)
    return err->code;
  return deadlines_start(&site->deadlines, &limits, connection_shut, site, err);
}

/* As many descriptors as connections need: the soft limit of a login is 1,024. */
static void raise_descriptors(int64_t connections) {
  struct rlimit limit;
  rlim_t need = (rlim_t)connections + 256;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need) return;
  limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static enum status start_daemon(struct server *s, struct error *err) {
  const struct config *config = &s->site.config;
  unsigned workers = s->workers = (unsigned)(config->workers ? config->workers : workers_count());
  bool proxied = config->trusted_proxy || !s->listening.port;
  raise_descriptors(config->connections);
  struct MHD_OptionItem options[] = {
      {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)library_says, &s->site},
      {MHD_OPTION_LISTEN_SOCKET, s->listening.fd, NULL},
      {MHD_OPTION_THREAD_POOL_SIZE, workers > 1 ? workers : 0, NULL},
      {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)config->connections, NULL},
      {MHD_OPTION_PER_IP_CONNECTION_LIMIT, proxied ? 0 : (intptr_t)config->connections_each, NULL},
      {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)config->header_bytes, NULL},
      {MHD_OPTION_CONNECTION_MEMORY_INCREMENT, 2048, NULL},
      {MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL}, /* deadline.h bounds the whole, not the silence */
      {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
      {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)unescape_nothing, NULL},
      {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)line_came, &s->site},
      {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)completed, &s->site},
      {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)connection_changes, &s->site},
      {MHD_OPTION_END, 0, NULL},
  };
  s->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                                   MHD_USE_ITC | MHD_USE_ERROR_LOG,
                               0, NULL, NULL, handle, &s->site, MHD_OPTION_ARRAY, options,
                               MHD_OPTION_END);
  return s->daemon ? DONE
                   : error_set(err, FAILED,
                               "the server could not be started: %s; try fewer connections in the "
                               "configuration",
                               strerror(errno));
}

/* ---- /health and /metrics, on a listener of their own that nobody outside can reach ---- */

static enum MHD_Result handle_metrics(void *context, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *bytes, size_t *size, void **taken) {
  static int seen;
  struct site *site = context;
  struct text body = {0};
  bool reads = strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
               strcmp(method, MHD_HTTP_METHOD_HEAD) == 0,
       health = strcmp(url, "/health") == 0;
  (void)version, (void)bytes, (void)size;
  if (!reads) return MHD_NO;
  if (!*taken) {
    *taken = &seen;
    return MHD_YES;
  }
  int http = MHD_HTTP_OK;
  struct error err = {0};
  struct store *store = NULL;
  if (health) { /* well is who can read the book */
    if (readers_take(site->readers, &store, &err) != DONE) http = MHD_HTTP_SERVICE_UNAVAILABLE;
    readers_give(site->readers, store, DONE);
    text_add(&body, http == MHD_HTTP_OK ? "well\n" : "the book cannot be read\n");
  } else if (strcmp(url, "/metrics") == 0) metrics_write(site->metrics, site, &body);
  else http = MHD_HTTP_NOT_FOUND;
  struct reply reply = {.status = http,
                        .body = body,
                        .type = health ? "text/plain; charset=utf-8"
                                       : "text/plain; version=0.0.4; charset=utf-8"};
  struct MHD_Response *response = response_make(site, NULL, &reply);
  if (!response) return MHD_NO;
  enum MHD_Result sent = MHD_queue_response(connection, (unsigned)http, response);
  MHD_destroy_response(response);
  return sent;
}

static enum status start_metrics(struct server *s, struct error *err) {
  const char *address = s->site.config.metrics_listen;
  s->metrics_listening.fd = -1;
  if (!address) return DONE;
  if (listen_open(address, &s->metrics_listening, err) != DONE)
    return error_while(err, "opening metrics_listen");
  struct MHD_OptionItem options[] = {
      {MHD_OPTION_LISTEN_SOCKET, s->metrics_listening.fd, NULL},
      {MHD_OPTION_CONNECTION_LIMIT, 64, NULL},
      {MHD_OPTION_CONNECTION_TIMEOUT, 10, NULL},
      {MHD_OPTION_END, 0, NULL},
  };
  s->metrics_daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, handle_metrics,
                                       &s->site, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
  return s->metrics_daemon
             ? DONE
             : error_set(err, FAILED, "the server of /health and /metrics could not be started: %s",
                         strerror(errno));
}

/* ---- stopping ---- */

enum { LOOKS_A_SECOND = 50, QUIET_LOOKS = 5 };

static void pause_a_look(void) {
  nanosleep(&(struct timespec){0, 1000 * 1000 * 1000 / LOOKS_A_SECOND}, NULL);
}

struct handing {  /* connections that we give to the library's threads ourselves */
  int64_t before; /* what the threads had begun with when we began to give */
  int64_t given;
};

static bool all_begun(const struct server *s, const struct handing *h) {
  return atomic_load(&s->site.taken) - h->before >= h->given;
}

/* A thread of the library may have accepted somebody and not said so yet when it is told to accept
 * no more. Each is given a connection of ours, a mark: once it has begun with that, nobody whom it
 * accepted itself is unknown to deadline.h. The library gives a connection to the thread of the
 * number that is left when the descriptor is divided by their count. */
static int wait_for_takers(struct server *s) { /* gives the looks that it took */
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
  for (; looks < STOP_SECONDS * LOOKS_A_SECOND && atomic_load(&s->site.marks) < given; looks++)
    pause_a_look();
  close(ends[0]);
  close(ends[1]);
  return looks;
}

/* Whoever had connected, and waits to be taken: they have sent their request, as far as they know.
 * As many as there is room for; the library closes what is more. */
static void take_waiting(struct server *s, struct handing *h) {
  for (;;) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon,
                                                           MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    int64_t coming = h->before + h->given - atomic_load(&s->site.taken);
    if (!info ||
        (int64_t)info->num_connections + (coming > 0 ? coming : 0) >= s->site.config.connections)
      return;
    struct sockaddr_storage address;
    socklen_t size;
    int connection = listen_accept(&s->listening, &address, &size);
    if (connection < 0) return;
    /* it closes what it does not take */
    if (MHD_add_connection(s->daemon, connection, (struct sockaddr *)&address, size) == MHD_YES)
      h->given++;
  }
}

/* Until nobody waits to be taken, and nothing has been under way for a moment: a request may lie
 * unread on a connection that was kept. Handshakes over a network that were begun have the time of
 * a round trip. */
static void wait_for_quiet(struct server *s, int looks_taken) {
  struct handing h = {.before = atomic_load(&s->site.taken)};
  int least = s->listening.loopback || !s->listening.port ? QUIET_LOOKS : LOOKS_A_SECOND;
  int looks = STOP_SECONDS * LOOKS_A_SECOND - looks_taken;
  for (int i = 0, quiet = 0; i < looks && quiet < least; i++) {
    bool silent_too = i < STOP_SILENT_SECONDS * LOOKS_A_SECOND;
    int64_t given = h.given;
    take_waiting(s, &h);
    quiet = given != h.given || !all_begun(s, &h) || deadlines_busy(s->site.deadlines, silent_too)
                ? 0
                : quiet + 1;
    pause_a_look();
  }
}

/* Nothing new is taken; what is under way is finished; nothing is lost that was answered. */
static void stop(struct server *s) {
  struct site *site = &s->site;
  if (s->daemon) {
    atomic_store(&site->stopping, true);
    int looks = 0;
    if (MHD_quiesce_daemon(s->daemon) != MHD_INVALID_SOCKET) {
      listen_refuse_new(&s->listening);
      looks = wait_for_takers(s);
    }
    wait_for_quiet(s, looks);
    listen_close(&s->listening);
    atomic_store(&site->closing, true);
  }
  slow_queue_stop(site->slow_queue); /* a connection that still waits for them is resumed by this */
  writer_stop(site->writer);
  if (s->daemon) MHD_stop_daemon(s->daemon);
  if (s->metrics_daemon) MHD_stop_daemon(s->metrics_daemon);
  deadlines_stop(site->deadlines);
  rewriting_stop(site->rewriting);
  jobs_free(site->jobs);
  for (int i = 0; i < site->static_response_count; i++) {
    MHD_destroy_response(site->static_response[i].response);
    if (site->static_response[i].packed) MHD_destroy_response(site->static_response[i].packed);
  }
  published_stop(site->published);
  shared_reference_data_stop(site->reference_data);
  if (site->signer) signer_wipe(site->signer);
  cache_free(site->cache);
  readers_stop(site->readers);
  rates_free(site->rates);
  metrics_free(site->metrics);
  listen_close(&s->listening);
  if (s->metrics_daemon) s->metrics_listening.fd = -1;
  listen_close(&s->metrics_listening);
}

static void report_where(const struct server *s) {
  const struct config *config = &s->site.config;
  if (config->origin)
    printf("The portal is at %s/ (listening on %s); stop it with Ctrl-C\n", config->origin,
           s->listening.address);
  else if (s->listening.port)
    printf("The portal is at %s/; stop it with Ctrl-C\n", s->site.origins[0]);
  else printf("The portal listens on %s; stop it with Ctrl-C\n", s->listening.address);
  if (s->site.demo)
    printf("It is a demonstration: anybody at this machine may sign in as anybody.\n");
  fflush(stdout);
}

static enum status serve(struct server *s, const struct serve_options *options,
                         const sigset_t *signals, struct error *err) {
  struct config *config = &s->site.config;
  config_begin(config);
  if (options->config_file && config_read(config, s->arena, options->config_file, err) != DONE)
    return err->code;
  if (listen_open(options->listen ? options->listen : config->listen, &s->listening, err) != DONE)
    return err->code;
  if (log_start(&s->site.log, options->quiet, err) != DONE) return err->code;
  put_origins(s);
  if (start_stores(s, err) != DONE || make_static(s, err) != DONE ||
      start_metrics(s, err) != DONE || start_daemon(s, err) != DONE)
    return err->code;
  report_where(s);
  if (!s->site.config.origin && s->listening.port && !s->listening.loopback)
    log_warning(
        s->site.log, NULL,
        "others than this machine can ask, and no origin is set: nothing is encrypted, and forms "
        "are taken from that address alone; set origin to the address that people know");
  listen_notify("READY=1");
  int signal;
  while (sigwait(signals, &signal) != 0) continue;
  listen_notify("STOPPING=1");
  return DONE;
}

enum status web_serve(const struct serve_options *options, struct error *err) {
  sigset_t signals, before;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  /* before the first thread: all of them leave the two to us */
  pthread_sigmask(SIG_BLOCK, &signals, &before);
  if (sodium_init() < 0)
    return error_set(err, FAILED, "the library libsodium could not be started");
  struct server *s = memory_zeroed(1, sizeof *s);
  s->arena = arena_new();
  s->listening.fd = s->metrics_listening.fd = -1;
  s->site.store_url = options->store_url;
  s->site.pack = options->pack;
  enum status status = serve(s, options, &signals, err);
  stop(s);
  log_stop(s->site.log);
  arena_free(s->arena);
  free(s);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return status;
}
