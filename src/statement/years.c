/* The years and bodies of a person's lines. */
#include "attest/person_accounts.h"
#include "statement/statement.h"

/* Whether a line after the running year (seldom a right one) was not undone. */
static enum status years_ahead(struct store *store, struct arena *arena,
                               const struct reading *reading, const struct account *accounts,
                               int count, day_t running, struct year_range *out,
                               struct error *err) {
  struct loaded_lines loaded_line = {0};
  int64_t *ids = arena_array(arena, int64_t, count + 1);
  for (int i = 0; i < count; i++) ids[i] = accounts[i].id;
  enum status status = figures_load(&loaded_line, store, reading, ids, (size_t)count, running + 1,
                                    DAY_LAST, err);
  if (status == DONE) {
    struct loaded_line **lines = arena_array(arena, struct loaded_line *, loaded_line.count + 1);
    for (size_t i = 0; i < loaded_line.count; i++) lines[i] = &loaded_line.all[i];
    figures_cancel(lines, loaded_line.count);
    for (size_t i = 0; i < loaded_line.count; i++) {
      const int year = year_of_day(YEAR_TAX, lines[i]->day);
      if (!lines[i]->cancelled && year > out->ahead) out->ahead = year;
    }
  }
  figures_release(&loaded_line);
  if (status == DONE && !out->some && out->ahead)
    out->some = true, out->first = out->last = out->ahead;
  return status;
}

enum status statement_years(struct store *store, int64_t person, struct arena *arena,
                            struct year_range *out, struct error *err) {
  struct person *whose = NULL;
  struct account *accounts = NULL;
  struct reading reading;
  struct query *q = NULL;
  int count = 0;
  bool row = false;
  *out = (struct year_range){0};
  enum status status = person_accounts_owner(store, arena, person, &whose, err);
  if (status == DONE) status = person_accounts_all(store, arena, whose, &accounts, &count, err);
  if (status == DONE) status = book_reading(store, arena, &reading, err);
  if (status == DONE) status = person_accounts_counted(store, arena, accounts, count, &count, err);
  const day_t running = year_last_day(YEAR_TAX, year_of_day(YEAR_TAX, day_today()));
  bool ahead = false;
  /* The first and last line by key: one search each for an account. */
  if (status == DONE)
    status = store_query(
        store, &q,
        "select (select min(day) from line where account = ?1 and " READING_SEES(
            "entry", "?2",
            "?3") "), "
                  "(select max(day) from line where account = ?1 and day <= ?4 and " READING_SEES(
                      "entry", "?2",
                      "?3") "), "
                            "(select max(day) from line where account = ?1 and " READING_SEES(
                                "entry", "?2", "?3") ")",
        err);
  for (int i = 0; status == DONE && i < count; i++) {
    query_bind_int(q, 1, accounts[i].id);
    reading_bind(q, 2, 3, &reading);
    query_bind_int(q, 4, running);
    status = query_step(q, &row, err);
    if (status != DONE || !row || query_is_null(q, 0)) continue;
    ahead |= query_int(q, 2) > running;
    if (query_is_null(q, 1)) continue;
    int first = year_of_day(YEAR_TAX, (day_t)query_int(q, 0)),
        last = year_of_day(YEAR_TAX, (day_t)query_int(q, 1));
    if (!out->some || first < out->first) out->first = first;
    if (!out->some || last > out->last) out->last = last;
    out->some = true;
  }
  query_end(q);
  return status == DONE && ahead
             ? years_ahead(store, arena, &reading, accounts, count, running, out, err)
             : status;
}

enum status statement_bodies_of(struct store *store, int64_t person, day_t since,
                                struct arena *arena, int64_t **out, int *out_count,
                                struct error *err) {
  struct person *whose = NULL;
  struct account *accounts = NULL;
  struct reading reading;
  struct query *q = NULL;
  int count = 0;
  bool row = false;
  struct {
    int64_t *all;
    int count, capacity;
  } found = {0};
  enum status status = person_accounts_owner(store, arena, person, &whose, err);
  if (status == DONE) status = person_accounts_all(store, arena, whose, &accounts, &count, err);
  if (status == DONE) status = book_reading(store, arena, &reading, err);
  if (status == DONE)
    status = store_query(store, &q,
                         "select distinct body from line where account = ?1 and day >= ?2 and body "
                         "is not null and " READING_SEES("entry", "?3", "?4") " order by body",
                         err);
  for (int i = 0; status == DONE && i < count; i++) {
    query_bind_int(q, 1, accounts[i].id);
    query_bind_int(q, 2, since);
    reading_bind(q, 3, 4, &reading);
    while ((status = query_step(q, &row, err)) == DONE && row) {
      int at = found.count;
      int64_t body = query_int(q, 0);
      while (at > 0 && found.all[at - 1] > body) at--;
      if (at > 0 && found.all[at - 1] == body) continue;
      array_reserve(found.all, found.capacity, found.count + 1);
      memmove(found.all + at + 1, found.all + at, sizeof *found.all * (size_t)(found.count - at));
      found.all[at] = body;
      found.count++;
    }
  }
  query_end(q);
  *out = arena_array(arena, int64_t, found.count + 1);
  if (found.count) memcpy(*out, found.all, sizeof *found.all * (size_t)found.count);
  *out_count = found.count;
  free(found.all);
  return status;
}
