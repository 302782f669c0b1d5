/* What the files of the compiler share. Private to compile*.c. */
#ifndef WEAL_RULES_COMPILE_PART_H
#define WEAL_RULES_COMPILE_PART_H

#include "rules/compile.h"

/* A `let`. One that divides is compiled where it is read, so that it divides only for rows that
 * count there: once for each guard, and for all rows when there are many. */
enum { FRAME_GUARDS_MOST = 8 };
struct frame_known {
  int guard, step;
};
struct frame_let {
  int count;
  struct frame_known *known;
};

/* The formula that is being compiled, and where in it. */
struct frame {
  const struct rule_variable *variable;
  struct rule_period period;
  day_t day; /* on which parameters are read */
  const struct rule_version *version;
  struct frame_let *lets;
  const struct rule_entity *here; /* whose values */
  int guard;                      /* 1 where the value counts; -1: everywhere */
};

/* The step of any expression. */
enum status compile_expr(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                         struct error *err) MUST_USE;
/* A parameter, or a scale of one applied to a value. */
enum status compile_parameter(struct compiler *c, struct frame *f, const struct rule_expr *e,
                              int *out, struct error *err) MUST_USE;
/* The variables that a parameter lists, added up. */
enum status compile_total(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                          struct error *err) MUST_USE;
enum status compile_table(struct compiler *c, struct frame *f, const struct rule_expr *e, int *out,
                          struct error *err) MUST_USE;
void compile_note_use(struct compiler *c, struct compiled_use use);
/* What is read now is read only where `which` is this item. Returns the choice around it, which the
 * caller puts back. */
int compile_begin_choice(struct compiler *c, int which, int item);

/* What a flow's amount is multiplied by in this reading. */
static inline double compile_flow_times(const struct compiler *c, const struct rule_type *t) {
  return c->reading == READ_ANNUAL && t->flow ? period_times(t->flow) : 1;
}

static inline enum status at(const struct rule_expr *e, struct error *err) {
  return error_at(err, e->place.file, (uint64_t)e->place.line, NULL);
}

static inline int constant(struct compiler *c, double value) {
  return plan_constant(&c->plan, value);
}
static inline int two(struct compiler *c, enum step_op op, int a, int b) {
  return plan_two(&c->plan, op, a, b);
}
static inline int times(struct compiler *c, int a, double factor) {
  return two(c, STEP_MULTIPLY, a, constant(c, factor));
}

#endif
