/* Tiles: their paths, and that they give the same tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "proof/tiles.h"

static void paths_have_one_canonical_form(void **state) {
  (void)state;
  static const struct {
    struct tile tile;
    const char *path;
  } cases[] = {
      /* the example of the specification */
      {{0, 0, 256}, "tile/0/000"},
      {{0, 1234067, 256}, "tile/0/x001/x234/067"},
      {{0, 273, 112}, "tile/0/273.p/112"},
      {{1, 1, 17}, "tile/1/001.p/17"},
      {{2, 0, 1}, "tile/2/000.p/1"},
      {{TILE_ENTRIES, 1000, 256}, "tile/entries/x001/000"},
      {{TILE_ENTRIES, 0, 255}, "tile/entries/000.p/255"},
      {{0, (uint64_t)1 << 31, 256}, "tile/0/x002/x147/x483/648"},
  };
  struct tile tile;
  struct error err = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct text t = {0};
    text_add_tile_path(&t, &cases[i].tile);
    assert_string_equal(t.bytes, cases[i].path);
    text_release(&t);
    assert_int_equal(tile_path_parse(span_of(cases[i].path), &tile, NULL), DONE);
    assert_true(tile.level == cases[i].tile.level && tile.index == cases[i].tile.index &&
                tile.width == cases[i].tile.width);
  }
  static const char *const wrong[] = {"",
                                      "tile",
                                      "tile/",
                                      "tile/0",
                                      "tile/0/",
                                      "tile/0/0",
                                      "tile/0/00",
                                      "tile/0/0000",
                                      "/tile/0/000",
                                      "tile/00/000",
                                      "tile/01/000",
                                      "tile/5/000",
                                      "tile/63/000",
                                      "tile/-1/000",
                                      "tile/0/x000/000",
                                      "tile/0/x001",
                                      "tile/0/x001/x002",
                                      "tile/0/001/002",
                                      "tile/0/x001/002/",
                                      "tile/0/000.p",
                                      "tile/0/000.p/",
                                      "tile/0/000.p/0",
                                      "tile/0/000.p/256",
                                      "tile/0/000.p/01",
                                      "tile/0/000.p/1 ",
                                      "tile/0/000.q/1",
                                      "tile/data/000",
                                      "tile/entries/000.p/1000",
                                      "tile/0/x999/x999/x999/x999/999",
                                      "tile/0/x009/x999/x999/999",
                                      "tile/4/001",
                                      "tile/0/x0a1/000",
                                      "tile/0/../../x"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    if (tile_path_parse(span_of(wrong[i]), &tile, &err) != REFUSED) fail_msg("%s", wrong[i]);
  assert_string_equal(err.message, "'tile/0/../../x' is not the path of a tile; one is written "
                                   "tile/0/x001/234 or tile/0/x001/234.p/17");
}

/* The specification's example: 70,000 entries are 273 full tiles and one of 112, one full and one
 * of 17, one of 1. */
static void tile_widths_are_those_of_the_specification(void **state) {
  (void)state;
  assert_int_equal(tile_count(0, 70000), 274);
  assert_int_equal(tile_width(0, 272, 70000), 256);
  assert_int_equal(tile_width(0, 273, 70000), 112);
  assert_int_equal(tile_width(0, 274, 70000), 0);
  assert_int_equal(tile_count(1, 70000), 2);
  assert_int_equal(tile_width(1, 0, 70000), 256);
  assert_int_equal(tile_width(1, 1, 70000), 17);
  assert_int_equal(tile_count(2, 70000), 1);
  assert_int_equal(tile_width(2, 0, 70000), 1);
  assert_int_equal(tile_count(3, 70000), 0);
  assert_int_equal(tile_count(TILE_ENTRIES, 256), 1);
  assert_int_equal(tile_width(TILE_ENTRIES, 0, 256), 256);
  assert_int_equal(tile_width(1, 0, 256), 1);
}

/* Tiles by path, as in a folder. */
struct shelf {
  struct text path[400], bytes[400];
  int count;
};

static enum status shelf_put(void *context, const struct tile *tile, const struct digest *hashes,
                             struct error *err) {
  struct shelf *shelf = context;
  (void)err;
  assert_true(shelf->count < 400);
  text_add_tile_path(&shelf->path[shelf->count], tile);
  text_add_tile(&shelf->bytes[shelf->count], hashes, tile->width);
  shelf->count++;
  return DONE;
}

static enum status shelf_get(void *context, const struct tile *tile,
                             struct digest hashes[TILE_WIDTH], struct error *err) {
  struct shelf *shelf = context;
  struct text path = {0};
  text_add_tile_path(&path, tile);
  enum status status = error_set(err, REFUSED, "no %s", path.bytes);
  for (int i = 0; i < shelf->count; i++)
    if (strcmp(shelf->path[i].bytes, path.bytes) == 0)
      status = tile_parse(span_make(shelf->bytes[i].bytes, shelf->bytes[i].size), tile->width,
                          hashes, err);
  text_release(&path);
  return status;
}

static void shelf_release(struct shelf *shelf) {
  for (int i = 0; i < shelf->count; i++) {
    text_release(&shelf->path[i]);
    text_release(&shelf->bytes[i]);
  }
  free(shelf);
}

enum { SIZE = 70000 };

static void tiles_give_the_tree(void **state) {
  (void)state;
  struct hasher *hasher = hasher_new();
  struct digest *leaves = memory_zeroed(SIZE, sizeof *leaves), root, from_tiles;
  struct shelf *shelf = memory_zeroed(1, sizeof *shelf);
  struct tiles_writer *writer = memory_zeroed(1, sizeof *writer);
  struct tiles_reader *reader = memory_zeroed(1, sizeof *reader);
  for (uint32_t i = 0; i < SIZE; i++) tree_leaf(hasher, &i, sizeof i, &leaves[i]);
  tiles_writer_begin(writer, hasher, shelf_put, shelf);
  for (uint32_t i = 0; i < 65000; i++)
    assert_int_equal(tiles_writer_add(writer, &leaves[i], NULL), DONE);
  assert_int_equal(tiles_writer_finish(writer, NULL), DONE);
  assert_int_equal(shelf->count, 65000 / 256 + 2);
  /* Another run continues from the stored tiles. */
  memset(writer->row, 0x55, sizeof writer->row);
  tiles_writer_begin(writer, hasher, shelf_put, shelf);
  assert_int_equal(tiles_writer_resume(writer, 65000, shelf_get, shelf, NULL), DONE);
  for (uint32_t i = 65000; i < SIZE; i++)
    assert_int_equal(tiles_writer_add(writer, &leaves[i], NULL), DONE);
  assert_int_equal(tiles_writer_finish(writer, NULL), DONE);
  assert_string_equal(shelf->path[shelf->count - 1].bytes, "tile/2/000.p/1");
  assert_string_equal(shelf->path[shelf->count - 2].bytes, "tile/1/001.p/17");
  assert_string_equal(shelf->path[shelf->count - 3].bytes, "tile/0/273.p/112");

  tiles_reader_begin(reader, hasher, SIZE, shelf_get, shelf);
  struct tree_source tiles = tree_source_of_tiles(reader);
  static const uint64_t sizes[] = {1,    2,     255,   256,   257,   511,   512,
                                   4096, 65535, 65536, 65537, 69888, 69999, SIZE};
  struct tree_path path;
  tree_root_of_leaves(hasher, leaves, SIZE, &root);
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    struct tree_head older = {sizes[s], {{0}}}, newer = {SIZE, root};
    tree_root_of_leaves(hasher, leaves, sizes[s], &older.root);
    assert_int_equal(tree_root(hasher, tiles, sizes[s], &from_tiles, NULL), DONE);
    assert_true(digest_equal(&older.root, &from_tiles));
    assert_int_equal(tree_consistency(hasher, tiles, sizes[s], SIZE, &path, NULL), DONE);
    assert_true(tree_consistency_verify(hasher, &older, &newer, path.hashes, (size_t)path.count));
    for (uint64_t index = 0; index < sizes[s]; index += 1 + sizes[s] / 7) {
      assert_int_equal(tree_inclusion(hasher, tiles, index, sizes[s], &path, NULL), DONE);
      assert_true(tree_inclusion_verify(hasher, index, sizes[s], &leaves[index], path.hashes,
                                        (size_t)path.count, &older.root));
    }
  }
  /* A missing tile is reported. */
  struct error err = {0};
  text_add(&shelf->path[200], "x");
  tiles_reader_begin(reader, hasher, SIZE, shelf_get, shelf);
  assert_int_equal(tree_inclusion(hasher, tiles, 200 * 256, SIZE, &path, &err), REFUSED);
  assert_string_equal(err.message, "no tile/0/200");
  shelf_release(shelf);
  free(writer);
  free(reader);
  free(leaves);
  hasher_free(hasher);
}

static void bundles_are_read_whole(void **state) {
  (void)state;
  static char long_entry[TILE_ENTRY_MAX + 1];
  struct text t = {0};
  struct span entries[TILE_WIDTH];
  struct error err = {0};
  assert_int_equal(text_add_bundle_entry(&t, span_of("weal entry 1"), NULL), DONE);
  assert_int_equal(text_add_bundle_entry(&t, span_of(""), NULL), DONE);
  assert_int_equal(text_add_bundle_entry(&t, span_make(long_entry, TILE_ENTRY_MAX), NULL), DONE);
  assert_int_equal(text_add_bundle_entry(&t, span_make(long_entry, TILE_ENTRY_MAX + 1), &err),
                   REFUSED);
  assert_int_equal(t.size, 3 * 2 + 12 + TILE_ENTRY_MAX);
  assert_int_equal(bundle_parse(span_make(t.bytes, t.size), 3, entries, NULL), DONE);
  assert_true(span_is(entries[0], "weal entry 1") && entries[1].size == 0 &&
              entries[2].size == TILE_ENTRY_MAX);
  assert_int_equal(bundle_parse(span_make(t.bytes, t.size), 2, entries, &err), REFUSED);
  assert_string_equal(err.message, "the bundle has 65537 bytes after its 2 entries");
  assert_int_equal(bundle_parse(span_make(t.bytes, t.size), 4, entries, &err), REFUSED);
  assert_string_equal(err.message, "the bundle ends after 3 of 4 entries");
  for (size_t cut = 0; cut < 40; cut++)
    assert_int_equal(bundle_parse(span_make(t.bytes, cut), 3, entries, NULL), REFUSED);
  struct digest hashes[TILE_WIDTH];
  assert_int_equal(tile_parse(span_make(t.bytes, 64), 2, hashes, NULL), DONE);
  assert_int_equal(tile_parse(span_make(t.bytes, 63), 2, hashes, &err), REFUSED);
  assert_int_equal(tile_parse(span_make(t.bytes, 96), 2, hashes, &err), REFUSED);
  text_release(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(paths_have_one_canonical_form),
      cmocka_unit_test(tile_widths_are_those_of_the_specification),
      cmocka_unit_test(tiles_give_the_tree),
      cmocka_unit_test(bundles_are_read_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
