/* What the files that make a tree of parameters share. Private to parameters*.c. */
#ifndef WEAL_RULES_PARAMETERS_TREE_H
#define WEAL_RULES_PARAMETERS_TREE_H

#include "base/hash.h"
#include "rules/parameters.h"
#include "rules/yaml.h"

struct parameter_indices;
struct parameters {
  struct parameter *root;                  /* as it is asked: indices made, later values by index */
  struct parameter *stated;                /* as the files have it */
  const char *indices_file;                /* null: none */
  const struct parameter_indices *indices; /* its rows; null: none, or not read yet */
  struct parameters_report *report;        /* while it is made; null: none */
  struct parameter_replaced *replaced, *replaced_last;
};

/* A file as a parameter of this path: a node, values or a scale. What a parent says for its
 * children is not in it yet. */
enum status parameter_read(struct arena *arena, const char *path, const char *file,
                           struct parameter **out, struct error *err) MUST_USE;
/* For array_sort over struct parameter *: by name. */
int parameter_compare(const void *a, const void *b);
/* A node without children. */
struct parameter *parameter_node_new(struct arena *arena, const char *path, const char *file);
/* Sets the children of a node, in order of name; `all` may be changed. */
void parameter_set_children(struct arena *arena, struct parameter *node, struct parameter **all,
                            int count);
/* Gives children what their parents say for them (propagate_metadata_to_children). */
void parameter_propagate(struct parameter *root);

/* References as a list or one: title and href, or a text. Returns how many. */
int parameter_references(struct arena *arena, const struct yaml_node *node,
                         const struct parameter_reference **out);

/* The rows of an indices.yaml. */
enum status parameter_indices_read(struct arena *arena, const char *file,
                                   const struct parameter_indices **out,
                                   struct error *err) MUST_USE;
/* The rows of both; one of the same path is that of `upper`. */
const struct parameter_indices *parameter_indices_laid(struct arena *arena,
                                                       const struct parameter_indices *lower,
                                                       const struct parameter_indices *upper);
/* Whether a row is made from the series of this path. */
bool parameter_indices_name(const struct parameter_indices *indices, const char *path);
/* Adds their series to the root, in place: those whose sources are there, and that no file has. */
void parameter_indices_make(struct arena *arena, const struct parameter_indices *indices,
                            struct parameters *tree);
/* Puts a parameter where its path says, in place. */
void parameter_insert(struct arena *arena, struct parameters *tree, struct parameter *p);

/* Notes a fault in the report, so that the reading goes on: DONE; without a report err->code. */
enum status parameters_note_fault(struct arena *arena, struct parameters_report *report,
                                  const struct error *err) MUST_USE;

/* Makes the root from what is stated: a copy, with indices, in which each parameter that is uprated
 * has its later values. */
enum status parameters_resolve(struct arena *arena, struct parameters *tree,
                               struct error *err) MUST_USE;

/* Where a folder's tree is kept, compiled, and what it was made from. */
struct parameters_cache {
  const char *base; /* $XDG_CACHE_HOME, else ~/.cache */
  char name[65];    /* below weal/rules */
  struct digest key;
  bool is_settled; /* nothing was changed just now, so that a later change shows in the times */
};
/* False: it cannot be kept. */
bool parameters_cache_find(struct arena *arena, const char *folder, const char *indices,
                           struct parameters_cache *out);
/* False: it is not there, is of another state of the folder, or is no such file. */
bool parameters_cache_get(struct arena *arena, const struct parameters_cache *cache,
                          struct parameters *out);
/* Whole or not at all; that it cannot be written is no fault. */
void parameters_cache_put(const struct parameters_cache *cache, const struct parameters *tree);

#endif
