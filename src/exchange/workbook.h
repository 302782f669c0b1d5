/* Reads XLSX (ECMA-376) and ODS (ISO/IEC 26300) workbooks. Private to plain.c. */
#ifndef WEAL_EXCHANGE_WORKBOOK_H
#define WEAL_EXCHANGE_WORKBOOK_H

#include "exchange/plain.h"
#include "exchange/sheet_out.h"

#include <libxml/xmlreader.h>
#include <zip.h>

/* One open workbook. */
struct workbook {
  zip_t *zip;
  const char *path; /* as given, for errors */
  uint64_t most;    /* bytes that all its parts may unpack to, and all its sheets be written as */
  uint64_t unpacked, written;
  struct arena *arena;
  struct plain *out;
};

/* The zip in `fd`, which stays the caller's. */
enum status workbook_read(int fd, const char *path, uint64_t most, struct arena *arena,
                          struct plain *out, struct error *err) MUST_USE;

/* One XML part of it as a stream of nodes: no network, no entities, no document type. */
struct workbook_xml {
  struct workbook *book;
  zip_file_t *file;
  uint64_t bytes, packed;
  bool too_large;
  xmlTextReaderPtr reader;
  /* of the current node: its type, and an element's name without prefix (else null) */
  int type;
  const char *name;
};
/* *out->reader null: there is no such part. */
enum status workbook_xml_open(struct workbook_xml *out, struct workbook *book, const char *name,
                              struct error *err) MUST_USE;
/* Goes to the next node; *some false at the end. */
enum status workbook_xml_next(struct workbook_xml *xml, bool *some, struct error *err) MUST_USE;
void workbook_xml_close(struct workbook_xml *xml);
/* Whether the part may hold an element whose name has this word: the word stands in its bytes, or
 * they are no UTF-8. Costs a tenth of reading the part as XML. */
enum status workbook_may_hold(struct workbook *book, const char *part, const char *word, bool *may,
                              struct error *err) MUST_USE;
/* Whether the current node begins, or ends, an element of this name, in any namespace. */
bool workbook_begins(const struct workbook_xml *xml, const char *name);
bool workbook_ends(const struct workbook_xml *xml, const char *name);
/* An attribute by its name without prefix, in the arena; null: none. */
const char *workbook_attribute(const struct workbook_xml *xml, const char *name,
                               struct arena *arena);
/* sheet_row, and REFUSED where a cell that is in the workbook once (repeated, merged, shared) is
 * written far more often: beyond `most`, or LIMIT_WRITTEN_TIMES of what was unpacked. */
enum status workbook_row(const struct workbook *book, struct sheet_out *out, uint64_t row,
                         struct error *err) MUST_USE;
/* Ends the file of a sheet: on DONE it is one of the parts, else it is closed. `status`: of its
 * rows. */
enum status workbook_sheet_end(struct workbook *book, struct sheet_out *out, const char *name,
                               bool hidden, enum status status, struct error *err) MUST_USE;
/* A day's number as 2024-05-31; false where it is none. */
bool workbook_day(double serial, bool epoch_1904, char out[16]);
enum status workbook_refuse_cell(const struct workbook *book, const char *sheet, uint64_t row,
                                 struct error *err);

enum status xlsx_read(struct workbook *book, struct error *err) MUST_USE;
enum status ods_read(struct workbook *book, struct error *err) MUST_USE;

#endif
