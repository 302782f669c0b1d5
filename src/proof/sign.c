#include "proof/sign.h"
#include "base/base64.h"
#include "base/hash.h"
#include "base/refusal.h"
#include "base/utf8.h"
#include <assert.h>
#include <sodium.h>

static const char private_prefix[] = "PRIVATE+KEY+";

_Static_assert(PUBLIC_KEY_BYTES == crypto_sign_PUBLICKEYBYTES &&
                   KEY_SEED_BYTES == crypto_sign_SEEDBYTES,
               "sizes are Ed25519's");
_Static_assert(SIGNATURE_BYTES == crypto_sign_BYTES &&
                   2 * KEY_SEED_BYTES == crypto_sign_SECRETKEYBYTES,
               "sizes are Ed25519's");

/* The characters of the Unicode property White_Space. */
static bool is_space(uint32_t c) {
  return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

enum status key_name_check(struct span name, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  if (!name.size) return refuse(err, KEY_NAME_EMPTY);
  if (name.size > KEY_NAME_MAX) return refuse(err, KEY_NAME_TOO_LONG, name.size, KEY_NAME_MAX);
  for (size_t at = 0, width; at < name.size; at += width) {
    uint32_t c;
    width = utf8_decode(name.bytes + at, name.size - at, &c);
    if (!width || c < 0x20 || c == 0x7f || c == '+' || is_space(c))
      return refuse(err, KEY_NAME_MALFORMED, span_quote(name, quoted));
  }
  return DONE;
}

static uint32_t key_id(struct span name, enum key_kind kind,
                       const uint8_t public_key[PUBLIC_KEY_BYTES]) {
  struct hasher *hasher = hasher_new();
  struct digest digest;
  uint8_t type = (uint8_t)kind;
  hasher_begin(hasher);
  hasher_add(hasher, name.bytes, name.size);
  hasher_add(hasher, "\n", 1);
  hasher_add(hasher, &type, 1);
  hasher_add(hasher, public_key, PUBLIC_KEY_BYTES);
  hasher_end(hasher, &digest);
  hasher_free(hasher);
  return (uint32_t)digest.bytes[0] << 24 | (uint32_t)digest.bytes[1] << 16 |
         (uint32_t)digest.bytes[2] << 8 | digest.bytes[3];
}

static enum status library_start(struct error *err) {
  return sodium_init() >= 0
             ? DONE
             : error_set(err, FAILED,
                         "the cryptographic library cannot start: no random bytes on this machine");
}

/* REFUSED for a bad name, and for a public key that is not a point of the curve or is one of small
 * order. */
static enum status verifier_make(struct span name, enum key_kind kind,
                                 const uint8_t public_key[PUBLIC_KEY_BYTES], struct verifier *out,
                                 struct error *err) {
  enum status status = library_start(err);
  if (status == DONE) status = key_name_check(name, err);
  if (status != DONE) return status;
  if (!crypto_core_ed25519_is_valid_point(public_key)) {
    char quoted[SPAN_QUOTE_SIZE];
    return refuse(err, KEY_NOT_A_POINT, span_quote(name, quoted));
  }
  *out = (struct verifier){.id = key_id(name, kind, public_key), .kind = kind};
  memcpy(out->name, name.bytes, name.size);
  memcpy(out->public_key, public_key, PUBLIC_KEY_BYTES);
  return DONE;
}

/* The common parts of both texts. */
struct key_text {
  struct span name;
  uint32_t id;
  enum key_kind kind;
  uint8_t material[32];
};

static bool hex_parse(struct span text, uint32_t *out) {
  *out = 0;
  if (text.size != 8) return false;
  for (size_t i = 0; i < 8; i++) {
    char c = text.bytes[i];
    int v = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (v < 0) return false;
    *out = *out << 4 | (uint32_t)v;
  }
  return true;
}

static bool key_text_parse(struct span text, struct key_text *out) {
  const char *plus = text.size ? memchr(text.bytes, '+', text.size) : NULL;
  if (!plus) return false;
  out->name = span_make(text.bytes, (size_t)(plus - text.bytes));
  struct span rest = span_make(plus + 1, text.size - out->name.size - 1);
  if (rest.size < 9 || rest.bytes[8] != '+' || !hex_parse(span_make(rest.bytes, 8), &out->id))
    return false;
  uint8_t data[33];
  bool good = base64_decode_exact(span_make(rest.bytes + 9, rest.size - 9), data, sizeof data);
  if (good) {
    out->kind = data[0];
    memcpy(out->material, data + 1, sizeof out->material);
  }
  sodium_memzero(data, sizeof data);
  return good && (out->kind == KEY_ED25519 || out->kind == KEY_COSIGNATURE);
}

enum status verifier_parse(struct span vkey, struct verifier *out, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  struct key_text key;
  struct verifier made;
  if (!key_text_parse(vkey, &key))
    return refuse(err, VERIFIER_KEY_MALFORMED, span_quote(vkey, quoted));
  enum status status = verifier_make(key.name, key.kind, key.material, &made, err);
  if (status != DONE) return status;
  if (made.id != key.id) return refuse(err, KEY_ID_WRONG, made.name, key.id, made.id);
  *out = made;
  return DONE;
}

static void add_key_text(struct text *t, const struct verifier *verifier,
                         const uint8_t material[32]) {
  uint8_t data[33];
  data[0] = (uint8_t)verifier->kind;
  memcpy(data + 1, material, 32);
  text_addf(t, "%s+%08x+", verifier->name, verifier->id);
  text_add_base64(t, data, sizeof data);
  sodium_memzero(data, sizeof data);
}

void text_add_verifier(struct text *t, const struct verifier *verifier) {
  add_key_text(t, verifier, verifier->public_key);
}

const char *verifier_fingerprint(const struct verifier *verifier, char out[FINGERPRINT_SIZE]) {
  struct text vkey = {0}, hex = {0};
  struct hasher *hasher = hasher_new();
  struct digest digest;
  text_add_verifier(&vkey, verifier);
  text_add_char(&vkey, '\n');
  hasher_begin(hasher);
  hasher_add(hasher, vkey.bytes, vkey.size);
  hasher_end(hasher, &digest);
  hasher_free(hasher);
  text_add_hex(&hex, digest.bytes, sizeof digest.bytes);
  for (int i = 0; i < 8; i++)
    snprintf(out + 9 * i, 10, "%.8s%s", hex.bytes + 8 * i, i < 7 ? " " : "");
  text_release(&vkey);
  text_release(&hex);
  return out;
}

bool verifier_equal(const struct verifier *a, const struct verifier *b) {
  return a->id == b->id && a->kind == b->kind && strcmp(a->name, b->name) == 0 &&
         memcmp(a->public_key, b->public_key, PUBLIC_KEY_BYTES) == 0;
}

bool verifier_check(const struct verifier *verifier, const void *bytes, size_t size,
                    const uint8_t signature[SIGNATURE_BYTES]) {
  return crypto_sign_verify_detached(signature, bytes, size, verifier->public_key) == 0;
}

enum status signer_make(struct span name, enum key_kind kind, const uint8_t seed[KEY_SEED_BYTES],
                        struct signer *out, struct error *err) {
  enum status status = library_start(err);
  if (status != DONE) return status;
  uint8_t public_key[PUBLIC_KEY_BYTES];
  crypto_sign_seed_keypair(public_key, out->secret, seed);
  status = verifier_make(name, kind, public_key, &out->verifier, err);
  if (status != DONE) signer_wipe(out);
  return status;
}

enum status signer_generate(struct span name, enum key_kind kind, struct signer *out,
                            struct error *err) {
  enum status status = library_start(err);
  if (status != DONE) return status;
  uint8_t seed[KEY_SEED_BYTES];
  randombytes_buf(seed, sizeof seed);
  status = signer_make(name, kind, seed, out, err);
  sodium_memzero(seed, sizeof seed);
  return status;
}

/* No message here quotes the text: it is a secret. */
enum status signer_parse(struct span text, struct signer *out, struct error *err) {
  size_t skip = sizeof private_prefix - 1;
  struct key_text key = {.kind = 0};
  bool prefixed = text.size >= skip && memcmp(text.bytes, private_prefix, skip) == 0;
  if (prefixed && !key_text_parse(span_make(text.bytes + skip, text.size - skip), &key))
    sodium_memzero(&key, sizeof key);
  if (!key.kind) return refuse(err, PRIVATE_KEY_MALFORMED);
  enum status status = signer_make(key.name, key.kind, key.material, out, err);
  sodium_memzero(key.material, sizeof key.material);
  if (status == DONE && out->verifier.id != key.id) {
    signer_wipe(out);
    return refuse(err, PRIVATE_KEY_ID_WRONG);
  }
  return status;
}

void text_add_signer(struct text *t, const struct signer *signer) {
  text_add(t, private_prefix);
  add_key_text(t, &signer->verifier, signer->secret);
}

void signer_sign(const struct signer *signer, const void *bytes, size_t size,
                 uint8_t signature[SIGNATURE_BYTES]) {
  crypto_sign_detached(signature, NULL, bytes, size, signer->secret);
  /* A hardware fault while signing can reveal the secret, so a signature that does not verify is
   * never returned. */
  int good = crypto_sign_verify_detached(signature, bytes, size, signer->verifier.public_key);
  assert(good == 0);
}

void signer_wipe(struct signer *signer) { sodium_memzero(signer, sizeof *signer); }

void text_wipe(struct text *t) {
  if (t->bytes) sodium_memzero(t->bytes, t->capacity);
  text_release(t);
}
