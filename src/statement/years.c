/* The years and bodies of a person's lines. */
#include "attest/person_accounts.h"
#include "book/line_reads.h"
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
    out->some = true, out->first = out->last = out->opens = out->ahead;
  return status;
}

/* Where the last year runs, the latest one before it with a line. */
static enum status year_over(struct store *store, const struct reading *reading,
                             const struct account *accounts, int count, day_t running,
                             struct year_range *out, struct error *err) {
  struct line_days days = {0};
  out->opens = out->last;
  if (!out->some || year_last_day(YEAR_TAX, out->last) < running) return DONE;
  enum status status = lines_days(store, reading, accounts, count,
                                  year_first_day(YEAR_TAX, out->last) - 1, &days, err);
  if (days.some) out->opens = year_of_day(YEAR_TAX, days.last);
  return status;
}

enum status statement_years(struct store *store, int64_t person, struct arena *arena,
                            struct year_range *out, struct error *err) {
  struct person *whose = NULL;
  struct account *accounts = NULL;
  struct reading reading;
  struct line_days days = {0};
  int count = 0;
  *out = (struct year_range){0};
  enum status status = person_accounts_owner(store, arena, person, &whose, err);
  if (status == DONE) status = person_accounts_all(store, arena, whose, &accounts, &count, err);
  if (status == DONE) status = book_reading(store, arena, &reading, err);
  if (status == DONE) status = person_accounts_counted(store, arena, accounts, count, &count, err);
  const day_t running = year_last_day(YEAR_TAX, year_of_day(YEAR_TAX, day_today()));
  if (status == DONE) status = lines_days(store, &reading, accounts, count, running, &days, err);
  if (days.some) {
    out->some = true;
    out->first = year_of_day(YEAR_TAX, days.first);
    out->last = year_of_day(YEAR_TAX, days.last);
  }
  if (status == DONE) status = year_over(store, &reading, accounts, count, running, out, err);
  return status == DONE && days.later
             ? years_ahead(store, arena, &reading, accounts, count, running, out, err)
             : status;
}

enum status statement_bodies_of(struct store *store, int64_t person, day_t since,
                                struct arena *arena, int64_t **out, int *out_count,
                                struct error *err) {
  struct person *whose = NULL;
  struct account *accounts = NULL;
  struct reading reading;
  int count = 0;
  enum status status = person_accounts_owner(store, arena, person, &whose, err);
  if (status == DONE) status = person_accounts_all(store, arena, whose, &accounts, &count, err);
  if (status == DONE) status = book_reading(store, arena, &reading, err);
  return status == DONE
             ? lines_bodies(store, arena, &reading, accounts, count, since, out, out_count, err)
             : status;
}
