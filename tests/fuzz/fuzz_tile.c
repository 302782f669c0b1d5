#include "fuzz/fuzz.h"
#include "proof/tiles.h"

/* A tile's path has one form. The first byte is the number of entries in the bundle that follows;
 * the bundle written again is the same. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct span all = span_make((const char *)bytes, size);
  struct error err = {0};
  struct tile tile;
  struct text t = {0};
  if (tile_path_parse(all, &tile, &err) == DONE) {
    text_add_tile_path(&t, &tile);
    HOLD(span_equal(all, span_make(t.bytes, t.size)));
    HOLD(tile_width(tile.level, tile.index, TREE_SIZE_MAX) >= tile.width ||
         tile.width <= TILE_WIDTH);
  } else HOLD(err.code == REFUSED && err.message[0]);
  text_clear(&t);
  if (size) {
    struct span entries[TILE_WIDTH], bundle = span_make(all.bytes + 1, size - 1);
    int width = bytes[0] + 1;
    if (bundle_parse(bundle, width, entries, &err) == DONE) {
      for (int i = 0; i < width; i++) HOLD(text_add_bundle_entry(&t, entries[i], &err) == DONE);
      HOLD(span_equal(bundle, span_make(t.bytes, t.size)));
    } else HOLD(err.code == REFUSED && err.message[0]);
    struct digest hashes[TILE_WIDTH];
    HOLD((tile_parse(bundle, width, hashes, &err) == DONE) == (bundle.size == (size_t)width * 32));
  }
  text_release(&t);
  return 0;
}
