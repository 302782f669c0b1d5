/* What the files that make a tree of parameters share. Private to parameters*.c. */
#ifndef WEAL_RULES_PARAMETERS_TREE_H
#define WEAL_RULES_PARAMETERS_TREE_H

#include "rules/parameters.h"
#include "rules/yaml.h"

struct parameters {
  const struct parameter *root; /* as it is asked: indices made, later values by index */
  struct parameter *stated;     /* as the files have it */
};

/* A file as a parameter of this path: a node, values or a scale. What a parent says for its
 * children is not in it yet. */
enum status parameter_read(struct arena *arena, const char *path, const char *file,
                           struct parameter **out, struct error *err) MUST_USE;
/* A node without children. */
struct parameter *parameter_node_new(struct arena *arena, const char *path, const char *file);
/* Sets the children of a node, in order of name; `all` may be changed. */
void parameter_set_children(struct arena *arena, struct parameter *node, struct parameter **all,
                            int count);
/* Gives children what their parents say for them (propagate_metadata_to_children). */
void parameter_propagate(struct parameter *root);

/* A copy of the tree in which each parameter that is uprated has its later values. */
enum status parameters_uprate(struct arena *arena, const struct parameter *stated,
                              struct parameter **out, struct error *err) MUST_USE;

#endif
