/* A checkpoint: the text of a note that says how large a log is and what its root is
 * (https://c2sp.org/tlog-checkpoint).
 *
 *     origin\n
 *         size\n  base64 of the root\n  and perhaps lines more, which are kept and not understood
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

/* The text of a note. REFUSED for anything but the one writing of each line, and for a size past
 * TREE_SIZE_MAX. */
enum status checkpoint_parse(struct span text, struct checkpoint *out, struct error *err) MUST_USE;
/* `origin` is not empty and has no newline. */
void text_add_checkpoint(struct text *t, struct span origin, const struct tree_head *head);
/* A note of a checkpoint, read and verified in one: by one of the verifiers, and its origin that
 * verifier's own name, so that a head of one log does not pass for that of another. `note` borrows
 * from `bytes`. */
enum status checkpoint_open(struct span bytes, const struct verifier *verifiers, int count,
                            struct note *note, struct checkpoint *out, struct error *err) MUST_USE;
/* The same where nobody's key is known: nothing is verified, and the caller says so to whoever
 * reads the result. */
enum status checkpoint_open_unverified(struct span bytes, struct note *note, struct checkpoint *out,
                                       struct error *err) MUST_USE;

#endif
