/* What other bodies awarded, as files: what they send of many people, and all that stands as a file
 * again. A row that changes an award ends what stood and begins what follows (award/award.h); the
 * claim that waits for it is closed. */
#include "award/award.h"
#include "award/claim.h"
#include "award/recovery.h"
#include "award/twice.h"
#include "base/money.h"
#include "base/refusal.h"
#include "exchange/columns.h"
#include "exchange/import_register.h"
#include "exchange/intake.h"
#include "exchange/row_writer.h"
#include "notify/notify.h"
#include "register/names.h"
#include "register/near.h"
#include "rules/model.h"

#include <time.h>

#define QUOTED(value) span_quote((value), (char[SPAN_QUOTE_SIZE]){0})

/* ---- in ---- */

/* Of one call. */
struct award_intake {
  struct rules *rules;
  day_t today;
  struct near near; /* whoever imports, and who is theirs */
};

static const struct case_handler *const handlers[] = {&award_claim_handler, &award_twice_handler,
                                                      &award_overpayment_handler, NULL};

static enum status ready(struct intake *in, struct error *err) {
  struct arena *arena = in->call->arena;
  const char *const packs[] = {in->call->pack->dir};
  in->once = true;
  if (in->awards) return DONE;
  struct award_intake *a = arena_alloc(arena, sizeof *a);
  *a = (struct award_intake){.today = day_today()};
  enum status status = intake_registered(in, err);
  if (status == DONE && in->call->pack->entitlement_count)
    status = rules_load(arena, packs, 1, &a->rules, err);
  if (status == DONE)
    status = register_near_of_who(in->call->store, arena, in->call->options.who, a->today, &a->near,
                                  err);
  in->awards = a;
  return status;
}

/* The body that is named, or the one that decides it for the person. */
static enum status take_body(struct intake *in, const struct intake_row *row, struct award_terms *t,
                             struct arena *arena, struct error *err) {
  const struct span code = intake_field(in, row, AWARD_BODY);
  if (!code.size)
    return claim_body(in->call->store, arena, in->call->pack, t->person, t->what, in->awards->today,
                      &t->body, err);
  const struct body *body = bodies_by_code(in->bodies, code);
  if (body) t->body = body->id;
  return body ? DONE : refuse_at(err, "body", BODY_CODE_UNKNOWN, QUOTED(code));
}

static enum status take_terms(struct intake *in, const struct intake_row *row,
                              struct award_terms *t, struct arena *arena, struct error *err) {
  const struct span variable = intake_field(in, row, AWARD_VARIABLE);
  const struct span per = intake_field(in, row, AWARD_PER);
  const struct directory_person *person = NULL;
  *t = (struct award_terms){.what = pack_find_entitlement(in->call->pack, variable),
                            .to = DAY_NONE,
                            .first_due = DAY_NONE,
                            .pay_days = intake_field(in, row, AWARD_PAY),
                            .source = "import",
                            .reference = intake_field(in, row, AWARD_REFERENCE)};
  t->elsewhere = !t->pay_days.size;
  t->per = tell_per_of(per);
  if (!t->what) return refuse_at(err, "variable", AWARD_VARIABLE_UNKNOWN, QUOTED(variable));
  if (per.size && t->per == PER_NONE) return refuse_at(err, "per", CASE_FACT_PER, QUOTED(per));
  if (money_parse(intake_field(in, row, AWARD_PENCE), &t->pence, err) != DONE)
    return error_at(err, NULL, 0, "amount");
  enum status status = intake_need(in, row, AWARD_FROM, err);
  if (status == DONE) status = intake_day(in, row, AWARD_FROM, &t->from, err);
  if (status == DONE) status = intake_day(in, row, AWARD_TO, &t->to, err);
  if (status == DONE && t->to != DAY_NONE && t->to < t->from)
    return refuse_at(err, "to", AWARD_ENDS_BEFORE, day_write(t->from, (char[11]){0}));
  if (status == DONE) status = intake_day(in, row, AWARD_FIRST_DUE, &t->first_due, err);
  if (status == DONE) status = intake_person(in, row, AWARD_PERSON, &person, err);
  if (status != DONE) return status;
  t->person = person->id;
  return take_body(in, row, t, arena, err);
}

/* What the same body awarded of the same, and is not over before the row begins; null: none. */
static enum status find_standing(struct intake *in, const struct award_terms *t,
                                 struct arena *arena, const struct award **out, struct error *err) {
  struct awards rows = {0};
  enum status status = awards_of_person(in->call->store, arena, t->person, &rows, err);
  *out = NULL;
  for (int i = 0; status == DONE && i < rows.count; i++) {
    const struct award *a = &rows.all[i];
    if (award_runs(a, t->from, t->from) && a->body == t->body &&
        strcmp(a->variable, t->what->variable) == 0)
      *out = a;
  }
  return status;
}

/* The same once more changes nothing. An amount of 0 ends it on the day before. The row says until
 * when: without an end until further notice, whatever end stood. */
static enum status change(struct intake *in, const struct award_call *call,
                          const struct award_terms *t, const struct award *standing,
                          struct error *err) {
  struct award_changed changed;
  const struct award_changing changing = {
      .from = t->from, .pence = t->pence, .has_to = true, .to = t->to, .why = t->reference};
  const bool same_per = t->per == PER_NONE || t->per == standing->per;
  if (!same_per) return refuse_at(err, "per", AWARD_PER_CHANGED, tell_per_word(standing->per));
  if (standing->pence == t->pence && standing->to == t->to) return in->same++, DONE;
  const bool is_shorter = t->to != DAY_NONE && (standing->to == DAY_NONE || t->to < standing->to);
  in->changed++;
  if (standing->pence == t->pence && is_shorter) {
    const struct award_changing end = {.from = t->to + 1, .why = t->reference};
    return award_change(call, t->person, standing->award, &end, &changed, err);
  }
  return award_change(call, t->person, standing->award, &changing, &changed, err);
}

/* The claim that waits for the award, and its answer in a message. */
static enum status close_claim(const struct award_call *call, const struct award_terms *t,
                               day_t decided, struct error *err) {
  const struct case_filter filter = {.which = CASES_WAITING,
                                     .subject = arena_printf(call->arena, CLAIM_SUBJECT "%s",
                                                             t->what->variable),
                                     .most = 1};
  const struct case_actor program = {.who = call->who};
  int64_t *records = NULL, total = 0;
  struct case_file *files = NULL, file;
  int record_count = 0, count = 0;
  enum status status = register_records(call->store, call->arena, t->person, &records,
                                        &record_count, err);
  if (status == DONE)
    status = cases_of(call->store, call->arena, call->desk, records, record_count, &filter, &files,
                      &count, &total, err);
  if (status != DONE || !count) return status;
  char day[11] = "";
  if (decided != DAY_NONE) day_write(decided, day);
  const struct case_fact fact = {CLAIM_DECIDED, span_of(day)};
  const struct case_motion motion = {.id = files[0].id,
                                     .move = CLAIM_MOVE_AWARDED,
                                     .facts = &fact,
                                     .fact_count = decided != DAY_NONE};
  const struct pack_case_move *moves[1];
  if (!case_moves_of(&program, &files[0], moves, 1)) return DONE; /* it is decided here */
  status = case_move(call->store, call->arena, call->desk, &program, &motion, &file, err);
  const struct message told = {MESSAGE_ANSWER,
                               arena_printf(call->arena, "%lld", (long long)files[0].id), call->who,
                               (int64_t)time(NULL)};
  return status == DONE ? notify_tell(call->store, call->arena, file.party, &told, err) : status;
}

/* Whoever imports decides no award: what is paid here and is much at once or in one payment, with
 * what the body awarded the family within a week, is decided by an officer, and approved by
 * another. */
static enum status check_due(const struct award_call *call, const struct award_terms *t,
                             struct error *err) {
  const struct award_due_query q = {
      .person = t->person, .body = t->body, .today = call->today, .now = (int64_t)time(NULL)};
  const int64_t most = call->pack->second_from;
  struct award_due due;
  if (!most) return DONE;
  enum status status = award_due(call->store, call->arena, call->pack, &q, &due, err);
  if (status != DONE) return status;
  const int64_t sum = award_due_sum(&due);
  return sum >= most ? award_refuse_at_once("from", sum, err) : DONE;
}

static enum status take_row(struct intake *in, const struct intake_row *row, struct arena *arena,
                            struct error *err) {
  struct award_terms t;
  const struct award *standing = NULL;
  int64_t number = 0;
  const struct case_desk desk = {.pack = in->call->pack,
                                 .handlers = handlers,
                                 .today = in->awards->today};
  const struct award_call call = {.store = in->call->store,
                                  .arena = arena,
                                  .pack = in->call->pack,
                                  .desk = &desk,
                                  .who = in->call->options.who ? in->call->options.who : "",
                                  .today = in->awards->today,
                                  .rules = in->awards->rules};
  day_t decided = DAY_NONE;
  enum status status = take_terms(in, row, &t, arena, err);
  if (status == DONE) status = intake_day(in, row, AWARD_DECIDED, &decided, err);
  if (status == DONE && decided != DAY_NONE && decided > in->awards->today)
    return refuse_at(err, "decided", AWARD_DECIDED_AHEAD);
  if (status == DONE) status = register_survivor(call.store, t.person, &t.person, err);
  if (status == DONE && near_has(&in->awards->near, t.person))
    return refuse_at(err, "person", AWARD_OWN);
  if (status == DONE) status = find_standing(in, &t, arena, &standing, err);
  if (status != DONE) return status;
  const int64_t same = in->same;
  if (standing) status = change(in, &call, &t, standing, err);
  else status = award_make(&call, &t, &number, err);
  if (status == DONE && !t.elsewhere && in->same == same) status = check_due(&call, &t, err);
  if (status != DONE) return status;
  in->added += number != 0;
  return t.pence ? close_claim(&call, &t, decided, err) : DONE;
}

static enum status take_award(struct intake *in, const struct intake_row *row, struct error *err) {
  enum status status = ready(in, err);
  if (status != DONE) return status;
  struct arena *arena = arena_new();
  status = take_row(in, row, arena, err);
  arena_free(arena);
  return status;
}

enum status import_awards(const struct import_call *call, struct import_result *result,
                          struct error *err) {
  static const struct intake_kind kind = {.name = "awards",
                                          .columns = awards_columns,
                                          .column_count = AWARD_COLUMNS,
                                          .take = take_award};
  return intake_run(&kind, call, result, err);
}

/* ---- out ---- */

static enum status write_award(struct row_writer *w, const struct award *a, const char *person,
                               const struct body *body, struct error *err) {
  row_begin(w, w->out);
  row_string(w, person);
  row_string(w, a->variable);
  row_money(w, a->pence);
  row_string(w, a->per ? tell_per_word(a->per) : NULL);
  row_day(w, a->from);
  row_day(w, a->to);
  row_string(w, body ? body->code : NULL);
  row_string(w, a->reference);
  row_string(w, a->pay_days);
  row_day(w, a->first_due);
  row_string(w, NULL); /* a claim keeps it, not the award */
  row_end(w);
  return row_flush(w, false, err);
}

EXPORT(export_awards) {
  (void)pack;
  struct row_writer w = ROW_WRITER(awards_columns);
  struct arena *arena = arena_new();
  struct bodies *bodies = NULL;
  struct awards all = {0};
  const char **people = NULL;
  int64_t last = 0;
  enum status status = store_begin(store, STORE_READ, err);
  if (status == DONE) status = register_codes(store, arena, REGISTER_PERSONS, &people, &last, err);
  if (status == DONE) status = register_bodies(store, arena, &bodies, err);
  if (status == DONE) status = awards_all(store, arena, &all, err);
  row_head(&w);
  for (int i = 0; status == DONE && i < all.count; i++) {
    const struct award *a = &all.all[i];
    const char *person = a->party > 0 && a->party <= last ? people[a->party] : NULL;
    if (award_stands(a) && person)
      status = write_award(&w, a, person, bodies_by_id(bodies, a->body), err);
  }
  return row_finish(&w, store, arena, status, err);
}
