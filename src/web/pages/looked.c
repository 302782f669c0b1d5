/* Who looked at my record: each look, by whom, why and when; and objecting to one. */
#include "web/pages/pages.h"

#include "register/looks.h"

enum { LOOKS_A_PAGE = 50 };

const struct field looked_fields[] = {{.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 100000},
                                      {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = (const struct choice[]){{"objected", NULL}, {NULL, NULL}}},
                                      {.name = NULL}};
const struct field object_fields[] = {{.name = "words", .kind = FIELD_LONG, .most = OBJECTION_BYTES_MAX, .label = N_("Why should this look not have happened?"),
                                       .hint = N_("An administrator of the place reads this and answers you here."), .missing = N_("Say why you object")},
                                      {.name = NULL}};

const char *looker_words(const struct request *r, const struct looker *l, const char *who) {
  switch (l->kind) {
  case LOOKER_SELF: return say(r->language, "You");
  case LOOKER_HELPER: return arena_printf(r->arena, say(r->language, "%s, who helps you (%s)"), l->name, l->what);
  case LOOKER_OFFICE: {
    const struct office *office = &l->offices[0];
    for (int i = 0; i < l->office_count; i++)
      if (l->offices[i].role == ROLE_STAFF) office = &l->offices[i];
    if (office->role == ROLE_STAFF) return arena_printf(r->arena, say(r->language, "%s, staff of %s"), l->name, facts_body_name(r->facts, office->body));
    return arena_printf(r->arena, office->role == ROLE_AUDITOR ? say(r->language, "%s, auditor") : say(r->language, "%s, administrator"), l->name);
  }
  case LOOKER_PERSON: return l->name;
  case LOOKER_OPERATOR: break;
  }
  return arena_printf(r->arena, say(r->language, "Operator of the machine: %s"), who);
}

static void add_look(struct view *v, const struct request *r, const struct look *look) {
  struct view *item = view_item(v, "looks");
  view_moment(item, "when", r, look->at);
  view_text(item, "who", looker_words(r, &look->looker, look->who));
  view_text(item, "what", look_what(r, look->what));
  view_text(item, "why", look_why(r, look->why));
  view_flag(item, "is_own", look->looker.kind == LOOKER_SELF);
  view_flag(item, "is_objected", look->objection != 0);
  view_text(item, "object", look->looker.kind == LOOKER_SELF || look->objection ? NULL : request_path(r, arena_printf(r->arena, "/looked/%s", look->key)));
}

static enum status add_objections(struct view *v, const struct request *r, struct error *err) {
  struct objection *all = NULL;
  int count = 0;
  enum status status = objections_of(r->store, r->arena, r->visitor.person, &all, &count, err);
  for (int i = 0; i < count && status == DONE; i++) {
    struct view *item = view_item(v, "objections");
    view_moment(item, "when", r, all[i].at);
    view_moment(item, "look_when", r, all[i].look_at);
    view_text(item, "words", all[i].words);
    view_text(item, "answer", all[i].answer);
    view_moment(item, "answered_when", r, all[i].answered_at);
  }
  return status;
}

enum status page_looked(struct request *r, struct reply *reply, struct error *err) {
  int64_t page = request_has(r, "page") ? request_int(r, "page") : 1, total = 0;
  struct look *all = NULL;
  int count = 0;
  const struct looks_page wanted = {.skip = (page - 1) * LOOKS_A_PAGE, .most = LOOKS_A_PAGE};
  enum status status = looks_at(r->store, r->arena, r->visitor.person, &wanted, &all, &count, &total, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_flag(v, "is_wide", true);
  view_flag(v, "has_looks", count > 0);
  if (request_has(r, "done")) view_done(v, say(r->language, "Your objection was sent. The answer will stand on this page."));
  for (int i = 0; i < count; i++) add_look(v, r, &all[i]);
  view_pages(v, r, "/looked?", page, (total + LOOKS_A_PAGE - 1) / LOOKS_A_PAGE);
  status = add_objections(v, r, err);
  if (status == DONE) reply_page(reply, r, "looked", say(r->language, "Who looked at your record"), v);
  return status;
}

/* The look that the path names, among the person's own; *found false where there is none. */
static enum status find_look(const struct request *r, struct look *out, bool *found, struct error *err) {
  struct span key = request_text(r, "look");
  int64_t total = 1;
  *found = false;
  for (int64_t skip = 0; skip < total && !*found; skip += LOOKS_PAGE_MOST) {
    struct look *all = NULL;
    int count = 0;
    const struct looks_page wanted = {.skip = skip, .most = LOOKS_PAGE_MOST, .others_only = true};
    enum status status = looks_at(r->store, r->arena, r->visitor.person, &wanted, &all, &count, &total, err);
    if (status != DONE) return status;
    for (int i = 0; i < count && !*found; i++)
      if (span_is(key, all[i].key)) *out = all[i], *found = true;
  }
  return DONE;
}

enum status page_object(struct request *r, struct reply *reply, struct error *err) {
  struct look look;
  bool found;
  enum status status = find_look(r, &look, &found, err);
  if (status != DONE) return status;
  if (!found || look.objection) {
    reply_not_found(reply, r);
    return DONE;
  }
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/looked"));
  view_moment(v, "when", r, look.at);
  view_text(v, "who", looker_words(r, &look.looker, look.who));
  view_text(v, "what", look_what(r, look.what));
  view_text(v, "why", look_why(r, look.why));
  view_form(v, "form", r, route_post("/looked/{look}"), NULL, say(r->language, "Send the objection"), NULL);
  reply_page(reply, r, "object", say(r->language, "Object to a look"), v);
  return DONE;
}

enum status act_object(struct request *r, struct reply *reply, struct error *err) {
  static const struct refusal refusals[] = {{"is empty", N_("Say why you object")}, {"objected to this look", N_("You have objected to this look already")}, {NULL, NULL}};
  int64_t id;
  enum status status = objection_make(r->store, r->arena, r->visitor.person, request_text(r, "look"), request_text(r, "words"), &id, err);
  if (status == REFUSED) refusal_say(r, refusals, err);
  if (status == DONE) reply_go(reply, r, "/looked?done=objected");
  return status;
}
