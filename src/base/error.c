/* Errors are text for a terminal: bytes that could control the terminal (escapes, bidirectional
 * overrides) never reach it. */
#include "base/status.h"
#include "base/utf8.h"
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Adds `from` at `at` so that it fits `size` with its zero: whole characters only, unprintable ones
 * as '?'. Returns where it ends. */
static size_t add_printable(char *to, size_t size, size_t at, const char *from, size_t left) {
  while (left) {
    if ((unsigned char)*from >= 0x20 && (unsigned char)*from < 0x7f) {
      if (at + 1 >= size) break;
      to[at++] = *from++;
      left--;
      continue;
    }
    uint32_t c;
    size_t n = utf8_decode(from, left, &c);
    bool good = n && utf8_is_printable(c);
    size_t width = n ? n : 1, put = good ? width : 1;
    if (at + put >= size) break;
    if (good) memcpy(to + at, from, width);
    else to[at] = '?';
    at += put;
    from += width;
    left -= width;
  }
  to[at] = 0;
  return at;
}

static void copy_printable(char *to, size_t size, const char *from) {
  (void)add_printable(to, size, 0, from, strlen(from));
}

size_t error_printable(char message[ERROR_MESSAGE_SIZE], size_t at, const char *bytes,
                       size_t size) {
  return add_printable(message, ERROR_MESSAGE_SIZE, at, bytes, size);
}

enum status error_set(struct error *err, enum status code, const char *format, ...) {
  if (!err) return code;
  char buffer[ERROR_MESSAGE_SIZE * 2];
  va_list args;
  va_start(args, format);
  vsnprintf(buffer, sizeof buffer, format, args);
  va_end(args);
  *err = (struct error){.code = code};
  copy_printable(err->message, sizeof err->message, buffer);
  return code;
}

enum status error_at(struct error *err, const char *file, uint64_t line, const char *column) {
  if (!err) return FAILED; /* nobody asked for the error: return the graver status */
  assert(err->code != DONE && "a place belongs to a failure");
  if (file && !err->file[0]) {
    size_t size = strlen(file);
    char tail[ERROR_WHERE_SIZE];
    if (size >= sizeof err->file) { /* the end of a long path says more than its beginning */
      snprintf(tail, sizeof tail, "...%s", file + size - (sizeof tail - 4));
      file = tail;
    }
    copy_printable(err->file, sizeof err->file, file);
  }
  if (line && !err->line) err->line = line;
  if (column && !err->column[0]) copy_printable(err->column, sizeof err->column, column);
  return err->code;
}

enum status error_while(struct error *err, const char *format, ...) {
  if (!err) return FAILED; /* as in error_at */
  assert(err->code != DONE && "what was being done belongs to a failure");
  char what[ERROR_MESSAGE_SIZE], whole[ERROR_MESSAGE_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  size_t begin = error_printable(whole, 0, "while ", 6);
  begin = error_printable(whole, begin, what, strlen(what));
  begin = error_printable(whole, begin, ": ", 2);
  size_t end = error_printable(whole, begin, err->message, strlen(err->message));
  memcpy(err->message, whole, end + 1);
  for (int i = 0; i < err->refusal.argument_count; i++) { /* they stand further on now */
    size_t from = begin + err->refusal.argument[i].at, to = from + err->refusal.argument[i].size;
    err->refusal.argument[i].at = (uint16_t)(from < end ? from : end);
    err->refusal.argument[i].size = (uint16_t)((to < end ? to : end) - (from < end ? from : end));
  }
  return err->code;
}

enum status error_errno(struct error *err, const char *format, ...) {
  int number = errno;
  if (!err) return FAILED;
  char buffer[ERROR_MESSAGE_SIZE], reason[128];
  va_list args;
  va_start(args, format);
  vsnprintf(buffer, sizeof buffer, format, args);
  va_end(args);
  return error_set(err, FAILED, "%s: %s", buffer, strerror_r(number, reason, sizeof reason));
}

void error_format(const struct error *err, char *out, uint64_t size) {
  if (!size) return;
  char line[32] = "", whole[ERROR_WHERE_SIZE + ERROR_COLUMN_SIZE + ERROR_MESSAGE_SIZE + 64];
  if (err->line)
    snprintf(line, sizeof line, err->file[0] ? ":%llu" : "line %llu",
             (unsigned long long)err->line);
  snprintf(whole, sizeof whole, "%s%s%s%s%s%s", err->file, line,
           err->file[0] || line[0] ? ": " : "", err->column, err->column[0] ? ": " : "",
           err->message);
  copy_printable(out, size, whole);
}
