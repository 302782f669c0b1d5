#include "rules/explain.h"

#include "rules/run.h"
#include <math.h>

struct telling {
  struct arena *arena;
  const struct compiler *c;
  struct explanation *out;
  double **values; /* of each compiled variable, in the order given */
  bool *told;
  int *least_depth;          /* of each compiled variable: where it is explained; -1: nowhere */
  int *first_use, *next_use; /* of each reader, its uses in order */
  int *met, *met_next;       /* of each variable, its instances that are explained, from 1 */
  int *explained;            /* of each compiled variable: the one that explains it */
  bool *holds;               /* of each choice: in some row */
  double **scale_at;         /* of each step that a scale was applied to, its rows */
  int *alike;                /* of each compiled variable: 0 not known, else its class */
  struct map classes;        /* by what it comes from */
  int class_count;
  int *use_node; /* of each use, its node */
};

static int rows_of_step(const struct compiler *c, int step) {
  const int entity = c->plan.steps[step].entity;
  return plan_is_constant(&c->plan, step) || entity < 0 ? 1 : c->pop->rows[entity];
}

static void step_output(struct telling *t, int step, struct run_output *outputs, int *count,
                        double **of_step) {
  if (of_step[step]) return;
  const int rows = rows_of_step(t->c, step);
  of_step[step] = arena_array(t->arena, double, rows + 1);
  outputs[(*count)++] = (struct run_output){NULL, step, rows, of_step[step]};
}

/* Adds what chooses, and what scales are applied to, to what is computed; returns where each
 * step's values are. */
static double **choice_outputs(struct telling *t, struct run_output *outputs, int *count) {
  const struct compiler *c = t->c;
  double **of_step = arena_array(t->arena, double *, c->plan.step_count + 1);
  for (int i = 0; i < c->choice_count; i++)
    step_output(t, c->choices[i].step, outputs, count, of_step);
  for (int i = 0; i < c->use_count; i++)
    if (c->uses[i].scale) step_output(t, c->uses[i].scale->x, outputs, count, of_step);
  return of_step;
}

/* A choice holds where a row has its item, and the choice around it holds. */
static void find_choices(struct telling *t, double *const *of_step) {
  const struct compiler *c = t->c;
  t->holds = arena_array(t->arena, bool, c->choice_count + 1);
  for (int i = 0; i < c->choice_count; i++) {
    const struct compiled_choice *one = &c->choices[i];
    bool occurs = false;
    for (int k = 0; k < rows_of_step(c, one->step); k++)
      occurs |= of_step[one->step][k] == one->item;
    t->holds[i] = occurs && (!one->outer || t->holds[one->outer - 1]);
  }
}

/* Every compiled variable's values, in one run. */
static enum status find_values(struct telling *t, const struct rule_variable *v, int step,
                               double **asked, struct error *err) {
  const struct compiler *c = t->c;
  int scales = 0;
  for (int i = 0; i < c->use_count; i++) scales += c->uses[i].scale != NULL;
  struct run_output *outputs = arena_array(t->arena, struct run_output,
                                           c->count + c->choice_count + scales + 2);
  int n = 0;
  const int own = v->entity->index, own_rows = c->pop->rows[own];
  double *total = arena_array(t->arena, double, own_rows + 1);
  outputs[n++] = (struct run_output){v->name, step, own_rows, total};
  t->values = arena_array(t->arena, double *, c->count + 1);
  for (int i = 0; i < c->count; i++) {
    const int rows = c->pop->rows[c->all[i].variable->entity->index];
    if (c->all[i].step < 0) continue;
    t->values[i] = arena_array(t->arena, double, rows + 1);
    outputs[n++] = (struct run_output){NULL, c->all[i].step, rows, t->values[i]};
  }
  t->scale_at = choice_outputs(t, outputs, &n);
  enum status status = run_plan(t->arena, c, outputs, n, 1, err);
  find_choices(t, t->scale_at);
  *asked = arena_array(t->arena, double, own_rows + 1);
  for (int k = 0; k < own_rows && status == DONE; k++) (*asked)[c->pop->order[own][k]] = total[k];
  for (int i = 0; i < c->count && status == DONE; i++) {
    const int entity = c->all[i].variable->entity->index;
    double *given = arena_array(t->arena, double, c->pop->rows[entity] + 1);
    for (int k = 0; t->values[i] && k < c->pop->rows[entity]; k++)
      given[c->pop->order[entity][k]] = t->values[i][k];
    t->values[i] = given;
  }
  return status;
}

static void order_uses(struct telling *t) {
  const struct compiler *c = t->c;
  t->first_use = arena_array(t->arena, int, c->count + 1);
  t->next_use = arena_array(t->arena, int, c->use_count + 1);
  for (int i = 0; i < c->count; i++) t->first_use[i] = -1;
  for (int i = c->use_count - 1; i >= 0; i--) {
    t->next_use[i] = t->first_use[c->uses[i].reader];
    t->first_use[c->uses[i].reader] = i;
  }
}

static bool is_read(const struct telling *t, const struct compiled_use *use) {
  return !use->choice || t->holds[use->choice - 1];
}

static bool same_use(const struct compiled_use *a, const struct compiled_use *b) {
  return a->used == b->used && a->parameter == b->parameter && a->entry == b->entry;
}

static bool used_before(const struct telling *t, int reader, int use) {
  for (int i = t->first_use[reader]; i >= 0 && i != use; i = t->next_use[i])
    if (is_read(t, &t->c->uses[i]) && same_use(&t->c->uses[i], &t->c->uses[use])) return true;
  return false;
}

/* Whether what is not read here stands elsewhere in the same formula, read or told of before. */
static bool used_otherwise(const struct telling *t, int reader, int use) {
  for (int i = t->first_use[reader]; i >= 0; i = t->next_use[i])
    if (i != use && same_use(&t->c->uses[i], &t->c->uses[use]) &&
        (i < use || is_read(t, &t->c->uses[i])))
      return true;
  return false;
}

static int add_node(struct telling *t, struct explain_node node) {
  arena_reserve(t->arena, t->out->all, t->out->room, t->out->count + 1);
  t->out->all[t->out->count] = node;
  return t->out->count++;
}

/* ---- what comes about alike ---- */

/* Two values are of one class where all that they come from is the same: their own values, the
 * version of the law, parameters, and the classes of what they read. */
static int class_of(struct telling *t, int which) {
  const struct compiled *own = &t->c->all[which];
  if (t->alike[which]) return t->alike[which];
  t->alike[which] = -1;
  struct text key = {0};
  const size_t rows = (size_t)t->c->pop->rows[own->variable->entity->index];
  const bool is_input = own->input >= 0;
  text_add_bytes(&key, (const char *)&own->variable, sizeof own->variable);
  text_add_bytes(&key, (const char *)&own->version, sizeof own->version);
  text_add_bytes(&key, (const char *)&is_input, sizeof is_input);
  text_add_bytes(&key, (const char *)t->values[which], sizeof(double) * rows);
  for (int i = t->first_use[which]; i >= 0; i = t->next_use[i]) {
    const struct compiled_use *use = &t->c->uses[i];
    if (!is_read(t, use)) continue;
    const int used = use->used >= 0 ? class_of(t, use->used) : 0;
    text_add_bytes(&key, (const char *)&used, sizeof used);
    text_add_bytes(&key, (const char *)&use->parameter, sizeof use->parameter);
    text_add_bytes(&key, (const char *)&use->entry, sizeof use->entry);
  }
  const int64_t known = map_get(&t->classes, span_make(key.bytes, key.size));
  t->alike[which] = known < 0 ? ++t->class_count : (int)known;
  if (known < 0) {
    char *kept = arena_copy(t->arena, key.bytes, key.size);
    map_set(&t->classes, span_make(kept, key.size), t->alike[which]);
  }
  text_release(&key);
  return t->alike[which];
}

/* Marks a node that is like an earlier one of the same reader. */
static void mark_alike(struct telling *t, int first, int later) {
  if (first < 0 || later < 0) return;
  t->out->all[first].alike_count++;
  t->out->all[later].is_alike = true;
}

static int node_alike(const struct telling *t, int reader, int use) {
  const int used = t->c->uses[use].used;
  if (t->c->all[used].variable->period == EACH_ASKED) return -1;
  for (int i = t->first_use[reader]; i >= 0 && i != use; i = t->next_use[i]) {
    const int other = t->c->uses[i].used;
    if (other >= 0 && t->use_node[i] >= 0 && !t->out->all[t->use_node[i]].is_alike &&
        t->c->all[other].variable == t->c->all[used].variable && t->alike[other] == t->alike[used])
      return t->use_node[i];
  }
  return -1;
}

/* ---- scales ---- */

static struct explain_bracket bracket_at(const struct compiled_scale *s, double x) {
  int at = -1;
  while (at + 1 < s->count && s->brackets[at + 1].threshold <= x) at++;
  if (!s->amounts && at > 0 && s->brackets[at].threshold == x) at--; /* none of x lies above it */
  const double to = at + 1 < s->count ? s->brackets[at + 1].threshold : (double)INFINITY;
  if (at < 0)
    return (struct explain_bracket){.at = x, .to = to, .is_amount = s->amounts, .is_below = true};
  return (struct explain_bracket){.at = x,
                                  .from = s->brackets[at].threshold,
                                  .to = to,
                                  .value = s->brackets[at].rate,
                                  .is_amount = s->amounts};
}

/* The brackets in which the rows lie, each once. */
static void find_brackets(struct telling *t, const struct compiled_scale *s,
                          struct explain_node *node) {
  const struct compiler *c = t->c;
  const int rows = rows_of_step(c, s->x);
  const int entity = rows_of_step(c, s->x) && !plan_is_constant(&c->plan, s->x)
                         ? c->plan.steps[s->x].entity
                         : -1;
  struct explain_bracket *all = arena_array(t->arena, struct explain_bracket, rows + 1);
  int count = 0;
  for (int k = 0; k < rows; k++) {
    if (isnan(t->scale_at[s->x][k])) continue;
    struct explain_bracket one = bracket_at(s, t->scale_at[s->x][k]);
    one.entity = entity;
    one.row = entity < 0 ? 0 : c->pop->order[entity][k];
    bool known = false;
    for (int i = 0; i < count; i++)
      known |= all[i].from == one.from && all[i].is_below == one.is_below;
    if (!known) all[count++] = one;
  }
  node->brackets = all;
  node->bracket_count = count;
}

/* The instance in which a state is explained: of those with the same values the one that was met
 * first, so that an age that stays is told once, not for each week. `-1`: this one is the first. */
static int met_before(const struct telling *t, int which) {
  const struct compiled *own = &t->c->all[which];
  const size_t size = sizeof(double) * (size_t)t->c->pop->rows[own->variable->entity->index];
  if (own->variable->period != EACH_ASKED) return -1;
  for (int i = t->met[own->variable->index] - 1; i >= 0; i = t->met_next[i] - 1)
    if (t->c->all[i].version == own->version && t->c->all[i].input == own->input &&
        memcmp(t->values[i], t->values[which], size) == 0)
      return i;
  return -1;
}

static void note_met(struct telling *t, int which) {
  int *last = &t->met[t->c->all[which].variable->index];
  t->met_next[which] = *last;
  *last = which + 1;
}

/* How deep each stands where it is needed first: there it is explained, so that what a reader meets
 * at the top is not hidden in what stands above it. */
static void find_depths(struct telling *t, const int *roots, int root_count, int depth) {
  int *queue = arena_array(t->arena, int, t->c->count + 1), begin = 0, end = 0;
  t->least_depth = arena_array(t->arena, int, t->c->count + 1);
  t->met = arena_array(t->arena, int, t->c->rules->variable_count + 1);
  t->met_next = arena_array(t->arena, int, t->c->count + 1);
  t->explained = arena_array(t->arena, int, t->c->count + 1);
  for (int i = 0; i < t->c->count; i++) {
    t->least_depth[i] = -1;
    t->explained[i] = i;
  }
  for (int i = 0; i < root_count; i++) {
    note_met(t, roots[i]);
    t->least_depth[roots[i]] = depth;
    queue[end++] = roots[i];
  }
  while (begin < end) {
    const int which = queue[begin++];
    for (int i = t->first_use[which]; i >= 0; i = t->next_use[i]) {
      const int used = t->c->uses[i].used;
      if (used < 0 || !is_read(t, &t->c->uses[i]) || t->least_depth[used] >= 0 ||
          t->explained[used] != used)
        continue;
      const int before = met_before(t, used);
      if (before >= 0) t->explained[used] = before;
      if (before >= 0) continue;
      note_met(t, used);
      t->least_depth[used] = t->least_depth[which] + 1;
      queue[end++] = used;
    }
  }
}

static void tell_parameter(struct telling *t, const struct compiled_use *use, int depth) {
  struct explain_node node = {.kind = EXPLAIN_PARAMETER,
                              .depth = depth,
                              .parameter = use->parameter,
                              .entry = use->entry,
                              .day = use->day,
                              .value = use->value,
                              .is_mean = use->is_mean,
                              .is_estimated = use->is_estimated};
  if (use->scale) find_brackets(t, use->scale, &node);
  (void)!add_node(t, node);
}

static int tell(struct telling *t, int which, int depth);

/* What one value was computed from, each once; of what stands in a branch that is not taken only
 * that it is not used. */
static void tell_uses(struct telling *t, int which, int depth) {
  for (int i = t->first_use[which]; i >= 0; i = t->next_use[i]) {
    const struct compiled_use *use = &t->c->uses[i];
    if (t->out->count >= EXPLAIN_NODES_MOST) return;
    t->use_node[i] = -1;
    if (!is_read(t, use) ? used_otherwise(t, which, i) : used_before(t, which, i)) continue;
    if (!is_read(t, use)) {
      const struct compiled *used = use->used >= 0 ? &t->c->all[use->used] : NULL;
      if (used)
        (void)!add_node(t, (struct explain_node){.kind = EXPLAIN_UNUSED,
                                                 .depth = depth,
                                                 .variable = used->variable,
                                                 .period = used->period,
                                                 .explained_in = used->period});
    } else if (use->used < 0) tell_parameter(t, use, depth);
    else {
      const int alike = node_alike(t, which, i);
      t->use_node[i] = tell(t, use->used, depth);
      mark_alike(t, alike, t->use_node[i]);
    }
  }
}

/* The node, or -1 where there is no more room. */
static int tell(struct telling *t, int which, int depth) {
  const struct compiled *own = &t->c->all[which];
  const bool has_formula = own->input < 0 && own->version && own->version->value;
  const bool here = !t->told[which] && depth == t->least_depth[which];
  if (t->out->count >= EXPLAIN_NODES_MOST) return -1;
  const int node = add_node(
      t, (struct explain_node){.kind = own->input >= 0 ? EXPLAIN_INPUT
                                       : has_formula   ? EXPLAIN_FORMULA
                                                       : EXPLAIN_DEFAULT,
                               .depth = depth,
                               .is_elsewhere = has_formula && !here,
                               .variable = own->variable,
                               .period = own->period,
                               .explained_in = t->c->all[t->explained[which]].period,
                               .version = own->version,
                               .rows = t->c->pop->rows[own->variable->entity->index],
                               .told = own->input >= 0 ? t->c->pop->columns[own->input].told : NULL,
                               .values = t->values[which]});
  if (!here) return node;
  t->told[which] = true;
  tell_uses(t, which, depth + 1);
  return node;
}

/* What was asked for: the value, or the periods that add up to it, those alike marked. */
static void tell_roots(struct telling *t, const int *roots, int count, int depth) {
  int *nodes = arena_array(t->arena, int, count + 1);
  for (int i = 0; i < count; i++) {
    int first = -1;
    for (int k = 0; k < i && first < 0; k++)
      if (t->alike[roots[k]] == t->alike[roots[i]]) first = nodes[k];
    nodes[i] = tell(t, roots[i], depth);
    mark_alike(t, first, nodes[i]);
  }
}

static bool reads_estimates(const struct telling *t) {
  for (int i = 0; i < t->c->use_count; i++) {
    const struct compiled_use *use = &t->c->uses[i];
    if (use->is_estimated && t->least_depth[use->reader] >= 0 && is_read(t, use)) return true;
  }
  return false;
}

/* Whether the answer moves with what is estimated: a formula also reads what does not decide. One
 * that cannot be worked out with other estimates rests on them. */
static void find_estimated(struct telling *t, const struct rule_variable *v,
                           struct rule_period period, const double *asked) {
  static const double tries[] = {0.9, 1.1};
  const int entity = v->entity->index, rows = t->c->pop->rows[entity];
  if (!reads_estimates(t)) return;
  double *moved = arena_array(t->arena, double, rows + 1);
  for (int i = 0; i < 2 && !t->out->is_estimated; i++) {
    struct compiler *c = compiler_make(t->arena, t->c->rules, t->c->pop, t->c->reading);
    c->estimates_times = tries[i];
    int step = 0;
    enum status status = compile_over(c, v, period, &step, NULL);
    const struct run_output output = {v->name, step, rows, moved};
    if (status == DONE) status = run_plan(t->arena, c, &output, 1, 1, NULL);
    t->out->is_estimated = status != DONE;
    for (int k = 0; k < rows; k++)
      t->out->is_estimated |= moved[k] != asked[t->c->pop->order[entity][k]];
  }
}

/* Of each row whether the rules know the node's value; null: all of them. */
static enum status rows_known(const struct telling *t, const struct explain_node *n, double **out,
                              struct error *err) {
  const struct rule_variable *known = n->variable ? n->variable->known : NULL;
  *out = NULL;
  if (!known || n->kind == EXPLAIN_PARAMETER || !n->values) return DONE;
  struct compiler *c = compiler_make(t->arena, t->c->rules, t->c->pop, t->c->reading);
  struct run_output output = {.name = known->name, .rows = n->rows};
  output.values = arena_array(t->arena, double, n->rows + 1);
  enum status status = compile_over(c, known, n->period, &output.step, err);
  if (status == DONE) status = run_plan(t->arena, c, &output, 1, 1, err);
  *out = output.values;
  return status;
}

/* What the rules compute where they do not know is no number. */
static enum status drop_what_is_not_known(const struct telling *t, struct error *err) {
  for (int i = 0; i < t->out->count; i++) {
    struct explain_node *n = &t->out->all[i];
    double *known;
    if (rows_known(t, n, &known, err) != DONE) return err->code;
    if (!known) continue;
    double *values = arena_array(t->arena, double, n->rows + 1);
    const int *order = t->c->pop->order[n->variable->entity->index];
    memcpy(values, n->values, sizeof *values * (size_t)n->rows);
    for (int row = 0; row < n->rows; row++)
      if (known[row] == 0) values[order[row]] = NAN;
    n->values = values;
  }
  return DONE;
}

enum status explain_variable(struct arena *arena, struct compiler *compiler,
                             const struct rule_variable *v, struct rule_period period,
                             struct explanation *out, struct error *err) {
  struct telling t = {.arena = arena, .c = compiler, .out = out};
  int step;
  const int first = compiler->count;
  enum status status = compile_over(compiler, v, period, &step, err);
  double *asked = NULL;
  if (status == DONE) status = find_values(&t, v, step, &asked, err);
  if (status != DONE) return status;
  t.told = arena_array(arena, bool, compiler->count + 1);
  order_uses(&t);
  /* the variable itself, or, of a sum over shorter periods, each of them */
  int *roots = arena_array(arena, int, compiler->count + 1), count = 0;
  const enum rule_each own = v->period == EACH_PAY ? compiler->pay : v->period;
  const bool is_sum = compiler->reading == READ_LEGAL && v->type.flow && own < period.each &&
                      rule_population_find(compiler->pop, v, period) < 0;
  for (int i = 0; i < compiler->count && (is_sum || !count); i++) {
    const struct compiled *one = &compiler->all[i];
    if (one->variable->index == v->index &&
        (is_sum ? one->period.start >= period.start && one->period.start < period_after(period)
                : i >= first && one->step == step))
      roots[count++] = i;
  }
  for (int i = 0; i < compiler->count && !count; i++) /* compiled before */
    if (compiler->all[i].variable->index == v->index && compiler->all[i].step == step)
      roots[count++] = i;
  const int depth = is_sum;
  find_depths(&t, roots, count, depth);
  t.alike = arena_array(arena, int, compiler->count + 1);
  t.use_node = arena_array(arena, int, compiler->use_count + 1);
  t.classes.arena = arena;
  for (int i = 0; i < count; i++) (void)!class_of(&t, roots[i]);
  if (is_sum)
    (void)!add_node(&t, (struct explain_node){.kind = EXPLAIN_TOTAL,
                                              .variable = v,
                                              .period = period,
                                              .explained_in = period,
                                              .rows = compiler->pop->rows[v->entity->index],
                                              .values = asked});
  tell_roots(&t, roots, count, depth);
  find_estimated(&t, v, period, asked);
  return drop_what_is_not_known(&t, err);
}

/* A column of a shorter period within the one that was needed; -1: none. */
static int column_within(const struct rule_population *pop, const struct compiled *one) {
  for (int i = 0; i < pop->column_count; i++) {
    const struct rule_population_column *column = &pop->columns[i];
    if (column->variable->index == one->variable->index && column->period.each < one->period.each &&
        column->period.start >= one->period.start &&
        column->period.start < period_after(one->period))
      return i;
  }
  return -1;
}

int explain_gaps(struct arena *arena, const struct compiler *c, struct explain_gap **out) {
  int count = 0;
  bool *told = arena_array(arena, bool, c->rules->variable_count + 1);
  *out = arena_array(arena, struct explain_gap, c->count + 1);
  for (int i = 0; i < c->count; i++) {
    const struct compiled *one = &c->all[i];
    const bool is_default = one->input < 0 && !(one->version && one->version->value) &&
                            one->step >= 0 && plan_is_constant(&c->plan, one->step);
    const int column = is_default && !told[one->variable->index] ? column_within(c->pop, one) : -1;
    if (column < 0) continue;
    told[one->variable->index] = true;
    (*out)[count++] = (struct explain_gap){one->variable, c->pop->columns[column].period,
                                           one->period};
  }
  return count;
}
