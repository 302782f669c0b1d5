#include "statement/reference_data.h"

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

static void write_units(struct facts *facts, struct arena *arena) {
  const struct units *units = facts->codes->units;
  for (int language = 0; language < PACK_LANGUAGES; language++) {
    facts->shown[language] = arena_array(arena, struct doc_unit, units->count);
    for (int i = 0; i < units->count; i++) {
      const struct book_unit *u = &units->all[i];
      facts->shown[language][i] = (struct doc_unit){.scale = u->scale, .full = u->kind == UNIT_MONEY, .before = u->before, .one = u->one[language], .many = u->many[language]};
    }
  }
}

enum status facts_read(struct store *store, const struct pack *pack, struct arena *arena, struct facts **out, struct error *err) {
  struct facts *facts = arena_alloc(arena, sizeof *facts);
  *facts = (struct facts){.pack = pack};
  enum status status = read_lasts(store, facts, err); /* first: what comes while we read is told as new next time */
  if (status == DONE) status = register_places(store, arena, &facts->places, err);
  if (status == DONE) status = register_bodies(store, arena, &facts->bodies, err);
  if (status == DONE) status = book_codes(store, arena, &facts->codes, err);
  if (status == DONE) write_units(facts, arena);
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

/* What a unit that the table does not have is shown as: a foreign hand's. */
static const struct doc_unit bare = {.before = "", .one = "", .many = ""};

static const struct doc_unit *unit_shown(const struct facts *facts, enum language language, const char *code) {
  const struct book_unit *unit = units_find(facts->codes->units, span_of(code));
  return unit ? &facts->shown[language][unit - facts->codes->units->all] : &bare;
}

struct doc_value facts_amount(const struct facts *facts, enum language language, const char *unit, wide_t n) {
  if (strcmp(unit, UNIT_PENCE) == 0) return doc_money(n);
  if (strcmp(unit, UNIT_MINUTES) == 0) return doc_minutes(n);
  return doc_of_unit(n, unit_shown(facts, language, unit));
}

struct doc_value facts_exactly(const struct facts *facts, enum language language, const char *unit, int64_t n) {
  if (strcmp(unit, UNIT_PENCE) == 0) return doc_exactly(DOC_MONEY, n);
  if (strcmp(unit, UNIT_MINUTES) == 0) return doc_exactly(DOC_MINUTES, n);
  return doc_unit_exactly(n, unit_shown(facts, language, unit));
}
