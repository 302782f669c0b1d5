/* clang -fsanitize=fuzzer,address,undefined: whatever the bytes, an identifier is canonical when it is taken, and taken again as it is. */
#include "register/identifier.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct identifier first, second;
  struct error err = {0};
  if (identifier_parse(span_make((const char *)bytes, size), &first, &err) != DONE) {
    if (!err.message[0]) __builtin_trap();
    return 0;
  }
  char again[sizeof first.scheme + sizeof first.value + 1];
  int length = snprintf(again, sizeof again, "%s:%s", first.scheme, first.value);
  if (identifier_parse(span_make(again, (size_t)length), &second, &err) != DONE) __builtin_trap();
  if (strcmp(first.scheme, second.scheme) != 0 || strcmp(first.value, second.value) != 0) __builtin_trap();
  return 0;
}
