/* Complaints: what they may be about, and who may answer them. */
#include "redress/parts.h"

#include "register/access_log.h"

/* A complaint about how a complaint was handled, and so on: the pack's next step after a complaint
 * is an ombudsman, and each answer reads the whole chain. */
enum { COMPLAINTS_DEEP = 8 };

/* ---- opening ---- */

static bool is_about(const struct case_file *file, const int64_t *records, int count) {
  for (int i = 0; i < count; i++)
    if (file->party == records[i] || (!file->party && file->opener == records[i])) return true;
  return false;
}

/* A case about them; also while it waits: it may be how it is handled. */
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
    return refuse(err, REDRESS_SUBJECT_UNKNOWN);
  return DONE;
}

/* What a subject `case:N` names; *found false: it was erased with somebody's record. */
static enum status case_named(struct case_call *call, const struct subject *subject,
                              struct case_file *out, bool *found, struct error *err) {
  struct error gone = {0};
  enum status status = case_one(call->store, call->arena, call->desk, &redress_program,
                                subject->number, out, &gone);
  *found = status == DONE;
  if (status == FAILED) *err = gone;
  return status == FAILED ? FAILED : DONE;
}

/* Everybody who decided in a chain is barred, so a chain that cannot be read to its end is not
 * begun. */
static enum status check_depth(struct case_call *call, struct subject subject, struct error *err) {
  enum status status = DONE;
  for (int depth = 0; status == DONE && subject.kind == SUBJECT_CASE; depth++) {
    struct case_file file;
    bool found = false;
    if (depth == COMPLAINTS_DEEP) return refuse(err, REDRESS_TOO_DEEP, (int)COMPLAINTS_DEEP);
    status = case_named(call, &subject, &file, &found, err);
    if (status == DONE) subject = found ? subject_read(file.subject) : (struct subject){0};
  }
  return status;
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
    return status == DONE ? check_depth(call, subject, err) : status;
  case SUBJECT_LOOK:
    return access_note_by_id(call->store, call->arena, opening->party, subject.number, &look, err);
  case SUBJECT_OTHER: found = false;
  }
  return status == DONE && !found ? refuse(err, REDRESS_SUBJECT_UNKNOWN) : status;
}

/* ---- who may answer ---- */

/* Whether the actor decided something in the case, took it on or was given it, or is a side of it:
 * whoever worked on it has a part in how it was handled, and in how late it is. */
static bool took_part(const struct case_actor *actor, const struct case_file *file) {
  if (case_actor_is(actor, file->party) || case_actor_is(actor, file->opener) ||
      case_actor_is(actor, file->to_person) || case_actor_is(actor, file->decider) ||
      case_actor_is(actor, file->assigned))
    return true;
  for (int i = 0; i < file->event_count; i++) {
    const struct case_event *event = &file->events[i];
    bool moved = false;
    for (int m = 0; file->kind && m < file->kind->move_count; m++)
      moved |= strcmp(file->kind->moves[m].word, event->what) == 0;
    if ((moved && case_actor_is(actor, event->actor)) || case_actor_is(actor, event->given_to))
      return true;
  }
  return false;
}

/* Whoever recorded the line by hand, or answered another case about it, decided about it too. */
static enum status check_line(struct case_call *call, const struct case_file *file,
                              const struct subject *line, struct error *err) {
  int64_t *records = NULL, total = 0, recorder = 0;
  struct case_file *all = NULL;
  int record_count = 0, count = 0;
  struct case_filter filter = {.which = CASES_ALL,
                               .subject = file->subject,
                               .most = CASES_PAGE_MOST};
  enum status status = access_log_recorder(call->store, call->arena, file->party, line->number,
                                           line->line_no, &recorder, err);
  if (status == DONE && case_actor_is(call->actor, recorder))
    return refuse(err, REDRESS_NOT_INDEPENDENT);
  if (status == DONE)
    status = register_records(call->store, call->arena, file->party, &records, &record_count, err);
  do {
    if (status == DONE)
      status = cases_of(call->store, call->arena, call->desk, records, record_count, &filter, &all,
                        &count, &total, err);
    for (int i = 0; status == DONE && i < count; i++)
      if (all[i].id != file->id && case_actor_is(call->actor, all[i].decider))
        return refuse(err, REDRESS_NOT_INDEPENDENT);
    filter.skip += count;
  } while (status == DONE && count && filter.skip < total);
  return status;
}

static enum status check_look(struct case_call *call, const struct case_file *file, int64_t id,
                              struct error *err) {
  struct access_note look;
  struct error gone = {0};
  enum status status = access_note_by_id(call->store, call->arena, file->party, id, &look, &gone);
  if (status == FAILED) *err = gone;
  if (status == FAILED) return status;
  return status == DONE && case_actor_is(call->actor, look.viewer.person)
             ? refuse(err, REDRESS_NOT_INDEPENDENT)
             : DONE;
}

/* Walks from a complaint to what it is about; where that is a case, to what that is about. */
static enum status check_independent(struct case_call *call, const struct case_file *complaint,
                                     struct error *err) {
  struct case_file file = *complaint;
  enum status status = DONE;
  for (int depth = 0; status == DONE; depth++) {
    const struct subject subject = subject_read(file.subject);
    bool found = false;
    if (subject.kind == SUBJECT_LINE) return check_line(call, &file, &subject, err);
    if (subject.kind == SUBJECT_LOOK) return check_look(call, &file, subject.number, err);
    if (subject.kind != SUBJECT_CASE) return DONE;
    if (depth == COMPLAINTS_DEEP) return refuse(err, REDRESS_TOO_DEEP, (int)COMPLAINTS_DEEP);
    status = case_named(call, &subject, &file, &found, err);
    if (status == DONE && !found) return DONE;
    if (status == DONE && took_part(call->actor, &file))
      return refuse(err, REDRESS_NOT_INDEPENDENT);
  }
  return status;
}

/* Whichever move sets the day. */
static enum status check_hearing(struct case_call *call, const struct case_motion *motion,
                                 struct error *err) {
  day_t day = DAY_NONE;
  for (int i = 0; i < motion->fact_count; i++)
    if (strcmp(motion->facts[i].name, "hearing") == 0 &&
        day_parse(span_trim(motion->facts[i].value), &day, err) != DONE)
      return error_at(err, NULL, 0, "hearing");
  if (day == DAY_NONE || day >= call->desk->today) return DONE;
  return refuse_at(err, "hearing", REDRESS_HEARING_PAST);
}

static enum status move_complaint(struct case_call *call, struct case_file *file,
                                  const struct pack_case_move *move,
                                  const struct case_motion *motion, struct error *err) {
  if (move->by != CASE_BY_DECIDER) return DONE;
  enum status status = check_independent(call, file, err);
  return status == DONE ? check_hearing(call, motion, err) : status;
}

const struct case_handler redress_complaint = {.word = "complaint",
                                               .open = open_complaint,
                                               .move = move_complaint};
