/* Whom rows of bodies' own files mean, where that was not sure: the questions that wait, and a page
 * for each with what the file says beside the people who may be meant. The list names nobody; the
 * page of a row is a look at each of those people, and is noted before it is shown. */
#include "web/pages/lists.h"
#include "web/pages/pages.h"

#include "register/access_log.h"
#include "register/match_rows.h"
#include "web/site.h"

enum { ROWS_A_PAGE = 50 };

static const struct table_head match_waiting_heads[] = {{N_("Question"), false},
                                                        {N_("Organisation"), false},
                                                        {N_("People who may be meant"), true},
                                                        {NULL, false}};
static const struct table_head match_decided_heads[] = {
    {N_("Question"), false},        {N_("Organisation"), false}, {N_("What was decided"), false},
    {N_("How it is known"), false}, {N_("By"), false},           {NULL, false}};
static const struct table_head match_heads[] = {{N_("Record"), false},
                                                {N_("Name"), false},
                                                {N_("Day of birth"), false},
                                                {N_("Postcode"), false},
                                                {NULL, false}};

static const char *body_name(const struct request *r, int64_t body) {
  const struct body *of = bodies_by_id(r->reference_data->bodies, body);
  return of ? of->name : say(r->language, "An organisation that the file does not name");
}

static enum status read_rows(struct request *r, struct match_row **rows, int *count,
                             struct error *err) {
  struct person_decisions *decisions = arena_alloc(r->arena, sizeof *decisions);
  enum status status = person_decisions_read(decisions, r->store, r->site->name_words, r->arena,
                                             err);
  if (status == DONE) match_rows(decisions, r->arena, rows, count);
  return status;
}

/* ---- the list ---- */

/* The answer of a row that does not wait: whom it means, else that it means none of them. */
static const struct person_decision *answer_of(const struct match_row *row) {
  return row->same ? row->same : row->of[row->count - 1];
}

static struct view *add_row(struct view *table, const struct request *r,
                            const struct table_head *heads, const struct match_row *row) {
  struct view *one = view_row(table);
  view_cell(one, r, heads, 0,
            arena_printf(r->arena, say(r->language, "Question %lld"), (long long)row->number),
            request_path(r, arena_printf(r->arena, "/admin/matches/%lld", (long long)row->number)));
  view_cell(one, r, heads, 1, body_name(r, row->of[0]->body), NULL);
  return one;
}

static void add_decided(struct view *table, const struct request *r, const struct match_row *row) {
  const struct person_decision *answer = answer_of(row);
  struct view *one = add_row(table, r, match_decided_heads, row);
  view_cell(one, r, match_decided_heads, 2,
            row->same ? say(r->language, "Somebody is meant")
                      : say(r->language, "None of these people is meant"),
            NULL);
  view_cell(one, r, match_decided_heads, 3, answer->reason, NULL);
  view_cell(one, r, match_decided_heads, 4, actor_words(r, answer->by), NULL);
}

enum status page_matches(struct request *r, struct reply *reply, struct error *err) {
  struct match_row *rows = NULL;
  int count = 0, waiting_count = 0, decided_count = 0;
  enum status status = read_rows(r, &rows, &count, err);
  if (status != DONE) return status;
  const int64_t page = list_page(r);
  const int64_t first = (page - 1) * ROWS_A_PAGE, end = page * ROWS_A_PAGE;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/imports"));
  if (request_has(r, "done")) view_done(v, say(r->language, "What you decided is saved."));
  struct view *waiting = view_table(v, "waiting", r, NULL, match_waiting_heads,
                                    say(r->language, "No question waits."));
  struct view *decided = view_table(v, "decided", r, NULL, match_decided_heads,
                                    say(r->language, "Nobody has decided any question."));
  for (int i = 0; i < count; i++) {
    const int at = rows[i].waits ? waiting_count++ : decided_count++;
    if (at < first || at >= end) continue;
    if (!rows[i].waits) add_decided(decided, r, &rows[i]);
    else
      view_cell(add_row(waiting, r, match_waiting_heads, &rows[i]), r, match_waiting_heads, 2,
                arena_printf(r->arena, "%d", rows[i].count), NULL);
  }
  const int most = waiting_count > decided_count ? waiting_count : decided_count;
  view_pages(v, r, list_path(r, "/admin/matches", (const char *const[]){NULL}), page,
             (most + ROWS_A_PAGE - 1) / ROWS_A_PAGE);
  reply_page(reply, r, "admin-matches", say(r->language, "Who is meant in organisations' files"),
             v);
  return DONE;
}

/* ---- one row ---- */

static enum status note_candidates(const struct request *r, const struct match_candidate *all,
                                   int count, int64_t body, struct error *err) {
  const struct access_reader by = request_reader(r);
  const struct body *of = bodies_by_id(r->reference_data->bodies, body);
  const char *why = arena_printf(r->arena, "to decide who is meant in a file of %s",
                                 of ? of->name : "an organisation");
  enum status status = DONE;
  for (int i = 0; status == DONE && i < count; i++) {
    bool noted = false;
    for (int k = 0; k < i; k++) noted |= all[k].person.id == all[i].person.id;
    if (!noted)
      status = access_log_add(r->store, &by, all[i].person.id,
                              "a row of a file that may be about them", why, err);
  }
  return status;
}

static const char *born_shown(const struct request *r, day_t born) {
  return born == DAY_NONE ? say(r->language, "Not said") : written_value(r, doc_day(born));
}

/* The postcode of today; where the file has one of before, that too. */
static const char *postcode_shown(const struct request *r, const struct match_candidate *c) {
  const char *told = c->decision->postcode;
  char now[POSTCODE_SIZE], then[POSTCODE_SIZE];
  const bool moved = c->how.home == HOME_AGREES &&
                     (!postcode_read(span_of(c->postcode), now) ||
                      !postcode_read(span_of(told), then) || strcmp(now, then) != 0);
  const char *today = c->postcode[0] ? c->postcode : say(r->language, "Not known");
  return moved ? arena_printf(r->arena, say(r->language, "%s; before: %s"), today, told) : today;
}

static void put_row(struct view *table, const struct request *r, const char *where,
                    const char *name, day_t born, const char *postcode) {
  struct view *row = view_row(table);
  view_cell(row, r, match_heads, 0, where, NULL);
  view_cell(row, r, match_heads, 1, name, NULL);
  view_cell(row, r, match_heads, 2, born_shown(r, born), NULL);
  view_cell(row, r, match_heads, 3, postcode, NULL);
}

static void put_both(struct view *v, const struct request *r, const struct match_row *row,
                     const struct match_candidate *all) {
  const struct person_decision *told = row->of[0];
  struct view *table = view_table(v, "both", r, NULL, match_heads, NULL);
  view_table_of_words(table);
  put_row(table, r, say(r->language, "The file"), told->name, told->born,
          told->postcode[0] ? told->postcode : say(r->language, "Not said"));
  for (int i = 0; i < row->count; i++)
    put_row(table, r, all[i].person.code, all[i].person.name, all[i].person.born,
            postcode_shown(r, &all[i]));
}

static void put_form(struct view *v, const struct request *r, const struct match_row *row,
                     const struct match_candidate *all) {
  const enum language l = r->language;
  struct view *form = view_form(v, "form", r, route_post("/admin/matches/{row}"), NULL,
                                say(l, "Save what you decided"), NULL);
  for (int i = 0; i < row->count; i++) {
    bool before = false;
    for (int k = 0; k < i; k++) before |= all[k].person.id == all[i].person.id;
    if (!before)
      view_form_choice(form, "who", arena_printf(r->arena, "id:%s", all[i].person.code),
                       arena_printf(r->arena, "%s, %s", all[i].person.name, all[i].person.code),
                       NULL);
  }
  view_form_choice(form, "who", "other", say(l, "Another person who is registered"), NULL);
  view_form_choice(form, "who", "none", say(l, "None of these people"),
                   say(l, "The row stays refused. Register the person who is meant, and upload "
                          "the file again."));
  view_form_choice(form, "who", "open", say(l, "I am not sure"),
                   say(l, "The question waits. What was decided before is taken back."));
}

/* What was decided, in a sentence with whoever did. */
static const char *decided_shown(const struct request *r, const struct match_row *row,
                                 const struct match_candidate *all) {
  const enum language l = r->language;
  const struct person_decision *answer = answer_of(row);
  const char *by = actor_words(r, answer->by), *at = written_moment(r, answer->at);
  for (int i = 0; row->same && i < row->count; i++)
    if (row->of[i] == row->same)
      return arena_printf(r->arena, say(l, "%s said on %s that %s is meant: %s"), by, at,
                          all[i].person.name, answer->reason);
  return arena_printf(r->arena, say(l, "%s said on %s that none of these people is meant: %s"), by,
                      at, answer->reason);
}

enum status page_match(struct request *r, struct reply *reply, struct error *err) {
  struct match_row *rows = NULL;
  const struct match_row *row = NULL;
  int count = 0;
  enum status status = read_rows(r, &rows, &count, err);
  for (int i = 0; status == DONE && i < count; i++)
    if (rows[i].number == request_number(r, "row")) row = &rows[i];
  if (status == DONE && !row) return reply_not_there(reply, r, err);
  if (status != DONE) return status;
  struct match_candidate *all = arena_array(r->arena, struct match_candidate, row->count + 1);
  for (int i = 0; status == DONE && i < row->count; i++)
    status = match_candidate_read(r->store, r->arena, r->site->name_words, row->of[i], &all[i],
                                  err);
  if (status == DONE) status = note_candidates(r, all, row->count, row->of[0]->body, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/matches"));
  view_text(v, "body", body_name(r, row->of[0]->body));
  view_text(v, "decided", row->waits ? NULL : decided_shown(r, row, all));
  put_both(v, r, row, all);
  put_form(v, r, row, all);
  reply_page(reply, r, "admin-match", say(r->language, "Who is meant?"), v);
  return DONE;
}

enum status act_match(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE) reply_go(reply, r, "/admin/matches?done=decided");
  return status;
}
