#include "base/hash.h"
#include "base/arena.h"
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <unistd.h>

struct hasher {
  EVP_MD *method;
  EVP_MD_CTX *context;
};

/* A machine without SHA-256 or randomness cannot keep a book; as with memory, nothing of ours continues. */
static void require(int good, const char *what) {
  if (good == 1) return;
  fprintf(stderr, "weal: the cryptographic library failed: %s\n", what);
  _exit(3);
}

struct hasher *hasher_new(void) {
  struct hasher *h = memory_zeroed(1, sizeof *h);
  h->method = EVP_MD_fetch(NULL, "SHA256", NULL);
  h->context = EVP_MD_CTX_new();
  require(h->method && h->context, "no SHA-256");
  require(EVP_DigestInit_ex2(h->context, h->method, NULL), "SHA-256 cannot begin");
  return h;
}

void hasher_free(struct hasher *h) {
  if (!h) return;
  EVP_MD_CTX_free(h->context);
  EVP_MD_free(h->method);
  free(h);
}

/* Without a method: the context keeps the one it has, which is what makes short messages cheap. */
void hasher_begin(struct hasher *h) { require(EVP_DigestInit_ex2(h->context, NULL, NULL), "SHA-256 cannot begin"); }
void hasher_add(struct hasher *h, const void *bytes, size_t size) { require(EVP_DigestUpdate(h->context, bytes, size), "SHA-256 cannot go on"); }
void hasher_end(struct hasher *h, struct digest *out) { require(EVP_DigestFinal_ex(h->context, out->bytes, NULL), "SHA-256 cannot end"); }

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
