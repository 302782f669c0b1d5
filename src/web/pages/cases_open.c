/* Opening a case of any kind by what the policy pack says that it asks. Kinds that are opened on a
 * page of their own (a journey, a form with a code) have it in the table of ways. */
#include "web/pages/cases.h"

#include "base/limits.h"
#include "base/money.h"
#include "redress/redress.h"
#include "register/fact_case.h"
#include "register/notices.h"
#include "register/register.h"
#include "case/subject.h"

enum { ABOUT_AT, REASON_FIELDS = 3 /* about, reason, file */ };

/* By the kind's handler: what its decisions do says where one comes from to open it. */
static const struct case_way {
  const char *handler, *path; /* where its opening begins, without the language or the helped */
  const char *subject;        /* of its subject: what it begins with; null: no subject is needed */
  bool own_page;              /* opened there, and not on this page */
  bool own_list;              /* the list of ways leads there, and that page to the form here */
  const char *name, *help;    /* N_()-marked English, for the list of ways; null: the kind's */
  const char *name_helped;    /* of somebody else, whom the visitor helps; null: the same name */
} ways[] = {
    {"notice", "/tell-us-once", NULL, true, false, N_("Tell us a change"),
     N_("A new name or address, a change in the household, a birth or a death."), NULL},
    {"time", "/time", NULL, true, false, N_("Enter time you gave"),
     N_("Caring, volunteering, helping a neighbour."), N_("Enter time they gave")},
    {"help", "/helpers", NULL, true, false, N_("Let somebody help you"),
     N_("Say who may see or tell things for you."), NULL},
    {"line", "/account", "line:", false, false, N_("Something wrong with an item"),
     N_("Open the item on the account, and say there what is wrong."), NULL},
    {"look", "/looked", "look:", false, false, N_("Somebody should not have seen your record"),
     N_("Open the visit in the list of who has seen your record, and object to it there."), NULL},
    {"fact-wrong", "/facts", "fact:", false, false,
     N_("Something wrong with what an organisation told us"),
     N_("Open the answer in the list of what we were told, and say there what is wrong."), NULL},
    {"claim", "/claim", NULL, true, false, N_("Claim something"),
     N_("Council Tax Reduction, help with rent, school meals and other benefits."), NULL},
    {"overpayment", "/awards", NULL, true, false, N_("You were paid too much"),
     N_("What is asked back stands with what is awarded to you."), NULL},
    {"dispute", "/requests", "case:", false, false, N_("A decision that is not right"),
     N_("Open the claim that was decided: what can be done stands there, and by when."), NULL},
    {"access", "/copy", NULL, false, true, N_("A copy of everything we hold about you"),
     N_("You can download it at once."), NULL},
};
enum { WAYS = sizeof ways / sizeof *ways };

static const struct case_way *way_of(const struct pack_case_kind *kind) {
  for (int i = 0; i < WAYS; i++)
    if (strcmp(kind->handler, ways[i].handler) == 0) return &ways[i];
  return NULL;
}

static void put_way(struct view *v, const struct request *r, const char *path, const char *name,
                    const char *help) {
  struct view *item = view_item(v, "ways");
  view_text(item, "href", request_path(r, arena_printf(r->arena, "%s%s", request_base(r), path)));
  view_text(item, "name", name);
  view_text(item, "help", help);
}

void case_view_ways(struct view *v, const struct request *r, const struct case_page *page) {
  bool shown[WAYS] = {false};
  for (int i = 0; i < r->pack->case_kind_count; i++) {
    const struct pack_case_kind *kind = &r->pack->case_kinds[i];
    const struct case_way *way = way_of(kind);
    if (!case_page_opens(page, kind)) continue;
    if (!way)
      put_way(v, r, arena_printf(r->arena, "/requests/new/%s", kind->code), kind->name[r->language],
              kind->told[r->language]);
    else if (!shown[way - ways])
      put_way(v, r, way->path,
              say(r->language, r->person && way->name_helped ? way->name_helped : way->name),
              say(r->language, way->help));
    if (way) shown[way - ways] = true;
  }
}

static bool begins(struct span text, const char *with) {
  size_t size = strlen(with);
  return text.size > size && memcmp(text.bytes, with, size) == 0;
}

const char *case_open_path(const struct request *r, const struct case_page *page,
                           const struct pack_case_kind *kind, const char *about) {
  if (!case_page_opens(page, kind)) return NULL;
  return request_path(r, arena_printf(r->arena, "%s/new/%s?about=%s", case_page_base(r, page),
                                      kind->code, about));
}

const char *case_about_path(const struct request *r, const struct case_page *page,
                            const char *about) {
  for (int i = 0; i < r->pack->case_kind_count; i++) {
    const struct pack_case_kind *kind = &r->pack->case_kinds[i];
    const struct case_way *way = way_of(kind);
    if (way && !way->own_page && way->subject && begins(span_of(about), way->subject))
      return case_open_path(r, page, kind, about);
  }
  return NULL;
}

/* ---- the form ---- */

const struct field open_fields[] = {{.name = "about", .kind = FIELD_HIDDEN, .optional = true},
                                    {.name = NULL}};

static const struct field about_field = {.name = "about", .kind = FIELD_HIDDEN, .optional = true};
static const struct field reason_field = {.name = "reason",
                                          .kind = FIELD_LONG,
                                          .most = CASE_WORDS_BYTES_MAX,
                                          .label = N_("What do you want to tell us?"),
                                          .missing = N_("Write what you want to tell us")};
static const struct field file_field = {.name = "file",
                                        .kind = FIELD_FILE,
                                        .optional = true,
                                        .most = LIMIT_ATTACHMENT_BYTES,
                                        .label = N_("A document or picture"),
                                        .hint = N_("PDF, JPEG, PNG or plain text. You can add more "
                                                   "after you have sent it.")};

static const struct field *fields_of_kind(const struct request *r, struct span code) {
  const struct pack_case_kind *kind = pack_find_case_kind(r->pack, code);
  int count = 0;
  if (!kind) return NULL;
  struct field *fields = arena_array(r->arena, struct field, kind->fact_count + REASON_FIELDS + 1);
  fields[count++] = about_field;
  for (int i = 0; i < kind->fact_count; i++)
    if (strcmp(kind->facts[i].asked, "open") == 0)
      fields[count++] = case_fact_field(r, &kind->facts[i]);
  if (kind->reason != CASE_NONE) {
    fields[count] = reason_field;
    fields[count++].optional = kind->reason == CASE_OPTIONAL;
  }
  if (kind->attachments) fields[count++] = file_field;
  fields[count].name = NULL;
  return fields;
}

const struct field *open_fields_of(const struct request *r, const struct span *names) {
  return fields_of_kind(r, names[0]);
}
const struct field *open_fields_for(const struct request *r, const struct span *names) {
  return fields_of_kind(r, names[1]);
}

/* What the case is about besides the person: as sent, or as the link to this page had it. */
static struct span about_of(const struct request *r) {
  return r->given ? r->given[ABOUT_AT] : request_text(r, "about");
}

/* The kind that the path names, for the visitor; null: the reply is made. */
static const struct pack_case_kind *find_kind(const struct request *r, struct reply *reply,
                                              const struct case_page *page) {
  const struct pack_case_kind *kind = pack_find_case_kind(r->pack, request_text(r, "kind"));
  const struct case_way *way = kind ? way_of(kind) : NULL;
  if (!kind || !case_page_opens(page, kind)) {
    reply_not_found(reply, r);
    return NULL;
  }
  const bool passed_on = strcmp(kind->handler, "notice") == 0 && !notice_changes(kind->code);
  if (!way || passed_on || way->own_list || (!way->own_page && begins(about_of(r), way->subject)))
    return kind;
  reply_go(reply, r, arena_printf(r->arena, "%s%s", request_base(r), way->path));
  return NULL;
}

static enum status put_subject(struct view *v, const struct request *r,
                               const struct case_page *page, struct error *err) {
  struct span about = about_of(r);
  if (!about.size) return DONE;
  const char *text = kept_text(r, about), *words = NULL;
  if (case_about_words(r, request_subject(r), text, CASE_ABOUT_WHOLE, &words, err) != DONE)
    return err->code;
  struct view *subject = view_object(v, "subject");
  view_text(subject, "words", words);
  view_text(subject, "href", case_subject_path(r, page, NULL, text));
  return DONE;
}

/* ---- what cannot be sent is said before anything is written ---- */

/* The request of this kind and subject that waits already; 0: none. */
static enum status find_waiting(const struct request *r, const struct case_page *page,
                                const struct pack_case_kind *kind, const char *about, int64_t *out,
                                struct error *err) {
  const struct case_filter filter = {
      .which = CASES_WAITING, .kind = kind->code, .subject = about, .most = CASES_PAGE_MOST};
  struct case_file *files = NULL;
  int64_t *records = NULL, total = 0;
  int record_count = 0, count = 0;
  *out = 0;
  if (kind->again == CASE_AGAIN_ALWAYS) return DONE;
  enum status status = register_records(r->store, r->arena, request_subject(r), &records,
                                        &record_count, err);
  if (status == DONE)
    status = cases_of(r->store, r->arena, &page->desk, records, record_count, &filter, &files,
                      &count, &total, err);
  for (int i = 0; status == DONE && i < count && !*out; i++)
    if (strcmp(files[i].subject ? files[i].subject : "", about) == 0 &&
        case_may_see(&page->actor, &files[i]))
      *out = files[i].id;
  return status;
}

/* Whether there is such an item that can be wrong, or such a request that something can be said
 * about: theirs, and answered or late. *waits: the request is to be waited for. */
static enum status check_about(const struct request *r, const struct case_page *page,
                               const char *about, bool *there, int64_t *waits, struct error *err) {
  const struct subject subject = subject_read(about);
  struct error none = {0};
  struct redress_item item;
  struct case_file file;
  *there = true;
  *waits = 0;
  if (begins(span_of(about), "line:")) {
    enum status status = redress_item_of(r->store, r->arena, request_subject(r), about, &item,
                                         there, err);
    if (status == DONE && *there)
      status = redress_line_is_open(r->store, r->arena, r->pack, request_subject(r),
                                    item.line.entry, item.line.line_no, there, err);
    return status;
  }
  if (begins(span_of(about), "fact:"))
    return fact_case_is_disputable(r->store, r->arena, request_subject(r), about, there, err);
  if (!begins(span_of(about), "case:")) return DONE;
  *there = subject.kind == SUBJECT_CASE;
  enum status status = *there ? case_one(r->store, r->arena, &page->desk, &page->actor,
                                         subject.number, &file, &none)
                              : DONE;
  if (status == FAILED) *err = none;
  if (status == REFUSED) *there = false;
  if (status == DONE && *there && file.waits && !case_late(&file, day_today()))
    *waits = subject.number;
  return status == FAILED ? FAILED : DONE;
}

/* *made: the reply leads elsewhere. */
static enum status check_opening(const struct request *r, struct reply *reply,
                                 const struct case_page *page, const struct pack_case_kind *kind,
                                 bool *made, struct error *err) {
  const char *about = kept_text(r, about_of(r));
  int64_t waiting = 0, early = 0;
  bool there = true;
  enum status status = find_waiting(r, page, kind, about, &waiting, err);
  if (status == DONE && !waiting) status = check_about(r, page, about, &there, &early, err);
  *made = waiting || early || !there;
  if (status != DONE || !*made) return status;
  if (!there) reply_not_found(reply, r);
  else
    reply_go(reply, r,
             arena_printf(r->arena, "%s/%lld?done=%s", case_page_base(r, page),
                          (long long)(waiting ? waiting : early), waiting ? "waits" : "early"));
  return DONE;
}

enum status page_open(struct request *r, struct reply *reply, struct error *err) {
  struct case_page page;
  if (case_page_begin(r, false, &page, err) != DONE) return err->code;
  const struct pack_case_kind *kind = find_kind(r, reply, &page);
  if (!kind) return DONE;
  if (request_note_help(r, arena_printf(r->arena, "case %s", kind->code), err) != DONE)
    return err->code;
  bool made = false;
  /* a form that was sent shows what was refused */
  if (!r->given && (check_opening(r, reply, &page, kind, &made, err) != DONE || made))
    return err->code;
  struct view *v = view_new(r->arena, r->language);
  const char *base = case_page_base(r, &page);
  const struct field *fields = fields_of_kind(r, request_text(r, "kind"));
  int count = 0;
  while (fields[count].name) count++;
  struct value *start = arena_array(r->arena, struct value, count + 1);
  for (int i = 0; i < count; i++) start[i].name = fields[i].name;
  start[ABOUT_AT].given = about_of(r).size > 0;
  start[ABOUT_AT].text = about_of(r);
  view_text(v, "back", request_path(r, base));
  view_text(v, "heading", kind->name[r->language]);
  view_text(v, "told", kind->told[r->language]);
  if (put_subject(v, r, &page, err) != DONE) return err->code;
  view_form_of(v, "form", r, fields,
               request_path(r, arena_printf(r->arena, "%s/new/%s", base, kind->code)),
               say(r->language, "Send"), start);
  reply_page(reply, r, "case_open", kind->name[r->language], v);
  return DONE;
}

/* ---- sending it ---- */

enum status act_open(struct request *r, struct reply *reply, struct error *err) {
  struct case_page page;
  struct action_call call;
  if (case_page_begin(r, false, &page, err) != DONE) return err->code;
  const struct pack_case_kind *kind = find_kind(r, reply, &page);
  if (!kind) return DONE;
  enum status status = request_call(r, &call, err);
  call.facts = case_facts_given(r, kind, "open", &call.fact_count);
  if (status == DONE) status = action_run(call.action, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "%s/%s?done=opened", case_page_base(r, &page),
                          action_answer_of(&call, "case")));
  return status;
}
