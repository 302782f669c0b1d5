/* Rules over many rows: the same values wherever blocks end, on one thread and on two, in whatever
 * order the rows are given; and random formulas against an evaluator that takes row by row. */
#include "rules/kernels.h"
#include "rules/population_files.h"
#include "unit/rules_pack.h"

#include <inttypes.h>

/* ---- division by zero ---- */

static const char shares[] = "variable x\n  entity person  period year  unit /1\n"
                             "variable y\n  entity person  period year  unit /1\n";

static enum status divided(const char *formula, const char *facts, struct error *err) {
  struct rules *rules = pack_of(arena_printf(pack_arena,
                                             "%svariable v\n  entity person  period year\n"
                                             "  formula\n    %s\n"
                                             "variable w\n  entity household  period year\n"
                                             "  formula\n    if(count(members) > 1, "
                                             "sum(members, x / y), 0)\n",
                                             shares, *formula == 'w' ? "x" : formula),
                                false);
  struct situation s;
  double *values;
  pack_situation(rules, facts, "2025", false, &s);
  enum status status = pack_compute(rules, &s, *formula == 'w' ? "w" : "v", &values, err);
  if (status == DONE && *formula != 'w') assert_false(isnan(values[0]));
  return status;
}

static void division_by_zero_names_its_row_and_line(void **state) {
  (void)state;
  static const char two[] = "people:\n  anna: {x: 1, y: 2}\n  bert: {x: 1, y: 0}\n";
  static const struct {
    const char *formula, *facts, *message; /* null: a value */
  } all[] = {
      {"x / y", two, "a division by zero, for person 2"},
      {"x / (y - y)", two, "a division by zero, for person 1"},
      {"x / 0", two, "a division by zero, for person 1"},
      {"1 / 0", two, "a division by zero, for person 1"},
      {"if(y != 0, x / y, 0)", two, NULL},
      {"if(y = 0, 0, x / y)", two, NULL},
      {"if(y = 0, 0, y = 1, 1, x / y)", two, NULL},
      {"if(y != 0 and x / y > 0, 1, 0)", two, NULL},
      {"if(y = 0 or x / y > 0, 1, 0)", two, NULL},
      {"if(false, 1 / 0, 2)", two, NULL},
      {"sum(household.members, x / y where y > 0)", two, NULL},
      {"if(x = 1, x / y, 0)", two, "a division by zero, for person 2"},
      {"w", two, NULL}, /* each is alone: nobody's division counts */
      {"w", "people:\n  anna: {y: 0}\nhouseholds:\n  one: {members: [anna]}\n", NULL},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    struct error err = {0};
    const enum status status = divided(all[i].formula, all[i].facts, &err);
    if ((status != DONE) != (all[i].message != NULL))
      fail_msg("%s: %s", all[i].formula, status == DONE ? "a value" : err.message);
    if (!all[i].message) continue;
    assert_string_equal(err.message, all[i].message);
    assert_int_equal(err.line, 8);
    assert_non_null(strstr(err.file, "rules/b.rules"));
  }
}

/* ---- many rows ---- */

static uint64_t random_state;

static uint64_t random_next(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  return random_state ^= random_state << 17;
}

static int random_below(int n) { return (int)(random_next() % (uint64_t)n); }

static const char many_rules[] =
    "variable x\n  entity person  period year  unit /1\n"
    "variable z\n  entity household  period year  unit /1\n"
    "variable own\n  entity person  period year\n  formula\n"
    "    x * 2 + household.z + sum(benunit.members, x)\n"
    "variable all\n  entity household  period year\n  formula\n"
    "    sum(members, x) + 1000 * count(members) + 7 * count(benunits) + max(members, x)\n"
    "variable place\n  entity person  period year\n  formula\n"
    "    rank(household.members, by x where x > 2)\n"
    "variable unit\n  entity benunit  period year\n  formula\n"
    "    sum(members, x) + household.z\n";
enum { OUTS = 4 };
static const char *const outs[OUTS] = {"own", "all", "place", "unit"};

/* Who stands where, as it is given; the same people in another order give another `given`. */
struct town {
  int people, households, benunits;
  int *household, *benunit;
  double *x, *z;
};

static struct town town_of(int people, int household_most) {
  struct town t = {.people = people};
  t.household = arena_array(pack_arena, int, people);
  t.benunit = arena_array(pack_arena, int, people);
  t.x = arena_array(pack_arena, double, people);
  t.z = arena_array(pack_arena, double, people);
  for (int i = 0; i < people;) {
    int size = 1 + random_below(household_most);
    if (size > people - i) size = people - i;
    t.z[t.households] = random_below(50);
    for (int k = 0; k < size; k++) {
      t.household[i + k] = t.households;
      t.benunit[i + k] = t.benunits + (k > size / 2);
      t.x[i + k] = random_below(9);
    }
    t.benunits += size > 1 && size - 1 > size / 2 ? 2 : 1;
    i += size;
    t.households++;
  }
  return t;
}

static void town_run(struct rules *rules, const struct town *t, const int *order, int threads,
                     double **values) {
  const int rows[RULE_ENTITIES_MOST] = {t->people, t->benunits, t->households};
  struct rule_population *pop = rule_population_make(pack_arena, rules, rows);
  const struct rule_period year = pack_period(rules, "2025");
  double *x = rule_population_column(pop, pack_variable(rules, "x"), year);
  double *z = rule_population_column(pop, pack_variable(rules, "z"), year);
  for (int i = 0; i < t->people; i++) {
    x[i] = t->x[order[i]];
    pop->member[1][i] = t->benunit[order[i]];
    pop->member[2][i] = t->household[order[i]];
  }
  for (int i = 0; i < t->households; i++) z[i] = t->z[i];
  rule_population_settle(pop);
  struct compiler *c = compiler_make(pack_arena, rules, pop, READ_LEGAL);
  struct run_output out[OUTS];
  struct error err = {0};
  for (int k = 0; k < OUTS; k++) {
    const struct rule_variable *v = pack_variable(rules, outs[k]);
    out[k] = (struct run_output){.name = v->name, .rows = pop->rows[v->entity->index]};
    out[k].values = arena_array(pack_arena, double, out[k].rows + 1);
    assert_int_equal(compile_over(c, v, year, &out[k].step, &err), DONE);
  }
  if (run_plan(pack_arena, c, out, OUTS, threads, &err) != DONE) fail_msg("%s", err.message);
  for (int k = 0; k < OUTS; k++) {
    const int e = pack_variable(rules, outs[k])->entity->index;
    values[k] = arena_array(pack_arena, double, out[k].rows + 1);
    for (int i = 0; i < out[k].rows; i++) { /* by the numbers of the town */
      const int given = pop->order[e][i];
      values[k][e ? given : order[given]] = out[k].values[i];
    }
  }
}

/* Straight from the definition; rank: equals in the order in which they are given. */
static void town_naive(const struct town *t, const int *order, double **values) {
  int *units = arena_array(pack_arena, int, t->households),
      *first = arena_array(pack_arena, int, t->benunits);
  double *sum = arena_array(pack_arena, double, t->households),
         *most = arena_array(pack_arena, double, t->households);
  double *unit = arena_array(pack_arena, double, t->benunits);
  int *count = arena_array(pack_arena, int, t->households);
  for (int k = 0; k < OUTS; k++) values[k] = arena_array(pack_arena, double, t->people + 1);
  for (int i = 0; i < t->people; i++) {
    const int h = t->household[i], b = t->benunit[i];
    sum[h] += t->x[i];
    unit[b] += t->x[i];
    if (!count[h]++ || t->x[i] > most[h]) most[h] = t->x[i];
    if (!first[b]++) units[h]++;
    values[3][b] = t->z[h];
  }
  int *at = arena_array(pack_arena, int, t->people); /* where each was given */
  for (int i = 0; i < t->people; i++) at[order[i]] = i;
  for (int i = 0; i < t->people; i++) {
    const int h = t->household[i];
    values[0][i] = t->x[i] * 2 + t->z[h] + unit[t->benunit[i]];
    values[2][i] = t->x[i] > 2 ? 0 : -1;
    for (int k = 0; t->x[i] > 2 && k < t->people; k++)
      values[2][i] += t->household[k] == h && t->x[k] > 2 &&
                      (t->x[k] < t->x[i] || (t->x[k] == t->x[i] && at[k] < at[i]));
  }
  for (int h = 0; h < t->households; h++)
    values[1][h] = sum[h] + 1000 * count[h] + 7 * units[h] + most[h];
  for (int b = 0; b < t->benunits; b++) values[3][b] += unit[b];
}

static void town_holds(int people, int household_most, bool shuffled) {
  struct rules *rules = pack_of(many_rules, false);
  const struct town t = town_of(people, household_most);
  int *order = arena_array(pack_arena, int, people);
  for (int i = 0; i < people; i++) order[i] = i;
  for (int i = people - 1; shuffled && i > 0; i--) {
    const int k = random_below(i + 1), swap = order[i];
    order[i] = order[k];
    order[k] = swap;
  }
  double *wanted[OUTS], *got[OUTS];
  town_naive(&t, order, wanted);
  for (int threads = 1; threads <= 2; threads++) {
    town_run(rules, &t, order, threads, got);
    const int rows[OUTS] = {t.people, t.households, t.people, t.benunits};
    for (int k = 0; k < OUTS; k++)
      for (int i = 0; i < rows[k]; i++)
        if (got[k][i] != wanted[k][i])
          fail_msg("%d people, households to %d%s, %d threads: %s of %d: expected %g, got %g",
                   people, household_most, shuffled ? ", in any order" : "", threads, outs[k], i,
                   wanted[k][i], got[k][i]);
  }
}

static void the_same_wherever_blocks_end(void **state) {
  (void)state;
  random_state = 20251130;
  static const int sizes[] = {1, 2, 511, 512, 513, 1024, 1025, 3000};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    town_holds(sizes[i], 1, false);
    town_holds(sizes[i], 6, false);
    town_holds(sizes[i], 6, true);
  }
}

static void households_larger_than_a_block(void **state) {
  (void)state;
  random_state = 7;
  town_holds(700, 700, false);
  town_holds(700, 700, true);
  town_holds(4000, 1500, true);
}

static void many_households_on_two_threads(void **state) {
  (void)state;
  random_state = 11;
  town_holds(13000, 3, false); /* more clusters than one piece of work has */
}

static void nobody_at_all(void **state) {
  (void)state;
  struct rules *rules = pack_of(many_rules, false);
  const struct town none = {0};
  double *values[OUTS];
  town_run(rules, &none, NULL, 2, values);
}

/* ---- random formulas, against row by row ---- */

enum { ROWS = 40, INPUTS = 4 };
static double given[INPUTS][ROWS];

struct naive {
  char op; /* n: number, v: input, + - * m M < = & | ! ? a f */
  double number;
  int which;
  const struct naive *a, *b, *c;
};

static const struct naive *random_formula(int depth, bool truth) {
  struct naive *n = arena_array(pack_arena, struct naive, 1);
  static const char truths[] = "<=&|!", numbers[] = "+-*mM?af";
  if (truth) {
    n->op = depth > 0 ? truths[random_below(5)] : '<';
    const bool of_truths = strchr("&|!", n->op) != NULL;
    n->a = random_formula(depth - 1, of_truths);
    n->b = random_formula(depth - 1, of_truths);
    return n;
  }
  if (depth <= 0 || random_below(6) == 0) {
    n->op = random_below(2) ? 'n' : 'v';
    n->number = random_below(7) - 2;
    n->which = random_below(INPUTS);
    return n;
  }
  n->op = numbers[random_below(8)];
  n->a = random_formula(depth - 1, false);
  n->b = random_formula(depth - 1, false);
  if (n->op == '?') n->c = random_formula(depth - 1, true);
  return n;
}

static double naive_value(const struct naive *n, int row) {
  if (n->op == 'n') return n->number;
  if (n->op == 'v') return given[n->which][row];
  if (n->op == '?') return naive_value(naive_value(n->c, row) != 0 ? n->a : n->b, row);
  const double a = naive_value(n->a, row);
  if (n->op == '!') return a == 0;
  if (n->op == 'a') return fabs(a);
  if (n->op == 'f') return floor(a / 3 + fmax(1e-9, 16 * DBL_EPSILON * fabs(a / 3))) * 3;
  const double b = naive_value(n->b, row);
  switch (n->op) {
  case '+': return a + b;
  case '-': return a - b;
  case '*': return a * b;
  case 'm': return a < b ? a : b;
  case 'M': return a > b ? a : b;
  case '<': return a < b;
  case '=': return a == b;
  case '&': return a != 0 && b != 0;
  default: return a != 0 || b != 0;
  }
}

static void naive_write(const struct naive *n, struct text *t) {
  static const struct {
    char op;
    const char *before, *between, *after;
  } forms[] = {{'+', "(", " + ", ")"},   {'-', "(", " - ", ")"},   {'*', "(", " * ", ")"},
               {'m', "min(", ", ", ")"}, {'M', "max(", ", ", ")"}, {'<', "(", " < ", ")"},
               {'=', "(", " = ", ")"},   {'&', "(", " and ", ")"}, {'|', "(", " or ", ")"}};
  if (n->op == 'n') text_addf(t, "%g", n->number);
  else if (n->op == 'v') text_addf(t, "x%d", n->which);
  else if (n->op == '!' || n->op == 'a' || n->op == 'f') {
    text_add(t, n->op == '!' ? "(not " : n->op == 'a' ? "abs(" : "floor(");
    naive_write(n->a, t);
    text_add(t, n->op == 'f' ? ", 3)" : ")");
  } else if (n->op == '?') {
    text_add(t, "if(");
    naive_write(n->c, t);
    text_add(t, ", ");
    naive_write(n->a, t);
    text_add(t, ", ");
    naive_write(n->b, t);
    text_add(t, ")");
  } else
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
      if (forms[i].op == n->op) {
        text_add(t, forms[i].before);
        naive_write(n->a, t);
        text_add(t, forms[i].between);
        naive_write(n->b, t);
        text_add(t, forms[i].after);
      }
}

static void formula_holds(struct rules *rules, const struct naive *n, bool annual, uint64_t seed) {
  const int rows[RULE_ENTITIES_MOST] = {ROWS, ROWS, ROWS};
  struct rule_population *pop = rule_population_make(pack_arena, rules, rows);
  const struct rule_period year = pack_period(rules, "2025");
  struct error err = {0};
  double values[ROWS];
  for (int i = 0; i < ROWS; i++) pop->member[1][i] = pop->member[2][i] = i;
  for (int k = 0; k < INPUTS; k++) {
    char name[8];
    snprintf(name, sizeof name, "x%d", k);
    memcpy(rule_population_column(pop, pack_variable(rules, name), year), given[k],
           sizeof given[k]);
  }
  rule_population_settle(pop);
  struct compiler *c = compiler_make(pack_arena, rules, pop, annual ? READ_ANNUAL : READ_LEGAL);
  struct run_output out = {"v", 0, ROWS, values};
  if (compile_over(c, pack_variable(rules, "v"), year, &out.step, &err) != DONE ||
      run_plan(pack_arena, c, &out, 1, 1, &err) != DONE)
    fail_msg("seed %" PRIu64 ": %s", seed, err.message);
  for (int i = 0; i < ROWS; i++)
    if (values[i] != naive_value(n, i)) {
      struct text t = {0};
      naive_write(n, &t);
      fail_msg("seed %" PRIu64 ", row %d: expected %.17g, got %.17g, of %s", seed, i,
               naive_value(n, i), values[i], t.bytes);
    }
}

/* WEAL_TEST_SEED runs one again. */
static void random_formulas_equal_row_by_row(void **state) {
  (void)state;
  const char *asked = getenv("WEAL_TEST_SEED");
  const uint64_t first = asked ? strtoull(asked, NULL, 10) : 1;
  for (uint64_t seed = first; seed < first + (asked ? 1 : 150); seed++) {
    random_state = seed * 0x9e3779b97f4a7c15u + 1;
    for (int i = 0; i < 5; i++) (void)random_next();
    const bool annual = seed % 2;
    struct text t = {0};
    for (int k = 0; k < INPUTS; k++) {
      text_addf(&t, "variable x%d\n  entity person  period year  unit /1\n", k);
      for (int i = 0; i < ROWS; i++) given[k][i] = random_below(11) - 5;
    }
    const struct naive *n = random_formula(1 + random_below(6), false);
    text_add(&t, "variable v\n  entity person  period year  unit /1\n  formula\n    ");
    naive_write(n, &t);
    text_add(&t, "\n");
    formula_holds(pack_of(t.bytes, annual), n, annual, seed);
    text_release(&t);
  }
}

/* ---- loops over columns, and numbers as text ---- */

static double alone(enum step_op op, double a, double b) {
  const double n = a / b, slack = fmax(1e-9, 16 * DBL_EPSILON * fabs(n));
  switch (op) {
  case STEP_ADD: return a + b;
  case STEP_SUBTRACT: return a - b;
  case STEP_MULTIPLY: return a * b;
  case STEP_DIVIDE: return a / b;
  case STEP_MIN: return a < b ? a : b;
  case STEP_MAX: return a > b ? a : b;
  case STEP_LESS: return a < b;
  case STEP_LESS_EQUAL: return a <= b;
  case STEP_EQUAL: return a == b;
  case STEP_FLOOR: return isinf(a) ? a : floor(n + slack) * b;
  case STEP_CEIL: return isinf(a) ? a : ceil(n - slack) * b;
  case STEP_ROUND: return isinf(a) ? a : floor(n + 0.5 + slack) * b;
  default: return isinf(a) ? a : ceil(n - 0.5 - slack) * b;
  }
}

static void loops_equal_one_row_after_another(void **state) {
  (void)state;
  enum { COUNT = 203 };
  static const double steps[] = {0.01, 0.05, 1, 10, 2.5};
  double x[COUNT], y[COUNT], out[COUNT];
  random_state = 7;
  for (int i = 0; i < COUNT; i++) {
    x[i] = (random_below(2000001) - 1000000) / 997.0;
    if (i % 10 == 0) x[i] = random_below(40000) * 0.01; /* whole steps, but for a rounding */
    y[i] = steps[random_below(5)];
  }
  x[3] = INFINITY, x[4] = -INFINITY, x[5] = NAN, x[6] = 0;
  for (enum step_op op = STEP_ADD; op <= STEP_ROUND_HALF_DOWN; op++)
    for (int form = 0; form < 3 && op != STEP_CHOOSE; form++) {
      const struct operand a = {form == 2 ? NULL : x, 7.125}, b = {form == 1 ? NULL : y, 0.05};
      kernel_two(op, a, b, out, COUNT);
      for (int i = 0; i < COUNT; i++) {
        const double one = alone(op, a.rows ? x[i] : a.constant, b.rows ? y[i] : b.constant);
        if (memcmp(&one, &out[i], sizeof one) != 0 && !(isnan(one) && isnan(out[i])))
          fail_msg("operation %d, row %d: %.17g, not %.17g", (int)op, i, out[i], one);
      }
    }
  assert_int_equal(kernel_missing(x, COUNT), 5);
  assert_int_equal(kernel_missing(y, COUNT), -1);
  assert_int_equal(kernel_zero(x, COUNT), 6);
}

/* ---- sums of bands, which are one pass ---- */

enum { BANDS_MOST = 40, BAND_PEOPLE = 37 };

struct band_sum {
  int count, shared; /* `shared`: the band that the formula reads a second time; -1: none */
  bool begins_with_y;
  struct {
    bool of_y;
    double threshold, rate;
  } bands[BANDS_MOST];
};

static void bands_make(struct band_sum *s) {
  *s = (struct band_sum){.count = 1 + random_below(BANDS_MOST), .shared = -1};
  s->begins_with_y = random_below(2);
  if (random_below(3) == 0) s->shared = random_below(s->count);
  for (int i = 0; i < s->count; i++) {
    s->bands[i].of_y = random_below(4) == 0;
    s->bands[i].threshold = (random_below(2000) - 300) / 8.0;
    s->bands[i].rate = random_below(6) ? (random_below(200) - 80) / 64.0 : 1;
  }
}

static void band_write(const struct band_sum *s, int i, struct text *t) {
  text_addf(t, "max(0, %s - %.17g)", s->bands[i].of_y ? "y" : "x", s->bands[i].threshold);
  if (s->bands[i].rate != 1) text_addf(t, " * %.17g", s->bands[i].rate);
}

static void bands_write(const struct band_sum *s, struct text *t) {
  text_add(t, shares);
  text_add(t, "variable v\n  entity person  period year\n  formula\n    ");
  if (s->begins_with_y) text_add(t, "y + ");
  for (int i = 0; i < s->count; i++) {
    if (i) text_add(t, " + ");
    band_write(s, i, t);
  }
  if (s->shared >= 0) {
    text_add(t, " + 3 * (");
    band_write(s, s->shared, t);
    text_add(t, ")");
  }
  text_add(t, "\n");
  text_add_char(t, '\0');
}

static double band_value(const struct band_sum *s, int i, double x, double y) {
  const double over = (s->bands[i].of_y ? y : x) - s->bands[i].threshold;
  return s->bands[i].rate * (over > 0 ? over : 0);
}

static double bands_value(const struct band_sum *s, double x, double y) {
  double sum = s->begins_with_y ? y : 0;
  for (int i = 0; i < s->count; i++) sum += band_value(s, i, x, y);
  return s->shared < 0 ? sum : sum + 3 * band_value(s, s->shared, x, y);
}

static void bands_in_one_pass_equal_one_after_another(void **state) {
  (void)state;
  struct text facts = {0};
  double x[BAND_PEOPLE], y[BAND_PEOPLE];
  random_state = 19;
  text_add(&facts, "people:\n");
  for (int i = 0; i < BAND_PEOPLE; i++) {
    x[i] = random_below(3000) / 8.0;
    y[i] = random_below(3000) / 8.0 - 100;
    text_addf(&facts, "  p%d: {x: %.17g, y: %.17g}\n", i, x[i], y[i]);
  }
  text_add_char(&facts, '\0');
  for (int turn = 0; turn < 300; turn++) {
    struct band_sum s;
    struct text formula = {0};
    struct situation situation;
    struct error err = {0};
    double *values = NULL;
    bands_make(&s);
    bands_write(&s, &formula);
    struct rules *rules = pack_of(formula.bytes, false);
    pack_situation(rules, facts.bytes, "2025", false, &situation);
    assert_int_equal(pack_compute(rules, &situation, "v", &values, &err), DONE);
    for (int i = 0; i < BAND_PEOPLE; i++) {
      const double expected = bands_value(&s, x[i], y[i]);
      if (values[i] != expected)
        fail_msg("turn %d, row %d: %.17g, not %.17g of %s", turn, i, values[i], expected,
                 formula.bytes);
    }
    text_release(&formula);
  }
  text_release(&facts);
}

/* Halves of a millionth go where printf sends them. */
static void numbers_are_written_as_printf_has_them(void **state) {
  (void)state;
  enum { COUNT = 20000 };
  struct rules *rules = pack_of("variable v\n  entity person  period year  unit /1\n", true);
  const int rows[RULE_ENTITIES_MOST] = {COUNT, COUNT, COUNT};
  struct population_files files = {.progress = PROGRESS_NEVER};
  files.pop = rule_population_make(pack_arena, rules, rows);
  for (int g = 1; g < rules->entity_count; g++)
    for (int i = 0; i < COUNT; i++) files.pop->member[g][i] = i;
  rule_population_settle(files.pop);
  files.ids[0] = arena_array(pack_arena, const char *, COUNT);
  files.given[0] = COUNT;
  double *values = arena_array(pack_arena, double, COUNT);
  struct text expected = {0}, out = {0};
  text_add(&expected, "id,v\n");
  random_state = 11;
  for (int i = 0; i < COUNT; i++) {
    const double scale[] = {1e-7, 1, 1e4, 1e8, 1e12};
    values[i] = (double)(int64_t)(random_next() >> 24) / 1099511627776.0 * scale[i % 5];
    if (i % 3 == 0) values[i] = (random_below(1 << 20) + 0.5) / (1 << (random_below(7) + 1));
    if (i % 2) values[i] = -values[i];
    files.ids[0][i] = "p";
    char digits[400];
    int n = snprintf(digits, sizeof digits, "%.6f", values[i]);
    while (digits[n - 1] == '0') n--;
    if (digits[n - 1] == '.') n--;
    const bool nothing = n == 2 && digits[1] == '0'; /* -0 */
    text_addf(&expected, "p,%.*s\n", nothing ? 1 : n, nothing ? "0" : digits);
  }
  const struct population_result result = {rules_variable(rules, span_of("v")), values};
  population_files_write(&files, 0, &result, 1, &out);
  text_add_char(&expected, '\0');
  text_add_char(&out, '\0');
  assert_string_equal(out.bytes, expected.bytes);
  text_release(&expected);
  text_release(&out);
}

/* ---- months across the end of a year ---- */

static const char april_rules[] =
    "variable profit\n  entity person  period year  unit GBP\n"
    "variable is_free\n  entity person  period year  unit bool\n"
    "variable born\n  entity person  period eternity  unit date\n"
    "variable earned\n  entity person  period pay  unit GBP\n  formula\n    profit per pay\n"
    "variable counts\n  entity person  period asked  unit bool\n  formula\n"
    "    not is_free and years_between(born, period_start) >= 16\n"
    "variable kept\n  entity household  period month  unit GBP\n  formula\n"
    "    sum(members, if(counts[last day], earned per month, 0)) + sum(members, profit per "
    "month)\n";

/* Facts of random people that last, and no parameter: a month from any day comes to the same, also
 * where its pay or its last day lies in the next year. What does not last is of its year only. */
static void facts_that_last_count_across_the_year(void **state) {
  (void)state;
  enum { APRIL_ROWS = 40 };
  struct rules *rules = pack_of(april_rules, true);
  const int rows[RULE_ENTITIES_MOST] = {APRIL_ROWS, APRIL_ROWS, APRIL_ROWS};
  const struct rule_variable *kept = pack_variable(rules, "kept");
  double first[APRIL_ROWS], values[APRIL_ROWS];
  for (int on = day_make(2026, 2, 20), lasts = 1; on < day_make(2026, 5, 10); on++, lasts = 1)
    for (; lasts >= 0; lasts--) {
      struct rule_population *pop = rule_population_make(pack_arena, rules, rows);
      const struct rule_period month = {.each = EACH_MONTH, .start = on};
      const struct rule_period year = period_around(rules, month, EACH_YEAR);
      const struct rule_period always = {.each = EACH_ETERNITY};
      struct error err = {0};
      random_state = 5;
      for (int i = 0; i < APRIL_ROWS; i++) {
        pop->member[1][i] = pop->member[2][i] = i;
        rule_population_column(pop, pack_variable(rules, "profit"),
                               year)[i] = 12 * (1 + random_below(5000));
        rule_population_column(pop, pack_variable(rules, "is_free"), year)[i] = random_below(2);
        rule_population_column(pop, pack_variable(rules, "born"),
                               always)[i] = day_make(1950 + random_below(70), 7, 1);
      }
      pop->holds_on = lasts;
      rule_population_settle(pop);
      struct compiler *c = compiler_make(pack_arena, rules, pop, READ_LEGAL);
      struct run_output out = {"kept", 0, APRIL_ROWS, values};
      assert_int_equal(compile_over(c, kept, month, &out.step, &err), DONE);
      assert_int_equal(run_plan(pack_arena, c, &out, 1, 1, &err), DONE);
      if (on == day_make(2026, 2, 20) && lasts) memcpy(first, values, sizeof first);
      const bool crosses = on >= day_make(2026, 3, 7) && on < day_make(2026, 4, 6);
      if (lasts || !crosses) assert_memory_equal(values, first, sizeof first);
      else assert_memory_not_equal(values, first, sizeof first);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_A_PACK(facts_that_last_count_across_the_year),
      IN_A_PACK(division_by_zero_names_its_row_and_line),
      IN_A_PACK(bands_in_one_pass_equal_one_after_another),
      IN_A_PACK(the_same_wherever_blocks_end),
      IN_A_PACK(households_larger_than_a_block),
      IN_A_PACK(many_households_on_two_threads),
      IN_A_PACK(nobody_at_all),
      IN_A_PACK(random_formulas_equal_row_by_row),
      IN_A_PACK(loops_equal_one_row_after_another),
      IN_A_PACK(numbers_are_written_as_printf_has_them),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
