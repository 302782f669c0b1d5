/* A writer of few rows: reads what a row names, when it names it. It fills the same lists as a
 * whole reading, so the checks and the writing are the same. */
#include "register/writer.h"

#include "register/numbers.h"

/* read before, and an earlier row has changed the value */
static bool known(const struct register_writer *w, int64_t id) {
  for (int i = 0; i < w->person_count; i++)
    if (w->people[i].party.id == id) return true;
  for (int i = 0; i < w->household_count; i++)
    if (w->households[i].party.id == id) return true;
  return false;
}

static enum status read_numbers_of(struct register_writer *w, int person, struct error *err) {
  struct query *q;
  enum status status = store_query(w->store, &q,
                                   "select value, scheme, suffix from identifier where party = ?1",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, w->people[person].party.id);
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row)
    for (int n = 0; n < writer_schemes(w); n++)
      if (span_is(query_text(q, 1), writer_scheme(w, n)))
        writer_keep_number(w, person, n, query_text(q, 0), query_text(q, 2));
  query_end(q);
  return status;
}

static enum status read_party(struct register_writer *w, int64_t id, struct error *err) {
  struct query *q;
  enum status status = store_query(w->store, &q,
                                   "select " PARTY_COLUMNS " from party where id = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, id);
  bool row;
  int person = -1, household = -1;
  if ((status = query_step(q, &row, err)) == DONE && row && query_text(q, 2).size) {
    if (span_is(query_text(q, 1), "person")) person = writer_keep_person(w, q);
    else household = writer_keep_household(w, q);
  }
  query_end(q);
  if (status == DONE && person >= 0) status = read_numbers_of(w, person, err);
  if (status != DONE || (person < 0 && household < 0)) return status;
  struct known_party *party = person >= 0 ? &w->people[person].party
                                          : &w->households[household].party;
  return residences_of_party(w->store, w->arena, id, &party->residences, &party->residence_count,
                             err);
}

enum status writer_few_party(struct register_writer *w, const struct map *map, struct span value,
                             const char *scheme, struct error *err) {
  if (!w->few || value.size == 0 || map_get(map, value) >= 0) return DONE;
  struct query *q;
  enum status status = store_query(w->store, &q,
                                   "select party from identifier where value = ?1 and scheme = ?2",
                                   err);
  if (status != DONE) return status;
  query_bind_text(q, 1, value);
  query_bind_text(q, 2, span_of(scheme));
  bool row;
  int64_t id = 0;
  if ((status = query_step(q, &row, err)) == DONE && row) id = query_int(q, 0);
  query_end(q);
  return status == DONE && id && !known(w, id) ? read_party(w, id, err) : status;
}

enum status writer_few_number(struct register_writer *w, int number,
                              const struct identifier *wanted, struct error *err) {
  if (!w->few || map_get(&w->person_by_number[number], span_of(wanted->value)) >= 0) return DONE;
  struct holders holders;
  enum status status = numbers_holders(w->store, wanted, &holders, err);
  for (int i = 0; status == DONE && i < holders.count; i++)
    if (!known(w, holders.all[i].party)) status = read_party(w, holders.all[i].party, err);
  return status;
}

enum status writer_few_place(struct register_writer *w, struct span code, struct error *err) {
  if (!w->few || map_get(&w->place_by_code, code) >= 0) return DONE;
  struct query *q;
  enum status status = store_query(w->store, &q,
                                   "select id, code, name, kind from place where code = ?1", err);
  if (status != DONE) return status;
  query_bind_text(q, 1, code);
  bool row;
  if ((status = query_step(q, &row, err)) == DONE && row) {
    array_reserve(w->places, w->place_capacity, w->place_count + 1);
    struct known_place *p = &w->places[w->place_count];
    *p = (struct known_place){query_int(q, 0),
                              writer_keep(w, query_text(q, 1)),
                              writer_keep(w, query_text(q, 2)),
                              writer_keep(w, query_text(q, 3)),
                              PLACE_NONE,
                              0};
    map_set(&w->place_by_code, span_of(p->code), w->place_count++);
  }
  query_end(q);
  return status;
}
