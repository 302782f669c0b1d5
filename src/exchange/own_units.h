/* How much a row of a body's own export counts, in what the book counts it in.
 *
 *     struct own_unit unit = {.from = "minutes", .to = "hour", .what = "home-care"};
 *     status = own_quantity(span_of("45"), &unit, &text, &err);         0.75
 *
 * `from` is the profile's word: minutes, hours, hours:minutes (`1:30`, with seconds too), or what
 * the service is counted in (`visit`, `visits`). `to` is `minutes` for time given, else what the
 * service is counted in. Minutes and hours become each other; another word does where the profile
 * says how many minutes one is (`each`).
 *
 * Time given is rounded to whole minutes and a service to thousandths, halves up: our own decision.
 */
#ifndef WEAL_EXCHANGE_OWN_UNITS_H
#define WEAL_EXCHANGE_OWN_UNITS_H

#include "base/status.h"
#include "base/text.h"
#include <stdint.h>

struct own_unit {
  const char *from, *to;
  const char *what; /* of which service or category; for the message */
  int64_t each;     /* minutes of one; 0: not said */
};
/* Writes to `out`. REFUSED: no quantity of the unit, or no way from one unit to the other. */
enum status own_quantity(struct span text, const struct own_unit *unit, struct text *out,
                         struct error *err) MUST_USE;

#endif
