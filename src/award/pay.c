#include "award/pay.h"

#include "award/recovery.h"
#include "award/rows.h"
#include "award/twice.h"
#include "base/refusal.h"
#include "book/record.h"
#include "register/names.h"
#include "register/near.h"
#include "rules/model.h"

#include <limits.h>
#include <stdlib.h>

/* in one transaction: each waits for the disk, and others who write awards wait for it */
enum { AWARDS_AT_ONCE = 1000 };

struct run {
  const struct pay_request *request;
  struct pay_result *out;
  struct arena *arena; /* of the run */
  struct codes *codes;
  struct award_held *held; /* as of the batch */
  int held_count;
  const struct rules *rules; /* of the pack, read when something is taken */
  int64_t *debtors;          /* sorted: of whom something was asked back */
  int debtor_count;
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
  struct award_payment *paid;
  int paid_count;
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

/* What holds of the award of a person who is known, as of now. */
static enum status ready(struct paying *p, struct error *err) {
  const day_t last = p->died == DAY_NONE ? DAY_NONE : p->died - 1;
  p->rate_count = award_rates_of(p->arena, &p->rows, last, &p->rates);
  return award_plan_of(p->run->request->pack, &p->rows.all[0], &p->plan, err);
}

/* Whom the award pays. */
static enum status take_person(struct paying *p, struct error *err) {
  const struct pay_request *q = p->run->request;
  day_t born;
  enum status status = register_survivor(q->store, p->rows.all[0].party, &p->person, err);
  return status == DONE ? register_life(q->store, p->person, &born, &p->died, err) : status;
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

static bool owes(const struct paying *p) {
  for (int low = 0, high = p->run->debtor_count; low < high;) {
    const int middle = low + (high - low) / 2;
    if (p->run->debtors[middle] == p->person) return true;
    if (p->run->debtors[middle] < p->person) low = middle + 1;
    else high = middle;
  }
  return false;
}

/* What they owe of the same benefit; arrears are left whole. */
static enum status take_owed(struct paying *p, const struct award_payment *pay, int64_t *taken,
                             struct error *err) {
  struct run *run = p->run;
  const struct pay_request *q = run->request;
  const struct award *a = &p->rows.all[0];
  *taken = 0;
  if (pay->row || !owes(p)) return DONE;
  if (!run->rules &&
      rules_ready(run->arena, q->desk->rules, q->pack->dir, &run->rules, err) != DONE)
    return err->code;
  const struct award_call call = {.store = q->store,
                                  .arena = p->arena,
                                  .pack = q->pack,
                                  .desk = q->desk,
                                  .who = q->who,
                                  .today = q->today,
                                  .rules = run->rules};
  const struct recovery_taking taking = {.call = &call,
                                         .codes = run->codes,
                                         .payment = pay,
                                         .variable = a->variable,
                                         .person = p->person,
                                         .body = a->body};
  return recovery_take(&taking, taken, err);
}

/* A period that comes to nothing has its row too, so that it is looked at once. */
static enum status pay_one(struct paying *p, struct award_payment *pay, struct error *err) {
  const struct pay_request *q = p->run->request;
  char due[11];
  int64_t taken = 0;
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
  if (!q->dry_run && status == DONE && pay->pence) status = take_owed(p, pay, &taken, err);
  if (status == DONE) p->run->out->taken += taken;
  if (status == DONE && pay->pence) add_sum(p->run, &p->rows.all[0], pay->pence);
  return q->dry_run ? status : end_savepoint(q->store, status, err);
}

static bool is_paid(const struct paying *p, day_t due) {
  for (int i = 0; i < p->paid_count; i++)
    if (!p->paid[i].row && p->paid[i].due == due) return true;
  return false;
}

/* Whether it is not decided yet which of two awards pays some of the days. */
static enum status is_contested(const struct paying *p, const struct award_period *period,
                                bool *out, struct error *err) {
  const struct run *run = p->run;
  *out = false;
  for (int i = 0; i < run->held_count; i++) {
    const struct award_held *held = &run->held[i];
    struct awards other = {0};
    if (held->award != p->rows.all[0].award) continue;
    if (award_numbered(run->request->store, p->arena, held->stands, &other, err) != DONE)
      return err->code;
    for (int k = 0; k < other.count; k++) {
      const struct award *a = &other.all[k];
      *out |= held->from <= period->last && award_runs(a, period->first, period->last);
    }
  }
  return DONE;
}

/* When the last of what says how much a period comes to was written: what was imported was decided
 * elsewhere, and is of its days of pay. */
static day_t written_on(const struct paying *p, const struct award_period *period) {
  day_t made = INT_MIN;
  for (int i = 0; i < p->rows.count; i++) {
    const struct award *a = &p->rows.all[i];
    if (!award_runs(a, period->first, period->last) || strcmp(a->source, "import") == 0) continue;
    const day_t day = clock_day_of(span_of(a->made_at));
    if (day != DAY_NONE && day > made) made = day;
  }
  return made;
}

/* A payment is of its day of pay; of days before it was awarded it is of the day of the run. A run
 * up to a day before that enters what was paid then, on its days of pay. */
static day_t day_of_payment(const struct paying *p, const struct award_period *period, day_t paid) {
  const day_t made = written_on(p, period), to = p->run->request->to;
  const day_t run = award_working_day(p->run->request->pack, to);
  if (paid >= made || to < made) return paid;
  return run > made ? run : made;
}

static enum status pay_periods(struct paying *p, struct error *err) {
  const struct award *a = &p->rows.all[0];
  enum status status = DONE;
  for (int n = 0; status == DONE; n++) {
    struct award_period period = award_period_of(&p->plan, n);
    day_t paid;
    bool held = false;
    if (!is_due(p, &period, &paid)) break;
    if (is_paid(p, period.due)) continue;
    status = is_contested(p, &period, &held, err);
    p->run->out->held += held;
    if (status != DONE || held) continue;
    struct award_payment pay = {.party = a->party,
                                .award = a->award,
                                .due = period.due,
                                .first = period.first > a->from ? period.first : a->from,
                                .last = period.last < last_day_of(p) ? period.last : last_day_of(p),
                                .paid = day_of_payment(p, &period, paid),
                                .pence = award_amount(&p->plan, p->rates, p->rate_count, &period)};
    status = pay_one(p, &pay, err);
  }
  return status;
}

/* What changes added to days that were paid; each once, by the row that says so. */
static enum status pay_arrears(struct paying *p, struct error *err) {
  const struct pay_request *q = p->run->request;
  enum status status = DONE;
  for (int i = 0; status == DONE && i < p->rows.count; i++) {
    const struct award *a = &p->rows.all[i];
    bool had = false;
    for (int k = 0; k < p->paid_count; k++) had |= p->paid[k].row == a->id;
    if (!a->arrears || had) continue;
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

/* Ends it by the day of death, or takes back an end by another day. */
static enum status settle_death(struct paying *p, struct error *err) {
  const struct pay_request *q = p->run->request;
  const struct award *a = &p->rows.all[0];
  const struct award_call call = {.store = q->store,
                                  .arena = p->arena,
                                  .pack = q->pack,
                                  .desk = q->desk,
                                  .who = q->who,
                                  .today = q->today};
  struct award_changed changed = {0};
  enum status status = DONE;
  if (q->dry_run) {
    p->rows = award_at_death(p->arena, &p->rows, p->died);
    p->run->out->ended++;
    return ready(p, err);
  }
  if (store_savepoint(q->store, err) != DONE) return FAILED;
  status = award_settle_death(&call, &p->rows, p->died, &changed, err);
  status = end_savepoint(q->store, status, err);
  p->run->out->ended += status == DONE;
  p->run->out->opened += status == DONE && changed.opened;
  if (status == DONE) status = award_rows_of(q->store, p->arena, a->party, a->award, &p->rows, err);
  return status == DONE ? ready(p, err) : status;
}

/* ---- runs ---- */

static enum status pay_award(struct run *run, struct arena *arena, const struct award *a,
                             struct error *err) {
  struct paying p = {.run = run, .arena = arena};
  struct store *store = run->request->store;
  enum status status = award_rows_of(store, arena, a->party, a->award, &p.rows, err);
  if (status == DONE)
    status = award_payments_of(store, arena, a->party, a->award, &p.paid, &p.paid_count, err);
  if (status != DONE || !p.rows.count) return status;
  status = take_person(&p, err);
  if (status == DONE) status = ready(&p, err);
  if (status == DONE && award_is_other_at_death(&p.rows, p.died)) status = settle_death(&p, err);
  if (status == DONE) status = pay_arrears(&p, err);
  return status == DONE ? pay_periods(&p, err) : status;
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

/* ---- what a run looks at ---- */

/* An award that pays somebody, for finding two of the same. */
struct payee {
  int64_t person;
  const char *variable;
  const struct award *award; /* its first row */
};
struct finding {
  struct run *run;
  struct awards all;
  struct award_last *lasts;
  int last_count, at;
  struct life *lives; /* by id */
  int64_t most;
  struct payee *payees;
  int payee_count, payee_capacity;
  struct couple *couples; /* by the records that count */
  int couple_count;
};

/* Whether a run has something to do with it; what is read here may be old by then. */
static enum status is_wanted(struct paying *p, const struct award_last *last, bool *out,
                             struct error *err) {
  day_t paid;
  *out = false;
  enum status status = ready(p, err);
  if (status != DONE) return status;
  for (int i = 0; i < p->rows.count; i++) *out |= p->rows.all[i].arrears != 0;
  if (*out || award_is_other_at_death(&p->rows, p->died)) return *out = true, DONE;
  const int next = first_unpaid(&p->plan, last ? last->due : DAY_NONE);
  const struct award_period period = award_period_of(&p->plan, next);
  /* days of pay that waited for a decision lie before the last that is paid */
  *out = is_due(p, &period, &paid) || (last && last->count < next);
  return DONE;
}

static int by_payee(const void *a, const void *b) {
  const struct payee *x = a, *y = b;
  const int order = (x->person > y->person) - (x->person < y->person);
  return order ? order : strcmp(x->variable, y->variable);
}

static int by_payee_and_award(const void *a, const void *b) {
  const struct payee *x = a, *y = b;
  const int order = by_payee(a, b);
  return order ? order : (x->award->award > y->award->award) - (x->award->award < y->award->award);
}

static void note_payee(struct finding *f, const struct paying *p) {
  bool stands = false;
  for (int i = 0; i < p->rows.count; i++) stands |= award_stands(&p->rows.all[i]);
  if (!stands) return;
  arena_reserve(f->run->arena, f->payees, f->payee_capacity, f->payee_count + 1);
  f->payees[f->payee_count++] = (struct payee){p->person, p->rows.all[0].variable, &p->rows.all[0]};
}

static enum status find_one(struct finding *f, struct awards rows, bool *wanted,
                            struct error *err) {
  struct arena *arena = arena_new();
  struct paying p = {.run = f->run, .arena = arena, .rows = rows, .died = DAY_NONE};
  const struct award *first = &rows.all[0];
  const struct award_last *last = NULL;
  p.person = first->party;
  if (first->party <= f->most && f->lives[first->party].person) {
    p.person = f->lives[first->party].person;
    p.died = f->lives[first->party].died;
  }
  note_payee(f, &p);
  while (f->at < f->last_count && f->lasts[f->at].award < first->award) f->at++;
  if (f->at < f->last_count && f->lasts[f->at].award == first->award) last = &f->lasts[f->at];
  *wanted = false;
  enum status status = first->pay_days ? is_wanted(&p, last, wanted, err) : DONE;
  arena_free(arena);
  return status;
}

/* The surviving records of whom something was asked back. */
static enum status find_debtors(struct finding *f, struct error *err) {
  struct run *run = f->run;
  enum status status = award_debtors(run->request->store, run->arena, &run->debtors,
                                     &run->debtor_count, err);
  for (int i = 0; i < run->debtor_count; i++) {
    const int64_t party = run->debtors[i];
    if (party <= f->most && f->lives[party].person) run->debtors[i] = f->lives[party].person;
  }
  array_sort(run->debtors, run->debtor_count, int64_compare);
  return status;
}

static int64_t survivor_of(const struct finding *f, int64_t party) {
  return party <= f->most && f->lives[party].person ? f->lives[party].person : party;
}

static enum status find_couples(struct finding *f, struct error *err) {
  struct run *run = f->run;
  enum status status = register_couples(run->request->store, run->arena, &f->couples,
                                        &f->couple_count, err);
  for (int i = 0; i < f->couple_count; i++)
    f->couples[i] = (struct couple){survivor_of(f, f->couples[i].person),
                                    survivor_of(f, f->couples[i].other)};
  return status;
}

static enum status find_wanted(struct finding *f, struct award **out, int *count,
                               struct error *err) {
  struct run *run = f->run;
  struct store *store = run->request->store;
  int capacity = 0;
  enum status status = awards_all(store, run->arena, &f->all, err);
  if (status == DONE) status = award_lasts(store, run->arena, &f->lasts, &f->last_count, err);
  if (status == DONE && f->all.count) status = register_lives(store, &f->lives, &f->most, err);
  if (status == DONE && f->all.count) status = find_debtors(f, err);
  if (status == DONE && f->all.count) status = find_couples(f, err);
  for (int i = 0, next; status == DONE && i < f->all.count; i = next) {
    struct error why = {0};
    bool wanted = false;
    for (next = i; next < f->all.count && f->all.all[next].award == f->all.all[i].award;) next++;
    status = find_one(f, (struct awards){f->all.all + i, next - i}, &wanted, &why);
    if (status == REFUSED) status = (set_aside(run, &f->all.all[i], &why), DONE);
    else if (status != DONE) *err = why;
    if (status != DONE || !wanted) continue;
    arena_reserve(run->arena, *out, capacity, *count + 1);
    (*out)[(*count)++] = f->all.all[i];
  }
  free(f->lives);
  return status;
}

/* One person of whom two records have the same, in a transaction of its own. */
static enum status settle_one(struct finding *f, int64_t person, struct error *err) {
  const struct pay_request *q = f->run->request;
  const struct award_call call = {.store = q->store,
                                  .arena = f->run->arena,
                                  .pack = q->pack,
                                  .desk = q->desk,
                                  .who = q->who,
                                  .today = q->today};
  int64_t opened = 0;
  enum status status = store_begin(q->store, STORE_WRITE, err);
  if (status == DONE) status = awards_settle_twice(&call, person, &opened, err);
  if (status == DONE) status = store_commit(q->store, err);
  store_rollback(q->store);
  return status;
}

/* What a couple has together: a rule of a group. */
static enum status is_together(struct run *run, const char *variable, bool *out,
                               struct error *err) {
  const struct pay_request *q = run->request;
  *out = false;
  if (!run->rules &&
      rules_ready(run->arena, q->desk->rules, q->pack->dir, &run->rules, err) != DONE)
    return err->code;
  const struct rule_variable *v = rules_variable(run->rules, span_of(variable));
  *out = v && v->entity->is_group;
  return DONE;
}

static int first_payee(const struct finding *f, int64_t person) {
  int low = 0;
  for (int high = f->payee_count; low < high;) {
    const int middle = low + (high - low) / 2;
    if (f->payees[middle].person < person) low = middle + 1;
    else high = middle;
  }
  return low;
}

static bool is_aside(const struct run *run, const struct award *a) {
  for (int i = 0; i < run->out->aside_count; i++)
    if (run->out->asides[i].award == a->award) return true;
  return false;
}

/* Whether two may pay for the same days, and neither is set aside. */
static bool may_clash(const struct run *run, const struct payee *a, const struct payee *b) {
  const struct award *x = a->award, *y = b->award;
  return strcmp(a->variable, b->variable) == 0 && x->award != y->award &&
         (x->to == DAY_NONE || x->to >= y->from) && (y->to == DAY_NONE || y->to >= x->from) &&
         !is_aside(run, x) && !is_aside(run, y);
}

/* The later of two awards that a couple has of one thing; null: there are none. */
static enum status find_clash(struct finding *f, const struct couple *two, const struct award **out,
                              struct error *err) {
  enum status status = DONE;
  *out = NULL;
  for (int i = first_payee(f, two->person);
       i < f->payee_count && f->payees[i].person == two->person; i++)
    for (int k = first_payee(f, two->other);
         status == DONE && k < f->payee_count && f->payees[k].person == two->other; k++) {
      const struct payee *a = &f->payees[i], *b = &f->payees[k];
      bool together = false;
      if (!may_clash(f->run, a, b)) continue;
      status = is_together(f->run, a->variable, &together, err);
      if (together) *out = a->award->award > b->award->award ? a->award : b->award;
    }
  return status;
}

/* Two of whom one says that the other is their partner, and each of whom has it: a case says which
 * stands, where by all that was told they are one family. The payees are sorted. */
static enum status settle_couples(struct finding *f, struct error *err) {
  enum status status = DONE;
  for (int c = 0; status == DONE && c < f->couple_count; c++) {
    const struct couple *two = &f->couples[c];
    const struct award *later = NULL;
    struct error why = {0};
    if (two->person == two->other) continue;
    status = find_clash(f, two, &later, err);
    if (status != DONE || !later) continue;
    status = settle_one(f, two->person, &why);
    if (status == REFUSED) status = (set_aside(f->run, later, &why), DONE);
    else if (status != DONE) *err = why;
  }
  return status;
}

/* People of whom two records have the same: whatever made them one, a case says which stands. Where
 * it cannot be opened the later one is set aside, and everybody else is paid. */
static enum status settle_twice(struct finding *f, struct error *err) {
  enum status status = DONE;
  array_sort(f->payees, f->payee_count, by_payee_and_award);
  for (int i = 1; status == DONE && i < f->payee_count && !f->run->request->dry_run; i++) {
    struct error why = {0};
    if (by_payee(&f->payees[i - 1], &f->payees[i]) != 0) continue;
    status = settle_one(f, f->payees[i].person, &why);
    if (status == REFUSED) status = (set_aside(f->run, f->payees[i].award, &why), DONE);
    else if (status != DONE) *err = why;
  }
  return status == DONE && !f->run->request->dry_run ? settle_couples(f, err) : status;
}

/* Without those that are set aside already. */
static int leave_out_asides(const struct run *run, struct award *all, int count) {
  int kept = 0;
  for (int i = 0; i < count; i++) {
    bool aside = false;
    for (int k = 0; k < run->out->aside_count; k++)
      aside |= run->out->asides[k].award == all[i].award;
    if (!aside) all[kept++] = all[i];
  }
  return kept;
}

static enum status pay_batch(struct run *run, const struct award *all, int count,
                             struct error *err) {
  struct store *store = run->request->store;
  struct arena *arena = arena_new();
  const struct pay_result before = *run->out;
  enum status status = store_begin(store, run->request->dry_run ? STORE_READ : STORE_WRITE, err);
  if (status == DONE && !run->request->dry_run) status = award_rows_hold(store, err);
  if (status == DONE) status = awards_held(store, arena, &run->held, &run->held_count, err);
  for (int i = 0; status == DONE && i < count; i++)
    status = pay_or_set_aside(run, arena, &all[i], err);
  if (status == DONE && !run->request->dry_run) status = store_commit(store, err);
  if (status != DONE) {
    run->out->payments = before.payments;
    run->out->pence = before.pence;
    run->out->held = before.held;
    run->out->taken = before.taken;
  }
  store_rollback(store);
  arena_free(arena);
  return status;
}

enum status awards_pay(struct arena *arena, const struct pay_request *request,
                       struct pay_result *out, struct error *err) {
  struct run run = {.request = request, .out = out, .arena = arena};
  struct finding finding = {.run = &run};
  struct award *wanted = NULL;
  int count = 0;
  *out = (struct pay_result){0};
  if (request->to > request->today && !request->dry_run)
    return refuse_at(err, "to", AWARD_PAY_FUTURE);
  enum status status = store_begin(request->store, STORE_READ, err);
  if (status == DONE) status = book_codes(request->store, arena, &run.codes, err);
  if (status == DONE) status = find_wanted(&finding, &wanted, &count, err);
  store_rollback(request->store);
  if (status == DONE) status = settle_twice(&finding, err);
  count = leave_out_asides(&run, wanted, count);
  for (int i = 0; status == DONE && i < count; i += AWARDS_AT_ONCE) {
    const int left = count - i;
    status = pay_batch(&run, wanted + i, left < AWARDS_AT_ONCE ? left : AWARDS_AT_ONCE, err);
  }
  return status;
}
