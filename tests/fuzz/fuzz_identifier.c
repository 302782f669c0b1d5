#include "fuzz/fuzz.h"
#include "register/identifier.h"

/* What is read in its canonical form is read again as the same. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct span text = span_make((const char *)bytes, size);
  struct error err = {0};
  struct identifier first, again;
  if (identifier_parse(text, &first, &err) != DONE) {
    HOLD(err.code == REFUSED && err.message[0]);
    return 0;
  }
  struct text t = {0};
  text_addf(&t, "%s:%s", first.scheme, first.value);
  HOLD(utf8_valid(t.bytes, t.size));
  HOLD(identifier_parse(span_make(t.bytes, t.size), &again, &err) == DONE);
  HOLD(strcmp(first.scheme, again.scheme) == 0 && strcmp(first.value, again.value) == 0);
  text_release(&t);
  return 0;
}
