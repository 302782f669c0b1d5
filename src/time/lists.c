#include "time/parts.h"

#include "base/refusal.h"
#include "book/book.h"
#include "register/names.h"

#define TIME_COLUMNS \
  "id, person, category, day, minutes, body, other, note, at, state, answered_at, answered_by, " \
  "answer, entry, n"

static const char *keep(struct arena *arena, struct query *q, int column) {
  struct span text = query_text(q, column);
  return text.bytes ? arena_copy(arena, text.bytes, text.size) : NULL;
}

static enum time_state state_of(struct span word) {
  for (int s = 0; s <= TIME_WITHDRAWN; s++)
    if (span_is(word, time_state_words[s])) return (enum time_state)s;
  return TIME_WITHDRAWN;
}

/* Without its names; `category` is its number. */
static void read_given(struct arena *arena, struct query *q, struct time_contribution *g,
                       int64_t *category) {
  *category = query_int(q, 2);
  *g = (struct time_contribution){.id = query_int(q, 0),
                                  .person = query_int(q, 1),
                                  .day = (day_t)query_int(q, 3),
                                  .minutes = query_int(q, 4),
                                  .body = query_int(q, 5),
                                  .other = query_int(q, 6),
                                  .note = keep(arena, q, 7),
                                  .at = keep(arena, q, 8),
                                  .state = state_of(query_text(q, 9)),
                                  .answered_at = keep(arena, q, 10),
                                  .answered_by = keep(arena, q, 11),
                                  .answer = keep(arena, q, 12),
                                  .entry = query_int(q, 13),
                                  .line_no = (int32_t)query_int(q, 14)};
}

/* The names of the people, the body and the category of each, of the register and the book. */
static enum status add_names(struct store *store, struct arena *arena,
                             struct time_contribution *all, const int64_t *categories, int count,
                             struct error *err) {
  int64_t *parties = arena_array(arena, int64_t, 2 * count + 1),
          *bodies = arena_array(arena, int64_t, count + 1);
  struct register_name *people = arena_array(arena, struct register_name, 2 * count + 1),
                       *names = arena_array(arena, struct register_name, count + 1);
  for (int i = 0; i < count; i++) {
    parties[2 * i] = all[i].person;
    parties[2 * i + 1] = all[i].other;
    bodies[i] = all[i].body;
  }
  enum status status = register_names_of_parties(store, arena, parties, 2 * count, people, err);
  if (status == DONE) status = register_names_of_bodies(store, arena, bodies, count, names, err);
  for (int i = 0; status == DONE && i < count; i++) {
    all[i].person_code = people[2 * i].code;
    all[i].person_name = people[2 * i].name;
    all[i].other_code = people[2 * i + 1].code;
    all[i].other_name = people[2 * i + 1].name;
    all[i].body_code = names[i].code;
    all[i].body_name = names[i].name;
    if (i && categories[i] == categories[i - 1]) all[i].category = all[i - 1].category;
    else status = book_category_code(store, arena, categories[i], &all[i].category, err);
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
  int64_t *categories = arena_array(arena, int64_t, most);
  *count = 0;
  *out = arena_array(arena, struct time_contribution, most);
  enum status status = store_int_with(store, count_sql, 0, total, err, key);
  if (status == DONE)
    status = store_query_with(store, &q, sql, err, key, most, page->skip > 0 ? page->skip : 0);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && *count < most) {
    read_given(arena, q, &(*out)[*count], &categories[*count]);
    ++*count;
  }
  query_end(q);
  return status == DONE ? add_names(store, arena, *out, categories, *count, err) : status;
}

enum status time_list_of(struct store *store, struct arena *arena, int64_t person,
                         const struct time_list_page *page, struct time_contribution **out,
                         int *count, int64_t *total, struct error *err) {
  return list(store, arena,
              "select " TIME_COLUMNS " from given "
              "where person = ?1 order by id desc limit ?2 offset ?3",
              "select count(*) from given where person = ?1", person, page, out, count, total, err);
}

enum status time_waiting_for_body(struct store *store, struct arena *arena, int64_t body,
                                  const struct time_list_page *page, struct time_contribution **out,
                                  int *count, int64_t *total, struct error *err) {
  return list(store, arena,
              "select " TIME_COLUMNS " from given "
              "where body = ?1 and state = 'proposed' order by id limit ?2 offset ?3",
              "select count(*) from given where body = ?1 and state = 'proposed'", body, page, out,
              count, total, err);
}

enum status time_waiting_for_person(struct store *store, struct arena *arena, int64_t other,
                                    const struct time_list_page *page,
                                    struct time_contribution **out, int *count, int64_t *total,
                                    struct error *err) {
  return list(store, arena,
              "select " TIME_COLUMNS " from given "
              "where other = ?1 and state = 'proposed' order by id limit ?2 offset ?3",
              "select count(*) from given where other = ?1 and state = 'proposed'", other, page,
              out, count, total, err);
}

enum status time_one(struct store *store, struct arena *arena, int64_t id, int64_t person,
                     int64_t body, int64_t other, struct time_contribution *out,
                     struct error *err) {
  struct query *q;
  bool row;
  int64_t category = 0;
  enum status status =
      store_row_with(store, &q, &row,
                     "select " TIME_COLUMNS
                     " from given where id = ?1 and (person = ?2 or body = ?3 or other = ?4)",
                     err, id, QUERY_OR_NULL(person, person), QUERY_OR_NULL(body, body),
                     QUERY_OR_NULL(other, other));
  if (status == DONE && row) read_given(arena, q, out, &category);
  query_end(q);
  if (status == DONE && !row) return refuse(err, TIME_UNKNOWN);
  return status == DONE ? add_names(store, arena, out, &category, 1, err) : status;
}
