/* Rows of a sheet, written as CSV to a file without a name. Private to plain.c and the readers of
 * workbooks. What repeats, is merged or is shared in a workbook takes a few bytes there and many
 * here: readers look at `written` (workbook_row). */
#ifndef WEAL_EXCHANGE_SHEET_OUT_H
#define WEAL_EXCHANGE_SHEET_OUT_H

#include "base/limits.h"
#include "base/text.h"

enum { SHEET_ROWS_MAX = 1 << 20, SHEETS_MAX = 256 };

struct sheet_out {
  int fd;
  uint64_t written; /* bytes of rows so far */
  uint64_t row;     /* the last one written; the first is 1 */
  int columns;      /* cells of the current row so far */
  struct text line, buffer;
};

enum status sheet_begin(struct sheet_out *s, struct error *err) MUST_USE;
/* Adds a cell to the current row; empty cells before it when it stands further right. REFUSED
 * beyond LIMIT_FILE_COLUMNS, unless it is empty; where the row has a cell there or further right
 * already; when the row has more than LIMIT_RECORD_BYTES. */
enum status sheet_cell(struct sheet_out *s, int column, struct span text,
                       struct error *err) MUST_USE;
/* Ends the row, which is number `row` of the sheet; rows that were passed over are empty lines.
 * REFUSED beyond SHEET_ROWS_MAX, and where a row of that number or a later one is written. */
enum status sheet_row(struct sheet_out *s, uint64_t row, struct error *err) MUST_USE;
enum status sheet_end(struct sheet_out *s, struct error *err) MUST_USE;
void sheet_free(struct sheet_out *s); /* but for the file */

#endif
