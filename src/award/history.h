/* Awards as they were made in another book, row by row under their numbers, with the days of pay
 * that are paid: for taking a whole book over by files. The lines of those payments come with the
 * file of entries, whose references (`award:12:2026-05-03`) nobody else may use; until then each
 * payment awaits its line.
 *
 *     status = award_history_has(store, number, &there, &err);    there: it is not taken again
 *     status = award_history_add(store, &row, &err);
 *     status = award_history_pay(store, &payment, &err);
 *     ...
 *     status = award_awaited_read(store, arena, &awaited, &err);      before the entries
 *     if (award_awaits(&awaited, reference, person, body, amount)) ...
 *
 * What was paid here is in the book, so that no file can say of an award made here that a day of it
 * is paid.
 */
#ifndef WEAL_AWARD_HISTORY_H
#define WEAL_AWARD_HISTORY_H

#include "award/award.h"

/* *there: the book has the award. Waits for others who write awards. */
enum status award_history_has(struct store *store, int64_t number, bool *there,
                              struct error *err) MUST_USE;
/* Ids that come later are larger than the row's. */
enum status award_history_add(struct store *store, const struct award *row,
                              struct error *err) MUST_USE;
enum status award_history_pay(struct store *store, const struct award_payment *payment,
                              struct error *err) MUST_USE;

struct award_awaited {
  struct award_payment *all; /* in order of award and day of pay */
  int64_t *bodies;           /* of each */
  int count;
};
enum status award_awaited_read(struct store *store, struct arena *arena, struct award_awaited *out,
                               struct error *err) MUST_USE;
/* Whether it is the line of such a payment, or what was taken, paid back or returned of one of the
 * same award: `person` is any record of whom it was paid to. */
bool award_awaits(const struct award_awaited *awaited, struct span reference, int64_t person,
                  int64_t body, int64_t pence);

#endif
