#include "book/tiles.h"

#include "base/arena.h"
#include "base/refusal.h"

#include <assert.h>

struct level {
  struct digest hashes[TILE_HASHES];
  int count;
  int64_t tile, first_party;
  bool changed;
};

struct tile_builder {
  struct store *store;
  struct hasher *hasher;
  int64_t closing;
  uint64_t size;
  struct level levels[TILE_LEVELS];
};

/* ---- rows ---- */

static enum status write_tile(struct tile_builder *b, int at, struct error *err) {
  struct level *level = &b->levels[at];
  struct query *q = NULL;
  enum status status =
      store_query(b->store, &q,
                  b->closing ? "insert into closing_tile (level, tile, hashes, entry, first_party) "
                               "values (?1, ?2, ?3, ?4, ?5)"
                             : "insert into log_tile (level, tile, hashes) values (?1, ?2, ?3) on "
                               "conflict (level, tile) do update set hashes = excluded.hashes",
                  err);
  if (status != DONE) return status;
  query_bind_int(q, 1, at);
  query_bind_int(q, 2, level->tile);
  query_bind_bytes(q, 3, level->hashes, sizeof *level->hashes * (size_t)level->count);
  if (b->closing) {
    query_bind_int(q, 4, b->closing);
    query_bind_int(q, 5, level->first_party);
  }
  status = query_run(q, err);
  query_end(q);
  level->changed = false;
  return status;
}

static enum status read_row(struct store *store, int64_t closing, int level, int64_t tile,
                            struct digest *hashes, int *count, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *count = 0;
  enum status status = store_query(
      store, &q,
      closing ? "select hashes from closing_tile where level = ?1 and tile = ?2 and entry = ?3"
              : "select hashes from log_tile where level = ?1 and tile = ?2",
      err);
  if (status != DONE) return status;
  query_bind_int(q, 1, level);
  query_bind_int(q, 2, tile);
  if (closing) query_bind_int(q, 3, closing);
  status = query_step(q, &row, err);
  if (status == DONE && row) {
    struct span bytes = query_bytes(q, 0);
    size_t n = bytes.size / sizeof *hashes;
    if (bytes.size % sizeof *hashes || n > TILE_HASHES || !n)
      status = error_set(err, FAILED, "tile %d/%lld is damaged; run `weal audit`", level,
                         (long long)tile);
    else memcpy(hashes, bytes.bytes, bytes.size);
    *count = status == DONE ? (int)n : 0;
  }
  query_end(q);
  return status;
}

/* ---- building ---- */

static enum status last_tile(struct store *store, int level, int64_t *tile, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *tile = -1;
  enum status status = store_query(store, &q, "select max(tile) from log_tile where level = ?1",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, level);
  status = query_step(q, &row, err);
  if (status == DONE && row && !query_is_null(q, 0)) *tile = query_int(q, 0);
  query_end(q);
  return status;
}

enum status tile_builder_open(struct tile_builder **out, struct store *store, int64_t closing,
                              struct error *err) {
  struct tile_builder *b = memory_zeroed(1, sizeof *b);
  *b = (struct tile_builder){.store = store, .closing = closing, .hasher = hasher_new()};
  *out = b;
  if (closing) return DONE; /* a closing is built once, from its first leaf */
  for (int at = 0; at < TILE_LEVELS; at++) {
    struct level *level = &b->levels[at];
    int64_t tile = -1;
    enum status status = last_tile(store, at, &tile, err);
    if (status != DONE) return status;
    if (tile < 0) break;
    status = read_row(store, 0, at, tile, level->hashes, &level->count, err);
    if (status != DONE) return status;
    if (at == 0) b->size = (uint64_t)tile * TILE_HASHES + (uint64_t)level->count;
    bool full = level->count == TILE_HASHES;
    level->tile = full ? tile + 1 : tile;
    if (full) level->count = 0;
  }
  return DONE;
}

uint64_t tile_builder_size(const struct tile_builder *b) { return b->size; }

enum status tile_builder_add(struct tile_builder *b, const struct digest *leaf, int64_t party,
                             struct error *err) {
  struct digest hash = *leaf;
  b->size++;
  for (int at = 0;; at++) {
    assert(at < TILE_LEVELS);
    struct level *level = &b->levels[at];
    if (!level->count) level->first_party = party;
    level->hashes[level->count++] = hash;
    level->changed = true;
    if (level->count < TILE_HASHES) return DONE;
    enum status status = write_tile(b, at, err);
    if (status != DONE) return status;
    tree_root_of_leaves(b->hasher, level->hashes, TILE_HASHES, &hash);
    party = level->first_party;
    level->count = 0;
    level->tile++;
  }
}

enum status tile_builder_end(struct tile_builder *b, uint64_t *size, struct digest *root,
                             struct error *err) {
  enum status status = DONE;
  for (int at = 0; status == DONE && at < TILE_LEVELS; at++)
    if (b->levels[at].changed && b->levels[at].count) status = write_tile(b, at, err);
  if (status == DONE) {
    struct tile_reader *reader = memory_zeroed(1, sizeof *reader);
    tile_reader_begin(reader, b->store, b->closing, b->hasher);
    *size = b->size;
    if (b->size) status = tree_root(b->hasher, tile_source(reader), b->size, root, err);
    else tree_empty(b->hasher, root);
    free(reader);
  }
  tile_builder_free(b);
  return status;
}

void tile_builder_free(struct tile_builder *b) {
  if (!b) return;
  hasher_free(b->hasher);
  free(b);
}

/* ---- checking ---- */

struct tile_checker {
  struct store *store;
  struct hasher *hasher;
  int64_t closing, rows, bad_tile;
  int bad_level;
  struct level levels[TILE_LEVELS];
};

void tile_checker_open(struct tile_checker **out, struct store *store, int64_t closing) {
  *out = memory_zeroed(1, sizeof **out);
  **out = (struct tile_checker){
      .store = store, .closing = closing, .hasher = hasher_new(), .bad_level = -1, .bad_tile = -1};
}

static void note_bad(struct tile_checker *c, int level, int64_t tile) {
  if (c->bad_level >= 0) return;
  c->bad_level = level;
  c->bad_tile = tile;
}

static enum status compare_tile(struct tile_checker *c, int at, struct error *err) {
  struct level *level = &c->levels[at];
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(
      c->store, &q,
      c->closing ? "select hashes, first_party from closing_tile where level = ?1 and tile = ?2 "
                   "and entry = ?3"
                 : "select hashes, 0 as first_party from log_tile where level = ?1 and tile = ?2",
      err);
  if (status != DONE) return status;
  query_bind_int(q, 1, at);
  query_bind_int(q, 2, level->tile);
  if (c->closing) query_bind_int(q, 3, c->closing);
  status = query_step(q, &row, err);
  if (status == DONE && row) {
    struct span bytes = query_bytes(q, 0);
    c->rows++;
    if (bytes.size != sizeof *level->hashes * (size_t)level->count ||
        memcmp(bytes.bytes, level->hashes, bytes.size) != 0 ||
        query_int(q, 1) != level->first_party)
      note_bad(c, at, level->tile);
  } else if (status == DONE) note_bad(c, at, level->tile);
  query_end(q);
  return status;
}

enum status tile_checker_add(struct tile_checker *c, const struct digest *leaf, int64_t party,
                             struct error *err) {
  struct digest hash = *leaf;
  for (int at = 0;; at++) {
    assert(at < TILE_LEVELS);
    struct level *level = &c->levels[at];
    if (!level->count) level->first_party = party;
    level->hashes[level->count++] = hash;
    if (level->count < TILE_HASHES) return DONE;
    enum status status = compare_tile(c, at, err);
    if (status != DONE) return status;
    tree_root_of_leaves(c->hasher, level->hashes, TILE_HASHES, &hash);
    party = level->first_party;
    level->count = 0;
    level->tile++;
  }
}

enum status tile_checker_end(struct tile_checker *c, int *bad_level, int64_t *bad_tile,
                             struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = DONE;
  for (int at = 0; status == DONE && at < TILE_LEVELS; at++)
    if (c->levels[at].count) status = compare_tile(c, at, err);
  if (status == DONE)
    status = store_query(c->store, &q,
                         c->closing ? "select count(*) from closing_tile where entry = ?1"
                                    : "select count(*) from log_tile",
                         err);
  if (status == DONE && c->closing) query_bind_int(q, 1, c->closing);
  if (status == DONE) status = query_step(q, &row, err);
  /* the first that should not be there */
  if (status == DONE && query_int(q, 0) != c->rows)
    note_bad(c, 0, c->levels[0].tile + (c->levels[0].count > 0));
  query_end(q);
  *bad_level = c->bad_level;
  *bad_tile = c->bad_tile;
  hasher_free(c->hasher);
  free(c);
  return status;
}

/* ---- reading ---- */

void tile_reader_begin(struct tile_reader *r, struct store *store, int64_t closing,
                       struct hasher *hasher) {
  memset(r, 0, sizeof *r);
  r->store = store;
  r->closing = closing;
  r->hasher = hasher;
}

enum status tile_read(struct tile_reader *r, int level, int64_t tile, const struct digest **hashes,
                      int *count, struct error *err) {
  struct tile_kept *kept = &r->kept[level];
  if (!kept->there || kept->tile != tile) {
    kept->there = false;
    enum status status = read_row(r->store, r->closing, level, tile, kept->hashes, &kept->count,
                                  err);
    if (status != DONE) return status;
    kept->there = true;
    kept->tile = tile;
  }
  *hashes = kept->hashes;
  *count = kept->count;
  return DONE;
}

static enum status get_hash(void *context, int level, uint64_t index, struct digest *out,
                            struct error *err) {
  struct tile_reader *r = context;
  int within = level % 8, tile_level = level / 8;
  uint64_t first = index << within, width = UINT64_C(1) << within;
  const struct digest *hashes = NULL;
  int count = 0;
  if (tile_level >= TILE_LEVELS) return refuse(err, TREE_TOO_HIGH);
  enum status status = tile_read(r, tile_level, (int64_t)(first / TILE_HASHES), &hashes, &count,
                                 err);
  if (status != DONE) return status;
  if (first % TILE_HASHES + width > (uint64_t)count)
    return error_set(err, FAILED, "tile %d/%llu is too short; run `weal audit`", tile_level,
                     (unsigned long long)(first / TILE_HASHES));
  tree_root_of_leaves(r->hasher, hashes + first % TILE_HASHES, width, out);
  return DONE;
}

struct tree_source tile_source(struct tile_reader *r) {
  return (struct tree_source){get_hash, r};
}

enum status tile_first_party(struct store *store, int64_t closing, int64_t tile, int64_t *party,
                             bool *there, struct error *err) {
  struct query *q;
  enum status status = store_row_with(
      store, &q, there,
      "select first_party from closing_tile where entry = ?1 and level = 0 and tile = ?2", err,
      closing, tile);
  if (status == DONE && *there) *party = query_int(q, 0);
  query_end(q);
  return status;
}
