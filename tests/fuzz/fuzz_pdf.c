#include "document/document.h"
#include "fuzz/fuzz.h"

/* Reads the bytes as a PDF; and once more with the correct ID for its first bytes, since no fuzzer
 * guesses a SHA-256. */
static void read_back(struct text *pdf) {
  struct span attachment = {0}, again;
  struct digest digest, same;
  struct error err = {0};
  if (document_pdf_digest(span_make(pdf->bytes, pdf->size), &attachment, &digest, &err) != DONE) {
    HOLD(err.code == REFUSED && err.message[0] && !attachment.bytes);
    return;
  }
  HOLD(attachment.bytes > pdf->bytes &&
       attachment.bytes + attachment.size < pdf->bytes + pdf->size);
  /* Replacing the attachment does not change the digest, and putting the old one back gives the
   * same file. */
  struct text copy = {0}, old = {0};
  text_add_span(&old, attachment);
  text_add_bytes(&copy, pdf->bytes, pdf->size);
  document_pdf_attach(&copy, span_of("another \n%%EOF\n"));
  HOLD(document_pdf_digest(span_make(copy.bytes, copy.size), &again, &same, &err) == DONE &&
       span_is(again, "another \n%%EOF\n"));
  HOLD(memcmp(&digest, &same, sizeof same) == 0);
  document_pdf_attach(&copy, span_make(old.bytes, old.size));
  HOLD(span_equal(span_make(copy.bytes, copy.size), span_make(pdf->bytes, pdf->size)));
  text_release(&copy);
  text_release(&old);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct text pdf = {0}, id = {0};
  text_add_bytes(&pdf, (const char *)bytes, size);
  read_back(&pdf);
  const char *row = size ? memmem(pdf.bytes, pdf.size, "/Type/XRef", 10) : NULL,
             *ids = size ? memmem(pdf.bytes, pdf.size, "/ID[<", 5) : NULL;
  if (row && ids && (size_t)(pdf.bytes + pdf.size - ids) > 5 + 64 + 2 + 64) {
    const char *begins = row;
    while (begins > pdf.bytes && begins[-1] != '\n') begins--; /* `<<` */
    if (begins > pdf.bytes) begins--;
    while (begins > pdf.bytes && begins[-1] != '\n') begins--; /* `7 0 obj` */
    struct hasher *hasher = hasher_new();
    struct digest digest;
    hasher_begin(hasher);
    hasher_add(hasher, pdf.bytes, (size_t)(begins - pdf.bytes));
    hasher_end(hasher, &digest);
    hasher_free(hasher);
    text_add_hex(&id, digest.bytes, sizeof digest.bytes);
    size_t at = (size_t)(ids - pdf.bytes) + 5;
    memcpy(pdf.bytes + at, id.bytes, 64);
    memcpy(pdf.bytes + at + 66, id.bytes, 64);
    read_back(&pdf);
  }
  text_release(&pdf);
  text_release(&id);
  return 0;
}
