/* For administrators: bodies that may be one payee, the pairs that wait, what was decided, and the
 * form that decides one pair; payees whom the public is not shown, and the form that says whether
 * one is an organisation. */
#include "web/pages/lists.h"
#include "web/pages/pages.h"

#include "register/body_pairs.h"
#include "web/site.h"

enum { PAIRS_A_PAGE = 50 };

static const struct table_head hidden_heads[] = {
    {N_("Name"), false}, {N_("Code"), false}, {N_("Why nobody is shown it"), false}, {NULL, false}};

static const struct table_head waiting_heads[] = {{N_("Organisation"), false},
                                                  {N_("The other one"), false},
                                                  {N_("Why we ask"), false},
                                                  {NULL, false}};
static const struct table_head decided_heads[] = {{N_("Organisation"), false},
                                                  {N_("The other one"), false},
                                                  {N_("What was decided"), false},
                                                  {N_("How it is known"), false},
                                                  {NULL, false}};
static const struct table_head detail_heads[] = {
    {N_("Code"), false}, {N_("Name"), false}, {N_("Company number"), false}, {NULL, false}};

static const char *why_of(const struct request *r, const struct names_match *match) {
  switch (match->by) {
  case NAMES_BY_NUMBER: return say(r->language, "They have the same company number");
  case NAMES_BY_NAME: return say(r->language, "They have the same name");
  case NAMES_BY_TRADING: return say(r->language, "One trades under the name of the other");
  case NAMES_BY_LIKENESS: break;
  }
  return say(r->language, "Their names are alike");
}

static const char *pair_path(const struct request *r, const struct body_pair *pair) {
  if (pair->body == pair->other)
    return request_path(r, arena_printf(r->arena, "/admin/bodies/%s/payee", pair->body->code));
  return request_path(r, arena_printf(r->arena, "/admin/bodies/%s/payee/%s", pair->body->code,
                                      pair->other->code));
}

static void add_pair(struct view *row, const struct request *r, const struct table_head *heads,
                     const struct body_pair *pair) {
  view_cell(row, r, heads, 0, pair->body->name, pair_path(r, pair));
  view_cell(row, r, heads, 1, pair->other == pair->body ? NULL : pair->other->name, NULL);
}

static const char *are_of(const struct request *r, enum body_are are) {
  switch (are) {
  case BODIES_SAME: return say(r->language, "One payee");
  case BODIES_ORGANISATION: return say(r->language, "An organisation");
  case BODIES_PERSON: return say(r->language, "A private person");
  default: return say(r->language, "Different");
  }
}

enum status page_payees(struct request *r, struct reply *reply, struct error *err) {
  struct body_pairs pairs;
  enum status status = body_pairs_read(r->store, r->arena, r->site->name_words, true, &pairs, err);
  if (status != DONE) return status;
  const int64_t page = list_page(r);
  const int64_t first = (page - 1) * PAIRS_A_PAGE, end = page * PAIRS_A_PAGE;
  const int most = pairs.waiting_count > pairs.decided_count ? pairs.waiting_count
                                                             : pairs.decided_count;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/bodies"));
  view_text(v, "hidden", request_path(r, "/admin/payees/hidden"));
  if (request_has(r, "done")) view_done(v, say(r->language, "What you decided is saved."));
  struct view *waiting = view_table(v, "waiting", r, NULL, waiting_heads,
                                    say(r->language, "No pair waits."));
  for (int64_t i = first; i < end && i < pairs.waiting_count; i++) {
    struct view *row = view_row(waiting);
    add_pair(row, r, waiting_heads, &pairs.waiting[i]);
    view_cell(row, r, waiting_heads, 2, why_of(r, &pairs.waiting[i].match), NULL);
  }
  if (pairs.more)
    view_text(v, "more",
              say(r->language, "There are more pairs than can be looked for at once. Once some of "
                               "these are decided, others take their place."));
  struct view *decided = view_table(v, "decided", r, NULL, decided_heads,
                                    say(r->language, "Nobody has decided any pair."));
  for (int64_t i = first; i < end && i < pairs.decided_count; i++) {
    struct view *row = view_row(decided);
    add_pair(row, r, decided_heads, &pairs.decided[i]);
    view_cell(row, r, decided_heads, 2, are_of(r, pairs.decided[i].are), NULL);
    view_cell(row, r, decided_heads, 3, pairs.decided[i].reason, NULL);
  }
  view_pages(v, r, list_path(r, "/admin/payees", (const char *const[]){NULL}), page,
             (most + PAIRS_A_PAGE - 1) / PAIRS_A_PAGE);
  reply_page(reply, r, "admin-payees", say(r->language, "Payees that may be one"), v);
  return DONE;
}

enum status page_hidden_payees(struct request *r, struct reply *reply, struct error *err) {
  struct body_pairs pairs = {0};
  struct bodies *bodies = NULL;
  struct hidden_payee *all = NULL;
  int count = 0;
  enum status status = register_bodies(r->store, r->arena, &bodies, err);
  if (status == DONE) status = body_payees_read(r->store, r->arena, bodies, &pairs, err);
  if (status != DONE) return status;
  body_hidden_payees(&pairs, r->site->name_words, r->arena, &all, &count);
  const int64_t page = list_page(r);
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/payees"));
  if (request_has(r, "done")) view_done(v, say(r->language, "What you decided is saved."));
  struct view *table = view_table(v, "hidden", r, NULL, hidden_heads,
                                  say(r->language, "Every payee is known to be an organisation."));
  for (int64_t i = (page - 1) * PAIRS_A_PAGE; i < page * PAIRS_A_PAGE && i < count; i++) {
    struct view *row = view_row(table);
    view_cell(row, r, hidden_heads, 0, all[i].body->name,
              request_path(r, arena_printf(r->arena, "/admin/bodies/%s/payee", all[i].body->code)));
    view_cell(row, r, hidden_heads, 1, all[i].body->code, NULL);
    view_cell(row, r, hidden_heads, 2,
              all[i].is == NAME_PERSON ? say(r->language, "It is the name of a person")
                                       : say(r->language, "It does not say who it is"),
              NULL);
  }
  view_pages(v, r, list_path(r, "/admin/payees/hidden", (const char *const[]){NULL}), page,
             (count + PAIRS_A_PAGE - 1) / PAIRS_A_PAGE);
  reply_page(reply, r, "admin-hidden-payees", say(r->language, "Payees hidden from the public"), v);
  return DONE;
}

static void add_detail(struct view *table, const struct request *r, const struct body *body) {
  struct view *row = view_row(table);
  view_cell(row, r, detail_heads, 0, body->code, NULL);
  view_cell(row, r, detail_heads, 1, body->name, NULL);
  view_cell(row, r, detail_heads, 2, body->company, NULL);
}

enum status page_payee_kind(struct request *r, struct reply *reply, struct error *err) {
  struct bodies *bodies = NULL;
  enum status status = register_bodies(r->store, r->arena, &bodies, err);
  if (status != DONE) return status;
  const struct body *body = bodies_by_code(bodies, request_text(r, "body"));
  if (!body) return reply_not_there(reply, r, err);
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/payees/hidden"));
  add_detail(view_table(v, "both", r, NULL, detail_heads, NULL), r, body);
  (void)view_form(v, "form", r, route_post("/admin/bodies/{body}/payee"), NULL,
                  say(r->language, "Save what you decided"), NULL);
  reply_page(reply, r, "admin-payee-kind", say(r->language, "Is it an organisation?"), v);
  return DONE;
}

/* Runs the action of the form, and goes to the list. */
static enum status decide(struct request *r, struct reply *reply, const char *list,
                          struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE) reply_go(reply, r, list);
  return status;
}

enum status act_payee_kind(struct request *r, struct reply *reply, struct error *err) {
  return decide(r, reply, "/admin/payees/hidden?done=decided", err);
}

enum status page_payee(struct request *r, struct reply *reply, struct error *err) {
  struct bodies *bodies = NULL;
  enum status status = register_bodies(r->store, r->arena, &bodies, err);
  if (status != DONE) return status;
  const struct body *both[] = {bodies_by_code(bodies, request_text(r, "body")),
                               bodies_by_code(bodies, request_text(r, "other"))};
  if (!both[0] || !both[1] || both[0] == both[1]) return reply_not_there(reply, r, err);
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/payees"));
  struct view *table = view_table(v, "both", r, NULL, detail_heads, NULL);
  for (int i = 0; i < 2; i++) add_detail(table, r, both[i]);
  (void)view_form(v, "form", r, route_post("/admin/bodies/{body}/payee/{other}"), NULL,
                  say(r->language, "Save what you decided"), NULL);
  reply_page(reply, r, "admin-payee", say(r->language, "Are they one payee?"), v);
  return DONE;
}

enum status act_payee(struct request *r, struct reply *reply, struct error *err) {
  return decide(r, reply, "/admin/payees?done=decided", err);
}
