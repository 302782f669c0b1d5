/* Time I have given: entered here, answered by the other side on the pages of cases, then posted.
 * The same page for a helper (scope `time`), for the person they help. */
#include "web/pages/cases.h"
#include "web/pages/lists.h"

#include "register/names.h"
#include "time/time.h"
#include "case/subject.h"

enum { TIME_A_PAGE = 50 };

const struct field time_fields[] = {
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 100000},
    {.name = "done",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = (const struct choice[]){{"entered", NULL}, {NULL, NULL}}},
    {.name = NULL}};

/* `entry:n` of a result such as `line:12:3`; null: it was not posted. */
static const char *line_of(const struct case_file *file) {
  return subject_read(file->result).kind == SUBJECT_LINE ? strchr(file->result, ':') + 1 : NULL;
}

/* Until the other person has answered, only their reference is shown: otherwise anybody could find
 * out anybody's name. */
static const char *confirmer_words(const struct request *r, const struct case_file *file,
                                   const struct register_name *other) {
  if (file->to_body) return body_words_of(r, file->to_body);
  if (file->decided_at && file->decider == file->to_person) return other->name;
  const char *typed = case_fact(file, "confirmer");
  return typed && *typed ? typed : other->code;
}

static enum status add_given(struct view *v, const struct request *r, const struct case_page *page,
                             const struct case_file *file, struct error *err) {
  struct time_given given;
  struct register_name other = {0};
  struct view *item = view_item(v, "given");
  const char *line = line_of(file);
  enum status status = time_given_of(file, &given, err);
  if (status == DONE && file->to_person > 0)
    status = register_name_of_party(r->store, r->arena, file->to_person, &other, err);
  if (status != DONE) return status;
  view_day(item, "day", given.day);
  view_text(item, "category", category_name(r, given.category));
  view_value(item, "minutes", doc_minutes(given.minutes));
  view_text(item, "confirmer", confirmer_words(r, file, &other));
  view_text(item, "note",
            given.note.size ? arena_copy(r->arena, given.note.bytes, given.note.size) : NULL);
  view_text(item, "answer", file->answer && *file->answer ? file->answer : NULL);
  view_case_state(item, r, file);
  view_text(item, "href",
            request_path(r, arena_printf(r->arena, "%s/%lld", case_page_base(r, page),
                                         (long long)file->id)));
  view_text(item, "line",
            line ? request_path(r, arena_printf(r->arena, "%s/account/lines/%s", request_base(r),
                                                line))
                 : NULL);
  return DONE;
}

static void add_categories(struct view *form, const struct request *r) {
  for (int i = 0; i < r->pack->category_count; i++) {
    const struct pack_category *c = &r->pack->categories[i];
    if (c->side == SIDE_GIVEN)
      view_form_choice(form, "category", c->code, c->name[r->language], NULL);
  }
}

/* What others say to have given the visitor, who is to confirm it. */
static enum status add_waiting(struct view *v, const struct request *r,
                               const struct case_page *page, struct error *err) {
  const struct case_filter filter = {.which = CASES_WAITING,
                                     .kind = TIME_GIVEN,
                                     .most = CASES_PAGE_MOST};
  struct case_actor self = page->actor;
  struct case_file *files = NULL;
  int count = 0;
  int64_t total = 0;
  self.role_count = self.body_count = 0; /* as a person, not for a body */
  enum status status = cases_inbox(r->store, r->arena, &page->desk, &self, &filter, &files, &count,
                                   &total, err);
  for (int i = 0; i < count && status == DONE; i++) {
    struct time_given given;
    struct register_name giver = {0};
    struct view *item = view_item(v, "waiting");
    status = time_given_of(&files[i], &given, err);
    if (status == DONE)
      status = register_name_of_party(r->store, r->arena, files[i].party, &giver, err);
    if (status != DONE) break;
    view_text(item, "giver", giver.name);
    view_text(item, "category", category_name(r, given.category));
    view_value(item, "minutes", doc_minutes(given.minutes));
    view_day(item, "day", given.day);
    view_text(item, "go",
              request_path(r, arena_printf(r->arena, "%s/%lld", case_page_base(r, page),
                                           (long long)files[i].id)));
  }
  view_flag(v, "has_waiting", count > 0);
  return status;
}

static enum status add_all_given(struct view *v, const struct request *r,
                                 const struct case_page *page, int64_t number, struct error *err) {
  const struct case_filter filter = {.kind = TIME_GIVEN,
                                     .skip = (number - 1) * TIME_A_PAGE,
                                     .most = TIME_A_PAGE};
  struct case_file *files = NULL;
  int64_t *records = NULL, total = 0;
  int record_count = 0, count = 0;
  enum status status = register_records(r->store, r->arena, request_subject(r), &records,
                                        &record_count, err);
  if (status == DONE)
    status = cases_of(r->store, r->arena, &page->desk, records, record_count, &filter, &files,
                      &count, &total, err);
  for (int i = 0; i < count && status == DONE; i++) status = add_given(v, r, page, &files[i], err);
  view_flag(v, "has_given", count > 0);
  view_pages(v, r, arena_printf(r->arena, "%s/time?", request_base(r)), number,
             (total + TIME_A_PAGE - 1) / TIME_A_PAGE);
  return status;
}

enum status page_time(struct request *r, struct reply *reply, struct error *err) {
  struct case_page page;
  struct view *v = view_new(r->arena, r->language);
  const struct pack_case_kind *kind = pack_find_case_kind(r->pack, span_of(TIME_GIVEN));
  enum status status = case_page_begin(r, false, &page, err);
  if (status == DONE) status = add_all_given(v, r, &page, list_page(r), err);
  if (status == DONE && !r->person) status = add_waiting(v, r, &page, err);
  if (status == DONE) status = request_note_help(r, "time given", err);
  if (status != DONE) return status;
  view_flag(v, "is_own", !r->person);
  if (request_has(r, "done") && kind) view_done(v, kind->told[r->language]);
  view_text(v, "back", r->person ? request_path(r, request_base(r)) : NULL);
  struct view *form = view_form(v, "form", r,
                                route_post(r->person ? "/helping/{person}/time" : "/time"), NULL,
                                say(r->language, "Send it to be confirmed"), NULL);
  add_categories(form, r);
  reply_page(reply, r, "time",
             r->person ? say(r->language, "Time they gave") : say(r->language, "Time you gave"), v);
  return DONE;
}

enum status act_give(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r, arena_printf(r->arena, "%s/time?done=entered", request_base(r)));
  return status;
}
