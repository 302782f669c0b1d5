/* Places, households, people, bodies: fields to rows of the register. Services, unit costs and
 * rates: fields to rows of the codes. */
#include "exchange/import_register.h"

#include "base/money.h"
#include "base/refusal.h"
#include "exchange/columns.h"
#include "exchange/intake.h"

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

static enum status take_household(struct intake *in, const struct intake_row *row,
                                  struct error *err) {
  struct household_row h = {.code = intake_field(in, row, HOUSEHOLD_ID),
                            .place = intake_field(in, row, HOUSEHOLD_PLACE),
                            .tenure = intake_field(in, row, HOUSEHOLD_TENURE),
                            .band = intake_field(in, row, HOUSEHOLD_BAND)};
  enum status status = intake_day(in, row, HOUSEHOLD_FROM, &h.from, err);
  return status == DONE ? register_write_household(in->writer, &h, err) : status;
}

static enum status take_person(struct intake *in, const struct intake_row *row, struct error *err) {
  struct own_number own[LIMIT_SCHEMES];
  for (int i = 0; i < in->call->pack->scheme_count; i++)
    own[i] = (struct own_number){in->call->pack->schemes[i].code,
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
                         .own = own,
                         .own_count = in->call->pack->scheme_count,
                         .keep_died = !intake_tells(in, row, PERSON_DIED)};
  enum status status = intake_day(in, row, PERSON_BORN, &p.born, err);
  if (status == DONE) status = intake_day(in, row, PERSON_DIED, &p.died, err);
  if (status == DONE) status = intake_day(in, row, PERSON_FROM, &p.from, err);
  return status == DONE ? register_write_person(in->writer, &p, err) : status;
}

static enum status take_body(struct intake *in, const struct intake_row *row, struct error *err) {
  return register_write_body(in->writer,
                             &(struct body_row){.code = intake_field(in, row, BODY_ID),
                                                .name = intake_field(in, row, BODY_NAME),
                                                .kind = intake_field(in, row, BODY_KIND),
                                                .company = intake_field(in, row, BODY_COMPANY),
                                                .place = intake_field(in, row, BODY_PLACE)},
                             err);
}

/* ---- codes: few rows, one SQL statement for each ---- */

/* The id of a code in a table; 0 when there is none. */
static enum status find_code(struct store *store, const char *sql, struct span code, int64_t *id,
                             struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q, sql, err);
  if (status != DONE) return status;
  query_bind_text(q, 1, code);
  bool row;
  *id = (status = query_step(q, &row, err)) == DONE && row ? query_int(q, 0) : 0;
  query_end(q);
  return status;
}

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
    enum status status = find_code(in->call->store, "select id from category where code = ?1", code,
                                   id, err);
    if (status != DONE || *id) return status;
    refuse(err, CATEGORY_NEWER_THAN_BOOK, QUOTED(code));
  }
  return error_at(err, NULL, 0, in->kind->columns[column].name);
}

struct service_held {
  bool there;
  int64_t id;
  bool same;
  struct text unit;
};

static enum status service_look(struct intake *in, const struct intake_row *row, int64_t category,
                                struct service_held *held, struct error *err) {
  struct query *q;
  enum status status = store_query(in->call->store, &q,
                                   "select id, name, category, unit from service where code = ?1",
                                   err);
  if (status != DONE) return status;
  query_bind_text(q, 1, intake_field(in, row, SERVICE_CODE));
  if ((status = query_step(q, &held->there, err)) == DONE && held->there) {
    struct span unit = intake_field(in, row, SERVICE_UNIT);
    held->id = query_int(q, 0);
    held->same = span_equal(query_text(q, 1), intake_field(in, row, SERVICE_NAME)) &&
                 query_int(q, 2) == category && (!unit.bytes || span_equal(unit, query_text(q, 3)));
    text_add_span(&held->unit, query_text(q, 3));
  }
  query_end(q);
  return status;
}

static enum status service_write(struct intake *in, const struct intake_row *row, int64_t category,
                                 const struct service_held *held, struct error *err) {
  static const char insert[] =
      "insert into service (id, code, name, category, unit) values (?1, ?2, ?3, ?4, ?5)";
  static const char update[] =
      "update service set name = ?3, category = ?4, unit = ?5 where id = ?1 and code = ?2";
  struct query *q;
  enum status status = store_query(in->call->store, &q, held->there ? update : insert, err);
  if (status != DONE) return status;
  struct span unit = intake_field(in, row, SERVICE_UNIT);
  if (!unit.bytes) unit = span_make(held->unit.bytes ? held->unit.bytes : "", held->unit.size);
  query_bind_int(q, 1, held->there ? held->id : ++in->last_service);
  query_bind_text(q, 2, intake_field(in, row, SERVICE_CODE));
  query_bind_text(q, 3, intake_field(in, row, SERVICE_NAME));
  query_bind_int(q, 4, category);
  query_bind_text(q, 5, unit);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status take_service(struct intake *in, const struct intake_row *row,
                                struct error *err) {
  int64_t category;
  enum status status = intake_need(in, row, SERVICE_CODE, err);
  if (status == DONE) status = intake_need(in, row, SERVICE_NAME, err);
  if (status == DONE)
    status = find_category(in, row, SERVICE_CATEGORY, SIDE_SERVICE, &category, err);
  struct service_held held = {0};
  if (status == DONE) status = service_look(in, row, category, &held, err);
  if (status == DONE && !(held.there && held.same))
    status = service_write(in, row, category, &held, err);
  text_release(&held.unit);
  if (status != DONE) return status;
  if (!held.there) in->added++;
  else if (held.same) in->same++;
  else in->changed++;
  return DONE;
}

/* A dated figure of a code: a unit cost or a rate. */
struct figure {
  int64_t code;
  int year;
  int64_t pence;
  struct span source;
  bool estimated;
};

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

/* `look` gives pence, source and estimated of (code, year); `insert` and `update` take code, year,
 * pence, source and estimated. */
struct figure_table {
  const char *look, *insert, *update;
  bool estimated;
};

static enum status figure_write(struct intake *in, const struct figure_table *table,
                                const struct figure *figure, struct error *err) {
  struct query *q;
  enum status status = store_query(in->call->store, &q, table->look, err);
  if (status != DONE) return status;
  query_bind_int(q, 1, figure->code);
  query_bind_int(q, 2, figure->year);
  bool there, same = false;
  if ((status = query_step(q, &there, err)) == DONE && there)
    same = query_int(q, 0) == figure->pence && span_equal(query_text(q, 1), figure->source) &&
           query_int(q, 2) == figure->estimated;
  query_end(q);
  if (status != DONE) return status;
  if (!there) in->added++;
  else if (same) in->same++;
  else in->changed++;
  if (same) return DONE;
  if ((status = store_query(in->call->store, &q, there ? table->update : table->insert, err)) !=
      DONE)
    return status;
  query_bind_int(q, 1, figure->code);
  query_bind_int(q, 2, figure->year);
  query_bind_int(q, 3, figure->pence);
  query_bind_text(q, 4, figure->source);
  if (table->estimated) query_bind_int(q, 5, figure->estimated);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status take_unit_cost(struct intake *in, const struct intake_row *row,
                                  struct error *err) {
  static const struct figure_table table = {
      "select cost, source, estimated from unit_cost where service = ?1 and year = ?2",
      "insert into unit_cost (service, year, cost, source, estimated) values (?1, ?2, ?3, ?4, ?5)",
      "update unit_cost set cost = ?3, source = ?4, estimated = ?5 where service = ?1 and year = "
      "?2",
      true};
  struct figure figure = {.source = intake_field(in, row, COST_SOURCE)};
  struct span code = intake_field(in, row, COST_SERVICE);
  enum status status = find_code(in->call->store, "select id from service where code = ?1", code,
                                 &figure.code, err);
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
  return status == DONE ? figure_write(in, &table, &figure, err) : status;
}

static enum status take_rate(struct intake *in, const struct intake_row *row, struct error *err) {
  static const struct figure_table table = {
      "select rate, source, 0 from rate where category = ?1 and year = ?2",
      "insert into rate (category, year, rate, source) values (?1, ?2, ?3, ?4)",
      "update rate set rate = ?3, source = ?4 where category = ?1 and year = ?2", false};
  struct figure figure = {.source = intake_field(in, row, RATE_SOURCE)};
  enum status status = find_category(in, row, RATE_WHAT, SIDE_GIVEN, &figure.code, err);
  if (status == DONE) status = figure_year(in, row, RATE_YEAR, &figure.year, err);
  if (status == DONE) status = figure_money(in, row, RATE_RATE, &figure.pence, err);
  if (status == DONE) status = intake_need(in, row, RATE_SOURCE, err);
  return status == DONE ? figure_write(in, &table, &figure, err) : status;
}

/* ---- one function for each kind ---- */

#define IMPORT(function, name, columns, writes, sorted, retries, take) \
  enum status function(const struct import_call *call, struct import_result *result, \
                       struct error *err) { \
    static const struct intake_kind kind = {name,    columns, COUNT(columns), writes, sorted, \
                                            retries, take}; \
    return intake_run(&kind, call, result, err); \
  }

IMPORT(import_places, "places", places_columns, true, false, true, take_place)
IMPORT(import_households, "households", households_columns, true, true, false, take_household)

/* The columns of people, and one for each scheme of the policy pack. */
enum status import_people(const struct import_call *call, struct import_result *result,
                          struct error *err) {
  struct table_column columns[PERSON_COLUMNS + LIMIT_SCHEMES] = {0};
  memcpy(columns, people_columns, sizeof people_columns);
  for (int i = 0; i < call->pack->scheme_count; i++)
    columns[PERSON_COLUMNS + i].name = call->pack->schemes[i].code;
  const struct intake_kind kind = {.name = "people",
                                   .columns = columns,
                                   .column_count = PERSON_COLUMNS + call->pack->scheme_count,
                                   .writes_register = true,
                                   .sorted = true,
                                   .take = take_person};
  return intake_run(&kind, call, result, err);
}

IMPORT(import_bodies, "bodies", bodies_columns, true, false, false, take_body)
IMPORT(import_services, "services", services_columns, false, false, false, take_service)
IMPORT(import_unit_costs, "unit-costs", unit_costs_columns, false, false, false, take_unit_cost)
IMPORT(import_rates, "rates", rates_columns, false, false, false, take_rate)
