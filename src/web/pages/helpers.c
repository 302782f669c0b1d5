/* People who help me, and people whom I help: an offer with a code that the person hands over, its
 * scope, its end. */
#include "web/pages/cases.h"

#include "register/delegation.h"

#include <time.h>

static const struct choice helpers_done[] = {{"ended", NULL}, {"withdrawn", NULL}, {NULL, NULL}};
static const struct choice helping_done[] = {{"accepted", NULL}, {"ended", NULL}, {NULL, NULL}};

const struct field helpers_fields[] = {
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = helpers_done},
    {.name = NULL}};
const struct field helping_fields[] = {
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = helping_done},
    {.name = NULL}};

/* ---- shown ---- */

static const char *scope_words(const struct request *r, unsigned scope) {
  struct text t = {0};
  const struct helper_scope *one;
  for (int i = 0; (one = scope_at(i)); i++)
    if (scope & one->bit) text_addf(&t, "%s%s", t.size ? "; " : "", say(r->language, one->among));
  return text_take(r->arena, &t);
}

static void add_delegation(struct view *v, const struct request *r, const struct delegation *a,
                           const char *path) {
  bool runs = delegation_runs(a, day_today());
  struct view *item = view_item(v, runs ? "running" : "ended");
  view_text(item, "name", a->name);
  view_text(item, "what", a->what);
  view_text(item, "scope", scope_words(r, a->scope));
  view_day(item, "from", a->from);
  /* help that ended on its first day ended before that day, by the register */
  view_day(item, "to", a->to != DAY_NONE && a->to < a->from ? a->from : a->to);
  view_text(item, "id", arena_printf(r->arena, "%lld", (long long)a->id));
  view_text(item, "code", a->code);
  view_form_rights(item, r);
  view_text(item, "end", runs ? request_path(r, path) : NULL);
  view_text(item, "go",
            runs ? request_path(r, arena_printf(r->arena, "/helping/%s", a->code)) : NULL);
}

static struct case_call call_of(const struct request *r, const struct case_page *page) {
  return (struct case_call){r->store, r->arena, &page->desk, &page->actor};
}

static enum status add_offers(struct view *v, const struct request *r, struct error *err) {
  struct case_page page;
  struct delegation_open_offer *all = NULL;
  int count = 0;
  enum status status = case_page_begin(r, false, &page, err);
  struct case_call call = call_of(r, &page);
  if (status == DONE) status = delegation_offers_of(&call, (int64_t)time(NULL), &all, &count, err);
  view_flag(v, "has_offers", count > 0);
  for (int i = 0; i < count && status == DONE; i++) {
    struct view *item = view_item(v, "offers");
    view_text(item, "what", all[i].what);
    view_text(item, "scope", scope_words(r, all[i].scope));
    view_day(item, "last", all[i].last);
    view_day(item, "to", all[i].to);
  }
  return status;
}

enum status page_helpers(struct request *r, struct reply *reply, struct error *err) {
  struct delegation *all = NULL;
  int count = 0;
  enum status status = delegation_of_principal(r->store, r->arena, r->visitor.person, &all, &count,
                                               err);
  struct view *v = view_new(r->arena, r->language);
  if (status == DONE) status = add_offers(v, r, err);
  if (status != DONE) return status;
  if (request_has(r, "done"))
    view_done(v, span_is(request_text(r, "done"), "ended")
                     ? say(r->language, "They no longer help you, from this moment on.")
                     : say(r->language, "The codes that nobody has used are no longer good."));
  for (int i = 0; i < count; i++)
    add_delegation(v, r, &all[i],
                   arena_printf(r->arena, "/helpers/%lld/end", (long long)all[i].id));
  view_form_rights(v, r);
  view_text(v, "messages", request_path(r, "/messages"));
  view_form(v, "form", r, route_post("/helpers"), NULL, say(r->language, "Make a code"), NULL);
  reply_page(reply, r, "helpers", say(r->language, "People who help you"), v);
  return DONE;
}

enum status page_helping(struct request *r, struct reply *reply, struct error *err) {
  struct delegation *all = NULL;
  int count = 0;
  enum status status = delegation_of_agent(r->store, r->arena, r->visitor.person, &all, &count,
                                           err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  if (request_has(r, "done"))
    view_done(v, span_is(request_text(r, "done"), "ended")
                     ? say(r->language, "You no longer help them.")
                     : say(r->language,
                           "You can help them from now on. They see each visit you make."));
  for (int i = 0; i < count; i++)
    add_delegation(v, r, &all[i], arena_printf(r->arena, "/helping/%s/end", all[i].code));
  view_form(v, "form", r, route_post("/helping"), NULL, say(r->language, "Begin to help"), NULL);
  reply_page(reply, r, "helping", say(r->language, "People you help"), v);
  return DONE;
}

/* Whether the delegation is for the person of the path. One agreed before a merger names the merged
 * record; its code is the survivor's. */
static bool is_for(const struct person *helped, const struct delegation *a) {
  return strcmp(a->code, helped->code) == 0;
}

/* What a helper may open of somebody, by the names of the template. */
static const struct {
  const char *name, *path;
  enum permission needed;
} helping_pages[] = {{"account", "account", HELPER_SEE},
                     {"statement", "statement", HELPER_SEE},
                     {"life", "life", HELPER_SEE},
                     {"tell", "tell-us-once", HELPER_NOTIFY},
                     {"requests", "requests", HELPER},
                     {"time", "time", HELPER_TIME},
                     {"entitlements", "entitlements", HELPER_SEE},
                     {"awards", "awards", HELPER_SEE},
                     {"facts", "facts", HELPER_SEE},
                     {"claim", "claim", HELPER_NOTIFY},
                     {"standards", "standards", HELPER_SEE}};

/* What a helper may do for the person: links, as the scope allows. The access is noted when a link
 * is opened. */
enum status page_helping_one(struct request *r, struct reply *reply, struct error *err) {
  struct delegation *all = NULL, *one = NULL;
  struct person helped;
  int count = 0;
  enum status status = register_surviving_person(r->store, r->arena, r->person, &helped, err);
  if (status == DONE)
    status = delegation_of_agent(r->store, r->arena, r->visitor.person, &all, &count, err);
  for (int i = 0; i < count && status == DONE && !one; i++)
    if (is_for(&helped, &all[i]) && delegation_runs(&all[i], day_today())) one = &all[i];
  if (status != DONE) return status;
  if (!one) {
    reply_not_found(reply, r);
    return DONE;
  }
  struct view *v = view_new(r->arena, r->language);
  const char *base = arena_printf(r->arena, "/helping/%s", one->code);
  permission_set may = scope_gives(one->scope);
  view_text(v, "back", request_path(r, "/helping"));
  view_text(v, "name", one->name);
  for (size_t i = 0; i < sizeof helping_pages / sizeof *helping_pages; i++)
    if (permission_in(helping_pages[i].needed, may))
      view_text(v, helping_pages[i].name,
                request_path(r, arena_printf(r->arena, "%s/%s", base, helping_pages[i].path)));
  reply_page(reply, r, "helping_one",
             arena_printf(r->arena, say(r->language, "Helping %s"), one->name), v);
  return DONE;
}

/* ---- done ---- */

/* The code is shown once, on the answer to the form: no address and no store holds it. */
enum status act_offer(struct request *r, struct reply *reply, struct error *err) {
  static const struct reworded refusals[] = {{REFUSAL_HELPER_END_PAST, REFUSAL_HELP_END_PAST},
                                             {REFUSAL_HELPER_CODES_TOO_MANY,
                                              REFUSAL_HELP_CODES_TOO_MANY},
                                             {REFUSAL_HELPER_WHAT_MISSING, REFUSAL_HELPER_MISSING},
                                             {REFUSAL_NONE, REFUSAL_NONE}};
  struct action_call call;
  day_t last = DAY_NONE;
  enum status status = request_act(r, &call, err);
  if (status == REFUSED) refusal_reword(refusals, err);
  if (status == DONE) status = day_parse(span_of(action_answer_of(&call, "last")), &last, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "code", action_answer_of(&call, "code"));
  view_text(v, "what", request_text(r, "what").bytes);
  view_day(v, "last", last);
  reply_page(reply, r, "helper_code", say(r->language, "The code for your helper"), v);
  return DONE;
}

enum status act_withdraw_offers(struct request *r, struct reply *reply, struct error *err) {
  return request_act_and_go(r, reply, "/helpers?done=withdrawn", err);
}
enum status act_end_helper(struct request *r, struct reply *reply, struct error *err) {
  return request_act_and_go(r, reply, "/helpers?done=ended", err);
}
enum status act_end_helping(struct request *r, struct reply *reply, struct error *err) {
  return request_act_and_go(r, reply, "/helping?done=ended", err);
}

enum status act_accept(struct request *r, struct reply *reply, struct error *err) {
  static const struct reworded refusals[] = {{REFUSAL_HELPER_CODE_UNUSABLE,
                                              REFUSAL_HELP_CODE_UNUSABLE},
                                             {REFUSAL_HELPER_CODE_OWN, REFUSAL_HELP_CODE_OWN},
                                             {REFUSAL_NONE, REFUSAL_NONE}};
  enum status status = request_act_and_go(r, reply, "/helping?done=accepted", err);
  if (status == REFUSED) refusal_reword(refusals, err);
  return status;
}
