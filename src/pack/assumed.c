/* Rows of assumed.csv: inputs of the rules that are taken as they usually are while
 * nobody tells them. policy/uk/README.md says what each column holds. */
#include "pack/fields.h"

enum {
  ASSUMED_VARIABLE,
  ASSUMED_OTHERWISE,
  ASSUMED_AGES,
  ASSUMED_NAME,
  ASSUMED_NAME_CY,
  ASSUMED_TAKEN,
  ASSUMED_TAKEN_CY,
  ASSUMED_WHY,
  ASSUMED_WHY_CY,
  ASSUMED_SOURCE
};

enum status pack_take_assumed(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  const int number = p->assumed_count;
  struct pack_assumed *a = PACK_APPEND(p->assumed, p->assumed_count);
  enum status s = pack_take_rule_name(row, ASSUMED_VARIABLE, &a->variable, err);
  if (s == DONE && !pack_index_add(p->index, KIND_ASSUMED, a->variable, number))
    return refuse_field(row, ASSUMED_VARIABLE, err, PACK_CODE_TWICE);
  if (s == DONE) s = pack_take_ages(row, ASSUMED_AGES, &a->ages, err);
  if (s == DONE) s = pack_take_names(row, ASSUMED_NAME, ASSUMED_NAME_CY, a->name, err);
  if (s == DONE) s = pack_take_names(row, ASSUMED_TAKEN, ASSUMED_TAKEN_CY, a->taken, err);
  if (s == DONE) s = pack_take_names(row, ASSUMED_WHY, ASSUMED_WHY_CY, a->why, err);
  if (s == DONE) s = pack_take_text(row, ASSUMED_SOURCE, &a->source, err);
  a->otherwise = pack_copy(row, ASSUMED_OTHERWISE);
  return s;
}

/* Once all rows are there and stay where they are. */
enum status pack_check_assumed(struct pack *p, struct error *err) {
  (void)err;
  for (int i = 0; i < p->tellable_count; i++) {
    const int found = pack_index_find(p->index, KIND_ASSUMED, span_of(p->tellables[i].variable));
    if (found >= 0 && *p->assumed[found].otherwise) p->tellables[i].assumed = &p->assumed[found];
  }
  return DONE;
}
