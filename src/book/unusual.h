/* What is lawful and hardly right: a slip of the keyboard until somebody says otherwise. The bounds
 * are the policy pack's (plausible.csv), each with its source; what it does not bound is not
 * bounded.
 *
 *     struct unusual unusual;
 *     unusual_open(&unusual, pack, day_today(), "correct it, or give --unusual if it is right");
 *     entry_input_value(&c, &(struct entry_input_rules){codes, &unusual}, service, number, &line,
 *         &err);
 *         asks it of a row that tells of a person (told.h)
 *     unusual_day(&unusual, line.day, &err);  of spending; not of budgets, which are made ahead
 *
 * A bound is one row's: nothing is summed. It is asked of what comes in and of nothing that stands.
 * REFUSED sets err->column: date, amount or quantity; the message ends in what was given as the way
 * out.
 */
#ifndef WEAL_BOOK_UNUSUAL_H
#define WEAL_BOOK_UNUSUAL_H

#include "book/book.h"
#include "pack/pack.h"

struct unusual {
  const struct pack *pack;
  day_t first, last; /* the running tax year's last day */
  const char *way_out;
};
void unusual_open(struct unusual *out, const struct pack *pack, day_t today, const char *way_out);
enum status unusual_day(const struct unusual *u, day_t day, struct error *err) MUST_USE;
/* `number`: pence; minutes of time given; thousandths of a service (null: of none). Of what is held
 * in another unit: never unusual. */
enum status unusual_number(const struct unusual *u, const struct pack_category *category,
                           const struct book_service *service, int64_t number,
                           struct error *err) MUST_USE;

#endif
