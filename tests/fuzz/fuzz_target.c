#include "fuzz/fuzz.h"
#include "http/parse.h"

#include <stdlib.h>

/* An accepted path is safe: it begins with a slash, has no empty, `.` or `..` segment, no zero, no
 * backslash, and is UTF-8; and its `asked` text gives the same path again. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct arena *arena = arena_new();
  char *raw = arena_copy(arena, (const char *)bytes, size);
  struct target t, again;
  if (target_read(raw, arena, &t)) {
    HOLD(t.path.size && t.path.bytes[0] == '/' && utf8_valid(t.path.bytes, t.path.size));
    HOLD(!memmem(t.path.bytes, t.path.size, "//", 2) &&
         !memmem(t.path.bytes, t.path.size, "/../", 4) &&
         !memmem(t.path.bytes, t.path.size, "/./", 3));
    HOLD(!memchr(t.path.bytes, '\\', t.path.size) && !memchr(t.path.bytes, 0, t.path.size) &&
         !memchr(t.path.bytes, '\n', t.path.size));
    if (t.language == ENGLISH) {
      HOLD(target_read(t.asked, arena, &again));
      HOLD(span_equal(again.path, t.path));
    }
  }
  arena_free(arena);
  return 0;
}
