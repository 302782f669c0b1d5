#include "base/base64.h"
#include "base/arena.h"
#include <sodium.h>
#include <stdlib.h>

void text_add_base64(struct text *t, const void *bytes, size_t size) {
  size_t written = BASE64_SIZE(size);
  text_reserve(t, written);
  sodium_bin2base64(t->bytes + t->size, written + 1, bytes, size, sodium_base64_VARIANT_ORIGINAL);
  t->size += written;
}

/* libsodium refuses bits that are not zero behind the last byte, and with neither characters to
 * skip nor a place for the end also padding that is not as it must be and whatever is not of the
 * alphabet; but 1.0.18 takes bytes past 0x7f for '/'. */
bool base64_decode(struct span text, void *out, size_t capacity, size_t *size) {
  for (size_t i = 0; i < text.size; i++)
    if ((uint8_t)text.bytes[i] > 0x7f) return false;
  uint8_t *room = out ? NULL : memory_alloc(text.size + 1);
  bool good = sodium_base642bin(room ? room : out, room ? text.size : capacity, text.bytes,
                                text.size, NULL, size, NULL, sodium_base64_VARIANT_ORIGINAL) == 0;
  free(room);
  return good;
}

bool base64_decode_exact(struct span text, void *out, size_t size) {
  size_t found;
  return text.size == BASE64_SIZE(size) && base64_decode(text, out, size, &found) && found == size;
}
