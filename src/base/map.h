/* From keys to numbers, in memory.
 *
 * A key is a span of bytes, or a pair of numbers (low is 0 where one number is enough); a map has
 * keys of one kind. It finds a whole number from 0, mostly the index of a row in an array of the
 * caller's; the array also gives the order of the rows, since a map has none.
 *
 *     struct map map = {.arena = arena};
 *     map_set(&map, span_of(place->code), 3);       the key's bytes must live as long as the map
 *     int64_t index = map_get(&map, code);          -1: not there
 *
 *     struct map sums = {0};                        memory of its own: map_release gives it back
 *     if (map_get_number(&sums, entry, 0) < 0) map_set_number(&sums, entry, 0, count++);
 *     map_release(&sums);
 *
 * Open addressing, at most half full. Each map draws a seed for its hash when it first grows, so
 * that nobody can choose keys that collide. Two hash tables do not use it, since they keep the
 * value beside the key: register/directory.c and book/totals.h, which give the ratios.
 */
#ifndef WEAL_BASE_MAP_H
#define WEAL_BASE_MAP_H

#include "base/arena.h"
#include "base/text.h"
#include <stdint.h>

struct map_slot {
  uint64_t a, b; /* numbers: high and low; spans: the address, and size << 32 | hash */
  int64_t found; /* what was set, + 1; 0: the slot is free */
};

struct map {
  struct arena *arena; /* whose memory it is; null: its own */
  struct map_slot *slots;
  size_t mask; /* one less than there are slots */
  size_t count;
  uint64_t seed;
  bool spans; /* the kind of its keys */
};

/* Makes a map with room for so many keys, so that it does not grow until then. */
struct map map_make(struct arena *arena, size_t count);

/* Adds the key, or changes what it finds. */
void map_set(struct map *map, struct span key, int64_t found);
int64_t map_get(const struct map *map, struct span key);
void map_remove(struct map *map, struct span key); /* also what is not there */

void map_set_number(struct map *map, uint64_t high, uint64_t low, int64_t found);
static inline int64_t map_get_number(const struct map *map, uint64_t high, uint64_t low);
void map_remove_number(struct map *map, uint64_t high, uint64_t low);

void map_clear(struct map *map);   /* no keys; the memory is kept */
void map_release(struct map *map); /* its own memory goes; empty again */

/* ---- the look-up of numbers ---- */

static inline size_t map_hash_number(uint64_t seed, uint64_t high, uint64_t low) {
  unsigned __int128 product = (unsigned __int128)(high ^ seed) * UINT64_C(0xa0761d6478bd642f);
  uint64_t h = (uint64_t)product ^ (uint64_t)(product >> 64) ^ low;
  product = (unsigned __int128)h * ((seed << 1 | 1) ^ UINT64_C(0xe7037ed1a0b428da));
  return (size_t)((uint64_t)product ^ (uint64_t)(product >> 64));
}

static inline int64_t map_get_number(const struct map *map, uint64_t high, uint64_t low) {
  if (map->count == 0) return -1;
  for (size_t at = map_hash_number(map->seed, high, low) & map->mask;; at = (at + 1) & map->mask) {
    const struct map_slot *slot = &map->slots[at];
    if (!slot->found || (slot->a == high && slot->b == low)) return slot->found - 1;
  }
}

#endif
