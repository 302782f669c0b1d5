#include "publish/edition.h"

#include "base/refusal.h"
#include "book/entries.h"
#include "publish/kept.h"
#include "publish/parts.h"
#include "publish/standards.h"
#include "publish/take_up.h"
#include "register/alerts.h"
#include "store/counter.h"
#include "store/setting.h"

#include <stdlib.h>

#define SCHEDULE_KEY "publish_schedule"

/* ---- the schedule ---- */

static const char *const schedule_words[] = {[EDITION_WEEKLY] = "weekly",
                                             [EDITION_MONTHLY] = "monthly",
                                             [EDITION_QUARTERLY] = "quarterly",
                                             [EDITION_NEVER] = "never"};

bool edition_schedule_parse(struct span word, enum edition_schedule *out) {
  for (int i = 0; i <= EDITION_NEVER; i++)
    if (span_is(word, schedule_words[i])) {
      *out = (enum edition_schedule)i;
      return true;
    }
  return false;
}

enum status edition_schedule_read(struct store *store, enum edition_schedule *out,
                                  struct error *err) {
  struct arena *arena = arena_new();
  const char *word = NULL;
  *out = EDITION_MONTHLY;
  enum status status = setting_read(store, arena, SCHEDULE_KEY, &word, err);
  if (status == DONE && word && !edition_schedule_parse(span_of(word), out))
    status = error_set(err, FAILED, "the book's schedule of editions is damaged: '%s'", word);
  arena_free(arena);
  return status;
}

enum status edition_schedule_write(struct store *store, enum edition_schedule schedule,
                                   const char *who, struct error *err) {
  const char *word = schedule_words[schedule];
  enum status status = setting_write(store, SCHEDULE_KEY, word, err);
  if (status != DONE) return status;
  return alert_add(store, ALERT_EDITION_SCHEDULE, who, 0, word, err);
}

day_t edition_due_after(enum edition_schedule schedule, day_t made) {
  int year, month, day_of_month;
  day_parts(made, &year, &month, &day_of_month);
  switch (schedule) {
  case EDITION_WEEKLY: return made + 7 - (((made + 3) % 7 + 7) % 7); /* day 4 was a Monday */
  case EDITION_QUARTERLY: month = (month - 1) / 3 * 3 + 3; break;
  case EDITION_MONTHLY: break;
  case EDITION_NEVER: return DAY_NONE;
  }
  return month == 12 ? day_make(year + 1, 1, 1) : day_make(year, month + 1, 1);
}

/* ---- reading ---- */

enum status edition_last(struct store *store, int64_t *id, day_t *made, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *id = 0;
  *made = DAY_NONE;
  enum status status = store_query(store, &q,
                                   "select id, day from edition order by id desc limit 1", err);
  if (status == DONE) status = query_step(q, &row, err);
  if (status == DONE && row) {
    *id = query_int(q, 0);
    *made = query_day(q, 1);
  }
  query_end(q);
  return status;
}

enum status editions_list(struct store *store, struct arena *arena, struct edition_record **out,
                          int *count, struct error *err) {
  struct query *q = NULL;
  bool row;
  size_t capacity = 0;
  *out = NULL;
  *count = 0;
  enum status status = store_query(
      store, &q,
      "select e.id, e.day, e.made_at, e.why, e.log_size, (select count(*) from edition_year y "
      "where "
      "y.edition = e.id), (select count(distinct y.figures) from edition_year y where y.edition = "
      "e.id and y.figures not in (select b.figures from edition_year b where b.edition < e.id)) "
      "from edition e order by e.id desc",
      err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, capacity, (size_t)*count + 1);
    (*out)[(*count)++] = (struct edition_record){.id = query_int(q, 0),
                                                 .day = query_day(q, 1),
                                                 .made_at = query_copy(q, arena, 2),
                                                 .why = query_copy(q, arena, 3),
                                                 .log_size = query_int(q, 4),
                                                 .years = (int)query_int(q, 5),
                                                 .years_new = (int)query_int(q, 6)};
  }
  query_end(q);
  return status;
}

static enum status read_years(struct store *store, const struct pack *pack, struct edition *edition,
                              struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_query_with(
      store, &q,
      "select y.year, f.day, f.shown from edition_year y join edition_figures f on f.id = "
      "y.figures where y.edition = ?1 order by y.year desc",
      err, edition->id);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row &&
         edition->years.count < LIMIT_PUBLISHED_YEARS) {
    struct publication *p = NULL;
    status = publication_read(query_bytes(q, 2), pack, edition->arena, &p, err);
    if (status != DONE) break;
    p->edition = edition->id;
    p->made = query_day(q, 1);
    p->due = edition->due;
    edition->of[edition->years.count] = p;
    edition->years.year[edition->years.count++] = (int)query_int(q, 0);
  }
  query_end(q);
  return status;
}

static enum status find_edition(struct store *store, int64_t *id, day_t *made, struct error *err) {
  struct query *q;
  bool row;
  if (!*id) return edition_last(store, id, made, err);
  enum status status = store_row_with(store, &q, &row, "select day from edition where id = ?1", err,
                                      *id);
  if (status == DONE && row) *made = query_day(q, 0);
  if (status == DONE && !row) status = refuse(err, EDITION_UNKNOWN, (long long)*id);
  query_end(q);
  return status;
}

enum status edition_read(struct store *store, const struct pack *pack, int64_t id,
                         struct edition **out, struct error *err) {
  day_t made = DAY_NONE;
  enum edition_schedule schedule;
  *out = NULL;
  enum status status = find_edition(store, &id, &made, err);
  if (status == DONE) status = edition_schedule_read(store, &schedule, err);
  if (status != DONE || !id) return status;
  struct edition *edition = memory_zeroed(1, sizeof *edition);
  *edition = (struct edition){.arena = arena_new(),
                              .id = id,
                              .made = made,
                              .due = edition_due_after(schedule, made),
                              .schedule = schedule};
  status = read_years(store, pack, edition, err);
  if (status == DONE && !edition->years.count)
    status = error_set(err, FAILED, "edition %lld has no years", (long long)id);
  if (status != DONE) {
    edition_free(edition);
    return status;
  }
  edition->latest = edition->years.year[0];
  *out = edition;
  return DONE;
}

void edition_free(struct edition *edition) {
  if (!edition) return;
  arena_free(edition->arena);
  free(edition);
}

const struct publication *edition_year(const struct edition *edition, int year) {
  if (!year) year = edition->latest;
  for (int i = 0; i < edition->years.count; i++)
    if (edition->years.year[i] == year) return edition->of[i];
  return NULL;
}

/* ---- making ---- */

/* A year of the edition that is made: figures that are kept already, or new ones. */
struct making_year {
  int year;
  int64_t figures;                 /* that were shown last; 0: none */
  const struct publication *shown; /* what a reader has of the year: those, or the new ones */
  bool is_new;
  struct text bytes; /* of new ones */
};
struct making {
  struct store *store;
  const struct edition_making *asked;
  struct arena *arena; /* of what readers have */
  int64_t last;        /* the edition before; 0: none */
  int64_t log_size;
  struct making_year years[LIMIT_PUBLISHED_YEARS];
  int count, new_count;
};

static bool stopping(const struct making *m) {
  return m->asked->stopping && atomic_load(m->asked->stopping);
}

/* *due: whether one is to be made. */
static enum status look_whether_due(struct making *m, bool *due, struct error *err) {
  day_t made;
  enum edition_schedule schedule;
  enum status status = edition_last(m->store, &m->last, &made, err);
  if (status == DONE) status = edition_schedule_read(m->store, &schedule, err);
  if (status != DONE) return status;
  day_t after = m->last ? edition_due_after(schedule, made) : DAY_NONE;
  *due = !m->last || m->asked->early || (after != DAY_NONE && m->asked->today >= after);
  return DONE;
}

enum status edition_next_words(struct store *store, enum language language, day_t today,
                               struct arena *arena, const char **out, struct error *err) {
  int64_t last;
  day_t made;
  enum edition_schedule schedule;
  enum status status = edition_last(store, &last, &made, err);
  if (status == DONE) status = edition_schedule_read(store, &schedule, err);
  if (status != DONE) return status;
  const day_t after = last ? edition_due_after(schedule, made) : today;
  if (after == DAY_NONE)
    *out = say(language, "Nobody else sees these payments before the next edition of the public "
                         "account is made, for which no day is set.");
  else
    *out = arena_printf(arena,
                        say(language, "Anybody can see these payments at the earliest with the "
                                      "next edition of the public account, on %s."),
                        value_words(arena, language, doc_day(after > today ? after : today)));
  return DONE;
}

/* The figures of the year that were shown last. */
static enum status read_shown(struct making *m, struct making_year *y, struct error *err) {
  struct query *q;
  bool row;
  struct publication *shown = NULL;
  enum status status = store_row_with(m->store, &q, &row,
                                      "select f.id, f.shown from edition_figures f where f.year = "
                                      "?1 order by f.id desc limit 1",
                                      err, y->year);
  if (status == DONE && row) {
    y->figures = query_int(q, 0);
    status = publication_read(query_bytes(q, 1), m->asked->pack, m->arena, &shown, err);
    y->shown = shown;
  }
  query_end(q);
  return status;
}

static enum status find_years(struct making *m, struct error *err) {
  struct publish_years years;
  const int today = year_of_day(YEAR_TAX, m->asked->today);
  enum status status = publish_log_size(m->store, &m->log_size, err);
  if (status == DONE) status = publish_years(m->store, today, m->asked->stopping, &years, err);
  if (status != DONE) return status;
  if (!years.count) years.year[years.count++] = today; /* an empty book has an empty account */
  for (m->count = 0; status == DONE && m->count < years.count; m->count++) {
    m->years[m->count] = (struct making_year){.year = years.year[m->count]};
    status = read_shown(m, &m->years[m->count], err);
  }
  return status;
}

/* Whether so much has come since the year's figures that new ones say nothing about few people. A
 * year that was never shown comes in with an edition of the schedule; before its day it needs what
 * any year needs. */
static bool far_enough(const struct making *m, const struct making_year *y,
                       const struct publication *p) {
  if (!y->shown && !(m->asked->early && m->last)) return true;
  return p->new_people >= EDITION_PEOPLE &&
         (!m->asked->early || p->new_lines >= EDITION_EARLY_LINES);
}

static enum status make_year(struct making *m, struct making_year *y, struct error *err) {
  const struct publication *beside[LIMIT_PUBLISHED_YEARS];
  int64_t lines = 0, since = y->shown ? publication_log_size(y->shown) : 0;
  int count = 0;
  struct publication *made, *shown;
  enum status status = DONE;
  if (y->shown) status = entries_lines_after(m->store, since, &lines, err);
  if (status != DONE || (y->shown && lines < EDITION_PEOPLE)) return status;
  for (int i = 0; i < m->count; i++)
    if (m->years[i].shown) beside[count++] = m->years[i].shown;
  const struct publish_options options = {.year = y->year,
                                          .threads = m->asked->threads,
                                          .progress = m->asked->progress,
                                          .earlier = beside,
                                          .earlier_count = count,
                                          .since = since};
  struct arena *arena = arena_new();
  status = publication_make(m->store, m->asked->pack, &options, arena, &made, err);
  if (status == DONE && far_enough(m, y, made)) {
    y->is_new = true;
    m->new_count++;
    publication_write(made, &y->bytes);
    status = publication_read(span_make(y->bytes.bytes, y->bytes.size), m->asked->pack, m->arena,
                              &shown, err);
    if (status == DONE) y->shown = shown; /* beside the years that are still to be made */
  }
  arena_free(arena);
  return status;
}

static enum status write_year(struct making *m, struct making_year *y, int64_t id,
                              struct error *err) {
  enum status status = DONE;
  if (!y->shown) return DONE; /* it waits for the edition of its day */
  if (y->is_new) {
    status = counter_next(m->store, "edition_figures", &y->figures, err);
    if (status == DONE)
      status = store_run_with(m->store,
                              "insert into edition_figures (id, year, day, log_size, shown) "
                              "values (?1, ?2, ?3, ?4, ?5)",
                              err, y->figures, y->year, m->asked->today,
                              publication_log_size(y->shown),
                              QUERY_BYTES(y->bytes.bytes, y->bytes.size));
  }
  if (status != DONE) return status;
  return store_run_with(m->store,
                        "insert into edition_year (edition, year, figures) values (?1, ?2, ?3)",
                        err, id, y->year, y->figures);
}

static enum status write_edition(struct making *m, struct edition_made *made, struct error *err) {
  char now[21];
  int64_t last = 0;
  day_t day;
  const char *why = !m->last ? "first" : m->asked->early ? "early" : "schedule";
  enum status status = store_begin(m->store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = edition_last(m->store, &last, &day, err);
  if (status == DONE && last != m->last) { /* another program was first */
    store_rollback(m->store);
    return DONE;
  }
  if (status == DONE) status = counter_next(m->store, "edition", &made->id, err);
  if (status == DONE)
    status = store_run_with(m->store,
                            "insert into edition (id, day, made_at, log_size, why) values (?1, "
                            "?2, ?3, ?4, ?5)",
                            err, made->id, m->asked->today, span_of(clock_write_now(now)),
                            m->log_size, why);
  for (int i = 0; status == DONE && i < m->count; i++)
    status = write_year(m, &m->years[i], made->id, err);
  if (status == DONE && m->asked->early && m->last)
    status = alert_add(m->store, ALERT_EDITION, m->asked->early, 0, "", err);
  if (status == DONE) status = store_commit(m->store, err);
  if (status != DONE) {
    store_rollback(m->store);
    made->id = 0;
    return status;
  }
  made->years = 0;
  for (int i = 0; i < m->count; i++) made->years += m->years[i].shown != NULL;
  made->years_new = m->new_count;
  return DONE;
}

/* With the lock held. */
static enum status make_locked(struct making *m, struct edition_made *made, struct error *err) {
  bool due = false;
  enum status status = look_whether_due(m, &due, err);
  if (status != DONE || !due) return status;
  status = find_years(m, err);
  for (int i = 0; status == DONE && i < m->count; i++) {
    status = make_year(m, &m->years[i], err);
    if (status == DONE && stopping(m)) status = error_set(err, FAILED, "the program is stopping");
  }
  if (status == DONE && m->asked->early && m->last && !m->new_count)
    status = refuse(err, EDITION_TOO_EARLY, EDITION_EARLY_LINES, EDITION_PEOPLE);
  /* before the edition: what failed is done with the next try */
  if (status == DONE)
    status = standards_publish(m->store, m->asked->pack, m->asked->today, m->asked->threads, err);
  if (status == DONE)
    status = take_up_publish(m->store, m->asked->pack, m->asked->today, m->asked->threads, err);
  if (status == DONE) status = write_edition(m, made, err);
  for (int i = 0; i < m->count; i++) text_release(&m->years[i].bytes);
  return status;
}

enum status edition_make(struct store *store, const struct edition_making *making,
                         struct edition_made *made, struct error *err) {
  bool due = false, held = false;
  *made = (struct edition_made){0};
  struct making *m = memory_zeroed(1, sizeof *m);
  *m = (struct making){.store = store, .asked = making, .arena = arena_new()};
  enum status status = look_whether_due(m, &due, err);
  if (status == DONE && due) status = store_lock(store, EDITION_LOCK, making->wait, &held, err);
  if (status == DONE && held) {
    status = make_locked(m, made, err);
    store_unlock(store, EDITION_LOCK);
  }
  arena_free(m->arena);
  free(m);
  return status;
}
