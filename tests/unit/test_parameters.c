/* Parameters: every form of OpenFisca's files, values by index, layers, overrides, the annual
 * reading, tables of several keys, and what is refused with file and line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/table.h"
#include "rules/parameters.h"
#include "rules/tables.h"

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a folder of its own ---- */

static char folder[64];
static struct arena *arena;

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *at) {
  (void)about, (void)type, (void)at;
  return remove(path);
}

static int begin(void **state) {
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/weal-parameters-XXXXXX");
  if (!mkdtemp(folder)) return 1;
  arena = arena_new();
  return 0;
}

static int end(void **state) {
  (void)state;
  arena_free(arena);
  return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *path, const char *text) {
  char *full = arena_printf(arena, "%s/%s", folder, path);
  for (char *slash = full + strlen(folder) + 1; (slash = strchr(slash, '/')); slash++) {
    *slash = '\0';
    (void)mkdir(full, 0700);
    *slash = '/';
  }
  FILE *f = fopen(full, "w");
  assert_non_null(f);
  assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
}

static struct parameters *load(void) {
  struct parameters *tree;
  struct error err = {0};
  if (parameters_load(arena, folder, &tree, &err) != DONE) fail_msg("%s", err.message);
  return tree;
}

static const struct parameter *find(const struct parameters *tree, const char *path) {
  const struct parameter *p = parameters_find(tree, span_of(path));
  if (!p) fail_msg("no %s", path);
  return p;
}

static day_t on(const char *iso) {
  day_t day;
  struct error err = {0};
  assert_int_equal(day_parse(span_of(iso), &day, &err), DONE);
  return day;
}

static double number(const struct parameters *tree, const char *path, const char *iso) {
  const struct parameter_entry *entry = parameter_on(find(tree, path), on(iso));
  return entry && entry->value.form == FORM_NUMBER ? entry->value.number : (double)NAN;
}

/* What the folder is refused with, as `FILE:LINE: message`, the file below the folder. */
static void refused(const char *expected) {
  struct parameters *tree;
  struct error err = {0};
  char said[900];
  assert_int_equal(parameters_load(arena, folder, &tree, &err), REFUSED);
  error_format(&err, said, sizeof said);
  const char *shown = strncmp(said, folder, strlen(folder)) == 0 ? said + strlen(folder) + 1 : said;
  assert_string_equal(shown, expected);
}

static void refuses(const char *yaml, const char *expected) {
  put("a.yaml", yaml);
  refused(expected);
}

/* ---- forms ---- */

static void reads_dated_values_in_every_spelling(void **state) {
  (void)state;
  put("gov/one.yaml", "description: One\n"
                      "values:\n"
                      "  2016-01-01: expected\n"
                      "  2015-01-01: 10_600\n"
                      "  2014-01-01: {value: 9_440, reference: https://law.example/2014}\n"
                      "  2013-01-01:\n"
                      "    value: 8105.5\n"
                      "    metadata:\n"
                      "      note: half a pound\n"
                      "      reference: [{title: Act, href: https://law.example}, An Order]\n"
                      "  0000-01-01: .inf\n"
                      "metadata: {unit: currency-GBP, period: year, label: The one}\n");
  put("gov/two.yaml", "2010-01-01: true\n2012-01-01: null\n");
  put("gov/three.yaml", "values:\n  0001-01-01: [a, 'b']\n  2020-01-01: {x: 1, y: two}\n");
  struct parameters *tree = load();
  const struct parameter *p = find(tree, "gov.one");
  assert_int_equal(p->kind, PARAMETER_VALUES);
  assert_string_equal(p->unit, "currency-GBP");
  assert_string_equal(p->period, "year");
  assert_string_equal(p->label, "The one");
  assert_string_equal(p->description, "One");
  assert_int_equal(p->entry_count, 4);
  assert_int_equal(p->expected_count, 1);
  assert_int_equal(p->entries[0].from, DAY_FIRST);
  assert_true(isinf(number(tree, "gov.one", "1990-01-01")));
  assert_true(number(tree, "gov.one", "2013-12-31") == 8105.5);
  assert_true(number(tree, "gov.one", "2014-01-01") == 9440);
  assert_true(number(tree, "gov.one", "2030-01-01") == 10600);
  assert_int_equal(p->entries[1].reference_count, 2);
  assert_string_equal(p->entries[1].references[0].title, "Act");
  assert_string_equal(p->entries[1].references[1].title, "An Order");
  assert_null(p->entries[1].references[1].href);
  assert_string_equal(p->entries[2].references[0].href, "https://law.example/2014");
  assert_string_equal(p->entries[1].note, "half a pound");
  assert_int_equal(p->entries[3].line, 4);
  p = find(tree, "gov.two");
  assert_null(parameter_on(p, on("2009-12-31")));
  assert_int_equal(parameter_on(p, on("2010-01-01"))->value.form, FORM_BOOL);
  assert_int_equal(parameter_on(p, on("2012-01-01"))->value.form, FORM_NONE);
  p = find(tree, "gov.three");
  assert_int_equal(p->entries[0].value.form, FORM_LIST);
  assert_string_equal(p->entries[0].value.items[1].text, "b");
  assert_int_equal(p->entries[1].value.form, FORM_MAP);
  assert_string_equal(p->entries[1].value.keys[1], "y");
}

static void reads_groups_scales_and_what_holds_for_children(void **state) {
  (void)state;
  put("gov/index.yaml", "description: The government\nmetadata: {label: Gov}\n");
  put("gov/lha/index.yaml", "metadata: {propagate_metadata_to_children: true, unit: currency-GBP, "
                            "period: week}\n");
  put("gov/lha/rent.yaml", "LONDON:\n  2020-01-01: 100\nWALES:\n  values: {2020-01-01: 60}\n"
                           "  metadata: {period: month}\n");
  put("gov/tax.yaml", "brackets:\n"
                      "- threshold: {2020-01-01: 0}\n"
                      "  rate: {2020-01-01: 0.2}\n"
                      "- threshold: {values: {2020-01-01: 37_700}, metadata: {unit: GBP}}\n"
                      "  rate: {2020-01-01: {value: 0.4}}\n"
                      "metadata: {threshold_unit: currency-GBP, threshold_period: year, "
                      "rate_unit: /1}\n");
  put("gov/band.yml", "brackets: [{threshold: {2020-01-01: 0}, amount: {2020-01-01: 5}}]\n"
                      "metadata: {type: single_amount}\n");
  put("gov/notes.txt", "not a parameter");
  struct parameters *tree = load();
  const struct parameter *gov = find(tree, "gov");
  assert_string_equal(gov->label, "Gov");
  assert_string_equal(gov->description, "The government");
  assert_int_equal(gov->child_count, 3);
  assert_string_equal(gov->children[0]->name, "band");
  assert_string_equal(find(tree, "gov.lha.rent.LONDON")->period, "week");
  assert_string_equal(find(tree, "gov.lha.rent.WALES")->period, "month");
  assert_string_equal(find(tree, "gov.lha.rent.WALES")->unit, "currency-GBP");
  const struct parameter *tax = find(tree, "gov.tax");
  assert_int_equal(tax->kind, PARAMETER_SCALE);
  assert_string_equal(tax->scale_type, "marginal_rate");
  assert_string_equal(find(tree, "gov.band")->scale_type, "single_amount");
  assert_int_equal(tax->child_count, 2);
  assert_true(number(tree, "gov.tax[1].threshold", "2021-01-01") == 37700);
  assert_string_equal(find(tree, "gov.tax[1].threshold")->unit, "GBP");
  assert_string_equal(find(tree, "gov.tax[0].threshold")->unit, "currency-GBP");
  assert_string_equal(find(tree, "gov.tax[0].threshold")->period, "year");
  assert_string_equal(find(tree, "gov.tax[0].rate")->unit, "/1");
  assert_null(parameters_find(tree, span_of("gov.tax[2].rate")));
  assert_null(parameters_find(tree, span_of("gov.tax[x].rate")));
  assert_null(parameters_find(tree, span_of("gov.nothing")));
  assert_string_equal(parameters_nearest(tree, span_of("gov.lha.rent.LODON")),
                      "gov.lha.rent.LONDON");
  assert_null(parameters_nearest(tree, span_of("qqqqqqqqqqqqqqqqqqqqqq")));
}

static void refuses_what_is_not_a_parameter(void **state) {
  (void)state;
  refuses("values:\n  2025-02-30: 1\n",
          "a.yaml:2: column 3: '2025-02-30' is not a day; write one such as 2025-04-06");
  refuses("values:\n  2025-01-01: 1\n  2025-01-01: 2\n",
          "a.yaml:3: column 3: '2025-01-01' is there already; each key stands once");
  refuses("values:\n  0000-01-01: 1\n  0001-01-01: 2\n",
          "a.yaml:3: there is a value of this day already; keep one of the two");
  refuses(
      "values: 12\n",
      "a.yaml:1: column 9: the values are not by day; write them as '2025-04-06: 12.50', a line "
      "each");
  refuses("values: {}\n",
          "a.yaml:1: column 9: there is no value; write at least one, as '2025-04-06: 12.50'");
  refuses("values: {2025-01-01: {metadata: {note: x}}}\n",
          "a.yaml:1: column 22: the day has no 'value:'; write one, null where there is none from "
          "this day on");
  refuses("values: {2025-01-01: [[1]]}\n",
          "a.yaml:1: column 23: a value has a list or map within a list or map; give its parts "
          "paths of their own");
  refuses("b: 12\n", "a.yaml:1: column 4: 'b' is neither values by day nor a group of parameters; "
                     "write 'values:' and days below it");
  refuses("b.c: {2025-01-01: 1}\n", "a.yaml:1: column 1: 'b.c' cannot be a part of a path; write "
                                    "letters, digits, - and _ only");
  refuses("brackets: []\n", "a.yaml:1: column 11: the brackets are no list; begin each with "
                            "'- threshold:'");
  refuses("brackets:\n- rate: {2025-01-01: 0.2}\n",
          "a.yaml:2: column 3: the bracket has no threshold; write the amount from which it holds, "
          "by day");
  refuses("brackets:\n- threshold: {2025-01-01: 0}\n",
          "a.yaml:2: column 3: the bracket has neither a rate nor an amount; write one, by day");
  refuses("brackets:\n- threshold: {2025-01-01: 0}\n  rte: {2025-01-01: 0}\n  rate: {2025-01-01: 0}"
          "\n",
          "a.yaml:3: column 3: 'rte' is no part of a bracket; write threshold, rate, average_rate "
          "or amount");
  refuses(
      "brackets:\n- threshold: {2025-01-01: 0}\n  rate: {2025-01-01: 0}\nmetadata:\n  type: x\n",
      "a.yaml:5: column 9: 'x' is no type of scale; write marginal_rate, average_rate, "
      "single_amount or marginal_amount");
  refuses("a: 1\n---\nb: 2\n",
          "a.yaml:3: column 1: the file has several documents (---); a file of "
          "parameters has one");
}

static void refuses_folders_that_do_not_end(void **state) {
  (void)state;
  put("b/c.yaml", "2025-01-01: 1\n");
  assert_int_equal(symlink("..", arena_printf(arena, "%s/b/loop", folder)), 0);
  refused("b/loop: this folder is a link to one that it lies in; remove the link");
}

static void refuses_a_path_that_two_files_have(void **state) {
  (void)state;
  put("a.yaml", "b: {2025-01-01: 1}\nc: {2025-01-01: 2}\n");
  put("a/d.yaml", "2025-01-01: 3\n");
  struct parameters *tree = load();
  assert_true(number(tree, "a.b", "2025-06-01") == 1 && number(tree, "a.d", "2025-06-01") == 3);
  put("a/b.yaml", "2025-01-01: 3\n");
  struct error err = {0};
  assert_int_equal(parameters_load(arena, folder, &tree, &err), REFUSED);
  assert_non_null(strstr(err.message, "'a.b' is there already"));
  unlink(arena_printf(arena, "%s/a/b.yaml", folder));
  put("a/index.yaml", "values: {2025-01-01: 3}\n");
  assert_int_equal(parameters_load(arena, folder, &tree, &err), REFUSED);
  assert_non_null(strstr(err.message, "index.yaml describes its folder, in which 'a.d' lies too"));
}

/* ---- values by index ---- */

static void later_values_follow_an_index(void **state) {
  (void)state;
  put("cpi.yaml", "2020-01-01: 100\n2021-01-01: 110\n2022-01-01: 121\n");
  put("a.yaml", "values: {2020-06-01: 50}\nmetadata: {uprating: cpi}\n");
  put("since.yaml", "values: {2015-01-01: 10, 2021-06-01: 30}\n"
                    "metadata: {uprating: {parameter: cpi, start_instant: 2020-01-01}}\n");
  put("up.yaml",
      "values: {2020-06-01: 50}\n"
      "metadata: {uprating: {parameter: cpi, rounding: {type: upwards, interval: 10}}}\n");
  put("near.yaml",
      "values: {2020-06-01: 50}\nmetadata: {uprating: {parameter: cpi, rounding: {type: "
      "nearest, interval: 1}}}\n");
  put("down.yaml", "values: {2020-06-01: 50}\nmetadata: {uprating: {parameter: a, rounding: {type: "
                   "downwards, interval: 0.5}}}\n");
  put("own.yaml", "values: {2019-01-01: 100, 2020-01-01: 110}\nmetadata: {uprating: self}\n");
  put("none.yaml", "values: {2020-01-01: 5}\nmetadata: {uprating: none}\n");
  put("scale.yaml", "brackets: [{threshold: {2020-01-01: 0}, amount: {2020-01-01: 8}}]\n"
                    "metadata: {uprating: cpi}\n");
  struct parameters *tree = load();
  assert_true(fabs(number(tree, "a", "2021-01-01") - 55) < 1e-9);
  assert_true(fabs(number(tree, "a", "2025-01-01") - 60.5) < 1e-9);
  assert_true(number(tree, "a", "2020-12-31") == 50);
  assert_false(parameter_on(find(tree, "a"), on("2020-12-31"))->is_estimated);
  assert_true(parameter_on(find(tree, "a"), on("2021-01-01"))->is_estimated);
  assert_true(fabs(number(tree, "since", "2021-02-01") - 11) < 1e-9);
  assert_true(number(tree, "since", "2021-07-01") == 30);
  assert_true(fabs(number(tree, "since", "2022-07-01") - 12.1) < 1e-9);
  assert_true(number(tree, "up", "2021-01-01") == 60 && number(tree, "up", "2022-01-01") == 70);
  assert_true(number(tree, "near", "2022-01-01") == 60); /* 60.5 to the even one, as rint does */
  assert_true(number(tree, "down", "2022-01-01") == 60.5);
  assert_true(fabs(number(tree, "own", "2022-01-01") - 110 * 1.1 * 1.1) < 1e-9);
  assert_true(number(tree, "none", "2030-01-01") == 5);
  assert_true(fabs(number(tree, "scale[0].amount", "2021-01-01") - 8.8) < 1e-9);
  assert_true(number(tree, "scale[0].threshold", "2021-01-01") == 0);
  assert_int_equal(find(tree, "scale[0].threshold")->entry_count, 1);
}

/* A null ends a series. It is no 0 by which another would be multiplied. */
static void a_series_that_has_ended_uprates_nothing(void **state) {
  (void)state;
  put("cpi.yaml", "2020-01-01: 100\n2021-01-01: 110\n2022-01-01: null\n2024-01-01: 120\n");
  put("over.yaml", "2020-01-01: 100\n2021-01-01: null\n");
  put("a.yaml", "values: {2020-01-01: 50}\nmetadata: {uprating: cpi}\n");
  put("b.yaml", "values: {2020-01-01: 50}\nmetadata: {uprating: over}\n");
  put("c.yaml", "values: {2019-01-01: 3, 2020-06-01: null}\n"
                "metadata: {uprating: {parameter: cpi, start_instant: 2020-01-01}}\n");
  put("own.yaml", "values: {2018-01-01: 3, 2020-06-01: null}\nmetadata: {uprating: self}\n");
  struct parameters *tree = load();
  assert_true(fabs(number(tree, "a", "2021-06-01") - 55) < 1e-9);
  assert_true(fabs(number(tree, "a", "2023-06-01") - 55) < 1e-9);
  assert_true(fabs(number(tree, "a", "2024-06-01") - 60) < 1e-9);
  assert_true(number(tree, "b", "2025-01-01") == 50);
  assert_int_equal(parameter_on(find(tree, "c"), on("2025-01-01"))->value.form, FORM_NONE);
  assert_int_equal(find(tree, "own")->entry_count, 2);
  put("cpi.yaml", "2020-01-01: 100\n2021-01-01: true\n");
  refuses("values: {2020-01-01: 1}\nmetadata: {uprating: cpi}\n",
          "a.yaml:2: what is uprated has to be a number, and the value of cpi is none");
}

static void refuses_an_uprating_that_cannot_be(void **state) {
  (void)state;
  put("cpi.yaml", "2020-01-01: 100\n2021-01-01: 110\n");
  refuses("values: {2020-01-01: 1}\nmetadata:\n  uprating: cpj\n",
          "a.yaml:3: there is no index 'cpj'; did you mean 'cpi'?");
  refuses(
      "values: {2010-01-01: 1}\nmetadata: {uprating: cpi}\n",
      "a.yaml:2: the index 'cpi' has no value above 0 on 2010-01-01, from which this is uprated; "
      "give it an earlier value or the parameter a later 'start_instant:'");
  refuses("values: {2020-01-01: x}\nmetadata: {uprating: cpi}\n",
          "a.yaml:2: what is uprated has to be a number, and the value of a is none");
  refuses("values: {2020-01-01: 1}\nmetadata: {uprating: {start_instant: 2020-01-01}}\n",
          "a.yaml:2: column 22: the uprating is not understood; write a path, 'self', or "
          "'parameter:' and 'start_instant:'");
  refuses("values: {2020-01-01: 1}\nmetadata: {uprating: {parameter: cpi, rounding: {type: x}}}\n",
          "a.yaml:2: column 49: the rounding is not understood; write 'type:' nearest, upwards or "
          "downwards, and 'interval:' a number above 0");
  refuses(
      "values: {2020-01-01: 1}\nmetadata: {uprating: self}\n",
      "a.yaml:2: 'a' cannot go on by its own growth: it has no value above 0 in the year before "
      "2020-01-01; name an index");
  put("b.yaml", "values: {2020-01-01: 1}\nmetadata: {uprating: a}\n");
  refuses("values: {2020-01-01: 1}\nmetadata: {uprating: b}\n",
          "b.yaml:2: 'b' is uprated by itself, through 'a'; break the circle");
}

static void indices_follow_from_rows(void **state) {
  (void)state;
  put("growth/cpi.yaml", "2020-01-01: 0.01\n2021-01-01: 0.1\n2022-01-01: 0.02\n");
  put("growth/pay.yaml", "2020-01-01: 0.04\n2021-01-01: 0.05\n2022-01-01: 0.01\n");
  put("least.yaml", "2000-01-01: 0.025\n");
  put("said.yaml", "2022-01-01: 0.031\n");
  put("pension.yaml", "values: {2021-01-01: 100}\nmetadata: {uprating: level.lock}\n");
  put("indices.yaml", "growth:\n"
                      "- path: growth.lock\n"
                      "  greatest_of: [{of: growth.cpi, lag: 1}, {of: growth.pay, lag: 1}, "
                      "{of: least}]\n"
                      "  instead: said\n"
                      "  decimals: 3\n"
                      "- {path: growth.absent, of: growth.no, lag: 1}\n"
                      "levels:\n"
                      "- {path: level, of: growth, decimals: 5, to: 2025}\n");
  struct parameters *tree = load();
  assert_true(number(tree, "growth.lock", "2021-05-01") == 0.04);
  assert_true(number(tree, "growth.lock", "2022-05-01") == 0.031);
  assert_true(number(tree, "growth.lock", "2023-05-01") == 0.025);
  assert_true(number(tree, "level.lock", "2021-05-01") == 1);
  assert_true(number(tree, "level.lock", "2022-05-01") == 1.031);
  assert_true(number(tree, "level.lock", "2023-05-01") == 1.05677); /* 1.031 * 1.025 */
  assert_true(number(tree, "pension", "2022-05-01") == 103.1);
  assert_int_equal(find(tree, "level.cpi")->entry_count, 6);
  assert_null(parameters_find(tree, span_of("growth.absent")));
  put("indices.yaml", "growth:\n- {path: growth.lock, lag: 1}\n");
  refused(
      "indices.yaml:2: column 3: this row of indices is not understood; it has 'path:' and 'of:' "
      "or 'greatest_of:', and numbers where numbers belong");
}

static void a_report_names_every_fault(void **state) {
  (void)state;
  put("a.yaml", "values: 1\n");
  put("b.yaml", "2020-01-01: 1\n2020-01-01: 2\n");
  put("c.yaml", "2020-01-01: 1\n");
  put("d.yaml", "values: {2020-01-01: 1}\nmetadata: {uprating: nothing}\n");
  /* what follows d is at no fault of its own, whichever is looked at first */
  put("a-follows.yaml", "values: {2020-01-01: 1}\nmetadata: {uprating: d}\n");
  put("e.yaml", "values: {2020-01-01: 1}\nmetadata: {uprating: d}\n");
  struct parameters_report report = {0};
  struct parameters_source source = {.folder = folder, .report = &report};
  struct parameters *tree;
  struct error err = {0};
  assert_int_equal(parameters_load_from(arena, &source, &tree, &err), DONE);
  assert_int_equal(report.fault_count, 3);
  assert_int_equal(report.files, 6);
  assert_int_equal(report.parameters, 4);
  assert_int_equal(report.stated, 4);
  assert_non_null(strstr(report.faults[2].message, "nothing"));
  assert_int_equal(report.faults[1].line, 2);
  assert_true(number(tree, "c", "2021-01-01") == 1);
}

/* 6 April to 5 April, read at 30 April. */
static struct parameter_year tax_year(int year) {
  return (struct parameter_year){day_make(year, 4, 30), day_make(year, 4, 6),
                                 day_make(year + 1, 4, 5)};
}

/* ---- layers and overrides ---- */

static void a_layer_replaces_whole_parameters(void **state) {
  (void)state;
  put("under/cpi.yaml", "2020-01-01: 100\n2021-01-01: 110\n");
  put("under/g/a.yaml", "values: {2010-01-01: 1, 2020-01-01: 50}\nmetadata: {uprating: cpi}\n");
  put("under/g/b.yaml", "2020-01-01: 2\n");
  put("over/cpi.yaml", "2020-01-01: 100\n2021-01-01: 120\n");
  put("over/g/b.yaml", "2015-01-01: 3\n");
  put("over/g/c.yaml", "2015-01-01: 4\n");
  struct parameters *under, *over;
  struct error err = {0};
  assert_int_equal(parameters_load(arena, arena_printf(arena, "%s/under", folder), &under, &err),
                   DONE);
  assert_int_equal(
      parameters_lay_over(arena, under, arena_printf(arena, "%s/over", folder), &over, &err), DONE);
  assert_true(number(over, "g.b", "2021-01-01") == 3 && number(under, "g.b", "2021-01-01") == 2);
  assert_true(number(over, "g.c", "2021-01-01") == 4);
  assert_null(parameters_find(under, span_of("g.c")));
  /* what the index below made is made anew by the index above */
  assert_true(fabs(number(under, "g.a", "2021-01-01") - 55) < 1e-9);
  assert_true(fabs(number(over, "g.a", "2021-01-01") - 60) < 1e-9);
  const struct parameter_replaced *replaced = parameters_replaced(over);
  assert_string_equal(replaced->now->path, "cpi");
  assert_string_equal(replaced->next->now->path, "g.b");
  assert_non_null(strstr(replaced->next->before->file, "under/g/b.yaml"));
  assert_null(replaced->next->next);
  assert_null(parameters_replaced(under));
}

static struct parameter_override override_of(const char *path, const char *from, const char *to,
                                             double value) {
  return (struct parameter_override){.path = span_of(path),
                                     .from = on(from),
                                     .to = to ? on(to) : DAY_LAST,
                                     .value = {.form = FORM_NUMBER, .number = value}};
}

static void an_override_holds_between_its_days(void **state) {
  (void)state;
  put("g/a.yaml", "2010-01-01: 1\n2015-01-01: 2\n2020-01-01: 3\n");
  put("g/s.yaml", "brackets: [{threshold: {2010-01-01: 0}, rate: {2010-01-01: 0.2}}]\n");
  struct parameters *tree = load(), *changed;
  struct error err = {0};
  const struct parameter_override all[] = {override_of("g.a", "2012-01-01", "2016-01-01", 9),
                                           override_of("g.s[0].rate", "2011-01-01", NULL, 0.5)};
  assert_int_equal(parameters_override(arena, tree, all, 2, &changed, &err), DONE);
  assert_true(number(changed, "g.a", "2011-12-31") == 1);
  assert_true(number(changed, "g.a", "2012-01-01") == 9);
  assert_true(number(changed, "g.a", "2015-12-31") == 9);
  assert_true(number(changed, "g.a", "2016-01-01") == 2);
  assert_true(number(changed, "g.a", "2020-01-01") == 3);
  assert_true(number(changed, "g.s[0].rate", "2040-01-01") == 0.5);
  assert_true(number(tree, "g.a", "2013-01-01") == 1);
  assert_true(number(tree, "g.s[0].rate", "2040-01-01") == 0.2);
  const struct parameter_override wrong = override_of("g.aa", "2012-01-01", NULL, 9);
  assert_int_equal(parameters_override(arena, tree, &wrong, 1, &changed, &err), REFUSED);
  assert_string_equal(err.message, "there is no parameter 'g.aa'; did you mean 'g.a'?");
  const struct parameter_override group = override_of("g.s", "2012-01-01", NULL, 9);
  assert_int_equal(parameters_override(arena, tree, &group, 1, &changed, &err), REFUSED);
}

static void what_follows_an_index_follows_its_override(void **state) {
  (void)state;
  put("cpi.yaml", "2020-01-01: 100\n2021-01-01: 110\n2022-01-01: 120\n");
  put("rise.yaml", "2021-01-01: 0.1\n2022-01-01: 0.2\n");
  put("a.yaml", "values: {2020-01-01: 50}\nmetadata: {uprating: cpi}\n");
  put("b.yaml", "values: {2020-01-01: 50, 2021-01-01: 51}\nmetadata: {uprating: level.it}\n");
  put("c.yaml", "2020-01-01: 7\n");
  put("indices.yaml", "growth:\n- {path: growth.it, of: rise, lag: 0}\n"
                      "levels:\n- {path: level, of: growth}\n");
  struct parameters *tree = load(), *changed;
  struct error err = {0};
  const struct parameter_override all[] = {override_of("cpi", "2021-01-01", "2022-01-01", 200),
                                           override_of("c", "2021-01-01", NULL, 8)};
  assert_int_equal(parameters_override(arena, tree, all, 2, &changed, &err), DONE);
  assert_true(fabs(number(tree, "a", "2021-06-01") - 55) < 1e-9);
  assert_true(fabs(number(changed, "a", "2021-06-01") - 100) < 1e-9);
  assert_true(fabs(number(changed, "a", "2022-06-01") - 60) < 1e-9); /* as before */
  assert_true(number(changed, "cpi", "2021-06-01") == 200);
  assert_true(number(changed, "cpi", "2022-06-01") == 120);
  assert_true(number(changed, "c", "2022-01-01") == 8 && number(tree, "c", "2022-01-01") == 7);
  /* through rows of indices.yaml: growth, its level, and what follows that */
  assert_true(fabs(number(tree, "b", "2022-06-01") - 51 * 1.2) < 1e-9);
  const struct parameter_override rise = override_of("rise", "2022-01-01", NULL, 0.5);
  assert_int_equal(parameters_override(arena, tree, &rise, 1, &changed, &err), DONE);
  assert_true(fabs(number(changed, "b", "2022-06-01") - 51 * 1.5) < 1e-9);
  /* a series that only a row makes may be set too */
  const struct parameter_override made = override_of("growth.it", "2022-01-01", NULL, 1);
  assert_int_equal(parameters_override(arena, tree, &made, 1, &changed, &err), DONE);
  assert_true(number(changed, "growth.it", "2021-06-01") == 0.1);
  assert_true(fabs(number(changed, "b", "2022-06-01") - 102) < 1e-9);
  assert_true(fabs(number(tree, "b", "2022-06-01") - 51 * 1.2) < 1e-9);
}

static void a_layer_brings_rows_of_indices(void **state) {
  (void)state;
  put("under/parameters/rise.yaml", "2021-01-01: 0.1\n");
  put("under/parameters/fast.yaml", "2021-01-01: 0.5\n");
  put("under/parameters/a.yaml", "values: {2022-01-01: 50}\nmetadata: {uprating: level.it}\n");
  put("under/indices.yaml", "growth:\n- {path: growth.it, of: rise, lag: 1}\n"
                            "- {path: growth.other, of: rise, lag: 1}\n"
                            "levels:\n- {path: level, of: growth, to: 2023}\n");
  put("over/parameters/base.yaml", "2021-01-01: 1\n");
  put("over/indices.yaml", "growth:\n- {path: growth.it, of: fast, lag: 1}\n"
                           "- {path: growth.new, of: fast, lag: 2}\n");
  struct parameters *under, *over;
  struct error err = {0};
  assert_int_equal(parameters_load(arena, arena_printf(arena, "%s/under/parameters", folder),
                                   &under, &err),
                   DONE);
  assert_int_equal(parameters_lay_over(arena, under,
                                       arena_printf(arena, "%s/over/parameters", folder), &over,
                                       &err),
                   DONE);
  assert_true(number(under, "growth.it", "2022-01-01") == 0.1);
  assert_true(number(over, "growth.it", "2022-01-01") == 0.5); /* the row above stands */
  assert_true(number(over, "growth.other", "2022-01-01") == 0.1);
  assert_true(number(over, "growth.new", "2023-01-01") == 0.5);
  assert_null(parameters_find(under, span_of("growth.new")));
  assert_non_null(parameters_find(over, span_of("level.new"))); /* levels come after growth */
  put("over/indices.yaml", "growth:\n- {path: growth.it, lag: 1}\n");
  assert_int_equal(parameters_lay_over(arena, under,
                                       arena_printf(arena, "%s/over/parameters", folder), &over,
                                       &err),
                   REFUSED);
  assert_non_null(strstr(err.file, "over/parameters/../indices.yaml"));
}

/* What holds on any day, by going through the entries one by one, is what is found. */
static void finds_on_every_day_what_the_entries_say(void **state) {
  (void)state;
  struct text t = {0};
  day_t day = on("1990-01-01");
  for (int i = 0; i < 60; i++) {
    char iso[11];
    text_addf(&t, "%s: %d\n", day_write(day, iso), i);
    day += 1 + (i * 7919) % 97;
  }
  put("a.yaml", t.bytes);
  text_release(&t);
  const struct parameter *p = find(load(), "a");
  for (day_t d = p->entries[0].from - 2; d < p->entries[59].from + 2; d++) {
    const struct parameter_entry *expected = NULL;
    for (int i = 0; i < p->entry_count; i++)
      if (p->entries[i].from <= d) expected = &p->entries[i];
    assert_ptr_equal(parameter_on(p, d), expected);
  }
}

static void a_year_is_read_on_one_day(void **state) {
  (void)state;
  put("a.yaml", "2020-05-01: 1\n2021-04-06: 2\n2022-04-06: null\n");
  put("b.yaml",
      "values: {2015-01-01: 0.1, 2024-10-30: 0.18}\nmetadata: {fiscal_year_blend: true}\n");
  struct parameters *tree = load();
  struct parameter_year y2019 = tax_year(2019), y2021 = tax_year(2021), y2022 = tax_year(2022),
                        y2024 = tax_year(2024);
  assert_int_equal(parameter_in_year(find(tree, "a"), &y2019).form, FORM_NONE); /* before it */
  assert_true(parameter_in_year(find(tree, "a"), &y2021).number == 2);
  assert_int_equal(parameter_in_year(find(tree, "a"), &y2022).form, FORM_NONE);
  /* 207 days of 365 at 10 %, 158 at 18 % */
  double blend = parameter_in_year(find(tree, "b"), &y2024).number;
  assert_true(fabs(blend - (207 * 0.1 + 158 * 0.18) / 365) < 1e-12);
}

/* ---- the tree of 597 files ---- */

enum { RESOLVED_FIRST = 2015, RESOLVED_LAST = 2035, RESOLVED_YEARS = 21 };

static void write_value(struct text *t, const struct parameter_value *v) {
  text_clear(t);
  text_reserve(t, 1);
  if (v->form == FORM_BOOL) text_add(t, v->number != 0 ? "True" : "False");
  if (v->form == FORM_TEXT) text_add(t, v->text);
  if (v->form != FORM_LIST) return;
  text_add(t, "[");
  for (int i = 0; i < v->count; i++)
    text_addf(t, "%s'%s'", i ? ", " : "", v->items[i].text ? v->items[i].text : "");
  text_add(t, "]");
}

static bool agrees(const struct parameter_value *v, struct span cell) {
  char text[64];
  if (v->form == FORM_NUMBER && cell.size && cell.size < sizeof text) {
    memcpy(text, cell.bytes, cell.size);
    text[cell.size] = '\0';
    double expected = strtod(text, NULL);
    return expected == v->number || fabs(expected - v->number) <= 1e-9 * fmax(1, fabs(expected));
  }
  struct text t = {0};
  write_value(&t, v);
  bool same = span_equal(cell, span_make(t.bytes, t.size));
  text_release(&t);
  return same;
}

static void compare_row(const struct parameters *tree, const struct table_rows *rows, size_t n,
                        int counts[2]) {
  const struct parameter *p = parameters_find(tree, table_field(rows, n, 0));
  for (int i = 0; i < RESOLVED_YEARS; i++) {
    struct parameter_year year = tax_year(RESOLVED_FIRST + i);
    /* what is not the government's is read in the middle of the year */
    if (table_field(rows, n, 0).bytes[0] != 'g') year.at = day_make(RESOLVED_FIRST + i, 6, 30);
    struct parameter_value v = {0};
    if (p) v = parameter_in_year(p, &year);
    /* the published values begin a parameter earlier than the law */
    if (p && p->entry_count && p->entries[0].from > year.at) v = p->entries[0].value;
    bool same = p && agrees(&v, table_field(rows, n, 1 + i));
    counts[same ? 0 : 1]++;
    if (!same)
      print_message("differs: " SPAN_FORMAT " %d: " SPAN_FORMAT "\n", SPAN(table_field(rows, n, 0)),
                    RESOLVED_FIRST + i, SPAN(table_field(rows, n, 1 + i)));
  }
}

/* Unpacks the published tree; null where it is not there. */
static const char *published_tree(const char *archive) {
  if (access(archive, R_OK) != 0) return NULL;
  char *command = arena_printf(arena, "tar -C '%s' -xJf '%s'", folder, archive);
  assert_int_equal(system(command), 0);
  return arena_printf(arena, "%s/parameters", folder);
}

static void the_published_tree_resolves_to_its_published_values(void **state) {
  (void)state;
  const char *root = getenv("WEAL_SOURCE_ROOT"), *shared = getenv("WEAL_SHARED");
  if (!shared) shared = arena_printf(arena, "%s/../shared", root ? root : ".");
  const char *data = arena_printf(arena, "%s/data/rules", shared);
  const char *tree_folder = published_tree(arena_printf(arena, "%s/parameters.tar.xz", data));
  const char *resolved = arena_printf(arena, "%s/parameters_resolved_2015_2035.csv", data);
  if (!tree_folder || access(resolved, R_OK) != 0) {
    print_message("not compared: %s has no published parameters\n", data);
    skip();
  }
  struct parameters *tree;
  struct error err = {0};
  struct parameters_source source = {.folder = tree_folder,
                                     .indices = arena_printf(arena, "%s/policy/uk/indices.yaml",
                                                             root ? root : ".")};
  if (parameters_load_from(arena, &source, &tree, &err) != DONE)
    fail_msg("%s:%d: %s", err.file, (int)err.line, err.message);
  struct table_column columns[3 + RESOLVED_YEARS] = {{"path", true}};
  for (int i = 0; i < RESOLVED_YEARS; i++)
    columns[1 + i] = (struct table_column){arena_printf(arena, "%d", RESOLVED_FIRST + i), true};
  columns[1 + RESOLVED_YEARS] = (struct table_column){"unit", true};
  columns[2 + RESOLVED_YEARS] = (struct table_column){"period", true};
  struct table *table;
  struct table_rows *rows;
  int counts[2] = {0}, row_count = 0;
  assert_int_equal(table_open(&table, resolved, columns, 3 + RESOLVED_YEARS, &err), DONE);
  while (table_next(table, &rows, &err) == DONE && rows) {
    for (size_t n = 0; n < rows->count; n++) compare_row(tree, rows, n, counts);
    row_count += (int)rows->count;
    table_rows_free(rows);
  }
  table_close(table);
  print_message("%d rows of %d years: %d values agree, %d differ\n", row_count, RESOLVED_YEARS,
                counts[0], counts[1]);
  assert_int_equal(row_count, 1176);
  assert_int_equal(counts[1], 0);
}

/* ---- tables of several keys ---- */

static struct rule_tables *load_tables(void) {
  struct rule_tables *tables;
  struct error err = {0};
  if (tables_load(arena, folder, NULL, &tables, &err) != DONE) fail_msg("%s", err.message);
  return tables;
}

static double looked_up(const struct rule_table *table, const char *iso, const char *area,
                        const char *rooms) {
  struct span keys[] = {span_of(area), span_of(rooms)};
  const struct rule_table_row *row = table_row_on(table, on(iso), keys);
  return row ? row->value : (double)NAN;
}

static void tables_are_found_by_day_and_keys(void **state) {
  (void)state;
  put("rent.csv", "from,area,rooms,value,source\n"
                  "2020-04-01,NORTH,1,100.50,Order 2020\n"
                  "2021-04-01,NORTH,1,110,Order 2021\n"
                  "2020-04-01,NORTH,3,150,Order 2020\n"
                  "2022-04-01,NORTH,3,,Order 2022\n"
                  "2020-04-01,SOUTH,2,200,Order 2020\n");
  const struct rule_table *rent = tables_find(load_tables(), span_of("rent"));
  assert_int_equal(table_key_count(rent), 2);
  assert_true(isnan(looked_up(rent, "2020-03-31", "NORTH", "1")));
  assert_true(looked_up(rent, "2021-03-31", "NORTH", "1") == 100.5);
  assert_true(looked_up(rent, "2030-03-31", "NORTH", "1") == 110);
  assert_true(looked_up(rent, "2022-03-31", "NORTH", "3") == 150);
  assert_true(isnan(looked_up(rent, "2022-04-01", "NORTH", "3")));
  assert_true(isnan(looked_up(rent, "2022-04-01", "SOUTH", "1")));
  assert_true(isnan(looked_up(rent, "2022-04-01", "EAST", "1")));
  struct table_grid grid;
  table_grid_on(arena, rent, on("2021-04-01"), &grid);
  assert_int_equal(grid.sizes[0], 2);
  assert_int_equal(grid.sizes[1], 3); /* rooms from 1 to 3 */
  assert_true(grid.first[1] == 1);
  assert_true(grid.values[0] == 110 && isnan(grid.values[1]) && grid.values[2] == 150);
  assert_true(grid.values[4] == 200);
  assert_true(table_grid_row(&grid, 0, span_of("SOUTH")) == 1);
  assert_true(isnan(table_grid_row(&grid, 0, span_of("EAST"))));
}

static void table_refused(const char *csv, const char *expected) {
  put("t.csv", csv);
  struct rule_tables *tables;
  struct error err = {0};
  char said[900];
  assert_int_equal(tables_load(arena, folder, NULL, &tables, &err), REFUSED);
  error_format(&err, said, sizeof said);
  assert_string_equal(said + strlen(folder) + 1, expected);
}

static void tables_are_refused_with_line_and_column(void **state) {
  (void)state;
  table_refused("from,value,source\n", "t.csv:1: the table has no column of keys; its columns are "
                                       "from, the keys, value and source");
  table_refused(
      "from,a,value,source\n2020-01-01,x,twelve,s\n",
      "t.csv:2: value: 'twelve' is not a number; write one such as 12.50, or nothing where "
      "the value ends");
  table_refused("from,a,value,source\n2020-01-01,,1,s\n", "t.csv:2: a: is empty; every row has all "
                                                          "keys");
  table_refused("from,a,value,source\n2020-01-01,x,1,\n",
                "t.csv:2: source: is empty; every row names where its value was published");
  table_refused(
      "from,a,value,source\n2020-01-01,x,1,s\n2020-01-01,x,2,s\n",
      "t.csv:3: from: there is a row of the same keys and day already, on line 2; keep one "
      "of the two");
  table_refused("from,a,b,value,source\n2020-01-01,0,1,1,s\n2020-01-01,999999999,1,2,s\n",
                "t.csv: the keys come to more than 4194304 combinations; divide the table into "
                "several");
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_A_FOLDER(reads_dated_values_in_every_spelling),
      IN_A_FOLDER(reads_groups_scales_and_what_holds_for_children),
      IN_A_FOLDER(refuses_what_is_not_a_parameter),
      IN_A_FOLDER(refuses_folders_that_do_not_end),
      IN_A_FOLDER(refuses_a_path_that_two_files_have),
      IN_A_FOLDER(later_values_follow_an_index),
      IN_A_FOLDER(a_series_that_has_ended_uprates_nothing),
      IN_A_FOLDER(refuses_an_uprating_that_cannot_be),
      IN_A_FOLDER(indices_follow_from_rows),
      IN_A_FOLDER(a_report_names_every_fault),
      IN_A_FOLDER(a_layer_replaces_whole_parameters),
      IN_A_FOLDER(an_override_holds_between_its_days),
      IN_A_FOLDER(what_follows_an_index_follows_its_override),
      IN_A_FOLDER(a_layer_brings_rows_of_indices),
      IN_A_FOLDER(finds_on_every_day_what_the_entries_say),
      IN_A_FOLDER(a_year_is_read_on_one_day),
      IN_A_FOLDER(the_published_tree_resolves_to_its_published_values),
      IN_A_FOLDER(tables_are_found_by_day_and_keys),
      IN_A_FOLDER(tables_are_refused_with_line_and_column),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
