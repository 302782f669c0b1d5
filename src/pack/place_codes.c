/* The rules of the rows of place-codes.csv: what the rules call the place of a code.
 * policy/uk/README.md says what each column holds. */
#include "pack/fields.h"

enum { PLACE_OF_CODE, PLACE_VARIABLE, PLACE_ITEM, PLACE_SOURCE };

enum status pack_take_place_code(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->place_code_count;
  struct pack_place_code *c = PACK_APPEND(p->place_codes, p->place_code_count);
  enum status s = pack_take_text(row, PLACE_OF_CODE, &c->code, err);
  if (s == DONE) s = pack_take_rule_name(row, PLACE_VARIABLE, &c->variable, err);
  if (s == DONE) s = pack_take_text(row, PLACE_ITEM, &c->item, err);
  if (s == DONE) s = pack_take_text(row, PLACE_SOURCE, &c->source, err);
  if (s != DONE) return s;
  const char *key = arena_printf(p->index->arena, "%s %s", c->variable, c->code);
  if (!pack_index_add(p->index, KIND_PLACE_CODE, key, number))
    return refuse_field(row, PLACE_OF_CODE, err, PACK_CODE_TWICE);
  return DONE;
}

const struct pack_place_code *pack_find_place_code(const struct pack *pack, const char *variable,
                                                   const char *code) {
  const struct pack_place_code *found = NULL;
  for (int i = 0; i < pack->place_code_count; i++) {
    const struct pack_place_code *one = &pack->place_codes[i];
    const size_t size = strlen(one->code);
    if (strcmp(one->variable, variable) != 0 || strncmp(one->code, code, size) != 0) continue;
    if (!found || size > strlen(found->code)) found = one;
  }
  return found;
}
