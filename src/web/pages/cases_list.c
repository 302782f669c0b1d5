/* The two lists of cases: what waits for an officer's bodies and roles, in one table with filters;
 * and what a citizen has asked or is asked. The officers' list names nobody: opening a case is a
 * visit to that person's record. */
#include "web/pages/cases.h"
#include "web/pages/lists.h"

#include "award/claim.h"
#include "register/fact_case.h"
#include "register/names.h"

enum { CASES_A_PAGE = 50, CASES_AT_HOME = 10, ANSWERS_AT_HOME = 5 };

#define PAGE_FIELD \
  { .name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 100000 }
#define WHICH_FIELD(all) \
  { .name = "which", .kind = FIELD_CHOICE, .optional = true, .choices = (all) }
#define KIND_FIELD \
  { .name = "kind", .kind = FIELD_CODE, .optional = true }

/* The first of each is what a list shows when nothing was chosen. */
static const struct choice inbox_which[] = {{"waiting", N_("Waiting for an answer")},
                                            {"late", N_("Late")},
                                            {"unread", N_("Not read yet")},
                                            {"answered", N_("Answered")},
                                            {NULL, NULL}};
static const struct choice requests_which[] = {{"all", N_("All requests")},
                                               {"waiting", N_("Waiting for an answer")},
                                               {"late", N_("Late")},
                                               {"answered", N_("Answered")},
                                               {NULL, NULL}};
static const struct choice taken_by[] = {
    {"anybody", N_("Anybody")}, {"me", N_("Me")}, {"nobody", N_("Nobody yet")}, {NULL, NULL}};
const struct field inbox_fields[] = {
    WHICH_FIELD(inbox_which),
    KIND_FIELD,
    {.name = "taken", .kind = FIELD_CHOICE, .optional = true, .choices = taken_by},
    {.name = "body", .kind = FIELD_CODE, .optional = true},
    PAGE_FIELD,
    {.name = "done", .kind = FIELD_CODE, .optional = true},
    {.name = NULL}};
const struct field requests_fields[] = {WHICH_FIELD(requests_which), PAGE_FIELD, {.name = NULL}};

static enum case_which which_of(struct span word, enum case_which otherwise) {
  return span_is(word, "waiting")    ? CASES_WAITING
         : span_is(word, "late")     ? CASES_LATE
         : span_is(word, "unread")   ? CASES_UNREAD
         : span_is(word, "answered") ? CASES_ANSWERED
                                     : otherwise;
}

static void put_pages(struct view *v, const struct request *r, const char *path, int64_t total) {
  view_pages(v, r, path, list_page(r), (total + CASES_A_PAGE - 1) / CASES_A_PAGE);
}

/* The day of a moment. */
static const char *day_words(const struct request *r, const char *at) {
  const day_t day = clock_day_of(span_of(at));
  return day == DAY_NONE ? at : written_value(r, doc_day(day));
}

/* ---- what waits, on other pages ---- */

static enum status count_waiting(const struct request *r, const struct case_page *page,
                                 enum case_which which, int64_t *count, struct error *err) {
  const struct case_filter filter = {.which = which, .most = 1};
  struct case_file *files = NULL;
  int given = 0;
  return cases_inbox(r->store, r->arena, &page->desk, &page->actor, &filter, &files, &given, count,
                     err);
}

enum status view_waiting(struct view *v, const struct request *r, struct error *err) {
  struct case_page page;
  int64_t asked = 0, all = 0, late = 0;
  enum status status = case_page_begin(r, false, &page, err);
  if (status == DONE) status = count_waiting(r, &page, CASES_WAITING, &asked, err);
  if (status == DONE && r->visitor.roles.count) {
    status = case_page_begin(r, true, &page, err);
    if (status == DONE) status = count_waiting(r, &page, CASES_WAITING, &all, err);
    if (status == DONE) status = count_waiting(r, &page, CASES_LATE, &late, err);
  }
  if (status != DONE) return status;
  struct view *waiting = view_object(v, "waiting");
  view_text(waiting, "asked",
            asked ? arena_printf(r->arena,
                                 say_count(r->language, "%s request waits for your answer",
                                           "%s requests wait for your answer", asked),
                                 written_value(r, doc_count(asked)))
                  : NULL);
  view_text(waiting, "office",
            all > asked
                ? arena_printf(r->arena,
                               say_count(r->language, "%s request waits for your team to answer",
                                         "%s requests wait for your team to answer", all - asked),
                               written_value(r, doc_count(all - asked)))
                : NULL);
  view_text(waiting, "late",
            late ? arena_printf(r->arena,
                                say_count(r->language, "%s of them is late", "%s of them are late",
                                          late),
                                written_value(r, doc_count(late)))
                 : NULL);
  return DONE;
}

/* ---- officers ---- */

static void put_kinds(struct list_filter *f) {
  const struct request *r = f->r;
  struct view *kinds = list_select(f, "kind", say(r->language, "What it is"),
                                   say(r->language, "Anything"));
  for (int i = 0; i < r->pack->case_kind_count; i++) {
    const struct pack_case_kind *kind = &r->pack->case_kinds[i];
    list_option(kinds, kind->code, kind->name[r->language], list_is_chosen(r, "kind", kind->code));
  }
}

static void put_bodies(struct list_filter *f, const struct case_page *page) {
  const struct request *r = f->r;
  if (page->actor.body_count < 2) return;
  struct view *bodies = list_select(f, "body", say(r->language, "Organisation"),
                                    say(r->language, "All of mine"));
  for (int i = 0; i < page->actor.body_count; i++) {
    int64_t body = page->actor.bodies[i];
    const char *code = reference_data_body_code(r->reference_data, body);
    list_option(bodies, code, body_words_of(r, body), list_is_chosen(r, "body", code));
  }
}

static void put_inbox_filter(struct view *v, const struct request *r,
                             const struct case_page *page) {
  struct list_filter f = list_filter_begin(v, r, "/inbox");
  list_choices(&f, "which", say(r->language, "Which"), inbox_which);
  put_kinds(&f);
  list_choices(&f, "taken", say(r->language, "Taken on by"), taken_by);
  put_bodies(&f, page);
  list_filter_end(&f, say(r->language, "Show"));
}

static struct case_filter inbox_filter(const struct request *r, const struct case_page *page) {
  const struct body *body = bodies_by_code(r->reference_data->bodies, request_text(r, "body"));
  struct span taken = request_text(r, "taken");
  return (struct case_filter){.which = which_of(request_text(r, "which"), CASES_WAITING),
                              .kind = request_has(r, "kind") ? kept_text(r, request_text(r, "kind"))
                                                             : NULL,
                              .assigned = span_is(taken, "me")       ? page->actor.person
                                          : span_is(taken, "nobody") ? -1
                                                                     : 0,
                              .body = body ? body->id : 0,
                              .skip = (list_page(r) - 1) * CASES_A_PAGE,
                              .most = CASES_A_PAGE};
}

static enum status put_inbox_row(struct view *v, const struct request *r,
                                 const struct case_page *page, const struct case_file *file,
                                 const struct register_name names[2], struct error *err) {
  struct view *item = view_item(v, "cases");
  const char *about = NULL;
  if (case_about_words(r, file->party, file->subject, CASE_ABOUT_KIND, &about, err) != DONE)
    return err->code;
  if (claim_is(file) || claim_is_dispute(file)) {
    const struct pack_entitlement *what = claim_of(r->pack, file);
    about = what ? what->name[r->language] : case_fact(file, "variable");
  }
  view_text(item, "about", about);
  view_text(item, "href",
            request_path(r, arena_printf(r->arena, "/inbox/%lld", (long long)file->id)));
  view_text(item, "kind", case_kind_words(r, file));
  view_text(item, "number", arena_printf(r->arena, "%lld", (long long)file->id));
  view_text(item, "code", names[0].code ? names[0].code : "");
  view_text(item, "opened", day_words(r, file->opened_at));
  view_day(item, "due", file->due);
  view_text(item, "by", case_office_words(r, file));
  view_text(item, "taken",
            !file->assigned                               ? ""
            : case_actor_is(&page->actor, file->assigned) ? say(r->language, "You")
            : names[1].name                               ? names[1].name
                                                          : "");
  view_case_state(item, r, file);
  return DONE;
}

/* The rows of the filter as `cases`, and how many there are in all. */
static enum status put_inbox(struct view *v, const struct request *r, const struct case_page *page,
                             const struct case_filter *filter, int64_t *total, struct error *err) {
  struct case_file *files = NULL;
  int count = 0;
  enum status status = cases_inbox(r->store, r->arena, &page->desk, &page->actor, filter, &files,
                                   &count, total, err);
  int64_t *ids = arena_array(r->arena, int64_t, 2 * count + 1);
  struct register_name *names = arena_array(r->arena, struct register_name, 2 * count + 1);
  for (int i = 0; i < count; i++) ids[2 * i] = files[i].party, ids[2 * i + 1] = files[i].assigned;
  if (status == DONE)
    status = register_names_of_parties(r->store, r->arena, ids, 2 * count, names, err);
  view_list(v, "cases");
  for (int i = 0; i < count && status == DONE; i++)
    status = put_inbox_row(v, r, page, &files[i], &names[2 * i], err);
  view_flag(v, "has_cases", count > 0);
  view_value(v, "total", doc_count(*total));
  view_text(v, "total_words", say_count(r->language, "request", "requests", *total));
  return status;
}

enum status page_inbox(struct request *r, struct reply *reply, struct error *err) {
  struct case_page page;
  int64_t total = 0;
  static const char *const kept[] = {"which", "kind", "taken", "body", NULL};
  struct view *v = view_new(r->arena, r->language);
  if (case_page_begin(r, true, &page, err) != DONE) return err->code;
  const struct case_filter filter = inbox_filter(r, &page);
  if (put_inbox(v, r, &page, &filter, &total, err) != DONE) return err->code;
  view_flag(v, "is_wide", true);
  const char *done = case_done_words(r, request_text(r, "done"));
  if (done) view_done(v, done);
  put_inbox_filter(v, r, &page);
  view_text(v, "standards", r->pack->standard_count ? request_path(r, "/inbox/standards") : NULL);
  put_pages(v, r, list_path(r, "/inbox", kept), total);
  reply_page(reply, r, "inbox", say(r->language, "Requests to answer"), v);
  return DONE;
}

enum status view_due_cases(struct view *v, const struct request *r, struct error *err) {
  struct case_page page;
  int64_t total = 0;
  int64_t unread = 0;
  const struct case_filter filter = {.which = CASES_WAITING, .most = CASES_AT_HOME};
  if (case_page_begin(r, true, &page, err) != DONE ||
      count_waiting(r, &page, CASES_UNREAD, &unread, err) != DONE)
    return err->code;
  view_text(
      v, "unread",
      unread ? arena_printf(r->arena,
                            say_count(r->language, "%s change you were told of and have not read",
                                      "%s changes you were told of and have not read", unread),
                            written_value(r, doc_count(unread)))
             : NULL);
  return put_inbox(v, r, &page, &filter, &total, err);
}

/* What staff come for: what is due, somebody to find, something to record. */
enum status page_work(struct request *r, struct reply *reply, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  if (view_due_cases(v, r, err) != DONE) return err->code;
  view_homes(v, r, "/work");
  view_text(v, "take_up",
            permission_in(MAY_RECORD, r->visitor.roles.gives) && r->pack->take_up_count
                ? request_path(r, "/missing-out")
                : NULL);
  reply_page(reply, r, "work", say(r->language, "Your work today"), v);
  return DONE;
}

/* ---- citizens ---- */

static enum status put_request(struct view *v, const char *list, const struct request *r,
                               const struct case_page *page, const struct case_file *file,
                               struct error *err) {
  struct error none = {0};
  struct view *item = view_item(v, list);
  view_text(item, "href",
            request_path(r, arena_printf(r->arena, "%s/%lld", case_page_base(r, page),
                                         (long long)file->id)));
  const char *about = NULL;
  if (file->subject && *file->subject &&
      case_about_words(r, file->party, file->subject, CASE_ABOUT_SHORT, &about, err) != DONE)
    return err->code;
  view_text(item, "kind", case_kind_words(r, file));
  view_text(item, "about", about);
  view_text(item, "number", arena_printf(r->arena, "%lld", (long long)file->id));
  view_text(item, "opened", day_words(r, file->opened_at));
  view_text(item, "by", case_decider_words(r, page, file, &none));
  view_text(item, "due",
            file->waits ? case_due_words(r, file)
            : file->decided_at
                ? arena_printf(r->arena,
                               case_taken_back(file) ? say(r->language, "ended on %s")
                                                     : say(r->language, "answered on %s"),
                               day_words(r, file->decided_at))
                : NULL);
  view_case_state(item, r, file);
  if (none.code != DONE) *err = none;
  return none.code;
}

/* The person's own that wait, the newest first. */
static enum status read_sent(const struct request *r, const struct case_page *page,
                             struct case_file **out, int *count, int64_t *total,
                             struct error *err) {
  const struct case_filter filter = {.which = CASES_WAITING,
                                     .theirs = true,
                                     .most = CASES_PAGE_MOST};
  return cases_of(r->store, r->arena, &page->desk, page->actor.records, page->actor.record_count,
                  &filter, out, count, total, err);
}

/* What waits for this person themselves, such as time that somebody says to have given them, and
 * what they sent and are asked more about: not what waits for them as an officer. */
static enum status put_asked(struct view *v, const struct request *r, const struct case_page *page,
                             struct error *err) {
  const struct case_filter filter = {.which = CASES_WAITING, .most = CASES_PAGE_MOST};
  struct case_file *files = NULL, *sent = NULL;
  int count = 0, sent_count = 0;
  int64_t total = 0;
  enum status status = cases_inbox(r->store, r->arena, &page->desk, &page->actor, &filter, &files,
                                   &count, &total, err);
  for (int i = 0; i < count && status == DONE; i++)
    status = put_request(v, "asked", r, page, &files[i], err);
  if (status == DONE) status = read_sent(r, page, &sent, &sent_count, &total, err);
  for (int i = 0; i < sent_count && status == DONE; i++) {
    if (!case_asks_them(page, &sent[i])) continue;
    status = put_request(v, "asked", r, page, &sent[i], err);
    count++;
  }
  view_flag(v, "has_asked", count > 0);
  return status;
}

/* What two of the home say otherwise of it: whoever lives there reads it. */
static enum status put_of_home(struct view *v, const char *list, const struct request *r,
                               const struct case_page *page, enum case_which which, day_t since,
                               int64_t *shown, struct error *err) {
  struct case_file *files = NULL;
  int count = 0;
  if (page->actor.helped) return DONE;
  enum status status = fact_cases_of_home(r->store, r->arena, &page->desk, r->visitor.person, which,
                                          &files, &count, err);
  for (int i = 0; i < count && status == DONE; i++) {
    if (since != DAY_NONE &&
        (!files[i].decided_at || clock_day_of(span_of(files[i].decided_at)) < since))
      continue;
    status = put_request(v, list, r, page, &files[i], err);
    ++*shown;
  }
  return status;
}

enum status view_own_cases(struct view *v, const struct request *r, day_t since,
                           struct error *err) {
  struct case_page page;
  /* some of what is answered was taken back, or is of long ago */
  const struct case_filter filter = {.which = CASES_ANSWERED,
                                     .theirs = true,
                                     .most = CASES_PAGE_MOST};
  struct case_file *files = NULL;
  int64_t total = 0, answered = 0, sent = 0, of_home = 0;
  int count = 0;
  enum status status = case_page_begin(r, false, &page, err);
  if (status == DONE) status = put_asked(v, r, &page, err);
  if (status == DONE) status = read_sent(r, &page, &files, &count, &total, err);
  for (int i = 0; i < count && status == DONE; i++) {
    if (case_asks_them(&page, &files[i]) || sent++ >= ANSWERS_AT_HOME) continue;
    status = put_request(v, "sent", r, &page, &files[i], err);
  }
  if (status == DONE)
    status = put_of_home(v, "sent", r, &page, CASES_WAITING, DAY_NONE, &of_home, err);
  view_flag(v, "has_sent", sent + of_home > 0);
  view_flag(v, "has_more_sent", sent > ANSWERS_AT_HOME);
  if (status == DONE)
    status = cases_of(r->store, r->arena, &page.desk, page.actor.records, page.actor.record_count,
                      &filter, &files, &count, &total, err);
  for (int i = 0; i < count && answered < ANSWERS_AT_HOME && status == DONE; i++) {
    if (!files[i].decided_at || case_taken_back(&files[i]) ||
        clock_day_of(span_of(files[i].decided_at)) < since)
      continue;
    status = put_request(v, "answered", r, &page, &files[i], err);
    answered++;
  }
  if (status == DONE)
    status = put_of_home(v, "answered", r, &page, CASES_ANSWERED, since, &answered, err);
  view_flag(v, "has_answered", answered > 0);
  return status;
}

/* Those that a helper may see: what they may not see is on no page and in no total. */
static enum status read_helped(const struct request *r, const struct case_page *page,
                               const int64_t *records, int record_count,
                               const struct case_filter *filter, struct case_file **out, int *count,
                               int64_t *total, struct error *err) {
  struct case_filter each = {.which = filter->which, .theirs = true, .most = CASES_PAGE_MOST};
  struct case_file *seen = arena_array(r->arena, struct case_file, filter->most), *files = NULL;
  int64_t all = 0;
  int read = 0;
  enum status status = DONE;
  *out = seen;
  *count = 0;
  *total = 0;
  do {
    status = cases_of(r->store, r->arena, &page->desk, records, record_count, &each, &files, &read,
                      &all, err);
    for (int i = 0; status == DONE && i < read; i++) {
      if (!case_may_see(&page->actor, &files[i])) continue;
      if (*total >= filter->skip && *count < filter->most) seen[(*count)++] = files[i];
      ++*total;
    }
    each.skip += read;
  } while (status == DONE && read && each.skip < all);
  return status;
}

static enum status put_requests(struct view *v, const struct request *r,
                                const struct case_page *page, struct error *err) {
  static const char *const kept[] = {"which", NULL};
  const struct case_filter filter = {.which = which_of(request_text(r, "which"), CASES_ALL),
                                     .skip = (list_page(r) - 1) * CASES_A_PAGE,
                                     .most = CASES_A_PAGE,
                                     .theirs = true};
  struct case_file *files = NULL;
  int64_t *records = NULL, total = 0, of_home = 0;
  int record_count = 0, count = 0;
  enum status status = register_records(r->store, r->arena, request_subject(r), &records,
                                        &record_count, err);
  if (status == DONE)
    status = page->actor.helped
                 ? read_helped(r, page, records, record_count, &filter, &files, &count, &total, err)
                 : cases_of(r->store, r->arena, &page->desk, records, record_count, &filter, &files,
                            &count, &total, err);
  for (int i = 0; i < count && status == DONE; i++)
    status = put_request(v, "cases", r, page, &files[i], err);
  if (status == DONE && list_page(r) == 1)
    status = put_of_home(v, "cases", r, page, filter.which, DAY_NONE, &of_home, err);
  view_flag(v, "has_cases", count + of_home > 0);
  put_pages(v, r, list_path(r, case_page_base(r, page), kept), total);
  return status;
}

enum status page_requests(struct request *r, struct reply *reply, struct error *err) {
  struct case_page page;
  struct view *v = view_new(r->arena, r->language);
  enum status status = case_page_begin(r, false, &page, err);
  view_flag(v, "is_wide", true);
  view_list(v, "cases");
  if (status == DONE) status = request_note_help(r, "requests", err);
  if (status == DONE && !r->person) status = put_asked(v, r, &page, err);
  if (status == DONE) status = put_requests(v, r, &page, err);
  if (status != DONE) return status;
  struct list_filter f = list_filter_begin(v, r, case_page_base(r, &page));
  list_choices(&f, "which", say(r->language, "Which"), requests_which);
  list_filter_end(&f, say(r->language, "Show"));
  case_view_ways(v, r, &page);
  view_flag(v, "is_own", !r->person);
  view_text(v, "back", r->person ? request_path(r, request_base(r)) : NULL);
  reply_page(reply, r, "requests",
             r->person ? say(r->language, "Their requests") : say(r->language, "Your requests"), v);
  return DONE;
}
