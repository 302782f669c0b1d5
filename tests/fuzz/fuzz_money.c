#include "base/money.h"
#include "fuzz/fuzz.h"

/* An amount that is read, written out, is read again as the same. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct span text = span_make((const char *)bytes, size);
  struct error err = {0};
  int64_t value, again;
  bool yes;
  struct text t = {0};
  if (money_parse(text, &value, &err) == DONE) {
    text_add_money(&t, value);
    HOLD(money_parse(span_make(t.bytes, t.size), &again, &err) == DONE && again == value);
  } else HOLD(err.code == REFUSED && err.message[0]);
  text_clear(&t);
  if (quantity_parse(text, &value, &err) == DONE) {
    text_add_quantity(&t, value);
    HOLD(value >= 0 && quantity_parse(span_make(t.bytes, t.size), &again, &err) == DONE &&
         again == value);
  }
  text_clear(&t);
  if (minutes_parse(text, &value, &err) == DONE) {
    text_add_int(&t, value);
    HOLD(value >= 0 && minutes_parse(span_make(t.bytes, t.size), &again, &err) == DONE &&
         again == value);
  }
  text_clear(&t);
  if (integer_parse(text, &value, &err) == DONE) {
    text_add_int(&t, value);
    HOLD(integer_parse(span_make(t.bytes, t.size), &again, &err) == DONE && again == value);
  }
  if (boolean_parse(text, &yes, &err) == DONE) HOLD(size <= 5);
  text_release(&t);
  return 0;
}
