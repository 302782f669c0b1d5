/* What the files of ranges share (range.h, range_kept.h). Private to range*.c. */
#ifndef WEAL_RULES_RANGE_PART_H
#define WEAL_RULES_RANGE_PART_H

#include "rules/range_split.h"

/* What one request is worked out with. */
struct finding {
  struct arena *arena;
  const struct range_request *request;
  struct range_state s;
  /* those of the request, then the yes or no of `known where` of each that has one */
  int wanted_count;
  const struct range_wanted *wanted;
  int *known_of; /* which of these, of each of the request; -1: always known */
  int *wanted_step;
  struct rule_period *wanted_period; /* in which the values are */
  struct range_cell **answer;        /* of each wanted, of each row: as narrow as it is known */
  struct range_forms forms;
  bool by_forms;           /* marks do not reach what forms leave behind */
  uint64_t *mark;          /* of each cell: the answers that hang on it */
  uint64_t *reached;       /* of each unknown: the answers that hang on it */
  uint64_t *asked;         /* the same, without what forms leave behind */
  struct range_lane *lane; /* range_columns.h; null: cells */
  bool is_kept; /* the plan is for homes of any kind (range_kept.h): no step is left out */
  int active_count;
  int *active; /* steps that are reached, in order */
};

/* What is asked for, and of which of it a yes or no says whether it is known. */
void range_take_wanted(struct finding *f);
enum status range_refuse_most(struct error *err);
/* The unknown of the request, and the population with a column for each. */
enum status range_take_unknowns(struct finding *f, struct error *err) MUST_USE;
/* The plan of all that is wanted, and the step of each. */
enum status range_compile_wanted(struct finding *f, struct compiler **last,
                                 struct error *err) MUST_USE;
/* Nothing more need be known of it: it is the same throughout, or nothing that is asked would tell
 * it. */
bool range_is_settled(const struct finding *f, int which, int row);
bool range_is_wanted(const struct finding *f, int which, int row);
/* Hands the answers that hang on a row of a step to what that row hangs on. */
void range_mark_operands(struct finding *f, const struct step *step, int row, uint64_t answers);
/* The same of columns (range_columns.c): to the row of this step, unless it is known. */
void range_column_mark(struct finding *f, int step, int row, uint64_t answers);
void range_give_answers(const struct finding *f, struct range_answer *out);
/* What is not reached is no need; the others in the order in which they were given. */
void range_give_reached(struct finding *f, struct range_answer *answers);

#endif
