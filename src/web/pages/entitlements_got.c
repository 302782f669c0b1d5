/* What is in payment now of what an assessment tells, in words (takeup/got.h). */
#include "base/money.h"
#include "register/facts.h"
#include "register/names.h"
#include "takeup/got.h"
#include "web/pages/assessing.h"

static const char *got_per_word(const struct request *r, enum tell_per per) {
  static const char *const words[TELL_PERS] = {N_("a year"), N_("a week"), N_("a month"),
                                               N_("a year")};
  return say(r->language, words[per]);
}

static const char *award_words(const struct request *r, const struct award *award) {
  const struct body *body = bodies_by_id(r->reference_data->bodies, award->body);
  return arena_printf(r->arena, say(r->language, "%s %s, paid by %s since %s"),
                      written_value(r, doc_money(award->pence)), got_per_word(r, award->per),
                      body ? body_words(r, body) : "", written_value(r, doc_day(award->from)));
}

static const char *fact_words(const struct request *r, const struct pack_entitlement *what,
                              const struct fact *fact) {
  const enum language l = r->language;
  int64_t pence = 0;
  if (money_parse(span_of(fact->value), &pence, NULL) != DONE) return "";
  const char *amount = written_value(r, doc_money(pence));
  const char *per = got_per_word(r, fact->per), *from = written_value(r, doc_day(fact->from));
  const struct body *body = bodies_by_id(r->reference_data->bodies, fact->body);
  if (fact->source == FACT_DECISION)
    return arena_printf(r->arena, say(l, "%s %s, as %s decided, from %s"), amount, per,
                        assess_payer_words(r, what), from);
  if (body)
    return arena_printf(r->arena, say(l, "%s %s, as %s told us, from %s"), amount, per,
                        body_words(r, body), from);
  return arena_printf(r->arena, say(l, "%s %s, as we were told, from %s"), amount, per, from);
}

/* Past so many days without a payment of a week or a month it is said that there was none. */
enum { DAYS_WITHOUT_PAYMENT = 35 };

static const char *payments_words(const struct request *r, const struct pack_entitlement *what,
                                  const struct got_paid *paid) {
  const enum language l = r->language;
  const bool since = what->per != PER_YEAR && paid->last + DAYS_WITHOUT_PAYMENT < day_today();
  const char *amount = written_value(r, doc_money(paid->pence));
  const char *first = written_value(r, doc_day(paid->first));
  const char *last = written_value(r, doc_day(paid->last));
  if (paid->first == paid->last)
    return arena_printf(r->arena,
                        since ? say(l, "%s was paid on %s. We know of no payment since.")
                              : say(l, "%s was paid on %s"),
                        amount, last);
  return arena_printf(r->arena,
                      since ? say(l, "%s was paid between %s and %s. We know of no payment since.")
                            : say(l, "%s was paid between %s and %s"),
                      amount, first, last);
}

const char *got_words(const struct request *r, const struct pack_entitlement *what,
                      const struct got_now *now) {
  if (now->got != GOT_ALREADY) return NULL;
  if (now->award) return award_words(r, now->award);
  if (now->told) return fact_words(r, what, now->told);
  if (now->by_payments) return payments_words(r, what, &now->paid);
  return r->person ? say(r->language, "They told that they get it")
                   : say(r->language, "You told us that you get it");
}

/* A claim of one's own has a page; that of a partner is theirs to open. */
static void take_claim(const struct request *r, const struct assessing *s,
                       const struct case_file *claim, struct answer_got *out) {
  if (!claim) return;
  out->claimed = claim_waits_words(r, claim);
  if (claim->party == s->answers->person) out->claim_path = claim_path_of(r, claim, false);
}

enum status assessing_got(const struct request *r, const struct assessing *s,
                          const struct assess_claims *claims, const struct answer_got **out,
                          struct error *err) {
  const struct got_request q = {r->store, r->pack, &s->now, claims};
  const struct got_now *now = NULL;
  struct answer_got *all = arena_array(r->arena, struct answer_got, s->now.answer_count + 1);
  enum status status = got_read(r->arena, &q, &now, err);
  for (int i = 0; status == DONE && i < s->now.answer_count; i++) {
    const struct assess_answer *a = &s->now.answers[i];
    all[i] = (struct answer_got){.got = now[i].got,
                                 .paid_last = DAY_NONE,
                                 .year_of = now[i].is_old ? now[i].told->from : DAY_NONE,
                                 .words = got_words(r, a->what, &now[i]),
                                 .has_year = now[i].got == GOT_ALREADY && now[i].has_year,
                                 .a_year = now[i].a_year};
    all[i].differs = got_differs(a, &now[i], &all[i].difference);
    take_claim(r, s, now[i].claim, &all[i]);
    if (now[i].got == GOT_ALREADY && now[i].by_payments) all[i].paid_last = now[i].paid.last;
  }
  *out = all;
  return status;
}
