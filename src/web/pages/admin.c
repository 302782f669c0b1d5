/* Pages for administrators: what waits, bodies, role grants, invitations. Imports and
 * closings are in pages/runs.c. The book keeps who did each act; an act on somebody's record is
 * noted in its access log, with its purpose. */
#include "web/pages/lists.h"

#include "base/fold.h"
#include "base/limits.h"
#include "book/entries.h"
#include "book/imports.h"
#include "notify/notify.h"
#include "register/alerts.h"
#include "register/invites.h"
#include "register/names.h"
#include "register/sign_in_tries.h"
#include "web/shared_reference_data.h"
#include "web/site.h"

#include <stdlib.h>
#include <time.h>

enum {
  BODIES_A_PAGE = 50,
  IMPORTS_SHOWN = 5,
  ROLES_A_PAGE = 50,
  ALERTS_A_PAGE = 50,
  ALERTS_SHOWN = 5,
  MESSAGES_SHOWN = 20
};

static const char *number_written(const struct request *r, int64_t n) {
  return written_value(r, doc_count(n));
}

static const struct reworded role_refusals[] = {
    {REFUSAL_ROLE_OF_THE_DEAD, REFUSAL_PERSON_HAS_DIED},
    {REFUSAL_INVITE_OF_THE_DEAD, REFUSAL_PERSON_HAS_DIED},
    {REFUSAL_ROLE_HELD_ALREADY, REFUSAL_OFFICE_HELD_ALREADY},
    {REFUSAL_ROLE_NOT_HELD, REFUSAL_OFFICE_NOT_HELD},
    {REFUSAL_BODY_CODE_UNKNOWN, REFUSAL_BODY_CODE_OF_NONE},
    {REFUSAL_NONE, REFUSAL_NONE}};

/* ---- alerts ---- */

const struct field alerts_fields[] = {
    {.name = "from", .kind = FIELD_DAY, .optional = true, .label = N_("From")},
    {.name = "to", .kind = FIELD_DAY, .optional = true, .label = N_("Until")},
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 1000000},
    {.name = NULL}};
const struct field tries_fields[] = {
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 1000000},
    {.name = NULL}};
static const struct table_head alert_heads[] = {{N_("When"), false},
                                                {N_("What happened"), false},
                                                {NULL, false}};

static enum status put_alerts(struct view *v, const struct request *r,
                              const struct alerts_page *page, int64_t *total, struct error *err) {
  struct alert *all = NULL;
  int count = 0;
  struct view *table = view_table(v, "alerts", r, NULL, alert_heads,
                                  say(r->language, "There is nothing that you must be told."));
  enum status status = alerts_list(r->store, r->arena, page, &all, &count, total, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct view *row = view_row(table);
    view_cell(row, r, alert_heads, 0, written_moment(r, all[i].at), NULL);
    view_cell(row, r, alert_heads, 1, alert_words(&all[i], r->language, r->arena), NULL);
  }
  return status;
}

/* The first moment of a day by the clocks of the place. */
static const char *day_begins(const struct request *r, day_t day) {
  char at[21];
  return arena_string(r->arena, clock_write(clock_day_begins(day), at));
}

enum status page_alerts(struct request *r, struct reply *reply, struct error *err) {
  static const char *const kept[] = {"from", "to", NULL};
  const struct alerts_page wanted = {
      .since = request_has(r, "from") ? day_begins(r, request_day(r, "from")) : NULL,
      .until = request_has(r, "to") ? day_begins(r, request_day(r, "to") + 1) : NULL,
      .skip = (list_page(r) - 1) * ALERTS_A_PAGE,
      .most = ALERTS_A_PAGE};
  int64_t total = 0;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin"));
  if (!r->faults && put_alerts(v, r, &wanted, &total, err) != DONE) return err->code;
  struct list_filter f = list_filter_begin(v, r, "/admin/alerts");
  list_day(&f, "from", say(r->language, "From"));
  list_day(&f, "to", say(r->language, "Until"));
  list_filter_end(&f, say(r->language, "Show"));
  view_pages(v, r, list_path(r, "/admin/alerts", kept), list_page(r),
             (total + ALERTS_A_PAGE - 1) / ALERTS_A_PAGE);
  reply_page(reply, r, "admin-alerts", say(r->language, "What every administrator is told"), v);
  return DONE;
}

/* ---- sign-ins that failed ---- */

static const struct table_head try_heads[] = {
    {N_("Hour"), false}, {N_("Where from"), false}, {N_("Wrong tries"), true}, {NULL, false}};

enum status page_sign_in_tries(struct request *r, struct reply *reply, struct error *err) {
  const int64_t page = list_page(r);
  struct sign_in_tries *all = NULL;
  int64_t total = 0;
  int count = 0;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin"));
  view_count(v, "days", LIMIT_SIGN_IN_FAILED_DAYS);
  struct view *table = view_table(v, "tries", r, NULL, try_heads,
                                  say(r->language, "Nobody has tried a wrong code."));
  if (sign_in_tries_list(r->store, r->arena, (page - 1) * ALERTS_A_PAGE, ALERTS_A_PAGE, &all,
                         &count, &total, err) != DONE)
    return err->code;
  for (int i = 0; i < count; i++) {
    struct view *row = view_row(table);
    char at[21];
    view_cell(row, r, try_heads, 0, written_moment(r, clock_write(all[i].hour, at)), NULL);
    view_cell(row, r, try_heads, 1, all[i].source, NULL);
    view_cell(row, r, try_heads, 2, number_written(r, all[i].tries), NULL);
  }
  view_pages(v, r, "/admin/sign-ins?", page, (total + ALERTS_A_PAGE - 1) / ALERTS_A_PAGE);
  reply_page(reply, r, "admin-sign-ins", say(r->language, "Sign-ins that failed"), v);
  return DONE;
}

/* ---- what waits ---- */

static const struct table_head overview_heads[] = {{N_("Import"), true},  {N_("Type"), false},
                                                   {N_("File"), false},   {N_("Rows"), true},
                                                   {N_("Refused"), true}, {NULL, false}};

static enum status put_last_imports(struct view *v, const struct request *r, struct error *err) {
  struct query *q = NULL;
  struct import_record import;
  bool some = false;
  struct view *table = view_table(v, "imports", r, say(r->language, "The last imports"),
                                  overview_heads, say(r->language, "Nothing was uploaded yet."));
  enum status status = imports_open_newest(r->store, &(struct imports_wanted){.kind = ""}, 0,
                                           IMPORTS_SHOWN, &q, err);
  while (status == DONE && (status = imports_next(q, &import, &some, err)) == DONE && some) {
    struct view *line = view_row(table);
    view_cell(line, r, overview_heads, 0, arena_printf(r->arena, "%lld", (long long)import.id),
              NULL);
    view_cell(line, r, overview_heads, 1,
              choice_shown(r, "/admin/imports/new", "kind", kept_text(r, import.kind)), NULL);
    view_cell(line, r, overview_heads, 2, kept_text(r, import.file), NULL);
    view_cell(line, r, overview_heads, 3, number_written(r, import.rows), NULL);
    view_cell(line, r, overview_heads, 4, number_written(r, import.rejected), NULL);
  }
  query_end(q);
  return status;
}

enum status page_admin(struct request *r, struct reply *reply, struct error *err) {
  struct closing closing = {0};
  char written[8];
  int64_t alerts = 0;
  struct view *v = view_new(r->arena, r->language);
  enum status status = closing_last(r->store, &closing, err);
  if (status == DONE) status = put_last_imports(v, r, err);
  if (status == DONE) status = view_due_cases(v, r, err);
  if (status == DONE)
    status = put_alerts(v, r, &(struct alerts_page){.most = ALERTS_SHOWN}, &alerts, err);
  if (status != DONE) return status;
  view_text(v, "standards", r->pack->standard_count ? request_path(r, "/admin/standards") : NULL);
  view_text(v, "keeper_name", keeper_text(&r->reference_data->keeper, KEEPER_NAME, r->language));
  view_text(v, "keeper_missing", keeper_missing(r));
  view_text(v, "closed_year",
            closing.entry ? arena_string(r->arena, year_write(closing.year, written)) : NULL);
  view_homes(v, r, "/admin");
  reply_page(reply, r, "admin", say(r->language, "Administration"), v);
  return DONE;
}

/* ---- bodies ---- */

const struct field bodies_fields[] = {
    {.name = "words", .kind = FIELD_TEXT, .optional = true, .most = 100},
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 1000000},
    {.name = "code", .kind = FIELD_CODE, .optional = true},
    {.name = "done",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = (const struct choice[]){{"saved", NULL}, {NULL, NULL}}},
    {.name = NULL}};
static const struct table_head body_heads[] = {{N_("Code"), false},
                                               {N_("Name"), false},
                                               {N_("Type"), false},
                                               {N_("Company number"), false},
                                               {N_("What it may record"), false},
                                               {NULL, false}};

static const struct field *body_fields(void) {
  return route_fields(route_post("/admin/bodies"), NULL, NULL);
}

static void put_bodies(struct view *v, const struct request *r, const struct bodies *bodies) {
  struct span words = request_text(r, "words");
  int64_t page = list_page(r), found = 0;
  struct view *table = view_table(v, "bodies", r, NULL, body_heads,
                                  say(r->language, "There is no such organisation."));
  for (int i = 0; i < bodies->count; i++) {
    const struct body *b = &bodies->all[i];
    if (!fold_has(span_of(b->name), words) && !fold_has(span_of(b->code), words)) continue;
    found++;
    if (found <= (page - 1) * BODIES_A_PAGE || found > page * BODIES_A_PAGE) continue;
    struct view *row = view_row(table);
    view_cell(row, r, body_heads, 0, b->code,
              request_path(r, arena_printf(r->arena, "/admin/bodies?code=%s", b->code)));
    view_cell(row, r, body_heads, 1, b->name, NULL);
    view_cell(row, r, body_heads, 2, choice_shown(r, "/admin/bodies", "kind", b->kind), NULL);
    view_cell(row, r, body_heads, 3, b->company, NULL);
    view_cell(row, r, body_heads, 4, say(r->language, "See or change"),
              request_path(r, arena_printf(r->arena, "/admin/bodies/%s/duties", b->code)));
  }
  static const char *const kept[] = {"words", NULL};
  view_pages(v, r, list_path(r, "/admin/bodies", kept), page,
             (found + BODIES_A_PAGE - 1) / BODIES_A_PAGE);
  view_text(v, "words", kept_text(r, words));
  view_text(v, "action", request_path(r, "/admin/bodies"));
  view_text(v, "payees", request_path(r, "/admin/payees"));
}

/* The form begins with what the register has of the body that `code` names. */
static const struct value *body_start(const struct request *r, const struct bodies *bodies) {
  const struct body *b = request_has(r, "code") ? bodies_by_code(bodies, request_text(r, "code"))
                                                : NULL;
  if (!b) return NULL;
  int place = places_by_id(r->reference_data->places, b->place);
  const char *texts[] = {b->code, b->name, b->kind, b->company,
                         place == PLACE_NONE ? NULL : r->reference_data->places->all[place].code};
  struct value *start = arena_array(r->arena, struct value, 6);
  for (int i = 0; i < 5; i++)
    start[i] = (struct value){.name = body_fields()[i].name,
                              .given = texts[i] != NULL,
                              .text = span_of(texts[i] ? texts[i] : "")};
  return start;
}

enum status page_bodies(struct request *r, struct reply *reply, struct error *err) {
  struct bodies *bodies = NULL;
  enum status status = register_bodies(r->store, r->arena, &bodies, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin"));
  if (request_has(r, "done")) view_done(v, say(r->language, "The organisation is saved."));
  put_bodies(v, r, bodies);
  const struct value *start = body_start(r, bodies);
  view_text(v, "changes", start ? kept_text(r, start[1].text) : NULL);
  struct view *form = view_form(v, "form", r, route_post("/admin/bodies"), NULL,
                                say(r->language, "Save the organisation"), start);
  if (start) view_text(form, "cancel", request_path(r, "/admin/bodies"));
  reply_page(reply, r, "admin-bodies", say(r->language, "Organisations"), v);
  return DONE;
}

enum status act_body(struct request *r, struct reply *reply, struct error *err) {
  static const struct reworded refusals[] = {
      {REFUSAL_IDENTIFIER_MALFORMED, REFUSAL_COMPANY_NUMBER_MALFORMED},
      {REFUSAL_PLACE_UNREGISTERED, REFUSAL_PLACE_CODE_OF_NONE},
      {REFUSAL_NONE, REFUSAL_NONE}};
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == REFUSED) refusal_reword(refusals, err);
  if (status != DONE) return status;
  shared_reference_data_look(r->site->reference_data);
  reply_go(reply, r, "/admin/bodies?done=saved");
  return DONE;
}

/* ---- role grants ---- */

static const struct choice roles_which[] = {{"held", N_("Roles that people have now")},
                                            {"ended", N_("Roles that ended")},
                                            {NULL, NULL}};
static const struct choice roles_sort[] = {{"name", N_("Name")},
                                           {"newest", N_("The newest first")},
                                           {"oldest", N_("The oldest first")},
                                           {NULL, NULL}};
const struct field roles_fields[] = {
    {.name = "words", .kind = FIELD_TEXT, .optional = true, .most = 100},
    {.name = "which", .kind = FIELD_CHOICE, .optional = true, .choices = roles_which},
    {.name = "sort", .kind = FIELD_CHOICE, .optional = true, .choices = roles_sort},
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 1000000},
    {.name = "done",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = (const struct choice[]){{"granted", NULL}, {"ended", NULL}, {NULL, NULL}}},
    /* the case in which a grant waits for another administrator */
    {.name = "waits", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = INT64_MAX},
    {.name = NULL}};
static void add_role_grant(struct view *v, const struct request *r, const struct role_grant *o) {
  char until[21];
  struct view *item = view_item(v, role_grant_runs(o, day_today()) ? "held" : "ended");
  view_text(item, "name", o->name);
  view_text(item, "code", o->code);
  view_text(item, "role", say(r->language, o->role->title));
  view_text(item, "role_word", o->role->word);
  view_text(item, "body", o->body ? body_words_of(r, o->body) : NULL);
  view_text(item, "body_code", o->body ? reference_data_body_code(r->reference_data, o->body) : "");
  view_day(item, "from", o->from);
  view_day(item, "to", o->to);
  view_text(item, "until",
            o->until ? written_moment(r, arena_string(r->arena, clock_write(o->until, until)))
                     : NULL);
  view_text(item, "who", actor_words(r, o->who));
  view_form_rights(item, r);
}

/* Whether the words stand in the person, their role or its body. */
static bool role_grant_fits(const struct request *r, const struct role_grant *o,
                            struct span words) {
  return fold_has(span_of(o->name), words) || fold_has(span_of(o->code), words) ||
         fold_has(span_of(say(r->language, o->role->title)), words) ||
         (o->body && fold_has(span_of(body_words_of(r, o->body)), words));
}

static int by_name(const void *a, const void *b) {
  const struct role_grant *x = *(struct role_grant *const *)a, *y = *(struct role_grant *const *)b;
  const int order = strcmp(x->name ? x->name : "", y->name ? y->name : "");
  return order ? order : (x->id > y->id) - (x->id < y->id);
}

static int by_newest(const void *a, const void *b) {
  const struct role_grant *x = *(struct role_grant *const *)a, *y = *(struct role_grant *const *)b;
  return (x->id < y->id) - (x->id > y->id);
}

static int by_oldest(const void *a, const void *b) { return by_newest(b, a); }

/* Those of the list that are wanted, a page of them. */
static void put_role_grants(struct view *v, const struct request *r, const struct role_grant *all,
                            int count) {
  static const char *const kept[] = {"words", "which", "sort", NULL};
  const bool ended = list_is_chosen(r, "which", "ended");
  const struct role_grant **wanted = arena_array(r->arena, const struct role_grant *, count + 1);
  const int64_t skip = (list_page(r) - 1) * ROLES_A_PAGE;
  int n = 0;
  for (int i = 0; i < count; i++)
    if (role_grant_runs(&all[i], day_today()) != ended &&
        role_grant_fits(r, &all[i], request_text(r, "words")))
      wanted[n++] = &all[i];
  if (n)
    array_sort(wanted, n,
               list_is_chosen(r, "sort", "newest")   ? by_newest
               : list_is_chosen(r, "sort", "oldest") ? by_oldest
                                                     : by_name);
  view_list(v, "held");
  view_list(v, "ended");
  view_flag(v, "is_ended", ended);
  for (int64_t i = skip; i < n && i < skip + ROLES_A_PAGE; i++) add_role_grant(v, r, wanted[i]);
  struct list_filter f = list_filter_begin(v, r, "/admin/roles");
  list_search(&f, "words", say(r->language, "Find a person, a role or an organisation"), NULL);
  list_choices(&f, "which", say(r->language, "Which"), roles_which);
  list_choices(&f, "sort", say(r->language, "Sort by"), roles_sort);
  list_filter_end(&f, say(r->language, "Show"));
  view_pages(v, r, list_path(r, "/admin/roles", kept), list_page(r),
             (n + ROLES_A_PAGE - 1) / ROLES_A_PAGE);
}

static void put_waits(struct view *v, const struct request *r) {
  struct view *done = view_object(v, "done");
  view_flag(done, "is_success", false);
  view_text(done, "text", say(r->language, "It waits for another administrator."));
  view_text(done, "link",
            request_path(r, arena_printf(r->arena, "/inbox/%lld",
                                         (long long)request_int(r, "waits"))));
  view_text(done, "link_text", say(r->language, "See what was asked"));
}

enum status page_roles(struct request *r, struct reply *reply, struct error *err) {
  struct role_grant *all = NULL;
  int count = 0;
  enum status status = role_grants_list(r->store, r->arena, &all, &count, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin"));
  if (request_has(r, "done"))
    view_done(v, span_is(request_text(r, "done"), "ended")
                     ? say(r->language, "The role is ended, from this moment on.")
                     : say(r->language, "The role is granted, from this moment on."));
  else if (request_has(r, "waits")) put_waits(v, r);
  put_role_grants(v, r, all, count);
  view_form(v, "form", r, route_post("/admin/roles"), NULL,
            say(r->language, "Ask another administrator to approve it"), NULL);
  reply_page(reply, r, "admin-roles", say(r->language, "Roles"), v);
  return DONE;
}

enum status act_grant(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == REFUSED) refusal_reword(role_refusals, err);
  if (status != DONE) return status;
  const char *waits = action_answer_of(&call, "case");
  reply_go(reply, r,
           waits ? arena_printf(r->arena, "/admin/roles?waits=%s", waits)
                 : "/admin/roles?done=granted");
  return DONE;
}

enum status act_end_role_grant(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == REFUSED) refusal_reword(role_refusals, err);
  const char *waits = status == DONE ? action_answer_of(&call, "case") : NULL;
  if (status == DONE)
    reply_go(reply, r,
             waits ? arena_printf(r->arena, "/admin/roles?waits=%s", waits)
                   : "/admin/roles?done=ended");
  return status;
}

/* ---- invitations ---- */

static const struct table_head message_heads[] = {{N_("Sent to"), false},
                                                  {N_("How"), false},
                                                  {N_("Asked for"), false},
                                                  {N_("State"), false},
                                                  {NULL, false}};

static const char *message_state(const struct request *r, const struct message_out *m) {
  char at[21];
  if (strcmp(m->state, "sent") == 0) return say(r->language, "Sent");
  if (strcmp(m->state, "failed") == 0)
    return arena_printf(r->arena, say(r->language, "Given up: %s"), m->reason);
  if (!*m->reason) return say(r->language, "On its way");
  return arena_printf(r->arena, say(r->language, "Not sent so far (%s); tried again %s"), m->reason,
                      written_moment(r, clock_write(m->due, at)));
}

static enum status put_messages(struct view *v, const struct request *r, struct error *err) {
  struct message_out *all = NULL;
  int count = 0;
  struct view *table = view_table(v, "messages", r, say(r->language, "The last that were sent"),
                                  message_heads, say(r->language, "Nothing was sent yet."));
  enum status status = notify_list(r->store, r->arena, MESSAGES_SHOWN, &all, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct view *row = view_row(table);
    view_cell(row, r, message_heads, 0, all[i].code, NULL);
    view_cell(row, r, message_heads, 1,
              strcmp(all[i].way, "email") == 0 ? say(r->language, "E-mail")
                                               : say(r->language, "Letter"),
              NULL);
    view_cell(row, r, message_heads, 2, written_moment(r, all[i].asked_at), NULL);
    view_cell(row, r, message_heads, 3, message_state(r, &all[i]), NULL);
  }
  return status;
}

enum status page_invites(struct request *r, struct reply *reply, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin"));
  view_count(v, "days", INVITE_DAYS);
  view_count(v, "address_days", LIMIT_ADDRESS_DAYS);
  view_flag(v, "is_set_up", r->site->ways != 0);
  view_flag(v, "by_both", r->site->ways == (NOTIFY_EMAIL | NOTIFY_LETTER));
  view_flag(v, "by_email", r->site->ways == NOTIFY_EMAIL);
  view_flag(v, "by_letter", r->site->ways == NOTIFY_LETTER);
  if (r->site->ways)
    view_form(v, "form", r, route_post("/admin/invites"), NULL, say(r->language, "Send a code"),
              NULL);
  if (put_messages(v, r, err) != DONE) return err->code;
  reply_page(reply, r, "admin-invites", say(r->language, "Invite somebody to sign in"), v);
  return DONE;
}

enum status act_invite(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == REFUSED) refusal_reword(role_refusals, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "to",
            strcmp(action_answer_of(&call, "way"), "email") == 0 ? action_answer_of(&call, "to")
                                                                 : NULL);
  view_text(v, "reference", action_answer_of(&call, "person"));
  view_text(v, "name", action_answer_of(&call, "name"));
  reply_page(reply, r, "admin-invited", say(r->language, "A code is on its way"), v);
  return DONE;
}
