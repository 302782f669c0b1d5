#include "fuzz/fuzz.h"
#include "fuzz/yaml_leak.h"
#include "rules/parameters.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* One file of parameters, in a folder of its own beside an index that it may name. */
static const char *tree_of(const uint8_t *bytes, size_t size) {
  static char folder[64];
  char path[96];
  if (!folder[0]) {
    unsetenv("HOME"); /* nothing is kept */
    unsetenv("XDG_CACHE_HOME");
    snprintf(folder, sizeof folder, "/tmp/weal-fuzz-parameters-%d", (int)getpid());
    (void)mkdir(folder, 0700);
    snprintf(path, sizeof path, "%s/cpi.yaml", folder);
    FILE *index = fopen(path, "w");
    HOLD(index && fputs("2020-01-01: 100\n2021-01-01: 110\n", index) >= 0 && fclose(index) == 0);
  }
  snprintf(path, sizeof path, "%s/a.yaml", folder);
  FILE *f = fopen(path, "w");
  HOLD(f && fwrite(bytes, 1, size, f) == size && fclose(f) == 0);
  return folder;
}

static void walk(const struct parameters *tree, const struct parameter *p) {
  HOLD(parameters_find(tree, span_of(p->path)) == p);
  for (int i = 0; i < p->entry_count; i++) {
    HOLD(i == 0 || p->entries[i - 1].from < p->entries[i].from);
    HOLD(parameter_on(p, p->entries[i].from) == &p->entries[i]);
  }
  struct parameter_year year = {day_make(2025, 4, 30), day_make(2025, 4, 6), day_make(2026, 4, 5)};
  if (p->kind == PARAMETER_VALUES) (void)parameter_in_year(p, &year);
  for (int i = 0; i < p->child_count; i++) walk(tree, p->children[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct arena *arena = arena_new();
  struct parameters *tree;
  struct error err = {0};
  if (parameters_load(arena, tree_of(bytes, size), &tree, &err) == DONE)
    walk(tree, parameters_root(tree));
  else HOLD(err.code == REFUSED && err.message[0]);
  arena_free(arena);
  return 0;
}
