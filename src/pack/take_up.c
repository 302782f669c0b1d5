/* The rules of the rows of take-up.csv: on what basis people who did not ask are looked through for
 * an entitlement. policy/uk/README.md says what each column holds. */
#include "pack/fields.h"

static const char *const basis_words[] = {"own", "agreement"};

enum {
  UP_VARIABLE,
  UP_BASIS,
  UP_PURPOSE,
  UP_PURPOSE_CY,
  UP_LAW,
  UP_NEEDS,
  UP_NEEDS_CY,
  UP_AGAIN,
  UP_ANSWER,
  UP_SOURCE,
  UP_PUBLIC
};

/* What is paid and not got, and what is about health, is never looked for. */
enum status pack_take_take_up(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->take_up_count, of = 0, basis = 0;
  struct pack_take_up *up = PACK_APPEND(p->take_ups, p->take_up_count);
  enum status s = pack_take_reference(row, UP_VARIABLE, KIND_ENTITLEMENT, "entitlements.csv", &of,
                                      err);
  if (s == DONE && (p->entitlements[of].is_paid || p->entitlements[of].sensitive))
    return refuse_field(row, UP_VARIABLE, err, PACK_TAKE_UP_SENSITIVE);
  if (s == DONE) s = pack_take_word(row, UP_BASIS, basis_words, 2, &basis, err);
  if (s == DONE) s = pack_take_names(row, UP_PURPOSE, UP_PURPOSE_CY, up->purpose, err);
  if (s == DONE) s = pack_take_text(row, UP_LAW, &up->law, err);
  if (s == DONE && basis == TAKE_UP_AGREEMENT)
    s = pack_take_names(row, UP_NEEDS, UP_NEEDS_CY, up->needs, err);
  if (s == DONE) s = pack_take_deadline(row, UP_AGAIN, &up->again, err);
  if (s == DONE) s = pack_take_deadline(row, UP_ANSWER, &up->answer, err);
  if (s == DONE) s = pack_take_text(row, UP_SOURCE, &up->source, err);
  if (s == DONE) s = pack_take_flag(row, UP_PUBLIC, &up->is_public, err);
  if (s != DONE) return s;
  up->what = &p->entitlements[of];
  up->basis = (enum take_up_basis)basis;
  if (!pack_index_add(p->index, KIND_TAKE_UP, up->what->variable, number))
    return refuse_field(row, UP_VARIABLE, err, PACK_CODE_TWICE);
  return DONE;
}

const struct pack_take_up *pack_find_take_up(const struct pack *pack,
                                             const struct pack_entitlement *what) {
  int row = pack_index_find(pack->index, KIND_TAKE_UP, span_of(what->variable));
  return row < 0 ? NULL : &pack->take_ups[row];
}
