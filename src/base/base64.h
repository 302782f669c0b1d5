/* Base 64 (RFC 4648 section 4), padded, and only in its canonical form: each sequence of bytes has
 * one text, and any other text for it is refused (white space, missing or extra padding, non-zero
 * bits after the last byte). libsodium reads and writes it. */
#ifndef WEAL_BASE_BASE64_H
#define WEAL_BASE_BASE64_H

#include "base/text.h"
#include <stdint.h>

#define BASE64_SIZE(size) (((size) + 2) / 3 * 4)

void text_add_base64(struct text *t, const void *bytes, size_t size);
/* Writes at most `capacity` bytes and how many there are. False when the text is not canonical or
 * its bytes do not fit. `out` may be null to check only. */
bool base64_decode(struct span text, void *out, size_t capacity, size_t *size) MUST_USE;
/* Exactly `size` bytes, as hashes and signatures are. */
bool base64_decode_exact(struct span text, void *out, size_t size) MUST_USE;

#endif
