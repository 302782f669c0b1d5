#include "register/duties.h"

#include "base/money.h"
#include "base/refusal.h"
#include "store/counter.h"

/* ---- reading ---- */

static enum status read_body(struct store *store, struct arena *arena, int64_t body,
                             struct duties *out, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_row_with(store, &q, &row,
                                      "select code, kind, name from body where id = ?1", err, body);
  if (status == DONE && row) {
    out->code = query_copy(q, arena, 0);
    out->kind = query_copy(q, arena, 1);
    out->name = query_copy(q, arena, 2);
  }
  query_end(q);
  return status;
}

static enum status read_given(struct store *store, struct arena *arena, int64_t body,
                              struct duties *out, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int capacity = 0;
  enum status status = store_query_with(
      store, &q,
      "select id, duty, reason, given_at, given_by from body_duty where body = ?1 and ended_at is "
      "null order by id",
      err, body);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, out->given, capacity, out->given_count + 1);
    out->given[out->given_count++] = (struct given_duty){.id = query_int(q, 0),
                                                         .word = query_copy(q, arena, 1),
                                                         .reason = query_copy(q, arena, 2),
                                                         .given_at = query_copy(q, arena, 3),
                                                         .given_by = query_copy(q, arena, 4)};
  }
  query_end(q);
  return status;
}

enum status duties_of(struct store *store, struct arena *arena, const struct pack *pack,
                      int64_t body, struct duties *out, struct error *err) {
  *out = (struct duties){.pack = pack};
  enum status status = read_body(store, arena, body, out, err);
  return status == DONE && out->code ? read_given(store, arena, body, out, err) : status;
}

/* ---- the rule ---- */

/* The category of `category:CODE`; null: it is no such word, or the pack has none. */
static const struct pack_category *category_of(const struct pack *pack, struct span word) {
  const size_t begins = sizeof DUTY_OF_CATEGORY - 1;
  if (word.size <= begins || memcmp(word.bytes, DUTY_OF_CATEGORY, begins) != 0) return NULL;
  return pack_find_category(pack, span_make(word.bytes + begins, word.size - begins));
}

/* What the pack no longer has gives nothing. */
static bool given_has(const struct pack *pack, const char *word,
                      const struct pack_category *category) {
  const struct pack_duty *duty = pack_find_duty(pack, span_of(word));
  return duty ? pack_duty_has(duty, category) : category_of(pack, span_of(word)) == category;
}

bool duties_have(const struct duties *duties, const struct pack_category *category) {
  const struct pack *pack = duties->pack;
  if (!duties->code) return false;
  for (int i = 0; i < pack->duty_count; i++)
    if (pack_duty_is_of(&pack->duties[i], duties->kind, duties->code) &&
        pack_duty_has(&pack->duties[i], category))
      return true;
  for (int i = 0; i < duties->given_count; i++)
    if (given_has(pack, duties->given[i].word, category)) return true;
  return false;
}

static bool has_none(const struct duties *duties) {
  if (!duties->code) return true;
  for (int i = 0; i < duties->pack->duty_count; i++)
    if (pack_duty_is_of(&duties->pack->duties[i], duties->kind, duties->code)) return false;
  return duties->given_count == 0;
}

enum status duties_check(struct store *store, const struct pack *pack, int64_t body,
                         const struct pack_category *category, struct error *err) {
  struct arena *arena = arena_new();
  struct duties duties;
  enum status status = duties_of(store, arena, pack, body, &duties, err);
  if (status == DONE && !duties.code) status = refuse_at(err, "body", BODY_NOT_REGISTERED);
  if (status == DONE && has_none(&duties))
    status = refuse_at(err, "category", DUTY_NONE, duties.name);
  else if (status == DONE && !duties_have(&duties, category))
    status = refuse_at(err, "category", DUTY_OF_OTHERS, duties.name);
  arena_free(arena);
  return status;
}

const char *duty_name(const struct pack *pack, struct span word, enum language language) {
  const struct pack_duty *duty = pack_find_duty(pack, word);
  const struct pack_category *category = duty ? NULL : category_of(pack, word);
  return duty ? duty->name[language] : category ? category->name[language] : NULL;
}

/* ---- giving and ending ---- */

/* The given row of the body and word; 0: there is none that has not ended. Call it with the row of
 * the counter locked, so of two who change the same at once the second sees what the first did. */
static enum status find_given(struct store *store, const struct duty_change *change, int64_t *id,
                              struct error *err) {
  return store_int_with(store,
                        "select min(id) from body_duty where body = ?1 and duty = ?2 and ended_at "
                        "is null",
                        0, id, err, change->body, change->word);
}

enum status duty_give(struct store *store, const struct pack *pack,
                      const struct duty_change *change, struct error *err) {
  char now[21];
  int64_t id = 0, given = 0;
  if (!duty_name(pack, change->word, ENGLISH)) return refuse_at(err, "duty", DUTY_UNKNOWN);
  enum status status = counter_next(store, "body_duty", &id, err);
  if (status == DONE) status = find_given(store, change, &given, err);
  if (status == DONE && given) status = refuse_at(err, "duty", DUTY_GIVEN_ALREADY);
  if (status != DONE) return status;
  return store_run_with(store,
                        "insert into body_duty (body, id, duty, reason, given_at, given_by) values "
                        "(?1, ?2, ?3, ?4, ?5, ?6)",
                        err, change->body, id, change->word, change->reason,
                        span_of(clock_write_now(now)), span_of(change->who));
}

enum status duty_end(struct store *store, const struct duty_change *change, struct error *err) {
  char now[21];
  int64_t unused = 0, given = 0;
  enum status status = counter_next(store, "body_duty", &unused, err);
  if (status == DONE) status = find_given(store, change, &given, err);
  if (status == DONE && !given) status = refuse_at(err, "duty", DUTY_NOT_GIVEN);
  if (status != DONE) return status;
  return store_run_with(store,
                        "update body_duty set ended_at = ?3, ended_by = ?4, end_reason = ?5 where "
                        "body = ?1 and duty = ?2 and ended_at is null",
                        err, change->body, change->word, span_of(clock_write_now(now)),
                        span_of(change->who), change->reason);
}
