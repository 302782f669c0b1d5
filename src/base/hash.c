/* Most messages here (a leaf, a salt, a node) have one to three blocks. EVP allocates memory for
 * each message (OpenSSL 3.0), which costs as much as hashing a block; these functions of the same
 * library do not. That saves a tenth of an import and an eighth of an audit. They are deprecated
 * since 3.0. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/hash.h"
#include "base/arena.h"
#include "base/hash_pair.h"
#include "base/hash_wide.h"
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <unistd.h>

struct hasher {
  SHA256_CTX context;
  bool asked;       /* we have asked what the processor can do */
  bool pairs, wide; /* it can hash two at once; sixteen at once */
};

/* A machine without SHA-256 or randomness cannot keep a book: the program ends, as without
 * memory. */
static void require(int good, const char *what) {
  if (good == 1) return;
  fprintf(stderr, "weal: the cryptographic library failed: %s\n", what);
  _exit(3);
}

struct hasher *hasher_new(void) {
  struct hasher *h = memory_zeroed(1, sizeof *h);
  hasher_begin(h);
  return h;
}

void hasher_free(struct hasher *h) { free(h); }

void hasher_begin(struct hasher *h) { require(SHA256_Init(&h->context), "SHA-256 cannot begin"); }
void hasher_add(struct hasher *h, const void *bytes, size_t size) {
  require(SHA256_Update(&h->context, bytes, size), "SHA-256 cannot go on");
}
void hasher_end(struct hasher *h, struct digest *out) {
  require(SHA256_Final(out->bytes, &h->context), "SHA-256 cannot end");
}

/* Asked only when it matters: the question stops a virtual machine for 40 us, a quarter of a small
 * posting. */
static void ask_processor(struct hasher *h) {
  if (h->asked) return;
  h->pairs = hash_pair_possible();
  h->wide = hash_wide_possible();
  h->asked = true;
}

void hasher_many(struct hasher *h, const struct span *messages, size_t count, struct digest *out) {
  ask_processor(h);
  if (h->wide && count >= HASH_WIDE_LEAST) {
    hash_wide_many(messages, count, out);
    return;
  }
  if (h->pairs) {
    hash_pair_many(messages, count, out);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    hasher_begin(h);
    hasher_add(h, messages[i].bytes, messages[i].size);
    hasher_end(h, &out[i]);
  }
}

void text_add_hex(struct text *t, const void *bytes, size_t size) {
  static const char hex[] = "0123456789abcdef";
  const uint8_t *b = bytes;
  text_reserve(t, size * 2);
  for (size_t i = 0; i < size; i++) {
    t->bytes[t->size++] = hex[b[i] >> 4];
    t->bytes[t->size++] = hex[b[i] & 15];
  }
  t->bytes[t->size] = 0;
}

void random_bytes(void *out, size_t size) {
  for (char *p = out; size;) {
    int some = size > 1 << 20 ? 1 << 20 : (int)size;
    require(RAND_bytes((unsigned char *)p, some), "no random bytes");
    p += some;
    size -= (size_t)some;
  }
}

bool digest_from_hex(struct span hex, struct digest *out) {
  static const char digits[] = "0123456789abcdef";
  if (hex.size != 2 * sizeof out->bytes) return false;
  for (size_t i = 0; i < hex.size; i++) {
    const char *digit = memchr(digits, hex.bytes[i], sizeof digits - 1);
    if (!digit) return false;
    uint8_t *byte = &out->bytes[i / 2];
    *byte = (uint8_t)(*byte << 4 | (digit - digits));
  }
  return true;
}
