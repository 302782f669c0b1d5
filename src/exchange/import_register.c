/* Places, households, people, bodies: fields to rows of the register. Services, unit costs and
 * rates: fields to rows of the codes. */
#include "exchange/import_register.h"

#include "base/money.h"
#include "base/refusal.h"
#include "book/book.h"
#include "exchange/columns.h"
#include "exchange/intake.h"
#include "register/schemes.h"

/* A value as a message quotes it. */
#define QUOTED(value) span_quote((value), (char[SPAN_QUOTE_SIZE]){0})
#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

/* ---- the register ---- */

static enum status take_place(struct intake *in, const struct intake_row *row, struct error *err) {
  return register_write_place(in->writer,
                              &(struct place_row){.code = intake_field(in, row, PLACE_CODE),
                                                  .name = intake_field(in, row, PLACE_NAME),
                                                  .kind = intake_field(in, row, PLACE_KIND),
                                                  .parent = intake_field(in, row, PLACE_PARENT)},
                              err);
}

static struct address_row take_address(struct intake *in, const struct intake_row *row,
                                       int column) {
  struct address_row a;
  for (int i = 0; i < ADDRESS_LINES; i++) a.line[i] = intake_field(in, row, column + i);
  a.postcode = intake_field(in, row, column + ADDRESS_LINES);
  a.uprn = intake_field(in, row, column + ADDRESS_LINES + 1);
  return a;
}

static enum status take_household(struct intake *in, const struct intake_row *row,
                                  struct error *err) {
  struct household_row h = {.code = intake_field(in, row, HOUSEHOLD_ID),
                            .place = intake_field(in, row, HOUSEHOLD_PLACE),
                            .tenure = intake_field(in, row, HOUSEHOLD_TENURE),
                            .band = intake_field(in, row, HOUSEHOLD_BAND),
                            .address = take_address(in, row, HOUSEHOLD_ADDRESS)};
  enum status status = intake_day(in, row, HOUSEHOLD_FROM, &h.from, err);
  return status == DONE ? register_write_household(in->writer, &h, err) : status;
}

/* Columns of schemes of a place's own: the policy pack's, and those that only the book has. */
enum { OWN_COLUMNS = 2 * LIMIT_SCHEMES };
_Static_assert(PERSON_COLUMNS + OWN_COLUMNS <= 64, "intake.told has a bit for each column");

static enum status take_person(struct intake *in, const struct intake_row *row, struct error *err) {
  struct own_number own[OWN_COLUMNS];
  const int count = in->kind->column_count - PERSON_COLUMNS;
  for (int i = 0; i < count; i++)
    own[i] = (struct own_number){in->kind->columns[PERSON_COLUMNS + i].name,
                                 intake_field(in, row, PERSON_COLUMNS + i)};
  struct person_row p = {.code = intake_field(in, row, PERSON_ID),
                         .name = intake_field(in, row, PERSON_NAME),
                         .sex = intake_field(in, row, PERSON_SEX),
                         .household = intake_field(in, row, PERSON_HOUSEHOLD),
                         .place = intake_field(in, row, PERSON_PLACE),
                         .nino = intake_field(in, row, PERSON_NINO),
                         .nhs = intake_field(in, row, PERSON_NHS),
                         .utr = intake_field(in, row, PERSON_UTR),
                         .email = intake_field(in, row, PERSON_EMAIL),
                         .address = take_address(in, row, PERSON_ADDRESS),
                         .own = own,
                         .own_count = count,
                         .keep_died = !intake_tells(in, row, PERSON_DIED)};
  enum status status = intake_day(in, row, PERSON_BORN, &p.born, err);
  if (status == DONE) status = intake_day(in, row, PERSON_DIED, &p.died, err);
  if (status == DONE) status = intake_day(in, row, PERSON_FROM, &p.from, err);
  return status == DONE ? register_write_person(in->writer, &p, err) : status;
}

static enum status take_body(struct intake *in, const struct intake_row *row, struct error *err) {
  const struct span code = intake_field(in, row, BODY_ID);
  if (code.size && (!span_is_code(code) || code.size > LIMIT_CODE_BYTES))
    return refuse_at(err, "id", BODY_CODE_FORM, QUOTED(code), LIMIT_CODE_BYTES);
  return register_write_body(in->writer,
                             &(struct body_row){.code = code,
                                                .name = intake_field(in, row, BODY_NAME),
                                                .kind = intake_field(in, row, BODY_KIND),
                                                .company = intake_field(in, row, BODY_COMPANY),
                                                .place = intake_field(in, row, BODY_PLACE)},
                             err);
}

/* ---- codes: few rows, one SQL statement for each ---- */

/* Finds the category that a row names: it must be in the pack, of this side, and in the store. */
static enum status find_category(struct intake *in, const struct intake_row *row, int column,
                                 enum pack_side side, int64_t *id, struct error *err) {
  struct span code = intake_field(in, row, column);
  const struct pack_category *category = pack_find_category(in->call->pack, code);
  if (!category) refuse(err, REGISTER_CATEGORY_UNKNOWN, QUOTED(code));
  else if (category->side != side)
    refuse(err, CATEGORY_OF_ANOTHER_SIDE, QUOTED(code), pack_side_word(category->side),
           pack_side_word(side));
  else {
    enum status status = book_category_id(in->call->store, code, id, err);
    if (status != DONE || *id) return status;
    refuse(err, CATEGORY_NEWER_THAN_BOOK, QUOTED(code));
  }
  return error_at(err, NULL, 0, in->kind->columns[column].name);
}

static enum status service_write(struct intake *in, const struct intake_row *row, int64_t category,
                                 const struct book_service *held, bool there, struct error *err) {
  struct arena *arena = arena_new();
  struct span code = intake_field(in, row, SERVICE_CODE),
              name = intake_field(in, row, SERVICE_NAME),
              unit = intake_field(in, row, SERVICE_UNIT);
  const struct book_service service = {.id = there ? held->id : ++in->last_service,
                                       .code = arena_copy(arena, code.bytes, code.size),
                                       .name = arena_copy(arena, name.bytes, name.size),
                                       .unit = unit.bytes ? arena_copy(arena, unit.bytes, unit.size)
                                               : there    ? held->unit
                                                          : "",
                                       .category = category};
  enum status status = book_write_service(in->call->store, &service, there, err);
  arena_free(arena);
  return status;
}

static enum status service_take(struct intake *in, const struct intake_row *row, int64_t category,
                                struct arena *arena, struct error *err) {
  struct book_service held;
  bool there = false;
  struct span unit = intake_field(in, row, SERVICE_UNIT);
  enum status status = book_find_service(in->call->store, arena,
                                         intake_field(in, row, SERVICE_CODE), &held, &there, err);
  if (status != DONE) return status;
  const bool same = there && span_is(intake_field(in, row, SERVICE_NAME), held.name) &&
                    held.category == category && (!unit.bytes || span_is(unit, held.unit));
  if (!same) status = service_write(in, row, category, &held, there, err);
  if (status != DONE) return status;
  if (!there) in->added++;
  else if (same) in->same++;
  else in->changed++;
  return DONE;
}

static enum status take_service(struct intake *in, const struct intake_row *row,
                                struct error *err) {
  int64_t category;
  enum status status = intake_need(in, row, SERVICE_CODE, err);
  if (status == DONE) status = intake_need(in, row, SERVICE_NAME, err);
  if (status == DONE)
    status = find_category(in, row, SERVICE_CATEGORY, SIDE_SERVICE, &category, err);
  if (status != DONE) return status;
  struct arena *arena = arena_new();
  status = service_take(in, row, category, arena, err);
  arena_free(arena);
  return status;
}

static enum status figure_money(struct intake *in, const struct intake_row *row, int column,
                                int64_t *pence, struct error *err) {
  enum status status = intake_need(in, row, column, err);
  if (status != DONE) return status;
  struct span field = intake_field(in, row, column);
  if ((status = money_parse(field, pence, err)) == DONE && *pence < 0)
    status = refuse(err, COST_NEGATIVE, QUOTED(field));
  return status == DONE ? DONE : error_at(err, NULL, 0, in->kind->columns[column].name);
}

static enum status figure_year(struct intake *in, const struct intake_row *row, int column,
                               int *year, struct error *err) {
  enum status status = year_parse(intake_field(in, row, column), year, err);
  return status == DONE ? DONE : error_at(err, NULL, 0, in->kind->columns[column].name);
}

static enum status figure_write(struct intake *in, enum dated_kind kind,
                                const struct dated_figure *figure, struct error *err) {
  bool there = false, same = false;
  enum status status = book_write_figure(in->call->store, kind, figure, &there, &same, err);
  if (status != DONE) return status;
  if (!there) in->added++;
  else if (same) in->same++;
  else in->changed++;
  return DONE;
}

static enum status service_id(struct intake *in, struct span code, int64_t *id, struct error *err) {
  struct arena *arena = arena_new();
  struct book_service service;
  bool there = false;
  enum status status = book_find_service(in->call->store, arena, code, &service, &there, err);
  *id = there ? service.id : 0;
  arena_free(arena);
  return status;
}

static enum status take_unit_cost(struct intake *in, const struct intake_row *row,
                                  struct error *err) {
  struct dated_figure figure = {.source = intake_field(in, row, COST_SOURCE)};
  struct span code = intake_field(in, row, COST_SERVICE);
  enum status status = service_id(in, code, &figure.code, err);
  if (status != DONE) return status;
  if (!figure.code) {
    refuse(err, SERVICE_UNREGISTERED, QUOTED(code));
    return error_at(err, NULL, 0, "service");
  }
  status = figure_year(in, row, COST_YEAR, &figure.year, err);
  if (status == DONE) status = figure_money(in, row, COST_COST, &figure.pence, err);
  if (status == DONE) status = intake_need(in, row, COST_SOURCE, err);
  if (status == DONE &&
      boolean_parse(intake_field(in, row, COST_ESTIMATED), &figure.estimated, err) != DONE)
    status = error_at(err, NULL, 0, "estimated");
  return status == DONE ? figure_write(in, DATED_COST, &figure, err) : status;
}

static enum status take_rate(struct intake *in, const struct intake_row *row, struct error *err) {
  struct dated_figure figure = {.source = intake_field(in, row, RATE_SOURCE)};
  enum status status = find_category(in, row, RATE_WHAT, SIDE_GIVEN, &figure.code, err);
  if (status == DONE) status = figure_year(in, row, RATE_YEAR, &figure.year, err);
  if (status == DONE) status = figure_money(in, row, RATE_RATE, &figure.pence, err);
  if (status == DONE) status = intake_need(in, row, RATE_SOURCE, err);
  return status == DONE ? figure_write(in, DATED_RATE, &figure, err) : status;
}

/* ---- one function for each kind ---- */

static enum status has_place(struct intake *in, struct span code, bool *has, struct error *err) {
  return register_has_code(in->call->store, CODE_OF_PLACE, code, has, err);
}
static enum status has_household(struct intake *in, struct span code, bool *has,
                                 struct error *err) {
  return register_has_code(in->call->store, CODE_OF_HOUSEHOLD, code, has, err);
}
static enum status has_person(struct intake *in, struct span code, bool *has, struct error *err) {
  return register_has_code(in->call->store, CODE_OF_PERSON, code, has, err);
}
static enum status has_body(struct intake *in, struct span code, bool *has, struct error *err) {
  return register_has_code(in->call->store, CODE_OF_BODY, code, has, err);
}
static enum status has_service(struct intake *in, struct span code, bool *has, struct error *err) {
  int64_t id = 0;
  enum status status = service_id(in, code, &id, err);
  *has = id != 0;
  return status;
}

#define IMPORT(function, name, columns, writes, sorted, retries, keys, take, has) \
  enum status function(const struct import_call *call, struct import_result *result, \
                       struct error *err) { \
    static const struct intake_kind kind = {name,    columns, COUNT(columns), writes, sorted, \
                                            retries, keys,    take,           has}; \
    return intake_run(&kind, call, result, err); \
  }

IMPORT(import_places, "places", places_columns, true, false, true, 1, take_place, has_place)
IMPORT(import_households, "households", households_columns, true, true, false, 1, take_household,
       has_household)

/* The columns of people, and one for each scheme that the policy pack or the book has: a file that
 * was exported has columns of both. */
enum status import_people(const struct import_call *call, struct import_result *result,
                          struct error *err) {
  struct table_column columns[PERSON_COLUMNS + OWN_COLUMNS] = {0};
  struct schemes held;
  enum status status = schemes_read(call->store, call->arena, &held, err);
  if (status != DONE) return status;
  int count = PERSON_COLUMNS;
  memcpy(columns, people_columns, sizeof people_columns);
  for (int i = 0; i < call->pack->scheme_count; i++)
    columns[count++].name = call->pack->schemes[i].code;
  for (int i = 0; i < held.count; i++) {
    bool there = false;
    for (int c = PERSON_COLUMNS; c < count; c++)
      there |= strcmp(columns[c].name, held.all[i].code) == 0;
    if (!there) columns[count++].name = held.all[i].code;
  }
  const struct intake_kind kind = {.name = "people",
                                   .columns = columns,
                                   .column_count = count,
                                   .writes_register = true,
                                   .sorted = true,
                                   .key_columns = 1,
                                   .take = take_person,
                                   .has = has_person};
  return intake_run(&kind, call, result, err);
}

IMPORT(import_bodies, "bodies", bodies_columns, true, false, false, 1, take_body, has_body)
IMPORT(import_services, "services", services_columns, false, false, false, 1, take_service,
       has_service)
IMPORT(import_unit_costs, "unit-costs", unit_costs_columns, false, false, false, 2, take_unit_cost,
       has_service)
IMPORT(import_rates, "rates", rates_columns, false, false, false, 2, take_rate, NULL)
