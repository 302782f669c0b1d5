/* Where a formula might give a wrong figure instead of none, or none instead of a right one. */
#include "unit/rules_pack.h"

/* What a formula of a person comes to for the first of these people; NAN: refused, and `said`. */
static char said[ERROR_MESSAGE_SIZE];

static double first_of(struct rules *rules, const char *facts, const char *name) {
  struct situation s;
  struct error err = {0};
  double *values = NULL;
  pack_situation(rules, facts, "2025", rules->is_annual, &s);
  said[0] = '\0';
  if (pack_compute(rules, &s, name, &values, &err) == DONE) return values[0];
  snprintf(said, sizeof said, "%s", err.message);
  return NAN;
}

struct expected {
  const char *formula;
  double value;        /* NAN: refused */
  const char *message; /* what it says then */
};

static void formulas_hold(const char *given, const char *facts, const struct expected *all,
                          size_t count) {
  for (size_t i = 0; i < count; i++) {
    struct rules *rules = pack_of(arena_printf(pack_arena,
                                               "%svariable v\n  entity person  period year\n"
                                               "  formula\n    %s\n",
                                               given, all[i].formula),
                                  false);
    const double got = first_of(rules, facts, "v");
    if (isnan(got) != isnan(all[i].value) || (!isnan(got) && got != all[i].value))
      fail_msg("%s: expected %g, got %g %s", all[i].formula, all[i].value, got, said);
    if (isnan(got) && !strstr(said, all[i].message))
      fail_msg("%s: '%s' does not say '%s'", all[i].formula, said, all[i].message);
  }
}
#define FORMULAS_HOLD(given, facts, all) \
  formulas_hold(given, facts, all, sizeof(all) / sizeof *(all))

/* ---- what has no value ---- */

static const char lands[] = "variable land\n  entity person  period year  unit country\n"
                            "variable x\n  entity person  period year  unit /1\n"
                            "variable rate\n  entity person  period year  unit /1\n"
                            "  formula\n    param(gov.rate[land])\n";
static const char none[] = "has no value for row 1: a parameter or table that it reads has none";

static void put_rates(void) {
  pack_put("parameters/gov/rate.yaml", "ENGLAND: {values: {2020-01-01: 4}}\n"
                                       "SCOTLAND: {values: {2026-01-01: 5}}\n");
}

/* Of WALES there is no rate, of SCOTLAND none yet. */
static void no_value_is_not_taken_for_one(void **state) {
  (void)state;
  put_rates();
  static const struct expected all[] = {
      {"rate", NAN, none},
      {"min(rate, 3)", NAN, none},
      {"min(3, x, rate)", NAN, none},
      {"max(x, rate)", NAN, none},
      {"clip(rate, 0, 1)", NAN, none},
      {"if(rate > 3, 1, 2)", NAN, none},
      {"if(rate <= x, 1, 2)", NAN, none},
      {"if(rate = 4, 1, 2)", NAN, none},
      {"if(rate != 4, 1, 2)", NAN, none},
      {"if(not rate < 4, 1, 2)", NAN, none},
      {"if(rate in (4, 5), 1, 2)", NAN, none},
      {"if(x = 0 and rate > 3, 1, 2)", NAN, none},
      {"if(x = 1 or rate > 3, 1, 2)", NAN, none},
      {"max(household.members, rate)", NAN, none},
      {"min(household.members, rate)", NAN, none},
      {"sum(household.members, rate)", NAN, none},
      {"count(household.members where rate > 3)", NAN, none},
      {"if(any(household.members, rate > 3), 1, 2)", NAN, none},
      {"if(all(household.members, rate > 3), 1, 2)", NAN, none},
      {"rank(household.members, by rate)", NAN, none},
      {"rank(household.members, by x where rate > 3)", NAN, none},
      /* what is not reached need not have one */
      {"if(land = WALES, 7, rate)", 7, NULL},
      {"if(land != WALES and rate > 3, 1, 2)", 2, NULL},
      {"if(land = WALES or rate > 3, 1, 2)", 1, NULL},
      {"sum(household.members, rate where land = ENGLAND)", 4, NULL},
      {"max(household.members, rate where land = ENGLAND)", 4, NULL},
      {"min(household.members, rate where land = ENGLAND)", 4, NULL},
      {"if(any(household.members, land = ENGLAND and rate > 3), 1, 2)", 1, NULL},
      {"if(any(household.members, rate > 3 where land = ENGLAND), 1, 2)", 1, NULL},
      {"if(all(household.members, rate > 3 where land = ENGLAND), 1, 2)", 1, NULL},
      {"rank(household.members, by rate where land = ENGLAND)", -1, NULL},
  };
  FORMULAS_HOLD(lands,
                "people:\n  anna: {land: WALES}\n  bert: {land: ENGLAND}\n"
                "households:\n  one: {members: [anna, bert]}\n",
                all);
  static const struct expected not_yet[] = {{"if(rate > 3, 1, 2)", NAN, none}};
  FORMULAS_HOLD(lands, "people:\n  anna: {land: SCOTLAND}\n", not_yet);
  static const struct expected has_one[] = {{"min(rate, 3) + if(rate > 3, 1, 2)", 4, NULL}};
  FORMULAS_HOLD(lands, "people:\n  anna: {land: ENGLAND}\n", has_one);
}

/* As for a parameter without a choice; and what is wrong in one child is no absence. */
static void a_choice_without_values_is_refused(void **state) {
  (void)state;
  pack_put("parameters/gov/rate.yaml", "ENGLAND: {values: {2026-01-01: 4}}\n"
                                       "WALES: {values: {2027-01-01: 5}}\n");
  static const struct expected later[] = {
      {"if(param(gov.rate[land]) > 3, 1, 2)", NAN,
       "'gov.rate.ENGLAND' has no value on 2025-01-01; its first is from 2026-01-01"}};
  FORMULAS_HOLD(lands, "people:\n  anna: {land: WALES}\n", later);
  pack_put("parameters/gov/rate.yaml", "ENGLAND: {values: {2020-01-01: 4}}\n"
                                       "WALES: {values: {2020-01-01: many}}\n");
  static const struct expected list[] = {{"if(land = ENGLAND, param(gov.rate[land]), 2)", NAN,
                                          "the parameter 'gov.rate.WALES' is not a number"}};
  FORMULAS_HOLD(lands, "people:\n  anna: {land: WALES}\n", list);
}

/* ---- a layer that is laid over afterwards ---- */

static struct rules *lay_over(const struct rules *base, const char *rules_text, struct error *err) {
  struct rules *laid = NULL;
  pack_put("reform/rules/c.rules", rules_text);
  enum status status = rules_lay_over(pack_arena, base,
                                      arena_printf(pack_arena, "%s/reform", pack_folder), &laid,
                                      err);
  return status == DONE ? laid : NULL;
}

static void a_layer_leaves_what_is_below_as_it_was(void **state) {
  (void)state;
  static const char rate_file[] = "from,land,value,source\n2020-01-01,ENGLAND,%d,law\n";
  pack_put("tables/rates.csv", arena_printf(pack_arena, rate_file, 10));
  pack_put("reform/tables/rates.csv", arena_printf(pack_arena, rate_file, 99));
  struct rules *base = pack_of("variable land\n  entity person  period year  unit country\n"
                               "variable v\n  entity person  period year\n  formula\n"
                               "    table(rates; land)\n",
                               false);
  struct error err = {0};
  struct rules *laid = lay_over(base, "variable w\n  entity person  period year\n", &err);
  if (!laid) fail_msg("%s", err.message);
  assert_true(first_of(base, "{}", "v") == 10);
  assert_true(first_of(laid, "{}", "v") == 99);
}

/* A formula below was checked when the variable that it names was another. */
static void a_layer_is_held_to_what_formulas_below_need(void **state) {
  (void)state;
  struct rules *base = pack_of("variable pay\n  entity person  period year  unit GBP\n"
                               "variable v\n  entity person  period year  unit GBP\n  formula\n"
                               "    pay + 1 GBP per year\n",
                               false);
  struct error err = {0};
  struct rules *laid = lay_over(base, "variable pay\n  entity person  period week  unit GBP\n",
                                &err);
  assert_null(laid);
  assert_non_null(strstr(err.message, "'pounds a week' and 'pounds a year' do not go together"));
  assert_non_null(strstr(err.file, "rules/b.rules"));
  assert_int_equal(err.line, 6);
  err = (struct error){0};
  laid = lay_over(base, "variable pay\n  entity household  period year  unit GBP\n", &err);
  assert_null(laid);
  assert_non_null(strstr(err.message, "pay belongs to a household"));
  err = (struct error){0};
  laid = lay_over(base,
                  "variable pay\n  entity person  period year  unit GBP\n  formula\n"
                  "    5 GBP per year\n",
                  &err);
  if (!laid) fail_msg("%s", err.message);
  assert_true(first_of(laid, "{}", "v") == 6);
  assert_true(first_of(base, "{}", "v") == 1);
}

/* ---- months from the last days of one ---- */

static double in_period(struct rules *rules, const char *facts, const char *period,
                        const char *name) {
  return pack_value(rules, facts, period, name, 0);
}

static void months_from_the_31st_stay_on_it(void **state) {
  (void)state;
  struct rules *rules = pack_of("variable got\n  entity person  period month  unit GBP\n"
                                "variable before\n  entity person  period month  unit GBP\n"
                                "  formula\n    got[-1 month]\n"
                                "variable two_before\n  entity person  period month  unit GBP\n"
                                "  formula\n    before[-1 month]\n"
                                "variable ends\n  entity person  period month  unit date\n"
                                "  formula\n    period_end\n"
                                "variable ended\n  entity person  period month  unit date\n"
                                "  formula\n    ends[-1 month]\n"
                                "variable of_three\n  entity person  period month  unit GBP\n"
                                "  formula\n    sum(before[3 months])\n",
                                false);
  static const char facts[] = "{got: {'month:2025-01-31': 1, 'month:2025-02-28': 20, "
                              "'month:2025-03-31': 300, 'month:2025-01-28': 7}}";
  static const char march[] = "month:2025-03-31", february[] = "month:2025-02-28";
  assert_true(in_period(rules, facts, march, "before") == 20);
  assert_true(in_period(rules, facts, march, "two_before") == 1);
  assert_true(in_period(rules, facts, february, "before") == 7);
  assert_true(in_period(rules, facts, "month:2025-04-30", "before") == 0); /* of 30 March */
  assert_true(in_period(rules, facts, march, "ended") == day_make(2025, 3, 30));
  assert_true(in_period(rules, facts, february, "ends") == day_make(2025, 3, 27));
  assert_true(in_period(rules, facts, march, "of_three") == 21);
  assert_true(in_period(rules, "{got: {'month:2024-12-31': 5}}", march, "of_three") == 5);
}

/* The weeks of a year begin on its Mondays, the first as the others. */
static void the_first_week_of_a_year_is_one_of_its_weeks(void **state) {
  (void)state;
  struct rules *rules = pack_of("variable wage\n  entity person  period week  unit GBP\n"
                                "variable first\n  entity person  period year  unit GBP\n"
                                "  formula\n    wage[first week] per year\n"
                                "variable all\n  entity person  period year  unit GBP\n"
                                "  formula\n    sum(wage[52 weeks])\n",
                                false);
  static const char facts[] = "{wage: {'week:2025-01-06': 2, 'week:2025-12-29': 3}}";
  assert_true(in_period(rules, facts, "2025", "first") == 104);
  assert_true(in_period(rules, facts, "2025", "all") == 5);
}

/* ---- what an outer condition leaves out divides nothing, wherever the division stands ---- */

static void divisions_of_rows_that_do_not_count(void **state) {
  (void)state;
  static const char given[] = "variable x\n  entity person  period year  unit /1\n"
                              "variable y\n  entity person  period year  unit /1\n"
                              "variable z\n  entity household  period year  unit /1\n"
                              "variable age\n  entity person  period year  unit years\n";
  static const char facts[] = "people:\n  anna: {x: 6, y: 2, age: 40}\n  bert: {x: 1, age: 7}\n"
                              "households:\n"
                              "  one: {adults: [anna], children: [bert]}\n";
  static const char zero[] = "a division by zero, for person 2";
  static const struct expected all[] = {
      {"if(y != 0, x / y, 9)", 3, NULL},
      /* a let is read where it counts */
      {"let r = x / y\n    if(y != 0, r, 9)", 3, NULL},
      {"let r = x / y\n    let s = r + 1\n    if(y != 0, s * 2, 9)", 8, NULL},
      {"let r = x / y\n    if(y = 0, 9, if(x > 5, r, 1) + r)", 6, NULL},
      {"let r = x / y\n    7", 7, NULL}, /* nobody reads it */
      {"let r = x / y\n    if(x > 0, r, 9)", NAN, zero},
      {"let r = x / y\n    r", NAN, zero},
      /* the condition of an aggregate stands within the formula's own */
      {"if(household.z > 0, count(household.members where x / y > 1), 9)", 9, NULL},
      {"if(household.z = 0, count(household.members where x / y > 1), 9)", NAN, zero},
      {"if(household.z > 0, sum(household.members, x / y), 9)", 9, NULL},
      {"if(y > 0, sum(household.members, x / y), 9)", NAN, zero}, /* bert's, for anna */
      {"if(y > 9, sum(household.members, x / y), 9)", 9, NULL},
      {"if(y > 9, max(household.members, x where x / y > 1), 9)", 9, NULL},
      {"if(y > 9 and any(household.members, x / y > 1), 8, 9)", 9, NULL},
      {"count(household.adults where x / y > 1)", 1, NULL},
      {"sum(household.adults, x / y)", 3, NULL},
      {"if(y > 9, rank(household.members, by x / y), 9)", 9, NULL},
  };
  FORMULAS_HOLD(given, facts, all);
}

static void a_let_of_a_group_is_read_by_its_members(void **state) {
  (void)state;
  struct rules *rules = pack_of("variable x\n  entity person  period year  unit /1\n"
                                "variable z\n  entity household  period year  unit /1\n"
                                "variable v\n  entity household  period year  unit /1\n"
                                "  formula\n    let r = 6 / z\n"
                                "    sum(members, if(x > 0, r * x, 0))\n",
                                false);
  assert_true(first_of(rules,
                       "people: {a: {x: 2}, b: {}}\n"
                       "households: {one: {members: [a, b], z: 3}}\n",
                       "v") == 4);
  assert_true(
      first_of(rules, "people: {a: {}, b: {}}\nhouseholds: {one: {members: [a, b]}}\n", "v") == 0);
  assert_true(isnan(first_of(rules,
                             "people: {a: {x: 2}, b: {}}\n"
                             "households: {one: {members: [a, b]}}\n",
                             "v")));
}

/* A let that is read under ever other conditions is compiled a few times, not at each of them. */
static void a_chain_of_lets_that_divide_ends(void **state) {
  (void)state;
  struct text t = {0};
  text_add(&t, "variable x\n  entity person  period year  unit /1\n"
               "variable v\n  entity person  period year  unit /1\n  formula\n"
               "    let l0 = 1 / (x + 1)\n");
  for (int i = 1; i < 60; i++)
    text_addf(&t, "    let l%d = if(x > %d, l%d, x = %d, l%d, l%d + 1)\n", i, i, i - 1, i, i - 1,
              i - 1);
  text_add(&t, "    l59\n");
  struct rules *rules = pack_of(t.bytes, false);
  text_release(&t);
  assert_true(first_of(rules, "{x: 1}", "v") == 58.5);
  assert_true(isnan(first_of(rules, "{x: -1}", "v")));
  assert_non_null(strstr(said, "a division by zero, for person 1"));
}

/* ---- units of tables, and of what a total adds up ---- */

static struct rules *try_rules(const char *rules_text, bool annual, struct error *err) {
  struct rules *rules = NULL;
  pack_put("rules/a.rules", annual ? PACK_ENTITIES PACK_ANNUAL : PACK_ENTITIES);
  pack_put("rules/b.rules", rules_text);
  return pack_try(&rules, err) == DONE ? rules : NULL;
}

static void must_refuse(const char *rules_text, const char *message) {
  struct error err = {0};
  assert_null(try_rules(rules_text, false, &err));
  if (!strstr(err.message, message)) fail_msg("'%s' does not say '%s'", err.message, message);
}

static void a_table_has_a_unit_and_a_period(void **state) {
  (void)state;
  static const char rent[] = "variable land\n  entity person  period year  unit country\n"
                             "variable rent\n  entity person  period week  unit GBP\n"
                             "  formula\n    table(rent; land)\n"
                             "variable in_year\n  entity person  period year  unit GBP\n"
                             "  formula\n    table(rent; land) per year\n";
  pack_put("tables/rent.csv", "from,land,value,unit,period,source\n"
                              "2020-01-01,ENGLAND,100,currency-GBP,week,order\n"
                              "2020-01-01,WALES,80,currency-GBP,week,order\n");
  struct rules *legal = pack_of(rent, false), *annual = pack_of(rent, true);
  assert_true(in_period(legal, "{}", "week:2025-06-02", "rent") == 100);
  assert_true(in_period(legal, "{}", "2025", "in_year") == 5200);
  assert_true(in_period(annual, "{}", "2025", "rent") == 5200); /* a year's, as every flow */
  assert_true(in_period(annual, "{land: WALES}", "2025", "in_year") == 4160);
  must_refuse("variable rent\n  entity person  period year  unit GBP\n  formula\n"
              "    table(rent; land)\n"
              "variable land\n  entity person  period year  unit country\n",
              "'pounds a year' and 'pounds a week' do not go together");
  must_refuse("variable n\n  entity person  period year  unit /1\n"
              "variable v\n  entity person  period year  unit /1\n  formula\n"
              "    table(rent; n)\n",
              "'an item of an enum' and 'a plain number' do not go together");
  must_refuse("variable b\n  entity person  period year  unit bool\n"
              "variable v\n  entity person  period year  unit /1\n  formula\n"
              "    param(gov[b])\n",
              "'an item of an enum' and 'true or false' do not go together");
  pack_put("tables/rent.csv", "from,land,value,source\n2020-01-01,ENGLAND,100,order\n");
  must_refuse(rent, "'pounds a week' and 'a plain number' do not go together");
  pack_put("tables/rent.csv", "from,land,value,unit,period,source\n"
                              "2020-01-01,ENGLAND,100,pounds,week,order\n");
  must_refuse(rent, "'pounds' is no unit of a table");
  pack_put("tables/rent.csv", "from,land,value,unit,period,source\n"
                              "2020-01-01,ENGLAND,100,currency-GBP,weekly,order\n");
  must_refuse(rent, "'weekly' is not a period");
  pack_put("tables/rent.csv", "from,land,value,unit,period,source\n"
                              "2020-01-01,ENGLAND,100,currency-GBP,week,order\n"
                              "2020-01-01,WALES,90,currency-GBP,month,order\n");
  must_refuse(rent, "a table has one unit and one period, and the rows above have 'week'");
}

static void a_total_adds_what_has_its_unit(void **state) {
  (void)state;
  static const char all[] = "variable wage\n  entity person  period week  unit GBP\n"
                            "variable saved\n  entity person  period year  unit GBP stock\n"
                            "variable hours\n  entity person  period week  unit hours\n"
                            "variable v\n  entity person  period year  unit GBP\n"
                            "  formula\n    total(param(gov.list))\n";
  pack_put("parameters/gov/list.yaml", "values: {2020-01-01: [wage]}\n");
  struct rules *rules = pack_of(all, false);
  assert_true(first_of(rules, "{wage: {2025: 520}}", "v") == 520);
  pack_put("parameters/gov/list.yaml", "values: {2020-01-01: [wage, saved]}\n");
  must_refuse(all, "'gov.list' lists saved, which is 'pounds' and cannot be added to 'pounds a ");
  pack_put("parameters/gov/list.yaml", "values: {2020-01-01: [wage, hours]}\n");
  must_refuse(all, "'gov.list' lists hours, which is 'hours a week'");
}

/* ---- what is held to a kind, a unit and a period ---- */

static void every_child_of_a_choice_has_one_unit(void **state) {
  (void)state;
  static const char chosen[] = "variable land\n  entity person  period year  unit country\n"
                               "variable v\n  entity person  period week  unit GBP\n  formula\n"
                               "    param(gov.rate[land])\n";
  static const char week[] = "metadata: {unit: currency-GBP, period: week}";
  pack_put("parameters/gov/rate.yaml", arena_printf(pack_arena,
                                                    "ENGLAND: {values: {2020-01-01: 4}, %s}\n"
                                                    "WALES: {values: {2020-01-01: 5}, %s}\n",
                                                    week, week));
  assert_true(in_period(pack_of(chosen, false), "{land: WALES}", "week:2025-06-02", "v") == 5);
  pack_put("parameters/gov/rate.yaml",
           arena_printf(pack_arena,
                        "ENGLAND: {values: {2020-01-01: 4}, %s}\n"
                        "WALES: {values: {2020-01-01: 5}, "
                        "metadata: {unit: currency-GBP, period: year}}\n",
                        week));
  must_refuse(chosen, "'pounds a week' and 'pounds a year' do not go together");
  pack_put("parameters/gov/rate.yaml", arena_printf(pack_arena,
                                                    "ENGLAND: {values: {2020-01-01: 4}, %s}\n"
                                                    "WALES: {a: {values: {2020-01-01: 5}}}\n",
                                                    week));
  must_refuse(chosen, "the parameter 'gov.rate.WALES' is not a value");
}

static void a_default_is_of_the_kind_of_its_variable(void **state) {
  (void)state;
  static const struct {
    const char *unit, *value;
    bool is_wrong;
  } all[] = {
      {"/1", "3", false},          {"GBP", "-3", false},
      {"bool", "true", false},     {"date", "2020-01-01", false},
      {"/1", "infinity", false},   {"country", "WALES", false},
      {"/1", "true", true},        {"/1", "2020-01-01", true},
      {"bool", "1", true},         {"bool", "7", true},
      {"date", "20", true},        {"date", "infinity", true},
      {"country", "1", true},      {"country", "true", true},
      {"GBP", "2020-01-01", true},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    for (int first = 0; first < 2; first++) { /* the unit may stand before or after */
      struct error err = {0};
      char *text = arena_printf(pack_arena,
                                "variable v\n  entity person  period year\n  %s %s\n"
                                "  %s %s\n",
                                first ? "unit" : "default", first ? all[i].unit : all[i].value,
                                first ? "default" : "unit", first ? all[i].value : all[i].unit);
      const bool is_wrong = !try_rules(text, false, &err);
      if (is_wrong != all[i].is_wrong) fail_msg("%s: %s", text, err.message);
      if (is_wrong && !strstr(err.message, "do not go together")) fail_msg("%s", err.message);
    }
}

static void a_period_lies_within_the_formula_s_own(void **state) {
  (void)state;
  must_refuse("variable pay\n  entity person  period month  unit GBP\n"
              "variable v\n  entity person  period week  unit bool\n  formula\n"
              "    pay[last month] > 0\n",
              "expected a period within that of the formula, found 'month'");
  must_refuse("variable v\n  entity person  period year  unit GBP\n  formula\n"
              "    1 GBP per eternity\n",
              "found 'eternity'");
}

/* A pack that says no day for it has no year's reading: what asks for one has the legal one. */
static void there_is_a_year_s_reading_where_the_pack_has_one(void **state) {
  (void)state;
  static const char weekly[] = "variable wage\n  entity person  period week  unit GBP\n"
                               "  formula\n    3 GBP per week\n";
  for (int annual = 0; annual < 2; annual++) {
    struct rules *rules = pack_of(weekly, annual);
    struct situation s;
    struct error err = {0};
    double *values = NULL;
    pack_situation(rules, "{}", "week:2025-06-02", true, &s);
    assert_int_equal(pack_compute(rules, &s, "wage", &values, &err), DONE);
    assert_true(values[0] == (annual ? 156 : 3));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_A_PACK(no_value_is_not_taken_for_one),
      IN_A_PACK(a_choice_without_values_is_refused),
      IN_A_PACK(a_layer_leaves_what_is_below_as_it_was),
      IN_A_PACK(a_layer_is_held_to_what_formulas_below_need),
      IN_A_PACK(divisions_of_rows_that_do_not_count),
      IN_A_PACK(a_let_of_a_group_is_read_by_its_members),
      IN_A_PACK(a_chain_of_lets_that_divide_ends),
      IN_A_PACK(a_table_has_a_unit_and_a_period),
      IN_A_PACK(a_total_adds_what_has_its_unit),
      IN_A_PACK(every_child_of_a_choice_has_one_unit),
      IN_A_PACK(a_default_is_of_the_kind_of_its_variable),
      IN_A_PACK(a_period_lies_within_the_formula_s_own),
      IN_A_PACK(there_is_a_year_s_reading_where_the_pack_has_one),
      IN_A_PACK(months_from_the_31st_stay_on_it),
      IN_A_PACK(the_first_week_of_a_year_is_one_of_its_weeks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
