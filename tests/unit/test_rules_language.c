/* Each construct of the language of rules (docs/reference/rules-language.md), against figures
 * worked out by hand. */
#include "unit/rules_pack.h"

/* ---- expressions: a number each ---- */

static const char inputs[] = "variable x\n  entity person  period year  unit /1\n"
                             "variable y\n  entity person  period year  unit /1\n"
                             "variable yes\n  entity person  period year  unit bool\n"
                             "variable born\n  entity person  period eternity  unit date\n"
                             "variable land\n  entity person  period year  unit country\n"
                             "  default WALES\n";

static double worth_of(const char *formula, const char *facts) {
  struct rules *r = pack_of(arena_printf(pack_arena,
                                         "%svariable v\n  entity person  period year  unit /1\n"
                                         "  formula\n    %s\n",
                                         inputs, formula),
                            false);
  return pack_value(r, facts, "2025", "v", 0);
}

struct worth {
  const char *formula;
  double value;
};

static void hold(const struct worth *all, size_t count, const char *facts) {
  for (size_t i = 0; i < count; i++)
    pack_near(worth_of(all[i].formula, facts), all[i].value, all[i].formula, 0);
}
#define HOLD_ALL(all, facts) hold(all, sizeof(all) / sizeof *(all), facts)

static void numbers_and_signs(void **state) {
  (void)state;
  static const struct worth all[] = {
      {"12_570", 12570},
      {"0.5", 0.5},
      {"55% * 200", 110},
      {"1 + 2 * 3", 7},
      {"(1 + 2) * 3", 9},
      {"10 - 4 - 3", 3},
      {"100 / 5 / 2", 10},
      {"2 - -3", 5},
      {"-2 * -3", 6},
      {"-(2 + 3)", -5},
      {"x + y", 42},
      {"x +  # a comment, and the line goes on\n      y", 42},
      {"x\n      + y", 42},
      {"max(\n      x,\n      y\n    )", 40},
      {"min(x, y, 7)", 2},
      {"max(x, y, 7)", 40},
      {"clip(x, 3, 10)", 10},
      {"clip(y, 3, 10)", 3},
      {"clip(5, 3, 10)", 5},
      {"abs(y - x)", 38},
      {"abs(x - y)", 38},
      {"min(infinity, x)", 40},
      {"max(-infinity, y)", 2},
  };
  HOLD_ALL(all, "{x: 40, y: 2}");
}

static void comparisons_and_conditions(void **state) {
  (void)state;
  static const struct worth all[] = {
      {"x < y", 0},
      {"y < x", 1},
      {"x <= 40", 1},
      {"x > 40", 0},
      {"x >= 40", 1},
      {"x = 40", 1},
      {"x != 40", 0},
      {"yes", 1},
      {"not yes", 0},
      {"not not yes", 1},
      {"not yes or yes", 1},
      {"not (yes or yes)", 0},
      /* and before or */
      {"yes or yes and false", 1},
      {"(yes or yes) and false", 0},
      /* comparison before and */
      {"x = 40 and y = 2", 1},
      {"1 + 1 = y", 1},
      {"if(yes, 1, 2)", 1},
      {"if(not yes, 1, x > 50, 2, y = 2, 3, 4)", 3},
      {"if(not yes, 1, x > 50, 2, y = 3, 3, 4)", 4},
      {"if(yes, if(x > y, 5, 6), 7)", 5},
      {"x in (1, 40)", 1},
      {"x in (1, 2)", 0},
      {"land = WALES", 1},
      {"WALES = land", 1},
      {"land != SCOTLAND", 1},
      {"land in (ENGLAND, SCOTLAND)", 0},
      {"not land in (ENGLAND, SCOTLAND)", 1},
  };
  HOLD_ALL(all, "{x: 40, y: 2, yes: true}");
}

/* A half goes up; what is off by the rounding of doubles alone is on the step. */
static void rounding_to_a_step(void **state) {
  (void)state;
  static const struct worth all[] = {
      {"floor(x)", 12},
      {"ceil(x)", 13},
      {"round(x)", 12},
      {"round(12.5)", 13},
      {"floor(x, 5)", 10},
      {"ceil(x, 5)", 15},
      {"round(x, 5)", 10},
      {"round(x, 0.1)", 12.3},
      {"ceil(0.1 + 0.2, 0.01)", 0.3},
      {"floor(y, 0.1)", 0.3},
      {"floor(-12.34)", -13},
      {"ceil(-12.34)", -12},
      {"round(-12.5)", -12},
      {"floor(infinity)", INFINITY},
  };
  HOLD_ALL(all, "{x: 12.34, y: 0.3}");
}

static void days_and_ages(void **state) {
  (void)state;
  static const struct worth all[] = {
      {"years_between(born, 2025-04-05)", 16},
      {"years_between(born, 2025-04-06)", 17},
      {"years_between(2004-02-29, 2025-02-28)", 20},
      {"years_between(2004-02-29, 2025-03-01)", 21},
      {"months_between(born, 2025-04-05)", 203},
      {"months_between(born, 2025-04-06)", 204},
      {"months_between(born, 2008-04-05)", -1},
      {"if(years_after(born, 66) = 2074-04-06, 1, 0)", 1},
      {"if(years_after(2004-02-29, 18) = 2022-03-01, 1, 0)", 1},
      {"if(years_after(2004-02-29, 20) = 2024-02-29, 1, 0)", 1},
      {"if(months_after(born, 9) = 2009-01-06, 1, 0)", 1},
      {"if(months_after(born, -4) = 2007-12-06, 1, 0)", 1},
      {"if(months_after(1960-10-31, 4) = 1961-02-28, 1, 0)", 1},
      {"if(months_after(1960-12-31, 66 * 12 + 9) = 2027-09-30, 1, 0)", 1},
      {"year_of(born)", 2008},
      {"month_of(born)", 4},
      {"born < 2008-04-07", 1},
      {"2008-04-16 - born", 10},
      {"if(born + 10 = 2008-04-16, 1, 0)", 1},
      {"if(day(2008, 4, 6) = born, 1, 0)", 1},
      {"if(min(born, 2000-01-01) = 2000-01-01, 1, 0)", 1},
      {"if(period_start = 2025-01-01, 1, 0)", 1},
      {"if(period_end = 2025-12-31, 1, 0)", 1},
  };
  HOLD_ALL(all, "{born: 2008-04-06}");
}

static void lets_are_named_once_and_read_later(void **state) {
  (void)state;
  pack_near(worth_of("let a = x + 1\n    let b = a * a\n    b - a", "{x: 4}"), 20, "let", __LINE__);
}

/* ---- versions ---- */

static void a_version_holds_from_its_day(void **state) {
  (void)state;
  struct rules *r = pack_of("variable v\n"
                            "  entity person  period month  unit /1\n"
                            "  default 9\n"
                            "  from 2015-12-01\n    1\n"
                            "  from 2016-12-01:\n    2\n"
                            "  to 2020-01-01\n",
                            false);
  static const struct {
    const char *period;
    double value;
  } all[] = {{"2015-11", 9}, {"2015-12", 1}, {"2016-11", 1}, {"2016-12", 2},
             {"2019-12", 2}, {"2020-01", 9}, {"2031-01", 9}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    pack_near(pack_value(r, "{}", all[i].period, "v", 0), all[i].value, all[i].period, __LINE__);
}

/* ---- members ---- */

static const char family[] = "people:\n"
                             "  anna: {pay: 100, age: 40}\n"
                             "  bert: {pay: 50, age: 41}\n"
                             "  cora: {pay: 0, age: 7}\n"
                             "  dafydd: {pay: 10, age: 12}\n"
                             "  enid: {pay: 5, age: 7}\n"
                             "benunits:\n"
                             "  one: {members: [anna, bert, cora, enid]}\n"
                             "  two: {members: [dafydd]}\n"
                             "households:\n"
                             "  home: {adults: [anna, bert], children: [cora, dafydd, enid],"
                             " rent: 300}\n";

static const char family_inputs[] = "variable pay\n  entity person  period year  unit GBP\n"
                                    "variable age\n  entity person  period year  unit years\n"
                                    "variable rent\n  entity household  period year  unit GBP\n";

static void of_the_family(const char *entity, const char *unit, const char *formula, int row,
                          double value) {
  struct rules *r = pack_of(arena_printf(pack_arena,
                                         "%svariable v\n  entity %s  period year  unit %s\n"
                                         "  formula\n    %s\n",
                                         family_inputs, entity, unit, formula),
                            false);
  pack_near(pack_value(r, family, "2025", "v", row), value, formula, row);
}

static void values_of_members_are_gathered(void **state) {
  (void)state;
  of_the_family("household", "GBP", "sum(members, pay)", 0, 165);
  of_the_family("household", "GBP", "sum(members, pay where age < 18)", 0, 15);
  of_the_family("household", "/1", "count(members)", 0, 5);
  of_the_family("household", "/1", "count(members where age < 18 and pay > 0 GBP per year)", 0, 2);
  of_the_family("household", "bool", "any(members, age > 40)", 0, 1);
  of_the_family("household", "bool", "all(members, age > 6)", 0, 1);
  of_the_family("household", "bool", "all(members, age > 7)", 0, 0);
  of_the_family("household", "bool", "all(members, age > 7 where age > 10)", 0, 1);
  of_the_family("household", "years", "max(members, age)", 0, 41);
  of_the_family("household", "years", "min(members, age where pay > 5 GBP per year)", 0, 12);
  of_the_family("household", "years", "max(members, age where age > 90)", 0, 0);
  of_the_family("household", "years", "min(members, age where age > 90)", 0, INFINITY);
  of_the_family("household", "/1", "sum(members, age > 10)", 0, 3);
  of_the_family("benunit", "GBP", "sum(members, pay)", 0, 155);
  of_the_family("benunit", "GBP", "sum(members, pay)", 1, 10);
}

static void roles_and_other_entities(void **state) {
  (void)state;
  of_the_family("household", "GBP", "sum(adults, pay)", 0, 150);
  of_the_family("household", "/1", "count(children where age < 10)", 0, 2);
  of_the_family("person", "GBP", "household.rent / 2", 3, 150);
  of_the_family("benunit", "GBP", "household.rent", 1, 300);
  of_the_family("person", "GBP", "sum(benunit.members, pay)", 3, 10);
  of_the_family("person", "GBP", "sum(household.members, pay where age > 18)", 3, 150);
  of_the_family("household", "/1", "count(benunits)", 0, 2);
  of_the_family("benunit", "/1", "count(household.benunits)", 1, 2);
  of_the_family("household", "GBP",
                "let most = max(members, pay)\n"
                "    sum(members, most - pay)",
                0, 335);
}

/* Equals stand in the order in which they were given. */
static void ranks_count_from_zero(void **state) {
  (void)state;
  static const double by_age[] = {3, 4, 0, 2, 1}, young[] = {-1, -1, 0, 2, 1},
                      eldest[] = {1, 0, 3, 2, 4};
  static const double in_benunit[] = {2, 3, 0, 0, 1};
  for (int i = 0; i < 5; i++) {
    of_the_family("person", "/1", "rank(household.members, by age)", i, by_age[i]);
    of_the_family("person", "/1", "rank(household.members, by age where age < 18)", i, young[i]);
    of_the_family("person", "/1", "rank(household.members, by -age)", i, eldest[i]);
    of_the_family("person", "/1", "rank(benunit.members, by age)", i, in_benunit[i]);
  }
}

/* ---- periods, in the legal reading and in the annual one ---- */

static const char flows[] = "variable salary\n  entity person  period month  unit GBP\n"
                            "variable yearly\n  entity person  period year  unit GBP\n"
                            "variable hours\n  entity person  period week  unit hours\n"
                            "variable in_month\n  entity person  period month  unit GBP\n"
                            "  formula\n    yearly per month\n"
                            "variable in_year\n  entity person  period year  unit GBP\n"
                            "  formula\n    salary per year\n"
                            "variable before\n  entity person  period month  unit GBP\n"
                            "  formula\n    salary[-1 month]\n"
                            "variable three\n  entity person  period month  unit GBP\n"
                            "  formula\n    sum(salary[3 months])\n"
                            "variable twelve\n  entity person  period year  unit GBP\n"
                            "  formula\n    sum(salary[12 months])\n"
                            "variable held\n  entity person  period month  unit bool\n"
                            "variable months_held\n  entity person  period year  unit /1\n"
                            "  formula\n    sum(held[12 months])\n"
                            "variable first\n  entity person  period year  unit GBP\n"
                            "  formula\n    salary[first month] per year\n"
                            "variable last_one\n  entity person  period year  unit GBP\n"
                            "  formula\n    salary[last month] per year\n"
                            "variable full\n  entity person  period week  unit bool\n"
                            "  formula\n    hours >= 16 hours per week\n"
                            "variable part\n  entity person  period week  unit /1\n"
                            "  formula\n    hours / (35 hours per week)\n"
                            "variable allowance\n  entity person  period week  unit GBP\n"
                            "  round up 0.05\n"
                            "  formula\n    min(100 GBP per week, yearly per week)\n"
                            "variable halved\n  entity person  period week  unit GBP\n"
                            "  round nearest 0.05 half down\n"
                            "  formula\n    yearly per week\n"
                            "variable household_yearly\n  entity household  period year  unit GBP\n"
                            "  formula\n    sum(members, salary per year)\n";

/* A state on the first day of the period of whoever asks, or on the day that the formula names. */
static const char states[] = "variable born\n  entity person  period eternity  unit date\n"
                             "variable age\n  entity person  period asked  unit years\n"
                             "  formula\n    years_between(born, period_start)\n"
                             "variable grown\n  entity person  period asked  unit bool\n"
                             "  formula\n    age >= 18\n"
                             "variable weekly\n  entity person  period week  unit bool\n"
                             "  formula\n    grown\n"
                             "variable monthly\n  entity person  period month  unit bool\n"
                             "  formula\n    grown\n"
                             "variable monthly_end\n  entity person  period month  unit bool\n"
                             "  formula\n    grown[last day]\n"
                             "variable yearly\n  entity person  period year  unit years\n"
                             "  formula\n    age\n"
                             "variable yearly_end\n  entity person  period year  unit years\n"
                             "  formula\n    age[last day]\n"
                             "variable before\n  entity person  period month  unit years\n"
                             "  formula\n    age[-1 year]\n"
                             "variable on_a_day\n  entity person  period month  unit years\n"
                             "  formula\n    age[2025-06-10] + age[2025-06-09]\n"
                             "variable paid\n  entity person  period month  unit GBP\n"
                             "  formula\n    if(grown, 10 GBP per month, 0)\n";

static void a_state_is_that_of_whoever_asks(void **state) {
  (void)state;
  struct rules *r = pack_of(states, false);
  static const char born[] = "{born: 2007-06-10}";
  static const struct {
    const char *period, *variable;
    double wanted;
  } cases[] = {{"week:2025-06-09", "weekly", 0}, {"week:2025-06-16", "weekly", 1},
               {"2025-06", "monthly", 0},        {"2025-07", "monthly", 1},
               {"2025-06", "monthly_end", 1},    {"2025-05", "monthly_end", 0},
               {"2025", "yearly", 17},           {"2025", "yearly_end", 18},
               {"2025-07", "before", 17},        {"2025-06-10", "grown", 1},
               {"2025-06-09", "grown", 0},       {"2025", "paid", 60},
               {"2019-03", "on_a_day", 35}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    pack_near(pack_value(r, born, cases[i].period, cases[i].variable, 0), cases[i].wanted,
              cases[i].variable, __LINE__);
  pack_near(pack_value(r, "{born: 2007-06-10, age: 40}", "2025-07", "monthly", 0), 1,
            "what is told for the year holds in each month", __LINE__);
  static const char july[] = "{born: 2000-06-10, grown: {2025-07: false}}";
  pack_near(pack_value(r, july, "2025-07", "monthly", 0), 0, "told for a month", __LINE__);
  pack_near(pack_value(r, july, "week:2025-07-07", "weekly", 0), 0, "a week in it", __LINE__);
  pack_near(pack_value(r, july, "week:2025-08-04", "weekly", 0), 1, "a week after it", __LINE__);
  pack_near(pack_value(r, july, "2025", "paid", 0), 110, "the other months", __LINE__);
  r = pack_of(states, true);
  pack_near(pack_value(r, born, "2025", "paid", 0), 0, "the year's, in the annual reading",
            __LINE__);
  pack_near(pack_value(r, born, "2025", "yearly_end", 0), 17, "the same", __LINE__);
}

static void flows_are_turned_by_the_legal_reading(void **state) {
  (void)state;
  struct rules *r = pack_of(flows, false);
  pack_near(pack_value(r, "{yearly: {2025: 1200}}", "2025-03", "in_month", 0), 100, "12", __LINE__);
  pack_near(pack_value(r, "{salary: {2025-01: 100, 2025-02: 50}}", "2025", "in_year", 0), 150,
            "its own periods, added", __LINE__);
  pack_near(pack_value(r, "{salary: {2025-01: 100, 2025-02: 50}}", "2025-02", "before", 0), 100,
            "the month before", __LINE__);
  pack_near(pack_value(r, "{salary: {2025-01: 100, 2025-02: 50, 2025-03: 7}}", "2025-03", "three",
                       0),
            157, "three months to this one", __LINE__);
  pack_near(pack_value(r, "{salary: {2024: 120, 2025: 120}}", "2025", "three", 0), 360,
            "three months, each month of the year", __LINE__);
  pack_near(pack_value(r, "{held: {2025: true}}", "2025", "months_held", 0), 12, "no flow",
            __LINE__);
  pack_near(pack_value(r, "{salary: {2025-01: 100, 2025-12: 50}}", "2025", "first", 0), 1200,
            "the first month", __LINE__);
  pack_near(pack_value(r, "{salary: {2025-01: 100, 2025-12: 50}}", "2025", "last_one", 0), 600,
            "the last month", __LINE__);
  pack_near(pack_value(r, "{salary: {2025-01: 100, 2025-02: 50}}", "2025", "household_yearly", 0),
            150, "of members, added", __LINE__);
  pack_near(pack_value(r, "{hours: 16}", "week:2025-03-03", "full", 0), 1, "hours", __LINE__);
  pack_near(pack_value(r, "{hours: 7}", "week:2025-03-03", "part", 0), 0.2, "hours", __LINE__);
  pack_near(pack_value(r, "{yearly: {2025: 2601}}", "week:2025-03-03", "allowance", 0), 50.05,
            "2,601 / 52 is 50.019..., up to 5 pence", __LINE__);
  pack_near(pack_value(r, "{yearly: {2025: 9000}}", "week:2025-03-03", "allowance", 0), 100,
            "a literal", __LINE__);
  pack_near(pack_value(r, "{yearly: {2025: 53.3}}", "week:2025-03-03", "halved", 0), 1,
            "1.025, half a step, goes down", __LINE__);
  pack_near(pack_value(r, "{yearly: {2025: 53.352}}", "week:2025-03-03", "halved", 0), 1.05,
            "1.026, more than half a step, goes up", __LINE__);
  pack_near(pack_value(r, "{yearly: {2025: -53.3}}", "week:2025-03-03", "halved", 0), -1.05,
            "of what is below zero too", __LINE__);
}

/* Everything is a year's, and what a variable declares of rounding is left out. */
static void the_annual_reading_has_the_year_once(void **state) {
  (void)state;
  struct rules *r = pack_of(flows, true);
  pack_near(pack_value(r, "{yearly: 1200}", "2025", "in_month", 0), 1200, "a year's", __LINE__);
  pack_near(pack_value(r, "{salary: 150}", "2025", "in_year", 0), 150, "a year's", __LINE__);
  pack_near(pack_value(r, "{yearly: 2601}", "2025", "allowance", 0), 2601, "no rounding", __LINE__);
  pack_near(pack_value(r, "{yearly: 9000}", "2025", "allowance", 0), 5200, "52 weeks", __LINE__);
  pack_near(pack_value(r, "{hours: 832}", "2025", "full", 0), 1, "16 hours, 52 weeks", __LINE__);
  pack_near(pack_value(r, "{hours: 831}", "2025", "full", 0), 0, "16 hours, 52 weeks", __LINE__);
  pack_near(pack_value(r, "{salary: 120}", "2025", "three", 0), 360, "3 months, each month",
            __LINE__);
  pack_near(pack_value(r, "{salary: 120}", "2025", "twelve", 0), 120, "12 months", __LINE__);
  pack_near(pack_value(r, "{held: true}", "2025", "months_held", 0), 12, "no flow", __LINE__);
}

/* ---- parameters, scales, tables ---- */

#define META(unit) "metadata: {unit: " unit ", reference: [{title: t, href: https://e.example}]}\n"
#define META_WEEK \
  "metadata: {unit: currency-GBP, period: week, reference: [{title: t, href: " \
  "https://e.example}]}\n"

static const char scale_rates[] = "brackets:\n"
                                  "- threshold: {2020-01-01: 0}\n  rate: {2020-01-01: 0.1}\n"
                                  "- threshold: {2020-01-01: 100}\n  rate: {2020-01-01: 0.2}\n"
                                  "- threshold: {2020-01-01: 300}\n  rate: {2020-01-01: 0.05}\n"
                                  "metadata: {type: marginal_rate}\n";
static const char scale_amounts[] = "brackets:\n"
                                    "- threshold: {2020-01-01: 0}\n  amount: {2020-01-01: 5}\n"
                                    "- threshold: {2020-01-01: 10}\n  amount: {2020-01-01: 8}\n"
                                    "metadata: {type: single_amount}\n";
static const char scale_added[] = "brackets:\n"
                                  "- threshold: {2020-01-01: 0}\n  amount: {2020-01-01: 5}\n"
                                  "- threshold: {2020-01-01: 10}\n  amount: {2020-01-01: 8}\n"
                                  "metadata: {type: marginal_amount}\n";

static void put_parameters(void) {
  pack_put("parameters/gov/rate.yaml",
           "values: {2020-01-01: 0.2, 2025-11-06: 0.3, 2026-04-06: 0.4}\n" META("/1"));
  pack_put("parameters/gov/week.yaml", "values: {2020-01-01: 10}\n" META_WEEK);
  pack_put("parameters/gov/on.yaml", "values: {2020-01-01: true}\n" META("bool"));
  pack_put("parameters/gov/by.yaml", "ENGLAND:\n  values: {2020-01-01: 1}\n"
                                     "WALES:\n  values: {2020-01-01: 3}\n");
  pack_put("parameters/gov/list.yaml", "values:\n  2020-01-01: [one, two]\n");
  pack_put("parameters/gov/marginal.yaml", scale_rates);
  pack_put("parameters/gov/single.yaml", scale_amounts);
  pack_put("parameters/gov/added.yaml", scale_added);
  pack_put("tables/rent.csv", "from,country,rooms,value,source\n"
                              "2020-01-01,ENGLAND,1,100,a\n2020-01-01,ENGLAND,2,150,a\n"
                              "2020-01-01,WALES,1,80,a\n2025-04-01,WALES,1,90,a\n");
}

static double with_parameters(const char *unit, const char *formula, const char *facts,
                              const char *period) {
  put_parameters();
  struct rules *r = pack_of(
      arena_printf(pack_arena,
                   "variable x\n  entity person  period month  unit /1\n"
                   "variable land\n  entity person  period month  unit country\n"
                   "variable one\n  entity person  period month  unit GBP\n"
                   "variable two\n  entity person  period month  unit GBP\n"
                   "variable v\n  entity person  period month  unit %s\n  formula\n    %s\n",
                   unit, formula),
      false);
  return pack_value(r, facts, period, "v", 0);
}

static void parameters_are_those_of_the_first_day(void **state) {
  (void)state;
  const char *rate = "param(gov.rate)";
  pack_near(with_parameters("/1", rate, "{}", "2025-11"), 0.2, "1 November", __LINE__);
  pack_near(with_parameters("/1", rate, "{}", "month:2025-11-06"), 0.3, "6 November", __LINE__);
  pack_near(with_parameters("/1", rate, "{}", "2025-12"), 0.3, "December", __LINE__);
  pack_near(with_parameters("/1", rate, "{}", "2026-05"), 0.4, "May", __LINE__);
  pack_near(with_parameters("/1", "if(param(gov.on), 1, 0)", "{}", "2025-01"), 1, "on", __LINE__);
  pack_near(with_parameters("/1", "param(gov.by[land])", "{land: WALES}", "2025-01"), 3, "by",
            __LINE__);
  pack_near(with_parameters("/1", "param(gov.by[land])", "{land: ENGLAND}", "2025-01"), 1, "by",
            __LINE__);
  pack_near(with_parameters("/1", "param(gov.marginal[1].threshold)", "{}", "2025-01"), 100,
            "a bracket", __LINE__);
  pack_near(with_parameters("GBP", "param(gov.week) per month", "{}", "2025-01"), 520.0 / 12,
            "10 pounds a week", __LINE__);
  pack_near(with_parameters("GBP", "total(param(gov.list))", "{one: 3, two: 4}", "2025-01"), 7,
            "total", __LINE__);
}

static void scales_of_each_kind(void **state) {
  (void)state;
  static const struct {
    const char *facts;
    double marginal, single, added;
  } all[] = {
      {"{x: 0}", 0, 5, 5},      {"{x: 9}", 0.9, 5, 5},   {"{x: 10}", 1, 8, 13},
      {"{x: 100}", 10, 8, 13},  {"{x: 150}", 20, 8, 13}, {"{x: 300}", 50, 8, 13},
      {"{x: 1000}", 85, 8, 13},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    const char *f = all[i].facts;
    pack_near(with_parameters("/1", "scale(param(gov.marginal), x)", f, "2025-01"), all[i].marginal,
              f, __LINE__);
    pack_near(with_parameters("/1", "scale(param(gov.single), x)", f, "2025-01"), all[i].single, f,
              __LINE__);
    pack_near(with_parameters("/1", "scale(param(gov.added), x)", f, "2025-01"), all[i].added, f,
              __LINE__);
  }
}

static void tables_are_asked_by_keys(void **state) {
  (void)state;
  const char *asked = "table(rent; land, x)";
  pack_near(with_parameters("/1", asked, "{land: ENGLAND, x: 2}", "2025-01"), 150, "", __LINE__);
  pack_near(with_parameters("/1", asked, "{land: WALES, x: 1}", "2025-03"), 80, "", __LINE__);
  pack_near(with_parameters("/1", asked, "{land: WALES, x: 1}", "2025-04"), 90, "", __LINE__);
}

/* ---- layers ---- */

static void a_layer_stands_over_those_below(void **state) {
  (void)state;
  static const char over[] =
      "variable a\n  entity person  period year  unit /1\n  formula\n    %d\n";
  pack_put("one/rules/a.rules", PACK_ENTITIES);
  pack_put("one/rules/b.rules",
           "variable a\n  entity person  period year  unit /1\n  formula\n    1\n"
           "variable b\n  entity person  period year  unit /1\n  formula\n    a * 10\n");
  pack_put("two/rules/b.rules", arena_printf(pack_arena, over, 2));
  pack_put("three/rules/b.rules", arena_printf(pack_arena, over, 3));
  const char *packs[3];
  static const char *const names[] = {"one", "two", "three"};
  for (int i = 0; i < 3; i++) packs[i] = arena_printf(pack_arena, "%s/%s", pack_folder, names[i]);
  for (int n = 1; n <= 3; n++) {
    struct rules *r;
    struct error err = {0};
    if (rules_load(pack_arena, packs, n, &r, &err) != DONE) fail_msg("%s", err.message);
    pack_near(pack_value(r, "{}", "2025", "b", 0), n * 10, "layers", n);
  }
  /* laid over afterwards, as a reform is: formulas below read what stands above, and those that
   * were there before stay as they were */
  struct rules *base, *laid;
  struct error err = {0};
  assert_int_equal(rules_load(pack_arena, packs, 1, &base, &err), DONE);
  assert_int_equal(rules_lay_over(pack_arena, base, packs[1], &laid, &err), DONE);
  pack_near(pack_value(laid, "{}", "2025", "b", 0), 20, "laid over", __LINE__);
  pack_near(pack_value(base, "{}", "2025", "b", 0), 10, "as before", __LINE__);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_A_PACK(numbers_and_signs),
      IN_A_PACK(comparisons_and_conditions),
      IN_A_PACK(rounding_to_a_step),
      IN_A_PACK(days_and_ages),
      IN_A_PACK(lets_are_named_once_and_read_later),
      IN_A_PACK(a_version_holds_from_its_day),
      IN_A_PACK(values_of_members_are_gathered),
      IN_A_PACK(roles_and_other_entities),
      IN_A_PACK(ranks_count_from_zero),
      IN_A_PACK(a_state_is_that_of_whoever_asks),
      IN_A_PACK(flows_are_turned_by_the_legal_reading),
      IN_A_PACK(the_annual_reading_has_the_year_once),
      IN_A_PACK(parameters_are_those_of_the_first_day),
      IN_A_PACK(scales_of_each_kind),
      IN_A_PACK(tables_are_asked_by_keys),
      IN_A_PACK(a_layer_stands_over_those_below),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
