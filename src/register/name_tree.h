/* Names of one first word, by how often each letter stands in them, so that a name is held against
 * those alone that may be alike.
 *
 *     struct name_tree *tree = name_tree_new(arena);
 *     name_tree_add(tree, &name.sign, entry);                   any number
 *     name_tree_find(tree, &other.sign, UNSURE_FROM, take, context);
 *
 * Of two names that are alike (base/alike.h) by 0.94 nearly all characters are common, so the
 * counts of each letter are nearly equal: of two names of 25 characters at least 22 are, and no
 * more than three of either are not in the other. The tree parts names by their size, then letter
 * by letter by its count, and a search goes down where the counts so far leave room for that. It
 * meets each name that alike_may_reach does not rule out, and no other
 * (tests/unit/test_body_name.c holds it against the plain search).
 */
#ifndef WEAL_REGISTER_NAME_TREE_H
#define WEAL_REGISTER_NAME_TREE_H

#include "base/alike.h"
#include "base/arena.h"

struct name_tree;
struct name_tree *name_tree_new(struct arena *arena);
/* `entry`: the caller's number of it. */
void name_tree_add(struct name_tree *tree, const struct alike_sign *sign, int entry);
/* Calls `take` for each name that may be alike by `least`, in no order. */
typedef void name_tree_take(void *context, int entry);
void name_tree_find(const struct name_tree *tree, const struct alike_sign *sign, double least,
                    name_tree_take *take, void *context);

#endif
