/* Published cases: YAML files in OpenFisca's format for tests, run against rules.
 *
 *     struct testfile_runner *runner = testfile_runner_make(arena, rules, packs, count);
 *     struct testfile_results results = {0};
 *     status = testfile_run(runner, "income_tax.yaml", &results, &err);
 *
 * A case gives inputs (variables straight away; people and groups by name; one of each in the
 * singular; parameters by dotted path), and what comes out. It agrees, differs, or is unsupported:
 * it names a variable, a parameter, a reform or a key that we lack, or it compares nothing that the
 * rules worked out. REFUSED is only a file that is no list of cases.
 *
 * Margins: absolute, relative, or both; for one variable or for all. Without one, rules that are
 * read by the year compare to 0.001 (policyengine-core's default), others exactly (OpenFisca's).
 * Both sides are rounded to single precision first, as theirs are.
 */
#ifndef WEAL_RULES_TESTFILE_H
#define WEAL_RULES_TESTFILE_H

#include "rules/model.h"

enum testfile_outcome { CASE_AGREES, CASE_DIFFERS, CASE_UNSUPPORTED, CASE_OUTCOMES };

struct testfile_result {
  const char *file, *name;
  int line;
  enum testfile_outcome outcome;
  bool is_file;    /* the whole file: it is no list of cases */
  const char *why; /* of what differs, or is not supported; null: agrees */
};

struct testfile_results {
  int count, room;
  struct testfile_result *all; /* of the runner's arena */
  int counts[CASE_OUTCOMES];
};

struct testfile_runner;
/* `packs`: where reforms are looked for, as PACK/reforms/NAME; the last that has one. */
struct testfile_runner *testfile_runner_make(struct arena *arena, const struct rules *rules,
                                             const char *const *packs, int count);
void testfile_runner_free(struct testfile_runner *runner);
/* Adds the results of a file, in its order. */
enum status testfile_run(struct testfile_runner *runner, const char *file,
                         struct testfile_results *results, struct error *err) MUST_USE;
/* Counts and lists a file that testfile_run refused, with why. */
void testfile_add_refused(struct testfile_runner *runner, const char *file, const struct error *why,
                          struct testfile_results *results);

#endif
