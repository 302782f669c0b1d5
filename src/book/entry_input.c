#include "book/entry_input.h"

#include "base/money.h"
#include "base/wide.h"

void entry_input_category(struct entry_input_category *out, const struct pack_category *pack,
                          const struct codes *codes) {
  *out = (struct entry_input_category){.pack = pack,
                                       .id = codes_category(codes, span_of(pack->code)),
                                       .unit = units_find(codes->units, span_of(pack->unit->code))};
  if (!out->unit) out->id = 0; /* the pack has a new category that the book does not have yet */
  for (int s = 0; s < codes->service_count; s++) {
    const struct book_service *service = &codes->services[s];
    if (!service->id || service->category != out->id) continue;
    out->only_service = service->id;
    out->service_count++;
  }
  if (out->service_count != 1) out->only_service = 0;
}

static enum status check_money(const struct entry_input *told, struct error *err) {
  if (told->unit.size && !span_is(told->unit, "pence") && !span_is(told->unit, "GBP"))
    return error_refuse(err, "unit", "an amount of money has no unit; leave it empty");
  if (told->service.size)
    return error_refuse(err, "service", "an amount of money is of no service; leave it empty");
  return DONE;
}

static enum status check_minutes(const struct entry_input *told, struct error *err) {
  if (!span_is(told->unit, "minutes"))
    return error_refuse(err, "unit", "time given is in minutes; write minutes");
  if (told->service.size)
    return error_refuse(err, "service", "time given is of no service; leave it empty");
  return DONE;
}

/* Checks a holding: its unit must always be given, so that nobody takes shares for pounds. */
static enum status check_holding(const struct entry_input_category *c, const struct codes *codes,
                                 const struct entry_input *told, struct error *err) {
  const char *unit = c->unit->code;
  if (told->service.size)
    return error_refuse(err, "service", "what is held is of no service; leave it empty");
  if (span_is(told->unit, unit)) return DONE;
  if (!told->unit.size)
    error_set(err, REFUSED, "is empty; %s is counted in %s, write %s", c->pack->code, unit, unit);
  else if (!units_find(codes->units, told->unit))
    error_set(err, REFUSED,
              "'" SPAN_FORMAT "' is no unit that is known; %s is counted in %s, write %s",
              SPAN(told->unit), c->pack->code, unit, unit);
  else
    error_set(err, REFUSED, "%s is counted in %s, not in " SPAN_FORMAT "; write %s", c->pack->code,
              unit, SPAN(told->unit), unit);
  return error_at(err, NULL, 0, "unit");
}

static enum status check_service(const struct entry_input_category *c, const struct codes *codes,
                                 const struct entry_input *told, const struct book_service **out,
                                 struct error *err) {
  struct span code = told->service;
  if (code.size) *out = codes_service(codes, code);
  else if (c->only_service) *out = &codes->services[c->only_service - 1];
  if (!*out && code.size)
    error_set(err, REFUSED,
              "no service '" SPAN_FORMAT "' is known; import services first, or correct it",
              SPAN(code));
  else if (!*out && c->service_count)
    error_set(err, REFUSED, "%s has %d services; say which", c->pack->code, c->service_count);
  else if (!*out)
    error_set(err, REFUSED, "%s has no service yet; import services first", c->pack->code);
  else if ((*out)->category != c->id)
    error_set(err, REFUSED, "service '%s' is of category %s", (*out)->code,
              codes->category_code[(*out)->category]);
  else if (!told->unit.size || span_is(told->unit, (*out)->unit)) return DONE;
  else {
    error_set(err, REFUSED, "service '%s' is counted in %s, not '" SPAN_FORMAT "'", (*out)->code,
              (*out)->unit, SPAN(told->unit));
    return error_at(err, NULL, 0, "unit");
  }
  return error_at(err, NULL, 0, "service");
}

enum status entry_input_check(const struct entry_input_category *c, const struct codes *codes,
                              const struct entry_input *told, const struct book_service **service,
                              struct error *err) {
  enum pack_side side = c->pack->side;
  *service = NULL;
  if (!told->amount && !told->quantity)
    return error_refuse(
        err, "amount",
        "a row has an amount, a quantity of a service, or minutes given; this one has none");
  if (told->amount && told->quantity)
    return error_refuse(err, "amount", "a row has an amount or a quantity, not both");
  bool held = c->pack->shown == SHOWN_HOLDINGS;
  if (held || side == SIDE_SERVICE || side == SIDE_GIVEN) {
    if (told->amount && held)
      error_set(
          err, REFUSED,
          "%s takes a quantity of %s, not an amount of money; write it in the column quantity",
          c->pack->code, c->unit->code);
    else if (told->amount)
      error_set(err, REFUSED,
                "%s takes %s, not an amount of money; write it in the column quantity",
                c->pack->code, side == SIDE_GIVEN ? "minutes" : "a quantity of a service");
    if (told->amount) return error_at(err, NULL, 0, "amount");
    if (held) return check_holding(c, codes, told, err);
    return side == SIDE_GIVEN ? check_minutes(told, err)
                              : check_service(c, codes, told, service, err);
  }
  if (told->quantity) {
    error_set(err, REFUSED, "%s takes an amount of money, not %s; write it in the column amount",
              c->pack->code, span_is(told->unit, "minutes") ? "minutes" : "a quantity");
    return error_at(err, NULL, 0, "quantity");
  }
  return check_money(told, err);
}

static enum status value_service(const struct codes *codes, const struct book_service *service,
                                 struct line *line, struct error *err) {
  bool stale = false;
  line->has_quantity = true;
  line->service = (int32_t)service->id;
  const struct book_cost *cost = codes_cost(codes, service->id, year_of_day(YEAR_TAX, line->day),
                                            &stale);
  if (!cost) return DONE;
  if (!money_scale(line->quantity, cost->pence, 1000, &line->amount) || !line_holds(line->amount))
    return error_refuse(
        err, "quantity",
        "is too large: with its unit cost it comes to more than a line holds, 100000000000.00");
  line->cost_year = cost->year;
  line->estimated = line->estimated || stale || cost->estimated;
  return DONE;
}

static enum status refuse_holding_size(const struct book_unit *unit, int64_t number,
                                       struct error *err) {
  struct text t = {0}, most = {0};
  text_add_decimal(&t, number, unit->scale);
  text_add_decimal(&most, LIMIT_LINE, unit->scale);
  (void)error_set(err, REFUSED, "'%s' is too large; a quantity of %s is at most %s", t.bytes,
                  unit->code, most.bytes);
  text_release(&t);
  text_release(&most);
  return error_at(err, NULL, 0, "quantity");
}

static enum status refuse_size(const struct book_service *service,
                               const struct entry_input_category *c, int64_t number,
                               struct error *err) {
  if (c->pack->shown == SHOWN_HOLDINGS) return refuse_holding_size(c->unit, number, err);
  struct text t = {0};
  if (service) text_add_quantity(&t, number);
  else if (c->pack->side == SIDE_GIVEN) text_add_wide(&t, number);
  else text_add_money(&t, number);
  (void)error_set(err, REFUSED, "'%s' is too large; %s", t.bytes,
                  service                       ? "a quantity is at most 10000000000"
                  : c->pack->side == SIDE_GIVEN ? "minutes are at most 10000000000000"
                                                : "an amount is at most 100000000000.00");
  text_release(&t);
  return error_at(err, NULL, 0, service || c->pack->side == SIDE_GIVEN ? "quantity" : "amount");
}

enum status entry_input_value(const struct entry_input_category *c,
                              const struct entry_input_rules *rules,
                              const struct book_service *service, int64_t number, struct line *line,
                              struct error *err) {
  const struct unusual *unusual = rules->unusual;
  enum status status = unusual ? unusual_day(unusual, line->day, err) : DONE;
  if (status == DONE && !line_holds(number)) status = refuse_size(service, c, number, err);
  if (status == DONE && unusual) status = unusual_number(unusual, c->pack, service, number, err);
  if (status != DONE) return status;
  switch (c->pack->side) {
  case SIDE_SERVICE:
    line->quantity = number;
    return value_service(rules->codes, service, line, err);
  case SIDE_GIVEN:
  case SIDE_CONTRIBUTION: line->amount = -number; return DONE;
  default: line->amount = number; return DONE;
  }
}

enum status entry_input_life(const struct entry_input_category *c, day_t born, day_t died,
                             day_t day, struct error *err) {
  char when[11];
  if (born != DAY_NONE && day < born) {
    error_set(err, REFUSED, "is before the person was born, on %s", day_write(born, when));
    return error_at(err, NULL, 0, "date");
  }
  if (died == DAY_NONE || day <= died) return DONE;
  if (c->pack->side != SIDE_SERVICE && c->pack->side != SIDE_GIVEN) return DONE;
  error_set(
      err, REFUSED,
      "the person died on %s; after that only money that was owed, and corrections, are accepted",
      day_write(died, when));
  return error_at(err, NULL, 0, "date");
}
