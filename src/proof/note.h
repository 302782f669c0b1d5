/* Signed notes: a text, a blank line, and one line for each signature (C2SP signed-note,
 * https://c2sp.org/signed-note).
 *
 *     weal                                              the text: here a checkpoint (checkpoint.h)
 *     20852163
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 *                                                       a blank line
 *     — weal Az3grlgtzPICa5OS8npV...  the signer's name, and base64 of its key id and signature
 *
 * Reading is strict: UTF-8, no control character but the newline, canonical base64, no key twice,
 * limits below. A text may hold blank lines; the last one ends it. Lines of unknown keys are
 * skipped, but every signature of a known key must verify, and at least one known key must have
 * signed. Witnesses' lines are of cosignature/v1 (https://c2sp.org/tlog-cosignature), which
 * includes the time.
 *
 *     struct note note;
 *     if (note_parse(span, &note, err) != DONE) return err->code;
 *     if (note_verify(&note, verifiers, count, NULL, err) != DONE) return err->code;
 *     use note.text  borrowed from the span, as everything in a note is
 */
#ifndef WEAL_PROOF_NOTE_H
#define WEAL_PROOF_NOTE_H

#include "proof/sign.h"

/* The standard asks for at least 16 signatures, each perhaps of 5 kB. */
enum { NOTE_SIZE_MAX = 256 << 10, NOTE_SIGNATURES_MAX = 64 };

struct note_signature {
  struct span name;
  uint32_t id;
  struct span line;   /* without its newline */
  struct span base64; /* of the id and the signature */
};

struct note {
  struct span text; /* with its last newline: what is signed */
  int count;
  struct note_signature signatures[NOTE_SIGNATURES_MAX];
};

/* Whether a known key has signed, and for a witness when. */
struct note_seen {
  bool signed_it;
  /* since 1970, of a cosignature; else 0. The caller decides whether it may be in the future */
  uint64_t time_s;
};

enum status note_parse(struct span bytes, struct note *out, struct error *err) MUST_USE;
/* `seen`, unless null, has `count` places, one for each verifier. */
enum status note_verify(const struct note *note, const struct verifier *verifiers, int count,
                        struct note_seen *seen, struct error *err) MUST_USE;

/* Writing: the text and its blank line, then one line for each signer. `text` ends in a newline and
 * stays the same between the calls; it must not lie in `out`. `time_s` is used by keys of the kind
 * KEY_COSIGNATURE, whose text must be a checkpoint. */
void note_begin(struct text *out, struct span text);
void note_add_signature(struct text *out, struct span text, const struct signer *signer,
                        uint64_t time_s);

/* The same note with witnesses' signatures: `lines` are signature lines. REFUSED, and `out`
 * untouched, unless each is by one of the given verifiers over this text. A line of a key that the
 * note has already replaces the old one. */
enum status note_attach(struct text *out, const struct note *note, struct span lines,
                        const struct verifier *witnesses, int count, struct error *err) MUST_USE;

#endif
