/* Memory that is freed together. One arena per request, import or run; it is passed explicitly, and
 * everything allocated from it is freed with it. When memory runs out, the program ends with a
 * message and status 3: we do not continue without memory, and no transaction survives the process.
 *
 *     struct arena *arena = arena_new();
 *     char *name = arena_printf(arena, "%s, %s", family, given);
 *     arena_free(arena);
 */
#ifndef WEAL_BASE_ARENA_H
#define WEAL_BASE_ARENA_H

#include "base/status.h"
#include <stddef.h>

struct arena;
struct text; /* text.h */

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* takes null */

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));
#define arena_array(arena, type, count) \
  ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))
/* a terminating zero is added */
char *arena_copy(struct arena *arena, const char *bytes, size_t size);
char *arena_string(struct arena *arena, const char *text); /* null stays null */
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF(2, 3);
/* What a text holds, terminated; the text is empty again. */
char *text_take(struct arena *arena, struct text *text);

/* A larger place for `size` bytes, of which the first `old_size` are those of `old`, which was
 * taken with that size; it may be the same place. What stands behind them is zero. */
void *arena_grow(struct arena *arena, const void *old, size_t old_size, size_t size)
    __attribute__((returns_nonnull));
/* As array_reserve (below) for an array in an arena, where the smaller ones stay until its end. */
#define arena_reserve(arena, pointer, capacity, need) \
  do { \
    if ((need) > (capacity)) { \
      size_t reserved_before_ = (size_t)(capacity) * sizeof *(pointer); \
      (capacity) = (capacity)*2 > (need) ? (capacity)*2 : (need) + 8; \
      (pointer) = arena_grow((arena), (pointer), reserved_before_, \
                             (size_t)(capacity) * sizeof *(pointer)); \
    } \
  } while (0)

/* Forgets all allocations, keeps the memory for the next round. */
void arena_reset(struct arena *arena);

/* malloc, calloc and realloc that do not return on failure (see above). Freed with free(). */
void *memory_alloc(size_t size) __attribute__((malloc, returns_nonnull));
void *memory_zeroed(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *memory_grow(void *old, size_t size) __attribute__((returns_nonnull));

/* Grows an array kept as pointer and capacity so that it holds `need` items; doubles. */
#define array_reserve(pointer, capacity, need) \
  do { \
    if ((need) > (capacity)) { \
      (capacity) = (capacity)*2 > (need) ? (capacity)*2 : (need) + 8; \
      (pointer) = memory_grow((pointer), (size_t)(capacity) * sizeof *(pointer)); \
    } \
  } while (0)

/* qsort and bsearch over an array of `count` items, which may be NULL when there are none (the C
 * standard forbids that to those two). array_find gives NULL when it finds none. */
#define array_sort(items, count, compare) \
  rows_sort((items), (size_t)(count), sizeof *(items), (compare))
#define array_find(key, items, count, compare) \
  rows_find((key), (items), (size_t)(count), sizeof *(items), (compare))
void rows_sort(void *rows, size_t count, size_t size, int (*compare)(const void *, const void *));
void *rows_find(const void *key, const void *rows, size_t count, size_t size,
                int (*compare)(const void *, const void *));

/* For both over char *: by bytes. */
int string_compare(const void *a, const void *b);
/* For both over int64_t: the smallest first. */
int int64_compare(const void *a, const void *b);

#endif
