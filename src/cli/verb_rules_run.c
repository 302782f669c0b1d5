/* weal rules test, run and explain: published cases, populations, and one household in full. */
#include "cli/verb_rules.h"

#include "base/folder.h"
#include "base/json.h"
#include "base/refusal.h"
#include "base/worker.h"
#include "rules/explain_write.h"
#include "rules/population_files.h"
#include "rules/range_write.h"
#include "rules/run.h"
#include "rules/situation.h"
#include "rules/testfile.h"
#include "rules/vary.h"
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status load(struct call *call, struct rules **out, struct error *err) {
  const char *const *packs;
  int count;
  if (call_policies(call, &packs, &count, err) != DONE) return err->code;
  enum status status = rules_load(call->arena, packs, count, out, err);
  for (int i = 0; status == DONE && i < (*out)->variable_count && !call->quiet; i++) {
    const struct rule_variable *v = (*out)->variables[i];
    rules_say_replaced(v);
  }
  if (status == DONE && !call->quiet) rules_say_parameters_replaced(*out);
  return status;
}

static enum status asked_period(struct call *call, const struct rules *rules,
                                struct rule_period *out, struct error *err) {
  const char *text = call_option(call, "period");
  if (!text) return error_set(err, USAGE, "--period is missing; write one such as 2025-26");
  enum status status = period_parse(rules, span_of(text), out, err);
  if (status == DONE && out->each == EACH_ETERNITY) return refuse(err, RULE_PERIOD_MALFORMED, text);
  return status;
}

/* ---- test ---- */

enum { TEST_FILES_MOST = 20000, TEST_DEPTH_MOST = 32 };

struct test_files {
  int count, room;
  char **all;
};

/* A file as it is; of a folder, what ends in .yaml in it and below. */
static enum status find_files(struct call *call, const char *path, int depth,
                              struct test_files *files, struct error *err) {
  struct stat st;
  if (lstat(path, &st) != 0) return error_errno(err, "%s", path);
  if (!S_ISDIR(st.st_mode)) {
    array_reserve(files->all, files->room, files->count + 1);
    files->all[files->count++] = arena_string(call->arena, path);
    return DONE;
  }
  DIR *dir = depth < TEST_DEPTH_MOST ? opendir(path) : NULL;
  if (!dir) return depth < TEST_DEPTH_MOST ? error_errno(err, "%s", path) : DONE;
  enum status status = DONE;
  for (struct dirent *d; status == DONE && (d = readdir(dir));) {
    char *inner = arena_printf(call->arena, "%s/%s", path, d->d_name);
    if (d->d_name[0] == '.' || lstat(inner, &st) != 0) continue;
    if (S_ISDIR(st.st_mode) || (S_ISREG(st.st_mode) && yaml_stem_size(d->d_name)))
      status = find_files(call, inner, depth + 1, files, err);
    if (files->count > TEST_FILES_MOST)
      status = refuse(err, RULE_FILES_MOST, path, TEST_FILES_MOST);
  }
  closedir(dir);
  return status;
}

static void say_result(struct text *out, const struct testfile_result *r) {
  static const char *const words[] = {"agrees", "differs", "unsupported"};
  struct text line = {0}; /* file, name and what differs are words of others */
  text_addf(&line, "%s:%d: %s: %s%s%s", r->file, r->line, words[r->outcome], r->name,
            r->why ? ": " : "", r->why ? r->why : "");
  text_add_clean(out, span_make(line.bytes, line.size));
  text_add_char(out, '\n');
  text_release(&line);
}

static void results_json(struct text *out, const struct testfile_results *results) {
  static const char *const words[] = {"agrees", "differs", "unsupported"};
  struct json j;
  json_begin(&j, out);
  json_open_object(&j, NULL);
  json_int(&j, "agree", results->counts[CASE_AGREES]);
  json_int(&j, "differ", results->counts[CASE_DIFFERS]);
  json_int(&j, "unsupported", results->counts[CASE_UNSUPPORTED]);
  json_open_array(&j, "cases");
  for (int i = 0; i < results->count; i++) {
    const struct testfile_result *r = &results->all[i];
    json_open_object(&j, NULL);
    json_text(&j, "file", span_of(r->file));
    json_int(&j, "line", r->line);
    json_text(&j, "name", span_of(r->name));
    json_text(&j, "outcome", span_of(words[r->outcome]));
    if (r->why) json_text(&j, "why", span_of(r->why));
    else json_none(&j, "why");
    json_close_object(&j);
  }
  json_close_array(&j);
  json_close_object(&j);
  text_add_char(out, '\n');
}

enum status rules_test(struct call *call, struct error *err) {
  struct rules *rules;
  struct test_files files = {0};
  struct testfile_results results = {0};
  const char *const *packs;
  int count;
  enum status status = call_policies(call, &packs, &count, err);
  if (status == DONE) status = load(call, &rules, err);
  for (int i = 1; i < call->argument_count && status == DONE; i++)
    status = find_files(call, call->arguments[i], 0, &files, err);
  array_sort(files.all, files.count, string_compare);
  if (status == DONE && call->argument_count < 2)
    status = error_set(err, USAGE, "name the files of cases, or a folder of them");
  struct testfile_runner *runner = status == DONE
                                       ? testfile_runner_make(call->arena, rules, packs, count)
                                       : NULL;
  for (int i = 0; i < files.count && status == DONE; i++) {
    struct error fault = {0};
    status = testfile_run(runner, files.all[i], &results, &fault);
    if (status == REFUSED) { /* no list of cases: the others are run all the same */
      output_error(&fault);
      testfile_add_refused(runner, files.all[i], &fault, &results);
      status = DONE;
    } else if (status != DONE) *err = fault;
  }
  if (runner) testfile_runner_free(runner);
  free(files.all);
  if (status != DONE) return status;
  if (call_format(call) == FORMAT_JSON) {
    results_json(&call->out, &results);
    return DONE;
  }
  for (int i = 0; i < results.count; i++)
    if (results.all[i].outcome == CASE_DIFFERS ||
        (results.all[i].outcome == CASE_UNSUPPORTED && !call->quiet && !results.all[i].is_file))
      say_result(&call->out, &results.all[i]);
  text_addf(&call->out, "%d agree, %d differ, %d unsupported\n", results.counts[CASE_AGREES],
            results.counts[CASE_DIFFERS], results.counts[CASE_UNSUPPORTED]);
  return DONE;
}

/* ---- run ---- */

enum { FOLDER_DEPTH_MOST = 256 };

struct run_request {
  struct rules *rules;
  struct population_files files;
  int count;
  const struct rule_variable **variables;
  struct run_output *outputs;
};

static enum status name_outputs(struct call *call, struct run_request *r, struct error *err) {
  const char *text = call_option(call, "out");
  if (!text) return error_set(err, USAGE, "--out is missing; name variables with commas between");
  int most = 1;
  for (const char *p = text; *p; p++) most += *p == ',';
  r->variables = arena_array(call->arena, const struct rule_variable *, most);
  r->outputs = arena_array(call->arena, struct run_output, 2 * most); /* and what is known */
  while (*text) {
    const size_t size = strcspn(text, ",");
    const struct span name = span_trim(span_make(text, size));
    const struct rule_variable *v = rules_variable(r->rules, name);
    if (!v) return rules_refuse_name(r->rules, name, err);
    r->variables[r->count++] = v;
    text += size + (text[size] == ',');
  }
  return DONE;
}

/* A source that is a link to what a result would take the place of would be lost. */
static bool is_source(struct call *call, const struct run_request *r, const char *to, int result) {
  struct stat a, b;
  const struct population_files *f = &r->files;
  const char *path = arena_printf(call->arena, "%s/%s", to, f->file_names[result]);
  if (lstat(path, &a) != 0) return false;
  for (int e = 0; e < r->rules->entity_count; e++)
    if (f->has_file[e] &&
        stat(arena_printf(call->arena, "%s/%s", f->folder, f->file_names[e]), &b) == 0 &&
        a.st_dev == b.st_dev && a.st_ino == b.st_ino)
      return true;
  return false;
}

/* A group without a file has no ids by which its values could be told apart. */
static enum status look_at_groups(struct call *call, const struct run_request *r,
                                  struct error *err) {
  const struct population_files *f = &r->files;
  for (int i = 0; i < r->count; i++) {
    const struct rule_entity *e = r->variables[i]->entity;
    if (!f->has_file[e->index])
      return refuse(err, RULE_NO_GROUP_FILE, r->variables[i]->name, e->name,
                    f->file_names[e->index]);
    if (is_source(call, r, call_option(call, "to"), e->index))
      return error_set(err, USAGE,
                       "--to has %s, which is read; name another folder for the results",
                       f->file_names[e->index]);
  }
  return DONE;
}

static bool plan_reads_group(const struct plan *plan, int group) {
  for (int i = 0; i < plan->step_count; i++)
    if (plan->steps[i].entity == group ||
        (plan->steps[i].op == STEP_RANK && plan->steps[i].relation.to == group))
      return true;
  return false;
}

/* Who lives with whom was not told, and what is asked for hangs on it. */
static void say_alone(const struct call *call, const struct run_request *r,
                      const struct compiler *c) {
  const struct population_files *f = &r->files;
  for (int g = 1; g < r->rules->entity_count && !call->quiet; g++) {
    if (f->has_file[g] || f->has_column[g] || f->given[0] < 2 || !plan_reads_group(&c->plan, g))
      continue;
    int alone = 0;
    for (int e = 1; e < r->rules->entity_count; e++)
      if (r->rules->entities[e]->within == g && (f->has_file[e] || f->has_column[e])) alone = e;
    output_message("there is no %s, and %s has no column %s: each %s is taken for a %s alone",
                   f->file_names[g], f->file_names[0], r->rules->entities[g]->name,
                   r->rules->entities[alone]->name, r->rules->entities[g]->name);
  }
}

/* A file says a value of one period only, so another period must be asked for. */
static void say_shorter(struct call *call, const struct compiler *c) {
  struct explain_gap *gaps;
  const int count = explain_gaps(call->arena, c, &gaps);
  for (int i = 0; i < count && !call->quiet; i++)
    output_message("%s is given for %s; it is needed for %s, where it counts as not given: give "
                   "that in the file, and write --period %s",
                   gaps[i].variable->name, period_write(call->arena, gaps[i].given),
                   period_write(call->arena, gaps[i].needed),
                   period_write(call->arena, gaps[i].needed));
}

/* Where the rules say that they do not know a value, the results have none. */
static void drop_unknown(const struct call *call, struct run_output *output,
                         const struct run_output *known) {
  int count = 0;
  for (int row = 0; row < output->rows; row++) {
    if (known->values[row] != 0) continue;
    output->values[row] = NAN;
    count++;
  }
  if (count && !call->quiet)
    output_message("%s is not known in %d of %d rows, which have no value: the rules cannot work "
                   "it out there (%s is no)",
                   output->name, count, output->rows, known->name);
}

static struct run_output output_of(struct call *call, const struct run_request *r,
                                   const struct rule_variable *v) {
  const int rows = r->files.pop->rows[v->entity->index];
  return (struct run_output){.name = v->name,
                             .rows = rows,
                             .values = arena_array(call->arena, double, rows + 1)};
}

static enum status compute(struct call *call, struct run_request *r, struct error *err) {
  const enum rule_reading reading = r->files.annual ? READ_ANNUAL : READ_LEGAL;
  struct compiler *c = compiler_make(call->arena, r->rules, r->files.pop, reading);
  int *known = arena_array(call->arena, int, r->count + 1), count = r->count;
  c->progress = call->progress;
  enum status status = DONE;
  for (int i = 0; i < r->count && status == DONE; i++) {
    const struct rule_variable *v = r->variables[i];
    struct run_output *o = &r->outputs[i];
    *o = output_of(call, r, v);
    status = compile_over(c, v, r->files.period, &o->step, err);
    if (!v->known || status != DONE) continue;
    known[i] = count;
    r->outputs[count] = output_of(call, r, v->known);
    status = compile_over(c, v->known, r->files.period, &r->outputs[count++].step, err);
  }
  if (status != DONE) return status;
  say_alone(call, r, c);
  say_shorter(call, c);
  status = run_plan(call->arena, c, r->outputs, count, workers_count(), err);
  for (int i = 0; i < r->count && status == DONE; i++)
    if (known[i]) drop_unknown(call, &r->outputs[i], &r->outputs[known[i]]);
  return status;
}

/* The results of one kind of row, under another name until all are there. */
static enum status write_waiting(struct call *call, const struct run_request *r, int e, int folder,
                                 struct waiting_file *file, struct error *err) {
  struct population_result *results = arena_array(call->arena, struct population_result,
                                                  r->count + 1);
  struct text text = {0};
  int n = 0;
  for (int i = 0; i < r->count; i++)
    if (r->variables[i]->entity->index == e)
      results[n++] = (struct population_result){r->variables[i], r->outputs[i].values};
  if (!n) return DONE;
  file->name = r->files.file_names[e];
  population_files_write(&r->files, e, results, n, &text);
  enum status status = file_write_waiting(folder, file, 0644, span_make(text.bytes, text.size),
                                          err);
  if (status == DONE && !call->quiet)
    text_addf(&call->out, "%s/%s: %d rows, %d columns\n", call_option(call, "to"), file->name,
              r->files.given[e], n + 1);
  text_release(&text);
  return status;
}

static enum status write_results(struct call *call, struct run_request *r, const char *dir,
                                 struct error *err) {
  struct waiting_file files[RULE_ENTITIES_MOST] = {0};
  int folder = -1, count = 0;
  enum status status = folder_open(AT_FDCWD, dir, 0755, &folder, err);
  for (int e = 0; e < r->rules->entity_count && status == DONE; e++) {
    status = write_waiting(call, r, e, folder, &files[count], err);
    count += status == DONE && files[count].name;
  }
  if (status == DONE) status = files_place(folder, files, count, err);
  if (folder >= 0) {
    files_drop(folder, files, count);
    close(folder);
  }
  return status == DONE ? DONE : error_while(err, "writing to %s", dir);
}

/* The folder `path`, or what is to hold it, lies in `around` or is it. */
static bool lies_in(struct call *call, const char *path, const char *around) {
  struct stat outer, at, before = {0};
  if (stat(around, &outer) != 0) return false;
  const char *up = path;
  while (stat(up, &at) != 0) { /* not made yet */
    const char *slash = strrchr(up, '/');
    up = !slash ? "." : slash == up ? "/" : arena_copy(call->arena, up, (size_t)(slash - up));
  }
  for (int depth = 0; depth < FOLDER_DEPTH_MOST; depth++) {
    if (at.st_dev == outer.st_dev && at.st_ino == outer.st_ino) return true;
    if (at.st_dev == before.st_dev && at.st_ino == before.st_ino) break; /* the root */
    before = at;
    up = arena_printf(call->arena, "%s/..", up);
    if (stat(up, &at) != 0) break;
  }
  return false;
}

static enum status look_at_folder(struct call *call, const struct run_request *r, const char *to,
                                  struct error *err) {
  const char *const *packs;
  int count;
  struct stat x, y;
  if (stat(to, &x) == 0 && stat(r->files.folder, &y) == 0 && x.st_dev == y.st_dev &&
      x.st_ino == y.st_ino)
    return error_set(err, USAGE, "--to is the folder that is read; name another for the results");
  if (call_policies(call, &packs, &count, err) != DONE) return err->code;
  for (int i = 0; i < count; i++)
    if (lies_in(call, to, packs[i]))
      return error_set(err, USAGE,
                       "--to lies in the policy pack %s; name another folder for the "
                       "results",
                       packs[i]);
  return DONE;
}

enum status rules_run(struct call *call, struct error *err) {
  struct run_request r = {0};
  const char *to = call_option(call, "to");
  if (call->argument_count != 2) return error_set(err, USAGE, "write run DIR, a folder of people");
  if (!to) return error_set(err, USAGE, "--to is missing; name a folder for the results");
  const struct out_path out = call_out_path(call, "--to", to);
  if (out_folder_check(&out, err) != DONE || load(call, &r.rules, err) != DONE) return err->code;
  r.files.folder = call->arguments[1];
  r.files.annual = r.rules->is_annual && !call_has(call, "legal");
  if (look_at_folder(call, &r, to, err) != DONE) return err->code;
  if (asked_period(call, r.rules, &r.files.period, err) != DONE) return err->code;
  if (r.files.annual) r.files.period = period_around(r.rules, r.files.period, EACH_YEAR);
  if (name_outputs(call, &r, err) != DONE ||
      population_files_read(call->arena, r.rules, &r.files, err) != DONE)
    return err->code;
  for (int i = 0; i < r.files.left_alone_count && !call->quiet; i++)
    output_message("the column %s is a result, not an input; it is not read",
                   r.files.left_alone[i]);
  enum status status = look_at_groups(call, &r, err);
  if (status == DONE) status = compute(call, &r, err);
  return status == DONE ? write_results(call, &r, to, err) : status;
}

/* ---- explain ---- */

static enum status one_document(struct call *call, const char *path, const struct yaml_node **out,
                                struct error *err) {
  struct yaml_stream stream;
  enum status status = yaml_read_file(call->arena, path, &stream, err);
  if (status != DONE) return status;
  if (stream.count != 1) {
    (void)refuse(err, RULE_SITUATION_MALFORMED);
    return error_at(err, path, 1, NULL);
  }
  *out = stream.documents[0];
  return DONE;
}

/* `anna.employment_income`, or the input alone: of the first person. */
static enum status vary(struct call *call, const struct rules *rules, const struct situation *s,
                        const struct rule_variable *output, struct error *err) {
  const char *what = call_option(call, "vary"), *dot = strchr(what, '.');
  int64_t most, step;
  struct vary_request q = {.situation = s, .rules = rules, .output = output};
  struct vary_points points = {0};
  const struct span name = span_of(dot ? dot + 1 : what);
  if (dot) q.person = arena_copy(call->arena, what, (size_t)(dot - what));
  q.input = rules_variable(rules, name);
  if (!q.input) return rules_refuse_name(rules, name, err);
  if (!call_has(call, "most") || !call_has(call, "step"))
    return error_set(err, USAGE, "with --vary write --most and --step, as whole numbers");
  if (call_count(call, "most", 1, INT32_MAX, &most, err) != DONE ||
      call_count(call, "step", 1, INT32_MAX, &step, err) != DONE)
    return err->code;
  q.to = (double)most;
  q.step = (double)step;
  if (vary_run(call->arena, &q, &points, err) != DONE) return err->code;
  switch (call_format(call)) {
  case FORMAT_HTML: vary_html(&q, &points, &call->out); break;
  case FORMAT_CSV: vary_csv(&q, &points, &call->out); break;
  case FORMAT_JSON: vary_json(&q, &points, &call->out); break;
  default: vary_text(&q, &points, &call->out);
  }
  return DONE;
}

/* What can be said while the inputs that --unknown names are not known. */
static enum status ranges(struct call *call, const struct rules *rules, const struct situation *s,
                          struct error *err) {
  const int count = call->argument_count - 1;
  struct range_unknown *unknowns = arena_array(call->arena, struct range_unknown,
                                               call->options_given_count + 1);
  struct range_wanted *wanted = arena_array(call->arena, struct range_wanted, count);
  struct range_request q = {.rules = rules,
                            .pop = s->pop,
                            .reading = s->annual ? READ_ANNUAL : READ_LEGAL,
                            .unknowns = unknowns,
                            .wanted_count = count,
                            .wanted = wanted};
  struct range_result result;
  if (rules_format_check(call, "--unknown", "text json", err) != DONE) return err->code;
  for (int i = 0; i < count; i++) {
    const struct span name = span_of(call->arguments[i + 1]);
    wanted[i] = (struct range_wanted){.variable = rules_variable(rules, name), .period = s->period};
    if (!wanted[i].variable) return rules_refuse_name(rules, name, err);
  }
  for (int i = 0; i < call->options_given_count; i++) {
    if (strcmp(call->given[i].option->name, "unknown") != 0) continue;
    struct range_unknown *u = &unknowns[q.unknown_count++];
    if (range_unknown_read(s, span_of(call->given[i].value), u, err) != DONE) return err->code;
    for (const struct range_unknown *other = unknowns; other < u; other++)
      if (other->variable == u->variable && other->row == u->row)
        return refuse(err, RULE_UNKNOWN_TWICE, u->variable->name);
  }
  if (range_find(call->arena, &q, &result, err) != DONE) return err->code;
  if (call_format(call) == FORMAT_JSON) range_json(s, &q, &result, &call->out);
  else range_text(s, &q, &result, &call->out);
  return DONE;
}

static void say_gaps(struct call *call, const struct compiler *c) {
  struct explain_gap *gaps;
  const int count = explain_gaps(call->arena, c, &gaps);
  for (int i = 0; i < count && !call->quiet; i++) {
    const char *needed = period_write(call->arena, gaps[i].needed);
    output_message("%s is given for %s; it is needed for %s too, where it counts as not given: "
                   "write it as {%s: ...}",
                   gaps[i].variable->name, period_write(call->arena, gaps[i].given), needed,
                   needed);
  }
}

/* Where the rules say that they do not know what was asked, its figure is none. */
static enum status say_unknown(struct call *call, const struct compiler *c,
                               const struct rule_variable *v, struct rule_period period,
                               struct error *err) {
  if (!v->known || call->quiet) return DONE;
  struct compiler *own = compiler_make(call->arena, c->rules, c->pop, c->reading);
  struct explanation e = {0};
  if (explain_variable(call->arena, own, v->known, period, &e, err) != DONE) return err->code;
  bool all = true;
  for (int i = 0; i < e.all[0].rows; i++) all &= e.all[0].values[i] != 0;
  if (!all)
    output_message("%s is not known: the rules cannot work it out here, and count it as nothing "
                   "where it is not stated (%s is no)",
                   v->name, v->known->name);
  return DONE;
}

enum status rules_explain(struct call *call, struct error *err) {
  struct rules *rules;
  const struct yaml_node *facts = NULL;
  const char *path = call_option(call, "household");
  if (call->argument_count != 2 && !(call->argument_count > 2 && call_has(call, "unknown")))
    return error_set(err, USAGE, "write explain VARIABLE --household FILE --period 2025-26");
  if (load(call, &rules, err) != DONE) return err->code;
  struct situation s = {.arena = call->arena,
                        .rules = rules,
                        .annual = rules->is_annual &&
                                  (call_has(call, "annual") || call_has(call, "vary"))};
  const struct span name = span_of(call->arguments[1]);
  const struct rule_variable *v = rules_variable(rules, name);
  if (!v) return rules_refuse_name(rules, name, err);
  if (asked_period(call, rules, &s.period, err) != DONE) return err->code;
  if (s.annual) s.period = period_around(rules, s.period, EACH_YEAR);
  if ((path && one_document(call, path, &facts, err) != DONE) ||
      situation_read(&s, facts, path ? path : "", err) != DONE)
    return err->code;
  if (s.override_count) {
    struct parameters *tree;
    if (parameters_override(call->arena, rules->parameters, s.overrides, s.override_count, &tree,
                            err) != DONE)
      return err->code;
    rules = rules_with_parameters(call->arena, rules, tree);
  }
  if (call_has(call, "vary")) return vary(call, rules, &s, v, err);
  if (call_has(call, "unknown")) return ranges(call, rules, &s, err);
  struct compiler *c = compiler_make(call->arena, rules, s.pop,
                                     s.annual ? READ_ANNUAL : READ_LEGAL);
  struct explanation e = {0};
  if (explain_variable(call->arena, c, v, s.period, &e, err) != DONE) return err->code;
  say_gaps(call, c);
  if (say_unknown(call, c, v, s.period, err) != DONE) return err->code;
  const struct explain_writer writer = {call->arena, c, &s, &e, call_has(call, "full")};
  switch (call_format(call)) {
  case FORMAT_JSON: explain_json(&writer, &call->out); break;
  case FORMAT_CSV: explain_csv(&writer, &call->out); break;
  case FORMAT_HTML: explain_html(&writer, &call->out); break;
  default: explain_text(&writer, &call->out);
  }
  return DONE;
}
