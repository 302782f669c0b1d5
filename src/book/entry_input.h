/* The rules for a row of entries, whether it comes from a file (exchange/import_entries.c, a
 * million at a time) or from a form (record.h, one): it has the columns that its category takes and
 * no others; what a service is worth; whether the person lived then. Both ways have the same rules.
 *
 *     entry_input_category(&c, pack_category, codes);
 *     entry_input_check(&c, codes, &(struct entry_input){.quantity = true, .service = ...},
 *         &service, &err);
 *         then read the number, as c.pack->side and c.unit require
 *     entry_input_value(&c, &(struct entry_input_rules){codes, &unusual}, service, thousandths,
 *         &line, &err);
 *         amount, quantity, service, cost_year, estimated of the line
 *     entry_input_life(&c, born, died, line.day, &err);
 *
 *     entry_input_reference(line.reference, &err);
 *
 * REFUSED sets err->column: date, amount, quantity, unit, service, estimated or reference.
 */
#ifndef WEAL_BOOK_ENTRY_INPUT_H
#define WEAL_BOOK_ENTRY_INPUT_H

#include "book/book.h"
#include "book/unusual.h"
#include "pack/pack.h"

struct entry_input_category {
  const struct pack_category *pack;
  int64_t id;                   /* of the store; 0: it has none */
  const struct book_unit *unit; /* never null if there is an id */
  int64_t only_service;         /* the one service it has; 0: none or several */
  int service_count;
};
void entry_input_category(struct entry_input_category *out, const struct pack_category *pack,
                          const struct codes *codes);

struct entry_input {
  bool amount, quantity;     /* which of the two columns are given */
  struct span unit, service; /* as written; empty: not given */
  bool estimated;
};

/* Checks everything except the number. What is in prices is nobody's own: an estimate of it is
 * refused, what a body measured is not. *service: the service of a use of one, else null. */
enum status entry_input_check(const struct entry_input_category *c, const struct codes *codes,
                              const struct entry_input *told, const struct book_service **service,
                              struct error *err) MUST_USE;

/* unusual null: everything lawful is accepted, however unusual. */
struct entry_input_rules {
  const struct codes *codes;
  const struct unusual *unusual;
  const int64_t *price; /* pence paid for a use of a service; null: valued by its unit cost */
};

/* `number`: pence; minutes of time given; thousandths of a service; smallest parts of the unit of a
 * holding. line->day and line->estimated must be set. REFUSED, in this order: an unusual day, an
 * amount too large for a line, an unusual number; the same for files and forms. A service is valued
 * when posted: quantity x unit cost, by the cost of the tax year of the day, else of the latest
 * earlier one (estimated, with its year); without one it is counted, not valued. Where `price` says
 * what was paid for it, that is its value. */
enum status entry_input_value(const struct entry_input_category *c,
                              const struct entry_input_rules *rules,
                              const struct book_service *service, int64_t number, struct line *line,
                              struct error *err) MUST_USE;

/* Payments of awards have references of their own, `award:NUMBER:DAY`, by which each is posted once
 * (award/pay.h). Nobody else may take one: the payment could not be posted then. REFUSED at
 * `reference`. */
#define ENTRY_REFERENCE_OF_AWARDS "award:"
enum status entry_input_reference(struct span reference, struct error *err) MUST_USE;

/* Nothing before birth; after a death only corrections and what was already owed (cash,
 * contributions). */
enum status entry_input_life(const struct entry_input_category *c, day_t born, day_t died,
                             day_t day, struct error *err) MUST_USE;

#endif
