/* Who looked at my record: each access, by whom, why and when; and objecting to one. */
#include "web/pages/cases.h"

enum { ACCESS_NOTES_A_PAGE = 50 };

const struct field looked_fields[] = {
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 100000},
    {.name = "done",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = (const struct choice[]){{"objected", NULL}, {NULL, NULL}}},
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

/* The visitor's objections to looks, as cases. */
struct objections {
  struct case_file *all;
  int count, capacity;
};

static enum status read_objections(const struct request *r, struct objections *out,
                                   struct error *err) {
  struct case_filter filter = {.kind = LOOK_OBJECTION, .most = CASES_PAGE_MOST};
  struct case_page page;
  struct case_file *files = NULL;
  int64_t total = 0;
  int count = 0;
  enum status status = case_page_begin(r, false, &page, err);
  do {
    if (status == DONE)
      status = cases_of(r->store, r->arena, &page.desk, page.actor.records, page.actor.record_count,
                        &filter, &files, &count, &total, err);
    if (status != DONE) return status;
    arena_reserve(r->arena, out->all, out->capacity, out->count + count);
    for (int i = 0; i < count; i++) out->all[out->count++] = files[i];
    filter.skip += count;
  } while (count == filter.most);
  return DONE;
}

/* The objection to a look; null: there is none. */
static const struct case_file *objection_to(const struct objections *objections, int64_t look) {
  char subject[32];
  snprintf(subject, sizeof subject, "look:%lld", (long long)look);
  for (int i = 0; i < objections->count; i++)
    if (strcmp(objections->all[i].subject, subject) == 0) return &objections->all[i];
  return NULL;
}

static void add_access_note(struct view *v, const struct request *r, const struct access_note *note,
                            const struct case_file *objection) {
  struct view *item = view_item(v, "looks");
  view_moment(item, "when", r, note->at);
  view_text(item, "who", viewer_words(r, &note->viewer, note->who));
  view_text(item, "what", what_words(r, note));
  view_text(item, "why", access_why(r, note->why));
  view_flag(item, "is_own", note->viewer.kind == VIEWER_SELF);
  view_text(item, "objection",
            objection ? request_path(r, arena_printf(r->arena, "/requests/%lld",
                                                     (long long)objection->id))
                      : NULL);
  if (objection) view_case_state(item, r, objection);
  view_text(item, "object",
            note->viewer.kind == VIEWER_SELF || objection
                ? NULL
                : request_path(r, arena_printf(r->arena, "/looked/%lld", (long long)note->id)));
}

enum status page_looked(struct request *r, struct reply *reply, struct error *err) {
  int64_t page = request_has(r, "page") ? request_int(r, "page") : 1, total = 0;
  struct access_note *all = NULL;
  int count = 0;
  const struct access_log_page wanted = {.skip = (page - 1) * ACCESS_NOTES_A_PAGE,
                                         .most = ACCESS_NOTES_A_PAGE};
  struct objections objections = {0};
  const struct pack_case_kind *kind = pack_find_case_kind(r->pack, span_of(LOOK_OBJECTION));
  enum status status = access_log_of(r->store, r->arena, r->visitor.person, &wanted, &all, &count,
                                     &total, err);
  if (status == DONE) status = read_objections(r, &objections, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_flag(v, "is_wide", true);
  view_flag(v, "has_looks", count > 0);
  view_text(v, "copy", request_path(r, "/copy"));
  if (request_has(r, "done") && kind) view_done(v, kind->told[r->language]);
  for (int i = 0; i < count; i++)
    add_access_note(v, r, &all[i], objection_to(&objections, all[i].id));
  view_pages(v, r, "/looked?", page, (total + ACCESS_NOTES_A_PAGE - 1) / ACCESS_NOTES_A_PAGE);
  reply_page(reply, r, "looked", say(r->language, "Who looked at your record"), v);
  return DONE;
}

enum status page_object(struct request *r, struct reply *reply, struct error *err) {
  struct access_note access_note;
  enum status status = access_note_by_id(r->store, r->arena, r->visitor.person,
                                         request_number(r, "look"), &access_note, err);
  if (status == REFUSED) return reply_not_there(reply, r, err);
  struct objections objections = {0};
  if (status == DONE) status = read_objections(r, &objections, err);
  if (status != DONE) return status;
  if (objection_to(&objections, access_note.id) || access_note.viewer.kind == VIEWER_SELF) {
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
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE) reply_go(reply, r, "/looked?done=objected");
  return status;
}
