#include "time/parts.h"

#include "base/refusal.h"
#include "register/names.h"
#include "store/counter.h"

const char *const time_state_words[] = {"proposed", "confirmed", "refused", "withdrawn"};

static enum status sum_of_day(struct store *store, struct arena *arena, int64_t person, day_t day,
                              wide_t *minutes, struct error *err) {
  struct account *accounts = NULL;
  struct reading reading;
  int count = 0;
  enum status status = book_accounts_of(store, arena, OWNER_PERSON, &person, 1, &accounts, &count,
                                        err);
  if (status == DONE) status = book_reading(store, arena, &reading, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct line_cursor *lines = NULL;
    const struct line *line = NULL;
    if (strcmp(accounts[i].unit, UNIT_MINUTES) != 0) continue;
    status = lines_open(&lines, store, &reading, &accounts[i].id, 1, day, day, err);
    if (status == DONE) lines_without_texts(lines);
    while (status == DONE && (status = lines_next(lines, &line, err)) == DONE && line)
      *minutes -= line->amount;
    lines_close(lines);
  }
  return status;
}

enum status time_day_minutes(struct store *store, int64_t person, day_t day, bool proposed,
                             int64_t *minutes, struct error *err) {
  struct arena *arena = arena_new();
  *minutes = 0;
  enum status status = DONE;
  if (proposed)
    status = store_int_with(store,
                            "select coalesce(sum(minutes), 0) from given where person = ?1 and "
                            "day = ?2 and state = 'proposed'",
                            0, minutes, err, person, day);
  wide_t sum = *minutes;
  if (status == DONE) status = sum_of_day(store, arena, person, day, &sum, err);
  /* it is only compared with the minutes of a day */
  if (!wide_narrow(sum, minutes)) *minutes = sum < 0 ? INT64_MIN / 2 : INT64_MAX / 2;
  arena_free(arena);
  return status;
}

static enum status check_day(const struct time_proposal *g, const struct person *person,
                             struct error *err) {
  if (g->day > g->today) return refuse_at(err, "date", TIME_DAY_TO_COME);
  if (g->day < g->today - TIME_BACK_DAYS) return refuse_at(err, "date", TIME_DAY_TOO_OLD);
  if (person->born != DAY_NONE && g->day < person->born)
    return refuse_at(err, "date", TIME_BEFORE_BIRTH);
  if (person->died != DAY_NONE && g->day > person->died)
    return refuse_at(err, "date", TIME_AFTER_DEATH);
  return DONE;
}

static enum status check_room(struct store *store, const struct time_proposal *g,
                              struct error *err) {
  int64_t used = 0, waiting = 0;
  if (g->minutes < 1) return refuse_at(err, "minutes", TIME_NO_MINUTES);
  if (g->minutes > TIME_DAY_MINUTES) return refuse_at(err, "minutes", TIME_PAST_A_DAY);
  enum status status = time_day_minutes(store, g->person, g->day, true, &used, err);
  if (status == DONE && used + g->minutes > TIME_DAY_MINUTES)
    return refuse_at(err, "minutes", TIME_DAY_FULL);
  if (status == DONE)
    status = store_int_with(store,
                            "select count(*) from given where person = ?1 and state = 'proposed'",
                            0, &waiting, err, g->person);
  if (status == DONE && waiting >= TIME_WAITING_MOST) return refuse(err, TIME_TOO_MANY_WAIT);
  return status;
}

static enum status check_side(struct store *store, const struct time_proposal *g,
                              struct error *err) {
  bool there = false;
  int64_t giver = 0, other = 0;
  enum status status = DONE;
  if ((g->body != 0) == (g->other != 0)) return refuse_at(err, "body", TIME_CONFIRMER_MISSING);
  if (g->body) {
    status = register_has_body(store, g->body, &there, err);
    return status == DONE && !there ? refuse_at(err, "body", TIME_BODY_UNKNOWN) : status;
  }
  status = register_survivor(store, g->person, &giver, err);
  if (status == DONE) status = register_survivor(store, g->other, &other, err);
  if (status == DONE && giver == other) return refuse_at(err, "other", TIME_CONFIRMER_IS_GIVER);
  if (status == DONE) status = register_has_person(store, g->other, &there, err);
  return status == DONE && !there ? refuse_at(err, "other", TIME_PERSON_UNKNOWN) : status;
}

static enum status insert(struct store *store, const struct time_proposal *g, int64_t category,
                          int64_t id, struct error *err) {
  char at[21];
  return store_run_with(
      store,
      "insert into given (person, id, category, day, minutes, body, other, proposer, note, at, "
      "state) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'proposed')",
      err, g->person, id, category, g->day, g->minutes, QUERY_OR_NULL(g->body, g->body),
      QUERY_OR_NULL(g->other, g->other), g->by, g->note.bytes ? g->note : span_of(""),
      clock_write_now(at));
}

enum status time_propose(struct store *store, const struct record_terms *terms,
                         const struct time_proposal *g, int64_t *id, struct error *err) {
  struct arena *arena = arena_new();
  struct person person = {0};
  int64_t category = 0;
  const struct pack_category *pack = pack_find_category(terms->pack, g->category);
  enum status status = register_person(store, arena, g->person, &person, err);
  if (status == DONE && (!pack || pack->side != SIDE_GIVEN))
    status = refuse_at(err, "category", TIME_CATEGORY_MISSING);
  if (status == DONE && g->note.size > TIME_NOTE_BYTES_MAX)
    status = refuse_at(err, "note", TIME_NOTE_TOO_LONG);
  if (status == DONE) status = check_day(g, &person, err);
  if (status == DONE) status = check_side(store, g, err);
  if (status == DONE) status = check_room(store, g, err);
  if (status == DONE) status = book_category_id(store, g->category, &category, err);
  if (status == DONE && !category) status = refuse_at(err, "category", TIME_CATEGORY_MISSING);
  if (status == DONE) status = counter_next(store, "given", id, err);
  if (status == DONE) status = insert(store, g, category, *id, err);
  arena_free(arena);
  return status;
}

enum status time_withdraw(struct store *store, int64_t person, int64_t id, struct error *err) {
  struct query *q = NULL;
  char at[21];
  enum status status =
      store_query_with(store, &q,
                       "update given set state = 'withdrawn', answered_at = ?3 where person = ?1 "
                       "and id = ?2 and state = 'proposed'",
                       err, person, id, span_of(clock_write_now(at)));
  if (status == DONE) status = query_run(q, err);
  int64_t changed = status == DONE ? query_changes(q) : 0;
  query_end(q);
  return status == DONE && !changed ? refuse(err, TIME_NOT_WAITING) : status;
}
