/* Which figures stay hidden, so that nobody reads of fewer than ten people.
 *
 * A grid has a column for each place of a tree and a row for each category (or band of ages), the
 * last row being the total of the others. What is published of it adds up twice: the rows of a
 * place to its total, and the places under a place to that place. A cell of fewer than
 * PUBLISH_FEWEST people is hidden (the 10 threshold rule of the Office for National Statistics:
 * docs/explanation/suppression.md), and then more cells, until
 *   - no hidden amount can be computed from what is shown by any adding and subtracting, and
 *   - no hidden count of people can, nor be told to be below PUBLISH_FEWEST.
 *
 * Each sum is a node and each cell joins the two sums it stands in: a table of two directions, one
 * of them a tree, is a network. What is not known of a hidden cell is what can go round in a circle
 * of hidden cells through it; a cell on no circle is known. So for each hidden cell the cheapest
 * circle is found (a cell costs its people: the smallest next cell goes first) and all of it is
 * hidden; for counts as much must be able to go round as the cell lacks of ten, each hidden cell
 * being one person at least. What is hidden is not told apart: a cell that is small and one that
 * was taken along look alike.
 */
#ifndef WEAL_PUBLISH_SUPPRESS_H
#define WEAL_PUBLISH_SUPPRESS_H

#include <stdbool.h>
#include <stdint.h>

enum { PUBLISH_FEWEST = 10 };

struct public_grid {
  /* each column has rows + 1 cells, the last being the total: cell (column, row) is at column *
   * (rows + 1) + row */
  int columns, rows;
  /* of a column; -1: the first, which every other lies under; a parent comes before its children */
  const int *parent;
  /* there is something in the cell; what is not present is known to be nothing and is never
   * hidden */
  const bool *present;
  const int64_t *people;
  /* by row; null: none. Counted, but of no amount anywhere (no unit cost is known): everybody knows
   * the amounts, so they cover for no others */
  const bool *valueless;
  /* the rows' people add up to the total's (bands of ages: yes; categories: no, since a person is
   * in many; amounts always add up) */
  bool people_add_up;
  bool keep_totals; /* totals stay as they are given */
  bool *hidden;     /* what is hidden already (cells of other tables' doing); more is added */
};

/* False: with keep_totals there was no way; then the grid must not be shown. */
bool grid_suppress(struct public_grid *g);

#endif
