#include "base/day.h"
#include "fuzz/fuzz.h"

/* A day and a year have one form: a text that is read is written the same. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct span text = span_make((const char *)bytes, size);
  struct error err = {0};
  char out[11];
  day_t day;
  int year;
  if (day_parse(text, &day, &err) == DONE) HOLD(span_is(text, day_write(day, out)));
  else HOLD(err.code == REFUSED && err.message[0]);
  if (year_parse(text, &year, &err) == DONE) HOLD(span_is(text, year_write(year, out)));
  else HOLD(err.code == REFUSED && err.message[0]);
  return 0;
}
