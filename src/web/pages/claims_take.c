/* An officer takes a claim of somebody who is with them: what can be claimed, and one claim with
 * what goes along as far as the officer's organisation decides it. */
#include "web/pages/assessing.h"
#include "web/pages/awards.h"
#include "web/pages/cases.h"
#include "web/pages/claims.h"
#include "web/pages/facts.h"

#include "award/assessed.h"
#include "award/claim.h"
#include "base/refusal.h"
#include "register/names.h"
#include "register/near.h"
#include "register/register.h"

static const char *path_of(const struct request *r, const char *rest) {
  return arena_printf(r->arena, "/people/" SPAN_FORMAT "%s", SPAN(request_text(r, "person")), rest);
}

/* What it costs but for public funds, of which everybody is warned the same (claim_funds). */
static struct assess_claiming without_funds(const struct request *r,
                                            const struct assess_claiming *claim) {
  struct assess_claiming out = *claim;
  struct assess_warning *all = arena_array(r->arena, struct assess_warning,
                                           claim->warning_count + 1);
  out.warning_count = 0;
  for (int i = 0; i < claim->warning_count; i++)
    if (claim->warnings[i].row->harm != HARM_NO_PUBLIC_FUNDS)
      all[out.warning_count++] = claim->warnings[i];
  out.warnings = all;
  return out;
}

/* What the rules come to, and what a claim can cost, of what the officer's organisation decides. */
static enum status put_assessed(struct view *v, const struct request *r,
                                const struct pack_claim *row, struct error *err) {
  const struct award_call call = claim_call_of(r);
  struct award_assessed a = {0};
  struct assess_claims claims = {0};
  int64_t person = 0;
  if (!assessing_can(r)) return DONE;
  enum status status = register_survivor(r->store, r->person, &person, err);
  if (status == DONE) status = award_assess(&call, person, row->what, day_today(), &a, err);
  if (status != DONE) return status;
  view_text(v, "amount", claim_comes_words(r, row->what, &a));
  status = assess_before_claiming(r->arena, a.of, &claims, err);
  for (int i = 0; status == DONE && row->pays && i < claims.count; i++)
    if (claims.all[i].answer == a.answer) {
      const struct assess_claiming shown = without_funds(r, &claims.all[i]);
      view_claiming(v, r, &shown);
    }
  view_flag(v, "is_barred", row->pays && a.is_without_funds);
  return status;
}

/* What the form and the page that checks it have in common: who decides it, what goes along from
 * the first day, and what it can cost. Everybody is warned of public funds in the same words, which
 * do not tell the person's status. */
static enum status put_claim(struct view *v, const struct request *r, const struct pack_claim *row,
                             day_t from, struct error *err) {
  const char *decides = NULL;
  const bool own = staff_pay(r, row->what);
  view_list(v, "warnings");
  enum status status = claim_decides_words(r, row, &decides, err);
  if (status == DONE && own) status = put_assessed(v, r, row, err);
  if (status == DONE)
    status = view_goes_along(v, r, row->what, from, own ? GOES_TO_DECIDER : GOES_TO_TELLER, err);
  if (status != DONE) return status;
  staff_view_reason(v, r);
  view_text(v, "name", row->what->name[r->language]);
  view_text(v, "decides", decides);
  view_text(v, "law", row->source);
  view_flag(v, "is_own", own);
  view_flag(v, "asks_funds", row->pays);
  return DONE;
}

static enum status show_claim(const struct request *r, struct reply *reply,
                              const struct pack_claim *row, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  enum status status = put_claim(v, r, row, day_today(), err);
  if (status != DONE) return status;
  view_text(v, "back_words", claim_back_words(r, row));
  view_claim_form(v, r, row, "claim-take", path_of(r, "/claim"),
                  say(r->language, "Check the claim"));
  view_text(v, "back", request_path(r, path_of(r, "/claim")));
  reply_page(reply, r, "claim-take",
             arena_printf(r->arena, say(r->language, "Take a claim: %s"),
                          row->what->name[r->language]),
             v);
  return DONE;
}

enum status note_claims_of(struct request *r, struct reply *reply, struct error *err) {
  if (!staff_has_reason(r, reply)) return DONE;
  enum status status = staff_note_access(r, "claims", err);
  return status == DONE ? assessing_note_partner(r, "claims", r->visitor.reason, err) : status;
}

/* REFUSED: whoever is near to them takes no claim of theirs, so they do not read the page. */
static enum status check_not_near(const struct request *r, struct error *err) {
  bool near = false;
  enum status status = register_is_near(r->store, r->arena, r->visitor.person, r->person,
                                        day_today(), &near, err);
  return near ? refuse_at(err, "", FACT_OWN_RECORD) : status;
}

/* The row by which the person claims what was asked for; null: it is no claim of theirs. */
static enum status find_row(const struct request *r, struct span of, const struct pack_claim **out,
                            struct error *err) {
  day_t born = DAY_NONE;
  enum status status = claimant_born(r, &born, err);
  *out = status == DONE ? claim_row_for(r, pack_find_entitlement(r->pack, of), born) : NULL;
  return status;
}

enum status page_claim_of(struct request *r, struct reply *reply, struct error *err) {
  const struct span of = r->given ? r->given[0] : request_text(r, "of");
  const struct pack_claim *row = NULL;
  bool own = false;
  if (!staff_has_reason(r, reply)) return DONE;
  if (register_same_person(r->store, r->person, r->visitor.person, &own, err) != DONE)
    return err->code;
  if (own && !r->given) return reply_go(reply, r, "/claim"), DONE; /* as everybody for themself */
  if (check_not_near(r, err) != DONE || find_row(r, of, &row, err) != DONE) return err->code;
  if (row) return show_claim(r, reply, row, err);
  if (of.size && !r->given) return reply_not_found(reply, r), DONE;
  struct view *v = view_new(r->arena, r->language);
  if (view_claims(v, r, path_of(r, "/claim"), true, err) != DONE) return err->code;
  staff_view_reason(v, r);
  view_text(v, "back", request_path(r, path_of(r, "")));
  reply_page(reply, r, "claims-take", say(r->language, "Take a claim"), v);
  return DONE;
}

/* ---- before it is sent ---- */

static enum status nothing_more(void *context, struct error *err) {
  (void)context, (void)err;
  return DONE;
}

static enum status put_summary(struct view *v, const struct request *r,
                               const struct pack_claim *row, day_t from, struct error *err) {
  struct view *summary = view_object(v, "summary");
  const struct span words = request_text(r, "reason"), body = request_text(r, "body");
  const struct body *decider = body.size ? bodies_by_code(r->reference_data->bodies, body) : NULL;
  enum status status = view_whose(summary, r, r->person, err);
  if (status != DONE) return status;
  view_fact(summary, say(r->language, "What is claimed"), row->what->name[r->language]);
  view_fact(summary, say(r->language, "From which day"), written_value(r, doc_day(from)));
  if (decider) view_fact(summary, say(r->language, "Who decides it"), body_words(r, decider));
  if (words.size)
    view_fact(summary, say(r->language, "What they say about it"), kept_text(r, words));
  view_fact(summary, say(r->language, "Before it is sent"),
            say(r->language,
                "They said that what was told is right, and that it goes along with the claim."));
  return DONE;
}

/* What it would refuse is refused here, before anybody reads it through. */
static enum status show_check(struct request *r, struct reply *reply, const struct pack_claim *row,
                              struct error *err) {
  struct action_call call;
  const day_t given = request_day(r, "from"), from = given == DAY_NONE ? day_today() : given;
  enum status status = request_call(r, &call, err);
  if (status == DONE) status = action_try(call.action, &call, nothing_more, NULL, err);
  if (status == DONE) status = note_claims_of(r, reply, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  status = put_claim(v, r, row, from, err);
  if (status != DONE) return status;
  if (put_summary(v, r, row, from, err) != DONE) return err->code;
  view_form_sent(v, r, call.action->fields);
  view_text(v, "action", request_path(r, path_of(r, "/claim")));
  view_text(v, "back", request_path(r, path_of(r, "/claim")));
  reply_page(reply, r, "claim-check",
             arena_printf(r->arena, say(r->language, "Check the claim: %s"),
                          row->what->name[r->language]),
             v);
  return DONE;
}

enum status act_claim_of(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  const struct pack_claim *row = NULL;
  if (!staff_has_reason(r, reply)) return DONE;
  enum status status = find_row(r, request_text(r, "variable"), &row, err);
  if (status == DONE && row && span_is(request_text(r, "confirmed"), "change")) {
    status = note_claims_of(r, reply, err);
    return status == DONE ? show_claim(r, reply, row, err) : status;
  }
  if (status == DONE && row && !request_has(r, "confirmed")) return show_check(r, reply, row, err);
  if (status == DONE) status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "/inbox/%s?done=opened", action_answer_of(&call, "case")));
  return status;
}
