/* How one amount was worked out: the values behind it in words, each with its law. */
#include "assess/why.h"
#include "web/pages/assessing.h"

#include "register/register.h"

static const char *path_of(const struct request *r, const char *rest) {
  return arena_printf(r->arena, "%s/entitlements%s", request_base(r), rest);
}

/* Whose amount the path means: the person of its name, else the visitor's or the household's. */
static enum status find_answer(const struct request *r, const struct assessing *s,
                               const struct assess_answer **out, bool *known, struct error *err) {
  struct error unknown = {0};
  int64_t whose = 0;
  *out = NULL;
  *known = pack_find_entitlement(r->pack, request_text(r, "variable")) != NULL;
  if (route_has_name(r->route, "whose")) {
    const struct span code = request_text(r, "whose");
    enum status status = register_find_person(r->store, arena_copy(r->arena, code.bytes, code.size),
                                              &whose, &unknown);
    if (status == FAILED) return *err = unknown, status;
    *known &= !memchr(code.bytes, ':', code.size); /* a reference, and no other number of theirs */
    *known &= status == DONE && assessing_has(&s->now, whose) && whose != s->answers->person;
  }
  if (!*known) return DONE;
  for (int i = 0; i < s->now.answer_count; i++) {
    const struct assess_answer *a = &s->now.answers[i];
    const bool own = !a->person || a->person == s->answers->person;
    if (span_is(request_text(r, "variable"), a->what->variable) &&
        (whose ? a->person == whose : own))
      *out = a;
  }
  return DONE;
}

enum status view_why_lines(struct view *v, const struct request *r, const struct assessment *now,
                           const struct assess_answer *a, const char *const *names,
                           struct error *err) {
  const struct explain_line *lines = NULL;
  int count = 0;
  enum status status = assess_why(r->arena, now, a, names, &lines, &count, err);
  view_list(v, "lines");
  for (int i = 1; status == DONE && i < count; i++) {
    struct view *line = view_item(v, "lines");
    view_text(line, "name", lines[i].name);
    view_text(line, "words", lines[i].words);
    view_text(line, "law", lines[i].law);
    view_text(line, "address", lines[i].address);
    view_flag(line, "is_given", lines[i].is_given);
    view_flag(line, "is_deep", lines[i].depth > 1);
    view_flag(line, "is_deeper", lines[i].depth > 2);
  }
  view_text(v, "law", count ? lines[0].law : NULL);
  view_text(v, "law_address", count ? lines[0].address : NULL);
  view_flag(v, "is_welsh", r->language == WELSH);
  return status;
}

static enum status put_lines(struct view *v, const struct request *r, const struct assessing *s,
                             const struct assess_answer *a, struct error *err) {
  const char **names = arena_array(r->arena, const char *, s->now.unit_count + 1), *code;
  enum status status = DONE;
  for (int i = 0; status == DONE && i < s->now.unit_count; i++)
    status = assessing_name(r, s->now.unit[i], &names[i], &code, err);
  return status == DONE ? view_why_lines(v, r, &s->now, a, names, err) : status;
}

enum status page_entitlements_why(struct request *r, struct reply *reply, struct error *err) {
  struct assessing s = {0};
  const struct assess_answer *a = NULL;
  bool known = false;
  const char *name = NULL, *code = NULL;
  if (!assessing_can(r)) return reply_not_found(reply, r), DONE;
  enum status status = assessing_visit(r, &s, err);
  if (status == DONE && s.is_own) status = find_answer(r, &s, &a, &known, err);
  if (status != DONE) return status;
  if (!known) return reply_not_found(reply, r), DONE;
  if (!a || a->is_open) return reply_go(reply, r, path_of(r, "/answer")), DONE;
  struct view *v = view_new(r->arena, r->language);
  status = put_lines(v, r, &s, a, err);
  if (status == DONE && a->person && a->person != s.answers->person)
    status = assessing_name(r, a->person, &name, &code, err);
  if (status != DONE) return status;
  view_text(v, "name", a->what->name[r->language]);
  view_text(v, "whose", name);
  view_text(v, "a_week", assess_amount_words(r, a, PER_WEEK));
  view_text(v, "a_year", assess_amount_words(r, a, PER_YEAR));
  view_flag(v, "by_year", a->what->per == PER_YEAR);
  view_flag(v, "is_sure", a->is_exact);
  view_day(v, "on", s.now.on);
  view_text(v, "back", request_path(r, path_of(r, "/answer")));
  reply_page(reply, r, "entitlements-why",
             arena_printf(r->arena, say(r->language, "How %s was worked out"),
                          a->what->name[r->language]),
             v);
  return DONE;
}
