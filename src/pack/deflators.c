/* The index of prices: what an amount of an earlier year comes to in the prices of a later one. */
#include "pack/fields.h"

enum { DEFLATOR_YEAR, DEFLATOR_INDEX, DEFLATOR_SOURCE };

enum status pack_take_deflator(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  struct pack_deflator made = {0};
  enum status s = pack_take_year(row, DEFLATOR_YEAR, &made.year, err);
  if (s == DONE) s = pack_take_amount(row, DEFLATOR_INDEX, &made.index_hundredths, err);
  if (s == DONE) s = pack_take_text(row, DEFLATOR_SOURCE, &made.source, err);
  if (s != DONE) return s;
  if (!made.index_hundredths)
    return refuse_field(row, DEFLATOR_INDEX, err, PACK_AMOUNT_NOT_ABOVE_ZERO);
  for (int i = 0; i < p->deflator_count; i++)
    if (p->deflators[i].year == made.year)
      return refuse_field(row, DEFLATOR_YEAR, err, PACK_DEFLATOR_TWICE);
  *PACK_APPEND(p->deflators, p->deflator_count) = made;
  return DONE;
}

/* Estimates are shown rounded: to ten pence, from 10 pounds on to a pound, from 1,000 to ten. */
static int64_t unit_of(wide_t pence) { return pence < 1000 ? 10 : pence < 100000 ? 100 : 1000; }

bool pack_uprate(const struct pack *pack, int64_t pence, int from, int year, struct uprated *out) {
  const struct pack_deflator *then = NULL, *now = NULL;
  for (int i = 0; i < pack->deflator_count; i++) {
    const struct pack_deflator *d = &pack->deflators[i];
    if (d->year == from) then = d;
    if (d->year <= year && (!now || d->year > now->year)) now = d;
  }
  if (!then || !now || now->year <= from || pence < 0) return false;
  const wide_t exact = ((wide_t)pence * now->index_hundredths + then->index_hundredths / 2) /
                       then->index_hundredths,
               unit = unit_of(exact), rounded = (exact + unit / 2) / unit * unit;
  if (rounded > INT64_MAX) return false;
  *out = (struct uprated){.pence = (int64_t)rounded, .year = now->year};
  return true;
}
