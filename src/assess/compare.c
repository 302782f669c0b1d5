/* What if: an assessment beside today's, and what is left at each number of hours of work. */
#include "assess/assess.h"

#include "assess/home.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/refusal.h"
#include <math.h>

/* ---- what is asked ---- */

static enum status add_instead(struct arena *arena, struct assess_request *q,
                               struct assess_instead one, struct error *err) {
  struct assess_instead *all = arena_array(arena, struct assess_instead, q->instead_count + 1);
  if (q->instead_count >= ASSESS_IF_COUNT_MOST)
    return refuse(err, ASSESS_IFS_MOST, ASSESS_IF_COUNT_MOST);
  if (q->instead_count) memcpy(all, q->instead, sizeof *all * (size_t)q->instead_count);
  all[q->instead_count++] = one;
  q->instead = all;
  return DONE;
}

static enum status refuse_if(struct span text, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  return refuse(err, ASSESS_IF, span_quote(text, quoted));
}

static enum status take_age(struct span text, struct span value, struct assess_request *q,
                            struct error *err) {
  int64_t years = 0;
  if (integer_parse(value, &years, NULL) != DONE || years < 1 || years > LIMIT_AGE_YEARS)
    return refuse_if(text, err);
  q->age_years = (int)years;
  return DONE;
}

static size_t place_of(struct span s, char c) {
  size_t at = 0;
  while (at < s.size && s.bytes[at] != c) at++;
  return at;
}

/* VALUE, or VALUE/week; the value is held to what could be told, and read as it would be kept. */
static enum status take_variable(struct arena *arena, struct span text, size_t equals,
                                 struct assess_request *q, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  const struct span name = span_make(text.bytes, equals);
  const struct span rest = span_make(text.bytes + equals + 1, text.size - equals - 1);
  const struct pack_tellable *what = pack_find_tellable(q->pack, name);
  if (!what) return refuse(err, ASSESS_IF_VARIABLE, span_quote(name, quoted));
  if (what->kind == TELL_PERSON || what->kind == TELL_PEOPLE) return refuse_if(text, err);
  const size_t slash = place_of(rest, '/');
  struct assess_instead one = {.person = q->person, .what = what};
  const char *kept = NULL;
  if (slash < rest.size)
    one.per = span_of(arena_copy(arena, rest.bytes + slash + 1, rest.size - slash - 1));
  if (slash < rest.size && !one.per.size) return refuse_if(text, err);
  const struct fact_telling telling = {.pack = q->pack,
                                       .what = what,
                                       .value = span_make(rest.bytes, slash),
                                       .per = one.per,
                                       .today = q->on};
  enum status status = fact_read_value(arena, &telling, &kept, err);
  if (status != DONE) { /* of several what-ifs it is said which */
    err->column[0] = 0;
    return error_at(err, NULL, 0, what->variable);
  }
  one.value = span_of(kept);
  return add_instead(arena, q, one, err);
}

enum status assess_take_if(struct arena *arena, struct span text, struct assess_request *q,
                           struct error *err) {
  const size_t equals = place_of(text, '=');
  if (span_is(text, "child")) {
    if (q->born_count >= ASSESS_IF_COUNT_MOST)
      return refuse(err, ASSESS_IFS_MOST, ASSESS_IF_COUNT_MOST);
    q->born_count++;
    return DONE;
  }
  if (span_is(text, "partner=none")) return q->without_partner = true, DONE;
  if (equals == text.size) return refuse_if(text, err);
  if (span_is(span_make(text.bytes, equals), "age"))
    return take_age(text, span_make(text.bytes + equals + 1, text.size - equals - 1), q, err);
  return take_variable(arena, text, equals, q, err);
}

/* ---- both beside each other ---- */

double assess_a_year(const struct pack_entitlement *what, double amount) {
  static const double times[TELL_PERS] = {1, 52, 12, 1};
  return amount * times[what->per];
}

static const struct assess_answer *find_answer(const struct assessment *a,
                                               const struct assess_answer *like) {
  for (int i = 0; i < a->answer_count; i++)
    if (a->answers[i].what == like->what && a->answers[i].person == like->person)
      return &a->answers[i];
  return NULL;
}

struct assess_bounds assess_counted(const struct assess_answer *a) {
  if (a->cannot) return a->bill;
  return (struct assess_bounds){a->low, a->high, a->is_exact};
}

/* It cannot be said, and what is billed counts in its place. */
static bool is_billed(const struct assess_answer *a) {
  return a->cannot && a->what->is_paid && a->what->billed;
}

/* Where it is not told there is nothing of it. What is known less a reduction on one side only
 * counts as it is billed on both: else the reduction would read as lost. */
static struct assess_change change_of(const struct assess_answer *today,
                                      const struct assess_answer *then) {
  const struct assess_answer *any = today ? today : then,
                             none = {.is_exact = true, .bill = {.is_exact = true}};
  const struct assess_answer *a = today ? today : &none, *b = then ? then : &none;
  struct assess_change out = {
      .what = any->what, .person = any->person, .today = today, .then = then};
  out.is_billed = is_billed(a) || is_billed(b);
  out.is_left_out = !out.is_billed && (a->cannot || b->cannot);
  out.low = -INFINITY;
  out.high = INFINITY;
  if (!out.is_billed && (a->is_open || b->is_open)) return out;
  const struct assess_bounds now = out.is_billed ? a->bill : assess_counted(a),
                             after = out.is_billed ? b->bill : assess_counted(b);
  out.is_exact = now.is_exact && after.is_exact;
  out.low = assess_a_year(any->what, after.low - now.high);
  out.high = assess_a_year(any->what, after.high - now.low);
  if (out.is_exact) out.low = out.high = assess_a_year(any->what, after.low - now.low);
  return out;
}

/* What is not known on both sides is taken to stay as it is. */
static struct assess_bounds costs_change(const struct assess_bounds *today,
                                         const struct assess_bounds *then) {
  const bool stays = !today->is_exact && !then->is_exact;
  if (stays) return (struct assess_bounds){.is_exact = true};
  return (struct assess_bounds){then->low - today->high, then->high - today->low,
                                today->is_exact && then->is_exact};
}

static void add_up(struct assess_comparison *out) {
  out->income = out->then.income - out->today.income;
  out->costs = costs_change(&out->today.costs, &out->then.costs);
  out->low = out->income - out->costs.high;
  out->high = out->income - out->costs.low;
  out->is_exact = out->costs.is_exact;
  for (int i = 0; i < out->change_count; i++) {
    const struct assess_change *c = &out->changes[i];
    out->leaves_out |= c->is_left_out || c->is_billed;
    if (c->what->within || c->is_left_out) continue;
    out->low += c->what->is_paid ? -c->high : c->low;
    out->high += c->what->is_paid ? -c->low : c->high;
    out->is_exact &= c->is_exact;
  }
}

void assess_compare_both(struct arena *arena, const struct assessment *today,
                         const struct assessment *then, struct assess_comparison *out) {
  *out = (struct assess_comparison){.today = *today, .then = *then};
  struct assess_change *all = arena_array(arena, struct assess_change,
                                          today->answer_count + then->answer_count + 1);
  for (int i = 0; i < out->today.answer_count; i++) {
    const struct assess_answer *a = &out->today.answers[i];
    all[out->change_count++] = change_of(a, find_answer(&out->then, a));
  }
  for (int i = 0; i < out->then.answer_count; i++) {
    const struct assess_answer *b = &out->then.answers[i];
    if (!find_answer(&out->today, b)) all[out->change_count++] = change_of(NULL, b);
  }
  out->changes = all;
  add_up(out);
}

enum status assess_compare(struct arena *arena, const struct assess_request *request,
                           struct assess_comparison *out, struct error *err) {
  struct assess_request now = *request, then = *request;
  struct assessment before, after;
  now.instead_count = now.held_count;
  now.born_count = now.age_years = 0;
  now.without_partner = false;
  now.is_changed = false;
  then.is_changed = true;
  now.with_income = then.with_income = true;
  enum status status = assess(arena, &now, &before, err);
  if (status == DONE) status = assess(arena, &then, &after, err);
  if (status == DONE) assess_compare_both(arena, &before, &after, out);
  return status;
}

/* ---- the budget chart ---- */

struct assess_total assess_total_of(const struct assessment *a) {
  struct assess_total total = {.is_exact = true};
  for (int i = 0; i < a->answer_count; i++) {
    const struct assess_answer *one = &a->answers[i];
    const struct assess_bounds amount = assess_counted(one);
    const double low = assess_a_year(one->what, amount.low);
    const double high = assess_a_year(one->what, amount.high);
    total.leaves_out |= one->cannot;
    if (one->what->within || (one->cannot && !is_billed(one))) continue;
    total.low += one->what->is_paid ? -high : low;
    total.high += one->what->is_paid ? -low : high;
    total.is_exact &= amount.is_exact;
    if (!one->is_open || is_billed(one)) continue;
    total.low = -INFINITY;
    total.high = INFINITY;
  }
  return total;
}

static struct assess_budget_row row_of(const struct assessment *a, int hours, double pay) {
  const struct assess_total total = assess_total_of(a);
  struct assess_budget_row row = {.hours = hours,
                                  .pay = pay,
                                  .low = a->income + total.low - a->costs.high,
                                  .high = a->income + total.high - a->costs.low,
                                  .is_exact = total.is_exact && a->costs.is_exact,
                                  .leaves_out = total.leaves_out};
  for (int i = 0; i < a->answer_count; i++) {
    const struct assess_answer *one = &a->answers[i];
    if (one->what->within || (one->cannot && !is_billed(one))) continue;
    *(one->what->is_paid ? &row.paid : &row.got) += assess_a_year(one->what,
                                                                  assess_counted(one).low);
  }
  return row;
}

/* The same request with hours and the pay they bring. */
static enum status set_hours(struct arena *arena, struct assess_request *q, int hours,
                             int64_t wage_pence, struct error *err) {
  struct text pay = {0};
  text_add_money(&pay, hours * wage_pence);
  const char *told = arena_printf(arena, "employment_income=%s/week", pay.bytes);
  text_release(&pay);
  enum status status = assess_take_if(arena, span_of(told), q, err);
  if (status != DONE) return status;
  return assess_take_if(arena, span_of(arena_printf(arena, "hours_worked=%d", hours)), q, err);
}

enum status assess_budget(struct arena *arena, const struct assess_request *request,
                          struct assess_budget *out, struct error *err) {
  const int most = out->hours_most, step = out->hours_step;
  if (step < 1 || most < 0 || most > 168 || most / step + 1 > ASSESS_BUDGET_ROWS_MOST ||
      out->wage_pence < 0 || out->wage_pence > LIMIT_WAGE_PENCE)
    return refuse(err, ASSESS_BUDGET_ROWS, most, step, ASSESS_BUDGET_ROWS_MOST);
  struct assess_budget_row *rows = arena_array(arena, struct assess_budget_row, most / step + 1);
  out->row_count = 0;
  out->rows = rows;
  for (int hours = 0; hours <= most; hours += step) {
    struct assess_request q = *request;
    struct assessment a;
    q.with_income = q.unordered = q.is_changed = true;
    enum status status = set_hours(arena, &q, hours, out->wage_pence, err);
    if (status == DONE) status = assess(arena, &q, &a, err);
    if (status != DONE) return status;
    if (a.home->is_open) return DONE;
    rows[out->row_count++] = row_of(&a, hours, (double)(hours * out->wage_pence) / 100 * 52);
  }
  return DONE;
}
