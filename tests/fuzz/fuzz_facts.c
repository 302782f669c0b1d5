#include "fuzz/fuzz.h"
#include "fuzz/yaml_leak.h"
#include "rules/check.h"
#include "rules/parser.h"
#include "rules/testfile.h"
#include <string.h>
#include <unistd.h>

/* A file of cases in YAML, run against a few rules: each case agrees, differs or is unsupported;
 * what agrees has no reason beside it. */

static const char file_of_rules[] =
    "entity person plural people\n"
    "entity household plural households members person roles adults children\n"
    "enum land E S W\n"
    "pack year begins 04-06 annual at 04-30\n"
    "variable pay\n  entity person  period year  unit GBP\n"
    "variable at\n  entity person  period eternity  unit date\n"
    "variable land_of\n  entity household  period year  unit land\n"
    "variable tax\n  entity person  period month  unit GBP\n  formula\n    pay per month * 20%\n"
    "variable all\n  entity household  period year  unit GBP\n  formula\n"
    "    sum(members, tax per year) / count(members where pay > 0 GBP per year)\n";

static const struct rules *rules_once(const char **path) {
  static struct rules *kept;
  static char file[] = "/tmp/weal-fuzz-XXXXXX";
  if (!kept) {
    struct arena *arena = arena_new();
    struct error err = {0};
    struct parameters *none;
    char folder[] = "/tmp/weal-fuzz-XXXXXX";
    const int fd = mkstemp(file);
    HOLD(fd >= 0 && close(fd) == 0 && mkdtemp(folder));
    HOLD(parameters_load(arena, folder, &none, &err) == DONE);
    rmdir(folder);
    kept = arena_array(arena, struct rules, 1);
    *kept = (struct rules){.arena = arena,
                           .names = {.arena = arena},
                           .parameters = none,
                           .layers = 1,
                           .year_month = 1,
                           .year_day = 1};
    const struct span text = span_of(file_of_rules);
    HOLD(parse_declarations(kept, "a", text, &err) == DONE);
    HOLD(parse_variables(kept, "a", text, 0, &err) == DONE);
    HOLD(check_rules(kept, &err) == DONE);
  }
  *path = file;
  return kept;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  const char *path;
  const struct rules *rules = rules_once(&path);
  FILE *f = fopen(path, "wb");
  HOLD(f && fwrite(bytes, 1, size, f) == size && fclose(f) == 0);
  struct arena *arena = arena_new();
  struct testfile_runner *runner = testfile_runner_make(arena, rules, NULL, 0);
  struct testfile_results results = {0};
  struct error err = {0};
  const enum status status = testfile_run(runner, path, &results, &err);
  HOLD(status == DONE || (status == REFUSED && err.message[0]));
  HOLD(results.count == results.counts[0] + results.counts[1] + results.counts[2]);
  for (int i = 0; i < results.count; i++)
    HOLD((results.all[i].outcome == CASE_AGREES) == !results.all[i].why);
  testfile_runner_free(runner);
  arena_free(arena);
  return 0;
}
