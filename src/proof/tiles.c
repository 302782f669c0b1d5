#include "proof/tiles.h"
#include "base/refusal.h"
#include <assert.h>
#include <inttypes.h>

_Static_assert(TILE_LEVELS_MAX *TILE_HEIGHT == TREE_LEVELS_MAX,
               "the levels of tiles are those of the tree");

/* ---- paths ---- */

/* An entry bundle has the position of a tile of level 0. */
static int level_of(int level) { return level == TILE_ENTRIES ? 0 : level; }

uint64_t tile_count(int level, uint64_t size) {
  uint64_t hashes = size >> (TILE_HEIGHT * level_of(level));
  return hashes / TILE_WIDTH + (hashes % TILE_WIDTH != 0);
}

int tile_width(int level, uint64_t index, uint64_t size) {
  uint64_t hashes = size >> (TILE_HEIGHT * level_of(level));
  if (index < hashes / TILE_WIDTH) return TILE_WIDTH;
  return index == hashes / TILE_WIDTH ? (int)(hashes % TILE_WIDTH) : 0;
}

void text_add_tile_path(struct text *t, const struct tile *tile) {
  uint64_t group[8];
  int count = 0;
  assert(tile->level >= TILE_ENTRIES && tile->level < TILE_LEVELS_MAX && tile->width >= 1 &&
         tile->width <= TILE_WIDTH);
  if (tile->level == TILE_ENTRIES) text_add(t, "tile/entries/");
  else text_addf(t, "tile/%d/", tile->level);
  for (uint64_t n = tile->index; count == 0 || n; n /= 1000) group[count++] = n % 1000;
  while (count > 1) text_addf(t, "x%03" PRIu64 "/", group[--count]);
  text_addf(t, "%03" PRIu64, group[0]);
  if (tile->width < TILE_WIDTH) text_addf(t, ".p/%d", tile->width);
}

static bool take(struct span *rest, const char *word) {
  size_t size = strlen(word);
  if (rest->size < size || memcmp(rest->bytes, word, size) != 0) return false;
  *rest = span_make(rest->bytes + size, rest->size - size);
  return true;
}

/* A decimal without leading zeros, of at most three digits. */
static bool take_number(struct span *rest, int *out) {
  size_t size = 0;
  *out = 0;
  for (; size < rest->size && size < 4 && rest->bytes[size] >= '0' && rest->bytes[size] <= '9';
       size++)
    *out = *out * 10 + (rest->bytes[size] - '0');
  if (size == 0 || size > 3 || (size > 1 && rest->bytes[0] == '0')) return false;
  *rest = span_make(rest->bytes + size, rest->size - size);
  return true;
}

static bool take_group(struct span *rest, uint64_t *out) {
  if (rest->size < 3) return false;
  uint64_t n = 0;
  for (int i = 0; i < 3; i++) {
    if (rest->bytes[i] < '0' || rest->bytes[i] > '9') return false;
    n = n * 10 + (uint64_t)(rest->bytes[i] - '0');
  }
  *out = n;
  *rest = span_make(rest->bytes + 3, rest->size - 3);
  return true;
}

static bool take_index(struct span *rest, uint64_t *out) {
  uint64_t group;
  *out = 0;
  for (int groups = 0; groups < 5; groups++) { /* 10^15 is past 2^40 */
    bool more = take(rest, "x");
    if (!take_group(rest, &group) || (groups == 0 && more && group == 0)) return false;
    *out = *out * 1000 + group;
    if (!more) return true;
    if (!take(rest, "/")) return false;
  }
  return false;
}

static bool path_parse(struct span rest, struct tile *out) {
  if (!take(&rest, "tile/")) return false;
  out->level = TILE_ENTRIES;
  if (!take(&rest, "entries") &&
      (!take_number(&rest, &out->level) || out->level >= TILE_LEVELS_MAX))
    return false;
  if (!take(&rest, "/") || !take_index(&rest, &out->index)) return false;
  out->width = TILE_WIDTH;
  if (rest.size && (!take(&rest, ".p/") || !take_number(&rest, &out->width) || out->width < 1 ||
                    out->width >= TILE_WIDTH))
    return false;
  int below = TILE_HEIGHT * (level_of(out->level) + 1);
  return rest.size == 0 && out->index <= TREE_SIZE_MAX >> below;
}

enum status tile_path_parse(struct span path, struct tile *out, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  struct tile found = {.level = 0};
  if (!path_parse(path, &found)) return refuse(err, TILE_PATH_MALFORMED, span_quote(path, quoted));
  *out = found;
  return DONE;
}

/* ---- contents ---- */

void text_add_tile(struct text *t, const struct digest *hashes, int width) {
  text_add_bytes(t, (const char *)hashes->bytes, (size_t)width * sizeof *hashes);
}

enum status tile_parse(struct span bytes, int width, struct digest hashes[TILE_WIDTH],
                       struct error *err) {
  assert(width >= 1 && width <= TILE_WIDTH);
  if (bytes.size != (size_t)width * sizeof *hashes)
    return refuse(err, TILE_SIZE_WRONG, bytes.size, width, (size_t)width * sizeof *hashes);
  memcpy(hashes, bytes.bytes, bytes.size);
  return DONE;
}

enum status text_add_bundle_entry(struct text *t, struct span entry, struct error *err) {
  if (entry.size > TILE_ENTRY_MAX)
    return refuse(err, LOG_ENTRY_TOO_LONG, entry.size, TILE_ENTRY_MAX);
  text_add_char(t, (char)(entry.size >> 8));
  text_add_char(t, (char)(entry.size & 255));
  text_add_span(t, entry);
  return DONE;
}

enum status bundle_parse(struct span bytes, int width, struct span entries[TILE_WIDTH],
                         struct error *err) {
  size_t at = 0;
  assert(width >= 1 && width <= TILE_WIDTH);
  for (int i = 0; i < width; i++) {
    if (bytes.size - at < 2) return refuse(err, BUNDLE_ENDS_EARLY, i, width);
    size_t size = (size_t)(uint8_t)bytes.bytes[at] << 8 | (uint8_t)bytes.bytes[at + 1];
    at += 2;
    if (bytes.size - at < size) return refuse(err, BUNDLE_ENDS_WITHIN, i + 1, width);
    entries[i] = span_make(bytes.bytes + at, size);
    at += size;
  }
  return at == bytes.size ? DONE : refuse(err, BUNDLE_TOO_LONG, bytes.size - at, width);
}

/* ---- making ---- */

void tiles_writer_begin(struct tiles_writer *writer, struct hasher *hasher, tile_put *put,
                        void *context) {
  writer->hasher = hasher;
  writer->put = put;
  writer->context = context;
  writer->size = 0;
}

enum status tiles_writer_resume(struct tiles_writer *writer, uint64_t size, tile_get *get,
                                void *context, struct error *err) {
  if (size > TREE_SIZE_MAX) return refuse(err, LOG_TOO_LARGE, (unsigned long long)size);
  writer->size = size;
  for (int level = 0; level < TILE_LEVELS_MAX; level++) {
    uint64_t hashes = size >> (TILE_HEIGHT * level);
    struct tile tile = {level, hashes / TILE_WIDTH, (int)(hashes % TILE_WIDTH)};
    if (!tile.width) continue;
    enum status status = get(context, &tile, writer->row[level], err);
    if (status != DONE) return status;
  }
  return DONE;
}

enum status tiles_writer_add(struct tiles_writer *writer, const struct digest *leaf_hash,
                             struct error *err) {
  struct digest hash = *leaf_hash;
  assert(writer->size < TREE_SIZE_MAX);
  uint64_t before = writer->size++;
  for (int level = 0; level < TILE_LEVELS_MAX; level++, before /= TILE_WIDTH) {
    struct tile tile = {level, before / TILE_WIDTH, TILE_WIDTH};
    int at = (int)(before % TILE_WIDTH);
    writer->row[level][at] = hash;
    if (at < TILE_WIDTH - 1) return DONE;
    enum status status = writer->put(writer->context, &tile, writer->row[level], err);
    if (status != DONE) return status;
    tree_root_of_leaves(writer->hasher, writer->row[level], TILE_WIDTH, &hash);
  }
  return DONE;
}

enum status tiles_writer_finish(struct tiles_writer *writer, struct error *err) {
  for (int level = 0; level < TILE_LEVELS_MAX; level++) {
    uint64_t hashes = writer->size >> (TILE_HEIGHT * level);
    struct tile tile = {level, hashes / TILE_WIDTH, (int)(hashes % TILE_WIDTH)};
    if (!tile.width) continue;
    enum status status = writer->put(writer->context, &tile, writer->row[level], err);
    if (status != DONE) return status;
  }
  return DONE;
}

/* ---- reading ---- */

void tiles_reader_begin(struct tiles_reader *reader, struct hasher *hasher, uint64_t size,
                        tile_get *get, void *context) {
  reader->hasher = hasher;
  reader->get = get;
  reader->context = context;
  reader->size = size;
  for (int level = 0; level < TILE_LEVELS_MAX; level++)
    reader->kept[level] = (struct tile){.width = 0};
}

static enum status reader_get(void *context, int level, uint64_t index, struct digest *out,
                              struct error *err) {
  struct tiles_reader *reader = context;
  int row = level / TILE_HEIGHT, within = level % TILE_HEIGHT;
  assert(level < TREE_LEVELS_MAX && (index + 1) << level <= reader->size);
  uint64_t first = index << within; /* the subtree's first hash in the tiles' level */
  struct tile tile = {row, first / TILE_WIDTH, tile_width(row, first / TILE_WIDTH, reader->size)};
  struct tile *kept = &reader->kept[row];
  if (!kept->width || kept->index != tile.index) {
    kept->width = 0;
    enum status status = reader->get(reader->context, &tile, reader->row[row], err);
    if (status != DONE) return status;
    *kept = tile;
  }
  tree_root_of_leaves(reader->hasher, reader->row[row] + first % TILE_WIDTH, (uint64_t)1 << within,
                      out);
  return DONE;
}

struct tree_source tree_source_of_tiles(struct tiles_reader *reader) {
  return (struct tree_source){reader_get, reader};
}
