#include "fuzz/table.h"

/* The first byte is set to `{`, which marks JSON Lines. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  uint8_t *copy = malloc(size + 1);
  HOLD(copy);
  copy[0] = '{';
  if (size)
    memcpy(copy + 1, bytes[0] == '{' ? bytes + 1 : bytes, bytes[0] == '{' ? size - 1 : size);
  fuzz_table(fuzz_file(copy, size && bytes[0] == '{' ? size : size + 1));
  free(copy);
  return 0;
}
