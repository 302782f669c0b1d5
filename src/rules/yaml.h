/* YAML files as a tree of nodes that is read and never changed.
 *
 *     struct yaml_stream stream;
 *     status = yaml_read_file(arena, "child_benefit.yaml", &stream, &err);
 *     const struct yaml_node *values = yaml_get(stream.documents[0], "values");
 *     for (int i = 0; values && i < values->count; i++)
 *       ... values->keys[i]->text.bytes, values->items[i] ...
 *
 * Scalars stay text: what they mean is asked with yaml_as_number and the like, so that `2025-04-06`
 * and `10_600` are what they are written as. Keys are scalars, in the order of the file, each once.
 * An alias is the node that its anchor names; it may not stand within it. Every node knows its line
 * and column, from 1.
 *
 * REFUSED with file, line and column: what is not YAML 1.2 in UTF-8, a key twice, a key that is no
 * scalar, an alias of nothing, a merge key (`<<`), and what passes the limits of base/limits.h
 * (LIMIT_YAML_...). Each alias counts as all the nodes it stands for.
 */
#ifndef WEAL_RULES_YAML_H
#define WEAL_RULES_YAML_H

#include "base/arena.h"
#include "base/day.h"
#include "base/text.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
  enum yaml_kind kind;
  bool is_quoted; /* a scalar in quotes, in a block (| or >) or with the tag !!str: text, always */
  int line, column;
  int count;        /* items of a list, pairs of a map */
  struct span text; /* of a scalar, terminated */
  const struct yaml_node *const *items;
  const struct yaml_node *const *keys; /* of a map: as many as items */
};

struct yaml_stream {
  int count; /* 0: the file is empty */
  const struct yaml_node *const *documents;
};

/* `file` is for messages only. The nodes and the texts are of the arena, `bytes` may go. */
enum status yaml_read(struct arena *arena, struct span bytes, const char *file,
                      struct yaml_stream *out, struct error *err) MUST_USE;
/* A file of at most LIMIT_YAML_BYTES. A file that is not there is REFUSED. */
enum status yaml_read_file(struct arena *arena, const char *path, struct yaml_stream *out,
                           struct error *err) MUST_USE;

/* The size of a file's name without `.yaml` or `.yml`; 0 for any other file. */
size_t yaml_stem_size(const char *name);

/* The item of a key; null where there is none, and where the node is null or no map. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
/* The text of a scalar; null where the node is null, or no scalar, or says nothing (~, null). */
const char *yaml_text(const struct yaml_node *node);

/* `null`, `~` or nothing, not in quotes. */
bool yaml_is_null(const struct yaml_node *node);
/* true, false, yes, no, on, off, in small letters, with a capital or in capitals. */
bool yaml_as_bool(const struct yaml_node *node, bool *out);
/* `12`, `-1.5`, `10_600`, `1e6`, `.5`, `.inf`, `-.inf`; never what is in quotes, and not `012`. */
bool yaml_as_number(const struct yaml_node *node, double *out);
/* The same of a text. */
bool yaml_number(struct span text, double *out);
/* `2025-04-06`, in quotes or not; 0000-01-01 and 0001-01-01 are DAY_FIRST. */
bool yaml_as_day(const struct yaml_node *node, day_t *out);
/* Whether a text has the form 9999-99-99, be it a day or not. */
bool yaml_looks_like_day(struct span text);

#endif
