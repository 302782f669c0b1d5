/* Trees against published vectors (tests/data/merkle/SOURCES.txt). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "proof/tree.h"
#include <jansson.h>

static json_t *vectors(const char *name) {
  char path[4096];
  const char *root = getenv("WEAL_SOURCE_ROOT");
  snprintf(path, sizeof path, "%s/tests/data/merkle/%s", root ? root : ".", name);
  json_error_t why;
  json_t *all = json_load_file(path, 0, &why);
  if (!all) fail_msg("%s: %s", path, why.text);
  return all;
}

static size_t from_hex(const char *hex, uint8_t *out, size_t capacity) {
  size_t size = strlen(hex) / 2;
  assert_true(size <= capacity);
  for (size_t i = 0; i < size; i++) {
    unsigned byte;
    assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
    out[i] = (uint8_t)byte;
  }
  return size;
}

static struct digest digest_of(const json_t *hex) {
  struct digest d;
  assert_int_equal(from_hex(json_string_value(hex), d.bytes, sizeof d.bytes), sizeof d.bytes);
  return d;
}

static size_t path_of(const json_t *array, struct digest *out, size_t capacity) {
  size_t count = json_array_size(array);
  assert_true(count <= capacity);
  for (size_t i = 0; i < count; i++) out[i] = digest_of(json_array_get(array, i));
  return count;
}

static void same_digest(const struct digest *a, const struct digest *b) {
  assert_memory_equal(a->bytes, b->bytes, 32);
}

static void same_path(const struct tree_path *made, const json_t *published) {
  struct digest path[100];
  assert_int_equal(made->count, path_of(published, path, 100));
  for (int i = 0; i < made->count; i++) same_digest(&made->hashes[i], &path[i]);
}

static uint64_t number(const json_t *object, const char *key) {
  return (uint64_t)json_integer_value(json_object_get(object, key));
}

static void the_published_tree_of_eight_leaves(void **state) {
  (void)state;
  struct hasher *hasher = hasher_new();
  json_t *all = vectors("rfc6962_8leaf.json"), *item;
  struct digest leaves[8];
  struct tree_range range = {.size = 0};
  size_t i;
  for (i = 0; i <= 8; i++) {
    struct digest root,
        published = digest_of(json_array_get(json_object_get(all, "root_by_size"), i));
    tree_range_root(hasher, &range, &root);
    same_digest(&root, &published);
    tree_root_of_leaves(hasher, leaves, i, &root);
    same_digest(&root, &published);
    if (i == 8) break;
    uint8_t bytes[65];
    size_t size =
        from_hex(json_string_value(json_array_get(json_object_get(all, "leaf_inputs_hex"), i)),
                 bytes + 1, 64);
    struct digest again;
    tree_leaf(hasher, bytes + 1, size, &leaves[i]);
    tree_leaf_in_room(hasher, bytes, size, &again);
    same_digest(&leaves[i], &again);
    tree_range_append(hasher, &range, &leaves[i]);
  }
  struct tree_leaves array = {hasher, leaves, 8};
  struct tree_source source = tree_source_of_leaves(&array);
  struct tree_path path;
  size_t looked = 0;
  json_array_foreach(json_object_get(all, "inclusion_all"), i, item) {
    uint64_t index = number(item, "index"), size = number(item, "size");
    struct digest root = digest_of(json_object_get(item, "root")),
                  leaf = digest_of(json_object_get(item, "leaf_hash"));
    assert_int_equal(tree_inclusion(hasher, source, index, size, &path, NULL), DONE);
    same_path(&path, json_object_get(item, "proof"));
    assert_true(
        tree_inclusion_verify(hasher, index, size, &leaf, path.hashes, (size_t)path.count, &root));
    looked++;
  }
  json_array_foreach(json_object_get(all, "consistency_all"), i, item) {
    struct tree_head older = {number(item, "size1"), digest_of(json_object_get(item, "root1"))},
                     newer = {number(item, "size2"), digest_of(json_object_get(item, "root2"))};
    assert_int_equal(tree_consistency(hasher, source, older.size, newer.size, &path, NULL), DONE);
    same_path(&path, json_object_get(item, "proof"));
    assert_true(tree_consistency_verify(hasher, &older, &newer, path.hashes, (size_t)path.count));
    looked++;
  }
  assert_int_equal(looked, 72);
  json_decref(all);
  hasher_free(hasher);
}

static void larger_trees(void **state) {
  (void)state;
  struct hasher *hasher = hasher_new();
  json_t *all = vectors("larger_trees_computed.json"), *tree, *item;
  struct digest *leaves = memory_zeroed(4097, sizeof *leaves);
  for (uint64_t i = 0; i < 4097; i++) {
    uint8_t bytes[8];
    for (int b = 0; b < 8; b++) bytes[b] = (uint8_t)(i >> (56 - 8 * b));
    tree_leaf(hasher, bytes, sizeof bytes, &leaves[i]);
  }
  struct tree_leaves array = {hasher, leaves, 4097};
  struct tree_source source = tree_source_of_leaves(&array);
  struct tree_path path;
  size_t t, i;
  json_array_foreach(json_object_get(all, "trees"), t, tree) {
    struct tree_head head = {number(tree, "size"), digest_of(json_object_get(tree, "root"))};
    struct digest root;
    struct tree_range range;
    assert_int_equal(tree_root(hasher, source, head.size, &root, NULL), DONE);
    same_digest(&root, &head.root);
    assert_int_equal(tree_range_load(source, head.size, &range, NULL), DONE);
    tree_range_root(hasher, &range, &root);
    same_digest(&root, &head.root);
    json_array_foreach(json_object_get(tree, "inclusion"), i, item) {
      assert_int_equal(
          tree_inclusion(hasher, source, number(item, "index"), head.size, &path, NULL), DONE);
      same_path(&path, json_object_get(item, "proof"));
      assert_true(tree_inclusion_verify(hasher, number(item, "index"), head.size,
                                        &leaves[number(item, "index")], path.hashes,
                                        (size_t)path.count, &head.root));
    }
    json_array_foreach(json_object_get(tree, "consistency"), i, item) {
      struct tree_head older = {number(item, "size1"), {{0}}};
      tree_root_of_leaves(hasher, leaves, older.size, &older.root);
      assert_int_equal(tree_consistency(hasher, source, older.size, head.size, &path, NULL), DONE);
      same_path(&path, json_object_get(item, "proof"));
      assert_true(tree_consistency_verify(hasher, &older, &head, path.hashes, (size_t)path.count));
    }
  }
  free(leaves);
  json_decref(all);
  hasher_free(hasher);
}

/* Some probes have hashes of another length. Our verifiers take 32 bytes and nothing else (readers
 * of notes and proofs refuse the rest), so here the missing bytes are filled, differently for a
 * leaf and a root: hashes that differ still differ, and every probe reaches the verifier. */
static struct digest padded(const json_t *hex, int filler) {
  struct digest d;
  memset(d.bytes, filler, sizeof d.bytes);
  from_hex(json_string_value(hex), d.bytes, sizeof d.bytes);
  return d;
}

static size_t probe_path(const json_t *item, struct digest *out, size_t capacity) {
  const json_t *array = json_object_get(item, "proof");
  size_t count = json_array_size(array);
  assert_true(count <= capacity);
  for (size_t i = 0; i < count; i++) out[i] = padded(json_array_get(array, i), 0);
  return count;
}

/* transparency-dev writes indexes up to 2^64 - 1; jansson reads integers up to 2^63 - 1 unless they
 * are told to be reals. */
/* Appending any part of any small tree at once gives the same range as appending its leaves one by
 * one. */
static void subtrees_give_the_same_as_their_leaves(void **state) {
  (void)state;
  enum { MOST = 150 };
  struct hasher *hasher = hasher_new();
  struct digest leaves[MOST], used[MOST];
  for (int i = 0; i < MOST; i++) tree_leaf(hasher, &i, sizeof i, &leaves[i]);
  struct tree_range before = {.size = 0};
  for (size_t from = 0; from < MOST; tree_range_append(hasher, &before, &leaves[from++])) {
    struct tree_range one_by_one = before;
    for (size_t to = from + 1; to <= MOST; to++) {
      struct tree_subtree subtrees[TREE_SUBTREES_MAX];
      struct tree_range at_once = before;
      memcpy(used, leaves + from, (to - from) * sizeof *used);
      int count = tree_subtrees(hasher, from, used, to - from, subtrees);
      for (int i = 0; i < count; i++) tree_range_append_subtree(hasher, &at_once, &subtrees[i]);
      tree_range_append(hasher, &one_by_one, &leaves[to - 1]);
      assert_int_equal(at_once.size, one_by_one.size);
      assert_memory_equal(at_once.peak, one_by_one.peak,
                          (size_t)tree_range_peaks(&at_once) * sizeof *at_once.peak);
    }
  }
  hasher_free(hasher);
}

static void probes_that_a_verifier_must_refuse(void **state) {
  (void)state;
  struct hasher *hasher = hasher_new();
  char file[4096];
  const char *top = getenv("WEAL_SOURCE_ROOT");
  snprintf(file, sizeof file, "%s/tests/data/merkle/transparency_dev_probes.json", top ? top : ".");
  json_t *all = json_load_file(file, JSON_DECODE_INT_AS_REAL, NULL), *item;
  assert_non_null(all);
  struct digest path[100];
  size_t i, looked = 0;
#define WHOLE(key) \
  (json_number_value(json_object_get(item, key)) >= 18446744073709551615.0 \
       ? UINT64_MAX \
       : (uint64_t)json_number_value(json_object_get(item, key)))
  json_array_foreach(json_object_get(all, "inclusion"), i, item) {
    struct digest root = padded(json_object_get(item, "root"), 0),
                  leaf = padded(json_object_get(item, "leafHash"), 0xaa);
    size_t count = probe_path(item, path, 100);
    bool good = tree_inclusion_verify(hasher, WHOLE("leafIdx"), WHOLE("treeSize"), &leaf, path,
                                      count, &root);
    if (good == json_boolean_value(json_object_get(item, "wantErr")))
      fail_msg("%s", json_string_value(json_object_get(item, "id")));
    looked++;
  }
  json_array_foreach(json_object_get(all, "consistency"), i, item) {
    struct tree_head older = {WHOLE("size1"), padded(json_object_get(item, "root1"), 0)},
                     newer = {WHOLE("size2"), padded(json_object_get(item, "root2"), 0)};
    size_t count = probe_path(item, path, 100);
    bool good = tree_consistency_verify(hasher, &older, &newer, path, count);
    if (good == json_boolean_value(json_object_get(item, "wantErr")))
      fail_msg("%s", json_string_value(json_object_get(item, "id")));
    looked++;
  }
  assert_int_equal(looked, 196);
  json_decref(all);
  hasher_free(hasher);
}

static void a_leaf_in_pieces_is_the_same_leaf(void **state) {
  (void)state;
  struct hasher *hasher = hasher_new();
  char bytes[4000];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i * 7);
  static const size_t sizes[] = {0, 1, 62, 63, 64, 127, 400, 511, 512, 513, 1024, 4000};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    size_t size = sizes[s];
    struct digest whole, pieces;
    hasher_begin(hasher);
    hasher_add(hasher, "", 1);
    hasher_add(hasher, bytes, size);
    hasher_end(hasher, &whole);
    tree_leaf(hasher, bytes, size, &pieces);
    same_digest(&whole, &pieces);
    for (size_t cut = 0; cut <= size; cut += 1 + size / 37) {
      struct span parts[3] = {{bytes, cut / 2},
                              {bytes + cut / 2, cut - cut / 2},
                              {bytes + cut, size - cut}};
      tree_leaf_parts(hasher, parts, 3, &pieces);
      same_digest(&whole, &pieces);
    }
  }
  hasher_free(hasher);
}

static void a_leaf_outside_the_tree_has_no_path(void **state) {
  (void)state;
  struct hasher *hasher = hasher_new();
  struct digest leaves[3] = {0};
  struct tree_leaves array = {hasher, leaves, 3};
  struct tree_source source = tree_source_of_leaves(&array);
  struct tree_path path;
  struct error err = {0};
  assert_int_equal(tree_inclusion(hasher, source, 3, 3, &path, &err), REFUSED);
  assert_string_equal(err.message, "leaf 3 is not in a tree of 3 leaves");
  assert_int_equal(tree_consistency(hasher, source, 0, 3, &path, &err), REFUSED);
  assert_int_equal(tree_consistency(hasher, source, 3, 2, &path, &err), REFUSED);
  assert_int_equal(tree_inclusion(hasher, source, 3, (uint64_t)1 << 41, &path, &err), REFUSED);
  struct digest root;
  assert_false(tree_inclusion_root(hasher, 0, UINT64_MAX, &leaves[0], leaves, 3, &root));
  hasher_free(hasher);
}

/* Every path of every size up to 70, made and verified; no path verifies for another index or
 * size. */
static void every_path_of_small_trees(void **state) {
  (void)state;
  enum { MOST = 70 };
  struct hasher *hasher = hasher_new();
  struct digest leaves[MOST], roots[MOST + 1];
  for (uint8_t i = 0; i < MOST; i++) tree_leaf(hasher, &i, 1, &leaves[i]);
  for (uint64_t i = 0; i <= MOST; i++) tree_root_of_leaves(hasher, leaves, i, &roots[i]);
  struct tree_leaves array = {hasher, leaves, MOST};
  struct tree_source source = tree_source_of_leaves(&array);
  struct tree_path path;
  for (uint64_t size = 1; size <= MOST; size++) {
    for (uint64_t index = 0; index < size; index++) {
      assert_int_equal(tree_inclusion(hasher, source, index, size, &path, NULL), DONE);
      for (uint64_t other = 0; other < size; other++)
        assert_int_equal(tree_inclusion_verify(hasher, other, size, &leaves[index], path.hashes,
                                               (size_t)path.count, &roots[size]),
                         other == index);
    }
    for (uint64_t older = 1; older <= size; older++) {
      struct tree_head a = {older, roots[older]}, b = {size, roots[size]};
      assert_int_equal(tree_consistency(hasher, source, older, size, &path, NULL), DONE);
      assert_true(tree_consistency_verify(hasher, &a, &b, path.hashes, (size_t)path.count));
      a.root.bytes[31] ^= 1;
      assert_false(tree_consistency_verify(hasher, &a, &b, path.hashes, (size_t)path.count));
    }
  }
  hasher_free(hasher);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_published_tree_of_eight_leaves),
      cmocka_unit_test(larger_trees),
      cmocka_unit_test(subtrees_give_the_same_as_their_leaves),
      cmocka_unit_test(probes_that_a_verifier_must_refuse),
      cmocka_unit_test(a_leaf_in_pieces_is_the_same_leaf),
      cmocka_unit_test(a_leaf_outside_the_tree_has_no_path),
      cmocka_unit_test(every_path_of_small_trees),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
