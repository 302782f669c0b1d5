#include "register/names.h"

#include "base/limits.h"

/* ---- names ---- */

static void take_name(struct query *q, struct arena *arena, struct register_name *out) {
  *out = (struct register_name){query_copy(q, arena, 0), query_copy_or_null(q, arena, 1)};
}

static enum status name_of(struct store *store, struct arena *arena, const char *sql, int64_t id,
                           struct register_name *out, struct error *err) {
  struct query *q;
  bool row;
  *out = (struct register_name){0};
  enum status status = store_row_with(store, &q, &row, sql, err, id);
  if (status == DONE && row) take_name(q, arena, out);
  query_end(q);
  return status;
}

static const char party_sql[] = "select code, name from party where id = ?1",
                  body_sql[] = "select code, name from body where id = ?1";

enum status register_name_of_party(struct store *store, struct arena *arena, int64_t id,
                                   struct register_name *out, struct error *err) {
  return name_of(store, arena, party_sql, id, out, err);
}

enum status register_name_of_body(struct store *store, struct arena *arena, int64_t id,
                                  struct register_name *out, struct error *err) {
  return name_of(store, arena, body_sql, id, out, err);
}

enum status register_name_of_place(struct store *store, struct arena *arena, int64_t id,
                                   struct register_name *out, struct error *err) {
  return name_of(store, arena, "select code, name from place where id = ?1", id, out, err);
}

enum status register_name_of_living(struct store *store, struct arena *arena, int64_t id,
                                    struct register_name *out, struct error *err) {
  return name_of(store, arena,
                 "select code, name from party where id = ?1 and kind = 'person' and died is null",
                 id, out, err);
}

enum { NAMES_AT_ONCE = 16 };

enum status register_names_of_parties(struct store *store, struct arena *arena, const int64_t *ids,
                                      int count, struct register_name *out, struct error *err) {
  enum status status = DONE;
  for (int from = 0; status == DONE && from < count; from += NAMES_AT_ONCE) {
    struct query *asked[NAMES_AT_ONCE] = {NULL};
    int end = count - from < NAMES_AT_ONCE ? count : from + NAMES_AT_ONCE;
    for (int i = from; status == DONE && i < end; i++) {
      out[i] = (struct register_name){0};
      if (!ids[i]) continue;
      status = store_query_with(store, &asked[i - from], party_sql, err, ids[i]);
      if (status == DONE) status = query_ask(asked[i - from], err);
    }
    for (int i = from; i < end; i++) {
      bool row = false;
      struct query *q = asked[i - from];
      if (status == DONE && q && (status = query_step(q, &row, err)) == DONE && row)
        take_name(q, arena, &out[i]);
      query_end(q);
    }
  }
  return status;
}

/* ---- codes ---- */

static const struct {
  const char *max, *all;
} codes_sql[] = {
    [REGISTER_PERSONS] = {"select max(id) from party",
                          "select id, code from party where kind = 'person'"},
    [REGISTER_BODIES] = {"select max(id) from body", "select id, code from body"},
    [REGISTER_PLACES] = {"select max(id) from place", "select id, code from place"},
};

enum status register_codes(struct store *store, struct arena *arena, enum register_table table,
                           const char ***out, int64_t *max, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_int(store, codes_sql[table].max, 0, max, err);
  if (status != DONE) return status;
  *out = arena_array(arena, const char *, *max + 1);
  status = store_stream(store, &q, codes_sql[table].all, err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t id = query_int(q, 0);
    if (id >= 1 && id <= *max) (*out)[id] = query_copy(q, arena, 1);
  }
  query_end(q);
  return status;
}

/* ---- one record ---- */

enum status register_kind(struct store *store, struct arena *arena, int64_t id, const char **kind,
                          struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_row_with(store, &q, &row, "select kind from party where id = ?1", err,
                                      id);
  *kind = status == DONE && row ? query_copy(q, arena, 0) : NULL;
  query_end(q);
  return status;
}

static enum status has_row(struct store *store, const char *sql, int64_t id, bool *there,
                           struct error *err) {
  struct query *q;
  enum status status = store_row_with(store, &q, there, sql, err, id);
  query_end(q);
  return status;
}

enum status register_has_person(struct store *store, int64_t id, bool *there, struct error *err) {
  return has_row(store, "select 1 from party where id = ?1 and kind = 'person'", id, there, err);
}

enum status register_has_body(struct store *store, int64_t id, bool *there, struct error *err) {
  return has_row(store, "select 1 from body where id = ?1", id, there, err);
}

enum status register_survivor(struct store *store, int64_t id, int64_t *survivor,
                              struct error *err) {
  bool row = true;
  enum status status = DONE;
  *survivor = id;
  for (int depth = 0; status == DONE && row && depth <= LIMIT_ALIAS_DEPTH; depth++) {
    struct query *q;
    status = store_row_with(store, &q, &row, "select keep from alias where gone = ?1", err,
                            *survivor);
    if (status == DONE && row) *survivor = query_int(q, 0);
    query_end(q);
  }
  return status;
}

enum status register_life(struct store *store, int64_t id, day_t *born, day_t *died,
                          struct error *err) {
  struct query *q;
  bool row;
  *born = *died = DAY_NONE;
  enum status status = store_row_with(store, &q, &row, "select born, died from party where id = ?1",
                                      err, id);
  if (status == DONE && row) *born = query_day(q, 0), *died = query_day(q, 1);
  query_end(q);
  return status;
}

enum status register_ask_facts(struct store *store, int64_t id, struct query **out,
                               struct error *err) {
  enum status status = store_query_with(
      store, out,
      "select p.born, p.died, a.keep from party p left join alias a on a.gone = p.id where p.id = "
      "?1 and p.kind = 'person'",
      err, id);
  return status == DONE ? query_ask(*out, err) : status;
}

enum status register_answer_facts(struct query *q, struct person_facts *out, struct error *err) {
  *out = (struct person_facts){.born = DAY_NONE, .died = DAY_NONE};
  enum status status = query_step(q, &out->registered, err);
  if (status == DONE && out->registered)
    *out = (struct person_facts){true, query_day(q, 0), query_day(q, 1), query_int(q, 2)};
  return status;
}

enum status register_youngest(struct store *store, struct arena *arena, day_t day,
                              struct register_name *out, day_t *born, struct error *err) {
  struct query *q;
  bool row;
  *out = (struct register_name){0};
  enum status status = store_row_with(
      store, &q, &row,
      "select code, name, born from party where born <= ?1 and kind = 'person' and died is null "
      "order by born desc, id limit 1",
      err, day);
  if (status == DONE && row) {
    take_name(q, arena, out);
    *born = (day_t)query_int(q, 2);
  }
  query_end(q);
  return status;
}

/* ---- everybody ---- */

static enum status read_lives(struct store *store, struct life *lives, int64_t max,
                              struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_stream(store, &q,
                                    "select id, born, died from party where kind = 'person'", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    const int64_t id = query_int(q, 0);
    if (id < 1 || id > max) continue;
    lives[id] = (struct life){id, query_day(q, 1), query_day(q, 2)};
  }
  query_end(q);
  return status;
}

/* A merged record gets the birth and death of its survivor. Chains of mergers are short. */
static enum status follow_merges(struct store *store, struct life *lives, int64_t max,
                                 struct error *err) {
  struct query *q = NULL;
  bool row = false, again = true;
  enum status status = DONE;
  for (int depth = 0; status == DONE && again && depth < LIMIT_ALIAS_DEPTH; depth++) {
    again = false;
    status = store_query(store, &q, "select gone, keep from alias", err);
    while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
      const int64_t merged = query_int(q, 0), survivor = query_int(q, 1);
      if (merged < 1 || survivor < 1 || merged > max || survivor > max ||
          lives[merged].person == lives[survivor].person)
        continue;
      lives[merged] = lives[survivor];
      again = true;
    }
    query_end(q);
  }
  return status;
}

enum status register_lives(struct store *store, struct life **out, int64_t *max,
                           struct error *err) {
  *out = NULL;
  enum status status = store_int(store, "select max(id) from party", 0, max, err);
  if (status != DONE) return status;
  *out = memory_zeroed((size_t)*max + 1, sizeof **out);
  status = read_lives(store, *out, *max, err);
  return status == DONE ? follow_merges(store, *out, *max, err) : status;
}

enum status register_records_ever(struct store *store, struct arena *arena,
                                  struct register_record **out, int *count, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t most = 0;
  *count = 0;
  enum status status = store_int(store,
                                 "select count(*) from party where kind in ('person', 'erased')", 0,
                                 &most, err);
  if (status != DONE) return status;
  *out = arena_array(arena, struct register_record, most + 1);
  status = store_stream(
      store, &q, "select id, code, kind from party where kind in ('person', 'erased') order by id",
      err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && *count < most)
    (*out)[(*count)++] = (struct register_record){query_int(q, 0), query_copy(q, arena, 1),
                                                  span_is(query_text(q, 2), "person")};
  query_end(q);
  return status;
}

enum status register_records_between(struct store *store, int64_t first, int64_t end,
                                     int64_t *count, struct error *err) {
  return store_int_with(
      store,
      "select count(*) from party where id >= ?1 and id < ?2 and kind in ('person', 'erased')", 0,
      count, err, first, end);
}

/* ---- for exports ---- */

enum status register_households_open(struct store *store, struct query **out, struct error *err) {
  return store_stream(
      store, out,
      "select id, tenure, council_tax_band from party where kind = 'household' order by id", err);
}

enum status register_households_next(struct query *q, struct household_record *out, bool *some,
                                     struct error *err) {
  enum status status = query_step(q, some, err);
  if (status == DONE && *some)
    *out = (struct household_record){query_int(q, 0), query_text(q, 1), query_text(q, 2)};
  return status;
}

enum status register_numbers_open(struct store *store, struct query **out, struct error *err) {
  return store_stream(store, out,
                      "select party, scheme, value, suffix from identifier where scheme not in "
                      "('id', 'household')",
                      err);
}

enum status register_has_numbers(struct store *store, const char *scheme, bool *some,
                                 struct error *err) {
  struct query *q;
  enum status status = store_row_with(store, &q, some,
                                      "select 1 from identifier where scheme = ?1 limit 1", err,
                                      scheme);
  query_end(q);
  return status;
}

enum status register_numbers_of(struct store *store, int64_t party, struct query **out,
                                struct error *err) {
  return store_query_with(store, out,
                          "select party, scheme, value, suffix from identifier where party = ?1",
                          err, party);
}

enum status register_numbers_next(struct query *q, struct number_record *out, bool *some,
                                  struct error *err) {
  enum status status = query_step(q, some, err);
  if (status == DONE && *some)
    *out = (struct number_record){query_int(q, 0), query_text(q, 1), query_text(q, 2),
                                  query_text(q, 3)};
  return status;
}
