#include "base/base64.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void text_add_base64(struct text *t, const void *bytes, size_t size) {
  const uint8_t *b = bytes;
  text_reserve(t, BASE64_SIZE(size));
  char *to = t->bytes + t->size;
  for (; size >= 3; size -= 3, b += 3) {
    *to++ = letters[b[0] >> 2];
    *to++ = letters[(b[0] & 3) << 4 | b[1] >> 4];
    *to++ = letters[(b[1] & 15) << 2 | b[2] >> 6];
    *to++ = letters[b[2] & 63];
  }
  if (size) {
    *to++ = letters[b[0] >> 2];
    *to++ = letters[(b[0] & 3) << 4 | (size == 2 ? b[1] >> 4 : 0)];
    *to++ = size == 2 ? letters[(b[1] & 15) << 2] : '=';
    *to++ = '=';
  }
  *to = 0;
  t->size = (size_t)(to - t->bytes);
}

static int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_decode(struct span text, void *out, size_t capacity, size_t *size) {
  if (text.size % 4) return false;
  size_t padding = text.size && text.bytes[text.size - 1] == '='
                       ? 1 + (text.bytes[text.size - 2] == '=')
                       : 0;
  size_t whole = text.size / 4 * 3 - padding, at = 0;
  uint8_t *to = out;
  if (to && whole > capacity) return false;
  for (size_t i = 0; i < text.size; i += 4) {
    size_t missing = i + 4 == text.size ? padding : 0;
    uint32_t bits = 0;
    for (size_t k = 0; k < 4; k++) {
      int v = k >= 4 - missing ? 0 : value_of(text.bytes[i + k]);
      if (v < 0) return false;
      bits = bits << 6 | (uint32_t)v;
    }
    /* not the canonical text of the bytes */
    if (missing && bits & (missing == 1 ? 0xffu : 0xffffu)) return false;
    for (size_t k = 0; k < 3 - missing; k++, at++)
      if (to) to[at] = (uint8_t)(bits >> (16 - 8 * k));
  }
  *size = whole;
  return true;
}

bool base64_decode_exact(struct span text, void *out, size_t size) {
  size_t found;
  return text.size == BASE64_SIZE(size) && base64_decode(text, out, size, &found) && found == size;
}
