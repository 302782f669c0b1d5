/* What people decided of rows of bodies' own files that may be about somebody: in and out. The
 * files that `weal import entries --review` and `weal matches review` write have these columns and
 * more for whoever reads them. */
#include "exchange/export.h"
#include "exchange/import_register.h"

#include "base/refusal.h"
#include "exchange/columns.h"
#include "exchange/intake.h"
#include "exchange/row_writer.h"
#include "register/person_decisions.h"

/* Of one call. */
struct match_intake {
  struct person_decisions decisions;
};

static enum status ready(struct intake *in, struct error *err) {
  const struct import_call *call = in->call;
  struct pack_name_words *words = NULL;
  if (in->matches) return DONE;
  struct match_intake *m = arena_array(call->arena, struct match_intake, 1);
  enum status status = intake_registered(in, err);
  if (status == DONE) status = pack_name_words_read(&words, call->pack->dir, call->arena, err);
  if (status == DONE)
    status = person_decisions_read(&m->decisions, call->store, words, call->arena, err);
  in->matches = m;
  return status;
}

static const char *text_of(const struct intake *in, const struct intake_row *row, int column) {
  const struct span field = intake_field(in, row, column);
  return arena_copy(in->call->arena, field.bytes ? field.bytes : "", field.size);
}

static enum status read_match(struct intake *in, const struct intake_row *row,
                              struct person_decision *out, struct error *err) {
  const struct directory_person *person = NULL;
  const struct span body = intake_field(in, row, MATCH_BODY),
                    word = intake_field(in, row, MATCH_DECISION);
  const struct body *of = body.size ? bodies_by_code(in->bodies, body) : NULL;
  *out = (struct person_decision){.body = of ? of->id : 0,
                                  .name = text_of(in, row, MATCH_NAME),
                                  .postcode = text_of(in, row, MATCH_POSTCODE),
                                  .reason = text_of(in, row, MATCH_REASON),
                                  .by = in->call->options.who};
  if (body.size && !of) return refuse_at(err, "body", ENTRY_BODY_UNREGISTERED, SPAN(body));
  enum status status = intake_day(in, row, MATCH_BORN, &out->born, err);
  if (status == DONE) status = intake_need(in, row, MATCH_NAME, err);
  if (status == DONE) status = intake_person(in, row, MATCH_PERSON, &person, err);
  if (status != DONE) return status;
  out->person = person->id;
  return word.size && !person_answer_parse(word, &out->answer)
             ? refuse_at(err, "decision", BODIES_DECISION_UNKNOWN, SPAN(word))
             : DONE;
}

/* A row without a decision is one that still waits: it is passed over. */
static enum status take_match(struct intake *in, const struct intake_row *row, struct error *err) {
  struct person_answering answer = {0};
  bool changed = false;
  enum status status = ready(in, err);
  if (status == DONE) status = read_match(in, row, &answer.decision, err);
  if (status == DONE && intake_field(in, row, MATCH_DECISION).size)
    status = person_decide(&in->matches->decisions, in->call->store, &answer, &changed, err);
  if (status != DONE) return status;
  if (changed) in->added++;
  else in->same++;
  return DONE;
}

enum status import_matches(const struct import_call *call, struct import_result *result,
                           struct error *err) {
  static const struct intake_kind kind = {.name = "matches",
                                          .columns = matches_columns,
                                          .column_count = MATCH_COLUMNS,
                                          .take = take_match};
  return intake_run(&kind, call, result, err);
}

static void write_match(struct row_writer *w, struct text *out, const struct person_decision *x,
                        const struct body *body, const char *person) {
  row_begin(w, out);
  row_string(w, body ? body->code : NULL);
  row_string(w, x->name);
  if (x->born == DAY_NONE) row_empty(w);
  else row_day(w, x->born);
  row_string(w, x->postcode);
  row_string(w, person);
  row_string(w, person_answer_words[x->answer]);
  row_string(w, x->reason);
  row_end(w);
}

EXPORT(export_matches) {
  struct row_writer w = ROW_WRITER(matches_columns);
  struct arena *arena = arena_new();
  struct pack_name_words *words = NULL;
  struct bodies *bodies = NULL;
  struct person_decisions decisions = {0};
  enum status status = store_begin(store, STORE_READ, err);
  if (status == DONE) status = pack_name_words_read(&words, pack->dir, arena, err);
  if (status == DONE) status = register_bodies(store, arena, &bodies, err);
  if (status == DONE) status = person_decisions_read(&decisions, store, words, arena, err);
  row_head(&w);
  for (int i = 0; status == DONE && i < decisions.count; i++) {
    const struct person_decision *x = &decisions.all[i];
    struct person person = {0};
    status = register_person(store, arena, x->person, &person, err);
    if (status != DONE) break;
    write_match(&w, out, x, bodies_by_id(bodies, x->body), person.code);
    status = row_flush(&w, false, err);
  }
  return row_finish(&w, store, arena, status, err);
}
