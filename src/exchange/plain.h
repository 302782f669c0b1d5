/* A published file as plain CSV, whatever form it came in: UTF-16, columns divided by tabs,
 * semicolons or bars, an XLSX or ODS workbook. What is plain already is left as it is.
 *
 *     struct plain plain;
 *     status = plain_open(&plain, path, most, arena, &err);
 *     for (int i = 0; i < plain.count; i++)
 *       table_raw_open(&raw, plain.parts[i].path, &err);        a line of it is a row of the sheet
 *     plain_close(&plain);
 *
 * Each part is a temporary file without a name. A line end within a cell becomes a space, so that
 * lines count rows. plain.count is 0 where the file is plain; plain.digest is of the bytes as they
 * came.
 *
 * Of a workbook: days come as 2024-05-31, by the workbook's own epoch (1900 or 1904); numbers with
 * the 15 digits that a spreadsheet shows; a formula without its value as `=` and its text, which is
 * no amount; a text in merged cells stands in each of them, an amount in the first only. REFUSED: a
 * web page under another name, a zip that is no workbook, one that unpacks too far (limits of
 * base/limits.h), XML with a document type (entities), a cell beyond LIMIT_FIELD_BYTES.
 */
#ifndef WEAL_EXCHANGE_PLAIN_H
#define WEAL_EXCHANGE_PLAIN_H

#include "base/arena.h"
#include "base/input.h"

struct plain_part {
  const char *path;
  int fd;
  const char *sheet; /* null: it is the whole file */
  bool hidden;       /* the sheet is not shown */
};

struct plain {
  struct plain_part *parts; /* of the arena */
  int count;
  struct digest digest;
};

/* `unpacked_most`: bytes that a packed file may unpack to; 0: base/limits.h only. */
enum status plain_open(struct plain *out, const char *path, uint64_t unpacked_most,
                       struct arena *arena, struct error *err) MUST_USE;
void plain_close(struct plain *plain);

#endif
