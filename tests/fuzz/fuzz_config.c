#include "base/arena.h"
#include "base/text.h"
#include "fuzz/fuzz.h"
#include "http/config.h"
#include <inttypes.h>

/* An accepted value is within its bounds and, written out again, read as the same. A refusal says
 * where the fault is. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct arena *arena = arena_new();
  struct error err = {0};
  struct config config, again;
  config_begin(&config);
  config_begin(&again);
  if (config_parse(&config, arena, span_make((const char *)bytes, size), "fuzz.conf", &err) !=
      DONE) {
    HOLD(err.code == REFUSED && err.message[0] && err.file[0]);
    arena_free(arena);
    return 0;
  }
  struct text t = {0};
  for (const struct config_key *key = config_keys; key->name; key++) {
    if (key->kind == CONFIG_NUMBER) {
      int64_t value = *(const int64_t *)(const void *)((const char *)&config + key->offset);
      HOLD(value >= key->least && value <= key->most);
      text_addf(&t, "%s = %" PRId64 "\n", key->name, value);
    } else {
      const char *value = *(const char *const *)(const void *)((const char *)&config + key->offset);
      /* no space: after one a # would begin a comment */
      if (value) text_addf(&t, "%s=%s\n", key->name, value);
    }
  }
  HOLD(config_parse(&again, arena, span_make(t.bytes, t.size), "again.conf", &err) == DONE);
  for (const struct config_key *key = config_keys; key->name; key++) {
    if (key->kind == CONFIG_NUMBER) continue;
    const char *a = *(const char *const *)(const void *)((const char *)&config + key->offset),
               *b = *(const char *const *)(const void *)((const char *)&again + key->offset);
    HOLD((!a && !b) || (a && b && strcmp(a, b) == 0));
  }
  text_release(&t);
  arena_free(arena);
  return 0;
}
