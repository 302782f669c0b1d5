#include "fuzz/fuzz.h"
#include "http/head.h"

/* However the bytes come, the answer is the same; a head that is whole has one line end, one Host,
 * no byte that ends a line elsewhere, and fits. */
static void check_whole(struct span head) {
  HOLD(head.size >= 4 && memcmp(head.bytes + head.size - 4, "\r\n\r\n", 4) == 0);
  for (size_t i = 0; i < head.size; i++) {
    unsigned char c = (unsigned char)head.bytes[i];
    HOLD(c >= ' ' || c == '\t' || c == '\r' || c == '\n');
    HOLD(c != '\n' || (i && head.bytes[i - 1] == '\r'));
    HOLD(c != '\r' || (i + 1 < head.size && head.bytes[i + 1] == '\n'));
    HOLD(c != '\n' || i + 1 == head.size ||
         (head.bytes[i + 1] != ' ' && head.bytes[i + 1] != '\t'));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  enum { MOST = 1024 };
  struct span all = span_make((const char *)bytes, size);
  struct head at_once = {.most_bytes = MOST}, bit_by_bit = {.most_bytes = MOST};
  enum head_is whole = head_look(&at_once, all), is = HEAD_MORE;
  size_t step = size ? bytes[size - 1] % 7 + 1 : 1;
  for (size_t n = 0; n < size && is == HEAD_MORE; n += step)
    is = head_look(&bit_by_bit, span_make(all.bytes, n + step < size ? n + step : size));
  HOLD(is == whole);
  HOLD(at_once.http == bit_by_bit.http && at_once.size == bit_by_bit.size &&
       at_once.body_bytes == bit_by_bit.body_bytes);
  HOLD((whole == HEAD_REFUSED) == (at_once.http != 0));
  if (whole == HEAD_MORE) HOLD(size <= MOST);
  if (whole == HEAD_WHOLE) {
    HOLD(at_once.size <= size && at_once.size <= MOST && at_once.body_bytes >= 0);
    check_whole(span_make(all.bytes, at_once.size));
  }
  return 0;
}
