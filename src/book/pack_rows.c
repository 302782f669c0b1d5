/* Adds the rows that a policy pack has and a store does not. The store's ids are small dense
 * integers, given in the order of the pack's files. */
#include "book/pack_rows.h"

#include "base/refusal.h"
#include "book/book.h"
#include "store/head.h"

struct sync {
  struct store *store;
  const struct pack *pack;
  struct head before;                  /* the last ids allotted before */
  int64_t last_category, last_service; /* and so far */
};

static enum status begin(struct sync *s, struct error *err) {
  enum status status = head_lock(s->store, &s->before, err);
  if (status != DONE) return status;
  s->last_category = s->before.category;
  s->last_service = s->before.service;
  return DONE;
}

static enum status end(struct sync *s, struct error *err) {
  struct head taken = {.category = s->last_category - s->before.category,
                       .service = s->last_service - s->before.service};
  return head_take(s->store, &taken, err);
}

/* Finds the id of a code, 0 when the store has none; `unit` (may be null) is the unit that it must
 * have. */
static enum status find(struct store *store, const char *sql, const char *code, const char *unit,
                        int64_t *id, struct error *err) {
  struct query *q;
  bool row = false;
  *id = 0;
  if (store_query(store, &q, sql, err) != DONE) return err->code;
  query_bind_text(q, 1, span_of(code));
  enum status status = query_step(q, &row, err);
  if (status == DONE && row) {
    *id = query_int(q, 0);
    if (unit && !span_is(query_text(q, 1), unit))
      status = refuse(err, PACK_CATEGORY_UNIT_CHANGED, code, SPAN(query_text(q, 1)), unit);
  }
  query_end(q);
  return status;
}

/* ---- units and roles ---- */

static enum status check_unit(struct sync *s, const struct pack_unit *u, struct error *err) {
  struct query *q;
  bool row = false;
  if (store_query(s->store, &q, "select kind, scale from unit where code = ?1", err) != DONE)
    return err->code;
  query_bind_text(q, 1, span_of(u->code));
  enum status status = query_step(q, &row, err);
  if (status == DONE && row &&
      (!span_is(query_text(q, 0), unit_kind_word(u->kind)) || query_int(q, 1) != u->scale))
    status = refuse(err, PACK_UNIT_CHANGED, u->code, SPAN(query_text(q, 0)), (int)query_int(q, 1),
                    unit_kind_word(u->kind), u->scale);
  query_end(q);
  return status;
}

static enum status add_unit(struct sync *s, const struct pack_unit *u, int position,
                            struct error *err) {
  struct query *q;
  if (check_unit(s, u, err) != DONE) return err->code;
  if (store_query(
          s->store, &q,
          "insert into unit (code, position, kind, scale, name, name_cy, before, one, many, "
          "one_cy, many_cy) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
          " on conflict (code) do update set position = excluded.position, name = excluded.name, "
          "name_cy = excluded.name_cy, before = excluded.before, one = excluded.one,"
          " many = excluded.many, one_cy = excluded.one_cy, many_cy = excluded.many_cy",
          err) != DONE)
    return err->code;
  const char *words[] = {u->name[ENGLISH], u->name[WELSH], u->before,     u->one[ENGLISH],
                         u->many[ENGLISH], u->one[WELSH],  u->many[WELSH]};
  query_bind_text(q, 1, span_of(u->code));
  query_bind_int(q, 2, position);
  query_bind_text(q, 3, span_of(unit_kind_word(u->kind)));
  query_bind_int(q, 4, u->scale);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    query_bind_text(q, (int)i + 5, span_of(words[i]));
  enum status status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status check_role(struct sync *s, const struct pack_role *r, const char *kind,
                              struct error *err) {
  struct query *q;
  bool row = false;
  if (store_query(s->store, &q, "select owner, use, kind from account_role where code = ?1", err) !=
      DONE)
    return err->code;
  query_bind_text(q, 1, span_of(r->code));
  enum status status = query_step(q, &row, err);
  if (status == DONE && row &&
      (!span_is(query_text(q, 0), role_owner_word(r->owner)) ||
       !span_is(query_text(q, 1), role_use_word(r->use)) || !span_is(query_text(q, 2), kind)))
    status = refuse(err, PACK_ROLE_CHANGED, r->code);
  query_end(q);
  if (status != DONE || r->use == ROLE_NAMED) return status;
  if (store_query(s->store, &q,
                  "select code from account_role where use = ?1 and kind = ?2 and code <> ?3",
                  err) != DONE)
    return err->code;
  query_bind_text(q, 1, span_of(role_use_word(r->use)));
  query_bind_text(q, 2, span_of(kind));
  query_bind_text(q, 3, span_of(r->code));
  status = query_step(q, &row, err);
  if (status == DONE && row)
    status = refuse(err, PACK_ROLE_RENAMED, SPAN(query_text(q, 0)), r->code);
  query_end(q);
  return status;
}

static enum status add_role(struct sync *s, const struct pack_role *r, int position,
                            struct error *err) {
  struct query *q;
  const char *kind = r->kind < 0 ? "" : unit_kind_word((enum unit_kind)r->kind);
  if (check_role(s, r, kind, err) != DONE) return err->code;
  if (store_query(s->store, &q,
                  "insert into account_role (code, position, owner, use, kind, opened, statement, "
                  "purpose) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
                  " on conflict (code) do update set position = excluded.position, opened = "
                  "excluded.opened, statement = excluded.statement, purpose = excluded.purpose",
                  err) != DONE)
    return err->code;
  const char *use = role_use_word(r->use), *opened = r->opened ? r->opened->code : "";
  query_bind_text(q, 1, span_of(r->code));
  query_bind_int(q, 2, position);
  query_bind_text(q, 3, span_of(role_owner_word(r->owner)));
  query_bind_text(q, 4, span_of(use));
  query_bind_text(q, 5, span_of(kind));
  query_bind_text(q, 6, span_of(opened));
  query_bind_int(q, 7, r->statement);
  query_bind_text(q, 8, span_of(r->purpose));
  enum status status = query_run(q, err);
  query_end(q);
  return status;
}

/* ---- categories, services and their values ---- */

static const char find_category[] = "select id, unit from category where code = ?1";
static const char find_service[] = "select id, unit from service where code = ?1";

static enum status add_category(struct sync *s, const struct pack_category *c, struct error *err) {
  int64_t id;
  struct query *q;
  const char *unit = c->unit->code;
  enum status status = find(s->store, find_category, c->code, unit, &id, err);
  if (status != DONE || id) return status;
  if (store_query(s->store, &q, "insert into category (id, code, unit) values (?1, ?2, ?3)", err) !=
      DONE)
    return err->code;
  query_bind_int(q, 1, ++s->last_category);
  query_bind_text(q, 2, span_of(c->code));
  query_bind_text(q, 3, span_of(unit));
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status add_service(struct sync *s, const struct pack_service *service,
                               struct error *err) {
  int64_t id, category;
  struct query *q;
  enum status status = find(s->store, find_service, service->code, NULL, &id, err);
  if (status != DONE || id) return status;
  if (find(s->store, find_category, service->category->code, NULL, &category, err) != DONE)
    return err->code;
  if (store_query(
          s->store, &q,
          "insert into service (id, code, name, category, unit) values (?1, ?2, ?3, ?4, ?5)",
          err) != DONE)
    return err->code;
  query_bind_int(q, 1, ++s->last_service);
  query_bind_text(q, 2, span_of(service->code));
  query_bind_text(q, 3, span_of(service->name));
  query_bind_int(q, 4, category);
  query_bind_text(q, 5, span_of(service->unit ? service->unit : ""));
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status add_cost(struct sync *s, const struct pack_cost *cost, struct error *err) {
  int64_t service;
  struct query *q;
  if (find(s->store, find_service, cost->service->code, NULL, &service, err) != DONE)
    return err->code;
  if (store_query(s->store, &q,
                  "insert into unit_cost (service, year, cost, source, estimated) values (?1, ?2, "
                  "?3, ?4, ?5) on conflict (service, year) do nothing",
                  err) != DONE)
    return err->code;
  query_bind_int(q, 1, service);
  query_bind_int(q, 2, cost->year);
  query_bind_int(q, 3, cost->cost_pence);
  query_bind_text(q, 4, span_of(cost->source));
  query_bind_int(q, 5, cost->estimated);
  enum status status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status add_rate(struct sync *s, const struct pack_rate *rate, struct error *err) {
  int64_t category;
  struct query *q;
  if (find(s->store, find_category, rate->category->code, NULL, &category, err) != DONE)
    return err->code;
  if (store_query(s->store, &q,
                  "insert into rate (category, year, rate, source) values (?1, ?2, ?3, ?4) on "
                  "conflict (category, year) do nothing",
                  err) != DONE)
    return err->code;
  query_bind_int(q, 1, category);
  query_bind_int(q, 2, rate->year);
  query_bind_int(q, 3, rate->rate_pence);
  query_bind_text(q, 4, span_of(rate->source));
  enum status status = query_run(q, err);
  query_end(q);
  return status;
}

enum status book_sync_pack(struct store *store, const struct pack *pack, struct error *err) {
  struct sync s = {.store = store, .pack = pack};
  if (begin(&s, err) != DONE) return err->code;
  for (int i = 0; i < pack->unit_count; i++)
    if (add_unit(&s, &pack->units[i], i + 1, err) != DONE) return err->code;
  for (int i = 0; i < pack->role_count; i++)
    if (add_role(&s, &pack->roles[i], i + 1, err) != DONE) return err->code;
  for (int i = 0; i < pack->category_count; i++)
    if (add_category(&s, &pack->categories[i], err) != DONE) return err->code;
  for (int i = 0; i < pack->service_count; i++)
    if (add_service(&s, &pack->services[i], err) != DONE) return err->code;
  for (int i = 0; i < pack->cost_count; i++)
    if (add_cost(&s, &pack->costs[i], err) != DONE) return err->code;
  for (int i = 0; i < pack->rate_count; i++)
    if (add_rate(&s, &pack->rates[i], err) != DONE) return err->code;
  return end(&s, err);
}

/* ---- whether there is something to do ---- */

static bool same_unit(const struct pack_unit *u, const struct book_unit *kept) {
  bool same = kept && kept->kind == u->kind && kept->scale == u->scale &&
              strcmp(kept->before, u->before) == 0;
  for (int language = 0; same && language < LANGUAGES; language++)
    same = strcmp(kept->name[language], u->name[language]) == 0 &&
           strcmp(kept->one[language], u->one[language]) == 0 &&
           strcmp(kept->many[language], u->many[language]) == 0;
  return same;
}

static bool same_role(const struct pack_role *r, const struct book_role *kept) {
  return kept && kept->owner == r->owner && kept->use == r->use && kept->kind == r->kind &&
         kept->statement == r->statement &&
         strcmp(kept->opened, r->opened ? r->opened->code : "") == 0;
}

enum status book_pack_differs(struct store *store, const struct pack *pack, bool *differs,
                              struct error *err) {
  struct arena *arena = arena_new();
  struct codes *codes = NULL;
  enum status status = book_codes(store, arena, &codes, err);
  *differs = false;
  for (int i = 0; status == DONE && i < pack->unit_count; i++)
    *differs |= !same_unit(&pack->units[i], units_find(codes->units, span_of(pack->units[i].code)));
  for (int i = 0; status == DONE && i < pack->role_count; i++)
    *differs |= !same_role(&pack->roles[i], roles_find(codes->roles, pack->roles[i].code));
  for (int i = 0; status == DONE && !*differs && i < pack->category_count; i++) {
    int64_t id = codes_category(codes, span_of(pack->categories[i].code));
    *differs = !id || strcmp(codes->category_unit[id], pack->categories[i].unit->code) != 0;
  }
  for (int i = 0; status == DONE && !*differs && i < pack->service_count; i++)
    *differs = !codes_service(codes, span_of(pack->services[i].code));
  arena_free(arena);
  return status;
}
