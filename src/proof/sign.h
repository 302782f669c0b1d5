/* Ed25519 keys with a name, as C2SP signed-note writes them (https://c2sp.org/signed-note).
 * libsodium signs and verifies (RFC 8032).
 *
 * A verifier is the public half: name, key id, kind, public key. Its text is the vkey,
 * `name+id+base64`: the id in eight hexadecimal digits, the base64 of the kind's byte and the
 * public key. A signer is both halves; its text is that of Go's sumdb tools,
 * `PRIVATE+KEY+name+id+base64`, of the kind's byte and the 32-byte seed. Each has one canonical
 * text, and only that is read.
 *
 *     struct signer signer;
 *     if (signer_generate(span_of("weal"), KEY_ED25519, &signer, err) != DONE) return err->code;
 *     signer_sign(&signer, bytes, size, signature);
 *     signer_wipe(&signer);                            always: it holds a secret
 *     verifier_check(&verifier, bytes, size, signature)
 *
 * One kind of signed text must never be mistaken for another that the same key signs. Notes end in
 * a newline; a statement's seal is over canonical JSON, which never does (canonical.h); a
 * cosignature begins with its own line. Keep it so.
 */
#ifndef WEAL_PROOF_SIGN_H
#define WEAL_PROOF_SIGN_H

#include "base/text.h"
#include <stdint.h>

enum {
  KEY_NAME_MAX = 255,
  PUBLIC_KEY_BYTES = 32,
  KEY_SEED_BYTES = 32,
  SIGNATURE_BYTES = 64,
  KEY_TEXT_MAX = KEY_NAME_MAX + 80
};

/* Signature types of C2SP signed-note; the byte is part of the key id. */
enum key_kind {
  KEY_ED25519 = 0x01,    /* over the note's text: logs, and our seals */
  KEY_COSIGNATURE = 0x04 /* a witness's, with a time: C2SP cosignature/v1 */
};

struct verifier {
  char name[KEY_NAME_MAX + 1];
  uint32_t id; /* the first four bytes of SHA-256(name, "\n", kind, public key) */
  enum key_kind kind;
  uint8_t public_key[PUBLIC_KEY_BYTES];
};

struct signer {
  struct verifier verifier;
  uint8_t secret[2 * KEY_SEED_BYTES]; /* seed and public key, as libsodium keeps them */
};

/* A key's name: UTF-8 of 1 to KEY_NAME_MAX bytes without spaces of any script, control characters
 * and `+`. Otherwise REFUSED. */
enum status key_name_check(struct span name, struct error *err) MUST_USE;

/* A vkey without its newline. REFUSED also for unknown kinds and for an id that does not match the
 * key. */
enum status verifier_parse(struct span vkey, struct verifier *out, struct error *err) MUST_USE;
void text_add_verifier(struct text *t, const struct verifier *verifier);
/* The SHA-256 of the vkey with its line end, as `sha256sum NAME.vkey` prints it, in eight groups
 * with a blank between. */
enum { FINGERPRINT_SIZE = 2 * 32 + 8 };
const char *verifier_fingerprint(const struct verifier *verifier, char out[FINGERPRINT_SIZE]);
bool verifier_equal(const struct verifier *a, const struct verifier *b);
/* Whether the signature over these bytes is by this key. Strict: only one form of a signature is
 * accepted. */
bool verifier_check(const struct verifier *verifier, const void *bytes, size_t size,
                    const uint8_t signature[SIGNATURE_BYTES]) MUST_USE;

enum status signer_make(struct span name, enum key_kind kind, const uint8_t seed[KEY_SEED_BYTES],
                        struct signer *out, struct error *err) MUST_USE;
enum status signer_generate(struct span name, enum key_kind kind, struct signer *out,
                            struct error *err) MUST_USE;
enum status signer_parse(struct span text, struct signer *out, struct error *err) MUST_USE;
/* the text is then secret: end with text_wipe */
void text_add_signer(struct text *t, const struct signer *signer);
void signer_sign(const struct signer *signer, const void *bytes, size_t size,
                 uint8_t signature[SIGNATURE_BYTES]);
void signer_wipe(struct signer *signer);

/* Fills the buffer with zeros, then releases it. Reserve KEY_TEXT_MAX before adding a secret: a
 * buffer that grows leaves a copy. */
void text_wipe(struct text *t);

#endif
