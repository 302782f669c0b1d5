/* Tables of a pack that are keyed by several columns: tables/NAME.csv with the columns `from` (a
 * day), a column for each key, `value` and `source`.
 *
 * A key is the item of an enum, or a whole number. On a day the rows with the latest `from` of each
 * combination hold.
 */
#ifndef WEAL_RULES_TABLES_H
#define WEAL_RULES_TABLES_H

#include "base/arena.h"
#include "base/day.h"
#include "base/text.h"

struct rule_tables;
struct rule_table;
enum { TABLE_KEYS_MOST = 8 };

/* Every file of the folder, which need not be there. A table of the same name in `under` (null:
 * none) is replaced, whole. REFUSED with file, line and column. */
enum status tables_load(struct arena *arena, const char *folder, const struct rule_tables *under,
                        struct rule_tables **out, struct error *err) MUST_USE;
const struct rule_table *tables_find(const struct rule_tables *tables, struct span name); /* null */
int table_key_count(const struct rule_table *table);

/* A table on one day as an array: the last key runs fastest; NAN where no row holds. */
struct table_grid {
  int value_count;
  double *values;
  int sizes[TABLE_KEYS_MOST];
  double first[TABLE_KEYS_MOST]; /* of a key that is a number: the least */
  const struct rule_table *table;
};
enum status table_grid_on(struct arena *arena, const struct rule_table *table, day_t day,
                          struct table_grid *out, struct error *err) MUST_USE;
/* The place of a word among those of a key; -1: no row names it. */
double table_grid_row(const struct table_grid *grid, int key, struct span word);

#endif
