/* Loads a tree of parameters once, or COUNT times: bench_rules_parameters FOLDER INDICES [COUNT].
 * Whether it is kept is for XDG_CACHE_HOME to say. Prints the least milliseconds of one loading. */
#include "rules/parameters.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int count = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1;
  double least = 1e9;
  for (int i = 0; i < count; i++) {
    struct arena *arena = arena_new();
    struct parameters *tree;
    struct error err = {0};
    struct parameters_source source = {.folder = argv[1], .indices = argv[2]};
    double begun = clock_seconds();
    if (parameters_load_from(arena, &source, &tree, &err) != DONE) {
      fprintf(stderr, "%s: %s\n", err.file, err.message);
      return 1;
    }
    double taken = (clock_seconds() - begun) * 1000;
    if (taken < least) least = taken;
    arena_free(arena);
  }
  printf("%.2f\n", least);
  return 0;
}
