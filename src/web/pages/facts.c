/* What one has told: everything that is known of the visitor for taxes and benefits, by whom, what
 * for, and what differs. Telling, correcting and taking back: facts_tell.c. */
#include "web/pages/facts.h"
#include "web/pages/assessing.h"
#include "web/pages/cases.h"

#include "register/benefit_unit.h"
#include "register/fact_case.h"
#include "register/names.h"
#include "register/register.h"

static const struct choice facts_done[] = {
    {"told", NULL}, {"corrected", NULL}, {"withdrawn", NULL}, {NULL, NULL}};
const struct field facts_fields[] = {
    FACT_TOPIC_FIELDS,
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = facts_done},
    {.name = NULL}};

/* ---- words ---- */

static const char *day_words(const struct request *r, day_t day) {
  return written_value(r, doc_day(day));
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
    return arena_printf(r->arena, say(l, "%s, on %s"), body_words_of(r, f->body), day);
  case FACT_BY_BODY:
    return arena_printf(r->arena, say(l, "%s decided it, on %s"), body_words_of(r, f->body), day);
  case FACT_BY_OPERATOR:
  case FACT_SAYERS: break;
  }
  return arena_printf(r->arena, say(l, "Those who keep these accounts, on %s"), day);
}

const char *fact_purpose_words(const struct request *r, const struct pack_tellable *what) {
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
const char *fact_as_sure(const struct request *r, const struct fact *f, const char *value) {
  return f->source == FACT_ESTIMATED ? arena_printf(r->arena, say(r->language, "About %s"), value)
                                     : value;
}

const char *fact_answer(const struct request *r, const struct fact *f) {
  return fact_as_sure(r, f, fact_value_words(r, f));
}

const char *fact_days_words(const struct request *r, const struct fact *f) {
  return f->to == DAY_NONE
             ? arena_printf(r->arena, say(r->language, "since %s"), day_words(r, f->from))
             : arena_printf(r->arena, say(r->language, "from %s to %s"), day_words(r, f->from),
                            day_words(r, f->to));
}

const char *fact_was_words(const struct request *r, const struct pack_tellable *what,
                           const struct fact *past) {
  if (!past) return NULL;
  const day_t lasts = pack_tell_lasts(what, span_of(past->value), past->from,
                                      past->source == FACT_DECISION);
  const bool has_risen = past->to == DAY_NONE && past->review_by == lasts;
  const day_t last = past->to != DAY_NONE ? past->to : past->review_by;
  const char *format = has_risen
                           ? say(r->language, "It was %s until %s. Amounts of this kind are set "
                                              "anew each April: say how much it is now.")
                           : say(r->language, "It was %s until %s, by what we were told.");
  return arena_printf(r->arena, format, fact_answer(r, past), day_words(r, last));
}

bool fact_changes(const struct request *r, const struct fact *f) {
  struct error why = {0};
  const struct fact_changer by = {.as = FACT_BY_SELF, .teller = r->visitor.person};
  return fact_may_change(r->store, f, &by, &why) == DONE;
}

/* Told by another of the home: one tells one's own answer beside it. */
static bool is_of_mate(const struct request *r, const struct fact *f) {
  return f->source != FACT_DECISION && !fact_changes(r, f) &&
         (f->said_as == FACT_BY_SELF || f->said_as == FACT_BY_HELPER);
}

/* ---- two answers that differ ---- */

static const char *one_path(const struct request *r, const struct fact *f) {
  return request_path(r, arena_printf(r->arena, "/facts/one/%lld", (long long)f->id));
}

/* One side: what the visitor can do about it is on the answer's own page. */
static void put_side(struct view *v, const struct request *r, const struct fact *f, bool counts) {
  struct view *side = view_item(v, "sides");
  view_text(side, "value", fact_answer(r, f));
  view_text(side, "days", fact_days_words(r, f));
  view_text(side, "teller", teller_words(r, f));
  view_text(side, "evidence", f->evidence);
  view_flag(side, "counts", counts);
  view_text(side, "href", is_of_mate(r, f) ? NULL : one_path(r, f));
  view_flag(side, "changes", fact_changes(r, f));
}

/* The case in which somebody decides it, of whoever it is about: the visitor, or who told one of
 * the two. *found false: none waits. */
static enum status find_case(const struct request *r, const struct case_page *page,
                             const struct fact *f, const struct fact *other, struct case_file *out,
                             bool *found, struct error *err) {
  const struct case_filter filter = {.which = CASES_WAITING,
                                     .kind = FACTS_DIFFER,
                                     .most = CASES_PAGE_MOST};
  const int own = page->actor.record_count;
  int64_t *records = arena_array(r->arena, int64_t, own + 2), total = 0;
  struct case_file *files = NULL;
  int count = 0, asked = own;
  *found = false;
  for (int i = 0; i < own; i++) records[i] = page->actor.records[i];
  if (f->teller && !case_actor_is(&page->actor, f->teller)) records[asked++] = f->teller;
  if (other->teller && !case_actor_is(&page->actor, other->teller))
    records[asked++] = other->teller;
  enum status status = cases_of(r->store, r->arena, &page->desk, records, asked, &filter, &files,
                                &count, &total, err);
  for (int i = 0; status == DONE && i < count; i++)
    if (fact_case_shows(&files[i], f->id) && fact_case_shows(&files[i], other->id))
      *out = files[i], *found = true;
  return status;
}

static enum status put_difference(struct view *v, const struct request *r,
                                  const struct pack_tellable *what, const struct fact_known *known,
                                  struct error *err) {
  struct case_page page;
  struct case_file file;
  struct error none = {0};
  bool found = false;
  enum status status = case_page_begin(r, false, &page, err);
  if (status == DONE) status = find_case(r, &page, known->fact, known->differs, &file, &found, err);
  if (status != DONE) return status;
  struct view *item = view_item(v, "differences");
  view_list(item, "sides");
  view_text(item, "name", what->name[r->language]);
  put_side(item, r, known->fact, true);
  put_side(item, r, known->differs, false);
  const char *decider = found ? case_decider_words(r, &page, &file, &none) : NULL;
  view_text(item, "decider",
            decider ? decider : say(r->language, "somebody who keeps these accounts"));
  view_text(item, "due", found ? case_due_words(r, &file) : NULL);
  view_flag(item, "is_asked", found);
  view_flag(item, "can_end", fact_changes(r, known->fact) || fact_changes(r, known->differs));
  if (none.code != DONE) *err = none;
  return none.code;
}

/* ---- everything that is known ---- */

static void add_known(struct fact_topics *t, const struct pack_tellable *what, const struct fact *f,
                      const struct fact *differs, const char *unconfirmed) {
  const struct request *r = t->r;
  struct view *item = fact_topics_row(t, what, f, fact_answer(r, f));
  if (!item) return;
  view_text(item, "days", fact_days_words(r, f));
  view_text(item, "teller", teller_words(r, f));
  view_text(item, "evidence", f->evidence);
  view_text(item, "unconfirmed", unconfirmed);
  view_text(item, "purposes", fact_purpose_words(r, what));
  view_day(item, "review", f->review_by);
  view_text(item, "other",
            differs ? arena_printf(r->arena, "%s. %s", fact_answer(r, differs),
                                   teller_words(r, differs))
                    : NULL);
  view_text(item, "href", one_path(r, f));
  view_flag(item, "changes", fact_changes(r, f));
  fact_view_uses(item, t->uses, what, f);
}

static const char *tell_path(const struct request *r, const struct pack_tellable *what) {
  return request_path(r, arena_printf(r->arena, "/facts/tell/%s", what->variable));
}

/* Of somebody whom the visitor names as their partner and who has not said so. */
static enum status unconfirmed_words(const struct request *r, const struct pack_tellable *what,
                                     const struct fact *f, const char **out, struct error *err) {
  int64_t self = 0, other = 0;
  *out = NULL;
  if (!f || !f->other || strcmp(what->variable, "partner") != 0) return DONE;
  enum status status = register_survivor(r->store, r->visitor.person, &self, err);
  if (status == DONE)
    status = register_partner_unconfirmed(r->store, r->arena, self, day_today(), &other, err);
  if (status == DONE && other) {
    int64_t who[PARTNERS_ASKED], denied = 0, fact = 0;
    int count = 0;
    bool together = false, is_asked = false;
    status = register_share_home(r->store, r->arena, self, other, day_today(), &together, err);
    if (status == DONE && together)
      status = register_partner_claims(r->store, r->arena, other, day_today(), who, PARTNERS_ASKED,
                                       &count, err);
    for (int i = 0; i < count; i++) is_asked |= who[i] == self;
    if (status == DONE)
      status = register_partner_denied(r->store, r->arena, self, day_today(), &denied, &fact, err);
    *out = denied ? say(r->language, "They have said that you are not partners. Nobody pays by it. "
                                     "Take your answer back if it is not so.")
           : !together
               ? say(r->language, "They have not said that you are partners. Until they say so "
                                  "nobody pays by it.")
           : is_asked
               ? say(r->language, "They have not said yet that you are partners. They are "
                                  "asked on their home page. Until then nobody pays by it.")
               : say(r->language, "They have not said that you are partners, and are not asked "
                                  "about it now. Nobody pays by it.");
  }
  return status;
}

static enum status add_variable(struct fact_topics *t, const struct facts *facts,
                                const struct pack_tellable *what, struct error *err) {
  const struct request *r = t->r;
  const day_t today = day_today();
  const bool many = what->kind == TELL_PEOPLE;
  const char *unconfirmed = NULL;
  const struct fact **people = NULL;
  int count = 0;
  struct fact_known known = facts_known(facts, what->variable, today);
  if (many) facts_people(facts, r->arena, what->variable, today, &people, &count);
  for (int i = 0; i < count; i++) add_known(t, what, people[i], NULL, NULL);
  if (unconfirmed_words(r, what, known.fact, &unconfirmed, err) != DONE) return err->code;
  if (!many && known.fact) add_known(t, what, known.fact, known.differs, unconfirmed);
  if (!many && known.differs && put_difference(t->view, r, what, &known, err) != DONE)
    return err->code;
  if (!(what->who & TELL_SELF)) return DONE;
  if (known.past) {
    struct view *item = view_item(t->view, "past");
    view_text(item, "name", what->name[r->language]);
    view_text(item, "was", fact_was_words(r, what, known.past));
    view_text(item, "href", tell_path(r, what));
  } else if (many || !known.fact) fact_topics_more(t, what, tell_path(r, what));
  return DONE;
}

static const char *done_words(const struct request *r) {
  const struct span done = request_text(r, "done");
  return span_is(done, "told") ? say(r->language, "We have recorded what you told us.")
         : span_is(done, "corrected")
             ? say(r->language, "It is corrected. What you told us before is kept.")
             : say(r->language, "You have taken it back. We no longer use it.");
}

enum status page_facts(struct request *r, struct reply *reply, struct error *err) {
  struct facts facts = {0};
  struct fact_topics t;
  struct fact_uses uses;
  struct view *v = view_new(r->arena, r->language);
  enum status status = facts_of_person(r->store, r->arena, r->visitor.person, day_today(), &facts,
                                       err);
  if (status == DONE) status = fact_uses_read(&uses, r, &facts, err);
  if (status != DONE) return status;
  view_list(v, "past");
  view_list(v, "differences");
  if (request_has(r, "done")) view_done(v, done_words(r));
  fact_topics_begin(&t, v, r, "/facts");
  t.uses = &uses;
  t.more_label = say(r->language, "What else you can tell us:");
  for (const struct pack_tellable *what; status == DONE && (what = fact_topics_next(&t));)
    status = add_variable(&t, &facts, what, err);
  if (status != DONE) return status;
  fact_topics_end(&t);
  bool past = false;
  for (int i = 0; i < r->pack->tellable_count; i++)
    past |= facts_known(&facts, r->pack->tellables[i].variable, day_today()).past != NULL;
  view_flag(v, "has_past", past);
  view_text(v, "entitlements", assessing_can(r) ? request_path(r, "/entitlements") : NULL);
  view_text(v, "standards", r->pack->standard_count ? request_path(r, "/standards/mine") : NULL);
  reply_page(reply, r, "facts", say(r->language, "What you have told us"), v);
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
    view_cell(row, r, history_heads, 1, f->value ? fact_days_words(r, f) : NULL, NULL);
    view_cell(row, r, history_heads, 2, teller_words(r, f), NULL);
    view_cell(row, r, history_heads, 3,
              !f->value          ? NULL
              : f->superseded_by ? say(r->language, "Corrected or taken back")
                                 : say(r->language, "Not changed"),
              NULL);
  }
}

/* Theirs as long as it is about them or about the home in which they live now. */
enum status fact_find_own(const struct request *r, struct facts *facts, const struct fact **out,
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
  enum status status = fact_find_own(r, &facts, &f, err);
  if (status != DONE) return status;
  const struct pack_tellable *what = f ? pack_find_tellable(r->pack, span_of(f->variable)) : NULL;
  if (!what) return reply_not_found(reply, r), DONE;
  struct view *v = view_new(r->arena, r->language);
  const char *path = arena_printf(r->arena, "/facts/one/%lld", (long long)f->id);
  view_text(v, "value", fact_answer(r, f));
  view_text(v, "days", fact_days_words(r, f));
  view_text(v, "teller", teller_words(r, f));
  view_text(v, "name", what->name[r->language]);
  view_text(v, "purposes", fact_purpose_words(r, what));
  const char *unconfirmed = NULL;
  if (!f->superseded_by && unconfirmed_words(r, what, f, &unconfirmed, err) != DONE)
    return err->code;
  view_text(v, "unconfirmed", unconfirmed);
  struct fact_uses uses;
  if (fact_uses_read(&uses, r, &facts, err) != DONE) return err->code;
  fact_view_uses(v, &uses, what, f);
  if (!f->superseded_by && fact_changes(r, f)) {
    fact_add_form(v, r, what, f, true, path);
    view_text(v, "withdraw", request_path(r, arena_printf(r->arena, "%s/withdraw", path)));
  }
  view_flag(v, "is_old", f->superseded_by != 0);
  if (!f->superseded_by && is_of_mate(r, f) && what->who & TELL_SELF)
    view_text(v, "of_mate",
              request_path(r, arena_printf(r->arena, "/facts/tell/%s", what->variable)));
  else if (!f->superseded_by && !fact_changes(r, f)) {
    struct case_page page;
    if (case_page_begin(r, false, &page, err) != DONE) return err->code;
    view_text(v, "wrong",
              case_about_path(r, &page, arena_printf(r->arena, "fact:%lld", (long long)f->id)));
  }
  add_history(v, r, &facts, f->variable);
  reply_page(reply, r, "facts-one",
             arena_printf(r->arena, say(r->language, "What was told: %s"), what->name[r->language]),
             v);
  return DONE;
}
