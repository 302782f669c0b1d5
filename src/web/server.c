/* weal serve: what it starts, in order, and how it stops. */
#include "base/folder.h"
#include "base/refusal.h"
#include "web/web.h"

#include "base/limits.h"
#include "base/worker.h"
#include "book/book.h"
#include "http/checked_recv.h"
#include "http/listen.h"
#include "http/log.h"
#include "http/metrics.h"
#include "http/rates.h"
#include "http/readers.h"
#include "http/reckoners.h"
#include "http/server.h"
#include "http/slow_queue.h"
#include "proof/keys.h"
#include "store/counter.h"
#include "store/setting.h"
#include "web/escalation.h"
#include "web/http_request.h"
#include "web/jobs.h"
#include "web/notifying.h"
#include "web/published.h"
#include "web/rewriting.h"
#include "web/shared_reference_data.h"
#include "web/uploads.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <sys/resource.h>
#include <unistd.h>

/* ---- starting ---- */

/* of a request for /health or /metrics: its line and some headers */
enum { METRICS_HEAD_BYTES = 8192 };

struct server {
  struct site site;
  struct arena *arena;
  struct listening listening;
  struct listening metrics_listening;
  struct MHD_Daemon *metrics_daemon; /* null: not served */
  struct work_folder spool;
};

static void release_response(void *held) { MHD_destroy_response(held); }

static enum status read_place(struct server *s, struct error *err) {
  struct store *store;
  const char *demo = NULL;
  if (readers_take(s->site.readers, &store, err) != DONE) return err->code;
  enum status status = setting_read(store, s->arena, "demo", &demo, err);
  if (status == DONE) status = setting_read(store, s->arena, "place", &s->site.place_code, err);
  readers_give(s->site.readers, store, status);
  if (status != DONE) return status;
  if (!s->site.place_code) return refuse(err, SERVER_NO_BOOK, s->site.store_url);
  /* Sign-in as anybody on a list: only for a demonstration's book, and only when the server listens
   * on loopback. */
  s->site.is_sample = demo && strcmp(demo, "1") == 0;
  s->site.demo = s->site.is_sample && s->listening.loopback && !s->site.config.trusted_proxy &&
                 !s->site.config.origin;
  return DONE;
}

/* Where the log has no head yet, or its key is not here, statements are given without a proof. */
static enum status find_signer(struct server *s, struct error *err) {
  struct store *store;
  struct text folder = {0};
  struct error why = {0};
  const char *name = NULL, *demo_keys = NULL, *keys = s->site.config.keys;
  if (readers_take(s->site.readers, &store, err) != DONE) return err->code;
  enum status status = setting_read(store, s->arena, "log_origin", &name, err);
  if (status == DONE) status = setting_read(store, s->arena, "demo_keys", &demo_keys, err);
  readers_give(s->site.readers, store, status);
  if (status != DONE || !name) return status;
  if (!keys && s->site.demo && !getenv("WEAL_KEYS")) keys = demo_keys;
  struct signer *signer = arena_alloc(s->arena, sizeof *signer);
  status = keys_folder(keys, &folder, &why);
  if (status == DONE) status = keys_signer(folder.bytes, span_of(name), signer, &why);
  struct verifier *verifiers = NULL;
  if (status == DONE)
    status = keys_verifiers(folder.bytes, span_of(name), s->arena, &verifiers,
                            &s->site.verifier_count, &why);
  if (status == DONE) s->site.signer = signer, s->site.verifiers = verifiers;
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

static enum status make_spool(struct server *s, struct error *err) {
  const char *folder = getenv("TMPDIR");
  const char *prefix = arena_printf(s->arena, "%s/weal-portal-",
                                    folder && folder[0] == '/' ? folder : "/tmp");
  enum status status = work_folder_make(&s->spool, AT_FDCWD, prefix, err);
  if (status != DONE) return error_while(err, "making a folder for uploads");
  s->site.spool = s->spool.name;
  return DONE;
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

/* Finds erasures that another program made; the requests that were checked before are then checked
 * again, as after an action of our own that ends a right. Runs in the writer's transaction, during
 * which no erasure can happen. */
static enum status look_for_erasures(void *context, struct store *store, struct error *err) {
  struct site *site = context;
  int64_t erasures = 0;
  enum status status = counter_last(store, "erasure", &erasures, err);
  if (status != DONE || erasures == site->erasures) return status;
  site->erasures = erasures;
  atomic_fetch_add(&site->endings, 1);
  return DONE;
}

static void edition_renewed(void *context, int64_t edition) {
  struct site *site = context;
  shared_reference_data_edition(site->reference_data, edition);
}

/* Nothing is sent before it is known where people find the portal. */
static enum status start_notifying(struct server *s, struct error *err) {
  struct site *site = &s->site;
  struct outbox outbox = {0};
  if (notifying_outbox(&site->config, s->arena, &outbox, err) != DONE) return err->code;
  outbox.place = site->place_name;
  if (!outbox.origin) outbox.origin = site->origins[0];
  site->ways = outbox.origin ? outbox.ways : 0;
  outbox.ways = site->ways;
  return notifying_start(&site->notifying, site->store_url, &outbox, site->log, err);
}

static enum status start_stores(struct server *s, struct error *err) {
  struct site *site = &s->site;
  site->metrics = metrics_new();
  site->rates = rates_new();
  site->cache = cache_new(release_response);
  readers_start(&site->readers, site->store_url);
  if (read_place(s, err) != DONE) return err->code;
  if (writer_start(&site->writer, site->store_url, err) != DONE ||
      slow_queue_start(&site->slow_queue, site->store_url, err) != DONE ||
      reckoners_start(&site->reckoners, site->readers, site->config.reckon_ms, err) != DONE)
    return err->code;
  writer_before_groups(site->writer, look_for_erasures, site);
  site->jobs = jobs_new(site->store_url);
  if (uploads_start(&site->uploads, err) != DONE) return err->code;
  if (shared_reference_data_start(&site->reference_data, site->readers, site->pack, site->cache,
                                  err) != DONE)
    return err->code;
  const struct published_options published = {.store_url = site->store_url,
                                              .pack = site->pack,
                                              .log = site->log,
                                              .renewed = edition_renewed,
                                              .context = site};
  if (published_start(&site->published, &published, err) != DONE) return err->code;
  find_place_name(s);
  if (find_signer(s, err) != DONE || start_notifying(s, err) != DONE) return err->code;
  if (escalation_start(&site->escalation, site->store_url, site->pack, site->log, err) != DONE)
    return err->code;
  return rewriting_start(&site->rewriting, site->store_url, site->config.rewrite_days, site->log,
                         err);
}

/* ---- /health and /metrics, on a listener of their own, for this machine and its monitoring only
 * ---- */

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
  int refused = http_server_refusal(connection, url), http = refused ? refused : MHD_HTTP_OK;
  struct error err = {0};
  struct store *store = NULL;
  if (refused) text_add(&body, "the request could not be read\n");
  else if (health) { /* healthy means that the book can be read */
    if (readers_take(site->readers, &store, &err) != DONE) http = MHD_HTTP_SERVICE_UNAVAILABLE;
    readers_give(site->readers, store, DONE);
    text_add(&body, http == MHD_HTTP_OK ? "well\n" : "the book cannot be read\n");
  } else if (strcmp(url, "/metrics") == 0)
    metrics_write(site->metrics,
                  &(struct metrics_of){site->writer, site->slow_queue, site->readers, site->cache},
                  &body);
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

/* The same check of heads as of the portal's own. */
static void metrics_connection_changes(void *context, struct MHD_Connection *connection,
                                       void **ours, enum MHD_ConnectionNotificationCode code) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection,
                                                                 MHD_CONNECTION_INFO_CONNECTION_FD);
  (void)context, (void)ours;
  if (!info) return;
  if (code == MHD_CONNECTION_NOTIFY_CLOSED) checked_remove(info->connect_fd);
  else if (!checked_add(info->connect_fd, METRICS_HEAD_BYTES, NULL))
    shutdown(info->connect_fd, SHUT_RDWR);
}

static enum status start_metrics(struct server *s, struct error *err) {
  const char *address = s->site.config.metrics_listen;
  s->metrics_listening.fd = -1;
  if (!address) return DONE;
  if (checked_recv_start(err) != DONE) return err->code;
  if (listen_open(address, &s->metrics_listening, err) != DONE)
    return error_while(err, "opening metrics_listen");
  struct MHD_OptionItem options[] = {
      {MHD_OPTION_LISTEN_SOCKET, s->metrics_listening.fd, NULL},
      {MHD_OPTION_CONNECTION_LIMIT, 64, NULL},
      {MHD_OPTION_CONNECTION_TIMEOUT, 10, NULL},
      {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)metrics_connection_changes, s},
      {MHD_OPTION_END, 0, NULL},
  };
  s->metrics_daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, handle_metrics,
                                       &s->site, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
  return s->metrics_daemon
             ? DONE
             : error_set(err, FAILED, "the server of /health and /metrics could not be started: %s",
                         strerror(errno));
}

/* Takes no new requests and finishes those under way; nothing that was answered is lost. */
static void stop(struct server *s) {
  struct site *site = &s->site;
  http_server_finish(site->server);
  atomic_store(&site->closing, true);
  slow_queue_stop(site->slow_queue); /* this resumes a connection that still waits for them */
  writer_stop(site->writer);         /* a look that it notes last has its page reckoned after it */
  reckoners_stop(site->reckoners);
  http_server_stop(site->server);
  if (s->metrics_daemon) MHD_stop_daemon(s->metrics_daemon);
  notifying_stop(site->notifying);
  rewriting_stop(site->rewriting);
  escalation_stop(site->escalation);
  jobs_free(site->jobs);
  uploads_stop(site->uploads);
  static_responses_free(site);
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
  struct error left = {0};
  if (work_folder_remove(&s->spool, DONE, &left) != DONE)
    log_warning(site->log, NULL, "%s", left.message);
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

/* What the configuration names for the portal to write; the verb has looked at --listen. */
static enum status check_outputs(const struct config *config, const struct serve_options *options,
                                 struct error *err) {
  static const char unix_socket[] = "unix:";
  const struct {
    const char *key, *value;
  } sockets[] = {{"listen", config->listen}, {"metrics_listen", config->metrics_listen}};
  struct out_path out = {.kept = options->kept, .count = options->kept_count};
  for (size_t i = 0; i < sizeof sockets / sizeof *sockets; i++) {
    if (!sockets[i].value || strncmp(sockets[i].value, unix_socket, sizeof unix_socket - 1) != 0)
      continue;
    out.option = sockets[i].key;
    out.path = sockets[i].value + sizeof unix_socket - 1;
    if (out_path_check(&out, err) != DONE) return err->code;
  }
  out.option = "letters";
  out.path = config->letters;
  return config->letters ? letters_check(&out, err) : DONE;
}

static enum status serve(struct server *s, const struct serve_options *options,
                         const sigset_t *signals, struct error *err) {
  struct config *config = &s->site.config;
  config_begin(config);
  if (options->config_file && config_read(config, s->arena, options->config_file, err) != DONE)
    return err->code;
  if (check_outputs(config, options, err) != DONE) return err->code;
  if (listen_open(options->listen ? options->listen : config->listen, &s->listening, err) != DONE)
    return err->code;
  if (log_start(&s->site.log, options->quiet, err) != DONE || make_spool(s, err) != DONE)
    return err->code;
  put_origins(s);
  if (start_stores(s, err) != DONE || static_responses_make(&s->site, s->arena, err) != DONE ||
      start_metrics(s, err) != DONE)
    return err->code;
  const struct http_server_options server = {.listening = &s->listening,
                                             .config = config,
                                             .metrics = s->site.metrics,
                                             .log = s->site.log,
                                             .handler = http_request_handler(&s->site)};
  published_await(s->site.published, PUBLISHED_BEGIN_MS);
  if (http_server_start(&s->site.server, &server, err) != DONE) return err->code;
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
  /* before the first thread starts, so that all threads leave both signals to us */
  pthread_sigmask(SIG_BLOCK, &signals, &before);
  /* a core file would hold sessions and whatever was being read */
  (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  if (sodium_init() < 0)
    return error_set(err, FAILED, "the library libsodium could not be started");
  struct server *s = memory_zeroed(1, sizeof *s);
  s->arena = arena_new();
  s->listening.fd = s->metrics_listening.fd = s->spool.fd = -1;
  s->site.store_url = options->store_url;
  s->site.pack = options->pack;
  s->site.rules = options->rules;
  s->site.name_words = options->name_words;
  enum status status = serve(s, options, &signals, err);
  stop(s);
  log_stop(s->site.log);
  arena_free(s->arena);
  free(s);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return status;
}
