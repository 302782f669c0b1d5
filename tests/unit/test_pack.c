/* The policy pack of the United Kingdom is whole, and a pack that breaks a rule is refused where it
 * breaks it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "pack/pack.h"
#include "fresh.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 512 };

static struct pack *pack;

static int open_pack(void **state) {
  (void)state;
  struct error err = {0};
  if (pack_open(&pack, fresh_uk_pack(), &err) == DONE) return 0;
  char where[1024];
  error_format(&err, where, sizeof where);
  fprintf(stderr, "%s\n", where);
  return 1;
}

static int close_pack(void **state) {
  (void)state;
  pack_close(pack);
  return 0;
}

static void has_every_fixed_code(void **state) {
  (void)state;
  static const struct {
    const char *code;
    enum pack_shown shown;
  } fixed[] = {{"income-tax", SHOWN_PAID},
               {"national-insurance", SHOWN_PAID},
               {"employer-national-insurance", SHOWN_EMPLOYER},
               {"council-tax", SHOWN_PAID},
               {"vat", SHOWN_PAID},
               {"fuel-duty", SHOWN_PAID},
               {"student-loan-repayment", SHOWN_PAID},
               {"child-benefit", SHOWN_CASH},
               {"universal-credit", SHOWN_CASH},
               {"state-pension", SHOWN_CASH},
               {"pension-credit", SHOWN_CASH},
               {"personal-independence-payment", SHOWN_CASH},
               {"carers-allowance", SHOWN_CASH},
               {"gp-consultation", SHOWN_SERVICES},
               {"accident-and-emergency", SHOWN_SERVICES},
               {"inpatient-stay", SHOWN_SERVICES},
               {"outpatient-attendance", SHOWN_SERVICES},
               {"school-place", SHOWN_SERVICES},
               {"childcare-hours", SHOWN_SERVICES},
               {"home-care", SHOWN_SERVICES},
               {"social-housing", SHOWN_SERVICES},
               {"prison-place", SHOWN_SERVICES},
               {"volunteering", SHOWN_GIVEN},
               {"unpaid-care", SHOWN_GIVEN},
               {"peer-support", SHOWN_GIVEN}};
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
    const struct pack_category *c = pack_find_category(pack, span_of(fixed[i].code));
    if (!c) fail_msg("no category %s", fixed[i].code);
    assert_int_equal(c->shown, fixed[i].shown);
  }
  assert_null(pack_find_category(pack, span_of("income-tax-of-mars")));
  assert_null(pack_find_category(pack, span_of("")));
}

static void sides_units_and_functions_agree(void **state) {
  (void)state;
  assert_true(pack->category_count >= 100);
  for (int i = 0; i < pack->category_count; i++) {
    const struct pack_category *c = &pack->categories[i];
    assert_int_equal(c->unit == pack->minutes, c->side == SIDE_GIVEN);
    if (c->side == SIDE_CONTRIBUTION) assert_null(c->cofog);
    if (c->side == SIDE_CASH || c->side == SIDE_SERVICE) {
      assert_non_null(c->cofog);
      assert_int_not_equal(c->purpose, PURPOSE_NONE);
      assert_non_null(c->domain);
    }
    bool base = strcmp(c->code, "income-tax") == 0 || strcmp(c->code, "national-insurance") == 0;
    assert_int_equal(c->tax_summary_base, base);
    assert_ptr_equal(pack_find_category(pack, span_of(c->code)), c);
  }
}

static void every_name_is_in_both_languages(void **state) {
  (void)state;
  assert_int_equal(pack->domain_count, 10);
  for (int i = 0; i < pack->category_count; i++) {
    assert_true(pack->categories[i].name[ENGLISH][0] && pack->categories[i].name[WELSH][0] &&
                pack->categories[i].source[0]);
    assert_string_not_equal(pack->categories[i].name[ENGLISH], pack->categories[i].name[WELSH]);
  }
  for (int i = 0; i < pack->domain_count; i++)
    assert_string_not_equal(pack->domains[i].name[ENGLISH], pack->domains[i].name[WELSH]);
  for (int i = 0; i < pack->cofog_count; i++)
    assert_string_not_equal(pack->cofogs[i].name[ENGLISH], pack->cofogs[i].name[WELSH]);
  assert_string_equal(pack_find_category(pack, span_of("council-tax"))->name[WELSH],
                      "Y Dreth Gyngor");
}

/* HMRC rounds each share, so a year's shares need not add to 100: they are kept as published. */
static void shares_of_tax_add_up_as_published(void **state) {
  (void)state;
  static const int sums_hundredths[] = {10000, 9990, 10000, 10030, 10010};
  assert_int_equal(pack->tax_table_count, 5);
  for (int t = 0; t < pack->tax_table_count; t++) {
    const struct pack_tax_table *table = &pack->tax_tables[t];
    int sum = 0;
    for (int i = 0; i < table->line_count; i++) sum += table->lines[i].share_hundredths;
    assert_int_equal(table->year, 2020 + t);
    assert_int_equal(table->line_count, 15);
    assert_int_equal(sum, sums_hundredths[t]);
  }
}

static void the_latest_table_at_or_before_a_year_is_found(void **state) {
  (void)state;
  assert_null(pack_find_tax_table(pack, 2019));
  assert_int_equal(pack_find_tax_table(pack, 2020)->year, 2020);
  assert_int_equal(pack_find_tax_table(pack, 2023)->year, 2023);
  assert_int_equal(pack_find_tax_table(pack, 2025)->year, 2024);
  const struct pack_tax_line *welfare = &pack_find_tax_table(pack, 2025)->lines[0];
  assert_string_equal(welfare->code, "welfare");
  assert_int_equal(welfare->share_hundredths, 2130);
  assert_string_equal(welfare->cofog[0]->code, "10.1");
}

/* ONS publishes the total of indirect taxes too. Four of its lines are not in prices here: the
 * vehicle tax, television licences and stamp duty that households themselves pay, and employers'
 * National Insurance. ONS rounds each line, so the lines may be two pounds off its total. */
static void taxes_in_prices_add_up_to_the_published_total(void **state) {
  (void)state;
  static const struct {
    int year, total, vehicle, television, stamp, employers;
  } published[] = {{2001, 5119, 146, 95, 96, 455},   {2002, 5301, 146, 99, 131, 445},
                   {2003, 5432, 150, 103, 136, 490}, {2004, 5698, 157, 107, 204, 514},
                   {2005, 5731, 149, 110, 188, 500}, {2006, 5848, 161, 118, 189, 562},
                   {2007, 5988, 163, 120, 243, 569}, {2008, 5695, 175, 124, 106, 563},
                   {2009, 5644, 175, 128, 116, 571}, {2010, 6178, 177, 132, 139, 596},
                   {2011, 6535, 177, 131, 146, 630}, {2012, 6568, 185, 127, 162, 616},
                   {2013, 7012, 189, 127, 217, 634}, {2014, 7217, 184, 126, 250, 625},
                   {2015, 7261, 182, 125, 263, 621}, {2016, 7616, 206, 125, 257, 685},
                   {2017, 7789, 204, 125, 281, 728}, {2018, 7604, 196, 123, 233, 703}};
  enum { YEARS = sizeof published / sizeof *published };
  assert_int_equal(pack->price_table_count, YEARS);
  for (int y = 0; y < YEARS; y++) {
    const struct pack_price_table *t = pack_find_price_table(pack, HOUSEHOLDS_ALL,
                                                             published[y].year);
    int64_t pence = 0, rounded = 0;
    assert_int_equal(t->year, published[y].year);
    assert_int_equal(t->line_count, 13);
    for (int i = 0; i < t->line_count; i++) {
      pence += t->lines[i].pence;
      rounded += (int64_t)pack_price_of(&t->lines[i], 1, 1000);
      assert_true(t->lines[i].category->in_prices);
    }
    int64_t own = published[y].vehicle + published[y].television + published[y].stamp +
                  published[y].employers;
    assert_in_range(pence / 100 + own - published[y].total + 2, 0, 4);
    assert_int_equal(rounded % 1000, 0);
    assert_in_range(rounded - pence + 500 * 13, 0, 1000 * 13);
  }
}

static void the_latest_prices_at_or_before_a_year_are_found(void **state) {
  (void)state;
  assert_null(pack_find_price_table(pack, HOUSEHOLDS_ALL, 2000));
  assert_null(pack_find_price_table(pack, "tenth", 2018));
  assert_int_equal(pack_find_price_table(pack, HOUSEHOLDS_ALL, 2010)->year, 2010);
  const struct pack_price_table *t = pack_find_price_table(pack, HOUSEHOLDS_ALL, 2031);
  assert_int_equal(t->year, 2018);
  assert_string_equal(t->group->name[WELSH], "Pob aelwyd");
  assert_string_equal(t->lines[0].category->code, "vat");
  assert_int_equal((int64_t)pack_price_of(&t->lines[0], 1, 1000), 353000);
  /* 428 households at 3,528 pounds: 1,509,984 */
  assert_int_equal((int64_t)pack_price_of(&t->lines[0], 428, 100000), 151000000);
  assert_int_equal((int64_t)pack_price_of(&(struct pack_price){.pence = 1500}, 1, 1000), 2000);
  assert_int_equal((int64_t)pack_price_of(&(struct pack_price){.pence = 1499}, 1, 1000), 1000);
}

/* Current expenditure of the same table, as paid and in the prices of 2024-25, in tenths of a
 * billion: HM Treasury deflated it alike, and the index is not made from it. */
static void the_index_of_prices_is_that_of_other_published_figures(void **state) {
  (void)state;
  static const struct {
    int year, paid, real;
  } published[] = {{1982, 1214, 4511},  {1990, 2096, 4833},  {2000, 3611, 6607},
                   {2005, 5080, 8259},  {2010, 6622, 9566},  {2018, 7610, 9625},
                   {2021, 9351, 11030}, {2024, 11383, 11383}};
  assert_int_equal(pack->deflator_count, 44);
  for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
    struct uprated out;
    /* a million pounds of the year, in the prices of 2025-26 */
    assert_true(pack_uprate(pack, 100000000, published[i].year, 2025, &out));
    const double expected = 1e8 * published[i].real / published[i].paid * 11915 / 11608,
                 ratio = (double)out.pence / expected;
    assert_true(ratio > 0.999 && ratio < 1.001);
    assert_int_equal(out.year, 2025);
  }
}

static void an_uprated_amount_is_rounded_and_of_the_latest_year(void **state) {
  (void)state;
  struct uprated out = {.pence = 7};
  /* 30.00 of 2018-19 times 102.64 / 79.06 is 38.95 */
  assert_true(pack_uprate(pack, 3000, 2018, 2025, &out));
  assert_int_equal(out.pence, 3900);
  assert_true(pack_uprate(pack, 3000, 2018, 2031, &out)); /* no later index is known */
  assert_int_equal(out.year, 2025);
  assert_true(pack_uprate(pack, 300, 2018, 2025, &out)); /* 3.895 */
  assert_int_equal(out.pence, 390);
  assert_true(pack_uprate(pack, 300000, 2018, 2025, &out)); /* 3,894.76 */
  assert_int_equal(out.pence, 389000);
  assert_true(pack_uprate(pack, 0, 2018, 2025, &out));
  assert_int_equal(out.pence, 0);
  out.pence = 7;
  assert_false(pack_uprate(pack, 3000, 2018, 2018, &out));
  assert_false(pack_uprate(pack, 3000, 2018, 2010, &out));
  assert_false(pack_uprate(pack, 3000, 1981, 2025, &out));
  assert_false(pack_uprate(pack, 3000, 2025, 2026, &out));
  assert_false(pack_uprate(pack, -3000, 2018, 2025, &out));
  assert_int_equal(out.pence, 7);
}

static void costs_and_rates_refer_to_their_rows(void **state) {
  (void)state;
  const struct pack_service *ae = pack_find_service(pack, span_of("accident-and-emergency"));
  assert_non_null(ae);
  bool found = false;
  for (int i = 0; i < pack->cost_count; i++) {
    assert_true(pack->costs[i].cost_pence > 0 && pack->costs[i].source[0]);
    if (pack->costs[i].service == ae && pack->costs[i].year == 2024)
      found = pack->costs[i].cost_pence == 28017;
  }
  assert_true(found);
  for (int i = 0; i < pack->rate_count; i++)
    assert_int_equal(pack->rates[i].category->side, SIDE_GIVEN);
  assert_string_equal(pack_find_value(pack, "year_start_citizen"), "04-06");
  assert_null(pack_find_value(pack, "no-such-key"));
}

static void a_share_is_written_as_people_write_it(void **state) {
  (void)state;
  static const struct {
    int hundredths;
    const char *text;
  } cases[] = {{2130, "21.3"}, {1200, "12.0"},   {25, "0.25"},
               {10, "0.1"},    {10000, "100.0"}, {0, "0.0"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct text t = {0};
    pack_add_share(&t, cases[i].hundredths);
    assert_string_equal(t.bytes, cases[i].text);
    text_release(&t);
  }
}

/* ---- packs that break a rule ---- */

static const char *const file_names[] = {"units.csv",
                                         "roles.csv",
                                         "schemes.csv",
                                         "domains.csv",
                                         "cofog.csv",
                                         "categories.csv",
                                         "services.csv",
                                         "unit-costs.csv",
                                         "rates.csv",
                                         "retention.csv",
                                         "plausible.csv",
                                         "tax-summary.csv",
                                         "bodies.csv",
                                         "pack.csv",
                                         "cases/states.csv",
                                         "cases/kinds.csv",
                                         "cases/moves.csv",
                                         "cases/facts.csv",
                                         "cases/steps.csv",
                                         "cases/holidays.csv",
                                         "clock.csv",
                                         "duties.csv",
                                         "sensitive.csv",
                                         "in-prices.csv",
                                         "household-groups.csv",
                                         "deflators.csv"};
enum { FILE_COUNT = sizeof file_names / sizeof *file_names };

static char broken_dir[] = "/tmp/weal-test-pack-XXXXXX";

static char *slurp(const char *path) {
  FILE *f = fopen(path, "rb");
  if (!f) return NULL;
  struct text t = {0};
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, f)) > 0;) text_add_bytes(&t, buffer, n);
  fclose(f);
  text_add(&t, "");
  return t.bytes;
}

static void spill(const char *name, const char *bytes) {
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s/%s", broken_dir, name);
  FILE *f = fopen(path, "wb");
  assert_non_null(f);
  fputs(bytes, f);
  fclose(f);
}

static int make_broken_dir(void **state) {
  (void)state;
  char path[PATH_SIZE];
  if (!mkdtemp(broken_dir)) return 1;
  snprintf(path, sizeof path, "%s/cases", broken_dir);
  return mkdir(path, 0700);
}

static int drop_broken_dir(void **state) {
  (void)state;
  for (int i = 0; i < FILE_COUNT; i++) {
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", broken_dir, file_names[i]);
    unlink(path);
  }
  char cases[PATH_SIZE];
  snprintf(cases, sizeof cases, "%s/cases", broken_dir);
  return rmdir(cases) || rmdir(broken_dir);
}

/* The pack with `from` replaced by `to` (once) in `name`. */
static void break_pack(const char *name, const char *from, const char *to) {
  for (int i = 0; i < FILE_COUNT; i++) {
    char path[PATH_SIZE * 2];
    snprintf(path, sizeof path, "%s/%s", fresh_uk_pack(), file_names[i]);
    char *bytes = slurp(path);
    assert_non_null(bytes);
    if (strcmp(name, file_names[i]) == 0) {
      char *at = strstr(bytes, from);
      if (!at) fail_msg("%s does not have '%s'", name, from);
      struct text t = {0};
      text_add_bytes(&t, bytes, (size_t)(at - bytes));
      text_add(&t, to);
      text_add(&t, at + strlen(from));
      spill(file_names[i], t.bytes);
      text_release(&t);
    } else {
      spill(file_names[i], bytes);
    }
    free(bytes);
  }
}

struct broken {
  const char *file, *from, *to, *column, *says;
};

static void assert_refused(const struct broken *b, const char *file) {
  struct pack *none = NULL;
  struct error err = {0};
  break_pack(b->file, b->from, b->to);
  if (pack_open(&none, broken_dir, &err) != REFUSED)
    fail_msg("%s with '%s' is taken", b->file, b->to);
  assert_null(none);
  if (!strstr(err.file, file) || err.line < 2 || strcmp(err.column, b->column) != 0 ||
      !strstr(err.message, b->says))
    fail_msg("'%s': %s:%llu: %s: %s", b->to, err.file, (unsigned long long)err.line, err.column,
             err.message);
}

/* Of a kind as a whole: said of its row. */
static void a_kind_that_waits_for_ever_is_refused(void **state) {
  (void)state;
  static const struct broken cases[] = {
      {"cases/moves.csv", "look-objection,answer,waiting,answered",
       "look-objection,answer,waiting,waiting", "code", "waits for ever"},
      {"cases/moves.csv", "look-objection,answer,waiting,answered",
       "look-objection,answer,hearing,answered", "code", "that is waiting"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_refused(&cases[i], "cases/kinds.csv");
}

static void a_broken_row_is_refused_where_it_breaks(void **state) {
  (void)state;
  static const struct broken cases[] = {
      {"categories.csv", "council-tax,Council Tax,Y Dreth Gyngor,contribution,pence,paid,,",
       "council-tax,Council Tax,Y Dreth Gyngor,contribution,pence,paid,10.6,", "cofog",
       "leave it empty"},
      {"categories.csv", "Child Benefit,Budd-dal Plant,cash,pence,cash,10.4",
       "Child Benefit,Budd-dal Plant,cash,pence,cash,", "cofog", "07.2"},
      {"categories.csv", "Child Benefit,Budd-dal Plant,cash,pence,cash,10.4",
       "Child Benefit,Budd-dal Plant,cash,pence,cash,10.99", "cofog", "cofog.csv"},
      {"categories.csv", "Child Benefit,Budd-dal Plant,cash", "Child Benefit,,cash", "name_cy",
       "empty"},
      {"categories.csv", "Budd-dal Plant,cash,pence", "Budd-dal Plant,money,pence", "side",
       "transfer"},
      {"categories.csv", "Budd-dal Plant,cash,pence", "Budd-dal Plant,cash,minutes", "unit",
       "minutes"},
      {"categories.csv", "Budd-dal Plant,cash,pence", "Budd-dal Plant,cash,shares", "unit",
       "units.csv"},
      {"categories.csv", "Budd-dal Plant,cash,pence,cash", "Budd-dal Plant,cash,pence,holdings",
       "shown", "side"},
      {"clock.csv", "03-25 01:00", "03-31 01:00", "starts", "up to the 25th"},
      {"clock.csv", "10-25 01:00", "October", "ends", "03-25 01:00"},
      {"clock.csv", ",60,", ",600,", "minutes", "0 to 180"},
      {"clock.csv", ",GMT,", ",,", "name", "GMT"},
      {"clock.csv", "1996,", "x,", "from", "1996"},
      {"units.csv", "minutes,Time,Amser,time,0,,", "minutes,Time,Amser,hours,0,,", "kind", "count"},
      {"units.csv", "minutes,Time,Amser,time,0,,", "minutes,Time,Amser,time,7,,", "scale",
       "0 to 6"},
      {"units.csv", "minutes,Time,Amser,time,0,,minute,", "minutes,Time,Amser,time,0,,,", "many",
       "all four"},
      {"units.csv", "pence,Pounds,Punnoedd,money,2,\xC2\xA3", "pence,Pounds,Punnoedd,money,2,",
       "before", "sign"},
      {"units.csv", "minutes,Time", "pence,Time", "code", "already"},
      {"units.csv", "minutes,Time", "a-unit-whose-code-is-too-long,Time", "code", "23"},
      {"roles.csv", "time,person,entries,time,minutes", "time,person,entries,money,pence", "use",
       "one role"},
      {"roles.csv", "time,person,entries,time,minutes", "time,person,entries,time,pence", "opened",
       "kind"},
      {"roles.csv", "time,person,entries,time,minutes", "time,body,entries,time,minutes", "owner",
       "person"},
      {"roles.csv", "purse,person,,,,no", "purse,person,,count,,no", "kind", "empty"},
      {"roles.csv", "control,body,contra,,,no", "control,body,contra,,,yes", "statement", "person"},
      {"roles.csv", "control,body,contra", "control,body,contrary", "use", "contra"},
      {"categories.csv", "Budd-dal Plant,cash,pence,cash", "Budd-dal Plant,cash,pence,paid",
       "shown", "side"},
      {"categories.csv", "10.4,universal,family-life", "10.4,urgent,family-life", "purpose",
       "preventive"},
      {"categories.csv", "10.4,universal,family-life", "10.4,universal,fun", "domain",
       "domains.csv"},
      {"categories.csv", "\ncouncil-tax,", "\nCouncil Tax,", "code", "hyphens"},
      {"categories.csv", "\ncouncil-tax,", "\nincome-tax,", "code", "already"},
      {"services.csv", "home-care,Home care,home-care", "home-care,Home care,council-tax",
       "category", "service"},
      {"services.csv", "home-care,Home care,home-care", "home-care,Home care,house-care",
       "category", "categories.csv"},
      {"unit-costs.csv", "2024-25,280.17", "2024-25,280.177", "cost", "280.177"},
      {"unit-costs.csv", "2024-25,280.17", "2024-25,-280.17", "cost", "zero"},
      {"unit-costs.csv", "2024-25,280.17", "2024-26,280.17", "year", "2024-26"},
      {"unit-costs.csv", "school-place,2011-12", "school-place,2010-11", "year", "one cost a year"},
      {"rates.csv", "volunteering,2012-13", "council-tax,2012-13", "what", "given"},
      {"retention.csv", "accident-and-emergency,8", "accident-and-emergency,0", "years",
       "whole number"},
      {"retention.csv", "accident-and-emergency,8", "no-such-care,8", "category", "categories.csv"},
      {"schemes.csv", "Cerdyn llyfrgell,\"X{4,16}\",", "Cerdyn llyfrgell,\"X{4,16}\",luhn", "check",
       "no letter"},
      {"schemes.csv", "Cerdyn llyfrgell,\"X{4,16}\",", "Cerdyn llyfrgell,A9{9},mod11", "check",
       "no letter"},
      {"schemes.csv", "Cerdyn llyfrgell,\"X{4,16}\",", "Cerdyn llyfrgell,9,luhn", "check",
       "two digits"},
      {"duties.csv", "employer,,statutory", "club,,statutory", "kinds", "club"},
      {"duties.csv", "council,,housing-benefit ", "council,no-such-body,housing-benefit ", "bodies",
       "bodies.csv"},
      {"duties.csv", "housing-benefit discretionary", "housing-benefit  discretionary",
       "categories", "one space"},
      {"duties.csv", "housing-benefit discretionary", "housing-benefit no-such discretionary",
       "categories", "not known"},
      {"duties.csv", "housing-benefit discretionary",
       "housing-benefit housing-benefit discretionary", "categories", "twice"},
      {"sensitive.csv", "probation,", "no-such-thing,", "category", "categories.csv"},
      {"sensitive.csv", "probation,", "prison-place,", "category", "already"},
      {"plausible.csv", "minutes,,,1440", "minutes,,,0", "bound", "bounds nothing"},
      {"plausible.csv", "minutes,,,1440", "hours,,,24", "what", "minutes"},
      {"plausible.csv", "minutes,,,1440", "minutes,council-tax,,1440", "category", "time given"},
      {"plausible.csv", "minutes,,,1440", "minutes,,hour,1440", "unit", "quantities"},
      {"plausible.csv", "quantity,,week,53", "quantity,,day,53", "what", "already"},
      {"plausible.csv", "1900-01-01", "1900-02-30", "bound", "1900-02-30"},
      {"tax-summary.csv", "21.90", "121.90", "share", "21.30"},
      {"tax-summary.csv", "10.1 10.3", "10.1 10.33", "cofog", "cofog.csv"},
      {"tax-summary.csv", "2020-21,welfare", "2020-21,health", "code", "one share a year"},
      {"categories.csv", "paid,,,,,no,no,no,yes,", "paid,,,,,no,no,no,perhaps,", "in_prices",
       "yes"},
      {"categories.csv", "paid,,,,,no,no,yes,no,", "paid,,,,,no,no,yes,yes,", "in_prices",
       "write no"},
      {"categories.csv", "employer,,,,,no,no,no,no,", "employer,,,,,no,no,no,yes,", "in_prices",
       "write no"},
      {"household-groups.csv", "All households,Pob aelwyd", "All households,", "name_cy", "empty"},
      {"in-prices.csv", "vat,all,2018-19,3528", "tax,all,2018-19,3528", "category",
       "categories.csv"},
      {"in-prices.csv", "vat,all,2018-19,3528", "vehicle-excise-duty,all,2018-19,3528", "category",
       "not in prices"},
      {"in-prices.csv", "vat,all,2018-19,3528", "vat,rich,2018-19,3528", "group",
       "household-groups.csv"},
      {"in-prices.csv", "vat,all,2018-19,3528", "vat,all,2019,3528", "year", "2019"},
      {"in-prices.csv", "vat,all,2018-19,3528", "vat,all,2018-19,-3528", "amount", "zero"},
      {"in-prices.csv", "vat,all,2018-19,3528", "vat,all,2018-19,3528.505", "amount", "3528.505"},
      {"in-prices.csv", "vat,all,2018-19,3528", "vat,all,2017-18,3528", "category", "one row"},
      {"in-prices.csv", "of all households, financial year ending 2019", "of all households, 2019",
       "source", "one source"},
      {"deflators.csv", "2018-19,79.06,", "2018,79.06,", "year", "2018"},
      {"deflators.csv", "2018-19,79.06,", "2017-18,79.06,", "year", "one row"},
      {"deflators.csv", "2018-19,79.06,", "2018-19,0.00,", "index", "above 0"},
      {"deflators.csv", "2018-19,79.06,", "2018-19,-79.06,", "index", "zero"},
      {"deflators.csv", "2018-19,79.06,", "2018-19,79.0561,", "index", "79.0561"},
      {"deflators.csv", "2018-19,79.06,\"derived", "2018-19,79.06,\n2018-19,79.06,\"derived",
       "source", "empty"},
      {"pack.csv", "title_cy,", "title,", "key", "one row"},
      {"pack.csv", "second_person_from,5000.00", "second_person_from,0.00", "value", "above 0"},
      {"cases/steps.csv", "line-wrong,refused,,complaint,", "line-right,refused,,complaint,",
       "kind", "kinds.csv"},
      {"cases/steps.csv", "line-wrong,refused,,complaint,", "line-wrong,rejected,,complaint,",
       "state", "states.csv"},
      {"cases/steps.csv", "line-wrong,refused,,complaint,", "line-wrong,refused,line,complaint,",
       "about", "one space"},
      {"cases/steps.csv", "line-wrong,refused,,complaint,", "line-wrong,refused,,appeal,", "opens",
       "kinds.csv"},
      {"cases/steps.csv", "line-wrong,refused,,complaint,", "line-wrong,refused,,,", "address",
       "https://"},
      {"cases/steps.csv", "https://www.lgo.org.uk", "http://www.lgo.org.uk", "address", "https://"},
      {"cases/steps.csv", "look-objection,,Information", "look-objection,complaint,Information",
       "address", "has none"},
      {"cases/steps.csv", ",Y Comisiynydd Gwybodaeth,", ",,", "name_cy", "empty"},
      {"pack.csv", "holidays,england-and-wales", "holidays,wales", "value", "scotland"},
      {"cases/states.csv", "hearing,yes,yellow", "waiting,yes,yellow", "state", "already"},
      {"cases/states.csv", "hearing,yes,yellow", "hearing,yes,pink", "colour", "grey"},
      {"cases/states.csv", "hearing,yes,yellow", "hearing,perhaps,yellow", "waits", "yes"},
      {"cases/states.csv", "Waits for a hearing,Yn aros am wrandawiad", "Waits for a hearing,",
       "name_cy", "empty"},
      {"cases/kinds.csv", "\ncomplaint,A complaint,", "\nline-wrong,A complaint,", "code",
       "already"},
      {"cases/kinds.csv", "A complaint,Cwyn,", "A complaint,,", "name_cy", "empty"},
      {"cases/kinds.csv", "A complaint,Cwyn,self helper-see,", "A complaint,Cwyn,self  helper-see,",
       "opens", "one space"},
      {"cases/kinds.csv", "A complaint,Cwyn,self helper-see,", "A complaint,Cwyn,,", "opens",
       "self"},
      {"cases/kinds.csv", "A birth,Genedigaeth,self helper-tell,body,",
       "A birth,Genedigaeth,self helper-tell,body or person,", "to", "body person"},
      {"cases/kinds.csv", "A birth,Genedigaeth,self helper-tell,body,administrator,10 working days",
       "A birth,Genedigaeth,self helper-tell,,,10 working days", "to", "first state waits"},
      {"cases/kinds.csv", "body,administrator,10 working days", "body,administrator,", "escalates",
       "deadline"},
      {"cases/kinds.csv", "10 working days", "10 weeks", "deadline", "10 working days"},
      {"cases/kinds.csv", "10 working days", "1 working days", "deadline", "1 month"},
      {"cases/kinds.csv", "10 working days", "0 working days", "deadline", "1 month"},
      {"cases/kinds.csv", "10 working days", "9999 working days", "deadline", "1 month"},
      {"cases/kinds.csv", "10 working days", "25 months", "deadline", "1 month"},
      {"cases/kinds.csv", "administrator,,1 month,required,never",
       "administrator,,1 month,please,never", "reason", "optional"},
      {"cases/kinds.csv", "required,never,yes,no,waiting", "required,once,yes,no,waiting", "again",
       "answered"},
      {"cases/kinds.csv", "required,never,yes,no,waiting", "required,never,yes,no,wating", "first",
       "states.csv"},
      {"cases/kinds.csv", "waiting,look,", "waiting,Look At,", "handler", "hyphens"},
      {"cases/moves.csv", "complaint,hear,waiting,hearing", "complaints,hear,waiting,hearing",
       "kind", "kinds.csv"},
      {"cases/moves.csv", "complaint,hear,waiting,hearing", "complaint,hear,waiting,heard", "state",
       "states.csv"},
      {"cases/moves.csv", "complaint,hear,waiting,hearing", "complaint,read,waiting,hearing",
       "move", "every history"},
      {"cases/moves.csv", "complaint,hear,waiting,hearing", "complaint,withdraw,waiting,hearing",
       "move", "one row"},
      {"cases/moves.csv", "waiting,hearing,decider,", "waiting,hearing,judge,", "by", "opener"},
      {"cases/moves.csv", "look-objection,answer,waiting,answered",
       "told-name,answer,done,answered", "by", "opener"},
      {"cases/facts.csv", "told-birth,born,day", "told-birth,name,day", "fact", "one row"},
      {"cases/facts.csv", "told-birth,born,day", "told-birth,born,date", "type", "quantity"},
      {"cases/facts.csv", "complaint,hearing,day,hear", "complaint,hearing,day,listen", "asked",
       "open"},
      {"cases/facts.csv", "Who hears it,Pwy sy'n ei glywed,People who", "Who hears it,,People who",
       "name_cy", "empty"},
      {"cases/holidays.csv", "2024-12-26,england-and-wales", "2024-12-25,england-and-wales", "day",
       "one row"},
      {"cases/holidays.csv", "2024-12-26,england-and-wales", "2024-12-32,england-and-wales", "day",
       "2024-12-32"},
      {"cases/holidays.csv", "2024-12-26,england-and-wales", "2024-12-26,wales", "division",
       "scotland"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_refused(&cases[i], cases[i].file);
}

/* The units of totals must be there with the right values; a pack from before units were rows has
 * both. */
static void pence_and_minutes_are_in_every_pack(void **state) {
  (void)state;
  static const struct {
    const char *from, *to;
  } cases[] = {{"minutes,Time", "moments,Time"}, {"money,2", "money,3"}, {"time,0", "count,0"}};
  struct pack *old = NULL;
  struct error err = {0};
  char path[PATH_SIZE];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct error why = {0};
    break_pack("units.csv", cases[i].from, cases[i].to);
    assert_int_equal(pack_open(&old, broken_dir, &why), REFUSED);
    if (!strstr(why.file, "units.csv") || !strstr(why.message, "minutes time with 0"))
      fail_msg("%s: %s", why.file, why.message);
  }
  break_pack("units.csv", "code", "code");
  for (int i = 0; i < 2; i++) {
    snprintf(path, sizeof path, "%s/%s", broken_dir, i ? "roles.csv" : "units.csv");
    unlink(path);
  }
  if (pack_open(&old, broken_dir, &err) != DONE) fail_msg("%s", err.message);
  assert_int_equal(old->unit_count, 2);
  assert_int_equal(old->role_count, 0);
  assert_ptr_equal(pack_find_category(old, span_of("council-tax"))->unit, old->pence);
  for (int i = 0; i < old->unit_count; i++) { /* as this pack has them */
    const struct pack_unit *built_in = &old->units[i], *ours = &pack->units[i];
    assert_string_equal(built_in->code, ours->code);
    assert_int_equal(built_in->kind, ours->kind);
    assert_int_equal(built_in->scale, ours->scale);
    assert_string_equal(built_in->before, ours->before);
    for (int l = 0; l < LANGUAGES; l++) {
      assert_string_equal(built_in->name[l], ours->name[l]);
      assert_string_equal(built_in->one[l], ours->one[l]);
      assert_string_equal(built_in->many[l], ours->many[l]);
    }
  }
  pack_close(old);
}

/* A pack from before cases were rows has none, and knows weekends only. */
static void a_pack_without_cases_has_none(void **state) {
  (void)state;
  struct pack *old = NULL;
  struct error err = {0}, whose = {0};
  break_pack("pack.csv", "\nholidays,", "\nfeasts,");
  assert_int_equal(pack_open(&old, broken_dir, &whose), REFUSED);
  assert_non_null(strstr(whose.message, "key holidays"));
  for (int i = 0; i < FILE_COUNT; i++) {
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", broken_dir, file_names[i]);
    if (strncmp(file_names[i], "cases/", 6) == 0) unlink(path);
  }
  if (pack_open(&old, broken_dir, &err) != DONE) fail_msg("%s", err.message);
  assert_int_equal(old->case_kind_count + old->case_state_count + old->holiday_count, 0);
  assert_null(pack_find_case_kind(old, span_of("complaint")));
  assert_true(pack_working_day(old, day_make(2025, 12, 25)));
  assert_false(pack_working_day(old, day_make(2025, 12, 27)));
  pack_close(old);
}

static void moves_and_facts_stand_with_their_kind(void **state) {
  (void)state;
  const struct pack_case_kind *kind = pack_find_case_kind(pack, span_of("complaint"));
  int moves = 0, facts = 0;
  assert_int_equal(kind->deadline.days, 10);
  assert_true(kind->independent && kind->attachments && kind->first->waits);
  for (int k = 0; k < pack->case_kind_count; k++) {
    for (int m = 0; m < pack->case_kinds[k].move_count; m++, moves++)
      assert_ptr_equal(pack->case_kinds[k].moves[m].kind, &pack->case_kinds[k]);
    for (int f = 0; f < pack->case_kinds[k].fact_count; f++, facts++)
      assert_ptr_equal(pack->case_kinds[k].facts[f].kind, &pack->case_kinds[k]);
  }
  assert_int_equal(moves, pack->case_move_count);
  assert_int_equal(facts, pack->case_fact_count);
  assert_false(pack_working_day(pack, day_make(2026, 12, 28))); /* Boxing Day's substitute */
  assert_true(pack_working_day(pack, day_make(2026, 11, 30)));  /* St Andrew's: Scotland's only */
}

static void a_missing_file_and_a_missing_folder_are_named(void **state) {
  (void)state;
  break_pack("rates.csv", "what", "what");
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%s/rates.csv", broken_dir);
  unlink(path);
  struct pack *none = NULL;
  struct error err = {0};
  assert_int_equal(pack_open(&none, broken_dir, &err), REFUSED);
  assert_non_null(strstr(err.file, "rates.csv"));
  struct error other = {0};
  assert_int_equal(pack_open(&none, "/no/such/folder", &other), REFUSED);
  assert_non_null(strstr(other.message, "/no/such/folder"));
}

static void loads_in_a_few_milliseconds(void **state) {
  (void)state;
  struct timespec a, b;
  struct error err = {0};
  enum { ROUNDS = 20 };
  clock_gettime(CLOCK_MONOTONIC, &a);
  for (int i = 0; i < ROUNDS; i++) {
    struct pack *again = NULL;
    assert_int_equal(pack_open(&again, fresh_uk_pack(), &err), DONE);
    pack_close(again);
  }
  clock_gettime(CLOCK_MONOTONIC, &b);
  double ms = ((double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6) /
              ROUNDS;
  print_message("pack_open: %.2f ms\n", ms);
  /* a few ms on a quiet machine; the limit is generous, since the machine is shared and sanitizers
   * are slow: it only catches quadratic time */
  assert_true(ms < 500);
}

int main(void) {
  const struct CMUnitTest sound[] = {
      cmocka_unit_test(has_every_fixed_code),
      cmocka_unit_test(sides_units_and_functions_agree),
      cmocka_unit_test(every_name_is_in_both_languages),
      cmocka_unit_test(shares_of_tax_add_up_as_published),
      cmocka_unit_test(the_latest_table_at_or_before_a_year_is_found),
      cmocka_unit_test(taxes_in_prices_add_up_to_the_published_total),
      cmocka_unit_test(the_latest_prices_at_or_before_a_year_are_found),
      cmocka_unit_test(the_index_of_prices_is_that_of_other_published_figures),
      cmocka_unit_test(an_uprated_amount_is_rounded_and_of_the_latest_year),
      cmocka_unit_test(costs_and_rates_refer_to_their_rows),
      cmocka_unit_test(a_share_is_written_as_people_write_it),
      cmocka_unit_test(moves_and_facts_stand_with_their_kind),
      cmocka_unit_test(loads_in_a_few_milliseconds),
  };
  const struct CMUnitTest broken[] = {
      cmocka_unit_test(a_broken_row_is_refused_where_it_breaks),
      cmocka_unit_test(a_kind_that_waits_for_ever_is_refused),
      cmocka_unit_test(a_pack_without_cases_has_none),
      cmocka_unit_test(pence_and_minutes_are_in_every_pack),
      cmocka_unit_test(a_missing_file_and_a_missing_folder_are_named),
  };
  int failed = cmocka_run_group_tests_name("pack", sound, open_pack, close_pack);
  if (open_pack(NULL) != 0) return 1;
  failed += cmocka_run_group_tests_name("broken packs", broken, make_broken_dir, drop_broken_dir);
  pack_close(pack);
  return failed;
}
