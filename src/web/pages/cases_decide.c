/* Before a decision: what somebody is asked about a request of theirs; and what the decision of a
 * claim comes to, which whoever decides sees before it is done. */
#include "web/pages/awards.h"
#include "web/pages/cases.h"

#include "action/awards.h"
#include "award/assessed.h"
#include "award/claim.h"

bool case_is_senders(const struct case_page *page, const struct case_file *file) {
  return !page->is_officer && case_is_theirs(&page->actor, file);
}

/* ---- what they are asked ---- */

bool case_asks_them(const struct case_page *page, const struct case_file *file) {
  const struct pack_case_move *moves[CASE_MOVES_MOST];
  if (!file->waits || !case_is_senders(page, file)) return false;
  const int count = case_moves_of(&page->actor, file, moves, CASE_MOVES_MOST);
  for (int i = 0; i < count; i++)
    if (moves[i]->by == CASE_BY_OPENER && moves[i]->to->waits) return true;
  return false;
}

const char *case_question(const struct case_page *page, const struct case_file *file) {
  const char *words = NULL;
  if (!case_asks_them(page, file)) return NULL;
  for (int i = 0; i < file->event_count; i++)
    if (strcmp(file->events[i].state, file->state_word) == 0 && *file->events[i].words)
      words = file->events[i].words;
  return words;
}

const char *case_waits_words(const struct request *r, const struct case_file *file) {
  bool is_decided = true;
  if (!file->waits || !file->kind) return NULL;
  for (int i = 0; i < file->kind->move_count; i++)
    if (file->kind->moves[i].from == file->state && file->kind->moves[i].by == CASE_BY_DECIDER)
      is_decided = false;
  return is_decided ? say(r->language, "The operator of the machine carries it out. Until that is "
                                       "done you can take your request back on this page.")
                    : file->kind->told_waits[r->language];
}

/* ---- what was done ---- */

const char *case_settled_words(const struct request *r, const struct case_file *file) {
  const struct case_event *last = file->event_count ? &file->events[file->event_count - 1] : NULL;
  if (!last || file->waits || !file->kind || claim_is(file) || case_taken_back(file)) return NULL;
  for (int i = 0; i < file->kind->move_count; i++) {
    const struct pack_case_move *move = &file->kind->moves[i];
    if (move->by == CASE_BY_PROGRAM && strcmp(move->word, last->what) == 0)
      return case_done_words(r,
                             span_of(arena_printf(r->arena, "%s:%s", file->kind_word, move->word)));
  }
  return NULL;
}

static const char *done_words(const struct request *r) {
  struct span done = request_text(r, "done");
  if (!done.size) return NULL;
  if (span_is(done, "opened")) return say(r->language, "It is sent.");
  if (span_is(done, "asked"))
    return say(r->language, "Nothing is done yet: it waits for a second person. What they decide "
                            "stands on this page: you find it again in Requests to answer.");
  if (span_is(done, "waits"))
    return say(r->language, "You have sent this already. It waits for its answer.");
  if (span_is(done, "early"))
    return say(r->language, "It still waits for its answer. You can complain once it is late.");
  if (span_is(done, "changed"))
    return say(r->language, "It was answered or taken back before you took it on.");
  if (span_is(done, "attached")) return say(r->language, "The file is added.");
  return case_done_words(r, done);
}

/* What waits is not done: its banner does not say so. */
void case_view_done(struct view *v, const struct request *r) {
  const char *text = r->route->method == GET ? done_words(r) : NULL;
  static const char *const undone[] = {"asked", "waits", "early", "changed"};
  bool is_done = true;
  if (!text) return;
  for (size_t i = 0; i < sizeof undone / sizeof *undone; i++)
    is_done &= !span_is(request_text(r, "done"), undone[i]);
  if (is_done) {
    view_done(v, text);
    return;
  }
  struct view *banner = view_object(v, "done");
  view_text(banner, "text", text);
  view_flag(banner, "is_success", false);
  view_text(banner, "link", NULL);
  view_text(banner, "link_text", NULL);
}

/* ---- what a decision comes to ---- */

const struct field case_confirmed_field = {
    .name = "confirmed",
    .kind = FIELD_CHOICE,
    .optional = true,
    .is_step = true,
    .choices = (const struct choice[]){{"yes", NULL}, {"change", NULL}, {NULL, NULL}}};

const struct field case_shown_field = {
    .name = "shown", .kind = FIELD_TEXT, .optional = true, .is_step = true, .most = 64};

/* Whose it is, and what the rules come to beside what was written. */
static enum status put_rules(struct view *summary, const struct request *r,
                             const struct case_file *file, struct error *err) {
  const struct award_call call = claim_call_of(r);
  const struct pack_entitlement *what = claim_of(r->pack, file);
  struct award_assessed assessed = {0};
  struct span *figures = arena_array(r->arena, struct span, CLAIM_FIGURES);
  enum status status = view_whose(summary, r, file->party, err);
  if (status != DONE) return status;
  status = claim_assess_all(&call, file, &assessed, figures, err);
  return view_comes_to(summary, r, what, status, &assessed, err);
}

static void put_sums(struct view *v, struct view *summary, const struct request *r,
                     const struct award_sums *sums) {
  view_fact(summary, say(r->language, "Amount"), claim_money_words(r, sums->pence, sums->per));
  view_fact(summary, say(r->language, "First day of the award"),
            written_value(r, doc_day(sums->from)));
  view_fact(summary, say(r->language, "Last day of the award"),
            sums->to == DAY_NONE ? say(r->language, "until further notice")
                                 : written_value(r, doc_day(sums->to)));
  view_fact(summary, say(r->language, "Paid at once, for days before today"),
            written_value(r, doc_money(sums->at_once)));
  for (int i = 0; i < sums->next_count; i++)
    view_fact(summary,
              arena_printf(r->arena, say(r->language, "To be paid on %s"),
                           written_value(r, doc_day(sums->next[i].due))),
              written_value(r, doc_money(sums->next[i].pence)));
  const struct span words = request_text(r, "words");
  view_fact(summary, say(r->language, "What they read"),
            words.size ? kept_text(r, words) : say(r->language, "You have written nothing."));
  view_text(v, "second",
            sums->is_large
                ? say(r->language, "It is so much that somebody else of the organisation must "
                                   "approve it before it is awarded.")
                : NULL);
}

enum status case_check_decision(const struct request *r, struct reply *reply,
                                const struct case_file *file, struct action_call *call,
                                const struct field *fields, bool *shown, struct error *err) {
  struct award_sums sums = {0};
  *shown = false;
  if (!claim_is(file) && !claim_is_dispute(file)) return DONE;
  enum status status = action_permit(call->action, call, err);
  if (status == DONE) status = award_sums_tried(call, file->party, &sums, err);
  if (status != DONE || !sums.award) return status;
  const char *digest = award_shown(r, &sums, 0, request_text(r, "words"));
  if (request_has(r, "confirmed") && span_is(request_text(r, "shown"), digest)) return DONE;
  struct view *v = view_new(r->arena, r->language), *summary = view_object(v, "summary");
  status = put_rules(summary, r, file, err);
  if (status != DONE) return status;
  const char *path = request_path(r, arena_printf(r->arena, "/inbox/%lld", (long long)file->id));
  const struct pack_entitlement *what = claim_of(r->pack, file);
  view_text(v, "back", path);
  view_text(v, "number", arena_printf(r->arena, "%lld", (long long)file->id));
  view_text(v, "name", what ? what->name[r->language] : "");
  put_sums(v, summary, r, &sums);
  view_shown(v, r, digest);
  view_text(v, "action", path);
  view_form_sent(v, r, fields);
  *shown = true;
  reply_page(reply, r, "case_check", say(r->language, "Check what you award"), v);
  return DONE;
}
