/* For every fuzz target: it takes any bytes; nothing may crash or leak, and its assertions must
 * hold (tests/fuzz/README.md). */
#ifndef WEAL_FUZZ_H
#define WEAL_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Unlike assert() it is never compiled away. */
#define HOLD(condition) \
  do { \
    if (!(condition)) { \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
      abort(); \
    } \
  } while (0)

#endif
