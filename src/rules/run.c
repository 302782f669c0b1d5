#include "rules/run.h"

#include "base/refusal.h"
#include "base/worker.h"
#include "rules/fuse.h"
#include "rules/kernels.h"
#include <math.h>
#include <stdatomic.h>

/* Rows of people in a block: with 512, some 60 live columns are 240 KB and stay in the second
 * cache (bench/rules, with one of 2 MB: 256 and 2,048 are 15 and 13 % slower, 1,024 is as fast). */
enum { BLOCK_PEOPLE = 512, CLUSTERS_A_PIECE = 4096 };

struct program {
  const struct compiler *c;
  const struct rule_population *pop;
  const struct run_output *outputs;
  int output_count;
  int count;            /* steps that are needed, in order */
  int *steps;           /* which */
  struct fused **fused; /* of each step that is a sum of bands: how it is computed; else NULL */
  int *slot;            /* of each step of the plan: its column of the block; -1: none */
  int slot_count;       /* columns that live at one time, at most */
  int *direct;          /* of each step: the output that it is written into at once; -1: none */
  int largest;          /* people of the largest cluster, at least BLOCK_PEOPLE */
  atomic_int next_piece;
  /* the first fault, by the lowest row */
  atomic_flag locked;
  int fault_step, fault_row;
  int missing_output, missing_row;
};

/* ---- which steps, in which columns ---- */

enum { OPERANDS_MOST = FUSE_BANDS_MOST + 1 };

static int operands_of(const struct program *p, int step, int *out) {
  const struct fused *f = p->fused[step];
  if (!f) return plan_operands(&p->c->plan.steps[step], out);
  int n = 0;
  if (f->before >= 0) out[n++] = f->before;
  for (int i = 0; i < f->count; i++) out[n++] = f->bands[i].x;
  return n;
}

static bool needs_column(const struct program *p, int step) {
  const enum step_op op = p->c->plan.steps[step].op;
  return op != STEP_CONSTANT && op != STEP_INPUT && p->direct[step] < 0;
}

static bool is_among(const int *operand, int n, int step) {
  for (int i = 0; i < n; i++)
    if (operand[i] == step) return true;
  return false;
}

/* A column is free again after the last step that reads it. */
static void give_columns(struct arena *arena, struct program *p) {
  const struct plan *plan = &p->c->plan;
  int *last = arena_array(arena, int, plan->step_count + 1);
  int *spare = arena_array(arena, int, plan->step_count + 1), spare_count = 0;
  int operand[OPERANDS_MOST];
  for (int i = 0; i < p->count; i++) {
    const int n = operands_of(p, p->steps[i], operand);
    for (int k = 0; k < n; k++) last[operand[k]] = i;
  }
  for (int i = 0; i < p->count; i++) {
    const int step = p->steps[i], n = operands_of(p, step, operand);
    if (needs_column(p, step)) p->slot[step] = spare_count ? spare[--spare_count] : p->slot_count++;
    for (int k = 0; k < n; k++)
      if (!is_among(operand, k, operand[k]) && last[operand[k]] == i && p->slot[operand[k]] >= 0)
        spare[spare_count++] = p->slot[operand[k]];
  }
}

/* How many of the needed steps read each step. */
static int *count_readers(struct arena *arena, const struct program *p, bool *needed) {
  const struct plan *plan = &p->c->plan;
  int *readers = arena_array(arena, int, plan->step_count + 1), operand[OPERANDS_MOST];
  for (int i = plan->step_count - 1; i >= 0; i--) {
    const int n = needed[i] ? operands_of(p, i, operand) : 0;
    for (int k = 0; k < n; k++)
      if (operand[k] >= 0) needed[operand[k]] = true, readers[operand[k]]++;
  }
  return readers;
}

/* Sums of bands become one step; what only they read is not needed by itself. */
static void fuse_steps(struct arena *arena, struct program *p, bool *needed, const int *readers) {
  const struct fuse_view view = {&p->c->plan, readers, p->direct};
  int operand[OPERANDS_MOST];
  for (int i = p->c->plan.step_count - 1; i >= 0; i--) {
    struct fused fused;
    if (needed[i] && fuse_bands(&view, i, &fused)) {
      p->fused[i] = arena_array(arena, struct fused, 1);
      *p->fused[i] = fused;
    }
    const int n = needed[i] ? operands_of(p, i, operand) : 0;
    for (int k = 0; k < n; k++)
      if (operand[k] >= 0) needed[operand[k]] = true;
  }
}

static void find_steps(struct arena *arena, struct program *p) {
  const struct plan *plan = &p->c->plan;
  bool *read = arena_array(arena, bool, plan->step_count + 1);
  bool *needed = arena_array(arena, bool, plan->step_count + 1);
  p->slot = arena_array(arena, int, plan->step_count + 1);
  p->direct = arena_array(arena, int, plan->step_count + 1);
  p->steps = arena_array(arena, int, plan->step_count + 1);
  p->fused = arena_array(arena, struct fused *, plan->step_count + 1);
  for (int i = 0; i < plan->step_count; i++) p->slot[i] = p->direct[i] = -1;
  for (int i = 0; i < p->output_count; i++) {
    const int step = p->outputs[i].step;
    read[step] = needed[step] = true;
    if (plan->steps[step].op != STEP_CONSTANT && plan->steps[step].op != STEP_INPUT)
      p->direct[step] = i;
  }
  fuse_steps(arena, p, needed, count_readers(arena, p, read));
  for (int i = 0; i < plan->step_count; i++)
    if (needed[i] && plan->steps[i].op != STEP_CONSTANT) p->steps[p->count++] = i;
  give_columns(arena, p);
}

/* ---- one block ---- */

struct block {
  const struct program *p;
  int first[RULE_ENTITIES_MOST], rows[RULE_ENTITIES_MOST];
  double *columns;   /* slot_count of `largest` rows */
  const double **at; /* of each step: its rows in this block */
  /* How many rows two people of one group are apart at most. Groups within it are no farther apart:
   * they stand in the order of their first people. */
  int span[RULE_ENTITIES_MOST];
  double *constants;      /* twice `largest` */
  int *lacks;             /* `largest` */
  struct kept_call *kept; /* KERNEL_CALLS_KEPT of each function */
};

/* What has no value: the first output, the first row of it. */
static void note_missing(struct program *p, int output, int row) {
  while (atomic_flag_test_and_set(&p->locked)) continue;
  if (p->missing_output < 0 || output < p->missing_output ||
      (output == p->missing_output && row < p->missing_row)) {
    p->missing_output = output;
    p->missing_row = row;
  }
  atomic_flag_clear(&p->locked);
}

static void note_fault(struct program *p, int step, int row) {
  while (atomic_flag_test_and_set(&p->locked)) continue;
  if (p->fault_step < 0 || row < p->fault_row) {
    p->fault_step = step;
    p->fault_row = row;
  }
  atomic_flag_clear(&p->locked);
}

static struct operand operand_of(const struct block *b, int step) {
  const struct step *s = &b->p->c->plan.steps[step];
  if (s->op == STEP_CONSTANT) return (struct operand){NULL, s->constant};
  return (struct operand){b->at[step], 0};
}

static const int *members_of(const struct program *p, struct step_relation r) {
  return r.from == 0 ? p->pop->member[r.to] : p->pop->within[r.from];
}

static void step_related(struct block *b, const struct step *s, double *out) {
  const struct program *p = b->p;
  const int from = s->relation.from, to = s->relation.to;
  const int *member = members_of(p, s->relation) + b->first[from];
  const struct step *steps = p->c->plan.steps;
  switch (s->op) {
  case STEP_DOWN: kernel_down(b->at[s->a], member, b->first[to], out, b->rows[from]); return;
  case STEP_ROLE: {
    const signed char *role = p->pop->role[to];
    kernel_role(role ? role + b->first[from] : NULL, s->b, out, b->rows[from]);
    return;
  }
  case STEP_RANK:
    kernel_rank(operand_of(b, s->a), operand_of(b, s->b), member,
                (struct rank_room){b->span[to], b->first[to], b->rows[to], b->lacks, b->constants,
                                   b->constants + p->largest,
                                   steps[s->a].misses || steps[s->b].misses},
                out, b->rows[from]);
    return;
  default:
    kernel_up(s->op, operand_of(b, s->a), member, b->first[to], b->rows[from], out, b->rows[to]);
    if (s->op != STEP_SUM_UP && steps[s->a].misses)
      kernel_missing_up(b->at[s->a], member, b->first[to], b->rows[from], out);
  }
}

/* The least, a comparison and a choice would take NAN for a value. */
static void keep_missing(const struct block *b, const struct step *s, double *out) {
  const struct step *steps = b->p->c->plan.steps;
  const bool compares = s->op == STEP_MIN || s->op == STEP_MAX || s->op == STEP_LESS ||
                        s->op == STEP_LESS_EQUAL || s->op == STEP_EQUAL;
  if (!s->misses || !(compares || s->op == STEP_CHOOSE)) return;
  const int rows = b->rows[s->entity];
  if (steps[s->a].misses && b->at[s->a]) kernel_keep_missing(b->at[s->a], out, rows);
  if (compares && steps[s->b].misses && b->at[s->b]) kernel_keep_missing(b->at[s->b], out, rows);
}

static void look_for_zero(struct program *p, const struct block *b, int step,
                          const struct step *s) {
  const struct operand divisor = operand_of(b, s->b);
  const int row = divisor.rows       ? kernel_zero(divisor.rows, b->rows[s->entity])
                  : divisor.constant ? -1
                                     : 0;
  if (row >= 0) note_fault(p, step, b->first[s->entity] + row);
}

/* Bands of the same x that stand together are one pass. */
static void run_bands(const struct block *b, const struct fused *f, double *out, int rows) {
  struct operand before = f->before >= 0 ? operand_of(b, f->before) : (struct operand){0};
  bool begins = f->before < 0;
  for (int i = 0, after; i < f->count; i = after) {
    double threshold[KERNEL_BANDS_MOST], rate[KERNEL_BANDS_MOST];
    for (after = i;
         after < f->count && after < i + KERNEL_BANDS_MOST && f->bands[after].x == f->bands[i].x;
         after++) {
      threshold[after - i] = f->bands[after].threshold;
      rate[after - i] = f->bands[after].rate;
    }
    kernel_bands(begins ? NULL : &before, b->at[f->bands[i].x],
                 (struct kernel_scale){after - i, threshold, rate}, out, rows);
    before = (struct operand){out, 0};
    begins = false;
  }
}

static void run_step(struct program *p, struct block *b, int step) {
  const struct step *s = &p->c->plan.steps[step];
  const int rows = b->rows[s->entity], first = b->first[s->entity];
  if (s->op == STEP_INPUT) {
    b->at[step] = p->pop->columns[s->a].values + first;
    return;
  }
  double *out = p->direct[step] >= 0 ? p->outputs[p->direct[step]].values + first
                                     : b->columns + (size_t)p->slot[step] * (size_t)p->largest;
  b->at[step] = out;
  if (p->fused[step]) {
    run_bands(b, p->fused[step], out, rows);
    return;
  }
  switch (s->op) {
  case STEP_CHOOSE:
    kernel_choose(b->at[s->a], operand_of(b, s->b), operand_of(b, s->c), out, rows);
    break;
  case STEP_LOOK_UP: {
    const struct plan_table *t = &p->c->plan.tables[s->b];
    kernel_look_up(b->at[s->a], t->values, t->size, out, rows);
    break;
  }
  case STEP_DOWN:
  case STEP_SUM_UP:
  case STEP_MAX_UP:
  case STEP_MIN_UP:
  case STEP_ROLE:
  case STEP_RANK: step_related(b, s, out); break;
  case STEP_CALL:
    kernel_call((struct kernel_function){&rule_functions[s->c], b->kept + s->c * KERNEL_CALLS_KEPT},
                operand_of(b, s->a), operand_of(b, s->b), out, rows);
    break;
  case STEP_DIVIDE: look_for_zero(p, b, step, s); /* fall through */
  default: kernel_two(s->op, operand_of(b, s->a), operand_of(b, s->b), out, rows);
  }
  keep_missing(b, s, out);
}

static void run_block(struct program *p, struct block *b) {
  for (int i = 0; i < p->count; i++) run_step(p, b, p->steps[i]);
  for (int i = 0; i < p->output_count; i++) {
    const struct run_output *o = &p->outputs[i];
    const struct step *s = &p->c->plan.steps[o->step];
    if (s->op == STEP_CONSTANT) continue;
    const int first = b->first[s->entity], rows = b->rows[s->entity];
    if (p->direct[o->step] != i)
      memcpy(o->values + first, b->at[o->step], sizeof *o->values * (size_t)rows);
    const int row = kernel_missing(b->at[o->step], rows); /* while they are in the cache */
    if (row >= 0 && o->name) note_missing(p, i, first + row);
  }
}

/* ---- threads ---- */

static void place_block(struct block *b, int first_cluster, int after_cluster) {
  const struct rule_population *pop = b->p->pop;
  for (int e = 0; e < pop->rules->entity_count; e++) {
    b->first[e] = first_cluster ? pop->cluster_ends[e][first_cluster - 1] : 0;
    b->rows[e] = pop->cluster_ends[e][after_cluster - 1] - b->first[e];
    b->span[e] = 0;
    for (int c = first_cluster; pop->spans[e] && c < after_cluster; c++)
      b->span[e] = pop->spans[e][c] > b->span[e] ? pop->spans[e][c] : b->span[e];
  }
}

static void run_piece(struct program *p, struct block *b, int from, int to) {
  const int *ends = p->pop->cluster_ends[0];
  while (from < to) {
    const int start = from ? ends[from - 1] : 0;
    int after = from + 1;
    while (after < to && ends[after] - start <= BLOCK_PEOPLE) after++;
    place_block(b, from, after);
    run_block(p, b);
    from = after;
  }
}

/* The caller's thread says how far all have come. */
static void run_worker(void *context, int worker) {
  struct program *p = context;
  struct progress progress;
  progress_begin(&progress, worker ? PROGRESS_NEVER : p->c->progress, "computing",
                 (uint64_t)p->pop->rows[0]);
  struct block b = {.p = p};
  b.columns = memory_alloc(sizeof *b.columns * (size_t)p->largest * (size_t)(p->slot_count + 1));
  b.at = memory_zeroed((size_t)p->c->plan.step_count + 1, sizeof *b.at);
  b.kept = memory_alloc(sizeof *b.kept * KERNEL_CALLS_KEPT * (size_t)rule_function_count());
  for (int i = 0; i < rule_function_count(); i++)
    kernel_forget_calls(b.kept + i * KERNEL_CALLS_KEPT);
  b.lacks = memory_alloc(sizeof *b.lacks * (size_t)p->largest);
  b.constants = memory_alloc(sizeof *b.constants * 2 * (size_t)p->largest);
  const int clusters = p->pop->cluster_count;
  for (;;) {
    const int from = atomic_fetch_add(&p->next_piece, 1) * CLUSTERS_A_PIECE;
    if (from >= clusters) break;
    const uint64_t people = from ? (uint64_t)p->pop->cluster_ends[0][from - 1] : 0;
    progress_update(&progress, people, people);
    run_piece(p, &b, from, from + CLUSTERS_A_PIECE < clusters ? from + CLUSTERS_A_PIECE : clusters);
  }
  progress_end(&progress);
  free(b.columns);
  free(b.at);
  free(b.constants);
  free(b.lacks);
  free(b.kept);
}

/* ---- faults, and what has no value ---- */

static enum status say_fault(const struct program *p, struct error *err) {
  const struct step *s = &p->c->plan.steps[p->fault_step];
  const struct rule_place *place = plan_place(&p->c->plan, p->fault_step);
  const struct rule_entity *entity = p->c->rules->entities[s->entity];
  const int row = p->pop->order[s->entity][p->fault_row];
  (void)refuse(err, RULE_DIVIDES_BY_ZERO, entity->name, row + 1);
  return place ? error_at(err, place->file, (uint64_t)place->line, NULL) : REFUSED;
}

static enum status say_missing(const struct program *p, struct error *err) {
  const struct run_output *o = &p->outputs[p->missing_output];
  const int entity = p->c->plan.steps[o->step].entity, row = p->missing_row;
  const int given = entity >= 0 ? p->pop->order[entity][row] : row;
  return refuse(err, RULE_NO_RESULT, o->name, given + 1);
}

/* Constants stand in no block. */
static void fill_constants(struct program *p) {
  for (int i = 0; i < p->output_count; i++) {
    const struct run_output *o = &p->outputs[i];
    const struct step *s = &p->c->plan.steps[o->step];
    if (s->op != STEP_CONSTANT) continue;
    for (int row = 0; row < o->rows; row++) o->values[row] = s->constant;
    if (o->rows && o->name && isnan(s->constant)) note_missing(p, i, 0);
  }
}

enum status run_plan(struct arena *arena, const struct compiler *c,
                     const struct run_output *outputs, int count, int threads, struct error *err) {
  struct program p = {.c = c,
                      .pop = c->pop,
                      .outputs = outputs,
                      .output_count = count,
                      .largest = BLOCK_PEOPLE,
                      .fault_step = -1,
                      .missing_output = -1,
                      .locked = ATOMIC_FLAG_INIT};
  find_steps(arena, &p);
  for (int i = 0; i < c->pop->cluster_count; i++) {
    const int people = c->pop->cluster_ends[0][i] - (i ? c->pop->cluster_ends[0][i - 1] : 0);
    if (people > p.largest) p.largest = people;
  }
  fill_constants(&p);
  workers_run(threads, run_worker, &p);
  if (p.fault_step >= 0) return say_fault(&p, err);
  return p.missing_output >= 0 ? say_missing(&p, err) : DONE;
}
