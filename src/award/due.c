/* What awards make due, before anything is posted: whoever awards sees it, and so much that nobody
 * decides alone is found. */
#include "award/rows.h"

#include "base/money.h"
#include "base/refusal.h"
#include "register/benefit_unit.h"
#include "register/names.h"
#include "register/near.h"

enum { WEEK_SECONDS = 7 * 24 * 60 * 60, WEEK_DAYS = 7 };

static void add(int64_t *sum, int64_t pence) {
  if (!money_add(*sum, pence, sum)) *sum = INT64_MAX;
}

/* The payment of a day of pay or of a row's arrears; null: it is not posted. */
static const struct award_payment *posted(const struct award_payment *all, int count, day_t due,
                                          int64_t row) {
  for (int i = 0; i < count; i++)
    if (row ? all[i].row == row : !all[i].row && all[i].due == due) return &all[i];
  return NULL;
}

/* One award: the rows that begin at `at`, of which there are `count`. */
struct due_reader {
  struct store *store;
  struct arena *arena;
  const struct pack *pack;
  day_t today;
  struct award_due *out;
};

/* What the periods from `n` on come to, as it stands. */
static void add_coming(const struct due_reader *r, const struct award_plan *plan, int n,
                       const struct award_rate *rates, int rate_count) {
  struct award_due *out = r->out;
  for (out->next_count = 0; out->next_count < AWARD_COMING; n++) {
    const struct award_period period = award_period_of(plan, n);
    const int64_t pence = award_amount(plan, rates, rate_count, &period);
    if (period.due == INT32_MAX || !pence) return;
    out->next[out->next_count++] = (struct award_coming){award_working_day(r->pack, period.due),
                                                         pence};
  }
}

/* What an award makes due after today: in the week ahead, and in its largest day of pay until each
 * of its amounts has begun. */
struct coming {
  int64_t week, largest;
};
static struct coming coming_of(const struct due_reader *r, const struct award_plan *plan, int n,
                               const struct award_rate *rates, int rate_count) {
  struct coming out = {0};
  day_t begun = r->today;
  for (int i = 0; i < rate_count; i++)
    if (rates[i].from > begun) begun = rates[i].from;
  for (bool more = true; more; n++) {
    const struct award_period period = award_period_of(plan, n);
    if (period.due == INT32_MAX) break;
    const int64_t pence = award_amount(plan, rates, rate_count, &period);
    if (pence > out.largest) out.largest = pence;
    if (period.due <= r->today + WEEK_DAYS) add(&out.week, pence);
    more = period.first <= begun || period.due <= r->today + WEEK_DAYS;
  }
  return out;
}

static enum status read_one(const struct due_reader *r, const struct award *at, int count,
                            struct error *err) {
  const struct awards rows = {(struct award *)at, count};
  struct award_plan plan;
  struct award_rate *rates = NULL;
  struct award_payment *paid = NULL;
  struct error unsaid = {0};
  struct coming coming = {0};
  const int64_t at_once = r->out->at_once, before = r->out->posted;
  int paid_count = 0;
  enum status status = award_payments_of(r->store, r->arena, at->party, at->award, &paid,
                                         &paid_count, err);
  if (status != DONE || !at->pay_days) return status;
  if (award_plan_of(r->pack, at, &plan, &unsaid) != DONE) return DONE; /* weal pay says so */
  const int rate_count = award_rates_of(r->arena, &rows, DAY_NONE, &rates);
  for (int n = 0;; n++) {
    const struct award_period period = award_period_of(&plan, n);
    if (period.due == INT32_MAX) break;
    const int64_t pence = award_amount(&plan, rates, rate_count, &period);
    if (period.due > r->today) {
      if (pence > r->out->each) r->out->each = pence;
      add_coming(r, &plan, n, rates, rate_count);
      coming = coming_of(r, &plan, n, rates, rate_count);
      break;
    }
    if (!posted(paid, paid_count, period.due, 0)) add(&r->out->at_once, pence);
  }
  for (int i = 0; i < count; i++)
    if (at[i].arrears && !posted(paid, paid_count, 0, at[i].id))
      add(&r->out->at_once, at[i].arrears);
  for (int i = 0; i < paid_count; i++)
    if (paid[i].paid > r->today - WEEK_DAYS) add(&r->out->posted, paid[i].pence);
  /* it counts whatever its first day */
  const int64_t more = coming.largest - (r->out->at_once - at_once) - (r->out->posted - before);
  add(&r->out->coming, more > coming.week ? more : coming.week);
  return DONE;
}

static int by_award(const void *a, const void *b) {
  const struct award *x = a, *y = b;
  if (x->award != y->award) return x->award < y->award ? -1 : 1;
  return (x->id > y->id) - (x->id < y->id);
}

static enum status read_person(const struct due_reader *r, const struct award_due_query *q,
                               int64_t person, const char *since, struct error *err) {
  struct awards rows = {0};
  enum status status = awards_of_person(r->store, r->arena, person, &rows, err);
  array_sort(rows.all, rows.count, by_award);
  for (int i = 0, next; status == DONE && i < rows.count; i = next) {
    bool wanted = false;
    for (next = i; next < rows.count && rows.all[next].award == rows.all[i].award; next++)
      wanted |= q->award ? rows.all[next].award == q->award
                         : strcmp(rows.all[next].made_at, since) >= 0;
    if (wanted && (!q->body || rows.all[i].body == q->body))
      status = read_one(r, rows.all + i, next - i, err);
  }
  return status;
}

/* The person and whoever belongs with them, each by the record that counts, once. */
static enum status find_family(const struct due_reader *r, int64_t person, int64_t **out,
                               int *count, struct error *err) {
  struct benefit_unit unit = {0};
  struct near near = {0};
  *count = 0;
  enum status status = register_family(r->store, r->arena, person, r->today, &near, err);
  if (status == DONE) status = register_unit_on(r->store, r->arena, person, r->today, &unit, err);
  *out = arena_array(r->arena, int64_t, near.count + unit.member_count + 1);
  for (int i = 0; status == DONE && i < near.count + unit.member_count; i++) {
    const int64_t record = i < near.count ? near.all[i] : unit.members[i - near.count].person;
    int64_t counts = 0;
    bool had = false;
    status = register_survivor(r->store, record, &counts, err);
    for (int k = 0; k < *count; k++) had |= (*out)[k] == counts;
    if (!had) (*out)[(*count)++] = counts;
  }
  return status;
}

enum status award_due(struct store *store, struct arena *arena, const struct pack *pack,
                      const struct award_due_query *q, struct award_due *out, struct error *err) {
  const struct due_reader reader = {store, arena, pack, q->today, out};
  int64_t *family = NULL;
  int count = 0;
  char since[21];
  clock_write(q->now - WEEK_SECONDS, since);
  *out = (struct award_due){0};
  if (q->award) return read_person(&reader, q, q->person, since, err);
  enum status status = find_family(&reader, q->person, &family, &count, err);
  for (int i = 0; status == DONE && i < count; i++)
    status = read_person(&reader, q, family[i], since, err);
  return status;
}

int64_t award_due_sum(const struct award_due *due) {
  int64_t sum = 0;
  add(&sum, due->at_once);
  add(&sum, due->posted);
  add(&sum, due->coming);
  return sum;
}

enum status award_refuse_at_once(const char *column, int64_t pence, struct error *err) {
  struct text written = {0};
  text_add_money(&written, pence);
  enum status status = refuse_at(err, column, AWARD_DUE_AT_ONCE, written.bytes);
  text_release(&written);
  return status;
}
