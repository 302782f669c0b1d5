/* Reads a PDF of ours back, strictly in the layout of pdf_file.c: finds the attachment and computes
 * the digest of everything around it. The place of the attachment follows from the file's end
 * alone: startxref names the cross-reference stream, the attachment begins where that ends, and the
 * file ends where the attachment ends. So no two files have the same bytes outside and the same
 * bytes inside the attachment. */
#include "base/refusal.h"
#include "document/document.h"
#include "document/pdf_file.h"

#include "base/hash.h"

#include <assert.h>

struct cursor {
  const char *at, *end;
};

static bool word(struct cursor *c, const char *text) {
  size_t size = strlen(text);
  if ((size_t)(c->end - c->at) < size || memcmp(c->at, text, size) != 0) return false;
  c->at += size;
  return true;
}

/* Reads a number without sign; leading zeros are allowed only where `digits` gives the number of
 * digits. */
static bool count(struct cursor *c, int digits, uint64_t *n) {
  const char *start = c->at;
  *n = 0;
  while (c->at < c->end && *c->at >= '0' && *c->at <= '9' && c->at - start < PDF_LENGTH_DIGITS)
    *n = *n * 10 + (uint64_t)(*c->at++ - '0');
  ptrdiff_t size = c->at - start;
  return digits ? size == digits : size > 0 && (size == 1 || *start != '0');
}

static bool skip(struct cursor *c, uint64_t size) {
  if ((uint64_t)(c->end - c->at) < size) return false;
  c->at += size;
  return true;
}

/* Where the last line's number says the cross-reference stream begins, and where that line
 * begins. */
static enum status end_read(struct span pdf, uint64_t *references, uint64_t *end,
                            struct error *err) {
  size_t foot = strlen(PDF_END_FOOT), digits = 0, begin = strlen(PDF_END_BEGIN);
  if (pdf.size < foot || memcmp(pdf.bytes + pdf.size - foot, PDF_END_FOOT, foot) != 0)
    return refuse(err, PDF_CUT_SHORT);
  size_t at = pdf.size - foot;
  while (at > 0 && digits <= PDF_LENGTH_DIGITS && pdf.bytes[at - 1] >= '0' &&
         pdf.bytes[at - 1] <= '9')
    at--, digits++;
  struct cursor c = {pdf.bytes + at, pdf.bytes + pdf.size};
  if (at < begin || memcmp(pdf.bytes + at - begin, PDF_END_BEGIN, begin) != 0 ||
      !count(&c, 0, references) || !word(&c, PDF_END_FOOT) || c.at != c.end)
    return refuse(err, PDF_END_WITHOUT_REFERENCES);
  *end = at - begin;
  return *references < *end ? DONE : refuse(err, PDF_REFERENCES_PAST_END);
}

static uint64_t big_endian(const char *bytes, int size) {
  uint64_t n = 0;
  for (int i = 0; i < size; i++) n = n << 8 | (uint8_t)bytes[i];
  return n;
}

/* Only the attachment (the last object but one) and the cross-reference stream (the last) are at or
 * after `references`. */
static bool rows_hold(const char *rows, uint64_t size, uint64_t references, uint64_t attachment) {
  for (uint64_t i = 0; i < size; i++, rows += 8) {
    uint64_t kind = big_endian(rows, 1), at = big_endian(rows + 1, 4),
             third = big_endian(rows + 5, 3);
    if (i == size - 1   ? kind != 1 || at != references || third
        : i == size - 2 ? kind != 1 || at != attachment || third
        : kind == 1     ? at >= references || third
        : i             ? kind != 2
                        : kind != 0)
      return false;
  }
  return true;
}

/* Reads the cross-reference stream at c; *objects is the number of objects, *rows where their rows
 * are. */
static bool references_read(struct cursor *c, const char *id, uint64_t *objects,
                            const char **rows) {
  uint64_t own, length, n;
  if (!count(c, 0, &own) || !word(c, " 0 obj\n<</Type/XRef/Length ") ||
      !count(c, PDF_LENGTH_DIGITS, &length) || !word(c, "/Size ") || !count(c, 0, objects))
    return false;
  if (!word(c, "/W[1 4 3]/Root ") || !count(c, 0, &n) || !word(c, " 0 R/Info ") ||
      !count(c, 0, &n) || !word(c, " 0 R/ID[<"))
    return false;
  if (!word(c, id) || !word(c, "><") || !word(c, id) || !word(c, ">]>>\nstream\n")) return false;
  *rows = c->at;
  return *objects >= 3 && own == *objects - 1 && length == *objects * 8 && skip(c, length) &&
         word(c, PDF_ATTACHMENT_FOOT);
}

static bool holds(const char *from, const char *to, const char *needle) {
  return memmem(from, (size_t)(to - from), needle, strlen(needle)) != NULL;
}

/* Finds the ten digits and the bytes. */
static enum status attachment_find(struct span pdf, const char **digits, struct span *attachment,
                                   struct error *err) {
  uint64_t references = 0, end = 0, objects, number, length;
  const char *rows;
  struct cursor c = {pdf.bytes, pdf.bytes + pdf.size};
  if (!word(&c, PDF_HEAD)) return refuse(err, PDF_OF_ANOTHER);
  if (end_read(pdf, &references, &end, err) != DONE) return REFUSED;
  const char *first = pdf.bytes + references, *last = pdf.bytes + end;
  /* No text that a document shows can contain these: it has no line ends, and uncompressed text has
   * `<` escaped. */
  if (holds(pdf.bytes, first, "\n%%EOF") || holds(pdf.bytes, first, "\nstartxref"))
    return refuse(err, PDF_ENDS_TWICE);
  if (holds(pdf.bytes, first, "<</Type/EmbeddedFile")) return refuse(err, PDF_SECOND_ATTACHMENT);
  struct digest digest;
  struct hasher *hasher = hasher_new();
  hasher_begin(hasher);
  hasher_add(hasher, pdf.bytes, references);
  hasher_end(hasher, &digest);
  hasher_free(hasher);
  struct text id = {0};
  text_add_hex(&id, digest.bytes, sizeof digest.bytes);
  c = (struct cursor){first, last};
  bool read = references_read(&c, id.bytes, &objects, &rows);
  text_release(&id);
  if (!read) return refuse(err, PDF_REFERENCES_CHANGED);
  if (c.at == last) return refuse(err, PDF_WITHOUT_STATEMENT);
  const char *begins = c.at;
  if (!count(&c, 0, &number) || number != objects - 2 || !word(&c, PDF_ATTACHMENT_TYPE))
    return refuse(err, PDF_SOMETHING_BEHIND);
  *digits = c.at;
  if (!count(&c, PDF_LENGTH_DIGITS, &length) || !word(&c, PDF_ATTACHMENT_BEGIN))
    return refuse(err, PDF_LENGTH_CHANGED);
  *attachment = span_make(c.at, length);
  if (!skip(&c, length) || !word(&c, PDF_ATTACHMENT_FOOT) || c.at != last)
    return refuse(err, PDF_LENGTH_WRONG);
  if (!rows_hold(rows, objects, references, (uint64_t)(begins - pdf.bytes)))
    return refuse(err, PDF_REFERENCES_ELSEWHERE);
  return DONE;
}

enum status document_pdf_digest(struct span pdf, struct span *attachment, struct digest *out,
                                struct error *err) {
  const char *digits;
  struct span found;
  if (attachment_find(pdf, &digits, &found, err) != DONE) return REFUSED;
  struct hasher *hasher = hasher_new();
  const char *after = digits + PDF_LENGTH_DIGITS, *rest = found.bytes + found.size;
  hasher_begin(hasher);
  hasher_add(hasher, pdf.bytes, (size_t)(digits - pdf.bytes));
  hasher_add(hasher, after, (size_t)(found.bytes - after));
  hasher_add(hasher, rest, (size_t)(pdf.bytes + pdf.size - rest));
  hasher_end(hasher, out);
  hasher_free(hasher);
  *attachment = found;
  return DONE;
}

void document_pdf_attach(struct text *pdf, struct span bytes) {
  const char *digits;
  struct span old;
  enum status status = attachment_find(span_make(pdf->bytes, pdf->size), &digits, &old, NULL);
  assert(status == DONE); /* what document_render made with an attachment */
  (void)status;
  size_t length_at = (size_t)(digits - pdf->bytes), at = (size_t)(old.bytes - pdf->bytes),
         rest = pdf->size - at - old.size;
  char written[PDF_LENGTH_DIGITS + 1];
  snprintf(written, sizeof written, "%0*zu", PDF_LENGTH_DIGITS, bytes.size);
  if (bytes.size > old.size) text_reserve(pdf, bytes.size - old.size);
  memmove(pdf->bytes + at + bytes.size, pdf->bytes + at + old.size, rest);
  if (bytes.size) memcpy(pdf->bytes + at, bytes.bytes, bytes.size);
  memcpy(pdf->bytes + length_at, written, PDF_LENGTH_DIGITS);
  pdf->size = at + bytes.size + rest;
  text_reserve(pdf, 1);
  pdf->bytes[pdf->size] = 0;
}
