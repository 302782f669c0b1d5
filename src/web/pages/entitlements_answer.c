/* What the household may get and must pay: a sentence, then by benefit, with what is not known. */
#include "web/pages/assessing.h"

#include <math.h>

static const char *path_of(const struct request *r, const char *rest) {
  return arena_printf(r->arena, "%s/entitlements%s", request_base(r), rest);
}

/* ---- the sentence ---- */

/* A year in pounds of what is got, or paid. What lowers another row is left out. */
static struct year_range_of sum_of(const struct assessment *a, bool paid) {
  struct year_range_of sum = {0, 0, true};
  for (int i = 0; i < a->answer_count; i++) {
    const struct assess_answer *one = &a->answers[i];
    const struct year_range_of range = assess_year_range(one);
    if (one->what->is_paid != paid || one->what->within) continue;
    sum.low += range.low;
    sum.high += range.high;
    sum.is_exact &= range.is_exact;
  }
  return sum;
}

static const char *pounds_words(const struct request *r, double pounds) {
  return written_value(r, doc_pounds((int64_t)llround(pounds) * 100));
}

static const char *sum_words(const struct request *r, const struct year_range_of *s) {
  const enum language l = r->language;
  const char *low = pounds_words(r, floor(s->low / 52));
  if (s->is_exact) return arena_printf(r->arena, say(l, "about %s"), pounds_words(r, s->low / 52));
  if (isinf(s->high)) return arena_printf(r->arena, say(l, "%s or more"), low);
  return arena_printf(r->arena, say(l, "from %s to %s"), low, pounds_words(r, ceil(s->high / 52)));
}

/* Nothing can be said of a sum that is from nothing to any amount. */
static bool says_nothing(const struct year_range_of *s) { return s->low < 1 && isinf(s->high); }

static const char *get_words(const struct request *r, const struct year_range_of *got) {
  const enum language l = r->language;
  const bool helps = r->person != 0;
  if (got->is_exact && got->low == 0)
    return helps ? say(l, "By what is known, they get none of these benefits.")
                 : say(l, "By what is known, you get none of these benefits.");
  if (says_nothing(got))
    return helps ? say(l, "How much they may get is not known yet.")
                 : say(l, "How much you may get is not known yet.");
  return arena_printf(r->arena,
                      helps ? say(l, "They may get %s a week.") : say(l, "You may get %s a week."),
                      sum_words(r, got));
}

static const char *pay_words(const struct request *r, const struct year_range_of *paid) {
  const enum language l = r->language;
  const bool helps = r->person != 0;
  if (paid->is_exact && paid->low == 0) return NULL;
  if (says_nothing(paid))
    return helps ? say(l, "How much they must pay is not known yet.")
                 : say(l, "How much you must pay is not known yet.");
  return arena_printf(r->arena,
                      helps ? say(l, "They must pay %s a week.")
                            : say(l, "You must pay %s a week."),
                      sum_words(r, paid));
}

static void put_sentence(struct view *v, const struct request *r, const struct assessment *a) {
  const struct year_range_of got = sum_of(a, false), paid = sum_of(a, true);
  const bool open = a->answer_count && a->answers[0].is_open;
  view_text(v, "sentence",
            open ? say(r->language, "Before we know who belongs together we cannot say any amount.")
                 : get_words(r, &got));
  view_text(v, "sentence_paid", open ? NULL : pay_words(r, &paid));
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

static const char *payer_words(const struct request *r, const struct pack_entitlement *what) {
  const struct body *body = strcmp(what->payer, PACK_PAYER_COUNCIL) == 0
                                ? only_council(r)
                                : bodies_by_code(r->reference_data->bodies, span_of(what->payer));
  if (body) return body->name;
  for (int i = 0; i < r->pack->body_count; i++)
    if (strcmp(r->pack->bodies[i].id, what->payer) == 0) return r->pack->bodies[i].name;
  return say(r->language, "The council of the place");
}

static enum status put_needs(struct view *item, const struct request *r, const struct assessing *s,
                             const struct assess_answer *a, struct error *err) {
  view_list(item, "needs");
  for (int i = 0; i < a->need_count; i++) {
    const struct assess_need *need = &a->needs[i];
    const char *name = NULL, *code = NULL;
    struct view *one = view_item(item, "needs");
    const bool own = need->person == s->answers->person;
    enum status status = own ? DONE : assessing_name(r, need->person, &name, &code, err);
    if (status != DONE) return status;
    view_text(one, "name", need->what->name[r->language]);
    view_text(one, "about", name);
    const bool asks = need->what->who & (r->person ? TELL_HELPER : TELL_SELF);
    view_text(one, "href",
              !asks ? NULL
                    : request_path(r, path_of(r, own ? arena_printf(r->arena, "/ask/%s",
                                                                    need->what->variable)
                                                     : arena_printf(r->arena, "/ask/%s/of/%s",
                                                                    need->what->variable, code))));
  }
  return DONE;
}

static enum status put_answer(struct view *v, const char *list, const struct request *r,
                              const struct assessing *s, const struct assess_answer *a,
                              struct error *err) {
  struct view *item = view_item(v, list);
  const char *name = NULL, *code = NULL;
  enum status status = DONE;
  if (a->person && a->person != s->answers->person)
    status = assessing_name(r, a->person, &name, &code, err);
  view_text(item, "name", a->what->name[r->language]);
  view_text(item, "whose", name);
  view_text(item, "a_week", assess_amount_words(r, a, PER_WEEK));
  view_text(item, "a_year", assess_amount_words(r, a, PER_YEAR));
  view_text(item, "payer", payer_words(r, a->what));
  view_text(item, "claim", a->what->claim);
  view_flag(item, "is_sure", a->is_exact);
  view_flag(item, "within", a->what->within);
  return status == DONE ? put_needs(item, r, s, a, err) : status;
}

static enum status put_answers(struct view *v, const struct request *r, const struct assessing *s,
                               struct error *err) {
  static const char *const lists[] = {"get", "pay"};
  int nothing = 0;
  view_list(v, "get");
  view_list(v, "pay");
  view_list(v, "none");
  for (int i = 0; i < s->now.answer_count; i++) {
    const struct assess_answer *a = &s->now.answers[i];
    if (a->is_exact && a->low == 0) {
      if (!a->what->is_paid) view_item_text(v, "none", a->what->name[r->language]), nothing++;
      continue;
    }
    if (put_answer(v, lists[a->what->is_paid], r, s, a, err) != DONE) return err->code;
  }
  view_flag(v, "has_none", nothing > 0);
  return DONE;
}

enum status page_entitlements_answer(struct request *r, struct reply *reply, struct error *err) {
  struct assessing s = {0};
  const struct assess_need *first = NULL;
  if (!assessing_can(r)) return reply_not_found(reply, r), DONE;
  enum status status = request_note_help(r, "assessment", err);
  if (status == DONE) status = assessing_read(r, &s, err);
  if (status != DONE) return status;
  if (!s.is_own) return reply_go(reply, r, path_of(r, "")), DONE;
  struct view *v = view_new(r->arena, r->language);
  put_sentence(v, r, &s.now);
  status = put_answers(v, r, &s, err);
  if (status != DONE) return status;
  const int left = answering_left(r, s.answers, &s.now, &first);
  view_text(v, "left",
            left ? arena_printf(r->arena,
                                say_count(r->language, "%s question is not answered yet.",
                                          "%s questions are not answered yet.", left),
                                written_value(r, doc_count(left)))
                 : NULL);
  view_flag(v, "is_helper", r->person != 0);
  view_flag(v, "has_open", s.now.question_count > left);
  view_text(v, "next", request_path(r, path_of(r, "/next")));
  view_text(v, "again", request_path(r, path_of(r, "/again")));
  view_text(v, "back", request_path(r, path_of(r, "")));
  view_form_rights(v, r);
  view_day(v, "on", s.now.on);
  reply_page(reply, r, "entitlements-answer",
             r->person ? say(r->language, "What they may get and must pay")
                       : say(r->language, "What you may get and must pay"),
             v);
  return DONE;
}
