/* A pack of rules that a unit test writes for itself, in a folder of its own. */
#ifndef WEAL_TEST_RULES_PACK_H
#define WEAL_TEST_RULES_PACK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/run.h"
#include "rules/situation.h"

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char pack_folder[64];
static struct arena *pack_arena;

static int pack_remove_one(const char *path, const struct stat *about, int type, struct FTW *at) {
  (void)about, (void)type, (void)at;
  return remove(path);
}

static inline int pack_begin(void **state) {
  (void)state;
  snprintf(pack_folder, sizeof pack_folder, "/tmp/weal-rules-XXXXXX");
  if (!mkdtemp(pack_folder)) return 1;
  pack_arena = arena_new();
  return 0;
}

static inline int pack_end(void **state) {
  (void)state;
  arena_free(pack_arena);
  return nftw(pack_folder, pack_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#define IN_A_PACK(test) cmocka_unit_test_setup_teardown(test, pack_begin, pack_end)

static inline void pack_put(const char *path, const char *text) {
  char *full = arena_printf(pack_arena, "%s/%s", pack_folder, path);
  for (char *slash = full + strlen(pack_folder) + 1; (slash = strchr(slash, '/')); slash++) {
    *slash = '\0';
    (void)mkdir(full, 0700);
    *slash = '/';
  }
  FILE *f = fopen(full, "w");
  assert_non_null(f);
  assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
}

/* Entities, as the pack of the United Kingdom has them; with `annual` read by the tax year. */
#define PACK_ENTITIES \
  "pack money GBP pounds \"£\"\n" \
  "entity person plural people\n" \
  "entity benunit plural benunits within household members person\n" \
  "entity household plural households members person roles adults children\n" \
  "enum country ENGLAND SCOTLAND WALES\n"
#define PACK_ANNUAL "pack year begins 04-06 annual at 04-30\n"

static inline enum status pack_try(struct rules **out, struct error *err) {
  const char *const packs[] = {pack_folder};
  return rules_load(pack_arena, packs, 1, out, err);
}

static inline struct rules *pack_load(void) {
  struct rules *rules;
  struct error err = {0};
  if (pack_try(&rules, &err) != DONE) fail_msg("%s:%d: %s", err.file, (int)err.line, err.message);
  return rules;
}

/* Rules of one file, below the entities (its first line is line 1 of rules/b.rules). */
static inline struct rules *pack_of(const char *rules_text, bool annual) {
  pack_put("rules/a.rules", annual ? PACK_ENTITIES PACK_ANNUAL : PACK_ENTITIES);
  pack_put("rules/b.rules", rules_text);
  return pack_load();
}

static inline struct rule_period pack_period(const struct rules *rules, const char *text) {
  struct rule_period p;
  struct error err = {0};
  if (period_parse(rules, span_of(text), &p, &err) != DONE) fail_msg("%s", err.message);
  return p;
}

static inline const struct rule_variable *pack_variable(const struct rules *rules,
                                                        const char *name) {
  const struct rule_variable *v = rules_variable(rules, span_of(name));
  if (!v) fail_msg("no %s", name);
  return v;
}

/* A situation from YAML. */
static inline void pack_situation(struct rules *rules, const char *yaml, const char *period,
                                  bool annual, struct situation *s) {
  struct yaml_stream stream = {0};
  struct error err = {0};
  *s = (struct situation){
      .arena = pack_arena, .rules = rules, .period = pack_period(rules, period), .annual = annual};
  if (yaml_read(pack_arena, span_of(yaml), "facts.yaml", &stream, &err) != DONE ||
      situation_read(s, stream.count ? stream.documents[0] : NULL, "facts.yaml", &err) != DONE)
    fail_msg("%s:%d: %s", err.file, (int)err.line, err.message);
}

static inline enum status pack_compute(struct rules *rules, struct situation *s, const char *name,
                                       double **out, struct error *err) {
  struct compiler *c = compiler_make(pack_arena, rules, s->pop,
                                     s->annual ? READ_ANNUAL : READ_LEGAL);
  const struct rule_variable *v = pack_variable(rules, name);
  const int e = v->entity->index, rows = s->pop->rows[e];
  int step;
  enum status status = compile_over(c, v, s->period, &step, err);
  if (status != DONE) return status;
  double *values = arena_array(pack_arena, double, rows + 1);
  const struct run_output output = {name, step, rows, values};
  status = run_plan(pack_arena, c, &output, 1, 1, err);
  *out = arena_array(pack_arena, double, rows + 1);
  for (int i = 0; i < rows; i++) (*out)[s->pop->order[e][i]] = values[i];
  return status;
}

/* The value of the variable's row `row`, for these facts in this period. */
static inline double pack_value(struct rules *rules, const char *yaml, const char *period,
                                const char *name, int row) {
  struct situation s;
  struct error err = {0};
  double *values = NULL;
  pack_situation(rules, yaml, period, rules->is_annual, &s);
  if (pack_compute(rules, &s, name, &values, &err) != DONE)
    fail_msg("%s:%d: %s", err.file, (int)err.line, err.message);
  return values[row];
}

static inline void pack_near(double got, double wanted, const char *what, int line) {
  if (!(got == wanted || fabs(got - wanted) <= 1e-9 * fmax(1, fabs(wanted))))
    fail_msg("line %d: %s: expected %.12g, got %.12g", line, what, wanted, got);
}

#endif
