/* What the household may get and must pay: what is due and not got yet in a sentence, then by
 * benefit with its warnings, what is got already, and what is to pay. */
#include "assess/assumed.h"
#include "award/award.h"
#include "register/benefit_unit.h"
#include "register/facts.h"
#include "register/names.h"
#include "web/pages/assessing.h"

#include <math.h>

enum { PENCE_A_POUND = 100 };

static const char *path_of(const struct request *r, const char *rest) {
  return arena_printf(r->arena, "%s/entitlements%s", request_base(r), rest);
}

/* What the page is made of. */
struct answering_page {
  struct request *r;
  const struct assessing *s;
  const struct assess_claims *claims;
  const struct answer_got *got; /* one for each answer */
  day_t born;
  bool may_tell;
  int64_t denied, denied_fact; /* who said that they are no partner of theirs; 0: nobody */
};

/* ---- sentences ---- */

/* What another adult must pay tells what they earn: it is on their own page. */
static bool is_of_others(const struct answering_page *p, const struct assess_answer *a) {
  return a->what->is_paid && a->person && a->person != p->s->answers->person;
}

/* The reduction of what the row has to pay, where it is got; null: none is. */
static const struct answer_got *reduction_of(const struct answering_page *p,
                                             const struct pack_entitlement *pays) {
  const struct assessment *a = &p->s->now;
  for (int i = 0; pays->is_paid && pays->billed && i < a->answer_count; i++) {
    const struct pack_entitlement *what = a->answers[i].what;
    if (what->within && what->billed && strcmp(what->billed, pays->billed) == 0 &&
        p->got[i].got == GOT_ALREADY)
      return &p->got[i];
  }
  return NULL;
}

/* The reduction whose amount now is known, of a bill that is known: what is left is to pay,
 * whatever the rules come to. Null: by the rules, or the whole bill. */
static const struct answer_got *taken_off(const struct answering_page *p,
                                          const struct assess_answer *a) {
  const struct answer_got *got = a->bill.is_exact ? reduction_of(p, a->what) : NULL;
  return got && got->has_year && got->year_of == DAY_NONE ? got : NULL;
}

/* To pay before a reduction that is not got: what is billed, as far as it is known. */
static bool is_whole_bill(const struct answering_page *p, const struct assess_answer *a) {
  return a->what->is_paid && a->what->billed && a->bill.is_exact &&
         (a->cannot || !reduction_of(p, a->what));
}

/* What is billed a year less what is taken off now, in pounds. */
static double left_to_pay(const struct assess_answer *a, const struct answer_got *off) {
  return fmax(0, assess_a_year(a->what, a->bill.low) - (double)off->a_year / PENCE_A_POUND);
}

/* A year in pounds, as it counts: of what is to pay what is billed, less a reduction that is got.
 */
static struct year_range_of range_of(const struct answering_page *p,
                                     const struct assess_answer *a) {
  const struct answer_got *off = taken_off(p, a);
  if (!off && !is_whole_bill(p, a)) return assess_year_range(a);
  const double year = off ? left_to_pay(a, off) : assess_a_year(a->what, a->bill.low);
  return (struct year_range_of){year, year, true};
}

/* A year in pounds of what is got and is `got`, or of what is paid. A reduction that is got already
 * has lowered what is paid, and is left out. */
static struct year_range_of sum_of(const struct answering_page *p, bool paid, enum got got,
                                   int *count) {
  const struct assessment *a = &p->s->now;
  struct year_range_of sum = {0, 0, true};
  *count = 0;
  for (int i = 0; i < a->answer_count; i++) {
    const struct assess_answer *one = &a->answers[i];
    const struct year_range_of range = range_of(p, one);
    if (one->what->is_paid != paid || is_of_others(p, one) || (!paid && p->got[i].got != got) ||
        (one->what->within && got == GOT_ALREADY) ||
        (one->cannot && !is_whole_bill(p, one) && !taken_off(p, one)))
      continue;
    if (range.is_exact && range.low == 0) continue;
    ++*count;
    sum.low += range.low;
    sum.high += range.high;
    sum.is_exact &= range.is_exact;
  }
  return sum;
}

static int64_t week_of(int64_t pence_a_year) { return llround((double)pence_a_year / 52); }

static const char *pounds_words(const struct request *r, double pounds) {
  return written_value(r, doc_pounds((int64_t)llround(pounds) * 100));
}

/* A week of a sum of a year: `about £121`, `from £0 to £240`, `£20 or more`; null: it says nothing.
 */
static const char *sum_words(const struct request *r, const struct year_range_of *s) {
  const enum language l = r->language;
  const char *low = pounds_words(r, floor(s->low / 52));
  if (s->is_exact && s->low < 52) return say(l, "less than £1");
  if (s->is_exact) return arena_printf(r->arena, say(l, "about %s"), pounds_words(r, s->low / 52));
  if (isinf(s->high)) return s->low < 52 ? NULL : arena_printf(r->arena, say(l, "%s or more"), low);
  return arena_printf(r->arena, say(l, "from %s to %s"), low, pounds_words(r, ceil(s->high / 52)));
}

/* One sentence of a kind of sum; `vague`: where nothing can be said of how much. */
static void put_sum(struct view *v, const struct answering_page *p, enum got got, bool paid,
                    const char *words, const char *vague) {
  int count = 0;
  const struct year_range_of sum = sum_of(p, paid, got, &count);
  if (!count) return;
  const char *amount = sum_words(p->r, &sum);
  view_item_text(v, "sentences", amount ? arena_printf(p->r->arena, words, amount) : vague);
}

/* True: something may not be claimed from here; then it says so. */
static bool put_barred(struct view *v, const struct answering_page *p) {
  const struct assessment *a = &p->s->now;
  bool some = false;
  for (int i = 0; i < a->answer_count; i++)
    some |= p->got[i].got == GOT_BARRED && !(a->answers[i].is_exact && a->answers[i].low == 0);
  if (some)
    view_item_text(v, "sentences",
                   say(p->r->language, "Get advice before you claim what is marked so below: a "
                                       "claim could do harm."));
  return some;
}

/* What the rules cannot say, and is not got: whom to ask. */
static void put_unsaid(struct view *v, const struct answering_page *p) {
  const struct request *r = p->r;
  const struct assessment *a = &p->s->now;
  for (int i = 0; i < a->answer_count; i++) {
    const struct assess_answer *one = &a->answers[i];
    if (!one->cannot || one->what->is_paid || p->got[i].got == GOT_ALREADY ||
        p->got[i].got == GOT_BARRED || (i && a->answers[i - 1].what == one->what))
      continue;
    view_item_text(v, "sentences",
                   arena_printf(r->arena,
                                say(r->language, "Whether %s is due cannot be said here, and no "
                                                 "sum counts it. Ask %s."),
                                one->what->name[r->language], assess_payer_words(r, one->what)));
  }
}

static const char *denied_format(const struct request *r) {
  return r->person ? say(r->language, "%s has said that they are not partners")
                   : say(r->language, "%s has said that you are not partners");
}

/* Who has answered no, and the page on which the person takes theirs back. */
static enum status put_denied(struct view *v, const struct answering_page *p, struct error *err) {
  const struct request *r = p->r;
  const char *name = NULL, *code = NULL;
  enum status status = p->denied ? assessing_name(r, p->denied, &name, &code, err) : DONE;
  if (status != DONE) return status;
  view_text(v, "denied", p->denied ? arena_printf(r->arena, denied_format(r), name) : NULL);
  view_text(v, "denied_at",
            p->denied && !r->person ? request_path(r, arena_printf(r->arena, "/facts/one/%lld",
                                                                   (long long)p->denied_fact))
                                    : NULL);
  return DONE;
}

static enum status put_unconfirmed(struct view *v, const struct answering_page *p,
                                   struct error *err) {
  const int64_t partner = p->s->now.unconfirmed;
  const char *name = NULL, *code = NULL;
  const bool is_told = partner && partner != p->denied && !assessing_is_open(&p->s->now);
  enum status status = is_told ? assessing_name(p->r, partner, &name, &code, err) : DONE;
  if (!is_told) view_text(v, "unconfirmed", NULL);
  else if (status == DONE)
    view_text(v, "unconfirmed",
              arena_printf(p->r->arena,
                           say(p->r->language,
                               "%s has not said yet that you are partners. They do so on their own "
                               "page, under what they told us. Until then these amounts rest on "
                               "what you say of them, and nobody pays by it."),
                           name));
  return status;
}

/* ---- what is got beside what is due ---- */

/* A benefit, and of another adult or a child whose. */
static enum status name_of(const struct answering_page *p, const struct assess_answer *a,
                           const char **out, struct error *err) {
  const char *name = NULL, *code = NULL;
  *out = a->what->name[p->r->language];
  if (!a->person || a->person == p->s->answers->person) return DONE;
  enum status status = assessing_name(p->r, a->person, &name, &code, err);
  if (status == DONE) *out = arena_printf(p->r->arena, "%s, %s", *out, name);
  return status;
}

/* `%1$s` the benefit, `%2$s` a year and `%3$s` a week, `%4$s` who pays it, `%5$s` the day. */
static const char *difference_format(const struct request *r, const struct answer_got *got) {
  const enum language l = r->language;
  if (got->differs == GOT_MORE_DUE)
    return got->year_of == DAY_NONE
               ? say(l,
                     "%1$s: by the rules %2$s a year (%3$s a week) more is due than is paid. Ask "
                     "%4$s to look at it again.")
               : say(l,
                     "%1$s: by the rules %2$s a year (%3$s a week) more is due now than was paid "
                     "from %5$s, which is the last amount that we know. Look at your latest "
                     "letter. If you still get that amount, ask %4$s to look at it again.");
  return got->year_of == DAY_NONE
             ? say(l, "%1$s: %2$s a year (%3$s a week) more is paid than the rules come to by what "
                      "we know. Something that we do not know may make it right. If something has "
                      "changed, tell %4$s now, so that less has to be paid back. If you are not "
                      "sure, ask them.")
             : say(l, "%1$s: from %5$s %2$s a year (%3$s a week) more was paid than the rules come "
                      "to now by what we know. It may have changed since, and something that we do "
                      "not know may make it right. If you still get that amount, ask %4$s.");
}

/* By how much what is due and what is paid differ, a year and a week, and whom to ask. */
static enum status put_differences(struct view *v, const struct answering_page *p, int *count,
                                   struct error *err) {
  const struct request *r = p->r;
  const struct assessment *now = &p->s->now;
  enum status status = DONE;
  for (int i = 0; status == DONE && i < now->answer_count; i++) {
    const struct assess_answer *a = &now->answers[i];
    const struct answer_got *got = &p->got[i];
    const char *name = NULL, *year = written_value(r, doc_money(got->difference));
    if (got->differs != GOT_MORE_DUE && got->differs != GOT_MORE_PAID) continue;
    if (!a->is_exact) year = arena_printf(r->arena, say(r->language, "at least %s"), year);
    status = name_of(p, a, &name, err);
    ++*count;
    view_item_text(
        v, "differences",
        arena_printf(r->arena, difference_format(r, got), name, year,
                     written_value(r, doc_money(week_of(got->difference))),
                     assess_payer_words(r, a->what),
                     got->year_of == DAY_NONE ? "" : written_value(r, doc_day(got->year_of))));
  }
  return status;
}

/* What is got without a word of how much it is now: by name, once each. */
static const char *unknown_names(const struct answering_page *p) {
  const struct assessment *now = &p->s->now;
  struct text names = {0};
  const struct pack_entitlement *last = NULL;
  for (int i = 0; i < now->answer_count; i++) {
    const struct assess_answer *a = &now->answers[i];
    if (p->got[i].got != GOT_ALREADY || p->got[i].has_year || a->what == last ||
        a->what->per == PER_YEAR) /* paid once a year */
      continue;
    last = a->what;
    text_addf(&names, "%s%s", names.size ? ", " : "", last->name[p->r->language]);
  }
  return names.size ? text_take(p->r->arena, &names) : NULL;
}

static int put_unknown(struct view *v, const struct answering_page *p) {
  const char *names = unknown_names(p);
  if (names)
    view_item_text(v, "differences",
                   arena_printf(p->r->arena,
                                say(p->r->language, "How much is paid now is not known here of: "
                                                    "%s. Compare it with what is due."),
                                names));
  return names != NULL;
}

/* Nothing is left to claim; that nothing more is due is said only where that is known. */
static void put_nothing_new(struct view *v, const struct answering_page *p) {
  const enum language l = p->r->language;
  const bool helps = p->r->person != 0;
  bool whole = !unknown_names(p);
  for (int i = 0; i < p->s->now.answer_count; i++)
    whole &= p->got[i].differs != GOT_MORE_DUE && !p->got[i].claimed;
  view_item_text(v, "sentences",
                 whole ? helps ? say(l, "By what is known, nothing is due to them that they do not "
                                        "get.")
                               : say(l, "By what is known, nothing is due to you that you do not "
                                        "get.")
                       : say(l, "By what is known, there is nothing new to claim."));
}

static int put_claimed(struct view *v, const struct answering_page *p) {
  const struct assessment *now = &p->s->now;
  int count = 0;
  for (int i = 0; i < now->answer_count; i++) {
    const struct pack_entitlement *what = now->answers[i].what;
    if (!p->got[i].claimed || p->got[i].got == GOT_ALREADY) continue;
    view_item_text(v, "differences",
                   arena_printf(p->r->arena,
                                say(p->r->language, "%s is claimed already, and waits for an "
                                                    "answer."),
                                what->name[p->r->language]));
    count++;
  }
  return count;
}

/* What stands beside what is due: what differs, what is not known, and claims that wait. */
static enum status put_beside(struct view *v, const struct answering_page *p, struct error *err) {
  int count = 0;
  enum status status = put_differences(v, p, &count, err);
  count += put_unknown(v, p);
  count += put_claimed(v, p);
  view_flag(v, "has_differences", count > 0);
  return status;
}

static const struct table_head amount_heads[] = {
    {N_("What"), false}, {N_("A week"), true}, {N_("A year"), true}, {NULL, false}};

static void put_amount_row(struct view *table, const struct request *r, const char *name,
                           const char *week, const char *year) {
  struct view *row = view_row(table);
  view_cell(row, r, amount_heads, 0, name, NULL);
  view_cell(row, r, amount_heads, 1, week, NULL);
  view_cell(row, r, amount_heads, 2, year, NULL);
}

/* Of what is got: what is due and what is paid, both a week and a year. */
static void put_both(struct view *item, const struct answering_page *p,
                     const struct assess_answer *a, const struct answer_got *got) {
  const struct request *r = p->r;
  const enum language l = r->language;
  const bool less = got->differs == GOT_MORE_DUE;
  const char *least = a->is_exact ? NULL : say(l, "at least %s");
  view_flag(item, "has_both", got->got == GOT_ALREADY);
  if (got->got != GOT_ALREADY) return;
  struct view *table = view_table(item, "both", r, NULL, amount_heads, NULL);
  view_table_of_words(table);
  put_amount_row(table, r, say(l, "Due by the rules"), assess_amount_words(r, a, PER_WEEK),
                 assess_amount_words(r, a, PER_YEAR));
  if (!got->has_year) return;
  put_amount_row(table, r,
                 got->year_of == DAY_NONE ? say(l, "Paid now")
                                          : arena_printf(r->arena, say(l, "Paid from %s"),
                                                         written_value(r, doc_day(got->year_of))),
                 written_value(r, doc_money(week_of(got->a_year))),
                 written_value(r, doc_money(got->a_year)));
  if (!less && got->differs != GOT_MORE_PAID) return;
  const char *week = written_value(r, doc_money(week_of(got->difference)));
  const char *year = written_value(r, doc_money(got->difference));
  put_amount_row(table, r, less ? say(l, "Paid less than is due") : say(l, "Paid more than is due"),
                 least ? arena_printf(r->arena, least, week) : week,
                 least ? arena_printf(r->arena, least, year) : year);
}

static enum status put_sentences(struct view *v, const struct answering_page *p,
                                 struct error *err) {
  const struct assessment *a = &p->s->now;
  const enum language l = p->r->language;
  const bool helps = p->r->person != 0;
  int count = 0, more = 0;
  view_list(v, "sentences");
  view_list(v, "differences");
  if (assessing_is_open(a)) {
    view_item_text(v, "sentences",
                   say(l, "Before we know who belongs together we cannot say any amount."));
    view_flag(v, "has_differences", false);
    return DONE;
  }
  put_sum(v, p, GOT_NOT, false,
          helps ? say(l, "They may get %s a week that they do not get yet.")
                : say(l, "You may get %s a week that you do not get yet."),
          helps ? say(l, "They may get something that they do not get yet. How much is not known.")
                : say(l, "You may get something that you do not get yet. How much is not known."));
  put_sum(v, p, GOT_UNKNOWN, false,
          helps ? say(l, "They may be due %s a week. We do not know whether they get it already.")
                : say(l, "You may be due %s a week. We do not know whether you get it already."),
          helps ? say(l, "Something may be due to them. How much is not known yet.")
                : say(l, "Something may be due to you. How much is not known yet."));
  (void)sum_of(p, false, GOT_NOT, &count);
  (void)sum_of(p, false, GOT_UNKNOWN, &more);
  const bool barred = put_barred(v, p);
  if (!count && !more && !barred) put_nothing_new(v, p);
  put_unsaid(v, p);
  put_sum(v, p, GOT_NOT, true,
          helps ? say(l, "They must pay %s a week.") : say(l, "You must pay %s a week."),
          helps ? say(l, "How much they must pay is not known yet.")
                : say(l, "How much you must pay is not known yet."));
  return put_beside(v, p, err);
}

/* ---- by benefit ---- */

/* The one council that these accounts know; of several it is not said here which. */
static const struct body *only_council(const struct request *r) {
  const struct bodies *bodies = r->reference_data->bodies;
  const struct body *found = NULL;
  for (int i = 0; i < bodies->count; i++) {
    if (strcmp(bodies->all[i].kind, PACK_PAYER_COUNCIL) != 0) continue;
    if (found) return NULL;
    found = &bodies->all[i];
  }
  return found;
}

const char *assess_payer_words(const struct request *r, const struct pack_entitlement *what) {
  const struct body *body = strcmp(what->payer, PACK_PAYER_COUNCIL) == 0
                                ? only_council(r)
                                : bodies_by_code(r->reference_data->bodies, span_of(what->payer));
  for (int i = 0; i < r->pack->body_count; i++) {
    const struct pack_body *national = &r->pack->bodies[i];
    if (strcmp(national->id, what->payer) == 0)
      return pack_body_name(r->pack, national->id, body ? body->name : national->name, r->language);
  }
  if (body) return body_words(r, body);
  return say(r->language, "The council of the place");
}

static enum status put_needs(struct view *item, const struct answering_page *p,
                             const struct assess_need *needs, int count, struct error *err) {
  const struct request *r = p->r;
  view_list(item, "needs");
  for (int i = 0; i < count; i++) {
    const struct assess_need *need = &needs[i];
    const char *name = NULL, *code = NULL;
    struct view *one = view_item(item, "needs");
    const bool own = need->person == p->s->answers->person;
    enum status status = own ? DONE : assessing_name(r, need->person, &name, &code, err);
    if (status != DONE) return status;
    const bool relation = need->what->kind == TELL_PERSON || need->what->kind == TELL_PEOPLE;
    const bool asks = p->may_tell && (need->what->who & (r->person ? TELL_HELPER : TELL_SELF)) &&
                      (own || !relation);
    const char *path = own ? arena_printf(r->arena, "/ask/%s", need->what->variable)
                           : arena_printf(r->arena, "/ask/%s/of/%s", need->what->variable, code);
    view_text(one, "name", need->what->name[r->language]);
    view_text(one, "about", name);
    view_text(one, "href", asks ? request_path(r, path_of(r, path)) : NULL);
    view_text(one, "by_them",
              need->person == p->denied && relation ? arena_printf(r->arena, denied_format(r), name)
              : !asks && relation && !own
                  ? arena_printf(r->arena, say(r->language, "%s must say so too"), name)
                  : NULL);
  }
  return DONE;
}

/* What a claim changes a year, of everything that is got less everything that is paid. */
static const char *sides_words(const struct request *r, const struct assess_claiming *claim) {
  const enum language l = r->language;
  const double low = claim->with.low - claim->without.high;
  const double high = claim->with.high - claim->without.low;
  if (isinf(low) || isinf(high) || isnan(low) || isnan(high))
    return say(l, "How much more or less there would be with the claim is not known yet.");
  if (claim->with.is_exact && claim->without.is_exact)
    return arena_printf(r->arena,
                        low >= 0 ? say(l, "With this claim there would be %s a year more than "
                                          "without it, after everything that ends.")
                                 : say(l, "With this claim there would be %s a year less than "
                                          "without it, after everything that ends."),
                        pounds_words(r, fabs(low)));
  return arena_printf(r->arena,
                      say(l, "With this claim there would be from %s to %s a year more than "
                             "without it, after everything that ends."),
                      pounds_words(r, floor(low)), pounds_words(r, ceil(high)));
}

/* What a claim can cost, and whether there is a way to claim from here. */
void view_claiming(struct view *item, const struct request *r,
                   const struct assess_claiming *claim) {
  view_list(item, "warnings");
  view_text(item, "claim", claim && claim->may_claim ? claim->answer->what->claim : NULL);
  view_flag(item, "no_button",
            claim && !claim->may_claim && !claim->is_paid_now && claim->answer->what->claim);
  view_text(item, "sides", claim && claim->has_sides ? sides_words(r, claim) : NULL);
  for (int i = 0; claim && i < claim->warning_count; i++) {
    const struct assess_warning *w = &claim->warnings[i];
    struct view *one = view_item(item, "warnings");
    view_text(one, "says", w->applies ? w->row->says[r->language] : w->row->unknown[r->language]);
    view_text(one, "step", w->row->step[r->language]);
  }
}

static void put_year(struct view *item, const struct request *r, double year) {
  view_text(item, "a_week", written_value(r, doc_money(assess_pence_of(year / 52))));
  view_text(item, "a_year", written_value(r, doc_money(assess_pence_of(year))));
}

/* What is left of the bill after the reduction that is got, and beside it what the rules come to
 * where they differ. */
static const char *left_words(const struct request *r, const struct assess_answer *a,
                              const struct answer_got *off) {
  const double year = left_to_pay(a, off);
  const bool differs = off->differs == GOT_MORE_DUE || off->differs == GOT_MORE_PAID;
  const char *said = arena_printf(
      r->arena, say(r->language, "Billed %s a year, reduction now %s a year: %s a year to pay."),
      written_value(r, doc_money(assess_pence_of(assess_a_year(a->what, a->bill.low)))),
      written_value(r, doc_money(off->a_year)), written_value(r, doc_money(assess_pence_of(year))));
  if (!differs || a->is_open) return said;
  return arena_printf(r->arena, "%s %s", said,
                      arena_printf(r->arena,
                                   say(r->language, "With the reduction that is due by the rules "
                                                    "it would be %s a year to pay."),
                                   assess_amount_words(r, a, PER_YEAR)));
}

/* Of a whole bill: that it is one, and what would be left with the reduction. */
static const char *whole_bill_words(const struct request *r, const struct assess_answer *a) {
  const double year = assess_a_year(a->what, a->bill.low);
  if (!a->is_exact) return say(r->language, "This is the bill before any reduction.");
  if (assess_pence_of(assess_a_year(a->what, a->low)) == assess_pence_of(year)) return NULL;
  return arena_printf(r->arena,
                      say(r->language, "This is the bill before any reduction. With the "
                                       "reduction that is due %s a year would be left to pay."),
                      assess_amount_words(r, a, PER_YEAR));
}

/* A week and a year, and of what is to pay which reduction they count. */
static void put_amounts(struct view *item, const struct answering_page *p,
                        const struct assess_answer *a) {
  const struct request *r = p->r;
  const struct answer_got *off = taken_off(p, a);
  if (off) put_year(item, r, left_to_pay(a, off));
  else if (is_whole_bill(p, a)) put_year(item, r, assess_a_year(a->what, a->bill.low));
  else {
    view_text(item, "a_week", assess_amount_words(r, a, PER_WEEK));
    view_text(item, "a_year", assess_amount_words(r, a, PER_YEAR));
  }
  view_text(item, "reduced",
            off                   ? left_words(r, a, off)
            : is_whole_bill(p, a) ? whole_bill_words(r, a)
            : reduction_of(p, a->what)
                ? say(r->language, "This counts the reduction that is due by the rules. How much "
                                   "is taken off now is not known here: look at the bill.")
                : NULL);
}

static enum status put_answer(struct view *v, const char *list, const struct answering_page *p,
                              int at, struct error *err) {
  const struct request *r = p->r;
  const struct assess_answer *a = &p->s->now.answers[at];
  struct view *item = view_item(v, list);
  const struct answer_got *got = &p->got[at];
  const char *name = NULL, *code = NULL;
  enum status status = DONE;
  if (a->person && a->person != p->s->answers->person)
    status = assessing_name(r, a->person, &name, &code, err);
  put_both(item, p, a, got);
  view_flag(item, "is_payments", got->paid_last != DAY_NONE);
  view_flag(item, "is_old", got->year_of != DAY_NONE);
  view_text(item, "claimed", got->claimed);
  view_text(item, "claimed_at", got->claim_path);
  view_text(item, "name", a->what->name[r->language]);
  view_text(item, "whose", name);
  put_amounts(item, p, a);
  view_text(item, "payer", assess_payer_words(r, a->what));
  view_text(item, "now", got->words);
  view_flag(item, "is_sure", a->is_exact || taken_off(p, a));
  view_text(item, "unsaid", a->cannot ? a->what->unsaid[r->language] : NULL);
  view_flag(item, "within",
            a->what->within && got->got == GOT_ALREADY && (a->is_exact || got->has_year));
  view_flag(item, "would_lower", a->what->within && got->got != GOT_ALREADY);
  view_flag(item, "not_confirmed", p->s->now.unconfirmed && !p->denied);
  view_flag(item, "is_denied", p->s->now.unconfirmed && p->denied);
  view_flag(item, "has_why", !a->is_open);
  view_flag(item, "is_paid", a->what->is_paid);
  view_text(item, "why",
            request_path(r, path_of(r, arena_printf(r->arena, "/why/%s%s%s", a->what->variable,
                                                    code ? "/of/" : "", code ? code : ""))));
  const struct assess_claiming *claim = assess_claiming_of(p->claims, a);
  view_claiming(item, r, got->got == GOT_ALREADY || got->claimed ? NULL : claim);
  const bool here = claim && claim->may_claim && p->may_tell && got->got != GOT_ALREADY &&
                    !got->claimed && pack_find_claim(r->pack, a->what, p->born, p->s->now.on);
  view_text(item, "claim_here",
            here ? request_path(r, arena_printf(r->arena, "%s/claim?of=%s", request_base(r),
                                                a->what->variable))
                 : NULL);
  return status == DONE ? put_needs(item, p, a->needs, a->need_count, err) : status;
}

static enum status put_answers(struct view *v, const struct answering_page *p, struct error *err) {
  static const char *const lists[] = {"new", "have", "pay", "barred"};
  const struct assessment *now = &p->s->now;
  int nothing = 0, counts[4] = {0};
  view_list(v, "new");
  view_list(v, "have");
  view_list(v, "pay");
  view_list(v, "barred");
  view_list(v, "none");
  for (int i = 0; i < now->answer_count; i++) {
    const struct assess_answer *a = &now->answers[i];
    const enum got got = p->got[i].got;
    if (is_of_others(p, a)) continue;
    const struct year_range_of range = range_of(p, a);
    const bool is_known_bill = a->bill.is_exact && a->bill.low > 0 && reduction_of(p, a->what);
    if (range.is_exact && range.low == 0 && got != GOT_ALREADY && !is_known_bill) {
      if (!a->what->is_paid && !(i && now->answers[i - 1].what == a->what))
        view_item_text(v, "none", a->what->name[p->r->language]), nothing++;
      continue;
    }
    const int list = a->what->is_paid ? 2 : got == GOT_BARRED ? 3 : got == GOT_ALREADY;
    counts[list]++;
    if (put_answer(v, lists[list], p, i, err) != DONE) return err->code;
  }
  view_flag(v, "has_none", nothing > 0);
  view_flag(v, "has_new", counts[0] > 0);
  view_flag(v, "has_have", counts[1] > 0);
  view_flag(v, "has_pay", counts[2] > 0);
  view_flag(v, "has_barred", counts[3] > 0);
  return DONE;
}

/* ---- what was assumed: where it is asked for, since it takes longer than the page ---- */

const struct field entitlements_answer_fields[] = {
    {.name = "assumed",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = (const struct choice[]){{"yes", NULL}, {NULL, NULL}}},
    {.name = NULL}};

static const char *changes_words(const struct request *r, const struct assess_assumption *a) {
  struct text t = {0};
  for (int i = 0; i < a->change_count; i++)
    text_addf(&t, "%s%s", i ? ", " : "", a->changes[i]->name[r->language]);
  return text_take(r->arena, &t);
}

static enum status put_assumed(struct view *v, const struct answering_page *p, struct error *err) {
  const struct request *r = p->r;
  struct assess_assumptions assumed = {0};
  const bool is_asked = request_has(r, "assumed");
  const enum status status = is_asked ? assess_assumed(r->arena, &p->s->now, &assumed, err) : DONE;
  view_text(v, "ask_assumed",
            is_asked ? NULL : request_path(r, path_of(r, "/answer?assumed=yes#assumed")));
  view_flag(v, "is_left_out", assumed.is_left_out);
  view_list(v, "assumed");
  view_flag(v, "has_assumed", assumed.count > 0);
  for (int i = 0; status == DONE && i < assumed.count; i++) {
    const struct assess_assumption *a = &assumed.all[i];
    struct view *one = view_item(v, "assumed");
    const bool asks = p->may_tell && a->what &&
                      (a->what->who & (r->person ? TELL_HELPER : TELL_SELF));
    view_text(one, "name", a->row->name[r->language]);
    view_text(one, "taken", a->row->taken[r->language]);
    view_text(one, "why", a->row->why[r->language]);
    view_text(one, "changes", changes_words(r, a));
    view_text(one, "href",
              asks ? request_path(r,
                                  path_of(r, arena_printf(r->arena, "/ask/%s", a->what->variable)))
                   : NULL);
  }
  return status;
}

/* Who advises, where a claim has a warning. */
enum status view_advice(struct view *v, const struct request *r, const struct assess_request *q,
                        unsigned topics, struct error *err) {
  const struct pack_advice *const *rows = NULL;
  int count = 0;
  view_list(v, "advice");
  view_flag(v, "has_advice", topics != 0);
  if (!topics) return DONE;
  enum status status = assess_advice(r->arena, q, topics, &rows, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct view *one = view_item(v, "advice");
    view_text(one, "name", rows[i]->name[r->language]);
    view_text(one, "help", rows[i]->help[r->language]);
    view_text(one, "address", *rows[i]->address ? rows[i]->address : NULL);
    view_text(one, "telephone", *rows[i]->telephone ? rows[i]->telephone : NULL);
  }
  return status;
}

/* ---- the chart ---- */

/* Bars of a week: what is due beside what is to pay, of what is known to the penny. */
static void put_chart(struct view *v, const struct answering_page *p) {
  const struct request *r = p->r;
  const struct assessment *now = &p->s->now;
  const enum language l = r->language;
  const char *const series[] = {say(l, "A week")};
  struct text said = {0};
  int bars = 0;
  struct document *d = document_new(r->arena, l, "");
  for (int i = 0; i < now->answer_count; i++) {
    const struct assess_answer *a = &now->answers[i];
    const struct year_range_of range = range_of(p, a);
    if (!range.is_exact || range.low == 0 || is_of_others(p, a)) continue;
    const struct doc_value value = doc_money(assess_pence_of(range.low / 52));
    text_addf(&said, "%s%s: %s", bars++ ? "; " : "", a->what->name[l], written_value(r, value));
  }
  const char *alternative = text_take(r->arena, &said);
  view_flag(v, "has_chart", bars > 1);
  if (bars < 2) return;
  document_chart(d, CHART_BARS, say(l, "What is due and what is to pay, a week"), alternative,
                 series, 1);
  for (int i = 0; i < now->answer_count; i++) {
    const struct assess_answer *a = &now->answers[i];
    const struct year_range_of range = range_of(p, a);
    if (!range.is_exact || range.low == 0 || is_of_others(p, a)) continue;
    const struct doc_value value = doc_money(assess_pence_of(range.low / 52));
    document_chart_point(d,
                         a->what->is_paid
                             ? arena_printf(r->arena, say(l, "To pay: %s"), a->what->name[l])
                             : a->what->name[l],
                         &value);
  }
  document_chart_end(d);
  view_document(v, r, d, NULL);
}

/* ---- the page ---- */

/* Before it is known who belongs together the page shows no amount, a paid one neither. */
static const struct answer_got *unknown_of(const struct request *r, const struct assessment *now) {
  struct answer_got *all = arena_array(r->arena, struct answer_got, now->answer_count + 1);
  for (int i = 0; i < now->answer_count; i++) all[i].got = GOT_UNKNOWN;
  return all;
}

static enum status make_page(struct answering_page *p, struct view *v, struct error *err) {
  const struct assessment *now = &p->s->now;
  struct assess_claims *claims = arena_array(p->r->arena, struct assess_claims, 1);
  const bool open = assessing_is_open(now);
  day_t died;
  enum status status = register_life(p->r->store, p->s->answers->person, &p->born, &died, err);
  if (status == DONE && !open) status = assess_before_claiming(p->r->arena, now, claims, err);
  p->claims = claims;
  if (open) p->got = unknown_of(p->r, now);
  else if (status == DONE) status = assessing_got(p->r, p->s, claims, &p->got, err);
  if (status == DONE)
    status = register_partner_denied(p->r->store, p->r->arena, p->s->answers->person, now->on,
                                     &p->denied, &p->denied_fact, err);
  if (status == DONE) status = put_denied(v, p, err);
  if (status == DONE) status = put_unconfirmed(v, p, err);
  if (status != DONE) return status;
  status = put_sentences(v, p, err);
  if (status != DONE) return status;
  put_chart(v, p);
  view_flag(v, "is_open", open);
  view_flag(v, "is_wide", now->is_wide);
  status = put_answers(v, p, err);
  if (status == DONE) status = put_assumed(v, p, err);
  return status == DONE ? view_advice(v, p->r, p->s->request, assess_advice_topics(claims), err)
                        : status;
}

enum status page_entitlements_answer(struct request *r, struct reply *reply, struct error *err) {
  struct assessing s = {0};
  const struct assess_need *first = NULL;
  if (!assessing_can(r)) return reply_not_found(reply, r), DONE;
  enum status status = assessing_visit(r, &s, err);
  if (status != DONE) return status;
  if (!s.is_own) return reply_go(reply, r, path_of(r, "")), DONE;
  struct view *v = view_new(r->arena, r->language);
  struct answering_page p = {.r = r, .s = &s};
  status = assessing_may_tell(r, &p.may_tell, err);
  if (status != DONE) return status;
  status = make_page(&p, v, err);
  if (status != DONE) return status;
  int left = answering_left(r, s.answers, &s.now, &first);
  if (!left && assessing_before_claim(r, &s, p.claims)) left = 1;
  view_text(v, "left",
            left ? arena_printf(r->arena,
                                say_count(r->language, "%s question is not answered yet.",
                                          "%s questions are not answered yet.", left),
                                written_value(r, doc_count(left)))
                 : NULL);
  view_flag(v, "is_helper", r->person != 0);
  view_flag(v, "has_open", s.answers->count > 0 && p.may_tell);
  view_text(v, "next", p.may_tell ? request_path(r, path_of(r, "/next")) : NULL);
  view_text(v, "again", request_path(r, path_of(r, "/again")));
  view_text(v, "back", request_path(r, path_of(r, "")));
  view_text(v, "what_if", request_path(r, path_of(r, "/what-if")));
  view_form_rights(v, r);
  view_day(v, "on", s.now.on);
  reply_page(reply, r, "entitlements-answer",
             r->person ? say(r->language, "The answer: what they may get and must pay")
                       : say(r->language, "The answer: what you may get and must pay"),
             v);
  return DONE;
}
