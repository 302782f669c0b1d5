#include "action/action.h"
#include "fuzz/fuzz.h"

/* Any bytes as the fields of an action: refused with a sentence, or pairs whose texts are clean of
 * NUL, one for each text of the object. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct arena *arena = arena_new();
  struct sent *sent = NULL;
  struct error err = {0};
  int count = 0;
  const struct action *action = action_find(span_of("helper-offer"));
  HOLD(action);
  if (action_sent_of_json(action, span_make((const char *)bytes, size), arena, &sent, &count,
                          &err) == DONE) {
    for (int i = 0; i < count; i++) {
      HOLD(sent[i].value.bytes[sent[i].value.size] == '\0');
      HOLD(!memchr(sent[i].value.bytes, '\0', sent[i].value.size));
      HOLD(!sent[i].file);
    }
  } else HOLD(err.code == REFUSED && err.message[0]);
  arena_free(arena);
  return 0;
}
