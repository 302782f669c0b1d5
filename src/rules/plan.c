#include "rules/kernels.h"

#include <math.h>

struct plan plan_begin(struct arena *arena) {
  return (struct plan){.arena = arena,
                       .same = {.arena = arena},
                       .constants = {.arena = arena},
                       .places = {.arena = arena}};
}

/* Whether a row of the step may be NAN or infinite, beside what the caller knows. */
static void mark(const struct plan *p, struct step *s) {
  static const struct step none = {0};
  const bool related = s->op == STEP_DOWN || s->op == STEP_SUM_UP || s->op == STEP_MAX_UP ||
                       s->op == STEP_MIN_UP;
  if (s->op == STEP_CONSTANT) {
    s->misses = isnan(s->constant);
    s->infinite = isinf(s->constant);
  }
  if (s->op == STEP_CONSTANT || s->op == STEP_INPUT || s->op == STEP_ROLE) return;
  const struct step *a = &p->steps[s->a];
  const struct step *b = related || s->op == STEP_LOOK_UP ? &none : &p->steps[s->b];
  const struct step *c = s->op == STEP_CHOOSE ? &p->steps[s->c] : &none;
  s->misses = s->misses || s->op == STEP_CALL || a->misses || b->misses || c->misses;
  switch (s->op) {
  case STEP_ADD:
  case STEP_SUBTRACT:
  case STEP_DIVIDE: s->misses = s->misses || (a->infinite && b->infinite); break;
  case STEP_MULTIPLY: s->misses = s->misses || a->infinite || b->infinite; break;
  case STEP_SUM_UP: s->misses = s->misses || a->infinite; break;
  case STEP_CHOOSE: s->infinite = b->infinite || c->infinite; return;
  case STEP_LESS:
  case STEP_LESS_EQUAL:
  case STEP_EQUAL:
  case STEP_RANK:
  case STEP_CALL:
  case STEP_LOOK_UP: return; /* of a table the caller knows */
  default: break;
  }
  s->infinite = a->infinite || b->infinite;
}

static int add(struct plan *p, struct step step) {
  mark(p, &step);
  arena_reserve(p->arena, p->steps, p->step_room, p->step_count + 1);
  p->steps[p->step_count] = step;
  return p->step_count++;
}

static uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

int plan_constant(struct plan *p, double value) {
  const int64_t found = map_get_number(&p->constants, 0, bits_of(value));
  if (found >= 0) return (int)found;
  const int step = add(p, (struct step){.op = STEP_CONSTANT, .entity = -1, .constant = value});
  map_set_number(&p->constants, 0, bits_of(value), step);
  return step;
}

/* The step that is the same, or a new one. */
static int once(struct plan *p, struct step s) {
  const uint64_t high = (uint64_t)(uint32_t)s.a << 32 | (uint32_t)s.b;
  const uint64_t low = (uint64_t)(uint32_t)s.c << 32 | (uint64_t)s.op << 24 |
                       (uint64_t)(uint8_t)s.entity << 16 | (uint64_t)(uint8_t)s.relation.from << 8 |
                       (uint8_t)s.relation.to;
  const int64_t found = map_get_number(&p->same, high, low);
  if (found >= 0) return (int)found;
  int step = add(p, s);
  if (p->seen) step = p->seen(p->context, p, step);
  map_set_number(&p->same, high, low, step);
  return step;
}

int plan_input(struct plan *p, int entity, int column, bool infinite) {
  return once(p,
              (struct step){.op = STEP_INPUT, .entity = entity, .a = column, .infinite = infinite});
}

double plan_of_two(enum step_op op, double a, double b) {
  double out;
  if (isnan(a) || isnan(b)) return NAN;
  kernel_two(op, (struct operand){&a, 0}, (struct operand){&b, 0}, &out, 1);
  return out;
}

/* Steps that change nothing. -1: this is none of them. */
static int unchanged(const struct plan *p, enum step_op op, int a, int b) {
  const struct step *x = &p->steps[a], *y = &p->steps[b];
  const bool x_is = x->op == STEP_CONSTANT, y_is = y->op == STEP_CONSTANT;
  switch (op) {
  case STEP_ADD:
    if (x_is && x->constant == 0) return b;
    return y_is && y->constant == 0 ? a : -1;
  case STEP_SUBTRACT: return y_is && y->constant == 0 ? a : -1;
  case STEP_MULTIPLY:
    if (x_is && x->constant == 1) return b;
    if (x_is && x->constant == 0) return a; /* also of infinity: nothing is left of it */
    if (y_is && y->constant == 0) return b;
    return y_is && y->constant == 1 ? a : -1;
  case STEP_DIVIDE: return y_is && y->constant == 1 ? a : -1;
  case STEP_MIN:
  case STEP_MAX: {
    if (a == b) return a;
    const double none = op == STEP_MIN ? (double)INFINITY : -(double)INFINITY;
    if (x_is && x->constant == none) return b;
    return y_is && y->constant == none ? a : -1;
  }
  default: return -1;
  }
}

static int entity_of(const struct plan *p, int a, int b) {
  const int entity = p->steps[a].entity;
  return entity >= 0 ? entity : p->steps[b].entity;
}

int plan_two(struct plan *p, enum step_op op, int a, int b) {
  const int same = unchanged(p, op, a, b);
  if (same >= 0) return same;
  if (plan_is_constant(p, a) && plan_is_constant(p, b) &&
      !(op == STEP_DIVIDE && p->steps[b].constant == 0))
    return plan_constant(p, plan_of_two(op, p->steps[a].constant, p->steps[b].constant));
  const bool swaps = op == STEP_ADD || op == STEP_MULTIPLY || op == STEP_MIN || op == STEP_MAX ||
                     op == STEP_EQUAL;
  if (swaps && (plan_is_constant(p, a) || (!plan_is_constant(p, b) && a > b))) {
    const int first = a; /* a constant stands second */
    a = b;
    b = first;
  }
  return once(p, (struct step){.op = op, .entity = entity_of(p, a, b), .a = a, .b = b});
}

int plan_call(struct plan *p, const struct rule_function *function, int a, int b) {
  if (b < 0) b = plan_constant(p, 0);
  if (plan_is_constant(p, a) && plan_is_constant(p, b))
    return plan_constant(p, function->of(p->steps[a].constant, p->steps[b].constant));
  return once(p, (struct step){.op = STEP_CALL,
                               .entity = entity_of(p, a, b),
                               .a = a,
                               .b = b,
                               .c = (int)(function - rule_functions)});
}

int plan_not(struct plan *p, int a) { return plan_two(p, STEP_SUBTRACT, plan_constant(p, 1), a); }

int plan_and(struct plan *p, int a, int b) {
  return p->steps[b].misses ? plan_choose(p, a, b, plan_constant(p, 0))
                            : plan_two(p, STEP_MULTIPLY, a, b);
}

int plan_or(struct plan *p, int a, int b) {
  return p->steps[b].misses ? plan_choose(p, a, plan_constant(p, 1), b)
                            : plan_two(p, STEP_MAX, a, b);
}

int plan_choose(struct plan *p, int condition, int yes, int no) {
  if (yes == no) return yes;
  if (plan_is_constant(p, condition)) {
    const double c = p->steps[condition].constant;
    return isnan(c) ? condition : c != 0 ? yes : no;
  }
  if (plan_is_constant(p, yes) && plan_is_constant(p, no) && p->steps[no].constant == 0 &&
      isfinite(p->steps[yes].constant))
    return plan_two(p, STEP_MULTIPLY, condition, yes);
  return once(p, (struct step){.op = STEP_CHOOSE,
                               .entity = p->steps[condition].entity,
                               .a = condition,
                               .b = yes,
                               .c = no});
}

int plan_related(struct plan *p, enum step_op op, int a, int b, struct step_relation relation) {
  const bool constant = a >= 0 && plan_is_constant(p, a);
  if (op == STEP_DOWN && constant) return a;
  if (op == STEP_SUM_UP && constant && p->steps[a].constant == 0) return a;
  /* every group has a member */
  if ((op == STEP_MAX_UP || op == STEP_MIN_UP) && constant) return a;
  const bool down = op == STEP_DOWN || op == STEP_ROLE || op == STEP_RANK;
  return once(p, (struct step){.op = op,
                               .entity = down ? relation.from : relation.to,
                               .a = a,
                               .b = b,
                               .relation = relation});
}

int plan_look_up(struct plan *p, int index, const double *values, int size, bool whole) {
  if (plan_is_constant(p, index))
    return plan_constant(p, plan_table_value(values, size, p->steps[index].constant));
  bool misses = !whole, infinite = false;
  for (int i = 0; i < size; i++) {
    misses = misses || isnan(values[i]);
    infinite = infinite || isinf(values[i]);
  }
  int table = 0;
  while (table < p->table_count &&
         (p->tables[table].size != size ||
          memcmp(p->tables[table].values, values, sizeof *values * (size_t)size) != 0))
    table++;
  if (table == p->table_count) {
    arena_reserve(p->arena, p->tables, p->table_room, p->table_count + 1);
    p->tables[p->table_count++] = (struct plan_table){size, values};
  }
  return once(p, (struct step){.op = STEP_LOOK_UP,
                               .entity = p->steps[index].entity,
                               .a = index,
                               .b = table,
                               .c = whole,
                               .misses = misses,
                               .infinite = infinite});
}

void plan_say_place(struct plan *p, int step, struct rule_place place) {
  if (map_get_number(&p->places, 0, (uint64_t)step) >= 0) return;
  arena_reserve(p->arena, p->place, p->place_room, p->place_count + 1);
  map_set_number(&p->places, 0, (uint64_t)step, p->place_count);
  p->place[p->place_count++] = place;
}

const struct rule_place *plan_place(const struct plan *p, int step) {
  const int64_t found = map_get_number(&p->places, 0, (uint64_t)step);
  return found < 0 ? NULL : &p->place[found];
}

int plan_operands(const struct step *s, int out[3]) {
  switch (s->op) {
  case STEP_CONSTANT:
  case STEP_INPUT:
  case STEP_ROLE: return 0;
  case STEP_CHOOSE:
    out[0] = s->a;
    out[1] = s->b;
    out[2] = s->c;
    return 3;
  case STEP_LOOK_UP:
  case STEP_DOWN:
  case STEP_SUM_UP:
  case STEP_MAX_UP:
  case STEP_MIN_UP: out[0] = s->a; return 1;
  default:
    out[0] = s->a;
    out[1] = s->b;
    return 2;
  }
}
