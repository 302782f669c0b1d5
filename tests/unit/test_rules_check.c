/* What is refused when a pack of rules is loaded: each with its message, file and line. */
#include "unit/rules_pack.h"

static const char givens[] =
    "variable pay\n  entity person  period year  unit GBP\n"        /* 1, 2 */
    "variable wage\n  entity person  period week  unit GBP\n"       /* 3, 4 */
    "variable hours\n  entity person  period week  unit hours\n"    /* 5, 6 */
    "variable rent\n  entity household  period year  unit GBP\n"    /* 7, 8 */
    "variable land\n  entity person  period year  unit country\n"   /* 9, 10 */
    "variable old\n  entity person  period month  unit years\n"     /* 11, 12 */
    "variable born\n  entity person  period eternity  unit date\n"; /* 13, 14 */

static void refused(const char *rules_text, int line, const char *message) {
  struct rules *rules;
  struct error err = {0};
  pack_put("rules/a.rules", PACK_ENTITIES);
  pack_put("rules/b.rules", rules_text);
  if (pack_try(&rules, &err) != REFUSED) fail_msg("not refused: %s", rules_text);
  if (!strstr(err.message, message))
    fail_msg("'%s' does not say '%s', of:\n%s", err.message, message, rules_text);
  if (!strstr(err.file, "/rules/b.rules") || (int)err.line != line)
    fail_msg("%s:%d, expected line %d: %s", err.file, (int)err.line, line, err.message);
}

/* The formula is line 18 of the file. */
static void formula_refused(const char *unit, const char *formula, const char *message) {
  refused(arena_printf(pack_arena,
                       "%svariable v\n  entity person  period year  unit %s\n  formula\n    %s\n",
                       givens, unit, formula),
          18, message);
}

static void names_that_are_none(void **state) {
  (void)state;
  formula_refused("GBP", "payy", "there is no variable 'payy'; the nearest is 'pay'");
  formula_refused("GBP", "zzzzzzzzzz", "there is no variable 'zzzzzzzzzz'");
  formula_refused("GBP", "param(gov.none)", "there is no parameter 'gov.none'");
  formula_refused("/1", "table(none; 1)", "there is no table 'none'");
  formula_refused("/1", "sine(1)", "there is no function 'sine'");
  formula_refused("bool", "land = FRANCE", "there is no variable 'FRANCE'");
  pack_put("parameters/gov/rate.yaml", "values: {2020-01-01: 0.2}\n");
  formula_refused("/1", "param(gov.rat)", "did you mean 'gov.rate'?");
  formula_refused("/1", "scale(param(gov.rate), 1)", "the parameter 'gov.rate' is not a scale");
  formula_refused("/1", "param(gov)", "the parameter 'gov' is not a value");
}

static void units_that_do_not_go_together(void **state) {
  (void)state;
  static const char *const both = "'pounds a year' and 'pounds a week' do not go together";
  formula_refused("GBP", "pay + wage", both);
  formula_refused("GBP", "max(pay, wage)", both);
  formula_refused("GBP", "if(pay > 0, pay, wage)", both);
  formula_refused("bool", "pay < wage", both);
  formula_refused("GBP", "wage", both);
  formula_refused("GBP", "pay + 100", "'pounds a year' and 'a plain number'");
  formula_refused("GBP", "100", "'pounds a year' and 'a plain number'");
  formula_refused("bool", "pay < 100", "'pounds a year' and 'a plain number'");
  formula_refused("GBP", "pay * pay", "'pounds a year' and 'pounds a year'");
  formula_refused("GBP", "pay + hours per year", "'pounds a year' and 'hours a year'");
  formula_refused("GBP", "land", "'pounds a year' and 'country'");
  formula_refused("GBP", "born", "'pounds a year' and 'a day'");
  formula_refused("bool", "pay and true", "'true or false' and 'pounds a year'");
  formula_refused("GBP", "if(pay, pay, pay)", "'true or false' and 'pounds a year'");
  formula_refused("GBP", "round(pay)", "rounding a flow needs its step with a unit");
  formula_refused("/1", "1 per year", "per turns a flow into one of another period");
  formula_refused("/1", "years_between(born, 3)", "'a day' and 'a plain number'");
}

static void periods_and_entities(void **state) {
  (void)state;
  formula_refused("/1", "old", "old has a value each month; say which, such as [first month]");
  formula_refused("/1", "old[first week]", "old has a value each month; write that period");
  formula_refused("date", "born[-1 year]", "only a variable that changes with its period");
  refused("variable v\n  entity person  period asked  unit GBP\n", 1,
          "the variable v lacks a period of its own, as amounts have");
  formula_refused("GBP", "rent", "rent belongs to a household; write household.rent");
  formula_refused("GBP", "benunit.rent", "rent belongs to a household; write household.rent");
  formula_refused("GBP", "sum(members, pay)",
                  "a person has no members here that are each a person");
  refused(arena_printf(pack_arena,
                       "%svariable v\n  entity household  period year  unit GBP\n  formula\n"
                       "    pay\n",
                       givens),
          18, "pay belongs to each person; write how they are gathered, such as sum(members, X)");
  refused(arena_printf(pack_arena,
                       "%svariable v\n  entity household  period year  unit GBP\n  formula\n"
                       "    benunit.rent\n",
                       givens),
          18, "a household does not stand within one benunit");
  refused(arena_printf(pack_arena,
                       "%svariable v\n  entity household  period year  unit /1\n  formula\n"
                       "    rank(members, by pay)\n",
                       givens),
          18, "rank gives each person a value");
}

static void a_day_is_of_a_state(void **state) {
  (void)state;
  formula_refused("GBP", "pay[2025-04-06]", "pay has a value each year; write that period");
  formula_refused("GBP", "pay[2025-02-30]", "2025-02-30");
  formula_refused("GBP", "pay[2025-04-06 day]", "expected ]");
}

static void what_needs_itself(void **state) {
  (void)state;
  refused("variable a\n  entity person  period year  unit /1\n  formula\n    b + 1\n"
          "variable b\n  entity person  period year  unit /1\n  formula\n    c\n"
          "variable c\n  entity person  period year  unit /1\n  formula\n    a\n",
          1, "a needs itself: a > b > c > a");
  refused("variable z\n  entity person  period year  unit /1\n  formula\n    a\n"
          "variable a\n  entity person  period year  unit /1\n  from 2020-01-01\n    a\n",
          5, "a needs itself: a > a");
}

static void declarations(void **state) {
  (void)state;
  refused("variable a\n  entity person  period year\nvariable a\n  entity person  period year\n", 3,
          "the variable a is there already, in ");
  refused("variable a\n  entity person\n", 1, "the variable a lacks a period");
  refused("variable a\n  entity person\n  round up 0.01 half down\n", 3,
          "half down after nearest and its step");
  refused("variable a\n  entity person\n  round nearest 0.01 half up\n", 3,
          "half down after nearest and its step");
  refused("variable a\n  period year\n", 1, "the variable a lacks an entity");
  refused("variable a\n  entity persoon  period year\n", 2, "expected an entity, found 'persoon'");
  refused("variable a\n  entity person  period decade\n", 2, "found 'decade'");
  refused("variable a\n  entity person  period year  unit bananas\n", 1,
          "there is no unit 'bananas'");
  refused("variable a\n  entity person  period year  unit country\n  default FRANCE\n", 1,
          "'FRANCE' is not an item of 'country'");
  refused("variable a\n  entity person  period year\n  from 2020-01-01\n    1\n"
          "  from 2019-01-01\n    2\n",
          5, "this version begins on or before the day of the one above it");
  refused("variable a\n  entity person  period year\n  colour red\n", 3, "found 'colour'");
  refused("variable a\n  entity person  period year\n  label \"open\n", 3,
          "a text has no closing quote on its line");
  refused("variable a\n  entity person  period year\n  from 2020-02-30\n    1\n", 3, "2020-02-30");
  refused("variable where\n  entity person  period year\n", 1,
          "expected a name that is no word of the language, found 'where'");
  refused("colour red\n", 1, "expected variable, enum, entity or pack");
  refused("variable a\n  entity person  period year\n\n# colour\ncolour red\n", 5,
          "expected variable, enum, entity or pack");
  refused("variable a\n  entity person  period year\n  formula\n    max(1,\ncolour)\n", 5,
          "there is no variable 'colour'");
  refused("entity person plural folk\n", 1, "expected an entity of another name");
}

static void what_is_no_formula(void **state) {
  (void)state;
  static const struct {
    const char *formula, *message;
  } all[] = {
      {"1 +", "expected a value"},
      {"(1", "expected )"},
      {"1 2", "the end of the line"},
      {"12x", "is not a number"},
      {"@", "'@' means nothing"},
      {"if(true, 1)", "expected another value"},
      {"min(1)", "another value"},
      {"clip(1, 2)", "another value"},
      {"if(true, 1, false, 2)", "a value for when no condition holds"},
      {"sum(1)", "sum adds up members"},
      {"1 < 2 < 3", "the end of the line"},
      {"param()", "a parameter's path"},
      {"x[0 months]", "how many periods"},
      {"x[9999 months]", "how many periods"},
      {"scale(1, 2)", "scale applies a parameter"},
      {"total(1)", "total adds up the variables"},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    struct rules *rules;
    struct error err = {0};
    pack_put("rules/a.rules", PACK_ENTITIES);
    pack_put("rules/b.rules",
             arena_printf(pack_arena,
                          "variable v\n  entity person  period year\n  formula\n    %s\n",
                          all[i].formula));
    if (pack_try(&rules, &err) != REFUSED || !strstr(err.message, all[i].message))
      fail_msg("%s: '%s' does not say '%s'", all[i].formula, err.message, all[i].message);
    if (err.line < 4 || err.line > 5) fail_msg("%s: line %d", all[i].formula, (int)err.line);
  }
}

/* ---- meant to exhaust ---- */

static void deep_long_and_many(void **state) {
  (void)state;
  static const struct {
    const char *before, *after;
  } nested[] = {{"(", ")"},   {"abs(", ")"}, {"-", ""},        {"not ", ""},
                {"1 + ", ""}, {"1 * ", ""},  {"true or ", ""}, {"if(true, 1, ", ")"}};
  for (size_t k = 0; k < sizeof nested / sizeof *nested; k++) {
    struct text t = {0};
    text_add(&t, "variable v\n  entity person  period year\n  formula\n    ");
    for (int i = 0; i < 100000; i++) text_add(&t, nested[k].before);
    text_add(&t, "1");
    for (int i = 0; i < 100000; i++) text_add(&t, nested[k].after);
    text_add(&t, "\n");
    refused(t.bytes, 4, "expected a formula ");
    text_release(&t);
  }
  /* abs of abs is read once at each level */
  struct text t = {0};
  text_add(&t, "variable v\n  entity person  period year\n  formula\n    ");
  for (int i = 0; i < 150; i++) text_add(&t, "abs(");
  text_add(&t, "-3");
  for (int i = 0; i < 150; i++) text_add(&t, ")");
  text_add(&t, "\n");
  pack_near(pack_value(pack_of(t.bytes, false), "{}", "2025", "v", 0), 3, "abs", __LINE__);
  text_release(&t);
}

static void ten_thousand_variables_and_long_names(void **state) {
  (void)state;
  struct text t = {0};
  char *name = arena_array(pack_arena, char, 301);
  memset(name, 'n', 300);
  text_addf(&t, "variable %s\n  entity person  period year\n  default 2\n", name);
  for (int i = 0; i < 10000; i++)
    text_addf(&t, "variable v%d\n  entity person  period year\n  formula\n    %s * %d\n", i, name,
              i);
  struct rules *rules = pack_of(t.bytes, false);
  assert_int_equal(rules->variable_count, 10001);
  pack_near(pack_value(rules, "{}", "2025", "v9999", 0), 19998, "the last", __LINE__);
  text_release(&t);
  /* a chain of as many ends in a refusal, not in the stack */
  for (int i = 0; i < 10000; i++)
    text_addf(&t, "variable v%d\n  entity person  period year\n  formula\n    v%d + 1\n", i, i + 1);
  text_add(&t, "variable v10000\n  entity person  period year\n");
  struct error err = {0};
  pack_put("rules/b.rules", t.bytes);
  assert_int_equal(pack_try(&rules, &err), REFUSED);
  assert_non_null(strstr(err.message, "steps within one another"));
  text_release(&t);
}

/* Sums of sums of periods: 1,200 months each of 1,200 months. */
static void periods_without_measure(void **state) {
  (void)state;
  struct rules *rules = pack_of(
      "variable a\n  entity person  period month  unit GBP\n"
      "variable b\n  entity person  period month  unit GBP\n  formula\n    sum(a[1200 months])\n"
      "variable c\n  entity person  period month  unit GBP\n  formula\n    sum(b[1200 months])\n"
      "variable d\n  entity person  period month  unit GBP\n  formula\n    1 GBP per month + d[-1 "
      "month]\n",
      false);
  struct situation s;
  struct error err = {0};
  double *values;
  pack_situation(rules, "{}", "2025-01", false, &s);
  assert_int_equal(pack_compute(rules, &s, "c", &values, &err), DONE);
  assert_int_equal(pack_compute(rules, &s, "d", &values, &err), REFUSED);
  assert_non_null(strstr(err.message, "needs earlier periods without end"));
}

/* ---- a day without a value, found when the formula is compiled ---- */

static void a_day_before_the_first_value(void **state) {
  (void)state;
  pack_put("parameters/gov/rate.yaml", "values: {2020-01-01: 0.2, 2026-01-01: null}\n");
  struct rules *rules = pack_of("variable v\n  entity person  period year\n  formula\n"
                                "    1 +\n      param(gov.rate)\n",
                                false);
  static const struct {
    const char *period, *message;
  } all[] = {{"2019", "the parameter 'gov.rate' has no value on 2019-01-01; its first is from "
                      "2020-01-01"},
             {"2026", "the parameter 'gov.rate' has no value on 2026-01-01"}};
  for (int i = 0; i < 2; i++) {
    struct situation s;
    struct error err = {0};
    double *values;
    pack_situation(rules, "{}", all[i].period, false, &s);
    assert_int_equal(pack_compute(rules, &s, "v", &values, &err), REFUSED);
    assert_string_equal(err.message, all[i].message);
    assert_int_equal(err.line, 5);
    assert_non_null(strstr(err.file, "rules/b.rules"));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_A_PACK(names_that_are_none),
      IN_A_PACK(units_that_do_not_go_together),
      IN_A_PACK(periods_and_entities),
      IN_A_PACK(a_day_is_of_a_state),
      IN_A_PACK(what_needs_itself),
      IN_A_PACK(declarations),
      IN_A_PACK(what_is_no_formula),
      IN_A_PACK(deep_long_and_many),
      IN_A_PACK(ten_thousand_variables_and_long_names),
      IN_A_PACK(periods_without_measure),
      IN_A_PACK(a_day_before_the_first_value),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
