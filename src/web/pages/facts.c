/* What one has told: everything that is known of the visitor for taxes and benefits, by whom and
 * what for; and the forms to tell, correct and take back. */
#include "web/pages/assessing.h"
#include "web/pages/cases.h"

#include "register/facts.h"
#include "register/names.h"

static const struct choice facts_done[] = {
    {"told", NULL}, {"corrected", NULL}, {"withdrawn", NULL}, {NULL, NULL}};
const struct field facts_fields[] = {
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = facts_done},
    {.name = NULL}};

/* ---- words ---- */

static const char *day_words(const struct request *r, day_t day) {
  return written_value(r, doc_day(day));
}

static const char *body_words(const struct request *r, int64_t id) {
  const struct body *body = bodies_by_id(r->reference_data->bodies, id);
  return body ? body->name : "";
}

/* Who said it and when, in a sentence. */
static const char *teller_words(const struct request *r, const struct fact *f) {
  const char *day = day_words(r, clock_day_of(span_of(f->said_at)));
  const enum language l = r->language;
  switch (f->said_as) {
  case FACT_BY_SELF:
    return f->teller == r->visitor.person
               ? arena_printf(r->arena, say(l, "You, on %s"), day)
               : arena_printf(r->arena, say(l, "Somebody you live with, on %s"), day);
  case FACT_BY_HELPER:
    return f->teller == r->visitor.person
               ? arena_printf(r->arena, say(l, "%s, your helper, on %s"),
                              actor_words(r, f->said_by), day)
               : arena_printf(r->arena, say(l, "A helper of somebody you live with, on %s"), day);
  case FACT_BY_OFFICER:
    return arena_printf(r->arena, say(l, "%s, on %s"), body_words(r, f->body), day);
  case FACT_BY_BODY:
    return arena_printf(r->arena, say(l, "%s decided it, on %s"), body_words(r, f->body), day);
  case FACT_BY_OPERATOR:
  case FACT_SAYERS: break;
  }
  return arena_printf(r->arena, say(l, "Those who keep these accounts, on %s"), day);
}

static const char *purpose_words(const struct request *r, const struct pack_tellable *what) {
  struct text t = {0};
  for (int i = 0; i < what->purpose_count; i++)
    text_addf(&t, "%s%s", i ? ", " : "", what->purposes[i]->name[r->language]);
  return text_take(r->arena, &t);
}

const char *fact_value_words(const struct request *r, const struct fact *f) {
  struct text t = {0};
  struct register_name other = {0};
  struct error unknown = {0};
  if (f->other && register_name_of_party(r->store, r->arena, f->other, &other, &unknown) == DONE)
    text_add(&t, other.code ? other.code : "");
  else text_add_fact_value(&t, r->pack, f, r->language);
  return text_take(r->arena, &t);
}

/* Of an estimate: about so much. */
static const char *as_sure(const struct request *r, const struct fact *f, const char *value) {
  return f->source == FACT_ESTIMATED ? arena_printf(r->arena, say(r->language, "About %s"), value)
                                     : value;
}

static const char *fact_answer(const struct request *r, const struct fact *f) {
  return as_sure(r, f, fact_value_words(r, f));
}

/* An answer that was sent and is no fact yet. */
static const char *check_words(const struct request *r, const struct pack_tellable *what,
                               const struct fact *sent) {
  struct fact shown = *sent;
  struct text t = {0};
  shown.variable = what->variable;
  if (!shown.per && what->per_count) shown.per = what->per[0];
  text_add_fact_value(&t, r->pack, &shown, r->language);
  return as_sure(r, sent, text_take(r->arena, &t));
}

static const char *days_words(const struct request *r, const struct fact *f) {
  return f->to == DAY_NONE
             ? arena_printf(r->arena, say(r->language, "since %s"), day_words(r, f->from))
             : arena_printf(r->arena, say(r->language, "from %s to %s"), day_words(r, f->from),
                            day_words(r, f->to));
}

static bool changes(const struct request *r, const struct fact *f) {
  struct error why = {0};
  const struct fact_changer by = {.as = FACT_BY_SELF, .teller = r->visitor.person};
  return fact_may_change(r->store, f, &by, &why) == DONE;
}

/* Told by another of the home: one tells one's own answer beside it. */
static bool is_of_mate(const struct request *r, const struct fact *f) {
  return f->source != FACT_DECISION && !changes(r, f) &&
         (f->said_as == FACT_BY_SELF || f->said_as == FACT_BY_HELPER);
}

/* ---- everything that is known ---- */

static void add_known(struct view *v, const struct request *r, const struct pack_tellable *what,
                      const struct fact *f, const struct fact *differs) {
  struct view *item = view_item(v, "known");
  view_text(item, "name", what->name[r->language]);
  view_text(item, "value", fact_answer(r, f));
  view_text(item, "days", days_words(r, f));
  view_text(item, "teller", teller_words(r, f));
  view_text(item, "evidence", f->evidence);
  view_text(item, "purposes", purpose_words(r, what));
  view_day(item, "review", f->review_by);
  if (differs) {
    view_text(item, "other", fact_answer(r, differs));
    view_text(item, "other_teller", teller_words(r, differs));
  }
  view_text(item, "href",
            request_path(r, arena_printf(r->arena, "/facts/one/%lld", (long long)f->id)));
  view_flag(item, "changes", changes(r, f));
}

static void add_question(struct view *v, const char *list, const struct request *r,
                         const struct pack_tellable *what) {
  struct view *item = view_item(v, list);
  view_text(item, "name", what->name[r->language]);
  view_text(item, "href",
            request_path(r, arena_printf(r->arena, "/facts/tell/%s", what->variable)));
}

static void add_variable(struct view *v, const struct request *r, const struct facts *facts,
                         const struct pack_tellable *what) {
  const day_t today = day_today();
  const bool many = what->kind == TELL_PEOPLE;
  const struct fact **people = NULL;
  int count = 0;
  struct fact_known known = facts_known(facts, what->variable, today);
  if (many) facts_people(facts, r->arena, what->variable, today, &people, &count);
  for (int i = 0; i < count; i++) add_known(v, r, what, people[i], NULL);
  if (!many && known.fact) add_known(v, r, what, known.fact, known.differs);
  if (!(what->who & TELL_SELF)) return;
  if (known.past) add_question(v, "past", r, what);
  else if (many || !known.fact)
    add_question(v, what->of_household ? "of_home" : "of_person", r, what);
}

enum status page_facts(struct request *r, struct reply *reply, struct error *err) {
  struct facts facts = {0};
  struct view *v = view_new(r->arena, r->language);
  enum status status = facts_of_person(r->store, r->arena, r->visitor.person, day_today(), &facts,
                                       err);
  if (status != DONE) return status;
  view_list(v, "past");
  if (request_has(r, "done"))
    view_done(v, span_is(request_text(r, "done"), "told")
                     ? say(r->language, "We have recorded what you told us.")
                 : span_is(request_text(r, "done"), "corrected")
                     ? say(r->language, "It is corrected. What you told us before is kept.")
                     : say(r->language, "You have taken it back. We no longer use it."));
  for (int i = 0; i < r->pack->tellable_count; i++)
    add_variable(v, r, &facts, &r->pack->tellables[i]);
  bool past = false;
  for (int i = 0; i < r->pack->tellable_count; i++)
    past |= facts_known(&facts, r->pack->tellables[i].variable, day_today()).past != NULL;
  view_flag(v, "has_past", past);
  view_text(v, "entitlements", assessing_can(r) ? request_path(r, "/entitlements") : NULL);
  reply_page(reply, r, "facts", say(r->language, "What you have told us"), v);
  return DONE;
}

/* ---- the form ---- */

static const struct choice yes_or_no[] = {{"yes", N_("Yes")}, {"no", N_("No")}, {NULL, NULL}};
static const struct choice is_estimate[] = {{"yes", N_("This is an estimate")}, {NULL, NULL}};
enum { FORM_FIELDS = 6 };

/* The fields of fact-tell and fact-correct, asked as the pack asks them. */
static const struct field *question_fields(const struct request *r,
                                           const struct pack_tellable *what,
                                           const struct fact_form *how) {
  struct field *f = arena_array(r->arena, struct field, FORM_FIELDS);
  int n = 0;
  const char *hint = what->hint[r->language];
  f[n++] = (struct field){.name = "value",
                          .kind = what->kind == TELL_MONEY ? FIELD_MONEY
                                  : what->kind == TELL_YES_NO || what->kind == TELL_CHOICE
                                      ? FIELD_CHOICE
                                      : FIELD_TEXT,
                          .choices = what->kind == TELL_YES_NO ? yes_or_no : NULL,
                          .label = how->label ? how->label : what->question[r->language],
                          .hint = what->kind == TELL_DAY ? N_("Write it as 2026-03-31")
                                  : *hint && !how->label ? hint
                                                         : NULL};
  if (what->per_count > 1)
    f[n++] = (struct field){.name = "per", .kind = FIELD_CHOICE, .label = N_("How often")};
  if (how->days)
    f[n++] = (struct field){.name = "from",
                            .kind = FIELD_DAY,
                            .optional = true,
                            .past = true,
                            .label = N_("Since when?"),
                            .hint = N_("Leave it empty if it is so from today")};
  if (how->days)
    f[n++] = (struct field){.name = "to",
                            .kind = FIELD_DAY,
                            .optional = true,
                            .label = N_("Until when?"),
                            .hint = N_("Leave it empty if it still is so")};
  if (what->kind == TELL_MONEY || what->kind == TELL_NUMBER || what->kind == TELL_HOURS)
    f[n++] = (struct field){.name = "estimated",
                            .kind = FIELD_CHOICES,
                            .optional = true,
                            .among = true,
                            .choices = is_estimate,
                            .label = N_("Are you sure?")};
  f[n].name = NULL;
  return f;
}

/* What was told, one value a field. */
static const struct value *values_of(const struct request *r, const struct field *fields,
                                     const struct pack_tellable *what, const struct fact *f) {
  struct value *all = arena_array(r->arena, struct value, FORM_FIELDS);
  for (int i = 0; fields[i].name; i++) {
    const char *name = fields[i].name, *text = NULL;
    if (strcmp(name, "per") == 0)
      text = tell_per_word(f ? f->per : what->per_count ? what->per[0] : PER_NONE);
    else if (f && strcmp(name, "value") == 0) text = f->other ? fact_answer(r, f) : f->value;
    else if (f && strcmp(name, "from") == 0)
      text = arena_string(r->arena, day_write(f->from, (char[11]){0}));
    else if (f && strcmp(name, "to") == 0 && f->to != DAY_NONE)
      text = arena_string(r->arena, day_write(f->to, (char[11]){0}));
    else if (f && strcmp(name, "estimated") == 0 && f->source == FACT_ESTIMATED) text = "yes";
    all[i] = (struct value){.name = name, .given = text && *text, .text = span_of(text)};
  }
  return all;
}

struct view *view_fact_form(struct view *v, const struct request *r,
                            const struct pack_tellable *what, const struct fact *f,
                            const struct fact_form *how) {
  const struct field *fields = question_fields(r, what, how);
  struct view *form = view_form_of(v, "form", r, fields, request_path(r, how->path), how->button,
                                   values_of(r, fields, what, f));
  if (what->kind == TELL_CHOICE)
    for (int i = 0; i < r->pack->tell_item_count; i++) {
      const struct tell_item *item = &r->pack->tell_items[i];
      if (strcmp(item->list, what->list) == 0)
        view_form_choice(form, "value", item->item, item->name[r->language], NULL);
    }
  for (int i = 0; what->per_count > 1 && i < what->per_count; i++)
    view_form_choice(form, "per", tell_per_word(what->per[i]),
                     say(r->language, per_choices[what->per[i] - PER_WEEK].label), NULL);
  return form;
}

static void add_form(struct view *v, const struct request *r, const struct pack_tellable *what,
                     const struct fact *f, const char *path) {
  const struct fact_form how = {path, say(r->language, "Save"), true, NULL};
  (void)view_fact_form(v, r, what, f, &how);
  view_text(v, "name", what->name[r->language]);
  view_text(v, "why", what->why[r->language]);
  view_text(v, "purposes", purpose_words(r, what));
  view_flag(v, "of_household", what->of_household);
}

enum status page_tell_fact(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  const struct pack_tellable *what = pack_find_tellable(r->pack, request_text(r, "variable"));
  struct view *v = view_new(r->arena, r->language);
  if (!what || !(what->who & TELL_SELF)) return reply_not_found(reply, r), DONE;
  add_form(v, r, what, NULL, arena_printf(r->arena, "/facts/tell/%s", what->variable));
  reply_page(reply, r, "facts-tell", what->name[r->language], v);
  return DONE;
}

/* ---- one fact ---- */

static const struct table_head history_heads[] = {{N_("Answer"), false},
                                                  {N_("When"), false},
                                                  {N_("Who told us"), false},
                                                  {N_("Since then"), false},
                                                  {NULL, false}};

/* Everything that was told of the variable, the newest first. */
static void add_history(struct view *v, const struct request *r, const struct facts *facts,
                        const char *variable) {
  struct view *table = view_table(v, "history", r, say(r->language, "Everything we were told"),
                                  history_heads, NULL);
  for (int i = facts->count - 1; i >= 0; i--) {
    const struct fact *f = &facts->all[i];
    if (strcmp(f->variable, variable) != 0) continue;
    struct view *row = view_row(table);
    view_cell(row, r, history_heads, 0,
              f->value ? fact_answer(r, f) : say(r->language, "Taken back"), NULL);
    view_cell(row, r, history_heads, 1, f->value ? days_words(r, f) : NULL, NULL);
    view_cell(row, r, history_heads, 2, teller_words(r, f), NULL);
    view_cell(row, r, history_heads, 3,
              !f->value          ? NULL
              : f->superseded_by ? say(r->language, "Corrected or taken back")
                                 : say(r->language, "Not changed"),
              NULL);
  }
}

/* Theirs as long as it is about them or about the home in which they live now. */
static enum status find_own(const struct request *r, struct facts *facts, const struct fact **out,
                            struct error *err) {
  const int64_t id = request_number(r, "fact");
  enum status status = facts_of_person(r->store, r->arena, r->visitor.person, day_today(), facts,
                                       err);
  *out = NULL;
  for (int i = 0; status == DONE && i < facts->count; i++)
    if (facts->all[i].id == id && facts->all[i].value) *out = &facts->all[i];
  return status;
}

enum status page_fact(struct request *r, struct reply *reply, struct error *err) {
  struct facts facts = {0};
  const struct fact *f = NULL;
  enum status status = find_own(r, &facts, &f, err);
  if (status != DONE) return status;
  const struct pack_tellable *what = f ? pack_find_tellable(r->pack, span_of(f->variable)) : NULL;
  if (!what) return reply_not_found(reply, r), DONE;
  struct view *v = view_new(r->arena, r->language);
  const char *path = arena_printf(r->arena, "/facts/one/%lld", (long long)f->id);
  view_text(v, "value", fact_answer(r, f));
  view_text(v, "days", days_words(r, f));
  view_text(v, "teller", teller_words(r, f));
  view_text(v, "name", what->name[r->language]);
  view_text(v, "purposes", purpose_words(r, what));
  if (!f->superseded_by && changes(r, f)) {
    add_form(v, r, what, f, path);
    view_text(v, "withdraw", request_path(r, arena_printf(r->arena, "%s/withdraw", path)));
  }
  view_flag(v, "is_old", f->superseded_by != 0);
  if (!f->superseded_by && is_of_mate(r, f) && what->who & TELL_SELF)
    view_text(v, "of_mate",
              request_path(r, arena_printf(r->arena, "/facts/tell/%s", what->variable)));
  else if (!f->superseded_by && !changes(r, f)) {
    struct case_page page;
    if (case_page_begin(r, false, &page, err) != DONE) return err->code;
    view_text(v, "wrong",
              case_about_path(r, &page, arena_printf(r->arena, "fact:%lld", (long long)f->id)));
  }
  add_history(v, r, &facts, f->variable);
  reply_page(reply, r, "facts-one", what->name[r->language], v);
  return DONE;
}

enum status page_withdraw_fact(struct request *r, struct reply *reply, struct error *err) {
  struct facts facts = {0};
  const struct fact *f = NULL;
  enum status status = find_own(r, &facts, &f, err);
  if (status != DONE) return status;
  const struct pack_tellable *what = f ? pack_find_tellable(r->pack, span_of(f->variable)) : NULL;
  if (!what || f->superseded_by || !changes(r, f)) return reply_not_found(reply, r), DONE;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "name", what->name[r->language]);
  view_text(v, "value", fact_answer(r, f));
  view_text(v, "days", days_words(r, f));
  view_form(v, "form", r, route_post("/facts/one/{fact}/withdraw"), NULL,
            say(r->language, "Take it back"), NULL);
  reply_page(reply, r, "facts-withdraw", say(r->language, "Take it back"), v);
  return DONE;
}

/* ---- what is sent ---- */

/* What was sent, as a fact, to be shown in the form again. */
static struct fact fact_sent(const struct request *r) {
  return (struct fact){.value = kept_text(r, request_text(r, "value")),
                       .per = tell_per_of(request_text(r, "per")),
                       .from = request_day(r, "from") == DAY_NONE ? day_today()
                                                                  : request_day(r, "from"),
                       .to = request_day(r, "to"),
                       .source = request_has(r, "estimated") ? FACT_ESTIMATED : FACT_TOLD};
}

/* The assessment after something was told, while it can still be taken back. */
struct looking {
  struct request *r;
  struct assessing *after;
};
static enum status look_after(void *context, struct error *err) {
  struct looking *l = context;
  return assessing_read(l->r, l->after, err);
}

/* What is missing to say what changes: who belongs together. */
static void put_missing(struct view *v, const struct assessing *s, const struct request *r) {
  view_list(v, "missing");
  for (int i = 0; i < s->now.question_count; i++)
    if (s->now.questions[i].person == s->answers->person)
      view_item_text(v, "missing", s->now.questions[i].what->name[r->language]);
}

/* Who pays or is paid what changes: an organisation once. */
static void put_payers(struct view *v, const struct request *r, const struct assess_comparison *c) {
  view_list(v, "payers");
  int some = 0;
  for (int i = 0; i < c->change_count; i++) {
    const struct assess_change *one = &c->changes[i];
    bool before = one->is_left_out || (one->is_exact && one->low == 0);
    for (int k = 0; k < i && !before; k++) {
      const struct assess_change *other = &c->changes[k];
      before = !other->is_left_out && !(other->is_exact && other->low == 0) &&
               strcmp(other->what->payer, one->what->payer) == 0;
    }
    if (before) continue;
    view_item_text(v, "payers", assess_payer_words(r, one->what));
    some++;
  }
  view_flag(v, "has_payers", some > 0);
}

static void put_changes(struct view *v, const struct request *r, const struct assessing *before,
                        const struct assessing *after) {
  struct assess_comparison c;
  const bool open = assessing_is_open(&after->now), was_open = assessing_is_open(&before->now);
  view_flag(v, "is_open", open);
  view_flag(v, "was_open", was_open && !open);
  put_missing(v, after, r);
  assess_compare_both(r->arena, &before->now, &after->now, &c);
  const int rows = open || was_open ? 0 : view_changes(v, r, after->answers->person, &c);
  view_flag(v, "has_changes", rows > 0);
  view_flag(v, "same", !open && !was_open && !rows);
  if (rows) put_payers(v, r, &c);
}

static void add_kept(struct view *v, const struct request *r, const char *name, const char *value) {
  struct view *item = view_item(v, "sent");
  view_text(item, "name", name);
  view_text(item, "value", value ? value : kept_text(r, request_text(r, name)));
}

/* Before it is told for good: what it changes, by benefit and a year. */
static enum status check_fact(struct request *r, struct reply *reply, const char *path,
                              const struct pack_tellable *what, struct error *err) {
  struct action_call call;
  struct assessing before = {0}, after = {0};
  struct looking looking = {r, &after};
  struct view *v = view_new(r->arena, r->language);
  enum status status = assessing_read(r, &before, err);
  if (status == DONE) status = request_call(r, &call, err);
  if (status == DONE) status = action_try(call.action, &call, look_after, &looking, err);
  if (status != DONE) return status;
  const struct fact told = fact_sent(r);
  view_text(v, "name", what->name[r->language]);
  view_text(v, "value",
            what->kind == TELL_PERSON || what->kind == TELL_PEOPLE ? told.value
                                                                   : check_words(r, what, &told));
  view_text(v, "days", days_words(r, &told));
  put_changes(v, r, &before, &after);
  view_text(v, "action", request_path(r, path));
  view_form_rights(v, r);
  view_list(v, "sent");
  add_kept(v, r, "value", NULL);
  if (request_has(r, "per")) add_kept(v, r, "per", NULL);
  if (request_has(r, "from")) add_kept(v, r, "from", NULL);
  if (request_has(r, "to")) add_kept(v, r, "to", NULL);
  if (request_has(r, "estimated")) add_kept(v, r, "estimated", "yes");
  view_text(v, "next", request_path(r, "/entitlements/next"));
  reply_page(reply, r, "facts-check", say(r->language, "Check what it changes"), v);
  return DONE;
}

/* Shows what it changes first, and tells it once it was confirmed. */
static enum status tell_or_check(struct request *r, struct reply *reply, const char *path,
                                 const struct pack_tellable *what, const char *done,
                                 struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  const bool back = span_is(request_text(r, "confirmed"), "change");
  if (!what) return reply_not_found(reply, r), DONE;
  if (!back && (request_has(r, "confirmed") || !assessing_can(r)))
    return request_act_and_go(r, reply, done, err);
  if (!back) return check_fact(r, reply, path, what, err);
  struct fact sent = fact_sent(r);
  add_form(v, r, what, &sent, path);
  reply_page(reply, r, "facts-tell", what->name[r->language], v);
  return DONE;
}

enum status act_tell_fact(struct request *r, struct reply *reply, struct error *err) {
  const struct pack_tellable *what = pack_find_tellable(r->pack, request_text(r, "variable"));
  const char *path = what ? arena_printf(r->arena, "/facts/tell/%s", what->variable) : "";
  return tell_or_check(r, reply, path, what, "/facts?done=told", err);
}

enum status act_correct_fact(struct request *r, struct reply *reply, struct error *err) {
  struct facts facts = {0};
  const struct fact *f = NULL;
  enum status status = find_own(r, &facts, &f, err);
  if (status != DONE) return status;
  const struct pack_tellable *what = f ? pack_find_tellable(r->pack, span_of(f->variable)) : NULL;
  const char *path = f ? arena_printf(r->arena, "/facts/one/%lld", (long long)f->id) : "";
  return tell_or_check(r, reply, path, what, "/facts?done=corrected", err);
}

enum status act_withdraw_fact(struct request *r, struct reply *reply, struct error *err) {
  return request_act_and_go(r, reply, "/facts?done=withdrawn", err);
}
