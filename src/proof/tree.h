/* Merkle trees as RFC 6962 section 2.1 has them, over SHA-256.
 *
 * A leaf is SHA-256(0x00, bytes), a node SHA-256(0x01, left, right), the empty tree SHA-256 of
 * nothing; a tree of n leaves is split at the largest power of two below n. The same kind of tree
 * is built over an entry's lines, over the log's records and over a closing's people; the callers
 * decide what a leaf's bytes are (docs/explanation/proof.md).
 *
 * Making a root needs no more than a compact range, the peaks of the perfect subtrees so far:
 *
 *     struct tree_range range = {0};
 *     for (each leaf) {
 *       tree_leaf(hasher, bytes, size, &hash);
 *       tree_range_append(hasher, &range, &hash);
 *     }
 *     tree_range_root(hasher, &range, &root);      the range may go on afterwards
 *
 * Making a path needs the hashes of perfect subtrees, by (level, index): the subtree over leaves
 * [index << level, (index + 1) << level). A `struct tree_source` gives them, from an array
 * (tree_source_of_leaves), from tiles (tiles.h) or from wherever they are kept:
 *
 *     tree_inclusion(hasher, source, index, size, &path, err);
 *     tree_inclusion_verify(hasher, index, size, &leaf, path.hashes, path.count, &root);
 *
 * A hasher is used by one thread at a time. Nothing here allocates.
 */
#ifndef WEAL_PROOF_TREE_H
#define WEAL_PROOF_TREE_H

#include "base/hash.h"
#include "base/status.h"
#include <stdbool.h>

/* Trees have fewer than 2^40 leaves: a line's number is 32 bits, a log of 2^40 entries is 30,000 a
 * second for a year. */
enum { TREE_LEVELS_MAX = 40, TREE_PATH_MAX = TREE_LEVELS_MAX + 1 };
#define TREE_SIZE_MAX (((uint64_t)1 << TREE_LEVELS_MAX) - 1)

/* ---- hashing ---- */

void tree_empty(struct hasher *hasher, struct digest *out);
void tree_leaf(struct hasher *hasher, const void *bytes, size_t size, struct digest *out);

/* The fast way for many leaves: `room` begins with one byte for us (we write the 0x00 there), and
 * the leaf's `size` bytes follow it. */
void tree_leaf_in_room(struct hasher *hasher, uint8_t *room, size_t size, struct digest *out);
/* A leaf whose bytes are in pieces: hashed as if the pieces were joined. */
void tree_leaf_parts(struct hasher *hasher, const struct span *parts, int count,
                     struct digest *out);

/* ---- a root, leaf by leaf ---- */

/* All zeros is the empty range. May be copied as it is. The peaks are those of the perfect
 * subtrees, the largest first, one for each set bit of `size`; the array after them is unused. */
struct tree_range {
  uint64_t size; /* leaves so far */
  struct digest peak[TREE_LEVELS_MAX];
};

void tree_range_append(struct hasher *hasher, struct tree_range *range,
                       const struct digest *leaf_hash);
void tree_range_root(struct hasher *hasher, const struct tree_range *range, struct digest *out);
/* Many leaves at once, given their hashes: makes of leaves [from, from + count) the largest perfect
 * subtrees that lie whole within them, in the order of their leaves. The nodes are independent
 * here, so hasher_many hashes them. `hashes` is overwritten. Returns the number of subtrees, at
 * most TREE_SUBTREES_MAX.
 *
 *     count = tree_subtrees(hasher, range.size, hashes, leaves, subtrees);
 *     for (i < count) tree_range_append_subtree(hasher, &range, &subtrees[i]);  as if leaf by leaf
 */
struct tree_subtree {
  int level; /* of 1 << level leaves */
  struct digest hash;
};
enum { TREE_SUBTREES_MAX = 2 * TREE_LEVELS_MAX };
int tree_subtrees(struct hasher *hasher, uint64_t from, struct digest *hashes, size_t count,
                  struct tree_subtree out[TREE_SUBTREES_MAX]);
/* range->size must be a multiple of the subtree's leaves. */
void tree_range_append_subtree(struct hasher *hasher, struct tree_range *range,
                               const struct tree_subtree *subtree);
/* How many peaks it has. To store a range, write `size` and its peaks. */
int tree_range_peaks(const struct tree_range *range);
/* The root of an array of leaf hashes. */
void tree_root_of_leaves(struct hasher *hasher, const struct digest *leaf_hashes, uint64_t count,
                         struct digest *out);

/* ---- paths ---- */

/* Gives the hash of one perfect subtree. It is asked only for subtrees that lie whole within the
 * size in question. */
struct tree_source {
  enum status (*get)(void *context, int level, uint64_t index, struct digest *out,
                     struct error *err);
  void *context;
};

struct tree_path {
  int count;
  struct digest hashes[TREE_PATH_MAX];
};

/* An array of leaf hashes as a source. Each subtree asked for is hashed anew, so a path costs as
 * much as the root does. The array, the hasher and `leaves` are borrowed as long as the source is
 * used. */
struct tree_leaves {
  struct hasher *hasher;
  const struct digest *hashes;
  uint64_t count;
};
struct tree_source tree_source_of_leaves(struct tree_leaves *leaves);

/* The root of the first `size` leaves. */
enum status tree_root(struct hasher *hasher, struct tree_source source, uint64_t size,
                      struct digest *out, struct error *err) MUST_USE;
/* The compact range of the first `size` leaves: from here one can append. */
enum status tree_range_load(struct tree_source source, uint64_t size, struct tree_range *out,
                            struct error *err) MUST_USE;
/* The path of leaf `index` in the tree of the first `size` leaves (RFC 6962 2.1.1), nearest the
 * leaf first. REFUSED unless index < size. */
enum status tree_inclusion(struct hasher *hasher, struct tree_source source, uint64_t index,
                           uint64_t size, struct tree_path *out, struct error *err) MUST_USE;
/* The proof that the tree of `size1` leaves is the beginning of that of `size2` (RFC 6962 2.1.2).
 * REFUSED unless 0 < size1 <= size2. */
enum status tree_consistency(struct hasher *hasher, struct tree_source source, uint64_t size1,
                             uint64_t size2, struct tree_path *out, struct error *err) MUST_USE;

/* The verifiers of RFC 9162 2.1.3.2 and 2.1.4.2. Every argument may come from a stranger. `count`
 * is the number of hashes. */

/* The root that a leaf and its path lead to. False when there is no such leaf or the path has the
 * wrong length. */
bool tree_inclusion_root(struct hasher *hasher, uint64_t index, uint64_t size,
                         const struct digest *leaf_hash, const struct digest *path, size_t count,
                         struct digest *root);
bool tree_inclusion_verify(struct hasher *hasher, uint64_t index, uint64_t size,
                           const struct digest *leaf_hash, const struct digest *path, size_t count,
                           const struct digest *root);

/* Two heads of one log. An older tree of size 0 is refused: RFC 9162 defines no proof from it, and
 * it would prove nothing. */
struct tree_head {
  uint64_t size;
  struct digest root;
};
bool tree_consistency_verify(struct hasher *hasher, const struct tree_head *older,
                             const struct tree_head *newer, const struct digest *path,
                             size_t count);

static inline bool digest_equal(const struct digest *a, const struct digest *b) {
  return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

#endif
