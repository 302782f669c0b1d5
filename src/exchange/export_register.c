/* Exports the register and the codes as import takes them: a person's first row, and a row for each
 * move. */
#include "exchange/columns.h"
#include "exchange/export.h"
#include "exchange/row_writer.h"

#include "book/book.h"
#include "book/streams.h"
#include "register/names.h"
#include "register/schemes.h"

enum { PIECE_BYTES = 256 << 10 };

void row_head(struct row_writer *w) {
  if (w->json) return;
  for (int c = 0; c < w->count; c++) {
    if (c) text_add_char(w->out, ',');
    text_add(w->out, w->columns[c].name);
  }
  text_add_char(w->out, '\n');
}

enum status row_flush(struct row_writer *w, bool last, struct error *err) {
  if (w->out->size == 0 || (!last && w->out->size < PIECE_BYTES)) return DONE;
  enum status status = w->flush(w->context, w->out);
  text_clear(w->out);
  return status == DONE ? DONE : error_set(err, FAILED, "the output could not be written");
}

enum status row_finish(struct row_writer *w, struct store *store, struct arena *arena,
                       enum status status, struct error *err) {
  store_rollback(store);
  arena_free(arena);
  return status == DONE ? row_flush(w, true, err) : status;
}

/* ---- places ---- */

static enum status write_places(struct row_writer *w, const struct places *places, int first,
                                int depth, struct error *err) {
  enum status status = DONE;
  for (int i = first; i != PLACE_NONE && status == DONE; i = places->all[i].next_sibling) {
    const struct place *p = &places->all[i];
    row_begin(w, w->out);
    row_string(w, p->code);
    row_string(w, p->name);
    row_string(w, p->kind);
    row_string(w, p->parent == PLACE_NONE ? NULL : places->all[p->parent].code);
    row_end(w);
    status = row_flush(w, false, err);
    if (status == DONE && depth < places->count)
      status = write_places(w, places, p->first_child, depth + 1, err);
    if (p->parent == PLACE_NONE) break; /* places at the top are not linked as siblings */
  }
  return status;
}

EXPORT(export_places) {
  (void)pack;
  struct row_writer w = ROW_WRITER(places_columns);
  struct arena *arena = arena_new();
  struct places *places;
  enum status status = store_begin(store, STORE_READ, err);
  if (status == DONE) status = register_places(store, arena, &places, err);
  row_head(&w);
  for (int i = 0; status == DONE && i < places->count; i++)
    if (places->all[i].parent == PLACE_NONE) status = write_places(&w, places, i, 0, err);
  return row_finish(&w, store, arena, status, err);
}

/* ---- households and people ---- */

/* Codes of the households and places of residences, and their addresses. */
struct export_places {
  struct places *places;
  struct people *people;
  bool addresses; /* somebody has one: then the file has their columns */
};

static const char *place_code(const struct places *places, int64_t id) {
  int index = id ? places_by_id(places, id) : PLACE_NONE;
  return index == PLACE_NONE ? NULL : places->all[index].code;
}

static const char *household_code(const struct people *people, int64_t id) {
  return id > 0 && id <= people->max_id ? people->household_code[id] : NULL;
}

static enum status read_address_history(struct store *store, struct arena *arena,
                                        struct export_places *out, struct error *err) {
  enum status status = register_places(store, arena, &out->places, err);
  if (status == DONE) status = register_people(store, arena, &out->people, err);
  if (status == DONE)
    status = register_people_addresses(store, arena, out->people, &out->addresses, err);
  return status;
}

static void row_address(struct row_writer *w, const struct address *address) {
  for (int i = 0; i < ADDRESS_LINES; i++) row_string(w, address ? address->line[i] : NULL);
  row_string(w, address ? address->postcode : NULL);
  if (!address || !address->uprn) {
    row_empty(w);
    return;
  }
  row_plain_begin(w);
  text_addf(w->to, "%lld", (long long)address->uprn);
  row_plain_end(w);
}

static void write_household(struct row_writer *w, const struct export_places *at, const char *code,
                            struct span tenure, struct span band,
                            const struct residence *residence) {
  row_begin(w, w->out);
  row_string(w, code);
  row_string(w, residence ? place_code(at->places, residence->place) : NULL);
  row_text(w, tenure);
  row_text(w, band);
  row_day(w, residence ? residence->from : DAY_NONE);
  if (at->addresses) row_address(w, residence ? residence->address : NULL);
  row_end(w);
}

EXPORT(export_households) {
  (void)pack;
  struct row_writer w = ROW_WRITER(households_columns);
  struct arena *arena = arena_new();
  struct export_places at;
  struct query *q = NULL;
  enum status status = store_begin(store, STORE_READ, err);
  if (status == DONE) status = read_address_history(store, arena, &at, err);
  if (status == DONE && !at.addresses) w.count = HOUSEHOLD_ADDRESS;
  row_head(&w);
  if (status == DONE) status = register_households_open(store, &q, err);
  struct household_record household;
  bool some;
  while (status == DONE && (status = register_households_next(q, &household, &some, err)) == DONE &&
         some) {
    const int64_t id = household.id;
    if (id > at.people->max_id) continue;
    const struct residence *residences = at.people->household_residences[id];
    int count = at.people->household_residence_count[id];
    for (int s = 0; s < count || s == 0; s++)
      write_household(&w, &at, at.people->household_code[id], household.tenure, household.band,
                      s < count ? &residences[s] : NULL);
    status = row_flush(&w, false, err);
  }
  query_end(q);
  return row_finish(&w, store, arena, status, err);
}

/* The schemes whose numbers a file of people has: the program's, then those of the place's own that
 * somebody has a number of. */
struct number_columns {
  const char *scheme[PERSON_NUMBERS + LIMIT_SCHEMES];
  int count;
  const char **number; /* `count` for each person, by index */
  struct table_column columns[PERSON_COLUMNS + LIMIT_SCHEMES];
  int column_count;
};

static enum status read_number_columns(struct store *store, struct arena *arena, bool addresses,
                                       struct number_columns *out, struct error *err) {
  struct schemes own;
  enum status status = schemes_read(store, arena, &own, err);
  memcpy(out->columns, people_columns, sizeof people_columns);
  out->column_count = addresses ? PERSON_COLUMNS : PERSON_ADDRESS;
  for (out->count = 0; out->count < PERSON_NUMBERS; out->count++)
    out->scheme[out->count] = people_columns[PERSON_NINO + out->count].name;
  for (int i = 0; status == DONE && i < own.count; i++) {
    bool used = false;
    status = register_has_numbers(store, own.all[i].code, &used, err);
    if (status != DONE || !used) continue;
    out->columns[out->column_count++].name = own.all[i].code;
    out->scheme[out->count++] = own.all[i].code;
  }
  return status;
}

static enum status read_numbers(struct store *store, struct arena *arena,
                                const struct export_places *at, struct number_columns *out,
                                struct error *err) {
  const struct people *people = at->people;
  struct query *q;
  struct number_record number;
  bool some;
  enum status status = read_number_columns(store, arena, at->addresses, out, err);
  if (status != DONE) return status;
  out->number = arena_array(arena, const char *, people->count * out->count + 1);
  if ((status = register_numbers_open(store, &q, err)) != DONE) return status;
  while ((status = register_numbers_next(q, &number, &some, err)) == DONE && some) {
    const int64_t id = number.party;
    if (id < 1 || id > people->max_id || people->by_id[id] < 0) continue;
    for (int n = 0; n < out->count; n++)
      if (span_is(number.scheme, out->scheme[n]))
        out->number[people->by_id[id] * out->count + n] =
            arena_printf(arena, SPAN_FORMAT SPAN_FORMAT, SPAN(number.value), SPAN(number.suffix));
  }
  query_end(q);
  return status;
}

static void write_person(struct row_writer *w, const struct export_places *at,
                         const struct person *p, const char *const *number, int numbers,
                         const struct residence *residence) {
  row_begin(w, w->out);
  row_string(w, p->code);
  row_string(w, p->name);
  row_day(w, p->born);
  row_day(w, p->died);
  row_text(w, p->sex ? span_make(&p->sex, 1) : (struct span){0});
  row_string(w, residence ? household_code(at->people, residence->household) : NULL);
  row_string(w, residence ? place_code(at->places, residence->place) : NULL);
  row_day(w, residence ? residence->from : DAY_NONE);
  for (int n = 0; n < PERSON_NUMBERS; n++) row_string(w, number[n]);
  row_string(w, p->email);
  if (at->addresses) row_address(w, residence ? residence->address : NULL);
  for (int n = PERSON_NUMBERS; n < numbers; n++) row_string(w, number[n]);
  row_end(w);
}

EXPORT(export_people) {
  (void)pack;
  struct row_writer w = ROW_WRITER(people_columns);
  struct arena *arena = arena_new();
  struct export_places at;
  struct number_columns numbers = {0};
  enum status status = store_begin(store, STORE_READ, err);
  if (status == DONE) status = read_address_history(store, arena, &at, err);
  if (status == DONE) status = read_numbers(store, arena, &at, &numbers, err);
  if (status == DONE) {
    w.columns = numbers.columns;
    w.count = numbers.column_count;
  }
  row_head(&w);
  for (int i = 0; status == DONE && i < at.people->count; i++) {
    const struct person *p = &at.people->all[i];
    for (int s = 0; s < p->residence_count || s == 0; s++)
      write_person(&w, &at, p, numbers.number + (ptrdiff_t)i * numbers.count, numbers.count,
                   s < p->residence_count ? &p->residences[s] : NULL);
    status = row_flush(&w, false, err);
  }
  return row_finish(&w, store, arena, status, err);
}

/* ---- bodies ---- */

EXPORT(export_bodies) {
  (void)pack;
  struct row_writer w = ROW_WRITER(bodies_columns);
  struct arena *arena = arena_new();
  struct places *places;
  struct bodies *bodies;
  enum status status = store_begin(store, STORE_READ, err);
  if (status == DONE) status = register_places(store, arena, &places, err);
  if (status == DONE) status = register_bodies(store, arena, &bodies, err);
  row_head(&w);
  for (int i = 0; status == DONE && i < bodies->count; i++) {
    const struct body *b = &bodies->all[i];
    row_begin(&w, out);
    row_string(&w, b->code);
    row_string(&w, b->name);
    row_string(&w, b->kind);
    row_string(&w, b->company);
    row_string(&w, place_code(places, b->place));
    row_end(&w);
    status = row_flush(&w, false, err);
  }
  return row_finish(&w, store, arena, status, err);
}

/* ---- codes ---- */

static enum status read_codes(struct store *store, struct arena *arena, struct codes **codes,
                              struct error *err) {
  enum status status = store_begin(store, STORE_READ, err);
  return status == DONE ? book_codes(store, arena, codes, err) : status;
}

EXPORT(export_services) {
  (void)pack;
  struct row_writer w = ROW_WRITER(services_columns);
  struct arena *arena = arena_new();
  struct codes *codes = NULL;
  enum status status = read_codes(store, arena, &codes, err);
  row_head(&w);
  for (int i = 0; status == DONE && i < codes->service_count; i++) {
    const struct book_service *s = &codes->services[i];
    if (!s->id) continue;
    row_begin(&w, out);
    row_string(&w, s->code);
    row_string(&w, s->name);
    row_string(&w, codes->category_code[s->category]);
    row_string(&w, s->unit);
    row_end(&w);
    status = row_flush(&w, false, err);
  }
  return row_finish(&w, store, arena, status, err);
}

static void row_figure(struct row_writer *w, const char *code, int year, int64_t pence,
                       const char *source) {
  char written[8];
  row_begin(w, w->out);
  row_string(w, code);
  row_string(w, year_write(year, written));
  row_money(w, pence);
  row_string(w, source);
}

EXPORT(export_unit_costs) {
  (void)pack;
  struct row_writer w = ROW_WRITER(unit_costs_columns);
  struct arena *arena = arena_new();
  struct codes *codes = NULL;
  enum status status = read_codes(store, arena, &codes, err);
  row_head(&w);
  for (int i = 0; status == DONE && i < codes->cost_count; i++) {
    const struct book_cost *c = &codes->costs[i];
    row_figure(&w, codes->services[c->service - 1].code, c->year, c->pence, c->source);
    row_string(&w, c->estimated ? "yes" : NULL);
    row_end(&w);
    status = row_flush(&w, false, err);
  }
  return row_finish(&w, store, arena, status, err);
}

EXPORT(export_rates) {
  (void)pack;
  struct row_writer w = ROW_WRITER(rates_columns);
  struct arena *arena = arena_new();
  struct codes *codes = NULL;
  enum status status = read_codes(store, arena, &codes, err);
  row_head(&w);
  for (int i = 0; status == DONE && i < codes->rate_count; i++) {
    const struct book_rate *r = &codes->rates[i];
    row_figure(&w, codes->category_code[r->category], r->year, r->pence_an_hour, r->source);
    row_end(&w);
    status = row_flush(&w, false, err);
  }
  return row_finish(&w, store, arena, status, err);
}

/* ---- streams: a row for each year and each condition, or one for a stream without ---- */

struct stream_codes {
  const struct places *places;
  const struct bodies *bodies;
  const struct codes *codes;
};

static const char *body_code(const struct stream_codes *c, int64_t id) {
  const struct body *body = id ? bodies_by_id(c->bodies, id) : NULL;
  return body ? body->code : NULL;
}

static void write_stream_row(struct row_writer *w, const struct stream_codes *c,
                             const struct stream *s, const struct stream_year *year,
                             const struct stream_condition *condition) {
  static const struct stream_condition none = {.from = DAY_NONE, .to = DAY_NONE};
  char written[8];
  row_begin(w, w->out);
  row_string(w, s->code);
  row_string(w, s->name);
  row_string(w, body_code(c, s->owner));
  row_string(w, body_code(c, s->payer));
  row_string(w, s->kind);
  row_string(w, year ? year_write(year->year, written) : NULL);
  if (year) row_money(w, year->amount);
  else row_empty(w);
  row_string(w, year ? year->source : NULL);
  if (!condition) condition = &none;
  const bool known = condition->category >= 1 && condition->category <= c->codes->category_max;
  row_string(w, condition->words);
  row_string(w, known ? c->codes->category_code[condition->category] : NULL);
  row_string(w, condition->people);
  row_string(w, place_code(c->places, condition->place));
  row_day(w, condition->from);
  row_day(w, condition->to);
  row_end(w);
}

static void write_stream(struct row_writer *w, const struct stream_codes *c,
                         const struct stream *s) {
  for (int y = 0; y < s->year_count; y++) write_stream_row(w, c, s, &s->years[y], NULL);
  for (int i = 0; i < s->condition_count; i++) write_stream_row(w, c, s, NULL, &s->conditions[i]);
  if (!s->year_count && !s->condition_count) write_stream_row(w, c, s, NULL, NULL);
}

EXPORT(export_streams) {
  (void)pack;
  struct row_writer w = ROW_WRITER(streams_columns);
  struct arena *arena = arena_new();
  struct codes *codes = NULL;
  struct places *places = NULL;
  struct bodies *bodies = NULL;
  struct streams *streams = NULL;
  enum status status = read_codes(store, arena, &codes, err);
  if (status == DONE) status = register_places(store, arena, &places, err);
  if (status == DONE) status = register_bodies(store, arena, &bodies, err);
  if (status == DONE) status = streams_read(store, arena, &streams, err);
  const struct stream_codes of = {places, bodies, codes};
  row_head(&w);
  for (int i = 0; status == DONE && i < streams->count; i++) {
    write_stream(&w, &of, &streams->all[i]);
    status = row_flush(&w, false, err);
  }
  return row_finish(&w, store, arena, status, err);
}
