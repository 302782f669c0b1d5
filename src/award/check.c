#include "award/check.h"

#include "award/assessed.h"
#include "award/rows.h"
#include "base/money.h"
#include <math.h>

struct award_checking {
  struct arena *arena;
  const struct award_check_request *q;
  struct awards rows;
  struct award_payment payment;
  struct award_plan plan;
  struct award_period period;
  struct award_check *out;
};

/* ---- which payment ---- */

/* The part up to the next colon, of which `rest` is taken. */
static struct span next_part(struct span *rest) {
  const char *colon = rest->size ? memchr(rest->bytes, ':', rest->size) : NULL;
  const struct span part = span_make(rest->bytes,
                                     colon ? (size_t)(colon - rest->bytes) : rest->size);
  *rest = colon ? span_make(colon + 1, rest->size - part.size - 1) : span_of("");
  return part;
}

static bool read_reference(struct span reference, int64_t *award, day_t *due, int64_t *row) {
  struct error ignored = {0};
  *row = 0;
  if (!span_is(next_part(&reference), "award") ||
      integer_parse(next_part(&reference), award, &ignored) != DONE ||
      day_parse(next_part(&reference), due, &ignored) != DONE)
    return false;
  return !reference.size || integer_parse(reference, row, &ignored) == DONE;
}

static enum status find_payment(struct award_checking *c, struct error *err) {
  const struct award_check_request *q = c->q;
  int64_t number = 0, row = 0;
  day_t due = DAY_NONE;
  struct awards all = {0};
  struct award_payment *payments = NULL;
  int count = 0;
  if (!read_reference(q->reference, &number, &due, &row)) return DONE;
  enum status status = awards_of_person(q->assess.store, c->arena, q->assess.person, &all, err);
  int64_t party = 0;
  for (int i = 0; i < all.count; i++)
    if (all.all[i].award == number) party = all.all[i].party;
  if (status != DONE || !party) return status;
  status = award_rows_of(q->assess.store, c->arena, party, number, &c->rows, err);
  if (status == DONE)
    status = award_payments_of(q->assess.store, c->arena, party, number, &payments, &count, err);
  for (int i = 0; status == DONE && i < count; i++)
    if (payments[i].due == due && payments[i].row == row) {
      c->payment = payments[i];
      c->out->found = true;
    }
  return status;
}

/* ---- from the facts that stood ---- */

/* The last of `facts:12 15`; 0: it names none. */
static int64_t last_fact(const char *facts) {
  int64_t last = 0;
  if (!facts || strncmp(facts, AWARD_FACTS_BEGIN, strlen(AWARD_FACTS_BEGIN)) != 0) return 0;
  for (size_t at = 0; award_next_fact(span_of(facts), &at, &last);) continue;
  return last;
}

/* When its amount was decided: a row that only ends another keeps what that one rests on. */
static const struct award *decided(const struct awards *rows, const struct award *row) {
  for (int i = rows->count - 1; i >= 0 && row->supersedes; i--)
    if (rows->all[i].id == row->supersedes) row = &rows->all[i];
  return row;
}

/* What a row's amount would be. *exact false: it rests on no facts, or they do not say. */
static enum status row_stood(struct award_checking *c, const struct award *row, int64_t *pence,
                             bool *exact, struct error *err) {
  const struct award *origin = decided(&c->rows, row);
  const struct facts_moment until = {origin->made_at, last_fact(origin->facts)};
  struct check_request q = {
      .assess = c->q->assess, .what = c->out->what, .first = origin->from, .last = origin->from};
  struct check_days days = {0};
  *exact = false;
  if (strcmp(origin->source, "assessment") != 0 || !until.last || row->per != c->out->what->per)
    return DONE;
  q.assess.until = &until;
  enum status status = check_days(c->arena, &q, &days, err);
  *exact = status == DONE && days.state == CHECK_KNOWN && days.span_count == 1;
  if (*exact) *pence = llround(days.spans[0].amount * 100);
  return status;
}

static enum status take_stood(struct award_checking *c, struct error *err) {
  struct award_rate *rates = arena_array(c->arena, struct award_rate, c->rows.count + 1);
  int count = 0;
  for (int i = 0; i < c->rows.count; i++) {
    const struct award *row = &c->rows.all[i];
    bool exact;
    int64_t pence = 0;
    if (!award_runs(row, c->period.first, c->period.last)) continue;
    if (row_stood(c, row, &pence, &exact, err) != DONE) return err->code;
    if (!exact) return DONE;
    rates[count++] = (struct award_rate){row->per, pence, row->from, row->to};
  }
  c->out->has_stood = count > 0;
  c->out->stood = award_amount(&c->plan, rates, count, &c->period);
  return DONE;
}

/* ---- from the facts as they are now ---- */

/* Only on days on which the award was in force: what is due on others it does not say. */
static enum status take_now(struct award_checking *c, struct error *err) {
  const struct award *a = &c->rows.all[0];
  struct check_request q = {.assess = c->q->assess,
                            .what = c->out->what,
                            .first = DAY_NONE,
                            .last = DAY_NONE,
                            .with_steps = c->q->with_steps};
  for (int i = 0; i < c->rows.count; i++) {
    const struct award *row = &c->rows.all[i];
    if (!award_stands(row)) continue;
    if (q.first == DAY_NONE || row->from < q.first) q.first = row->from;
    if (row->to == DAY_NONE || row->to > c->period.last) q.last = c->period.last;
    else if (q.last == DAY_NONE || row->to > q.last) q.last = row->to;
  }
  if (q.first == DAY_NONE || q.first < c->period.first) q.first = c->period.first;
  if (c->plan.whole) q.first = q.last;
  if (q.last == DAY_NONE || q.first > q.last || a->per != c->out->what->per) {
    c->out->days.state = CHECK_NONE;
    return DONE;
  }
  enum status status = check_days(c->arena, &q, &c->out->days, err);
  if (status != DONE || c->out->days.state != CHECK_KNOWN) return status;
  const struct check_days *days = &c->out->days;
  struct award_rate *rates = arena_array(c->arena, struct award_rate, days->span_count + 1);
  for (int i = 0; i < days->span_count; i++)
    rates[i] = (struct award_rate){a->per, llround(days->spans[i].amount * 100),
                                   days->spans[i].first, days->spans[i].last};
  c->out->has_now = true;
  c->out->now = award_amount(&c->plan, rates, days->span_count, &c->period);
  return DONE;
}

static enum status take_all(struct award_checking *c, struct error *err) {
  struct award_check *out = c->out;
  struct award_rate *rates = NULL;
  enum status status = award_plan_of(c->q->assess.pack, &c->rows.all[0], &c->plan, err);
  if (status != DONE) return status;
  const int count = award_rates_of(c->arena, &c->rows, DAY_NONE, &rates);
  out->by_award = award_amount(&c->plan, rates, count, &c->period);
  status = take_stood(c, err);
  return status == DONE ? take_now(c, err) : status;
}

enum status award_check(struct arena *arena, const struct award_check_request *q,
                        struct award_check *out, struct error *err) {
  struct award_checking c = {.arena = arena, .q = q, .out = out};
  *out = (struct award_check){.paid = q->pence};
  enum status status = find_payment(&c, err);
  if (status != DONE || !out->found) return status;
  const struct award_payment *p = &c.payment;
  out->what = pack_find_entitlement(q->assess.pack, span_of(c.rows.all[0].variable));
  out->award = p->award;
  out->first = p->first;
  out->last = p->last;
  out->is_arrears = p->row != 0;
  c.period = (struct award_period){p->due, p->first, p->last};
  if (!out->what) out->found = false;
  if (!out->found || !out->is_arrears) return out->found ? take_all(&c, err) : DONE;
  for (int i = 0; i < c.rows.count; i++)
    if (c.rows.all[i].id == p->row) out->by_award = c.rows.all[i].arrears;
  return DONE;
}
