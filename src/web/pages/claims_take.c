/* An officer takes a claim of somebody who is with them: what can be claimed, and one claim with
 * what goes along as far as the officer's organisation decides it. */
#include "web/pages/assessing.h"
#include "web/pages/cases.h"
#include "web/pages/claims.h"
#include "web/pages/facts.h"

#include "award/assessed.h"
#include "award/claim.h"
#include "register/names.h"
#include "register/register.h"

static const char *path_of(const struct request *r, const char *rest) {
  return arena_printf(r->arena, "/people/" SPAN_FORMAT "%s", SPAN(request_text(r, "person")), rest);
}

/* What the rules come to, and what a claim can cost, of what the officer's organisation decides. */
static enum status put_assessed(struct view *v, const struct request *r, int64_t person,
                                const struct pack_claim *row, struct error *err) {
  const struct award_call call = claim_call_of(r);
  struct award_assessed a = {0};
  struct assess_claims claims = {0};
  view_list(v, "warnings");
  if (!assessing_can(r)) return DONE;
  enum status status = award_assess(&call, person, row->what, day_today(), &a, err);
  if (status != DONE) return status;
  const char *words = claim_assessed_words(r, &a, row->what->per);
  view_text(v, "amount",
            words ? words
            : row->what->discretionary
                ? say(r->language, "No rule says how much: the organisation decides it.")
                : say(r->language, "What is known is not enough to say how "
                                   "much it is by the rules."));
  status = assess_before_claiming(r->arena, a.of, &claims, err);
  for (int i = 0; status == DONE && row->pays && i < claims.count; i++)
    if (claims.all[i].answer == a.answer) view_claiming(v, r, &claims.all[i]);
  view_flag(v, "is_barred", row->pays && a.is_without_funds);
  return status;
}

static enum status show_claim(const struct request *r, struct reply *reply,
                              const struct pack_claim *row, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  const char *decides = NULL, *name = row->what->name[r->language];
  const bool own = staff_pay(r, row->what);
  int64_t person = 0;
  enum status status = claim_decides_words(r, row, &decides, err);
  if (status == DONE) status = register_survivor(r->store, r->person, &person, err);
  if (status == DONE && own) status = put_assessed(v, r, person, row, err);
  if (status == DONE)
    status = view_goes_along(v, r, person, row->what, own ? GOES_TO_DECIDER : GOES_TO_TELLER, err);
  if (status != DONE) return status;
  staff_view_reason(v, r);
  view_text(v, "back_words", claim_back_words(r, row));
  view_text(v, "name", name);
  view_text(v, "decides", decides);
  view_text(v, "law", row->source);
  view_flag(v, "is_own", own);
  view_claim_form(v, r, row, "claim-take", path_of(r, "/claim"));
  view_text(v, "back", request_path(r, path_of(r, "/claim")));
  reply_page(reply, r, "claim-take",
             arena_printf(r->arena, say(r->language, "Take a claim: %s"), name), v);
  return DONE;
}

enum status note_claims_of(struct request *r, struct reply *reply, struct error *err) {
  if (!staff_has_reason(r, reply)) return DONE;
  enum status status = staff_note_access(r, "claims", err);
  return status == DONE ? assessing_note_partner(r, "claims", r->visitor.reason, err) : status;
}

enum status page_claim_of(struct request *r, struct reply *reply, struct error *err) {
  const struct span of = r->given ? r->given[0] : request_text(r, "of");
  day_t born = DAY_NONE;
  bool own = false;
  if (!staff_has_reason(r, reply)) return DONE;
  if (claimant_born(r, &born, err) != DONE ||
      register_same_person(r->store, r->person, r->visitor.person, &own, err) != DONE)
    return err->code;
  if (own) return reply_go(reply, r, "/claim"), DONE; /* as everybody claims for themself */
  const struct pack_claim *row = claim_row_for(r, pack_find_entitlement(r->pack, of), born);
  if (row) return show_claim(r, reply, row, err);
  if (of.size && !r->given) return reply_not_found(reply, r), DONE;
  struct view *v = view_new(r->arena, r->language);
  if (view_claims(v, r, path_of(r, "/claim"), err) != DONE) return err->code;
  staff_view_reason(v, r);
  view_text(v, "back", request_path(r, path_of(r, "")));
  reply_page(reply, r, "claims-take", say(r->language, "Take a claim"), v);
  return DONE;
}

enum status act_claim_of(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  if (!staff_has_reason(r, reply)) return DONE;
  enum status status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "/inbox/%s?done=opened", action_answer_of(&call, "case")));
  return status;
}
