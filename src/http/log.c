/* Lines of log gathered under a lock and written by one thread. */
#include "http/log.h"

#include "base/arena.h"
#include "base/day.h"
#include "base/json.h"
#include "base/thread.h"

#include <stdarg.h>
#include <time.h>
#include <unistd.h>

enum { LOG_WRITE_BYTES = 64 << 10, LOG_WAITING_BYTES = 8 << 20, LOG_MILLISECONDS = 250 };

struct log {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  pthread_t thread;
  struct text waiting;
  uint64_t dropped; /* lines dropped because standard error was too slow */
  bool quiet, stopping;
  time_t second; /* of `now` */
  char now[21];
};

static void write_all(const struct text *t) {
  for (size_t at = 0; at < t->size;) {
    ssize_t n = write(STDERR_FILENO, t->bytes + at, t->size - at);
    if (n <= 0) return; /* standard error fails, and there is nowhere else to report that */
    at += (size_t)n;
  }
}

static void *run(void *context) {
  struct log *log = context;
  struct text out = {0};
  pthread_mutex_lock(&log->lock);
  for (;;) {
    bool last = log->stopping;
    struct text swap = log->waiting;
    log->waiting = out;
    out = swap;
    if (log->dropped)
      text_addf(&out, "{\"level\":\"warning\",\"message\":\"%llu lines of log were dropped\"}\n",
                (unsigned long long)log->dropped);
    log->dropped = 0;
    pthread_mutex_unlock(&log->lock);
    write_all(&out);
    text_clear(&out);
    pthread_mutex_lock(&log->lock);
    if (last) break;
    const struct timespec until = moment_after_ms(LOG_MILLISECONDS);
    if (!log->stopping) pthread_cond_timedwait(&log->wake, &log->lock, &until);
  }
  pthread_mutex_unlock(&log->lock);
  text_release(&out);
  return NULL;
}

static void release(struct log *log) {
  pthread_mutex_destroy(&log->lock);
  pthread_cond_destroy(&log->wake);
  text_release(&log->waiting);
  free(log);
}

enum status log_start(struct log **out, bool quiet, struct error *err) {
  struct log *log = memory_zeroed(1, sizeof *log);
  log->quiet = quiet;
  pthread_mutex_init(&log->lock, NULL);
  condition_init(&log->wake);
  if (thread_start(&log->thread, run, log, "the log", err) != DONE) {
    release(log);
    return FAILED;
  }
  *out = log;
  return DONE;
}

void log_stop(struct log *log) {
  if (!log) return;
  pthread_mutex_lock(&log->lock);
  log->stopping = true;
  pthread_cond_signal(&log->wake);
  pthread_mutex_unlock(&log->lock);
  pthread_join(log->thread, NULL);
  release(log);
}

/* Under the lock: the moment is written once a second. */
static const char *moment(struct log *log) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec != log->second) clock_write_now(log->now);
  log->second = now.tv_sec;
  return log->now;
}

void log_request(struct log *log, const struct log_request *line) {
  if (log->quiet && !line->reference) return;
  pthread_mutex_lock(&log->lock);
  struct text *t = &log->waiting;
  if (t->size > LOG_WAITING_BYTES) log->dropped++;
  else {
    text_add(t, "{\"time\":\"");
    text_add(t, moment(log));
    text_add(t, "\",\"method\":\"");
    text_add(t, line->method);
    text_add(t, "\",\"path\":\"");
    text_add(t, line->path);
    text_add(t, "\",\"status\":");
    text_add_int(t, line->http);
    text_add(t, ",\"milliseconds\":");
    text_add_int(t, line->microseconds / 1000);
    text_add(t, ",\"bytes\":");
    text_add_int(t, (int64_t)line->bytes);
    if (line->reference) text_addf(t, ",\"reference\":\"%s\"", line->reference);
    text_add(t, "}\n");
    if (t->size > LOG_WRITE_BYTES) pthread_cond_signal(&log->wake);
  }
  pthread_mutex_unlock(&log->lock);
}

void log_warning(struct log *log, const char *reference, const char *format, ...) {
  char message[1024];
  va_list values;
  va_start(values, format);
  vsnprintf(message, sizeof message, format, values);
  va_end(values);
  struct json j;
  pthread_mutex_lock(&log->lock);
  json_begin(&j, &log->waiting);
  json_open_object(&j, NULL);
  json_text(&j, "time", span_of(moment(log)));
  json_text(&j, "level", span_of("warning"));
  json_text(&j, "message", span_of(message));
  if (reference) json_text(&j, "reference", span_of(reference));
  json_close_object(&j);
  text_add_char(&log->waiting, '\n');
  pthread_cond_signal(&log->wake);
  pthread_mutex_unlock(&log->lock);
}
