/* Minimum standards of the visitor, and of the children for whom they are responsible: which seem
 * not to be kept, and the button that asks whoever answers for them. */
#include "web/pages/assessing.h"
#include "web/pages/cases.h"
#include "web/pages/pages.h"

#include "action/standards.h"
#include "assess/claiming.h"
#include "place/standards.h"
#include "register/benefit_unit.h"
#include "register/facts.h"
#include "register/names.h"
#include "web/site.h"

static const struct choice own_done[] = {{"asked", NULL}, {NULL, NULL}};
const struct field standards_own_fields[] = {
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = own_done}, {.name = NULL}};

enum { STANDARD_YEARS = 2 }; /* the last year that is over, and the one that runs */

struct own_standards {
  struct view *view;
  struct request *r;
  struct case_page page;
  const struct rules *rules;
  bool may_tell; /* the visitor: for themself, or as a helper who may */
  /* a question about an income is no claim, and leads to one: whoever told that they have recourse
   * to public funds is not warned; of somebody else nobody reads here whether they have */
  bool warns_of_funds, has_warned;
};

/* ---- what can be said ---- */

static const char *state_words(const struct request *r, enum standard_state state) {
  switch (state) {
  case STANDARD_KEPT: return say(r->language, "Kept");
  case STANDARD_BROKEN: return say(r->language, "Nothing shows that it was kept");
  case STANDARD_UNSAID: return say(r->language, "Cannot be said yet");
  case STANDARD_NOT_OF: break;
  }
  return "";
}

/* Of a rule it is facts that are missing; of what is used, the year or an item. */
static const char *why_unsaid(const struct request *r, const struct pack_standard *what) {
  return what->kind == STANDARD_BY_RULE
             ? say(r->language, "Something that it depends on was not told.")
             : say(r->language, "The year is not over, or nothing has been recorded yet.");
}

/* Who answers for it where the person lives; null: nobody. */
static enum status find_body(struct own_standards *o, const struct pack_standard *what,
                             int64_t person, const char **out, struct error *err) {
  struct person p = {0};
  struct homes *homes = NULL;
  int64_t id = 0;
  *out = NULL;
  enum status status = register_surviving_person(o->r->store, o->r->arena, person, &p, err);
  if (status == DONE) status = register_homes(o->r->store, o->r->arena, &p, &homes, err);
  if (status == DONE)
    status = standard_body(o->r->store, o->r->arena, o->r->pack, what,
                           homes_place(homes, &p, day_today()), &id, err);
  const struct body *body = id ? bodies_by_id(o->r->reference_data->bodies, id) : NULL;
  if (body) *out = body_words(o->r, body);
  return status;
}

/* The request that asks about it already, waiting or answered; 0: none. */
static enum status find_asked(struct own_standards *o, int64_t person, const char *subject,
                              int64_t *out, struct error *err) {
  const struct case_filter filter = {.kind = STANDARD_QUESTION, .subject = subject, .most = 1};
  struct case_file *files = NULL;
  int64_t total = 0;
  int count = 0;
  *out = 0;
  enum status status = cases_of(o->r->store, o->r->arena, &o->page.desk, &person, 1, &filter,
                                &files, &count, &total, err);
  if (status == DONE && count) *out = files[0].id;
  return status;
}

/* `child`: their reference, as it was told; null: the visitor. */
static enum status put_standard(struct own_standards *o, int64_t person, const char *child,
                                const struct pack_standard *what, int year, struct error *err) {
  struct request *r = o->r;
  enum standard_state state = STANDARD_NOT_OF;
  day_t day = DAY_NONE;
  char written[8];
  const struct standard_of_person of = {.store = r->store,
                                        .pack = r->pack,
                                        .rules = o->rules,
                                        .chart = r->reference_data->chart,
                                        .person = person,
                                        .year = year,
                                        .today = day_today(),
                                        .as_person = true};
  const char *body = NULL;
  int64_t asked = 0;
  enum status status = standard_of(r->arena, &of, what, &state, &day, err);
  if (status != DONE || state == STANDARD_NOT_OF) return status;
  year_write(year, written);
  status = find_body(o, what, person, &body, err);
  if (status == DONE)
    status = find_asked(o, person, standard_subject(r->arena, what, year), &asked, err);
  if (status != DONE) return status;
  const bool broken = state == STANDARD_BROKEN;
  struct view *item = view_item(o->view, broken ? "broken" : "others");
  view_text(item, "name", what->name[r->language]);
  view_text(item, "whose", child);
  view_text(item, "promise", what->promise[r->language]);
  view_text(item, "year", arena_string(r->arena, written));
  view_text(item, "state", state_words(r, state));
  view_text(item, "why", state == STANDARD_UNSAID ? why_unsaid(r, what) : NULL);
  view_text(item, "answers", body);
  const bool by_rule = what->kind == STANDARD_BY_RULE;
  view_day(item, "by", broken && !by_rule ? day : DAY_NONE);
  view_day(item, "on", broken && by_rule ? day : DAY_NONE);
  view_text(item, "asked",
            asked && !child ? request_path(r, arena_printf(r->arena, "%s/requests/%lld",
                                                           request_base(r), (long long)asked))
                            : NULL);
  view_flag(item, "is_asked", asked != 0);
  view_text(item, "standard", what->code);
  view_text(item, "whose_code", child ? child : "");
  const bool may_ask = o->may_tell && broken && !asked && body;
  view_flag(item, "may_ask", may_ask);
  view_flag(item, "warns", may_ask && by_rule && o->warns_of_funds);
  o->has_warned |= may_ask && by_rule && o->warns_of_funds;
  return DONE;
}

static enum status put_person(struct own_standards *o, int64_t person, const char *child,
                              struct error *err) {
  const int this_year = year_of_day(YEAR_TAX, day_today());
  enum status status = DONE;
  for (int k = 0; k < o->r->pack->standard_count && status == DONE; k++)
    for (int y = 1; y <= STANDARD_YEARS && status == DONE; y++)
      status = put_standard(o, person, child, &o->r->pack->standards[k],
                            this_year - STANDARD_YEARS + y, err);
  return status;
}

/* The children for whom the visitor tells facts too; each is a look at their record. */
static enum status put_children(struct own_standards *o, struct error *err) {
  struct request *r = o->r;
  struct facts facts = {0};
  const struct fact **people = NULL;
  int count = 0;
  const struct access_reader by = request_reader(r);
  enum status status = facts_of_person(r->store, r->arena, r->visitor.person, day_today(), &facts,
                                       err);
  if (status == DONE)
    facts_people(&facts, r->arena, "responsible_for", day_today(), &people, &count);
  for (int i = 0; status == DONE && i < count; i++) {
    bool may = false;
    struct register_name name = {0};
    if (!people[i]->other) continue;
    status = register_may_tell_for(r->store, r->arena, r->visitor.person, people[i]->other,
                                   day_today(), &may, err);
    if (status != DONE || !may) continue;
    status = register_name_of_party(r->store, r->arena, people[i]->other, &name, err);
    if (status == DONE)
      status = access_log_add(r->store, &by, people[i]->other, "standards", "a parent", err);
    if (status == DONE) status = put_person(o, people[i]->other, name.code, err);
  }
  return status;
}

static enum status read_funds(struct own_standards *o, struct error *err) {
  struct facts facts = {0};
  const struct request *r = o->r;
  o->warns_of_funds = true;
  if (r->person) return DONE;
  enum status status = facts_of_person(r->store, r->arena, r->visitor.person, day_today(), &facts,
                                       err);
  const struct fact *told = facts_known(&facts, ASSESS_PUBLIC_FUNDS, day_today()).fact;
  o->warns_of_funds = !(told && told->value && strcmp(told->value, "yes") == 0);
  return status;
}

static enum status put_advice(struct own_standards *o, struct error *err) {
  struct request *r = o->r;
  const struct assess_request q = {.store = r->store,
                                   .pack = r->pack,
                                   .rules = o->rules,
                                   .person = request_subject(r),
                                   .on = day_today()};
  return view_advice(o->view, r, &q, o->has_warned ? 1u << ADVICE_IMMIGRATION : 0, err);
}

static const char *page_path(const struct request *r) {
  return r->person ? arena_printf(r->arena, "%s/standards", request_base(r)) : "/standards/mine";
}

/* For somebody whom the visitor helps as for themself, but without their children: that would be a
 * look at each child's record. */
enum status page_standards_own(struct request *r, struct reply *reply, struct error *err) {
  struct own_standards o = {.view = view_new(r->arena, r->language), .r = r};
  view_list(o.view, "broken");
  view_list(o.view, "others");
  if (request_note_help(r, "standards", err) != DONE ||
      rules_ready(r->arena, r->site->rules, r->pack->dir, &o.rules, err) != DONE ||
      assessing_may_tell(r, &o.may_tell, err) != DONE ||
      case_page_begin(r, false, &o.page, err) != DONE || read_funds(&o, err) != DONE ||
      put_person(&o, request_subject(r), NULL, err) != DONE ||
      (!r->person && put_children(&o, err) != DONE) || put_advice(&o, err) != DONE)
    return err->code;
  view_form_rights(o.view, r);
  view_flag(o.view, "is_helper", r->person != 0);
  view_text(o.view, "action", request_path(r, page_path(r)));
  if (r->person) view_text(o.view, "back", request_path(r, request_base(r)));
  if (request_has(r, "done"))
    view_done(o.view, r->person
                          ? say(r->language, "We have asked. The answer comes to their requests.")
                          : say(r->language, "We have asked. The answer comes to your requests."));
  reply_page(reply, r, "standards-own",
             r->person ? say(r->language, "What they are promised at least")
                       : say(r->language, "What you are promised at least"),
             o.view);
  return DONE;
}

enum status act_standards_own(struct request *r, struct reply *reply, struct error *err) {
  return request_act_and_go(r, reply, arena_printf(r->arena, "%s?done=asked", page_path(r)), err);
}
