/* For administrators: asking about everybody of a place for whom a minimum standard is not known to
 * be kept. First a run counts them (nobody is named); its page says how many, to which
 * organisations, for which purpose, with the button; then a run opens the requests. */
#include "web/pages/runs.h"

#include "action/standards.h"
#include "web/pages/cases.h"
#include "web/site.h"

#include <stdlib.h>

#define STANDARDS_PATH "/admin/standards"
enum { STANDARDS_RUNS_SHOWN = 5 };

/* ---- the form ---- */

enum status page_standards_ask(struct request *r, struct reply *reply, struct error *err) {
  const struct places *places = r->reference_data->places;
  struct view *v = view_new(r->arena, r->language);
  (void)err;
  view_text(v, "back", request_path(r, "/admin"));
  view_runs(v, r, "standards-ask", STANDARDS_PATH "/asked/jobs", STANDARDS_RUNS_SHOWN);
  struct view *form = view_form_of(v, "form", r, action_find(span_of("standards-ask"))->fields,
                                   request_path(r, STANDARDS_PATH),
                                   say(r->language, "Count them first"), NULL);
  for (int i = 0; i < r->pack->standard_count; i++) {
    const struct pack_standard *what = &r->pack->standards[i];
    view_form_choice(form, "standard", what->code, what->name[r->language],
                     what->promise[r->language]);
  }
  for (int i = 0; i < places->count; i++)
    if (places->own == PLACE_NONE || places_within(places, i, places->own))
      view_form_choice(form, "place", places->all[i].code, places->all[i].name, NULL);
  reply_page(reply, r, "standards-ask",
             say(r->language, "Ask about minimum standards of a whole place"), v);
  return DONE;
}

/* ---- as runs ---- */

static void release_standards(void *context) {
  struct action_job *job = context;
  action_job_release(job);
  free(job);
}

/* What the page of the count reads: a name and a value on each line. */
static enum status run_count(void *context, struct store *store, const struct progress_watch *watch,
                             struct text *result, struct job_refused *refused, struct error *err) {
  struct action_job *job = context;
  struct action_call *call = &job->call;
  struct standards_counted counted;
  (void)refused;
  call->store = store;
  call->watch = watch;
  enum status status = action_permit(job->action, call, err);
  if (status == DONE) status = standards_ask_count(call, &counted, err);
  if (status != DONE) return status;
  for (const struct value *v = call->values; v->name; v++)
    text_addf(result, "%s " SPAN_FORMAT "\n", v->name, SPAN(v->text));
  text_addf(result, "broken %lld\nbefore %lld\nnobody %lld\n", (long long)counted.broken,
            (long long)counted.before, (long long)counted.nobody);
  for (int i = 0; i < counted.body_count; i++)
    text_addf(result, "body %lld %lld\n", (long long)counted.bodies[i].body,
              (long long)counted.bodies[i].people);
  return DONE;
}

static enum status run_ask(void *context, struct store *store, const struct progress_watch *watch,
                           struct text *result, struct job_refused *refused, struct error *err) {
  struct action_job *job = context;
  const enum language l = job->call.language;
  (void)refused;
  enum status status = action_job_run(job, store, watch, err);
  if (status != DONE) return status;
  const int64_t asked = action_answer_int_of(&job->call, "asked"),
                before = action_answer_int_of(&job->call, "before"),
                nobody = action_answer_int_of(&job->call, "nobody");
  text_addf(result, say_count(l, "%lld request was opened.", "%lld requests were opened.", asked),
            (long long)asked);
  if (before) {
    text_add_char(result, '\n');
    text_addf(result,
              say_count(l, "%lld person had been asked about before.",
                        "%lld people had been asked about before.", before),
              (long long)before);
  }
  if (nobody) {
    text_add_char(result, '\n');
    text_addf(result,
              say_count(l, "For %lld person no organisation answers where they live.",
                        "For %lld people no organisation answers where they live.", nobody),
              (long long)nobody);
  }
  return DONE;
}

static enum status begin(struct request *r, struct reply *reply, struct job_order order,
                         const char *path, struct error *err) {
  struct action_job *job = memory_zeroed(1, sizeof *job);
  struct action_call asked;
  enum status status = action_job_new(job, r, err);
  if (status == DONE) status = request_call(r, &asked, err);
  if (status == DONE) status = standards_ask_may(&asked, err);
  if (status != DONE) {
    release_standards(job);
    return status;
  }
  job->call.rules = r->site->rules;
  order.title = say(r->language, "Minimum standards");
  order.person = r->visitor.person;
  order.release = release_standards;
  order.context = job;
  return run_start(r, reply, &order, path, NULL, err);
}

/* The action's, and the step that the button of the count sends. */
const struct field *standards_ask_fields(const struct request *r, const struct span *names) {
  const struct field *of = action_find(span_of("standards-ask"))->fields;
  int count = 0;
  (void)names;
  while (of[count].name) count++;
  struct field *all = arena_array(r->arena, struct field, count + 2);
  memcpy(all, of, (size_t)count * sizeof *all);
  all[count] = case_confirmed_field;
  return all;
}

enum status act_standards_ask(struct request *r, struct reply *reply, struct error *err) {
  return request_has(r, "confirmed")
             ? begin(r, reply, (struct job_order){.what = "standards-ask", .run = run_ask},
                     STANDARDS_PATH "/asked/jobs", err)
             : begin(r, reply, (struct job_order){.what = "standards-count", .run = run_count},
                     STANDARDS_PATH "/jobs", err);
}

enum status page_standards_ask_job(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  run_show(r, reply, "standards-ask", STANDARDS_PATH,
           say(r->language, "Requests about minimum standards"));
  return DONE;
}

/* ---- what the count came to ---- */

/* The value of the first line of this name; empty: there is none. */
static const char *counted_text(const struct request *r, const char *result, const char *name) {
  const size_t size = strlen(name);
  for (const char *at = result; *at; at += strcspn(at, "\n"), at += *at == '\n')
    if (strncmp(at, name, size) == 0 && at[size] == ' ')
      return arena_copy(r->arena, at + size + 1, strcspn(at + size + 1, "\n"));
  return "";
}

static int64_t counted_int(const struct request *r, const char *result, const char *name) {
  return strtoll(counted_text(r, result, name), NULL, 10);
}

static void put_bodies(struct view *summary, const struct request *r, const char *result) {
  for (const char *at = strstr(result, "\nbody "); at; at = strstr(at + 1, "\nbody ")) {
    char *end = NULL;
    const int64_t id = strtoll(at + 6, &end, 10), people = strtoll(end, NULL, 10);
    const struct body *body = bodies_by_id(r->reference_data->bodies, id);
    view_fact(summary,
              arena_printf(r->arena, say(r->language, "Requests to %s"), body ? body->name : ""),
              written_value(r, doc_count(people)));
  }
}

static void put_counted(struct view *v, const struct request *r, const char *result) {
  const enum language l = r->language;
  const char *code = counted_text(r, result, "place");
  const struct places *places = r->reference_data->places;
  const int at = *code ? places_by_code(places, span_of(code)) : PLACE_NONE;
  const struct pack_standard *what =
      pack_find_standard(r->pack, span_of(counted_text(r, result, "standard")));
  const int64_t broken = counted_int(r, result, "broken"),
                before = counted_int(r, result, "before"),
                nobody = counted_int(r, result, "nobody");
  struct view *summary = view_object(v, "summary");
  view_fact(summary, say(l, "Standard"), what ? what->name[l] : say(l, "All standards"));
  view_fact(summary, say(l, "Year"), counted_text(r, result, "year"));
  view_fact(summary, say(l, "Place"),
            at == PLACE_NONE ? r->site->place_name : places->all[at].name);
  view_fact(summary, say(l, "Not known to be kept"), written_value(r, doc_count(broken)));
  view_fact(summary, say(l, "Asked about before"), written_value(r, doc_count(before)));
  if (nobody)
    view_fact(summary, say(l, "No organisation answers for it"),
              written_value(r, doc_count(nobody)));
  put_bodies(summary, r, result);
  view_fact(summary, say(l, "Purpose"),
            say(l, "Whoever answers for the standard says how it was kept, or what is done"));
  view_flag(v, "has_some", broken > before + nobody);
  view_text(v, "standard", counted_text(r, result, "standard"));
  view_text(v, "year", counted_text(r, result, "year"));
  view_text(v, "place", code);
}

enum status page_standards_count_job(struct request *r, struct reply *reply, struct error *err) {
  const char *title = say(r->language, "How many requests about minimum standards there would be");
  struct job job;
  (void)err;
  if (!run_find(r, "standards-count", &job) || job.person != r->visitor.person ||
      job.state != JOB_DONE) {
    run_show(r, reply, "standards-count", STANDARDS_PATH, title);
    return DONE;
  }
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, STANDARDS_PATH));
  put_counted(v, r, job.result);
  view_form_rights(v, r);
  view_text(v, "action", request_path(r, STANDARDS_PATH));
  reply_page(reply, r, "standards-counted", title, v);
  return DONE;
}
