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
                      body ? body->name : "", written_value(r, doc_day(award->from)));
}

static const char *fact_words(const struct request *r, const struct pack_entitlement *what,
                              const struct fact *fact) {
  const enum language l = r->language;
  int64_t pence = 0;
  if (money_parse(span_of(fact->value), &pence, NULL) != DONE) return "";
  const char *amount = written_value(r, doc_money(pence));
  const char *per = got_per_word(r, fact->per);
  if (fact->source == FACT_DECISION)
    return arena_printf(r->arena, say(l, "%s %s, as %s decided, from %s"), amount, per,
                        assess_payer_words(r, what), written_value(r, doc_day(fact->from)));
  return arena_printf(r->arena, say(l, "%s %s, as we were told, from %s"), amount, per,
                      written_value(r, doc_day(fact->from)));
}

const char *got_payments_words(const struct request *r, const struct got_paid *paid) {
  return arena_printf(r->arena,
                      say(r->language, "%s was paid in the last 12 months, the last of it on %s"),
                      written_value(r, doc_money(paid->pence)),
                      written_value(r, doc_day(paid->last)));
}

static const char *now_words(const struct request *r, const struct assess_answer *a,
                             const struct got_now *now) {
  if (now->award) return award_words(r, now->award);
  if (now->told) return fact_words(r, a->what, now->told);
  if (now->by_payments) return got_payments_words(r, &now->paid);
  return r->person ? say(r->language, "They told that they get it")
                   : say(r->language, "You told us that you get it");
}

enum status assessing_got(const struct request *r, const struct assessing *s,
                          const struct assess_claims *claims, const struct answer_got **out,
                          struct error *err) {
  const struct got_request q = {r->store, r->pack, &s->now, claims};
  const struct got_now *now = NULL;
  struct answer_got *all = arena_array(r->arena, struct answer_got, s->now.answer_count + 1);
  enum status status = got_read(r->arena, &q, &now, err);
  for (int i = 0; status == DONE && i < s->now.answer_count; i++) {
    all[i] = (struct answer_got){.got = now[i].got, .paid_last = DAY_NONE};
    if (now[i].got != GOT_ALREADY) continue;
    all[i].words = now_words(r, &s->now.answers[i], &now[i]);
    if (now[i].by_payments) all[i].paid_last = now[i].paid.last;
  }
  *out = all;
  return status;
}
