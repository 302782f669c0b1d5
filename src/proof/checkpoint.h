/* A checkpoint: the text of a note that says how large a log is and what its root is
 * (https://c2sp.org/tlog-checkpoint).
 *
 *     origin\n
 *         size\n
 *             base64 of the root\n  and perhaps more lines, which are kept without being
 *             interpreted
 */
#ifndef WEAL_PROOF_CHECKPOINT_H
#define WEAL_PROOF_CHECKPOINT_H

#include "proof/note.h"
#include "proof/tree.h"

struct checkpoint {
  struct span origin; /* borrowed from the text */
  struct tree_head head;
  struct span extensions; /* whole lines; usually none */
};

/* The text of a note. REFUSED unless each line is in its canonical form, and for a size past
 * TREE_SIZE_MAX. */
enum status checkpoint_parse(struct span text, struct checkpoint *out, struct error *err) MUST_USE;
/* `origin` is not empty and has no newline. */
void text_add_checkpoint(struct text *t, struct span origin, const struct tree_head *head);
/* Reads and verifies a note of a checkpoint in one call: one of the verifiers must have signed it,
 * and its origin must be that verifier's name, so that a head of one log is not taken for that of
 * another. `note` borrows from `bytes`. */
enum status checkpoint_open(struct span bytes, const struct verifier *verifiers, int count,
                            struct note *note, struct checkpoint *out, struct error *err) MUST_USE;
/* The same where no key is known: nothing is verified, and the caller must say so with the
 * result. */
enum status checkpoint_open_unverified(struct span bytes, struct note *note, struct checkpoint *out,
                                       struct error *err) MUST_USE;

#endif
