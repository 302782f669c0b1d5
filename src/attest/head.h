/* Heads of the log: signing, keeping, proving consistency, comparing with the ledger; and the log
 * as files that any web server can serve. */
#ifndef WEAL_ATTEST_HEAD_H
#define WEAL_ATTEST_HEAD_H

#include "base/arena.h"
#include "proof/sign.h"
#include "store/store.h"

/* Adds the logged entries to the tree, signs its head and keeps it. If this key has signed a head
 * of the same size already, returns that head as kept, with the witnesses' signatures. REFUSED if
 * the last kept head is no longer the beginning of the log, so that two histories are never
 * signed. */
enum status head_sign(struct store *store, const struct signer *signer, struct arena *arena,
                      const char **note, struct error *err) MUST_USE;

/* Adds witnesses' signatures (C2SP cosignature/v1) to the last kept head: `answer` is their
 * signature lines, or the whole note with them. Each line of a given witness must be over this very
 * head; lines of other keys are left out. *note: the head with the signatures. REFUSED: no head is
 * kept, no line is of a given witness, or one does not verify. */
enum status head_witnessed(struct store *store, struct span answer,
                           const struct verifier *witnesses, int count, struct arena *arena,
                           const char **note, struct error *err) MUST_USE;

/* Writes a consistency file, one object and a line end: the old head, the new one, the proof
 * between them. The old one must be signed by one of the keys. REFUSED when it is not a head of
 * this log. */
enum status head_consistency(struct store *store, struct span old_note, const char *new_note,
                             const struct verifier *verifiers, int count, struct text *out,
                             struct error *err) MUST_USE;

/* Whether a head, or the level 0 of a folder of published tiles, is the beginning of the log as its
 * records make it now. `sentence` says the result; *agrees false: with the first entry that
 * differs, where that can be found. REFUSED: the argument cannot be read. */
enum status head_compare(struct store *store, const char *path, struct text *sentence, bool *agrees,
                         struct error *err) MUST_USE;

/* Writes the log up to its last kept head into `dir`, as C2SP tlog-tiles has it: checkpoint,
 * tile/..., tile/entries/...; and heads/SIZE, every head that was kept. Existing files with the
 * same bytes are not written again; the checkpoint is written last. */
struct publish_result {
  uint64_t size;
  int64_t files, written, heads;
};
enum status publish_log(struct store *store, const char *dir, struct publish_result *result,
                        struct error *err) MUST_USE;

#endif
