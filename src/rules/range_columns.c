#include "rules/range_columns.h"

#include <math.h>
#include <sys/mman.h>

/* ---- memory ---- */

struct lane_piece {
  struct lane_piece *next;
  size_t size;
  _Alignas(64) char bytes[];
};

/* A piece is a large page of the memory: a fault for each small one took longer than what is
 * computed in them. */
enum { PAGE_BYTES = 2 << 20, PIECE_SIZE = PAGE_BYTES - sizeof(struct lane_piece), ALIGNED = 64 };

static struct lane_piece *piece_make(size_t size) {
  const size_t bytes = (sizeof(struct lane_piece) + size + PAGE_BYTES - 1) / PAGE_BYTES *
                       PAGE_BYTES;
  struct lane_piece *piece = aligned_alloc(PAGE_BYTES, bytes);
  if (!piece) return memory_zeroed(SIZE_MAX / 2, 1); /* which does not return */
#ifdef MADV_HUGEPAGE
  (void)madvise(piece, bytes, MADV_HUGEPAGE); /* where there are none it is as it was */
#endif
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

struct range_lane *range_lane_make(void) {
  struct range_lane *l = memory_zeroed(1, sizeof *l);
  l->first = piece_make(PIECE_SIZE);
  l->at.piece = l->first;
  l->kept_calls =
      memory_alloc(sizeof *l->kept_calls * KERNEL_CALLS_KEPT * (size_t)rule_function_count());
  for (int i = 0; i < rule_function_count(); i++)
    kernel_forget_calls(l->kept_calls + i * KERNEL_CALLS_KEPT);
  return l;
}

void range_lane_free(struct range_lane *l) {
  if (!l) return;
  for (struct lane_piece *piece = l->first, *next; piece; piece = next) {
    next = piece->next;
    free(piece);
  }
  free(l->columns);
  free(l->waiting);
  free(l->order);
  free(l->kept_calls);
  free(l);
}

/* A column that is new is for no batch. */
static void reserve_columns(struct range_lane *l, int count) {
  const int before = l->column_room;
  array_reserve(l->columns, l->column_room, count);
  if (l->column_room > before)
    memset(l->columns + before, 0, sizeof *l->columns * (size_t)(l->column_room - before));
  l->f->s.columns = l->columns;
}

void range_lane_begin(struct range_lane *l, struct finding *f, int step_count) {
  l->f = f;
  l->at = (struct lane_place){l->first, 0};
  l->order_count = l->placed = 0;
  if (++l->batch == 0) { /* after four thousand million */
    memset(l->columns, 0, sizeof *l->columns * (size_t)l->column_room);
    l->batch = 1;
  }
  reserve_columns(l, step_count + 1);
}

/* ---- one column ---- */

/* A column as it is made. */
struct made {
  struct range_lane *l;
  struct lane_place before;
  int count, cell_count;
  struct range_column *c;
  double *rows;
};

static struct made begin(struct range_lane *l, int step, int rows) {
  struct range_column *c = &l->columns[step];
  struct made m = {.l = l, .before = l->at, .count = rows, .c = c};
  m.rows = take(l, sizeof *m.rows * (size_t)rows);
  *c = (struct range_column){.rows = m.rows, .batch = l->batch};
  return m;
}

static size_t words_of(int rows) { return (size_t)(rows + 63) / 64; }

/* Before the first put: room for a cell in each of these rows. */
static void may_be_unknown(struct made *m, uint64_t *rows) {
  int count = 0;
  for (size_t i = 0; i < words_of(m->count); i++) count += __builtin_popcountll(rows[i]);
  m->c->unknown = rows;
  m->c->cells = take(m->l, sizeof *m->c->cells * (size_t)count);
}

/* Rows in their order. One that has a cell has 1 beside it, by which anything can be divided. */
static void put(struct made *m, int row, const struct range_cell *cell) {
  if (range_cell_is_known(cell)) {
    m->rows[row] = cell->low;
    m->c->lacks |= isnan(cell->low);
    m->c->unknown[row / 64] &= ~((uint64_t)1 << (row % 64));
    return;
  }
  m->c->cells[m->cell_count++] = *cell;
  m->rows[row] = 1;
}

void range_column_same(struct range_lane *l, int step, double value) {
  l->columns[step] = (struct range_column){.one = value, .lacks = isnan(value), .batch = l->batch};
}

/* The column of another step, as it is. */
void range_column_hand(struct range_lane *l, int step, int from) {
  l->columns[step] = l->columns[from];
  l->columns[step].batch = l->batch;
  l->columns[step].marks = NULL;
}

static bool is_one_value(const struct made *m) {
  for (int i = 1; i < m->count; i++)
    if (m->rows[i] != m->rows[0]) return false;
  return m->count > 0;
}

static void end(struct made *m, int step) {
  if (m->cell_count) return;
  m->c->unknown = NULL;
  if (!is_one_value(m)) return;
  m->l->at = m->before;
  range_column_same(m->l, step, m->rows[0]);
}

static struct operand operand_of(const struct range_column *c) {
  return (struct operand){c->rows, c->one};
}

static void note_missing(struct made *m) { m->c->lacks = kernel_missing(m->rows, m->count) >= 0; }

/* The rows that have a cell in one of the columns. */
static uint64_t *unknown_rows(struct range_lane *l, int rows, const struct range_column *a,
                              const struct range_column *b, const struct range_column *c) {
  const uint64_t *const of[] = {a->unknown, b ? b->unknown : NULL, c ? c->unknown : NULL};
  if (!of[0] && !of[1] && !of[2]) return NULL;
  const size_t words = words_of(rows);
  uint64_t *out = take(l, sizeof *out * words);
  for (size_t i = 0; i < words; i++)
    out[i] = (of[0] ? of[0][i] : 0) | (of[1] ? of[1][i] : 0) | (of[2] ? of[2][i] : 0);
  return out;
}

/* These rows, one after another; -1: no more. Bits of rows that were walked may be changed. */
struct rows_walk {
  const uint64_t *of;
  size_t word, words;
  uint64_t left;
};

static struct rows_walk walk_rows(const uint64_t *of, int rows) {
  return (struct rows_walk){of, 0, of ? words_of(rows) : 0, of && rows ? of[0] : 0};
}

static inline int next_row(struct rows_walk *w) {
  while (!w->left) {
    if (w->word + 1 >= w->words) return -1;
    w->left = w->of[++w->word];
  }
  const int bit = __builtin_ctzll(w->left);
  w->left &= w->left - 1;
  return (int)(w->word * 64) + bit;
}

/* The cells of a column in the order of rows, of which those that have one are all passed. */
struct cells_walk {
  const struct range_column *c;
  int next;
};

static inline struct range_cell cell_at(struct cells_walk *w, int row) {
  if (range_bit(w->c->unknown, row)) return w->c->cells[w->next++];
  return range_cell_of(w->c->rows ? w->c->rows[row] : w->c->one);
}

/* ---- two operands ---- */

/* Of rows that have a value it may make one that has none: of infinities. */
static bool may_lose(const struct plan *p, const struct step *s) {
  const bool two = s->op == STEP_ADD || s->op == STEP_SUBTRACT || s->op == STEP_DIVIDE;
  if (two) return p->steps[s->a].infinite && p->steps[s->b].infinite;
  if (s->op == STEP_MULTIPLY) return p->steps[s->a].infinite || p->steps[s->b].infinite;
  return s->op == STEP_SUM_UP && p->steps[s->a].infinite;
}

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

static void two(struct range_lane *l, int step, const struct step *s, int rows) {
  const struct range_column *a = &l->columns[s->a], *b = &l->columns[s->b];
  if (!a->rows && !b->rows) {
    range_column_same(l, step, known_of_two(s->op, a->one, b->one));
    return;
  }
  const struct operand x = operand_of(a), y = operand_of(b);
  struct made m = begin(l, step, rows);
  const bool by_zero = s->op == STEP_DIVIDE &&
                       (y.rows ? kernel_zero(y.rows, rows) >= 0 : y.constant == 0);
  const bool lacks = a->lacks || b->lacks || by_zero || may_lose(l->f->s.plan, s);
  kernel_two(s->op, x, y, m.rows, rows);
  if (lacks && (by_zero || loses_missing(s->op) || s->op == STEP_MULTIPLY))
    correct_rows(&m, s, x, y);
  uint64_t *unknown = unknown_rows(l, rows, a, b, NULL);
  if (unknown) may_be_unknown(&m, unknown);
  const bool holds = unknown && s->op == STEP_DIVIDE &&
                     (l->holds ? l->holds[step] : range_divisor_holds(&l->f->s, s));
  struct rows_walk w = walk_rows(unknown, rows);
  struct cells_walk of_a = {a, 0}, of_b = {b, 0};
  for (int row = next_row(&w); row >= 0; row = next_row(&w)) {
    const struct range_cell c = cell_at(&of_a, row), d = cell_at(&of_b, row);
    const struct range_cell out = s->op == STEP_DIVIDE ? range_of_division(c, d, holds)
                                                       : range_of_two(s->op, c, d);
    put(&m, row, &out);
  }
  if (lacks) note_missing(&m);
  end(&m, step);
}

/* ---- choices, tables, functions ---- */

static void choose(struct range_lane *l, int step, const struct step *s, int rows) {
  const struct range_column *a = &l->columns[s->a], *b = &l->columns[s->b], *c = &l->columns[s->c];
  if (!a->rows) {
    if (isnan(a->one)) range_column_same(l, step, NAN);
    else range_column_hand(l, step, a->one != 0 ? s->b : s->c);
    return;
  }
  struct made m = begin(l, step, rows);
  kernel_choose(a->rows, operand_of(b), operand_of(c), m.rows, rows);
  if (a->lacks) kernel_keep_missing(a->rows, m.rows, rows);
  uint64_t *unknown = unknown_rows(l, rows, a, b, c);
  if (unknown) may_be_unknown(&m, unknown);
  struct rows_walk w = walk_rows(unknown, rows);
  struct cells_walk of_a = {a, 0}, of_b = {b, 0}, of_c = {c, 0};
  for (int row = next_row(&w); row >= 0; row = next_row(&w)) {
    const struct range_cell condition = cell_at(&of_a, row), yes = cell_at(&of_b, row);
    const struct range_cell out = range_of_choice(&condition, yes, cell_at(&of_c, row));
    put(&m, row, &out);
  }
  if (a->lacks || b->lacks || c->lacks) note_missing(&m);
  end(&m, step);
}

static void look_up(struct range_lane *l, int step, const struct step *s, int rows) {
  const struct plan_table *t = &l->f->s.plan->tables[s->b];
  const struct range_column *a = &l->columns[s->a];
  if (!a->rows) {
    range_column_same(l, step, plan_table_value(t->values, t->size, a->one));
    return;
  }
  struct made m = begin(l, step, rows);
  kernel_look_up(a->rows, t->values, t->size, m.rows, rows);
  uint64_t *unknown = unknown_rows(l, rows, a, NULL, NULL);
  if (unknown) may_be_unknown(&m, unknown);
  struct rows_walk w = walk_rows(unknown, rows);
  struct cells_walk of_a = {a, 0};
  for (int row = next_row(&w); row >= 0; row = next_row(&w)) {
    const struct range_cell index = cell_at(&of_a, row);
    const struct range_cell out = range_of_table(t, &index, s->c);
    put(&m, row, &out);
  }
  note_missing(&m);
  end(&m, step);
}

static void call(struct range_lane *l, int step, const struct step *s, int rows) {
  const struct rule_function *f = &rule_functions[s->c];
  const struct range_column *a = &l->columns[s->a], *b = &l->columns[s->b];
  if (!a->rows && !b->rows) {
    range_column_same(l, step, a->lacks || b->lacks ? (double)NAN : f->of(a->one, b->one));
    return;
  }
  struct made m = begin(l, step, rows);
  kernel_call((struct kernel_function){f, l->kept_calls + s->c * KERNEL_CALLS_KEPT}, operand_of(a),
              operand_of(b), m.rows, rows);
  for (int i = 0; (a->lacks || b->lacks) && i < rows; i++)
    if (isnan(a->rows ? a->rows[i] : a->one) || isnan(b->rows ? b->rows[i] : b->one))
      m.rows[i] = NAN;
  uint64_t *unknown = unknown_rows(l, rows, a, b, NULL);
  if (unknown) may_be_unknown(&m, unknown);
  struct rows_walk w = walk_rows(unknown, rows);
  struct cells_walk of_a = {a, 0}, of_b = {b, 0};
  for (int row = next_row(&w); row >= 0; row = next_row(&w)) {
    const struct range_cell first = cell_at(&of_a, row);
    const struct range_cell out = range_of_call(f, first, cell_at(&of_b, row));
    put(&m, row, &out);
  }
  note_missing(&m);
  end(&m, step);
}

/* ---- inputs and groups ---- */

static uint64_t *no_rows(struct range_lane *l, int rows) {
  const size_t size = sizeof(uint64_t) * words_of(rows);
  return memset(take(l, size), 0, size);
}

static void set_bit(uint64_t *bits, int row) { bits[row / 64] |= (uint64_t)1 << (row % 64); }

static void input(struct range_lane *l, int step, const struct step *s, int rows) {
  const struct range_state *state = &l->f->s;
  const struct rule_population_column *column = &state->pop->columns[s->a];
  const int *of = state->unknown_of[s->a];
  if (!column->values) {
    range_column_same(l, step, column->variable->by_default);
    return;
  }
  struct made m = begin(l, step, rows);
  memcpy(m.rows, column->values, sizeof *m.rows * (size_t)rows);
  uint64_t *unknown = of ? no_rows(l, rows) : NULL;
  for (int row = 0; of && row < rows; row++)
    if (of[row] >= 0) set_bit(unknown, row);
  if (unknown) may_be_unknown(&m, unknown);
  struct rows_walk w = walk_rows(unknown, rows);
  for (int row = next_row(&w); row >= 0; row = next_row(&w)) {
    const struct range_cell out = range_of_input(state, s, row);
    put(&m, row, &out);
  }
  end(&m, step);
}

static void down(struct range_lane *l, int step, const struct step *s, int rows) {
  const struct range_column *a = &l->columns[s->a];
  const int *group = range_members(&l->f->s, s->relation);
  if (!a->rows) {
    range_column_hand(l, step, s->a);
    return;
  }
  struct made m = begin(l, step, rows);
  kernel_down(a->rows, group, 0, m.rows, rows);
  m.c->lacks = a->lacks;
  uint64_t *unknown = a->unknown ? no_rows(l, rows) : NULL;
  for (int row = 0; unknown && row < rows; row++)
    if (range_bit(a->unknown, group[row])) set_bit(unknown, row);
  if (unknown) may_be_unknown(&m, unknown);
  struct rows_walk w = walk_rows(unknown, rows);
  for (int row = next_row(&w); row >= 0; row = next_row(&w))
    put(&m, row, &a->cells[range_bits_before(a->unknown, group[row])]);
  end(&m, step);
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

static void up(struct range_lane *l, int step, const struct step *s, int rows) {
  const struct range_column *a = &l->columns[s->a];
  const struct range_state *state = &l->f->s;
  const int *group = range_members(state, s->relation);
  const int members = state->pop->rows[s->relation.from];
  if (!a->rows && (s->op != STEP_SUM_UP || a->one == 0)) {
    range_column_hand(l, step, s->a);
    return;
  }
  struct made m = begin(l, step, rows);
  kernel_up(s->op, operand_of(a), group, 0, members, m.rows, rows);
  if (a->lacks && a->rows && s->op != STEP_SUM_UP)
    kernel_missing_up(a->rows, group, 0, members, m.rows);
  uint64_t *unknown = a->unknown ? no_rows(l, rows) : NULL;
  struct rows_walk member = walk_rows(a->unknown, members);
  for (int row = next_row(&member); row >= 0; row = next_row(&member)) set_bit(unknown, group[row]);
  if (unknown) may_be_unknown(&m, unknown);
  struct rows_walk w = walk_rows(unknown, rows);
  for (int row = next_row(&w); row >= 0; row = next_row(&w)) {
    const struct range_cell out = gathered(state, s, group, row);
    put(&m, row, &out);
  }
  if (a->lacks || may_lose(l->f->s.plan, s)) note_missing(&m);
  end(&m, step);
}

static void role(struct range_lane *l, int step, const struct step *s, int rows) {
  struct made m = begin(l, step, rows);
  kernel_role(l->f->s.pop->role[s->relation.to], s->b, m.rows, rows);
  end(&m, step);
}

static void rank(struct range_lane *l, int step, const struct step *s, int rows) {
  const int *group = range_members(&l->f->s, s->relation);
  struct made m = begin(l, step, rows);
  uint64_t *all = no_rows(l, rows);
  for (int row = 0; row < rows; row++) set_bit(all, row);
  may_be_unknown(&m, all);
  for (int row = 0; row < rows; row++) {
    const struct range_cell out = range_of_rank(&l->f->s, s, group, row);
    put(&m, row, &out);
  }
  end(&m, step);
}

/* ---- steps ---- */

void range_column_compute(struct range_lane *l, int step) {
  const struct step *s = &l->f->s.plan->steps[step];
  const int rows = l->f->s.pop->rows[s->entity];
  l->f->s.work += rows;
  switch (s->op) {
  case STEP_INPUT: input(l, step, s, rows); break;
  case STEP_CHOOSE: choose(l, step, s, rows); break;
  case STEP_LOOK_UP: look_up(l, step, s, rows); break;
  case STEP_CALL: call(l, step, s, rows); break;
  case STEP_DOWN: down(l, step, s, rows); break;
  case STEP_SUM_UP:
  case STEP_MAX_UP:
  case STEP_MIN_UP: up(l, step, s, rows); break;
  case STEP_ROLE: role(l, step, s, rows); break;
  case STEP_RANK: rank(l, step, s, rows); break;
  default: two(l, step, s, rows);
  }
  if (!l->columns[step].unknown) return;
  array_reserve(l->order, l->order_room, l->order_count + 1);
  l->order[l->order_count++] = step;
}

static void place_constants(struct range_lane *l, const struct plan *plan, int step) {
  reserve_columns(l, step + 1);
  for (; l->placed <= step; l->placed++)
    if (plan->steps[l->placed].op == STEP_CONSTANT)
      range_column_same(l, l->placed, plan->steps[l->placed].constant);
}

int range_column_seen(void *finding, struct plan *plan, int step) {
  struct finding *f = finding;
  f->s.plan = plan;
  place_constants(f->lane, plan, step);
  range_column_compute(f->lane, step);
  const struct range_column *c = &f->s.columns[step];
  return c->rows || isnan(c->one) ? step : plan_constant(plan, c->one);
}

void range_columns_end(struct range_lane *l) {
  if (l->f->s.plan->step_count) place_constants(l, l->f->s.plan, l->f->s.plan->step_count - 1);
}

/* ---- answers ---- */

static void take_answers(struct finding *f) {
  f->answer = arena_array(f->arena, struct range_cell *, f->wanted_count + 1);
  for (int i = 0; i < f->wanted_count; i++) {
    const int step = f->wanted_step[i], rows = range_step_rows(&f->s, step);
    f->answer[i] = arena_array(f->arena, struct range_cell, rows + 1);
    for (int row = 0; row < rows; row++) f->answer[i][row] = range_cell_get(&f->s, step, row);
  }
}

static int cells_of(const struct range_column *c, int rows) {
  return range_bits_before(c->unknown, rows - 1) + range_bit(c->unknown, rows - 1);
}

void range_column_mark(struct finding *f, int step, int row, uint64_t answers) {
  struct range_column *c = &f->s.columns[step];
  if (!range_bit(c->unknown, row)) return;
  if (!c->marks) {
    const size_t size = sizeof *c->marks * (size_t)cells_of(c, range_step_rows(&f->s, step));
    c->marks = memset(take(f->lane, size), 0, size);
  }
  c->marks[range_bits_before(c->unknown, row)] |= answers;
}

static void mark_all(struct range_lane *l) {
  struct finding *f = l->f;
  f->reached = arena_array(f->arena, uint64_t, f->s.unknown_count + 1);
  for (int i = 0; i < f->wanted_count; i++)
    for (int row = 0; row < range_step_rows(&f->s, f->wanted_step[i]); row++)
      if (!range_is_settled(f, i, row) && range_is_wanted(f, i, row))
        range_column_mark(f, f->wanted_step[i], row, (uint64_t)1 << i);
  for (int i = l->order_count - 1; i >= 0; i--) {
    const struct step *step = &f->s.plan->steps[l->order[i]];
    const struct range_column *c = &l->columns[l->order[i]];
    const uint64_t *marks = c->marks;
    if (!marks) continue;
    struct rows_walk w = walk_rows(c->unknown, f->s.pop->rows[step->entity]);
    for (int row = next_row(&w); row >= 0; row = next_row(&w), marks++)
      if (*marks) range_mark_operands(f, step, row, *marks);
  }
}

void range_columns_answer(struct range_lane *l, struct range_result *out) {
  struct finding *f = l->f;
  struct range_answer *answers = arena_array(f->arena, struct range_answer,
                                             f->request->wanted_count + 1);
  take_answers(f);
  mark_all(l);
  range_give_answers(f, answers);
  range_give_reached(f, answers);
  out->answers = answers;
  out->work = f->s.work;
}
