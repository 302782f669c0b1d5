/* What people decided of bodies that may be one payee: in and out. The file that `weal bodies
 * review` writes has these columns and more for whoever reads it. */
#include "exchange/export.h"
#include "exchange/import_register.h"

#include "base/refusal.h"
#include "exchange/columns.h"
#include "exchange/intake.h"
#include "exchange/row_writer.h"
#include "register/body_pairs.h"

/* Of one call. */
struct payee_intake {
  struct bodies *bodies;
  struct body_decider *decider;
};

static enum status ready(struct intake *in, struct error *err) {
  struct arena *arena = in->call->arena;
  if (in->payees) return DONE;
  struct payee_intake *p = arena_array(arena, struct payee_intake, 1);
  enum status status = register_bodies(in->call->store, arena, &p->bodies, err);
  if (status == DONE) status = body_decider_open(&p->decider, in->call->store, arena, err);
  in->payees = p;
  return status;
}

static enum status read_body(struct intake *in, const struct intake_row *row, int column,
                             int64_t *id, struct error *err) {
  enum status status = intake_need(in, row, column, err);
  if (status != DONE) return status;
  const struct body *body = bodies_by_code(in->payees->bodies, intake_field(in, row, column));
  *id = body ? body->id : 0;
  return body ? DONE : refuse_at(err, payees_columns[column].name, BODIES_UNKNOWN);
}

/* A row without a decision is one that still waits: it is passed over. Without another body it is
 * about one payee. */
static enum status take_payee(struct intake *in, const struct intake_row *row, struct error *err) {
  const struct span word = intake_field(in, row, PAYEE_DECISION);
  struct body_decision decision = {.reason = intake_field(in, row, PAYEE_REASON),
                                   .who = in->call->options.who};
  bool changed = false;
  enum status status = ready(in, err);
  if (status == DONE) status = read_body(in, row, PAYEE_BODY, &decision.body, err);
  if (status == DONE && word.size && !body_are_parse(word, &decision.are))
    status = refuse_at(err, "decision", BODIES_DECISION_UNKNOWN, SPAN(word));
  const bool may_be_one = !word.size || decision.are == BODIES_ORGANISATION ||
                          decision.are == BODIES_PERSON;
  if (may_be_one && !intake_field(in, row, PAYEE_OTHER).size) decision.other = decision.body;
  else if (status == DONE) status = read_body(in, row, PAYEE_OTHER, &decision.other, err);
  if (status == DONE && word.size)
    status = body_decide(in->payees->decider, &decision, &changed, err);
  if (status != DONE) return status;
  if (changed) in->added++;
  else in->same++;
  return DONE;
}

enum status import_payees(const struct import_call *call, struct import_result *result,
                          struct error *err) {
  static const struct intake_kind kind = {.name = "payees",
                                          .columns = payees_columns,
                                          .column_count = PAYEE_COLUMNS,
                                          .take = take_payee};
  return intake_run(&kind, call, result, err);
}

EXPORT(export_payees) {
  (void)pack;
  struct row_writer w = ROW_WRITER(payees_columns);
  struct arena *arena = arena_new();
  struct bodies *bodies = NULL;
  struct body_pairs pairs = {0};
  enum status status = store_begin(store, STORE_READ, err);
  if (status == DONE) status = register_bodies(store, arena, &bodies, err);
  if (status == DONE) status = body_payees_read(store, arena, bodies, &pairs, err);
  row_head(&w);
  for (int i = pairs.decided_count - 1; status == DONE && i >= 0; i--) { /* the oldest first */
    row_begin(&w, out);
    row_string(&w, pairs.decided[i].body->code);
    row_string(&w, pairs.decided[i].other->code);
    row_string(&w, body_are_words[pairs.decided[i].are]);
    row_string(&w, pairs.decided[i].reason);
    row_end(&w);
    status = row_flush(&w, false, err);
  }
  return row_finish(&w, store, arena, status, err);
}
