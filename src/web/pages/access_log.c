/* Who looked at my record: each access, by whom, why and when; and objecting to one. */
#include "web/pages/pages.h"

#include "register/access_log.h"

enum { ACCESS_NOTES_A_PAGE = 50 };

const struct field looked_fields[] = {
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 100000},
    {.name = "done",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = (const struct choice[]){{"objected", NULL}, {NULL, NULL}}},
    {.name = NULL}};
const struct field object_fields[] = {
    {.name = "words",
     .kind = FIELD_LONG,
     .most = OBJECTION_BYTES_MAX,
     .label = N_("Why should this look not have happened?"),
     .hint = N_("An administrator of the place reads this and answers you here."),
     .missing = N_("Say why you object")},
    {.name = NULL}};

const char *viewer_words(const struct request *r, const struct viewer *l, const char *who) {
  switch (l->kind) {
  case VIEWER_SELF: return say(r->language, "You");
  case VIEWER_HELPER:
    return arena_printf(r->arena, say(r->language, "%s, who helps you (%s)"), l->name, l->what);
  case VIEWER_ROLE: {
    const struct role_grant *role_grant = &l->role_grants[0];
    for (int i = 0; i < l->role_grant_count; i++)
      if (l->role_grants[i].body) role_grant = &l->role_grants[i];
    return arena_printf(r->arena, say(r->language, role_grant->role->viewer), l->name,
                        role_grant->body
                            ? reference_data_body_name(r->reference_data, role_grant->body)
                            : "");
  }
  case VIEWER_PERSON: return l->name;
  case VIEWER_OPERATOR: break;
  }
  return arena_printf(r->arena, say(r->language, "Operator of the machine: %s"), who);
}

static void add_access_note(struct view *v, const struct request *r,
                            const struct access_note *access_note) {
  struct view *item = view_item(v, "looks");
  view_moment(item, "when", r, access_note->at);
  view_text(item, "who", viewer_words(r, &access_note->viewer, access_note->who));
  view_text(item, "what", access_what(r, access_note->what));
  view_text(item, "why", access_why(r, access_note->why));
  view_flag(item, "is_own", access_note->viewer.kind == VIEWER_SELF);
  view_flag(item, "is_objected", access_note->objection != 0);
  view_text(item, "object",
            access_note->viewer.kind == VIEWER_SELF || access_note->objection
                ? NULL
                : request_path(r, arena_printf(r->arena, "/looked/%s", access_note->key)));
}

static enum status add_objections(struct view *v, const struct request *r, struct error *err) {
  struct objection *all = NULL;
  int count = 0;
  enum status status = objections_of(r->store, r->arena, r->visitor.person, &all, &count, err);
  for (int i = 0; i < count && status == DONE; i++) {
    struct view *item = view_item(v, "objections");
    view_moment(item, "when", r, all[i].at);
    view_moment(item, "look_when", r, all[i].access_at);
    view_text(item, "words", all[i].words);
    view_text(item, "answer", all[i].answer);
    view_moment(item, "answered_when", r, all[i].answered_at);
  }
  return status;
}

enum status page_looked(struct request *r, struct reply *reply, struct error *err) {
  int64_t page = request_has(r, "page") ? request_int(r, "page") : 1, total = 0;
  struct access_note *all = NULL;
  int count = 0;
  const struct access_log_page wanted = {.skip = (page - 1) * ACCESS_NOTES_A_PAGE,
                                         .most = ACCESS_NOTES_A_PAGE};
  enum status status = access_log_of(r->store, r->arena, r->visitor.person, &wanted, &all, &count,
                                     &total, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_flag(v, "is_wide", true);
  view_flag(v, "has_looks", count > 0);
  if (request_has(r, "done"))
    view_done(v, say(r->language, "Your objection was sent. The answer will stand on this page."));
  for (int i = 0; i < count; i++) add_access_note(v, r, &all[i]);
  view_pages(v, r, "/looked?", page, (total + ACCESS_NOTES_A_PAGE - 1) / ACCESS_NOTES_A_PAGE);
  status = add_objections(v, r, err);
  if (status == DONE)
    reply_page(reply, r, "looked", say(r->language, "Who looked at your record"), v);
  return status;
}

/* The access note that the path names, among the person's own; *found false: there is none. */
static enum status find_access_note(const struct request *r, struct access_note *out, bool *found,
                                    struct error *err) {
  struct span key = request_text(r, "look");
  int64_t total = 1;
  *found = false;
  for (int64_t skip = 0; skip < total && !*found; skip += ACCESS_LOG_PAGE_MOST) {
    struct access_note *all = NULL;
    int count = 0;
    const struct access_log_page wanted = {.skip = skip,
                                           .most = ACCESS_LOG_PAGE_MOST,
                                           .others_only = true};
    enum status status = access_log_of(r->store, r->arena, r->visitor.person, &wanted, &all, &count,
                                       &total, err);
    if (status != DONE) return status;
    for (int i = 0; i < count && !*found; i++)
      if (span_is(key, all[i].key)) *out = all[i], *found = true;
  }
  return DONE;
}

enum status page_object(struct request *r, struct reply *reply, struct error *err) {
  struct access_note access_note;
  bool found;
  enum status status = find_access_note(r, &access_note, &found, err);
  if (status != DONE) return status;
  if (!found || access_note.objection) {
    reply_not_found(reply, r);
    return DONE;
  }
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/looked"));
  view_moment(v, "when", r, access_note.at);
  view_text(v, "who", viewer_words(r, &access_note.viewer, access_note.who));
  view_text(v, "what", access_what(r, access_note.what));
  view_text(v, "why", access_why(r, access_note.why));
  view_form(v, "form", r, route_post("/looked/{look}"), NULL,
            say(r->language, "Send the objection"), NULL);
  reply_page(reply, r, "object", say(r->language, "Object to a look"), v);
  return DONE;
}

enum status act_object(struct request *r, struct reply *reply, struct error *err) {
  static const struct reworded refusals[] = {{REFUSAL_OBJECTION_MISSING, REFUSAL_OBJECTION_SAY_WHY},
                                             {REFUSAL_OBJECTION_MADE_ALREADY,
                                              REFUSAL_OBJECTION_BY_YOU_ALREADY},
                                             {REFUSAL_NONE, REFUSAL_NONE}};
  int64_t id;
  enum status status = objection_make(r->store, r->arena, r->visitor.person,
                                      request_text(r, "look"), request_text(r, "words"), &id, err);
  if (status == REFUSED) refusal_reword(refusals, err);
  if (status == DONE) reply_go(reply, r, "/looked?done=objected");
  return status;
}
