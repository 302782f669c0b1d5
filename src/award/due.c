/* What awards make due, before anything is posted: whoever awards sees it, and so much that nobody
 * decides alone is found. */
#include "award/rows.h"

#include "base/money.h"
#include "base/refusal.h"

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

static enum status read_one(const struct due_reader *r, const struct award *at, int count,
                            struct error *err) {
  const struct awards rows = {(struct award *)at, count};
  struct award_plan plan;
  struct award_rate *rates = NULL;
  struct award_payment *paid = NULL;
  struct error unsaid = {0};
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
      break;
    }
    if (!posted(paid, paid_count, period.due, 0)) add(&r->out->at_once, pence);
  }
  for (int i = 0; i < count; i++)
    if (at[i].arrears && !posted(paid, paid_count, 0, at[i].id))
      add(&r->out->at_once, at[i].arrears);
  for (int i = 0; i < paid_count; i++)
    if (paid[i].paid > r->today - WEEK_DAYS) add(&r->out->posted, paid[i].pence);
  return DONE;
}

static int by_award(const void *a, const void *b) {
  const struct award *x = a, *y = b;
  if (x->award != y->award) return x->award < y->award ? -1 : 1;
  return (x->id > y->id) - (x->id < y->id);
}

enum status award_due(struct store *store, struct arena *arena, const struct pack *pack,
                      const struct award_due_query *q, struct award_due *out, struct error *err) {
  const struct due_reader reader = {store, arena, pack, q->today, out};
  struct awards rows = {0};
  char since[21];
  clock_write(q->now - WEEK_SECONDS, since);
  *out = (struct award_due){0};
  enum status status = awards_of_person(store, arena, q->person, &rows, err);
  array_sort(rows.all, rows.count, by_award);
  for (int i = 0, next; status == DONE && i < rows.count; i = next) {
    bool wanted = false;
    for (next = i; next < rows.count && rows.all[next].award == rows.all[i].award; next++)
      wanted |= q->award ? rows.all[next].award == q->award
                         : strcmp(rows.all[next].made_at, since) >= 0;
    if (wanted && (!q->body || rows.all[i].body == q->body))
      status = read_one(&reader, rows.all + i, next - i, err);
  }
  return status;
}

enum status award_refuse_at_once(const char *column, int64_t pence, struct error *err) {
  struct text written = {0};
  text_add_money(&written, pence);
  enum status status = refuse_at(err, column, AWARD_DUE_AT_ONCE, written.bytes);
  text_release(&written);
  return status;
}
