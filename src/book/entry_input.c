#include "book/entry_input.h"

#include "base/money.h"
#include "base/refusal.h"
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
    return refuse_at(err, "unit", MONEY_WITH_UNIT);
  if (told->service.size) return refuse_at(err, "service", MONEY_WITH_SERVICE);
  return DONE;
}

static enum status check_minutes(const struct entry_input *told, struct error *err) {
  if (!span_is(told->unit, "minutes")) return refuse_at(err, "unit", TIME_UNIT_OTHER);
  if (told->service.size) return refuse_at(err, "service", TIME_WITH_SERVICE);
  return DONE;
}

/* Checks a holding: its unit must always be given, so that nobody takes shares for pounds. */
static enum status check_holding(const struct entry_input_category *c, const struct codes *codes,
                                 const struct entry_input *told, struct error *err) {
  const char *unit = c->unit->code;
  if (told->service.size) return refuse_at(err, "service", HOLDING_WITH_SERVICE);
  if (span_is(told->unit, unit)) return DONE;
  if (!told->unit.size) refuse(err, UNIT_MISSING, c->pack->code, unit, unit);
  else if (!units_find(codes->units, told->unit))
    refuse(err, UNIT_UNKNOWN, SPAN(told->unit), c->pack->code, unit, unit);
  else refuse(err, UNIT_OTHER, c->pack->code, unit, SPAN(told->unit), unit);
  return error_at(err, NULL, 0, "unit");
}

static enum status check_service(const struct entry_input_category *c, const struct codes *codes,
                                 const struct entry_input *told, const struct book_service **out,
                                 struct error *err) {
  struct span code = told->service;
  if (code.size) *out = codes_service(codes, code);
  else if (c->only_service) *out = &codes->services[c->only_service - 1];
  if (!*out && code.size) refuse(err, SERVICE_UNKNOWN, SPAN(code));
  else if (!*out && c->service_count) refuse(err, SERVICE_WHICH, c->pack->code, c->service_count);
  else if (!*out) refuse(err, SERVICE_NONE_YET, c->pack->code);
  else if ((*out)->category != c->id)
    refuse(err, SERVICE_OF_ANOTHER_CATEGORY, (*out)->code, codes->category_code[(*out)->category]);
  else if (!told->unit.size || span_is(told->unit, (*out)->unit)) return DONE;
  else {
    refuse(err, SERVICE_COUNTED_OTHERWISE, (*out)->code, (*out)->unit, SPAN(told->unit));
    return error_at(err, NULL, 0, "unit");
  }
  return error_at(err, NULL, 0, "service");
}

enum status entry_input_check(const struct entry_input_category *c, const struct codes *codes,
                              const struct entry_input *told, const struct book_service **service,
                              struct error *err) {
  enum pack_side side = c->pack->side;
  *service = NULL;
  if (!told->amount && !told->quantity) return refuse_at(err, "amount", ROW_WITHOUT_NUMBER);
  const bool priced = told->amount && told->quantity && side == SIDE_SERVICE &&
                      c->pack->shown != SHOWN_HOLDINGS;
  if (told->amount && told->quantity && !priced)
    return refuse_at(err, "amount", ROW_WITH_TWO_NUMBERS);
  if (told->estimated && c->pack->in_prices)
    return refuse_at(err, "estimated", ESTIMATED_IN_PRICES, c->pack->code);
  bool held = c->pack->shown == SHOWN_HOLDINGS;
  if (held || side == SIDE_SERVICE || side == SIDE_GIVEN) {
    if (told->amount && held) refuse(err, HOLDING_AS_MONEY, c->pack->code, c->unit->code);
    else if (told->amount && side == SIDE_GIVEN) refuse(err, TIME_AS_MONEY, c->pack->code);
    else if (told->amount && !priced) refuse(err, SERVICE_AS_MONEY, c->pack->code);
    if (told->amount && !priced) return error_at(err, NULL, 0, "amount");
    if (held) return check_holding(c, codes, told, err);
    return side == SIDE_GIVEN ? check_minutes(told, err)
                              : check_service(c, codes, told, service, err);
  }
  if (told->quantity) {
    if (span_is(told->unit, "minutes")) refuse(err, MONEY_AS_TIME, c->pack->code);
    else refuse(err, MONEY_AS_QUANTITY, c->pack->code);
    return error_at(err, NULL, 0, "quantity");
  }
  return check_money(told, err);
}

/* What was paid for the use is its value; it has no year of a unit cost. */
static enum status value_priced(const struct book_service *service, int64_t price,
                                struct line *line, struct error *err) {
  struct text t = {0};
  if (price <= 0) return refuse_at(err, "amount", PRICE_NOT_POSITIVE);
  line->has_quantity = true;
  line->service = (int32_t)service->id;
  line->amount = price;
  if (line_holds(price)) return DONE;
  text_add_money(&t, price);
  refuse(err, AMOUNT_TOO_LARGE, t.bytes);
  text_release(&t);
  return error_at(err, NULL, 0, "amount");
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
    return refuse_at(err, "quantity", VALUE_TOO_LARGE);
  line->cost_year = cost->year;
  line->estimated = line->estimated || stale || cost->estimated;
  return DONE;
}

static enum status refuse_holding_size(const struct book_unit *unit, int64_t number,
                                       struct error *err) {
  struct text t = {0}, most = {0};
  text_add_decimal(&t, number, unit->scale);
  text_add_decimal(&most, LIMIT_LINE, unit->scale);
  (void)refuse(err, UNITS_TOO_LARGE, t.bytes, unit->code, most.bytes);
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
  if (service) refuse(err, QUANTITY_TOO_LARGE, t.bytes);
  else if (c->pack->side == SIDE_GIVEN) refuse(err, MINUTES_TOO_LARGE, t.bytes);
  else refuse(err, AMOUNT_TOO_LARGE, t.bytes);
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
    if (rules->price) return value_priced(service, *rules->price, line, err);
    return value_service(rules->codes, service, line, err);
  case SIDE_GIVEN:
  case SIDE_CONTRIBUTION: line->amount = -number; return DONE;
  default: line->amount = number; return DONE;
  }
}

enum status entry_input_reference(struct span reference, struct error *err) {
  const size_t size = sizeof ENTRY_REFERENCE_OF_AWARDS - 1;
  const bool reserved = reference.size >= size &&
                        memcmp(reference.bytes, ENTRY_REFERENCE_OF_AWARDS, size) == 0;
  return reserved ? refuse_at(err, "reference", REFERENCE_OF_AWARDS) : DONE;
}

enum status entry_input_life(const struct entry_input_category *c, day_t born, day_t died,
                             day_t day, struct error *err) {
  char when[11];
  if (born != DAY_NONE && day < born) {
    refuse(err, DAY_BEFORE_BIRTH, day_write(born, when));
    return error_at(err, NULL, 0, "date");
  }
  if (died == DAY_NONE || day <= died) return DONE;
  if (c->pack->side != SIDE_SERVICE && c->pack->side != SIDE_GIVEN) return DONE;
  refuse(err, DAY_AFTER_DEATH, day_write(died, when));
  return error_at(err, NULL, 0, "date");
}
