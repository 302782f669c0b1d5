/* Moves: what somebody decides, takes back or lets run out; and who works on a case. */
#include "case/parts.h"

enum status case_handler_of(const struct case_desk *desk, const struct pack_case_kind *kind,
                            const struct case_handler **out, struct error *err) {
  *out = NULL;
  if (!*kind->handler) return DONE;
  for (int i = 0; desk->handlers && desk->handlers[i]; i++)
    if (strcmp(desk->handlers[i]->word, kind->handler) == 0) *out = desk->handlers[i];
  if (*out) return DONE;
  return error_set(err, FAILED, "the pack's kind %s names the handler %s, which is not here",
                   kind->code, kind->handler);
}

/* ---- which move ---- */

/* Nobody learns from it whether there is such a case: not even by a move that it does not have. */
static enum status find_move(const struct case_actor *actor, const struct case_file *file,
                             const char *word, const struct pack_case_move **out,
                             struct error *err) {
  *out = NULL;
  for (int m = 0; file->kind && m < file->kind->move_count; m++) {
    const struct pack_case_move *move = &file->kind->moves[m];
    if (move->from == file->state && strcmp(move->word, word) == 0) *out = move;
  }
  if (*out && case_may_make(actor, file, *out)) return DONE;
  if (!case_may_see(actor, file)) return refuse(err, CASE_UNKNOWN);
  if (!*out) return refuse(err, CASE_CHANGED);
  if ((*out)->by == CASE_BY_DECIDER && case_is_own(actor, file)) return refuse(err, CASE_OWN);
  if (file->kind->independent && case_actor_is(actor, file->barred))
    return refuse(err, CASE_DECIDED_BEFORE);
  return refuse(err, CASE_NOT_YOURS);
}

/* ---- its rows ---- */

/* Changes the state on the condition that it is the one the move begins from: whoever comes second
 * waits here for the first, and then changes nothing. */
static enum status change_state(struct store *store, const struct case_file *file,
                                const struct pack_case_move *move, struct error *err) {
  struct query *q;
  enum status status = store_query_with(
      store, &q,
      "update case_file set state = ?3, waits = ?4 where party = ?1 and id = ?2 and state = ?5",
      err, file->party, file->id, move->to->word, move->to->waits, move->from->word);
  if (status != DONE) return status;
  status = query_run(q, err);
  int64_t changed = status == DONE ? query_changes(q) : 0;
  query_end(q);
  return status == DONE && !changed ? refuse(err, CASE_CHANGED) : status;
}

/* What the program corrects in a case decides it no more than before. */
static bool is_correction(const struct pack_case_move *move) {
  return move->by == CASE_BY_PROGRAM && move->to == move->from;
}

static enum status write_decision(struct store *store, const struct case_actor *actor,
                                  const struct case_file *file, const struct pack_case_move *move,
                                  struct span words, struct error *err) {
  char now[21];
  bool decided = !move->to->waits;
  return store_run_with(
      store,
      "update case_file set decided_at = ?3, decider = ?4, decided_by = ?5, answer = ?6, result = "
      "?7 where party = ?1 and id = ?2",
      err, file->party, file->id, QUERY_OR_NULL(decided, (const char *)clock_write_now(now)),
      QUERY_OR_NULL(decided, actor->person), QUERY_OR_NULL(decided, actor->who),
      QUERY_OR_NULL(decided && words.size, words), file->result);
}

static enum status write_facts(struct store *store, struct arena *arena,
                               const struct case_file *file, const struct case_motion *motion,
                               struct error *err) {
  struct span facts;
  if (!motion->fact_count && !file->kept_count) return DONE;
  const int count = motion->fact_count + file->kept_count;
  struct case_fact *more = arena_array(arena, struct case_fact, count);
  for (int i = 0; i < count; i++)
    more[i] = i < motion->fact_count ? motion->facts[i] : file->kept[i - motion->fact_count];
  enum status status = case_facts_write(arena, file->facts, file->fact_count, more, count, &facts,
                                        err);
  if (status != DONE) return status;
  return store_run_with(store, "update case_file set facts = ?3 where party = ?1 and id = ?2", err,
                        file->party, file->id, facts);
}

/* A case that waits again has a new deadline, as one has to which its handler gave a later day; it
 * is late, and goes to its next role, when that has passed. */
static enum status write_deadline(struct store *store, const struct case_desk *desk,
                                  const struct case_file *file, const struct pack_case_move *move,
                                  day_t before, struct error *err) {
  bool again = !move->from->waits && move->to->waits;
  day_t due = again ? case_deadline(desk->pack, file->kind, desk->today) : file->due;
  if (!again && due == before) return DONE;
  return store_run_with(
      store, "update case_file set due = ?3, escalated = null where party = ?1 and id = ?2", err,
      file->party, file->id, QUERY_OR_NULL(due != DAY_NONE, due));
}

/* ---- moving ---- */

enum status case_may_answer(struct case_call *call, const struct case_file *file,
                            struct error *err) {
  const struct case_handler *handler = NULL;
  if (!file->kind) return refuse(err, CASE_NOT_YOURS);
  if (case_is_own(call->actor, file)) return refuse(err, CASE_OWN);
  if (file->kind->independent && case_actor_is(call->actor, file->barred))
    return refuse(err, CASE_DECIDED_BEFORE);
  if (!case_may_decide(call->actor, file)) return refuse(err, CASE_NOT_YOURS);
  enum status status = case_handler_of(call->desk, file->kind, &handler, err);
  return status == DONE && handler && handler->answers ? handler->answers(call, file, err) : status;
}

static enum status make_move(struct case_call *call, struct case_file *file,
                             const struct pack_case_move *move, const struct case_motion *motion,
                             struct error *err) {
  const struct case_handler *handler = NULL;
  struct store *store = call->store;
  day_t due = file->due;
  enum status status = case_handler_of(call->desk, file->kind, &handler, err);
  if (status == DONE && move->by == CASE_BY_DECIDER) status = case_may_answer(call, file, err);
  if (status == DONE) status = change_state(store, file, move, err);
  if (status == DONE && handler && handler->move)
    status = handler->move(call, file, move, motion, err);
  if (status == DONE) status = write_facts(store, call->arena, file, motion, err);
  if (status == DONE && !is_correction(move))
    status = write_decision(store, call->actor, file, move, motion->words, err);
  if (status == DONE) status = write_deadline(store, call->desk, file, move, due, err);
  if (status == DONE)
    status = case_event_add(store, call->actor, file, move->word, move->to->word, motion->words,
                            err);
  return status;
}

enum status case_move(struct store *store, struct arena *arena, const struct case_desk *desk,
                      const struct case_actor *actor, const struct case_motion *motion,
                      struct case_file *file, struct error *err) {
  struct case_call call = {.store = store, .arena = arena, .desk = desk, .actor = actor};
  struct case_motion trimmed = *motion;
  const struct pack_case_move *move;
  bool found;
  trimmed.words = span_trim(motion->words);
  enum status status = case_file_find(store, arena, desk->pack, motion->id, file, &found, err);
  if (status == DONE && !found) return refuse(err, CASE_UNKNOWN);
  if (status == DONE) status = find_move(actor, file, motion->move, &move, err);
  if (status == DONE) status = case_words_check(trimmed.words, move->words, "words", err);
  if (status == DONE)
    status = case_facts_check(desk, file->kind, move->word, motion->facts, motion->fact_count, err);
  if (status == DONE) status = make_move(&call, file, move, &trimmed, err);
  if (status != DONE) return status;
  return case_file_find(store, arena, desk->pack, motion->id, file, &found, err);
}

/* On the condition that it waits still: somebody may decide it at the same time. */
static enum status write_assigned(struct store *store, const struct case_file *file,
                                  const struct case_actor *to, struct error *err) {
  struct query *q;
  enum status status = store_query_with(
      store, &q, "update case_file set assigned = ?3 where party = ?1 and id = ?2 and waits = 1",
      err, file->party, file->id, QUERY_OR_NULL(to, to ? to->person : 0));
  if (status != DONE) return status;
  status = query_run(q, err);
  int64_t changed = status == DONE ? query_changes(q) : 0;
  query_end(q);
  return status == DONE && !changed ? refuse(err, CASE_CHANGED) : status;
}

enum status case_assign(struct store *store, struct arena *arena, const struct case_desk *desk,
                        const struct case_actor *actor, int64_t id, const struct case_actor *to,
                        struct error *err) {
  struct case_file file;
  bool found;
  enum status status = case_file_find(store, arena, desk->pack, id, &file, &found, err);
  if (status != DONE) return status;
  if (!found || !case_may_see(actor, &file)) return refuse(err, CASE_UNKNOWN);
  if (!file.waits) return refuse(err, CASE_CHANGED);
  if (case_is_own(actor, &file)) return refuse(err, CASE_OWN);
  if (!case_may_decide(actor, &file)) return refuse(err, CASE_NOT_YOURS);
  if (to && !case_may_decide(to, &file)) return refuse_at(err, "to", CASE_ASSIGN_OTHER);
  status = write_assigned(store, &file, to, err);
  if (status != DONE) return status;
  return case_event_add_assigned(store, actor, &file, to ? to->person : 0, err);
}
