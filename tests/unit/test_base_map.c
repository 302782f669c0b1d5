/* The map: compared with a list that does the same slowly, and with keys chosen to collide. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/map.h"
#include "fuzz/map_model.h"

static void does_what_a_list_does(void **state) {
  (void)state;
  enum { ROUNDS = 200, MOST_BYTES = 6000 };
  static uint8_t bytes[MOST_BYTES];
  for (int round = 0; round < ROUNDS; round++) {
    random_bytes(bytes, sizeof bytes);
    bytes[0] = (uint8_t)round;
    model_run(bytes, (size_t)(bytes[1] | bytes[2] << 8) % sizeof bytes);
  }
}

static void finds_a_hundred_thousand(void **state) {
  (void)state;
  enum { KEYS = 100000 };
  struct arena *arena = arena_new();
  struct map numbers = {0}, spans = {.arena = arena}, taken = map_make(NULL, KEYS);
  for (int i = 0; i < KEYS; i++) {
    char *key = arena_printf(arena, "P%07d", i);
    map_set(&spans, span_of(key), i);
    map_set_number(&numbers, (uint64_t)i, (uint64_t)i << 40, i);
    map_set_number(&taken, (uint64_t)i, 0, i);
  }
  for (int i = 1; i < KEYS; i += 2) map_remove_number(&taken, (uint64_t)i, 0);
  assert_int_equal(taken.count, KEYS / 2);
  for (int i = 0; i < KEYS; i++) {
    char key[16];
    snprintf(key, sizeof key, "P%07d", i);
    assert_int_equal(map_get(&spans, span_of(key)), i);
    assert_int_equal(map_get_number(&numbers, (uint64_t)i, (uint64_t)i << 40), i);
    assert_int_equal(map_get_number(&taken, (uint64_t)i, 0), i % 2 ? -1 : i);
  }
  assert_int_equal(map_get(&spans, span_of("P0100000")), -1);
  assert_int_equal(map_get_number(&numbers, 1, 1), -1);
  map_release(&numbers);
  map_release(&taken);
  arena_free(arena);
}

static void holds_the_largest_that_can_be_found(void **state) {
  (void)state;
  struct map map = {0};
  map_set_number(&map, 0, 0, 0);
  map_set_number(&map, UINT64_MAX, UINT64_MAX, INT64_MAX - 1);
  assert_int_equal(map_get_number(&map, 0, 0), 0);
  assert_int_equal(map_get_number(&map, UINT64_MAX, UINT64_MAX), INT64_MAX - 1);
  map_release(&map);
}

/* The longest run of taken slots. */
static size_t longest_run(const struct map *map) {
  size_t longest = 0, run = 0;
  for (size_t i = 0; i <= map->mask; i++) {
    run = map->slots[i].found ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}

/* An attacker who knows the program, but not the seed of a map, picks a thousand keys that share
 * one slot of 4,096 under another seed. */
static void keys_picked_for_another_seed_do_not_collide(void **state) {
  (void)state;
  enum { PICKED = 1000, PLACES = 4096 };
  struct arena *arena = arena_new();
  struct map spans = {.arena = arena}, numbers = {.arena = arena};
  for (int64_t i = 0; spans.count < PICKED; i++) {
    const char *key = arena_printf(arena, "S%lld", (long long)i);
    if (span_hash(span_of(key), 0) % PLACES == 0) map_set(&spans, span_of(key), i);
  }
  for (uint64_t i = 0; numbers.count < PICKED; i++)
    if (map_hash_number(0, i, 7) % PLACES == 0) map_set_number(&numbers, i, 7, 0);
  assert_true(longest_run(&spans) < 100);
  assert_true(longest_run(&numbers) < 100);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(does_what_a_list_does),
      cmocka_unit_test(finds_a_hundred_thousand),
      cmocka_unit_test(holds_the_largest_that_can_be_found),
      cmocka_unit_test(keys_picked_for_another_seed_do_not_collide),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
