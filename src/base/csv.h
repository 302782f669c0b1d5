/* Finds records and fields of CSV in bytes that lie in memory (private to base; others use
 * table.h). RFC 4180 with bare CR as a third line ending. Each record is handed out once it is
 * complete; where the bytes end within a record, the caller brings more and scans again from
 * `record_at`. A quoted field still has its "" until csv_unescape.
 *
 *     csv_begin(&scan, bytes, size, 0, last, line);
 *     while (csv_next(&scan)) use scan.field[0 .. scan.count);
 *     what is left begins at scan.record_at, on scan.line
 *
 * The bytes must be followed by CSV_PADDING bytes that may be read (whatever they hold).
 */
#ifndef WEAL_BASE_CSV_H
#define WEAL_BASE_CSV_H

#include "base/limits.h"
#include "base/table.h"

enum { CSV_PADDING = 64 };

enum csv_fault {
  CSV_SOUND,
  CSV_QUOTE_WITHIN, /* a quote in the middle of a field that does not begin with one */
  CSV_TEXT_AFTER,   /* text between a closing quote and the next comma */
  CSV_UNCLOSED      /* the file ended within quotes */
};

struct csv_scan {
  char *bytes;
  size_t size;
  bool last;        /* no more bytes come: what is left at the end is a record */
  size_t record_at; /* where the next record (or the incomplete one) begins */
  uint64_t line;    /* the line it begins on */

  /* The record found last. */
  struct table_piece field[LIMIT_FILE_COLUMNS];
  uint32_t count; /* fields; those past LIMIT_FILE_COLUMNS are counted and not kept */
  size_t at, end; /* where it begins, and ends without its line end */
  uint64_t begin_line, end_line;
  bool blank; /* no field at all: an empty line */
  /* the first fault of the record; any other replaces CSV_QUOTE_WITHIN */
  enum csv_fault fault;
  uint32_t fault_field;
  uint32_t escaped_count;
  uint16_t escaped[LIMIT_FILE_COLUMNS]; /* fields that hold "" */

  /* The current 64 bytes and their remaining marks: commas, quotes, CR, LF. */
  size_t block;
  uint64_t marks;
};

void csv_begin(struct csv_scan *s, char *bytes, size_t size, size_t at, bool last, uint64_t line);
bool csv_next(struct csv_scan *s);
/* Makes each "" of the record found last a ", in place: its text is then no longer as it came. */
void csv_unescape(struct csv_scan *s);

#endif
