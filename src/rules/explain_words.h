/* What the writers of explanations (explain_write.h, explain_list.h, vary.h, range_write.h) say
 * alike: values,
 * periods and roundings in words, and what was assumed. Private to those files. */
#ifndef WEAL_RULES_EXPLAIN_WORDS_H
#define WEAL_RULES_EXPLAIN_WORDS_H

#include "rules/explain_write.h"

/* `week of 2 June 2025`, `July 2025`, `2025-26`. */
char *explain_period_words(struct arena *arena, struct rule_period p);
/* Whether a default says only that nothing was told: below zero, without end, a day before 1900. */
bool explain_is_not_told(const struct rule_variable *v, double x);
/* Whether somebody said the value of the row; of formulas always. */
bool explain_was_told(const struct explain_node *n, int row);
/* The values of all rows, ` a week`, and which of them were given. */
void explain_add_values(const struct explain_writer *w, struct text *out,
                        const struct explain_node *n);
/* `£26.05 a week`, `20% of what lies between £0 and £37,700 (£11,430 here)`. */
void explain_add_parameter(const struct explain_writer *w, struct text *out,
                           const struct explain_node *n);
/* The same with words for the page: `to the nearest penny`; null: it is not rounded. */
const char *explain_rounding_words(const struct explain_writer *w, const struct rule_variable *v,
                                   bool in_words);
/* Of the value itself where it has its own, else of all its values. */
const struct parameter_reference *explain_references(const struct explain_node *n, int *count);

/* An input that was read and that nobody told, of some or of all rows. */
struct explain_assumed {
  const struct explain_node *node;
  bool is_nothing; /* it counts as none, no, or not told */
};
/* Each variable once, in the order in which they are read; returns how many. */
int explain_find_assumed(const struct explain_writer *w, struct explain_assumed **out);
/* `anna, ben`; null: all. */
const char *explain_assumed_of(const struct explain_writer *w, const struct explain_node *n);

/* What a short form shows of the nodes: as deep as some 150 lines allow. `left_out`: how many it
 * does not show. Those alike are never shown. */
struct explain_shown {
  bool *nodes;
  int formulas_below; /* formulas are shown above this depth */
  int left_out;
};
struct explain_shown explain_choose_shown(const struct explain_writer *w, int lines_most);

#endif
