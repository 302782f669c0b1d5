/* A log as static files (C2SP tlog-tiles, https://c2sp.org/tlog-tiles): paths, tiles of hashes,
 * bundles of entries.
 *
 * A tile is 256 hashes of one level of the tree, 8,192 bytes; level 0 has the leaves, level 1 the
 * roots of full tiles of level 0, and so on. The last tile of a level is partial, of 1 to 255
 * hashes, and its width is in its path:
 *
 *     tile/0/x001/x234/067          level 0, tile 1234067
 *     tile/1/000.p/17               level 1, tile 0, its first 17 hashes
 *     tile/entries/000.p/17
 *         the entries themselves, each behind its length in two bytes, big-endian
 *
 * Writing: a writer takes leaf hashes in order and hands out each tile when it is full, and the
 * partial ones when asked:
 *
 *     struct tiles_writer writer;
 *     tiles_writer_begin(&writer, hasher, put, context);
 *         and tiles_writer_resume, to append to an existing log
 *     for (each leaf) tiles_writer_add(&writer, &hash, err);
 *     tiles_writer_finish(&writer, err);
 *
 * Reading: a `struct tiles_reader` asks for tiles and is a tree_source, so paths, roots and
 * consistency come from tree.h.
 */
#ifndef WEAL_PROOF_TILES_H
#define WEAL_PROOF_TILES_H

#include "proof/tree.h"

enum {
  TILE_HEIGHT = 8,
  TILE_WIDTH = 1 << TILE_HEIGHT,
  TILE_LEVELS_MAX = TREE_LEVELS_MAX / TILE_HEIGHT,
  TILE_ENTRIES = -1, /* in place of a level: the entries themselves */
  TILE_ENTRY_MAX = 65535,
  TILE_BUNDLE_MAX = TILE_WIDTH * (TILE_ENTRY_MAX + 2)
};

struct tile {
  int level; /* 0 to TILE_LEVELS_MAX - 1, or TILE_ENTRIES */
  uint64_t index;
  int width; /* 1 to TILE_WIDTH, which is a full one */
};

/* ---- paths ---- */

/* from `tile/` on, without a slash in front */
void text_add_tile_path(struct text *t, const struct tile *tile);
/* REFUSED for any other form, and for tiles that no tree here can have. */
enum status tile_path_parse(struct span path, struct tile *out, struct error *err) MUST_USE;
/* The width of this tile in a log of `size` entries: TILE_WIDTH, the width of a partial tile, or 0
 * where there is no tile. */
int tile_width(int level, uint64_t index, uint64_t size);
/* How many tiles a level has, including the partial one. */
uint64_t tile_count(int level, uint64_t size);

/* ---- contents ---- */

void text_add_tile(struct text *t, const struct digest *hashes, int width);
/* REFUSED unless the bytes are exactly `width` hashes. */
enum status tile_parse(struct span bytes, int width, struct digest hashes[TILE_WIDTH],
                       struct error *err) MUST_USE;
/* An entry of at most TILE_ENTRY_MAX bytes. */
enum status text_add_bundle_entry(struct text *t, struct span entry, struct error *err) MUST_USE;
/* REFUSED unless the bytes are exactly `width` entries. The entries borrow from the bytes. */
enum status bundle_parse(struct span bytes, int width, struct span entries[TILE_WIDTH],
                         struct error *err) MUST_USE;

/* ---- making ---- */

typedef enum status tile_put(void *context, const struct tile *tile, const struct digest *hashes,
                             struct error *err);
typedef enum status tile_get(void *context, const struct tile *tile,
                             struct digest hashes[TILE_WIDTH], struct error *err);

struct tiles_writer {
  struct hasher *hasher;
  tile_put *put;
  void *context;
  uint64_t size;
  struct digest row[TILE_LEVELS_MAX][TILE_WIDTH]; /* the tile of each level that is not full */
};

void tiles_writer_begin(struct tiles_writer *writer, struct hasher *hasher, tile_put *put,
                        void *context);
/* Call it after begin and before the first leaf, to append to a log of `size` entries, whose
 * partial tiles `get` gives. */
enum status tiles_writer_resume(struct tiles_writer *writer, uint64_t size, tile_get *get,
                                void *context, struct error *err) MUST_USE;
/* Gives `put` each tile that becomes full, the lower level first. Returns the failure of `put`;
 * then the writer cannot be used any more. */
enum status tiles_writer_add(struct tiles_writer *writer, const struct digest *leaf_hash,
                             struct error *err) MUST_USE;
/* Gives `put` the partial tiles of the size reached. More leaves may be added afterwards. */
enum status tiles_writer_finish(struct tiles_writer *writer, struct error *err) MUST_USE;

/* ---- reading ---- */

/* The reader asks `get` for tiles of a log of `size` entries, each with its width there; `get`
 * returns REFUSED for a missing or damaged tile. The reader does not verify tiles: when they come
 * from somebody else, check the root against a head. It keeps one tile of each level. */
struct tiles_reader {
  struct hasher *hasher;
  tile_get *get;
  void *context;
  uint64_t size;
  struct tile kept[TILE_LEVELS_MAX]; /* width 0: none yet */
  struct digest row[TILE_LEVELS_MAX][TILE_WIDTH];
};

void tiles_reader_begin(struct tiles_reader *reader, struct hasher *hasher, uint64_t size,
                        tile_get *get, void *context);
struct tree_source tree_source_of_tiles(struct tiles_reader *reader);

#endif
