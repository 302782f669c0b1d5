#include "fuzz/fuzz.h"
#include "rules/check.h"
#include "rules/parser.h"
#include "rules/population_files.h"
#include "rules/run.h"
#include <string.h>
#include <unistd.h>

/* people.csv, benunits.csv and households.csv, one after another with a line of `=` between: they
 * are refused, or each row that was given comes out with its id, whatever stands in which group. */

static const char file_of_rules[] =
    "entity person plural people\n"
    "entity benunit plural benunits within households members person\n"
    "entity household plural households members person roles adults children\n"
    "enum land E S W\n"
    "variable pay\n  entity person  period year  unit GBP\n"
    "variable born\n  entity person  period eternity  unit date\n"
    "variable is_free\n  entity person  period year  unit bool\n"
    "variable land_of\n  entity household  period year  unit land\n"
    "variable own\n  entity person  period year  unit GBP\n  formula\n"
    "    if(is_free or household.land_of = W, 0, pay) + sum(benunit.members, pay)\n"
    "variable pair\n  entity benunit  period year  unit GBP\n  formula\n"
    "    sum(members, own where born < 2020-01-01)\n"
    "variable all\n  entity household  period year  unit GBP\n  formula\n"
    "    sum(members, own) + max(members, pay) * count(benunits)\n";
static const char *const names[] = {"people.csv", "benunits.csv", "households.csv"};
static const char *const outs[] = {"own", "pair", "all"};

static struct rules *rules_once(void) {
  static struct rules *kept;
  if (kept) return kept;
  struct arena *arena = arena_new();
  struct error err = {0};
  struct parameters *none;
  char folder[] = "/tmp/weal-fuzz-XXXXXX";
  HOLD(mkdtemp(folder));
  HOLD(parameters_load(arena, folder, &none, &err) == DONE);
  HOLD(rmdir(folder) == 0);
  kept = arena_array(arena, struct rules, 1);
  *kept = (struct rules){.arena = arena,
                         .names = {.arena = arena},
                         .parameters = none,
                         .layers = 1,
                         .year_month = 1,
                         .year_day = 1};
  const struct span text = span_of(file_of_rules);
  HOLD(parse_declarations(kept, "a", text, &err) == DONE);
  for (int i = 0; i < kept->entity_count; i++)
    if (kept->entities[i]->within_name) ((struct rule_entity *)kept->entities[i])->within = 2;
  HOLD(parse_variables(kept, "a", text, 0, &err) == DONE);
  HOLD(check_rules(kept, &err) == DONE);
  return kept;
}

static const char *folder_once(void) {
  static char folder[] = "/tmp/weal-fuzz-XXXXXX";
  static bool made;
  if (!made) HOLD(mkdtemp(folder));
  made = true;
  return folder;
}

/* Up to the next line of `=`; without one the rest. */
static void put_files(const char *folder, const char *bytes, size_t size) {
  for (int i = 0; i < 3; i++) {
    char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    (void)unlink(path);
    if (!bytes) continue;
    const char *end = size ? memmem(bytes, size, "\n=\n", 3) : NULL;
    const size_t own = end ? (size_t)(end - bytes) + 1 : size;
    FILE *f = fopen(path, "wb");
    HOLD(f && fwrite(bytes, 1, own, f) == own && fclose(f) == 0);
    bytes = end ? end + 3 : NULL;
    size = end ? size - own - 2 : 0;
  }
}

static int lines(const struct text *out) {
  int n = 0;
  bool quoted = false;
  for (size_t i = 0; i < out->size; i++) {
    if (out->bytes[i] == '"') quoted = !quoted;
    n += out->bytes[i] == '\n' && !quoted;
  }
  return n;
}

static enum status compute(struct arena *arena, const struct rules *rules,
                           struct population_files *files, struct error *err) {
  struct compiler *c = compiler_make(arena, rules, files->pop, READ_LEGAL);
  struct run_output out[3];
  enum status status = DONE;
  for (int e = 0; e < 3 && status == DONE; e++) {
    out[e] = (struct run_output){.name = outs[e], .rows = files->pop->rows[e]};
    out[e].values = arena_array(arena, double, out[e].rows + 1);
    status = compile_over(c, rules_variable(rules, span_of(outs[e])), files->period, &out[e].step,
                          err);
  }
  if (status == DONE) status = run_plan(arena, c, out, 3, 1, err);
  for (int e = 0; e < 3 && status == DONE; e++) {
    struct text text = {0};
    const struct population_result result = {rules_variable(rules, span_of(outs[e])),
                                             out[e].values};
    population_files_write(files, e, &result, 1, &text);
    HOLD(lines(&text) == files->given[e] + 1);
    text_release(&text);
  }
  return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  const struct rules *rules = rules_once();
  struct arena *arena = arena_new();
  struct error err = {0};
  struct population_files files = {.folder = folder_once()};
  put_files(files.folder, (const char *)bytes, size);
  HOLD(period_parse(rules, span_of("2025"), &files.period, &err) == DONE);
  enum status status = population_files_read(arena, rules, &files, &err);
  if (status == DONE) {
    for (int e = 0; e < 3; e++) HOLD(files.pop->rows[e] >= files.given[e]);
    status = compute(arena, rules, &files, &err);
  }
  HOLD(status == DONE || (status == REFUSED && err.message[0]));
  put_files(files.folder, NULL, 0);
  arena_free(arena);
  return 0;
}
