/* Trees kept in the store as tiles: 256 hashes a row, each level 256 times as wide as the one below
 * (C2SP tlog-tiles). One tree is the log; each closing has one over its people.
 *
 *     tile_builder_open(&b, store, TILES_OF_LOG, &err);      continues at the end of the tree
 *     tile_builder_add(b, &leaf_hash, 0, &err);
 *     tile_builder_end(b, &size, &root, &err);               in the caller's write transaction
 *
 * A path takes some three rows to read, whatever the tree's size.
 */
#ifndef WEAL_BOOK_TILES_H
#define WEAL_BOOK_TILES_H

#include "proof/tree.h"
#include "store/store.h"

enum { TILE_HASHES = 256, TILE_LEVELS = 5, TILES_OF_LOG = 0 };

struct tile_builder;
/* `closing`: the entry of a closing, or TILES_OF_LOG. */
enum status tile_builder_open(struct tile_builder **out, struct store *store, int64_t closing,
                              struct error *err) MUST_USE;
uint64_t tile_builder_size(const struct tile_builder *b);
/* `party`: whose leaf it is, of a closing; 0 for the log. */
enum status tile_builder_add(struct tile_builder *b, const struct digest *leaf, int64_t party,
                             struct error *err) MUST_USE;
/* Writes the tiles that are not full and releases the builder, also after a failure. */
enum status tile_builder_end(struct tile_builder *b, uint64_t *size, struct digest *root,
                             struct error *err) MUST_USE;
void tile_builder_free(struct tile_builder *b); /* takes null */

/* Computes the tiles from the leaves again and compares them with the stored tiles. */
struct tile_checker;
void tile_checker_open(struct tile_checker **out, struct store *store, int64_t closing);
/* `party`: as for the builder. */
enum status tile_checker_add(struct tile_checker *c, const struct digest *leaf, int64_t party,
                             struct error *err) MUST_USE;
/* Call it after the last leaf: checks the tiles that are not full, and that there are no further
 * tiles. Releases the checker, also after a failure; the first difference is in *level, *tile (-1,
 * -1: none). */
enum status tile_checker_end(struct tile_checker *c, int *level, int64_t *tile,
                             struct error *err) MUST_USE;

/* Gives hashes to proof/tree.h. Keeps the last tile of each level. */
struct tile_reader {
  struct store *store;
  int64_t closing;
  struct hasher *hasher; /* the caller's */
  struct tile_kept {
    bool there;
    int64_t tile;
    int count;
    struct digest hashes[TILE_HASHES];
  } kept[TILE_LEVELS];
};
void tile_reader_begin(struct tile_reader *r, struct store *store, int64_t closing,
                       struct hasher *hasher);
struct tree_source tile_source(struct tile_reader *r);
/* One tile, for publishing: *count of its hashes, 0 when there is none. */
enum status tile_read(struct tile_reader *r, int level, int64_t tile, const struct digest **hashes,
                      int *count, struct error *err) MUST_USE;

/* Whose leaf begins a tile (level 0) of a closing; *there false: there is no such tile. */
enum status tile_first_party(struct store *store, int64_t closing, int64_t tile, int64_t *party,
                             bool *there, struct error *err) MUST_USE;

#endif
