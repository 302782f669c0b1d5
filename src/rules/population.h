/* The rows that rules are run over: people, and the groups in which they stand.
 *
 *     struct rule_population *pop = rule_population_make(arena, rules, rows);
 *     pop->member[g][person] = row of the group;            for each group entity g and person
 *     rule_population_column(pop, pay, year)[person] = 30000;
 *     rule_population_settle(pop);
 *
 * Rows are kept so that those of one household stand together, and groups in the order of their
 * first member; `order` says which row each was when it was given. A column is one input for one
 * entity and one period.
 */
#ifndef WEAL_RULES_POPULATION_H
#define WEAL_RULES_POPULATION_H

#include "rules/model.h"

struct rule_period {
  enum rule_each each;
  day_t start; /* its first day; 0 for eternity */
  /* A month from 31 January is followed by one from 28 February and one from 31 March: the day of
   * the month that it would begin on, had the month one; else 0. */
  int day;
};

struct rule_population_column {
  const struct rule_variable *variable;
  struct rule_period period;
  double *values; /* a row each of the entity of the variable */
  bool *told;     /* of each row as it was given, whether somebody said it; null: all */
};

struct rule_population {
  struct arena *arena;
  const struct rules *rules;
  int rows[RULE_ENTITIES_MOST];
  /* member[g][person]: the row of group g in which the person stands */
  int *member[RULE_ENTITIES_MOST];
  signed char *role[RULE_ENTITIES_MOST]; /* of each person in group g; null: all have the first */
  int column_count, column_room;
  struct rule_population_column *columns;
  /* What was told of a year holds in the year after too, where nothing is told of that: a month
   * that an assessment begins on 1 April is read in both. */
  bool holds_on;
  /* after rule_population_settle: blocks of rows that belong together, and where they came from */
  int *order[RULE_ENTITIES_MOST];  /* order[e][row]: the row as it was given */
  int *within[RULE_ENTITIES_MOST]; /* within[g][row of g]: the row of the group around it */
  int cluster_count;
  int *cluster_ends[RULE_ENTITIES_MOST]; /* of each cluster, the row after its last */
  /* spans[g]: of each cluster, how many rows two people of one group g in it are apart at most */
  int *spans[RULE_ENTITIES_MOST];
};

/* `rows`: of each entity. member[] is filled by the caller before rule_population_settle. */
struct rule_population *rule_population_make(struct arena *arena, const struct rules *rules,
                                             const int *rows);
/* A column of defaults, or the one that is there. */
double *rule_population_column(struct rule_population *pop, const struct rule_variable *v,
                               struct rule_period period);
/* The same with values of the caller's, which live as long as the population. */
void rule_population_give(struct rule_population *pop, const struct rule_variable *v,
                          struct rule_period period, double *values);
/* -1: none */
int rule_population_find(const struct rule_population *pop, const struct rule_variable *v,
                         struct rule_period period);
/* Puts each person whom no group of a kind names (-1 in `member`) into a group of their own, after
 * the `rows` of that kind, which grow; people of one group that stands within it go together. */
void rule_population_place_lone(struct arena *arena, const struct rules *rules, int *rows,
                                int *const *member);
/* REFUSED, with the entity and the row: a group without members; one whose members are in several
 * of those that it stands within. Before the rows are put in order. */
enum status rule_population_check(const struct rule_population *pop, int *entity, int *row,
                                  struct error *err) MUST_USE;
/* Puts the rows in order. Everything must have been given. */
void rule_population_settle(struct rule_population *pop);

#endif
