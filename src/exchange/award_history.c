/* Awards with all that became of them, out of one book and into another that has none of their
 * numbers: a row of the file is a row of an award, or a day of pay that is paid (its `due`). The
 * lines of the payments come with the entries (award/history.h). */
#include "award/history.h"
#include "award/schedule.h"
#include "base/money.h"
#include "base/refusal.h"
#include "exchange/columns.h"
#include "exchange/import_register.h"
#include "exchange/intake.h"
#include "exchange/row_writer.h"
#include "register/names.h"

#define QUOTED(value) span_quote((value), (char[SPAN_QUOTE_SIZE]){0})

/* ---- in ---- */

/* Of one call. */
struct history_intake {
  int64_t award; /* the last that began in the file; its rows stand together */
  int64_t party;
};

static enum status ready(struct intake *in, struct error *err) {
  in->once = true;
  if (in->history) return DONE;
  in->history = arena_alloc(in->call->arena, sizeof *in->history);
  *in->history = (struct history_intake){0};
  return intake_registered(in, err);
}

static enum status take_number(struct intake *in, const struct intake_row *row, int column,
                               int64_t *out, struct error *err) {
  const struct span text = intake_field(in, row, column);
  *out = 0;
  if (!text.size) return DONE;
  if (integer_parse(text, out, err) != DONE || *out < 1)
    return refuse_at(err, history_columns[column].name, AWARD_HISTORY_NUMBER, QUOTED(text));
  return DONE;
}

static const char *text_of(struct intake *in, const struct intake_row *row, struct arena *arena,
                           int column) {
  const struct span text = intake_field(in, row, column);
  return text.size ? arena_copy(arena, text.bytes, text.size) : NULL;
}

static enum status take_payment(struct intake *in, const struct intake_row *row,
                                const struct award *a, struct error *err) {
  struct award_payment pay = {.party = a->party,
                              .award = a->award,
                              .row = a->id,
                              .first = a->from,
                              .last = a->to,
                              .pence = a->pence};
  enum status status = intake_day(in, row, HISTORY_DUE, &pay.due, err);
  if (status == DONE) status = intake_need(in, row, HISTORY_PAID, err);
  if (status == DONE) status = intake_day(in, row, HISTORY_PAID, &pay.paid, err);
  if (status != DONE) return status;
  if (in->history->award != a->award || in->history->party != a->party)
    return refuse_at(err, "award", AWARD_HISTORY_APART, (long long)a->award);
  if (pay.last == DAY_NONE) return refuse_at(err, "to", AWARD_HISTORY_DAYS);
  status = award_history_pay(in->call->store, &pay, err);
  in->added += status == DONE;
  return status;
}

/* The first row of an award is its own number, which the book does not have. */
static enum status begin_award(struct intake *in, const struct award *a, struct error *err) {
  struct history_intake *h = in->history;
  bool there = false;
  if (h->award == a->award && h->party == a->party) return DONE;
  if (a->id != a->award) return refuse_at(err, "award", AWARD_HISTORY_APART, (long long)a->award);
  enum status status = award_history_has(in->call->store, a->award, &there, err);
  if (status == DONE && there)
    return refuse_at(err, "award", AWARD_HISTORY_HERE, (long long)a->award);
  h->award = a->award;
  h->party = a->party;
  return status;
}

static enum status take_award(struct intake *in, const struct intake_row *row, struct arena *arena,
                              struct award *a, struct error *err) {
  const struct span per = intake_field(in, row, HISTORY_PER);
  const struct span variable = intake_field(in, row, HISTORY_VARIABLE);
  if (!pack_find_entitlement(in->call->pack, variable))
    return refuse_at(err, "variable", AWARD_VARIABLE_UNKNOWN, QUOTED(variable));
  a->variable = text_of(in, row, arena, HISTORY_VARIABLE);
  a->per = tell_per_of(per);
  if (per.size && a->per == PER_NONE) return refuse_at(err, "per", CASE_FACT_PER, QUOTED(per));
  a->pay_days = text_of(in, row, arena, HISTORY_PAY);
  a->source = text_of(in, row, arena, HISTORY_SOURCE);
  a->reference = text_of(in, row, arena, HISTORY_REFERENCE);
  a->made_by = text_of(in, row, arena, HISTORY_MADE_BY);
  a->made_at = text_of(in, row, arena, HISTORY_MADE_AT);
  a->why = text_of(in, row, arena, HISTORY_WHY);
  const struct span arrears = intake_field(in, row, HISTORY_ARREARS);
  if (arrears.size && money_parse(arrears, &a->arrears, err) != DONE)
    return error_at(err, NULL, 0, "arrears");
  static const int needed[] = {HISTORY_SOURCE, HISTORY_MADE_BY, HISTORY_MADE_AT};
  enum status status = take_number(in, row, HISTORY_SUPERSEDES, &a->supersedes, err);
  for (size_t i = 0; status == DONE && i < sizeof needed / sizeof *needed; i++)
    status = intake_need(in, row, needed[i], err);
  if (status == DONE) status = intake_day(in, row, HISTORY_FIRST_DUE, &a->first_due, err);
  day_t died = DAY_NONE;
  if (status == DONE) status = intake_day(in, row, HISTORY_DIED, &died, err);
  if (died != DAY_NONE) a->facts = award_death_facts(arena, died);
  if (status == DONE && a->pay_days && a->first_due == DAY_NONE)
    status = intake_need(in, row, HISTORY_FIRST_DUE, err);
  if (status == DONE) status = begin_award(in, a, err);
  if (status == DONE) status = award_history_add(in->call->store, a, err);
  in->added += status == DONE;
  return status;
}

static enum status take_row(struct intake *in, const struct intake_row *row, struct arena *arena,
                            struct error *err) {
  struct award a = {.to = DAY_NONE, .first_due = DAY_NONE};
  const struct directory_person *person = NULL;
  const struct span code = intake_field(in, row, HISTORY_BODY);
  const struct body *body = bodies_by_code(in->bodies, code);
  if (!body) return refuse_at(err, "body", BODY_CODE_UNKNOWN, QUOTED(code));
  a.body = body->id;
  enum status status = intake_need(in, row, HISTORY_AWARD, err);
  if (status == DONE) status = take_number(in, row, HISTORY_AWARD, &a.award, err);
  if (status == DONE) status = take_number(in, row, HISTORY_ROW, &a.id, err);
  if (status == DONE) status = intake_person(in, row, HISTORY_PERSON, &person, err);
  if (status != DONE) return status;
  a.party = person->id;
  if (money_parse(intake_field(in, row, HISTORY_PENCE), &a.pence, err) != DONE)
    return error_at(err, NULL, 0, "amount");
  if (a.pence < 0 || a.pence > AWARD_PENCE_MOST) return refuse_at(err, "amount", AWARD_AMOUNT);
  status = intake_need(in, row, HISTORY_FROM, err);
  if (status == DONE) status = intake_day(in, row, HISTORY_FROM, &a.from, err);
  if (status == DONE) status = intake_day(in, row, HISTORY_TO, &a.to, err);
  if (status != DONE) return status;
  return intake_field(in, row, HISTORY_DUE).size ? take_payment(in, row, &a, err)
                                                 : take_award(in, row, arena, &a, err);
}

static enum status take_history(struct intake *in, const struct intake_row *row,
                                struct error *err) {
  enum status status = ready(in, err);
  if (status != DONE) return status;
  struct arena *arena = arena_new();
  status = take_row(in, row, arena, err);
  arena_free(arena);
  return status;
}

enum status import_award_history(const struct import_call *call, struct import_result *result,
                                 struct error *err) {
  static const struct intake_kind kind = {.name = "award-rows",
                                          .columns = history_columns,
                                          .column_count = HISTORY_COLUMNS,
                                          .take = take_history};
  return intake_run(&kind, call, result, err);
}

/* ---- out ---- */

static void write_number(struct row_writer *w, struct arena *arena, int64_t number) {
  row_string(w, number ? arena_printf(arena, "%lld", (long long)number) : NULL);
}

/* `pay` null: a row of the award. */
static enum status write_row(struct row_writer *w, struct arena *arena, const struct award *a,
                             const struct award_payment *pay, const char *person,
                             const struct body *body, struct error *err) {
  row_begin(w, w->out);
  write_number(w, arena, a->award);
  write_number(w, arena, pay ? pay->row : a->id);
  row_string(w, person);
  row_string(w, a->variable);
  row_string(w, body ? body->code : NULL);
  row_money(w, pay ? pay->pence : a->pence);
  row_string(w, !pay && a->per ? tell_per_word(a->per) : NULL);
  row_day(w, pay ? pay->first : a->from);
  row_day(w, pay ? pay->last : a->to);
  row_string(w, pay ? NULL : a->pay_days);
  row_day(w, pay ? DAY_NONE : a->first_due);
  if (!pay && a->arrears) row_money(w, a->arrears);
  else row_empty(w);
  row_string(w, pay ? NULL : a->source);
  row_string(w, pay ? NULL : a->reference);
  row_string(w, pay ? NULL : a->made_by);
  row_string(w, pay ? NULL : a->made_at);
  row_string(w, pay ? NULL : a->why);
  write_number(w, arena, pay ? 0 : a->supersedes);
  row_day(w, pay ? pay->due : DAY_NONE);
  row_day(w, pay ? pay->paid : DAY_NONE);
  row_day(w, pay ? DAY_NONE : award_death_of(a));
  row_end(w);
  return row_flush(w, false, err);
}

/* An award's rows, then its payments. */
static enum status write_award(struct row_writer *w, struct store *store, const struct awards *rows,
                               const char *person, const struct body *body, struct error *err) {
  struct arena *arena = arena_new();
  struct award_payment *paid = NULL;
  int count = 0;
  enum status status = award_payments_of(store, arena, rows->all[0].party, rows->all[0].award,
                                         &paid, &count, err);
  for (int i = 0; status == DONE && i < rows->count; i++)
    status = write_row(w, arena, &rows->all[i], NULL, person, body, err);
  for (int i = 0; status == DONE && i < count; i++)
    status = write_row(w, arena, &rows->all[0], &paid[i], person, body, err);
  arena_free(arena);
  return status;
}

EXPORT(export_award_history) {
  (void)pack;
  struct row_writer w = ROW_WRITER(history_columns);
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
  for (int i = 0, next; status == DONE && i < all.count; i = next) {
    const struct award *a = &all.all[i];
    const char *person = a->party > 0 && a->party <= last ? people[a->party] : NULL;
    const struct body *body = bodies_by_id(bodies, a->body);
    for (next = i; next < all.count && all.all[next].award == a->award;) next++;
    const struct awards rows = {all.all + i, next - i};
    if (person) status = write_award(&w, store, &rows, person, body, err);
  }
  return row_finish(&w, store, arena, status, err);
}
