/* What every view sums: lines held in memory, what a citizen is shown of each, which of them undo
 * each other.
 *
 * The book keeps a contribution as -a, a cash benefit +a, a service at its value, time given as -m
 * (book.h). A citizen is shown what they paid, received, used and gave as positive figures; a
 * correction of any of them is negative. The category's column `shown` decides where a line counts.
 * A statement and a place's account both go through here, so that their sums cannot part.
 *
 *     figures_chart(&chart, pack, codes, arena, &err);
 *     figures_load(&held, store, &reading, accounts, count, from, to, &err);
 *         lines of accounts[i]: held.all[held.first[i]] .. [held.first[i + 1]]
 *     figures_cancel(pointers, n);  a line and its reversal, both among the n, are marked
 *     for (...) figures_add(&totals, category, line->amount);
 *     figures_release(&held);
 */
#ifndef WEAL_BOOK_FIGURES_H
#define WEAL_BOOK_FIGURES_H

#include "base/wide.h"
#include "book/book.h"
#include "pack/pack.h"

/* ---- the chart: the store's category ids and what the policy pack says of them ---- */

struct chart {
  const struct pack *pack;
  const struct codes *codes;
  /* by the store's id, 1 .. max; null where the pack has none such */
  const struct pack_category **category;
  /* by id: place in the pack's order, which is the order of every table */
  int *rank;
  int64_t max;
  int64_t *household;
  int household_count; /* ids of the categories that a household has together */
};

/* REFUSED when the book knows a category that the pack does not: its lines would vanish from every
 * figure. */
enum status figures_chart(struct chart **out, const struct pack *pack, const struct codes *codes,
                          struct arena *arena, struct error *err) MUST_USE;

/* The category of a line; null only for 0 (a payment without a category) or a damaged line. */
static inline const struct pack_category *chart_category(const struct chart *chart, int64_t id) {
  return id > 0 && id <= chart->max ? chart->category[id] : NULL;
}

/* ---- lines held for summing: all but the texts ---- */

struct loaded_line {
  int64_t entry, amount, quantity, body, place, reverses_entry;
  day_t day;
  int32_t line_no, category, service, cost_year, reverses_line_no;
  bool estimated, has_quantity;
  bool cancelled; /* by figures_cancel */
};

struct loaded_lines {
  struct loaded_line *all; /* in order of account, day, entry, n */
  size_t count, capacity;
  size_t *first; /* by index of the account, and one more */
  size_t first_capacity;
};

/* Reads the lines of the accounts (ids sorted, no twice) of from <= day <= to. Reuses the memory of
 * `held` (begin with {0}). */
enum status figures_load(struct loaded_lines *loaded_line, struct store *store,
                         const struct reading *reading, const int64_t *accounts, size_t count,
                         day_t from, day_t to, struct error *err) MUST_USE;
/* The same, but only what a household has together (the pack's column `household`). */
enum status figures_load_household(struct loaded_lines *loaded_line, const struct chart *chart,
                                   struct store *store, const struct reading *reading,
                                   const int64_t *accounts, size_t count, day_t from, day_t to,
                                   struct error *err) MUST_USE;
void figures_release(struct loaded_lines *loaded_line); /* leaves it {0} */

/* Marks each line that was reversed and the line that reversed it, where both are among the n (one
 * person's, of one group of days). A reversal of a reversal brings the first line back: the latest
 * entry goes first. */
void figures_cancel(struct loaded_line **lines, size_t n);

/* What the citizen is shown of the amount: a contribution and time given with their sign turned.
 * Pence, or minutes where the category counts them. */
static inline wide_t figures_amount(const struct pack_category *category, int64_t amount) {
  return category->side == SIDE_CONTRIBUTION || category->side == SIDE_GIVEN ? -(wide_t)amount
                                                                             : amount;
}

/* Whether a service's line still has the value that the unit cost of its cost_year gives: false
 * where that was changed, or taken away, after it was posted. */
bool figures_cost_stands(const struct codes *codes, const struct loaded_line *line);

/* ---- totals ---- */

struct figures {
  wide_t paid, employer, cash, services, minutes;
};

void figures_add(struct figures *totals, const struct pack_category *category, int64_t amount);
void figures_add_all(struct figures *to, const struct figures *more);

/* ---- the lines that a sum which is not shown is made of ---- */

/* The largest lines of some, by their size without the sign, the largest first: what a note names
 * where a sum of them is too large to be shown. Begin with {0}. */
enum { LARGEST_LINES = 3 };
struct largest {
  struct {
    int64_t entry, amount;
    int32_t line_no;
  } lines[LARGEST_LINES];
  int count;
};
void largest_add(struct largest *l, int64_t entry, int32_t line_no, int64_t amount);
void largest_add_all(struct largest *to, const struct largest *more);
/* `2:1, 5:3`; without those that are less than a hundredth of the largest, which did not make the
 * sum what it is. */
/* Whether line i is such a one. */
bool largest_is_named(const struct largest *l, int i);
const char *largest_names(const struct largest *l, struct arena *arena);

#endif
