/* The sums of every view: lines loaded into memory, how a citizen sees each, which of them cancel
 * each other.
 *
 * The book keeps a contribution as -a, a cash benefit +a, a service at its value, time given as -m
 * (book.h). A citizen is shown what they paid, received, used and gave as positive figures; a
 * correction of any of them is negative. The category's column `shown` decides where a line counts.
 * Statements and places' accounts both use these functions, so that their sums always agree.
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

#include "base/message.h"
#include "base/wide.h"
#include "book/book.h"
#include "pack/pack.h"

/* ---- the chart of categories: the store's ids and the policy pack's rows ---- */

struct chart {
  const struct pack *pack;
  const struct codes *codes;
  /* by the store's id, 1 .. max; null where the pack has no such category */
  const struct pack_category **category;
  /* by id: index in the pack's order, which is the order of every table */
  int *rank;
  int64_t max;
  int64_t *household;
  int household_count; /* ids of the categories that a household shares */
};

/* REFUSED when the book has a category that the pack does not have: its lines would be missing from
 * every figure. */
enum status figures_chart(struct chart **out, const struct pack *pack, const struct codes *codes,
                          struct arena *arena, struct error *err) MUST_USE;

/* The category of a line; null only for 0 (a payment without a category) or a damaged line. */
static inline const struct pack_category *chart_category(const struct chart *chart, int64_t id) {
  return id > 0 && id <= chart->max ? chart->category[id] : NULL;
}

/* ---- lines loaded for summing: all columns except the texts ---- */

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
/* The same, but only lines that a household shares (the pack's column `household`). */
enum status figures_load_household(struct loaded_lines *loaded_line, const struct chart *chart,
                                   struct store *store, const struct reading *reading,
                                   const int64_t *accounts, size_t count, day_t from, day_t to,
                                   struct error *err) MUST_USE;
/* The same, but only lines that take another back. */
enum status figures_load_corrections(struct loaded_lines *loaded_line, struct store *store,
                                     const struct reading *reading, const int64_t *accounts,
                                     size_t count, day_t from, day_t to,
                                     struct error *err) MUST_USE;
void figures_release(struct loaded_lines *loaded_line); /* leaves it {0} */

/* Marks each reversed line and its reversal, where both are among the n (one person's, of one group
 * of days). A reversal of a reversal makes the first line count again, so the latest entry is
 * handled first. */
void figures_cancel(struct loaded_line **lines, size_t n);
/* Only where both are of the same tax year: otherwise each counts in its own. */
void figures_cancel_in_years(struct loaded_line **lines, size_t n);

/* The amount as the citizen sees it: a contribution and time given have their sign turned. Pence,
 * or minutes where the category counts them. */
static inline wide_t figures_amount(const struct pack_category *category, int64_t amount) {
  return category->side == SIDE_CONTRIBUTION || category->side == SIDE_GIVEN ? -(wide_t)amount
                                                                             : amount;
}

/* Whether a service's line still has the value that the unit cost of its cost_year gives: false
 * where the unit cost was changed or removed after the posting. */
bool figures_cost_stands(const struct codes *codes, const struct loaded_line *line);

/* ---- totals ---- */

/* By enum pack_shown, of which the first are sums: of pence, of time given in minutes. */
#define FIGURE_COUNT SHOWN_HOLDINGS
struct figures {
  wide_t of[FIGURE_COUNT];
};

/* What people read for the sum `n` of a section: the same words in an account, a statement, a life
 * and a place. Below zero more was corrected than recorded, and the words say so. */
const char *figures_name(enum language language, enum pack_shown section, wide_t n);
/* The same where somebody else than the person reads it. */
const char *figures_name_theirs(enum language language, enum pack_shown section, wide_t n);
/* The same beside one line: of help that is taken off a bill, which bill. */
const char *figures_item_name(enum language language, const struct pack_category *category,
                              bool theirs, struct arena *arena);
/* In the order of every table: what people paid, received, used and gave, then their employers. */
extern const enum pack_shown figures_order[FIGURE_COUNT];

/* A unit cost, or the value of an hour, that is of an earlier year than what it values. */
struct old_figure {
  int64_t pence;
  bool known;     /* false: it was changed since, so what it comes to is not said */
  int from, year; /* its own; of what it values, a later one */
};
/* How many years earlier it is, and about what it comes to in later prices where the pack has an
 * index of them. */
enum age_form {
  AGE_SENTENCE, /* it follows one which names the figure's year */
  AGE_CELL      /* `7 years earlier: about £39 in the prices of 2025-26` */
};
const char *figures_age_words(const struct pack *pack, const struct old_figure *old,
                              enum age_form form, enum language language, struct arena *arena);

/* The years whose prices services were counted at, by what one costs; first 0: none yet. */
struct price_years {
  int first, last;
};
void price_years_add(struct price_years *years, int year);
/* Beside a sum of the year: that prices of an earlier year are in it, and are not raised. Null
 * where none is. */
const char *price_years_words(const struct price_years *years, int year, enum language language,
                              struct arena *arena);

void figures_add(struct figures *totals, const struct pack_category *category, int64_t amount);
void figures_add_all(struct figures *to, const struct figures *more);
bool figures_none(const struct figures *totals); /* each is 0 */

/* ---- the largest lines of a sum that cannot be shown ---- */

/* The largest lines of a sum, by their size without the sign, the largest first: a note names them
 * where the sum is too large to be shown. Begin with {0}. */
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
/* `2:1, 5:3`; without lines below a hundredth of the largest, which did not cause the size. */
/* Whether line i is named. */
bool largest_is_named(const struct largest *l, int i);
const char *largest_names(const struct largest *l, struct arena *arena);

#endif
