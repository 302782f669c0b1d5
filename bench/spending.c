/* Asks an open book of payments what bench/spending asks of DuckDB: bench_spending STORE PACK YEAR.
 *
 * Prints lines `question NAME MS MS` (medians of ten, by the clock and of processor) for the totals
 * by year, body, category and supplier, as the kept totals give them, and for two whole pages, the
 * account of the place and its payees; then `year Y PENCE PAYMENTS` of each year and `suppliers
 * PENCE COUNT`, to be compared. */
#include "book/payment_totals.h"
#include "place/payees.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TURNS = 10, YEAR_FIRST = 2000, YEAR_LAST = 2040 };

struct bench {
  struct store *store;
  const struct pack *pack;
  struct arena *arena;
  int year;
};

struct total_of {
  int64_t payments, rows;
  wide_t pence;
};

static double milliseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void add(void *context, const struct payment_total *total) {
  struct total_of *sum = context;
  sum->pence += total->amount;
  sum->payments += total->payments;
  sum->rows++;
}

static enum status of_year(struct bench *b, enum payments_by by, int year, struct total_of *sum,
                           struct error *err) {
  *sum = (struct total_of){0};
  return payment_totals_read(b->store, by, year, add, sum, err);
}

static enum status years(struct bench *b, struct error *err) {
  struct total_of sum;
  enum status status = DONE;
  for (int year = YEAR_FIRST; status == DONE && year < YEAR_LAST; year++)
    status = of_year(b, PAYMENTS_BY_CATEGORY, year, &sum, err);
  return status;
}

/* By body and by category: both are read from the same rows. */
static enum status categories(struct bench *b, struct error *err) {
  struct total_of sum;
  return of_year(b, PAYMENTS_BY_CATEGORY, b->year, &sum, err);
}

static enum status suppliers(struct bench *b, struct error *err) {
  struct total_of sum;
  return of_year(b, PAYMENTS_BY_PAYEE, b->year, &sum, err);
}

static enum status page(struct bench *b, struct error *err) {
  const struct place_request request = {.year = b->year, .by = BY_CATEGORY};
  struct document *document = NULL;
  return place_account(b->store, b->pack, &request, b->arena, &document, err);
}

static enum status payees(struct bench *b, struct error *err) {
  const struct place_request request = {.year = b->year};
  struct payee *all = NULL;
  int count = 0;
  return place_payees(b->store, b->pack, &request, b->arena, &all, &count, err);
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static enum status ask(struct bench *b, const char *name,
                       enum status (*question)(struct bench *, struct error *), struct error *err) {
  double walls[TURNS], processors[TURNS];
  enum status status = DONE;
  for (int i = 0; status == DONE && i < TURNS; i++) {
    const double from = milliseconds(CLOCK_MONOTONIC),
                 used = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
    b->arena = arena_new();
    status = question(b, err);
    walls[i] = milliseconds(CLOCK_MONOTONIC) - from;
    processors[i] = milliseconds(CLOCK_PROCESS_CPUTIME_ID) - used;
    arena_free(b->arena);
  }
  qsort(walls, TURNS, sizeof *walls, compare);
  qsort(processors, TURNS, sizeof *processors, compare);
  if (status == DONE)
    printf("question %s %.3f %.3f\n", name, walls[TURNS / 2], processors[TURNS / 2]);
  return status;
}

static enum status answers(struct bench *b, struct error *err) {
  struct total_of sum;
  char pence[WIDE_TEXT_SIZE];
  enum status status = DONE;
  for (int year = YEAR_FIRST; status == DONE && year < YEAR_LAST; year++) {
    status = of_year(b, PAYMENTS_BY_CATEGORY, year, &sum, err);
    if (status == DONE && sum.rows)
      printf("year %d %s %lld\n", year, wide_write(sum.pence, pence), (long long)sum.payments);
  }
  if (status == DONE) status = of_year(b, PAYMENTS_BY_PAYEE, b->year, &sum, err);
  if (status == DONE)
    printf("suppliers %s %lld\n", wide_write(sum.pence, pence), (long long)sum.payments);
  return status;
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    enum status (*question)(struct bench *, struct error *);
  } questions[] = {{"years", years},
                   {"categories", categories},
                   {"suppliers", suppliers},
                   {"page", page},
                   {"payees", payees}};
  struct error err = {0};
  struct pack *pack = NULL;
  if (argc != 4) {
    fprintf(stderr, "usage: bench_spending STORE PACK YEAR\n");
    return 2;
  }
  struct bench b = {.year = (int)strtol(argv[3], NULL, 10)};
  enum status status = store_open(&b.store, argv[1], STORE_READ, &err);
  if (status == DONE) status = pack_open(&pack, argv[2], &err);
  b.pack = pack;
  for (size_t i = 0; status == DONE && i < sizeof questions / sizeof *questions; i++)
    status = ask(&b, questions[i].name, questions[i].question, &err);
  if (status == DONE) status = answers(&b, &err);
  if (status != DONE) fprintf(stderr, "%s\n", err.message);
  store_close(b.store);
  pack_close(pack);
  return status == DONE ? 0 : 1;
}
