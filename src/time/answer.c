#include "time/parts.h"

#include "base/refusal.h"
#include "register/names.h"

struct proposal {
  int64_t person, proposer, minutes, body, category;
  day_t day;
  const char *note;
};

/* Two who answer at once do not both. On PostgreSQL the row is locked until the transaction ends,
 * by a change: Citus, which must look in every shard, locks by no select. SQLite has one writer. */
static enum status lock_proposal(struct store *store, int64_t id, struct error *err) {
  struct query *q = NULL;
  if (store_engine_of(store) == STORE_SQLITE) return DONE;
  enum status status = store_query(
      store, &q, "update given set state = state where id = ?1 and state = 'proposed'", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, id);
  status = query_run_later(q, err);
  query_end(q);
  return status;
}

/* Whatever has another state or another's side is not there. */
static enum status take_proposal(struct store *store, struct arena *arena,
                                 const struct time_answer *answer, struct proposal *out,
                                 struct error *err) {
  struct query *q = NULL;
  bool row = false;
  if ((answer->body != 0) == (answer->other != 0))
    return error_set(err, FAILED, "an answer is a body's or a person's");
  enum status status = lock_proposal(store, answer->id, err);
  if (status == DONE)
    status = store_row_with(store, &q, &row,
                            "select person, proposer, minutes, day, note, category, body from "
                            "given where id = ?1 and state = 'proposed' and (body = ?2 or other = "
                            "?3)",
                            err, answer->id, QUERY_OR_NULL(answer->body, answer->body),
                            QUERY_OR_NULL(!answer->body, answer->other));
  if (status == DONE && !row) status = refuse(err, TIME_NOT_WAITING);
  if (status == DONE)
    *out = (struct proposal){.person = query_int(q, 0),
                             .proposer = query_int(q, 1),
                             .minutes = query_int(q, 2),
                             .day = (day_t)query_int(q, 3),
                             .note = query_copy(q, arena, 4),
                             .category = query_int(q, 5),
                             .body = query_int(q, 6)};
  query_end(q);
  return status;
}

/* Those that the caller has read are asked first: a round trip less. */
static enum status category_code(struct store *store, struct arena *arena,
                                 const struct record_terms *terms, int64_t id, const char **code,
                                 struct error *err) {
  const struct codes *codes = terms->codes;
  if (codes && id >= 1 && id <= codes->category_max && codes->category_code[id]) {
    *code = codes->category_code[id];
    return DONE;
  }
  enum status status = book_category_code(store, arena, id, code, err);
  return status == DONE && !*code
             ? error_set(err, FAILED,
                         "the category of what was given is not there; run `weal audit`")
             : status;
}

/* If two records are one person, neither may confirm for the other. */
static enum status check_answerer(struct store *store, const struct time_answer *answer,
                                  const struct proposal *p, struct error *err) {
  int64_t by = 0, giver = 0, proposer = 0, other = 0;
  enum status status = register_survivor(store, answer->by, &by, err);
  if (status == DONE) status = register_survivor(store, p->person, &giver, err);
  if (status == DONE) status = register_survivor(store, p->proposer, &proposer, err);
  if (status == DONE) status = register_survivor(store, answer->other, &other, err);
  if (status == DONE && by == giver) return refuse(err, TIME_OWN_CONFIRMED);
  if (status == DONE && by == proposer) return refuse(err, TIME_ENTERED_BY_YOURSELF);
  if (status == DONE && other && other == giver) return refuse(err, TIME_OWN_CONFIRMED);
  return status;
}

static enum status set_answer(struct store *store, const struct time_answer *answer, int64_t person,
                              enum time_state state, struct span words,
                              const struct recorded *posted, struct error *err) {
  char at[21];
  return store_run_with(
      store,
      "update given set state = ?3, answered_at = ?4, answered_by = ?5, answer = ?6, entry = ?7, "
      "n = ?8 where person = ?1 and id = ?2 and state = 'proposed'",
      err, person, answer->id, time_state_words[state], clock_write_now(at), answer->who,
      words.size ? words : span_make(NULL, 0), QUERY_OR_NULL(posted, posted->entry),
      QUERY_OR_NULL(posted, posted->line_no));
}

static enum status confirm_within(struct store *store, struct arena *arena,
                                  const struct record_terms *terms,
                                  const struct time_answer *answer, struct recorded *posted,
                                  struct error *err) {
  struct proposal p = {0};
  const char *category = NULL;
  int64_t used = 0;
  enum status status = take_proposal(store, arena, answer, &p, err);
  if (status == DONE) status = category_code(store, arena, terms, p.category, &category, err);
  if (status == DONE) status = check_answerer(store, answer, &p, err);
  if (status == DONE) status = time_day_minutes(store, p.person, p.day, false, &used, err);
  if (status != DONE) return status;
  if (used + p.minutes > TIME_DAY_MINUTES) return refuse_at(err, "minutes", TIME_DAY_FULL);
  struct record_row row = {.person = p.person,
                           .category = span_of(category),
                           .has_quantity = true,
                           .quantity = p.minutes,
                           .body = p.body,
                           .day = p.day,
                           .reference =
                               span_of(arena_printf(arena, "given-%lld", (long long)answer->id)),
                           .note = span_of(p.note)};
  status = record_post(store, terms, &row, posted, err);
  return status == DONE
             ? set_answer(store, answer, p.person, TIME_CONFIRMED, span_make(NULL, 0), posted, err)
             : status;
}

enum status time_confirm(struct store *store, const struct record_terms *terms,
                         const struct time_answer *answer, struct recorded *posted,
                         struct error *err) {
  struct arena *arena = arena_new();
  enum status status = confirm_within(store, arena, terms, answer, posted, err);
  arena_free(arena);
  return status;
}

enum status time_refuse(struct store *store, const struct time_answer *answer, struct span reason,
                        struct error *err) {
  struct arena *arena = arena_new();
  struct proposal p = {0};
  enum status status = DONE;
  if (!reason.size) status = refuse_at(err, "reason", TIME_REASON_MISSING);
  else if (reason.size > TIME_NOTE_BYTES_MAX)
    status = refuse_at(err, "reason", TIME_REASON_TOO_LONG);
  if (status == DONE) status = take_proposal(store, arena, answer, &p, err);
  if (status == DONE) status = set_answer(store, answer, p.person, TIME_REFUSED, reason, NULL, err);
  arena_free(arena);
  return status;
}
