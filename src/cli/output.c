/* The program's output: results on standard output, messages on standard error. */
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Writes standard output with write(2), not through stdio, so that a failure is not found only when
 * the program has ended. */
static enum status write_all(struct output *output, const char *bytes, size_t size) {
  if (output->failed) return FAILED;
  while (size > 0 && !output->reader_gone) {
    ssize_t n = write(output->fd, bytes, size);
    if (n >= 0) {
      bytes += n;
      size -= (size_t)n;
    } else if (errno == EPIPE) output->reader_gone = true;
    else if (errno != EINTR) {
      output->failed = true;
      return error_errno(&output->error, "standard output could not be written");
    }
  }
  return DONE;
}

enum status output_flush(struct call *call, struct error *err) {
  enum status status = write_all(&call->output, call->out.bytes, call->out.size);
  text_clear(&call->out);
  if (status != DONE && err) *err = call->output.error;
  return status;
}

enum status output_stream(void *context, struct text *out) {
  struct call *call = context;
  enum status status = write_all(&call->output, out->bytes, out->size);
  text_clear(out);
  return status == DONE && call->output.reader_gone ? REFUSED : status;
}

enum status output_stream_end(struct call *call, enum status status, struct error *err) {
  if (status == DONE || !(call->output.reader_gone || call->output.failed)) return status;
  *err = call->output.error;
  return call->output.failed ? FAILED : DONE;
}

static int output_width_columns(void) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
    return size.ws_col > 120 ? 120 : size.ws_col;
  return 80;
}

void output_document(struct call *call, const struct document *document) {
  struct document_options options = {.csv_header = true, .width_columns = output_width_columns()};
  document_render(document, call_format(call), &options, &call->out);
  if (call_format(call) == FORMAT_PDF) return; /* binary: add nothing */
  if (call->out.size && call->out.bytes[call->out.size - 1] != '\n')
    text_add_char(&call->out, '\n');
}

static void write_message(const char *format, va_list args) {
  char line[ERROR_MESSAGE_SIZE + ERROR_WHERE_SIZE + ERROR_COLUMN_SIZE + 64];
  vsnprintf(line, sizeof line, format, args);
  fprintf(stderr, "weal: %s\n", line);
}

void output_message(const char *format, ...) {
  va_list args;
  va_start(args, format);
  write_message(format, args);
  va_end(args);
}

void output_note(const struct call *call, const char *format, ...) {
  if (call->quiet) return;
  va_list args;
  va_start(args, format);
  write_message(format, args);
  va_end(args);
}

void output_error(const struct error *err) {
  if (!err->message[0]) return;
  char line[ERROR_MESSAGE_SIZE + ERROR_WHERE_SIZE + ERROR_COLUMN_SIZE + 64];
  error_format(err, line, sizeof line);
  output_message("%s", line);
}
