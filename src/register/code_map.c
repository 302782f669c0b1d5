#include "register/code_map.h"

void code_map_begin(struct code_map *map, struct arena *arena, size_t expected) {
  uint32_t size = 16;
  while (size < expected + expected / 2) size *= 2;
  map->arena = arena;
  map->slots = arena_array(arena, struct code_slot, size);
  map->mask = size - 1;
  map->count = 0;
}

static struct code_slot *slot_of(const struct code_map *map, struct span key) {
  uint32_t at = (uint32_t)((span_hash(key) * 0x9e3779b97f4a7c15u) >> 32) & map->mask;
  for (;; at = (at + 1) & map->mask) {
    struct code_slot *slot = &map->slots[at];
    if (!slot->bytes || (slot->size == key.size && memcmp(slot->bytes, key.bytes, key.size) == 0))
      return slot;
  }
}

void code_map_set(struct code_map *map, struct span key, int value) {
  if ((map->count + 1) * 4u > (map->mask + 1) * 3u) {
    struct code_map larger;
    code_map_begin(&larger, map->arena, ((size_t)map->mask + 1) * 4 / 3);
    for (uint32_t i = 0; i <= map->mask; i++)
      if (map->slots[i].bytes) {
        *slot_of(&larger, span_make(map->slots[i].bytes, map->slots[i].size)) = map->slots[i];
        larger.count++;
      }
    *map = larger;
  }
  struct code_slot *slot = slot_of(map, key);
  if (!slot->bytes) {
    slot->bytes = key.bytes ? key.bytes : "";
    slot->size = (uint32_t)key.size;
    map->count++;
  }
  slot->value = value;
}

int code_map_get(const struct code_map *map, struct span key) {
  const struct code_slot *slot = slot_of(map, key);
  return slot->bytes ? slot->value : -1;
}

void code_map_remove(struct code_map *map, struct span key) {
  struct code_slot *slot = slot_of(map, key);
  if (slot->bytes) slot->value = -1;
}
