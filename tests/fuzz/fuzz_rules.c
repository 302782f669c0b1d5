#include "fuzz/fuzz.h"
#include "rules/check.h"
#include "rules/explain_write.h"
#include "rules/parser.h"
#include "rules/run.h"
#include "rules/tables.h"
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file of rules, read, checked, compiled in both readings and run over a household of three: any
 * bytes end in values or in a refusal with a message. */

static const char entities[] = "entity person plural people\n"
                               "entity benunit plural benunits within household members person\n"
                               "entity household plural households members person roles a b\n"
                               "enum land E S W\n"
                               "pack year begins 04-06 annual at 04-30\n";
static const char givens[] =
    "variable x\n entity person period year unit GBP\nvariable m\n entity person period month unit "
    "GBP\nvariable n\n entity person period year\nvariable p\n entity person period year unit "
    "bool\nvariable d\n entity person period eternity unit date\nvariable l\n entity person period "
    "year unit land\nvariable r\n entity household period year unit GBP\n";

static void put(const char *folder, const char *name, const char *text) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "w");
  HOLD(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

/* Parameters of each kind and a table, read once. */
static void world(struct parameters **tree, struct rule_tables **tables) {
  static struct parameters *kept;
  static struct rule_tables *kept_tables;
  if (!kept) {
    struct arena *arena = arena_new();
    struct error err = {0};
    static const char *const names[] = {"v.yaml", "w.yaml", "b.yaml", "s.yaml",
                                        "t.yaml", "o.yaml", "i.yaml", "t.csv"};
    char folder[] = "/tmp/weal-fuzz-XXXXXX", path[128];
    HOLD(mkdtemp(folder));
    put(folder, "v.yaml", "values: {2020-01-01: 0.2, 2026-01-01: null}\n");
    put(folder, "w.yaml",
        "values: {2020-01-01: 7}\nmetadata: {unit: currency-GBP, period: week}\n");
    put(folder, "b.yaml", "values: {2020-01-01: true}\nmetadata: {unit: bool}\n");
    put(folder, "s.yaml",
        "brackets:\n- threshold: {2020-01-01: 0}\n  rate: {2020-01-01: 0.1}\n"
        "- threshold: {2020-01-01: 9}\n  rate: {2020-01-01: 0.2}\n");
    put(folder, "t.yaml",
        "brackets:\n- threshold: {2020-01-01: 0}\n  amount: {2020-01-01: 3}\n"
        "metadata: {type: single_amount}\n");
    put(folder, "o.yaml", "values:\n  2020-01-01: [n, x]\n");
    put(folder, "i.yaml", "E: {values: {2020-01-01: 1}}\nW: {values: {2020-01-01: 2}}\n");
    put(folder, "t.csv", "from,land,k,value,source\n2020-01-01,E,1,4,s\n2020-01-01,W,2,5,s\n");
    HOLD(parameters_load(arena, folder, &kept, &err) == DONE);
    HOLD(tables_load(arena, folder, NULL, &kept_tables, &err) == DONE);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
      snprintf(path, sizeof path, "%s/%s", folder, names[i]);
      unlink(path);
    }
    rmdir(folder);
  }
  *tree = kept;
  *tables = kept_tables;
}

static struct rule_population *three_people(struct arena *arena, const struct rules *rules) {
  int rows[RULE_ENTITIES_MOST] = {3, 2, 1};
  for (int e = 3; e < RULE_ENTITIES_MOST; e++) rows[e] = 3;
  struct rule_population *pop = rule_population_make(arena, rules, rows);
  for (int i = 0; i < 3; i++) {
    pop->member[1][i] = i / 2;
    pop->member[2][i] = 0;
    for (int e = 3; e < rules->entity_count; e++) pop->member[e][i] = i;
  }
  const struct rule_period year = period_year(rules, 2025);
  static const char *const names[] = {"x", "n", "p", "l"};
  for (int k = 0; k < 4; k++) {
    double *to = rule_population_column(pop, rules_variable(rules, span_of(names[k])), year);
    for (int i = 0; i < 3; i++) to[i] = k == 0 ? 1000 * i : k == 2 ? i % 2 : i;
  }
  rule_population_settle(pop);
  return pop;
}

static void run_all(struct arena *arena, const struct rules *rules, enum rule_reading reading) {
  struct rule_population *pop = three_people(arena, rules);
  for (int i = 7; i < rules->variable_count && i < 40; i++) {
    const struct rule_variable *v = rules->variables[i];
    struct compiler *c = compiler_make(arena, rules, pop, reading);
    struct error err = {0};
    int step;
    double values[3];
    enum status status = compile_over(c, v, period_year(rules, 2025), &step, &err);
    if (status == DONE) {
      const struct run_output out = {v->name, step, pop->rows[v->entity->index], values};
      status = run_plan(arena, c, &out, 1, 1, &err);
      for (int k = 0; status == DONE && k < out.rows; k++) HOLD(!isnan(values[k]));
    }
    HOLD(status == DONE || (status == REFUSED && err.message[0]));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct arena *arena = arena_new();
  struct parameters *tree;
  struct rule_tables *tables;
  world(&tree, &tables);
  struct rules *rules = arena_array(arena, struct rules, 1);
  *rules = (struct rules){.arena = arena,
                          .names = {.arena = arena},
                          .parameters = tree,
                          .tables = tables,
                          .layers = 1,
                          .year_month = 1,
                          .year_day = 1,
                          .annual_month = 1,
                          .annual_day = 1};
  struct error err = {0};
  const struct span text = span_make(arena_copy(arena, (const char *)bytes, size), size);
  HOLD(parse_declarations(rules, "a", span_of(entities), &err) == DONE);
  ((struct rule_entity *)rules->entities[1])->within = 2;
  HOLD(parse_variables(rules, "a", span_of(givens), 0, &err) == DONE);
  enum status status = utf8_valid((const char *)bytes, size)
                           ? parse_declarations(rules, "b", text, &err)
                           : REFUSED;
  if (status == DONE) status = parse_variables(rules, "b", text, 0, &err);
  if (status == DONE) status = check_rules(rules, &err);
  if (status == DONE) {
    run_all(arena, rules, READ_ANNUAL);
    run_all(arena, rules, READ_LEGAL);
  }
  arena_free(arena);
  return 0;
}
