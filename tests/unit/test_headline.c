/* A year in a sentence, of hand-made histories: every case of what was paid and received, the
 * change with its reason, estimates, both languages. */
#include "statement/headline.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "calls.h"
#include "fresh.h"

struct fixture {
  struct pack *pack;
  struct arena *arena;
  struct headline h;
  struct headline_part parts[8];
  struct headline_words words;
};

static int begin(void **state) {
  struct fixture *f = memory_zeroed(1, sizeof *f);
  ok(pack_open(&f->pack, fresh_uk_pack(), &err));
  f->arena = arena_new();
  f->h = (struct headline){.year = 2025,
                           .some = true,
                           .parts = f->parts,
                           .born = DAY_NONE,
                           .died = DAY_NONE,
                           .moved = DAY_NONE};
  *state = f;
  return 0;
}

static int end(void **state) {
  struct fixture *f = *state;
  pack_close(f->pack);
  arena_free(f->arena);
  free(f);
  return 0;
}

/* What the category came to, in pounds, in the year and in the year before. */
static struct headline_part *came_to(struct fixture *f, const char *code, int64_t now,
                                     int64_t before) {
  const struct pack_category *category = pack_find_category(f->pack, span_of(code));
  assert_non_null(category);
  struct headline_part *part = &f->parts[f->h.part_count++];
  *part = (struct headline_part){.category = category,
                                 .now = now * 100,
                                 .before = before * 100,
                                 .first = day_make(before ? 2024 : 2025, 7, 7),
                                 .last = day_make(now ? 2026 : 2025, 3, 2),
                                 .is_new = !before,
                                 .is_recorded = now != 0,
                                 .was_recorded = before != 0};
  f->h.now.of[category->shown] += now * 100;
  f->h.before.of[category->shown] += before * 100;
  f->h.has_before |= before != 0;
  return part;
}

static void is_said(struct fixture *f, enum language language, const char *const *expected) {
  f->h.language = language;
  headline_say(&f->h, f->arena, &f->words);
  assert_string_equal(f->words.year, expected[0]);
  for (int i = 0; i < f->words.count; i++) {
    if (!expected[i + 1]) fail_msg("and also: %s", f->words.change[i]);
    assert_string_equal(f->words.change[i], expected[i + 1]);
  }
  if (expected[f->words.count + 1]) fail_msg("not said: %s", expected[f->words.count + 1]);
}
#define SAYS(language, ...) is_said(f, (language), (const char *const[]){__VA_ARGS__, NULL})

static void says_what_most_was(void **state) {
  struct fixture *f = *state;
  came_to(f, "income-tax", 6912, 0);
  came_to(f, "state-pension", 12000, 0);
  came_to(f, "inpatient-stay", 8000, 0);
  came_to(f, "prescription", 1040, 0);
  came_to(f, "bus-travel", 4000, 0);
  SAYS(ENGLISH, "In 2025-26 you paid £6,912 and received £25,040, mostly State Pension and health "
                "care.");
  SAYS(WELSH, "Yn 2025-26 talasoch £6,912, a chawsoch £25,040, yn bennaf Pensiwn y Wladwriaeth a "
              "hefyd gofal iechyd.");
  f->h.named = "Rosa Powell";
  SAYS(ENGLISH, "In 2025-26 Rosa Powell paid £6,912 and received £25,040, mostly State Pension and "
                "health care.");
  SAYS(WELSH, "Yn 2025-26 talodd Rosa Powell £6,912, a chafodd £25,040, yn bennaf Pensiwn y "
              "Wladwriaeth a hefyd gofal iechyd.");
}

static void one_thing_may_be_most(void **state) {
  struct fixture *f = *state;
  came_to(f, "council-tax", 1200, 0);
  came_to(f, "home-care", 900, 0);
  came_to(f, "child-benefit", 9000, 0);
  SAYS(ENGLISH, "In 2025-26 you paid £1,200 and received £9,900, mostly Child Benefit.");
}

static void nothing_may_stand_out(void **state) {
  struct fixture *f = *state;
  static const char *const all[] = {"child-benefit",   "state-pension", "carers-allowance",
                                    "housing-benefit", "home-care",     "school-place"};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) came_to(f, all[i], 100, 0);
  SAYS(ENGLISH, "In 2025-26 you paid nothing and received £600.");
}

static void a_child_uses_services_only(void **state) {
  struct fixture *f = *state;
  came_to(f, "school-place", 7460, 7200);
  SAYS(ENGLISH, "In 2025-26 you paid nothing and used services that cost £7,460, mostly education.",
       "The services you used cost £260 more than in 2024-25.",
       "The biggest rise is school place: £260 more.");
  f->h.named = "Fflur Owen";
  SAYS(ENGLISH,
       "In 2025-26 Fflur Owen paid nothing and used services that cost £7,460, mostly education.",
       "The services that Fflur Owen used cost £260 more than in 2024-25.",
       "The biggest rise is school place: £260 more.");
}

static void nothing_at_all(void **state) {
  struct fixture *f = *state;
  f->h.some = false;
  f->h.has_before = true;
  f->h.before.of[SHOWN_PAID] = 100000;
  SAYS(ENGLISH, "Nothing was recorded for you in 2025-26.");
  SAYS(WELSH, "Ni chofnodwyd dim ar eich cyfer yn 2025-26.");
  f->h.some = true; /* something that comes to nothing */
  f->h.has_before = false;
  SAYS(ENGLISH, "In 2025-26 you paid nothing and received nothing.");
  f->h.now.of[SHOWN_GIVEN] = 90;
  SAYS(ENGLISH, "In 2025-26 you paid nothing, received nothing, and gave 1 hour 30 minutes.");
}

static void only_paid_or_given_back(void **state) {
  struct fixture *f = *state;
  struct headline_part *tax = came_to(f, "income-tax", 500, 0);
  SAYS(ENGLISH, "In 2025-26 you paid £500 and received nothing.");
  f->h.now.of[SHOWN_PAID] = -12000, tax->now = -12000;
  SAYS(ENGLISH, "In 2025-26 you were given back £120 more than you paid.");
  came_to(f, "state-pension", -50, 0);
  SAYS(ENGLISH, "In 2025-26 you were given back £120 more than you paid.",
       "In 2025-26 £50 more was taken back from you than you received.");
}

static void a_reason_is_what_the_lines_hold(void **state) {
  struct fixture *f = *state;
  came_to(f, "income-tax", 1000, 1000);
  came_to(f, "state-pension", 11000, 10800);
  came_to(f, "attendance-allowance", 4200, 0);
  SAYS(ENGLISH,
       "In 2025-26 you paid £1,000 and received £15,200, mostly State Pension and Attendance "
       "Allowance.",
       "You received £4,400 more than in 2024-25.",
       "The biggest rise is Attendance Allowance: £4,200, first recorded on 7 July 2025.");
  f->parts[2].is_new = false; /* received in an earlier year, and not in the last */
  SAYS(ENGLISH,
       "In 2025-26 you paid £1,000 and received £15,200, mostly State Pension and Attendance "
       "Allowance.",
       "You received £4,400 more than in 2024-25.",
       "The biggest rise is Attendance Allowance: £4,200, and none in 2024-25.");
}

static void what_ended_is_named(void **state) {
  struct fixture *f = *state;
  came_to(f, "income-tax", 2000, 1500);
  came_to(f, "carers-allowance", 0, 4000);
  SAYS(ENGLISH, "In 2025-26 you paid £2,000 and received nothing.",
       "You paid £500 more than in 2024-25.", "You received £4,000 less than in 2024-25.",
       "The biggest fall is Carer's Allowance: none in 2025-26. It was last recorded on 2 "
       "March 2025.");
}

static void the_same_needs_no_reason(void **state) {
  struct fixture *f = *state;
  came_to(f, "council-tax", 1500, 1500);
  f->h.moved = day_make(2025, 5, 1), f->h.from = "North", f->h.to = "South";
  SAYS(ENGLISH, "In 2025-26 you paid £1,500 and received nothing.");
}

static void the_register_knows_births_moves_and_deaths(void **state) {
  struct fixture *f = *state;
  came_to(f, "council-tax", 1500, 1400);
  f->h.named = "Rosa Powell";
  f->h.moved = day_make(2025, 5, 1), f->h.from = "North", f->h.to = "South";
  f->h.born = day_make(2025, 4, 5); /* the last day of the year before */
  f->h.died = day_make(2026, 4, 5); /* the last day of the year */
  SAYS(ENGLISH, "In 2025-26 Rosa Powell paid £1,500 and received nothing.",
       "Rosa Powell paid £100 more than in 2024-25.",
       "Rosa Powell was born on 5 April 2025, so 2024-25 was not a whole year.",
       "Rosa Powell died on 5 April 2026, so 2025-26 was not a whole year.",
       "Rosa Powell moved from North to South on 1 May 2025.",
       "The biggest rise is Council Tax: £100 more.");
}

static void a_running_year_is_not_compared(void **state) {
  struct fixture *f = *state;
  came_to(f, "council-tax", 500, 1400);
  f->h.is_running = true;
  SAYS(ENGLISH, "In 2025-26 you paid £500.",
       "Nothing that you received has been recorded for 2025-26 yet.",
       "The year 2025-26 is not over: more may be recorded.");
  came_to(f, "state-pension", 900, 0);
  SAYS(ENGLISH, "In 2025-26 you paid £500 and received £900, mostly State Pension.",
       "The year 2025-26 is not over: more may be recorded.");
}

static void cash_is_compared_apart_from_what_has_no_cost(void **state) {
  struct fixture *f = *state;
  came_to(f, "state-pension", 11040, 11000);
  came_to(f, "ambulance", 420, 0)->was_unvalued = true;
  SAYS(ENGLISH, "In 2025-26 you paid nothing and received £11,460, mostly State Pension.",
       "Some services are not compared with 2024-25, because what they cost is not known for both "
       "years: ambulance.",
       "Apart from these you received £40 more than in 2024-25.",
       "The biggest rise is State Pension: £40 more.");
}

/* What is not recorded yet is not nothing. */
static void a_running_year_has_no_nothing(void **state) {
  struct fixture *f = *state;
  static const char over[] = "The year 2025-26 is not over: more may be recorded.";
  f->h.is_running = true;
  f->h.some = false;
  SAYS(ENGLISH, "Nothing has been recorded for you in 2025-26 yet.", over);
  f->h.some = true;
  f->h.now.of[SHOWN_GIVEN] = 120;
  SAYS(ENGLISH, "In 2025-26 you gave 2 hours.",
       "Nothing that you paid or received has been recorded for 2025-26 yet.", over);
  SAYS(WELSH, "Yn 2025-26 rhoesoch 2 awr.",
       "Nid oes dim a daloch nac a gawsoch wedi'i gofnodi ar gyfer 2025-26 eto.",
       "Nid yw'r flwyddyn 2025-26 ar ben: gall rhagor gael ei gofnodi.");
  came_to(f, "home-care", 40, 0);
  f->h.named = "Rosa Powell";
  SAYS(ENGLISH, "In 2025-26 Rosa Powell used services that cost £40.",
       "Nothing that Rosa Powell paid has been recorded for 2025-26 yet.", over);
}

static void estimates_are_rounded_and_say_so(void **state) {
  struct fixture *f = *state;
  came_to(f, "council-tax", 1503, 1400);
  came_to(f, "home-care", 2477, 2411)->is_estimated = true;
  SAYS(ENGLISH,
       "In 2025-26 you paid £1,503 and used services that cost about £2,480, mostly care and "
       "support.",
       "You paid £103 more than in 2024-25.",
       "The services you used cost about £69 more than in 2024-25.",
       "The biggest rise is Council Tax: £103 more.");
  assert_string_equal(headline_amount(ENGLISH, -1050, false, f->arena), "\xE2\x88\x92£11");
  assert_string_equal(headline_amount(ENGLISH, 0, false, f->arena), "£0");
  assert_string_equal(headline_amount(ENGLISH, 1500, true, f->arena), "about £20");
}

static void pence_are_not_nothing(void **state) {
  struct fixture *f = *state;
  came_to(f, "council-tax", 0, 0);
  struct headline_part *care = came_to(f, "home-care", 0, 0);
  f->h.now.of[SHOWN_PAID] = 1;
  f->h.now.of[SHOWN_SERVICES] = care->now = 490;
  care->is_estimated = true;
  SAYS(ENGLISH,
       "In 2025-26 you paid less than £1 and used services that cost about £5, mostly care "
       "and support.");
  SAYS(WELSH,
       "Yn 2025-26 talasoch lai na £1, a defnyddiasoch wasanaethau a gostiodd tua £5, yn bennaf "
       "gofal a chymorth.");
  f->h.now.of[SHOWN_SERVICES] = care->now = 0;
  SAYS(ENGLISH, "In 2025-26 you paid less than £1 and received nothing.");
  assert_string_equal(headline_amount(ENGLISH, 49, false, f->arena), "less than £1");
  assert_string_equal(headline_amount(ENGLISH, -30, false, f->arena), "\xE2\x88\x92£0.30");
}

/* Of a year with £1 of tax, £9,000 of pension, and £100 of the year before taken back. */
static void a_correction_hides_no_year(void **state) {
  struct fixture *f = *state;
  came_to(f, "income-tax", -99, 0);
  came_to(f, "state-pension", 9000, 0);
  f->h.corrected[SHOWN_PAID] = true;
  SAYS(ENGLISH, "In 2025-26 corrections of other years took off £99 more than you paid.",
       "In 2025-26 you received £9,000.",
       "Items of other years were taken back in 2025-26. The notes say which, and how much.");
  f->h.part_count = 0, f->h.now = (struct figures){0};
  came_to(f, "state-pension", -50, 0);
  f->h.corrected[SHOWN_PAID] = false, f->h.corrected[SHOWN_CASH] = true;
  SAYS(ENGLISH, "In 2025-26 corrections of other years took off £50 more than you received.",
       "Items of other years were taken back in 2025-26. The notes say which, and how much.");
}

static void a_year_with_corrections_is_not_compared(void **state) {
  struct fixture *f = *state;
  came_to(f, "income-tax", 1000, -4000);
  came_to(f, "state-pension", 9000, 8000);
  f->h.was_corrected[SHOWN_PAID] = true;
  SAYS(ENGLISH, "In 2025-26 you paid £1,000 and received £9,000, mostly State Pension.",
       "What you paid is not compared with 2024-25, when items of other years were taken back.",
       "You received £1,000 more than in 2024-25.",
       "The biggest rise is State Pension: £1,000 more.");
}

static void what_stands_in_the_year_has_not_ended(void **state) {
  struct fixture *f = *state;
  came_to(f, "council-tax", 1500, 1500);
  came_to(f, "income-tax", 0, 900)->last = day_make(2025, 6, 3);
  SAYS(ENGLISH, "In 2025-26 you paid £1,500 and received nothing.",
       "You paid £900 less than in 2024-25.", "The biggest fall is Income Tax: £900 less.");
}

/* Each figure is rounded as it is shown. */
static void a_difference_is_that_of_the_figures_shown(void **state) {
  struct fixture *f = *state;
  came_to(f, "home-care", 2477, 2414)->is_estimated = true;
  SAYS(ENGLISH,
       "In 2025-26 you paid nothing and used services that cost about £2,480, mostly care "
       "and support.",
       "The services you used cost about £66 more than in 2024-25.",
       "The biggest rise is home care: about £66 more.");
}

static void an_unknown_cost_is_not_compared(void **state) {
  struct fixture *f = *state;
  came_to(f, "council-tax", 1720, 1610);
  came_to(f, "social-housing", 0, 300)->is_unvalued = true;
  f->h.has_unvalued = true;
  SAYS(ENGLISH, "In 2025-26 you paid £1,720, and used services whose cost is not known.",
       "You paid £110 more than in 2024-25.",
       "Some services are not compared with 2024-25, because what they cost is not known for both "
       "years: social housing.",
       "The biggest rise is Council Tax: £110 more.");
}

/* A visit and an ambulance in both years, without a cost in the first: no rise. */
static void an_unvalued_year_makes_no_rise(void **state) {
  struct fixture *f = *state;
  came_to(f, "gp-consultation", 90, 60);
  came_to(f, "accident-and-emergency", 280, 0)->was_unvalued = true;
  came_to(f, "ambulance", 420, 0)->was_unvalued = true;
  SAYS(ENGLISH, "In 2025-26 you paid nothing and used services that cost £790, mostly health care.",
       "Some services are not compared with 2024-25, because what they cost is not known for both "
       "years: accident and emergency, ambulance.",
       "The other services you used cost £30 more than in 2024-25.",
       "The biggest rise is GP consultation: £30 more.");
  f->parts[0].now = 6000; /* the rest is the same */
  f->h.now.of[SHOWN_SERVICES] -= 3000;
  SAYS(ENGLISH, "In 2025-26 you paid nothing and used services that cost £760, mostly health care.",
       "Some services are not compared with 2024-25, because what they cost is not known for both "
       "years: accident and emergency, ambulance.");
}

static void the_reason_goes_as_the_change_does(void **state) {
  struct fixture *f = *state;
  came_to(f, "universal-credit", 5328, 5000);
  came_to(f, "school-place", 1000, 1250);
  came_to(f, "bus-travel", 0, 138);
  SAYS(ENGLISH,
       "In 2025-26 you paid nothing and received £6,328, mostly Universal Credit and "
       "education.",
       "You received £60 less than in 2024-25.", "The biggest fall is school place: £250 less.");
}

static void a_sum_that_cannot_be_shown_is_not_said(void **state) {
  struct fixture *f = *state;
  came_to(f, "council-tax", 500, 0);
  f->h.now.of[SHOWN_CASH] = WIDE_LOST;
  headline_say(&f->h, f->arena, &f->words);
  assert_null(f->words.year);
  assert_int_equal(f->words.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(says_what_most_was),
      TEST(one_thing_may_be_most),
      TEST(nothing_may_stand_out),
      TEST(a_child_uses_services_only),
      TEST(nothing_at_all),
      TEST(only_paid_or_given_back),
      TEST(a_reason_is_what_the_lines_hold),
      TEST(what_ended_is_named),
      TEST(the_same_needs_no_reason),
      TEST(the_register_knows_births_moves_and_deaths),
      TEST(a_running_year_is_not_compared),
      TEST(a_running_year_has_no_nothing),
      TEST(cash_is_compared_apart_from_what_has_no_cost),
      TEST(an_unvalued_year_makes_no_rise),
      TEST(the_reason_goes_as_the_change_does),
      TEST(pence_are_not_nothing),
      TEST(an_unknown_cost_is_not_compared),
      TEST(a_correction_hides_no_year),
      TEST(a_year_with_corrections_is_not_compared),
      TEST(what_stands_in_the_year_has_not_ended),
      TEST(a_difference_is_that_of_the_figures_shown),
      TEST(estimates_are_rounded_and_say_so),
      TEST(a_sum_that_cannot_be_shown_is_not_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
