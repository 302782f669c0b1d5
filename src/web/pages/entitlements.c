/* What you may get and must pay: the start page, and a question a page until nothing is left that
 * could change an amount. The answer is entitlements_answer.c. */
#include "web/pages/assessing.h"
#include "web/pages/facts.h"

#include "base/refusal.h"
#include "register/benefit_unit.h"
#include "register/facts.h"
#include "register/register.h"

static const char *path_of(const struct request *r, const char *rest) {
  return arena_printf(r->arena, "%s/entitlements%s", request_base(r), rest);
}

/* Where one goes that has no question left, or goes back from the first: who may only tell has no
 * page of what is known. */
static const char *start_path(const struct request *r, const struct answering *a,
                              const char *rest) {
  return a->sees ? path_of(r, rest) : request_base(r);
}

/* The page of a question. */
static const char *ask_path(const struct request *r, const struct answering *a,
                            const struct pack_tellable *what, const char *code, int64_t person) {
  return person == a->person
             ? path_of(r, arena_printf(r->arena, "/ask/%s", what->variable))
             : path_of(r, arena_printf(r->arena, "/ask/%s/of/%s", what->variable, code));
}

/* ---- the start page ---- */

static int count_known(const struct request *r, const struct facts *facts) {
  int known = 0;
  for (int i = 0; i < r->pack->tellable_count; i++) {
    const struct pack_tellable *what = &r->pack->tellables[i];
    const struct fact **people = NULL;
    int count = facts_known(facts, what->variable, day_today()).fact != NULL;
    if (what->kind == TELL_PEOPLE)
      facts_people(facts, r->arena, what->variable, day_today(), &people, &count);
    known += count;
  }
  return known;
}

static void put_known(struct view *v, const struct request *r, const struct facts *facts) {
  const int known = count_known(r, facts);
  const char *words =
      r->person ? say_count(r->language, "%s thing is known already of them and their home.",
                            "%s things are known already of them and their home.", known)
                : say_count(r->language, "%s thing is known already of you and your home.",
                            "%s things are known already of you and your home.", known);
  view_text(v, "known",
            known ? arena_printf(r->arena, words, written_value(r, doc_count(known))) : NULL);
}

static void put_left(struct view *v, const struct request *r, const struct assessing *s) {
  const struct assess_need *first;
  int left = answering_left(r, s->answers, &s->now, &first);
  if (!left) left = 1;
  const bool open = assessing_is_open(&s->now);
  view_text(v, "left",
            open ? say(r->language, "We begin with who belongs together. Then we can say how many "
                                    "questions there are.")
                 : arena_printf(r->arena,
                                say_count(r->language, "There is %s question to answer.",
                                          "There are %s questions to answer.", left),
                                written_value(r, doc_count(left))));
}

/* The first question, the one before a claim last; null: none is left. */
static enum status find_first(const struct request *r, const struct assessing *s,
                              const struct assess_need **first, struct error *err) {
  struct assess_claims claims = {0};
  if (answering_left(r, s->answers, &s->now, first) || assessing_is_open(&s->now)) return DONE;
  enum status status = assess_before_claiming(r->arena, &s->now, &claims, err);
  if (status == DONE) *first = assessing_before_claim(r, s, &claims);
  return status;
}

enum status page_entitlements(struct request *r, struct reply *reply, struct error *err) {
  struct assessing s = {0};
  struct facts facts = {0};
  const struct assess_need *first = NULL;
  if (!assessing_can(r)) return reply_not_found(reply, r), DONE;
  enum status status = assessing_visit(r, &s, err);
  if (status == DONE)
    status = facts_of_person(r->store, r->arena, s.answers->person, day_today(), &facts, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_flag(v, "is_own", s.is_own);
  view_flag(v, "is_helper", r->person != 0);
  put_known(v, r, &facts);
  put_left(v, r, &s);
  status = find_first(r, &s, &first, err);
  if (status != DONE) return status;
  bool may_tell = false;
  status = assessing_may_tell(r, &may_tell, err);
  if (status != DONE) return status;
  view_flag(v, "has_questions", first && may_tell);
  view_flag(v, "nothing_left", !first);
  view_text(v, "next", request_path(r, path_of(r, "/next")));
  view_text(v, "answer", request_path(r, path_of(r, "/answer")));
  view_text(v, "facts", r->person ? NULL : request_path(r, "/facts"));
  reply_page(reply, r, "entitlements",
             say(r->language, r->person ? N_("What they may get and must pay")
                                        : N_("What you may get and must pay")),
             v);
  return DONE;
}

/* ---- a question ---- */

/* The benefits that the answer can change, in their order, with commas. */
static const char *changes_words(const struct request *r, const struct assessment *now,
                                 const struct pack_tellable *what, int64_t person) {
  struct text t = {0};
  const struct pack_entitlement *last = NULL;
  for (int i = 0; i < now->answer_count; i++) {
    const struct assess_answer *a = &now->answers[i];
    for (int k = 0; k < a->need_count; k++)
      if (a->needs[k].what == what && a->needs[k].person == person && a->what != last) {
        last = a->what;
        text_addf(&t, "%s%s", t.size ? ", " : "", last->name[r->language]);
      }
  }
  return t.size ? text_take(r->arena, &t) : NULL;
}

struct question {
  const struct pack_tellable *what;
  int64_t person;
  const char *name, *code; /* of somebody else; null: oneself or the home */
};

/* What was answered before, to change it: in this session, else the fact that is known. */
static enum status known_answer(const struct request *r, const struct assessing *s,
                                const struct question *q, struct fact *out, bool *some,
                                const char **was, struct error *err) {
  const int at = answering_find(s->answers, q->what, q->person);
  struct facts facts = {0};
  *some = false;
  *was = NULL;
  if (q->what->kind == TELL_PEOPLE) return DONE;
  if (at < s->answers->count && s->answers->all[at].how == ASKED_SAID) {
    *out = (struct fact){.value = s->answers->all[at].value,
                         .per = tell_per_of(span_of(s->answers->all[at].per)),
                         .source = FACT_TOLD};
    return *some = true, DONE;
  }
  if (q->person != s->answers->person || !s->answers->sees) return DONE;
  enum status status = facts_of_person(r->store, r->arena, q->person, day_today(), &facts, err);
  const struct fact_known known = facts_known(&facts, q->what->variable, day_today());
  if (status == DONE && known.fact) *out = *known.fact, *some = true;
  if (status == DONE) *was = fact_was_words(r, q->what, known.past);
  return status;
}

/* The page of the question that was answered before this one; else the start page. */
static enum status back_path(const struct request *r, const struct assessing *s,
                             const struct question *q, const char **out, struct error *err) {
  const int at = answering_find(s->answers, q->what, q->person) - 1;
  const char *name = NULL, *code = NULL;
  *out = request_path(r, start_path(r, s->answers, ""));
  if (at < 0) return DONE;
  const struct asked *before = &s->answers->all[at];
  if (assessing_name(r, before->person, &name, &code, err) != DONE) return err->code;
  *out = request_path(r, ask_path(r, s->answers, before->what, code, before->person));
  return DONE;
}

static enum status show_question(struct request *r, struct reply *reply, const struct assessing *s,
                                 const struct question *q, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  struct fact known = {0};
  const struct assess_need *first;
  const char *back = NULL, *was = NULL;
  bool some = false;
  enum status status = known_answer(r, s, q, &known, &some, &was, err);
  if (status == DONE) status = back_path(r, s, q, &back, err);
  if (status != DONE) return status;
  const struct fact_form how = {.path = ask_path(r, s->answers, q->what, q->code, q->person),
                                .button = say(r->language, "Continue"),
                                .label = r->person ? say(r->language, "Their answer") : NULL};
  struct view *form = NULL;
  const bool relation = q->what->kind == TELL_PERSON || q->what->kind == TELL_PEOPLE;
  if (relation) status = view_relation_form(v, r, q->what, how.path, &form, err);
  else form = view_fact_form(v, r, q->what, some ? &known : NULL, &how);
  if (status != DONE) return status;
  view_flag(v, "has_errors", r->faults && r->faults->field);
  view_form_errors_above(v, form);
  const bool one = !r->person && !relation && q->what->per_count < 2 &&
                   q->what->kind != TELL_MONEY && q->what->kind != TELL_NUMBER &&
                   q->what->kind != TELL_HOURS;
  if (one) view_form_heading(form);
  const char *heading = r->person ? say(r->language, "A question to them")
                                  : q->what->name[r->language];
  view_text(v, "heading", one ? NULL : heading);
  view_text(v, "ask", r->person ? q->what->question[r->language] : NULL);
  view_text(v, "hint",
            r->person && *q->what->hint[r->language] ? q->what->hint[r->language] : NULL);
  view_text(v, "back", back);
  view_text(v, "about", q->name);
  view_text(v, "was", was);
  view_flag(v, "is_kept", q->person == s->answers->person);
  view_flag(v, "of_household", q->what->of_household);
  view_text(v, "why", q->what->why[r->language]);
  view_text(v, "changes", s->answers->sees ? changes_words(r, &s->now, q->what, q->person) : NULL);
  const int left = answering_left(r, s->answers, &s->now, &first);
  const char *words = say_count(r->language, "%s question left", "%s questions left", left);
  view_text(v, "left",
            left ? arena_printf(r->arena, words, written_value(r, doc_count(left))) : NULL);
  struct view *unsure = view_object(v, "unsure");
  view_form_rights(unsure, r);
  view_text(unsure, "action", request_path(r, path_of(r, "/unsure")));
  view_text(unsure, "variable", q->what->variable);
  view_text(unsure, "whose", q->code ? q->code : "");
  reply_page(reply, r, "entitlements-ask", r->person ? heading : q->what->question[r->language], v);
  return DONE;
}

enum status page_entitlements_next(struct request *r, struct reply *reply, struct error *err) {
  struct assessing s = {0};
  const struct assess_need *first = NULL;
  if (!assessing_can(r)) return reply_not_found(reply, r), DONE;
  enum status status = assessing_visit(r, &s, err);
  if (status != DONE) return status;
  if (!s.is_own) return reply_go(reply, r, start_path(r, s.answers, "")), DONE;
  status = find_first(r, &s, &first, err);
  if (status != DONE) return status;
  if (!first) return reply_go(reply, r, start_path(r, s.answers, "/answer")), DONE;
  struct question q = {.what = first->what, .person = first->person};
  if (q.person != s.answers->person) status = assessing_name(r, q.person, &q.name, &q.code, err);
  return status == DONE ? show_question(r, reply, &s, &q, err) : status;
}

/* The question of the path. *found false: there is none such for the visitor; whom it is about is
 * one of the household as far as the visitor may say who that is. */
static enum status find_question(const struct request *r, const struct assessing *s,
                                 struct span variable, struct span whose, struct question *out,
                                 bool *found, struct error *err) {
  struct error unknown = {0};
  out->what = pack_find_tellable(r->pack, variable);
  out->person = s->answers->person;
  *found = s->is_own && out->what && out->what->who & (r->person ? TELL_HELPER : TELL_SELF);
  if (!*found || !whose.size) return DONE;
  *found = false;
  if (out->what->of_household || out->what->of_unit || !s->answers->sees) return DONE;
  if (memchr(whose.bytes, ':', whose.size)) return DONE; /* no other number of theirs */
  enum status status = register_find_person(r->store, arena_copy(r->arena, whose.bytes, whose.size),
                                            &out->person, &unknown);
  if (status == FAILED) return *err = unknown, status;
  if (status != DONE) return DONE;
  *found = out->person != s->answers->person && assessing_has(&s->now, out->person);
  return *found ? assessing_name(r, out->person, &out->name, &out->code, err) : DONE;
}

static struct span whose_of(const struct request *r) {
  return route_has_name(r->route, "whose") ? request_text(r, "whose") : span_of("");
}

enum status page_entitlements_ask(struct request *r, struct reply *reply, struct error *err) {
  struct assessing s = {0};
  struct question q = {0};
  bool found = false;
  if (!assessing_can(r)) return reply_not_found(reply, r), DONE;
  enum status status = assessing_visit(r, &s, err);
  if (status == DONE)
    status = find_question(r, &s, request_text(r, "variable"), whose_of(r), &q, &found, err);
  if (status != DONE) return status;
  if (!found) return reply_not_found(reply, r), DONE;
  return show_question(r, reply, &s, &q, err);
}

/* ---- answers ---- */

/* Whether the form of the path is one that the visitor was shown. Of themself nothing needs to be
 * worked out for it. */
static enum status find_asked(const struct request *r, struct span variable, struct span whose,
                              struct assessing *s, struct question *q, bool *found,
                              struct error *err) {
  enum status status = DONE;
  if (whose.size) status = assessing_read(r, s, err);
  else {
    s->answers = arena_array(r->arena, struct answering, 1);
    s->is_own = true;
    status = answering_read(r, s->answers, err);
  }
  return status == DONE ? find_question(r, s, variable, whose, q, found, err) : status;
}

/* Of another adult nothing is recorded. */
static enum status keep_said(struct request *r, struct assessing *s, const struct question *q,
                             struct error *err) {
  struct action_call call;
  enum status status = request_call(r, &call, err);
  if (status != DONE) return status;
  const struct span value = request_text(r, "value"), per = request_text(r, "per");
  const struct fact_telling said = {
      .pack = r->pack, .what = q->what, .value = value, .per = per, .today = day_today()};
  const char *kept = NULL;
  if (fact_read_value(r->arena, &said, &kept, err) != DONE) return err->code;
  return answering_keep(r, s->answers,
                        (struct asked){q->what, q->person, ASKED_SAID, kept, kept_text(r, per)},
                        err);
}

static enum status tell_it(struct request *r, struct assessing *s, const struct question *q,
                           struct error *err) {
  struct action_call call;
  bool may = q->person == s->answers->person;
  enum status status = DONE;
  if (!may)
    status = register_may_tell_for(r->store, r->arena, s->answers->person, q->person, day_today(),
                                   &may, err);
  if (status != DONE) return status;
  if (!may) return keep_said(r, s, q, err);
  const bool relation = q->what->kind == TELL_PERSON || q->what->kind == TELL_PEOPLE;
  status = relation ? tell_relation(r, q->what, err) : request_act(r, &call, err);
  if (status != DONE) return status;
  return answering_keep(r, s->answers, (struct asked){q->what, q->person, ASKED_TOLD, "", ""}, err);
}

enum status act_entitlements_ask(struct request *r, struct reply *reply, struct error *err) {
  struct assessing s = {0};
  struct question q = {0};
  bool found = false;
  if (!assessing_can(r)) return reply_not_found(reply, r), DONE;
  enum status status = find_asked(r, request_text(r, "variable"), whose_of(r), &s, &q, &found, err);
  if (status == DONE && !found) return reply_not_found(reply, r), DONE;
  if (status == DONE) status = tell_it(r, &s, &q, err);
  if (status == DONE) reply_go(reply, r, path_of(r, "/next"));
  return status;
}

const struct field entitlements_unsure_fields[] = {
    {.name = "variable", .kind = FIELD_HIDDEN},
    {.name = "whose", .kind = FIELD_HIDDEN, .optional = true},
    {.name = NULL}};

enum status act_entitlements_unsure(struct request *r, struct reply *reply, struct error *err) {
  struct assessing s = {0};
  struct question q = {0};
  bool found = false;
  if (!assessing_can(r)) return reply_not_found(reply, r), DONE;
  enum status status = request_note_help(r, "assessment", err);
  if (status == DONE)
    status = find_asked(r, request_text(r, "variable"), request_text(r, "whose"), &s, &q, &found,
                        err);
  if (status == DONE && !found) return reply_not_found(reply, r), DONE;
  if (status == DONE)
    status = answering_keep(r, s.answers, (struct asked){q.what, q.person, ASKED_UNSURE, "", ""},
                            err);
  if (status == DONE) reply_go(reply, r, path_of(r, "/next"));
  return status;
}

/* What was passed over, and what was said of others, is asked again. */
enum status act_entitlements_again(struct request *r, struct reply *reply, struct error *err) {
  enum status status = request_note_help(r, "assessment", err);
  if (status == DONE) status = answering_forget(r, err);
  if (status == DONE) reply_go(reply, r, path_of(r, "/next"));
  return status;
}
