/* The sums of a place, before they are a document. Private to this folder.
 *
 * gather.c reads every citizen's lines of the year, on every core; payments.c reads what bodies
 * spent and were budgeted; account.c makes the document.
 */
#ifndef WEAL_PLACE_GATHER_H
#define WEAL_PLACE_GATHER_H

#include "book/streams.h"
#include "place/figure.h"
#include "place/scope.h"

/* ---- rows.c: the table's rows, one for each value of the column asked for; every line has one
 * ---- */

int scope_row_count(const struct scope *s);
/* The row of a line: of its category (0: none), or of its body (0: none). */
int scope_row(const struct scope *s, int category, int64_t body);
struct row_name scope_row_name(const struct scope *s, int row);

/* ---- gather.c ---- */

struct tally_row {
  struct figures totals;
  wide_t time_value;
  int64_t people, lines, unvalued;
  bool estimated, estimated_in[FIGURE_COUNT];
};

/* which unit costs were used: for each service a bit for each year */
enum { COST_YEARS = 256, COST_YEAR_FIRST = 1800 };

struct tally {
  /* parts: one more than part_count, for lines in none of them */
  struct tally_row total, *rows, *parts;
  int64_t residents;
  /* by index of body: cash and services that it gave, according to citizens' lines */
  wide_t *carried;
  /* lines in an account of the whole book whose place is unknown or outside */
  int64_t elsewhere;
  uint64_t (*costs)[COST_YEARS / 64]; /* by service id - 1 */
  /* the unit costs among them that were changed after a line was valued with them */
  uint64_t (*changed)[COST_YEARS / 64];
  bool *given; /* by category id: time of this kind was given */
  /* by category id: it has lines that were not undone, or a sum; such uses without a unit cost */
  bool *recorded, *unvalued;
  struct largest largest[FIGURE_COUNT]; /* the largest lines of each sum */
};

enum status gather_citizens(struct scope *s, struct tally *out, struct error *err) MUST_USE;

/* ---- payments.c ---- */

struct spend_row {
  wide_t amount;
  int64_t payments;
};
/* A body, stream and category. body, name: of the body; conditions: of the lines and then of the
 * stream, each once. */
struct budget_row {
  const char *body, *name, *stream, *conditions;
  const struct stream *of; /* null: the table of streams does not have it */
  int category;
  int64_t body_id;
  wide_t amount;
};

struct payments {
  const struct scope *scope;
  struct spend_row *rows, total;
  struct largest largest, largest_budget; /* the largest payments; the largest budgets */
  wide_t *paid;                           /* by index of body: what it paid */
  /* by index of body: it has a payment that was not undone */
  bool *pays;
  struct budget_row *budget;
  int budget_count;
  wide_t budget_total;
  wide_t *budgeted; /* by row */
};
enum status gather_payments(struct scope *s, struct payments *out, struct error *err) MUST_USE;
/* The largest payments, by the lines: for a sum that is too large to be shown. */
enum status payments_largest(struct scope *s, struct largest *out, struct error *err) MUST_USE;

#endif
