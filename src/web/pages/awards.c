/* What is awarded to the visitor: how much, on which days it is paid next, what was paid, what
 * changed and why, and where they can say that it is wrong. */
#include "web/pages/awards.h"
#include "web/pages/assessing.h"
#include "web/pages/cases.h"
#include "web/site.h"

#include "action/desk.h"
#include "award/assessed.h"
#include "award/recovery.h"
#include "award/schedule.h"
#include "base/money.h"
#include "register/names.h"
#include "register/register.h"

#include <stdlib.h>

enum { NEXT_DAYS = 3, LAST_PAYMENTS = 6 };

static const char *day_words(const struct request *r, day_t day) {
  return written_value(r, doc_day(day));
}

const char *award_amount_words(const struct request *r, const struct award *a) {
  const char *amount = written_value(r, doc_money(a->pence));
  switch (a->per) {
  case PER_WEEK: return arena_printf(r->arena, say(r->language, "%s a week"), amount);
  case PER_MONTH: return arena_printf(r->arena, say(r->language, "%s a month"), amount);
  case PER_YEAR: return arena_printf(r->arena, say(r->language, "%s a year"), amount);
  default: return amount;
  }
}

static const char *days_words(const struct request *r, const struct award *a) {
  return a->to == DAY_NONE
             ? arena_printf(r->arena, say(r->language, "from %s"), day_words(r, a->from))
             : arena_printf(r->arena, say(r->language, "from %s to %s"), day_words(r, a->from),
                            day_words(r, a->to));
}

/* ---- one award ---- */

/* Why it changed stands with the amount that began by it, not again with the one that ended. */
static const char *why_of(const struct request *r, const struct award *rows, int count, int i) {
  const char *why = rows[i].why;
  const day_t died = award_death_of(&rows[i]);
  if (died != DAY_NONE)
    return arena_printf(r->arena, say(r->language, "the day of death is %s"), day_words(r, died));
  for (int k = 0; rows[i].supersedes && k < count; k++)
    if (rows[k].id == rows[i].supersedes && award_death_of(&rows[k]) != DAY_NONE)
      why = arena_printf(r->arena, say(r->language, "the day of death, %s, was corrected"),
                         day_words(r, award_death_of(&rows[k])));
  for (int k = i + 1; why && k < count; k++)
    if (award_stands(&rows[k]) && rows[k].why && strcmp(rows[k].why, why) == 0) return NULL;
  return why && *why ? why : NULL;
}

/* What stands of its rows. */
static void put_rates(struct view *item, const struct request *r, const struct award *rows,
                      int count) {
  for (int i = 0; i < count; i++) {
    if (!award_stands(&rows[i])) continue;
    struct view *rate = view_item(item, "rates");
    view_text(rate, "amount", award_amount_words(r, &rows[i]));
    view_text(rate, "days", days_words(r, &rows[i]));
    view_text(rate, "why", why_of(r, rows, count, i));
  }
}

/* How it reaches them: in money, off a bill, or from another organisation than this place's, of
 * which only what it told is known. */
enum paid_how { PAID_HERE, OFF_BILL, PAID_ELSEWHERE };
static enum paid_how paid_how(const struct pack_entitlement *what, const struct award *a) {
  if (what && award_is_off_bill(what)) return OFF_BILL;
  const bool national = what && strcmp(what->payer, PACK_PAYER_COUNCIL) != 0;
  return !a->pay_days || (national && strcmp(a->source, "import") == 0) ? PAID_ELSEWHERE
                                                                        : PAID_HERE;
}

static const char *put_how(struct view *item, const struct request *r, enum paid_how how,
                           const char *body) {
  static const char *const words[] = {
      [PAID_HERE] = N_("Paid by %s."),
      [OFF_BILL] = N_("%s takes it off the bill. Nothing is paid to you in money."),
      [PAID_ELSEWHERE] = N_(
          "%s decided it and pays it. We were told of it, and do not pay it. If it "
          "is not right, ask them: they can change it.")};
  static const char *const due[] = {
      [PAID_HERE] = N_("Due for days up to today, and not paid yet: %s. It comes with the next "
                       "payment run."),
      [OFF_BILL] = N_("For days up to today, and not taken off a bill yet: %s. It comes with the "
                      "next run."),
      [PAID_ELSEWHERE] = N_("For days up to today, and not recorded here as paid: %s. Whether it "
                            "was paid is known to the organisation that pays it.")};
  static const char *const heads[] = {[PAID_HERE] = N_("Paid until now"),
                                      [OFF_BILL] = N_("Taken off until now"),
                                      [PAID_ELSEWHERE] = N_("Recorded here as paid")};
  static const char *const next[] = {[PAID_HERE] = N_("Next payments"),
                                     [OFF_BILL] = N_("To be taken off next"),
                                     [PAID_ELSEWHERE] = N_("Next days of pay, as we were told")};
  view_text(item, "how", arena_printf(r->arena, say(r->language, words[how]), body));
  view_text(item, "paid_head", say(r->language, heads[how]));
  view_text(item, "next_head", say(r->language, next[how]));
  return say(r->language, due[how]);
}

/* The days of pay after today, as it stands today: how many. What is due by today and not paid is
 * put_due's. */
static int put_next(struct view *item, const struct request *r, const struct pack_entitlement *what,
                    const struct award *rows, int count) {
  static const char *const on[] = {[PAID_HERE] = N_("To be paid on %s:"),
                                   [OFF_BILL] = N_("To be taken off on %s:"),
                                   [PAID_ELSEWHERE] = N_("Due on %s:")};
  const struct pack_pay_days *days =
      rows[0].pay_days ? pack_find_pay_days(r->pack, what, span_of(rows[0].pay_days)) : NULL;
  int shown = 0, rate_count = 0;
  struct award_rate *rates = arena_array(r->arena, struct award_rate, count + 1);
  view_list(item, "next");
  if (!days) return 0;
  const struct award_plan plan = {
      .every = days->every, .whole = days->whole, .after = days->after, .first = rows[0].first_due};
  for (int i = 0; i < count; i++)
    if (award_stands(&rows[i]))
      rates[rate_count++] = (struct award_rate){rows[i].per, rows[i].pence, rows[i].from,
                                                rows[i].to};
  const day_t today = day_today();
  int n = 0;
  while (award_period_of(&plan, n).due <= today) n++;
  for (; shown < NEXT_DAYS; n++, shown++) {
    const struct award_period period = award_period_of(&plan, n);
    const int64_t pence = award_amount(&plan, rates, rate_count, &period);
    if (!pence) return shown;
    struct view *next = view_item(item, "next");
    view_text(next, "on",
              arena_printf(r->arena, say(r->language, on[paid_how(what, &rows[0])]),
                           day_words(r, award_working_day(r->pack, period.due))));
    view_value(next, "amount", doc_money(pence));
  }
  return shown;
}

static enum status put_paid(struct view *item, const struct request *r, const struct award *a,
                            enum paid_how how, struct error *err) {
  static const char *const on[] = {[PAID_HERE] = N_("Paid on %s:"),
                                   [OFF_BILL] = N_("Taken off on %s:"),
                                   [PAID_ELSEWHERE] = N_("Recorded as paid on %s:")};
  struct award_payment *all = NULL;
  int count = 0, shown = 0;
  bool more = false;
  enum status status = award_payments_of(r->store, r->arena, a->party, a->award, &all, &count, err);
  view_list(item, "paid");
  for (int i = count - 1; status == DONE && i >= 0; i--) {
    if (!all[i].pence) continue;
    more = shown == LAST_PAYMENTS;
    if (more) break;
    struct view *paid = view_item(item, "paid");
    view_text(paid, "on",
              arena_printf(r->arena, say(r->language, on[how]), day_words(r, all[i].paid)));
    view_text(paid, "days",
              arena_printf(r->arena, say(r->language, "for %s to %s"), day_words(r, all[i].first),
                           day_words(r, all[i].last)));
    view_value(paid, "amount", doc_money(all[i].pence));
    shown++;
  }
  view_flag(item, "has_paid", shown > 0);
  view_flag(item, "more", more);
  return status;
}

/* What is due of days up to today and stands in no account yet. */
static enum status put_due(struct view *item, const struct request *r, const struct award *a,
                           const char *due_words, struct error *err) {
  const struct award_due_query q = {.person = request_subject(r),
                                    .award = a->award,
                                    .today = day_today()};
  struct award_due due = {0};
  enum status status = award_due(r->store, r->arena, r->pack, &q, &due, err);
  const char *words = due.at_once > 0 ? written_value(r, doc_money(due.at_once)) : NULL;
  view_text(item, "due", words ? arena_printf(r->arena, due_words, words) : NULL);
  return status;
}

/* The number of the claim from which it came: there stands what can be done against it. */
static const char *claim_number(const struct request *r, const struct award *a) {
  static const char begins[] = "case:";
  if (!a->facts || strncmp(a->facts, begins, sizeof begins - 1) != 0) return NULL;
  const char *number = a->facts + sizeof begins - 1;
  return arena_printf(r->arena, "%.*s", (int)strcspn(number, " "), number);
}

enum status view_award(struct view *v, const struct request *r, const struct award *rows, int count,
                       const char *requests, struct view **out, struct error *err) {
  const struct pack_entitlement *what = pack_find_entitlement(r->pack, span_of(rows[0].variable));
  const char *claim = claim_number(r, &rows[0]);
  struct view *item = *out = view_item(v, "awards");
  view_text(item, "name", what ? what->name[r->language] : rows[0].variable);
  view_text(item, "anchor", arena_printf(r->arena, "award-%lld", (long long)rows[0].award));
  const char *due = put_how(item, r, paid_how(what, &rows[0]), body_words_of(r, rows[0].body));
  view_list(item, "rates");
  put_rates(item, r, rows, count);
  view_flag(item, "has_next", what && put_next(item, r, what, rows, count) > 0);
  view_text(item, "claim",
            claim ? request_path(r, arena_printf(r->arena, "%s/%s", requests, claim)) : NULL);
  view_text(item, "claim_words",
            strcmp(requests, "/requests") == 0
                ? say(r->language, "The decision, and what you can do if it is not right")
                : say(r->language, "The claim and its decision"));
  if (put_due(item, r, &rows[0], due, err) != DONE) return err->code;
  return put_paid(item, r, &rows[0], paid_how(what, &rows[0]), err);
}

/* ---- what was paid too much ---- */

static const char *rate_words(const struct request *r, const struct award_debt *debt,
                              const struct award_limit *limit) {
  const enum language l = r->language;
  const int64_t rate = debt->rate == RATE_MOST ? limit->most : debt->rate;
  if (!limit->is_known || !rate) return say(l, "Nothing is taken from later payments.");
  const char *amount = written_value(r, doc_money(rate));
  return debt->rate == RATE_MOST
             ? arena_printf(r->arena, say(l, "Up to %s a week is taken from later payments."),
                            amount)
             : arena_printf(r->arena, say(l, "%s a week is taken from later payments."), amount);
}

static enum status put_debt(struct view *item, const struct request *r,
                            const struct award_call *call, const struct award_debt *debt,
                            struct error *err) {
  const enum language l = r->language;
  const struct pack_entitlement *what = pack_find_entitlement(r->pack, span_of(debt->variable));
  const int64_t left = award_debt_left(debt);
  struct award_limit limit;
  bool runs = false;
  if (debt->is_over)
    return view_text(item, "state", say(l, "It is not asked back any more.")), DONE;
  if (!left) return view_text(item, "state", say(l, "All of it is paid back.")), DONE;
  enum status status = award_debt_runs(call, debt, &runs, err);
  if (status == DONE) status = award_limit_of(call, what, call->today, 7, &limit, err);
  if (status != DONE) return status;
  view_text(item, "state",
            arena_printf(r->arena, say(l, "%s of it is asked back. %s is left to pay."),
                         written_value(r, doc_money(debt->asked)),
                         written_value(r, doc_money(left))));
  view_flag(item, "takes", runs && limit.is_known && debt->rate);
  view_text(item, "rate",
            runs ? rate_words(r, debt, &limit)
                 : say(l, "Nothing is taken until staff have answered."));
  return DONE;
}

/* Of what, how much, and what the law says of it, in the visitor's language. */
static void put_over(struct view *item, const struct request *r, const struct case_file *file,
                     const struct awards *rows) {
  const struct span number = case_fact_given(file->facts, file->fact_count, "award");
  const struct pack_entitlement *what = NULL;
  int64_t award = 0, pence = 0;
  struct error none = {0};
  if (integer_parse(number, &award, &none) != DONE) award = 0;
  for (int i = 0; i < rows->count; i++)
    if (rows->all[i].award == award)
      what = pack_find_entitlement(r->pack, span_of(rows->all[i].variable));
  const struct pack_overpayment *over = what ? pack_find_overpayment(r->pack, what) : NULL;
  view_text(item, "benefit", what ? what->name[r->language] : case_fact(file, "benefit"));
  if (award_overpaid_of(file, &pence, &none) == DONE && pence)
    view_value(item, "amount", doc_money(pence));
  view_text(item, "terms", over ? over->terms[r->language] : case_fact(file, "terms"));
}

/* What was paid too much, what can be asked back, what is left, and where it can be answered. */
static enum status put_overpaid(struct view *v, const struct request *r, const struct awards *rows,
                                struct error *err) {
  const struct desk_terms terms = {.record.pack = r->pack, .rules = r->site->rules};
  const struct case_desk desk = action_desk(&terms, day_today());
  const struct award_call call = {.store = r->store,
                                  .arena = r->arena,
                                  .pack = r->pack,
                                  .desk = &desk,
                                  .today = day_today(),
                                  .rules = r->site->rules};
  const struct case_filter filter = {.which = CASES_ALL,
                                     .kind = OVERPAYMENT_KIND,
                                     .most = CASES_PAGE_MOST};
  struct award_debt *debts = NULL;
  struct case_file *files = NULL;
  int64_t *records = NULL, total = 0;
  int debt_count = 0, count = 0, record_count = 0;
  enum status status = register_records(r->store, r->arena, request_subject(r), &records,
                                        &record_count, err);
  if (status == DONE)
    status = cases_of(r->store, r->arena, &desk, records, record_count, &filter, &files, &count,
                      &total, err);
  if (status == DONE)
    status = award_debts_of(r->store, r->arena, request_subject(r), &debts, &debt_count, err);
  view_list(v, "overpaid");
  view_flag(v, "has_overpaid", count > 0);
  for (int i = 0; status == DONE && i < count; i++) {
    const struct case_file *file = &files[i];
    struct view *item = view_item(v, "overpaid");
    const struct award_debt *debt = NULL;
    put_over(item, r, file, rows);
    view_text(item, "path",
              request_path(r, arena_printf(r->arena, "%s/requests/%lld", request_base(r),
                                           (long long)file->id)));
    for (int k = 0; k < debt_count; k++)
      if (debts[k].id == file->id) debt = &debts[k];
    if (debt && !file->waits) status = put_debt(item, r, &call, debt, err);
    else
      view_text(item, "state",
                file->waits
                    ? say(r->language, "Staff have not decided yet. Nothing is taken until then.")
                    : say(r->language, "It is not asked back."));
  }
  return status;
}

/* ---- what is confirmed ---- */

const char *award_shown(const struct request *r, const struct award_sums *sums, int64_t row,
                        struct span words) {
  enum { SHOWN_BYTES = 16 };
  struct hasher *h = hasher_new();
  struct digest digest;
  struct text hex = {0};
  const char *shown = arena_printf(r->arena, "%lld %lld %d %d %d %lld %lld %lld %d %d " SPAN_FORMAT,
                                   (long long)row, (long long)sums->pence, (int)sums->per,
                                   (int)sums->from, (int)sums->to, (long long)sums->at_once,
                                   (long long)sums->arrears, (long long)sums->overpaid,
                                   sums->next_count, (int)sums->is_large, SPAN(words));
  hasher_begin(h);
  hasher_add(h, shown, strlen(shown));
  for (int i = 0; i < sums->next_count; i++) {
    hasher_add(h, &sums->next[i].due, sizeof sums->next[i].due);
    hasher_add(h, &sums->next[i].pence, sizeof sums->next[i].pence);
  }
  hasher_end(h, &digest);
  hasher_free(h);
  text_add_hex(&hex, digest.bytes, SHOWN_BYTES);
  return text_take(r->arena, &hex);
}

void view_shown(struct view *v, const struct request *r, const char *shown) {
  view_text(v, "shown", shown);
  view_text(v, "again",
            request_has(r, "confirmed")
                ? say(r->language, "What you confirmed is not what was shown: it is so now. "
                                   "Nothing is done yet.")
                : NULL);
}

enum status view_whose(struct view *summary, const struct request *r, int64_t party,
                       struct error *err) {
  struct register_name name = {0};
  enum status status = register_name_of_party(r->store, r->arena, party, &name, err);
  if (status == DONE)
    view_fact(summary, say(r->language, "Whose"), name.name ? name.name : name.code);
  return status;
}

enum status view_comes_to(struct view *summary, const struct request *r,
                          const struct pack_entitlement *what, enum status assessing,
                          const struct award_assessed *assessed, struct error *err) {
  static const struct award_assessed unknown = {0};
  const bool is_nobodys = assess_is_nobodys(assessing, err);
  if (assessing != DONE && !is_nobodys) return assessing;
  if (what)
    view_fact(summary, say(r->language, "What the rules come to"),
              claim_comes_words(r, what, is_nobodys ? &unknown : assessed));
  return DONE;
}

static int by_award(const void *a, const void *b) {
  const struct award *x = a, *y = b;
  if (x->award != y->award) return x->award < y->award ? 1 : -1; /* the newest first */
  return (x->id > y->id) - (x->id < y->id);
}

enum status awards_read_subject(const struct request *r, struct awards *out, struct error *err) {
  enum status status = awards_of_person(r->store, r->arena, request_subject(r), out, err);
  if (status == DONE) array_sort(out->all, out->count, by_award);
  return status;
}

int award_rows_from(const struct awards *rows, int at) {
  int next = at;
  while (next < rows->count && rows->all[next].award == rows->all[at].award) next++;
  return next - at;
}

static enum status put_disputes(struct view *item, const struct request *r,
                                const struct award *rows, int count, const char *requests,
                                struct error *err) {
  const char *number = claim_number(r, &rows[0]);
  const char *path = arena_printf(r->arena, "%s/%s", requests, number ? number : "");
  const char *claim = number ? request_path(r, path) : NULL;
  return view_award_disputes(item, r, rows, count, claim, err);
}

enum status page_awards(struct request *r, struct reply *reply, struct error *err) {
  struct awards rows = {0};
  struct view *v = view_new(r->arena, r->language);
  const char *base = request_base(r);
  const char *requests = arena_printf(r->arena, "%s/requests", base);
  bool tells = false;
  enum status status = request_note_help(r, "awards", err);
  if (status == DONE) status = awards_read_subject(r, &rows, err);
  if (status == DONE) status = assessing_may_tell(r, &tells, err);
  view_flag(v, "is_helper", r->person != 0);
  view_list(v, "awards");
  for (int i = 0, n; status == DONE && i < rows.count; i += n) {
    struct view *item = NULL;
    n = award_rows_from(&rows, i);
    status = view_award(v, r, rows.all + i, n, requests, &item, err);
    view_text(item, "earlier", request_path(r, arena_printf(r->arena, "%s/account", base)));
    if (status == DONE) status = put_disputes(item, r, rows.all + i, n, requests, err);
  }
  if (status == DONE) status = put_overpaid(v, r, &rows, err);
  if (status != DONE) return status;
  view_text(v, "claim_path",
            tells ? request_path(r, arena_printf(r->arena, "%s/claim", base)) : NULL);
  reply_page(reply, r, "awards",
             r->person ? say(r->language, "What is awarded to them")
                       : say(r->language, "What is awarded to you"),
             v);
  return DONE;
}
