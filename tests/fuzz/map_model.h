/* Compares a map with a list that does the same slowly: the bytes choose operations, which are
 * applied to both, and the map must always find what the list has. Used by fuzz_map.c, and with
 * bytes drawn at random by unit/test_base_map.c. */
#ifndef WEAL_FUZZ_MAP_MODEL_H
#define WEAL_FUZZ_MAP_MODEL_H

#include "base/map.h"
#include "fuzz/fuzz.h"

/* Few keys, so that most are set, changed and removed many times; of all sizes, and some with the
 * same first bytes. */
enum { MODEL_KEYS = 300, MODEL_KEY_BYTES = 24 };

struct map_model {
  struct map map;
  bool spans;
  char bytes[MODEL_KEYS][MODEL_KEY_BYTES];
  int64_t found[MODEL_KEYS]; /* -1: not there */
};

static struct span model_span(const struct map_model *m, int key) {
  return span_make(m->bytes[key], key == 0 ? 0 : 4 + (size_t)key % (MODEL_KEY_BYTES - 3));
}
static uint64_t model_high(int key) { return key & 1 ? (uint64_t)key << 40 : (uint64_t)key; }
static uint64_t model_low(int key) { return key & 2 ? 0 : (uint64_t)key * 3; }

static int64_t model_look(const struct map_model *m, int key) {
  return m->spans ? map_get(&m->map, model_span(m, key))
                  : map_get_number(&m->map, model_high(key), model_low(key));
}

static void model_set(struct map_model *m, int key, int64_t found) {
  m->found[key] = found;
  if (m->spans) map_set(&m->map, model_span(m, key), found);
  else map_set_number(&m->map, model_high(key), model_low(key), found);
}

static void model_remove(struct map_model *m, int key) {
  m->found[key] = -1;
  if (m->spans) map_remove(&m->map, model_span(m, key));
  else map_remove_number(&m->map, model_high(key), model_low(key));
}

static void model_clear(struct map_model *m, bool release) {
  if (release) map_release(&m->map);
  else map_clear(&m->map);
  for (int key = 0; key < MODEL_KEYS; key++) m->found[key] = -1;
}

static void model_hold(const struct map_model *m) {
  size_t count = 0;
  for (int key = 0; key < MODEL_KEYS; key++) {
    HOLD(model_look(m, key) == m->found[key]);
    count += m->found[key] >= 0;
  }
  HOLD(m->map.count == count);
}

/* The first byte chooses the kind of map and of memory; then come three bytes for each step. */
static void model_run(const uint8_t *bytes, size_t size) {
  struct arena *arena = arena_new();
  struct map_model m = {.spans = size && (bytes[0] & 1)};
  bool own = size && (bytes[0] & 2);
  m.map = size && (bytes[0] & 4) ? map_make(own ? NULL : arena, 100)
                                 : (struct map){.arena = own ? NULL : arena};
  for (int key = 0; key < MODEL_KEYS; key++) {
    memset(m.bytes[key], 'x', MODEL_KEY_BYTES);
    snprintf(m.bytes[key], MODEL_KEY_BYTES, "%d", key);
    m.found[key] = -1;
  }
  model_hold(&m);
  for (size_t i = 1; i + 2 < size; i += 3) {
    int key = (bytes[i + 1] | (bytes[i + 2] & 1) << 8) % MODEL_KEYS;
    switch (bytes[i] % 8) {
    case 0:
    case 1:
    case 2:
    case 3: model_set(&m, key, (int64_t)i << (bytes[i + 2] >> 4)); break;
    case 4:
    case 5:
    case 6: model_remove(&m, key); break;
    default:
      if (bytes[i] > 0xf0) model_clear(&m, bytes[i] & 8);
      model_hold(&m);
    }
    HOLD(model_look(&m, key) == m.found[key]);
  }
  model_hold(&m);
  map_release(&m.map);
  HOLD(m.map.count == 0 && model_look(&m, 1) == -1);
  arena_free(arena);
}

#endif
