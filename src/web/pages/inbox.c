/* Notices to the visitor's bodies, to decide or to read; and time contributions that the bodies are
 * asked to confirm. The lists name nobody; opening a notice is an access to that person's
 * record. */
#include "book/book.h"
#include "register/notices.h"
#include "time/time.h"
#include "web/pages/pages.h"

enum { INBOX_A_PAGE = 50 };

static const struct choice inbox_done[] = {
    {"taken", NULL}, {"refused", NULL}, {"confirmed", NULL}, {"declined", NULL}, {NULL, NULL}};
static const struct choice decisions[] = {{"take", N_("Take it: the record is changed")},
                                          {"refuse", N_("Refuse it")},
                                          {NULL, NULL}};
const struct field inbox_fields[] = {
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 100000},
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = inbox_done},
    {.name = NULL}};
#define ANSWER_FIELD \
  { \
    .name = "answer", .kind = FIELD_CHOICE, .choices = decisions, \
    .label = N_("What do you decide?"), .missing = N_("Say what you decide") \
  }
#define REASON_FIELD \
  { \
    .name = "reason", .kind = FIELD_LONG, .optional = true, .most = NOTICE_ANSWER_BYTES_MAX, \
    .label = N_("If you refuse it, why?"), .hint = N_("The person reads this.") \
  }

const struct field notice_fields[] = {
    ANSWER_FIELD,
    {.name = "person",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = 64,
     .label = N_("Who is it?"),
     .hint = N_("Their reference, if you take it. Find the person first, to be certain.")},
    REASON_FIELD,
    {.name = NULL}};
/* shown where the page says whose record changes */
static const struct field known_fields[] = {ANSWER_FIELD, REASON_FIELD, {.name = NULL}};

static const char *kind_words(const struct request *r, enum notice_kind kind) {
  switch (kind) {
  case NOTICE_NAME: return say(r->language, "A new name");
  case NOTICE_ADDRESS: return say(r->language, "A new address");
  case NOTICE_HOUSEHOLD: return say(r->language, "Joining a household");
  case NOTICE_BIRTH: return say(r->language, "A birth");
  case NOTICE_DEATH: return say(r->language, "A death");
  }
  return "";
}

void view_notice_state(struct view *tag, const struct request *r, const struct notice *n,
                       const char *waiting) {
  bool at_once = n->state == NOTICE_TAKEN && !n->answered_by;
  view_text(tag, "text",
            n->state == NOTICE_WAITING   ? waiting
            : n->state == NOTICE_REFUSED ? say(r->language, "Refused")
            : at_once                    ? say(r->language, "Done at once")
                                         : say(r->language, "Done"));
  view_text(tag, "colour",
            n->state == NOTICE_WAITING   ? "yellow"
            : n->state == NOTICE_REFUSED ? "red"
                                         : "green");
}

static void put_state(struct view *v, const struct request *r, const struct notice *n) {
  view_notice_state(view_object(v, "state"), r, n, say(r->language, "To decide"));
}

/* ---- the lists ---- */

static void add_notice(struct view *v, const struct request *r, const char *list,
                       const struct notice *n, int64_t body) {
  struct view *item = view_item(v, list);
  view_text(item, "href", request_path(r, arena_printf(r->arena, "/inbox/%lld", (long long)n->id)));
  view_text(item, "kind", kind_words(r, n->kind));
  view_text(item, "code", n->code);
  view_day(item, "day", n->day);
  view_text(item, "body", reference_data_body_name(r->reference_data, body));
  view_flag(item, "is_new", n->reader_count > 0 && !n->readers[0].read_at);
  put_state(item, r, n);
}

static enum status add_notices(struct view *v, const struct request *r, int64_t body,
                               int64_t number, int64_t *pages, int64_t *decide, int64_t *told,
                               struct error *err) {
  const struct notices_page waiting = {true, 0, NOTICES_PAGE_MOST},
                            all = {false, (number - 1) * INBOX_A_PAGE, INBOX_A_PAGE};
  struct notice *notices = NULL;
  int count = 0;
  int64_t total = 0;
  if (notices_of_body(r->store, r->arena, body, &waiting, &notices, &count, &total, err) != DONE)
    return err->code;
  for (int i = 0; i < count; i++) add_notice(v, r, "decide", &notices[i], body);
  *decide += count;
  if (notices_of_body(r->store, r->arena, body, &all, &notices, &count, &total, err) != DONE)
    return err->code;
  for (int i = 0; i < count; i++) {
    if (notices[i].state == NOTICE_WAITING) continue;
    add_notice(v, r, "told", &notices[i], body);
    (*told)++;
  }
  int64_t needed = (total + INBOX_A_PAGE - 1) / INBOX_A_PAGE;
  if (needed > *pages) *pages = needed;
  return DONE;
}

static enum status add_times(struct view *v, const struct request *r, int64_t body, int64_t *times,
                             struct error *err) {
  const struct time_list_page page = {0, TIME_PAGE_MOST};
  struct time_contribution *all = NULL;
  int count = 0;
  int64_t total = 0;
  if (time_waiting_for_body(r->store, r->arena, body, &page, &all, &count, &total, err) != DONE)
    return err->code;
  for (int i = 0; i < count; i++) {
    struct view *item = view_item(v, "times");
    const struct pack_category *c = pack_find_category(r->pack, span_of(all[i].category));
    view_text(item, "href",
              request_path(r, arena_printf(r->arena, "/inbox/time/%lld", (long long)all[i].id)));
    view_text(item, "what", c ? c->name[r->language] : all[i].category);
    view_value(item, "minutes", doc_minutes(all[i].minutes));
    view_day(item, "day", all[i].day);
    view_text(item, "code", all[i].person_code);
    view_text(item, "body", reference_data_body_name(r->reference_data, body));
  }
  *times += count;
  return DONE;
}

static void put_done(struct view *v, const struct request *r) {
  struct span done = request_text(r, "done");
  if (!done.size) return;
  view_done(v, span_is(done, "taken") ? say(r->language, "It is taken, and the record is changed.")
               : span_is(done, "refused") ? say(r->language, "It is refused. They see why.")
               : span_is(done, "confirmed")
                   ? say(r->language, "Thank you: it is confirmed and stands in their account.")
                   : say(r->language, "They are told that you did not confirm it, and why."));
}

enum status page_inbox(struct request *r, struct reply *reply, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  int64_t number = request_has(r, "page") ? request_int(r, "page") : 1, pages = 0, decide = 0,
          told = 0, times = 0;
  view_flag(v, "is_wide", true);
  for (int i = 0; i < r->visitor.body_count; i++)
    if (add_notices(v, r, r->visitor.bodies[i], number, &pages, &decide, &told, err) != DONE ||
        add_times(v, r, r->visitor.bodies[i], &times, err) != DONE)
      return err->code;
  view_flag(v, "has_bodies", r->visitor.body_count > 1);
  view_flag(v, "has_decide", decide > 0);
  view_flag(v, "has_told", told > 0);
  view_flag(v, "has_times", times > 0);
  view_flag(v, "is_empty", !decide && !told && !times);
  put_done(v, r);
  view_pages(v, r, "/inbox?", number, pages);
  reply_page(reply, r, "inbox", say(r->language, "Told to you"), v);
  return DONE;
}

/* ---- one notice ---- */

/* What the path names by its id, as one of the visitor's bodies has it; *body 0: they have no such
 * thing, and the reply says so. */
static enum status find_of_bodies(const struct request *r, struct reply *reply, int64_t id,
                                  enum status (*one)(const struct request *r, int64_t id,
                                                     int64_t body, void *out, struct error *err),
                                  void *out, int64_t *body, struct error *err) {
  *body = 0;
  for (int i = 0; id && i < r->visitor.body_count; i++) {
    struct error none = {0};
    enum status status = one(r, id, r->visitor.bodies[i], out, &none);
    if (status == DONE) {
      *body = r->visitor.bodies[i];
      return DONE;
    }
    if (status != REFUSED) {
      *err = none;
      return status;
    }
  }
  reply_not_found(reply, r);
  return DONE;
}

static enum status notice_of(const struct request *r, int64_t id, int64_t body, void *out,
                             struct error *err) {
  return notice_one(r->store, r->arena, id, body, out, err);
}

static enum status find_notice(const struct request *r, struct reply *reply, struct notice *out,
                               int64_t *body, struct error *err) {
  return find_of_bodies(r, reply, request_number(r, "notice"), notice_of, out, body, err);
}

static enum status note_access(const struct request *r, int64_t person, const char *what,
                               int64_t body, struct error *err) {
  if (person == r->visitor.person) return DONE;
  const struct access_reader by = request_reader(r);
  return access_log_add(
      r->store, &by, person, what,
      arena_printf(r->arena, "told to %s", reference_data_body_name(r->reference_data, body)), err);
}

static const char *fact_words(const struct request *r, const char *key, const char *text) {
  int place = strcmp(key, "place") == 0 ? places_by_code(r->reference_data->places, span_of(text))
                                        : PLACE_NONE;
  if (place != PLACE_NONE) return r->reference_data->places->all[place].name;
  if (strcmp(key, "sex") == 0)
    return *text == 'F'   ? say(r->language, "Female")
           : *text == 'M' ? say(r->language, "Male")
                          : say(r->language, "Neither, or not known");
  day_t day;
  bool is_day = strcmp(key, "from") == 0 || strcmp(key, "born") == 0 || strcmp(key, "died") == 0;
  return is_day && day_parse(span_of(text), &day, NULL) == DONE ? written_value(r, doc_day(day))
                                                                : text;
}

/* Adds who has died, where the notice gives a reference: that is an access to that record too. */
static enum status add_dead(struct view *summary, const struct request *r, const char *reference,
                            int64_t body, struct error *err) {
  struct person person;
  struct error unknown = {0};
  int64_t id = 0;
  enum status status = register_find_person(r->store, reference, &id, &unknown);
  if (status == REFUSED) {
    view_fact(summary, say(r->language, "Who has died"), reference);
    return DONE;
  }
  if (status != DONE) *err = unknown;
  if (status == DONE) status = note_access(r, id, "a death that was told", body, err);
  if (status == DONE) status = register_surviving_person(r->store, r->arena, id, &person, err);
  if (status == DONE)
    view_fact(summary, say(r->language, "Who has died"),
              arena_printf(r->arena, "%s (%s)", person.name, person.code));
  return status;
}

static enum status put_facts(struct view *v, const struct request *r, const struct notice *n,
                             int64_t body, struct error *err) {
  static const struct {
    const char *key, *label;
  } shown[] = {{"name", N_("Name")},
               {"born", N_("Day of birth")},
               {"sex", N_("Sex")},
               {"place", N_("Where they live")},
               {"household", N_("Household")},
               {"from", N_("Moved on")},
               {"died", N_("Day of death")}};
  struct view *summary = view_object(v, "summary");
  view_list(summary, "rows");
  view_fact(summary, say(r->language, "Told by"),
            arena_printf(r->arena, "%s (%s)", n->name, n->code));
  view_fact(summary, say(r->language, "Told on"), written_value(r, doc_day(n->day)));
  const char *dead = n->kind == NOTICE_DEATH ? notice_fact(r->arena, n, "person") : NULL;
  if (dead && add_dead(summary, r, dead, body, err) != DONE) return err->code;
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
    const char *text = notice_fact(r->arena, n, shown[i].key);
    if (text)
      view_fact(summary, say(r->language, shown[i].label), fact_words(r, shown[i].key, text));
  }
  return DONE;
}

static bool asks_who(const struct request *r, const struct notice *n) {
  return n->kind == NOTICE_DEATH && !notice_fact(r->arena, n, "person");
}

static void put_form(struct view *v, const struct request *r, const struct notice *n) {
  if (asks_who(r, n)) {
    view_form(v, "form", r, route_post("/inbox/{notice}"), NULL, say(r->language, "Decide"), NULL);
    return;
  }
  struct request shown = *r;
  struct span given[2] = {{0}};
  if (r->given) {
    given[0] = r->given[0];
    given[1] = r->given[2];
    shown.given = given;
  }
  view_form_of(v, "form", &shown, known_fields,
               request_path(r, arena_printf(r->arena, "/inbox/%lld", (long long)n->id)),
               say(r->language, "Decide"), NULL);
}

/* Whether the visitor sent the notice, for themselves or for somebody whom they help. The code is
 * the survivor's. */
static bool is_theirs(const struct request *r, const struct notice *n) {
  return strcmp(n->code, r->visitor.code) == 0 || strcmp(n->who, request_who(r)) == 0;
}

/* Opening it notes that it was read, which the person sees. */
enum status page_notice(struct request *r, struct reply *reply, struct error *err) {
  struct notice n;
  int64_t body;
  if (find_notice(r, reply, &n, &body, err) != DONE || !body) return err->code;
  if (note_access(r, n.person, arena_printf(r->arena, "what they told: %s", notice_word(n.kind)),
                  body, err) != DONE ||
      notice_read(r->store, n.id, body, err) != DONE)
    return err->code;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/inbox"));
  view_text(v, "kind", kind_words(r, n.kind));
  view_text(v, "body", reference_data_body_name(r->reference_data, body));
  view_text(v, "answer", n.answer);
  view_flag(v, "is_own", is_theirs(r, &n));
  put_state(v, r, &n);
  if (put_facts(v, r, &n, body, err) != DONE) return err->code;
  if (n.state == NOTICE_WAITING && !is_theirs(r, &n)) put_form(v, r, &n);
  reply_page(reply, r, "notice", kind_words(r, n.kind), v);
  return DONE;
}

static enum status find_dead(const struct request *r, int64_t *out, int64_t body,
                             struct error *err) {
  struct error unknown = {0};
  if (!request_has(r, "person")) return refuse_at(err, "person", DEAD_REFERENCE_MISSING);
  enum status status = register_find_person(r->store, request_text(r, "person").bytes, out,
                                            &unknown);
  if (status == REFUSED) return refuse_at(err, "person", REFERENCE_OF_NOBODY);
  if (status != DONE) *err = unknown;
  return status == DONE ? note_access(r, *out, "a death that was told", body, err) : status;
}

static const struct reworded notice_refusals[] = {
    {REFUSAL_NOTICE_ANSWERED_ALREADY, REFUSAL_NOTICE_SETTLED},
    {REFUSAL_DEATH_REGISTERED_ALREADY, REFUSAL_DEATH_KNOWN},
    {REFUSAL_CHILD_REGISTERED_ALREADY, REFUSAL_CHILD_KNOWN},
    {REFUSAL_CHILD_BORN_BEFORE_PARENT, REFUSAL_BORN_BEFORE_PARENT},
    {REFUSAL_DEATH_BEFORE_BIRTH, REFUSAL_DIED_BEFORE_BIRTH},
    {REFUSAL_NOTICE_DEAD_MISSING, REFUSAL_DEAD_REFERENCE_MISSING},
    {REFUSAL_NOTICE_REASON_MISSING, REFUSAL_REFUSING_REASON_MISSING},
    {REFUSAL_NONE, REFUSAL_NONE}};

enum status act_notice(struct request *r, struct reply *reply, struct error *err) {
  struct notice n;
  int64_t body, born = 0;
  if (find_notice(r, reply, &n, &body, err) != DONE || !body) return err->code;
  if (is_theirs(r, &n)) return refuse_at(err, "", NOTICE_OWN);
  struct notice_answer answer = {
      .id = n.id, .body = body, .who = request_who(r), .today = day_today()};
  bool takes = span_is(request_text(r, "answer"), "take");
  if (!takes && !request_has(r, "reason")) return refuse_at(err, "reason", REFUSING_REASON_MISSING);
  if (takes && asks_who(r, &n) && find_dead(r, &answer.person, body, err) != DONE) return err->code;
  enum status status = takes ? notice_take(r->store, r->arena, &answer, &born, err)
                             : notice_refuse(r->store, r->arena, &answer, request_text(r, "reason"),
                                             err);
  if (status == DONE && born) status = book_open_people(r->store, born, born, err);
  if (status == REFUSED) {
    refusal_reword(notice_refusals, err);
    bool ours = strcmp(err->column, "person") == 0 ? asks_who(r, &n)
                                                   : strcmp(err->column, "reason") == 0;
    if (!ours) err->column[0] = 0;
    return REFUSED;
  }
  if (status == DONE)
    status = note_access(r, n.person, takes ? "what they told: taken" : "what they told: refused",
                         body, err);
  if (status == DONE) reply_go(reply, r, takes ? "/inbox?done=taken" : "/inbox?done=refused");
  return status;
}

/* ---- time to confirm ---- */

/* The same for a time contribution that waits for one of the visitor's bodies. */
static enum status time_of(const struct request *r, int64_t id, int64_t body, void *out,
                           struct error *err) {
  return time_one(r->store, r->arena, id, 0, body, 0, out, err);
}

static enum status find_time(const struct request *r, struct reply *reply,
                             struct time_contribution *out, int64_t *body, struct error *err) {
  return find_of_bodies(r, reply, request_number(r, "given"), time_of, out, body, err);
}

enum status page_inbox_time(struct request *r, struct reply *reply, struct error *err) {
  struct time_contribution g;
  int64_t body;
  if (find_time(r, reply, &g, &body, err) != DONE || !body) return err->code;
  if (note_access(r, g.person, "time given, to be confirmed", body, err) != DONE) return err->code;
  struct view *v = view_new(r->arena, r->language);
  view_time_contribution(v, r, &g);
  view_text(v, "back", request_path(r, "/inbox"));
  if (g.state == TIME_PROPOSED && g.person != r->visitor.person)
    view_form(v, "form", r, route_post("/inbox/time/{given}"), NULL, say(r->language, "Answer"),
              NULL);
  reply_page(reply, r, "time_answer", say(r->language, "Was this time given?"), v);
  return DONE;
}

enum status act_inbox_time(struct request *r, struct reply *reply, struct error *err) {
  struct time_contribution g;
  int64_t body;
  if (find_time(r, reply, &g, &body, err) != DONE || !body) return err->code;
  const struct time_answer answer = {.id = g.id,
                                     .body = body,
                                     .by = r->visitor.person,
                                     .who = request_who(r),
                                     .today = day_today()};
  enum status status = answer_time(r, &answer, err);
  if (status == DONE) status = note_access(r, g.person, "time given, answered", body, err);
  if (status == DONE)
    reply_go(reply, r,
             span_is(request_text(r, "answer"), "confirm") ? "/inbox?done=confirmed"
                                                           : "/inbox?done=declined");
  return status;
}
