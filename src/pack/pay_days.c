/* The rules of the rows of pay-days.csv and overpayments.csv: on which days an entitlement is paid,
 * and what becomes of what was paid too much. policy/uk/README.md says what each column holds. */
#include "base/money.h"
#include "pack/fields.h"

static const char *const every_words[PAY_EVERYS] = {"week",  "2-weeks", "4-weeks",
                                                    "month", "year",    "once"};
static const char *const part_words[] = {"days", "whole"};

enum { PAY_VARIABLE, PAY_EVERY, PAY_AFTER, PAY_PART, PAY_SOURCE };
enum {
  OVER_VARIABLE,
  OVER_TERMS,
  OVER_TERMS_CY,
  OVER_SOURCE,
  OVER_FAULT,
  OVER_MOST_OF,
  OVER_PERCENT,
  OVER_TIMES,
  OVER_STEP,
  OVER_LEAST,
  OVER_MOST_SOURCE
};

const char *pay_every_word(enum pay_every every) { return every_words[every]; }

bool pay_every_is(struct span word) {
  for (int i = 0; i < PAY_EVERYS; i++)
    if (span_is(word, every_words[i])) return true;
  return false;
}

enum status pack_take_pay_days(const struct pack_row *row, struct error *err) {
  enum { AFTER_MOST = 31 };
  struct pack *p = row->pack;
  int number = p->pay_day_count, of = 0, every = 0, part = 0;
  struct pack_pay_days *days = PACK_APPEND(p->pay_days, p->pay_day_count);
  enum status s = pack_take_reference(row, PAY_VARIABLE, KIND_ENTITLEMENT, "entitlements.csv", &of,
                                      err);
  if (s == DONE) s = pack_take_word(row, PAY_EVERY, every_words, PAY_EVERYS, &every, err);
  if (s == DONE) s = pack_take_word(row, PAY_PART, part_words, 2, &part, err);
  if (s == DONE) s = pack_take_text(row, PAY_SOURCE, &days->source, err);
  if (s != DONE) return s;
  const struct span after = pack_field(row, PAY_AFTER);
  days->after = 0;
  for (size_t i = 0; i < after.size && days->after <= AFTER_MOST; i++) {
    if (after.bytes[i] < '0' || after.bytes[i] > '9') days->after = AFTER_MOST + 1;
    else days->after = days->after * 10 + (after.bytes[i] - '0');
  }
  if (!after.size || days->after > AFTER_MOST)
    return refuse_field(row, PAY_AFTER, err, PACK_PAY_AFTER, AFTER_MOST);
  days->what = &p->entitlements[of];
  days->every = (enum pay_every)every;
  days->whole = part == 1;
  if (every == PAY_ONCE && !days->whole) return refuse_field(row, PAY_PART, err, PACK_PAY_ONCE);
  const char *key = arena_printf(p->index->arena, "%s %s", days->what->variable,
                                 every_words[every]);
  if (!pack_index_add(p->index, KIND_PAY_DAYS, key, number))
    return refuse_field(row, PAY_EVERY, err, PACK_CODE_TWICE);
  return DONE;
}

/* How much may be taken of later payments: all of it or nothing. */
static enum status take_limit(const struct pack_row *row, struct pack_overpayment *o,
                              struct error *err) {
  static const struct {
    int column;
    int64_t least, most;
  } numbers[] = {{OVER_PERCENT, 1, 100}, {OVER_TIMES, 1, 20}, {OVER_STEP, 0, 100}};
  int *const out[] = {&o->most_percent, &o->most_times, &o->most_step};
  if (!pack_field(row, OVER_MOST_OF).size) return DONE;
  enum status s = pack_take_text(row, OVER_MOST_OF, &o->most_of, err);
  for (int i = 0; s == DONE && i < 3; i++) {
    int64_t number = 0;
    struct error none = {0};
    const struct span text = pack_field(row, numbers[i].column);
    if (integer_parse(text, &number, &none) != DONE || number < numbers[i].least ||
        number > numbers[i].most)
      return refuse_field(row, numbers[i].column, err, PACK_OVERPAYMENT_NUMBER,
                          (int)numbers[i].least, (int)numbers[i].most);
    *out[i] = (int)number;
  }
  if (s == DONE) s = pack_take_amount(row, OVER_LEAST, &o->least, err);
  const char *source = NULL;
  return s == DONE ? pack_take_text(row, OVER_MOST_SOURCE, &source, err) : s;
}

enum status pack_take_overpayment(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->overpayment_count, of = 0;
  struct pack_overpayment *o = PACK_APPEND(p->overpayments, p->overpayment_count);
  enum status s = pack_take_reference(row, OVER_VARIABLE, KIND_ENTITLEMENT, "entitlements.csv", &of,
                                      err);
  if (s == DONE) s = pack_take_names(row, OVER_TERMS, OVER_TERMS_CY, o->terms, err);
  if (s == DONE) s = pack_take_text(row, OVER_SOURCE, &o->source, err);
  if (s == DONE && pack_field(row, OVER_FAULT).size)
    s = pack_take_flag(row, OVER_FAULT, &o->needs_fault, err);
  if (s == DONE) s = take_limit(row, o, err);
  if (s != DONE) return s;
  o->what = &p->entitlements[of];
  if (!pack_index_add(p->index, KIND_OVERPAYMENT, o->what->variable, number))
    return refuse_field(row, OVER_VARIABLE, err, PACK_CODE_TWICE);
  return DONE;
}

const struct pack_entitlement *pack_find_entitlement(const struct pack *pack,
                                                     struct span variable) {
  int row = pack_index_find(pack->index, KIND_ENTITLEMENT, variable);
  return row < 0 ? NULL : &pack->entitlements[row];
}

const struct pack_pay_days *pack_find_pay_days(const struct pack *pack,
                                               const struct pack_entitlement *what,
                                               struct span every) {
  for (int i = 0; i < pack->pay_day_count; i++)
    if (pack->pay_days[i].what == what &&
        (!every.size || span_is(every, every_words[pack->pay_days[i].every])))
      return &pack->pay_days[i];
  return NULL;
}

const struct pack_overpayment *pack_find_overpayment(const struct pack *pack,
                                                     const struct pack_entitlement *what) {
  int row = pack_index_find(pack->index, KIND_OVERPAYMENT, span_of(what->variable));
  return row < 0 ? NULL : &pack->overpayments[row];
}
