/* What is known of somebody else: for a helper who may see, everything; for staff, what their
 * organisations need for what the law lets them do, the form to record it, and what of those
 * organisations the person may get and must pay. Every page is a look. */
#include "web/pages/assessing.h"
#include "web/pages/facts.h"

#include "register/duties.h"
#include "register/names.h"
#include "register/register.h"
#include "web/site.h"

/* ---- what staff may see ---- */

/* Whether one of the visitor's organisations may record something that it is used for. */
static enum status is_of_duties(const struct request *r, const struct pack_tellable *what,
                                bool *out, struct error *err) {
  *out = false;
  for (int i = 0; i < r->visitor.body_count && !*out; i++) {
    struct duties duties = {0};
    enum status status = duties_of(r->store, r->arena, r->pack, r->visitor.bodies[i], &duties, err);
    if (status != DONE) return status;
    for (int k = 0; k < what->purpose_count; k++) *out |= duties_have(&duties, what->purposes[k]);
  }
  return DONE;
}

static bool is_theirs(const struct request *r, int64_t body) {
  for (int i = 0; i < r->visitor.body_count; i++)
    if (body && r->visitor.bodies[i] == body) return true;
  return false;
}

static const char *person_path(const struct request *r, const char *rest) {
  return arena_printf(r->arena, "/people/" SPAN_FORMAT "%s", SPAN(request_text(r, "person")), rest);
}

static const char *variable_path(const struct request *r, const struct pack_tellable *what) {
  return arena_printf(r->arena, "%s/%s", person_path(r, "/facts"), what->variable);
}

/* ---- one fact in words ---- */

const char *fact_sayer_words_of(const struct request *r, const struct fact *f, int64_t person) {
  const enum language l = r->language;
  const struct body *body = bodies_by_id(r->reference_data->bodies, f->body);
  if (body) return body_words(r, body);
  if (f->said_as == FACT_BY_HELPER) return say(l, "A helper of the person");
  if (f->said_as == FACT_BY_SELF)
    return f->teller == person || f->party == f->teller ? say(l, "The person")
                                                        : say(l, "Somebody of their home");
  return say(l, "Those who keep these accounts");
}

const char *fact_rest_words(const struct request *r, const struct fact *f) {
  static const char *const words[FACT_SOURCES] = {N_("decided"), N_("shown"), N_("told"),
                                                  N_("an estimate")};
  return say(r->language, words[f->source]);
}

static const char *since_words(const struct request *r, const struct fact *f) {
  return arena_printf(r->arena, say(r->language, "Since %s, %s"),
                      written_value(r, doc_day(f->from)), fact_rest_words(r, f));
}

static void put_fact(struct fact_topics *t, const struct pack_tellable *what, const struct fact *f,
                     bool staff) {
  const struct request *r = t->r;
  struct view *one = fact_topics_row(t, what, f, fact_value_words(r, f));
  if (!one) return;
  const bool changes = staff && f->said_as == FACT_BY_OFFICER && is_theirs(r, f->body) &&
                       (what->who & TELL_OFFICER);
  view_text(one, "days", since_words(r, f));
  view_text(one, "teller",
            arena_printf(r->arena, say(r->language, "Told by: %s"),
                         fact_sayer_words_of(r, f, r->person)));
  view_text(one, "evidence", staff ? f->evidence : NULL);
  view_text(one, "other", NULL);
  view_text(one, "unconfirmed", NULL);
  view_text(one, "purposes", NULL);
  view_day(one, "review", DAY_NONE);
  view_text(one, "href",
            changes ? request_path(r, arena_printf(r->arena, "%s?fact=%lld", variable_path(r, what),
                                                   (long long)f->id))
                    : NULL);
  view_flag(one, "changes", true);
  view_flag(one, "has_uses", false);
  view_list(one, "uses");
}

static enum status put_variable(struct fact_topics *t, const struct facts *facts,
                                const struct pack_tellable *what, bool staff, struct error *err) {
  const struct request *r = t->r;
  const day_t today = day_today();
  const struct fact **people = NULL;
  struct fact_known known = facts_known(facts, what->variable, today);
  bool may = true;
  int n = 0;
  if (staff && is_of_duties(r, what, &may, err) != DONE) return err->code;
  if (!may && !(known.fact && is_theirs(r, known.fact->body))) return DONE;
  if (what->kind == TELL_PEOPLE) facts_people(facts, r->arena, what->variable, today, &people, &n);
  else if (known.fact) n = 1;
  for (int k = 0; k < n; k++) put_fact(t, what, people ? people[k] : known.fact, staff);
  if (staff && (what->who & TELL_OFFICER))
    fact_topics_more(t, what, request_path(r, variable_path(r, what)));
  return DONE;
}

static enum status put_facts(struct view *v, const struct request *r, const char *path, bool staff,
                             struct error *err) {
  struct facts facts = {0};
  struct fact_topics t;
  int64_t person = 0;
  enum status status = register_survivor(r->store, r->person, &person, err);
  if (status == DONE)
    status = facts_of_person(r->store, r->arena, person, day_today(), &facts, err);
  if (status != DONE) return status;
  fact_topics_begin(&t, v, r, path);
  t.more_label = say(r->language, "Record something:");
  for (const struct pack_tellable *what; status == DONE && (what = fact_topics_next(&t));)
    status = put_variable(&t, &facts, what, staff, err);
  if (status == DONE) fact_topics_end(&t);
  return status;
}

enum status page_facts_helped(struct request *r, struct reply *reply, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  enum status status = request_note_help(r, "facts", err);
  if (status == DONE)
    status = put_facts(v, r, arena_printf(r->arena, "%s/facts", request_base(r)), false, err);
  if (status != DONE) return status;
  view_flag(v, "is_staff", false);
  view_text(v, "back", request_path(r, request_base(r)));
  reply_page(reply, r, "facts-of", say(r->language, "What is known of them"), v);
  return DONE;
}

const struct field facts_helped_fields[] = {FACT_TOPIC_FIELDS, {.name = NULL}};
const struct field facts_of_fields[] = {FACT_TOPIC_FIELDS,
                                        {.name = "done",
                                         .kind = FIELD_CHOICE,
                                         .optional = true,
                                         .choices = (const struct choice[]){{"recorded", NULL},
                                                                            {NULL, NULL}}},
                                        {.name = NULL}};

enum status page_facts_of(struct request *r, struct reply *reply, struct error *err) {
  if (!staff_has_reason(r, reply)) return DONE;
  struct view *v = view_new(r->arena, r->language);
  enum status status = staff_note_access(r, "facts", err);
  if (status == DONE) status = put_facts(v, r, person_path(r, "/facts"), true, err);
  if (status != DONE) return status;
  staff_view_reason(v, r);
  if (request_has(r, "done")) view_done(v, say(r->language, "It is recorded."));
  view_flag(v, "is_staff", true);
  view_text(v, "entitlements",
            assessing_can(r) ? request_path(r, person_path(r, "/entitlements")) : NULL);
  view_text(v, "back", request_path(r, person_path(r, "")));
  reply_page(reply, r, "facts-of", say(r->language, "What is known of them"), v);
  return DONE;
}

/* ---- recording ---- */

/* What the visitor may record of the person: by duty of one of their organisations. */
static enum status find_what(const struct request *r, const struct pack_tellable **out,
                             struct error *err) {
  const struct pack_tellable *what = pack_find_tellable(r->pack, request_text(r, "variable"));
  bool may = false;
  *out = NULL;
  if (!what || !(what->who & TELL_OFFICER)) return DONE;
  enum status status = is_of_duties(r, what, &may, err);
  if (status == DONE && may) *out = what;
  return status;
}

/* The fact that is corrected, of those that the visitor's organisations recorded; null: none. */
static enum status find_corrected(const struct request *r, const struct pack_tellable *what,
                                  const struct fact **out, struct error *err) {
  struct facts facts = {0};
  int64_t person = 0;
  const int64_t id = request_int(r, "fact");
  *out = NULL;
  if (!request_has(r, "fact")) return DONE;
  enum status status = register_survivor(r->store, r->person, &person, err);
  if (status == DONE)
    status = facts_of_person(r->store, r->arena, person, day_today(), &facts, err);
  for (int i = 0; status == DONE && i < facts.count; i++) {
    const struct fact *f = &facts.all[i];
    if (f->id == id && fact_stands(f) && strcmp(f->variable, what->variable) == 0 &&
        f->said_as == FACT_BY_OFFICER && is_theirs(r, f->body))
      *out = f;
  }
  return status;
}

const struct field fact_of_fields[] = {
    {.name = "fact", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = INT64_MAX},
    {.name = NULL}};

enum status page_fact_of(struct request *r, struct reply *reply, struct error *err) {
  const struct pack_tellable *what = NULL;
  const struct fact *corrected = NULL;
  if (!staff_has_reason(r, reply)) return DONE;
  enum status status = find_what(r, &what, err);
  if (status != DONE) return status;
  if (!what) return reply_not_found(reply, r), DONE;
  status = staff_note_access(r, "facts", err);
  if (status == DONE) status = find_corrected(r, what, &corrected, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  fact_add_record_form(v, r, what, corrected, variable_path(r, what));
  view_text(v, "name", what->name[r->language]);
  view_flag(v, "is_correction", corrected != NULL);
  staff_view_reason(v, r);
  view_text(v, "back", request_path(r, person_path(r, "/facts")));
  reply_page(reply, r, "facts-record", what->name[r->language], v);
  return DONE;
}

enum status act_fact_of(struct request *r, struct reply *reply, struct error *err) {
  const struct pack_tellable *what = NULL;
  if (!staff_has_reason(r, reply)) return DONE;
  enum status status = find_what(r, &what, err);
  if (status != DONE) return status;
  if (!what) return reply_not_found(reply, r), DONE;
  return request_act_and_go(r, reply, person_path(r, "/facts?done=recorded"), err);
}

/* ---- what they may get from the visitor's organisations, and must pay them ---- */

static const struct table_head due_heads[] = {
    {N_("What"), false},     {N_("A week"), true},           {N_("A year"), true},
    {N_("Paid now"), false}, {N_("What would tell"), false}, {NULL, false}};

bool staff_pay(const struct request *r, const struct pack_entitlement *what) {
  for (int i = 0; i < r->visitor.body_count; i++) {
    const struct body *body = bodies_by_id(r->reference_data->bodies, r->visitor.bodies[i]);
    if (body &&
        (strcmp(what->payer, PACK_PAYER_COUNCIL) == 0 ? strcmp(body->kind, PACK_PAYER_COUNCIL) == 0
                                                      : strcmp(body->code, what->payer) == 0))
      return true;
  }
  return false;
}

static const char *needs_words(const struct request *r, const struct assess_answer *a) {
  struct text t = {0};
  if (a->cannot) /* theirs to work out: the row's own words send the claimant to them */
    return say(r->language, "Your organisation's own scheme: the rules held here do not have it.");
  for (int i = 0; i < a->need_count; i++)
    text_addf(&t, "%s%s", i ? ", " : "", a->needs[i].what->name[r->language]);
  return t.size ? text_take(r->arena, &t) : "";
}

/* What is got of it now, else the claim that waits; empty: nothing, or it is to pay. */
static const char *paid_words(const struct request *r, const struct pack_entitlement *what,
                              const struct got_now *got) {
  const char *words = got_words(r, what, got);
  return words ? words : got->claim ? claim_waits_words(r, got->claim) : "";
}

enum status note_assessment_of(struct request *r, struct reply *reply, struct error *err) {
  if (!staff_has_reason(r, reply)) return DONE;
  enum status status = staff_note_access(r, "assessment", err);
  return status == DONE ? assessing_note_partner(r, "assessment", r->visitor.reason, err) : status;
}

enum status page_entitlements_of(struct request *r, struct reply *reply, struct error *err) {
  struct assessment now = {0};
  struct assess_request q = {.store = r->store,
                             .pack = r->pack,
                             .rules = assessing_rules(r),
                             .on = day_today(),
                             .ends_us = clock_microseconds() + r->site->config.reckon_ms * 1000};
  if (!staff_has_reason(r, reply)) return DONE;
  if (!assessing_can(r)) return reply_not_found(reply, r), DONE;
  enum status status = register_survivor(r->store, r->person, &q.person, err);
  if (status == DONE) status = assess(r->arena, &q, &now, err);
  const bool nobodys = assess_is_nobodys(status, err);
  if (nobodys) status = DONE;
  struct assess_claims claims = {0};
  const struct got_now *got = NULL;
  const struct got_request payments = {r->store, r->pack, &now, &claims};
  if (status == DONE) status = got_read(r->arena, &payments, &got, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_flag(v, "nobodys", nobodys);
  struct view *table =
      view_table(v, nobodys ? "none" : "due", r,
                 say(r->language, "By the rules, from what is known"), due_heads,
                 say(r->language, "Nothing that your organisation pays or is paid."));
  for (int i = 0; i < now.answer_count; i++) {
    const struct assess_answer *a = &now.answers[i];
    const bool nothing = a->is_exact && a->low == 0 && got[i].got != GOT_ALREADY;
    if (!staff_pay(r, a->what) || a->what->sensitive || nothing) continue;
    struct view *row = view_row(table);
    view_cell(row, r, due_heads, 0,
              a->what->is_paid ? arena_printf(r->arena, say(r->language, "%s (to pay)"),
                                              a->what->name[r->language])
                               : a->what->name[r->language],
              NULL);
    view_cell(row, r, due_heads, 1, assess_amount_words(r, a, PER_WEEK), NULL);
    view_cell(row, r, due_heads, 2, assess_amount_words(r, a, PER_YEAR), NULL);
    view_cell(row, r, due_heads, 3, paid_words(r, a->what, &got[i]), NULL);
    view_cell(row, r, due_heads, 4, needs_words(r, a), NULL);
  }
  staff_view_reason(v, r);
  view_text(v, "back", request_path(r, person_path(r, "/facts")));
  reply_page(reply, r, "entitlements-of", say(r->language, "What they may get and must pay"), v);
  return DONE;
}
