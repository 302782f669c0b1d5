/* A tree as it lies in memory, kept in a file: reading it is one read, a digest, and the base added
 * to each pointer (4 ms against 50 of the YAML: bench/rules-parameters).
 *
 * The file is $XDG_CACHE_HOME/weal/rules/HASH, one for each folder. It is used only where its key
 * is that of the folder now: names, sizes, times, inodes of all files, and the program itself. It
 * is read only where it is the user's own and nobody else may write it; a file that is cut, damaged
 * or of another program is made anew. Where there is no place for it, nothing is kept. */
#include "rules/parameters_tree.h"

#include "base/folder.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/map.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CACHE_SETTLED_S = 2, CACHE_FILE_MOST = 256 << 20 };

static const char cache_mark[8] = "WEALPRM2";

struct cache_head {
  char mark[8];
  struct digest key;
  uint64_t check_sum, size,
      pointer_count; /* of the image; of pointers in it, whose places follow it */
  uint64_t root, stated, indices_file;
};

/* ---- the key ---- */

struct cache_walk {
  struct arena *arena;
  struct hasher *hasher;
  int depth, count;
  int64_t newest_s; /* when something was changed last */
};

static void cache_add_about(struct cache_walk *walk, const char *path, const struct stat *about) {
  uint8_t numbers[7 * 8], *p = numbers;
  p = put_u64(p, (uint64_t)about->st_dev);
  p = put_u64(p, (uint64_t)about->st_ino);
  p = put_u64(p, (uint64_t)about->st_size);
  p = put_u64(p, (uint64_t)about->st_mtim.tv_sec);
  p = put_u64(p, (uint64_t)about->st_mtim.tv_nsec);
  p = put_u64(p, (uint64_t)about->st_ctim.tv_sec);
  p = put_u64(p, (uint64_t)about->st_ctim.tv_nsec);
  hasher_add(walk->hasher, path, strlen(path) + 1);
  hasher_add(walk->hasher, numbers, (size_t)(p - numbers));
  if (about->st_ctim.tv_sec > walk->newest_s) walk->newest_s = about->st_ctim.tv_sec;
  walk->count++;
}

/* False where the folder is not one to keep: the reading says what is wrong with it. */
static bool cache_add_folder(struct cache_walk *walk, int at, const char *name) {
  int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd < 0 ? NULL : fdopendir(fd);
  if (!dir) {
    if (fd >= 0) (void)close(fd);
    return false;
  }
  char **names = NULL;
  size_t count = 0, capacity = 0;
  for (const struct dirent *entry; (entry = readdir(dir));) {
    if (entry->d_name[0] == '.') continue;
    arena_reserve(walk->arena, names, capacity, count + 1);
    names[count++] = arena_string(walk->arena, entry->d_name);
  }
  array_sort(names, count, string_compare);
  bool is_sound = ++walk->depth <= LIMIT_PARAMETER_DEPTH;
  for (size_t i = 0; i < count && is_sound; i++) {
    struct stat about;
    is_sound = fstatat(fd, names[i], &about, 0) == 0 && walk->count < LIMIT_PARAMETER_FILES;
    if (!is_sound) break;
    cache_add_about(walk, names[i], &about);
    if (S_ISDIR(about.st_mode)) is_sound = cache_add_folder(walk, fd, names[i]);
  }
  hasher_add(walk->hasher, "/", 1);
  walk->depth--;
  (void)closedir(dir);
  return is_sound;
}

static bool cache_key(struct cache_walk *walk, const char *folder, const char *indices,
                      struct digest *out) {
  struct stat about;
  uint8_t sizes[4 * 8], *p = sizes;
  p = put_u64(p, sizeof(struct parameter));
  p = put_u64(p, sizeof(struct parameter_entry));
  p = put_u64(p, sizeof(struct parameter_value));
  p = put_u64(p, sizeof(struct cache_head));
  hasher_begin(walk->hasher);
  hasher_add(walk->hasher, sizes, (size_t)(p - sizes));
  hasher_add(walk->hasher, folder, strlen(folder) + 1);
  if (stat("/proc/self/exe", &about) != 0) return false;
  cache_add_about(walk, "", &about);
  walk->newest_s = 0; /* when the program was built does not matter */
  if (indices) {
    if (stat(indices, &about) != 0) return false;
    cache_add_about(walk, indices, &about);
  }
  if (!cache_add_folder(walk, AT_FDCWD, folder)) return false;
  hasher_end(walk->hasher, out);
  return true;
}

/* ---- where it lies ---- */

/* Null: there is no place for it. */
static const char *cache_base(struct arena *arena) {
  const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (base && base[0] == '/') return base;
  return home && home[0] == '/' ? arena_printf(arena, "%s/.cache", home) : NULL;
}

static bool cache_name(struct cache_walk *walk, const char *folder, char out[65]) {
  char real[PATH_MAX];
  struct digest digest;
  struct text t = {0};
  if (!realpath(folder, real)) return false;
  hasher_begin(walk->hasher);
  hasher_add(walk->hasher, real, strlen(real) + 1);
  hasher_add(walk->hasher, folder, strlen(folder));
  hasher_end(walk->hasher, &digest);
  text_add_hex(&t, digest.bytes, sizeof digest.bytes);
  memcpy(out, t.bytes, 65);
  text_release(&t);
  return true;
}

bool parameters_cache_find(struct arena *arena, const char *folder, const char *indices,
                           struct parameters_cache *out) {
  struct cache_walk walk = {.arena = arena, .hasher = hasher_new()};
  *out = (struct parameters_cache){.base = cache_base(arena)};
  bool is_sound = out->base && cache_name(&walk, folder, out->name) &&
                  cache_key(&walk, folder, indices, &out->key);
  hasher_free(walk.hasher);
  out->is_settled = time(NULL) - walk.newest_s >= CACHE_SETTLED_S;
  return is_sound;
}

/* ---- writing ---- */

struct cache_image {
  struct text bytes;
  struct map places; /* of what is in it already, by its address */
  uint64_t *pointers;
  size_t count, capacity;
};

static size_t image_add(struct cache_image *image, const void *bytes, size_t size) {
  static const char zeros[8];
  size_t at = image->bytes.size;
  text_add_bytes(&image->bytes, bytes, size);
  text_add_bytes(&image->bytes, zeros, (8 - size % 8) % 8);
  return at;
}

/* Makes the pointer at `field` one to `target`, an offset. */
static void image_point(struct cache_image *image, size_t field, size_t target) {
  uint64_t value = target;
  memcpy(image->bytes.bytes + field, &value, sizeof value);
  array_reserve(image->pointers, image->capacity, image->count + 1);
  image->pointers[image->count++] = field;
}

/* Whether it is placed already: then the field points to it. */
static bool image_is_placed(struct cache_image *image, size_t field, const void *what) {
  int64_t place = map_get_number(&image->places, 0, (uint64_t)(uintptr_t)what);
  if (what && place >= 0) image_point(image, field, (size_t)place);
  return !what || place >= 0;
}

static size_t image_place(struct cache_image *image, size_t field, const void *what, size_t size) {
  size_t at = image_add(image, what, size);
  map_set_number(&image->places, 0, (uint64_t)(uintptr_t)what, (int64_t)at);
  image_point(image, field, at);
  return at;
}

static void image_string(struct cache_image *image, size_t field, const char *text) {
  if (!image_is_placed(image, field, text)) image_place(image, field, text, strlen(text) + 1);
}

static void image_references(struct cache_image *image, size_t field,
                             const struct parameter_reference *all, int count) {
  if (image_is_placed(image, field, all)) return;
  size_t at = image_place(image, field, all, sizeof *all * (size_t)count);
  for (int i = 0; i < count; i++, at += sizeof *all) {
    image_string(image, at + offsetof(struct parameter_reference, title), all[i].title);
    image_string(image, at + offsetof(struct parameter_reference, href), all[i].href);
  }
}

static void image_value(struct cache_image *image, size_t at, const struct parameter_value *value) {
  image_string(image, at + offsetof(struct parameter_value, text), value->text);
  size_t items = at + offsetof(struct parameter_value, items);
  if (!image_is_placed(image, items, value->items)) {
    size_t item = image_place(image, items, value->items,
                              sizeof *value->items * (size_t)value->count);
    for (int i = 0; i < value->count; i++, item += sizeof *value->items)
      image_value(image, item, &value->items[i]);
  }
  size_t keys = at + offsetof(struct parameter_value, keys);
  if (image_is_placed(image, keys, value->keys)) return;
  size_t key = image_place(image, keys, value->keys, sizeof *value->keys * (size_t)value->count);
  for (int i = 0; i < value->count; i++) image_string(image, key + 8 * (size_t)i, value->keys[i]);
}

static void image_entries(struct cache_image *image, size_t field, const struct parameter *p) {
  if (image_is_placed(image, field, p->entries)) return;
  size_t at = image_place(image, field, p->entries, sizeof *p->entries * (size_t)p->entry_count);
  for (int i = 0; i < p->entry_count; i++, at += sizeof *p->entries) {
    const struct parameter_entry *entry = &p->entries[i];
    image_value(image, at + offsetof(struct parameter_entry, value), &entry->value);
    image_references(image, at + offsetof(struct parameter_entry, references), entry->references,
                     entry->reference_count);
    image_string(image, at + offsetof(struct parameter_entry, note), entry->note);
  }
}

/* The offset of the parameter, with all below it. */
static size_t image_parameter(struct cache_image *image, const struct parameter *p) {
  size_t at = image_add(image, p, sizeof *p);
#define IMAGE_STRING(member) image_string(image, at + offsetof(struct parameter, member), p->member)
  IMAGE_STRING(path);
  IMAGE_STRING(name);
  IMAGE_STRING(file);
  IMAGE_STRING(description);
  IMAGE_STRING(label);
  IMAGE_STRING(unit);
  IMAGE_STRING(period);
  IMAGE_STRING(scale_type);
#undef IMAGE_STRING
  image_references(image, at + offsetof(struct parameter, references), p->references,
                   p->reference_count);
  image_entries(image, at + offsetof(struct parameter, entries), p);
  if (!image_is_placed(image, at + offsetof(struct parameter, expected), p->expected))
    image_place(image, at + offsetof(struct parameter, expected), p->expected,
                sizeof *p->expected * (size_t)p->expected_count);
  if (!image_is_placed(image, at + offsetof(struct parameter, uprating), p->uprating)) {
    size_t uprating = image_place(image, at + offsetof(struct parameter, uprating), p->uprating,
                                  sizeof *p->uprating);
    image_string(image, uprating + offsetof(struct parameter_uprating, index), p->uprating->index);
  }
  size_t children = image_add(image, p->children, sizeof *p->children * (size_t)p->child_count);
  image_point(image, at + offsetof(struct parameter, children), children);
  for (int i = 0; i < p->child_count; i++)
    image_point(image, children + 8 * (size_t)i, image_parameter(image, p->children[i]));
  return at;
}

/* Against a file that was damaged, not against a forger: it is the user's own. */
static uint64_t cache_check_sum(const char *bytes, size_t size) {
  return span_hash(span_make(bytes, size), 0);
}

/* The open folder; -1: there is none. $XDG_CACHE_HOME, `weal` and `rules` are made where they are
 * not there. */
static int cache_open(const struct parameters_cache *cache) {
  static const char *const below[] = {"weal", "rules"};
  struct error ignored = {0};
  int at = -1;
  enum status status = folder_open(AT_FDCWD, cache->base, 0700, &at, &ignored);
  for (int i = 0; i < 2 && status == DONE; i++) {
    int above = at;
    status = folder_open(above, below[i], 0700, &at, &ignored);
    (void)close(above);
  }
  return status == DONE ? at : -1;
}

void parameters_cache_put(const struct parameters_cache *cache, const struct parameters *tree) {
  struct cache_image image = {0};
  struct cache_head head = {.key = cache->key};
  int folder = cache->is_settled ? cache_open(cache) : -1;
  if (folder < 0) return;
  size_t before = image_add(&image, &head, sizeof head);
  head.root = image_parameter(&image, tree->root);
  head.stated = image_parameter(&image, tree->stated);
  if (tree->indices_file)
    head.indices_file = image_add(&image, tree->indices_file, strlen(tree->indices_file) + 1);
  head.size = image.bytes.size;
  head.pointer_count = image.count;
  if (image.count)
    text_add_bytes(&image.bytes, (const char *)image.pointers, image.count * sizeof(uint64_t));
  memcpy(head.mark, cache_mark, sizeof cache_mark);
  head.check_sum = cache_check_sum(image.bytes.bytes + sizeof head, image.bytes.size - sizeof head);
  memcpy(image.bytes.bytes + before, &head, sizeof head);
  struct error ignored = {0};
  (void)!file_write_whole(folder, folder, cache->name, 0600,
                          span_make(image.bytes.bytes, image.bytes.size), &ignored);
  (void)close(folder);
  text_release(&image.bytes);
  map_release(&image.places);
  free(image.pointers);
}

/* ---- reading ---- */

/* The whole file; null where there is none of the user's own. */
static char *cache_read(struct arena *arena, const struct parameters_cache *cache, size_t *size) {
  char *path = arena_printf(arena, "%s/weal/rules/%s", cache->base, cache->name), *bytes = NULL;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat about;
  if (fd < 0) return NULL;
  if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_uid == geteuid() &&
      !(about.st_mode & 022) && about.st_size >= (off_t)sizeof(struct cache_head) &&
      about.st_size <= CACHE_FILE_MOST) {
    bytes = arena_alloc(arena, (size_t)about.st_size);
    *size = 0;
    for (ssize_t got; *size < (size_t)about.st_size &&
                      (got = read(fd, bytes + *size, (size_t)about.st_size - *size)) > 0;)
      *size += (size_t)got;
  }
  (void)close(fd);
  return bytes;
}

static bool cache_head_is_sound(const struct cache_head *head, const struct digest *key,
                                size_t size) {
  return memcmp(head->mark, cache_mark, sizeof cache_mark) == 0 &&
         memcmp(&head->key, key, sizeof *key) == 0 && head->size >= sizeof *head &&
         head->size <= size && head->size % 8 == 0 &&
         head->pointer_count == (size - head->size) / sizeof(uint64_t) &&
         (size - head->size) % sizeof(uint64_t) == 0 &&
         head->root <= head->size - sizeof(struct parameter) &&
         head->stated <= head->size - sizeof(struct parameter) && head->indices_file < head->size;
}

/* Adds the base to every pointer; false where one leads out of the image. */
static bool cache_relocate(char *bytes, const struct cache_head *head) {
  for (uint64_t i = 0; i < head->pointer_count; i++) {
    uint64_t field, target;
    memcpy(&field, bytes + head->size + i * sizeof field, sizeof field);
    if (field % 8 || field > head->size - sizeof target) return false;
    memcpy(&target, bytes + field, sizeof target);
    if (target > head->size) return false;
    char *pointer = bytes + target;
    memcpy(bytes + field, &pointer, sizeof pointer);
  }
  return true;
}

bool parameters_cache_get(struct arena *arena, const struct parameters_cache *cache,
                          struct parameters *out) {
  size_t size = 0;
  struct cache_head head;
  char *bytes = cache_read(arena, cache, &size);
  if (!bytes || size < sizeof head) return false;
  memcpy(&head, bytes, sizeof head);
  if (!cache_head_is_sound(&head, &cache->key, size)) return false;
  if (cache_check_sum(bytes + sizeof head, size - sizeof head) != head.check_sum) return false;
  if (!cache_relocate(bytes, &head)) return false;
  out->root = (struct parameter *)(void *)(bytes + head.root);
  out->stated = (struct parameter *)(void *)(bytes + head.stated);
  out->indices_file = head.indices_file ? bytes + head.indices_file : NULL;
  return true;
}
