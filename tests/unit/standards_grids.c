/* Random small places and their minimum standards, as anyone may see them: a line of JSON each, for
 * tests/attack/attack_standards.py.
 *
 *     standards_grids FIRST COUNT
 *
 * `true` and `shown` have for each division (place, age, sex, home) its parts, the place itself
 * first: kept, broken, unsaid, people; null: hidden. */
#include "publish/standards.h"

#include <stdio.h>
#include <stdlib.h>

enum { PARTS_MOST = 4 };

/* A number below n, of a linear congruence. */
static int below(uint64_t *state, int n) {
  *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (int)((*state >> 33) % (uint64_t)n);
}

static const char *const dimensions[] = {"place", "age", "sex", "home"};

static void add(struct standard_sums *s, enum standard_state state) {
  s->kept += state == STANDARD_KEPT;
  s->broken += state == STANDARD_BROKEN;
  s->unsaid += state == STANDARD_UNSAID;
}

/* People one by one, so that every division has the same sums. */
static void fill(struct standard_found *f, int parts, unsigned seed) {
  static const int first[] = {0, STANDARD_AGE_BANDS, STANDARD_AGE_BANDS + STANDARD_SEXES};
  static const int size[] = {STANDARD_AGE_BANDS, STANDARD_SEXES, STANDARD_HOMES};
  uint64_t state = seed * 2654435761ULL + 17;
  const int people = 3 + below(&state, seed % 3 ? 60 : 400);
  const int kept = below(&state, 101), unsaid = below(&state, 30);
  const int groups = 1 + below(&state, 3);
  for (int i = 0; i < people; i++) {
    const int roll = below(&state, 100);
    const enum standard_state one = roll < kept                   ? STANDARD_KEPT
                                    : below(&state, 100) < unsaid ? STANDARD_UNSAID
                                                                  : STANDARD_BROKEN;
    add(&f->all, one);
    add(&f->parts[below(&state, parts)], one);
    for (int d = 0; d < 3; d++)
      add(&f->groups[first[d] + below(&state, groups < size[d] ? groups : size[d])], one);
  }
}

static void write_true(const char *name, const struct standard_sums *s, bool comma) {
  printf("%s[\"%s\",%lld,%lld,%lld,%lld]", comma ? "," : "", name, (long long)s->kept,
         (long long)s->broken, (long long)s->unsaid, (long long)(s->kept + s->broken + s->unsaid));
}

static void write_count(int64_t n) {
  if (n == STANDARD_HIDDEN) printf(",null");
  else printf(",%lld", (long long)n);
}

static void write_place(const struct standards *s, const struct standards_shown *shown,
                        int number) {
  const struct standard_found *f = &s->found[0];
  printf("{\"number\":%d,\"true\":[", number);
  for (int d = 0; d < 4; d++) {
    printf("%s[", d ? "," : "");
    write_true("all", &f->all, false);
    for (int i = 0; d == 0 && i <= s->part_count; i++)
      write_true(i < s->part_count ? s->parts[i]->code : "", &f->parts[i], true);
    for (int i = 0; d && i < STANDARD_GROUPS; i++)
      if (strcmp(standard_groups[i].dimension, dimensions[d]) == 0)
        write_true(standard_groups[i].word, &f->groups[i], true);
    printf("]");
  }
  printf("],\"shown\":[");
  for (int i = 0; i < shown->count; i++) {
    const struct standard_shown *one = &shown->all[i];
    printf("%s[\"%s\",\"%s\"", i ? "," : "", one->dimension, one->part);
    write_count(one->kept);
    write_count(one->broken);
    write_count(one->unsaid);
    write_count(one->people);
    printf("]");
  }
  printf("]}\n");
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  const long first = strtol(argv[1], NULL, 10), count = strtol(argv[2], NULL, 10);
  for (long n = first; n < first + count; n++) {
    struct arena *arena = arena_new();
    static const struct pack_standard what = {.code = "s"};
    struct standards s = {.code = "all", .name = "All", .year = 2025, .found_count = 1};
    s.part_count = 1 + (int)(n % PARTS_MOST);
    s.found = arena_array(arena, struct standard_found, 1);
    s.found[0].what = &what;
    s.found[0].parts = arena_array(arena, struct standard_sums, s.part_count + 1);
    struct place *places = arena_array(arena, struct place, s.part_count);
    s.parts = arena_array(arena, const struct place *, s.part_count);
    for (int i = 0; i < s.part_count; i++) {
      places[i].code = arena_printf(arena, "N%d", i + 1);
      s.parts[i] = &places[i];
    }
    fill(&s.found[0], s.part_count + (n % 2 ? 1 : 0), (unsigned)n);
    struct standards_shown shown;
    standards_show(arena, &s, &shown);
    write_place(&s, &shown, (int)n);
    arena_free(arena);
  }
  return 0;
}
