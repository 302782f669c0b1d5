/* Who has seen my record: visits, each with who, when, why and what was seen; and objecting. */
#include "web/pages/cases.h"

/* LOOKS_MOST: read for a page, and for the home page. */
enum { VISITS_A_PAGE = 20, VISIT_GAP_S = 30 * 60, LOOKS_MOST = 500 };

const struct field looked_fields[] = {
    {.name = "before", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = INT64_MAX},
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
  return body || l->body ? body_words_of(r, body ? body->id : l->body) : "";
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
  const char *what = access_what(r, note->what, READ_BY_PERSON);
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

/* ---- visits ---- */

/* Looks of one person in one role on one day, each within half an hour of another: what a citizen
 * calls a visit. Notes are the newest first, so its first note is its last moment. */
struct visit {
  int *notes; /* indexes */
  int count, capacity;
  int64_t from_s, to_s;
  int64_t first_id; /* of its looks */
};
struct visits {
  struct access_notes notes;
  struct visit *all;
  int count, capacity;
};

static bool same_viewer(const struct access_note *a, const struct access_note *b) {
  const char *x = a->viewer.body_code, *y = b->viewer.body_code;
  const char *name = a->viewer.name ? a->viewer.name : "",
             *other = b->viewer.name ? b->viewer.name : "";
  return strcmp(a->who, b->who) == 0 && strcmp(name, other) == 0 &&
         a->viewer.kind == b->viewer.kind && a->viewer.role == b->viewer.role &&
         a->viewer.body == b->viewer.body && (x && y ? strcmp(x, y) == 0 : x == y);
}

static bool goes_on(const struct visits *v, const struct visit *visit,
                    const struct access_note *note, int64_t at_s) {
  const struct access_note *last = &v->notes.all[visit->notes[visit->count - 1]];
  return !note->times && !last->times && visit->from_s - at_s <= VISIT_GAP_S &&
         same_viewer(last, note);
}

static void group_visits(const struct request *r, struct visits *v) {
  for (int i = 0; i < v->notes.count; i++) {
    const struct access_note *note = &v->notes.all[i];
    int64_t at_s = 0;
    struct visit *visit = NULL;
    (void)clock_read(span_of(note->at), &at_s);
    /* in the order of to_s; an older one may have gone on, so only another day ends the search */
    for (int k = v->count - 1; k >= 0 && !visit && clock_day(v->all[k].to_s) == clock_day(at_s);
         k--)
      if (goes_on(v, &v->all[k], note, at_s)) visit = &v->all[k];
    if (!visit) {
      arena_reserve(r->arena, v->all, v->capacity, v->count + 1);
      visit = &v->all[v->count++];
      *visit = (struct visit){.to_s = at_s};
    }
    arena_reserve(r->arena, visit->notes, visit->capacity, visit->count + 1);
    visit->notes[visit->count++] = i;
    visit->from_s = at_s;
    visit->first_id = note->first_id;
  }
}

/* At most LOOKS_MOST looks, grouped. */
static enum status read_visits(const struct request *r, int64_t before, struct visits *out,
                               struct error *err) {
  const struct access_log_page wanted = {.before = before, .most = LOOKS_MOST};
  enum status status = access_log_of(r->store, r->arena, r->visitor.person, &wanted, &out->notes,
                                     err);
  if (status == DONE) group_visits(r, out);
  return status;
}

/* Whether looks that were not read may belong to it. */
static bool may_go_on(const struct visits *v, const struct visit *visit) {
  const struct access_note *oldest = &v->notes.all[v->notes.count - 1];
  int64_t oldest_s = 0;
  (void)clock_read(span_of(oldest->at), &oldest_s);
  return v->notes.more && clock_day(visit->from_s) == clock_day(oldest_s) &&
         (v->notes.all[visit->notes[0]].times || visit->from_s - oldest_s <= VISIT_GAP_S);
}

/* How many of the visits a page shows, and the id before which the next goes on (0: there is none):
 * as many as fit, so that none is cut; where visits run side by side, some more; only one of more
 * looks than are read goes on upon the next page. */
static int visits_shown(const struct visits *v, int64_t *next) {
  int64_t low = INT64_MAX;
  int shown = 0;
  *next = 0;
  for (int i = 0; i < v->count && (i < VISITS_A_PAGE || !shown); i++) {
    const struct visit *visit = &v->all[i];
    const bool last = i + 1 == v->count;
    const int64_t after = last ? 0 : v->notes.all[v->all[i + 1].notes[0]].id;
    if (may_go_on(v, visit)) break;
    if (visit->first_id < low) low = visit->first_id;
    if (low > after) shown = i + 1, *next = last && !v->notes.more ? 0 : low;
  }
  if (shown) return shown;
  *next = v->notes.more ? v->notes.oldest : 0;
  return v->count;
}

static const char *time_words(const struct request *r, int64_t seconds) {
  struct text t = {0};
  char at[21];
  moment_for_people(&t, r->language, clock_write(seconds, at), false);
  return text_take(r->arena, &t);
}

/* `29 November 2026, 9:00am to 9:04am` */
static const char *visit_when(const struct request *r, const struct visit *visit) {
  const char *day = written_value(r, doc_day(clock_day(visit->to_s))),
             *from = time_words(r, visit->from_s), *to = time_words(r, visit->to_s);
  return strcmp(from, to) == 0
             ? arena_printf(r->arena, say(r->language, "%s, %s"), day, from)
             : arena_printf(r->arena, say(r->language, "%s, %s to %s"), day, from, to);
}

/* Adds the text to the list unless it is there. */
static void add_once(struct view *v, const char *name, const char *text, const char **seen,
                     int *count) {
  for (int i = 0; i < *count; i++)
    if (strcmp(seen[i], text) == 0) return;
  seen[(*count)++] = text;
  view_item_text(v, name, text);
}

/* To the objection that there is; else to where one is written, unless it was oneself. */
static void put_objection(struct view *item, const struct request *r,
                          const struct access_note *note, const struct case_file *objection) {
  view_text(item, "objection",
            objection ? request_path(r, arena_printf(r->arena, "/requests/%lld",
                                                     (long long)objection->id))
                      : NULL);
  view_text(item, "object",
            note->viewer.kind == VIEWER_SELF || objection
                ? NULL
                : request_path(r, arena_printf(r->arena, "/looked/%lld", (long long)note->id)));
}

static void add_look(struct view *visit, const struct request *r, const struct access_note *note,
                     const struct case_file *objection) {
  struct view *item = view_item(visit, "looks");
  int64_t at_s = 0;
  (void)clock_read(span_of(note->at), &at_s);
  view_text(item, "at", time_words(r, at_s));
  view_text(item, "what", what_words(r, note));
  put_objection(item, r, note, objection);
}

/* The looks of a visit with the reason of each; null: it is said already. */
struct reasons {
  const struct access_note *notes;
  const struct visit *of;
  const char **whys;
};

/* What was seen for the reason of the look at `first`, each thing once. */
static void add_reason(struct view *visit, const struct request *r, const struct reasons *all,
                       int first) {
  struct view *item = view_item(visit, "reasons");
  const char **whats = arena_array(r->arena, const char *, all->of->count), *why = all->whys[first];
  int count = 0;
  view_text(item, "why", *why ? why : NULL);
  view_list(item, "whats");
  for (int i = first; i >= 0; i--) {
    if (!all->whys[i] || strcmp(all->whys[i], why) != 0) continue;
    add_once(item, "whats", what_words(r, &all->notes[all->of->notes[i]]), whats, &count);
    all->whys[i] = NULL;
  }
}

/* The reasons one by one, in the order of the visit. */
static void add_reasons(struct view *visit, const struct request *r, const struct visits *visits,
                        const struct visit *of) {
  const struct reasons all = {visits->notes.all, of,
                              arena_array(r->arena, const char *, of->count)};
  for (int i = 0; i < of->count; i++) {
    const char *why = access_why(r, all.notes[of->notes[i]].why, READ_BY_PERSON);
    all.whys[i] = why ? why : "";
  }
  view_list(visit, "reasons");
  for (int i = of->count - 1; i >= 0; i--)
    if (all.whys[i]) add_reason(visit, r, &all, i);
}

static void add_visit(struct view *v, const struct request *r, const struct visits *visits,
                      const struct visit *visit, const struct objections *objections) {
  const struct access_note *last = &visits->notes.all[visit->notes[0]];
  struct view *item = view_item(v, "visits");
  const struct case_file *objected = NULL;
  view_text(item, "when", visit_when(r, visit));
  view_text(item, "who", viewer_words(r, &last->viewer, last->who));
  add_reasons(item, r, visits, visit);
  view_list(item, "looks");
  for (int i = visit->count - 1; i >= 0; i--) {
    const struct access_note *note = &visits->notes.all[visit->notes[i]];
    const struct case_file *objection = objection_to(objections, note->id);
    add_look(item, r, note, objection);
    if (objection) objected = objection;
  }
  view_text(item, "pages",
            arena_printf(r->arena, say_count(r->language, "%s page", "%s pages", visit->count),
                         written_value(r, doc_count(visit->count))));
  view_flag(item, "has_many", visit->count > 1);
  put_objection(item, r, last, objected);
  if (objected) view_case_state(item, r, objected);
}

enum status page_looked(struct request *r, struct reply *reply, struct error *err) {
  struct visits visits = {0};
  struct objections objections = {0};
  int64_t next = 0;
  const bool is_older = request_has(r, "before");
  const struct pack_case_kind *kind = pack_find_case_kind(r->pack, span_of(LOOK_OBJECTION));
  enum status status = read_visits(r, is_older ? request_int(r, "before") : 0, &visits, err);
  if (status == DONE) status = read_objections(r, &objections, err);
  if (status != DONE) return status;
  const int shown = visits_shown(&visits, &next);
  struct view *v = view_new(r->arena, r->language);
  view_flag(v, "has_visits", shown > 0 || is_older || next);
  view_text(v, "copy", request_path(r, "/copy"));
  if (request_has(r, "done") && kind) view_done(v, kind->told[r->language]);
  for (int i = 0; i < shown; i++) add_visit(v, r, &visits, &visits.all[i], &objections);
  view_text(v, "newest", is_older ? request_path(r, "/looked") : NULL);
  view_text(v, "older",
            next ? request_path(r, arena_printf(r->arena, "/looked?before=%lld", (long long)next))
                 : NULL);
  reply_page(reply, r, "looked", say(r->language, "Who has seen your record"), v);
  return DONE;
}

enum status access_visits_since(const struct request *r, day_t since, struct visits_count *out,
                                struct error *err) {
  struct visits visits = {0};
  *out = (struct visits_count){0};
  if (read_visits(r, 0, &visits, err) != DONE) return err->code;
  const struct access_notes *notes = &visits.notes;
  for (int i = 0; i < visits.count; i++)
    out->count += clock_day(visits.all[i].to_s) >= since &&
                  notes->all[visits.all[i].notes[0]].viewer.kind != VIEWER_SELF;
  out->more = notes->more &&
              (!notes->count || clock_day_of(span_of(notes->all[notes->count - 1].at)) >= since);
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
  view_text(v, "why", access_why(r, access_note.why, READ_BY_PERSON));
  view_form(v, "form", r, route_post("/looked/{look}"), NULL,
            say(r->language, "Send the objection"), NULL);
  reply_page(reply, r, "object", say(r->language, "Object to a visit"), v);
  return DONE;
}

enum status act_object(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE) reply_go(reply, r, "/looked?done=objected");
  return status;
}
