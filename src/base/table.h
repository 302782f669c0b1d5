/* A table of rows read from a file: CSV or JSON Lines, plain or packed.
 *
 * CSV is RFC 4180, UTF-8 with or without a byte-order mark, comma, quote `"`, LF or CRLF or bare
 * CR. A header row is required (spaces around its names are left out); columns come in any order;
 * an unknown column is refused by name unless it begins with `x_`; a required column missing or a
 * column twice is refused at the header's line. JSON Lines is an object a line with the same keys;
 * values are strings, numbers (as they are written, less the zeros that end decimals: 12.50 is
 * `12.5`), true, false or null (an empty text); a file whose first character that is not white
 * space is `{` is JSON Lines. An apostrophe before = + - @, a tab or a line end at a CSV field's
 * front is left out, as the writer put it there (text.h: text_add_csv_guarded). A row that is
 * empty (a blank line) is skipped.
 *
 *     static const struct table_column columns[] = {{"code", true}, {"name", true}, {"parent",
 *         false}};
 *     status = table_open(&table, path, columns, 3, &err);
 *     while ((status = table_next(table, &rows, &err)) == DONE && rows) {
 *       for (size_t r = 0; r < rows->count; r++) {
 *         if (rows->fault[r].reason) ...                   the row is broken: reason and column
 *         struct span code = table_field(rows, r, 0);      borrowed from rows; empty when absent
 *       }
 *       table_rows_free(rows);
 *     }
 *     table_close(table);
 *
 * A block of rows is independent: another thread may work on it while the next is read. What is
 * wrong with one row (too few or too many fields, NUL, invalid UTF-8, a field over the limit, an
 * unclosed quote, not a JSON object, a duplicate key, an unknown key) is a fault of that row, so
 * that a partial import can go on; what is wrong with the file (no header, empty, damaged packing)
 * ends the reading with REFUSED and FILE:LINE. So does a row of more than LIMIT_RECORD_BYTES, most
 * often a quote that is not closed. The field that a fault names is empty, since its bytes may be
 * what is wrong; the text of the whole row is in its record, so that no line of a file is lost.
 *
 * A block has some 4,096 rows or 512 KiB. On one core 11 M rows/s of 53 bytes, 0.6 GB/s, SHA-256
 * included; JSON Lines 4 M rows/s.
 */
#ifndef WEAL_BASE_TABLE_H
#define WEAL_BASE_TABLE_H

#include "base/arena.h"
#include "base/input.h"
#include "base/text.h"

struct table;

struct table_column {
  const char *name;
  bool required; /* the column must be in the header (JSON: the key in each row) */
};

/* What of a row is more than a line of fields: of a row that is broken, or that reaches over
 * several lines. */
struct table_record {
  struct span text;   /* of a broken row: the bytes as they came, without the line end */
  uint64_t last_line; /* the line that it ends on */
};

struct table_fault {
  const char *reason; /* null when the row is sound; borrowed from the block */
  const char *column; /* null when no one column is at fault */
  /* which row of the table of refusals `reason` is, and its arguments */
  const struct refusal *refusal;
  /* null for a sound row of one line; borrowed from the block */
  const struct table_record *record;
};

struct table_piece {
  uint32_t at, size;
}; /* into `bytes` */

struct table_rows {
  size_t count; /* rows in this block */
  int columns;
  /* index, from 0, of the block's first row among all rows of the file */
  uint64_t first_row;
  uint64_t *line; /* the line each row begins on; the header is line 1 */
  struct table_fault *fault;
  struct table_piece *piece; /* count x columns, in the order of the columns asked for */
  char *bytes;               /* what the pieces point into */
};

static inline struct span table_field(const struct table_rows *rows, size_t row, int column) {
  struct table_piece p = rows->piece[row * (size_t)rows->columns + (size_t)column];
  return (struct span){rows->bytes + p.at, p.size};
}

/* How many lines of the file the row takes. */
static inline uint64_t table_row_lines(const struct table_rows *rows, size_t row) {
  const struct table_record *record = rows->fault[row].record;
  return record ? record->last_line - rows->line[row] + 1 : 1;
}
/* The text of a broken row; empty for a sound one. */
static inline struct span table_row_text(const struct table_rows *rows, size_t row) {
  const struct table_record *record = rows->fault[row].record;
  return record ? record->text : (struct span){NULL, 0};
}

enum status table_open(struct table **out, const char *path, const struct table_column *columns,
                       int count, struct error *err) MUST_USE;
/* The same of a plain file only (input_open_plain). */
enum status table_open_plain(struct table **out, const char *path,
                             const struct table_column *columns, int count,
                             struct error *err) MUST_USE;
/* The next block, owned by the caller; null at the end. */
enum status table_next(struct table *table, struct table_rows **out, struct error *err) MUST_USE;
void table_rows_free(struct table_rows *rows); /* takes null */
/* the header names it (CSV); always true for JSON Lines */
bool table_has_column(const struct table *table, int column);
/* JSON Lines: a key that a row lacks is a piece {0, 0}; a key with an empty value has another
 * offset (except for the first value of a block). */
bool table_is_json(const struct table *table);
/* for its digest at the end and its position for progress; borrowed */
struct input *table_input(struct table *table);
void table_close(struct table *table); /* takes null */

/* Published files whose header is not row 1, or whose columns are not ours: every record as raw
 * fields. A quoted field is unquoted; nothing is checked but the quoting (a quote within an
 * unquoted field is text), blank lines are passed over, and bytes that are no UTF-8 are read as
 * Windows-1252, a NUL as a space. `fields` and what it points into are valid until the next call.
 * *count is -1 at the end. *line is the line on which the record begins. */
struct table_raw;
enum status table_raw_open(struct table_raw **out, const char *path, struct error *err) MUST_USE;
/* The same of a plain file only (input_open_plain). */
enum status table_raw_open_plain(struct table_raw **out, const char *path,
                                 struct error *err) MUST_USE;
enum status table_raw_next(struct table_raw *raw, struct span **fields, int *count, uint64_t *line,
                           struct error *err) MUST_USE;
/* fields so far that were read as Windows-1252 */
uint64_t table_raw_converted_count(const struct table_raw *raw);
struct input *table_raw_input(struct table_raw *raw);
void table_raw_close(struct table_raw *raw);

#endif
