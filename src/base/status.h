/* The result of a call, and the reason of a failure.
 *
 * A function that can fail returns `enum status` and takes a `struct error *` last. On success the
 * error is untouched; on failure it says what failed, then what would be right, and where:
 *
 *     struct error err = {0};
 *     if (day_parse(text, &day, &err) != DONE) return error_at(&err, path, line, "date");
 *
 * The values are the program's exit statuses (docs/reference/exit-status.md), so the command line
 * returns them as they are.
 */
#ifndef WEAL_BASE_STATUS_H
#define WEAL_BASE_STATUS_H

#include <stddef.h>
#include <stdint.h>

enum status {
  DONE = 0,    /* it happened */
  REFUSED = 1, /* the input or the state forbids it; nothing was written */
  USAGE = 2,   /* the call itself was malformed */
  FAILED = 3   /* the store or the machine failed; nothing is half written */
};

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

enum { ERROR_MESSAGE_SIZE = 512, ERROR_WHERE_SIZE = 256, ERROR_COLUMN_SIZE = 64 };
enum { REFUSAL_ARGUMENTS_MAX = 8 };

/* Which row of the table of refusals (base/refusal.h) a message is made of, and where the row's
 * arguments stand in it: with them the sentence can be said in another language. */
struct refusal {
  uint16_t code; /* enum refusal_code; REFUSAL_NONE (0): none of the table */
  uint16_t said; /* the row whose sentence a page says instead; REFUSAL_NONE: the code's own */
  uint16_t argument_count;
  struct {
    uint16_t at, size; /* bytes of the message */
  } argument[REFUSAL_ARGUMENTS_MAX];
};

struct error {
  enum status code;
  struct refusal refusal;           /* where `code` is REFUSED */
  char message[ERROR_MESSAGE_SIZE]; /* what is wrong; what would be right */
  /* as given on the command line; empty when no file is at fault */
  char file[ERROR_WHERE_SIZE];
  /* from 1, the header being line 1; 0 when no line is at fault */
  uint64_t line;
  char column[ERROR_COLUMN_SIZE]; /* the column's name; empty when none */
};

/* Fills `err` and returns `code`, so that a failing function ends in one line. `err` may be null. A
 * message longer than ERROR_MESSAGE_SIZE is cut at a character's border. Bytes that are not
 * printable are shown as '?'. REFUSED comes from refuse() (base/refusal.h). */
enum status error_set(struct error *err, enum status code, const char *format, ...) PRINTF(3, 4);

/* Adds bytes to a message of `at` bytes, as error_set writes them; returns its size. */
size_t error_printable(char message[ERROR_MESSAGE_SIZE], size_t at, const char *bytes, size_t size);

/* Adds where it happened, unless an inner call said so already. Any of the three may be null or 0.
 * Returns err->code, so call it with the `err` of a failure. With `err` null it returns FAILED,
 * whatever the failure was. */
enum status error_at(struct error *err, const char *file, uint64_t line, const char *column);

/* Puts "while ..." in front: `while writing x.csv: no space left on device`. Returns err->code;
 * `err` as for error_at. */
enum status error_while(struct error *err, const char *format, ...) PRINTF(2, 3);

/* FAILED with the text of errno: `<what>: No such file or directory`. */
enum status error_errno(struct error *err, const char *format, ...) PRINTF(2, 3);

/* Writes `FILE:LINE: COLUMN: message` into `out` (at most `size` bytes, always terminated). */
void error_format(const struct error *err, char *out, uint64_t size);

#endif
