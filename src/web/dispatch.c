/* One request, from its path to its reply. It is checked in an order that never changes: path,
 * method, row, session, form's origin and token, permission, fields, function. */
#include "base/refusal.h"
#include "web/http_request.h"

#include "base/hash.h"
#include "base/limits.h"
#include "http/log.h"
#include "http/metrics.h"
#include "http/rates.h"
#include "http/readers.h"
#include "http/reckoners.h"
#include "http/slow_queue.h"
#include "register/sessions.h"
#include "web/permit.h"
#include "web/session.h"
#include "web/shared_reference_data.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int64_t seconds_now(void) { return (int64_t)time(NULL); }

static const char *header(struct http_request *x, const char *name) {
  return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

/* ---- its beginning and end ---- */

struct http_request *http_request_new(struct site *site, struct MHD_Connection *connection,
                                      const char *raw) {
  struct arena *arena = arena_new();
  struct http_request *x = memory_zeroed(1, sizeof *x);
  x->took = TOOK_REQUEST;
  x->faults_status = 422;
  x->site = site;
  x->connection = connection;
  x->arena = arena;
  x->raw = arena_string(arena, raw);
  x->began_microseconds = clock_microseconds();
  return x;
}

void http_request_rest(struct http_request *x) {
  if (!x->arena) return;
  if (x->spool > 0) close(x->spool);
  for (int i = 0; i < x->sent_count; i++) /* unless the handler has moved it */
    if (x->sent[i].file && x->sent[i].value.size && x->sent[i].value.bytes[0] == '/')
      unlink(x->sent[i].value.bytes);
  if (x->request.reference_data)
    shared_reference_data_give(x->site->reference_data, x->request.reference_data);
  if (x->mapped) munmap(x->mapped, (size_t)x->body_bytes);
  text_release(&x->body);
  text_release(&x->reply.body);
  if (x->reply.fd) close(x->reply.fd); /* it was not sent */
  if (x->reference) {                  /* the log line still names it */
    snprintf(x->reference_kept, sizeof x->reference_kept, "%s", x->reference);
    x->reference = x->reference_kept;
  }
  arena_free(x->arena);
  x->arena = NULL;
}

void http_request_free(struct http_request *x) {
  http_request_rest(x);
  free(x);
}

/* ---- replies that say what is wrong ---- */

static void problem(struct http_request *x, int http, const char *text) {
  text_release(&x->reply.body);
  x->reply = (struct reply){0};
  x->request.language = x->target.language;
  reply_problem(&x->reply, &x->request, http, text, x->reference);
  x->stage = STAGE_ANSWERED;
}

static void note_fault(struct http_request *x, const struct error *err) {
  uint8_t bytes[4];
  random_bytes(bytes, sizeof bytes);
  x->reference = arena_printf(x->arena, "%02x%02x-%02x%02x", bytes[0], bytes[1], bytes[2],
                              bytes[3]);
  log_warning(x->site->log, x->reference, "%s: %s", x->row ? x->row->path : "-", err->message);
}

/* The store does not answer: 503, in words, with the time to try again. A fault of ours: 500 with a
 * number that the log has too. */
static void failed(struct http_request *x, const struct error *err, bool store_away) {
  note_fault(x, err);
  if (store_away) metrics_event(x->site->metrics, METRICS_STORE_AWAY);
  x->retry_seconds = store_away ? 5 : 0;
  problem(x, store_away ? 503 : 500, NULL);
}

/* ---- the head ---- */

static int64_t number_header(struct http_request *x, const char *name) {
  const char *text = header(x, name);
  if (!text) return 0;
  int64_t n = 0;
  for (; *text >= '0' && *text <= '9' && n < INT64_MAX / 16; text++) n = n * 10 + (*text - '0');
  return *text ? -1 : n;
}

/* Which methods the path has, for a 405's Allow. */
static const char *methods_of(struct span path) {
  struct span names[ROUTE_NAMES];
  bool get = route_find(GET, path, names), post = route_find(POST, path, names);
  return get && post ? "GET, HEAD, POST" : get ? "GET, HEAD" : post ? "POST" : NULL;
}

static int find_row(struct http_request *x) {
  bool get = strcmp(x->method, "GET") == 0 || strcmp(x->method, "HEAD") == 0,
       post = strcmp(x->method, "POST") == 0;
  x->head_only = strcmp(x->method, "HEAD") == 0;
  if (!target_read(x->raw, x->arena, &x->target)) return 400;
  if (get || post) x->row = route_find(post ? POST : GET, x->target.path, x->names);
  if (x->row) return 0;
  x->allow = methods_of(x->target.path);
  return x->allow ? 405 : 404;
}

static bool takes_file(const struct field *fields) {
  for (; fields && fields->name; fields++)
    if (field_takes_file(fields)) return true;
  return false;
}

/* Checks the head of a form's request. It must give the body's length: without it the body could
 * not be limited. */
static int look_at_head(struct http_request *x) {
  const char *type = header(x, "Content-Type");
  int64_t length = number_header(x, "Content-Length");
  if (header(x, "Transfer-Encoding")) return 411;
  if (length < 0) return 400;
  if (x->row->method != POST) return length ? 400 : 0;
  x->is_upload = takes_file(route_fields(x->row, &x->request, x->names));
  x->body_limit = x->row->limit_bytes ? x->row->limit_bytes
                  : x->is_upload      ? x->site->config.upload_bytes
                                      : x->site->config.form_bytes;
  if (length > x->body_limit) return 413;
  bool form = type && strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0,
       parts = type && strncasecmp(type, "multipart/form-data", 19) == 0;
  return form || parts ? 0 : 415;
}

static enum status find_visitor(struct http_request *x, struct error *err);

/* Whether the visitor may use the row, asked before we take half a gigabyte from them. Everything
 * is checked again when the upload has come. */
static int look_before_upload(struct http_request *x) {
  struct error err = {0};
  enum permit may = PERMIT_SIGN_IN;
  enum status status = readers_take(x->site->readers, &x->request.store, &err);
  struct store *store = status == DONE ? x->request.store : NULL;
  if (status == DONE) status = find_visitor(x, &err);
  if (status == DONE) status = permit(&x->request, x->names, &may, &err);
  readers_give(x->site->readers, store, status);
  x->request.store = NULL;
  if (status != DONE) return 503;
  if (!origin_ours(header(x, "Origin"), header(x, "Referer"), x->site->origins)) return 403;
  return may == PERMIT_YES ? 0 : may == PERMIT_SIGN_IN ? 403 : 404;
}

static const char *method_known(const char *method) {
  static const char *const known[] = {"GET", "HEAD", "POST", NULL};
  for (int i = 0; known[i]; i++)
    if (strcmp(method, known[i]) == 0) return known[i];
  return "OTHER";
}

void http_request_begin(struct http_request *x, const char *method) {
  x->method = method_known(method);
  x->has_session = cookie_session(header(x, "Cookie"), x->session);
  x->refusal = http_server_refusal(x->connection, x->raw);
  if (!x->refusal) x->refusal = find_row(x);
  x->request = (struct request){.route = x->row,
                                .site = x->site,
                                .arena = x->arena,
                                .pack = x->site->pack,
                                .language = x->target.language,
                                .asked = x->target.asked ? x->target.asked : "/"};
  if (!x->refusal) x->refusal = look_at_head(x);
  if (!x->refusal && x->is_upload) x->refusal = look_before_upload(x);
}

/* A small body stays in memory; an upload goes to a file without a name. */
bool http_request_take(struct http_request *x, const char *bytes, size_t size) {
  if (x->body_bytes + (int64_t)size > x->body_limit) return false;
  x->body_bytes += (int64_t)size;
  if (!x->is_upload) {
    text_add_bytes(&x->body, bytes, size);
    return true;
  }
  if (x->spool <= 0) x->spool = open(x->site->spool, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  for (size_t at = 0; at < size;) {
    ssize_t n = x->spool > 0 ? write(x->spool, bytes + at, size - at) : -1;
    if (n <= 0) {
      log_warning(x->site->log, NULL, "an upload could not be kept in %s: %s", x->site->spool,
                  strerror(errno));
      return false;
    }
    at += (size_t)n;
  }
  return true;
}

/* The body, wherever it is. */
static struct span body_of(struct http_request *x) {
  if (x->spool <= 0 || !x->body_bytes) return span_make(x->body.bytes, x->body.size);
  if (!x->mapped)
    x->mapped = mmap(NULL, (size_t)x->body_bytes, PROT_READ, MAP_PRIVATE, x->spool, 0);
  if (x->mapped == MAP_FAILED) x->mapped = NULL;
  return x->mapped ? span_make(x->mapped, (size_t)x->body_bytes) : span_of("");
}

/* ---- the session ---- */

struct touch {
  uint8_t session[32];
  int64_t now;
};

static enum status touch_run(void *note, struct store *store, struct error *err) {
  struct touch *t = note;
  return sessions_touch(store, t->session, t->now, err);
}

/* Asks the writer to note that the session is used, and does not wait. The note is dropped when
 * the writer is busy: the next request tries again. */
static void touch_notify(struct http_request *x, int64_t now) {
  struct touch t = {.now = now};
  memcpy(t.session, x->request.visitor.session, sizeof t.session);
  (void)writer_notify(x->site->writer, touch_run, &t, sizeof t);
}

static enum status find_visitor(struct http_request *x, struct error *err) {
  bool touch = false;
  int64_t now = seconds_now();
  if (!x->has_session || x->row->cache_seconds) return DONE;
  enum status status = session_find(x->request.store, x->arena, x->session, now, &x->site->config,
                                    &x->request.visitor, &touch, err);
  if (status == DONE && touch) touch_notify(x, now);
  return status;
}

/* ---- a form's right to be looked at ---- */

/* The last of its kind: a proxy adds its own behind those that the client sent. */
static enum MHD_Result take_forwarded(void *forwarded, enum MHD_ValueKind kind, const char *name,
                                      const char *value) {
  (void)kind;
  if (strcasecmp(name, "X-Forwarded-For") == 0) *(const char **)forwarded = value;
  return MHD_YES;
}

/* Behind the trusted proxy it is the address that the proxy saw. */
static void find_source(struct http_request *x) {
  const char *proxy = x->site->config.trusted_proxy;
  struct source *source = &x->request.source;
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  char peer[INET6_ADDRSTRLEN] = "unix";
  const struct sockaddr *address = info ? info->client_addr : NULL;
  source_of_socket(address, source);
  if (!proxy) return;
  if (address && address->sa_family == AF_INET)
    inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, peer,
              sizeof peer);
  if (address && address->sa_family == AF_INET6)
    inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, peer,
              sizeof peer);
  if (strcmp(proxy, peer) != 0) return;
  const char *forwarded = NULL;
  (void)MHD_get_connection_values(x->connection, MHD_HEADER_KIND, take_forwarded, &forwarded);
  if (!forwarded) return;
  /* the last hop is what our proxy saw; a client can write the ones before it */
  const char *comma = strrchr(forwarded, ',');
  source_read(span_of(comma ? comma + 1 : forwarded), source);
}

/* Counts forms by session, else by where they come from. */
static bool rate_allows(struct http_request *x) {
  const int64_t most = x->site->config.forms_each_minute;
  const char *source = x->request.source.address;
  if (x->request.visitor.person)
    return rates_allow(x->site->rates, x->request.visitor.session, 32, most, seconds_now());
  return rates_allow(x->site->rates, source, strlen(source), most, seconds_now());
}

/* Counts pages that take long, as forms are counted and beside them. */
static bool costly_allows(struct http_request *x) {
  char who[1 + SOURCE_SIZE] = "c";
  size_t size = 32;
  find_source(x);
  if (x->request.visitor.person) memcpy(who + 1, x->request.visitor.session, size);
  else memcpy(who + 1, x->request.source.address, size = strlen(x->request.source.address));
  return rates_allow_many(x->site->rates, who, size + 1, x->row->costly,
                          x->site->config.costly_each_minute, seconds_now());
}

static bool token_right(struct http_request *x) {
  const struct sent *token = NULL;
  for (int i = 0; i < x->sent_count; i++) {
    if (!span_is(x->sent[i].name, "token")) continue;
    if (token) return false;
    token = &x->sent[i];
  }
  return token && form_token_right(&x->request.visitor, token->value);
}

/* 0, or the HTTP status. */
static int look_at_form(struct http_request *x) {
  if (!origin_ours(header(x, "Origin"), header(x, "Referer"), x->site->origins)) return 403;
  find_source(x);
  if (!rate_allows(x)) return 429;
  if (x->request.visitor.person && !token_right(x)) return 403;
  return 0;
}

/* ---- values ---- */

enum { FILE_NAME_MOST = 80 };

/* The part of an uploaded file's name that is safe in a path: its last piece, bytes other than
 * letters, digits, `-`, `_` and `.` replaced by `_`, at most FILE_NAME_MOST bytes from its end. */
static const char *harmless_name(struct arena *arena, struct span told) {
  for (size_t i = told.size; i > 0; i--)
    if (told.bytes[i - 1] == '/' || told.bytes[i - 1] == '\\') {
      told = span_make(told.bytes + i, told.size - i);
      break;
    }
  if (told.size > FILE_NAME_MOST)
    told = span_make(told.bytes + told.size - FILE_NAME_MOST, FILE_NAME_MOST);
  char *name = arena_copy(arena, told.bytes ? told.bytes : "", told.size);
  for (char *c = name; *c; c++) {
    bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
                 *c == '-' || *c == '_' || (*c == '.' && c > name);
    if (!plain) *c = '_';
  }
  return name;
}

/* A file of a form goes to the disk, where the handler finds it by its path. */
static enum status spool(struct http_request *x, struct sent *part, struct error *err) {
  const char *name = harmless_name(x->arena, part->file_name);
  char *path = arena_printf(x->arena, "%s/weal-upload-XXXXXX+%s", x->site->spool, name);
  int fd = mkostemps(path, (int)strlen(name) + 1, O_CLOEXEC);
  if (fd < 0) return error_errno(err, "an uploaded file could not be kept in %s", x->site->spool);
  struct span bytes = part->value;
  part->value = span_of(path);
  for (size_t at = 0; at < bytes.size;) {
    ssize_t n = write(fd, bytes.bytes + at, bytes.size - at);
    if (n <= 0) {
      /* its own name may be about somebody, and the log has this */
      (void)error_errno(err, "an uploaded file could not be written to %s", x->site->spool);
      close(fd);
      (void)unlink(path);
      return FAILED;
    }
    at += (size_t)n;
  }
  close(fd);
  return DONE;
}

static enum status read_sent(struct http_request *x, struct error *err) {
  struct sent *sent = NULL;
  int count = 0;
  enum status status;
  const char *type = x->row->method == POST ? header(x, "Content-Type") : NULL;
  if (x->row->method == POST && x->target.query.size) return refuse(err, FORM_WITH_QUERY);
  if (type && strncasecmp(type, "multipart/", 10) == 0)
    status = parts_read(body_of(x), type, x->arena, &sent, &count, err);
  else
    status = pairs_read(x->row->method == POST ? body_of(x) : x->target.query, x->arena, &sent,
                        &count, err);
  x->sent = sent; /* sent_count: the pairs read so far, whose files http_request_rest removes */
  for (int i = 0; i < count && status == DONE; i++) {
    if (sent[i].file && sent[i].value.size) status = spool(x, &sent[i], err);
    else if (sent[i].file) sent[i].value = span_of("");
    if (status == DONE) x->sent_count = i + 1;
  }
  return status;
}

static struct value name_value(struct arena *arena, struct span name, struct span text) {
  return (struct value){.name = arena_copy(arena, name.bytes, name.size),
                        .given = true,
                        .text = span_make(arena_copy(arena, text.bytes, text.size), text.size)};
}

/* Fills r->values: the row's fields, then the path's names. */
static void put_values(struct http_request *x, const struct route *row, const struct value *read) {
  int count = 0, names = 0;
  while (read && read[count].name) count++;
  while (names < ROUTE_NAMES && route_name(row, names).bytes) names++;
  struct value *values = arena_array(x->arena, struct value, count + names + 1);
  if (count) memcpy(values, read, sizeof *values * (size_t)count);
  for (int i = 0; i < names; i++)
    values[count + i] = name_value(x->arena, route_name(row, i), x->names[i]);
  x->request.values = values;
}

/* ---- running the row's function ---- */

static void run_row(struct http_request *x);

/* Shows the form again: the GET row of the same path, with the faults and with what was sent. */
static void show_again(struct http_request *x, const struct fault *faults) {
  const struct route *page = route_find(GET, x->target.path, x->names);
  struct fields_read nothing;
  struct error err = {0};
  if (!page || page->cache_seconds || page == x->request.route ||
      fields_read(&nothing, x->arena, x->target.language, route_fields(page, &x->request, x->names),
                  NULL, 0, day_today(), &err) != DONE) {
    problem(x, x->faults_status, faults[0].message);
    x->reply.refused = x->refused;
    return;
  }
  x->request.route = page;
  x->request.faults = faults;
  x->request.given = x->given;
  x->request.given_of = x->given_of;
  x->request.answered = x->row;
  /* who may send a form may not for that read its page: a helper who may tell, but not see */
  x->may_differ = route_needs(page) != route_needs(x->row);
  put_values(x, page, nothing.values);
  run_row(x);
}

/* `role-held-already; person`: what a program reads where people read the sentence. */
static const char *refused_words(struct http_request *x, enum refusal_code code,
                                 const char *column) {
  const char *word = refusal_word(code);
  return !word ? NULL : column[0] ? arena_printf(x->arena, "%s; %s", word, column) : word;
}

/* Of a refusal that says nothing of what was sent; 0: it does. */
static int status_of_refusal(enum refusal_code code) {
  return code == REFUSAL_LOOKS_TOO_MANY ? 429 : code == REFUSAL_TOO_LONG ? 503 : 0;
}

/* Makes the reply from the handler's status. */
static void settle(struct http_request *x, enum status status, const struct error *err) {
  struct error none = {.message = "the handler made no reply"};
  x->request.store = NULL;
  if (status == DONE && !x->reply.status) {
    status = USAGE;
    err = &none;
  }
  if (status == DONE) {
    if (x->request.faults && x->reply.status == 200) x->reply.status = x->faults_status;
    if (x->reply.retry_seconds) x->retry_seconds = x->reply.retry_seconds;
    if (x->reply.status >= 400) x->reply.refused = x->refused;
    x->stage = STAGE_ANSWERED;
    return;
  }
  text_release(&x->reply.body);
  x->reply = (struct reply){0};
  if (status == REFUSED) x->refused = refused_words(x, err->refusal.code, err->column);
  if (status == REFUSED && err->refusal.code == REFUSAL_TOO_LONG) x->retry_seconds = 30;
  if (status != REFUSED) failed(x, err, status == FAILED);
  /* what is wrong is the address: nothing is there for this visitor */
  else if (err->column[0] && route_has_name(x->request.route, err->column)) problem(x, 404, NULL);
  else if (x->request.route->method == POST) {
    struct fault *faults = arena_array(x->arena, struct fault, 2);
    faults[0] = (struct fault){.field = arena_string(x->arena, err->column),
                               .message = refusal_sentence(x->arena, x->target.language,
                                                           &err->refusal, err->message)};
    metrics_event(x->site->metrics, METRICS_FORM_REFUSED);
    const int http = status_of_refusal(err->refusal.code);
    if (http) x->faults_status = http;
    show_again(x, faults); /* x may be another thread's now */
    return;
  } else
    problem(x, status_of_refusal(err->refusal.code) ? status_of_refusal(err->refusal.code) : 400,
            refusal_sentence(x->arena, x->target.language, &err->refusal, err->message));
  if (status == REFUSED && x->reply.status >= 400 && x->reply.status != 404)
    x->reply.refused = x->refused;
}

/* Checks again what was checked in a snapshot: a session, a helper's scope or a role grant may have
 * ended while the request waited, and the person who ended it was told that it has. */
static enum status look_again(struct http_request *x, enum permit *may, struct error *err) {
  *may = PERMIT_YES;
  if (!x->may_differ && atomic_load(&x->site->endings) == x->endings) return DONE;
  enum status status = find_visitor(x, err);
  return status == DONE ? permit(&x->request, x->names, may, err) : status;
}

/* To whom the page is closed; of a form that is shown again only what was wrong with it is said. */
static void reply_closed(struct http_request *x, enum permit may) {
  const struct fault *faults = x->request.faults;
  const int http = faults ? x->faults_status : may == PERMIT_SIGN_IN ? 403 : 404;
  reply_problem(&x->reply, &x->request, http, faults ? faults[0].message : NULL, NULL);
}

/* Notes the look at somebody else's record, before the page of it is reckoned; or runs the row. */
static enum status run_or_note(struct http_request *x, struct store *store, bool notes,
                               struct error *err) {
  enum permit may;
  x->request.store = store;
  text_release(&x->reply.body); /* it is of a try that the store undid */
  x->reply = (struct reply){0};
  enum status status = look_again(x, &may, err);
  if (status == DONE && may != PERMIT_YES) reply_closed(x, may);
  else if (status == DONE)
    status = notes ? x->request.route->note(&x->request, &x->reply, err) : form_run_once(x, err);
  x->request.store = NULL;
  return status;
}

static enum status job_run(void *context, struct store *store, struct error *err) {
  return run_or_note(context, store, false, err);
}

static enum status note_run(void *context, struct store *store, struct error *err) {
  return run_or_note(context, store, true, err);
}

static void job_done(void *context, enum status status, const struct error *err) {
  struct http_request *x = context;
  /* committed, and no job of the next group has begun */
  if (status == DONE && x->request.route->ends) atomic_fetch_add(&x->site->endings, 1);
  x->status = status;
  x->err = err ? *err : (struct error){0};
  x->stage = STAGE_CAME;
  MHD_resume_connection(x->connection);
}

/* On the writer's thread: the look is durable. */
static void note_done(void *context, enum status status, const struct error *err) {
  struct http_request *x = context;
  struct error full = {0};
  if (status != DONE || x->reply.status) {
    job_done(x, status, err);
    return;
  }
  x->request.is_noted = true;
  x->job = (struct write_job){.run = job_run, .done = job_done, .context = x};
  if (reckoners_ask(x->site->reckoners, &x->job, &full) != DONE) job_done(x, REFUSED, &full);
}

static void ask(struct http_request *x) {
  struct error err = {0};
  const bool notes = x->request.route->runs == RECKONS && x->request.route->note;
  x->job = (struct write_job){.run = notes ? note_run : job_run,
                              .done = notes ? note_done : job_done,
                              .context = x};
  x->stage = STAGE_WAITING;
  /* before the writer is asked: its answer may come at once */
  MHD_suspend_connection(x->connection);
  const enum runs runs = x->request.route->runs;
  enum status status = runs == SLOW ? slow_queue_ask(x->site->slow_queue, &x->job, &err)
                       : runs == RECKONS && !notes
                           ? reckoners_ask(x->site->reckoners, &x->job, &err)
                           : writer_ask(x->site->writer, &x->job, &err);
  const bool too_long = err.refusal.code == REFUSAL_TOO_LONG;
  if (status != DONE) job_done(x, too_long ? REFUSED : FAILED, &err); /* the queue is full: 503 */
}

static void run_reads(struct http_request *x) {
  struct error err = {0};
  enum status status = x->request.store ? DONE
                                        : readers_take(x->site->readers, &x->request.store, &err);
  struct store *store = status == DONE ? x->request.store : NULL;
  enum permit may = PERMIT_YES;
  if (status == DONE && x->may_differ) status = look_again(x, &may, &err);
  if (status == DONE && may != PERMIT_YES) reply_closed(x, may);
  else if (status == DONE) status = x->request.route->run(&x->request, &x->reply, &err);
  readers_give(x->site->readers, store, status);
  settle(x, status, &err);
}

static void run_row(struct http_request *x) {
  if (x->request.route->runs == READS) run_reads(x);
  else {
    if (x->request.store) readers_give(x->site->readers, x->request.store, DONE);
    x->request.store = NULL;
    ask(x);
  }
}

/* ---- public pages that are kept ---- */

/* The maker may be done before we are suspended: the second of the two resumes. */
static void cache_ready(void *context) {
  struct http_request *x = context;
  if (atomic_exchange(&x->woken, true)) MHD_resume_connection(x->connection);
}

/* Whether the page is there, or another thread makes it; false: this request must make it. */
static bool take_cached(struct http_request *x) {
  x->cache_key =
      span_of(arena_printf(x->arena, "%s%s", language_code(x->target.language), x->target.asked));
  x->wait = (struct cache_wait){.ready = cache_ready, .context = x};
  atomic_store(&x->woken, false);
  enum cache_answer answer = cache_take(x->site->cache, x->cache_key, x->row->cache_seconds,
                                        &x->wait, &x->cached);
  x->making = answer == CACHE_MAKE;
  if (answer == CACHE_HIT) x->stage = STAGE_ANSWERED;
  if (answer == CACHE_WAIT) {
    x->stage = STAGE_CAME; /* what the handler finds when it is called again */
    MHD_suspend_connection(x->connection);
    if (atomic_exchange(&x->woken, true)) MHD_resume_connection(x->connection);
  }
  return answer != CACHE_MAKE;
}

static void keep_cached(struct http_request *x) {
  x->making = false;
  if (x->stage != STAGE_ANSWERED || x->reply.status != 200) {
    cache_fail(x->site->cache, x->cache_key);
    return;
  }
  size_t bytes = x->reply.body.size;
  struct MHD_Response *response = response_make(x->site, x->row, &x->reply);
  if (response)
    x->cached = cache_put(x->site->cache, x->cache_key, x->row->cache_seconds, response, bytes);
  else cache_fail(x->site->cache, x->cache_key);
}

/* ---- the whole of it ---- */

/* Sends a visitor who asked for a page to sign in. The sender of a form only gets a 403. */
static void sign_in_first(struct http_request *x) {
  if (x->row->method == POST) problem(x, 403, NULL);
  else {
    reply_go(&x->reply, &x->request, "/sign-in");
    x->stage = STAGE_ANSWERED;
  }
}

/* Reads the fields of the query or the form into values; false: the reply is made. */
static bool read_fields(struct http_request *x, const struct fault **faults) {
  struct fields_read read = {0};
  struct error err = {0};
  const struct field *fields = route_fields(x->row, &x->request, x->names);
  enum status status = fields_read(&read, x->arena, x->target.language, fields, x->sent,
                                   x->sent_count, day_today(), &err);
  if (status != DONE) {
    if (status == FAILED) failed(x, &err, false);
    else {
      problem(x, 400, NULL);
      x->reply.refused = refused_words(x, err.refusal.code, err.column);
    }
    return false;
  }
  x->given = read.given;
  x->given_of = fields;
  put_values(x, x->row, read.values);
  *faults = read.faults;
  if (read.faults)
    x->refused =
        refused_words(x, read.faults[0].is_missing ? REFUSAL_FIELD_MISSING : REFUSAL_FIELD_WRONG,
                      read.faults[0].field);
  return true;
}

/* In an open snapshot, checks who asks, whether they may, and what they sent. False: the reply is
 * made. */
static bool look(struct http_request *x, const struct fault **faults, struct error *err,
                 enum status *status) {
  enum permit may = PERMIT_YES;
  int http = 0;
  *status = find_visitor(x, err);
  if (*status == DONE && x->row->method == POST) http = look_at_form(x);
  if (*status == DONE && x->row->costly && !costly_allows(x)) http = 429;
  if (*status == DONE && !http) *status = permit(&x->request, x->names, &may, err);
  if (*status != DONE) return false;
  if (http == 429) {
    x->retry_seconds = 60;
    metrics_event(x->site->metrics, METRICS_TOO_MANY);
  }
  if (http)
    problem(x, http,
            http == 429 && x->row->method == GET
                ? say(x->target.language, "Wait a minute, then open the page again.")
                : NULL);
  else if (may == PERMIT_SIGN_IN) sign_in_first(x);
  else if (may == PERMIT_NOT_FOUND) problem(x, 404, NULL);
  else return read_fields(x, faults);
  return false;
}

/* Reads who asks in the same snapshot from which the page is made. */
static void look_and_run(struct http_request *x) {
  struct error err = {0};
  enum status status = DONE;
  const struct fault *faults = NULL;
  bool needs_store = x->has_session || route_needs(x->row) != ANYONE || strchr(x->row->path, '{') ||
                     x->row->runs == READS;
  if (x->row->cache_seconds) needs_store = x->row->runs == READS;
  x->endings = atomic_load(&x->site->endings); /* before the snapshot */
  if (needs_store && readers_take(x->site->readers, &x->request.store, &err) != DONE) {
    failed(x, &err, true);
    return;
  }
  bool go = look(x, &faults, &err, &status);
  if (go && faults && x->row->shows_faults) { /* its list's form, with what was typed */
    x->request.faults = faults;
    x->request.given = x->given;
    x->request.given_of = x->given_of;
    x->faults_status = 400;
    faults = NULL;
  }
  if (go && !faults) {
    run_row(x);
    return;
  }
  if (needs_store) readers_give(x->site->readers, x->request.store, status);
  x->request.store = NULL;
  if (status != DONE) failed(x, &err, true);
  else if (go) show_again(x, faults);
}

void http_request_answer(struct http_request *x) {
  struct error err = {0};
  if (x->refusal) {
    problem(x, x->refusal, NULL);
    return;
  }
  if (atomic_load(&x->site->closing)) {
    x->retry_seconds = 5;
    problem(x, 503, NULL);
    return;
  }
  if (x->row->cache_seconds && x->row->method == GET && !x->making && take_cached(x)) return;
  if (!x->request.reference_data)
    x->request.reference_data = shared_reference_data_take(x->site->reference_data);
  if (read_sent(x, &err) != DONE) {
    if (err.code == FAILED) failed(x, &err, false);
    else problem(x, 400, NULL);
  } else look_and_run(x);
  if (x->making) keep_cached(x);
}

void http_request_go_on(struct http_request *x) {
  bool waited_for_page = x->row->cache_seconds && x->row->runs == READS;
  if (waited_for_page) http_request_answer(x);
  else settle(x, x->status, &x->err);
}

enum status http_request_make_static(struct site *site, const struct route *row,
                                     enum language language, struct MHD_Response **out,
                                     size_t *bytes, struct error *err) {
  struct http_request *x = http_request_new(site, NULL, row->path);
  x->row = row;
  x->method = "GET";
  x->target = (struct target){.language = language, .path = span_of(row->path), .asked = row->path};
  x->request = (struct request){.route = row,
                                .site = site,
                                .arena = x->arena,
                                .pack = site->pack,
                                .language = language,
                                .asked = row->path};
  x->request.reference_data = shared_reference_data_take(site->reference_data);
  put_values(x, row, NULL);
  enum status status = readers_take(site->readers, &x->request.store, err);
  struct store *store = status == DONE ? x->request.store : NULL;
  if (status == DONE) status = row->run(&x->request, &x->reply, err);
  readers_give(site->readers, store, status);
  if (status == DONE) {
    *bytes = x->reply.body.size;
    *out = response_make(site, row, &x->reply);
    if (!*out)
      status = error_set(err, FAILED, "the page %s could not be kept ready: no memory", row->path);
  }
  http_request_free(x);
  return status;
}
