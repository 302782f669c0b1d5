/* Sets of values through the steps of a plan: the inside of range.h.
 *
 * Each step has a cell for each row. A cell holds all that the step can come to while the unknown
 * are anywhere in their boxes: from `low` to `high`, and, of small whole numbers (items of an
 * enum), exactly which. Both ends are computed by the operations that run.h uses; these are
 * monotonic in doubles too, so no rounding outward is needed.
 */
#ifndef WEAL_RULES_RANGE_CELLS_H
#define WEAL_RULES_RANGE_CELLS_H

#include "rules/range.h"

enum { RANGE_SET_MOST = 64 };
struct range_cell {
  double low, high; /* NAN: there is no value at all */
  uint64_t set;     /* bit n: n is possible, and no number without a bit; 0: not known */
  bool lacks;       /* there may be no value */
};

/* The values of one step in every row where most are known (range_kept.h): a column of doubles, and
 * cells beside it for the rows that are not, in the order of rows. */
struct range_column {
  const double *rows; /* null: `one` in every row */
  double one;
  uint64_t *unknown;        /* a bit of each row that has a cell; null: none. Then there are rows */
  struct range_cell *cells; /* of these rows only */
  uint64_t *marks;          /* of these rows, the answers that hang on them; null: none does */
  uint32_t batch;           /* for which it is; any other: it is not computed yet */
  bool lacks;               /* a row may be NAN */
};

/* Where an unknown is: from low to high, or among items[from] to items[to - 1]. */
struct range_box {
  double low, high;
  int from, to;
};

/* Members of a group stand between these rows of the `from` of a relation. */
struct range_rows {
  int from, after;
};

struct range_state {
  struct arena *arena;
  const struct plan *plan;
  const struct rule_population *pop;
  int unknown_count;
  const struct range_unknown *unknowns; /* ones with items have them */
  int **unknown_of; /* of each column, of each row: which unknown, -1: none; null: all known */
  int placed, first_room; /* how many steps of the plan have cells */
  int *first;             /* of each step of the plan, its first cell */
  int cell_count, cell_room;
  struct range_cell *cells;
  struct range_column *columns; /* of each step, in place of cells; null: cells */
  struct range_box *boxes;      /* of each unknown */
  /* of each entity, of each of its groups: its people, and the rows of what stands within it */
  struct range_rows *people_of[RULE_ENTITIES_MOST], *parts_of[RULE_ENTITIES_MOST];
  int64_t work;
};

/* As fmin and fmax, in line; neither is NAN. */
static inline double range_less(double x, double y) { return x < y ? x : y; }
static inline double range_more(double x, double y) { return x > y ? x : y; }

static inline bool range_cell_is_known(const struct range_cell *c) {
  return c->low != c->low || (c->low == c->high && !c->lacks);
}
/* Whether an item or a small whole number is possible, of a value that is known. */
static inline uint64_t range_set_of(double value) {
  return value >= 0 && value < RANGE_SET_MOST && (double)(int)value == value
             ? (uint64_t)1 << (int)value
             : 0;
}
static inline struct range_cell range_cell_of(double value) {
  return (struct range_cell){value, value, range_set_of(value), value != value};
}
static inline bool range_bit(const uint64_t *bits, int row) {
  return bits && (bits[row / 64] >> (row % 64) & 1);
}
/* The cell of a step that stands for a row of the reader's entity; a constant has one for all. */
static inline int range_cell_at(const struct range_state *s, int step, int row) {
  return s->plan->steps[step].op == STEP_CONSTANT ? s->first[step] : s->first[step] + row;
}
/* How many rows before this one have a cell. */
static inline int range_bits_before(const uint64_t *bits, int row) {
  int before = 0;
  for (int word = 0; word < row / 64; word++) before += __builtin_popcountll(bits[word]);
  return before + __builtin_popcountll(bits[row / 64] & (((uint64_t)1 << (row % 64)) - 1));
}
static inline struct range_cell range_cell_get(const struct range_state *s, int step, int row) {
  if (!s->columns) return s->cells[range_cell_at(s, step, row)];
  const struct range_column *c = &s->columns[step];
  if (range_bit(c->unknown, row)) return c->cells[range_bits_before(c->unknown, row)];
  return range_cell_of(c->rows ? c->rows[row] : c->one);
}
int range_step_rows(const struct range_state *s, int step);
/* For each row of the `from` of a relation, the row of its group. */
const int *range_members(const struct range_state *s, struct step_relation relation);
/* Reads of each group where its members stand; before the first step. */
void range_place_groups(struct range_state *s);
struct range_rows range_rows_of(const struct range_state *s, struct step_relation relation,
                                int group);
/* A member's part in the rank of another: whether it may stand before it, and whether it must. */
void range_rank_before(const struct range_state *s, const struct step *step, int row, int other,
                       bool *may, bool *must);
/* One row of a step, of cells: of two operands, a choice, a table, a function, a rank. */
struct range_cell range_of_two(enum step_op op, struct range_cell a, struct range_cell b);
struct range_cell range_of_choice(const struct range_cell *condition, struct range_cell yes,
                                  struct range_cell no);
struct range_cell range_of_table(const struct plan_table *t, const struct range_cell *index,
                                 bool whole);
struct range_cell range_of_call(const struct rule_function *f, struct range_cell a,
                                struct range_cell b);
struct range_cell range_of_rank(const struct range_state *s, const struct step *step,
                                const int *group, int row);
struct range_cell range_of_input(const struct range_state *s, const struct step *step, int row);
/* Whether a condition keeps the divisor of a step away from 0 in every row. */
bool range_divisor_holds(const struct range_state *s, const struct step *step);
struct range_cell range_of_division(struct range_cell a, struct range_cell b, bool divisor_holds);

/* Called for each step as it is made (plan.h): its cells are computed, and where all rows have one
 * value, a constant stands for it. So what a decided condition leaves out is never compiled. */
int range_step_seen(void *state, struct plan *plan, int step);
/* Gives cells to steps that have none yet, up to this one. */
void range_place(struct range_state *s, int step);
/* Computes these steps, whose operands have been. */
void range_evaluate(struct range_state *s, const int *steps, int count);

#endif
