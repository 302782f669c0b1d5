#include "base/wide.h"

#include <assert.h>

wide_t wide_scale(wide_t value, int64_t numerator, int64_t denominator) {
  assert(denominator > 0);
  if (!wide_shown(value)) return WIDE_LOST;
  wide_t product = value * numerator; /* below 2^116 */
  bool negative = product < 0;
  if (negative) product = -product;
  wide_t result = product / denominator, rest = product % denominator;
  if (rest >= denominator - rest) result++;
  return negative ? -result : result;
}

bool wide_parse(struct span text, wide_t *out) {
  const wide_t most = (wide_t)1 << 126;
  size_t at = text.size && text.bytes[0] == '-';
  wide_t n = 0;
  if (at == text.size) return false;
  for (; at < text.size; at++) {
    char c = text.bytes[at];
    if (c < '0' || c > '9' || n > (most - (c - '0')) / 10) return false;
    n = n * 10 + (c - '0');
  }
  *out = text.bytes[0] == '-' ? -n : n;
  return true;
}

const char *wide_write(wide_t n, char out[WIDE_TEXT_SIZE]) {
  char *at = out + WIDE_TEXT_SIZE;
  unsigned __int128 rest = n < 0 ? -(unsigned __int128)n : (unsigned __int128)n;
  *--at = 0;
  do *--at = (char)('0' + (int)(rest % 10));
  while (rest /= 10);
  if (n < 0) *--at = '-';
  return at;
}

void text_add_wide(struct text *t, wide_t n) {
  char digits[WIDE_TEXT_SIZE];
  text_add(t, wide_write(n, digits));
}
