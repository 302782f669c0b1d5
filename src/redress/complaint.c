/* Complaints: what they may be about, who may answer and hear them, and what upholding one does. */
#include "redress/parts.h"

#include "register/access_log.h"

/* ---- opening ---- */

static bool is_about(const struct case_file *file, const int64_t *records, int count) {
  for (int i = 0; i < count; i++)
    if (file->party == records[i] || (!file->party && file->opener == records[i])) return true;
  return false;
}

/* What the person complained about the case, the newest first. */
static enum status complaints_about(struct case_call *call, const int64_t *records,
                                    int record_count, const struct case_file *about,
                                    struct case_file **out, int *count, struct error *err) {
  int64_t total = 0;
  const struct case_filter filter = {.which = CASES_ALL,
                                     .subject = arena_printf(call->arena, "case:%lld",
                                                             (long long)about->id),
                                     .most = CASES_PAGE_MOST};
  return cases_of(call->store, call->arena, call->desk, records, record_count, &filter, out, count,
                  &total, err);
}

/* The complaint is about an answer that does not stand any more: it was upheld. */
static bool reopened_by(const struct case_file *about, const struct case_file *complaint) {
  struct subject subject;
  for (int i = 0; i < about->event_count; i++) {
    if (strcmp(about->events[i].what, REOPEN) != 0) continue;
    subject = subject_read(about->events[i].words);
    if (subject.kind == SUBJECT_CASE && subject.number == complaint->id) return true;
  }
  return false;
}

/* One complaint about an answer: whoever answered it has said what there is to say. */
static enum status check_once(struct case_call *call, const int64_t *records, int record_count,
                              const struct case_file *about, struct error *err) {
  struct case_file *all = NULL;
  int count = 0;
  enum status status = complaints_about(call, records, record_count, about, &all, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    const struct case_file *earlier = &all[i];
    if (earlier->waits) return refuse_at(err, "subject", CASE_WAITS_ALREADY);
    if (about->waits || strcmp(earlier->state_word, "withdrawn") == 0) continue;
    if (about->decided_at && strcmp(earlier->opened_at, about->decided_at) >= 0 &&
        !reopened_by(about, earlier))
      return refuse_at(err, "subject", REDRESS_COMPLAINED_ALREADY, (long long)earlier->id);
  }
  return status;
}

/* A case about them that is answered, or late. */
static enum status check_case(struct case_call *call, int64_t party, int64_t id,
                              struct error *err) {
  struct case_file file;
  struct error unknown = {0};
  int64_t *records = NULL;
  int count = 0;
  enum status status = register_records(call->store, call->arena, party, &records, &count, err);
  if (status != DONE) return status;
  status = case_one(call->store, call->arena, call->desk, &redress_program, id, &file, &unknown);
  if (status == FAILED) *err = unknown;
  if (status == FAILED) return status;
  if (status != DONE || !is_about(&file, records, count))
    return refuse_at(err, "subject", REDRESS_SUBJECT_UNKNOWN);
  if (file.waits && !case_late(&file, call->desk->today))
    return refuse_at(err, "subject", REDRESS_NOT_LATE, (long long)id);
  return check_once(call, records, count, &file, err);
}

enum status redress_complaint_is_open(struct case_call *call, int64_t party, int64_t id, bool *open,
                                      struct error *err) {
  struct error why_not = {0};
  enum status status = check_case(call, party, id, &why_not);
  *open = status == DONE;
  if (status == FAILED) *err = why_not;
  return status == FAILED ? FAILED : DONE;
}

static enum status open_complaint(struct case_call *call, struct case_opening *opening,
                                  struct error *err) {
  const struct subject subject = subject_read(opening->subject);
  struct disputed disputed;
  struct access_note look;
  bool found = true;
  enum status status = DONE;
  switch (subject.kind) {
  case SUBJECT_NONE: break;
  case SUBJECT_LINE:
    status = disputed_find(call->store, call->arena, opening->party, &subject, &disputed, &found,
                           err);
    break;
  case SUBJECT_CASE:
    status = check_case(call, opening->party, subject.number, err);
    return status == DONE ? took_part_check_depth(call, subject, err) : status;
  case SUBJECT_LOOK:
    return access_note_by_id(call->store, call->arena, opening->party, subject.number, &look, err);
  case SUBJECT_FACT:
  case SUBJECT_OTHER: found = false;
  }
  return status == DONE && !found ? refuse_at(err, "subject", REDRESS_SUBJECT_UNKNOWN) : status;
}

/* ---- who may answer ---- */

static enum status check_independent(struct case_call *call, const struct case_file *complaint,
                                     struct error *err) {
  struct took_part who;
  enum status status = took_part_in(call, complaint, &who, err);
  for (int i = 0; status == DONE && i < who.count; i++)
    if (case_actor_is(call->actor, who.ids[i])) return refuse(err, REDRESS_NOT_INDEPENDENT);
  return status;
}

/* ---- hearings ---- */

static struct span fact_of(const struct case_motion *motion, const char *name) {
  for (int i = 0; i < motion->fact_count; i++)
    if (strcmp(motion->facts[i].name, name) == 0) return span_trim(motion->facts[i].value);
  return span_make(NULL, 0);
}

/* The answer is due on the day of the hearing, where that is later. */
static enum status set_hearing(struct case_call *call, struct case_file *file,
                               const struct case_motion *motion, struct error *err) {
  struct took_part who;
  struct span hearing = fact_of(motion, "hearing");
  const char *name = NULL;
  day_t day = DAY_NONE;
  if (hearing.size && day_parse(hearing, &day, err) != DONE)
    return error_at(err, NULL, 0, "hearing");
  if (day != DAY_NONE && day < call->desk->today)
    return refuse_at(err, "hearing", REDRESS_HEARING_PAST);
  enum status status = took_part_in(call, file, &who, err);
  if (status == DONE) status = took_part_named(call, &who, fact_of(motion, "panel"), &name, err);
  if (status == DONE && name) return refuse_at(err, "panel", REDRESS_PANEL_TOOK_PART, name);
  if (status == DONE && day != DAY_NONE && file->due != DAY_NONE && day > file->due)
    file->due = day;
  return status;
}

/* Nobody decides before those who hear it have heard it. */
static enum status check_heard(struct case_call *call, const struct case_file *file,
                               struct error *err) {
  const char *text = case_fact(file, "hearing");
  day_t day = DAY_NONE;
  if (strcmp(file->state_word, "hearing") != 0 || !text) return DONE;
  if (day_parse(span_of(text), &day, err) != DONE) return err->code;
  return day > call->desk->today ? refuse(err, REDRESS_NOT_HEARD, text) : DONE;
}

/* ---- upholding ---- */

static bool has_reopening(const struct case_file *file) {
  for (int m = 0; file->kind && m < file->kind->move_count; m++)
    if (file->kind->moves[m].from == file->state && strcmp(file->kind->moves[m].word, REOPEN) == 0)
      return true;
  return false;
}

/* Of a kind of which one waits at a time: the person sent another one about the same since. */
static enum status waits_anew(struct case_call *call, const struct case_file *about, bool *waits,
                              struct error *err) {
  const struct case_filter filter = {
      .which = CASES_WAITING, .kind = about->kind_word, .subject = about->subject, .most = 1};
  int64_t *records = NULL, total = 0;
  struct case_file *all = NULL;
  int record_count = 0, count = 0;
  *waits = false;
  if (about->kind->again == CASE_AGAIN_ALWAYS) return DONE;
  enum status status = register_records(call->store, call->arena, about->party, &records,
                                        &record_count, err);
  if (status == DONE)
    status = cases_of(call->store, call->arena, call->desk, records, record_count, &filter, &all,
                      &count, &total, err);
  *waits = status == DONE && count > 0;
  return status;
}

/* A refusal that was wrong is no answer: the case waits for another one, by whom it waited before.
 */
static enum status reopen(struct case_call *call, const struct case_file *complaint,
                          struct error *err) {
  const struct subject subject = subject_read(complaint->subject);
  struct error gone = {0};
  struct case_file about;
  bool waits = false;
  if (subject.kind != SUBJECT_CASE) return DONE;
  enum status status = case_one(call->store, call->arena, call->desk, &redress_program,
                                subject.number, &about, &gone);
  if (status == FAILED) *err = gone;
  if (status != DONE) return status == FAILED ? FAILED : DONE;
  if (!has_reopening(&about)) return DONE;
  status = waits_anew(call, &about, &waits, err);
  if (status != DONE || waits) return status;
  const struct case_motion motion = {.id = about.id,
                                     .move = REOPEN,
                                     .words = span_of(arena_printf(call->arena, "case:%lld",
                                                                   (long long)complaint->id))};
  return case_move(call->store, call->arena, call->desk, &redress_program, &motion, &about, err);
}

static const char *const known_moves[] = {"hear", "uphold", NULL};

static enum status move_complaint(struct case_call *call, struct case_file *file,
                                  const struct pack_case_move *move,
                                  const struct case_motion *motion, struct error *err) {
  if (move->by != CASE_BY_DECIDER) return DONE;
  if (strcmp(move->word, known_moves[0]) == 0) return set_hearing(call, file, motion, err);
  enum status status = check_heard(call, file, err);
  return status == DONE && strcmp(move->word, known_moves[1]) == 0 ? reopen(call, file, err)
                                                                   : status;
}

const struct case_handler redress_complaint = {.word = "complaint",
                                               .moves = known_moves,
                                               .open = open_complaint,
                                               .answers = check_independent,
                                               .move = move_complaint};
