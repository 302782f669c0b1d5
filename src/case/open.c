/* Opening a case. */
#include "case/parts.h"

#include "base/limits.h"
#include "store/counter.h"

static bool is_party(const struct case_actor *actor, int64_t party, int64_t person) {
  if (!person) return false;
  if (person == party) return true;
  if (case_actor_is(actor, party)) return case_actor_is(actor, person);
  for (int i = 0; party && actor->helped == party && i < actor->helped_record_count; i++)
    if (actor->helped_records[i] == person) return true;
  return false;
}

/* ---- whose decision it is ---- */

/* What who opens it may say of it: the kind says which of body and person, and the role. */
static enum status check_to(const struct pack_case_kind *kind, const struct case_opening *opening,
                            struct error *err) {
  bool body = span_has_word(span_of(kind->to), "body"),
       person = span_has_word(span_of(kind->to), "person");
  if ((opening->to_body && !body) || (opening->to_person && !person) ||
      (opening->to_role && strcmp(opening->to_role, kind->to) != 0))
    return refuse_at(err, "to", CASE_TO_OF_KIND);
  return DONE;
}

/* One of the three, where the case waits for somebody who is known. */
static enum status settle_to(const struct pack_case_kind *kind, const struct case_actor *actor,
                             const struct pack_case_state *state, struct case_opening *opening,
                             struct error *err) {
  bool by_word = span_has_word(span_of(kind->to), "body") ||
                 span_has_word(span_of(kind->to), "person");
  bool code = strcmp(kind->to, "code") == 0;
  int count = !!opening->to_body + !!opening->to_person + !!opening->to_role;
  if (!count && *kind->to && !by_word && !code) opening->to_role = kind->to, count = 1;
  if (count > 1 || (!count && state->waits && !code)) return refuse_at(err, "to", CASE_TO_MISSING);
  if (is_party(actor, opening->party, opening->to_person) ||
      case_actor_is(actor, opening->to_person))
    return refuse_at(err, "to", CASE_TO_SELF);
  return DONE;
}

/* ---- how many wait ---- */

/* The records of the person whom it is about. */
static int records_of(const struct case_actor *actor, const struct case_opening *opening,
                      const int64_t **out) {
  *out = &opening->party;
  if (case_actor_is(actor, opening->party) && actor->record_count)
    return *out = actor->records, actor->record_count;
  if (opening->party && actor->helped == opening->party && actor->helped_record_count)
    return *out = actor->helped_records, actor->helped_record_count;
  return 1;
}

/* What people ask of one another: its handler says how much of it may wait. */
static bool is_between_people(const struct pack_case_kind *kind) {
  return span_has_word(span_of(kind->to), "person") || span_has_word(span_of(kind->to), "code");
}

/* Those that the actor sent: what others or the program opened about the person takes none of their
 * room, and they none of the others'. */
static enum status count_waiting(struct case_call *call, int64_t record, int64_t *count,
                                 struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_query_with(call->store, &q,
                                        "select kind, coalesce(opener, 0), count(*) from case_file "
                                        "where party = ?1 and waits = 1 group by 1, 2",
                                        err, record);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    const struct pack_case_kind *kind = pack_find_case_kind(call->desk->pack, query_text(q, 0));
    if (case_actor_is(call->actor, query_int(q, 1)) && !(kind && is_between_people(kind)))
      *count += query_int(q, 2);
  }
  query_end(q);
  return status;
}

/* The counter's row is locked by then, so two openings come one after the other; here and below.
 * What the program opens never fails for it: money that is decided or paid may depend on it. */
static enum status check_room(struct case_call *call, const struct case_opening *opening,
                              const struct pack_case_kind *kind, struct error *err) {
  const int64_t *records;
  int record_count = records_of(call->actor, opening, &records);
  int64_t waiting = 0;
  enum status status = DONE;
  if (!call->actor->person || !opening->party || is_between_people(kind)) return DONE;
  for (int r = 0; status == DONE && r < record_count; r++)
    status = count_waiting(call, records[r], &waiting, err);
  if (status != DONE || waiting < LIMIT_CASES_WAITING) return status;
  return refuse(err, CASE_TOO_MANY_WAIT, LIMIT_CASES_WAITING);
}

/* ---- one about a subject ---- */

static enum status check_again_of(struct store *store, const struct case_opening *opening,
                                  const struct pack_case_kind *kind, int64_t record,
                                  struct error *err) {
  int64_t waiting = 0;
  enum status status = store_int_with(
      store,
      "select coalesce(max(waits), -1) from case_file where party = ?1 and kind = ?2 and subject = "
      "?3",
      -1, &waiting, err, record, kind->code, opening->subject ? opening->subject : "");
  if (status != DONE || waiting < 0) return status;
  if (waiting) return refuse(err, CASE_WAITS_ALREADY);
  return kind->again == CASE_AGAIN_NEVER ? refuse(err, CASE_MADE_ALREADY) : DONE;
}

static enum status check_again(struct store *store, const struct case_actor *actor,
                               const struct case_opening *opening,
                               const struct pack_case_kind *kind, struct error *err) {
  if (kind->again == CASE_AGAIN_ALWAYS) return DONE;
  const int64_t *records;
  int count = records_of(actor, opening, &records);
  enum status status = DONE;
  for (int r = 0; status == DONE && r < count; r++)
    status = check_again_of(store, opening, kind, records[r], err);
  return status;
}

/* ---- the rows ---- */

static enum status insert_file(struct store *store, struct arena *arena,
                               const struct case_desk *desk, const struct case_actor *actor,
                               const struct case_opening *opening, struct case_file *file,
                               struct error *err) {
  char now[21];
  struct query *q;
  struct span facts;
  enum status status = case_facts_write(arena, opening->facts, opening->fact_count, opening->kept,
                                        opening->kept_count, &facts, err);
  if (status != DONE) return status;
  status = store_query(
      store, &q,
      "insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, "
      "to_body, "
      "to_role, to_person, due, subject, facts, reason, decided_at, decider, decided_by, "
      "escalated) values "
      "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
      err);
  if (status != DONE) return status;
  struct span none = span_make(NULL, 0), at = span_of(clock_write_now(now));
  const day_t usual = case_deadline(desk->pack, file->kind, desk->today);
  const day_t due = !file->waits ? DAY_NONE : opening->due ? opening->due : usual;
  query_bind_int(q, 1, opening->party);
  query_bind_int(q, 2, file->id);
  query_bind_text(q, 3, span_of(file->kind_word));
  query_bind_text(q, 4, span_of(file->state_word));
  query_bind_int(q, 5, file->waits);
  query_bind_text(q, 6, at);
  query_bind_int(q, 7, actor->person);
  query_bind_text(q, 8, span_of(actor->who));
  if (opening->to_body) query_bind_int(q, 9, opening->to_body);
  if (opening->to_role) query_bind_text(q, 10, span_of(opening->to_role));
  if (opening->to_person) query_bind_int(q, 11, opening->to_person);
  if (due != DAY_NONE) query_bind_int(q, 12, due);
  query_bind_text(q, 13, span_of(opening->subject ? opening->subject : ""));
  query_bind_text(q, 14, facts);
  query_bind_text(q, 15, opening->reason.size ? opening->reason : span_of(""));
  query_bind_text(q, 16, file->waits ? none : at);
  if (!file->waits) query_bind_int(q, 17, actor->person);
  query_bind_text(q, 18, file->waits ? none : span_of(actor->who));
  query_bind_text(q, 19, opening->escalated ? at : none);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status insert_told(struct store *store, const struct case_opening *opening, int64_t id,
                               struct error *err) {
  enum status status = DONE;
  if (opening->told_count > CASE_TOLD_MAX)
    return refuse(err, CASE_TOLD_TOO_MANY, (int)CASE_TOLD_MAX);
  for (int i = 0; status == DONE && i < opening->told_count; i++)
    status = store_run_with(store,
                            "insert into case_told (party, case_id, body) values (?1, ?2, ?3) on "
                            "conflict (party, case_id, body) do nothing",
                            err, opening->party, id, opening->told[i]);
  return status;
}

/* ---- opening ---- */

static enum status check_opening(const struct case_desk *desk, const struct case_actor *actor,
                                 const struct pack_case_kind *kind, struct case_opening *opening,
                                 struct error *err) {
  if (!case_may_open(actor, kind, opening->party)) return refuse(err, CASE_NOT_TO_OPEN);
  opening->reason = span_trim(opening->reason);
  enum status status = case_words_check(opening->reason, kind->reason, "reason", err);
  if (status == DONE)
    status = case_facts_check(desk, kind, "open", opening->facts, opening->fact_count, err);
  return status == DONE ? check_to(kind, opening, err) : status;
}

static enum status write_case(struct case_call *call, const struct pack_case_kind *kind,
                              const struct case_handler *handler, struct case_opening *opening,
                              struct case_file *file, struct error *err) {
  struct store *store = call->store;
  const struct pack *pack = call->desk->pack;
  const struct pack_case_state *state = kind->first;
  bool found;
  if (opening->state) state = pack_find_case_state(pack, span_of(opening->state));
  if (!state) return error_set(err, FAILED, "the pack has no state %s", opening->state);
  file->kind = kind;
  file->kind_word = kind->code;
  file->state_word = state->word;
  file->waits = state->waits;
  file->party = opening->party;
  enum status status = settle_to(kind, call->actor, state, opening, err);
  if (status == DONE && state->waits) status = check_room(call, opening, kind, err);
  if (status == DONE) status = check_again(store, call->actor, opening, kind, err);
  if (status == DONE)
    status = insert_file(store, call->arena, call->desk, call->actor, opening, file, err);
  if (status == DONE) status = insert_told(store, opening, file->id, err);
  if (status == DONE)
    status = case_event_add(store, call->actor, file, "opened", state->word, opening->reason, err);
  if (status != DONE || !handler || !handler->opened) return status;
  status = case_file_find(store, call->arena, pack, file->id, file, &found, err);
  return status == DONE ? handler->opened(call, file, err) : status;
}

enum status case_open(struct store *store, struct arena *arena, const struct case_desk *desk,
                      const struct case_actor *actor, struct case_opening *opening, int64_t *id,
                      struct error *err) {
  struct case_call call = {.store = store, .arena = arena, .desk = desk, .actor = actor};
  const struct pack_case_kind *kind = pack_find_case_kind(desk->pack, span_of(opening->kind));
  const struct case_handler *handler = NULL;
  struct case_file file = {0};
  if (!kind) return refuse_at(err, "kind", CASE_KIND_UNKNOWN, opening->kind);
  enum status status = check_opening(desk, actor, kind, opening, err);
  if (status == DONE) status = case_handler_of(desk, kind, &handler, err);
  if (status == DONE) status = counter_next(store, "case_file", &file.id, err);
  if (status == DONE && handler && handler->open) status = handler->open(&call, opening, err);
  if (status == DONE) status = write_case(&call, kind, handler, opening, &file, err);
  if (status == DONE) *id = file.id;
  return status;
}
