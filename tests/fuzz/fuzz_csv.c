#include "fuzz/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  const char *path = fuzz_file(bytes, size);
  fuzz_table(path);
  fuzz_raw(path);
  return 0;
}
