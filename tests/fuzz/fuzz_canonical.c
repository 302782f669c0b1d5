#include "fuzz/fuzz.h"
#include "proof/canonical.h"

/* A text that our reader accepts gives the same value in jansson; the value written out is read as
 * the same value and written the same again. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct error err = {0};
  json_t *value, *again;
  if (canonical_read(span_make((const char *)bytes, size), &value, &err) != DONE) {
    HOLD(err.code == REFUSED && err.message[0]);
    return 0;
  }
  json_t *other = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, NULL);
  HOLD(other && json_equal(value, other));
  json_decref(other);
  struct text first = {0}, second = {0};
  HOLD(text_add_canonical(&first, value, &err) == DONE);
  HOLD(canonical_read(span_make(first.bytes, first.size), &again, &err) == DONE);
  HOLD(json_equal(value, again));
  HOLD(text_add_canonical(&second, again, &err) == DONE);
  HOLD(span_equal(span_make(first.bytes, first.size), span_make(second.bytes, second.size)));
  text_release(&first);
  text_release(&second);
  json_decref(value);
  json_decref(again);
  return 0;
}
