/* Files that a unit test makes for itself, in a folder of its own. */
#ifndef WEAL_TEST_SCRATCH_H
#define WEAL_TEST_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char scratch_path[256];

/* The path of a file that holds these bytes; the same file every time. Removed by
 * scratch_remove. */
static inline const char *scratch_bytes(const void *bytes, size_t size) {
  if (!scratch_path[0]) {
    const char *folder = getenv("TMPDIR");
    snprintf(scratch_path, sizeof scratch_path, "%s/weal-test-XXXXXX", folder ? folder : "/tmp");
    int fd = mkstemp(scratch_path);
    if (fd < 0) abort();
    close(fd);
  }
  FILE *f = fopen(scratch_path, "wb");
  if (!f || fwrite(bytes, 1, size, f) != size || fclose(f) != 0) abort();
  return scratch_path;
}

static inline const char *scratch_text(const char *text) {
  return scratch_bytes(text, strlen(text));
}

static inline int scratch_remove(void **state) {
  (void)state;
  if (scratch_path[0]) unlink(scratch_path);
  return 0;
}

#endif
