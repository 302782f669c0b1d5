/* What an import of spending holds of each payer and month: the table `import_month`. So payments
 * that come a second time, in a file of other bytes, are found: a workbook saved as CSV, a file of
 * the quarter that has the month again, May's file under June's name.
 *
 *     struct import_months months = {.arena = arena};
 *     import_months_add(&months, payer, day, pence, payee);      for each row
 *     import_months_same(store, reading, &months, &found, err);  of what was posted before
 *
 * Two months are the same when payer, month, number of rows, sum and content are. Content: the sum,
 * modulo 2^128, of the first 16 bytes of the SHA-256 of each row's day, amount and payee; so the
 * order of rows does not matter.
 */
#ifndef WEAL_BOOK_IMPORT_MONTHS_H
#define WEAL_BOOK_IMPORT_MONTHS_H

#include "base/day.h"
#include "base/hash.h"
#include "base/map.h"
#include "book/book.h"

struct import_month {
  int64_t payer;   /* a body */
  day_t first_day; /* of the month */
  int64_t rows, amount;
  uint64_t content[2];
};
struct import_months {
  struct arena *arena;
  struct import_month *all;
  int count, capacity;
  struct map index; /* of payer and month */
  struct hasher *hasher;
};

/* `payee`: as names of payees are compared, in small letters with single blanks. */
void import_months_add(struct import_months *m, int64_t payer, day_t day, int64_t amount,
                       struct span payee);
void import_months_release(struct import_months *m);

/* Months that an import holds already, which is not wholly undone. */
struct import_month_found {
  const struct import_month *month;
  int64_t import; /* 0: `file` is of the same call */
  const char *file;
};
struct import_months_found {
  struct arena *arena;
  struct import_month_found *all;
  int count, capacity;
};
enum status import_months_same(struct store *store, const struct reading *reading,
                               const struct import_months *months, struct import_months_found *out,
                               struct error *err) MUST_USE;
/* Adds those that `other`, of a file `file` of the same call, has too. */
void import_months_both(const struct import_months *months, const struct import_months *other,
                        const char *file, struct import_months_found *out);

/* In the transaction that makes the import. Payers above `body_base` are new ones of the call:
 * `body_shift` is added. */
enum status import_months_insert(struct store *store, int64_t import,
                                 const struct import_months *months, int64_t body_base,
                                 int64_t body_shift, struct error *err) MUST_USE;

#endif
