#include "rules/range_kept.h"

#include "rules/kernels.h"
#include "rules/range_part.h"
#include <math.h>

struct range_kept {
  struct finding made; /* its plan, wanted, and the step and period of each */
  int column_count;
  const struct rule_population_column *columns; /* STEP_INPUT: a is one of these */
  int constant_count;
  int *constants;
  /* of each step: */
  bool *holds; /* DIVIDE: a condition keeps the divisor away from 0 */
  bool *lacks; /* a row may have no value */
  bool *truth; /* each row is 0 or 1 */
};

/* ---- what is true of a step whatever the rows ---- */

static bool is_truth(const struct range_kept *k, const struct plan *p, const struct step *s) {
  switch (s->op) {
  case STEP_CONSTANT: return s->constant == 0 || s->constant == 1;
  case STEP_INPUT: return k->columns[s->a].variable->type.kind == KIND_BOOL;
  case STEP_LESS:
  case STEP_LESS_EQUAL:
  case STEP_EQUAL:
  case STEP_ROLE: return true;
  case STEP_MULTIPLY:
  case STEP_MIN:
  case STEP_MAX: return k->truth[s->a] && k->truth[s->b];
  case STEP_SUBTRACT: /* not */
    return p->steps[s->a].op == STEP_CONSTANT && p->steps[s->a].constant == 1 && k->truth[s->b];
  case STEP_CHOOSE: return k->truth[s->b] && k->truth[s->c];
  case STEP_DOWN: return k->truth[s->a];
  default: return false;
  }
}

static bool may_lack(const struct range_kept *k, const struct plan *p, int step) {
  const struct step *s = &p->steps[step];
  int operand[3];
  bool lacks = s->misses || s->op == STEP_CALL;
  if (s->op == STEP_DIVIDE && !k->holds[step])
    lacks |= p->steps[s->b].op != STEP_CONSTANT || p->steps[s->b].constant == 0;
  const int n = plan_operands(s, operand);
  for (int i = 0; i < n; i++) lacks |= k->lacks[operand[i]];
  return lacks;
}

static void take_steps(struct arena *arena, struct range_kept *k) {
  const struct plan *p = k->made.s.plan;
  k->holds = arena_array(arena, bool, p->step_count + 1);
  k->lacks = arena_array(arena, bool, p->step_count + 1);
  k->truth = arena_array(arena, bool, p->step_count + 1);
  k->constants = arena_array(arena, int, p->step_count + 1);
  for (int i = 0; i < p->step_count; i++) {
    if (p->steps[i].op == STEP_CONSTANT) k->constants[k->constant_count++] = i;
    if (p->steps[i].op == STEP_DIVIDE) k->holds[i] = range_divisor_holds(&k->made.s, &p->steps[i]);
    k->lacks[i] = may_lack(k, p, i);
    k->truth[i] = is_truth(k, p, &p->steps[i]);
  }
}

enum status range_keep(struct arena *arena, const struct range_request *request,
                       struct range_kept **out, struct error *err) {
  struct range_kept *k = arena_array(arena, struct range_kept, 1);
  struct range_request *kept = arena_array(arena, struct range_request, 1);
  struct rule_population *pop = arena_array(arena, struct rule_population, 1);
  struct compiler *c;
  *kept = *request;
  *pop = *request->pop;
  kept->pop = pop;
  k->made = (struct finding){
      .arena = arena, .request = kept, .is_kept = true, .s = {.arena = arena, .pop = pop}};
  range_take_wanted(&k->made);
  if (k->made.wanted_count > RANGE_WANTED_MOST) return range_refuse_most(err);
  enum status status = range_compile_wanted(&k->made, &c, err);
  if (status != DONE) return status;
  k->column_count = pop->column_count;
  k->columns = pop->columns;
  take_steps(arena, k);
  *out = k;
  return DONE;
}

/* A column in place of a formula must be there, and none that the plan does not have. */
static bool fits(const struct range_kept *k, const struct rule_population *pop) {
  int found = 0;
  for (int i = 0; i < k->column_count; i++) {
    const struct rule_population_column *c = &k->columns[i];
    const bool is_there = rule_population_find(pop, c->variable, c->period) >= 0;
    if (!is_there && c->variable->version_count) return false;
    found += is_there;
  }
  return found == pop->column_count;
}

/* ---- memory ---- */

struct lane_piece {
  struct lane_piece *next;
  size_t size;
  _Alignas(64) char bytes[];
};

struct lane_place {
  struct lane_piece *piece;
  size_t used;
};

struct range_lane {
  const struct range_kept *kept;
  struct lane_piece *first;
  struct lane_place at;
  struct finding *f; /* of the batch */
  struct range_column *columns;
  uint32_t batch, *done; /* of each step, the batch for which its column is */
  int waiting_count, waiting_room;
  int *waiting; /* steps of which operands are computed first */
  int order_count, order_room;
  int *order;                   /* as they were computed, operands first */
  struct kept_call *kept_calls; /* KERNEL_CALLS_KEPT of each function */
};

enum { PIECE_SIZE = 1 << 20, ALIGNED = 64 };

static struct lane_piece *piece_make(size_t size) {
  struct lane_piece *piece = aligned_alloc(ALIGNED, sizeof *piece + size);
  if (!piece) return memory_zeroed(SIZE_MAX / 2, 1); /* which does not return */
  *piece = (struct lane_piece){.size = size};
  return piece;
}

/* Not cleared: what is read was written. */
static void *take(struct range_lane *l, size_t size) {
  size = (size + ALIGNED - 1) / ALIGNED * ALIGNED;
  while (l->at.used + size > l->at.piece->size) {
    if (!l->at.piece->next) l->at.piece->next = piece_make(size > PIECE_SIZE ? size : PIECE_SIZE);
    l->at = (struct lane_place){l->at.piece->next, 0};
  }
  void *out = l->at.piece->bytes + l->at.used;
  l->at.used += size;
  return out;
}

struct range_lane *range_lane_make(const struct range_kept *kept) {
  const struct plan *plan = kept->made.s.plan;
  struct range_lane *l = memory_zeroed(1, sizeof *l);
  const size_t steps = (size_t)plan->step_count + 1;
  l->kept = kept;
  l->first = piece_make(PIECE_SIZE);
  l->columns = memory_zeroed(steps, sizeof *l->columns);
  l->done = memory_zeroed(steps, sizeof *l->done);
  l->kept_calls =
      memory_alloc(sizeof *l->kept_calls * KERNEL_CALLS_KEPT * (size_t)rule_function_count());
  for (int i = 0; i < rule_function_count(); i++)
    kernel_forget_calls(l->kept_calls + i * KERNEL_CALLS_KEPT);
  for (int i = 0; i < kept->constant_count; i++) {
    const double one = plan->steps[kept->constants[i]].constant;
    l->columns[kept->constants[i]] = (struct range_column){.one = one, .lacks = isnan(one)};
  }
  return l;
}

void range_lane_free(struct range_lane *l) {
  if (!l) return;
  for (struct lane_piece *piece = l->first, *next; piece; piece = next) {
    next = piece->next;
    free(piece);
  }
  free(l->columns);
  free(l->done);
  free(l->waiting);
  free(l->order);
  free(l->kept_calls);
  free(l);
}

/* ---- one column ---- */

/* A column as it is made. */
struct made {
  struct range_lane *l;
  struct lane_place before;
  int count;
  struct range_column c;
  double *rows;
};

static struct made begin(struct range_lane *l, int rows) {
  struct made m = {.l = l, .before = l->at, .count = rows};
  m.c.rows = m.rows = take(l, sizeof *m.rows * (size_t)rows);
  return m;
}

static size_t words_of(int rows) { return (size_t)(rows + 63) / 64; }

/* A row that has a cell has 0 beside it. */
static void put(struct made *m, int row, struct range_cell cell) {
  if (range_cell_is_known(&cell)) {
    m->rows[row] = cell.low;
    m->c.lacks |= isnan(cell.low);
    return;
  }
  if (!m->c.unknown) {
    const size_t words = words_of(m->count);
    m->c.unknown = take(m->l, sizeof *m->c.unknown * words);
    memset(m->c.unknown, 0, sizeof *m->c.unknown * words);
    m->c.cells = take(m->l, sizeof *m->c.cells * (size_t)m->count);
  }
  m->c.unknown[row / 64] |= (uint64_t)1 << (row % 64);
  m->c.cells[row] = cell;
  m->rows[row] = 0;
}

static bool is_one_value(const struct made *m) {
  if (m->c.unknown || !m->count) return false;
  for (int i = 1; i < m->count; i++)
    if (m->rows[i] != m->rows[0]) return false;
  return true;
}

static struct range_column end(struct made *m) {
  if (!is_one_value(m)) return m->c;
  m->l->at = m->before;
  return (struct range_column){.one = m->rows[0], .lacks = isnan(m->rows[0])};
}

static struct range_column same(double value) {
  return (struct range_column){.one = value, .lacks = isnan(value)};
}

/* The column of another step, as it is. */
static struct range_column handed(const struct range_lane *l, int step) {
  struct range_column c = l->columns[step];
  c.marks = NULL;
  return c;
}

static struct operand operand_of(const struct range_column *c) {
  return (struct operand){c->rows, c->one};
}

static void note_missing(struct made *m) { m->c.lacks = kernel_missing(m->rows, m->count) >= 0; }

/* The rows that have a cell in one of the columns, one after another; -1: no more. */
struct rows_walk {
  const uint64_t *of[3];
  size_t word, words;
  uint64_t left;
};

static struct rows_walk walk_rows(const struct range_column *a, const struct range_column *b,
                                  const struct range_column *c, int rows) {
  struct rows_walk w = {{a->unknown, b ? b->unknown : NULL, c ? c->unknown : NULL}, 0, 0, 0};
  if (!w.of[0] && !w.of[1] && !w.of[2]) return w;
  w.words = words_of(rows);
  for (int i = 0; i < 3; i++) w.left |= w.of[i] ? w.of[i][0] : 0;
  return w;
}

static int next_row(struct rows_walk *w) {
  while (!w->left) {
    if (w->word + 1 >= w->words) return -1;
    w->word++;
    for (int i = 0; i < 3; i++) w->left |= w->of[i] ? w->of[i][w->word] : 0;
  }
  const int bit = __builtin_ctzll(w->left);
  w->left &= w->left - 1;
  return (int)(w->word * 64) + bit;
}

/* ---- two operands ---- */

/* Rows that are known, as range_of_two has them: 0 times anything is 0, and a division by 0 has no
 * result. */
static double known_of_two(enum step_op op, double a, double b) {
  if (op == STEP_MULTIPLY && (a == 0 || b == 0)) return 0;
  if (op == STEP_DIVIDE && b == 0) return NAN;
  return plan_of_two(op, a, b);
}

static bool loses_missing(enum step_op op) {
  return op == STEP_MIN || op == STEP_MAX || op == STEP_LESS || op == STEP_LESS_EQUAL ||
         op == STEP_EQUAL;
}

static void correct_rows(const struct made *m, const struct step *s, struct operand a,
                         struct operand b) {
  for (int i = 0; i < m->count; i++)
    m->rows[i] = known_of_two(s->op, a.rows ? a.rows[i] : a.constant,
                              b.rows ? b.rows[i] : b.constant);
}

static struct range_column two(struct range_lane *l, int step, const struct step *s, int rows) {
  const struct range_column *a = &l->columns[s->a], *b = &l->columns[s->b];
  if (!a->rows && !b->rows) return same(known_of_two(s->op, a->one, b->one));
  const struct operand x = operand_of(a), y = operand_of(b);
  struct made m = begin(l, rows);
  const bool by_zero = s->op == STEP_DIVIDE &&
                       (y.rows ? kernel_zero(y.rows, rows) >= 0 : y.constant == 0);
  const bool lacks = a->lacks || b->lacks || by_zero || s->misses;
  kernel_two(s->op, x, y, m.rows, rows);
  if (lacks && (by_zero || loses_missing(s->op) || s->op == STEP_MULTIPLY))
    correct_rows(&m, s, x, y);
  struct rows_walk w = walk_rows(a, b, NULL, rows);
  const struct range_state *state = &l->f->s;
  for (int row = next_row(&w); row >= 0; row = next_row(&w)) {
    const struct range_cell c = range_cell_get(state, s->a, row);
    const struct range_cell d = range_cell_get(state, s->b, row);
    put(&m, row,
        s->op == STEP_DIVIDE ? range_of_division(c, d, l->kept->holds[step])
                             : range_of_two(s->op, c, d));
  }
  if (lacks) note_missing(&m);
  return end(&m);
}

/* ---- choices, tables, functions ---- */

static struct range_column choose(struct range_lane *l, const struct step *s, int rows) {
  const struct range_column *a = &l->columns[s->a], *b = &l->columns[s->b], *c = &l->columns[s->c];
  if (!a->rows) return isnan(a->one) ? same(NAN) : handed(l, a->one != 0 ? s->b : s->c);
  struct made m = begin(l, rows);
  kernel_choose(a->rows, operand_of(b), operand_of(c), m.rows, rows);
  if (a->lacks) kernel_keep_missing(a->rows, m.rows, rows);
  struct rows_walk w = walk_rows(a, b, c, rows);
  const struct range_state *state = &l->f->s;
  for (int row = next_row(&w); row >= 0; row = next_row(&w)) {
    const struct range_cell condition = range_cell_get(state, s->a, row);
    put(&m, row,
        range_of_choice(&condition, range_cell_get(state, s->b, row),
                        range_cell_get(state, s->c, row)));
  }
  if (a->lacks || b->lacks || c->lacks) note_missing(&m);
  return end(&m);
}

static struct range_column look_up(struct range_lane *l, const struct step *s, int rows) {
  const struct plan_table *t = &l->kept->made.s.plan->tables[s->b];
  const struct range_column *a = &l->columns[s->a];
  if (!a->rows) return same(plan_table_value(t->values, t->size, a->one));
  struct made m = begin(l, rows);
  kernel_look_up(a->rows, t->values, t->size, m.rows, rows);
  struct rows_walk w = walk_rows(a, NULL, NULL, rows);
  for (int row = next_row(&w); row >= 0; row = next_row(&w))
    put(&m, row, range_of_table(t, &a->cells[row], s->c));
  note_missing(&m);
  return end(&m);
}

static struct range_column call(struct range_lane *l, const struct step *s, int rows) {
  const struct rule_function *f = &rule_functions[s->c];
  const struct range_column *a = &l->columns[s->a], *b = &l->columns[s->b];
  if (!a->rows && !b->rows) return same(a->lacks || b->lacks ? (double)NAN : f->of(a->one, b->one));
  struct made m = begin(l, rows);
  kernel_call((struct kernel_function){f, l->kept_calls + s->c * KERNEL_CALLS_KEPT}, operand_of(a),
              operand_of(b), m.rows, rows);
  for (int i = 0; (a->lacks || b->lacks) && i < rows; i++)
    if (isnan(a->rows ? a->rows[i] : a->one) || isnan(b->rows ? b->rows[i] : b->one))
      m.rows[i] = NAN;
  struct rows_walk w = walk_rows(a, b, NULL, rows);
  const struct range_state *state = &l->f->s;
  for (int row = next_row(&w); row >= 0; row = next_row(&w))
    put(&m, row,
        range_of_call(f, range_cell_get(state, s->a, row), range_cell_get(state, s->b, row)));
  note_missing(&m);
  return end(&m);
}

/* ---- inputs and groups ---- */

static struct range_column input(struct range_lane *l, const struct step *s, int rows) {
  const struct range_state *state = &l->f->s;
  const struct rule_population_column *column = &state->pop->columns[s->a];
  const int *unknown = state->unknown_of[s->a];
  if (!column->values) return same(column->variable->by_default);
  struct made m = begin(l, rows);
  memcpy(m.rows, column->values, sizeof *m.rows * (size_t)rows);
  for (int row = 0; unknown && row < rows; row++)
    if (unknown[row] >= 0) put(&m, row, range_of_input(state, s, row));
  return end(&m);
}

static struct range_column down(struct range_lane *l, const struct step *s, int rows) {
  const struct range_column *a = &l->columns[s->a];
  const int *group = range_members(&l->f->s, s->relation);
  if (!a->rows) return handed(l, s->a);
  struct made m = begin(l, rows);
  kernel_down(a->rows, group, 0, m.rows, rows);
  m.c.lacks = a->lacks;
  for (int row = 0; a->unknown && row < rows; row++)
    if (range_bit(a->unknown, group[row])) put(&m, row, a->cells[group[row]]);
  return end(&m);
}

/* A group of which a member has a cell, in the order of rows, as range_cells.c does. */
static struct range_cell gathered(const struct range_state *state, const struct step *s,
                                  const int *member_of, int group) {
  const enum step_op op = s->op == STEP_SUM_UP   ? STEP_ADD
                          : s->op == STEP_MAX_UP ? STEP_MAX
                                                 : STEP_MIN;
  const struct range_rows near = range_rows_of(state, s->relation, group);
  struct range_cell sum = range_cell_of(op == STEP_ADD ? 0 : op == STEP_MAX ? -INFINITY : INFINITY);
  for (int i = near.from; i < near.after; i++)
    if (member_of[i] == group) sum = range_of_two(op, range_cell_get(state, s->a, i), sum);
  return sum;
}

static struct range_column up(struct range_lane *l, const struct step *s, int rows) {
  const struct range_column *a = &l->columns[s->a];
  const struct range_state *state = &l->f->s;
  const int *group = range_members(state, s->relation),
            members = state->pop->rows[s->relation.from];
  if (!a->rows && (s->op != STEP_SUM_UP || a->one == 0)) return handed(l, s->a);
  struct made m = begin(l, rows);
  kernel_up(s->op, operand_of(a), group, 0, members, m.rows, rows);
  if (a->lacks && a->rows && s->op != STEP_SUM_UP)
    kernel_missing_up(a->rows, group, 0, members, m.rows);
  struct rows_walk w = walk_rows(a, NULL, NULL, members);
  for (int row = next_row(&w), last = -1; row >= 0; row = next_row(&w)) {
    if (group[row] == last) continue;
    last = group[row];
    put(&m, last, gathered(state, s, group, last));
  }
  if (a->lacks || s->misses) note_missing(&m);
  return end(&m);
}

static struct range_column role(struct range_lane *l, const struct step *s, int rows) {
  struct made m = begin(l, rows);
  kernel_role(l->f->s.pop->role[s->relation.to], s->b, m.rows, rows);
  return end(&m);
}

static struct range_column rank(struct range_lane *l, const struct step *s, int rows) {
  const int *group = range_members(&l->f->s, s->relation);
  struct made m = begin(l, rows);
  for (int row = 0; row < rows; row++) put(&m, row, range_of_rank(&l->f->s, s, group, row));
  return end(&m);
}

/* ---- which steps ---- */

static struct range_column column_of(struct range_lane *l, int step) {
  const struct step *s = &l->kept->made.s.plan->steps[step];
  const int rows = l->f->s.pop->rows[s->entity];
  l->f->s.work += rows;
  switch (s->op) {
  case STEP_INPUT: return input(l, s, rows);
  case STEP_CHOOSE: return choose(l, s, rows);
  case STEP_LOOK_UP: return look_up(l, s, rows);
  case STEP_CALL: return call(l, s, rows);
  case STEP_DOWN: return down(l, s, rows);
  case STEP_SUM_UP:
  case STEP_MAX_UP:
  case STEP_MIN_UP: return up(l, s, rows);
  case STEP_ROLE: return role(l, s, rows);
  case STEP_RANK: return rank(l, s, rows);
  default: return two(l, step, s, rows);
  }
}

static bool is_done(const struct range_lane *l, int step) { return l->done[step] == l->batch; }

/* Whether a step is one value in every row, which alone decides the step that reads it. */
static bool decides(const struct range_lane *l, const struct step *reader, int step, int other) {
  const struct range_column *c = &l->columns[step];
  if (!is_done(l, step) || c->rows) return false;
  if (reader->op == STEP_MULTIPLY) return c->one == 0;
  return reader->op == STEP_MAX && c->one == 1 && l->kept->truth[step] && l->kept->truth[other] &&
         !l->kept->lacks[other];
}

/* A step that must be computed before this one; -1: none. */
static int still_needs(const struct range_lane *l, const struct step *s) {
  int operand[3];
  if (s->op == STEP_CHOOSE) {
    const struct range_column *c = &l->columns[s->a];
    if (!is_done(l, s->a)) return s->a;
    if (!c->rows && isnan(c->one)) return -1;
    if ((c->rows || c->one != 0) && !is_done(l, s->b)) return s->b;
    return (c->rows || c->one == 0) && !is_done(l, s->c) ? s->c : -1;
  }
  const int n = plan_operands(s, operand);
  if (n == 2 && (decides(l, s, s->a, s->b) || decides(l, s, s->b, s->a))) return -1;
  for (int i = 0; i < n; i++)
    if (!is_done(l, operand[i])) return operand[i];
  return -1;
}

static void note_done(struct range_lane *l, int step) {
  l->done[step] = l->batch;
  array_reserve(l->order, l->order_room, l->order_count + 1);
  l->order[l->order_count++] = step;
}

/* A step and what it needs. */
static void compute(struct range_lane *l, int wanted) {
  const struct plan *plan = l->kept->made.s.plan;
  int next = is_done(l, wanted) ? -1 : wanted;
  l->waiting_count = 0;
  while (next >= 0 || l->waiting_count) {
    if (next >= 0) {
      array_reserve(l->waiting, l->waiting_room, l->waiting_count + 1);
      l->waiting[l->waiting_count++] = next;
    }
    const int step = l->waiting[l->waiting_count - 1];
    const struct step *s = &plan->steps[step];
    next = still_needs(l, s);
    if (next >= 0) continue;
    const bool by_a = s->op != STEP_CHOOSE && decides(l, s, s->a, s->b);
    const bool by_b = s->op != STEP_CHOOSE && decides(l, s, s->b, s->a);
    l->columns[step] = by_a ? handed(l, s->a) : by_b ? handed(l, s->b) : column_of(l, step);
    note_done(l, step);
    l->waiting_count--;
  }
}

/* ---- a batch ---- */

/* Columns stand as the plan has them. One that nobody of the batch has is without values. */
static bool line_up(struct finding *f, const struct range_kept *k) {
  struct rule_population *pop = arena_array(f->arena, struct rule_population, 1);
  int **unknown_of = arena_array(f->arena, int *, k->column_count + 1);
  if (!fits(k, f->s.pop)) return false;
  *pop = *f->s.pop;
  pop->column_count = pop->column_room = k->column_count;
  pop->columns = arena_array(f->arena, struct rule_population_column, k->column_count + 1);
  for (int i = 0; i < k->column_count; i++) {
    const struct rule_population_column *c = &k->columns[i];
    const int found = rule_population_find(f->s.pop, c->variable, c->period);
    pop->columns[i] = (struct rule_population_column){.variable = c->variable, .period = c->period};
    if (found < 0) continue;
    pop->columns[i].values = f->s.pop->columns[found].values;
    unknown_of[i] = f->s.unknown_of[found];
  }
  f->s.pop = pop;
  f->s.unknown_of = unknown_of;
  return true;
}

static void begin_batch(struct range_lane *l, struct finding *f) {
  const struct range_kept *k = l->kept;
  if (++l->batch == 0) { /* after four thousand million */
    memset(l->done, 0, sizeof *l->done * (size_t)k->made.s.plan->step_count);
    l->batch = 1;
  }
  l->at = (struct lane_place){l->first, 0};
  l->order_count = 0;
  l->f = f;
  for (int i = 0; i < k->constant_count; i++) l->done[k->constants[i]] = l->batch;
  f->s.plan = k->made.s.plan;
  f->s.columns = l->columns;
  f->wanted_count = k->made.wanted_count;
  f->wanted = k->made.wanted;
  f->known_of = k->made.known_of;
  f->wanted_step = k->made.wanted_step;
  f->wanted_period = k->made.wanted_period;
}

static void take_answers(struct finding *f) {
  f->answer = arena_array(f->arena, struct range_cell *, f->wanted_count + 1);
  for (int i = 0; i < f->wanted_count; i++) {
    const int step = f->wanted_step[i], rows = range_step_rows(&f->s, step);
    f->answer[i] = arena_array(f->arena, struct range_cell, rows + 1);
    for (int row = 0; row < rows; row++) f->answer[i][row] = range_cell_get(&f->s, step, row);
  }
}

void range_kept_mark(struct finding *f, int step, int row, uint64_t answers) {
  struct range_column *c = &f->s.columns[step];
  if (!range_bit(c->unknown, row)) return;
  if (!c->marks) {
    const int rows = range_step_rows(&f->s, step);
    c->marks = take(f->lane, sizeof *c->marks * (size_t)rows);
    memset(c->marks, 0, sizeof *c->marks * (size_t)rows);
  }
  c->marks[row] |= answers;
}

static void mark_all(struct range_lane *l) {
  struct finding *f = l->f;
  f->reached = arena_array(f->arena, uint64_t, f->s.unknown_count + 1);
  for (int i = 0; i < f->wanted_count; i++)
    for (int row = 0; row < range_step_rows(&f->s, f->wanted_step[i]); row++)
      if (!range_is_settled(f, i, row) && range_is_wanted(f, i, row))
        range_kept_mark(f, f->wanted_step[i], row, (uint64_t)1 << i);
  for (int i = l->order_count - 1; i >= 0; i--) {
    const int step = l->order[i];
    const struct range_column *c = &l->columns[step];
    if (!c->marks) continue;
    struct rows_walk w = walk_rows(c, NULL, NULL, range_step_rows(&f->s, step));
    for (int row = next_row(&w); row >= 0; row = next_row(&w))
      if (c->marks[row]) range_mark_operands(f, &f->s.plan->steps[step], row, c->marks[row]);
  }
}

enum status range_bound_kept(struct arena *arena, const struct range_kept *kept,
                             struct range_lane *lane, const struct range_request *request,
                             struct range_result *out, struct error *err) {
  struct finding f = {.arena = arena, .request = request, .lane = lane, .s = {.arena = arena}};
  *out = (struct range_result){0};
  if (range_take_unknowns(&f, err) != DONE) return err->code;
  if (!line_up(&f, kept)) return FAILED;
  begin_batch(lane, &f);
  for (int i = 0; i < f.wanted_count; i++) compute(lane, f.wanted_step[i]);
  struct range_answer *answers = arena_array(arena, struct range_answer, request->wanted_count + 1);
  take_answers(&f);
  mark_all(lane);
  range_give_answers(&f, answers);
  range_give_reached(&f, answers);
  out->answers = answers;
  out->work = f.s.work;
  return DONE;
}
