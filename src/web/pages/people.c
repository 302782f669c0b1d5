/* Staff of a body find a person and open their record: only the lines of the visitor's own bodies.
 * One reason opens one person. A search has a reason, which opens one of those whom it found; a
 * record that is opened by its address has one of its own. For every person shown, an access is
 * noted with the reason before anything is seen. */
#include "book/figures.h"
#include "book/line_reads.h"
#include "register/names.h"
#include "register/search.h"
#include "register/sessions.h"
#include "statement/corrections.h"
#include "web/pages/lists.h"
#include "web/pages/pages.h"
#include "web/session.h"

#include <assert.h>
#include <time.h>

enum { LINES_A_PAGE = 50, REASON_CHARACTERS_MOST = 200 };

const struct field reason_fields[] = {
    {.name = "reason",
     .kind = FIELD_TEXT,
     .least = 4,
     .most = REASON_CHARACTERS_MOST,
     .label = N_("Why do you need to look at this person's record?"),
     .hint = N_("For example: they ask for home care, at the counter. The person reads this, "
                "together with your name."),
     .missing = N_("Say why you need to look")},
    {.name = NULL}};
const struct field find_fields[] = {
    {.name = "reason",
     .kind = FIELD_TEXT,
     .least = 4,
     .most = REASON_CHARACTERS_MOST,
     .label = N_("Why do you need to look?"),
     .hint = N_("For example: they ask for home care, at the counter. Each person who is found "
                "reads this, together with your name. It opens one record; the next person needs a "
                "reason of their own."),
     .missing = N_("Say why you need to look")},
    {.name = "reference",
     .kind = FIELD_TEXT,
     .optional = true,
     .among = true,
     .most = 64,
     .label = N_("Reference, National Insurance number or NHS number")},
    {.name = "name",
     .kind = FIELD_TEXT,
     .optional = true,
     .among = true,
     .most = 100,
     .label = N_("Name"),
     .hint = N_("Or the beginnings of their names: al jen finds Alfie Jenkins. Capital letters, "
                "accents and apostrophes do not matter.")},
    {.name = "born",
     .kind = FIELD_DAY,
     .optional = true,
     .among = true,
     .past = true,
     .label = N_("Day of birth"),
     .hint = N_("For example, 27 3 1947")},
    {.name = "postcode",
     .kind = FIELD_TEXT,
     .optional = true,
     .among = true,
     .most = 20,
     .label = N_("Postcode"),
     .hint = N_("Of where they live now. It finds only people who have something from your "
                "organisation.")},
    {.name = "place",
     .kind = FIELD_CHOICE,
     .optional = true,
     .among = true,
     .label = N_("Where they live")},
    {.name = NULL}};
const struct field person_fields[] = {
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 100000},
    {.name = NULL}};

/* ---- the reason ---- */

bool staff_has_reason(const struct request *r, struct reply *reply) {
  if (r->visitor.reason) return true;
  struct text path = {0};
  text_add(&path, "/people/");
  text_add_percent(&path, request_text(r, "person"));
  text_add(&path, "/reason");
  reply_go(reply, r, arena_string(r->arena, path.bytes));
  text_release(&path);
  return false;
}

enum status staff_note_access(const struct request *r, const char *what, struct error *err) {
  int64_t survivor = 0;
  if (r->is_noted) return DONE;
  enum status status = request_note_access(r, what, r->visitor.reason, err);
  if (status == DONE) status = register_survivor(r->store, r->person, &survivor, err);
  return status == DONE
             ? reasons_use(r->store, r->visitor.session, survivor, (int64_t)time(NULL), err)
             : status;
}

enum status staff_keep_reason(const struct request *r, int64_t person, const char *reason,
                              bool found, struct error *err) {
  struct reason_given given = {.now = (int64_t)time(NULL),
                               .reason = span_of(reason),
                               .found = found};
  enum status status = register_survivor(r->store, person, &given.party, err);
  return status == DONE ? reasons_keep(r->store, r->visitor.session, &given, err) : status;
}

void staff_view_reason(struct view *v, const struct request *r) {
  view_text(v, "reason", access_why(r, r->visitor.reason, READ_BY_OTHERS));
}

static bool staff_is_of(const struct request *r, int64_t body) {
  for (int i = 0; i < r->visitor.body_count; i++)
    if (body && r->visitor.bodies[i] == body) return true;
  return false;
}

static const char *bodies_words(const struct request *r) {
  struct text t = {0};
  for (int i = 0; i < r->visitor.body_count; i++)
    text_addf(&t, "%s%s", i ? ", " : "", body_words_of(r, r->visitor.bodies[i]));
  return text_take(r->arena, &t);
}

enum status page_reason(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = view_new(r->arena, r->language);
  struct value start[] = {
      {.name = "reason", .given = r->visitor.reason != NULL, .text = span_of(r->visitor.reason)},
      {.name = NULL}};
  view_text(v, "bodies", bodies_words(r));
  view_text(v, "code", request_text(r, "person").bytes);
  struct view *form = view_form(v, "form", r, route_post("/people/{person}/reason"), NULL,
                                say(r->language, "Continue"), start);
  view_form_heading(form);
  view_text(v, "back", request_path(r, "/people"));
  reply_page(reply, r, "people_reason",
             say(r->language, "Why do you need to look at this person's record?"), v);
  return DONE;
}

/* Who asks whether there is such a person learns that, so either answer counts as a look. Somebody
 * who is there reads in their log that they were looked for. */
enum status act_reason(struct request *r, struct reply *reply, struct error *err) {
  struct error unknown = {0};
  int64_t person = 0;
  const char *reason = request_text(r, "reason").bytes;
  const struct access_reader by = request_reader(r);
  enum status status = register_find_person(r->store, request_text(r, "person").bytes, &person,
                                            &unknown);
  if (status == FAILED) return *err = unknown, status;
  if (status != DONE) {
    reply_not_found(reply, r);
    return access_log_add(r->store, &by, 0, "a reference of nobody", reason, err);
  }
  status = access_log_add(r->store, &by, person, "looked for by reference", reason, err);
  if (status == DONE) status = staff_keep_reason(r, person, reason, false, err);
  if (status == DONE)
    reply_go(reply, r, arena_printf(r->arena, "/people/%s", request_text(r, "person").bytes));
  return status;
}

/* ---- the search ---- */

static void add_places(struct view *form, const struct request *r) {
  const struct places *places = r->reference_data->places;
  if (places->own == PLACE_NONE) return;
  view_form_choice(form, "place", places->all[places->own].code, places->all[places->own].name,
                   NULL);
  for (int i = 0; i < places->count; i++)
    if (i != places->own && places_within(places, i, places->own))
      view_form_choice(form, "place", places->all[i].code, places->all[i].name, NULL);
}

/* start: what was searched for; null: nothing yet */
static struct view *people_view(const struct request *r, const struct value *start) {
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "bodies", bodies_words(r));
  view_flag(v, "has_searched", start != NULL);
  struct view *form = view_form(v, "form", r, route_post("/people"), NULL, say(r->language, "Find"),
                                start);
  add_places(form, r);
  return v;
}

enum status page_people(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = people_view(r, NULL);
  reply_page(reply, r, "people", say(r->language, "Find a person"), v);
  return DONE;
}

/* Place and death as the page of the person has them: of somebody of the visitor's bodies only. */
static void add_found(struct view *v, const struct request *r, const struct found *found,
                      bool known) {
  struct view *item = view_item(v, "found");
  const struct place *place = known ? reference_data_place(r->reference_data, found->place) : NULL;
  view_text(item, "href", request_path(r, arena_printf(r->arena, "/people/%s", found->code)));
  view_text(item, "name", found->name);
  view_text(item, "code", found->code);
  view_day(item, "born", found->born);
  view_day(item, "died", known ? found->died : DAY_NONE);
  view_text(item, "place", place ? place->name : NULL);
}

/* What the register refuses, as this form says it. */
static enum status too_little(struct error *err) {
  if (err->refusal.code == REFUSAL_SEARCH_BORN_ALONE)
    return refuse_at(err, "name", SEARCH_WITH_NAME_OR_PLACE);
  if (err->refusal.code == REFUSAL_SEARCH_POSTCODE_ALONE)
    return refuse_at(err, "name", SEARCH_WITH_LETTERS);
  if (err->refusal.code == REFUSAL_SEARCH_POSTCODE_MALFORMED)
    return refuse_at(err, "postcode", SEARCH_POSTCODE_WRITTEN);
  if (err->refusal.code != REFUSAL_SEARCH_TOO_LITTLE) return REFUSED;
  return strcmp(err->column, "born") == 0
             ? refuse_at(err, "born", SEARCH_WITH_BIRTH)
             : refuse_at(err, "reference", SEARCH_WITH_NUMBER_OR_BIRTH);
}

static enum status search(const struct request *r, struct found found[SEARCH_MOST], int *count,
                          bool *more, struct error *err) {
  struct span place = request_text(r, "place");
  struct search wanted = {.reference = request_text(r, "reference"),
                          .name = request_text(r, "name"),
                          .born = request_day(r, "born"),
                          .postcode = request_text(r, "postcode"),
                          .place = PLACE_NONE,
                          .places = r->reference_data->places,
                          .today = day_today()};
  if (place.size) wanted.place = places_by_code(r->reference_data->places, place);
  if (place.size && wanted.place == PLACE_NONE) return refuse_at(err, "place", PLACE_NOT_IN_LIST);
  enum status status = search_people(r->store, r->arena, &wanted, found, count, more, err);
  return status == REFUSED ? too_little(err) : status;
}

/* Which of them have a line of the visitor's bodies. With a postcode nobody else is found: the
 * answer would say where somebody lives with whom the visitor has nothing to do. */
static enum status keep_known(const struct request *r, struct found *found, bool *known, int *count,
                              struct error *err) {
  const bool only_known = span_trim(request_text(r, "postcode")).size > 0;
  enum status status = DONE;
  int kept = 0;
  for (int i = 0; status == DONE && i < *count; i++) {
    int64_t *bodies = NULL;
    int body_count = 0;
    bool some = false;
    status = statement_bodies_of(r->store, found[i].id, DAY_FIRST, r->arena, &bodies, &body_count,
                                 err);
    for (int b = 0; b < body_count && !some; b++) some = staff_is_of(r, bodies[b]);
    if (!some && only_known) continue;
    known[kept] = some;
    found[kept++] = found[i];
  }
  *count = kept;
  return status;
}

/* Notes a look at each, and keeps the reason with which one of them may be opened. */
static enum status note_found(const struct request *r, const struct found *found, int *count,
                              bool *more, struct error *err) {
  const struct access_reader by = request_reader(r);
  const char *reason = request_text(r, "reason").bytes;
  int64_t people[SEARCH_MOST];
  int noted = *count;
  for (int i = 0; i < *count; i++) people[i] = found[i].id;
  enum status status = access_log_add_found(r->store, &by, people, &noted, reason, err);
  if (status == DONE) status = reasons_drop_found(r->store, r->visitor.session, err);
  for (int i = 0; status == DONE && i < noted; i++)
    status = staff_keep_reason(r, found[i].id, reason, true, err);
  *more = *more || noted < *count;
  *count = noted;
  return status;
}

/* Sent as a form, so that no address and no log holds what was searched for. */
enum status act_find_people(struct request *r, struct reply *reply, struct error *err) {
  struct found found[SEARCH_MOST];
  int count = 0;
  bool more = false;
  bool known[SEARCH_MOST] = {false};
  enum status status = search(r, found, &count, &more, err);
  if (status == DONE) status = keep_known(r, found, known, &count, err);
  if (status == DONE) status = note_found(r, found, &count, &more, err);
  if (status != DONE) return status;
  struct view *v = people_view(r, r->values);
  view_flag(v, "has_found", count > 0);
  view_flag(v, "has_more", more);
  view_text(v, "how_many",
            arena_printf(r->arena,
                         say_count(r->language, "%d person found", "%d people found", count),
                         count));
  for (int i = 0; i < count; i++) add_found(v, r, &found[i], known[i]);
  reply_page(reply, r, "people", say(r->language, "Find a person"), v);
  return DONE;
}

/* ---- a person's lines with the visitor's bodies ---- */

enum status staff_person(const struct request *r, struct person *out, struct error *err) {
  return register_surviving_person(r->store, r->arena, r->person, out, err);
}

struct gathered {
  struct staff_line *all;
  int count, room;
};

static void gather(const struct request *r, struct gathered *g, const struct line *line,
                   const char *unit) {
  if (g->count == g->room) {
    struct staff_line *grown = arena_array(r->arena, struct staff_line, g->room ? g->room * 2 : 64);
    if (g->count) memcpy(grown, g->all, sizeof *grown * (size_t)g->count);
    g->all = grown;
    g->room = g->room ? g->room * 2 : 64;
  }
  struct staff_line *s = &g->all[g->count++];
  *s = (struct staff_line){.line = *line, .unit = unit};
  line_keep_texts(r->arena, &s->line);
}

static int newest_first(const void *a, const void *b) {
  const struct line *x = &((const struct staff_line *)a)->line,
                    *y = &((const struct staff_line *)b)->line;
  if (x->day != y->day) return x->day < y->day ? 1 : -1;
  if (x->entry != y->entry) return x->entry < y->entry ? 1 : -1;
  return (x->line_no < y->line_no) - (x->line_no > y->line_no);
}

static void mark_reversed(struct gathered *g) {
  for (int i = 0; i < g->count; i++)
    for (int j = 0; g->all[i].line.reverses_entry && j < g->count; j++)
      if (g->all[j].line.entry == g->all[i].line.reverses_entry &&
          g->all[j].line.line_no == g->all[i].line.reverses_line_no)
        g->all[j].reversed_by = &g->all[i].line;
}

static const char *unit_of(const struct account *accounts, int count, int64_t id) {
  for (int i = 0; i < count; i++)
    if (accounts[i].id == id) return accounts[i].unit;
  assert(!"the lines were read from these accounts");
  return "";
}

enum status staff_lines(const struct request *r, int64_t person, struct staff_line **out,
                        int *count, struct error *err) {
  struct account_set accounts;
  struct line_cursor *lines = NULL;
  const struct line *line;
  struct gathered g = {0};
  enum status status = person_lines_open(&lines, r->store, r->arena, person, &accounts, err);
  if (status != DONE) return status;
  while ((status = lines_next(lines, &line, err)) == DONE && line)
    if (staff_is_of(r, line->body))
      gather(r, &g, line, unit_of(accounts.all, accounts.count, line->account));
  lines_close(lines);
  if (status != DONE) return status;
  array_sort(g.all, g.count, newest_first);
  mark_reversed(&g);
  *out = g.all;
  *count = g.count;
  return DONE;
}

static const char *what_of(const struct request *r, const struct line *line) {
  const struct codes *codes = r->reference_data->codes;
  const char *code = line->category > 0 && line->category <= codes->category_max
                         ? codes->category_code[line->category]
                         : NULL;
  const struct pack_category *category = code ? pack_find_category(r->pack, span_of(code)) : NULL;
  return category ? category->name[r->language] : code ? code : "";
}

/* Taken back, or taking back: when and why, and the other line. */
static enum status view_correction(struct view *item, const struct request *r,
                                   struct corrections *corrections, const struct line *line,
                                   const char *code, struct error *err) {
  const struct correction *back = NULL, *by = NULL;
  if (corrections_of(corrections, line->entry, line->line_no, &back, err) != DONE ||
      corrections_by(corrections, line, &by, err) != DONE)
    return err->code;
  const char *other = back ? correction_line(back, r->arena)
                      : by ? correction_undone_line(by, r->arena)
                           : NULL;
  view_flag(item, "is_taken_back", back && correction_is_of_year(back));
  view_text(item, "correction",
            back ? correction_taken_back_words(back, r->language, r->arena)
            : by ? correction_recorded_words(by, r->language, r->arena)
                 : NULL);
  view_text(item, "other",
            other ? request_path(r, arena_printf(r->arena, "/people/%s/lines/%s", code, other))
                  : NULL);
  view_text(item, "other_name",
            back ? say(r->language, "The correction") : say(r->language, "The item taken back"));
  view_text(item, "what",
            by ? correction_name(by, what_of(r, line), r->language, r->arena) : what_of(r, line));
  return DONE;
}

static enum status view_line(struct view *item, const struct request *r,
                             struct corrections *corrections, const struct staff_line *s,
                             const char *code, struct error *err) {
  const struct line *line = &s->line;
  const struct book_service *service =
      line->service ? reference_data_service(r->reference_data, line->service) : NULL;
  struct text quantity = {0};
  if (line->has_quantity)
    value_for_people(&quantity, r->language, doc_exactly(DOC_QUANTITY, line->quantity));
  view_text(item, "href",
            request_path(r, arena_printf(r->arena, "/people/%s/lines/%lld:%d", code,
                                         (long long)line->entry, line->line_no)));
  view_day(item, "day", line->day);
  view_text(item, "quantity",
            line->has_quantity && !line->reverses_entry
                ? service && service->unit ? arena_printf(r->arena, "%s (%s)", quantity.bytes,
                                                          say(r->language, service->unit))
                                           : arena_string(r->arena, quantity.bytes)
                : NULL);
  view_text(item, "body", body_words_of(r, line->body));
  const struct pack_category *category = chart_category(r->reference_data->chart, line->category);
  const int64_t seen = category ? (int64_t)figures_amount(category, line->amount) : line->amount;
  view_value(item, "value", reference_data_exactly(r->reference_data, r->language, s->unit, seen));
  view_flag(item, "is_estimated", line->estimated);
  view_text(item, "reference", line->reference.size ? line->reference.bytes : NULL);
  view_text(item, "note", line->note.size ? line->note.bytes : NULL);
  text_release(&quantity);
  return view_correction(item, r, corrections, line, code, err);
}

/* Where they will live, as far as they have told it. */
static void put_coming(struct view *v, const struct request *r, const struct person *person,
                       const struct homes *homes) {
  for (int i = 0; i < person->residence_count; i++) {
    const day_t from = person->residences[i].from;
    if (from == DAY_NONE || from <= day_today()) continue;
    const struct place *place = reference_data_place(r->reference_data,
                                                     homes_place(homes, person, from));
    const struct address *address = homes_address(homes, person, from);
    struct view *item = view_item(v, "coming");
    view_day(item, "day", from);
    view_text(item, "where",
              address ? address_text(r->arena, address)
              : place ? place->name
                      : NULL);
  }
}

/* A person without a line of the visitor's bodies is shown by name and day of birth only. */
static enum status view_person(struct view *v, const struct request *r, const struct person *person,
                               bool known, struct error *err) {
  struct homes *homes = NULL;
  view_text(v, "code", person->code);
  view_text(v, "name", person->name);
  view_day(v, "born", person->born);
  view_day(v, "died", known ? person->died : DAY_NONE);
  if (known && register_homes(r->store, r->arena, person, &homes, err) != DONE) return err->code;
  const struct place *place = known ? reference_data_place(r->reference_data,
                                                           homes_place(homes, person, day_today()))
                                    : NULL;
  view_text(v, "place", place ? place->name : NULL);
  const struct address *address = known ? homes_address(homes, person, day_today()) : NULL;
  view_text(v, "address", address ? address_text(r->arena, address) : NULL);
  view_list(v, "coming");
  if (known) put_coming(v, r, person, homes);
  return DONE;
}

enum status page_person(struct request *r, struct reply *reply, struct error *err) {
  struct person person;
  struct staff_line *all = NULL;
  int count = 0;
  if (!staff_has_reason(r, reply)) return DONE;
  int64_t page = list_page(r);
  if (staff_note_access(r, arena_printf(r->arena, "what they have from %s", bodies_words(r)),
                        err) != DONE)
    return err->code;
  struct corrections corrections;
  if (staff_person(r, &person, err) != DONE ||
      staff_lines(r, person.id, &all, &count, err) != DONE ||
      corrections_read_person(&corrections, r->store, r->arena, person.id, err) != DONE)
    return err->code;
  struct view *v = view_new(r->arena, r->language);
  staff_view_reason(v, r);
  view_flag(v, "is_wide", true);
  view_text(v, "back", request_path(r, "/people"));
  view_text(v, "bodies", bodies_words(r));
  view_flag(v, "has_bodies", r->visitor.body_count > 1);
  view_flag(v, "has_lines", count > 0);
  view_text(v, "record",
            person.id == r->visitor.person
                ? NULL
                : request_path(r, arena_printf(r->arena, "/people/%s/record", person.code)));
  if (view_person(v, r, &person, count > 0, err) != DONE) return err->code;
  int64_t first = (page - 1) * LINES_A_PAGE;
  for (int64_t i = first; i < count && i < first + LINES_A_PAGE; i++)
    if (view_line(view_item(v, "lines"), r, &corrections, &all[i], person.code, err) != DONE)
      return err->code;
  view_pages(v, r, arena_printf(r->arena, "/people/%s?", person.code), page,
             (count + LINES_A_PAGE - 1) / LINES_A_PAGE);
  if (permission_in(MAY_RECORD, r->visitor.roles.gives) && r->pack->take_up_count)
    view_text(v, "letters",
              request_path(r, arena_printf(r->arena, "/people/" SPAN_FORMAT "/letters",
                                           SPAN(request_text(r, "person")))));
  view_text(v, "awards",
            request_path(r, arena_printf(r->arena, "/people/" SPAN_FORMAT "/awards",
                                         SPAN(request_text(r, "person")))));
  view_text(v, "claim",
            permission_in(MAY_RECORD, r->visitor.roles.gives) && person.id != r->visitor.person &&
                    person.died == DAY_NONE && r->pack->claim_count
                ? request_path(r, arena_printf(r->arena, "/people/" SPAN_FORMAT "/claim",
                                               SPAN(request_text(r, "person"))))
                : NULL);
  view_text(v, "facts",
            request_path(r, arena_printf(r->arena, "/people/%s/facts",
                                         request_text(r, "person").bytes)));
  reply_page(reply, r, "person", person.name, v);
  return DONE;
}
