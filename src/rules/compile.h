/* From formulas to a plan (plan.h), for a population and a period.
 *
 *     struct compiler *c = compiler_make(arena, rules, pop, READ_ANNUAL);
 *     status = compile_variable(c, variable, period, &step, &err);
 *
 * The annual reading takes the year once: every flow is a year's, parameters are those of one day
 * of it (30 April in the United Kingdom's pack), and what a variable says about rounding is left
 * out. The legal reading takes each variable in its own period, parameters on the period's first
 * day, rounded as declared.
 */
#ifndef WEAL_RULES_COMPILE_H
#define WEAL_RULES_COMPILE_H

#include "base/progress.h"
#include "rules/period.h"
#include "rules/plan.h"
#include "rules/population.h"

/* The annual one is of rules that say a day for it (`pack annual at`); others have the legal. */
enum rule_reading { READ_ANNUAL, READ_LEGAL };

/* One variable in one period, and the step that has its value. */
struct compiled {
  const struct rule_variable *variable;
  struct rule_period period;
  const struct rule_version *version; /* null: an input, or the default */
  int input;                          /* the column it was given in; -1: none */
  int step;                           /* -1: on the way */
};

/* A scale as it was applied: its brackets by threshold, in the unit of what it was applied to. */
struct compiled_bracket {
  double threshold, rate;
};
struct compiled_scale {
  int x; /* the step of what it was applied to */
  int count;
  const struct compiled_bracket *brackets;
  bool amounts; /* of amounts, not rates */
};

/* What a formula read: another variable, or a parameter. In the order in which it read them. */
struct compiled_use {
  int reader; /* of compiler->all */
  int used;   /* of compiler->all; -1: a parameter */
  const struct parameter *parameter;
  const struct parameter_entry *entry; /* null: a scale */
  day_t day;
  double value; /* of an entry that is a number; of a year that is blended, its mean */
  bool is_mean, is_estimated;         /* by an index, not stated; of a scale any value of it */
  const struct compiled_scale *scale; /* null: none */
  int choice; /* of compiler->choices, from 1: read only where it holds; 0: always */
};

/* `param(P[X])`: one of the items that X may be; `if X`: 1 where X holds, 0 where it does not. */
struct compiled_choice {
  int step, item; /* where this step has this value */
  int outer;      /* the choice that it stands in, from 1; 0: none */
};

/* A table as it stands on a day. */
struct compiled_grid {
  day_t day;
  struct table_grid grid;
};

struct compiler {
  struct arena *arena;
  const struct rules *rules;
  const struct rule_population *pop;
  enum rule_reading reading;
  enum rule_each pay;          /* week or month */
  bool *is_told;               /* of each variable: in some column of the population */
  enum progress_mode progress; /* of running the plan; never unless it is set */
  double estimates_times;      /* by what parameters that are estimated are multiplied: 1 */
  struct plan plan;
  int count, room, depth, frames;
  struct compiled *all;
  struct map found; /* by variable and period */
  int reader;       /* whose formula is being compiled; -1: nobody's */
  int use_count, use_room;
  bool forgets_uses; /* they are counted alone: nothing of what is compiled will be explained */
  struct compiled_use *uses;
  int choice; /* the one within which is being compiled; 0: none */
  int choice_count, choice_room;
  struct compiled_choice *choices;
  int grid_count, grid_room, grid_cells;
  struct compiled_grid *grids;
};

struct compiler *compiler_make(struct arena *arena, const struct rules *rules,
                               const struct rule_population *pop, enum rule_reading reading);
/* The variable in its own period at `asked`: around it, or the one that begins with it. In the
 * annual reading always the year. REFUSED: a parameter has no value on the day. */
enum status compile_variable(struct compiler *c, const struct rule_variable *v,
                             struct rule_period asked, int *step, struct error *err) MUST_USE;
/* The same, added up over the periods of the variable in `asked` where it is a flow of a shorter
 * one. Asked for a week, pay is by the week; else by the month. */
enum status compile_over(struct compiler *c, const struct rule_variable *v,
                         struct rule_period asked, int *step, struct error *err) MUST_USE;

#endif
