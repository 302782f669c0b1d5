/* Making, changing and ending awards. */
#include "award/claim_parts.h"
#include "award/recovery.h"
#include "award/rows.h"

#include "base/money.h"
#include "base/refusal.h"
#include "register/duties.h"
#include "register/facts.h"
#include "register/names.h"
#include "register/register.h"

/* ---- what is checked ---- */

/* The council whose duty it is, or the body that the row names. */
enum status award_check_body(struct store *store, struct arena *arena, const struct pack *pack,
                             int64_t body, const struct pack_entitlement *what, struct error *err) {
  struct register_name name = {0};
  if (strcmp(what->payer, PACK_PAYER_COUNCIL) == 0) {
    enum status may = duties_check(store, pack, body, what->category, err);
    if (may == REFUSED) snprintf(err->column, sizeof err->column, "body");
    return may;
  }
  enum status status = register_name_of_body(store, arena, body, &name, err);
  if (status != DONE) return status;
  return name.code && strcmp(name.code, what->payer) == 0
             ? DONE
             : refuse_at(err, "body", AWARD_OF_ANOTHER_BODY, what->name[ENGLISH], what->payer);
}

static enum status check_body(const struct award_call *call, const struct award_terms *t,
                              struct error *err) {
  if (t->what->is_paid)
    return refuse_at(err, "variable", AWARD_IS_A_CHARGE, t->what->name[ENGLISH]);
  return award_check_body(call->store, call->arena, call->pack, t->body, t->what, err);
}

/* The most that the pack finds plausible of one payment of the category is the most of an award in
 * each of its periods, of which a payment can have several (four weeks, a year): a payment that is
 * made of it fits in a line. Where the pack has no bound, or no longer the entitlement (null), what
 * fits. */
static enum status check_amount(const struct award_call *call, const struct pack_entitlement *what,
                                int64_t pence, struct error *err) {
  int64_t most = AWARD_PENCE_MOST;
  if (pence <= 0) return refuse_at(err, "amount", AWARD_AMOUNT);
  for (int i = 0; i < call->pack->bound_count; i++) {
    const struct pack_bound *b = &call->pack->bounds[i];
    if (what && b->what == BOUND_AMOUNT && b->category == what->category && b->bound < most)
      most = b->bound;
  }
  if (pence <= most) return DONE;
  struct text written = {0};
  text_add_money(&written, most);
  enum status status = refuse_at(err, "amount", AWARD_AMOUNT_TOO_LARGE, written.bytes);
  text_release(&written);
  return status;
}

/* As every day of a file: what is exported must be taken in again. */
static enum status check_bounds(const char *column, day_t day, struct error *err) {
  return day == DAY_NONE || (day >= DAY_FIRST && day <= DAY_LAST)
             ? DONE
             : refuse_at(err, column, AWARD_DAY_OUT_OF_BOUNDS);
}

/* How often it is paid, and the first day of pay. */
static enum status take_days(const struct award_call *call, const struct award_terms *t,
                             struct award *a, struct error *err) {
  char from[11], to[11];
  a->first_due = DAY_NONE;
  a->per = t->per == PER_NONE ? t->what->per : t->per;
  if (t->elsewhere) return DONE;
  const struct pack_pay_days *days = pack_find_pay_days(call->pack, t->what, t->pay_days);
  if (!days) return refuse_at(err, "pay_days", AWARD_PAY_DAYS, t->what->name[ENGLISH]);
  const bool monthly = days->every == PAY_MONTH, yearly = days->every == PAY_YEAR;
  const bool once = days->every == PAY_ONCE;
  if (once && t->per != PER_NONE) return refuse_at(err, "per", AWARD_PER_ONCE);
  if (once) a->per = PER_NONE;
  if (!once && a->per == PER_NONE) return refuse_at(err, "per", AWARD_PER_MISSING);
  if (a->per == PER_MONTH && !monthly)
    return refuse_at(err, "per", AWARD_PER, "month", yearly ? "year" : "week, year");
  if (a->per == PER_WEEK && yearly) return refuse_at(err, "per", AWARD_PER, "week", "year");
  a->pay_days = pay_every_word(days->every);
  const day_t most = award_first_due(days->every, days->after, t->from);
  /* what is paid whole is paid for a whole period, which begins with the award */
  const day_t least = days->whole ? most : t->from + days->after;
  a->first_due = t->first_due == DAY_NONE ? most : t->first_due;
  if (a->first_due < least || a->first_due > most)
    return refuse_at(err, "first_due", AWARD_FIRST_DUE, day_write(least, from),
                     day_write(most, to));
  return check_bounds("from", a->first_due, err);
}

static enum status check_days(const struct award_call *call, const struct award_terms *t,
                              struct error *err) {
  char written[11];
  day_t born, died;
  if (check_bounds("from", t->from, err) != DONE || check_bounds("to", t->to, err) != DONE)
    return err->code;
  if (t->to != DAY_NONE && t->to < t->from)
    return refuse_at(err, "to", AWARD_ENDS_BEFORE, day_write(t->from, written));
  enum status status = register_life(call->store, t->person, &born, &died, err);
  if (status == DONE && died != DAY_NONE && t->from >= died)
    return refuse_at(err, "from", AWARD_AFTER_DEATH, day_write(died, written));
  return status;
}

/* No other award than `own` (0: none) pays it on some of the days. */
static enum status check_once(const struct award_call *call, const struct award_terms *t,
                              int64_t own, struct error *err) {
  struct awards rows = {0};
  enum status status = awards_of_person(call->store, call->arena, t->person, &rows, err);
  for (int i = 0; status == DONE && i < rows.count; i++)
    if (award_runs(&rows.all[i], t->from, t->to) && rows.all[i].award != own &&
        strcmp(rows.all[i].variable, t->what->variable) == 0)
      return refuse_at(err, "variable", AWARD_TWICE, (long long)rows.all[i].award);
  return status;
}

/* No other of those who are one family on the day has it on some of the days. */
static enum status check_family_on(const struct award_call *call, const struct award_terms *t,
                                   day_t on, struct error *err) {
  int64_t *others = NULL;
  int count = 0;
  enum status status = award_family(call, t->person, t->what, on, &others, &count, err);
  for (int k = 0; status == DONE && k < count; k++) {
    struct awards rows = {0};
    status = awards_of_person(call->store, call->arena, others[k], &rows, err);
    for (int i = 0; status == DONE && i < rows.count; i++)
      if (award_runs(&rows.all[i], t->from, t->to) &&
          strcmp(rows.all[i].variable, t->what->variable) == 0)
        return refuse_at(err, "variable", AWARD_OF_FAMILY, t->what->name[ENGLISH]);
  }
  return status;
}

/* What is a family's is paid to one of them: of a family on the first day, or today, when two may
 * have become a couple since. What another body pays is its own decision. */
static enum status check_family(const struct award_call *call, const struct award_terms *t,
                                struct error *err) {
  const bool runs = call->today > t->from && (t->to == DAY_NONE || t->to >= call->today);
  if (t->elsewhere) return DONE;
  enum status status = check_family_on(call, t, t->from, err);
  return status == DONE && runs ? check_family_on(call, t, call->today, err) : status;
}

/* ---- making ---- */

static const char *words_of(struct arena *arena, struct span words) {
  return words.size ? arena_copy(arena, words.bytes, words.size) : NULL;
}

enum status award_make(const struct award_call *call, const struct award_terms *given,
                       int64_t *number, struct error *err) {
  struct award_terms t = *given;
  char now[21];
  *number = 0;
  if (register_survivor(call->store, given->person, &t.person, err) != DONE) return err->code;
  struct award a = {.party = t.person,
                    .body = t.body,
                    .variable = t.what->variable,
                    .pence = t.pence,
                    .from = t.from,
                    .to = t.to,
                    .source = t.source,
                    .reference = words_of(call->arena, t.reference),
                    .facts = words_of(call->arena, t.facts),
                    .versions = words_of(call->arena, t.versions),
                    .made_by = call->who,
                    .made_at = clock_write_now(now)};
  enum status status = check_body(call, &t, err);
  if (status == DONE) status = check_days(call, &t, err);
  if (status == DONE) status = take_days(call, &t, &a, err);
  if (status == DONE) status = check_amount(call, t.what, t.pence, err);
  if (status == DONE) status = award_row_number(call->store, &a.id, err);
  if (status == DONE) status = check_once(call, &t, 0, err);
  if (status == DONE) status = check_family(call, &t, err);
  if (status == DONE) status = award_check_bill(call, &t, err);
  a.award = a.id;
  if (status == DONE) status = award_row_insert(call->store, &a, err);
  if (status == DONE) *number = a.award;
  return status;
}

enum status award_of_claim(const struct award_call *call, const struct case_file *claim,
                           int64_t *number, struct error *err) {
  const struct span variable = case_fact_given(claim->facts, claim->fact_count, "variable");
  const struct span amount = case_fact_given(claim->facts, claim->fact_count, "amount");
  const struct span per = case_fact_given(claim->facts, claim->fact_count, "per");
  const struct span from = case_fact_given(claim->facts, claim->fact_count, "from");
  const struct span to = case_fact_given(claim->facts, claim->fact_count, "to");
  const struct span rests = case_fact_given(claim->facts, claim->fact_count, CLAIM_FACTS);
  char quoted[SPAN_QUOTE_SIZE];
  struct award_terms t = {.person = claim->party,
                          .body = claim->to_body,
                          .what = pack_find_entitlement(call->pack, variable),
                          .to = DAY_NONE,
                          .first_due = DAY_NONE,
                          .source = "claim",
                          .facts = span_of(arena_printf(call->arena, "case:%lld%s%.*s",
                                                        (long long)claim->id, rests.size ? " " : "",
                                                        SPAN(rests)))};
  t.pay_days = case_fact_given(claim->facts, claim->fact_count, "pay");
  t.versions = case_fact_given(claim->facts, claim->fact_count, CLAIM_VERSIONS);
  if (!t.what)
    return refuse_at(err, "variable", AWARD_VARIABLE_UNKNOWN, span_quote(variable, quoted));
  t.per = tell_per_of(per);
  if (money_parse(amount, &t.pence, err) != DONE) return error_at(err, NULL, 0, "amount");
  if (day_parse(from, &t.from, err) != DONE) return error_at(err, NULL, 0, "from");
  if (to.size && day_parse(to, &t.to, err) != DONE) return error_at(err, NULL, 0, "to");
  return award_make(call, &t, number, err);
}

/* ---- ended by a death ---- */

static const char by_death[] = "death:"; /* what such an end rests on: `death:2026-06-01` */

day_t award_death_of(const struct award *row) {
  const size_t size = sizeof by_death - 1;
  day_t day = DAY_NONE;
  if (!row->supersedes || !row->facts || strncmp(row->facts, by_death, size) != 0) return DAY_NONE;
  return day_parse(span_of(row->facts + size), &day, NULL) == DONE ? day : DAY_NONE;
}

const char *award_death_facts(struct arena *arena, day_t died) {
  return arena_printf(arena, "%s%s", by_death, day_write(died, (char[11]){0}));
}

/* The row that ended by no death yet, of those that the row follows. */
static const struct award *before_death(const struct awards *rows, const struct award *row) {
  while (award_death_of(row) != DAY_NONE) {
    const struct award *before = NULL;
    for (int i = 0; i < rows->count; i++)
      if (rows->all[i].id == row->supersedes) before = &rows->all[i];
    if (!before) break;
    row = before;
  }
  return row;
}

/* ---- changing ---- */

/* One award that is being changed: its rows before, and those that are added, which are written
 * when it is known what they add to days that are paid: a row is never changed. */
struct changing {
  const struct award_call *call;
  const struct award_changing *change; /* null: of a death, and of what is restored */
  struct awards old;                   /* as it stood */
  struct awards rows;                  /* with the added ones */
  int before;
  struct award_payment *paid;
  int paid_count;
  struct award now; /* the row in force on the day, else the last that stands */
  day_t end;        /* of the award, as long as which a change lasts */
  day_t from;       /* the first day that changes; DAY_NONE: whole periods as they are */
  day_t died;       /* by which it ended until now; DAY_NONE: by none */
};

static enum status add_row(struct changing *c, struct award *row, struct error *err) {
  enum status status = award_row_number(c->call->store, &row->id, err);
  int capacity = 0;
  struct award *all = NULL;
  arena_reserve(c->call->arena, all, capacity, c->rows.count + 1);
  if (c->rows.count) memcpy(all, c->rows.all, (size_t)c->rows.count * sizeof *all);
  for (int i = 0; i < c->rows.count; i++)
    if (all[i].id == row->supersedes) all[i].superseded_by = row->id;
  all[c->rows.count++] = *row;
  c->rows.all = all;
  return status;
}

static enum status write_added(const struct changing *c, struct error *err) {
  enum status status = DONE;
  for (int i = c->before; status == DONE && i < c->rows.count; i++)
    status = award_row_insert(c->call->store, &c->rows.all[i], err);
  return status;
}

/* Ends what stands on the day and after it. */
static enum status cut(struct changing *c, const char *now, struct error *err) {
  enum status status = DONE;
  const day_t last = c->change->from - 1;
  const int count = c->rows.count;
  for (int i = 0; status == DONE && i < count; i++) {
    struct award row = c->rows.all[i];
    if (!award_stands(&row) || (row.to != DAY_NONE && row.to <= last)) continue;
    row.supersedes = row.id;
    row.superseded_by = 0;
    row.arrears = 0;
    row.to = row.from > last ? row.from - 1 : last;
    row.made_by = c->call->who;
    row.made_at = now;
    row.why = words_of(c->call->arena, c->change->why);
    row.facts = before_death(&c->rows, &row)->facts;
    status = add_row(c, &row, err);
  }
  return status;
}

/* ---- what it adds to days that are paid ---- */

static enum status open_case(const struct changing *c, day_t first, day_t last,
                             struct award_changed *out, struct error *err) {
  static const struct case_actor program = {.who = "program"};
  const struct award_call *call = c->call;
  const struct pack_entitlement *what = pack_find_entitlement(call->pack, span_of(c->now.variable));
  const struct pack_overpayment *over = what ? pack_find_overpayment(call->pack, what) : NULL;
  struct text amount = {0};
  text_add_money(&amount, out->overpaid);
  const struct case_fact facts[] = {
      {"award", span_of(arena_printf(call->arena, "%lld", (long long)c->now.award))},
      {"benefit", span_of(what ? what->name[ENGLISH] : c->now.variable)},
      {"amount", span_of(arena_string(call->arena, amount.bytes))},
      {"from", span_of(arena_string(call->arena, day_write(first, (char[11]){0})))},
      {"to", span_of(arena_string(call->arena, day_write(last, (char[11]){0})))},
      {"terms", span_of(over ? over->terms[ENGLISH] : "")}};
  struct case_opening opening = {.kind = OVERPAYMENT_KIND,
                                 .party = c->now.party,
                                 .to_body = c->now.body,
                                 .subject = arena_printf(call->arena, "award:%lld",
                                                         (long long)c->now.award),
                                 .kept = facts,
                                 .kept_count = over ? 6 : 5};
  text_release(&amount);
  return case_open(call->store, call->arena, call->desk, &program, &opening, &out->opened, err);
}

/* What the days that are paid come to, before and after. */
struct difference {
  int64_t pence;            /* after less before, of all */
  struct award_rise *rises; /* of each payment that comes to more */
  int rise_count;
  day_t first, last; /* of what comes to less; a whole period counts from its first day */
};
static enum status find_difference(const struct changing *c, struct difference *out,
                                   struct error *err) {
  struct award_plan plan;
  struct award_rate *old = NULL, *rates = NULL;
  *out = (struct difference){.first = DAY_NONE, .last = DAY_NONE};
  if (!c->paid_count) return DONE;
  if (award_plan_of(c->call->pack, &c->now, &plan, err) != DONE) return err->code;
  const int old_count = award_rates_of(c->call->arena, &c->old, DAY_NONE, &old);
  const int count = award_rates_of(c->call->arena, &c->rows, DAY_NONE, &rates);
  out->rises = arena_array(c->call->arena, struct award_rise, c->paid_count);
  for (int i = 0, n = 0; i < c->paid_count; i++) { /* in order of the day of pay */
    const struct award_payment *pay = &c->paid[i];
    if (pay->row) continue;
    while (award_period_of(&plan, n).due < pay->due) n++;
    const struct award_period period = award_period_of(&plan, n);
    const int64_t more = award_amount(&plan, rates, count, &period) -
                         award_amount(&plan, old, old_count, &period);
    out->pence += more;
    if (more > 0)
      out->rises[out->rise_count++] = (struct award_rise){period.first, period.last, more};
    if (more >= 0) continue;
    const bool within = !plan.whole && c->from != DAY_NONE && c->from > pay->first;
    if (out->first == DAY_NONE) out->first = within ? c->from : pay->first;
    out->last = pay->last > out->first ? pay->last : out->first;
  }
  day_t end = old_count ? old[0].to : DAY_NONE;
  for (int i = 1; i < old_count && end != DAY_NONE; i++)
    if (old[i].to == DAY_NONE || old[i].to > end) end = old[i].to;
  if (!plan.whole && end != DAY_NONE && end < out->last && end >= out->first) out->last = end;
  return DONE;
}

/* Where days that are paid come to less, the case of it; where they come to more, what was asked
 * back of them is corrected, and the rest is paid at the next run. */
static enum status settle(struct changing *c, struct award_changed *out, struct error *err) {
  struct difference d;
  enum status status = find_difference(c, &d, err);
  if (status != DONE || !d.pence || c->rows.count == c->before)
    return status == DONE ? write_added(c, err) : status;
  const struct recovery_correction correction = {.party = c->now.party,
                                                 .award = c->now.award,
                                                 .rises = d.rises,
                                                 .rise_count = d.rise_count,
                                                 .pence = d.pence,
                                                 .from = c->change ? DAY_NONE : c->from};
  if (d.pence > 0) {
    status = recovery_correct(c->call, &correction, &out->corrected, err);
    out->arrears = d.pence - out->corrected;
    c->rows.all[c->rows.count - 1].arrears = out->arrears;
  } else out->overpaid = -d.pence;
  if (status == DONE) status = write_added(c, err);
  return status == DONE && out->overpaid ? open_case(c, d.first, d.last, out, err) : status;
}

/* Adds what makes the award as it is where they died on the day; DAY_NONE: where they live. */
static enum status add_at_death(struct changing *c, day_t died, struct error *err) {
  const struct awards then = award_at_death(c->call->arena, &c->rows, died);
  const int count = c->rows.count;
  const char *now = clock_write_now(arena_array(c->call->arena, char, 21));
  enum status status = DONE;
  for (int i = count; status == DONE && i < then.count; i++) {
    struct award row = then.all[i];
    row.made_by = c->call->who;
    row.made_at = now;
    status = add_row(c, &row, err);
  }
  return status;
}

/* A change of what a death ended changes what was before, so that a correction of the day finds it.
 */
static enum status take_up_ended(struct changing *c, struct error *err) {
  char written[11];
  for (int i = 0; i < c->before; i++)
    if (!c->rows.all[i].superseded_by && award_death_of(&c->rows.all[i]) != DAY_NONE)
      c->died = award_death_of(&c->rows.all[i]);
  if (c->died == DAY_NONE) return DONE;
  if (c->change->from >= c->died)
    return refuse_at(err, "from", AWARD_ENDED, (long long)c->now.award,
                     day_write(c->died - 1, written));
  return add_at_death(c, DAY_NONE, err);
}

static enum status read_award(struct changing *c, int64_t person, int64_t number,
                              struct error *err) {
  const struct award_call *call = c->call;
  char written[11];
  enum status status = award_find(call->store, call->arena, person, number, &c->now, err);
  if (status == DONE)
    status = award_rows_of(call->store, call->arena, c->now.party, number, &c->rows, err);
  if (status == DONE)
    status = award_payments_of(call->store, call->arena, c->now.party, number, &c->paid,
                               &c->paid_count, err);
  c->before = c->rows.count;
  c->old = c->rows;
  c->from = c->change->from;
  c->died = DAY_NONE;
  if (status == DONE) status = take_up_ended(c, err);
  if (status != DONE) return status;
  const day_t begins = c->rows.all[0].from;
  bool found = false;
  for (int i = 0; i < c->rows.count; i++) {
    const struct award *a = &c->rows.all[i];
    if (!award_stands(a)) continue;
    if (!found || a->to == DAY_NONE || (c->end != DAY_NONE && a->to > c->end)) c->end = a->to;
    found = true;
    if (award_runs(a, c->change->from, c->change->from)) c->now = *a;
  }
  if (!found) c->end = c->now.to;
  if (c->end != DAY_NONE && c->end < c->change->from)
    return refuse_at(err, "from", AWARD_ENDED, (long long)number, day_write(c->end, written));
  if (c->change->from < begins)
    return refuse_at(err, "from", AWARD_BEGINS_LATER, (long long)number,
                     day_write(begins, written));
  return DONE;
}

/* A change to what it is already changes nothing. */
static enum status check_differs(const struct changing *c, struct error *err) {
  bool same = c->change->pence && !c->change->has_to;
  for (int i = 0; same && i < c->rows.count; i++) {
    const struct award *a = &c->rows.all[i];
    same = !award_runs(a, c->change->from, DAY_NONE) || a->pence == c->change->pence;
  }
  return same ? refuse_at(err, "amount", AWARD_SAME) : DONE;
}

/* What follows the change. */
static enum status begin_next(struct changing *c, const char *now, struct error *err) {
  struct award next = c->now;
  next.from = c->change->from;
  next.to = c->change->has_to ? c->change->to : c->end;
  next.pence = c->change->pence;
  next.supersedes = next.superseded_by = next.arrears = 0;
  next.made_by = c->call->who;
  next.made_at = now;
  next.why = words_of(c->call->arena, c->change->why);
  next.facts = words_of(c->call->arena, c->change->facts);
  next.versions = words_of(c->call->arena, c->change->versions);
  return add_row(c, &next, err);
}

/* A last day that the change gives comes after it, and on no day that another award pays, of theirs
 * or of their family's. */
static enum status check_end(const struct changing *c, struct error *err) {
  char written[11];
  const struct award_terms t = {.person = c->now.party,
                                .what = pack_find_entitlement(c->call->pack,
                                                              span_of(c->now.variable)),
                                .from = c->change->from,
                                .to = c->change->to,
                                .elsewhere = !c->now.pay_days};
  if (t.to != DAY_NONE && t.to < t.from)
    return refuse_at(err, "to", AWARD_ENDS_BEFORE, day_write(t.from, written));
  enum status status = t.what ? check_once(c->call, &t, c->now.award, err) : DONE;
  return status == DONE && t.what ? check_family(c->call, &t, err) : status;
}

enum status award_change(const struct award_call *call, int64_t person, int64_t number,
                         const struct award_changing *change, struct award_changed *out,
                         struct error *err) {
  struct changing c = {.call = call, .change = change};
  char now[21];
  *out = (struct award_changed){0};
  /* of an end it is the day after the last */
  enum status status = check_bounds("from", change->pence ? change->from : change->from - 1, err);
  if (status == DONE && change->has_to) status = check_bounds("to", change->to, err);
  if (status == DONE) status = award_rows_hold(call->store, err);
  if (status == DONE) status = read_award(&c, person, number, err);
  if (status == DONE) status = check_differs(&c, err);
  if (status == DONE && change->pence && change->has_to) status = check_end(&c, err);
  const struct award_terms of_it = {
      .person = c.now.party,
      .what = pack_find_entitlement(call->pack, span_of(status == DONE ? c.now.variable : "")),
      .pence = change->pence,
      .per = c.now.per,
      .from = change->from,
      .to = change->has_to ? change->to : c.end,
      .elsewhere = !c.now.pay_days};
  if (status == DONE && change->pence) status = check_amount(call, of_it.what, change->pence, err);
  if (status == DONE && change->pence) status = award_check_bill(call, &of_it, err);
  clock_write_now(now);
  if (status == DONE) status = cut(&c, now, err);
  if (status == DONE && change->pence) status = begin_next(&c, now, err);
  if (status == DONE && c.died != DAY_NONE) status = add_at_death(&c, c.died, err);
  return status == DONE ? settle(&c, out, err) : status;
}

/* ---- undoing ---- */

enum status award_restore(const struct award_call *call, const struct awards *rows, int64_t row,
                          struct error *err) {
  struct changing c = {.call = call,
                       .old = *rows,
                       .rows = *rows,
                       .before = rows->count,
                       .now = rows->all[0],
                       .from = DAY_NONE};
  struct award_changed changed = {0};
  const char *now = clock_write_now(arena_array(call->arena, char, 21));
  enum status status = award_payments_of(call->store, call->arena, rows->all[0].party,
                                         rows->all[0].award, &c.paid, &c.paid_count, err);
  for (int i = 0; status == DONE && i < rows->count; i++) {
    const struct award *end = &rows->all[i];
    for (int k = 0; end->id >= row && end->supersedes && !end->superseded_by && k < i; k++) {
      if (rows->all[k].id != end->supersedes) continue;
      struct award again = rows->all[k];
      again.supersedes = end->id;
      again.superseded_by = again.arrears = 0;
      again.made_by = call->who;
      again.made_at = now;
      again.why = NULL;
      status = add_row(&c, &again, err);
      break;
    }
  }
  return status == DONE ? settle(&c, &changed, err) : status;
}

/* ---- death ---- */

/* Whether a row is another where they died on the day. *out: the row that ended by no death yet;
 * *ends: it ends by that. */
static bool is_other_at_death(const struct awards *rows, const struct award *row, day_t died,
                              const struct award **out, bool *ends) {
  const struct award *origin = before_death(rows, row);
  const bool lasts = origin->to == DAY_NONE || origin->to >= origin->from;
  const day_t was = award_death_of(row);
  *out = origin;
  *ends = lasts && died != DAY_NONE && (origin->to == DAY_NONE || origin->to >= died);
  return !row->superseded_by && (*ends ? was != died : was != DAY_NONE);
}

/* The row as it is where they died on the day, in place of `row`; false: it is so already. */
static bool row_at_death(struct arena *arena, const struct awards *rows, const struct award *row,
                         day_t died, struct award *out) {
  const struct award *origin = NULL;
  bool ends = false;
  if (!is_other_at_death(rows, row, died, &origin, &ends)) return false;
  *out = *origin;
  out->supersedes = row->id;
  out->superseded_by = out->arrears = 0;
  out->why = NULL;
  if (!ends) return true;
  out->to = died > origin->from ? died - 1 : origin->from - 1;
  out->facts = award_death_facts(arena, died);
  out->why = "died";
  return true;
}

bool award_is_other_at_death(const struct awards *rows, day_t died) {
  const struct award *origin = NULL;
  bool ends = false;
  for (int i = 0; i < rows->count; i++)
    if (is_other_at_death(rows, &rows->all[i], died, &origin, &ends)) return true;
  return false;
}

struct awards award_at_death(struct arena *arena, const struct awards *rows, day_t died) {
  struct awards out = {arena_array(arena, struct award, 2 * rows->count + 1), rows->count};
  if (rows->count) memcpy(out.all, rows->all, (size_t)rows->count * sizeof *out.all);
  for (int i = 0; i < rows->count; i++)
    if (row_at_death(arena, rows, &rows->all[i], died, &out.all[out.count])) {
      out.all[i].superseded_by = -1;
      out.count++;
    }
  return out;
}

enum status award_settle_death(const struct award_call *call, const struct awards *rows, day_t died,
                               struct award_changed *out, struct error *err) {
  struct changing c = {.call = call,
                       .old = *rows,
                       .rows = *rows,
                       .before = rows->count,
                       .now = rows->all[0],
                       .from = died};
  *out = (struct award_changed){0};
  enum status status = award_rows_hold(call->store, err);
  if (status == DONE)
    status = award_payments_of(call->store, call->arena, rows->all[0].party, rows->all[0].award,
                               &c.paid, &c.paid_count, err);
  if (status == DONE) status = add_at_death(&c, died, err);
  return status == DONE ? settle(&c, out, err) : status;
}
