#include "proof/tree.h"
#include "base/refusal.h"
#include <assert.h>

enum { DIGEST_BYTES = 32, PREFIX_LEAF = 0, PREFIX_NODE = 1 };

/* ---- hashing ---- */

void tree_empty(struct hasher *hasher, struct digest *out) {
  hasher_begin(hasher);
  hasher_end(hasher, out);
}

void tree_leaf_in_room(struct hasher *hasher, uint8_t *room, size_t size, struct digest *out) {
  room[0] = PREFIX_LEAF;
  hasher_begin(hasher);
  hasher_add(hasher, room, size + 1);
  hasher_end(hasher, out);
}

void tree_leaf(struct hasher *hasher, const void *bytes, size_t size, struct digest *out) {
  tree_leaf_parts(hasher, &(struct span){bytes, size}, 1, out);
}

/* Fills a block of SHA-256 here, so that the library is called once for the prefix and the first
 * pieces, not once for each. */
void tree_leaf_parts(struct hasher *hasher, const struct span *parts, int count,
                     struct digest *out) {
  uint8_t room[512];
  size_t used = 1;
  room[0] = PREFIX_LEAF;
  hasher_begin(hasher);
  for (int i = 0; i < count; i++) {
    if (parts[i].size > sizeof room - used) {
      hasher_add(hasher, room, used);
      used = 0;
    }
    if (parts[i].size > sizeof room) hasher_add(hasher, parts[i].bytes, parts[i].size);
    else if (parts[i].size) {
      memcpy(room + used, parts[i].bytes, parts[i].size);
      used += parts[i].size;
    }
  }
  if (used) hasher_add(hasher, room, used);
  hasher_end(hasher, out);
}

/* out may be left or right */
static void tree_node(struct hasher *hasher, const struct digest *left, const struct digest *right,
                      struct digest *out) {
  uint8_t room[1 + 2 * DIGEST_BYTES];
  room[0] = PREFIX_NODE;
  memcpy(room + 1, left->bytes, DIGEST_BYTES);
  memcpy(room + 1 + DIGEST_BYTES, right->bytes, DIGEST_BYTES);
  hasher_begin(hasher);
  hasher_add(hasher, room, sizeof room);
  hasher_end(hasher, out);
}

/* ---- a root, leaf by leaf ---- */

int tree_range_peaks(const struct tree_range *range) { return __builtin_popcountll(range->size); }

static void append(struct hasher *hasher, struct tree_range *range, int level,
                   const struct digest *of) {
  uint64_t leaves = (uint64_t)1 << level;
  assert(level < TREE_LEVELS_MAX && range->size <= TREE_SIZE_MAX - leaves &&
         (range->size & (leaves - 1)) == 0);
  int peaks = tree_range_peaks(range);
  struct digest hash = *of;
  /* As when adding one to a binary number: each trailing one bit is a subtree that is now
   * joined. */
  for (uint64_t carry = range->size >> level; carry & 1; carry >>= 1)
    tree_node(hasher, &range->peak[--peaks], &hash, &hash);
  range->peak[peaks] = hash;
  range->size += leaves;
  assert(peaks + 1 == tree_range_peaks(range));
}

void tree_range_append(struct hasher *hasher, struct tree_range *range,
                       const struct digest *leaf_hash) {
  append(hasher, range, 0, leaf_hash);
}

void tree_range_append_subtree(struct hasher *hasher, struct tree_range *range,
                               const struct tree_subtree *subtree) {
  append(hasher, range, subtree->level, &subtree->hash);
}

/* Hashes `count` pairs into nodes, which overwrite the first hashes. */
static void join_pairs(struct hasher *hasher, struct digest *hashes, size_t count) {
  enum { AT_ONCE = 64, NODE_BYTES = 1 + 2 * DIGEST_BYTES };
  uint8_t room[AT_ONCE][NODE_BYTES];
  struct span messages[AT_ONCE];
  for (size_t done = 0, some; done < count; done += some) {
    some = count - done < AT_ONCE ? count - done : AT_ONCE;
    for (size_t i = 0; i < some; i++) {
      room[i][0] = PREFIX_NODE;
      memcpy(room[i] + 1, hashes[2 * (done + i)].bytes, 2 * DIGEST_BYTES);
      messages[i] = span_make((const char *)room[i], NODE_BYTES);
    }
    hasher_many(hasher, messages, some, hashes + done);
  }
}

int tree_subtrees(struct hasher *hasher, uint64_t from, struct digest *hashes, size_t count,
                  struct tree_subtree out[TREE_SUBTREES_MAX]) {
  struct tree_subtree last[TREE_LEVELS_MAX]; /* those at the end, the smallest first */
  int first_count = 0, last_count = 0;
  assert(from <= TREE_SIZE_MAX && count <= TREE_SIZE_MAX - from);
  for (int level = 0; count; level++, from >>= 1, count >>= 1) {
    if (from & 1) { /* its left neighbour is not here */
      out[first_count++] = (struct tree_subtree){level, *hashes++};
      from++;
      count--;
    }
    if (count & 1) last[last_count++] = (struct tree_subtree){level, hashes[count - 1]};
    join_pairs(hasher, hashes, count / 2);
  }
  while (last_count) out[first_count++] = last[--last_count];
  return first_count;
}

void tree_range_root(struct hasher *hasher, const struct tree_range *range, struct digest *out) {
  int peaks = tree_range_peaks(range);
  assert(range->size <= TREE_SIZE_MAX);
  if (!peaks) {
    tree_empty(hasher, out);
    return;
  }
  struct digest hash = range->peak[--peaks];
  while (peaks) tree_node(hasher, &range->peak[--peaks], &hash, &hash);
  *out = hash;
}

void tree_root_of_leaves(struct hasher *hasher, const struct digest *leaf_hashes, uint64_t count,
                         struct digest *out) {
  struct tree_range range = {.size = 0};
  for (uint64_t i = 0; i < count; i++) tree_range_append(hasher, &range, &leaf_hashes[i]);
  tree_range_root(hasher, &range, out);
}

/* ---- paths ---- */

static enum status leaves_get(void *context, int level, uint64_t index, struct digest *out,
                              struct error *err) {
  struct tree_leaves *leaves = context;
  (void)err;
  assert(level <= TREE_LEVELS_MAX && (index + 1) << level <= leaves->count);
  tree_root_of_leaves(leaves->hasher, leaves->hashes + (index << level), (uint64_t)1 << level, out);
  return DONE;
}

struct tree_source tree_source_of_leaves(struct tree_leaves *leaves) {
  return (struct tree_source){leaves_get, leaves};
}

/* The largest power of two below `size`, as its exponent: where RFC 6962 splits. size > 1. */
static int split_level(uint64_t size) { return 63 - __builtin_clzll(size - 1); }

/* The root over leaves [from, to), which is one of the subtrees that RFC 6962's splitting makes:
 * `from` is then a multiple of a power of two that is not smaller than to - from, and the perfect
 * subtrees within are the set bits of to - from. */
static enum status subtree(struct hasher *hasher, struct tree_source source, uint64_t from,
                           uint64_t to, struct digest *out, struct error *err) {
  struct digest peak[TREE_LEVELS_MAX];
  int peaks = 0;
  assert(from < to);
  for (uint64_t at = from, left = to - from; left;) {
    int level = 63 - __builtin_clzll(left);
    assert((at & (((uint64_t)1 << level) - 1)) == 0);
    enum status status = source.get(source.context, level, at >> level, &peak[peaks++], err);
    if (status != DONE) return status;
    at += (uint64_t)1 << level;
    left -= (uint64_t)1 << level;
  }
  struct digest hash = peak[--peaks];
  while (peaks) tree_node(hasher, &peak[--peaks], &hash, &hash);
  *out = hash;
  return DONE;
}

static enum status size_check(uint64_t size, struct error *err) {
  if (size <= TREE_SIZE_MAX) return DONE;
  return refuse(err, TREE_TOO_LARGE, (unsigned long long)size, (unsigned long long)TREE_SIZE_MAX);
}

enum status tree_root(struct hasher *hasher, struct tree_source source, uint64_t size,
                      struct digest *out, struct error *err) {
  if (size_check(size, err) != DONE) return REFUSED;
  if (size) return subtree(hasher, source, 0, size, out, err);
  tree_empty(hasher, out);
  return DONE;
}

enum status tree_range_load(struct tree_source source, uint64_t size, struct tree_range *out,
                            struct error *err) {
  if (size_check(size, err) != DONE) return REFUSED;
  uint64_t at = 0;
  int peaks = 0;
  out->size = size;
  for (int level = TREE_LEVELS_MAX - 1; level >= 0; level--) {
    if (!(size >> level & 1)) continue;
    enum status status = source.get(source.context, level, at >> level, &out->peak[peaks++], err);
    if (status != DONE) return status;
    at += (uint64_t)1 << level;
  }
  return DONE;
}

/* Both paths walk down from the root; RFC 6962 lists them from the bottom up. */
static void path_reverse(struct tree_path *path) {
  for (int i = 0, j = path->count - 1; i < j; i++, j--) {
    struct digest kept = path->hashes[i];
    path->hashes[i] = path->hashes[j];
    path->hashes[j] = kept;
  }
}

enum status tree_inclusion(struct hasher *hasher, struct tree_source source, uint64_t index,
                           uint64_t size, struct tree_path *out, struct error *err) {
  if (size_check(size, err) != DONE) return REFUSED;
  if (index >= size)
    return refuse(err, TREE_LEAF_OUTSIDE, (unsigned long long)index, (unsigned long long)size);
  uint64_t from = 0, to = size;
  out->count = 0;
  while (to - from > 1) {
    uint64_t middle = from + ((uint64_t)1 << split_level(to - from));
    bool left = index < middle;
    assert(out->count < TREE_PATH_MAX);
    enum status status = subtree(hasher, source, left ? middle : from, left ? to : middle,
                                 &out->hashes[out->count++], err);
    if (status != DONE) return status;
    if (left) to = middle;
    else from = middle;
  }
  path_reverse(out);
  return DONE;
}

enum status tree_consistency(struct hasher *hasher, struct tree_source source, uint64_t size1,
                             uint64_t size2, struct tree_path *out, struct error *err) {
  if (size_check(size2, err) != DONE) return REFUSED;
  if (!size1 || size1 > size2)
    return refuse(err, TREE_NO_CONSISTENCY, (unsigned long long)size1, (unsigned long long)size2);
  uint64_t from = 0, to = size2;
  bool whole = true; /* the subtree reached is the older tree itself, whose root the verifier has */
  enum status status;
  out->count = 0;
  while (size1 != to) {
    uint64_t middle = from + ((uint64_t)1 << split_level(to - from));
    bool left = size1 <= middle;
    assert(out->count < TREE_PATH_MAX);
    status = subtree(hasher, source, left ? middle : from, left ? to : middle,
                     &out->hashes[out->count++], err);
    if (status != DONE) return status;
    if (left) to = middle;
    else from = middle, whole = false;
  }
  if (!whole) {
    assert(out->count < TREE_PATH_MAX);
    status = subtree(hasher, source, from, to, &out->hashes[out->count++], err);
    if (status != DONE) return status;
  }
  path_reverse(out);
  return DONE;
}

bool tree_inclusion_root(struct hasher *hasher, uint64_t index, uint64_t size,
                         const struct digest *leaf_hash, const struct digest *path, size_t count,
                         struct digest *root) {
  if (index >= size) return false;
  uint64_t place = index, last = size - 1;
  struct digest hash = *leaf_hash;
  for (size_t i = 0; i < count; i++) {
    if (!last) return false;
    if (place & 1 || place == last) {
      tree_node(hasher, &path[i], &hash, &hash);
      while (!(place & 1) && place) place >>= 1, last >>= 1;
    } else tree_node(hasher, &hash, &path[i], &hash);
    place >>= 1;
    last >>= 1;
  }
  if (last) return false;
  *root = hash;
  return true;
}

bool tree_inclusion_verify(struct hasher *hasher, uint64_t index, uint64_t size,
                           const struct digest *leaf_hash, const struct digest *path, size_t count,
                           const struct digest *root) {
  struct digest found;
  return tree_inclusion_root(hasher, index, size, leaf_hash, path, count, &found) &&
         digest_equal(&found, root);
}

bool tree_consistency_verify(struct hasher *hasher, const struct tree_head *older,
                             const struct tree_head *newer, const struct digest *path,
                             size_t count) {
  if (!older->size || older->size > newer->size) return false;
  if (older->size == newer->size) return count == 0 && digest_equal(&older->root, &newer->root);
  /* then the path leaves out its first hash, which is the older root */
  bool power = (older->size & (older->size - 1)) == 0;
  if (!power && !count) return false;
  struct digest first = power ? older->root : path[0], second = first;
  uint64_t place = older->size - 1, last = newer->size - 1;
  while (place & 1) place >>= 1, last >>= 1;
  for (size_t i = power ? 0 : 1; i < count; i++) {
    if (!last) return false;
    if (place & 1 || place == last) {
      tree_node(hasher, &path[i], &first, &first);
      tree_node(hasher, &path[i], &second, &second);
      while (!(place & 1) && place) place >>= 1, last >>= 1;
    } else tree_node(hasher, &second, &path[i], &second);
    place >>= 1;
    last >>= 1;
  }
  return !last && digest_equal(&first, &older->root) && digest_equal(&second, &newer->root);
}
