/* A situation: people and groups by name with what is known of them, as tests and files of facts
 * write it, made into a population.
 *
 * Read from a YAML or JSON map, in any of OpenFisca's forms: variables straight away (one person
 * and one group of each kind; with lists, as many), `people: {anna: {...}}` with groups that name
 * their members (or roles), or `person: {...}` in the singular. A person whom no group of a kind
 * names is alone in one.
 */
#ifndef WEAL_RULES_SITUATION_H
#define WEAL_RULES_SITUATION_H

#include "rules/period.h"
#include "rules/yaml.h"

struct situation {
  struct arena *arena;
  const struct rules *rules;
  struct rule_period period; /* of values that say none */
  bool annual;               /* every value is the year's */
  bool takes_truths;         /* true and false are amounts of 1 and 0, as published cases write */
  struct rule_population *pop;
  int rows[RULE_ENTITIES_MOST];
  const char **names[RULE_ENTITIES_MOST]; /* of the rows; null: they have none */
  int override_count, override_room;
  struct parameter_override *overrides; /* keys with dots */
};

/* `map` null: nothing is known, of one person. The population is settled. REFUSED with the line of
 * the file: a name that is none, a value of the wrong kind. */
enum status situation_read(struct situation *s, const struct yaml_node *map, const char *file,
                           struct error *err) MUST_USE;
/* A value as a variable of this kind has it: a number, a sum in a text, a bool, a day, an item. */
enum status situation_value(const struct situation *s, const struct rule_variable *v,
                            const struct yaml_node *node, const char *file, double *out,
                            struct error *err) MUST_USE;
/* The period in which a value for `asked` is kept, or asked for: with `annual` the year around. */
struct rule_period situation_period(const struct situation *s, const struct rule_variable *v,
                                    struct rule_period asked);
/* The row of an entity that has the name, in the order given. REFUSED: none has. */
enum status situation_row(const struct situation *s, const struct rule_entity *e, struct span name,
                          int *out, struct error *err) MUST_USE;

#endif
