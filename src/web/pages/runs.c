/* Long runs that a page begins - an import, a closing, an audit - and the page that watches a run
 * and then shows its result. Each runs on the jobs' own thread and connection (jobs.h), one at a
 * time; the pages refresh themselves, without a script. */
#include "web/pages/runs.h"

#include "web/pages/cases.h"
#include "web/pages/lists.h"

#include "action/importing.h"
#include "action/second.h"
#include "action/takeup.h"
#include "attest/closing.h"
#include "attest/head.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/table.h"
#include "book/audit.h"
#include "book/entries.h"
#include "book/imports.h"
#include "exchange/summary.h"
#include "publish/edition.h"
#include "web/jobs.h"
#include "web/site.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { IMPORTS_A_PAGE = 50, FINDINGS_SHOWN_BYTES = 64 * 1024, REFRESH_SECONDS = 2 };

static char *own_copy(const char *text) {
  size_t size = strlen(text) + 1;
  return memcpy(memory_alloc(size), text, size);
}

/* Who began a run, for as long as it lasts. */
struct job_reader {
  int64_t person;
  char *who, *name, *role;
};

static struct job_reader job_reader_new(const struct request *r) {
  const struct access_reader by = request_reader(r);
  return (struct job_reader){.person = by.person,
                             .who = own_copy(by.who),
                             .name = own_copy(by.name),
                             .role = own_copy(by.role)};
}

static void job_reader_release(struct job_reader *by) {
  free(by->who);
  free(by->name);
  free(by->role);
}

/* Notes who began a run over everybody, in a transaction of its own before the run begins. */
static enum status note_run(struct store *store, const struct job_reader *by, const char *what,
                            const char *why, struct error *err) {
  const struct access_reader reader = {
      .who = by->who, .person = by->person, .name = by->name, .role = by->role};
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status == DONE) status = access_log_add(store, &reader, 0, what, why, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

enum status run_start(struct request *r, struct reply *reply, const struct job_order *order,
                      const char *path, int64_t *id, struct error *err) {
  int64_t made;
  enum status status = jobs_start(r->site->jobs, order, &made, err);
  if (status == DONE) reply_go(reply, r, arena_printf(r->arena, "%s/%lld", path, (long long)made));
  else order->release(order->context);
  if (status == REFUSED) refuse(err, RUN_RUNNING);
  if (status == DONE && id) *id = made;
  return status;
}

/* ---- actions as jobs ---- */

static struct span own_span(struct arena *arena, struct span s) {
  return span_make(arena_copy(arena, s.bytes ? s.bytes : "", s.size), s.size);
}

static const char *own_text(struct arena *arena, const char *text) {
  return text ? arena_string(arena, text) : NULL;
}

static struct action_actor own_actor(struct arena *arena, const struct action_actor *actor) {
  struct action_actor own = *actor;
  struct role_grant *all = arena_array(arena, struct role_grant, own.roles.count + 1);
  for (int i = 0; i < own.roles.count; i++)
    all[i] = (struct role_grant){.person = own.roles.all[i].person,
                                 .role = own.roles.all[i].role,
                                 .body = own.roles.all[i].body};
  own.roles.all = all;
  own.by.who = own_text(arena, actor->by.who);
  own.by.name = own_text(arena, actor->by.name);
  own.by.role = own_text(arena, actor->by.role);
  return own;
}

static struct value *own_values(struct arena *arena, const struct value *values) {
  int count = 0;
  while (values[count].name) count++;
  struct value *own = arena_array(arena, struct value, count + 1);
  for (int i = 0; i < count; i++) {
    own[i] = values[i];
    own[i].text = own_span(arena, values[i].text);
  }
  return own;
}

enum status action_job_new(struct action_job *job, struct request *r, struct error *err) {
  struct action_call call;
  job->arena = arena_new();
  enum status status = request_call(r, &call, err);
  if (status != DONE) return status;
  job->action = call.action;
  assert(job->action->job && !job->action->needs_terms);
  job->call = (struct action_call){.arena = job->arena,
                                   .pack = r->site->pack,
                                   .language = call.language,
                                   .today = call.today,
                                   .now = call.now,
                                   .actor = own_actor(job->arena, &call.actor),
                                   .values = own_values(job->arena, call.values),
                                   .progress = PROGRESS_NEVER};
  return DONE;
}

/* Another text for a field; borrowed. */
static void action_job_put(struct action_job *job, const char *field, struct span text) {
  struct value *values = own_values(job->arena, job->call.values);
  for (struct value *v = values; v->name; v++)
    if (strcmp(v->name, field) == 0) v->text = text;
  job->call.values = values;
}

enum status action_job_run(struct action_job *job, struct store *store,
                           const struct progress_watch *watch, struct error *err) {
  job->call.store = store;
  job->call.watch = watch;
  return action_run(job->action, &job->call, err);
}

void action_job_release(struct action_job *job) { arena_free(job->arena); }

/* ---- watching ---- */

static const struct {
  const char *word, *shown;
} phases[] = {
    {"reading", N_("Reading")},
    {"posting", N_("Posting")},
    {"summing", N_("Adding up")},
    {"closing", N_("Closing")},
    {"closings", N_("Checking the closings")},
    {"auditing", N_("Adding up every line")},
    {"assessing", N_("Working out who is entitled")},
    {"asking", N_("Opening requests")},
};

static const char *phase_shown(const struct request *r, const char *phase) {
  for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
    if (phase && strcmp(phases[i].word, phase) == 0) return say(r->language, phases[i].shown);
  return say(r->language, "Working");
}

static const char *job_state_word(const struct request *r, const struct job *job) {
  return job->state == JOB_RUNNING ? say(r->language, "Running")
         : job->state == JOB_DONE  ? say(r->language, "Finished")
         : job->status == REFUSED  ? say(r->language, "Refused")
                                   : say(r->language, "Failed");
}

static void put_state(struct view *v, const struct request *r, const struct job *job) {
  struct view *tag = view_object(v, "tag");
  view_text(tag, "text", job_state_word(r, job));
  view_text(tag, "colour",
            job->state == JOB_RUNNING ? "blue"
            : job->state == JOB_DONE  ? "green"
                                      : "red");
  view_flag(v, "is_running", job->state == JOB_RUNNING);
  view_text(v, "title", job->title);
  view_text(v, "started", written_seconds(r, job->started));
  view_text(v, "ended", job->ended ? written_seconds(r, job->ended) : NULL);
  if (job->state != JOB_RUNNING) return;
  view_text(v, "phase", phase_shown(r, job->phase));
  uint64_t done = job->done < job->total ? job->done : job->total;
  view_text(v, "part",
            job->total ? arena_printf(r->arena, "%d%%", (int)(done * 100 / job->total)) : NULL);
  view_text(v, "items", job->items ? written_value(r, doc_count((int64_t)job->items)) : NULL);
}

/* Shows the error that stopped a run, and where in the file it was. */
bool run_is_posted(const struct error *err) {
  return err->refusal.code == REFUSAL_FILE_POSTED_ALREADY ||
         err->refusal.code == REFUSAL_FILE_POSTED_AND_UNDONE ||
         err->refusal.code == REFUSAL_FILE_POSTED_AND_UNDONE_BY;
}

static void put_problem(struct view *v, const struct request *r, const struct job *job) {
  const struct error *e = &job->err;
  view_text(v, "problem",
            job->state == JOB_FAILED && !run_is_posted(e)
                ? refusal_sentence(r->arena, r->language, &e->refusal, e->message)
                : NULL);
  view_text(v, "problem_line",
            e->line ? arena_printf(r->arena, "%llu", (unsigned long long)e->line) : NULL);
  view_text(v, "problem_column", e->column[0] ? arena_string(r->arena, e->column) : NULL);
}

static const struct table_head reject_heads[] = {{N_("Line"), false},
                                                 {N_("Column"), false},
                                                 {N_("Value"), false},
                                                 {N_("Why it was refused"), false},
                                                 {NULL, false}};

/* The first refused rows. */
static void put_rejects(struct view *v, const struct request *r, const struct job *job) {
  struct view *table = view_table(v, "rejects", r, say(r->language, "The first refused rows"),
                                  reject_heads, NULL);
  for (int i = 0; i < job->refused_count; i++) {
    const struct reject *one = &job->refused[i];
    struct view *row = view_row(table);
    view_cell(row, r, reject_heads, 0,
              arena_printf(r->arena, "%llu", (unsigned long long)one->line), NULL);
    view_cell(row, r, reject_heads, 1, one->column, NULL);
    view_cell(row, r, reject_heads, 2, one->value, NULL);
    view_cell(row, r, reject_heads, 3,
              refusal_sentence(r->arena, r->language, &one->refusal, one->reason), NULL);
  }
}

bool run_find(const struct request *r, const char *what, struct job *job) {
  int64_t id = request_number(r, "job");
  return id && jobs_look(r->site->jobs, id, r->arena, job) && strcmp(job->what, what) == 0;
}

/* A question is kept only of a run that was not refused as a whole. */
static bool asks_who_is_meant(const struct job *job) {
  if (job->state != JOB_DONE) return false;
  for (int i = 0; i < job->refused_count; i++)
    if (job->refused[i].refusal.code == REFUSAL_ROW_PERSON_UNSURE) return true;
  return false;
}

void run_show(struct request *r, struct reply *reply, const char *what, const char *back,
              const char *title) {
  struct job job;
  if (!run_find(r, what, &job)) {
    reply_not_found(reply, r);
    return;
  }
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "heading", title);
  view_text(v, "back", request_path(r, back));
  put_state(v, r, &job);
  put_problem(v, r, &job);
  view_text(v, "result", job.result[0] ? job.result : NULL);
  const bool failed = job.state == JOB_FAILED && strcmp(what, "import") == 0;
  const bool posted = failed && run_is_posted(&job.err);
  view_flag(v, "is_undone", failed && !posted);
  view_flag(v, "is_posted", posted);
  view_text(v, "matches", asks_who_is_meant(&job) ? request_path(r, "/admin/matches") : NULL);
  if (job.rejects[0]) put_rejects(v, r, &job);
  view_flag(v, "opened_requests", job.state == JOB_DONE && strcmp(what, "standards-ask") == 0);
  view_text(v, "import",
            job.import ? request_path(r, arena_printf(r->arena, "/admin/imports/%lld",
                                                      (long long)job.import))
                       : NULL);
  view_text(v, "download",
            job.rejects[0]
                ? request_path(r, arena_printf(r->arena, "/admin/imports/jobs/%lld/rejects",
                                               (long long)job.id))
                : NULL);
  if (job.state == JOB_RUNNING) reply->refresh_seconds = REFRESH_SECONDS;
  reply_page(reply, r, "run", title, v);
}

static const struct table_head run_heads[] = {
    {N_("Started"), false}, {N_("What"), false}, {N_("State"), false}, {NULL, false}};

/* A search is of the organisation of whoever began it, and another's staff learn nothing of it;
 * other runs are the administrators' together. */
static bool is_hidden(const struct request *r, const struct job *job) {
  return strcmp(job->what, "take-up") == 0 && job->person != r->visitor.person;
}

void view_runs(struct view *v, const struct request *r, const char *what, const char *path,
               int most) {
  int count = 0, shown = 0;
  struct job *jobs = jobs_list(r->site->jobs, r->arena, &count);
  struct view *table = view_table(v, "runs", r, say(r->language, "Since the portal was started"),
                                  run_heads,
                                  say(r->language, "None since the portal was started."));
  for (int i = 0; i < count && shown < most; i++) {
    if (strcmp(jobs[i].what, what) != 0 || is_hidden(r, &jobs[i])) continue;
    struct view *row = view_row(table);
    view_cell(row, r, run_heads, 0, written_seconds(r, jobs[i].started),
              request_path(r, arena_printf(r->arena, "%s/%lld", path, (long long)jobs[i].id)));
    view_cell(row, r, run_heads, 1, jobs[i].title, NULL);
    view_cell(row, r, run_heads, 2, job_state_word(r, &jobs[i]), NULL);
    shown++;
  }
  view_flag(v, "has_runs", shown > 0);
}

/* ---- imports ---- */

static const struct choice imports_which[] = {{"all", N_("All files")},
                                              {"refused", N_("With rows that were left out")},
                                              {NULL, NULL}};
const struct field imports_fields[] = {
    {.name = "kind", .kind = FIELD_CODE, .optional = true},
    {.name = "which", .kind = FIELD_CHOICE, .optional = true, .choices = imports_which},
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 1000000},
    {.name = NULL}};

static const struct table_head import_heads[] = {{N_("Import"), true},  {N_("Type"), false},
                                                 {N_("File"), false},   {N_("Rows"), true},
                                                 {N_("Refused"), true}, {N_("Uploaded"), false},
                                                 {N_("By"), false},     {NULL, false}};

static struct imports_wanted wanted_imports(const struct request *r) {
  return (struct imports_wanted){.kind = request_has(r, "kind")
                                             ? kept_text(r, request_text(r, "kind"))
                                             : "",
                                 .refused = list_is_chosen(r, "which", "refused")};
}

static void put_imports_filter(struct view *v, const struct request *r) {
  struct list_filter f = list_filter_begin(v, r, "/admin/imports");
  struct view *kinds = list_select(&f, "kind", say(r->language, "Type"),
                                   say(r->language, "All types"));
  for (const struct exchange_kind *k = exchange_kinds; k->name; k++)
    list_option(kinds, k->name, choice_shown(r, "/admin/imports/new", "kind", k->name),
                list_is_chosen(r, "kind", k->name));
  list_choices(&f, "which", say(r->language, "Which"), imports_which);
  list_filter_end(&f, say(r->language, "Show"));
}

static void put_import(struct view *table, const struct request *r,
                       const struct import_record *import) {
  struct view *line = view_row(table);
  view_cell(line, r, import_heads, 0, arena_printf(r->arena, "%lld", (long long)import->id),
            request_path(r, arena_printf(r->arena, "/admin/imports/%lld", (long long)import->id)));
  view_cell(line, r, import_heads, 1,
            choice_shown(r, "/admin/imports/new", "kind", import->kind.bytes), NULL);
  view_cell(line, r, import_heads, 2, import->file.bytes, NULL);
  view_cell(line, r, import_heads, 3, written_value(r, doc_count(import->rows)), NULL);
  view_cell(line, r, import_heads, 4, written_value(r, doc_count(import->rejected)),
            import->rejected ? request_path(r, arena_printf(r->arena, "/admin/imports/%lld/rejects",
                                                            (long long)import->id))
                             : NULL);
  view_cell(line, r, import_heads, 5, written_moment(r, import->at.bytes), NULL);
  view_cell(line, r, import_heads, 6, actor_words(r, import->who.bytes), NULL);
}

/* Rows are read before names are looked for: one query at a time. */
static enum status put_imports(struct view *v, const struct request *r,
                               const struct imports_wanted *wanted, int64_t skip,
                               struct error *err) {
  struct import_record *all = arena_array(r->arena, struct import_record, IMPORTS_A_PAGE + 1);
  struct query *q = NULL;
  struct import_record import;
  int count = 0;
  bool some = false;
  struct view *table = view_table(v, "imports", r, NULL, import_heads,
                                  say(r->language, "Nothing was uploaded yet."));
  enum status status = imports_open_newest(r->store, wanted, skip, IMPORTS_A_PAGE, &q, err);
  while (status == DONE && (status = imports_next(q, &import, &some, err)) == DONE && some) {
    struct span *texts[] = {&import.kind, &import.file, &import.at, &import.who};
    for (int i = 0; i < 4; i++) *texts[i] = span_of(kept_text(r, *texts[i]));
    all[count++] = import;
  }
  query_end(q);
  for (int i = 0; status == DONE && i < count; i++) put_import(table, r, &all[i]);
  return status;
}

enum status page_imports(struct request *r, struct reply *reply, struct error *err) {
  static const char *const kept[] = {"kind", "which", NULL};
  const struct imports_wanted wanted = wanted_imports(r);
  int64_t page = list_page(r), total = 0;
  struct view *v = view_new(r->arena, r->language);
  enum status status = imports_count(r->store, &wanted, &total, err);
  if (status == DONE) status = put_imports(v, r, &wanted, (page - 1) * IMPORTS_A_PAGE, err);
  if (status != DONE) return status;
  view_text(v, "back", request_path(r, "/admin"));
  view_runs(v, r, "import", "/admin/imports/jobs", 10);
  put_imports_filter(v, r);
  view_pages(v, r, list_path(r, "/admin/imports", kept), page,
             (total + IMPORTS_A_PAGE - 1) / IMPORTS_A_PAGE);
  reply_page(reply, r, "admin-imports", say(r->language, "Imports"), v);
  return DONE;
}

/* For the rest of an import: its number, from the page of that import. */
const struct field import_new_fields[] = {
    {.name = "rest", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = INT64_MAX},
    {.name = NULL}};

static struct value *start_of_rest(const struct request *r) {
  const struct field *fields = route_fields(route_post("/admin/imports/new"), NULL, NULL);
  int count = 0;
  if (r->faults || !request_has(r, "rest")) return NULL;
  while (fields[count].name) count++;
  struct value *start = arena_array(r->arena, struct value, count + 1);
  for (int i = 0; i < count; i++) {
    const char *name = fields[i].name;
    const struct span text = strcmp(name, "kind") == 0   ? span_of("entries")
                             : strcmp(name, "ways") == 0 ? span_of("partial")
                             : strcmp(name, "rest") == 0 ? request_text(r, "rest")
                                                         : span_of("");
    start[i] = (struct value){.name = name, .given = text.size > 0, .text = text};
  }
  return start;
}

enum status page_import(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/imports"));
  view_value(v, "most", doc_count(r->site->config.upload_bytes / 1000000));
  view_form(v, "form", r, route_post("/admin/imports/new"), NULL,
            say(r->language, "Upload and begin"), start_of_rest(r));
  reply_page(reply, r, "admin-import", say(r->language, "Upload a file"), v);
  return DONE;
}

/* An import under way, and the folder that holds the file under its own name. */
struct import_job {
  struct action_job job;
  struct action_import import;
  char *folder, *path, *name, *rejects;
  struct uploads *uploads; /* of a brought file, which stays theirs; null: of another */
  const char *token;
  bool posted;
};

const char run_unusual_way_out[] =
    N_("correct it, or, if it is right, upload the file again and accept unusual rows too");

static void release_import(void *context) {
  struct import_job *run = context;
  if (run->uploads) upload_end(run->uploads, run->token, run->posted);
  if (run->path) unlink(run->path);
  if (run->folder) rmdir(run->folder);
  action_job_release(&run->job);
  free(run);
}

static bool is_of_people(const struct import_job *run) {
  return strcmp(run->import.kind->name, "entries") == 0;
}

/* What became of every line of a brought file, in the language of whoever brought it. Lines of
 * people may have no amount: time, visits. */
static void account_for(struct text *t, const struct import_job *run, const char *when) {
  const struct import_file *f = &run->import.result.files[0];
  const enum language l = run->job.call.language;
  const int64_t read = f->read ? f->read : f->rows;
  const bool people = is_of_people(run);
  const struct {
    const char *label;
    int64_t count, pence;
    bool money;
  } rows[] = {{say(l, "Lines read"), read, 0, false},
              {say(l, "Recorded"), f->posted, f->amount, !people || f->amount},
              {say(l, "Refused"), f->rejected, f->rejected_amount, !people || f->rejected_amount},
              {people ? say(l, "Lines that are nothing of a person")
                      : say(l, "Lines that are not payments"),
               f->left_out, 0, false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    text_addf(t, "%s: ", rows[i].label);
    text_add_count(t, rows[i].count);
    if (rows[i].money) {
      text_add(t, ", ");
      text_add_pounds(t, rows[i].pence);
    }
    text_add_char(t, '\n');
  }
  if (f->profile && *f->profile && strcmp(f->profile, "recognised") != 0)
    text_addf(t, say(l, "Read by the profile %s"), f->profile);
  for (int i = 0; i < f->warning_count; i++)
    text_addf(t, "\n%s",
              refusal_sentence(run->job.arena, l, &f->warnings[i].refusal, f->warnings[i].message));
  if (f->posted && *when) text_addf(t, "\n%s", when);
}

static enum status run_import(void *context, struct store *store,
                              const struct progress_watch *watch, struct text *result,
                              struct job_refused *refused, struct error *err) {
  struct import_job *run = context;
  struct action_import *import = &run->import;
  struct error unwritten = {0};
  double began = clock_seconds();
  const struct out_path rejects = {.option = "the rejects file", .path = run->rejects};
  enum status status = rejects_open(&import->rejects, &rejects, false, err);
  if (status == DONE) {
    run->job.call.import = import;
    status = action_job_run(&run->job, store, watch, err);
    enum status closed = rejects_close(import->rejects, &unwritten);
    if (rejects_count(import->rejects) && closed == DONE) {
      text_add(&refused->path, run->rejects);
      refused->rows = import->rejects;
    } else rejects_free(import->rejects);
    /* what was posted stays posted; the book has the refused rows too */
    if (closed != DONE && status == DONE) {
      *err = unwritten;
      status = closed;
    }
  }
  run->posted = status == DONE && import->result.import;
  refused->import = status == DONE ? import->result.import : 0;
  const char *when = "";
  struct error unsaid = {0}; /* what was posted is posted, whether or not this can be said */
  if (status == DONE && run->uploads && !is_of_people(run) && /* of people nothing is public */
      edition_next_words(store, run->job.call.language, run->job.call.today, run->job.arena, &when,
                         &unsaid) != DONE)
    when = "";
  if (status == DONE && run->uploads) account_for(result, run, when);
  else if (status == DONE) {
    for (int i = 0; i < import->result.file_count; i++) import->result.files[i].path = run->name;
    import_summary(result, import->kind, &import->options, &import->result,
                   clock_seconds() - began);
  }
  if (!refused->path.size) unlink(run->rejects);
  return status;
}

/* Moves the uploaded file into a folder of its own that nobody else may read, under the name that
 * the book keeps. */
static enum status take_upload(struct import_job *run, const struct request *r, struct error *err) {
  struct arena *arena = run->job.arena;
  const char *upload = request_text(r, "file").bytes, *slash = strrchr(upload, '/'),
             *plus = strrchr(upload, '+');
  const char *name = plus && plus[1] ? plus + 1 : "upload";
  char *folder = arena_printf(arena, "%.*s/weal-import-XXXXXX", (int)(slash - upload), upload);
  if (!mkdtemp(folder))
    return error_errno(err, "no folder for the upload can be made as %s", folder);
  run->folder = folder;
  run->name = arena_string(arena, name);
  run->path = arena_printf(arena, "%s/%s", folder, name);
  if (rename(upload, run->path) != 0)
    return error_errno(err, "the upload cannot be moved to %s", run->path);
  char *rejects = arena_printf(arena, "%.*s/weal-rejects-XXXXXX", (int)(slash - upload), upload);
  int file = mkstemp(rejects); /* created so that only we can read it; the import writes it anew */
  if (file < 0) return error_errno(err, "no file for refused rows can be made as %s", rejects);
  close(file);
  run->rejects = rejects;
  /* as the field has it: with a NUL after it */
  action_job_put(&run->job, "file", span_make(run->path, strlen(run->path) + 1));
  return DONE;
}

/* Takes the run over; without a job its file of refused rows goes too. */
static enum status start_import(struct request *r, struct reply *reply, struct import_job *run,
                                int64_t *id, struct error *err) {
  run->import.way_out = run_unusual_way_out;
  run->import.unpacked_most = (uint64_t)r->site->config.upload_bytes * LIMIT_UPLOAD_TIMES;
  const struct job_order order = {.what = "import",
                                  .title = arena_string(r->arena, run->name),
                                  .person = r->visitor.person,
                                  .run = run_import,
                                  .release = release_import,
                                  .context = run};
  const char *rejects = arena_string(r->arena, run->rejects);
  enum status status = run_start(r, reply, &order, "/admin/imports/jobs", id, err);
  if (status != DONE) unlink(rejects);
  return status;
}

enum status act_import(struct request *r, struct reply *reply, struct error *err) {
  struct import_job *run = memory_zeroed(1, sizeof *run);
  enum status status = action_job_new(&run->job, r, err);
  if (status == DONE && request_int(r, "file") != 1)
    status = refuse_at(err, "file", FORM_NAME_TWICE, "file"); /* its page takes one */
  if (status == DONE) status = take_upload(run, r, err);
  if (status != DONE) {
    release_import(run);
    return status;
  }
  return start_import(r, reply, run, NULL, err);
}

/* The values of the action for a file that lies here already. */
static enum status read_brought(struct import_job *run, const struct request *r,
                                const struct brought_file *file, struct error *err) {
  struct sent sent[6];
  struct fields_read read = {0};
  int n = 0;
  const char *ways[] = {"partial", "unusual"};
  const struct action *action = action_find(span_of("import"));
  struct action_call call = request_actor(r);
  run->job.arena = arena_new();
  sent[n++] = (struct sent){.name = span_of("kind"),
                            .value = span_of(file->people ? "entries" : "spend")};
  sent[n++] = (struct sent){.name = span_of("file"), .value = span_of(file->path), .file = true};
  if (file->body[0])
    sent[n++] = (struct sent){.name = span_of("body"), .value = span_of(file->body)};
  if (file->date[0])
    sent[n++] = (struct sent){.name = span_of("date"), .value = span_of(file->date)};
  for (int i = 0; i < 2; i++)
    if (span_has_word(file->ways, ways[i]))
      sent[n++] = (struct sent){.name = span_of("ways"), .value = span_of(ways[i])};
  enum status status = action_permit(action, &call, err);
  if (status == DONE)
    status = fields_read(&read, run->job.arena, r->language, action->fields, sent, n, call.today,
                         err);
  if (status == DONE && read.faults) status = refuse(err, ANSWER_WRONG);
  if (status != DONE) return status;
  run->job.action = action;
  run->job.call = (struct action_call){.arena = run->job.arena,
                                       .pack = r->site->pack,
                                       .language = r->language,
                                       .today = call.today,
                                       .now = call.now,
                                       .actor = own_actor(run->job.arena, &call.actor),
                                       .values = read.values,
                                       .progress = PROGRESS_NEVER};
  return DONE;
}

enum status run_brought(struct request *r, struct reply *reply, const struct brought_file *file,
                        int64_t *job, struct error *err) {
  struct import_job *run = memory_zeroed(1, sizeof *run);
  run->uploads = file->uploads;
  enum status status = read_brought(run, r, file, err);
  struct arena *arena = run->job.arena;
  run->token = arena_string(arena, file->token);
  run->name = arena_string(arena, file->name);
  run->import.profile = own_text(arena, file->profile);
  run->import.previewed = own_text(arena, file->previewed);
  run->rejects = arena_printf(arena, "%s/weal-rejects-XXXXXX", r->site->spool);
  const int fd = status == DONE ? mkstemp(run->rejects) : -1;
  if (status == DONE && fd < 0) status = error_errno(err, "no file for refused rows can be made");
  if (status != DONE) {
    release_import(run);
    return status;
  }
  close(fd);
  return start_import(r, reply, run, job, err);
}

enum status page_import_job(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  run_show(r, reply, "import", "/admin/imports", say(r->language, "An import"));
  return DONE;
}

enum status page_import_rejects(struct request *r, struct reply *reply, struct error *err) {
  struct job job;
  if (!run_find(r, "import", &job) || !job.rejects[0]) {
    reply_not_found(reply, r);
    return DONE;
  }
  int fd = open(job.rejects, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return error_errno(err, "the refused rows cannot be read");
  struct text nothing = {0};
  reply_bytes(reply, "text/csv; charset=utf-8", &nothing,
              arena_printf(r->arena, "%s.rejects.csv", job.title));
  reply->fd = fd;
  return DONE;
}

static void add_csv_field(struct text *out, struct span field, char end) {
  text_add_csv_guarded(out, field);
  text_add_char(out, end);
}

/* The rows that an import refused, as the book keeps them. */
enum status page_kept_rejects(struct request *r, struct reply *reply, struct error *err) {
  struct query *q = NULL;
  struct import_record about;
  struct reject_record reject;
  bool some = false;
  struct text body = {0};
  int64_t import = request_number(r, "import");
  enum status status = import_find(r->store, r->arena, import, &about, &some, err);
  if (status == DONE && !some) return reply_not_there(reply, r, err);
  if (status == DONE) status = import_rejects_open(r->store, import, &q, err);
  if (status != DONE) return status;
  text_add(&body, UTF8_MARK "line,column,value,reason\n");
  while ((status = import_rejects_next(q, &reject, &some, err)) == DONE && some) {
    text_addf(&body, "%lld,", (long long)reject.line);
    add_csv_field(&body, reject.column, ',');
    add_csv_field(&body, reject.value, ',');
    add_csv_field(&body, reject.reason, '\n');
  }
  query_end(q);
  if (status == DONE)
    reply_bytes(reply, "text/csv; charset=utf-8", &body,
                arena_printf(r->arena, "import-%lld.rejects.csv", (long long)import));
  text_release(&body);
  return status;
}

/* ---- closings ---- */

static const struct table_head closing_heads[] = {{N_("Year"), false},
                                                  {N_("Up to"), false},
                                                  {N_("People"), true},
                                                  {N_("Number"), true},
                                                  {NULL, false}};

enum { CLOSINGS_SHOWN = 20 };

static enum status put_closings(struct view *v, const struct request *r, struct error *err) {
  struct closing *all = NULL;
  int count = 0;
  char year[8];
  struct view *table = view_table(v, "closings", r, say(r->language, "Closings, the latest first"),
                                  closing_heads, say(r->language, "No year was closed yet."));
  enum status status = closings_latest(r->store, r->arena, CLOSINGS_SHOWN, &all, &count, err);
  for (int i = 0; i < count; i++) {
    struct view *line = view_row(table);
    view_cell(line, r, closing_heads, 0, arena_string(r->arena, year_write(all[i].year, year)),
              NULL);
    view_cell(line, r, closing_heads, 1, written_value(r, doc_day(all[i].to)), NULL);
    view_cell(line, r, closing_heads, 2, written_value(r, doc_count(all[i].people)), NULL);
    view_cell(line, r, closing_heads, 3, written_value(r, doc_count(all[i].entry)), NULL);
  }
  return status;
}

enum status page_close(struct request *r, struct reply *reply, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  enum status status = put_closings(v, r, err);
  if (status != DONE) return status;
  view_text(v, "back", request_path(r, "/admin"));
  view_runs(v, r, "closing", "/admin/close/jobs", 10);
  view_form(v, "form", r, route_post("/admin/close"), NULL,
            say(r->language, "Ask another administrator to approve it"), NULL);
  reply_page(reply, r, "admin-close", say(r->language, "Close a year"), v);
  return DONE;
}

struct closing_job {
  struct action_job job;
  const char *year;
  const struct signer *signer;
};

static void release_closing(void *context) {
  struct closing_job *run = context;
  action_job_release(&run->job);
  free(run);
}

static enum status run_closing(void *context, struct store *store,
                               const struct progress_watch *watch, struct text *result,
                               struct job_refused *refused, struct error *err) {
  struct closing_job *run = context;
  const struct action_call *call = &run->job.call;
  const enum language l = call->language;
  const char *head = NULL;
  (void)refused;
  enum status status = action_job_run(&run->job, store, watch, err);
  if (status == DONE && run->signer)
    status = head_sign(store, run->signer, run->job.arena, &head, err);
  if (status != DONE) return status;
  int64_t people = action_answer_int_of(call, "people"),
          lines = action_answer_int_of(call, "lines");
  text_addf(result, say(l, "%s is closed, under number %lld."), run->year,
            (long long)action_answer_int_of(call, "entry"));
  text_add_char(result, ' ');
  text_addf(result, say_count(l, "It covers %lld person.", "It covers %lld people.", people),
            (long long)people);
  text_add_char(result, ' ');
  text_addf(result,
            say_count(l, "They have %lld item in it.", "They have %lld items in it.", lines),
            (long long)lines);
  text_add_char(result, ' ');
  text_add(
      result,
      run->signer
          ? say(l,
                "A seal was published over it: from now on statements of the year can be checked.")
          : say(l, "Sign a head (weal head): from then on statements of the year prove it."));
  return DONE;
}

/* It waits for another administrator. */
enum status act_close(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "/inbox/%s?done=asked", action_answer_of(&call, "case")));
  return status;
}

/* The year of the case that is to be approved. What the action would refuse is refused before the
 * run begins, as far as it can be seen. */
static enum status asked_year(struct request *r, const char **out, struct error *err) {
  struct case_page page;
  struct case_file file;
  struct error none = {0};
  if (case_page_begin(r, true, &page, err) != DONE) return err->code;
  struct case_call call = {r->store, r->arena, &page.desk, &page.actor};
  enum status status = case_one(r->store, r->arena, &page.desk, &page.actor,
                                request_number(r, "case"), &file, &none);
  if (status == REFUSED) return refuse_at(err, "case", CASE_UNKNOWN);
  if (status != DONE) return *err = none, status;
  if (!second_is_run(&file)) return refuse(err, SECOND_IS_NOT_RUN);
  if (file.state != file.kind->first) return refuse(err, CASE_CHANGED);
  *out = case_fact(&file, "year");
  if (!*out) *out = "";
  return case_may_answer(&call, &file, err);
}

enum status act_carry_out(struct request *r, struct reply *reply, struct error *err) {
  struct closing_job *run = memory_zeroed(1, sizeof *run);
  const char *year = "";
  enum status status = action_job_new(&run->job, r, err);
  if (status == DONE) status = asked_year(r, &year, err);
  if (status != DONE) {
    release_closing(run);
    return status;
  }
  run->year = arena_string(run->job.arena, year);
  run->signer = r->site->signer;
  const struct job_order order = {.what = "closing",
                                  .title = run->year,
                                  .person = r->visitor.person,
                                  .run = run_closing,
                                  .release = release_closing,
                                  .context = run};
  return run_start(r, reply, &order, "/admin/close/jobs", NULL, err);
}

enum status page_close_job(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  run_show(r, reply, "closing", "/admin/close", say(r->language, "A closing"));
  return DONE;
}

/* ---- who misses out ---- */

struct take_up_job {
  struct action_job job;
};

static void release_take_up(void *context) {
  struct take_up_job *run = context;
  action_job_release(&run->job);
  free(run);
}

/* The result is the number of the run, to which the page that watches goes on. */
static enum status run_take_up(void *context, struct store *store,
                               const struct progress_watch *watch, struct text *result,
                               struct job_refused *refused, struct error *err) {
  struct take_up_job *run = context;
  (void)refused;
  enum status status = action_job_run(&run->job, store, watch, err);
  if (status == DONE) text_add(result, action_answer_of(&run->job.call, "run"));
  return status;
}

enum status act_take_up_find(struct request *r, struct reply *reply, struct error *err) {
  struct take_up_job *run = memory_zeroed(1, sizeof *run);
  struct action_call asked;
  enum status status = action_job_new(&run->job, r, err);
  if (status == DONE) status = request_call(r, &asked, err);
  if (status == DONE) status = takeup_find_may(&asked, err);
  if (status != DONE) {
    release_take_up(run);
    return status;
  }
  const struct job_order order = {.what = "take-up",
                                  .title = say(r->language, "Who misses out"),
                                  .person = r->visitor.person,
                                  .run = run_take_up,
                                  .release = release_take_up,
                                  .context = run};
  return run_start(r, reply, &order, "/missing-out/jobs", NULL, err);
}

enum status page_take_up_job(struct request *r, struct reply *reply, struct error *err) {
  struct job job;
  (void)err;
  if (run_find(r, "take-up", &job) && is_hidden(r, &job)) reply_not_found(reply, r);
  else if (run_find(r, "take-up", &job) && job.state == JOB_DONE)
    reply_go(reply, r, arena_printf(r->arena, "/missing-out/%s", job.result));
  else run_show(r, reply, "take-up", "/missing-out", say(r->language, "Who misses out"));
  return DONE;
}

/* ---- audits ---- */

enum status page_audit_run(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/audit"));
  view_runs(v, r, "audit", "/audit/run/jobs", 10);
  view_form(v, "form", r, route_post("/audit/run"), NULL, say(r->language, "Run the audit"), NULL);
  reply_page(reply, r, "audit-run", say(r->language, "Run the audit"), v);
  return DONE;
}

struct audit_run {
  enum language language;
  struct job_reader by;
  struct text findings;
  int64_t left_out;
};

static void release_audit(void *context) {
  struct audit_run *run = context;
  text_release(&run->findings);
  job_reader_release(&run->by);
  free(run);
}

static void add_finding(void *context, const char *sentence) {
  struct audit_run *run = context;
  if (run->findings.size > FINDINGS_SHOWN_BYTES) run->left_out++;
  else text_addf(&run->findings, "%s\n", sentence);
}

static enum status run_audit(void *context, struct store *store, const struct progress_watch *watch,
                             struct text *result, struct job_refused *refused, struct error *err) {
  struct audit_run *run = context;
  enum language l = run->language;
  struct audit_result done = {0};
  struct closing_check_result closed = {0};
  const struct audit_options options = {
      .progress = PROGRESS_NEVER, .watch = watch, .finding = add_finding, .context = run};
  const struct closing_check_options closings = {.audit = &options,
                                                 .audited = &done,
                                                 .progress = PROGRESS_NEVER,
                                                 .watch = watch,
                                                 .finding = add_finding,
                                                 .context = run};
  (void)refused;
  enum status status = note_run(store, &run->by, "audit", "the whole book", err);
  if (status == DONE) status = closing_check(store, &closings, &closed, err);
  int64_t numbers = 0;
  if (status == DONE) status = register_check(store, add_finding, run, &numbers, err);
  if (status != DONE) return status;
  done.findings += closed.findings + numbers;
  const struct {
    const char *word;
    int64_t count;
  } counts[] = {{say(l, "Entries"), done.entries},
                {say(l, "Lines"), done.lines},
                {say(l, "Accounts"), done.accounts},
                {say(l, "References"), done.references},
                {say(l, "Closings"), closed.closings}};
  if (done.findings == 0) text_add(result, say(l, "Nothing differs."));
  else
    text_addf(result, say_count(l, "%lld thing differs.", "%lld things differ.", done.findings),
              (long long)done.findings);
  text_add_char(result, '\n');
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    text_addf(result, "%s: ", counts[i].word);
    text_add_count(result, counts[i].count);
    text_add_char(result, '\n');
  }
  text_add_span(result,
                span_make(run->findings.bytes ? run->findings.bytes : "", run->findings.size));
  if (run->left_out)
    text_addf(result,
              say_count(l, "%lld more is not shown.", "%lld more are not shown.", run->left_out),
              (long long)run->left_out);
  return DONE;
}

enum status act_audit_run(struct request *r, struct reply *reply, struct error *err) {
  struct audit_run *run = memory_zeroed(1, sizeof *run);
  run->language = r->language;
  run->by = job_reader_new(r);
  const struct job_order order = {.what = "audit",
                                  .title = say(r->language, "All the accounts"),
                                  .person = r->visitor.person,
                                  .run = run_audit,
                                  .release = release_audit,
                                  .context = run};
  return run_start(r, reply, &order, "/audit/run/jobs", NULL, err);
}

enum status page_audit_job(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  run_show(r, reply, "audit", "/audit/run", say(r->language, "An audit of the accounts"));
  return DONE;
}
