#include "fuzz/fuzz.h"
#include "http/parse.h"

/* A form's body: for any bytes there are at most LIMIT_WEB_PAIRS pairs, and no pair is longer than
 * the bytes (decoding never makes them longer). First as a form, then in parts with the boundary
 * `b`, then with the first line as the boundary. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct arena *arena = arena_new();
  struct span body = span_make((const char *)bytes, size);
  const char *line = memchr(bytes, '\n', size);
  const char *type = line ? arena_printf(arena, "multipart/form-data; boundary=%.*s",
                                         (int)(line - body.bytes), body.bytes)
                          : "multipart/form-data";
  for (int parts = 0; parts < 3; parts++) {
    struct error err = {0};
    struct sent *sent;
    int count = 0;
    size_t sum = 0;
    enum status status = parts ? parts_read(body,
                                            parts == 1 ? "multipart/form-data; boundary=b" : type,
                                            arena, &sent, &count, &err)
                               : pairs_read(body, arena, &sent, &count, &err);
    HOLD(status == DONE || (status == REFUSED && err.message[0]));
    for (int i = 0; i < count && status == DONE; i++) {
      sum += sent[i].name.size + sent[i].value.size;
      HOLD(!sent[i].file || parts);
    }
    HOLD(sum <= size); /* parts are within the body */
  }
  arena_free(arena);
  return 0;
}
