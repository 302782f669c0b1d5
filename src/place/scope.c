#include "base/refusal.h"
#include "book/scan.h"
#include "place/gather.h"

/* Finds, for each place of the book, the part of the requested place that it is in. */
static void index_parts(struct scope *s) {
  const struct places *places = s->places;
  s->part_of = arena_array(s->arena, int, places->count + 1);
  s->parts = arena_array(s->arena, int, places->count + 1);
  for (int child = places->all[s->place].first_child; child != PLACE_NONE;
       child = places->all[child].next_sibling)
    s->parts[s->part_count++] = child;
  for (int i = 0; i < places->count; i++) {
    int at = i;
    while (at != PLACE_NONE && at != s->place && places->all[at].parent != s->place)
      at = places->all[at].parent;
    s->part_of[i] = at == PLACE_NONE ? (s->whole ? s->part_count : -1) : s->part_count;
    for (int part = 0; part < s->part_count && at != PLACE_NONE && at != s->place; part++)
      if (s->parts[part] == at) s->part_of[i] = part;
  }
}

enum status scope_read(struct scope *s, struct error *err) {
  enum status status = register_places(s->store, s->arena, &s->places, err);
  if (status != DONE) return status;
  s->place = s->request->code ? places_by_code(s->places, span_of(s->request->code))
                              : s->places->own;
  if (s->place == PLACE_NONE && s->request->code)
    return refuse(err, PLACE_CODE_UNKNOWN, s->request->code);
  if (s->place == PLACE_NONE) return refuse(err, PLACE_OF_BOOK_NONE);
  s->whole = s->places->own != PLACE_NONE && places_within(s->places, s->places->own, s->place);
  status = book_codes(s->store, s->arena, &s->codes, err);
  if (status == DONE) status = figures_chart(&s->chart, s->pack, s->codes, s->arena, err);
  if (status == DONE) status = register_people(s->store, s->arena, &s->people, err);
  if (status == DONE) status = register_bodies_by_id(s->store, s->arena, &s->bodies, err);
  if (status == DONE) status = keeper_read(s->store, s->pack, s->arena, &s->keeper, err);
  if (status == DONE)
    status = book_accounts_all(s->store, s->arena, OWNER_PERSON, &s->accounts, &s->account_count,
                               err);
  if (status == DONE) status = book_reading(s->store, s->arena, &s->reading, err);
  if (status != DONE) return status;
  s->account_first = scan_index_owners(s->accounts, s->account_count, s->people->max_id, s->arena);
  index_parts(s);
  s->row_count = scope_row_count(s);
  return DONE;
}
