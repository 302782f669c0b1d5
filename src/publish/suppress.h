/* Chooses which figures stay hidden, so that nobody learns about fewer than ten people.
 *
 * A grid has a column for each place of a tree and a row for each category (or band of ages), the
 * last row being the total of the others. The published figures add up in two ways: the rows of a
 * place to its total, and the places under a place to that place. A cell of fewer than
 * PUBLISH_FEWEST people is hidden (the 10 threshold rule of the Office for National Statistics:
 * docs/explanation/suppression.md), and then more cells, until
 *   - no hidden amount can be computed from what is shown by any adding and subtracting, and
 *   - no hidden count of people can, nor can it be shown to be below PUBLISH_FEWEST. Each sum is a
 *       node, and each cell is an arc that joins the two sums it is part of: a table of two
 *       directions, one of them a tree, is a network. A hidden cell can have other values as far as
 *       a flow can go round a circle of hidden cells through it; a cell on no circle can be
 *       computed. So for each hidden cell we find the cheapest circle (a cell costs its people, so
 *       the smallest further cells are chosen) and hide all of it. For counts, the flow round the
 *       circle must be at least what the cell lacks of ten, and each hidden cell is at least one
 *       person. A reader cannot tell a small hidden cell from one that was hidden to protect
 *       another.
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
  /* of each column; -1: the first, which is above all others; a parent comes before its children */
  const int *parent;
  /* there is something in the cell; an absent cell is known to be zero and is never hidden */
  const bool *present;
  const int64_t *people;
  /* by row; null: none. Rows that are counted but have no amount anywhere (no unit cost is known):
   * everybody knows that the amounts are absent, so they cannot protect others */
  const bool *valueless;
  /* the rows' people add up to the total's (bands of ages: yes; categories: no, since a person is
   * in many; amounts always add up) */
  bool people_add_up;
  bool keep_totals; /* totals are never hidden */
  /* cells that are hidden already (because of other tables); the call adds more */
  bool *hidden;
};

/* False: with keep_totals there is no solution; then the grid must not be shown. */
bool grid_suppress(struct public_grid *g);

#endif
