/* One character of UTF-8 at a time (private to base; the whole-text check is utf8_valid in
 * base/text.h). */
#ifndef WEAL_BASE_UTF8_H
#define WEAL_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The size of the character that `bytes` begins with, and the character; 0 when it is not well
 * formed (RFC 3629, table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing
 * past U+10FFFF) or does not end within `size`. */
static inline size_t utf8_decode(const char *bytes, size_t size, uint32_t *c) {
  const uint8_t *b = (const uint8_t *)bytes;
  if (size == 0) return 0;
  if (b[0] < 0x80) {
    *c = b[0];
    return 1;
  }
  size_t n = b[0] >= 0xc2 && b[0] <= 0xdf   ? 2
             : (b[0] & 0xf0) == 0xe0        ? 3
             : b[0] >= 0xf0 && b[0] <= 0xf4 ? 4
                                            : 0;
  if (n == 0 || n > size) return 0;
  uint32_t value = b[0] & (0x7fu >> n);
  for (size_t i = 1; i < n; i++) {
    if ((b[i] & 0xc0) != 0x80) return 0;
    value = value << 6 | (b[i] & 0x3f);
  }
  if ((n == 3 && (value < 0x800 || (value >= 0xd800 && value <= 0xdfff))) ||
      (n == 4 && (value < 0x10000 || value > 0x10ffff)))
    return 0;
  *c = value;
  return n;
}

/* Writes the character (at most U+10FFFF); returns its size. */
static inline size_t utf8_encode(uint32_t c, char out[4]) {
  const size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = n - 1; i > 0; i--, c >>= 6) out[i] = (char)(0x80 | (c & 0x3f));
  out[0] = (char)(n == 1 ? c : (0xf00u >> n & 0xf0) | c);
  return n;
}

/* Whether a character may stand in a line for a terminal: none that controls it, ends the line, or
 * turns the direction of what follows. */
static inline bool utf8_is_printable(uint32_t c) {
  if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return false;
  if ((c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
    return false;
  return c != 0xfeff && c != 0x061c;
}

#endif
