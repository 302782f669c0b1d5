/* Who looked at my record: each access, by whom, why and when; and objecting to one. */
#include "web/pages/pages.h"

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

static const char *role_body_name(const struct request *r, const struct viewer *l) {
  const struct body *body = !l->body_code
                                ? NULL
                                : bodies_by_code(r->reference_data->bodies, span_of(l->body_code));
  if (l->body_code && !body) return l->body_code;
  return body || l->body ? reference_data_body_name(r->reference_data, body ? body->id : l->body)
                         : "";
}

const char *viewer_words(const struct request *r, const struct viewer *l, const char *who) {
  const char *name = l->name, *words = NULL;
  if (l->kind == VIEWER_ERASED) name = say(r->language, "Somebody whose record was erased");
  switch (l->kind) {
  case VIEWER_SELF: words = say(r->language, "You"); break;
  case VIEWER_OPERATOR:
    return arena_printf(r->arena, say(r->language, "Operator of the machine: %s"), who);
  case VIEWER_HELPER:
  case VIEWER_ROLE:
  case VIEWER_PERSON:
  case VIEWER_ERASED:
    if (l->role && l->kind != VIEWER_HELPER)
      words = arena_printf(r->arena, say(r->language, l->role->viewer), name, role_body_name(r, l));
    else if (l->what)
      words = arena_printf(r->arena, say(r->language, "%s, who helps you (%s)"), name, l->what);
    else if (l->helped)
      words = arena_printf(r->arena, say(r->language, "%s, who helped you"), name);
    else words = name;
  }
  return l->machine ? arena_printf(r->arena, say(r->language, "%s (on the machine of %s)"), words,
                                   l->machine)
                    : words;
}

/* A run over many people says so: with the place, and how often it was that day. */
static const char *what_words(const struct request *r, const struct access_note *note) {
  const char *what = access_what(r, note->what);
  if (!note->times) return what;
  const struct places *places = r->reference_data->places;
  int place = note->place ? places_by_id(places, note->place) : PLACE_NONE;
  const char *over =
      place == PLACE_NONE
          ? arena_printf(r->arena, say(r->language, "%s: a run over everybody"), what)
          : arena_printf(r->arena, say(r->language, "%s: a run over everybody in %s"), what,
                         places->all[place].name);
  if (note->times == 1) return over;
  return arena_printf(r->arena, say(r->language, "%s, %lld times that day"), over,
                      (long long)note->times);
}

static void add_access_note(struct view *v, const struct request *r,
                            const struct access_note *access_note) {
  struct view *item = view_item(v, "looks");
  view_moment(item, "when", r, access_note->at);
  view_text(item, "who", viewer_words(r, &access_note->viewer, access_note->who));
  view_text(item, "what", what_words(r, access_note));
  view_text(item, "why", access_why(r, access_note->why));
  view_flag(item, "is_own", access_note->viewer.kind == VIEWER_SELF);
  view_flag(item, "is_objected", access_note->objection != 0);
  view_text(item, "object",
            access_note->viewer.kind == VIEWER_SELF || access_note->objection
                ? NULL
                : request_path(r,
                               arena_printf(r->arena, "/looked/%lld", (long long)access_note->id)));
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

enum status page_object(struct request *r, struct reply *reply, struct error *err) {
  struct access_note access_note;
  enum status status = access_note_by_id(r->store, r->arena, r->visitor.person,
                                         request_number(r, "look"), &access_note, err);
  if (status == REFUSED) return reply_not_there(reply, r, err);
  if (status != DONE) return status;
  if (access_note.objection || access_note.viewer.kind == VIEWER_SELF) {
    reply_not_found(reply, r);
    return DONE;
  }
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/looked"));
  view_moment(v, "when", r, access_note.at);
  view_text(v, "who", viewer_words(r, &access_note.viewer, access_note.who));
  view_text(v, "what", what_words(r, &access_note));
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
                                      request_number(r, "look"), request_text(r, "words"), &id,
                                      err);
  if (status == REFUSED) refusal_reword(refusals, err);
  if (status == DONE) reply_go(reply, r, "/looked?done=objected");
  return status;
}
