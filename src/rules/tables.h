/* Tables of the law that several keys find a number in: rents by broad market area and bedrooms.
 *
 * A table is a file NAME.csv of a pack's folder `tables`, with the columns `from` (the day from
 * which the row holds), one for each key, `value` and `source`, and, where the value is an amount,
 * `unit` and `period` as a parameter has them, the same in every row. A key has words (the items
 * of an enum), or whole numbers only. On a day the row with the latest `from` of each combination
 * holds; an empty value ends the one before it.
 *
 *     status = tables_load(arena, "policy/uk/tables", NULL, &tables, &err);
 *     const struct rule_table *lha = tables_find(tables, span_of("lha"));
 *     struct span keys[] = {span_of("CENTRAL_LONDON"), span_of("2")};
 *     const struct rule_table_row *row = table_row_on(lha, day, keys);
 */
#ifndef WEAL_RULES_TABLES_H
#define WEAL_RULES_TABLES_H

#include "base/arena.h"
#include "base/day.h"
#include "base/limits.h"
#include "base/text.h"

struct rule_tables;
struct rule_table;
enum { TABLE_KEYS_MOST = LIMIT_TABLE_KEYS };

/* Every file of the folder, which need not be there. A table of the same name in `under` (null:
 * none) is replaced, whole. REFUSED with file, line and column: a column missing, a value that is
 * no number, a unit or period that is none or not that of every row, a day that is none, the same
 * keys and day twice, more than LIMIT_TABLE_CELLS combinations. */
enum status tables_load(struct arena *arena, const char *folder, const struct rule_tables *under,
                        struct rule_tables **out, struct error *err) MUST_USE;
const struct rule_table *tables_find(const struct rule_tables *tables, struct span name); /* null */
int tables_count(const struct rule_tables *tables, int *rows); /* and of all together */
int table_key_count(const struct rule_table *table);
bool table_key_is_number(const struct rule_table *table, int key);
const char *table_name(const struct rule_table *table);
const char *table_unit(const struct rule_table *table);   /* "currency-GBP"; null: none is said */
const char *table_period(const struct rule_table *table); /* "week"; null: none */

struct rule_table_row {
  day_t from;
  double value; /* NAN: from this day on there is none */
  const char *source;
  int line;
};
/* The row that holds on a day for these keys, as many as the table has; null: none. */
const struct rule_table_row *table_row_on(const struct rule_table *table, day_t day,
                                          const struct span *keys);

/* A table on one day as an array: the last key runs fastest; NAN where no row holds. */
struct table_grid {
  int value_count;
  double *values;
  int sizes[TABLE_KEYS_MOST];
  double first[TABLE_KEYS_MOST]; /* of a key that is a number: the least */
  const struct rule_table *table;
};
void table_grid_on(struct arena *arena, const struct rule_table *table, day_t day,
                   struct table_grid *out);
/* The place of a word among those of a key; NAN: no row names it. */
double table_grid_row(const struct table_grid *grid, int key, struct span word);

#endif
