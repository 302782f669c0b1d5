#include "book/unusual.h"

#include "base/money.h"
#include "base/refusal.h"

void unusual_open(struct unusual *out, const struct pack *pack, day_t today, const char *way_out) {
  *out = (struct unusual){.pack = pack,
                          .first = DAY_FIRST,
                          .last = year_last_day(YEAR_TAX, year_of_day(YEAR_TAX, today)),
                          .way_out = way_out};
  for (int i = 0; i < pack->bound_count; i++)
    if (pack->bounds[i].what == BOUND_FIRST_DAY) out->first = (day_t)pack->bounds[i].bound;
}

enum status unusual_day(const struct unusual *u, day_t day, struct error *err) {
  char written[11], edge[11];
  if (day >= u->first && day <= u->last) return DONE;
  day_write(day, written);
  if (day < u->first)
    (void)refuse(err, DAY_UNUSUAL_EARLY, written, day_write(u->first, edge), u->way_out);
  else (void)refuse(err, DAY_UNUSUAL_LATE, written, day_write(u->last, edge), u->way_out);
  return error_at(err, NULL, 0, "date");
}

static int bound_weight(const struct pack_bound *b) {
  return (b->category ? 2 : 0) + (*b->unit ? 1 : 0);
}

/* Finds the category's own bound, else that of the service's unit, else the general one; the order
 * in the file does not matter. */
static const struct pack_bound *find_bound(const struct pack *pack, enum bound_what what,
                                           const struct pack_category *category, const char *unit) {
  const struct pack_bound *found = NULL;
  for (int i = 0; i < pack->bound_count; i++) {
    const struct pack_bound *b = &pack->bounds[i];
    if (b->what != what || (b->category && b->category != category) ||
        (*b->unit && strcmp(b->unit, unit) != 0))
      continue;
    if (!found || bound_weight(b) > bound_weight(found)) found = b;
  }
  return found;
}

enum status unusual_number(const struct unusual *u, const struct pack_category *category,
                           const struct book_service *service, int64_t number, struct error *err) {
  if (category->shown == SHOWN_HOLDINGS || u->any_number) return DONE;
  enum bound_what what = category->side == SIDE_GIVEN ? BOUND_MINUTES
                         : service                    ? BOUND_QUANTITY
                                                      : BOUND_AMOUNT;
  const struct pack_bound *b = find_bound(u->pack, what, category, service ? service->unit : "");
  if (!b || (number <= b->bound && number >= -b->bound)) return DONE;
  struct text t = {0};
  if (what == BOUND_AMOUNT) text_add_money(&t, number);
  else if (what == BOUND_QUANTITY) text_add_quantity(&t, number);
  else text_add_int(&t, number);
  if (what == BOUND_AMOUNT || (what == BOUND_QUANTITY && !*service->unit))
    refuse(err, AMOUNT_UNUSUAL, t.bytes, category->code, b->written, u->way_out);
  else if (what == BOUND_MINUTES)
    refuse(err, MINUTES_UNUSUAL, t.bytes, category->code, b->written, u->way_out);
  else
    refuse(err, QUANTITY_UNUSUAL, t.bytes, category->code, b->written, service->unit, u->way_out);
  text_release(&t);
  return error_at(err, NULL, 0, what == BOUND_AMOUNT ? "amount" : "quantity");
}
