/* Random places, their figures as the program would publish them, one line of JSON each: for
 * tests/attack/attack_figures.py, which knows all of it and tries to compute what is hidden from
 * what is shown.
 *
 *     publish_grids FIRST COUNT      the places of seeds FIRST .. FIRST + COUNT - 1
 */
#include "base/text.h"
#include "publish/suppress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 8, ROWS_MAX = 6, CELLS_MAX = COLUMNS_MAX * (ROWS_MAX + 1), UNIT = 100000 };

static uint64_t seed;
static int chance(int below) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (int)(seed % (uint64_t)below);
}

struct sample {
  int columns, rows, parent[COLUMNS_MAX];
  bool present[CELLS_MAX], hidden[CELLS_MAX], inner[COLUMNS_MAX], forced[CELLS_MAX];
  int64_t people[CELLS_MAX], amount[CELLS_MAX], need[CELLS_MAX], step[ROWS_MAX + 1];
};

static int cell(const struct sample *s, int column, int row) {
  return column * (s->rows + 1) + row;
}

/* In pence: none (any amount), pathology test, prescription, GP, A&E, inpatient stay, school place,
 * prison place. */
static const int64_t costs[] = {0, 241, 889, 3000, 28017, 180700, 518000, 5000000};
enum { COSTS = sizeof costs / sizeof *costs };

/* A person's amount in a row: a few uses, or any amount up to 5,000 pounds. */
static int64_t contribution(int64_t step) {
  if (step > 1000000) return step;
  if (step > 100000) return step * (1 + chance(2));
  return step ? step * (1 + chance(12)) : 1 + chance(chance(4) ? 100000 : 500000);
}

static void make_sample(struct sample *s, bool services, bool large) {
  int most = large ? 400 : 60;
  memset(s, 0, sizeof *s);
  s->columns = 1 + chance(COLUMNS_MAX);
  s->rows = 1 + chance(ROWS_MAX);
  s->parent[0] = -1;
  for (int c = 1; c < s->columns; c++) s->inner[s->parent[c] = chance(c)] = true;
  for (int r = 0; r < s->rows; r++) s->step[r] = services ? costs[chance(COSTS)] : 0;
  for (int c = s->columns - 1; c >= 0; c--) {
    for (int r = 0; r <= s->rows; r++) {
      int i = cell(s, c, r);
      if (r < s->rows && !s->inner[c]) {
        s->people[i] = chance(3) == 0 ? 0 : chance(2) ? chance(12) : chance(most);
        for (int64_t p = 0; p < s->people[i]; p++) s->amount[i] += contribution(s->step[r]);
        s->people[cell(s, c, s->rows)] += s->people[i];
        s->amount[cell(s, c, s->rows)] += s->amount[i];
      }
      if (c) {
        s->people[cell(s, s->parent[c], r)] += s->people[i];
        s->amount[cell(s, s->parent[c], r)] += s->amount[i];
      }
    }
  }
  for (int i = 0; i < s->columns * (s->rows + 1); i++) {
    s->present[i] = s->people[i] > 0;
    s->need[i] = UNIT / 2;
    /* as for a figure that one person dominates */
    if (s->present[i] && chance(25) == 0) {
      s->forced[i] = s->hidden[i] = true;
      s->need[i] = UNIT / 2 + chance(200000);
    }
  }
}

static void print_list(const char *name, const int64_t *list, int count) {
  printf(", \"%s\": [", name);
  for (int i = 0; i < count; i++) printf("%s%lld", i ? ", " : "", (long long)list[i]);
  printf("]");
}

static void print_flags(const char *name, const bool *list, int count) {
  printf(", \"%s\": [", name);
  for (int i = 0; i < count; i++) printf("%s%d", i ? ", " : "", list[i]);
  printf("]");
}

static void print_sample(const struct sample *s, unsigned long long number, bool ages) {
  int cells = s->columns * (s->rows + 1);
  int64_t parent[COLUMNS_MAX];
  for (int c = 0; c < s->columns; c++) parent[c] = s->parent[c];
  printf("{\"number\": %llu, \"columns\": %d, \"rows\": %d, \"unit\": %d", number, s->columns,
         s->rows, UNIT);
  printf(", \"ages\": %s", ages ? "true" : "false");
  print_list("parent", parent, s->columns);
  print_list("step", s->step, s->rows);
  print_list("people", s->people, cells);
  print_list("amount", s->amount, cells);
  print_list("need", s->need, cells);
  print_flags("present", s->present, cells);
  print_flags("forced", s->forced, cells);
  print_flags("hidden", s->hidden, cells);
  printf("}\n");
}

int main(int argc, char **argv) {
  unsigned long long first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1,
                     count = argc > 2 ? strtoull(argv[2], NULL, 10) : 10;
  for (unsigned long long number = first; number < first + count; number++) {
    struct sample s;
    seed = number * 0x9E3779B97F4A7C15u | 1;
    for (int i = 0; i < 9; i++) (void)chance(2);
    bool ages = number % 5 == 0; /* people only, whose rows add up */
    make_sample(&s, number % 2, number % 3 == 0);
    if (ages) memset(s.hidden, 0, sizeof s.hidden), memset(s.forced, 0, sizeof s.forced);
    struct public_grid grid = {.columns = s.columns,
                               .rows = s.rows,
                               .parent = s.parent,
                               .present = s.present,
                               .people = s.people,
                               .amount = ages ? NULL : s.amount,
                               .need = s.need,
                               .unit = UNIT,
                               .step = s.step,
                               .hidden = s.hidden};
    if (!grid_suppress(&grid)) return 1;
    print_sample(&s, number, ages);
  }
  return 0;
}
