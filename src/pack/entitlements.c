/* The rules of the rows of entitlements.csv: what an assessment tells, and who pays it.
 * policy/uk/README.md says what each column holds. */
#include "pack/fields.h"

static const char *const side_words[] = {"get", "pay"};
static const char *const per_words[TELL_PERS] = {"", "week", "month", "year"};

enum {
  ENTITLED_VARIABLE,
  ENTITLED_NAME,
  ENTITLED_NAME_CY,
  ENTITLED_SIDE,
  ENTITLED_CATEGORY,
  ENTITLED_PER,
  ENTITLED_PAYER,
  ENTITLED_CLAIM,
  ENTITLED_SENSITIVE,
  ENTITLED_SOURCE,
  ENTITLED_AGES,
  ENTITLED_IN_PAYMENT,
  ENTITLED_WITHIN,
  ENTITLED_CLAIMED,
  ENTITLED_UNSAID,
  ENTITLED_UNSAID_CY,
  ENTITLED_BILLED,
  ENTITLED_HELPS_PAY,
  ENTITLED_NATIONS
};

enum status pack_take_entitlement(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->entitlement_count, side = 0, category = 0, per = 0, payer = 0, paid = 0, bill = 0;
  struct pack_entitlement *e = PACK_APPEND(p->entitlements, p->entitlement_count);
  enum status s = pack_take_rule_name(row, ENTITLED_VARIABLE, &e->variable, err);
  if (s == DONE && !pack_index_add(p->index, KIND_ENTITLEMENT, e->variable, number))
    return refuse_field(row, ENTITLED_VARIABLE, err, PACK_CODE_TWICE);
  if (s == DONE) s = pack_take_names(row, ENTITLED_NAME, ENTITLED_NAME_CY, e->name, err);
  if (s == DONE) s = pack_take_word(row, ENTITLED_SIDE, side_words, 2, &side, err);
  if (s == DONE)
    s = pack_take_reference(row, ENTITLED_CATEGORY, KIND_CATEGORY, "categories.csv", &category,
                            err);
  if (s == DONE) s = pack_take_word(row, ENTITLED_PER, per_words, TELL_PERS, &per, err);
  const bool by_council = span_is(pack_field(row, ENTITLED_PAYER), PACK_PAYER_COUNCIL);
  if (s == DONE && !by_council)
    s = pack_take_reference(row, ENTITLED_PAYER, KIND_BODY, "bodies.csv", &payer, err);
  if (s == DONE) s = pack_take_flag(row, ENTITLED_SENSITIVE, &e->sensitive, err);
  if (s == DONE) s = pack_take_text(row, ENTITLED_SOURCE, &e->source, err);
  if (s == DONE) s = pack_take_ages(row, ENTITLED_AGES, &e->ages, err);
  if (s == DONE && !pack_absent(row, ENTITLED_IN_PAYMENT)) {
    s = pack_take_reference(row, ENTITLED_IN_PAYMENT, KIND_TELLABLE, "tellable.csv", &paid, err);
    e->in_payment = &p->tellables[paid];
  }
  if (s == DONE) s = pack_take_flag(row, ENTITLED_WITHIN, &e->within, err);
  if (s == DONE && !pack_absent(row, ENTITLED_CLAIMED))
    s = pack_take_rule_name(row, ENTITLED_CLAIMED, &e->claimed, err);
  if (s == DONE && !pack_absent(row, ENTITLED_UNSAID))
    s = pack_take_names(row, ENTITLED_UNSAID, ENTITLED_UNSAID_CY, e->unsaid, err);
  if (s == DONE && !pack_absent(row, ENTITLED_BILLED))
    s = pack_take_rule_name(row, ENTITLED_BILLED, &e->billed, err);
  if (s == DONE && !pack_absent(row, ENTITLED_HELPS_PAY)) {
    s = pack_take_reference(row, ENTITLED_HELPS_PAY, KIND_TELLABLE, "tellable.csv", &bill, err);
    e->helps_pay = &p->tellables[bill];
  }
  if (s == DONE && !pack_absent(row, ENTITLED_NATIONS))
    s = pack_take_bits(row, ENTITLED_NATIONS, pack_nation_words, PACK_NATIONS, &e->nations, err);
  if (s != DONE) return s;
  e->is_paid = side == 1;
  e->category = &p->categories[category];
  e->per = (enum tell_per)per;
  e->payer = pack_copy(row, ENTITLED_PAYER);
  e->claim = pack_absent(row, ENTITLED_CLAIM) ? NULL : pack_copy(row, ENTITLED_CLAIM);
  return DONE;
}

bool pack_entitlement_is_of(const struct pack_entitlement *what, int nation) {
  return nation < 0 || !what->nations || (what->nations & 1u << nation);
}
