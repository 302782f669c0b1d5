/* Single changes, notices, messages and searches: on the engine that WEAL_TEST_STORE names
 * (fresh.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "action/tell.h"
#include "book/book.h"
#include "notify/notify.h"
#include "portal_town.h"
#include "register/access_log.h"
#include "register/case_actor.h"
#include "register/legal_holds.h"
#include "register/search.h"

static struct pack *pack; /* of the whole run */

static struct person read(struct town *t, int64_t id) {
  struct person p;
  ok(register_person(t->store, t->arena, id, &p, &err));
  return p;
}

static const char *lives(struct town *t, int64_t id, day_t on) {
  struct person p = read(t, id);
  struct homes *homes;
  struct places *places;
  ok(register_homes(t->store, t->arena, &p, &homes, &err));
  ok(register_places(t->store, t->arena, &places, &err));
  int at = places_by_id(places, homes_place(homes, &p, on));
  return at == PLACE_NONE ? "" : places->all[at].code;
}

/* ---- single changes ---- */

/* By which nobody decides their own death, and erasure finds what was told of somebody. */
static void whom_a_name_means_is_folded(void **state) {
  (void)state;
  struct person sian = {.name = "Siân O’Brien", .born = day("1980-03-01")}, unborn = sian;
  assert_true(notice_names(&sian, "Siân O’Brien", "1980-03-01"));
  assert_true(notice_names(&sian, "sian o'brien", "1980-03-01"));
  assert_false(notice_names(&sian, "Sian Brien", "1980-03-01"));
  assert_false(notice_names(&sian, "Siân O’Brien", "1980-03-02"));
  unborn.born = DAY_NONE;
  assert_false(notice_names(&unborn, "Siân O’Brien", "1980-03-01"));
  sian.name = NULL;
  assert_false(notice_names(&sian, "", "1980-03-01"));
}

static void a_name_changes(void **state) {
  struct town *t = *state;
  char much[300];
  memset(much, 'a', sizeof much);
  ok(change_rename(t->store, t->arena, t->ann, span_of("  Ann Moor-Fi\xc3\xaald "), &err));
  assert_string_equal(read(t, t->ann).name, "Ann Moor-Fi\xc3\xaald");
  assert_int_equal(read(t, t->ann).born, day("1980-03-01"));
  assert_string_equal(lives(t, t->ann, TODAY), "N1");
  assert_int_equal(town_find(t, "nino:QQ123456C"), t->ann);
  refused("name", change_rename(t->store, t->arena, t->ann, span_of(""), &err));
  refused("name", change_rename(t->store, t->arena, t->ann, span_of("A\nB"), &err));
  refused("name", change_rename(t->store, t->arena, t->ann, span_of("\xed\xa0\x80"), &err));
  refused("name", change_rename(t->store, t->arena, t->ann, span_make("a\0b", 3), &err));
  refused("name", change_rename(t->store, t->arena, t->ann, span_make(much, sizeof much), &err));
  refused("name",
          change_rename(t->store, t->arena, t->ann, span_of("Ann Moor-Fi\xc3\xaald"), &err));
  refused("", change_rename(t->store, t->arena, 999, span_of("X"), &err));
}

static void a_move_is_from_a_day(void **state) {
  struct town *t = *state;
  ok(change_move(t->store, t->arena, t->ann, span_of("N2"), TODAY - 5, TODAY, &err));
  assert_string_equal(lives(t, t->ann, TODAY - 6), "N1");
  assert_string_equal(lives(t, t->ann, TODAY - 5), "N2");
  struct person p = read(t, t->ann), other = read(t, t->bob);
  /* a home of one's own is a household, from that day on */
  const int64_t home = person_household(&p, TODAY);
  assert_true(home > 0 && home != person_household(&other, TODAY));
  assert_int_equal(person_household(&p, TODAY - 6), person_household(&other, TODAY));
  assert_string_equal(lives(t, t->bob, TODAY), "N1");
  /* told again for that day it is the same one; of another day, another */
  ok(change_move(t->store, t->arena, t->ann, span_of("N1"), TODAY - 5, TODAY, &err));
  assert_string_equal(lives(t, t->ann, TODAY), "N1");
  p = read(t, t->ann);
  assert_int_equal(person_household(&p, TODAY), home);
  ok(change_move(t->store, t->arena, t->ann, span_of("N2"), TODAY - 5, TODAY, &err));
  ok(change_move(t->store, t->arena, t->ann, span_of("N2"), TODAY - 2, TODAY, &err));
  p = read(t, t->ann);
  assert_true(person_household(&p, TODAY) != home && person_household(&p, TODAY) > 0);
  assert_int_equal(person_household(&p, TODAY - 3), home);
  ok(change_join(t->store, t->arena, t->ann, span_of("H1"), TODAY + 10, TODAY, &err));
  assert_string_equal(lives(t, t->ann, TODAY + 9), "N2");
  assert_string_equal(lives(t, t->ann, TODAY + 10), "N1");
  refused("place", change_move(t->store, t->arena, t->ann, span_of("X9"), TODAY, TODAY, &err));
  refused("place", change_move(t->store, t->arena, t->ann, span_of(""), TODAY, TODAY, &err));
  refused("household", change_join(t->store, t->arena, t->ann, span_of("H9"), TODAY, TODAY, &err));
  /* a person is not a household */
  refused("household", change_join(t->store, t->arena, t->ann, span_of("P2"), TODAY, TODAY, &err));
  refused("from", change_move(t->store, t->arena, t->ann, span_of("N2"), DAY_NONE, TODAY, &err));
  refused("from",
          change_move(t->store, t->arena, t->ann, span_of("N2"), day("1980-02-29"), TODAY, &err));
  refused("from", change_move(t->store, t->arena, t->ann, span_of("N2"), TODAY + 400, TODAY, &err));
  refused("from", change_move(t->store, t->arena, t->dead, span_of("N2"), TODAY, TODAY, &err));
}

static void a_child_is_born_into_the_home(void **state) {
  struct town *t = *state;
  struct change_birth birth = {
      .parent = t->ann, .name = span_of("Eli Field"), .sex = span_of("M"), .born = TODAY - 3};
  int64_t id, second;
  ok(change_birth(t->store, t->arena, &birth, TODAY, &id, &err));
  struct person p = read(t, id);
  assert_string_equal(p.name, "Eli Field");
  assert_int_equal(p.sex, 'M');
  assert_int_equal(town_find(t, p.code), id);
  assert_string_equal(lives(t, id, TODAY), "N1");
  refused("name", change_birth(t->store, t->arena, &birth, TODAY, &second, &err));
  birth.parent = t->bob; /* the other parent reports it too */
  refused("name", change_birth(t->store, t->arena, &birth, TODAY, &second, &err));
  birth.name = span_of("Eve Field"); /* a twin */
  ok(change_birth(t->store, t->arena, &birth, TODAY, &second, &err));
  assert_int_equal(second, id + 1);
  birth.sex = span_of("Q");
  birth.name = span_of("Three");
  refused("sex", change_birth(t->store, t->arena, &birth, TODAY, &second, &err));
  birth.sex = (struct span){0};
  birth.born = TODAY + 1;
  refused("born", change_birth(t->store, t->arena, &birth, TODAY, &second, &err));
  birth.born = day("1970-01-01");
  refused("born", change_birth(t->store, t->arena, &birth, TODAY, &second, &err));
  birth.born = DAY_NONE;
  refused("born", change_birth(t->store, t->arena, &birth, TODAY, &second, &err));
}

static void a_child_is_born_into_a_home_of_ones_own(void **state) {
  struct town *t = *state;
  struct change_birth birth = {.parent = t->ann, .name = span_of("Eli Field"), .born = TODAY - 3};
  int64_t id;
  ok(change_move(t->store, t->arena, t->ann, span_of("N2"), TODAY - 5, TODAY, &err));
  ok(change_birth(t->store, t->arena, &birth, TODAY, &id, &err));
  struct person parent = read(t, t->ann), child = read(t, id);
  assert_true(person_household(&child, TODAY) > 0);
  assert_int_equal(person_household(&child, TODAY), person_household(&parent, TODAY));
  assert_string_equal(lives(t, id, TODAY), "N2");
}

static void a_death_is_reported_once(void **state) {
  struct town *t = *state;
  refused("died", change_death(t->store, t->arena, t->cai, TODAY + 1, TODAY, &err));
  refused("died", change_death(t->store, t->arena, t->cai, day("1950-07-06"), TODAY, &err));
  refused("died", change_death(t->store, t->arena, t->cai, DAY_NONE, TODAY, &err));
  ok(change_death(t->store, t->arena, t->cai, TODAY, TODAY, &err));
  assert_int_equal(read(t, t->cai).died, TODAY);
  refused("died", change_death(t->store, t->arena, t->cai, TODAY, TODAY, &err));
}

static void a_change_to_a_merged_record_changes_the_survivor(void **state) {
  struct town *t = *state;
  ok(register_merge(t->store, t->ann, t->bob, "same", &err));
  ok(change_rename(t->store, t->arena, t->bob, span_of("Ann Bob"), &err));
  assert_string_equal(read(t, t->ann).name, "Ann Bob");
  assert_string_equal(read(t, t->bob).name, "Bob Field");
}

/* A writer of few rows does the same as a whole one for any rows: each row goes to both, and then
 * everything is compared. */
static void a_writer_of_few_rows_does_the_same(void **state) {
  struct town *t = *state;
  uint32_t seed = 11;
  static const char *const homes[] = {"H1", "H2", ""}, *const where[] = {"N1", "N2", ""},
                           *const ninos[] = {"QQ123456C", "QQ123456A", "QQ123456B", ""};
  for (int step = 0; step < 120; step++) {
    seed = seed * 1664525u + 1013904223u;
    char code[8], codes[2][8];
    snprintf(code, sizeof code, "%u", seed >> 28);
    struct person_row row = {.name = span_of(seed >> 8 & 1 ? "A" : "B"),
                             .born = day("1990-01-01"),
                             .died = DAY_NONE,
                             .keep_died = true,
                             .from = seed >> 9 & 1 ? DAY_NONE : TODAY + (day_t)(seed >> 10 & 7)};
    if (seed >> 13 & 1) row.household = span_of(homes[(seed >> 14 & 3) % 3]);
    if (seed >> 16 & 1) row.place = span_of(where[(seed >> 17 & 3) % 3]);
    /* two people with the same rows: F... by the writer of few, W... by the whole one */
    for (int few = 0; few < 2; few++) {
      struct register_writer *w;
      struct register_counts counts;
      int64_t first, last;
      snprintf(codes[few], sizeof codes[few], "%c%.6s", few ? 'F' : 'W', code);
      row.code = span_of(codes[few]);
      if (few) ok(register_writer_open_few(&w, t->store, t->arena, &err));
      else ok(register_writer_open(&w, t->store, t->arena, &err));
      ok(register_write_person(w, &row, &err));
      ok(register_writer_end(w, &counts, &first, &last, &err));
      register_writer_free(w);
    }
    struct person all = read(t, town_find(t, codes[0])), few = read(t, town_find(t, codes[1]));
    assert_string_equal(all.name, few.name);
    assert_int_equal(all.residence_count, few.residence_count);
    for (int s = 0; s < all.residence_count; s++)
      assert_memory_equal(&all.residences[s], &few.residences[s], sizeof *all.residences);
  }
  for (int step = 0; step < 60; step++) { /* numbers: a rule for both */
    seed = seed * 1664525u + 1013904223u;
    struct person_row row = {.name = span_of("A"),
                             .born = day("1990-01-01"),
                             .died = DAY_NONE,
                             .keep_died = true,
                             .from = DAY_NONE,
                             .code = span_of(seed >> 30 ? "W1" : "W2"),
                             .nino = span_of(ninos[seed >> 20 & 3])};
    struct register_writer *w;
    struct error one = {0}, other = {0};
    ok(register_writer_open(&w, t->store, t->arena, &err));
    enum status whole = register_write_person(w, &row, &one);
    register_writer_free(w);
    ok(register_writer_open_few(&w, t->store, t->arena, &err));
    enum status few = register_write_person(w, &row, &other);
    assert_int_equal(whole, few);
    assert_string_equal(one.message, other.message);
    assert_string_equal(one.column, other.column);
    struct register_counts counts;
    int64_t first, last;
    if (few == DONE) ok(register_writer_end(w, &counts, &first, &last, &err));
    register_writer_free(w);
  }
}

/* ---- notices ---- */

static const struct case_handler *const handlers[] = {&tell_case_handler, NULL};

static struct case_desk desk(void) {
  return (struct case_desk){.pack = pack, .handlers = handlers, .today = TODAY};
}

#define FACTS(...) ((const struct case_fact[]){__VA_ARGS__, {.name = NULL}})
static struct case_fact fact(const char *name, const char *text) {
  return (struct case_fact){name, span_of(text)};
}

/* After anything but DONE what was written is taken back, as every caller does. */
static enum status finish(struct town *t, enum status status) {
  const struct error found = err;
  if (status == DONE) ok(store_savepoint_release(t->store, &err));
  else ok(store_savepoint_undo(t->store, &err));
  err = found;
  return status;
}

/* Opens a case in the person's own name. */
static enum status tell(struct town *t, int64_t person, const char *kind,
                        const struct case_fact *facts, int64_t *id) {
  const struct case_desk at = desk();
  struct case_actor actor;
  struct case_opening opening = {.kind = kind, .party = person, .facts = facts};
  while (facts[opening.fact_count].name) opening.fact_count++;
  struct person p = read(t, person);
  ok(register_case_actor(t->store, t->arena, person, TODAY, arena_printf(t->arena, "id:%s", p.code),
                         &actor, &err));
  ok(store_savepoint(t->store, &err));
  return finish(t, case_open(t->store, t->arena, &at, &actor, &opening, id, &err));
}

/* Bob is staff of the body from the beginning of time on, or no longer. */
static void set_staff(struct town *t, int64_t body, bool is_staff) {
  char sql[200];
  snprintf(sql, sizeof sql, "delete from office where id = %d", 900 + (int)body);
  ok(store_run(t->store, sql, &err));
  if (!is_staff) return;
  snprintf(sql, sizeof sql,
           "insert into office (person, id, role, body, from_day, who, at) values (%d, %d, "
           "'staff', %d, 0, 'x', '')",
           (int)t->bob, 900 + (int)body, (int)body);
  ok(store_run(t->store, sql, &err));
}

/* Bob, while he is staff of the body. */
static struct case_actor staff(struct town *t, int64_t body) {
  struct case_actor actor;
  set_staff(t, body, true);
  ok(register_case_actor(t->store, t->arena, t->bob, TODAY, "id:P2", &actor, &err));
  set_staff(t, body, false);
  return actor;
}

static enum status decide(struct town *t, int64_t body, int64_t id, const char *move,
                          const char *words, const char *who, struct case_file *file) {
  const struct case_desk at = desk();
  struct case_actor actor = staff(t, body);
  const struct case_fact dead = fact("who", who ? who : "");
  const struct case_motion motion = {
      .id = id, .move = move, .words = span_of(words), .facts = &dead, .fact_count = who ? 1 : 0};
  ok(store_savepoint(t->store, &err));
  return finish(t, case_move(t->store, t->arena, &at, &actor, &motion, file, &err));
}

static struct case_file the_case(struct town *t, int64_t id) {
  const struct case_desk at = desk();
  struct case_actor actor = staff(t, t->council);
  struct case_file file;
  ok(case_one(t->store, t->arena, &at, &actor, id, &file, &err));
  return file;
}

static int64_t cases_left(struct town *t) {
  return number_of(t->store, "select count(*) from case_file");
}

static void own_name_and_address_apply_at_once(void **state) {
  struct town *t = *state;
  int64_t name, address;
  set_staff(t, t->council, true);
  ok(tell(t, t->ann, "told-name", FACTS(fact("name", "Ann Moor")), &name));
  assert_string_equal(read(t, t->ann).name, "Ann Moor");
  ok(tell(t, t->ann, "told-address", FACTS(fact("place", "N2"), fact("from", "2026-05-01")),
          &address));
  assert_string_equal(lives(t, t->ann, day("2026-05-01")), "N2");
  assert_true(address > name);
  struct case_file file = the_case(t, name);
  assert_string_equal(file.state_word, "done");
  assert_false(file.waits);
  assert_string_equal(file.decided_by, "id:P1"); /* nobody else did */
  assert_int_equal(file.to_body, 0);
  assert_int_equal(file.told_count, 1);
  assert_int_equal(file.told[0].body, t->council);
  assert_null(file.told[0].read_at);
  assert_string_equal(case_fact(&file, "name"), "Ann Moor");
  assert_null(case_fact(&file, "place"));
}

static void other_changes_wait_for_staff(void **state) {
  struct town *t = *state;
  int64_t id, born;
  struct case_file file;
  set_staff(t, t->council, true);
  ok(tell(t, t->cai, "told-birth",
          FACTS(fact("name", "Eli Field"), fact("born", "2026-05-01"), fact("sex", "M")), &id));
  file = the_case(t, id);
  assert_true(file.waits);
  assert_null(file.escalated);
  assert_int_equal(file.to_body, t->council);
  struct case_actor reader = staff(t, t->council), other = staff(t, t->club);
  const struct case_desk at = desk();
  ok(case_read(t->store, &reader, &file, &err));
  ok(case_read(t->store, &reader, &file, &err));
  assert_non_null(the_case(t, id).told[0].read_at);
  refused("", case_one(t->store, t->arena, &at, &other, id, &file, &err));
  refused("", case_one(t->store, t->arena, &at, &reader, id + 1, &file, &err));
  refused("", decide(t, t->club, id, "accept", "", NULL, &file));
  ok(decide(t, t->council, id, "accept", "", NULL, &file));
  assert_int_equal(sscanf(file.result, "person:%" SCNd64, &born), 1);
  assert_string_equal(read(t, born).name, "Eli Field");
  struct account *accounts;
  int count;
  ok(book_accounts_of(t->store, t->arena, OWNER_PERSON, &born, 1, &accounts, &count, &err));
  assert_true(count > 0);
  refused("", decide(t, t->council, id, "accept", "", NULL, &file));
  refused("", decide(t, t->council, id, "refuse", "no", NULL, &file));
  file = the_case(t, id);
  assert_string_equal(file.state_word, "done");
  assert_string_equal(file.decided_by, "id:P2");
}

static void a_notice_is_refused_with_a_reason(void **state) {
  struct town *t = *state;
  int64_t id;
  struct case_file file;
  char much[CASE_WORDS_BYTES_MAX + 2];
  memset(much, 'x', sizeof much);
  much[sizeof much - 1] = 0;
  ok(tell(t, t->cai, "told-household", FACTS(fact("household", "H1"), fact("from", "2026-05-01")),
          &id));
  refused("words", decide(t, t->council, id, "refuse", " ", NULL, &file));
  refused("words", decide(t, t->council, id, "refuse", much, NULL, &file));
  ok(decide(t, t->council, id, "refuse", "no such tenancy", NULL, &file));
  file = the_case(t, id);
  assert_string_equal(file.state_word, "refused");
  assert_string_equal(file.answer, "no such tenancy");
  assert_string_equal(lives(t, t->cai, TODAY + 300), "N2");
}

static void a_death_is_reported_of_a_housemate_or_by_name(void **state) {
  struct town *t = *state;
  int64_t id;
  struct case_file file;
  char words[ERROR_MESSAGE_SIZE];
  ok(tell(t, t->bob, "told-death", FACTS(fact("person", "P1"), fact("died", "2026-05-01")), &id));
  refused("", decide(t, t->council, id, "accept", "", "P3", &file)); /* Ben told it himself */
  ok(tell(t, t->dead, "told-death", FACTS(fact("person", "P3"), fact("died", "2026-05-01")), &id));
  ok(decide(t, t->council, id, "accept", "", "P1", &file));
  /* the person whom the notice gave, whatever staff say */
  assert_int_equal(read(t, t->cai).died, day("2026-05-01"));
  assert_int_equal(read(t, t->ann).died, DAY_NONE);
  refused("person", tell(t, t->ann, "told-death",
                         FACTS(fact("person", "P3"), fact("died", "2026-05-01")), &id));
  snprintf(words, sizeof words, "%s", err.message);
  refused("person", tell(t, t->ann, "told-death",
                         FACTS(fact("person", "nobody"), fact("died", "2026-05-01")), &id));
  /* the refusal does not say whether there is such a person */
  assert_string_equal(words, err.message);
}

static void somebody_whom_only_a_name_tells_is_found_by_staff(void **state) {
  struct town *t = *state;
  int64_t id;
  struct case_file file;
  refused("name", tell(t, t->cai, "told-death", FACTS(fact("died", "2026-05-01")), &id));
  refused("born", tell(t, t->cai, "told-death",
                       FACTS(fact("died", "2026-05-01"), fact("name", "Cai Moor")), &id));
  refused("died", tell(t, t->cai, "told-death",
                       FACTS(fact("died", "1940-05-01"), fact("name", "Cai Moor"),
                             fact("born", "1950-07-07")),
                       &id));
  ok(tell(t, t->cai, "told-death",
          FACTS(fact("died", "2026-05-01"), fact("name", "Cai Moor"), fact("born", "1950-07-07")),
          &id));
  refused("who", decide(t, t->council, id, "accept", "", NULL, &file));
  refused("who", decide(t, t->council, id, "accept", "", "nobody", &file));
  ok(decide(t, t->council, id, "accept", "", "P3", &file));
  assert_int_equal(read(t, t->cai).died, day("2026-05-01"));
}

static void only_staff_learn_whether_a_household_exists(void **state) {
  struct town *t = *state;
  int64_t id;
  struct case_file file;
  ok(tell(t, t->cai, "told-household", FACTS(fact("household", "H9"), fact("from", "2026-05-01")),
          &id));
  refused("", decide(t, t->council, id, "accept", "", NULL, &file));
  says("'H9' is no registered household");
}

static void bad_facts_are_refused_by_name(void **state) {
  struct town *t = *state;
  int64_t id;
  char much[CASE_FACTS_BYTES_MAX + 1];
  memset(much, 'x', sizeof much);
  much[sizeof much - 1] = 0;
  const struct {
    const char *kind, *column;
    struct case_fact facts[4];
  } bad[] = {
      {"told-name", "name", {fact("name", "")}},
      {"told-name", "name", {fact("name", "   ")}},
      {"told-name", "name", {fact("name", "A\nB")}},
      {"told-name", "name", {{"name", {"A\0B", 3}}}},
      {"told-household", "household", {{"household", {"H\0B", 3}}, fact("from", "2026-05-01")}},
      {"told-name", "name", {fact("name", "A"), fact("name", "B")}},
      {"told-name", "x", {fact("name", "A"), fact("x", "y")}},
      {"told-name", "name", {fact("name", much)}},
      {"told-address", "place", {fact("from", "2026-05-01")}},
      {"told-address",
       "place",
       {fact("from", "2026-05-01"), fact("place", "'; drop table party; --")}},
      {"told-address", "from", {fact("place", "N2")}},
      {"told-address", "from", {fact("place", "N2"), fact("from", "soon")}},
      {"told-household", "household", {fact("from", "2026-05-01")}},
      {"told-household", "from", {fact("household", "H9"), fact("from", "2900-05-01")}},
      {"told-birth", "sex", {fact("name", "A"), fact("born", "2026-05-01"), fact("sex", "%n")}},
      {"told-birth", "born", {fact("name", "A"), fact("born", "2026-02-30")}},
      {"told-birth", "born", {fact("name", "A")}}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    refused(bad[i].column, tell(t, t->ann, bad[i].kind, bad[i].facts, &id));
    assert_int_equal(cases_left(t), 0);
  }
  /* nobody could take it */
  ok(store_run(t->store, "delete from body", &err));
  refused("",
          tell(t, t->ann, "told-birth", FACTS(fact("name", "A"), fact("born", "2026-05-01")), &id));
}

static void a_check_needs_only_the_given_facts_and_writes_nothing(void **state) {
  struct town *t = *state;
  int64_t before = number_of(t->store, "select party from head where id = 1");
  struct notice_input it = {.person = t->ann,
                            .kind = "told-birth",
                            .facts = FACTS(fact("name", "A")),
                            .fact_count = 1,
                            .today = TODAY};
  ok(notice_check(t->store, t->arena, &it, false, &err));
  refused("born", notice_check(t->store, t->arena, &it, true, &err));
  it.facts = FACTS(fact("name", "A"), fact("born", "2036-05-01"));
  it.fact_count = 2;
  refused("born", notice_check(t->store, t->arena, &it, false, &err));
  it.facts = FACTS(fact("name", "A"), fact("born", "2026-05-01"));
  ok(notice_check(t->store, t->arena, &it, true, &err));
  it.kind = "told-address";
  it.facts = FACTS(fact("place", "N2"));
  it.fact_count = 1;
  ok(notice_check(t->store, t->arena, &it, false, &err));
  it.facts = FACTS(fact("place", "N2"), fact("address-1", "1 Lane"), fact("postcode", "QM1 1AA"));
  it.fact_count = 3;
  refused("postcode", notice_check(t->store, t->arena, &it, false, &err));
  /* a kind that only the pack knows is passed on */
  it.kind = "told-divorce";
  ok(notice_check(t->store, t->arena, &it, true, &err));
  it.fact_count = 1;
  it.kind = "told-name";
  it.facts = FACTS(fact("name", "B"));
  ok(notice_check(t->store, t->arena, &it, true, &err));
  assert_string_equal(read(t, t->ann).name, "Ann Field");
  assert_int_equal(before, number_of(t->store, "select party from head where id = 1"));
  ok(store_commit(t->store, &err)); /* and in a snapshot that only reads */
  ok(store_begin(t->store, STORE_READ, &err));
  ok(notice_check(t->store, t->arena, &it, true, &err));
}

static struct notice_told told_of(struct town *t, int64_t person, const int64_t *known,
                                  int known_count) {
  struct places *places;
  struct bodies *bodies;
  struct notice_told told;
  ok(register_places(t->store, t->arena, &places, &err));
  ok(register_bodies(t->store, t->arena, &bodies, &err));
  const struct notice_bodies_asked asked = {.person = person,
                                            .day = TODAY,
                                            .places = places,
                                            .bodies = bodies,
                                            .known = known,
                                            .known_count = known_count,
                                            .connected = &t->council,
                                            .connected_count = 1};
  ok(notice_bodies(t->store, t->arena, &asked, &told, &err));
  return told;
}

static void the_council_of_the_place_is_notified_and_decides(void **state) {
  struct town *t = *state;
  const int64_t known[] = {t->club, t->club};
  struct notice_told told = told_of(t, t->ann, known, 2);
  assert_int_equal(told.count, 1);
  assert_int_equal(told.bodies[0], t->council);
  assert_int_equal(told.other_count, 1); /* nobody reads there what comes for the club */
  assert_int_equal(told.others[0], t->club);
  assert_int_equal(told.decides, t->council);
  assert_true(told.decides_connected);
  told = told_of(t, t->cai, NULL, 0);
  assert_int_equal(told.count, 1); /* not the club of South End */
  assert_int_equal(told.bodies[0], t->council);
  /* of two councils, the nearer one; without a council, the first body */
  ok(store_run(t->store, "update body set kind = 'council' where code = 'club'", &err));
  assert_int_equal(told_of(t, t->cai, NULL, 0).decides, t->club);
  assert_false(told_of(t, t->cai, NULL, 0).decides_connected);
  assert_int_equal(told_of(t, t->ann, NULL, 0).decides, t->council);
  ok(store_run(t->store, "update body set kind = 'charity'", &err));
  assert_int_equal(told_of(t, t->ann, known, 2).decides, t->club);
  assert_int_equal(told_of(t, t->ann, NULL, 0).decides, 0);
}

/* Who told it cannot decide it, under whichever record. */
static void nobody_decides_what_they_told(void **state) {
  struct town *t = *state;
  int64_t id;
  struct case_file file;
  ok(tell(t, t->bob, "told-birth", FACTS(fact("name", "Eli"), fact("born", "2026-05-01")), &id));
  refused("", decide(t, t->council, id, "accept", "", NULL, &file));
  ok(tell(t, t->cai, "told-birth", FACTS(fact("name", "Ewa"), fact("born", "2026-05-01")), &id));
  ok(register_merge(t->store, t->cai, t->bob, "same", &err));
  refused("", decide(t, t->council, id, "accept", "", NULL, &file));
  ok(register_unmerge(t->store, t->cai, t->bob, &err));
  ok(decide(t, t->council, id, "accept", "", NULL, &file));
}

/* By whatever the case names them, and whatever they say of it. */
static void nobody_decides_that_they_have_died(void **state) {
  struct town *t = *state;
  int64_t id;
  struct case_file file;
  ok(tell(t, t->ann, "told-death", FACTS(fact("person", "P2"), fact("died", "2026-05-01")), &id));
  refused("", decide(t, t->council, id, "refuse", "I live", NULL, &file));
  refused("", decide(t, t->council, id, "accept", "", NULL, &file));
  ok(tell(t, t->ann, "told-death",
          FACTS(fact("died", "2026-05-01"), fact("name", "bob FIELD"), fact("born", "1978-11-20")),
          &id));
  refused("", decide(t, t->council, id, "refuse", "I live", NULL, &file));
  refused("", decide(t, t->council, id, "accept", "", "P3", &file));
  ok(tell(t, t->cai, "told-death",
          FACTS(fact("died", "2026-05-01"), fact("name", "Bob Field"), fact("born", "1978-11-21")),
          &id));
  refused("", decide(t, t->council, id, "accept", "", "P2", &file));
  ok(decide(t, t->council, id, "refuse", "There is nobody of that name", NULL, &file));
}

/* ---- searches ---- */

static int search(struct town *t, struct search s, struct found *out) {
  int count;
  bool more;
  struct places *places;
  ok(register_places(t->store, t->arena, &places, &err));
  s.places = places;
  s.today = TODAY;
  ok(search_people(t->store, t->arena, &s, out, &count, &more, &err));
  return count;
}

static void people_are_found_by_what_is_known_of_them(void **state) {
  struct town *t = *state;
  struct found f[SEARCH_MOST];
  static const char *const hits[] = {"P1",        "id:P1",           "nino:QQ123456C",
                                     "QQ123456C", " qq 12 34 56 c ", "nino:QQ123456A",
                                     "QQ123456",  "nino:qq 123456"};
  static const char *const misses[] = {"P", "nobody",      "nhs:1", "household:H1",
                                       "%", "' or 1=1 --", "id:"};
  for (size_t i = 0; i < sizeof hits / sizeof *hits; i++) {
    assert_int_equal(search(t,
                            (struct search){.reference = span_of(hits[i]),
                                            .born = DAY_NONE,
                                            .place = PLACE_NONE},
                            f),
                     1);
    assert_int_equal(f[0].id, t->ann);
    assert_true(f[0].place > 0);
  }
  for (size_t i = 0; i < sizeof misses / sizeof *misses; i++)
    assert_int_equal(search(t,
                            (struct search){.reference = span_of(misses[i]),
                                            .born = DAY_NONE,
                                            .place = PLACE_NONE},
                            f),
                     0);
  day_t born = day("1980-03-01");
  static const char *const names[] = {"ann", "FIELD", "field a", "An Fi"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_int_equal(
        search(t, (struct search){.name = span_of(names[i]), .born = born, .place = PLACE_NONE}, f),
        1);
  assert_int_equal(
      search(t, (struct search){.name = span_of("nn"), .born = born, .place = PLACE_NONE}, f), 0);
  assert_int_equal(
      search(t, (struct search){.name = span_of("ann"), .born = born + 1, .place = PLACE_NONE}, f),
      0);
  struct places *places;
  ok(register_places(t->store, t->arena, &places, &err));
  assert_int_equal(
      search(t, (struct search){.born = born, .place = places_by_code(places, span_of("E07T"))}, f),
      1);
  assert_int_equal(
      search(t, (struct search){.born = born, .place = places_by_code(places, span_of("N1"))}, f),
      1);
  assert_int_equal(
      search(t, (struct search){.born = born, .place = places_by_code(places, span_of("N2"))}, f),
      0);
  ok(register_merge(t->store, t->ann, t->bob, "same", &err));
  assert_int_equal(
      search(t, (struct search){.reference = span_of("P2"), .born = DAY_NONE, .place = PLACE_NONE},
             f),
      1);
  assert_string_equal(f[0].code, "P1");
}

static void a_search_needs_enough_terms_and_gives_twenty(void **state) {
  struct town *t = *state;
  struct found f[SEARCH_MOST];
  int count;
  bool more;
  struct search s = {.name = span_of("Ann"), .born = DAY_NONE, .place = PLACE_NONE, .today = TODAY};
  refused("born", search_people(t->store, t->arena, &s, f, &count, &more, &err));
  s.name = (struct span){0};
  refused("reference", search_people(t->store, t->arena, &s, f, &count, &more, &err));
  s.born = TODAY - 1;
  refused("name", search_people(t->store, t->arena, &s, f, &count, &more, &err));
  for (int i = 0; i < 25; i++) {
    char name[16];
    int64_t id;
    snprintf(name, sizeof name, "Kid %c", 'a' + i);
    struct change_birth birth = {.parent = t->ann, .name = span_of(name), .born = TODAY - 1};
    ok(change_birth(t->store, t->arena, &birth, TODAY, &id, &err));
  }
  s.name = span_of("kid");
  ok(search_people(t->store, t->arena, &s, f, &count, &more, &err));
  assert_int_equal(count, 20);
  assert_true(more);
  assert_string_equal(f[0].name, "Kid a");
  s.name = span_of("kid y");
  ok(search_people(t->store, t->arena, &s, f, &count, &more, &err));
  assert_int_equal(count, 1);
  assert_false(more);
}

static int at_postcode(struct town *t, const char *name, const char *postcode) {
  struct found f[SEARCH_MOST];
  return search(t,
                (struct search){.name = span_of(name),
                                .postcode = span_of(postcode),
                                .born = DAY_NONE,
                                .place = PLACE_NONE},
                f);
}

static void people_are_found_by_postcode_and_by_any_spelling(void **state) {
  struct town *t = *state;
  struct found f[SEARCH_MOST];
  int count;
  bool more;
  static const char *const spellings[] = {"Siân",    "sian",   "Sia\u0302n",
                                          "O'Brien", "OBRIEN", "brien sian"};
  ok(store_run(t->store, "update party set name = 'Siân O’Brien' where code = 'P1'", &err));
  ok(store_run(t->store,
               "update residence set postcode = 'HM1 2AB' where party in (select id from party "
               "where kind = 'household')",
               &err));
  for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
    assert_int_equal(at_postcode(t, spellings[i], "hm12ab"), 1);
  assert_int_equal(at_postcode(t, "Sean", "HM1 2AB"), 0);
  assert_int_equal(at_postcode(t, "sian", "HM1 2AD"), 0);
  struct search s = {.name = span_of("'s "),
                     .postcode = span_of("HM1 2AB"),
                     .born = DAY_NONE,
                     .place = PLACE_NONE,
                     .today = TODAY};
  refused("name", search_people(t->store, t->arena, &s, f, &count, &more, &err));
  s.name = span_of("sian");
  s.postcode = span_of("HM1");
  refused("postcode", search_people(t->store, t->arena, &s, f, &count, &more, &err));
}

/* Where so many stand at one postcode that not all are looked at, the answer says that there may be
 * more, also if nobody of those who were fits. */
static void a_search_says_when_it_did_not_look_at_all(void **state) {
  struct town *t = *state;
  struct found f[SEARCH_MOST];
  int count;
  bool more;
  struct search s = {.name = span_of("zebedee"),
                     .postcode = span_of("HM1 2AB"),
                     .born = DAY_NONE,
                     .place = PLACE_NONE,
                     .today = TODAY};
  for (int i = 0; i <= SEARCH_CANDIDATES_MOST; i++) {
    const int64_t id = 100000 + i;
    char code[16];
    snprintf(code, sizeof code, "Z%d", i);
    ok(store_run_with(t->store,
                      "insert into party (id, kind, code, name, born) values (?1, 'person', ?2, "
                      "?3, 0)",
                      &err, id, code, i < SEARCH_CANDIDATES_MOST ? "Somebody" : "Zebedee"));
    ok(store_run_with(t->store,
                      "insert into residence (party, from_day, postcode) values (?1, 0, 'HM1 "
                      "2AB')",
                      &err, id));
    if (i != SEARCH_CANDIDATES_MOST - 1) continue;
    ok(search_people(t->store, t->arena, &s, f, &count, &more, &err));
    assert_int_equal(count, 0);
    assert_false(more);
  }
  ok(search_people(t->store, t->arena, &s, f, &count, &more, &err));
  assert_int_equal(count, 0);
  assert_true(more);
}

/* ---- messages by e-mail ---- */

/* Whoever refused messages under one of two records that are one person is not written to, until
 * they choose again. */
static void a_refusal_of_messages_outlives_a_merger(void **state) {
  struct town *t = *state;
  const bool all[MESSAGE_KINDS] = {true, true, true},
             no_helper[MESSAGE_KINDS] = {true, false, true};
  struct message_choices choices;
  ok(notify_choose(t->store, t->arena, t->ann, all, ENGLISH, &err));
  ok(notify_choose(t->store, t->arena, t->bob, no_helper, ENGLISH, &err));
  ok(register_merge(t->store, t->ann, t->bob, "one person", &err));
  ok(notify_choices(t->store, t->arena, t->bob, &choices, &err));
  assert_true(choices.wanted[MESSAGE_STATEMENT]);
  assert_false(choices.wanted[MESSAGE_HELPER]);
  ok(notify_choose(t->store, t->arena, t->ann, all, ENGLISH, &err));
  ok(notify_choices(t->store, t->arena, t->ann, &choices, &err));
  assert_true(choices.wanted[MESSAGE_HELPER]);
}

/* An erasure deletes the notice of a death under any of the person's numbers. */
static void a_notice_under_any_number_is_forgotten(void **state) {
  struct town *t = *state;
  int64_t id;
  char sql[160];
  for (int i = 1; i <= 17; i++) {
    snprintf(
        sql, sizeof sql,
        "insert into identifier (value, scheme, party, suffix) values ('QQ%06d', 'nino', %d, '')",
        i, (int)t->bob);
    ok(store_run(t->store, sql, &err));
  }
  ok(tell(t, t->ann, "told-death",
          FACTS(fact("person", "nino:QQ000017A"), fact("died", "2026-05-01")), &id));
  ok(notices_forget(t->store, t->arena, t->bob, &err));
  assert_int_equal(cases_left(t), 0);
}

/* Also under one that its scheme's form does not fit, or whose scheme is gone. */
static void a_notice_under_a_number_of_another_form_is_forgotten(void **state) {
  static const char *const later[] = {"update scheme set form = '9{3}'", "delete from scheme"};
  struct town *t = *state;
  for (int i = 0; i < 2; i++) {
    int64_t id;
    char sql[160], number[32];
    ok(store_run(t->store, "delete from scheme", &err));
    ok(store_run(t->store,
                 "insert into scheme (code, position, name, name_cy, form, check_digit) values "
                 "('card', 1, 'Card', 'Cerdyn', 'X{4,16}', '')",
                 &err));
    snprintf(sql, sizeof sql,
             "insert into identifier (value, scheme, party, suffix) values ('AB1234%d', 'card', "
             "%d, '')",
             i, (int)t->bob);
    ok(store_run(t->store, sql, &err));
    snprintf(number, sizeof number, "card:ab 1234-%d", i);
    ok(tell(t, t->ann, "told-death", FACTS(fact("person", number), fact("died", "2026-05-01")),
            &id));
    ok(store_run(t->store, later[i], &err));
    ok(notices_forget(t->store, t->arena, t->bob, &err));
    assert_int_equal(cases_left(t), 0);
  }
}

static void number_bob(struct town *t) {
  char sql[160];
  snprintf(
      sql, sizeof sql,
      "insert into identifier (value, scheme, party, suffix) values ('QQ000017', 'nino', %d, '')",
      (int)t->bob);
  ok(store_run(t->store, sql, &err));
}

/* Nothing of a record is erased under a legal hold, not even notices that the person sent about
 * others. */
static void notices_of_a_person_under_a_hold_are_kept(void **state) {
  struct town *t = *state;
  int64_t id, hold;
  number_bob(t);
  ok(tell(t, t->ann, "told-death",
          FACTS(fact("person", "nino:QQ000017A"), fact("died", "2026-05-01")), &id));
  ok(legal_hold_place(t->store, t->ann, &(struct access_reader){.who = "staff"}, "claim 12", &hold,
                      &err));
  ok(notices_forget(t->store, t->arena, t->bob, &err));
  assert_int_equal(cases_left(t), 1);
  ok(legal_hold_end(t->store, t->arena, t->ann, &hold, &(struct access_reader){.who = "staff"},
                    "settled", &err));
  ok(notices_forget(t->store, t->arena, t->bob, &err));
  assert_int_equal(cases_left(t), 0);
}

/* Two people may have the same name and day of birth: if the notice has a reference, it decides
 * which of them is meant. */
static void a_reference_decides_whom_a_notice_means(void **state) {
  struct town *t = *state;
  int64_t id;
  number_bob(t);
  ok(store_run(t->store, "update party set name = 'Bob Lee', born = 0 where kind = 'person'",
               &err));
  ok(tell(t, t->ann, "told-death",
          FACTS(fact("person", "nino:QQ000017A"), fact("name", "Bob Lee"),
                fact("born", "1970-01-01"), fact("died", "2026-05-01")),
          &id));
  ok(tell(t, t->ann, "told-death",
          FACTS(fact("name", "Bob Lee"), fact("born", "1970-01-01"), fact("died", "2026-05-01")),
          &id));
  ok(notices_forget(t->store, t->arena, t->cai, &err));
  assert_int_equal(cases_left(t), 1);
  ok(notices_forget(t->store, t->arena, t->bob, &err));
  assert_int_equal(cases_left(t), 0);
}

static void set_case(struct town *t, int64_t id, const char *column, const char *value) {
  ok(store_run(t->store,
               arena_printf(t->arena, "update case_file set %s = '%s' where id = %lld", column,
                            value, (long long)id),
               &err));
}

/* A name changes: the birth is found by whom it registered, the death by whom staff found. And it
 * is not found by the name of somebody else who is called so now. */
static void a_notice_is_forgotten_whatever_the_name_is_now(void **state) {
  struct town *t = *state;
  int64_t birth, death;
  number_bob(t);
  ok(tell(t, t->ann, "told-birth", FACTS(fact("name", "Bob Lee"), fact("born", "2025-11-08")),
          &birth));
  ok(tell(t, t->ann, "told-death",
          FACTS(fact("name", "Rob Old"), fact("born", "2025-11-08"), fact("died", "2026-05-01")),
          &death));
  ok(store_run(t->store,
               arena_printf(t->arena,
                            "update party set name = 'Bob Lee', born = %d where id in "
                            "(%lld, %lld)",
                            (int)day("2025-11-08"), (long long)t->bob, (long long)t->cai),
               &err));
  set_case(t, birth, "result", arena_printf(t->arena, "person:%lld", (long long)t->bob));
  set_case(t, death, "facts",
           "{\"name\":\"Rob Old\",\"born\":\"2025-11-08\",\"died\":\"2026-05-01\","
           "\"who\":\"nino:QQ000017A\"}");
  ok(notices_forget(t->store, t->arena, t->cai, &err));
  assert_int_equal(cases_left(t), 2);
  ok(store_run(t->store, "update party set name = 'Robin New' where kind = 'person'", &err));
  ok(notices_forget(t->store, t->arena, t->bob, &err));
  assert_int_equal(cases_left(t), 0);
}

static int open_pack(void **state) {
  (void)state;
  return pack_open(&pack, fresh_uk_pack(), &err) != DONE;
}
static int close_pack(void **state) {
  (void)state;
  pack_close(pack);
  return 0;
}

int main(void) {
#define each(f) cmocka_unit_test_setup_teardown(f, town_setup, town_teardown)
  const struct CMUnitTest tests[] = {
      each(whom_a_name_means_is_folded),
      each(a_name_changes),
      each(a_move_is_from_a_day),
      each(a_child_is_born_into_the_home),
      each(a_child_is_born_into_a_home_of_ones_own),
      each(a_death_is_reported_once),
      each(a_change_to_a_merged_record_changes_the_survivor),
      each(a_writer_of_few_rows_does_the_same),
      each(own_name_and_address_apply_at_once),
      each(other_changes_wait_for_staff),
      each(a_notice_is_refused_with_a_reason),
      each(a_death_is_reported_of_a_housemate_or_by_name),
      each(somebody_whom_only_a_name_tells_is_found_by_staff),
      each(only_staff_learn_whether_a_household_exists),
      each(bad_facts_are_refused_by_name),
      each(a_check_needs_only_the_given_facts_and_writes_nothing),
      each(the_council_of_the_place_is_notified_and_decides),
      each(nobody_decides_what_they_told),
      each(nobody_decides_that_they_have_died),
      each(people_are_found_by_what_is_known_of_them),
      each(people_are_found_by_postcode_and_by_any_spelling),
      each(a_search_needs_enough_terms_and_gives_twenty),
      each(a_search_says_when_it_did_not_look_at_all),
      each(a_refusal_of_messages_outlives_a_merger),
      each(a_notice_under_any_number_is_forgotten),
      each(a_notice_under_a_number_of_another_form_is_forgotten),
      each(notices_of_a_person_under_a_hold_are_kept),
      each(a_reference_decides_whom_a_notice_means),
      each(a_notice_is_forgotten_whatever_the_name_is_now),
  };
  return cmocka_run_group_tests(tests, open_pack, close_pack);
}
