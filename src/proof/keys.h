/* The folder of keys: apart from the store and from the current folder.
 *
 *     NAME.key       the private key, mode 0600; one that others can read is refused
 *     NAME.vkey      the public half, to hand out
 *     NAME.1.key the first generation that was replaced, and NAME.1.vkey; NAME.2.key the next one;
 *         the key without a number signs
 *
 * A key's name may hold characters that a file's cannot: `/`, `%` and a dot in front are written as
 * %2F, %25 and %2E. No key is ever lost: a new key never replaces an existing file, and a rotation
 * keeps the old key before it writes the new one. A private key is written to a temporary file of
 * mode 0600, which is synced and then renamed. A process that changes the folder holds a lock on
 * it.
 *
 *     struct text folder = {0};
 *     keys_folder(NULL, &folder, err);               $WEAL_KEYS, or ~/.config/weal/keys
 *     keys_new(folder.bytes, span_of("weal"), &verifier, err);
 *     keys_signer(folder.bytes, span_of("weal"), &signer, err);
 *     ... signer_wipe(&signer);
 *
 * No message quotes a private key.
 */
#ifndef WEAL_PROOF_KEYS_H
#define WEAL_PROOF_KEYS_H

#include "base/arena.h"
#include "proof/sign.h"

enum { KEYS_MAX = 1024, KEY_FILE_NAME_MAX = 240 };

/* Which folder: `given` unless it is null, else $WEAL_KEYS, else ~/.config/weal/keys. It need not
 * exist. REFUSED when no home is known. */
enum status keys_folder(const char *given, struct text *out, struct error *err) MUST_USE;

/* Makes a key of that name, and the folder (mode 0700) where it is missing. REFUSED when a key of
 * the name exists already, when the folder is the current one, or when others may write in it. */
enum status keys_new(const char *folder, struct span name, struct verifier *out,
                     struct error *err) MUST_USE;
/* Makes the next generation of an existing key. Earlier signatures still verify with the old vkey,
 * which is kept. */
enum status keys_rotate(const char *folder, struct span name, struct verifier *out,
                        struct error *err) MUST_USE;

/* The newest generation. Writes NAME.vkey anew where it is missing or of the generation before,
 * because a rotation was cut short. The caller wipes the signer. */
enum status keys_signer(const char *folder, struct span name, struct signer *out,
                        struct error *err) MUST_USE;

enum key_secret {
  KEY_SECRET_ABSENT,
  KEY_SECRET_PRESENT,
  KEY_SECRET_EXPOSED /* others can read it */
};

struct key_row {
  const char *file; /* without .key and .vkey */
  struct verifier verifier;
  /* 0 signs, else the number in the file's name; -1: the file has another kind of name (a witness's
   * key, say) */
  int generation;
  enum key_secret secret;
};

/* Every key of the folder, by name, the newest generation first, then the others from the latest
 * back. An empty list when there is no folder. Rows live in the arena. */
enum status keys_list(const char *folder, struct arena *arena, struct key_row **rows, int *count,
                      struct error *err) MUST_USE;
/* All generations of one name, the newest first: every key that has signed under it. REFUSED when
 * there is none. */
enum status keys_verifiers(const char *folder, struct span name, struct arena *arena,
                           struct verifier **out, int *count, struct error *err) MUST_USE;

/* A file of vkeys, one a line (a .vkey has one; those of several generations may stand in one
 * file). At most KEYS_MAX. */
enum status verifiers_read(const char *path, struct arena *arena, struct verifier **out, int *count,
                           struct error *err) MUST_USE;

#endif
