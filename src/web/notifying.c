#include "web/notifying.h"

#include "base/refusal.h"
#include "base/ticker.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_EACH_MS = 3000, PASSWORD_BYTES_MOST = 1024 };

struct notifying {
  const char *url;
  struct outbox outbox;
  struct log *log;
  struct ticker *ticker;
};

/* ---- what is set up ---- */

static enum status read_password(const char *path, struct arena *arena, const char **out,
                                 struct error *err) {
  char bytes[PASSWORD_BYTES_MOST];
  struct stat info;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t size = fd < 0 || fstat(fd, &info) != 0 ? -1 : read(fd, bytes, sizeof bytes);
  if (fd >= 0) close(fd);
  if (size < 0) return refuse_at(err, "smtp_password_file", SETTING_FILE_UNREADABLE, path);
  if (size == PASSWORD_BYTES_MOST)
    return refuse_at(err, "smtp_password_file", SETTING_FILE_LONG, path, PASSWORD_BYTES_MOST - 1);
  if (info.st_mode & 077) return refuse_at(err, "smtp_password_file", SETTING_FILE_OPEN, path);
  struct span password = span_make(bytes, (size_t)size);
  while (password.size && strchr("\r\n", password.bytes[password.size - 1])) password.size--;
  *out = arena_copy(arena, password.bytes, password.size);
  return DONE;
}

/* smtps://user@host:465: the user is given to the server, not to the address of it. */
static void take_server(const char *smtp, struct arena *arena, struct outbox *out) {
  const char *host = strstr(smtp, "://") + 3, *at = strrchr(host, '@');
  out->smtp = smtp;
  if (!at) return;
  out->user = arena_copy(arena, host, (size_t)(at - host));
  out->smtp = arena_printf(arena, "%.*s%s", (int)(host - smtp), smtp, at + 1);
}

enum status notifying_outbox(const struct config *config, struct arena *arena, struct outbox *out,
                             struct error *err) {
  *out = (struct outbox){.letters = config->letters,
                         .from = config->mail_from,
                         .authorities = config->smtp_authorities,
                         .origin = config->origin};
  if (config->letters) out->ways |= NOTIFY_LETTER;
  if (!config->smtp) return DONE;
  if (!config->mail_from) return refuse_at(err, "mail_from", SETTING_MAIL_FROM_MISSING);
  if (!notify_address_good(span_of(config->mail_from)))
    return refuse_at(err, "mail_from", SETTING_VALUE, config->mail_from,
                     "an address such as accounts@example.gov.uk");
  take_server(config->smtp, arena, out);
  out->ways |= NOTIFY_EMAIL;
  return config->smtp_password_file
             ? read_password(config->smtp_password_file, arena, &out->password, err)
             : DONE;
}

/* ---- the thread ---- */

static int64_t look(void *context, const atomic_bool *stopping) {
  struct notifying *n = context;
  struct arena *arena = arena_new();
  struct store *store = NULL;
  struct error err = {0};
  const char *why = NULL;
  int count = 0;
  n->outbox.stopping = stopping;
  enum status status = store_open(&store, n->url, STORE_WRITE, &err);
  if (status == DONE && n->outbox.ways & NOTIFY_EMAIL)
    status = notify_line_up(store, (int64_t)time(NULL), &err);
  if (status == DONE) status = notify_send_due(store, arena, &n->outbox, &count, &why, &err);
  if (status != DONE) log_warning(n->log, NULL, "messages could not be looked at: %s", err.message);
  else if (why)
    log_warning(n->log, NULL, "a message could not be sent, and is tried again: %s", why);
  store_close(store);
  arena_free(arena);
  return LOOK_EACH_MS;
}

static void release(struct notifying *n) {
  curl_global_cleanup();
  free(n);
}

enum status notifying_start(struct notifying **out, const char *store_url,
                            const struct outbox *outbox, struct log *log, struct error *err) {
  *out = NULL;
  if (!outbox->ways) return DONE;
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return error_set(err, FAILED, "the library libcurl could not be started");
  struct notifying *n = memory_zeroed(1, sizeof *n);
  *n = (struct notifying){.url = store_url, .outbox = *outbox, .log = log};
  if (ticker_start(&n->ticker, look, n, "messages", err) != DONE) {
    release(n);
    return FAILED;
  }
  *out = n;
  return DONE;
}

void notifying_stop(struct notifying *n) {
  if (!n) return;
  ticker_stop(n->ticker);
  release(n);
}
