/* Ranges by the pack of the United Kingdom: random households of which random inputs are not known,
 * against what run.h computes when they are filled in. WEAL_TEST_ROUNDS says how many households
 * (the tests take 25; of nine homes together 12), WEAL_TEST_SEED which one alone. Prints how long a
 * range takes. */
#include "unit/rules_pack.h"

#include "rules/range_kept.h"
#include <inttypes.h>
#include <time.h>

static uint64_t random_state;
static uint64_t random_next(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  return random_state ^= random_state << 17;
}
static int random_below(int n) { return (int)(random_next() % (uint64_t)n); }

/* What a household may have told: an amount up to `most` (items: all that there are), and in how
 * many of a hundred it is told or not known at all. */
static const struct told {
  const char *name;
  double most;
  int of_hundred;
} told[] = {
    {"date_of_birth", 0, 100},
    {"gender", 0, 50},
    {"employment_income", 70000, 70},
    {"self_employment_income", 30000, 15},
    {"private_pension_income", 20000, 15},
    {"savings_interest_income", 3000, 20},
    {"dividend_income", 8000, 10},
    {"property_income", 9000, 10},
    {"hours_worked", 2400, 60},
    {"is_disabled_for_benefits", 0, 20},
    {"is_blind", 0, 4},
    {"care_hours", 60, 10},
    {"pip_dl_category", 0, 10},
    {"pip_m_category", 0, 10},
    {"dla_sc_category", 0, 10},
    {"childcare_expenses", 12000, 20},
    {"carers_allowance_reported", 4000, 5},
    {"student_loan_plan", 0, 10},
    {"maintenance_income", 4000, 5},
    {"employee_pension_contributions_reported", 4000, 10},
    {"would_claim_uc", 0, 90},
    {"would_claim_pc", 0, 90},
    {"uc_has_LCW_element", 0, 5},
    {"rent", 15000, 60},
    {"tenure_type", 0, 80},
    {"region", 0, 80},
    {"brma", 0, 50},
    {"num_bedrooms", 5, 60},
    {"council_tax", 3000, 80},
    {"savings", 30000, 70},
    {"lha_weekly_rate", 300, 10},
    {"household_owns_tv", 0, 50},
};
enum { TOLD = sizeof told / sizeof *told, UNKNOWN_MOST = 10, COMPLETIONS = 3 };

static const struct asked {
  const char *name, *period;
} asked[] = {
    {"universal_credit", "month:2025-07-01"},
    {"child_benefit", "week:2025-07-07"},
    {"pension_credit", "week:2025-07-07"},
    {"council_tax_reduction", "2025-26"},
    {"income_tax", "2025-26"},
    {"national_insurance", "month:2025-07-06"},
    {"housing_benefit", "week:2025-07-07"},
    {"carers_allowance", "week:2025-07-07"},
    {"winter_fuel_allowance", "2025-26"},
    {"scottish_child_payment", "week:2025-07-07"},
    {"tv_licence", "2025-26"},
    {"child_benefit_less_tax_charge", "2025-26"},
};
enum { ASKED = sizeof asked / sizeof *asked, PEOPLE_MOST = 6 };

struct trial {
  struct rules *rules;
  struct rule_period year;
  struct rule_population *pop;
  struct range_wanted wanted[ASKED];
  int count;
  struct range_unknown unknowns[UNKNOWN_MOST];
  struct range_result result;
  uint64_t seed;
};

static double random_value(const struct told *t, const struct rule_variable *v, bool adult) {
  switch (v->type.kind) {
  case KIND_BOOL: return random_below(2);
  case KIND_ENUM: return random_below(v->type.items->count);
  case KIND_DATE: return day_make(adult ? 1940 : 2006, 1, 1) + random_below(adult ? 24000 : 6900);
  default:
    if (!adult && !v->entity->is_group) return 0;
    return strcmp(t->name, "num_bedrooms") == 0 ? random_below(6)
                                                : random_below((int)t->most * 100 + 1) / 100.0;
  }
}

static struct rule_period period_of(const struct trial *t, const struct rule_variable *v) {
  if (v->period == EACH_ETERNITY) return (struct rule_period){.each = EACH_ETERNITY};
  return t->year;
}

/* One or two adults and up to three children, mostly in one family. */
static int random_people(struct trial *t) {
  const int adults = 1 + random_below(2), people = adults + random_below(4);
  const int rows[RULE_ENTITIES_MOST] = {people, adults == 2 && random_below(6) == 0 ? 2 : 1, 1};
  t->pop = rule_population_make(pack_arena, t->rules, rows);
  for (int i = 0; i < people; i++) t->pop->member[1][i] = rows[1] == 2 && i == 1;
  for (int k = 0; k < TOLD; k++) {
    const struct rule_variable *v = pack_variable(t->rules, told[k].name);
    if (random_below(100) >= told[k].of_hundred) continue;
    double *values = rule_population_column(t->pop, v, period_of(t, v));
    for (int i = 0; i < t->pop->rows[v->entity->index]; i++)
      values[i] = random_value(&told[k], v, v->entity->is_group || i < adults);
  }
  rule_population_settle(t->pop);
  return people;
}

static void random_unknowns(struct trial *t) {
  t->count = 1 + random_below(UNKNOWN_MOST);
  for (int i = 0; i < t->count; i++) {
    const struct told *one = &told[random_below(TOLD)];
    const struct rule_variable *v = pack_variable(t->rules, one->name);
    const int row = random_below(t->pop->rows[v->entity->index]);
    struct range_unknown u = {.variable = v, .period = period_of(t, v), .row = row};
    u.high = v->type.kind == KIND_BOOL ? 1 : one->most;
    if (v->type.kind == KIND_DATE) {
      u.low = day_make(1935 + random_below(70), 1, 1);
      u.high = u.low + random_below(3000);
    } else if (v->type.kind == KIND_NUMBER && random_below(5) == 0) u.high = INFINITY;
    t->unknowns[i] = u;
  }
}

static double completed(const struct range_unknown *u) {
  const enum rule_kind kind = u->variable->type.kind;
  if (kind == KIND_BOOL) return random_below(2);
  if (kind == KIND_ENUM) return random_below(u->variable->type.items->count);
  const double high = isinf(u->high) ? 100000 : u->high;
  const int at = random_below(6);
  if (at < 2) return at ? u->low : high;
  const double value = u->low + (high - u->low) * random_below(10001) / 10000;
  if (kind == KIND_DATE || high < 10) return floor(value);
  return at == 2 ? value : at == 3 ? floor(value) : u->low + (value - u->low) / 20;
}

/* A copy of the people in which the unknown are filled in. */
static struct rule_population *filled(const struct trial *t) {
  struct rule_population *pop = arena_array(pack_arena, struct rule_population, 1);
  *pop = *t->pop;
  pop->columns = arena_array(pack_arena, struct rule_population_column, pop->column_count + 1);
  pop->column_room = pop->column_count;
  for (int i = 0; i < pop->column_count; i++) {
    pop->columns[i] = t->pop->columns[i];
    const int rows = pop->rows[pop->columns[i].variable->entity->index];
    double *values = arena_array(pack_arena, double, rows + 1);
    memcpy(values, pop->columns[i].values, sizeof *values * (size_t)rows);
    pop->columns[i].values = values;
  }
  for (int i = 0; i < t->count; i++) {
    const struct range_unknown *u = &t->unknowns[i];
    const int entity = u->variable->entity->index;
    double *values = rule_population_column(pop, u->variable, u->period);
    for (int row = 0; row < pop->rows[entity]; row++)
      if (pop->order[entity][row] == u->row) values[row] = completed(u);
  }
  return pop;
}

static bool exact(const struct trial *t, const struct rule_population *pop, int which,
                  double *values) {
  const struct range_wanted *w = &t->wanted[which];
  struct compiler *c = compiler_make(pack_arena, t->rules, pop, READ_LEGAL);
  struct run_output out = {w->variable->name, 0, pop->rows[w->variable->entity->index], NULL};
  struct error err = {0};
  double *own = arena_array(pack_arena, double, out.rows + 1);
  out.values = own;
  if (compile_over(c, w->variable, w->period, &out.step, &err) != DONE ||
      run_plan(pack_arena, c, &out, 1, 1, &err) != DONE)
    return false;
  for (int i = 0; i < out.rows; i++) values[pop->order[w->variable->entity->index][i]] = own[i];
  return true;
}

/* How many answers were compared. */
static int completion_holds(const struct trial *t) {
  int compared = 0;
  const struct rule_population *pop = filled(t);
  for (int k = 0; k < ASKED; k++) {
    const struct range_answer *a = &t->result.answers[k];
    double values[PEOPLE_MOST];
    if (!exact(t, pop, k, values)) continue;
    compared++;
    for (int i = 0; i < a->rows; i++) {
      const struct range_value *v = &a->values[i];
      const double slack = 1e-9 * fmax(1, fabs(values[i]));
      if (values[i] < v->low - slack || values[i] > v->high + slack)
        fail_msg("seed %" PRIu64 ": %s of row %d: %.17g is not in %.17g to %.17g", t->seed,
                 asked[k].name, i + 1, values[i], v->low, v->high);
      if (!a->need_count && !v->is_exact && v->known != RANGE_NOT_KNOWN)
        fail_msg("seed %" PRIu64 ": %s hangs on nothing and is a range", t->seed, asked[k].name);
    }
  }
  return compared;
}

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void begin_uk(struct trial *t) {
  const char *root = getenv("WEAL_SOURCE_ROOT");
  const char *const packs[] = {arena_printf(pack_arena, "%s/policy/uk", root ? root : ".")};
  struct error err = {0};
  if (rules_load(pack_arena, packs, 1, &t->rules, &err) != DONE) fail_msg("%s", err.message);
  t->year = pack_period(t->rules, "2025-26");
  for (int k = 0; k < ASKED; k++)
    t->wanted[k] = (struct range_wanted){.variable = pack_variable(t->rules, asked[k].name),
                                         .period = pack_period(t->rules, asked[k].period)};
}

static void households_lie_within(void **state) {
  (void)state;
  const char *seed = getenv("WEAL_TEST_SEED"), *rounds = getenv("WEAL_TEST_ROUNDS");
  const uint64_t first = seed ? strtoull(seed, NULL, 10) : 1;
  const uint64_t count = seed ? 1 : rounds ? strtoull(rounds, NULL, 10) : 25;
  struct arena *kept = pack_arena;
  struct trial t = {0};
  struct error err = {0};
  begin_uk(&t);
  struct arena *own = arena_new();
  double sum = 0, most = 0;
  int64_t work = 0, compared = 0;
  for (t.seed = first; t.seed < first + count; t.seed++) {
    random_state = t.seed * 0x9e3779b97f4a7c15u + 1;
    for (int i = 0; i < 5; i++) (void)random_next();
    pack_arena = own;
    arena_reset(own);
    (void)random_people(&t);
    random_unknowns(&t);
    const struct range_request q = {.rules = t.rules,
                                    .pop = t.pop,
                                    .reading = READ_LEGAL,
                                    .unknown_count = t.count,
                                    .unknowns = t.unknowns,
                                    .wanted_count = ASKED,
                                    .wanted = t.wanted};
    const double begin = now_ms();
    if (range_find(pack_arena, &q, &t.result, &err) != DONE)
      fail_msg("seed %" PRIu64 ": %s", t.seed, err.message);
    const double took = now_ms() - begin;
    sum += took;
    most = fmax(most, took);
    work += t.result.work;
    for (int i = 0; i < COMPLETIONS; i++) compared += completion_holds(&t);
  }
  arena_free(own);
  pack_arena = kept;
  print_message("%d households: %.2f ms each, %.2f ms at most; %" PRId64 " steps each\n",
                (int)count, sum / (double)count, most, work / (int64_t)count);
  print_message("%" PRId64 " answers compared\n", compared);
  assert_true(compared * 100 >= (int64_t)count * COMPLETIONS * ASKED * 90);
}

/* ---- large homes ---- */

enum { LARGE_MOST = 30 };

/* Adults of whom nothing is known, a family each. */
static void large_home(struct trial *t, int people, struct range_unknown *unknowns) {
  const int rows[RULE_ENTITIES_MOST] = {people, people, 1};
  t->pop = rule_population_make(pack_arena, t->rules, rows);
  for (int i = 0; i < people; i++) t->pop->member[1][i] = i;
  rule_population_settle(t->pop);
  t->count = 0;
  for (int k = 0; k < TOLD; k++) {
    const struct rule_variable *v = pack_variable(t->rules, told[k].name);
    const int of = t->pop->rows[v->entity->index];
    for (int row = 0; row < of; row++) {
      struct range_unknown u = {v, period_of(t, v), row, 0, fmax(told[k].most, 1), 0, NULL};
      if (v->type.kind == KIND_DATE) u.low = day_make(1935, 1, 1), u.high = day_make(2005, 1, 1);
      unknowns[t->count++] = u;
    }
  }
}

/* Beside the work that was asked for: what is begun is ended, of each row of an answer. It was 40
 * times as much while each unknown cost a walk through all steps after the work was done. */
static void large_homes_cost_no_more_than_asked_for(void **state) {
  enum { PASSES_MOST = 30 };
  static const int people[] = {8, LARGE_MOST};
  struct range_unknown *unknowns = arena_array(pack_arena, struct range_unknown, TOLD * LARGE_MOST);
  struct trial t = {0};
  struct error err = {0};
  (void)state;
  begin_uk(&t);
  bool rows_wanted[LARGE_MOST] = {true};
  const bool *needs_of[ASKED];
  for (int k = 0; k < ASKED; k++) needs_of[k] = rows_wanted;
  for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
    large_home(&t, people[i], unknowns);
    struct range_request q = {.rules = t.rules,
                              .pop = t.pop,
                              .reading = READ_LEGAL,
                              .unknown_count = t.count,
                              .unknowns = unknowns,
                              .wanted_count = ASKED,
                              .wanted = t.wanted,
                              .needs_of = needs_of};
    struct range_result once;
    if (range_bound(pack_arena, &q, &once, &err) != DONE) fail_msg("%s", err.message);
    if (range_find(pack_arena, &q, &t.result, &err) != DONE) fail_msg("%s", err.message);
    print_message("%d adults, %d unknown: %" PRId64 " steps, one pass has %" PRId64 "\n", people[i],
                  t.count, t.result.work, once.work);
    assert_true(t.result.work <= RANGE_WORK + PASSES_MOST * once.work);
    for (int k = 0; k < ASKED; k++) { /* narrower, not another */
      const struct range_value *a = &t.result.answers[k].values[0], *b = &once.answers[k].values[0];
      assert_true(a->low >= b->low && a->high <= b->high);
    }
  }
}

/* ---- many homes by one plan ---- */

enum { TOGETHER = 9, KEPT_ROUNDS = 12, UNKNOWN_TOGETHER = TOGETHER * UNKNOWN_MOST };

/* What one home tells, a value a row in the order given, and what is not known of it. */
struct one_home {
  int rows[3], member[PEOPLE_MOST];
  double values[TOLD][PEOPLE_MOST];
  int count;
  struct range_unknown unknowns[UNKNOWN_MOST];
};

static void random_home(struct trial *t, struct one_home *out) {
  const int adults = 1 + random_below(2), people = adults + random_below(4);
  const int families = adults == 2 && random_below(6) == 0 ? 2 : 1;
  *out = (struct one_home){.rows = {people, families, 1}};
  for (int i = 0; i < people; i++) out->member[i] = families == 2 && i == 1;
  for (int k = 0; k < TOLD; k++) {
    const struct rule_variable *v = pack_variable(t->rules, told[k].name);
    const bool is_told = random_below(100) < told[k].of_hundred;
    for (int i = 0; i < out->rows[v->entity->index]; i++)
      out->values[k][i] = is_told ? random_value(&told[k], v, v->entity->is_group || i < adults)
                                  : v->by_default;
  }
  t->pop = rule_population_make(pack_arena, t->rules, out->rows);
  random_unknowns(t);
  out->count = t->count;
  memcpy(out->unknowns, t->unknowns, sizeof out->unknowns);
}

/* The homes in one population; of each the row from which it stands, by entity. */
static void join_homes(struct trial *t, const struct one_home *homes, int count,
                       int first[TOGETHER][3], struct range_request *q) {
  int rows[RULE_ENTITIES_MOST] = {0};
  struct range_unknown *unknowns = arena_array(pack_arena, struct range_unknown, UNKNOWN_TOGETHER);
  for (int h = 0; h < count; h++)
    for (int e = 0; e < 3; e++) first[h][e] = rows[e], rows[e] += homes[h].rows[e];
  t->pop = rule_population_make(pack_arena, t->rules, rows);
  q->unknown_count = 0;
  for (int h = 0; h < count; h++) {
    for (int i = 0; i < homes[h].rows[0]; i++) {
      t->pop->member[1][first[h][0] + i] = first[h][1] + homes[h].member[i];
      t->pop->member[2][first[h][0] + i] = first[h][2];
    }
    for (int k = 0; k < TOLD; k++) {
      const struct rule_variable *v = pack_variable(t->rules, told[k].name);
      memcpy(rule_population_column(t->pop, v, period_of(t, v)) + first[h][v->entity->index],
             homes[h].values[k], sizeof(double) * (size_t)homes[h].rows[v->entity->index]);
    }
    for (int i = 0; i < homes[h].count; i++) {
      struct range_unknown u = homes[h].unknowns[i];
      u.row += first[h][u.variable->entity->index];
      unknowns[q->unknown_count++] = u;
    }
  }
  rule_population_settle(t->pop);
  q->pop = t->pop;
  q->unknowns = unknowns;
}

static bool says_the_same(const struct range_value *a, const struct range_value *b) {
  return (a->low == b->low || (isnan(a->low) && isnan(b->low))) &&
         (a->high == b->high || (isnan(a->high) && isnan(b->high))) && a->is_exact == b->is_exact &&
         a->may_lack == b->may_lack && a->known == b->known;
}

/* What is exact alone is the same; what is not is no narrower than what is split and followed. */
static bool holds_alone(const struct range_value *a, const struct range_value *alone) {
  const double slack = isfinite(alone->low) ? 1e-9 * fmax(1, fabs(alone->low)) : 0;
  if (a->known == RANGE_KNOWN_PERHAPS) return true;
  if (isnan(a->low) || a->known != RANGE_KNOWN) return a->known == alone->known;
  if (a->is_exact) return alone->is_exact && a->low == alone->low;
  return a->low <= alone->low + slack && a->high >= alone->high - slack;
}

/* Whoever stands in the same population: by themselves, and as range_find has them. */
static void many_homes_are_each_by_themselves(void **state) {
  struct trial t = {0};
  struct error err = {0};
  struct one_home homes[TOGETHER];
  struct range_kept *kept;
  struct range_result all, one;
  int first[TOGETHER][3], alone[TOGETHER][3], exact = 0, ranges = 0;
  const char *seed = getenv("WEAL_TEST_SEED"), *rounds = getenv("WEAL_TEST_ROUNDS");
  const int round_count = rounds ? (int)strtol(rounds, NULL, 10) : KEPT_ROUNDS;
  (void)state;
  begin_uk(&t);
  random_state = seed ? strtoull(seed, NULL, 10) + 1 : 20261130;
  struct arena *kept_arena = pack_arena;
  struct range_request q = {
      .rules = t.rules, .reading = READ_LEGAL, .wanted_count = ASKED, .wanted = t.wanted};
  random_home(&t, &homes[0]);
  join_homes(&t, homes, 1, first, &q);
  if (range_keep(pack_arena, &q, &kept, &err) != DONE) fail_msg("%s", err.message);
  struct range_lane *lane = range_lane_make(), *own = range_lane_make();
  pack_arena = arena_new();
  for (int round = 0; round < round_count; round++) {
    arena_reset(pack_arena);
    for (int h = 0; h < TOGETHER; h++) random_home(&t, &homes[h]);
    join_homes(&t, homes, TOGETHER, first, &q);
    assert_int_equal(range_bound_kept(pack_arena, kept, lane, &q, &all, &err), DONE);
    for (int h = 0; h < TOGETHER; h++) {
      join_homes(&t, &homes[h], 1, alone, &q);
      assert_int_equal(range_bound_kept(pack_arena, kept, own, &q, &one, &err), DONE);
      const bool has_all = range_find(pack_arena, &q, &t.result, &err) == DONE;
      for (int k = 0; k < ASKED; k++) {
        const int entity = t.wanted[k].variable->entity->index;
        for (int row = 0; row < homes[h].rows[entity]; row++) {
          const struct range_value *v = &all.answers[k].values[first[h][entity] + row];
          if (!says_the_same(v, &one.answers[k].values[row]))
            fail_msg("round %d, %s of home %d: %.17g to %.17g beside others, %.17g to %.17g alone",
                     round, asked[k].name, h, v->low, v->high, one.answers[k].values[row].low,
                     one.answers[k].values[row].high);
          if (has_all && !holds_alone(v, &t.result.answers[k].values[row]))
            fail_msg("round %d, %s of home %d: %.17g to %.17g, and %.17g to %.17g by range_find",
                     round, asked[k].name, h, v->low, v->high, t.result.answers[k].values[row].low,
                     t.result.answers[k].values[row].high);
          *(v->is_exact ? &exact : &ranges) += 1;
        }
      }
    }
  }
  range_lane_free(lane);
  range_lane_free(own);
  arena_free(pack_arena);
  pack_arena = kept_arena;
  print_message("%d homes: %d exact, %d ranges\n", round_count * TOGETHER, exact, ranges);
  assert_true(exact > ranges && ranges > round_count);
}

/* ---- how narrow ---- */

/* What is typically missing when somebody asks, and the answers that people ask for. */
static const struct gap {
  const char *name, *inputs[3];
} gaps[] = {
    {"rent", {"rent"}},
    {"a partner's pay", {"employment_income"}},
    {"childcare", {"childcare_expenses"}},
    {"a disability", {"is_disabled_for_benefits"}},
    {"a disability benefit", {"pip_dl_category"}},
    {"savings", {"savings"}},
    {"rent and pay", {"rent", "employment_income"}},
    {"rent, pay, childcare", {"rent", "employment_income", "childcare_expenses"}},
};
enum { GAPS = sizeof gaps / sizeof *gaps, NARROW = 5, SAMPLES = 60 };

struct narrowness {
  int answers, moving, narrow, asked_in_vain;
  double range, hull;
};

static void fill_gap(const struct trial *t, int sample, double **cells) {
  for (int i = 0; i < t->count; i++) {
    const struct range_unknown *u = &t->unknowns[i];
    const int of = u->variable->type.kind == KIND_ENUM ? u->variable->type.items->count : 2;
    const bool items = u->variable->type.kind != KIND_NUMBER;
    *cells[i] = items ? sample % of
                      : u->high *
                            (t->count == 1 ? sample / (SAMPLES - 1.0) : random_below(201) / 200.0);
  }
}

/* The least and most that samples of the unknown give. */
static bool sampled(const struct trial *t, double least[NARROW][PEOPLE_MOST],
                    double most[NARROW][PEOPLE_MOST]) {
  struct rule_population *pop = filled(t);
  double *cells[UNKNOWN_MOST], values[NARROW][PEOPLE_MOST];
  struct run_output out[NARROW];
  struct error err = {0};
  for (int i = 0; i < t->count; i++) {
    const struct range_unknown *u = &t->unknowns[i];
    cells[i] = &rule_population_column(pop, u->variable, u->period)[u->row];
  }
  for (int k = 0; k < NARROW; k++) {
    struct compiler *c = compiler_make(pack_arena, t->rules, pop, READ_LEGAL);
    const int rows = pop->rows[t->wanted[k].variable->entity->index];
    out[k] = (struct run_output){asked[k].name, 0, rows, values[k]};
    if (compile_over(c, t->wanted[k].variable, t->wanted[k].period, &out[k].step, &err) != DONE)
      return false;
    for (int sample = 0; sample < SAMPLES; sample++) {
      fill_gap(t, sample, cells);
      if (run_plan(pack_arena, c, &out[k], 1, 1, &err) != DONE) return false;
      for (int i = 0; i < rows; i++) {
        least[k][i] = sample ? fmin(least[k][i], values[k][i]) : values[k][i];
        most[k][i] = sample ? fmax(most[k][i], values[k][i]) : values[k][i];
      }
    }
  }
  return true;
}

static void compare(const struct trial *t, struct narrowness sums[NARROW]) {
  double least[NARROW][PEOPLE_MOST], most[NARROW][PEOPLE_MOST];
  if (!sampled(t, least, most)) fail_msg("seed %" PRIu64 ": no sample", t->seed);
  for (int k = 0; k < NARROW; k++) {
    const struct range_answer *a = &t->result.answers[k];
    double range = 0, hull = 0;
    for (int i = 0; i < a->rows; i++) {
      range += a->values[i].high - a->values[i].low;
      hull += most[k][i] - least[k][i];
    }
    sums[k].answers++;
    sums[k].moving += hull > 0;
    sums[k].asked_in_vain += a->need_count > 0 && hull == 0;
    sums[k].narrow += range <= 1.02 * hull + 0.01;
    sums[k].range += range;
    sums[k].hull += hull;
  }
}

static void typical_gaps_are_narrow(void **state) {
  (void)state;
  const char *rounds = getenv("WEAL_TEST_ROUNDS");
  const uint64_t count = rounds ? strtoull(rounds, NULL, 10) / 20 + 1 : 2;
  struct trial t = {0};
  struct arena *kept = pack_arena, *own = arena_new();
  int answers = 0, narrow = 0;
  begin_uk(&t);
  for (int g = 0; g < GAPS; g++) {
    struct narrowness sums[NARROW] = {0};
    for (t.seed = 1; t.seed <= count; t.seed++) {
      random_state = t.seed * 0x9e3779b97f4a7c15u + 1;
      pack_arena = own;
      arena_reset(own);
      const int people = random_people(&t);
      t.count = 0;
      for (int i = 0; i < 3 && gaps[g].inputs[i]; i++)
        for (int k = 0; k < TOLD; k++) {
          if (strcmp(told[k].name, gaps[g].inputs[i]) != 0) continue;
          const struct rule_variable *v = pack_variable(t.rules, told[k].name);
          const bool second = v->entity->index == 0 && people > 1 && i + g < 3;
          t.unknowns[t.count++] =
              (struct range_unknown){.variable = v,
                                     .period = period_of(&t, v),
                                     .row = second,
                                     .high = v->type.kind == KIND_BOOL ? 1 : told[k].most};
        }
      struct error err = {0};
      const struct range_request q = {.rules = t.rules,
                                      .pop = t.pop,
                                      .reading = READ_LEGAL,
                                      .unknown_count = t.count,
                                      .unknowns = t.unknowns,
                                      .wanted_count = ASKED,
                                      .wanted = t.wanted};
      if (range_find(own, &q, &t.result, &err) != DONE)
        fail_msg("%s, seed %" PRIu64 ": %s", gaps[g].name, t.seed, err.message);
      compare(&t, sums);
    }
    for (int k = 0; k < NARROW; k++) {
      print_message("%-22s %-22s %3d of %3d move; %3d narrow, %2d asked in vain; range %.2f, "
                    "hull %.2f\n",
                    gaps[g].name, asked[k].name, sums[k].moving, sums[k].answers, sums[k].narrow,
                    sums[k].asked_in_vain, sums[k].range / sums[k].answers,
                    sums[k].hull / sums[k].answers);
      answers += sums[k].answers;
      narrow += sums[k].narrow;
    }
  }
  arena_free(own);
  pack_arena = kept;
  print_message("%d of %d ranges are at most 2 %% wider than samples\n", narrow, answers);
  assert_int_equal(answers, (int)count * GAPS * NARROW);
  assert_true(narrow * 100 >= answers * 80);
}

int main(void) {
  const struct CMUnitTest tests[] = {IN_A_PACK(households_lie_within),
                                     IN_A_PACK(large_homes_cost_no_more_than_asked_for),
                                     IN_A_PACK(many_homes_are_each_by_themselves),
                                     IN_A_PACK(typical_gaps_are_narrow)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
