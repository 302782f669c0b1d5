/* Bringing in a file of payments: the file, what we understood of it, what a person changes of
 * that, and then the same import as the command line's, once (uploads.h). */
#include "web/pages/bring.h"
#include "web/pages/runs.h"

#include "base/folder.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "exchange/profile.h"
#include "register/body_profiles.h"
#include "web/site.h"

#include <stdlib.h>

enum { REFUSED_SHOWN = 10 };

/* ---- the file ---- */

static const struct choice what_choices[] = {
    {"payments", N_("An organisation\u2019s payments to suppliers")},
    {"people", N_("People\u2019s payments, visits or time")},
    {NULL, NULL}};
const struct field bring_fields[] = {
    {.name = "what",
     .kind = FIELD_CHOICE,
     .optional = true,
     .among = true,
     .choices = what_choices,
     .label = N_("What is in the file?")},
    {.name = "file",
     .kind = FIELD_FILE,
     .label = N_("The file"),
     .hint = N_("CSV, Excel (.xlsx) or OpenDocument (.ods), as the organisation publishes or "
                "exports it"),
     .missing = N_("Choose the file")},
    {.name = "body",
     .kind = FIELD_CODE,
     .optional = true,
     .label = N_("Code of the organisation whose file it is"),
     .hint = N_("Leave it empty only if it is a file of payments to suppliers and a column of it "
                "says who paid")},
    {.name = "date",
     .kind = FIELD_DAY,
     .optional = true,
     .label = N_("Day of what is in the file"),
     .hint = N_("Only if neither the file nor its name says when")},
    {.name = NULL}};

enum status page_bring(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/imports"));
  struct value start[sizeof bring_fields / sizeof *bring_fields] = {
      {.name = "what", .given = true, .text = span_of("payments")}};
  (void)view_form(v, "form", r, route_post("/admin/files"), NULL,
                  say(r->language, "Look at the file"), start);
  reply_page(reply, r, "bring", say(r->language, "Bring in a file of payments"), v);
  return DONE;
}

/* ---- trying it ---- */

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

static enum status run_dry(struct request *r, const struct upload_seen *what, const char *profile,
                           struct upload_tried *t, struct error *err) {
  struct sent sent[6];
  int n = 0;
  struct action_import import = {.preview = &t->preview,
                                 .profile = profile,
                                 .way_out = run_unusual_way_out,
                                 .unpacked_most = (uint64_t)r->site->config.upload_bytes *
                                                  LIMIT_UPLOAD_TIMES};
  struct action_call call = request_actor(r);
  const struct {
    const char *name, *value;
  } texts[] = {{"kind", what->people ? "entries" : "spend"},
               {"file", what->path},
               {"ways", "dry-run"},
               {"ways", "partial"},
               {"body", what->body},
               {"date", what->date}};
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

/* What the file's columns seem to mean, and what a person said of it. */
static void look_again(const struct request *r, const struct upload_seen *what,
                       const struct profile_look *answer, struct upload_tried *t) {
  struct error ignored = {0};
  const char *pack = r->site->pack->dir;
  const enum status status =
      what->people ? profile_look_people(what->path, pack, t->arena, &t->look, &ignored)
                   : profile_look(what->path, pack, t->arena, &t->look, &ignored);
  if (status == DONE) put_meanings(t);
  if (!answer) return;
  t->look.order = answer->order;
  t->look.turned = answer->turned;
  t->look.vat = answer->vat;
  const struct own_constants *said = &answer->people;
  const char *const texts[] = {said->category, said->scheme, said->unit, said->each};
  const char *copies[4];
  for (int i = 0; i < 4; i++) copies[i] = texts[i] ? arena_string(t->arena, texts[i]) : NULL;
  t->look.people = (struct own_constants){copies[0], copies[1], copies[2], copies[3], said->turned};
  for (int c = 0; what->people && c < t->look.column_count && c < answer->column_count; c++) {
    if (t->look.columns[c].means != answer->columns[c].means) t->look.columns[c].sure = 0;
    t->look.columns[c].means = answer->columns[c].means;
  }
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

enum status bring_try(struct request *r, const struct upload_seen *what, const char *profile,
                      const struct profile_look *answer, enum upload_turn *turn,
                      struct error *err) {
  enum status status = is_free(r->store, err);
  if (status != DONE) {
    upload_profile_drop(profile);
    return status;
  }
  struct arena *arena = arena_new();
  struct upload_tried *t = arena_alloc(arena, sizeof *t);
  t->arena = arena;
  status = body_profiles_last(r->store, &t->profiles, err);
  if (status != DONE) {
    arena_free(arena);
    upload_profile_drop(profile);
    return status;
  }
  t->status = run_dry(r, what, profile, t, &t->err);
  if (t->status != FAILED) look_again(r, what, answer, t);
  if (t->status == FAILED) {
    *err = t->err;
    upload_tried_free(t);
    upload_profile_drop(profile);
    return FAILED;
  }
  *turn = upload_answer(r->site->uploads, what->token, r->visitor.person, profile, t);
  return DONE;
}

const char *bring_path(const struct request *r, const char *token) {
  return arena_printf(r->arena, "/admin/files/%s", token);
}

const char *bring_run_path(const struct request *r, int64_t job) {
  return arena_printf(r->arena, "/admin/imports/jobs/%lld", (long long)job);
}

enum status act_bring(struct request *r, struct reply *reply, struct error *err) {
  struct uploads *all = r->site->uploads;
  const struct span body = request_text(r, "body"), date = request_text(r, "date");
  const char *token = NULL;
  struct bodies *bodies = NULL;
  enum upload_turn turn = UPLOAD_NOT_THERE;
  struct upload_seen u;
  enum status status = register_bodies(r->store, r->arena, &bodies, err);
  if (status == DONE && body.size && !bodies_by_code(bodies, body))
    return refuse_at(err, "body", BROUGHT_NO_BODY);
  const struct upload_told told = {span_is(request_text(r, "what"), "people"), body, date};
  if (status == DONE && told.people && !body.size)
    return refuse_at(err, "body", BROUGHT_PEOPLE_OF_NOBODY);
  if (status == DONE)
    status = uploads_add(all, r->visitor.person, request_text(r, "file").bytes, &told, r->arena,
                         &token, err);
  if (status != DONE) return status;
  if (upload_see(all, span_of(token), r->visitor.person, r->arena, &u)) {
    upload_let_go(all, &u);
    status = bring_try(r, &u, NULL, NULL, &turn, err);
  }
  if (status != DONE) {
    upload_end(all, token, true); /* it goes: the form is shown again */
    return status;
  }
  reply_go(reply, r, bring_path(r, token));
  return DONE;
}

/* ---- words ---- */

static const struct bring_meaning meanings[] = {
    {MEANS_AMOUNT, "amount", N_("Amount")},
    {MEANS_DATE, "date", N_("Day of payment")},
    {MEANS_SUPPLIER, "supplier", N_("Who was paid")},
    {MEANS_BODY, "body", N_("Who paid")},
    {MEANS_CATEGORY, "category", N_("What it was for")},
    {MEANS_DEPARTMENT, "department", N_("Department")},
    {MEANS_DESCRIPTION, "description", N_("Description")},
    {MEANS_REFERENCE, "reference", N_("Reference")},
    {MEANS_COMPANY, "company", N_("Company number")},
    {MEANS_PLACE, "place", N_("Place")},
    {MEANS_VAT, "vat", N_("VAT, to be taken off the amount")},
    {MEANS_NOTHING, "-", N_("Not kept")},
    {MEANS_NOTHING, NULL, NULL}};

const struct bring_meaning *bring_meanings(void) { return meanings; }

bool bring_takes_vat_off(const struct profile_look *look, int count) {
  for (int i = 0; i < count; i++)
    if (look->columns[i].means == MEANS_VAT) return true;
  return false;
}

const char *bring_samples(const struct request *r, const struct recognised_column *c) {
  return !c->sample[0]   ? ""
         : !c->sample[1] ? arena_printf(r->arena, "%s", c->sample[0])
                         : arena_printf(r->arena, "%s; %s", c->sample[0], c->sample[1]);
}

const char *bring_heading(const struct request *r, const char *published) {
  return published[0] == '@'
             ? arena_printf(r->arena, say(r->language, "column %s, without a name"), published + 1)
             : arena_string(r->arena, published);
}

/* ---- posting ---- */

static const struct choice post_ways[] = {
    {"partial", N_("Leave out the lines that are refused, and record the others")},
    {"unusual", N_("Record unusual amounts and days too: I have checked them")},
    {NULL, NULL}};
const struct field bring_post_fields[] = {
    {.name = "ways",
     .kind = FIELD_CHOICES,
     .optional = true,
     .choices = post_ways,
     .label = N_("What about lines that are refused?")},
    /* the preview that the page shows (uploads.h) */
    {.name = "preview", .kind = FIELD_HIDDEN, .optional = true},
    {.name = NULL}};

/* A profile that was kept since the page was shown may read the file otherwise: then it is tried
 * again, and the page shows what comes of it now. */
static enum status check_profiles(struct request *r, const struct upload_seen *u,
                                  struct error *err) {
  int64_t last = 0;
  enum upload_turn turn = UPLOAD_NOT_THERE;
  enum status status = body_profiles_last(r->store, &last, err);
  if (status != DONE || last == u->profiles || u->posting || !u->tried) return status;
  const char *profile = NULL;
  struct text rules = {0};
  if (u->profile) status = file_read_whole(u->profile, LIMIT_FIELD_BYTES, &rules, err);
  if (status == DONE && u->profile)
    status = upload_profile(u, span_make(rules.bytes, rules.size), r->arena, &profile, err);
  text_release(&rules);
  const struct profile_look answer = u->tried->look;
  if (status == DONE) status = bring_try(r, u, profile, u->profile ? &answer : NULL, &turn, err);
  return status == DONE && turn == UPLOAD_TAKEN ? refuse_at(err, "", PROFILE_KEPT_SINCE) : status;
}

/* Whoever comes second, from another tab or by sending the form again, is led to the run. */
enum status act_brought(struct request *r, struct reply *reply, struct error *err) {
  struct uploads *all = r->site->uploads;
  struct upload_seen u;
  int64_t job = 0;
  const int64_t number = strtoll(request_text(r, "preview").bytes, NULL, 10);
  if (upload_see(all, request_text(r, "upload"), r->visitor.person, r->arena, &u)) {
    const enum status status = check_profiles(r, &u, err);
    upload_let_go(all, &u);
    if (status != DONE) return status;
  }
  switch (upload_begin(all, request_text(r, "upload"), r->visitor.person, number, r->arena, &u)) {
  case UPLOAD_TAKEN: break;
  case UPLOAD_NOT_THERE: return reply_not_there(reply, r, err);
  case UPLOAD_OTHER: return refuse_at(err, "", BROUGHT_OTHER_PREVIEW);
  case UPLOAD_POSTING:
    reply_go(reply, r, u.job ? bring_run_path(r, u.job) : "/admin/imports");
    return DONE;
  }
  const struct brought_file file = {.uploads = all,
                                    .token = u.token,
                                    .path = u.path,
                                    .name = u.name,
                                    .profile = u.profile,
                                    .previewed = u.previewed,
                                    .people = u.people,
                                    .body = u.body,
                                    .date = u.date,
                                    .ways = request_text(r, "ways")};
  const enum status status = run_brought(r, reply, &file, &job, err);
  if (status == DONE) upload_run(all, u.token, job);
  return status;
}
