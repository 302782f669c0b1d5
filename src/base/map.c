#include "base/map.h"

#include "base/hash.h"
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

enum { SLOTS_FIRST = 16 };

static uint64_t span_key(const struct map *map, struct span key) {
  assert(key.size <= UINT32_MAX);
  return (uint64_t)key.size << 32 | (uint32_t)span_hash(key, map->seed);
}

/* The preferred slot of a key. A span's hash is kept in its slot, so that growing does not read the
 * keys' bytes again. */
static size_t home_of(const struct map *map, const struct map_slot *slot) {
  return (map->spans ? (uint32_t)slot->b : map_hash_number(map->seed, slot->a, slot->b)) &
         map->mask;
}

static bool is_span(const struct map_slot *slot, uint64_t b, struct span key) {
  return slot->b == b &&
         (key.size == 0 || memcmp((const char *)(uintptr_t)slot->a, key.bytes, key.size) == 0);
}

/* The slot that has the key, or the free one where it would go. */
static struct map_slot *find_span(const struct map *map, struct span key, uint64_t b) {
  for (size_t at = (uint32_t)b & map->mask;; at = (at + 1) & map->mask) {
    struct map_slot *slot = &map->slots[at];
    if (!slot->found || is_span(slot, b, key)) return slot;
  }
}

static struct map_slot *find_number(const struct map *map, uint64_t high, uint64_t low) {
  for (size_t at = map_hash_number(map->seed, high, low) & map->mask;; at = (at + 1) & map->mask) {
    struct map_slot *slot = &map->slots[at];
    if (!slot->found || (slot->a == high && slot->b == low)) return slot;
  }
}

static void grow(struct map *map, size_t slot_count) {
  struct map old = *map;
  /* by the kernel: a program that needs no other randomness does not start the library's */
  if (!old.slots && getentropy(&map->seed, sizeof map->seed) != 0)
    random_bytes(&map->seed, sizeof map->seed);
  map->slots = map->arena ? arena_array(map->arena, struct map_slot, slot_count)
                          : memory_zeroed(slot_count, sizeof *map->slots);
  map->mask = slot_count - 1;
  for (size_t i = 0; old.slots && i <= old.mask; i++) {
    if (!old.slots[i].found) continue;
    size_t at = home_of(map, &old.slots[i]);
    while (map->slots[at].found) at = (at + 1) & map->mask;
    map->slots[at] = old.slots[i];
  }
  if (!map->arena) free(old.slots);
}

static void reserve(struct map *map, size_t count) {
  size_t slot_count = map->slots ? map->mask + 1 : SLOTS_FIRST;
  while (slot_count < count * 2) slot_count *= 2;
  if (!map->slots || slot_count > map->mask + 1) grow(map, slot_count);
}

struct map map_make(struct arena *arena, size_t count) {
  struct map map = {.arena = arena};
  reserve(&map, count);
  return map;
}

static void put(struct map *map, struct map_slot *slot, uint64_t a, uint64_t b, int64_t found) {
  assert(found >= 0 && found < INT64_MAX);
  if (!slot->found) {
    slot->a = a;
    slot->b = b;
    map->count++;
  }
  slot->found = found + 1;
}

void map_set(struct map *map, struct span key, int64_t found) {
  assert(map->spans || map->count == 0);
  map->spans = true;
  reserve(map, map->count + 1);
  uint64_t b = span_key(map, key);
  put(map, find_span(map, key, b), (uintptr_t)key.bytes, b, found);
}

int64_t map_get(const struct map *map, struct span key) {
  if (map->count == 0) return -1;
  assert(map->spans);
  return find_span(map, key, span_key(map, key))->found - 1;
}

void map_set_number(struct map *map, uint64_t high, uint64_t low, int64_t found) {
  assert(!map->spans || map->count == 0);
  map->spans = false;
  reserve(map, map->count + 1);
  put(map, find_number(map, high, low), high, low, found);
}

/* Frees a slot, and moves up the slots after it that would no longer be found across the gap. */
static void take_out(struct map *map, struct map_slot *slot) {
  if (!slot->found) return;
  size_t gap = (size_t)(slot - map->slots);
  for (size_t at = (gap + 1) & map->mask; map->slots[at].found; at = (at + 1) & map->mask) {
    size_t home = home_of(map, &map->slots[at]);
    if (((at - home) & map->mask) < ((at - gap) & map->mask)) continue;
    map->slots[gap] = map->slots[at];
    gap = at;
  }
  map->slots[gap] = (struct map_slot){0};
  map->count--;
}

void map_remove(struct map *map, struct span key) {
  if (map->count == 0) return;
  assert(map->spans);
  take_out(map, find_span(map, key, span_key(map, key)));
}

void map_remove_number(struct map *map, uint64_t high, uint64_t low) {
  if (map->count == 0) return;
  assert(!map->spans);
  take_out(map, find_number(map, high, low));
}

void map_clear(struct map *map) {
  if (map->count) memset(map->slots, 0, (map->mask + 1) * sizeof *map->slots);
  map->count = 0;
}

void map_release(struct map *map) {
  if (!map->arena) free(map->slots);
  *map = (struct map){.arena = map->arena};
}
