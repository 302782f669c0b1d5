#include "fuzz/fuzz.h"
#include "http/parse.h"

#include <stdlib.h>

/* An accepted cookie, written again, is part of the bytes that were sent. An accepted Referer
 * begins with our origin. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  static const char *const origins[] = {"http://127.0.0.1:8080", NULL};
  struct arena *arena = arena_new();
  char *text = arena_copy(arena, (const char *)bytes, size), out[SESSION_COOKIE_CHARS + 1];
  uint8_t raw[SESSION_RAW_BYTES];
  if (cookie_session(text, raw)) {
    cookie_write(raw, out);
    HOLD(strstr(text, out));
  }
  if (origin_ours(text, NULL, origins)) HOLD(strcmp(text, origins[0]) == 0);
  if (origin_ours(NULL, text, origins)) HOLD(strncmp(text, origins[0], strlen(origins[0])) == 0);
  arena_free(arena);
  return 0;
}
