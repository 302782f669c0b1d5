/* A folder as a tree, and what is asked of it. */
#include "rules/parameters.h"

#include "base/limits.h"
#include "base/nearest.h"
#include "base/refusal.h"
#include "rules/parameters_tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum status parameters_note_fault(struct arena *arena, struct parameters_report *report,
                                  const struct error *err) {
  if (!report) return err->code;
  if (!report->faults) report->faults = arena_array(arena, struct error, LIMIT_REJECTS_PRINTED);
  if (report->fault_count < LIMIT_REJECTS_PRINTED) report->faults[report->fault_count] = *err;
  report->fault_count++;
  return DONE;
}

/* ---- folders ---- */

struct folder_walk {
  struct arena *arena;
  struct parameters_report *report; /* null: the first fault ends it */
  int depth, file_count;
  struct {
    dev_t device;
    ino_t inode;
  } above[LIMIT_PARAMETER_DEPTH]; /* the folders that this one lies in */
};

struct folder_names {
  char **all;
  size_t count, capacity;
};

static enum status folder_names_read(struct arena *arena, const char *folder,
                                     struct folder_names *out, struct error *err) {
  DIR *dir = opendir(folder);
  if (!dir) return refuse(err, PARAMETERS_NO_FOLDER, folder, strerror(errno));
  for (const struct dirent *entry; (entry = readdir(dir));) {
    if (entry->d_name[0] == '.') continue;
    arena_reserve(arena, out->all, out->capacity, out->count + 1);
    out->all[out->count++] = arena_string(arena, entry->d_name);
  }
  (void)closedir(dir);
  array_sort(out->all, out->count, string_compare);
  return DONE;
}

/* What a folder's files and folders gave, before they are put together. */
struct folder_parts {
  struct parameter *own; /* index.yaml */
  struct parameter **all;
  size_t count, capacity;
};

static enum status folder_take(struct folder_walk *walk, const char *folder, const char *path,
                               struct parameter **out, struct error *err);

static enum status folder_take_name(struct folder_walk *walk, struct parameter *node,
                                    const char *name, struct folder_parts *parts,
                                    struct error *err) {
  char *file = arena_printf(walk->arena, "%s/%s", node->file, name);
  struct stat about;
  if (stat(file, &about) != 0) {
    (void)refuse(err, YAML_FILE_NOT_OPENED, strerror(errno));
    return error_at(err, file, 0, NULL);
  }
  size_t stem = yaml_stem_size(name), size = S_ISDIR(about.st_mode) ? strlen(name) : stem;
  bool is_indices = !*node->path && stem && span_is(span_make(name, stem), "indices");
  if (!size || is_indices) return DONE;
  struct span part = span_make(name, size);
  bool is_own = !S_ISDIR(about.st_mode) && span_is(part, "index");
  const char *path = is_own ? node->path
                     : *node->path
                         ? arena_printf(walk->arena, "%s." SPAN_FORMAT, node->path, SPAN(part))
                         : arena_copy(walk->arena, name, size);
  if (strlen(path) > LIMIT_PARAMETER_PATH_BYTES) {
    (void)refuse(err, PARAMETER_PATH_TOO_LONG, LIMIT_PARAMETER_PATH_BYTES);
    return error_at(err, file, 0, NULL);
  }
  struct parameter *p;
  if (S_ISDIR(about.st_mode)) {
    if (folder_take(walk, file, path, &p, err) != DONE) return err->code;
  } else {
    if (++walk->file_count > LIMIT_PARAMETER_FILES)
      return refuse(err, PARAMETERS_TOO_MANY_FILES, LIMIT_PARAMETER_FILES);
    if (parameter_read(walk->arena, path, file, &p, err) != DONE)
      return parameters_note_fault(walk->arena, walk->report, err);
  }
  if (is_own) {
    parts->own = p;
    return DONE;
  }
  arena_reserve(walk->arena, parts->all, parts->capacity, parts->count + 1);
  parts->all[parts->count++] = p;
  return DONE;
}

/* A group of the same name in two files, or in a file and a folder, is one group. */
static enum status folder_join(struct arena *arena, struct parameter *node,
                               struct folder_parts *parts, struct error *err) {
  for (int i = 0; parts->own && i < parts->own->child_count; i++) {
    arena_reserve(arena, parts->all, parts->capacity, parts->count + 1);
    parts->all[parts->count++] = parts->own->children[i];
  }
  array_sort(parts->all, parts->count, parameter_compare);
  size_t n = 0;
  for (size_t i = 0; i < parts->count; i++) {
    struct parameter *p = parts->all[i], *last = n ? parts->all[n - 1] : NULL;
    if (!last || strcmp(last->name, p->name) != 0) {
      parts->all[n++] = p;
      continue;
    }
    if (last->kind != PARAMETER_NODE || p->kind != PARAMETER_NODE) {
      (void)refuse(err, PARAMETERS_TWICE, p->path, last->file);
      return error_at(err, p->file, (uint64_t)p->line, NULL);
    }
    struct folder_parts both = {.own = last};
    for (int k = 0; k < p->child_count; k++) {
      arena_reserve(arena, both.all, both.capacity, both.count + 1);
      both.all[both.count++] = p->children[k];
    }
    if (folder_join(arena, last, &both, err) != DONE) return err->code;
  }
  parameter_set_children(arena, node, parts->all, (int)n);
  return DONE;
}

static enum status folder_enter(struct folder_walk *walk, const char *folder, struct error *err) {
  struct stat about;
  if (stat(folder, &about) != 0) return refuse(err, PARAMETERS_NO_FOLDER, folder, strerror(errno));
  for (int i = 0; i < walk->depth; i++)
    if (walk->above[i].device == about.st_dev && walk->above[i].inode == about.st_ino) {
      (void)refuse(err, PARAMETERS_FOLDER_LOOP);
      return error_at(err, folder, 0, NULL);
    }
  if (walk->depth == LIMIT_PARAMETER_DEPTH) {
    (void)refuse(err, PARAMETERS_TOO_DEEP, LIMIT_PARAMETER_DEPTH);
    return error_at(err, folder, 0, NULL);
  }
  walk->above[walk->depth].device = about.st_dev;
  walk->above[walk->depth++].inode = about.st_ino;
  return DONE;
}

static enum status folder_take(struct folder_walk *walk, const char *folder, const char *path,
                               struct parameter **out, struct error *err) {
  if (folder_enter(walk, folder, err) != DONE) return err->code;
  struct folder_names names = {0};
  if (folder_names_read(walk->arena, folder, &names, err) != DONE) return err->code;
  struct parameter *node = parameter_node_new(walk->arena, path, folder);
  struct folder_parts parts = {0};
  for (size_t i = 0; i < names.count; i++)
    if (folder_take_name(walk, node, names.all[i], &parts, err) != DONE) return err->code;
  walk->depth--;
  if (parts.own && parts.own->kind != PARAMETER_NODE) {
    *out = parts.own;
    if (!parts.count) return DONE;
    (void)refuse(err, PARAMETERS_INDEX_HAS_VALUES, parts.all[0]->path);
    (void)error_at(err, parts.own->file, (uint64_t)parts.own->line, NULL);
    if (parameters_note_fault(walk->arena, walk->report, err) != DONE) return err->code;
    parts.own = NULL;
  }
  if (folder_join(walk->arena, node, &parts, err) != DONE) return err->code;
  if (parts.own) {
    struct parameter *const *children = node->children;
    int count = node->child_count;
    *node = *parts.own;
    node->children = children;
    node->child_count = count;
  }
  *out = node;
  return DONE;
}

/* ---- trees ---- */

static bool file_is_there(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static void report_count(struct parameters_report *report, const struct parameter *p) {
  report->parameters += p->kind == PARAMETER_VALUES;
  report->scales += p->kind == PARAMETER_SCALE;
  for (int i = 0; i < p->entry_count; i++)
    if (p->entries[i].is_estimated) report->estimated++;
    else report->stated++;
  for (int i = 0; i < p->child_count; i++) report_count(report, p->children[i]);
}

static enum status read_indices(struct arena *arena, struct parameters *tree, struct error *err) {
  if (!tree->indices_file || tree->indices) return DONE;
  return parameter_indices_read(arena, tree->indices_file, &tree->indices, err);
}

enum status parameters_load_from(struct arena *arena, const struct parameters_source *source,
                                 struct parameters **out, struct error *err) {
  struct folder_walk walk = {.arena = arena, .report = source->report};
  struct parameters *tree = arena_alloc(arena, sizeof *tree);
  const char *indices = source->indices;
  const char *own[] = {arena_printf(arena, "%s/indices.yaml", source->folder),
                       arena_printf(arena, "%s/../indices.yaml", source->folder)};
  for (int i = 1; i >= 0; i--)
    if (file_is_there(own[i])) indices = own[i];
  struct parameters_cache cache;
  bool is_kept = !source->report && parameters_cache_find(arena, source->folder, indices, &cache);
  *out = tree;
  if (is_kept && parameters_cache_get(arena, &cache, tree)) return DONE;
  tree->indices_file = indices;
  if (read_indices(arena, tree, err) != DONE) return err->code;
  if (folder_take(&walk, source->folder, "", &tree->stated, err) != DONE) return err->code;
  parameter_propagate(tree->stated);
  tree->report = source->report;
  if (parameters_resolve(arena, tree, err) != DONE) return err->code;
  tree->report = NULL;
  if (source->report) {
    source->report->files = walk.file_count;
    report_count(source->report, tree->root);
  }
  if (is_kept) parameters_cache_put(&cache, tree);
  return DONE;
}

enum status parameters_load(struct arena *arena, const char *folder, struct parameters **out,
                            struct error *err) {
  return parameters_load_from(arena, &(struct parameters_source){.folder = folder}, out, err);
}

static void replaced_add(struct arena *arena, struct parameters *tree,
                         const struct parameter *before, const struct parameter *now) {
  struct parameter_replaced *note = arena_alloc(arena, sizeof *note);
  *note = (struct parameter_replaced){before, now, NULL};
  if (tree->replaced_last) tree->replaced_last->next = note;
  else tree->replaced = note;
  tree->replaced_last = note;
}

/* `upper` over `lower`: groups are joined, anything else replaces what it meets, which is noted in
 * the tree. */
static struct parameter *parameter_laid(struct arena *arena, struct parameters *tree,
                                        struct parameter *lower, struct parameter *upper) {
  if (lower->kind != PARAMETER_NODE || upper->kind != PARAMETER_NODE) {
    replaced_add(arena, tree, lower, upper);
    return upper;
  }
  struct parameter *p = arena_alloc(arena, sizeof *p);
  *p = *lower;
  if (upper->description) p->description = upper->description;
  struct parameter **all = arena_array(arena, struct parameter *,
                                       lower->child_count + upper->child_count);
  int n = 0, i = 0, k = 0;
  while (i < lower->child_count || k < upper->child_count) {
    int order = i == lower->child_count ? 1
                : k == upper->child_count
                    ? -1
                    : strcmp(lower->children[i]->name, upper->children[k]->name);
    if (order == 0) {
      all[n++] = parameter_laid(arena, tree, lower->children[i++], upper->children[k++]);
    } else all[n++] = order < 0 ? lower->children[i++] : upper->children[k++];
  }
  p->children = all;
  p->child_count = n;
  return p;
}

/* A copy, since the notes of a tree are not changed once it is made. */
static void replaced_copy(struct arena *arena, const struct parameters *from,
                          struct parameters *to) {
  for (const struct parameter_replaced *r = from->replaced; r; r = r->next)
    replaced_add(arena, to, r->before, r->now);
}

/* The rows of indices that a layer brings, in its folder or beside its folder `parameters`. */
static enum status read_own_indices(struct arena *arena, const char *folder,
                                    struct parameters *tree, struct error *err) {
  const char *slash = strrchr(folder, '/');
  const bool is_within = strcmp(slash ? slash + 1 : folder, "parameters") == 0;
  const char *own[] = {arena_printf(arena, "%s/indices.yaml", folder),
                       arena_printf(arena, "%s/../indices.yaml", folder)};
  for (int i = 0; i < 1 + is_within; i++) {
    if (!file_is_there(own[i])) continue;
    const struct parameter_indices *rows;
    if (parameter_indices_read(arena, own[i], &rows, err) != DONE) return err->code;
    tree->indices = tree->indices ? parameter_indices_laid(arena, tree->indices, rows) : rows;
    tree->indices_file = own[i];
    return DONE;
  }
  return DONE;
}

enum status parameters_lay_over(struct arena *arena, const struct parameters *under,
                                const char *folder, struct parameters **out, struct error *err) {
  struct folder_walk walk = {.arena = arena};
  struct parameter *upper;
  if (folder_take(&walk, folder, "", &upper, err) != DONE) return err->code;
  parameter_propagate(upper);
  struct parameters *tree = arena_alloc(arena, sizeof *tree);
  replaced_copy(arena, under, tree);
  tree->stated = parameter_laid(arena, tree, under->stated, upper);
  tree->indices_file = under->indices_file;
  tree->indices = under->indices;
  if (read_indices(arena, tree, err) != DONE || read_own_indices(arena, folder, tree, err) != DONE)
    return err->code;
  *out = tree;
  return parameters_resolve(arena, tree, err);
}

/* ---- overrides ---- */

static void parameter_set_between(struct arena *arena, struct parameter *p,
                                  const struct parameter_override *o) {
  struct parameter_entry *all = arena_array(arena, struct parameter_entry, p->entry_count + 2);
  const struct parameter_entry *after = parameter_on(p, o->to);
  int n = 0, i = 0;
  while (i < p->entry_count && p->entries[i].from < o->from) all[n++] = p->entries[i++];
  all[n++] = (struct parameter_entry){.from = o->from, .value = o->value};
  while (i < p->entry_count && p->entries[i].from < o->to) i++;
  bool is_stated_then = i < p->entry_count && p->entries[i].from == o->to;
  if (o->to < DAY_LAST && !is_stated_then) {
    all[n] = after ? *after : (struct parameter_entry){.value = {.form = FORM_NONE}};
    all[n++].from = o->to;
  }
  while (i < p->entry_count) all[n++] = p->entries[i++];
  p->entries = all;
  p->entry_count = n;
}

/* The first name of a path, which is cut from it. */
static struct span path_take(struct span *path) {
  size_t size = 0;
  bool is_bracket = path->size && path->bytes[0] == '[';
  while (size < path->size && path->bytes[size] != '.' &&
         (path->bytes[size] != '[' || (is_bracket && !size)))
    size++;
  struct span name = span_make(path->bytes, size);
  bool has_dot = size < path->size && path->bytes[size] == '.';
  *path = span_make(path->bytes + size + has_dot, path->size - size - has_dot);
  return name;
}

/* Its place among the children; -1: none. */
static int child_index(const struct parameter *p, struct span name) {
  if (p->kind == PARAMETER_SCALE) {
    if (name.size > 2 && name.bytes[0] == '[' && name.bytes[name.size - 1] == ']')
      name = span_make(name.bytes + 1, name.size - 2);
    int index = 0;
    for (size_t i = 0; i < name.size; i++) {
      if (name.bytes[i] < '0' || name.bytes[i] > '9' || index >= p->child_count) return -1;
      index = index * 10 + name.bytes[i] - '0';
    }
    return name.size && index < p->child_count ? index : -1;
  }
  int low = 0, high = p->child_count;
  while (low < high) {
    int middle = (low + high) / 2;
    int order = span_compare(span_of(p->children[middle]->name), name);
    if (order == 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

void parameter_insert(struct arena *arena, struct parameters *tree, struct parameter *p) {
  struct parameter *at = tree->root;
  struct span rest = span_of(p->path);
  for (;;) {
    struct span name = path_take(&rest);
    int index = child_index(at, name);
    if (index < 0 || !rest.size) {
      struct parameter *child = p;
      if (rest.size) {
        size_t size = (size_t)(name.bytes - p->path) + name.size;
        child = parameter_node_new(arena, arena_copy(arena, p->path, size), p->file);
      }
      struct parameter **all = arena_array(arena, struct parameter *, at->child_count + 1);
      for (int i = 0; i < at->child_count; i++) all[i] = at->children[i];
      all[at->child_count] = child;
      parameter_set_children(arena, at, all, at->child_count + 1);
      if (!rest.size) return;
      at = child;
    } else at = at->children[index];
    if (at->kind != PARAMETER_NODE) return;
  }
}

/* A copy of `at` in which `p` stands where the rest of its path says; what is not on the way is
 * shared. */
static struct parameter *parameter_with(struct arena *arena, const struct parameter *at,
                                        struct span rest, struct parameter *p) {
  struct parameter *copy = arena_alloc(arena, sizeof *copy);
  *copy = *at;
  const struct span name = path_take(&rest);
  const int index = child_index(at, name);
  struct parameter **all = arena_array(arena, struct parameter *, at->child_count + 1);
  for (int i = 0; i < at->child_count; i++) all[i] = at->children[i];
  if (index >= 0) {
    all[index] = rest.size ? parameter_with(arena, at->children[index], rest, p) : p;
    copy->children = all;
    return copy;
  }
  const size_t size = (size_t)(name.bytes - p->path) + name.size;
  all[at->child_count] =
      rest.size
          ? parameter_with(arena,
                           parameter_node_new(arena, arena_copy(arena, p->path, size), p->file),
                           rest, p)
          : p;
  parameter_set_children(arena, copy, all, at->child_count + 1);
  return copy;
}

enum status parameters_refuse_path(const struct parameters *tree, struct span path,
                                   struct error *err) {
  const char *near = parameters_nearest(tree, path);
  char quoted[SPAN_QUOTE_SIZE];
  return near ? refuse(err, PARAMETER_UNKNOWN_NEAR, span_quote(path, quoted), near)
              : refuse(err, PARAMETER_UNKNOWN, span_quote(path, quoted));
}

static enum status parameter_override_one(struct arena *arena, struct parameters *tree,
                                          const struct parameter_override *o, struct error *err) {
  const struct parameter *found = parameters_find(tree, o->path);
  if (!found) return parameters_refuse_path(tree, o->path, err);
  if (found->kind != PARAMETER_VALUES) return refuse(err, PARAMETER_NO_VALUES, found->path);
  struct parameter *p = arena_alloc(arena, sizeof *p);
  *p = *found;
  parameter_set_between(arena, p, o);
  tree->root = parameter_with(arena, tree->root, span_of(p->path), p);
  return DONE;
}

static enum status override_all(struct arena *arena, struct parameters *tree,
                                const struct parameter_override *all, int count,
                                struct error *err) {
  for (int i = 0; i < count; i++)
    if (parameter_override_one(arena, tree, &all[i], err) != DONE) return err->code;
  return DONE;
}

static bool is_followed(const struct parameter *p, const char *path) {
  if (p->uprating && p->uprating->index && strcmp(p->uprating->index, path) == 0) return true;
  for (int i = 0; i < p->child_count; i++)
    if (is_followed(p->children[i], path)) return true;
  return false;
}

/* What others follow stands among the stated values as it is now, so that they follow it anew; none
 * does: `tree` stays as it is. */
static enum status follow_overrides(struct arena *arena, const struct parameters *under,
                                    struct parameters *tree, const struct parameter_override *all,
                                    int count, struct error *err) {
  bool any = false;
  if (!tree->stated || read_indices(arena, tree, err) != DONE)
    return tree->stated ? err->code : DONE;
  for (int i = 0; i < count; i++) {
    const struct parameter *now = parameters_find(tree, all[i].path);
    if (!is_followed(under->stated, now->path) &&
        !(tree->indices && parameter_indices_name(tree->indices, now->path)))
      continue;
    struct parameter *p = arena_alloc(arena, sizeof *p);
    *p = *now;
    p->uprating = NULL; /* its later values are there already */
    tree->stated = parameter_with(arena, tree->stated, span_of(p->path), p);
    any = true;
  }
  if (!any) return DONE;
  enum status status = parameters_resolve(arena, tree, err);
  return status == DONE ? override_all(arena, tree, all, count, err) : status;
}

enum status parameters_override(struct arena *arena, const struct parameters *under,
                                const struct parameter_override *all, int count,
                                struct parameters **out, struct error *err) {
  struct parameters *tree = arena_alloc(arena, sizeof *tree);
  if (under) *tree = *under;
  *out = tree;
  if (override_all(arena, tree, all, count, err) != DONE) return err->code;
  return under ? follow_overrides(arena, under, tree, all, count, err) : DONE;
}

/* ---- what is asked ---- */

const struct parameter_replaced *parameters_replaced(const struct parameters *tree) {
  return tree->replaced;
}

const struct parameter *parameters_root(const struct parameters *tree) {
  return tree ? tree->root : NULL;
}

const struct parameter *parameter_child(const struct parameter *p, struct span name) {
  int index = child_index(p, name);
  return index < 0 ? NULL : p->children[index];
}

const struct parameter *parameters_find(const struct parameters *tree, struct span path) {
  const struct parameter *p = parameters_root(tree);
  while (p && path.size) p = parameter_child(p, path_take(&path));
  return p;
}

static int parameter_entry_index(const struct parameter *p, day_t day) {
  int low = 0, high = p->entry_count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (p->entries[middle].from <= day) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const struct parameter_entry *parameter_on(const struct parameter *p, day_t day) {
  int index = parameter_entry_index(p, day);
  return index < 0 ? NULL : &p->entries[index];
}

/* The mean over the days from first to last that have a number, each entry by as many days as it
 * holds; `otherwise` where none has. */
static double parameter_mean(const struct parameter *p, const struct parameter_year *year,
                             double otherwise) {
  double sum = 0, days = 0;
  for (int i = 0; i < p->entry_count; i++) {
    if (p->entries[i].value.form != FORM_NUMBER) continue;
    day_t begins = p->entries[i].from > year->first ? p->entries[i].from : year->first;
    day_t ends = year->last + 1;
    if (i + 1 < p->entry_count && p->entries[i + 1].from < ends) ends = p->entries[i + 1].from;
    if (begins >= ends) continue;
    sum += p->entries[i].value.number * (ends - begins);
    days += ends - begins;
  }
  return days > 0 ? sum / days : otherwise;
}

struct parameter_value parameter_in_year(const struct parameter *p,
                                         const struct parameter_year *year) {
  const struct parameter_entry *entry = parameter_on(p, year->at);
  struct parameter_value value = entry ? entry->value : (struct parameter_value){.form = FORM_NONE};
  if (p->blends_years && value.form == FORM_NUMBER) {
    value.number = parameter_mean(p, year, value.number);
    value.text = NULL;
  }
  return value;
}

/* How unlike two paths are: what is left between what they share at either end is compared, since
 * word_distance takes short words only. */
static int path_distance(struct span a, struct span b) {
  while (a.size && b.size && a.bytes[0] == b.bytes[0]) {
    a = span_make(a.bytes + 1, a.size - 1);
    b = span_make(b.bytes + 1, b.size - 1);
  }
  while (a.size && b.size && a.bytes[a.size - 1] == b.bytes[b.size - 1]) {
    a.size--;
    b.size--;
  }
  return word_distance(a, b);
}

struct nearest_path {
  struct span typed;
  const char *best;
  int distance;
};

static void nearest_path_offer(struct nearest_path *n, const struct parameter *p) {
  int distance = *p->path ? path_distance(n->typed, span_of(p->path)) : n->distance;
  if (distance < n->distance) {
    n->distance = distance;
    n->best = p->path;
  }
  for (int i = 0; i < p->child_count; i++) nearest_path_offer(n, p->children[i]);
}

const char *parameters_nearest(const struct parameters *tree, struct span path) {
  int most = 2 + (int)path.size / 5;
  struct nearest_path n = {.typed = path, .distance = most < 12 ? most : 12};
  if (tree && tree->root) nearest_path_offer(&n, tree->root);
  return n.best;
}
