#include "statement/facts.h"

static enum status read_lasts(struct store *store, struct facts *facts, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(store, &q, "select place, body, category, service, import from head where id = 1", err);
  if (status != DONE) return status;
  status = query_step(q, &row, err);
  if (status == DONE && !row) status = error_set(err, FAILED, "the store has no head row; it is damaged");
  if (status == DONE) {
    facts->place_last = query_int(q, 0);
    facts->body_last = query_int(q, 1);
    facts->category_last = query_int(q, 2);
    facts->service_last = query_int(q, 3);
    facts->import_last = query_int(q, 4);
  }
  query_end(q);
  return status;
}

enum status facts_read(struct store *store, const struct pack *pack, struct arena *arena, struct facts **out, struct error *err) {
  struct facts *facts = arena_alloc(arena, sizeof *facts);
  *facts = (struct facts){.pack = pack};
  enum status status = read_lasts(store, facts, err); /* first: what comes while we read is told as new next time */
  if (status == DONE) status = register_places(store, arena, &facts->places, err);
  if (status == DONE) status = register_bodies(store, arena, &facts->bodies, err);
  if (status == DONE) status = book_codes(store, arena, &facts->codes, err);
  if (status == DONE) status = figures_chart(&facts->chart, pack, facts->codes, arena, err);
  *out = facts;
  return status;
}

enum status facts_current(struct store *store, const struct facts *facts, bool *current, struct error *err) {
  struct facts now = {0};
  enum status status = read_lasts(store, &now, err);
  *current = now.place_last == facts->place_last && now.body_last == facts->body_last && now.category_last == facts->category_last &&
             now.service_last == facts->service_last && now.import_last == facts->import_last;
  return status;
}

const char *facts_body_name(const struct facts *facts, int64_t body) {
  const struct body *found = body ? bodies_by_id(facts->bodies, body) : NULL;
  return found ? found->name : "";
}

const char *facts_body_code(const struct facts *facts, int64_t body) {
  const struct body *found = body ? bodies_by_id(facts->bodies, body) : NULL;
  return found ? found->code : "";
}

const struct place *facts_place(const struct facts *facts, int64_t place) {
  int index = place ? places_by_id(facts->places, place) : PLACE_NONE;
  return index == PLACE_NONE ? NULL : &facts->places->all[index];
}

const struct book_service *facts_service(const struct facts *facts, int64_t service) {
  return service > 0 && service <= facts->codes->service_count ? &facts->codes->services[service - 1] : NULL;
}
