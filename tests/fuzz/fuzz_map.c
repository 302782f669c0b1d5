#include "fuzz/map_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  model_run(bytes, size);
  return 0;
}
