#include "fuzz/fuzz.h"
#include "rules/check.h"
#include "rules/parser.h"
#include "rules/range_write.h"
#include "rules/run.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Lines that say what is not known, of two people by a few rules: refused with a message, or ranges
 * that hold the values of facts that fill them in, the least of each and the most. */

static const char file_of_rules[] =
    "entity person plural people\n"
    "entity household plural households members person\n"
    "enum land E S W\n"
    "variable pay\n  entity person  period year  unit GBP\n"
    "variable at\n  entity person  period eternity  unit date\n"
    "variable out\n  entity person  period year  unit bool\n"
    "variable land_of\n  entity household  period year  unit land\n"
    "variable rent\n  entity household  period year  unit GBP\n"
    "variable tax\n  entity person  period month  unit GBP  round down 0.01\n  formula\n"
    "    if(out, 0, max(0, pay per month - 100 GBP per month) * 20%)\n"
    "variable net\n  entity household  period year  unit GBP\n  formula\n"
    "    sum(members, pay - tax per year) - if(land_of = S, rent, min(rent, 5 GBP per year))\n"
    "variable share\n  entity person  period year\n  formula\n"
    "    if(rank(household.members, by pay where years_between(at, period_start) > 9) = 0,\n"
    "      pay / sum(household.members, pay), 0)\n";
enum { WANTED = 3, UNKNOWN_MOST = 6 };
static const char *const wanted_names[WANTED] = {"tax", "net", "share"};

static const struct rules *rules_once(void) {
  static struct rules *kept;
  if (kept) return kept;
  struct arena *arena = arena_new();
  struct error err = {0};
  struct parameters *none;
  char folder[] = "/tmp/weal-fuzz-XXXXXX";
  HOLD(mkdtemp(folder) && parameters_load(arena, folder, &none, &err) == DONE);
  rmdir(folder);
  kept = arena_array(arena, struct rules, 1);
  *kept = (struct rules){.arena = arena,
                         .names = {.arena = arena},
                         .parameters = none,
                         .layers = 1,
                         .year_month = 1,
                         .year_day = 1};
  const struct span text = span_of(file_of_rules);
  HOLD(parse_declarations(kept, "a", text, &err) == DONE);
  HOLD(parse_variables(kept, "a", text, 0, &err) == DONE);
  HOLD(check_rules(kept, &err) == DONE);
  return kept;
}

/* Two people of one household, of whom the first earns. */
static void people(struct arena *arena, const struct rules *rules, struct situation *s) {
  static const char facts[] = "people: {a: {pay: 1300}, b: {}}\n"
                              "households: {h: {members: [a, b], rent: 90}}\n";
  struct error err = {0};
  struct yaml_stream stream;
  *s = (struct situation){.arena = arena, .rules = rules, .period = period_year(rules, 2025)};
  HOLD(yaml_read(arena, span_of(facts), "f", &stream, &err) == DONE);
  HOLD(situation_read(s, stream.documents[0], "f", &err) == DONE);
}

/* What is told last of one cell is what the range is of. */
static void fill(struct rule_population *pop, const struct range_unknown *u, bool most) {
  double value = most ? u->high : u->low;
  if (u->item_count) value = u->items[most ? u->item_count - 1 : 0];
  else if (u->variable->type.kind == KIND_ENUM) value = most ? 2 : 0;
  if (u->variable->type.kind == KIND_DATE) value = most ? floor(value) : ceil(value);
  if (isfinite(value)) rule_population_column(pop, u->variable, u->period)[u->row] = value;
}

static bool is_open(const struct range_unknown *u) {
  return !u->item_count && (isinf(u->low) || isinf(u->high));
}

static void holds(struct arena *arena, const struct situation *s, const struct range_request *q,
                  const struct range_result *result, bool most) {
  for (int i = 0; i < q->unknown_count; i++)
    if (is_open(&q->unknowns[i])) return;
  for (int i = 0; i < q->unknown_count; i++) fill(s->pop, &q->unknowns[i], most);
  for (int k = 0; k < WANTED; k++) {
    struct compiler *c = compiler_make(arena, q->rules, s->pop, READ_LEGAL);
    double values[2];
    struct run_output out = {wanted_names[k], 0, result->answers[k].rows, values};
    struct error err = {0};
    HOLD(compile_over(c, q->wanted[k].variable, q->wanted[k].period, &out.step, &err) == DONE);
    if (run_plan(arena, c, &out, 1, 1, &err) != DONE) continue;
    for (int i = 0; i < out.rows; i++) {
      const struct range_value *v = &result->answers[k].values[i];
      const double slack = 1e-9 * fmax(1, fabs(values[i]));
      HOLD(values[i] >= v->low - slack && values[i] <= v->high + slack);
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  const struct rules *rules = rules_once();
  struct arena *arena = arena_new();
  struct situation s;
  struct range_unknown unknowns[UNKNOWN_MOST];
  struct range_wanted wanted[WANTED];
  struct range_result result;
  struct error err = {0};
  people(arena, rules, &s);
  struct range_request q = {.rules = rules,
                            .pop = s.pop,
                            .reading = READ_LEGAL,
                            .unknowns = unknowns,
                            .wanted_count = WANTED,
                            .wanted = wanted};
  for (int k = 0; k < WANTED; k++)
    wanted[k] = (struct range_wanted){.variable = rules_variable(rules, span_of(wanted_names[k])),
                                      .period = s.period};
  while (size && q.unknown_count < UNKNOWN_MOST) {
    const uint8_t *end = memchr(bytes, '\n', size);
    const size_t line = end ? (size_t)(end - bytes) : size;
    struct range_unknown *u = &unknowns[q.unknown_count];
    const struct span words = span_make((const char *)bytes, line);
    const enum status status = range_unknown_read(&s, words, u, &err);
    HOLD(status == DONE || (status == REFUSED && err.message[0]));
    if (status == DONE) q.unknown_count++;
    bytes += line + (end != NULL);
    size -= line + (end != NULL);
  }
  const enum status status = range_find(arena, &q, &result, &err);
  HOLD(status == DONE || (status == REFUSED && err.message[0]));
  for (int k = 0; status == DONE && k < WANTED; k++)
    for (int i = 0; i < result.answers[k].rows; i++) {
      const struct range_value *v = &result.answers[k].values[i];
      HOLD(v->low <= v->high && (!v->is_exact || v->low == v->high));
      HOLD(v->is_exact || result.answers[k].need_count);
    }
  if (status == DONE) {
    struct text out = {0};
    range_text(&s, &q, &result, &out);
    range_json(&s, &q, &result, &out);
    text_release(&out);
    holds(arena, &s, &q, &result, false);
    holds(arena, &s, &q, &result, true);
  }
  arena_free(arena);
  return 0;
}
