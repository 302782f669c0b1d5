#include "register/name_tree.h"

enum {
  LEAF_NAMES = 128, /* looked at one by one, 2 ns each: less than to go on to another leaf */
  LEVELS = 1 + ALIKE_KINDS,
  /* of longer names the counts may be cut (alike_sign): they are looked at one by one */
  SIZE_MOST = UINT8_MAX
};

/* The letters, those first that tell most: some names have them and others have not. */
static const uint8_t kinds[ALIKE_KINDS] = {
    'e' - 'a', 'a' - 'a', 'i' - 'a', 'r' - 'a', 'n' - 'a', 's' - 'a', 't' - 'a', 'o' - 'a',
    'l' - 'a', 'c' - 'a', 'd' - 'a', 'm' - 'a', 'u' - 'a', 'g' - 'a', 'h' - 'a', 'p' - 'a',
    'y' - 'a', 'b' - 'a', 'k' - 'a', 'w' - 'a', 'v' - 'a', 'f' - 'a', 26,        27,
    28,        29,        30,        31,        'j' - 'a', 'x' - 'a', 'q' - 'a', 'z' - 'a'};

/* A part of the tree: its names have the same count of each letter of the levels above. */
struct name_part {
  uint32_t count;                     /* at the level above */
  struct name_part *children, *other; /* children null: a leaf; other: of the same level */
  struct alike_sign *signs;           /* of a leaf */
  int *entries;
  int names, capacity, entry_capacity;
};
struct name_tree {
  struct arena *arena;
  struct name_part all, long_names;
};

struct name_tree *name_tree_new(struct arena *arena) {
  struct name_tree *tree = arena_alloc(arena, sizeof *tree);
  *tree = (struct name_tree){.arena = arena};
  return tree;
}

/* ---- adding ---- */

static uint32_t count_at(const struct alike_sign *sign, int level) {
  return level ? sign->counts[kinds[level - 1]] : sign->size;
}

static void add_to_leaf(struct arena *arena, struct name_part *leaf, const struct alike_sign *sign,
                        int entry) {
  arena_reserve(arena, leaf->signs, leaf->capacity, leaf->names + 1);
  arena_reserve(arena, leaf->entries, leaf->entry_capacity, leaf->names + 1);
  leaf->signs[leaf->names] = *sign;
  leaf->entries[leaf->names++] = entry;
}

static struct name_part *child_of(struct arena *arena, struct name_part *part, uint32_t count) {
  for (struct name_part *child = part->children; child; child = child->other)
    if (child->count == count) return child;
  struct name_part *child = arena_alloc(arena, sizeof *child);
  *child = (struct name_part){.count = count, .other = part->children};
  return part->children = child;
}

static void part_leaf(struct arena *arena, struct name_part *leaf, int level) {
  for (int i = 0; i < leaf->names; i++)
    add_to_leaf(arena, child_of(arena, leaf, count_at(&leaf->signs[i], level)), &leaf->signs[i],
                leaf->entries[i]);
  leaf->names = 0;
}

void name_tree_add(struct name_tree *tree, const struct alike_sign *sign, int entry) {
  if (sign->size > SIZE_MOST) {
    add_to_leaf(tree->arena, &tree->long_names, sign, entry);
    return;
  }
  struct name_part *part = &tree->all;
  int level = 0;
  for (; part->children; level++) part = child_of(tree->arena, part, count_at(sign, level));
  add_to_leaf(tree->arena, part, sign, entry);
  if (part->names > LEAF_NAMES && level < LEVELS) part_leaf(tree->arena, part, level);
}

/* ---- finding ---- */

struct name_search {
  const struct alike_sign *sign;
  double least;
  name_tree_take *take;
  void *context;
};

static void search_leaf(const struct name_search *s, const struct name_part *leaf) {
  for (int i = 0; i < leaf->names; i++)
    if (alike_may_reach(&leaf->signs[i], s->sign, s->least)) s->take(s->context, leaf->entries[i]);
}

/* All names of the part have one size: at most so many characters of the name, and of theirs, may
 * not be in the other. `level`: whose counts the children have. */
static void search_part(const struct name_search *s, const struct name_part *part, int level,
                        int ours, int theirs, unsigned common) {
  for (int i = 0; i < part->names; i++)
    if (alike_common_most(&part->signs[i], s->sign) >= common)
      s->take(s->context, part->entries[i]);
  const int own = (int)count_at(s->sign, level);
  for (const struct name_part *child = part->children; child; child = child->other) {
    const int more = own - (int)child->count;
    const int ours_left = more > 0 ? ours - more : ours,
              theirs_left = more < 0 ? theirs + more : theirs;
    if (ours_left >= 0 && theirs_left >= 0)
      search_part(s, child, level + 1, ours_left, theirs_left, common);
  }
}

static void search_all(const struct name_search *s, const struct name_part *part) {
  if (!part->children) search_leaf(s, part);
  for (const struct name_part *child = part->children; child; child = child->other)
    search_all(s, child);
}

void name_tree_find(const struct name_tree *tree, const struct alike_sign *sign, double least,
                    name_tree_take *take, void *context) {
  const struct name_search s = {sign, least, take, context};
  search_leaf(&s, &tree->long_names);
  if (sign->size > SIZE_MOST || !tree->all.children) {
    search_all(&s, &tree->all);
    return;
  }
  for (const struct name_part *child = tree->all.children; child; child = child->other) {
    const int common = alike_common_least((int)sign->size, (int)child->count, least);
    if (common >= 0)
      search_part(&s, child, 1, (int)sign->size - common, (int)child->count - common,
                  (unsigned)common);
  }
}
