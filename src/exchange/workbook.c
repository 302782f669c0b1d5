#include "exchange/workbook.h"

#include "base/day.h"
#include "base/limits.h"
#include "base/refusal.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- one part ---- */

/* Counts what is really unpacked: a zip may say another size. */
static int read_part(void *context, char *bytes, int size) {
  struct workbook_xml *xml = context;
  zip_int64_t n = zip_fread(xml->file, bytes, (zip_uint64_t)size);
  if (n < 0) return -1;
  xml->bytes += (uint64_t)n;
  xml->book->unpacked += (uint64_t)n;
  const bool swollen = xml->bytes > LIMIT_UNPACK_FREE_BYTES &&
                       xml->bytes / LIMIT_UNPACK_TIMES > xml->packed;
  xml->too_large |= swollen || xml->book->unpacked > xml->book->most;
  return xml->too_large ? -1 : (int)n;
}

static int close_part(void *context) {
  (void)context;
  return 0;
}

static enum status refuse_book(const struct workbook *book, enum refusal_code code,
                               struct error *err) {
  refuse_code(err, code);
  return error_at(err, book->path, 0, NULL);
}

/* What is wrong is said by our own sentences. */
static void keep_silent(void *context, const char *message, xmlParserSeverities severity,
                        xmlTextReaderLocatorPtr where) {
  (void)context;
  (void)message;
  (void)severity;
  (void)where;
}

enum status workbook_xml_open(struct workbook_xml *out, struct workbook *book, const char *name,
                              struct error *err) {
  zip_stat_t info;
  *out = (struct workbook_xml){.book = book};
  if (zip_stat(book->zip, name, 0, &info) != 0) return DONE;
  out->packed = info.valid & ZIP_STAT_COMP_SIZE ? info.comp_size : 0;
  out->file = zip_fopen(book->zip, name, 0);
  if (!out->file) return refuse_book(book, REFUSAL_WORKBOOK_DAMAGED, err);
  out->reader = xmlReaderForIO(read_part, close_part, out, NULL, NULL,
                               XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_NOERROR |
                                   XML_PARSE_NOWARNING);
  if (!out->reader) return refuse_book(book, REFUSAL_WORKBOOK_DAMAGED, err);
  xmlTextReaderSetErrorHandler(out->reader, keep_silent, NULL);
  return DONE;
}

enum status workbook_xml_next(struct workbook_xml *xml, bool *some, struct error *err) {
  const int result = xmlTextReaderRead(xml->reader);
  *some = result == 1;
  if (xml->too_large) return refuse_book(xml->book, REFUSAL_WORKBOOK_TOO_LARGE, err);
  if (result < 0) return refuse_book(xml->book, REFUSAL_WORKBOOK_DAMAGED, err);
  const int type = xml->type = result == 1 ? xmlTextReaderNodeType(xml->reader) : 0;
  const bool element = type == XML_READER_TYPE_ELEMENT || type == XML_READER_TYPE_END_ELEMENT;
  xml->name = element ? (const char *)xmlTextReaderConstLocalName(xml->reader) : NULL;
  if (type == XML_READER_TYPE_DOCUMENT_TYPE || type == XML_READER_TYPE_ENTITY_REFERENCE)
    return refuse_book(xml->book, REFUSAL_WORKBOOK_ENTITIES, err);
  return DONE;
}

void workbook_xml_close(struct workbook_xml *xml) {
  if (xml->reader) xmlFreeTextReader(xml->reader);
  if (xml->file) zip_fclose(xml->file);
  *xml = (struct workbook_xml){0};
}

enum status workbook_may_hold(struct workbook *book, const char *part, const char *word, bool *may,
                              struct error *err) {
  enum { PART = 64 << 10 };
  zip_stat_t info;
  struct workbook_xml xml = {.book = book};
  const size_t kept = strlen(word) - 1; /* of the bytes before: the word may begin in them */
  size_t before = 0;
  int size;
  *may = false;
  if (zip_stat(book->zip, part, 0, &info) != 0) return DONE;
  xml.packed = info.valid & ZIP_STAT_COMP_SIZE ? info.comp_size : 0;
  xml.file = zip_fopen(book->zip, part, 0);
  if (!xml.file) return refuse_book(book, REFUSAL_WORKBOOK_DAMAGED, err);
  char *bytes = memory_alloc(kept + PART);
  while (!*may && (size = read_part(&xml, bytes + before, PART)) > 0) {
    const size_t whole = before + (size_t)size;
    const bool first = xml.bytes == (uint64_t)size;
    *may = memmem(bytes, whole, word, kept + 1) || (first && memchr(bytes, 0, whole));
    before = whole < kept ? whole : kept;
    memmove(bytes, bytes + whole - before, before);
  }
  free(bytes);
  zip_fclose(xml.file);
  book->unpacked -= xml.bytes < book->unpacked ? xml.bytes : 0; /* it is read again */
  return xml.too_large ? refuse_book(book, REFUSAL_WORKBOOK_TOO_LARGE, err) : DONE;
}

static bool is_node(const struct workbook_xml *xml, int type, const char *name) {
  return xml->type == type && xml->name && strcmp(xml->name, name) == 0;
}

bool workbook_begins(const struct workbook_xml *xml, const char *name) {
  return is_node(xml, XML_READER_TYPE_ELEMENT, name);
}
bool workbook_ends(const struct workbook_xml *xml, const char *name) {
  return is_node(xml, XML_READER_TYPE_END_ELEMENT, name);
}

const char *workbook_attribute(const struct workbook_xml *xml, const char *name,
                               struct arena *arena) {
  const char *found = NULL;
  xmlTextReaderPtr r = xml->reader;
  for (int more = xmlTextReaderMoveToFirstAttribute(r); more == 1 && !found;
       more = xmlTextReaderMoveToNextAttribute(r)) {
    const xmlChar *own = xmlTextReaderConstLocalName(r), *value = xmlTextReaderConstValue(r);
    if (own && value && strcmp((const char *)own, name) == 0)
      found = arena_string(arena, (const char *)value);
  }
  xmlTextReaderMoveToElement(r);
  return found;
}

/* ---- sheets ---- */

static enum status add_sheet(struct workbook *book, const char *name, bool hidden, int fd,
                             struct error *err) {
  struct plain *out = book->out;
  if (out->count == SHEETS_MAX) {
    close(fd);
    refuse(err, WORKBOOK_SHEETS, SHEETS_MAX);
    return error_at(err, book->path, 0, NULL);
  }
  if (!out->parts) out->parts = arena_array(book->arena, struct plain_part, SHEETS_MAX);
  out->parts[out->count++] =
      (struct plain_part){.path = arena_printf(book->arena, "/proc/self/fd/%d", fd),
                          .fd = fd,
                          .sheet = arena_string(book->arena, name ? name : ""),
                          .hidden = hidden};
  return DONE;
}

enum status workbook_row(const struct workbook *book, struct sheet_out *out, uint64_t row,
                         struct error *err) {
  enum status status = sheet_row(out, row, err);
  const uint64_t written = book->written + out->written;
  const bool swollen = written > LIMIT_UNPACK_FREE_BYTES &&
                       written / LIMIT_WRITTEN_TIMES > book->unpacked;
  if (status == DONE && (swollen || written > book->most))
    return refuse_code(err, REFUSAL_WORKBOOK_TOO_LARGE);
  return status;
}

enum status workbook_sheet_end(struct workbook *book, struct sheet_out *out, const char *name,
                               bool hidden, enum status status, struct error *err) {
  if (status == DONE) status = sheet_end(out, err);
  book->written += out->written;
  sheet_free(out);
  if (status == DONE) return add_sheet(book, name, hidden, out->fd, err);
  close(out->fd);
  return status == REFUSED ? error_at(err, book->path, 0, NULL) : status;
}

enum status workbook_refuse_cell(const struct workbook *book, const char *sheet, uint64_t row,
                                 struct error *err) {
  refuse(err, WORKBOOK_CELL, sheet ? sheet : "", (unsigned long long)row, LIMIT_FIELD_BYTES);
  return error_at(err, book->path, 0, NULL);
}

bool workbook_day(double serial, bool epoch_1904, char out[16]) {
  enum { ZERO_1900 = -25569, ZERO_1904 = -24107, DAYS_MOST = 200000 };
  if (!(serial >= 1 && serial < DAYS_MOST)) return false;
  /* 1900 was a leap year for the first spreadsheets: before March, a day less */
  int days = (int)serial + (!epoch_1904 && serial < 60 ? 1 : 0);
  day_write((day_t)((epoch_1904 ? ZERO_1904 : ZERO_1900) + days), out);
  return true;
}

enum status workbook_read(int fd, const char *path, uint64_t most, struct arena *arena,
                          struct plain *out, struct error *err) {
  struct workbook book = {.path = path, .most = most, .arena = arena, .out = out};
  int why = 0, own = dup(fd);
  book.zip = own >= 0 ? zip_fdopen(own, 0, &why) : NULL;
  if (!book.zip) {
    if (own >= 0) close(own);
    return refuse_book(&book, REFUSAL_WORKBOOK_DAMAGED, err);
  }
  enum status status;
  if (zip_name_locate(book.zip, "xl/workbook.xml", 0) >= 0) status = xlsx_read(&book, err);
  else if (zip_name_locate(book.zip, "content.xml", 0) >= 0) status = ods_read(&book, err);
  else status = refuse_book(&book, REFUSAL_WORKBOOK_NONE, err);
  zip_discard(book.zip);
  if (status == DONE && !out->count) status = refuse_book(&book, REFUSAL_WORKBOOK_NONE, err);
  return status;
}
