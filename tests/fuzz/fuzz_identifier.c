#include "fuzz/fuzz.h"
#include "register/identifier.h"

/* An accepted identifier is canonical: written out and read again it is the same; the fast reader
 * agrees with the one that explains faults. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct span reference = span_make((const char *)bytes, size);
  struct identifier first, second;
  struct error err = {0};
  enum status status = identifier_parse(NULL, reference, &first, &err);
  HOLD((identifier_read(NULL, reference, &second) == NULL) == (status == DONE));
  if (status != DONE) {
    HOLD(status == REFUSED && err.message[0]);
    return 0;
  }
  char again[sizeof first.scheme + sizeof first.value + 1];
  int length = snprintf(again, sizeof again, "%s:%s", first.scheme, first.value);
  HOLD(length > 0 &&
       identifier_parse(NULL, span_make(again, (size_t)length), &second, &err) == DONE);
  HOLD(strcmp(first.scheme, second.scheme) == 0 && strcmp(first.value, second.value) == 0);
  HOLD(identifier_fault(first.scheme, span_of(first.value)) == NULL);
  return 0;
}
