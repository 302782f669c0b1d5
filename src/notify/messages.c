/* Who wants which messages, and putting them in line. */
#include "base/limits.h"
#include "base/money.h"
#include "book/entries.h"
#include "notify/parts.h"
#include "register/names.h"
#include "register/register.h"
#include "store/counter.h"

/* ---- choices ---- */

struct said {
  day_t confirmed;               /* DAY_NONE: never */
  int64_t chosen[MESSAGE_KINDS]; /* 1, 0; -1: not said */
};

static enum status read_said(struct store *store, int64_t person, struct said *out,
                             struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *out = (struct said){.confirmed = DAY_NONE};
  for (int i = 0; i < MESSAGE_KINDS; i++) out->chosen[i] = -1;
  enum status status = store_row_with(
      store, &q, &row,
      "select coalesce(confirmed, -1), coalesce(statement, -1), coalesce(helper, -1), "
      "coalesce(answer, -1) from message_choice where party = ?1",
      err, person);
  if (status == DONE && row) {
    if (query_int(q, 0) >= 0) out->confirmed = (day_t)query_int(q, 0);
    for (int i = 0; i < MESSAGE_KINDS; i++) out->chosen[i] = query_int(q, 1 + i);
  }
  query_end(q);
  return status;
}

/* What was said under a record that is one person with the survivor: nobody asked for messages a
 * second time by having two records, so a no of any of them stands, and else a yes. */
static enum status read_said_by_all(struct store *store, struct arena *arena, int64_t survivor,
                                    struct said *out, struct error *err) {
  int64_t *records = NULL;
  int count = 0;
  enum status status = register_records(store, arena, survivor, &records, &count, err);
  if (status == DONE) status = read_said(store, survivor, out, err);
  for (int r = 1; status == DONE && r < count; r++) { /* the survivor is the first */
    struct said other;
    status = read_said(store, records[r], &other, err);
    for (int i = 0; status == DONE && i < MESSAGE_KINDS; i++)
      if (other.chosen[i] == 0 || out->chosen[i] < 0) out->chosen[i] = other.chosen[i];
  }
  return status;
}

static enum status read_choices(struct store *store, struct arena *arena, int64_t person,
                                struct message_choices *out, struct error *err) {
  struct said said;
  day_t since = DAY_NONE;
  *out = (struct message_choices){.from = DAY_NONE};
  enum status status = register_email(store, arena, person, &out->address, &since, err);
  if (status == DONE) status = read_said_by_all(store, arena, person, &said, err);
  if (status != DONE) return status;
  if (out->address && !notify_address_good(span_of(out->address))) out->address = NULL;
  out->confirmed = out->address && said.confirmed != DAY_NONE && since != DAY_NONE &&
                   since <= said.confirmed;
  if (since != DAY_NONE && day_today() - since < LIMIT_ADDRESS_DAYS)
    out->from = since + LIMIT_ADDRESS_DAYS;
  for (int i = 0; i < MESSAGE_KINDS; i++)
    out->wanted[i] = said.chosen[i] < 0 ? out->confirmed : said.chosen[i];
  return DONE;
}

enum status notify_choices(struct store *store, struct arena *arena, int64_t person,
                           struct message_choices *out, struct error *err) {
  int64_t survivor = 0;
  enum status status = register_survivor(store, person, &survivor, err);
  return status == DONE ? read_choices(store, arena, survivor, out, err) : status;
}

enum status notify_choose(struct store *store, struct arena *arena, int64_t person,
                          const bool wanted[MESSAGE_KINDS], enum language language,
                          struct error *err) {
  int64_t *records = NULL;
  int count = 0;
  const char *code = language_row(language)->code;
  enum status status = register_records(store, arena, person, &records, &count, err);
  if (status == DONE)
    status = store_run_with(store,
                            "insert into message_choice (party, language) values (?1, ?2) on "
                            "conflict (party) do nothing",
                            err, records[0], code);
  /* what was chosen last holds for whatever was said under the other records too */
  for (int r = 0; status == DONE && r < count; r++)
    status = store_run_with(store,
                            "update message_choice set language = ?2, statement = ?3, helper = ?4, "
                            "answer = ?5 where party = ?1",
                            err, records[r], code, (int64_t)wanted[MESSAGE_STATEMENT],
                            (int64_t)wanted[MESSAGE_HELPER], (int64_t)wanted[MESSAGE_ANSWER]);
  return status;
}

enum status notify_language(struct store *store, int64_t person, enum language *out,
                            struct error *err) {
  struct query *q = NULL;
  struct error none = {0};
  int64_t survivor = 0;
  bool row = false;
  *out = ENGLISH;
  enum status status = register_survivor(store, person, &survivor, err);
  if (status == DONE)
    status = store_row_with(store, &q, &row, "select language from message_choice where party = ?1",
                            err, survivor);
  if (status == DONE && row && language_parse(query_text(q, 0), out, &none) != DONE) *out = ENGLISH;
  query_end(q);
  return status;
}

/* ---- whose address it is ---- */

enum status notify_code_elsewhere(struct store *store, int64_t person, struct error *err) {
  return store_run_with(store,
                        "update message_out set about = 'other' where party = ?1 and kind = 'code'",
                        err, person);
}

/* The last code that was made for them went by e-mail, on a day since which the address stands. */
static enum status sent_there(struct store *store, struct arena *arena, int64_t person, bool *out,
                              struct error *err) {
  struct query *q = NULL;
  bool row = false;
  const char *address = NULL;
  day_t since = DAY_NONE;
  *out = false;
  enum status status = store_row_with(
      store, &q, &row,
      "select way, state, about, coalesce(ended, 0) from message_out where party = ?1 and kind = "
      "'code' order by id desc limit 1",
      err, person);
  day_t sent = DAY_NONE;
  if (status == DONE && row && span_is(query_text(q, 0), "email") &&
      span_is(query_text(q, 1), "sent") && !query_text(q, 2).size)
    sent = (day_t)(query_int(q, 3) / 86400);
  query_end(q);
  if (status == DONE && sent != DAY_NONE)
    status = register_email(store, arena, person, &address, &since, err);
  *out = status == DONE && address && since != DAY_NONE && since <= sent;
  return status;
}

enum status notify_confirm(struct store *store, struct arena *arena, int64_t person,
                           enum language language, struct error *err) {
  int64_t survivor = 0;
  bool there = false;
  enum status status = register_survivor(store, person, &survivor, err);
  if (status == DONE) status = sent_there(store, arena, survivor, &there, err);
  if (status != DONE || !there) return status;
  return store_run_with(
      store,
      "insert into message_choice (party, confirmed, language) values (?1, ?2, ?3) on conflict "
      "(party) do update set confirmed = excluded.confirmed, language = excluded.language",
      err, survivor, (int64_t)day_today(), language_row(language)->code);
}

/* ---- in line ---- */

/* In line, or, of the statement of a year, sent already. */
static enum status told_already(struct store *store, int64_t person, const struct message *message,
                                bool *out, struct error *err) {
  const struct message_kind_row *kind = &message_kinds[message->kind];
  int64_t found = 0;
  enum status status = store_int_with(
      store,
      "select count(*) from message_out where party = ?1 and kind = ?2 and about = ?3 and (state = "
      "'waiting' or kind = ?4)",
      0, &found, err, person, kind->word, message->about, kind->of_a_year ? kind->word : "");
  *out = found > 0;
  return status;
}

static enum status put_in_line(struct store *store, int64_t person, const char *address,
                               const struct message *message, struct error *err) {
  int64_t id = 0;
  char at[21];
  enum status status = counter_next(store, "message_out", &id, err);
  if (status != DONE) return status;
  return store_run_with(
      store,
      "insert into message_out (id, party, way, address, asked_at, asked_by, state, tries, due, "
      "reason, kind, about) values (?1, ?2, 'email', ?3, ?4, ?5, 'waiting', 0, ?6, '', ?7, ?8)",
      err, id, person, address, clock_write(message->now, at), message->who, message->now,
      message_kinds[message->kind].word, message->about);
}

/* *put: it is in line now. */
static enum status tell(struct store *store, struct arena *arena, int64_t person,
                        const struct message *message, bool *put, struct error *err) {
  struct person who;
  struct message_choices choices;
  bool told = false;
  *put = false;
  enum status status = register_surviving_person(store, arena, person, &who, err);
  if (status == DONE) status = read_choices(store, arena, who.id, &choices, err);
  if (status != DONE || !who.code || who.died != DAY_NONE || !choices.address ||
      choices.from != DAY_NONE || !choices.wanted[message->kind])
    return status;
  status = told_already(store, who.id, message, &told, err);
  if (status != DONE || told) return status;
  *put = true;
  return put_in_line(store, who.id, choices.address, message, err);
}

enum status notify_tell(struct store *store, struct arena *arena, int64_t person,
                        const struct message *message, struct error *err) {
  bool put = false;
  return tell(store, arena, person, message, &put, err);
}

/* ---- a year ---- */

struct year_run {
  int year;
  int64_t after;
  bool ended;
};

static enum status read_run(struct store *store, int year, struct year_run *out,
                            struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *out = (struct year_run){.year = year};
  enum status status = store_row_with(store, &q, &row,
                                      "select after, ended from message_run where year = ?1 "
                                      "{postgresql: for update}",
                                      err, (int64_t)year);
  if (status == DONE && row) {
    out->after = query_int(q, 0);
    out->ended = !query_is_null(q, 1);
  }
  query_end(q);
  return status;
}

static enum status next_people(struct store *store, int64_t after, int64_t *people, int *count,
                               struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *count = 0;
  enum status status =
      store_query_with(store, &q,
                       "select party from message_choice where party > ?1 order by party limit ?2",
                       err, after, (int64_t)LIMIT_MESSAGE_PEOPLE_AT_ONCE);
  while (status == DONE && *count < LIMIT_MESSAGE_PEOPLE_AT_ONCE &&
         (status = query_step(q, &row, err)) == DONE && row)
    people[(*count)++] = query_int(q, 0);
  query_end(q);
  return status;
}

/* One transaction. The rows and how far it came are kept together, so that a kill leaves neither
 * without the other. */
static enum status put_batch(struct store *store, struct arena *arena, int64_t now,
                             struct year_run *run, struct error *err) {
  int64_t people[LIMIT_MESSAGE_PEOPLE_AT_ONCE], more = 0;
  int count = 0;
  char year[8];
  const struct message message = {MESSAGE_STATEMENT, year_write(run->year, year), "weal", now};
  enum status status = store_run_with(
      store,
      "insert into message_run (year, after, put) values (?1, 0, 0) on conflict (year) do nothing",
      err, (int64_t)run->year);
  if (status == DONE) status = read_run(store, run->year, run, err);
  if (status != DONE || run->ended) return status;
  status = next_people(store, run->after, people, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    bool one = false;
    status = tell(store, arena, people[i], &message, &one, err);
    more += one;
  }
  if (count) run->after = people[count - 1];
  run->ended = count < LIMIT_MESSAGE_PEOPLE_AT_ONCE;
  if (status == DONE)
    status = store_run_with(store,
                            "update message_run set after = ?2, put = put + ?3 where year = ?1",
                            err, (int64_t)run->year, run->after, more);
  return status == DONE && run->ended
             ? store_run_with(store, "update message_run set ended = ?2 where year = ?1", err,
                              (int64_t)run->year, now)
             : status;
}

/* *year: the latest that is over, if it is closed to its last day and not all were told; 0. */
static enum status year_to_tell(struct store *store, int *year, struct error *err) {
  struct closing closing;
  int64_t ended = 0;
  const int over = year_of_day(YEAR_TAX, day_today()) - 1;
  *year = 0;
  enum status status =
      store_int_with(store,
                     "select count(*) from message_run where year = ?1 and ended is not null", 0,
                     &ended, err, (int64_t)over);
  if (status != DONE || ended) return status;
  status = closing_latest(store, over, INT64_MAX, &closing, err);
  if (status == DONE && closing.entry && closing.to == year_last_day(YEAR_TAX, over)) *year = over;
  return status;
}

enum status notify_line_up(struct store *store, int64_t now, struct error *err) {
  struct year_run run = {0};
  enum status status = year_to_tell(store, &run.year, err);
  if (status != DONE || !run.year) return status;
  for (int i = 0; status == DONE && !run.ended && i < LIMIT_MESSAGE_BATCHES; i++) {
    struct arena *own = arena_new();
    status = store_begin(store, STORE_WRITE, err);
    if (status == DONE) status = put_batch(store, own, now, &run, err);
    if (status == DONE) status = store_commit(store, err);
    if (status != DONE) store_rollback(store);
    arena_free(own);
  }
  return status;
}
