/* Category, service, unit cost and rate rows of the store, read whole: some hundreds, a few
 * thousand at most; and one by one. */
#include "book/book.h"

#include <assert.h>

static enum status read_categories(struct store *store, struct arena *arena, struct codes *codes,
                                   struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_int(store, "select max(id) from category", 0, &codes->category_max,
                                 err);
  if (status != DONE) return status;
  codes->category_code = arena_array(arena, const char *, codes->category_max + 1);
  codes->category_unit = arena_array(arena, const char *, codes->category_max + 1);
  status = store_query(store, &q, "select id, code, unit from category", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t id = query_int(q, 0);
    if (id < 1 || id > codes->category_max) continue;
    const struct book_unit *unit = units_find(codes->units, query_text(q, 2));
    codes->category_code[id] = query_copy(q, arena, 1);
    codes->category_unit[id] = unit ? unit->code : query_copy(q, arena, 2);
  }
  query_end(q);
  return status;
}

static enum status read_services(struct store *store, struct arena *arena, struct codes *codes,
                                 struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t max = 0;
  enum status status = store_int(store, "select max(id) from service", 0, &max, err);
  if (status != DONE) return status;
  codes->service_count = (int)max;
  codes->services = arena_array(arena, struct book_service, max + 1);
  status = store_query(store, &q, "select id, code, name, unit, category from service", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t id = query_int(q, 0);
    if (id < 1 || id > max) continue;
    codes->services[id - 1] = (struct book_service){id, query_copy(q, arena, 1),
                                                    query_copy(q, arena, 2),
                                                    query_copy(q, arena, 3), query_int(q, 4)};
  }
  query_end(q);
  return status;
}

static enum status read_costs(struct store *store, struct arena *arena, struct codes *codes,
                              struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t count = 0;
  enum status status = store_int(store, "select count(*) from unit_cost", 0, &count, err);
  if (status != DONE) return status;
  codes->costs = arena_array(arena, struct book_cost, count + 1);
  status = store_query(
      store, &q,
      "select service, year, cost, estimated, source from unit_cost order by service, year", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && codes->cost_count < count)
    codes->costs[codes->cost_count++] = (struct book_cost){query_int(q, 0), (int)query_int(q, 1),
                                                           query_int(q, 2), query_int(q, 3) != 0,
                                                           query_copy(q, arena, 4)};
  query_end(q);
  return status;
}

static enum status read_rates(struct store *store, struct arena *arena, struct codes *codes,
                              struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t count = 0;
  enum status status = store_int(store, "select count(*) from rate", 0, &count, err);
  if (status != DONE) return status;
  codes->rates = arena_array(arena, struct book_rate, count + 1);
  status = store_query(store, &q,
                       "select category, year, rate, source from rate order by category, year",
                       err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && codes->rate_count < count)
    codes->rates[codes->rate_count++] = (struct book_rate){query_int(q, 0), (int)query_int(q, 1),
                                                           query_int(q, 2),
                                                           query_copy(q, arena, 3)};
  query_end(q);
  return status;
}

enum status book_codes(struct store *store, struct arena *arena, struct codes **out,
                       struct error *err) {
  struct codes *codes = arena_alloc(arena, sizeof *codes);
  *out = codes;
  enum status status = book_units(store, arena, &codes->units, err);
  if (status == DONE) status = book_roles(store, arena, &codes->roles, err);
  if (status == DONE) status = read_categories(store, arena, codes, err);
  if (status == DONE) status = read_services(store, arena, codes, err);
  if (status == DONE) status = read_costs(store, arena, codes, err);
  if (status == DONE) status = read_rates(store, arena, codes, err);
  return status;
}

int64_t codes_category(const struct codes *codes, struct span code) {
  for (int64_t id = 1; id <= codes->category_max; id++)
    if (codes->category_code[id] && span_is(code, codes->category_code[id])) return id;
  return 0;
}

const struct book_service *codes_service(const struct codes *codes, struct span code) {
  for (int i = 0; i < codes->service_count; i++)
    if (codes->services[i].id && span_is(code, codes->services[i].code)) return &codes->services[i];
  return NULL;
}

const struct book_cost *codes_cost(const struct codes *codes, int64_t service, int year,
                                   bool *stale) {
  int low = 0, high = codes->cost_count; /* the first that is past the service and year */
  while (low < high) {
    const int middle = (low + high) / 2;
    const struct book_cost *cost = &codes->costs[middle];
    if (cost->service < service || (cost->service == service && cost->year <= year))
      low = middle + 1;
    else high = middle;
  }
  const struct book_cost *best = low && codes->costs[low - 1].service == service
                                     ? &codes->costs[low - 1]
                                     : NULL;
  *stale = best && best->year != year;
  return best;
}

const struct book_rate *codes_rate(const struct codes *codes, int64_t category, int year,
                                   bool *stale) {
  const struct book_rate *best = NULL;
  for (int i = 0; i < codes->rate_count; i++)
    if (codes->rates[i].category == category && codes->rates[i].year <= year)
      best = &codes->rates[i];
  *stale = best && best->year != year;
  return best;
}

/* ---- one by one ---- */

enum status book_category_id(struct store *store, struct span code, int64_t *id,
                             struct error *err) {
  return store_int_with(store, "select id from category where code = ?1", 0, id, err, code);
}

enum status book_find_service(struct store *store, struct arena *arena, struct span code,
                              struct book_service *out, bool *found, struct error *err) {
  struct query *q;
  *out = (struct book_service){0};
  enum status status =
      store_row_with(store, &q, found,
                     "select id, code, name, unit, category from service where code = ?1", err,
                     code);
  if (status == DONE && *found)
    *out = (struct book_service){query_int(q, 0), query_copy(q, arena, 1), query_copy(q, arena, 2),
                                 query_copy(q, arena, 3), query_int(q, 4)};
  query_end(q);
  return status;
}

enum status book_write_service(struct store *store, const struct book_service *s, bool there,
                               struct error *err) {
  return store_run_with(
      store,
      there ? "update service set name = ?3, category = ?4, unit = ?5 where id = ?1 and code = ?2"
            : "insert into service (id, code, name, category, unit) values (?1, ?2, ?3, ?4, ?5)",
      err, s->id, s->code, s->name, s->category, s->unit);
}

static enum status write_cost(struct store *store, const struct dated_figure *f, bool there,
                              struct error *err) {
  return store_run_with(
      store,
      there ? "update unit_cost set cost = ?3, source = ?4, estimated = ?5 where service = ?1 and "
              "year = ?2"
            : "insert into unit_cost (service, year, cost, source, estimated) values (?1, ?2, ?3, "
              "?4, ?5)",
      err, f->code, f->year, f->pence, f->source, f->estimated);
}

static enum status write_rate(struct store *store, const struct dated_figure *f, bool there,
                              struct error *err) {
  return store_run_with(
      store,
      there ? "update rate set rate = ?3, source = ?4 where category = ?1 and year = ?2"
            : "insert into rate (category, year, rate, source) values (?1, ?2, ?3, ?4)",
      err, f->code, f->year, f->pence, f->source);
}

enum status book_write_figure(struct store *store, enum dated_kind kind,
                              const struct dated_figure *figure, bool *there, bool *same,
                              struct error *err) {
  struct query *q;
  enum status status = store_row_with(
      store, &q, there,
      kind == DATED_COST
          ? "select cost, source, estimated from unit_cost where service = ?1 and year = ?2"
          : "select rate, source, 0 from rate where category = ?1 and year = ?2",
      err, figure->code, figure->year);
  *same = status == DONE && *there && query_int(q, 0) == figure->pence &&
          span_equal(query_text(q, 1), figure->source) && query_int(q, 2) == figure->estimated;
  query_end(q);
  if (status != DONE || *same) return status;
  return kind == DATED_COST ? write_cost(store, figure, *there, err)
                            : write_rate(store, figure, *there, err);
}
