/* Chooses which figures stay hidden, so that nobody learns about fewer than ten people.
 *
 * A grid has a column for each place of a tree and a row for each category (or band of ages), the
 * last row being the total of the others. The figures add up in two ways: the rows of a place to
 * its total, and the places under a place to that place. What is shown of a cell is rounded, so a
 * reader knows its true value to within half of what it is rounded to. The caller marks the cells
 * that must be hidden; those of fewer than PUBLISH_FEWEST people are added (the 10 threshold rule
 * of the Office for National Statistics: docs/explanation/suppression.md), and then more cells,
 * until each hidden cell could be another in a grid that looks the same:
 *   - its amount either end of the part of a grid in which it lies, of which one is at least `need`
 *     away. The grid depends on the cell alone, so that many editions tell no more than one. A
 *     category whose value is a whole number of uses times a unit cost changes by whole uses only:
 *     at least one more or one less, and if fewer than ten people are in it, up to nine, since each
 *     of them had one;
 *   - its people by at least eight; if they are fewer than ten, any number from 1 to 10 (of
 *     several places or bands together: from as many as have somebody).
 * "Looks the same": every shown cell is rounded to what is shown, empty cells are empty, all sums
 * hold, nothing hidden falls below one person or what one person of it needs. For each hidden cell
 * one such grid is found; where there is none, the cheapest further cells are hidden (a cell costs
 * its people and its amount). A reader cannot tell a small hidden cell from one that was hidden to
 * protect another. amounts.c finds the grids of amounts, suppress.c those of people.
 */
#ifndef WEAL_PUBLISH_SUPPRESS_H
#define WEAL_PUBLISH_SUPPRESS_H

#include <stdbool.h>
#include <stdint.h>

enum {
  PUBLISH_FEWEST = 10,
  PUBLISH_PEOPLE_UNIT = 5, /* shown counts of people are rounded to this */
};

struct arena;

struct public_grid {
  /* each column has rows + 1 cells, the last being the total: cell (column, row) is at column *
   * (rows + 1) + row */
  int columns, rows;
  /* of each column; -1: the first, which is above all others; a parent comes before its children */
  const int *parent;
  /* there is something in the cell; an absent cell is known to be zero and is never hidden */
  const bool *present;
  const int64_t *people;
  /* what is shown of the people where that is not simply rounded, but may be that of an earlier
   * edition, less than one rounding step away; null: rounded */
  const int64_t *shown;
  /* Amounts, what they are rounded to, and by how much each at least must be uncertain where it is
   * hidden; null: a grid of people only, whose rows add up to the total (bands of ages). In a grid
   * with amounts the people of a total are not shown: a person is in many rows. */
  const int64_t *amount, *need;
  const int64_t
      *before; /* null, or what must be possible too: amounts before a change that must not show */
  int64_t unit;
  const int64_t *step; /* by row: the unit cost; 0: any amount */
  /* by row: rows that are counted but have no amount anywhere (no unit cost is known): everybody
   * knows that the amounts are absent, so they cannot protect others */
  const bool *valueless;
  const bool *cheap; /* null, or cells that are hidden elsewhere too, and are taken first */
  bool keep_totals;  /* totals are never hidden */
  /* the first column is never hidden, and another grid looks the same only with the same people
   * in it: it stands in other grids too */
  bool keep_first;
  /* cells that are hidden already (because of other tables); the call adds more */
  bool *hidden;
};

/* False: with keep_totals or keep_first there is no solution; then the grid must not be shown. */
bool grid_suppress(struct public_grid *g);

/* The least and the most that rounds (half away from zero) to what n rounds to. */
int64_t round_to(int64_t n, int64_t unit);
int64_t round_least(int64_t n, int64_t unit);
int64_t round_most(int64_t n, int64_t unit);

/* ---- between suppress.c and amounts.c ---- */

/* What it costs to hide a cell. */
int64_t grid_price(const struct public_grid *g, int cell);
/* Whether the cell has an amount that everybody does not know already. */
bool grid_has_amount(const struct public_grid *g, int cell);
struct amounts;
struct amounts *amounts_new(struct public_grid *g, struct arena *arena);
/* Hides the further cells by which the amount of this hidden cell could be another. */
void amounts_protect(struct amounts *a, int cell);

#endif
