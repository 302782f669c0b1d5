#include "time/time.h"

#include "base/money.h"
#include "base/refusal.h"
#include "book/book.h"
#include "book/record.h"
#include "register/names.h"
#include "register/register.h"

/* ---- what was given ---- */

static enum status read_facts(const struct case_fact *facts, int count, struct time_given *out,
                              struct error *err) {
  *out = (struct time_given){.category = case_fact_given(facts, count, "category"),
                             .note = case_fact_given(facts, count, "note")};
  enum status status = day_parse(case_fact_given(facts, count, "date"), &out->day, err);
  if (status != DONE) return error_at(err, NULL, 0, "date");
  status = minutes_parse(case_fact_given(facts, count, "minutes"), &out->minutes, err);
  return status == DONE ? DONE : error_at(err, NULL, 0, "minutes");
}

enum status time_given_of(const struct case_file *file, struct time_given *out, struct error *err) {
  return read_facts(file->facts, file->fact_count, out, err);
}

/* ---- what a day holds ---- */

/* All records of the giver: two of one person share the day's hours. */
struct giver {
  int64_t *records;
  int record_count;
};

static enum status posted_minutes(struct case_call *call, const struct giver *giver, day_t day,
                                  wide_t *minutes, struct error *err) {
  struct account *accounts = NULL;
  struct reading reading;
  int count = 0;
  enum status status = book_accounts_of(call->store, call->arena, OWNER_PERSON, giver->records,
                                        giver->record_count, &accounts, &count, err);
  if (status == DONE) status = book_reading(call->store, call->arena, &reading, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct line_cursor *lines = NULL;
    const struct line *line = NULL;
    if (strcmp(accounts[i].unit, UNIT_MINUTES) != 0) continue;
    status = lines_open(&lines, call->store, &reading, &accounts[i].id, 1, day, day, err);
    if (status == DONE) lines_without_texts(lines);
    while (status == DONE && (status = lines_next(lines, &line, err)) == DONE && line)
      *minutes -= line->amount;
    lines_close(lines);
  }
  return status;
}

static bool is_giver(const struct giver *giver, int64_t party) {
  for (int i = 0; i < giver->record_count; i++)
    if (giver->records[i] == party) return true;
  return false;
}

/* Adds the minutes that wait on the day; *count: how many cases wait, on any day. */
static enum status waiting_minutes(struct case_call *call, const struct giver *giver, day_t day,
                                   wide_t *minutes, int64_t *count, struct error *err) {
  struct case_filter filter = {.which = CASES_WAITING, .kind = TIME_GIVEN, .most = CASES_PAGE_MOST};
  enum status status = DONE;
  int read = 0;
  do {
    struct case_file *files = NULL;
    struct time_given given;
    status = cases_of(call->store, call->arena, call->desk, giver->records, giver->record_count,
                      &filter, &files, &read, count, err);
    for (int i = 0; status == DONE && i < read; i++) {
      status = time_given_of(&files[i], &given, err);
      if (status == DONE && given.day == day) *minutes += given.minutes;
    }
    filter.skip += read;
  } while (status == DONE && read == filter.most && filter.skip < TIME_WAITING_MOST);
  return status;
}

/* ---- opening ---- */

static enum status check_day(const struct case_call *call, day_t day, const struct person *person,
                             struct error *err) {
  if (day > call->desk->today) return refuse_at(err, "date", TIME_DAY_TO_COME);
  if (day < call->desk->today - TIME_BACK_DAYS) return refuse_at(err, "date", TIME_DAY_TOO_OLD);
  if (person->born != DAY_NONE && day < person->born)
    return refuse_at(err, "date", TIME_BEFORE_BIRTH);
  if (person->died != DAY_NONE && day > person->died)
    return refuse_at(err, "date", TIME_AFTER_DEATH);
  return DONE;
}

static enum status check_room(struct case_call *call, const struct giver *giver,
                              const struct time_given *given, struct error *err) {
  wide_t minutes = given->minutes;
  int64_t waiting = 0;
  if (given->minutes < 1) return refuse_at(err, "minutes", TIME_NO_MINUTES);
  if (given->minutes > TIME_DAY_MINUTES) return refuse_at(err, "minutes", TIME_PAST_A_DAY);
  enum status status = posted_minutes(call, giver, given->day, &minutes, err);
  if (status == DONE) status = waiting_minutes(call, giver, given->day, &minutes, &waiting, err);
  if (status != DONE) return status;
  if (waiting >= TIME_WAITING_MOST) return refuse(err, TIME_TOO_MANY_WAIT);
  return minutes > TIME_DAY_MINUTES ? refuse_at(err, "minutes", TIME_DAY_FULL) : DONE;
}

static enum status check_confirmer(struct case_call *call, const struct giver *giver,
                                   struct case_opening *opening, struct error *err) {
  bool there = false;
  enum status status = DONE;
  if ((opening->to_body != 0) == (opening->to_person != 0))
    return refuse_at(err, "to", TIME_CONFIRMER_MISSING);
  if (opening->to_body) {
    status = register_has_body(call->store, opening->to_body, &there, err);
    return status == DONE && !there ? refuse_at(err, "to", TIME_BODY_UNKNOWN) : status;
  }
  if (is_giver(giver, opening->to_person)) return refuse_at(err, "to", TIME_CONFIRMER_IS_GIVER);
  status = register_has_person(call->store, opening->to_person, &there, err);
  if (status == DONE && !there) opening->to_person = TIME_TO_NOBODY;
  return status;
}

/* The pack has the category on the side given, and the book has its row. */
static enum status check_category(struct case_call *call, struct span code, struct error *err) {
  const struct pack_category *category = pack_find_category(call->desk->pack, code);
  int64_t id = 0;
  enum status status = DONE;
  if (category && category->side == SIDE_GIVEN)
    status = book_category_id(call->store, code, &id, err);
  return status == DONE && !id ? refuse_at(err, "category", TIME_CATEGORY_MISSING) : status;
}

static enum status open_given(struct case_call *call, struct case_opening *opening,
                              struct error *err) {
  struct person person = {0};
  struct time_given given;
  struct giver giver = {0};
  enum status status = read_facts(opening->facts, opening->fact_count, &given, err);
  if (status == DONE)
    status = register_surviving_person(call->store, call->arena, opening->party, &person, err);
  if (status == DONE)
    status = register_records(call->store, call->arena, person.id, &giver.records,
                              &giver.record_count, err);
  if (status == DONE) status = check_category(call, given.category, err);
  if (status == DONE && given.note.size > TIME_NOTE_BYTES_MAX)
    status = refuse_at(err, "note", TIME_NOTE_TOO_LONG);
  if (status == DONE) status = check_day(call, given.day, &person, err);
  if (status == DONE) status = check_confirmer(call, &giver, opening, err);
  return status == DONE ? check_room(call, &giver, &given, err) : status;
}

/* ---- confirming ---- */

/* The day is summed after the line was posted: who posts at the same time then waits for this one's
 * end, or has ended before. */
static enum status confirm(struct case_call *call, struct case_file *file, struct error *err) {
  struct time_given given;
  struct recorded posted;
  struct giver giver = {0};
  wide_t minutes = 0;
  enum status status = time_given_of(file, &given, err);
  if (status != DONE) return status;
  struct record_row row = {.person = file->party,
                           .category = given.category,
                           .has_quantity = true,
                           .quantity = given.minutes,
                           .body = file->to_body,
                           .day = given.day,
                           .reference = span_of(
                               arena_printf(call->arena, "given-%lld", (long long)file->id)),
                           .note = given.note};
  status = record_post(call->store, call->desk->terms, &row, &posted, err);
  if (status == DONE)
    status = register_records(call->store, call->arena, file->party, &giver.records,
                              &giver.record_count, err);
  if (status == DONE) status = posted_minutes(call, &giver, given.day, &minutes, err);
  if (status != DONE) return status;
  if (minutes > TIME_DAY_MINUTES) return refuse_at(err, "minutes", TIME_DAY_FULL);
  file->result = arena_printf(call->arena, "line:%lld:%d", (long long)posted.entry, posted.line_no);
  return DONE;
}

static const char *const confirming[] = {"confirm", NULL};

static enum status move_given(struct case_call *call, struct case_file *file,
                              const struct pack_case_move *move, const struct case_motion *motion,
                              struct error *err) {
  (void)motion;
  return strcmp(move->word, *confirming) == 0 ? confirm(call, file, err) : DONE;
}

const struct case_handler time_case_handler = {
    .word = "time", .moves = confirming, .open = open_given, .move = move_given};
