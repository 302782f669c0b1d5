#include "award/pay.h"

#include "award/rows.h"
#include "base/refusal.h"
#include "book/record.h"
#include "register/names.h"

#include <limits.h>

enum { AWARDS_AT_ONCE = 200 }; /* in one transaction */

struct run {
  const struct pay_request *request;
  struct pay_result *out;
  struct arena *arena; /* of the run */
  struct codes *codes;
  int sum_capacity, aside_capacity;
};

/* One award as of a transaction. */
struct paying {
  struct run *run;
  struct arena *arena; /* of the batch */
  struct awards rows;
  struct award_plan plan;
  struct award_rate *rates;
  int rate_count;
  int64_t person; /* the surviving record */
  day_t died;     /* DAY_NONE */
};

/* ---- what is due ---- */

static day_t last_day_of(const struct paying *p) {
  day_t last = DAY_NONE;
  for (int i = 0; i < p->rate_count; i++) {
    if (p->rates[i].to == DAY_NONE) return INT_MAX;
    if (last == DAY_NONE || p->rates[i].to > last) last = p->rates[i].to;
  }
  return last == DAY_NONE ? INT_MIN : last;
}

/* The first period that is not paid; it may be none. */
static int first_unpaid(const struct award_plan *plan, day_t last_due) {
  int n = 0;
  while (last_due != DAY_NONE && award_period_of(plan, n).due <= last_due) n++;
  return n;
}

static bool is_due(const struct paying *p, const struct award_period *period, day_t *paid) {
  const struct pay_request *q = p->run->request;
  *paid = award_working_day(q->pack, period->due);
  return *paid <= q->to && period->first <= last_day_of(p);
}

/* Whom the award pays, as of now, and what holds of it. */
static enum status ready(struct paying *p, struct error *err) {
  const struct pay_request *q = p->run->request;
  const struct award *first = &p->rows.all[0];
  day_t born;
  enum status status = award_plan_of(q->pack, first, &p->plan, err);
  if (status == DONE) status = register_survivor(q->store, first->party, &p->person, err);
  if (status == DONE) status = register_life(q->store, p->person, &born, &p->died, err);
  const day_t last = p->died == DAY_NONE ? DAY_NONE : p->died - 1;
  p->rate_count = award_rates_of(p->arena, &p->rows, last, &p->rates);
  return status;
}

static void add_sum(struct run *run, const struct award *a, int64_t pence) {
  struct pay_result *out = run->out;
  int i = 0;
  while (i < out->sum_count &&
         (out->sums[i].body != a->body || strcmp(out->sums[i].variable, a->variable) != 0))
    i++;
  if (i == out->sum_count) {
    arena_reserve(run->arena, out->sums, run->sum_capacity, i + 1);
    out->sums[out->sum_count++] =
        (struct pay_sum){.body = a->body, .variable = arena_string(run->arena, a->variable)};
  }
  out->sums[i].payments++;
  out->sums[i].pence += pence;
  out->payments++;
  out->pence += pence;
}

/* ---- one payment ---- */

static enum status post(struct paying *p, struct award_payment *pay, const char *reference,
                        struct error *err) {
  const struct pay_request *q = p->run->request;
  const struct award *a = &p->rows.all[0];
  const struct pack_entitlement *what = pack_find_entitlement(q->pack, span_of(a->variable));
  const struct record_terms terms = {.pack = q->pack,
                                     .codes = p->run->codes,
                                     .any_category = true,
                                     .of_awards = true,
                                     .any_number = true};
  const struct record_row row = {.person = p->person,
                                 .category = span_of(what->category->code),
                                 .has_amount = true,
                                 .amount = pay->pence,
                                 .body = a->body,
                                 .day = pay->paid,
                                 .reference = span_of(reference)};
  struct recorded recorded = {0};
  enum status status = record_post(q->store, &terms, &row, &recorded, err);
  pay->entry = recorded.entry;
  return status;
}

/* Ends the savepoint as the work in it ended. */
static enum status end_savepoint(struct store *store, enum status status, struct error *err) {
  struct error lost = {0};
  if (status == DONE) return store_savepoint_release(store, err);
  if (store_savepoint_undo(store, &lost) == DONE) return status;
  if (status == REFUSED) *err = lost;
  return FAILED;
}

/* A period that comes to nothing has its row too, so that it is looked at once. */
static enum status pay_one(struct paying *p, struct award_payment *pay, struct error *err) {
  const struct pay_request *q = p->run->request;
  char due[11];
  day_write(pay->due, due);
  const char *reference = pay->row
                              ? arena_printf(p->arena, "award:%lld:%s:%lld", (long long)pay->award,
                                             due, (long long)pay->row)
                              : arena_printf(p->arena, "award:%lld:%s", (long long)pay->award, due);
  enum status status = DONE;
  if (!q->dry_run) status = store_savepoint(q->store, err);
  if (status != DONE) return FAILED;
  if (!q->dry_run && pay->pence) status = post(p, pay, reference, err);
  if (!q->dry_run && status == DONE) status = award_payment_insert(q->store, pay, err);
  if (status == DONE && pay->pence) add_sum(p->run, &p->rows.all[0], pay->pence);
  return q->dry_run ? status : end_savepoint(q->store, status, err);
}

static enum status pay_periods(struct paying *p, day_t last_due, struct error *err) {
  const struct award *a = &p->rows.all[0];
  enum status status = DONE;
  for (int n = first_unpaid(&p->plan, last_due); status == DONE; n++) {
    struct award_period period = award_period_of(&p->plan, n);
    day_t paid;
    if (!is_due(p, &period, &paid)) break;
    struct award_payment pay = {.party = a->party,
                                .award = a->award,
                                .due = period.due,
                                .first = period.first > a->from ? period.first : a->from,
                                .last = period.last < last_day_of(p) ? period.last : last_day_of(p),
                                .paid = paid,
                                .pence = award_amount(&p->plan, p->rates, p->rate_count, &period)};
    status = pay_one(p, &pay, err);
  }
  return status;
}

/* What changes added to days that were paid; each once, by the row that says so. */
static enum status pay_arrears(struct paying *p, const struct award_payment *paid, int count,
                               struct error *err) {
  const struct pay_request *q = p->run->request;
  enum status status = DONE;
  for (int i = 0; status == DONE && i < p->rows.count; i++) {
    const struct award *a = &p->rows.all[i];
    bool is_paid = false;
    for (int k = 0; k < count; k++) is_paid |= paid[k].row == a->id;
    if (!a->arrears || is_paid) continue;
    const day_t made = clock_day_of(span_of(a->made_at));
    const day_t day = award_working_day(q->pack, q->to);
    struct award_payment pay = {.party = a->party,
                                .award = a->award,
                                .row = a->id,
                                .due = made,
                                .first = a->from,
                                .last = made,
                                .paid = day < made ? made : day,
                                .pence = a->arrears};
    if (pay.paid <= q->to) status = pay_one(p, &pay, err);
  }
  return status;
}

/* ---- who died ---- */

static bool runs_past_death(const struct paying *p) {
  for (int i = 0; p->died != DAY_NONE && i < p->rows.count; i++) {
    const struct award *a = &p->rows.all[i];
    if (award_stands(a) && (a->to == DAY_NONE || a->to >= p->died)) return true;
  }
  return false;
}

static enum status end_at_death(struct paying *p, struct error *err) {
  const struct pay_request *q = p->run->request;
  const struct award *a = &p->rows.all[0];
  if (q->dry_run) return p->run->out->ended++, DONE;
  const struct award_call call = {.store = q->store,
                                  .arena = p->arena,
                                  .pack = q->pack,
                                  .desk = q->desk,
                                  .who = q->who,
                                  .today = q->today};
  const struct award_changing change = {.from = p->died > a->from ? p->died : a->from,
                                        .why = span_of("died")};
  struct award_changed changed = {0};
  if (store_savepoint(q->store, err) != DONE) return FAILED;
  enum status status = award_change(&call, a->party, a->award, &change, &changed, err);
  status = end_savepoint(q->store, status, err);
  p->run->out->ended += status == DONE;
  p->run->out->opened += status == DONE && changed.opened;
  return status;
}

/* ---- runs ---- */

static enum status pay_award(struct run *run, struct arena *arena, const struct award *a,
                             struct error *err) {
  struct paying p = {.run = run, .arena = arena};
  struct award_payment *paid = NULL;
  int count = 0;
  day_t last_due = DAY_NONE;
  struct store *store = run->request->store;
  enum status status = award_rows_of(store, arena, a->party, a->award, &p.rows, err);
  if (status == DONE)
    status = award_payments_of(store, arena, a->party, a->award, &paid, &count, err);
  if (status != DONE || !p.rows.count) return status;
  for (int i = 0; i < count; i++)
    if (!paid[i].row && (last_due == DAY_NONE || paid[i].due > last_due)) last_due = paid[i].due;
  status = ready(&p, err);
  if (status == DONE && runs_past_death(&p)) status = end_at_death(&p, err);
  if (status == DONE) status = pay_arrears(&p, paid, count, err);
  return status == DONE ? pay_periods(&p, last_due, err) : status;
}

static void set_aside(struct run *run, const struct award *a, const struct error *why) {
  struct pay_result *out = run->out;
  arena_reserve(run->arena, out->asides, run->aside_capacity, out->aside_count + 1);
  out->asides[out->aside_count++] = (struct pay_aside){
      .party = a->party, .award = a->award, .why = arena_string(run->arena, why->message)};
}

/* What is refused of one award is no reason to leave others without their money. */
static enum status pay_or_set_aside(struct run *run, struct arena *arena, const struct award *a,
                                    struct error *err) {
  struct error why = {0};
  enum status status = pay_award(run, arena, a, &why);
  if (status == REFUSED) return set_aside(run, a, &why), DONE;
  if (status != DONE) *err = why;
  return status;
}

/* Whether a run has something to do with it; what is read here may be old by then. */
static enum status is_wanted(struct run *run, struct arena *arena, struct awards rows,
                             day_t last_due, bool *out, struct error *err) {
  struct paying p = {.run = run, .arena = arena, .rows = rows};
  day_t paid;
  *out = false;
  if (!rows.all[0].pay_days) return DONE;
  enum status status = ready(&p, err);
  if (status != DONE) return status;
  for (int i = 0; i < rows.count; i++) *out |= rows.all[i].arrears != 0;
  if (*out || runs_past_death(&p)) return *out = true, DONE;
  const struct award_period period = award_period_of(&p.plan, first_unpaid(&p.plan, last_due));
  *out = is_due(&p, &period, &paid);
  return DONE;
}

static enum status find_wanted(struct run *run, struct award **out, int *count, struct error *err) {
  struct awards all = {0};
  struct award_last *lasts = NULL;
  int last_count = 0, at = 0, capacity = 0;
  struct store *store = run->request->store;
  enum status status = awards_all(store, run->arena, &all, err);
  if (status == DONE) status = award_lasts(store, run->arena, &lasts, &last_count, err);
  for (int i = 0, next; status == DONE && i < all.count; i = next) {
    struct arena *arena = arena_new();
    struct error why = {0};
    bool wanted = false;
    for (next = i; next < all.count && all.all[next].award == all.all[i].award;) next++;
    while (at < last_count && lasts[at].award < all.all[i].award) at++;
    const bool has = at < last_count && lasts[at].award == all.all[i].award;
    status = is_wanted(run, arena, (struct awards){all.all + i, next - i},
                       has ? lasts[at].due : DAY_NONE, &wanted, &why);
    arena_free(arena);
    if (status == REFUSED) status = (set_aside(run, &all.all[i], &why), DONE);
    else if (status != DONE) *err = why;
    if (status != DONE || !wanted) continue;
    arena_reserve(run->arena, *out, capacity, *count + 1);
    (*out)[(*count)++] = all.all[i];
  }
  return status;
}

static enum status pay_batch(struct run *run, const struct award *all, int count,
                             struct error *err) {
  struct store *store = run->request->store;
  struct arena *arena = arena_new();
  const struct pay_result before = *run->out;
  enum status status = store_begin(store, run->request->dry_run ? STORE_READ : STORE_WRITE, err);
  if (status == DONE && !run->request->dry_run) status = award_rows_hold(store, err);
  for (int i = 0; status == DONE && i < count; i++)
    status = pay_or_set_aside(run, arena, &all[i], err);
  if (status == DONE && !run->request->dry_run) status = store_commit(store, err);
  if (status != DONE) {
    run->out->payments = before.payments;
    run->out->pence = before.pence;
  }
  store_rollback(store);
  arena_free(arena);
  return status;
}

enum status awards_pay(struct arena *arena, const struct pay_request *request,
                       struct pay_result *out, struct error *err) {
  struct run run = {.request = request, .out = out, .arena = arena};
  struct award *wanted = NULL;
  int count = 0;
  *out = (struct pay_result){0};
  if (request->to > request->today && !request->dry_run)
    return refuse_at(err, "to", AWARD_PAY_FUTURE);
  enum status status = store_begin(request->store, STORE_READ, err);
  if (status == DONE) status = book_codes(request->store, arena, &run.codes, err);
  if (status == DONE) status = find_wanted(&run, &wanted, &count, err);
  store_rollback(request->store);
  for (int i = 0; status == DONE && i < count; i += AWARDS_AT_ONCE) {
    const int left = count - i;
    status = pay_batch(&run, wanted + i, left < AWARDS_AT_ONCE ? left : AWARDS_AT_ONCE, err);
  }
  return status;
}
