/* Rows that are lawful but probably typing slips, until somebody says otherwise. The bounds are in
 * the policy pack (plausible.csv), each with its source; without a bound nothing is unusual.
 *
 *     struct unusual unusual;
 *     unusual_open(&unusual, pack, day_today(), "correct it, or give --unusual if it is right");
 *     entry_input_value(&c, &(struct entry_input_rules){codes, &unusual}, service, number, &line,
 *         &err);
 *         checks a row about a person (entry_input.h)
 *     unusual_day(&unusual, line.day, &err);
 *         for spending; not for budgets, which are made in advance
 *
 * A bound applies to one row: nothing is summed. It applies to new rows only, not to posted ones.
 * REFUSED sets err->column: date, amount or quantity; the message ends with the advice given to
 * unusual_open.
 */
#ifndef WEAL_BOOK_UNUSUAL_H
#define WEAL_BOOK_UNUSUAL_H

#include "book/book.h"
#include "pack/pack.h"

struct unusual {
  const struct pack *pack;
  day_t first, last; /* the running tax year's last day */
  const char *way_out;
  bool any_number; /* only days are looked at: a second person has seen the number */
};
void unusual_open(struct unusual *out, const struct pack *pack, day_t today, const char *way_out);
enum status unusual_day(const struct unusual *u, day_t day, struct error *err) MUST_USE;
/* `number`: pence; minutes of time given; thousandths of a service (null: no service). A holding in
 * another unit is never unusual. */
enum status unusual_number(const struct unusual *u, const struct pack_category *category,
                           const struct book_service *service, int64_t number,
                           struct error *err) MUST_USE;

#endif
