/* Cases of overpayments, the table award_recovery, and what is taken of a payment. */
#include "award/recovery.h"

#include "award/claim_parts.h"
#include "award/rows.h"
#include "base/money.h"
#include "base/refusal.h"
#include "book/record.h"
#include "register/names.h"
#include "register/register.h"
#include "rules/model.h"

#include <math.h>

enum { PENCE_A_POUND = 100, DAYS_A_WEEK = 7, DAYS_A_YEAR = 365, MONTHS_A_YEAR = 12 };

/* what the program does with a case, and what it keeps with it */
#define OVERPAID_OVER "over"
#define OVERPAID_AMEND "amend"
#define OVERPAID_CORRECTED "corrected"
#define OVERPAID_SINCE "corrected-from"

static const struct case_actor program = {.who = "program"};

/* ---- rows ---- */

/* asked: how much in all; rate: how much a week; taken, repaid, returned: so much more of it. */
enum recovery_what { ASKED, RATE, TAKEN, REPAID, RETURNED, OVER, RECOVERIES };
static const char *const recovery_words[RECOVERIES] = {"asked",  "rate",     "taken",
                                                       "repaid", "returned", "over"};

struct recovery_row {
  enum recovery_what what;
  int64_t amount, award, entry; /* award: of `taken` that from whose payment; entry 0: none */
  day_t due;                    /* of `taken`: the day of pay; else DAY_NONE */
};

/* Each row has the next number of its case, on which two writers at once would meet; they wait for
 * each other before (award_rows_hold). */
static enum status add_row(struct store *store, struct award_debt *debt, const char *who,
                           const struct recovery_row *row, struct error *err) {
  char now[21];
  debt->rows++;
  return store_run_with(
      store,
      "insert into award_recovery (party, case_id, n, award, variable, what, amount, due, entry, "
      "made_by, made_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      err, debt->party, debt->id, debt->rows, row->award, debt->variable, recovery_words[row->what],
      row->amount, QUERY_OR_NULL(row->due != DAY_NONE, row->due),
      QUERY_OR_NULL(row->entry, row->entry), who, (const char *)clock_write_now(now));
}

static void take_row(struct award_debt *debt, struct span what, int64_t amount, int64_t award) {
  debt->rows++;
  if (span_is(what, "asked")) {
    debt->asked = amount;
    debt->award = award;
    debt->is_over = false;
  } else if (span_is(what, "rate")) debt->rate = amount;
  else if (span_is(what, "taken")) debt->taken += amount;
  else if (span_is(what, "repaid")) debt->repaid += amount;
  else if (span_is(what, "returned")) debt->returned += amount;
  else if (span_is(what, "over")) debt->is_over = true;
}

enum status award_debts_of(struct store *store, struct arena *arena, int64_t person,
                           struct award_debt **out, int *count, struct error *err) {
  int64_t *records = NULL;
  int record_count = 0, capacity = 0;
  *out = NULL;
  *count = 0;
  enum status status = register_records(store, arena, person, &records, &record_count, err);
  for (int r = 0; status == DONE && r < record_count; r++) {
    struct query *q = NULL;
    bool row;
    status = store_query_with(store, &q,
                              "select case_id, award, variable, what, amount from award_recovery "
                              "where party = ?1 order by case_id, n",
                              err, records[r]);
    while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
      const int64_t id = query_int(q, 0);
      if (!*count || (*out)[*count - 1].id != id) {
        arena_reserve(arena, *out, capacity, *count + 1);
        (*out)[(*count)++] = (struct award_debt){
            .party = records[r], .id = id, .variable = query_copy(q, arena, 2), .rate = RATE_MOST};
      }
      take_row(&(*out)[*count - 1], query_text(q, 3), query_int(q, 4), query_int(q, 1));
    }
    query_end(q);
  }
  return status;
}

int64_t award_debt_left(const struct award_debt *debt) {
  const int64_t left = debt->asked - debt->taken - debt->repaid + debt->returned;
  return debt->is_over || left < 0 ? 0 : left;
}

enum status award_debtors(struct store *store, struct arena *arena, int64_t **out, int *count,
                          struct error *err) {
  struct query *q = NULL;
  int capacity = 0;
  bool row;
  *out = NULL;
  *count = 0;
  enum status status = store_query(store, &q, "select distinct party from award_recovery", err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, capacity, *count + 1);
    (*out)[(*count)++] = query_int(q, 0);
  }
  query_end(q);
  return status;
}

/* The debt of a case; without rows where nothing was asked back yet. */
static enum status debt_of(const struct award_call *call, const struct case_file *file,
                           struct award_debt *out, struct error *err) {
  struct award_debt *all = NULL;
  int count = 0;
  const struct span number = case_fact_given(file->facts, file->fact_count, "award");
  struct awards rows = {0};
  *out = (struct award_debt){.party = file->party, .id = file->id, .rate = RATE_MOST};
  enum status status = award_debts_of(call->store, call->arena, file->party, &all, &count, err);
  for (int i = 0; i < count; i++)
    if (all[i].id == file->id) *out = all[i];
  if (status != DONE || out->rows) return status;
  if (integer_parse(number, &out->award, err) != DONE) return err->code;
  status = award_numbered(call->store, call->arena, out->award, &rows, err);
  if (status == DONE && rows.count) out->variable = rows.all[0].variable;
  return status == DONE && !rows.count ? refuse(err, AWARD_UNKNOWN, (long long)out->award) : status;
}

enum status award_debt_runs(const struct award_call *call, const struct award_debt *debt, bool *out,
                            struct error *err) {
  struct case_file file, *about = NULL;
  int64_t *records = NULL, total = 0;
  int record_count = 0, count = 0;
  const struct case_filter filter = {.which = CASES_WAITING,
                                     .subject = arena_printf(call->arena, "case:%lld",
                                                             (long long)debt->id),
                                     .most = 1};
  *out = false;
  if (!award_debt_left(debt)) return DONE;
  enum status status = case_one(call->store, call->arena, call->desk, &program, debt->id, &file,
                                err);
  if (status != DONE || strcmp(file.state_word, "upheld") != 0) return status;
  status = register_records(call->store, call->arena, debt->party, &records, &record_count, err);
  if (status == DONE)
    status = cases_of(call->store, call->arena, call->desk, records, record_count, &filter, &about,
                      &count, &total, err);
  *out = status == DONE && !total;
  return status;
}

/* ---- how much ---- */

static int64_t for_days(int64_t pence, bool a_month, int days, bool up) {
  const int64_t times = a_month ? MONTHS_A_YEAR : 1, parts = a_month ? DAYS_A_YEAR : DAYS_A_WEEK;
  return (pence * times * days + (up ? parts - 1 : 0)) / parts;
}

/* A whole month is one, of whatever length. */
static bool is_month(int days) { return days >= 28 && days <= 31; }

enum status award_limit_of(const struct award_call *call, const struct pack_entitlement *what,
                           day_t on, int days, struct award_limit *out, struct error *err) {
  const struct pack_overpayment *row = what ? pack_find_overpayment(call->pack, what) : NULL;
  const struct rules *rules = NULL;
  *out = (struct award_limit){0};
  if (!row || !row->most_of) return DONE;
  if (rules_ready(call->arena, call->rules, call->pack->dir, &rules, err) != DONE) return err->code;
  const struct parameter *p = parameters_find(rules->parameters, span_of(row->most_of));
  const struct parameter_entry *now = p ? parameter_on(p, on) : NULL;
  if (!now || now->value.form != FORM_NUMBER) return DONE; /* not known on that day */
  const bool a_month = p->period && strcmp(p->period, "month") == 0;
  const int64_t pence = llround(now->value.number * PENCE_A_POUND);
  const int64_t step = row->most_step ? row->most_step : 1, hundred = 100;
  int64_t part = pence * row->most_percent / hundred;
  if (row->most_step)
    part = (pence * row->most_percent + hundred * step - 1) / (hundred * step) * step;
  const int64_t most = part * row->most_times;
  const bool whole = a_month && is_month(days);
  out->is_known = true;
  out->most = whole ? most : for_days(most, a_month, days, false);
  out->least = whole ? row->least : for_days(row->least, a_month, days, true);
  return DONE;
}

/* ---- what is taken of a payment ---- */

static enum status post(const struct recovery_taking *t, const struct pack_entitlement *what,
                        int64_t pence, const char *reference, int64_t *entry, struct error *err) {
  const struct record_terms terms = {.pack = t->call->pack,
                                     .codes = t->codes,
                                     .any_category = true,
                                     .of_awards = true,
                                     .any_number = true};
  const struct record_row row = {.person = t->person,
                                 .category = span_of(what->category->code),
                                 .has_amount = true,
                                 .amount = pence,
                                 .body = t->body,
                                 .day = t->payment->paid,
                                 .reference = span_of(reference)};
  struct recorded recorded = {0};
  enum status status = record_post(t->call->store, &terms, &row, &recorded, err);
  *entry = recorded.entry;
  return status;
}

enum status recovery_take(const struct recovery_taking *t, int64_t *taken, struct error *err) {
  const struct award_call *call = t->call;
  const struct award_payment *pay = t->payment;
  const struct pack_entitlement *what = pack_find_entitlement(call->pack, span_of(t->variable));
  const int days = pay->last - pay->first + 1;
  struct award_limit limit = {0};
  struct award_debt *debts = NULL;
  int count = 0;
  *taken = 0;
  enum status status = award_debts_of(call->store, call->arena, t->person, &debts, &count, err);
  if (status == DONE && count) status = award_limit_of(call, what, pay->last, days, &limit, err);
  for (int i = 0; status == DONE && limit.is_known && i < count; i++) {
    struct award_debt *debt = &debts[i];
    bool runs = false;
    char due[11];
    int64_t pence = award_debt_left(debt);
    if (strcmp(debt->variable, t->variable) != 0) continue;
    if (debt->rate != RATE_MOST && debt->rate * days / DAYS_A_WEEK < pence)
      pence = debt->rate * days / DAYS_A_WEEK;
    if (limit.most - *taken < pence) pence = limit.most - *taken;
    if (pay->pence - limit.least - *taken < pence) pence = pay->pence - limit.least - *taken;
    if (pence <= 0) continue;
    status = award_debt_runs(call, debt, &runs, err);
    if (status != DONE || !runs) continue;
    struct recovery_row row = {TAKEN, pence, pay->award, 0, pay->due};
    status = post(t, what, -pence,
                  arena_printf(call->arena, "award:%lld:%s:less:%lld", (long long)pay->award,
                               day_write(pay->due, due), (long long)debt->id),
                  &row.entry, err);
    if (status == DONE) status = add_row(call->store, debt, call->who, &row, err);
    *taken += pence;
  }
  return status;
}

/* ---- the case ---- */

static enum status open_overpayment(struct case_call *call, struct case_opening *opening,
                                    struct error *err) {
  (void)opening;
  return call->actor->person ? refuse(err, CASE_NOT_TO_OPEN) : DONE;
}

/* Whoever asked for it back does not decide whether they were right. */
static enum status answers_overpayment(struct case_call *call, const struct case_file *file,
                                       struct error *err) {
  struct case_file whole;
  int64_t asked_by = 0;
  bool disputed = false;
  enum status status = case_one(call->store, call->arena, call->desk, &program, file->id, &whole,
                                err);
  for (int i = 0; status == DONE && i < whole.event_count; i++) {
    const struct case_event *e = &whole.events[i];
    if (strcmp(e->what, "ask-back") == 0) asked_by = e->actor, disputed = false;
    disputed |= strcmp(e->what, "dispute") == 0;
  }
  return status == DONE && file->waits && disputed && case_actor_is(call->actor, asked_by)
             ? refuse(err, CASE_DECIDED_BEFORE)
             : status;
}

static enum status take_money(const struct case_motion *motion, const char *name, int64_t *out,
                              bool *given, struct error *err) {
  const struct span text = case_fact_given(motion->facts, motion->fact_count, name);
  *given = text.size > 0;
  if (!*given) return DONE;
  if (money_parse(text, out, err) != DONE) return error_at(err, NULL, 0, name);
  return *out < 0 ? refuse_at(err, name, OVERPAYMENT_NEGATIVE) : DONE;
}

static enum status refuse_more(const char *name, enum refusal_code code, int64_t most,
                               struct error *err) {
  struct text written = {0};
  text_add_money(&written, most);
  enum status status = code == REFUSAL_OVERPAYMENT_RATE_MOST
                           ? refuse_at(err, name, OVERPAYMENT_RATE_MOST, written.bytes)
                           : refuse_at(err, name, OVERPAYMENT_MORE, written.bytes);
  text_release(&written);
  return status;
}

/* What is taken a week, at most what the law allows of a week from today. */
static enum status take_rate(const struct award_call *call, const struct award_debt *debt,
                             const struct case_motion *motion, const char *name, int64_t *rate,
                             struct error *err) {
  const struct pack_entitlement *what = pack_find_entitlement(call->pack, span_of(debt->variable));
  struct award_limit limit;
  bool given = false;
  *rate = RATE_MOST;
  enum status status = take_money(motion, name, rate, &given, err);
  if (status != DONE || !given) return status;
  status = award_limit_of(call, what, call->today, DAYS_A_WEEK, &limit, err);
  if (status != DONE) return status;
  if (!limit.is_known && *rate)
    return refuse_at(err, name, OVERPAYMENT_NOT_TAKEN, what ? what->name[ENGLISH] : debt->variable);
  return limit.is_known && *rate > limit.most
             ? refuse_more(name, REFUSAL_OVERPAYMENT_RATE_MOST, limit.most, err)
             : DONE;
}

/* A line of the case, in the account of whom it is about. */
static enum status post_of_case(const struct award_call *call, const struct award_debt *debt,
                                const struct case_file *file, int64_t pence, const char *word,
                                int64_t *entry, struct error *err) {
  char now[21]; /* so that it is another than one of a book that came by files */
  const struct pack_entitlement *what = pack_find_entitlement(call->pack, span_of(debt->variable));
  const struct award_payment today = {.paid = call->today};
  struct recovery_taking t = {
      .call = call, .payment = &today, .body = file->to_body, .variable = debt->variable};
  enum status status = register_survivor(call->store, file->party, &t.person, err);
  if (status != DONE) return status;
  if (!what) return refuse(err, AWARD_VARIABLE_UNKNOWN, debt->variable);
  return post(&t, what, pence,
              arena_printf(call->arena, "award:%lld:%s:%lld:%lld:%s", (long long)debt->award, word,
                           (long long)file->id, (long long)debt->rows + 1, clock_write_now(now)),
              entry, err);
}

/* What was taken and paid back beyond what is owed. */
static enum status give_back(const struct award_call *call, struct award_debt *debt,
                             const struct case_file *file, int64_t owed, struct error *err) {
  struct recovery_row back = {RETURNED, debt->taken + debt->repaid - debt->returned - owed,
                              debt->award, 0, DAY_NONE};
  if (back.amount <= 0) return DONE;
  enum status status = post_of_case(call, debt, file, back.amount, "returned", &back.entry, err);
  return status == DONE ? add_row(call->store, debt, call->who, &back, err) : status;
}

static enum status ask_back(const struct award_call *call, struct case_file *file,
                            const struct case_motion *motion, struct error *err) {
  struct award_debt debt;
  const struct span fault = case_fact_given(motion->facts, motion->fact_count, "fault");
  int64_t whole = 0, asked = 0, rate = RATE_MOST;
  bool given = false;
  enum status status = debt_of(call, file, &debt, err);
  if (status == DONE) status = award_overpaid_of(file, &whole, err);
  if (status == DONE) status = take_money(motion, "asked", &asked, &given, err);
  if (status == DONE) status = take_rate(call, &debt, motion, "rate", &rate, err);
  if (status != DONE) return status;
  const struct pack_entitlement *what = pack_find_entitlement(call->pack, span_of(debt.variable));
  const struct pack_overpayment *row = what ? pack_find_overpayment(call->pack, what) : NULL;
  if (row && row->needs_fault && !fault.size)
    return refuse_at(err, "fault", OVERPAYMENT_FAULT, what->name[ENGLISH], row->source);
  if (!given) asked = whole;
  if (asked > whole) return refuse_more("asked", REFUSAL_OVERPAYMENT_MORE, whole, err);
  const struct recovery_row all[] = {{ASKED, asked, debt.award, 0, DAY_NONE},
                                     {RATE, rate, debt.award, 0, DAY_NONE}};
  status = add_row(call->store, &debt, call->who, &all[0], err);
  if (status == DONE) status = add_row(call->store, &debt, call->who, &all[1], err);
  return status == DONE ? give_back(call, &debt, file, asked, err) : status;
}

static enum status agree(const struct award_call *call, struct case_file *file,
                         const struct case_motion *motion, struct error *err) {
  struct award_debt debt;
  int64_t rate = RATE_MOST;
  enum status status = debt_of(call, file, &debt, err);
  if (status == DONE) status = take_rate(call, &debt, motion, "new-rate", &rate, err);
  const struct recovery_row row = {RATE, rate, debt.award, 0, DAY_NONE};
  return status == DONE ? add_row(call->store, &debt, call->who, &row, err) : status;
}

static enum status pay_back(const struct award_call *call, struct case_file *file,
                            const struct case_motion *motion, struct error *err) {
  struct award_debt debt;
  struct recovery_row row = {.what = REPAID, .due = DAY_NONE};
  bool given = false;
  enum status status = debt_of(call, file, &debt, err);
  if (status == DONE) status = take_money(motion, "repaid", &row.amount, &given, err);
  if (status != DONE) return status;
  if (!row.amount) return refuse_at(err, "repaid", OVERPAYMENT_NEGATIVE);
  if (row.amount > award_debt_left(&debt))
    return refuse_more("repaid", REFUSAL_OVERPAYMENT_MORE, award_debt_left(&debt), err);
  row.award = debt.award;
  status = post_of_case(call, &debt, file, -row.amount, "repaid", &row.entry, err);
  return status == DONE ? add_row(call->store, &debt, call->who, &row, err) : status;
}

/* `gives_back`: it was not owed. What is written off was, and what was paid of it stays so. */
static enum status end_debt(const struct award_call *call, struct case_file *file, bool gives_back,
                            struct error *err) {
  struct award_debt debt;
  enum status status = debt_of(call, file, &debt, err);
  if (status != DONE || !debt.rows) return status;
  if (gives_back) status = give_back(call, &debt, file, 0, err);
  const struct recovery_row over = {OVER, 0, debt.award, 0, DAY_NONE};
  return status == DONE ? add_row(call->store, &debt, call->who, &over, err) : status;
}

/* No more is asked back than was paid too much after all. */
static enum status amend(const struct award_call *call, const struct case_file *file,
                         const struct case_motion *motion, struct error *err) {
  struct award_debt debt;
  int64_t most = 0;
  enum status status = money_parse(
      case_fact_given(motion->facts, motion->fact_count, OVERPAID_CORRECTED), &most, err);
  if (status == DONE) status = debt_of(call, file, &debt, err);
  if (status != DONE || !debt.rows || debt.asked <= most) return status;
  const struct recovery_row asked = {ASKED, most, debt.award, 0, DAY_NONE};
  if (!debt.is_over) status = add_row(call->store, &debt, call->who, &asked, err);
  return status == DONE ? give_back(call, &debt, file, most, err) : status;
}

static enum status move_overpayment(struct case_call *call, struct case_file *file,
                                    const struct pack_case_move *move,
                                    const struct case_motion *motion, struct error *err) {
  const struct award_call award = claim_call(call);
  enum status status = award_rows_hold(call->store, err);
  if (status != DONE) return status;
  if (strcmp(move->word, "ask-back") == 0) return ask_back(&award, file, motion, err);
  if (strcmp(move->word, OVERPAID_AMEND) == 0) return amend(&award, file, motion, err);
  if (strcmp(move->word, "agree") == 0) return agree(&award, file, motion, err);
  if (strcmp(move->word, "repaid") == 0) return pay_back(&award, file, motion, err);
  if (strcmp(move->word, "write-off") == 0) return end_debt(&award, file, false, err);
  if (strcmp(move->word, "let-go") == 0 || strcmp(move->word, OVERPAID_OVER) == 0)
    return end_debt(&award, file, true, err);
  return DONE;
}

static const char *const overpayment_moves[] = {"ask-back",     "agree",  "repaid",
                                                "write-off",    "let-go", OVERPAID_OVER,
                                                OVERPAID_AMEND, NULL};
const struct case_handler award_overpayment_handler = {.word = OVERPAYMENT_KIND,
                                                       .moves = overpayment_moves,
                                                       .open = open_overpayment,
                                                       .answers = answers_overpayment,
                                                       .move = move_overpayment};

/* ---- corrections ---- */

enum status award_overpaid_of(const struct case_file *file, int64_t *pence, struct error *err) {
  const struct span corrected = case_fact_given(file->facts, file->fact_count, OVERPAID_CORRECTED);
  *pence = 0;
  if (strcmp(file->state_word, "withdrawn") == 0) return DONE;
  return money_parse(corrected.size ? corrected
                                    : case_fact_given(file->facts, file->fact_count, "amount"),
                     pence, err);
}

/* What of the rises is of the days of the case; it is taken out of them. */
static int64_t take_rises(struct award_rise *rises, int count, day_t from, day_t to, int64_t most) {
  int64_t taken = 0;
  for (int i = 0; i < count && taken < most; i++) {
    if (rises[i].last < from || rises[i].first > to) continue;
    const int64_t pence = rises[i].pence < most - taken ? rises[i].pence : most - taken;
    rises[i].pence -= pence;
    taken += pence;
  }
  return taken;
}

static enum status correct_case(const struct award_call *call, const struct case_file *file,
                                int64_t pence, day_t from, struct error *err) {
  struct text amount = {0};
  struct case_file after;
  struct case_motion motion = {.id = file->id, .move = OVERPAID_OVER};
  char day[11] = "";
  text_add_money(&amount, pence);
  if (from != DAY_NONE) day_write(from, day);
  const struct case_fact facts[] = {{OVERPAID_CORRECTED,
                                     span_of(arena_string(call->arena, amount.bytes))},
                                    {OVERPAID_SINCE, span_of(arena_string(call->arena, day))}};
  text_release(&amount);
  if (pence || !case_may_move(&program, file, OVERPAID_OVER)) {
    motion.move = OVERPAID_AMEND;
    motion.facts = facts;
    motion.fact_count = from == DAY_NONE || !pence ? 1 : 2;
  }
  return case_move(call->store, call->arena, call->desk, &program, &motion, &after, err);
}

/* One case about the award, of which some is not overpaid after all. */
static enum status correct_one(const struct award_call *call, const struct recovery_correction *c,
                               struct award_rise *rises, const struct case_file *found,
                               int64_t *left, struct error *err) {
  struct case_file file;
  int64_t amount = 0, number = 0;
  day_t from, to;
  const struct span given = case_fact_given(found->facts, found->fact_count, "award");
  if (integer_parse(given, &number, NULL) != DONE || number != c->award) return DONE;
  enum status status = case_one(call->store, call->arena, call->desk, &program, found->id, &file,
                                err);
  if (status != DONE) return status;
  const struct span first = case_fact_given(file.facts, file.fact_count, "from");
  const struct span last = case_fact_given(file.facts, file.fact_count, "to");
  if (day_parse(first, &from, NULL) != DONE || day_parse(last, &to, NULL) != DONE) return DONE;
  if (award_overpaid_of(&file, &amount, err) != DONE) return err->code;
  const int64_t less = take_rises(rises, c->rise_count, from, to, amount < *left ? amount : *left);
  *left -= less;
  if (!less) return DONE;
  return correct_case(call, &file, amount - less, c->from > from ? c->from : DAY_NONE, err);
}

enum status recovery_correct(const struct award_call *call, const struct recovery_correction *c,
                             int64_t *pence, struct error *err) {
  struct award_rise *rises = arena_array(call->arena, struct award_rise, c->rise_count + 1);
  struct case_file *files = NULL;
  int count = 0;
  int64_t left = c->pence;
  if (c->rise_count) memcpy(rises, c->rises, (size_t)c->rise_count * sizeof *rises);
  enum status status = cases_of_kind_about(call->store, call->arena, c->party, OVERPAYMENT_KIND,
                                           &files, &count, err);
  for (int i = count - 1; status == DONE && left && i >= 0; i--)
    status = correct_one(call, c, rises, &files[i], &left, err);
  *pence = c->pence - left;
  return status;
}
