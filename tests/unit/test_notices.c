/* Single changes, notices and searches: on the engine that WEAL_TEST_STORE names (fresh.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "portal_town.h"
#include "register/access_log.h"
#include "register/legal_holds.h"
#include "register/notices.h"
#include "register/search.h"

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
  struct person p = read(t, t->ann);
  assert_int_equal(person_household(&p, TODAY), 0);
  assert_string_equal(lives(t, t->bob, TODAY), "N1");
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

static struct notice_input telling(struct town *t, int64_t person, enum notice_kind kind,
                                   const char *facts) {
  int64_t *bodies = arena_array(t->arena, int64_t, 2);
  bodies[0] = t->council;
  bodies[1] = t->club;
  return (struct notice_input){.person = person,
                               .kind = kind,
                               .facts = span_of(facts),
                               .today = TODAY,
                               .who = "id:P1",
                               .bodies = bodies,
                               .body_count = 2};
}

static enum status tell(struct town *t, int64_t person, enum notice_kind kind, const char *facts,
                        int64_t *id) {
  struct notice_input it = telling(t, person, kind, facts);
  return notice_make(t->store, t->arena, &it, id, &err);
}

static void own_name_and_address_apply_at_once(void **state) {
  struct town *t = *state;
  int64_t id;
  int count;
  struct notice *all;
  ok(tell(t, t->ann, NOTICE_NAME, "{\"name\":\"Ann Moor\",\"why\":\"married\"}", &id));
  assert_string_equal(read(t, t->ann).name, "Ann Moor");
  ok(tell(t, t->ann, NOTICE_ADDRESS, "{\"place\":\"N2\",\"from\":\"2026-05-01\"}", &id));
  assert_string_equal(lives(t, t->ann, day("2026-05-01")), "N2");
  ok(notices_of(t->store, t->arena, t->ann, &all, &count, &err));
  assert_int_equal(count, 2);
  assert_int_equal(all[0].id, id);
  assert_int_equal(all[0].state, NOTICE_TAKEN);
  assert_null(all[0].answered_by);
  assert_int_equal(all[0].reader_count, 2);
  assert_null(all[0].readers[0].read_at);
  assert_string_equal(notice_fact(t->arena, &all[1], "why"), "married");
  assert_null(notice_fact(t->arena, &all[1], "place"));
}

static void other_changes_wait_for_staff(void **state) {
  struct town *t = *state;
  int64_t id, born, total;
  int count;
  struct notice *all, one;
  ok(tell(t, t->ann, NOTICE_BIRTH, "{\"name\":\"Eli Field\",\"born\":\"2026-05-01\",\"sex\":\"M\"}",
          &id));
  ok(notices_of_body(t->store, t->arena, t->council, &(struct notices_page){.waiting_only = true},
                     &all, &count, &total, &err));
  assert_int_equal(count, 1);
  assert_int_equal(total, 1);
  assert_string_equal(all[0].name, "Ann Field");
  assert_int_equal(all[0].reader_count, 1); /* a body does not see who else has read it */
  ok(notice_read(t->store, id, t->council, &err));
  ok(notice_read(t->store, id, t->council, &err));
  refused("", notice_read(t->store, id, 999, &err));
  refused("", notice_one(t->store, t->arena, id + 1, 0, &one, &err));
  ok(notice_one(t->store, t->arena, id, t->council, &one, &err));
  assert_non_null(one.readers[0].read_at);
  struct notice_answer answer = {.id = id, .body = 999, .who = "id:P2", .today = TODAY};
  refused("", notice_take(t->store, t->arena, &answer, &born, &err));
  answer.body = 0;
  refused("", notice_take(t->store, t->arena, &answer, &born, &err));
  answer.body = t->club;
  ok(notice_take(t->store, t->arena, &answer, &born, &err));
  assert_string_equal(read(t, born).name, "Eli Field");
  refused("", notice_take(t->store, t->arena, &answer, &born, &err));
  refused("", notice_refuse(t->store, t->arena, &answer, span_of("no"), &err));
  ok(notices_of(t->store, t->arena, t->ann, &all, &count, &err));
  assert_int_equal(all[0].state, NOTICE_TAKEN);
  assert_string_equal(all[0].answered_by, "id:P2");
  ok(notices_of_body(t->store, t->arena, t->council, &(struct notices_page){.waiting_only = true},
                     &all, &count, &total, &err));
  assert_int_equal(count, 0);
  ok(notices_of_body(t->store, t->arena, t->council, &(struct notices_page){0}, &all, &count,
                     &total, &err));
  assert_int_equal(count, 1);
}

static void a_notice_is_refused_with_a_reason(void **state) {
  struct town *t = *state;
  int64_t id;
  int count;
  struct notice *all;
  char much[NOTICE_ANSWER_BYTES_MAX + 1];
  memset(much, 'x', sizeof much);
  ok(tell(t, t->cai, NOTICE_HOUSEHOLD, "{\"household\":\"H1\",\"from\":\"2026-05-01\"}", &id));
  struct notice_answer answer = {.id = id, .body = t->council, .who = "id:P2", .today = TODAY};
  refused("reason", notice_refuse(t->store, t->arena, &answer, span_of(" "), &err));
  refused("reason", notice_refuse(t->store, t->arena, &answer, span_make(much, sizeof much), &err));
  ok(notice_refuse(t->store, t->arena, &answer, span_of("no such tenancy"), &err));
  ok(notices_of(t->store, t->arena, t->cai, &all, &count, &err));
  assert_int_equal(all[0].state, NOTICE_REFUSED);
  assert_string_equal(all[0].answer, "no such tenancy");
  assert_string_equal(lives(t, t->cai, TODAY + 300), "N2");
}

static void a_death_is_reported_of_a_housemate_or_by_name(void **state) {
  struct town *t = *state;
  int64_t id, born;
  ok(tell(t, t->ann, NOTICE_DEATH, "{\"person\":\"P2\",\"died\":\"2026-05-01\"}", &id));
  ok(notice_take(t->store, t->arena,
                 &(struct notice_answer){
                     .id = id, .body = t->council, .who = "x", .today = TODAY, .person = t->cai},
                 &born, &err));
  /* the person whom the notice gave, whatever staff say */
  assert_int_equal(read(t, t->bob).died, day("2026-05-01"));
  assert_int_equal(read(t, t->cai).died, DAY_NONE);
  refused("person",
          tell(t, t->ann, NOTICE_DEATH, "{\"person\":\"P3\",\"died\":\"2026-05-01\"}", &id));
  char words[ERROR_MESSAGE_SIZE];
  snprintf(words, sizeof words, "%s", err.message);
  refused("person",
          tell(t, t->ann, NOTICE_DEATH, "{\"person\":\"nobody\",\"died\":\"2026-05-01\"}", &id));
  /* the refusal does not say whether there is such a person */
  assert_string_equal(words, err.message);
  refused("name", tell(t, t->ann, NOTICE_DEATH, "{\"died\":\"2026-05-01\"}", &id));
  refused("born",
          tell(t, t->ann, NOTICE_DEATH, "{\"died\":\"2026-05-01\",\"name\":\"Cai Moor\"}", &id));
  refused("died",
          tell(t, t->ann, NOTICE_DEATH,
               "{\"died\":\"1940-05-01\",\"name\":\"Cai Moor\",\"born\":\"1950-07-07\"}", &id));
  ok(tell(t, t->ann, NOTICE_DEATH,
          "{\"died\":\"2026-05-01\",\"name\":\"Cai Moor\",\"born\":\"1950-07-07\"}", &id));
  struct notice_answer answer = {.id = id, .body = t->council, .who = "x", .today = TODAY};
  refused("person", notice_take(t->store, t->arena, &answer, &born, &err));
  answer.person = t->cai;
  ok(notice_take(t->store, t->arena, &answer, &born, &err));
  assert_int_equal(read(t, t->cai).died, day("2026-05-01"));
}

static void only_staff_learn_whether_a_household_exists(void **state) {
  struct town *t = *state;
  int64_t id, born;
  ok(tell(t, t->cai, NOTICE_HOUSEHOLD, "{\"household\":\"H9\",\"from\":\"2026-05-01\"}", &id));
  struct notice_answer answer = {.id = id, .body = t->council, .who = "id:P2", .today = TODAY};
  refused("household", notice_take(t->store, t->arena, &answer, &born, &err));
}

static void bad_facts_are_refused_by_key(void **state) {
  struct town *t = *state;
  int64_t id;
  static const struct {
    enum notice_kind kind;
    const char *column, *facts;
  } bad[] = {{NOTICE_NAME, "facts", ""},
             {NOTICE_NAME, "facts", "[]"},
             {NOTICE_NAME, "facts", "{"},
             {NOTICE_NAME, "facts", "{\"name\":\"A\",\"name\":\"B\"}"},
             {NOTICE_NAME, "name", "{}"},
             {NOTICE_NAME, "name", "{\"name\":7}"},
             {NOTICE_NAME, "facts", "{\"name\":\"A\\u0000B\"}"},
             {NOTICE_NAME, "facts", "{\"x\":{}}"},
             {NOTICE_NAME, "name", "{\"name\":\"   \"}"},
             {NOTICE_NAME, "name", "{\"name\":\"A\\nB\"}"},
             {NOTICE_ADDRESS, "place", "{\"from\":\"2026-05-01\"}"},
             {NOTICE_ADDRESS, "place",
              "{\"from\":\"2026-05-01\",\"place\":\"'; drop table party; --\"}"},
             {NOTICE_ADDRESS, "from", "{\"place\":\"N2\"}"},
             {NOTICE_ADDRESS, "from", "{\"place\":\"N2\",\"from\":\"soon\"}"},
             {NOTICE_HOUSEHOLD, "household", "{\"from\":\"2026-05-01\"}"},
             {NOTICE_HOUSEHOLD, "from", "{\"household\":\"H9\",\"from\":\"2900-05-01\"}"},
             {NOTICE_BIRTH, "sex", "{\"name\":\"A\",\"born\":\"2026-05-01\",\"sex\":\"%n\"}"},
             {NOTICE_BIRTH, "born", "{\"name\":\"A\",\"born\":\"2026-02-30\"}"},
             {NOTICE_BIRTH, "born", "{\"name\":\"A\"}"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct notice *all;
    int count;
    refused(bad[i].column, tell(t, t->ann, bad[i].kind, bad[i].facts, &id));
    ok(notices_of(t->store, t->arena, t->ann, &all, &count, &err));
    assert_int_equal(count, 0);
  }
  struct text large = {0};
  text_add(&large, "{\"x\":\"");
  for (int i = 0; i < NOTICE_FACTS_BYTES_MAX; i++) text_add_char(&large, 'x');
  text_add(&large, "\"}");
  refused("facts", tell(t, t->ann, NOTICE_NAME, large.bytes, &id));
  text_release(&large);
  struct notice_input none = telling(t, t->ann, NOTICE_BIRTH,
                                     "{\"name\":\"A\",\"born\":\"2026-05-01\"}");
  none.body_count = 0;
  refused("", notice_make(t->store, t->arena, &none, &id, &err));
  enum notice_kind kind;
  refused("kind", notice_kind_parse(span_of("divorce"), &kind, &err));
}

static void a_check_needs_only_the_given_facts_and_writes_nothing(void **state) {
  struct town *t = *state;
  int64_t before, after;
  ok(store_int(t->store, "select party from head where id = 1", 0, &before, &err));
  struct notice_input it = telling(t, t->ann, NOTICE_BIRTH, "{\"name\":\"A\"}");
  ok(notice_check(t->store, t->arena, &it, false, &err));
  refused("born", notice_check(t->store, t->arena, &it, true, &err));
  it.facts = span_of("{\"name\":\"A\",\"born\":\"2036-05-01\"}");
  refused("born", notice_check(t->store, t->arena, &it, false, &err));
  it.facts = span_of("{\"name\":\"A\",\"born\":\"2026-05-01\"}");
  ok(notice_check(t->store, t->arena, &it, true, &err));
  it = telling(t, t->ann, NOTICE_ADDRESS, "{\"place\":\"N9\"}");
  it.facts = span_of("{\"place\":\"N2\"}");
  ok(notice_check(t->store, t->arena, &it, false, &err));
  it = telling(t, t->ann, NOTICE_NAME, "{\"name\":\"B\"}");
  ok(notice_check(t->store, t->arena, &it, true, &err));
  assert_string_equal(read(t, t->ann).name, "Ann Field");
  ok(store_int(t->store, "select party from head where id = 1", 0, &after, &err));
  assert_int_equal(before, after);
  ok(store_commit(t->store, &err)); /* and in a snapshot that only reads */
  ok(store_begin(t->store, STORE_READ, &err));
  ok(notice_check(t->store, t->arena, &it, true, &err));
}

static void the_council_of_the_place_is_notified(void **state) {
  struct town *t = *state;
  struct places *places;
  struct bodies *bodies;
  int64_t *out, known[] = {t->club, t->club};
  int count;
  ok(register_places(t->store, t->arena, &places, &err));
  ok(register_bodies(t->store, t->arena, &bodies, &err));
  ok(notice_bodies(t->store, t->arena, t->ann, TODAY, places, bodies, known, 2, &out, &count,
                   &err));
  assert_int_equal(count, 2);
  ok(notice_bodies(t->store, t->arena, t->cai, TODAY, places, bodies, NULL, 0, &out, &count, &err));
  assert_int_equal(count, 1); /* not the club of South End */
  assert_int_equal(out[0], t->council);
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

/* An erasure deletes the notice of a death under any of the person's numbers. */
static void a_notice_under_any_number_is_forgotten(void **state) {
  struct town *t = *state;
  int64_t id, left;
  char sql[160];
  for (int i = 1; i <= 17; i++) {
    snprintf(
        sql, sizeof sql,
        "insert into identifier (value, scheme, party, suffix) values ('QQ%06d', 'nino', %d, '')",
        i, (int)t->bob);
    ok(store_run(t->store, sql, &err));
  }
  ok(tell(t, t->ann, NOTICE_DEATH, "{\"person\":\"nino:QQ000017A\",\"died\":\"2026-05-01\"}", &id));
  ok(notices_forget(t->store, t->arena, t->bob, &err));
  ok(store_int(t->store, "select count(*) from notice", -1, &left, &err));
  assert_int_equal(left, 0);
}

/* Also under one that its scheme's form does not fit, or whose scheme is gone. */
static void a_notice_under_a_number_of_another_form_is_forgotten(void **state) {
  static const char *const later[] = {"update scheme set form = '9{3}'", "delete from scheme"};
  struct town *t = *state;
  for (int i = 0; i < 2; i++) {
    int64_t id, left;
    char sql[160];
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
    snprintf(sql, sizeof sql, "{\"person\":\"card:ab 1234-%d\",\"died\":\"2026-05-01\"}", i);
    ok(tell(t, t->ann, NOTICE_DEATH, sql, &id));
    ok(store_run(t->store, later[i], &err));
    ok(notices_forget(t->store, t->arena, t->bob, &err));
    ok(store_int(t->store, "select count(*) from notice", -1, &left, &err));
    assert_int_equal(left, 0);
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

static int64_t notices_left(struct town *t) {
  int64_t left = -1;
  ok(store_int(t->store, "select count(*) from notice", -1, &left, &err));
  return left;
}

/* Nothing of a record is erased under a legal hold, not even notices that the person sent about
 * others. */
static void notices_of_a_person_under_a_hold_are_kept(void **state) {
  struct town *t = *state;
  int64_t id, hold;
  number_bob(t);
  ok(tell(t, t->ann, NOTICE_DEATH, "{\"person\":\"nino:QQ000017A\",\"died\":\"2026-05-01\"}", &id));
  ok(legal_hold_place(t->store, t->ann, &(struct access_reader){.who = "staff"}, "claim 12", &hold,
                      &err));
  ok(notices_forget(t->store, t->arena, t->bob, &err));
  assert_int_equal(notices_left(t), 1);
  ok(legal_hold_end(t->store, t->arena, t->ann, &hold, &(struct access_reader){.who = "staff"},
                    "settled", &err));
  ok(notices_forget(t->store, t->arena, t->bob, &err));
  assert_int_equal(notices_left(t), 0);
}

/* Two people may have the same name and day of birth: if the notice has a reference, it decides
 * which of them is meant. */
static void a_reference_decides_whom_a_notice_means(void **state) {
  struct town *t = *state;
  int64_t id;
  number_bob(t);
  ok(store_run(t->store, "update party set name = 'Bob Lee', born = 0 where kind = 'person'",
               &err));
  ok(tell(t, t->ann, NOTICE_DEATH,
          "{\"person\":\"nino:QQ000017A\",\"name\":\"Bob "
          "Lee\",\"born\":\"1970-01-01\",\"died\":\"2026-05-01\"}",
          &id));
  ok(tell(t, t->ann, NOTICE_DEATH,
          "{\"name\":\"Bob Lee\",\"born\":\"1970-01-01\",\"died\":\"2026-05-01\"}", &id));
  ok(notices_forget(t->store, t->arena, t->cai, &err));
  assert_int_equal(notices_left(t), 1);
  ok(notices_forget(t->store, t->arena, t->bob, &err));
  assert_int_equal(notices_left(t), 0);
}

int main(void) {
#define each(f) cmocka_unit_test_setup_teardown(f, town_setup, town_teardown)
  const struct CMUnitTest tests[] = {
      each(a_name_changes),
      each(a_move_is_from_a_day),
      each(a_child_is_born_into_the_home),
      each(a_death_is_reported_once),
      each(a_change_to_a_merged_record_changes_the_survivor),
      each(a_writer_of_few_rows_does_the_same),
      each(own_name_and_address_apply_at_once),
      each(other_changes_wait_for_staff),
      each(a_notice_is_refused_with_a_reason),
      each(a_death_is_reported_of_a_housemate_or_by_name),
      each(only_staff_learn_whether_a_household_exists),
      each(bad_facts_are_refused_by_key),
      each(a_check_needs_only_the_given_facts_and_writes_nothing),
      each(the_council_of_the_place_is_notified),
      each(people_are_found_by_what_is_known_of_them),
      each(a_search_needs_enough_terms_and_gives_twenty),
      each(a_notice_under_any_number_is_forgotten),
      each(a_notice_under_a_number_of_another_form_is_forgotten),
      each(notices_of_a_person_under_a_hold_are_kept),
      each(a_reference_decides_whom_a_notice_means),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
