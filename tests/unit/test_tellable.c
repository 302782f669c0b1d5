/* What can be told (tellable.csv) is what the rules of the same pack ask. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fresh.h"
#include "pack/pack.h"
#include "rules/model.h"

static struct arena *arena;
static struct pack *pack;
static struct rules *rules;
static struct error err;

static int open_all(void **state) {
  (void)state;
  arena = arena_new();
  const char *const packs[] = {fresh_uk_pack()};
  return pack_open(&pack, packs[0], &err) != DONE ||
         rules_load(arena, packs, 1, &rules, &err) != DONE;
}

static int close_all(void **state) {
  (void)state;
  pack_close(pack);
  arena_free(arena);
  return 0;
}

static const struct rule_variable *variable_of(const struct pack_tellable *t) {
  const struct rule_variable *v = rules_variable(rules, span_of(t->variable));
  if (!v) fail_msg("%s is no variable of the rules", t->variable);
  return v;
}

static bool is_gate(const struct pack_tellable *t) {
  for (int i = 0; i < pack->gate_count; i++)
    if (pack->gates[i].gate == t) return true;
  return false;
}

static void each_is_an_input_of_the_rules(void **state) {
  (void)state;
  assert_true(pack->tellable_count >= 60);
  for (int i = 0; i < pack->tellable_count; i++) {
    const struct pack_tellable *t = &pack->tellables[i];
    if (!t->rule) {
      if (rules_variable(rules, span_of(t->variable))) fail_msg("%s is of the rules", t->variable);
      if (!is_gate(t) && t->kind != TELL_PERSON && t->kind != TELL_PEOPLE)
        fail_msg("nothing reads %s", t->variable);
      continue;
    }
    const struct rule_variable *v = variable_of(t);
    if (v->version_count) fail_msg("%s has a formula", t->variable);
    if (!t->of_unit || strcmp(v->entity->name, "benunit") != 0)
      assert_string_equal(v->entity->name, t->of_household || t->of_unit ? "household" : "person");
    /* what is told is kept for the year, or for good; a flow is turned into its own period */
    if (v->period < EACH_YEAR && !v->type.flow)
      fail_msg("%s is of a %s", t->variable, rule_each_words[v->period]);
  }
}

static bool kinds_agree(const struct pack_tellable *t, const struct rule_type *type) {
  switch (t->kind) {
  case TELL_MONEY:
    return type->kind == KIND_NUMBER && type->money == 1 && !type->hours &&
           (type->flow != EACH_NONE) == (t->per_count > 0);
  case TELL_YES_NO: return type->kind == KIND_BOOL;
  case TELL_DAY: return type->kind == KIND_DATE;
  case TELL_NUMBER: return type->kind == KIND_NUMBER && !type->money && !type->hours;
  case TELL_HOURS: return type->kind == KIND_NUMBER && type->hours == 1;
  case TELL_CHOICE: return type->kind == KIND_ENUM && strcmp(type->items->name, t->list) == 0;
  default: return false;
  }
}

static void kinds_are_those_of_the_rules(void **state) {
  (void)state;
  for (int i = 0; i < pack->tellable_count; i++) {
    const struct pack_tellable *t = &pack->tellables[i];
    if (t->rule && !kinds_agree(t, &variable_of(t)->type))
      fail_msg("%s is told as %s, and the rules have %s", t->variable, tell_kind_word(t->kind),
               rule_type_words(rules, arena, &variable_of(t)->type));
  }
}

/* Areas are left out on one side: their names come with the tables of rents. */
static void lists_have_the_items_of_the_rules(void **state) {
  (void)state;
  for (int i = 0; i < pack->tellable_count; i++) {
    const struct pack_tellable *t = &pack->tellables[i];
    if (t->kind != TELL_CHOICE) continue;
    const struct rule_enum *items = variable_of(t)->type.items;
    for (int k = 0; k < items->count && strcmp(t->list, "brma") != 0; k++)
      if (strcmp(items->items[k], "UNKNOWN") != 0 &&
          !pack_find_tell_item(pack, t->list, span_of(items->items[k])))
        fail_msg("%s lacks %s", t->list, items->items[k]);
    for (int k = 0; k < pack->tell_item_count; k++)
      if (strcmp(pack->tell_items[k].list, t->list) == 0 &&
          rule_enum_item(items, span_of(pack->tell_items[k].item)) < 0)
        fail_msg("the rules have no %s in %s", pack->tell_items[k].item, t->list);
  }
}

/* A "no" says that there is nothing, which is what the rules have where nothing is told. */
static void a_no_settles_with_the_default(void **state) {
  (void)state;
  assert_true(pack->gate_count >= 40);
  for (int i = 0; i < pack->gate_count; i++) {
    const struct pack_gate *g = &pack->gates[i];
    if (strcmp(g->answer, "no") != 0 || !*g->value) continue;
    if (is_gate(g->settles)) { /* no gate is of the rules: no settles it with no */
      assert_string_equal(g->value, "no");
      continue;
    }
    const struct rule_variable *v = variable_of(g->settles);
    double value = strtod(g->value, NULL);
    if (g->settles->kind == TELL_CHOICE) value = rule_enum_item(v->type.items, span_of(g->value));
    if (value != v->by_default)
      fail_msg("%s settles %s with another value", g->gate->variable, v->name);
  }
}

static void each_can_be_told_by_somebody_and_says_why(void **state) {
  (void)state;
  for (int i = 0; i < pack->tellable_count; i++) {
    const struct pack_tellable *t = &pack->tellables[i];
    assert_true(t->who && t->purpose_count && t->review_months > 0);
    for (int l = 0; l < LANGUAGES; l++) assert_true(*t->name[l] && *t->question[l] && *t->why[l]);
    assert_string_not_equal(t->question[ENGLISH], t->question[WELSH]);
  }
}

/* ---- what nobody tells ---- */

static bool is_place_code(const char *variable) {
  for (int i = 0; i < pack->place_code_count; i++)
    if (strcmp(pack->place_codes[i].variable, variable) == 0) return true;
  return false;
}

static const struct pack_assumed *assumed_of(const char *variable) {
  for (int i = 0; i < pack->assumed_count; i++)
    if (strcmp(pack->assumed[i].variable, variable) == 0) return &pack->assumed[i];
  return NULL;
}

/* Every variable that a formula reads, whatever the day. */
static void reach(const struct rule_variable *v, bool *reached);
static void reach_in(const struct rule_expr *e, bool *reached) {
  if (!e) return;
  if (e->variable) reach(e->variable, reached);
  for (int i = 0; i < e->arg_count; i++) reach_in(e->args[i], reached);
  for (int i = 0; i < e->step_count; i++) reach_in(e->steps[i].chosen, reached);
}
static void reach(const struct rule_variable *v, bool *reached) {
  if (reached[v->index]) return;
  reached[v->index] = true;
  if (v->known) reach(v->known, reached);
  if (v->year_where) reach(v->year_where, reached);
  for (int i = 0; i < v->version_count; i++) {
    for (int k = 0; k < v->versions[i].let_count; k++)
      reach_in(v->versions[i].lets[k].value, reached);
    reach_in(v->versions[i].value, reached);
  }
}

/* Each input that an assessment reads can be told, comes from the register, or is named as assumed
 * with a reason; and nothing is named that no assessment reads. */
static void each_input_is_told_derived_or_assumed(void **state) {
  (void)state;
  bool *reached = arena_array(arena, bool, rules->variable_count + 1);
  int inputs = 0;
  for (int i = 0; i < pack->entitlement_count; i++) {
    reach(rules_variable(rules, span_of(pack->entitlements[i].variable)), reached);
    if (pack->entitlements[i].billed)
      reach(rules_variable(rules, span_of(pack->entitlements[i].billed)), reached);
  }
  for (int i = 0; i < pack->claiming_count; i++)
    if (pack->claimings[i].when)
      reach(rules_variable(rules, span_of(pack->claimings[i].when)), reached);
  for (int i = 0; i < rules->variable_count; i++) {
    const struct rule_variable *v = rules->variables[i];
    if (!reached[i] || v->version_count) continue;
    inputs++;
    if (!pack_find_tellable(pack, span_of(v->name)) && !assumed_of(v->name))
      fail_msg("%s can't be told, and assumed.csv does not say why", v->name);
  }
  assert_true(inputs > 100);
  for (int i = 0; i < pack->assumed_count; i++) {
    const struct pack_assumed *a = &pack->assumed[i];
    const struct rule_variable *v = rules_variable(rules, span_of(a->variable));
    if (!v || !reached[v->index]) fail_msg("no assessment reads %s", a->variable);
    if (v->version_count) fail_msg("%s has a formula", v->name);
    if (!*a->otherwise && pack_find_tellable(pack, span_of(a->variable)))
      fail_msg("%s is told, and said to come from elsewhere", a->variable);
    if (is_place_code(a->variable)) assert_false(v->type.kind != KIND_ENUM);
    assert_string_not_equal(a->name[ENGLISH], a->name[WELSH]);
    assert_string_not_equal(a->why[ENGLISH], a->why[WELSH]);
  }
}

/* When a claim costs something is a yes or no of the rules; that it is made an input of them. */
static void claims_are_of_the_rules(void **state) {
  (void)state;
  assert_true(pack->claiming_count > 0);
  for (int i = 0; i < pack->claiming_count; i++) {
    const char *when = pack->claimings[i].when;
    const struct rule_variable *v = when ? rules_variable(rules, span_of(when)) : NULL;
    if (when && (!v || v->type.kind != KIND_BOOL)) fail_msg("%s", when);
  }
  for (int i = 0; i < pack->entitlement_count; i++) {
    const char *claimed = pack->entitlements[i].claimed;
    const struct rule_variable *v = claimed ? rules_variable(rules, span_of(claimed)) : NULL;
    if (claimed && (!v || v->type.kind != KIND_BOOL || v->version_count)) fail_msg("%s", claimed);
  }
}

/* Told on any day: known on that day and up to the day before benefits rise, the first Monday from
 * 6 April on, and on no day after it; from 6 April itself for the year that begins. */
static void what_rises_lasts_until_the_next_april(void **state) {
  (void)state;
  const struct pack_tellable *rises = pack_find_tellable(pack, span_of("state_pension_reported"));
  const struct pack_tellable *stays = pack_find_tellable(pack, span_of("rent"));
  for (day_t day = day_make(1990, 1, 1); day < day_make(2060, 1, 1); day++) {
    const day_t last = pack_tell_lasts(rises, span_of("150.00"), day, day % 2);
    int year, month, of_month, next, next_month, next_of_month;
    day_parts(day, &year, &month, &of_month);
    day_parts(last + 1, &next, &next_month, &next_of_month);
    assert_true(last >= day && last - day < 373);
    assert_int_equal(((last + 1 - 4) % 7 + 7) % 7, 0); /* day 4 was a Monday */
    assert_true(next_month == 4 && next_of_month >= 6 && next_of_month <= 12);
    const bool is_sixth = month == 4 && of_month == 6;
    assert_int_equal(next, is_sixth || pack_last_rise(rises, day) >= day_make(year, 4, 6) ? year + 1
                                                                                          : year);
    if (!is_sixth) assert_int_equal(pack_last_rise(rises, last), pack_last_rise(rises, day));
    assert_int_equal(pack_last_rise(rises, last + 1), last + 1);
    assert_int_equal(pack_tell_lasts(rises, span_of("0"), day, false), DAY_NONE);
    assert_int_equal(pack_tell_lasts(stays, span_of("650.00"), day, true), DAY_NONE);
  }
}

/* A council tax reduction is of the year from 1 April; housing benefit as a body decided it is too,
 * from the week that holds 1 April on, and as others told it between the two days of rise until the
 * second. */
static void what_councils_set_lasts_until_the_end_of_march(void **state) {
  (void)state;
  const struct pack_tellable *tax = pack_find_tellable(pack,
                                                       span_of("council_tax_benefit_reported"));
  const struct pack_tellable *rent = pack_find_tellable(pack, span_of("housing_benefit_reported"));
  const struct pack_tellable *pension = pack_find_tellable(pack, span_of("state_pension_reported"));
  const struct span pounds = span_of("20.00");
  for (day_t day = day_make(1990, 1, 1); day < day_make(2060, 1, 1); day++) {
    int year, month, of_month;
    day_parts(day, &year, &month, &of_month);
    const int after = month >= 4 ? year + 1 : year;
    const bool is_near = month == 3 && of_month >= 26, is_sixth = month == 4 && of_month == 6;
    const day_t rise = pack_last_rise(pension, day_make(year, 4, 12)),
                last = day_make(after, 3, 31);
    assert_int_equal(pack_tell_lasts(tax, pounds, day, day % 2), last);
    assert_int_equal(pack_last_rise(tax, day), day_make(after - 1, 4, 1));
    assert_int_equal(pack_tell_lasts(rent, pounds, day, true),
                     is_near ? day_make(year + 1, 3, 31) : last);
    assert_int_equal(pack_tell_lasts(rent, pounds, day, false),
                     month == 4 && day < rise && !is_sixth ? rise - 1 : last);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_is_an_input_of_the_rules),
      cmocka_unit_test(what_councils_set_lasts_until_the_end_of_march),
      cmocka_unit_test(kinds_are_those_of_the_rules),
      cmocka_unit_test(lists_have_the_items_of_the_rules),
      cmocka_unit_test(a_no_settles_with_the_default),
      cmocka_unit_test(each_can_be_told_by_somebody_and_says_why),
      cmocka_unit_test(each_input_is_told_derived_or_assumed),
      cmocka_unit_test(claims_are_of_the_rules),
      cmocka_unit_test(what_rises_lasts_until_the_next_april),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
