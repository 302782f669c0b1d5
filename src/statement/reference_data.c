#include "statement/reference_data.h"

#include "store/head.h"

static enum status read_lasts(struct store *store, struct reference_data *reference_data,
                              struct error *err) {
  struct head head;
  enum status status = head_read(store, &head, err);
  if (status == DONE) {
    reference_data->place_last = head.place;
    reference_data->body_last = head.body;
    reference_data->category_last = head.category;
    reference_data->service_last = head.service;
    reference_data->import_last = head.import;
  }
  return status;
}

static void write_units(struct reference_data *reference_data, struct arena *arena) {
  const struct units *units = reference_data->codes->units;
  for (int language = 0; language < LANGUAGES; language++) {
    reference_data->shown[language] = arena_array(arena, struct doc_unit, units->count);
    for (int i = 0; i < units->count; i++) {
      const struct book_unit *u = &units->all[i];
      reference_data->shown[language][i] = (struct doc_unit){.scale = u->scale,
                                                             .full = u->kind == UNIT_MONEY,
                                                             .before = u->before,
                                                             .one = u->one[language],
                                                             .many = u->many[language]};
    }
  }
}

enum status reference_data_read(struct store *store, const struct pack *pack, struct arena *arena,
                                struct reference_data **out, struct error *err) {
  struct reference_data *reference_data = arena_alloc(arena, sizeof *reference_data);
  *reference_data = (struct reference_data){.pack = pack};
  /* read first, so that rows that come while we read are found the next time */
  enum status status = read_lasts(store, reference_data, err);
  if (status == DONE) status = register_places(store, arena, &reference_data->places, err);
  if (status == DONE) status = register_bodies(store, arena, &reference_data->bodies, err);
  if (status == DONE) status = book_codes(store, arena, &reference_data->codes, err);
  if (status == DONE) status = keeper_read(store, pack, arena, &reference_data->keeper, err);
  if (status == DONE) write_units(reference_data, arena);
  if (status == DONE)
    status = figures_chart(&reference_data->chart, pack, reference_data->codes, arena, err);
  *out = reference_data;
  return status;
}

enum status reference_data_current(struct store *store, const struct reference_data *reference_data,
                                   bool *current, struct error *err) {
  struct reference_data now = {0};
  struct arena *arena = arena_new();
  const char *keeper = "";
  enum status status = read_lasts(store, &now, err);
  if (status == DONE) status = keeper_read_stored(store, arena, &keeper, err);
  *current = strcmp(keeper, reference_data->keeper.stored) == 0 &&
             now.place_last == reference_data->place_last &&
             now.body_last == reference_data->body_last &&
             now.category_last == reference_data->category_last &&
             now.service_last == reference_data->service_last &&
             now.import_last == reference_data->import_last;
  arena_free(arena);
  return status;
}

const char *reference_data_body_name(const struct reference_data *reference_data, int64_t body,
                                     enum language language) {
  const struct body *found = body ? bodies_by_id(reference_data->bodies, body) : NULL;
  if (!found) return "";
  return pack_body_name(reference_data->pack, found->code, found->name, language);
}

const char *reference_data_body_code(const struct reference_data *reference_data, int64_t body) {
  const struct body *found = body ? bodies_by_id(reference_data->bodies, body) : NULL;
  return found ? found->code : "";
}

const struct place *reference_data_place(const struct reference_data *reference_data,
                                         int64_t place) {
  int index = place ? places_by_id(reference_data->places, place) : PLACE_NONE;
  return index == PLACE_NONE ? NULL : &reference_data->places->all[index];
}

const struct book_service *reference_data_service(const struct reference_data *reference_data,
                                                  int64_t service) {
  return service > 0 && service <= reference_data->codes->service_count
             ? &reference_data->codes->services[service - 1]
             : NULL;
}

/* How a unit is shown that the table does not have (another program wrote it). */
static const struct doc_unit bare = {.before = "", .one = "", .many = ""};

static const struct doc_unit *unit_shown(const struct reference_data *reference_data,
                                         enum language language, const char *code) {
  const struct book_unit *unit = units_find(reference_data->codes->units, span_of(code));
  return unit ? &reference_data->shown[language][unit - reference_data->codes->units->all] : &bare;
}

struct doc_value reference_data_amount(const struct reference_data *reference_data,
                                       enum language language, const char *unit, wide_t n) {
  if (strcmp(unit, UNIT_PENCE) == 0) return doc_money(n);
  if (strcmp(unit, UNIT_MINUTES) == 0) return doc_minutes(n);
  return doc_of_unit(n, unit_shown(reference_data, language, unit));
}

struct doc_value reference_data_exactly(const struct reference_data *reference_data,
                                        enum language language, const char *unit, int64_t n) {
  if (strcmp(unit, UNIT_PENCE) == 0) return doc_exactly(DOC_MONEY, n);
  if (strcmp(unit, UNIT_MINUTES) == 0) return doc_exactly(DOC_MINUTES, n);
  return doc_unit_exactly(n, unit_shown(reference_data, language, unit));
}
