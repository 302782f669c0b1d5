/* Rules over a random population, and two of them by hand:
 *
 *     bench_rules PACK PEOPLE run THREADS VAR,VAR     the least of several turns
 *     bench_rules PACK PEOPLE hand FOLDER             two taxes
 *                         by us and by hand; writes the columns, for NumPy
 *     bench_rules PACK PEOPLE files FOLDER            as people.csv, benunits.csv, households.csv
 *
 * Prints names with their values. */
#include "base/folder.h"
#include "rules/run.h"
#include "rules_by_hand.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { TURNS = 5, OUTPUTS_MOST = 200 };

struct bench {
  struct arena *arena;
  struct rules *rules;
  struct rule_period period;
  struct made_people made;
  struct rule_population *pop;
  struct run_output outputs[OUTPUTS_MOST];
  int count, formulas, steps;
};

static double seconds_of(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int64_t peak_bytes(void) {
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  return use.ru_maxrss * 1024;
}

static enum status compile(struct bench *b, const char *names, struct compiler **out,
                           struct error *err) {
  struct compiler *c = *out = compiler_make(b->arena, b->rules, b->pop, READ_ANNUAL);
  b->count = b->formulas = 0;
  for (const char *at = names; *at && b->count < OUTPUTS_MOST;) {
    const size_t size = strcspn(at, ",");
    const struct rule_variable *v = rules_variable(b->rules, span_make(at, size));
    if (!v) return error_set(err, REFUSED, "the pack has no %.*s", (int)size, at);
    struct run_output *o = &b->outputs[b->count++];
    const int rows = b->pop->rows[v->entity->index];
    *o = (struct run_output){v->name, 0, rows, arena_array(b->arena, double, rows + 1)};
    if (compile_over(c, v, b->period, &o->step, err) != DONE) return err->code;
    at += size + (at[size] == ',');
  }
  for (int i = 0; i < c->count; i++) b->formulas += c->all[i].version && c->all[i].version->value;
  b->steps = c->plan.step_count;
  return DONE;
}

/* The least of several turns, by the clock and of all processors. */
static enum status run_turns(struct bench *b, const struct compiler *c, int threads, double *wall,
                             double *processor, struct error *err) {
  *wall = *processor = INFINITY;
  for (int i = 0; i < TURNS; i++) {
    const double clock = seconds_of(CLOCK_MONOTONIC), used = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    if (run_plan(b->arena, c, b->outputs, b->count, threads, err) != DONE) return err->code;
    *wall = fmin(*wall, seconds_of(CLOCK_MONOTONIC) - clock);
    *processor = fmin(*processor, seconds_of(CLOCK_PROCESS_CPUTIME_ID) - used);
  }
  return DONE;
}

static enum status measure_run(struct bench *b, char **argv, struct error *err) {
  const int64_t before = peak_bytes();
  struct compiler *c;
  double wall, processor, outputs = 0;
  if (give_people(b->arena, b->rules, &b->made, b->period, &b->pop, err) != DONE ||
      compile(b, argv[1], &c, err) != DONE ||
      run_turns(b, c, (int)strtol(argv[0], NULL, 10), &wall, &processor, err) != DONE)
    return err->code;
  for (int i = 0; i < b->count; i++) outputs += 8.0 * b->outputs[i].rows;
  const double people = b->made.rows[0];
  printf("people %.0f\nfamilies %d\nhouseholds %d\noutputs %d\nformulas %d\nsteps %d\n", people,
         b->made.rows[1], b->made.rows[2], b->count, b->formulas, b->steps);
  printf("wall %.6f\nprocessor %.6f\npeak %lld\nbeyond %.1f\n", wall, processor,
         (long long)peak_bytes(), ((double)(peak_bytes() - before) - outputs) / people);
  return DONE;
}

static enum status put_column(const char *folder, const char *name, const void *values, size_t size,
                              struct error *err) {
  return file_put(folder, name, span_make(values, size), err);
}

static enum status measure_hand(struct bench *b, char **argv, struct error *err) {
  const int people = b->made.rows[0];
  struct compiler *c;
  double wall, processor, by_hand = INFINITY, apart[2] = {0};
  double *hand[] = {arena_array(b->arena, double, people), arena_array(b->arena, double, people)};
  if (give_people(b->arena, b->rules, &b->made, b->period, &b->pop, err) != DONE ||
      compile(b, "income_tax,ni_class_1_employee", &c, err) != DONE ||
      run_turns(b, c, 1, &wall, &processor, err) != DONE)
    return err->code;
  for (int i = 0; i < TURNS; i++) {
    const double used = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    taxes_by_hand(&b->made, hand[0], hand[1]);
    by_hand = fmin(by_hand, seconds_of(CLOCK_PROCESS_CPUTIME_ID) - used);
  }
  for (int k = 0; k < 2; k++)
    for (int i = 0; i < people; i++) {
      const double off = fabs(hand[k][i] - b->outputs[k].values[i]);
      if (off > apart[k]) {
        apart[k] = off;
        if (off > 0.005)
          fprintf(stderr, "row %d: %s %.4f by hand, %.4f by rule\n", i, b->outputs[k].name,
                  hand[k][i], b->outputs[k].values[i]);
      }
    }
  printf("people %d\nformulas %d\nsteps %d\nprocessor %.6f\nby_hand %.6f\napart %.9f\n", people,
         b->formulas, b->steps, processor, by_hand, fmax(apart[0], apart[1]));
  enum status status = DONE;
  for (int i = 0; i < MADE_COLUMNS && status == DONE; i++) {
    const struct made_column *m = &b->made.columns[i];
    status = put_column(argv[0], m->name, m->values, 8 * (size_t)b->made.rows[m->entity], err);
  }
  for (int k = 0; k < 2 && status == DONE; k++)
    status = put_column(argv[0], b->outputs[k].name, b->outputs[k].values, 8 * (size_t)people, err);
  if (status == DONE)
    status = put_column(argv[0], "family", b->made.family, 4 * (size_t)people, err);
  if (status == DONE)
    status = put_column(argv[0], "household", b->made.household, 4 * (size_t)people, err);
  return status;
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  struct bench b = {.arena = arena_new()};
  struct error err = {0};
  const char *packs[] = {argv[1]};
  enum status status = rules_load(b.arena, packs, 1, &b.rules, &err);
  if (status == DONE) {
    b.period = period_year(b.rules, 2025);
    make_people(b.arena, (int)strtol(argv[2], NULL, 10), &b.made);
    if (strcmp(argv[3], "run") == 0 && argc == 6) status = measure_run(&b, argv + 4, &err);
    else if (strcmp(argv[3], "hand") == 0) status = measure_hand(&b, argv + 4, &err);
    else status = write_people(b.rules, &b.made, argv[4], &err);
  }
  if (status != DONE) {
    char message[2048];
    error_format(&err, message, sizeof message);
    fprintf(stderr, "%s\n", message);
  }
  arena_free(b.arena);
  return status != DONE;
}
