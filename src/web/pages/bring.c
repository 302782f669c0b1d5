/* Bringing in a file of payments: the file, what we understood of it, what a person changes of
 * that, and then the same import as the command line's, once (uploads.h). */
#include "web/pages/runs.h"

#include "base/folder.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/refusal.h"
#include "exchange/profile.h"
#include "web/jobs.h"
#include "web/site.h"
#include "web/uploads.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { COLUMNS_MOST = 60, REFUSED_SHOWN = 10, MEANINGS = 11 };

/* ---- the file ---- */

const struct field bring_fields[] = {
    {.name = "file",
     .kind = FIELD_FILE,
     .label = N_("The file of payments"),
     .hint = N_("CSV, Excel (.xlsx) or OpenDocument (.ods), as the organisation publishes it"),
     .missing = N_("Choose the file")},
    {.name = "body",
     .kind = FIELD_CODE,
     .optional = true,
     .label = N_("Code of the organisation that paid"),
     .hint = N_("Leave it empty only if a column of the file says who paid")},
    {.name = "date",
     .kind = FIELD_DAY,
     .optional = true,
     .label = N_("Day of the payments"),
     .hint = N_("Only if neither the file nor its name says when")},
    {.name = NULL}};

enum status page_bring(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/imports"));
  (void)view_form(v, "form", r, route_post("/admin/files"), NULL,
                  say(r->language, "Look at the file"), NULL);
  reply_page(reply, r, "bring", say(r->language, "Bring in a file of payments"), v);
  return DONE;
}

/* ---- trying it ---- */

/* What a file is tried with: copies, so that the upload is not held while it is read. */
struct to_try {
  const char *token, *path, *body, *date, *profile;
  enum day_order order;
  bool turned;
  const char *vat;
};

static void keep_rejects(struct upload_tried *t, struct rejects *rejects) {
  int count = 0;
  const struct reject *first = rejects_first(rejects, &count);
  if (count > REFUSED_SHOWN) count = REFUSED_SHOWN;
  t->rejects = arena_array(t->arena, struct reject, count + 1);
  t->reject_count = count;
  for (int i = 0; i < count; i++) {
    t->rejects[i] = first[i];
    t->rejects[i].value = arena_string(t->arena, first[i].value);
    t->rejects[i].reason = arena_string(t->arena, first[i].reason);
  }
}

/* The meanings by which it was read stand in the place of those that its headings suggest. */
static void put_meanings(struct upload_tried *t) {
  const struct decisions *d = &t->preview.decisions;
  for (int c = 0; c < t->look.column_count; c++)
    for (int i = 0; i < d->column_count; i++)
      if (strcmp(t->look.columns[c].published, d->columns[i].heading) == 0) {
        t->look.columns[c].means = d->columns[i].means;
        t->look.columns[c].sure = d->columns[i].sure;
      }
}

static enum status run_dry(struct request *r, const struct to_try *what, struct upload_tried *t,
                           struct error *err) {
  struct sent sent[6];
  int n = 0;
  struct action_import import = {.preview = &t->preview,
                                 .profile = what->profile,
                                 .unpacked_most = (uint64_t)r->site->config.upload_bytes *
                                                  LIMIT_UPLOAD_TIMES};
  struct action_call call = request_actor(r);
  const struct {
    const char *name, *value;
  } texts[] = {{"kind", "spend"},   {"file", what->path}, {"ways", "dry-run"},
               {"ways", "partial"}, {"body", what->body}, {"date", what->date}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (texts[i].value[0])
      sent[n++] = (struct sent){.name = span_of(texts[i].name),
                                .value = span_of(texts[i].value),
                                .file = i == 1};
  call.arena = t->arena;
  call.pack = r->site->pack;
  call.progress = PROGRESS_NEVER;
  call.import = &import;
  enum status status = rejects_open(&import.rejects, NULL, false, err);
  if (status != DONE) return status;
  status = action_run_sent(action_find(span_of("import")), &call, sent, n, err);
  keep_rejects(t, import.rejects);
  if (status == DONE && import.result.file_count) t->file = import.result.files[0];
  rejects_free(import.rejects);
  return status;
}

/* Whether an import is under way, of any process: then nothing is tried, since it would wait. */
static enum status is_free(struct store *store, struct error *err) {
  bool held = false;
  enum status status = store_lock(store, "import", false, &held, err);
  if (status != DONE) return status;
  if (!held) return refuse(err, RUN_RUNNING);
  store_unlock(store, "import");
  return DONE;
}

static enum status try_it(struct request *r, const struct to_try *what, struct error *err) {
  enum status status = is_free(r->store, err);
  if (status != DONE) return status;
  struct arena *arena = arena_new();
  struct upload_tried *t = arena_alloc(arena, sizeof *t);
  t->arena = arena;
  t->status = run_dry(r, what, t, &t->err);
  struct error ignored = {0};
  if (t->status != FAILED &&
      profile_look(what->path, r->site->pack->dir, arena, &t->look, &ignored) == DONE)
    put_meanings(t);
  t->look.order = what->order;
  t->look.turned = what->turned;
  t->look.vat = what->vat;
  if (t->status == FAILED) {
    *err = t->err;
    upload_tried_free(t);
    return FAILED;
  }
  struct upload *u = uploads_take(r->site->uploads, span_of(what->token), r->visitor.person);
  if (!u) {
    upload_tried_free(t);
    return DONE;
  }
  upload_tried_free(u->tried);
  u->tried = t;
  uploads_give(r->site->uploads);
  return DONE;
}

/* Copies of the upload that the path names; false: the visitor has none such. */
static bool copy_upload(const struct request *r, struct to_try *out) {
  struct upload *u = uploads_take(r->site->uploads, request_text(r, "upload"), r->visitor.person);
  if (!u) return false;
  *out = (struct to_try){.token = arena_string(r->arena, u->token),
                         .path = arena_string(r->arena, u->path),
                         .body = arena_string(r->arena, u->body),
                         .date = arena_string(r->arena, u->date),
                         .profile = u->profile ? arena_string(r->arena, u->profile) : NULL};
  uploads_give(r->site->uploads);
  return true;
}

static const char *upload_path(const struct request *r, const char *token) {
  return arena_printf(r->arena, "/admin/files/%s", token);
}

enum status act_bring(struct request *r, struct reply *reply, struct error *err) {
  struct to_try what = {
      .body = arena_copy(r->arena, request_text(r, "body").bytes, request_text(r, "body").size),
      .date = arena_copy(r->arena, request_text(r, "date").bytes, request_text(r, "date").size)};
  struct bodies *bodies = NULL;
  enum status status = register_bodies(r->store, r->arena, &bodies, err);
  if (status == DONE && what.body[0] && !bodies_by_code(bodies, span_of(what.body)))
    return refuse_at(err, "body", BROUGHT_NO_BODY);
  if (status == DONE)
    status = uploads_add(r->site->uploads, r->visitor.person, request_text(r, "file").bytes,
                         span_of(what.body), span_of(what.date), r->arena, &what.token, err);
  if (status != DONE) return status;
  struct upload *u = uploads_take(r->site->uploads, span_of(what.token), r->visitor.person);
  if (u) {
    what.path = arena_string(r->arena, u->path);
    uploads_give(r->site->uploads);
    status = try_it(r, &what, err);
  }
  if (status != DONE) {
    uploads_posted(r->site->uploads, what.token, true); /* it goes: the form is shown again */
    return status;
  }
  reply_go(reply, r, upload_path(r, what.token));
  return DONE;
}

/* ---- words ---- */

static const struct {
  enum meaning means;
  const char *word, *label;
} meanings[MEANINGS] = {{MEANS_AMOUNT, "amount", N_("Amount")},
                        {MEANS_DATE, "date", N_("Day of payment")},
                        {MEANS_SUPPLIER, "supplier", N_("Who was paid")},
                        {MEANS_BODY, "body", N_("Who paid")},
                        {MEANS_CATEGORY, "category", N_("What it was for")},
                        {MEANS_DEPARTMENT, "department", N_("Department")},
                        {MEANS_DESCRIPTION, "description", N_("Description")},
                        {MEANS_REFERENCE, "reference", N_("Reference")},
                        {MEANS_COMPANY, "company", N_("Company number")},
                        {MEANS_PLACE, "place", N_("Place")},
                        {MEANS_NOTHING, "-", N_("Not kept")}};

static const char *meaning_shown(const struct request *r, enum meaning means) {
  for (int i = 0; i < MEANINGS; i++)
    if (meanings[i].means == means) return say(r->language, meanings[i].label);
  return say(r->language, "Not kept");
}

static const char *pounds_shown(const struct request *r, int64_t pence) {
  return written_value(r, doc_money(pence));
}

static const char *count_shown(const struct request *r, int64_t n) {
  return written_value(r, doc_count(n));
}

/* ---- what was understood ---- */

static const struct table_head column_heads[] = {{N_("Column of the file"), false},
                                                 {N_("What it means"), false},
                                                 {N_("How sure we are"), false},
                                                 {N_("For example"), false},
                                                 {NULL, false}};

static const char *samples_shown(const struct request *r, const struct recognised_column *c) {
  return !c->sample[0]   ? ""
         : !c->sample[1] ? arena_printf(r->arena, "%s", c->sample[0])
                         : arena_printf(r->arena, "%s; %s", c->sample[0], c->sample[1]);
}

static const char *heading_shown(const struct request *r, const char *published) {
  return published[0] == '@'
             ? arena_printf(r->arena, say(r->language, "column %s, without a name"), published + 1)
             : arena_string(r->arena, published);
}

static void put_columns(struct view *v, const struct request *r, const struct upload_tried *t) {
  const bool by_person = t->file.profile && strcmp(t->file.profile, "recognised") != 0;
  struct view *table = view_table(v, "columns", r, say(r->language, "The columns"), column_heads,
                                  say(r->language, "No columns were found."));
  view_table_of_words(table);
  for (int i = 0; i < t->look.column_count; i++) {
    const struct recognised_column *c = &t->look.columns[i];
    if (!c->sample[0] && c->published[0] == '@') continue;
    const char *sure = c->means == MEANS_NOTHING ? ""
                       : by_person && !c->sure   ? say(r->language, "A person said so")
                       : c->sure ? arena_printf(r->arena, say(r->language, "%d of 100"), c->sure)
                                 : say(r->language, "Its heading says so");
    struct view *row = view_row(table);
    view_cell(row, r, column_heads, 0, heading_shown(r, c->published), NULL);
    view_cell(row, r, column_heads, 1, meaning_shown(r, c->means), NULL);
    view_cell(row, r, column_heads, 2, sure, NULL);
    view_cell(row, r, column_heads, 3, samples_shown(r, c), NULL);
  }
}

static const struct table_head payment_heads[] = {{N_("Line"), true},
                                                  {N_("Day"), false},
                                                  {N_("Who was paid"), false},
                                                  {N_("Amount"), true},
                                                  {N_("What it was for"), false},
                                                  {N_("Description"), false},
                                                  {NULL, false}};

static const char *category_shown(const struct request *r, const char *code) {
  const struct pack_category *c = pack_find_category(r->pack, span_of(code));
  return c ? c->name[r->language] : code;
}

static void put_payments(struct view *v, const struct request *r, const struct upload_tried *t) {
  struct view *table = view_table(v, "payments", r, say(r->language, "The first payments"),
                                  payment_heads, say(r->language, "No payment would be recorded."));
  view_table_of_words(table);
  for (int i = 0; i < t->preview.row_count; i++) {
    const struct preview_row *p = &t->preview.rows[i];
    const char *day = written_value(r, doc_day(p->day));
    struct view *row = view_row(table);
    view_cell(row, r, payment_heads, 0, arena_printf(r->arena, "%llu", (unsigned long long)p->line),
              NULL);
    view_cell(row, r, payment_heads, 1,
              p->stood_in ? arena_printf(r->arena, say(r->language, "%s (not published)"), day)
                          : day,
              NULL);
    view_cell(row, r, payment_heads, 2,
              p->payee[0] ? arena_string(r->arena, p->payee) : say(r->language, "Not named"), NULL);
    view_cell(row, r, payment_heads, 3, pounds_shown(r, p->amount), NULL);
    view_cell(row, r, payment_heads, 4, category_shown(r, p->category), NULL);
    view_cell(row, r, payment_heads, 5, arena_string(r->arena, p->description), NULL);
  }
}

static const struct table_head brought_reject_heads[] = {{N_("Line"), true},
                                                         {N_("Column"), false},
                                                         {N_("Value"), false},
                                                         {N_("Why it was refused"), false},
                                                         {NULL, false}};

static void put_refused(struct view *v, const struct request *r, const struct upload_tried *t) {
  if (!t->reject_count) return;
  struct view *table = view_table(v, "refused", r, say(r->language, "Lines that would be refused"),
                                  brought_reject_heads, NULL);
  view_table_of_words(table);
  for (int i = 0; i < t->reject_count; i++) {
    const struct reject *one = &t->rejects[i];
    struct view *row = view_row(table);
    view_cell(row, r, brought_reject_heads, 0,
              arena_printf(r->arena, "%llu", (unsigned long long)one->line), NULL);
    view_cell(row, r, brought_reject_heads, 1, arena_string(r->arena, one->column), NULL);
    view_cell(row, r, brought_reject_heads, 2, arena_string(r->arena, one->value), NULL);
    view_cell(row, r, brought_reject_heads, 3,
              refusal_sentence(r->arena, r->language, &one->refusal, one->reason), NULL);
  }
}

static const char *total_shown(const struct request *r, const struct decisions *d) {
  const enum language l = r->language;
  int agree = 0;
  for (int i = 0; i < d->total_count; i++) agree += d->totals[i].agrees || d->totals[i].known;
  if (!d->total_count) return say(l, "The file has none");
  if (agree == d->total_count)
    return arena_printf(r->arena, say(l, "%s, which agrees"),
                        pounds_shown(r, d->totals[d->total_count - 1].declared));
  return arena_printf(r->arena, say(l, "It differs: %d of %d do not agree"), d->total_count - agree,
                      d->total_count);
}

/* `testham version 2`, as imports name it, in words. */
static const char *profile_shown(const struct request *r, const char *name) {
  const char *version = strstr(name, " version ");
  const struct body *body = version ? bodies_by_code(r->reference_data->bodies,
                                                     span_make(name, (size_t)(version - name)))
                                    : NULL;
  return body ? arena_printf(r->arena, say(r->language, "The profile of %s, version %s"),
                             body->name, version + strlen(" version "))
              : arena_printf(r->arena, say(r->language, "The profile %s"), name);
}

static const char *read_by(const struct request *r, const struct upload_tried *t) {
  const enum language l = r->language;
  const struct decisions *d = &t->preview.decisions;
  if (!d->published) return say(l, "Our own columns");
  if (d->sure) return arena_printf(r->arena, say(l, "Its headings, %d of 100 sure"), d->sure);
  return profile_shown(r, t->file.profile ? t->file.profile : "");
}

static const char *counted(const struct request *r, int64_t n, const char *format) {
  return arena_printf(r->arena, format, (long long)n);
}

static const char *two(const struct request *r, const char *a, const char *b) {
  return a ? arena_printf(r->arena, "%s; %s", a, b) : b;
}

/* Payees that are there, that may be, that are new. */
static const char *payees_shown(const struct request *r, const struct decisions *d) {
  const char *s = NULL;
  if (d->known_suppliers)
    s = two(r, s,
            counted(r, d->known_suppliers,
                    say_count(r->language, "%lld payment to an organisation that we know",
                              "%lld payments to organisations that we know", d->known_suppliers)));
  if (d->new_suppliers)
    s = two(r, s,
            counted(r, d->new_suppliers,
                    say_count(r->language, "%lld new payee", "%lld new payees", d->new_suppliers)));
  if (d->unsure_suppliers)
    s = two(r, s,
            counted(r, d->unsure_suppliers,
                    say_count(r->language, "%lld of them may be one that we know",
                              "%lld of them may be ones that we know", d->unsure_suppliers)));
  if (d->private_suppliers)
    s = two(r, s,
            counted(r, d->private_suppliers,
                    say_count(r->language, "%lld is a private person, whom nobody is shown",
                              "%lld are private people, whom nobody is shown",
                              d->private_suppliers)));
  if (d->redacted_payees + d->unnamed_payees)
    s = two(r, s,
            counted(r, d->redacted_payees + d->unnamed_payees,
                    say_count(r->language, "%lld payment without a name",
                              "%lld payments without a name",
                              d->redacted_payees + d->unnamed_payees)));
  return s ? s : say(r->language, "Nobody");
}

static const char *categories_shown(const struct request *r, const struct decisions *d) {
  const char *s = NULL;
  if (d->categories_given.rows)
    s = two(r, s,
            counted(r, d->categories_given.rows,
                    say_count(r->language, "%lld as the file says", "%lld as the file says",
                              d->categories_given.rows)));
  if (d->categories_by_rule.rows)
    s = two(r, s,
            counted(r, d->categories_by_rule.rows,
                    say_count(r->language, "%lld by words in the file", "%lld by words in the file",
                              d->categories_by_rule.rows)));
  if (d->categories_none.rows)
    s = two(r, s,
            counted(r, d->categories_none.rows,
                    say_count(r->language, "%lld not known", "%lld not known",
                              d->categories_none.rows)));
  return s ? s : say(r->language, "None");
}

static const char *days_shown(const struct request *r, const struct decisions *d) {
  const char *s = NULL;
  for (int i = 0; i < d->day_form_count; i++)
    s = two(r, s, arena_string(r->arena, d->day_forms[i].form));
  if (d->day_from)
    s = two(r, s,
            arena_printf(r->arena, say(r->language, "the month in \u201c%s\u201d"), d->day_from));
  return s ? s : say(r->language, "None");
}

static const char *vat_shown(const struct request *r, const char *vat) {
  return !vat                       ? say(r->language, "Not said")
         : strcmp(vat, "with") == 0 ? say(r->language, "The amounts hold VAT that is paid back")
                                    : say(r->language, "The amounts are without VAT");
}

static void put_facts(struct view *v, const struct request *r, const struct upload *u) {
  const enum language l = r->language;
  const struct upload_tried *t = u->tried;
  const struct decisions *d = &t->preview.decisions;
  struct view *facts = view_object(v, "facts");
  view_fact(facts, say(l, "File"), arena_string(r->arena, u->name));
  if (u->body[0]) {
    const struct body *body = bodies_by_code(r->reference_data->bodies, span_of(u->body));
    view_fact(facts, say(l, "Who paid"), body ? body->name : arena_string(r->arena, u->body));
  }
  if (t->status != DONE) return;
  view_fact(facts, say(l, "Read by"), arena_string(r->arena, read_by(r, t)));
  view_fact(facts, say(l, "Lines read"),
            count_shown(r, t->file.read ? t->file.read : t->file.rows));
  view_fact(facts, say(l, "Payments"),
            arena_printf(r->arena, "%s, %s", count_shown(r, t->file.posted),
                         pounds_shown(r, t->file.amount)));
  view_fact(facts, say(l, "Refused"),
            arena_printf(r->arena, "%s, %s", count_shown(r, t->file.rejected),
                         pounds_shown(r, t->file.rejected_amount)));
  view_fact(facts, say(l, "Lines that are not payments"), count_shown(r, t->file.left_out));
  view_fact(facts, say(l, "The file's own total"), total_shown(r, d));
  view_fact(facts, say(l, "Days are written as"), days_shown(r, d));
  view_fact(facts, say(l, "VAT"), vat_shown(r, t->look.vat));
  view_fact(facts, say(l, "Who was paid"), payees_shown(r, d));
  view_fact(facts, say(l, "What the payments were for"), categories_shown(r, d));
}

/* What stopped it, as a sentence. */
static const char *trouble(const struct request *r, const struct upload_tried *t) {
  const enum language l = r->language;
  switch (t->err.refusal.code) {
  case REFUSAL_PUBLISHED_UNDECIDED:
  case REFUSAL_PROFILE_NONE_KNOWS:
    return say(l, "We cannot tell what every column means. Say it, and we try again.");
  case REFUSAL_PROFILE_LACKS_BODY:
    return say(l, "The file does not say who paid. Bring it in again with the code of the "
                  "organisation.");
  case REFUSAL_PROFILE_LACKS_DAY:
    return say(l, "The file does not say on which day. Bring it in again with the day, or say "
                  "which column has it.");
  default: return refusal_said(r, &t->err);
  }
}

static const struct choice post_ways[] = {
    {"partial", N_("Leave out the lines that are refused, and record the others")},
    {"unusual", N_("Record unusual amounts and days too: I have checked them")},
    {NULL, NULL}};
const struct field bring_post_fields[] = {{.name = "ways",
                                           .kind = FIELD_CHOICES,
                                           .optional = true,
                                           .choices = post_ways,
                                           .label = N_("What about lines that are refused?")},
                                          {.name = NULL}};

static void put_warnings(struct view *v, const struct request *r, const struct upload_tried *t) {
  for (int i = 0; i < t->preview.decisions.warning_count; i++)
    view_item_text(v, "warnings", arena_string(r->arena, t->preview.decisions.warnings[i]));
  view_flag(v, "has_warnings", t->preview.decisions.warning_count > 0);
}

enum status page_brought(struct request *r, struct reply *reply, struct error *err) {
  struct upload *u = uploads_take(r->site->uploads, request_text(r, "upload"), r->visitor.person);
  if (!u || !u->tried || u->posting) {
    const int64_t job = u ? u->job : 0;
    if (u) uploads_give(r->site->uploads);
    if (!u || !job) return reply_not_there(reply, r, err);
    reply_go(reply, r, arena_printf(r->arena, "/admin/imports/jobs/%lld", (long long)job));
    return DONE;
  }
  const struct upload_tried *t = u->tried;
  const char *path = upload_path(r, u->token);
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/files"));
  put_facts(v, r, u);
  put_columns(v, r, t);
  view_text(v, "trouble", t->status == DONE ? NULL : trouble(r, t));
  view_text(v, "change",
            t->look.column_count ? request_path(r, arena_printf(r->arena, "%s/columns", path))
                                 : NULL);
  view_flag(v, "is_read", t->status == DONE);
  if (t->status == DONE) {
    put_payments(v, r, t);
    put_refused(v, r, t);
    put_warnings(v, r, t);
  }
  if (t->status == DONE && t->file.posted)
    (void)view_form(v, "form", r, route_post("/admin/files/{upload}"), NULL,
                    say(r->language, "Record these payments"), NULL);
  reply_page(reply, r, "brought", say(r->language, "Check what we understood"), v);
  uploads_give(r->site->uploads);
  return DONE;
}

/* ---- what the columns mean ---- */

static const struct choice order_choices[] = {{"as-found", N_("As we found it")},
                                              {"day-first", N_("The day comes first: 31/12/2026")},
                                              {"month-first",
                                               N_("The month comes first: 12/31/2026")},
                                              {NULL, NULL}};
static const struct choice sign_choices[] = {
    {"as-is", N_("As they stand: a payment has no minus sign")},
    {"turned", N_("The other way round: a payment has a minus sign")},
    {NULL, NULL}};
static const struct choice vat_choices[] = {{"not-said", N_("I do not know")},
                                            {"without",
                                             N_("Without the VAT that the organisation gets back")},
                                            {"with", N_("With that VAT")},
                                            {NULL, NULL}};

static struct choice meaning_choice(int i) {
  return i < MEANINGS ? (struct choice){meanings[i].word, meanings[i].label}
                      : (struct choice){NULL, NULL};
}

/* A field for each of `count` columns, with their names where they are known. */
static struct field *column_fields(const struct request *r, const struct upload_tried *t,
                                   int count) {
  struct field *all = arena_array(r->arena, struct field, count + 4);
  for (int i = 0; i < count; i++) {
    all[i] = (struct field){.name = arena_printf(r->arena, "column-%d", i + 1),
                            .kind = FIELD_CHOICE,
                            .optional = true,
                            .among = true,
                            .choice_at = meaning_choice,
                            .label = N_("Column of the file")};
    if (!t) continue;
    const struct recognised_column *c = &t->look.columns[i];
    all[i].label = arena_printf(r->arena, "\u201c%s\u201d", heading_shown(r, c->published));
    all[i].hint = c->sample[0] ? arena_printf(r->arena, say(r->language, "For example: %s"),
                                              samples_shown(r, c))
                               : NULL;
  }
  all[count] = (struct field){.name = "order",
                              .kind = FIELD_CHOICE,
                              .choices = order_choices,
                              .label = N_("How are days written?"),
                              .missing = N_("Choose how days are written")};
  all[count + 1] = (struct field){.name = "sign",
                                  .kind = FIELD_CHOICE,
                                  .choices = sign_choices,
                                  .label = N_("How are amounts written?"),
                                  .missing = N_("Choose how amounts are written")};
  all[count + 2] =
      (struct field){.name = "vat",
                     .kind = FIELD_CHOICE,
                     .choices = vat_choices,
                     .label = N_("Are the amounts with or without VAT?"),
                     .hint = N_("If the file has both, choose the column without as the amount"),
                     .missing = N_("Choose whether the amounts hold VAT")};
  return all;
}

const struct field *bring_columns_fields(const struct request *r, const struct span *names) {
  (void)names;
  return column_fields(r, NULL, COLUMNS_MOST);
}

static struct value chosen(const char *name, const char *word) {
  return (struct value){.name = name, .given = word != NULL, .text = span_of(word ? word : "")};
}

static const char *means_word(enum meaning means) {
  for (int i = 0; i < MEANINGS; i++)
    if (meanings[i].means == means) return meanings[i].word;
  return "-";
}

enum status page_bring_columns(struct request *r, struct reply *reply, struct error *err) {
  struct upload *u = uploads_take(r->site->uploads, request_text(r, "upload"), r->visitor.person);
  if (!u || !u->tried || u->posting || !u->tried->look.column_count) {
    if (u) uploads_give(r->site->uploads);
    return reply_not_there(reply, r, err);
  }
  const struct profile_look *look = &u->tried->look;
  const int count = look->column_count < COLUMNS_MOST ? look->column_count : COLUMNS_MOST;
  const struct field *fields = column_fields(r, u->tried, count);
  struct value *start = arena_array(r->arena, struct value, count + 4);
  for (int i = 0; i < count; i++)
    start[i] = chosen(fields[i].name, means_word(look->columns[i].means));
  start[count] = chosen("order", look->order == ORDER_DAY_FIRST     ? "day-first"
                                 : look->order == ORDER_MONTH_FIRST ? "month-first"
                                                                    : "as-found");
  start[count + 1] = chosen("sign", look->turned ? "turned" : "as-is");
  start[count + 2] = chosen("vat", look->vat ? look->vat : "not-said");
  struct view *v = view_new(r->arena, r->language);
  const char *path = upload_path(r, u->token);
  view_text(v, "back", request_path(r, path));
  (void)view_form_of(v, "form", r, fields,
                     request_path(r, arena_printf(r->arena, "%s/columns", path)),
                     say(r->language, "Look at the file again"), start);
  reply_page(reply, r, "bring-columns", say(r->language, "What the columns mean"), v);
  uploads_give(r->site->uploads);
  return DONE;
}

/* One amount and one payee, at most one day and one payer. */
static enum status check_meanings(const struct profile_look *look, struct error *err) {
  const enum meaning once[] = {MEANS_AMOUNT, MEANS_SUPPLIER, MEANS_DATE, MEANS_BODY};
  for (int m = 0; m < 4; m++) {
    int count = 0;
    for (int c = 0; c < look->column_count; c++) count += look->columns[c].means == once[m];
    if (count > 1 && m == 0) return refuse_at(err, "", BROUGHT_TWO_AMOUNTS);
    if (count > 1) return refuse_at(err, "", BROUGHT_TWO_COLUMNS);
    if (!count && m < 2) return refuse_at(err, "", BROUGHT_LACKS_COLUMN);
  }
  return DONE;
}

static enum status read_meanings(const struct request *r, struct profile_look *look,
                                 struct error *err) {
  for (int c = 0; c < look->column_count && c < COLUMNS_MOST; c++) {
    const struct span word = request_text(r, arena_printf(r->arena, "column-%d", c + 1));
    for (int i = 0; i < MEANINGS; i++)
      if (span_is(word, meanings[i].word)) look->columns[c].means = meanings[i].means;
  }
  const struct span order = request_text(r, "order"), vat = request_text(r, "vat");
  look->order = span_is(order, "day-first")     ? ORDER_DAY_FIRST
                : span_is(order, "month-first") ? ORDER_MONTH_FIRST
                                                : ORDER_AS_FOUND;
  look->turned = span_is(request_text(r, "sign"), "turned");
  look->vat = span_is(vat, "with") ? "with" : span_is(vat, "without") ? "without" : NULL;
  return check_meanings(look, err);
}

/* Writes the profile beside the file; a later answer takes its place. */
static enum status write_profile(const struct request *r, const struct to_try *what,
                                 const struct profile_look *look, const char **out,
                                 struct error *err) {
  struct text rules = {0};
  *out = arena_printf(r->arena, "%.*s/.profile", (int)(strrchr(what->path, '/') - what->path),
                      what->path);
  enum status status = profile_answer(what->path, r->site->pack->dir, look, r->arena, &rules, err);
  const int fd = status == DONE ? open(*out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
  if (status == DONE && fd < 0) status = error_errno(err, "the answer cannot be kept");
  if (status == DONE)
    status = file_write_all(fd, span_make(rules.bytes, rules.size), "the answer cannot be kept",
                            err);
  if (fd >= 0) close(fd);
  text_release(&rules);
  return status;
}

enum status act_bring_columns(struct request *r, struct reply *reply, struct error *err) {
  struct to_try what;
  struct profile_look look;
  if (!copy_upload(r, &what)) return reply_not_there(reply, r, err);
  enum status status = profile_look(what.path, r->site->pack->dir, r->arena, &look, err);
  if (status == DONE) status = read_meanings(r, &look, err);
  if (status == DONE) status = write_profile(r, &what, &look, &what.profile, err);
  if (status != DONE) return status;
  struct upload *u = uploads_take(r->site->uploads, span_of(what.token), r->visitor.person);
  if (!u) return reply_not_there(reply, r, err);
  free(u->profile);
  u->profile = strdup(what.profile);
  uploads_give(r->site->uploads);
  what.order = look.order;
  what.turned = look.turned;
  what.vat = look.vat;
  status = try_it(r, &what, err);
  if (status == DONE) reply_go(reply, r, upload_path(r, what.token));
  return status;
}

/* ---- posting ---- */

/* Whoever comes second, from another tab or by sending the form again, is led to the run. */
enum status act_brought(struct request *r, struct reply *reply, struct error *err) {
  struct uploads *all = r->site->uploads;
  struct upload *u = uploads_take(all, request_text(r, "upload"), r->visitor.person);
  if (!u) return reply_not_there(reply, r, err);
  if (u->posting) {
    const int64_t job = u->job;
    uploads_give(all);
    reply_go(reply, r,
             job ? arena_printf(r->arena, "/admin/imports/jobs/%lld", (long long)job)
                 : "/admin/imports");
    return DONE;
  }
  const struct brought_file file = {.uploads = all,
                                    .token = arena_string(r->arena, u->token),
                                    .path = arena_string(r->arena, u->path),
                                    .name = arena_string(r->arena, u->name),
                                    .profile = u->profile ? arena_string(r->arena, u->profile)
                                                          : NULL,
                                    .body = arena_string(r->arena, u->body),
                                    .date = arena_string(r->arena, u->date),
                                    .ways = request_text(r, "ways")};
  u->posting = true;
  u->job = 0;
  uploads_give(all);
  int64_t job = 0;
  const enum status status = run_brought(r, reply, &file, &job, err);
  if (status != DONE) return status;
  u = uploads_take(all, request_text(r, "upload"), r->visitor.person);
  if (u) {
    u->job = job;
    uploads_give(all);
  }
  return DONE;
}
