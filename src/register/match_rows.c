#include "register/match_rows.h"

/* ---- rows ---- */

static bool waits(const struct match_row *row) {
  bool open = false;
  for (int i = 0; i < row->count; i++) open |= row->of[i]->answer == ANSWER_OPEN;
  return open && !row->same;
}

void match_rows(const struct person_decisions *d, struct arena *arena, struct match_row **out,
                int *count) {
  const int most = d->count;
  int *row_of = arena_array(arena, int, most + 1);
  struct match_row *rows = *out = arena_array(arena, struct match_row, most + 1);
  *count = 0;
  for (int i = 0; i < most; i++) {
    row_of[i] = d->before[i] < 0 ? (*count)++ : row_of[d->before[i]];
    rows[row_of[i]].count++;
  }
  for (int r = 0; r < *count; r++) {
    const struct person_decision **of = arena_array(arena, const struct person_decision *,
                                                    rows[r].count + 1);
    rows[r].of = of;
    rows[r].count = 0;
  }
  for (int i = 0; i < most; i++) {
    struct match_row *row = &rows[row_of[i]];
    const struct person_decision **of = (const struct person_decision **)row->of;
    if (!row->count) row->number = d->all[i].first;
    of[row->count++] = &d->all[i];
    if (d->all[i].answer == ANSWER_SAME) row->same = &d->all[i];
  }
  for (int r = 0; r < *count; r++) rows[r].waits = waits(&rows[r]);
}

/* ---- who may be meant ---- */

/* The index of one person says what agrees, by the same rules as that of everybody. */
static void compare(struct arena *arena, const struct pack_name_words *words,
                    const struct homes *homes, struct match_candidate *c) {
  enum { HOMES_MOST = 32 };
  const char *postcodes[HOMES_MOST];
  const struct person_decision *x = c->decision;
  const struct person_told told = {span_of(x->name), x->born, span_of(x->postcode)};
  struct person_listed one = {.person = c->person.id,
                              .record = c->person.id,
                              .code = c->person.code,
                              .name = span_of(c->person.name),
                              .born = c->person.born,
                              .postcodes = postcodes};
  struct address_stay *stays = NULL;
  int count = 0;
  homes_addresses(homes, &c->person, arena, &stays, &count);
  for (int i = 0; i < count && one.postcode_count < HOMES_MOST; i++)
    if (stays[i].address->postcode) postcodes[one.postcode_count++] = stays[i].address->postcode;
  struct person_index *index = person_index_new(words, arena, 1, HOMES_MOST);
  person_index_add(index, &one);
  (void)person_index_agrees(index, one.record, &told, &c->how);
}

enum status match_candidate_read(struct store *store, struct arena *arena,
                                 const struct pack_name_words *words,
                                 const struct person_decision *decision,
                                 struct match_candidate *out, struct error *err) {
  struct homes *homes = NULL;
  *out = (struct match_candidate){.decision = decision};
  enum status status = register_surviving_person(store, arena, decision->person, &out->person, err);
  if (status == DONE) status = register_homes(store, arena, &out->person, &homes, err);
  if (status != DONE) return status;
  const struct address *address = homes_address(homes, &out->person, day_today());
  out->postcode = address && address->postcode ? address->postcode : "";
  compare(arena, words, homes, out);
  return DONE;
}
