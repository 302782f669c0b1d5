#include "time/parts.h"
#include "base/refusal.h"

#define TIME_COLUMNS \
  "g.id, g.person, c.code, g.day, g.minutes, g.body, g.other, b.code, b.name, g.note, g.at, " \
  "g.state, g.answered_at, g.answered_by, g.answer, g.entry, g.n"
#define TIME_TABLES \
  " from given g join category c on c.id = g.category left join body b on b.id = g.body "

static const char *keep(struct arena *arena, struct query *q, int column) {
  struct span text = query_text(q, column);
  return text.bytes ? arena_copy(arena, text.bytes, text.size) : NULL;
}

static enum time_state state_of(struct span word) {
  for (int s = 0; s <= TIME_WITHDRAWN; s++)
    if (span_is(word, time_state_words[s])) return (enum time_state)s;
  return TIME_WITHDRAWN;
}

static void read_given(struct arena *arena, struct query *q, struct time_contribution *g) {
  *g = (struct time_contribution){.id = query_int(q, 0),
                                  .person = query_int(q, 1),
                                  .category = keep(arena, q, 2),
                                  .day = (day_t)query_int(q, 3),
                                  .minutes = query_int(q, 4),
                                  .body = query_int(q, 5),
                                  .other = query_int(q, 6),
                                  .body_code = keep(arena, q, 7),
                                  .body_name = keep(arena, q, 8),
                                  .note = keep(arena, q, 9),
                                  .at = keep(arena, q, 10),
                                  .state = state_of(query_text(q, 11)),
                                  .answered_at = keep(arena, q, 12),
                                  .answered_by = keep(arena, q, 13),
                                  .answer = keep(arena, q, 14),
                                  .entry = query_int(q, 15),
                                  .line_no = (int32_t)query_int(q, 16)};
}

/* Reads each name by its key: a page has a hundred at most, and Citus cannot join two people in one
 * row. */
static enum status name_person(struct store *store, struct arena *arena, int64_t id,
                               const char **code, const char **name, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  if (!id) return DONE;
  enum status status = store_query(store, &q, "select code, name from party where id = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, id);
  status = query_step(q, &row, err);
  if (status == DONE && row) *code = keep(arena, q, 0), *name = keep(arena, q, 1);
  query_end(q);
  return status;
}

static enum status name_people(struct store *store, struct arena *arena,
                               struct time_contribution *all, int count, struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < count; i++) {
    status = name_person(store, arena, all[i].person, &all[i].person_code, &all[i].person_name,
                         err);
    if (status == DONE)
      status = name_person(store, arena, all[i].other, &all[i].other_code, &all[i].other_name, err);
  }
  return status;
}

static enum status list(struct store *store, struct arena *arena, const char *sql,
                        const char *count_sql, int64_t key, const struct time_list_page *page,
                        struct time_contribution **out, int *count, int64_t *total,
                        struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int most = page->most > 0 && page->most < TIME_PAGE_MOST ? page->most : TIME_PAGE_MOST;
  *count = 0;
  *total = 0;
  *out = arena_array(arena, struct time_contribution, most);
  enum status status = store_query(store, &q, count_sql, err);
  if (status != DONE) return status;
  query_bind_int(q, 1, key);
  status = query_step(q, &row, err);
  if (status == DONE && row) *total = query_int(q, 0);
  query_end(q);
  if (status == DONE) status = store_query(store, &q, sql, err);
  if (status != DONE) return status;
  query_bind_int(q, 1, key);
  query_bind_int(q, 2, most);
  query_bind_int(q, 3, page->skip > 0 ? page->skip : 0);
  while ((status = query_step(q, &row, err)) == DONE && row && *count < most)
    read_given(arena, q, &(*out)[(*count)++]);
  query_end(q);
  return status == DONE ? name_people(store, arena, *out, *count, err) : status;
}

enum status time_list_of(struct store *store, struct arena *arena, int64_t person,
                         const struct time_list_page *page, struct time_contribution **out,
                         int *count, int64_t *total, struct error *err) {
  return list(store, arena,
              "select " TIME_COLUMNS TIME_TABLES
              "where g.person = ?1 order by g.id desc limit ?2 offset ?3",
              "select count(*) from given where person = ?1", person, page, out, count, total, err);
}

enum status time_waiting_for_body(struct store *store, struct arena *arena, int64_t body,
                                  const struct time_list_page *page, struct time_contribution **out,
                                  int *count, int64_t *total, struct error *err) {
  return list(store, arena,
              "select " TIME_COLUMNS TIME_TABLES
              "where g.body = ?1 and g.state = 'proposed' order by g.id limit ?2 offset ?3",
              "select count(*) from given where body = ?1 and state = 'proposed'", body, page, out,
              count, total, err);
}

enum status time_waiting_for_person(struct store *store, struct arena *arena, int64_t other,
                                    const struct time_list_page *page,
                                    struct time_contribution **out, int *count, int64_t *total,
                                    struct error *err) {
  return list(store, arena,
              "select " TIME_COLUMNS TIME_TABLES
              "where g.other = ?1 and g.state = 'proposed' order by g.id limit ?2 offset ?3",
              "select count(*) from given where other = ?1 and state = 'proposed'", other, page,
              out, count, total, err);
}

enum status time_one(struct store *store, struct arena *arena, int64_t id, int64_t person,
                     int64_t body, int64_t other, struct time_contribution *out,
                     struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_query(store, &q,
                  "select " TIME_COLUMNS TIME_TABLES
                  "where g.id = ?1 and (g.person = ?2 or g.body = ?3 or g.other = ?4)",
                  err);
  if (status != DONE) return status;
  query_bind_int(q, 1, id);
  if (person) query_bind_int(q, 2, person);
  if (body) query_bind_int(q, 3, body);
  if (other) query_bind_int(q, 4, other);
  status = query_step(q, &row, err);
  if (status == DONE && row) read_given(arena, q, out);
  query_end(q);
  if (status == DONE && !row) return refuse(err, TIME_UNKNOWN);
  return status == DONE ? name_people(store, arena, out, 1, err) : status;
}
