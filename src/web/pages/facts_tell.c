/* Telling, correcting and taking back what taxes and benefits need to know: the form, and, before
 * it is done for good, what it changes. */
#include "web/pages/assessing.h"
#include "web/pages/facts.h"

#include "base/money.h"

/* ---- words ---- */

/* An answer that was sent and is no fact yet. */
static const char *check_words(const struct request *r, const struct pack_tellable *what,
                               const struct fact *sent) {
  struct fact shown = *sent;
  struct text t = {0};
  const struct fact_telling telling = {.pack = r->pack,
                                       .what = what,
                                       .value = span_of(sent->value ? sent->value : ""),
                                       .per = span_of(tell_per_word(sent->per)),
                                       .today = day_today()};
  if (fact_read_value(r->arena, &telling, &shown.value, NULL) != DONE) shown.value = sent->value;
  shown.variable = what->variable;
  if (!shown.per && what->per_count) shown.per = what->per[0];
  text_add_fact_value(&t, r->pack, &shown, r->language);
  return fact_as_sure(r, sent, text_take(r->arena, &t));
}

/* ---- the form ---- */

static const struct choice yes_or_no[] = {{"yes", N_("Yes")}, {"no", N_("No")}, {NULL, NULL}};
static const struct choice how_choices[] = {
    {"wrong", N_("The answer was wrong from the start")},
    {"changed", N_("The answer was right, and then it changed")},
    {"day", N_("The answer is right, but not the day from which it holds")},
    {NULL, NULL}};
static const struct choice is_estimate[] = {{"yes", N_("This is an estimate")}, {NULL, NULL}};
enum { FORM_FIELDS = 11 };

/* What staff say besides: how it is known, what shows it, for which organisation. */
static int add_record_fields(const struct request *r, struct field *f, int n) {
  static const char *const names[] = {"source", "evidence", "body", NULL};
  const struct field *all = action_find(span_of("fact-record"))->fields;
  for (int i = 0; names[i]; i++) {
    if (strcmp(names[i], "body") == 0 && r->visitor.body_count < 2) continue;
    for (const struct field *at = all; at->name; at++)
      if (strcmp(at->name, names[i]) == 0) f[n++] = *at;
  }
  if (r->visitor.body_count > 1) {
    f[n - 1].kind = FIELD_CHOICE;
    f[n - 1].optional = false;
    f[n - 1].label = N_("For which organisation?");
  }
  f[n++] = (struct field){.name = "fact", .kind = FIELD_HIDDEN, .optional = true};
  return n;
}

const struct field *fact_fields(const struct request *r, const struct field *fields,
                                const struct pack_tellable *what) {
  int count = 0;
  if (!what || what->kind != TELL_DAY) return fields;
  while (fields[count].name) count++;
  struct field *out = arena_array(r->arena, struct field, count + 1);
  for (int i = 0; i <= count; i++) out[i] = fields[i];
  for (int i = 0; i < count; i++)
    if (strcmp(out[i].name, "value") == 0) out[i].kind = FIELD_DAY, out[i].past = true;
  return out;
}

/* The fields of an action that the path's one name is no field of. */
static const struct field *fields_after(const char *action) {
  return action_find(span_of(action))->fields + 1;
}

const struct field *fact_tell_fields(const struct request *r, const struct span *names) {
  return fact_fields(r, fields_after("fact-tell"), pack_find_tellable(r->pack, names[0]));
}
const struct field *fact_record_fields(const struct request *r, const struct span *names) {
  return fact_fields(r, fields_after("fact-record"), pack_find_tellable(r->pack, names[1]));
}
/* A correction on a page says whether the answer was wrong or changed: nothing of the days before
 * is rewritten unless somebody says so. */
const struct field *fact_correct_fields(const struct request *r, const struct span *names) {
  struct fact fact = {0};
  int64_t id = 0;
  struct error none = {0};
  const bool found = r->store && integer_parse(names[0], &id, &none) == DONE &&
                     fact_find(r->store, r->arena, r->visitor.person, id, &fact, &none) == DONE;
  const struct pack_tellable *what = found ? pack_find_tellable(r->pack, span_of(fact.variable))
                                           : NULL;
  const struct field *fields = fields_after("fact-correct");
  int count = 0;
  if (what && what->kind == TELL_DAY) return fact_fields(r, fields, what);
  while (fields[count].name) count++;
  struct field *out = arena_array(r->arena, struct field, count + 1);
  for (int i = 0; i <= count; i++) {
    out[i] = fields[i];
    if (i < count && strcmp(out[i].name, "how") == 0) out[i].optional = false;
  }
  return out;
}

/* The fields of fact-tell, fact-correct and fact-record, asked as the pack asks them. */
static const struct field *question_fields(const struct request *r,
                                           const struct pack_tellable *what,
                                           const struct fact_form *how) {
  struct field *f = arena_array(r->arena, struct field, FORM_FIELDS);
  int n = 0;
  const bool names_somebody = what->kind == TELL_PERSON || what->kind == TELL_PEOPLE;
  const char *hint = names_somebody
                         ? say(r->language, "That person's reference with us, for example P000123. "
                                            "It is on their statement. Write none if it is nobody")
                         : what->hint[r->language];
  f[n++] = (struct field){.name = "value",
                          .kind = what->kind == TELL_MONEY ? FIELD_MONEY
                                  : what->kind == TELL_YES_NO || what->kind == TELL_CHOICE
                                      ? FIELD_CHOICE
                                  : what->kind == TELL_DAY ? FIELD_DAY
                                                           : FIELD_TEXT,
                          .past = what->kind == TELL_DAY,
                          .choices = what->kind == TELL_YES_NO ? yes_or_no : NULL,
                          .label = how->label ? how->label : what->question[r->language],
                          .hint = *hint && !how->label ? hint : NULL};
  if (what->per_count > 1)
    f[n++] = (struct field){.name = "per", .kind = FIELD_CHOICE, .label = N_("How often")};
  const bool is_event = what->kind == TELL_DAY; /* it holds from the day that it says */
  if (how->corrects && !is_event)
    f[n++] = (struct field){.name = "how",
                            .kind = FIELD_CHOICE,
                            .choices = how_choices,
                            .label = N_("Was it wrong, or did it change?")};
  if (how->days && !is_event)
    f[n++] = (struct field){
        .name = "from",
        .kind = FIELD_DAY,
        .optional = true,
        .past = true,
        .label = how->corrects ? N_("From which day does this answer hold?") : N_("Since when?"),
        .hint = how->corrects ? N_("The day on which it changed. Leave it empty if the "
                                   "answer was wrong from the start")
                : what->rise  ? N_("The day from which you have had this amount. Leave "
                                    "it empty if it is so from today")
                              : N_("Leave it empty if it is so from today")};
  if (how->days && !is_event)
    f[n++] = (struct field){.name = "to",
                            .kind = FIELD_DAY,
                            .optional = true,
                            .label = N_("Until when?"),
                            .hint = N_("Leave it empty if it still is so")};
  if (!how->records &&
      (what->kind == TELL_MONEY || what->kind == TELL_NUMBER || what->kind == TELL_HOURS))
    f[n++] = (struct field){.name = "estimated",
                            .kind = FIELD_CHOICES,
                            .optional = true,
                            .among = true,
                            .choices = is_estimate,
                            .label = N_("Are you sure?")};
  if (how->records) n = add_record_fields(r, f, n);
  f[n].name = NULL;
  return f;
}

/* What was told, one value a field. */
static const struct value *values_of(const struct request *r, const struct field *fields,
                                     const struct pack_tellable *what, const struct fact *f,
                                     bool corrects) {
  const bool again = corrects && f && !f->id; /* what was sent, and is no fact yet */
  struct value *all = arena_array(r->arena, struct value, FORM_FIELDS);
  for (int i = 0; fields[i].name; i++) {
    const char *name = fields[i].name, *text = NULL;
    day_t day = DAY_NONE; /* of a field in parts */
    if (strcmp(name, "per") == 0)
      text = tell_per_word(f ? f->per : what->per_count ? what->per[0] : PER_NONE);
    else if (f && strcmp(name, "value") == 0) {
      text = f->other ? fact_answer(r, f) : f->value;
      if (what->kind == TELL_DAY && day_parse(span_of(text), &day, NULL) != DONE) day = DAY_NONE;
    } else if (again && strcmp(name, "how") == 0) text = kept_text(r, request_text(r, "how"));
    else if (f && strcmp(name, "from") == 0)
      day = !corrects ? f->from : again ? request_day(r, "from") : DAY_NONE;
    else if (f && strcmp(name, "to") == 0)
      day = !corrects ? f->to : again ? request_day(r, "to") : DAY_NONE;
    else if (f && strcmp(name, "fact") == 0)
      text = arena_printf(r->arena, "%lld", (long long)f->id);
    else if (f && strcmp(name, "evidence") == 0) text = f->evidence;
    else if (f && strcmp(name, "source") == 0) text = fact_source_word(f->source);
    else if (f && strcmp(name, "body") == 0)
      text = reference_data_body_code(r->reference_data, f->body);
    else if (f && strcmp(name, "estimated") == 0 && f->source == FACT_ESTIMATED) text = "yes";
    if (day != DAY_NONE) text = arena_string(r->arena, day_write(day, (char[11]){0}));
    all[i] =
        (struct value){.name = name, .given = text && *text, .text = span_of(text), .number = day};
  }
  return all;
}

struct view *view_fact_form(struct view *v, const struct request *r,
                            const struct pack_tellable *what, const struct fact *f,
                            const struct fact_form *how) {
  const struct field *fields = question_fields(r, what, how);
  struct view *form = view_form_of(v, "form", r, fields, request_path(r, how->path), how->button,
                                   values_of(r, fields, what, f, how->corrects));
  if (what->kind == TELL_CHOICE)
    for (int i = 0; i < r->pack->tell_item_count; i++) {
      const struct tell_item *item = &r->pack->tell_items[i];
      if (strcmp(item->list, what->list) == 0)
        view_form_choice(form, "value", item->item, item->name[r->language], NULL);
    }
  for (int i = 0; what->per_count > 1 && i < what->per_count; i++)
    view_form_choice(form, "per", tell_per_word(what->per[i]),
                     say(r->language, per_choices[what->per[i] - PER_WEEK].label), NULL);
  for (int i = 0; how->records && r->visitor.body_count > 1 && i < r->visitor.body_count; i++)
    view_form_choice(form, "body",
                     reference_data_body_code(r->reference_data, r->visitor.bodies[i]),
                     body_words_of(r, r->visitor.bodies[i]), NULL);
  return form;
}

void fact_add_record_form(struct view *v, const struct request *r, const struct pack_tellable *what,
                          const struct fact *f, const char *path) {
  const struct fact_form how = {.path = path,
                                .button = say(r->language, "Record it"),
                                .days = true,
                                .records = true,
                                .corrects = f != NULL};
  (void)view_fact_form(v, r, what, f, &how);
}

void fact_add_form(struct view *v, const struct request *r, const struct pack_tellable *what,
                   const struct fact *f, bool corrects, const char *path) {
  const struct fact_form how = {
      .path = path, .button = say(r->language, "Save"), .days = true, .corrects = corrects};
  (void)view_fact_form(v, r, what, f, &how);
  view_text(v, "name", what->name[r->language]);
  view_text(v, "why", what->why[r->language]);
  view_text(v, "purposes", fact_purpose_words(r, what));
  view_flag(v, "of_household", what->of_household);
}

enum status page_tell_fact(struct request *r, struct reply *reply, struct error *err) {
  struct facts facts = {0};
  const struct pack_tellable *what = pack_find_tellable(r->pack, request_text(r, "variable"));
  struct view *v = view_new(r->arena, r->language);
  if (!what || !(what->who & TELL_SELF)) return reply_not_found(reply, r), DONE;
  if (facts_of_person(r->store, r->arena, r->visitor.person, day_today(), &facts, err) != DONE)
    return err->code;
  fact_add_form(v, r, what, NULL, false, arena_printf(r->arena, "/facts/tell/%s", what->variable));
  view_text(v, "was",
            fact_was_words(r, what, facts_known(&facts, what->variable, day_today()).past));
  reply_page(reply, r, "facts-tell", what->name[r->language], v);
  return DONE;
}

/* ---- taking back ---- */

enum status page_withdraw_fact(struct request *r, struct reply *reply, struct error *err) {
  struct facts facts = {0};
  const struct fact *f = NULL;
  enum status status = fact_find_own(r, &facts, &f, err);
  if (status != DONE) return status;
  const struct pack_tellable *what = f ? pack_find_tellable(r->pack, span_of(f->variable)) : NULL;
  if (!what || f->superseded_by || !fact_changes(r, f)) return reply_not_found(reply, r), DONE;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "name", what->name[r->language]);
  view_text(v, "value", fact_answer(r, f));
  view_text(v, "days", fact_days_words(r, f));
  view_form(v, "form", r, route_post("/facts/one/{fact}/withdraw"), NULL,
            assessing_can(r) ? say(r->language, "See what it changes")
                             : say(r->language, "Take it back"),
            NULL);
  reply_page(reply, r, "facts-withdraw", say(r->language, "Take it back"), v);
  return DONE;
}

/* ---- what is sent ---- */

/* What was sent, as a fact, to be shown in the form again. Its first day is, where none was sent,
 * that of the fact that it corrects (null: none), else today. */
static struct fact fact_sent(const struct request *r, const struct fact *corrects) {
  return (struct fact){.value = kept_text(r, request_text(r, "value")),
                       .per = tell_per_of(request_text(r, "per")),
                       .from = request_day(r, "from") != DAY_NONE ? request_day(r, "from")
                               : corrects                         ? corrects->from
                                                                  : day_today(),
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
  bool some = false;
  view_list(v, "missing");
  for (int i = 0; i < s->now.question_count; i++) {
    if (s->now.questions[i].person != s->answers->person) continue;
    view_item_text(v, "missing", s->now.questions[i].what->name[r->language]);
    some = true;
  }
  view_flag(v, "has_missing", some);
}

/* Who pays or is paid what changes: an organisation once, and none that the program tells. */
static void put_payers(struct view *v, const struct request *r, const struct assess_comparison *c,
                       const char *told) {
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
    const char *payer = assess_payer_words(r, one->what);
    if (before || (told && strcmp(payer, told) == 0)) continue;
    view_item_text(v, "payers", payer);
    some++;
  }
  view_flag(v, "has_payers", some > 0);
}

static void put_changes(struct view *v, const struct request *r, const struct assessing *before,
                        const struct assessing *after, const char *told) {
  struct assess_comparison c;
  const bool open = assessing_is_open(&after->now), was_open = assessing_is_open(&before->now);
  view_flag(v, "is_open", open);
  view_flag(v, "was_open", was_open && !open);
  put_missing(v, after, r);
  assess_compare_both(r->arena, &before->now, &after->now, &c);
  const int rows = open || was_open ? 0 : view_changes(v, r, after->answers->person, &c);
  view_flag(v, "has_changes", rows > 0);
  view_flag(v, "same", !open && !was_open && !rows);
  if (rows) put_payers(v, r, &c, told);
}

static void add_kept(struct view *v, const struct request *r, const char *name, const char *value) {
  struct view *item = view_item(v, "sent");
  view_text(item, "name", name);
  view_text(item, "value", value ? value : kept_text(r, request_text(r, name)));
}

/* What is told, corrected or taken back, as the page shows it before it is done for good. */
struct checked {
  const struct pack_tellable *what;
  const char *path; /* where it is sent, without the language */
  struct fact fact; /* as it is sent, or that is taken back */
  const char *value;
  bool withdraws, corrects;
};

static struct checked told_check(const struct request *r, const struct pack_tellable *what,
                                 const struct fact *corrects, const char *path) {
  struct checked c = {
      .what = what, .path = path, .fact = fact_sent(r, corrects), .corrects = corrects != NULL};
  c.value = what->kind == TELL_PERSON || what->kind == TELL_PEOPLE ? c.fact.value
                                                                   : check_words(r, what, &c.fact);
  return c;
}

static void keep_sent(struct view *v, const struct request *r, const struct checked *c) {
  static const char *const told[] = {"value", "per", "from", "to", NULL};
  view_list(v, "sent");
  if (c->withdraws) {
    if (request_has(r, "reason")) add_kept(v, r, "reason", NULL);
    return;
  }
  for (int i = 0; told[i]; i++)
    if (request_has(r, told[i]) || i == 0) add_kept(v, r, told[i], NULL);
  if (c->corrects && request_has(r, "how")) add_kept(v, r, "how", NULL);
  if (request_has(r, "estimated")) add_kept(v, r, "estimated", "yes");
}

/* Who awarded something by the answer and is told of it by the program; null: nobody. */
static const char *told_words(const struct request *r, const struct action_call *call) {
  const char *code = action_answer_of(call, "award-body");
  const struct body *body = code ? bodies_by_code(r->reference_data->bodies, span_of(code)) : NULL;
  return body ? body_words(r, body) : NULL;
}

/* Before it is done for good: what it changes, by benefit and a year. */
static enum status check_fact(struct request *r, struct reply *reply, const struct checked *c,
                              struct error *err) {
  struct action_call call;
  struct assessing before = {0}, after = {0};
  struct looking looking = {r, &after};
  struct view *v = view_new(r->arena, r->language);
  enum status status = assessing_read(r, &before, err);
  if (status == DONE) status = request_call(r, &call, err);
  if (status == DONE) status = action_try(call.action, &call, look_after, &looking, err);
  if (status != DONE) return status;
  view_text(v, "name", c->what->name[r->language]);
  view_text(v, "value", c->value);
  view_text(v, "days", fact_days_words(r, &c->fact));
  view_flag(v, "withdraws", c->withdraws);
  const char *told = told_words(r, &call);
  put_changes(v, r, &before, &after, told);
  view_text(v, "awarded",
            told ? arena_printf(r->arena,
                                say(r->language, "%s decided by this answer what you get. They are "
                                                 "told of it here, and look at it again."),
                                told)
                 : NULL);
  view_text(v, "action", request_path(r, c->path));
  view_form_rights(v, r);
  keep_sent(v, r, c);
  view_text(v, "next", request_path(r, "/entitlements/next"));
  reply_page(reply, r, "facts-check", say(r->language, "Check what it changes"), v);
  return DONE;
}

static bool goes_back(const struct request *r) {
  return span_is(request_text(r, "confirmed"), "change");
}

/* Whether it is to be done, and not to be shown first. */
static bool is_confirmed(const struct request *r) {
  return !goes_back(r) && (request_has(r, "confirmed") || !assessing_can(r));
}

/* Shows what it changes first, and tells it once it was confirmed. `corrects`: null: none. */
static enum status tell_or_check(struct request *r, struct reply *reply, const char *path,
                                 const struct pack_tellable *what, const struct fact *corrects,
                                 struct error *err) {
  const char *done = corrects ? "/facts?done=corrected" : "/facts?done=told";
  if (!what) return reply_not_found(reply, r), DONE;
  if (is_confirmed(r)) return request_act_and_go(r, reply, done, err);
  if (!goes_back(r)) {
    const struct checked c = told_check(r, what, corrects, path);
    return check_fact(r, reply, &c, err);
  }
  struct view *v = view_new(r->arena, r->language);
  struct fact sent = fact_sent(r, corrects);
  fact_add_form(v, r, what, &sent, corrects != NULL, path);
  view_text(v, "was", NULL);
  reply_page(reply, r, "facts-tell", what->name[r->language], v);
  return DONE;
}

enum status act_tell_fact(struct request *r, struct reply *reply, struct error *err) {
  const struct pack_tellable *what = pack_find_tellable(r->pack, request_text(r, "variable"));
  const char *path = what ? arena_printf(r->arena, "/facts/tell/%s", what->variable) : "";
  return tell_or_check(r, reply, path, what, NULL, err);
}

enum status act_correct_fact(struct request *r, struct reply *reply, struct error *err) {
  struct facts facts = {0};
  const struct fact *f = NULL;
  enum status status = fact_find_own(r, &facts, &f, err);
  if (status != DONE) return status;
  const struct pack_tellable *what = f ? pack_find_tellable(r->pack, span_of(f->variable)) : NULL;
  const char *path = f ? arena_printf(r->arena, "/facts/one/%lld", (long long)f->id) : "";
  return tell_or_check(r, reply, path, what, f, err);
}

enum status act_withdraw_fact(struct request *r, struct reply *reply, struct error *err) {
  struct facts facts = {0};
  const struct fact *f = NULL;
  if (is_confirmed(r)) return request_act_and_go(r, reply, "/facts?done=withdrawn", err);
  enum status status = fact_find_own(r, &facts, &f, err);
  if (status != DONE) return status;
  const struct pack_tellable *what = f ? pack_find_tellable(r->pack, span_of(f->variable)) : NULL;
  if (!what) return reply_not_found(reply, r), DONE;
  if (goes_back(r))
    return reply_go(reply, r, arena_printf(r->arena, "/facts/one/%lld", (long long)f->id)), DONE;
  const struct checked c = {.what = what,
                            .path = arena_printf(r->arena, "/facts/one/%lld/withdraw",
                                                 (long long)f->id),
                            .fact = *f,
                            .value = fact_answer(r, f),
                            .withdraws = true};
  return check_fact(r, reply, &c, err);
}
