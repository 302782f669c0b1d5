/* Populations as files: people.csv and a file for each kind of group, in a folder.
 *
 * Columns: `id`; in people.csv a group's name (`household`) with the id of theirs, or in the
 * group's file `members` with the ids of people, a blank between; and inputs, with or without `in_`
 * before their names. An empty field is the variable's default. Where a file has columns with
 * `in_`, its columns without that name what rules compute are results of somebody else and are left
 * alone. A column that begins with `x_` is nobody's. A kind of group without a file has each person
 * alone.
 *
 * Out come the same rows in the same order: `id`, and a column a variable.
 */
#ifndef WEAL_RULES_POPULATION_FILES_H
#define WEAL_RULES_POPULATION_FILES_H

#include "base/progress.h"
#include "rules/period.h"

struct population_files {
  const char *folder;
  struct rule_period period; /* of the inputs */
  bool annual;
  enum progress_mode progress;
  struct rule_population *pop;          /* settled */
  const char **ids[RULE_ENTITIES_MOST]; /* as they were given; null: no file, no ids */
  int given[RULE_ENTITIES_MOST]; /* rows of the file; people alone in a group come after them */
  const char *file_names[RULE_ENTITIES_MOST]; /* as it is, or as it would be */
  bool has_file[RULE_ENTITIES_MOST];
  bool has_column[RULE_ENTITIES_MOST]; /* people.csv names the groups of this kind */
  int left_alone_count;
  const char *left_alone[64]; /* columns of results */
};

/* REFUSED with file, line and column. */
enum status population_files_read(struct arena *arena, const struct rules *rules,
                                  struct population_files *files, struct error *err) MUST_USE;

/* A variable and its values, in the order of the population. */
struct population_result {
  const struct rule_variable *variable;
  const double *values;
};
/* One file of results for an entity that had a file, as text: its header and rows. */
void population_files_write(const struct population_files *files, int entity,
                            const struct population_result *results, int count, struct text *out);

#endif
