#include "base/arena.h"

#include "base/text.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct arena_block {
  struct arena_block *next;
  size_t size, used;
  size_t written; /* up to here by a round before; the rest is zero, and not yet touched */
  alignas(max_align_t) char bytes[];
};

/* A first block that small requests never outgrow; later ones double until they are large pages. */
enum {
  BLOCK_FIRST_BYTES = 16 << 10,
  BLOCK_DOUBLE_BYTES = 512 << 10,
  PAGE_BYTES = 2 << 20,
  BLOCK_MAX_BYTES = PAGE_BYTES - sizeof(struct arena_block)
};

struct arena {
  struct arena_block *first, *now; /* blocks after `now` are empty: kept from before a reset */
};

static void out_of_memory(size_t size) {
  char message[80];
  int n = snprintf(message, sizeof message, "weal: out of memory (%zu bytes more were asked for)\n",
                   size);
  if (write(2, message, (size_t)n) < 0) _exit(3);
  _exit(3); /* not exit(): handlers may need the memory that is not there */
}

void *memory_alloc(size_t size) {
  void *p = malloc(size ? size : 1);
  if (!p) out_of_memory(size);
  return p;
}

void *memory_zeroed(size_t count, size_t size) {
  void *p = calloc(count ? count : 1, size ? size : 1);
  if (!p) out_of_memory(count * size);
  return p;
}

void *memory_grow(void *old, size_t size) {
  void *p = realloc(old, size ? size : 1);
  if (!p) out_of_memory(size);
  return p;
}

/* A large page of memory, or, where the kernel has none, its small ones all at once: a fault for
 * each of them costs as much as a third of what is computed in them. What stands in it from before
 * is zeroed as it is taken. */
static struct arena_block *block_large(void) {
  struct arena_block *b = aligned_alloc(PAGE_BYTES, PAGE_BYTES);
  if (!b) out_of_memory(PAGE_BYTES);
#ifdef MADV_HUGEPAGE
  (void)madvise(b, PAGE_BYTES, MADV_HUGEPAGE);
#endif
#ifdef MADV_POPULATE_WRITE
  (void)madvise(b, PAGE_BYTES, MADV_POPULATE_WRITE); /* Linux 5.14 */
#endif
  *b = (struct arena_block){.size = BLOCK_MAX_BYTES, .written = BLOCK_MAX_BYTES};
  return b;
}

static struct arena_block *block_new(size_t size) {
  if (size == BLOCK_MAX_BYTES) return block_large();
  struct arena_block *b = memory_zeroed(1, sizeof *b + size);
  b->size = size;
  return b;
}

struct arena *arena_new(void) {
  struct arena *arena = memory_zeroed(1, sizeof *arena);
  arena->first = arena->now = block_new(BLOCK_FIRST_BYTES);
  return arena;
}

void arena_free(struct arena *arena) {
  if (!arena) return;
  for (struct arena_block *b = arena->first, *next; b; b = next) {
    next = b->next;
    free(b);
  }
  free(arena);
}

static size_t rounded_up(size_t size) {
  const size_t unit = alignof(max_align_t);
  if (size > SIZE_MAX / 2) out_of_memory(size);
  return (size + unit - 1) / unit * unit;
}

/* Memory that nobody has touched costs nothing: only what was written before is zeroed. */
static void *block_take(struct arena_block *b, size_t size) {
  void *p = b->bytes + b->used;
  const size_t left = b->written > b->used ? b->written - b->used : 0;
  memset(p, 0, left < size ? left : size);
  b->used += size;
  return p;
}

void *arena_alloc(struct arena *arena, size_t size) {
  size = rounded_up(size);
  struct arena_block *b = arena->now;
  while (b->size - b->used < size && b->next) b = arena->now = b->next;
  if (b->size - b->used < size) {
    size_t next = b->size < BLOCK_DOUBLE_BYTES ? b->size * 2 : BLOCK_MAX_BYTES;
    b->next = block_new(size > next ? size : next);
    b = arena->now = b->next;
  }
  return block_take(b, size);
}

char *arena_copy(struct arena *arena, const char *bytes, size_t size) {
  char *p = arena_alloc(arena, size + 1);
  if (size) memcpy(p, bytes, size);
  return p;
}

/* In its place where it is the last one. */
void *arena_grow(struct arena *arena, const void *old, size_t old_size, size_t size) {
  assert(size >= old_size);
  struct arena_block *b = arena->now;
  const size_t before = rounded_up(old_size), more = rounded_up(size) - before;
  const bool is_last = before && b->used >= before && old == b->bytes + b->used - before;
  if (is_last && more && b->size - b->used >= more) {
    (void)block_take(b, more);
    return b->bytes + b->used - more - before;
  }
  void *p = arena_alloc(arena, size);
  if (old_size) memcpy(p, old, old_size);
  return p;
}

char *arena_string(struct arena *arena, const char *text) {
  return text ? arena_copy(arena, text, strlen(text)) : NULL;
}

char *text_take(struct arena *arena, struct text *text) {
  char *out = arena_copy(arena, text->bytes ? text->bytes : "", text->size);
  text_release(text);
  return out;
}

char *arena_printf(struct arena *arena, const char *format, ...) {
  assert(format);
  va_list args;
  va_start(args, format);
  int n = vsnprintf(NULL, 0, format, args);
  va_end(args);
  assert(n >= 0);
  char *p = arena_alloc(arena, (size_t)n + 1);
  va_start(args, format);
  vsnprintf(p, (size_t)n + 1, format, args);
  va_end(args);
  return p;
}

void arena_reset(struct arena *arena) {
  for (struct arena_block *b = arena->first; b; b = b->next) {
    if (b->used > b->written) b->written = b->used;
    b->used = 0;
  }
  arena->now = arena->first;
}

void rows_sort(void *rows, size_t count, size_t size, int (*compare)(const void *, const void *)) {
  if (count > 1) qsort(rows, count, size, compare);
}

void *rows_find(const void *key, const void *rows, size_t count, size_t size,
                int (*compare)(const void *, const void *)) {
  return count ? bsearch(key, rows, count, size, compare) : NULL;
}

int string_compare(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int int64_compare(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}
