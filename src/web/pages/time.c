/* Time I have given: entered, confirmed by the other side, then posted. The same pages for a helper
 * (scope `time`), for the person they help. */
#include "web/pages/pages.h"

#include "time/time.h"

#include <strings.h>

enum { TIME_A_PAGE = 50 };

static const struct choice time_done[] = {
    {"proposed", NULL}, {"withdrawn", NULL}, {"confirmed", NULL}, {"refused", NULL}, {NULL, NULL}};
const struct field time_fields[] = {
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 100000},
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = time_done},
    {.name = NULL}};
const struct field give_fields[] = {
    {.name = "category",
     .kind = FIELD_CHOICE,
     .label = N_("What did you do?"),
     .missing = N_("Say what you did")},
    {.name = "date",
     .kind = FIELD_DAY,
     .past = true,
     .label = N_("On which day?"),
     .hint = N_("Up to a year back, for example 27 3 2026"),
     .missing = N_("Enter the day")},
    {.name = "minutes",
     .kind = FIELD_MINUTES,
     .label = N_("How long?"),
     .missing = N_("Enter how long it took")},
    {.name = "confirmer",
     .kind = FIELD_TEXT,
     .most = 200,
     .label = N_("Who can confirm it?"),
     .hint = N_("The name of the body, as shown beside lines of the account, or the reference of "
                "the person, such as P000123. They are asked, and it counts when they confirm it."),
     .missing = N_("Enter who can confirm it")},
    {.name = "note",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = TIME_NOTE_BYTES_MAX,
     .label = N_("What was it?")},
    {.name = NULL}};
const struct field answer_fields[] = {
    {.name = "answer",
     .kind = FIELD_CHOICE,
     .choices = (const struct choice[]){{"confirm", N_("Yes, that is right")},
                                        {"refuse", N_("No")},
                                        {NULL, NULL}},
     .label = N_("Is it right?"),
     .missing = N_("Say whether it is right")},
    {.name = "reason",
     .kind = FIELD_LONG,
     .optional = true,
     .most = TIME_NOTE_BYTES_MAX,
     .label = N_("If not, why?"),
     .hint = N_("They read this.")},
    {.name = NULL}};

static const char *state_word(const struct request *r, enum time_state state) {
  switch (state) {
  case TIME_PROPOSED: return say(r->language, "Waits for an answer");
  case TIME_CONFIRMED: return say(r->language, "Confirmed");
  case TIME_REFUSED: return say(r->language, "Not confirmed");
  case TIME_WITHDRAWN: return say(r->language, "Taken back");
  }
  return "";
}

static const char *category_name(const struct request *r, const char *code) {
  const struct pack_category *c = pack_find_category(r->pack, span_of(code));
  return c ? c->name[r->language] : code;
}

void view_time_contribution(struct view *item, const struct request *r,
                            const struct time_contribution *g) {
  static const char *const colours[] = {"yellow", "green", "red", "grey"};
  view_text(item, "id", arena_printf(r->arena, "%lld", (long long)g->id));
  view_text(item, "giver", g->person_name);
  view_day(item, "day", g->day);
  view_text(item, "category", category_name(r, g->category));
  view_value(item, "minutes", doc_minutes(g->minutes));
  /* Until the other person has answered, only their reference is shown: otherwise anybody could
   * find out anybody's name. */
  bool answered = g->state == TIME_CONFIRMED || g->state == TIME_REFUSED;
  view_text(item, "confirmer",
            g->body_name ? g->body_name
            : answered   ? g->other_name
                         : g->other_code);
  view_text(item, "note", g->note && *g->note ? g->note : NULL);
  view_text(item, "answer", g->answer);
  struct view *tag = view_object(item, "state");
  view_text(tag, "text", state_word(r, g->state));
  view_text(tag, "colour", colours[g->state]);
}

static void add_categories(struct view *form, const struct request *r) {
  for (int i = 0; i < r->pack->category_count; i++) {
    const struct pack_category *c = &r->pack->categories[i];
    if (c->side == SIDE_GIVEN)
      view_form_choice(form, "category", c->code, c->name[r->language], NULL);
  }
}

static enum status add_waiting(struct view *v, const struct request *r, struct error *err) {
  const struct time_list_page page = {0, TIME_PAGE_MOST};
  struct time_contribution *all = NULL;
  int count = 0;
  int64_t total = 0;
  enum status status = time_waiting_for_person(r->store, r->arena, r->visitor.person, &page, &all,
                                               &count, &total, err);
  for (int i = 0; i < count && status == DONE; i++) {
    struct view *item = view_item(v, "waiting");
    view_time_contribution(item, r, &all[i]);
    view_text(item, "go",
              request_path(r, arena_printf(r->arena, "/time/%lld", (long long)all[i].id)));
  }
  view_flag(v, "has_waiting", count > 0);
  return status;
}

enum status page_time(struct request *r, struct reply *reply, struct error *err) {
  int64_t number = request_has(r, "page") ? request_int(r, "page") : 1, total = 0;
  const struct time_list_page page = {(number - 1) * TIME_A_PAGE, TIME_A_PAGE};
  const char *base = request_base(r);
  struct time_contribution *all = NULL;
  int count = 0;
  struct view *v = view_new(r->arena, r->language);
  enum status status = time_list_of(r->store, r->arena, request_subject(r), &page, &all, &count,
                                    &total, err);
  if (status == DONE && !r->person) status = add_waiting(v, r, err);
  if (status == DONE) status = request_note_help(r, "time given", err);
  if (status != DONE) return status;
  for (int i = 0; i < count; i++) {
    struct view *item = view_item(v, "given");
    view_time_contribution(item, r, &all[i]);
    view_text(item, "withdraw",
              all[i].state == TIME_PROPOSED && !r->person
                  ? request_path(r, arena_printf(r->arena, "/time/%lld/withdraw",
                                                 (long long)all[i].id))
                  : NULL);
    view_text(item, "line",
              all[i].entry
                  ? request_path(r, arena_printf(r->arena, "%s/account/lines/%lld:%d", base,
                                                 (long long)all[i].entry, all[i].line_no))
                  : NULL);
    view_form_rights(item, r);
  }
  view_flag(v, "has_given", count > 0);
  view_flag(v, "is_own", !r->person);
  if (request_has(r, "done")) {
    struct span done = request_text(r, "done");
    view_done(v, span_is(done, "proposed")
                     ? say(r->language,
                           "The other side is asked. It counts as soon as they confirm it.")
                 : span_is(done, "withdrawn") ? say(r->language, "It was taken back.")
                 : span_is(done, "confirmed")
                     ? say(r->language, "Thank you: it is confirmed and stands in their account.")
                     : say(r->language, "They are told that you did not confirm it, and why."));
  }
  view_text(v, "back", r->person ? request_path(r, base) : NULL);
  view_pages(v, r, arena_printf(r->arena, "%s/time?", base), number,
             (total + TIME_A_PAGE - 1) / TIME_A_PAGE);
  struct view *form = view_form(v, "form", r,
                                route_post(r->person ? "/helping/{person}/time" : "/time"), NULL,
                                say(r->language, "Send it to be confirmed"), NULL);
  add_categories(form, r);
  reply_page(reply, r, "time",
             r->person ? say(r->language, "Time they have given")
                       : say(r->language, "Time you have given"),
             v);
  return DONE;
}

/* The one body of this name, in large letters or small; NULL: none, or more than one. */
static const struct body *body_named(const struct bodies *bodies, struct span name) {
  const struct body *found = NULL;
  for (int i = 0; i < bodies->count; i++) {
    const char *its = bodies->all[i].name;
    if (!its || strlen(its) != name.size || strncasecmp(its, name.bytes, name.size) != 0) continue;
    if (found) return NULL;
    found = &bodies->all[i];
  }
  return found;
}

/* Finds a body by its code or name, else a person by the reference that they gave; not by a number
 * that others know, since the answer would say whose it is. */
static enum status find_confirmer(const struct request *r, struct span typed,
                                  struct time_proposal *p, struct error *err) {
  const struct body *body = bodies_by_code(r->reference_data->bodies, typed);
  struct error unknown = {0};
  if (!body) body = body_named(r->reference_data->bodies, typed);
  if (body) {
    p->body = body->id;
    return DONE;
  }
  bool is_reference = !memchr(typed.bytes, ':', typed.size) ||
                      (typed.size > 3 && memcmp(typed.bytes, "id:", 3) == 0);
  enum status status = is_reference
                           ? register_find_person(r->store,
                                                  arena_copy(r->arena, typed.bytes, typed.size),
                                                  &p->other, &unknown)
                           : REFUSED;
  if (status == DONE) return DONE;
  if (status == FAILED) {
    *err = unknown;
    return FAILED;
  }
  return refuse_at(err, "confirmer", CONFIRMER_UNKNOWN);
}

/* Turns the column of a lower floor into this form's field. */
static enum status at_field(struct error *err) {
  bool confirmer = strcmp(err->column, "body") == 0 || strcmp(err->column, "other") == 0;
  if (confirmer) snprintf(err->column, sizeof err->column, "confirmer");
  return err->code;
}

enum status act_give(struct request *r, struct reply *reply, struct error *err) {
  const struct record_terms terms = {r->pack, r->reference_data->codes};
  struct time_proposal p = {.person = request_subject(r),
                            .by = r->visitor.person,
                            .category = request_text(r, "category"),
                            .day = request_day(r, "date"),
                            .minutes = request_int(r, "minutes"),
                            .note = request_text(r, "note"),
                            .today = day_today()};
  int64_t id;
  enum status status = find_confirmer(r, request_text(r, "confirmer"), &p, err);
  if (status != DONE) return status;
  status = time_propose(r->store, &terms, &p, &id, err);
  if (status == REFUSED) return at_field(err);
  if (status == DONE) status = request_note_help(r, "time given: entered", err);
  if (status == DONE)
    reply_go(reply, r, arena_printf(r->arena, "%s/time?done=proposed", request_base(r)));
  return status;
}

enum status act_withdraw_time(struct request *r, struct reply *reply, struct error *err) {
  enum status status = time_withdraw(r->store, r->visitor.person, request_number(r, "given"), err);
  if (status == DONE) reply_go(reply, r, "/time?done=withdrawn");
  return status == REFUSED ? reply_not_there(reply, r, err) : status;
}

/* ---- the other side, a person ---- */

enum status page_confirm_time(struct request *r, struct reply *reply, struct error *err) {
  struct time_contribution g;
  enum status status = time_one(r->store, r->arena, request_number(r, "given"), 0, 0,
                                r->visitor.person, &g, err);
  if (status == REFUSED) return reply_not_there(reply, r, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_time_contribution(v, r, &g);
  view_text(v, "back", request_path(r, "/time"));
  if (g.state == TIME_PROPOSED)
    view_form(v, "form", r, route_post("/time/{given}"), NULL, say(r->language, "Answer"), NULL);
  reply_page(reply, r, "time_answer", say(r->language, "Was this time given?"), v);
  return DONE;
}

enum status answer_time(const struct request *r, const struct time_answer *answer,
                        struct error *err) {
  const struct record_terms terms = {r->pack, r->reference_data->codes};
  struct recorded posted;
  enum status status = span_is(request_text(r, "answer"), "confirm")
                           ? time_confirm(r->store, &terms, answer, &posted, err)
                           : time_refuse(r->store, answer, request_text(r, "reason"), err);
  return status == REFUSED ? at_field(err) : status;
}

enum status act_answer_time(struct request *r, struct reply *reply, struct error *err) {
  const struct time_answer answer = {.id = request_number(r, "given"),
                                     .other = r->visitor.person,
                                     .by = r->visitor.person,
                                     .who = request_who(r),
                                     .today = day_today()};
  enum status status = answer_time(r, &answer, err);
  if (status == DONE)
    reply_go(reply, r,
             span_is(request_text(r, "answer"), "confirm") ? "/time?done=confirmed"
                                                           : "/time?done=refused");
  return status;
}
