/* From codes to small numbers, in memory: open addressing, keys borrowed.
 *
 *     struct code_map map;
 *     code_map_begin(&map, arena, 1000);
 *     code_map_set(&map, span_of(place->code), 3);  the key's bytes must live as long as the map
 *     int index = code_map_get(&map, code);                -1: none
 */
#ifndef WEAL_REGISTER_CODE_MAP_H
#define WEAL_REGISTER_CODE_MAP_H

#include "base/arena.h"
#include "base/text.h"

struct code_slot {
  const char *bytes; /* null: free */
  uint32_t size;
  int32_t value; /* -1: taken out */
};

struct code_map {
  struct arena *arena;
  struct code_slot *slots;
  uint32_t mask, count;
};

void code_map_begin(struct code_map *map, struct arena *arena, size_t expected);
void code_map_set(struct code_map *map, struct span key, int value); /* also changes it */
int code_map_get(const struct code_map *map, struct span key);
void code_map_remove(struct code_map *map, struct span key);

#endif
