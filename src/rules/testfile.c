#include "rules/testfile.h"

#include "base/folder.h"
#include "base/refusal.h"
#include "rules/run.h"
#include "rules/situation.h"
#include "rules/values.h"
#include <math.h>

enum { PACKS_MOST = 16, REFORMS_MOST = 256 };

struct testfile_runner {
  struct arena *arena; /* of the results */
  struct arena *spare; /* of one case */
  const struct rules *rules;
  int pack_count;
  const char *packs[PACKS_MOST];
  int reform_count;
  struct laid_reform {
    const char *name;
    const struct rules *under;
    struct rules *rules;
  } reforms[REFORMS_MOST];
};

struct testfile_runner *testfile_runner_make(struct arena *arena, const struct rules *rules,
                                             const char *const *packs, int count) {
  struct testfile_runner *r = arena_array(arena, struct testfile_runner, 1);
  *r = (struct testfile_runner){.arena = arena, .spare = arena_new(), .rules = rules};
  r->pack_count = count < PACKS_MOST ? count : PACKS_MOST;
  for (int i = 0; i < r->pack_count; i++) r->packs[i] = packs[i];
  return r;
}

void testfile_runner_free(struct testfile_runner *runner) { arena_free(runner->spare); }

/* What a variable came to, in the order in which the rows were given. */
struct known_values {
  const struct rule_variable *variable;
  struct rule_period period;
  double *values;
};

/* One case, while it is run. */
struct trial {
  struct testfile_runner *runner;
  const char *file;
  const struct yaml_node *node; /* the case */
  const struct rules *rules;
  struct situation situation;
  struct compiler *compiler;
  struct text why; /* what differs */
  int compared;    /* values */
  int known_count, known_room;
  struct known_values *known;
  struct map names[RULE_ENTITIES_MOST]; /* of rows, filled when the first is looked for */
  struct error *err;
};

/* ---- reforms ---- */

static const char *last_part(const char *path) {
  const char *dot = strrchr(path, '.');
  return dot ? dot + 1 : path;
}

/* `a.b.NAME`: the folder reforms/NAME of a pack, laid over. */
static enum status lay_reform(struct trial *t, const char *path) {
  struct testfile_runner *r = t->runner;
  const char *name = last_part(path);
  if (!*name) return refuse(t->err, RULE_REFORM_UNKNOWN, path);
  for (int i = 0; i < r->reform_count; i++)
    if (r->reforms[i].under == t->rules && strcmp(r->reforms[i].name, name) == 0) {
      t->rules = r->reforms[i].rules;
      return DONE;
    }
  for (int i = r->pack_count - 1; i >= 0; i--) {
    char *folder = arena_printf(r->arena, "%s/reforms/%s", r->packs[i], name);
    if (!path_is_folder(folder)) continue;
    struct rules *laid;
    enum status status = rules_lay_over(r->arena, t->rules, folder, &laid, t->err);
    if (status != DONE) return status;
    if (r->reform_count < REFORMS_MOST)
      r->reforms[r->reform_count++] = (struct laid_reform){arena_string(r->arena, name), t->rules,
                                                           laid};
    t->rules = laid;
    return DONE;
  }
  return refuse(t->err, RULE_REFORM_UNKNOWN, path);
}

/* `{gov.x.y: {2025: 3}}`: parameters from a period on, or in it. */
static enum status change_parameters(struct trial *t, const struct yaml_node *map) {
  enum { CHANGES_MOST = 64 };
  struct parameter_override all[CHANGES_MOST];
  int n = 0;
  for (int i = 0; i < map->count; i++) {
    const struct yaml_node *values = map->items[i];
    if (values->kind != YAML_MAP)
      return refuse(t->err, RULE_REFORM_UNKNOWN, map->keys[i]->text.bytes);
    for (int k = 0; k < values->count; k++) {
      struct rule_period p;
      double number;
      bool yes = false;
      if (n == CHANGES_MOST || period_parse(t->rules, values->keys[k]->text, &p, t->err) != DONE ||
          (!yaml_as_number(values->items[k], &number) && !yaml_as_bool(values->items[k], &yes)))
        return refuse(t->err, RULE_REFORM_UNKNOWN, map->keys[i]->text.bytes);
      int year, month, day;
      day_parts(p.start, &year, &month, &day);
      all[n++] = (struct parameter_override){
          .path = map->keys[i]->text,
          .from = day_make(year, 1, 1),
          .to = day_make(year + 1, 1, 1),
          .value = {.form = FORM_NUMBER,
                    .number = yaml_as_number(values->items[k], &number) ? number : yes}};
    }
  }
  struct parameters *tree;
  enum status status = parameters_override(t->runner->spare, t->rules->parameters, all, n, &tree,
                                           t->err);
  if (status == DONE) t->rules = rules_with_parameters(t->runner->spare, t->rules, tree);
  return status;
}

static enum status apply_reforms(struct trial *t) {
  const struct yaml_node *reforms = yaml_get(t->node, "reforms");
  if (!reforms || yaml_is_null(reforms)) return DONE;
  if (reforms->kind == YAML_MAP) return change_parameters(t, reforms);
  if (reforms->kind == YAML_SCALAR) return lay_reform(t, reforms->text.bytes);
  enum status status = DONE;
  for (int i = 0; i < reforms->count && status == DONE; i++)
    status = lay_reform(t, reforms->items[i]->kind == YAML_SCALAR ? reforms->items[i]->text.bytes
                                                                  : "");
  return status;
}

/* ---- what is expected ---- */

/* The published cases name a year by any month of the calendar's: 2025-02 is the year 2025. */
static enum status period_of(const struct trial *t, struct span text, struct rule_period *out) {
  enum status status = period_parse(t->rules, text, out, t->err);
  if (status != DONE || !t->rules->is_annual || out->each >= EACH_YEAR) return status;
  int year, month, day;
  day_parts(out->start, &year, &month, &day);
  *out = period_year(t->rules, year);
  return DONE;
}

/* Each margin, for all or of one variable, is finite and not below 0. */
static enum status check_margins(const struct trial *t) {
  static const char *const keys[] = {"absolute_error_margin", "relative_error_margin"};
  for (int k = 0; k < 2; k++) {
    const struct yaml_node *node = yaml_get(t->node, keys[k]);
    const int count = node && node->kind == YAML_MAP ? node->count : node != NULL;
    for (int i = 0; i < count; i++) {
      const struct yaml_node *one = node->kind == YAML_MAP ? node->items[i] : node;
      double margin;
      char quoted[SPAN_QUOTE_SIZE];
      if (yaml_is_null(one) || (yaml_as_number(one, &margin) && isfinite(margin) && margin >= 0))
        continue;
      return refuse(t->err, RULE_CASE_MARGIN,
                    one->kind == YAML_SCALAR ? span_quote(one->text, quoted) : "[...]");
    }
  }
  return DONE;
}

static double margin_for(const struct trial *t, const char *key, const char *variable,
                         double otherwise) {
  const struct yaml_node *node = yaml_get(t->node, key);
  double margin;
  if (node && node->kind == YAML_MAP) {
    const struct yaml_node *own = yaml_get(node, variable);
    node = own ? own : yaml_get(node, "default");
  }
  return node && yaml_as_number(node, &margin) ? margin : otherwise;
}

static bool is_near(const struct trial *t, const struct rule_variable *v, double got,
                    double wanted) {
  const char *variable = v->name;
  const double absolute = margin_for(t, "absolute_error_margin", variable, -1);
  const double relative = margin_for(t, "relative_error_margin", variable, -1);
  if (got == wanted || v->type.kind == KIND_ENUM || v->type.kind == KIND_BOOL) return got == wanted;
  const double apart = fabs((double)(float)got - (double)(float)wanted);
  if (absolute < 0 && relative < 0) return apart <= (t->rules->is_annual ? 1e-3 : 0);
  return (absolute >= 0 && apart <= absolute) ||
         (relative >= 0 && apart <= relative * fabs(wanted));
}

static void add_value(struct text *out, const struct rule_variable *v, double value) {
  if (rule_value_word(out, &v->type, value)) return;
  if (v->type.kind == KIND_BOOL) text_add(out, value != 0 ? "true" : "false");
  else text_addf(out, "%.10g", value);
}

static void differs(struct trial *t, const struct rule_variable *v, int row, bool several,
                    double wanted, double got) {
  if (t->why.size) text_add(&t->why, "; ");
  text_add(&t->why, v->name);
  if (several) text_addf(&t->why, "[%d]", row);
  text_add(&t->why, ": expected ");
  add_value(&t->why, v, wanted);
  text_add(&t->why, ", got ");
  add_value(&t->why, v, got);
}

/* The values of a variable, in the order in which the rows were given. */
static enum status compute_values(struct trial *t, const struct rule_variable *v,
                                  struct rule_period period, double **out) {
  const int entity = v->entity->index, rows = t->situation.rows[entity];
  struct arena *arena = t->runner->spare;
  int step;
  enum status status = compile_variable(t->compiler, v, period, &step, t->err);
  if (status != DONE) return status;
  double *values = arena_array(arena, double, rows + 1);
  const struct run_output output = {v->name, step, rows, values};
  status = run_plan(arena, t->compiler, &output, 1, 1, t->err);
  *out = arena_array(arena, double, rows + 1);
  for (int i = 0; i < rows; i++) (*out)[t->situation.pop->order[entity][i]] = values[i];
  return status;
}

/* Once in a case: its rows may each expect a value of it. */
static enum status values_of(struct trial *t, const struct rule_variable *v,
                             struct rule_period period, double **out) {
  for (int i = 0; i < t->known_count; i++)
    if (t->known[i].variable == v && t->known[i].period.each == period.each &&
        t->known[i].period.start == period.start) {
      *out = t->known[i].values;
      return DONE;
    }
  enum status status = compute_values(t, v, period, out);
  if (status != DONE) return status;
  arena_reserve(t->runner->spare, t->known, t->known_room, t->known_count + 1);
  t->known[t->known_count++] = (struct known_values){v, period, *out};
  return DONE;
}

/* A result that was given is not worked out: it would agree with itself. */
static bool is_given(const struct trial *t, const struct rule_variable *v,
                     struct rule_period period) {
  const struct rule_population *pop = t->situation.pop;
  for (int c = 0; c < pop->column_count; c++)
    if (pop->columns[c].variable == v && pop->columns[c].period.each == period.each &&
        pop->columns[c].period.start == period.start)
      return true;
  return false;
}

/* `wanted`: a value for all rows, or a list of one for each. `row` -1: all. */
static enum status compare_in(struct trial *t, const struct rule_variable *v, int row,
                              struct rule_period period, const struct yaml_node *wanted) {
  double *got = NULL, expected;
  const int rows = t->situation.rows[v->entity->index];
  const bool list = wanted->kind == YAML_LIST;
  const bool asked = v->period == EACH_ASKED && !t->situation.annual;
  if (!asked) period = situation_period(&t->situation, v, period);
  if (is_given(t, v, period)) return refuse(t->err, RULE_CASE_GIVEN, v->name);
  enum status status = values_of(t, v, period, &got);
  const int expects = row < 0 ? rows : 1;
  if (status == DONE && list && wanted->count != expects && wanted->count != 1) {
    if (t->why.size) text_add(&t->why, "; ");
    text_addf(&t->why, "%s: expected %d values, got %d", v->name, wanted->count, expects);
    return DONE;
  }
  for (int i = row < 0 ? 0 : row; i < (row < 0 ? rows : row + 1) && status == DONE; i++) {
    const struct yaml_node *one = list ? wanted->items[wanted->count == 1 ? 0 : i] : wanted;
    if (yaml_is_null(one)) return refuse(t->err, RULE_CASE_EMPTY, v->name);
    status = situation_value(&t->situation, v, one, t->file, &expected, t->err);
    t->compared += status == DONE;
    if (status == DONE && !is_near(t, v, got[i], expected))
      differs(t, v, i, rows > 1 && row < 0, expected, got[i]);
  }
  return status;
}

static enum status compare(struct trial *t, const struct yaml_node *key, int row,
                           const struct yaml_node *wanted) {
  const struct rule_variable *v = rules_variable(t->rules, key->text);
  if (!v) return rules_refuse_name(t->rules, key->text, t->err);
  if (wanted->kind == YAML_MAP && !wanted->count) return refuse(t->err, RULE_CASE_EMPTY, v->name);
  if (wanted->kind != YAML_MAP) return compare_in(t, v, row, t->situation.period, wanted);
  enum status status = DONE;
  for (int i = 0; i < wanted->count && status == DONE; i++) {
    struct rule_period p;
    status = period_of(t, wanted->keys[i]->text, &p);
    if (status == DONE) status = compare_in(t, v, row, p, wanted->items[i]);
  }
  return status;
}

static int row_named(struct trial *t, const struct rule_entity *e, struct span name) {
  struct map *names = &t->names[e->index];
  const char **all = t->situation.names[e->index];
  if (!names->arena) {
    names->arena = t->runner->spare;
    for (int i = 0; all && i < t->situation.rows[e->index]; i++)
      if (all[i] && *all[i]) map_set(names, span_of(all[i]), i);
  }
  return name.size ? (int)map_get(names, name) : -1;
}

static enum status compare_row(struct trial *t, const struct rule_entity *e,
                               const struct yaml_node *map, int row) {
  enum status status = DONE;
  if (map->kind != YAML_MAP) return refuse(t->err, RULE_ROWS_MALFORMED, e->name);
  for (int i = 0; i < map->count && status == DONE; i++) {
    const struct rule_variable *v = rules_variable(t->rules, map->keys[i]->text);
    if (v && v->entity->index != e->index)
      return refuse(t->err, RULE_GIVEN_OF_ENTITY, v->name, v->entity->name,
                    rule_entity_rows(v->entity));
    status = compare(t, map->keys[i], row, map->items[i]);
  }
  return status;
}

static enum status compare_output(struct trial *t, const struct yaml_node *output) {
  enum status status = DONE;
  if (output->kind != YAML_MAP) return refuse(t->err, RULE_SITUATION_MALFORMED);
  for (int i = 0; i < output->count && status == DONE; i++) {
    const struct yaml_node *key = output->keys[i], *item = output->items[i];
    const struct rule_entity *e = rules_entity(t->rules, key->text);
    if (!e) {
      status = compare(t, key, -1, item);
      continue;
    }
    if (span_is(key->text, e->name)) {
      const int row = row_named(t, e, key->text);
      status = compare_row(t, e, item, row < 0 ? 0 : row);
      continue;
    }
    if (item->kind != YAML_MAP) return refuse(t->err, RULE_ROWS_MALFORMED, e->name);
    for (int k = 0; k < item->count && status == DONE; k++) {
      const int row = row_named(t, e, item->keys[k]->text);
      char quoted[SPAN_QUOTE_SIZE];
      if (row < 0)
        return refuse(t->err, RULE_MEMBER_UNKNOWN, span_quote(item->keys[k]->text, quoted));
      status = compare_row(t, e, item->items[k], row);
    }
  }
  return status;
}

/* ---- a case ---- */

static enum status read_period(struct trial *t) {
  const struct yaml_node *period = yaml_get(t->node, "period");
  if (!period || period->kind != YAML_SCALAR) return refuse(t->err, RULE_CASE_LACKS, "period");
  return period_of(t, period->text, &t->situation.period);
}

static enum status run_case(struct trial *t) {
  static const char *const known[] = {"name",
                                      "description",
                                      "keywords",
                                      "period",
                                      "input",
                                      "output",
                                      "reforms",
                                      "absolute_error_margin",
                                      "relative_error_margin"};
  for (int i = 0; i < t->node->count; i++) {
    bool is_known = false;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
      is_known |= span_is(t->node->keys[i]->text, known[k]);
    if (!is_known) return refuse(t->err, RULE_CASE_KEY, t->node->keys[i]->text.bytes);
  }
  const struct yaml_node *output = yaml_get(t->node, "output");
  if (!output) return refuse(t->err, RULE_CASE_LACKS, "output");
  enum status status = check_margins(t);
  if (status == DONE) status = apply_reforms(t);
  if (status == DONE) status = read_period(t);
  if (status != DONE) return status;
  struct situation *s = &t->situation;
  s->arena = t->runner->spare;
  s->rules = t->rules;
  s->annual = t->rules->is_annual;
  s->takes_truths = true;
  status = situation_read(s, yaml_get(t->node, "input"), t->file, t->err);
  s->takes_truths = false;
  if (status == DONE && s->override_count) {
    struct parameters *tree;
    status = parameters_override(s->arena, t->rules->parameters, s->overrides, s->override_count,
                                 &tree, t->err);
    if (status == DONE) t->rules = rules_with_parameters(s->arena, t->rules, tree);
  }
  if (status != DONE) return status;
  t->compiler = compiler_make(s->arena, t->rules, s->pop, s->annual ? READ_ANNUAL : READ_LEGAL);
  status = compare_output(t, output);
  return status == DONE && !t->compared && !t->why.size ? refuse(t->err, RULE_CASE_COMPARES_NOTHING)
                                                        : status;
}

static void add_result(struct testfile_runner *r, struct testfile_results *results,
                       const struct trial *t, enum testfile_outcome outcome, const char *why) {
  const char *name = yaml_text(yaml_get(t->node, "name"));
  arena_reserve(r->arena, results->all, results->room, results->count + 1);
  results->all[results->count++] =
      (struct testfile_result){.file = t->file,
                               .name = arena_string(r->arena, name ? name : ""),
                               .line = t->node->line,
                               .outcome = outcome,
                               .why = why && *why ? arena_string(r->arena, why) : NULL};
  results->counts[outcome]++;
}

/* Whether the case names what we lack; otherwise what we have gives no answer, which differs. */
static bool names_what_lacks(const struct error *why) {
  switch (why->refusal.code) {
  case REFUSAL_RULE_DIVIDES_BY_ZERO:
  case REFUSAL_RULE_NO_RESULT:
  case REFUSAL_RULE_NO_VALUE:
  case REFUSAL_RULE_NO_VALUE_YET: return false;
  default: return true;
  }
}

static enum status run_node(struct testfile_runner *r, const char *file,
                            const struct yaml_node *node, struct testfile_results *results,
                            struct error *err) {
  struct error why = {0};
  struct trial t = {.runner = r, .file = file, .node = node, .rules = r->rules, .err = &why};
  enum status status = node->kind == YAML_MAP ? run_case(&t) : refuse(&why, RULE_CASES_MALFORMED);
  if (status == FAILED) *err = why;
  else if (status != DONE)
    add_result(r, results, &t, names_what_lacks(&why) ? CASE_UNSUPPORTED : CASE_DIFFERS,
               why.message);
  else add_result(r, results, &t, t.why.size ? CASE_DIFFERS : CASE_AGREES, t.why.bytes);
  text_release(&t.why);
  arena_reset(r->spare);
  return status == FAILED ? FAILED : DONE;
}

void testfile_add_refused(struct testfile_runner *runner, const char *file, const struct error *why,
                          struct testfile_results *results) {
  struct yaml_node node = {.line = (int)why->line};
  struct trial t = {.file = arena_string(runner->arena, file), .node = &node};
  add_result(runner, results, &t, CASE_UNSUPPORTED, why->message);
  results->all[results->count - 1].is_file = true;
}

enum status testfile_run(struct testfile_runner *runner, const char *file,
                         struct testfile_results *results, struct error *err) {
  struct yaml_stream stream;
  struct arena *own = arena_new();
  enum status status = yaml_read_file(own, file, &stream, err);
  const char *kept = arena_string(runner->arena, file);
  for (int d = 0; status == DONE && d < stream.count; d++) {
    const struct yaml_node *root = stream.documents[d];
    if (root->kind == YAML_MAP) status = run_node(runner, kept, root, results, err);
    else if (root->kind == YAML_LIST)
      for (int i = 0; i < root->count && status == DONE; i++)
        status = run_node(runner, kept, root->items[i], results, err);
    else if (!yaml_is_null(root)) {
      (void)refuse(err, RULE_CASES_MALFORMED);
      status = error_at(err, file, (uint64_t)root->line, NULL);
    }
  }
  arena_free(own);
  return status;
}
